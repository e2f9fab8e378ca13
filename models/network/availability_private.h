/*
 * availability - the time in which a device can be reached end to end: it is operational, at least one way out of one of
 * the networks that its class uses lives (network_path) and its class's platform is up.
 *
 * Costs one call per change and 14 bytes a device.
 */
#ifndef MODELS_NETWORK_AVAILABILITY_PRIVATE_H
#define MODELS_NETWORK_AVAILABILITY_PRIVATE_H

#include "models/network/network.h"

struct availability;

/* In set-up, after devices and platforms; subscribes to what it needs.  NULL after sim_fail. */
struct availability *availability_new(struct sim *s);
void availability_path(struct sim *s, struct availability *a, uint32_t device, int change);
/* Mean share of the time in service over the devices of each group. */
void availability_report(struct sim *s, const struct availability *a, const struct kpi_def *def);

#endif
