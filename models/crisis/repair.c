/*
 * Orders, and who does which.
 *
 * Known orders wait in heaps, one for each skill with and without a spare; a free crew looks at the tops of those that it can serve.
 * Whenever something is asked for, known, done, or a shift begins, the highest orders go to the nearest of the crews that are free.
 */
#include <stdio.h>

#include "models/crisis/response_private.h"
#include "models/crisis/supply_chain.h"

static const uint32_t PURPOSE_ASSESS = RNG_PURPOSE('r', 'a', 's', 's');
static const char SPARES[] = "spares"; /* item of a <supply-chain> */

struct point job_place(const struct sim *s, const struct job *j)
{
	uint32_t n;
	const struct asset *a = assets_of(s, &n);
	uint32_t k = j->order.asset;

	if (k == ASSET_NONE || k >= n)
		return j->order.at;
	if (!a[k].placed && a[k].site != ASSET_NONE)
		k = a[k].site;
	return a[k].placed ? a[k].at : j->order.at;
}

/* ---- heaps ---- */

static bool push(struct sim *s, struct response *r, struct job_heap *h, uint32_t number)
{
	uint32_t i = h->n;

	if (h->n == h->cap) {
		uint32_t cap = h->cap ? 2 * h->cap : 16, *more = sim_alloc(s, cap, sizeof *more);
		if (!more)
			return false;
		for (uint32_t k = 0; k < h->n; k++)
			more[k] = h->job[k];
		h->job = more;
		h->cap = cap;
	}
	h->n++;
	for (; i > 0 && job_before(r, number, h->job[(i - 1) / 2]); i = (i - 1) / 2)
		h->job[i] = h->job[(i - 1) / 2];
	h->job[i] = number;
	return true;
}

static void pop(const struct response *r, struct job_heap *h)
{
	uint32_t last = h->job[--h->n], i = 0, child;

	for (; (child = 2 * i + 1) < h->n; i = child) {
		if (child + 1 < h->n && job_before(r, h->job[child + 1], h->job[child]))
			child++;
		if (!job_before(r, h->job[child], last))
			break;
		h->job[i] = h->job[child];
	}
	h->job[i] = last;
}

static uint32_t heap_of(const struct job *j)
{
	return j->fn ? 2u * (uint32_t)j->order.skill + j->order.spare : (uint32_t)HEAP_BRING;
}

static unsigned skills_for(uint32_t heap)
{
	return heap == HEAP_BRING ? 1u << SKILL_TELECOM | 1u << SKILL_BACKHAUL : 1u << heap / 2;
}

/* ---- jobs ---- */

struct job *job_new(struct sim *s, struct response *r, uint32_t *number)
{
	if (r->n_jobs == r->cap_jobs) {
		uint32_t cap = r->cap_jobs ? 2 * r->cap_jobs : 64;
		struct job *more = sim_alloc(s, cap, sizeof *more);
		if (!more)
			return NULL;
		for (uint32_t i = 0; i < r->n_jobs; i++)
			more[i] = r->job[i];
		r->job = more;
		r->cap_jobs = cap;
	}
	*number = r->n_jobs++;
	r->job[*number] = (struct job){ .since = s->now, .crew = NOBODY, .unit = NOBODY, .target = NOBODY };
	return &r->job[*number];
}

void job_open(struct sim *s, struct response *r, uint32_t number)
{
	struct job *j = &r->job[number];

	j->state = JOB_OPEN;
	push(s, r, &r->heap[heap_of(j)], number);
}

static bool may_take(const struct sim *s, const struct response *r, const struct crew *c, uint32_t heap)
{
	if (c->job != NOBODY || !(c->skills & skills_for(heap)) || !crew_on_shift(r, c, s->now))
		return false;
	return heap == HEAP_BRING || !(heap & 1) || (depot_has_spare(s, r, c->depot) && supply_stock(s, SPARES) >= 1);
}

/* The crew that is there first; NOBODY. */
static uint32_t nearest(const struct sim *s, const struct response *r, uint32_t heap, const struct job *j)
{
	uint32_t best = NOBODY;
	double least = INFINITY;

	for (uint32_t i = 0; i < r->n_crews && r->n_free; i++) {
		double t;
		if (!may_take(s, r, &r->crew[i], heap))
			continue;
		t = crew_distance(r, &r->crew[i], s->now, j) / r->crew[i].speed;
		if (t < least) {
			least = t;
			best = i;
		}
	}
	return best;
}

static void take_spare(struct sim *s, struct depot *d, const struct job *j)
{
	d->taken += !d->endless;
	if (j->refused)
		supply_take_late(s, SPARES, 1);
	else
		supply_take(s, SPARES, 1);
}

/* So many crews are out, as steps that are not finer than can be seen on a timeline. */
static void note_crews(const struct sim *s, struct response *r)
{
	uint32_t out = r->n_crews - r->n_free;
	struct crews_out *last = r->n_lane ? &r->lane[r->n_lane - 1] : NULL;

	if (last && s->now - last->from < s->end / LANE_STEPS)
		last->out = out;
	else if (r->n_lane < LANE_STEPS + 1)
		r->lane[r->n_lane++] = (struct crews_out){ s->now, out };
}

void crews_lane(struct sim *s, const struct response *r)
{
	char text[64];

	for (uint32_t i = 0; i < r->n_lane; i++) {
		simtime_t to = i + 1 < r->n_lane ? r->lane[i + 1].from : s->now;
		snprintf(text, sizeof text, "%u of %u", r->lane[i].out, r->n_crews);
		if (r->lane[i].out > 0 && to > r->lane[i].from)
			report_span(s->report, &crisis_timeline, "crews at work", text, SPAN_GOOD, r->lane[i].from, to,
				    (double)r->lane[i].out / r->n_crews);
	}
}

static void send(struct sim *s, struct response *r, uint32_t number, uint32_t crew)
{
	struct job *j = &r->job[number];
	struct crew *c = &r->crew[crew];
	double distance = crew_distance(r, c, s->now, j);
	simtime_t road = travel_time(r, s->now, distance, c->speed), work = sim_from_seconds(fmin(j->order.work, 1e9));

	j->state = JOB_TAKEN;
	j->crew = crew;
	c->job = number;
	c->busy += road + work < s->end - s->now ? road + work : s->end - s->now;
	r->n_free--;
	note_crews(s, r);
	r->travelled += distance;
	if (j->order.spare && j->fn)
		take_spare(s, &r->depot[c->depot], j);
	if (j->fn)
		tally_add(&r->wait, sim_seconds(s->now + road - j->since));
	sim_after(s, crew_finishes(r, c, s->now + road, work) - s->now, r->kind_done, number, 0);
}

/* Bringings that nobody wants any more go away. */
static void prune(struct sim *s, struct response *r)
{
	struct job_heap *h = &r->heap[HEAP_BRING];

	while (h->n && !fleet_wanted(r, &r->job[h->job[0]])) {
		struct job *j = &r->job[h->job[0]];
		pop(r, h);
		j->state = JOB_DONE;
		r->job[j->target].bringing = false;
		fleet_return(s, r, j->unit);
	}
}

/* The highest order for which somebody is free goes out; false: there is none. */
static bool send_one(struct sim *s, struct response *r)
{
	uint32_t best = NOBODY, by = NOBODY, from = 0;

	prune(s, r);
	for (uint32_t h = 0; h < HEAPS && r->n_free; h++) {
		uint32_t top, crew;
		if (r->heap[h].n == 0)
			continue;
		top = r->heap[h].job[0];
		if (best != NOBODY && !job_before(r, top, best))
			continue;
		crew = nearest(s, r, h, &r->job[top]);
		if (crew == NOBODY)
			continue;
		best = top;
		by = crew;
		from = h;
	}
	if (best == NOBODY)
		return false;
	pop(r, &r->heap[from]);
	send(s, r, best, by);
	return true;
}

/* When a crew that is free now but does not take the top of a heap could; SIM_NEVER: never, or when something else happens. */
static simtime_t next_chance(const struct sim *s, const struct response *r)
{
	simtime_t first = SIM_NEVER;

	for (uint32_t h = 0; h < HEAPS; h++)
		for (uint32_t i = 0; r->heap[h].n && i < r->n_crews; i++) {
			const struct crew *c = &r->crew[i];
			simtime_t shift, spare = s->now;
			if (c->job != NOBODY || !(c->skills & skills_for(h)))
				continue;
			if (h != HEAP_BRING && (h & 1)) /* of a supply chain: told when it comes */
				spare = supply_stock(s, SPARES) >= 1 ? depot_next_spare(s, r, c->depot) : SIM_NEVER;
			shift = spare == SIM_NEVER ? SIM_NEVER : crew_next_shift(r, c, spare);
			first = shift < first ? shift : first;
		}
	return first;
}

void repairs_dispatch(struct sim *s, struct response *r)
{
	simtime_t next;

	while (s->status == SIM_OK && send_one(s, r))
		;
	next = next_chance(s, r);
	if (next == SIM_NEVER || (next == r->wake_at && next > s->now))
		return;
	BUG_ON(s, next <= s->now);
	r->wake_at = next;
	r->wake_generation++;
	sim_at(s, next, r->kind_wake, 0, r->wake_generation);
}

static void on_wake(struct sim *s, void *ctx, uint32_t subject, uint16_t generation)
{
	struct response *r = ctx;

	(void)subject;
	if (generation == r->wake_generation)
		repairs_dispatch(s, r);
}

static void on_done(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct response *r = ctx;
	struct job *j = &r->job[number];
	struct crew *c = &r->crew[j->crew];

	(void)detail;
	c->job = NOBODY;
	c->at = j->order.at;
	c->home = crew_shift_end(r, c, s->now);
	r->n_free++;
	note_crews(s, r);
	j->state = JOB_DONE;
	if (!j->fn) {
		fleet_arrive(s, r, number);
	} else {
		r->repairs++;
		timeavg_set(&r->open, s->now, r->open.value - 1);
		j->fn(s, j->ctx, j->subject);
		fleet_mended(s, r, number);
	}
	repairs_dispatch(s, r);
}

/* ---- assessment ---- */

/* Whether it reports its own state: what has power and a way that works; a link is missed at its other end. */
static bool reports_itself(const struct sim *s, const struct repair_order *o)
{
	uint32_t n;
	const struct asset *a = assets_of(s, &n);

	if (o->asset == ASSET_NONE || a[o->asset].kind == ASSET_FEEDER)
		return false;
	if (a[o->asset].kind == ASSET_BACKHAUL || a[o->asset].kind == ASSET_PLATFORM)
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (a[i].kind == ASSET_BACKHAUL && a[i].site == o->asset && !asset_works(&a[i]))
			return false;
	return a[o->asset].power != SITE_DARK;
}

static void on_known(struct sim *s, void *ctx, uint32_t number, uint16_t first_look)
{
	struct response *r = ctx;
	const struct repair_order *o = &r->job[number].order;
	uint64_t w[2];

	if (first_look && !o->known && r->p->assessment > 0 && !reports_itself(s, o)) {
		rng_block(s->key, PURPOSE_ASSESS, o->key, 0, w);
		sim_after(s, sim_from_seconds(fmin(-log(rng_unit(w[0])) * sim_seconds(r->p->assessment), 9e9)),
			  r->kind_known, number, 0);
		return;
	}
	r->job[number].refused = o->spare && supply_stock(s, SPARES) < 1;
	if (r->job[number].refused)
		supply_take(s, SPARES, 1);
	job_open(s, r, number);
	repair_source_known(s, &r->job[number]);
	fleet_ask(s, r, number);
	repairs_dispatch(s, r);
}

bool response_order(struct sim *s, const struct repair_order *o, response_done_fn *fn, void *ctx, uint32_t subject)
{
	struct response *r = response_of(s);
	uint32_t number;
	struct job *j = r && r->n_crews ? job_new(s, r, &number) : NULL;

	if (!j)
		return false;
	j->order = *o;
	j->order.at = job_place(s, j);
	j->fn = fn;
	j->ctx = ctx;
	j->subject = subject;
	j->people = people_served(r, o);
	if (o->asset != ASSET_NONE) {
		uint32_t n;
		j->rank = r->rank_of[assets_of(s, &n)[o->asset].kind];
	} else {
		j->rank = r->rank_of[ASSET_KINDS];
	}
	timeavg_set(&r->open, s->now, r->open.value + 1);
	/* what else breaks at this moment (its link, its power) is broken before it is looked at */
	sim_after(s, 0, r->kind_known, number, 1);
	return true;
}

static void on_spares(struct sim *s, void *ctx)
{
	repairs_dispatch(s, ctx);
}

void repairs_start(struct sim *s, struct response *r)
{
	supply_watch(s, SPARES, on_spares, r);
}

void repairs_setup(struct sim *s, struct response *r)
{
	r->kind_known = sim_handler(s, "response.known", on_known, r);
	r->kind_done = sim_handler(s, "response.done", on_done, r);
	r->kind_wake = sim_handler(s, "response.wake", on_wake, r);
	r->wake_at = SIM_NEVER;
	r->present = 1;
}
