/*
 * server - a place where messages are processed: servers with a service-time law, a bounded queue and outages.
 *
 * The service time of a message is drawn by its device and time of creation, so that it is the same whatever else the place
 * serves.  While it is down nothing is taken, what is being served is finished and what waits goes on waiting.
 */
#ifndef MODELS_NETWORK_SERVER_H
#define MODELS_NETWORK_SERVER_H

#include "models/network/asset.h"
#include "models/network/outage.h"
#include "models/network/path.h"
#include "sim/kernel/station.h"

enum service_law { LAW_EXPONENTIAL, LAW_FIXED, LAW_LOG_NORMAL };
extern const char *const service_laws[];

/* First in the parameters of an element, so that SERVER_ROWS may stand in its table. */
struct server_params {
	uint64_t servers;
	simtime_t service_time;
	int service_law;
	double service_variation;
	uint64_t queue;
	double availability;
	simtime_t repair;
};

#define SERVER_ROWS(n_servers, time, mends) \
	COUNT(struct server_params, servers, n_servers, "1", "1000000", "messages served at the same time", NULL), \
	TIME(struct server_params, service_time, time, "0s", "1h", "mean time to process one message", NULL), \
	CHOICE(struct server_params, service_law, "exponential", service_laws, "distribution of the service time", NULL), \
	NUMBER(struct server_params, service_variation, "1", "0.01", "10", \
	       "standard deviation ÷ mean of a log-normal service time", NULL), \
	COUNT(struct server_params, queue, "", "0", "4000000000", "most messages that may wait; absent: not limited", NULL), \
	RATIO(struct server_params, availability, "100%", "0%", "100%", "share of the time in which it is up", NULL), \
	TIME(struct server_params, repair, mends, "1s", "10yr", "mean time to repair", NULL)

/* The message has been served. */
typedef void server_done_fn(struct sim *s, void *ctx, const struct message *m);
/* What an element's server is called in events and draws, and whom it calls: `done` where messages arrive, `changed` where it is
 * given. */
struct server_setup {
	const char *change;                     /* name of its outages' event */
	uint32_t service, outage;               /* purposes of its draws */
	server_done_fn *done;
	path_change_fn *changed;
	void *ctx;
};

struct server;

/* In set-up: the server of an element whose parameters begin with server_params; NULL after sim_fail.  In start: server_start(). */
struct server *server_new(struct sim *s, const struct node *element, const struct server_setup *setup);
void server_start(struct sim *s, struct server *v);
/* A message of the device with that key.  FATE_DELIVERED: it is taken, and `done` will be called; else why it is lost. */
enum fate server_arrive(struct sim *s, struct server *v, uint64_t device_key, const struct message *m);
/* The same for work that is no message; its own call-back is called.  Its service time is drawn by the work's key. */
enum fate server_request(struct sim *s, struct server *v, const struct platform_work *w);
/* Close it, whatever its own outages do, and open it again. */
void server_hold(struct sim *s, struct server *v, bool hold);
bool server_works(const struct server *v);      /* neither down nor closed */
/* In start: it can break in the field, which closes it; what happens at places reaches it where it has a position.  The number of the
 * asset. */
uint32_t server_asset(struct sim *s, struct server *v, enum asset_kind kind, const struct node *element, const struct city *city,
		      const struct position *position);
/* For check hooks: a position on earth needs a city that lies there. */
void server_check_position(const struct scenario *sc, const struct node *n, const struct position *position, struct diag *d);
const struct outage *server_outage(const struct server *v);
const struct station_stats *server_stats(const struct server *v);
uint32_t server_held(const struct server *v, enum purpose p);   /* messages of a purpose that wait or are being served */
uint32_t server_requests_held(const struct server *v);
uint64_t server_requests_done(const struct server *v);

#endif
