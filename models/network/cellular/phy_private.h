/* What phy's files share. */
#ifndef MODELS_NETWORK_CELLULAR_PHY_PRIVATE_H
#define MODELS_NETWORK_CELLULAR_PHY_PRIVATE_H

#include <math.h>
#include <stddef.h>

#include "models/network/cellular/phy.h"

bool nbiot_uplink(enum phy_format f, double loss, unsigned bits, struct cell_transfer *out);
bool nbiot_downlink(double loss, unsigned bits, struct cell_transfer *out);
bool nbiot_acknowledge(double loss, struct cell_transfer *out);

#endif
