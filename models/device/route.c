#include "models/device/route.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/csv.h"

struct reader {
	struct routes *r;
	const char *file;
	const struct city *city;
	bool close;
	struct diag *d;
};

void routes_free(struct routes *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++) {
		free(r->route[i].at);
		free(r->route[i].along);
	}
	free(r->route);
	free(r);
}

struct point route_at(const struct route *r, double along)
{
	size_t lo = 0, hi = r->n - 1;

	if (!(along > 0))
		return r->at[0];
	if (along >= r->along[hi])
		return r->at[hi];
	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;
		if (r->along[mid] <= along)
			lo = mid;
		else
			hi = mid;
	}
	double u = (along - r->along[lo]) / (r->along[hi] - r->along[lo]);
	return (struct point){ r->at[lo].x + u * (r->at[hi].x - r->at[lo].x),
			       r->at[lo].y + u * (r->at[hi].y - r->at[lo].y) };
}

/* Room for a route of n points and the one that closes it; NULL after a diagnostic. */
static struct route *add_route(struct reader *k, size_t n, int line)
{
	struct routes *r = k->r;

	if (r->n == ROUTES_MAX || (r->points += n) > ROUTE_POINTS_MAX) {
		diag_error(k->d, k->file, line, "more than %d routes or %d points", ROUTES_MAX, ROUTE_POINTS_MAX);
		return NULL;
	}
	struct route *more = realloc(r->route, (r->n + 1) * sizeof *more);
	if (more)
		r->route = more;
	struct route new = { .at = malloc((n + 1) * sizeof *new.at), .along = malloc((n + 1) * sizeof *new.along) };
	if (!more || !new.at || !new.along) {
		free(new.at);
		free(new.along);
		diag_error(k->d, k->file, 0, "out of memory");
		return NULL;
	}
	r->route[r->n] = new;
	return &r->route[r->n++];
}

static void add_point(struct reader *k, struct route *r, struct point p)
{
	k->r->outside += !city_contains(k->city, p);
	r->at[r->n++] = p;
}

/* Closes a route, and measures it where it has no times. */
static bool finish_route(struct reader *k, struct route *r, const char *name, int line)
{
	bool open = r->n > 0 && (r->at[0].x != r->at[r->n - 1].x || r->at[0].y != r->at[r->n - 1].y);

	if (r->n < 2) {
		diag_error(k->d, k->file, line, "route %s has fewer than two points", name);
		return false;
	}
	if (k->close && open && k->r->timed) {
		diag_error(k->d, k->file, line,
			   "route %s has times, and does not end where it begins, as ends=\"loop\" needs", name);
		return false;
	}
	if (k->r->timed)
		return true;
	if (k->close && open) {
		r->at[r->n] = r->at[0];
		r->n++;
	}
	r->along[0] = 0;
	for (size_t i = 1; i < r->n; i++)
		r->along[i] = r->along[i - 1] + hypot(r->at[i].x - r->at[i - 1].x, r->at[i].y - r->at[i - 1].y);
	if (!(route_length(r) > 0)) {
		diag_error(k->d, k->file, line, "route %s has no length", name);
		return false;
	}
	return true;
}

/* ---- CSV ---- */

struct columns {
	const struct csv *c;
	int route, seq, x, y, time;
	bool wgs84;
};
struct row { const char *route; double seq; size_t number; };

static int by_route(const void *a, const void *b)
{
	const struct row *p = a, *q = b;
	int names = strcmp(p->route, q->route);

	if (names)
		return names;
	if (p->seq != q->seq)
		return p->seq < q->seq ? -1 : 1;
	return p->number < q->number ? -1 : p->number > q->number;
}

static bool find_columns(const struct reader *k, struct columns *c)
{
	c->wgs84 = csv_column(c->c, "x") < 0 && csv_column(c->c, "lat") >= 0;
	c->route = csv_require(c->c, "route", k->d);
	c->seq = csv_require(c->c, "seq", k->d);
	c->x = csv_require(c->c, c->wgs84 ? "lat" : "x", k->d);
	c->y = csv_require(c->c, c->wgs84 ? "lon" : "y", k->d);
	c->time = csv_column(c->c, "time_s");
	if (c->wgs84 && !city_on_earth(k->city)) {
		diag_error(k->d, k->file, 1, "has degrees, but the city has no place on earth (use columns x,y in metres)");
		return false;
	}
	return c->route >= 0 && c->seq >= 0 && c->x >= 0 && c->y >= 0;
}

static bool read_point(struct reader *k, const struct columns *c, const struct row *row, struct route *r)
{
	struct position at = { .wgs84 = c->wgs84, .given = true };
	double most = c->wgs84 ? 90 : 1e7, t = 0;
	size_t n = row->number;

	if (!csv_number(c->c, n, c->x, -most, most, &at.a, k->d) ||
	    !csv_number(c->c, n, c->y, -2 * most, 2 * most, &at.b, k->d) ||
	    (c->time >= 0 && !csv_number(c->c, n, c->time, 0, 1e10, &t, k->d)))
		return false;
	if (c->time >= 0 && (r->n ? !(t > r->along[r->n - 1]) : t != 0)) {
		diag_error(k->d, k->file, csv_line(c->c, n), "time_s: %g s is not %s", t,
			   r->n ? "after the point before it" : "0, where a route begins");
		return false;
	}
	if (c->time >= 0)
		r->along[r->n] = t;
	add_point(k, r, city_locate(k->city, at));
	return true;
}

static bool read_csv_route(struct reader *k, const struct columns *c, const struct row *row, size_t n)
{
	int line = csv_line(c->c, row[0].number);
	struct route *r = add_route(k, n, line);

	if (!r)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (i && row[i].seq == row[i - 1].seq) {
			diag_error(k->d, k->file, csv_line(c->c, row[i].number), "seq: route %.60s has two points %g",
				   row[i].route, row[i].seq);
			return false;
		}
		if (!read_point(k, c, &row[i], r))
			return false;
	}
	return finish_route(k, r, row[0].route, line);
}

static bool read_rows(struct reader *k, const struct columns *c, struct row *row, size_t n)
{
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		row[i] = (struct row){ csv_text(c->c, i, c->route), 0, i };
		ok &= csv_number(c->c, i, c->seq, -1e9, 1e9, &row[i].seq, k->d);
		if (!*row[i].route) {
			diag_error(k->d, k->file, csv_line(c->c, i), "route: is empty");
			ok = false;
		}
	}
	if (!ok)
		return false;
	qsort(row, n, sizeof *row, by_route);
	for (size_t i = 0, next; i < n; i = next) {
		for (next = i + 1; next < n && strcmp(row[next].route, row[i].route) == 0;)
			next++;
		ok &= read_csv_route(k, c, &row[i], next - i);
	}
	return ok;
}

static bool read_csv(struct reader *k, const struct csv *csv)
{
	struct columns c = { .c = csv };
	size_t n = csv_rows(csv);
	struct row *row;

	if (!find_columns(k, &c))
		return false;
	if (n == 0) {
		diag_error(k->d, k->file, 0, "has no rows: no routes");
		return false;
	}
	if (!(row = malloc(n * sizeof *row))) {
		diag_error(k->d, k->file, 0, "out of memory");
		return false;
	}
	k->r->timed = c.time >= 0;
	bool ok = read_rows(k, &c, row, n);
	free(row);
	return ok;
}

/* ---- GeoJSON ---- */

static bool wrong(const struct reader *k, const char *what)
{
	diag_error(k->d, k->file, 0, "line %zu: %s", k->r->n, what);
	return false;
}

static bool read_line(struct reader *k, const json_t *geometry)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *list = json_object_get(geometry, "coordinates");
	size_t n = json_array_size(list);
	struct route *r = add_route(k, n, 0);
	char name[32];

	if (!r)
		return false;
	if (!type || strcmp(type, "LineString") != 0)
		return wrong(k, "its geometry is no LineString");
	for (size_t i = 0; i < n; i++) {
		const json_t *p = json_array_get(list, i), *x = json_array_get(p, 0), *y = json_array_get(p, 1);
		if (!json_is_number(x) || !json_is_number(y))
			return wrong(k, "a position is not [longitude, latitude]");
		struct position at = { json_number_value(y), json_number_value(x), true, true };
		if (!(fabs(at.a) <= 90 && fabs(at.b) <= 180))
			return wrong(k, "a position is not in degrees (longitude within 180, latitude within 90)");
		add_point(k, r, city_locate(k->city, at));
	}
	snprintf(name, sizeof name, "%zu", k->r->n);
	return finish_route(k, r, name, 0);
}

static bool read_json(struct reader *k, const json_t *j)
{
	const char *type = json_string_value(json_object_get(j, "type"));
	const json_t *list = json_object_get(j, "features");
	bool ok = true;

	if (!city_on_earth(k->city)) {
		diag_error(k->d, k->file, 0, "has degrees, but the city has no place on earth (use a CSV in metres)");
		return false;
	}
	if (type && strcmp(type, "Feature") == 0)
		return read_line(k, json_object_get(j, "geometry"));
	if (!type || strcmp(type, "FeatureCollection") != 0)
		return read_line(k, j);
	for (size_t i = 0; i < json_array_size(list) && k->r->n < ROUTES_MAX; i++)
		ok &= read_line(k, json_object_get(json_array_get(list, i), "geometry"));
	if (json_array_size(list) == 0) {
		diag_error(k->d, k->file, 0, "holds no LineString: no routes");
		return false;
	}
	return ok;
}

static bool read_text(struct reader *k, const char *text, size_t len)
{
	const char *dot = strrchr(k->file, '.');
	bool ok = false;

	if (!dot || (strcmp(dot, ".geojson") != 0 && strcmp(dot, ".json") != 0)) {
		struct csv *c = csv_parse(text, len, k->file, k->d);
		ok = c && read_csv(k, c);
		csv_free(c);
		return ok;
	}
	json_error_t e;
	json_t *j = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	if (!j)
		diag_error(k->d, k->file, e.line > 0 ? e.line : 0, "is not JSON: %s", e.text);
	else
		ok = read_json(k, j);
	json_decref(j);
	return ok;
}

struct routes *routes_parse(const char *text, size_t len, const char *name, const struct city *city, bool close, struct diag *d)
{
	struct reader k = { .r = calloc(1, sizeof *k.r), .file = name, .city = city, .close = close, .d = d };

	if (!k.r)
		diag_error(d, name, 0, "out of memory");
	else if (read_text(&k, text, len))
		return k.r;
	routes_free(k.r);
	return NULL;
}

struct routes *routes_read(const char *path, const struct scenario *sc, const struct city *city, bool close, struct diag *d)
{
	size_t len;
	char *text = scenario_read_file(sc, path, ROUTES_MIB, &len, d);
	struct routes *r = text ? routes_parse(text, len, path, city, close, d) : NULL;

	free(text);
	return r;
}
