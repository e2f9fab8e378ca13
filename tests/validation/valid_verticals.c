/*
 * The verticals' traffic and motion: the reporting mix of TR 45.820 from the library's class, the laws of the random waypoint, and
 * shadowing along the way of a device that moves.
 */
#include <math.h>
#include <string.h>

#include "models/device/mobility.h"
#include "models/radio/radio.h"
#include "tests/validation/validate.h"

/* 0.4 x 1 + 0.4 x 12 + 0.15 x 24 + 0.05 x 48 messages a day. */
static void mix(struct valid *v)
{
	struct valid_run r;
	bool ok = valid_scenario(&r, "tests/validation/scenarios/mix.xml", NULL, 0, 5, valid_reps(v, 20, 10));
	struct sample s = ok ? valid_kpi(&r, "messages.generated", NULL) : (struct sample){ 0, NAN, NAN };

	valid_near(v, "MAR periodic, 10,000 of the library's gas meters: messages a device and day",
		   "3GPP TR 45.820, Annex E", 11.2, s.mean / 1e4, 0.112,
		   "1 % (facts, assertion 16); standard error of one replication 1.03 %, of ten 0.33 %");
	valid_run_free(&r);
}

static struct point at(struct valid_sim *w, uint32_t i, double seconds)
{
	w->sim->now = sim_from_seconds(seconds);
	return device_position(w->sim, devices_of(w->sim), i);
}

static double step(struct valid_sim *w, uint32_t i, double t, double dt)
{
	struct point from = at(w, i, t), to = at(w, i, t + dt);

	return hypot(to.x - from.x, to.y - from.y);
}

/* Share of devices under way at a late moment: leg / (leg + pause x speed) in the long run, whatever the law of the legs. */
static void mean_leg(struct valid *v)
{
	static const struct setting sets[] = { { "device-class/mobility/@pause", "50s", NULL, 0 } };
	const double law = (2 + sqrt(2) + 5 * log(1 + sqrt(2))) / 15;
	struct valid_sim w;
	const double n = 40000;
	double moving = 0;

	if (valid_setup(&w, "tests/validation/scenarios/wander.xml", sets, 1, 7, 0))
		for (uint32_t i = 0; i < 40000; i++)
			moving += step(&w, i, 10000, 1e-3) > 0;
	double share = moving / n, leg = share / (1 - share) * 50 * 10 / 1000;
	valid_near(v, "random waypoint: mean leg in the unit square", "mean distance of two points in a square (Santalo)",
		   law, leg, 4 * sqrt(share * (1 - share) / n) / ((1 - share) * (1 - share)) * 0.5,
		   "from the share of 40,000 devices under way between pauses; 4 standard errors");
	valid_sim_free(&w);
}

/* A leg's time goes with 1 / speed, so at a moment the speed has density 1 / v. */
static void mean_speed(struct valid *v)
{
	static const struct setting sets[] = { { "device-class/mobility/@speed", "2m/s", NULL, 0 },
					       { "device-class/mobility/@speed-max", "20m/s", NULL, 0 } };
	const double law = 18 / log(10.0), second = 18 * 11 / log(10.0);
	struct valid_sim w;
	const double n = 40000;
	double sum = 0;

	if (valid_setup(&w, "tests/validation/scenarios/wander.xml", sets, 2, 8, 0))
		for (uint32_t i = 0; i < 40000; i++)
			sum += step(&w, i, 20000, 1e-3) / 1e-3;
	valid_near(v, "random waypoint, 2 to 20 m/s: mean speed at a moment", "(max - min) / ln(max / min)", law, sum / n,
		   4 * sqrt((second - law * law) / n), "40,000 devices after some three hundred legs; 4 standard errors");
	valid_sim_free(&w);
}

enum { PLACES = 1600, LAGS = 4, STREETS = 8 };

/* Shadowing every 10 m of each street, in dB. */
static bool drive(uint64_t replication, double x[STREETS][PLACES])
{
	struct valid_sim w;
	bool ok = valid_setup(&w, "tests/validation/scenarios/street.xml", NULL, 0, 9, replication);

	for (int k = 0; ok && k < STREETS * PLACES; k++) {
		uint32_t i = (uint32_t)(k % STREETS);
		int place = k / STREETS;
		struct radio_site site = { { 9000, 10000 }, 30, 0, 77 };
		struct radio_end end = { at(&w, i, place + 1.0), 1.5, 1, false };
		double far = hypot(end.at.x - site.at.x, end.at.y - site.at.y);
		x[i][place] = radio_link_loss_db(radio_of(w.sim), &end, &site, 868e6) -
			      radio_path_loss_db(radio_of(w.sim), far, site.height, end.height, 868e6, true);
	}
	valid_sim_free(&w);
	return ok;
}

static double covariance(double x[STREETS][PLACES], int lag)
{
	double sum = 0;

	for (int i = 0; i < STREETS; i++)
		for (int k = 0; k + lag < PLACES; k++)
			sum += x[i][k] * x[i][k + lag];
	return sum / STREETS / (PLACES - lag);
}

static void along_the_way(struct valid *v)
{
	static const int lag[LAGS] = { 5, 10, 20, 30 }; /* x 10 m */
	static double x[STREETS][PLACES];
	uint64_t reps = valid_reps(v, 40, 20);
	double r[LAGS][64], variance[64];
	char name[96];
	bool ok = true;

	for (uint64_t i = 0; i < reps && ok; i++) {
		ok = drive(i, x);
		variance[i] = covariance(x, 0);
		for (int l = 0; l < LAGS; l++)
			r[l][i] = covariance(x, lag[l]) / 64;
	}
	struct sample s = sample_of(variance, ok ? reps : 0);
	valid_near(v, "shadowing along a street: variance", "the scenario's (8 dB)^2", 64, s.mean,
		   sample_halfwidth(s, 0.998), "Student interval over the replications, 99 % for the five rows together");
	for (int l = 0; l < LAGS; l++) {
		double d = 0.1 * lag[l];
		s = sample_of(r[l], ok ? reps : 0);
		valid_near(v,
			   valid_text(name, sizeof name, "shadowing along a street: correlation over %g m", 10.0 * lag[l]),
			   "TR 38.901 eq. 7.4-5", exp(-d), s.mean, sample_halfwidth(s, 0.998) + 0.25 * exp(-d) / 64,
			   "the same, and the curvature over a step of the lattice, an eighth of the distance");
	}
}

int main(void)
{
	struct valid v = valid_begin("verticals and motion");

	mix(&v);
	mean_leg(&v);
	mean_speed(&v);
	along_the_way(&v);
	return valid_end(&v);
}
