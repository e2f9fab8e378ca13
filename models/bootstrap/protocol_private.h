/*
 * protocol_private - where the shipped protocols come from.
 */
#ifndef MODELS_BOOTSTRAP_PROTOCOL_PRIVATE_H
#define MODELS_BOOTSTRAP_PROTOCOL_PRIVATE_H

#include "models/bootstrap/protocol.h"

#define FLIGHTS(f) .flights = (f), .n_flights = sizeof(f) / sizeof((f)[0])

struct node;

const struct protocol *protocol_shipped_named(const char *id);
/* Of a <protocol> that was loaded. */
const struct protocol *protocol_of_node(const struct node *n);

#endif
