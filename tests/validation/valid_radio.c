/*
 * What is random about a link: shadowing (spread, autocorrelation, correlation between sites), building entry, line of
 * sight, fading, as the models of a scenario draw them.
 */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "models/radio/pathloss.h"
#include "models/radio/radio.h"
#include "tests/validation/validate.h"

#define SCENARIO "tests/validation/scenarios/radio.xml"
static const double hz = 868e6;

enum { LAGS = 4, SHADOW_ROWS = LAGS + 3, MOST_REPS = 64 };
static const double lags[LAGS] = { 0.5, 1, 2, 4 }; /* correlation distances */

static double shadow_of(const struct radio *r, struct point p, const struct radio_site *site, uint64_t key)
{
	struct radio_end end = { .at = p, .height = 1.5, .key = key };
	double d2d = hypot(p.x - site->at.x, p.y - site->at.y);

	return radio_link_loss_db(r, &end, site, hz) - radio_path_loss_db(r, d2d, site->height, end.height, hz, false);
}

/* One replication: mean, variance and inter-site correlation, then the correlation at each lag; all by the known mean and
 * spread. */
static void shadow_sample(const struct radio *r, uint64_t seed, int points, double x[SHADOW_ROWS])
{
	struct radio_site a = { .at = { 10e3, 10e3 }, .height = 30, .key = 1 }, b = a;
	struct rng rng = rng_stream(rng_key(seed, 0), RNG_PURPOSE('p', 'r', 'o', 'b'), 0, 0);
	double sum[SHADOW_ROWS] = { 0 };

	b.key = 2;
	for (int i = 0; i < points; i++) {
		struct point p = { 20e3 * rng_uniform(&rng), 20e3 * rng_uniform(&rng) };
		uint64_t key = 1000 + (uint64_t)i * 8;
		double here = shadow_of(r, p, &a, key), turn = 2 * M_PI * rng_uniform(&rng);
		sum[0] += here;
		sum[1] += here * here;
		sum[2] += here * shadow_of(r, p, &b, key);
		for (int k = 0; k < LAGS; k++) {
			struct point q = { p.x + 110 * lags[k] * cos(turn), p.y + 110 * lags[k] * sin(turn) };
			sum[3 + k] += here * shadow_of(r, q, &a, key + 1 + (uint64_t)k);
		}
	}
	for (int k = 0; k < SHADOW_ROWS; k++)
		x[k] = sum[k] / points / (k == 0 ? 1 : 64);
}

static void shadowing(struct valid *v)
{
	static const char interval[] = "Student interval over the replications, 99 % for the rows of shadowing together";
	static const char bilinear[] = "the same, and 0.01 for the steps of the field";
	double(*x)[MOST_REPS] = calloc(SHADOW_ROWS, sizeof *x), level = 1 - 0.01 / SHADOW_ROWS;
	size_t reps = valid_reps(v, 60, 20), n = 0;
	char name[96];

	for (; x && n < reps; n++) {
		struct valid_sim w;
		double one[SHADOW_ROWS];
		bool good = valid_setup(&w, SCENARIO, NULL, 0, 3, n);
		if (good)
			shadow_sample(radio_of(w.sim), n, 4000, one);
		valid_sim_free(&w);
		if (!good)
			break;
		for (int k = 0; k < SHADOW_ROWS; k++)
			x[k][n] = one[k];
	}
	if (!x)
		return;
	valid_mean(v, "shadowing: mean, dB", "log-normal", 0, sample_of(x[0], n), level, interval);
	valid_mean(v, "shadowing: variance over that of 8 dB", "as asked for", 1, sample_of(x[1], n), level, interval);
	valid_mean(v, "shadowing: correlation between two sites", "as asked for, 50 %", 0.5, sample_of(x[2], n), level,
		   interval);
	for (int k = 0; k < LAGS; k++) {
		struct sample s = sample_of(x[3 + k], n);
		valid_near(v,
			   valid_text(name, sizeof name, "shadowing: autocorrelation at %g correlation distances", lags[k]),
			   "TR 38.901 eq. 7.4-5: exp(-d/dcor)", exp(-lags[k]), s.mean, sample_halfwidth(s, level) + 0.01,
			   bilinear);
	}
	free(x);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum { ENTRY_REPS = 8, ENTRY_ROWS = 7 };

/* n draws of the entry loss of a model, an eighth from each of eight replications, ascending; NULL when the scenario does
 * not load. */
static double *entry_draws(const char *model, size_t n, double f_hz)
{
	const struct setting set = { "city/building-entry/@model", model };
	double *x = calloc(n, sizeof *x);
	bool good = x;

	for (size_t rep = 0; good && rep < ENTRY_REPS; rep++) {
		struct valid_sim w;
		good = valid_setup(&w, SCENARIO, &set, 1, 5, rep);
		for (size_t i = rep * n / ENTRY_REPS; good && i < (rep + 1) * n / ENTRY_REPS; i++) {
			struct radio_end end = { .height = 1.5, .key = i, .indoor = true };
			x[i] = radio_entry_loss_db(radio_of(w.sim), &end, f_hz);
		}
		valid_sim_free(&w);
	}
	if (good)
		qsort(x, n, sizeof *x, ascending);
	if (!good) {
		free(x);
		return NULL;
	}
	return x;
}

/* The mean by integration: wall .25 x 7.5 + .65 x 15 + .10 x 21 = 13.725; the larger of k walls U(4, 10) and depth U(0,
 * 9): 4.5, 7.385802, 14.001543, 21 for k = 0..3 with chances .2833, .2833, .2834, .15. */
static const double entry_mean = 13.725 + .2833 * 4.5 + .2833 * 7.385802 + .2834 * 14.001543 + .15 * 21;

static void building_entry(struct valid *v)
{
	static const struct {
		const char *what;
		double p, db;
	} quantiles[] = { { "5 %", .05, 12.20 }, { "median", .5, 23.50 }, { "90 %", .9, 35.13 }, { "95 %", .95, 38.77 } };
	static const char source[] = "TR 45.820, first scenario: 2e6 draws of an independent program";
	static const char why[] =
		"the error of both samples, 99 % for these rows together, and the rounding of the figures given";
	size_t n = v->quick ? 400000 : 8000000;
	double *x = entry_draws("tr-45.820", n, hz), z = gsl_cdf_ugaussian_Qinv(0.005 / ENTRY_ROWS);
	double both = z * sqrt(1.0 / (double)n + 1.0 / 2e6);
	struct sample s = { 0, NAN, NAN };
	char name[96];

	if (x)
		s = sample_of(x, n);
	valid_near(v, "building entry: mean, dB", "TR 45.820, first scenario: by integration", entry_mean, s.mean,
		   z * 7.98 / sqrt((double)n), "the error of the sample, 99 % for these rows together");
	valid_near(v, "building entry: mean, dB", source, 24.22, s.mean, 7.98 * both + 0.005, why);
	valid_near(v, "building entry: standard deviation, dB", source, 7.98, s.sd, 7.98 * both + 0.005, why);
	for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++) {
		double p = quantiles[i].p, at = x ? x[(size_t)(p * (double)n)] : NAN;
		size_t span = (size_t)(0.01 * (double)n);
		double density = x ? 0.02 / (x[(size_t)(p * (double)n) + span] - x[(size_t)(p * (double)n) - span]) : NAN;
		valid_near(v, valid_text(name, sizeof name, "building entry: %s, dB", quantiles[i].what), source,
			   quantiles[i].db, at, sqrt(p * (1 - p)) * both / density + 0.005, why);
	}
	free(x);
}

/* Wall + half the indoor depth (the smaller of two uniform draws to 25 m: mean 25/3, variance 25^2/18) + normal. */
static void outdoor_to_indoor(struct valid *v)
{
	static const struct {
		const char *model;
		bool high;
		double sigma;
	} rows[] = { { "38901-low", false, 4.4 }, { "38901-high", true, 6.5 } };
	size_t n = 200000;
	char name[96];

	for (size_t i = 0; i < 2; i++) {
		double *x = entry_draws(rows[i].model, n, hz), sd = sqrt(rows[i].sigma * rows[i].sigma + 0.25 * 625 / 18);
		struct sample s = { 0, NAN, NAN };
		if (x)
			s = sample_of(x, n);
		valid_near(v, valid_text(name, sizeof name, "building entry %s: mean, dB", rows[i].model),
			   "TR 38.901 7.4.3: wall + 0.5 min(U, U) + N", tr38901_wall_db(rows[i].high, hz) + 25 / 6.0,
			   s.mean, 2.58 * sd / sqrt((double)n) + 0.01,
			   "99 % interval, and 0.01 dB for losses cut off at zero");
		valid_near(v, valid_text(name, sizeof name, "building entry %s: standard deviation, dB", rows[i].model),
			   "the same", sd, s.sd, 2.58 * sd / sqrt(2 * (double)n) + 0.02,
			   "99 % interval, and 0.02 dB for losses cut off at zero");
		free(x);
	}
}

/* Share of the links at 100 m that the model draws as line of sight. */
static void line_of_sight(struct valid *v)
{
	static const struct {
		const char *model;
		enum tr38901 tr;
		double h, p;
	} rows[] = { { "38901-uma", TR38901_UMA, 25, .34767 },
		     { "38901-umi", TR38901_UMI, 10, .23098 },
		     { "38901-rma", TR38901_RMA, 35, .91393 } };
	char name[96];
	size_t n = 100000;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct setting sets[] = { { "city/propagation/@model", rows[i].model },
						{ "city/shadowing/@deviation", "0dB" } };
		struct radio_site site = { .height = rows[i].h, .key = 1 };
		struct valid_sim w;
		double seen = 0, p = rows[i].p;
		bool good = valid_setup(&w, SCENARIO, sets, 2, 9, 0);
		for (size_t k = 0; good && k < n; k++) {
			struct radio_end end = { .at = { 100, 0 }, .height = 1.5, .key = k + 10 };
			double los = radio_path_loss_db(radio_of(w.sim), 100, site.height, 1.5, hz, true);
			seen += fabs(radio_link_loss_db(radio_of(w.sim), &end, &site, hz) - los) < 1e-6;
		}
		valid_sim_free(&w);
		valid_near(v, valid_text(name, sizeof name, "links in line of sight at 100 m: %s", rows[i].model),
			   "TR 38.901 Table 7.4.2-1", p, good ? seen / (double)n : NAN,
			   2.58 * sqrt(p * (1 - p) / (double)n), "99 % interval of 100,000 links");
	}
}

/* Shares of frames whose power is below a tenth of its mean, and mean powers. */
static void fading(struct valid *v)
{
	static const char *const models[] = { "rayleigh", "rician" };
	char name[96];
	size_t n = 400000;

	for (size_t i = 0; i < 2; i++) {
		const struct setting set = { "city/fading/@model", models[i] };
		struct valid_sim w;
		double power = 0, squares = 0, deep = 0;
		bool good = valid_setup(&w, SCENARIO, &set, 1, 13, 0);
		for (size_t k = 0; good && k < n; k++) {
			double x = pow(10, 0.1 * radio_fading_db(radio_of(w.sim), k / 100, 7, (uint32_t)(k % 100)));
			power += x;
			squares += x * x;
			deep += x < 0.1;
		}
		valid_sim_free(&w);
		power /= (double)n;
		double half = 2.58 * sqrt((squares / (double)n - power * power) / (double)n);
		valid_near(v, valid_text(name, sizeof name, "fading: mean power, %s", models[i]), "unit mean", 1,
			   good ? power : NAN, half, "99 % interval");
		if (i == 0)
			valid_near(v, "fading: share of frames 10 dB below the mean, rayleigh", "1 - exp(-0.1)",
				   1 - exp(-0.1), good ? deep / (double)n : NAN, 2.58 * sqrt(0.0952 * 0.9048 / (double)n),
				   "99 % interval");
	}
}

int main(void)
{
	struct valid v = valid_begin("links");

	shadowing(&v);
	building_entry(&v);
	outdoor_to_indoor(&v);
	line_of_sight(&v);
	fading(&v);
	return valid_end(&v);
}
