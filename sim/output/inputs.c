/*
 * inputs: the data files that a scenario names, beside the scenario.xml that names them, so that the folder repeats the run.
 *
 * The scenario as run keeps the names as they were written, so each file is copied to that name.  What a user keeps in the
 * folder is not overwritten: a file that differs is replaced only where an earlier run left its record.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/stage.h"

struct inputs { const char *dir; bool ours; char *why; };

/* A name that stays in the folder and is none of the results: those of the library need no copy. */
static bool is_copied(const char *name)
{
	if (*name == '\0' || *name == '/' || strncmp(name, "lib:", 4) == 0 || strncmp(name, "plots/", 6) == 0 ||
	    stage_is_result(&run_folder, name))
		return false;
	for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return false;
	return true;
}

static int failed(struct inputs *in, const char *path)
{
	snprintf(in->why, OUTPUT_WHY, "cannot copy the data file %.380s: %s", path, strerror(errno ? errno : EIO));
	return -1;
}

/* 1: the same bytes; 0: not; -1: one of them cannot be read. */
static int same(const char *a, const char *b)
{
	FILE *f = fopen(a, "rb"), *g = fopen(b, "rb");
	int rc = f && g ? 1 : -1, c;

	while (rc == 1 && (c = getc(f)) == getc(g) && c != EOF)
		;
	if (rc == 1)
		rc = feof(f) && feof(g) && !ferror(f) && !ferror(g);
	if (f)
		fclose(f);
	if (g)
		fclose(g);
	return rc;
}

/* Through a name of its own, so that a cut leaves no half of a file. */
static int copy(struct inputs *in, const char *from, const char *to)
{
	char part[PATH_MAX], block[1 << 14];
	FILE *f = fopen(from, "rb"), *g = NULL;
	int n = snprintf(part, sizeof part, "%s.writing", to), rc = -1;
	size_t got;

	if (f && n > 0 && (size_t)n < sizeof part)
		g = fopen(part, "wb");
	if (g) {
		while ((got = fread(block, 1, sizeof block, f)) > 0 && fwrite(block, 1, got, g) == got)
			;
		rc = ferror(f) ? -1 : file_finish(g);
		if (fclose(g) != 0)
			rc = -1;
		if (rc == 0)
			rc = rename(part, to);
	}
	if (rc != 0) {
		failed(in, from);
		if (g)
			unlink(part);
	}
	if (f)
		fclose(f);
	return rc;
}

static int put_input(struct inputs *in, const char *name, const char *from)
{
	char to[PATH_MAX], folder[PATH_MAX];
	struct stat there, here;
	int n = snprintf(to, sizeof to, "%s/%s", in->dir, name);

	if (n < 0 || (size_t)n >= sizeof to) {
		errno = ENAMETOOLONG;
		return failed(in, name);
	}
	if (stat(to, &there) == 0) {
		if (!in->ours || (stat(from, &here) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino) ||
		    same(from, to) == 1)
			return 0;
	}
	memcpy(folder, to, sizeof folder);
	*strrchr(folder, '/') = '\0';
	return stage_folder(folder, in->why) != 0 ? -1 : copy(in, from, to);
}

static int put_node(struct inputs *in, const struct node *n)
{
	int rc = 0;

	for (; n && rc == 0; n = n->next) {
		for (size_t i = 0; i < n->model->n_params && rc == 0; i++) {
			const struct param *p = &n->model->params[i];
			const char *path = NULL;
			if (p->kind != PARAM_FILE || !n->text_of[i] || !is_copied(n->text_of[i]))
				continue;
			memcpy(&path, (const char *)n->par + p->offset, sizeof path);
			if (path && *path)
				rc = put_input(in, n->text_of[i], path);
		}
		if (rc == 0)
			rc = put_node(in, n->child);
	}
	return rc;
}

bool inputs_ours(const char *dir)
{
	char record[PATH_MAX];
	int n = snprintf(record, sizeof record, "%s/%s", dir, run_folder.record);

	return n > 0 && (size_t)n < sizeof record && access(record, F_OK) == 0;
}

int inputs_write(const struct outcome *o, const char *dir, bool ours, char *why)
{
	struct inputs in = { dir, ours, why };

	return put_node(&in, o->sc->root);
}
