/*
 * Battery life of a LoRaWAN device worked out by hand, against a scenario through the whole program.
 *
 * A report of 10 bytes is a frame of 23.  It costs the time on air at 44 mA and two empty windows of eight symbols at 11.2
 * mA, the first at the frame's spreading factor, the second at SF12; all at 3.3 V.  Between reports the device draws 1.5
 * uA.  The battery of 5 Wh gives 85 % and loses 1 % of its capacity a year by itself.
 */
#include <math.h>

#include "tests/validation/validate.h"

static const double YEAR = 365.25 * 86400;

struct life_case {
	const char *sf, *period;
	double air_ms, symbol_ms, period_s;
};

static const struct life_case cases[] = {
	{ "7", "1h", 61.696, 1.024, 3600 },      { "7", "15min", 61.696, 1.024, 900 },
	{ "10", "1h", 370.688, 8.192, 3600 },    { "12", "1h", 1482.752, 32.768, 3600 },
	{ "12", "6h", 1482.752, 32.768, 21600 },
};

static double by_hand(const struct life_case *c)
{
	double volt = 3.3, report_j = volt * (0.044 * c->air_ms + 0.0112 * 8 * (c->symbol_ms + 32.768)) / 1e3;
	double draw = report_j / c->period_s + 1.5e-6 * volt + 0.01 * 5 * 3600 / YEAR;

	return 0.85 * 5 * 3600 / draw / YEAR;
}

int main(void)
{
	struct valid v = valid_begin("battery life");
	char name[96];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct life_case *c = &cases[i];
		const struct setting sets[] = { { "lorawan/@spreading-factor", c->sf },
						{ "device-class/traffic/@period", c->period } };
		struct valid_run r;
		bool good = valid_scenario(&r, "tests/validation/scenarios/battery.xml", sets, 2, 1, 1);
		double hand = by_hand(c);
		valid_near(&v,
			   valid_text(name, sizeof name, "battery life, years: SF%s, a report every %s", c->sf, c->period),
			   "by hand: capacity over mean draw", hand,
			   good ? valid_kpi(&r, "energy.battery-life", NULL).mean : NAN, 0.01 * hand,
			   "1 %: reports at the ends of the run, clock of the windows");
		valid_near(
			&v,
			valid_text(name, sizeof name, "energy per message, J: SF%s, a report every %s", c->sf, c->period),
			"by hand: one frame and two empty windows",
			3.3 * (0.044 * c->air_ms + 0.0112 * 8 * (c->symbol_ms + 32.768)) / 1e3,
			good ? valid_kpi(&r, "energy.per-message", NULL).mean : NAN,
			0.02 * 3.3 * (0.044 * c->air_ms + 0.0112 * 8 * (c->symbol_ms + 32.768)) / 1e3,
			"2 %: the few that collide cost and do not arrive");
		valid_run_free(&r);
	}
	return valid_end(&v);
}
