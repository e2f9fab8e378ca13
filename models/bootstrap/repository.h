/*
 * repository - a <trust-repository>: where identifiers are entered, vouched for, looked up and revoked.
 *
 *   central    one place with its servers
 *   federated  peers; each is the authority for its share of the identifiers, and any passes a look-up on to the authority
 *   ledger     replicas that each answer every look-up; what is entered waits for a block that the peers agree upon
 *
 * A look-up costs the latency and the service of every step, unless the resolver that asks keeps the answer of an earlier one.
 */
#ifndef MODELS_BOOTSTRAP_REPOSITORY_H
#define MODELS_BOOTSTRAP_REPOSITORY_H

#include "models/bootstrap/identifier.h"

enum resolution {
	RESOLVED_VALID,         /* it is there, and good as far as the answerer knows */
	RESOLVED_UNKNOWN,       /* nobody has entered it */
	RESOLVED_REVOKED,
	RESOLVED_FAILED,        /* the repository could not be asked */
};
typedef void resolved_fn(struct sim *s, void *ctx, uint32_t number, enum resolution answer);

/* Look the device's identifier up, from the resolver that its messages pass, as its own doing: a repository that watches sightings
 * learns of it, and a revoked one is suspended.  The answer always comes later, after what follows from it; fn NULL: to nobody.
 * false: no repository vouches for the device, and nobody will be called. */
bool repository_resolve(struct sim *s, uint32_t device, resolved_fn *fn, void *ctx, uint32_t number);

/* For who onboards a class with servers of its own, in set-up: it asks who its devices are, of classes with resolved="onboarding";
 * devices then do not wait for that by themselves. */
void repository_asked_by_servers(struct sim *s, uint32_t class_index);
/* Whether the device may go on: nobody asks, or it has been looked up in this onboarding.  Else it is looked up, unless it is
 * already, and fn is told the answer with the device's number. */
bool repository_vouches(struct sim *s, uint32_t device, resolved_fn *fn, void *ctx);

/* The identifier shall not be accepted any more: entered like a registration, then refused as the repository's revocation-check
 * says.  The device is suspended when that happens.  false: it holds none that a repository vouches for, or it is revoked
 * already. */
bool repository_revoke(struct sim *s, uint32_t device);

extern const struct model trust_repository_model;

#endif
