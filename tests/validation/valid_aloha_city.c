/*
 * Pure ALOHA through the whole program: scenario, traffic, MAC, gateway.  N devices choose among three channels at random;
 * a frame meets those of the N - 1 others: P = exp(-2 G (N - 1) / N) with G = N T / (3 period).
 */
#include <math.h>

#include "tests/validation/validate.h"

struct aloha_case {
	const char *sf, *period, *kpi;
	double air_s, period_s;
};

static const struct aloha_case cases[] = {
	{ "7", "6min", "lorawan.frame-ratio-sf7", 0.061696, 360 },
	{ "9", "20min", "lorawan.frame-ratio-sf9", 0.205824, 1200 },
	{ "12", "2h", "lorawan.frame-ratio-sf12", 1.482752, 7200 },
	{ "12", "40min", "lorawan.frame-ratio-sf12", 1.482752, 2400 },
};
enum { CASES = sizeof cases / sizeof cases[0], DEVICES = 2000, CHANNELS = 3 };

int main(void)
{
	struct valid v = valid_begin("pure ALOHA, scenario");
	char name[96];

	for (size_t i = 0; i < CASES; i++) {
		const struct aloha_case *c = &cases[i];
		const struct setting sets[] = { { "lorawan/@spreading-factor", c->sf },
						{ "device-class/traffic/@period", c->period } };
		double g = DEVICES * c->air_s / (CHANNELS * c->period_s);
		struct valid_run r;
		struct sample s = { 0, NAN, NAN };
		if (valid_scenario(&r, "tests/validation/scenarios/aloha.xml", sets, 2, 17 + i, valid_reps(&v, 20, 8)))
			s = valid_kpi(&r, c->kpi, NULL);
		valid_mean(&v, valid_text(name, sizeof name, "frames received: SF%s, G = %.3g a channel", c->sf, g),
			   "P = exp(-2 lambda T), N - 1 others", exp(-2 * g * (DEVICES - 1) / DEVICES), s, 1 - 0.01 / CASES,
			   "Student interval over the replications, 99 % for these rows together");
		valid_run_free(&r);
	}
	return valid_end(&v);
}
