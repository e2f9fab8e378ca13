/* Statistical links the other way: what a hub sends to its devices, who vouches for them, what they share. */
#include "tests/unit/network/homes.h"

struct answers {
	uint32_t n;
	enum fate fate[16];
	simtime_t at[16];
};

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct answers *a = ctx;

	assert_true(a->n < 16 && m->down);
	a->at[a->n] = s->now;
	a->fate[a->n++] = fate;
}

/* What a test does at a time to a device, by `detail`. */
enum { DO_DOWN, DO_POWER_ON, DO_POWER_OFF, DO_UP, DO_BACKGROUND, DO_QUIET, DO_CAST };
struct step {
	unsigned bytes;
	struct multicast cast;
};

static void on_step(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	const struct step *x = ctx;
	struct message m = { .created = s->now, .device = device, .bytes = x->bytes, .purpose = PURPOSE_UPDATE };

	if (detail == DO_DOWN)
		network_send_down(s, &m);
	else if (detail == DO_UP)
		network_send(s, &m);
	else if (detail == DO_POWER_ON || detail == DO_POWER_OFF)
		device_power(s, device, detail == DO_POWER_ON);
	else if (detail == DO_CAST)
		assert_true(network_multicast(s, &x->cast));
	else
		network_background(s, device, detail == DO_BACKGROUND ? 62.5 : -62.5);
}

static double audit_of(const struct world *w, const char *account, const char *label)
{
	double sum = 0;

	for (size_t i = 0; i < w->report->n_audit; i++)
		if (!strcmp(w->report->audit[i].account, account) && !strcmp(w->report->audit[i].label, label))
			sum += w->report->audit[i].value;
	return sum;
}

/* 100 B: 0.8 s up, 0.4 s down at 2000 bit/s, 2 s from the hub. */
static const char slow[] = "rate='1000bps' rate-down='2000bps' overhead='0B' mtu='100B' loss='0%' latency='2s' latency-law='constant' "
			   "association='5s' listen='0s'";

static void a_device_gets_one_message_after_the_other(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct step x = { .bytes = 100 }, large = { .bytes = 101 };

	(void)st;
	open_world(&w, slow);
	network_owner(w.sim, PURPOSE_UPDATE, on_answer, &a);
	uint16_t kind = sim_handler(w.sim, "step", on_step, &x), big = sim_handler(w.sim, "step", on_step, &large);
	assert_int_equal(network_mtu_down(w.sim, 0), 100);
	sim_at(w.sim, SIM_SECOND, kind, 0, DO_DOWN); /* still associating */
	for (int i = 0; i < 3; i++)
		sim_at(w.sim, 10 * SIM_SECOND, kind, 0, DO_DOWN);
	sim_at(w.sim, 10 * SIM_SECOND, kind, 1, DO_DOWN); /* another device: beside it */
	sim_at(w.sim, 20 * SIM_SECOND, big, 0, DO_DOWN);
	world_run(&w);
	assert_int_equal(a.n, 6);
	assert_int_equal(a.fate[0], FATE_NOT_ONBOARDED);
	assert_int_equal(a.at[1], 12400 * SIM_MS);
	assert_int_equal(a.at[2], 12400 * SIM_MS);
	assert_int_equal(a.at[3], 12800 * SIM_MS);
	assert_int_equal(a.at[4], 13200 * SIM_MS);
	assert_int_equal(a.fate[4], FATE_DELIVERED);
	assert_int_equal(a.fate[5], FATE_PAYLOAD_TOO_LARGE);
	assert_true(report_imbalance(w.report, NULL) < REPORT_TOLERANCE);
	assert_close(audit_of(&w, "local-link downlinks", "taken"), 5, 0); /* the first was not the link's yet */
	assert_close(audit_of(&w, "local-link downlinks", "delivered"), 4, 0);
	world_close(&w);
}

static void power_takes_what_is_on_its_way_down(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct step x = { .bytes = 100 };

	(void)st;
	open_world(&w, slow);
	network_owner(w.sim, PURPOSE_UPDATE, on_answer, &a);
	uint16_t kind = sim_handler(w.sim, "step", on_step, &x);
	sim_at(w.sim, 20 * SIM_SECOND, kind, 0, DO_DOWN);
	sim_at(w.sim, 20200 * SIM_MS, kind, 0, DO_POWER_OFF); /* while the hub sends */
	sim_at(w.sim, 21 * SIM_SECOND, kind, 0, DO_DOWN);
	sim_at(w.sim, 30 * SIM_SECOND, kind, 0, DO_POWER_ON);
	sim_at(w.sim, 40 * SIM_SECOND, kind, 0, DO_DOWN);
	sim_at(w.sim, 41 * SIM_SECOND, kind, 0, DO_POWER_OFF); /* before it is there */
	sim_at(w.sim, 50 * SIM_SECOND, kind, 1, DO_DOWN);
	world_run(&w);
	assert_int_equal(a.n, 4);
	for (int i = 0; i < 3; i++)
		assert_int_equal(a.fate[i], FATE_DEVICE_DOWN);
	assert_int_equal(a.fate[3], FATE_DELIVERED);
	assert_true(report_imbalance(w.report, NULL) < REPORT_TOLERANCE);
	world_close(&w);
}

/* Handshakes of the LAKE benchmark: 500 mW to send, 80 mW to receive, 28 up and 170 kbit/s down in good coverage, 0.37 and 2.5 in bad:
 * 8 (f1 + f3) / up x 0.5 W + 8 f2 / down x 0.08 W, and nothing below. */
static void an_ideal_link_costs_what_the_closed_form_says(void **st)
{
	static const struct {
		unsigned flight[3];
		double good, bad; /* mJ */
	} table[] = { { { 37, 45, 19 }, 8.169, 616.9 },
		      { { 37, 115, 90 }, 18.576, 1402.4 },
		      { { 136, 153, 56 }, 28.005, 2114.8 },
		      { { 185, 454, 255 }, 64.566, 4873.0 } };
	static const char rates[2][40] = { "rate='28kbps' rate-down='170kbps'", "rate='370bps' rate-down='2500bps'" };

	(void)st;
	for (size_t k = 0; k < 2 * sizeof table / sizeof table[0]; k++) {
		struct world w;
		char attributes[256];
		struct step x[3];
		double expected = k % 2 ? table[k / 2].bad : table[k / 2].good;
		snprintf(
			attributes, sizeof attributes,
			"%s overhead='0B' loss='0%%' latency='0s' latency-law='constant' association='0s' listen='0s' tx-draw='500mW' "
			"rx-draw='80mW'",
			rates[k % 2]);
		open_world(&w, attributes);
		double before = device_energy_j(w.sim, 0);
		for (unsigned f = 0; f < 3; f++) {
			x[f] = (struct step){ .bytes = table[k / 2].flight[f] };
			uint16_t kind = sim_handler(w.sim, "step", on_step, &x[f]);
			sim_at(w.sim, (f + 1) * SIM_HOUR, kind, 0, f == 1 ? DO_DOWN : DO_UP);
		}
		world_run(&w);
		assert_close(1e3 * (device_active_j(w.sim, devices_of(w.sim)->cell[0]) - before), expected,
			     1e-3 * expected);
		world_close(&w);
	}
}

/* Half of 1000 bit/s goes to what is not simulated: what is takes twice as long, and what is sent in time no more energy. */
static void background_takes_rate_from_the_hub(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct step x = { .bytes = 100 };

	(void)st;
	open_homes(
		&w,
		"rate='1000bps' overhead='0B' mtu='100B' loss='0%' latency='0s' latency-law='constant' devices-per-hub='2'",
		"", 3);
	network_owner(w.sim, PURPOSE_UPDATE, on_answer, &a);
	uint16_t kind = sim_handler(w.sim, "step", on_step, &x);
	sim_at(w.sim, 10 * SIM_SECOND, kind, 0, DO_BACKGROUND);
	sim_at(w.sim, 20 * SIM_SECOND, kind, 1, DO_DOWN);
	sim_at(w.sim, 30 * SIM_SECOND, kind, 2, DO_DOWN); /* of another hub */
	for (int i = 0; i < 3; i++)                       /* more than there is */
		sim_at(w.sim, 40 * SIM_SECOND, kind, 0, DO_BACKGROUND);
	sim_at(w.sim, 50 * SIM_SECOND, kind, 1, DO_DOWN);
	for (int i = 0; i < 4; i++)
		sim_at(w.sim, 200 * SIM_SECOND, kind, 0, DO_QUIET);
	sim_at(w.sim, 200 * SIM_SECOND, kind, 1, DO_DOWN);
	world_run(&w);
	assert_int_equal(a.n, 4);
	assert_int_equal(a.at[0], 21600 * SIM_MS);
	assert_int_equal(a.at[1], 30800 * SIM_MS);
	assert_int_equal(a.at[2], 130 * SIM_SECOND); /* a hundredth is left */
	assert_int_equal(a.at[3], 200800 * SIM_MS);
	world_close(&w);
}

/* ---- who vouches for a device ---- */

struct court {
	uint32_t asked;
	uint16_t kind;
};

static void on_asked(struct sim *s, void *ctx, uint32_t device)
{
	struct court *c = ctx;

	if (++c->asked == 4)
		network_authenticated(s, device, true); /* at once */
	else
		sim_after(s, 3 * SIM_SECOND, c->kind, device, (uint16_t)c->asked);
}

static void on_verdict(struct sim *s, void *ctx, uint32_t device, uint16_t number)
{
	(void)ctx;
	network_authenticated(s, device, number != 1);
}

static void a_device_is_let_in_by_who_vouches_for_it(void **st)
{
	struct world w;
	struct court c = { 0 };
	struct step x = { 0 };

	(void)st;
	open_world(&w, "association='5s'");
	c.kind = sim_handler(w.sim, "verdict", on_verdict, &c);
	network_authenticator(w.sim, 0, on_asked, &c);
	uint16_t kind = sim_handler(w.sim, "step", on_step, &x);
	sim_at(w.sim, SIM_HOUR, kind, 0, DO_POWER_OFF);
	sim_at(w.sim, 2 * SIM_HOUR, kind, 0, DO_POWER_ON);
	world_run(&w);
	/* refused at 8 s: a minute later it associates again, and is asked about as the fourth */
	assert_int_equal(c.asked, 5);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(devices_of(w.sim)->state[i], DEVICE_OPERATIONAL);
	for (size_t i = 0; i < w.report->n_kpis; i++)
		if (!strcmp(w.report->kpis[i].def->name, "local-link.association-time"))
			assert_close(w.report->kpis[i].value, (73 + 8 + 8 + 8) / 4.0, 1e-9);
	assert_true(report_imbalance(w.report, NULL) < REPORT_TOLERANCE);
	world_close(&w);
}

/* ---- multicast ---- */

struct heard {
	uint32_t n, none;
	double sum, squares;
	simtime_t at;
};

static void on_done(struct sim *s, void *ctx, uint32_t device, uint32_t received)
{
	struct heard *h = ctx;

	(void)device;
	h->n++;
	h->none += received == 0;
	h->sum += received;
	h->squares += (double)received * received;
	h->at = s->now;
}

static bool is_even(const struct sim *s, void *ctx, uint32_t device)
{
	(void)s, (void)ctx;
	return device % 2 == 0;
}

/* 2000 members of 200 fragments, a fifth lost: 160 +- 5.66 each, so 160 +- 0.127 in the mean; of the variance 32 +- 1.0. */
static void members_receive_binomially(void **st)
{
	struct world w;
	struct heard h = { 0 };
	struct step x = { .cast = { .purpose = PURPOSE_UPDATE,
				    .fragments = 200,
				    .fragment_bytes = 50,
				    .member = is_even,
				    .done = on_done,
				    .ctx = &h } };

	(void)st;
	open_homes(&w,
		   "rate='1000bps' overhead='0B' loss='20%' association='1s' listen='0s' rx-draw='1W' devices-per-hub='7'",
		   "", 4000);
	uint16_t kind = sim_handler(w.sim, "step", on_step, &x);
	sim_at(w.sim, 10 * SIM_SECOND, kind, 0, DO_CAST);
	sim_at(w.sim, 50 * SIM_SECOND, kind, 42, DO_POWER_OFF);
	world_run(&w);
	assert_int_equal(h.n, 2000);
	assert_int_equal(h.none, 1); /* who was off for a part of it */
	assert_int_equal(h.at, 90 * SIM_SECOND);
	double n = h.n - 1, mean = h.sum / n, variance = h.squares / n - mean * mean;
	assert_close(mean, 160, 3.29 * 0.127); /* 99.9 % */
	assert_close(variance, 32, 3.29 * 1.02);
	/* each listens for 80 s, and for the second of its association */
	assert_close(device_active_j(w.sim, devices_of(w.sim)->cell[0]), 4000 + 80 * n, 1e-6 * 80 * n);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_gets_one_message_after_the_other),
		cmocka_unit_test(power_takes_what_is_on_its_way_down),
		cmocka_unit_test(an_ideal_link_costs_what_the_closed_form_says),
		cmocka_unit_test(background_takes_rate_from_the_hub),
		cmocka_unit_test(a_device_is_let_in_by_who_vouches_for_it),
		cmocka_unit_test(members_receive_binomially),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
