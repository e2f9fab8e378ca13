#include "tests/unit/network/world.h"

#define METERS "<device-class id='meter' platform='cloud'/><deploy class='meter' count='4' placement='uniform'/>"

enum { SEEN = 4096 };

/* What arrives, and what the owner of the purpose is told. */
struct drive {
	uint16_t kind;
	uint32_t n, device;
	double gap; /* s between arrivals of one stream; 0: none follows */
	struct {
		uint32_t context;
		enum fate fate;
		simtime_t at, created;
	} seen[SEEN];
	uint32_t again; /* the owner sends so many more from its call-back */
};

static void arrive(struct sim *s, void *ctx, uint32_t context, uint16_t priority)
{
	struct drive *d = ctx;
	struct message m = { .created = s->now,
			     .device = d->device,
			     .context = context,
			     .purpose = PURPOSE_APPLICATION,
			     .priority = (uint8_t)priority,
			     .bytes = 20 };

	platform_arrive(s, &m);
	if (d->gap > 0)
		sim_after(s, sim_from_seconds(d->gap), d->kind, context + 1, priority);
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct drive *d = ctx;

	if (d->n < SEEN) {
		d->seen[d->n].context = m->context;
		d->seen[d->n].fate = fate;
		d->seen[d->n].created = m->created;
		d->seen[d->n].at = s->now;
	}
	d->n++;
	if (d->again) {
		d->again--;
		arrive(s, d, 1000 + d->again, 0);
	}
}

static void begin(struct world *w, struct drive *d, const char *attributes, simtime_t end)
{
	char body[512];

	snprintf(body, sizeof body, "<platform id='cloud' %s/>" METERS, attributes);
	world_open(w, body, 0, end);
	memset(d, 0, sizeof *d);
	d->kind = sim_handler(w->sim, "arrive", arrive, d);
	network_owner(w->sim, PURPOSE_APPLICATION, on_answer, d);
}

static void balanced(const struct world *w)
{
	assert_true(report_imbalance(w->report, NULL) == 0);
	assert_true(w->report->n_audit > 0);
}

static void a_class_without_platform_is_answered_at_once(void **st)
{
	struct world w;
	struct drive d = { 0 };

	(void)st;
	world_open(&w, "<device-class id='meter'/><deploy class='meter' count='1' placement='uniform'/>", 0, SIM_HOUR);
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &d);
	arrive(w.sim, &d, 5, 0);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.seen[0].fate, FATE_DELIVERED);
	assert_true(platform_up(w.sim, 0));
	world_run(&w);
	assert_true(isnan(world_kpi(&w, "platform.utilisation")));
	assert_int_equal(platform_up_time(w.sim, 0), SIM_HOUR);
	world_close(&w);
}

static void messages_are_served_in_order_and_those_beyond_the_queue_are_lost(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "servers='1' service-law='fixed' service-time='1s' queue='1'", 10 * SIM_SECOND);
	for (uint32_t i = 0; i < 3; i++)
		sim_at(w.sim, SIM_SECOND, d.kind, i, 0);
	world_run(&w);
	assert_int_equal(d.n, 3);
	assert_int_equal(d.seen[0].context, 2);
	assert_int_equal(d.seen[0].fate, FATE_QUEUE_FULL);
	assert_int_equal(d.seen[0].at, SIM_SECOND);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(d.seen[i + 1].context, i);
		assert_int_equal(d.seen[i + 1].fate, FATE_DELIVERED);
		assert_int_equal(d.seen[i + 1].at, (2 + i) * SIM_SECOND);
	}
	assert_close(world_kpi(&w, "platform.utilisation"), 0.2, 1e-9);
	assert_close(world_kpi(&w, "platform.waiting-time"), 0.5, 1e-9);
	balanced(&w);
	world_close(&w);
}

static void a_higher_priority_overtakes_what_waits(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "servers='1' service-law='fixed' service-time='1s'", 10 * SIM_SECOND);
	sim_at(w.sim, 0, d.kind, 0, 0);
	sim_at(w.sim, 1, d.kind, 1, 0);
	sim_at(w.sim, 2, d.kind, 2, 7);
	world_run(&w);
	assert_int_equal(d.seen[0].context, 0);
	assert_int_equal(d.seen[1].context, 2);
	assert_int_equal(d.seen[2].context, 1);
	world_close(&w);
}

static void a_platform_that_is_down_loses_what_arrives(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "availability='0%'", SIM_HOUR);
	sim_at(w.sim, 0, d.kind, 0, 0);
	assert_false(platform_up(w.sim, 0));
	world_run(&w);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.seen[0].fate, FATE_PLATFORM);
	assert_close(world_kpi(&w, "platform.availability"), 0, 0);
	assert_int_equal(platform_up_time(w.sim, 0), 0);
	balanced(&w);
	world_close(&w);
}

static void every_message_is_answered_once_across_outages_and_queues(void **st)
{
	struct world w;
	struct drive d;
	uint8_t times[SEEN] = { 0 };
	uint32_t lost = 0;

	(void)st;
	begin(&w, &d, "servers='3' service-time='40s' queue='5' availability='80%' repair='5min'", 10 * SIM_HOUR);
	d.gap = 15;
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	assert_in_range(d.n, 2300, SEEN - 1);
	for (uint32_t i = 0; i < d.n; i++) {
		times[d.seen[i].context]++;
		lost += d.seen[i].fate == FATE_PLATFORM;
	}
	for (uint32_t i = 0; i < SEEN; i++)
		assert_true(times[i] <= 1);
	assert_in_range(lost, 200, 900);
	balanced(&w);
	world_close(&w);
}

static void the_owner_may_send_again_from_its_call_back(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "servers='1' service-law='fixed' service-time='10ms'", SIM_HOUR);
	d.again = 500;
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	assert_int_equal(d.n, 501);
	assert_int_equal(d.seen[500].context, 1000);
	assert_int_equal(d.seen[500].at, 501 * 10 * SIM_MS);
	balanced(&w);
	world_close(&w);
}

/* With a server for everybody, answer less arrival is the service time. */
static void service_sample(const char *law, double *mean, double *sd)
{
	struct world w;
	struct drive d;
	char attributes[160];
	struct tally t = { 0 };

	snprintf(attributes, sizeof attributes, "servers='100' service-time='2s' %s", law);
	begin(&w, &d, attributes, 4000 * SIM_SECOND);
	d.gap = 1;
	sim_at(w.sim, 0, d.kind, 0, 0);
	world_run(&w);
	for (uint32_t i = 0; i < d.n; i++)
		tally_add(&t, sim_seconds(d.seen[i].at - d.seen[i].created));
	assert_true(d.n > 3800);
	*mean = t.mean;
	*sd = sqrt(tally_variance(&t));
	world_close(&w);
}

/* Tolerances: 2.58 standard errors of 4,000 draws; of the sd, by the law's kurtosis. */
static void service_times_have_the_mean_and_spread_of_their_law(void **st)
{
	double mean, sd;

	(void)st;
	service_sample("service-law='fixed'", &mean, &sd);
	assert_close(mean, 2, 1e-9);
	assert_close(sd, 0, 1e-6);
	service_sample("service-law='exponential'", &mean, &sd);
	assert_close(mean, 2, 2.58 * 2 / sqrt(4000));
	assert_close(sd, 2, 2.58 * 2 * sqrt((9 - 1) / 4.0 / 4000));
	service_sample("service-law='log-normal' service-variation='0.5'", &mean, &sd);
	assert_close(mean, 2, 2.58 * 1 / sqrt(4000));
	assert_close(sd, 1, 2.58 * 1 * sqrt((8.04 - 1) / 4.0 / 4000));
}

static void a_messages_service_time_does_not_depend_on_the_other_load(void **st)
{
	simtime_t at[2];

	(void)st;
	for (int i = 0; i < 2; i++) {
		struct world w;
		struct drive d;
		begin(&w, &d, "servers='100'", SIM_HOUR);
		for (uint32_t k = 0; k < 50u * (unsigned)i; k++)
			sim_at(w.sim, 900 * SIM_SECOND + k, d.kind, k + 1, 0);
		sim_at(w.sim, 1000 * SIM_SECOND, d.kind, 0, 0);
		world_run(&w);
		at[i] = -1;
		for (uint32_t k = 0; k < d.n; k++)
			if (d.seen[k].context == 0)
				at[i] = d.seen[k].at;
		world_close(&w);
	}
	assert_true(at[0] > 1000 * SIM_SECOND);
	assert_int_equal(at[0], at[1]);
}

/* A device's update and its reading of the same instant are two messages. */
static void messages_of_one_instant_and_two_purposes_are_served_apart(void **st)
{
	struct world w;
	struct drive d, updates = { 0 };
	struct message m = { .device = 0, .bytes = 20, .purpose = PURPOSE_APPLICATION };

	(void)st;
	begin(&w, &d, "servers='100' service-time='10s'", SIM_HOUR);
	network_owner(w.sim, PURPOSE_UPDATE, on_answer, &updates);
	platform_arrive(w.sim, &m);
	m.purpose = PURPOSE_UPDATE;
	platform_arrive(w.sim, &m);
	world_run(&w);
	assert_int_equal(d.n, 1);
	assert_int_equal(updates.n, 1);
	assert_int_not_equal(d.seen[0].at, updates.seen[0].at);
	world_close(&w);
}

/* Work that is no message: when it was done. */
struct work {
	uint32_t n, number[8], accepted;
	simtime_t at[8];
};

static void on_work(struct sim *s, void *ctx, uint32_t number)
{
	struct work *k = ctx;

	k->number[k->n] = number;
	k->at[k->n++] = s->now;
}

static void on_accept(struct sim *s, void *ctx, const struct message *m)
{
	(void)s, (void)m;
	((struct work *)ctx)->accepted++;
}

static void work_that_is_no_message_shares_servers_and_queue(void **st)
{
	struct world w;
	struct drive d;
	struct work k = { 0 };
	const struct node *cloud;
	struct platform_work more = { on_work, &k, 7, 1, 500 * SIM_MS };

	(void)st;
	begin(&w, &d, "servers='1' service-law='fixed' service-time='1s' queue='2'", 10 * SIM_SECOND);
	cloud = world_node(&w, &platform_model, "cloud");
	platform_on_accept(w.sim, cloud, on_accept, &k);
	arrive(w.sim, &d, 0, 0);
	assert_int_equal(platform_request(w.sim, cloud, &more), FATE_DELIVERED);
	arrive(w.sim, &d, 1, 0);
	assert_int_equal(platform_request(w.sim, cloud, &more), FATE_QUEUE_FULL);
	assert_int_equal(platforms_held(w.sim, PURPOSES), 2);
	world_run(&w);
	assert_int_equal(k.n, 1);
	assert_int_equal(k.number[0], 7);
	assert_int_equal(k.at[0], 2500 * SIM_MS);
	assert_int_equal(d.n, 2);
	assert_int_equal(d.seen[1].at, 3500 * SIM_MS);
	assert_int_equal(k.accepted, 2);
	balanced(&w);
	world_close(&w);
	begin(&w, &d, "availability='0%'", SIM_HOUR);
	assert_int_equal(platform_request(w.sim, world_node(&w, &platform_model, "cloud"), &more), FATE_PLATFORM);
	world_run(&w);
	balanced(&w);
	world_close(&w);
}

struct watch {
	uint32_t ups, downs;
};

static void on_change(struct sim *s, void *ctx, bool up)
{
	struct watch *w = ctx;

	assert_true(platform_up(s, 0) == up);
	*(up ? &w->ups : &w->downs) += 1;
}

static void watchers_hear_of_every_change_and_up_time_adds_up(void **st)
{
	struct world w;
	struct drive d;
	struct watch a = { 0 }, b = { 0 };

	(void)st;
	begin(&w, &d, "availability='50%' repair='1h'", 1000 * SIM_HOUR);
	platform_watch(w.sim, 0, on_change, &a);
	platform_watch(w.sim, 0, on_change, &b);
	world_run(&w);
	assert_in_range(a.downs, 400, 600);
	assert_true(a.ups + 1 >= a.downs && a.ups <= a.downs + 1);
	assert_memory_equal(&a, &b, sizeof a);
	/* as in the test of backhaul links: variance 2 A (1 - A) / ((1/up + 1/down) T) */
	assert_close(world_kpi(&w, "platform.availability"), 0.5, 2.58 * sqrt(2 * 0.25 / (2 * 1000.0)));
	assert_close(sim_seconds(platform_up_time(w.sim, 0)) / 3.6e6, world_kpi(&w, "platform.availability"), 1e-6);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_class_without_platform_is_answered_at_once),
		cmocka_unit_test(messages_are_served_in_order_and_those_beyond_the_queue_are_lost),
		cmocka_unit_test(a_higher_priority_overtakes_what_waits),
		cmocka_unit_test(a_platform_that_is_down_loses_what_arrives),
		cmocka_unit_test(every_message_is_answered_once_across_outages_and_queues),
		cmocka_unit_test(the_owner_may_send_again_from_its_call_back),
		cmocka_unit_test(service_times_have_the_mean_and_spread_of_their_law),
		cmocka_unit_test(a_messages_service_time_does_not_depend_on_the_other_load),
		cmocka_unit_test(messages_of_one_instant_and_two_purposes_are_served_apart),
		cmocka_unit_test(work_that_is_no_message_shares_servers_and_queue),
		cmocka_unit_test(watchers_hear_of_every_change_and_up_time_adds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
