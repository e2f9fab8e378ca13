/*
 * network_private - which networks a class may use, and which of them each device uses.
 *
 *   network.c           <uses>; from a sender to its network, and back to the owner of the purpose
 *   network_entry.c     networks that are shut until they are opened, and who authenticates devices
 *   choosing.c          <choosing>; how a device of a class with several networks comes to use one
 *   choosing_account.c  KPIs and the balance of messages over several networks
 *   availability.c      connectivity.availability
 *
 * A class with one network costs none of this: its devices have no seat.
 */
#ifndef MODELS_NETWORK_PRIVATE_H
#define MODELS_NETWORK_PRIVATE_H

#include "models/network/network.h"

struct choosing_params {
	uint64_t  fall_over;            /* consecutive lost messages; 0: never for that reason */
	simtime_t notice, back_after, patience;
};
extern const struct model choosing_model;

/* A network that a class uses: `ops` stays NULL until the technology has registered. */
struct route {
	const struct node *element;
	const struct uses_params *uses;
	const struct network_ops *ops;
	void    *net;
	uint32_t rank;                          /* 0: preferred; networks of other operators come last */
	uint64_t handed, delivered, lost;       /* messages, over the whole run; only where some class chooses */
	uint64_t counted;                       /* handed from the warm-up on */
	uint32_t *shut;                         /* not open yet: the ways of each device of the class to it; NULL: open */
};

/* Of a device whose class has several networks. */
enum { NO_ROUTE = UINT8_MAX };
struct seat {
	simtime_t moved;                /* when it came to the network it uses, or gave up leaving it */
	simtime_t tried;                /* when it began to attach to another */
	uint16_t  generation;           /* of its timer */
	uint8_t   current, trying;      /* routes, NO_ROUTE */
	uint8_t   failures;             /* consecutive messages lost */
	bool      begun;                /* the network that it tries has been told */
	bool      left_live;            /* the network that it leaves had a way out */
	bool      move_on;              /* too many failures */
};
/* A device's ways out of one of its networks. */
struct way {
	simtime_t since;                /* none, or at least one */
	uint32_t  live;
	uint32_t  vain;                 /* attempts in a row that were given up for their length */
};

/* The networks of a class in the order of its <uses>; one without network has a route that leads nowhere. */
struct routes {
	struct route *route;
	uint32_t n;
	uint8_t  by_rank[NETWORK_ROUTES];
	uint32_t first;                         /* device */
	authenticate_fn *authenticate;          /* NULL: nobody has to be asked */
	void    *authenticate_ctx;
	const struct choosing_params *choosing;
	struct seat *seat;                      /* by row within the class; NULL: nothing to choose */
	struct way  *way;                       /* rows x n */
};

/* By cell; times as minus the instants of entering plus those of leaving, in s, from the warm-up on. */
struct choices { double attached, second; uint64_t fall_overs, returns, handed, visiting; double fees; };

struct choosing {
	struct devices *dev;
	struct routes  *routes;         /* by class */
	struct choices *cell;
	uint16_t kind;
};

/* choosing.c: in set-up, when the routes are listed.  *out NULL: no class has anything to choose. */
bool choosing_new(struct sim *s, struct devices *dev, struct routes *routes, struct choosing **out);
/* A device of a class with seats: powered, without power; a way out of its route r came or went; the fate of a message on r. */
void choosing_up(struct sim *s, struct choosing *c, uint32_t device);
void choosing_down(struct sim *s, struct choosing *c, uint32_t device);
void choosing_path(struct sim *s, struct choosing *c, uint32_t device, uint32_t r, int change);
void choosing_fate(struct sim *s, struct choosing *c, const struct message *m, enum fate fate);

/* choosing_account.c */
enum { CHOOSING_KPIS = 6, CHOOSING_SECTIONS = 1 };
extern const struct kpi_def choosing_kpis[CHOOSING_KPIS];
extern const struct section choosing_sections[CHOOSING_SECTIONS];
void choosing_hand(const struct sim *s, struct choosing *c, uint32_t class_index, const struct message *m);
/* A device begins (sign -1) or ends (1) to use its current route. */
void choosing_count_time(const struct sim *s, struct choosing *c, uint32_t device, double sign);
void choosing_finish(struct sim *s, struct choosing *c);

struct owner {
	answer_fn *fn;
	void *ctx;
};

struct network {
	struct devices *dev;
	struct routes *routes; /* by class */
	struct choosing *choosing; /* NULL: no class has several networks */
	struct owner owner[PURPOSES];
	uint64_t *under_way; /* messages by purpose: handed to a technology and not answered */
	struct availability *availability;
};

/* network.c */
struct network *network_state(const struct sim *s);
/* The route that a device's messages take now; where it has none yet, the one that it tries. */
const struct route *network_route(const struct network *n, uint32_t device);

static inline struct seat *seat_of(const struct routes *all, uint32_t device)
{
	return &all->seat[device - all->first];
}

#endif
