/*
 * A device's association with its hub, and hubs that fail and come back.
 *
 *   wanted       the hub is up for as long as an association takes, and the device is vouched for    associated
 *                it is refused                                                                        tries again after a while
 *                the hub fails                                                                        begins anew when it is back
 *   associated   the device leaves: loses its power, or moves to another network                      -
 *
 * Who vouches for devices is asked at the end of the association, and may take any time.
 */
#include "models/network/local_private.h"

static const simtime_t REFUSED_AGAIN = SIM_MINUTE; /* [M] until a station that was refused tries again */

/* Begin to associate where there is a hub to associate with; else its return begins it. */
static void associate(struct sim *s, struct local *l, uint32_t i)
{
	const struct local_device *d = local_device(l, i);

	if (!(d->flags & LOCAL_COVERED) || !l->hub[d->hub].outage.up)
		return;
	device_charge(s, l->dev, i, ENERGY_RX, l->p->rx_draw * sim_seconds(l->p->association), l->p->association);
	sim_after(s, l->p->association, l->kind_device, i, d->generation);
}

static void joined(struct sim *s, struct local *l, uint32_t i)
{
	struct local_device *d = local_device(l, i);

	d->flags = (uint8_t)((d->flags & ~(LOCAL_WANTED | LOCAL_ASKED)) | LOCAL_ASSOCIATED);
	if (s->now >= s->warmup)
		tally_add(&l->association, sim_seconds(s->now - d->since));
	device_attached(s, i);
}

/* The verdict may come before the question returns. */
static void on_associated(struct sim *s, void *ctx, uint32_t i, uint16_t generation)
{
	struct local *l = ctx;
	struct local_device *d = local_device(l, i);

	if (generation != d->generation || !l->hub[d->hub].outage.up)
		return;
	d->flags |= LOCAL_ASKED;
	if (network_authenticate(s, i))
		joined(s, l, i);
}

void local_authenticated(struct sim *s, void *net, uint32_t device, bool granted)
{
	struct local *l = net;
	struct local_device *d = local_device(l, device);

	if (!(d->flags & LOCAL_ASKED))
		return; /* of an association that is void */
	d->flags &= (uint8_t)~LOCAL_ASKED;
	if (granted)
		joined(s, l, device);
	else
		sim_after(s, REFUSED_AGAIN, l->kind_again, device, d->generation);
}

static void on_again(struct sim *s, void *ctx, uint32_t i, uint16_t generation)
{
	struct local *l = ctx;

	if (generation == local_device(l, i)->generation)
		associate(s, l, i);
}

void local_attach(struct sim *s, void *net, uint32_t device)
{
	struct local *l = net;
	struct local_device *d = local_device(l, device);

	d->generation++;
	d->flags |= LOCAL_WANTED;
	d->since = s->now;
	associate(s, l, device);
}

/* A device that moves on to another network finishes what it is sending; one without power does not. */
void local_detach(struct sim *s, void *net, uint32_t device)
{
	struct local *l = net;
	struct local_device *d = local_device(l, device);

	d->flags &= LOCAL_COVERED;
	d->generation++;
	if (!device_is_powered(l->dev->state[device])) {
		d->powered++;
		d->free_at = d->free_down = s->now;
	}
}

void local_hub_changed(struct sim *s, struct local_hub *h)
{
	struct local *l = h->net;
	bool live = h->outage.up && backhaul_up(h->backhaul);

	for (uint32_t i = h->first; i < h->first + h->count && live != h->live; i++)
		if (local_device(l, i)->flags & LOCAL_COVERED)
			network_path(s, l, i, live ? 1 : -1);
	h->live = live;
}

static void on_hub(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	struct local *l = ctx;
	struct local_hub *h = &l->hub[k];

	(void)detail;
	outage_turn(s, &h->outage);
	local_hub_changed(s, h);
	for (uint32_t i = h->first; i < h->first + h->count; i++) {
		struct local_device *d = local_device(l, i);
		if (!(d->flags & LOCAL_WANTED))
			continue;
		d->generation++; /* an association under way is void */
		d->flags &= (uint8_t)~LOCAL_ASKED;
		associate(s, l, i);
	}
}

void local_join_handlers(struct sim *s, struct local *l)
{
	l->kind_hub = sim_handler(s, "local-link.change", on_hub, l);
	l->kind_device = sim_handler(s, "local-link.associated", on_associated, l);
	l->kind_again = sim_handler(s, "local-link.again", on_again, l);
}
