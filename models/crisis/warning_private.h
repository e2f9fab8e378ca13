/*
 * warning_private - what the files of <warning> share.
 *
 *   warning.c   the element, detections, decisions     warning_report.c   what it came to
 */
#ifndef MODELS_CRISIS_WARNING_PRIVATE_H
#define MODELS_CRISIS_WARNING_PRIVATE_H

#include "models/crisis/crisis_private.h"
#include "models/crisis/fusion.h"
#include "models/crisis/sensor.h"
#include "models/crisis/outreach.h"
#include "models/crisis/warning.h"

enum { DECISION_FIXED, DECISION_EXPONENTIAL, DECISION_LOG_NORMAL };

struct warning_params {
	const char *hazard, *rule, *via, *risk;
	simtime_t decision;
	int       decision_law;
	double    decision_variation;
	simtime_t again;
};

/* Of load and check, immutable. */
struct warning_plan { struct hazard_choice hazard; struct rule rule; double risk; /* in the hazard's unit */ };

/* One occurrence, as one warning sees it. */
struct detection {
	bool      detected;
	simtime_t at;
	double    off;                  /* of its place from the middle of the hazard, m; NaN: that has none */
	const struct issue *issue;      /* NULL: none went out within the run */
	double    most;                 /* of the report: s of the run, when 95 % of those at risk that it reaches had it; NaN: nobody */
};

/* One warning of a replication. */
struct warning {
	const struct node *node;
	const struct warning_params *p;
	const struct warning_plan *plan;
	struct warnings *all;
	uint32_t index;
	bool    *hears;                 /* by sensor */
	struct fusion *fusion;
	struct outreach *outreach;
	simtime_t quiet;                /* no warning before: a false one has gone out */
	struct detection *detection;    /* by occurrence */
	uint64_t false_alarms, issued;
};

/* A warning that has been decided on, for these occurrences. */
struct decided { struct warning *warning; simtime_t detected; struct issue issue; bool real; };

struct warnings {
	const struct scenario *scenario;
	struct warning *w;
	uint32_t n;
	struct devices *dev;
	struct decided **decided;
	uint32_t n_decided, cap_decided;
	uint16_t kind_issue;
};

/* warning_report.c */
enum { WARNING_KPIS = 10, WARNING_SECTIONS = 2 };
extern const struct kpi_def warning_kpis[WARNING_KPIS];
extern const struct section warning_sections[WARNING_SECTIONS];
void warnings_report(struct sim *s, const struct warnings *all);

#endif
