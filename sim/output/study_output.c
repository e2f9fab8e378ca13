/* The folder of a study: everything that is drawn from its record. */
#include "sim/output/study_output.h"

#include <limits.h>
#include <string.h>

#include "sim/output/stage.h"
#include "sim/output/study_html.h"
#include "sim/output/text.h"

static const char *const names[] = { "kpi.csv", "points.csv", "effects.csv", "study.xml", "summary.txt", "report.html" };
static const struct stage_kind study_kind = { NULL, names, sizeof names / sizeof names[0] };

static int no_memory(char *why)
{
	snprintf(why, OUTPUT_WHY, "out of memory while drawing the study");
	return -1;
}

static int find_failures(struct study_view *v)
{
	v->failures = arena_alloc(v->arena, v->st->n_points + 1, sizeof *v->failures);
	if (!v->failures)
		return -1;
	for (size_t p = 0; v->totals.failed + v->totals.failed_points > 0 && p < v->st->n_points; p++)
		if (v->a->data->failed[p] || v->a->data->done[p] == 0)
			v->failures[p] = study_record_failure(v->rec, p, v->arena);
	return 0;
}

struct study_view *study_view_new(struct study_record *rec, const struct study *st, bool complete, char *why)
{
	struct arena *arena = arena_new();
	struct study_view *v = arena ? arena_alloc(arena, 1, sizeof *v) : NULL;
	struct study_data *data = v ? arena_alloc(arena, 1, sizeof *data) : NULL;
	struct analysis *a = NULL;

	if (!data)
		goto fail;
	*v = (struct study_view){ .rec = rec, .st = st, .complete = complete, .arena = arena };
	v->warm_up = study_record_warm_up(rec);
	v->totals = study_record_totals(rec);
	snprintf(v->identity, sizeof v->identity, "sccsim %s, study %.12s, seed %llu", SCCSIM_VERSION, st->hash,
		 (unsigned long long)st->seed);
	if (study_record_data(rec, data, arena) != 0) {
		snprintf(why, OUTPUT_WHY, "%s", study_record_why(rec));
		arena_free(arena);
		return NULL;
	}
	a = analysis_new(st, data);
	v->a = a;
	if (!a || find_failures(v) != 0)
		goto fail;
	v->finding = analysis_finding(a);
	if (!v->finding)
		goto fail;
	return v;
fail:
	analysis_free(a);
	arena_free(arena);
	no_memory(why);
	return NULL;
}

void study_view_free(struct study_view *v)
{
	if (!v)
		return;
	analysis_free((struct analysis *)v->a);
	arena_free(v->arena);
}

static int write_kpis(const struct study_view *v, FILE *f)
{
	return study_kpi_csv(v, f);
}

static int write_points(const struct study_view *v, FILE *f)
{
	study_points_csv(v, f);
	return 0;
}

static int write_effects(const struct study_view *v, FILE *f)
{
	study_effects_csv(v, f);
	return 0;
}

static int write_document(const struct study_view *v, FILE *f)
{
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- %s -->\n%s", v->identity, v->st->doc->resolved);
	return 0;
}

static const struct { const char *name; int (*write)(const struct study_view *v, FILE *f); } texts[] = {
	{ "kpi.csv", write_kpis },	   { "points.csv", write_points },       { "effects.csv", write_effects },
	{ "study.xml", write_document },   { "summary.txt", study_output_summary },
};

static int write_text(const struct stage *st, const struct study_view *v, size_t i)
{
	FILE *f = stage_file(st, texts[i].name);
	int rc;

	if (!f)
		return -1;
	rc = texts[i].write(v, f);
	if (rc != 0)
		snprintf(st->why, OUTPUT_WHY, "%s", study_record_why(v->rec));
	return stage_close(st, f, texts[i].name) != 0 || rc != 0 ? -1 : 0;
}

/* The pictures, then the page that shows them. */
static int write_report(const struct stage *st, const struct study_view *v)
{
	struct study_pictures all;
	char plots[PATH_MAX];
	FILE *f;

	if (!study_pictures_of(v, &all))
		return no_memory(st->why);
	if (stage_path(st, "plots", plots) != 0 || pictures_write(all.pictures, all.n, plots, st->why) < 0)
		return -1;
	f = stage_file(st, "report.html");
	if (!f)
		return -1;
	study_html_write(v, &all, plots, f);
	return stage_close(st, f, "report.html");
}

int study_output_write(const struct study_view *v, const char *dir, char *why)
{
	struct stage st;
	int rc = 0;

	if (stage_open(&st, &study_kind, dir, why) != 0)
		return -1;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0] && rc == 0; i++)
		rc = write_text(&st, v, i);
	if (rc == 0)
		rc = write_report(&st, v);
	if (rc == 0)
		rc = stage_commit(&st);
	if (rc != 0)
		stage_plain_words(why);
	stage_drop(&st);
	return rc;
}
