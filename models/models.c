#include "models/models.h"

/* One row per model, lower folders first: X(name) stands for name_model. */
#define ALL_MODELS(X) \
	X(city) \
	X(district) \
	X(device_class) \
	X(battery) \
	X(power) \
	X(deploy) \
	X(propagation) \
	X(shadowing) \
	X(building_entry) \
	X(fading) \
	X(backhaul) \
	X(edge) \
	X(processing) \
	X(platform) \
	X(uses) \
	X(lorawan) \
	X(gateways) \
	X(gateway) \
	X(channel) \
	X(traffic) \
	X(mapping) \
	X(federation_broker) \
	X(exchange) \
	X(ledger) \
	X(anchor)

#define DECLARE(name) extern const struct model name##_model;
ALL_MODELS(DECLARE)

static const struct model *const all[] = {
#define ROW(name) &name##_model,
	ALL_MODELS(ROW)
	NULL
};

const struct model_table sccsim_models = { all, sizeof all / sizeof all[0] - 1 };
