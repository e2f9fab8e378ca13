/*
 * <flood>: water that rises from a place or along a river.
 *
 * The level at the source is a broken line over time: a rise at a constant rate to the peak and a fall at the same rate, or a
 * gauge's series from a file.  The ground rises with the distance from the source: water over the ground is the level less so
 * much.  Outside the districts that it names, if it names any, nothing is flooded.
 */
#include <stdlib.h>
#include <string.h>

#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_course.h"
#include "models/crisis/hazard_place.h"
#include "sim/scenario/csv.h"

struct flood_params {
	struct hazard_params hazard;
	struct position source;
	const char *river, *districts;
	double rise, peak, slope;
	simtime_t lasts;
	const char *file, *column;
	double datum, scale;
};

struct gauge_row { simtime_t t; double level; };        /* after the onset; m over the ground at the source */

/* Loaded once, immutable. */
struct flood {
	struct flood_params p;
	const struct city *city;
	struct point *line; size_t n_line;              /* the source: one point or more */
	struct gauge_row *row; size_t n_rows;
	size_t top;                                     /* the first of the highest rows */
};

static const double LONGEST = 10 * 366 * 86400.0;       /* s: of a gauge's series, and of a flood */

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct flood_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	POSITION(S, source, "", "where the water comes from"),
	TEXT(S, river, "", "instead of a place, the course of the river: positions separated by ;", NULL),
	TEXT(S, districts, "", "ids of the districts that it can flood, with blanks between; absent: all ground", NULL),
	SPEED(S, rise, "0.2m/h", "0.001mm/h", "100m/s", "of the water at the source, and its fall", NULL),
	LENGTH(S, peak, "2m", "1mm", "1km", "highest level at the source, over the ground there", NULL),
	TIME(S, lasts, "2d", "1s", "10yr", "from the first water to the last", NULL),
	NUMBER(S, slope, "0.001", "0.000001", "1", "of the ground, away from the source: m up a m of distance", NULL),
	FILEPATH(S, file, "", "CSV of a gauge, from the onset on, instead of rise, peak and lasts: a column time_s, or time_utc "
			      "(2018-06-01T04:00Z), and one of the level"),
	TEXT(S, column, "level_m", "of the level in the file", NULL),
	NUMBER(S, scale, "1", "0.000001", "1000000", "m for one unit of that column: 0.3048 of feet", NULL),
	LENGTH(S, datum, "0m", "-10km", "10km", "the gauge's level at which water is level with the ground there", NULL),
};
#undef S

static double level(const struct flood *f, simtime_t since)
{
	size_t lo = 0, hi = f->n_rows - 1;

	if (since < 0 || since > f->row[hi].t)
		return 0;
	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;
		if (f->row[mid].t <= since)
			lo = mid;
		else
			hi = mid;
	}
	const struct gauge_row *a = &f->row[lo], *b = &f->row[hi];
	return a->level + (b->level - a->level) * sim_seconds(since - a->t) / sim_seconds(b->t - a->t);
}

/* Of the ground over the source; infinite where nothing is flooded. */
static double ground(const struct flood *f, struct point at)
{
	if (f->p.districts && !place_in_districts(f->city, f->p.districts, at))
		return INFINITY;
	return f->p.slope * place_to_line(f->line, f->n_line, at);
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	const struct flood *f = o->own;

	return fmax(0, level(f, t - o->onset) - ground(f, at));
}

static double peak(const struct occurrence *o, struct point at)
{
	const struct flood *f = o->own;

	return fmax(0, f->row[f->top].level - ground(f, at));
}

static simtime_t reach(const struct occurrence *o, struct point at, double wanted)
{
	const struct flood *f = o->own;
	double up = wanted + ground(f, at);

	if (f->row[0].level >= up)
		return o->onset;
	for (size_t i = 1; i <= f->top; i++) {
		const struct gauge_row *a = &f->row[i - 1], *b = &f->row[i];
		if (b->level >= up)
			return course_after(o->onset + a->t,
					    sim_seconds(b->t - a->t) * (up - a->level) / (b->level - a->level));
	}
	return SIM_NEVER;
}

static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct flood *f = o->own;

	return place_around_line(f->line, f->n_line, level(f, t - o->onset) / f->p.slope, ring, cap);
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct flood *f = o->element->data;

	(void)s, (void)sc;
	o->own = f;
	o->end = o->onset + f->row[f->n_rows - 1].t;
	return true;
}

/* ---- loading ---- */

static bool ramp(struct flood *f)
{
	simtime_t up = sim_from_seconds(fmin(f->p.peak / f->p.rise, sim_seconds(f->p.lasts) / 2));
	double top = fmin(f->p.peak, sim_seconds(up) * f->p.rise);

	f->row = calloc(4, sizeof *f->row);
	if (!f->row)
		return false;
	f->row[f->n_rows++] = (struct gauge_row){ 0, 0 };
	f->row[f->n_rows++] = (struct gauge_row){ up, top };
	if (f->p.lasts - up > up)
		f->row[f->n_rows++] = (struct gauge_row){ f->p.lasts - up, top };
	f->row[f->n_rows++] = (struct gauge_row){ f->p.lasts > up ? f->p.lasts : up + 1, 0 };
	return true;
}

static bool read_time(const struct csv *c, const char *file, size_t i, int seconds, int utc, double *t, struct diag *d)
{
	int64_t when;

	if (seconds >= 0)
		return csv_number(c, i, seconds, 0, 1e10, t, d);
	if (!quantity_instant(csv_text(c, i, utc), &when)) {
		diag_error(d, file, csv_line(c, i), "\"%s\" is not a time (try 2018-06-01T04:00Z)", csv_text(c, i, utc));
		return false;
	}
	*t = (double)when;
	return true;
}

static void read_rows(const struct csv *c, struct node *n, struct flood *f, struct diag *d)
{
	int seconds = csv_column(c, "time_s"), utc = csv_column(c, "time_utc"), column = csv_require(c, f->p.column, d);
	double t = 0, first = 0, v;

	if (seconds < 0 && utc < 0)
		node_error(n, d, "file", "has neither a column time_s nor time_utc");
	if (column < 0 || (seconds < 0 && utc < 0))
		return;
	f->row = calloc(csv_rows(c) + 1, sizeof *f->row);
	for (size_t i = 0; f->row && i < csv_rows(c); i++) {
		if (!read_time(c, f->p.file, i, seconds, utc, &t, d) || !csv_number(c, i, column, -1e6, 1e6, &v, d))
			return;
		if (i == 0)
			first = t;
		if (t - first > LONGEST) {
			diag_error(d, f->p.file, csv_line(c, i), "is more than 10 years after the first line");
			return;
		}
		f->row[i] = (struct gauge_row){ sim_from_seconds(t - first), f->p.scale * v - f->p.datum };
		if (i && f->row[i].t <= f->row[i - 1].t) {
			diag_error(d, f->p.file, csv_line(c, i), "is not later than the line before");
			return;
		}
		f->n_rows++;
	}
	if (csv_rows(c) < 2)
		node_error(n, d, "file", "has fewer than two rows");
}

static void check_attributes(const struct node *n, struct diag *d)
{
	static const char *const of_ramp[] = { "rise", "peak", "lasts" }, *const of_file[] = { "column", "datum", "scale" };
	const struct flood_params *p = n->par;

	for (size_t i = 0; i < 3; i++) {
		if (p->file && node_given(n, of_ramp[i]))
			node_error(n, d, of_ramp[i], "does not go with a file: that says how the water rises");
		if (!p->file && node_given(n, of_file[i]))
			node_error(n, d, of_file[i], "is read with file=... only");
	}
	if (p->source.given == (p->river != NULL))
		node_error(n, d, NULL, "needs one of source=\"3km 4km\" and river=\"0km 0km; 3km 4km\"");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct flood_params *p = n->par;
	struct flood *f = n->data = calloc(1, sizeof *f);
	struct csv *c;

	hazard_check(sc, n, d);
	check_attributes(n, d);
	course_check_position(sc, n, d, "source", p->source);
	if (!f || !(f->city = city_of(sc)))
		return;
	f->p = *p;
	if (p->districts)
		place_check_districts(f->city, n, d, p->districts);
	if (p->river)
		f->line = place_line(f->city, n, d, "river", p->river, &f->n_line);
	else if ((f->line = calloc(1, sizeof *f->line)))
		f->line[f->n_line++] = city_locate(f->city, p->source);
	if (!p->file) {
		ramp(f);
	} else if ((c = csv_read(p->file, sc, d))) {
		read_rows(c, n, f, d);
		csv_free(c);
	}
	for (size_t i = 1; i < f->n_rows; i++)
		f->top = f->row[i].level > f->row[f->top].level ? i : f->top;
	if (f->n_rows && !(f->row[f->top].level > 0))
		node_warning(n, d, "file", "never rises above the datum: nothing is flooded");
}

static void unload(struct node *n)
{
	struct flood *f = n->data;

	if (f) {
		free(f->line);
		free(f->row);
	}
	free(f);
	n->data = NULL;
}

static const struct evidence evidence[] = {
	{ "water over the ground", "worked out by hand; a measured flash flood (USGS gauge 01589330) read as it is", "equal, tests/unit/crisis/test_flood.c" },
};

const struct model flood_model = {
	.name = "flood",
	.doc = "Water that rises from a place or along a river, at a rate or as a gauge recorded it.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct flood_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
	.unload = unload,
};

const struct hazard_type flood_hazard = {
	.model = &flood_model,
	.unit = DIM_LENGTH,
	.measure = "water level",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.outline = outline,
};
