/*
 * A farm over ranks, for tests/cli/farm_ranks.sh: ranks JOBS [ROUND [MICROSECONDS [STOP-RANK]]]
 *
 * Runs JOBS jobs of MICROSECONDS (0) each, handed out in rounds of ROUND (0: all at once), twice in a row; STOP-RANK is told to
 * stop when it has run ten.  Rank 0 checks that each result is of its job and came once, and prints
 * `END given G taken T elsewhere E`: E were run by other ranks than it.  Status 1: something was wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/study/farm.h"
#include "sim/study/ranks.h"

struct test {
	struct ranks ranks;
	uint64_t jobs, round, given, taken, elsewhere;
	long ns;
	int stop_rank, ran, stop, wrong;
	unsigned char *seen;
};

static void run_job(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	struct test *t = ctx;

	(void)worker;
	if (t->ns)
		nanosleep(&(struct timespec){ .tv_nsec = t->ns }, NULL);
	bytes_u64(out, (uint64_t)t->ranks.rank);
	/* From nothing to 100 kB. */
	for (uint64_t i = 0; job.replication % 100 == 7 && i < job.replication % 12800; i++)
		bytes_u64(out, i ^ job.point);
	if (__atomic_add_fetch(&t->ran, 1, __ATOMIC_RELAXED) == 10 && t->ranks.rank == t->stop_rank)
		__atomic_store_n(&t->stop, 1, __ATOMIC_RELAXED);
}

static enum farm_answer next_job(void *ctx, struct job *job)
{
	struct test *t = ctx;

	if (t->given == t->jobs)
		return FARM_DONE;
	if (t->round && t->given % t->round == 0 && t->taken < t->given)
		return FARM_WAIT;
	*job = (struct job){ t->given * 3, t->given };
	t->given++;
	return FARM_JOB;
}

static int take_job(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	struct test *t = ctx;
	struct bytes_reader in = bytes_read(bytes, n);

	t->elsewhere += bytes_get_u64(&in) > 0;
	for (uint64_t i = 0; job.replication % 100 == 7 && i < job.replication % 12800; i++)
		t->wrong |= bytes_get_u64(&in) != (i ^ job.point);
	t->wrong |= !bytes_whole(&in) || job.point != 3 * job.replication || t->seen[job.replication]++;
	t->taken++;
	return 0;
}

/* Status of the process. */
static int farm_twice(struct test *t)
{
	static const char *const ends[] = { [FARM_COMPLETE] = "complete",
					    [FARM_STOPPED] = "stopped",
					    [FARM_REFUSED] = "refused",
					    [FARM_NO_MEMORY] = "no memory",
					    [FARM_SERVED] = "served" };
	struct farm f = { .ctx = t, .run = run_job, .next = next_job, .take = take_job, .stop = &t->stop };

	f.ranks = &t->ranks;
	for (int i = 0; i < 2; i++) {
		t->given = t->taken = t->elsewhere = 0;
		t->ran = t->stop = 0;
		t->seen = calloc(t->jobs + 1, 1);
		if (!t->seen)
			return 1;
		enum farm_end end = farm_work(&f);
		if (t->ranks.rank == 0)
			printf("%s given %llu taken %llu elsewhere %llu\n", ends[end], (unsigned long long)t->given,
			       (unsigned long long)t->taken, (unsigned long long)t->elsewhere);
		t->wrong |= (t->ranks.rank == 0) == (end == FARM_SERVED);
		free(t->seen);
	}
	return t->wrong != 0;
}

int main(int argc, char **argv)
{
	struct test t = { .stop_rank = -1 };
	const char *why = NULL;

	if (!ranks_begin(&t.ranks, &why)) {
		fprintf(stderr, "ranks: %s\n", why);
		ranks_end();
		return 2;
	}
	t.jobs = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	t.round = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	t.ns = argc > 3 ? 1000 * strtol(argv[3], NULL, 10) : 0;
	t.stop_rank = argc > 4 ? (int)strtol(argv[4], NULL, 10) : -1;
	if (t.ranks.rank == 0)
		printf("%d ranks, %s\n", t.ranks.size, farm_mpi() ? farm_mpi() : "no MPI");
	int status = farm_twice(&t);
	ranks_end();
	return status;
}
