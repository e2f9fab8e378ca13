/*
 * <landslide>: ground that comes down over a place and stays there.
 *
 * It runs out from its middle at a constant speed.  What it leaves is a cone: deepest in the middle, nothing at the radius.  It
 * lies until it is cleared away.
 */
#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_course.h"

struct landslide_params {
	struct hazard_params hazard;
	struct position place;
	double radius, depth, speed;
	simtime_t lasts;
};

struct landslide {
	const struct landslide_params *p;
	struct point place;
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct landslide_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	POSITION(S, place, NULL, "its middle"),
	LENGTH(S, radius, "200m", "1m", "50km", "of the ground that it covers", NULL),
	LENGTH(S, depth, "5m", "1cm", "500m", "of the debris in the middle", NULL),
	SPEED(S, speed, "5m/s", "0.1m/h", "100m/s", "at which it runs out", "[M] Cruden and Varnes (1996): above 5 m/s is extremely rapid"),
	TIME(S, lasts, "30d", "1h", "100yr", "from the onset until it is cleared away", NULL),
};
#undef S

static double away(const struct landslide *l, struct point at)
{
	return hypot(at.x - l->place.x, at.y - l->place.y);
}

static simtime_t arrival(const struct occurrence *o, struct point at)
{
	const struct landslide *l = o->own;

	return course_after(o->onset, away(l, at) / l->p->speed);
}

static double peak(const struct occurrence *o, struct point at)
{
	const struct landslide *l = o->own;

	return arrival(o, at) <= o->end ? l->p->depth * fmax(0, 1 - away(l, at) / l->p->radius) : 0;
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	return t >= arrival(o, at) && t <= o->end ? peak(o, at) : 0;
}

static simtime_t reach(const struct occurrence *o, struct point at, double level)
{
	return peak(o, at) >= level ? arrival(o, at) : SIM_NEVER;
}

static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct landslide *l = o->own;
	double run = sim_seconds(t - o->onset) * l->p->speed;

	return t <= o->end ? course_circle(l->place, fmin(run, l->p->radius), ring, cap) : 0;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct landslide *l = o->own = sim_alloc(s, 1, sizeof *l);

	if (!l)
		return false;
	l->p = o->element->par;
	l->place = city_locate(city_of(sc), l->p->place);
	o->end = o->onset + l->p->lasts;
	return true;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct landslide_params *p = n->par;

	hazard_check(sc, n, d);
	course_check_position(sc, n, d, "place", p->place);
}

static const struct evidence evidence[] = {
	{ "depth and arrival", "a cone and distance ÷ speed, by hand", "equal, tests/unit/crisis/test_nature.c" },
};

const struct model landslide_model = {
	.name = "landslide",
	.doc = "Ground that comes down over a place, mostly in the wake of an earthquake or of a flood (after=\"ID\").",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct landslide_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type landslide_hazard = {
	.model = &landslide_model,
	.unit = DIM_LENGTH,
	.measure = "depth of debris",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.outline = outline,
};
