/*
 * response_private - the state of one replication's response, shared by its files.
 *
 *   response.c   <response>, its parts and figures          crew.c      <crew>: shifts, who is free, travel
 *   depot.c      <depot>: where crews start, spares         repair.c    orders, and who does which
 *   portable.c   what stands in for broken sites and links  priority.c  which order comes first
 *   repair_source.c   damages as orders                     refuel.c    <fuel>: trucks and mobile generators
 */
#ifndef MODELS_CRISIS_RESPONSE_PRIVATE_H
#define MODELS_CRISIS_RESPONSE_PRIVATE_H

#include "models/crisis/response.h"
#include "models/network/asset.h"
#include "sim/kernel/tally.h"

enum { CREWS_MAX = 10000, NOBODY = UINT32_MAX };

enum among { AMONG_FIRST, AMONG_PEOPLE };

struct response_params {
	uint64_t crews, portable_sites;
	simtime_t shift, start, assessment, roads, roaming;
	double speed, detour, roads_factor, resupply;
	uint64_t spares;
	const char *priority;
	int among;
	bool overtime;
};

struct crew_params {
	uint64_t count;
	const char *skills;
	simtime_t shift, start, available_from, build_up;
	double speed;
	const struct node *depot;
};

/* A fleet of what stands in for what is broken: portable sites, satellite terminals. */
struct fleet {
	const struct node *element;             /* with the costs; NULL: of the short form */
	unsigned  kinds;                        /* bits of enum asset_kind that it stands in for */
	uint32_t  count, free;
	simtime_t set_up;
	uint64_t  used;
};

struct depot {
	const struct node *element;             /* NULL: the one of the short form */
	struct point at;
	uint64_t spares, taken;
	bool     endless;                       /* spares are never short */
	double   resupply;                      /* 1/s from the onset on */
};

struct crew {
	const struct crew_params *p;            /* NULL: of the short form */
	uint32_t depot;
	unsigned skills;                        /* bits */
	double   speed, lot;
	simtime_t start, shift, from;           /* of the day, length, first day of work */
	struct point at;                        /* when it was last free */
	simtime_t home;                         /* from then on it is at its depot */
	uint32_t job;                           /* NOBODY: free */
	simtime_t busy;                         /* time in which it travelled or worked */
};

enum job_state { JOB_UNKNOWN, JOB_OPEN, JOB_TAKEN, JOB_DONE };

struct job {
	struct repair_order order;
	response_done_fn *fn;                   /* NULL: brings a unit of a fleet */
	void     *ctx;
	uint32_t  subject;
	simtime_t since;
	double    people;
	uint32_t  rank, crew, unit;             /* unit: the fleet that stands in, or is brought; NOBODY */
	uint32_t  target;                       /* of a bringing: the job whose asset it is for */
	enum job_state state;
	bool      stands_in, bringing;          /* a unit is there; one is on its way or asked for */
	bool      refused;                      /* the supply chain had no spare when it became known */
};

/* Open jobs that need the same skill, and a spare or none: a heap, the first at the top. */
struct job_heap { uint32_t *job, n, cap; };
enum { HEAPS = 2 * SKILLS + 1, HEAP_BRING = 2 * SKILLS };

enum { LANE_STEPS = 400 };
struct response {
	const struct scenario *scenario;
	const struct response_params *p;
	const struct node *node;
	simtime_t onset, start_of_day;
	struct depot *depot;  uint32_t n_depots;
	struct crew *crew;    uint32_t n_crews, n_free;
	struct trucks *trucks;                  /* refuel.c; NULL: none */
	struct fleet fleet[2];  uint32_t n_fleets;
	struct job *job;      uint32_t n_jobs, cap_jobs;
	struct job_heap heap[HEAPS];
	uint32_t rank_of[ASSET_KINDS + 1];      /* the last: of what is no asset */
	double  *people_of;                     /* by asset; NULL: not asked for */
	double   present;
	uint16_t kind_known, kind_done, kind_wake, kind_sample, kind_roaming;
	uint16_t wake_generation;
	simtime_t wake_at;
	/* figures */
	uint64_t repairs;
	double   travelled;                     /* m */
	struct tally wait;                      /* s, from the damage to the begin of work */
	struct timeavg open;
	struct crews_out { simtime_t from; uint32_t out; } lane[LANE_STEPS + 1];       /* for the timeline */
	uint32_t n_lane;
};

struct response *response_of(const struct sim *s);

/* depot.c: all of them, the short form's where there is none.  false: sim_fail. */
bool depots_setup(struct sim *s, struct response *r);
uint32_t depot_number(const struct response *r, const struct node *depot);     /* NULL: the first */
bool depot_has_spare(const struct sim *s, const struct response *r, uint32_t depot);
simtime_t depot_next_spare(const struct sim *s, const struct response *r, uint32_t depot);      /* SIM_NEVER: none comes */

/* crew.c */
bool crews_setup(struct sim *s, struct response *r);
bool crew_on_shift(const struct response *r, const struct crew *c, simtime_t t);
simtime_t crew_next_shift(const struct response *r, const struct crew *c, simtime_t t);         /* SIM_NEVER: not fit for work */
simtime_t crew_shift_end(const struct response *r, const struct crew *c, simtime_t t);          /* of the one that t is in */
simtime_t crew_duty(const struct response *r, const struct crew *c, simtime_t from, simtime_t to);
/* When it has worked for so long, begun at t: within its shifts where there is no overtime. */
simtime_t crew_finishes(const struct response *r, const struct crew *c, simtime_t t, simtime_t work);
/* Metres that it drives to do a job from where it is at t, by way of its depot where it must take something along. */
double crew_distance(const struct response *r, const struct crew *c, simtime_t t, const struct job *j);
simtime_t travel_time(const struct response *r, simtime_t t, double distance, double speed);
bool skills_parse(const char *text, unsigned *skills);

/* priority.c */
bool priority_parse(const char *text, uint32_t rank_of[ASSET_KINDS + 1]);
bool priority_setup(struct sim *s, struct response *r);
bool job_before(const struct response *r, uint32_t a, uint32_t b);
double people_served(const struct response *r, const struct repair_order *o);

/* repair.c */
void crews_lane(struct sim *s, const struct response *r);       /* in finish */
void repairs_setup(struct sim *s, struct response *r);
void repairs_start(struct sim *s, struct response *r);
struct job *job_new(struct sim *s, struct response *r, uint32_t *number);       /* NULL: sim_fail */
void job_open(struct sim *s, struct response *r, uint32_t number);              /* without a look at who is free */
void repairs_dispatch(struct sim *s, struct response *r);
struct point job_place(const struct sim *s, const struct job *j);

/* portable.c */
void fleets_setup(struct response *r);
void fleet_ask(struct sim *s, struct response *r, uint32_t job);                /* a job became known: bring a unit? */
bool fleet_wanted(const struct response *r, const struct job *bringing);        /* still */
void fleet_return(struct sim *s, struct response *r, uint32_t fleet);           /* one is free again */
void fleet_arrive(struct sim *s, struct response *r, uint32_t bringing);        /* one has been set up */
void fleet_mended(struct sim *s, struct response *r, uint32_t job);             /* nothing is to stand in any more */


/* repair_source.c: damages as orders. */
void repair_source_setup(struct sim *s, struct response *r);
void repair_source_known(struct sim *s, const struct job *j);                   /* a job became known */

/* refuel.c */
bool trucks_setup(struct sim *s, struct response *r);
void trucks_start(struct sim *s, struct response *r);
double trucks_deliveries(const struct response *r);     /* NaN: there are no trucks */

#endif
