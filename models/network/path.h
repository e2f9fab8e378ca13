/*
 * path - the way behind a gateway: backhaul links, then the platform.
 */
#ifndef MODELS_NETWORK_PATH_H
#define MODELS_NETWORK_PATH_H

#include "models/network/network.h"

/* Told when a link or a platform breaks (up false) or is repaired, after the change, and when the run starts with it down. */
typedef void path_change_fn(struct sim *s, void *ctx, bool up);

/* <backhaul>: a link with latency, capacity, a queue and outages, and the backups that take over while it is down.  Every call
 * makes links of their own, for the gateway (or other site) with this key, so that one element serves many.  NULL element:
 * NULL, an ideal link without delay. */
struct backhaul;
extern const struct model backhaul_model;
struct backhaul *backhaul_of(struct sim *s, const struct node *element, uint64_t site_key);

/* Offer `bytes` to the link now; the element's overhead per message is added to them.  >= 0: the delay until they arrive
 * at the far end (queueing + serialisation + latency); < 0: lost, and *fate says why (FATE_BACKHAUL: the link is down, or
 * breaks before they have left; FATE_QUEUE_FULL).  Works by the link's next-free time: no event.  NULL link: 0. */
simtime_t backhaul_offer(struct sim *s, struct backhaul *b, unsigned bytes, enum fate *fate);
/* Now, of a small message alone on the link in use: either way.  NULL link: 0. */
simtime_t backhaul_latency(struct sim *s, const struct backhaul *b);
bool backhaul_up(const struct backhaul *b);                             /* some link of it is in use; NULL link: true */
simtime_t backhaul_up_time(const struct sim *s, const struct backhaul *b); /* since the warm-up; NULL: all of it */
/* In start: the links are assets (asset.h) at the place of that one, which they serve.  NULL link: nothing. */
void backhaul_serves(struct sim *s, struct backhaul *b, uint32_t site);
/* One watcher a link; a NULL link never calls. */
void backhaul_watch(struct sim *s, struct backhaul *b, path_change_fn *fn, void *ctx);

/* <platform>: servers and service times; the class's platform="" names it.  Accepts the message, or answers with the
 * loss; the owner is called back when service ends.  A class without platform is answered at once.  While a platform is
 * down what arrives is lost, what is being served is finished and what waits goes on waiting. */
extern const struct model platform_model;
void platform_accept(struct sim *s, const struct message *m);
bool platform_up(const struct sim *s, uint32_t device);
uint64_t platforms_held(const struct sim *s, enum purpose p);           /* messages that wait or are being served, at all of them */
simtime_t platform_up_time(const struct sim *s, uint32_t device);       /* since the warm-up */
/* fn is called with ctx for the platform that a class names; a class without one: never. */
void platform_watch(struct sim *s, uint32_t class_index, path_change_fn *fn, void *ctx);

/* <edge>: servers between gateway and platform, with a backhaul of their own; <processing> of a class says whether its messages
 * end there, go on to the platform, or some of either. */
extern const struct model edge_model, processing_model;
uint64_t edges_held(const struct sim *s, enum purpose p);                               /* messages at edge nodes, and on their way on */

/* The end of an access network: hands the message to the class's edge, else to its platform. */
void platform_arrive(struct sim *s, const struct message *m);
/* Whether all that a message of the device has to pass is up: edge, its backhaul, platform. */
bool processing_up(const struct sim *s, uint32_t device);
/* fn is called with ctx when one of those that a class's messages pass breaks or is repaired. */
void processing_watch(struct sim *s, uint32_t class_index, path_change_fn *fn, void *ctx);

/* Work of a platform that is no device's message, another platform's request for one: it shares the servers and the queue.
 * Its service time is drawn from the platform's law by `key`, and `extra` is added.  `done` is called when service ends. */
typedef void platform_done_fn(struct sim *s, void *ctx, uint32_t number);
struct platform_work { platform_done_fn *done; void *ctx; uint32_t number; uint64_t key; simtime_t extra; };
/* FATE_DELIVERED: taken; FATE_PLATFORM (it is down) or FATE_QUEUE_FULL: refused, and nobody is called. */
enum fate platform_request(struct sim *s, const struct node *platform, const struct platform_work *w);
/* The same of an <edge>; its work ends there. */
enum fate edge_request(struct sim *s, const struct node *edge, const struct platform_work *w);
/* In set-up: fn is called with ctx for every device's message that the platform accepts, in order of subscription, before its
 * owner is. */
typedef void platform_accept_fn(struct sim *s, void *ctx, const struct message *m);
void platform_on_accept(struct sim *s, const struct node *platform, platform_accept_fn *fn, void *ctx);
/* The <platform> that a class names; NULL: none. */
const struct node *platform_of(const struct sim *s, uint32_t class_index);
/* The data model that a <platform> speaks; NULL: it names none. */
const char *platform_data_model(const struct node *platform);

#endif
