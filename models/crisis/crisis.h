/*
 * crisis - <crisis>: what befalls a deployment, when, and in which order.
 *
 * A <crisis> holds hazards (hazard.h): each happens at a time, at a rate, or in the wake of another.  All occurrences of a
 * replication are drawn in set-up, each from its own stream, so that they are the same whatever else the scenario holds; their
 * onsets and ends are events.  What hazards do to the deployment is done by the other files of this folder, through the calls
 * that the lower models offer everybody.
 *
 * A crisis whose hazards do not occur within the run costs nothing after set-up.
 */
#ifndef MODELS_CRISIS_CRISIS_H
#define MODELS_CRISIS_CRISIS_H

#include "models/crisis/hazard.h"

struct crisis;

/* NULL: the scenario has no <crisis>, or this is the twin that is run without it. */
struct crisis *crisis_of(const struct sim *s);

/* From set-up on: the occurrences, by onset; *n of them. */
const struct occurrence *crisis_occurrences(const struct crisis *c, uint32_t *n);
bool crisis_occurs(const struct crisis *c);     /* at least one within the run */

/* The first onset, and the end of the last that ends within the run (else the end of the run).  SIM_NEVER, SIM_NEVER where none
 * occurs. */
simtime_t crisis_onset(const struct crisis *c);
simtime_t crisis_end(const struct crisis *c);

/* In set-up: told of the onset (begins true) and the end of every occurrence, in the order of subscription, after the hazard's
 * own begin() and before its own end(). */
typedef void crisis_watch_fn(struct sim *s, void *ctx, const struct occurrence *o, bool begins);
void crisis_watch(struct sim *s, struct crisis *c, crisis_watch_fn *fn, void *ctx);

/* What everyone tells of the crisis over time: lanes "hazards", "power", "service", "detection", "warnings", "crews". */
extern const struct timeline_def crisis_timeline;

/* The elements of this folder, in files of their own. */
extern const struct model crisis_model;
extern const struct model flood_model, earthquake_model, cyclone_model;
extern const struct model wildfire_model, tsunami_model, landslide_model, heat_model;
extern const struct model power_outage_model, backhaul_cut_model, denial_of_service_model, jamming_model;
extern const struct model supply_disruption_model, demand_model, alarms_model, voice_model;

#endif
