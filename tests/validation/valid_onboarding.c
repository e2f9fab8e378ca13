/*
 * Onboarding against closed forms: how long a handshake takes and what its radio energy is, how often flights are repeated, how a
 * server's queue drains in a storm; EDHOC beside DTLS on NB-IoT, for comparison.
 */
#include <math.h>

#include "models/bootstrap/protocol.h"
#include "tests/validation/validate.h"

#define SCENARIO "tests/validation/scenarios/onboarding.xml"
#define NB_IOT   "tests/validation/scenarios/onboarding-nbiot.xml"

enum { ROWS = 20, MOST_SETS = 8 };
static const double level = 1 - 0.01 / ROWS;
static const char why[] = "Student interval over the replications, 99 % for all rows of this topic together";

static bool run(struct valid *v, struct valid_run *r, const char *file, const char *what, const struct setting *sets, uint64_t reps)
{
	size_t n = 0;

	while (n < MOST_SETS && sets[n].address)
		n++;
	if (valid_scenario(r, file, sets, n, 1, reps))
		return true;
	valid_verdict(v, what, "the scenario runs and its audit balances", NAN, NAN, NAN, false, "see the diagnostics");
	return false;
}

/* What the flights of a protocol take on a link, one after the other: s.  The server's `service` for each exchange. */
static double sum_of_flights(const struct protocol *p, const struct compute_profile *c, double up, double down, double delay,
			     double service)
{
	double t = 0;

	for (size_t i = 0; i < p->n_flights; i++) {
		const struct flight *f = &p->flights[i];
		bool device = f->from == FROM_DEVICE;
		t += 8.0 * f->bytes / (device ? up : down) + delay + (device ? service : 0);
		t += sim_seconds(compute_time(c, f->ops));
	}
	return t;
}

/* The scaling rule: sum over round trips of 2 x delay + service, airtime and computing; power-on to operational. */
static void times(struct valid *v)
{
	static const char *const methods[] = { "edhoc-static-dh-kid", "dtls13-rpk-ecdhe", "cojp" };
	static const struct {
		const char *text;
		double s;
	} delays[] = { { "10ms", 0.01 }, { "3s", 3 } };
	struct valid_run r;
	char name[96];

	for (size_t k = 0; k < 2 * sizeof methods / sizeof methods[0]; k++) {
		const char *method = methods[k / 2];
		const struct setting sets[MOST_SETS] = {
			{ "device-class/onboarding/@method", method },  { "device-class/onboarding/@compute", "m0-48mhz" },
			{ "device-class/onboarding/@timeout", "100s" }, { "local-link/@latency", delays[k % 2].text },
			{ "onboarding-server/@service-time", "40ms" },  { "onboarding-server/@roles", "application jrc" },
		};
		if (run(v, &r, SCENARIO, method, sets, 1))
			valid_near(v, valid_text(name, sizeof name, "%s, %s one way", method, delays[k % 2].text),
				   "sum of flights: airtime, delay, service, computing",
				   sum_of_flights(protocol_named(NULL, method), compute_named(NULL, "m0-48mhz"), 28e3,
						  170e3, delays[k % 2].s, 0.04),
				   valid_kpi(&r, "onboarding.storm-recovery-99", NULL).mean, 1e-7,
				   "exact but for whole nanoseconds");
		valid_run_free(&r);
	}
}

/* draft-ietf-lake-reqs: 500 mW up, 80 mW down, at 28/170 and 0.37/2.5 kbit/s; mJ. */
static void energy(struct valid *v)
{
	static const struct {
		const char *method;
		double good, bad;
	} rows[] = {
		{ "edhoc-static-dh-kid", 8.169, 616.9 },
		{ "edhoc-signature-x5t", 18.576, 1402.4 },
		{ "ctls-psk", 9.215, 695.7 },
		{ "dtls13-psk-cid", 28.005, 2114.8 },
		{ "dtls13-psk-ecdhe-cid", 40.137, 3030.8 },
		{ "tls13-rpk-ecdhe", 57.912, 4371.1 },
		{ "dtls13-rpk-ecdhe-cid", 64.566, 4873.0 },
	};
	double dtls = NAN, edhoc = NAN;
	struct valid_run r;
	char name[96];

	for (size_t k = 0; k < 2 * sizeof rows / sizeof rows[0]; k++) {
		bool bad = k % 2;
		const struct setting sets[MOST_SETS] = {
			{ "device-class/onboarding/@method", rows[k / 2].method },
			{ "device-class/onboarding/@timeout", "100s" },
			{ "local-link/@rate", bad ? "0.37kbps" : "28kbps" },
			{ "local-link/@rate-down", bad ? "2.5kbps" : "170kbps" },
		};
		double expected = bad ? rows[k / 2].bad : rows[k / 2].good, measured;
		if (!run(v, &r, SCENARIO, rows[k / 2].method, sets, 1)) {
			valid_run_free(&r);
			continue;
		}
		measured = valid_kpi(&r, "onboarding.energy", NULL).mean * 1e3;
		valid_near(v,
			   valid_text(name, sizeof name, "energy of %s, %s coverage", rows[k / 2].method,
				      bad ? "bad" : "good"),
			   "rates of draft-ietf-lake-reqs, sizes of the protocol comparison; mJ", expected, measured,
			   1e-3 * expected, "0.1 %, as the figures are rounded");
		edhoc = k == 0 ? measured : edhoc;
		dtls = bad ? dtls : measured;
		valid_run_free(&r);
	}
	valid_near(v, "energy, DTLS 1.3 : EDHOC", "the same table, 7.90", 7.90, dtls / edhoc, 0.01,
		   "two decimals of the table");
}

/* 90 B in three pieces, 60 B in two, each lost with 0.2: an exchange succeeds with q = 0.8^5, and is tried five times at most. */
static void repetitions(struct valid *v)
{
	static const struct setting sets[MOST_SETS] = {
		{ "local-link/@loss", "20%" },
		{ "local-link/@mtu", "30B" },
		{ "deploy/@count", "500" },
	};
	double q = pow(0.8, 5), fails = pow(1 - q, 5), again = (1 - q) * (1 - pow(1 - q, 4)) / q;
	struct valid_run r;

	if (run(v, &r, SCENARIO, "repetitions", sets, valid_reps(v, 40, 8))) {
		valid_mean(v, "attempts that succeed, 5 pieces, loss 0.2", "1 - (1 - (1 - p)^5)^5", 1 - fails,
			   valid_kpi(&r, "onboarding.success-ratio", NULL), level, why);
		valid_near(v, "repetitions an onboarding", "geometric, cut off after four", again / (1 - fails),
			   valid_kpi(&r, "onboarding.retransmissions", NULL).mean,
			   sample_halfwidth(valid_kpi(&r, "onboarding.retransmissions", NULL), level) + 2e-3 * again,
			   "the same, and 0.2 % for the bias of a ratio of sums over 500 devices");
	}
	valid_run_free(&r);
}

/* All ask at once and wait: departures of c busy exponential servers are a Poisson process of rate c / mean. */
static void storms(struct valid *v)
{
	static const struct setting many[MOST_SETS] = {
		{ "deploy/@count", "1000" },
		{ "onboarding-server/@servers", "3" },
		{ "onboarding-server/@service-time", "1s" },
		{ "onboarding-server/@service-law", "exponential" },
		{ "local-link/@rate", "1Tbps" },
		{ "local-link/@rate-down", "1Tbps" },
		{ "device-class/onboarding/@timeout", "2000s" },
	};
	static const struct setting fixed[MOST_SETS] = {
		{ "deploy/@count", "1000" },
		{ "onboarding-server/@servers", "4" },
		{ "onboarding-server/@service-time", "1s" },
		{ "local-link/@rate", "1Tbps" },
		{ "local-link/@rate-down", "1Tbps" },
		{ "device-class/onboarding/@timeout", "2000s" },
	};
	static const struct setting poisson[MOST_SETS] = {
		{ "deploy/@count", "20000" },
		{ "deploy/@over", "20000s" },
		{ "onboarding-server/@servers", "1" },
		{ "onboarding-server/@service-time", "800ms" },
		{ "local-link/@rate", "1Tbps" },
		{ "local-link/@rate-down", "1Tbps" },
		{ "device-class/onboarding/@timeout", "2000s" },
	};
	struct valid_run r;

	if (run(v, &r, SCENARIO, "storm", many, valid_reps(v, 100, 20)))
		valid_mean(v, "900 of 1,000 through three exponential servers", "900 x mean / 3", 300,
			   valid_kpi(&r, "onboarding.storm-recovery-90", NULL), level, why);
	valid_run_free(&r);
	if (run(v, &r, SCENARIO, "storm", fixed, 1)) {
		valid_near(v, "900 of 1,000 through four servers of 1 s", "900 / 4", 225,
			   valid_kpi(&r, "onboarding.storm-recovery-90", NULL).mean, 1e-5, "a microsecond of airtime");
		valid_near(v, "95 % waiting in that storm", "950 / 4", 237,
			   valid_kpi(&r, "onboarding.server-waiting-p95", NULL).mean, 237. / 64 + 1,
			   "1.6 % for the width of a bin of the histogram, and a step of service");
	}
	valid_run_free(&r);
	if (run(v, &r, SCENARIO, "roll-out", poisson, valid_reps(v, 24, 8))) {
		/* P(W <= x) of M/D/1: (1 - rho) sum (-1)^k (lambda (x - k D))^k e^(lambda (x - k D)) / k!, over k D <= x */
		double lambda = 1, d = 0.8, rho = 0.8, lo = 0, hi = 60;
		while (hi - lo > 1e-9) {
			double x = (lo + hi) / 2, cdf = 0;
			for (int k = 0; k * d <= x; k++) {
				double y = lambda * (x - k * d);
				cdf += (k % 2 ? -1 : 1) * exp(k * log(y > 0 ? y : 1e-300) - lgamma(k + 1.0) + y);
			}
			*(cdf * (1 - rho) < 0.95 ? &lo : &hi) = x;
		}
		valid_near(v, "95 % waiting, 1 device a second, 0.8 s each", "M/D/1 in closed form", lo,
			   valid_kpi(&r, "onboarding.server-waiting-p95", NULL).mean,
			   sample_halfwidth(valid_kpi(&r, "onboarding.server-waiting-p95", NULL), level) + lo / 64,
			   "Student interval, and 1.6 % for the width of a bin of the histogram");
	}
	valid_run_free(&r);
}

/* On the simulated NB-IoT what lies below the handshake costs too: random access, grants, listening, tails. */
static void on_nb_iot(struct valid *v)
{
	static const struct setting edhoc[MOST_SETS] = { { "device-class/onboarding/@method", "edhoc-static-dh-kid" } };
	static const struct setting dtls[MOST_SETS] = { { "device-class/onboarding/@method", "dtls13-rpk-ecdhe-cid" } };
	struct valid_run a, b = { 0 };

	if (run(v, &a, NB_IOT, "EDHOC on NB-IoT", edhoc, 1) && run(v, &b, NB_IOT, "DTLS on NB-IoT", dtls, 1)) {
		valid_report(v, "simulated NB-IoT: energy, DTLS 1.3 : EDHOC", "7.90 on an ideal link", 7.90,
			     valid_kpi(&b, "onboarding.energy", NULL).mean / valid_kpi(&a, "onboarding.energy", NULL).mean,
			     "what lies below both handshakes is in it");
		valid_report(v, "simulated NB-IoT: bytes, DTLS 1.3 : EDHOC", "8.85 without repetitions", 8.85,
			     valid_kpi(&b, "onboarding.bytes", NULL).mean / valid_kpi(&a, "onboarding.bytes", NULL).mean,
			     "");
	}
	valid_run_free(&b);
	valid_run_free(&a);
}

int main(void)
{
	struct valid v = valid_begin("onboarding");

	times(&v);
	energy(&v);
	repetitions(&v);
	storms(&v);
	on_nb_iot(&v);
	return valid_end(&v);
}
