/*
 * LoRaWAN: frames a second of the reference's families, and a city of a million devices.
 *
 * Frames a second are those of sim_run alone; the city's wall time is everything from the file to the finished report of
 * one replication on one core, and its bytes are resident ones of a process that does nothing else.
 */
#include <math.h>

#include "tests/bench/replica.h"

static double frames_per_s(void *ctx)
{
	struct replica *j = ctx;

	bench_need(replica_run(j), j->file);
	return j->took.work / j->took.run_s;
}

static void family(bool quick, const char *name, const char *devices, const char *hours, const char *confirmed)
{
	struct replica j = { .file = "scenarios/validation/lorawan.xml",
			     .account = "frames",
			     .set = { { "run/@duration", quick ? "2h" : hours },
				      { "device-class/traffic/@until", quick ? "2h" : hours },
				      { "deploy/@count", devices },
				      { "device-class/uses/@confirmed", confirmed } },
			     .n = 4 };

	bench_row(name, bench_repeat(quick, frames_per_s, &j), "1/s");
}

static struct replica city(bool quick, const char *devices, const char *gateways, const char *width, const char *height)
{
	return (struct replica){ .file = "tests/bench/scenarios/city.xml",
				 .account = "frames",
				 .set = { { "deploy/@count", devices },
					  { "lorawan/gateways/@count", gateways },
					  { "city/@width", width },
					  { "city/@height", height },
					  { "run/@duration", quick ? "1h" : "1d" } },
				 .n = 5 };
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);
	size_t runs = quick ? 1 : BENCH_RUNS;
	double wall[BENCH_RUNS], bytes[BENCH_RUNS], load[BENCH_RUNS], large[BENCH_RUNS], small[BENCH_RUNS];

	family(quick, "lorawan_frames_per_s", "1000", "24h", "off");
	family(quick, "lorawan_10k_frames_per_s", "10000", "24h", "off");
	family(quick, "lorawan_confirmed_frames_per_s", "1000", "24h", "on");
	for (size_t i = 0; i < runs; i++) {
		struct replica j = city(quick, quick ? "100000" : "1000000", quick ? "10" : "100", quick ? "10km" : "40km",
					quick ? "10km" : "25km");
		bench_need(replica_run_apart(&j), "the large city");
		wall[i] = j.took.load_s + j.took.setup_s + j.took.run_s;
		bytes[i] = j.took.resident / (quick ? 1e5 : 1e6);
		load[i] = j.took.load_s + j.took.setup_s;
		large[i] = j.took.run_s / j.took.work;
	}
	for (size_t i = 0; i < runs; i++) {
		struct replica j = city(quick, "10000", "1", "4km", "2.5km");
		bench_need(replica_run_apart(&j), "the small city");
		small[i] = j.took.run_s / j.took.work;
	}
	bench_row("city_1e6_wall_s", bench_median(wall, runs), "s");
	bench_row("city_1e6_bytes_per_device", bench_median(bytes, runs), "B");
	bench_row("city_growth", bench_median(large, runs) / bench_median(small, runs), "1");
	bench_row("scenario_load_1e6_s", bench_median(load, runs), "s");
	return 0;
}
