/*
 * folder - a results folder of its own for each test, and the made outcome that is written there.
 */
#ifndef TESTS_UNIT_OUTPUT_FOLDER_H
#define TESTS_UNIT_OUTPUT_FOLDER_H

#include "tests/unit/output/made.h"

#include <ftw.h>
#include <unistd.h>

struct folder { char dir[64]; struct made m; };

static inline int folder_set_up(void **state)
{
	struct folder *p = calloc(1, sizeof *p);

	if (!p)
		return -1;
	strcpy(p->dir, "/tmp/sccsim-output-XXXXXX");
	if (!mkdtemp(p->dir))
		return -1;
	made_new(&p->m);
	*state = p;
	return 0;
}

static inline int folder_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static inline int folder_tear_down(void **state)
{
	struct folder *p = *state;

	nftw(p->dir, folder_remove, 8, FTW_DEPTH | FTW_PHYS);
	made_free(&p->m);
	free(p);
	return 0;
}

static inline void write_all(struct folder *p)
{
	char why[OUTPUT_WHY] = "";

	if (output_write(&p->m.o, p->dir, why) != 0)
		fail_msg("%s", why);
}

/* Content of a file in the folder, freed by the caller; NULL: there is none. */
static inline char *content(const struct folder *p, const char *name)
{
	char path[512], *text = NULL;
	size_t n = 0;

	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	if (getdelim(&text, &n, EOF, f) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(f);
	return text;
}

#endif
