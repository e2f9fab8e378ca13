/*
 * Protocols by name, and what a table of flights comes to.
 */
#include <string.h>

#include "models/bootstrap/protocol_private.h"
#include "sim/scenario/scenario.h"

const char *const flight_repeats[] = { "once", "voucher-entries", "service-info", "fragments", "polls", NULL };

const char *const protocol_roles[] = {
	[ROLE_NONE] = "none",
	[ROLE_JOIN_SERVER] = "join-server",
	[ROLE_BSF] = "bsf",
	[ROLE_AANF] = "aanf",
	[ROLE_AUSF] = "ausf",
	[ROLE_REGISTRAR] = "registrar",
	[ROLE_MASA] = "masa",
	[ROLE_RENDEZVOUS] = "rendezvous",
	[ROLE_OWNER] = "owner",
	[ROLE_BOOTSTRAP_SERVER] = "bootstrap-server",
	[ROLE_SM_DP] = "sm-dp",
	[ROLE_AAA] = "aaa",
	[ROLE_JRC] = "jrc",
	[ROLE_COMMISSIONER] = "commissioner",
	[ROLE_APPLICATION] = "application",
	[ROLES] = NULL,
};

const char *const fact_statuses[] = {
	[FACT_VERIFIED] = "verified", [FACT_DERIVED] = "derived", [FACT_UNVERIFIED] = "unverified default", NULL
};

static const struct protocol_table *const tables[] = { &protocol_handshakes, &protocol_networks, &protocol_access,
						       &protocol_ownership };

const struct protocol *protocol_shipped(size_t i)
{
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
		if (i < tables[t]->n)
			return &tables[t]->all[i];
		i -= tables[t]->n;
	}
	return NULL;
}

const struct protocol *protocol_shipped_named(const char *id)
{
	for (size_t i = 0; protocol_shipped(i); i++)
		if (!strcmp(protocol_shipped(i)->id, id))
			return protocol_shipped(i);
	return NULL;
}

const struct protocol *protocol_named(const struct scenario *sc, const char *id)
{
	const struct protocol *p = protocol_shipped_named(id);
	const struct node *n = sc && !p ? scenario_first(sc, &protocol_model) : NULL;

	while (n && strcmp(n->id, id) != 0)
		n = n->next_same;
	return n ? protocol_of_node(n) : p;
}

const char *protocol_nearest(const char *id)
{
	const char *names[256];
	size_t n = 0;

	for (; n < sizeof names / sizeof names[0] && protocol_shipped(n); n++)
		names[n] = protocol_shipped(n)->id;
	return nearest_name(id, names, n);
}

unsigned flight_times(const struct flight *f, const struct protocol_repeats *r)
{
	switch (f->repeat) {
	case REPEAT_VOUCHER_ENTRIES: return r->voucher_entries;
	case REPEAT_SERVICE_INFO: return r->service_info;
	case REPEAT_FRAGMENTS: return r->fragments;
	case REPEAT_POLLS: return r->polls;
	default: return 1;
	}
}

unsigned protocol_round_trips(const struct protocol *p, const struct protocol_repeats *r)
{
	unsigned n = 0;

	for (size_t i = 0; i + 1 < p->n_flights; i++)
		if (p->flights[i].from == FROM_DEVICE && p->flights[i + 1].from == FROM_SERVER)
			n += flight_times(&p->flights[i], r);
	return n;
}

uint64_t protocol_bytes(const struct protocol *p, enum flight_from from, const struct protocol_repeats *r)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->n_flights; i++)
		if (p->flights[i].from == from)
			n += (uint64_t)p->flights[i].bytes * flight_times(&p->flights[i], r);
	return n;
}
