/*
 * Onboarding: flights a second of storms in which all devices are powered at one instant, by what carries them: CoJP on one hop of
 * Thread, 5G-AKA in the registration of LTE-M, and OTAA in LoRaWAN's join (flights: join requests that are answered, and the
 * accepts).
 *
 * Rates are those of sim_run alone.  A quick run takes fewer devices, and compares a storm of so many with one of a tenth.
 */
#include <stdio.h>

#include "tests/bench/replica.h"

struct storm { const char *network, *method, *devices, *width; };

/* Flights a second. */
static double storm(void *ctx)
{
	const struct storm *t = ctx;
	struct replica j = { .file = "tests/bench/scenarios/onboarding.xml",
			     .account = "onboarding flights",
			     .set = { { "device-class/uses/@network", t->network },
				      { "device-class/onboarding/@method", t->method },
				      { "deploy/@count", t->devices },
				      { "city/@width", t->width },
				      { "city/@height", t->width } },
			     .n = 5 };

	bench_need(replica_run(&j), t->method);
	return j.took.work / j.took.run_s;
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);
	struct storm cojp = { "mesh", "cojp", quick ? "200000" : "1000000", "1km" };
	struct storm fewer = { "mesh", "cojp", quick ? "20000" : "100000", "1km" };
	struct storm aka = { "cell", "5g-aka", quick ? "20000" : "1000000", "1km" };
	struct storm otaa = { "lora", "lorawan-otaa-1.0", quick ? "1000" : "5000", "10km" };
	double rate = bench_repeat(quick, storm, &cojp);

	bench_row("onboarding_flights_per_s", rate, "1/s");
	bench_row("onboarding_growth", bench_repeat(quick, storm, &fewer) / rate, "1");
	bench_row("onboarding_5g_aka_flights_per_s", bench_repeat(quick, storm, &aka), "1/s");
	bench_row("onboarding_otaa_flights_per_s", bench_repeat(quick, storm, &otaa), "1/s");
	return 0;
}
