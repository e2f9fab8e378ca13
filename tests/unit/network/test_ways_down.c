/* Who may send what to whom in which state, the way down, multicast, and who vouches for a join. */
#include "tests/unit/network/world.h"

static const char one_class[] = "<lorawan id='net'/><device-class id='meter'><uses network='net'/></device-class>"
				"<device-class id='mute'/><deploy class='meter' count='2'/><deploy class='mute' count='1'/>";

struct answers {
	uint32_t n;
	enum fate last;
	struct message m;
};

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct answers *a = ctx;

	(void)s;
	a->n++;
	a->last = fate;
	a->m = *m;
}

/* A network that knows every way. */
static struct {
	uint32_t down, multicasts, granted, refused, background;
	double change;
	bool asks;
} saw;

static void full_down(struct sim *s, void *net, const struct message *m)
{
	(void)net;
	saw.down++;
	network_answer(s, m, FATE_DELIVERED);
}

static unsigned full_mtu_down(const struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)net;
	return 40 + device;
}

static simtime_t full_reach(const struct sim *s, void *net, uint32_t device)
{
	(void)net, (void)device;
	return s->now + SIM_SECOND;
}

static void full_multicast(struct sim *s, void *net, const struct multicast *m)
{
	(void)net;
	saw.multicasts++;
	for (uint32_t i = 0; i < 2; i++)
		m->done(s, m->ctx, i, m->fragments);
}

static void full_background(struct sim *s, void *net, uint32_t device, double change)
{
	(void)s, (void)net, (void)device;
	saw.background++;
	saw.change += change;
}

static void full_attach(struct sim *s, void *net, uint32_t device)
{
	(void)net;
	if (network_authenticate(s, device))
		device_attached(s, device);
}

static void full_authenticated(struct sim *s, void *net, uint32_t device, bool granted)
{
	(void)net;
	saw.granted += granted;
	saw.refused += !granted;
	if (granted)
		device_attached(s, device);
}

static const struct network_ops full_ops = {
	.technology = "full", .send = world_send, .mtu = world_mtu, .attach = full_attach, .detach = world_detach,
	.send_down = full_down, .mtu_down = full_mtu_down, .reach = full_reach, .multicast = full_multicast,
	.background = full_background, .authenticated = full_authenticated,
};

static void open_full(struct world *w)
{
	memset(&saw, 0, sizeof saw);
	world_open(w, one_class, 0, SIM_HOUR);
	network_register(w->sim, scenario_first(w->sc, &access_model), &full_ops, w);
}

static bool refuse(struct sim *s, void *ctx, uint32_t device)
{
	(void)s, (void)ctx, (void)device;
	return false;
}

static void what_may_pass_follows_from_state_and_purpose(void **st)
{
	static const struct {
		enum device_state at;
		enum fate readings, mends;
	} cases[] = {
		{ DEVICE_OPERATIONAL, FATE_DELIVERED, FATE_DELIVERED },
		{ DEVICE_COMPROMISED, FATE_DELIVERED, FATE_DELIVERED },
		{ DEVICE_SUSPENDED, FATE_NOT_ONBOARDED, FATE_DELIVERED },
		{ DEVICE_QUARANTINED, FATE_ACCESS_BARRED, FATE_DELIVERED },
		{ DEVICE_RETIRED, FATE_DEVICE_DOWN, FATE_DEVICE_DOWN },
	};
	static const enum purpose purposes[] = { PURPOSE_APPLICATION, PURPOSE_ONBOARDING, PURPOSE_UPDATE };

	(void)st;
	for (unsigned k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct world w;
		struct answers a = { 0 };
		open_full(&w);
		for (unsigned p = 0; p < 3; p++)
			network_owner(w.sim, purposes[p], on_answer, &a);
		world_run(&w);
		if (cases[k].at != DEVICE_OPERATIONAL)
			assert_true(device_move(w.sim, 0, cases[k].at));
		for (unsigned p = 0; p < 3; p++) {
			enum fate expected = p ? cases[k].mends : cases[k].readings;
			struct message m = { .purpose = (uint8_t)purposes[p], .bytes = 9 };
			uint32_t sent = w.sent;
			a.last = FATE_DELIVERED;
			network_send(w.sim, &m);
			assert_int_equal(a.last, expected);
			assert_int_equal(w.sent, sent + (expected == FATE_DELIVERED));
			network_send_down(w.sim, &m);
			assert_int_equal(a.last, expected);
			assert_true(a.m.down);
		}
		world_close(&w);
	}
}

static void a_device_that_is_only_attached_is_onboarded_and_updated_but_reads_nothing(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct message reading = { .purpose = PURPOSE_APPLICATION }, flight = { .purpose = PURPOSE_ONBOARDING };

	(void)st;
	open_full(&w);
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &a);
	network_owner(w.sim, PURPOSE_ONBOARDING, on_answer, &a);
	device_admission(w.sim, DEVICE_AUTHENTICATED, refuse, NULL);
	world_run(&w);
	network_send(w.sim, &reading);
	assert_int_equal(a.last, FATE_NOT_ONBOARDED);
	network_send(w.sim, &flight);
	assert_int_equal(w.sent, 1);
	network_send_down(w.sim, &flight);
	assert_int_equal(saw.down, 1);
	assert_int_equal(a.last, FATE_DELIVERED);
	world_close(&w);
}

static void a_network_without_a_way_down_says_so(void **st)
{
	struct world w;
	struct answers a = { 0 };
	struct message m = { .purpose = PURPOSE_UPDATE, .device = 0 };
	struct multicast all = { .class_index = 0 };

	(void)st;
	world_open(&w, one_class, 0, SIM_HOUR);
	network_owner(w.sim, PURPOSE_UPDATE, on_answer, &a);
	world_run(&w);
	for (m.device = 0; m.device < 3; m.device++) {
		a.last = FATE_DELIVERED;
		network_send_down(w.sim, &m);
		assert_int_equal(a.last, FATE_NO_COVERAGE);
		assert_int_equal(network_mtu_down(w.sim, m.device), 0);
		assert_true(network_reach(w.sim, m.device) == SIM_NEVER);
		network_background(w.sim, m.device, 3);
	}
	assert_false(network_multicast(w.sim, &all));
	world_close(&w);
}

static void count_member(struct sim *s, void *ctx, uint32_t device, uint32_t received)
{
	(void)s, (void)device;
	*(uint32_t *)ctx += received;
}

static void every_way_leads_to_the_network_that_the_class_prefers(void **st)
{
	struct world w;
	uint32_t received = 0;
	struct multicast all = { .class_index = 0, .fragments = 7, .done = count_member, .ctx = &received };

	(void)st;
	open_full(&w);
	world_run(&w);
	assert_int_equal(network_mtu_down(w.sim, 1), 41);
	assert_true(network_reach(w.sim, 1) == w.sim->now + SIM_SECOND);
	network_background(w.sim, 1, 3.5);
	network_background(w.sim, 1, -3.5);
	assert_int_equal(saw.background, 2);
	assert_close(saw.change, 0, 0);
	assert_true(network_multicast(w.sim, &all));
	assert_int_equal(saw.multicasts, 1);
	assert_int_equal(received, 14);
	world_close(&w);
}

struct voucher {
	uint32_t asked;
	bool at_once, verdict;
};

static void vouch(struct sim *s, void *ctx, uint32_t device)
{
	struct voucher *v = ctx;

	v->asked++;
	if (v->at_once)
		network_authenticated(s, device, v->verdict);
}

static void a_join_waits_for_the_verdict_of_who_vouches(void **st)
{
	for (int at_once = 0; at_once < 2; at_once++)
		for (int verdict = 0; verdict < 2; verdict++) {
			struct world w;
			struct voucher v = { .at_once = at_once, .verdict = verdict };
			(void)st;
			open_full(&w);
			network_authenticator(w.sim, 0, vouch, &v);
			world_run(&w);
			assert_int_equal(v.asked, 2);
			if (!at_once) {
				assert_int_equal(devices_of(w.sim)->state[1], DEVICE_POWERED);
				network_authenticated(w.sim, 1, verdict);
				assert_int_equal(devices_of(w.sim)->state[0], DEVICE_POWERED);
			}
			assert_int_equal(saw.granted + saw.refused, at_once ? 2 : 1);
			assert_int_equal(devices_of(w.sim)->state[1], verdict ? DEVICE_OPERATIONAL : DEVICE_POWERED);
			device_power(w.sim, 0, false);
			network_authenticated(w.sim, 0, true); /* too late: it is down */
			assert_int_equal(devices_of(w.sim)->state[0], DEVICE_DEPLOYED);
			world_close(&w);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_pass_follows_from_state_and_purpose),
		cmocka_unit_test(a_device_that_is_only_attached_is_onboarded_and_updated_but_reads_nothing),
		cmocka_unit_test(a_network_without_a_way_down_says_so),
		cmocka_unit_test(every_way_leads_to_the_network_that_the_class_prefers),
		cmocka_unit_test(a_join_waits_for_the_verdict_of_who_vouches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
