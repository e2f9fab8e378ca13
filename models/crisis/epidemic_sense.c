/*
 * How an epidemic is noticed, and what is done about it.
 *
 * A <sentinel> looks at every district once a period, from the onset on:
 *
 *   wearable, thermal   of the people whom it reaches (share) it reports the infectious by its sensitivity, the others by one less its
 *                       specificity: over the threshold where reports exceed the mean of the false ones by so many standard deviations
 *   clinic              the sick (share) come after an exponential time; over the threshold where so many more are found in a period
 *                       than the mean of the false
 *   wastewater          a sample is positive with 1 - 0.05 ^ (x / limit), x: infectious per 100,000 (Poisson's law of what gets into
 *                       it, 95 % at the limit); over the threshold where so many districts' are
 *
 * A period in which false reports alone are over the threshold is a false alarm, and detects nothing.
 */
#include "models/crisis/epidemic_private.h"

static const struct place inner_places[] = { { "epidemic", 0, 0 } };
static const char *const kinds[] = { "wearable", "thermal", "wastewater", "clinic", NULL };
static const char *const afters[] = { "detection", "onset", NULL };

#define S struct sentinel_params
static const struct param params[] = {
	CHOICE(S, kind, NULL, kinds, "wearable: worn by a share of people; thermal: cameras that a share of people pass in a period; "
	       "wastewater: samples of each district; clinic: the sick who come", NULL),
	RATIO(S, share, "", "0%", "100%", "of people who wear one, pass one, are on the sewers, or come when sick; absent: 10%, 5%, 90%, 50%",
	      NULL),
	RATIO(S, sensitivity, "", "0%", "100%",
	      "share of the infectious (of samples over the limit, of the sick who come) found; absent: 60%, 50%, 95%, 90%", NULL),
	RATIO(S, specificity, "", "0%", "100%",
	      "share of the others not taken for infectious, in one period; absent: 99%, 99.5%, 99.9%, 99.99%", NULL),
	NUMBER(S, threshold, "", "0", "1e9",
	       "reports over the mean of the false: in their standard deviations (wearable, thermal: 3 if absent), in cases (clinic: 5); "
	       "positive districts (wastewater: 1)", NULL),
	COUNT(S, in_a_row, "1", "1", "100", "periods over the threshold until it alarms", NULL),
	TIME(S, period, "1d", "1min", "1yr", "between samples", NULL),
	TIME(S, delay, "1d", "0s", "1yr", "from a sample to its result: laboratory, confirmation", NULL),
	NUMBER(S, limit, "10", "0.000001", "100000",
	       "wastewater: infectious people per 100,000 at which 95 % of samples are positive", NULL),
	TIME(S, visit, "5.8d", "1min", "1yr", "clinic: mean time from onset to the visit", "Li et al., NEJM 2020"),
};
#undef S

#define S struct measure_params
static const struct param measure_rows[] = {
	CHOICE(S, after, "detection", afters, "what it comes after", NULL),
	TIME(S, delay, "0s", "0s", "200yr", "from that until it is in force", NULL),
	TIME(S, lasts, "", "1s", "200yr", "how long it is; absent: to the end of the run", NULL),
	RATIO(S, contacts, NULL, "0%", "100%", "of people that are left; of several measures in force, the product", NULL),
};
#undef S

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	static const char *const share[] = { "10%", "5%", "90%", "50%" },
				 *const sensitivity[] = { "60%", "50%", "95%", "90%" },
				 *const specificity[] = { "99%", "99.5%", "99.9%", "99.99%" },
				 *const threshold[] = { "3", "3", "1", "5" };
	const struct sentinel_params *p = n->par;

	node_derive(sc, n, d, "share", "%s", share[p->kind]);
	node_derive(sc, n, d, "sensitivity", "%s", sensitivity[p->kind]);
	node_derive(sc, n, d, "specificity", "%s", specificity[p->kind]);
	node_derive(sc, n, d, "threshold", "%s", threshold[p->kind]);
	if (p->kind != SENTINEL_WASTEWATER && node_given(n, "limit"))
		node_error(n, d, "limit", "is of kind=\"wastewater\"");
	if (p->kind != SENTINEL_CLINIC && node_given(n, "visit"))
		node_error(n, d, "visit", "is of kind=\"clinic\"");
}

static void load_measure(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct measure_params *p = n->par;

	(void)sc;
	if (p->after == AFTER_DETECTION && !node_child(n->parent, &sentinel_model))
		node_warning(n, d, "after",
			     "nothing detects the epidemic: it never comes (give the <epidemic> a <sentinel>)");
}

/* ---- what a sentinel sees ---- */

struct found { uint32_t all, false_ones; bool over, false_over; };

static void judge(struct found *f, double mean, double allowed)
{
	f->over |= f->all > 0 && f->all > mean + allowed;
	f->false_over |= f->false_ones > 0 && f->false_ones > mean + allowed;
}

/* Wearable, thermal. */
static void screen(struct sentinel *w, const struct folk *f, struct found *found)
{
	const struct sentinel_params *p = w->p;
	double chance = p->share * (1 - p->specificity), mean = f->people * chance;

	found->false_ones = draw_binomial(&w->chance, chance, f->people - f->infectious);
	found->all = found->false_ones + draw_binomial(&w->chance, p->share * p->sensitivity, f->infectious);
	judge(found, mean, p->threshold * sqrt(mean * (1 - chance)));
}

static void clinic(struct sentinel *w, uint32_t i, const struct folk *f, struct found *found)
{
	const struct sentinel_params *p = w->p;
	double chance = p->share * (1 - p->specificity);
	uint32_t come;

	w->waiting[i] += draw_binomial(&w->chance, p->share, f->onsets - w->onsets[i]);
	w->onsets[i] = f->onsets;
	come = draw_binomial(&w->chance, -expm1(-sim_seconds(p->period) / sim_seconds(p->visit)), w->waiting[i]);
	w->waiting[i] -= come;
	found->false_ones = draw_binomial(&w->chance, chance, f->people - f->infectious);
	found->all = found->false_ones + draw_binomial(&w->chance, p->sensitivity, come);
	judge(found, f->people * chance, p->threshold - 0.5);
}

static void wastewater(struct sentinel *w, const struct folk *f, struct found *found)
{
	const struct sentinel_params *p = w->p;
	double x = f->people ? 1e5 * p->share * f->infectious / f->people : 0;
	bool positive = rng_uniform(&w->chance) < p->sensitivity * (1 - pow(0.05, x / p->limit));
	bool wrong = rng_uniform(&w->chance) < 1 - p->specificity;

	found->all += positive || wrong;
	found->false_ones += wrong;
	found->over = found->all >= p->threshold;
	found->false_over = found->false_ones >= p->threshold;
}

static struct found look(struct sentinel *w)
{
	const struct outbreak *b = w->of;
	struct found found = { 0 };

	for (uint32_t i = 0; i < b->n; i++) {
		const struct folk *f = &b->folk[i];
		switch ((enum sentinel_kind)w->p->kind) {
		case SENTINEL_WEARABLE:
		case SENTINEL_THERMAL: screen(w, f, &found); break;
		case SENTINEL_CLINIC: clinic(w, i, f, &found); break;
		case SENTINEL_WASTEWATER: wastewater(w, f, &found); break;
		}
	}
	return found;
}

static struct outbreak *of_subject(const struct epidemics *es, uint32_t subject)
{
	return es->outbreak[subject >> 8];
}

static void on_sample(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	const struct epidemics *es = ctx;
	struct outbreak *b = of_subject(es, subject);
	struct sentinel *w = &b->sentinel[subject & 0xff];
	struct found found = look(w);

	w->samples++;
	w->false_alarms += found.false_over;
	w->in_a_row = found.over && !found.false_over ? w->in_a_row + 1 : 0;
	if (w->in_a_row >= w->p->in_a_row) {
		w->caught = true;
		sim_after(s, w->p->delay, es->kind_confirmed, subject, 0);
	} else if (b->sum_exposed + b->sum_infectious > 0) {
		sim_after(s, w->p->period, es->kind_sample, subject, detail);
	}
}

/* ---- detection and measures ---- */

static void schedule(struct sim *s, const struct outbreak *b, enum measure_after after)
{
	for (uint32_t i = 0; i < b->n_measures; i++)
		if (b->measure[i].p->after == (int)after)
			sim_after(s, b->measure[i].p->delay, b->all->kind_measure, b->number << 8 | i, 0);
}

static void on_confirmed(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct outbreak *b = of_subject(ctx, subject);
	uint32_t alarmed = 0;

	(void)detail;
	b->sentinel[subject & 0xff].alarmed = true;
	for (uint32_t i = 0; i < b->n_sentinels; i++)
		alarmed += b->sentinel[i].alarmed;
	if (alarmed < b->p->agree || b->detected != SIM_NEVER)
		return;
	b->detected = s->now;
	schedule(s, b, AFTER_DETECTION);
}

static void put_in_force(struct sim *s, struct outbreak *b, uint32_t measure, bool on)
{
	double contacts = 1;

	b->measure[measure].in_force = on;
	for (uint32_t i = 0; i < b->n_measures; i++)
		contacts *= b->measure[i].in_force ? b->measure[i].p->contacts : 1;
	spread_contacts(s, b, contacts);
}

static void on_measure(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	const struct epidemics *es = ctx;
	struct outbreak *b = of_subject(es, subject);

	put_in_force(s, b, subject & 0xff, true);
	sim_after(s, b->measure[subject & 0xff].p->lasts, es->kind_lifted, subject, detail);
}

static void on_lifted(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)detail;
	put_in_force(s, of_subject(ctx, subject), subject & 0xff, false);
}

/* ---- set-up ---- */

static void draw_sentinel(struct sim *s, struct outbreak *b, const struct node *n, uint64_t key)
{
	struct sentinel *w = &b->sentinel[b->n_sentinels++];

	w->p = n->par;
	w->of = b;
	w->chance = sim_rng(s, RNG_PURPOSE('e', 's', 'e', 'n'), key ^ rng_mix(n->key));
	w->onsets = sim_alloc(s, b->n, sizeof *w->onsets);
	w->waiting = sim_alloc(s, b->n, sizeof *w->waiting);
}

bool sense_draw(struct sim *s, struct outbreak *b, uint64_t key)
{
	b->sentinel = sim_alloc(s, SENTINELS_MAX, sizeof *b->sentinel);
	b->measure = sim_alloc(s, MEASURES_MAX, sizeof *b->measure);
	if (!b->sentinel || !b->measure)
		return false;
	for (const struct node *n = node_child(b->element, &sentinel_model); n; n = node_next(n))
		draw_sentinel(s, b, n, key);
	for (const struct node *n = node_child(b->element, &measure_model); n; n = node_next(n))
		b->measure[b->n_measures++].p = n->par;
	return s->status == SIM_OK;
}

void sense_handlers(struct sim *s, struct epidemics *es)
{
	es->kind_sample = sim_handler(s, "epidemic.sample", on_sample, es);
	es->kind_confirmed = sim_handler(s, "epidemic.confirmed", on_confirmed, es);
	es->kind_measure = sim_handler(s, "epidemic.measure", on_measure, es);
	es->kind_lifted = sim_handler(s, "epidemic.lifted", on_lifted, es);
}

void sense_begin(struct sim *s, struct outbreak *b)
{
	for (uint32_t i = 0; i < b->n_sentinels; i++)
		sim_after(s, b->sentinel[i].p->period, b->all->kind_sample, b->number << 8 | i, 0);
	schedule(s, b, AFTER_ONSET);
}

static const struct evidence evidence[] = {
	{ "detection time of a perfect one", "a period and its delay", "equal, tests/unit/crisis/test_epidemic.c" },
	{ "wastewater at its limit", "95 of 100 samples", "99 % interval, tests/unit/crisis/test_epidemic.c" },
	{ "clinic", "mean of the sick who come in a period",
	  "alarms at a threshold below it, not above, tests/unit/crisis/test_epidemic.c" },
};

const struct model sentinel_model = {
	.name = "sentinel",
	.doc = "What notices an epidemic: wearables, thermal cameras, wastewater, clinics.",
	.places = inner_places,
	.n_places = 1,
	.par_size = sizeof(struct sentinel_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

static const struct evidence measure_evidence[] = {
	{ "infections at a share of the contacts", "the mean in closed form", "99 % interval, tests/unit/crisis/test_epidemic.c" },
};

const struct model measure_model = {
	.name = "measure",
	.doc = "What is done about an epidemic: it leaves people a share of their contacts.",
	.places = inner_places,
	.n_places = 1,
	.par_size = sizeof(struct measure_params),
	.params = TABLE(measure_rows),
	.evidence = TABLE(measure_evidence),
	.load = load_measure,
};
