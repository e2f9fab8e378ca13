/*
 * path - the way behind a gateway: backhaul links, then the platform.
 */
#ifndef MODELS_NETWORK_PATH_H
#define MODELS_NETWORK_PATH_H

#include "models/network/network.h"

/* <backhaul>: a link with latency, capacity, a queue and outages; NULL element: ideal, no delay. */
struct backhaul;
struct backhaul *backhaul_of(struct sim *s, const struct node *element);

/* Offer `bytes` to the link now.  >= 0: the delay until they arrive at the far end (queueing + serialisation +
 * latency); < 0: lost, and *fate says why (FATE_BACKHAUL: down; FATE_QUEUE_FULL).  Works by the link's next-free
 * time: no event.  NULL link: 0. */
simtime_t backhaul_offer(struct sim *s, struct backhaul *b, unsigned bytes, enum fate *fate);
bool backhaul_up(const struct backhaul *b);

/* <platform>: servers and service times; the class's platform="" names it.  Accepts the message, or answers with the
 * loss; the owner is called back when service ends.  A class without platform is answered at once. */
void platform_arrive(struct sim *s, const struct message *m);
bool platform_up(const struct sim *s, uint32_t device);

#endif
