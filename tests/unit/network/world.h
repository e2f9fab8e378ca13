/*
 * world - a small city with the models up to `uses` and an access network of the test's own in place of a real one.
 *
 * The test's network attaches a device at once and hands each message to the function that the test gives.
 */
#ifndef TESTS_UNIT_NETWORK_WORLD_H
#define TESTS_UNIT_NETWORK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "models/models.h"
#include "models/network/network.h"
#include "models/network/path.h"
#include "sim/kernel/tally.h"

/* Numbers within a tolerance; NaN is never close. */
#define assert_close(a, b, within) assert_close_((a), (b), (within), #a, __FILE__, __LINE__)
static inline void assert_close_(double a, double b, double within, const char *what, const char *file, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(file, line);
	}
}

struct access_params { int unused; };

static const struct place access_places[] = { { "scenario", 0, 0 } };

/* Stands where <lorawan> stands. */
static const struct model access_model = {
	.name = "lorawan", .doc = "an access network of the test", .places = access_places, .n_places = 1, .id = ID_REQUIRED,
	.par_size = sizeof(struct access_params),
};

enum { WORLD_MODELS = 64 };

struct world {
	const struct model *models[WORLD_MODELS];
	struct model_table  table;
	struct diag        *diag;
	struct scenario    *sc;
	struct report      *report;
	struct sim         *sim;
	/* what the test's network saw */
	void   (*on_send)(struct world *w, const struct message *m);    /* NULL: count only */
	uint32_t sent, attached, detached;
	bool     attach_later;
};

static inline void world_send(struct sim *s, void *net, const struct message *m)
{
	struct world *w = net;

	(void)s;
	w->sent++;
	if (w->on_send)
		w->on_send(w, m);
}

static inline unsigned world_mtu(const struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)net;
	return 51 + device;
}

static inline void world_attach(struct sim *s, void *net, uint32_t device)
{
	struct world *w = net;

	w->attached++;
	if (!w->attach_later)
		device_attached(s, device);
}

static inline void world_detach(struct sim *s, void *net, uint32_t device)
{
	struct world *w = net;

	(void)s, (void)device;
	w->detached++;
}

static const struct network_ops world_ops = {
	.technology = "test", .send = world_send, .mtu = world_mtu, .attach = world_attach, .detach = world_detach,
};

/* Load: `body` stands inside <scenario>.  false: diagnostics are in w->diag. */
static inline bool world_load(struct world *w, const char *body)
{
	static const char head[] = "<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\"><run duration=\"1d\"/>"
				   "<city width=\"1km\" height=\"1km\"/>";
	size_t n = 0, len;
	char *text;

	memset(w, 0, sizeof *w);
	for (; n < sccsim_models.n && n + 1 < WORLD_MODELS; n++) {
		w->models[n] = sccsim_models.models[n];
		if (w->models[n] == &uses_model)
			break;
	}
	w->models[n + 1] = &access_model;
	w->table = (struct model_table){ w->models, n + 2 };
	w->diag = diag_new();
	len = sizeof head + strlen(body) + 16;
	text = malloc(len);
	assert_non_null(text);
	snprintf(text, len, "%s%s</scenario>", head, body);
	w->sc = scenario_parse(text, strlen(text), ".", &w->table, NULL, NULL, 0, w->diag);
	free(text);
	return w->sc != NULL;
}

/* Load and set up; the test's network serves every class that uses it. */
static inline void world_open(struct world *w, const char *body, simtime_t warmup, simtime_t end)
{
	if (!world_load(w, body))
		diag_print(w->diag, stderr);
	assert_non_null(w->sc);
	w->report = report_new();
	w->sim = sim_new(1, 0, warmup, end, w->report);
	assert_non_null(w->sim);
	for (size_t i = 0; i < w->table.n; i++)
		if (w->models[i] && w->models[i]->setup)
			w->models[i]->setup(w->sim, w->sc);
	for (const struct node *n = scenario_first(w->sc, &access_model); n; n = n->next_same)
		network_register(w->sim, n, &world_ops, w);
	assert_int_equal(w->sim->status, SIM_OK);
}

static inline void world_run(struct world *w)
{
	for (size_t i = 0; i < w->table.n; i++)
		if (w->models[i] && w->models[i]->start)
			w->models[i]->start(w->sim, w->sc);
	assert_int_equal(sim_run(w->sim), SIM_OK);
	for (size_t i = 0; i < w->table.n; i++)
		if (w->models[i] && w->models[i]->finish)
			w->models[i]->finish(w->sim, w->sc);
}

static inline void world_close(struct world *w)
{
	sim_free(w->sim);
	report_free(w->report);
	scenario_free(w->sc);
	diag_free(w->diag);
}

/* A KPI of group all; NaN: absent. */
static inline double world_kpi(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->report->n_kpis; i++)
		if (!strcmp(w->report->kpis[i].def->name, name) && !strcmp(w->report->kpis[i].group, "all"))
			return w->report->kpis[i].value;
	return NAN;
}

static inline const struct node *world_node(const struct world *w, const struct model *m, const char *id)
{
	for (const struct node *n = scenario_first(w->sc, m); n; n = n->next_same)
		if (n->id && !strcmp(n->id, id))
			return n;
	return NULL;
}

static inline bool world_complains(const struct world *w, const char *text)
{
	for (size_t i = 0; i < diag_count(w->diag); i++)
		if (strstr(diag_text(w->diag, i), text))
			return true;
	return false;
}

#endif
