/*
 * baseline - what is asked of a product: a catalogue of provisions, and baselines that ask for some of them.
 *
 * A provision of the catalogue is the smallest thing that a product meets or lacks.  A baseline is a list of requirements: each is
 * mandatory, recommended or not applicable, may hang on features of the product, and is met by one or more provisions.  EN 303 645
 * V3.1.3 gives the catalogue most of its rows and their ids; every other baseline, older versions included, points into it.
 *
 * Verdict: a product passes where it meets every applicable mandatory requirement.  Recommended ones are scored.
 */
#ifndef MODELS_SECURITY_BASELINE_H
#define MODELS_SECURITY_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

/* What a product has or does that makes a provision apply: letters are features, numbers conditions of EN 303 645 V3.1.3 Table B.1. */
enum product_feature {
	FEATURE_PASSWORDS,                /* a */
	FEATURE_PRESET_PASSWORDS,         /* b */
	FEATURE_CRYPTOGRAPHIC_LOGIN,      /* c */
	FEATURE_USER_LOGIN,               /* d */
	FEATURE_NETWORK_LOGIN,            /* e */
	FEATURE_MUTABLE_SOFTWARE,         /* f */
	FEATURE_UPDATABLE,                /* g */
	FEATURE_AUTOMATIC_UPDATES,        /* h */
	FEATURE_UPDATE_NOTICES,           /* i */
	FEATURE_NETWORK_UPDATES,          /* j */
	FEATURE_STORED_PARAMETERS,        /* k */
	FEATURE_HARD_CODED_IDENTITY,      /* l */
	FEATURE_KEYS_FOR_UPDATES,         /* m */
	FEATURE_REMOTE_CONFIGURATION,     /* n */
	FEATURE_PARAMETERS_SENT,          /* o */
	FEATURE_UNUSED_INTERFACES,        /* p */
	FEATURE_DEBUG_INTERFACES,         /* q */
	FEATURE_DEBUG_PORTS,              /* r */
	FEATURE_SECURE_BOOT,              /* s */
	FEATURE_PERSONAL_DATA_SENT,       /* t */
	FEATURE_SENSITIVE_DATA_SENT,      /* u */
	FEATURE_SENSING,                  /* v */
	FEATURE_TELEMETRY,                /* w */
	FEATURE_SERVICE_STORAGE,          /* x */
	FEATURE_CONSENT,                  /* y */
	FEATURE_PERSONAL_DATA,            /* z */
	FEATURE_AGGREGATION,              /* aa */
	FEATURE_UNUPDATABLE,              /* 3: some software cannot be updated */
	FEATURE_UPDATE_MECHANISM,         /* 12 */
	FEATURE_LOGIN_LIMIT_POSSIBLE,     /* 14: no resource constraint prevents a limit of brute force */
	FEATURE_UPDATES_POSSIBLE,         /* 15: no resource constraint prevents an update mechanism */
	FEATURE_CRITICAL_PARAMETERS,      /* 16 */
	FEATURE_CONSTRAINED,              /* V2.1.1, 4: a constrained device; takes 14 and 15 away */
	FEATURE_UPDATE_NEWS,              /* V2.1.1, 9: automatic updates or notices; follows from those two */
	FEATURES
};
#define FEATURE_BIT(f) (UINT64_C(1) << FEATURE_##f)
/* The conditions among them, which Table B.1 marks C; the others it marks F. */
#define FEATURE_CONDITIONS                                                                                                      \
	(FEATURE_BIT(UNUPDATABLE) | FEATURE_BIT(UPDATE_MECHANISM) | FEATURE_BIT(LOGIN_LIMIT_POSSIBLE) | FEATURE_BIT(UPDATES_POSSIBLE) | \
	 FEATURE_BIT(CRITICAL_PARAMETERS) | FEATURE_BIT(CONSTRAINED))

/* Names of features as in XML, NULL-terminated; the one that follows from others is not among them. */
extern const char *const feature_names[];
/* A list of names separated by blanks; false: *bad is the word (of *len bytes) that is none. */
bool features_parse(const char *text, uint64_t *features, const char **bad, size_t *len);
/* What follows from the features given. */
uint64_t features_complete(uint64_t features);

/* ---- the catalogue ---- */

enum { EN_PROVISIONS = 78, PROVISIONS = 96, PROVISIONS_MOST = 128 };

struct provision {
	const char *id, *clause, *text;
	uint64_t needs;                 /* features; EN 303 645 V3.1.3 */
	bool mandatory;                 /* the same */
	bool paper;                     /* tested by looking at documents alone */
};
extern const struct provision provisions[PROVISIONS];

/* Index by id ("5.1-1"), -1: there is none of that id. */
int provision_named(const char *id);

/* A set of provisions. */
struct provision_set { uint64_t w[PROVISIONS_MOST / 64]; };

static inline void provision_add(struct provision_set *p, unsigned i)
{
	p->w[i / 64] |= UINT64_C(1) << i % 64;
}
static inline void provision_remove(struct provision_set *p, unsigned i)
{
	p->w[i / 64] &= ~(UINT64_C(1) << i % 64);
}
static inline bool provision_in(const struct provision_set *p, unsigned i)
{
	return p->w[i / 64] >> i % 64 & 1;
}
/* Whether every provision of `need` is in p. */
static inline bool provision_covers(const struct provision_set *p, const struct provision_set *need)
{
	return (need->w[0] & ~p->w[0]) == 0 && (need->w[1] & ~p->w[1]) == 0;
}
unsigned provision_count(const struct provision_set *p);
unsigned provision_count_common(const struct provision_set *a, const struct provision_set *b);
/* Ids separated by blanks; false: *bad is the word (of *len bytes) that is none. */
bool provisions_parse(const char *text, struct provision_set *p, const char **bad, size_t *len);

/* ---- baselines ---- */

enum requirement_status { REQUIREMENT_NONE, REQUIREMENT_RECOMMENDED, REQUIREMENT_MANDATORY };

struct requirement {
	const char *id, *clause;        /* clause NULL: its provision's */
	enum requirement_status status;
	uint64_t needs;                 /* features that must all be there for it to apply */
	const char *by;                 /* ids of the provisions that meet it together; NULL: the one of its own id */
};

struct baseline {
	const char *id, *title, *source;
	const struct baseline *base;    /* whose requirements come first; NULL: none, or of the catalogue's (whole is set) */
	bool whole;                     /* the first EN_PROVISIONS of the catalogue as they stand */
	const char *clauses;            /* of the base: those of these clauses alone, separated by blanks; NULL: all */
	const struct requirement *row;  /* then these: in place of the base's of that id, or further ones */
	size_t n;
	int label;                      /* level of a foreign cybersecurity label that answers it as a whole; 0: none does */
};

extern const struct baseline shipped_baselines[];
extern const size_t n_shipped_baselines;
/* A shipped one, or a <baseline> of the scenario; NULL: there is none of that id.  sc may be NULL. */
const struct baseline *baseline_named(const struct scenario *sc, const char *id);
/* The id of the shipped one that is nearest to a misspelt one; NULL: none is near. */
const char *baseline_nearest(const char *id);

/* All its requirements, into `out`; how many. */
size_t baseline_rows(const struct baseline *b, struct requirement out[PROVISIONS_MOST]);
/* Requirements of a status; clause NULL: of all. */
size_t baseline_count(const struct baseline *b, const char *clause, enum requirement_status status);
/* What it asks of a product with these features: provisions that it must meet, and those that it may. */
void baseline_apply(const struct baseline *b, uint64_t features, struct provision_set *must, struct provision_set *may);
/* "M", "R", then C where a condition and F where a feature decides whether it applies; "-": not applicable. */
const char *requirement_notation(const struct requirement *r, char buf[4]);

extern const struct model baseline_model, provision_model;

#endif
