/*
 * Cellular: messages a second of a million NB-IoT devices on a square kilometre, preambles a second of an overload, and what a
 * device costs.
 *
 * Rates are those of sim_run alone; the wall time of the square kilometre is everything from the file to the finished report
 * of two hours on one core, and its bytes are resident ones of a process that does nothing else.  The overload is that of TR
 * 37.868, 30,000 devices with Beta(3,4) arrivals, so often that ten million preambles are sent.
 */
#include "tests/bench/replica.h"

enum { OVERLOADS = 44 };        /* of 230,000 preambles each */

static double rach(bool quick)
{
	struct replica j = { .file = "tests/validation/scenarios/rach.xml", .account = "preambles" };
	double sent = 0, took = 0;

	for (int i = 0; i < (quick ? 4 : OVERLOADS); i++) {
		bench_need(replica_run(&j), j.file);
		sent += j.took.work;
		took += j.took.run_s;
	}
	return sent / took;
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);
	size_t runs = quick ? 1 : BENCH_RUNS;
	double rate[BENCH_RUNS], bytes[BENCH_RUNS], wall[BENCH_RUNS];

	for (size_t i = 0; i < runs; i++) {
		struct replica j = { .file = "tests/bench/scenarios/cellular.xml",
				     .account = "cellular messages",
				     .set = { { "deploy/@count", quick ? "100000" : "1000000" } },
				     .n = 1 };
		bench_need(replica_run_apart(&j), "the square kilometre");
		rate[i] = j.took.work / j.took.run_s;
		bytes[i] = j.took.resident / (quick ? 1e5 : 1e6);
		wall[i] = j.took.load_s + j.took.setup_s + j.took.run_s;
	}
	bench_row("nbiot_messages_per_s", bench_median(rate, runs), "1/s");
	bench_row("cellular_bytes_per_device", bench_median(bytes, runs), "B");
	bench_row("mmtc_1e6_wall_s", bench_median(wall, runs), "s");
	bench_row("rach_attempts_per_s", rach(quick), "1/s");
	return 0;
}
