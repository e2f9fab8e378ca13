/* The results folder: everything of a run at once, or again from its record. */
#include "sim/output/output.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "sim/output/pieces.h"
#include "sim/output/stage.h"

static const char *const names[] = { "kpi.csv", "series.csv", "scenario.xml", "layers.geojson", "summary.txt", "report.html" };

const struct stage_kind run_folder = { "results.sqlite", names, sizeof names / sizeof names[0] };

static int no_memory(char *why)
{
	snprintf(why, OUTPUT_WHY, "out of memory while writing the results");
	return -1;
}

int output_prepare(const char *dir, char *why)
{
	struct stage st;

	if (stage_open(&st, &run_folder, dir, why) != 0)
		return -1;
	stage_drop(&st);
	return 0;
}

/* The files that are streams of text, by name. */
static int write_kpis(const struct view *v, FILE *f)
{
	return output_kpi_csv(v->o, f);
}

static int write_series(const struct view *v, FILE *f)
{
	return output_series_csv(v->o, f);
}

static int write_scenario(const struct view *v, FILE *f)
{
	return scenario_xml_write(v->o, f);
}

static const struct { const char *name; int (*write)(const struct view *v, FILE *f); } texts[] = {
	{ "kpi.csv", write_kpis },	  { "series.csv", write_series },   { "scenario.xml", write_scenario },
	{ "layers.geojson", layers_write }, { "summary.txt", summary_write },
};

static int write_text(const struct stage *st, const struct view *v, size_t i)
{
	FILE *f = stage_file(st, texts[i].name);

	if (!f)
		return -1;
	texts[i].write(v, f); /* its errors are the stream's, which stage_close tells */
	return stage_close(st, f, texts[i].name);
}

/* All but the record. */
static int write_rest(const struct stage *st, struct view *v)
{
	char plots[PATH_MAX];
	struct figures all;
	FILE *f;

	if (!figures_of(v, &all))
		return no_memory(st->why);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (write_text(st, v, i) != 0)
			return -1;
	if (stage_path(st, "plots", plots) != 0 || pictures_write(all.pictures, all.n, plots, st->why) < 0)
		return -1;
	f = stage_file(st, "report.html");
	if (!f)
		return -1;
	html_write(v, &all, plots, f);
	return stage_close(st, f, "report.html");
}

int output_write(const struct outcome *o, const char *dir, char *why)
{
	struct view *v = view_new(o);
	struct stage st;
	char record[PATH_MAX];
	bool ours = inputs_ours(dir);
	int rc = -1;

	if (!v)
		return no_memory(why);
	if (stage_open(&st, &run_folder, dir, why) != 0)
		goto done;
	if (stage_path(&st, run_folder.record, record) != 0 || record_write(v, record, why) != 0)
		goto drop;
	if (write_rest(&st, v) == 0) {
		rc = stage_commit(&st);
		if (rc == 0)
			rc = inputs_write(o, dir, ours, why);
		goto done;
	}
	stage_plain_words(why);
	/* What was computed is not thrown away for want of a picture. */
	char problem[OUTPUT_WHY];
	memcpy(problem, why, sizeof problem);
	if (stage_commit_record(&st) == 0)
		snprintf(why, OUTPUT_WHY, "%.300s; %.120s/%s is whole and kept: `sccsim report' draws the rest", problem,
			 dir, run_folder.record);
	else
		memcpy(why, problem, sizeof problem);
drop:
	stage_plain_words(why);
	stage_drop(&st);
done:
	view_free(v);
	return rc;
}

int output_redraw(const char *dir, const struct model_table *table, char *why)
{
	char record[PATH_MAX];
	struct stage st;
	struct view *v;
	int n = snprintf(record, sizeof record, "%s/%s", dir, run_folder.record), rc = -1;

	if (n < 0 || (size_t)n >= sizeof record) {
		snprintf(why, OUTPUT_WHY, "the folder's name is too long");
		return -1;
	}
	v = record_read(record, table, why);
	if (!v)
		return -1;
	if (stage_open(&st, &run_folder, dir, why) == 0) {
		rc = write_rest(&st, v);
		if (rc == 0)
			rc = stage_commit(&st);
		else
			stage_plain_words(why);
		stage_drop(&st);
	}
	view_free(v);
	return rc;
}

int output_plots(const struct outcome *o, const char *dir, char *why)
{
	struct view *v = view_new(o);
	struct figures all;
	int rc = -1;

	if (!v || !figures_of(v, &all))
		no_memory(why);
	else if (stage_folder(dir, why) == 0)
		rc = pictures_write(all.pictures, all.n, dir, why) < 0 ? -1 : 0;
	view_free(v);
	return rc;
}

int output_html(const struct outcome *o, const char *dir, const char *path, char *why)
{
	char plots[PATH_MAX];
	struct view *v = view_new(o);
	struct figures all;
	FILE *f = NULL;
	int n = snprintf(plots, sizeof plots, "%s/plots", dir), rc = -1;

	if (!v || !figures_of(v, &all))
		no_memory(why);
	else if (n < 0 || (size_t)n >= sizeof plots || !(f = fopen(path, "w")))
		snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", path, strerror(f ? ENAMETOOLONG : errno));
	if (f) {
		html_write(v, &all, plots, f);
		rc = file_finish(f);
		if (rc != 0)
			snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", path, strerror(errno));
		fclose(f);
	}
	view_free(v);
	return rc;
}
