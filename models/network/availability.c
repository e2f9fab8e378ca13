#include "models/network/availability_private.h"

#include "models/device/group.h"
#include "models/network/path.h"

/* Beside the number of live ways in the lower bits. */
enum { IN_SERVICE = 0x8000, AVAILABLE = 0x4000, WAYS = 0x3fff };

struct class_watch {
	struct availability *a;
	uint32_t class_index;
};

struct availability {
	struct devices *dev;
	uint16_t *ways; /* live ways of a device, IN_SERVICE, AVAILABLE */
	simtime_t *sum; /* less the time when an interval began, plus the time when it ended */
	float *from;    /* s, when it was first powered */
};

/* The clock for counting: stands still until the warm-up is over. */
static simtime_t counted_now(const struct sim *s)
{
	return s->now > s->warmup ? s->now : s->warmup;
}

static void refresh(struct sim *s, struct availability *a, uint32_t i)
{
	bool is = device_works(a->dev->state[i]) && (a->ways[i] & WAYS) && processing_up(s, i);
	bool was = a->ways[i] & AVAILABLE;

	if (is == was)
		return;
	a->ways[i] ^= AVAILABLE;
	a->sum[i] += is ? -counted_now(s) : counted_now(s);
}

static void on_up(struct sim *s, void *ctx, uint32_t i)
{
	struct availability *a = ctx;

	if (a->ways[i] & IN_SERVICE)
		return;
	a->ways[i] |= IN_SERVICE;
	a->from[i] = (float)sim_seconds(s->now);
}

static void on_device(struct sim *s, void *ctx, uint32_t i, enum device_state from, enum device_state to)
{
	if (device_works(from) != device_works(to))
		refresh(s, ctx, i);
}

static void on_platform(struct sim *s, void *ctx, bool up)
{
	const struct class_watch *w = ctx;
	const struct device_class *c = &w->a->dev->classes[w->class_index];

	(void)up;
	for (uint32_t i = c->first; i < c->first + c->count; i++)
		refresh(s, w->a, i);
}

struct availability *availability_new(struct sim *s)
{
	struct availability *a = sim_alloc(s, 1, sizeof *a);
	struct devices *dev = devices_of(s);
	struct class_watch *w;

	if (!a || !dev)
		return NULL;
	a->dev = dev;
	a->ways = sim_alloc(s, dev->n, sizeof *a->ways);
	a->sum = sim_alloc(s, dev->n, sizeof *a->sum);
	a->from = sim_alloc(s, dev->n, sizeof *a->from);
	w = sim_alloc(s, dev->n_classes, sizeof *w);
	if (!a->ways || !a->sum || !a->from || !w)
		return NULL;
	device_subscribe(s, DEVICE_UP, on_up, a);
	device_watch(s, on_device, a);
	for (uint32_t c = 0; c < dev->n_classes; c++) {
		w[c] = (struct class_watch){ a, c };
		processing_watch(s, c, on_platform, &w[c]);
	}
	return a;
}

void availability_path(struct sim *s, struct availability *a, uint32_t device, int change)
{
	int ways = (a->ways[device] & WAYS) + change;

	BUG_ON(s, ways < 0 || ways > WAYS);
	a->ways[device] = (uint16_t)((a->ways[device] & ~WAYS) | ways);
	refresh(s, a, device);
}

/* Share of its time in service; NaN when it has none yet. */
static double share(const struct sim *s, const struct availability *a, uint32_t i)
{
	double from = fmax(a->from[i], sim_seconds(s->warmup)), time = sim_seconds(s->now) - from;
	simtime_t sum = a->sum[i] + (a->ways[i] & AVAILABLE ? counted_now(s) : 0);

	return a->ways[i] & IN_SERVICE && time > 0 ? fmin(sim_seconds(sum) / time, 1) : NAN;
}

void availability_report(struct sim *s, const struct availability *a, const struct kpi_def *def)
{
	const struct groups *g = groups_of(s);
	double *sum = sim_alloc(s, g->n_cells, sizeof *sum), *n = sim_alloc(s, g->n_cells, sizeof *n);

	if (!sum || !n)
		return;
	for (uint32_t i = 0; i < a->dev->n; i++) {
		double x = share(s, a, i);
		if (isnan(x))
			continue;
		sum[a->dev->cell[i]] += x;
		n[a->dev->cell[i]]++;
	}
	for (uint32_t k = 0; k < g->n; k++) {
		double total = 0, devices = 0;
		for (uint32_t c = 0; c < g->n_cells; c++) {
			total += g->member[k][c] ? sum[c] : 0;
			devices += g->member[k][c] ? n[c] : 0;
		}
		report_kpi(s->report, def, g->name[k], devices > 0 ? total / devices : NAN);
	}
}
