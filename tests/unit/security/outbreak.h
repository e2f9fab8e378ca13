/*
 * outbreak - a scenario with all models, set up and run in one replication, with events of the test's own in between.
 */
#ifndef TESTS_UNIT_SECURITY_OUTBREAK_H
#define TESTS_UNIT_SECURITY_OUTBREAK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "models/device/device.h"
#include "models/models.h"
#include "models/network/network.h"
#include "sim/kernel/report.h"

#define assert_close(a, b, within) assert_close_((a), (b), (within), #a, __FILE__, __LINE__)
static inline void assert_close_(double a, double b, double within, const char *what, const char *file, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(file, line);
	}
}

struct outbreak {
	struct diag     *diag;
	struct scenario *sc;
	struct report   *report;
	struct sim      *sim;
};

static inline bool outbreak_load(struct outbreak *o, const char *body)
{
	static const char head[] = "<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/>"
				   "<city width='1km' height='1km'><shadowing deviation='0dB'/></city>";
	size_t len = sizeof head + strlen(body) + 16;
	char *text = malloc(len);

	*o = (struct outbreak){ 0 };
	assert_non_null(text);
	snprintf(text, len, "%s%s</scenario>", head, body);
	o->diag = diag_new();
	o->sc = scenario_parse(text, strlen(text), ".", &sccsim_models, NULL, NULL, 0, o->diag);
	free(text);
	return o->sc != NULL;
}

static inline void outbreak_open(struct outbreak *o, const char *body, uint64_t replication, simtime_t warmup, simtime_t end)
{
	if (!outbreak_load(o, body))
		diag_print(o->diag, stderr);
	assert_non_null(o->sc);
	o->report = report_new();
	o->sim = sim_new(1, replication, warmup, end, o->report);
	assert_non_null(o->sim);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(o->sim, o->sc);
	assert_int_equal(o->sim->status, SIM_OK);
}

static inline void outbreak_run(struct outbreak *o)
{
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->start)
			sccsim_models.models[i]->start(o->sim, o->sc);
	assert_int_equal(sim_run(o->sim), SIM_OK);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->finish)
			sccsim_models.models[i]->finish(o->sim, o->sc);
	if (report_imbalance(o->report, NULL) > REPORT_TOLERANCE) {
		const char *account = NULL;
		report_imbalance(o->report, &account);
		fail_msg("account %s does not balance", account);
	}
}

static inline void outbreak_close(struct outbreak *o)
{
	sim_free(o->sim);
	report_free(o->report);
	scenario_free(o->sc);
	diag_free(o->diag);
}

static inline double outbreak_kpi(const struct outbreak *o, const char *name, const char *group)
{
	for (size_t i = 0; i < o->report->n_kpis; i++)
		if (strcmp(o->report->kpis[i].def->name, name) == 0 && strcmp(o->report->kpis[i].group, group) == 0)
			return o->report->kpis[i].value;
	return NAN;
}

static inline double outbreak_account(const struct outbreak *o, const char *account, const char *label)
{
	double sum = 0;

	for (size_t i = 0; i < o->report->n_audit; i++)
		if (strcmp(o->report->audit[i].account, account) == 0 && strcmp(o->report->audit[i].label, label) == 0)
			sum += o->report->audit[i].value;
	return sum;
}

/* Whether the scenario is refused with this text among the messages. */
static inline bool outbreak_refused(const char *body, const char *text)
{
	struct outbreak o;
	bool loaded = outbreak_load(&o, body), said = false;

	for (size_t i = 0; i < diag_count(o.diag); i++)
		said |= strstr(diag_text(o.diag, i), text) != NULL;
	if (!said)
		diag_print(o.diag, stderr);
	outbreak_close(&o);
	return !loaded && said;
}

#endif
