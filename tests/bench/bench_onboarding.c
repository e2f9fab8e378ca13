/*
 * Onboarding: flights a second of storms in which all devices are powered at one instant, by what carries them: CoJP on one hop of
 * Thread, 5G-AKA in the registration of LTE-M, and OTAA in LoRaWAN's join.
 *
 * A flight is a message of the protocol that was sent, or that the network's own join carried; one that is sent again is one more.
 * A million devices cannot join LoRaWAN at once, as a gateway may answer one in seven seconds: there the first 20 s of the storm are
 * run, with 400 devices a gateway, and its flights are the join requests put on the air, of which next to all are lost.
 *
 * Rates are those of sim_run alone.  A quick run takes fewer devices, and compares a storm of so many with one of a tenth.
 */
#include <stdio.h>

#include "tests/bench/replica.h"

/* side: of the city; 20,000 devices/km² of a carrier are as many as it registers without being choked. */
struct storm { const char *network, *method, *devices, *side; };

static double rate(struct replica *j)
{
	bench_need(replica_run(j), j->file);
	return j->took.work / j->took.run_s;
}

/* Flights a second. */
static double storm(void *ctx)
{
	const struct storm *t = ctx;

	return rate(&(struct replica){ .file = "tests/bench/scenarios/onboarding.xml",
				       .account = "onboarding flights",
				       .set = { { "device-class/uses/@network", t->network },
						{ "device-class/onboarding/@method", t->method },
						{ "deploy/@count", t->devices },
						{ "city/@width", t->side },
						{ "city/@height", t->side } },
				       .n = 5 });
}

/* Join requests a second, of 40,000 devices or a million. */
static double joins(void *ctx)
{
	const bool *quick = ctx;

	return rate(&(struct replica){ .file = "tests/bench/scenarios/onboarding-lorawan.xml",
				       .account = "frames",
				       .set = { { "deploy/@count", "40000" },
						{ "lorawan/gateways/@count", "100" },
						{ "city/@width", "50km" },
						{ "city/@height", "50km" } },
				       .n = *quick ? 4 : 0 });
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);
	struct storm cojp = { "mesh", "cojp", quick ? "200000" : "1000000", "1km" };
	struct storm fewer = { "mesh", "cojp", quick ? "20000" : "100000", "1km" };
	struct storm aka = { "cell", "5g-aka", quick ? "20000" : "1000000", quick ? "1km" : "7km" };
	double flights = bench_repeat(quick, storm, &cojp);

	bench_row("onboarding_flights_per_s", flights, "1/s");
	bench_row("onboarding_growth", bench_repeat(quick, storm, &fewer) / flights, "1");
	bench_row("onboarding_5g_aka_flights_per_s", bench_repeat(quick, storm, &aka), "1/s");
	bench_row("onboarding_otaa_flights_per_s", bench_repeat(quick, joins, &quick), "1/s");
	return 0;
}
