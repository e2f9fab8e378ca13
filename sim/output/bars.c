/* A KPI by group, and the losses by cause: one row a group, so that names have room. */
#include <math.h>
#include <string.h>

#include "sim/output/figure.h"
#include "sim/output/text.h"

enum { ROW = 24, LABEL = 20 };

/* ---- a KPI by group ---- */

/* All devices first, then each kind that has two groups or more, set apart by half a row.  Of very many groups the
 * first are drawn. */
enum { ROWS_MOST = 80 };
struct rows { const struct kpi_result *k[ROWS_MOST]; double at[ROWS_MOST]; size_t n, left_out; double depth; };

static void add_kind(const struct kind_table *t, const struct kpi_def *def, struct rows *r)
{
	const struct kpi_result *const *row = kind_row_of(t, def);

	for (size_t g = 0; row && g < t->n_groups; g++) {
		if (!row[g] || isnan(row[g]->mean))
			continue;
		if (r->n == ROWS_MOST) {
			r->left_out++;
			continue;
		}
		r->k[r->n] = row[g];
		r->at[r->n++] = r->depth;
		r->depth += 1;
	}
	r->depth += 0.6;
}

static struct rows rows_of(const struct view *v, const struct kpi_def *def)
{
	struct rows r = { .n = 0 };

	for (size_t i = 0; i < v->n_tables; i++)
		if (!*v->tables[i].kind && kind_count(&v->tables[i], def))
			add_kind(&v->tables[i], def, &r);
	for (size_t i = 0; i < v->n_tables; i++)
		if (*v->tables[i].kind && kind_count(&v->tables[i], def) > 1)
			add_kind(&v->tables[i], def, &r);
	r.depth -= 0.6;
	return r;
}

static struct scale scale_rows(const struct view *v, const struct kpi_def *def, const struct rows *r)
{
	double most = 0;

	for (size_t i = 0; i < r->n; i++)
		most = fmax(most, fabs(r->k[i]->mean));
	return scale_of(def->unit, most, kpi_is_share(v->o, def));
}

void groups_data(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	struct rows r = rows_of(v, g->kpi);
	struct scale sc = scale_rows(v, g->kpi, &r);

	fprintf(f, "# row, mean, low, high (%s), group\n", *sc.unit ? sc.unit : "1");
	for (size_t i = 0; i < r.n; i++) {
		double low, high;
		kpi_interval(v->o, r.k[i], &low, &high);
		fprintf(f, "%g %.9g %.9g %.9g # %s\n", r.at[i], r.k[i]->mean * sc.factor, low * sc.factor, high * sc.factor,
			r.k[i]->group);
	}
}

static void span_of(const struct view *v, const struct kpi_def *def, const struct rows *r, struct scale sc, double *low,
		    double *high)
{
	bool share = kpi_is_share(v->o, def);

	*low = INFINITY;
	*high = -INFINITY;
	for (size_t i = 0; i < r->n; i++) {
		const struct kpi_result *k = r->k[i];
		double from, to;
		kpi_interval(v->o, k, &from, &to);
		*low = fmin(*low, sc.factor * from);
		*high = fmax(*high, sc.factor * to);
		if (k->target && isfinite(k->target->value)) {
			*low = fmin(*low, sc.factor * k->target->value);
			*high = fmax(*high, sc.factor * k->target->value);
		}
	}
	double pad = *high > *low ? 0.06 * (*high - *low) : fmax(fabs(*high) * 0.05, 1e-3);
	bool positive = *low >= 0;
	*low = positive && (*low - pad < 0 || *low < 0.5 * *high) ? 0 : *low - pad;
	*high = share ? fmin(*high + pad, 100 + 0.02 * (100 - *low)) : *high + pad;
}

static void put_label_tics(FILE *f, const struct rows *r)
{
	char label[SHOWN];

	fputs("set ytics scale 0 (", f);
	for (size_t i = 0; i < r->n; i++) {
		const char *group = strcmp(r->k[i]->group, "all") == 0 ? "all devices" : group_label(r->k[i]->group);
		fputs(i ? ", " : "", f);
		put_gnuplot(f, shorten(label, sizeof label, group, LABEL));
		fprintf(f, " %g", r->at[i]);
	}
	fputs(")\n", f);
}

/* Targets as short strokes across their row. */
static void put_targets(FILE *f, const struct rows *r, struct scale sc)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->k[i]->target && isfinite(r->k[i]->target->value)) {
			double x = sc.factor * r->k[i]->target->value;
			fprintf(f, "set arrow from %.9g,%g to %.9g,%g nohead front lw 3 lc rgb '#D55E00'\n", x,
				r->at[i] - 0.4, x, r->at[i] + 0.4);
		}
}

void groups_script(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	struct rows r = rows_of(v, g->kpi);
	struct scale sc = scale_rows(v, g->kpi, &r);
	double low, high;
	char more[64] = "", label[160];
	bool target = false;

	for (size_t i = 0; i < r.n; i++)
		target = target || (r.k[i]->target && isfinite(r.k[i]->target->value));
	span_of(v, g->kpi, &r, sc, &low, &high);
	if (r.left_out)
		snprintf(more, sizeof more, "   (%zu more groups in kpi.csv)", r.left_out);
	script_begin(p, f, 560, 125 + (int)(ROW * r.depth));
	fputs("set border 1\nset key off\nunset grid\nset grid xtics lt 1 lw 1 lc rgb '" PICTURE_GRID "'\n", f);
	fprintf(f, "set lmargin 17\nset rmargin 3\nset xrange [%.9g:%.9g]\nset yrange [%g:-0.7]\nset xlabel ", low, high,
		r.depth - 0.3);
	snprintf(label, sizeof label, "%s%s%s", *sc.unit ? sc.unit : "1", target ? "   (orange: target)" : "", more);
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\n", f);
	put_label_tics(f, &r);
	put_targets(f, &r, sc);
	fprintf(f, "plot '%s.dat' using 2:1:3:4 with xerrorbars pt 7 ps 0.7 lw 2 lc rgb '%s'\n", g->name,
		picture_colours[0]);
}

/* ---- losses ---- */

void losses_data(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	fputs("# row, share of the messages generated in %, cause\n", f);
	for (size_t i = 0; i < v->n_losses; i++) {
		fprintf(f, "%zu %.9g # ", i, 100 * v->losses[i].share);
		for (const char *c = v->losses[i].cause; *c; c++)
			fputc(*c == '\n' ? ' ' : *c, f);
		fputc('\n', f);
	}
}

void losses_script(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	char shown[SHOWN];
	double most = 100 * v->losses[0].share;

	script_begin(p, f, 800, 125 + ROW * (int)v->n_losses);
	fputs("set border 1\nset key off\nunset grid\nset grid xtics lt 1 lw 1 lc rgb '" PICTURE_GRID
	      "'\nset lmargin 26\nset rmargin 10\n"
	      "set xlabel 'share of the messages generated (%)' textcolor rgb '" PICTURE_INK "'\n",
	      f);
	fprintf(f, "set xrange [0:%.9g]\nset yrange [%g:-0.7]\nset ytics scale 0 (", most > 0 ? 1.08 * most : 1,
		(double)v->n_losses - 0.3);
	for (size_t i = 0; i < v->n_losses; i++) {
		fputs(i ? ", " : "", f);
		put_gnuplot(f, shorten(shown, sizeof shown, v->losses[i].cause, 30));
		fprintf(f, " %zu", i);
	}
	fputs(")\n", f);
	for (size_t i = 0; i < v->n_losses; i++) {
		double x = 100 * v->losses[i].share;
		fprintf(f, "set label '%s %%' at %.9g,%zu left offset 0.6,0 textcolor rgb '" PICTURE_INK "'\n",
			show_number(shown, x, digits_of(x, NAN, true), &plain_style), x, i);
	}
	fprintf(f, "plot '%s.dat' using (0.5*$2):1:(0.5*$2):(0.32) with boxxyerror fs solid 1 noborder lc rgb '%s'\n",
		g->name, picture_colours[1]);
}
