/*
 * gateway - the receiver of a LoRaWAN gateway: demodulators, interference, half duplex.
 *
 * A frame that arrives (a) is lost if the gateway sends, and then does not interfere either; (b) else joins the frames on
 * its channel, adding the energy of every overlap to both; (c) takes a demodulator if one of them is free and it is above
 * sensitivity, in that order; (d) at its end is received if, for every interfering SF, its energy over the summed
 * overlapping energy reaches the rejection.  A gateway that begins to send kills what it receives and frees the
 * demodulators.  Channels of 250 or 500 kHz and of FSK feed demodulators of their own.  Since ends are known at the
 * start, every pair is handled once, at the later start.  Frames that meet at one instant do not overlap; whose begin and
 * end come first there is the caller's order (end before begin frees a demodulator).
 *
 * Not thread-safe; lives in the arena of its sim (or of a replay).
 */
#ifndef MODELS_NETWORK_LORAWAN_GATEWAY_H
#define MODELS_NETWORK_LORAWAN_GATEWAY_H

#include "models/radio/lora.h"
#include "sim/kernel/arena.h"
#include "sim/kernel/simtime.h"

enum reception {
	RECEPTION_RECEIVED, RECEPTION_INTERFERED, RECEPTION_NO_DEMODULATOR, RECEPTION_UNDER_SENSITIVITY, RECEPTION_GATEWAY_SENDING,
	RECEPTIONS
};

/* The demodulators that a channel feeds: of any SF at 125 kHz, of one wider SF, of FSK. */
enum gateway_path { GATEWAY_MULTI_SF, GATEWAY_WIDE, GATEWAY_FSK, GATEWAY_PATHS };

struct gateway_params {
	unsigned demodulators[GATEWAY_PATHS];   /* SX1301: 8, 1, 1 */
	unsigned channels;              /* channel numbers are 0..channels-1; only equal ones interfere */
	const uint8_t *path;            /* enum gateway_path of each channel; NULL: all are GATEWAY_MULTI_SF */
	enum lora_rejection rejection;  /* between LoRa frames; FSK has its own, but for LORA_ALOHA */
	double   sensitivity_mw[GATEWAY_PATHS][LORA_SFS];       /* a weaker frame takes no demodulator */
};

struct gateway_frame {
	simtime_t start, end;           /* at this gateway */
	double    power_mw;             /* received */
	uint8_t   sf;                   /* 7..12; 7 for FSK */
	uint8_t   channel;
};

struct gateway;

struct gateway *gateway_new(struct arena *a, const struct gateway_params *p);   /* NULL when memory is short */

/* A frame arrives now (f->start, never before an earlier call's).  >= 0: it is being received, end it with
 * gateway_end(token) at f->end; < 0: it is not, and -1 - result is the enum reception why. */
int gateway_begin(struct gateway *g, const struct gateway_frame *f);
enum reception gateway_end(struct gateway *g, int token);

/* From now on so much noise comes in on a channel, on top of its own: what is weaker than noise allows is not received, and what is
 * being received so is lost by interference. */
void gateway_jam(struct gateway *g, unsigned channel, simtime_t now, double noise_mw);

/* The gateway sends from now until `until`: kills every reception. */
void gateway_transmit(struct gateway *g, simtime_t now, simtime_t until);
bool gateway_sending(const struct gateway *g, simtime_t now);

unsigned gateway_busy(const struct gateway *g);         /* demodulators held */
/* Memory ran short in a gateway_begin: outcomes since then are not to be trusted. */
bool gateway_starved(const struct gateway *g);

#endif
