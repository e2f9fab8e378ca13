/* The window of a rule: a ring of reports, the oldest first. */
#include "models/crisis/fusion.h"

#include <math.h>

struct heard { simtime_t t; struct point at; uint32_t device; };

struct fusion {
	const struct rule *rule;
	struct heard *ring;
	uint64_t from, to;      /* numbers of the reports in the window: from <= number < to; place: number % cap */
	uint64_t cap;
	uint64_t *newest;       /* by device: number of its newest report, plus 1; 0: none */
	uint32_t devices;       /* that the window holds reports of */
	double sum;             /* cumulative, at `at` */
	simtime_t at;
};

struct fusion *fusion_new(struct sim *s, const struct rule *rule, uint32_t n_devices)
{
	struct fusion *f = sim_alloc(s, 1, sizeof *f);

	if (!f)
		return NULL;
	f->rule = rule;
	f->cap = 64;
	f->ring = sim_alloc(s, f->cap, sizeof *f->ring);
	f->newest = sim_alloc(s, n_devices + 1u, sizeof *f->newest);
	return f->ring && f->newest ? f : NULL;
}

static const struct heard *heard(const struct fusion *f, uint64_t number)
{
	return &f->ring[number % f->cap];
}

static bool is_newest(const struct fusion *f, uint64_t number)
{
	return f->newest[heard(f, number)->device] == number + 1;
}

static void forget_oldest(struct fusion *f)
{
	f->devices -= is_newest(f, f->from);
	f->from++;
}

void fusion_clear(struct fusion *f)
{
	while (f->from < f->to)
		forget_oldest(f);
	f->sum = 0;
}

static bool grow(struct sim *s, struct fusion *f)
{
	struct heard *ring = sim_alloc(s, 2 * f->cap, sizeof *ring);

	if (!ring)
		return false;
	for (uint64_t k = f->from; k < f->to; k++)
		ring[k % (2 * f->cap)] = *heard(f, k);
	f->ring = ring;
	f->cap *= 2;
	return true;
}

static void push(struct sim *s, struct fusion *f, uint32_t device, struct point at)
{
	if (f->to - f->from == f->cap && !grow(s, f))
		return;
	f->devices += f->newest[device] <= f->from;
	f->ring[f->to % f->cap] = (struct heard){ s->now, at, device };
	f->newest[device] = ++f->to;
}

/* Whether a report is of those that the newest one makes a detection with. */
static bool takes_part(const struct fusion *f, uint64_t number)
{
	const struct heard *h = heard(f, number), *newest = heard(f, f->to - 1);

	return is_newest(f, number) && hypot(h->at.x - newest->at.x, h->at.y - newest->at.y) <= f->rule->radius;
}

static bool enough(const struct fusion *f)
{
	uint32_t near = 0;

	if (f->devices < f->rule->k || isinf(f->rule->radius))
		return f->devices >= f->rule->k;
	for (uint64_t k = f->from; k < f->to; k++)
		near += takes_part(f, k);
	return near >= f->rule->k;
}

static bool hear_count(struct sim *s, struct fusion *f, uint32_t device, struct point at)
{
	while (f->from < f->to && (f->rule->k == 1 || heard(f, f->from)->t < s->now - f->rule->within))
		forget_oldest(f);
	push(s, f, device, at);
	return enough(f);
}

/* What was heard before the sum was last 0 is settled. */
static bool hear_sum(struct sim *s, struct fusion *f, uint32_t device, struct point at)
{
	f->sum -= f->rule->drift * sim_seconds(s->now - f->at);
	if (!(f->sum > 0))
		fusion_clear(f);
	f->at = s->now;
	f->sum += 1;
	push(s, f, device, at);
	/* a sum of many thirds of a minute is not off by a rounding */
	return f->sum >= f->rule->threshold * (1 - 1e-12);
}

bool fusion_hear(struct sim *s, struct fusion *f, uint32_t device, struct point at)
{
	return f->rule->kind == RULE_CUSUM ? hear_sum(s, f, device, at) : hear_count(s, f, device, at);
}

struct point fusion_place(const struct fusion *f)
{
	struct point sum = { 0, 0 };
	double n = 0;

	for (uint64_t k = f->from; k < f->to; k++)
		if (takes_part(f, k)) {
			sum.x += heard(f, k)->at.x;
			sum.y += heard(f, k)->at.y;
			n++;
		}
	return (struct point){ sum.x / n, sum.y / n };
}
