/*
 * Bonn: how many of nine real gateways hear an uplink that at least one of them hears (56,540 uplinks of a garbage-truck
 * survey; MCLab, Hochschule Bonn-Rhein-Sieg, dl-de/by-2-0).
 *
 * One parameter is fitted, the loss offset, to the mean of 2.318 gateways; the seven-bin distribution is then judged by its
 * total variation distance.  Stated assumptions: senders where people live, outdoors, SF7 (as in the survey's own conducted calibration),
 * inter-site correlation 0,
 * shadowing of 9.82 dB as the survey found.  Another spreading factor only shifts the offset.
 */
#include <math.h>
#include <stdio.h>

#include "tests/validation/validate.h"

static const char scenario[] = "scenarios/bonn/survey.xml";
static const char source[] = "lora-bonn survey, authors' notebook";
static const double survey_mean = 2.318;
static const double measured[] = { 0.286, 0.337, 0.215, 0.109, 0.041, 0.010, 0.001 };
enum { BINS = 7, GATEWAYS = 9, REPLICATIONS = 20, STEPS = 14 };

/* Mean at an offset; share[i]: of the received frames heard by i + 1 gateways. */
static double at_offset(double offset, uint64_t reps, double share[GATEWAYS])
{
	char text[32];
	struct valid_run r;
	double mean = NAN;

	snprintf(text, sizeof text, "%.4fdB", offset);
	if (valid_scenario(&r, scenario, &(struct setting){ "city/propagation/@offset", text }, 1, 1, reps)) {
		mean = valid_kpi(&r, "lorawan.gateways-per-frame", NULL).mean;
		for (int i = 0; i < GATEWAYS; i++) {
			struct sample s = valid_curve(&r, "reception-diversity", "network=lora", i + 1);
			share[i] = s.n ? s.mean / 100 : 0;
		}
	}
	valid_run_free(&r);
	return mean;
}

int main(void)
{
	struct valid v = valid_begin("Bonn survey");
	uint64_t reps = valid_reps(&v, REPLICATIONS, 8);
	double lo = -30, hi = 60, share[GATEWAYS] = { 0 }, mean = NAN, distance = 0;

	for (int i = 0; i < STEPS; i++) { /* more loss, fewer gateways */
		double mid = 0.5 * (lo + hi);
		mean = at_offset(mid, reps, share);
		*(mean > survey_mean ? &lo : &hi) = mid;
	}
	valid_report(&v, "fitted loss offset, dB", "the one parameter", NAN, 0.5 * (lo + hi),
		     "Okumura-Hata urban, small city");
	valid_near(&v, "gateways per received uplink, mean", source, survey_mean, mean, 0.02, "the fit's own resolution");
	for (int i = 0; i < GATEWAYS; i++) {
		char what[64];
		double want = i < BINS ? measured[i] : 0;
		distance += 0.5 * fabs(share[i] - want);
		if (i < BINS)
			valid_report(&v, valid_text(what, sizeof what, "share heard by %d gateway%s", i + 1, i ? "s" : ""),
				     source, want, share[i], "read off the authors' histogram, +-0.003");
	}
	valid_between(&v, "total variation distance of the distribution", source, 0, 0.08, mean > 0 ? distance : NAN,
		      "the bound set for this survey");
	return valid_end(&v);
}
