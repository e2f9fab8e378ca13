/* Files that appear whole or not at all, and the folder they go into. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/output/output_private.h"

int output_prepare(const char *dir, char *why)
{
	char path[PATH_MAX];
	size_t n = strlen(dir);

	if (n == 0 || n + 16 > sizeof path) {
		snprintf(why, OUTPUT_WHY, "the output folder's name is %s", n ? "too long" : "empty");
		return -1;
	}
	for (size_t i = 1; i <= n; i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		snprintf(path, sizeof path, "%.*s", (int)i, dir);
		if (mkdir(path, 0777) != 0 && errno != EEXIST) {
			snprintf(why, OUTPUT_WHY, "cannot make the output folder %.300s: %s", path, strerror(errno));
			return -1;
		}
	}
	snprintf(path, sizeof path, "%s/.writable", dir);
	FILE *f = fopen(path, "wb");
	if (!f || fputs("?", f) == EOF || fclose(f) != 0) {
		snprintf(why, OUTPUT_WHY, "cannot write into %.300s: %s", dir, strerror(errno));
		unlink(path);
		return -1;
	}
	unlink(path);
	return 0;
}

int outfile_open(struct outfile *o, const char *dir, const char *name, char *why)
{
	int n = snprintf(o->path, sizeof o->path, "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof o->path) {
		snprintf(why, OUTPUT_WHY, "the path of %.100s is too long", name);
		return -1;
	}
	snprintf(o->temporary, sizeof o->temporary, "%s.part", o->path);
	o->f = fopen(o->temporary, "wb");
	if (!o->f) {
		snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", o->temporary, strerror(errno));
		return -1;
	}
	return 0;
}

int outfile_commit(struct outfile *o, char *why)
{
	bool ok = fflush(o->f) == 0 && !ferror(o->f) && fsync(fileno(o->f)) == 0;
	int error = errno;

	if (fclose(o->f) != 0 && ok) {
		ok = false;
		error = errno;
	}
	if (ok && rename(o->temporary, o->path) == 0)
		return 0;
	if (ok)
		error = errno;
	unlink(o->temporary);
	snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", o->path, strerror(error));
	return -1;
}
