/* The axis of time of a timeline, and the lines on it. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "sim/output/picture.h"
#include "sim/output/text.h"
#include "sim/output/timeline.h"

enum { TICKS_MOST = 9, DAY_S = 86400 };

struct time_axis time_axis_of(const struct view *v, const struct timeline *t)
{
	double end = sim_seconds(v->o->sc->run.duration);
	struct time_axis a = { .low = INFINITY, .high = -INFINITY, .start = v->o->sc->run.start };

	for (size_t i = 0; i < t->n_spans; i++) {
		a.low = fmin(a.low, sim_seconds(t->spans[i]->from));
		a.high = fmax(a.high, fmin(sim_seconds(t->spans[i]->to), end));
	}
	if (!(a.low <= a.high))
		a.low = a.high = 0;
	a.first = a.low;
	double room = fmax(0.04 * (a.high - a.low), 60);
	a.low = fmax(a.low - room, fmin(a.low, 0));
	a.high = fmin(a.high + room, fmax(end, a.low + 1));
	return a;
}

double time_x(const struct time_axis *a, double s)
{
	double share = fmin(fmax((s - a->low) / (a->high - a->low), 0), 1);

	return TIMELINE_LEFT + share * (TIMELINE_WIDE - TIMELINE_LEFT - TIMELINE_RIGHT);
}

static int64_t step_of(const struct time_axis *a)
{
	static const int64_t steps[] = { 10,         30,         60,          300,         600,
					 1800,       3600,       2 * 3600,    3 * 3600,    6 * 3600,
					 12 * 3600,  DAY_S,      2 * DAY_S,   7 * DAY_S,   14 * DAY_S,
					 30 * DAY_S, 91 * DAY_S, 182 * DAY_S, 365 * DAY_S, 1826 * DAY_S };
	size_t i = 0;

	while (i + 1 < sizeof steps / sizeof steps[0] && a->high - a->low > (double)(TICKS_MOST * steps[i]))
		i++;
	return steps[i];
}

/* The day at midnight, else the time of the day. */
static void show_tick(char *buf, size_t size, int64_t at, bool day)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
				 *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	time_t seconds = (time_t)at;
	struct tm tm = { 0 };

	gmtime_r(&seconds, &tm);
	if (day || at % DAY_S == 0)
		snprintf(buf, size, "%s %d %s", days[tm.tm_wday % 7], tm.tm_mday, months[tm.tm_mon % 12]);
	else
		snprintf(buf, size, at % 60 ? "%02d:%02d:%02d" : "%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

#define SMALL "class=\"tick\" font-size=\"11.5\" fill=\"" PICTURE_INK "\""

void time_axis_put(const struct time_axis *a, FILE *f, double top, double bottom)
{
	int64_t step = step_of(a), first = a->start + (int64_t)ceil(a->low);
	char text[SHOWN], since[SHOWN];

	first += (step - first % step) % step;
	show_tick(since, sizeof since, a->start + (int64_t)a->low, true);
	snprintf(text, sizeof text, "%.60s, UTC", since);
	svg_text(f, 14, bottom + 16, "start", SMALL, text);
	svg_text(f, 14, bottom + 31, "start", SMALL, "from the first bar");
	for (int64_t at = first; (double)(at - a->start) <= a->high; at += step) {
		double x = time_x(a, (double)(at - a->start)), elapsed = (double)(at - a->start) - a->first;
		fprintf(f, "<path d=\"M%.1f %.1fV%.1f\" stroke=\"" PICTURE_GRID "\"/>\n", x, top, bottom + 4);
		show_tick(text, sizeof text, at, step >= DAY_S);
		const char *anchor = x > TIMELINE_WIDE - 30 ? "end" : "middle";
		svg_text(f, x, bottom + 16, anchor, SMALL, text);
		snprintf(text, sizeof text, "+%s", show_seconds(since, elapsed, &plain_style));
		if (elapsed >= 0)
			svg_text(f, x, bottom + 31, anchor, SMALL, elapsed > 0 ? text : "0");
	}
	fprintf(f, "<path d=\"M%d %.1fH%d\" stroke=\"" PICTURE_INK "\"/>\n", TIMELINE_LEFT, bottom,
		TIMELINE_WIDE - TIMELINE_RIGHT);
}

/* ---- lines ---- */

/* "sites working" of "crisis.sites-working". */
static void name_line(char *buf, size_t size, const char *kpi)
{
	const char *dot = strrchr(kpi, '.');

	snprintf(buf, size, "%.60s", dot ? dot + 1 : kpi);
	for (char *c = buf; *c; c++)
		*c = *c == '-' ? ' ' : *c;
}

struct time_lines time_lines_of(const struct view *v, const char *source)
{
	struct time_lines l = { .n = 0 };
	char word[96];

	for (const char *at = source ? source : ""; l.n < TIME_LINES_MOST;) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
		size_t n = strcspn(at, " ");
		if (n == 0)
			break;
		snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), at);
		const struct chart *c = view_chart(v, word, true);
		if (c) {
			name_line(l.name[l.n], sizeof l.name[l.n], c->kpi->name);
			l.chart[l.n++] = c;
		}
	}
	return l;
}

static const struct line *line_of_all(const struct chart *c)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (strcmp(c->lines[i].group, "all") == 0)
			return &c->lines[i];
	return NULL;
}

/* The largest that is drawn, of both line and band. */
static double highest(const struct view *v, const struct chart *c, const struct line *l)
{
	double high = 0;

	for (size_t i = 0; l && i < l->n; i++)
		high = fmax(high, l->points[i].mean);
	for (size_t i = 0; i < v->first->n_series; i++)
		if (v->first->series[i].def == c->kpi && strcmp(v->first->series[i].group, "all") == 0)
			high = fmax(high, v->first->series[i].value);
	return high;
}

static double line_y(double y, double value, double high)
{
	return y + TIMELINE_LINE - 6 - fmin(fmax(value / high, 0), 1) * (TIMELINE_LINE - 12);
}

/* The band of the interval, there and back. */
static void put_band(FILE *f, const struct time_axis *a, const struct line *l, double y, double high)
{
	const char *pen = "M";

	if (!l || l->n < 2 || isnan(l->points[0].low))
		return;
	fprintf(f, "<path fill=\"%s\" fill-opacity=\"0.22\" d=\"", picture_colours[0]);
	for (size_t i = 0; i < 2 * l->n; i++) {
		const struct point *p = &l->points[i < l->n ? i : 2 * l->n - 1 - i];
		if (p->x < a->low || p->x > a->high || isnan(p->low))
			continue;
		fprintf(f, "%s%.1f %.1f", pen, time_x(a, p->x), line_y(y, i < l->n ? p->low : p->high, high));
		pen = "L";
	}
	fputs(*pen == 'M' ? "M0 0Z\"/>\n" : "Z\"/>\n", f);
}

static void put_line(FILE *f, const struct view *v, const struct time_axis *a, const struct chart *c, double y, double high)
{
	const char *pen = "M";

	fprintf(f, "<path class=\"series\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" stroke-linejoin=\"round\" d=\"",
		picture_colours[0]);
	for (size_t i = 0; i < v->first->n_series; i++) {
		const struct series_row *s = &v->first->series[i];
		double t = sim_seconds(s->t);
		if (s->def != c->kpi || strcmp(s->group, "all") != 0 || t < a->low || t > a->high)
			continue;
		fprintf(f, "%s%.1f %.1f", pen, time_x(a, t), line_y(y, s->value, high));
		pen = "L";
	}
	fputs(*pen == 'M' ? "M0 0\"><title>" : "\"><title>", f);
	put_xml(f, c->kpi->name);
	fputs(": ", f);
	put_xml(f, c->kpi->definition);
	fputs("</title></path>\n", f);
}

void time_line_put(FILE *f, const struct view *v, const struct time_axis *a, const struct chart *c, double y)
{
	const struct line *l = line_of_all(c);
	double high = highest(v, c, l);
	bool share = strcmp(c->kpi->unit, "1") == 0 && high <= 1.5;
	char text[SHOWN];

	high = share ? fmax(high, 1) : high > 0 ? high : 1;
	for (int i = 0; i <= 2; i++) {
		double level = share ? 0.5 * i : high * i / 2, at = line_y(y, level, high);
		fprintf(f, "<path d=\"M%d %.1fH%d\" stroke=\"" PICTURE_GRID "\"/>\n", TIMELINE_LEFT, at,
			TIMELINE_WIDE - TIMELINE_RIGHT);
		if (share)
			snprintf(text, sizeof text, "%d %%", 50 * i);
		else
			show_quantity(text, c->kpi->unit, level, &plain_style);
		svg_text(f, TIMELINE_LEFT - 5, at + 4, "end", "class=\"tick\" font-size=\"10.5\" fill=\"" PICTURE_INK "\"",
			 text);
	}
	put_band(f, a, l, y, high);
	put_line(f, v, a, c, y, high);
}
