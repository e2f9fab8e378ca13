/* What the files of security/ that know products share: parameters, the products of a replication, their certificates. */
#ifndef MODELS_SECURITY_SECURITY_PRIVATE_H
#define MODELS_SECURITY_SECURITY_PRIVATE_H

#include "models/security/product.h"

enum conformance { CONFORMANCE_NONE, CONFORMANCE_SELF, CONFORMANCE_LABORATORY };
enum gate { GATE_OFF, GATE_WARN, GATE_ENFORCE };
enum practice { PRACTICE_POOR, PRACTICE_TYPICAL, PRACTICE_GOOD };
enum adoption { ADOPTION_LINEAR, ADOPTION_LOGISTIC };
extern const char *const gate_names[], *const practice_names[];

/* <security> of a class. */
struct security_params {
	const char *baseline;
	int conformance, practice, adoption, deployment_gate;   /* gate -1: the policy's */
	const struct node *laboratory;
	double declaration_error;
	simtime_t declaration_time;
	double declaration_fee;         /* NaN: none */
	simtime_t fix_time;
	double fix_chance;
	uint64_t retests;
	double regression;
};
/* In force of a class, with its baseline; the defaults where it has no <security>. */
const struct security_params *security_of(const struct node *class_node);

/* What <product> and <vendors> have in common; first in the parameters of both. */
struct goods_params {
	double share;                   /* NaN: what the others leave */
	simtime_t support;
	const char *features, *meets, *lacks, *certificate;
	int practice;                   /* -1: the class's */
	simtime_t enters;
};

#define GOODS_FEATURES                                                                                                      \
	"passwords preset-passwords cryptographic-login network-login mutable-software updatable network-updates "           \
	"stored-parameters keys-for-updates remote-configuration parameters-sent unused-interfaces debug-interfaces "         \
	"telemetry update-mechanism login-limit-possible updates-possible critical-parameters"
#define GOODS_ROWS                                                                                                          \
	RATIO(struct goods_params, share, "", "0%", "100%",                                                                  \
	      "of the class's devices; absent: an equal part of what the others leave", NULL),                               \
	TIME(struct goods_params, support, "", "0s", "200yr",                                                               \
	     "its vendor makes updates for so long from the start of the run; absent: as long as it runs", NULL),            \
	TEXT(struct goods_params, features, GOODS_FEATURES,                                                                  \
	     "what it has or does that provisions hang on, separated by blanks; constrained takes updates-possible and "      \
	     "login-limit-possible away. All: `sccsim models features`",                                                       \
	     "choice of ours: a sensor or meter with remote configuration and no personal data"),                            \
	TEXT(struct goods_params, meets, "", "ids of provisions that it meets for certain, separated by blanks", NULL),      \
	TEXT(struct goods_params, lacks, "", "ids of provisions that it does not meet", NULL),                               \
	TEXT(struct goods_params, certificate, "",                                                                           \
	     "a cybersecurity label that it brings along: FI, DE or KR, or one of a <recognition>", NULL),                    \
	CHOICE(struct goods_params, practice, "", practice_names,                                                            \
	       "how well the vendor does what nothing here fixes; absent: the class's <security practice>", NULL),           \
	TIME(struct goods_params, enters, "0s", "0s", "200yr", "enters the market: asks for its certificate then", NULL)

/* node->data of a <product> or <vendors>. */
struct goods_data {
	uint64_t features;
	struct provision_set meets, lacks;
};

/* Where an assessment stands. */
enum assessment { ASSESSMENT_NONE, ASSESSMENT_WORKING, ASSESSMENT_CERTIFIED, ASSESSMENT_FAILED, ASSESSMENTS };
/* What a certificate rests on. */
enum basis { BASIS_NONE, BASIS_LABORATORY, BASIS_DECLARATION, BASIS_RECOGNITION, BASES };

struct firmware {
	struct provision_set has;       /* what the product meets with it, once it is its turn */
	certification_ready_fn *fn;
	void *ctx;
	uint32_t number;
	struct firmware *next;
};

enum { NOT_CARRIED = UINT32_MAX };

/* What a product meets from one change of it to the next; numbered from 0. */
struct version {
	struct provision_set has;
	bool compliant;
	uint32_t firmware;              /* the first that brings it; NOT_CARRIED: none does, it comes from the factory alone */
	uint32_t devices, in_field;     /* that have it, of those deployed; of these those in the field */
};

struct product {
	const struct node *element;     /* its <product> or <vendors>, or the class where that has none */
	const struct goods_params *goods;
	const struct security_params *security;
	const struct baseline *baseline;
	const char *id, *vendor;
	uint64_t key, vendor_key;
	uint32_t class_index;
	simtime_t enters;
	uint64_t features;
	struct provision_set must, may;
	struct provision_set has;       /* of the newest version */
	bool compliant;                 /* the same */
	struct version *version;
	uint32_t n_versions, versions_cap;
	/* certification.c */
	uint8_t assessment, basis;      /* basis of the last certificate */
	bool valid;                     /* holds a certificate */
	bool expired;                   /* held one that ended, and has no new one */
	bool certified_compliant;       /* was truly so when the certificate was given */
	uint16_t certified_version;     /* the newest when the last certificate was given */
	bool ever;                      /* has been certified */
	bool busy;                      /* a request is under way */
	uint16_t certificate;           /* its number: an expiry of an earlier one is void */
	uint32_t rounds;                /* of the request that is under way */
	uint32_t draws;                 /* streams begun */
	uint32_t cases;                 /* test cases of the round in the laboratory */
	simtime_t requested;
	struct provision_set todo, shown;       /* to be shown in the round; of these the mandatory ones that failed */
	struct firmware *firmware;      /* to be recertified, in turn */
	bool on_firmware;               /* the request is about the first of them */
	double paid;
	/* gate.c */
	uint32_t first_waiting, last_waiting;
	uint32_t asked, admitted, deployed;
};

struct products {
	struct product *all;
	uint32_t n;
	uint32_t *of_device;            /* NULL: there are no products */
	uint16_t *version_of;           /* by device, once it is deployed */
	struct devices *dev;
	/* by class: its products are all[first .. first + n - 1] */
	struct { uint32_t first, n; } *of_class;
};

/* NULL: no class has products. */
struct products *products_of(const struct sim *s);

/* version.c */
bool version_setup(struct sim *s, struct products *ps);
/* The product meets this from now on: a new version, unless it is what the newest meets.  Whether there is one. */
bool version_add(struct sim *s, struct product *p, const struct provision_set *has);
/* Of a device, which must have a product: before it is deployed, the newest. */
uint32_t version_number(const struct products *ps, uint32_t device);
const struct version *version_of(const struct products *ps, uint32_t device);

/* practice.c: chance that a vendor meets a provision; the year is the calendar's. */
double practice_chance(enum practice p, enum adoption a, int year, unsigned provision);
double adoption_share(enum adoption a, int year);
int practice_year(const struct scenario *sc);

extern const struct model product_model, vendors_model, practice_model, security_model;

#endif
