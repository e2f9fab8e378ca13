/*
 * What networks bring with them: LoRaWAN's join, 3GPP's authentication by SIM and what is bootstrapped from it, and the SIM itself.
 *
 * [M]: from memory, not verified; such sizes are counted from the fields that the named clause lists.
 */
#include "models/bootstrap/protocol_private.h"

/* A flight of symmetric cryptography: AES blocks are given where the protocol says which, and commands to the SIM. */
#define FLIGHT(...) FLIGHT_(__VA_ARGS__)
#define FLIGHT_(side, stage, server, size, aes, commands, ...) \
	{ .from = (side), .phase = (stage), .role = (server), .bytes = (size), \
	  .ops = { [CRYPTO_AES_BLOCK] = (aes), [CRYPTO_APDU] = (commands) }, __VA_ARGS__ }
#define JOIN PHASE_AUTHENTICATE, ROLE_JOIN_SERVER
#define CORE PHASE_AUTHENTICATE, ROLE_AUSF

/*
 * LoRaWAN.  Sizes: LoRaMac-node @dcbcfb329b, LoRaMacHeaderTypes.h; the whole PHYPayload.
 *   join request  MHDR 1 + JoinEUI 8 + DevEUI 8 + DevNonce 2 + MIC 4 = 23
 *   join accept   MHDR 1 + JoinNonce 3 + NetID 3 + DevAddr 4 + DLSettings 1 + RxDelay 1 [+ CFList 16] + MIC 4 = 17, 33
 *   rejoin 0, 2   MHDR 1 + type 1 + NetID 3 + DevEUI 8 + RJcount 2 + MIC 4 = 19
 *   rejoin 1      MHDR 1 + type 1 + JoinEUI 8 + DevEUI 8 + RJcount 2 + MIC 4 = 24
 * AES blocks, by RFC 4493: a CMAC takes one for the sub-keys and one each 16 B.  Request of 19 B before its MIC: 3.  Accept 1.0:
 * decryption 2 (1 without CFList), CMAC of 29 B 3 (13 B: 2), two session keys 2 = 7 (5).  Accept 1.1: decryption 2, JSIntKey 1, CMAC
 * of JoinReqType 1 + JoinEUI 8 + DevNonce 2 + 29 = 40 B 4, four session keys 4 = 11.
 * Time-out: RX2 opens 6 s after the end of the request (the same file); when the device tries again is its network's matter.
 */
#define AFTER_RX2 .timeout = 6 * SIM_SECOND, .timeout_most = 6 * SIM_SECOND, .retries = 0

static const struct flight otaa_10[] = {
	FLIGHT(FROM_DEVICE, JOIN, 23, 3, 0, ONCE),
	FLIGHT(FROM_SERVER, JOIN, 33, 7, 0, ONCE),
};
static const struct flight otaa_10_short[] = {
	FLIGHT(FROM_DEVICE, JOIN, 23, 3, 0, ONCE),
	FLIGHT(FROM_SERVER, JOIN, 17, 5, 0, ONCE),
};
static const struct flight otaa_11[] = {
	FLIGHT(FROM_DEVICE, JOIN, 23, 3, 0, ONCE),
	FLIGHT(FROM_SERVER, JOIN, 33, 11, 0, ONCE),
};
static const struct flight rejoin_0[] = {
	FLIGHT(FROM_DEVICE, JOIN, 19, 2, 0, ONCE),
	FLIGHT(FROM_SERVER, JOIN, 33, 11, 0, ONCE),
};
static const struct flight rejoin_1[] = {
	FLIGHT(FROM_DEVICE, JOIN, 24, 3, 0, ONCE),
	FLIGHT(FROM_SERVER, JOIN, 33, 11, 0, ONCE),
};

/*
 * EPS-AKA in an attach.  [M] TS 24.301 8.2:
 *   attach request         2 + type and key set 1 + GUTI 12 + capability 4 + PDN connectivity container 2 + 5 + options 26 = 52
 *   authentication request 2 + key set 1 + RAND 16 + AUTN 17 = 36; its response 2 + RES 9 = 11
 *   security mode command  header 6 + 2 + algorithms 1 + key set 1 + capability 4 = 14; complete 6 + 2 = 8
 *   attach accept          header 6 + 2 + result 1 + timer 1 + TAI list 7 + bearer container 2 + 60 + GUTI 13 = 92; complete 6 + 2 + 5 = 13
 * Milenage in the SIM: one AUTHENTICATE command.
 */
static const struct flight eps_aka[] = {
	FLIGHT(FROM_DEVICE, CORE, 52, 0, 0, ONCE),  FLIGHT(FROM_SERVER, CORE, 36, 0, 1, ONCE), FLIGHT(FROM_DEVICE, CORE, 11, 0, 0, ONCE),
	FLIGHT(FROM_SERVER, CORE, 14, 4, 0, ONCE), FLIGHT(FROM_DEVICE, CORE, 8, 4, 0, ONCE),  FLIGHT(FROM_SERVER, CORE, 92, 14, 0, ONCE),
	FLIGHT(FROM_DEVICE, CORE, 13, 4, 0, ONCE),
};

/*
 * 5G-AKA in a registration, SUCI by ECIES profile B.  [M] TS 24.501 8.2, TS 33.501 C.3.4:
 *   SUCI                   type 1 + PLMN 3 + routing 2 + scheme 1 + key 1 + ephemeral key 33 + MSIN 5 + MAC 8 = 54
 *   registration request   3 + type 1 + identity 2 + 54 + capability 6 = 66
 *   authentication request 3 + key set 1 + ABBA 3 + RAND 17 + AUTN 18 = 42; its response 3 + RES* 18 = 21
 *   security mode command  header 7 + 3 + algorithms 1 + key set 1 + capability 5 = 17; complete 7 + 3 + container 3 + 66 = 79
 *   registration accept    header 7 + 3 + result 2 + GUTI 14 + TAI list 9 + slices 10 + timer 3 = 48; complete 7 + 3 = 10
 */
static const struct flight fiveg_aka[] = {
	FLIGHT(FROM_DEVICE, CORE, 66, 0, 1, ONCE, .ops[CRYPTO_KEYGEN] = 1, .ops[CRYPTO_ECDH] = 1),
	FLIGHT(FROM_SERVER, CORE, 42, 0, 1, ONCE),
	FLIGHT(FROM_DEVICE, CORE, 21, 0, 0, ONCE),
	FLIGHT(FROM_SERVER, CORE, 17, 4, 0, ONCE),
	FLIGHT(FROM_DEVICE, CORE, 79, 12, 0, ONCE),
	FLIGHT(FROM_SERVER, CORE, 48, 8, 0, ONCE),
	FLIGHT(FROM_DEVICE, CORE, 10, 4, 0, ONCE),
};

/*
 * EAP-AKA' over a network that is not 3GPP's.  [M] RFC 9048, attributes of RFC 4187 10:
 *   identity  EAP 5 + NAI 52 = 57
 *   challenge EAP 8 + AT_RAND 20 + AT_AUTN 20 + AT_KDF 4 + AT_KDF_INPUT 36 + AT_MAC 20 = 108
 *   response  EAP 8 + AT_RES 12 + AT_MAC 20 = 40; success 4
 */
#define AAA PHASE_AUTHENTICATE, ROLE_AAA
static const struct flight eap_aka_prime[] = {
	FLIGHT(FROM_DEVICE, AAA, 57, 0, 0, .behind = ROLE_AUSF),
	FLIGHT(FROM_SERVER, AAA, 108, 0, 1, ONCE),
	FLIGHT(FROM_DEVICE, AAA, 40, 0, 0, ONCE),
	FLIGHT(FROM_SERVER, AAA, 4, 0, 0, ONCE),
};

/*
 * GBA.  The messages of TS 24.109 A.3 and A.4 as they stand there, lines ended by CR LF: GET 271; 401 with a nonce of 44 (base64 of
 * RAND and AUTN, 32 B) 289; GET with the digest 466.  [M] 200 with B-TID and key lifetime in XML 480; on Ua, GET with the B-TID 330,
 * 200 210.  In GBA_U the key stays in the SIM, which is asked once more.
 */
#define UB PHASE_AUTHENTICATE, ROLE_BSF
#define UA PHASE_BOOTSTRAP, ROLE_APPLICATION
static const struct flight gba[] = {
	FLIGHT(FROM_DEVICE, UB, 271, 0, 0, .behind = ROLE_AUSF), FLIGHT(FROM_SERVER, UB, 289, 0, 1, ONCE),
	FLIGHT(FROM_DEVICE, UB, 466, 0, 0, ONCE),		 FLIGHT(FROM_SERVER, UB, 480, 0, 0, ONCE),
	FLIGHT(FROM_DEVICE, UA, 330, 0, 0, .behind = ROLE_BSF),  FLIGHT(FROM_SERVER, UA, 210, 0, 0, ONCE),
};
static const struct flight gba_u[] = {
	FLIGHT(FROM_DEVICE, UB, 271, 0, 0, .behind = ROLE_AUSF), FLIGHT(FROM_SERVER, UB, 289, 0, 1, ONCE),
	FLIGHT(FROM_DEVICE, UB, 466, 0, 0, ONCE),		 FLIGHT(FROM_SERVER, UB, 480, 0, 1, ONCE),
	FLIGHT(FROM_DEVICE, UA, 330, 0, 1, .behind = ROLE_BSF),  FLIGHT(FROM_SERVER, UA, 210, 0, 0, ONCE),
};

/* AKMA, TS 33.535: keys follow from the registration; the device names them by its A-KID in the application's request, whose server
 * asks the AAnF.  [M] request with an A-KID of 60 in 120, answer 60. */
static const struct flight akma[] = {
	FLIGHT(FROM_DEVICE, UA, 120, 0, 0, .behind = ROLE_AANF),
	FLIGHT(FROM_SERVER, UA, 60, 0, 0, ONCE),
};

/*
 * IoT SAFE: the handshake with its keys in the SIM, which makes the share, agrees, verifies and signs.  Sizes of rows A1 and C4.
 * [M] commands: generate key 1; compute DH 1, verify begin and end 2; read key 1, sign begin and end 2.
 */
#define SERVER PHASE_AUTHENTICATE, ROLE_APPLICATION
static const struct flight iot_safe_dtls[] = {
	FLIGHT(FROM_DEVICE, SERVER, 185, CCM_BLOCKS(185), 1, ONCE),
	FLIGHT(FROM_SERVER, SERVER, 454, CCM_BLOCKS(454), 3, ONCE),
	FLIGHT(FROM_DEVICE, SERVER, 255, CCM_BLOCKS(255), 3, ONCE),
};
static const struct flight iot_safe_tls[] = {
	FLIGHT(FROM_DEVICE, SERVER, 162, CCM_BLOCKS(162), 1, ONCE),
	FLIGHT(FROM_SERVER, SERVER, 394, CCM_BLOCKS(394), 3, ONCE),
	FLIGHT(FROM_DEVICE, SERVER, 233, CCM_BLOCKS(233), 3, ONCE),
};

/*
 * SGP.32 profile download, by the IoT profile assistant; TLS to each server not counted.  [M] throughout:
 *   eIM polled for a package 200, its trigger 300; ES9+ InitiateAuthentication 150, server's signature and certificate 1100;
 *   AuthenticateClient with two certificates 1500, metadata and certificate 1000; GetBoundProfilePackage 350, profile 30,000;
 *   HandleNotification 250, 50; the eIM's enable and the result 300, 100.
 * The eUICC signs, agrees and verifies by itself: commands of 255 B, so 10, 5, 120.
 */
#define DP PHASE_BOOTSTRAP, ROLE_SM_DP
static const struct flight sgp32[] = {
	FLIGHT(FROM_DEVICE, PHASE_BOOTSTRAP, ROLE_BOOTSTRAP_SERVER, 200, 0, 0, ONCE),
	FLIGHT(FROM_SERVER, PHASE_BOOTSTRAP, ROLE_BOOTSTRAP_SERVER, 300, 0, 2, ONCE),
	FLIGHT(FROM_DEVICE, DP, 150, 0, 2, ONCE),
	FLIGHT(FROM_SERVER, DP, 1100, 0, 5, ONCE),
	FLIGHT(FROM_DEVICE, DP, 1500, 0, 6, ONCE),
	FLIGHT(FROM_SERVER, DP, 1000, 0, 4, ONCE),
	FLIGHT(FROM_DEVICE, DP, 350, 0, 2, ONCE),
	FLIGHT(FROM_SERVER, DP, 30000, 0, 120, ONCE),
	FLIGHT(FROM_DEVICE, DP, 250, 0, 1, ONCE),
	FLIGHT(FROM_SERVER, DP, 50, 0, 0, ONCE),
	FLIGHT(FROM_DEVICE, PHASE_BOOTSTRAP, ROLE_BOOTSTRAP_SERVER, 300, 0, 2, ONCE),
	FLIGHT(FROM_SERVER, PHASE_BOOTSTRAP, ROLE_BOOTSTRAP_SERVER, 100, 0, 0, ONCE),
};

/*
 * CoJP, RFC 9031: one request and its answer through the join proxy, protected by OSCORE.  Sizes are the largest that pass five hops
 * of 6TiSCH in one frame, 47 B up and 45 B down (draft-ietf-lake-reqs, github lake-wg/reqs @c3386e61db): what it has to fit.
 */
static const struct flight cojp[] = {
	FLIGHT(FROM_DEVICE, PHASE_AUTHENTICATE, ROLE_JRC, 47, CCM_BLOCKS(47), 0, ONCE),
	FLIGHT(FROM_SERVER, PHASE_AUTHENTICATE, ROLE_JRC, 45, CCM_BLOCKS(45), 0, ONCE),
};

static const struct protocol all[] = {
	{ "lorawan-otaa-1.0", "LoRaWAN 1.0.x over-the-air activation, join accept with CFList", "AppKey at the join server",
	  "LoRaMac-node @dcbcfb329b, LoRaMacHeaderTypes.h", FACT_VERIFIED, true, AFTER_RX2, FLIGHTS(otaa_10) },
	{ "lorawan-otaa-1.0-short", "LoRaWAN 1.0.x over-the-air activation, join accept without CFList", "AppKey at the join server",
	  "LoRaMac-node @dcbcfb329b, LoRaMacHeaderTypes.h", FACT_VERIFIED, true, AFTER_RX2, FLIGHTS(otaa_10_short) },
	{ "lorawan-otaa-1.1", "LoRaWAN 1.1 over-the-air activation", "NwkKey and AppKey at the join server",
	  "LoRaMac-node @dcbcfb329b, LoRaMacHeaderTypes.h", FACT_VERIFIED, true, AFTER_RX2, FLIGHTS(otaa_11) },
	{ "lorawan-rejoin-0", "LoRaWAN 1.1 rejoin, type 0 or 2, of a device that has joined", "NwkKey and AppKey at the join server",
	  "LoRaMac-node @dcbcfb329b, LoRaMacHeaderTypes.h", FACT_VERIFIED, true, AFTER_RX2, FLIGHTS(rejoin_0) },
	{ "lorawan-rejoin-1", "LoRaWAN 1.1 rejoin, type 1, of a device that has joined", "NwkKey and AppKey at the join server",
	  "LoRaMac-node @dcbcfb329b, LoRaMacHeaderTypes.h", FACT_VERIFIED, true, AFTER_RX2, FLIGHTS(rejoin_1) },
	{ "eps-aka", "EPS-AKA in an attach", "USIM's K at the HSS", "[M] TS 24.301 8.2", FACT_UNVERIFIED, true, OVER_NAS,
	  FLIGHTS(eps_aka) },
	{ "5g-aka", "5G-AKA in a registration, identity concealed by ECIES profile B", "USIM's K at the UDM, home network's public key",
	  "[M] TS 24.501 8.2, TS 33.501 C.3.4", FACT_UNVERIFIED, true, OVER_NAS, FLIGHTS(fiveg_aka) },
	{ "eap-aka-prime", "EAP-AKA' over a network that is not 3GPP's", "USIM's K at the HSS", "[M] RFC 9048, RFC 4187 10",
	  FACT_UNVERIFIED, false, OVER_EAP, FLIGHTS(eap_aka_prime) },
	{ "gba", "3GPP GBA_ME: Ub, then the first request on Ua", "USIM's K at the HSS", "TS 24.109 A.3, A.4; [M] answers, Ua", FACT_UNVERIFIED,
	  false, OVER_TCP, FLIGHTS(gba) },
	{ "gba-u", "3GPP GBA_U: as GBA, keys stay in the SIM", "USIM's K at the HSS", "TS 24.109 A.3, A.4; [M] answers, Ua", FACT_UNVERIFIED,
	  false, OVER_TCP, FLIGHTS(gba_u) },
	{ "akma", "AKMA: keys of the registration, named in the application's first request", "USIM's K at the UDM", "[M] TS 33.535",
	  FACT_UNVERIFIED, false, OVER_TCP, FLIGHTS(akma) },
	{ "iot-safe-dtls13", "IoT SAFE: DTLS 1.3 with raw public keys, keys in the SIM", "key pair of the SIM's applet",
	  "draft-ietf-iotops-security-protocol-comparison, A1; [M] commands", FACT_UNVERIFIED, false, OVER_UDP, FLIGHTS(iot_safe_dtls) },
	{ "iot-safe-tls13", "IoT SAFE: TLS 1.3 with raw public keys, keys in the SIM", "key pair of the SIM's applet",
	  "draft-ietf-iotops-security-protocol-comparison, C4; [M] commands", FACT_UNVERIFIED, false, OVER_TCP, FLIGHTS(iot_safe_tls) },
	{ "sgp32-download", "GSMA SGP.32 profile download of 30 kB", "eUICC's certificate", "[M] SGP.32, SGP.22 5", FACT_UNVERIFIED, false,
	  OVER_TCP, FLIGHTS(sgp32) },
	{ "cojp", "CoJP: join request and answer through a join proxy", "shared key at the JRC",
	  "RFC 9031; largest sizes at five hops, draft-ietf-lake-reqs", FACT_DERIVED, false, OVER_COAP, FLIGHTS(cojp) },
};

const struct protocol_table protocol_networks = { all, sizeof all / sizeof all[0] };
