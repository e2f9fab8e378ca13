/* Making, opening and filling the record of a study.  What is read from it: study_record_read.c. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/output/record_private.h"
#include "sim/output/study_record_private.h"

static const char tables[] =
	"CREATE TABLE study(version TEXT, build TEXT, input TEXT, path TEXT, id TEXT, title TEXT, document TEXT, seed TEXT,"
	" points INTEGER, shard INTEGER, shards INTEGER, warm_up_ns INTEGER, started TEXT, finished INTEGER);"
	"CREATE TABLE task(point INTEGER, replication INTEGER, status INTEGER, failure TEXT, events INTEGER, wall_s REAL,"
	" PRIMARY KEY(point, replication)) WITHOUT ROWID;"
	"CREATE TABLE point_input(point INTEGER PRIMARY KEY, input TEXT, failure TEXT);"
	"CREATE TABLE kpi(kpi_id INTEGER PRIMARY KEY, kpi TEXT, group_name TEXT, unit TEXT);"
	"CREATE TABLE value(point INTEGER, replication INTEGER, kpi_id INTEGER, value REAL,"
	" PRIMARY KEY(point, replication, kpi_id)) WITHOUT ROWID;"
	"CREATE TABLE batch(point INTEGER, response INTEGER, batch INTEGER, value REAL,"
	" PRIMARY KEY(point, response, batch)) WITHOUT ROWID;"
	"CREATE TABLE batch_test(point INTEGER, response INTEGER, lag1 REAL, independent INTEGER,"
	" PRIMARY KEY(point, response)) WITHOUT ROWID;"
	"CREATE TABLE factor(factor INTEGER PRIMARY KEY, id TEXT, label TEXT, path TEXT);"
	"CREATE TABLE response(response INTEGER PRIMARY KEY, id TEXT, kpi TEXT, group_name TEXT, unit TEXT, target TEXT);"
	"CREATE TABLE point_factor(point INTEGER, factor INTEGER, level TEXT, number REAL, PRIMARY KEY(point, factor)) WITHOUT ROWID;"
	"CREATE TABLE point_response(point INTEGER, response INTEGER, mean REAL, ci_low REAL, ci_high REAL, replications INTEGER,"
	" verdict TEXT, PRIMARY KEY(point, response)) WITHOUT ROWID;"
	"CREATE TABLE effect(effect TEXT, response INTEGER, factor INTEGER, from_level TEXT, to_level TEXT, estimate REAL, ci_low REAL,"
	" ci_high REAL, p REAL, p_holm REAL, pairs INTEGER);";

enum { STUDY_RECORD_VERSION = 1 };

static int path_in(const char *dir, char *path, char *why)
{
	int n = snprintf(path, PATH_MAX, "%s/results.sqlite", dir);

	if (n > 0 && n < PATH_MAX)
		return 0;
	snprintf(why, OUTPUT_WHY, "the folder's name is too long");
	return -1;
}

/* The system's reason where there is one.  It is kept from the last call that failed, so that it means something only beside
 * an error of input or output. */
static const char *system_says(sqlite3 *db)
{
	int number = sqlite3_system_errno(db);

	return number ? strerror(number) : sqlite3_errmsg(db);
}

int study_record_fail(struct study_record *rec)
{
	int code = sqlite3_errcode(rec->db) & 0xff;

	if (rec->failed)
		return -1;
	rec->failed = true;
	snprintf(rec->why, sizeof rec->why, "cannot write %.*s: %s", 380, rec->path,
		 code == SQLITE_FULL                               ? "the disk is full"
		 : code == SQLITE_BUSY || code == SQLITE_LOCKED    ? "another sccsim is at work on it"
		 : code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? system_says(rec->db)
								   : sqlite3_errmsg(rec->db));
	return -1;
}

int study_record_sql(struct study_record *rec, const char *sql)
{
	return !rec->failed && sqlite3_exec(rec->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : study_record_fail(rec);
}

sqlite3_stmt *study_record_prepare(struct study_record *rec, const char *sql)
{
	sqlite3_stmt *st = NULL;

	if (!rec->failed && sqlite3_prepare_v2(rec->db, sql, -1, &st, NULL) != SQLITE_OK)
		study_record_fail(rec);
	return st;
}

int study_record_row(struct study_record *rec, sqlite3_stmt *st, const char *types, ...)
{
	bool bad = !st || rec->failed;
	va_list ap;

	va_start(ap, types);
	for (int i = 0; types[i] && !bad; i++) {
		int rc = types[i] == 'i'   ? sqlite3_bind_int64(st, i + 1, va_arg(ap, int64_t))
			 : types[i] == 'r' ? sqlite3_bind_double(st, i + 1, va_arg(ap, double))
					   : sqlite3_bind_text(st, i + 1, va_arg(ap, const char *), -1, SQLITE_STATIC);
		bad = rc != SQLITE_OK;
	}
	va_end(ap);
	bad = bad || sqlite3_step(st) != SQLITE_DONE;
	if (st)
		sqlite3_reset(st);
	return bad ? study_record_fail(rec) : 0;
}

/* ---- what is in a folder ---- */

static int64_t number_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int64_t x = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
		x = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return x;
}

static enum record_state state_of(sqlite3 *db)
{
	int64_t kind = number_of(db, "PRAGMA application_id");

	if ((sqlite3_errcode(db) & 0xff) == SQLITE_BUSY)
		return RECORD_BUSY;
	if (kind == RECORD_APPLICATION)
		return RECORD_RUN;
	if (kind == RECORD_STUDY)
		return number_of(db, "SELECT finished FROM study") > 0 ? RECORD_FINISHED : RECORD_UNFINISHED;
	/* Killed before its tables were committed, which they are at once. */
	return kind == 0 && number_of(db, "SELECT count(*) FROM sqlite_master") == 0 ? RECORD_NONE : RECORD_FOREIGN;
}

enum record_state study_record_state(const char *dir)
{
	char path[PATH_MAX], why[OUTPUT_WHY];
	enum record_state state = RECORD_FOREIGN;
	sqlite3 *db = NULL;

	if (path_in(dir, path, why) != 0 || access(path, F_OK) != 0)
		return RECORD_NONE;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
		state = state_of(db);
	sqlite3_close(db);
	return state;
}

enum record_state study_record_state_of(struct study_record *rec)
{
	return number_of(rec->db, "SELECT finished FROM study") > 0 ? RECORD_FINISHED : RECORD_UNFINISHED;
}

/* ---- open and close ---- */

static struct study_record *record_alloc(const char *dir, const struct study *st, char *why)
{
	struct study_record *rec = calloc(1, sizeof *rec);

	if (!rec) {
		snprintf(why, OUTPUT_WHY, "out of memory");
		return NULL;
	}
	rec->st = st;
	if (path_in(dir, rec->path, why) == 0)
		return rec;
	free(rec);
	return NULL;
}

/* Statements of the tasks, and a transaction for them. */
static int begin(struct study_record *rec)
{
	rec->task = study_record_prepare(rec, "INSERT OR REPLACE INTO task VALUES(?,?,?,?,?,?)");
	rec->point = study_record_prepare(rec, "INSERT OR REPLACE INTO point_input VALUES(?,?,?)");
	rec->input = study_record_prepare(rec, "SELECT input FROM point_input WHERE point=?");
	rec->kpi = study_record_prepare(rec, "INSERT INTO kpi VALUES(?,?,?,?)");
	rec->value = study_record_prepare(rec, "INSERT OR REPLACE INTO value VALUES(?,?,?,?)");
	rec->batch = study_record_prepare(rec, "INSERT OR REPLACE INTO batch VALUES(?,?,?,?)");
	rec->batch_test = study_record_prepare(rec, "INSERT OR REPLACE INTO batch_test VALUES(?,?,?,?)");
	return study_record_sql(rec, "BEGIN");
}

/* An exclusive lock with the log makes the record safe on network disks too, and a second writer is told at once. */
static int open_db(struct study_record *rec, int flags)
{
	if (sqlite3_open_v2(rec->path, &rec->db, flags, NULL) != SQLITE_OK)
		return study_record_fail(rec);
	return study_record_sql(rec, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
				     " PRAGMA wal_autocheckpoint=4000");
}

static void drop(struct study_record *rec)
{
	sqlite3_stmt *all[] = { rec->task, rec->point, rec->input, rec->kpi, rec->value, rec->batch, rec->batch_test };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		sqlite3_finalize(all[i]);
	sqlite3_close(rec->db);
	for (size_t i = 0; i < rec->n_kpis; i++)
		free(rec->kpis[i].group);
	free(rec->kpis);
	free(rec);
}

static struct study_record *give_up(struct study_record *rec, char *why)
{
	memcpy(why, rec->why, OUTPUT_WHY);
	drop(rec);
	return NULL;
}

static void write_identity(struct study_record *rec, const struct study_identity *id)
{
	const struct study *st = rec->st;
	sqlite3_stmt *q = study_record_prepare(rec, "INSERT INTO study VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,0)");
	char seed[24], started[32], path[PATH_MAX];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &utc);
	snprintf(seed, sizeof seed, "%llu", (unsigned long long)st->seed);
	if (!realpath(st->doc->path, path))
		snprintf(path, sizeof path, "%s", st->doc->path);
	study_record_row(rec, q, "ttttttttiiiit", SCCSIM_VERSION, id->build, st->hash, path, st->id, st->title,
			 st->doc->resolved, seed, (int64_t)st->n_points, (int64_t)id->shard, (int64_t)id->shards,
			 (int64_t)SIM_NEVER, started);
	sqlite3_finalize(q);
}

static void remove_old(const char *path)
{
	char log[PATH_MAX + 8];
	static const char *const endings[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < 4; i++) {
		snprintf(log, sizeof log, "%s%s", path, endings[i]);
		unlink(log);
	}
}

struct study_record *study_record_new(const char *dir, const struct study *st, const struct study_identity *id, char *why)
{
	struct study_record *rec = record_alloc(dir, st, why);
	char mark[96];

	if (!rec)
		return NULL;
	remove_old(rec->path);
	snprintf(mark, sizeof mark, "PRAGMA application_id=%d; PRAGMA user_version=%d", RECORD_STUDY, STUDY_RECORD_VERSION);
	if (open_db(rec, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) != 0 ||
	    study_record_sql(rec, "BEGIN EXCLUSIVE") != 0 || study_record_sql(rec, mark) != 0 ||
	    study_record_sql(rec, tables) != 0)
		return give_up(rec, why);
	write_identity(rec, id);
	if (study_record_sql(rec, "COMMIT") != 0 || begin(rec) != 0)
		return give_up(rec, why);
	rec->warm_up = SIM_NEVER;
	return rec;
}

/* A text that a damaged record may lack. */
static const char *text_of(sqlite3_stmt *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q, column);

	return text ? text : "";
}

/* Whether the record is of this study; NULL id: of any program and part. */
static bool is_of(struct study_record *rec, const struct study_identity *id, char *why)
{
	sqlite3_stmt *q = study_record_prepare(rec, "SELECT version, build, input, shard, shards, warm_up_ns FROM study");
	bool same = false;

	if (!q || sqlite3_step(q) != SQLITE_ROW) {
		snprintf(why, OUTPUT_WHY, "%.400s is not the record of a study", rec->path);
	} else if (strcmp(text_of(q, 0), SCCSIM_VERSION) != 0) {
		snprintf(why, OUTPUT_WHY, "%.300s was made by sccsim %.32s, and this is " SCCSIM_VERSION, rec->path,
			 text_of(q, 0));
	} else if (strcmp(text_of(q, 2), rec->st->hash) != 0) {
		snprintf(
			why, OUTPUT_WHY,
			"%.300s is of another input: the study, a scenario or a data file has changed since (%.12s then, %.12s now)",
			rec->path, text_of(q, 2), rec->st->hash);
	} else if (id && strcmp(text_of(q, 1), id->build) != 0) {
		snprintf(why, OUTPUT_WHY,
			 "%.300s was made by another build of sccsim (%.12s then, %.12s now): results could differ",
			 rec->path, text_of(q, 1), id->build);
	} else if (id &&
		   ((size_t)sqlite3_column_int64(q, 3) != id->shard || (size_t)sqlite3_column_int64(q, 4) != id->shards)) {
		snprintf(why, OUTPUT_WHY, "%.300s holds shard %lld/%lld of the study, not %zu/%zu", rec->path,
			 sqlite3_column_int64(q, 3) + 1, sqlite3_column_int64(q, 4), id->shard + 1, id->shards);
	} else if (sqlite3_column_type(q, 5) != SQLITE_INTEGER || sqlite3_column_int64(q, 5) < 0) {
		snprintf(why, OUTPUT_WHY, "%.400s is damaged: a warm-up that is no time", rec->path);
	} else {
		same = true;
		rec->warm_up = sqlite3_column_int64(q, 5);
	}
	sqlite3_finalize(q);
	return same;
}

static struct study_record *open_existing(const char *dir, const struct study *st, const struct study_identity *id, char *why)
{
	struct study_record *rec;

	switch (study_record_state(dir)) {
	case RECORD_UNFINISHED:
	case RECORD_FINISHED: break;
	case RECORD_NONE: snprintf(why, OUTPUT_WHY, "%.400s holds no study", dir); return NULL;
	case RECORD_BUSY: snprintf(why, OUTPUT_WHY, "another sccsim is at work on %.400s", dir); return NULL;
	default: snprintf(why, OUTPUT_WHY, "%.400s/results.sqlite is not the record of a study", dir); return NULL;
	}
	rec = record_alloc(dir, st, why);
	if (!rec)
		return NULL;
	if (open_db(rec, SQLITE_OPEN_READWRITE) != 0)
		return give_up(rec, why);
	if (!is_of(rec, id, why)) {
		drop(rec);
		return NULL;
	}
	if (study_record_load_kpis(rec) != 0 || begin(rec) != 0)
		return give_up(rec, why);
	return rec;
}

struct study_record *study_record_resume(const char *dir, const struct study *st, const struct study_identity *id, char *why)
{
	struct study_record *rec = open_existing(dir, st, id, why);

	if (rec && study_record_sql(rec, "UPDATE study SET finished=0") != 0)
		return give_up(rec, why);
	return rec;
}

struct study_record *study_record_open(const char *dir, const struct study *st, char *why)
{
	return open_existing(dir, st, NULL, why);
}

int study_record_close(struct study_record *rec, char *why)
{
	int rc = 0;

	if (!rec)
		return 0;
	if (!rec->failed)
		rc = study_record_sql(rec, "COMMIT");
	if (rec->failed && rc != 0)
		memcpy(why, rec->why, OUTPUT_WHY);
	drop(rec);
	return rc;
}

const char *study_record_why(const struct study_record *rec)
{
	return rec->why;
}

/* ---- tasks ---- */

/* Number of a KPI and group in the record; -1 after a failure.  A few hundred at most, found mostly at the guess. */
static int64_t kpi_number(struct study_record *rec, const struct kpi_def *def, const char *group)
{
	for (size_t k = 0; k < rec->n_kpis; k++) {
		size_t i = (rec->guess + k) % rec->n_kpis;
		if (rec->kpis[i].def == def && strcmp(rec->kpis[i].group, group) == 0) {
			rec->guess = i + 1;
			return (int64_t)i;
		}
	}
	if (study_record_add_kpi(rec, def, group) != 0 ||
	    study_record_row(rec, rec->kpi, "ittt", (int64_t)rec->n_kpis - 1, def->name, group, def->unit) != 0)
		return -1;
	rec->guess = rec->n_kpis;
	return (int64_t)rec->n_kpis - 1;
}

int study_record_add_kpi(struct study_record *rec, const struct kpi_def *def, const char *group)
{
	if (rec->n_kpis == rec->cap_kpis) {
		size_t cap = rec->cap_kpis ? 2 * rec->cap_kpis : 64;
		struct recorded_kpi *grown = realloc(rec->kpis, cap * sizeof *grown);
		if (!grown)
			goto fail;
		rec->kpis = grown;
		rec->cap_kpis = cap;
	}
	rec->kpis[rec->n_kpis] = (struct recorded_kpi){ def, strdup(group) };
	if (!rec->kpis[rec->n_kpis].group)
		goto fail;
	rec->n_kpis++;
	return 0;
fail:
	rec->failed = true;
	snprintf(rec->why, sizeof rec->why, "out of memory");
	return -1;
}

/* The input of a point is what it was: a data file may have changed since the study was loaded. */
static int put_point(struct study_record *rec, const struct task_result *r)
{
	int64_t point = (int64_t)r->job.point;
	int rc = 0;

	if (!r->of_point && rec->last_point == point + 1)
		return 0;
	sqlite3_bind_int64(rec->input, 1, point);
	if (sqlite3_step(rec->input) != SQLITE_ROW) {
		rc = study_record_row(rec, rec->point, "itt", point, r->input, r->of_point ? r->failure : NULL);
	} else if (strcmp(text_of(rec->input, 0), r->input) != 0) {
		rec->failed = true;
		snprintf(rec->why, sizeof rec->why,
			 "point %lld is of another input than before: a data file of its scenario has changed",
			 (long long)point);
		rc = -1;
	}
	sqlite3_reset(rec->input);
	rec->last_point = point + 1;
	return rc;
}

static int put_batches(struct study_record *rec, const struct task_result *r)
{
	int64_t point = (int64_t)r->job.point;

	for (size_t i = 0; i < rec->st->n_responses; i++) {
		const struct task_batches *b = &r->batches[i];
		for (size_t k = 0; k < b->n; k++)
			if (study_record_row(rec, rec->batch, "iiir", point, (int64_t)i, (int64_t)k, b->v[k]) != 0)
				return -1;
		if (b->n && study_record_row(rec, rec->batch_test, "iiri", point, (int64_t)i, b->lag1,
					     (int64_t)b->independent) != 0)
			return -1;
	}
	return 0;
}

int study_record_put(void *ctx, const struct task_result *r)
{
	struct study_record *rec = ctx;
	int64_t point = (int64_t)r->job.point, replication = (int64_t)r->job.replication;

	if (rec->failed || put_point(rec, r) != 0)
		return -1;
	rec->waiting++;
	if (r->of_point)
		return 0;
	if (study_record_row(rec, rec->task, "iiitir", point, replication, (int64_t)r->status, r->failure,
			     (int64_t)r->events, r->wall_s) != 0)
		return -1;
	for (size_t i = 0; i < r->n_rows; i++) {
		int64_t kpi = kpi_number(rec, r->rows[i].def, r->rows[i].group);
		if (kpi < 0 || study_record_row(rec, rec->value, "iiir", point, replication, kpi, r->rows[i].value) != 0)
			return -1;
	}
	return r->batches ? put_batches(rec, r) : 0;
}

int study_record_commit(void *ctx)
{
	struct study_record *rec = ctx;

	if (rec->waiting == 0)
		return rec->failed ? -1 : 0;
	rec->waiting = 0;
	return study_record_sql(rec, "COMMIT") != 0 || study_record_sql(rec, "BEGIN") != 0 ? -1 : 0;
}

int study_record_broken(struct study_record *rec, struct job job)
{
	rec->waiting++;
	return study_record_row(rec, rec->task, "iiitir", (int64_t)job.point, (int64_t)job.replication,
				(int64_t)SIM_E_LIMIT, "a broken invariant ended the program in this replication",
				(int64_t)0, NAN);
}

simtime_t study_record_warm_up(const struct study_record *rec)
{
	return rec->warm_up;
}

int study_record_set_warm_up(struct study_record *rec, simtime_t warm_up)
{
	sqlite3_stmt *q = study_record_prepare(rec, "UPDATE study SET warm_up_ns=?");

	study_record_row(rec, q, "i", (int64_t)warm_up);
	sqlite3_finalize(q);
	rec->warm_up = warm_up;
	rec->waiting++;
	return study_record_commit(rec);
}
