/* <power-outage> and <backhaul-cut>: what fails, and when it is back. */
#include "tests/unit/crisis/upheaval.h"

/* What was broken at some moment, and when it came back. */
struct look {
	simtime_t at;
	enum asset_kind kind;
	const char *element; /* id; NULL: any */
	uint32_t n, broken, back;
	double time; /* sum of the times that they were away, s */
	uint64_t which;
	bool in_west_alone, east;
};

static bool is_west(struct point at)
{
	return hypot(at.x - 2500, at.y - 5000) <= 2000;
}

static void on_look(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct look *l = ctx;
	uint32_t n;
	const struct asset *a = assets_of(s, &n);

	(void)subject, (void)detail;
	l->in_west_alone = true;
	for (uint32_t i = 0; i < n; i++) {
		if (a[i].kind != l->kind || (l->element && strcmp(a[i].element->id, l->element) != 0))
			continue;
		l->n++;
		l->broken += a[i].reasons > 0;
		l->which = rng_mix(l->which ^ a[i].reasons);
		l->in_west_alone &= (a[i].reasons > 0) == is_west(a[i].at);
	}
}

static void on_watch(struct sim *s, void *ctx, uint32_t asset)
{
	struct look *l = ctx;
	uint32_t n;
	const struct asset *a = &assets_of(s, &n)[asset];

	if (a->kind != l->kind || a->reasons)
		return;
	l->back++;
	l->time += sim_seconds(s->now - SIM_HOUR);
}

static void look(struct look *l, const char *body, const char *crisis, simtime_t end)
{
	struct outbreak o;

	upheaval_open(&o, body, crisis, 0, false, end);
	sim_at(o.sim, l->at, sim_handler(o.sim, "test.look", on_look, l), 0, 0);
	asset_watch(o.sim, on_watch, l);
	upheaval_run(&o);
	upheaval_close(&o);
}

#define GRID(n) "<power-grid feeders='" n "' availability='100%'/><device-class id='light'/><deploy class='light' count='10' placement='uniform'/>"

static void an_outage_takes_its_share_of_the_feeders_for_so_long(void **st)
{
	struct outbreak o;

	(void)st;
	upheaval_open(&o, GRID("100"), "<power-outage at='6h' lasts='2h' share='30%'/>", 0, false, SIM_DAY);
	upheaval_run(&o);
	assert_close(upheaval_kpi(&o, "power-grid.availability"), 1 - 0.3 * 2 / 24, 1e-9);
	assert_close(upheaval_kpi(&o, "power-grid.interruptions"), 0.3 * 365.25, 1e-6);
	upheaval_close(&o);
	upheaval_open(&o, GRID("100"), "<power-outage at='6h' lasts='2h' share='30%'/>", 0, true, SIM_DAY);
	upheaval_run(&o);
	assert_close(upheaval_kpi(&o, "power-grid.availability"), 1, 1e-12); /* the twin has none */
	upheaval_close(&o);
}

/* All for two hours, half of them for four more that overlap by one: a feeder that is in both is back after the second. */
static void outages_that_overlap_add_up(void **st)
{
	struct outbreak o;

	(void)st;
	upheaval_open(&o, GRID("10"), "<power-outage at='6h' lasts='2h'/><power-outage at='7h' lasts='4h' share='50%'/>", 0,
		      false, SIM_DAY);
	upheaval_run(&o);
	assert_close(upheaval_kpi(&o, "power-grid.availability"), 1 - (5 * 2 + 5 * 5) / 240.0, 1e-9);
	assert_close(upheaval_kpi(&o, "power-grid.interruptions"), 365.25, 1e-6);
	upheaval_close(&o);
}

static void a_district_and_a_circle_hold_the_feeders_that_fail(void **st)
{
	static const char *const where[] = { "districts='west'", "centre='2.5km 5km' radius='2km'" };
	struct look l;
	char crisis[256];

	(void)st;
	for (int k = 0; k < 2; k++) {
		snprintf(crisis, sizeof crisis, "<power-outage at='1h' lasts='2h' %s/>", where[k]);
		l = (struct look){ .at = 2 * SIM_HOUR, .kind = ASSET_FEEDER };
		look(&l, GRID("400"), crisis, SIM_DAY);
		assert_int_equal(l.n, 400);
		assert_true(l.in_west_alone);
		assert_close(l.broken, 400 * 4 * M_PI / 100, 8); /* by area, but for the edge */
	}
	l = (struct look){ .at = 2 * SIM_HOUR, .kind = ASSET_FEEDER };
	look(&l, GRID("400"), "<power-outage at='1h' lasts='2h' districts=' east west '/>", SIM_DAY);
	assert_close(l.broken, 400 * 5 * M_PI / 100, 8);
}

static void each_feeder_is_back_after_a_time_of_its_own(void **st)
{
	struct look l = { .at = SIM_HOUR + 55 * SIM_HOUR, .kind = ASSET_FEEDER };
	double days = 86400, e = exp(-1);

	(void)st;
	look(&l, GRID("1000"), "<power-outage at='1h' restoration='55h'/>", 2000 * SIM_DAY);
	assert_int_equal(l.back, 1000);
	assert_close(l.time / 1000, 55 * 3600, 4 * 55 * 3600 / sqrt(1000));
	assert_close(l.broken, 1000 * e, 4 * sqrt(1000 * e * (1 - e)));

	/* half of a log-normal law are over at its median: the mean ÷ sqrt(1 + variation2) */
	l = (struct look){ .at = SIM_HOUR + (simtime_t)(71.6 / sqrt(1.25) * 86400e9), .kind = ASSET_FEEDER };
	look(&l, GRID("1000"), "<power-outage at='1h' restoration='71.6d' law='log-normal' variation='0.5'/>",
	     2000 * SIM_DAY);
	assert_int_equal(l.back, 1000);
	assert_close(l.time / 1000 / days, 71.6, 4 * 0.5 * 71.6 / sqrt(1000));
	assert_close(l.broken, 500, 4 * sqrt(250));
}

static void an_outage_draws_the_same_feeders_whatever_else_happens(void **st)
{
	struct look alone = { .at = 2 * SIM_HOUR, .kind = ASSET_FEEDER }, among = alone;

	(void)st;
	look(&alone, GRID("40"), "<power-outage id='o' at='1h' lasts='2h' share='25%'/>", SIM_DAY);
	look(&among, GRID("40") "<device-class id='lamp'/><deploy class='lamp' count='5' placement='uniform'/>",
	     "<power-outage id='p' at='10min' lasts='2min' share='40%'/><power-outage id='o' at='1h' lasts='2h' share='25%'/>",
	     SIM_DAY);
	assert_int_equal(alone.broken, 10);
	assert_int_equal(alone.which, among.which);
}

#define GATEWAYS \
	"<backhaul id='fibre' latency='4ms' availability='100%' backup='lte'/><backhaul id='lte' latency='40ms' availability='100%'/>" \
	"<backhaul id='alone' latency='4ms' availability='100%'/>" \
	"<lorawan id='l'><gateways placement='grid' count='16' backhaul='fibre'/><gateway position='5km 5km' backhaul='alone'/></lorawan>" \
	"<device-class id='m'><battery/><uses network='l'/><traffic period='1h'/></device-class><deploy class='m' count='20' " \
	"placement='uniform'/>"

static void a_cut_takes_the_links_of_its_backhaul_and_leaves_others(void **st)
{
	struct look l = { .at = 2 * SIM_HOUR, .kind = ASSET_BACKHAUL, .element = "fibre" };

	(void)st;
	look(&l, GATEWAYS, "<backhaul-cut at='1h' lasts='2h' backhaul='fibre' share='50%'/>", 4 * SIM_HOUR);
	assert_int_equal(l.n, 16);
	assert_int_equal(l.broken, 8);
	assert_int_equal(l.back, 8);
	l = (struct look){ .at = 2 * SIM_HOUR, .kind = ASSET_BACKHAUL, .element = "lte" };
	look(&l, GATEWAYS, "<backhaul-cut at='1h' lasts='2h' backhaul='fibre'/>", 4 * SIM_HOUR);
	assert_int_equal(l.broken, 0);
	l = (struct look){ .at = 2 * SIM_HOUR, .kind = ASSET_BACKHAUL, .element = "lte" };
	look(&l, GATEWAYS, "<backhaul-cut at='1h' lasts='2h' centre='2.5km 5km' radius='2km'/>", 4 * SIM_HOUR);
	assert_true(l.broken > 0 && l.in_west_alone);
}

/* Fibre is cut for two hours of four; the backup takes over but for the switch-over time of 30 s. */
static void a_backup_carries_on_while_links_are_cut(void **st)
{
	struct outbreak o;

	(void)st;
	upheaval_open(&o, GATEWAYS, "<backhaul-cut at='1h' lasts='2h' backhaul='fibre'/>", 0, false, 4 * SIM_HOUR);
	upheaval_run(&o);
	assert_close(upheaval_kpi(&o, "backhaul.way-availability"), 1 - 30 / 14400.0, 1e-9);
	upheaval_close(&o);
}

/* One gateway whose link is cut for an hour of four: a quarter of the readings. */
static void without_a_backup_what_is_sent_meanwhile_is_lost(void **st)
{
	struct outbreak o;

	(void)st;
	upheaval_open(
		&o,
		"<backhaul id='alone' availability='100%'/>"
		"<lorawan id='l' activation='personalised' adr='off' spreading-factor='7'><gateway position='5km 5km' backhaul='alone'/></lorawan>"
		"<device-class id='m'><battery/><uses network='l'/><traffic period='2min' pattern='poisson'/></device-class>"
		"<deploy class='m' count='20' centre='5km 5km' radius='500m'/>",
		"<backhaul-cut at='1h' lasts='1h'/>", 0, false, 4 * SIM_HOUR);
	upheaval_run(&o);
	assert_close(upheaval_kpi(&o, "losses.backhaul"), 0.25, 4 * sqrt(0.25 * 0.75 / 2400));
	upheaval_close(&o);
}

static void what_cannot_be_meant_is_refused(void **st)
{
	(void)st;
	assert_true(upheaval_refused("", "<power-outage at='1h' lasts='2h'/>", "needs feeders"));
	assert_true(upheaval_refused(GRID("4"), "<power-outage at='1h'/>", "does not say how long"));
	assert_true(upheaval_refused(GRID("4"), "<power-outage at='1h' lasts='1h' restoration='1h'/>", "in two ways"));
	assert_true(upheaval_refused(GRID("4"), "<power-outage lasts='1h'/>", "does not say when"));
	assert_true(upheaval_refused(GRID("4"), "<power-outage at='1h' lasts='1h' districts='west wset'/>", "\"wset\""));
	assert_true(upheaval_refused(GRID("4"), "<power-outage at='1h' lasts='1h' radius='1km'/>", "goes with a centre"));
	assert_true(
		upheaval_refused(GRID("4"), "<power-outage at='1h' lasts='1h' centre='1km 1km'/>", "goes with a radius"));
	assert_true(
		upheaval_refused(GRID("4"), "<power-outage at='1h' lasts='1h' law='exponential'/>", "restoration only"));
	assert_true(upheaval_refused(GRID("4"), "<power-outage at='1h' restoration='1h' variation='2'/>", "log-normal"));
	assert_true(upheaval_refused("", "<backhaul-cut at='1h' lasts='2h'/>", "needs links"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_outage_takes_its_share_of_the_feeders_for_so_long),
		cmocka_unit_test(outages_that_overlap_add_up),
		cmocka_unit_test(a_district_and_a_circle_hold_the_feeders_that_fail),
		cmocka_unit_test(each_feeder_is_back_after_a_time_of_its_own),
		cmocka_unit_test(an_outage_draws_the_same_feeders_whatever_else_happens),
		cmocka_unit_test(a_cut_takes_the_links_of_its_backhaul_and_leaves_others),
		cmocka_unit_test(a_backup_carries_on_while_links_are_cut),
		cmocka_unit_test(without_a_backup_what_is_sent_meanwhile_is_lost),
		cmocka_unit_test(what_cannot_be_meant_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
