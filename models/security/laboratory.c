/*
 * <laboratory>, <recognition>: who tests products for conformance, how well, and whose labels it takes instead.
 *
 * A round of tests is one job of one server: every test case of every provision that is tested, after the other.  The organisation
 * (groups of test cases per provision, looking at claims and at the device) is that of ETSI TS 103 701; the queue is a choice of ours.
 */
#include <math.h>
#include <string.h>

#include "models/security/certification_private.h"

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };
static const char *const laws[] = { "exponential", "fixed", NULL };
static const char *const retests[] = { "failed", "all", NULL };

#define S struct laboratory_params
static const struct param params[] = {
	COUNT(S, servers, "2", "1", "10000", "products tested at the same time", "[M] unverified default"),
	TIME(S, time_per_test, "4h", "1s", "1yr", "mean time of one test case", "[M] unverified default"),
	CHOICE(S, service_law, "exponential", laws, "distribution of that time", NULL),
	CHOICE(S, retest, "failed", retests, "what is tested again after a fix: the provisions that failed, or all", NULL),
	RATIO(S, sensitivity, "90%", "0%", "100%", "chance that a test case notices that its provision is not met", "[M] unverified default"),
	RATIO(S, specificity, "99%", "0%", "100%", "chance that a test case passes a provision that is met", "[M] unverified default"),
	MONEY(S, fee, DIM_MONEY, "", "of a request", NULL),
	MONEY(S, cost_per_test, DIM_MONEY, "", "of a test case", NULL),
	BOOL(S, recognition, "on", "takes a foreign cybersecurity label in place of its tests, at the level agreed",
	     "CSA Singapore: FI is level 3, DE level 2, KR level 3 from 2025-01-01 on"),
};
#undef S

struct recognition_params {
	const char *label;
	uint64_t level;
	int64_t from;
};
static const struct place recognition_places[] = { { "laboratory", 0, 0 } };
static const struct param recognition_params[] = {
	TEXT(struct recognition_params, label, NULL, "that products bring along", NULL),
	COUNT(struct recognition_params, level, NULL, "0", "4", "of Singapore's scheme that it stands for here; 0: none", NULL),
	INSTANT(struct recognition_params, from, "", "recognised from then on; absent: always"),
};

enum { KPI_WAITING, KPI_UTILISATION, KPI_ROUNDS, KPIS };
static const struct kpi_def kpis[KPIS] = {
	[KPI_WAITING] = { "laboratory.waiting-time", "s", "request or fix to the begin of the tests, mean", NULL, KPI_LOWER, true },
	[KPI_UTILISATION] = { "laboratory.utilisation", "1", "servers busy ÷ servers, time-averaged", NULL, KPI_NEITHER, true },
	[KPI_ROUNDS] = { "laboratory.rounds", "1", "rounds of tests finished, from the start of the run", NULL, KPI_NEITHER, true },
};

static const struct evidence evidence[] = {
	{ "waiting time", "M/M/c in closed form", "99 % interval of the mean, tests/validation/valid_baseline.c" },
	{ "verdicts", "false passes and false alarms from sensitivity and specificity in closed form",
	  "99 % interval, tests/validation/valid_baseline.c" },
	{ "mutual recognition", "CSA Singapore: FI 3, DE 2, KR 3 from 2025 on", "exact, tests/validation/valid_baseline.c" },
};

static const struct { const char *label; int level; int64_t from; } agreed[] = {
	{ "FI", 3, INT64_MIN },
	{ "DE", 2, INT64_MIN },
	{ "KR", 3, 1735689600 }, /* 2025-01-01 */
};

struct laboratories {
	struct laboratory *all;
	uint32_t n;
	laboratory_done_fn *done;
};

unsigned laboratory_cases(unsigned provision)
{
	return provisions[provision].paper ? 1 : 2;
}

unsigned laboratory_cases_of(const struct provision_set *set)
{
	unsigned n = 0;

	for (unsigned i = 0; i < PROVISIONS; i++)
		n += provision_in(set, i) ? laboratory_cases(i) : 0;
	return n;
}

bool laboratory_test(const struct laboratory_params *p, struct rng *r, unsigned provision, bool meets, struct test_counts *c)
{
	bool pass = true;

	for (unsigned k = 0; k < laboratory_cases(provision); k++) {
		bool fails = rng_uniform(r) < (meets ? 1 - p->specificity : p->sensitivity);
		c->passed += !fails && meets;
		c->missed += !fails && !meets;
		c->false_alarms += fails && meets;
		c->found += fails && !meets;
		pass &= !fails;
	}
	return pass;
}

bool laboratory_knows_label(const struct scenario *sc, const char *label)
{
	for (size_t i = 0; i < sizeof agreed / sizeof agreed[0]; i++)
		if (strcmp(agreed[i].label, label) == 0)
			return true;
	for (const struct node *n = scenario_first(sc, &recognition_model); n; n = n->next_same)
		if (strcmp(((const struct recognition_params *)n->par)->label, label) == 0)
			return true;
	return false;
}

int laboratory_recognises(const struct scenario *sc, const struct node *laboratory, const char *label, int64_t at)
{
	const struct laboratory_params *p = laboratory ? laboratory->par : NULL;

	(void)sc;
	if (p && !p->recognition)
		return 0;
	for (const struct node *n = laboratory ? node_child(laboratory, &recognition_model) : NULL; n; n = node_next(n)) {
		const struct recognition_params *q = n->par;
		if (strcmp(q->label, label) == 0)
			return node_given(n, "from") && at < q->from ? 0 : (int)q->level;
	}
	for (size_t i = 0; i < sizeof agreed / sizeof agreed[0]; i++)
		if (strcmp(agreed[i].label, label) == 0)
			return at < agreed[i].from ? 0 : agreed[i].level;
	return 0;
}

struct laboratory *laboratory_of(const struct sim *s, const struct product *p)
{
	const struct laboratories *ls = sim_state(s, &laboratory_model);

	for (uint32_t i = 0; ls && i < ls->n; i++)
		if (!p->security->laboratory || ls->all[i].element == p->security->laboratory)
			return &ls->all[i];
	return NULL;
}

void laboratory_on_done(struct sim *s, laboratory_done_fn *fn)
{
	struct laboratories *ls = sim_state(s, &laboratory_model);

	if (ls)
		ls->done = fn;
}

static void on_tested(struct sim *s, void *ctx, uint32_t product, simtime_t waited, simtime_t served)
{
	const struct laboratories *ls = sim_state(s, &laboratory_model);
	struct laboratory *l = ctx;

	(void)waited, (void)served;
	l->rounds++;
	BUG_ON(s, !ls->done);
	ls->done(s, product);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	uint32_t n = (uint32_t)scenario_count(sc, &laboratory_model), i = 0;
	struct laboratories *ls = n && products_of(s) ? sim_alloc(s, 1, sizeof *ls) : NULL;

	if (!ls)
		return;
	ls->n = n;
	ls->all = sim_alloc(s, n, sizeof *ls->all);
	if (!ls->all)
		return;
	for (const struct node *e = scenario_first(sc, &laboratory_model); e; e = e->next_same, i++) {
		struct laboratory *l = &ls->all[i];
		*l = (struct laboratory){ .element = e, .p = e->par };
		l->station = station_new(s, e->id, (uint32_t)l->p->servers, STATION_UNBOUNDED, on_tested, l);
		if (!l->station)
			return;
	}
	sim_set_state(s, &laboratory_model, ls);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct laboratories *ls = sim_state(s, &laboratory_model);
	struct tally waiting = { 0 };
	double busy = 0, servers = 0, rounds = 0;

	(void)sc;
	for (uint32_t i = 0; ls && i < ls->n; i++) {
		const struct station_stats *st = station_stats(ls->all[i].station);
		tally_merge(&waiting, &st->waiting);
		busy += timeavg_mean(&st->busy, s->now);
		servers += (double)ls->all[i].p->servers;
		rounds += (double)ls->all[i].rounds;
		report_fact(s->report, ls->all[i].element->id, "%llu test bench%s, %.3g %% busy, %llu rounds of tests",
			    (unsigned long long)ls->all[i].p->servers, ls->all[i].p->servers == 1 ? "" : "es",
			    100 * timeavg_mean(&st->busy, s->now) / (double)ls->all[i].p->servers,
			    (unsigned long long)ls->all[i].rounds);
	}
	if (!ls)
		return;
	report_kpi(s->report, &kpis[KPI_WAITING], "all", waiting.n ? waiting.mean : NAN);
	report_kpi(s->report, &kpis[KPI_UTILISATION], "all", busy / servers);
	report_kpi(s->report, &kpis[KPI_ROUNDS], "all", rounds);
}

const struct model laboratory_model = {
	.name = "laboratory",
	.doc = "Tests products for conformance: so many at a time, so well, for so much.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct laboratory_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.evidence = TABLE(evidence),
	.setup = setup,
	.finish = finish,
};

const struct model recognition_model = {
	.name = "recognition",
	.doc = "A cybersecurity label of elsewhere that a laboratory takes in place of its tests.",
	.places = TABLE(recognition_places),
	.par_size = sizeof(struct recognition_params),
	.params = TABLE(recognition_params),
};
