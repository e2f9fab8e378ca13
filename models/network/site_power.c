/*
 * What network sites live on.
 *
 *   mains fail              battery where there is one, else generator, else dark
 *   battery empty           generator where there is one with fuel, else dark
 *   tank empty              dark
 *   fuel or a generator     from dark on to the generator
 *   mains return            mains, and the battery is full
 *
 * A generator does not charge the battery: what it leaves is dark at once.  Fuel is counted in time of running.
 */
#include "models/network/asset.h"
#include "models/network/grid_private.h"

static const uint32_t PURPOSE_OWN = RNG_PURPOSE('g', 'g', 'e', 'n');

static simtime_t in_tank(const struct sim *s, const struct supply *u)
{
	return u->fuel - (u->mode == ON_GENERATOR ? s->now - u->since : 0);
}

/* From now on it lives on that. */
static void enter(struct sim *s, const struct grid *g, struct supply *u, enum supply_mode mode)
{
	bool was = u->mode != DARK, is = mode != DARK;

	u->time[u->mode] += since_warmup(s, u->since);
	u->fuel = in_tank(s, u);
	u->mode = (uint8_t)mode;
	u->since = s->now;
	u->generation++; /* what was to come in the mode before is off */
	if (mode == ON_BATTERY)
		sim_after(s, u->battery, g->kind_supply, u->index, u->generation);
	if (mode == ON_GENERATOR) {
		sim_after(s, u->fuel, g->kind_supply, u->index, u->generation);
		if (u->own && !u->ordered && u->fuel_delivery != SIM_NEVER) {
			u->ordered = true;
			sim_after(s, u->fuel_delivery, g->kind_delivery, u->index, 0);
		}
	}
	if (was != is)
		u->fn(s, u->ctx, is);
	asset_power(s, u->asset, mode == ON_MAINS ? SITE_MAINS : is ? SITE_BACKUP : SITE_DARK);
}

/* Without mains and battery. */
static void enter_last(struct sim *s, const struct grid *g, struct supply *u)
{
	enter(s, g, u, u->generator && in_tank(s, u) > 0 ? ON_GENERATOR : DARK);
}

static void mains(struct sim *s, const struct grid *g, struct supply *u, bool on)
{
	if (on)
		enter(s, g, u, ON_MAINS);
	else if (u->battery > 0)
		enter(s, g, u, ON_BATTERY);
	else
		enter_last(s, g, u);
}

/* Battery or tank are empty. */
static void on_empty(struct sim *s, void *ctx, uint32_t index, uint16_t generation)
{
	const struct grid *g = ctx;
	struct supply *u = g->supply[index];

	if (u->generation == generation)
		enter_last(s, g, u);
}

/* There is more fuel, or a generator, than before. */
static void refresh(struct sim *s, const struct grid *g, struct supply *u)
{
	if (u->mode == ON_GENERATOR || u->mode == DARK)
		enter_last(s, g, u);
}

static void on_delivery(struct sim *s, void *ctx, uint32_t index, uint16_t detail)
{
	const struct grid *g = ctx;
	struct supply *u = g->supply[index];

	(void)detail;
	u->ordered = false;
	u->fuel += u->tank - in_tank(s, u);
	refresh(s, g, u);
}

void supplies_setup(struct sim *s, struct grid *g)
{
	g->kind_supply = sim_handler(s, "power-grid.backup", on_empty, g);
	g->kind_delivery = sim_handler(s, "power-grid.delivery", on_delivery, g);
}

void supplies_tell(struct sim *s, const struct grid *g, uint32_t feeder)
{
	for (struct supply *u = g->feeder[feeder].supplies; u; u = u->next)
		mains(s, g, u, g->feeder[feeder].on);
}

double supplies_share(const struct sim *s, const struct grid *g, enum supply_mode mode)
{
	double sum = 0;

	for (uint32_t i = 0; i < g->n_supplies; i++) {
		const struct supply *u = g->supply[i];
		sum += sim_seconds(u->time[mode] + (u->mode == mode ? since_warmup(s, u->since) : 0));
	}
	return sum / g->n_supplies / sim_seconds(s->now - s->warmup);
}

/* ---- subscription ---- */

static bool grow(struct sim *s, struct grid *g)
{
	uint32_t cap = g->cap_supplies ? 2 * g->cap_supplies : 64;
	struct supply **supply = sim_alloc(s, cap, sizeof(struct supply *));

	if (!supply)
		return false;
	for (uint32_t i = 0; i < g->n_supplies; i++)
		supply[i] = g->supply[i];
	g->supply = supply;
	g->cap_supplies = cap;
	return true;
}

static bool remember_asset(struct sim *s, struct grid *g, uint32_t asset, uint32_t index)
{
	if (asset == ASSET_NONE)
		return true;
	if (asset >= g->n_of_asset) {
		uint32_t n = 2 * asset + 64, *of_asset = sim_alloc(s, n, sizeof *of_asset);
		if (!of_asset)
			return false;
		for (uint32_t i = 0; i < g->n_of_asset; i++)
			of_asset[i] = g->of_asset[i];
		g->of_asset = of_asset;
		g->n_of_asset = n;
	}
	g->of_asset[asset] = index + 1;
	return true;
}

/* Log-normal about a mean, by a standard normal. */
static simtime_t vary(simtime_t mean, double variation, double normal)
{
	double sigma = sqrt(log1p(variation * variation));

	return variation > 0 ? (simtime_t)fmin((double)mean * exp(sigma * normal - sigma * sigma / 2), 9e18) : mean;
}

static void equip(const struct sim *s, struct supply *u, const struct grid_site *site)
{
	const struct backup_params *p = &site->power;
	uint64_t w[2];
	double radius;

	rng_block(s->key, PURPOSE_OWN, site->key, 0, w);
	u->generator = u->own = rng_unit(w[0]) < p->generator_share;
	rng_block(s->key, PURPOSE_OWN, site->key, 1, w);
	radius = sqrt(-2 * log(rng_unit(w[0])));
	u->battery = vary(p->backup, p->backup_variation, radius * cos(2 * M_PI * rng_unit(w[1])));
	u->tank = u->own ? vary(p->fuel, p->backup_variation, radius * sin(2 * M_PI * rng_unit(w[1]))) : 0;
	u->fuel = u->tank;
	u->fuel_delivery = p->fuel_delivery;
}

void grid_supply(struct sim *s, const struct grid_site *site, grid_change_fn *fn, void *ctx)
{
	struct grid *g = sim_state(s, &power_grid_model);
	struct supply *u = g ? sim_alloc(s, 1, sizeof *u) : NULL;
	struct feeder *f;

	if (!u || (g->n_supplies == g->cap_supplies && !grow(s, g)) || !remember_asset(s, g, site->asset, g->n_supplies))
		return;
	u->fn = fn;
	u->ctx = ctx;
	u->asset = site->asset;
	u->feeder = grid_nearest(g, site->at);
	u->index = g->n_supplies;
	u->mode = ON_MAINS;
	u->since = s->now;
	equip(s, u, site);
	g->generators |= u->generator;
	g->supply[g->n_supplies++] = u;
	f = &g->feeder[u->feeder];
	*f->end = u;
	f->end = &u->next;
	if (!f->on)
		mains(s, g, u, false);
}

void grid_check_backup(const struct scenario *sc, const struct node *site, struct diag *d)
{
	static const char *const of_generator[] = { "fuel", "fuel-delivery" };
	bool grid = scenario_first(sc, &power_grid_model);
	const struct backup_params *p = site->par;

	if (node_given(site, "backup") && !grid)
		node_error(site, d, "backup", "is of no use: without a <power-grid> the mains never fail");
	if (node_given(site, "generator-share") && !grid)
		node_error(site, d, "generator-share", "is of no use: without a <power-grid> the mains never fail");
	for (int i = 0; i < 2; i++)
		if (node_given(site, of_generator[i]) && !(p->generator_share > 0))
			node_error(site, d, of_generator[i],
				   "is of no use: there is no generator (say generator-share=\"30%%\")");
}

/* ---- fuel ---- */

static struct supply *supply_of(const struct sim *s, uint32_t asset)
{
	const struct grid *g = sim_state(s, &power_grid_model);

	return g && asset < g->n_of_asset && g->of_asset[asset] ? g->supply[g->of_asset[asset] - 1] : NULL;
}

bool grid_has_generator(const struct sim *s, uint32_t asset)
{
	const struct supply *u = supply_of(s, asset);

	return u && u->generator;
}

double grid_fuel(const struct sim *s, uint32_t asset)
{
	const struct supply *u = supply_of(s, asset);

	return u && u->generator ? sim_seconds(in_tank(s, u)) : 0;
}

simtime_t grid_refuel(struct sim *s, uint32_t asset, simtime_t of_running)
{
	struct supply *u = supply_of(s, asset);
	simtime_t room, taken;

	if (!u || !u->generator || of_running <= 0)
		return 0;
	room = u->tank - in_tank(s, u);
	taken = of_running < room ? of_running : room;
	u->fuel += taken;
	refresh(s, sim_state(s, &power_grid_model), u);
	return taken;
}

void grid_generator(struct sim *s, uint32_t asset, simtime_t fuel)
{
	struct supply *u = supply_of(s, asset);

	if (!u)
		return;
	u->generator = true;
	u->tank = u->tank > fuel ? u->tank : fuel;
	u->fuel += u->tank - in_tank(s, u) < fuel ? u->tank - in_tank(s, u) : fuel;
	refresh(s, sim_state(s, &power_grid_model), u);
}

void grid_generator_away(struct sim *s, uint32_t asset)
{
	struct supply *u = supply_of(s, asset);

	if (!u || u->own || !u->generator)
		return;
	u->generator = false;
	refresh(s, sim_state(s, &power_grid_model), u);
	u->fuel = u->tank = 0;
}
