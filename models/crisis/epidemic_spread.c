/*
 * How a disease spreads: infection, the stages of incubation and of being infectious, recovery.
 *
 * Exact (Gillespie 1977): one event is pending for each outbreak, drawn at the sum of all rates
 *
 *   event      rate                                        what happens
 *   contact    infectious x contacts                       somebody is met: infected if susceptible, else nothing
 *   progress   exposed x stages / incubation               one passes into the next stage, after the last is infectious
 *   recovery   infectious x stages / infectious time       one passes into the next stage, after the last is recovered
 *
 * Whom a contact meets is drawn as it comes about: who is infectious, where they are, who else is there.  That makes it constant
 * work, and exact, since a contact that meets one who is not susceptible changes nothing (rejection).
 *
 * Tau-leap: what falls in a step is drawn from binomial laws, so that no state becomes negative (Chatterjee et al. 2005).  The risk
 * is that of the middle of the step, as expected; who enters a stage within the step does so uniformly over it and may leave it
 * again.  Both make the error of a step of its third order in the means.
 */
#include <gsl/gsl_randist.h>

#include "models/crisis/epidemic_private.h"

uint32_t draw_binomial(struct rng *r, double p, uint32_t n)
{
	gsl_rng g;

	if (n == 0 || !(p > 0))
		return 0;
	if (p >= 1)
		return n;
	rng_gsl(&g, r);
	return gsl_ran_binomial(&g, p, n);
}

static void peak(const struct sim *s, struct outbreak *b, struct folk *f)
{
	uint32_t infected = b->sum_exposed + b->sum_infectious;

	if (f->exposed + f->infectious > f->infected_peak)
		f->infected_peak = f->exposed + f->infectious;
	if (infected > b->infected_peak) {
		b->infected_peak = infected;
		b->peak_at = s->now;
	}
}

/* ---- exact ---- */

/* Which of n counts holds the k-th of them all. */
static uint32_t holder(const uint32_t *count, uint32_t n, uint32_t k)
{
	uint32_t at = 0;

	for (; at + 1 < n && k >= count[at]; at++)
		k -= count[at];
	return at;
}

/* The first of n sums that is above u. */
static uint32_t above(const double *sum, uint32_t n, double u)
{
	uint32_t low = 0, high = n - 1;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (sum[middle] > u)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static uint32_t place_visited(const struct outbreak *b, uint32_t home, double u)
{
	const double *row = &b->travel[(size_t)home * b->n];
	uint32_t at = 0;

	for (; at + 1 < b->n && u >= row[at]; at++)
		u -= row[at];
	return at;
}

static void contact(struct sim *s, struct outbreak *b)
{
	uint32_t slot = holder(b->infectious, b->n * b->stages, rng_below(&b->chance, b->sum_infectious));
	uint32_t where = place_visited(b, slot / b->stages, rng_uniform(&b->chance));
	uint32_t home = above(&b->host[(size_t)where * b->n], b->n, rng_uniform(&b->chance));
	struct folk *f = &b->folk[home];

	if (rng_below(&b->chance, f->people) >= f->susceptible)
		return;
	f->susceptible--;
	b->susceptible--;
	f->exposed++;
	b->sum_exposed++;
	b->exposed[(size_t)home * b->stages]++;
	peak(s, b, f);
}

static void progress(struct outbreak *b)
{
	uint32_t slot = holder(b->exposed, b->n * b->stages, rng_below(&b->chance, b->sum_exposed));
	uint32_t home = slot / b->stages;
	struct folk *f = &b->folk[home];

	b->exposed[slot]--;
	if (slot % b->stages + 1 < b->stages) {
		b->exposed[slot + 1]++;
		return;
	}
	f->exposed--;
	b->sum_exposed--;
	f->onsets++;
	f->infectious++;
	b->sum_infectious++;
	b->infectious[(size_t)home * b->stages]++;
}

static void recovery(struct outbreak *b)
{
	uint32_t slot = holder(b->infectious, b->n * b->stages, rng_below(&b->chance, b->sum_infectious));
	struct folk *f = &b->folk[slot / b->stages];

	b->infectious[slot]--;
	if (slot % b->stages + 1 < b->stages) {
		b->infectious[slot + 1]++;
		return;
	}
	f->infectious--;
	b->sum_infectious--;
	f->recovered++;
	b->deaths += draw_binomial(&b->chance, b->p->fatality, 1);
}

static double rate_contact(const struct outbreak *b)
{
	return b->sum_infectious * b->contact * b->contacts;
}

static double rate_all(const struct outbreak *b)
{
	return rate_contact(b) + b->sum_exposed * b->progress + b->sum_infectious * b->recover;
}

static void draw_next(struct sim *s, struct outbreak *b)
{
	double rate = rate_all(b), wait;

	if (!(rate > 0))
		return;
	wait = rng_exponential(&b->chance, 1 / rate);
	if (wait < sim_seconds(s->end - s->now) + 1)
		sim_after(s, sim_from_seconds(wait), b->all->kind_next, b->number, b->turn);
}

static void on_next(struct sim *s, void *ctx, uint32_t number, uint16_t turn)
{
	const struct epidemics *es = ctx;
	struct outbreak *b = es->outbreak[number];
	double u;

	if (turn != b->turn)
		return;
	b->events++;
	u = rng_uniform(&b->chance) * rate_all(b) - rate_contact(b);
	if (u < 0)
		contact(s, b);
	else if (u < b->sum_exposed * b->progress || b->sum_infectious == 0)
		progress(b);
	else
		recovery(b);
	draw_next(s, b);
}

/* ---- tau-leap ---- */

/* Expected infectious people of a district half a step on. */
static double half_way(const struct outbreak *b, uint32_t i, double step)
{
	size_t last = (size_t)i * b->stages + b->stages - 1;
	double now = b->folk[i].infectious;

	return fmax(0, now + step / 2 * (b->progress * b->exposed[last] - b->recover * b->infectious[last]));
}

/* Into b->force: rate at which one who is in a place is infected there. */
static void set_force(struct outbreak *b, double step)
{
	for (uint32_t j = 0; j < b->n; j++)
		b->force[j] = 0;
	for (uint32_t k = 0; k < b->n; k++) {
		const double *row = &b->travel[(size_t)k * b->n];
		double infectious = half_way(b, k, step);
		for (uint32_t j = 0; infectious > 0 && j < b->n; j++)
			b->force[j] += row[j] * infectious;
	}
	for (uint32_t j = 0; j < b->n; j++)
		b->force[j] = b->folk[j].around > 0 ? b->force[j] / b->folk[j].around * b->contact * b->contacts : 0;
}

struct chances { double stay, come; }; /* to leave a stage within the step, for who is in it, who comes into it */

static struct chances chances_of(double rate, double step)
{
	double stay = -expm1(-rate * step);

	return (struct chances){ stay, 1 - stay / (rate * step) };
}

/* So many come into the first stage; returns how many leave the last. */
static uint32_t pass(struct outbreak *b, uint32_t *stage, struct chances c, uint32_t come)
{
	for (uint32_t k = 0; k < b->stages; k++) {
		uint32_t leave = draw_binomial(&b->chance, c.stay, stage[k]) + draw_binomial(&b->chance, c.come, come);
		stage[k] = stage[k] + come - leave;
		come = leave;
	}
	return come;
}

static void leap_folk(struct outbreak *b, uint32_t i, double step, struct chances progress, struct chances recover)
{
	const double *row = &b->travel[(size_t)i * b->n];
	struct folk *f = &b->folk[i];
	uint32_t infected, onsets, recovered;
	double risk = 0;

	for (uint32_t j = 0; j < b->n; j++)
		risk += row[j] * b->force[j];
	infected = draw_binomial(&b->chance, -expm1(-risk * step), f->susceptible);
	if (infected + f->exposed + f->infectious == 0)
		return;
	onsets = pass(b, &b->exposed[(size_t)i * b->stages], progress, infected);
	recovered = pass(b, &b->infectious[(size_t)i * b->stages], recover, onsets);
	f->susceptible -= infected;
	f->exposed += infected - onsets;
	f->onsets += onsets;
	f->infectious += onsets - recovered;
	f->recovered += recovered;
	b->susceptible -= infected;
	b->sum_exposed += infected - onsets;
	b->sum_infectious += onsets - recovered;
	b->deaths += draw_binomial(&b->chance, b->p->fatality, recovered);
}

static void on_step(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	const struct epidemics *es = ctx;
	struct outbreak *b = es->outbreak[number];
	double step = sim_seconds(b->p->step);
	struct chances progress = chances_of(b->progress, step), recover = chances_of(b->recover, step);

	b->events++;
	set_force(b, step);
	for (uint32_t i = 0; i < b->n; i++)
		leap_folk(b, i, step, progress, recover);
	for (uint32_t i = 0; i < b->n; i++)
		peak(s, b, &b->folk[i]);
	if (b->sum_exposed + b->sum_infectious > 0)
		sim_after(s, b->p->step, es->kind_step, number, detail);
}

/* ---- both ---- */

void spread_handlers(struct sim *s, struct epidemics *es)
{
	es->kind_next = sim_handler(s, "epidemic.next", on_next, es);
	es->kind_step = sim_handler(s, "epidemic.step", on_step, es);
}

void spread_begin(struct sim *s, struct outbreak *b)
{
	for (uint32_t i = 0; i < b->n; i++) {
		struct folk *f = &b->folk[i];
		f->susceptible -= f->exposed;
		b->susceptible -= f->exposed;
		b->sum_exposed += f->exposed;
	}
	for (uint32_t i = 0; i < b->n; i++)
		peak(s, b, &b->folk[i]);
	if (b->exact)
		draw_next(s, b);
	else
		sim_after(s, b->p->step, b->all->kind_step, b->number, 0);
}

/* A leap takes the contacts that are left at the end of its step. */
void spread_contacts(struct sim *s, struct outbreak *b, double contacts)
{
	b->contacts = contacts;
	b->turn++;
	if (b->exact)
		draw_next(s, b);
}
