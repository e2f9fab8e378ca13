/*
 * Assets that fail together.  Which of them and for how long is drawn by the occurrence and the asset's own key, so that another
 * gateway in the scenario changes neither.
 */
#include <stdlib.h>

#include "models/crisis/breakage.h"
#include "models/crisis/hazard_course.h"
#include "models/crisis/hazard_place.h"

const char *const breakage_laws[] = { "exponential", "log-normal", NULL };

static const uint32_t PURPOSE_SHARE = RNG_PURPOSE('c', 'b', 's', 'h');
static const uint32_t PURPOSE_RETURN = RNG_PURPOSE('c', 'b', 'r', 't');

/* What o->own is. */
struct breakage {
	const struct breakage_params *p;
	const struct city *city;
	enum asset_kind kind;
	const struct node *element;
	struct point centre;
	uint16_t kind_return;
};

struct lot { double u; uint32_t asset; };

static const char registry_key = 0; /* its address is the key of the state */

/* ---- loading ---- */

void breakage_check(const struct scenario *sc, const struct node *n, struct diag *d, const struct breakage_params *p)
{
	if ((p->lasts == SIM_NEVER) == (p->restoration == SIM_NEVER))
		node_error(n, d, NULL, "%s (say lasts=\"6h\", or restoration=\"55h\" for a mean time of each)",
			   p->lasts == SIM_NEVER ? "does not say how long it lasts" : "says in two ways how long it lasts");
	if (p->restoration == SIM_NEVER && node_given(n, "law"))
		node_error(n, d, "law", "is read with restoration only");
	if (p->law != BREAKAGE_LOG_NORMAL && node_given(n, "variation"))
		node_error(n, d, "variation", "is read with law=\"log-normal\" only");
	if (p->centre.given != !isnan(p->radius))
		node_error(n, d, p->centre.given ? "centre" : "radius", "goes with a %s (give both, or none)",
			   p->centre.given ? "radius" : "centre");
	course_check_position(sc, n, d, "centre", p->centre);
	if (p->districts)
		place_check_districts(city_of(sc), n, d, p->districts);
}

/* ---- how long ---- */

static double log_sigma(const struct breakage_params *p)
{
	return sqrt(log(1 + p->variation * p->variation));
}

static double log_normal(const struct breakage_params *p, double z)
{
	double sigma = log_sigma(p);

	return sim_seconds(p->restoration) * exp(sigma * z - sigma * sigma / 2);
}

double breakage_time(const struct breakage_params *p, struct rng *r)
{
	return p->law == BREAKAGE_LOG_NORMAL ? log_normal(p, rng_normal(r))
					     : rng_exponential(r, sim_seconds(p->restoration));
}

/* SIM_NEVER where that is beyond the clock. */
static simtime_t later(simtime_t from, double seconds)
{
	return seconds < 9e9 - sim_seconds(from) ? from + sim_from_seconds(seconds) : SIM_NEVER;
}

/* Until 99 of 100 are back. */
static double most(const struct breakage_params *p)
{
	const double z99 = 2.3263478740408408;

	return p->law == BREAKAGE_LOG_NORMAL ? log_normal(p, z99) : sim_seconds(p->restoration) * log(100);
}

/* ---- which ---- */

static bool meant(const struct breakage *b, const struct asset *a)
{
	if (a->kind != b->kind || (b->element && a->element != b->element))
		return false;
	if (!isnan(b->p->radius) && !(a->placed && hypot(a->at.x - b->centre.x, a->at.y - b->centre.y) <= b->p->radius))
		return false;
	return !b->p->districts || (a->placed && place_in_districts(b->city, b->p->districts, a->at));
}

static int by_lot(const void *a, const void *b)
{
	const struct lot *x = a, *y = b;

	return x->u < y->u ? -1 : x->u > y->u ? 1 : (x->asset > y->asset) - (x->asset < y->asset);
}

/* All that are meant, in the order of their lots. */
static struct lot *draw_lots(struct sim *s, const struct occurrence *o, uint32_t *n)
{
	uint32_t n_assets;
	const struct asset *a = assets_of(s, &n_assets);
	struct lot *lot = sim_alloc(s, n_assets + 1, sizeof *lot);
	uint64_t w[2];

	*n = 0;
	for (uint32_t i = 0; lot && i < n_assets; i++) {
		if (!meant(o->own, &a[i]))
			continue;
		rng_block(s->key, PURPOSE_SHARE, rng_mix(o->key) ^ a[i].key, 0, w);
		lot[(*n)++] = (struct lot){ rng_unit(w[0]), i };
	}
	if (*n)
		qsort(lot, *n, sizeof *lot, by_lot);
	return lot;
}

static simtime_t back(const struct sim *s, const struct occurrence *o, uint64_t key)
{
	const struct breakage *b = o->own;
	struct rng r;

	if (b->p->lasts != SIM_NEVER)
		return o->end;
	r = sim_rng(s, PURPOSE_RETURN, rng_mix(o->key) ^ key);
	return later(s->now, breakage_time(b->p, &r));
}

void breakage_begin(struct sim *s, const struct occurrence *o)
{
	const struct breakage *b = o->own;
	uint32_t n, n_assets;
	struct lot *lot = draw_lots(s, o, &n);

	if (!lot)
		return;
	if (n == 0)
		report_warning(s->report, "crisis", "<%s>: there is no %s where it happens", o->element->model->name,
			       asset_kind_name(b->kind));
	n = (uint32_t)lround(b->p->share * n);
	for (uint32_t i = 0; i < n; i++) {
		simtime_t t = back(s, o, assets_of(s, &n_assets)[lot[i].asset].key);
		asset_break(s, lot[i].asset, true);
		if (t != SIM_NEVER)
			sim_at(s, t, b->kind_return, lot[i].asset, 0);
	}
}

static void on_return(struct sim *s, void *ctx, uint32_t asset, uint16_t detail)
{
	(void)ctx, (void)detail;
	asset_break(s, asset, false);
}

/* ---- set-up ---- */

/* One row of the dispatch table for all of them. */
static uint16_t return_row(struct sim *s)
{
	uint16_t *kind = sim_state(s, &registry_key);

	if (!kind && (kind = sim_alloc(s, 1, sizeof *kind))) {
		*kind = sim_handler(s, "crisis.return", on_return, NULL);
		sim_set_state(s, &registry_key, kind);
	}
	return kind ? *kind : 0;
}

bool breakage_draw(struct sim *s, const struct scenario *sc, struct occurrence *o, const struct breakage_params *p,
		   enum asset_kind kind, const struct node *element)
{
	struct breakage *b = o->own = sim_alloc(s, 1, sizeof *b);

	if (!b)
		return false;
	*b = (struct breakage){
		.p = p, .city = city_of(sc), .kind = kind, .element = element, .kind_return = return_row(s)
	};
	if (p->centre.given)
		b->centre = city_locate(b->city, p->centre);
	if (p->lasts == SIM_NEVER)
		o->end = later(o->onset, most(p));
	else
		o->end = p->lasts < SIM_NEVER - o->onset ? o->onset + p->lasts : SIM_NEVER;
	return s->status == SIM_OK;
}

size_t breakage_outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap)
{
	const struct breakage *b = o->own;

	if (isnan(b->p->radius) || t < o->onset || t >= o->end)
		return 0;
	for (size_t i = 0; i < cap; i++) {
		double angle = 2 * M_PI * (double)i / (double)cap;
		ring[i] =
			(struct point){ b->centre.x + b->p->radius * cos(angle), b->centre.y + b->p->radius * sin(angle) };
	}
	return cap;
}
