/* Onboarding protocols as data: the shipped tables, their post-quantum variants, and those of a scenario. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "models/bootstrap/protocol.h"
#include "models/models.h"
#include "sim/scenario/scenario.h"

#define NS "<scenario xmlns='urn:sccsim:scenario:1'><run duration='1h'/><city radius='1km'/>"
#define END                                                                                                                \
	"<local-link id='l'/><platform id='p'/><device-class id='c' platform='p'><uses network='l'/></device-class>"           \
	"<deploy class='c' count='1'/></scenario>"

static const struct protocol_repeats once = { 1, 1, 1, 1 };

static const struct protocol *named(const char *id)
{
	const struct protocol *p = protocol_named(NULL, id);

	if (!p)
		fail_msg("there is no protocol %s", id);
	return p;
}

static unsigned bytes(const char *id, size_t flight)
{
	const struct protocol *p = named(id);

	assert_true(flight < p->n_flights);
	return p->flights[flight].bytes;
}

/* Figures 1 to 3 of draft-ietf-iotops-security-protocol-comparison, github lwig-wg/protocol-comparison @a0d541f758. */
static void handshakes_have_the_sizes_and_totals_of_their_source(void **state)
{
	static const struct {
		const char *id;
		unsigned f[3], total;
	} rows[] = {
		{ "dtls13-rpk-ecdhe-cid", { 185, 454, 255 }, 894 },
		{ "dtls13-compressed-rpk-ecdhe-cid", { 185, 422, 223 }, 830 },
		{ "dtls13-cached-rpk-ecdhe-cid", { 224, 402, 255 }, 881 },
		{ "dtls13-cached-x509-ecdhe-cid", { 218, 396, 255 }, 869 },
		{ "dtls13-psk-ecdhe-cid", { 219, 226, 56 }, 501 },
		{ "dtls13-psk-cid", { 136, 153, 56 }, 345 },
		{ "edhoc-signature-x5t", { 37, 115, 90 }, 242 },
		{ "edhoc-signature-kid", { 37, 102, 77 }, 216 },
		{ "edhoc-static-dh-x5t", { 37, 58, 33 }, 128 },
		{ "edhoc-static-dh-kid", { 37, 45, 19 }, 101 },
		{ "dtls13-rpk-ecdhe", { 179, 447, 254 }, 880 },
		{ "dtls13-psk-ecdhe", { 213, 219, 55 }, 487 },
		{ "dtls13-psk", { 130, 146, 55 }, 331 },
		{ "tls13-rpk-ecdhe", { 162, 394, 233 }, 789 },
		{ "tls13-psk-ecdhe", { 196, 190, 50 }, 436 },
		{ "tls13-psk", { 113, 117, 50 }, 280 },
		{ "ctls-x509-ecdhe", { 107, 200, 98 }, 405 },
		/* the source's own totals of these two are 2 more than its flights: 250, 186 */
		{ "ctls-psk-ecdhe", { 108, 120, 20 }, 250 - 2 },
		{ "ctls-psk", { 43, 57, 20 }, 120 },
		{ "dtls13-rpk-x25519", { 146, 360, 200 }, 706 },
		{ "tls13-rpk-x25519", { 129, 307, 179 }, 615 },
		{ "dtls13-psk-x25519", { 180, 186, 55 }, 421 },
		{ "tls13-psk-x25519", { 163, 157, 50 }, 370 },
		{ "ctls-x509-x25519", { 74, 160, 91 }, 325 },
		{ "ctls-psk-x25519", { 75, 89, 20 }, 186 - 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct protocol *p = named(rows[i].id);
		assert_int_equal(p->n_flights, 3);
		for (size_t k = 0; k < 3; k++)
			assert_int_equal(p->flights[k].bytes, rows[i].f[k]);
		assert_int_equal(protocol_bytes(p, FROM_DEVICE, &once) + protocol_bytes(p, FROM_SERVER, &once),
				 rows[i].total);
		assert_int_equal(protocol_round_trips(p, &once), 1);
		assert_int_equal(p->status, FACT_VERIFIED);
	}
	assert_int_equal(894 - 880, 14);
	assert_int_equal(bytes("dtls13-rpk-ecdhe-cid", 0) - bytes("dtls13-rpk-ecdhe", 0), 6);
	assert_int_equal(bytes("dtls13-rpk-ecdhe-cid", 1) - bytes("dtls13-rpk-ecdhe", 1), 7);
	assert_int_equal(bytes("dtls13-rpk-ecdhe-cid", 2) - bytes("dtls13-rpk-ecdhe", 2), 1);
}

static void edhoc_in_coap_adds_what_its_carriage_takes(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned f[3];
	} rows[] = {
		{ "signature-x5t", { 37, 115, 90 } },
		{ "signature-kid", { 37, 102, 77 } },
		{ "static-dh-x5t", { 37, 58, 33 } },
		{ "static-dh-kid", { 37, 45, 19 } },
	};
	char with_request[64], separate[64];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf(with_request, sizeof with_request, "edhoc-oscore-%s", rows[i].name);
		snprintf(separate, sizeof separate, "edhoc-coap-%s", rows[i].name);
		assert_int_equal(bytes(with_request, 0), rows[i].f[0] + 12);
		assert_int_equal(bytes(with_request, 1), rows[i].f[1] + 5);
		assert_int_equal(bytes(with_request, 2), rows[i].f[2] + 1);
		assert_int_equal(bytes(separate, 0), rows[i].f[0] + 12);
		assert_int_equal(bytes(separate, 1), rows[i].f[1] + 5);
		assert_int_equal(bytes(separate, 2), rows[i].f[2] + 12);
	}
	assert_int_equal(protocol_round_trips(named("edhoc-coap-static-dh-kid"), &once), 2);
}

static void lorawan_frames_have_their_sizes(void **state)
{
	(void)state;
	assert_int_equal(bytes("lorawan-otaa-1.0", 0), 23);
	assert_int_equal(bytes("lorawan-otaa-1.0", 1), 33);
	assert_int_equal(bytes("lorawan-otaa-1.0-short", 1), 17);
	assert_int_equal(bytes("lorawan-otaa-1.1", 0), 23);
	assert_int_equal(bytes("lorawan-rejoin-0", 0), 19);
	assert_int_equal(bytes("lorawan-rejoin-1", 0), 24);
}

/* A round trip is what a device sees: its flight and the answer to it. */
static void round_trips_are_those_of_the_protocols(void **state)
{
	static const struct {
		const char *id;
		struct protocol_repeats r;
		unsigned trips;
	} rows[] = {
		{ "fdo-to1", { 1, 1, 1, 1 }, 2 },
		{ "fdo-to2", { 3, 5, 1, 1 }, 4 + 3 + 5 },
		{ "fdo-to2", { 0, 1, 1, 1 }, 4 + 0 + 1 },
		{ "fdo", { 2, 7, 1, 1 }, 2 + 4 + 2 + 7 },
		{ "gba", { 1, 1, 1, 1 }, 2 + 1 },
		{ "akma", { 1, 1, 1, 1 }, 1 },
		{ "5g-aka", { 1, 1, 1, 1 }, 3 },
		{ "eap-aka-prime", { 1, 1, 1, 1 }, 2 },
		{ "sgp32-download", { 1, 1, 1, 1 }, 6 },
		{ "cojp", { 1, 1, 1, 1 }, 1 },
		{ "matter-pase", { 1, 1, 1, 1 }, 3 },
		{ "matter-case", { 1, 1, 1, 1 }, 2 },
		{ "lwm2m-bootstrap", { 1, 1, 1, 1 }, 1 + 6 },
		{ "eap-tls13", { 1, 1, 0, 1 }, 4 },
		{ "eap-tls13", { 1, 1, 3, 1 }, 4 + 3 },
		{ "pana-eap-tls13", { 1, 1, 0, 1 }, 2 + 4 },
		{ "coap-eap-tls13", { 1, 1, 0, 1 }, 1 + 4 },
		{ "eap-noob", { 1, 1, 1, 2 }, 4 + 3 * 2 + 3 },
		{ "brski", { 1, 1, 1, 1 }, 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (protocol_round_trips(named(rows[i].id), &rows[i].r) != rows[i].trips)
			fail_msg("%s: %u round trips, not %u", rows[i].id,
				 protocol_round_trips(named(rows[i].id), &rows[i].r), rows[i].trips);
}

static bool is_pq(const struct protocol *p)
{
	size_t len = strlen(p->id);

	return len > 3 && !strcmp(p->id + len - 3, "-pq");
}

static void check_flight(const struct protocol *p, size_t i)
{
	const struct flight *f = &p->flights[i];

	if (!f->bytes || f->role == ROLE_NONE || f->role >= ROLES || f->behind >= ROLES || f->repeat >= REPEATS)
		fail_msg("%s: flight %zu is not whole", p->id, i);
	if (i && f->phase < p->flights[i - 1].phase)
		fail_msg("%s: flight %zu goes back to an earlier phase", p->id, i);
	if (i && f->from == FROM_SERVER && (p->flights[i - 1].from == FROM_SERVER || p->flights[i - 1].repeat != f->repeat))
		fail_msg("%s: flight %zu answers nothing", p->id, i);
	if (f->from == FROM_SERVER && (f->behind || f->human || f->pause))
		fail_msg("%s: flight %zu has what only a device's has", p->id, i);
}

static void every_shipped_protocol_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; protocol_shipped(i); i++) {
		const struct protocol *p = protocol_shipped(i);
		if (!p->title[0] || !p->trust_anchor[0] || !p->source[0] || !p->n_flights || p->timeout <= 0 ||
		    p->timeout_most < p->timeout)
			fail_msg("%s is not whole", p->id);
		assert_int_equal(p->flights[0].from, FROM_DEVICE);
		assert_ptr_equal(protocol_named(NULL, p->id), p); /* ids are unique */
		if (p->status == FACT_VERIFIED)
			assert_null(strstr(p->source, "[M]"));
		if (p->status == FACT_UNVERIFIED)
			assert_non_null(strstr(p->source, "[M]"));
		for (size_t k = 0; k < p->n_flights; k++)
			check_flight(p, k);
	}
	assert_null(protocol_named(NULL, "carrier-pigeon"));
	assert_string_equal(protocol_nearest("edhoc-static-dh-kidd"), "edhoc-static-dh-kid");
}

static unsigned operations(const struct protocol *p, enum crypto_op op)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n_flights; i++)
		n += p->flights[i].ops[op];
	return n;
}

static void a_post_quantum_variant_does_as_much_with_other_keys(void **state)
{
	unsigned found = 0;

	(void)state;
	for (size_t i = 0; protocol_shipped(i); i++) {
		const struct protocol *pq = protocol_shipped(i), *p;
		char id[64];
		if (!is_pq(pq))
			continue;
		snprintf(id, sizeof id, "%.*s", (int)strlen(pq->id) - 3, pq->id);
		p = named(id);
		found++;
		assert_int_equal(pq->n_flights, p->n_flights);
		assert_int_equal(operations(pq, CRYPTO_PQ_SIGN), operations(p, CRYPTO_SIGN));
		assert_int_equal(operations(pq, CRYPTO_PQ_VERIFY), operations(p, CRYPTO_VERIFY));
		assert_int_equal(operations(pq, CRYPTO_KEM_DECAPS) + operations(pq, CRYPTO_KEM_ENCAPS),
				 operations(p, CRYPTO_ECDH));
		assert_int_equal(operations(pq, CRYPTO_SIGN) + operations(pq, CRYPTO_VERIFY) + operations(pq, CRYPTO_ECDH) +
					 operations(pq, CRYPTO_KEYGEN),
				 0);
		for (size_t k = 0; k < p->n_flights; k++)
			assert_true(pq->flights[k].bytes >= p->flights[k].bytes);
	}
	assert_true(found >= 25);
}

/* What is left of a handshake without its key material does not depend on the curve, so the variants of both are one: row C1 with
 * P-256 (65, 91, 71) and row X1 with x25519 and ed25519 (32, 44, 64). */
static void the_rule_gives_the_same_from_either_curve(void **state)
{
	const unsigned up = 1184, down = 1088 + 1974 + 3309, last = 1974 + 3309;

	(void)state;
	assert_int_equal(bytes("dtls13-rpk-ecdhe-pq", 0), bytes("dtls13-rpk-x25519", 0) - 32 + up);
	assert_int_equal(bytes("dtls13-rpk-ecdhe-pq", 1), bytes("dtls13-rpk-x25519", 1) - 32 - 44 - 64 + down);
	assert_int_equal(bytes("dtls13-rpk-ecdhe-pq", 2), bytes("dtls13-rpk-x25519", 2) - 44 - 64 + last);
	assert_int_equal(bytes("tls13-rpk-ecdhe-pq", 1), bytes("tls13-rpk-x25519", 1) - 32 - 44 - 64 + down);
	assert_int_equal(bytes("ctls-x509-ecdhe-pq", 2), bytes("ctls-x509-x25519", 2) - 64 + 3309);
	/* message_1 of EDHOC: method, suite, byte string of 1184 with a head of 3, C_I */
	assert_int_equal(bytes("edhoc-signature-kid-pq", 0), 1 + 1 + 3 + 1184 + 1);
	/* message_2: head of 3, ciphertext, then C_R, kid, signature with a head of 3, no tag */
	assert_int_equal(bytes("edhoc-signature-kid-pq", 1), 3 + 1088 + 1 + 1 + 3 + 3309);
	/* message_3: head of 3, kid, signature with a head of 3, tag */
	assert_int_equal(bytes("edhoc-signature-kid-pq", 2), 3 + 1 + 3 + 3309 + 8);
}

static struct scenario *read(const char *elements, struct diag *d)
{
	char text[4096];

	snprintf(text, sizeof text, NS "%s" END, elements);
	return scenario_parse(text, strlen(text), "t.xml", &sccsim_models, NULL, NULL, 0, d);
}

static void a_protocol_of_the_scenario_is_what_it_says(void **state)
{
	struct diag *d = diag_new();
	struct scenario *sc =
		read("<protocol id='mine' title='My own' trust-anchor='a label' timeout='3s' retries='2'>"
		     "<flight from='device' bytes='40B' role='registrar' behind='masa' compute='keygen aes-block:7'/>"
		     "<flight from='server' bytes='60B' role='registrar' compute='ecdh verify:2'/>"
		     "<flight from='device' bytes='10B' phase='bootstrap' repeat='polls' human='5min' pause='30s'/>"
		     "<flight from='server' bytes='9B' phase='bootstrap' repeat='polls'/></protocol>",
		     d);
	const struct protocol *p = sc ? protocol_named(sc, "mine") : NULL;

	(void)state;
	assert_non_null(p);
	if (!p)
		return;
	assert_int_equal(p->n_flights, 4);
	assert_string_equal(p->trust_anchor, "a label");
	assert_int_equal(p->timeout, 3 * SIM_SECOND);
	assert_int_equal(p->timeout_most, 32 * SIM_SECOND);
	assert_int_equal(p->retries, 2);
	assert_int_equal(p->flights[0].role, ROLE_REGISTRAR);
	assert_int_equal(p->flights[0].behind, ROLE_MASA);
	assert_int_equal(p->flights[0].ops[CRYPTO_KEYGEN], 1);
	assert_int_equal(p->flights[0].ops[CRYPTO_AES_BLOCK], 7);
	assert_int_equal(p->flights[1].ops[CRYPTO_VERIFY], 2);
	assert_int_equal(p->flights[2].human, 5 * SIM_MINUTE);
	assert_int_equal(p->flights[2].pause, 30 * SIM_SECOND);
	assert_int_equal(p->flights[3].repeat, REPEAT_POLLS);
	assert_int_equal(p->flights[3].role, ROLE_APPLICATION);
	assert_int_equal(protocol_round_trips(p, &(struct protocol_repeats){ .polls = 4 }), 1 + 4);
	assert_int_equal(protocol_bytes(p, FROM_SERVER, &(struct protocol_repeats){ .polls = 4 }), 60 + 4 * 9);
	scenario_free(sc);
	diag_free(d);
}

static void longer_tags_and_identifiers_add_what_the_source_says(void **state)
{
	struct diag *d = diag_new();
	struct scenario *sc = read("<protocol id='longer-a' base='dtls13-rpk-ecdhe-cid' tag-length='16B'/>"
				   "<protocol id='longer-b' base='edhoc-signature-kid' id-length='8B'/>"
				   "<protocol id='longer-c' base='tls13-psk' tag-length='16B' id-length='8B' retries='9'/>",
				   d);

	(void)state;
	assert_non_null(sc);
	assert_int_equal(protocol_named(sc, "longer-a")->flights[0].bytes, 185);
	assert_int_equal(protocol_named(sc, "longer-a")->flights[1].bytes, 454 + 8);
	assert_int_equal(protocol_named(sc, "longer-a")->flights[2].bytes, 255 + 8);
	assert_int_equal(protocol_named(sc, "longer-b")->flights[0].bytes, 37);
	assert_int_equal(protocol_named(sc, "longer-b")->flights[1].bytes, 102 + 7);
	assert_int_equal(protocol_named(sc, "longer-b")->flights[2].bytes, 77 + 7);
	assert_int_equal(protocol_named(sc, "longer-c")->flights[0].bytes, 113 + 7);
	assert_int_equal(protocol_named(sc, "longer-c")->flights[1].bytes, 117 + 8);
	assert_int_equal(protocol_named(sc, "longer-c")->flights[2].bytes, 50 + 8);
	assert_int_equal(protocol_named(sc, "longer-c")->retries, 9);
	scenario_free(sc);
	diag_free(d);
}

static void a_protocol_that_cannot_be_is_told_in_words(void **state)
{
#define UP "<flight from='device' bytes='9B'/>"
	static const struct {
		const char *element, *place, *error;
	} rows[] = {
		{ "<protocol id='x'/>", "<protocol x>: ",
		  "has no flight from the device (add <flight from=\"device\" bytes=\"...\"/>, or a base)" },
		{ "<protocol id='x'><flight from='server' bytes='9B'/></protocol>",
		  "<flight from>: ", "cannot send the first flight (let the device ask first)" },
		{ "<protocol id='x'>" UP "<flight from='server' bytes='9B'/><flight from='server' bytes='9B'/></protocol>",
		  "<flight from>: ", "a flight of a server answers one of the device (make the two one flight)" },
		{ "<protocol id='x'>" UP "<flight from='server' bytes='9B' repeat='polls'/></protocol>",
		  "<flight repeat>: ", "an answer is repeated as often as the flight that it answers (once)" },
		{ "<protocol id='x'><flight from='device' bytes='9B' phase='bootstrap'/><flight from='server' bytes='9B'/></protocol>",
		  "<flight phase>: ", "comes before that of the flight before (authenticate, then bootstrap)" },
		{ "<protocol id='x'><flight from='device' bytes='9B' role='pope'/></protocol>",
		  "<flight role>: ", "\"pope\"" },
		{ "<protocol id='x'><flight from='device' bytes='9B' role='none'/></protocol>",
		  "<flight role>: ", "a flight has a server at its other end" },
		{ "<protocol id='x'><flight from='device' bytes='9B' compute='rsa'/></protocol>",
		  "<flight compute>: ", "has \"rsa\", which is no operation (there are keygen" },
		{ "<protocol id='x'><flight from='device' bytes='9B' compute='ecdh:0'/></protocol>",
		  "<flight compute>: ", "has \"ecdh:0\", which does not say how often, from 1 to 10000 (try ecdh:3)" },
		{ "<protocol id='x'><flight from='device' bytes='9B' compute='ecdh:'/></protocol>",
		  "<flight compute>: ", "has \"ecdh:\", which does not say how often" },
		{ "<protocol id='x'><flight from='device' bytes='9B' repeat='polls'/></protocol>",
		  "<flight pause>: ", "has to be given where repeat is polls" },
		{ "<protocol id='x'>" UP "<flight from='server' bytes='9B' human='1h'/></protocol>",
		  "<flight human>: ", "goes with a flight from the device" },
		{ "<protocol id='gba'>" UP "</protocol>",
		  "<protocol id>: ", "\"gba\" is shipped already: give it another name, and base=\"gba\"" },
		{ "<protocol id='x' base='edhoc-static-dh-kit'/>", "<protocol base>: ",
		  "\"edhoc-static-dh-kit\" is no shipped protocol (do you mean \"edhoc-static-dh-kid\"?)" },
		{ "<protocol id='x' base='gba'>" UP "</protocol>",
		  "<protocol base>: ", "goes without <flight>s of its own" },
		{ "<protocol id='x' base='eps-aka'/>", "<protocol base>: ", "\"eps-aka\" is a network's own join" },
		{ "<protocol id='x' base='gba' tag-length='16B'/>",
		  "<protocol tag-length>: ", "goes with a base that was counted with tags of 8 B, unlike \"gba\"" },
		{ "<protocol id='x' base='dtls13-rpk-ecdhe' id-length='8B'/>", "<protocol id-length>: ",
		  "goes with a base that was counted with key identifiers of 1 B, unlike \"dtls13-rpk-ecdhe\"" },
		{ "<protocol id='x' base='dtls13-psk' tag-length='12B'/>",
		  "<protocol tag-length>: ", "is neither 8B nor 16B" },
		{ "<protocol id='x' tag-length='16B'>" UP "</protocol>",
		  "<protocol tag-length>: ", "goes with the flights of a base, not with its own" },
		{ "<protocol id='x' timeout='2min'>" UP "</protocol>",
		  "<protocol timeout-most>: ", "is less than the first time-out" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct diag *d = diag_new();
		struct scenario *sc = read(rows[i].element, d);
		if (sc || diag_count(d) != 1 || !strstr(diag_text(d, 0), rows[i].place) ||
		    !strstr(diag_text(d, 0), rows[i].error)) {
			diag_print(d, stderr);
			fail_msg("%s should be refused by %s", rows[i].element, rows[i].error);
		}
		scenario_free(sc);
		diag_free(d);
	}
}

/* Public-key operations of a device in a handshake, on a Cortex-M0 that takes 921, 922, 990 and 1976 ms for a key pair, an agreement,
 * a signature and a check; hashes and ciphers of a few blocks take less than 10 ms. */
static void handshakes_compute_what_their_keys_ask_for(void **state)
{
	static const struct {
		const char *id;
		unsigned ms;
	} rows[] = {
		{ "dtls13-rpk-ecdhe-cid", 921 + 922 + 1976 + 990 },
		{ "tls13-rpk-ecdhe", 921 + 922 + 1976 + 990 },
		{ "ctls-x509-ecdhe", 921 + 922 + 1976 + 990 },
		{ "edhoc-signature-x5t", 921 + 922 + 1976 + 990 },
		{ "dtls13-psk-ecdhe", 921 + 922 },
		{ "dtls13-psk", 0 },
		{ "edhoc-static-dh-kid", 921 + 3 * 922 },
		{ "edhoc-coap-static-dh-x5t", 921 + 3 * 922 },
	};
	const struct compute_profile *m0 = compute_named(NULL, "m0-48mhz");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct protocol *p = named(rows[i].id);
		simtime_t sum = 0;
		for (size_t k = 0; k < p->n_flights; k++)
			sum += compute_time(m0, p->flights[k].ops);
		if (!(sum >= rows[i].ms * SIM_MS && sum < (rows[i].ms + 10) * SIM_MS))
			fail_msg("%s: %g ms, not %u", rows[i].id, 1e3 * sim_seconds(sum), rows[i].ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handshakes_have_the_sizes_and_totals_of_their_source),
		cmocka_unit_test(edhoc_in_coap_adds_what_its_carriage_takes),
		cmocka_unit_test(lorawan_frames_have_their_sizes),
		cmocka_unit_test(round_trips_are_those_of_the_protocols),
		cmocka_unit_test(every_shipped_protocol_is_whole),
		cmocka_unit_test(a_post_quantum_variant_does_as_much_with_other_keys),
		cmocka_unit_test(the_rule_gives_the_same_from_either_curve),
		cmocka_unit_test(a_protocol_of_the_scenario_is_what_it_says),
		cmocka_unit_test(longer_tags_and_identifiers_add_what_the_source_says),
		cmocka_unit_test(a_protocol_that_cannot_be_is_told_in_words),
		cmocka_unit_test(handshakes_compute_what_their_keys_ask_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
