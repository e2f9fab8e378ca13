/* kpi.csv, points.csv and effects.csv of a study. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/study_output.h"
#include "sim/output/text.h"

static void put_last_line(FILE *f, const struct study_view *v)
{
	fprintf(f, "# %s\n", v->identity);
}

/* Out of memory: the column has the name of the one before it. */
static void put_name(FILE *f, struct arena *a, const char *id, const char *what)
{
	const char *name = arena_printf(a, "%s %s", id, what);

	put_csv(f, name ? name : id);
}

static void put_comma_number(FILE *f, double x)
{
	fputc(',', f);
	put_csv_number(f, x);
}

void study_points_csv(const struct study_view *v, FILE *f)
{
	const struct study *st = v->st;

	fputs("point", f);
	for (size_t i = 0; i < st->n_factors; i++) {
		fputc(',', f);
		put_csv(f, st->factors[i].id);
	}
	fputs(",replications,failed", f);
	for (size_t i = 0; i < st->n_responses; i++) {
		static const char *const parts[] = { "", "low", "high", "verdict" };
		for (size_t k = 0; k < 4; k++) {
			fputc(',', f);
			if (*parts[k])
				put_name(f, v->arena, st->responses[i].id, parts[k]);
			else
				put_csv(f, st->responses[i].id);
		}
	}
	fputs(",failure\n", f);
	for (size_t p = 0; p < st->n_points; p++) {
		fprintf(f, "%zu", p);
		for (size_t i = 0; i < st->n_factors; i++) {
			fputc(',', f);
			put_csv(f, study_cell(st, p, i)->text);
		}
		fprintf(f, ",%zu,%zu", v->a->data->done[p], v->a->data->failed[p]);
		for (size_t i = 0; i < st->n_responses; i++) {
			const struct point_result *r = &v->a->points[p * st->n_responses + i];
			put_comma_number(f, r->value.mean);
			put_comma_number(f, r->value.low);
			put_comma_number(f, r->value.high);
			fprintf(f, ",%s", verdict_name(r->verdict));
		}
		fputc(',', f);
		put_csv(f, v->failures[p] ? v->failures[p] : "");
		fputc('\n', f);
	}
	put_last_line(f, v);
}

void study_effects_csv(const struct study_view *v, FILE *f)
{
	const struct study *st = v->st;

	fputs("effect,kpi,group,unit,factor,from,to,estimate,ci_low,ci_high,p,p_holm,pairs\n", f);
	for (size_t i = 0; i < v->a->n_effects; i++) {
		const struct effect *e = &v->a->effects[i];
		const struct response *r = &st->responses[e->response];
		bool in_unit = e->kind == EFFECT_MAIN || e->kind == EFFECT_DIFFERENCE;
		fprintf(f, "%s,", effect_names[e->kind]);
		put_csv(f, r->def->name);
		fputc(',', f);
		put_csv(f, r->group);
		fputc(',', f);
		put_csv(f, in_unit ? r->def->unit : "1");
		fputc(',', f);
		put_csv(f, e->factor == SIZE_MAX ? "" : st->factors[e->factor].id);
		fputc(',', f);
		put_csv(f, e->from ? e->from : "");
		fputc(',', f);
		put_csv(f, e->to ? e->to : "");
		put_comma_number(f, e->estimate.mean);
		put_comma_number(f, e->estimate.low);
		put_comma_number(f, e->estimate.high);
		put_comma_number(f, e->p);
		put_comma_number(f, e->p_holm);
		fprintf(f, ",%llu\n", (unsigned long long)e->estimate.n);
	}
	put_last_line(f, v);
}

struct kpi_csv { FILE *f; double level; };

static void put_kpi(void *ctx, size_t point, const struct kpi_def *def, const char *group, const double *values, size_t n)
{
	const struct kpi_csv *c = ctx;
	struct interval i = interval_mean(values, n, c->level);

	fprintf(c->f, "%zu,", point);
	put_csv(c->f, def->name);
	fputc(',', c->f);
	put_csv(c->f, group);
	fputc(',', c->f);
	put_csv(c->f, def->unit);
	put_comma_number(c->f, i.mean);
	put_comma_number(c->f, i.low);
	put_comma_number(c->f, i.high);
	fprintf(c->f, ",%llu\n", (unsigned long long)i.n);
}

int study_kpi_csv(const struct study_view *v, FILE *f)
{
	struct kpi_csv c = { f, v->st->precision.level };
	int rc;

	fputs("point,kpi,group,unit,mean,ci_low,ci_high,replications\n", f);
	rc = study_record_kpis(v->rec, put_kpi, &c);
	put_last_line(f, v);
	return rc;
}
