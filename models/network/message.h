/*
 * message - what travels, and what became of it.
 */
#ifndef MODELS_NETWORK_MESSAGE_H
#define MODELS_NETWORK_MESSAGE_H

#include "sim/kernel/simtime.h"

enum purpose { PURPOSE_APPLICATION, PURPOSE_ONBOARDING, PURPOSE_UPDATE, PURPOSE_COMMAND, PURPOSE_WARNING, PURPOSE_ATTACK, PURPOSES };

/* One answer per recipient: delivered, or lost with one cause (kpis.md, in its order). */
#define MESSAGE_FATES(X) \
	X(DELIVERED,          "delivered") \
	X(NO_COVERAGE,        "no coverage") \
	X(INTERFERENCE,       "interference") \
	X(NO_DEMODULATOR,     "no demodulator or grant") \
	X(RECEIVER_SENDING,   "receiver sending") \
	X(ACCESS_BARRED,      "access barred") \
	X(RETRIES_EXHAUSTED,  "retries exhausted") \
	X(SUPERSEDED,         "superseded") \
	X(DUTY_CYCLE,         "duty cycle") \
	X(PAYLOAD_TOO_LARGE,  "payload too large") \
	X(NOT_ONBOARDED,      "not onboarded") \
	X(DEVICE_DOWN,        "device down") \
	X(GATEWAY_DOWN,       "gateway down") \
	X(BACKHAUL,           "backhaul") \
	X(QUEUE_FULL,         "queue full") \
	X(PLATFORM,           "platform") \
	X(EXPIRED,            "expired")

enum fate {
#define X(id, text) FATE_##id,
	MESSAGE_FATES(X)
#undef X
	FATES
};

/* PURPOSES as a purpose to look for: any. */
static inline int is_for(unsigned purpose, enum purpose wanted)
{
	return wanted == PURPOSES || purpose == (unsigned)wanted;
}

const char *fate_name(enum fate f);

/* An uplink or downlink user message. */
struct message {
	simtime_t created;      /* generation at the sender */
	uint32_t  device;       /* sender (up) or recipient (down) */
	uint32_t  context;      /* the owner's own */
	uint32_t  bytes;        /* payload of its purpose: a reading, a flight of a handshake, a piece of firmware */
	uint8_t   purpose;      /* enum purpose */
	uint8_t   priority;     /* 0 lowest .. 7 */
	uint8_t   route;        /* which of its class's networks has it, from network_send() on; 0 where that has one */
	uint8_t   down;         /* to the device; 0: from it */
};

_Static_assert(sizeof(struct message) == 24, "messages are copied by value");

#endif
