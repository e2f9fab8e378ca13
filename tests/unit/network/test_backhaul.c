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

	(void)st;
	begin(&w, &d, "latency='0s' capacity='8bps' overhead='0B' availability='70%' repair='20min' queue='10kB'",
	      20 * SIM_DAY);
	d.gap = 120;
	backhaul_watch(w.sim, d.link, on_change, &d);
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
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
		cmocka_unit_test(jitter_adds_its_mean_to_the_latency),
		cmocka_unit_test(values_out_of_range_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
