/*
 * <earthquake>: shaking that travels from an epicentre.
 *
 * Peak ground acceleration by Joyner and Boore (1981), Bulletin of the Seismological Society of America 71, 2011-2038, equation (13):
 * log10 A = -1.02 + 0.249 M - log10 r - 0.00255 r, r2 = d2 + 7.3 km2, A in g, d the distance on the surface; valid for 5.0 <= M <= 7.7
 * within 370 km.  The ground at a place multiplies it by the site term.  Shaking begins with the S wave and stays at its peak; the
 * P wave comes before it, which early warning lives on.
 *
 * In place of the equation a ShakeMap (shakemap.h) may say how strong it was where; what it says of the event itself is taken where
 * the attributes do not.
 */
#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_course.h"
#include "models/crisis/shakemap.h"

struct earthquake_params {
	struct hazard_params hazard;
	struct position epicentre;
	double depth, magnitude, magnitude_max, b_value, scatter, site_term, p_speed, s_speed;
	simtime_t lasts;
	const char *file;
};

struct earthquake {
	const struct earthquake_params *p;
	const struct city *city;
	const struct shakemap *map;     /* NULL: by the equation */
	struct point epicentre;
	double magnitude, factor;       /* factor: of this earthquake, its scatter and the site term */
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct earthquake_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	POSITION(S, epicentre, "", "on the surface; with a file it may be absent: as that says"),
	LENGTH(S, depth, "10km", "0km", "700km", "of the focus, for the time that waves take; with a file as that says", NULL),
	NUMBER(S, magnitude, "", "3", "9.5", "moment magnitude; the least, where magnitude-max is given; with a file it may be absent", NULL),
	NUMBER(S, magnitude_max, "", "3", "9.5", "each is drawn between the two by Gutenberg and Richter's law", NULL),
	NUMBER(S, b_value, "1", "0.3", "3", "of that law: ten times fewer for one magnitude more at 1",
	       "Gutenberg and Richter (1944), BSSA 34, 185-188"),
	NUMBER(S, scatter, "0", "0", "1", "standard deviation of log10 of the acceleration from one earthquake to the next (0.26 in all)",
	       NULL),
	NUMBER(S, site_term, "1", "0.1", "10", "acceleration on the city's ground ÷ on rock", NULL),
	SPEED(S, p_speed, "6km/s", "1km/s", "15km/s", "of the first wave", "[M] crustal mean"),
	SPEED(S, s_speed, "3.5km/s", "0.5km/s", "10km/s", "of the wave that shakes", "[M] crustal mean"),
	TIME(S, lasts, "1min", "1s", "1h", "of strong shaking at a place", NULL),
	FILEPATH(S, file, "", "ShakeMap (grid.xml of the USGS) that says how strong it is where, instead of the attenuation law"),
};
#undef S

static double acceleration(const struct earthquake *e, struct point at)
{
	double d = hypot(at.x - e->epicentre.x, at.y - e->epicentre.y) / 1e3, r = sqrt(d * d + 7.3 * 7.3), lon, lat;

	if (e->map) {
		city_lonlat(e->city, at, &lon, &lat);
		return e->factor * shakemap_at(e->map, lon, lat);
	}
	return 9.80665 * e->factor * pow(10, -1.02 + 0.249 * e->magnitude - log10(r) - 0.00255 * r);
}

static simtime_t arrival(const struct occurrence *o, struct point at, double speed)
{
	const struct earthquake *e = o->own;
	double d = hypot(at.x - e->epicentre.x, at.y - e->epicentre.y);

	return course_after(o->onset, hypot(d, e->p->depth) / speed);
}

/* Where the S wave arrives before the earthquake is over: everywhere within the city's bounds. */
static bool felt(const struct occurrence *o, struct point at)
{
	return arrival(o, at, ((const struct earthquake *)o->own)->p->s_speed) <= o->end;
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	const struct earthquake *e = o->own;
	simtime_t from = arrival(o, at, e->p->s_speed);

	return t >= from && t <= from + e->p->lasts && t <= o->end ? acceleration(e, at) : 0;
}

static double peak(const struct occurrence *o, struct point at)
{
	return felt(o, at) ? acceleration(o->own, at) : 0;
}

static simtime_t reach(const struct occurrence *o, struct point at, double level)
{
	return felt(o, at) && peak(o, at) >= level ? arrival(o, at, ((const struct earthquake *)o->own)->p->s_speed)
						   : SIM_NEVER;
}

static simtime_t herald(const struct occurrence *o, struct point at)
{
	return arrival(o, at, ((const struct earthquake *)o->own)->p->p_speed);
}

/* The front of the S wave. */
static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct earthquake *e = o->own;
	double r = sim_seconds(t - o->onset) * e->p->s_speed,
	       radius = r > e->p->depth ? sqrt(r * r - e->p->depth * e->p->depth) : 0;

	return t <= o->end ? course_circle(e->epicentre, radius, ring, cap) : 0;
}

/* Truncated exponential law, by inversion. */
static double draw_magnitude(const struct earthquake_params *p, double u)
{
	double beta = p->b_value * log(10), span = 1 - exp(-beta * (p->magnitude_max - p->magnitude));

	return isnan(p->magnitude_max) ? p->magnitude : p->magnitude - log1p(-u * span) / beta;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct earthquake *e = o->own = sim_alloc(s, 1, sizeof *e);
	struct rng r = sim_rng(s, RNG_PURPOSE('c', 'q', 'u', 'a'), o->key);

	if (!e)
		return false;
	e->p = o->element->par;
	e->city = city_of(sc);
	e->map = o->element->data;
	e->epicentre = city_locate(city_of(sc), e->p->epicentre);
	e->magnitude = draw_magnitude(e->p, rng_uniform(&r));
	e->factor = e->p->site_term * pow(10, e->p->scatter * rng_normal(&r));
	o->end = course_after(o->onset + e->p->lasts,
			      hypot(course_farthest(city_of(sc), e->epicentre), e->p->depth) / e->p->s_speed);
	return true;
}

/* ---- loading ---- */

/* What the file says of the event where the attributes do not. */
static void derive(const struct scenario *sc, struct node *n, struct diag *d, const struct shakemap *m)
{
	if (!isnan(m->magnitude) && m->magnitude >= 3 && m->magnitude <= 9.5)
		node_derive(sc, n, d, "magnitude", "%g", m->magnitude);
	if (!isnan(m->depth))
		node_derive(sc, n, d, "depth", "%gkm", fmin(700, m->depth / 1e3));
	if (!isnan(m->lon))
		node_derive(sc, n, d, "epicentre", "%.6f%c %.6f%c", fabs(m->lat), m->lat < 0 ? 'S' : 'N', fabs(m->lon),
			    m->lon < 0 ? 'W' : 'E');
}

static void check_cover(const struct city *c, const struct node *n, struct diag *d, const struct shakemap *m)
{
	struct point low, high;
	double west, south, east, north;

	city_bounds(c, &low, &high);
	city_lonlat(c, low, &west, &south);
	city_lonlat(c, high, &east, &north);
	if (!shakemap_covers(m, west, south) || !shakemap_covers(m, east, north))
		node_warning(n, d, "file", "does not cover all of the city: nothing shakes where it does not");
}

static void load_map(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct earthquake_params *p = n->par;
	const struct city *c = city_of(sc);

	if (!isnan(p->magnitude_max))
		node_error(n, d, "magnitude-max", "does not go with a file: that is of one earthquake");
	if (c && !city_on_earth(c))
		node_error(n, d, "file", "is in degrees, but the city has no place on earth (give its origin)");
	if (!(n->data = shakemap_read(p->file, sc, d)))
		return;
	derive(sc, n, d, n->data);
	if (c && city_on_earth(c))
		check_cover(c, n, d, n->data);
}

static void check_magnitude(const struct node *n, struct diag *d)
{
	const struct earthquake_params *p = n->par;

	if (p->magnitude_max <= p->magnitude)
		node_error(n, d, "magnitude-max", "is not above the magnitude of %g", p->magnitude);
	if (isnan(p->magnitude_max) && node_given(n, "b-value"))
		node_error(n, d, "b-value", "is read with magnitude-max only");
	if (p->file)
		return;
	if (p->magnitude < 5 || p->magnitude > 7.7)
		node_warning(n, d, "magnitude", "is outside 5.0 to 7.7, for which the attenuation was fitted");
	else if (p->magnitude_max > 7.7)
		node_warning(n, d, "magnitude-max", "is above 7.7, to which the attenuation was fitted");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct earthquake_params *p = n->par;
	size_t before = diag_errors(d);

	hazard_check(sc, n, d);
	if (p->file)
		load_map(sc, n, d);
	if ((!p->epicentre.given || (isnan(p->magnitude) && !p->file)) && diag_errors(d) == before)
		node_error(n, d, NULL,
			   "needs an epicentre and a magnitude (or file=\"grid.xml\", a ShakeMap that says them)");
	check_magnitude(n, d);
	course_check_position(sc, n, d, "epicentre", p->epicentre);
	if (p->s_speed >= p->p_speed)
		node_error(n, d, "s-speed", "is not below that of the first wave");
}

static void unload(struct node *n)
{
	shakemap_free(n->data);
	n->data = NULL;
}

static const struct evidence evidence[] = {
	{ "attenuation", "Joyner and Boore (1981), equation (13), by hand at three distances", "four digits, tests/unit/crisis/test_earthquake.c" },
	{ "arrival of P and S waves", "distance ÷ speed", "equal, tests/unit/crisis/test_earthquake.c" },
	{ "magnitudes", "Gutenberg and Richter's law, truncated", "99.9 % interval of the mean, tests/unit/crisis/test_earthquake.c" },
	{ "attenuation, numbers a year, magnitudes", "30 digits by another program; Poisson's and Gutenberg and Richter's laws",
	  "1e-9; 99 %, tests/validation/valid_hazard.c" },
	{ "shaking by a ShakeMap", "bilinear means by hand", "equal, tests/unit/crisis/test_shakemap.c" },
};

const struct model earthquake_model = {
	.name = "earthquake",
	.doc = "Shaking that travels from an epicentre; stronger ground motion the larger and the nearer it is.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct earthquake_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
	.unload = unload,
};

const struct hazard_type earthquake_hazard = {
	.model = &earthquake_model,
	.unit = DIM_ACCELERATION,
	.measure = "ground acceleration",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.herald = herald,
	.outline = outline,
};
