/*
 * cellular_private - the state of one cellular network in one replication, shared by the files of this folder.
 *
 *   cellular.c  elements, parameters, set-up            links.c    sites, sectors, the best one of a device
 *   ways.c      sites that fail and come back
 *   classes.c   coverage classes                        access.c   random access, by opportunity
 *   rach.h      one opportunity, resolved               data.c     transfers, the way to the platform
 *   pipe.h      one direction of a carrier              capacity.c what random access leaves of it, signalling
 *   energy.c    what a device draws, release to sleep   account.c  what is counted and reported
 *   phy.h       what a transfer costs on the air        slots.c    messages in work
 *   register.c  registration, updates, authentication   down.c     messages to devices, paging
 *   commands.c  <commands>                              multicast.c one session for many
 *   background.c  traffic that is not simulated message by message      audience.c  phones that all are sent the same
 *
 * A message's life:  send -> the device's queue -> [barred: wait] -> list of the next opportunity of its sector and coverage
 * class -> EV_OPPORTUNITY, one for all who are on the list: collided, not detected, no grant: back-off, a later
 * list; granted: msg3, msg4 and the transfers that follow are timed in one step -> EV_SENT: the backhaul takes it ->
 * EV_ARRIVE, where that takes time: the platform.
 */
#ifndef MODELS_NETWORK_CELLULAR_PRIVATE_H
#define MODELS_NETWORK_CELLULAR_PRIVATE_H

#include "models/device/group.h"
#include "models/device/mobility.h"
#include "models/network/cellular/cellular.h"
#include "models/network/cellular/phy.h"
#include "models/network/cellular/pipe.h"
#include "models/network/grid.h"
#include "models/network/path.h"
#include "models/network/sites.h"
#include "models/radio/radio.h"
#include "sim/kernel/tally.h"

enum { OPERATOR_PUBLIC, OPERATOR_CAPTIVE };
enum { DETECTION_RAMPING, DETECTION_CONSTANT };
enum { REGISTRATION_ATTACH, REGISTRATION_DONE };
enum { SAVING_PSM, SAVING_EDRX, SAVING_NONE };

struct cellular_params {
	int       operator;
	double    frequency;                    /* Hz */
	uint64_t  mtu, mtu_down;                /* B */
	uint64_t  buffer, down_buffer;          /* messages */
	int       detection;
	double    detection_probability;
	simtime_t preamble, preamble_processing, response_processing;
	simtime_t request_transmission, request_rtt, resolution_rtt;
	double    harq_error;
	uint64_t  harq_transmissions;
	simtime_t resolution_timer;
	double    barring_factor;               /* admitted share; 1: no barring */
	simtime_t barring_time;
	uint64_t  barring_limit;                /* 0: none */
	uint64_t  carriers;
	double    background_load;              /* share of the carrier */
	int       uplink_format;                /* enum phy_format */
	uint64_t  overhead, set_up_uplink, set_up_downlink, answer;     /* B */
	simtime_t patience;
	int       registration;
	simtime_t attach_spread;
	uint64_t  attach_uplink, attach_downlink, update_size;          /* B */
	simtime_t inactivity;
	int       power_saving;
	simtime_t active_time, update_period, cycle, window, paging_cycle;
	double    multicast_share;              /* of the downlink */
	double    multicast_loss;               /* dB; NaN: as its members need */
	uint64_t  background_packet;            /* B */
	double    tx_draw, rx_draw, idle_draw;  /* W, of classes without <power> */
};

struct coverage_params {
	double    coupling_loss;                /* dB, the most */
	simtime_t period;                       /* between opportunities */
	uint64_t  preambles, repetitions, attempts, grants;
	simtime_t response_window, back_off, synchronisation;
};

struct sites_params {
	struct backup_params power;
	int       placement;
	uint64_t  count;
	double    inter_site_distance, height, gain, azimuth, beam_width, front_to_back;
	int       sectors;                      /* 0: one, 1: three */
	const char *file, *sites;
	const struct node *backhaul;
};
struct site_params {
	struct backup_params power;
	struct position position;
	double    height, gain, azimuth, beam_width, front_to_back;
	int       sectors;
	const struct node *backhaul;
};

enum { CELL_COVERAGES = 4, CELL_ATTEMPTS = 64, CELL_NONE = UINT32_MAX };
enum { CELL_LISTS = 256 };              /* most opportunities ahead that have a list each */

struct cell_site {
	struct radio_site at;           /* gain_db: of the antenna's main lobe */
	const struct node *element;     /* <site> or <sites> */
	const char *name;
	uint32_t  asset;                /* its number in asset.h, where it can fail */
	struct backhaul *backhaul;
	uint32_t  first_sector;
	unsigned  sectors;
	double    azimuth, beam_width, front_to_back;
	uint64_t  carried;              /* messages handed to its backhaul, after the warm-up */
	const struct backup_params *power;
	bool      powered, connected;   /* it has power; its backhaul is up */
};

struct cell_sector {
	struct cell_pipe up, down;
};

/* What signalling costs at a coupling loss in whole decibels; work in ns of the carrier. */
struct cell_signal {
	simtime_t msg3, msg4, control, release; /* airtime */
	simtime_t request, request_rtt, resolution_rtt; /* of msg3 and msg4, as the parameters of these names */
	double    up_work, down_work;           /* of a random access that succeeds */
	double    grant_work, release_work;     /* on the downlink */
};
enum { CELL_LOSSES = 201 };

/* Uplinks that phy has been asked for, by coupling loss and bits: most devices say the same again. */
struct cell_memo { uint32_t bits; int16_t loss; struct cell_transfer x; };
enum { CELL_MEMO = 1024 };

/* Time that a device spends sending, receiving, and awake without either. */
struct cell_spent { simtime_t tx, rx, idle; };

/* Random access of one sector and coverage class. */
struct cell_channel {
	const struct coverage_params *par;
	int64_t  done;                  /* the last opportunity that was resolved */
	uint32_t sector;
	uint8_t  coverage;
	uint32_t head[];                /* by opportunity, modulo the lists: first device, CELL_NONE */
};

enum cell_state { CELL_IDLE, CELL_LISTED, CELL_WAITING };       /* no access in work; on a list; waits for a timer */
/* LISTENS: it has rested since power came, and not been cut off.  SEEKS: it had something to say to the network while its site
 * was down, and says it when that is back.  LET_GO: nothing reached it when it was to register; it does at its first access.
 * ASKED: it waits for the verdict of who vouches for it. */
enum { CELL_REGISTERED = 1, CELL_LISTENS = 2, CELL_SEEKS = 4, CELL_LET_GO = 8, CELL_ASKED = 16 };

/* One row per device of the scenario. */
struct cell_device {
	simtime_t since;                /* first opportunity of the access in work */
	simtime_t busy;                 /* its transfers are over: then it listens for a while, see energy.c */
	uint32_t  next;                 /* behind it on the list */
	uint32_t  opportunity;          /* whose list it is on */
	uint32_t  first, last;          /* messages that wait for the access, CELL_NONE */
	uint32_t  draws;                /* blocks drawn so far: numbers them */
	uint16_t  sector;
	uint16_t  generation;           /* of its timer */
	int16_t   loss;                 /* coupling loss, centi-dB; INT16_MAX: no sector reaches it */
	uint8_t   coverage;             /* class by its coupling loss */
	uint8_t   level;                /* class that it tries now */
	uint8_t   attempts, tried;      /* preambles sent: in this access, and of them in this class */
	uint8_t  queued, barred, again; /* again: accesses that failed for what waits */
	uint8_t  state, flags, life;    /* life: power has gone so often; transfers do not outlive it */
	uint8_t  cuts;                  /* its site's power has gone so often: nor that */
	uint8_t  asks, refused;         /* questions put to who vouches for it; attempts to register that failed there */
};

_Static_assert(sizeof(struct cell_device) == 56, "what a device costs");

/* A message in work. */
struct cell_slot {
	struct message m;
	uint32_t next;                  /* on the device's queue, or among the free ones */
	uint8_t  life;                  /* of the device, when the transfer began */
	uint8_t  state;                 /* enum slot_state */
	uint8_t  signal;                /* enum slot_signal: the network's own */
	uint8_t  cuts;                  /* as life */
};
enum slot_signal { SIGNAL_NONE, SIGNAL_ATTACH, SIGNAL_UPDATE, SIGNAL_COMMAND };
/* ASKING: an attach on its way up, after which a verdict is waited for. */
enum slot_state { SLOT_FREE, SLOT_QUEUED, SLOT_SENDING, SLOT_ASKING, SLOT_UNDER_WAY };
enum { CELL_CHUNK = 1024 };

/* What is counted of a cell's accesses and messages, after the warm-up. */
struct cell_counts {
	uint64_t begun, succeeded, failed, barred;
	uint64_t preambles;                     /* of those that succeeded */
	uint64_t deployed, covered;
	struct histogram *delay;                /* NULL: none yet */
};

struct cell_class {
	const struct device_class *class;
	const struct uses_params  *uses;        /* NULL: not this network's */
	const struct radio_profile **profile;   /* by site: path loss to the class; NULL as uses */
	double tx_w, rx_w, idle_w;
};

struct cellular {
	const struct node *node;
	const struct cellular_params *par;
	enum cellular_technology technology;
	const struct coverage_params *cover[CELL_COVERAGES];    /* by rising coupling loss */
	unsigned n_covers;
	struct devices *devices;
	const struct groups *groups;
	const struct radio *radio;
	struct cell_class *classes;
	struct cell_site *sites;
	uint32_t n_sites, n_sectors;
	struct cell_sector *sectors;
	struct cell_signal signal[CELL_LOSSES];
	struct phy_gaps gaps;
	struct cell_memo *memo;
	double    most_gain;                    /* of a site, dB */
	uint16_t *site_of;                      /* by sector */
	double   *bearing;                      /* of a sector's main lobe, radians from east, anticlockwise */
	struct cell_device *device;
	unsigned char *channels;                /* sectors x classes */
	size_t    channel_size;
	uint32_t  lists;                        /* of a channel: a power of two */
	struct cell_slot **chunks;
	uint32_t  n_chunks, n_slots, free_slot;
	simtime_t preamble[CELL_COVERAGES];     /* duration, repetitions included */
	double    detected[CELL_ATTEMPTS + 1];  /* probability, by the preambles sent so far */
	struct rach_try *tries;                 /* of the opportunity being resolved */
	uint64_t *draws;                        /* the second words of theirs */
	size_t    cap_tries;
	struct cell_down *down;
	struct cell_commands *commands;         /* NULL: none */
	struct cell_casts *casts;
	struct cell_noise *noise;               /* by device; NULL: no background traffic yet */
	uint32_t *covered_first, *covered;      /* devices that do not move, by site, where one can fail */
	uint16_t  ev_opportunity, ev_wake, ev_sent, ev_arrive, ev_update, ev_attach, ev_verdict;
	const char *group;                      /* network=ID */
	/* accounts, over the whole run */
	uint64_t  begun, succeeded, failed, barred, dropped, cut;       /* accesses */
	uint64_t  tried, outcome[8];                            /* preambles sent, and what became of them */
	uint64_t  taken, handed_on, lost[FATES];                /* messages: to a platform */
	/* after the warm-up */
	struct cell_counts *counts;                             /* by group cell */
	uint64_t  collided, occupied;                           /* preambles, opportunities */
	struct tally wait;                                      /* of transfers for the uplink, s */
	double    access_j;                                     /* energy of accesses, transfers and listening */
	uint64_t  connections;
	uint64_t  carried, carried_bytes;                       /* messages handed on, for their fees */
	uint64_t  by_attempts[CELL_ATTEMPTS + 1];               /* accesses that succeeded with so many preambles */
};

/* slots.c */
bool cell_slots_new(struct sim *s, struct cellular *c);
uint32_t cell_slot_take(struct sim *s, struct cellular *c);     /* CELL_NONE after sim_fail */
static inline struct cell_slot *cell_slot(const struct cellular *c, uint32_t i)
{
	return &c->chunks[i / CELL_CHUNK][i % CELL_CHUNK];
}
void cell_slot_drop(struct cellular *c, uint32_t slot);

/* classes.c */
bool cell_covers_new(struct sim *s, struct cellular *c);
enum cellular_technology cell_technology(const struct node *n);

/* links.c */
bool cell_sites_new(struct sim *s, struct cellular *c, const struct city *city);
bool cell_links_new(struct sim *s, struct cellular *c);
/* Whether the device begins an access now: FATE_DELIVERED, or what loses its message instead.  One that moves, with neither an
 * access nor a connection in work, first chooses its sector from where it is. */
enum fate cell_reach(struct sim *s, struct cellular *c, uint32_t device);
static inline bool cell_moves(const struct cellular *c, uint32_t device)
{
	return c->classes[c->devices->class_of[device]].class->moves && device_moves(c->devices, device);
}
static inline struct cell_site *cell_site_of(const struct cellular *c, const struct cell_device *d)
{
	return &c->sites[c->site_of[d->sector]];
}
static inline bool cell_is_live(const struct cell_site *site)
{
	return site->powered && site->connected;
}
void sites_load(const struct scenario *sc, struct node *n, struct diag *d);
/* How much less than its main lobe the best sector of a site gives at a place, dB. */
double cell_least_pattern_db(const struct cellular *c, uint32_t site, struct point at);

/* cellular.c: all cellular networks, *n of them */
struct cellular *const *cell_networks(const struct sim *s, size_t *n);

/* access.c */
bool cell_access_new(struct sim *s, struct cellular *c);
void cell_access_handlers(struct sim *s, struct cellular *c);
/* The device has something to send and no access in work: begin one. */
void cell_access_begin(struct sim *s, struct cellular *c, uint32_t device);
/* Its power or its site's is gone: leave lists and timers.  Whether there was an access in work. */
bool cell_access_drop(struct cellular *c, uint32_t device);
static inline struct cell_channel *cell_channel(const struct cellular *c, uint32_t i)
{
	return (struct cell_channel *)(void *)(c->channels + i * c->channel_size);
}

/* capacity.c */
bool cell_capacity_new(struct sim *s, struct cellular *c);
static inline const struct cell_signal *cell_signal(const struct cellular *c, const struct cell_device *d)
{
	return &c->signal[(d->loss + 99) / 100];
}

/* Its last transfer is not over, or it is kept connected after it: it sends and receives without an access. */
static inline bool cell_is_connected(const struct sim *s, const struct cellular *c, const struct cell_device *d)
{
	return d->flags & CELL_LISTENS && s->now < d->busy + c->par->inactivity;
}

/* Coupling loss, dB; the row's is rounded, which may not carry it over what phy bears. */
static inline double cell_loss_db(const struct cellular *c, const struct cell_device *d)
{
	return fmin(d->loss * 0.01, phy_max_coupling_loss_db(c->technology));
}

/* An uplink of so many bits by the device. */
struct cell_transfer cell_uplink(struct sim *s, struct cellular *c, const struct cell_device *d, unsigned bits);

/* energy.c */
void cell_energy_classes(struct cellular *c);
void cell_spend(struct sim *s, struct cellular *c, uint32_t device, const struct cell_spent *spent);
/* The device wakes, or loses power: what was charged ahead for listening from now on is taken back. */
void cell_wake(struct sim *s, struct cellular *c, uint32_t device);
/* Its transfers are over at d->busy: it listens, then sleeps. */
void cell_rest(struct sim *s, struct cellular *c, uint32_t device);

/* ways.c: tell the ways out of each device, and watch the sites that can fail */
void cell_ways_start(struct sim *s, struct cellular *c, bool mains_fail);

/* data.c */
extern const struct network_ops cell_ops;
void cell_data_handlers(struct sim *s, struct cellular *c);
/* Its access has succeeded and is over at t: what waits is sent, up and down. */
void cell_connected(struct sim *s, struct cellular *c, uint32_t device, simtime_t t);
/* The device is still connected, and what waits for it goes down. */
void cell_down_connected(struct sim *s, struct cellular *c, uint32_t device);
/* The access has failed: what waits is not going to be sent, or tried again. */
void cell_give_up(struct sim *s, struct cellular *c, uint32_t device, enum fate fate);
/* Put it on the device's queue, and see that it gets away. */
void cell_enqueue(struct sim *s, struct cellular *c, const struct message *m, enum slot_signal signal);
uint64_t cell_held_up(const struct cellular *c, enum purpose p);

/* A transfer up or down from t on, its grant included; when it is over.  Up: < 0: there is no room within the patience. */
simtime_t cell_transfer_up(struct sim *s, struct cellular *c, const struct cell_device *d, unsigned bits, simtime_t t,
			   struct cell_spent *spent);
simtime_t cell_transfer_down(struct sim *s, struct cellular *c, const struct cell_device *d, unsigned bytes, simtime_t t,
			     struct cell_spent *spent);
/* The same of a message down with what is added to each of its packets; < 0 as up.  NB-IoT, which has but one block under way at a
 * time, grants and acknowledges each. */
simtime_t cell_message_down(struct sim *s, struct cellular *c, const struct cell_device *d, const struct message *m, simtime_t t,
			    struct cell_spent *spent);

/* register.c */
void cell_register_handlers(struct sim *s, struct cellular *c);
void cell_attach(struct sim *s, void *net, uint32_t device);
void cell_detach(struct sim *s, void *net, uint32_t device);
/* An attempt has failed on the way: another, a while later. */
void cell_attach_again(struct sim *s, struct cellular *c, uint32_t device);
/* The uplink of a registration has arrived, and somebody has to vouch for the device. */
void cell_ask(struct sim *s, struct cellular *c, uint32_t slot);
void cell_authenticated(struct sim *s, void *net, uint32_t device, bool granted);
/* Registration or an update of it is done. */
void cell_signalled(struct sim *s, struct cellular *c, uint32_t slot);
void cell_registered(struct sim *s, struct cellular *c, uint32_t device);
/* The device's site has lost its power: what it had in work is lost.  And the site is back. */
void cell_cut_off(struct sim *s, struct cellular *c, uint32_t device);
void cell_back(struct sim *s, struct cellular *c, uint32_t device);

/* down.c */
struct cell_down {
	uint32_t *first;                /* by device: what waits for it, CELL_NONE; NULL: nothing has yet */
	uint16_t ev_page, ev_delivered;
	uint64_t taken, delivered, lost[FATES], pages;  /* over the whole run; commands are not among them */
	struct tally delay;             /* s, after the warm-up */
};
bool cell_down_new(struct sim *s, struct cellular *c);
void cell_send_down(struct sim *s, void *net, const struct message *m);
unsigned cell_mtu_down(const struct sim *s, void *net, uint32_t device);
simtime_t cell_when_reached(const struct sim *s, void *net, uint32_t device);
/* A command waits for its device, in the place of an older one: whether there was one. */
bool cell_down_replace(struct sim *s, struct cellular *c, const struct message *m);
/* What waits for a device goes down from t on; when that is over (t where nothing waits). */
simtime_t cell_down_serve(struct sim *s, struct cellular *c, uint32_t device, simtime_t t, struct cell_spent *spent);
/* The device leaves the network: messages that wait for it are lost; commands wait on. */
void cell_down_drop(struct sim *s, struct cellular *c, uint32_t device, enum fate fate);
/* Get at the device, if something waits for it and it can be reached now or soon. */
void cell_page(struct sim *s, struct cellular *c, uint32_t device);
uint64_t cell_held_down(const struct cellular *c);
uint64_t cell_held_commands(const struct cellular *c);

/* commands.c */
bool cell_commands_new(struct sim *s, struct cellular *c);
void cell_commands_start(struct sim *s, struct cellular *c);
void cell_commands_finish(struct sim *s, const struct cellular *c);
/* The command goes down from *t on, and its reply up; false: the run ends before it is there. */
bool cell_command(struct sim *s, struct cellular *c, const struct message *m, simtime_t *t, struct cell_spent *spent);

/* multicast.c */
bool cell_casts_new(struct sim *s, struct cellular *c);
void cell_multicast(struct sim *s, void *net, const struct multicast *m);
void cell_casts_finish(struct sim *s, const struct cellular *c);

/* background.c */
void cell_background(struct sim *s, void *net, uint32_t device, double change);
/* The device has another sector, or another coupling loss to it. */
void cell_background_moved(struct sim *s, struct cellular *c, uint32_t device);

/* account.c */
enum { CELLULAR_KPIS = 13, CELLULAR_SECTIONS = 7 };
extern const struct kpi_def cellular_kpis[CELLULAR_KPIS];
extern const struct section cellular_sections[CELLULAR_SECTIONS];
bool cell_account_new(struct sim *s, struct cellular *c);
void cell_count_failure(struct sim *s, struct cellular *c, uint32_t device, bool barred);
void cell_count_success(struct sim *s, struct cellular *c, uint32_t device, simtime_t delay);
/* The KPIs of groups, over all networks; then what one of them comes to. */
void cell_account_groups(struct sim *s, struct cellular *const *c, size_t n);
void cell_account_finish(struct sim *s, struct cellular *c, const struct city *city);

#endif
