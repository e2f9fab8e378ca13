/* The kinds of hazards, and what they have in common. */
#include <string.h>

#include "models/crisis/crisis_private.h"

/* One row per kind: X(name) stands for name_hazard. */
#define ALL_HAZARDS(X) \
	X(flood) \
	X(earthquake) \
	X(cyclone) \
	X(power_outage) \
	X(backhaul_cut) \
	X(epidemic) \
	X(wildfire) \
	X(tsunami) \
	X(landslide) \
	X(heat) \
	X(denial_of_service) \
	X(supply_disruption) \
	X(jamming)

#define DECLARE(name) extern const struct hazard_type name##_hazard;
ALL_HAZARDS(DECLARE)

#define ROW(name) &name##_hazard,
const struct hazard_type *const hazard_types[] = { ALL_HAZARDS(ROW) NULL };

const struct hazard_type *hazard_type_of(const char *element)
{
	for (size_t i = 0; hazard_types[i]; i++)
		if (strcmp(hazard_types[i]->model->name, element) == 0)
			return hazard_types[i];
	return NULL;
}

void hazard_check(const struct scenario *sc, const struct node *n, struct diag *d)
{
	const struct hazard_params *p = n->par;
	int ways = (p->at != SIM_NEVER) + !isnan(p->rate) + (p->after != NULL);
	const struct node *from = p->after;

	if (ways != 1)
		node_error(n, d, NULL, "%s (say one of at=\"2d 06:00\", rate=\"0.2/yr\", after=\"ID\")",
			   ways == 0 ? "does not say when it happens" : "says in more than one way when it happens");
	if (!p->after && node_given(n, "delay"))
		node_error(n, d, "delay", "is read with after=\"ID\" only");
	for (unsigned steps = 0; from && from != n && steps < 1000; steps++)
		from = ((const struct hazard_params *)from->par)->after;
	if (from)
		node_error(n, d, "after", "leads back to this hazard itself (give one of them at=\"...\" instead)");
	if (p->at != SIM_NEVER && p->at >= sc->run.duration)
		node_warning(n, d, "at", "is after the end of the run: it does not happen");
}

double hazard_level(const struct node *n, struct diag *d, const char *attribute, const struct hazard_type *type, const char *text)
{
	union quantity q;
	const char *why;

	if (!quantity_parse(type->unit, text, &q, &why)) {
		node_error(n, d, attribute, "%s: it is a %s of <%s>", why, type->measure, type->model->name);
		return NAN;
	}
	return q.real;
}
