#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "models/network/orbit.h"

#define RAD (3.141592653589793 / 180)

#define assert_near(a, b, within) assert_near_((a), (b), (within), #a, __LINE__)
static void assert_near_(double a, double b, double within, const char *what, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(__FILE__, line);
	}
}

static double light_ms(double metres)
{
	return 1e3 * metres / ORBIT_LIGHT;
}

/* Worked out apart from this code from Re = 6371 km, mu = 398600.4418 km3/s2; the round trips are those of 3GPP TR 38.821,
 * Table 4.2-2 (600 km, 1200 km, GEO).  Half a unit of the last digit. */
static const struct {
	double km, period_min, zenith_ms, d10_km, ms10, pass10, d30_km, ms30, pass30, round_trip_ms;
} orbits[] = {
	{ 500, 94.5, 1.668, 1694.6, 5.652, 442.6, 909.4, 3.034, 207.3, 22.61 },
	{ 550, 95.5, 1.835, 1815.1, 6.054, 476.5, 992.8, 3.312, 227.2, 24.22 },
	{ 600, 96.5, 2.001, 1931.6, 6.443, 509.6, 1075.1, 3.586, 247.0, 25.77 },
	{ 1200, 109.3, 4.003, 3130.9, 10.444, 875.3, 1998.9, 6.668, 481.4, 41.77 },
	{ 35786, 1435.7, 119.369, 40581.2, 135.364, NAN, 38608.9, 128.785, NAN, 541.46 },
};

static void distances_delays_and_passes_are_those_of_the_published_geometry(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof orbits / sizeof orbits[0]; i++) {
		double h = 1e3 * orbits[i].km, a = 10 * RAD, b = 30 * RAD;
		assert_near(orbit_period(h) / 60, orbits[i].period_min, 0.05);
		assert_near(light_ms(orbit_slant(h, 90 * RAD)), orbits[i].zenith_ms, 0.0006);
		assert_near(1e-3 * orbit_slant(h, a), orbits[i].d10_km, 0.05);
		assert_near(light_ms(orbit_slant(h, a)), orbits[i].ms10, 0.0006);
		assert_near(1e-3 * orbit_slant(h, b), orbits[i].d30_km, 0.05);
		assert_near(light_ms(orbit_slant(h, b)), orbits[i].ms30, 0.0006);
		assert_near(4 * light_ms(orbit_slant(h, a)), orbits[i].round_trip_ms, 0.006);
		if (isnan(orbits[i].pass10))
			continue;
		assert_near(orbit_longest_pass(h, a), orbits[i].pass10, 0.05);
		assert_near(orbit_longest_pass(h, b), orbits[i].pass30, 0.05);
	}
}

/* The pole does not move as the Earth turns: a polar satellite passes it through the zenith, once a revolution. */
static void over_the_pole_every_pass_is_the_longest(void **st)
{
	struct orbit o = { 600e3, 90 * RAD, 1.1, 0.3 };
	double t = 0, last = NAN;

	(void)st;
	for (int i = 0; i < 50; i++) {
		struct pass p;
		assert_true(orbit_next_pass(&o, 90 * RAD, 10 * RAD, t, 1e9, &p));
		assert_near(p.set - p.rise, orbit_longest_pass(600e3, 10 * RAD), 1e-4);
		assert_near(orbit_distance(&o, 90 * RAD, (p.rise + p.set) / 2), 600e3, 1);
		assert_near(orbit_distance(&o, 90 * RAD, p.rise), orbit_slant(600e3, 10 * RAD), 10);
		if (i)
			assert_near(p.rise - last, orbit_period(600e3), 1e-4);
		last = p.rise;
		t = p.set;
	}
}

/* Position by rotating vectors, and elevation from the site's vertical, second by second. */
static double elevation_by_vectors(const struct orbit *o, double latitude, double t)
{
	double r = ORBIT_EARTH_RADIUS, a = r + o->altitude, u = o->phase + sqrt(ORBIT_EARTH_MU / (a * a * a)) * t;
	double x = a * cos(u), y = a * sin(u) * cos(o->inclination), z = a * sin(u) * sin(o->inclination);
	double sx = x * cos(o->node) - y * sin(o->node), sy = x * sin(o->node) + y * cos(o->node);
	double turn = ORBIT_EARTH_TURN * t, ux = cos(latitude) * cos(turn), uy = cos(latitude) * sin(turn),
	       uz = sin(latitude);
	double dx = sx - r * ux, dy = sy - r * uy, dz = z - r * uz, d = sqrt(dx * dx + dy * dy + dz * dz);

	return asin((dx * ux + dy * uy + dz * uz) / d);
}

static void passes_are_those_that_a_look_at_every_second_finds(void **st)
{
	(void)st;
	for (unsigned k = 0; k < 12; k++) {
		struct orbit o = orbit_walker(k % 2 ? 600e3 : 1200e3, (k % 3 ? 53 : 97.8) * RAD, 12, 4, k);
		double latitude = (-60 + 11.0 * k) * RAD, least = (k % 2 ? 10 : 25) * RAD, t = 0, in_view = 0, seen = 0;
		struct pass p;
		while (orbit_next_pass(&o, latitude, least, t, 2 * 86400, &p)) {
			in_view += fmin(p.set, 2 * 86400) - p.rise;
			assert_true(p.rise <= 0 || fabs(elevation_by_vectors(&o, latitude, p.rise) - least) < 1e-6);
			assert_near(elevation_by_vectors(&o, latitude, p.set), least, 1e-6);
			t = p.set;
		}
		for (int at = 0; at < 2 * 86400; at++)
			seen += elevation_by_vectors(&o, latitude, at + 0.5) >= least;
		assert_near(in_view, seen, 40); /* half a second at either end of about forty passes at the most */
		assert_true(in_view > 100);
	}
}

static void a_place_beyond_the_reach_of_the_orbits_sees_no_pass(void **st)
{
	struct orbit o = { 600e3, 30 * RAD, 0, 0 };
	struct pass p;

	(void)st;
	assert_false(orbit_next_pass(&o, 60 * RAD, 10 * RAD, 0, 10 * 86400, &p));
}

static void a_walker_pattern_is_even(void **st)
{
	struct orbit a = orbit_walker(600e3, 1, 24, 6, 0), b = orbit_walker(600e3, 1, 24, 6, 1),
		     c = orbit_walker(600e3, 1, 24, 6, 4);

	(void)st;
	assert_near(b.phase - a.phase, 90 * RAD, 1e-12);
	assert_near(b.node, a.node, 0);
	assert_near(c.node - a.node, 60 * RAD, 1e-12);
	assert_near(c.phase - a.phase, 15 * RAD, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_delays_and_passes_are_those_of_the_published_geometry),
		cmocka_unit_test(over_the_pole_every_pass_is_the_longest),
		cmocka_unit_test(passes_are_those_that_a_look_at_every_second_finds),
		cmocka_unit_test(a_place_beyond_the_reach_of_the_orbits_sees_no_pass),
		cmocka_unit_test(a_walker_pattern_is_even),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
