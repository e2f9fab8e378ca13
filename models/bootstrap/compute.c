/*
 * Compute profiles: the shipped ones, and <compute-profile>.
 */
#include "models/bootstrap/compute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/scenario.h"

const char *const crypto_op_names[] = {
	[CRYPTO_KEYGEN] = "keygen",
	[CRYPTO_ECDH] = "ecdh",
	[CRYPTO_SIGN] = "sign",
	[CRYPTO_VERIFY] = "verify",
	[CRYPTO_AES_BLOCK] = "aes-block",
	[CRYPTO_HASH_BLOCK] = "hash-block",
	[CRYPTO_KEM_KEYGEN] = "kem-keygen",
	[CRYPTO_KEM_ENCAPS] = "kem-encaps",
	[CRYPTO_KEM_DECAPS] = "kem-decaps",
	[CRYPTO_PQ_SIGN] = "pq-sign",
	[CRYPTO_PQ_VERIFY] = "pq-verify",
	[CRYPTO_APDU] = "apdu",
	[CRYPTO_OPS] = NULL,
};

/*
 * P-256: p256-m's README (github mpg/p256-m @44af59e0cf) and, optimised, that of P256-Cortex-M4 (github Emill @ecd3ec2222).
 * AES-128, M4: 634.7 cycles a block (Schwabe and Stoffelen, SAC 2016, github Ko-/aes-armcortexm @bed63794d0) at the clock;
 * M0 and A7: [M] 1500 and 300 cycles.  SHA-256: [M] 3200 cycles a block of 64 B on M0, 2000 on M4, 1200 on A7.
 * ML-KEM-768 and ML-DSA-65, M4: means of pqm4's benchmarks.csv (github mupq/pqm4 @cc2c1b992b), portable C ("clean") beside
 * p256-m and m4fspeed, m4f beside the assembler, cycles ÷ clock; M0: [M] three times the cycles of the M4's portable C;
 * A7: [M] the same cycles as that.
 * A command to the SIM and its answer: [M] 50 ms.  Power: [M] 10 mW (M0), 30 mW (M4 at 100 MHz), 17.5 mW (M4 at 64 MHz, 3 V),
 * 200 mW (A7).
 */
static const struct compute_profile profiles[] = {
	{ "m0-48mhz",
	  "Cortex-M0, 48 MHz, code that favours size",
	  "P-256: p256-m README @44af59e0cf; the rest [M]",
	  { [CRYPTO_KEYGEN] = 921 * SIM_MS,
	    [CRYPTO_ECDH] = 922 * SIM_MS,
	    [CRYPTO_SIGN] = 990 * SIM_MS,
	    [CRYPTO_VERIFY] = 1976 * SIM_MS,
	    [CRYPTO_AES_BLOCK] = 31250,          /* 1500 / 48 MHz */
	    [CRYPTO_HASH_BLOCK] = 66667,         /* 3200 / 48 MHz */
	    [CRYPTO_KEM_KEYGEN] = 61795125,      /* 3 * 988,722 / 48 MHz */
	    [CRYPTO_KEM_ENCAPS] = 71139063,      /* 3 * 1,138,225 */
	    [CRYPTO_KEM_DECAPS] = 86749000,      /* 3 * 1,387,984 */
	    [CRYPTO_PQ_SIGN] = 772441000,        /* 3 * 12,359,056 */
	    [CRYPTO_PQ_VERIFY] = 211081563,      /* 3 * 3,377,305 */
	    [CRYPTO_APDU] = 50 * SIM_MS },
	  10e-3 },
	{ "m4-100mhz",
	  "Cortex-M4, 100 MHz, code that favours size",
	  "P-256: p256-m README @44af59e0cf; AES: aes-armcortexm @bed63794d0; post-quantum: pqm4 @cc2c1b992b clean; hash, power [M]",
	  { [CRYPTO_KEYGEN] = 145 * SIM_MS,
	    [CRYPTO_ECDH] = 144 * SIM_MS,
	    [CRYPTO_SIGN] = 155 * SIM_MS,
	    [CRYPTO_VERIFY] = 309 * SIM_MS,
	    [CRYPTO_AES_BLOCK] = 6347,           /* 634.7 / 100 MHz */
	    [CRYPTO_HASH_BLOCK] = 20000,         /* 2000 / 100 MHz */
	    [CRYPTO_KEM_KEYGEN] = 9887220,       /* 988,722 / 100 MHz */
	    [CRYPTO_KEM_ENCAPS] = 11382250,      /* 1,138,225 */
	    [CRYPTO_KEM_DECAPS] = 13879840,      /* 1,387,984 */
	    [CRYPTO_PQ_SIGN] = 123590560,        /* 12,359,056 */
	    [CRYPTO_PQ_VERIFY] = 33773050,       /* 3,377,305 */
	    [CRYPTO_APDU] = 50 * SIM_MS },
	  30e-3 },
	{ "m4-64mhz-asm",
	  "Cortex-M4, 64 MHz, code that favours speed",
	  "P-256: P256-Cortex-M4 README @ecd3ec2222; AES: aes-armcortexm @bed63794d0; post-quantum: pqm4 @cc2c1b992b m4fspeed, m4f; "
	  "hash, power [M]",
	  { [CRYPTO_KEYGEN] = 5100 * SIM_US,
	    [CRYPTO_ECDH] = 14200 * SIM_US,
	    [CRYPTO_SIGN] = 5900 * SIM_US,
	    [CRYPTO_VERIFY] = 15300 * SIM_US,
	    [CRYPTO_AES_BLOCK] = 9917,           /* 634.7 / 64 MHz */
	    [CRYPTO_HASH_BLOCK] = 31250,         /* 2000 / 64 MHz */
	    [CRYPTO_KEM_KEYGEN] = 10032750,      /* 642,096 / 64 MHz */
	    [CRYPTO_KEM_ENCAPS] = 10293031,      /* 658,754 */
	    [CRYPTO_KEM_DECAPS] = 11059797,      /* 707,827 */
	    [CRYPTO_PQ_SIGN] = 96768297,         /* 6,193,171 */
	    [CRYPTO_PQ_VERIFY] = 37749125,       /* 2,415,944 */
	    [CRYPTO_APDU] = 50 * SIM_MS },
	  17.5e-3 },
	{ "a7-900mhz",
	  "Cortex-A7, 900 MHz, code that favours size",
	  "P-256: p256-m README @44af59e0cf; the rest [M]",
	  { [CRYPTO_KEYGEN] = 11 * SIM_MS,
	    [CRYPTO_ECDH] = 11 * SIM_MS,
	    [CRYPTO_SIGN] = 12 * SIM_MS,
	    [CRYPTO_VERIFY] = 24 * SIM_MS,
	    [CRYPTO_AES_BLOCK] = 333,            /* 300 / 900 MHz */
	    [CRYPTO_HASH_BLOCK] = 1333,          /* 1200 / 900 MHz */
	    [CRYPTO_KEM_KEYGEN] = 1098580,       /* 988,722 / 900 MHz */
	    [CRYPTO_KEM_ENCAPS] = 1264694,       /* 1,138,225 */
	    [CRYPTO_KEM_DECAPS] = 1542204,       /* 1,387,984 */
	    [CRYPTO_PQ_SIGN] = 13732284,         /* 12,359,056 */
	    [CRYPTO_PQ_VERIFY] = 3752561,        /* 3,377,305 */
	    [CRYPTO_APDU] = 50 * SIM_MS },
	  200e-3 },
};

/* Of <compute-profile>: what is absent is that of the base. */
struct profile_params {
	const char *title, *base;
	simtime_t keygen, ecdh, sign, verify, aes_block, hash_block, kem_keygen, kem_encaps, kem_decaps, pq_sign, pq_verify, apdu;
	double power;
};

#define OP(f, doc) TIME(struct profile_params, f, "", "0s", "1h", doc "; absent: that of the base", NULL)

static const struct param params[] = {
	TEXT(struct profile_params, title, "", "what it is, in a few words", NULL),
	TEXT(struct profile_params, base, "m4-100mhz", "shipped profile from which it takes what is not given", NULL),
	OP(keygen, "a key pair of P-256"),
	OP(ecdh, "a key agreement with P-256"),
	OP(sign, "an ECDSA signature with P-256"),
	OP(verify, "the check of one"),
	OP(aes_block, "AES-128 of 16 B"),
	OP(hash_block, "SHA-256 of 64 B"),
	OP(kem_keygen, "a key pair of ML-KEM-768"),
	OP(kem_encaps, "an encapsulation with ML-KEM-768"),
	OP(kem_decaps, "a decapsulation with ML-KEM-768"),
	OP(pq_sign, "a signature with ML-DSA-65"),
	OP(pq_verify, "the check of one"),
	OP(apdu, "a command to the SIM and its answer"),
	WATT(struct profile_params, power, "", "0W", "100W", "of the processor while it computes; absent: that of the base", NULL),
};

enum { FIRST_OP = 2 };  /* rows of params are operations from here on, in the order of crypto_op */
_Static_assert(sizeof params / sizeof params[0] == FIRST_OP + CRYPTO_OPS + 1, "one row for each operation");

const struct compute_profile *compute_shipped(size_t i)
{
	return i < sizeof profiles / sizeof profiles[0] ? &profiles[i] : NULL;
}

static const struct compute_profile *shipped_named(const char *id)
{
	for (size_t i = 0; compute_shipped(i); i++)
		if (!strcmp(profiles[i].id, id))
			return &profiles[i];
	return NULL;
}

const struct compute_profile *compute_named(const struct scenario *sc, const char *id)
{
	const struct compute_profile *p = shipped_named(id);
	const struct node *n = sc && !p ? scenario_first(sc, &compute_profile_model) : NULL;

	while (n && strcmp(n->id, id) != 0)
		n = n->next_same;
	return n ? n->data : p;
}

simtime_t compute_time(const struct compute_profile *p, const uint16_t ops[CRYPTO_OPS])
{
	simtime_t sum = 0;

	for (int i = 0; i < CRYPTO_OPS; i++)
		sum += p->time[i] * ops[i];
	return sum;
}

/* The shipped names, for a message. */
static const char *shipped_names(char *buf, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; compute_shipped(i) && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s", i ? ", " : "", profiles[i].id);
	return buf;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct profile_params *in = n->par;
	const struct compute_profile *base = shipped_named(in->base);
	struct compute_profile *p;
	char names[256];

	(void)sc;
	if (shipped_named(n->id))
		node_error(n, d, "id", "\"%s\" is shipped already: give it another name, and base=\"%s\"", n->id, n->id);
	if (!base) {
		node_error(n, d, "base", "is no shipped profile (there are %s)", shipped_names(names, sizeof names));
		return;
	}
	p = malloc(sizeof *p);
	if (!p) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	*p = *base;
	p->id = n->id;
	p->title = in->title ? in->title : base->title;
	p->source = "this scenario";
	for (int i = 0; i < CRYPTO_OPS; i++)
		if (n->given[FIRST_OP + i])
			p->time[i] = *(const simtime_t *)((const char *)n->par + params[FIRST_OP + i].offset);
	if (n->given[FIRST_OP + CRYPTO_OPS])
		p->power = in->power;
	n->data = p;
}

static void unload(struct node *n)
{
	free(n->data);
	n->data = NULL;
}

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

const struct model compute_profile_model = {
	.name = "compute-profile",
	.doc = "What cryptography costs a device: time by operation, power of the processor. Shipped: m0-48mhz, m4-100mhz, "
	       "m4-64mhz-asm, a7-900mhz.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct profile_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.load = load,
	.unload = unload,
};
