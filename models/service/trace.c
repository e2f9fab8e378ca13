/*
 * Traffic from a file: readings at the times that it names.  One event is pending per trace.
 */
#include <stdlib.h>

#include "models/service/service_private.h"
#include "sim/scenario/csv.h"

static const uint32_t PURPOSE_LATE = RNG_PURPOSE('t', 't', 'r', 'c');

static int by_time(const void *a, const void *b)
{
	const struct trace_row *x = a, *y = b;

	if (x->t != y->t)
		return x->t < y->t ? -1 : 1;
	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* Half a byte or half a device is a mistake in the file. */
static bool whole(const struct csv *c, const char *file, size_t row, int column, double lo, double hi, double *out,
		  struct diag *d)
{
	if (!csv_number(c, row, column, lo, hi, out, d))
		return false;
	if (*out == floor(*out))
		return true;
	diag_error(d, file, csv_line(c, row), "\"%.60s\" is not a whole number", csv_text(c, row, column));
	return false;
}

static void read_rows(const struct csv *c, const char *file, struct trace *t, struct diag *d)
{
	int time = csv_require(c, "time_s", d), bytes = csv_require(c, "bytes", d), device = csv_column(c, "device");

	for (size_t i = 0; time >= 0 && bytes >= 0 && i < csv_rows(c); i++) {
		double at, size, who = 0;
		bool ok = csv_number(c, i, time, 0, 6.3e9, &at, d);
		ok &= whole(c, file, i, bytes, 1, 65535, &size, d);
		ok &= device < 0 || whole(c, file, i, device, 0, 5e7, &who, d);
		if (!ok)
			continue;
		t->row[t->n++] = (struct trace_row){ sim_from_seconds(at), device >= 0 ? (uint32_t)who : EVERY_DEVICE,
						     (uint16_t)size };
	}
}

void trace_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct traffic_params *p = n->par;
	struct csv *c = csv_read(p->file, sc, d);
	struct trace *t = c ? calloc(1, sizeof *t) : NULL;

	n->data = t;
	if (t)
		t->row = calloc(csv_rows(c) + 1, sizeof *t->row);
	if (c && (!t || !t->row))
		node_error(n, d, "file", "does not fit in memory");
	else if (c)
		read_rows(c, p->file, t, d);
	if (t && t->row)
		qsort(t->row, t->n, sizeof *t->row, by_time);
	if (t && t->row && t->n == 0)
		node_error(n, d, "file", "has no rows");
	csv_free(c);
}

void trace_unload(struct node *n)
{
	struct trace *t = n->data;

	if (t)
		free(t->row);
	free(t);
	n->data = NULL;
}

/* Devices that the file names and the class does not have; rows that the run does not reach. */
void trace_check(const struct scenario *sc, const struct node *n, struct diag *d)
{
	const struct trace *t = n->data;
	uint32_t count = device_count(sc, n->parent), most = 0;
	size_t late = 0;

	for (size_t i = 0; t && i < t->n; i++)
		if (t->row[i].device != EVERY_DEVICE && t->row[i].device > most)
			most = t->row[i].device;
	if (most && most >= count)
		node_error(n, d, "file", "names device %u of the class %s, which has %u (from 0)", most, n->parent->id,
			   count);
	for (size_t i = 0; t && i < t->n; i++)
		late += t->row[i].t >= sc->run.duration;
	if (late)
		node_warning(n, d, "file", "has %zu of %zu rows at the end of the run or after it, which are not sent",
			     late, t->n);
}

/* A message delayed within the jitter; its size is the event's detail. */
static void on_late(struct sim *s, void *ctx, uint32_t i, uint16_t bytes)
{
	const struct stream *st = ctx;

	if (device_works(st->dev->state[i]))
		emit(s, st, i, bytes);
	else
		st->sv->cell[st->dev->cell[i]].missed++;
}

static void send_row(struct sim *s, const struct stream *st, uint32_t i, uint16_t bytes)
{
	uint64_t w[2];

	if (st->jitter == 0) {
		on_late(s, st->sv->streams + st->index, i, bytes);
		return;
	}
	rng_block(s->key, PURPOSE_LATE, stream_key(st, i) ^ rng_mix((uint64_t)s->now), 0, w);
	sim_after(s, (simtime_t)(rng_unit(w[0]) * (double)st->jitter), st->kind_more, i, bytes);
}

static void on_row(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	const struct stream *st = ctx;
	const struct trace *t = st->node->data;
	const struct trace_row *row = &t->row[k];
	const struct device_class *c = &st->dev->classes[st->class_index];

	(void)detail;
	if (k + 1 < t->n && t->row[k + 1].t < st->until)
		sim_at(s, t->row[k + 1].t, st->kind, k + 1, 0);
	if (row->device != EVERY_DEVICE)
		send_row(s, st, c->first + row->device, row->bytes);
	else
		for (uint32_t i = c->first; i < c->first + c->count; i++)
			send_row(s, st, i, row->bytes);
}

void trace_setup(struct sim *s, struct stream *st)
{
	st->kind = sim_handler(s, "traffic.trace", on_row, st);
	st->kind_more = sim_handler(s, "traffic.reading", on_late, st);
}

void trace_start(struct sim *s, const struct stream *st)
{
	const struct trace *t = st->node->data;

	if (t->n && st->dev->classes[st->class_index].count && t->row[0].t < st->until)
		sim_at(s, t->row[0].t, st->kind, 0, 0);
}
