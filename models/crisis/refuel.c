/*
 * <fuel>: trucks that fill the tanks of sites on generators before they run dry, and bring mobile generators.
 *
 * Every so often the levels are looked at.  A free truck goes to the site with the least fuel of those below the reserve that no other
 * is on its way to, by way of its depot where it has less than a quarter of its load; then, where a mobile generator is left, to a
 * dark site without one.  A mobile generator comes back when the mains do.  Trucks drive day and night.
 */
#include "models/city/cost.h"
#include "models/crisis/response_private.h"

struct fuel_params {
	uint64_t trucks, generators;
	simtime_t load, reserve, fill, look, available_from, generator_tank;
	double speed;
	const struct node *depot;
};

struct truck {
	struct point at;
	double   left;                  /* s of running that it carries */
	uint32_t site;                  /* asset that it goes to; NOBODY: free */
	bool     brings;                /* a generator */
};

struct trucks {
	const struct node *element;
	const struct fuel_params *p;
	struct response *r;
	struct truck *truck;
	uint32_t depot, generators;     /* free ones */
	bool    *claimed, *mobile;      /* by asset: a truck is on its way; it has one of ours */
	uint16_t kind_look, kind_arrive;
	uint64_t deliveries;
};

static const struct place places[] = { { "response", 0, 1 } };

#define S struct fuel_params
static const struct param params[] = {
	COUNT(S, trucks, "1", "1", "10000", "that bring fuel", NULL),
	TIME(S, load, "20d", "1h", "100yr", "what a truck carries: so long a generator runs on it",
	     "[M] 3,000 l for generators of 6 l/h"),
	TIME(S, reserve, "1d", "0s", "1yr", "a site with less fuel than for so long is due", NULL),
	TIME(S, fill, "30min", "0s", "1d", "work of filling a tank, a generator's or the truck's own", NULL),
	TIME(S, look, "1h", "1min", "1d", "between looks at the levels", NULL),
	TIME(S, available_from, "0s", "0s", "1yr", "after the first onset", NULL),
	SPEED(S, speed, "", "0.1km/h", "1000km/h", "on the road; absent: as the response says", NULL),
	REF(S, depot, "", "depot", "where they load; absent: the first"),
	COUNT(S, generators, "0", "0", "100000", "mobile ones, for dark sites that have none", NULL),
	TIME(S, generator_tank, "2d", "1h", "1yr", "a mobile generator runs so long on its tank", NULL),
};
#undef S

static bool is_site(const struct asset *a)
{
	return a->kind == ASSET_SITE || a->kind == ASSET_GATEWAY;
}

static double distance(struct point a, struct point b)
{
	return hypot(a.x - b.x, a.y - b.y);
}

/* The site with the least fuel that is due; ASSET_NONE. */
static uint32_t due(const struct sim *s, const struct trucks *t)
{
	uint32_t n, best = ASSET_NONE;
	const struct asset *a = assets_of(s, &n);
	double least = sim_seconds(t->p->reserve);

	for (uint32_t i = 0; i < n; i++) {
		double fuel;
		if (!is_site(&a[i]) || a[i].power == SITE_MAINS || t->claimed[i] || !grid_has_generator(s, i))
			continue;
		fuel = grid_fuel(s, i);
		if (fuel < least) {
			least = fuel;
			best = i;
		}
	}
	return best;
}

/* The nearest dark site without a generator that is not broken; ASSET_NONE. */
static uint32_t dark(const struct sim *s, const struct trucks *t, const struct truck *k)
{
	uint32_t n, best = ASSET_NONE;
	const struct asset *a = assets_of(s, &n);
	double least = INFINITY;

	for (uint32_t i = 0; t->generators && i < n; i++) {
		if (!is_site(&a[i]) || a[i].power != SITE_DARK || a[i].reasons || t->claimed[i] || grid_has_generator(s, i))
			continue;
		if (distance(k->at, a[i].at) < least) {
			least = distance(k->at, a[i].at);
			best = i;
		}
	}
	return best;
}

static void drive(struct sim *s, struct trucks *t, uint32_t number, uint32_t site)
{
	struct truck *k = &t->truck[number];
	struct response *r = t->r;
	uint32_t n;
	struct point to = assets_of(s, &n)[site].at, depot = r->depot[t->depot].at;
	bool loads = k->brings || k->left < sim_seconds(t->p->load) / 4;
	double way = (loads ? distance(k->at, depot) + distance(depot, to) : distance(k->at, to)) * r->p->detour;
	double speed = isnan(t->p->speed) ? r->p->speed : t->p->speed;

	if (loads)
		k->left = sim_seconds(t->p->load);
	k->site = site;
	k->at = to;
	t->claimed[site] = true;
	sim_after(s, travel_time(r, s->now, way, speed) + (loads ? 2 : 1) * t->p->fill, t->kind_arrive, number, 0);
}

/* Somewhere to go for a truck that is free; false: nowhere. */
static bool dispatch(struct sim *s, struct trucks *t, uint32_t number)
{
	struct truck *k = &t->truck[number];
	uint32_t site = due(s, t);

	k->brings = false;
	if (site == ASSET_NONE) {
		site = dark(s, t, k);
		k->brings = site != ASSET_NONE;
		t->generators -= k->brings;
	}
	if (site == ASSET_NONE)
		return false;
	drive(s, t, number, site);
	return true;
}

static void on_arrive(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct trucks *t = ctx;
	struct truck *k = &t->truck[number];
	uint32_t n, site = k->site;
	const struct asset *a = &assets_of(s, &n)[site];

	(void)detail;
	t->claimed[site] = false;
	k->site = NOBODY;
	if (k->brings && a->power == SITE_MAINS) {
		t->generators++;
	} else if (k->brings) {
		grid_generator(s, site, t->p->generator_tank);
		t->mobile[site] = true;
		t->deliveries++;
	} else {
		simtime_t taken = grid_refuel(s, site, sim_from_seconds(k->left));
		k->left -= sim_seconds(taken);
		t->deliveries += taken > 0;
	}
	dispatch(s, t, number);
}

static void on_look(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct trucks *t = ctx;
	uint32_t n;
	const struct asset *a = assets_of(s, &n);

	for (uint32_t i = 0; i < n; i++)
		if (t->mobile[i] && a[i].power == SITE_MAINS) {
			t->mobile[i] = false;
			t->generators++;
			grid_generator_away(s, i);
		}
	for (uint32_t k = 0; k < t->p->trucks; k++)
		if (t->truck[k].site == NOBODY && !dispatch(s, t, k))
			break;
	sim_after(s, t->p->look, t->kind_look, subject, detail);
}

bool trucks_setup(struct sim *s, struct response *r)
{
	const struct node *n = node_child(r->node, &fuel_model);
	struct trucks *t = n ? sim_alloc(s, 1, sizeof *t) : NULL;

	if (!n)
		return true;
	if (!t)
		return false;
	t->element = n;
	t->p = n->par;
	t->r = r;
	t->depot = depot_number(r, t->p->depot);
	t->generators = (uint32_t)t->p->generators;
	t->truck = sim_alloc(s, t->p->trucks, sizeof *t->truck);
	t->kind_look = sim_handler(s, "response.look", on_look, t);
	t->kind_arrive = sim_handler(s, "response.truck", on_arrive, t);
	for (uint32_t k = 0; t->truck && k < t->p->trucks; k++)
		t->truck[k] =
			(struct truck){ .at = r->depot[t->depot].at, .left = sim_seconds(t->p->load), .site = NOBODY };
	cost_units(s, n, (double)t->p->trucks);
	r->trucks = t;
	return t->truck != NULL;
}

/* Once all assets are there. */
void trucks_start(struct sim *s, struct response *r)
{
	struct trucks *t = r->trucks;
	uint32_t n;

	if (!t || !crisis_occurs(crisis_of(s)))
		return;
	assets_of(s, &n);
	t->claimed = sim_alloc(s, n + 1, sizeof *t->claimed);
	t->mobile = sim_alloc(s, n + 1, sizeof *t->mobile);
	if (t->claimed && t->mobile && t->p->available_from < s->end - r->onset)
		sim_at(s, r->onset + t->p->available_from, t->kind_look, 0, 0);
}

double trucks_deliveries(const struct response *r)
{
	return r->trucks ? (double)r->trucks->deliveries : NAN;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	if (!scenario_first(sc, &power_grid_model))
		node_error(n, d, NULL, "is of no use: without a <power-grid> the mains never fail");
}

static const struct evidence evidence[] = {
	{ "time without power, deliveries", "worked out by hand", "equal; between bounds, tests/unit/crisis/test_response.c" },
};

const struct model fuel_model = {
	.name = "fuel",
	.doc = "Trucks that fill the generators of gateways and sites before they run dry, and bring mobile ones.",
	.places = TABLE(places),
	.par_size = sizeof(struct fuel_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};
