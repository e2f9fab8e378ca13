#include <limits.h>
#include <stdlib.h>

#include "sim/cli/study_private.h"

struct study *load_study(const char *path, const struct model_table *t, enum study_use use, bool silent, int *status)
{
	char lib[2 * PATH_MAX];
	struct diag *d = diag_new();
	struct study *st = NULL;

	*status = EXIT_UNFINISHED;
	if (d) {
		st = study_load_for(path, use, t, lib_root(lib, sizeof lib), d);
		if (!silent)
			diag_print(d, stderr);
		if (!st && diag_errors(d))
			*status = EXIT_INPUT;
	}
	if (st)
		*status = EXIT_OK;
	else if (*status == EXIT_UNFINISHED)
		fprintf(stderr, "sccsim: %s: out of memory\n", path);
	diag_free(d);
	return st;
}

enum study_use use_of_study(const char *path)
{
	char lib[2 * PATH_MAX];

	return study_use_of(path, lib_root(lib, sizeof lib));
}

struct study *load_study_of(const char *dir, const char *given, const struct model_table *t, int *status)
{
	char why[OUTPUT_WHY], *path = given ? NULL : study_record_path(dir, why);
	struct study *st = NULL;

	*status = EXIT_INPUT;
	if (given || path)
		st = load_study(given ? given : path, t, USE_STUDY, false, status);
	else
		fprintf(stderr, "sccsim: %s\n", why);
	free(path);
	return st;
}

int conclude_study(struct study_record *rec, const struct study *st, const char *dir, bool complete, bool quiet)
{
	char why[OUTPUT_WHY];
	struct study_view *v = study_view_new(rec, st, complete, why);
	int status = EXIT_UNFINISHED;

	if (v && study_record_finish(rec, v->a, complete) != 0)
		snprintf(why, sizeof why, "%s", study_record_why(rec));
	else if (v && study_output_write(v, dir, why) == 0)
		status = EXIT_OK;
	if (status != EXIT_OK)
		fprintf(stderr,
			"sccsim: %s; the replications are kept in %s/results.sqlite: `sccsim report' draws the rest\n", why,
			dir);
	else if (!quiet && study_output_summary(v, stdout) == 0)
		printf("\nReport: %s/report.html\n", dir);
	study_view_free(v);
	return status;
}
