/*
 * network - what every access network offers, and who is told what became of a message.
 *
 * A sender hands a message to the device's network and gets one answer: network_answer() calls the owner of the
 * message's purpose back.  The network knows no owner; the owner knows no technology.
 */
#ifndef MODELS_NETWORK_NETWORK_H
#define MODELS_NETWORK_NETWORK_H

#include "models/device/device.h"
#include "models/network/message.h"

struct multicast;

/* A transmitter that disturbs: its power is spread evenly over its bandwidth.  Its owner keeps it while it is on. */
struct jammer {
	struct point at;
	double   height;                /* m above ground */
	double   dbm;                   /* EIRP */
	double   hz, bandwidth;         /* its middle; NaN: exactly the channels up of the network, all of them */
	uint64_t key;                   /* names its streams */
};

/* A technology implements this once; `net` is its own state of one <lorawan> or other access element. */
struct network_ops {
	const char *technology;
	/* Send up.  The answer comes later or at once, exactly once. */
	void (*send)(struct sim *s, void *net, const struct message *m);
	/* The same, down to the device: delivered is when the device has it.  What can only follow an uplink waits for one, until
	 * its device goes down.  NULL: it has no way down. */
	void (*send_down)(struct sim *s, void *net, const struct message *m);
	/* Bytes of application payload that the device can send now. */
	unsigned (*mtu)(const struct sim *s, void *net, uint32_t device);
	unsigned (*mtu_down)(const struct sim *s, void *net, uint32_t device);
	/* When a downlink could reach the device: now, a later time, or SIM_NEVER: once it has sent something. */
	simtime_t (*reach)(const struct sim *s, void *net, uint32_t device);
	/* See network_multicast().  NULL: it has none. */
	void (*multicast)(struct sim *s, void *net, const struct multicast *m);
	/* The device's traffic that is not simulated message by message has changed by so many B/s.  NULL: of no effect. */
	void (*background)(struct sim *s, void *net, uint32_t device, double change);
	/* Noise at its receivers from a place.  NULL: cannot be jammed. */
	void (*jam)(struct sim *s, void *net, const struct jammer *j, bool on);
	/* The device is powered: make it ready; calls device_attached() when it is. */
	void (*attach)(struct sim *s, void *net, uint32_t device);
	void (*detach)(struct sim *s, void *net, uint32_t device);
	/* The verdict that network_authenticate() said would come. */
	void (*authenticated)(struct sim *s, void *net, uint32_t device, bool granted);
	/* Events of this kind, by device, end in send(): tell the kernel what it touches.  May be NULL. */
	void (*touches)(struct sim *s, void *net, uint16_t kind);
	/* For the audit: messages up of a purpose (PURPOSES: any) taken and neither answered nor handed to a platform, found where
	 * they are, not by a count of what came and went. */
	uint64_t (*held)(const struct sim *s, void *net, enum purpose p);
};

/* <uses network="..."> of a device class, in order of preference. */
struct uses_params {
	const struct node *network;
	bool      confirmed;            /* acknowledged by the network */
	uint64_t  transmissions;        /* most transmissions of one confirmed message */
	bool      roaming;              /* of another operator */
	simtime_t attach_delay;
	double    fee;                  /* for a message, where roaming */
	int       listening;            /* LISTEN_A, LISTEN_C */
	bool      emergency;            /* open to it from network_open() on */
};
enum { LISTEN_A, LISTEN_C };            /* classes A and C of LoRaWAN */
extern const struct model uses_model;

/* From now on operators let each other's devices in, whose classes say emergency="on". */
void network_open(struct sim *s);

/* Most networks that a class may use. */
enum { NETWORK_ROUTES = 8 };

/* In a technology's set-up: its element, functions and state.  Classes with a <uses> that names the element are bound to it,
 * whether it comes first or later; a device of such a class is handed to attach() when it shall use this network and to
 * detach() when it leaves it or goes down. */
void network_register(struct sim *s, const struct node *element, const struct network_ops *ops, void *net);

/* For technologies: the number of live ways out of the network that a device has (a powered gateway in reach at the most
 * robust data rate that its class may use, with its backhaul up) has changed; it begins with none.  `net` is the state that
 * was registered; every network that the device's class uses says so, whether the device is attached to it or not. */
void network_path(struct sim *s, const void *net, uint32_t device, int change);

/* Send the device's message over the network it uses.  What may not pass is answered at once: not onboarded, where the device is
 * not on a network, or is not at work and the purpose is neither onboarding nor update; access barred, the same in quarantine; device
 * down; no coverage where its class uses no network. */
void network_send(struct sim *s, const struct message *m);
/* Send a message to the device, from behind the gateways; m->down is set on the way.  The same is answered at once; the owner's
 * FATE_DELIVERED means that the device has it. */
void network_send_down(struct sim *s, const struct message *m);
/* Messages up of a purpose (PURPOSES: any) on their way at this moment, in access networks and platforms: what an audit finds there. */
uint64_t network_held(const struct sim *s, enum purpose p);
/* Messages either way of one purpose, by a count of what came and went. */
uint64_t network_under_way(const struct sim *s, enum purpose p);
unsigned network_mtu(const struct sim *s, uint32_t device);    /* 0: its class uses no network */
unsigned network_mtu_down(const struct sim *s, uint32_t device);        /* 0: or none with a way down */
/* When a downlink could reach the device: now, a later time, or SIM_NEVER: once it has sent something. */
simtime_t network_reach(const struct sim *s, uint32_t device);
/* What the device sends that nobody looks at message by message (a worm's scanning) has changed by so many B/s.  Belongs to the
 * network that it uses now: take it back before the device leaves that. */
void network_background(struct sim *s, uint32_t device, double change);
/* A jammer of an access element goes on or off: what its gateways receive needs so much more power. */
void network_jam(struct sim *s, const struct node *element, const struct jammer *j, bool on);
/* Events of this kind, whose subject is a device of the class, end in network_send(): what that touches is fetched ahead. */
void network_touches(struct sim *s, uint32_t class_index, uint16_t kind);
/* Whether a class has a <uses>: what sends must check it while loading. */
bool network_has(const struct node *class_node);
/* The <uses> parameters in force of a class for an access element, in whatever place of its order; NULL: it does not use it. */
const struct uses_params *network_uses(const struct scenario *sc, const struct node *class_node, const struct node *element);

/* A session in which every gateway (or site) that members can hear sends the same fragments, so that a member has what it needs
 * once it has received enough of them.  Copied. */
struct multicast {
	uint32_t class_index;
	uint8_t  purpose;
	uint32_t fragments, fragment_bytes;
	bool (*member)(const struct sim *s, void *ctx, uint32_t device);        /* NULL: the whole class; asked when it begins */
	void (*done)(struct sim *s, void *ctx, uint32_t device, uint32_t received);     /* once per member, by device */
	void *ctx;
};
/* false: the class's preferred network cannot multicast, and nothing happens. */
bool network_multicast(struct sim *s, const struct multicast *m);

/* Who vouches for devices when they join (join server, HSS, AAA): asked by the technology, in the join's own frames, again on each
 * new attempt.  In set-up, by class; `fn` answers each question through network_authenticated(), at once or later, those on one
 * device in the order in which they were asked. */
typedef void authenticate_fn(struct sim *s, void *ctx, uint32_t device);
void network_authenticator(struct sim *s, uint32_t class_index, authenticate_fn *fn, void *ctx);
/* For technologies: true: the device is vouched for already, nobody has to be asked; false: ops->authenticated() will be called, once,
 * maybe before this returns. */
bool network_authenticate(struct sim *s, uint32_t device);
bool network_asks(const struct sim *s, uint32_t device);        /* whether somebody will have to be asked */
void network_authenticated(struct sim *s, uint32_t device, bool granted);

/* The owner of a purpose.  `fate` FATE_DELIVERED: accepted at the platform now. */
typedef void answer_fn(struct sim *s, void *ctx, const struct message *m, enum fate fate);
void network_owner(struct sim *s, enum purpose p, answer_fn *fn, void *ctx);
/* For networks, backhaul and platforms: the message's way ends here. */
void network_answer(struct sim *s, const struct message *m, enum fate fate);

#endif
