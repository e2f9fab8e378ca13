/*
 * adr - adaptive data rate, both ends.
 *
 * Server, by the best SNR of the last 20 uplinks (facts 5.5):
 *   things-stack  margin 15 dB, 2.5 dB more while fewer than 20 are known; steps of 2.5 dB a data rate, from the first
 *                 uplink on [The Things Stack]
 *   semtech       margin 10 dB, once 20 are known; steps of 3 dB [Semtech's reference]
 * First the data rate, then the power, 2 dB an index; with a negative margin the power first goes up again.
 * Device: ADR_ACK_LIMIT 64 uplinks without a downlink set ADRACKReq, ADR_ACK_DELAY 32 later full power, then one data
 * rate lower every 32 [LoRaWAN 1.0.3, 4.3.1.1].
 */
#include "models/network/lorawan/lorawan_private.h"

enum { HISTORY = 20, ACK_LIMIT = 64, ACK_DELAY = 32, POWER_STEP_DB = 2 };

bool lw_adr_server(struct lorawan *lw, uint32_t device, uint8_t dr, int centidbm)
{
	struct lw_device *d = &lw->device[device];
	struct lw_history *h = &lw->history[device];
	const struct data_rate *rate = &lw->region->dr[dr];
	if (!rate_is_lora(rate))
		return false; /* no SNR that would tell a margin */
	double noise = -174 + 10 * log10((double)rate->bw) + lw->par->noise_figure;
	double snr = fmin(fmax(centidbm * 0.01 - noise, -30), 30);
	bool semtech = lw->par->adr_algorithm == ADR_SEMTECH;
	double step = semtech ? 3 : 2.5;

	h->snr4[h->at] = (int8_t)lrint(4 * snr);
	h->at = (uint8_t)((h->at + 1) % HISTORY);
	if (h->n < HISTORY)
		h->n++;
	if (semtech && h->n < HISTORY)
		return false;
	int best = INT8_MIN;
	for (unsigned i = 0; i < h->n; i++)
		best = h->snr4[i] > best ? h->snr4[i] : best;

	double margin = best * 0.25 - lora_snr_floor_db(rate->sf) - lw->adr_margin;
	if (!semtech && h->n < HISTORY)
		margin -= 2.5;
	uint8_t want = d->dr, power = d->power;
	while (margin >= step && want < lw->dr_max) {
		want++;
		margin -= step;
	}
	while (margin >= step && power + 1u < lw->region->tx_power_steps) {
		power++;
		margin -= semtech ? step : POWER_STEP_DB;
	}
	while (margin < 0 && power > 0) {
		power--;
		margin += POWER_STEP_DB;
	}
	if (want == d->dr && power == d->power)
		return false;
	d->command_dr = want;
	d->command_power = power;
	return true;
}

void lw_adr_applied(struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];

	d->dr = d->command_dr;
	d->power = d->command_power;
	d->flags |= LW_ANSWER_DUE;
	lw->history[device].n = lw->history[device].at = 0; /* what was heard before says nothing of the new setting */
}

bool lw_adr_device(struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];

	if (d->adr_count < UINT16_MAX)
		d->adr_count++;
	if (d->adr_count < ACK_LIMIT)
		return false;
	if (d->adr_count >= ACK_LIMIT + ACK_DELAY)
		d->power = 0;
	if (d->adr_count >= ACK_LIMIT + 2 * ACK_DELAY && (d->adr_count - ACK_LIMIT) % ACK_DELAY == 0 && d->dr > lw->dr_min)
		d->dr--;
	return d->dr > lw->dr_min || d->power || d->adr_count < ACK_LIMIT + 2 * ACK_DELAY;
}
