/*
 * plan - the channel plan: which channels and data rates a network uses, what <channel> says of them, and the tables by
 * data rate that follow.
 *
 * A channel is 125 kHz wide and carries any spreading factor, or it is wider, or FSK, and carries one data rate; gateways
 * receive each kind with demodulators of its own.  Frames of different kinds do not disturb each other, even at one frequency.
 */
#include "models/network/lorawan/lorawan_private.h"

static const struct param channel_rows[] = {
	FREQUENCY(struct channel_params, frequency, NULL, "137MHz", "1020MHz", "centre", NULL),
	NUMBER(struct channel_params, weight, "1", "0", "1e6", "how often devices choose it, against the others", NULL),
	COUNT(struct channel_params, min_data_rate, "", "0", "15",
	      "its slowest data rate; the region's slowest (DR0), or max-data-rate where that is a wide one, if absent", NULL),
	COUNT(struct channel_params, max_data_rate, "", "0", "15",
	      "its fastest data rate; the fastest at 125 kHz (EU868: DR5), or min-data-rate where that is a wide one, if absent",
	      "LoRaMac-node"),
};

/* The data rates of a <channel>. */
struct span { unsigned lo, hi; };

static struct span rates_of(const struct node *channel)
{
	const struct channel_params *p = channel->par;

	return (struct span){ (unsigned)p->min_data_rate, (unsigned)p->max_data_rate };
}

/* A single wide data rate needs to be named only once. */
static void derive_rates(const struct scenario *sc, struct node *channel, const struct region *r, struct diag *d)
{
	const struct channel_params *p = channel->par;
	bool lo = node_given(channel, "min-data-rate"), hi = node_given(channel, "max-data-rate");
	unsigned least = hi && p->max_data_rate > r->up_max ? (unsigned)p->max_data_rate : r->up_min;
	unsigned most = lo && p->min_data_rate > r->up_max ? (unsigned)p->min_data_rate : r->up_max;

	node_derive(sc, channel, d, "min-data-rate", "%u", least);
	node_derive(sc, channel, d, "max-data-rate", "%u", most);
}

static enum gateway_path path_of(const struct data_rate *d)
{
	return !rate_is_lora(d) ? GATEWAY_FSK : d->bw > 125000 ? GATEWAY_WIDE : GATEWAY_MULTI_SF;
}

static void check_channel(const struct node *c, const struct region *r, struct diag *d)
{
	const struct span s = rates_of(c);
	const char *at = node_given(c, "max-data-rate") ? "max-data-rate" : "min-data-rate";

	if (s.hi > r->up_last) {
		node_error(c, d, at, "is no uplink data rate of %s (%u to %u)", r->name, r->up_min, r->up_last);
	} else if (s.lo > s.hi) {
		node_error(c, d, at, "is slower than min-data-rate, %u", s.lo);
	} else if (path_of(&r->dr[s.lo]) != path_of(&r->dr[s.hi]) || (s.lo != s.hi && s.hi > r->up_max)) {
		node_error(c, d, at,
			   "differs from data rate %u in bandwidth or modulation: give each a <channel> of its own", s.lo);
	} else {
		for (const struct node *o = node_next(c); o; o = node_next(o))
			if (((const struct channel_params *)o->par)->frequency ==
				    ((const struct channel_params *)c->par)->frequency &&
			    path_of(&r->dr[rates_of(o).lo % REGION_DATA_RATES]) == path_of(&r->dr[s.lo]))
				node_error(o, d, "frequency", "is that of another channel (line %d)", c->line);
	}
}

/* Bit dr: some channel carries it; without channels: the region's default ones do. */
static uint32_t rates_in_use(const struct node *lorawan, const struct region *r)
{
	uint32_t mask = 0;

	for (const struct node *c = node_child(lorawan, &channel_model); c; c = node_next(c)) {
		const struct span s = rates_of(c);
		for (unsigned dr = s.lo; dr <= s.hi && dr <= r->up_last; dr++)
			mask |= 1u << dr;
	}
	return mask ? mask : (2u << r->up_max) - (1u << r->up_min);
}

static bool has_dwell_time(const struct lorawan_params *p, const struct region *r)
{
	return p->dwell_time == 1 || (p->dwell_time == 0 && r->dwell);
}

static void check_rates(const struct node *n, const struct region *r, struct diag *d)
{
	const struct lorawan_params *p = n->par;
	uint32_t mask = rates_in_use(n, r), all = mask;
	bool found = p->spreading_factor < RATE_SF7;
	unsigned last = 0;

	for (unsigned dr = 0; dr <= r->up_last; dr++)
		if (has_dwell_time(p, r) && r->dr[dr].max_payload_dwell == 0)
			mask &= ~(1u << dr);
	if (mask == 0) {
		node_error(n, d, NULL, "none of its channels carries a data rate that fits into the dwell time of 400 ms");
		return;
	}
	for (unsigned dr = 0; dr <= r->up_last; dr++)
		if (mask >> dr & 1) {
			found |= r->dr[dr].sf == LORA_SF_MIN + (unsigned)(p->spreading_factor - RATE_SF7);
			last = dr;
		}
	if (!found)
		node_error(n, d, "spreading-factor", "is no uplink data rate of %s on its channels%s", r->name,
			   mask == all ? "" : " within the dwell time of 400 ms");
	for (unsigned dr = 0; dr < last; dr++)
		if (mask & ((1u << dr) - 1) && !(mask >> dr & 1)) {
			node_error(n, d, NULL, "no channel carries DR%u, but slower and faster data rates are in use", dr);
			return;
		}
}

void lw_plan_check(const struct scenario *sc, const struct node *n, const struct region *r, struct diag *d)
{
	double weight = 0;
	unsigned channels = 0;

	for (struct node *c = n->child; c; c = c->next)
		if (c->model == &channel_model && c->par)
			derive_rates(sc, c, r, d);
	for (const struct node *c = node_child(n, &channel_model); c; c = node_next(c), channels++) {
		weight += ((const struct channel_params *)c->par)->weight;
		check_channel(c, r, d);
	}
	if (channels && !(weight > 0))
		node_error(n, d, NULL, "its channels have no weight");
	if (channels > 16)
		node_error(n, d, NULL, "has %u channels, more than 16", channels);
	check_rates(n, r, d);
}

/* ---- set-up of a replication ---- */

static void use_band(struct lorawan *lw, unsigned ch)
{
	int band = region_band(lw->region, lw->channel_hz[ch]);
	unsigned b = 0;

	lw->channel_band[ch] = LW_NO_BAND;
	if (band < 0 || lw->region->bands[band].duty >= 1 || lw->par->duty_cycle == DUTY_NONE)
		return;
	while (b < lw->n_bands && lw->band_of[b] != band)
		b++;
	if (b == lw->n_bands) {
		lw->band_of[lw->n_bands] = band;
		lw->duty[lw->n_bands++] = lw->region->bands[band].duty;
	}
	lw->channel_band[ch] = (uint8_t)b;
}

static void pick_add(const struct lorawan *lw, struct lw_pick *p, uint8_t ch, float weight)
{
	p->channel[p->n] = ch;
	p->weight[p->n++] = weight;
	if (lw->channel_band[ch] != LW_NO_BAND)
		p->bands |= 1u << lw->channel_band[ch];
}

static void add_channel(struct lorawan *lw, double hz, struct span rates, double weight)
{
	unsigned ch = lw->n_channels++;

	lw->channel_hz[ch] = hz;
	lw->channel_dr[ch] = (uint8_t)rates.lo;
	lw->channel_path[ch] = (uint8_t)path_of(&lw->region->dr[rates.lo]);
	use_band(lw, ch);
	for (unsigned dr = rates.lo; dr <= rates.hi; dr++)
		pick_add(lw, &lw->pick[dr], (uint8_t)ch, (float)weight);
}

static void add_default(struct lorawan *lw, unsigned i)
{
	const struct region_channel *c = &lw->region->channels[i];

	add_channel(lw, c->hz, (struct span){ c->dr_min, c->dr_max }, 1);
}

static void normalise(struct lw_pick *p)
{
	float sum = 0;

	for (unsigned i = 0; i < p->n; i++)
		sum += p->weight[i];
	for (unsigned i = 0; i < p->n; i++)
		p->weight[i] /= sum;
}

static bool is_default(const struct region *r, double hz)
{
	for (unsigned i = 0; i < r->n_channels; i++)
		if (fabs(r->channels[i].hz - hz) < 1)
			return true;
	return false;
}

/* Join requests go out on the region's default channels, those that every network has; on all where this one has none. */
static void choose_join_channels(const struct lorawan *lw, const struct lw_pick *all, struct lw_pick *join)
{
	for (unsigned i = 0; i < all->n; i++)
		if (is_default(lw->region, lw->channel_hz[all->channel[i]]))
			pick_add(lw, join, all->channel[i], all->weight[i]);
	if (join->n == 0)
		*join = *all;
}

static void choose_channels(struct lorawan *lw)
{
	const struct region *r = lw->region;

	for (const struct node *c = node_child(lw->node, &channel_model); c; c = node_next(c)) {
		const struct channel_params *p = c->par;
		add_channel(lw, p->frequency, rates_of(c), p->weight);
	}
	bool defaults = lw->n_channels == 0 && r->n_channels <= 16;
	for (unsigned i = 0; defaults && i < r->n_channels; i++)
		add_default(lw, i);
	if (lw->n_channels == 0) { /* US915: eight of 64 and the wide one that goes with them, as one gateway hears */
		unsigned group = (unsigned)lw->par->sub_band - 1;
		for (unsigned i = 0; i < 8; i++)
			add_default(lw, 8 * group + i);
		add_default(lw, 64 + group);
	}
	for (unsigned dr = 0; dr < REGION_DATA_RATES; dr++) {
		choose_join_channels(lw, &lw->pick[dr], &lw->join_pick[dr]);
		normalise(&lw->pick[dr]);
		normalise(&lw->join_pick[dr]);
	}
}

/* Downlinks of RX1, by uplink channel, and RX2, which may share a channel with one of them. */
static void choose_downlinks(struct lorawan *lw)
{
	const struct region *r = lw->region;

	lw->rx2_channel = LW_RX2_CHANNEL;
	for (unsigned ch = 0; ch < lw->n_channels; ch++) {
		unsigned number = region_channel_number(r, lw->channel_hz[ch], lw->channel_path[ch] == GATEWAY_WIDE);
		const struct data_rate *rx1 = &r->dr[lw->rx1_dr[lw->channel_dr[ch]]];
		bool own = r->downlink_step_hz > 0;
		lw->down_hz[ch] = region_rx1_hz(r, number, lw->channel_hz[ch]);
		lw->down_channel[ch] = (uint8_t)(own ? LW_DOWN_CHANNEL + number % 8 : ch);
		if (fabs(lw->down_hz[ch] - r->rx2_hz) < 1 && rx1->bw == r->dr[lw->rx2_dr].bw)
			lw->rx2_channel = lw->down_channel[ch];
	}
}

/* The most robust rate that may carry anything, and the fastest that ADR goes to: a wide one only where there is no other. */
static void choose_rates(struct lorawan *lw)
{
	const struct region *r = lw->region;
	unsigned room = 255 - (unsigned)lw->par->frame_overhead; /* a frame's length is a byte */
	bool dwell = has_dwell_time(lw->par, r);

	while (lw->dr_min < r->up_last &&
	       (lw->pick[lw->dr_min].n == 0 || (dwell && r->dr[lw->dr_min].max_payload_dwell == 0)))
		lw->dr_min++;
	lw->dr_max = lw->dr_min;
	while (lw->dr_max < r->up_last && lw->pick[lw->dr_max + 1].n && (lw->dr_max < r->up_max || lw->dr_min > r->up_max))
		lw->dr_max++;
	lw->dr_cover = lw->dr_min;
	if (lw->par->spreading_factor >= RATE_SF7 && !lw->par->adr)
		lw->dr_cover = lw_fixed_rate(lw);
	lw->dr_join = r->join == JOIN_FALLING ? lw->dr_max : lw->dr_min;
	if (r->join == JOIN_FIXED && r->join_dr > lw->dr_min && lw->pick[r->join_dr].n)
		lw->dr_join = r->join_dr;
	lw->dr_join_wide = r->join == JOIN_WIDE_NINTH && lw->pick[r->up_last].n ? r->up_last : lw->dr_min;
	lw->rx2_dr = r->rx2_dr;
	for (unsigned dr = 0; dr < REGION_DATA_RATES; dr++) {
		const struct data_rate *d = &r->dr[dr];
		if (!rate_exists(d))
			continue;
		lw->max_payload[dr] = dwell ? d->max_payload_dwell : d->max_payload;
		if (lw->max_payload[dr] > room)
			lw->max_payload[dr] = (uint16_t)room;
		lw->rx1_dr[dr] = region_rx1_dr(r, (uint8_t)dr, 0);
		lw->window[dr] = rate_window(d, (unsigned)lw->par->window_symbols);
		for (unsigned bytes = 0; bytes < 256; bytes++)
			lw->airtime_us[dr][bytes] = (uint32_t)(rate_time_on_air(d, bytes, true) / SIM_US);
	}
}

static void choose_powers(struct lorawan *lw)
{
	for (unsigned k = 0; k < REGION_DATA_RATES; k++)
		lw->reduction[k] = (int)lround(100 * fmax(0, lw->power_dbm - (lw->region->power_dbm - 2.0 * k)));
}

/* The weakest power, dBm, at which a frame of rate `i` can disturb one of rate `w` that is received at its sensitivity;
 * infinite: it cannot. */
static double disturbs_dbm(const struct lorawan *lw, unsigned i, unsigned w)
{
	const struct data_rate *wanted = &lw->region->dr[w], *other = &lw->region->dr[i];

	if (wanted->bw != other->bw || rate_is_lora(wanted) != rate_is_lora(other))
		return INFINITY;
	return lw->hears[w] * 0.01 - rate_rejection_db((enum lora_rejection)lw->par->rejection, wanted, other->sf);
}

/* Sensitivities, and the power below which a frame changes nothing: it is not received, and no frame that is received
 * at its sensitivity would be disturbed by it. */
static void choose_thresholds(struct lorawan *lw)
{
	const struct region *r = lw->region;

	for (unsigned dr = 0; dr <= r->up_last; dr++)
		lw->hears[dr] = (int16_t)lround(100 * rate_gateway_sensitivity_dbm(&r->dr[dr]));
	for (unsigned dr = 0; dr <= r->up_last; dr++) {
		double least = lw->hears[dr] * 0.01;
		for (unsigned w = 0; w <= r->up_last; w++)
			least = fmin(least, disturbs_dbm(lw, dr, w));
		lw->matters[dr] = (int16_t)lround(100 * fmax(least, -190));
	}
}

void lw_plan(struct lorawan *lw)
{
	for (int i = 0; i < 256; i++)
		lw->whole_mw[i] = (float)pow(10, 0.1 * (i - 200));
	for (int i = 0; i < 100; i++)
		lw->centi_mw[i] = (float)pow(10, 0.001 * i);
	choose_channels(lw);
	choose_rates(lw);
	choose_downlinks(lw);
	choose_powers(lw);
	choose_thresholds(lw);
}

static const struct place in_lorawan[] = { { "lorawan", 0, 0 } };

const struct model channel_model = {
	.name = "channel", .doc = "An uplink channel; those given replace the region's default channels.",
	.places = TABLE(in_lorawan), .par_size = sizeof(struct channel_params), .params = TABLE(channel_rows),
};
