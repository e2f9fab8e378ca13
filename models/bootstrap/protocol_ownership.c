/*
 * Who owns a device that is unpacked: FDO, BRSKI, cBRSKI, Matter, LwM2M.
 *
 * [M]: from memory, not verified; such sizes are counted from the fields that the named clause lists.
 */
#include "models/bootstrap/protocol_private.h"

#define PLAIN 0, 0, 0, 0, 0, 0, 0
#define TLS_OF(server) PHASE_AUTHENTICATE, server
#define THEN(server) PHASE_BOOTSTRAP, server

/*
 * FDO 1.1, P-256, ECDH256, AES-128-GCM.  Messages and their order: github fido-device-onboard/pri-fidoiot @b2247694cc, MsgType.java.
 * [M] sizes by the CDDL of the specification's sections 3 and 5, HTTP not counted; nonce and GUID 16 in byte strings of 17, hash and
 * HMAC 37, public key 97 (its type, encoding, 93), signature 66, COSE and its protected head 7, encryption 40:
 *   30 GUID, algorithm 21      31 nonce, algorithm 21      32 EAT with nonce and UEID 40, signature 113
 *   33 owner's address 35, hash 37, signature 145
 *   60 50                      61 header of the voucher 215, HMAC 37, nonces 34, key 97, share 88, hash 37, signature 581
 *   62 2                       63 hashes 74, key 97, signature 246
 *   64 nonces 34, UEID 21, share 88, signature 216
 *   65 credentials 175, signature, encryption 288          66 HMAC, encryption 81    67 44
 *   68 140                     69 1300                     70 nonce, encryption 58   71 58
 */
#define FDO_TO1(F) \
	F(FDO, FROM_DEVICE, TLS_OF(ROLE_RENDEZVOUS), 21, PLAIN, ONCE), F(FDO, FROM_SERVER, TLS_OF(ROLE_RENDEZVOUS), 21, PLAIN, ONCE), \
		F(FDO, FROM_DEVICE, TLS_OF(ROLE_RENDEZVOUS), 113, 0, 0, 1, 0, 0, 1, 0, ONCE), \
		F(FDO, FROM_SERVER, TLS_OF(ROLE_RENDEZVOUS), 145, 0, 0, 1, 0, 0, 0, 0, ONCE)
#define FDO_TO2(F) \
	F(FDO, FROM_DEVICE, TLS_OF(ROLE_OWNER), 50, PLAIN, ONCE), \
		F(FDO, FROM_SERVER, TLS_OF(ROLE_OWNER), 581, 1, 2, 1, 0, 0, 0, 1, ONCE), \
		F(FDO, FROM_DEVICE, TLS_OF(ROLE_OWNER), 2, PLAIN, .repeat = REPEAT_VOUCHER_ENTRIES), \
		F(FDO, FROM_SERVER, TLS_OF(ROLE_OWNER), 246, 0, 1, 1, 0, 0, 0, 1, .repeat = REPEAT_VOUCHER_ENTRIES), \
		F(FDO, FROM_DEVICE, TLS_OF(ROLE_OWNER), 216, 1, 0, 1, 1, 1, 1, 0, ONCE), \
		F(FDO, FROM_SERVER, TLS_OF(ROLE_OWNER), 288, 0, 1, 1, 0, 0, 0, 1, ONCE), \
		F(FDO, FROM_DEVICE, THEN(ROLE_OWNER), 81, PLAIN, ONCE), F(FDO, FROM_SERVER, THEN(ROLE_OWNER), 44, PLAIN, ONCE), \
		F(FDO, FROM_DEVICE, THEN(ROLE_OWNER), 140, PLAIN, .repeat = REPEAT_SERVICE_INFO), \
		F(FDO, FROM_SERVER, THEN(ROLE_OWNER), 1300, PLAIN, .repeat = REPEAT_SERVICE_INFO), \
		F(FDO, FROM_DEVICE, THEN(ROLE_OWNER), 58, PLAIN, ONCE), F(FDO, FROM_SERVER, THEN(ROLE_OWNER), 58, PLAIN, ONCE)
static const struct flight fdo_to1[] = { FDO_TO1(CLASSICAL) }, fdo_to1_pq[] = { FDO_TO1(POSTQUANTUM) };
static const struct flight fdo_to2[] = { FDO_TO2(CLASSICAL) }, fdo_to2_pq[] = { FDO_TO2(POSTQUANTUM) };
static const struct flight fdo[] = { FDO_TO1(CLASSICAL), FDO_TO2(CLASSICAL) };
static const struct flight fdo_pq[] = { FDO_TO1(POSTQUANTUM), FDO_TO2(POSTQUANTUM) };

/*
 * BRSKI, RFC 8995: a provisional TLS 1.3 with X.509, then five requests.  Handshake as row C4 with certificates of 466 B (pledge) and
 * 625 B (registrar) in place of raw public keys of 91 B and without the 12 B of their types: 150, 916, 608 (certificates of the examples
 * of github anima-wg/constrained-voucher @a4abd8a387).  [M] HTTP 150 around each: voucher request in CMS 1000 + 150; voucher 1500 + 150, for
 * which the registrar asks the MASA; its status 250, 100; CA certificates 150, 900; request for a certificate 500, 900; its status 250, 100.
 */
#define REGISTRAR THEN(ROLE_REGISTRAR)
#define BRSKI(F) \
	F(TLS, FROM_DEVICE, TLS_OF(ROLE_REGISTRAR), 150, 1, 0, 0, 1, 0, 0, 0, ONCE), \
		F(TLS, FROM_SERVER, TLS_OF(ROLE_REGISTRAR), 916, 1, 1, 2, 0, 1, 0, 1, ONCE), \
		F(TLS, FROM_DEVICE, TLS_OF(ROLE_REGISTRAR), 608 + 1150, 0, 2, 4, 0, 0, 2, 0, .behind = ROLE_MASA), \
		F(TLS, FROM_SERVER, TLS_OF(ROLE_REGISTRAR), 1650, 0, 2, 3, 0, 0, 0, 2, ONCE), \
		F(TLS, FROM_DEVICE, REGISTRAR, 250, PLAIN, ONCE), F(TLS, FROM_SERVER, REGISTRAR, 100, PLAIN, ONCE), \
		F(TLS, FROM_DEVICE, REGISTRAR, 150, PLAIN, ONCE), F(TLS, FROM_SERVER, REGISTRAR, 900, 0, 1, 1, 0, 0, 0, 1, ONCE), \
		F(TLS, FROM_DEVICE, REGISTRAR, 500, 0, 1, 1, 1, 0, 1, 0, ONCE), \
		F(TLS, FROM_SERVER, REGISTRAR, 900, 0, 1, 1, 0, 0, 0, 1, ONCE), F(TLS, FROM_DEVICE, REGISTRAR, 250, PLAIN, ONCE), \
		F(TLS, FROM_SERVER, REGISTRAR, 100, PLAIN, ONCE)
static const struct flight brski[] = { BRSKI(CLASSICAL) }, brski_pq[] = { BRSKI(POSTQUANTUM) };

/*
 * cBRSKI, draft-ietf-anima-constrained-voucher (github @a4abd8a387).  Handshake as row C1 in the way of BRSKI: 179 - 12 = 167,
 * 447 - 12 - 91 + 625 = 969, 254 - 91 + 466 = 629.  Its examples: voucher request 201, voucher 724, telemetry 18, certificates as
 * above.  Around each a DTLS record of 11 and CoAP: request 4 + path 4 + formats 5 + marker 1 = 14, answer 4 + format 3 + marker 1 = 8,
 * empty 4.  [M] request for a certificate 250, certificate 466.
 */
#define C_UP (11 + 14)
#define C_DOWN (11 + 8)
#define CBRSKI(F) \
	F(TLS, FROM_DEVICE, TLS_OF(ROLE_REGISTRAR), 167, 1, 0, 0, 1, 0, 0, 0, ONCE), \
		F(TLS, FROM_SERVER, TLS_OF(ROLE_REGISTRAR), 969, 1, 1, 2, 0, 1, 0, 1, ONCE), \
		F(TLS, FROM_DEVICE, TLS_OF(ROLE_REGISTRAR), 629 + 201 + C_UP, 0, 2, 3, 0, 0, 2, 0, .behind = ROLE_MASA), \
		F(TLS, FROM_SERVER, TLS_OF(ROLE_REGISTRAR), 724 + C_DOWN, 0, 1, 2, 0, 0, 0, 2, ONCE), \
		F(COSE, FROM_DEVICE, REGISTRAR, 18 + C_UP, PLAIN, ONCE), F(COSE, FROM_SERVER, REGISTRAR, 11 + 4, PLAIN, ONCE), \
		F(TLS, FROM_DEVICE, REGISTRAR, 250 + C_UP, 0, 1, 1, 1, 0, 1, 0, ONCE), \
		F(TLS, FROM_SERVER, REGISTRAR, 466 + C_DOWN, 0, 1, 1, 0, 0, 0, 1, ONCE), \
		F(COSE, FROM_DEVICE, REGISTRAR, 18 + C_UP, PLAIN, ONCE), F(COSE, FROM_SERVER, REGISTRAR, 11 + 4, PLAIN, ONCE)
static const struct flight cbrski[] = { CBRSKI(CLASSICAL) }, cbrski_pq[] = { CBRSKI(POSTQUANTUM) };

/*
 * Matter PASE: the device announces itself and is asked.  [M] TLV by the fields of the core specification 4.14.1, header of an
 * unsecured message 22: announcement 40; PBKDFParamRequest 22 + 48, response 22 + 110 (a salt of 32); Pake1 22 + 70; Pake2 22 + 105; Pake3
 * 22 + 37; status 22 + 8.  A person types the passcode first, [M] 1 min; SPAKE2+ takes [M] four multiplications of the device.
 */
static const struct flight pase[] = {
	CLASSICAL(MATTER, FROM_DEVICE, TLS_OF(ROLE_COMMISSIONER), 40, PLAIN, .human = SIM_MINUTE),
	CLASSICAL(MATTER, FROM_SERVER, TLS_OF(ROLE_COMMISSIONER), 70, PLAIN, ONCE),
	CLASSICAL(MATTER, FROM_DEVICE, TLS_OF(ROLE_COMMISSIONER), 132, PLAIN, ONCE),
	CLASSICAL(MATTER, FROM_SERVER, TLS_OF(ROLE_COMMISSIONER), 92, 0, 0, 0, 0, 4, 0, 0, ONCE),
	CLASSICAL(MATTER, FROM_DEVICE, TLS_OF(ROLE_COMMISSIONER), 127, PLAIN, ONCE),
	CLASSICAL(MATTER, FROM_SERVER, TLS_OF(ROLE_COMMISSIONER), 59, PLAIN, ONCE),
	CLASSICAL(MATTER, FROM_DEVICE, TLS_OF(ROLE_COMMISSIONER), 30, PLAIN, ONCE),
};

/*
 * Matter CASE, the device as initiator.  [M] core specification 4.14.2, header 22: Sigma1 random 35, session 4, destination 35, share 68,
 * 2 = 144; Sigma2 random 35, session 4, share 68, certificate 400 at most, signature 67, resumption 19, tag 16, 12 = 621; Sigma3 certificate
 * 400, signature 67, tag 16, 9 = 492; status 8.
 */
#define CASE(F) \
	F(MATTER, FROM_DEVICE, TLS_OF(ROLE_COMMISSIONER), 22 + 144, 1, 0, 0, 1, 0, 0, 0, ONCE), \
		F(MATTER, FROM_SERVER, TLS_OF(ROLE_COMMISSIONER), 22 + 621, 1, 1, 2, 0, 1, 0, 2, ONCE), \
		F(MATTER, FROM_DEVICE, TLS_OF(ROLE_COMMISSIONER), 22 + 492, 0, 1, 2, 0, 0, 1, 0, ONCE), \
		F(MATTER, FROM_SERVER, TLS_OF(ROLE_COMMISSIONER), 22 + 8, PLAIN, ONCE)
static const struct flight matter_case[] = { CASE(CLASSICAL) }, matter_case_pq[] = { CASE(POSTQUANTUM) };

/*
 * LwM2M bootstrap over DTLS 1.3 with a shared key, row A6, then [M] OMA LwM2M core 1.2 6.1, each with CoAP and a DTLS record of 12: POST /bs
 * 50; answer 4 and DELETE / 10; three PUTs of 90, 60, 90 answered by 8; finish 12; the answer and, to the server just learnt, POST
 * /rd 110; its location 20.
 */
#define BS ROLE_BOOTSTRAP_SERVER
static const struct flight lwm2m[] = {
	CLASSICAL(TLS, FROM_DEVICE, TLS_OF(BS), 136, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, TLS_OF(BS), 153, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, TLS_OF(BS), 56 + 12 + 50, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, TLS_OF(BS), 12 + 4 + 12 + 10, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, THEN(BS), 12 + 8, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, THEN(BS), 12 + 90, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, THEN(BS), 12 + 8, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, THEN(BS), 12 + 60, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, THEN(BS), 12 + 8, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, THEN(BS), 12 + 90, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, THEN(BS), 12 + 8, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, THEN(BS), 12 + 12, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_DEVICE, THEN(ROLE_APPLICATION), 12 + 8 + 12 + 110, PLAIN, ONCE),
	CLASSICAL(TLS, FROM_SERVER, THEN(ROLE_APPLICATION), 12 + 20, PLAIN, ONCE),
};

#define ROW(id, title, anchor, source, name, ...) \
	{ id, title, anchor, source, FACT_UNVERIFIED, false, __VA_ARGS__, FLIGHTS(name) }
#define PQ(id, title, anchor, source, name, ...) \
	ROW(id, title, anchor, source, name, __VA_ARGS__), \
		ROW(id "-pq", title "; ML-KEM-768, ML-DSA-65", anchor, source "; sizes of FIPS 203 and 204 in place of P-256's", name##_pq, __VA_ARGS__)
#define FDO_SOURCE "messages: pri-fidoiot @b2247694cc, MsgType.java; [M] sizes: FDO 1.1 3, 5"

static const struct protocol all[] = {
	PQ("fdo-to1", "FDO TO1: the device asks the rendezvous server for its owner", "device key", FDO_SOURCE, fdo_to1, OVER_TCP),
	PQ("fdo-to2", "FDO TO2: the device is handed to its owner", "ownership voucher", FDO_SOURCE, fdo_to2, OVER_TCP),
	PQ("fdo", "FDO TO1, then TO2", "ownership voucher", FDO_SOURCE, fdo, OVER_TCP),
	PQ("brski", "BRSKI: voucher, then enrolment by EST", "manufacturer's MASA", "certificates: anima-wg/constrained-voucher @a4abd8a387; [M] RFC 8995 5",
	   brski, OVER_TCP),
	PQ("cbrski", "cBRSKI: COSE voucher, then enrolment by EST, over CoAP and DTLS 1.3", "manufacturer's MASA",
	   "examples of draft-ietf-anima-constrained-voucher @a4abd8a387; [M] enrolment", cbrski, OVER_UDP),
	ROW("matter-pase", "Matter PASE: the device is commissioned by its passcode", "passcode", "[M] Matter core 4.14.1", pase, OVER_UDP),
	PQ("matter-case", "Matter CASE", "fabric's root certificate", "[M] Matter core 4.14.2", matter_case, OVER_UDP),
	ROW("lwm2m-bootstrap", "LwM2M bootstrap over DTLS 1.3 with a shared key, then registration", "shared key at the bootstrap server",
	    "draft-ietf-iotops-security-protocol-comparison, A6; [M] LwM2M core 1.2 6.1", lwm2m, OVER_UDP),
};

const struct protocol_table protocol_ownership = { all, sizeof all / sizeof all[0] };
