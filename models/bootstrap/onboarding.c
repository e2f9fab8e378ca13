/*
 * <onboarding>: what the devices of a class go through before they work.
 *
 * Several in a class follow each other, such as the operator's EPS-AKA and then LwM2M bootstrap.  Flights become exchanges, run by
 * onboarding_run.c; a role that no <onboarding-server> plays is played by one that answers at once.
 */
#include "models/bootstrap/onboarding.h"

#include "models/bootstrap/onboarding_private.h"

static const struct place places[] = { { "device-class", 0, 4 } };
static const char *const human_laws[] = { "exponential", "log-normal", "fixed", NULL };
static const char *const kept[] = { "nothing", "bootstrap", "all", NULL };

#define S struct onboarding_params
static const struct param params[] = {
	TEXT(S, method, NULL, "protocol, by its name in `sccsim models bootstrap` or of a <protocol> of the scenario", NULL),
	REF(S, server, "", "onboarding-server",
	    "who answers in the roles that it plays; else the scenario's one server of the role; where there is none, the role is "
	    "played by a server that answers at once"),
	TEXT(S, compute, "m4-100mhz", "processor and library, by its name in `sccsim models bootstrap` or of a <compute-profile>",
	     NULL),
	COUNT(S, voucher_entries, "1", "1", "1000", "owners on a voucher (N), for protocols that go through them", "FDO 1.1, 5.5"),
	COUNT(S, service_info, "1", "1", "1000", "pieces of configuration (k), for protocols that send them", "FDO 1.1, 5.5"),
	COUNT(S, fragments, "1", "1", "10000", "pieces of what a protocol cuts itself (m), such as a profile", NULL),
	TIME(S, timeout, "", "1ms", "1d", "first time-out of a flight, doubled with each repetition; absent: the protocol's", NULL),
	NUMBER(S, timeout_random, "1.5", "1", "10",
	       "the first time-out is drawn between it and so many times it; 1: not drawn, as with DTLS",
	       "RFC 7252, 4.8: ACK_RANDOM_FACTOR"),
	COUNT(S, retries, "", "0", "15", "repetitions of a flight before the attempt has failed; absent: the protocol's", NULL),
	COUNT(S, window, "1", "1", "1000",
	      "pieces of a flight longer than the network's payload that are on their way at once (a LoRaWAN device has room for 1)",
	      "RFC 7959: block-wise transfer, one after the other"),
	TIME(S, poll, "10s", "10ms", "1d",
	     "the device sends an empty message so often while it waits for an answer that can only follow an uplink", NULL),
	BYTES(S, poll_bytes, "0B", "0B", "1KiB", "payload of that message", NULL),
	CHOICE(S, human_law, "exponential", human_laws, "distribution of the time of a person's step, where the protocol has one", NULL),
	NUMBER(S, human_variation, "1", "0.01", "10", "standard deviation ÷ mean of a log-normal step", NULL),
	TIME(S, spread, "0s", "0s", "30d", "each time the device waits for a uniform draw up to this before it begins", NULL),
	TIME(S, retry_min, "5s", "1ms", "1d",
	     "after a failed attempt it waits for a uniform draw up to this, twice this after the second, and so on", NULL),
	TIME(S, retry_max, "1h", "1ms", "30d", "never up to more than this", NULL),
	COUNT(S, attempts, "", "1", "255", "failed attempts in a row after which the device gives up; absent: never", NULL),
	CHOICE(S, keeps, "bootstrap", kept,
	       "what survives a power cut: nothing; bootstrap: what the second phase of a protocol brought, so that only the first "
	       "is repeated; all",
	       NULL),
	TIME(S, validity, "", "1s", "200yr", "of what it has got, after which it is onboarded again; absent: for ever", NULL),
	INSTANT(S, expires, "", "moment at which what all devices of the class have got expires"),
};
#undef S

static const char *const of_the_class[] = { "spread", "retry-min", "retry-max", "attempts", "keeps", "validity", "expires" };

static const struct evidence evidence[] = {
	{ "completion time", "sum over round trips of 2 x delay + service, airtime, computing, by hand",
	  "exact, tests/unit/bootstrap/test_onboarding.c, tests/validation/valid_onboarding.c" },
	{ "repetitions", "geometric law with (1 - p)^pieces", "99 % interval, tests/validation/valid_onboarding.c" },
	{ "energy of a handshake", "draft-ietf-lake-reqs rates, EDHOC and DTLS 1.3 on an ideal link",
	  "0.1 %, tests/validation/valid_onboarding.c" },
	{ "flights on the air of a storm", "none: networks and servers are validated each for itself", "their own rows" },
};

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct onboarding_params *p = n->par;
	const struct node *first = node_child(n->parent, &onboarding_model);

	if (n->flawed)
		return;
	if (!(network_has(n->parent) || device_is_template(n->parent)))
		node_error(n, d, NULL, "the class %s uses no network to be onboarded over (add <uses network=.../>)",
			   n->parent->id);
	for (size_t i = 0; i < sizeof of_the_class / sizeof of_the_class[0] && n != first; i++)
		if (node_given(n, of_the_class[i]))
			node_error(n, d, of_the_class[i],
				   "is of the class as a whole: say it at its first <onboarding>, line %d", first->line);
	if (p->retry_max < p->retry_min)
		node_error(n, d, "retry-max", "is below retry-min");
	if (node_given(n, "human-variation") && p->human_law != HUMAN_LOG_NORMAL)
		node_error(n, d, "human-variation", "is read with human-law=\"log-normal\" only");
	if (node_given(n, "expires") && p->expires < sc->run.start)
		node_error(n, d, "expires", "is before the run begins");
}

/* ---- what only the whole scenario shows ---- */

static void check_role(const struct scenario *sc, const struct node *n, struct diag *d, enum protocol_role role)
{
	const struct onboarding_params *p = n->par;
	bool several = false;

	if (role != ROLE_NONE)
		onboarding_server_for(sc, role, p->server, &several);
	if (several)
		node_error(n, d, "server", "is needed: several servers of the scenario are a %s", protocol_roles[role]);
}

/* Whether a named server plays any role of the protocol. */
static bool server_helps(const struct scenario *sc, const struct protocol *proto, const struct node *server)
{
	bool several;

	for (size_t i = 0; i < proto->n_flights; i++)
		for (int behind = 0; behind < 2; behind++) {
			uint8_t role = behind ? proto->flights[i].behind : proto->flights[i].role;
			if (role != ROLE_NONE && onboarding_server_for(sc, role, server, &several) == server && !several)
				return true;
		}
	return false;
}

static void check_roles(const struct scenario *sc, const struct node *n, struct diag *d, const struct protocol *proto)
{
	const struct onboarding_params *p = n->par;
	uint32_t seen = 0;

	for (size_t i = 0; i < proto->n_flights; i++) {
		const struct flight *f = &proto->flights[i];
		if (!(seen >> f->role & 1))
			check_role(sc, n, d, f->role);
		if (!(seen >> f->behind & 1) && f->behind != f->role)
			check_role(sc, n, d, f->behind);
		seen |= 1u << f->role | 1u << f->behind;
	}
	if (p->server && !server_helps(sc, proto, p->server))
		node_error(n, d, "server", "plays no role in %s (its roles are \"%s\")", p->method,
			   ((const struct onboarding_server_params *)p->server->par)->roles);
}

static void check_read(const struct node *n, struct diag *d, const struct protocol *proto)
{
	static const struct {
		const char *attribute;
		enum flight_repeat repeat;
	} rows[] = {
		{ "voucher-entries", REPEAT_VOUCHER_ENTRIES },
		{ "service-info", REPEAT_SERVICE_INFO },
		{ "fragments", REPEAT_FRAGMENTS },
	};
	bool human = false;

	for (size_t k = 0; k < proto->n_flights; k++)
		human = human || proto->flights[k].human > 0;
	if (!human && node_given(n, "human-law"))
		node_error(n, d, "human-law", "is of no use: %s has no step for a person", proto->id);
	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		bool read = false;
		for (size_t k = 0; k < proto->n_flights; k++)
			read = read || proto->flights[k].repeat == rows[r].repeat;
		if (!read && node_given(n, rows[r].attribute))
			node_error(n, d, rows[r].attribute, "is of no use: %s repeats nothing by it", proto->id);
	}
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &onboarding_model); n; n = n->next_same) {
		const struct onboarding_params *p = n->par;
		const struct protocol *proto = n->flawed ? NULL : protocol_named(sc, p->method);
		const char *near = proto || n->flawed ? NULL : protocol_nearest(p->method);
		if (n->flawed)
			continue;
		if (!compute_named(sc, p->compute))
			node_error(n, d, "compute", "is no compute profile (`sccsim models compute` lists them)");
		if (!proto) {
			node_error(n, d, "method", "is no protocol (%s%s%s)", near ? "did you mean \"" : "",
				   near ? near : "`sccsim models bootstrap` lists them", near ? "\"?" : "");
			continue;
		}
		if (proto->in_network && node_child(n->parent, &onboarding_model) != n)
			node_error(n, d, "method", "%s is part of joining the network and comes first", p->method);
		check_roles(sc, n, d, proto);
		check_read(n, d, proto);
	}
}

/* ---- sequences ---- */

static struct method method_of(const struct scenario *sc, const struct node *n)
{
	const struct onboarding_params *p = n->par;
	double cv = p->human_variation;
	struct method m = { .p = p, .protocol = protocol_named(sc, p->method), .compute = compute_named(sc, p->compute) };

	m.timeout = p->timeout != SIM_NEVER ? p->timeout : m.protocol->timeout;
	m.timeout_most = m.timeout > m.protocol->timeout_most ? m.timeout : m.protocol->timeout_most;
	if (p->timeout != SIM_NEVER && m.timeout_most < p->timeout * 64)
		m.timeout_most = p->timeout * 64;
	m.retries = node_given(n, "retries") ? (unsigned)p->retries : m.protocol->retries;
	m.retries = m.retries < TRANSMISSION_MOST ? m.retries : TRANSMISSION_MOST;
	m.sigma = sqrt(log1p(cv * cv));
	m.mu = -m.sigma * m.sigma / 2;
	return m;
}

static unsigned times(const struct method *m, const struct flight *f)
{
	struct protocol_repeats r = { (unsigned)m->p->voucher_entries, (unsigned)m->p->service_info,
				      (unsigned)m->p->fragments, 1 };

	return flight_times(f, &r);
}

static struct onboarding_server *server_for(const struct sim *s, const struct scenario *sc, const struct method *m, uint8_t role)
{
	bool several;

	return role == ROLE_NONE ? NULL : onboarding_server_of(s, onboarding_server_for(sc, role, m->p->server, &several));
}

/* One exchange, from the device's flight f on; returns the flights that it takes up. */
static size_t make_exchange(const struct sim *s, const struct scenario *sc, const struct method *m, const struct flight *f,
			    const struct flight *end, struct exchange *x)
{
	const struct flight *down = f + 1 < end && f[1].from == FROM_SERVER ? f + 1 : NULL;

	*x = (struct exchange){ .method = m,
				.phase = f->phase,
				.polls = f->repeat == REPEAT_POLLS,
				.server = server_for(s, sc, m, f->role),
				.behind = server_for(s, sc, m, f->behind),
				.up = f->bytes,
				.before = compute_time(m->compute, f->ops),
				.human = f->human,
				.pause = f->pause };
	if (!down)
		return 1;
	x->down = down->bytes;
	x->after = compute_time(m->compute, down->ops);
	return 2;
}

/* Exchanges of a method, runs that repeat gone through as often as they do; x NULL: only counted. */
static size_t lay_out(const struct sim *s, const struct scenario *sc, const struct method *m, struct exchange *x)
{
	const struct flight *f = m->protocol->flights, *end = f + m->protocol->n_flights;
	struct exchange spare;
	size_t n = 0;

	while (f < end) {
		const struct flight *past = f;
		while (past < end && past->repeat == f->repeat)
			past++;
		for (unsigned k = 0, often = times(m, f); k < often; k++)
			for (const struct flight *g = f; g < past; n++)
				g += make_exchange(s, sc, m, g, past, x ? &x[n] : &spare);
		f = past;
	}
	return n;
}

static uint32_t servers_of(const struct exchange *x)
{
	return (x->server ? 1u : 0) + (x->behind ? 1u : 0);
}

/* The join is the first method's, where that is the network's own; a server turns up in it once. */
static void find_phases(struct sequence *q, size_t in_first)
{
	const struct exchange *x = q->exchange;

	while (q->n_first < q->n && x[q->n_first].phase == PHASE_AUTHENTICATE)
		q->n_first++;
	if (q->method[0].protocol->in_network) {
		q->n_join = (uint16_t)in_first;
		q->n_first = q->n_first > q->n_join ? q->n_first : q->n_join;
		q->works = servers_of(&x[0]);
	}
	for (uint16_t k = 0; k < q->n; k++) {
		if (k >= q->n_join)
			q->works += servers_of(&x[k]);
	}
}

static struct sequence *new_sequence(struct sim *s, const struct scenario *sc, const struct device_class *c)
{
	struct sequence *q = sim_alloc(s, 1, sizeof *q);
	struct method *m = sim_alloc(s, places[0].max, sizeof *m);
	struct exchange *x;
	size_t n = 0, in_first = 0;

	if (!q || !m)
		return NULL;
	q->class = c;
	q->method = m;
	for (const struct node *e = node_child(c->node, &onboarding_model); e; e = node_next(e)) {
		m[q->n_methods] = method_of(sc, e);
		n += lay_out(s, sc, &m[q->n_methods], NULL);
		in_first = q->n_methods++ ? in_first : n;
	}
	if (n >= UINT16_MAX) {
		sim_fail(s, SIM_E_LIMIT, "%s: an onboarding of %zu exchanges (65534 are the most)", c->id, n);
		return NULL;
	}
	q->exchange = x = sim_alloc(s, n + 1, sizeof *x);
	q->row = sim_alloc(s, c->count + 1u, sizeof *q->row);
	for (uint32_t k = 0; x && k < q->n_methods; k++)
		q->n = (uint16_t)(q->n + lay_out(s, sc, &m[k], x + q->n));
	if (!x || !q->row)
		return NULL;
	find_phases(q, in_first);
	return q;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct onboarding *o = scenario_first(sc, &onboarding_model) ? sim_alloc(s, 1, sizeof *o) : NULL;

	if (!o || !onboarding_servers_new(s, sc, run_served, o))
		return;
	o->sc = sc;
	o->dev = devices_of(s);
	o->groups = groups_of(s);
	o->asked = UINT32_MAX;
	o->of_class = sim_alloc(s, o->dev->n_classes, sizeof(struct sequence *));
	if (!o->of_class)
		return;
	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		if (node_child(o->dev->classes[c].node, &onboarding_model) &&
		    !(o->of_class[c] = new_sequence(s, sc, &o->dev->classes[c])))
			return;
	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		if (o->of_class[c] && o->of_class[c]->exchange[0].server)
			repository_asked_by_servers(s, c);
	if (!attempts_setup(s, o))
		return;
	run_setup(s, o);
	boarding_life_setup(s, o);
	sim_set_state(s, &onboarding_model, o);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct onboarding *o = sim_state(s, &onboarding_model);

	(void)sc;
	if (!o)
		return;
	onboarding_servers_start(s);
	attempts_start(s, o);
	boarding_life_start(s, o);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	struct onboarding *o = sim_state(s, &onboarding_model);

	(void)sc;
	if (!o)
		return;
	attempts_finish(s, o);
	onboarding_report(s, o);
}

const struct model onboarding_model = {
	.name = "onboarding",
	.doc = "How devices of a class get the credentials with which they work: a protocol, run over their network with servers.",
	.places = TABLE(places),
	.par_size = sizeof(struct onboarding_params),
	.params = TABLE(params),
	.kpis = onboarding_kpis,
	.n_kpis = ONBOARDING_KPIS,
	.sections = onboarding_sections,
	.n_sections = ONBOARDING_SECTIONS,
	.evidence = TABLE(evidence),
	.load = load,
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
