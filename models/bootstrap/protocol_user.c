/*
 * <protocol> and its <flight>s: an onboarding protocol that a scenario brings with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/bootstrap/protocol_private.h"
#include "sim/scenario/scenario.h"

struct protocol_params {
	const char *title, *trust_anchor, *source, *base;
	uint64_t tag_length, id_length;
	simtime_t timeout, timeout_most;
	uint64_t retries;
};

struct flight_params {
	int from;
	uint64_t bytes;
	int role, behind, phase, repeat;
	const char *compute;
	simtime_t human, pause;
};

static const char *const sides[] = { "device", "server", NULL };
static const char *const phases[] = { "authenticate", "bootstrap", NULL };
static const struct place protocol_places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };
static const struct place flight_places[] = { { "protocol", 0, 1000 } };

static const struct param protocol_params[] = {
	TEXT(struct protocol_params, title, "", "what it is, in a few words", NULL),
	TEXT(struct protocol_params, trust_anchor, "", "what both sides trust in before the first flight", NULL),
	TEXT(struct protocol_params, source, "", "where its sizes are from", NULL),
	TEXT(struct protocol_params, base, "",
	     "shipped protocol whose flights it has, where it has none of its own (`sccsim models bootstrap` lists them)", NULL),
	BYTES(struct protocol_params, tag_length, "8B", "8B", "16B",
	      "8B or 16B, of a base whose handshake was counted with 8 B: authentication tags of 16 B add 8 B to its second flight and "
	      "8 B to its third",
	      "draft-ietf-iotops-security-protocol-comparison"),
	BYTES(struct protocol_params, id_length, "1B", "1B", "64B",
	      "length of key identifiers, of a base whose handshake was counted with 1 B: each byte more adds a byte to its second and "
	      "third flight (raw public keys) or to its first (shared keys)",
	      "draft-ietf-iotops-security-protocol-comparison"),
	TIME(struct protocol_params, timeout, "", "1ms", "1d",
	     "first time-out of a flight that is not answered, doubled each time; absent: that of the base, else 2 s (RFC 7252 4.8)", NULL),
	TIME(struct protocol_params, timeout_most, "", "1ms", "30d",
	     "longest time-out; absent: that of the base, else 32 s (RFC 7252 4.8: the fourth doubling of 2 s)", NULL),
	COUNT(struct protocol_params, retries, "", "0", "100",
	      "transmissions again, after the first; absent: that of the base, else 4 (RFC 7252 4.8)", NULL),
};

static const struct param flight_params[] = {
	CHOICE(struct flight_params, from, NULL, sides, "who sends it", NULL),
	BYTES(struct flight_params, bytes, NULL, "1B", "16MiB", "its size, without what the network adds", NULL),
	CHOICE(struct flight_params, role, "application", protocol_roles, "whose server receives it from the device, or sends it", NULL),
	CHOICE(struct flight_params, behind, "none", protocol_roles, "a second server that the first asks before it answers", NULL),
	CHOICE(struct flight_params, phase, "authenticate", phases, "of which part of onboarding it is", NULL),
	CHOICE(struct flight_params, repeat, "once", flight_repeats,
	       "how often it and its neighbours of the same kind are gone through", NULL),
	TEXT(struct flight_params, compute, "",
	     "the device's cryptography before it sends the flight, or after it has received it: keygen, ecdh, sign, verify, aes-block, "
	     "hash-block, kem-keygen, kem-encaps, kem-decaps, pq-sign, pq-verify, apdu, separated by blanks, each with `:3` where it is "
	     "done three times",
	     NULL),
	TIME(struct flight_params, human, "0s", "0s", "30d",
	     "mean time of a person's step that has to be over before this flight", NULL),
	TIME(struct flight_params, pause, "0s", "0s", "30d", "the device waits so long before this flight", NULL),
};

/* A user's protocol owns its flights. */
struct user_protocol {
	struct protocol p;
	struct flight *flights;
};

const struct protocol *protocol_of_node(const struct node *n)
{
	const struct user_protocol *u = n->data;

	return u ? &u->p : NULL;
}

static int op_named(const char *word, size_t len)
{
	for (int i = 0; i < CRYPTO_OPS; i++)
		if (strlen(crypto_op_names[i]) == len && !strncmp(crypto_op_names[i], word, len))
			return i;
	return -1;
}

/* "ecdh verify aes-block:7" into ops. */
static void read_compute(const struct node *n, struct diag *d, const char *text, uint16_t ops[CRYPTO_OPS])
{
	static const char blanks[] = " \t\r\n";

	for (const char *w = text + strspn(text, blanks); *w; w += strspn(w, blanks)) {
		size_t len = strcspn(w, blanks), name = strcspn(w, " \t\r\n:");
		int op = op_named(w, name);
		char *end = NULL;
		unsigned long times = name < len ? strtoul(w + name + 1, &end, 10) : 1;
		bool number = name == len || (w[name + 1] >= '0' && w[name + 1] <= '9' && end == w + len);
		if (op < 0)
			node_error(n, d, "compute",
				   "has \"%.*s\", which is no operation (there are keygen, ecdh, sign, verify, aes-block, "
				   "hash-block, kem-keygen, kem-encaps, kem-decaps, pq-sign, pq-verify, apdu)",
				   (int)name, w);
		else if (!number || times < 1 || times > 10000)
			node_error(n, d, "compute",
				   "has \"%.*s\", which does not say how often, from 1 to 10000 (try %s:3)", (int)len, w,
				   crypto_op_names[op]);
		else
			ops[op] = (uint16_t)(ops[op] + times > UINT16_MAX ? UINT16_MAX : ops[op] + times);
		w += len;
	}
}

static void read_flight(const struct node *n, struct diag *d, struct flight *f)
{
	const struct flight_params *in = n->par;

	*f = (struct flight){ .from = (uint8_t)in->from,
			      .phase = (uint8_t)in->phase,
			      .repeat = (uint8_t)in->repeat,
			      .role = (uint8_t)in->role,
			      .behind = (uint8_t)in->behind,
			      .bytes = (uint32_t)in->bytes,
			      .human = in->human,
			      .pause = in->pause };
	if (in->compute)
		read_compute(n, d, in->compute, f->ops);
	if (in->role == ROLE_NONE)
		node_error(n, d, "role", "a flight has a server at its other end (give one, such as application)");
	if (in->behind != ROLE_NONE && in->from != FROM_DEVICE)
		node_error(n, d, "behind", "goes with a flight from the device: the server asks before it answers that");
	if (in->human > 0 && in->from != FROM_DEVICE)
		node_error(n, d, "human",
			   "goes with a flight from the device: a person's step is over before the device sends it");
	if (in->pause > 0 && in->from != FROM_DEVICE)
		node_error(n, d, "pause", "goes with a flight from the device: it is the device that waits");
	if (in->pause <= 0 && in->repeat == REPEAT_POLLS && in->from == FROM_DEVICE)
		node_error(n, d, "pause", "has to be given where repeat is polls: the time between two of them");
}

/* What one flight alone does not show. */
static void check_flights(const struct node *n, struct diag *d, const struct flight *f, size_t n_flights)
{
	if (!n_flights)
		return;
	if (f[0].from != FROM_DEVICE)
		node_error(node_child(n, &flight_model), d, "from",
			   "cannot send the first flight (let the device ask first)");
	size_t i = 1;
	for (const struct node *c = node_child(n, &flight_model); (c = node_next(c)); i++) {
		if (f[i].from == FROM_SERVER && f[i - 1].from == FROM_SERVER)
			node_error(c, d, "from",
				   "a flight of a server answers one of the device (make the two one flight)");
		if (f[i].from == FROM_SERVER && f[i].repeat != f[i - 1].repeat)
			node_error(c, d, "repeat", "an answer is repeated as often as the flight that it answers (%s)",
				   flight_repeats[f[i - 1].repeat]);
		if (f[i].phase < f[i - 1].phase)
			node_error(c, d, "phase", "comes before that of the flight before (authenticate, then bootstrap)");
	}
}

static struct flight *own_flights(struct node *n, struct diag *d, size_t *n_flights)
{
	struct flight *f;
	size_t i = 0;

	for (const struct node *c = node_child(n, &flight_model); c; c = node_next(c))
		i++;
	f = calloc(i ? i : 1, sizeof *f);
	if (!f) {
		node_error(n, d, NULL, "out of memory");
		return NULL;
	}
	*n_flights = i;
	i = 0;
	for (const struct node *c = node_child(n, &flight_model); c; c = node_next(c))
		read_flight(c, d, &f[i++]);
	check_flights(n, d, f, i);
	return f;
}

/* Flights of the base, with tags and identifiers of another length. */
static struct flight *adjusted_flights(struct node *n, struct diag *d, const struct protocol *base)
{
	const struct protocol_params *in = n->par;
	struct flight *f = malloc(base->n_flights * sizeof *f);
	uint32_t tag = (uint32_t)in->tag_length - 8, id = (uint32_t)in->id_length - 1;

	if (!f) {
		node_error(n, d, NULL, "out of memory");
		return NULL;
	}
	memcpy(f, base->flights, base->n_flights * sizeof *f);
	if (tag && base->counted == COUNTED_AS_IS)
		node_error(n, d, "tag-length", "goes with a base that was counted with tags of 8 B, unlike \"%s\"",
			   base->id);
	if (id && base->counted != COUNTED_KEYS_BY_ID && base->counted != COUNTED_PSK)
		node_error(n, d, "id-length",
			   "goes with a base that was counted with key identifiers of 1 B, unlike \"%s\"", base->id);
	if (base->counted == COUNTED_AS_IS || base->n_flights < 3)
		return f;
	f[0].bytes += base->counted == COUNTED_PSK ? id : 0;
	f[1].bytes += tag + (base->counted == COUNTED_KEYS_BY_ID ? id : 0);
	f[2].bytes += tag + (base->counted == COUNTED_KEYS_BY_ID ? id : 0);
	return f;
}

static void check_choice(struct node *n, struct diag *d, const struct protocol *base)
{
	const struct protocol_params *in = n->par;
	const struct node *first = node_child(n, &flight_model);
	const char *near = in->base ? protocol_nearest(in->base) : NULL;

	if (protocol_shipped_named(n->id))
		node_error(n, d, "id", "\"%s\" is shipped already: give it another name, and base=\"%s\"", n->id, n->id);
	if (in->base && !base && near)
		node_error(n, d, "base", "is no shipped protocol (do you mean \"%s\"?)", near);
	else if (in->base && !base)
		node_error(n, d, "base", "is no shipped protocol (`sccsim models bootstrap` lists them)");
	if (in->tag_length != 8 && in->tag_length != 16)
		node_error(n, d, "tag-length", "is neither 8B nor 16B");
	if (!in->base && !first)
		node_error(n, d, NULL,
			   "has no flight from the device (add <flight from=\"device\" bytes=\"...\"/>, or a base)");
	if (first && (node_given(n, "tag-length") || node_given(n, "id-length")))
		node_error(n, d, node_given(n, "tag-length") ? "tag-length" : "id-length",
			   "goes with the flights of a base, not with its own");
	if (in->base && first)
		node_error(n, d, "base", "goes without <flight>s of its own");
	if (base && base->in_network)
		node_error(n, d, "base", "is a network's own join, whose frames that network simulates");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct protocol_params *in = n->par;
	const struct protocol *base = in->base ? protocol_shipped_named(in->base) : NULL;
	struct user_protocol *u = calloc(1, sizeof *u);

	(void)sc;
	if (!u) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	n->data = u;
	check_choice(n, d, base);
	u->p = base ? *base : (struct protocol){ .timeout = 2 * SIM_SECOND, .timeout_most = 32 * SIM_SECOND, .retries = 4 };
	if (base)
		u->flights = adjusted_flights(n, d, base);
	else
		u->flights = own_flights(n, d, &u->p.n_flights);
	u->p.id = n->id;
	u->p.title = in->title ? in->title : base ? base->title : n->id;
	u->p.trust_anchor = in->trust_anchor ? in->trust_anchor : base ? base->trust_anchor : "as the scenario says";
	u->p.source = in->source ? in->source : base ? base->source : "this scenario";
	u->p.status = base ? base->status : FACT_UNVERIFIED;
	u->p.counted = COUNTED_AS_IS;
	u->p.flights = u->flights;
	u->p.timeout = node_given(n, "timeout") ? in->timeout : u->p.timeout;
	u->p.timeout_most = node_given(n, "timeout-most") ? in->timeout_most : u->p.timeout_most;
	u->p.retries = node_given(n, "retries") ? (unsigned)in->retries : u->p.retries;
	if (u->p.timeout_most < u->p.timeout)
		node_error(n, d, "timeout-most", "is less than the first time-out");
}

static void unload(struct node *n)
{
	struct user_protocol *u = n->data;

	if (u)
		free(u->flights);
	free(u);
	n->data = NULL;
}

const struct model protocol_model = {
	.name = "protocol",
	.doc = "An onboarding protocol of the scenario's own: its flights, or a shipped one with tags or identifiers of another length.",
	.places = protocol_places,
	.n_places = sizeof protocol_places / sizeof protocol_places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct protocol_params),
	.params = protocol_params,
	.n_params = sizeof protocol_params / sizeof protocol_params[0],
	.tables = protocol_tables,
	.n_tables = 2,
	.load = load,
	.unload = unload,
};

const struct model flight_model = {
	.name = "flight",
	.doc = "What one side of a <protocol> sends before it waits for the other.",
	.places = flight_places,
	.n_places = sizeof flight_places / sizeof flight_places[0],
	.par_size = sizeof(struct flight_params),
	.params = flight_params,
	.n_params = sizeof flight_params / sizeof flight_params[0],
};
