/*
 * How strong hazards are and how often they come: attenuation, a cyclone's balance of pressure and wind, the Poisson process of
 * occurrences and the law of magnitudes.  Scenarios are set up, not run.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/crisis/crisis.h"
#include "tests/validation/validate.h"

static const char path[] = "tests/validation/scenarios/hazard.xml";
static const double G = 9.80665;

/* The n-th occurrence of an element; NULL: it has fewer. */
static const struct occurrence *occurrence_of(const struct valid_sim *w, const char *id, uint32_t n)
{
	uint32_t all;
	const struct occurrence *o = crisis_occurrences(crisis_of(w->sim), &all);

	for (uint32_t i = 0; i < all; i++)
		if (strcmp(o[i].element->id, id) == 0 && n-- == 0)
			return &o[i];
	return NULL;
}

static bool open_world(struct valid *v, struct valid_sim *w, const char *magnitude, uint64_t replication)
{
	const struct setting set = { .address = "crisis/earthquake[@id='once']/@magnitude", .value = magnitude };

	if (valid_setup(w, path, &set, 1, 1, replication))
		return true;
	valid_verdict(v, "hazards", "the scenario is set up", NAN, NAN, NAN, false, "see the diagnostics");
	return false;
}

/* Log10 A in 30 decimal digits, by another program. */
static void attenuation(struct valid *v)
{
	static const struct {
		const char *magnitude;
		double km, g;
	} cases[] = {
		{ "5", 0, 0.2203241685522248 },    { "5.5", 5, 0.2399297139065699 }, { "6", 15, 0.16188702147730202 },
		{ "6.5", 30, 0.1071902354249111 }, { "7", 80, 0.04104515123954406 }, { "7.7", 300, 0.004516726140152787 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct valid_sim w;
		char name[96];
		if (open_world(v, &w, cases[i].magnitude, 0)) {
			const struct occurrence *o = occurrence_of(&w, "once", 0);
			valid_near(v,
				   valid_text(name, sizeof name, "ground acceleration, M %s, %g km", cases[i].magnitude,
					      cases[i].km),
				   "Joyner and Boore (1981), equation (13)", cases[i].g,
				   o->type->peak(o, (struct point){ cases[i].km * 1e3, 0 }) / G, 1e-9 * cases[i].g,
				   "exact but for rounding");
		}
		valid_sim_free(&w);
	}
}

/* Holland's pressure, Pa over the centre's: from it the wind that balances it, r / rho x dp/dr. */
static double pressure(double r)
{
	const double rho = 1.15, drop = 50.0 * 50 * rho * exp(1) / 1.5;

	return drop * exp(-pow(40e3 / r, 1.5));
}

static void wind(struct valid *v)
{
	static const double km[] = { 15, 25, 40, 60, 100, 250 };
	struct valid_sim w;
	char name[96];

	if (open_world(v, &w, "6.5", 0)) {
		const struct occurrence *o = occurrence_of(&w, "wind", 0);
		for (size_t i = 0; i < sizeof km / sizeof km[0]; i++) {
			double r = km[i] * 1e3, slope = (pressure(r + 5) - pressure(r - 5)) / 10;
			valid_near(v, valid_text(name, sizeof name, "wind, %g km from the eye, m/s", km[i]),
				   "cyclostrophic balance of Holland's (1980) pressure", sqrt(r / 1.15 * slope),
				   o->type->intensity(o, (struct point){ r, 0 }, o->onset), 1e-4, "slope over 10 m");
		}
		/* far out as r to the power of -B/2 */
		valid_near(v, "wind at 800 km ÷ at 400 km", "Holland (1980): power of -B / 2, and exp(-(R/r)^B / 2)",
			   pow(2, -0.75) * exp((pow(0.1, 1.5) - pow(0.05, 1.5)) / 2),
			   o->type->intensity(o, (struct point){ 800e3, 0 }, o->onset) /
				   o->type->intensity(o, (struct point){ 400e3, 0 }, o->onset),
			   1e-9, "exact but for rounding");
	}
	valid_sim_free(&w);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The largest distance of n values from the uniform law on 0 to 1, times sqrt(n). */
static double kolmogorov(double *u, size_t n)
{
	double most = 0;

	qsort(u, n, sizeof *u, by_value);
	for (size_t i = 0; i < n; i++)
		most = fmax(most, fmax((double)(i + 1) / (double)n - u[i], u[i] - (double)i / (double)n));
	return most * sqrt((double)n);
}

enum { YEARS = 200, QUAKES = YEARS * 60 };
struct tally { double sum, square, time[QUAKES], magnitude[QUAKES]; size_t n; };

/* Times and magnitudes as the uniform values that they were drawn from, were their laws the right ones. */
static void count_year(struct tally *t, const struct valid_sim *w)
{
	const struct occurrence *o;
	double n = 0;

	for (uint32_t i = 0; (o = occurrence_of(w, "often", i)) && t->n < QUAKES; i++) {
		double m =
			(log10(o->type->peak(o, (struct point){ 0, 0 }) / G) + 1.02 + log10(7.3) + 0.00255 * 7.3) / 0.249;
		t->magnitude[t->n++] = (1 - pow(10, 5 - m)) / 0.99;
		/* given their number, they are spread uniformly over the year */
		t->time[t->n - 1] = sim_seconds(o->onset) / (365 * 86400.0);
		n++;
	}
	t->sum += n;
	t->square += n * n;
}

/* Four rows by chance: 99.75 % each, 99 % together. */
static void occurrences(struct valid *v)
{
	static const char four[] = "99 % of four rows together: 99.75 % each";
	struct tally *t = calloc(1, sizeof *t);
	const double mean = 20 * 365 / 365.25;

	for (uint64_t r = 0; t && r < YEARS; r++) {
		struct valid_sim w;
		if (open_world(v, &w, "6.5", r))
			count_year(t, &w);
		valid_sim_free(&w);
	}
	if (!t)
		return;
	valid_near(v, "earthquakes a year at 20 a year", "Poisson law: the mean of 200 years", mean, t->sum / YEARS,
		   3.0233 * sqrt(mean / YEARS), four);
	valid_between(v, "variance ÷ mean of the years' numbers", "Poisson law: chi2 of 199 / 199", 0.7238, 1.3307,
		      (t->square - t->sum * t->sum / YEARS) / (YEARS - 1) / (t->sum / YEARS), four);
	valid_between(v, "times of the year, distance from the uniform law", "Kolmogorov's law", 0, 1.8281,
		      kolmogorov(t->time, t->n), four);
	valid_between(v, "magnitudes 5 to 7, distance from Gutenberg and Richter's law", "Kolmogorov's law", 0, 1.8281,
		      kolmogorov(t->magnitude, t->n), four);
	free(t);
}

int main(void)
{
	struct valid v = valid_begin("hazards");

	attenuation(&v);
	wind(&v);
	occurrences(&v);
	return valid_end(&v);
}
