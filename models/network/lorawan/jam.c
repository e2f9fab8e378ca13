/*
 * jam - noise at gateways from transmitters that disturb on purpose.
 *
 * What each gateway receives of it on each channel follows from the path loss between the two, as for a device outdoors.  Downlinks,
 * what the server's ADR believes of a link, and whether a device counts as covered do not change.
 */
#include "models/network/lorawan/lorawan_private.h"

struct lw_jammed { const struct jammer *j; struct lw_jammed *next; };

static double width(const struct lorawan *lw, unsigned ch)
{
	for (uint8_t dr = 0; dr <= lw->region->up_last; dr++)
		for (unsigned i = 0; i < lw->pick[dr].n; i++)
			if (lw->pick[dr].channel[i] == ch && rate_is_lora(&lw->region->dr[dr]))
				return lw->region->dr[dr].bw;
	return 125e3; /* of FSK, and of what no device uses */
}

/* Of the jammer's power that which falls into a channel. */
static double share(const struct lorawan *lw, const struct jammer *j, unsigned ch)
{
	double all = 0, w = width(lw, ch), from, to;

	if (isnan(j->hz)) {
		for (unsigned k = 0; k < lw->n_channels; k++)
			all += width(lw, k);
		return w / all;
	}
	from = fmax(j->hz - j->bandwidth / 2, lw->channel_hz[ch] - w / 2);
	to = fmin(j->hz + j->bandwidth / 2, lw->channel_hz[ch] + w / 2);
	return to > from ? (to - from) / j->bandwidth : 0;
}

static double noise_mw(const struct lorawan *lw, const struct lw_gateway *g, unsigned ch)
{
	double sum = 0, loss;

	for (const struct lw_jammed *k = lw->jammed; k; k = k->next) {
		struct radio_end end = { k->j->at, k->j->height, k->j->key, false };
		double part = share(lw, k->j, ch);
		if (!(part > 0))
			continue;
		loss = radio_link_loss_db(lw->radio, &end, &g->site, lw->channel_hz[ch]);
		sum += part * pow(10, 0.1 * (k->j->dbm + g->site.gain_db - loss));
	}
	return sum;
}

void lw_jam(struct sim *s, void *net, const struct jammer *j, bool on)
{
	struct lorawan *lw = net;
	struct lw_jammed **at = &lw->jammed, *k;

	if (on) {
		if (!(k = sim_alloc(s, 1, sizeof *k)))
			return;
		*k = (struct lw_jammed){ j, lw->jammed };
		lw->jammed = k;
	} else {
		while (*at && (*at)->j != j)
			at = &(*at)->next;
		if (*at)
			*at = (*at)->next;
	}
	/* made anew from those that are on, so that nothing is left when the last has gone */
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		for (unsigned ch = 0; ch < lw->n_channels; ch++)
			gateway_jam(lw->gateways[i].rx, ch, s->now, noise_mw(lw, &lw->gateways[i], ch));
}
