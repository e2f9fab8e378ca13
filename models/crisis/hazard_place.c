#include "models/crisis/hazard_place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t pieces(const char *text)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == ';';
	return n;
}

struct point *place_line(const struct city *c, const struct node *n, struct diag *d, const char *attribute, const char *text, size_t *count)
{
	struct point *line = calloc(pieces(text), sizeof *line);
	char piece[160];

	*count = 0;
	for (const char *at = text; line && *at;) {
		at += strspn(at, " \t\n");
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
		line[(*count)++] = city_locate(c, pos);
		at += length + (at[length] == ';');
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
	*at += strspn(*at, " \t\n");
	return strcspn(*at, " \t\n");
}

static bool is(const char *id, const char *text, size_t length)
{
	return strlen(id) == length && strncmp(id, text, length) == 0;
}

void place_check_districts(const struct city *c, const struct node *n, struct diag *d, const char *ids)
{
	size_t length;

	for (const char *at = ids; (length = next_id(&at)) > 0; at += length) {
		size_t i = 0;
		while (i < city_n_districts(c) && !is(city_district(c, i)->id, at, length))
			i++;
		if (i == city_n_districts(c))
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

/* The point beside a leg's end, to its left, and of the line's last point a half circle: there and back. */
size_t place_around_line(const struct point *line, size_t n, double distance, struct point *ring, size_t cap)
{
	size_t used = 0, arc;

	if (!(distance > 0) || n == 0 || cap < 2 * n + 8)
		return 0;
	arc = (cap - 2 * n) / 2;
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < n; i++) {
			size_t k = side ? n - 1 - i : i, next = side ? (k ? k - 1 : k) : (k + 1 < n ? k + 1 : k);
			size_t from = i + 1 == n && n > 1 ? (side ? k + 1 : k - 1) : k;
			double dx = line[i + 1 == n ? k : next].x - line[from].x,
			       dy = line[i + 1 == n ? k : next].y - line[from].y;
			double angle = n > 1 ? atan2(dy, dx) + M_PI / 2 : M_PI / 2 - M_PI * (double)side;
			if (i + 1 < n) {
				ring[used++] = (struct point){ line[k].x + distance * cos(angle),
							       line[k].y + distance * sin(angle) };
				continue;
			}
			for (size_t j = 0; j < arc; j++) {
				double a = angle - M_PI * (double)j / (double)arc;
				ring[used++] =
					(struct point){ line[k].x + distance * cos(a), line[k].y + distance * sin(a) };
			}
		}
	return used;
}
