/*
 * The security baseline: the standards' counts, the verdict rule, vendors' disclosure policies over the years, foreign labels, and
 * the laboratory: its queue against M/M/c, its verdicts against sensitivity and specificity in closed form.
 */
#include <math.h>
#include <string.h>

#include "models/security/product.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

static const char exact[] = "exact", of_table[] = "ETSI EN 303 645 Table B.1, counted";
static const char student[] = "Student interval over the replications, 99 % for all rows of the laboratory together";

/* ---- counts ---- */

static const struct { const char *clause; int v2[3], v3[3]; } counts[] = {
	{ "5.1", { 5, 5, 0 }, { 6, 5, 1 } },    { "5.2", { 3, 1, 2 }, { 3, 1, 2 } },   { "5.3", { 16, 7, 9 }, { 19, 7, 12 } },
	{ "5.4", { 4, 4, 0 }, { 4, 4, 0 } },    { "5.5", { 8, 4, 4 }, { 8, 4, 4 } },   { "5.6", { 9, 3, 6 }, { 10, 3, 7 } },
	{ "5.7", { 2, 0, 2 }, { 2, 0, 2 } },    { "5.8", { 3, 2, 1 }, { 3, 2, 1 } },   { "5.9", { 3, 0, 3 }, { 3, 0, 3 } },
	{ "5.10", { 1, 0, 1 }, { 1, 0, 1 } },   { "5.11", { 4, 1, 3 }, { 4, 1, 3 } },  { "5.12", { 3, 0, 3 }, { 3, 0, 3 } },
	{ "5.13", { 1, 1, 0 }, { 2, 2, 0 } },   { "6", { 5, 4, 1 }, { 9, 6, 3 } },
};

/* Clauses whose counts are not those. */
static unsigned clauses_off(const struct baseline *b, bool v3)
{
	unsigned off = 0;

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		const int *c = v3 ? counts[i].v3 : counts[i].v2;
		size_t m = baseline_count(b, counts[i].clause, REQUIREMENT_MANDATORY);
		size_t r = baseline_count(b, counts[i].clause, REQUIREMENT_RECOMMENDED);
		off += m + r != (size_t)c[0] || m != (size_t)c[1] || r != (size_t)c[2];
	}
	return off;
}

static void judge_counts(struct valid *v, const char *id, bool v3, double total, double mandatory, double recommended)
{
	const struct baseline *b = baseline_named(NULL, id);
	double m = (double)baseline_count(b, NULL, REQUIREMENT_MANDATORY),
	       r = (double)baseline_count(b, NULL, REQUIREMENT_RECOMMENDED);
	char name[96];

	valid_near(v, valid_text(name, sizeof name, "%s: provisions", id), of_table, total, m + r, 0, exact);
	valid_near(v, valid_text(name, sizeof name, "%s: mandatory", id), of_table, mandatory, m, 0, exact);
	valid_near(v, valid_text(name, sizeof name, "%s: recommended", id), of_table, recommended, r, 0, exact);
	valid_near(v, valid_text(name, sizeof name, "%s: clauses with other counts", id), of_table, 0, clauses_off(b, v3),
		   0, exact);
}

static void verdicts(struct valid *v)
{
	const struct baseline *b = baseline_named(NULL, "en-303-645");
	struct provision_set must, may, all_must, all_may, has = { 0 };
	uint64_t every = features_complete(~UINT64_C(0) & ~FEATURE_BIT(CONSTRAINED));
	unsigned failing = 0;

	baseline_apply(b, 0, &must, &may);
	valid_near(v, "V3.1.3: mandatory without condition or feature", of_table, 11, provision_count(&must), 0, exact);
	baseline_apply(b, every, &all_must, &all_may);
	for (unsigned i = 0; i < PROVISIONS; i++)
		if (provision_in(&all_must, i))
			provision_add(&has, i);
	valid_verdict(v, "V3.1.3: every mandatory provision, no recommended one, passes", "verdict rule", 1,
		      provision_covers(&has, &all_must), 0,
		      provision_covers(&has, &all_must) && provision_count(&all_may) == 42, exact);
	for (unsigned i = 0; i < PROVISIONS; i++) {
		struct provision_set less = has;
		provision_remove(&less, i);
		failing += provision_in(&has, i) && !provision_covers(&less, &all_must);
	}
	valid_near(v, "V3.1.3: mandatory provisions whose lack alone fails a product", "verdict rule", 36, failing, 0,
		   exact);
	baseline_apply(b, features_complete(every | FEATURE_BIT(CONSTRAINED)), &must, &may);
	valid_near(v, "V3.1.3: mandatory provisions that a constrained device is spared (5.1-5, 5.3-2)",
		   "conditions 14, 15", 2, provision_count(&all_must) - provision_count(&must), 0, exact);
}

/* ---- disclosure policies ---- */

/* Share of products with a policy in a year, in percent; NaN: the scenario does not load. */
static double policy_share(const char *year, const char *law)
{
	char start[32];
	const struct setting sets[] = { { "run/@start", valid_text(start, sizeof start, "%s-07-01T00:00Z", year) },
					{ "device-class/security/@adoption", law },
					{ "device-class/vendors/@count", "20000" } };
	struct valid_sim w;
	double n = NAN;

	if (valid_setup(&w, "tests/validation/scenarios/certification.xml", sets, 3, 7, 0)) {
		n = 0;
		for (uint32_t p = 0; p < products_n(w.sim); p++)
			n += product_meets(w.sim, p, provision_named("5.2-1"));
		n *= 100.0 / products_n(w.sim);
	}
	valid_sim_free(&w);
	return n;
}

static void policies(struct valid *v)
{
	static const struct {
		const char *year;
		double share;
	} series[] = {
		{ "2018", 9.7 }, { "2019", 13.3 }, { "2020", 18.9 }, { "2021", 21.6 }, { "2022", 27.11 },
	};
	static const char *const laws[] = { "linear", "logistic" };
	char name[96];

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < sizeof series / sizeof series[0]; i++)
			valid_near(v,
				   valid_text(name, sizeof name, "vendors with a disclosure policy, %s, %s, %%", laws[k],
					      series[i].year),
				   "IoTSF, Copper Horse", series[i].share, policy_share(series[i].year, laws[k]), 3,
				   "3 points, as stated; of which 20,000 vendors draw 1 at 99.9 %");
	valid_report(v, "the same, linear, 2039, %", "its own extrapolation", 100, policy_share("2039", "linear"),
		     "the laws part");
	valid_report(v, "the same, logistic, 2039, %", "", NAN, policy_share("2039", "logistic"), "the laws part");
}

/* ---- foreign labels ---- */

static bool recognised(const char *label, int level, const char *start, bool *ran)
{
	char id[16];
	const struct setting sets[] = { { "device-class/product/@certificate", label },
					{ "device-class/security/@baseline", valid_text(id, sizeof id, "cls-%d", level) },
					{ "run/@start", start } };
	struct valid_run r;
	bool yes = false;

	*ran = valid_scenario(&r, "tests/validation/scenarios/label.xml", sets, 3, 1, 1);
	if (*ran)
		yes = valid_kpi_of(&r, 0, "security.certification-time", NULL) <= 0;
	valid_run_free(&r);
	return yes;
}

static void labels(struct valid *v)
{
	static const struct {
		const char *label;
		int from_2025, before;
	} matrix[] = { { "FI", 3, 3 }, { "DE", 2, 2 }, { "KR", 3, 0 } };
	char name[96];

	for (size_t i = 0; i < 3; i++)
		for (int when = 0; when < 2; when++) {
			int highest = 0;
			bool ran = true, monotone = true;
			for (int level = 1; level <= 4 && ran; level++)
				if (recognised(matrix[i].label, level, when ? "2025-01-01T00:00Z" : "2024-12-31T00:00Z",
					       &ran)) {
					monotone &= highest == level - 1;
					highest = level;
				}
			valid_verdict(v,
				      valid_text(name, sizeof name, "%s label stands for level, %s", matrix[i].label,
						 when ? "2025-01-01" : "the day before"),
				      "CSA Singapore", when ? matrix[i].from_2025 : matrix[i].before,
				      ran ? (double)highest : (double)NAN, 0,
				      ran && monotone && highest == (when ? matrix[i].from_2025 : matrix[i].before), exact);
		}
}

/* ---- the laboratory ---- */

enum { ROWS = 8 };
static const double level = 1 - 0.01 / ROWS;

static void queue(struct valid *v)
{
	static const struct {
		const char *name, *vendors;
		double rate;
	} cases[] = {
		{ "M/M/3, rho 0.7", "5040", 2.1 },
		{ "M/M/3, rho 0.5", "3600", 1.5 },
	};
	char name[96];

	for (size_t i = 0; i < 2; i++) {
		const struct setting sets[] = { { "device-class/vendors/@count", cases[i].vendors } };
		struct valid_run r;
		bool ran = valid_scenario(&r, "tests/validation/scenarios/certification.xml", sets, 1, 21 + i,
					  valid_reps(v, 60, 16));
		struct sample none = { 0 };
		valid_mean(v, valid_text(name, sizeof name, "%s: laboratory.waiting-time", cases[i].name), "Erlang C",
			   86400 * mmc_wait(cases[i].rate, 1, 3),
			   ran ? valid_kpi(&r, "laboratory.waiting-time", NULL) : none, level, student);
		valid_mean(v, valid_text(name, sizeof name, "%s: laboratory.utilisation", cases[i].name), "rho",
			   cases[i].rate / 3, ran ? valid_kpi(&r, "laboratory.utilisation", NULL) : none, level, student);
		valid_run_free(&r);
	}
}

/* One provision of two test cases that half of the products meet; with `retests` rounds after the first. */
static void single(struct valid *v, const char *retests)
{
	const double c = 0.5, pass = 0.95 * 0.95, slip = 0.3 * 0.3, fix = 0.6;
	const struct setting sets[] = { { "device-class/security/@baseline", "single" },
					{ "device-class/security/@retests", retests },
					{ "device-class/security/@fix-chance", "60%" },
					{ "device-class/vendors/@count", "2000" },
					{ "device-class/vendors/@over", "1000d" },
					{ "laboratory/@servers", "1000" },
					{ "laboratory/@sensitivity", "70%" },
					{ "laboratory/@specificity", "95%" } };
	/* certified though met, or mended; certified though missed */
	double rightly = c * pass, wrongly = (1 - c) * slip;
	struct valid_run r;
	struct sample none = { 0 };
	char name[96];
	bool ran;

	if (*retests == '1') {
		rightly += c * (1 - pass) * pass + (1 - c) * (1 - slip) * fix * pass;
		wrongly += (1 - c) * (1 - slip) * (1 - fix) * slip;
	}
	ran = valid_scenario(&r, "tests/validation/scenarios/certification.xml", sets, 8, 31, valid_reps(v, 40, 12));
	valid_mean(v, valid_text(name, sizeof name, "%s retest: products certified", retests), "closed form",
		   rightly + wrongly, ran ? valid_kpi(&r, "security.certified-ratio", NULL) : none, level, student);
	valid_near(v, valid_text(name, sizeof name, "%s retest: certificates given wrongly", retests), "closed form",
		   wrongly / (rightly + wrongly), ran ? valid_kpi(&r, "security.false-certificate-ratio", NULL).mean : NAN,
		   ran ? sample_halfwidth(valid_kpi(&r, "security.false-certificate-ratio", NULL), level) + 1e-3 : 0,
		   "the same, and 0.1 point for a mean of ratios");
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("baseline");

	judge_counts(&v, "en-303-645-2.1.1", false, 68, 33, 35);
	judge_counts(&v, "en-303-645", true, 78, 36, 42);
	verdicts(&v);
	policies(&v);
	labels(&v);
	queue(&v);
	single(&v, "0");
	single(&v, "1");
	return valid_end(&v);
}
