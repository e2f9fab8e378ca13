/* <sensor>: its attributes, and what follows from them. */
#include "models/crisis/sensor_private.h"

#include <stdlib.h>
#include <string.h>

#include "models/crisis/outreach.h"

static const struct place places[] = { { "device-class", 0, 0 } };
static const char *const phases[] = { "random", "aligned", NULL };

#define S struct sensor_params
static const struct param params[] = {
	TEXT(S, hazard, NULL, "that it observes: a kind (\"flood\") or the id of one hazard", NULL),
	TEXT(S, threshold, NULL, "from which it alarms, in the unit of the hazard: 0.3m of a flood", NULL),
	TIME(S, sampling, "1min", "1ms", "10yr", "between samples", NULL),
	CHOICE(S, phase, "random", phases, "random: each device samples at instants of its own; aligned: all on whole multiples", NULL),
	TEXT(S, noise, "", "standard deviation of the error of a sample, in the unit of the hazard; absent: none", NULL),
	RATIO(S, sensitivity, "", "0%", "100%",
	      "of a classifier: the chance that a sample at or above the threshold alarms; goes with specificity, instead of noise", NULL),
	RATIO(S, specificity, "", "0%", "100%", "of a classifier: the chance that a sample below the threshold does not alarm", NULL),
	COUNT(S, consecutive, "1", "1", "1000", "samples in a row that alarm, before a report is made (tsunami buoys: 2)",
	      NULL),
	TIME(S, hold, "10min", "0s", "10yr", "after a report, for so long no other is made", NULL),
	BYTES(S, bytes, "20B", "1B", "65535B", "payload of a report", NULL),
	COUNT(S, priority, "7", "0", "7", "of a report, 0 lowest", NULL),
	TIME(S, deadline, "", "1ms", "10yr", "within which a report is wanted at its platform", NULL),
	COUNT(S, repeat, "0", "0", "200", "times that the newest report is sent again where it was lost", NULL),
	TIME(S, repeat_after, "10s", "1ms", "10yr", "from the loss to the next try", NULL),
};
#undef S

static const struct evidence evidence[] = {
	{ "false alarms", "geometric gaps: the binomial count of exceedances, P(noise > threshold) in closed form",
	  "99 % interval, tests/validation/valid_warning.c" },
	{ "detection delay", "the first sample after the hazard reaches the threshold", "equal, tests/unit/crisis/test_sensor.c" },
};

/* ---- which hazard ---- */

static void kinds_into(char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; hazard_types[i] && used < size; i++) {
		if (!hazard_types[i]->intensity)
			continue;
		int n = snprintf(buf + used, size - used, "%s%s", used ? ", " : "", hazard_types[i]->model->name);
		used += n > 0 ? (size_t)n : 0;
	}
}

struct hazard_choice hazard_chosen(const struct scenario *sc, const struct node *n, struct diag *d, const char *attribute,
				   const char *text)
{
	const struct node *crisis = scenario_first(sc, &crisis_model);
	struct hazard_choice h = { hazard_type_of(text), NULL };
	char kinds[256];

	for (const struct node *k = crisis ? crisis->child : NULL; k && !h.type; k = k->next)
		if (k->id && strcmp(k->id, text) == 0 && (h.type = hazard_type_of(k->model->name)) != NULL)
			h.element = k;
	kinds_into(kinds, sizeof kinds);
	if (!h.type) {
		node_error(n, d, attribute, "is neither a kind of hazard (%s) nor the id of one in <crisis>", kinds);
	} else if (!h.type->intensity || !h.type->peak || !h.type->reach) {
		node_error(n, d, attribute,
			   "has no strength that differs from place to place, so nothing can observe it (name one of %s)",
			   kinds);
		h.type = NULL;
	}
	return h;
}

simtime_t hazard_noticed(const struct occurrence *o, struct point at, double level)
{
	if (o->type->herald)
		return o->type->peak(o, at) >= level ? o->type->herald(o, at) : SIM_NEVER;
	return level > 0 ? o->type->reach(o, at, level) : o->onset;
}

struct hazard_choice sensor_hazard(const struct node *sensor)
{
	const struct sensor_levels *l = sensor->data;

	return l ? l->hazard : (struct hazard_choice){ NULL, NULL };
}

double sensor_threshold(const struct node *sensor)
{
	const struct sensor_levels *l = sensor->data;

	return l ? l->threshold : NAN;
}

/* ---- load ---- */

static void check_levels(const struct node *n, struct diag *d, const struct sensor_levels *l)
{
	const struct sensor_params *p = n->par;
	bool classifies = !isnan(p->sensitivity) || !isnan(p->specificity);

	if (l->threshold <= 0)
		node_error(n, d, "threshold", "is reached where there is no hazard (say a level above 0)");
	if (l->noise < 0)
		node_error(n, d, "noise", "is negative (say a standard deviation, or leave it out)");
	if (classifies && (isnan(p->sensitivity) || isnan(p->specificity)))
		node_error(
			n, d, isnan(p->sensitivity) ? "sensitivity" : "specificity",
			"is missing: of what decides by itself say both, which hazards it notices and how often it is rightly silent");
	else if (classifies && p->sensitivity < 1 - p->specificity)
		node_error(
			n, d, "sensitivity",
			"is below 1 - specificity: it would alarm less often where there is a hazard than where there is none");
	if (classifies && p->noise)
		node_error(
			n, d, "noise",
			"is of what measures, sensitivity and specificity are of what decides by itself (leave one of them out)");
	if (p->repeat == 0 && node_given(n, "repeat-after"))
		node_error(n, d, "repeat-after", "is read with repeat of at least 1 only");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct sensor_params *p = n->par;
	struct sensor_levels *l = calloc(1, sizeof *l);

	n->data = l;
	if (!l) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	l->hazard = hazard_chosen(sc, n, d, "hazard", p->hazard);
	if (!(network_has(n->parent) || device_is_template(n->parent)))
		node_error(n, d, NULL,
			   "the class %s uses no network, so its alarms could not leave it (add <uses network=.../>)",
			   n->parent->id);
	if (!l->hazard.type)
		return;
	l->threshold = hazard_level(n, d, "threshold", l->hazard.type, p->threshold);
	l->noise = p->noise ? hazard_level(n, d, "noise", l->hazard.type, p->noise) : 0;
	check_levels(n, d, l);
}

static void unload(struct node *n)
{
	free(n->data);
	n->data = NULL;
}

/* ---- set-up ---- */

/* Chance that noise alone exceeds the threshold. */
static double chance_alone(const struct sensor *sn)
{
	if (!isnan(sn->p->specificity))
		return 1 - sn->p->specificity;
	return sn->sigma > 0 ? erfc(sn->threshold / sn->sigma / M_SQRT2) / 2 : 0;
}

static void add(struct sensors *v, const struct node *n, const struct device_class *c, uint64_t place, uint32_t *rows)
{
	static const double sigmas = 4; /* the noise of 3 samples in 100,000 goes beyond */
	const struct sensor_levels *l = n->data;
	struct sensor *sn = &v->all[v->n];

	*sn = (struct sensor){ .node = n,
			       .p = n->par,
			       .hazard = l->hazard,
			       .threshold = l->threshold,
			       .sigma = l->noise,
			       .floor = l->threshold - sigmas * l->noise,
			       .index = v->n++,
			       .first = c->first,
			       .count = c->count,
			       .row = *rows,
			       .salt = place ? rng_mix(place) : 0 };
	sn->alone = chance_alone(sn);
	*rows += c->count;
}

static bool add_all(struct sim *s, struct sensors *v, size_t n)
{
	uint32_t rows = 0;

	v->all = sim_alloc(s, n + 1, sizeof *v->all);
	v->kind = sim_alloc(s, n + 1, sizeof *v->kind);
	if (!v->all || !v->kind)
		return false;
	for (uint32_t c = 0; c < v->dev->n_classes; c++) {
		uint64_t place = 0;
		for (const struct node *k = node_child(v->dev->classes[c].node, &sensor_model); k; k = node_next(k))
			add(v, k, &v->dev->classes[c], place++, &rows);
	}
	v->row = sim_alloc(s, rows + 1u, sizeof *v->row);
	for (uint32_t i = 0; v->row && i < rows; i++)
		v->row[i].last = NO_SAMPLE;
	return v->row != NULL;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &sensor_model);
	struct sensors *v = n || scenario_count(sc, &downlink_model) ? sim_alloc(s, 1, sizeof *v) : NULL;

	if (!v)
		return;
	v->dev = devices_of(s);
	if (n > SENSORS_MOST) {
		sim_fail(s, SIM_E_LIMIT, "more than %d <sensor>s", SENSORS_MOST);
		return;
	}
	if (!add_all(s, v, n))
		return;
	sim_set_state(s, &sensor_model, v);
	reports_setup(s, v);
	samples_setup(s, v);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct sensors *v = sim_state(s, &sensor_model);

	(void)sc;
	if (v)
		samples_start(s, v);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct sensors *v = sim_state(s, &sensor_model);

	(void)sc;
	if (v)
		reports_finish(s, v);
}

const struct sensor *sensors_of(const struct sim *s, uint32_t *n)
{
	const struct sensors *v = sim_state(s, &sensor_model);

	*n = v ? v->n : 0;
	return v ? v->all : NULL;
}

const struct model sensor_model = {
	.name = "sensor",
	.doc = "A hazard that the devices of the class observe where they are, and of which they report alarms.",
	.places = TABLE(places),
	.par_size = sizeof(struct sensor_params),
	.params = TABLE(params),
	.kpis = TABLE(sensor_kpis),
	.evidence = TABLE(evidence),
	.load = load,
	.unload = unload,
	.setup = setup,
	.start = start,
	.finish = finish,
};
