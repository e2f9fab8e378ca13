/*
 * `sccsim models bootstrap` and `sccsim models compute`: the shipped protocols and compute profiles as tables of text.
 */
#include <stdio.h>
#include <string.h>

#include "models/bootstrap/protocol_private.h"
#include "sim/scenario/model.h"

enum { ID, TITLE, FLIGHTS_N, UP, DOWN, TRIPS, ANCHOR, STATUS, SOURCE };
static const char *const columns[] = { [ID] = "protocol",	 [TITLE] = "what it is",    [FLIGHTS_N] = "flights",
				       [UP] = "bytes up",	 [DOWN] = "bytes down",	    [TRIPS] = "round trips",
				       [ANCHOR] = "trust anchor", [STATUS] = "status",	    [SOURCE] = "source"
};

enum { NUMBER, FROM, ROLE, BEHIND, BYTES, PHASE, REPEAT, COMPUTE, HUMAN };
static const char *const line_columns[] = { [NUMBER] = "flight",   [FROM] = "from",	[ROLE] = "server", [BEHIND] = "behind it",
					    [BYTES] = "bytes",	   [PHASE] = "phase",	[REPEAT] = "times", [COMPUTE] = "device computes",
					    [HUMAN] = "waits for"
};

/* Once each, and as a function of how often what repeats does: "4 + N + k". */
static const struct { const char *symbol; struct protocol_repeats one; } repeats[] = {
	{ "N", { .voucher_entries = 1 } }, { "k", { .service_info = 1 } }, { "m", { .fragments = 1 } }, { "p", { .polls = 1 } }
};

typedef uint64_t measure_fn(const struct protocol *p, const struct protocol_repeats *r);

static uint64_t up(const struct protocol *p, const struct protocol_repeats *r)
{
	return protocol_bytes(p, FROM_DEVICE, r);
}

static uint64_t down(const struct protocol *p, const struct protocol_repeats *r)
{
	return protocol_bytes(p, FROM_SERVER, r);
}

static uint64_t trips(const struct protocol *p, const struct protocol_repeats *r)
{
	return protocol_round_trips(p, r);
}

static const char *formula(const struct protocol *p, measure_fn *measure, char *buf, size_t size)
{
	static const struct protocol_repeats none = { 0 };
	uint64_t fixed = measure(p, &none);
	int n = snprintf(buf, size, "%llu", (unsigned long long)fixed);

	for (size_t i = 0; i < sizeof repeats / sizeof repeats[0]; i++) {
		unsigned long long each = measure(p, &repeats[i].one) - fixed;
		if (each && n > 0 && (size_t)n < size)
			n += each == 1 ? snprintf(buf + n, size - (size_t)n, " + %s", repeats[i].symbol)
				       : snprintf(buf + n, size - (size_t)n, " + %llu %s", each, repeats[i].symbol);
	}
	return buf;
}

static const char *cell(size_t row, size_t column, char *buf, size_t size)
{
	const struct protocol *p = protocol_shipped(row);

	if (!p)
		return NULL;
	switch (column) {
	case ID: return p->id;
	case TITLE: return p->title;
	case FLIGHTS_N: snprintf(buf, size, "%zu", p->n_flights); return buf;
	case UP: return formula(p, up, buf, size);
	case DOWN: return formula(p, down, buf, size);
	case TRIPS: return formula(p, trips, buf, size);
	case ANCHOR: return p->trust_anchor;
	case STATUS: return fact_statuses[p->status];
	default: return p->source;
	}
}

static const char *computes(const struct flight *f, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = 0;
	for (int i = 0; i < CRYPTO_OPS && n < size; i++) {
		const char *gap = n ? " " : "";
		if (f->ops[i] == 1)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", gap, crypto_op_names[i]);
		else if (f->ops[i])
			n += (size_t)snprintf(buf + n, size - n, "%s%s:%u", gap, crypto_op_names[i], f->ops[i]);
	}
	return buf;
}

static const char *waits(const struct flight *f, char *buf, size_t size)
{
	double human = (double)f->human * 1e-9, pause = (double)f->pause * 1e-9;

	buf[0] = 0;
	if (f->human && f->pause)
		snprintf(buf, size, "a person, %.4g s on average, looking every %.4g s", human, pause);
	else if (f->human)
		snprintf(buf, size, "a person, %.4g s on average", human);
	else if (f->pause)
		snprintf(buf, size, "%.4g s", pause);
	return buf;
}

static const char *line_cell(size_t row, size_t line, size_t column, char *buf, size_t size)
{
	static const char *const symbols[REPEATS] = { "1", "N", "k", "m", "p" };
	const struct protocol *p = protocol_shipped(row);
	const struct flight *f = p && line < p->n_flights ? &p->flights[line] : NULL;

	if (!f)
		return NULL;
	switch (column) {
	case NUMBER: snprintf(buf, size, "%zu", line + 1); return buf;
	case FROM: return f->from == FROM_DEVICE ? "device" : "server";
	case ROLE: return protocol_roles[f->role];
	case BEHIND: return f->behind ? protocol_roles[f->behind] : "";
	case BYTES: snprintf(buf, size, "%u", f->bytes); return buf;
	case PHASE: return f->phase == PHASE_AUTHENTICATE ? "authenticate" : "bootstrap";
	case REPEAT: return symbols[f->repeat];
	case COMPUTE: return computes(f, buf, size);
	default: return waits(f, buf, size);
	}
}

enum { P_ID, P_TITLE, P_OPS, P_POWER = P_OPS + CRYPTO_OPS, P_SOURCE };
static const char *const profile_columns[] = { "profile",    "what it is", "keygen ms",	    "ecdh ms",	     "sign ms",	       "verify ms",
					       "aes-block ms", "hash-block ms", "kem-keygen ms", "kem-encaps ms", "kem-decaps ms", "pq-sign ms",
					       "pq-verify ms", "apdu ms",	"power mW",	 "source"
};
_Static_assert(sizeof profile_columns / sizeof profile_columns[0] == P_SOURCE + 1, "one column for each operation");

static const char *profile_cell(size_t row, size_t column, char *buf, size_t size)
{
	const struct compute_profile *p = compute_shipped(row);

	if (!p)
		return NULL;
	if (column == P_ID)
		return p->id;
	if (column == P_TITLE)
		return p->title;
	if (column == P_SOURCE)
		return p->source;
	snprintf(buf, size, "%.5g", column == P_POWER ? p->power * 1e3 : (double)p->time[column - P_OPS] * 1e-6);
	return buf;
}

const struct reference protocol_tables[2] = {
	{ "bootstrap",
	  "Onboarding protocols.  N: entries of the voucher, k: pieces of service information, m: fragments, p: polls.  `unverified default`: at "
	  "least the sizes or steps marked [M] are from memory.",
	  TABLE(columns), cell, TABLE(line_columns), line_cell },
	{ "compute", "Compute profiles: what cryptography costs a device.  [M]: from memory, an unverified default.", TABLE(profile_columns), profile_cell,
	  NULL, 0, NULL },
};
