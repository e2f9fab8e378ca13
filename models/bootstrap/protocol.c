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

static const struct flight edhoc_static_dh_kid[] = {
	{ FROM_DEVICE, PHASE_AUTHENTICATE, .role = ROLE_APPLICATION, .bytes = 37, .ops = { [CRYPTO_KEYGEN] = 1 } },
	{ FROM_SERVER, PHASE_AUTHENTICATE, .role = ROLE_APPLICATION, .bytes = 45, .ops = { [CRYPTO_ECDH] = 2 } },
	{ FROM_DEVICE, PHASE_AUTHENTICATE, .role = ROLE_APPLICATION, .bytes = 19, .ops = { [CRYPTO_ECDH] = 1 } },
};

static const struct flight otaa_10[] = {
	{ FROM_DEVICE, PHASE_AUTHENTICATE, .role = ROLE_JOIN_SERVER, .bytes = 23, .ops = { [CRYPTO_AES_BLOCK] = 3 } },
	{ FROM_SERVER, PHASE_AUTHENTICATE, .role = ROLE_JOIN_SERVER, .bytes = 33, .ops = { [CRYPTO_AES_BLOCK] = 7 } },
};

static const struct protocol shipped[] = {
	{ "edhoc-static-dh-kid", "EDHOC, static DH, raw public keys by kid", "raw public keys known to both",
	  "draft-ietf-iotops-security-protocol-comparison, row B4", FACT_VERIFIED, false, SIM_SECOND * 2, SIM_SECOND * 62, 4,
	  FLIGHTS(edhoc_static_dh_kid) },
	{ "lorawan-otaa-1.0", "LoRaWAN 1.0.x over-the-air activation", "AppKey at the join server",
	  "LoRaMac-node, LoRaMacHeaderTypes.h", FACT_VERIFIED, true, SIM_SECOND * 6, SIM_SECOND * 6, 0, FLIGHTS(otaa_10) },
};

const struct protocol *protocol_shipped(size_t i)
{
	return i < sizeof shipped / sizeof shipped[0] ? &shipped[i] : NULL;
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

	while (n && strcmp(n->id, id))
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
