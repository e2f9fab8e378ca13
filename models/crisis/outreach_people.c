/* Phones and sirens, and the people who have or hear them. */
#include "models/city/placement.h"
#include "models/crisis/outreach_private.h"
#include "models/network/asset.h"

static const uint32_t PURPOSE_HAS = RNG_PURPOSE('w', 'h', 'a', 's');
static const uint32_t PURPOSE_TAKES = RNG_PURPOSE('w', 't', 'a', 'k');
static const uint32_t PURPOSE_INDOOR = RNG_PURPOSE('w', 'i', 'n', 'd');
static const uint32_t PURPOSE_SIREN = RNG_PURPOSE('w', 's', 'i', 'r');

bool person_has(const struct sim *s, const struct channel *c, const struct person_point *p, double share)
{
	uint64_t w[2];

	rng_block(s->key, PURPOSE_HAS, rng_mix(c->node->key ^ p->key), 0, w);
	return rng_unit(w[0]) < share;
}

double person_takes(const struct sim *s, const struct channel *c, const struct issue *i, const struct person_point *p, simtime_t mean,
		    uint32_t what)
{
	uint64_t w[2];

	rng_block(s->key, PURPOSE_TAKES, rng_mix(c->node->key ^ p->key) ^ i->key, what, w);
	return -sim_seconds(mean) * log(rng_unit(w[0]));
}

void person_warned(struct issue *i, uint32_t point, double after, enum channel_kind by)
{
	if (after >= i->after[point])
		return;
	i->after[point] = after;
	i->channel[point] = (uint8_t)by;
}

/* ---- phones ---- */

static struct cellular_audience *audience_of(struct sim *s, const struct channel *c, const struct people *people)
{
	const struct phones_params *p = c->node->par;
	struct radio_end *phone = sim_alloc(s, people->n + 1u, sizeof *phone);

	for (uint32_t k = 0; phone && k < people->n; k++) {
		const struct person_point *at = &people->point[k];
		uint64_t w[2];
		rng_block(s->key, PURPOSE_INDOOR, at->key, 0, w);
		phone[k] = (struct radio_end){ at->at, 1.5, at->key, rng_unit(w[0]) < p->indoor };
	}
	return phone ? cellular_audience_new(s, p->network, phone, people->n, p->coupling_loss) : NULL;
}

static void try_phone(struct sim *s, const struct channel *c, struct issue *i, uint32_t point)
{
	const struct phones_params *p = c->node->par;
	const struct person_point *at = &i->people->point[point];
	double after = sim_seconds(s->now - i->at);

	if (c->kind == CHANNEL_APP)
		after += person_takes(s, c, i, at, p->latency, 0);
	person_warned(i, point, after + person_takes(s, c, i, at, p->notice, 1), c->kind);
}

/* Those whose phone has not shown it yet. */
void on_phones(struct sim *s, void *ctx, uint32_t issue, uint16_t detail)
{
	const struct channel *c = ctx;
	const struct phones_params *p = c->node->par;
	struct issue *i = c->outreach->issue[issue];
	uint8_t *reached = &i->reached[(size_t)c->index * i->people->n];
	simtime_t first = i->at + (c->kind == CHANNEL_BROADCAST ? p->latency : 0);

	(void)detail;
	for (uint32_t k = 0; k < i->people->n; k++) {
		if (reached[k] || !cellular_covers(c->audience, k))
			continue;
		reached[k] = 1;
		if (person_has(s, c, &i->people->point[k], p->share))
			try_phone(s, c, i, k);
	}
	if (s->now - first <= p->lasts - p->period)
		sim_after(s, p->period, s->current.kind, issue, 0);
}

void phones_begin(struct sim *s, struct channel *c, struct issue *i)
{
	const struct phones_params *p = c->node->par;

	if (!c->audience && !(c->audience = audience_of(s, c, i->people)))
		return;
	sim_after(s, c->kind == CHANNEL_BROADCAST ? p->latency : 0, c->outreach->kind[c->index], i->number, 0);
}

/* ---- sirens ---- */

static uint64_t sirens_key(const struct channel *c)
{
	return rng_mix(c->node->parent->key + c->node->key);
}

bool sirens_new(struct sim *s, struct channel *c, const struct city *city)
{
	const struct siren_params *p = c->node->par;
	uint32_t n = p->at.given ? 1 : (uint32_t)p->count;
	struct rng r = sim_rng(s, PURPOSE_SIREN, sirens_key(c));
	struct point *at = sim_alloc(s, n, sizeof *at);

	c->siren = sim_alloc(s, n, sizeof *c->siren);
	if (!c->siren || !at)
		return false;
	c->n_sirens = n;
	if (p->at.given) {
		at[0] = city_locate(city, p->at);
	} else if (p->placement == SIRENS_HEXAGONAL) {
		if (!city_lattice(city, true, n, at)) {
			sim_fail(s, SIM_E_NOMEM, "out of memory for the places of %u sirens", n);
			return false;
		}
	} else {
		for (uint32_t k = 0; k < n; k++)
			at[k] = city_draw(city, p->placement == SIRENS_POPULATION ? CITY_POPULATION : CITY_UNIFORM, &r,
					  NULL);
	}
	for (uint32_t k = 0; k < n; k++)
		c->siren[k] = (struct siren){ at[k], true };
	return true;
}

static void on_power(struct sim *s, void *ctx, bool on)
{
	struct siren *v = ctx;

	(void)s;
	v->on = on;
}

void sirens_start(struct sim *s, struct channel *c)
{
	const struct siren_params *p = c->node->par;

	for (uint32_t k = 0; k < c->n_sirens; k++)
		grid_supply(s,
			    &(struct grid_site){ .at = c->siren[k].at,
						 .power = p->power,
						 .asset = ASSET_NONE,
						 .key = rng_mix(sirens_key(c) + k) },
			    on_power, &c->siren[k]);
}

static bool heard(const struct channel *c, struct point at)
{
	const struct siren_params *p = c->node->par;

	for (uint32_t k = 0; k < c->n_sirens; k++)
		if (c->siren[k].on && hypot(c->siren[k].at.x - at.x, c->siren[k].at.y - at.y) <= p->radius)
			return true;
	return false;
}

void sirens_sound(struct sim *s, const struct channel *c, struct issue *i)
{
	const struct siren_params *p = c->node->par;

	for (uint32_t k = 0; k < i->people->n; k++) {
		const struct person_point *at = &i->people->point[k];
		if (heard(c, at->at) && person_has(s, c, at, p->share))
			person_warned(i, k, person_takes(s, c, i, at, p->notice, 1), CHANNEL_SIREN);
	}
}
