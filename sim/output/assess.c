/* The folder of an assessment. */
#include "sim/output/assess_private.h"

#include <string.h>

#include "sim/output/output.h"
#include "sim/output/stage.h"

static const char *const names[] = { "scores.csv", "assessment.json", "report.html" };
static const struct stage_kind assess_folder = { NULL, names, sizeof names / sizeof names[0] };

static const struct { const char *name; int (*write)(const struct scores *s, FILE *f); } texts[] = {
	{ "scores.csv", assess_csv },
	{ "assessment.json", assess_json },
};

int assess_prepare(const char *dir, char *why)
{
	struct stage st;

	if (stage_open(&st, &assess_folder, dir, why) != 0)
		return -1;
	stage_drop(&st);
	return 0;
}

static int write_page(const struct stage *st, const struct scores *s)
{
	struct assess_pictures all;
	char plots[PATH_MAX];
	FILE *f;

	assess_pictures_of(s, &all);
	if (stage_path(st, "plots", plots) != 0 || pictures_write(all.v, all.n, plots, st->why) < 0)
		return -1;
	f = stage_file(st, "report.html");
	if (!f)
		return -1;
	assess_html(s, &all, plots, f);
	return stage_close(st, f, "report.html");
}

static int write_all(const struct stage *st, const struct scores *s)
{
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		FILE *f = stage_file(st, texts[i].name);
		if (!f)
			return -1;
		texts[i].write(s, f); /* its errors are the stream's, which stage_close tells */
		if (stage_close(st, f, texts[i].name) != 0)
			return -1;
	}
	return write_page(st, s);
}

int assess_write(const struct scores *s, const char *dir, char *why)
{
	struct stage st;
	int rc;

	if (stage_open(&st, &assess_folder, dir, why) != 0)
		return -1;
	rc = write_all(&st, s);
	if (rc == 0)
		rc = stage_commit(&st);
	else
		stage_plain_words(why);
	stage_drop(&st);
	return rc;
}
