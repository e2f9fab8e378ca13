#include "models/crisis/shakemap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/quantity.h"

enum { SHAKEMAP_MIB = 256, NODES_MOST = 5000, FIELDS_MOST = 64, ATTRIBUTES_MOST = 32 };

/* A piece of the text. */
struct span { const char *at; size_t n; };

struct tag {
	struct span name;
	bool closes;                    /* </name> */
	int  line;
	size_t n;
	struct { struct span name, value; } attribute[ATTRIBUTES_MOST];
};

struct scan {
	const char *p, *end, *file;
	int line;
	struct diag *d;
	struct shakemap *m;
	size_t fields, lon, lat, pga;   /* columns of the rows, from 1; 0: not said */
	bool specified;
};

static bool is(struct span s, const char *text)
{
	return strlen(text) == s.n && memcmp(s.at, text, s.n) == 0;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct scan *s)
{
	for (; s->p < s->end && blank(*s->p); s->p++)
		s->line += *s->p == '\n';
}

static bool begins(const struct scan *s, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(s->end - s->p) >= n && memcmp(s->p, text, n) == 0;
}

/* Behind the next `text`; false: there is none. */
static bool skip_behind(struct scan *s, const char *text)
{
	for (; s->p < s->end; s->p++) {
		if (begins(s, text)) {
			s->p += strlen(text);
			return true;
		}
		s->line += *s->p == '\n';
	}
	return false;
}

static struct span word(struct scan *s)
{
	struct span w = { s->p, 0 };

	while (s->p < s->end && !blank(*s->p) && !strchr("=<>/\"'", *s->p))
		s->p++;
	w.n = (size_t)(s->p - w.at);
	return w;
}

static bool bad(const struct scan *s, const char *what)
{
	diag_error(s->d, s->file, s->line, "%s (a ShakeMap's grid.xml is expected)", what);
	return false;
}

/* name="value" */
static bool read_attribute(struct scan *s, struct tag *t)
{
	struct span name = word(s), value;
	char quote;

	skip_blanks(s);
	if (name.n == 0 || s->p >= s->end || *s->p++ != '=')
		return bad(s, "an attribute is malformed");
	skip_blanks(s);
	if (s->p >= s->end || (*s->p != '"' && *s->p != '\''))
		return bad(s, "an attribute's value is not in quotes");
	quote = *s->p++;
	value = (struct span){ s->p, 0 };
	for (; s->p < s->end && *s->p != quote && *s->p != '<'; s->p++)
		s->line += *s->p == '\n';
	if (s->p >= s->end || *s->p != quote)
		return bad(s, "an attribute's value is not closed");
	value.n = (size_t)(s->p++ - value.at);
	if (t->n == ATTRIBUTES_MOST)
		return bad(s, "an element has more than 32 attributes");
	t->attribute[t->n].name = name;
	t->attribute[t->n++].value = value;
	return true;
}

/* To the next tag, over comments and declarations; nothing but blanks may stand before it. */
static bool read_tag(struct scan *s, struct tag *t)
{
	for (;;) {
		skip_blanks(s);
		if (s->p >= s->end)
			return bad(s, "the file ends too early");
		if (*s->p != '<')
			return bad(s, "text stands outside of <grid_data>");
		if (!begins(s, "<?") && !begins(s, "<!--"))
			break;
		if (!skip_behind(s, s->p[1] == '?' ? "?>" : "-->"))
			return bad(s, "a comment or declaration is not closed");
	}
	s->p++;
	*t = (struct tag){ .line = s->line, .closes = begins(s, "/") };
	s->p += t->closes;
	t->name = word(s);
	if (t->name.n == 0 || t->name.at[0] == '!')
		return bad(s, "a tag has no name");
	for (skip_blanks(s); s->p < s->end && *s->p != '>' && *s->p != '/'; skip_blanks(s))
		if (!read_attribute(s, t))
			return false;
	s->p += s->p < s->end && *s->p == '/';
	if (s->p >= s->end || *s->p != '>')
		return bad(s, "a tag is not closed");
	s->p++;
	return true;
}

/* ---- numbers ---- */

static bool number(struct span v, double lo, double hi, double *out)
{
	union quantity q;
	char text[64];

	if (v.n == 0 || v.n >= sizeof text || memchr(v.at, '\0', v.n))
		return false;
	memcpy(text, v.at, v.n);
	text[v.n] = '\0';
	if (!quantity_parse(DIM_NUMBER, text, &q, NULL) || !(q.real >= lo && q.real <= hi))
		return false;
	*out = q.real;
	return true;
}

static struct span attribute(const struct tag *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (is(t->attribute[i].name, name))
			return t->attribute[i].value;
	return (struct span){ NULL, 0 };
}

/* Of an attribute that must be there. */
static bool attribute_number(const struct scan *s, const struct tag *t, const char *name, double lo, double hi, double *out)
{
	struct span v = attribute(t, name);

	if (v.at && number(v, lo, hi, out))
		return true;
	diag_error(s->d, s->file, t->line, "<%.*s %s>: %s%.*s%s is not a number from %g to %g", (int)t->name.n, t->name.at,
		   name, v.at ? "\"" : "what is absent", (int)(v.n < 60 ? v.n : 60), v.at ? v.at : "", v.at ? "\"" : "", lo,
		   hi);
	return false;
}

static bool attribute_count(const struct scan *s, const struct tag *t, const char *name, double lo, double hi, size_t *out)
{
	double x = 0;

	if (!attribute_number(s, t, name, lo, hi, &x))
		return false;
	*out = (size_t)x;
	if (floor(x) >= x)
		return true;
	diag_error(s->d, s->file, t->line, "<%.*s %s>: %g is not a whole number", (int)t->name.n, t->name.at, name, x);
	return false;
}

/* ---- elements ---- */

static bool read_event(const struct scan *s, const struct tag *t)
{
	struct shakemap *m = s->m;
	double km = 0;

	if (attribute(t, "magnitude").at && !attribute_number(s, t, "magnitude", 0, 10, &m->magnitude))
		return false;
	if (attribute(t, "depth").at) {
		if (!attribute_number(s, t, "depth", -10, 800, &km))
			return false;
		m->depth = fmax(0, km) * 1e3;
	}
	if (!attribute(t, "lat").at && !attribute(t, "lon").at)
		return true;
	return attribute_number(s, t, "lat", -90, 90, &m->lat) && attribute_number(s, t, "lon", -180, 180, &m->lon);
}

static bool read_specification(struct scan *s, const struct tag *t)
{
	struct shakemap *m = s->m;

	if (s->specified)
		return bad(s, "<grid_specification> stands there twice");
	if (!attribute_number(s, t, "lon_min", -180, 180, &m->lon_min) ||
	    !attribute_number(s, t, "lon_max", -180, 540, &m->lon_max) ||
	    !attribute_number(s, t, "lat_min", -90, 90, &m->lat_min) ||
	    !attribute_number(s, t, "lat_max", -90, 90, &m->lat_max) ||
	    !attribute_count(s, t, "nlon", 2, NODES_MOST, &m->nlon) ||
	    !attribute_count(s, t, "nlat", 2, NODES_MOST, &m->nlat))
		return false;
	if (!(m->lon_max > m->lon_min && m->lat_max > m->lat_min && m->lon_max - m->lon_min <= 360))
		return bad(s, "the grid's largest degrees are not above the least");
	s->specified = true;
	return true;
}

static bool read_field(struct scan *s, const struct tag *t)
{
	struct span name = attribute(t, "name"), units = attribute(t, "units");
	size_t index;

	if (!attribute_count(s, t, "index", 1, FIELDS_MOST, &index))
		return false;
	s->fields = index > s->fields ? index : s->fields;
	if (is(name, "LON"))
		s->lon = index;
	if (is(name, "LAT"))
		s->lat = index;
	if (!is(name, "PGA"))
		return true;
	s->pga = index;
	return is(units, "pctg") || is(units, "%g") || bad(s, "the PGA is not in per cent of g (units=\"pctg\")");
}

/* ---- the values ---- */

static struct span value(struct scan *s)
{
	struct span v;

	skip_blanks(s);
	v = (struct span){ s->p, 0 };
	while (s->p < s->end && !blank(*s->p) && *s->p != '<')
		s->p++;
	v.n = (size_t)(s->p - v.at);
	return v;
}

/* One row: where it says that it is must be where it is in the grid. */
static bool read_row(struct scan *s, size_t k)
{
	struct shakemap *m = s->m;
	double dx = (m->lon_max - m->lon_min) / (double)(m->nlon - 1),
	       dy = (m->lat_max - m->lat_min) / (double)(m->nlat - 1);
	double lon = m->lon_min + dx * (double)(k % m->nlon), lat, x;
	size_t row = k / m->nlon;

	lat = m->lat_max - dy * (double)row;
	for (size_t column = 1; column <= s->fields; column++) {
		struct span v = value(s);
		if (v.n == 0) {
			diag_error(s->d, s->file, s->line, "the values end in row %zu of %zu x %zu", k + 1, m->nlon,
				   m->nlat);
			return false;
		}
		if ((column == s->lon && !number(v, lon - dx / 2, lon + dx / 2, &x)) ||
		    (column == s->lat && !number(v, lat - dy / 2, lat + dy / 2, &x))) {
			diag_error(s->d, s->file, s->line, "\"%.*s\" is not the %s of row %zu, %g",
				   (int)(v.n < 60 ? v.n : 60), v.at, column == s->lon ? "longitude" : "latitude", k + 1,
				   column == s->lon ? lon : lat);
			return false;
		}
		if (column == s->pga && !number(v, 0, 1000, &x)) {
			diag_error(s->d, s->file, s->line, "\"%.*s\" is not a PGA from 0 to 1000 per cent of g",
				   (int)(v.n < 60 ? v.n : 60), v.at);
			return false;
		}
		if (column == s->pga)
			m->pga[k] = x / 100 * 9.80665;
	}
	return true;
}

static bool read_values(struct scan *s)
{
	size_t n = s->m->nlon * s->m->nlat;
	struct tag t;

	if (!s->specified)
		return bad(s, "no <grid_specification> stands before <grid_data>");
	if (!s->lon || !s->lat || !s->pga || s->lon == s->lat || s->lon == s->pga || s->lat == s->pga)
		return bad(s, "no <grid_field> each for LON, LAT and PGA stands before <grid_data>");
	if (n > (size_t)(s->end - s->p) / 2 / s->fields + 1) /* at least a digit and a blank each */
		return bad(s, "the file is too short for its grid");
	if (!(s->m->pga = calloc(n, sizeof *s->m->pga)))
		return bad(s, "out of memory");
	for (size_t k = 0; k < n; k++)
		if (!read_row(s, k))
			return false;
	skip_blanks(s);
	if (s->p < s->end && *s->p != '<')
		return bad(s, "more values follow than the grid has");
	return read_tag(s, &t) && ((t.closes && is(t.name, "grid_data")) || bad(s, "<grid_data> is not closed"));
}

static bool read_element(struct scan *s, const struct tag *t)
{
	if (t->closes)
		return true;
	if (is(t->name, "event"))
		return read_event(s, t);
	if (is(t->name, "grid_specification"))
		return read_specification(s, t);
	if (is(t->name, "grid_field"))
		return read_field(s, t);
	return is(t->name, "event_specific_uncertainty") || bad(s, "an element is unknown");
}

static bool read_all(struct scan *s)
{
	struct tag t;

	if (!read_tag(s, &t))
		return false;
	if (t.closes || !is(t.name, "shakemap_grid"))
		return bad(s, "the root is not <shakemap_grid>");
	for (;;) {
		if (!read_tag(s, &t))
			return false;
		if (t.closes && is(t.name, "shakemap_grid"))
			return bad(s, "it holds no <grid_data>");
		if (!t.closes && is(t.name, "grid_data"))
			break;
		if (!read_element(s, &t))
			return false;
	}
	if (!read_values(s) || !read_tag(s, &t))
		return false;
	if (!t.closes || !is(t.name, "shakemap_grid"))
		return bad(s, "something follows on </grid_data>");
	skip_blanks(s);
	return s->p >= s->end || bad(s, "something follows on </shakemap_grid>");
}

struct shakemap *shakemap_parse(const char *text, size_t len, const char *name, struct diag *d)
{
	struct shakemap *m = calloc(1, sizeof *m);
	struct scan s = { .p = text, .end = text + len, .file = name, .line = 1, .d = d, .m = m };

	if (!m) {
		diag_error(d, name, 0, "out of memory");
		return NULL;
	}
	m->magnitude = m->depth = m->lon = m->lat = NAN;
	if (read_all(&s))
		return m;
	shakemap_free(m);
	return NULL;
}

struct shakemap *shakemap_read(const char *path, const struct scenario *sc, struct diag *d)
{
	size_t len;
	char *text = scenario_read_file(sc, path, SHAKEMAP_MIB, &len, d);
	struct shakemap *m = text ? shakemap_parse(text, len, path, d) : NULL;

	free(text);
	return m;
}

void shakemap_free(struct shakemap *m)
{
	if (m)
		free(m->pga);
	free(m);
}

/* ---- asked ---- */

/* Longitudes run on beyond 180: whole turns are taken off. */
static double eastward(const struct shakemap *m, double lon)
{
	double off = fmod(lon - m->lon_min, 360);

	return off < 0 ? off + 360 : off;
}

bool shakemap_covers(const struct shakemap *m, double lon, double lat)
{
	return eastward(m, lon) <= m->lon_max - m->lon_min && lat >= m->lat_min && lat <= m->lat_max;
}

/* The last one's far side is the edge. */
static size_t cell(double x, size_t nodes)
{
	return (size_t)fmax(0, fmin(floor(x), (double)(nodes - 2)));
}

double shakemap_at(const struct shakemap *m, double lon, double lat)
{
	if (!shakemap_covers(m, lon, lat))
		return 0;
	double x = eastward(m, lon) / (m->lon_max - m->lon_min) * (double)(m->nlon - 1);
	double y = (m->lat_max - lat) / (m->lat_max - m->lat_min) * (double)(m->nlat - 1);
	size_t i = cell(x, m->nlon), j = cell(y, m->nlat);
	const double *north = m->pga + j * m->nlon + i, *south = north + m->nlon;

	x -= (double)i;
	y -= (double)j;
	return (1 - y) * ((1 - x) * north[0] + x * north[1]) + y * ((1 - x) * south[0] + x * south[1]);
}
