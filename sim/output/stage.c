#include "sim/output/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/kernel/bug.h"
#include "sim/output/output.h"

/* Paths are cut to what a message can hold. */
enum { PATH_SHOWN = 380 };

#define WAITING ".writing-"  /* folders in which files wait */

static int failed(char *why, const char *what, const char *path)
{
	int error = errno;

	snprintf(why, OUTPUT_WHY, "%s %.*s: %s", what, PATH_SHOWN, path, error ? strerror(error) : "write error");
	return -1;
}

static int too_long(char *why, const char *path)
{
	errno = ENAMETOOLONG;
	return failed(why, "cannot use the folder", path);
}

int stage_folder(const char *dir, char *why)
{
	char path[PATH_MAX];
	struct stat st;
	size_t n = strlen(dir);

	if (n == 0) {
		errno = ENOENT;
		return failed(why, "cannot make the folder", "\"\"");
	}
	if (n >= sizeof path)
		return too_long(why, dir);
	memcpy(path, dir, n + 1);
	for (char *c = path + 1; c <= path + n; c++) {
		if (*c && *c != '/')
			continue;
		char was = *c;
		*c = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			return failed(why, "cannot make the folder", path);
		if (stat(path, &st) != 0)
			return failed(why, "cannot use the folder", path);
		if (!S_ISDIR(st.st_mode)) {
			errno = ENOTDIR;
			return failed(why, "cannot make the folder", path);
		}
		*c = was;
	}
	return 0;
}

static int join(char *path, const char *dir, const char *name, char *why)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", dir, name);

	return n < 0 || n >= PATH_MAX ? too_long(why, dir) : 0;
}

/* Open and locked; -1: errno says why, EWOULDBLOCK when another has the lock. */
static int lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		int error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

int stage_lock(const char *dir, int *lock, char *why)
{
	*lock = lock_folder(dir);
	if (*lock >= 0 || errno != EWOULDBLOCK)
		return 0;
	snprintf(why, OUTPUT_WHY, "another sccsim is at work on %.*s", PATH_SHOWN, dir);
	return -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	remove(path);
	return 0;
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* What can be locked belongs to nobody who lives.  Where nothing can be locked, nothing is removed. */
static void remove_abandoned(const char *dir)
{
	char path[PATH_MAX], why[OUTPUT_WHY];
	DIR *d = opendir(dir);

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		if (strncmp(e->d_name, WAITING, strlen(WAITING)) != 0 || join(path, dir, e->d_name, why) != 0)
			continue;
		int lock = lock_folder(path);
		if (lock < 0)
			continue;
		remove_tree(path);
		close(lock);
	}
	if (d)
		closedir(d);
}

/* Another process may take the new folder for an abandoned one before it is locked: then it goes, and we make the next. */
static bool make_place(struct stage *st)
{
	for (int tries = 0; tries < 100; tries++) {
		if (join(st->tmp, st->dir, WAITING "XXXXXX", st->why) != 0 || !mkdtemp(st->tmp))
			break;
		st->lock = lock_folder(st->tmp);
		if (st->lock < 0 && errno != EWOULDBLOCK && errno != ENOENT)
			return true;
		if (st->lock >= 0 && access(st->tmp, F_OK) == 0)
			return true;
		if (st->lock >= 0)
			close(st->lock);
	}
	st->lock = -1;
	st->tmp[0] = '\0';
	return false;
}

int stage_open(struct stage *st, const struct stage_kind *kind, const char *dir, char *why)
{
	char plots[PATH_MAX];

	*st = (struct stage){ .kind = kind, .why = why, .lock = -1 };
	if (stage_folder(dir, why) != 0)
		return -1;
	int n = snprintf(st->dir, sizeof st->dir, "%s", dir);
	if (n < 0 || (size_t)n + sizeof WAITING "XXXXXX" >= sizeof st->dir)
		return too_long(why, dir);
	remove_abandoned(dir);
	if (!make_place(st))
		return failed(why, "cannot write to the folder", dir);
	if (join(plots, st->tmp, "plots", why) == 0 && mkdir(plots, 0777) == 0)
		return 0;
	failed(why, "cannot write to the folder", dir);
	stage_drop(st);
	return -1;
}

int stage_path(const struct stage *st, const char *name, char *path)
{
	return join(path, st->tmp, name, st->why);
}

FILE *stage_file(const struct stage *st, const char *name)
{
	char path[PATH_MAX];
	FILE *f;

	if (stage_path(st, name, path) != 0)
		return NULL;
	f = fopen(path, "w");
	if (!f)
		failed(st->why, "cannot write", path);
	return f;
}

int file_finish(FILE *f)
{
	bool bad = ferror(f) != 0;

	errno = 0;
	bad |= fflush(f) != 0;
	/* A terminal or a pipe has nothing to be synchronised with. */
	if (!bad && fsync(fileno(f)) != 0 && errno != EINVAL && errno != EROFS)
		bad = true;
	if (bad && errno == 0)
		errno = EIO;
	return bad ? -1 : 0;
}

int stage_close(const struct stage *st, FILE *f, const char *name)
{
	char path[PATH_MAX];
	int rc = file_finish(f), error = errno;

	if (fclose(f) != 0 && rc == 0) {
		rc = -1;
		error = errno;
	}
	if (rc == 0)
		return 0;
	errno = error;
	return join(path, st->dir, name, st->why) != 0 ? -1 : failed(st->why, "cannot write", path);
}

static int move(const struct stage *st, const char *name)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (join(from, st->tmp, name, st->why) != 0 || join(to, st->dir, name, st->why) != 0)
		return -1;
	return rename(from, to) == 0 ? 0 : failed(st->why, "cannot put into place", to);
}

static bool is_plot(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".svg") == 0 || strcmp(dot, ".gp") == 0 || strcmp(dot, ".dat") == 0);
}

/* Pictures of an earlier run that this one does not draw; nobody else's files. */
static void remove_old_plots(const struct stage *st, bool all)
{
	char plots[PATH_MAX], path[PATH_MAX], fresh[PATH_MAX], name[300];
	struct dirent *e;
	DIR *d;

	if (join(plots, st->dir, "plots", st->why) != 0 || !(d = opendir(plots)))
		return;
	while ((e = readdir(d)) != NULL) {
		snprintf(name, sizeof name, "plots/%s", e->d_name);
		if (!is_plot(name) || join(path, st->dir, name, st->why) != 0 || join(fresh, st->tmp, name, st->why) != 0)
			continue;
		if (all || access(fresh, F_OK) != 0)
			unlink(path);
	}
	closedir(d);
}

static int move_plots(const struct stage *st)
{
	char from[PATH_MAX], to[PATH_MAX], name[300];
	struct dirent *e;
	DIR *d;
	int rc = 0;

	if (join(from, st->tmp, "plots", st->why) != 0 || join(to, st->dir, "plots", st->why) != 0)
		return -1;
	if (mkdir(to, 0777) != 0 && errno != EEXIST)
		return failed(st->why, "cannot make the folder", to);
	remove_old_plots(st, false);
	d = opendir(from);
	if (!d)
		return failed(st->why, "cannot read", from);
	while (rc == 0 && (e = readdir(d)) != NULL) {
		snprintf(name, sizeof name, "plots/%s", e->d_name);
		if (is_plot(name))
			rc = move(st, name);
	}
	closedir(d);
	return rc;
}

bool stage_is_result(const struct stage_kind *kind, const char *name)
{
	bool is = kind->record && strcmp(name, kind->record) == 0;

	for (size_t i = 0; i < kind->n && !is; i++)
		is = strcmp(name, kind->names[i]) == 0;
	return is;
}

static void sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* Whether it waits; -1: its name is too long. */
static int waits(const struct stage *st, const char *name)
{
	char path[PATH_MAX];

	return join(path, st->tmp, name, st->why) != 0 ? -1 : access(path, F_OK) == 0;
}

static int clear(const struct stage *st, const char *name)
{
	char path[PATH_MAX];

	if (join(path, st->dir, name, st->why) != 0)
		return -1;
	return unlink(path) == 0 || errno == ENOENT ? 0 : failed(st->why, "cannot remove what an earlier run left:", path);
}

/* Move what waits, the record first; the place of what does not is cleared, but for that of the record. */
static int commit(const struct stage *st, bool record_only)
{
	const struct stage_kind *kind = st->kind;
	int waiting = kind->record ? waits(st, kind->record) : 0;
	int rc = waiting > 0 ? move(st, kind->record) : waiting;

	for (size_t i = 0; i < kind->n && rc == 0; i++) {
		waiting = record_only ? 0 : waits(st, kind->names[i]);
		rc = waiting > 0 ? move(st, kind->names[i]) : waiting < 0 ? -1 : clear(st, kind->names[i]);
	}
	return rc;
}

int stage_commit(struct stage *st)
{
	int rc = commit(st, false);

	if (rc == 0)
		rc = move_plots(st);
	sync_folder(st->dir);
	stage_drop(st);
	return rc;
}

int stage_commit_record(struct stage *st)
{
	char plots[PATH_MAX];
	int rc;

	BUG_ON(NULL, !st->kind->record);
	rc = commit(st, true);

	if (rc == 0 && join(plots, st->dir, "plots", st->why) == 0) {
		remove_old_plots(st, true);
		rmdir(plots);
	}
	stage_drop(st);
	sync_folder(st->dir);
	return rc;
}

void stage_plain_words(char *why)
{
	char *hidden = strstr(why, "/.writing-"), *next = hidden ? strchr(hidden + 1, '/') : NULL;

	if (next)
		memmove(hidden, next, strlen(next) + 1);
}

void stage_drop(struct stage *st)
{
	if (st->tmp[0])
		remove_tree(st->tmp);
	st->tmp[0] = '\0';
	if (st->lock >= 0)
		close(st->lock);
	st->lock = -1;
}
