/*
 * Key exchanges: DTLS 1.3, TLS 1.3, cTLS and EDHOC, with the device as client or initiator.
 *
 * Sizes: draft-ietf-iotops-security-protocol-comparison, editors' copy (github lwig-wg/protocol-comparison @a0d541f758), figures 1 to 3;
 * the row's name in the reference facts (A1 ...) is in its source.  Security layer alone: no UDP, TCP, IP, no cookie, no fragmentation
 * of DTLS; tags of 8 B, identifiers of 1 B, mutual authentication.
 */
#include "models/bootstrap/protocol_private.h"

#define AUTH PHASE_AUTHENTICATE, ROLE_APPLICATION

/* F, wires, sizes.  A device makes its share before it asks, agrees and verifies when the server's flight is there, signs before
 * it answers: with raw public keys one of each, 4809 ms on a Cortex-M0. */
#define RPK(F, W, LAST, b1, b2, b3) \
	F(W, FROM_DEVICE, AUTH, b1, 1, 0, 0, 1, 0, 0, 0, ONCE), F(W, FROM_SERVER, AUTH, b2, 1, 1, 1, 0, 1, 0, 1, ONCE), \
		F(LAST, FROM_DEVICE, AUTH, b3, 0, 1, 1, 0, 0, 1, 0, ONCE)
/* The server's key is known by its hash: it is not sent. */
#define CACHED(F, W, LAST, b1, b2, b3) \
	F(W, FROM_DEVICE, AUTH, b1, 1, 0, 0, 1, 0, 0, 0, ONCE), F(W, FROM_SERVER, AUTH, b2, 1, 0, 1, 0, 1, 0, 1, ONCE), \
		F(LAST, FROM_DEVICE, AUTH, b3, 0, 1, 1, 0, 0, 1, 0, ONCE)
/* Both keys are known by an identifier or a hash of a certificate. */
#define BY_REFERENCE(F, W, LAST, b1, b2, b3) \
	F(W, FROM_DEVICE, AUTH, b1, 1, 0, 0, 1, 0, 0, 0, ONCE), F(W, FROM_SERVER, AUTH, b2, 1, 0, 1, 0, 1, 0, 1, ONCE), \
		F(LAST, FROM_DEVICE, AUTH, b3, 0, 0, 1, 0, 0, 1, 0, ONCE)
#define PSK_ECDHE(F, W, LAST, b1, b2, b3) \
	F(W, FROM_DEVICE, AUTH, b1, 1, 0, 0, 1, 0, 0, 0, ONCE), F(W, FROM_SERVER, AUTH, b2, 1, 0, 0, 0, 1, 0, 0, ONCE), \
		F(LAST, FROM_DEVICE, AUTH, b3, 0, 0, 0, 0, 0, 0, 0, ONCE)
#define PSK(F, W, LAST, b1, b2, b3) \
	F(W, FROM_DEVICE, AUTH, b1, 0, 0, 0, 0, 0, 0, 0, ONCE), F(W, FROM_SERVER, AUTH, b2, 0, 0, 0, 0, 0, 0, 0, ONCE), \
		F(LAST, FROM_DEVICE, AUTH, b3, 0, 0, 0, 0, 0, 0, 0, ONCE)
/* EDHOC method 3: shared secrets of both ephemeral keys and of the server's static one, then of the device's own (RFC 9528 4). */
#define STATIC_DH(F, W, LAST, b1, b2, b3) \
	F(W, FROM_DEVICE, AUTH, b1, 0, 0, 0, 1, 0, 0, 0, ONCE), F(W, FROM_SERVER, AUTH, b2, 0, 0, 0, 0, 2, 0, 0, ONCE), \
		F(LAST, FROM_DEVICE, AUTH, b3, 0, 0, 0, 0, 1, 0, 0, ONCE)
/* A message 3 of its own in a CoAP request is answered: 2.04 with nothing in it, 4 B. */
#define SEPARATE_SIGNATURE(F, W, LAST, b1, b2, b3) \
	BY_REFERENCE(F, W, LAST, b1, b2, b3), F(W, FROM_SERVER, AUTH, 4, 0, 0, 0, 0, 0, 0, 0, ONCE)
#define SEPARATE_STATIC_DH(F, W, LAST, b1, b2, b3) \
	STATIC_DH(F, W, LAST, b1, b2, b3), F(W, FROM_SERVER, AUTH, 4, 0, 0, 0, 0, 0, 0, 0, ONCE)

#define PC "draft-ietf-iotops-security-protocol-comparison, "
#define KEYS "public keys known to both"
#define CHAINS "certificates known to both"
#define SECRET "shared key"

/* X(kind, wire, wire of the third flight, name, id, title, trust anchor, source, timer OVER_..., counted, three sizes). */
/* With public keys, on curve P-256: each has a post-quantum variant. */
#define PUBLIC(X) \
	X(RPK, TLS, TLS, a1, "dtls13-rpk-ecdhe-cid", "DTLS 1.3, raw public keys, ECDHE, connection id", KEYS, PC "A1", UDP, \
	  COUNTED_TAGS, 185, 454, 255) \
	X(RPK, COMPRESSED, COMPRESSED, a2, "dtls13-compressed-rpk-ecdhe-cid", "DTLS 1.3, compressed raw public keys, ECDHE, connection id", \
	  KEYS, PC "A2", UDP, COUNTED_TAGS, 185, 422, 223) \
	X(CACHED, TLS, TLS, a3, "dtls13-cached-rpk-ecdhe-cid", "DTLS 1.3, cached raw public key, ECDHE, connection id", KEYS, PC "A3", \
	  UDP, COUNTED_TAGS, 224, 402, 255) \
	X(CACHED, TLS, TLS, a4, "dtls13-cached-x509-ecdhe-cid", "DTLS 1.3, cached X.509 and raw public key, ECDHE, connection id", KEYS, \
	  PC "A4", UDP, COUNTED_TAGS, 218, 396, 255) \
	X(PSK_ECDHE, TLS, TLS, a5, "dtls13-psk-ecdhe-cid", "DTLS 1.3, shared key, ECDHE, connection id", SECRET, PC "A5", UDP, \
	  COUNTED_PSK, 219, 226, 56) \
	X(BY_REFERENCE, EDHOC, EDHOC_LAST, b1, "edhoc-signature-x5t", "EDHOC, signatures, X.509 by x5t", CHAINS, PC "B1", COAP, \
	  COUNTED_TAGS, 37, 115, 90) \
	X(BY_REFERENCE, EDHOC, EDHOC_LAST, b2, "edhoc-signature-kid", "EDHOC, signatures, raw public keys by kid", KEYS, PC "B2", COAP, \
	  COUNTED_KEYS_BY_ID, 37, 102, 77) \
	X(BY_REFERENCE, EDHOC, EDHOC_LAST, b1_coap, "edhoc-oscore-signature-x5t", \
	  "EDHOC in CoAP, third message with the first OSCORE request, signatures, X.509 by x5t", CHAINS, PC "B1 +12 +5 +1", COAP, \
	  COUNTED_TAGS, 37 + 12, 115 + 5, 90 + 1) \
	X(BY_REFERENCE, EDHOC, EDHOC_LAST, b2_coap, "edhoc-oscore-signature-kid", \
	  "EDHOC in CoAP, third message with the first OSCORE request, signatures, raw public keys by kid", KEYS, PC "B2 +12 +5 +1", COAP, \
	  COUNTED_KEYS_BY_ID, 37 + 12, 102 + 5, 77 + 1) \
	X(SEPARATE_SIGNATURE, EDHOC, EDHOC_LAST, b1_separate, "edhoc-coap-signature-x5t", \
	  "EDHOC in CoAP, three requests of its own, signatures, X.509 by x5t", CHAINS, PC "B1 +12 +5 +12", COAP, COUNTED_TAGS, 37 + 12, \
	  115 + 5, 90 + 12) \
	X(SEPARATE_SIGNATURE, EDHOC, EDHOC_LAST, b2_separate, "edhoc-coap-signature-kid", \
	  "EDHOC in CoAP, three requests of its own, signatures, raw public keys by kid", KEYS, PC "B2 +12 +5 +12", COAP, \
	  COUNTED_KEYS_BY_ID, 37 + 12, 102 + 5, 77 + 12) \
	X(RPK, TLS, TLS, c1, "dtls13-rpk-ecdhe", "DTLS 1.3, raw public keys, ECDHE", KEYS, PC "C1", UDP, COUNTED_TAGS, 179, 447, 254) \
	X(PSK_ECDHE, TLS, TLS, c2, "dtls13-psk-ecdhe", "DTLS 1.3, shared key, ECDHE", SECRET, PC "C2", UDP, COUNTED_PSK, 213, 219, 55) \
	X(RPK, TLS, TLS, c4, "tls13-rpk-ecdhe", "TLS 1.3, raw public keys, ECDHE", KEYS, PC "C4", TCP, COUNTED_TAGS, 162, 394, 233) \
	X(PSK_ECDHE, TLS, TLS, c5, "tls13-psk-ecdhe", "TLS 1.3, shared key, ECDHE", SECRET, PC "C5", TCP, COUNTED_PSK, 196, 190, 50) \
	X(BY_REFERENCE, TLS, TLS, c7, "ctls-x509-ecdhe", "cTLS draft 10, X.509 by reference, ECDHE", CHAINS, PC "C7", UDP, COUNTED_TAGS, \
	  107, 200, 98) \
	X(PSK_ECDHE, TLS, TLS, c8, "ctls-psk-ecdhe", "cTLS draft 10, shared key, ECDHE", SECRET, PC "C8", UDP, COUNTED_PSK, 108, 120, 20)

/* With no signature and no share that a standard replaces: shared keys alone, and EDHOC's static keys. */
#define OTHERS(X) \
	X(PSK, TLS, TLS, a6, "dtls13-psk-cid", "DTLS 1.3, shared key, connection id", SECRET, PC "A6", UDP, COUNTED_PSK, 136, 153, 56) \
	X(STATIC_DH, EDHOC, EDHOC_LAST, b3, "edhoc-static-dh-x5t", "EDHOC, static DH, X.509 by x5t", CHAINS, PC "B3", COAP, COUNTED_TAGS, \
	  37, 58, 33) \
	X(STATIC_DH, EDHOC, EDHOC_LAST, b4, "edhoc-static-dh-kid", "EDHOC, static DH, raw public keys by kid", KEYS, PC "B4", COAP, \
	  COUNTED_KEYS_BY_ID, 37, 45, 19) \
	X(STATIC_DH, EDHOC, EDHOC_LAST, b3_coap, "edhoc-oscore-static-dh-x5t", \
	  "EDHOC in CoAP, third message with the first OSCORE request, static DH, X.509 by x5t", CHAINS, PC "B3 +12 +5 +1", COAP, \
	  COUNTED_TAGS, 37 + 12, 58 + 5, 33 + 1) \
	X(STATIC_DH, EDHOC, EDHOC_LAST, b4_coap, "edhoc-oscore-static-dh-kid", \
	  "EDHOC in CoAP, third message with the first OSCORE request, static DH, raw public keys by kid", KEYS, PC "B4 +12 +5 +1", COAP, \
	  COUNTED_KEYS_BY_ID, 37 + 12, 45 + 5, 19 + 1) \
	X(SEPARATE_STATIC_DH, EDHOC, EDHOC_LAST, b3_separate, "edhoc-coap-static-dh-x5t", \
	  "EDHOC in CoAP, three requests of its own, static DH, X.509 by x5t", CHAINS, PC "B3 +12 +5 +12", COAP, COUNTED_TAGS, 37 + 12, \
	  58 + 5, 33 + 12) \
	X(SEPARATE_STATIC_DH, EDHOC, EDHOC_LAST, b4_separate, "edhoc-coap-static-dh-kid", \
	  "EDHOC in CoAP, three requests of its own, static DH, raw public keys by kid", KEYS, PC "B4 +12 +5 +12", COAP, \
	  COUNTED_KEYS_BY_ID, 37 + 12, 45 + 5, 19 + 12) \
	X(PSK, TLS, TLS, c3, "dtls13-psk", "DTLS 1.3, shared key", SECRET, PC "C3", UDP, COUNTED_PSK, 130, 146, 55) \
	X(PSK, TLS, TLS, c6, "tls13-psk", "TLS 1.3, shared key", SECRET, PC "C6", TCP, COUNTED_PSK, 113, 117, 50) \
	X(PSK, TLS, TLS, c9, "ctls-psk", "cTLS draft 10, shared key", SECRET, PC "C9", UDP, COUNTED_PSK, 43, 57, 20)

/* With x25519 and ed25519, whose times are taken as those of P-256; their post-quantum variants are those of P-256, to the byte. */
#define EDWARDS(X) \
	X(RPK, TLS, TLS, x1, "dtls13-rpk-x25519", "DTLS 1.3, raw public keys, x25519 and ed25519", KEYS, PC "X1", UDP, COUNTED_TAGS, 146, \
	  360, 200) \
	X(RPK, TLS, TLS, x2, "tls13-rpk-x25519", "TLS 1.3, raw public keys, x25519 and ed25519", KEYS, PC "X2", TCP, COUNTED_TAGS, 129, \
	  307, 179) \
	X(PSK_ECDHE, TLS, TLS, x3, "dtls13-psk-x25519", "DTLS 1.3, shared key, x25519", SECRET, PC "X3", UDP, COUNTED_PSK, 180, 186, 55) \
	X(PSK_ECDHE, TLS, TLS, x3_tls, "tls13-psk-x25519", "TLS 1.3, shared key, x25519", SECRET, PC "X3", TCP, COUNTED_PSK, 163, 157, \
	  50) \
	X(BY_REFERENCE, TLS, TLS, x4, "ctls-x509-x25519", "cTLS draft 10, X.509 by reference, x25519 and ed25519", CHAINS, PC "X4", UDP, \
	  COUNTED_TAGS, 74, 160, 91) \
	X(PSK_ECDHE, TLS, TLS, x4_psk, "ctls-psk-x25519", "cTLS draft 10, shared key, x25519", SECRET, PC "X4", UDP, COUNTED_PSK, 75, 89, \
	  20)

#define FLIGHTS_OF(kind, W, LAST, name, id_, title_, anchor, source_, timer, counted_, b1, b2, b3) \
	static const struct flight name[] = { kind(CLASSICAL, W, LAST, b1, b2, b3) };
#define PQ_FLIGHTS_OF(kind, W, LAST, name, id_, title_, anchor, source_, timer, counted_, b1, b2, b3) \
	static const struct flight name##_pq[] = { kind(POSTQUANTUM, W, LAST, b1, b2, b3) };
PUBLIC(FLIGHTS_OF)
OTHERS(FLIGHTS_OF)
EDWARDS(FLIGHTS_OF)
PUBLIC(PQ_FLIGHTS_OF)

#define ROW_OF(kind, W, LAST, name, id_, title_, anchor, source_, timer, counted_, b1, b2, b3) \
	{ .id = (id_), .title = (title_), .trust_anchor = (anchor), .source = (source_), .status = FACT_VERIFIED, OVER_##timer, FLIGHTS(name), \
	  .counted = (counted_) },
#define PQ_ROW_OF(kind, W, LAST, name, id_, title_, anchor, source_, timer, counted_, b1, b2, b3) \
	{ .id = id_ "-pq", .title = title_ "; ML-KEM-768, ML-DSA-65", .trust_anchor = (anchor), \
	  .source = source_ "; sizes of FIPS 203 and 204 in place of P-256's", .status = FACT_DERIVED, OVER_##timer, FLIGHTS(name##_pq), \
	  .counted = (counted_) },

static const struct protocol all[] = { PUBLIC(ROW_OF) OTHERS(ROW_OF) EDWARDS(ROW_OF) PUBLIC(PQ_ROW_OF) };

const struct protocol_table protocol_handshakes = { all, sizeof all / sizeof all[0] };
