#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/network/lorawan/gateway.h"
#include "sim/kernel/rng.h"

static const enum reception RECEIVED = RECEPTION_RECEIVED, INTERFERED = RECEPTION_INTERFERED, NO_DEMODULATOR = RECEPTION_NO_DEMODULATOR,
			    WEAK = RECEPTION_UNDER_SENSITIVITY, SENDING = RECEPTION_GATEWAY_SENDING;

static double mw(double dbm)
{
	return pow(10, 0.1 * dbm);
}

static struct gateway_params params(enum lora_rejection m)
{
	struct gateway_params p = { .demodulators = { 8 }, .channels = 3, .rejection = m };

	for (unsigned i = 0; i < LORA_SFS; i++)
		p.sensitivity_mw[GATEWAY_MULTI_SF][i] = mw(lora_gateway_sensitivity_dbm(i + LORA_SF_MIN, 125e3));
	return p;
}

struct bench { struct arena *arena; struct gateway *g; };

static int set_up(void **st)
{
	struct bench *b = calloc(1, sizeof *b);
	struct gateway_params p = params(LORA_GOURSAUD);

	*st = b;
	return b && (b->arena = arena_new()) && (b->g = gateway_new(b->arena, &p)) ? 0 : -1;
}

static int tear_down(void **st)
{
	struct bench *b = *st;

	arena_free(b->arena);
	free(b);
	return 0;
}

/* A frame from start to end (ms) on a channel. */
static int begin_on(struct gateway *g, unsigned channel, unsigned sf, double dbm, simtime_t start, simtime_t end)
{
	return gateway_begin(
		g, &(struct gateway_frame){ start * SIM_MS, end * SIM_MS, mw(dbm), (uint8_t)sf, (uint8_t)channel });
}

static int begin(struct gateway *g, unsigned sf, double dbm, simtime_t start, simtime_t end)
{
	return begin_on(g, 0, sf, dbm, start, end);
}

static void refused(int token, enum reception why)
{
	assert_int_equal(token, -1 - (int)why);
}

static void a_lone_frame_is_received(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 7, -100, 0, 60);

	assert_true(a >= 0);
	assert_int_equal(gateway_busy(g), 1);
	assert_int_equal(gateway_end(g, a), RECEIVED);
	assert_int_equal(gateway_busy(g), 0);
}

/* SX1301: eight demodulators of 125 kHz, one of a wider LoRa, one of FSK. */
static void each_kind_of_channel_has_its_own_demodulators(void **st)
{
	static const uint8_t path[] = { GATEWAY_MULTI_SF, GATEWAY_WIDE, GATEWAY_FSK };
	struct gateway_params p = params(LORA_GOURSAUD);
	(void)st;

	p.demodulators[GATEWAY_WIDE] = p.demodulators[GATEWAY_FSK] = 1;
	p.path = path;
	p.sensitivity_mw[GATEWAY_WIDE][0] = mw(-127);
	p.sensitivity_mw[GATEWAY_FSK][0] = mw(-105);
	struct arena *arena = arena_new();
	struct gateway *g = gateway_new(arena, &p);
	assert_non_null(g);
	int wide = begin_on(g, 1, 7, -100, 0, 60), fsk = begin_on(g, 2, 7, -80, 0, 60);
	refused(begin_on(g, 1, 7, -126, 10, 50), NO_DEMODULATOR);
	refused(begin_on(g, 2, 7, -90.1, 10, 50), NO_DEMODULATOR);
	int narrow = begin_on(g, 0, 7, -129, 20, 60);
	assert_int_equal(gateway_busy(g), 3);
	assert_int_equal(gateway_end(g, narrow), RECEIVED);
	assert_int_equal(gateway_end(g, wide), RECEIVED);
	assert_int_equal(gateway_end(g, fsk), RECEIVED); /* 10 dB and more over the other */
	refused(begin_on(g, 1, 7, -128, 100, 160), WEAK);
	refused(begin_on(g, 2, 7, -106, 100, 160), WEAK);
	fsk = begin_on(g, 2, 7, -80, 200, 240);
	refused(begin_on(g, 2, 7, -89.9, 200, 240), NO_DEMODULATOR);
	assert_int_equal(gateway_end(g, fsk), INTERFERED);
	assert_int_equal(gateway_busy(g), 0);
	/* as ALOHA has it, any overlap destroys */
	p.rejection = LORA_ALOHA;
	p.demodulators[GATEWAY_FSK] = 2;
	g = gateway_new(arena, &p);
	assert_non_null(g);
	fsk = begin_on(g, 2, 7, -50, 0, 40);
	int weak = begin_on(g, 2, 7, -104, 39, 60);
	assert_int_equal(gateway_end(g, fsk), INTERFERED);
	assert_int_equal(gateway_end(g, weak), INTERFERED);
	arena_free(arena);
}

static void equals_that_overlap_destroy_each_other(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 9, -100, 0, 60), b = begin(g, 9, -100, 0, 60);

	assert_int_equal(gateway_end(g, a), INTERFERED);
	assert_int_equal(gateway_end(g, b), INTERFERED);
}

static void frames_that_touch_do_not_overlap(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 7, -120, 0, 60);
	assert_int_equal(gateway_end(g, a), RECEIVED);
	int b = begin(g, 7, -60, 60, 120);
	int c;

	/* Nor if the caller begins the later one first. */
	c = begin(g, 7, -120, 120, 180);
	assert_int_equal(gateway_end(g, b), RECEIVED);
	assert_int_equal(gateway_end(g, c), RECEIVED);
}

static void only_the_same_channel_interferes(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin_on(g, 0, 7, -120, 0, 60), b = begin_on(g, 1, 7, -40, 0, 60), c = begin_on(g, 2, 7, -40, 30, 90);

	assert_int_equal(gateway_end(g, a), RECEIVED);
	assert_int_equal(gateway_end(g, b), RECEIVED);
	assert_int_equal(gateway_end(g, c), RECEIVED);
}

/* Energies, not powers: 6 dB are also had from equal powers that overlap a quarter of the time (6.02 dB). */
static void rejection_is_of_energies_over_the_overlap(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 8, -100, 0, 100), b = begin(g, 8, -100, 75, 275);

	assert_int_equal(gateway_end(g, a), RECEIVED); /* 100 / 25 = 6.02 dB */
	assert_int_equal(gateway_end(g, b), RECEIVED); /* 200 / 25 */
	a = begin(g, 8, -100, 1000, 1100);
	b = begin(g, 8, -100, 1074, 1274);
	assert_int_equal(gateway_end(g, a), INTERFERED); /* 100 / 26 = 5.85 dB */
	assert_int_equal(gateway_end(g, b), RECEIVED);
}

static void energies_of_one_spreading_factor_add_up(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 8, -100, 0, 100), b = begin(g, 8, -110, 0, 20), c;

	gateway_end(g, b);
	c = begin(g, 8, -104, 60, 80); /* 7 % and then 14 % of the energy: 8.6 dB both, but one alone is 11 dB */
	gateway_end(g, c);
	c = begin(g, 8, -104, 80, 100); /* 18 %: 7.5 dB, still above 6 */
	gateway_end(g, c);
	assert_int_equal(gateway_end(g, a), RECEIVED);
	a = begin(g, 8, -100, 200, 300);
	for (simtime_t t = 200; t < 300; t += 20) {
		c = begin(g, 8, -105.5, t, t + 20); /* each alone: 12.5 dB; five of them: 5.5 dB */
		gateway_end(g, c);
	}
	assert_int_equal(gateway_end(g, a), INTERFERED);
}

/* As the packet simulator's own test has it: SF7 survives SF8 16 dB stronger, not 17, and SF10 17 dB stronger. */
static void other_spreading_factors_are_rejected_each_by_its_own_measure(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 7, -100, 0, 60), b = begin(g, 8, -84.001, 0, 60);

	assert_int_equal(gateway_end(g, a), RECEIVED);
	gateway_end(g, b);
	a = begin(g, 7, -100, 100, 160);
	b = begin(g, 8, -83, 100, 160);
	assert_int_equal(gateway_end(g, a), INTERFERED);
	gateway_end(g, b);
	a = begin(g, 7, -100, 200, 260);
	b = begin(g, 10, -83, 200, 260);
	assert_int_equal(gateway_end(g, a), RECEIVED);
	gateway_end(g, b);
	/* Just below what each of five may have: together they do not count. */
	a = begin(g, 7, -100, 300, 360);
	int other[5];
	for (unsigned sf = 8; sf <= 12; sf++)
		other[sf - 8] = begin(g, sf, -100.1 - lora_rejection_db(LORA_GOURSAUD, 7, sf), 300, 360);
	assert_int_equal(gateway_end(g, a), RECEIVED);
	for (unsigned i = 0; i < 5; i++)
		gateway_end(g, other[i]);
}

static void a_frame_below_sensitivity_takes_no_demodulator_but_interferes(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 12, -142.4, 0, 100);

	refused(begin(g, 12, -142.6, 0, 100), WEAK);
	assert_int_equal(gateway_busy(g), 1);
	assert_int_equal(gateway_end(g, a), INTERFERED);
	refused(begin(g, 12, -142.6, 200, 300), WEAK);
	a = begin(g, 12, -142.4, 200, 300);
	assert_int_equal(gateway_end(g, a), INTERFERED);
	a = begin(g, 12, -142.5, 400, 500); /* equal to the sensitivity is enough */
	assert_int_equal(gateway_end(g, a), RECEIVED);
}

static void the_ninth_frame_finds_no_demodulator_but_interferes(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int token[8];

	for (unsigned i = 0; i < 8; i++) { /* any channel, any spreading factor, no two alike */
		token[i] = begin_on(g, i % 3, 7 + i / 3, -100, 0, 100);
		assert_true(token[i] >= 0);
	}
	assert_int_equal(gateway_busy(g), 8);
	refused(begin_on(g, 0, 7, -80, 10, 100), NO_DEMODULATOR);
	refused(begin_on(g, 0, 7, -141, 10, 100), NO_DEMODULATOR); /* asked before sensitivity is */
	assert_int_equal(gateway_end(g, token[0]), INTERFERED);
	assert_int_equal(gateway_end(g, token[1]), RECEIVED);
	int a = begin_on(g, 1, 12, -100, 100, 200);
	assert_true(a >= 0); /* freed by the one that ended */
	for (unsigned i = 2; i < 8; i++)
		gateway_end(g, token[i]);
	assert_int_equal(gateway_end(g, a), RECEIVED);
	assert_int_equal(gateway_busy(g), 0);
}

static void what_arrives_while_the_gateway_sends_is_lost_and_leaves_no_trace(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;

	assert_false(gateway_sending(g, 0));
	gateway_transmit(g, 10 * SIM_MS, 50 * SIM_MS);
	assert_true(gateway_sending(g, 49 * SIM_MS));
	assert_false(gateway_sending(g, 50 * SIM_MS));
	refused(begin(g, 7, -60, 20, 120), SENDING);
	refused(begin(g, 7, -141, 49, 120), SENDING);
	int a = begin(g, 7, -120, 50, 110); /* over when the gateway falls silent */
	assert_true(a >= 0);
	assert_int_equal(gateway_end(g, a), RECEIVED);
}

static void sending_kills_receptions_and_frees_demodulators(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int old[8], new[8];

	for (unsigned i = 0; i < 8; i++)
		old[i] = begin_on(g, 0, 7, -100, 0, 100);
	gateway_transmit(g, 10 * SIM_MS, 20 * SIM_MS);
	assert_int_equal(gateway_busy(g), 0);
	for (unsigned i = 0; i < 8; i++) {
		new[i] = begin_on(g, 1, 7 + i % 6, -100, 30, 90);
		assert_true(new[i] >= 0);
	}
	refused(begin_on(g, 1, 7, -100, 30, 90), NO_DEMODULATOR);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(gateway_end(g, old[i]), SENDING);
	assert_int_equal(gateway_busy(g), 8); /* the killed ones held none any more */
	for (unsigned i = 0; i < 8; i++)
		gateway_end(g, new[i]);
	assert_int_equal(gateway_busy(g), 0);
}

static void a_killed_frame_goes_on_interfering(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;
	int a = begin(g, 7, -100, 0, 100);

	gateway_transmit(g, 10 * SIM_MS, 20 * SIM_MS);
	int b = begin(g, 7, -100, 20, 120);
	assert_int_equal(gateway_end(g, a), SENDING);
	assert_int_equal(gateway_end(g, b), INTERFERED);
}

static void the_longer_of_two_transmissions_counts(void **st)
{
	struct gateway *g = ((struct bench *)*st)->g;

	gateway_transmit(g, 0, 100 * SIM_MS);
	gateway_transmit(g, 10 * SIM_MS, 50 * SIM_MS);
	refused(begin(g, 7, -100, 99, 200), SENDING);
}

static void with_aloha_any_overlap_destroys_equals_and_nothing_else_does(void **st)
{
	struct bench *b = *st;
	struct gateway_params p = params(LORA_ALOHA);
	struct gateway *g = gateway_new(b->arena, &p);
	struct gateway_frame f = { 0, 100 * SIM_MS, mw(0), 7, 0 };
	int a, c;

	assert_non_null(g);
	a = gateway_begin(g, &f);
	f = (struct gateway_frame){ 100 * SIM_MS - 1, 200 * SIM_MS, mw(-129), 7, 0 }; /* 1 ns, 129 dB weaker */
	c = gateway_begin(g, &f);
	assert_int_equal(gateway_end(g, a), INTERFERED);
	assert_int_equal(gateway_end(g, c), INTERFERED);
	f = (struct gateway_frame){ 300 * SIM_MS, 400 * SIM_MS, mw(-130), 7, 0 };
	a = gateway_begin(g, &f);
	f = (struct gateway_frame){ 300 * SIM_MS, 400 * SIM_MS, mw(30), 8, 0 }; /* 160 dB stronger */
	c = gateway_begin(g, &f);
	assert_int_equal(gateway_end(g, a), RECEIVED);
	assert_int_equal(gateway_end(g, c), RECEIVED);
}

static void tokens_stay_good_while_room_grows(void **st)
{
	enum { MANY = 3000 };
	struct bench *b = *st;
	struct gateway_params p = params(LORA_ALOHA);
	int *token = calloc(MANY, sizeof *token);

	p.demodulators[GATEWAY_MULTI_SF] = MANY;
	struct gateway *g = gateway_new(b->arena, &p);
	assert_non_null(g);
	assert_non_null(token);
	for (unsigned i = 0; i < MANY; i++) /* SF7 and SF8 alone on channel 0, the others many on a channel */
		token[i] = begin_on(g, i < 2 ? 0 : i % 2 + 1, 7 + i % 6, -100, i, 2 * MANY);
	assert_int_equal(gateway_busy(g), MANY);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(gateway_end(g, token[i]), i < 2 ? RECEIVED : INTERFERED);
	assert_int_equal(gateway_busy(g), 0);
	assert_false(gateway_starved(g));
	free(token);
}

/*
 * Against the rules as they are written, worked out for each frame from the whole schedule, in decibels.  Times are
 * multiples of 10 ms, so that frames, transmissions and their ends often meet at one instant.
 */
enum { FRAMES = 1500, SENDS = 40, CHANNELS = 3, LONGEST = 60 };

struct schedule {
	struct gateway_frame f[FRAMES];
	double               dbm[FRAMES];
	simtime_t            send[SENDS], sent[SENDS];
	unsigned             n_sends;
	simtime_t            until[FRAMES];     /* a demodulator is held until then; INT64_MIN: it never is */
	int                  token[FRAMES];
	enum reception       got[FRAMES];
	bool                 present[FRAMES];   /* as interference */
};

static int by_start(const void *pa, const void *pb)
{
	const struct gateway_frame *a = pa, *b = pb;

	return (a->start > b->start) - (a->start < b->start);
}

static void draw(struct schedule *s, struct rng *r, uint32_t span, bool sends)
{
	simtime_t t = 0;

	for (unsigned i = 0; i < FRAMES; i++) {
		struct gateway_frame *f = &s->f[i];
		f->start = 10 * SIM_MS * (simtime_t)rng_below(r, span);
		f->end = f->start + 10 * SIM_MS * (1 + (simtime_t)rng_below(r, LONGEST));
		f->sf = (uint8_t)(LORA_SF_MIN + rng_below(r, LORA_SFS));
		f->channel = (uint8_t)rng_below(r, CHANNELS);
	}
	qsort(s->f, FRAMES, sizeof s->f[0], by_start);
	for (unsigned i = 0; i < FRAMES; i++) {
		s->dbm[i] = -145 + 35 * rng_uniform(r);
		s->f[i].power_mw = mw(s->dbm[i]);
	}
	for (s->n_sends = 0; sends && s->n_sends < SENDS; s->n_sends++) {
		t += 10 * SIM_MS * (simtime_t)(1 + rng_below(r, 2 * span / SENDS));
		s->send[s->n_sends] = t;
		t += 10 * SIM_MS * (1 + (simtime_t)rng_below(r, 10));
		s->sent[s->n_sends] = t;
	}
}

static bool interfered(const struct schedule *s, unsigned i, enum lora_rejection m)
{
	const struct gateway_frame *f = &s->f[i];
	double energy[LORA_SFS] = { 0 };

	for (unsigned k = 0; k < FRAMES; k++) {
		const struct gateway_frame *o = &s->f[k];
		simtime_t from = o->start > f->start ? o->start : f->start, to = o->end < f->end ? o->end : f->end;
		if (k != i && s->present[k] && o->channel == f->channel && to > from)
			energy[o->sf - LORA_SF_MIN] += sim_seconds(to - from) * o->power_mw;
	}
	for (unsigned e = 0; e < LORA_SFS; e++)
		if (energy[e] > 0 && 10 * log10(sim_seconds(f->end - f->start) * f->power_mw / energy[e]) <
					     lora_rejection_db(m, f->sf, e + LORA_SF_MIN))
			return true;
	return false;
}

/* Ends come before transmissions and these before arrivals at one instant. */
static enum reception fate_of(struct schedule *s, unsigned i)
{
	const struct gateway_frame *f = &s->f[i];
	unsigned busy = 0;

	s->until[i] = INT64_MIN;
	for (unsigned k = 0; k < s->n_sends; k++)
		if (s->send[k] <= f->start && f->start < s->sent[k])
			return SENDING;
	s->present[i] = true;
	for (unsigned k = 0; k < i; k++)
		busy += s->until[k] > f->start;
	if (busy >= 8)
		return NO_DEMODULATOR;
	if (s->dbm[i] < lora_gateway_sensitivity_dbm(f->sf, 125e3))
		return WEAK;
	s->until[i] = f->end;
	for (unsigned k = s->n_sends; k-- > 0;)
		if (f->start < s->send[k] && s->send[k] < f->end)
			s->until[i] = s->send[k];
	return s->until[i] < f->end ? SENDING : RECEIVED;
}

/* What the gateway makes of it, in time order. */
static void run(struct schedule *s, struct gateway *g, uint32_t span)
{
	unsigned next = 0, send = 0;

	for (simtime_t t = 0; t <= 10 * SIM_MS * ((simtime_t)span + LONGEST + 1); t += 10 * SIM_MS) {
		for (unsigned i = 0; i < next; i++)
			if (s->f[i].end == t && s->token[i] >= 0)
				s->got[i] = gateway_end(g, s->token[i]);
		if (send < s->n_sends && s->send[send] == t) {
			gateway_transmit(g, t, s->sent[send]);
			send++;
		}
		for (; next < FRAMES && s->f[next].start == t; next++) {
			s->token[next] = gateway_begin(g, &s->f[next]);
			if (s->token[next] < 0)
				s->got[next] = (enum reception)(-1 - s->token[next]);
		}
	}
	assert_int_equal(next, FRAMES);
}

static void every_outcome_is_that_of_the_rules_whatever_the_load(void **st)
{
	static const uint32_t spans[] = { 60000, 8000, 1500, 300 }; /* x 10 ms: from lonely frames to hundreds at once */
	struct bench *b = *st;
	struct schedule *s = malloc(sizeof *s);
	unsigned seen[RECEPTIONS] = { 0 };

	assert_non_null(s);
	for (unsigned n = 0; n < 72; n++) {
		enum lora_rejection m = (enum lora_rejection)(n % 3);
		struct rng r = rng_stream(rng_key(1, 0), RNG_PURPOSE('t', 'g', 'w', 'y'), n, 0);
		struct gateway_params p = params(m);
		struct gateway *g = gateway_new(b->arena, &p);
		uint32_t span = spans[n / 3 % 4];
		assert_non_null(g);
		memset(s, 0, sizeof *s);
		draw(s, &r, span, n % 2);
		run(s, g, span);
		enum reception want[FRAMES];
		for (unsigned i = 0; i < FRAMES; i++)
			want[i] = fate_of(s, i);
		for (unsigned i = 0; i < FRAMES; i++) {
			if (want[i] == RECEIVED && interfered(s, i, m))
				want[i] = INTERFERED;
			if (s->got[i] != want[i])
				fail_msg("schedule %u, frame %u: %d instead of %d", n, i, (int)s->got[i], (int)want[i]);
			seen[want[i]]++;
		}
		assert_int_equal(gateway_busy(g), 0);
	}
	for (unsigned i = 0; i < RECEPTIONS; i++)
		assert_true(seen[i] > 500);
	free(s);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_lone_frame_is_received),
		TEST(each_kind_of_channel_has_its_own_demodulators),
		TEST(equals_that_overlap_destroy_each_other),
		TEST(frames_that_touch_do_not_overlap),
		TEST(only_the_same_channel_interferes),
		TEST(rejection_is_of_energies_over_the_overlap),
		TEST(energies_of_one_spreading_factor_add_up),
		TEST(other_spreading_factors_are_rejected_each_by_its_own_measure),
		TEST(a_frame_below_sensitivity_takes_no_demodulator_but_interferes),
		TEST(the_ninth_frame_finds_no_demodulator_but_interferes),
		TEST(what_arrives_while_the_gateway_sends_is_lost_and_leaves_no_trace),
		TEST(sending_kills_receptions_and_frees_demodulators),
		TEST(a_killed_frame_goes_on_interfering),
		TEST(the_longer_of_two_transmissions_counts),
		TEST(with_aloha_any_overlap_destroys_equals_and_nothing_else_does),
		TEST(tokens_stay_good_while_room_grows),
		TEST(every_outcome_is_that_of_the_rules_whatever_the_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
