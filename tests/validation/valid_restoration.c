/*
 * Restoration after disasters against published series: sites on feeders, batteries, generators, and crews.
 *
 * <census> is an element more than the language: the share of sites that do not work at every full hour, as a curve.
 */
#include <math.h>

#include "models/models.h"
#include "models/network/asset.h"
#include "sim/kernel/report.h"
#include "tests/validation/validate.h"

struct census_params { int unused; };

static const struct place places[] = { { "scenario", 0, 1 } };
static const struct curve_def out_curve = { "census.out", "Sites out of service", "time", "h", "share", "1", false };
static const struct model census_model;

static void on_count(struct sim *s, void *ctx, uint32_t hour, uint16_t detail)
{
	uint32_t n, sites = 0, out = 0;
	const struct asset *a = assets_of(s, &n);

	for (uint32_t i = 0; i < n; i++) {
		sites += a[i].kind == ASSET_GATEWAY;
		out += a[i].kind == ASSET_GATEWAY && !asset_works(&a[i]);
	}
	report_curve(s->report, &out_curve, "all", hour, (double)out / sites);
	sim_after(s, SIM_HOUR, *(const uint16_t *)ctx, hour + 1, detail);
}

static void census_start(struct sim *s, const struct scenario *sc)
{
	uint16_t *kind = scenario_count(sc, &census_model) && !s->twin ? sim_alloc(s, 1, sizeof *kind) : NULL;

	if (!kind)
		return;
	*kind = sim_handler(s, "census", on_count, kind);
	sim_at(s, SIM_HOUR, *kind, 1, 0);
}

static const struct model census_model = {
	.name = "census",
	.doc = "Counts sites that do not work every hour.",
	.places = places,
	.n_places = 1,
	.par_size = sizeof(struct census_params),
	.start = census_start,
};

static const struct model_table *with_census(void)
{
	static const struct model *models[256];
	static struct model_table table = { models, 0, NULL };

	for (size_t i = 0; i < sccsim_models.n; i++)
		models[i] = sccsim_models.models[i];
	models[sccsim_models.n] = &census_model;
	table.n = sccsim_models.n + 1;
	return &table;
}

static bool run(struct valid *v, struct valid_run *r, const char *path, const struct setting *sets, size_t n, uint64_t seed)
{
	if (valid_scenario_with(r, with_census(), path, sets, n, seed, valid_reps(v, 8, 5)))
		return true;
	valid_verdict(v, path, "the scenario runs and its audit balances", NAN, NAN, NAN, false, "see the diagnostics");
	return false;
}

/* Share out at an hour, mean over the replications. */
static double out(const struct valid_run *r, double hour)
{
	return valid_curve(r, "census.out", NULL, hour).mean;
}

struct point_of_series { double day, share; };

/* ---- Puerto Rico ---- */

static double slope(const struct point_of_series *p, size_t n)
{
	double x = 0, y = 0, xx = 0, xy = 0;

	for (size_t i = 0; i < n; i++) {
		x += p[i].day;
		y += p[i].share;
		xx += p[i].day * p[i].day;
		xy += p[i].day * p[i].share;
	}
	return ((double)n * xy - x * y) / ((double)n * xx - x * x);
}

static void maria(struct valid *v)
{
	static const struct point_of_series fcc[] = { { 1, 95.2 },  { 2, 95.4 },  { 4, 92.5 },  { 5, 91.2 },  { 6, 90.9 },
						      { 7, 91.1 },  { 8, 90.3 },  { 9, 89.3 },  { 11, 88.8 }, { 19, 81.1 },
						      { 20, 78.9 }, { 25, 75.9 }, { 29, 69.8 }, { 40, 58 } };
	enum { N = sizeof fcc / sizeof fcc[0], DAY_9 = 7 };
	struct point_of_series ours[N];
	struct valid_run r;
	double square = 0;
	char name[96];

	if (run(v, &r, "tests/validation/scenarios/restoration-maria.xml", NULL, 0, 821)) {
		for (size_t i = 0; i < N; i++) {
			ours[i] = (struct point_of_series){ fcc[i].day, 100 * out(&r, 24 * fcc[i].day) };
			square += (ours[i].share - fcc[i].share) * (ours[i].share - fcc[i].share);
			valid_report(v, valid_text(name, sizeof name, "Puerto Rico, day %g: %% of sites out", fcc[i].day),
				     "FCC DIRS, facts 4.3 S1", fcc[i].share, ours[i].share, "each day alone is not judged");
		}
		valid_between(v, "Puerto Rico, 14 dated points: root mean square error, points of %",
			      "FCC DIRS, facts 4.3 S1", 0, 4, sqrt(square / N), "issue E: 4 points");
		valid_near(v, "Puerto Rico, days 9 to 40: slope, points of % a day", "FCC DIRS, facts 4.3 S1", -1.02,
			   slope(ours + DAY_9, N - DAY_9), 0.15, "facts 7, assertion 10");
	}
	valid_run_free(&r);
}

/* ---- Tohoku ---- */

static void japan(struct valid *v)
{
	static const struct point_of_series docomo[] = { { 48, 0.418 },   { 65, 0.368 },  { 72, 0.317 },
							 { 90.6, 0.293 }, { 284, 0.121 }, { 381, 0.103 } };
	const double zero = 26; /* hours from the earthquake to the first count, of 2011-03-12 17:00 */
	struct valid_run r;
	char name[96];

	if (run(v, &r, "tests/validation/scenarios/restoration-japan.xml", NULL, 0, 822)) {
		valid_near(v, "Tohoku, 26 h: share of DOCOMO's stations out", "facts 4.3 S2: 6,720 of about 11,000", 0.61,
			   out(&r, zero), 0.03, "what the shares broken and without mains were set for");
		for (size_t i = 0; i < sizeof docomo / sizeof docomo[0]; i++) {
			double ours = out(&r, zero + round(docomo[i].day)) / out(&r, zero);
			valid_near(v,
				   valid_text(name, sizeof name,
					      "Tohoku, %g h after the first count: stations out ÷ those at first",
					      docomo[i].day),
				   "NTT DOCOMO, facts 4.3 S2", docomo[i].share, ours, 0.08, "facts 7, assertion 11");
		}
	}
	valid_run_free(&r);
}

/* ---- Virgin Islands ---- */

/* By how much the share out grows from day 6 to the worst of days 7 to 9. */
static double bump(const struct valid_run *r)
{
	double worst = 0;

	for (int day = 7; day <= 9; day++)
		worst = fmax(worst, out(r, 24 * day));
	return 100 * (worst - out(r, 24 * 6));
}

static void islands(struct valid *v)
{
	static const struct point_of_series fcc[] = { { 1, 76.6 },  { 2, 73 },   { 6, 61.3 },  { 7, 66 },
						      { 8, 67 },    { 9, 69.8 }, { 11, 68.9 }, { 19, 60.3 },
						      { 25, 56.2 }, { 29, 52 },  { 40, 49.6 } };
	static const char path[] = "tests/validation/scenarios/restoration-islands.xml";
	const struct setting fuel = { .address = "lorawan[@id='cells']/gateways/@fuel-delivery", .value = "3d" };
	struct valid_run r;
	char name[96];

	if (run(v, &r, path, NULL, 0, 823)) {
		for (size_t i = 0; i < sizeof fcc / sizeof fcc[0]; i++)
			valid_report(v,
				     valid_text(name, sizeof name, "Virgin Islands, day %g: %% of sites out", fcc[i].day),
				     "FCC DIRS, facts 4.3 S1", fcc[i].share, 100 * out(&r, 24 * fcc[i].day),
				     "the form alone is judged");
		valid_between(v, "Virgin Islands: by how much it worsens from day 6 to days 7 to 9, points of %",
			      "FCC DIRS, facts 4.3 S1: 8.5", 3, 20, bump(&r),
			      "the form is judged: generators run dry: it is not monotone");
		valid_between(v, "Virgin Islands: and betters before, from day 2 to day 6", "FCC DIRS, facts 4.3 S1: 11.7",
			      3, 25, 100 * (out(&r, 48) - out(&r, 144)), "crews mend");
	}
	valid_run_free(&r);
	if (run(v, &r, path, &fuel, 1, 823))
		valid_between(v, "Virgin Islands, fuel delivered in time: by how much it worsens", "does not", -30, 0,
			      bump(&r), "the same with fuel that does not run out");
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("restoration");

	maria(&v);
	japan(&v);
	islands(&v);
	return valid_end(&v);
}
