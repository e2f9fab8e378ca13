#include "models/crisis/hazard_place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/crisis/hazard_course.h"

static const char BLANKS[] = " \t\n";

static size_t pieces(const char *text)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == ';';
	return n;
}

struct point *place_line(const struct city *c, const struct node *n, struct diag *d, const char *attribute, const char *text,
			 size_t *count)
{
	struct point *line = calloc(pieces(text), sizeof *line);
	char piece[160];

	*count = 0;
	for (const char *at = text + strspn(text, BLANKS); line && (*count == 0 || *at);) {
		size_t length = strcspn(at, ";");
		struct position pos;
		snprintf(piece, sizeof piece, "%.*s", (int)(length < sizeof piece ? length : sizeof piece - 1), at);
		bool good = position_parse(piece, &pos);
		if (!good || (pos.wgs84 && !city_on_earth(c))) {
			node_error(
				n, d, attribute, "has \"%s\", which is %s", piece,
				good ? "in degrees, but the city has no place on earth (give its origin, or metres: 3km 4km)"
				     : "not a position (try 3km 4km; 5km 4km, or 50.7N 7.1E; 50.8N 7.1E)");
			free(line);
			*count = 0;
			return NULL;
		}
		line[*count] = city_locate(c, pos);
		if (*count == 0 || hypot(line[*count].x - line[*count - 1].x, line[*count].y - line[*count - 1].y) > 0)
			++*count; /* a place said twice is one */
		at += length + (at[length] == ';');
		at += strspn(at, BLANKS);
	}
	return line;
}

static double to_leg(struct point a, struct point b, struct point at)
{
	double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
	double u = square > 0 ? ((at.x - a.x) * dx + (at.y - a.y) * dy) / square : 0;

	u = fmin(1, fmax(0, u));
	return hypot(at.x - a.x - u * dx, at.y - a.y - u * dy);
}

double place_to_line(const struct point *line, size_t n, struct point at)
{
	double least = hypot(at.x - line[0].x, at.y - line[0].y);

	for (size_t i = 1; i < n; i++)
		least = fmin(least, to_leg(line[i - 1], line[i], at));
	return least;
}

/* The next id at or after *at, and its length; 0: none is left. */
static size_t next_id(const char **at)
{
	*at += strspn(*at, BLANKS);
	return strcspn(*at, BLANKS);
}

static bool is(const char *id, const char *text, size_t length)
{
	return strlen(id) == length && strncmp(id, text, length) == 0;
}

void place_check_districts(const struct city *c, const struct node *n, struct diag *d, const char *ids)
{
	size_t length, all = c ? city_n_districts(c) : 0;

	for (const char *at = ids; (length = next_id(&at)) > 0; at += length) {
		size_t i = 0;
		while (i < all && !is(city_district(c, i)->id, at, length))
			i++;
		if (i == all)
			node_error(n, d, "districts", "names \"%.*s\", and the city has no such district", (int)length, at);
	}
}

bool place_in_districts(const struct city *c, const char *ids, struct point p)
{
	int k = city_district_at(c, p);
	const char *at = ids;
	size_t length;

	for (; k >= 0 && (length = next_id(&at)) > 0; at += length)
		if (is(city_district(c, (size_t)k)->id, at, length))
			return true;
	return false;
}

enum { POINTS_OF_OUTLINE = 64 };

/* The outline is walked there and back, the line on the right: beside each leg, and around the outer side of each bend and each end. */
struct walk {
	const struct point *line;
	double distance, step;
	struct point *ring;
	size_t n, used, cap;
};

/* What is nearer to another part of the line is within the outline, not on it. */
static void put(struct walk *w, double x, double y)
{
	struct point p = { x, y };

	if (w->used < w->cap && place_to_line(w->line, w->n, p) >= w->distance * (1 - 1e-9))
		w->ring[w->used++] = p;
}

/* From 0 to 1 in steps of `step` m at most. */
static size_t steps(const struct walk *w, double length)
{
	double n = floor(length / w->step);

	return n < (double)w->cap ? (size_t)n + 1 : w->cap;
}

static void beside_leg(struct walk *w, struct point a, struct point b, double heading)
{
	double x = -w->distance * sin(heading), y = w->distance * cos(heading);
	size_t n = steps(w, hypot(b.x - a.x, b.y - a.y));

	for (size_t i = 0; i <= n; i++) {
		double u = (double)i / (double)n;
		put(w, a.x + u * (b.x - a.x) + x, a.y + u * (b.y - a.y) + y);
	}
}

/* The arc between two legs where the line turns to the right; turning to the left they overlap. */
static void around_bend(struct walk *w, struct point at, double heading, double turn)
{
	size_t n = turn < 0 ? steps(w, -turn * w->distance) : 0;

	if (turn <= -M_PI && n < 4) /* an end of the line is round, however few points there are */
		n = 4;
	for (size_t i = 1; i < n; i++) {
		double a = heading + M_PI / 2 + turn * (double)i / (double)n;
		put(w, at.x + w->distance * cos(a), at.y + w->distance * sin(a));
	}
}

static double heading(struct point a, struct point b)
{
	return atan2(b.y - a.y, b.x - a.x);
}

/* One side, and around the end of the line. */
static void walk_side(struct walk *w, bool back)
{
	for (size_t i = 0; i + 1 < w->n; i++) {
		const struct point *at = w->line + (back ? w->n - 1 - i : i), *to = back ? at - 1 : at + 1;
		double ahead = heading(*at, *to), turn = -M_PI;
		if (i + 2 < w->n)
			turn = remainder(heading(*to, back ? to[-1] : to[1]) - ahead, 2 * M_PI);
		beside_leg(w, *at, *to, ahead);
		around_bend(w, *to, ahead, turn);
	}
}

/* So many of its points, evenly, the first and the last among them. */
static size_t thin_out(const struct point *line, size_t n, struct point *to, size_t most)
{
	size_t m = n < most ? n : most;

	for (size_t i = 0; i < m; i++)
		to[i] = line[m < 2 ? 0 : i * (n - 1) / (m - 1)];
	return m;
}

/* Of the walk: both sides, both ends and every bend; m. */
static double walk_length(const struct walk *w)
{
	double sum = 2 * M_PI * w->distance;

	for (size_t i = 1; i < w->n; i++) {
		const struct point *at = w->line + i;
		sum += 2 * hypot(at->x - at[-1].x, at->y - at[-1].y);
		if (i + 1 < w->n)
			sum += w->distance * fabs(remainder(heading(at[0], at[1]) - heading(at[-1], at[0]), 2 * M_PI));
	}
	return sum;
}

size_t place_around_line(const struct point *line, size_t n, double distance, struct point *ring, size_t cap)
{
	struct point few[POINTS_OF_OUTLINE];
	struct walk w = { few, distance, 0, ring, 0, 0, cap };

	if (n < 2)
		return n ? course_circle(line[0], distance, ring, cap) : 0;
	if (!(distance > 0) || cap < 4 * 4)
		return 0;
	/* Each leg takes the two points of its ends on either side; half of the ring is left for what lies between. */
	w.n = thin_out(line, n, few, cap / 8 < POINTS_OF_OUTLINE ? cap / 8 : POINTS_OF_OUTLINE);
	w.step = walk_length(&w) / (double)(cap - 4 * (w.n - 1) - 2 * 3);
	walk_side(&w, false);
	walk_side(&w, true);
	return w.used;
}
