/*
 * Who came how far, how long a storm lasts, and the levels over time.
 *
 * A storm is a moment at which a tenth of all devices that are ever onboarded gets power; it is over when 99 % of those with power
 * work.  Energy is a sum of what devices have drawn at the end of attempts less that at their begin, so that no device carries it.
 */
#include "models/bootstrap/onboarding_private.h"

enum { POINTS = 240, STORM_SHARE = 10 };
static const double thresholds[2] = { 0.9, 0.99 };

void attempts_begin(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding_counts *c = counts_of(o, i);

	boarding_of(o, i)->trying = 1;
	c->begun++;
	c->energy -= device_energy_j(s, i);
	o->under_way++;
	o->most_under_way = o->under_way > o->most_under_way ? o->under_way : o->most_under_way;
	o->peak_under_way = o->under_way > o->peak_under_way ? o->under_way : o->peak_under_way;
}

void attempts_end(struct sim *s, struct onboarding *o, uint32_t i, enum attempt_end how)
{
	struct boarding_counts *c = counts_of(o, i);
	struct boarding *b = boarding_of(o, i);

	b->trying = 0;
	c->ended[how]++;
	c->energy += device_energy_j(s, i);
	o->under_way--;
	if (how != ATTEMPT_OK)
		return;
	c->useful += o->of_class[o->dev->class_of[i]]->works;
	if (!c->time)
		c->time = sim_alloc(s, 1, sizeof *c->time);
	if (c->time)
		histogram_add(c->time, s->now - b->begun);
}

/* ---- storms ---- */

static void power_on(const struct sim *s, struct storm *st)
{
	if (st->instant != s->now)
		st->at_instant = 0;
	st->instant = s->now;
	st->at_instant++;
	if ((uint64_t)st->at_instant * STORM_SHARE < st->devices || st->began == s->now)
		return;
	for (unsigned k = st->reached; st->storms && k < 2; k++)
		st->censored[k]++;
	st->began = s->now;
	st->reached = 0;
	st->storms++;
}

static void check_recovery(const struct sim *s, struct storm *st)
{
	while (st->storms && st->reached < 2 && st->began < s->now &&
	       st->operational >= thresholds[st->reached] * (double)st->powered)
		tally_add(&st->recovery[st->reached++], sim_seconds(s->now - st->began));
}

void attempts_state(const struct sim *s, struct onboarding *o, enum device_state from, enum device_state to)
{
	struct storm *st = &o->storm;
	bool on = device_is_powered(to), was_on = device_is_powered(from);

	st->powered += (uint32_t)on - (uint32_t)was_on;
	st->operational += (uint32_t)device_works(to) - (uint32_t)device_works(from);
	if (on && !was_on)
		power_on(s, st);
	else if (to == DEVICE_OPERATIONAL)
		check_recovery(s, st);
}

/* ---- over time ---- */

static void on_bin(struct sim *s, void *ctx, uint32_t bin, uint16_t detail)
{
	struct onboarding *o = ctx;
	uint32_t n;
	struct onboarding_server *v = onboarding_servers(s, &n);
	uint32_t *point = &o->point[(size_t)bin * (n + 1)];

	(void)detail;
	point[0] = o->most_under_way;
	o->most_under_way = o->under_way;
	for (uint32_t k = 0; k < n; k++) {
		point[k + 1] = v[k].most;
		v[k].most = server_held(v[k].server, PURPOSES);
	}
	o->bins_done = bin + 1;
	if (o->bins_done < o->n_bins)
		sim_after(s, o->bin, o->kind_bin, bin + 1, 0);
}

/* What attempts under way have drawn so far. */
static void add_under_way(const struct sim *s, struct onboarding *o)
{
	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		for (uint32_t k = 0; o->of_class[c] && k < o->dev->classes[c].count; k++) {
			uint32_t i = o->dev->classes[c].first + k;
			if (o->of_class[c]->row[k].trying)
				counts_of(o, i)->energy += device_energy_j(s, i);
		}
}

/* Energy is counted from the start of the run, and the devices' own account begins again when the warm-up is over. */
static void on_warmup(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)subject, (void)detail;
	add_under_way(s, ctx);
}

void attempts_finish(const struct sim *s, struct onboarding *o)
{
	add_under_way(s, o);
}

bool attempts_setup(struct sim *s, struct onboarding *o)
{
	uint32_t n;

	onboarding_servers(s, &n);
	o->cell = sim_alloc(s, o->groups->n_cells, sizeof *o->cell);
	o->bin = s->end / POINTS > SIM_SECOND ? s->end / POINTS : SIM_SECOND;
	o->n_bins = (uint32_t)(s->end / o->bin);
	o->point = sim_alloc(s, (size_t)(o->n_bins + 1) * (n + 1), sizeof *o->point);
	o->storm.instant = -1;
	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		o->storm.devices += o->of_class[c] ? o->dev->classes[c].count : 0;
	o->storm.began = SIM_NEVER;
	o->kind_bin = sim_handler(s, "onboarding.levels", on_bin, o);
	o->kind_warmup = sim_handler(s, "onboarding.warm-up", on_warmup, o);
	return o->cell && o->point;
}

void attempts_start(struct sim *s, struct onboarding *o)
{
	if (o->n_bins)
		sim_after(s, o->bin, o->kind_bin, 0, 0);
	if (s->warmup > 0)
		sim_at(s, s->warmup - 1, o->kind_warmup, 0, 0);
}
