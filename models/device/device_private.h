/*
 * device_private - the device table of one replication, shared by the files of this folder.
 *
 *   class.c    <device-class>, the table           deploy.c   <deploy>, its files, capacity
 *   place.c    where devices stand                 life.c     states, signals, admission, roll-out
 *   energy.c   <battery>, <power>, charges         account.c  KPIs, audit
 *   passage.c  the ways that lives take
 *   group.c    cells and groups               mobility.c <mobility>, where devices are (mobility_private.h)
 *   route.c    routes out of a file (route.h)      vertical.c what verticals bear on
 */
#ifndef MODELS_DEVICE_PRIVATE_H
#define MODELS_DEVICE_PRIVATE_H

#include "models/device/group.h"

struct device_class_params {
	const char *base;
	bool template;
	const char *vertical;
	const struct node *platform;
	double height, gain;
	simtime_t service_life;
};

enum placement { PLACE_UNIFORM, PLACE_POPULATION, PLACE_CLUSTERED, PLACE_GRID, PLACE_HEXAGONAL, PLACE_FILE };

struct deploy_params {
	const struct node *class;
	uint64_t count;
	int placement;
	const char *file, *district;
	struct position centre;
	double radius;
	uint64_t clusters;
	double cluster_radius;
	double indoor;
	simtime_t start, over;
};

/* What <deploy> loads: its district, and the rows of its file. */
struct deploy_data {
	uint32_t count;                 /* devices */
	int district;                   /* -1: the whole city */
	struct deploy_row { struct point at; simtime_t start; int8_t indoor; } *rows;  /* start < 0, indoor < 0: not given */
};

/* A sum that keeps what rounding would drop (Neumaier): accounts of billions of small terms must balance. */
struct exact_sum { double sum, rest; };

static inline void exact_add(struct exact_sum *a, double x)
{
	double t = a->sum + x;

	a->rest += fabs(a->sum) >= fabs(x) ? (a->sum - t) + x : (x - t) + a->sum;
	a->sum = t;
}

static inline double exact_value(const struct exact_sum *a)
{
	return a->sum + a->rest;
}

/* Of a cell.  A time in a state is counted as minus the instants of entering plus those of leaving, in s; who is still in the
 * state at the time of reading adds that time. */
struct cell_life {
	uint32_t in[DEVICE_STATES];
	struct exact_sum deployed, powered, operational;      /* in the field; powered; at work */
	struct { struct exact_sum joules; simtime_t time; } active[ENERGY_STATES];
};

struct subscriber {
	device_signal_fn *fn;
	void *ctx;
	struct subscriber *next;
};

struct hook {
	device_admit_fn *fn;
	void *ctx;
	struct hook *next;
};

struct watch {
	device_change_fn *fn;
	void *ctx;
	struct watch *next;
};

struct device_impl {
	const struct scenario *scenario;
	struct groups *groups;
	uint32_t cap_groups;
	struct cell_life *life;         /* by cell */
	struct subscriber *subscribers[DEVICE_SIGNALS];
	struct hook *hooks[DEVICE_OPERATIONAL + 1];
	struct watch *watches;
	struct passages *passages;      /* NULL: nothing bears on lives (passage.c) */
	uint8_t *begun;                 /* its network has been told that it is up */
	/* J: what the device drew, sleep as if it slept all the time that it is powered.  Sleep is counted as in cell_life: minus the
	 * energy up to the instant of power-on. */
	double *energy;
	float *before;                  /* J drawn before the warm-up; NULL: there is none, or no battery */
	uint32_t *ticks;                /* time powered, as in cell_life, in 2^tick_shift ns */
	unsigned tick_shift;
	struct mover **movers;          /* by class; NULL: none moves; of a class, NULL: it does not */
	uint16_t kind_bulk, kind_one, kind_battery, kind_warmup;
};

static inline struct device_impl *impl_of(const struct devices *d)
{
	return d->impl;
}
/* W that leave a battery, or the mains, while the device sleeps. */
static inline double drain_w(const struct device_class *c)
{
	return c->sleep_w + c->self_discharge_w;
}

/* deploy.c */
uint32_t deploy_count(const struct node *deploy);
/* place.c: positions, districts and indoor flags of a part's rows. */
void place_part(struct sim *s, struct devices *d, const struct device_part *p);
void place_put(struct devices *d, uint32_t i, struct point at, int district);
/* Where a part may stand, and a uniform place there.  Of a spot that hardly meets the city: its centre. */
struct area {
	const struct city *city;
	int district;                   /* -1: any */
	bool spot;
	struct point centre;
	double radius;
	struct point low, high;         /* bounds */
	double size;                    /* m2, an upper bound where a spot is cut off by the boundary */
};
struct area place_area(const struct city *city, const struct node *deploy);
struct point place_draw(const struct area *a, struct rng *r);
/* life.c */
void life_setup(struct sim *s, struct devices *d);
void life_start(struct sim *s, struct devices *d);
void life_move(struct sim *s, struct devices *d, uint32_t i, enum device_state to);
/* Devices of a cell in states of that sort. */
uint32_t life_count(const struct cell_life *l, bool (*is)(unsigned state));
void life_end(struct sim *s, struct devices *d, uint32_t i, enum device_state to);     /* without power, and says so */
simtime_t deploy_time(const struct sim *s, const struct devices *d, const struct device_part *p, uint32_t i);
/* passage.c: from the set-up on, once something bears on lives; then what they yield. */
void passages_begin(struct sim *s, struct devices *d);
void passages_start(struct sim *s, struct devices *d);
void passages_count(struct sim *s, struct devices *d, uint32_t i, unsigned from, unsigned to);
void passages_finish(struct sim *s, struct devices *d);
extern const struct flow_def passage_flow;
/* energy.c */
bool energy_setup(struct sim *s, struct devices *d);
void energy_class(struct sim *s, struct device_class *c);
void energy_powered(struct sim *s, struct devices *d, uint32_t i, bool on);
void energy_warmup(struct sim *s, struct devices *d);
/* group.c */
bool groups_setup(struct sim *s, struct devices *d);
void groups_count(struct sim *s, struct devices *d);
/* vertical.c: a fact named as the group vertical=NAME tells which targets and clauses the vertical bears on. */
void verticals_report(struct sim *s, const struct devices *d, const struct groups *g);
/* account.c */
enum {
	KPI_CONNECTED, KPI_BATTERY_LIFE, KPI_BATTERY_LIFE_P5, KPI_EVER_OPERATIONAL, KPI_TIME_TO_OPERATIONAL, KPI_RETIRED, KPI_DEVICES,
	DEVICE_KPIS
};
enum { DEVICE_SECTIONS = 5 };
extern const struct kpi_def device_kpis[DEVICE_KPIS];
extern const struct section device_sections[DEVICE_SECTIONS];
void account_finish(struct sim *s, struct devices *d);

#endif
