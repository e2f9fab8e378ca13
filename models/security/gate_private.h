#ifndef MODELS_SECURITY_GATE_PRIVATE_H
#define MODELS_SECURITY_GATE_PRIVATE_H

#include "models/device/group.h"
#include "models/security/certification_private.h"

/* Why a device came into the field though its version of the product misses a mandatory provision. */
enum escape {
	ESCAPE_TEST,            /* the laboratory did not notice */
	ESCAPE_DECLARATION,     /* the vendor declared wrongly */
	ESCAPE_RECOGNITION,     /* a foreign label was taken for it */
	ESCAPE_FIRMWARE,        /* the product has changed since its certificate */
	ESCAPE_EXPIRED,         /* its certificate had ended; warned */
	ESCAPE_WARNED,          /* it has none; warned */
	ESCAPE_OFF,             /* nobody asked */
	ESCAPES
};

/* Of a cell of groups. */
struct gate_cell {
	uint32_t service, compliant;            /* devices in service, and of these those that comply */
	double service_time, compliant_time;    /* s, after the warm-up, up to `since` */
	simtime_t since;
	uint32_t deployed, escaped;
};

struct gates {
	struct products *ps;
	const struct policy_params *policy;
	struct gate_cell *cell;
	uint32_t *place;        /* by device, see gate.c; NULL: no gate is closed */
	uint8_t *mode;          /* enum gate, by class: OFF too where nobody is asked */
	uint32_t (*escaped)[ESCAPES];   /* by class */
	uint64_t asked, admitted, warned;
	uint16_t kind_sample;
	simtime_t sampling;
};

/* Brings the times of a cell up to now. */
void gate_advance(const struct sim *s, struct gate_cell *c);
/* Devices that wait: WAITING_... by what for. */
enum waiting { WAITING_ASSESSMENT, WAITING_CERTIFICATE, WAITING_FOR_NOTHING, WAITING_ELSEWHERE, WAITINGS };
void gate_count_waiting(const struct gates *g, double n[WAITINGS]);

enum { KPI_COMPLIANCE, KPI_ESCAPE, KPI_REFUSED, KPI_SCORE, GATE_KPIS };
extern const struct kpi_def gate_kpis[GATE_KPIS];
enum { GATE_SECTIONS = 4 };
extern const struct section gate_sections[GATE_SECTIONS];
void gate_sample(struct sim *s, struct gates *g);
void gate_finish(struct sim *s, const struct scenario *sc);

/* surveillance.c */
void surveillance_setup(struct sim *s, const struct scenario *sc);
/* A product has a certificate; a device has another version: who was quarantined, and has a version that the certificate is for,
 * is let in again. */
void surveillance_certified(struct sim *s, uint32_t product);
void surveillance_updated(struct sim *s, uint32_t device);
extern const struct model security_policy_model, surveillance_model;

#endif
