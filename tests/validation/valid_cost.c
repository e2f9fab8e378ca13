/*
 * Money: annuities and replacements in closed form against payments added one by one, and a case like Bonn worked by hand from
 * its prices: nine gateways, a platform, a meter whose battery is replaced, lights on mains power.
 */
#include <math.h>

#include "models/service/money.h"
#include "tests/validation/validate.h"

static const char exact[] = "exact but for rounding";

/* Paid one by one. */
static double worth(double rate, double years)
{
	return pow(1 + rate, -years);
}

static double one_by_one(double rate, double every, double until)
{
	double sum = 0;

	for (unsigned k = 1; k * every < until - 1e-9; k++)
		sum += worth(rate, k * every);
	return sum;
}

static double life_by_life(double rate, double every, double lifetime, double until)
{
	double sum = 0;

	for (unsigned j = 0; j * lifetime < until - 1e-9; j++)
		sum += worth(rate, j * lifetime) * one_by_one(rate, every, fmin(lifetime, until - j * lifetime));
	return sum;
}

static void closed_forms(struct valid *v)
{
	static const double rates[] = { 0, 0.05, 0.12 }, everies[] = { 1, 2.5, 3, 7, 20 };
	double off = 0, off_lives = 0, sum = 0;

	for (unsigned k = 1; k <= 10; k++)
		sum += worth(0.05, k);
	valid_near(v, "1 a year for 10 years at 5 %", "annuity tables: 7.7217", 7.7217, money_annuity(0.05, 10), 5e-5,
		   "digits of the table");
	valid_near(v, "the same, added year by year", "sum of 1.05^-k", sum, money_annuity(0.05, 10), 1e-12, exact);
	valid_near(v, "1 a year for 10 years at 0 %", "10", 10, money_annuity(0, 10), 0, exact);
	for (size_t r = 0; r < 3; r++)
		for (size_t i = 0; i < 5; i++)
			for (int years = 1; years <= 20; years++) {
				off = fmax(off, fabs(money_repeats(rates[r], everies[i], years) -
						     one_by_one(rates[r], everies[i], years)));
				for (int life = 2; life <= 11; life += 3)
					off_lives = fmax(off_lives,
							 fabs(money_repeats_within(rates[r], everies[i], life, years) -
							      life_by_life(rates[r], everies[i], life, years)));
			}
	valid_near(v, "replacements: largest difference of 300 cases", "payments added one by one", 0, off, 1e-9, exact);
	valid_near(v, "replacements within lifetimes: of 1200 cases", "payments added one by one", 0, off_lives, 1e-9,
		   exact);
}

/* What the lights draw besides sending: 3.3 W asleep, 3.3 W while they listen; sending draws 44 mA for some milliseconds an hour. */
static void by_hand(struct valid *v)
{
	const double year = 365.25, a = (1 - worth(0.05, 10)) / 0.05;
	struct valid_run r;

	if (!valid_scenario(&r, "tests/validation/scenarios/cost.xml", NULL, 0, 1, 1)) {
		valid_verdict(v, "a case like Bonn", "by hand", NAN, NAN, NAN, false, "it did not run");
		valid_run_free(&r);
		return;
	}
	double life = valid_kpi_of(&r, 0, "energy.battery-life", "class=meter");
	double lights = valid_kpi_of(&r, 0, "messages.delivered", "class=light");
	double meters = valid_kpi_of(&r, 0, "messages.delivered", "class=meter");
	/* 9 x (1200 + 300 + 6 h x 45), bought again after 7 years; 1 x (40 + 15), after 8; 200 x 100 */
	double gateways = 9 * 1770, capex = gateways + 55 + 200 * 100;
	double gateway_year = 9 * (150 + 0.008 * 24 * year * 0.3), fee = 12;
	double gateway_total = gateways * (1 + worth(0.05, 7)) + gateway_year * a;
	double battery = (5 + 22.5) * life_by_life(0.05, life, 8, 10);
	double meter_total = 55 * (1 + worth(0.05, 8)) + fee * a + battery;
	double light_energy = 200 * 3.3e-3 * 24 * year * 0.3, light_year = lights * year * 0.001;

	valid_between(v, "a case like Bonn: battery life of the meter", "short, so that batteries are replaced", 0.5, 4,
		      life, "else nothing is shown of them");
	valid_near(v, "cost.capex", "by hand: 9 x 1770 + 55 + 200 x 100 EUR", capex,
		   valid_kpi_of(&r, 0, "cost.capex", "all"), 1e-9 * capex, exact);
	valid_near(v, "cost.total of the meter", "by hand, with its simulated battery life", meter_total,
		   valid_kpi_of(&r, 0, "cost.total", "class=meter"), 1e-9 * meter_total, exact);
	valid_near(v, "cost.annual of the meter", "total / 7.7217", meter_total / a,
		   valid_kpi_of(&r, 0, "cost.annual", "class=meter"), 1e-9 * meter_total, exact);
	valid_near(v, "cost.per-message of the meter", "annual / messages a year", meter_total / a / (meters * year),
		   valid_kpi_of(&r, 0, "cost.per-message", "class=meter"), 1e-9, exact);
	valid_near(v, "cost.opex of the lights", "by hand: 200 x 3.3 W and 0.001 EUR a message", light_energy + light_year,
		   valid_kpi_of(&r, 0, "cost.opex", "class=light"), 1e-4 * light_energy,
		   "sending instead of sleeping for 60 ms an hour is left out by hand");
	double lights_total = valid_kpi_of(&r, 0, "cost.total", "class=light");
	double network = 5000 * a + gateway_total + meter_total + lights_total;
	valid_near(v, "cost.total of the network", "by hand, the lights' own as reported", network,
		   valid_kpi_of(&r, 0, "cost.total", "network=lpwan"), 1e-9 * network, exact);
	double platform = (2 * (1000 + 0.2 * 24 * year * 0.3) + (lights + meters) * year * 0.0001) * a;
	double rest = valid_kpi_of(&r, 0, "cost.total", "all") - network - platform;
	valid_between(v, "what is left is the backhaul's", "by hand: 9 links x 240 EUR, 1 to 9 copies of 260 B a message",
		      (9 * 240 + (lights + meters) * year * 260 * 1e-8) * a,
		      (9 * 240 + 9 * 1.05 * (lights + meters) * year * 300 * 1e-8) * a, rest,
		      "how many gateways hear a message is chance; frames carry 13 B more");
	valid_run_free(&r);
}

/* Two days are counted, nothing is discounted, 10 years: what was counted is paid 10 x 365.25 / 2 times. */
static void parts_by_hand(struct valid *v)
{
	const double times = 10 * 365.25 / 2;
	struct valid_run r;

	if (!valid_scenario(&r, "tests/validation/scenarios/cost-parts.xml", NULL, 0, 1, 1)) {
		valid_verdict(v, "parts besides gateways", "by hand", NAN, NAN, NAN, false, "it did not run");
		valid_run_free(&r);
		return;
	}
	double fees = valid_kpi_of(&r, 0, "choosing.roaming-fees", "all");
	double records = 48 * valid_kpi_of(&r, 0, "ledger.throughput", "all");
	double ledger = 300 + times * (records + valid_kpi_of(&r, 0, "ledger.bytes", "all") / 1000);
	double energy = valid_kpi_of(&r, 0, "edge.energy", "all") / 3.6e6 * 0.3;
	double wifi = valid_kpi_of(&r, 0, "cost.total", "network=wifi"), edge;

	/* 2 carriers of 2 x 200 kHz at 1000 EUR a MHz; the public network of the second <uses> needs none */
	valid_near(v, "licence of a captive NB-IoT", "by hand: 2 x 0.4 MHz x 1000 EUR x 10", 8000,
		   valid_kpi_of(&r, 0, "cost.total", "network=nb"), 1e-9 * 8000, exact);
	valid_between(v, "messages of the roaming devices", "some, so that something is shown", 1, 1e6, fees / 0.5,
		      "else the next row is empty");
	valid_near(v, "fees of roaming", "choosing.roaming-fees of two days, for 10 years", fees * times,
		   valid_kpi_of(&r, 0, "cost.total", "network=visited"), 1e-9 * fees * times, exact);
	/* the class is of both networks, its fees are in both groups */
	double heard = (wifi - fees * times - 60) / times / 0.02;
	valid_between(v, "messages over the hubs' fee", "480 less those that roamed, and what was on its way",
		      480 - fees / 0.5 - 10, 480 - fees / 0.5 + 10, heard,
		      "10 devices; what waits at an edge of the warm-up");
	edge = valid_kpi_of(&r, 0, "cost.total", "all") - ledger - 30 - wifi - 8000;
	valid_between(v, "what is left is the edge node's",
		      "by hand: 500 EUR, its energy, 0.01 EUR for each of 240 to 480 messages",
		      500 + times * (energy + 240 * 0.01), 500 + times * (energy + 480 * 0.01), edge,
		      "how many messages found the hub's backhaul up is chance");
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("cost");

	closed_forms(&v);
	by_hand(&v);
	parts_by_hand(&v);
	return valid_end(&v);
}
