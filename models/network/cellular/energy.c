/*
 * energy - what a device draws, and how long it stays awake after its transfers.
 *
 *   connected (inactivity)  receiver on
 *   psm                     awake for the active time, then asleep
 *   edrx                    awake for a window in each cycle
 *   none                    awake
 *
 * Listening is charged ahead, when the transfers are timed: until sleep, or where there is none until the next update.  What a
 * device does earlier takes the rest back.
 */
#include "models/network/cellular/cellular_private.h"

/* A class without <power> has the figures of TR 45.820 for its radio. */
void cell_energy_classes(struct cellular *c)
{
	const double DEVICE_DBM = 23;

	for (uint32_t k = 0; k < c->devices->n_classes; k++) {
		struct cell_class *of = &c->classes[k];
		const struct node *power = node_child(of->class->node, &power_model);
		bool given = power && !power->implied;
		of->tx_w = given ? device_tx_draw_w(of->class, DEVICE_DBM) : c->par->tx_draw;
		of->rx_w = given ? of->class->rx_w : c->par->rx_draw;
		of->idle_w = given ? of->class->idle_w : c->par->idle_draw;
	}
}

static void charge(struct sim *s, struct cellular *c, uint32_t device, enum energy_state st, double watts, simtime_t time)
{
	double joules = watts * sim_seconds(time);

	if (time == 0)
		return;
	device_charge(s, c->devices, device, st, joules, time);
	if (s->now >= s->warmup)
		c->access_j += joules;
}

void cell_spend(struct sim *s, struct cellular *c, uint32_t device, const struct cell_spent *spent)
{
	const struct cell_class *k = &c->classes[c->devices->class_of[device]];

	charge(s, c, device, ENERGY_TX, k->tx_w, spent->tx);
	charge(s, c, device, ENERGY_RX, k->rx_w, spent->rx);
	charge(s, c, device, ENERGY_IDLE, k->idle_w, spent->idle);
}

/* How long a device listens after its transfers, and the part of that time in which it is awake. */
static simtime_t listening(const struct cellular *c, double *awake)
{
	const struct cellular_params *p = c->par;

	*awake = p->power_saving == SAVING_EDRX ? (double)p->window / (double)p->cycle : 1;
	return p->power_saving == SAVING_PSM ? p->active_time : p->update_period;
}

static simtime_t overlap(simtime_t from, simtime_t to, simtime_t a, simtime_t b)
{
	from = from > a ? from : a;
	to = to < b ? to : b;
	return to > from ? to - from : 0;
}

/* Listening from `from` to the end of it, or of the run. */
static struct cell_spent tail(const struct sim *s, const struct cellular *c, const struct cell_device *d, simtime_t from)
{
	double awake;
	simtime_t released = d->busy + c->par->inactivity, asleep = released + listening(c, &awake);

	return (struct cell_spent){ .rx = overlap(from, s->end, d->busy, released),
				    .idle = (simtime_t)(awake * (double)overlap(from, s->end, released, asleep)) };
}

void cell_rest(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_spent t = tail(s, c, &c->device[device], c->device[device].busy);

	cell_spend(s, c, device, &t);
}

void cell_wake(struct sim *s, struct cellular *c, uint32_t device)
{
	const struct cell_device *d = &c->device[device];
	struct cell_spent t;

	if (!(d->flags & CELL_LISTENS))
		return;
	t = tail(s, c, d, s->now > d->busy ? s->now : d->busy);
	cell_spend(s, c, device, &(struct cell_spent){ .rx = -t.rx, .idle = -t.idle });
}
