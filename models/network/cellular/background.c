/*
 * background - what devices send that is not simulated message by message (a worm's scanning): a rate that sectors lose.
 *
 * So many bytes a second in packets of one size are so much work a second for the uplink, and their grants for the downlink, by the
 * device's coupling loss.  The carrier works off everything else at what is left of its rate (pipe.h), which is exact for
 * a fluid, and costs no event.  Kept by device, so that one that moves takes its traffic along and what is taken back is what was
 * added.  While its site has no power the rate stays as it is: nobody else is served either.
 */
#include "models/network/cellular/cellular_private.h"

struct cell_noise {
	double   rate;                  /* B/s */
	int64_t  up, down;              /* of its sector's carriers, in pipe.h's units */
	uint16_t sector;
};

static void take(struct sim *s, struct cellular *c, const struct cell_noise *n, int sign)
{
	pipe_take(&c->sectors[n->sector].up, s->now, sign * n->up);
	pipe_take(&c->sectors[n->sector].down, s->now, sign * n->down);
}

static void place(struct sim *s, struct cellular *c, uint32_t device)
{
	const struct cell_device *d = &c->device[device];
	struct cell_noise *n = &c->noise[device];
	const double packet = (double)c->par->background_packet;

	n->up = n->down = 0;
	n->sector = d->sector;
	if (d->loss == INT16_MAX || n->rate <= 0)
		return;
	struct cell_transfer x = cell_uplink(s, c, d, (unsigned)(8 * c->par->background_packet));
	n->up = pipe_share(n->rate / packet * (double)x.airtime * 1e-9 * x.share);
	n->down = pipe_share(n->rate / packet * cell_signal(c, d)->grant_work * 1e-9);
	take(s, c, n, 1);
}

void cell_background_moved(struct sim *s, struct cellular *c, uint32_t device)
{
	if (!c->noise || c->noise[device].rate <= 0)
		return;
	take(s, c, &c->noise[device], -1);
	place(s, c, device);
}

void cell_background(struct sim *s, void *net, uint32_t device, double change)
{
	struct cellular *c = net;

	if (!c->noise && !(c->noise = sim_alloc(s, c->devices->n + 1u, sizeof *c->noise)))
		return;
	struct cell_noise *n = &c->noise[device];
	if (n->rate > 0)
		take(s, c, n, -1);
	n->rate += change;
	n->rate = n->rate > 1e-9 ? n->rate : 0;
	place(s, c, device);
}
