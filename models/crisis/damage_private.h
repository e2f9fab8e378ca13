/*
 * damage_private - fragility curves and the damage that follows, shared by their files.
 *
 *   fragility.c      <fragility>: which curve a thing has, its capacity
 *   damage.c         what breaks when, and is mended
 *   damage_report.c  KPIs and table
 */
#ifndef MODELS_CRISIS_DAMAGE_PRIVATE_H
#define MODELS_CRISIS_DAMAGE_PRIVATE_H

#include "models/crisis/crisis_private.h"
#include "models/crisis/damage.h"
#include "models/device/device.h"

enum mended_by { BY_CREWS, BY_OTHERS };

struct fragility_params {
	const char *hazard;
	int of;                                 /* enum asset_kind; -1: class or element */
	const struct node *class, *element;
	const char *median, *destroyed;         /* levels, in the hazard's unit */
	double deviation;
	simtime_t repair, destroyed_repair, work, destroyed_work;
	double variation;
	int mended_by;
};

/* Of the node's data: what its texts come to. */
struct fragility {
	const struct hazard_type *type;
	const struct node *element;             /* NULL: all hazards of the kind */
	double median, destroyed;               /* destroyed NaN: nothing is */
};

/* The element that says how an asset, or a device of a class, stands a hazard; NULL: nothing is said of it.  o NULL: any hazard. */
const struct node *fragility_of_asset(const struct node *crisis, const struct occurrence *o, const struct asset *a);
const struct node *fragility_of_class(const struct node *crisis, const struct occurrence *o, const struct node *device_class);
/* By how many deviations the thing of that key stands more than the median, before that occurrence. */
double fragility_draw(const struct sim *s, const struct occurrence *o, uint64_t thing);

/* What waits for its moment. */
struct pending {
	const struct occurrence *o;
	const struct node *fragility;
	uint32_t asset, device;
	bool destroyed;
};

enum { DAMAGE_WATCHES = 8 };

struct damages {
	const struct crisis *crisis;
	const struct node *node;                /* <crisis> */
	struct devices *dev;
	struct pending *pending;
	uint32_t n_pending, cap_pending;
	struct damage *d;
	uint32_t n, cap;
	uint32_t *of_asset, *of_device;         /* + 1; 0: whole.  of_device NULL: no device has a fragility */
	uint32_t n_assets;
	uint16_t kind_break, kind_mend;
	bool responded;                         /* somebody repairs */
	uint32_t n_watches;
	struct { damage_watch_fn *fn; void *ctx; } watch[DAMAGE_WATCHES];
};

void damage_setup(struct sim *s, const struct scenario *sc);
void damage_start(struct sim *s, const struct scenario *sc);

enum { DAMAGE_DAMAGED, DAMAGE_DESTROYED_SHARE, DAMAGE_MENDED, DAMAGE_KPIS };
extern const struct kpi_def damage_kpis[DAMAGE_KPIS];
extern const struct section damage_sections[];
enum { DAMAGE_SECTIONS = 1 };
void damage_report(struct sim *s, const struct scenario *sc);

#endif
