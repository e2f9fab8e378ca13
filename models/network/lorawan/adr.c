/*
 * adr - adaptive data rate, both ends.
 *
 * Server, by the best SNR of the last 20 uplinks at the device's data rate (facts 5.5):
 *   things-stack  margin 15 dB, 2.5 dB more while fewer than 20 are known; steps of 2.5 dB a data rate, from the first
 *                 uplink on; a faster rate starts at full power; once 10 are known, NbTrans by the share of frame counters
 *                 that are missing [The Things Stack, mac/adr.go]
 *   semtech       margin 10 dB, once 20 are known; steps of 3 dB [Semtech's reference]
 * First the data rate, then the power, 2 dB an index; with a negative margin the power first goes up again.
 * Device: ADR_ACK_LIMIT 64 uplinks without a downlink set ADRACKReq, ADR_ACK_DELAY 32 later full power, then one data
 * rate lower every 32; at the lowest and full power it asks no more, and each uplink is sent once again [LoRaWAN 1.0.4,
 * 4.3.1.1; LoRaMac-node].
 */
#include "models/network/lorawan/lorawan_private.h"

enum { ACK_LIMIT = 64, ACK_DELAY = 32, POWER_STEP_DB = 2, REPEATS_MAX = 2 };

static void remember(struct lw_history *h, const struct lw_uplink *u, double snr)
{
	if (h->dr != u->dr)
		h->n = h->at = 0; /* what was heard at another data rate is not of this setting */
	h->dr = u->dr;
	h->snr4[h->at] = (int8_t)lrint(4 * snr);
	h->fcnt[h->at] = u->fcnt;
	h->at = (uint8_t)((h->at + 1) % LW_HISTORY);
	if (h->n < LW_HISTORY)
		h->n++;
}

static int best_snr4(const struct lw_history *h)
{
	int best = INT8_MIN;

	for (unsigned i = 0; i < h->n; i++)
		best = h->snr4[i] > best ? h->snr4[i] : best;
	return best;
}

/* Share of the uplinks since the oldest one known that the server did not hear. */
static double missing(const struct lw_history *h)
{
	unsigned at = (unsigned)(h->at + LW_HISTORY - h->n) % LW_HISTORY;
	uint16_t first = h->fcnt[at], last = first;
	unsigned lost = 0;

	for (unsigned i = 1; i < h->n; i++) {
		uint16_t next = h->fcnt[(at + i) % LW_HISTORY];
		uint16_t step = (uint16_t)(next - last); /* 0: a repeat of the same */
		lost += step ? step - 1u : 0;
		last = next;
	}
	return lost / (1.0 + (uint16_t)(last - first));
}

/* NbTrans - 1 from what it is and the share missing. */
static uint8_t wanted_repeats(const struct lw_history *h)
{
	unsigned trans = h->repeats + 1u;
	double r = missing(h);

	if (h->n < LW_HISTORY / 2)
		return h->repeats;
	if (r < 0.05)
		trans = 1 + trans / 3;
	else if (r >= 0.30)
		trans = 1 + REPEATS_MAX;
	else if (r >= 0.10)
		trans = 2 + trans / 2;
	return (uint8_t)(trans - 1);
}

/* Data rate and power for a margin in dB over what the rate in use needs. */
static void choose(const struct lorawan *lw, struct lw_device *d, double margin, double step, bool semtech)
{
	double power_step = semtech ? step : POWER_STEP_DB;
	uint8_t want = d->dr, power = d->power;

	while (margin >= step && want < lw->dr_max) {
		want++;
		margin -= step;
	}
	if (want != d->dr && !semtech)
		power = 0;
	while (margin >= power_step && power + 1u < lw->region->tx_power_steps) {
		power++;
		margin -= power_step;
	}
	while (margin < 0 && power > 0) {
		power--;
		margin += POWER_STEP_DB;
	}
	d->command_dr = want;
	d->command_power = power;
}

bool lw_adr_server(struct lorawan *lw, const struct lw_uplink *u, int centidbm)
{
	struct lw_device *d = &lw->device[u->m.device];
	struct lw_history *h = &lw->history[u->m.device];
	const struct data_rate *rate = &lw->region->dr[u->dr];
	bool semtech = lw->par->adr_algorithm == ADR_SEMTECH;

	if (!rate_is_lora(rate))
		return false; /* no SNR that would tell a margin */
	double noise = -174 + 10 * log10((double)rate->bw) + lw->par->noise_figure;
	remember(h, u, fmin(fmax(centidbm * 0.01 - noise, -30), lw->par->snr_ceiling));
	if (semtech && h->n < LW_HISTORY)
		return false;
	double margin = best_snr4(h) * 0.25 - lora_snr_floor_db(rate->sf) - lw->par->adr_margin;
	if (!semtech && h->n < LW_HISTORY)
		margin -= 2.5;
	choose(lw, d, margin, semtech ? 3 : 2.5, semtech);
	h->command_repeats = semtech ? h->repeats : wanted_repeats(h);
	return d->command_dr != d->dr || d->command_power != d->power || h->command_repeats != h->repeats;
}

void lw_adr_applied(struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];
	struct lw_history *h = &lw->history[device];

	d->dr = d->command_dr;
	d->power = d->command_power;
	d->flags |= LW_ANSWER_DUE;
	h->repeats = h->command_repeats;
	h->n = h->at = 0; /* what was heard before says nothing of the new setting */
}

struct lw_adr_step lw_adr_next(const struct lorawan *lw, const struct lw_device *d)
{
	unsigned count = d->adr_count + 1u;
	bool slower = count >= ACK_LIMIT + 2 * ACK_DELAY && (count - ACK_LIMIT) % ACK_DELAY == 0;
	struct lw_adr_step next = { .dr = d->dr, .power = count >= ACK_LIMIT + ACK_DELAY ? 0 : d->power };

	if (slower && d->dr > lw->dr_min)
		next.dr--;
	next.gives_up_repeats = slower && d->dr == lw->dr_min;
	/* not where nothing is left that would help */
	next.asks = count >= ACK_LIMIT && (next.dr > lw->dr_min || next.power);
	return next;
}

void lw_adr_sent(struct lorawan *lw, uint32_t device, struct lw_adr_step step)
{
	struct lw_device *d = &lw->device[device];

	if (d->adr_count < UINT16_MAX)
		d->adr_count++;
	d->dr = step.dr;
	d->power = step.power;
	if (step.gives_up_repeats)
		lw->history[device].repeats = 0;
}

void lw_adr_forget(struct lorawan *lw, uint32_t device)
{
	if (lw->history)
		lw->history[device] = (struct lw_history){ 0 };
}
