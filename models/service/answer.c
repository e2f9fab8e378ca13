/*
 * What became of messages: counted by the cell of their device, by the time of their generation.
 *
 * The age of the newest reading that a platform holds grows with the clock and falls when a newer one is accepted: with
 * F(a) = a2 / 2, its integral over a device's time is the sum of F(age before) - F(age after) over the acceptances, plus
 * F(age at the end), less F(age at the begin).  So a cell needs one sum, and a device the generation of its newest reading.
 */
#include "models/service/service_private.h"

static simtime_t newest(const struct service *sv, const struct reading_row *r)
{
	return (simtime_t)((uint64_t)r->newest << sv->tick_shift);
}

static double half_square(double a)
{
	return a * a / 2;
}

/* The device is operational for the first time: its age counts from here. */
void answer_operational(const struct sim *s, struct service *sv, uint32_t i)
{
	struct reading_row *r = &sv->row[i];
	struct cell_tally *c = &sv->cell[sv->dev->cell[i]];

	r->ageing = 1;
	r->newest = (uint32_t)((uint64_t)s->now >> sv->tick_shift);
	c->age_area -= half_square(sim_seconds(s->now - newest(sv, r)));
	c->age_time += sim_seconds(s->end - s->now);
}

static void accept_newer(const struct sim *s, struct service *sv, struct cell_tally *c, struct reading_row *r,
			 simtime_t created)
{
	uint32_t tick = (uint32_t)((uint64_t)created >> sv->tick_shift);
	double before, after;

	if (tick <= r->newest)
		return;
	before = sim_seconds(s->now - newest(sv, r));
	r->newest = tick;
	after = sim_seconds(s->now - newest(sv, r));
	c->age_area += (before - after) * (before + after) / 2;
}

static void count_delivered(struct sim *s, struct service *sv, struct cell_tally *c, const struct message *m)
{
	simtime_t took = s->now - m->created;

	if (!c->latency)
		c->latency = sim_alloc(s, 1, sizeof *c->latency);
	if (c->latency)
		histogram_add(c->latency, took);
	c->due_in_time += took <= sv->streams[m->context].deadline && sv->streams[m->context].deadline != SIM_NEVER;
}

static void count_bin(struct service *sv, const struct stream *st, simtime_t created, bool delivered)
{
	uint32_t b = created >= sv->bin_from ? sv->bin_now : (uint32_t)(created / sv->bin_width);
	struct bin *bin = &sv->bin[(size_t)st->class_index * sv->n_bins + b];

	bin->answered++;
	bin->delivered += delivered;
}

static void count_shown(struct service *sv, const struct stream *st, uint32_t i, bool delivered)
{
	const struct shown_class *c = &sv->shown_class[st->class_index];
	uint32_t row = i - sv->dev->classes[st->class_index].first;

	if (row & ((1u << c->shift) - 1))
		return;
	sv->shown[c->first + (row >> c->shift)].answered++;
	sv->shown[c->first + (row >> c->shift)].delivered += delivered;
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct service *sv = ctx;
	struct cell_tally *c = &sv->cell[sv->dev->cell[m->device]];
	struct reading_row *r = &sv->row[m->device];
	const struct stream *st = &sv->streams[m->context];
	bool counted = m->created >= s->warmup, delivered = fate == FATE_DELIVERED;

	BUG_ON(s, m->context >= streams_in_all(sv));
	/* One answer too many shows in the balance of messages: it has no message to take from. */
	if (r->in_flight)
		r->in_flight--;
	c->fate[counted][fate]++;
	if (delivered && r->ageing)
		accept_newer(s, sv, c, r, m->created);
	/* What devices say beside would hide what they fail to say that they say on an ordinary day. */
	if (delivered && sv->accepted && !st->extra)
		accepted_count(s, sv, sv->dev->cell[m->device], m->created);
	if (!counted)
		return;
	c->due += st->deadline != SIM_NEVER && m->created > st->due_until; /* the others were when they were generated */
	if (delivered) {
		c->delivered_bytes += m->bytes;
		count_delivered(s, sv, c, m);
	}
	count_bin(sv, st, m->created, delivered);
	if (sv->shown)
		count_shown(sv, st, m->device, delivered);
}

/* Generated messages of a class so far. */
static uint64_t class_generated(const struct service *sv, uint32_t class_index)
{
	uint32_t per_class = sv->groups->n_cells / sv->dev->n_classes;
	uint64_t sum = 0;

	for (uint32_t c = class_index * per_class; c < (class_index + 1) * per_class; c++)
		sum += sv->cell[c].generated;
	return sum;
}

void bins_advance(struct service *sv, simtime_t now)
{
	for (uint32_t k = 0; k < sv->dev->n_classes; k++) {
		uint64_t sum = class_generated(sv, k);
		sv->bin[(size_t)k * sv->n_bins + sv->bin_now].generated += sum - sv->flushed[k];
		sv->flushed[k] = sum;
	}
	sv->bin_now = (uint32_t)(now / sv->bin_width);
	if (sv->bin_now >= sv->n_bins)
		sv->bin_now = sv->n_bins - 1; /* the end itself */
	sv->bin_from = sv->bin_now * sv->bin_width;
	sv->bin_end = sv->bin_now == sv->n_bins - 1 ? SIM_NEVER : sv->bin_from + sv->bin_width;
}

static void on_warmup(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct service *sv = ctx;

	(void)subject, (void)detail;
	for (uint32_t c = 0; c < sv->groups->n_cells; c++) {
		sv->cell[c].generated_before = sv->cell[c].generated;
		sv->cell[c].missed_before = sv->cell[c].missed;
		sv->cell[c].due_before = sv->cell[c].due;
		sv->cell[c].age_area = sv->cell[c].age_time = 0;
	}
	for (uint32_t i = 0; i < sv->dev->n; i++)
		if (sv->row[i].ageing) {
			struct cell_tally *c = &sv->cell[sv->dev->cell[i]];
			c->age_area -= half_square(sim_seconds(s->now - newest(sv, &sv->row[i])));
			c->age_time += sim_seconds(s->end - s->now);
		}
}

void answer_start(struct sim *s, const struct service *sv)
{
	if (s->warmup > 0)
		sim_at(s, s->warmup, sv->kind_warmup, 0, 0);
}

void answer_finish(const struct sim *s, struct service *sv)
{
	bins_advance(sv, s->end);
	for (uint32_t i = 0; i < sv->dev->n; i++)
		if (sv->row[i].ageing)
			sv->cell[sv->dev->cell[i]].age_area += half_square(sim_seconds(s->end - newest(sv, &sv->row[i])));
}

/* Hours, unless there are very many of them. */
static bool bins_setup(struct sim *s, struct service *sv)
{
	const simtime_t most = 20000;
	simtime_t hours = (s->end + SIM_HOUR - 1) / SIM_HOUR;

	sv->bin_width = (hours + most - 1) / most * SIM_HOUR;
	sv->n_bins = (uint32_t)((s->end + sv->bin_width - 1) / sv->bin_width);
	sv->bin_end = sv->n_bins == 1 ? SIM_NEVER : sv->bin_width;
	sv->bin = sim_alloc(s, (size_t)sv->n_bins * sv->dev->n_classes, sizeof *sv->bin);
	sv->flushed = sim_alloc(s, sv->dev->n_classes, sizeof *sv->flushed);
	return sv->bin && sv->flushed;
}

bool answer_setup(struct sim *s, struct service *sv)
{
	while (((uint64_t)s->end >> sv->tick_shift) > UINT32_MAX)
		sv->tick_shift++;
	sv->row = sim_alloc(s, sv->dev->n, sizeof *sv->row);
	sv->cell = sim_alloc(s, sv->groups->n_cells, sizeof *sv->cell);
	if (!sv->row || !sv->cell || !bins_setup(s, sv))
		return false;
	sv->kind_warmup = sim_handler(s, "traffic.warm-up", on_warmup, sv);
	network_owner(s, PURPOSE_APPLICATION, on_answer, sv);
	return true;
}
