/*
 * rubble - a scenario with all models and one of the test's own, which breaks gateways at given times, but not in a twin.
 */
#ifndef TESTS_UNIT_CRISIS_RUBBLE_H
#define TESTS_UNIT_CRISIS_RUBBLE_H

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
#include "models/network/asset.h"
#include "sim/study/outcome.h"
#include "sim/study/replicate_private.h"

#define assert_close(a, b, within) assert_close_((a), (b), (within), #a, __FILE__, __LINE__)
static inline void assert_close_(double a, double b, double within, const char *what, const char *file, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(file, line);
	}
}

/* Gateways by number, in hours of the run; the last has a `to` of 0. */
struct breakage { uint32_t gateway; double from, to; };
static const struct breakage *rubble;

static inline uint32_t rubble_gateway(const struct sim *s, uint32_t number)
{
	uint32_t n, i = 0;
	const struct asset *a = assets_of(s, &n);

	for (; i < n && (a[i].kind != ASSET_GATEWAY || number-- > 0); i++)
		;
	assert_true(i < n);
	return i;
}

static inline void rubble_on_break(struct sim *s, void *ctx, uint32_t number, uint16_t broken)
{
	(void)ctx;
	asset_break(s, rubble_gateway(s, number), broken);
}

static inline void rubble_setup(struct sim *s, const struct scenario *sc)
{
	(void)sc;
	if (s->twin)
		return;
	uint16_t kind = sim_handler(s, "test.break", rubble_on_break, NULL);
	for (const struct breakage *b = rubble; b && b->to > 0; b++) {
		sim_at(s, sim_from_seconds(b->from * 3600), kind, b->gateway, 1);
		sim_at(s, sim_from_seconds(b->to * 3600), kind, b->gateway, 0);
	}
}

static const struct model rubble_model = { .name = "rubble", .doc = "of the test", .setup = rubble_setup };

struct rubble {
	const struct model *models[256];
	struct model_table  table;
	struct diag        *diag;
	struct scenario    *sc;
	struct replication  rep;
};

static inline bool rubble_load(struct rubble *r, const char *body, const struct breakage *breaks)
{
	size_t n = sccsim_models.n;
	char text[8192];

	*r = (struct rubble){ 0 };
	rubble = breaks;
	assert_true(n + 1 < sizeof r->models / sizeof r->models[0]);
	memcpy(r->models, sccsim_models.models, n * sizeof r->models[0]);
	r->models[n] = &rubble_model;
	r->table = (struct model_table){ .models = r->models, .n = n + 1, .grammar = sccsim_models.grammar };
	int len = snprintf(text, sizeof text, "<scenario xmlns='urn:sccsim:scenario:1' id='t'>%s</scenario>", body);
	assert_true(len > 0 && (size_t)len < sizeof text);
	r->diag = diag_new();
	r->sc = scenario_parse(text, strlen(text), "t.xml", &r->table, NULL, NULL, 0, r->diag);
	return r->sc != NULL;
}

static inline void rubble_open(struct rubble *r, const char *body, const struct breakage *breaks)
{
	if (!rubble_load(r, body, breaks))
		diag_print(r->diag, stderr);
	assert_non_null(r->sc);
}

static inline void rubble_run(struct rubble *r, const char *body, const struct breakage *breaks)
{
	rubble_open(r, body, breaks);
	if (replicate(r->sc, 1, &r->rep, NULL) != SIM_OK)
		fail_msg("%s", r->rep.failure);
	assert_false(r->rep.unbalanced);
}

static inline void rubble_close(struct rubble *r)
{
	report_free(r->rep.report);
	scenario_free(r->sc);
	diag_free(r->diag);
}

static inline double kpi_of(const struct rubble *r, const char *kpi, const char *group)
{
	const struct report *p = r->rep.report;

	for (size_t i = 0; i < p->n_kpis; i++)
		if (strcmp(p->kpis[i].def->name, kpi) == 0 && strcmp(p->kpis[i].group, group) == 0)
			return p->kpis[i].value;
	return NAN;
}

static inline double series_at(const struct rubble *r, const char *kpi, const char *group, double hours)
{
	const struct report *p = r->rep.report;

	for (size_t i = 0; i < p->n_series; i++)
		if (strcmp(p->series[i].def->name, kpi) == 0 && strcmp(p->series[i].group, group) == 0 &&
		    p->series[i].t == sim_from_seconds(hours * 3600))
			return p->series[i].value;
	return NAN;
}

/* Four networks, each with a gateway and two devices near it, which report every quarter of an hour. */
#define NETWORK(k)                                                                                                                  \
	"<lorawan id='n" k "' activation='personalised' duty-cycle='off'><gateway position='500m 500m'/></lorawan>"                    \
	"<device-class id='c" k "'><uses network='n" k "'/><traffic period='15min' payload='10B'/></device-class>"                      \
	"<deploy class='c" k "' count='2' placement='uniform'/>"
#define FOUR(duration, crisis)                                                                                                      \
	"<run duration='" duration "' seed='3'/><city width='1km' height='1km'><shadowing deviation='0dB'/></city>" NETWORK("0")       \
		NETWORK("1") NETWORK("2") NETWORK("3") crisis
#define FLOOD(at, lasts) "<crisis><flood at='" at "' source='0m 0m' lasts='" lasts "'/></crisis>"

#endif
