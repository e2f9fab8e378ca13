/*
 * alert - a flood, gauges that report over a network of the test's own, and a warning.
 *
 * All models but <lorawan>, in whose place the test's network stands: it attaches a device at once and answers each message after a
 * fixed delay with the fate that the test gives.
 */
#ifndef TESTS_UNIT_CRISIS_ALERT_H
#define TESTS_UNIT_CRISIS_ALERT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "models/crisis/crisis.h"
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

struct access_params { int unused; };
static const struct place access_places[] = { { "scenario", 0, 0 } };
static const struct model access_model = {
	.name = "lorawan", .doc = "an access network of the test", .places = access_places, .n_places = 1, .id = ID_REQUIRED,
	.par_size = sizeof(struct access_params),
};

enum { ALERT_MODELS = 256, ALERT_MESSAGES = 65536 };

struct alert {
	const struct model *models[ALERT_MODELS];
	struct model_table  table;
	struct diag        *diag;
	struct scenario    *sc;
	struct report      *report;
	struct sim         *sim;
	/* the test's network */
	simtime_t takes;
	uint64_t  lose;                 /* one bit per message in their order: the first 64 */
	struct message m[ALERT_MESSAGES];
	uint32_t  sent, answered;
	uint16_t  kind;
};

static inline void alert_answer(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	struct alert *a = ctx;

	(void)detail;
	a->answered++;
	network_answer(s, &a->m[k], k < 64 && a->lose >> k & 1 ? FATE_GATEWAY_DOWN : FATE_DELIVERED);
}

static inline void alert_send(struct sim *s, void *net, const struct message *m)
{
	struct alert *a = net;

	assert_true(a->sent < ALERT_MESSAGES);
	a->m[a->sent] = *m;
	sim_after(s, a->takes, a->kind, a->sent++, 0);
}

static inline unsigned alert_mtu(const struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)net, (void)device;
	return 200;
}

static inline void alert_attach(struct sim *s, void *net, uint32_t device)
{
	(void)net;
	device_attached(s, device);
}

static inline void alert_detach(struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)net, (void)device;
}

static inline uint64_t alert_held(const struct sim *s, void *net, enum purpose p)
{
	const struct alert *a = net;

	(void)s, (void)p;
	return a->sent - a->answered;
}

static const struct network_ops alert_ops = {
	.technology = "test", .send = alert_send, .send_down = alert_send, .mtu = alert_mtu, .mtu_down = alert_mtu,
	.attach = alert_attach, .detach = alert_detach, .held = alert_held,
};

/* Load a whole scenario. */
static inline bool alert_parse(struct alert *a, const char *text)
{
	memset(a, 0, sizeof *a);
	for (size_t n = 0; n < sccsim_models.n; n++) {
		const struct model *m = sccsim_models.models[n];
		if (m->n_places == 0 || strcmp(m->places[0].parent, "lorawan") != 0)
			a->models[a->table.n++] = strcmp(m->name, "lorawan") == 0 ? &access_model : m;
	}
	a->table.models = a->models;
	a->diag = diag_new();
	a->sc = scenario_parse(text, strlen(text), ".", &a->table, NULL, NULL, 0, a->diag);
	return a->sc != NULL;
}

/* `body` stands inside <scenario>, behind a city of 10 km by 10 km with 100,000 people. */
static inline char *alert_text(const char *body)
{
	static const char head[] = "<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/>"
				   "<city width='10km' height='10km' population='100000'><shadowing deviation='0dB'/></city>"
				   "<lorawan id='net'/>";
	size_t len = sizeof head + strlen(body) + 16;
	char *text = malloc(len);

	assert_non_null(text);
	snprintf(text, len, "%s%s</scenario>", head, body);
	return text;
}

static inline bool alert_load(struct alert *a, const char *body)
{
	char *text = alert_text(body);
	bool loaded = alert_parse(a, text);

	free(text);
	return loaded;
}

/* Set up a replication of a whole scenario. */
static inline void alert_begin(struct alert *a, const char *text, uint64_t replication, bool twin)
{
	if (!alert_parse(a, text))
		diag_print(a->diag, stderr);
	assert_non_null(a->sc);
	a->report = report_new();
	a->sim = sim_new(1, replication, 0, a->sc->run.duration, a->report);
	assert_non_null(a->sim);
	a->sim->twin = twin;
	for (size_t i = 0; i < a->table.n; i++)
		if (a->models[i]->setup)
			a->models[i]->setup(a->sim, a->sc);
	for (const struct node *n = scenario_first(a->sc, &access_model); n; n = n->next_same)
		network_register(a->sim, n, &alert_ops, a);
	a->kind = sim_handler(a->sim, "test.answer", alert_answer, a);
	assert_int_equal(a->sim->status, SIM_OK);
}

static inline void alert_open(struct alert *a, const char *body, uint64_t replication, bool twin)
{
	char *text = alert_text(body);

	alert_begin(a, text, replication, twin);
	free(text);
}

static inline void alert_run(struct alert *a)
{
	for (size_t i = 0; i < a->table.n; i++)
		if (a->models[i]->start)
			a->models[i]->start(a->sim, a->sc);
	assert_int_equal(sim_run(a->sim), SIM_OK);
	for (size_t i = 0; i < a->table.n; i++)
		if (a->models[i]->finish)
			a->models[i]->finish(a->sim, a->sc);
	if (report_imbalance(a->report, NULL) > REPORT_TOLERANCE) {
		const char *account = NULL;
		report_imbalance(a->report, &account);
		fail_msg("account %s does not balance", account);
	}
}

static inline void alert_close(struct alert *a)
{
	sim_free(a->sim);
	report_free(a->report);
	scenario_free(a->sc);
	diag_free(a->diag);
}

static inline double alert_kpi(const struct alert *a, const char *name, const char *group)
{
	for (size_t i = 0; i < a->report->n_kpis; i++)
		if (strcmp(a->report->kpis[i].def->name, name) == 0 && strcmp(a->report->kpis[i].group, group) == 0)
			return a->report->kpis[i].value;
	return NAN;
}

/* Whether the scenario is refused with this text among the messages. */
static inline bool alert_refused(const char *body, const char *text)
{
	struct alert *a = calloc(1, sizeof *a);
	bool loaded, said = false;

	assert_non_null(a);
	loaded = alert_load(a, body);
	for (size_t i = 0; i < diag_count(a->diag); i++)
		said |= strstr(diag_text(a->diag, i), text) != NULL;
	if (!said)
		diag_print(a->diag, stderr);
	alert_close(a);
	free(a);
	return !loaded && said;
}

#endif
