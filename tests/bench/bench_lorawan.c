/*
 * LoRaWAN: frames a second of the reference's families, and a city of a million devices.
 *
 * Frames a second are those of sim_run alone; the city's wall time is everything from the file to the finished report of
 * one replication on one core, and its bytes are resident ones of a process that does nothing else.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/models.h"
#include "sim/study/outcome.h"
#include "tests/bench/bench.h"

/* What one run took. */
struct took { double load_s, setup_s, run_s, frames, resident; };

struct job { const char *file; struct setting set[6]; size_t n; struct took took; };

static double frames_of(const struct report *r)
{
	double n = 0;

	for (size_t i = 0; i < r->n_audit; i++)
		if (strcmp(r->audit[i].account, "frames") == 0 && r->audit[i].side == AUDIT_IN)
			n += r->audit[i].value;
	return n;
}

static bool run(struct job *j)
{
	struct diag *d = diag_new();
	struct replication rep = { 0 };
	double begun = bench_seconds();
	struct scenario *sc = d ? scenario_load(j->file, &sccsim_models, NULL, j->set, j->n, d) : NULL;

	if (!sc) {
		if (d)
			diag_print(d, stderr);
		diag_free(d);
		return false;
	}
	j->took.load_s = bench_seconds() - begun;
	bool ok = replicate(sc, 1, &rep, NULL) == SIM_OK && !rep.unbalanced;
	if (ok) {
		j->took.setup_s = rep.setup_s;
		j->took.run_s = rep.wall_s - rep.setup_s;
		j->took.frames = frames_of(rep.report);
	}
	report_free(rep.report);
	scenario_free(sc);
	diag_free(d);
	return ok;
}

/* In a process of its own, so that resident memory is that of this run. */
static bool run_apart(struct job *j)
{
	struct took *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 1;

	bench_need(shared != MAP_FAILED, "shared memory");
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		bool ok = run(j);
		*shared = j->took;
		_exit(ok ? 0 : 1);
	}
	struct rusage use;
	if (pid > 0 && wait4(pid, &status, 0, &use) == pid) {
		j->took = *shared;
		j->took.resident = (double)use.ru_maxrss * 1024;
	}
	munmap(shared, sizeof *shared);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static double frames_per_s(void *ctx)
{
	struct job *j = ctx;

	bench_need(run(j), j->file);
	return j->took.frames / j->took.run_s;
}

static void family(bool quick, const char *name, const char *devices, const char *hours, const char *confirmed)
{
	struct job j = { .file = "scenarios/validation/lorawan.xml",
			 .set = { { "run/@duration", quick ? "2h" : hours },
				  { "device-class/traffic/@until", quick ? "2h" : hours },
				  { "deploy/@count", devices },
				  { "device-class/uses/@confirmed", confirmed } },
			 .n = 4 };

	bench_row(name, bench_repeat(quick, frames_per_s, &j), "1/s");
}

static struct job city(bool quick, const char *devices, const char *gateways, const char *width, const char *height)
{
	return (struct job){ .file = "tests/bench/scenarios/city.xml",
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
		struct job j = city(quick, quick ? "100000" : "1000000", quick ? "10" : "100", quick ? "10km" : "40km",
				    quick ? "10km" : "25km");
		bench_need(run_apart(&j), "the large city");
		wall[i] = j.took.load_s + j.took.setup_s + j.took.run_s;
		bytes[i] = j.took.resident / (quick ? 1e5 : 1e6);
		load[i] = j.took.load_s + j.took.setup_s;
		large[i] = j.took.run_s / j.took.frames;
	}
	for (size_t i = 0; i < runs; i++) {
		struct job j = city(quick, "10000", "1", "4km", "2.5km");
		bench_need(run_apart(&j), "the small city");
		small[i] = j.took.run_s / j.took.frames;
	}
	bench_row("city_1e6_wall_s", bench_median(wall, runs), "s");
	bench_row("city_1e6_bytes_per_device", bench_median(bytes, runs), "B");
	bench_row("city_growth", bench_median(large, runs) / bench_median(small, runs), "1");
	bench_row("scenario_load_1e6_s", bench_median(load, runs), "s");
	return 0;
}
