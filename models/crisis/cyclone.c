/*
 * <cyclone>: wind around an eye that moves.
 *
 * Profile by Holland (1980), Monthly Weather Review 108, 1212-1218, cyclostrophic: V(r) = Vmax sqrt((R/r)^B exp(1 - (R/r)^B)), R the
 * radius of maximum wind.  Inside R it rises with the distance, outside it falls; the distance to an eye that moves straight on is
 * a convex function of time; so peaks and first times are closed forms but for the two radii at which a level blows.
 */
#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_course.h"

struct cyclone_params {
	struct hazard_params hazard;
	struct position start;
	double heading, speed, wind, radius, b;
	simtime_t lasts;
};

struct cyclone {
	const struct cyclone_params *p;
	struct point start;
	double wind;
	double east, north;     /* of the eye, m/s */
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct cyclone_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	POSITION(S, start, NULL, "of the eye at the onset"),
	ANGLE(S, heading, NULL, "0deg", "360deg", "to which it moves: 0 north, 90 east", NULL),
	SPEED(S, speed, "18km/h", "0.1km/h", "150km/h", "at which the eye moves", "[M] mean of the tropical Atlantic: 10 kn"),
	SPEED(S, wind, NULL, "10m/s", "120m/s", "the strongest, at the radius", NULL),
	LENGTH(S, radius, "40km", "1km", "300km", "at which the wind is strongest", "[M] common values 20 to 50 km"),
	NUMBER(S, b, "1.5", "0.5", "3", "Holland's B: how steeply the wind falls off",
	       "Holland (1980): 1 to 2.5"),
	TIME(S, lasts, "1d", "1min", "60d", "from the onset until it is over", NULL),
};
#undef S

static double wind(const struct cyclone *c, double r)
{
	double x = pow(c->p->radius / fmax(r, 1e-3), c->p->b);

	return x > 700 ? 0 : c->wind * sqrt(x * exp(1 - x));
}

static double distance(const struct cyclone *c, struct point at, double t)
{
	return hypot(at.x - c->start.x - c->east * t, at.y - c->start.y - c->north * t);
}

/* When, within the run of it, the eye is nearest; s. */
static double nearest(const struct cyclone *c, struct point at)
{
	double v2 = c->east * c->east + c->north * c->north;
	double t = ((at.x - c->start.x) * c->east + (at.y - c->start.y) * c->north) / v2;

	return fmin(fmax(t, 0), sim_seconds(c->p->lasts));
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	const struct cyclone *c = o->own;

	return t < o->onset || t > o->end ? 0 : wind(c, distance(c, at, sim_seconds(t - o->onset)));
}

static double peak(const struct occurrence *o, struct point at)
{
	const struct cyclone *c = o->own;
	double near = distance(c, at, nearest(c, at));
	double far = fmax(distance(c, at, 0), distance(c, at, sim_seconds(c->p->lasts)));

	if (near >= c->p->radius)
		return wind(c, near);
	return far >= c->p->radius ? c->wind : wind(c, far);
}

/* The radius at which a level blows, inside (rising) or outside R: by halving an interval that holds it. */
static double radius_of(const struct cyclone *c, double level, bool inside)
{
	double lo = inside ? 0 : c->p->radius, hi = inside ? c->p->radius : 1e8;

	for (int i = 0; i < 200; i++) {
		double mid = (lo + hi) / 2;
		if ((wind(c, mid) >= level) == inside)
			hi = mid;
		else
			lo = mid;
	}
	return inside ? hi : lo;
}

/* When the distance first is r, s: on its way in (nearer), or out. */
static double at_distance(const struct cyclone *c, struct point at, double r, bool coming)
{
	double v2 = c->east * c->east + c->north * c->north, x = at.x - c->start.x, y = at.y - c->start.y;
	double along = (x * c->east + y * c->north) / v2, beside2 = fmax(0, x * x + y * y - along * along * v2);
	double half = sqrt(fmax(0, r * r - beside2) / v2);

	return coming ? along - half : along + half;
}

static simtime_t reach(const struct occurrence *o, struct point at, double level)
{
	const struct cyclone *c = o->own;
	double first = distance(c, at, 0), outer, inner, t;
	simtime_t when;

	if (peak(o, at) < level)
		return SIM_NEVER;
	if (wind(c, first) >= level)
		return o->onset;
	outer = radius_of(c, level, false);
	inner = radius_of(c, level, true);
	t = first > outer ? at_distance(c, at, outer, true) : at_distance(c, at, inner, false);
	/* Rounding may fall short by a hair: a microsecond on, but not beyond the end. */
	when = course_after(o->onset, fmax(t, 0)) + SIM_US;
	return when < o->end ? when : o->end;
}

/* The ring of the strongest wind. */
static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct cyclone *c = o->own;
	double since = sim_seconds(t - o->onset);

	if (t < o->onset || t > o->end)
		return 0;
	return course_circle((struct point){ c->start.x + c->east * since, c->start.y + c->north * since }, c->p->radius,
			     ring, cap);
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct cyclone *c = o->own = sim_alloc(s, 1, sizeof *c);
	double angle;

	if (!c)
		return false;
	c->p = o->element->par;
	c->start = city_locate(city_of(sc), c->p->start);
	c->wind = c->p->wind;
	angle = c->p->heading * M_PI / 180;
	c->east = c->p->speed * sin(angle);
	c->north = c->p->speed * cos(angle);
	o->end = o->onset + c->p->lasts;
	return true;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct cyclone_params *p = n->par;

	hazard_check(sc, n, d);
	course_check_position(sc, n, d, "start", p->start);
}

static const struct evidence evidence[] = {
	{ "wind", "Holland (1980) by hand; peaks and first times against a search by steps", "four digits; 0.1 %, tests/unit/crisis/test_cyclone.c" },
	{ "wind", "the balance with Holland's pressure", "1e-4 m/s, tests/validation/valid_hazard.c" },
};

const struct model cyclone_model = {
	.name = "cyclone",
	.doc = "Wind around an eye that moves over the city and past it.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct cyclone_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type cyclone_hazard = {
	.model = &cyclone_model,
	.unit = DIM_SPEED,
	.measure = "wind",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.outline = outline,
};
