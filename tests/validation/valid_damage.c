/* What hazards break, and how long sites live on their batteries, against closed forms. */
#include <math.h>

#include "tests/validation/validate.h"

static const char path[] = "tests/validation/scenarios/damage.xml";

static double phi(double x)
{
	return erfc(-x / sqrt(2)) / 2;
}

static bool run(struct valid *v, struct valid_run *r, const struct setting *set, uint64_t seed)
{
	if (valid_scenario(r, path, set, set != NULL, seed, valid_reps(v, 40, 20)))
		return true;
	valid_verdict(v, "damage", "the scenario runs and its audit balances", NAN, NAN, NAN, false, "see the diagnostics");
	valid_run_free(r);
	return false;
}

/* Level by level: shares of gateways and meters broken, of those destroyed. */
static void fragility(struct valid *v)
{
	static const struct {
		const char *peak, *name;
		double z;
	} cases[] = {
		{ "0.3594631m", "2 deviations below", -2 },
		{ "0.5362560m", "1 deviation below", -1 },
		{ "0.8m", "median", 0 },
		{ "1.1934598m", "1 deviation above", 1 },
		{ "1.7804327m", "2 deviations above", 2 },
	};
	char what[96];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct setting set = { .address = "crisis/flood/@peak", .value = cases[i].peak };
		struct valid_run r;
		double broken = phi(cases[i].z), destroyed = phi(cases[i].z - log(1.5) / 0.4) / broken;
		if (!run(v, &r, &set, 1 + i))
			continue;
		valid_mean(v, valid_text(what, sizeof what, "meters broken, %s", cases[i].name),
			   "log-normal distribution function", broken, valid_kpi(&r, "crisis.damaged-ratio", "class=meter"),
			   0.999, "99.9 % interval of the mean");
		valid_mean(v, valid_text(what, sizeof what, "gateways broken, %s", cases[i].name),
			   "log-normal distribution function", broken,
			   valid_kpi(&r, "crisis.damaged-ratio", "kind=gateway"), 0.999, "99.9 % interval of the mean");
		if (cases[i].z >= 0)
			valid_mean(v, valid_text(what, sizeof what, "of meters broken destroyed, %s", cases[i].name),
				   "quotient of two of them", destroyed,
				   valid_kpi(&r, "crisis.destroyed-ratio", "class=meter"), 0.999,
				   "99.9 % interval of the mean");
		valid_run_free(&r);
	}
}

/* Mean 1 day, deviation as large: mended within a time t is phi(ln t / s + s / 2), s^2 = ln 2.  Broken between 1 h and 1.8 h: at the
 * median of those that 0.8 m breaks, 0.6137 m, so that t of a run of T is T - 1.6137 h, within 0.2 h. */
static void repair(struct valid *v)
{
	static const struct {
		const char *duration;
		double days;
	} cases[] = { { "12h", 0.5 }, { "25h", 25 / 24.0 }, { "3d", 3 }, { "10d", 10 } };
	double s = sqrt(log(2));
	char what[96];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct setting set = { .address = "run/@duration", .value = cases[i].duration };
		double early = cases[i].days - 1.8 / 24, late = cases[i].days - 1 / 24.0;
		struct valid_run r;
		struct sample mended;
		if (!run(v, &r, &set, 11 + i))
			continue;
		mended = valid_kpi(&r, "crisis.mended-ratio", "kind=gateway");
		valid_between(v, valid_text(what, sizeof what, "gateways mended after %s", cases[i].duration),
			      "log-normal law of the repair", phi(log(early) / s + s / 2) - sample_halfwidth(mended, 0.999),
			      phi(log(late) / s + s / 2) + sample_halfwidth(mended, 0.999), mended.mean,
			      "broken between 1 h and 1.8 h; 99.9 % interval of the mean");
		valid_run_free(&r);
	}
}

/*
 * A blackout of L = 24 h, batteries B log-normal of mean 8 h, deviation half of it, 30 % with a generator that outlasts it: of a run
 * of 3 days dark is 0.7 E(L - B)+, where E(L - B)+ = L phi(d) - 8 phi(d - s), d = (ln L/8 + s^2/2) / s, s^2 = ln 1.25; on battery
 * is E min(B, L) = L - E(L - B)+.
 */
static void batteries(struct valid *v)
{
	double s = sqrt(log(1.25)), d = (log(24 / 8.0) + s * s / 2) / s, over = 24 * phi(d) - 8 * phi(d - s);
	struct valid_run r;

	if (!run(v, &r, NULL, 21))
		return;
	valid_mean(v, "time of sites on battery", "mean of a log-normal below a bound", (24 - over) / 72,
		   valid_kpi(&r, "power-grid.battery-share", NULL), 0.999, "99.9 % interval of the mean");
	valid_mean(v, "time on generator", "the rest of the blackout, for 30 %", 0.3 * over / 72,
		   valid_kpi(&r, "power-grid.generator-share", NULL), 0.999, "99.9 % interval of the mean");
	valid_mean(v, "time dark", "the rest of the blackout, for 70 %", 0.7 * over / 72,
		   valid_kpi(&r, "power-grid.dark-share", NULL), 0.999, "99.9 % interval of the mean");
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("damage and site power");

	fragility(&v);
	repair(&v);
	batteries(&v);
	return valid_end(&v);
}
