#include "models/models.h"

/* One row per model, lower folders first: X(name) stands for name_model. */
#define ALL_MODELS(X) \
	X(city) \
	X(district) \
	X(cost) \
	X(device_class) \
	X(battery) \
	X(power) \
	X(deploy) \
	X(mobility) \
	X(propagation) \
	X(shadowing) \
	X(building_entry) \
	X(fading) \
	X(power_grid) \
	X(blackout) \
	X(backhaul) \
	X(edge) \
	X(processing) \
	X(platform) \
	X(choosing) \
	X(uses) \
	X(local_link) \
	X(lorawan) \
	X(gateways) \
	X(gateway) \
	X(channel) \
	X(nb_iot) \
	X(lte_m) \
	X(lte) \
	X(sites) \
	X(site) \
	X(coverage_class) \
	X(commands) \
	X(compute_profile) \
	X(protocol) \
	X(flight) \
	X(trust_repository) \
	X(identifier) \
	X(onboarding_server) \
	X(onboarding_outage) \
	X(onboarding) \
	X(baseline) \
	X(provision) \
	X(product) \
	X(vendors) \
	X(practice) \
	X(laboratory) \
	X(recognition) \
	X(security) \
	X(security_policy) \
	X(surveillance) \
	X(firmware) \
	X(vulnerabilities) \
	X(patching) \
	X(malware) \
	X(malware_target) \
	X(botnet) \
	X(traffic) \
	X(mapping) \
	X(federation_broker) \
	X(exchange) \
	X(ledger) \
	X(anchor) \
	X(economy) \
	X(crisis) \
	X(flood) \
	X(earthquake) \
	X(cyclone) \
	X(power_outage) \
	X(backhaul_cut) \
	X(fragility) \
	X(crisis_response) \
	X(crew) \
	X(depot) \
	X(portable_site) \
	X(satellite_terminal) \
	X(epidemic) \
	X(travel) \
	X(sentinel) \
	X(measure) \
	X(sensor) \
	X(cell_broadcast) \
	X(app) \
	X(siren) \
	X(downlink) \
	X(warning) \
	X(fuel) \
	X(supply_chain) \
	X(supply_stage) \
	X(wildfire) \
	X(tsunami) \
	X(landslide) \
	X(heat) \
	X(demand) \
	X(alarms) \
	X(denial_of_service) \
	X(supply_disruption) \
	X(voice) \
	X(jamming)

#define DECLARE(name) extern const struct model name##_model;
ALL_MODELS(DECLARE)

static const struct model *const all[] = {
#define ROW(name) &name##_model,
	ALL_MODELS(ROW)
	NULL
};

const struct model_table sccsim_models = { all, sizeof all / sizeof all[0] - 1 };
