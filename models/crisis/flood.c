/*
 * <flood>: water that rises from a place outward.
 *
 * The level at the source rises at a constant rate to its peak and stays there; it falls at the same rate, so that all of it lasts
 * as long as it says.  The ground rises with the distance from the source: water over the ground is the level less so much.
 */
#include "models/crisis/crisis_private.h"

struct flood_params {
	struct hazard_params hazard;
	struct position source;
	double rise, peak, slope;
	simtime_t lasts;
};

struct flood {
	const struct flood_params *p;
	struct point source;
	simtime_t onset, end;
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct flood_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	POSITION(S, source, NULL, "where the water comes from"),
	SPEED(S, rise, "0.4m/h", "0.001mm/h", "100m/s", "of the water at the source, and its fall", NULL),
	LENGTH(S, peak, "2m", "1mm", "1km", "highest level at the source, over the ground there", NULL),
	NUMBER(S, slope, "0.001", "0.000001", "1", "of the ground, away from the source: m up a m of distance", NULL),
	TIME(S, lasts, "1d", "1s", "10yr", "from the first water to the last", NULL),
};
#undef S

static double level(const struct flood *f, simtime_t t)
{
	double up = sim_seconds(t - f->onset) * f->p->rise, down = sim_seconds(f->end - t) * f->p->rise;

	return t < f->onset || t > f->end ? 0 : fmin(f->p->peak, fmin(up, down));
}

static double ground(const struct flood *f, struct point at)
{
	return f->p->slope * hypot(at.x - f->source.x, at.y - f->source.y);
}

static double intensity(const struct occurrence *o, struct point at, simtime_t t)
{
	const struct flood *f = o->own;

	return fmax(0, level(f, t) - ground(f, at));
}

static double peak(const struct occurrence *o, struct point at)
{
	return intensity(o, at, o->onset + (o->end - o->onset) / 2);
}

static simtime_t reach(const struct occurrence *o, struct point at, double wanted)
{
	const struct flood *f = o->own;

	if (peak(o, at) < wanted)
		return SIM_NEVER;
	return o->onset + sim_from_seconds((wanted + ground(f, at)) / f->p->rise);
}

static size_t outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct flood *f = o->own;
	double radius = level(f, t) / f->p->slope;

	for (size_t i = 0; radius > 0 && i < cap; i++) {
		double angle = 2 * M_PI * (double)i / (double)cap;
		ring[i] = (struct point){ f->source.x + radius * cos(angle), f->source.y + radius * sin(angle) };
	}
	return radius > 0 ? cap : 0;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct flood *f = o->own = sim_alloc(s, 1, sizeof *f);

	if (!f)
		return false;
	f->p = o->element->par;
	f->source = city_locate(city_of(sc), f->p->source);
	f->onset = o->onset;
	f->end = o->end = o->onset + f->p->lasts;
	return true;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	hazard_check(sc, n, d);
}

const struct model flood_model = {
	.name = "flood",
	.doc = "Water that rises from a river or a shore.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct flood_params),
	.params = TABLE(params),
	.load = load,
};

const struct hazard_type flood_hazard = {
	.model = &flood_model,
	.unit = DIM_LENGTH,
	.measure = "water level",
	.draw = draw,
	.intensity = intensity,
	.peak = peak,
	.reach = reach,
	.outline = outline,
};
