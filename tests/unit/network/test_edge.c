#include "tests/unit/network/world.h"

/* A class of one device behind an edge, and what its owner is told. */
struct drive {
	uint16_t kind;
	uint32_t n, fates[FATES];
	simtime_t at;
};

static void arrive(struct sim *s, void *ctx, uint32_t context, uint16_t detail)
{
	struct message m = { .created = s->now, .context = context, .purpose = PURPOSE_APPLICATION, .bytes = 100 };

	(void)ctx, (void)detail;
	platform_arrive(s, &m);
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct drive *d = ctx;

	(void)m;
	d->n++;
	d->fates[fate]++;
	d->at = s->now;
}

static void begin(struct world *w, struct drive *d, const char *edge, const char *line, const char *processing, const char *more)
{
	char body[1024];

	snprintf(
		body, sizeof body,
		"<edge id='kiosk' service-law='fixed' service-time='2s' backhaul='line' %s/>"
		"<backhaul id='line' latency='3s' overhead='0B' %s/>%s<platform id='cloud' service-law='fixed' service-time='5s'/>"
		"<device-class id='meter' platform='cloud'><processing edge='kiosk' %s/></device-class>"
		"<deploy class='meter' count='1' placement='uniform'/>",
		edge, line, more, processing);
	world_open(w, body, 0, SIM_HOUR);
	*d = (struct drive){ 0 };
	d->kind = sim_handler(w->sim, "arrive", arrive, d);
	network_owner(w->sim, PURPOSE_APPLICATION, on_answer, d);
	sim_at(w->sim, 0, d->kind, 0, 0);
}

static void run(struct world *w)
{
	world_run(w);
	assert_true(report_imbalance(w->report, NULL) == 0);
	assert_true(w->report->n_audit > 0);
}

static void a_message_is_answered_where_its_processing_ends(void **st)
{
	static const struct {
		const char *processing;
		simtime_t at;
	} cases[] = {
		{ "at='edge'", 2 * SIM_SECOND },
		{ "at='cloud'", (3 + 5) * SIM_SECOND },
		{ "forward='100%'", (2 + 3 + 5) * SIM_SECOND },
		{ "forward='0%'", 2 * SIM_SECOND },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world w;
		struct drive d;
		begin(&w, &d, "", "", cases[i].processing, "");
		run(&w);
		assert_int_equal(d.fates[FATE_DELIVERED], 1);
		assert_int_equal(d.at, cases[i].at);
		assert_int_equal(network_held(w.sim, PURPOSES), 0);
		world_close(&w);
	}
}

static void what_goes_on_is_condensed_and_pays_for_its_bytes(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "", "capacity='80bps'", "forward='100%' condense='25%'", "");
	run(&w);
	assert_int_equal(d.at, (2 + 3 + 5) * SIM_SECOND + 2500 * SIM_MS);
	assert_close(world_kpi(&w, "edge.forwarded-bytes-ratio"), 0.25, 1e-12);
	assert_close(world_kpi(&w, "edge.forwarded-ratio"), 1, 0);
	world_close(&w);
}

static void every_way_to_lose_a_message_is_told_and_counted(void **st)
{
	static const struct {
		const char *edge, *line, *processing;
		enum fate fate;
		bool up;
	} cases[] = {
		{ "availability='0%'", "", "at='edge'", FATE_PLATFORM, false },
		{ "availability='0%'", "", "at='cloud'", FATE_PLATFORM, false },
		{ "", "availability='0%'", "at='cloud'", FATE_BACKHAUL, false },
		{ "", "availability='0%'", "forward='100%'", FATE_BACKHAUL, false },
		{ "", "availability='0%'", "at='edge'", FATE_DELIVERED, true },
		{ "servers='1' queue='0'", "", "at='edge'", FATE_QUEUE_FULL, true },
		{ "", "capacity='8bps' queue='150B'", "at='cloud'", FATE_QUEUE_FULL, true },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world w;
		struct drive d;
		begin(&w, &d, cases[i].edge, cases[i].line, cases[i].processing, "");
		sim_at(w.sim, SIM_SECOND, d.kind, 1, 0);
		run(&w);
		assert_int_equal(d.n, 2);
		assert_true(d.fates[cases[i].fate] > 0);
		assert_true(processing_up(w.sim, 0) == cases[i].up);
		world_close(&w);
	}
}

static void what_is_under_way_at_the_end_is_held(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "servers='1'", "capacity='1bps'", "forward='100%'", "");
	for (uint32_t k = 1; k <= 3; k++) /* one on the way, one served, one waits */
		sim_at(w.sim, SIM_HOUR - 3 * SIM_SECOND, d.kind, k, 0);
	run(&w);
	assert_int_equal(d.n, 1); /* the first */
	assert_int_equal(network_held(w.sim, PURPOSES), 3);
	world_close(&w);
}

static void while_a_link_is_down_its_backup_carries(void **st)
{
	struct world w;
	struct drive d;

	(void)st;
	begin(&w, &d, "", "availability='0%' backup='spare'", "at='cloud'",
	      "<backhaul id='spare' latency='7s' availability='0%' backup='last'/><backhaul id='last' latency='20s'/>");
	assert_true(processing_up(w.sim, 0));
	run(&w);
	assert_int_equal(d.at, (20 + 5) * SIM_SECOND);
	assert_close(world_kpi(&w, "backhaul.way-availability"), 1, 0);
	assert_close(world_kpi(&w, "backhaul.failover-share"), 1, 0);
	assert_close(world_kpi(&w, "backhaul.availability"), 1 / 3.0, 1e-12);
	world_close(&w);
}

/* The availability of the class follows the edge and its way. */
static void count_change(struct sim *s, void *ctx, bool up)
{
	(void)s, (void)up;
	++*(uint32_t *)ctx;
}

static void breaks_of_edge_and_way_are_told(void **st)
{
	struct world w;
	struct drive d;
	uint32_t changes = 0;

	(void)st;
	begin(&w, &d, "availability='50%' repair='1min'", "availability='50%' repair='1min'", "at='cloud'", "");
	processing_watch(w.sim, 0, count_change, &changes);
	run(&w);
	assert_in_range(changes, 60, 180); /* two of a change a minute each, in an hour */
	world_close(&w);
}

static void mistakes_are_named(void **st)
{
	static const struct {
		const char *body, *why;
	} bad[] = {
		{ "<processing at='edge'/>", "edge" },
		{ "<processing edge='nobody'/>", "there is no <edge>" },
		{ "<processing edge='kiosk' at='edge' forward='10%'/>", "goes with at=\"split\"" },
		{ "<processing edge='kiosk' at='cloud' condense='10%'/>", "goes with at=\"split\"" },
		{ "<processing edge='kiosk' forward='110%'/>", "is outside 0% .. 100%" },
	};
	char body[512];

	(void)st;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct world w;
		snprintf(body, sizeof body,
			 "<edge id='kiosk'/><device-class id='meter'>%s</device-class>"
			 "<deploy class='meter' count='1' placement='uniform'/>",
			 bad[i].body);
		assert_false(world_load(&w, body));
		assert_true(world_complains(&w, bad[i].why));
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_answered_where_its_processing_ends),
		cmocka_unit_test(what_goes_on_is_condensed_and_pays_for_its_bytes),
		cmocka_unit_test(every_way_to_lose_a_message_is_told_and_counted),
		cmocka_unit_test(what_is_under_way_at_the_end_is_held),
		cmocka_unit_test(while_a_link_is_down_its_backup_carries),
		cmocka_unit_test(breaks_of_edge_and_way_are_told),
		cmocka_unit_test(mistakes_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
