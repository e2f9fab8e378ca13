/*
 * access - random access, by opportunity.
 *
 *   state      something to send      its opportunity                        timer           power gone, its own or its site's
 *   idle       barred: waiting        -                                      -               -
 *              else listed
 *   listed     -                      succeeded, given up: idle              -               idle
 *                                     back-off: listed, far ahead: waiting
 *   waiting    -                      -                                      listed, barred  idle
 *
 * Every sector and coverage class has a ring of lists, one for each of the next opportunities; a device on a list is a link
 * in it.  The first on a list schedules the opportunity's one event, so that those which nobody uses cost nothing.  What
 * follows a preamble (response, msg3, msg4 and their repeats) is drawn and timed when the opportunity is resolved.
 * After TR 37.868 and its simulations: Wei, Bianchi, Cheng, IEEE Trans. Wireless Commun. 14(4), 2015.
 */
#include <string.h>

#include "models/network/cellular/cellular_private.h"
#include "models/network/cellular/rach.h"

static const uint32_t PURPOSE_ATTEMPT = RNG_PURPOSE('c', 'r', 'a', 'c');
static const uint32_t PURPOSE_BARRING = RNG_PURPOSE('c', 'b', 'a', 'r');

/* Rings reach at least as far as a back-off, within the bound. */
bool cell_access_new(struct sim *s, struct cellular *c)
{
	c->lists = 8;
	for (unsigned k = 0; k < c->n_covers; k++) {
		const struct coverage_params *p = c->cover[k];
		simtime_t reach = p->back_off + p->response_window + c->par->resolution_timer + SIM_SECOND / 10;
		while (c->lists < CELL_LISTS && c->lists * p->period < reach)
			c->lists *= 2;
	}
	c->channel_size = (sizeof(struct cell_channel) + c->lists * sizeof(uint32_t) + 15) / 16 * 16;
	c->channels = sim_alloc(s, (size_t)c->n_sectors * c->n_covers + 1, c->channel_size);
	c->cap_tries = 1024;
	c->tries = sim_alloc(s, c->cap_tries, sizeof *c->tries);
	c->draws = sim_alloc(s, c->cap_tries, sizeof *c->draws);
	if (!c->channels || !c->tries || !c->draws)
		return false;
	for (uint32_t i = 0; i < c->n_sectors * c->n_covers; i++) {
		struct cell_channel *ch = cell_channel(c, i);
		ch->par = c->cover[i % c->n_covers];
		ch->coverage = (uint8_t)(i % c->n_covers);
		ch->sector = i / c->n_covers;
		ch->done = -1;
		memset(ch->head, 0xff, c->lists * sizeof(uint32_t));
	}
	for (unsigned i = 0; i <= CELL_ATTEMPTS; i++) /* power ramping: one step a preamble */
		c->detected[i] =
			c->par->detection == DETECTION_RAMPING ? 1 - exp(-(double)i) : c->par->detection_probability;
	return true;
}

static uint32_t channel_of(const struct cellular *c, const struct cell_device *d)
{
	return d->sector * c->n_covers + d->level;
}

/* The number of the channel's first opportunity at t or after that has not been resolved. */
static int64_t opportunity_at(const struct cell_channel *ch, simtime_t t)
{
	int64_t k = (t + ch->par->period - 1) / ch->par->period;

	return k > ch->done ? k : ch->done + 1;
}

/* Put the device on the list of the first opportunity at t or after; where that is too far ahead, wait until it is near. */
static void enlist(struct sim *s, struct cellular *c, uint32_t device, simtime_t t)
{
	struct cell_device *d = &c->device[device];
	uint32_t i = channel_of(c, d);
	struct cell_channel *ch = cell_channel(c, i);
	int64_t k = opportunity_at(ch, t);
	simtime_t period = ch->par->period;

	if (k - s->now / period >= c->lists) {
		d->state = CELL_WAITING;
		d->generation++;
		sim_at(s, (k - 1) * period, c->ev_wake, device, d->generation);
		return;
	}
	d->state = CELL_LISTED;
	d->opportunity = (uint32_t)k & (c->lists - 1);
	d->next = ch->head[d->opportunity];
	ch->head[d->opportunity] = device;
	if (d->next == CELL_NONE)
		sim_at(s, k * period, c->ev_opportunity, i, 0);
}

/* The first preamble may be sent, or access is barred and the device waits, or gives up. */
static void pass_barring(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];
	uint64_t w[2];

	if (c->par->barring_factor < 1) {
		rng_block(s->key, PURPOSE_BARRING, device_key(c->devices, device), d->draws++, w);
		if (rng_unit(w[0]) >= c->par->barring_factor) {
			if (c->par->barring_limit && d->barred >= c->par->barring_limit) {
				c->barred++;
				cell_count_failure(s, c, device, true);
				d->state = CELL_IDLE;
				cell_give_up(s, c, device, FATE_ACCESS_BARRED);
				return;
			}
			d->barred = (uint8_t)(d->barred + (d->barred < UINT8_MAX));
			d->state = CELL_WAITING;
			d->generation++;
			/* TS 36.331, 5.3.3.11: (0.7 + 0.6 rand) x the barring time */
			sim_after(s, (simtime_t)((0.7 + 0.6 * rng_unit(w[1])) * (double)c->par->barring_time), c->ev_wake,
				  device, d->generation);
			return;
		}
	}
	enlist(s, c, device, s->now > d->since ? s->now : d->since);
}

void cell_access_begin(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];
	const struct cell_channel *ch;

	cell_wake(s, c, device);
	d->level = d->coverage;
	d->attempts = d->tried = d->barred = 0;
	ch = cell_channel(c, channel_of(c, d));
	d->since = opportunity_at(ch, s->now + ch->par->synchronisation) * ch->par->period;
	c->begun++;
	pass_barring(s, c, device);
}

static void on_wake(struct sim *s, void *ctx, uint32_t device, uint16_t generation)
{
	struct cellular *c = ctx;
	struct cell_device *d = &c->device[device];

	if (generation != d->generation || d->state != CELL_WAITING)
		return;
	if (d->attempts == 0)
		pass_barring(s, c, device);
	else
		enlist(s, c, device, s->now + 1);
}

bool cell_access_drop(struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];
	struct cell_channel *ch = d->state == CELL_LISTED ? cell_channel(c, channel_of(c, d)) : NULL;

	if (ch) {
		uint32_t *at = &ch->head[d->opportunity];
		while (*at != device)
			at = &c->device[*at].next;
		*at = d->next; /* the event of a list that is empty by then does nothing */
	}
	bool in_work = d->state != CELL_IDLE;
	d->state = CELL_IDLE;
	d->generation++;
	return in_work;
}

/* ---- an opportunity ---- */

static bool room_for(struct sim *s, struct cellular *c, size_t n)
{
	size_t cap = c->cap_tries;

	if (n < cap)
		return true;
	struct rach_try *tries = sim_alloc(s, 2 * cap, sizeof *tries);
	uint64_t *draws = sim_alloc(s, 2 * cap, sizeof *draws);
	if (!tries || !draws)
		return false;
	memcpy(tries, c->tries, cap * sizeof *tries);
	memcpy(draws, c->draws, cap * sizeof *draws);
	c->tries = tries;
	c->draws = draws;
	c->cap_tries = 2 * cap;
	return true;
}

/* Those on the list send their preambles.  A block of chance serves an attempt: 20 bits the preamble, 44 its detection;
 * 24 the back-off, 20 and 20 the repeats of msg3 and msg4. */
static size_t send_preambles(struct sim *s, struct cellular *c, const struct cell_channel *ch, uint32_t first)
{
	uint64_t preambles = ch->par->preambles;
	size_t n = 0;

	for (uint32_t i = first; i != CELL_NONE && room_for(s, c, n); n++) {
		struct cell_device *d = &c->device[i];
		uint64_t w[2];
		rng_block(s->key, PURPOSE_ATTEMPT, device_key(c->devices, i), d->draws++, w);
		d->attempts++;
		d->tried++;
		unsigned a = d->attempts < CELL_ATTEMPTS ? d->attempts : CELL_ATTEMPTS;
		c->tries[n] = (struct rach_try){
			.device = i,
			.preamble = (uint8_t)(((w[0] >> 44) * preambles) >> 20),
			.detectable = (double)(w[0] & ((UINT64_C(1) << 44) - 1)) * 0x1p-44 < c->detected[a],
		};
		c->draws[n] = w[1];
		i = d->next;
	}
	return n;
}

/* Transmissions that failed before one went through; as many as there may be: none did. */
static unsigned repeats(const struct cellular *c, uint64_t bits20)
{
	double u = ((double)bits20 + 0.5) * 0x1p-20, q = c->par->harq_error;
	unsigned n = 0;

	while (n < c->par->harq_transmissions && u < q) {
		u /= q;
		n++;
	}
	return n;
}

/* What an access has cost by t: preambles sent and responses waited for in each class that it tried; and this besides. */
static void spend(struct sim *s, struct cellular *c, uint32_t device, simtime_t t, struct cell_spent also)
{
	const struct cell_device *d = &c->device[device];
	struct cell_spent sum = also;

	for (unsigned k = d->coverage; k <= d->level; k++) {
		unsigned n = k < d->level ? (unsigned)c->cover[k]->attempts : d->tried;
		sum.tx += n * c->preamble[k];
		sum.rx += n * c->cover[k]->response_window;
	}
	sum.idle = t - d->since - sum.tx - sum.rx;
	sum.idle = sum.idle > 0 ? sum.idle : 0;
	sum.rx += c->cover[d->coverage]->synchronisation;
	cell_spend(s, c, device, &sum);
}

/* The attempt has failed and the device knows it at t: it backs off, moves to the next class or gives up. */
static void retry(struct sim *s, struct cellular *c, const struct cell_channel *ch, uint32_t device, simtime_t t, uint64_t draw)
{
	struct cell_device *d = &c->device[device];

	if (d->tried >= ch->par->attempts) {
		if (d->level + 1u >= c->n_covers) {
			c->failed++;
			cell_count_failure(s, c, device, false);
			spend(s, c, device, t, (struct cell_spent){ 0 });
			d->state = CELL_IDLE;
			cell_give_up(s, c, device, FATE_RETRIES_EXHAUSTED);
			return;
		}
		d->level++;
		d->tried = 0;
	}
	t += (simtime_t)((double)(draw >> 40) * 0x1p-24 * (double)ch->par->back_off);
	enlist(s, c, device, t);
}

/* Rounded up to whole milliseconds, which subframes are. */
static simtime_t subframes(simtime_t t)
{
	return (t + SIM_MS - 1) / SIM_MS * SIM_MS;
}

/* A grant: msg3 and msg4 with their repeats, and contention is resolved; or one of them is lost for good. */
static void granted(struct sim *s, struct cellular *c, const struct cell_channel *ch, const struct rach_try *try, uint64_t draw,
		    simtime_t heard)
{
	const struct cellular_params *p = c->par;
	struct cell_device *d = &c->device[try->device];
	unsigned h3 = repeats(c, draw >> 20 & 0xfffff), h4 = repeats(c, draw & 0xfffff);
	simtime_t grant = heard +
			  subframes((simtime_t)(try->grant + 1) * ch->par->response_window / (simtime_t)ch->par->grants) +
			  p->response_processing;

	if (h3 == p->harq_transmissions || h4 == p->harq_transmissions) {
		c->outcome[RACH_OUTCOMES]++;
		retry(s, c, ch, try->device, grant + p->resolution_timer, draw);
		return;
	}
	struct cell_sector *sector = &c->sectors[d->sector];
	const struct cell_signal *g = cell_signal(c, d);
	/* the response has to find room on the downlink; fixed times of TR 37.868 have that in them */
	simtime_t wait = p->request_transmission == SIM_NEVER ? pipe_wait(&sector->down, s->now, grant) : 0;
	if (wait > ch->par->response_window) {
		c->outcome[RACH_NO_GRANT]++;
		retry(s, c, ch, try->device, heard + ch->par->response_window, draw);
		return;
	}
	simtime_t over = grant + wait + h3 * g->request_rtt + h4 * g->resolution_rtt + g->request;
	c->outcome[RACH_GRANTED]++;
	c->succeeded++;
	d->state = CELL_IDLE;
	cell_count_success(s, c, try->device, over - d->since);
	pipe_load(&sector->up, s->now, g->up_work, s->now >= s->warmup);
	pipe_load(&sector->down, s->now, g->down_work, s->now >= s->warmup);
	spend(s, c, try->device, over,
	      (struct cell_spent){ .tx = (1 + h3) * g->msg3, .rx = (1 + h4) * (g->msg4 + g->control) });
	cell_connected(s, c, try->device, over);
}

static void on_opportunity(struct sim *s, void *ctx, uint32_t channel, uint16_t detail)
{
	struct cellular *c = ctx;
	struct cell_channel *ch = cell_channel(c, channel);
	int64_t k = s->now / ch->par->period;
	uint32_t *head = &ch->head[k & (c->lists - 1)];
	simtime_t heard = s->now + c->preamble[ch->coverage] + c->par->preamble_processing;

	(void)detail;
	size_t n = send_preambles(s, c, ch, *head);
	struct rach_sums sums = rach_resolve(c->tries, n, (unsigned)ch->par->preambles, (unsigned)ch->par->grants);
	*head = CELL_NONE;
	ch->done = k;
	c->tried += n;
	if (s->now >= s->warmup) {
		c->collided += sums.collided;
		c->occupied += n > 0;
	}
	for (size_t i = 0; i < n; i++) {
		const struct rach_try *t = &c->tries[i];
		if (t->outcome == RACH_GRANTED) {
			granted(s, c, ch, t, c->draws[i], heard);
		} else {
			c->outcome[t->outcome]++;
			retry(s, c, ch, t->device, heard + ch->par->response_window, c->draws[i]);
		}
	}
}

void cell_access_handlers(struct sim *s, struct cellular *c)
{
	c->ev_opportunity = sim_handler(s, "cellular.opportunity", on_opportunity, c);
	c->ev_wake = sim_handler(s, "cellular.wake", on_wake, c);
}
