/* Rules, detections, and who is warned when. */
#include "tests/unit/crisis/alert.h"

#include "models/crisis/people.h"
#include "models/crisis/rule.h"
#include "models/crisis/warning_private.h"

/* The water comes from the middle at 06:00 and rises 1 m/h up to 3 m; the ground rises 1 m a km. */
#define FLOOD "<flood id='surge' at='6h' source='5km 5km' rise='1m/h' peak='3m' slope='0.001' lasts='12h'/>"
#define GAUGES(deploy, sensor) \
	"<device-class id='g'><uses network='net'/><sensor hazard='flood' threshold='0.5m' phase='aligned' " sensor "/></device-class>" \
	"<deploy class='g' " deploy "/>"
#define ONE GAUGES("count='1' placement='grid'", "sampling='12min' hold='1d'")
/* One site in the middle that every phone in the open hears. */
#define LTE "<lte id='lte'><site position='5km 5km' sectors='1' gain='30dB'/></lte>"
#define BROADCAST(more) "<cell-broadcast share='100%' notice='0s' indoor='0%' " more "/>"

static struct alert *fresh(const char *body)
{
	struct alert *a = calloc(1, sizeof *a);

	assert_non_null(a);
	alert_open(a, body, 0, false);
	a->takes = SIM_SECOND;
	return a;
}

static void done(struct alert *a)
{
	alert_close(a);
	free(a);
}

static void rules_mean_what_they_say(void **st)
{
	static const struct {
		const char *text;
		struct rule rule;
	} cases[] = {
		{ "any", { RULE_COUNT, 1, 0, SIM_NEVER, INFINITY, 0, 0 } },
		{ " 1 ", { RULE_COUNT, 1, 0, SIM_NEVER, INFINITY, 0, 0 } },
		{ "3 within 10min", { RULE_COUNT, 3, 0, 10 * SIM_MINUTE, INFINITY, 0, 0 } },
		{ "3 of 60 within 10min and 2km", { RULE_COUNT, 3, 60, 10 * SIM_MINUTE, 2000, 0, 0 } },
		{ "cusum 2.5 drift 36/h", { RULE_CUSUM, 1, 0, SIM_NEVER, INFINITY, 2.5, 0.01 } },
	};
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "", "is not a rule" },
		{ "some", "is not a rule" },
		{ "any within 3s", "is not a rule" },
		{ "3", "does not say within what time" },
		{ "0 within 1s", "asks for no device" },
		{ "5 of 4 within 1s", "asks for more devices than there are" },
		{ "3 within", "needs a time after within" },
		{ "3 within 0s", "needs a time after within" },
		{ "3 within 5min and 3s", "needs a radius after and" },
		{ "3 within 5min and 3km or so", "is not a rule" },
		{ "cusum", "needs a threshold and a rate" },
		{ "cusum 5", "needs a threshold and a rate" },
		{ "cusum 5 drift 3", "needs a rate after drift" },
		{ "cusum 0 drift 3/h", "needs a threshold above 0" },
		{ "cusum 5 drift 3/h and more", "needs a rate after drift" },
		{ "3 of 60 within 10min and 2km and so on and on", "is not a rule" },
	};
	struct rule r;
	const char *why;

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct rule *e = &cases[i].rule;
		assert_true(rule_parse(cases[i].text, &r, &why));
		assert_true(r.kind == e->kind && r.k == e->k && r.of == e->of && r.within == e->within);
		assert_true(r.radius >= e->radius && r.radius <= e->radius);
		assert_close(r.threshold, e->threshold, 1e-12);
		assert_close(r.drift, e->drift, 1e-12);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(rule_parse(wrong[i].text, &r, &why));
		if (!strstr(why, wrong[i].why))
			fail_msg("\"%s\" %s, not: %s", wrong[i].text, why, wrong[i].why);
	}
}

static void what_makes_no_sense_is_refused(void **st)
{
	static const struct {
		const char *crisis, *text;
	} cases[] = {
		{ "<warning hazard='flood' rule='any'/>", "the warning would reach nobody" },
		{ "<warning hazard='flood' rule='any' via='drums'/>", "names \"drums\", which is no way to warn" },
		{ "<warning hazard='flood' rule='any' via='siren'/>", "put a <siren> into the <warning>" },
		{ "<warning hazard='flood' rule='any' via='app'><siren at='1km 1km'/></warning>", "is none of the ways" },
		{ "<warning hazard='flood' rule='2 within 1s' via='app'/>",
		  "asks for 2 devices, and 1 observe the hazard" },
		{ "<warning hazard='surg' rule='any' via='app'/>", "is neither a kind of hazard" },
		{ "<warning hazard='flood' rule='any' via='app' risk='3s'/>", "it is a water level of <flood>" },
		{ "<warning hazard='flood' rule='any'><siren/></warning>", "does not say where it stands" },
		{ "<warning hazard='flood' rule='any'><siren at='1km 1km' count='3'/></warning>",
		  "says its place and a number" },
		{ "<warning hazard='flood' rule='any' via='app' decision-law='exponential'/>",
		  "is read with a decision that takes time" },
		{ "<warning hazard='flood' rule='frog' via='app'/>", "\"frog\" is not a rule (try" },
	};
	char body[1024];

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(body, sizeof body, ONE LTE "<crisis>" FLOOD "%s</crisis>", cases[i].crisis);
		assert_true(alert_refused(body, cases[i].text));
	}
	assert_true(alert_refused(ONE "<crisis>" FLOOD "<warning hazard='flood' rule='any' via='app'/></crisis>",
				  "no cellular network"));
	assert_true(
		alert_refused("<device-class id='g'><uses network='net'/></device-class><deploy class='g' count='1'/>" LTE
			      "<crisis>" FLOOD "<warning hazard='flood' rule='any' via='app'/></crisis>",
			      "is observed by no device"));
}

/* The gauge in the middle has 0.5 m at 06:30 and samples at 06:36; 1 s later the report is there, 2 min later the warning is decided, 10 s
 * after that it is on the air.  Water of 0.5 m is at r km from 06:30 + r h on, up to 2.5 km: warned before it is who lives beyond
 * the 8.183 min that this takes, at more than 136 m. */
static void who_is_warned_before_the_water_follows_by_hand(void **st)
{
	struct alert *a = fresh(ONE LTE "<crisis>" FLOOD "<warning hazard='flood' rule='any' decision='2min'>" BROADCAST(
		"") "</warning></crisis>");
	const struct people *people;
	double at_risk = 0, in_time = 0, late = 6 * 60 + 1 + 120 + 10, r;

	(void)st;
	alert_run(a);
	assert_close(alert_kpi(a, "crisis.detection-time", "all"), 361, 1e-6);
	assert_close(alert_kpi(a, "crisis.warning-time", "all"), late, 1e-6);
	assert_close(alert_kpi(a, "crisis.location-error", "all"), 0, 1e-6);
	assert_close(alert_kpi(a, "crisis.detected-ratio", "all"), 1, 0);
	assert_close(alert_kpi(a, "crisis.false-alarm-rate", "all"), 0, 0);
	people = people_of(a->sim, a->sc);
	assert_int_equal(people->n, 200);
	for (uint32_t k = 0; k < people->n; k++) {
		r = hypot(people->point[k].at.x - 5000, people->point[k].at.y - 5000);
		at_risk += r <= 2500 ? people->point[k].persons : 0;
		in_time += r <= 2500 && r * 3.6 > late ? people->point[k].persons : 0;
	}
	assert_true(at_risk > 10000 && at_risk < 30000);
	assert_close(alert_kpi(a, "crisis.people-at-risk", "all"), at_risk, 1e-6);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "all"), in_time / at_risk, 1e-12);
	done(a);
}

/* Half have a phone that shows it: of 200 points, those at risk among them. */
static void a_share_of_the_people_has_what_it_takes(void **st)
{
	struct alert *a = fresh(ONE LTE "<crisis>" FLOOD "<warning hazard='flood' rule='any' risk='1mm'>"
					"<cell-broadcast share='50%' notice='0s' indoor='0%'/></warning></crisis>");

	(void)st;
	alert_run(a);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "all"), 0.5, 4 * sqrt(0.25 / 50));
	done(a);
}

/* Without power the site broadcasts nothing until 10:00: then the warning gets through at the next full minute. */
static void a_broadcast_waits_for_a_site_with_power(void **st)
{
	static const char grid[] =
		"<power-grid feeders='1'><blackout at='5h' lasts='5h'/></power-grid>"
		"<device-class id='g'><battery/><uses network='net'/><sensor hazard='flood' threshold='0.5m' phase='aligned' sampling='12min' "
		"hold='1d'/></device-class><deploy class='g' count='1' placement='grid'/>" LTE "<crisis>" FLOOD
		"<warning hazard='flood' rule='any'><cell-broadcast share='100%' notice='0s' indoor='0%' lasts='12h'/></warning></crisis>";
	struct alert *a = fresh(grid);

	(void)st;
	alert_run(a);
	assert_close(alert_kpi(a, "crisis.warning-time", "all"), 3.5 * 3600 + 11, 1e-6);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "all"), 0, 0);
	done(a);
}

/* A siren is heard within 1 km of its place at once, and where it has no power not at all. */
static void sirens_reach_those_around_them_while_they_have_power(void **st)
{
	static const char format[] =
		"%s<device-class id='g'><battery/><uses network='net'/><sensor hazard='flood' threshold='0.5m' "
		"phase='aligned' sampling='12min' hold='1d'/></device-class><deploy class='g' count='1' placement='grid'/><crisis>" FLOOD
		"<warning hazard='flood' rule='any' risk='1mm'><siren at='6km 5km' radius='1km' share='100%%' notice='0s' %s/></warning></crisis>";
	static const char dark[] = "<power-grid feeders='1'><blackout at='5h' lasts='5h'/></power-grid>";
	static const struct {
		const char *grid, *siren;
		bool sounds;
	} cases[] = {
		{ "", "", true }, { dark, "", false }, { dark, "backup='2h'", true }, { dark, "backup='1h'", false }
	};
	char body[2048];

	(void)st;
	for (size_t i = 0; i < 4; i++) {
		struct alert *a;
		double at_risk = 0, hear = 0;
		snprintf(body, sizeof body, format, cases[i].grid, cases[i].siren);
		a = fresh(body);
		alert_run(a);
		const struct people *p = people_of(a->sim, a->sc);
		for (uint32_t k = 0; k < p->n; k++) {
			double x = p->point[k].at.x, y = p->point[k].at.y, r = hypot(x - 5000, y - 5000);
			bool before = sim_seconds(6 * SIM_HOUR) + 3.6 * (r + 1) > 6.6 * 3600 + 1;
			at_risk += r < 2999;
			hear += r < 2999 && before && hypot(x - 6000, y - 5000) <= 1000;
		}
		assert_true(hear > 3);
		assert_close(alert_kpi(a, "crisis.warned-ratio", "all"), cases[i].sounds ? hear / at_risk : 0, 1e-9);
		done(a);
	}
}

static void what_gateways_lose_is_not_detected(void **st)
{
	struct alert *a =
		fresh(ONE LTE "<crisis>" FLOOD "<warning hazard='flood' rule='any' via='cell-broadcast'/></crisis>");

	(void)st;
	a->lose = UINT64_MAX;
	alert_run(a);
	assert_close(alert_kpi(a, "crisis.detected-ratio", "all"), 0, 0);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "all"), 0, 0);
	assert_true(isnan(alert_kpi(a, "crisis.detection-time", "all")));
	assert_true(isnan(alert_kpi(a, "crisis.warning-time", "all")));
	done(a);
}

/* Four gauges on a lattice of 5 km, 3.5 km from the source, get 3.54 + 0.5 m at the same time: there are but 3 m at the source, so make it
 * 6 m.  All at once they are a detection of four, but not within 4 km of one. */
static void devices_count_once_and_within_the_radius(void **st)
{
	static const struct {
		const char *rule;
		bool detects;
	} cases[] = { { "4 within 1s", true },
		      { "4 within 1s and 8km", true },
		      { "4 within 1s and 6km", false },
		      { "3 within 1s and 6km", true },
		      { "cusum 4 drift 1/h", true } };
	char body[2048];

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct alert *a;
		snprintf(body, sizeof body,
			 GAUGES("count='4' placement='grid'", "sampling='1min' hold='0s'") LTE
			 "<crisis><flood at='6h' source='5km 5km' rise='1m/h' peak='6m' slope='0.001' lasts='12h'/>"
			 "<warning hazard='flood' rule='%s' via='cell-broadcast'/></crisis>",
			 cases[i].rule);
		a = fresh(body);
		alert_run(a);
		assert_close(alert_kpi(a, "crisis.detected-ratio", "all"), cases[i].detects, 0);
		if (i == 0)
			assert_close(alert_kpi(a, "crisis.location-error", "all"), 0, 1);
		done(a);
	}
}

/* Four gauges, of which the water gets at one: its reports are of one device, however many. */
static void reports_of_one_device_are_no_two(void **st)
{
	static const char format[] = GAUGES("count='4' placement='grid'", "sampling='1min' hold='0s'") LTE
		"<crisis><flood at='6h' source='2.5km 2.5km' rise='1m/h' peak='3m' slope='0.001' lasts='12h'/>"
		"<warning hazard='flood' rule='%s' via='cell-broadcast'/></crisis>";
	static const char *const rules[] = { "2 within 1d", "1 within 1d", "cusum 4 drift 1/h" };
	char body[2048];

	(void)st;
	for (size_t i = 0; i < 3; i++) {
		struct alert *a;
		snprintf(body, sizeof body, format, rules[i]);
		a = fresh(body);
		alert_run(a);
		assert_true(a->sent > 100);
		assert_close(alert_kpi(a, "crisis.detected-ratio", "all"), i > 0, 0);
		done(a);
	}
}

/* The first flood comes, the second does not: reports of it are not about that. */
static void a_warning_hears_the_sensors_of_its_hazard_alone(void **st)
{
	struct alert *a =
		fresh("<device-class id='f'><uses network='net'/><sensor hazard='first' threshold='0.5m'/></device-class>"
		      "<device-class id='s'><uses network='net'/><sensor hazard='second' threshold='0.5m'/></device-class>"
		      "<deploy class='f' count='1' placement='grid'/><deploy class='s' count='1' placement='grid'/>" LTE
		      "<crisis><flood id='first' at='6h' source='5km 5km' rise='1m/h' peak='3m' lasts='12h'/>"
		      "<flood id='second' at='6h' probability='0%' source='5km 5km' rise='1m/h' peak='3m' lasts='12h'/>"
		      "<warning id='one' hazard='first' rule='any' via='cell-broadcast'/>"
		      "<warning id='two' hazard='second' rule='any' via='cell-broadcast'/></crisis>");

	(void)st;
	alert_run(a);
	assert_true(a->sent > 1);
	assert_close(alert_kpi(a, "crisis.detected-ratio", "warning=one"), 1, 0);
	assert_close(alert_kpi(a, "crisis.false-alarm-rate", "warning=two"), 0, 0);
	done(a);
}

/* Ten valves, two of which the network does not get at. */
static void devices_act_on_a_warning_that_reaches_them(void **st)
{
	struct alert *a = fresh(
		ONE
		"<device-class id='valve'><uses network='net'/></device-class><deploy class='valve' count='10'/><crisis>" FLOOD
		"<warning hazard='flood' rule='any'><downlink class='valve'/></warning></crisis>");

	(void)st;
	a->lose = 6;
	a->takes = 3 * SIM_SECOND;
	alert_run(a);
	assert_int_equal(a->sent, 11);
	assert_close(alert_kpi(a, "crisis.actuated-ratio", "all"), 0.8, 1e-12);
	assert_close(alert_kpi(a, "crisis.actuation-time", "all"), 3, 1e-9);
	done(a);
}

static void the_twin_neither_detects_nor_warns(void **st)
{
	struct alert *a = calloc(1, sizeof *a);

	(void)st;
	assert_non_null(a);
	alert_open(a, ONE LTE "<crisis>" FLOOD "<warning hazard='flood' rule='any' via='cell-broadcast'/></crisis>", 0,
		   true);
	alert_run(a);
	assert_int_equal(a->sent, 0);
	assert_true(isnan(alert_kpi(a, "crisis.false-alarm-rate", "all")));
	done(a);
}

/* ---- an earthquake of the test's own ---- */

/* West of the city; P at 6 km/s, S at 3.5 km/s (facts 4.4), as strong everywhere. */
static double from_quake(struct point at)
{
	return hypot(at.x + 40000, at.y - 5000);
}

static double quake_intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	return t < o->onset + sim_from_seconds(from_quake(at) / 3500) ? 0 : 10;
}

static double quake_peak(const struct occurrence *o, struct point at)
{
	(void)o, (void)at;
	return 10;
}

static simtime_t quake_reach(const struct occurrence *o, struct point at, double level)
{
	return level <= 10 ? o->onset + sim_from_seconds(from_quake(at) / 3500) : SIM_NEVER;
}

static simtime_t quake_herald(const struct occurrence *o, struct point at)
{
	return o->onset + sim_from_seconds(from_quake(at) / 6000);
}

static const struct hazard_type quake = {
	.measure = "shaking", .intensity = quake_intensity, .peak = quake_peak, .reach = quake_reach, .herald = quake_herald,
};

/* What was set up as a flood is that earthquake. */
static void make_quake(struct alert *a)
{
	uint32_t n;
	struct occurrence *o = (struct occurrence *)(uintptr_t)crisis_occurrences(crisis_of(a->sim), &n);
	struct sensor *sensor;
	struct warning_plan *plan = scenario_first(a->sc, &warning_model)->data;

	assert_int_equal(n, 1);
	sensor = (struct sensor *)(uintptr_t)sensors_of(a->sim, &n);
	assert_int_equal(n, 1);
	o->type = sensor->hazard.type = plan->hazard.type = &quake;
}

/* Warning time = d / Vs - (ds / Vp + processing + delivery): 0.01 s at most until the sample, 0.5 s for the report, 1 s on the air. */
static void the_p_wave_gives_the_time_of_the_closed_form(void **st)
{
	struct alert *a = fresh(GAUGES("count='1' placement='grid'", "sampling='10ms' hold='1h'") LTE
				"<crisis>" FLOOD "<warning hazard='flood' rule='any' decision='500ms'>" BROADCAST(
					"latency='1s'") "</warning></crisis>");
	const struct people *people;
	double delay, in_time = 0, lead;
	uint32_t longer = 0;

	(void)st;
	make_quake(a);
	a->takes = 500 * SIM_MS;
	alert_run(a);
	delay = 45000 / 6000.0 + 0.5 + 0.5 + 1;
	people = people_of(a->sim, a->sc);
	lead = alert_kpi(a, "crisis.lead-time", "all");
	for (uint32_t k = 0; k < people->n; k++) {
		double own = from_quake(people->point[k].at) / 3500 - delay;
		in_time += own > 0;
		longer += own > lead + 0.01;
	}
	assert_close(alert_kpi(a, "crisis.detection-time", "all"), 0.5, 0.01);
	assert_close(alert_kpi(a, "crisis.warning-time", "all"), 2, 0.01);
	assert_close(alert_kpi(a, "crisis.people-at-risk", "all"), 100000, 1e-6);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "all"), in_time / people->n, 1e-9);
	assert_true(lead > 1 && longer <= in_time / 2);
	done(a);
}

/* The push of an app takes 30 s and its notice 2 min, both exponential, after the 361 s of detection: the mean is 511 s, and 95 % of
 * those reached have it when 5 % of the sum of the two is left: (120 e^(-t/120) - 30 e^(-t/30)) / 90 = 0.05 at t = 394 s. */
static void an_app_takes_the_time_of_its_two_laws(void **st)
{
	struct alert *a = fresh(
		ONE LTE "<crisis><flood at='6h' source='5km 5km' rise='1m/h' peak='8m' slope='0.001' lasts='18h'/>"
			"<warning hazard='flood' rule='any' risk='1mm'><app share='100%' indoor='0%'/></warning></crisis>");

	(void)st;
	alert_run(a);
	/* the 95 % quantile of 200 people: 4 standard errors of sqrt(p (1 - p) / n) / f(q), f = 0.05 / 120 */
	assert_close(alert_kpi(a, "crisis.warning-time", "all"), 361 + 394, 4 * sqrt(0.0475 / 200) / (0.05 / 120));
	done(a);
}

/* Two districts in the water's way and one beyond it. */
static void districts_have_their_own_share(void **st)
{
	static const char body[] =
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/><city width='10km' height='10km'>"
		"<district id='near' centre='5km 5km' radius='100m' population='1000'/>"
		"<district id='wet' centre='6.5km 5km' radius='200m' population='2000'/>"
		"<district id='dry' centre='1km 9km' radius='500m' population='3000'/><shadowing deviation='0dB'/></city><lorawan id='net'/>" ONE
			LTE "<crisis>" FLOOD
		"<warning hazard='flood' rule='any' decision='2min'>" BROADCAST("") "</warning></crisis></scenario>";
	struct alert *a = calloc(1, sizeof *a);

	(void)st;
	assert_non_null(a);
	alert_begin(a, body, 0, false);
	a->takes = SIM_SECOND;
	alert_run(a);
	assert_close(alert_kpi(a, "crisis.people-at-risk", "all"), 3000, 1e-6);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "all"), 2 / 3.0, 1e-9);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "district=near"), 0, 0);
	assert_close(alert_kpi(a, "crisis.warned-ratio", "district=wet"), 1, 0);
	assert_true(isnan(alert_kpi(a, "crisis.warned-ratio", "district=dry")));
	for (size_t i = 0; i < a->report->n_cells; i++) {
		const struct cell_row *c = &a->report->cells[i];
		assert_true(strcmp(c->def->name, "crisis.warned") != 0 || strcmp(c->row, "dry") != 0);
		if (strcmp(c->row, "wet") == 0 && strcmp(c->column, "persons at risk") == 0)
			assert_close(c->value, 2000, 1e-6);
	}
	done(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_mean_what_they_say),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(who_is_warned_before_the_water_follows_by_hand),
		cmocka_unit_test(a_share_of_the_people_has_what_it_takes),
		cmocka_unit_test(a_broadcast_waits_for_a_site_with_power),
		cmocka_unit_test(sirens_reach_those_around_them_while_they_have_power),
		cmocka_unit_test(what_gateways_lose_is_not_detected),
		cmocka_unit_test(devices_count_once_and_within_the_radius),
		cmocka_unit_test(reports_of_one_device_are_no_two),
		cmocka_unit_test(a_warning_hears_the_sensors_of_its_hazard_alone),
		cmocka_unit_test(devices_act_on_a_warning_that_reaches_them),
		cmocka_unit_test(the_p_wave_gives_the_time_of_the_closed_form),
		cmocka_unit_test(an_app_takes_the_time_of_its_two_laws),
		cmocka_unit_test(districts_have_their_own_share),
		cmocka_unit_test(the_twin_neither_detects_nor_warns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
