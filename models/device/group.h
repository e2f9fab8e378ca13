/*
 * group - who a KPI is about: `all`, `class=ID`, `network=ID`, `vertical=NAME`, `district=ID`.
 *
 * A cell is a (class, district) pair; what is counted is counted by cell, and a group is the set of its cells, so
 * counting costs one index however many groups there are.
 *
 * network=ID is every device whose class uses that network, first or later: what is counted by cell is about them, whichever
 * network carries a message.  Only KPIs of a network itself (its frames, choosing.share) are about what it carried.
 */
#ifndef MODELS_DEVICE_GROUP_H
#define MODELS_DEVICE_GROUP_H

#include "models/device/device.h"

struct groups {
	uint32_t     n_cells;           /* cell = class * (districts + 1) + district + 1 */
	uint32_t     n;                 /* groups with at least one device; [0] is "all" */
	const char **name;
	uint8_t    **member;            /* member[g][cell]: 1 if the cell belongs to the group */
};

const struct groups *groups_of(const struct sim *s);

/* Whether the classes and districts that targets name are such; for the check of a scenario. */
void groups_check(const struct scenario *sc, struct diag *d);

/* A class uses a network, one of several perhaps: called by network/ in its set-up, so that network=ID groups exist. */
void group_network(struct sim *s, uint32_t class_index, const char *network_id);

#endif
