#include "tests/unit/network/world.h"

#define ONE_METER "<device-class id='meter'/><deploy class='meter' count='1' placement='uniform'/>"

/* Offers of equal size, at fixed or Poisson times, and what became of them. */
struct drive {
	struct backhaul *link;
	struct rng rng;
	double gap; /* mean, s; 0: no further one */
	unsigned bytes;
	uint16_t kind;
	uint32_t carried, lost[FATES];
	simtime_t delay;  /* of the last one carried */
	simtime_t latest; /* arrival of the last one carried */
	uint32_t breaks, repairs;
};

static void offer(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct drive *d = ctx;
	enum fate fate = FATE_DELIVERED;
	simtime_t delay = backhaul_offer(s, d->link, d->bytes, &fate);

	if (delay >= 0) {
		assert_int_equal(fate, FATE_DELIVERED);
		d->carried++;
		d->delay = delay;
		d->latest = s->now + delay;
	} else {
		d->lost[fate]++;
	}
	if (d->gap > 0)
		sim_after(s, sim_from_seconds(rng_exponential(&d->rng, d->gap)), d->kind, subject, detail);
}

static void begin(struct world *w, struct drive *d, const char *attributes, simtime_t end)
{
	char body[512];

	snprintf(body, sizeof body, "<backhaul id='b' %s/>" ONE_METER, attributes);
	world_open(w, body, 0, end);
	*d = (struct drive){ .bytes = 100 };
	d->link = backhaul_of(w->sim, world_node(w, &backhaul_model, "b"), 1);
	d->rng = sim_rng(w->sim, RNG_PURPOSE('t', 'e', 's', 't'), 1);
	d->kind = sim_handler(w->sim, "offer", offer, d);
}

static void balanced(const struct world *w)
{
	const char *account = NULL;

	assert_true(report_imbalance(w->report, &account) == 0);
	assert_true(w->report->n_audit > 0);
}

static void no_backhaul_is_an_ideal_link(void **st)
{
	struct world w;
	enum fate fate;

	(void)st;
	world_open(&w, ONE_METER, 0, SIM_HOUR);
	assert_null(backhaul_of(w.sim, NULL, 1));
	assert_int_equal(backhaul_offer(w.sim, NULL, 1000, &fate), 0);
	assert_true(backhaul_up(NULL));
	world_run(&w);
	assert_int_equal(backhaul_up_time(w.sim, NULL), SIM_HOUR);
	world_close(&w);
}

static void without_a_capacity_only_the_latency_counts(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "latency='25ms'", SIM_HOUR);
	for (int i = 0; i < 1000; i++)
		sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	assert_int_equal(d.carried, 1000);
	assert_int_equal(d.delay, 25 * SIM_MS);
	balanced(&w);
	world_close(&w);
}

static void messages_wait_for_those_before_them_and_pay_for_their_bytes_and_the_overhead(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "latency='10ms' capacity='8kbps' overhead='20B'", SIM_HOUR);
	sim_at(w.sim, 0, d.kind, 0, 0);
	sim_at(w.sim, 0, d.kind, 0, 0);
	sim_at(w.sim, 60 * SIM_MS, d.kind, 0, 0);
	world_run(&w);
	assert_int_equal(d.carried, 3);
	assert_int_equal(d.delay, 3 * 120 * SIM_MS - 60 * SIM_MS + 10 * SIM_MS);
	assert_close(world_kpi(&w, "backhaul.utilisation"), 0.36 / 3600, 1e-9);
	balanced(&w);
	world_close(&w);
}

static void a_message_that_does_not_fit_into_the_queue_is_lost_until_the_queue_has_drained(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "latency='0s' capacity='8kbps' overhead='0B' queue='250B'", SIM_HOUR);
	for (int i = 0; i < 4; i++)
		sim_at(w.sim, 0, d.kind, 0, 0);   /* 100 + 100 bytes fit, two are lost */
	sim_at(w.sim, 49 * SIM_MS, d.kind, 0, 0); /* 151 bytes are left: lost */
	sim_at(w.sim, 50 * SIM_MS, d.kind, 0, 0); /* 150: fits */
	world_run(&w);
	assert_int_equal(d.carried, 3);
	assert_int_equal(d.lost[FATE_QUEUE_FULL], 3);
	assert_int_equal(d.delay, 250 * SIM_MS);
	balanced(&w);
	world_close(&w);
}

static void a_message_larger_than_the_queue_still_passes_an_idle_link(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "latency='0s' capacity='8kbps' overhead='0B' queue='50B'", SIM_HOUR);
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	assert_int_equal(d.carried, 1);
	world_close(&w);
}

/* Poisson arrivals and fixed service: mean wait = rho D / (2 (1 - rho)).  The tolerance is 2.58 standard errors of the
 * mean, from the asymptotic variance of the M/D/1 waiting time at rho 0.5 measured over independent runs (0.9 % at 2e5). */
static void under_poisson_load_the_delay_is_that_of_an_m_d_1_queue(void **st)
{
	struct world w;
	struct drive d;
	double rho = 0.5, service = 0.1;

	(void)st;
	begin(&w, &d, "latency='0s' capacity='8kbps' overhead='0B'", sim_from_seconds(2e5 * service / rho));
	d.gap = service / rho;
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	assert_in_range(d.carried, 198000, 202000);
	assert_close(world_kpi(&w, "backhaul.delay"), service + rho * service / (2 * (1 - rho)), 0.023 * service / 2);
	assert_close(world_kpi(&w, "backhaul.utilisation"), rho, 0.005);
	balanced(&w);
	world_close(&w);
}

static void availability_of_nothing_and_of_everything_needs_no_event(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "availability='0%'", SIM_HOUR);
	sim_at(w.sim, 0, d.kind, 0, 0);
	assert_false(backhaul_up(d.link));
	world_run(&w);
	assert_int_equal(d.lost[FATE_BACKHAUL], 1);
	for (uint32_t i = 0; i < w.sim->n_rows; i++)
		assert_true(w.sim->rows[i].count == 0 || strcmp(w.sim->rows[i].name, "backhaul.change") != 0);
	assert_close(world_kpi(&w, "backhaul.availability"), 0, 0);
	balanced(&w);
	world_close(&w);
	begin(&w, &d, "availability='100%'", SIM_HOUR);
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	assert_int_equal(d.carried, 1);
	assert_close(world_kpi(&w, "backhaul.availability"), 1, 0);
	world_close(&w);
}

/* Time average of an alternating renewal process: variance 2 A (1 - A) / ((1/up + 1/down) T) a link. */
static void links_are_up_for_the_share_that_the_scenario_says(void **st)
{
	struct world w;
	double sd = sqrt(2 * 0.9 * 0.1 / ((1 / 9.0 + 1) * 10000) / 20);

	(void)st;
	world_open(&w, "<backhaul id='b' availability='90%' repair='1h'/>" ONE_METER, 0, 10000 * SIM_HOUR);
	for (uint64_t i = 0; i < 20; i++)
		backhaul_of(w.sim, world_node(&w, &backhaul_model, "b"), i);
	world_run(&w);
	assert_close(world_kpi(&w, "backhaul.availability"), 0.9, 2.58 * sd);
	world_close(&w);
}

static void on_change(struct sim *s, void *ctx, bool up)
{
	struct drive *d = ctx;

	if (up) {
		d->repairs++;
	} else {
		d->breaks++;
		assert_true(d->latest <= s->now); /* what was carried had left */
	}
	assert_true(backhaul_up(d->link) == up);
}

static void a_link_that_begins_down_says_so_when_the_run_starts(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "availability='0%'", SIM_HOUR);
	backhaul_watch(w.sim, d.link, on_change, &d);
	assert_int_equal(d.breaks, 0);
	world_run(&w);
	assert_int_equal(d.breaks, 1);
	assert_int_equal(d.repairs, 0);
	world_close(&w);
}

static void what_has_not_left_when_the_link_breaks_is_lost(void **st)
{
	struct world w;
	struct drive d;
	char told[64];
	bool down;

	(void)st;
	begin(&w, &d, "latency='0s' capacity='8bps' overhead='0B' availability='70%' repair='20min' queue='10kB'",
	      20 * SIM_DAY);
	d.gap = 120;
	backhaul_watch(w.sim, d.link, on_change, &d);
	sim_at(w.sim, 0, d.kind, 0, 0);
	down = !backhaul_up(d.link);
	world_run(&w);
	snprintf(told, sizeof told, "(%u breaks)", d.breaks - down);
	assert_non_null(strstr(w.report->facts[w.report->n_facts - 1].value, told));
	assert_in_range(d.breaks, 200, 700);
	assert_true(d.repairs + 1 >= d.breaks && d.repairs <= d.breaks + 1);
	assert_true(d.carried > 1000 && d.lost[FATE_BACKHAUL] > 1000);
	balanced(&w);
	world_close(&w);
}

static void a_links_outages_depend_on_its_site_and_on_nothing_else(void **st)
{
	simtime_t up[3];

	(void)st;
	for (int i = 0; i < 3; i++) {
		struct world w;
		struct backhaul *b = NULL;
		const struct node *n;
		world_open(&w, "<backhaul id='b' availability='50%'/>" ONE_METER, 0, 100 * SIM_DAY);
		n = world_node(&w, &backhaul_model, "b");
		if (i == 1) /* others come before it */
			for (uint64_t k = 100; k < 110; k++)
				backhaul_of(w.sim, n, k);
		b = backhaul_of(w.sim, n, i == 2 ? 8 : 7);
		world_run(&w);
		up[i] = backhaul_up_time(w.sim, b);
		world_close(&w);
	}
	assert_int_equal(up[0], up[1]);
	assert_int_not_equal(up[0], up[2]);
}

/* Two elements at one site are two links; and as many begin up as are up later. */
static void links_are_drawn_apart_and_begin_up_with_their_availability(void **st)
{
	enum { LINKS = 2000 };
	struct world w;
	simtime_t up[2];
	unsigned same = 0;

	(void)st;
	world_open(
		&w,
		"<backhaul id='b' availability='30%' repair='10yr'/><backhaul id='c' availability='30%' repair='10yr'/>" ONE_METER,
		0, SIM_HOUR);
	for (uint64_t i = 0; i < LINKS; i++) {
		up[0] = backhaul_up(backhaul_of(w.sim, world_node(&w, &backhaul_model, "b"), i));
		up[1] = backhaul_up(backhaul_of(w.sim, world_node(&w, &backhaul_model, "c"), i));
		same += up[0] == up[1];
	}
	world_run(&w);
	/* 99 %; two of independent draws agree with 0.3 x 0.3 + 0.7 x 0.7 */
	assert_close(world_kpi(&w, "backhaul.availability"), 0.3, 2.58 * sqrt(0.21 / (2 * LINKS)));
	assert_close((double)same / LINKS, 0.58, 2.58 * sqrt(0.58 * 0.42 / LINKS));
	world_close(&w);
}

/* A list of what was offered to a link, and when it broke. */
enum { LINKS = 6, OFFERS = 3000, BREAKS = 400 };

struct offered {
	simtime_t t, delay; /* < 0: lost */
	unsigned bytes;
	enum fate fate;
};

struct diary {
	struct sim *s;
	struct backhaul *link;
	double ns_per_byte, queue;
	simtime_t latency;
	uint32_t n, changes;
	bool begins_down;
	simtime_t change[BREAKS];
	struct offered offered[OFFERS];
};

static void keep_change(struct sim *s, void *ctx, bool up)
{
	struct diary *d = ctx;

	assert_true(d->changes < BREAKS);
	if (s->now == 0 && !up)
		d->begins_down = true;
	else
		d->change[d->changes++] = s->now;
}

static void keep_offer(struct sim *s, void *ctx, uint32_t link, uint16_t bytes)
{
	struct diary *d = &((struct diary *)ctx)[link];
	struct offered *o = &d->offered[d->n++];

	assert_true(d->n < OFFERS);
	*o = (struct offered){ .t = s->now, .bytes = bytes, .fate = FATE_DELIVERED };
	o->delay = backhaul_offer(s, d->link, bytes, &o->fate);
}

/* Overlap of [from, to] with what is counted. */
static double overlap(const struct sim *s, simtime_t from, simtime_t to)
{
	from = from > s->warmup ? from : s->warmup;
	to = to < s->end ? to : s->end;
	return to > from ? sim_seconds(to - from) : 0;
}

struct judged {
	double up, busy, delay, carried;
};

/* Byte by byte, as the header says: who is before a message, whether it fits, whether it has left when the link breaks. */
static void judge_link(const struct diary *d, struct judged *j)
{
	simtime_t free_at = 0, since = 0;
	bool up = !d->begins_down;
	uint32_t c = 0;

	for (uint32_t k = 0; k <= d->n; k++) {
		const struct offered *o = &d->offered[k];
		simtime_t now = k < d->n ? o->t : d->s->end;
		while (c < d->changes && d->change[c] <= now) {
			j->up += up ? overlap(d->s, since, d->change[c]) : 0;
			since = d->change[c++];
			free_at = up ? since : free_at;
			up = !up;
		}
		if (k == d->n)
			break;
		simtime_t breaks = c < d->changes ? d->change[c] : SIM_NEVER, begin = free_at > now ? free_at : now;
		if (!up) {
			assert_int_equal(o->fate, FATE_BACKHAUL);
			continue;
		}
		if (d->ns_per_byte > 0 && begin > now && (double)(begin - now) / d->ns_per_byte + o->bytes > d->queue) {
			assert_int_equal(o->fate, FATE_QUEUE_FULL);
			continue;
		}
		free_at = begin + (simtime_t)llrint(o->bytes * d->ns_per_byte);
		j->busy += overlap(d->s, begin, free_at < breaks ? free_at : breaks);
		if (free_at > breaks) {
			assert_int_equal(o->fate, FATE_BACKHAUL);
			continue;
		}
		if (breaks != SIM_NEVER || free_at <= d->s->end) /* a break after the end is not in the list */
			assert_int_equal(o->fate, FATE_DELIVERED);
		if (o->fate != FATE_DELIVERED)
			continue;
		assert_int_equal(o->delay, free_at - now + d->latency);
		j->delay += now >= d->s->warmup ? sim_seconds(o->delay) : 0;
		j->carried += now >= d->s->warmup;
	}
	j->up += up ? overlap(d->s, since, d->s->end) : 0;
}

static void links_do_what_a_list_of_the_offers_and_breaks_says(void **st)
{
	struct diary *diary = calloc(LINKS, sizeof *diary);
	struct rng r = rng_stream(3, 1, 4, 1);

	(void)st;
	assert_non_null(diary);
	for (unsigned round = 0; round < 8; round++) {
		struct world w;
		struct judged j = { 0 };
		double counted;
		uint16_t kind;
		memset(diary, 0, LINKS * sizeof *diary);
		world_open(&w,
			   "<backhaul id='slow' latency='30ms' capacity='80bps' overhead='0B' queue='2kB' "
			   "availability='80%' repair='5min'/><backhaul id='wide' latency='2s' overhead='0B' "
			   "availability='90%' repair='20min'/>" ONE_METER,
			   3 * SIM_HOUR, 9 * SIM_HOUR);
		kind = sim_handler(w.sim, "offer", keep_offer, diary);
		for (uint32_t i = 0; i < LINKS; i++) {
			struct diary *d = &diary[i];
			bool slow = i % 3;
			*d = (struct diary){ .s = w.sim,
					     .ns_per_byte = slow ? 1e8 : 0,
					     .queue = 2000,
					     .latency = slow ? 30 * SIM_MS : 2 * SIM_SECOND };
			d->link = backhaul_of(w.sim, world_node(&w, &backhaul_model, slow ? "slow" : "wide"),
					      100 * round + i);
			backhaul_watch(w.sim, d->link, keep_change, d);
		}
		for (uint32_t k = 0; k < 6000; k++) { /* some in bursts, some as the warm-up ends */
			simtime_t at =
				(simtime_t)(rng_below(&r, 9 * 360)) * 10 * SIM_SECOND + (simtime_t)(rng_uniform(&r) * 3e9);
			sim_at(w.sim, rng_below(&r, 50) ? at : w.sim->warmup, kind, rng_below(&r, LINKS),
			       (uint16_t)(1 + rng_below(&r, 1500)));
		}
		world_run(&w);
		for (uint32_t i = 0; i < LINKS; i++)
			judge_link(&diary[i], &j);
		counted = sim_seconds(w.sim->end - w.sim->warmup);
		assert_close(world_kpi(&w, "backhaul.availability"), j.up / LINKS / counted, 1e-9);
		assert_close(world_kpi(&w, "backhaul.utilisation"), j.busy / (LINKS - 2) / counted, 1e-6);
		assert_close(world_kpi(&w, "backhaul.delay"), j.delay / j.carried, 1e-9);
		balanced(&w);
		world_close(&w);
	}
	free(diary);
}

static void jitter_adds_its_mean_to_the_latency(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "latency='10ms' jitter='40ms'", 100000 * SIM_SECOND);
	d.gap = 1;
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	/* the mean of 1e5 exponentials: 2.58 x 40 ms / sqrt(1e5) */
	assert_close(world_kpi(&w, "backhaul.delay"), 0.050, 2.58 * 0.040 / sqrt(1e5));
	world_close(&w);
}

static void values_out_of_range_are_refused(void **st)
{
	static const char *const bad[] = { "availability='101%'", "capacity='0bps'", "latency='-1s'", "repair='0s'",
					   "capacity='nan'" };
	char body[256];

	(void)st;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct world w;
		snprintf(body, sizeof body, "<backhaul id='b' %s/>" ONE_METER, bad[i]);
		assert_false(world_load(&w, body));
		assert_true(diag_errors(w.diag) >= 1);
		assert_true(world_complains(&w, "<backhaul "));
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_backhaul_is_an_ideal_link),
		cmocka_unit_test(without_a_capacity_only_the_latency_counts),
		cmocka_unit_test(messages_wait_for_those_before_them_and_pay_for_their_bytes_and_the_overhead),
		cmocka_unit_test(a_message_that_does_not_fit_into_the_queue_is_lost_until_the_queue_has_drained),
		cmocka_unit_test(a_message_larger_than_the_queue_still_passes_an_idle_link),
		cmocka_unit_test(under_poisson_load_the_delay_is_that_of_an_m_d_1_queue),
		cmocka_unit_test(availability_of_nothing_and_of_everything_needs_no_event),
		cmocka_unit_test(links_are_up_for_the_share_that_the_scenario_says),
		cmocka_unit_test(a_link_that_begins_down_says_so_when_the_run_starts),
		cmocka_unit_test(what_has_not_left_when_the_link_breaks_is_lost),
		cmocka_unit_test(a_links_outages_depend_on_its_site_and_on_nothing_else),
		cmocka_unit_test(links_are_drawn_apart_and_begin_up_with_their_availability),
		cmocka_unit_test(links_do_what_a_list_of_the_offers_and_breaks_says),
		cmocka_unit_test(jitter_adds_its_mean_to_the_latency),
		cmocka_unit_test(values_out_of_range_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
