/*
 * The farm: how much of two workers' time goes into jobs, as threads and as ranks of MPI, and how many empty jobs it hands out.
 *
 * Told `--as-ranks JOBS` it is what it starts itself, through mpirun, to measure ranks: rank 0 prints jobs per second.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/kernel/rng.h"
#include "sim/study/farm.h"
#include "sim/study/ranks.h"
#include "tests/bench/bench.h"

enum { SPINS = 1000000 }; /* rounds of mixing in a job: about 5 ms */

struct load {
	uint64_t jobs, given, taken;
	bool empty;
	unsigned threads;
	const struct ranks *ranks;
};

static void run_load(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	const struct load *l = ctx;
	uint64_t x = job.replication + worker;

	for (int i = 0; !l->empty && i < SPINS; i++)
		x = rng_mix(x);
	bytes_u64(out, x);
}

static enum farm_answer next_load(void *ctx, struct job *job)
{
	struct load *l = ctx;

	*job = (struct job){ .replication = l->given };
	if (l->given == l->jobs)
		return FARM_DONE;
	l->given++;
	return FARM_JOB;
}

static int take_load(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	struct load *l = ctx;

	(void)job, (void)bytes, (void)n;
	l->taken++;
	return 0;
}

/* Jobs per second. */
static double run_farm(void *ctx)
{
	struct load *l = ctx;
	struct farm f = { .ctx = l, .run = run_load, .next = next_load, .take = take_load };

	f.threads = l->threads;
	f.ranks = l->ranks;
	l->given = l->taken = 0;
	double start = bench_seconds();
	enum farm_end end = farm_work(&f);
	double rate = (double)l->jobs / (bench_seconds() - start);
	bench_need(end == FARM_SERVED || (end == FARM_COMPLETE && l->taken == l->jobs), "the farm lost jobs");
	return rate;
}

static int as_ranks(uint64_t jobs)
{
	struct ranks ranks;
	const char *why = "";
	bool ok = ranks_begin(&ranks, &why);

	bench_need(ok, why);
	struct load l = { .jobs = jobs, .threads = 1, .ranks = &ranks };
	run_farm(&l); /* the first finds ranks that are still starting */
	double rate = run_farm(&l);
	ranks_end();
	if (ranks.rank == 0)
		printf("%.17g\n", rate);
	return 0;
}

struct spawn {
	const char *self;
	uint64_t jobs;
};

/* Jobs per second on n ranks; 0: they could not be started. */
static double run_ranks(const struct spawn *s, int n)
{
	const char *how = strncmp(farm_mpi(), "Open MPI", 8) == 0 ? "--allow-run-as-root --oversubscribe " : "";
	char command[1024];
	double rate = 0;

	int len = snprintf(command, sizeof command, "mpirun %s-n %d '%s' --as-ranks %llu", how, n, s->self,
			   (unsigned long long)s->jobs);
	bench_need(len > 0 && (size_t)len < sizeof command, "a long name");
	FILE *p = popen(command, "r"); /* NOLINT(cert-env33-c): a command of ours */
	bench_need(p != NULL, "no pipe");
	if (fscanf(p, "%lf", &rate) != 1) /* NOLINT(cert-err34-c): 0 stays where there is no number */
		rate = 0;
	pclose(p);
	return rate;
}

/* The work of one done in the same minute is what two are measured by: a machine's speed drifts. */
static double threads_efficiency(void *ctx)
{
	const struct load *given = ctx;
	struct load one = *given, two = *given;

	one.threads = 1;
	two.threads = 2;
	double rate = run_farm(&one);
	return run_farm(&two) / (2 * rate);
}

static double ranks_efficiency(void *ctx)
{
	double one = run_ranks(ctx, 1), two = run_ranks(ctx, 2);

	bench_need(one > 0 && two > 0, "mpirun did not start the ranks");
	return two / (2 * one);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--as-ranks") == 0)
		return as_ranks(strtoull(argv[2], NULL, 10));
	bool quick = bench_quick(argc, argv);
	struct load busy = { .jobs = quick ? 40 : 400 };
	struct load empty = { .jobs = quick ? 20000 : 1000000, .empty = true, .threads = 2 };
	struct spawn spawn = { argv[0], busy.jobs };

	bench_row("farm_efficiency_2_threads", bench_repeat(quick, threads_efficiency, &busy), "1");
	bench_row("farm_tasks_per_s", bench_repeat(quick, run_farm, &empty), "1/s");
	if (!farm_mpi())
		fprintf(stderr, "bench_farm: built without MPI: no row farm_efficiency_2_ranks\n");
	else if (system("command -v mpirun >/dev/null") != 0) /* NOLINT(cert-env33-c): a command of ours */
		fprintf(stderr, "bench_farm: no mpirun: no row farm_efficiency_2_ranks\n");
	else
		bench_row("farm_efficiency_2_ranks", bench_repeat(quick, ranks_efficiency, &spawn), "1");
	return 0;
}
