/* capacity - what random access and others leave of a sector's carriers, and what signalling costs at a coupling loss. */
#include "models/network/cellular/cellular_private.h"

/* Share of the first carrier's uplink that opportunities take, used or not: [M] NB-IoT 3.75 kHz a preamble of 180 kHz; else six
 * resource blocks of the carrier (LTE-M has no more). */
static double access_share(const struct cellular *c)
{
	double share = 0;

	for (unsigned k = 0; k < c->n_covers; k++) {
		double width = c->technology == CELLULAR_NB_IOT  ? (double)c->cover[k]->preambles / 48
			       : c->technology == CELLULAR_LTE_M ? 1
								 : 6.0 / 50;
		share += width * (double)c->preamble[k] / (double)c->cover[k]->period;
	}
	return fmin(share, 0.95);
}

static double add_message(const struct cellular *c, double loss, enum phy_message m, simtime_t *airtime)
{
	struct cell_transfer t;

	BUG_ON(NULL, !phy_message(c->technology, loss, m, &t));
	*airtime = t.airtime;
	return (double)t.airtime * t.share;
}

/* Down to the least coupling loss that phy tells apart, signalling is the same. */
static void signal_at(struct cellular *c, double loss, struct cell_signal *g)
{
	const struct cellular_params *p = c->par;
	struct cell_transfer control;
	simtime_t rar;

	BUG_ON(NULL, !phy_control(c->technology, loss, &control));
	g->control = control.airtime;
	g->grant_work = (double)control.airtime * control.share;
	g->up_work = add_message(c, loss, PHY_MSG3, &g->msg3);
	g->down_work = add_message(c, loss, PHY_RAR, &rar) + add_message(c, loss, PHY_MSG4, &g->msg4) + 2 * g->grant_work;
	g->release_work = add_message(c, loss, PHY_RELEASE, &g->release) + g->grant_work;
	g->request = p->request_transmission;
	g->request_rtt = p->request_rtt;
	g->resolution_rtt = p->resolution_rtt;
	if (g->request == SIM_NEVER)
		g->request = c->gaps.grant_to_uplink + g->msg3 + c->gaps.uplink_to_grant + g->control +
			     c->gaps.grant_to_downlink + g->msg4;
	if (g->request_rtt == SIM_NEVER)
		g->request_rtt = c->gaps.uplink_to_grant + g->control + c->gaps.grant_to_uplink + g->msg3;
	if (g->resolution_rtt == SIM_NEVER)
		g->resolution_rtt = c->gaps.downlink_to_ack + g->control + c->gaps.grant_to_downlink + g->msg4;
}

bool cell_capacity_new(struct sim *s, struct cellular *c)
{
	double others = 1 - c->par->background_load, most = phy_max_coupling_loss_db(c->technology);

	c->memo = sim_alloc(s, CELL_MEMO, sizeof *c->memo);
	c->gaps = phy_gaps(c->technology);
	for (unsigned loss = 0; loss < CELL_LOSSES; loss++)
		signal_at(c, fmin(loss, most), &c->signal[loss]);
	c->sectors = sim_alloc(s, c->n_sectors + 1u, sizeof *c->sectors);
	for (uint32_t i = 0; c->sectors && i < c->n_sectors; i++) {
		c->sectors[i].up.rate = c->sectors[i].up.whole = others * ((double)c->par->carriers - access_share(c));
		c->sectors[i].down.rate = c->sectors[i].down.whole =
			others * ((double)c->par->carriers - phy_broadcast_share(c->technology));
	}
	return c->sectors && c->memo;
}

struct cell_transfer cell_uplink(struct sim *s, struct cellular *c, const struct cell_device *d, unsigned bits)
{
	struct cell_memo *m = &c->memo[((uint32_t)d->loss * 37 + bits) % CELL_MEMO];

	if (m->bits != bits || m->loss != d->loss) {
		*m = (struct cell_memo){ .bits = bits, .loss = d->loss };
		BUG_ON(s, !phy_uplink_as(c->technology, (enum phy_format)c->par->uplink_format, cell_loss_db(c, d), bits,
					 &m->x));
	}
	return m->x;
}
