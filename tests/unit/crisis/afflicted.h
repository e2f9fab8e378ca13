/*
 * afflicted - a scenario with all models, its city and its crisis given by the test, run in one replication.
 */
#ifndef TESTS_UNIT_CRISIS_AFFLICTED_H
#define TESTS_UNIT_CRISIS_AFFLICTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "models/models.h"
#include "sim/kernel/report.h"
#include "sim/scenario/scenario.h"

#define assert_close(a, b, within) assert_close_((a), (b), (within), #a, __FILE__, __LINE__)
static inline void assert_close_(double a, double b, double within, const char *what, const char *file, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(file, line);
	}
}

struct afflicted {
	struct diag     *diag;
	struct scenario *sc;
	struct report   *report;
	struct sim      *sim;
};

/* in_city: children of <city>; in_crisis: children of <crisis>. */
static inline bool afflicted_load(struct afflicted *a, const char *in_city, const char *in_crisis)
{
	static const char form[] =
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1yr'/>"
		"<city radius='20km'><shadowing deviation='0dB'/>%s</city>"
		"<device-class id='recorder'/><deploy class='recorder' count='1' placement='uniform'/><crisis>%s</crisis></scenario>";
	size_t size = sizeof form + strlen(in_city) + strlen(in_crisis);
	char *text = malloc(size);

	*a = (struct afflicted){ 0 };
	assert_non_null(text);
	snprintf(text, size, form, in_city, in_crisis);
	a->diag = diag_new();
	a->sc = scenario_parse(text, strlen(text), ".", &sccsim_models, NULL, NULL, 0, a->diag);
	free(text);
	return a->sc != NULL;
}

static inline void afflicted_open(struct afflicted *a, const char *in_city, const char *in_crisis, uint64_t replication, simtime_t end)
{
	if (!afflicted_load(a, in_city, in_crisis))
		diag_print(a->diag, stderr);
	assert_non_null(a->sc);
	a->report = report_new();
	a->sim = sim_new(1, replication, 0, end, a->report);
	assert_non_null(a->sim);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(a->sim, a->sc);
	assert_int_equal(a->sim->status, SIM_OK);
}

static inline void afflicted_run(struct afflicted *a)
{
	const char *account = NULL;

	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->start)
			sccsim_models.models[i]->start(a->sim, a->sc);
	assert_int_equal(sim_run(a->sim), SIM_OK);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->finish)
			sccsim_models.models[i]->finish(a->sim, a->sc);
	if (report_imbalance(a->report, &account) > REPORT_TOLERANCE)
		fail_msg("account %s does not balance", account);
}

static inline void afflicted_close(struct afflicted *a)
{
	sim_free(a->sim);
	report_free(a->report);
	scenario_free(a->sc);
	diag_free(a->diag);
}

/* NaN: absent. */
static inline double afflicted_kpi(const struct afflicted *a, const char *name, const char *group)
{
	for (size_t i = 0; i < a->report->n_kpis; i++)
		if (strcmp(a->report->kpis[i].def->name, name) == 0 && strcmp(a->report->kpis[i].group, group) == 0)
			return a->report->kpis[i].value;
	return NAN;
}

/* Whether the crisis is refused with this text among the messages. */
static inline bool afflicted_refused(const char *in_city, const char *in_crisis, const char *text)
{
	struct afflicted a;
	bool loaded = afflicted_load(&a, in_city, in_crisis), said = false;

	for (size_t i = 0; i < diag_count(a.diag); i++)
		said |= strstr(diag_text(a.diag, i), text) != NULL;
	if (!said)
		diag_print(a.diag, stderr);
	afflicted_close(&a);
	return !loaded && said;
}

#endif
