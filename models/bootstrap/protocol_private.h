/*
 * protocol_private - how a table of flights is written, so that its post-quantum variant follows from it by rule.
 *
 * A flight is written once, as F(wire, from, phase, role, bytes, shares, keys, signatures, keygens, ecdhs, signs, verifies, ...):
 * its classical size and how many ephemeral key shares, public keys and signatures of elliptic curves are in it.  F is CLASSICAL
 * or POSTQUANTUM.  The second replaces each share by a key or a ciphertext of ML-KEM-768, each public key and signature by that of
 * ML-DSA-65, in the encoding of the wire, and the device's operations by theirs.
 *
 * Either has the device encrypt (or decrypt) and hash what is on the wire: CCM of n blocks of 16 B takes 2n + 2 of AES, SHA-256
 * one for each 64 B.  The key schedule, some 80 blocks of SHA-256, is left out: 2 ms on a Cortex-M4.
 */
#ifndef MODELS_BOOTSTRAP_PROTOCOL_PRIVATE_H
#define MODELS_BOOTSTRAP_PROTOCOL_PRIVATE_H

#include "models/bootstrap/protocol.h"

struct node;

/* Sizes of FIPS 203, Table 3, and FIPS 204, Table 2, in bytes.  A SubjectPublicKeyInfo of ML-DSA-65 adds 22 (RFC 9881: two
 * SEQUENCEs 4 + 2, identifier 11, BIT STRING 5), as one of P-256 has 26 beside its point of 65. */
enum { ML_KEM_768_EK = 1184, ML_KEM_768_CT = 1088, ML_DSA_65_PK = 1952, ML_DSA_65_SIG = 3309, ML_DSA_65_SPKI = ML_DSA_65_PK + 22 };

/*
 * Wires: bytes of a share, a public key and a signature of the classical kind, and of what replaces them.  ASKS: the device sends
 * the first share, so it makes the key pair of the KEM and decapsulates; else it encapsulates.
 *
 * TLS, DTLS: P-256 point of 65, SubjectPublicKeyInfo of 91, ECDSA signature in DER of 71 on average; all lengths are fields of
 * fixed size, so nothing else grows.  COMPRESSED: the same with a SubjectPublicKeyInfo of 59.  CTLS: no public key is sent.
 */
#define TLS_WIRE(name, key) \
	enum { name##_SHARE = 65, name##_KEY = (key), name##_SIG = 71, name##_ASKS = 1, \
	       name##_KEM_UP = ML_KEM_768_EK, name##_KEM_DOWN = ML_KEM_768_CT, \
	       name##_PQ_KEY = ML_DSA_65_SPKI, name##_PQ_SIG = ML_DSA_65_SIG }
TLS_WIRE(TLS, 91);
TLS_WIRE(COMPRESSED, 59);
/* EDHOC: the x-coordinate, 32, and a signature of 64, each a CBOR byte string whose head grows from 2 to 3 (in the second flight the
 * head is that of share and ciphertext together).  LAST: the third flight, whose outer head grows with the signature. */
enum { EDHOC_SHARE = 34, EDHOC_KEY = 0, EDHOC_SIG = 66, EDHOC_ASKS = 1, EDHOC_KEM_UP = ML_KEM_768_EK + 3,
       EDHOC_KEM_DOWN = ML_KEM_768_CT + 3, EDHOC_PQ_KEY = 0, EDHOC_PQ_SIG = ML_DSA_65_SIG + 3 };
enum { EDHOC_LAST_SHARE = 0, EDHOC_LAST_KEY = 0, EDHOC_LAST_SIG = 66, EDHOC_LAST_ASKS = 1, EDHOC_LAST_KEM_UP = 0,
       EDHOC_LAST_KEM_DOWN = 0, EDHOC_LAST_PQ_KEY = 0, EDHOC_LAST_PQ_SIG = ML_DSA_65_SIG + 3 + 1 };
/* FDO: two coordinates of 32 in byte strings, SubjectPublicKeyInfo of 91 and signature of 64 in byte strings; the owner sends the first
 * share. */
enum { FDO_SHARE = 68, FDO_KEY = 93, FDO_SIG = 66, FDO_ASKS = 0, FDO_KEM_UP = ML_KEM_768_CT + 3, FDO_KEM_DOWN = ML_KEM_768_EK + 3,
       FDO_PQ_KEY = ML_DSA_65_SPKI + 3, FDO_PQ_SIG = ML_DSA_65_SIG + 3 };
/* COSE: as FDO, without shares. */
enum { COSE_SHARE = 0, COSE_KEY = 93, COSE_SIG = 66, COSE_ASKS = 1, COSE_KEM_UP = 0, COSE_KEM_DOWN = 0,
       COSE_PQ_KEY = ML_DSA_65_SPKI + 3, COSE_PQ_SIG = ML_DSA_65_SIG + 3 };
/* Matter: a raw point and a raw signature in TLV, with heads of 3 that become 4. */
enum { MATTER_SHARE = 68, MATTER_KEY = 68, MATTER_SIG = 67, MATTER_ASKS = 1, MATTER_KEM_UP = ML_KEM_768_EK + 4,
       MATTER_KEM_DOWN = ML_KEM_768_CT + 4, MATTER_PQ_KEY = ML_DSA_65_PK + 4, MATTER_PQ_SIG = ML_DSA_65_SIG + 4 };

#define CCM_BLOCKS(bytes)  (uint16_t)(2 * (((bytes) + 15) / 16) + 2)
#define HASH_BLOCKS(bytes) (uint16_t)(((bytes) + 63) / 64)

#define CLASSICAL_(W, side, stage, server, size, shares, keys, sigs, keygens, ecdhs, signs, verifies, ...) \
	{ .from = (side), .phase = (stage), .role = (server), .bytes = (size), \
	  .ops = { [CRYPTO_KEYGEN] = (keygens), [CRYPTO_ECDH] = (ecdhs), [CRYPTO_SIGN] = (signs), [CRYPTO_VERIFY] = (verifies), \
		   [CRYPTO_AES_BLOCK] = CCM_BLOCKS(size), [CRYPTO_HASH_BLOCK] = HASH_BLOCKS(size) }, \
	  __VA_ARGS__ }

/* One argument may stand for several. */
#define CLASSICAL(...)   CLASSICAL_(__VA_ARGS__)
#define POSTQUANTUM(...) POSTQUANTUM_(__VA_ARGS__)

#define PQ_BYTES(W, side, size, shares, keys, sigs) \
	((size) + (shares) * (((side) == FROM_DEVICE ? W##_KEM_UP : W##_KEM_DOWN) - W##_SHARE) + (keys) * (W##_PQ_KEY - W##_KEY) + \
	 (sigs) * (W##_PQ_SIG - W##_SIG))

#define POSTQUANTUM_(W, side, stage, server, size, shares, keys, sigs, keygens, ecdhs, signs, verifies, ...) \
	{ .from = (side), .phase = (stage), .role = (server), .bytes = PQ_BYTES(W, side, size, shares, keys, sigs), \
	  .ops = { [CRYPTO_KEM_KEYGEN] = W##_ASKS * (keygens), [CRYPTO_KEM_DECAPS] = W##_ASKS * (ecdhs), \
		   [CRYPTO_KEM_ENCAPS] = (1 - W##_ASKS) * (ecdhs), [CRYPTO_PQ_SIGN] = (signs), [CRYPTO_PQ_VERIFY] = (verifies), \
		   [CRYPTO_AES_BLOCK] = CCM_BLOCKS(PQ_BYTES(W, side, size, shares, keys, sigs)), \
		   [CRYPTO_HASH_BLOCK] = HASH_BLOCKS(PQ_BYTES(W, side, size, shares, keys, sigs)) }, \
	  __VA_ARGS__ }

#define ONCE        .repeat = REPEAT_ONCE
#define FLIGHTS(f) .flights = (f), .n_flights = sizeof(f) / sizeof((f)[0])

/* RFC 7252 4.8: ACK_TIMEOUT 2 s, MAX_RETRANSMIT 4. */
#define OVER_COAP .timeout = 2 * SIM_SECOND, .timeout_most = 32 * SIM_SECOND, .retries = 4
/* RFC 9147 5.8.2: 1 s, doubled up to 60 s; [M] six times. */
#define OVER_UDP .timeout = SIM_SECOND, .timeout_most = 60 * SIM_SECOND, .retries = 6
/* RFC 6298 2: 1 s, doubled, at least 60 s allowed; [M] six times. */
#define OVER_TCP .timeout = SIM_SECOND, .timeout_most = 60 * SIM_SECOND, .retries = 6
/* [M] RFC 3748 4.3: 3 to 5 transmissions again; 3 s is a choice. */
#define OVER_EAP .timeout = 3 * SIM_SECOND, .timeout_most = 48 * SIM_SECOND, .retries = 4
/* [M] TS 24.301 10.2, TS 24.501 10.2: T3410, T3510 15 s, five attempts, not doubled. */
#define OVER_NAS .timeout = 15 * SIM_SECOND, .timeout_most = 15 * SIM_SECOND, .retries = 4

/* Tables, each of the protocols of one kind. */
struct protocol_table { const struct protocol *all; size_t n; };
extern const struct protocol_table protocol_handshakes;         /* of draft-ietf-iotops-security-protocol-comparison */
extern const struct protocol_table protocol_networks;           /* LoRaWAN, 3GPP, SIM, mesh networks */
extern const struct protocol_table protocol_access;             /* EAP and what carries it */
extern const struct protocol_table protocol_ownership;          /* FDO, BRSKI, Matter, LwM2M: who owns the device */

const struct protocol *protocol_shipped_named(const char *id);
/* Of a <protocol> that was loaded. */
const struct protocol *protocol_of_node(const struct node *n);

#endif
