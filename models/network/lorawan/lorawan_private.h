/*
 * lorawan_private - the state of one <lorawan> in one replication, shared by the files of this folder.
 *
 *   lorawan.c   elements, parameters, set-up            links.c    gateways, links, coverage
 *   plan.c      channels and data rates                 slots.c    uplinks in work
 *   uplink.c    the device: send, retry, windows        server.c   network server: one copy, answer, downlink
 *   air.c       what a listening device hears besides   front.c    what network.h asks of it
 *   queue.c     messages that wait, either way          down.c     downlinks that carry one
 *   admit.c     the join server: nonces, verdicts       multicast.c the same for many at once
 *   adr.c       adaptive data rate, both ends           join.c     OTAA
 *   account.c   what is counted and reported            duty.h     duty cycle by one time stamp
 *   ways.c      gateways that fail and come back        jam.c      noise from jammers
 *
 * A frame's life:  send -> [wait for duty cycle] -> transmit: gateway_begin at every gateway that matters -> EV_END:
 * gateway_end, copies over the backhaul -> EV_SERVER: first copy, platform, ADR -> EV_DECIDE: which gateway answers, in
 * which window -> EV_DOWN_START -> EV_DOWN_END: does the device hear it.  Unconfirmed frames that need no answer stop
 * after EV_END (or EV_SERVER where the backhaul takes time), and those that no gateway can receive before EV_END.
 */
#ifndef MODELS_NETWORK_LORAWAN_PRIVATE_H
#define MODELS_NETWORK_LORAWAN_PRIVATE_H

#include "models/device/group.h"
#include "models/network/lorawan/gateway.h"
#include "models/network/lorawan/lorawan.h"
#include "models/network/lorawan/region.h"
#include "models/network/grid.h"
#include "models/network/path.h"
#include "models/network/sites.h"
#include "models/radio/lora.h"
#include "models/radio/radio.h"
#include "sim/kernel/tally.h"

enum duty_rule { DUTY_OFF_TIME, DUTY_FROM_START, DUTY_WINDOW, DUTY_NONE };
enum adr_algorithm { ADR_THINGS_STACK, ADR_SEMTECH };
enum { RATE_ADR, RATE_LINK, RATE_SF7 };         /* spreading-factor: adr, link, 7 .. 12 */

struct lorawan_params {
	int       region;
	bool      adr;
	int       adr_algorithm;
	double    adr_margin;                   /* dB */
	int       spreading_factor;
	int       activation;                   /* 0 otaa, 1 personalised */
	bool      cflist;
	simtime_t join_spread;
	double    power;                        /* dBm */
	int       duty_cycle, rejection;
	bool      iq_inversion;
	bool      retry_lowers_rate;
	uint64_t  demodulators, wide_demodulators, fsk_demodulators, frame_overhead, ack_size, window_symbols, sub_band;
	simtime_t rx1_delay, join_rx1_delay, decision;
	double    downlink_power, rx2_power;    /* dBm; NaN: what the sub-band of the channel allows */
	double    noise_figure, snr_ceiling;    /* dB, of the gateway: the server's SNR */
	int       dwell_time;                   /* 0 region, 1 on, 2 off */
	int       version, dev_nonce;
	simtime_t rejoin;
	uint64_t  multicast_data_rate;
	uint64_t  up_queue, down_queue, down_tries;
	bool      poll_pending;
	simtime_t class_c_timeout;
};

struct gateways_params {
	struct backup_params power;
	int       placement;
	uint64_t  count;
	double    height, gain;
	const char *file, *sites;
	const struct node *backhaul;
};
struct gateway_params_xml {
	struct backup_params power;
	struct position position;
	double    height, gain;
	const struct node *backhaul;
};
struct channel_params { double frequency, weight; uint64_t min_data_rate, max_data_rate; };

enum { LW_RESERVED = 128, LW_HEARD_MAX = 16 };

/* A gateway in a replication. */
struct lw_gateway {
	struct radio_site site;
	struct gateway   *rx;
	struct backhaul  *backhaul;
	const char       *name;
	const struct node *element;                     /* <gateway> or <gateways> */
	simtime_t         tat[REGION_SUBBANDS];         /* duty cycle by sub-band, see duty.h */
	struct { simtime_t from, to; } reserved[LW_RESERVED];   /* downlinks decided and not over */
	uint32_t          n_reserved;
	simtime_t         down_airtime;
	uint64_t          heard, sent;                  /* frames received; downlinks sent, after the warm-up */
	bool              live;                         /* it has power, and its backhaul is up */
	bool              powered, connected;           /* the two */
	const struct backup_params *power;
	uint32_t          asset;                        /* its number in asset.h, where it can fail */
	simtime_t         cut;                          /* when its power last went */
};

/* What a device hears of a gateway and a gateway of it: received power at full transmit power. */
struct lw_link { int16_t centidbm; uint16_t gateway; };

enum lw_state { LW_IDLE, LW_WAITING, LW_AWAITING };     /* nothing in work; to start; to be answered or repeated */
enum { LW_POWERED = 1, LW_JOINED = 2, LW_ANSWER_DUE = 4, LW_COVERED = 8, LW_SPOKEN_TO = 16 };
enum { LW_NEAR = 4, LW_LINKS_MAX = 64 };      /* links in a device's row; of a device: the strongest are kept */
enum { LW_NO_SLOT = UINT32_MAX, LW_NO_BAND = 0xff };

/* One row per device of the scenario: what its frames touch. */
struct lw_device {
	simtime_t tat;                  /* duty cycle of its first sub-band */
	simtime_t ready;                /* receive windows are over */
	uint32_t  first_link;
	uint32_t  frames;               /* sent so far: numbers its draws */
	uint32_t  slot;                 /* uplink in work, LW_NO_SLOT: none */
	uint16_t  cell;
	uint16_t  class_of;
	uint16_t  generation;           /* of its timer */
	uint16_t  adr_count;            /* uplinks since the last downlink */
	uint8_t   n_links, dr, power, state;
	uint8_t   flags, join_trials, command_dr, command_power;
	struct lw_link near[LW_NEAR];   /* the strongest links: most frames matter nowhere else */
};

_Static_assert(sizeof(struct lw_device) == 64, "a device's row is a cache line");

/* Sessions of multicast; private to multicast.c but for what the account tells. */
struct lw_multicasts {
	simtime_t *gone;                /* by device, when it last left the network */
	struct lw_relay *relay;         /* a gateway in a session */
	struct lw_session *last;
	uint32_t n_relays, cap_relays, n_sessions;
	uint64_t wanted, sent, missed;  /* frames, gateways apart: to be sent; not sent for want of power or backhaul */
	uint64_t members, told;
};

/* A message that waits: at its device, or at the server for the device. */
struct lw_parked {
	struct message m;
	uint32_t next;                  /* of the same device; 0: none */
	uint8_t  tries;                 /* downlinks that carried it */
	bool     used;
	bool     sending;               /* a downlink that carries it is decided and not over */
	bool     answered;              /* its sender knows what became of it: it is here for that downlink alone */
};

/* The DevNonces that the join server has had of a device: the first stands in the row, the others in blocks. */
struct lw_nonces { uint32_t more; uint16_t n, first; };
enum { LW_NONCES = 6 };
struct lw_nonce_block { uint16_t nonce[LW_NONCES]; uint32_t next; };

/* The join request of a device on which a verdict is awaited (1 + its slot; 0: none), and the verdicts still to come: those on
 * earlier requests, which will be too late, before it. */
struct lw_asked { uint32_t slot, verdicts; };

/* An uplink in work: a message and the frame that carries it now. */
struct lw_uplink {
	struct message m;
	simtime_t start, end;
	uint32_t  next_free;
	uint8_t   refs;                 /* events and the device that point here; 0: free */
	uint8_t   tries, max_tries;     /* transmissions; unconfirmed uplinks are repeated as NbTrans says */
	uint16_t  fcnt;                 /* frame counter, where ADR is on */
	uint8_t   channel, dr, power, frame_bytes;
	uint8_t   n_heard;              /* rows of heard[] in use */
	uint8_t   fate;                 /* of this frame where no gateway received it */
	uint8_t   given_up;             /* why the device let go of it while it was on the air; 0: it did not */
	uint16_t  cell;                 /* of the device */
	bool      confirmed, join, rejoin, on_air;      /* rejoin: of a join, by a device that has a session */
	bool      carries;              /* a message from above, which is to be answered; else MAC commands alone, or a join */
	bool      answers;              /* LinkADRAns rides on it */
	bool      answered;             /* its sender knows what became of it */
	bool      held;                 /* the device still works on it */
	bool      copied;               /* a gateway received a copy */
	bool      forwarded;            /* a copy is on its way to the server: the platform answers */
	bool      accepted;             /* the server has handed it to the platform */
	bool      acked, adr_request, counted, command;
	uint8_t   down_dr, down_channel;
	uint16_t  down_gateway;
	int16_t   down_centidbm, down_power;    /* at the device; sent */
	bool      down_hears;           /* strong enough, and the device listens */
	bool      down_rx2;             /* in the second window */
	bool      down_pending;         /* FPending: the server holds more for the device */
	bool      down_alone;           /* to a class C device, of no uplink */
	bool      empty;                /* no FPort and no payload */
	uint32_t  nonce_draw;           /* number of the draw that is a join request's DevNonce */
	uint32_t  down_parked;          /* the message that the downlink carries; 0: none */
	simtime_t down_start, down_end; /* of the answer to the frame in work; end 0: none, -1: to be decided */
	/* gateways that receive it: the token of gateway_begin and the power, centi-dBm; after the end of the
	 * frame only those that received it, the strongest first */
	struct lw_heard { uint16_t gateway; int16_t token; int16_t centidbm; } heard[];
};
enum { LW_CHUNK = 1024, LW_LINK_BLOCK = 1 << 18, LW_LINK_BLOCKS = 1 << 14 };    /* made so many at a time */
/* Channel numbers of downlinks that no uplink shares: RX2's where no other has its frequency and width; US915's eight. */
enum { LW_RX2_CHANNEL = 200, LW_DOWN_CHANNEL = 100 };

/* What is counted of frames and messages of a cell, after the warm-up. */
struct lw_counts {
	uint64_t sent, received, lost[FATES];
	uint64_t sent_sf[LORA_SFS], received_sf[LORA_SFS];
	uint64_t copies;                                /* receptions of received frames */
	uint64_t messages, messages_copied, acked, frames_of_messages;  /* confirmed ones */
	uint64_t deployed, covered;                     /* devices, set at the end */
};

/* A downlink or uplink recently on the air, for interference at devices; centi-dBm sent, of uplinks less full power. */
struct lw_airing { simtime_t start, end; uint32_t device; uint16_t gateway; int16_t centidbm; uint8_t row, channel; bool down; };

struct lw_class {
	const struct device_class *class;
	const struct uses_params  *uses;
	double   tx_w[REGION_DATA_RATES];       /* draw by power index */
	bool     served;                        /* uses this network */
	bool     listens;                       /* class C */
	const struct lw_profile *profile;       /* path loss to gateways, by their height */
};

struct lorawan {
	const struct node           *node;
	const struct lorawan_params *par;
	const struct region         *region;
	struct devices              *devices;
	const struct groups         *groups;
	const struct radio          *radio;
	double               power_dbm;         /* full transmit power */
	struct lw_gateway   *gateways;
	uint32_t             n_gateways;
	struct lw_device    *device;
	uint64_t             n_devices;         /* rows of the whole scenario */
	struct lw_link     **link_block;        /* by device, strongest first, those behind its row's */
	uint64_t             n_links, next_link;        /* all, at the start; place of the next in the blocks */
	struct lw_grid      *grid;              /* over the gateways */
	int                  least_link;        /* centi-dBm */
	double               most_gain;         /* of a gateway, dB */
	struct lw_class     *classes;
	/* channels in use */
	double               channel_hz[REGION_CHANNELS];
	uint8_t              down_channel[REGION_CHANNELS];     /* of RX1 */
	double               down_hz[REGION_CHANNELS];
	uint8_t              rx2_channel;
	uint8_t              channel_dr[REGION_CHANNELS];       /* its slowest data rate */
	uint8_t              channel_path[REGION_CHANNELS];     /* enum gateway_path */
	uint8_t              channel_band[REGION_CHANNELS];     /* sub-bands in use, numbered; LW_NO_BAND: unlimited */
	unsigned             n_channels, n_bands;
	int                  band_of[REGION_SUBBANDS];          /* the region's number of a sub-band in use */
	double               duty[REGION_SUBBANDS];
	simtime_t           *more_tat;          /* devices x (n_bands - 1), NULL when one band serves */
	struct lw_pick {
		uint8_t  n, channel[REGION_CHANNELS];
		float    weight[REGION_CHANNELS];       /* sum 1 */
		uint32_t bands;                         /* bit b: one of them lies in bands[b] */
	} pick[REGION_DATA_RATES], join_pick[REGION_DATA_RATES];        /* join requests keep to default channels */
	uint8_t              dr_min, dr_max;    /* the most robust in use; the fastest that ADR chooses */
	uint8_t              dr_cover;          /* the most robust that devices may use */
	uint8_t              dr_join_wide;      /* of every ninth join request; dr_min: there is none */
	uint8_t              dr_join;           /* of most join requests */
	uint8_t              rx2_dr, rx1_dr[REGION_DATA_RATES];
	int                  reduction[REGION_DATA_RATES];      /* of power by its index, centi-dB */
	bool                 fades;
	/* tables */
	uint32_t             airtime_us[REGION_DATA_RATES][256];
	uint16_t             max_payload[REGION_DATA_RATES];
	float                whole_mw[256], centi_mw[100];      /* dBm + 200, centi-dB */
	int16_t              matters[REGION_DATA_RATES];        /* centi-dBm below which a frame of that rate changes nothing */
	int16_t              hears[REGION_DATA_RATES];          /* gateway sensitivity, centi-dBm */
	simtime_t            window[REGION_DATA_RATES];         /* length of an empty receive window */
	/* uplinks in work */
	unsigned char      **chunks;
	uint32_t             n_slots, max_chunks, free_slot, slots_in_use;
	size_t               slot_size;
	unsigned             max_links;
	simtime_t            copy_delay[LW_LINKS_MAX];          /* of the copies being forwarded */
	/* messages that wait: row 0 is none; by device the first of its own, NULL until one has waited */
	struct lw_parked    *parked;
	uint32_t             n_parked, cap_parked, free_parked;
	uint32_t            *up_first, *down_first;
	uint32_t            *open;              /* by device, 1 + the uplink whose windows the server may still use; 0: none */
	struct lw_listener { simtime_t since, sending_until; } *listener;       /* by device; NULL: none is of class C */
	/* the air as devices hear it: ring of recent frames */
	struct lw_airing    *airing;
	uint32_t             n_airing, first_airing, cap_airing;
	bool                 hears_uplinks;     /* IQ inversion off */
	struct lw_history   *history;           /* by device; NULL without ADR */
	simtime_t           *join_since, *join_until;   /* by device; NULL where none joins */
	/* the join server */
	struct lw_nonces    *nonces;            /* by device; NULL: devices count theirs, or none joins */
	struct lw_nonce_block *nonce_block;     /* block 0 is none */
	uint32_t             n_nonce_blocks, cap_nonce_blocks;
	struct lw_asked     *asked;             /* by device; NULL: nobody had to be asked */
	uint32_t             asking;            /* 1 + the slot on which somebody is being asked at this moment */
	int                  verdict;           /* that came before the question was over: -1 refused, 1 granted */
	struct lw_jammed    *jammed;            /* jammers that are on; NULL: none */
	struct lw_multicasts *multicasts;       /* NULL until there is one */
	/* counters */
	struct lw_counts    *counts;            /* by cell */
	uint64_t             frames_begun, frames_received, frames_lost[FATES];
	uint64_t             arrivals, arrivals_by[RECEPTIONS], arrivals_cut;   /* the last: the gateway lost its power */
	uint64_t             downs_wanted, downs_sent[3], downs_heard, downs_dropped;
	uint64_t             down_asked, down_fate[FATES];      /* messages to devices */
	uint64_t             joins_tried, joins_done;
	uint64_t             joins_received, joins_passed, joins_replayed, joins_refused, joins_late, joins_gone;
	uint64_t             rejoins_tried, rejoins_done;
	bool                 vouched;           /* somebody else has been asked */
	uint64_t             carried, carried_bytes;    /* messages that the server had, of those counted */
	struct tally         join_time;
	double              *channel_airtime;   /* s, channels x 24 hours of the day */
	uint64_t             heard_by[LW_HEARD_MAX + 1];        /* received frames by the number of gateways */
	simtime_t            start_of_day;      /* time of day at the start of the run */
	simtime_t            warmup;
	const char          *network_group;     /* "network=ID" */
	uint32_t            *covered_first, *covered;   /* devices by gateway that reaches them, where its backhaul may fail */
	uint16_t             ev_end, ev_server, ev_decide, ev_down_start, ev_down_end, ev_timer;
	uint16_t             ev_close, ev_alone, ev_listen, ev_fragment, ev_rejoin;
};

/* What ADR knows of a device: the last uplinks that the server heard at one data rate, and how often the device sends each. */
enum { LW_HISTORY = 20 };
struct lw_history {
	uint16_t fcnt[LW_HISTORY];      /* frame counters */
	int8_t   snr4[LW_HISTORY];      /* quarter dB */
	uint8_t  n, at, dr;             /* known; place of the next; data rate of them all */
	uint8_t  repeats;               /* NbTrans - 1: of unconfirmed uplinks, as the device has it */
	uint8_t  command_repeats;
	uint16_t counter;               /* the device's frame counter: uplinks begun */
};

/* plan.c */
/* Derives what the channels leave open, and says what is wrong with them. */
void lw_plan_check(const struct scenario *sc, const struct node *lorawan, const struct region *r, struct diag *d);
void lw_plan(struct lorawan *lw);       /* channels, data rates, and the tables that follow from them */

/* ways.c: at the start.  Tells the ways out of each device, and follows them where power or a backhaul can fail. */
bool lw_ways_count(struct sim *s, struct lorawan *lw, bool mains_fail);

/* links.c */
bool lw_links_build(struct sim *s, struct lorawan *lw);
/* Of a device that moves: its links from where it is now, and how many ways out of the network it has.  Nothing for others. */
void lw_links_now(struct sim *s, struct lorawan *lw, uint32_t device);
/* Whether a link is a way out: at least `covered` strong, to a gateway with its backhaul up. */
static inline int lw_counts_way(const struct lorawan *lw, const struct lw_link *l, int16_t covered)
{
	return l->centidbm >= covered && lw->gateways[l->gateway].live;
}
static inline float lw_milliwatt(const struct lorawan *lw, int centidbm)
{
	unsigned c = centidbm < 5599 ? (unsigned)(centidbm + 20000) : 25599;
	return lw->whole_mw[c / 100] * lw->centi_mw[c % 100];
}

/* slots.c */
bool lw_slots_new(struct sim *s, struct lorawan *lw);
uint32_t lw_slot_take(struct sim *s, struct lorawan *lw);       /* held by one reference; LW_NO_SLOT after sim_fail */
void lw_slot_drop(struct lorawan *lw, uint32_t slot);           /* one reference less */
static inline struct lw_uplink *lw_slot(const struct lorawan *lw, uint32_t i)
{
	return (struct lw_uplink *)(void *)(lw->chunks[i / LW_CHUNK] + (size_t)(i % LW_CHUNK) * lw->slot_size);
}

/* queue.c */
/* Whose messages wait: `first` is &lw->up_first or &lw->down_first. */
/* Behind those of its priority.  0: `most` wait already, or memory is short. */
uint32_t lw_park(struct sim *s, struct lorawan *lw, uint32_t **first, const struct message *m, unsigned most);
static inline uint32_t lw_parked_first(const uint32_t *first, uint32_t device)
{
	return first ? first[device] : 0;
}
void lw_unpark(struct lorawan *lw, uint32_t *first, uint32_t device, uint32_t row);     /* out of the list, and free */
/* All of them end so; one that a downlink carries at this moment stays for that. */
void lw_park_flush(struct sim *s, struct lorawan *lw, uint32_t *first, uint32_t device, enum fate fate);
uint64_t lw_parked_held(const struct lorawan *lw, enum purpose p);      /* on their way up */
uint64_t lw_parked_down(const struct lorawan *lw);

/* front.c */
extern const struct network_ops lw_ops;
/* The device has nothing in work: it goes on with what waits. */
void lw_next_up(struct sim *s, struct lorawan *lw, uint32_t device);
/* An empty uplink, that the server may answer. */
void lw_poll(struct sim *s, struct lorawan *lw, uint32_t device);

/* down.c */
enum { LINK_ADR_REQ_BYTES = 5 };
void lw_down_handlers(struct sim *s, struct lorawan *lw);
void lw_send_down(struct sim *s, void *net, const struct message *m);
unsigned lw_mtu_down(const struct sim *s, void *net, uint32_t device);
simtime_t lw_reach(const struct sim *s, void *net, uint32_t device);
/* The message to the device that the next downlink would carry; 0: none. */
static inline uint32_t lw_down_waits(const struct lorawan *lw, uint32_t device)
{
	uint32_t row = lw_parked_first(lw->down_first, device);

	return row && !lw->parked[row].sending ? row : 0;
}
/* Whether it fits beside `options` bytes of MAC commands. */
bool lw_down_fits(const struct lorawan *lw, uint32_t row, uint8_t dr, unsigned options);
/* Drops messages at the head that fit in neither window of this uplink. */
void lw_down_trim(struct sim *s, struct lorawan *lw, const struct lw_uplink *u);
/* u's downlink is going to carry the message of that row. */
void lw_down_take(struct lorawan *lw, struct lw_uplink *u, uint32_t row);
void lw_down_over(struct sim *s, struct lorawan *lw, uint32_t device, uint32_t row, bool got);
/* A message that answers an uplink can be expected of what onboards and updates, of polls, and where the device has been spoken to
 * since windows of its closed without a word: its windows are kept open to that. */
static inline bool lw_down_may_come(const struct lorawan *lw, const struct lw_uplink *u)
{
	return u->empty || u->m.purpose != PURPOSE_APPLICATION || lw->device[u->m.device].flags & LW_SPOKEN_TO;
}
void lw_down_open(struct sim *s, struct lorawan *lw, uint32_t slot);
unsigned lw_down_most(const struct lorawan *lw, uint8_t dr);    /* bytes of payload in a downlink */
/* When the gateway may send so long at `hz`. */
simtime_t lw_down_free(struct sim *s, const struct lorawan *lw, const struct lw_gateway *g, double hz, simtime_t airtime);
/* An answer to a message to a device. */
void lw_down_answer(struct sim *s, struct lorawan *lw, const struct message *m, enum fate fate);
/* Class C: the device listens from now on; what it has received in is charged up to now. */
void lw_listen_begin(const struct sim *s, struct lorawan *lw, uint32_t device);
void lw_listen_charge(struct sim *s, struct lorawan *lw, uint32_t device);
static inline bool lw_listening(const struct lorawan *lw, uint32_t device)
{
	return lw->listener && lw->classes[lw->device[device].class_of].listens && lw->device[device].flags & LW_JOINED;
}

/* uplink.c */
enum { LINK_ADR_ANS_BYTES = 2 };
void lw_uplink_handlers(struct sim *s, struct lorawan *lw);
/* The device begins with a slot's uplink: now if duty cycle and windows allow, else when they do. */
void lw_begin(struct sim *s, struct lorawan *lw, uint32_t device, uint32_t slot);
/* The device received the answer to this slot's frame. */
void lw_device_got(struct sim *s, struct lorawan *lw, uint32_t slot);
/* Let go of what a device works on; `fate`: what became of it unless a copy is on its way. */
void lw_release(struct sim *s, struct lorawan *lw, uint32_t device, enum fate fate);

/* server.c */
void lw_server_handlers(struct sim *s, struct lorawan *lw);
void lw_server_copy(struct sim *s, struct lorawan *lw, uint32_t slot);
void lw_down_start(struct sim *s, struct lorawan *lw, uint32_t slot);
/* Answer the uplink in one of its windows, if there is a gateway that can.  Takes one reference of the slot. */
void lw_decide(struct sim *s, struct lorawan *lw, uint32_t slot);
simtime_t lw_rx1(const struct lorawan *lw, const struct lw_uplink *u);  /* when its first window opens */
/* Whether gateway g may send in [from, to); if so, reserve it. */
bool lw_reserve(struct sim *s, struct lorawan *lw, struct lw_gateway *g, double hz, simtime_t from, simtime_t to);
double lw_down_dbm(const struct lorawan *lw, bool rx2, double hz);      /* power of a downlink */

/* air.c: what a listening device hears besides the downlink meant for it */
void lw_air_add(struct sim *s, struct lorawan *lw, const struct lw_airing *a);
bool lw_listens(const struct sim *s, const struct lorawan *lw, const struct lw_uplink *u);
bool lw_air_clear(const struct sim *s, const struct lorawan *lw, const struct lw_uplink *u);

/* multicast.c */
void lw_multicast_handlers(struct sim *s, struct lorawan *lw);
void lw_multicast(struct sim *s, void *net, const struct multicast *m);
uint64_t lw_multicast_left(const struct lorawan *lw);           /* frames of sessions that are not over */

/* jam.c */
void lw_jam(struct sim *s, void *net, const struct jammer *j, bool on);

/* adr.c */
/* The server heard an uplink, best at `centidbm`; sets the device's command_*. true: they differ from its own. */
bool lw_adr_server(struct lorawan *lw, const struct lw_uplink *u, int centidbm);
void lw_adr_applied(struct lorawan *lw, uint32_t device);      /* the device has got the command and follows it */
/* What the device's next new uplink will be like, and that one going out. */
struct lw_adr_step { uint8_t dr, power; bool asks, gives_up_repeats; };        /* asks: ADRACKReq */
struct lw_adr_step lw_adr_next(const struct lorawan *lw, const struct lw_device *d);
void lw_adr_sent(struct lorawan *lw, uint32_t device, struct lw_adr_step step);
void lw_adr_forget(struct lorawan *lw, uint32_t device);       /* a new session */

/* join.c */
void lw_join_begin(struct sim *s, struct lorawan *lw, uint32_t device);
void lw_join_retry(struct sim *s, struct lorawan *lw, uint32_t device);
void lw_join_done(struct sim *s, struct lorawan *lw, uint32_t device);
void lw_rejoin_done(struct sim *s, struct lorawan *lw, uint32_t device);
void lw_join_handlers(struct sim *s, struct lorawan *lw);
/* admit.c */
enum { VERSION_1_0_3, VERSION_1_0_4, VERSION_1_1 };
bool lw_random_nonces(const struct lorawan *lw);
/* The first copy of a join request is with the server. */
void lw_join_request(struct sim *s, struct lorawan *lw, uint32_t slot);
void lw_authenticated(struct sim *s, void *net, uint32_t device, bool granted);
void lw_admit_forget(struct lorawan *lw, uint32_t device);      /* the device is gone, with what it asked */
uint64_t lw_admit_held(const struct lorawan *lw);               /* requests on which a verdict is awaited */
/* Data rate of the n-th join trial, from 1. */
uint8_t lw_join_rate(const struct lorawan *lw, unsigned trial);
/* Of spreading-factor="7" .. "12": the slowest in use, and so the narrowest, of that factor. */
uint8_t lw_fixed_rate(const struct lorawan *lw);
/* The data rate and power with which a device starts once it is on the network. */
void lw_first_rate(struct lorawan *lw, uint32_t device);

/* account.c */
bool lw_account_new(struct sim *s, struct lorawan *lw);
void lw_count_frame(struct sim *s, struct lorawan *lw, const struct lw_uplink *u);
void lw_count_end(struct lorawan *lw, struct lw_uplink *u);        /* u->n_heard, u->fate tell how it went */
void lw_account_count(struct sim *s, struct lorawan *lw);               /* first: what is found at the end */
void lw_account_groups(struct sim *s, struct lorawan *const *all, size_t n);
void lw_account_finish(struct sim *s, const struct lorawan *lw, const struct city *city, bool several);
enum { LORAWAN_KPIS = 26, LORAWAN_SECTIONS = 4 };
extern const struct kpi_def lorawan_kpis[LORAWAN_KPIS];
extern const struct section lorawan_sections[LORAWAN_SECTIONS];

/* Row of a data rate in tables by spreading factor; FSK, which shares no channel with LoRa, has the first. */
static inline unsigned lw_row(const struct lorawan *lw, uint8_t dr)
{
	return rate_is_lora(&lw->region->dr[dr]) ? lw->region->dr[dr].sf - (unsigned)LORA_SF_MIN : 0;
}

static inline const struct lw_link *lw_link(const struct lorawan *lw, const struct lw_device *d, unsigned i)
{
	if (i < LW_NEAR)
		return &d->near[i];
	i -= LW_NEAR;
	return &lw->link_block[d->first_link / LW_LINK_BLOCK][d->first_link % LW_LINK_BLOCK + i];
}

#endif
