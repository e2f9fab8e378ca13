/*
 * sensor - <sensor> in a device class: its devices observe a hazard where they are, and report alarms over their network.
 *
 * A device samples at its own regular instants.  While a hazard of the sensor's kind is under way and within reach of its threshold there,
 * each sample is an event.  At all other times only the samples at which noise alone exceeds the threshold are: the gaps between them
 * are geometric.  Whether noise alone exceeds it at an instant is drawn by the device and that instant, so it is the same with and
 * without a crisis.
 *
 * Reports are messages of PURPOSE_WARNING, up; what the same purpose carries down belongs to dissemination (outreach.c).
 */
#ifndef MODELS_CRISIS_SENSOR_H
#define MODELS_CRISIS_SENSOR_H

#include "models/crisis/crisis.h"
#include "models/network/network.h"

/* Which occurrences are meant: all of a kind, or those of one element of it. */
struct hazard_choice { const struct hazard_type *type; const struct node *element; };
/* For load hooks: from the text of an attribute, "flood" or the id of a hazard; type NULL after a diagnostic. */
struct hazard_choice hazard_chosen(const struct scenario *sc, const struct node *n, struct diag *d, const char *attribute,
				   const char *text);
static inline bool hazard_matches(const struct hazard_choice *h, const struct occurrence *o)
{
	return o->type == h->type && (!h->element || o->element == h->element);
}
/* Whether some occurrence is meant by both. */
static inline bool hazard_choices_meet(const struct hazard_choice *a, const struct hazard_choice *b)
{
	return a->type == b->type && (!a->element || !b->element || a->element == b->element);
}
/* When a hazard can first be known at a place, at that level: the arrival of its herald (the P wave), if it has one. */
simtime_t hazard_noticed(const struct occurrence *o, struct point at, double level);

/* A <sensor> of one class.  Columns are public to read. */
struct sensor {
	const struct node *node;
	const struct sensor_params *p;
	struct hazard_choice hazard;
	double   threshold;             /* in the hazard's unit */
	double   sigma;                 /* of the noise; 0: none */
	double   floor;                 /* below this level no sample is looked at one by one */
	double   alone;                 /* chance that a sample alarms without a hazard */
	uint32_t index, first, count;   /* its devices */
	uint32_t row;                   /* of the first device in the rows */
	uint64_t salt;                  /* tells the sensors of a class apart */
};
/* All of a scenario, in the order of classes; *n of them. */
const struct sensor *sensors_of(const struct sim *s, uint32_t *n);
/* For checks, after sensors have loaded: what a <sensor> observes, and from which level it alarms. */
struct hazard_choice sensor_hazard(const struct node *sensor);
double sensor_threshold(const struct node *sensor);

/* In set-up: told of every report that arrives, at its arrival. */
typedef void sensor_heard_fn(struct sim *s, void *ctx, const struct sensor *sensor, uint32_t device, simtime_t created);
void sensor_subscribe(struct sim *s, sensor_heard_fn *fn, void *ctx);
/* In set-up, once: told of what became of messages down of PURPOSE_WARNING. */
void sensor_downlinks(struct sim *s, answer_fn *fn, void *ctx);

extern const struct model sensor_model;

#endif
