/*
 * admit - the join server: which join requests are answered.
 *
 * A DevNonce that the device has used before is a replay, and refused [LoRaWAN 1.0.3, 6.2.4]: random ones, of 16 bits, come to
 * that by themselves (a device of 302 joins has met it with a chance of one half).  Counted ones [1.0.4, 1.1] do not; their 65,536
 * values are taken never to run out.  Then whoever vouches for the device is asked, where its class has somebody; the accept
 * goes out if the verdict comes in time for RX1 or RX2, and else the device tries again, as its back-off allows.
 *
 * Every request is asked about.  Verdicts are taken to come in the order of the questions: one that comes while a later question
 * is open is on an earlier request, whose windows are over.
 */
#include <string.h>

#include "models/network/lorawan/lorawan_private.h"

static const uint32_t PURPOSE_NONCE = RNG_PURPOSE('l', 'w', 'n', 'c');
enum { NONCE_BY_VERSION, NONCE_RANDOM };

bool lw_random_nonces(const struct lorawan *lw)
{
	int rule = lw->par->dev_nonce;

	return lw->par->activation == 0 &&
	       (rule == NONCE_RANDOM || (rule == NONCE_BY_VERSION && lw->par->version == VERSION_1_0_3));
}

uint16_t lw_draw_nonce(const struct sim *s, const struct lorawan *lw, uint32_t device)
{
	uint64_t w[2];

	if (!lw->nonces)
		return 0;
	rng_block(s->key, PURPOSE_NONCE, device_key(lw->devices, device), lw->device[device].frames, w);
	return (uint16_t)(w[0] >> 48);
}

static bool make_room(struct sim *s, struct lorawan *lw)
{
	uint32_t cap = lw->cap_nonce_blocks ? 2 * lw->cap_nonce_blocks : 64;
	struct lw_nonce_block *rows;

	if (lw->n_nonce_blocks < lw->cap_nonce_blocks)
		return true;
	rows = sim_alloc(s, cap, sizeof *rows);
	if (!rows)
		return false;
	if (lw->n_nonce_blocks)
		memcpy(rows, lw->nonce_block, lw->n_nonce_blocks * sizeof *rows);
	else
		lw->n_nonce_blocks = 1;
	lw->nonce_block = rows;
	lw->cap_nonce_blocks = cap;
	return true;
}

/* Whether the device has used it; it has now. */
static bool is_replay(struct sim *s, struct lorawan *lw, uint32_t device, uint16_t nonce)
{
	struct lw_nonces *row;
	unsigned filled; /* of the block in front */

	if (!lw->nonces)
		return false;
	row = &lw->nonces[device];
	if (row->n == 0) {
		row->first = nonce;
		row->n = 1;
		return false;
	}
	if (row->first == nonce)
		return true;
	filled = row->n == 1 ? LW_NONCES : (row->n - 2u) % LW_NONCES + 1;
	unsigned n = filled;
	for (uint32_t b = row->more; b; b = lw->nonce_block[b].next, n = LW_NONCES)
		for (unsigned i = 0; i < n; i++)
			if (lw->nonce_block[b].nonce[i] == nonce)
				return true;
	if (filled == LW_NONCES) {
		if (!make_room(s, lw))
			return true;
		lw->nonce_block[lw->n_nonce_blocks] = (struct lw_nonce_block){ .next = row->more };
		row->more = lw->n_nonce_blocks++;
		filled = 0;
	}
	lw->nonce_block[row->more].nonce[filled] = nonce;
	row->n++;
	return false;
}

/* The accept goes out when the server would decide at the earliest. */
static void pass(struct sim *s, struct lorawan *lw, uint32_t slot, simtime_t earliest)
{
	struct lw_uplink *u = lw_slot(lw, slot);

	lw->joins_passed++;
	u->down_end = -1;
	u->refs++;
	if (earliest > s->now)
		sim_at(s, earliest, lw->ev_decide, slot, u->tries);
	else
		lw_decide(s, lw, slot);
}

static void judge(struct sim *s, struct lorawan *lw, uint32_t slot, bool granted)
{
	const struct lw_uplink *u = lw_slot(lw, slot);

	if (!granted)
		lw->joins_refused++;
	else if (s->now > lw_rx1(lw, u) + SIM_SECOND + lw->window[lw->rx2_dr])
		lw->joins_late++;
	else
		pass(s, lw, slot, u->down_start);
}

/* Await the verdict on it. */
static void await(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);

	if (!lw->asked && !(lw->asked = sim_alloc(s, lw->n_devices + 1u, sizeof *lw->asked)))
		return;
	struct lw_asked *a = &lw->asked[u->m.device];
	if (a->slot) {
		lw->joins_late++;
		lw_slot_drop(lw, a->slot - 1);
	}
	a->slot = slot + 1;
	a->verdicts++;
	u->refs++;
}

void lw_join_request(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);
	uint32_t device = u->m.device;

	lw->joins_received++;
	if (!(lw->device[device].flags & LW_POWERED) || u->down_end != 0) {
		lw->joins_gone++;
		return;
	}
	if (is_replay(s, lw, device, u->nonce)) {
		lw->joins_replayed++;
		return;
	}
	u->down_start = s->now + lw->par->decision; /* when it may be answered, until it is known when it is */
	lw->asking = slot + 1;
	lw->verdict = 0;
	bool vouched = network_authenticate(s, device);
	lw->asking = 0;
	lw->vouched |= !vouched;
	if (vouched)
		pass(s, lw, slot, u->down_start);
	else if (lw->verdict)
		judge(s, lw, slot, lw->verdict > 0);
	else
		await(s, lw, slot);
}

void lw_authenticated(struct sim *s, void *net, uint32_t device, bool granted)
{
	struct lorawan *lw = net;

	if (lw->asking && lw_slot(lw, lw->asking - 1)->m.device == device) {
		lw->verdict = granted ? 1 : -1;
		return;
	}
	if (!lw->asked || lw->asked[device].verdicts == 0) /* of a device that has gone meanwhile */
		return;
	struct lw_asked *a = &lw->asked[device];
	if (--a->verdicts > 0 || !a->slot)
		return;
	uint32_t slot = a->slot - 1;
	a->slot = 0;
	judge(s, lw, slot, granted);
	lw_slot_drop(lw, slot);
}

void lw_admit_forget(struct lorawan *lw, uint32_t device)
{
	if (!lw->asked)
		return;
	struct lw_asked *a = &lw->asked[device];
	if (a->slot) {
		lw->joins_gone++;
		lw_slot_drop(lw, a->slot - 1);
	}
	*a = (struct lw_asked){ 0 };
}

uint64_t lw_admit_held(const struct lorawan *lw)
{
	uint64_t n = 0;

	for (uint64_t i = 0; lw->asked && i < lw->n_devices; i++)
		n += lw->asked[i].slot != 0;
	return n;
}
