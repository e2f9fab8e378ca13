/* What the terminal shows at the end of a study: the finding, and the points. */
#include <math.h>
#include <string.h>

#include "sim/output/study_output.h"
#include "sim/output/text.h"

enum { WIDTH = 100, ROWS_MOST = 40 };

/* A column of texts, as wide as its widest. */
static void put_column(FILE *f, const char *text, size_t width, bool last)
{
	fputs(text, f);
	for (size_t i = text_width(text); !last && i < width + 2; i++)
		fputc(' ', f);
}

static void put_points(const struct study_view *v, FILE *f)
{
	const struct study *st = v->st;
	size_t shown = st->n_points < ROWS_MOST ? st->n_points : ROWS_MOST;
	char text[64];

	for (size_t i = 0; i < st->n_factors; i++)
		put_column(f, st->factors[i].id, 14, false);
	for (size_t i = 0; i < st->n_responses; i++)
		put_column(f, st->responses[i].id, 34, i + 1 == st->n_responses);
	fputc('\n', f);
	for (size_t p = 0; p < shown; p++) {
		for (size_t i = 0; i < st->n_factors; i++)
			put_column(f, study_cell(st, p, i)->text, 14, false);
		for (size_t i = 0; i < st->n_responses; i++) {
			const struct point_result *r = &v->a->points[p * st->n_responses + i];
			snprintf(text, sizeof text, "%.5g (%.5g .. %.5g) %s", r->value.mean, r->value.low, r->value.high,
				 verdict_name(r->verdict));
			put_column(f, text, 34, i + 1 == st->n_responses);
		}
		fputc('\n', f);
	}
	if (shown < st->n_points)
		fprintf(f, "... and %zu more points in points.csv\n", st->n_points - shown);
}

int study_output_summary(const struct study_view *v, FILE *f)
{
	fprintf(f, "%s\n\n", *v->st->title ? v->st->title : v->st->doc->path);
	put_wrapped(f, v->finding, 0, WIDTH);
	fputs("\n\n", f);
	put_points(v, f);
	return 0;
}
