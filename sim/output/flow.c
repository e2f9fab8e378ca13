/*
 * A flow as bands between its stages, from left to right.
 *
 * A stage's column is the longest way to it along bands that lead forward.  The main way, from the first stage along the widest
 * bands for as long as half of what comes in goes on, lies straight along the top; what leaves it hangs beneath.  Bands that lead
 * back are told in words.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/figure.h"
#include "sim/output/text.h"

enum {
	MARGIN = 62, TOP = 44, BAR = 12, TALL = 200, LABEL = 46, LINE = 14, ROOM = 12, LEAST_PITCH = 84, WIDE = 800, NAME_LINE = 13,
	BACK_MOST = 12, STROKE_LEAST = 1
};

struct stage_at {
	size_t rank;
	double in, out, size;           /* size: the larger; 0: nothing passes, and it is not drawn */
	double x, y, tall;
	double in_at, out_at;           /* of the next band, below y */
	bool   main;
};

struct river {
	const struct flow *f;
	struct stage_at   *s;
	size_t             ranks;
	double             scale, pitch, width, height, whole;
};

static bool is_forward(const struct band *b)
{
	return b->mean > 0 && b->to > b->from;
}

static bool is_back(const struct band *b)
{
	return b->mean > 0 && b->to <= b->from;
}

static bool is_end(const struct stage_at *s)
{
	return !(s->out > 0);
}

/* A name in two lines, where it has words for them; the length of the first. */
static size_t first_line(const char *name)
{
	size_t n = strlen(name), best = n;

	if (text_width(name) <= NAME_LINE)
		return n;
	for (size_t i = 0; i < n; i++)
		if (name[i] == ' ' && (best == n || i <= n / 2))
			best = i;
	return best;
}

static double widest_line(const struct river *r)
{
	double widest = 0;

	for (size_t i = 0; i < r->f->n_stages; i++) {
		size_t cut = first_line(r->f->stages[i]), n = strlen(r->f->stages[i]);
		widest = fmax(widest, (double)(cut > n - cut ? cut : n - cut));
	}
	return widest;
}

static void rank_stages(struct river *r)
{
	const struct flow *f = r->f;

	for (size_t i = 0; i < f->n_stages; i++)
		for (size_t k = 0; k < f->n_bands; k++) {
			const struct band *b = &f->bands[k];
			if (b->from != i || !is_forward(b))
				continue;
			r->s[i].out += b->mean;
			r->s[b->to].in += b->mean;
			if (r->s[b->to].rank <= r->s[i].rank)
				r->s[b->to].rank = r->s[i].rank + 1;
		}
	for (size_t i = 0; i < f->n_stages; i++) {
		struct stage_at *s = &r->s[i];
		s->size = fmax(s->in, s->out);
		r->whole += s->rank == 0 ? s->size : 0;
		r->scale = fmax(r->scale, s->size);
		if (s->size > 0 && s->rank + 1 > r->ranks)
			r->ranks = s->rank + 1;
	}
	r->scale = r->scale > 0 ? TALL / r->scale : 0;
}

static void find_main_way(struct river *r)
{
	const struct flow *f = r->f;
	size_t at = 0;

	while (at < f->n_stages && !(r->s[at].size > 0))
		at++;
	for (const struct band *next = NULL; at < f->n_stages; at = next->to) {
		r->s[at].main = true;
		next = NULL;
		for (size_t k = 0; k < f->n_bands; k++)
			if (f->bands[k].from == at && is_forward(&f->bands[k]) && (!next || f->bands[k].mean > next->mean))
				next = &f->bands[k];
		if (!next || next->mean < r->s[at].size / 2)
			break;
	}
}

/* Top down in each column: the main way first. */
static void place_stages(struct river *r)
{
	double longest = 7.2 * widest_line(r) + 10, lowest = 0;

	r->pitch = fmax(LEAST_PITCH, longest);
	if (r->ranks > 1)
		r->pitch = fmax(r->pitch, (WIDE - 2.0 * MARGIN - BAR) / (double)(r->ranks - 1));
	r->width = fmax(WIDE, 2 * MARGIN + BAR + r->pitch * (double)(r->ranks - 1));
	for (size_t rank = 0; rank < r->ranks; rank++) {
		double y = TOP;
		for (int pass = 0; pass < 2; pass++)
			for (size_t i = 0; i < r->f->n_stages; i++) {
				struct stage_at *s = &r->s[i];
				if (s->rank != rank || !(s->size > 0) || s->main != (pass == 0))
					continue;
				s->x = MARGIN + r->pitch * (double)rank;
				s->y = y + LABEL;
				s->tall = fmax(2, s->size * r->scale);
				y = s->y + s->tall + ROOM;
			}
		lowest = fmax(lowest, y);
	}
	r->height = lowest + ROOM;
}

/* What everything on the main way is drawn in, what ends beside it, and what goes on beside it. */
static const char *colour_of(const struct stage_at *s)
{
	return picture_colours[s->main ? 0 : is_end(s) ? 1 : 3];
}

static void put_band(const struct river *r, FILE *f, const struct band *b, double y0, double y1)
{
	double thick = fmax(STROKE_LEAST, b->mean * r->scale), x0 = r->s[b->from].x + BAR, x1 = r->s[b->to].x,
	       mid = (x0 + x1) / 2;
	char number[SHOWN];

	fprintf(f,
		"<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fV%.1fC%.1f %.1f %.1f %.1f %.1f %.1fZ\" fill=\"%s\" "
		"fill-opacity=\"0.38\"><title>",
		x0, y0, mid, y0, mid, y1, x1, y1, y1 + thick, mid, y1 + thick, mid, y0 + thick, x0, y0 + thick,
		colour_of(&r->s[b->to]));
	put_xml(f, r->f->stages[b->from]);
	fputs(" \u2192 ", f);
	put_xml(f, r->f->stages[b->to]);
	fprintf(f, ": %s</title></path>\n", show_count(number, b->mean, &plain_style));
}

/* Where each band leaves its stage: those to the main way on top, then the nearest, so that few cross.  *y is of the band. */
static void find_leaves(struct river *r, double *y)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t rank = 0; rank < r->ranks; rank++)
			for (size_t k = 0; k < r->f->n_bands; k++) {
				const struct band *b = &r->f->bands[k];
				const struct stage_at *to = &r->s[b->to];
				if (!is_forward(b) || to->main != (pass == 0) || to->rank != rank)
					continue;
				y[k] = r->s[b->from].y + r->s[b->from].out_at;
				r->s[b->from].out_at += b->mean * r->scale;
			}
}

/* The same for where they arrive: what comes from nearby lies on top. */
static void put_bands(struct river *r, FILE *f)
{
	double *y = calloc(r->f->n_bands + 1, sizeof *y);

	if (!y)
		return;
	find_leaves(r, y);
	for (int pass = 0; pass < 2; pass++)
		for (size_t rank = r->ranks; rank-- > 0;)
			for (size_t k = 0; k < r->f->n_bands; k++) {
				const struct band *b = &r->f->bands[k];
				const struct stage_at *from = &r->s[b->from];
				if (!is_forward(b) || from->main != (pass == 0) || from->rank != rank)
					continue;
				put_band(r, f, b, y[k], r->s[b->to].y + r->s[b->to].in_at);
				r->s[b->to].in_at += b->mean * r->scale;
			}
	free(y);
}

#define HALO "stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\" "

/* Name, number, and share of what entered the first column. */
static void put_label(const struct river *r, FILE *f, size_t i)
{
	const struct stage_at *s = &r->s[i];
	const char *name = r->f->stages[i];
	size_t cut = first_line(name);
	double x = s->x + BAR / 2.0, y = s->y - 6;
	char text[2 * SHOWN], number[SHOWN], line[SHOWN];

	show_count(number, s->rank > 0 ? s->in : s->size, &plain_style);
	if (s->rank == 0)
		snprintf(text, sizeof text, "%s %s", number, r->f->def->unit);
	else
		snprintf(text, sizeof text, "%s (%s %%)", number,
			 show_number(line, 100 * s->in / r->whole, digits_of(100 * s->in / r->whole, NAN, true),
				     &plain_style));
	if ((double)text_width(text) * 6.2 > r->pitch)
		snprintf(text, sizeof text, "%s", number);
	svg_text(f, x, y, "middle", HALO "font-size=\"11.5\" fill=\"" PICTURE_INK "\"", text);
	if (name[cut]) {
		y -= LINE;
		svg_text(f, x, y, "middle", HALO "font-size=\"12\" font-weight=\"600\" fill=\"" PICTURE_INK "\"",
			 name + cut + 1);
	}
	snprintf(text, sizeof text, "%.*s", (int)(cut < sizeof text - 1 ? cut : sizeof text - 1), name);
	svg_text(f, x, y - LINE, "middle", HALO "font-size=\"12\" font-weight=\"600\" fill=\"" PICTURE_INK "\"", text);
}

static size_t count_back(const struct flow *f)
{
	size_t n = 0;

	for (size_t k = 0; k < f->n_bands; k++)
		n += is_back(&f->bands[k]);
	return n < BACK_MOST ? n : BACK_MOST;
}

static void put_back(const struct river *r, FILE *f)
{
	unsigned shown = 0;
	char text[4 * SHOWN], number[SHOWN];

	if (count_back(r->f) == 0)
		return;
	svg_text(f, MARGIN, r->height + 2, "start", "font-size=\"12\" font-weight=\"600\" fill=\"" PICTURE_INK "\"",
		 "Back:");
	for (size_t k = 0; k < r->f->n_bands && shown < BACK_MOST; k++) {
		const struct band *b = &r->f->bands[k];
		if (!is_back(b))
			continue;
		snprintf(text, sizeof text, "%.80s \u2192 %.80s: %s", r->f->stages[b->from], r->f->stages[b->to],
			 show_count(number, b->mean, &plain_style));
		const unsigned row = shown / 3, column = shown % 3;
		svg_text(f, MARGIN + 44 + column * (r->width - MARGIN - 60) / 3, r->height + 2 + row * 18.0, "start",
			 "font-size=\"12\" fill=\"" PICTURE_INK "\"", text);
		shown++;
	}
}

void flow_svg(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	struct river r = { .f = g->flow, .s = calloc(g->flow->n_stages + 1, sizeof *r.s) };

	if (r.s) {
		rank_stages(&r);
		find_main_way(&r);
		place_stages(&r);
	}
	svg_begin(p, f, (int)(r.s ? r.width : WIDE), (int)(r.s ? r.height : TOP) + 18 * (int)((count_back(r.f) + 2) / 3));
	if (r.s && r.ranks) {
		put_bands(&r, f);
		for (size_t i = 0; i < r.f->n_stages; i++)
			if (r.s[i].size > 0)
				fprintf(f,
					"<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" rx=\"1.5\" fill=\"%s\"/>\n",
					r.s[i].x, r.s[i].y, BAR, r.s[i].tall, colour_of(&r.s[i]));
		for (size_t i = 0; i < r.f->n_stages; i++)
			if (r.s[i].size > 0)
				put_label(&r, f, i);
		put_back(&r, f);
	}
	fputs("</svg>\n", f);
	free(r.s);
}

static void put_name(FILE *f, const char *name)
{
	fputc('"', f);
	for (; *name; name++)
		fputc(*name == '"' ? '\'' : *name == '\n' ? ' ' : *name, f);
	fputc('"', f);
}

void flow_data(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;

	fprintf(f, "# from, to, %s: mean over the replications\n", g->flow->def->unit);
	for (size_t k = 0; k < g->flow->n_bands; k++) {
		put_name(f, g->flow->stages[g->flow->bands[k].from]);
		fputc(' ', f);
		put_name(f, g->flow->stages[g->flow->bands[k].to]);
		fprintf(f, " %.9g\n", g->flow->bands[k].mean);
	}
}

bool flow_is_empty(const struct flow *f)
{
	for (size_t k = 0; k < f->n_bands; k++)
		if (f->bands[k].mean > 0)
			return false;
	return true;
}

void grid_data(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct grid *t = g->grid;

	fputs("# mean over the replications; columns:", f);
	for (size_t c = 0; c < t->n_columns; c++) {
		fputc(' ', f);
		put_name(f, t->columns[c]);
	}
	for (size_t i = 0; i < t->n_rows; i++) {
		fputc('\n', f);
		put_name(f, t->rows[i]);
		for (size_t c = 0; c < t->n_columns; c++)
			fprintf(f, " %.9g", grid_mean(t, i, c));
	}
	fputc('\n', f);
}
