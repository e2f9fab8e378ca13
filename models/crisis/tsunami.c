/*
 * <tsunami>: waves that cross the sea and run up a shore.
 *
 * Long waves travel at sqrt(g h), h the mean depth of the water on their way, to the nearest point of a straight shore, and on over
 * land at a speed of their own.  Each is the upper half of a sine, one period after the other, each lower than the one before.
 * Over land the water falls with the distance from the shore by the slope of the ground and by what friction takes; at sea nothing
 * is inundated.
 */
#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_course.h"

struct tsunami_params {
	struct hazard_params hazard;
	struct position source, shore;
	double inland, sea_depth, height, slope, friction, land_speed, decay;
	uint64_t waves;
	simtime_t period;
};

struct tsunami {
	const struct tsunami_params *p;
	struct point source, shore;
	double east, north;     /* of the way inland */
	double speed;           /* at sea */
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct tsunami_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	POSITION(S, source, NULL, "where it begins, at sea"),
	POSITION(S, shore, NULL, "any place on the shore, which is straight"),
	ANGLE(S, inland, NULL, "0deg", "360deg", "the way from the shore inland: 0 north, 90 east", NULL),
	LENGTH(S, sea_depth, "1km", "1m", "11km", "mean depth of the water on its way", NULL),
	LENGTH(S, height, "5m", "1cm", "500m", "of the water over the ground at the shore, by the first wave", NULL),
	NUMBER(S, slope, "0.01", "0", "1", "of the ground from the shore inland: m up a m of distance", NULL),
	NUMBER(S, friction, "0", "0", "1", "m of height that the water loses besides a m of distance", NULL),
	SPEED(S, land_speed, "5m/s", "0.1m/s", "50m/s", "of the water's front over land", "[M] 3 to 10 m/s on coastal plains"),
	COUNT(S, waves, "3", "1", "100", "one after the other", NULL),
	TIME(S, period, "20min", "1min", "2h", "from one to the next", "[M] 5 to 60 min"),
	RATIO(S, decay, "70%", "0%", "100%", "height of a wave ÷ that of the one before", NULL),
};
#undef S

/* How far inland (at sea: below 0), and the way along the shore from its given place. */
static struct point to_shore(const struct tsunami *u, struct point at)
{
	double x = at.x - u->shore.x, y = at.y - u->shore.y;

	return (struct point){ x * u->east + y * u->north, y * u->east - x * u->north };
}

static simtime_t arrival(const struct occurrence *o, struct point at)
{
	const struct tsunami *u = o->own;
	struct point q = to_shore(u, at), from = to_shore(u, u->source);

	return course_after(o->onset, hypot(from.x, q.y - from.y) / u->speed + fmax(0, q.x) / u->p->land_speed);
}

/* Whether all its waves pass a place before it is over: true within the city, which its end is set by. */
static bool passes(const struct occurrence *o, struct point at)
{
	const struct tsunami *u = o->own;

	return arrival(o, at) <= o->end - (simtime_t)u->p->waves * u->p->period;
}

/* Height of a wave there. */
static double crest(const struct tsunami *u, struct point at, uint64_t wave)
{
	double x = to_shore(u, at).x;

	return x < 0 ? 0 : fmax(0, u->p->height * pow(u->p->decay, (double)wave) - (u->p->slope + u->p->friction) * x);
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	const struct tsunami *u = o->own;
	simtime_t from = arrival(o, at), wave;

	if (t < from || t > o->end || !passes(o, at))
		return 0;
	wave = (t - from) / u->p->period;
	if (wave >= (simtime_t)u->p->waves)
		return 0;
	return crest(u, at, (uint64_t)wave) *
	       fmax(0, sin(2 * M_PI * (double)((t - from) % u->p->period) / (double)u->p->period));
}

static double peak(const struct occurrence *o, struct point at)
{
	return passes(o, at) ? crest(o->own, at, 0) : 0;
}

static simtime_t reach(const struct occurrence *o, struct point at, double level)
{
	const struct tsunami *u = o->own;
	double top = peak(o, at);

	if (top < level)
		return SIM_NEVER;
	return course_after(arrival(o, at), sim_seconds(u->p->period) * asin(fmin(1, level / top)) / (2 * M_PI));
}

/* The wave's front at sea. */
static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct tsunami *u = o->own;

	return t <= o->end ? course_circle(u->source, sim_seconds(t - o->onset) * u->speed, ring, cap) : 0;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct tsunami *u = o->own = sim_alloc(s, 1, sizeof *u);
	double sea, land;

	if (!u)
		return false;
	u->p = o->element->par;
	u->source = city_locate(city_of(sc), u->p->source);
	u->shore = city_locate(city_of(sc), u->p->shore);
	u->east = sin(u->p->inland * M_PI / 180);
	u->north = cos(u->p->inland * M_PI / 180);
	u->speed = sqrt(9.80665 * u->p->sea_depth);
	sea = hypot(to_shore(u, u->source).x, course_farthest(city_of(sc), u->source));
	land = course_farthest(city_of(sc), u->shore);
	o->end = course_after(o->onset,
			      sea / u->speed + land / u->p->land_speed + (double)u->p->waves * sim_seconds(u->p->period));
	return true;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct tsunami_params *p = n->par;
	double angle = p->inland * M_PI / 180;
	struct point source, shore;

	hazard_check(sc, n, d);
	course_check_position(sc, n, d, "source", p->source);
	course_check_position(sc, n, d, "shore", p->shore);
	if (!city_of(sc) || n->flawed)
		return;
	source = city_locate(city_of(sc), p->source);
	shore = city_locate(city_of(sc), p->shore);
	if ((source.x - shore.x) * sin(angle) + (source.y - shore.y) * cos(angle) >= 0)
		node_error(n, d, "source", "lies on land: %g degrees is the way from the shore inland (turn it round?)",
			   p->inland);
}

static const struct evidence evidence[] = {
	{ "travel time", "distance ÷ sqrt(g h), 713 km/h over 4 km of water", "four digits, tests/unit/crisis/test_nature.c" },
	{ "inundation", "height less slope and friction, by hand", "equal, tests/unit/crisis/test_nature.c" },
};

const struct model tsunami_model = {
	.name = "tsunami",
	.doc = "Waves from a place at sea that run up a straight shore, the first the highest.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct tsunami_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type tsunami_hazard = {
	.model = &tsunami_model,
	.unit = DIM_LENGTH,
	.measure = "water over the ground",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.outline = outline,
};
