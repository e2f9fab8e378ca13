#include "sim/kernel/report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/arena.h"

struct report *report_new(void)
{
	struct report *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->arena = arena_new();
	if (!r->arena) {
		free(r);
		return NULL;
	}
	return r;
}

void report_free(struct report *r)
{
	if (!r)
		return;
	free(r->kpis);
	free(r->series);
	free(r->curves);
	free(r->flows);
	free(r->cells);
	free(r->spans);
	free(r->audit);
	free(r->features);
	free(r->frames);
	free(r->facts);
	free(r->warnings);
	arena_free(r->arena);
	free(r);
}

/* Make room for one more row of the array at *rows; false (and r->failed) when memory is short. */
static bool room(struct report *r, void *rows, size_t n, size_t *cap, size_t size)
{
	void *old;

	if (n < *cap)
		return true;
	memcpy(&old, rows, sizeof old); /* rows points to a pointer to rows of any type */
	size_t want = *cap ? 2 * *cap : 64;
	void *bigger = realloc(old, want * size);
	if (!bigger) {
		r->failed = true;
		return false;
	}
	memcpy(rows, &bigger, sizeof bigger);
	*cap = want;
	return true;
}

#define ROOM(r, field) room((r), &(r)->field, (r)->n_##field, &(r)->cap_##field, sizeof *(r)->field)

/* Texts are few and repeat: the last one is often the one wanted. */
static const char *keep(struct report *r, const char *text)
{
	if (r->last_text && strcmp(r->last_text, text) == 0)
		return r->last_text;
	char *copy = arena_strdup(r->arena, text);
	if (!copy) {
		r->failed = true;
		return "";
	}
	r->last_text = copy;
	return copy;
}

void report_kpi(struct report *r, const struct kpi_def *def, const char *group, double value)
{
	if (isfinite(value) && ROOM(r, kpis))
		r->kpis[r->n_kpis++] = (struct kpi_row){ def, keep(r, group), value };
}

void report_series(struct report *r, const struct kpi_def *def, const char *group, simtime_t t, double value)
{
	if (isfinite(value) && ROOM(r, series))
		r->series[r->n_series++] = (struct series_row){ def, keep(r, group), t, value };
}

void report_curve(struct report *r, const struct curve_def *def, const char *group, double x, double y)
{
	if (isfinite(x) && isfinite(y) && ROOM(r, curves))
		r->curves[r->n_curves++] = (struct curve_row){ def, keep(r, group), x, y };
}

void report_flow(struct report *r, const struct flow_def *def, const char *group, const char *from, const char *to,
		 double value)
{
	if (isfinite(value) && ROOM(r, flows)) {
		const char *g = keep(r, group), *a = keep(r, from);
		r->flows[r->n_flows++] = (struct flow_row){ def, g, a, keep(r, to), value };
	}
}

void report_cell(struct report *r, const struct table_def *def, const char *row, const char *column, double value)
{
	if (isfinite(value) && ROOM(r, cells)) {
		const char *kept = keep(r, row);
		r->cells[r->n_cells++] = (struct cell_row){ def, kept, keep(r, column), value };
	}
}

void report_audit(struct report *r, const char *account, const char *unit, enum audit_side side, const char *label,
		  double value)
{
	if (ROOM(r, audit)) {
		const char *a = keep(r, account);
		r->audit[r->n_audit++] = (struct audit_row){ a, keep(r, unit), keep(r, label), side, value };
	}
}

static void add_feature(struct report *r, struct feature f, const double *lonlat)
{
	if (!r->map || f.n_points == 0 || !ROOM(r, features))
		return;
	f.lonlat = arena_alloc(r->arena, 2 * f.n_points, sizeof *f.lonlat);
	if (!f.lonlat) {
		r->failed = true;
		return;
	}
	memcpy(f.lonlat, lonlat, 2 * f.n_points * sizeof *f.lonlat);
	f.layer = keep(r, f.layer);
	f.name = keep(r, f.name);
	f.group = keep(r, f.group);
	f.value_name = f.value_name ? keep(r, f.value_name) : NULL;
	r->features[r->n_features++] = f;
}

void report_feature(struct report *r, const char *layer, const char *name, const char *group, size_t n_points,
		    const double *lonlat, const char *value_name, double value)
{
	add_feature(r,
		    (struct feature){ .layer = layer,
				      .name = name,
				      .group = group,
				      .n_points = n_points,
				      .value = value,
				      .value_name = value_name,
				      .moment = FEATURE_ALWAYS },
		    lonlat);
}

void report_moment(struct report *r, simtime_t moment, const char *layer, const char *name, size_t n_points, const double *lonlat,
		   const char *value_name, double value)
{
	add_feature(r,
		    (struct feature){ .layer = layer,
				      .name = name,
				      .group = "",
				      .n_points = n_points,
				      .value = value,
				      .value_name = value_name,
				      .moment = moment },
		    lonlat);
}

void report_frame(struct report *r, simtime_t moment, const char *title)
{
	if (r->map && ROOM(r, frames))
		r->frames[r->n_frames++] = (struct frame_row){ moment, keep(r, title) };
}

void report_span(struct report *r, const struct timeline_def *def, const char *lane, const char *text, enum span_tone tone,
		 simtime_t from, simtime_t to, double level)
{
	if (r->map && ROOM(r, spans)) {
		const char *kept = keep(r, lane);
		r->spans[r->n_spans++] = (struct span_row){ def, kept, keep(r, text), tone, from, to, level };
	}
}

enum { TEXT_MAX = 1024 };

void report_fact(struct report *r, const char *name, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (ROOM(r, facts)) {
		const char *kept = keep(r, name);
		r->facts[r->n_facts++] = (struct text_row){ kept, keep(r, text) };
	}
}

void report_warning(struct report *r, const char *model, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < r->n_warnings; i++)
		if (strcmp(r->warnings[i].value, text) == 0)
			return; /* said once */
	if (ROOM(r, warnings)) {
		const char *kept = keep(r, model);
		r->warnings[r->n_warnings++] = (struct text_row){ kept, keep(r, text) };
	}
}

struct balance report_account(const struct report *r, const char *account)
{
	struct balance b = { 0 };
	bool whole = true;

	for (size_t i = 0; i < r->n_audit; i++)
		if (strcmp(r->audit[i].account, account) == 0) {
			*(r->audit[i].side == AUDIT_IN ? &b.in : &b.out) += r->audit[i].value;
			whole = whole && r->audit[i].value == floor(r->audit[i].value);
		}
	b.off = b.in == b.out && isfinite(b.in) ? 0 : fabs(b.in - b.out) / fmax(fabs(b.in), fabs(b.out));
	b.off = isnan(b.off) ? INFINITY : b.off;
	b.balances = b.off <= (whole ? 0 : REPORT_TOLERANCE);
	return b;
}

/* An account's rows mostly stand together: it is added up once for each stretch of them. */
double report_imbalance(const struct report *r, const char **account)
{
	double worst = 0;

	for (size_t i = 0; i < r->n_audit; i++) {
		if (i > 0 && strcmp(r->audit[i].account, r->audit[i - 1].account) == 0)
			continue;
		double off = report_account(r, r->audit[i].account).off;
		if (off > worst) {
			worst = off;
			if (account)
				*account = r->audit[i].account;
		}
	}
	return worst;
}
