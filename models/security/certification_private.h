/* Certificates: what certification.c, laboratory.c, gate.c and surveillance.c know of each other. */
#ifndef MODELS_SECURITY_CERTIFICATION_PRIVATE_H
#define MODELS_SECURITY_CERTIFICATION_PRIVATE_H

#include "models/security/security_private.h"
#include "sim/kernel/station.h"

/* ---- laboratory.c ---- */

struct laboratory_params {
	uint64_t servers;
	simtime_t time_per_test;
	int service_law, retest;
	double sensitivity, specificity;
	double fee, cost_per_test;      /* NaN: none */
	bool recognition;
};
enum laboratory_law { TEST_EXPONENTIAL, TEST_FIXED };
enum laboratory_retest { RETEST_FAILED, RETEST_ALL };

struct laboratory {
	const struct node *element;
	const struct laboratory_params *p;
	struct station *station;        /* a job is the number of the product that is tested */
	uint64_t rounds;
};

/* Test cases of a provision: one looks at what is claimed of it, one at the device, where there is something to see. */
unsigned laboratory_cases(unsigned provision);
unsigned laboratory_cases_of(const struct provision_set *set);
/* What became of test cases. */
struct test_counts {
	uint64_t begun, passed, missed, false_alarms, found, held;   /* missed: passed though lacking; found: failed and lacking */
};
/* One provision tested: whether it passes. */
bool laboratory_test(const struct laboratory_params *p, struct rng *r, unsigned provision, bool meets, struct test_counts *c);
/* The laboratory of a product; NULL: the scenario has none. */
struct laboratory *laboratory_of(const struct sim *s, const struct product *p);
/* Level of Singapore's scheme that a foreign label stands for at an instant (seconds since 1970); 0: none. */
int laboratory_recognises(const struct scenario *sc, const struct node *laboratory, const char *label, int64_t at);
bool laboratory_knows_label(const struct scenario *sc, const char *label);
/* Called with a product whose tests are over. */
typedef void laboratory_done_fn(struct sim *s, uint32_t product);
void laboratory_on_done(struct sim *s, laboratory_done_fn *fn);

extern const struct model laboratory_model, recognition_model;

/* ---- gate.c: <security-policy> ---- */

struct policy_params {
	int deployment_gate;
	simtime_t validity;             /* SIM_NEVER: for ever */
	bool renewal, recertification;
};
/* In force; defaults without the gate where there is none. */
const struct policy_params *policy_of(const struct sim *s);
/* A product's assessment is over, or its certificate has come or gone. */
void gate_open(struct sim *s, uint32_t product);
/* A device has another version; whether it complied before. */
void gate_updated(struct sim *s, uint32_t device, bool complied);

/* ---- certification.c ---- */

struct certification {
	struct products *ps;
	const struct scenario *sc;
	uint64_t asked, certified[BASES], failed, false_given;
	struct test_counts tests;
	uint64_t firmware_asked, firmware_ready, firmware_withheld;
	struct tally *time;             /* by class */
	uint32_t *asking, *holding;     /* by class: products that asked, that were certified */
	uint16_t kind_enter, kind_declared, kind_fixed, kind_expired;
};

void certification_setup(struct sim *s, const struct scenario *sc);
void certification_start(struct sim *s, const struct scenario *sc);
void certification_request(struct sim *s, uint32_t product);
/* A certificate is withdrawn: surveillance found these missing, which the vendor mends first. */
void certification_withdraw(struct sim *s, uint32_t product, const struct provision_set *missing);
/* Money that a product's conformity costs: at once, or by the year. */
void certification_pay(struct sim *s, uint32_t product, const struct node *part, double money, bool once);

/* ---- certification_report.c ---- */

enum { CERTIFICATION_KPIS = 4 };
extern const struct kpi_def certification_kpis[CERTIFICATION_KPIS];
void certification_finish(struct sim *s, const struct scenario *sc);

#endif
