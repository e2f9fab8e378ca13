/*
 * <epidemic> against closed forms and exact laws: growth, final size in large and in small populations; tau-leaping against the
 * exact method.
 */
#include <math.h>
#include <stdlib.h>

#include "tests/validation/validate.h"

static const char path[] = "tests/validation/scenarios/epidemic.xml";

/* Districts' people are a share of all; the rest live outside of districts. */
struct setup { const char *people, *north, *south, *east, *seeds, *reproduction, *method, *stages, *duration; };

static bool run(struct valid *v, struct valid_run *r, const char *what, const struct setup *u, uint64_t seed, uint64_t reps)
{
	const struct setting sets[] = {
		{ .address = "city/@population", .value = u->people },
		{ .address = "city/district[@id='north']/@population", .value = u->north },
		{ .address = "city/district[@id='south']/@population", .value = u->south },
		{ .address = "city/district[@id='east']/@population", .value = u->east },
		{ .address = "crisis/epidemic[@id='flu']/@seeds", .value = u->seeds },
		{ .address = "crisis/epidemic[@id='flu']/@reproduction", .value = u->reproduction },
		{ .address = "crisis/epidemic[@id='flu']/@method", .value = u->method },
		{ .address = "crisis/epidemic[@id='flu']/@stages", .value = u->stages },
		{ .address = "run/@duration", .value = u->duration },
	};

	if (valid_scenario(r, path, sets, sizeof sets / sizeof sets[0], seed, reps))
		return true;
	valid_verdict(v, what, "the scenario runs and its audit balances", NAN, NAN, NAN, false, "see the diagnostics");
	return false;
}

/* ---- growth ---- */

static double identity(double r, double te, double ti)
{
	return (1 + r * te) * (1 + r * ti);
}

static void growth(struct valid *v)
{
	static const struct setup leaping = { "100000000", "30000000", "20000000", "10000000", "10000",
					      "1.870",     "tau-leap", "1",        "70d" };
	static const struct setup exact = { "10000000", "3000000", "2000000", "1000000", "2000",
					    "1.870",    "exact",   "1",       "38d" };
	const struct setup *both[] = { &leaping, &exact };
	struct valid_run r;
	char name[96];

	for (int i = 0; i < 2; i++) {
		if (run(v, &r, "growth", both[i], 901, i ? valid_reps(v, 8, 4) : valid_reps(v, 20, 8))) {
			struct sample s = valid_kpi(&r, "crisis.epidemic-growth", NULL);
			valid_near(v, valid_text(name, sizeof name, "%s: growth at R0 1.870, by the day", both[i]->method),
				   "facts 4.6: (1 + r TE)(1 + r TI) = R0, r 0.10", 0.1, s.mean, 0.1 * 0.019,
				   "1 % of R0 is 1.9 % of r");
			valid_near(v, valid_text(name, sizeof name, "%s: (1 + r TE)(1 + r TI)", both[i]->method),
				   "the same: 1.870", 1.870, identity(s.mean, 5.2, 2.3), 0.0187,
				   "1 %; fitted until 0.5 % have been infected, which slows it by 0.3 %");
		}
		valid_run_free(&r);
	}
}

/* ---- final size of large populations ---- */

static double final_size(double reproduction)
{
	double z = 1;

	for (int i = 0; i < 200; i++)
		z = 1 - exp(-reproduction * z);
	return z;
}

/* Final size is normal about z with a standard deviation near 0.7 / sqrt(N) (von Bahr and Martin-Löf 1980), if it takes off, which
 * from so many seeds it does: the mean of few runs of so many people is that precise.  Seeds of 1e-4 of the people add 2e-5. */
static void large(struct valid *v)
{
	static const struct {
		double r0;
		const char *text;
		double published;
	} cases[] = { { 2.2, "2.2", 0.8437 }, { 2.5, "2.5", 0.8926 } };
	struct valid_run r;
	char name[96], why[160];

	for (int i = 0; i < 3; i++) {
		bool exact = i == 2;
		struct setup u = { "10000000",        "3000000",  "2000000", "1000000", "1000",
				   cases[i % 2].text, "tau-leap", "1",       "450d" };
		if (exact)
			u = (struct setup){ "500000",          "150000", "100000", "50000", "50",
					    cases[i % 2].text, "exact",  "2",      "450d" };
		if (run(v, &r, "final size", &u, 902, exact ? valid_reps(v, 16, 12) : valid_reps(v, 12, 6))) {
			struct sample s = valid_kpi(&r, "crisis.attack-rate", NULL);
			snprintf(why, sizeof why,
				 "0.001; the mean of %.0f runs is within %.1g at 99.9 %%; closed form %.6f", s.n,
				 sample_halfwidth(s, 0.999), final_size(cases[i % 2].r0));
			valid_near(v,
				   valid_text(name, sizeof name, "%s, %s people in 4 places, R0 %s: attack rate", u.method,
					      u.people, u.reproduction),
				   "facts 4.6: z = 1 - exp(-R0 z)", cases[i % 2].published, s.mean, 0.001, why);
		}
		valid_run_free(&r);
	}
}

/* ---- final size of small populations ---- */

enum { SMALL = 20, CHUNK = 500 };

/* The embedded chain of one exponential stage: with s susceptible and i infected ones, the next is an infection with chance
 * R0 s / N against 1.  An exposed person changes nothing of it but the time. */
static void by_chain(double reproduction, double p[SMALL + 1])
{
	static double at[SMALL + 1][SMALL + 2];

	for (int s = 0; s <= SMALL; s++)
		for (int i = 0; i <= SMALL + 1; i++)
			at[s][i] = 0;
	at[SMALL - 1][1] = 1;
	for (int k = 0; k <= SMALL; k++)
		p[k] = 0;
	for (int s = SMALL - 1; s >= 0; s--)
		for (int i = SMALL - s; i >= 1; i--) {
			double rate = reproduction * s / SMALL, meets = rate / (1 + rate);
			if (s > 0)
				at[s - 1][i + 1] += at[s][i] * meets;
			if (i > 1)
				at[s][i - 1] += at[s][i] * (1 - meets);
			else
				p[SMALL - s] += at[s][i] * (1 - meets);
		}
}

/* Ball 1986: for all l, sum over j <= l of C(n - j, l - j) P_j / phi(beta (n - l))^(j + 1) = C(n, l), phi the Laplace transform of the
 * infectious time, here of Erlang's law. */
static void by_ball(double reproduction, int stages, double p[SMALL + 1])
{
	int n = SMALL - 1;

	p[0] = 0;
	for (int l = 0; l <= n; l++) {
		double phi = pow(1 + reproduction * (n - l) / SMALL / stages, -stages), sum = 0;
		for (int j = 0; j < l; j++)
			sum += exp(lgamma(n - j + 1) - lgamma(l - j + 1) - lgamma(n - l + 1)) * p[j + 1] / pow(phi, j + 1);
		p[l + 1] = (exp(lgamma(n + 1) - lgamma(l + 1) - lgamma(n - l + 1)) - sum) * pow(phi, l + 1);
	}
}

/* Pearson's sum, cells of fewer than 5 expected joined; *cells of them. */
static double pearson(const double p[SMALL + 1], const double count[SMALL + 1], double runs, int *cells)
{
	double x2 = 0, expected = 0, seen = 0;

	*cells = 0;
	for (int k = 1; k <= SMALL; k++) {
		double rest = 0;
		expected += runs * p[k];
		seen += count[k];
		for (int i = k + 1; i <= SMALL; i++)
			rest += runs * p[i];
		if ((expected < 5 || rest < 5) && k < SMALL)
			continue;
		x2 += (seen - expected) * (seen - expected) / expected;
		++*cells;
		expected = seen = 0;
	}
	return x2;
}

/* Wilson and Hilferty 1931; 3.090: 99.9 %. */
static double chi_square_999(int freedom)
{
	double c = 2.0 / (9 * freedom);

	return freedom * pow(1 - c + 3.090 * sqrt(c), 3);
}

static void small(struct valid *v)
{
	static const struct {
		const char *stages, *law;
	} cases[] = { { "1", "embedded Markov chain" }, { "2", "Ball 1986, Erlang's law" } };
	double p[SMALL + 1], count[SMALL + 1], ball[SMALL + 1], off = 0;
	struct valid_run r;
	char name[96];
	int cells;

	by_chain(2.2, p);
	by_ball(2.2, 1, ball);
	for (int k = 1; k <= SMALL; k++)
		off = fmax(off, fabs(p[k] - ball[k]));
	valid_near(v, "20 people: final sizes by the chain and by Ball's equations", "each other", 0, off, 1e-7,
		   "rounding");
	for (int c = 0; c < 2; c++) {
		struct setup u = { "20", "0", "0", "0", "1", "2.2", "exact", cases[c].stages, "3yr" };
		double runs = 0;
		if (c == 1)
			by_ball(2.2, 2, p);
		for (int k = 0; k <= SMALL; k++)
			count[k] = 0;
		for (uint64_t chunk = 0; chunk < 5; chunk++) {
			bool good = run(v, &r, "small population", &u, 910 + chunk, CHUNK);
			for (size_t i = 0; good && i < CHUNK; i++)
				count[lrint(SMALL * valid_kpi_of(&r, i, "crisis.attack-rate", NULL))]++;
			runs += good ? CHUNK : 0;
			valid_run_free(&r);
		}
		double x2 = pearson(p, count, runs, &cells);
		valid_between(v,
			      valid_text(name, sizeof name,
					 "20 people, R0 2.2, %s stage(s), %.0f runs: chi-square of the final size",
					 cases[c].stages, runs),
			      cases[c].law, 0, chi_square_999(cells - 1), x2, "99.9 % level");
	}
}

/* ---- tau-leaping against exact ---- */

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Largest distance between two samples of n. */
static double distance(double *a, double *b, size_t n)
{
	double d = 0;
	size_t i = 0, k = 0;

	qsort(a, n, sizeof *a, ascending);
	qsort(b, n, sizeof *b, ascending);
	while (i < n && k < n) {
		double x = fmin(a[i], b[k]);
		while (i < n && a[i] <= x)
			i++;
		while (k < n && b[k] <= x)
			k++;
		d = fmax(d, fabs((double)i - (double)k) / (double)n);
	}
	return d;
}

static void leaping(struct valid *v)
{
	enum { RUNS = 800, KPIS = 3 };
	static const char *const kpis[KPIS] = { "crisis.attack-rate", "crisis.infected-peak", "crisis.epidemic-peak-time" };
	static double x[2][KPIS][RUNS];
	struct setup u = { "2000", "600", "400", "200", "3", "2.2", "exact", "1", "1yr" };
	struct valid_run r;
	char name[96];
	bool good = true;

	for (int m = 0; m < 2; m++) {
		u.method = m ? "tau-leap" : "exact";
		good = run(v, &r, "tau-leap and exact", &u, m ? 931 : 930, RUNS) && good;
		for (size_t i = 0; good && i < RUNS; i++)
			for (int k = 0; k < KPIS; k++)
				x[m][k][i] = valid_kpi_of(&r, i, kpis[k], NULL);
		valid_run_free(&r);
	}
	for (int k = 0; good && k < KPIS; k++)
		valid_near(v, valid_text(name, sizeof name, "2,000 people, 3 seeds, tau-leap and exact: %s", kpis[k]),
			   "two samples of 800: Kolmogorov-Smirnov distance", 0, distance(x[0][k], x[1][k], RUNS),
			   2.145 * sqrt(2.0 / RUNS), "99.9 % level, 3 rows together (99.98 % each)");
}

int main(void)
{
	struct valid v = valid_begin("epidemic");

	growth(&v);
	large(&v);
	small(&v);
	leaping(&v);
	return valid_end(&v);
}
