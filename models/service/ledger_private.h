/*
 * ledger_private - a ledger's state: ledger.c makes blocks, ledger_report.c says what came of them.
 */
#ifndef MODELS_SERVICE_LEDGER_PRIVATE_H
#define MODELS_SERVICE_LEDGER_PRIVATE_H

#include "models/network/outage.h"
#include "models/network/path.h"
#include "sim/kernel/station.h"

enum ledger_content { CONTENT_HASH, CONTENT_MESSAGE };
enum consensus_law { CONSENSUS_FIXED, CONSENSUS_EXPONENTIAL };
enum { LEDGER_HASH = 32 /* B, SHA-256 */, NO_BLOCK = UINT32_MAX };

struct ledger_params {
	uint64_t max_messages, max_bytes;
	simtime_t timeout;
	int content;
	uint64_t overhead;
	simtime_t consensus_time;
	int consensus_law;
	simtime_t validation;
	uint64_t pipeline;
	simtime_t block_interval;
	uint64_t confirmations, validators, quorum;
	double availability;
	simtime_t repair;
};

struct anchor_params {
	const struct node *platform;
	double share;
};

/* Records by when they were accepted.  n 0: final, and free for others. */
struct block { simtime_t *accepted; uint32_t n, cap, number, next; uint64_t bytes; };

struct ledger {
	const struct ledger_params *p;
	const struct node *element;
	struct station *consensus;
	struct outage *validator;
	uint32_t up;                            /* validators */
	struct timeavg works;                   /* 1 while a quorum is up */
	struct block *block;
	uint32_t n_blocks, cap_blocks, free_block;
	uint32_t open;                          /* the batch; NO_BLOCK: none has begun */
	simtime_t last_slot;                    /* that a block has */
	bool     timer;                         /* one is pending */
	uint16_t kind_timeout, kind_slot, kind_final, kind_warm;
	uint64_t offered, anchored;             /* records, over the whole run */
	uint64_t anchored_after;                /* since the warm-up */
	double   bytes_after;
	uint32_t cut, by_time;                  /* blocks, over the whole run */
	struct tally waiting, size;             /* s, records; since the warm-up */
	struct histogram *latency;              /* ns, of records accepted after the warm-up */
};

struct anchor { const struct anchor_params *p; struct ledger *ledger; };

struct ledgers { struct ledger *all; uint32_t n; };

enum ledger_kpi {
	KPI_LEDGER_LATENCY, KPI_LEDGER_P95, KPI_LEDGER_WAITING, KPI_LEDGER_SIZE, KPI_LEDGER_THROUGHPUT, KPI_LEDGER_BLOCKS,
	KPI_LEDGER_BYTES, KPI_LEDGER_UTILISATION, KPI_LEDGER_AVAILABILITY, LEDGER_KPIS
};
extern const struct kpi_def ledger_kpis[LEDGER_KPIS];
void ledger_report(struct sim *s, const struct ledgers *ls);

extern const struct model ledger_model, anchor_model;

#endif
