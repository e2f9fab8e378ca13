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

static double report_j(const struct life_case *c)
{
	return 3.3 * (0.044 * c->air_ms + 0.0112 * 8 * (c->symbol_ms + 32.768)) / 1e3;
}

/* Years at a report each period_s, with the shares of the capacity that are usable and lost in a year. */
static double by_hand(const struct life_case *c, double period_s, double usable, double lost)
{
	double draw = report_j(c) / period_s + 1.5e-6 * 3.3 + lost * 5 * 3600 / YEAR;

	return usable * 5 * 3600 / draw / YEAR;
}

static const char ends[] = "1 %: reports at the ends of the run, clock of the windows";

static void life(struct valid *v, const char *what, double hand, const struct valid_run *r, const char *kpi,
		 const char *group)
{
	char name[128];

	valid_near(v, valid_text(name, sizeof name, "battery life, years: %s", what), "by hand: capacity over mean draw",
		   hand, r ? valid_kpi(r, kpi, group).mean : NAN, 0.01 * hand, ends);
}

/* What should not matter: when devices come, and a warm-up; what should: cells that lose more.  All at SF7. */
static void variants(struct valid *v)
{
	static const struct setting late[] = { { "deploy[@class='meter']/@over", "20d" },
					       { "deploy[@class='meter']/@start", "5d" },
					       { "run/@warm-up", "10d" } };
	static const struct setting poor[] = { { "device-class[@id='meter']/battery/@self-discharge", "5%" },
					       { "device-class[@id='meter']/battery/@usable", "60%" } };
	struct valid_run r;
	bool good = valid_scenario(&r, "tests/validation/scenarios/battery.xml", late, 3, 1, 1);

	life(v, "SF7, a report every 1h, rolled out over 20 d, 10 d of warm-up", by_hand(&cases[0], 3600, 0.85, 0.01),
	     good ? &r : NULL, "energy.battery-life", "class=meter");
	valid_run_free(&r);
	good = valid_scenario(&r, "tests/validation/scenarios/battery.xml", poor, 2, 1, 1);
	life(v, "SF7, a report every 1h, 60 % usable, 5 % a year lost", by_hand(&cases[0], 3600, 0.60, 0.05),
	     good ? &r : NULL, "energy.battery-life", "class=meter");
	valid_run_free(&r);
}

/* Half of the batteries report daily, and so live longer; the lamps have none. */
static void groups(struct valid *v, const struct life_case *c, const struct valid_run *r)
{
	double quick = by_hand(c, c->period_s, 0.85, 0.01), slow = by_hand(c, 86400, 0.85, 0.01);
	char name[96];

	life(v, valid_text(name, sizeof name, "SF%s, %s and daily, mean", c->sf, c->period), (quick + slow) / 2, r,
	     "energy.battery-life", NULL);
	life(v, valid_text(name, sizeof name, "SF%s, %s and daily, 5 %% live shorter", c->sf, c->period), quick, r,
	     "energy.battery-life-p5", NULL);
	valid_near(v, valid_text(name, sizeof name, "battery life of devices on mains: values, SF%s", c->sf),
		   "absent: nothing to count", 0, r ? valid_kpi(r, "energy.battery-life", "class=lamp").n : NAN, 0, "none");
}

int main(void)
{
	struct valid v = valid_begin("battery life");
	char name[96];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct life_case *c = &cases[i];
		const struct setting sets[] = { { "lorawan/@spreading-factor", c->sf },
						{ "device-class[@id='meter']/traffic/@period", c->period } };
		struct valid_run r;
		bool good = valid_scenario(&r, "tests/validation/scenarios/battery.xml", sets, 2, 1, 1);
		life(&v, valid_text(name, sizeof name, "SF%s, a report every %s", c->sf, c->period),
		     by_hand(c, c->period_s, 0.85, 0.01), good ? &r : NULL, "energy.battery-life", "class=meter");
		valid_near(
			&v,
			valid_text(name, sizeof name, "energy per message, J: SF%s, a report every %s", c->sf, c->period),
			"by hand: one frame and two empty windows", report_j(c),
			good ? valid_kpi(&r, "energy.per-message", "class=meter").mean : NAN, 0.02 * report_j(c),
			"2 %: the few that collide cost and do not arrive");
		if (i == 0 || c->period_s > 10000)
			groups(&v, c, good ? &r : NULL);
		valid_run_free(&r);
	}
	variants(&v);
	return valid_end(&v);
}
