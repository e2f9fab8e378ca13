/*
 * <processing>: where the messages of a class are processed, and so where they end.
 */
#include "models/network/edge_private.h"

static const struct place places[] = { { "device-class", 0, 1 } };
static const char *const ats[] = { "edge", "cloud", "split", NULL };

static const struct param params[] = {
	REF(struct processing_params, edge, NULL, "edge", "the edge node that its messages come to first"),
	CHOICE(struct processing_params, at, "split", ats,
	       "edge: messages end there; cloud: the edge only relays; split: the edge processes all and hands a share on to the "
	       "platform",
	       NULL),
	RATIO(struct processing_params, forward, "10%", "0%", "100%",
	      "split: share of the messages that goes on to the platform; the others end at the edge", NULL),
	RATIO(struct processing_params, condense, "100%", "0%", "100%",
	      "split: bytes of a message that goes on ÷ bytes of it that came", NULL),
};

struct processings {
	const struct devices *dev;
	const struct processing_params **of_class;
	struct edge **edge; /* by class */
};

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct processing_params *p = n->par;

	(void)sc;
	for (size_t i = 2; i < sizeof params / sizeof params[0]; i++)
		if (p->at != AT_BOTH && node_given(n, params[i].field))
			node_error(n, d, params[i].field, "goes with at=\"split\", not with \"%s\"", ats[p->at]);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct processings *ps = scenario_count(sc, &processing_model) ? sim_alloc(s, 1, sizeof *ps) : NULL;

	if (!ps)
		return;
	ps->dev = devices_of(s);
	ps->of_class = sim_alloc(s, ps->dev->n_classes, sizeof(const struct processing_params *));
	ps->edge = sim_alloc(s, ps->dev->n_classes, sizeof(struct edge *));
	for (uint32_t c = 0; s->status == SIM_OK && c < ps->dev->n_classes; c++) {
		const struct node *n = node_child(ps->dev->classes[c].node, &processing_model);
		if (!n)
			continue;
		ps->of_class[c] = n->par;
		ps->edge[c] = edge_of(s, ps->of_class[c]->edge);
	}
	sim_set_state(s, &processing_model, ps);
}

const struct processing_params *processing_of(const struct sim *s, uint32_t device)
{
	const struct processings *ps = sim_state(s, &processing_model);

	return ps ? ps->of_class[ps->dev->class_of[device]] : NULL;
}

static struct edge *edge_of_device(const struct sim *s, uint32_t device)
{
	const struct processings *ps = sim_state(s, &processing_model);

	return ps ? ps->edge[ps->dev->class_of[device]] : NULL;
}

void platform_arrive(struct sim *s, const struct message *m)
{
	struct edge *e = edge_of_device(s, m->device);

	if (m->purpose == PURPOSE_ONBOARDING)
		network_answer(s, m, FATE_DELIVERED); /* its servers are its owner's */
	else if (e)
		edge_arrive(s, e, m);
	else
		platform_accept(s, m);
}

bool processing_up(const struct sim *s, uint32_t device)
{
	const struct processing_params *p = processing_of(s, device);

	if (p && !edge_serves(edge_of_device(s, device), p))
		return false;
	return (p && p->at == AT_EDGE) || platform_up(s, device);
}

void processing_watch(struct sim *s, uint32_t class_index, path_change_fn *fn, void *ctx)
{
	const struct processings *ps = sim_state(s, &processing_model);

	if (ps && ps->edge[class_index])
		edge_watch(s, ps->edge[class_index], fn, ctx);
	platform_watch(s, class_index, fn, ctx);
}

const struct model processing_model = {
	.name = "processing",
	.doc = "Where the messages of a class are processed: at an edge node, in the cloud, or some at either.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.par_size = sizeof(struct processing_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.load = load,
	.setup = setup,
};
