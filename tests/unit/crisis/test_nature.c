/*
 * Wildfire, tsunami, landslide and heat by hand; what holds of every kind of hazard that is felt; rates and chains.
 *
 * All but the rates are asked for after set-up: no run.
 */
#include "models/crisis/crisis_private.h"
#include "tests/unit/crisis/alert.h"

static void open_world(struct alert *a, const char *crisis, uint64_t replication)
{
	char body[2048];

	snprintf(body, sizeof body,
		 "<device-class id='d'/><deploy class='d' count='1' placement='uniform'/><crisis>%s</crisis>", crisis);
	alert_open(a, body, replication, false);
}

static const struct occurrence *only(const struct alert *a)
{
	uint32_t n;
	const struct occurrence *o = crisis_occurrences(crisis_of(a->sim), &n);

	assert_int_equal(n, 1);
	return o;
}

static double arrival(const struct occurrence *o, double x, double y, double level)
{
	simtime_t t = o->type->reach(o, (struct point){ x, y }, level);

	return t == SIM_NEVER ? INFINITY : sim_seconds(t - o->onset);
}

/* ---- what holds of all of them ---- */

/* One of each kind that is felt.  A kind without a row here fails. */
static const struct { const char *element, *text; double levels[3]; } kinds[] = {
	{ "flood", "<flood at='1h' source='5km 5km'/>", { 0.1, 0.7, 1.9 } },
	{ "earthquake", "<earthquake at='1h' epicentre='2km 3km' magnitude='6'/>", { 0.1, 1.5, 2.5 } },
	{ "cyclone", "<cyclone at='1h' start='-90km -60km' heading='60deg' speed='20km/h' wind='50m/s' radius='12km' lasts='12h'/>",
	  { 10, 30, 49 } },
	{ "wildfire", "<wildfire at='1h' ignition='4km 4km' heading='70deg' lasts='6h'/>", { 0.5, 1, 2 } },
	{ "tsunami", "<tsunami at='1h' source='5km -100km' shore='5km 2km' inland='0deg' slope='0.001'/>", { 0.1, 1, 4 } },
	{ "landslide", "<landslide at='1h' place='5km 5km' radius='3km' lasts='4h'/>", { 0.1, 1, 4 } },
	{ "heat", "<heat at='1h' excess='4degC' lasts='40h'/>", { 23, 33, 39 } },
};
enum { KINDS = sizeof kinds / sizeof kinds[0], STEPS = 20000 };

/* The largest on a fine grid over its course; nothing outside. */
static double search(const struct occurrence *o, struct point at)
{
	simtime_t step = (o->end - o->onset) / STEPS;
	double top = 0;

	for (int i = 0; i <= STEPS; i++)
		top = fmax(top, o->type->intensity(o, at, o->onset + i * step));
	assert_true(o->type->intensity(o, at, o->onset - 1) <= 0);
	assert_true(o->type->intensity(o, at, o->end + 1) <= 0);
	return top;
}

/* At reach() the level is there, and at no step of a grid before. */
static void check_reach(const struct occurrence *o, struct point at, double level)
{
	simtime_t t = o->type->reach(o, at, level), step;

	if (t == SIM_NEVER) {
		assert_true(o->type->peak(o, at) < level);
		return;
	}
	assert_true(t >= o->onset && t <= o->end);
	assert_true(o->type->intensity(o, at, t) >= level * (1 - 1e-9));
	if (o->type->herald)
		assert_true(o->type->herald(o, at) <= t);
	step = (t - o->onset) / 2000;
	for (int i = 0; i < 2000 && t - i * step > o->onset; i++)
		assert_true(o->type->intensity(o, at, t - i * step - 2 * SIM_MS) <= level * (1 + 1e-9));
}

static void every_hazard_peaks_arrives_and_ends_as_its_intensity_says(void **st)
{
	unsigned met = 0, felt = 0;

	(void)st;
	for (size_t h = 0; hazard_types[h]; h++)
		felt += hazard_types[h]->intensity != NULL;
	for (size_t k = 0; k < KINDS; k++) {
		struct alert *a = calloc(1, sizeof *a);
		if (!hazard_type_of(kinds[k].element)) {
			free(a);
			continue;
		}
		met++;
		open_world(a, kinds[k].text, 0);
		const struct occurrence *o = only(a);
		for (int i = 0; i < 12; i++) {
			struct point at = { 500.0 + 800 * i, 9700.0 - 730 * i };
			double top = search(o, at), peak = o->type->peak(o, at);
			assert_true(top <= peak * (1 + 1e-9));
			assert_close(top, peak, 1e-3 * peak + 1e-9);
			for (int j = 0; j < 3; j++)
				check_reach(o, at, kinds[k].levels[j]);
			check_reach(o, at, peak > 0 ? peak : 1);
		}
		alert_close(a);
		free(a);
	}
	assert_int_equal(met, felt);
}

/* ---- by hand ---- */

static void a_wildfire_comes_to_the_points_of_its_ellipse_at_their_time(void **st)
{
	struct alert *a = calloc(1, sizeof *a);
	struct point ring[64];

	(void)st;
	/* 20 km/h: L/B = 1 + 8.729 (1 - exp(-0.6))^2.155 = 2.5707, e = 0.92124; back = head (1 - e) / (1 + e) */
	open_world(a, "<wildfire at='1h' ignition='4km 4km' spread='1.2km/h' wind='20km/h' heading='90deg' lasts='8h'/>",
		   0);
	const struct occurrence *o = only(a);
	assert_close(arrival(o, 5200, 4000, 0.1), 3600, 1e-3);
	assert_close(arrival(o, 3900, 4000, 0.1), 300 * (1 + 0.92124) / (1 - 0.92124), 0.3);
	assert_int_equal(o->type->outline(o, o->onset + SIM_HOUR, ring, 64), 64);
	for (int i = 0; i < 64; i++)
		assert_close(arrival(o, ring[i].x, ring[i].y, 0.1), 3600, 3600e-6);
	/* length 1.2 km + back, breadth that ÷ 2.5707 */
	assert_close((ring[0].x - ring[32].x) / (ring[16].y - ring[48].y), 2.5707, 1e-4);
	/* 18000 x 1 x 0.33333 kW/m: 4.2389 m at the head */
	assert_close(o->type->peak(o, (struct point){ 5200, 4000 }), 4.2389, 1e-4);
	assert_close(o->type->peak(o, (struct point){ 3900, 4000 }), 0.9752, 1e-4);
	/* at the ellipse's flank the front runs straight across the wind, at the half breadth in its time */
	assert_close(o->type->peak(o, ring[16]), 2.0332, 1e-4);
	alert_close(a);
	free(a);
}

static void a_tsunami_crosses_the_sea_at_the_root_of_its_depth_and_loses_height_over_land(void **st)
{
	struct alert *a = calloc(1, sizeof *a);

	(void)st;
	/* 4 km deep: 198.06 m/s, 713.0 km/h; 713 km away an hour; then 2 km at 5 m/s; crest a quarter of 20 min on */
	open_world(
		a,
		"<tsunami at='0s' source='5km -713km' shore='5km 0km' inland='0deg' sea-depth='4km' height='5m' slope='0.001' "
		"friction='0.0005'/>",
		0);
	const struct occurrence *o = only(a);
	assert_close(arrival(o, 5000, 0, 1e-9), 3600.0, 0.5);
	assert_close(arrival(o, 5000, 2000, 1e-9), 4000.0, 0.5);
	assert_close(o->type->peak(o, (struct point){ 5000, 2000 }), 2.0, 1e-12);
	assert_close(arrival(o, 5000, 2000, 2.0), 4300.0, 0.5);
	assert_close(arrival(o, 5000, 2000, 1.0), 4100.0, 0.5);
	assert_close(o->type->peak(o, (struct point){ 5000, 3400 }), 0, 1e-12);
	assert_close(o->type->peak(o, (struct point){ 5000, -100 }), 0, 1e-12);
	/* the second wave: 3.5 m at the shore, 0.5 m there */
	assert_close(o->type->intensity(o, (struct point){ 5000, 2000 }, sim_from_seconds(4000 + 1500)), 0.5, 1e-4);
	alert_close(a);
	free(a);
}

static void a_landslide_is_a_cone_that_runs_out_from_its_middle(void **st)
{
	struct alert *a = calloc(1, sizeof *a);

	(void)st;
	open_world(a, "<landslide at='1h' place='5km 5km' radius='200m' depth='4m' speed='5m/s'/>", 0);
	const struct occurrence *o = only(a);
	assert_close(o->type->peak(o, (struct point){ 5150, 5000 }), 1.0, 1e-12);
	assert_close(arrival(o, 5150, 5000, 1), 30, 1e-6);
	assert_true(isinf(arrival(o, 5150, 5000, 1.01)));
	assert_close(o->type->peak(o, (struct point){ 5200, 5000 }), 0, 1e-12);
	alert_close(a);
	free(a);
}

static void heat_is_warmest_at_its_hour_and_in_the_middle(void **st)
{
	struct alert *a = calloc(1, sizeof *a);
	struct point middle = { 5000, 5000 }, off = { 5000, 8000 };

	(void)st;
	open_world(a, "<heat at='0s' day='38degC' night='22degC' excess='4degC' radius='3km' warmest='15h' lasts='2d'/>",
		   0);
	const struct occurrence *o = only(a);
	assert_close(o->type->peak(o, middle), 42, 1e-12);
	assert_close(o->type->peak(o, off), 38 + 4 * exp(-0.5), 1e-12);
	assert_close(o->type->intensity(o, middle, 3 * SIM_HOUR), 26, 1e-9);
	assert_close(o->type->intensity(o, middle, 9 * SIM_HOUR), 34, 1e-9);
	/* 38 = 34 + 8 cos: 60 degrees, 4 h before */
	assert_close(arrival(o, 5000, 5000, 38), 11 * 3600, 1e-3);
	alert_close(a);
	free(a);
}

/* ---- when they happen ---- */

/* 40 runs of a day at 30/d: 1,200 in the mean, +-3.29 sqrt(1200); their variance over their mean is chi2 of 39 / 39. */
static void occurrences_at_a_rate_are_poissonian(void **st)
{
	double sum = 0, square = 0;

	(void)st;
	for (uint64_t r = 0; r < 40; r++) {
		struct alert *a = calloc(1, sizeof *a);
		uint32_t n;
		open_world(a, "<landslide rate='30/d' place='5km 5km'/>", r);
		crisis_occurrences(crisis_of(a->sim), &n);
		sum += n;
		square += (double)n * n;
		alert_close(a);
		free(a);
	}
	assert_close(sum, 1200, 3.2905 * sqrt(1200));
	double ratio = (square - sum * sum / 40) / 39 / (sum / 40);
	assert_true(ratio > 0.415 && ratio < 1.919);
}

/* A landslide 2 h after each flood of 60, with 30 %: all runs together 600 floods within the first 22 h. */
static void what_comes_in_the_wake_of_another_does_so_after_the_delay_with_its_probability(void **st)
{
	uint32_t floods = 0, slides = 0;

	(void)st;
	for (uint64_t r = 0; r < 20; r++) {
		struct alert *a = calloc(1, sizeof *a);
		uint32_t n;
		open_world(a,
			   "<flood id='f' rate='30/d' source='5km 5km'/>"
			   "<landslide after='f' delay='2h' probability='30%' place='5km 5km'/>",
			   r);
		const struct occurrence *o = crisis_occurrences(crisis_of(a->sim), &n);
		for (uint32_t i = 0; i < n; i++) {
			bool slide = strcmp(o[i].type->model->name, "landslide") == 0, found = !slide;
			floods += !slide && o[i].onset < 22 * SIM_HOUR;
			slides += slide;
			for (uint32_t k = 0; k < i; k++)
				found |= o[k].type != o[i].type && o[k].onset == o[i].onset - 2 * SIM_HOUR;
			assert_true(found);
		}
		alert_close(a);
		free(a);
	}
	assert_true(floods > 400);
	assert_close(slides, 0.3 * floods, 3.2905 * sqrt(0.21 * floods));
}

static void what_cannot_be_is_refused_with_a_remedy(void **st)
{
	(void)st;
	assert_true(alert_refused("<crisis><heat at='1h' day='20degC' night='30degC'/></crisis>",
				  "is not cooler than the day"));
	assert_true(alert_refused("<crisis><heat at='1h' radius='3km'/></crisis>", "is read with an excess"));
	assert_true(alert_refused("<crisis><tsunami at='1h' source='5km 9km' shore='5km 0km' inland='0deg'/></crisis>",
				  "lies on land"));
	assert_true(alert_refused("<crisis><wildfire at='1h' ignition='50N 7E'/></crisis>", "no place on earth"));
	assert_true(alert_refused("<crisis><landslide place='1km 1km'/></crisis>", "does not say when it happens"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hazard_peaks_arrives_and_ends_as_its_intensity_says),
		cmocka_unit_test(a_wildfire_comes_to_the_points_of_its_ellipse_at_their_time),
		cmocka_unit_test(a_tsunami_crosses_the_sea_at_the_root_of_its_depth_and_loses_height_over_land),
		cmocka_unit_test(a_landslide_is_a_cone_that_runs_out_from_its_middle),
		cmocka_unit_test(heat_is_warmest_at_its_hour_and_in_the_middle),
		cmocka_unit_test(occurrences_at_a_rate_are_poissonian),
		cmocka_unit_test(what_comes_in_the_wake_of_another_does_so_after_the_delay_with_its_probability),
		cmocka_unit_test(what_cannot_be_is_refused_with_a_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
