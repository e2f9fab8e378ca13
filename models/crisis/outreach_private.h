/*
 * outreach_private - what the files of dissemination share.
 *
 *   outreach.c          which ways a warning takes, their set-up    outreach_channels.c the elements and their attributes
 *   outreach_people.c   phones and sirens                           outreach_down.c     messages to devices
 */
#ifndef MODELS_CRISIS_OUTREACH_PRIVATE_H
#define MODELS_CRISIS_OUTREACH_PRIVATE_H

#include <math.h>

#include "models/crisis/sensor.h"
#include "models/crisis/outreach.h"
#include "models/network/cellular/cellular.h"
#include "models/network/grid.h"

struct phones_params {
	const struct node *network;
	double    share;
	simtime_t latency, period, lasts, notice;
	double    coupling_loss, indoor;
};
struct siren_params {
	struct backup_params power;
	struct position at;
	uint64_t  count;
	int       placement;
	double    radius, share;
	simtime_t notice;
};
struct downlink_params {
	const struct node *class;
	uint64_t  bytes, priority;
	bool      multicast;
};
enum { SIRENS_HEXAGONAL, SIRENS_UNIFORM, SIRENS_POPULATION };

struct siren { struct point at; bool on; };

/* One way: an element. */
struct channel {
	struct outreach *outreach;
	const struct node *node;
	enum channel_kind kind;
	uint32_t index;                 /* within its warning */
	struct cellular_audience *audience;     /* of phones, once a warning has gone out */
	struct siren *siren;
	uint32_t n_sirens;
	uint32_t number;                /* of a downlink, over all warnings */
	struct actuated down;
};

struct outreach {
	const struct scenario *scenario;
	struct channel *channel;
	uint32_t n, n_issues, cap_issues;
	struct issue **issue;
	uint16_t *kind;                 /* by channel: phones are tried */
};

/* Person of a point: a share of all have what it takes; keyed by channel and point.  And how long one takes. */
bool person_has(const struct sim *s, const struct channel *c, const struct person_point *p, double share);
double person_takes(const struct sim *s, const struct channel *c, const struct issue *i, const struct person_point *p, simtime_t mean,
		    uint32_t what);
void person_warned(struct issue *i, uint32_t point, double after, enum channel_kind by);

/* outreach_people.c */
bool sirens_new(struct sim *s, struct channel *c, const struct city *city);
void sirens_start(struct sim *s, struct channel *c);
void sirens_sound(struct sim *s, const struct channel *c, struct issue *i);
void phones_begin(struct sim *s, struct channel *c, struct issue *i);
void on_phones(struct sim *s, void *ctx, uint32_t issue, uint16_t detail);
/* outreach_down.c */
void downlink_new(struct sim *s, struct channel *c);
void downlink_send(struct sim *s, struct channel *c);

#endif
