/*
 * <wildfire>: a front that runs before the wind.
 *
 * From the place of ignition, at the rear focus, an ellipse grows at a constant rate; how long it is for its breadth follows from
 * the wind: L/B = 1 + 8.729 (1 - exp(-0.030 W))^2.155, W in km/h (Forestry Canada Fire Danger Group 1992, Information Report
 * ST-X-3, equation 79).  Its flames are those of Byram (1959): L = 0.0775 I^0.46 m, I = H w R kW/m of the fuel's heat, its load
 * and the front's rate across itself, which is less at the flanks than at the head.  A place burns from the front's arrival on,
 * for as long as its fuel lasts.  The fuel is the same everywhere; the front stops when the fire is over.
 */
#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_course.h"

struct wildfire_params {
	struct hazard_params hazard;
	struct position ignition;
	double spread, wind, heading, heat, load;
	simtime_t burns, lasts;
};

/* The ellipse after a second, in axes along and across the wind: half axes, and how far its middle is from the ignition; m/s. */
struct wildfire {
	const struct wildfire_params *p;
	struct point ignition;
	double along, across, drift;
	double east, north;     /* of the wind's direction */
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct wildfire_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	POSITION(S, ignition, NULL, "where it breaks out"),
	SPEED(S, spread, "1.2km/h", "0.1m/h", "30km/h", "of the front, before the wind", "[M] grass and shrub in a dry wind"),
	SPEED(S, wind, "20km/h", "0m/s", "50m/s", "10 m over open ground: the stronger, the longer the fire for its breadth", NULL),
	ANGLE(S, heading, "0deg", "0deg", "360deg", "to which the wind blows: 0 north, 90 east", NULL),
	NUMBER(S, heat, "18000", "1000", "50000", "of the fuel, kJ/kg", "[M] Byram (1959): 18,000 of wildland fuels"),
	NUMBER(S, load, "1", "0.01", "50", "fuel that burns in the front, kg on a m2", "[M] shrub"),
	TIME(S, burns, "30min", "1s", "30d", "each place, from the arrival of the front", NULL),
	TIME(S, lasts, "1d", "1s", "1yr", "until it is over everywhere", NULL),
};
#undef S

/* Place in the axes of the wind. */
static struct point turned(const struct wildfire *w, struct point at)
{
	double x = at.x - w->ignition.x, y = at.y - w->ignition.y;

	return (struct point){ x * w->east + y * w->north, y * w->east - x * w->north };
}

static simtime_t arrival(const struct occurrence *o, struct point at)
{
	const struct wildfire *w = o->own;
	struct point q = turned(w, at);
	double d = hypot(q.x, q.y);

	/* a (1 - e2) / (1 - e cos) of the angle to the wind: a2 - c2 = (a/LB)2 */
	return course_after(o->onset, (w->along * d - w->drift * q.x) / (w->across * w->across));
}

/* Rate of the front across itself where it comes to a place; m/s. */
static double rate(const struct wildfire *w, struct point at)
{
	struct point q = turned(w, at);
	double d = hypot(q.x, q.y), t = (w->along * d - w->drift * q.x) / (w->across * w->across), c, s;

	if (!(t > 0))
		return w->along + w->drift;
	c = (q.x / t - w->drift) / w->along;
	s = q.y / t / w->across;
	return w->across * (w->drift * c + w->along) / hypot(w->across * c, w->along * s);
}

static double flame(const struct wildfire *w, struct point at)
{
	return 0.0775 * pow(w->p->heat * w->p->load * rate(w, at), 0.46);
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	const struct wildfire *w = o->own;
	simtime_t from = arrival(o, at);

	return t >= from && t - from <= w->p->burns && t <= o->end ? flame(w, at) : 0;
}

static double peak(const struct occurrence *o, struct point at)
{
	return arrival(o, at) <= o->end ? flame(o->own, at) : 0;
}

static simtime_t reach(const struct occurrence *o, struct point at, double level)
{
	return peak(o, at) >= level ? arrival(o, at) : SIM_NEVER;
}

static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct wildfire *w = o->own;
	double since = sim_seconds(t - o->onset);

	if (t <= o->onset || t > o->end)
		return 0;
	for (size_t i = 0; i < cap; i++) {
		double angle = 2 * M_PI * (double)i / (double)cap;
		double x = since * (w->drift + w->along * cos(angle)), y = since * w->across * sin(angle);
		ring[i] = (struct point){ w->ignition.x + x * w->east - y * w->north,
					  w->ignition.y + x * w->north + y * w->east };
	}
	return cap;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct wildfire *w = o->own = sim_alloc(s, 1, sizeof *w);
	double ratio, eccentricity;

	if (!w)
		return false;
	w->p = o->element->par;
	w->ignition = city_locate(city_of(sc), w->p->ignition);
	ratio = 1 + 8.729 * pow(1 - exp(-0.030 * 3.6 * w->p->wind), 2.155);
	eccentricity = sqrt(1 - 1 / (ratio * ratio));
	w->along = w->p->spread / (1 + eccentricity);
	w->across = w->along / ratio;
	w->drift = w->along * eccentricity;
	w->east = sin(w->p->heading * M_PI / 180);
	w->north = cos(w->p->heading * M_PI / 180);
	o->end = o->onset + w->p->lasts;
	return true;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct wildfire_params *p = n->par;

	hazard_check(sc, n, d);
	course_check_position(sc, n, d, "ignition", p->ignition);
}

static const struct evidence evidence[] = {
	{ "length to breadth, arrival of the front", "Forestry Canada (1992), equation 79, by hand; points of the ellipse of that time",
	  "four digits; 1e-6, tests/unit/crisis/test_nature.c" },
	{ "flame length", "Byram (1959) by hand at head, flank and back", "four digits, tests/unit/crisis/test_nature.c" },
};

const struct model wildfire_model = {
	.name = "wildfire",
	.doc = "A fire that spreads as an ellipse before the wind; each place burns for a while when the front has come.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct wildfire_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type wildfire_hazard = {
	.model = &wildfire_model,
	.unit = DIM_LENGTH,
	.measure = "flame length",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.outline = outline,
};
