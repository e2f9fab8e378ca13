#include "models/network/outage.h"

/* Draw how long the current state lasts.  Means beyond the clock never end. */
static void draw(struct outage *o, simtime_t now)
{
	double mean = o->up ? o->mean_up : o->mean_down, lasts;

	lasts = isfinite(mean) && mean > 0 ? rng_exponential(&o->rng, mean) : INFINITY;
	o->since = now;
	o->change = lasts < 9e9 - sim_seconds(now) ? now + sim_from_seconds(lasts) : SIM_NEVER;
}

void outage_init(struct sim *s, struct outage *o, double availability, simtime_t repair, uint32_t purpose, uint64_t key,
		 uint16_t kind, uint32_t subject)
{
	*o = (struct outage){ .rng = sim_rng(s, purpose, key), .kind = kind, .subject = subject };
	o->mean_down = availability > 0 ? sim_seconds(repair) : INFINITY;
	o->mean_up = availability < 1 ? sim_seconds(repair) * availability / (1 - availability) : INFINITY;
	o->up = rng_uniform(&o->rng) < availability;
	draw(o, s->now);
}

void outage_start(struct sim *s, struct outage *o)
{
	if (o->change != SIM_NEVER)
		sim_at(s, o->change, o->kind, o->subject, 0);
}

static simtime_t counted(const struct sim *s, const struct outage *o)
{
	simtime_t from = o->since > s->warmup ? o->since : s->warmup;

	return outage_works(o) && s->now > from ? s->now - from : 0;
}

void outage_turn(struct sim *s, struct outage *o)
{
	o->up_time += counted(s, o);
	o->up = !o->up;
	o->changes += !o->up;
	draw(o, s->now);
	outage_start(s, o);
}

void outage_hold(struct sim *s, struct outage *o, bool hold)
{
	o->up_time += counted(s, o);
	o->since = s->now;
	o->held = hold;
}

simtime_t outage_up_time(const struct sim *s, const struct outage *o)
{
	return o->up_time + counted(s, o);
}

double outage_up_share(const struct sim *s, const struct outage *o)
{
	return s->now > s->warmup ? (double)outage_up_time(s, o) / (double)(s->now - s->warmup) : NAN;
}
