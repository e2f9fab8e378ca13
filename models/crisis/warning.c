/* <warning>: detections and decisions. */
#include "models/crisis/warning_private.h"

#include <stdlib.h>

#include "models/device/mobility.h"

static const uint32_t PURPOSE_DECISION = RNG_PURPOSE('w', 'd', 'e', 'c');

static const struct place places[] = { { "crisis", 0, 0 } };
static const char *const laws[] = { "fixed", "exponential", "log-normal", NULL };

#define S struct warning_params
static const struct param params[] = {
	TEXT(S, hazard, NULL, "that it is of: a kind (\"flood\") or the id of one hazard", NULL),
	TEXT(S, rule, NULL,
	     "what makes a detection of reports: \"any\"; \"3 of 60 within 10min and 2km\": of so many devices, and none farther than that "
	     "from the newest (of N and the radius may be left out); \"cusum 5 drift 30/h\": a sum to which each report adds 1 and that "
	     "falls at that rate",
	     NULL),
	TEXT(S, via, "", "ways it takes, separated by ;: cell-broadcast, app, siren, downlink; absent: those that stand in it", NULL),
	TEXT(S, risk, "",
	     "people where the hazard reaches this level are at risk, in its unit; absent: the lowest threshold of the sensors", NULL),
	TIME(S, decision, "0s", "0s", "10yr", "mean time from the detection to the warning: people who decide", NULL),
	CHOICE(S, decision_law, "fixed", laws, "how that is distributed", NULL),
	NUMBER(S, decision_variation, "0.5", "0.01", "10", "standard deviation ÷ mean of a log-normal decision", NULL),
	TIME(S, again, "1h", "0s", "10yr", "after a false alarm, no other warning for so long", NULL),
};
#undef S

static const struct evidence evidence[] = {
	{ "k of n, false alarms", "binomial of aligned samples; scan over two samples", "99 % interval, tests/validation/valid_warning.c" },
	{ "cumulative sum, false alarms", "run length by Markov chain", "99 % interval, tests/validation/valid_warning.c" },
	{ "who is warned before impact", "worked out by hand", "equal, tests/unit/crisis/test_warning.c" },
};

/* ---- load ---- */

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct warning_params *p = n->par;
	struct warning_plan *plan = calloc(1, sizeof *plan);
	const char *why;

	n->data = plan;
	if (!plan) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	plan->hazard = hazard_chosen(sc, n, d, "hazard", p->hazard);
	plan->risk = NAN;
	if (plan->hazard.type && p->risk)
		plan->risk = hazard_level(n, d, "risk", plan->hazard.type, p->risk);
	if (plan->risk <= 0)
		node_error(n, d, "risk", "is reached where there is no hazard (say a level above 0)");
	if (!rule_parse(p->rule, &plan->rule, &why))
		node_error(n, d, "rule", "%s", why);
	if (p->decision == 0 && node_given(n, "decision-law"))
		node_error(n, d, "decision-law", "is read with a decision that takes time only");
	if (p->decision_law != DECISION_LOG_NORMAL && node_given(n, "decision-variation"))
		node_error(n, d, "decision-variation", "is read with decision-law=\"log-normal\" only");
}

static void unload(struct node *n)
{
	free(n->data);
	n->data = NULL;
}

/* Sensors that feed a warning: how many devices have one. */
static uint64_t fed_by(const struct scenario *sc, struct warning_plan *plan, double *lowest)
{
	uint64_t devices = 0;

	*lowest = INFINITY;
	for (const struct node *k = scenario_first(sc, &sensor_model); k; k = k->next_same) {
		struct hazard_choice h = sensor_hazard(k);
		double threshold = sensor_threshold(k);
		if (!h.type || !hazard_choices_meet(&h, &plan->hazard))
			continue;
		devices += device_count(sc, k->parent);
		*lowest = fmin(*lowest, threshold);
	}
	return devices;
}

static void check_sensors(const struct scenario *sc, const struct node *n, struct diag *d)
{
	const struct warning_params *p = n->par;
	struct warning_plan *plan = n->data;
	double lowest;
	uint64_t devices;

	if (!plan || !plan->hazard.type)
		return;
	devices = fed_by(sc, plan, &lowest);
	if (isnan(plan->risk))
		plan->risk = lowest;
	if (devices == 0)
		node_error(n, d, "hazard",
			   "is observed by no device (put a <sensor hazard=\"%s\" .../> into a class that is deployed)",
			   p->hazard);
	else if (plan->rule.kind == RULE_COUNT && plan->rule.k > devices)
		node_error(n, d, "rule", "asks for %u devices, and %llu observe the hazard", plan->rule.k,
			   (unsigned long long)devices);
	else if (plan->rule.of && plan->rule.of != devices)
		node_warning(n, d, "rule", "says %u devices, and %llu observe the hazard", plan->rule.of,
			     (unsigned long long)devices);
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &warning_model); n; n = n->next_same) {
		check_sensors(sc, n, d);
		outreach_check(sc, n, d, ((const struct warning_params *)n->par)->via);
	}
}

/* ---- decisions ---- */

static simtime_t decision_time(const struct sim *s, const struct warning *w, uint64_t key)
{
	struct rng r = sim_rng(s, PURPOSE_DECISION, w->node->key ^ key);
	double mean = sim_seconds(w->p->decision), sigma2 = log1p(w->p->decision_variation * w->p->decision_variation),
	       x = mean;

	if (w->p->decision_law == DECISION_EXPONENTIAL)
		x = rng_exponential(&r, mean);
	else if (w->p->decision_law == DECISION_LOG_NORMAL)
		x = mean * exp(sqrt(sigma2) * rng_normal(&r) - sigma2 / 2);
	return x < sim_seconds(s->end - s->now) ? sim_from_seconds(x) : SIM_NEVER;
}

static bool keep(struct sim *s, struct warnings *all, struct decided *x)
{
	if (all->n_decided == all->cap_decided) {
		uint32_t cap = all->cap_decided ? 2 * all->cap_decided : 16;
		struct decided **more = sim_alloc(s, cap, sizeof(struct decided *));
		if (!more)
			return false;
		for (uint32_t k = 0; k < all->n_decided; k++)
			more[k] = all->decided[k];
		all->decided = more;
		all->cap_decided = cap;
	}
	all->decided[all->n_decided++] = x;
	return true;
}

static void decide(struct sim *s, struct warning *w, bool real, uint64_t key)
{
	struct decided *x = sim_alloc(s, 1, sizeof *x);

	if (!x)
		return;
	*x = (struct decided){
		.warning = w, .detected = s->now, .real = real, .issue = { .outreach = w->outreach, .key = rng_mix(key) }
	};
	if (keep(s, w->all, x))
		sim_after(s, decision_time(s, w, key), w->all->kind_issue, w->all->n_decided - 1, 0);
}

static void on_issue(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct warnings *all = ctx;
	struct decided *x = all->decided[number];
	struct warning *w = x->warning;
	uint32_t n;

	(void)detail;
	crisis_occurrences(crisis_of(s), &n);
	for (uint32_t i = 0; x->real && i < n; i++)
		if (w->detection[i].detected && w->detection[i].at == x->detected)
			w->detection[i].issue = &x->issue;
	w->issued++;
	x->issue.people = x->real ? people_of(s, all->scenario) : NULL;
	outreach_issue(s, &x->issue);
}

/* ---- detections ---- */

/* From the middle of where the hazard is now. */
static double distance_off(const struct sim *s, const struct occurrence *o, struct point at)
{
	enum { RING = 32 };
	struct point ring[RING], middle = { 0, 0 };
	size_t n = o->type->outline ? o->type->outline(o, s->now, ring, RING) : 0;

	for (size_t k = 0; k < n; k++) {
		middle.x += ring[k].x / (double)n;
		middle.y += ring[k].y / (double)n;
	}
	return n ? hypot(at.x - middle.x, at.y - middle.y) : NAN;
}

/* The rule is met: of occurrences under way that have not been detected, or none. */
static void detect(struct sim *s, struct warning *w)
{
	const struct occurrence *o;
	bool under_way = false, first = true;
	uint32_t n;

	o = crisis_occurrences(crisis_of(s), &n);
	for (uint32_t i = 0; i < n && o[i].onset <= s->now; i++) {
		if (o[i].end < s->now || !hazard_matches(&w->plan->hazard, &o[i]))
			continue;
		under_way = true;
		if (w->detection[i].detected)
			continue;
		w->detection[i] = (struct detection){ true, s->now, distance_off(s, &o[i], fusion_place(w->fusion)), NULL };
		if (first)
			decide(s, w, true, o[i].key);
		first = false;
	}
	if (!under_way && s->now >= w->quiet) {
		w->false_alarms++;
		w->quiet = w->p->again < s->end - s->now ? s->now + w->p->again : s->end;
		decide(s, w, false, (uint64_t)s->now);
	}
	fusion_clear(w->fusion);
}

static void on_report(struct sim *s, void *ctx, const struct sensor *sensor, uint32_t device, simtime_t created)
{
	struct warnings *all = ctx;
	struct point at = device_position(s, all->dev, device);

	(void)created;
	for (uint32_t k = 0; k < all->n; k++) {
		struct warning *w = &all->w[k];
		if (w->hears[sensor->index] && fusion_hear(s, w->fusion, device, at))
			detect(s, w);
	}
}

/* ---- set-up ---- */

static bool add(struct sim *s, struct warnings *all, const struct node *n)
{
	struct warning *w = &all->w[all->n];
	uint32_t occurrences, sensors;
	const struct sensor *sensor = sensors_of(s, &sensors);

	crisis_occurrences(crisis_of(s), &occurrences);
	*w = (struct warning){ .node = n, .p = n->par, .plan = n->data, .all = all, .index = all->n++ };
	w->hears = sim_alloc(s, sensors + 1u, sizeof *w->hears);
	w->detection = sim_alloc(s, occurrences + 1u, sizeof *w->detection);
	w->fusion = fusion_new(s, &w->plan->rule, all->dev->n);
	w->outreach = outreach_new(s, all->scenario, n, w->p->via);
	for (uint32_t k = 0; w->hears && k < sensors; k++)
		w->hears[k] = hazard_choices_meet(&sensor[k].hazard, &w->plan->hazard);
	return w->hears && w->detection && w->fusion && w->outreach;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = crisis_of(s) ? scenario_count(sc, &warning_model) : 0;
	struct warnings *all = n ? sim_alloc(s, 1, sizeof *all) : NULL;

	if (!all)
		return;
	all->scenario = sc;
	all->dev = devices_of(s);
	all->w = sim_alloc(s, n, sizeof *all->w);
	for (const struct node *k = scenario_first(sc, &warning_model); all->w && k; k = k->next_same)
		if (!add(s, all, k))
			return;
	all->kind_issue = sim_handler(s, "warning.issue", on_issue, all);
	sensor_subscribe(s, on_report, all);
	sim_set_state(s, &warning_model, all);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct warnings *all = sim_state(s, &warning_model);

	(void)sc;
	for (uint32_t k = 0; all && k < all->n; k++)
		outreach_start(s, all->w[k].outreach);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct warnings *all = sim_state(s, &warning_model);

	(void)sc;
	if (all)
		warnings_report(s, all);
}

const struct model warning_model = {
	.name = "warning",
	.doc = "Detection of a hazard from reports of sensors by a rule, the decision to warn, and the ways the warning takes.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct warning_params),
	.params = TABLE(params),
	.kpis = TABLE(warning_kpis),
	.sections = TABLE(warning_sections),
	.evidence = TABLE(evidence),
	.load = load,
	.unload = unload,
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
