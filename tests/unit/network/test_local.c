/* Statistical links: what a technology defaults to, one device's way in steps, what is refused. */
#include "tests/unit/network/homes.h"

struct answers {
	uint32_t n;
	enum fate fate[16];
	simtime_t at[16];
};

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct answers *a = ctx;

	(void)m;
	assert_true(a->n < 16);
	a->at[a->n] = s->now;
	a->fate[a->n++] = fate;
}

struct step {
	struct world *w;
	unsigned bytes;
};

static void on_step(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	struct step *x = ctx;
	struct message m = { .created = s->now, .device = device, .bytes = (uint16_t)x->bytes };

	if (detail == 3)
		device_attached(s, device);
	else if (detail)
		device_power(s, device, detail == 1);
	else
		network_send(s, &m);
}

static void every_technology_says_what_is_not_given(void **st)
{
	static const char *const names[] = { "wifi", "thread", "ethernet", "fixed" };

	(void)st;
	for (size_t i = 0; i < 4; i++) {
		struct world w;
		char attributes[64];
		snprintf(attributes, sizeof attributes, "technology='%s' mtu='99B'", names[i]);
		assert_true(load(&w, attributes));
		const struct local_params *p = scenario_first(w.sc, &local_link_model)->par;
		assert_true(p->rate > 0 && p->loss >= 0 && p->latency > 0 && p->latency_law >= 0);
		assert_true(p->overhead > 0 && p->overhead < 200 && p->association > 0 && p->tx_draw > 0 && p->rx_draw > 0);
		assert_int_equal(p->mtu, 99); /* what is given stays */
		world_close(&w);
	}
}

/* 100 B at 1000 bit/s: 0.8 s on the air, 2 s to the hub. */
static const char slow[] = "rate='1000bps' overhead='0B' mtu='100B' loss='0%' latency='2s' latency-law='constant' association='5s'";

static void a_device_sends_one_message_after_the_other(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct step x = { &w, 100 };
	uint16_t kind;

	(void)st;
	open_world(&w, slow);
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &a);
	kind = sim_handler(w.sim, "step", on_step, &x);
	sim_at(w.sim, SIM_SECOND, kind, 0, 0); /* still associating */
	for (int i = 0; i < 3; i++)
		sim_at(w.sim, 10 * SIM_SECOND, kind, 0, 0);
	sim_at(w.sim, 10 * SIM_SECOND, kind, 1, 0); /* another device: beside it */
	world_run(&w);
	assert_int_equal(a.n, 5);
	assert_int_equal(a.fate[0], FATE_NOT_ONBOARDED);
	assert_int_equal(a.at[1], 12800 * SIM_MS);
	assert_int_equal(a.at[2], 12800 * SIM_MS);
	assert_int_equal(a.at[3], 13600 * SIM_MS);
	assert_int_equal(a.at[4], 14400 * SIM_MS);
	assert_true(report_imbalance(w.report, NULL) < REPORT_TOLERANCE);
	world_close(&w);
}

static void what_is_too_large_is_refused_and_power_takes_what_is_being_sent(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct step fits = { &w, 100 }, large = { &w, 101 };
	uint16_t small, big;

	(void)st;
	open_world(&w, slow);
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &a);
	small = sim_handler(w.sim, "step", on_step, &fits);
	big = sim_handler(w.sim, "step", on_step, &large);
	assert_int_equal(network_mtu(w.sim, 0), 100);
	sim_at(w.sim, 10 * SIM_SECOND, big, 0, 0);
	sim_at(w.sim, 20 * SIM_SECOND, small, 0, 0);
	sim_at(w.sim, 20500 * SIM_MS, small, 0, 2); /* off while it sends */
	sim_at(w.sim, 30 * SIM_SECOND, small, 0, 1);
	sim_at(w.sim, 40 * SIM_SECOND, small, 0, 0);
	sim_at(w.sim, 41 * SIM_SECOND, small, 0, 2); /* off when it has sent: the message arrives */
	world_run(&w);
	assert_int_equal(a.n, 3);
	assert_int_equal(a.fate[0], FATE_PAYLOAD_TOO_LARGE);
	assert_int_equal(a.fate[1], FATE_DEVICE_DOWN);
	assert_int_equal(a.fate[2], FATE_DELIVERED);
	assert_int_equal(a.at[2], 42800 * SIM_MS);
	assert_true(report_imbalance(w.report, NULL) < REPORT_TOLERANCE);
	world_close(&w);
}

static void without_a_hub_nobody_associates_and_all_attempts_are_in_vain(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct step x = { &w, 100 };
	uint16_t kind;

	(void)st;
	open_world(&w, "coverage='0%' loss='0%' retries='2' retry-gap='1s' rate='1000bps' overhead='0B'");
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &a);
	kind = sim_handler(w.sim, "step", on_step, &x);
	sim_at(w.sim, SIM_HOUR, kind, 0, 3);
	sim_at(w.sim, SIM_HOUR, kind, 0, 0);
	world_run(&w);
	assert_int_equal(devices_of(w.sim)->state[1], DEVICE_POWERED);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.fate[0], FATE_NO_COVERAGE);
	assert_int_equal(a.at[0], SIM_HOUR + 4400 * SIM_MS);
	assert_close(world_kpi(&w, "connectivity.availability"), 0, 0);
	world_close(&w);
}

static void bad_links_are_refused_with_their_place(void **st)
{
	static const struct {
		const char *attributes, *complaint;
	} cases[] = {
		{ "technology='zigbee'", "<local-link technology>" },
		{ "loss='120%'", "<local-link loss>" },
		{ "devices-per-hub='0'", "<local-link devices-per-hub>" },
		{ "rate='0bps'", "<local-link rate>" },
		{ "technology='ethernet' latency-variation='2'", "is of the log-normal law, and latency-law is constant" },
		{ "backhaul='nowhere'", "nowhere" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world w;
		if (load(&w, cases[i].attributes) || !world_complains(&w, cases[i].complaint)) {
			diag_print(w.diag, stderr);
			fail_msg("not refused with \"%s\"", cases[i].complaint);
		}
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_technology_says_what_is_not_given),
		cmocka_unit_test(a_device_sends_one_message_after_the_other),
		cmocka_unit_test(what_is_too_large_is_refused_and_power_takes_what_is_being_sent),
		cmocka_unit_test(without_a_hub_nobody_associates_and_all_attempts_are_in_vain),
		cmocka_unit_test(bad_links_are_refused_with_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
