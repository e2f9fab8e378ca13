/*
 * sensor_private - what the files of <sensor> share.
 *
 *   sensor.c        the element, what is chosen by its attributes, set-up
 *   sensor_sample.c when a device looks, and what it sees
 *   sensor_report.c reports over the network, what became of them
 */
#ifndef MODELS_CRISIS_SENSOR_PRIVATE_H
#define MODELS_CRISIS_SENSOR_PRIVATE_H

#include "models/crisis/crisis_private.h"
#include "models/crisis/sensor.h"
#include "models/device/mobility.h"
#include "sim/kernel/tally.h"

enum { PHASE_RANDOM, PHASE_ALIGNED };

struct sensor_params {
	const char *hazard, *threshold, *noise;
	simtime_t sampling;
	int       phase;
	double    sensitivity, specificity;
	uint64_t  consecutive;
	simtime_t hold;
	uint64_t  bytes, priority;
	simtime_t deadline;
	uint64_t  repeat;
	simtime_t repeat_after;
};

/* Of load: the levels, in the hazard's unit. */
struct sensor_levels { struct hazard_choice hazard; double threshold, noise; };

/* One device of one sensor. */
struct sensor_row {
	int64_t   last;         /* the newest sample that exceeded the threshold; NO_SAMPLE */
	simtime_t quiet;        /* no report before */
	simtime_t reported;     /* when the newest report was made */
	uint32_t  run;          /* samples in a row that exceeded it, up to `last` */
	bool      looks;        /* sample by sample: an event of it is pending */
};
enum { NO_SAMPLE = -2, SENSORS_MOST = 1 << 16 };

struct sensors {
	struct sensor *all;
	uint32_t n, n_watchers;
	struct devices *dev;
	struct sensor_row *row;
	struct sensor_kinds { struct sensors *all; uint32_t index; uint16_t chance, begin, sample, repeat; } *kind;    /* by sensor */
	struct { sensor_heard_fn *fn; void *ctx; } watcher[CRISIS_WATCHES];
	answer_fn *down;
	void *down_ctx;
	/* over the whole run */
	uint64_t made, sent, delivered, lost[FATES], in_time, with_deadline;
	struct tally delay;
};

static inline struct sensor_row *sensor_row(const struct sensors *v, const struct sensor *sn, uint32_t device)
{
	return &v->row[sn->row + (device - sn->first)];
}

/* sensor_sample.c */
void samples_setup(struct sim *s, struct sensors *v);
void samples_start(struct sim *s, const struct sensors *v);
/* sensor_report.c */
enum { SENSOR_KPIS = 4 };
extern const struct kpi_def sensor_kpis[SENSOR_KPIS];
void reports_setup(struct sim *s, struct sensors *v);
void report_alarm(struct sim *s, struct sensors *v, const struct sensor *sn, uint32_t device);
void reports_finish(struct sim *s, const struct sensors *v);

#endif
