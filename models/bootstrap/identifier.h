/*
 * identifier - what devices and platforms are called, and whether anything else is called the same.
 *
 * An <identifier> gives the devices of a class identifiers of a scheme: out of blocks of an authority, which are unique by
 * construction, or at random, which are not.  Some are given twice by mistake, copied with the whole device, or left at the
 * value that the vendor ships.  Which devices share one is known exactly: identifiers are numbers that are equal if and only
 * if all bits of the identifiers are.
 *
 * A class whose identifiers are kept in a <trust-repository> (repository.h) enters them there before its devices are
 * DEVICE_IDENTIFIED.  One whose identifier has been withdrawn or revoked is not authenticated until it has a new one.
 */
#ifndef MODELS_BOOTSTRAP_IDENTIFIER_H
#define MODELS_BOOTSTRAP_IDENTIFIER_H

#include "models/device/device.h"

/* How identifiers are made and looked up. */
struct identifier_scheme {
	const char *id, *title;
	const char *form;               /* as written */
	const char *authority;
	unsigned    bits;               /* of the whole; 0: no fixed size */
	unsigned    random_bits;        /* free to be drawn where nobody allocates blocks */
	unsigned    steps;              /* look-ups that resolve one */
	bool        unique;             /* meant to be so in the world */
	const char *source, *status;    /* status as in the facts: "verified", "derived", "unverified default" */
};

enum { IDENTIFIER_SCHEMES = 10 };
extern const struct identifier_scheme identifier_schemes[IDENTIFIER_SCHEMES];

/* What the device is called, as a number that two devices share if and only if they hold the same identifier; 0: its class has
 * none, or it was withdrawn and not yet replaced. */
uint64_t identifier_of(const struct sim *s, uint32_t device);
/* No other device holds the device's identifier at this moment; false where it has none. */
bool identifier_unique(const struct sim *s, uint32_t device);

extern const struct model identifier_model;

#endif
