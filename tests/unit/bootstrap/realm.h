/*
 * realm - a small city with all models, from a text that stands inside <scenario>.
 */
#ifndef TESTS_UNIT_BOOTSTRAP_REALM_H
#define TESTS_UNIT_BOOTSTRAP_REALM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>

#include "models/bootstrap/repository.h"
#include "models/models.h"

/* Numbers within a tolerance; NaN is never close. */
#define assert_close(a, b, within) assert_close_((a), (b), (within), #a, __FILE__, __LINE__)
static inline void assert_close_(double a, double b, double within, const char *what, const char *file, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(file, line);
	}
}

struct realm {
	struct diag     *diag;
	struct scenario *sc;
	struct report   *report;
	struct sim      *sim;
};

/* false: diagnostics are in w->diag. */
static inline bool realm_load(struct realm *w, const char *body)
{
	static const char head[] = "<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\"><run duration=\"1d\"/>"
				   "<city width=\"1km\" height=\"1km\"/>";
	size_t len = sizeof head + strlen(body) + 16;
	char *text = malloc(len);

	memset(w, 0, sizeof *w);
	w->diag = diag_new();
	assert_non_null(text);
	snprintf(text, len, "%s%s</scenario>", head, body);
	w->sc = scenario_parse(text, strlen(text), ".", &sccsim_models, NULL, NULL, 0, w->diag);
	free(text);
	return w->sc != NULL;
}

static inline void realm_open(struct realm *w, const char *body, uint64_t seed, simtime_t end)
{
	if (!realm_load(w, body))
		diag_print(w->diag, stderr);
	assert_non_null(w->sc);
	w->report = report_new();
	w->sim = sim_new(seed, 0, 0, end, w->report);
	assert_non_null(w->sim);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(w->sim, w->sc);
	assert_int_equal(w->sim->status, SIM_OK);
}

/* To the end; every account balances. */
static inline void realm_run(struct realm *w)
{
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->start)
			sccsim_models.models[i]->start(w->sim, w->sc);
	assert_int_equal(sim_run(w->sim), SIM_OK);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->finish)
			sccsim_models.models[i]->finish(w->sim, w->sc);
	assert_true(report_imbalance(w->report, NULL) < 1e-9);
}

static inline void realm_close(struct realm *w)
{
	sim_free(w->sim);
	report_free(w->report);
	scenario_free(w->sc);
	diag_free(w->diag);
}

/* A KPI of group all; NaN: absent. */
static inline double realm_kpi(const struct realm *w, const char *name)
{
	for (size_t i = 0; i < w->report->n_kpis; i++)
		if (!strcmp(w->report->kpis[i].def->name, name) && !strcmp(w->report->kpis[i].group, "all"))
			return w->report->kpis[i].value;
	return NAN;
}

/* Whether loading the text fails, or warns, with these words. */
static inline bool realm_complains(const char *body, const char *words)
{
	struct realm w;
	bool found = false;

	realm_load(&w, body);
	for (size_t i = 0; i < diag_count(w.diag); i++)
		found |= strstr(diag_text(w.diag, i), words) != NULL;
	if (!found)
		diag_print(w.diag, stderr);
	realm_close(&w);
	return found;
}

#endif
