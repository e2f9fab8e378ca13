/* The baselines that come with the simulator, and what a baseline asks of a product. */
#include <stdio.h>
#include <string.h>

#include "models/security/baseline.h"

#define F(f) FEATURE_BIT(f)
#define M(id, clause, needs, by) { id, clause, REQUIREMENT_MANDATORY, needs, by }
#define R(id, clause, needs, by) { id, clause, REQUIREMENT_RECOMMENDED, needs, by }
#define ROWS(t) .row = (t), .n = sizeof(t) / sizeof(t)[0]

/* clang-format off */
/* ETSI EN 303 645 V2.1.1 (2020-06) Table B.1 and provision 4-1.  Its condition 5, not constrained, is V3.1.3's 14 and 15. */
static const struct requirement en_2_1_1[] = {
	M("4-1", "4-1", 0, "5.0-1"),
	M("5.1-1", "5.1", F(PASSWORDS), NULL), M("5.1-2", "5.1", F(PRESET_PASSWORDS), NULL), M("5.1-3", "5.1", 0, NULL),
	M("5.1-4", "5.1", F(USER_LOGIN), NULL), M("5.1-5", "5.1", F(LOGIN_LIMIT_POSSIBLE), NULL),
	M("5.2-1", "5.2", 0, NULL), R("5.2-2", "5.2", 0, NULL), R("5.2-3", "5.2", 0, NULL),
	R("5.3-1", "5.3", 0, NULL), M("5.3-2", "5.3", F(UPDATES_POSSIBLE), NULL), M("5.3-3", "5.3", F(UPDATE_MECHANISM), NULL),
	R("5.3-4", "5.3", F(UPDATE_MECHANISM), "5.3-4A"), R("5.3-5", "5.3", F(UPDATE_MECHANISM), NULL),
	R("5.3-6", "5.3", F(UPDATE_MECHANISM) | F(UPDATE_NEWS), "5.3-6A 5.3-6B"), M("5.3-7", "5.3", F(UPDATE_MECHANISM), NULL),
	M("5.3-8", "5.3", F(UPDATE_MECHANISM), NULL), R("5.3-9", "5.3", F(UPDATE_MECHANISM), NULL),
	M("5.3-10", "5.3", F(NETWORK_UPDATES) | F(UPDATE_MECHANISM), NULL), R("5.3-11", "5.3", F(UPDATE_MECHANISM), NULL),
	R("5.3-12", "5.3", F(UPDATE_MECHANISM), NULL), M("5.3-13", "5.3", 0, NULL),
	R("5.3-14", "5.3", F(UNUPDATABLE) | F(CONSTRAINED), NULL),
	R("5.3-15", "5.3", F(UNUPDATABLE) | F(CONSTRAINED), "5.3-15A 5.3-15B"), M("5.3-16", "5.3", 0, NULL),
	M("5.4-1", "5.4", 0, NULL), M("5.4-2", "5.4", F(HARD_CODED_IDENTITY), NULL), M("5.4-3", "5.4", 0, NULL),
	M("5.4-4", "5.4", 0, NULL),
	M("5.5-1", "5.5", 0, NULL), R("5.5-2", "5.5", 0, NULL), R("5.5-3", "5.5", 0, NULL), R("5.5-4", "5.5", 0, NULL),
	M("5.5-5", "5.5", 0, NULL), R("5.5-6", "5.5", 0, NULL), M("5.5-7", "5.5", 0, NULL), M("5.5-8", "5.5", 0, NULL),
	M("5.6-1", "5.6", 0, NULL), M("5.6-2", "5.6", 0, NULL), R("5.6-3", "5.6", 0, NULL),
	M("5.6-4", "5.6", F(DEBUG_PORTS), "5.6-4A 5.6-4B"), R("5.6-5", "5.6", 0, NULL), R("5.6-6", "5.6", 0, NULL),
	R("5.6-7", "5.6", 0, NULL), R("5.6-8", "5.6", 0, NULL), R("5.6-9", "5.6", 0, NULL),
	R("5.7-1", "5.7", 0, NULL), R("5.7-2", "5.7", 0, NULL),
	R("5.8-1", "5.8", 0, NULL), M("5.8-2", "5.8", 0, NULL), M("5.8-3", "5.8", 0, NULL),
	R("5.9-1", "5.9", 0, NULL), R("5.9-2", "5.9", 0, NULL), R("5.9-3", "5.9", 0, NULL),
	R("5.10-1", "5.10", F(TELEMETRY), NULL),
	M("5.11-1", "5.11", 0, NULL), R("5.11-2", "5.11", 0, NULL), R("5.11-3", "5.11", 0, NULL), R("5.11-4", "5.11", 0, NULL),
	R("5.12-1", "5.12", 0, NULL), R("5.12-2", "5.12", 0, NULL), R("5.12-3", "5.12", 0, NULL),
	M("5.13-1", "5.13", 0, "5.13-1A 5.13-1B"),
	M("6-1", "6", 0, NULL), M("6-2", "6", F(CONSENT), NULL), M("6-3", "6", 0, "6-3A 6-3B"), R("6-4", "6", F(TELEMETRY), NULL),
	M("6-5", "6", F(TELEMETRY), NULL),
};

/* The six capabilities of the core baseline; which provisions of the catalogue make up each is a mapping of ours. */
static const struct requirement nistir_8259a[] = {
	M("identification", "device", 0, "5.3-16 5.4-4"),
	M("configuration", "device", 0, "5.5-5 5.6-1"),
	M("data-protection", "device", 0, "5.4-1 5.5-1 5.5-7 5.11-1"),
	M("interface-access", "device", 0, "5.1-1 5.1-3 5.6-1 5.6-4A"),
	M("software-update", "device", 0, "5.3-2 5.3-7 5.3-10"),
	M("state-awareness", "device", 0, "x-state x-log"),
};

/* The elements of the five dimensions of its summary; the mapping is ours, and that all are mandatory is assumed. */
static const struct requirement itu_t_x_1352[] = {
	M("user-authentication", "authentication", 0, "5.1-1 5.1-3 5.1-5"),
	M("credentials", "authentication", 0, "5.1-2 5.1-4 5.4-3"),
	M("device-authentication", "authentication", 0, "5.4-4"),
	M("cryptography", "cryptography", 0, "5.5-1"),
	M("key-management", "cryptography", 0, "5.5-8"),
	M("random-numbers", "cryptography", 0, "x-random"),
	M("transmission-storage", "data security", 0, "5.4-1 5.5-7"),
	M("information-flow", "data security", 0, "x-flow"),
	M("sessions", "data security", 0, "x-session"),
	M("personal-data", "data security", F(PERSONAL_DATA), "5.8-2 6-6"),
	M("software-security", "device platform", 0, "5.6-2 5.13-1A 5.13-1B"),
	M("secure-update", "device platform", F(UPDATABLE), "5.3-2 5.3-7 5.3-10"),
	M("security-management", "device platform", 0, "5.2-1 5.3-13"),
	M("logging", "device platform", 0, "x-log"),
	M("timestamps", "device platform", 0, "x-time"),
	M("physical-interfaces", "physical security", 0, "5.6-4A"),
	M("tamper-proofing", "physical security", 0, "x-tamper"),
};

static const struct requirement cls_3[] = { M("x-binary", NULL, 0, NULL) };
static const struct requirement cls_4[] = { M("x-binary", NULL, 0, NULL), M("x-attack", NULL, 0, NULL) };

static const struct requirement safety[] = {
	M("safety-fail-safe", NULL, 0, NULL), M("safety-brown-out", NULL, 0, NULL), M("safety-watchdog", NULL, 0, NULL),
	M("safety-thermal", NULL, 0, NULL), M("safety-battery", NULL, 0, NULL), M("safety-actuator", NULL, 0, NULL),
	M("safety-update", NULL, F(UPDATABLE), NULL), R("safety-override", NULL, 0, NULL), M("safety-notice", NULL, 0, NULL),
};

enum { BASE_EN };
const struct baseline shipped_baselines[] = {
	[BASE_EN] = { "en-303-645", "Consumer IoT, V3.1.3", "ETSI EN 303 645 V3.1.3 Table B.1, as transcribed in public", .whole = true,
	  .label = 2 },
	{ "en-303-645-2.1.1", "Consumer IoT, V2.1.1", "ETSI EN 303 645 V2.1.1 Table B.1, as transcribed in public; provision 4-1: [M]",
	  ROWS(en_2_1_1), .label = 2 },
	{ "nistir-8259a", "NIST's core of six capabilities", "[M] NISTIR 8259A; unverified default: what makes up a capability",
	  ROWS(nistir_8259a) },
	{ "itu-t-x.1352", "ITU-T, devices and gateways",
	  "ITU-T X.1352 (09/2022), summary: dimensions and elements; [M] unverified default: what makes up an element, all mandatory",
	  ROWS(itu_t_x_1352) },
	{ "cls-1", "Singapore's label, level 1", "[M] CSA, Cybersecurity Labelling Scheme; unverified default: which clauses",
	  &shipped_baselines[BASE_EN], .clauses = "5.1 5.2 5.3", .label = 1 },
	{ "cls-2", "Singapore's label, level 2", "[M] CSA, Cybersecurity Labelling Scheme; unverified default: every mandatory provision",
	  &shipped_baselines[BASE_EN], .label = 2 },
	{ "cls-3", "Singapore's label, level 3", "[M] CSA, Cybersecurity Labelling Scheme; unverified default: analysis of binaries",
	  &shipped_baselines[BASE_EN], ROWS(cls_3), .label = 3 },
	{ "cls-4", "Singapore's label, level 4", "[M] CSA, Cybersecurity Labelling Scheme; unverified default: penetration test",
	  &shipped_baselines[BASE_EN], ROWS(cls_4), .label = 4 },
	{ "safety", "Safety of the device for people and things", "choice of ours", ROWS(safety) },
};
/* clang-format on */
const size_t n_shipped_baselines = sizeof shipped_baselines / sizeof shipped_baselines[0];
#undef F
#undef M
#undef R

static bool clause_in(const char *list, const char *clause)
{
	size_t len = strlen(clause);

	for (const char *at = list; at; at = strchr(at, ' ')) {
		at += strspn(at, " ");
		if (strncmp(at, clause, len) == 0 && (at[len] == ' ' || !at[len]))
			return true;
	}
	return !list;
}

size_t baseline_rows(const struct baseline *b, struct requirement out[PROVISIONS_MOST])
{
	struct requirement of_base[PROVISIONS_MOST];
	size_t n = 0, n_base = b->base ? baseline_rows(b->base, of_base) : 0;

	for (size_t i = 0; i < n_base; i++)
		if (clause_in(b->clauses, of_base[i].clause))
			out[n++] = of_base[i];
	for (size_t i = 0; b->whole && i < EN_PROVISIONS; i++)
		out[n++] = (struct requirement){ provisions[i].id, provisions[i].clause,
						 provisions[i].mandatory ? REQUIREMENT_MANDATORY : REQUIREMENT_RECOMMENDED,
						 provisions[i].needs, NULL };
	n_base = n;
	for (size_t i = 0; i < b->n; i++) {
		size_t at = 0;
		while (at < n_base && strcmp(out[at].id, b->row[i].id) != 0)
			at++;
		out[at < n_base ? at : n++] = b->row[i];
	}
	for (size_t i = 0; i < n; i++) {
		int p = provision_named(out[i].id);
		if (!out[i].clause)
			out[i].clause = p >= 0 ? provisions[p].clause : "";
	}
	return n;
}

const struct baseline *baseline_named(const struct scenario *sc, const char *id)
{
	for (size_t i = 0; i < n_shipped_baselines; i++)
		if (strcmp(shipped_baselines[i].id, id) == 0)
			return &shipped_baselines[i];
	for (const struct node *n = sc ? scenario_first(sc, &baseline_model) : NULL; n; n = n->next_same)
		if (n->id && strcmp(n->id, id) == 0)
			return n->data;
	return NULL;
}

const char *baseline_nearest(const char *id)
{
	const char *names[16];

	for (size_t i = 0; i < n_shipped_baselines; i++)
		names[i] = shipped_baselines[i].id;
	return nearest_name(id, names, n_shipped_baselines);
}

size_t baseline_count(const struct baseline *b, const char *clause, enum requirement_status status)
{
	struct requirement row[PROVISIONS_MOST];
	size_t n = baseline_rows(b, row), k = 0;

	for (size_t i = 0; i < n; i++)
		k += row[i].status == status && (!clause || strcmp(row[i].clause, clause) == 0);
	return k;
}

void baseline_apply(const struct baseline *b, uint64_t features, struct provision_set *must, struct provision_set *may)
{
	struct requirement row[PROVISIONS_MOST];
	size_t n = baseline_rows(b, row), len;
	const char *bad;

	*must = *may = (struct provision_set){ 0 };
	for (size_t i = 0; i < n; i++) {
		struct provision_set by, *to = row[i].status == REQUIREMENT_MANDATORY ? must : may;
		if (row[i].status == REQUIREMENT_NONE || (features & row[i].needs) != row[i].needs)
			continue;
		if (provisions_parse(row[i].by ? row[i].by : row[i].id, &by, &bad, &len))
			for (unsigned k = 0; k < PROVISIONS_MOST / 64; k++)
				to->w[k] |= by.w[k];
	}
	for (unsigned k = 0; k < PROVISIONS_MOST / 64; k++)
		may->w[k] &= ~must->w[k];
}

const char *requirement_notation(const struct requirement *r, char buf[4])
{
	char *p = buf;

	*p++ = r->status == REQUIREMENT_MANDATORY ? 'M' : r->status == REQUIREMENT_RECOMMENDED ? 'R' : '-';
	if (r->status != REQUIREMENT_NONE && r->needs & FEATURE_CONDITIONS)
		*p++ = 'C';
	if (r->status != REQUIREMENT_NONE && r->needs & ~FEATURE_CONDITIONS)
		*p++ = 'F';
	*p = 0;
	return buf;
}
