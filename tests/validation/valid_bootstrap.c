/*
 * Onboarding protocols as shipped: what their tables come to in bytes, frames, time and energy.
 *
 * The energy is that of an ideal link with nothing below the protocol: 8 bits a byte at the rates of draft-ietf-lake-reqs, 500 mW
 * while sending and 80 mW while receiving.
 */
#include <math.h>
#include <string.h>

#include "models/bootstrap/protocol.h"
#include "models/radio/lora.h"
#include "tests/validation/validate.h"

#define PC "draft-ietf-iotops-security-protocol-comparison"
#define LR "draft-ietf-lake-reqs"

static const struct protocol_repeats once = { 1, 1, 1, 1 };
static const char exact[] = "exact: a table";

static double total(const char *id)
{
	const struct protocol *p = protocol_named(NULL, id);

	return p ? (double)(protocol_bytes(p, FROM_DEVICE, &once) + protocol_bytes(p, FROM_SERVER, &once)) : NAN;
}

static double flight(const char *id, size_t i)
{
	const struct protocol *p = protocol_named(NULL, id);

	return p && i < p->n_flights ? (double)p->flights[i].bytes : NAN;
}

static void sizes(struct valid *v)
{
	static const struct {
		const char *id;
		double bytes;
	} rows[] = {
		{ "dtls13-rpk-ecdhe-cid", 894 },
		{ "dtls13-compressed-rpk-ecdhe-cid", 830 },
		{ "dtls13-cached-rpk-ecdhe-cid", 881 },
		{ "dtls13-cached-x509-ecdhe-cid", 869 },
		{ "dtls13-psk-ecdhe-cid", 501 },
		{ "dtls13-psk-cid", 345 },
		{ "edhoc-signature-x5t", 242 },
		{ "edhoc-signature-kid", 216 },
		{ "edhoc-static-dh-x5t", 128 },
		{ "edhoc-static-dh-kid", 101 },
		{ "dtls13-rpk-ecdhe", 880 },
		{ "dtls13-psk-ecdhe", 487 },
		{ "dtls13-psk", 331 },
		{ "tls13-rpk-ecdhe", 789 },
		{ "tls13-psk-ecdhe", 436 },
		{ "tls13-psk", 280 },
		{ "ctls-x509-ecdhe", 405 },
		{ "ctls-psk", 120 },
		{ "dtls13-rpk-x25519", 706 },
		{ "tls13-rpk-x25519", 615 },
		{ "dtls13-psk-x25519", 421 },
		{ "tls13-psk-x25519", 370 },
		{ "ctls-x509-x25519", 325 },
	};
	char name[96];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		valid_near(v, valid_text(name, sizeof name, "%s: bytes of its flights", rows[i].id), PC, rows[i].bytes,
			   total(rows[i].id), 0, exact);
	valid_near(v, "DTLS 1.3 with raw public keys: a connection id adds", PC, 14,
		   total("dtls13-rpk-ecdhe-cid") - total("dtls13-rpk-ecdhe"), 0, exact);
	valid_report(v, "ctls-psk-ecdhe: bytes of its flights", PC, 250, total("ctls-psk-ecdhe"),
		     "the source's total is 2 more than the sum of its flights, 108, 120 and 20");
	valid_report(v, "ctls-psk-x25519: bytes of its flights", PC, 186, total("ctls-psk-x25519"),
		     "the source's total is 2 more than the sum of its flights, 75, 89 and 20");
}

static void joins(struct valid *v)
{
	static const char source[] = "LoRaMac-node, LoRaMacHeaderTypes.h";
	static const struct {
		unsigned sf;
		double request, accept, latency;
	} rows[] = { { 7, 61.696, 71.936, 5133.6 }, { 12, 1482.752, 1810.432, 8293.2 } };
	char name[96];

	valid_near(v, "join request, B", source, 23, flight("lorawan-otaa-1.0", 0), 0, exact);
	valid_near(v, "join accept with CFList, B", source, 33, flight("lorawan-otaa-1.0", 1), 0, exact);
	valid_near(v, "join accept without CFList, B", source, 17, flight("lorawan-otaa-1.0-short", 1), 0, exact);
	valid_near(v, "rejoin request of type 0 or 2, B", source, 19, flight("lorawan-rejoin-0", 0), 0, exact);
	valid_near(v, "rejoin request of type 1, B", source, 24, flight("lorawan-rejoin-1", 0), 0, exact);
	for (size_t i = 0; i < 2; i++) {
		double up = sim_seconds(lora_time_on_air((unsigned)flight("lorawan-otaa-1.0", 0), rows[i].sf, 125e3, 1, 8,
							 true)) *
			    1e3;
		double down = sim_seconds(lora_time_on_air((unsigned)flight("lorawan-otaa-1.0", 1), rows[i].sf, 125e3, 1, 8,
							   false)) *
			      1e3;
		valid_near(v, valid_text(name, sizeof name, "SF%u: join request, ms on air", rows[i].sf),
			   "SX1276 designer's guide", rows[i].request, up, 1e-3, "1 us");
		valid_near(v, valid_text(name, sizeof name, "SF%u: join accept, ms on air", rows[i].sf),
			   "SX1276 designer's guide", rows[i].accept, down, 1e-3, "1 us");
		valid_near(v, valid_text(name, sizeof name, "SF%u: join answered in RX1, ms", rows[i].sf),
			   "5 s and both times on air", rows[i].latency, up + 5000 + down, 0.1, "the figure's last digit");
	}
}

/* E = 8 (f1 + f3) / up * 0.5 W + 8 f2 / down * 0.08 W, in mJ. */
static double energy_mj(const struct protocol *p, double up, double down)
{
	return 1e3 * (8 * (double)protocol_bytes(p, FROM_DEVICE, &once) / up * 0.5 +
		      8 * (double)protocol_bytes(p, FROM_SERVER, &once) / down * 0.08);
}

static double frames(const struct protocol *p, unsigned payload)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n_flights; i++)
		n += (p->flights[i].bytes + payload - 1) / payload;
	return n;
}

/* CoAP payloads that pass five hops of 6TiSCH in one frame: 47 B up, 45 B down. */
static double mesh_frames(const struct protocol *p)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n_flights; i++) {
		unsigned payload = p->flights[i].from == FROM_DEVICE ? 47 : 45;
		n += (p->flights[i].bytes + payload - 1) / payload;
	}
	return n;
}

static void energies(struct valid *v)
{
	static const struct {
		const char *id;
		double good, bad, lora, mesh;
	} rows[] = {
		{ "edhoc-static-dh-kid", 8.169, 616.9, 3, 3 },
		{ "edhoc-signature-x5t", 18.576, 1402.4, 6, 6 },
		{ "ctls-psk", 9.215, 695.7, 4, 4 },
		{ "dtls13-psk-cid", 28.005, 2114.8, 8, 9 },
		{ "dtls13-psk-ecdhe-cid", 40.137, 3030.8, 12, 13 },
		{ "tls13-rpk-ecdhe", 57.912, 4371.1, 17, 18 },
		{ "dtls13-rpk-ecdhe-cid", 64.566, 4873.0, 18, 21 },
	};
	char name[96];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct protocol *p = protocol_named(NULL, rows[i].id);
		if (!p) {
			valid_verdict(v, rows[i].id, PC, NAN, NAN, NAN, false, "it is not shipped");
			continue;
		}
		valid_near(v, valid_text(name, sizeof name, "%s: mJ on NB-IoT in good coverage", rows[i].id), LR,
			   rows[i].good, energy_mj(p, 28e3, 170e3), 1e-3 * rows[i].good, "0.1 %: the figure's last digit");
		valid_near(v, valid_text(name, sizeof name, "%s: mJ on NB-IoT in bad coverage", rows[i].id), LR,
			   rows[i].bad, energy_mj(p, 0.37e3, 2.5e3), 1e-3 * rows[i].bad, "0.1 %: the figure's last digit");
		valid_near(v, valid_text(name, sizeof name, "%s: LoRaWAN frames of 51 B", rows[i].id), LR, rows[i].lora,
			   frames(p, 51), 0, "exact: a count");
		valid_near(v, valid_text(name, sizeof name, "%s: 6TiSCH frames at five hops", rows[i].id), LR, rows[i].mesh,
			   mesh_frames(p), 0, "exact: a count");
	}
}

static void computing(struct valid *v)
{
	static const uint16_t mutual[CRYPTO_OPS] = {
		[CRYPTO_KEYGEN] = 1, [CRYPTO_ECDH] = 1, [CRYPTO_SIGN] = 1, [CRYPTO_VERIFY] = 1
	};
	static const struct {
		const char *id, *source;
		double ms;
	} rows[] = {
		{ "m0-48mhz", "p256-m, README", 4809 },
		{ "m4-100mhz", "p256-m, README", 753 },
		{ "m4-64mhz-asm", "P256-Cortex-M4, README", 40.5 },
	};
	char name[96];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		valid_near(v, valid_text(name, sizeof name, "%s: ms for a mutual ECDHE-ECDSA handshake", rows[i].id),
			   rows[i].source, rows[i].ms,
			   sim_seconds(compute_time(compute_named(NULL, rows[i].id), mutual)) * 1e3, 1e-6, "exact: a sum");
	valid_near(v, "a7-900mhz: ms for a mutual ECDHE-ECDSA handshake", "p256-m, README", 59,
		   sim_seconds(compute_time(compute_named(NULL, "a7-900mhz"), mutual)) * 1e3, 1,
		   "four figures rounded to 1 ms, 11, 11, 12 and 24, whose sum is 58, beside a sum that was rounded later");
}

static void round_trips(struct valid *v)
{
	const struct protocol *to2 = protocol_named(NULL, "fdo-to2");
	char name[96];

	for (unsigned n = 0; n <= 8; n += 4)
		for (unsigned k = 1; k <= 10; k += 3)
			valid_near(v,
				   valid_text(name, sizeof name,
					      "FDO TO2: round trips with %u voucher entries, %u of service information", n,
					      k),
				   "pri-fidoiot, MsgType.java: 4 + N + k", 4 + n + k,
				   to2 ? (double)protocol_round_trips(
						 to2, &(struct protocol_repeats){ .voucher_entries = n, .service_info = k })
				       : NAN,
				   0, "exact: a count");
}

int main(void)
{
	struct valid v = valid_begin("bootstrap");

	sizes(&v);
	joins(&v);
	energies(&v);
	computing(&v);
	round_trips(&v);
	return valid_end(&v);
}
