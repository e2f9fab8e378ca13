/*
 * rach - one opportunity of slotted random access with several preambles: who is granted an uplink.
 *
 * Two who choose the same preamble are both lost (no capture); one alone is detected or not, and detected preambles are
 * granted in their order until the response is full.  Pure: no state, no chance of its own.
 */
#ifndef MODELS_NETWORK_CELLULAR_RACH_H
#define MODELS_NETWORK_CELLULAR_RACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RACH_PREAMBLES = 64 };                   /* at the most */
enum rach_outcome { RACH_GRANTED, RACH_COLLIDED, RACH_UNDETECTED, RACH_NO_GRANT, RACH_OUTCOMES };

/* preamble, detectable: drawn by the caller.  outcome, grant: set; the first grant of the response is 0. */
struct rach_try { uint32_t device; uint8_t preamble; bool detectable; uint8_t outcome, grant; };
/* Preambles that nobody chose, that one did, that more did; and grants given. */
struct rach_sums { unsigned idle, single, collided, granted; };

/* preambles: 1 .. RACH_PREAMBLES, and every try's is below it. */
struct rach_sums rach_resolve(struct rach_try *t, size_t n, unsigned preambles, unsigned grants);

#endif
