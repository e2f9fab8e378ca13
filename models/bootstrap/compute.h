/*
 * compute - what cryptography costs a device: time by operation and power of the processor meanwhile.
 *
 * A profile is a processor with a library on it: the same curve takes ten times as long in code that favours size.  Shipped
 * profiles are const; a scenario adds its own as <compute-profile>.
 */
#ifndef MODELS_BOOTSTRAP_COMPUTE_H
#define MODELS_BOOTSTRAP_COMPUTE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/simtime.h"

struct scenario;

enum crypto_op {
	CRYPTO_KEYGEN,          /* a key pair of P-256 */
	CRYPTO_ECDH,
	CRYPTO_SIGN,            /* ECDSA with P-256 */
	CRYPTO_VERIFY,
	CRYPTO_AES_BLOCK,       /* AES-128, one block of 16 B */
	CRYPTO_HASH_BLOCK,      /* SHA-256, one block of 64 B */
	CRYPTO_KEM_KEYGEN,      /* ML-KEM-768 */
	CRYPTO_KEM_ENCAPS,
	CRYPTO_KEM_DECAPS,
	CRYPTO_PQ_SIGN,         /* ML-DSA-65 */
	CRYPTO_PQ_VERIFY,
	CRYPTO_APDU,            /* one command to the SIM and its answer, which takes no time of the processor's own */
	CRYPTO_OPS
};
extern const char *const crypto_op_names[];     /* by operation, then NULL: "keygen", "ecdh", ... */

struct compute_profile {
	const char *id, *title, *source;
	simtime_t time[CRYPTO_OPS];     /* of one operation */
	double power;                   /* of the processor while it computes, W */
};

/* Shipped, or a <compute-profile> of the scenario (NULL: none); NULL: there is none of that name. */
const struct compute_profile *compute_named(const struct scenario *sc, const char *id);
/* The i-th shipped one; NULL: past the last. */
const struct compute_profile *compute_shipped(size_t i);
/* Of so many of each operation. */
simtime_t compute_time(const struct compute_profile *p, const uint16_t ops[CRYPTO_OPS]);

extern const struct model compute_profile_model;

#endif
