/*
 * <traffic>: when devices take readings.
 *
 * A stream keeps one event pending per device; its dispatch row carries the parameters.  A reading that is due while the
 * device is not operational is not taken, but the clock goes on: power that returns finds the old rhythm.
 */
#include "models/service/traffic.h"

#include "models/service/service_private.h"

static const uint32_t PURPOSE_PHASE = RNG_PURPOSE('t', 'p', 'h', 'a');
static const uint32_t PURPOSE_JITTER = RNG_PURPOSE('t', 'j', 'i', 't');
static const uint32_t PURPOSE_GAP = RNG_PURPOSE('t', 'g', 'a', 'p');
static const uint32_t PURPOSE_ONCE = RNG_PURPOSE('t', 'o', 'n', 'c');
static const uint32_t PURPOSE_MIXTURE = RNG_PURPOSE('t', 'm', 'a', 'r');

static const struct place places[] = { { "device-class", 0, 0 } };
static const char *const patterns[] = { "periodic", "poisson", "mar-periodic", "on-change", "trace", "uniform", "beta", NULL };
static const char *const phases[] = { "random", "aligned", NULL };
static const char *const begins[] = { "operational", "power-on", NULL };
static const char *const laws[] = { "fixed", "uniform", "pareto", "log-normal", NULL };

static const struct param params[] = {
	CHOICE(struct traffic_params, pattern, "periodic", patterns,
	       "periodic; poisson: at random; mar-periodic: each device one of the intervals of TR 45.820 (1 d 40 %, 2 h "
	       "40 %, "
	       "1 h 15 %, 30 min 5 %); on-change: bursts at random; trace: as a CSV says; uniform, beta: every device "
	       "once "
	       "within the period, spread evenly (3GPP TR 37.868, traffic model 1) or as Beta(3,4) (model 2)",
	       NULL),
	TIME(struct traffic_params, period, "", "1ms", "10yr",
	     "mean time between readings, or between bursts, or that of one reading each (uniform, beta); not for mar-periodic "
	     "and trace", NULL),
	TIME(struct traffic_params, jitter, "0s", "0s", "10yr",
	     "each reading is late by a uniform draw up to this; at most a period", NULL),
	CHOICE(struct traffic_params, phase, "random", phases,
	       "random: the first reading comes uniformly within a period; aligned: readings fall on whole periods, "
	       "counted from "
	       "Monday midnight (UTC)",
	       NULL),
	CHOICE(struct traffic_params, from, "operational", begins,
	       "the first period begins when the device first is operational, or when it first powers on", NULL),
	COUNT(struct traffic_params, burst, "1", "1", "1000", "messages of an on-change burst", NULL),
	TIME(struct traffic_params, spacing, "10s", "1ms", "1d", "between the messages of a burst", NULL),
	FILEPATH(struct traffic_params, file, "",
		 "CSV with columns time_s and bytes, and optionally device (0, 1, ... within the class; else all devices)"),
	BYTES(struct traffic_params, payload, "20B", "1B", "65535B",
	      "application payload; the mean of log-normal, the least of uniform and pareto",
	      "[M] 3GPP TR 45.820, Annex E: least payload of MAR reports"),
	CHOICE(struct traffic_params, payload_law, "", laws,
	       "distribution of the payload; absent: fixed, for mar-periodic pareto", NULL),
	BYTES(struct traffic_params, payload_max, "200B", "1B", "65535B", "larger draws are cut to this",
	      "[M] 3GPP TR 45.820, Annex E: cut-off of MAR reports"),
	NUMBER(struct traffic_params, payload_shape, "2.5", "0.1", "100", "exponent of a pareto payload",
	       "[M] 3GPP TR 45.820, Annex E: MAR reports"),
	NUMBER(struct traffic_params, payload_variation, "0.5", "0.01", "10",
	       "standard deviation ÷ mean of a log-normal payload", NULL),
	TIME(struct traffic_params, deadline, "", "1ms", "10yr", "within which a message is wanted at its platform", NULL),
	COUNT(struct traffic_params, priority, "0", "0", "7", "0 lowest", NULL),
	TIME(struct traffic_params, until, "", "0s", "200yr",
	     "time of the run after which no reading is taken; what is on its way then still arrives", NULL),
};

static const struct evidence evidence[] = {
	{ "KPIs of messages", "a recount from the list of messages, 300 random cases, every group",
	  "equal; quantiles within the bucket, tests/unit/service/test_recount.c" },
	{ "balance of messages", "random scenarios whose readings end early: nothing stays in flight",
	  "equal, tests/unit/service/test_drained.c" },
	{ "reporting mix", "3GPP TR 45.820: shares of the intervals, 11.2 messages a day",
	  "4 standard errors (mean 0.9 %), tests/unit/service/test_traffic.c" },
	{ "massive access", "3GPP TR 37.868, traffic models 1 and 2: mean, variance and distribution of the uniform and the Beta(3,4) law",
	  "4 standard errors, tests/unit/service/test_traffic.c" },
	{ "payload", "mean, cut-off share and distribution of the Pareto law",
	  "4 standard errors; Kolmogorov at 99.9 %, tests/unit/service/test_payload.c" },
	{ "Poisson traffic", "mean and variance of counts", "99.9 % interval, tests/unit/service/test_traffic.c" },
};

/* 3GPP TR 45.820, Annex E, as in the periodic sender of ns-3 lorawan. */
static const struct {
	double share;
	simtime_t period;
} mixture[] = {
	{ 0.40, SIM_DAY },
	{ 0.40, 2 * SIM_HOUR },
	{ 0.15, SIM_HOUR },
	{ 0.05, 30 * SIM_MINUTE },
};
enum { MIXTURE = sizeof mixture / sizeof mixture[0] };

/* An attribute stands where no such traffic reads it. */
static void only(const struct node *n, struct diag *d, const char *attribute, bool read, const char *by)
{
	if (!read && node_given(n, attribute))
		node_error(n, d, attribute, "is read with %s only", by);
}

static void check_attributes(const struct node *n, struct diag *d)
{
	const struct traffic_params *p = n->par;
	bool trace = p->pattern == PATTERN_TRACE, regular = p->pattern == PATTERN_PERIODIC || p->pattern == PATTERN_MAR;
	bool has_period = !trace && p->pattern != PATTERN_MAR;
	int law = p->payload_law;

	only(n, d, "period", has_period, "patterns other than \"mar-periodic\" and \"trace\"");
	if (has_period && p->period == SIM_NEVER)
		node_error(n, d, "period", "is needed for pattern=\"%s\"", patterns[p->pattern]);
	only(n, d, "jitter", regular || trace, "pattern=\"periodic\", \"mar-periodic\" and \"trace\"");
	only(n, d, "phase", regular, "pattern=\"periodic\" and \"mar-periodic\"");
	only(n, d, "from", !trace, "patterns other than \"trace\"");
	only(n, d, "burst", p->pattern == PATTERN_ON_CHANGE, "pattern=\"on-change\"");
	only(n, d, "spacing", p->pattern == PATTERN_ON_CHANGE, "pattern=\"on-change\"");
	only(n, d, "file", trace, "pattern=\"trace\"");
	if (trace && !p->file)
		node_error(n, d, "file", "is needed for pattern=\"trace\"");
	only(n, d, "payload", !trace, "patterns other than \"trace\"");
	only(n, d, "payload-law", !trace, "patterns other than \"trace\"");
	only(n, d, "payload-max", !trace && law != PAYLOAD_FIXED, "payload-law=\"uniform\", \"pareto\" and \"log-normal\"");
	only(n, d, "payload-shape", !trace && law == PAYLOAD_PARETO, "payload-law=\"pareto\"");
	only(n, d, "payload-variation", !trace && law == PAYLOAD_LOG_NORMAL, "payload-law=\"log-normal\"");
	if (!trace && law != PAYLOAD_FIXED && p->payload_max < p->payload)
		node_error(n, d, "payload-max", "is below the payload of %llu B", (unsigned long long)p->payload);
	if ((p->pattern == PATTERN_PERIODIC && p->jitter > p->period) ||
	    (p->pattern == PATTERN_MAR && p->jitter > mixture[MIXTURE - 1].period))
		node_error(n, d, "jitter", "is longer than the period");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct traffic_params *p = n->par;

	node_derive(sc, n, d, "payload-law", "%s", laws[p->pattern == PATTERN_MAR ? PAYLOAD_PARETO : PAYLOAD_FIXED]);
	check_attributes(n, d);
	if (!(network_has(n->parent) || device_is_template(n->parent)))
		node_error(n, d, NULL,
			   "the class %s uses no network, so its messages could not leave it (add <uses network=.../>)",
			   n->parent->id);
	if (p->pattern == PATTERN_TRACE && p->file)
		trace_load(sc, n, d);
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &traffic_model); n; n = n->next_same)
		trace_check(sc, n, d);
}

/* How late a reading is, from the sixteen bits that its event carries. */
static simtime_t lateness(const struct stream *st, uint16_t late)
{
	return (simtime_t)((double)st->jitter * late / 65536);
}

/* The reading nominally due at t, and late by its own draw. */
static void schedule(struct sim *s, const struct stream *st, uint32_t i, simtime_t t)
{
	uint64_t w[2];
	uint16_t late;

	if (t >= st->until)
		return;
	if (st->jitter == 0) {
		sim_at(s, t, st->kind, i, 0);
		return;
	}
	rng_block(s->key, PURPOSE_JITTER, stream_key(st, i) ^ rng_mix((uint64_t)t), 0, w);
	late = (uint16_t)(w[0] >> 48);
	sim_at(s, t + lateness(st, late), st->kind, i, late);
}

static void on_periodic(struct sim *s, void *ctx, uint32_t i, uint16_t late)
{
	const struct stream *st = ctx;

	schedule(s, st, i, s->now - lateness(st, late) + st->period);
	reading(s, st, i);
}

/* Nothing is kept that lies after the horizon; and nothing overflows. */
static void schedule_after(struct sim *s, const struct stream *st, uint32_t i, double seconds)
{
	if (seconds < sim_seconds(st->until - s->now))
		sim_after(s, sim_from_seconds(seconds), st->kind, i, 0);
}

/* An exponential gap, drawn by the device and the instant at which it begins. */
static double draw_gap(const struct sim *s, const struct stream *st, uint32_t i)
{
	uint64_t w[2];

	rng_block(s->key, PURPOSE_GAP, stream_key(st, i) ^ rng_mix((uint64_t)s->now), 0, w);
	return fmax(-sim_seconds(st->period) * log(rng_unit(w[0])), 1e-9);
}

static void on_poisson(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	const struct stream *st = ctx;

	(void)detail;
	schedule_after(s, st, i, draw_gap(s, st, i));
	reading(s, st, i);
}

/* The one reading of a device. */
static void on_once(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	(void)detail;
	reading(s, ctx, i);
}

/* When that is, as a share of the period. */
static double draw_once(const struct sim *s, const struct stream *st, uint32_t i)
{
	struct rng r = sim_rng(s, PURPOSE_ONCE, stream_key(st, i));

	return st->p->pattern == PATTERN_UNIFORM ? rng_uniform(&r) : beta_3_4(&r);
}

/* A message of a burst; so many follow. */
static void on_burst(struct sim *s, void *ctx, uint32_t i, uint16_t follow)
{
	const struct stream *st = ctx;

	if (follow && s->now + st->p->spacing < st->until)
		sim_after(s, st->p->spacing, st->kind_more, i, (uint16_t)(follow - 1));
	reading(s, st, i);
}

static void on_change(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	const struct stream *st = ctx;

	(void)detail;
	schedule_after(s, st, i, draw_gap(s, st, i));
	on_burst(s, ctx, i, (uint16_t)(st->p->burst - 1));
}

bool takes_part(const struct sim *s, const struct stream *st, uint32_t i)
{
	double u, below = 0;
	unsigned k = 0;
	uint64_t w[2];

	if (st->p->pattern != PATTERN_MAR)
		return true;
	rng_block(s->key, PURPOSE_MIXTURE, stream_key(st, i), 0, w);
	u = rng_unit(w[0]);
	while (k < MIXTURE - 1 && u >= (below += mixture[k].share))
		k++;
	return st->period == mixture[k].period;
}

/* The first whole period from now on, counted from the Monday midnight before the run. */
static simtime_t next_aligned(const struct sim *s, const struct stream *st)
{
	const int64_t week = 7 * 86400, monday = 4 * 86400; /* 1970 began on a Thursday */
	simtime_t since =
		(((st->sv->scenario->run.start - monday) % week + week) % week * SIM_SECOND + s->now) % st->period;

	return since ? s->now + st->period - since : s->now;
}

static void start_stream(struct sim *s, const struct stream *st, uint32_t i)
{
	uint64_t w[2];

	if (st->p->pattern == PATTERN_TRACE || !takes_part(s, st, i))
		return;
	if (st->p->pattern == PATTERN_POISSON || st->p->pattern == PATTERN_ON_CHANGE) {
		schedule_after(s, st, i, draw_gap(s, st, i));
	} else if (st->p->pattern == PATTERN_UNIFORM || st->p->pattern == PATTERN_BETA) {
		schedule_after(s, st, i, draw_once(s, st, i) * sim_seconds(st->period));
	} else if (st->p->phase == PHASE_ALIGNED) {
		schedule(s, st, i, next_aligned(s, st));
	} else {
		rng_block(s->key, PURPOSE_PHASE, stream_key(st, i), 0, w);
		schedule(s, st, i, s->now + (simtime_t)(rng_unit(w[0]) * (double)st->period));
	}
}

static void start_streams(struct sim *s, struct service *sv, uint32_t i, int from)
{
	uint32_t k = sv->dev->class_of[i];

	for (uint32_t j = sv->first_stream[k]; j < sv->first_stream[k + 1]; j++)
		if (sv->streams[j].p->from == from)
			start_stream(s, &sv->streams[j], i);
}

static void on_up(struct sim *s, void *ctx, uint32_t i)
{
	struct service *sv = ctx;

	if (sv->row[i].started)
		return;
	sv->row[i].started = 1;
	start_streams(s, sv, i, FROM_POWER_ON);
}

static void on_operational(struct sim *s, void *ctx, uint32_t i)
{
	struct service *sv = ctx;
	uint32_t k = sv->dev->class_of[i];

	/* where nothing is read, nothing grows old */
	if (sv->row[i].ageing || sv->first_stream[k] == sv->first_stream[k + 1])
		return;
	answer_operational(s, sv, i);
	start_streams(s, sv, i, FROM_OPERATIONAL);
}

/* What readings of a stream touch, from the row of their device down to its network's. */
static void fetch_ahead(struct sim *s, const struct stream *st)
{
	if (st->p->pattern == PATTERN_TRACE)
		return; /* its events are rows of the file */
	sim_handler_prefetch(s, st->kind, st->sv->row, sizeof *st->sv->row);
	network_touches(s, st->class_index, st->kind);
}

static void add_stream(struct sim *s, struct service *sv, const struct node *n, uint32_t class_index, uint64_t place,
		       simtime_t period)
{
	struct stream *st = &sv->streams[sv->n_streams];
	const struct traffic_params *p = n->par;

	*st = (struct stream){ .sv = sv,
			       .p = p,
			       .node = n,
			       .dev = sv->dev,
			       .period = period,
			       .jitter = p->jitter,
			       .until = p->until < s->end ? p->until : s->end,
			       .deadline = p->deadline,
			       .due_until = p->deadline == SIM_NEVER ? -1 : s->end - p->deadline,
			       .salt = place ? rng_mix(place) : 0,
			       .index = sv->n_streams++,
			       .class_index = (uint16_t)class_index,
			       .bytes = (uint16_t)p->payload,
			       .law = (uint8_t)p->payload_law,
			       .priority = (uint8_t)p->priority };
	payload_setup(st);
	switch (p->pattern) {
	case PATTERN_POISSON: st->kind = sim_handler(s, "traffic.reading", on_poisson, st); break;
	case PATTERN_ON_CHANGE:
		st->kind = sim_handler(s, "traffic.change", on_change, st);
		st->kind_more = sim_handler(s, "traffic.burst", on_burst, st);
		break;
	case PATTERN_TRACE: trace_setup(s, st); break;
	case PATTERN_UNIFORM:
	case PATTERN_BETA: st->kind = sim_handler(s, "traffic.reading", on_once, st); break;
	default: st->kind = sim_handler(s, "traffic.reading", on_periodic, st);
	}
}

static void add_streams(struct sim *s, struct service *sv, uint32_t class_index)
{
	uint64_t place = 0;

	sv->first_stream[class_index] = sv->n_streams;
	for (const struct node *n = node_child(sv->dev->classes[class_index].node, &traffic_model); n;
	     n = node_next(n), place++) {
		const struct traffic_params *p = n->par;
		if (p->pattern != PATTERN_MAR)
			add_stream(s, sv, n, class_index, place, p->period);
		else
			for (unsigned k = 0; k < MIXTURE; k++)
				add_stream(s, sv, n, class_index, place, mixture[k].period);
	}
	sv->first_stream[class_index + 1] = sv->n_streams;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &traffic_model);
	struct service *sv = n ? sim_alloc(s, 1, sizeof *sv) : NULL;

	if (!sv)
		return;
	sv->scenario = sc;
	sv->dev = devices_of(s);
	sv->groups = groups_of(s);
	sv->streams = sim_alloc(s, 2 * n * MIXTURE + sv->dev->n_classes, sizeof *sv->streams);
	sv->first_stream = sim_alloc(s, sv->dev->n_classes + 1u, sizeof *sv->first_stream);
	if (!sv->streams || !sv->first_stream || !answer_setup(s, sv) || !picture_setup(s, sv))
		return;
	for (uint32_t k = 0; k < sv->dev->n_classes; k++)
		add_streams(s, sv, k);
	for (uint32_t k = 0; k < sv->n_streams; k++)
		fetch_ahead(s, &sv->streams[k]);
	if (!surge_setup(s, sv))
		return;
	sim_set_state(s, &traffic_model, sv);
	device_subscribe(s, DEVICE_UP, on_up, sv);
	device_subscribe(s, DEVICE_WENT_OPERATIONAL, on_operational, sv);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct service *sv = sim_state(s, &traffic_model);

	(void)sc;
	if (!sv)
		return;
	answer_start(s, sv);
	accepted_start(s, sv);
	for (uint32_t k = 0; k < sv->n_streams; k++)
		if (sv->streams[k].p->pattern == PATTERN_TRACE)
			trace_start(s, &sv->streams[k]);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	struct service *sv = sim_state(s, &traffic_model);

	(void)sc;
	if (!sv)
		return;
	answer_finish(s, sv);
	report_service(s, sv);
	report_pictures(s, sv);
}

const struct model traffic_model = {
	.name = "traffic",
	.doc = "What the devices of a class report, and when.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.par_size = sizeof(struct traffic_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = traffic_kpis,
	.n_kpis = TRAFFIC_KPIS,
	.sections = traffic_sections,
	.n_sections = TRAFFIC_SECTIONS,
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.example = "pattern=\"periodic\" period=\"6h\" payload=\"24B\"",
	.load = load,
	.unload = trace_unload,
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
