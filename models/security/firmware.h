/*
 * firmware - the version that each device runs, and how new ones reach it.
 *
 * A ware is what gets firmware as one: a product, or the devices of a class that has no products.  Its versions count from 0, each
 * holds all that the earlier ones held.  Devices that are not in the field yet leave the factory with the newest.
 */
#ifndef MODELS_SECURITY_FIRMWARE_H
#define MODELS_SECURITY_FIRMWARE_H

#include "models/device/device.h"
#include "sim/scenario/scenario.h"

extern const struct model firmware_model;

uint32_t wares_n(const struct sim *s);
uint32_t ware_of(const struct sim *s, uint32_t device);
uint32_t ware_product(const struct sim *s, uint32_t ware);      /* NO_PRODUCT: the ware is a class */
uint32_t ware_class(const struct sim *s, uint32_t ware);
uint64_t ware_key(const struct sim *s, uint32_t ware);          /* for draws */
const uint32_t *ware_devices(const struct sim *s, uint32_t ware, uint32_t *n);

/* In set-up of those that need wares: makes them, whether or not the scenario has a <firmware>.  false after sim_fail. */
bool firmware_needed(struct sim *s, const struct scenario *sc);

uint32_t firmware_version(const struct sim *s, uint32_t device);
/* A new version of the ware is published and rolled out as its class's <firmware> says; returns its number.  Without a <firmware>
 * devices in the field keep what they have. */
uint32_t firmware_release(struct sim *s, uint32_t ware);
/* The same with what a vendor has mended of a product: to its devices in the field, where there are any and their class has a
 * <firmware>. */
void firmware_carry(struct sim *s, uint32_t product);
/* fn is told of every device that runs a new version, updated in the field or on its way out of the factory. */
typedef void firmware_change_fn(struct sim *s, void *ctx, uint32_t device, bool in_field);
void firmware_watch(struct sim *s, firmware_change_fn *fn, void *ctx);

#endif
