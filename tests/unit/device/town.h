/*
 * town - a scenario with all models and an access network of the test's own in place of LoRaWAN.
 *
 * The test's network attaches a device at once, unless told not to, and hands each message to the function that the test
 * gives; without one it delivers at once.
 */
#ifndef TESTS_UNIT_DEVICE_TOWN_H
#define TESTS_UNIT_DEVICE_TOWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "models/device/group.h"
#include "models/models.h"
#include "models/network/lorawan/lorawan.h"
#include "models/network/network.h"
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

static const struct place town_places[] = { { "scenario", 0, 0 } };
static const struct model town_access = {
	.name = "lorawan", .doc = "an access network of the test", .places = town_places, .n_places = 1, .id = ID_REQUIRED,
};

enum { TOWN_MODELS = 128 };

struct town {
	const struct model *models[TOWN_MODELS];
	struct model_table  table;
	struct diag        *diag;
	struct scenario    *sc;
	struct report      *report;
	struct sim         *sim;
	struct devices     *dev;
	void (*on_send)(struct town *t, const struct message *m);
	uint64_t (*on_held)(const struct town *t);      /* messages sent and not yet answered; NULL: none */
	void    *own;           /* the test's */
	uint64_t sent, attached, detached;
	bool     attach_later, map;
	uint64_t seed;          /* 0: the scenario's */
};

static inline void town_send(struct sim *s, void *net, const struct message *m)
{
	struct town *t = net;

	t->sent++;
	if (t->on_send)
		t->on_send(t, m);
	else
		network_answer(s, m, FATE_DELIVERED);
}

static inline unsigned town_mtu(const struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)net, (void)device;
	return 51;
}

static inline void town_attach(struct sim *s, void *net, uint32_t device)
{
	struct town *t = net;

	t->attached++;
	if (!t->attach_later)
		device_attached(s, device);
}

static inline void town_detach(struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)device;
	((struct town *)net)->detached++;
}

static inline uint64_t town_held(const struct sim *s, void *net, enum purpose p)
{
	const struct town *t = net;

	(void)s;
	return is_for(PURPOSE_APPLICATION, p) && t->on_held ? t->on_held(t) : 0;
}

static const struct network_ops town_ops = {
	.technology = "test", .send = town_send, .mtu = town_mtu, .attach = town_attach, .detach = town_detach, .held = town_held,
};

/* Load: `run` are the attributes of <run>, `body` what stands beside it.  false: diagnostics are in t->diag. */
static inline bool town_load(struct town *t, const char *run, const char *body)
{
	size_t len = strlen(run) + strlen(body) + 256, n = 0;
	char *text = malloc(len);

	for (size_t i = 0; i < sccsim_models.n; i++) {
		const struct model *m = sccsim_models.models[i];
		assert_true(n < TOWN_MODELS);
		if (m == &lorawan_model)
			t->models[n++] = &town_access;
		else if (m != &gateways_model && m != &gateway_model && m != &channel_model)
			t->models[n++] = m;
	}
	t->table = (struct model_table){ t->models, n };
	t->diag = diag_new();
	assert_non_null(text);
	snprintf(text, len, "<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\"><run %s/>%s</scenario>", run, body);
	t->sc = scenario_parse(text, strlen(text), "./town.xml", &t->table, NULL, NULL, 0, t->diag);
	free(text);
	return t->sc != NULL;
}

/* Load and set up.  *t holds zeros but for what the test sets. */
static inline void town_open(struct town *t, const char *run, const char *body)
{
	if (!town_load(t, run, body))
		diag_print(t->diag, stderr);
	assert_non_null(t->sc);
	t->report = report_new();
	assert_non_null(t->report);
	t->report->map = t->map;
	t->sim = sim_new(t->seed ? t->seed : t->sc->run.seed, 0, t->sc->run.warm_up, t->sc->run.duration, t->report);
	assert_non_null(t->sim);
	for (size_t i = 0; i < t->table.n; i++)
		if (t->models[i]->setup)
			t->models[i]->setup(t->sim, t->sc);
	for (const struct node *n = scenario_first(t->sc, &town_access); n; n = n->next_same)
		network_register(t->sim, n, &town_ops, t);
	assert_int_equal(t->sim->status, SIM_OK);
	t->dev = devices_of(t->sim);
}

static inline void town_start(struct town *t)
{
	for (size_t i = 0; i < t->table.n; i++)
		if (t->models[i]->start)
			t->models[i]->start(t->sim, t->sc);
}

static inline void town_finish(struct town *t)
{
	assert_int_equal(sim_run(t->sim), SIM_OK);
	for (size_t i = 0; i < t->table.n; i++)
		if (t->models[i]->finish)
			t->models[i]->finish(t->sim, t->sc);
}

static inline void town_run(struct town *t)
{
	town_start(t);
	town_finish(t);
}

static inline void town_close(struct town *t)
{
	sim_free(t->sim);
	report_free(t->report);
	scenario_free(t->sc);
	diag_free(t->diag);
	*t = (struct town){ .own = t->own };
}

/* NaN: absent. */
static inline double town_kpi(const struct town *t, const char *name, const char *group)
{
	for (size_t i = 0; i < t->report->n_kpis; i++)
		if (!strcmp(t->report->kpis[i].def->name, name) && !strcmp(t->report->kpis[i].group, group))
			return t->report->kpis[i].value;
	return NAN;
}

static inline double town_audit(const struct town *t, const char *account, const char *label)
{
	for (size_t i = 0; i < t->report->n_audit; i++)
		if (!strcmp(t->report->audit[i].account, account) && !strcmp(t->report->audit[i].label, label))
			return t->report->audit[i].value;
	return NAN;
}

static inline bool town_complains(const struct town *t, const char *text)
{
	for (size_t i = 0; i < diag_count(t->diag); i++)
		if (strstr(diag_text(t->diag, i), text))
			return true;
	return false;
}

/* A scenario that must be refused with this text. */
static inline void town_refuses(const char *body, const char *text)
{
	struct town t = { 0 };

	if (town_load(&t, "duration='1d'", body) || !town_complains(&t, text)) {
		print_error("not refused with \"%s\": %s\n", text, body);
		diag_print(t.diag, stderr);
		fail();
	}
	town_close(&t);
}

static inline void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

#endif
