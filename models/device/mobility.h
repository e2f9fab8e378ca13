/*
 * mobility - where devices are while they move.
 *
 * A class or one of its <deploy>s may hold a <mobility>; the deploy's goes before the class's.  Nothing happens while a device
 * moves: no event, no signal.  Whoever wants to know where it is asks, and the position is a closed form of the leg under way, or
 * of the route; legs that are over since the last question are gone through then, each once.  A device moves whether it is powered
 * or not.  There is therefore no "device moved" to subscribe to: what depends on a place is computed for the moment at which it
 * matters, as a network's links are when a frame begins.
 *
 * LoRaWAN and the cellular networks follow what moves: a frame's links, and the sector, coupling loss and coverage class of an
 * access, are those of the place where it begins.  Within a connection nothing is handed over.  Local links have no places.
 *
 * The rows x, y and district of a device tell where it began; KPI groups by district keep to them.
 */
#ifndef MODELS_DEVICE_MOBILITY_H
#define MODELS_DEVICE_MOBILITY_H

#include "models/device/device.h"

/* Where a device is now, m.  Of one that does not move: its row's x, y.  Time must not have gone back since it was last asked. */
struct point device_position(const struct sim *s, const struct devices *d, uint32_t i);
/* Whether this device moves; false for all devices of a class that does not (device_class.moves). */
bool device_moves(const struct devices *d, uint32_t i);

extern const struct model mobility_model;

#endif
