/*
 * exchange_private - data between platforms: what the files of this subject share.
 *
 *   mapping.c    <mapping>, what becomes of data between two models
 *   broker.c     <federation-broker>, the station through which platforms may exchange
 *   exchange.c   <exchange>, requests on their way       exchange_report.c   their KPIs and balance
 */
#ifndef MODELS_SERVICE_EXCHANGE_PRIVATE_H
#define MODELS_SERVICE_EXCHANGE_PRIVATE_H

#include "models/network/path.h"
#include "sim/kernel/tally.h"

/* ---- mapping.c ---- */

/* How data of one model become data of another: as they are (0 steps, possible), by one mapping, or by two through a pivot. */
struct mapping_params;
struct translation {
	bool   possible;
	double coverage;                        /* share that arrives; 0 where nothing is possible */
	const struct mapping_params *step[2];   /* NULL: none */
};

/* pivot: a third model through which data may go, NULL: none.  Of two ways the one that covers more is taken. */
struct translation translation_find(const struct scenario *sc, const char *from, const char *to, const char *pivot);
/* Work of translating one answer; `key` names it. */
simtime_t translation_cost(const struct sim *s, const struct translation *t, uint64_t key);

/* ---- broker.c ---- */

struct broker;
struct broker *broker_of(const struct sim *s, const struct node *element);
const char *broker_data_model(const struct node *element);      /* its pivot; NULL: none */
/* In set-up: the link between a broker and a platform, the same at every call; NULL: ideal. */
struct backhaul *broker_link(struct sim *s, struct broker *b, const struct node *platform);
/* As platform_request(), at the broker. */
enum fate broker_request(struct sim *s, struct broker *b, const struct platform_work *w);

/* ---- exchange.c, exchange_report.c ---- */

/* Why a request has no usable answer; one cause each, that which strikes first. */
#define EXCHANGE_CAUSES(X) \
	X(LINK,        "link",        "link down, broken or full") \
	X(BROKER,      "broker",      "broker down") \
	X(PLATFORM,    "platform",    "platform down") \
	X(QUEUE_FULL,  "queue-full",  "queue of a broker or platform full") \
	X(NO_MAPPING,  "no-mapping",  "no mapping between the data models") \
	X(NOT_COVERED, "not-covered", "not covered by the mapping") \
	X(LATE,        "late",        "answered after the deadline")

enum exchange_cause {
#define X(id, slug, text) EXCHANGE_##id,
	EXCHANGE_CAUSES(X)
#undef X
	EXCHANGE_CAUSE_COUNT
};

/* A stop on the way of a request: over the link to a broker or a platform, and its work there. */
struct stop {
	struct backhaul   *link;
	struct broker     *broker;      /* NULL: the platform */
	const struct node *platform;
	unsigned           bytes;       /* over the link */
	bool               translates;
};

enum { EXCHANGE_STOPS = 4 };

/* [0]: generated before the warm-up was over, [1]: after. */
struct exchange_counts { uint64_t requests, answered, translated, lost[EXCHANGE_CAUSE_COUNT]; double bytes; };

struct exchange_params {
	const struct node *from, *to, *via, *backhaul;
	double rate, share;
	uint64_t request, payload;
	simtime_t deadline;
};

struct exchange {
	const struct exchange_params *p;
	const struct node *element;
	struct exchanges *all;
	struct translation translation;
	struct stop stop[EXCHANGE_STOPS];
	unsigned n_stops;
	struct rng gaps;
	uint32_t next;                  /* number of its next request */
	struct exchange_counts count[2];
	struct histogram *latency;      /* ns, of requests generated after the warm-up and answered */
};

/* A request on its way. */
enum { NOT_ON_ITS_WAY = UINT32_MAX };
struct request { simtime_t created; uint32_t exchange, number, next_free; uint8_t stop; };

struct exchanges {
	struct exchange *exchange;
	uint32_t n;
	struct request *request;
	uint32_t n_requests, cap_requests, free_request;
	uint16_t kind_ask, kind_arrive;
};

enum exchange_kpi {
	KPI_EXCHANGE_RATIO, KPI_EXCHANGE_LATENCY, KPI_EXCHANGE_LATENCY_P95, KPI_TRANSLATION_SHARE, KPI_MAPPING_COVERAGE,
	KPI_EXCHANGE_REQUESTS, KPI_EXCHANGE_BYTES, KPI_EXCHANGE_LOST,
	EXCHANGE_KPIS = KPI_EXCHANGE_LOST + EXCHANGE_CAUSE_COUNT
};
extern const struct kpi_def exchange_kpis[EXCHANGE_KPIS];
void exchange_report(struct sim *s, const struct exchanges *xs);

extern const struct model mapping_model, federation_broker_model, exchange_model;

#endif
