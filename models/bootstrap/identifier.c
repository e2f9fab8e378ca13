/*
 * <identifier>: what the devices of a class, or a platform, are called.
 */
#include <stdio.h>
#include <string.h>

#include "models/bootstrap/identifier_private.h"

static const char *const schemes[IDENTIFIER_SCHEMES + 1] = { "eui-64", "mac-48",   "ipv6",   "e164", "imsi",    "oid",
							     "sgtin-96", "handle", "did", "devaddr", NULL };
static const char *const allocations[] = { "block", "random", NULL };
static const char *const resolved[] = { "never", "onboarding", "first-message", "messages", NULL };

static const struct place places[] = { { "device-class", 0, 1 }, { "platform", 0, 1 } };

static const struct param params[] = {
	CHOICE(struct identifier_params, scheme, "eui-64", schemes, "how it is written and looked up (sccsim models identifiers)",
	       NULL),
	CHOICE(struct identifier_params, allocation, "block", allocations,
	       "out of blocks that an authority gives away, unique by construction; or drawn at random", NULL),
	COUNT(struct identifier_params, bits, "", "1", "128",
	      "bits that are drawn, of allocation=\"random\"; absent: those that the scheme leaves free", NULL),
	RATIO(struct identifier_params, duplicates, "0%", "0%", "100%",
	      "devices given the identifier of an earlier one of their class by mistake", NULL),
	RATIO(struct identifier_params, clones, "0%", "0%", "100%",
	      "devices that are copies of an earlier one of their class, identifier and credentials included", NULL),
	RATIO(struct identifier_params, defaulted, "0%", "0%", "100%",
	      "devices left at the identifier that their vendor ships all of them with", NULL),
	REF(struct identifier_params, repository, "", "trust-repository",
	    "where they are entered before they are admitted, and looked up; absent: nobody vouches for them"),
	CHOICE(struct identifier_params, resolved, "never", resolved,
	       "when a device's is looked up: whenever it is onboarded, which waits for the answer; when its platform accepts its "
	       "first message; or each of them",
	       NULL),
	RATE(struct identifier_params, resolutions, "0/yr", "0/yr", "1000000/s", "look-ups of one device's by third parties", NULL),
	RATE(struct identifier_params, revocations, "0/yr", "0/yr", "1/s", "revocations of one device's: keys lost, device sold", NULL),
};

static const struct evidence evidence[] = {
	{ "collisions", "birthday law: exact table, and the number of pairs that share 16, 25 and 32 bits against the Poisson law",
	  "printed digits; 99 % interval, tests/validation/valid_identity.c" },
	{ "time to detection by audits", "uniform law", "99 % interval of the mean, tests/validation/valid_identity.c" },
	{ "who shares an identifier", "the plainest comparison of all with all",
	  "every device, tests/unit/bootstrap/test_identifier.c" },
};

static const char *const reference_columns[] = { "scheme",	 "form",  "bits",   "drawn at random", "authority",
						 "look-ups", "unique", "source", "status" };

static const char *reference_cell(size_t row, size_t column, char *buf, size_t size)
{
	const struct identifier_scheme *c = row < IDENTIFIER_SCHEMES ? &identifier_schemes[row] : NULL;

	if (!c)
		return NULL;
	switch (column) {
	case 0: return c->id;
	case 1: return c->form;
	case 2: snprintf(buf, size, "%u", c->bits); return c->bits ? buf : "-";
	case 3: snprintf(buf, size, "%u", c->random_bits); return buf;
	case 4: return c->authority;
	case 5: snprintf(buf, size, "%u", c->steps); return buf;
	case 6: return c->unique ? "yes" : "no";
	case 7: return c->source;
	default: return c->status;
	}
}

static const struct reference references[] = {
	{ "identifiers", "Identifier schemes", TABLE(reference_columns), reference_cell },
};

struct identifiers *identifiers_of(const struct sim *s)
{
	return sim_state(s, &identifier_model);
}

uint64_t identifier_of(const struct sim *s, uint32_t device)
{
	const struct identifiers *ids = identifiers_of(s);
	const struct holding *h = ids ? &ids->held[device] : NULL;
	bool holds = h && h->standing >= STANDING_GIVEN && h->standing <= STANDING_HELD;

	return holds ? (uint64_t)h->identity + 1 : 0;
}

bool identifier_unique(const struct sim *s, uint32_t device)
{
	const struct identifiers *ids = identifiers_of(s);
	const struct holding *h = ids ? &ids->held[device] : NULL;

	return h && h->standing == STANDING_HELD && ids->identity[h->identity].holders == 1;
}

/* ---- checks ---- */

static void refuse_given(const struct node *n, struct diag *d, const char *const *names, const char *why)
{
	for (; *names; names++)
		if (node_given(n, *names))
			node_error(n, d, *names, "%s", why);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	static const char *const of_devices[] = { "allocation", "bits",        "duplicates",  "clones", "defaulted",
						  "resolved",   "resolutions", "revocations", NULL };
	static const char *const of_repositories[] = { "resolved", "resolutions", "revocations", NULL };
	const struct identifier_params *p = n->par;
	const struct identifier_scheme *scheme = &identifier_schemes[p->scheme];

	if (p->allocation != ALLOCATION_RANDOM && node_given(n, "bits"))
		node_error(n, d, "bits", "is of no use: blocks are unique by construction (try allocation=\"random\")");
	if (scheme->bits && p->bits > scheme->bits && node_given(n, "bits"))
		node_error(n, d, "bits", "is more than the %u of %s", scheme->bits, scheme->title);
	node_derive(sc, n, d, "bits", "%u", scheme->random_bits);
	if (p->duplicates + p->clones + p->defaulted > 1)
		node_error(n, d, NULL,
			   "duplicates, clones and defaulted are shares of the same devices: more than 100 %% together");
	if (!strcmp(n->parent->model->name, "platform")) {
		refuse_given(n, d, of_devices, "is of devices: a platform has one identifier, which its devices look up");
		if (!p->repository)
			node_error(n, d, "repository", "is needed: a platform's identifier is there to be looked up");
		return;
	}
	if (!p->repository)
		refuse_given(n, d, of_repositories, "needs a repository=\"...\" to ask");
	if (!scheme->unique && p->repository)
		node_warning(n, d, "scheme", "%s is not meant to be unique: networks give the same ones to several devices",
			     scheme->title);
	if (p->resolved >= RESOLVED_FIRST_MESSAGE && !node_given(n->parent, "platform"))
		node_error(n, d, "resolved", "needs a platform: <device-class id=\"%s\"> names none that accepts messages",
			   n->parent->id ? n->parent->id : "");
}

/* ---- set-up ---- */

/* A platform's identifier, and the classes that look it up. */
static void platform_identifiers(struct sim *s, struct identifiers *ids, const struct scenario *sc)
{
	for (const struct node *n = scenario_first(sc, &platform_model); n; n = n->next_same) {
		const struct node *e = node_child(n, &identifier_model);
		const struct identifier_params *p = e ? e->par : NULL;
		uint32_t identity = p ? identity_new(s, ids) : NO_IDENTITY;
		if (identity == NO_IDENTITY)
			continue;
		ids->any_platform = true;
		ids->identity[identity].records = ids->identity[identity].holders = 1;
		for (uint32_t k = 0; k < ids->dev->n_classes; k++) {
			struct identifier_class *c = &ids->of_class[k];
			if (platform_of(s, k) != n)
				continue;
			c->platform_repository = repository_of(s, p->repository);
			c->platform_identity = identity;
			c->platform_steps = identifier_schemes[p->scheme].steps;
		}
	}
}

static void of_classes(struct sim *s, struct identifiers *ids)
{
	for (uint32_t k = 0; k < ids->dev->n_classes; k++) {
		const struct node *e = node_child(ids->dev->classes[k].node, &identifier_model);
		struct identifier_class *c = &ids->of_class[k];
		c->default_identity = NO_IDENTITY;
		if (!e)
			continue;
		ids->any = true;
		c->p = e->par;
		c->scheme = &identifier_schemes[c->p->scheme];
		c->repository = repository_of(s, c->p->repository);
		c->key = ids->dev->classes[k].node->key;
	}
}

static void on_sample(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	const struct identifiers *ids = ctx;

	identifiers_sample(s, ids);
	sim_after(s, ids->sample_every, ids->kind_sample, subject, detail);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct identifiers *ids = scenario_count(sc, &identifier_model) ? sim_alloc(s, 1, sizeof *ids) : NULL;
	struct devices *dev = devices_of(s);

	if (!ids || !dev)
		return;
	ids->dev = dev;
	ids->of_class = sim_alloc(s, dev->n_classes, sizeof *ids->of_class);
	ids->held = sim_alloc(s, dev->n + 1u, sizeof *ids->held);
	if (!ids->of_class || !ids->held)
		return;
	of_classes(s, ids);
	platform_identifiers(s, ids, sc);
	if (!identifiers_give(s, ids))
		return;
	ids->kind_reissue = sim_handler(s, "identifier.reissue", identifier_reissue, ids);
	ids->kind_sample = sim_handler(s, "identifier.sample", on_sample, ids);
	device_admission(s, DEVICE_IDENTIFIED, identifier_admit, ids);
	identifiers_asked_setup(s, ids, sc);
	repositories_bind(s, ids);
	sim_set_state(s, &identifier_model, ids);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct identifiers *ids = identifiers_of(s);

	(void)sc;
	if (!ids)
		return;
	identifiers_asked_start(s, ids);
	ids->sample_every = s->end / 100 > 0 ? s->end / 100 : 1;
	if (ids->any)
		sim_after(s, ids->sample_every, ids->kind_sample, 0, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	struct identifiers *ids = identifiers_of(s);

	(void)sc;
	if (ids && ids->any)
		identifiers_report(s, ids);
}

static const struct section sections[] = {
	{ SECTION_FLOW, "What became of identifiers", "identity.flow",
	  "Identifiers that are given: how two come to share one, and who finds out." },
	{ SECTION_SERIES, "Identifiers held twice", "identity.duplicates-outstanding",
	  "Devices whose identifier another one held before them, and nobody has found out." },
	{ SECTION_AUDIT, "Identifiers", "identifiers", "What became of the identifiers that were given." },
};

const struct model identifier_model = {
	.name = "identifier",
	.doc = "What the devices of a class, or a platform, are called: the scheme, how identifiers are given and what goes wrong, where "
	       "they are entered and who looks them up.",
	.places = TABLE(places),
	.par_size = sizeof(struct identifier_params),
	.params = TABLE(params),
	.kpis = identifier_kpis,
	.n_kpis = IDENTIFIER_KPIS,
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.tables = TABLE(references),
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
