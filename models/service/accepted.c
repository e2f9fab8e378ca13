/*
 * What was accepted, by the cell of its device and the quarter of an hour in which it was generated: what the quality of service in a
 * crisis is told by.
 *
 * A cell has its row of bins from its first message on.
 */
#include "models/network/asset.h"
#include "models/service/service_private.h"

enum { BINS_MOST = 1 << 20 };

void accepted_start(struct sim *s, struct service *sv)
{
	struct accepted *a;

	if (!s->twin && !assets_may_break(s))
		return;
	a = sim_alloc(s, 1, sizeof *a);
	sv->accepted_in = sim_alloc(s, sv->groups->n_cells, sizeof *sv->accepted_in);
	if (!a || !sv->accepted_in)
		return;
	a->width = SIM_HOUR / 4;
	while (s->horizon / a->width >= BINS_MOST)
		a->width *= 2;
	a->n_bins = (uint32_t)(s->end / a->width + 1);
	a->n_cells = sv->groups->n_cells;
	a->cell = sv->accepted_in;
	sv->accepted = a;
}

void accepted_count(struct sim *s, struct service *sv, uint32_t cell, simtime_t created)
{
	const struct accepted *a = sv->accepted;
	uint32_t *bins = sv->accepted_in[cell];

	if (!bins)
		bins = sv->accepted_in[cell] = sim_alloc(s, a->n_bins, sizeof *bins);
	if (bins)
		bins[created / a->width]++;
}

const struct accepted *traffic_accepted(const struct sim *s)
{
	const struct service *sv = sim_state(s, &traffic_model);

	return sv ? sv->accepted : NULL;
}
