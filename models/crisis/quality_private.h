/*
 * quality_private - quality in a crisis: of the service (quality.c), and of gateways and sites (site_quality.c).
 */
#ifndef MODELS_CRISIS_QUALITY_PRIVATE_H
#define MODELS_CRISIS_QUALITY_PRIVATE_H

#include "models/crisis/crisis_private.h"

enum { QUALITY_LEVELS = 3 };
extern const double quality_levels[QUALITY_LEVELS];     /* of -50, -90, -99 */

enum {
	KPI_SERVICE, KPI_SERVICE_MINIMUM, KPI_RESILIENCE,
	KPI_RESTORATION, KPI_UNRESTORED = KPI_RESTORATION + QUALITY_LEVELS,
	KPI_SITES = KPI_UNRESTORED + QUALITY_LEVELS, KPI_SITES_MINIMUM, KPI_SITES_OUT,
	KPI_SITES_RESTORATION, KPI_SITES_UNRESTORED = KPI_SITES_RESTORATION + QUALITY_LEVELS,
};
_Static_assert(KPI_SITES_UNRESTORED + QUALITY_LEVELS == QUALITY_KPIS, "one row a KPI");

/* part / whole >= level, but for rounding. */
bool quality_reaches(double part, double whole, double level);

struct site_quality;
struct site_quality *site_quality_new(struct sim *s, const struct crisis *c);   /* NULL after sim_fail */
void site_quality_start(struct sim *s, struct site_quality *q);
void site_quality_report(struct sim *s, struct site_quality *q);

#endif
