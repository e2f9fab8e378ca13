/*
 * edge_private - processing between gateway and cloud, shared by its files.
 *
 *   edge.c         <edge>: its server, the way on to the cloud
 *   edge_report.c  KPIs and audit
 *   processing.c   <processing>: which class is processed where
 */
#ifndef MODELS_NETWORK_EDGE_PRIVATE_H
#define MODELS_NETWORK_EDGE_PRIVATE_H

#include "models/network/parcels_private.h"
#include "models/network/server.h"

enum processing_at { AT_EDGE, AT_CLOUD, AT_BOTH };

struct processing_params {
	const struct node *edge;
	int at;
	double forward, condense;
};

struct edge_params {
	struct server_params server;
	const struct node *backhaul;
	double idle_power, busy_power; /* W: of the node, of a busy server */
	struct position position;
};

struct edge_watcher {
	path_change_fn *fn;
	void *ctx;
	struct edge_watcher *next;
};

struct edge {
	const struct edge_params *p;
	const struct node *element;
	struct server *server;
	struct backhaul *way;
	bool live;                     /* it and its way are up */
	struct edge_watcher *watchers; /* in order of subscription */
	struct parcels under_way;      /* to the cloud */
	uint16_t kind;
	/* messages */
	uint64_t arrived, finished, handed_on, lost_down, lost_full, lost_way, lost_way_full;
	/* after the warm-up */
	uint64_t counted, counted_on, bytes, bytes_on;
};

struct edges {
	struct edge *all;
	uint32_t n;
};

/* NULL: the scenario has none. */
struct edges *edges_of(const struct sim *s);
struct edge *edge_of(const struct sim *s, const struct node *element);
/* A message for the edge, of a class with that <processing>. */
void edge_arrive(struct sim *s, struct edge *e, const struct message *m);
void edge_watch(struct sim *s, struct edge *e, path_change_fn *fn, void *ctx);
/* Whether the class's messages get to where their processing ends. */
bool edge_serves(const struct edge *e, const struct processing_params *p);

enum {
	EDGE_WAITING, EDGE_WAITING_P95, EDGE_UTILISATION, EDGE_AVAILABILITY, EDGE_FORWARDED, EDGE_BYTES_FORWARDED, EDGE_ENERGY,
	EDGE_KPIS
};
extern const struct kpi_def edge_kpis[EDGE_KPIS];
void edges_report(struct sim *s, const struct edges *es);

/* The <processing> of the device's class; NULL: it has none. */
const struct processing_params *processing_of(const struct sim *s, uint32_t device);

#endif
