/*
 * <device-class>: devices of one kind; and the table of all devices of a replication.
 */
#include "models/device/mobility_private.h"

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	TEXT(struct device_class_params, base, "",
	     "id of a class, such as one of the library's, that this one takes after: attributes and content that it does not "
	     "have itself",
	     NULL),
	BOOL(struct device_class_params, template, "off", "only a base for other classes: no class of its own in a scenario",
	     NULL),
	TEXT(struct device_class_params, vertical, "", "the branch it serves, such as water or lighting: names a group",
	     NULL),
	REF(struct device_class_params, platform, "", "platform",
	    "the platform that its messages go to; absent: one that accepts at once"),
	LENGTH(struct device_class_params, height, "1.5m", "0.1m", "500m", "antenna above ground",
	       "3GPP TR 38.901, Table 7.4.1-1: height of user terminals"),
	DB(struct device_class_params, gain, "0dB", "-40dB", "40dB", "antenna gain less losses",
	   "[M] ITU-R M.2412: user terminals of 0 dBi"),
	TIME(struct device_class_params, service_life, "", "1s", "200yr",
	     "time in the field after which a device is retired; absent: never", NULL),
};

static const struct evidence evidence[] = {
	{ "battery life", "hand calculation from capacity, sleep and one charge a report",
	  "1 %, tests/unit/device/test_energy.c" },
};

uint32_t device_count(const struct scenario *sc, const struct node *class_node)
{
	uint64_t n = 0;

	for (const struct node *e = scenario_first(sc, &deploy_model); e; e = e->next_same)
		if (((const struct deploy_params *)e->par)->class == class_node)
			n += deploy_count(e);
	return (uint32_t)n;
}

bool device_is_template(const struct node *class_node)
{
	return ((const struct device_class_params *)class_node->par)->template;
}

static void check(const struct scenario *sc, struct diag *d)
{
	uint64_t classes = scenario_count(sc, &device_class_model), cells = classes * (city_n_districts(city_of(sc)) + 1);
	const struct node *first = scenario_first(sc, &device_class_model);

	if (cells > UINT16_MAX)
		node_error(first, d, NULL, "%llu classes in %zu districts are more than %u groups to count by (use fewer)",
			   (unsigned long long)classes, city_n_districts(city_of(sc)), UINT16_MAX);
	groups_check(sc, d);
	for (const struct node *c = first; c; c = c->next_same)
		if (device_count(sc, c) == 0)
			node_warning(c, d, NULL, "no <deploy> places a device of this class");
}

/* Keys do not depend on other classes: an id's, or the class's and the place among its deploys without id. */
static uint64_t part_key(const struct node *deploy, const struct node *class_node, uint64_t place)
{
	return deploy->id ? deploy->key : rng_mix(class_node->key ^ rng_mix(place + 1));
}

static void add_class(struct devices *d, const struct scenario *sc, const struct node *n, uint32_t index)
{
	const struct device_class_params *p = n->par;
	struct device_class *c = &d->classes[index];
	uint64_t place = 0;

	*c = (struct device_class){ .node = n,
				    .id = n->id,
				    .vertical = p->vertical ? p->vertical : "",
				    .index = index,
				    .first = d->n,
				    .height = p->height,
				    .gain_db = p->gain,
				    .service_life = p->service_life,
				    .part = d->n_parts };
	for (const struct node *e = scenario_first(sc, &deploy_model); e; e = e->next_same) {
		uint32_t count = deploy_count(e);
		if (((const struct deploy_params *)e->par)->class != n)
			continue;
		if (count)
			d->parts[d->n_parts++] = (struct device_part){ d->n, count, part_key(e, n, place), e };
		place += e->id == NULL;
		d->n += count;
	}
	c->count = d->n - c->first;
	c->n_parts = d->n_parts - c->part;
}

static bool add_columns(struct sim *s, struct devices *d)
{
	d->x = sim_alloc(s, d->n, sizeof *d->x);
	d->y = sim_alloc(s, d->n, sizeof *d->y);
	d->class_of = sim_alloc(s, d->n, sizeof *d->class_of);
	d->district = sim_alloc(s, d->n, sizeof *d->district);
	d->indoor = sim_alloc(s, d->n, sizeof *d->indoor);
	d->state = sim_alloc(s, d->n, sizeof *d->state);
	d->cell = sim_alloc(s, d->n, sizeof *d->cell);
	return d->x && d->y && d->class_of && d->district && d->indoor && d->state && d->cell;
}

static void fill(struct sim *s, struct devices *d)
{
	for (uint32_t k = 0; k < d->n_classes; k++) {
		struct device_class *c = &d->classes[k];
		for (uint32_t i = c->first; i < c->first + c->count; i++)
			d->class_of[i] = (uint16_t)k;
		if (!mobility_class(s, d, c))
			return;
		for (uint32_t p = c->part; p < c->part + c->n_parts; p++)
			place_part(s, d, &d->parts[p]);
	}
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct devices *d = sim_alloc(s, 1, sizeof *d);
	struct device_impl *im = sim_alloc(s, 1, sizeof *im);
	uint32_t k = 0;

	if (!d || !im)
		return;
	im->scenario = sc;
	d->impl = im;
	d->n_classes = (uint32_t)scenario_count(sc, &device_class_model);
	d->classes = sim_alloc(s, d->n_classes, sizeof *d->classes);
	d->parts = sim_alloc(s, scenario_count(sc, &deploy_model), sizeof *d->parts);
	if (!d->classes || !d->parts)
		return;
	for (const struct node *n = scenario_first(sc, &device_class_model); n; n = n->next_same, k++) {
		add_class(d, sc, n, k);
		energy_class(s, &d->classes[k]);
	}
	sim_set_state(s, &device_class_model, d);
	if (s->status != SIM_OK || !add_columns(s, d) || !groups_setup(s, d) || !energy_setup(s, d))
		return;
	fill(s, d);
	groups_count(s, d);
	life_setup(s, d);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct devices *d = devices_of(s);

	(void)sc;
	life_start(s, d);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	(void)sc;
	account_finish(s, devices_of(s));
}

struct devices *devices_of(const struct sim *s)
{
	struct devices *d = sim_state(s, &device_class_model);

	BUG_ON(s, !d && s->status == SIM_OK);
	return d;
}

const struct model device_class_model = {
	.name = "device-class",
	.doc = "Devices of one kind: what they are for, where their messages go, what they hold.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct device_class_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.kpis = device_kpis,
	.n_kpis = DEVICE_KPIS,
	.sections = device_sections,
	.n_sections = DEVICE_SECTIONS,
	.example = "id=\"meter\" vertical=\"water\" platform=\"city-cloud\"",
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
