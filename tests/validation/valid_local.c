/*
 * <local-link> and <choosing> against closed forms: attempts, delays, outages, what is too large; how often a device falls over
 * to its second network, how long it stays there, and what two networks deliver that one does not.
 *
 * Two networks that both fail have no handy closed form with hysteresis: they are compared with a simulation of two alternating
 * renewal processes that stands in this file and shares nothing with the model but the rules of its documentation.
 */
#include <math.h>

#include "tests/validation/validate.h"

#define SCENARIO "tests/validation/scenarios/local.xml"
static const char why[] = "Student interval over the replications, 99 % for all rows of this topic together";
static const char binned[] = "the same, and 1.6 % for the width of a bin of the latency histogram";

enum { ROWS = 25, MOST_SETS = 8 };
static const double level = 1 - 0.01 / ROWS;

/* Run with settings; a failure is a row of its own. */
static bool run(struct valid *v, struct valid_run *r, const char *what, const struct setting *sets, uint64_t seed)
{
	size_t n = 0;

	while (n < MOST_SETS && sets[n].address)
		n++;
	if (valid_scenario(r, SCENARIO, sets, n, seed, valid_reps(v, 24, 8)))
		return true;
	valid_verdict(v, what, "the scenario runs and its audit balances", NAN, NAN, NAN, false, "see the diagnostics");
	return false;
}

static void mean(struct valid *v, const struct valid_run *r, const char *what, const char *source, double expected,
		 const char *kpi, const char *group)
{
	valid_mean(v, what, source, expected, valid_kpi(r, kpi, group), level, why);
}

/* Three attempts, each lost with 0.4: 160 ms on the air, a second between them. */
static void attempts(struct valid *v)
{
	static const struct setting sets[MOST_SETS] = {
		{ "local-link[@id='first']/@loss", "40%" },     { "local-link[@id='first']/@retries", "2" },
		{ "local-link[@id='first']/@rate", "1000bps" }, { "local-link[@id='first']/@retry-gap", "1s" },
		{ "local-link[@id='first']/@latency", "30ms" },
	};
	const double p = 0.4, heard = 1 - pow(p, 3);
	double extra = ((1 - p) * p * 1 + (1 - p) * p * p * 2) / heard; /* attempts after the first, of those heard */
	struct valid_run r;

	if (run(v, &r, "attempts", sets, 1)) {
		mean(v, &r, "delivery ratio, loss 0.4, 2 retries", "1 - p^(r+1)", heard, "connectivity.delivery-ratio",
		     "class=single");
		mean(v, &r, "attempts a message", "(1 - p^(r+1)) / (1 - p)", heard / (1 - p), "local-link.attempts",
		     "network=first");
		/* a message in twenty minutes waits for another in one of 2000 */
		valid_near(v, "delay of messages that are heard", "air + attempts after the first x (air + gap) + latency",
			   0.16 + extra * 1.16 + 0.03, valid_kpi(&r, "local-link.delay", "network=first").mean,
			   sample_halfwidth(valid_kpi(&r, "local-link.delay", "network=first"), level) + 0.002,
			   "the same, and 2 ms for messages that wait for the one before (1 in 1000 waits about a second)");
	}
	valid_run_free(&r);
}

static void quantiles(struct valid *v, const char *law, const char *variation, double m, double p50, double p95)
{
	const struct setting sets[MOST_SETS] = {
		{ "local-link[@id='first']/@latency", "2s" },
		{ "local-link[@id='first']/@latency-law", law },
		{ variation ? "local-link[@id='first']/@latency-variation" : NULL, variation },
	};
	const struct {
		const char *kpi;
		double x;
	} rows[] = { { "latency.p50", p50 }, { "latency.p95", p95 } };
	struct valid_run r;
	char name[96];

	if (run(v, &r, law, sets, 2)) {
		valid_near(v, valid_text(name, sizeof name, "%s: latency.mean", law), "the mean given", m,
			   valid_kpi(&r, "latency.mean", "class=single").mean,
			   sample_halfwidth(valid_kpi(&r, "latency.mean", "class=single"), level) + 1e-6,
			   "Student interval, and a microsecond for the payload at 1 Tbit/s");
		for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
			struct sample s = valid_kpi(&r, rows[i].kpi, "class=single");
			valid_near(v, valid_text(name, sizeof name, "%s: %s", law, rows[i].kpi), "the law's quantile",
				   rows[i].x, s.mean, sample_halfwidth(s, level) + rows[i].x / 64, binned);
		}
	}
	valid_run_free(&r);
}

static void delays(struct valid *v)
{
	double sigma = sqrt(log1p(1.5 * 1.5)), median = 2 * exp(-sigma * sigma / 2), z95 = 1.6448536269514722;

	quantiles(v, "constant", NULL, 2, 2, 2);
	quantiles(v, "exponential", NULL, 2, 2 * log(2), 2 * log(20));
	quantiles(v, "log-normal", "1.5", 2, median, median * exp(sigma * z95));
}

/* Reach, outages of hub and backhaul, payloads too large, and energy of what is sent. */
static void reach(struct valid *v)
{
	static const struct setting sets[MOST_SETS] = {
		{ "local-link[@id='first']/@availability", "90%" },
		{ "local-link[@id='first']/@repair", "30min" },
		{ "backhaul[@id='line']/@availability", "80%" },
		{ "backhaul[@id='line']/@repair", "20min" },
	};
	static const struct setting covered[MOST_SETS] = {
		{ "local-link[@id='first']/@coverage", "70%" },
		{ "device-class[@id='single']/traffic/@payload-law", "uniform" },
		{ "device-class[@id='single']/traffic/@payload", "1B" },
		{ "device-class[@id='single']/traffic/@payload-max", "100B" },
		{ "local-link[@id='first']/@mtu", "60B" },
	};
	static const struct setting energy[MOST_SETS] = {
		{ "local-link[@id='first']/@rate", "1000bps" },  { "local-link[@id='first']/@overhead", "10B" },
		{ "local-link[@id='first']/@tx-draw", "500mW" }, { "local-link[@id='first']/@rx-draw", "200mW" },
		{ "local-link[@id='first']/@listen", "100ms" },
	};
	struct valid_run r;

	if (run(v, &r, "outages", sets, 3)) {
		mean(v, &r, "hub up", "availability given", 0.9, "local-link.availability", "network=first");
		mean(v, &r, "hub and backhaul up", "product of the two", 0.9 * 0.8, "connectivity.availability",
		     "class=single");
		mean(v, &r, "delivery through hub and backhaul", "product of the two", 0.9 * 0.8,
		     "connectivity.delivery-ratio", "class=single");
	}
	valid_run_free(&r);
	if (run(v, &r, "reach", covered, 4)) {
		mean(v, &r, "devices in reach", "coverage given", 0.7, "local-link.coverage", "network=first");
		mean(v, &r, "payload over the MTU, 1..100 B against 60 B", "40 of 100", 0.4, "losses.payload-too-large",
		     "class=single");
	}
	valid_run_free(&r);
	if (run(v, &r, "energy", energy, 5))
		valid_near(v, "energy a message", "0.5 W x 240 ms + 0.2 W x 100 ms", 0.14,
			   valid_kpi(&r, "energy.per-message", "class=single").mean, 1e-4,
			   "messages on their way at either end of the counted time");
	valid_run_free(&r);
}

/* The first network fails, U and D its mean up and down time, the second does not.  It is left when a down time exceeds the
 * notice (q of them) and taken again when an up time has lasted for b (g of them); both times are memoryless. */
static void one_fails(struct valid *v)
{
	static const struct setting sets[MOST_SETS] = {
		{ "local-link[@id='first']/@availability", "75%" },
		{ "local-link[@id='first']/@repair", "2h" },
		{ "device-class[@id='dual']/choosing/@notice", "30min" },
		{ "device-class[@id='dual']/choosing/@back-after", "3h" },
	};
	const double D = 2, U = 6, n = 0.5, b = 3, q = exp(-n / D), g = exp(-b / U);
	double on_first = U / q + (1 / q - 1) * (D - n * q / (1 - q)) + n;
	double on_second = D + (1 / g - 1) * (U - b * g / (1 - g) + D) + b, cycle = on_first + on_second;
	struct valid_run r;

	if (run(v, &r, "one network fails", sets, 6)) {
		mean(v, &r, "one fails: time on the second network", "renewal cycle with hysteresis", on_second / cycle,
		     "choosing.second-choice-time", "class=dual");
		mean(v, &r, "one fails: falls over a day", "one a cycle", 24 / cycle, "choosing.fall-overs", "class=dual");
	}
	valid_run_free(&r);
}

/* Every other message is lost on the first network; three in a row send the device away, for five hours. */
static void messages_fail(struct valid *v)
{
	static const struct setting sets[MOST_SETS] = {
		{ "local-link[@id='first']/@loss", "50%" },
		{ "device-class[@id='dual']/choosing/@fall-over", "3" },
		{ "device-class[@id='dual']/choosing/@back-after", "5h" },
	};
	const double messages = (1 - 0.125) / (0.125 * 0.5), first = messages / 3, second = 5; /* three an hour */
	struct valid_run r;

	if (run(v, &r, "messages fail", sets, 7)) {
		mean(v, &r, "3 losses in a row: falls over a day", "mean run to three of a kind, (1 - p^3) / (p^3 (1 - p))",
		     24 / (first + second), "choosing.fall-overs", "class=dual");
		mean(v, &r, "3 losses in a row: time on the second network", "renewal cycle", second / (first + second),
		     "choosing.second-choice-time", "class=dual");
	}
	valid_run_free(&r);
}

/* Both fail; a device moves at once. */
static void both_fail_at_once(struct valid *v)
{
	static const struct setting sets[MOST_SETS] = {
		{ "local-link[@id='first']/@availability", "75%" },
		{ "local-link[@id='first']/@repair", "2h" },
		{ "local-link[@id='second']/@availability", "60%" },
		{ "local-link[@id='second']/@repair", "3h" },
	};
	struct valid_run r;

	if (run(v, &r, "both fail", sets, 8)) {
		mean(v, &r, "both fail, moves at once: delivery", "1 - (1-a)(1-b)", 1 - 0.25 * 0.4,
		     "connectivity.delivery-ratio", "class=dual");
		mean(v, &r, "both fail, moves at once: availability", "1 - (1-a)(1-b)", 1 - 0.25 * 0.4,
		     "connectivity.availability", "class=dual");
		mean(v, &r, "one of them alone: delivery", "a", 0.75, "connectivity.delivery-ratio", "class=single");
	}
	valid_run_free(&r);
}

/* ---- two alternating renewal processes with hysteresis, h ---- */

struct side {
	bool up;
	double since, until, mean_up, mean_down;
};

static void turn(struct side *x, struct rng *r)
{
	x->up = !x->up;
	x->since = x->until;
	x->until += rng_exponential(r, x->up ? x->mean_up : x->mean_down);
}

static double later(double a, double b)
{
	return a > b ? a : b;
}

/* One device from 0 to `end`, counted from `from` on: time on the second network and moves to it; 0 on[e]: counted time. */
static void two_sides(struct rng *r, double notice, double back, double from, double end, double out[2])
{
	struct side a = { true, 0, rng_exponential(r, 6), 6, 2 }, b = { true, 0, rng_exponential(r, 4.5), 4.5, 3 };
	double now = 0, moved = 0;
	bool second = false;

	while (now < end) {
		double move = INFINITY, next;
		if (!second && !a.up && b.up)
			move = later(now, a.since + notice);
		if (second && a.up) {
			move = later(now, later(a.since, moved) + back);
			if (!b.up && later(now, b.since + notice) < move)
				move = later(now, b.since + notice);
		}
		next = a.until < b.until ? a.until : b.until;
		next = move < next ? move : next;
		next = next < end ? next : end;
		out[0] += second && next > from ? next - later(now, from) : 0;
		now = next;
		if (now >= end)
			break;
		if (now == move) {
			second = !second;
			moved = now;
			out[1] += second && now >= from;
		} else {
			turn(now == a.until ? &a : &b, r);
		}
	}
}

static void both_fail_with_hysteresis(struct valid *v)
{
	static const struct setting sets[MOST_SETS] = {
		{ "local-link[@id='first']/@availability", "75%" },
		{ "local-link[@id='first']/@repair", "2h" },
		{ "local-link[@id='second']/@availability", "60%" },
		{ "local-link[@id='second']/@repair", "3h" },
		{ "device-class[@id='dual']/choosing/@notice", "30min" },
		{ "device-class[@id='dual']/choosing/@back-after", "3h" },
	};
	enum { SAMPLES = 100, DEVICES = 50 };
	double share[SAMPLES], falls[SAMPLES];
	struct welch_family f = { 0 };
	struct valid_run r;

	for (unsigned k = 0; k < SAMPLES; k++) {
		struct rng chance = rng_stream(rng_key(99, k), RNG_PURPOSE('t', 'w', 'o', 's'), 0, 0);
		double out[2] = { 0, 0 };
		for (unsigned i = 0; i < DEVICES; i++)
			two_sides(&chance, 0.5, 3, 48, 288, out);
		share[k] = out[0] / (DEVICES * 240.0);
		falls[k] = out[1] / (DEVICES * 10.0);
	}
	if (run(v, &r, "both fail, with hysteresis", sets, 9)) {
		welch_add(&f, "both fail, hysteresis: time on the second network", "a simulation of two renewal processes",
			  sample_of(share, SAMPLES), valid_kpi(&r, "choosing.second-choice-time", "class=dual"));
		welch_add(&f, "both fail, hysteresis: falls over a day", "a simulation of two renewal processes",
			  sample_of(falls, SAMPLES), valid_kpi(&r, "choosing.fall-overs", "class=dual"));
		welch_judge(v, &f, 0.01);
	}
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("local links");

	attempts(&v);
	delays(&v);
	reach(&v);
	one_fails(&v);
	messages_fail(&v);
	both_fail_at_once(&v);
	both_fail_with_hysteresis(&v);
	return valid_end(&v);
}
