/*
 * service_private - what devices report and what became of it: the state of one replication, shared by this folder.
 *
 *   traffic.c   <traffic>, when readings are taken     payload.c   how large they are
 *   trace.c     traffic from a file                    answer.c    what became of them, counted
 *   report.c    KPIs, balance                          picture.c   series, curves, map
 *   cost.c      <economy>, what all of it costs        money.c     present values
 *   accepted.c  what was accepted, by quarters of an hour
 *   surge.c     readings beside the ordinary ones, and bursts of alarms
 */
#ifndef MODELS_SERVICE_PRIVATE_H
#define MODELS_SERVICE_PRIVATE_H

#include "models/device/group.h"
#include "models/network/network.h"
#include "models/service/traffic.h"
#include "sim/kernel/tally.h"

enum pattern { PATTERN_PERIODIC, PATTERN_POISSON, PATTERN_MAR, PATTERN_ON_CHANGE, PATTERN_TRACE, PATTERN_UNIFORM, PATTERN_BETA };
enum phase { PHASE_RANDOM, PHASE_ALIGNED };
enum begin { FROM_OPERATIONAL, FROM_POWER_ON };
enum payload_law { PAYLOAD_FIXED, PAYLOAD_UNIFORM, PAYLOAD_PARETO, PAYLOAD_LOG_NORMAL };

struct traffic_params {
	int pattern;
	simtime_t period, jitter;
	int phase, from;
	uint64_t burst;
	simtime_t spacing;
	const char *file;
	uint64_t payload;
	int payload_law;
	uint64_t payload_max;
	double payload_shape, payload_variation;
	simtime_t deadline;
	uint64_t priority;
	simtime_t until;
};

/* Rows of a trace, by time; device: index within the class, EVERY_DEVICE where the file names none. */
enum { EVERY_DEVICE = UINT32_MAX };
struct trace_row { simtime_t t; uint32_t device; uint16_t bytes; };
struct trace { size_t n; struct trace_row *row; };

/* One source of readings of a class: a <traffic>, or one of the intervals of a mixture.  The context of its events. */
struct stream {
	struct service *sv;
	const struct traffic_params *p;
	const struct node *node;
	struct devices *dev;
	simtime_t period, jitter, deadline;     /* deadline SIM_NEVER: none */
	simtime_t until;                        /* readings are taken before: the traffic's, or the end of the run */
	simtime_t due_until;                    /* what is generated until then is late if it is on its way at the end; -1: nothing */
	uint64_t salt;                          /* tells the traffics of a class apart; 0 for the first */
	uint32_t index;                         /* context of its messages */
	uint16_t class_index;
	uint16_t kind, kind_more;               /* events: a reading; a further message of a burst or trace */
	uint16_t bytes;                         /* of a fixed payload */
	uint8_t  law, priority;
	bool     extra;                         /* of a surge or an alarm: not of the ordinary readings */
	double   mu, sigma, exponent;           /* of the payload laws */
};

/* What the service knows of a device. */
struct reading_row {
	uint32_t newest;                        /* generation of the newest reading accepted, in 2^tick_shift ns */
	uint32_t in_flight : 24, started : 1, ageing : 1;
};

_Static_assert(sizeof(struct reading_row) == 8, "a device's row is read with every message");

/* Counts of a cell.  [0]: generated before the warm-up was over, [1]: after. */
struct cell_tally {
	uint64_t generated, generated_before;   /* over the whole run; until the warm-up */
	uint64_t due, due_before, due_in_time;  /* with a deadline, and answered or late by the end; in_time: after the warm-up */
	uint64_t fate[2][FATES];
	uint64_t delivered_bytes;               /* payload of fate[1][FATE_DELIVERED] */
	uint64_t missed, missed_before;         /* readings not taken: the device was not operational */
	double   age_area, age_time;            /* s2, s: see answer.c */
	struct histogram *latency;              /* NULL: none delivered yet */
};

/* Messages of a class by time of generation. */
struct bin { uint64_t generated, answered, delivered; };

/* Devices shown on the map: every 2^shift-th of a class. */
struct shown { uint32_t answered, delivered; };
struct shown_class { uint32_t first; unsigned shift; };

struct service {
	const struct scenario *scenario;
	struct devices *dev;
	const struct groups *groups;
	struct stream *streams;
	uint32_t n_streams;                     /* ordinary ones; as many of surges follow, then one of alarms a class */
	uint32_t *first_stream;                 /* by class, and one past the last */
	struct surges *surges;
	struct reading_row *row;                /* by device */
	struct cell_tally *cell;
	unsigned tick_shift;
	uint16_t kind_warmup;
	/* bins */
	simtime_t bin_width, bin_from, bin_end;
	uint32_t n_bins, bin_now;
	struct bin *bin;                        /* classes x n_bins */
	uint64_t *flushed;                      /* by class: generated until bin_from */
	/* map, NULL where none is wanted */
	struct shown *shown;
	struct shown_class *shown_class;
	struct accepted *accepted;              /* NULL: not kept */
	uint32_t **accepted_in;                 /* its cells */
};

/* The bins up to the one that holds `now`. */
void bins_advance(struct service *sv, simtime_t now);

/* An operational device sends a message. */
static inline void emit(struct sim *s, const struct stream *st, uint32_t i, unsigned bytes)
{
	struct service *sv = st->sv;
	struct message m = { .created = s->now, .device = i, .context = st->index, .bytes = bytes,
			     .purpose = PURPOSE_APPLICATION, .priority = st->priority };

	if (s->now >= sv->bin_end)
		bins_advance(sv, s->now);
	struct cell_tally *c = &sv->cell[st->dev->cell[i]];
	c->generated++;
	c->due += s->now <= st->due_until;
	sv->row[i].in_flight++;
	if (sv->row[i].in_flight == 0)
		sim_fail(s, SIM_E_LIMIT, "a device has more than 16 million messages on their way");
	network_send(s, &m);
}

/* payload.c */
void payload_setup(struct stream *st);
unsigned payload_draw(const struct sim *s, const struct stream *st, uint32_t i);

static inline unsigned payload_of(const struct sim *s, const struct stream *st, uint32_t i)
{
	return st->law == PAYLOAD_FIXED ? st->bytes : payload_draw(s, st, i);
}

/* A reading is due now: an operational device sends it. */
static inline void reading(struct sim *s, const struct stream *st, uint32_t i)
{
	if (device_works(st->dev->state[i]))
		emit(s, st, i, payload_of(s, st, i));
	else
		st->sv->cell[st->dev->cell[i]].missed++;
}

/* The key of a device's draws of a stream. */
static inline uint64_t stream_key(const struct stream *st, uint32_t i)
{
	return device_key(st->dev, i) ^ st->salt;
}

/* Whether the device is one of this stream's: of a mixture it has one. */
bool takes_part(const struct sim *s, const struct stream *st, uint32_t i);

/* surge.c */
double beta_3_4(struct rng *r);
/* After the ordinary streams are whole. */
bool surge_setup(struct sim *s, struct service *sv);
static inline uint32_t streams_in_all(const struct service *sv)
{
	return 2 * sv->n_streams + sv->dev->n_classes;
}

/* trace.c */
void trace_load(const struct scenario *sc, struct node *n, struct diag *d);
void trace_unload(struct node *n);
void trace_check(const struct scenario *sc, const struct node *n, struct diag *d);
void trace_setup(struct sim *s, struct stream *st);
void trace_start(struct sim *s, const struct stream *st);

/* answer.c */
bool answer_setup(struct sim *s, struct service *sv);
void answer_start(struct sim *s, const struct service *sv);
void answer_operational(const struct sim *s, struct service *sv, uint32_t i);
void answer_finish(const struct sim *s, struct service *sv);

/* accepted.c */
void accepted_start(struct sim *s, struct service *sv);
void accepted_count(struct sim *s, struct service *sv, uint32_t cell, simtime_t created);

/* report.c */
enum {
	KPI_DELIVERY, KPI_LATENCY_MEAN, KPI_LATENCY_P50, KPI_LATENCY_P95, KPI_LATENCY_P99, KPI_LATENCY_MAX, KPI_DEADLINE, KPI_AGE,
	KPI_PER_MESSAGE, KPI_GENERATED, KPI_DELIVERED, KPI_IN_FLIGHT, KPI_MISSED, KPI_LOAD,
	KPI_LOSSES, TRAFFIC_KPIS = KPI_LOSSES + FATES - 1       /* one for each cause, in their order */
};
extern const struct kpi_def traffic_kpis[TRAFFIC_KPIS];
void report_service(struct sim *s, const struct service *sv);

/* picture.c */
enum { TRAFFIC_SECTIONS = 6 };
extern const struct section traffic_sections[TRAFFIC_SECTIONS];
bool picture_setup(struct sim *s, struct service *sv);
void report_pictures(struct sim *s, const struct service *sv);
/* Sum of the latencies of a group's cells, into *h. */
void merge_latency(const struct service *sv, uint32_t group, struct histogram *h);

#endif
