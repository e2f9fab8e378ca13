/*
 * Phases of a crisis: before its first onset, during, and after its last hazard has ended.
 *
 * A replication in which nothing happens has none, and costs nothing more.
 */
#include <string.h>

#include "models/crisis/crisis_private.h"

/* What tells of the whole run, or of what happens once in a device's life and counts from the start (kpis.md). */
static const char *const whole[] = {
	"crisis.", "onboarding.", "identity.", "cost.", "lifecycle.", "laboratory.", "surveillance.", "security.",
	/* of a device's age and of a network as it was laid out */
	"energy.battery-life", "connectivity.coverage",
};
/* Of those the ones that are averages over time from the end of the warm-up on. */
static const char *const though[] = { "security.compliance-ratio", "security.exposure" };

bool phases_windowed(const struct kpi_def *def)
{
	for (size_t i = 0; i < sizeof though / sizeof though[0]; i++)
		if (strcmp(def->name, though[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
		if (strncmp(def->name, whole[i], strlen(whole[i])) == 0)
			return false;
	return true;
}

void phases_rerun(const struct sim *s, const struct scenario *sc, struct reruns *r)
{
	const struct crisis *c = crisis_of(s);
	simtime_t onset, end;

	(void)sc;
	if (!c || !crisis_occurs(c))
		return;
	r->twin = true;
	if (((const struct crisis_params *)c->node->par)->phases == PHASES_OFF)
		return;
	onset = crisis_onset(c) > s->warmup ? crisis_onset(c) : s->warmup;
	end = crisis_end(c) < s->end ? crisis_end(c) : s->end;
	end = end > onset ? end : onset;
	reruns_window(r, s->warmup, onset, "phase=before");
	reruns_window(r, onset, end, "phase=during");
	reruns_window(r, end, s->end, "phase=after");
}

void phases_check(const struct scenario *sc, struct diag *d)
{
	const struct node *n = scenario_first(sc, &crisis_model);

	if (((const struct crisis_params *)n->par)->phases == PHASES_ON)
		return;
	for (size_t i = 0; i < sc->n_targets; i++)
		if (strstr(sc->targets[i].group, "phase="))
			node_warning(sc->targets[i].node, d, "phase",
				     "has nothing to count: the <crisis> does not have phases=\"on\"");
}
