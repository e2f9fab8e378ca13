/*
 * <heat>: days that are too warm.
 *
 * The air's temperature is a daily wave between the coolest and the warmest hour, the same each day.  The urban excess falls off
 * with the distance from the middle of the city as a bell curve (the heat island).
 */
#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_course.h"

struct heat_params {
	struct hazard_params hazard;
	double day, night, excess, radius;
	struct position centre;
	simtime_t warmest, lasts;
};

struct heat {
	const struct heat_params *p;
	struct point centre;
	simtime_t shift;        /* from the run's start to the first warmest hour, below a day */
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct heat_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	TEMPERATURE(S, day, "38degC", "-50degC", "60degC", "at the warmest hour, out of the city", NULL),
	TEMPERATURE(S, night, "22degC", "-50degC", "60degC", "at the coolest hour, half a day later", NULL),
	TEMPERATURE(S, excess, "0degC", "0degC", "15degC", "that the middle of the city is warmer, day and night", NULL),
	POSITION(S, centre, "", "where it is warmest; absent: the middle of the city's bounds"),
	LENGTH(S, radius, "5km", "100m", "100km", "at which 61 % of the excess is left (exp of -1/2)", NULL),
	TIME(S, warmest, "15h", "0h", "24h", "time of the day, UTC, of the warmest hour", "[M] mid-afternoon"),
	TIME(S, lasts, "5d", "1h", "1yr", "from the onset to the end", NULL),
};
#undef S

static double mean(const struct heat *h, struct point at)
{
	double d = hypot(at.x - h->centre.x, at.y - h->centre.y) / h->p->radius;

	return (h->p->day + h->p->night) / 2 + h->p->excess * exp(-d * d / 2);
}

static double swing(const struct heat *h)
{
	return (h->p->day - h->p->night) / 2;
}

/* Since the last warmest hour. */
static simtime_t since_warmest(const struct heat *h, simtime_t t)
{
	return (t + SIM_DAY - h->shift) % SIM_DAY;
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	const struct heat *h = o->own;

	if (t < o->onset || t > o->end)
		return 0;
	return mean(h, at) + swing(h) * cos(2 * M_PI * (double)since_warmest(h, t) / (double)SIM_DAY);
}

/* The next warmest hour at or after the onset. */
static simtime_t first_warmest(const struct occurrence *o)
{
	simtime_t since = since_warmest(o->own, o->onset);

	return since ? o->onset + SIM_DAY - since : o->onset;
}

static double peak(const struct occurrence *o, struct point at)
{
	const struct heat *h = o->own;

	/* short of a whole day, an end may be the warmest */
	if (first_warmest(o) <= o->end)
		return fmax(0, mean(h, at) + swing(h));
	return fmax(0, fmax(intensity(o, at, o->onset), intensity(o, at, o->end)));
}

static simtime_t reach(const struct occurrence *o, struct point at, double level)
{
	const struct heat *h = o->own;
	double before;
	simtime_t t;

	if (peak(o, at) < level)
		return SIM_NEVER;
	if (intensity(o, at, o->onset) >= level)
		return o->onset;
	before = acos(fmin(1, fmax(-1, (level - mean(h, at)) / swing(h)))) / (2 * M_PI);
	t = first_warmest(o) - (simtime_t)(before * (double)SIM_DAY);
	return t < o->onset ? o->onset : t < o->end ? t : o->end;
}

/* Where at least half of the excess is felt. */
static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct heat *h = o->own;

	return t >= o->onset && t <= o->end && h->p->excess > 0
		       ? course_circle(h->centre, h->p->radius * sqrt(2 * log(2)), ring, cap)
		       : 0;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct heat *h = o->own = sim_alloc(s, 1, sizeof *h);
	struct point low, high;
	int64_t clock;

	if (!h)
		return false;
	h->p = o->element->par;
	city_bounds(city_of(sc), &low, &high);
	h->centre = h->p->centre.given ? city_locate(city_of(sc), h->p->centre)
				       : (struct point){ (low.x + high.x) / 2, (low.y + high.y) / 2 };
	clock = (sc->run.start % 86400 + 86400) % 86400;
	h->shift = (h->p->warmest % SIM_DAY + SIM_DAY - clock * SIM_SECOND) % SIM_DAY;
	o->end = o->onset + h->p->lasts;
	return true;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct heat_params *p = n->par;

	hazard_check(sc, n, d);
	course_check_position(sc, n, d, "centre", p->centre);
	if (p->night >= p->day)
		node_error(n, d, "night", "is not cooler than the day, which is at %g degC", p->day);
	if (!(p->excess > 0) && (node_given(n, "radius") || node_given(n, "centre")))
		node_error(n, d, node_given(n, "radius") ? "radius" : "centre", "is read with an excess above 0degC only");
}

static const struct evidence evidence[] = {
	{ "temperature", "the daily wave and the bell curve, by hand", "four digits, tests/unit/crisis/test_nature.c" },
};

const struct model heat_model = {
	.name = "heat",
	.doc = "Days that are too warm, warmer still in the middle of the city.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct heat_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type heat_hazard = {
	.model = &heat_model,
	.unit = DIM_TEMPERATURE,
	.measure = "air temperature",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.outline = outline,
};
