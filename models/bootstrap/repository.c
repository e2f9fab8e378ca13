/*
 * <trust-repository>: its parameters, its places, their outages.
 */
#include "models/bootstrap/identifier_private.h"

static const char *const topologies[] = { "central", "federated", "ledger", NULL };
static const char *const detections[] = { "none", "registration", "audit", NULL };
static const char *const remedies[] = { "reissue", "quarantine", NULL };
static const char *const checks[] = { "online", "list", "none", NULL };

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	SERVER_ROWS("4", "2ms", "4h"),
	CHOICE(struct repository_params, topology, "central", topologies,
	       "one place; peers that are each the authority for their share; or replicas of a ledger", NULL),
	COUNT(struct repository_params, peers, "4", "1", "1000", "peers, or replicas, each with those servers", NULL),
	TIME(struct repository_params, latency, "50ms", "0s", "1h", "median time of one step of a look-up on its way, there and back",
	     "[M] a DNS-like miss; no measured figure for Handle, DID or OID was found"),
	NUMBER(struct repository_params, latency_spread, "0.5", "0", "5", "standard deviation of the logarithm of that time",
	       "[M] assumption"),
	COUNT(struct repository_params, resolvers, "1", "1", "1000000", "places that ask it and keep answers, each for itself", NULL),
	TIME(struct repository_params, cache_life, "1h", "0s", "10yr", "time for which a resolver keeps an answer; 0s: keeps none",
	     "[M] usual time to live of DNS records"),
	TIME(struct repository_params, cache_time, "3ms", "0s", "1h", "time in which a resolver answers of what it keeps",
	     "[M] 1 to 5 ms"),
	COUNT(struct repository_params, tries, "3", "1", "1000", "times that a look-up is tried before it fails; an entry never does",
	      NULL),
	TIME(struct repository_params, retry, "1s", "1ms", "1h", "time to the next try, doubled each time", NULL),
	CHOICE(struct repository_params, detection, "registration", detections,
	       "when entries are compared: as each comes in, at intervals, or not", NULL),
	TIME(struct repository_params, audit_interval, "", "1s", "10yr",
	     "at its whole multiples all entries are compared, of detection=\"audit\"; absent: 30d", NULL),
	RATIO(struct repository_params, audit_coverage, "100%", "0%", "100%", "share of the double entries that an audit finds",
	      NULL),
	BOOL(struct repository_params, sightings, "off",
	     "whether it is noticed that two devices present one identifier: the one way to find copied devices", NULL),
	CHOICE(struct repository_params, remedy, "reissue", remedies,
	       "what becomes of a device whose identifier is found double or revoked: another one, or quarantine for good, as it always "
	       "is for a copied device",
	       NULL),
	TIME(struct repository_params, reissue, "7d", "0s", "10yr", "time until it has another identifier", NULL),
	CHOICE(struct repository_params, revocation_check, "online", checks,
	       "how resolvers learn of revocations: whenever they ask; from a list, for kept answers too; or not at all", NULL),
	TIME(struct repository_params, list_interval, "", "1s", "10yr",
	     "lists are issued at its whole multiples, of revocation-check=\"list\"; absent: 1d", NULL),
	COUNT(struct repository_params, block_size, "", "1", "1000000", "entries at which a ledger's block is cut; absent: 10",
	      "[M] Hyperledger Fabric 1.x, sample configuration: MaxMessageCount"),
	TIME(struct repository_params, block_timeout, "", "1ms", "10yr", "a block is cut this time after its first entry; absent: 2s",
	     "[M] Hyperledger Fabric, sample configuration: BatchTimeout"),
	TIME(struct repository_params, consensus_time, "", "0s", "1d", "time to agree upon a block; absent: 100ms",
	     "[M] within the sub-second latency of Androulaki et al. 2018"),
};

static const struct evidence evidence[] = {
	{ "queue of look-ups", "M/M/c in closed form", "99 % interval of the mean, tests/validation/valid_identity.c" },
	{ "answers kept", "hit ratio of Poisson look-ups, 1 - 1/(1 + rate x life)",
	  "99 % interval of the mean, tests/validation/valid_identity.c" },
	{ "ledger's blocks", "mean wait in closed form, cut by size and by time",
	  "99 % interval of the mean, tests/validation/valid_identity.c" },
	{ "latency of a look-up", "no measured figure: unverified default", "not validated" },
};

static void only_with(const struct node *n, struct diag *d, const char *attribute, bool applies, const char *with)
{
	if (!applies && node_given(n, attribute))
		node_error(n, d, attribute, "is of no use without %s", with);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct repository_params *p = n->par;
	bool audits = p->detection == DETECTION_AUDIT, ledger = p->topology == TOPOLOGY_LEDGER,
	     lists = p->revocation_check == CHECK_LIST;

	only_with(n, d, "peers", p->topology != TOPOLOGY_CENTRAL, "topology=\"federated\" or \"ledger\"");
	only_with(n, d, "audit-interval", audits, "detection=\"audit\"");
	only_with(n, d, "audit-coverage", audits, "detection=\"audit\"");
	only_with(n, d, "list-interval", lists, "revocation-check=\"list\"");
	only_with(n, d, "block-size", ledger, "topology=\"ledger\"");
	only_with(n, d, "block-timeout", ledger, "topology=\"ledger\"");
	only_with(n, d, "consensus-time", ledger, "topology=\"ledger\"");
	node_derive(sc, n, d, "audit-interval", "30d");
	node_derive(sc, n, d, "list-interval", "1d");
	node_derive(sc, n, d, "block-size", "10");
	node_derive(sc, n, d, "block-timeout", "2s");
	node_derive(sc, n, d, "consensus-time", "100ms");
}

/* A repository of nobody costs and does nothing. */
static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &trust_repository_model); n; n = n->next_same) {
		bool named = false;
		for (const struct node *e = scenario_first(sc, &identifier_model); e; e = e->next_same)
			named |= ((const struct identifier_params *)e->par)->repository == n;
		if (!named)
			node_warning(n, d, NULL, "no <identifier> names it");
	}
}

struct repository *repository_of(const struct sim *s, const struct node *element)
{
	const struct repositories *rs = sim_state(s, &trust_repository_model);

	if (!element)
		return NULL;
	for (uint32_t i = 0; rs && i < rs->n; i++)
		if (rs->all[i].element == element)
			return &rs->all[i];
	bug_report(s, __FILE__, __LINE__, "a repository that was set up");
}

uint32_t repository_resolver(const struct repository *r, uint64_t key)
{
	return (uint32_t)(rng_mix(key) % r->p->resolvers);
}

void repositories_bind(struct sim *s, struct identifiers *ids)
{
	struct repositories *rs = sim_state(s, &trust_repository_model);

	for (uint32_t i = 0; rs && i < rs->n; i++)
		rs->all[i].ids = ids;
	ids->repository = rs ? rs->all : NULL;
	ids->n_repositories = rs ? rs->n : 0;
}

/* Servers take no messages here, requests only. */
static void on_message(struct sim *s, void *ctx, const struct message *m)
{
	(void)ctx, (void)m;
	bug_report(s, __FILE__, __LINE__, "a repository takes requests only");
}

static void on_change(struct sim *s, void *ctx, bool up)
{
	const struct peer *p = ctx;

	p->of->up += up ? 1 : UINT32_MAX;
	repository_peers_changed(s, p->of);
}

static void on_audit(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct repository *r = ctx;

	if (r->ids)
		identifier_audit(s, r);
	sim_after(s, r->p->audit_interval, r->kind_audit, subject, detail);
}

/* The list names what was revoked since the last one. */
static void on_list(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct repository *r = ctx;
	uint32_t n = r->n_to_list;

	(void)subject, (void)detail;
	r->n_to_list = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t device = r->to_list[i];
		if (!r->ids->held[device].revoking)
			continue; /* it has lost it otherwise */
		r->ids->identity[r->ids->held[device].identity].listed = true;
		identifier_refused(s, r->ids, device);
	}
}

static void init_peers(struct sim *s, struct repository *r)
{
	r->n_peers = r->p->topology == TOPOLOGY_CENTRAL ? 1 : (uint32_t)r->p->peers;
	r->up = r->n_peers;
	r->peer = sim_alloc(s, r->n_peers, sizeof *r->peer);
	for (uint32_t k = 0; r->peer && k < r->n_peers; k++) {
		r->peer[k].of = r;
		r->peer[k].server = server_new(s, r->element,
					       &(struct server_setup){ .change = "repository.change",
								       .service = RNG_PURPOSE('r', 's', 'r', 'v'),
								       .outage = RNG_PURPOSE('r', 'o', 'u', 't') ^ k,
								       .done = on_message,
								       .changed = on_change,
								       .ctx = &r->peer[k] });
		if (!r->peer[k].server)
			return;
	}
}

static void init_repository(struct sim *s, struct repository *r, const struct node *e)
{
	*r = (struct repository){ .p = e->par, .element = e };
	r->resolution_time = sim_alloc(s, 1, sizeof *r->resolution_time);
	if (!r->resolution_time)
		return;
	init_peers(s, r);
	repository_ask_setup(s, r);
	repository_block_setup(s, r);
	r->kind_audit = sim_handler(s, "repository.audit", on_audit, r);
	r->kind_list = sim_handler(s, "repository.list", on_list, r);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &trust_repository_model);
	struct repositories *rs = n ? sim_alloc(s, 1, sizeof *rs) : NULL;
	uint32_t i = 0;

	if (!rs)
		return;
	rs->n = (uint32_t)n;
	rs->all = sim_alloc(s, n, sizeof *rs->all);
	if (!rs->all)
		return;
	for (const struct node *e = scenario_first(sc, &trust_repository_model); e && s->status == SIM_OK;
	     e = e->next_same, i++)
		init_repository(s, &rs->all[i], e);
	sim_set_state(s, &trust_repository_model, rs);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct repositories *rs = sim_state(s, &trust_repository_model);

	(void)sc;
	for (uint32_t i = 0; rs && i < rs->n; i++) {
		struct repository *r = &rs->all[i];
		for (uint32_t k = 0; k < r->n_peers; k++)
			server_start(s, r->peer[k].server);
		if (r->p->detection == DETECTION_AUDIT)
			sim_after(s, r->p->audit_interval, r->kind_audit, 0, 0);
	}
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct repositories *rs = sim_state(s, &trust_repository_model);

	(void)sc;
	if (rs)
		repositories_report(s, rs);
}

static const struct section sections[] = {
	{ SECTION_CURVE, "Resolution of identifiers", "identity.resolution", "Share of look-ups that take longer." },
};

const struct model trust_repository_model = {
	.name = "trust-repository",
	.doc = "Where identifiers are entered, vouched for, looked up and revoked: one place, federated peers or a ledger, with resolvers "
	       "that keep answers.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct repository_params),
	.params = TABLE(params),
	.kpis = repository_kpis,
	.n_kpis = REPOSITORY_KPIS,
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.load = load,
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
