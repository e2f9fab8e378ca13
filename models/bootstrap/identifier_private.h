/*
 * identifier_private - the identifiers of one replication, shared by the files of identifiers and repositories.
 *
 *   identifier_scheme.c  schemes                      identifier.c         <identifier>, set-up, admission
 *   identifier_given.c   who is given which           identifier_life.c    entered, found double, withdrawn, given anew, revoked
 *   identifier_asked.c   who looks them up            identifier_report.c  KPIs, audit
 *   repository.c         <trust-repository>           repository_ask.c     the way of one look-up or entry
 *   repository_cache.c   what resolvers keep          repository_block.c   the ledger's blocks
 *   repository_report.c  KPIs, audit
 */
#ifndef MODELS_BOOTSTRAP_IDENTIFIER_PRIVATE_H
#define MODELS_BOOTSTRAP_IDENTIFIER_PRIVATE_H

#include "models/bootstrap/repository.h"
#include "models/network/server.h"
#include "sim/kernel/tally.h"

enum { NO_IDENTITY = UINT32_MAX, NO_REQUEST = UINT32_MAX, NO_ENTRY = UINT32_MAX };

enum allocation { ALLOCATION_BLOCK, ALLOCATION_RANDOM };
enum resolved_when { RESOLVED_NEVER, RESOLVED_ONBOARDING, RESOLVED_FIRST_MESSAGE, RESOLVED_MESSAGES };

struct identifier_params {
	int scheme, allocation;
	uint64_t bits;
	double duplicates, clones, defaulted;
	const struct node *repository;
	int resolved;
	double resolutions, revocations;        /* of one identifier, 1/s */
};

/* How a device came to its identifier. */
enum origin { ORIGIN_OWN, ORIGIN_DUPLICATE, ORIGIN_CLONE, ORIGIN_DEFAULT };
enum standing {
	STANDING_NONE,          /* its class asks for none */
	STANDING_GIVEN,         /* not its turn yet */
	STANDING_ENTERING,      /* on its way into the repository */
	STANDING_HELD,
	STANDING_REFUSED,       /* found double when it was to be entered: waits for a new one, or in vain */
	STANDING_WITHDRAWN,     /* found double in the field: the same */
	STANDING_REVOKED,       /* and refused: the same */
};

struct holding {
	uint32_t identity;
	uint32_t entry;         /* in its repository's list of duplicates; NO_ENTRY: none */
	uint8_t  origin, standing;
	bool     seen;          /* has sent its first message */
	bool     vouched, found; /* in this onboarding: resolved; its platform's too */
	bool     asking;        /* a look-up of its onboarding is under way */
	bool     revoking;
};
_Static_assert(sizeof(struct holding) == 16, "a row for every device");

/* One identifier, whoever holds it. */
struct identity {
	uint32_t holders, records; /* devices that hold it; entries in the repository, copied devices have none */
	uint32_t seen;             /* the last device that presented it, + 1 */
	uint8_t  origin;           /* of those that share it, where not by chance */
	bool     revoked, listed;  /* at the repository; on the list that resolvers have */
};

/* Random identifiers of one scheme by their bits: open addressing, at most half full. */
struct space_slot { uint64_t high, low; uint32_t identity; bool taken; };
struct space { struct space_slot *slot; uint32_t cap, n; };

/* How one of those that hold another's identifier ended. */
enum end { END_REFUSED, END_AUDITED, END_SIGHTED, END_REVOKED, ENDS };
struct duplicate { simtime_t since; uint32_t device; uint8_t cause; };

/* Devices that hold what another holds, where nobody knows yet. */
struct duplicates { struct duplicate *row; uint32_t n, cap; };

struct identifier_class {
	const struct identifier_params *p;      /* NULL: no <identifier> */
	const struct identifier_scheme *scheme;
	struct repository *repository;          /* NULL: none */
	struct repository *platform_repository; /* of the platform's identifier; NULL: it has none */
	uint32_t platform_identity, platform_steps;
	uint32_t default_identity;
	uint64_t key;
	bool by_servers;                        /* onboarding servers look devices up */
	resolved_fn *server_fn;
	void *server_ctx;
	struct rng asks, revokes;
};

struct identifiers {
	struct devices *dev;
	struct identifier_class *of_class;
	struct holding *held;                   /* by device */
	struct identity *identity;
	uint32_t n_identities, cap_identities;
	struct space space[IDENTIFIER_SCHEMES];
	struct duplicates unwatched;            /* of classes without repository */
	struct repository *repository;          /* all of them */
	uint32_t n_repositories;
	bool any, any_platform;                 /* class; platform */
	/* counts from the start */
	uint64_t given;                         /* identifiers, to devices whose turn came and anew */
	uint64_t made[ORIGIN_DEFAULT + 1];      /* devices that came to hold, or to enter, another's, by cause */
	uint64_t ended[ORIGIN_DEFAULT + 1][ENDS]; /* what became of these */
	uint64_t refused, detected, revoked;    /* found at registration, in the field; refused as revoked */
	struct tally detection_time, revocation_time;
	simtime_t *revoked_at;                  /* by device; NULL until one is revoked */
	uint16_t kind_reissue, kind_asked, kind_revoke, kind_again, kind_sample;
	simtime_t sample_every;
};

enum detection { DETECTION_NONE, DETECTION_REGISTRATION, DETECTION_AUDIT };
enum topology { TOPOLOGY_CENTRAL, TOPOLOGY_FEDERATED, TOPOLOGY_LEDGER };
enum revocation_check { CHECK_ONLINE, CHECK_LIST, CHECK_NONE };
enum remedy { REMEDY_REISSUE, REMEDY_QUARANTINE };

struct repository_params {
	struct server_params server;
	int topology;
	uint64_t peers;
	simtime_t latency;
	double latency_spread;
	uint64_t resolvers;
	simtime_t cache_life, cache_time;
	uint64_t tries;
	simtime_t retry;
	int detection;
	simtime_t audit_interval;
	double audit_coverage;
	bool sightings;
	int remedy;
	simtime_t reissue;
	int revocation_check;
	simtime_t list_interval;
	uint64_t block_size;
	simtime_t block_timeout, consensus_time;
};

enum ask_kind { ASK_LOOK_UP, ASK_ENTRY, ASK_REVOCATION, ASK_FREE };

struct ask {
	enum ask_kind kind;
	uint32_t identity, resolver, steps;
	uint64_t key;           /* of its draws */
	uint32_t presented_by;  /* a device, as its own doing, + 1; 0: a third party asks */
	resolved_fn *fn;        /* of an entry: RESOLVED_VALID when it is made; NULL: nobody waits */
	void *ctx;
	uint32_t number;
};

struct request {
	struct ask what;
	simtime_t asked, batched;
	uint32_t next;          /* free, or in its block */
	uint16_t step, tries;
	uint8_t answer;
};

struct cache_slot { uint64_t key; simtime_t until; };
struct cache { struct cache_slot *slot; uint64_t cap, n; };

struct block { uint32_t first, last, n, next; };

/* One place of the repository. */
struct peer { struct repository *of; struct server *server; };

struct repository {
	const struct repository_params *p;
	const struct node *element;
	struct identifiers *ids;
	struct peer *peer;
	uint32_t n_peers, up;
	struct request *request;
	uint32_t n_requests, cap_requests, free_request;
	struct cache cache;
	struct duplicates duplicates;
	uint32_t audits;
	/* ledger */
	struct block *block;
	uint32_t n_blocks, cap_blocks, free_block, open, held;
	bool timer;
	struct tally block_wait;
	/* counts */
	uint64_t look_ups, from_cache, from_repository, failed; /* all of them */
	uint64_t counted, counted_cached, counted_failed, valid, falsely; /* asked after the warm-up */
	uint64_t entries, entered, retries;
	struct histogram *resolution_time;
	struct tally entry_time;
	uint16_t kind_arrive, kind_answer, kind_retry, kind_timeout, kind_agreed, kind_audit, kind_list;
	uint32_t *to_list;      /* revoked devices that the next list names */
	uint32_t n_to_list, cap_to_list;
};

struct repositories { struct repository *all; uint32_t n; };

/* identifier.c */
struct identifiers *identifiers_of(const struct sim *s);       /* NULL: no class and no platform has any */
/* An array of n rows in the arena with room for one more: the same, or a copy; NULL after sim_fail. */
void *grown(struct sim *s, void *rows, uint32_t *cap, uint32_t n, size_t size);
/* identifier_given.c */
bool identifiers_give(struct sim *s, struct identifiers *ids);
uint32_t identity_new(struct sim *s, struct identifiers *ids);
uint32_t identity_anew(struct sim *s, struct identifiers *ids, uint32_t device);
/* identifier_life.c: before DEVICE_IDENTIFIED; of an audit; found by a sighting; refused as revoked. */
bool identifier_admit(struct sim *s, void *ctx, uint32_t device);
void identifier_audit(struct sim *s, struct repository *r);
void identifier_presented(struct sim *s, struct identifiers *ids, uint32_t device, enum resolution answer);
void identifier_refused(struct sim *s, struct identifiers *ids, uint32_t device);
void identifier_reissue(struct sim *s, void *ctx, uint32_t device, uint16_t generation);
/* identifier_asked.c */
void identifiers_asked_setup(struct sim *s, struct identifiers *ids, const struct scenario *sc);
void identifiers_asked_start(struct sim *s, struct identifiers *ids);
/* identifier_report.c */
enum { KPI_UNIQUENESS, KPI_DUPLICATES, KPI_DETECTED, KPI_OUTSTANDING, KPI_DETECTION_TIME, KPI_REVOCATION_TIME, IDENTIFIER_KPIS };
extern const struct kpi_def identifier_kpis[IDENTIFIER_KPIS];
void identifiers_sample(struct sim *s, const struct identifiers *ids);
void identifiers_report(struct sim *s, struct identifiers *ids);

/* repository.c */
struct repository *repository_of(const struct sim *s, const struct node *element);     /* NULL element: NULL */
void repositories_bind(struct sim *s, struct identifiers *ids);
uint32_t repository_resolver(const struct repository *r, uint64_t key);
/* repository_ask.c */
void repository_ask(struct sim *s, struct repository *r, const struct ask *what);
void repository_ask_setup(struct sim *s, struct repository *r);
void repository_answer(struct sim *s, struct repository *r, uint32_t number, enum resolution answer);
/* repository_cache.c: until when a resolver keeps an identity; 0: not, or not known. */
simtime_t cache_until(const struct cache *c, uint32_t resolver, uint32_t identity);
void cache_keep(struct sim *s, struct cache *c, uint32_t resolver, uint32_t identity, simtime_t until);
/* repository_block.c */
void repository_block_setup(struct sim *s, struct repository *r);
void repository_batch(struct sim *s, struct repository *r, uint32_t number);
void repository_peers_changed(struct sim *s, struct repository *r);
/* repository_report.c */
enum { KPI_RESOLUTION_P95, KPI_RESOLUTION, KPI_FAILURES, KPI_CACHE_HITS, KPI_FALSE_UNIQUE, KPI_ENTRY_TIME, KPI_BLOCK_WAIT, KPI_WAITING,
       KPI_UTILISATION, KPI_AVAILABILITY, REPOSITORY_KPIS };
extern const struct kpi_def repository_kpis[REPOSITORY_KPIS];
extern const struct curve_def resolution_curve;
void repositories_report(struct sim *s, const struct repositories *rs);

#endif
