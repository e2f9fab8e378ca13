/*
 * <baseline>: a profile of a place's own, which takes after a shipped baseline and says what differs.
 */
#include "models/security/baseline.h"

#include <stdlib.h>
#include <string.h>

struct baseline_params {
	const char *extends;
};

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	TEXT(struct baseline_params, extends, "",
	     "a shipped baseline whose requirements hold unless a <provision> says otherwise: `sccsim models baselines` lists them; "
	     "absent: none, only what stands here",
	     NULL),
};

struct provision_params {
	const char *of;
	int status;
	const char *features;
};

static const struct place provision_places[] = { { "baseline", 0, 0 } };
static const char *const statuses[] = { "not-applicable", "recommended", "mandatory", NULL };

static const struct param provision_params[] = {
	TEXT(struct provision_params, of, NULL, "id of the requirement of the baseline that is extended, or of a provision, as 5.1-1", NULL),
	CHOICE(struct provision_params, status, NULL, statuses, "what the profile makes of it", NULL),
	TEXT(struct provision_params, features, "",
	     "features that a product must have for it to apply (see <product features>); absent: those of the baseline that is "
	     "extended, or of EN 303 645",
	     NULL),
};

static const struct evidence evidence[] = {
	{ "EN 303 645 provisions", "counts by clause of V2.1.1 (68, 33 mandatory, 35 recommended) and V3.1.3 (78, 36, 42)",
	  "exact, tests/validation/valid_baseline.c" },
	{ "verdict", "a product with every mandatory provision and no recommended one passes",
	  "exact, tests/validation/valid_baseline.c" },
};

/* The requirement that a <provision> changes or adds; false: there is nothing of that id. */
static bool find(const struct baseline *base, const struct node *n, struct requirement *r)
{
	struct requirement row[PROVISIONS_MOST];
	size_t rows = base ? baseline_rows(base, row) : 0;
	const char *id = ((const struct provision_params *)n->par)->of;
	int p = provision_named(id);

	for (size_t i = 0; i < rows; i++)
		if (strcmp(row[i].id, id) == 0) {
			*r = row[i];
			return true;
		}
	if (p < 0)
		return false;
	*r = (struct requirement){ .id = provisions[p].id, .clause = provisions[p].clause, .needs = provisions[p].needs };
	return true;
}

static void read_provision(struct baseline *b, struct requirement *row, const struct node *n, struct diag *d)
{
	const struct provision_params *p = n->par;
	struct requirement r;
	const char *bad;
	size_t len;

	if (!find(b->base, n, &r)) {
		node_error(n, d, "of", "is no provision (try 5.1-1; `sccsim models baselines` lists them)");
		return;
	}
	r.status = (enum requirement_status)p->status;
	if (p->features && !features_parse(p->features, &r.needs, &bad, &len)) {
		node_error(n, d, "features", "has \"%.*s\", which is no feature (see <product features>)", (int)len, bad);
		return;
	}
	row[b->n++] = r;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct baseline_params *p = n->par;
	const struct baseline *base = p->extends ? baseline_named(NULL, p->extends) : NULL;
	struct {
		struct baseline b;
		struct requirement row[PROVISIONS_MOST];
	} * own;

	(void)sc;
	for (size_t i = 0; i < n_shipped_baselines; i++)
		if (strcmp(shipped_baselines[i].id, n->id) == 0)
			node_error(n, d, "id", "is that of a baseline that is shipped (choose another)");
	if (p->extends && !base) {
		const char *near = baseline_nearest(p->extends);
		node_error(n, d, "extends", "is no shipped baseline%s%s", near ? ", did you mean " : "",
			   near ? near : " (try en-303-645)");
		return;
	}
	own = calloc(1, sizeof *own);
	if (!own) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	own->b = (struct baseline){ .id = n->id,
				    .title = "",
				    .source = "scenario",
				    .base = base,
				    .row = own->row,
				    .label = base ? base->label : 0 };
	for (const struct node *c = node_child(n, &provision_model); c; c = node_next(c))
		if (own->b.n < PROVISIONS_MOST)
			read_provision(&own->b, own->row, c, d);
	for (size_t i = 0; i < own->b.n; i++)
		if (own->row[i].status == REQUIREMENT_MANDATORY)
			own->b.label = 0; /* it asks for more than a label may vouch for */
	if (baseline_count(&own->b, NULL, REQUIREMENT_MANDATORY) == 0)
		node_warning(n, d, NULL, "has no mandatory provision: every product passes");
	n->data = own;
}

static void unload(struct node *n)
{
	free(n->data);
	n->data = NULL;
}

const struct model baseline_model = {
	.name = "baseline",
	.doc = "A security baseline of the place's own: a shipped one, and what differs.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct baseline_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
	.unload = unload,
};

const struct model provision_model = {
	.name = "provision",
	.doc = "What a <baseline> makes of one provision.",
	.places = TABLE(provision_places),
	.par_size = sizeof(struct provision_params),
	.params = TABLE(provision_params),
};
