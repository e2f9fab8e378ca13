/* Where devices are while they move; classes that take after others. */
#include "tests/unit/device/town.h"

#include "models/device/mobility.h"

#define CITY  "<city width='4km' height='3km'/>"

static void open_with(struct town *t, const char *mobility, const char *deploy)
{
	char body[1024];

	snprintf(body, sizeof body, CITY "<device-class id='m'>%s</device-class><deploy class='m' %s/>", mobility, deploy);
	town_open(t, "duration='30d'", body);
}

static struct point at(const struct town *t, uint32_t i, double seconds)
{
	t->sim->now = sim_from_seconds(seconds);
	return device_position(t->sim, t->dev, i);
}

static void assert_at(const struct town *t, uint32_t i, double seconds, double x, double y)
{
	struct point p = at(t, i, seconds);

	if (!(hypot(p.x - x, p.y - y) < 1e-6)) {
		print_error("device %u at %g s is at %.9g %.9g, not %.9g %.9g\n", i, seconds, p.x, p.y, x, y);
		fail();
	}
}

static void a_route_is_followed_back_and_forth(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("r.csv", "route,seq,x,y\na,2,1100,100\na,1,100,100\na,3,1100,600\n");
	open_with(&t, "<mobility pattern='route' routes='r.csv' speed='10m/s' pause='20s' phase='start'/>", "count='1'");
	assert_true(device_moves(t.dev, 0));
	assert_at(&t, 0, 0, 100, 100);
	assert_at(&t, 0, 30, 400, 100);
	assert_at(&t, 0, 120, 1100, 300);
	assert_at(&t, 0, 150, 1100, 600); /* there: 150 s, then 20 s */
	assert_at(&t, 0, 169, 1100, 600);
	assert_at(&t, 0, 180, 1100, 500);
	assert_at(&t, 0, 310, 200, 100);
	assert_at(&t, 0, 330, 100, 100); /* back: 320 s, then 20 s */
	assert_at(&t, 0, 340 + 30, 400, 100);
	assert_at(&t, 0, 340 * 5000.0 + 180, 1100, 500);
	town_close(&t);
}

static void a_loop_closes_itself_and_one_way_ends(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("r.csv", "route,seq,x,y\na,1,0,0\na,2,300,0\na,3,300,400\n");
	open_with(&t, "<mobility pattern='route' routes='r.csv' speed='1m/s' ends='loop' phase='start'/>", "count='1'");
	assert_at(&t, 0, 700 + 250, 150, 200);
	assert_at(&t, 0, 1200 + 10, 10, 0);
	town_close(&t);
	t = (struct town){ 0 };
	open_with(&t, "<mobility pattern='route' routes='r.csv' speed='1m/s' ends='one-way'/>", "count='1' start='1h'");
	assert_at(&t, 0, 3000, 0, 0);
	assert_at(&t, 0, 3600 + 400, 300, 100);
	assert_at(&t, 0, 3600 + 70000, 300, 400);
	town_close(&t);
}

static void times_of_a_file_are_kept(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("r.csv", "route,seq,x,y,time_s\na,1,0,0,0\na,2,0,0,60\na,3,1000,0,160\n");
	open_with(&t, "<mobility pattern='route' routes='r.csv' ends='one-way'/>", "count='1'");
	assert_at(&t, 0, 59, 0, 0);
	assert_at(&t, 0, 110, 500, 0);
	assert_at(&t, 0, 161, 1000, 0);
	town_close(&t);
}

static void routes_are_taken_in_turn_and_phases_spread(void **st)
{
	struct town t = { 0 };
	double sum = 0;

	(void)st;
	write_file("r.csv", "route,seq,x,y\nb,1,0,2000\nb,2,1000,2000\na,1,0,1000\na,2,1000,1000\n");
	open_with(&t, "<mobility pattern='route' routes='r.csv' speed='5m/s' speed-max='15m/s'/>", "count='4000'");
	for (uint32_t i = 0; i < 4000; i++) {
		assert_close(t.dev->y[i], i % 2 ? 2000 : 1000, 0);
		assert_close(at(&t, i, 0).x, (double)t.dev->x[i], 1e-3); /* rows hold floats */
		sum += (double)t.dev->x[i];
	}
	assert_close(sum / 4000, 500, 4 * 1000 / sqrt(12.0 * 4000)); /* uniform on the way: 4 standard errors */
	town_close(&t);
}

/* Seen every second: no faster than allowed, within the spot, and the same however rarely it is asked. */
static void a_wanderer_keeps_to_its_area_and_speed(void **st)
{
	static const char how[] = "<mobility speed='2m/s' speed-max='8m/s' pause='30s'/>";
	static const char where[] = "count='20' centre='1km 1km' radius='300m'";
	struct town often = { 0 }, rarely = { 0 };
	double moved = 0;

	(void)st;
	open_with(&often, how, where);
	open_with(&rarely, how, where);
	for (uint32_t i = 0; i < 20; i++) {
		struct point last = at(&often, i, 0), p;
		assert_close(hypot(last.x - (double)often.dev->x[i], last.y - (double)often.dev->y[i]), 0, 1e-9);
		for (int k = 1; k <= 3000; k++) {
			p = at(&often, i, k);
			assert_true(hypot(p.x - last.x, p.y - last.y) <= 8 + 1e-6);
			assert_true(hypot(p.x - 1000, p.y - 1000) <= 300 + 1e-6);
			moved += hypot(p.x - last.x, p.y - last.y);
			last = p;
		}
		assert_at(&rarely, i, 3000, last.x, last.y);
	}
	assert_true(moved > 20 * 3000);
	town_close(&often);
	town_close(&rarely);
}

static void other_classes_change_no_way(void **st)
{
	static const char class[] = "<device-class id='m'><mobility/></device-class><deploy class='m' count='5'/>";
	struct town one = { 0 }, two = { 0 };
	char body[1024];

	(void)st;
	snprintf(body, sizeof body, CITY "%s", class);
	town_open(&one, "duration='1d'", body);
	snprintf(body, sizeof body, CITY "<device-class id='a'/><deploy class='a' count='7'/>%s", class);
	town_open(&two, "duration='1d'", body);
	assert_false(device_moves(two.dev, 0));
	assert_false(two.dev->classes[0].moves);
	for (uint32_t i = 0; i < 5; i++) {
		struct point p = at(&one, i, 50000);
		assert_at(&two, i + 7, 50000, p.x, p.y);
	}
	town_close(&one);
	town_close(&two);
}

/* A deploy's <mobility> goes before its class's, and only its devices heed it. */
static void a_deploy_may_move_otherwise(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("r.csv", "route,seq,x,y\na,1,0,0\na,2,1000,0\n");
	town_open(
		&t, "duration='1d'",
		CITY
		"<device-class id='m'/><deploy class='m' count='1'/>"
		"<deploy class='m' count='1'><mobility pattern='route' routes='r.csv' ends='one-way' speed='1m/s'/></deploy>");
	assert_true(t.dev->classes[0].moves);
	assert_false(device_moves(t.dev, 0));
	assert_at(&t, 0, 80000, (double)t.dev->x[0], (double)t.dev->y[0]);
	assert_at(&t, 1, 400, 400, 0);
	town_close(&t);
}

static void lines_of_geojson_are_routes(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("r.geojson",
		   "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":"
		   "{\"type\":\"LineString\",\"coordinates\":[[7.1,50.7],[7.11,50.7]]}}]}");
	town_open(
		&t, "duration='1d'",
		"<city origin='50.69N 7.09E' width='4km' height='3km'/><device-class id='m'>"
		"<mobility pattern='route' routes='r.geojson' speed='1m/s' ends='one-way'/></device-class><deploy class='m' count='1'/>");
	struct point from = at(&t, 0, 0), to = at(&t, 0, 80000);
	/* a hundredth of a degree of longitude at 50.7 N, WGS84: 706.6 m */
	assert_close(to.x - from.x, 706.6, 1);
	assert_close(to.y - from.y, 0, 1e-6);
	town_close(&t);
}

static void what_is_wrong_with_routes_is_said(void **st)
{
	static const struct {
		const char *file, *text, *attributes, *message;
	} cases[] = {
		{ "r.csv", "route,seq,x,y\na,1,0,0\na,two,5,5\n", "", "r.csv:3: column seq: \"two\"" },
		{ "r.csv", "route,seq,x,y\na,1,0,0\na,1,5,5\n", "", "r.csv:3: seq: route a has two points 1" },
		{ "r.csv", "route,seq,x,y\na,1,0,0\n", "", "r.csv:2: route a has fewer than two points" },
		{ "r.csv", "route,seq,x,y\na,1,3,3\na,2,3,3\n", "", "r.csv:2: route a has no length" },
		{ "r.csv", "route,seq,x,y\n,1,3,3\n", "", "r.csv:2: route: is empty" },
		{ "r.csv", "route,seq,x,y\n", "", "has no rows: no routes" },
		{ "r.csv", "route,x,y\na,1,2\n", "", "seq" },
		{ "r.csv", "route,seq,lat,lon\na,1,50,7\na,2,51,7\n", "",
		  "has degrees, but the city has no place on earth" },
		{ "r.csv", "route,seq,x,y,time_s\na,1,0,0,5\na,2,3,3,9\n", "", "r.csv:2: time_s: 5 s is not 0" },
		{ "r.csv", "route,seq,x,y,time_s\na,1,0,0,0\na,2,3,3,0\n", "", "r.csv:3: time_s: 0 s is not after" },
		{ "r.csv", "route,seq,x,y,time_s\na,1,0,0,0\na,2,3,3,9\n", "ends='loop'", "does not end where it begins" },
		{ "r.csv", "route,seq,x,y,time_s\na,1,0,0,0\na,2,3,3,9\n", "speed='3m/s'",
		  "speed>: \"3m/s\" is not read: the routes have times" },
		{ "r.csv", "route,seq,x,y\na,1,0,0\na,2,3,3\n", "speed='0m/s'", "<mobility speed>: \"0m/s\" is outside" },
		{ "r.csv", "route,seq,x,y\na,1,0,0\na,2,3,3\n", "speed='3m/s' speed-max='2m/s'", "is below the speed" },
		{ "r.csv", "route,seq,x,y\na,1,0,0\na,2,3,3\n", "ends='one-way' phase='random'", "there is no cycle" },
		{ "r.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}", "", "no place on earth" },
		{ "r.geojson", "{", "", "r.geojson:1: is not JSON" },
	};
	char body[512];

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_file(cases[i].file, cases[i].text);
		snprintf(
			body, sizeof body,
			CITY
			"<device-class id='m'><mobility pattern='route' routes='%s' %s/></device-class><deploy class='m' count='1'/>",
			cases[i].file, cases[i].attributes);
		town_refuses(body, cases[i].message);
	}
#define EARTH                                                                                                              \
	"<city origin='50.69N 7.09E' width='4km' height='3km'/><device-class id='m'>"                                      \
	"<mobility pattern='route' routes='r.geojson'/></device-class><deploy class='m' count='1'/>"
	write_file("r.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}");
	town_refuses(EARTH, "holds no LineString: no routes");
	write_file("r.geojson", "{\"type\":\"Point\",\"coordinates\":[7.1,50.7]}");
	town_refuses(EARTH, "its geometry is no LineString");
	write_file("r.geojson", "{\"type\":\"LineString\",\"coordinates\":[[7.1,50.7],[7.1,95]]}");
	town_refuses(EARTH, "is not in degrees");
	town_refuses(CITY "<device-class id='m'><mobility pattern='route'/></device-class><deploy class='m' count='1'/>",
		     "routes>: is needed for pattern=\"route\"");
	town_refuses(CITY "<device-class id='m'><mobility routes='r.csv'/></device-class><deploy class='m' count='1'/>",
		     "is read with pattern=\"route\" only");
	write_file("r.csv", "route,seq,x,y\na,1,0,0\na,2,3,3\n");
	town_refuses(CITY "<device-class id='m'><mobility pattern='route' routes='r.csv'/></device-class>"
			  "<deploy class='m' count='1' placement='grid'/>",
		     "is not read: its devices begin on their routes");
}

static void a_class_takes_after_another(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(
		&t, "duration='1d'",
		CITY
		"<device-class id='lib' template='on' vertical='water' height='3m'><traffic period='1h'/><battery capacity='19Wh'/>"
		"</device-class><device-class id='between' template='on' base='lib' gain='2dB'/>"
		"<device-class id='m' base='between' height='5m'><uses network='l'/><traffic period='2h'/><traffic period='3h'/></device-class>"
		"<deploy class='m' count='3'/><lorawan id='l'/>");
	assert_int_equal(t.dev->n_classes, 1);
	assert_string_equal(t.dev->classes[0].id, "m");
	assert_string_equal(t.dev->classes[0].vertical, "water");
	assert_close(t.dev->classes[0].height, 5, 0);
	assert_close(t.dev->classes[0].gain_db, 2, 0);
	assert_true(t.dev->classes[0].battery);
	const struct model *traffic = table_model(&t.table, "traffic", "device-class");
	const struct node *own = node_child(t.dev->classes[0].node, traffic);
	assert_non_null(own);
	assert_non_null(node_next(own));
	assert_null(node_next(node_next(own)));
	town_close(&t);
	town_refuses(CITY "<device-class id='m' base='nobody'/><deploy class='m' count='1'/>",
		     "<device-class base>: \"nobody\" is the id of no <device-class>");
	town_refuses(CITY "<device-class id='m' base='n'/><device-class id='n' base='m'/><deploy class='m' count='1'/>",
		     "takes after itself");
	town_refuses(CITY "<device-class id='m' template='on'/><deploy class='m' count='1'/>", "<deploy class>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_is_followed_back_and_forth),
		cmocka_unit_test(a_loop_closes_itself_and_one_way_ends),
		cmocka_unit_test(times_of_a_file_are_kept),
		cmocka_unit_test(routes_are_taken_in_turn_and_phases_spread),
		cmocka_unit_test(a_wanderer_keeps_to_its_area_and_speed),
		cmocka_unit_test(other_classes_change_no_way),
		cmocka_unit_test(a_deploy_may_move_otherwise),
		cmocka_unit_test(lines_of_geojson_are_routes),
		cmocka_unit_test(what_is_wrong_with_routes_is_said),
		cmocka_unit_test(a_class_takes_after_another),
	};
	char folder[] = "/tmp/sccsim-mobility-XXXXXX", command[64];
	int failed;

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) ? 1 : failed;
}
