/*
 * protocol - onboarding protocols as data: a table of flights that somebody else carries out.
 *
 * A flight is what one side sends before it waits for the other.  Flights follow each other in the order of the table: each begins
 * when the one before has arrived and what its receiver has to do for it is done (the device's cryptography, the server's
 * service).  A run of adjacent flights with the same `repeat` is gone through that many times.  A flight of the device that no
 * flight of a server follows is the last of the protocol or of its phase, and nothing answers it.
 *
 * Bytes are those of the security protocol as its source counts them; what the network puts around them is the network's.
 * Shipped protocols are const; a scenario adds its own as <protocol>.  Immutable, shared by all threads.
 */
#ifndef MODELS_BOOTSTRAP_PROTOCOL_H
#define MODELS_BOOTSTRAP_PROTOCOL_H

#include <stdbool.h>

#include "models/bootstrap/compute.h"

enum flight_from { FROM_DEVICE, FROM_SERVER };
enum protocol_phase { PHASE_AUTHENTICATE, PHASE_BOOTSTRAP };    /* of which the flight is a part; never back to the first */
enum flight_repeat {
	REPEAT_ONCE,
	REPEAT_VOUCHER_ENTRIES, /* N: owners on a voucher */
	REPEAT_SERVICE_INFO,    /* k: pieces of configuration */
	REPEAT_FRAGMENTS,       /* m: pieces of what is too long for one, such as a profile or a chain of certificates */
	REPEAT_POLLS,           /* until the person is done (below) */
	REPEATS
};
extern const char *const flight_repeats[];      /* then NULL */

enum protocol_role {
	ROLE_NONE, ROLE_JOIN_SERVER, ROLE_BSF, ROLE_AANF, ROLE_AUSF, ROLE_REGISTRAR, ROLE_MASA, ROLE_RENDEZVOUS, ROLE_OWNER,
	ROLE_BOOTSTRAP_SERVER, ROLE_SM_DP, ROLE_AAA, ROLE_JRC, ROLE_COMMISSIONER, ROLE_APPLICATION, ROLES
};
extern const char *const protocol_roles[];      /* then NULL: "none", "join-server", ... */

struct flight {
	uint8_t from, phase, repeat;
	uint8_t role;           /* whose server receives (from the device) or sends (from the server) it */
	uint8_t behind;         /* a second server that `role` asks, and waits for, before it answers; ROLE_NONE: nobody */
	uint32_t bytes;
	uint16_t ops[CRYPTO_OPS];       /* of the device: before it sends the flight, or once it has received it */
	simtime_t human;        /* mean of a person's step that has to be over before this flight; 0: none.  In a run of
				 * REPEAT_POLLS the step begins with the run, which goes on until it is over */
	simtime_t pause;        /* the device waits so long before this flight; between polls; 0: not */
};

/* How the sizes of a handshake of three flights follow those of tags and key identifiers, which were counted as 8 B and 1 B: tags
 * are in the second and third flight, identifiers of raw public keys too, that of a shared key in the first. */
enum flight_counted { COUNTED_AS_IS, COUNTED_TAGS, COUNTED_KEYS_BY_ID, COUNTED_PSK };

enum fact_status { FACT_VERIFIED, FACT_DERIVED, FACT_UNVERIFIED };
extern const char *const fact_statuses[];       /* "verified", "derived", "unverified default" */

struct protocol {
	const char *id, *title, *trust_anchor;
	const char *source;     /* of the sizes: standard and clause */
	enum fact_status status;
	bool in_network;        /* its frames are the network's own join (OTAA, NAS): what the network's technology simulates, and
				 * network_authenticator() answers for */
	simtime_t timeout;      /* first time-out of a flight that is not answered; doubled each time */
	simtime_t timeout_most; /* never longer than this */
	unsigned retries;       /* transmissions again, after the first */
	const struct flight *flights;
	size_t n_flights;
	enum flight_counted counted;
};

/* How often what repeats does: what the protocol itself does not know. */
struct protocol_repeats { unsigned voucher_entries, service_info, fragments, polls; };

/* Shipped, or a <protocol> of the scenario (NULL: none); NULL: there is none of that name.  Slow: for set-up. */
const struct protocol *protocol_named(const struct scenario *sc, const char *id);
/* The i-th shipped one; NULL: past the last. */
const struct protocol *protocol_shipped(size_t i);
/* The shipped name nearest to a misspelt one; NULL: none is near. */
const char *protocol_nearest(const char *id);

/* How often a flight is sent, if nothing is lost. */
unsigned flight_times(const struct flight *f, const struct protocol_repeats *r);
/* Flights of the device that a server answers. */
unsigned protocol_round_trips(const struct protocol *p, const struct protocol_repeats *r);
/* Bytes that one side sends, if nothing is lost. */
uint64_t protocol_bytes(const struct protocol *p, enum flight_from from, const struct protocol_repeats *r);

extern const struct model protocol_model, flight_model;

#endif
