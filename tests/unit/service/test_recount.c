/*
 * Every KPI of messages, counted a second time: a list of what was sent and what became of it, read from the definitions of
 * the KPIs with loops over all messages, devices and groups.
 *
 * The network of the test answers at random: at once, to the nanosecond on the deadline or one later, late, or never; devices
 * lose power, ways out of the network come and go, the platform breaks.
 */
#include "models/network/path.h"
#include "tests/unit/device/town.h"

enum { MOST_MESSAGES = 60000, MOST_DEVICES = 64, MOST_CHANGES = 4096, CASES = 300, CLASSES = 4 };

struct sent {
	simtime_t created, deadline, answered; /* SIM_NEVER: none */
	uint32_t device;
	enum fate fate;
	double joules;
	struct message m;
};

/* What happened to a device. */
enum what { POWERED, OPERATES, DOWN, WAY_MORE, WAY_LESS, PLATFORM_DOWN, PLATFORM_UP };
struct change {
	simtime_t t;
	enum what what;
	uint32_t device;
};

struct world {
	uint64_t chance;
	uint16_t kind_answer, kind_power, kind_way;
	uint32_t n, n_changes;
	int ways[MOST_DEVICES];
	struct sent sent[MOST_MESSAGES];
	struct change change[MOST_CHANGES];
};

static uint32_t below(struct world *w, uint32_t n)
{
	w->chance = rng_mix(w->chance + 0x9e3779b97f4a7c15);
	return (uint32_t)((w->chance >> 32) * n >> 32);
}

/* Each <traffic> of the scenario has a payload of its own, by which its deadline is known. */
static const struct {
	unsigned bytes;
	simtime_t deadline;
} deadlines[] = { { 20, SIM_HOUR }, { 30, SIM_NEVER }, { 40, 90 * SIM_SECOND }, { 50, 10 * SIM_MINUTE } };

static simtime_t deadline_of(unsigned bytes)
{
	for (size_t i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++)
		if (deadlines[i].bytes == bytes)
			return deadlines[i].deadline;
	fail();
	return 0;
}

static void answer(struct sim *s, void *ctx, uint32_t k, uint16_t fate)
{
	struct world *w = ctx;

	w->sent[k].answered = s->now;
	w->sent[k].fate = (enum fate)fate;
	network_answer(s, &w->sent[k].m, (enum fate)fate);
}

static void carry(struct town *t, const struct message *m)
{
	struct world *w = t->own;
	uint32_t k = w->n++, how = below(w, 8);
	enum fate fate = below(w, 3) ? FATE_DELIVERED : (enum fate)(1 + below(w, FATES - 1));
	struct sent *x = &w->sent[k];
	simtime_t takes;

	assert_true(k < MOST_MESSAGES);
	*x = (struct sent){ m->created, deadline_of(m->bytes), SIM_NEVER, m->device, fate, 1e-3 * (1 + below(w, 9)), *m };
	device_charge(t->sim, t->dev, m->device, ENERGY_TX, x->joules, 0);
	if (how == 0)
		return;
	takes = x->deadline == SIM_NEVER || how > 5 ? (simtime_t)below(w, UINT32_MAX) * 400 : x->deadline;
	if (how == 1)
		takes += 1;
	if (how == 2)
		answer(t->sim, w, k, fate);
	else
		sim_after(t->sim, takes, w->kind_answer, k, fate);
}

static uint64_t held(const struct town *t)
{
	const struct world *w = t->own;
	uint64_t n = 0;

	for (uint32_t k = 0; k < w->n; k++)
		n += w->sent[k].answered == SIM_NEVER;
	return n;
}

static void record(const struct town *t, enum what what, uint32_t device)
{
	struct world *w = t->own;

	assert_true(w->n_changes < MOST_CHANGES);
	w->change[w->n_changes++] = (struct change){ t->sim->now, what, device };
}

static void on_up(struct sim *s, void *ctx, uint32_t i)
{
	(void)s;
	record(ctx, POWERED, i);
}

static void on_operational(struct sim *s, void *ctx, uint32_t i)
{
	(void)s;
	record(ctx, OPERATES, i);
}

static void on_down(struct sim *s, void *ctx, uint32_t i)
{
	(void)s;
	record(ctx, DOWN, i);
}

static void on_platform(struct sim *s, void *ctx, bool up)
{
	(void)s;
	record(ctx, up ? PLATFORM_UP : PLATFORM_DOWN, 0);
}

static void on_power(struct sim *s, void *ctx, uint32_t i, uint16_t on)
{
	(void)ctx;
	device_power(s, i, on);
}

static void on_way(struct sim *s, void *ctx, uint32_t i, uint16_t more)
{
	struct town *t = ctx;
	struct world *w = t->own;

	if (!more && w->ways[i] == 0)
		return;
	w->ways[i] += more ? 1 : -1;
	network_path(s, t, i, more ? 1 : -1);
	record(t, more ? WAY_MORE : WAY_LESS, i);
}

static void open_case(struct town *t, struct world *w, unsigned k)
{
	static const char *const ends[] = { "", "until='4h'" };
	char run[128], body[2048];
	unsigned hours = 5 + below(w, 30), warm = k % 3 ? below(w, hours) : 0;

	*t = (struct town){ .on_send = carry, .on_held = held, .own = w, .seed = k + 1 };
	snprintf(run, sizeof run, "start='2026-03-02T00:00Z' duration='%uh' warm-up='%uh'", hours, warm);
	snprintf(body, sizeof body,
		 "<city width='4km' height='3km'><district id='east' centre='1km 1km' radius='900m' population='100'/>"
		 "<district id='west' centre='3km 1km' radius='900m' population='100'/><shadowing deviation='0dB'/></city>"
		 "<lorawan id='one'/><lorawan id='two'/><platform id='cloud' availability='70%%' repair='40min'/>"
		 "<device-class id='meter' vertical='water'><uses network='one'/>"
		 "<traffic period='1h' phase='aligned' payload='20B' deadline='1h'/>"
		 "<traffic pattern='mar-periodic' payload-law='fixed' payload='30B' jitter='7min'/></device-class>"
		 "<device-class id='level' vertical='water' platform='cloud'><uses network='two'/>"
		 "<traffic pattern='poisson' period='%umin' payload='40B' deadline='90s' %s/></device-class>"
		 "<device-class id='air' vertical='environment'><uses network='one'/>"
		 "<traffic pattern='on-change' burst='3' period='2h' payload='50B' deadline='10min'/></device-class>"
		 "<device-class id='mute' vertical='environment'><uses network='two'/></device-class>"
		 "<deploy class='meter' count='14'/><deploy class='level' count='9' over='%uh'/>"
		 "<deploy class='air' count='8' start='%uh'/><deploy class='mute' count='5'/>",
		 5 + below(w, 60), ends[below(w, 2)], 1 + below(w, 6), k % 4 ? below(w, 4) : warm);
	town_open(t, run, body);
	w->kind_answer = sim_handler(t->sim, "answer", answer, w);
	w->kind_power = sim_handler(t->sim, "power", on_power, t);
	w->kind_way = sim_handler(t->sim, "way", on_way, t);
	device_subscribe(t->sim, DEVICE_UP, on_up, t);
	device_subscribe(t->sim, DEVICE_WENT_OPERATIONAL, on_operational, t);
	device_subscribe(t->sim, DEVICE_WENT_DOWN, on_down, t);
	platform_watch(t->sim, 1, on_platform, t);
	for (uint32_t j = 0; j < 60; j++) {
		simtime_t at = below(w, 5) ? (simtime_t)below(w, hours * 3600) * SIM_SECOND : t->sc->run.warm_up;
		sim_at(t->sim, at, below(w, 2) ? w->kind_power : w->kind_way, below(w, t->dev->n), (uint16_t)below(w, 2));
	}
	assert_true(t->dev->n <= MOST_DEVICES && t->dev->n_classes == CLASSES);
}

static bool belongs(const struct town *t, const char *group, uint32_t i)
{
	static const char *const networks[CLASSES] = { "one", "two", "one", "two" };
	static const char *const districts[] = { "", "east", "west" };
	const struct device_class *c = &t->dev->classes[t->dev->class_of[i]];

	if (!strncmp(group, "class=", 6))
		return !strcmp(group + 6, c->id);
	if (!strncmp(group, "vertical=", 9))
		return !strcmp(group + 9, c->vertical);
	if (!strncmp(group, "network=", 8))
		return !strcmp(group + 8, networks[c->index]);
	if (!strncmp(group, "district=", 9))
		return !strcmp(group + 9, districts[t->dev->district[i] + 1]);
	return !strcmp(group, "all");
}

static void same(const struct town *t, const char *kpi, const char *group, double expected, double within)
{
	double is = town_kpi(t, kpi, group);

	if (isnan(expected) ? !isnan(is) : !(fabs(is - expected) <= within)) {
		print_error("%s of %s is %.12g, not %.12g (seed %llu)\n", kpi, group, is, expected,
			    (unsigned long long)t->seed);
		fail();
	}
}

static double over(double a, double b)
{
	return b > 0 ? a / b : NAN;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A quantile lies between the values beside its rank, give or take the width of a bucket. */
static void same_quantile(const struct town *t, const char *kpi, const char *group, const double *sorted, uint32_t n, double p)
{
	double is = town_kpi(t, kpi, group), rank = p * n;
	uint32_t low = rank < 2 ? 0 : (uint32_t)rank - 2, high = rank + 1 < n ? (uint32_t)rank + 1 : n - 1;

	if (n == 0)
		assert_true(isnan(is));
	else if (!(is >= sorted[low] * 0.968 && is <= sorted[high] * 1.032 + 1e-9)) {
		print_error("%s of %s is %g, not in %g .. %g\n", kpi, group, is, sorted[low], sorted[high]);
		fail();
	}
}

static void recount_messages(const struct town *t, const char *group)
{
	static double latency[MOST_MESSAGES];
	const struct world *w = t->own;
	double generated = 0, answered = 0, delivered = 0, due = 0, kept = 0, joules = 0, sum = 0, by[FATES] = { 0 };
	uint32_t n = 0;

	for (uint32_t k = 0; k < w->n; k++) {
		const struct sent *x = &w->sent[k];
		bool open = x->answered == SIM_NEVER || x->answered > t->sim->end;
		if (x->created < t->sim->warmup || !belongs(t, group, x->device))
			continue;
		generated++;
		joules += x->joules;
		/* a message on its way is not late until its deadline has passed */
		if (x->deadline != SIM_NEVER && !(open && x->created + x->deadline > t->sim->end))
			due++;
		if (open)
			continue;
		answered++;
		by[x->fate]++;
		if (x->fate != FATE_DELIVERED)
			continue;
		delivered++;
		latency[n++] = sim_seconds(x->answered - x->created);
		sum += latency[n - 1];
		kept += x->answered - x->created <= x->deadline && x->deadline != SIM_NEVER;
	}
	qsort(latency, n, sizeof *latency, ascending);
	if (generated == 0)
		return;
	same(t, "messages.generated", group, generated, 0);
	same(t, "messages.delivered", group, delivered, 0);
	same(t, "messages.in-flight", group, generated - answered, 0);
	same(t, "messages.per-hour", group, generated / (sim_seconds(t->sim->end - t->sim->warmup) / 3600), 1e-6);
	same(t, "connectivity.delivery-ratio", group, over(delivered, answered), 1e-12);
	same(t, "latency.deadline-ratio", group, over(kept, due), 1e-12);
	same(t, "latency.mean", group, over(sum, delivered), 1e-6);
	same(t, "latency.max", group, n ? latency[n - 1] : NAN, 1e-9);
	same_quantile(t, "latency.p50", group, latency, n, 0.5);
	same_quantile(t, "latency.p95", group, latency, n, 0.95);
	same_quantile(t, "latency.p99", group, latency, n, 0.99);
	same(t, "energy.per-message", group, over(joules, delivered), 1e-9);
	for (int f = 1; f < FATES; f++) {
		char kpi[64] = "losses.", *end = kpi + 7;
		for (const char *c = fate_name((enum fate)f); *c && strncmp(c, " or grant", 9) != 0; c++)
			*end++ = *c == ' ' ? '-' : *c;
		*end = '\0';
		same(t, kpi, group, over(by[f], answered), 1e-12);
	}
}

/* Hour by hour of generation. */
static void recount_hours(const struct town *t, const char *group)
{
	const struct world *w = t->own;

	for (size_t r = 0; r < t->report->n_series; r++) {
		const struct series_row *row = &t->report->series[r];
		bool load = !strcmp(row->def->name, "messages.per-hour");
		double generated = 0, answered = 0, delivered = 0;
		if (strcmp(row->group, group) != 0 || !(load || !strcmp(row->def->name, "connectivity.delivery-ratio")))
			continue;
		for (uint32_t k = 0; k < w->n; k++) {
			const struct sent *x = &w->sent[k];
			if (x->created < row->t || x->created >= row->t + SIM_HOUR || !belongs(t, group, x->device))
				continue;
			generated++;
			answered += x->answered <= t->sim->end;
			delivered += x->answered <= t->sim->end && x->fate == FATE_DELIVERED;
		}
		assert_close(row->value, load ? generated : delivered / answered, 1e-9);
	}
}

/* Seconds x age of one device from `from` on; the platform holds what was accepted, whatever came before it. */
static double age_area(const struct town *t, uint32_t i, simtime_t first, simtime_t from)
{
	static const struct sent *accepted[MOST_MESSAGES];
	const struct world *w = t->own;
	simtime_t now = first, newest = first;
	double area = 0;
	uint32_t n = 0;

	for (uint32_t k = 0; k < w->n; k++)
		if (w->sent[k].device == i && w->sent[k].fate == FATE_DELIVERED && w->sent[k].answered <= t->sim->end)
			accepted[n++] = &w->sent[k];
	for (;;) {
		const struct sent *next = NULL;
		for (uint32_t k = 0; k < n; k++)
			if (accepted[k]->created > newest && (!next || accepted[k]->answered < next->answered))
				next = accepted[k];
		simtime_t until = next ? next->answered : t->sim->end, a = now > from ? now : from;
		if (until > a)
			area += sim_seconds(until - a) * (sim_seconds(a - newest) + sim_seconds(until - newest)) / 2;
		if (!next)
			return area;
		now = until;
		newest = next->created;
	}
}

struct lives {
	double age, age_time, operational, deployed, available, counted;
};

/* One device, change by change. */
static void relive(const struct town *t, uint32_t i, struct lives *l)
{
	const struct world *w = t->own;
	bool platform = t->dev->class_of[i] == 1, up = true, operates = false;
	simtime_t first = SIM_NEVER, begun = SIM_NEVER, last = 0;
	double available = 0;
	int ways = 0;

	for (uint32_t k = 0; k <= w->n_changes; k++) {
		const struct change *c = &w->change[k];
		simtime_t to = k < w->n_changes ? c->t : t->sim->end, from = last > t->sim->warmup ? last : t->sim->warmup;
		double span = to > from ? sim_seconds(to - from) : 0;
		l->operational += operates ? span : 0;
		l->deployed += begun != SIM_NEVER ? span : 0;
		available += operates && ways && (up || !platform) ? span : 0;
		last = to;
		if (k == w->n_changes)
			break;
		if (c->what == PLATFORM_DOWN || c->what == PLATFORM_UP)
			up = c->what == PLATFORM_UP;
		if (c->device != i)
			continue;
		if (c->what == POWERED && begun == SIM_NEVER)
			begun = c->t;
		if (c->what == OPERATES && first == SIM_NEVER)
			first = c->t;
		if (c->what == OPERATES || c->what == DOWN)
			operates = c->what == OPERATES;
		ways += (c->what == WAY_MORE) - (c->what == WAY_LESS);
	}
	if (begun < t->sim->end) {
		l->available += available / sim_seconds(t->sim->end - (begun > t->sim->warmup ? begun : t->sim->warmup));
		l->counted++;
	}
	if (first == SIM_NEVER || t->dev->class_of[i] == CLASSES - 1)
		return; /* the last class reports nothing, so that nothing grows old */
	simtime_t from = first > t->sim->warmup ? first : t->sim->warmup;
	l->age += age_area(t, i, first, from);
	l->age_time += sim_seconds(t->sim->end - from);
}

static void recount_devices(const struct town *t, const char *group, const struct lives *each)
{
	struct lives l = { 0 };

	for (uint32_t i = 0; i < t->dev->n; i++) {
		if (!belongs(t, group, i))
			continue;
		l.operational += each[i].operational;
		l.deployed += each[i].deployed;
		l.available += each[i].available;
		l.counted += each[i].counted;
		l.age += each[i].age;
		l.age_time += each[i].age_time;
	}
	same(t, "connectivity.connected-ratio", group, over(l.operational, l.deployed), 1e-9);
	same(t, "connectivity.availability", group, over(l.available, l.counted), 1e-5);
	if (!isnan(town_kpi(t, "messages.generated", group)))
		same(t, "latency.age-of-information", group, over(l.age, l.age_time), 1e-3);
}

static void every_kpi_of_every_group_is_what_a_list_of_the_messages_says(void **st)
{
	static const char *const groups[] = { "all",         "class=meter",    "class=level",          "class=air",
					      "class=mute",  "vertical=water", "vertical=environment", "network=one",
					      "network=two", "district=east",  "district=west" };
	struct world *w = malloc(sizeof *w);

	(void)st;
	assert_non_null(w);
	for (unsigned k = 0; k < CASES; k++) {
		struct lives each[MOST_DEVICES] = { 0 };
		struct town t;
		*w = (struct world){ .chance = k };
		open_case(&t, w, k);
		town_run(&t);
		for (uint32_t i = 0; i < t.dev->n; i++)
			relive(&t, i, &each[i]);
		for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
			recount_messages(&t, groups[g]);
			recount_hours(&t, groups[g]);
			recount_devices(&t, groups[g], each);
		}
		assert_close(town_audit(&t, "messages", "in flight at the end"), 0, w->n);
		assert_true(report_imbalance(t.report, NULL) < 1e-12);
		town_close(&t);
	}
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kpi_of_every_group_is_what_a_list_of_the_messages_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
