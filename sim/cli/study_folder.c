/* The folder in which a command computes a study: who may write there, from what it goes on, what broke before. */
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/study_private.h"
#include "sim/output/stage.h"

#define MARKS ".running"        /* which job a worker is at, a file for each rank */

static bool path_in(char *path, const char *dir, const char *name)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", dir, name);

	return n > 0 && n < PATH_MAX;
}

int study_folder_refused(const struct study_folder *f)
{
	const char *why = study_record_why(f->rec);

	fprintf(stderr, "sccsim: %s; what was committed is kept, --resume goes on with the %s\n",
		*why ? why : "out of memory", f->what);
	return EXIT_UNFINISHED;
}

/* ---- the record ---- */

/* What stands in the folder, and may it go? */
static int may_begin(const struct study_folder *f, enum record_state state)
{
	if (state == RECORD_FOREIGN)
		fprintf(stderr, "sccsim: %s/results.sqlite is not ours: it stays (choose another folder with -o)\n",
			f->dir);
	else if (state == RECORD_UNFINISHED && !f->overwrite)
		fprintf(stderr,
			"sccsim: %s holds a %s that is not finished: --resume goes on with it, --overwrite begins anew\n",
			f->dir, f->what);
	else
		return EXIT_OK;
	return EXIT_INPUT;
}

static int open_record(struct study_folder *f)
{
	char build[65], why[OUTPUT_WHY];
	bool refused = false;
	struct study_identity id = { build, f->shard, f->shards, &refused };
	enum record_state state = study_record_state(f->dir);

	if (state == RECORD_BUSY) {
		fprintf(stderr, "sccsim: another sccsim is at work on %s\n", f->dir);
		return EXIT_INPUT;
	}
	int status = f->resume ? EXIT_OK : may_begin(f, state);
	if (status != EXIT_OK)
		return status;
	if (!program_hash(build)) {
		fprintf(stderr, "sccsim: cannot read /proc/self/exe, which tells one build from another\n");
		return EXIT_UNFINISHED;
	}
	/* A job that is requeued says --resume the first time too. */
	bool there = f->resume && state != RECORD_NONE;
	f->rec = there ? study_record_resume(f->dir, f->st, &id, why) : study_record_new(f->dir, f->st, &id, why);
	if (f->rec)
		return EXIT_OK;
	fprintf(stderr, "sccsim: %s%s\n", why, refused ? "; to begin anew: --overwrite without --resume" : "");
	return refused ? EXIT_INPUT : EXIT_UNFINISHED;
}

/* ---- what broke ---- */

/* Jobs that a broken invariant ended: failed, so that the rest can go on.  Marks of a study that is begun anew, or was killed
 * while it made them, say nothing. */
static int take_over_broken(struct study_folder *f, const char *marks)
{
	char path[PATH_MAX];
	struct job *jobs = NULL;
	size_t n = 0;

	if (!path_in(path, f->dir, marks))
		return EXIT_OK;
	if (f->resume)
		farm_watch_read(path, &jobs, &n);
	for (size_t i = 0; i < n; i++) {
		fprintf(stderr, "sccsim: replication %llu of point %llu ended the program before: recorded as failed\n",
			(unsigned long long)jobs[i].replication, (unsigned long long)jobs[i].point);
		study_record_broken(f->rec, jobs[i]);
	}
	free(jobs);
	if (study_record_commit(f->rec) != 0)
		return study_folder_refused(f);
	unlink(path);
	return EXIT_OK;
}

/* The marks of all ranks that were at work. */
static int take_over_all(struct study_folder *f)
{
	DIR *d = opendir(f->dir);
	int status = EXIT_OK;

	for (struct dirent *e = d ? readdir(d) : NULL; e && status == EXIT_OK; e = readdir(d))
		if (strncmp(e->d_name, MARKS, strlen(MARKS)) == 0)
			status = take_over_broken(f, e->d_name);
	if (d)
		closedir(d);
	return status;
}

struct farm_watch *study_folder_watch(const struct study_folder *f, unsigned workers, int rank)
{
	char path[PATH_MAX], name[32] = MARKS;
	struct farm_watch *watch;

	if (rank > 0)
		snprintf(name, sizeof name, MARKS "-%d", rank);
	watch = path_in(path, f->dir, name) ? farm_watch_open(path, workers) : NULL;
	if (watch)
		farm_watch_signals(watch);
	return watch;
}

/* ---- the warm-up ---- */

static int find_warm_up(struct study_folder *f, unsigned threads, volatile const int *stop)
{
	simtime_t warm_up = study_record_warm_up(f->rec);
	size_t found = 0, unsettled = 0;
	char why[OUTPUT_WHY], text[64];

	if (!f->st->detect_warm_up || warm_up != SIM_NEVER)
		return EXIT_OK;
	if (!study_detect_warm_up(f->st, threads, stop, &warm_up, &found, &unsettled, why, sizeof why)) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	if (!f->quiet && found == 0)
		fprintf(stderr,
			"sccsim: no response has a series over time: no warm-up could be detected, and none is left out\n");
	else if (!f->quiet && unsettled == found)
		fprintf(stderr,
			"sccsim: none of %zu series of pilot runs came to a steady state: no warm-up is left out (simulate a longer time)\n",
			found);
	else if (!f->quiet)
		fprintf(stderr, "sccsim: warm-up detected: %s (%zu series of pilot runs, %zu without a steady state)\n",
			quantity_format(DIM_TIME, (union quantity){ .time = warm_up }, text, sizeof text), found,
			unsettled);
	return study_record_set_warm_up(f->rec, warm_up) == 0 ? EXIT_OK : study_folder_refused(f);
}

/* ---- open and close ---- */

int study_folder_open(struct study_folder *f, unsigned threads, volatile const int *stop)
{
	char why[OUTPUT_WHY];
	int status;

	signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is a full disk: let the write fail and be told */
	if (output_prepare(f->dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	if (stage_lock(f->dir, &f->lock, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_INPUT;
	}
	status = open_record(f);
	if (status == EXIT_OK)
		status = take_over_all(f);
	if (status == EXIT_OK)
		status = find_warm_up(f, threads, stop);
	return status;
}

int study_folder_close(struct study_folder *f, int status)
{
	char why[OUTPUT_WHY];

	if (study_record_close(f->rec, why) != 0 && status == EXIT_OK) {
		fprintf(stderr, "sccsim: %s\n", why);
		status = EXIT_UNFINISHED;
	}
	if (f->lock >= 0)
		close(f->lock);
	return status;
}
