#include "models/network/lorawan/gateway.h"

#include <math.h>
#include <string.h>

#include "models/network/lorawan/rate.h"
#include "models/radio/fsk.h"
#include "sim/kernel/bug.h"

enum { SINK = 0, NONE = UINT32_MAX, FIRST_ROOM = 16, FEW = 8 };

/* A frame on a channel: what later ones must know of it.  Its row is SINK if it is not being received. */
struct heard { simtime_t end; double power; uint32_t row; uint8_t sf; };

/* Whose row is not SINK is in `wanted` too. */
struct channel { struct heard *on, *wanted; uint32_t n, room, n_wanted, room_wanted; uint8_t path; double noise_mw; };

/* A frame being received, with the interfering energy per spreading factor, in mW ns.  Row SINK takes what nobody asks for. */
struct reception_row { double wanted, energy[LORA_SFS]; uint32_t next_free; uint8_t least, path; bool used, killed; };
_Static_assert(sizeof(struct reception_row) == 64, "a reception is one cache line");

struct gateway {
	struct gateway_params p;
	struct arena         *arena;
	simtime_t             sending_until;
	unsigned              busy[GATEWAY_PATHS];      /* demodulators held */
	bool                  starved;          /* memory ran short */
	struct channel       *channel;
	struct reception_row *row;              /* killed receptions keep theirs until gateway_end */
	uint32_t              n_rows, cap_rows, free_row;
	double                least[LORA_SFS + 1][LORA_SFS];    /* required energy ratio, linear; FSK's is the last */
};

/* Linear, and finite, so that no interference at all stays none (0 x infinity is not a number). */
static double ratio(double db)
{
	return db > 3000 ? 1e300 : pow(10, 0.1 * db);
}

struct gateway *gateway_new(struct arena *a, const struct gateway_params *p)
{
	struct gateway *g = arena_alloc(a, 1, sizeof *g);

	if (!g)
		return NULL;
	g->p = *p;
	g->arena = a;
	g->sending_until = INT64_MIN;
	g->free_row = NONE;
	g->channel = arena_alloc(a, p->channels, sizeof *g->channel);
	g->row = arena_alloc(a, FIRST_ROOM, sizeof *g->row);
	if (!g->channel || !g->row)
		return NULL;
	g->cap_rows = FIRST_ROOM;
	g->n_rows = SINK + 1;
	for (unsigned w = 0; w < LORA_SFS; w++)
		for (unsigned i = 0; i < LORA_SFS; i++)
			g->least[w][i] = ratio(lora_rejection_db(p->rejection, w + LORA_SF_MIN, i + LORA_SF_MIN));
	g->least[LORA_SFS][0] = ratio(rate_rejection_db(p->rejection, &(struct data_rate){ .sf = 0 }, 0)); /* FSK */
	for (unsigned c = 0; c < p->channels; c++)
		g->channel[c].path = p->path ? p->path[c] : GATEWAY_MULTI_SF;
	return g;
}

/* Twice the room, from the arena; what is left behind is never more than what is in use. */
static void *grown(struct arena *a, const void *rows, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t want = *cap ? 2 * *cap : FIRST_ROOM;
	void *bigger = arena_alloc(a, want, size);

	if (!bigger)
		return NULL;
	if (n)
		memcpy(bigger, rows, n * size);
	*cap = want;
	return bigger;
}

/* Forget frames that are over, without a change of order: in the order of their beginnings energies are added. */
static uint32_t swept(struct heard *h, uint32_t n, simtime_t now)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		h[kept] = h[i];
		kept += h[i].end > now;
	}
	return kept;
}

/* Room for one more frame.  Those that are over are swept out where there is none; if that makes little, it is doubled. */
static bool make_room_on(struct arena *a, struct heard **h, uint32_t *n, uint32_t *room, simtime_t now)
{
	void *p;

	if (*n < *room)
		return true;
	*n = swept(*h, *n, now);
	if (*n < *room / 2)
		return true;
	p = grown(a, *h, *n, room, sizeof **h);
	if (p)
		*h = p;
	return p != NULL;
}

static bool make_room(struct gateway *g, struct channel *c, simtime_t now)
{
	void *p;

	if (!make_room_on(g->arena, &c->on, &c->n, &c->room, now) ||
	    !make_room_on(g->arena, &c->wanted, &c->n_wanted, &c->room_wanted, now))
		return false;
	if (g->free_row == NONE && g->n_rows == g->cap_rows) {
		p = grown(g->arena, g->row, g->n_rows, &g->cap_rows, sizeof *g->row);
		if (!p)
			return false;
		g->row = p;
	}
	return true;
}

/* Add the energy of every overlap to both frames, and forget frames that are over.  Each pair comes here once.  Whether one
 * is over is a coin toss to the branch predictor, so nothing here branches on it: its overlap is 0. */
static void overlap(struct gateway *g, struct channel *c, const struct gateway_frame *f, uint32_t row)
{
	unsigned sf = f->sf - LORA_SF_MIN;
	struct reception_row *rows = g->row;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		const struct heard h = c->on[i];
		simtime_t both = (h.end < f->end ? h.end : f->end) - f->start;
		double span = (double)(both & -(simtime_t)(both > 0));
		rows[row].energy[h.sf] += span * h.power;
		rows[h.row].energy[sf] += span * f->power_mw;
		c->on[kept] = h;
		kept += h.end > f->start;
	}
	c->on[kept] = (struct heard){ f->end, f->power_mw, row, (uint8_t)sf };
	c->n = kept + 1;
	if (row != SINK)
		c->wanted[c->n_wanted++] = c->on[kept];
}

/* The same for a frame that nobody receives, where many are on the channel: it disturbs those that are being received, which are no
 * more than there are demodulators. */
static void disturb(struct gateway *g, struct channel *c, const struct gateway_frame *f)
{
	unsigned sf = f->sf - LORA_SF_MIN;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->n_wanted; i++) {
		const struct heard h = c->wanted[i];
		simtime_t both = (h.end < f->end ? h.end : f->end) - f->start;
		g->row[h.row].energy[sf] += (double)(both & -(simtime_t)(both > 0)) * f->power_mw;
		c->wanted[kept] = h;
		kept += h.end > f->start;
	}
	c->n_wanted = kept;
	c->on[c->n++] = (struct heard){ f->end, f->power_mw, SINK, (uint8_t)sf };
}

static uint32_t take_row(struct gateway *g, const struct gateway_frame *f, uint8_t path)
{
	uint32_t i = g->free_row;

	if (i == NONE)
		i = g->n_rows++;
	else
		g->free_row = g->row[i].next_free;
	g->busy[path]++;
	g->row[i] = (struct reception_row){ .wanted = (double)(f->end - f->start) * f->power_mw,
					    .least = path == GATEWAY_FSK ? LORA_SFS : (uint8_t)(f->sf - LORA_SF_MIN),
					    .path = path,
					    .used = true };
	return i;
}

/* The power that a frame needs over noise from elsewhere: as much over that as its sensitivity is over the gateway's own. */
static bool drowned(const struct gateway *g, const struct channel *c, unsigned row, double power_mw)
{
	double snr = c->path == GATEWAY_FSK ? fsk_rejection_db() : lora_snr_floor_db(row + LORA_SF_MIN);

	return power_mw < g->p.sensitivity_mw[c->path][row] + c->noise_mw * pow(10, 0.1 * snr);
}

void gateway_jam(struct gateway *g, unsigned channel, simtime_t now, double noise_mw)
{
	struct channel *c = &g->channel[channel];

	c->noise_mw = noise_mw;
	for (uint32_t i = 0; i < c->n_wanted && noise_mw > 0; i++)
		if (c->wanted[i].end > now && drowned(g, c, c->wanted[i].sf, c->wanted[i].power))
			g->row[c->wanted[i].row].energy[c->wanted[i].sf] = INFINITY;
}

int gateway_begin(struct gateway *g, const struct gateway_frame *f)
{
	struct channel *c = &g->channel[f->channel];
	enum reception why = RECEPTION_RECEIVED;
	uint32_t row = SINK;

	if (f->start < g->sending_until)
		return -1 - RECEPTION_GATEWAY_SENDING;
	if (!make_room(g, c, f->start)) {
		g->starved = true;
		return -1 - RECEPTION_NO_DEMODULATOR;
	}
	if (g->busy[c->path] >= g->p.demodulators[c->path])
		why = RECEPTION_NO_DEMODULATOR;
	else if (f->power_mw < g->p.sensitivity_mw[c->path][f->sf - LORA_SF_MIN])
		why = RECEPTION_UNDER_SENSITIVITY;
	else if (c->noise_mw > 0 && drowned(g, c, f->sf - (unsigned)LORA_SF_MIN, f->power_mw))
		why = RECEPTION_INTERFERED;
	else
		row = take_row(g, f, c->path);
	if (row == SINK && c->n >= FEW)
		disturb(g, c, f);
	else
		overlap(g, c, f, row);
	return row == SINK ? -1 - (int)why : (int)row;
}

enum reception gateway_end(struct gateway *g, int token)
{
	struct reception_row *r = &g->row[token];
	const double *least = g->least[r->least];
	bool killed = r->killed, clear = true;

	for (unsigned i = 0; i < LORA_SFS; i++)
		clear &= r->wanted >= least[i] * r->energy[i];
	/* The channel still names this row until a later frame sweeps it out, but adds no energy to it: it is over. */
	r->used = false;
	r->next_free = g->free_row;
	g->free_row = (uint32_t)token;
	if (killed)
		return RECEPTION_GATEWAY_SENDING;
	g->busy[r->path]--;
	return clear ? RECEPTION_RECEIVED : RECEPTION_INTERFERED;
}

void gateway_transmit(struct gateway *g, simtime_t now, simtime_t until)
{
	BUG_ON(NULL, until < now);
	for (uint32_t i = SINK + 1; i < g->n_rows; i++)
		g->row[i].killed = g->row[i].used;
	memset(g->busy, 0, sizeof g->busy);
	if (until > g->sending_until)
		g->sending_until = until;
}

bool gateway_sending(const struct gateway *g, simtime_t now)
{
	return now < g->sending_until;
}

unsigned gateway_busy(const struct gateway *g)
{
	unsigned n = 0;

	for (int i = 0; i < GATEWAY_PATHS; i++)
		n += g->busy[i];
	return n;
}

bool gateway_starved(const struct gateway *g)
{
	return g->starved;
}
