/*
 * <onboarding-server>: who answers devices that are being onboarded, and whom it turns away.
 *
 * What comes is taken while the queue and the rate limit allow it.  The others are turned away: with retry-after the server says
 * so, and the device comes back no earlier; without, it hears nothing and finds out by its time-out.  A server that is down,
 * by chance or by an <outage>, is silent; what waits there goes on waiting.
 */
#include <string.h>

#include "models/bootstrap/onboarding_private.h"
#include "models/city/cost.h"

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };
static const struct place in_server[] = { { "onboarding-server", 0, 0 } };

#define S struct onboarding_server_params
static const struct param params[] = {
	TEXT(S, roles, NULL,
	     "what it is to devices, separated by blanks: join-server, bsf, aanf, ausf, registrar, masa, rendezvous, owner, "
	     "bootstrap-server, sm-dp, aaa, jrc, commissioner, application",
	     NULL),
	SERVER_ROWS("1", "10ms", "1h"),
	RATE(S, rate_limit, "", "1/yr", "1000000000/s",
	     "most requests taken in the long run (a token bucket); those beyond are turned away; absent: not limited", NULL),
	COUNT(S, burst, "1", "1", "1000000000", "requests that may come at once within the rate limit", NULL),
	TIME(S, retry_after, "", "0s", "1yr",
	     "who is turned away is told to come back after this time at the earliest; absent: is told nothing",
	     "RFC 7252, 5.9.3.4: 5.03 with Max-Age"),
	BYTES(S, refusal, "8B", "1B", "64KiB", "size of the message that turns a device away",
	      "RFC 7252: header 4 B, token 1 B, Max-Age 3 B"),
};
#undef S

struct outage_params {
	simtime_t at, lasts;
};

static const struct param outage_params[] = {
	TIME(struct outage_params, at, NULL, "0s", "200yr", "time of the run at which it fails", NULL),
	TIME(struct outage_params, lasts, NULL, "1ms", "200yr", "until it is repaired", NULL),
};

static const struct evidence evidence[] = {
	{ "waiting in a storm", "fluid limit and M/D/c in closed form", "tests/validation/valid_onboarding.c" },
};

struct servers {
	struct onboarding_server *all;
	uint32_t n;
	struct devices *dev;
	uint16_t kind_outage;
};

/* ---- roles ---- */

/* The set of roles that a text names; 0 and *bad (until its blank) where one is none. */
static uint32_t roles_of(const char *text, const char **bad)
{
	uint32_t set = 0;

	*bad = NULL;
	for (const char *at = text + strspn(text, " \t\n"); *at; at += strspn(at, " \t\n")) {
		size_t len = strcspn(at, " \t\n");
		int role = ROLES - 1;
		while (role > ROLE_NONE &&
		       (strlen(protocol_roles[role]) != len || strncmp(protocol_roles[role], at, len) != 0))
			role--;
		if (role == ROLE_NONE) {
			*bad = at;
			return 0;
		}
		set |= 1u << role;
		at += len;
	}
	return set;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct onboarding_server_params *p = n->par;
	const char *bad = NULL;

	(void)sc;
	if (!p->roles)
		return;
	if (!roles_of(p->roles, &bad) && bad)
		node_error(n, d, "roles",
			   "has \"%.*s\", which is no role (try join-server, ausf, registrar, aaa, jrc or application)",
			   (int)strcspn(bad, " \t\n"), bad);
	else if (!roles_of(p->roles, &bad))
		node_error(n, d, "roles", "names no role (try join-server, ausf, registrar, aaa, jrc or application)");
	if (node_given(n, "burst") && isnan(p->rate_limit))
		node_error(n, d, "burst", "is read with rate-limit only");
	if (node_given(n, "retry-after") && isnan(p->rate_limit) && !node_given(n, "queue"))
		node_error(n, d, "retry-after", "is of no use: without queue or rate-limit nobody is turned away");
	if (node_given(n, "refusal") && p->retry_after == SIM_NEVER)
		node_error(n, d, "refusal", "is read with retry-after only");
}

/* The roles that the protocols of the scenario's classes ask. */
static uint32_t roles_asked(const struct scenario *sc)
{
	uint32_t set = 0;

	for (const struct node *n = scenario_first(sc, &onboarding_model); n; n = n->next_same) {
		const struct onboarding_params *p = n->par;
		const struct protocol *proto = n->flawed ? NULL : protocol_named(sc, p->method);
		if (!proto)
			return UINT32_MAX; /* an error of its own */
		for (size_t i = 0; i < proto->n_flights; i++)
			set |= 1u << proto->flights[i].role | 1u << proto->flights[i].behind;
	}
	return set & ~(1u << ROLE_NONE);
}

static void check(const struct scenario *sc, struct diag *d)
{
	uint32_t asked = roles_asked(sc);
	const char *bad;

	if (!scenario_first(sc, &onboarding_model)) {
		node_error(
			scenario_first(sc, &onboarding_server_model), d, NULL,
			"has nobody to answer: no class is onboarded (add <onboarding method=.../> to a <device-class>)");
		return;
	}
	for (const struct node *n = scenario_first(sc, &onboarding_server_model); n; n = n->next_same) {
		const struct onboarding_server_params *p = n->par;
		if (!n->flawed && p->roles && !(roles_of(p->roles, &bad) & asked))
			node_warning(
				n, d, "roles",
				"is what no protocol of the scenario's classes asks for (see `sccsim models PROTOCOL`)");
	}
}

static bool plays(const struct node *server, enum protocol_role role)
{
	const struct onboarding_server_params *p = server->par;
	const char *bad;

	return p->roles && roles_of(p->roles, &bad) >> role & 1;
}

const struct node *onboarding_server_for(const struct scenario *sc, enum protocol_role role, const struct node *named, bool *several)
{
	const struct node *found = NULL;

	*several = false;
	if (named && plays(named, role))
		return named;
	for (const struct node *n = scenario_first(sc, &onboarding_server_model); n; n = n->next_same)
		if (plays(n, role)) {
			*several = found != NULL;
			found = found ? found : n;
			if (*several)
				break;
		}
	return found;
}

/* ---- requests ---- */

/* Whether the rate limit lets one more pass now, which it then counts. */
static bool within_rate(const struct sim *s, struct onboarding_server *v)
{
	if (isnan(v->p->rate_limit))
		return true;
	v->tokens = fmin(v->tokens + v->p->rate_limit * sim_seconds(s->now - v->filled), (double)v->p->burst);
	v->filled = s->now;
	/* the clock counts whole nanoseconds: what they leave open does not cost a request */
	if (v->tokens < 1 - 1e-9)
		return false;
	v->tokens -= 1;
	return true;
}

enum fate onboarding_server_ask(struct sim *s, struct onboarding_server *v, uint64_t device_key, const struct message *m)
{
	enum fate fate = FATE_PLATFORM;
	uint32_t held;

	v->asked++;
	if (server_works(v->server)) {
		bool within = within_rate(s, v);
		fate = within ? server_arrive(s, v->server, device_key, m) : FATE_QUEUE_FULL;
		v->refused_rate += !within;
		v->refused_full += within && fate == FATE_QUEUE_FULL;
	}
	v->lost_down += fate == FATE_PLATFORM;
	held = server_held(v->server, PURPOSES);
	v->most = held > v->most ? held : v->most;
	v->peak = held > v->peak ? held : v->peak;
	return fate;
}

static void on_served(struct sim *s, void *ctx, const struct message *m)
{
	struct onboarding_server *v = ctx;

	v->answered++;
	v->done(s, v->ctx, m);
}

static void on_change(struct sim *s, void *ctx, bool up)
{
	(void)s, (void)ctx, (void)up; /* who asks finds out */
}

static void on_outage(struct sim *s, void *ctx, uint32_t k, uint16_t begins)
{
	struct onboarding_server *v = &((struct servers *)ctx)->all[k];

	v->closed += begins ? 1 : -1u;
	if (v->closed == begins)
		server_hold(s, v->server, begins);
}

struct onboarding_server *onboarding_servers(const struct sim *s, uint32_t *n)
{
	const struct servers *vs = sim_state(s, &onboarding_server_model);

	*n = vs ? vs->n : 0;
	return vs ? vs->all : NULL;
}

struct onboarding_server *onboarding_server_of(const struct sim *s, const struct node *element)
{
	uint32_t n;
	struct onboarding_server *v = onboarding_servers(s, &n);

	for (uint32_t k = 0; element && k < n; k++)
		if (v[k].element == element)
			return &v[k];
	return NULL;
}

bool onboarding_servers_new(struct sim *s, const struct scenario *sc, server_done_fn *done, void *ctx)
{
	struct servers *vs = sim_alloc(s, 1, sizeof *vs);

	if (!vs || !(vs->all = sim_alloc(s, scenario_count(sc, &onboarding_server_model) + 1, sizeof *vs->all)))
		return false;
	vs->kind_outage = sim_handler(s, "onboarding-server.outage", on_outage, vs);
	for (const struct node *e = scenario_first(sc, &onboarding_server_model); e; e = e->next_same) {
		struct onboarding_server *v = &vs->all[vs->n++];
		v->p = e->par;
		v->element = e;
		v->tokens = (double)v->p->burst;
		v->done = done;
		v->ctx = ctx;
		v->server = server_new(s, e,
				       &(struct server_setup){ .change = "onboarding-server.change",
							       .service = RNG_PURPOSE('o', 's', 'r', 'v'),
							       .outage = RNG_PURPOSE('o', 'o', 'u', 't'),
							       .done = on_served,
							       .changed = on_change,
							       .ctx = v });
		if (!v->server)
			return false;
	}
	sim_set_state(s, &onboarding_server_model, vs);
	return true;
}

void onboarding_servers_start(struct sim *s)
{
	const struct servers *vs = sim_state(s, &onboarding_server_model);

	for (uint32_t k = 0; vs && k < vs->n; k++) {
		server_start(s, vs->all[k].server);
		for (const struct node *n = node_child(vs->all[k].element, &onboarding_outage_model); n; n = node_next(n)) {
			const struct outage_params *p = n->par;
			sim_at(s, p->at, vs->kind_outage, k, 1);
			if (p->lasts <= s->end - p->at)
				sim_at(s, p->at + p->lasts, vs->kind_outage, k, 0);
		}
	}
}

const struct model onboarding_server_model = {
	.name = "onboarding-server",
	.doc = "Who answers devices that are being onboarded: servers with a service time, a queue, a rate limit and outages.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct onboarding_server_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
	.check = check,
};

static void outage_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct outage_params *p = n->par;

	if (p->at >= sc->run.duration)
		node_warning(n, d, "at", "is after the end of the run: the server does not fail");
}

const struct model onboarding_outage_model = {
	.name = "outage",
	.doc = "A moment at which an onboarding server fails, beside those that its availability brings.",
	.places = TABLE(in_server),
	.par_size = sizeof(struct outage_params),
	.params = TABLE(outage_params),
	.load = outage_load,
};
