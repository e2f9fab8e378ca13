/*
 * EAP and what carries it: EAP-TLS, EAP-NOOB, PANA, CoAP-EAP, Wi-SUN.
 *
 * [M]: from memory, not verified; such sizes are counted from the fields that the named clause lists.
 */
#include "models/bootstrap/protocol_private.h"

#define AUTH PHASE_AUTHENTICATE, ROLE_AAA
#define PLAIN 0, 0, 0, 0, 0, 0, 0

/*
 * EAP-TLS 1.3, RFC 9190 2.1.1: identity 5 + 32 | start 6 | hello 6 + 162 - 12 (no types of certificate) + 20 (server's name) = 176 |
 * the rest of the server's flight after the fragments 500 | the client's 500 | commitment 6 + 22 + 1 = 29 | 6 | success 4.  Four round
 * trips and two for each fragment of 1000 B that either side has more (RFC 5216 3.1: each is acknowledged by 6).  [M] two certificates a
 * side: key and signature in each, and a signature over the handshake, of which the fragment has the intermediate one.
 */
#define EAP_TLS(F, up, down) \
	F(TLS, FROM_DEVICE, AUTH, 37 + (up), PLAIN, ONCE), F(TLS, FROM_SERVER, AUTH, 6 + (down), PLAIN, ONCE), \
		F(TLS, FROM_DEVICE, AUTH, 176 + (up), 1, 0, 0, 1, 0, 0, 0, ONCE), \
		F(TLS, FROM_SERVER, AUTH, 500 + (down), 1, 1, 2, 0, 1, 0, 2, ONCE), \
		F(TLS, FROM_DEVICE, AUTH, 6 + (up), PLAIN, .repeat = REPEAT_FRAGMENTS), \
		F(TLS, FROM_SERVER, AUTH, 1000 + (down), 0, 1, 1, 0, 0, 0, 1, .repeat = REPEAT_FRAGMENTS), \
		F(TLS, FROM_DEVICE, AUTH, 500 + (up), 0, 1, 2, 0, 0, 1, 0, ONCE), \
		F(TLS, FROM_SERVER, AUTH, 29 + (down), PLAIN, ONCE), F(TLS, FROM_DEVICE, AUTH, 6 + (up), PLAIN, ONCE), \
		F(TLS, FROM_SERVER, AUTH, 4 + (down), PLAIN, ONCE)
static const struct flight eap_tls[] = { EAP_TLS(CLASSICAL, 0, 0) };
static const struct flight eap_tls_pq[] = { EAP_TLS(POSTQUANTUM, 0, 0) };

/* PANA, RFC 5191: header 16 and AVP headers 8 around each EAP message = 24, [M] with nonces and AUTH 24 more at the ends. */
static const struct flight pana[] = {
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 16, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 40, PLAIN, ONCE),
	EAP_TLS(CLASSICAL, 24, 24),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 48, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 48, PLAIN, ONCE),
};
static const struct flight pana_pq[] = {
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 16, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 40, PLAIN, ONCE),
	EAP_TLS(POSTQUANTUM, 24, 24),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 48, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 48, PLAIN, ONCE),
};

/* CoAP-EAP, RFC 9820: a trigger, then EAP in CoAP exchanges of [M] 12 B a leg; the last is protected by OSCORE, in which the success
 * needs no leg of its own. */
static const struct flight coap_eap[] = {
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 25, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 20, PLAIN, ONCE),
	EAP_TLS(CLASSICAL, 12, 12),
};
static const struct flight coap_eap_pq[] = {
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 25, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 20, PLAIN, ONCE),
	EAP_TLS(POSTQUANTUM, 12, 12),
};

/* Wi-SUN FAN: EAP-TLS in EAPOL (4) relayed over UDP [M] with 8 more, then the four-way handshake and the group key, EAPOL keys of
 * [M] 107, 129, 163, 107 and 163, 107; the routing's first message 80. */
#define WI_SUN(F) \
	EAP_TLS(F, 12, 12), F(TLS, FROM_DEVICE, AUTH, 107, PLAIN, ONCE), F(TLS, FROM_SERVER, AUTH, 107, PLAIN, ONCE), \
		F(TLS, FROM_DEVICE, AUTH, 129, PLAIN, ONCE), F(TLS, FROM_SERVER, AUTH, 163, PLAIN, ONCE), \
		F(TLS, FROM_DEVICE, AUTH, 107, PLAIN, ONCE), F(TLS, FROM_SERVER, AUTH, 163, PLAIN, ONCE), \
		F(TLS, FROM_DEVICE, AUTH, 107 + 80, PLAIN, ONCE)
static const struct flight wi_sun[] = { WI_SUN(CLASSICAL) };
static const struct flight wi_sun_pq[] = { WI_SUN(POSTQUANTUM) };

/*
 * EAP-NOOB, RFC 9140 3: JSON in EAP, X25519 keys and nonces of 32 B in base64 43.  [M] sizes of the messages by their fields:
 *   identity 5 + 20; discovery: type 1 20, answer with PeerId 60
 *   initial exchange: versions and PeerId 190, choice 90; keys and nonce 190, the same 190; waiting 10
 *   waiting exchange, each: 25, 20, 60 and 60, 60 and 10, until a person has carried the out-of-band message ([M] 10 min on average;
 *   SleepTime [M] 60 s)
 *   completion: 25, 20; 60, 60; 60, MACs 120; 110, success 4
 */
static const struct flight eap_noob[] = {
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 25, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 20, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 20, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 190, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 90, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 190, 0, 0, 0, 1, 1, 0, 0, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 190, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 10, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 25, PLAIN, .repeat = REPEAT_POLLS, .human = 10 * SIM_MINUTE, .pause = 60 * SIM_SECOND),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 20, PLAIN, .repeat = REPEAT_POLLS),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 60, PLAIN, .repeat = REPEAT_POLLS),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 60, PLAIN, .repeat = REPEAT_POLLS),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 60, PLAIN, .repeat = REPEAT_POLLS),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 10, PLAIN, .repeat = REPEAT_POLLS),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 25, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 20, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 60, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 120, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, AUTH, 110, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, AUTH, 4, PLAIN, ONCE),
};

#define PKI "certificates of one PKI"
#define ROW(id, title, anchor, source, name, ...) \
	{ id, title, anchor, "[M] " source, FACT_UNVERIFIED, false, __VA_ARGS__, FLIGHTS(name) }
#define PQ(id, title, anchor, source, name, ...) \
	ROW(id, title, anchor, source, name, __VA_ARGS__), \
		ROW(id "-pq", title "; ML-KEM-768, ML-DSA-65", anchor, source "; sizes of FIPS 203 and 204 in place of P-256's", name##_pq, __VA_ARGS__)

static const struct protocol all[] = {
	PQ("eap-tls13", "EAP-TLS 1.3", PKI, "RFC 9190 2.1.1, RFC 5216 3.1", eap_tls, OVER_EAP),
	PQ("pana-eap-tls13", "PANA with EAP-TLS 1.3", PKI, "RFC 5191, RFC 9190", pana, OVER_EAP),
	PQ("coap-eap-tls13", "CoAP-EAP with EAP-TLS 1.3", PKI, "RFC 9820, RFC 9190", coap_eap, OVER_COAP),
	PQ("wi-sun-fan", "Wi-SUN FAN: EAP-TLS 1.3, pairwise and group keys", PKI, "Wi-SUN FAN 1.1, RFC 9190", wi_sun, OVER_EAP),
	ROW("eap-noob", "EAP-NOOB: keys confirmed by a message that a person carries", "the person who carries the message", "RFC 9140 3", eap_noob, OVER_EAP),
};

const struct protocol_table protocol_access = { all, sizeof all / sizeof all[0] };
