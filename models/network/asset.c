/* The register of what can break, one of a replication, made by whoever comes first. */
#include "models/network/asset.h"

enum { ASSET_WATCHES = 8 };

struct assets {
	struct asset *a;
	uint32_t n, cap, n_watches;
	bool will_break;
	struct { asset_watch_fn *fn; void *ctx; } watch[ASSET_WATCHES];
};

/* A gateway or site: what makes it work. */
struct stand {
	grid_change_fn *fn;
	void *ctx;
	bool powered, broken, covered, on;
};

static const char registry_key = 0;     /* its address is the key of the state */

const char *asset_kind_name(enum asset_kind k)
{
	static const char *const names[ASSET_KINDS] = {
		[ASSET_FEEDER] = "feeder",     [ASSET_GATEWAY] = "gateway", [ASSET_SITE] = "site",
		[ASSET_BACKHAUL] = "backhaul", [ASSET_EDGE] = "edge",       [ASSET_PLATFORM] = "platform"
	};
	return names[k];
}

static struct assets *registry(struct sim *s)
{
	struct assets *r = sim_state(s, &registry_key);

	if (!r && (r = sim_alloc(s, 1, sizeof *r)))
		sim_set_state(s, &registry_key, r);
	return r;
}

static bool grow(struct sim *s, struct assets *r)
{
	uint32_t cap = r->cap ? 2 * r->cap : 64;
	struct asset *a = sim_alloc(s, cap, sizeof *a);

	if (!a)
		return false;
	for (uint32_t i = 0; i < r->n; i++)
		a[i] = r->a[i];
	r->a = a;
	r->cap = cap;
	return true;
}

uint32_t asset_add(struct sim *s, const struct asset *a)
{
	struct assets *r = registry(s);

	if (!r || (r->n == r->cap && !grow(s, r)))
		return ASSET_NONE;
	r->a[r->n] = *a;
	r->a[r->n].reasons = 0;
	r->a[r->n].covers = 0;
	r->a[r->n].power = SITE_MAINS;
	return r->n++;
}

const struct asset *assets_of(const struct sim *s, uint32_t *n)
{
	const struct assets *r = sim_state(s, &registry_key);

	*n = r ? r->n : 0;
	return r ? r->a : NULL;
}

void assets_will_break(struct sim *s)
{
	struct assets *r = registry(s);

	if (r)
		r->will_break = true;
}

bool assets_may_break(const struct sim *s)
{
	const struct assets *r = sim_state(s, &registry_key);

	return r && r->will_break;
}

static void tell(struct sim *s, const struct assets *r, uint32_t asset)
{
	for (uint32_t i = 0; i < r->n_watches; i++)
		r->watch[i].fn(s, r->watch[i].ctx, asset);
}

/* One reason more or less; whether it was the first to come, or the last to go. */
static bool turns(const struct sim *s, uint32_t *reasons, bool more)
{
	BUG_ON(s, !more && *reasons == 0);
	*reasons += more ? 1u : UINT32_MAX;
	return *reasons == (more ? 1u : 0u);
}

void asset_break(struct sim *s, uint32_t asset, bool broken)
{
	struct assets *r = registry(s);
	struct asset *a;

	if (!r)
		return;
	BUG_ON(s, asset >= r->n);
	a = &r->a[asset];
	if (!turns(s, &a->reasons, broken))
		return;
	if (a->fn && a->covers == 0)
		a->fn(s, a->ctx, broken);
	tell(s, r, asset);
}

void asset_cover(struct sim *s, uint32_t asset, bool covered)
{
	struct assets *r = registry(s);
	struct asset *a;

	if (!r)
		return;
	BUG_ON(s, asset >= r->n);
	a = &r->a[asset];
	if (!turns(s, &a->covers, covered))
		return;
	if (a->cover)
		a->cover(s, a->ctx, covered);
	if (a->fn && a->reasons)
		a->fn(s, a->ctx, !covered);
	tell(s, r, asset);
}

void asset_power(struct sim *s, uint32_t asset, enum site_power power)
{
	struct assets *r = registry(s);

	if (!r || asset == ASSET_NONE || r->a[asset].power == power)
		return;
	r->a[asset].power = power;
	tell(s, r, asset);
}

void asset_watch(struct sim *s, asset_watch_fn *fn, void *ctx)
{
	struct assets *r = registry(s);

	if (!r)
		return;
	BUG_ON(s, r->n_watches == ASSET_WATCHES);
	r->watch[r->n_watches].fn = fn;
	r->watch[r->n_watches++].ctx = ctx;
}

/* ---- gateways and sites ---- */

static void switch_stand(struct sim *s, struct stand *st)
{
	bool on = st->covered || (st->powered && !st->broken);

	if (on == st->on)
		return;
	st->on = on;
	st->fn(s, st->ctx, on);
}

static void on_broken(struct sim *s, void *ctx, bool broken)
{
	struct stand *st = ctx;

	st->broken = broken;
	switch_stand(s, st);
}

static void on_cover(struct sim *s, void *ctx, bool covered)
{
	struct stand *st = ctx;

	st->covered = covered;
	switch_stand(s, st);
}

static void on_power(struct sim *s, void *ctx, bool on)
{
	struct stand *st = ctx;

	st->powered = on;
	switch_stand(s, st);
}

uint32_t asset_site(struct sim *s, const struct asset *a, const struct backup_params *power, grid_change_fn *fn, void *ctx)
{
	struct stand *st = sim_alloc(s, 1, sizeof *st);
	struct asset own = *a;
	uint32_t number;

	if (!st)
		return ASSET_NONE;
	*st = (struct stand){ .fn = fn, .ctx = ctx, .powered = true, .on = true };
	own.fn = on_broken;
	own.cover = on_cover;
	own.ctx = st;
	own.placed = true;
	number = asset_add(s, &own);
	if (number != ASSET_NONE)
		grid_supply(s, &(struct grid_site){ a->at, *power, number, a->key }, on_power, st);
	return number;
}
