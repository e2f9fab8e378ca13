/*
 * crisis_private - the state of one replication's crisis, shared by this folder.
 *
 *   crisis.c    <crisis>, occurrences, their onsets and ends       hazards.c   the kinds of hazards
 *   damage_private.h   fragility and damage                     flood.c, earthquake.c, cyclone.c ...  one kind each
 *   breakage.c  assets that fail together: power_outage.c, backhaul_cut.c
 *   denial_of_service.c  requests that flood a platform or an edge       jamming.c  noise at gateways
 *   phases.c    before, during, after                          quality.c   service relative to that without it
 *   wildfire.c, tsunami.c, landslide.c, heat.c                  hazard_course.h  what courses share
 *   shakemap.h  shaking as it was published                     site_quality.c  gateways and sites that work
 *   timeline.c  what it looked like
 *   wake.c      what comes after onsets: demand.c              voice.c     calls
 */
#ifndef MODELS_CRISIS_PRIVATE_H
#define MODELS_CRISIS_PRIVATE_H

#include <math.h>

#include "models/crisis/crisis.h"
#include "models/network/asset.h"

enum { CRISIS_WATCHES = 16, OCCURRENCES_MAX = 10000 };

enum { PHASES_OFF, PHASES_ON };
struct crisis_params { int phases; };

struct site_quality;
struct crisis_picture;

struct crisis {
	const struct scenario *scenario;
	struct site_quality *sites;     /* NULL: none occurs */
	const struct node *node;
	struct occurrence *o;
	uint32_t n, cap, n_watches;
	struct { crisis_watch_fn *fn; void *ctx; } watch[CRISIS_WATCHES];
	uint16_t kind_onset, kind_end;
	struct crisis_picture *picture; /* NULL: no hazard occurs */
};

/* phases.c: the windows of a crisis, and which KPIs are counted by them. */
void phases_rerun(const struct sim *s, const struct scenario *sc, struct reruns *r);
bool phases_windowed(const struct kpi_def *def);
void phases_check(const struct scenario *sc, struct diag *d);

/* quality.c */
enum { QUALITY_KPIS = 18 };
extern const struct kpi_def quality_kpis[QUALITY_KPIS];
void quality_setup(struct sim *s, struct crisis *c);
void quality_start(struct sim *s, struct crisis *c);
void quality_finish(struct sim *s, const struct crisis *c);
/* timeline.c: what the crisis looked like. */
extern const struct table_def crisis_broken;
void timeline_setup(struct sim *s, const struct scenario *sc, struct crisis *c);
void timeline_finish(struct sim *s, struct crisis *c);

#endif
