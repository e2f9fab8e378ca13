#include "models/network/lorawan/gateway.h"

#include <math.h>
#include <string.h>

enum { NONE = UINT32_MAX, FIRST_ROOM = 16 };

/* A frame on a channel: what later ones must know of it. */
struct heard { simtime_t end; float power; uint32_t row; uint8_t sf; };

struct channel { struct heard *on; uint32_t n, room; };

/* A frame being received, with the interfering energy per spreading factor, in mW ns. */
struct reception_row { double wanted, energy[LORA_SFS]; uint32_t next_free; uint8_t sf; bool used, killed; };

struct gateway {
	struct gateway_params p;
	struct arena         *arena;
	simtime_t             sending_until;
	unsigned              busy;             /* demodulators held */
	struct channel       *channel;
	struct reception_row *row;              /* killed receptions keep theirs until gateway_end */
	uint32_t              n_rows, cap_rows, free_row;
	double                least[LORA_SFS][LORA_SFS];        /* required energy ratio, linear */
};

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
	if (!g->channel)
		return NULL;
	for (unsigned w = 0; w < LORA_SFS; w++)
		for (unsigned i = 0; i < LORA_SFS; i++)
			g->least[w][i] = pow(10, 0.1 * lora_rejection_db(p->rejection, w + LORA_SF_MIN, i + LORA_SF_MIN));
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

static bool make_room(struct gateway *g, struct channel *c)
{
	void *p;

	if (c->n == c->room) {
		p = grown(g->arena, c->on, c->n, &c->room, sizeof *c->on);
		if (!p)
			return false;
		c->on = p;
	}
	if (g->free_row == NONE && g->n_rows == g->cap_rows) {
		p = grown(g->arena, g->row, g->n_rows, &g->cap_rows, sizeof *g->row);
		if (!p)
			return false;
		g->row = p;
	}
	return true;
}

/* Add the energy of every overlap to both frames, and forget frames that are over.  Each pair comes here once. */
static void overlap(struct gateway *g, struct channel *c, const struct gateway_frame *f, double energy[LORA_SFS])
{
	unsigned sf = f->sf - LORA_SF_MIN;

	for (uint32_t i = 0; i < c->n;) {
		const struct heard h = c->on[i];
		if (h.end <= f->start) {
			c->on[i] = c->on[--c->n];
			continue;
		}
		double span = (double)((h.end < f->end ? h.end : f->end) - f->start);
		energy[h.sf] += span * (double)h.power;
		if (h.row != NONE)
			g->row[h.row].energy[sf] += span * (double)f->power_mw;
		i++;
	}
}

static uint32_t take_row(struct gateway *g)
{
	uint32_t i = g->free_row;

	if (i == NONE)
		return g->n_rows++;
	g->free_row = g->row[i].next_free;
	return i;
}

int gateway_begin(struct gateway *g, const struct gateway_frame *f)
{
	struct channel *c = &g->channel[f->channel];
	unsigned sf = f->sf - LORA_SF_MIN;
	double energy[LORA_SFS] = { 0 };

	if (f->start < g->sending_until)
		return -1 - RECEPTION_GATEWAY_SENDING;
	if (!make_room(g, c))
		return -1 - RECEPTION_NO_DEMODULATOR;
	overlap(g, c, f, energy);
	c->on[c->n++] = (struct heard){ f->end, f->power_mw, NONE, (uint8_t)sf };
	if (g->busy == g->p.demodulators)
		return -1 - RECEPTION_NO_DEMODULATOR;
	if (f->power_mw < g->p.sensitivity_mw[sf])
		return -1 - RECEPTION_UNDER_SENSITIVITY;
	uint32_t i = take_row(g);
	g->busy++;
	g->row[i] = (struct reception_row){ .wanted = (double)(f->end - f->start) * (double)f->power_mw,
					    .sf = (uint8_t)sf,
					    .used = true };
	memcpy(g->row[i].energy, energy, sizeof energy);
	c->on[c->n - 1].row = i;
	return (int)i;
}

/* Frames that overlap a row's after its end must not find it: it is over for the channel too. */
static void let_go(struct gateway *g, uint32_t row)
{
	g->row[row].used = false;
	g->row[row].next_free = g->free_row;
	g->free_row = row;
}

enum reception gateway_end(struct gateway *g, int token)
{
	struct reception_row *r = &g->row[token];
	enum reception result = RECEPTION_RECEIVED;

	if (r->killed) {
		result = RECEPTION_GATEWAY_SENDING;
	} else {
		g->busy--;
		for (unsigned i = 0; i < LORA_SFS; i++)
			if (r->energy[i] > 0 && r->wanted < g->least[r->sf][i] * r->energy[i])
				result = RECEPTION_INTERFERED;
	}
	let_go(g, (uint32_t)token);
	return result;
}

void gateway_reset(struct gateway *g)
{
	for (uint32_t i = 0; i < g->n_rows; i++)
		if (g->row[i].used)
			g->row[i].killed = true;
	g->busy = 0;
}

void gateway_transmit(struct gateway *g, simtime_t now, simtime_t until)
{
	(void)now;
	gateway_reset(g);
	if (until > g->sending_until)
		g->sending_until = until;
}

bool gateway_sending(const struct gateway *g, simtime_t now)
{
	return now < g->sending_until;
}

unsigned gateway_busy(const struct gateway *g)
{
	return g->busy;
}
