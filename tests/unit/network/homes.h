/*
 * homes - three devices on a local link of a test's own, run whole: the models up to <local-link>.
 */
#ifndef TESTS_UNIT_NETWORK_HOMES_H
#define TESTS_UNIT_NETWORK_HOMES_H

#include "tests/unit/network/world.h"

#include "models/network/local_private.h"

/* world_open() stops at <uses>: local links come after it. */
static inline bool load_homes(struct world *w, const char *attributes, const char *also, unsigned count)
{
	char body[1024];
	size_t n = 0, len;

	memset(w, 0, sizeof *w);
	for (; n < sccsim_models.n && n + 1 < WORLD_MODELS; n++) {
		w->models[n] = sccsim_models.models[n];
		if (w->models[n] == &local_link_model)
			break;
	}
	w->table = (struct model_table){ w->models, n + 1 };
	w->diag = diag_new();
	len = (size_t)snprintf(body, sizeof body,
			       "<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\"><run duration=\"1d\"/>"
			       "<city width=\"1km\" height=\"1km\"/>%s<local-link id='home' %s/>"
			       "<device-class id='m'><uses network='home'/></device-class>"
			       "<deploy class='m' count='%u' placement='uniform'/></scenario>",
			       also, attributes, count);
	w->sc = scenario_parse(body, len, ".", &w->table, NULL, NULL, 0, w->diag);
	return w->sc != NULL;
}

static inline bool load(struct world *w, const char *attributes)
{
	return load_homes(w, attributes, "", 3);
}

static inline void open_homes(struct world *w, const char *attributes, const char *also, unsigned count)
{
	if (!load_homes(w, attributes, also, count))
		diag_print(w->diag, stderr);
	assert_non_null(w->sc);
	w->report = report_new();
	w->sim = sim_new(1, 0, 0, SIM_DAY, w->report);
	for (size_t i = 0; i < w->table.n; i++)
		if (w->models[i] && w->models[i]->setup)
			w->models[i]->setup(w->sim, w->sc);
	assert_int_equal(w->sim->status, SIM_OK);
}

static inline void open_world(struct world *w, const char *attributes)
{
	open_homes(w, attributes, "", 3);
}

#endif
