/*
 * A device with two networks of its own, near and far, and one of another operator: scripts of what happens to it, and what it
 * must have done by then; and many random ones, of which only what always holds is asked.
 */
#include "tests/unit/network/world.h"

#include "models/network/network_private.h"

enum { NEAR, FAR, ABROAD, NETS, MOST_DEVICES = 8 };

struct fake {
	struct world *w;
	int attached[MOST_DEVICES];     /* attach() less detach() */
	bool answered[MOST_DEVICES];    /* device_attached() was called since */
	uint32_t attempts, sent;
	bool later;                     /* the test attaches */
};

struct answers {
	uint32_t n[FATES];
};

struct town {
	struct world w;
	struct fake net[NETS];
	struct answers app;
	uint16_t kind;
	void (*step)(struct town *t, uint16_t k);
};

static void fake_attached(struct sim *s, struct fake *f, uint32_t device)
{
	f->answered[device] = true;
	device_attached(s, device);
}

static void fake_send(struct sim *s, void *net, const struct message *m)
{
	struct fake *f = net;

	(void)s, (void)m;
	assert_int_equal(f->attached[m->device], 1);
	assert_true(f->answered[m->device]);
	f->sent++;
}

static unsigned fake_mtu(const struct sim *s, void *net, uint32_t device)
{
	const struct fake *f = net;

	(void)s, (void)device;
	return f == &((struct town *)f->w)->net[NEAR] ? 11 : 22;
}

static void fake_attach(struct sim *s, void *net, uint32_t device)
{
	struct fake *f = net;

	assert_int_equal(f->attached[device]++, 0);
	f->attempts++;
	f->answered[device] = false;
	if (!f->later)
		fake_attached(s, f, device);
}

static void fake_detach(struct sim *s, void *net, uint32_t device)
{
	struct fake *f = net;

	(void)s;
	assert_int_equal(f->attached[device]--, 1);
}

static const struct network_ops fake_ops = {
	.technology = "fake", .send = fake_send, .mtu = fake_mtu, .attach = fake_attach, .detach = fake_detach,
};

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct answers *a = ctx;

	(void)s, (void)m;
	a->n[fate]++;
}

static void on_step(struct sim *s, void *ctx, uint32_t subject, uint16_t k)
{
	struct town *t = ctx;

	(void)s, (void)subject;
	t->step(t, k);
}

/* The class's children and how many devices; steps come at the minutes given, ended by 0, the end of the run. */
static void run(struct town *t, const char *class, unsigned devices, void (*step)(struct town *, uint16_t),
		const unsigned *minutes)
{
	static const char *const ids[NETS] = { "near", "far", "abroad" };
	char body[1024];
	uint16_t k = 0;

	snprintf(body, sizeof body,
		 "<lorawan id='near'/><lorawan id='far'/><lorawan id='abroad'/><device-class id='meter'>%s</device-class>"
		 "<deploy class='meter' count='%u' placement='uniform'/>",
		 class, devices);
	memset(t, 0, sizeof *t);
	world_open(&t->w, body, 0, SIM_DAY);
	for (int i = 0; i < NETS; i++) {
		t->net[i].w = &t->w;
		network_register(t->w.sim, world_node(&t->w, &access_model, ids[i]), &fake_ops, &t->net[i]);
	}
	network_owner(t->w.sim, PURPOSE_APPLICATION, on_answer, &t->app);
	t->step = step;
	t->kind = sim_handler(t->w.sim, "step", on_step, t);
	step(t, k++); /* before the start */
	for (; *minutes; minutes++)
		sim_at(t->w.sim, *minutes * 60 * SIM_SECOND + 1, t->kind, 0, k++);
	world_run(&t->w);
	assert_true(report_imbalance(t->w.report, NULL) < REPORT_TOLERANCE);
	world_close(&t->w);
}

static void way(struct town *t, int net, int change)
{
	network_path(t->w.sim, &t->net[net], 0, change);
}

/* Send one, answered with `fate`. */
static void tell(struct town *t, enum fate fate)
{
	struct message m = { .created = t->w.sim->now, .device = 0, .bytes = 5 };

	network_send(t->w.sim, &m);
	for (int i = 0; i < NETS; i++)
		if (t->net[i].attached[0] && t->net[i].answered[0])
			m.route = (uint8_t)i;
	network_answer(t->w.sim, &m, fate);
}

static void uses(const struct town *t, int net)
{
	for (int i = 0; i < NETS; i++)
		assert_int_equal(t->net[i].attached[0], i == net);
	assert_int_equal(devices_of(t->w.sim)->state[0], DEVICE_OPERATIONAL);
	assert_int_equal(network_mtu(t->w.sim, 0), net == NEAR ? 11 : 22);
}

static const char two[] = "<choosing notice='5min' back-after='1h' patience='30min'/><uses network='near'/><uses network='far'/>";

static void notice_and_back(struct town *t, uint16_t k)
{
	switch (k) {
	case 0: way(t, NEAR, 2), way(t, FAR, 1); break;
	case 1: uses(t, NEAR), way(t, NEAR, -2); break; /* minute 10 */
	case 2: uses(t, NEAR), way(t, NEAR, 1); break;  /* 14: not noticed, and back */
	case 3: uses(t, NEAR), way(t, NEAR, -1); break; /* 20 */
	case 4: uses(t, NEAR); break;                   /* 24 */
	case 5: uses(t, FAR), way(t, NEAR, 1); break;   /* 26 */
	case 6: uses(t, FAR), way(t, NEAR, -1); break;  /* 80: lived 54 minutes */
	case 7: uses(t, FAR), way(t, NEAR, 1); break;   /* 90 */
	case 8: uses(t, FAR); break;                    /* 149 */
	case 9: uses(t, NEAR); break;                   /* 151 */
	default: fail();
	}
}

static void a_device_moves_after_the_notice_and_goes_back_after_the_wait(void **st)
{
	static const unsigned minutes[] = { 10, 14, 20, 24, 26, 80, 90, 149, 151, 0 };
	struct town t;

	(void)st;
	run(&t, two, 1, notice_and_back, minutes);
}

static void old_until_new(struct town *t, uint16_t k)
{
	switch (k) {
	case 0: way(t, NEAR, 1), way(t, FAR, 1); break;
	case 1:
		t->net[FAR].later = true;
		way(t, NEAR, -1);
		break;
	case 2: /* far is attaching: near still carries, or tries to */
		assert_int_equal(t->net[FAR].attached[0], 1);
		assert_int_equal(t->net[NEAR].attached[0], 1);
		tell(t, FATE_GATEWAY_DOWN);
		assert_int_equal(t->net[NEAR].sent, 1);
		fake_attached(t->w.sim, &t->net[FAR], 0);
		uses(t, FAR);
		tell(t, FATE_DELIVERED);
		assert_int_equal(t->net[FAR].sent, 1);
		break;
	default: fail();
	}
}

static void the_old_network_is_used_until_the_new_one_has_attached(void **st)
{
	static const unsigned minutes[] = { 10, 20, 0 };
	struct town t;

	(void)st;
	run(&t, two, 1, old_until_new, minutes);
	assert_int_equal(t.app.n[FATE_DELIVERED], 1);
}

static void losses(struct town *t, uint16_t k)
{
	switch (k) {
	case 0: way(t, NEAR, 1), way(t, FAR, 1); break;
	case 1:
		tell(t, FATE_INTERFERENCE), tell(t, FATE_NO_COVERAGE), tell(t, FATE_DELIVERED);
		tell(t, FATE_INTERFERENCE), tell(t, FATE_BACKHAUL);
		tell(t, FATE_PLATFORM), tell(t, FATE_PAYLOAD_TOO_LARGE), tell(t, FATE_QUEUE_FULL);
		break;
	case 2: uses(t, NEAR), tell(t, FATE_RETRIES_EXHAUSTED); break;
	case 3: uses(t, FAR); break;
	case 4: uses(t, NEAR); break; /* near had a way all the time: back after an hour */
	default: fail();
	}
}

static void three_losses_in_a_row_that_blame_the_network_send_a_device_away(void **st)
{
	static const unsigned minutes[] = { 10, 11, 12, 73, 0 };
	struct town t;

	(void)st;
	run(&t, two, 1, losses, minutes);
}

static void visits(struct town *t, uint16_t k)
{
	switch (k) {
	case 0: way(t, NEAR, 1), way(t, FAR, 1), way(t, ABROAD, 1); break;
	case 1: way(t, NEAR, -1); break;
	case 2: uses(t, FAR), way(t, FAR, -1); break;
	case 3: uses(t, FAR); break; /* the delay before it attaches abroad */
	case 4: uses(t, ABROAD), way(t, FAR, 1); break;
	case 5: uses(t, FAR); break;
	default: fail();
	}
}

static void another_operators_network_is_for_where_no_own_one_lives(void **st)
{
	static const unsigned minutes[] = { 10, 20, 34, 36, 120, 0 };
	struct town t;

	(void)st;
	run(&t, /* it stands before far, but ranks after it */
	    "<choosing notice='5min' back-after='1h'/><uses network='near'/>"
	    "<uses network='abroad' roaming='on' attach-delay='10min' fee='0.5'/><uses network='far'/>",
	    1, visits, minutes);
}

static void gives_up(struct town *t, uint16_t k)
{
	switch (k) {
	case 0:
		way(t, NEAR, 1), way(t, FAR, 1);
		t->net[NEAR].later = true;
		break;
	case 1:
		assert_int_equal(t->net[NEAR].attached[0], 1);
		assert_int_equal(devices_of(t->w.sim)->state[0], DEVICE_POWERED);
		network_send(t->w.sim, &(struct message){ .created = t->w.sim->now, .bytes = 5 });
		assert_int_equal(t->app.n[FATE_NOT_ONBOARDED], 1);
		break;
	case 2: uses(t, FAR); break; /* near did not answer for half an hour */
	case 3:                      /* it is tried again after twice the wait ... */
		assert_int_equal(t->net[NEAR].attempts, 1);
		uses(t, FAR);
		break;
	case 4: /* ... and given up again */
		assert_int_equal(t->net[NEAR].attempts, 2);
		uses(t, FAR);
		device_power(t->w.sim, 0, false);
		for (int i = 0; i < NETS; i++)
			assert_int_equal(t->net[i].attached[0], 0);
		t->net[NEAR].later = false;
		device_power(t->w.sim, 0, true);
		break;
	case 5: uses(t, NEAR); break;
	default: fail();
	}
}

static void an_attempt_that_lasts_is_given_up_and_power_ends_all(void **st)
{
	static const unsigned minutes[] = { 20, 31, 149, 190, 191, 0 };
	struct town t;

	(void)st;
	run(&t, two, 1, gives_up, minutes);
}

/* Where both are dead at the start the preferred one is tried, and whichever comes to life first attaches. */
static void whoever_lives(struct town *t, uint16_t k)
{
	switch (k) {
	case 0: t->net[NEAR].later = true; break;
	case 1: assert_int_equal(t->net[NEAR].attached[0], 1), way(t, FAR, 1); break;
	case 2: uses(t, FAR); break;
	default: fail();
	}
}

static void the_first_network_that_comes_to_life_attaches(void **st)
{
	static const unsigned minutes[] = { 10, 11, 0 };
	struct town t;

	(void)st;
	run(&t, two, 1, whoever_lives, minutes);
}

static uint64_t chance;
static int ways[NETS][MOST_DEVICES];

static uint32_t below(uint32_t n)
{
	chance = rng_mix(chance + 1);
	return (uint32_t)((chance >> 32) * n >> 32);
}

static void anything(struct town *t, uint16_t k)
{
	uint32_t i = below(MOST_DEVICES), net = below(NETS);
	struct fake *f = &t->net[net];
	bool more = below(2);

	(void)k;
	f->later = below(2);
	switch (below(4)) {
	case 0: device_power(t->w.sim, i, below(4) > 0); break;
	case 1:
		if (f->attached[i] && !f->answered[i])
			fake_attached(t->w.sim, f, i);
		break;
	default:
		if (!more && ways[net][i] == 0)
			return;
		ways[net][i] += more ? 1 : -1;
		network_path(t->w.sim, f, i, more ? 1 : -1);
	}
	for (i = 0; i < MOST_DEVICES; i++) {
		int open = 0, used = 0;
		for (net = 0; net < NETS; net++) {
			open += t->net[net].attached[i] && !t->net[net].answered[i];
			used += t->net[net].attached[i] && t->net[net].answered[i];
		}
		assert_true(open <= 1);
		assert_int_equal(used, devices_of(t->w.sim)->state[i] == DEVICE_OPERATIONAL);
	}
}

static void whatever_happens_a_device_uses_one_network_and_tries_one_at_most(void **st)
{
	static unsigned minutes[1400];
	struct town t;

	(void)st;
	for (unsigned k = 0; k < 40; k++) {
		chance = k;
		memset(ways, 0, sizeof ways);
		for (unsigned m = 0; m + 1 < 1400; m++)
			minutes[m] = m + 1;
		run(&t,
		    "<choosing notice='1min' back-after='3min' patience='7min'/><uses network='near'/><uses network='far'/>"
		    "<uses network='abroad' roaming='on' attach-delay='2min'/>",
		    MOST_DEVICES, anything, minutes);
	}
}

static void what_cannot_be_chosen_is_refused(void **st)
{
	static const struct {
		const char *class, *complaint;
	} cases[] = {
		{ "<choosing notice='1min'/><uses network='a'/>",
		  "has nothing to decide: the class uses one network only" },
		{ "<choosing fall-over='2'/>", "has nothing to decide: the class uses no network" },
		{ "<choosing fall-over='999'/><uses network='a'/><uses network='b'/>", "<choosing fall-over>" },
		{ "<uses network='a' roaming='on'/>", "leaves the class no network of its own" },
		{ "<uses network='a'/><uses network='b' fee='1'/>", "is for another operator's network" },
		{ "<uses network='a' attach-delay='1s'/>", "is of a class that uses several networks" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world w;
		char body[512];
		snprintf(body, sizeof body,
			 "<lorawan id='a'/><lorawan id='b'/><device-class id='m'>%s</device-class>"
			 "<deploy class='m' count='1' placement='uniform'/>",
			 cases[i].class);
		if (world_load(&w, body) || !world_complains(&w, cases[i].complaint)) {
			diag_print(w.diag, stderr);
			fail_msg("not refused with \"%s\"", cases[i].complaint);
		}
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_moves_after_the_notice_and_goes_back_after_the_wait),
		cmocka_unit_test(the_old_network_is_used_until_the_new_one_has_attached),
		cmocka_unit_test(three_losses_in_a_row_that_blame_the_network_send_a_device_away),
		cmocka_unit_test(another_operators_network_is_for_where_no_own_one_lives),
		cmocka_unit_test(an_attempt_that_lasts_is_given_up_and_power_ends_all),
		cmocka_unit_test(the_first_network_that_comes_to_life_attaches),
		cmocka_unit_test(whatever_happens_a_device_uses_one_network_and_tries_one_at_most),
		cmocka_unit_test(what_cannot_be_chosen_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
