/* Cellular networks the other way: when a message reaches its device, worked out by hand; who vouches for devices; multicast. */
#include "tests/unit/network/world.h"

#include "models/network/cellular/cellular_private.h"
#include "sim/kernel/rng.h"

enum { DO_DOWN, DO_POWER_ON, DO_POWER_OFF, DO_UP, DO_BACKGROUND, DO_QUIET, DO_CAST, DO_LOOK };

struct step {
	uint32_t bytes;
	uint8_t priority;
	double rate;
	struct multicast cast;
};

struct seen {
	uint32_t n, looks;
	enum fate fate[64];
	simtime_t at[64], reach[8];
	uint32_t device[64], context[64];
	struct step step[16];
	uint32_t n_steps;
};

struct town {
	struct world w;
	struct seen seen;
};

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct seen *a = ctx;

	assert_true(a->n < 64);
	a->at[a->n] = s->now;
	a->device[a->n] = m->device;
	a->context[a->n] = m->context;
	a->fate[a->n++] = fate;
}

static void on_step(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	struct town *t = ctx;
	const struct step *x = &t->seen.step[detail >> 8];
	struct message m = { .created = s->now,
			     .device = device,
			     .context = detail >> 8,
			     .bytes = x->bytes,
			     .purpose = PURPOSE_UPDATE,
			     .priority = x->priority };

	switch (detail & 0xff) {
	case DO_DOWN: network_send_down(s, &m); break;
	case DO_UP: network_send(s, &m); break;
	case DO_POWER_ON: device_power(s, device, true); break;
	case DO_POWER_OFF: device_power(s, device, false); break;
	case DO_CAST: assert_true(network_multicast(s, &x->cast)); break;
	case DO_LOOK: t->seen.reach[t->seen.looks++] = network_reach(s, device); break;
	default: network_background(s, device, x->rate);
	}
}

static uint16_t kind_step; /* of the town that is open */

/* One site, no chance in the radio, devices within a coupling loss of 134 dB, where phy has one column for all. */
static void open_town(struct town *t, const char *network, const char *also, unsigned count, simtime_t end)
{
	static const char text[] =
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/>"
		"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='7.7dB' reference-distance='1m' exponent='3.76'/>"
		"<shadowing deviation='0dB'/></city>"
		"<nb-iot id='n' detection-probability='100%%' harq-error='0%%' %s>%s<site position='3km 3km' sectors='1'/></nb-iot>"
		"<device-class id='c'><uses network='n'/></device-class>"
		"<deploy class='c' count='%u' centre='3km 3.5km' radius='10m'/></scenario>";
	struct world *w = &t->w;
	char body[4096];
	size_t n = 0;

	memset(t, 0, sizeof *t);
	for (; n < sccsim_models.n && n + 1 < WORLD_MODELS; n++) {
		w->models[n] = sccsim_models.models[n];
		if (w->models[n] == &commands_model)
			break;
	}
	w->table = (struct model_table){ w->models, n + 1 };
	w->diag = diag_new();
	int len = snprintf(body, sizeof body, text, network, also, count);
	w->sc = scenario_parse(body, (size_t)len, ".", &w->table, NULL, NULL, 0, w->diag);
	if (!w->sc)
		diag_print(w->diag, stderr);
	assert_non_null(w->sc);
	w->report = report_new();
	w->sim = sim_new(1, 0, 0, end, w->report);
	for (size_t i = 0; i < w->table.n; i++)
		if (w->models[i] && w->models[i]->setup)
			w->models[i]->setup(w->sim, w->sc);
	assert_int_equal(w->sim->status, SIM_OK);
	network_owner(w->sim, PURPOSE_UPDATE, on_answer, &t->seen);
	kind_step = sim_handler(w->sim, "step", on_step, t);
}

static void at_time(struct town *t, simtime_t when, uint32_t device, int what, struct step x)
{
	assert_true(t->seen.n_steps < 16);
	t->seen.step[t->seen.n_steps] = x;
	sim_at(t->w.sim, when, kind_step, device, (uint16_t)(t->seen.n_steps++ << 8 | (unsigned)what));
}

static double audit_of(const struct town *t, const char *account, const char *label)
{
	double sum = 0;

	for (size_t i = 0; i < t->w.report->n_audit; i++)
		if (!strcmp(t->w.report->audit[i].account, account) && !strcmp(t->w.report->audit[i].label, label))
			sum += t->w.report->audit[i].value;
	return sum;
}

/* Run; what went down is what came of it. */
static void run_town(struct town *t)
{
	world_run(&t->w);
	assert_true(report_imbalance(t->w.report, NULL) < REPORT_TOLERANCE);
}

/* The first opportunity at t or later: every 320 ms. */
static simtime_t opportunity(simtime_t t)
{
	return (t + 320 * SIM_MS - 1) / (320 * SIM_MS) * (320 * SIM_MS);
}

/* An access that begins at t: in step after 250 ms; preamble 5.6, detected 2, response 7 of 80, processed 5; msg3 8 + 1, msg4
 * 4 + 1 + 5 + 2 ms. */
static simtime_t accessed(simtime_t t)
{
	return opportunity(t + 250 * SIM_MS) + 40600 * SIM_US;
}

/* Down, to a block of 680 bit: grant 1, pause 5, data 8, pause 13, acknowledgement 2 ms. */
static const simtime_t BLOCK = 29 * SIM_MS;

/* ---- waits ---- */

static void who_listens_is_paged(void **state)
{
	struct town t;

	(void)state;
	open_town(&t, "registration='done' power-saving='none'", "", 1, SIM_HOUR);
	at_time(&t, 100 * SIM_SECOND, 0, DO_LOOK, (struct step){ 0 });
	at_time(&t, 100 * SIM_SECOND, 0, DO_DOWN, (struct step){ .bytes = 50 });
	run_town(&t);
	assert_true(t.seen.reach[0] >= 100 * SIM_SECOND && t.seen.reach[0] < 102560 * SIM_MS);
	assert_int_equal(t.seen.n, 1);
	assert_int_equal(t.seen.fate[0], FATE_DELIVERED);
	assert_int_equal(t.seen.at[0], accessed(t.seen.reach[0]) + BLOCK);
	world_close(&t.w);
}

static void between_windows_it_waits_for_the_next(void **state)
{
	const simtime_t cycle = 163840 * SIM_MS, window = 2560 * SIM_MS;
	struct town t;

	(void)state;
	open_town(&t, "registration='done' power-saving='edrx' cycle='163.84s' window='2.56s'", "", 1, SIM_HOUR);
	simtime_t phase = (simtime_t)(rng_mix(device_key(devices_of(t.w.sim), 0)) % (uint64_t)cycle);
	simtime_t asleep = phase + 3 * cycle + window + SIM_SECOND;
	at_time(&t, asleep, 0, DO_LOOK, (struct step){ 0 });
	at_time(&t, asleep, 0, DO_DOWN, (struct step){ .bytes = 50 });
	run_town(&t);
	assert_int_equal(t.seen.reach[0], phase + 4 * cycle);
	assert_int_equal(t.seen.at[0], accessed(phase + 4 * cycle) + BLOCK);
	world_close(&t.w);
}

/* Asleep it can be reached after an uplink, or the update of its registration: 20 B up with msg5 1 + 8 + 2, its answer
 * 4 + 1 + 5 + 2 + 13 + 2 ms; for 20 s after it by a page. */
static void who_sleeps_is_reached_when_it_says_something(void **state)
{
	const simtime_t update = accessed(2 * SIM_HOUR) + (11 + 4 + 23) * SIM_MS;
	struct town t;

	(void)state;
	open_town(&t, "registration='done' update-period='2h'", "", 1, 3 * SIM_HOUR);
	at_time(&t, SIM_HOUR, 0, DO_LOOK, (struct step){ 0 });
	at_time(&t, SIM_HOUR, 0, DO_DOWN, (struct step){ .bytes = 50 });
	at_time(&t, update + 10 * SIM_SECOND, 0, DO_LOOK, (struct step){ 0 });
	at_time(&t, update + 10 * SIM_SECOND, 0, DO_DOWN, (struct step){ .bytes = 50 });
	at_time(&t, update + 60 * SIM_SECOND, 0, DO_LOOK, (struct step){ 0 });
	run_town(&t);
	assert_int_equal(t.seen.reach[0], SIM_NEVER);
	assert_int_equal(t.seen.at[0], update + BLOCK);
	assert_int_equal(t.seen.at[1], accessed(t.seen.reach[1]) + BLOCK);
	assert_int_equal(t.seen.reach[2], SIM_NEVER);
	assert_int_equal(t.seen.n, 2);
	world_close(&t.w);
}

/* Kept connected after its own message a device gets what there is at once. */
static void who_is_connected_gets_it_at_once(void **state)
{
	struct town t;

	(void)state;
	open_town(&t, "registration='done' inactivity='10s'", "", 1, SIM_HOUR);
	at_time(&t, 100 * SIM_SECOND, 0, DO_UP, (struct step){ .bytes = 10 });
	at_time(&t, 105 * SIM_SECOND, 0, DO_LOOK, (struct step){ 0 });
	at_time(&t, 105 * SIM_SECOND, 0, DO_DOWN, (struct step){ .bytes = 50 });
	run_town(&t);
	assert_int_equal(t.seen.n, 2);
	assert_int_equal(t.seen.reach[0], 105 * SIM_SECOND);
	assert_int_equal(t.seen.at[1], 105 * SIM_SECOND + BLOCK);
	world_close(&t.w);
}

/* ---- the queue ---- */

static void a_queue_is_emptied_by_priority(void **state)
{
	static const uint32_t order[] = { 2, 4, 0, 1, 3 };
	static const uint8_t priority[] = { 0, 0, 7, 0, 7 };
	struct town t;

	(void)state;
	open_town(&t, "registration='done' update-period='2h'", "", 1, 3 * SIM_HOUR);
	for (size_t i = 0; i < 5; i++)
		at_time(&t, SIM_HOUR + (simtime_t)i, 0, DO_DOWN, (struct step){ .bytes = 50, .priority = priority[i] });
	run_town(&t);
	assert_int_equal(t.seen.n, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(t.seen.context[i], order[i]);
		assert_int_equal(t.seen.at[i], t.seen.at[0] + (simtime_t)i * BLOCK);
	}
	world_close(&t.w);
}

static void what_does_not_fit_is_refused(void **state)
{
	struct town t;

	(void)state;
	open_town(&t, "registration='done' down-buffer='2' mtu-down='100B'", "", 1, 3 * SIM_HOUR);
	assert_int_equal(network_mtu_down(t.w.sim, 0), 100);
	at_time(&t, SIM_HOUR, 0, DO_DOWN, (struct step){ .bytes = 101 });
	for (int i = 0; i < 3; i++)
		at_time(&t, SIM_HOUR, 0, DO_DOWN, (struct step){ .bytes = 100 });
	at_time(&t, 2 * SIM_HOUR, 0, DO_POWER_OFF, (struct step){ 0 });
	run_town(&t);
	assert_int_equal(t.seen.n, 4);
	assert_int_equal(t.seen.fate[0], FATE_PAYLOAD_TOO_LARGE);
	assert_int_equal(t.seen.fate[1], FATE_QUEUE_FULL);
	assert_int_equal(t.seen.fate[2], FATE_DEVICE_DOWN); /* asleep all the time: its power went first */
	assert_int_equal(t.seen.fate[3], FATE_DEVICE_DOWN);
	assert_close(audit_of(&t, "cellular downlinks", "taken"), 4, 0);
	assert_close(audit_of(&t, "cellular downlinks", "device down"), 2, 0);
	world_close(&t.w);
}

static void what_waits_at_the_end_is_held(void **state)
{
	struct town t;

	(void)state;
	open_town(&t, "registration='done'", "<commands class='c' period='10min' reply='0%'/>", 1, 3 * SIM_HOUR);
	at_time(&t, SIM_HOUR, 0, DO_DOWN, (struct step){ .bytes = 50 });
	at_time(&t, SIM_HOUR, 0, DO_DOWN, (struct step){ .bytes = 50 });
	run_town(&t);
	assert_int_equal(t.seen.n, 0);
	assert_close(audit_of(&t, "cellular downlinks", "held at the end"), 2, 0);
	assert_close(audit_of(&t, "commands", "waiting at the end"), 1, 0);
	assert_true(audit_of(&t, "commands", "superseded") > 5);
	world_close(&t.w);
}

/* ---- firmware ---- */

/* 64 KiB in 49 packets are 66,957 B, 788 blocks of 29 ms with a pause of 4 between two: 26 s, 20 kbit/s (the carrier's 25.5 of
 * [M] TS 36.306 without repetitions).  Its work, 788 x 9 ms at three quarters of the carrier, is ahead of the other's. */
static void firmware_takes_its_time_and_others_wait(void **state)
{
	struct town t;
	const simtime_t work = (simtime_t)(788 * 9 * SIM_MS / 0.75);

	(void)state;
	open_town(&t, "registration='done' inactivity='1min'", "", 2, SIM_HOUR);
	for (uint32_t i = 0; i < 2; i++)
		at_time(&t, 100 * SIM_SECOND, i, DO_UP, (struct step){ .bytes = 10 });
	at_time(&t, 110 * SIM_SECOND, 0, DO_DOWN, (struct step){ .bytes = 65536 });
	at_time(&t, 110 * SIM_SECOND, 1, DO_DOWN, (struct step){ .bytes = 50 });
	run_town(&t);
	assert_int_equal(t.seen.n, 4);
	assert_int_equal(t.seen.device[2], 1);
	assert_int_equal(t.seen.at[2], 110 * SIM_SECOND + work + BLOCK);
	assert_int_equal(t.seen.at[3], 136 * SIM_SECOND);
	world_close(&t.w);
}

static void power_takes_what_is_under_way_and_what_waits(void **state)
{
	struct town t;

	(void)state;
	open_town(&t, "registration='done' inactivity='1min'", "", 1, SIM_HOUR);
	at_time(&t, 100 * SIM_SECOND, 0, DO_UP, (struct step){ .bytes = 10 });
	at_time(&t, 110 * SIM_SECOND, 0, DO_DOWN, (struct step){ .bytes = 65536 });
	at_time(&t, 120 * SIM_SECOND, 0, DO_POWER_OFF, (struct step){ 0 });
	at_time(&t, 125 * SIM_SECOND, 0, DO_POWER_ON, (struct step){ 0 });
	run_town(&t);
	assert_int_equal(t.seen.n, 2);
	assert_int_equal(t.seen.fate[1], FATE_DEVICE_DOWN);
	assert_int_equal(t.seen.at[1], 136 * SIM_SECOND);
	world_close(&t.w);
}

/* ---- who vouches for a device ---- */

struct court {
	uint32_t asked;
	uint16_t kind;
	simtime_t asked_at[32], joined_at;
	simtime_t takes[32];
	bool granted[32];
};

static void on_verdict(struct sim *s, void *ctx, uint32_t device, uint16_t number)
{
	const struct court *c = ctx;

	network_authenticated(s, device, c->granted[number]);
}

static void on_asked(struct sim *s, void *ctx, uint32_t device)
{
	struct court *c = ctx;

	assert_true(c->asked < 32);
	c->asked_at[c->asked] = s->now;
	sim_after(s, c->takes[c->asked], c->kind, device, (uint16_t)c->asked);
	c->asked++;
}

static void on_joined(struct sim *s, void *ctx, uint32_t device)
{
	struct court *c = ctx;

	(void)device;
	c->joined_at = s->now;
}

static void hold_court(struct court *c, const char *network)
{
	struct town t;

	open_town(&t, network, "", 1, SIM_HOUR);
	c->kind = sim_handler(t.w.sim, "verdict", on_verdict, c);
	network_authenticator(t.w.sim, 0, on_asked, c);
	device_subscribe(t.w.sim, DEVICE_JOINED, on_joined, c);
	run_town(&t);
	world_close(&t.w);
}

/* Asked when 150 B are up with msg5, 1 + 8 + 8 ms after the access; registered when 200 B are down, 1 + 5 + 24 + 13 + 2 ms after
 * the verdict. */
static void registration_waits_for_the_verdict(void **state)
{
	struct court c = { .takes = { 3 * SIM_SECOND }, .granted = { true } }, known = { .asked = 0 };

	(void)state;
	hold_court(&c, "attach-spread='0s'");
	assert_int_equal(c.asked, 1);
	assert_int_equal(c.asked_at[0], accessed(0) + 17 * SIM_MS);
	assert_int_equal(c.joined_at, c.asked_at[0] + 3045 * SIM_MS);
	hold_court(&known, "registration='done'");
	assert_int_equal(known.asked, 0);
	assert_int_equal(known.joined_at, 0);
}

static void a_late_verdict_is_none(void **state)
{
	struct court c = { .takes = { 20 * SIM_SECOND, 3 * SIM_SECOND }, .granted = { true, true } };

	(void)state;
	hold_court(&c, "attach-spread='0s'");
	assert_int_equal(c.asked, 2);
	assert_int_equal(c.asked_at[1], accessed(c.asked_at[0] + 25 * SIM_SECOND) + 17 * SIM_MS);
	assert_int_equal(c.joined_at, c.asked_at[1] + 3045 * SIM_MS);
}

static void who_is_refused_often_waits_longer(void **state)
{
	struct court c = { .granted = { [5] = true } };

	(void)state;
	for (size_t i = 0; i < 32; i++)
		c.takes[i] = SIM_SECOND;
	hold_court(&c, "attach-spread='0s'");
	assert_int_equal(c.asked, 6);
	assert_int_equal(c.asked_at[1], accessed(c.asked_at[0] + 11 * SIM_SECOND) + 17 * SIM_MS);
	assert_int_equal(c.asked_at[5], accessed(c.asked_at[4] + SIM_SECOND + 12 * SIM_MINUTE) + 17 * SIM_MS);
	assert_int_equal(c.joined_at, c.asked_at[5] + 1045 * SIM_MS);
}

/* ---- what a sector's devices share ---- */

struct heard {
	uint32_t n, none;
	uint64_t sum;
	simtime_t at;
};

static void on_done(struct sim *s, void *ctx, uint32_t device, uint32_t received)
{
	struct heard *h = ctx;

	(void)device;
	h->n++;
	h->none += received == 0;
	h->sum += received;
	h->at = s->now;
}

static bool is_even(const struct sim *s, void *ctx, uint32_t device)
{
	(void)s, (void)ctx;
	return device % 2 == 0;
}

/* Robust for 144 dB: 50 + 29 B are a block of 8 ms after a grant of 1; at a quarter of the carrier one every 36 ms, of which a
 * member receives 9.  Meanwhile the others have half of the carrier where they had three quarters. */
static void a_multicast_takes_its_share(void **state)
{
	struct town t;
	struct heard h = { 0 };

	(void)state;
	open_town(&t, "registration='done' rx-draw='1W' idle-draw='0W' tx-draw='0W' active-time='0s' update-period='320h'",
		  "", 20, SIM_HOUR);
	at_time(&t, 100 * SIM_SECOND, 0, DO_CAST,
		(struct step){
			.cast = {
				.fragments = 1000, .fragment_bytes = 50, .member = is_even, .done = on_done, .ctx = &h } });
	at_time(&t, 110 * SIM_SECOND, 4, DO_POWER_OFF, (struct step){ 0 });
	run_town(&t);
	assert_int_equal(h.n, 10);
	assert_int_equal(h.none, 1);
	assert_int_equal(h.sum, 9000);
	assert_int_equal(h.at, 136 * SIM_SECOND);
	assert_close(device_active_j(t.w.sim, devices_of(t.w.sim)->cell[0]), 9 * 9.0, 1e-9);
	assert_close(audit_of(&t, "cellular multicast", "told what they received"), 10, 0);
	world_close(&t.w);
}

/* Half of the carrier goes to what is not simulated: a queue with a server of half the speed, M/D/1. */
static void background_traffic_is_a_slower_carrier(void **state)
{
	enum { BATCHES = 50, EACH = 20000 };
	struct rng r = rng_stream(5, RNG_PURPOSE('t', 'e', 's', 't'), 5, 0);
	struct tally means = { 0 };
	simtime_t now = 0;

	(void)state;
	for (int b = 0; b < BATCHES; b++) {
		struct cell_pipe p = { .at = now, .rate = 0.75, .whole = 0.75 };
		struct tally wait = { 0 };
		pipe_take(&p, now, pipe_share(0.25));
		for (int i = 0; i < EACH; i++) {
			now += sim_from_seconds(rng_exponential(&r, 0.1 / 0.8)); /* work 0.05 s: 0.1 s each */
			tally_add(&wait, sim_seconds(pipe_wait(&p, now, now)));
			pipe_load(&p, now, 0.05e9, true);
		}
		tally_add(&means, wait.mean);
		pipe_take(&p, now, -pipe_share(0.25));
		assert_true(p.rate == 0.75 && p.taken == 0);
	}
	assert_close(means.mean, 0.1 * 0.8 / (2 * (1 - 0.8)), tally_halfwidth(&means, 0.99));
}

/* 42.5 packets of 100 B a second take 6 ms of the uplink and 1 ms of the downlink each: a quarter, and 0.0425 of the three quarters that
 * firmware of 788 x 9 ms has; more than there is leaves a hundredth. */
static void background_traffic_takes_work_by_coupling_loss(void **state)
{
	static const struct {
		double rate, left;
	} cases[] = { { 4250, 0.75 - 0.0425 }, { 1e9, 0.0075 }, { 0, 0.75 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct town t;
		open_town(&t, "registration='done' inactivity='1min' patience='1d'", "", 3, SIM_HOUR);
		for (uint32_t k = 0; k < 2; k++)
			at_time(&t, 100 * SIM_SECOND, k, DO_UP, (struct step){ .bytes = 10 });
		at_time(&t, 105 * SIM_SECOND, 2, DO_BACKGROUND, (struct step){ .rate = 5000 });
		at_time(&t, 106 * SIM_SECOND, 2, DO_BACKGROUND, (struct step){ .rate = -5000 });
		at_time(&t, 106 * SIM_SECOND, 2, DO_BACKGROUND, (struct step){ .rate = cases[i].rate });
		at_time(&t, 110 * SIM_SECOND, 0, DO_DOWN, (struct step){ .bytes = 65536 });
		at_time(&t, 110 * SIM_SECOND, 1, DO_DOWN, (struct step){ .bytes = 50 });
		run_town(&t);
		uint32_t of = t.seen.device[2] == 1 ? 2 : 3;
		double wait = sim_seconds(t.seen.at[of] - 110 * SIM_SECOND - BLOCK), expected = 788 * 0.009 / cases[i].left;
		assert_close(wait, expected, 1e-6 * expected);
		world_close(&t.w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_listens_is_paged),
		cmocka_unit_test(between_windows_it_waits_for_the_next),
		cmocka_unit_test(who_sleeps_is_reached_when_it_says_something),
		cmocka_unit_test(who_is_connected_gets_it_at_once),
		cmocka_unit_test(a_queue_is_emptied_by_priority),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(what_waits_at_the_end_is_held),
		cmocka_unit_test(firmware_takes_its_time_and_others_wait),
		cmocka_unit_test(power_takes_what_is_under_way_and_what_waits),
		cmocka_unit_test(registration_waits_for_the_verdict),
		cmocka_unit_test(a_late_verdict_is_none),
		cmocka_unit_test(who_is_refused_often_waits_longer),
		cmocka_unit_test(a_multicast_takes_its_share),
		cmocka_unit_test(background_traffic_is_a_slower_carrier),
		cmocka_unit_test(background_traffic_takes_work_by_coupling_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
