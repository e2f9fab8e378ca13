/*
 * upheaval - a city of 10 km x 10 km with two districts and a crisis, with all models, in one replication.
 */
#ifndef TESTS_UNIT_CRISIS_UPHEAVAL_H
#define TESTS_UNIT_CRISIS_UPHEAVAL_H

#include "models/crisis/crisis.h"
#include "models/network/asset.h"
#include "tests/unit/security/outbreak.h"

static inline bool upheaval_load(struct outbreak *o, const char *body, const char *crisis)
{
	static const char head[] = "<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/>"
				   "<city width='10km' height='10km'><shadowing deviation='0dB'/>"
				   "<district id='west' centre='2.5km 5km' radius='2km' population='3000'/>"
				   "<district id='east' centre='7.5km 5km' radius='1km' population='1000'/></city>";
	size_t len = sizeof head + strlen(body) + strlen(crisis) + 64;
	char *text = malloc(len);

	*o = (struct outbreak){ 0 };
	assert_non_null(text);
	snprintf(text, len, "%s%s<crisis>%s</crisis></scenario>", head, body, crisis);
	o->diag = diag_new();
	o->sc = scenario_parse(text, strlen(text), ".", &sccsim_models, NULL, NULL, 0, o->diag);
	free(text);
	return o->sc != NULL;
}

static inline void upheaval_open(struct outbreak *o, const char *body, const char *crisis, uint64_t replication, bool twin, simtime_t end)
{
	if (!upheaval_load(o, body, crisis))
		diag_print(o->diag, stderr);
	assert_non_null(o->sc);
	o->report = report_new();
	o->sim = sim_new(1, replication, 0, end, o->report);
	assert_non_null(o->sim);
	o->sim->twin = twin;
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(o->sim, o->sc);
	assert_int_equal(o->sim->status, SIM_OK);
}

static inline void upheaval_run(struct outbreak *o)
{
	outbreak_run(o);
}

static inline double upheaval_kpi(const struct outbreak *o, const char *name)
{
	return outbreak_kpi(o, name, "all");
}

static inline void upheaval_close(struct outbreak *o)
{
	outbreak_close(o);
}

/* Whether a scenario with this crisis is refused with this text among the messages. */
static inline bool upheaval_refused(const char *body, const char *crisis, const char *text)
{
	struct outbreak o;
	bool loaded = upheaval_load(&o, body, crisis), said = false;

	for (size_t i = 0; i < diag_count(o.diag); i++)
		said |= strstr(diag_text(o.diag, i), text) != NULL;
	if (!said)
		diag_print(o.diag, stderr);
	upheaval_close(&o);
	return !loaded && said;
}

#endif
