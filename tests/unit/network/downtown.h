/*
 * downtown - a LoRaWAN scenario that a test drives: messages up and down at the times it says, and what became of each.
 */
#ifndef TESTS_UNIT_NETWORK_DOWNTOWN_H
#define TESTS_UNIT_NETWORK_DOWNTOWN_H

#include "models/network/network.h"
#include "models/radio/lora.h"
#include "tests/unit/network/suburb.h"

enum { TOWN_ROWS = 4096 };

/* At `at`, a message of so many bytes; the owner's context is its row. */
struct play { double at; bool down; unsigned bytes; enum purpose purpose; unsigned priority; uint32_t device; };

struct town {
	struct scenario *sc;
	struct report   *report;
	struct sim      *s;
	const struct play *play;
	size_t           n_play;
	uint16_t         kind;
	struct told { double at; enum fate fate; unsigned times; } told[TOWN_ROWS];    /* by row of the play */
	void           (*on_answer)(struct town *t, const struct message *m, enum fate fate);
};

static inline void town_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct town *t = ctx;

	assert_true(m->context < TOWN_ROWS);
	t->told[m->context].at = sim_seconds(s->now);
	t->told[m->context].fate = fate;
	t->told[m->context].times++;
	if (t->on_answer)
		t->on_answer(t, m, fate);
}

static inline void town_send(struct town *t, uint32_t row, const struct play *p)
{
	struct message m = { .created = t->s->now, .device = p->device, .context = row, .bytes = p->bytes,
			     .purpose = (uint8_t)p->purpose, .priority = (uint8_t)p->priority };

	if (p->down)
		network_send_down(t->s, &m);
	else
		network_send(t->s, &m);
}

static inline void town_event(struct sim *s, void *ctx, uint32_t row, uint16_t detail)
{
	struct town *t = ctx;

	(void)s, (void)detail;
	town_send(t, row, &t->play[row]);
}

/* Stands in the city besides. */
static const char *town_city __attribute__((unused)) = "";
/* Stands in the scenario besides. */
static const char *town_besides __attribute__((unused)) = "";

/* `more` stands in the class, as <traffic> or <power>. */
static inline void town_open(struct town *t, const char *duration, const char *lorawan, const char *inside, const char *uses,
			     const char *more, const char *deploy)
{
	static const char body[] =
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='%s'/><city width='6km' height='6km'>"
		"<propagation model='log-distance' reference-loss='7.7dB' reference-distance='1m' exponent='3.76'/>"
		"<shadowing deviation='0dB'/>%s</city><lorawan id='l' %s>%s</lorawan>"
		"<device-class id='c'><uses network='l' %s/>%s</device-class><deploy class='c' %s/>%s</scenario>";
	char xml[4096];
	struct diag *d = diag_new();

	memset(t, 0, sizeof *t);
	snprintf(xml, sizeof xml, body, duration, town_city, lorawan, inside, uses, more, deploy, town_besides);
	t->sc = scenario_parse(xml, strlen(xml), "t.xml", &sccsim_models, NULL, NULL, 0, d);
	if (!t->sc) {
		diag_print(d, stderr);
		abort();
	}
	diag_free(d);
	t->report = report_new();
	t->s = sim_new(1, 0, 0, t->sc->run.duration, t->report);
	assert_non_null(t->s);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(t->s, t->sc);
	assert_int_equal(t->s->status, SIM_OK);
	network_owner(t->s, PURPOSE_ONBOARDING, town_answer, t);
	network_owner(t->s, PURPOSE_UPDATE, town_answer, t);
	network_owner(t->s, PURPOSE_COMMAND, town_answer, t);
	t->kind = sim_handler(t->s, "test.play", town_event, t);
}

static inline void town_run(struct town *t, const struct play *play, size_t n)
{
	t->play = play;
	t->n_play = n;
	for (size_t i = 0; i < n; i++)
		sim_at(t->s, (simtime_t)(play[i].at * 1e9 + 0.5), t->kind, (uint32_t)i, 0);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->start)
			sccsim_models.models[i]->start(t->s, t->sc);
	assert_int_equal(sim_run(t->s), SIM_OK);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->finish)
			sccsim_models.models[i]->finish(t->s, t->sc);
	/* every account balances */
	for (size_t i = 0; i < t->report->n_audit; i++) {
		double sum = 0;
		for (size_t k = 0; k < t->report->n_audit; k++)
			if (strcmp(t->report->audit[k].account, t->report->audit[i].account) == 0)
				sum += (t->report->audit[k].side == AUDIT_IN ? 1 : -1) * t->report->audit[k].value;
		if (!(fabs(sum) <= 1e-3))
			fail_msg("account %s is off by %g", t->report->audit[i].account, sum);
	}
}

static inline void town_close(struct town *t)
{
	sim_free(t->s);
	report_free(t->report);
	scenario_free(t->sc);
}

static inline double town_account(const struct town *t, const char *name, const char *label)
{
	double sum = 0;

	for (size_t i = 0; i < t->report->n_audit; i++)
		if (strcmp(t->report->audit[i].account, name) == 0 && strcmp(t->report->audit[i].label, label) == 0)
			sum += t->report->audit[i].value;
	return sum;
}

static inline double town_kpi(const struct town *t, const char *name, const char *group)
{
	for (size_t i = 0; i < t->report->n_kpis; i++)
		if (strcmp(t->report->kpis[i].def->name, name) == 0 && strcmp(t->report->kpis[i].group, group) == 0)
			return t->report->kpis[i].value;
	return NAN;
}

/* Time on air in seconds. */
static inline double toa(unsigned bytes, unsigned sf, bool up)
{
	return sim_seconds(lora_time_on_air(bytes, sf, 125e3, 1, 8, up));
}

#endif
