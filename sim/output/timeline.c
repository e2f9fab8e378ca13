/*
 * A timeline: lanes of bars and marks, and lines of KPIs, over one axis of time.
 *
 * In a lane bars stand in as many rows as it takes that neither they nor their texts touch.  A text stands in its bar where it fits,
 * else behind it, else before it; where there is no row left for it, the bar keeps it as its tooltip.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/figure.h"
#include "sim/output/text.h"
#include "sim/output/timeline.h"

enum { ROW = 21, BAR = 15, GAP = 10, ROWS_MOST = 9, LANES_MOST = 16, TEXT_COLUMNS = 46, NAME_COLUMNS = 17, MARK = 6,
       LINE_NAME = 12 /* between the numbers of its axis */ };
#define LETTER 6.4      /* pixels, of text of 11.5 */

enum text_place { TEXT_NONE, TEXT_INSIDE, TEXT_AFTER, TEXT_BEFORE };

struct bar {
	const struct span_row *s;
	double x0, x1, left, right;     /* of the bar; of all that it takes */
	enum text_place text;
	size_t row, order;
};

struct lane { const char *name; struct bar *bars; size_t n, rows; double y; };

struct sheet {
	struct time_axis axis;
	struct lane lanes[LANES_MOST];
	size_t n;
	struct bar *bars;               /* of all lanes */
	double height;
};

static const char *colour_of(enum span_tone tone)
{
	static const size_t colours[] = { [SPAN_NEUTRAL] = 0, [SPAN_GOOD] = 2, [SPAN_WARN] = 4, [SPAN_BAD] = 1 };

	return picture_colours[colours[tone]];
}

/* ---- where everything stands ---- */

/* The last one takes what has no room. */
static struct lane *lane_of(struct sheet *h, const char *name)
{
	size_t i = 0;

	while (i + 1 < h->n && strcmp(h->lanes[i].name, name) != 0)
		i++;
	return &h->lanes[i];
}

static struct lane *add_lane(struct sheet *h, const char *name)
{
	struct lane *l = lane_of(h, name);

	if (h->n == LANES_MOST || (h->n && strcmp(l->name, name) == 0))
		return l;
	l = &h->lanes[h->n++];
	*l = (struct lane){ .name = name };
	return l;
}

static char *label_of(const struct bar *b, char *buf, size_t size)
{
	return shorten(buf, size, b->s->text, TEXT_COLUMNS);
}

static void place_text(struct bar *b)
{
	char text[4 * TEXT_COLUMNS + 8];
	double wide = LETTER * (double)text_width(label_of(b, text, sizeof text)) + 6;
	bool mark = b->s->from == b->s->to;

	b->left = mark ? b->x0 - MARK : b->x0;
	b->right = mark ? b->x1 + MARK : b->x1;
	if (!*b->s->text)
		b->text = TEXT_NONE;
	else if (!mark && b->x1 - b->x0 > wide + 4)
		b->text = TEXT_INSIDE;
	else if (!isnan(b->s->level))
		b->text = TEXT_NONE; /* steps of a lane stay in one row: the tooltip tells */
	else if (b->right + wide < TIMELINE_WIDE - 2)
		b->text = TEXT_AFTER;
	else
		b->text = TEXT_BEFORE;
	b->right += b->text == TEXT_AFTER ? wide + 4 : 0;
	b->left -= b->text == TEXT_BEFORE ? wide + 4 : 0;
}

static int by_left(const void *a, const void *b)
{
	const struct bar *p = a, *q = b;

	return p->left != q->left ? (p->left < q->left ? -1 : 1) : p->order < q->order ? -1 : p->order > q->order;
}

/* The first row in which it touches nothing; where there is none, without its text. */
static void find_row(struct bar *b, double ends[ROWS_MOST], size_t *rows)
{
	size_t row = 0;

	for (;;) {
		for (row = 0; row < ROWS_MOST && ends[row] > b->left + 0.05; row++)
			;
		if (row < ROWS_MOST || b->text == TEXT_NONE)
			break;
		b->text = TEXT_NONE;
		b->left = b->x0;
		b->right = b->x1;
	}
	b->row = row < ROWS_MOST ? row : ROWS_MOST - 1;
	ends[b->row] = fmax(ends[b->row], b->right);
	*rows = b->row + 1 > *rows ? b->row + 1 : *rows;
}

static void place_lane(struct lane *l)
{
	double ends[ROWS_MOST];

	for (size_t i = 0; i < ROWS_MOST; i++)
		ends[i] = -INFINITY;
	qsort(l->bars, l->n, sizeof *l->bars, by_left);
	for (size_t i = 0; i < l->n; i++)
		find_row(&l->bars[i], ends, &l->rows);
}

/* Bars lane by lane; false: memory is short. */
static bool place(struct sheet *h, const struct timeline *t)
{
	size_t at = 0;

	h->bars = calloc(t->n_spans + 1, sizeof *h->bars);
	if (!h->bars)
		return false;
	for (size_t i = 0; i < t->n_spans; i++)
		add_lane(h, t->spans[i]->lane)->n++;
	for (size_t i = 0; i < h->n; i++) {
		h->lanes[i].bars = h->bars + at;
		at += h->lanes[i].n;
		h->lanes[i].n = 0;
	}
	for (size_t i = 0; i < t->n_spans; i++) {
		struct lane *l = lane_of(h, t->spans[i]->lane);
		struct bar *b = &l->bars[l->n++];
		*b = (struct bar){ .s = t->spans[i],
				   .x0 = time_x(&h->axis, sim_seconds(t->spans[i]->from)),
				   .x1 = time_x(&h->axis, sim_seconds(t->spans[i]->to)),
				   .order = i };
		place_text(b);
	}
	for (size_t i = 0; i < h->n; i++)
		place_lane(&h->lanes[i]);
	return true;
}

/* ---- drawing ---- */

static void put_tooltip(FILE *f, const struct view *v, const struct span_row *s)
{
	char from[SHOWN], lasts[SHOWN], level[48] = "";

	fputs("<title>", f);
	put_xml(f, s->lane);
	fputs(*s->text ? ": " : "", f);
	put_xml(f, s->text);
	if (!isnan(s->level))
		snprintf(level, sizeof level, " (%.3g %%)", 100 * s->level);
	fprintf(f, "%s, %s", level, show_instant(from, v->o->sc->run.start + s->from / SIM_SECOND));
	if (s->to > s->from)
		fprintf(f, ", for %s", show_seconds(lasts, sim_seconds(s->to - s->from), &plain_style));
	fputs("</title>", f);
}

static void put_text(FILE *f, const struct bar *b, double y)
{
	char text[4 * TEXT_COLUMNS + 8];
	double off = b->s->from == b->s->to ? MARK + 3 : 4, x = b->text == TEXT_INSIDE  ? b->x0 + 5
								: b->text == TEXT_AFTER ? b->x1 + off
											: b->x0 - off;

	svg_text(f, x, y + BAR - 3.5, b->text == TEXT_BEFORE ? "end" : "start",
		 "class=\"bar\" font-size=\"11.5\" fill=\"" PICTURE_INK "\"", label_of(b, text, sizeof text));
}

static void put_bar(FILE *f, const struct view *v, const struct bar *b, double y)
{
	const char *c = colour_of(b->s->tone);

	if (b->s->from == b->s->to) {
		fprintf(f, "<path d=\"M%.1f %.1fl%d %dl%d %dl%d %dZ\" fill=\"%s\">", b->x0, y + 1.5, MARK, MARK, -MARK,
			MARK, -MARK, -MARK, c);
		put_tooltip(f, v, b->s);
		fputs("</path>\n", f);
	} else {
		bool level = !isnan(b->s->level);
		fprintf(f,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.2f\"%s%s%s>",
			b->x0, y, fmax(b->x1 - b->x0, 1), BAR, c, level ? 0.1 + 0.8 * fmin(fmax(b->s->level, 0), 1) : 0.3,
			level ? "" : " stroke=\"", level ? "" : c, level ? "" : "\" rx=\"2\"");
		put_tooltip(f, v, b->s);
		fputs("</rect>\n", f);
	}
	if (b->text != TEXT_NONE)
		put_text(f, b, y);
}

/* The band of a lane, and its name, `drop` further down than that of one of bars. */
static void put_lane(FILE *f, const char *name, double y, double tall, double drop, bool shaded)
{
	char text[4 * NAME_COLUMNS + 8];

	if (shaded)
		fprintf(f,
			"<rect x=\"0\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"#8a94a3\" fill-opacity=\"0.09\"/>\n",
			y - GAP / 2.0, TIMELINE_WIDE, tall);
	svg_text(f, 14, y + BAR - 3 + drop, "start",
		 "class=\"lane\" font-size=\"12.5\" font-weight=\"600\" fill=\"" PICTURE_INK "\"",
		 shorten(text, sizeof text, name, NAME_COLUMNS));
}

static double lane_tall(const struct lane *l)
{
	return (double)l->rows * ROW + GAP;
}

void timeline_svg(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	struct sheet h = { .axis = time_axis_of(g->v, g->timeline) };
	struct time_lines lines = time_lines_of(g->v, g->source);
	double y = TIMELINE_TOP, bottom;

	place(&h, g->timeline);
	bottom = y;
	for (size_t i = 0; i < h.n; i++)
		bottom += lane_tall(&h.lanes[i]);
	bottom += (double)lines.n * (TIMELINE_LINE + GAP);
	svg_begin(p, f, TIMELINE_WIDE, (int)bottom + TIMELINE_AXIS);
	time_axis_put(&h.axis, f, TIMELINE_TOP - GAP / 2.0, bottom - GAP / 2.0);
	for (size_t i = 0; i < h.n; i++) {
		put_lane(f, h.lanes[i].name, y, lane_tall(&h.lanes[i]), 0, i % 2 == 0);
		for (size_t k = 0; k < h.lanes[i].n; k++)
			put_bar(f, g->v, &h.lanes[i].bars[k], y + (double)h.lanes[i].bars[k].row * ROW);
		y += lane_tall(&h.lanes[i]);
	}
	for (size_t i = 0; i < lines.n; i++) {
		put_lane(f, lines.name[i], y, TIMELINE_LINE + GAP, LINE_NAME, (h.n + i) % 2 == 0);
		time_line_put(f, g->v, &h.axis, lines.chart[i], y);
		y += TIMELINE_LINE + GAP;
	}
	fputs("</svg>\n", f);
	free(h.bars);
}

static void put_word(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++)
		fputc(*text == '"' ? '\'' : (unsigned char)*text < 0x20 ? ' ' : *text, f);
	fputc('"', f);
}

void timeline_data(const struct picture *p, FILE *f)
{
	static const char *const tones[] = {
		[SPAN_NEUTRAL] = "neutral", [SPAN_GOOD] = "good", [SPAN_WARN] = "warn", [SPAN_BAD] = "bad"
	};
	const struct figure *g = p->ctx;

	fputs("# lane, text, tone, from (s of the run), to (s), level\n", f);
	for (size_t i = 0; i < g->timeline->n_spans; i++) {
		const struct span_row *s = g->timeline->spans[i];
		put_word(f, s->lane);
		fputc(' ', f);
		put_word(f, s->text);
		fprintf(f, " %s %.9g %.9g %.9g\n", tones[s->tone], sim_seconds(s->from), sim_seconds(s->to), s->level);
	}
}
