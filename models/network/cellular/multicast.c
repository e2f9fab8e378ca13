/*
 * multicast - one session for many, after SC-PTM (TS 36.440, TS 36.300 23.2; NB-IoT and LTE-M from Rel-14).
 *
 * Every sector with members sends each fragment once, without acknowledgement, robust enough for the class of its worst member (or
 * as `multicast-loss` says).  It takes no more than a share of the downlink, by which everything else is served the slower as long as
 * the session lasts.  Members know when it is, wake for it, and sleep between its fragments; nothing of it is lost on the air, but
 * whose site or own power goes receives nothing.  One event a sector.
 */
#include "models/network/cellular/cellular_private.h"

enum { CASTS = 64 }; /* at a time */

struct listener {
	uint32_t device, next;
	uint8_t  life, cuts;    /* as cell_device's, when it began */
	bool     hears;
};
/* What a sector sends. */
struct part {
	uint32_t  first;        /* listener, CELL_NONE */
	int16_t   worst;        /* coupling loss of its members' worst class, dB */
	int64_t   share;        /* of its downlink, in pipe.h's units */
	simtime_t received;     /* by a member that receives all, time on the air */
};
struct cast {
	struct multicast m;
	struct listener *listener;
	struct part *part;      /* by sector, and one for members that nothing reaches */
	uint32_t room, parts;   /* listeners; parts that are not over */
};
struct cell_casts {
	struct cast *cast[CASTS];
	uint32_t n;
	uint16_t ev_end;
	uint64_t members, told, sessions;       /* over the whole run */
};

/* Room for a session with so many devices: that of one that is over, or more. */
static struct cast *take_cast(struct sim *s, struct cellular *c, uint32_t devices, uint16_t *number)
{
	struct cell_casts *all = c->casts;
	uint32_t k = 0;

	while (k < all->n && (all->cast[k]->parts || all->cast[k]->room < devices))
		k++;
	*number = (uint16_t)k;
	if (k < all->n)
		return all->cast[k];
	if (k == CASTS) {
		sim_fail(s, SIM_E_LIMIT, "%s has more than %d multicasts at a time", c->node->id, CASTS);
		return NULL;
	}
	struct cast *t = sim_alloc(s, 1, sizeof *t);
	if (!t)
		return NULL;
	t->room = devices;
	t->listener = sim_alloc(s, devices + 1u, sizeof *t->listener);
	t->part = sim_alloc(s, c->n_sectors + 1u, sizeof *t->part);
	if (!t->listener || !t->part)
		return NULL;
	all->cast[all->n++] = t;
	return t;
}

/* The loss that the device's sector has to bear for it. */
static double needs(const struct cellular *c, const struct cell_device *d)
{
	return fmin(c->cover[d->coverage]->coupling_loss, phy_max_coupling_loss_db(c->technology));
}

static void add_member(struct sim *s, struct cellular *c, struct cast *t, uint32_t number, uint32_t device)
{
	const struct cell_device *d = &c->device[device];
	bool reached = cell_reach(s, c, device) == FATE_DELIVERED && d->flags & CELL_REGISTERED;

	if (reached && !isnan(c->par->multicast_loss))
		reached = d->loss <= 100 * c->par->multicast_loss;
	struct part *p = &t->part[reached ? d->sector : c->n_sectors];
	t->listener[number] =
		(struct listener){ .device = device, .next = p->first, .life = d->life, .cuts = d->cuts, .hears = reached };
	p->first = number;
	if (reached)
		p->worst = (int16_t)fmax(p->worst, ceil(needs(c, d)));
	c->casts->members++;
}

/* How long the sector sends, what it takes of the downlink meanwhile, and how long a member receives. */
static simtime_t plan(struct sim *s, const struct cellular *c, const struct multicast *m, struct part *p)
{
	const double most = phy_max_coupling_loss_db(c->technology);
	const double loss = fmin(isnan(c->par->multicast_loss) ? p->worst : c->par->multicast_loss, most);
	const struct cell_signal *g = &c->signal[(unsigned)ceil(loss)];
	struct cell_transfer x;

	BUG_ON(s, !phy_downlink(c->technology, loss, 8 * (m->fragment_bytes + (unsigned)c->par->overhead), &x));
	const simtime_t grants = c->technology == CELLULAR_NB_IOT ? x.blocks : 1;
	const simtime_t air = grants * g->control + x.airtime, alone = air + grants * c->gaps.grant_to_downlink;
	const double work = (double)grants * g->grant_work + (double)x.airtime * x.share;
	const double each = fmax((double)alone, work / c->par->multicast_share);

	p->share = pipe_share(work / each);
	p->received = m->fragments * air;
	return (simtime_t)((double)m->fragments * each);
}

void cell_multicast(struct sim *s, void *net, const struct multicast *m)
{
	struct cellular *c = net;
	const struct device_class *of = &c->devices->classes[m->class_index];
	uint16_t number;
	uint32_t members = 0;
	struct cast *t = take_cast(s, c, of->count, &number);

	if (!t)
		return;
	t->m = *m;
	c->casts->sessions++;
	for (uint32_t k = 0; k <= c->n_sectors; k++)
		t->part[k] = (struct part){ .first = CELL_NONE };
	for (uint32_t i = of->first; i < of->first + of->count; i++)
		if (!m->member || m->member(s, m->ctx, i))
			add_member(s, c, t, members++, i);
	for (uint32_t k = 0; k <= c->n_sectors; k++) {
		struct part *p = &t->part[k];
		if (p->first == CELL_NONE)
			continue;
		simtime_t lasts = k < c->n_sectors ? plan(s, c, m, p) : 0;
		if (k < c->n_sectors)
			pipe_take(&c->sectors[k].down, s->now, p->share);
		t->parts++;
		sim_after(s, lasts, c->casts->ev_end, k, number);
	}
}

static uint32_t received(struct sim *s, struct cellular *c, const struct cast *t, const struct part *p, const struct listener *x)
{
	const struct cell_device *d = &c->device[x->device];

	if (!x->hears || x->life != d->life || x->cuts != d->cuts)
		return 0;
	cell_spend(s, c, x->device, &(struct cell_spent){ .rx = p->received });
	return t->m.fragments;
}

/* The room is free once the last has been told: who is told may begin another session. */
static void on_end(struct sim *s, void *ctx, uint32_t sector, uint16_t number)
{
	struct cellular *c = ctx;
	struct cast *t = c->casts->cast[number];
	struct part *p = &t->part[sector];

	if (sector < c->n_sectors)
		pipe_take(&c->sectors[sector].down, s->now, -p->share);
	for (uint32_t k = p->first; k != CELL_NONE; k = t->listener[k].next) {
		const struct listener *x = &t->listener[k];
		c->casts->told++;
		t->m.done(s, t->m.ctx, x->device, received(s, c, t, p, x));
	}
	p->first = CELL_NONE;
	t->parts--;
}

bool cell_casts_new(struct sim *s, struct cellular *c)
{
	c->casts = sim_alloc(s, 1, sizeof *c->casts);
	if (!c->casts)
		return false;
	c->casts->ev_end = sim_handler(s, "cellular.multicast", on_end, c);
	return true;
}

void cell_casts_finish(struct sim *s, const struct cellular *c)
{
	static const char account[] = "cellular multicast", unit[] = "1";
	const struct cell_casts *all = c->casts;
	uint64_t open = 0;

	if (!all->sessions)
		return;
	for (uint32_t n = 0; n < all->n; n++)
		for (uint32_t k = 0; k <= c->n_sectors; k++)
			for (uint32_t i = all->cast[n]->part[k].first; i != CELL_NONE; i = all->cast[n]->listener[i].next)
				open++;
	report_audit(s->report, account, unit, AUDIT_IN, "members", (double)all->members);
	report_audit(s->report, account, unit, AUDIT_OUT, "told what they received", (double)all->told);
	report_audit(s->report, account, unit, AUDIT_OUT, "still on at the end", (double)open);
}
