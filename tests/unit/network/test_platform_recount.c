/*
 * The platform against the plainest station there is: lists, and at every instant a search for what is next.
 */
#include "tests/unit/network/world.h"

enum { MESSAGES = 4000, CHANGES = 200, SERVERS = 3, QUEUE = 6 };

static const simtime_t service = 40 * SIM_SECOND;

struct job {
	simtime_t arrived, begun, left; /* SIM_NEVER: not yet */
	unsigned priority;
	enum fate fate; /* FATES: none yet */
};

struct log {
	uint32_t n, changes;
	bool begins_down;
	simtime_t change[CHANGES];
	struct job is[MESSAGES], due[MESSAGES];
};

static void arrive(struct sim *s, void *ctx, uint32_t device, uint16_t priority)
{
	struct log *l = ctx;
	uint32_t k = l->n++;
	struct message m = { .created = s->now,
			     .device = device,
			     .context = k,
			     .purpose = PURPOSE_APPLICATION,
			     .priority = (uint8_t)priority,
			     .bytes = 20 };

	assert_true(k < MESSAGES);
	l->is[k] = (struct job){ s->now, SIM_NEVER, SIM_NEVER, priority, FATES };
	platform_arrive(s, &m);
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct job *j = &((struct log *)ctx)->is[m->context];

	assert_int_equal(j->fate, FATES);
	j->left = s->now;
	j->fate = fate;
}

static void on_change(struct sim *s, void *ctx, bool up)
{
	struct log *l = ctx;

	assert_true(l->changes < CHANGES);
	if (s->now == 0 && !up)
		l->begins_down = true;
	else
		l->change[l->changes++] = s->now;
}

struct plain {
	bool up;
	uint32_t serving, waiting;
	simtime_t now;
	double busy, up_s;
};

/* Who waits and comes first: the higher priority, then the earlier. */
static struct job *first_waiting(struct log *l, uint32_t arrived)
{
	struct job *best = NULL;

	for (uint32_t k = 0; k < arrived; k++) {
		struct job *j = &l->due[k];
		if (j->fate == FATES && j->begun == SIM_NEVER && (!best || j->priority > best->priority))
			best = j;
	}
	return best;
}

static struct job *next_done(struct log *l, uint32_t arrived)
{
	struct job *best = NULL;

	for (uint32_t k = 0; k < arrived; k++) {
		struct job *j = &l->due[k];
		if (j->fate == FATES && j->begun != SIM_NEVER && (!best || j->begun < best->begun))
			best = j;
	}
	return best;
}

static void pass(const struct sim *s, struct plain *p, simtime_t to)
{
	simtime_t from = p->now > s->warmup ? p->now : s->warmup;

	if (to > from) {
		p->busy += p->serving * sim_seconds(to - from);
		p->up_s += p->up ? sim_seconds(to - from) : 0;
	}
	p->now = to;
}

static void fill(struct log *l, struct plain *p, uint32_t arrived)
{
	while (p->up && p->serving < SERVERS && p->waiting) {
		first_waiting(l, arrived)->begun = p->now;
		p->serving++;
		p->waiting--;
	}
}

static void come(struct job *j, struct plain *p)
{
	bool free = p->serving < SERVERS;

	if (!p->up || (!free && p->waiting == QUEUE)) {
		j->fate = p->up ? FATE_QUEUE_FULL : FATE_PLATFORM;
		j->left = p->now;
		return;
	}
	p->waiting++;
}

static struct plain serve(const struct sim *s, struct log *l)
{
	struct plain p = { .up = !l->begins_down };
	uint32_t arrived = 0, changed = 0;

	for (uint32_t k = 0; k < l->n; k++)
		l->due[k] = (struct job){ l->is[k].arrived, SIM_NEVER, SIM_NEVER, l->is[k].priority, FATES };
	for (;;) {
		struct job *done = next_done(l, arrived);
		simtime_t a = arrived < l->n ? l->is[arrived].arrived : SIM_NEVER;
		simtime_t d = done ? done->begun + service : SIM_NEVER;
		simtime_t c = changed < l->changes ? l->change[changed] : SIM_NEVER;
		simtime_t t = a < d ? (a < c ? a : c) : (d < c ? d : c);
		if (t > s->end) {
			pass(s, &p, s->end);
			return p;
		}
		pass(s, &p, t);
		if (t == c) {
			p.up = !p.up;
			changed++;
		} else if (t == d) {
			done->fate = FATE_DELIVERED;
			done->left = t;
			p.serving--;
		} else {
			come(&l->due[arrived++], &p);
		}
		fill(l, &p, arrived);
	}
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double curve_at(const struct world *w, double x)
{
	for (size_t i = 0; i < w->report->n_curves; i++)
		if (!strcmp(w->report->curves[i].def->name, "platform.waiting") &&
		    fabs(w->report->curves[i].x / x - 1) < 1e-9)
			return w->report->curves[i].y;
	return NAN;
}

/* The KPIs count jobs whose service began after the warm-up. */
static void compare(const struct world *w, const struct log *l, const struct plain *p)
{
	static double waits[MESSAGES];
	double sum = 0, counted = sim_seconds(w->sim->end - w->sim->warmup), p95;
	uint32_t n = 0, longer = 0, rank;

	for (uint32_t k = 0; k < l->n; k++) {
		assert_int_equal(l->is[k].fate, l->due[k].fate);
		assert_int_equal(l->is[k].left, l->due[k].left);
		if (l->due[k].begun == SIM_NEVER || l->due[k].begun < w->sim->warmup)
			continue;
		waits[n] = sim_seconds(l->due[k].begun - l->due[k].arrived);
		longer += waits[n] > 100;
		sum += waits[n++];
	}
	qsort(waits, n, sizeof *waits, ascending);
	rank = (uint32_t)(0.95 * n);
	p95 = world_kpi(w, "platform.waiting-p95");
	assert_close(world_kpi(w, "platform.waiting-time"), sum / n, 1e-6);
	assert_true(p95 >= waits[rank - 2] * 0.968 && p95 <= waits[rank + 1] * 1.032);
	assert_close(world_kpi(w, "platform.utilisation"), p->busy / SERVERS / counted, 1e-9);
	assert_close(world_kpi(w, "platform.availability"), p->up_s / counted, 1e-9);
	assert_close(curve_at(w, 100), (double)longer / n, 0.05);
	assert_close(curve_at(w, 1e-6), (double)longer / n, 1); /* there is one */
	assert_true(report_imbalance(w->report, NULL) < 1e-12);
}

static void outages_queues_and_priorities_are_those_of_the_plainest_station(void **st)
{
	struct log *l = malloc(sizeof *l);
	struct rng r = rng_stream(5, 1, 4, 1);
	unsigned fates[FATES + 1] = { 0 };

	(void)st;
	assert_non_null(l);
	for (unsigned round = 0; round < 8; round++) {
		struct world w;
		char body[512];
		uint16_t kind;
		memset(l, 0, sizeof *l);
		snprintf(body, sizeof body,
			 "<platform id='cloud' servers='3' service-time='40s' service-law='fixed' queue='6' "
			 "availability='85%%' repair='%umin'/><device-class id='m' platform='cloud'/>"
			 "<deploy class='m' count='4' placement='uniform'/>",
			 2 + 5 * round);
		world_open(&w, body, round % 2 ? 3 * SIM_HOUR : 0, 10 * SIM_HOUR);
		kind = sim_handler(w.sim, "arrive", arrive, l);
		network_owner(w.sim, PURPOSE_APPLICATION, on_answer, l);
		platform_watch(w.sim, 0, on_change, l);
		for (uint32_t k = 0; k < 2500; k++)
			sim_at(w.sim, (simtime_t)(rng_uniform(&r) * 36000e9), kind, rng_below(&r, 4),
			       (uint16_t)rng_below(&r, 8));
		world_run(&w);
		struct plain p = serve(w.sim, l);
		compare(&w, l, &p);
		for (uint32_t k = 0; k < l->n; k++)
			fates[l->is[k].fate]++;
		world_close(&w);
	}
	assert_true(fates[FATE_DELIVERED] > 1000 && fates[FATE_PLATFORM] > 500 && fates[FATE_QUEUE_FULL] > 500);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outages_queues_and_priorities_are_those_of_the_plainest_station),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
