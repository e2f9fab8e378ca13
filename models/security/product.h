/*
 * product - what devices are as goods: their product models, what each meets of the baseline, and its certificates.
 *
 * A product model has one vendor and one certificate at a time; every device of a class with products is of one of them, drawn by
 * the products' shares and its own key.  What a product meets is its version's: a fix or a new firmware makes a new one, which
 * devices have that leave the factory from then on.  Those in the field keep theirs until firmware brings them a newer one, where
 * their class has <firmware>, and for good where it has none.  A replication's products live in its sim; nothing is shared.
 */
#ifndef MODELS_SECURITY_PRODUCT_H
#define MODELS_SECURITY_PRODUCT_H

#include "models/device/device.h"
#include "models/security/baseline.h"

enum { NO_PRODUCT = UINT32_MAX };

/* A device's product; NO_PRODUCT: its class has none.  From set-up on. */
uint32_t product_of(const struct sim *s, uint32_t device);
uint32_t products_n(const struct sim *s);

/* Whether the product, as the factory makes it now, does what a provision of the catalogue (provision_named) asks; it may do so
 * without having to.  A negative provision is met by none. */
bool product_meets(const struct sim *s, uint32_t product, int provision);
/* Whether it truly meets every mandatory provision that applies to it, as the factory makes it now. */
bool product_compliant(const struct sim *s, uint32_t product);
/* The same of a device, by the version that it has; one without a product meets nothing and complies with everything. */
bool device_meets(const struct sim *s, uint32_t device, int provision);
bool device_compliant(const struct sim *s, uint32_t device);
/* Mandatory provisions that apply to a product and that its newest version misses, or one in the field; how many. */
unsigned product_missed(const struct sim *s, uint32_t product, struct provision_set *missed);
/* Whether it has a feature that provisions hang on. */
bool product_has(const struct sim *s, uint32_t product, enum product_feature feature);

const char *product_vendor(const struct sim *s, uint32_t product);
const char *product_id(const struct sim *s, uint32_t product);
uint32_t product_class(const struct sim *s, uint32_t product);          /* index of its device class */
simtime_t product_support(const struct sim *s, uint32_t product);       /* from the start of the run; SIM_NEVER: without end */

/* For firmware: its version `firmware` has come out, which brings the product's newest version; a device now runs it. */
void product_carried(struct sim *s, uint32_t product, uint32_t firmware);
void product_updated(struct sim *s, uint32_t device, uint32_t firmware);

/* The firmware may be rolled out. */
typedef void certification_ready_fn(struct sim *s, void *ctx, uint32_t number);
/* New firmware of a product: fn is called at once, or, where the policy asks for recertification of a certified product, when that
 * has passed; never where it fails for good. */
void certification_firmware(struct sim *s, uint32_t product, certification_ready_fn *fn, void *ctx, uint32_t number);

#endif
