/*
 * What verticals bear on: targets of the Sustainable Development Goals and clauses of the proposal for Resolution 98.
 *
 * A vertical="" of the table's names gets its row into the report; others are groups like any, and the report says nothing of them.
 */
#include <string.h>

#include "models/device/device_private.h"

/* [M] The assignment is ours.  Targets: UN A/RES/71/313.  considering b, recognizing g: verticals; considering e: crises, recovery and
 * supply chains; considering m, o: differences between regions, captive networks. */
static const struct vertical {
	const char *name, *targets, *clauses;
} verticals[] = {
	{ "smart-home", "SDG 7.3 energy efficiency, 11.1 housing", "considering b" },
	{ "industrial", "SDG 9.4 sustainable industry", "considering b, o" },
	{ "vehicles", "SDG 3.6 road deaths", "considering b" },
	{ "oceans", "SDG 14.1 marine pollution, 13.1 resilience", "considering b, e" },
	{ "supply-chain", "SDG 12.3 food losses, 9.1 infrastructure", "considering b, e" },
	{ "health", "SDG 3.8 health coverage, 3.d health risks", "considering b, e" },
	{ "water", "SDG 6.1 drinking water, 6.4 water efficiency", "considering b" },
	{ "energy", "SDG 7.1 access to energy, 7.3 efficiency", "considering b" },
	{ "agriculture", "SDG 2.4 sustainable agriculture", "considering b" },
	{ "transport", "SDG 11.2 public transport", "considering b" },
	{ "lighting", "SDG 11.7 safe public space, 7.3 efficiency", "considering b" },
	{ "environment", "SDG 11.6 air and waste in cities", "considering b" },
};

static const struct vertical *find(const char *name)
{
	for (size_t i = 0; i < sizeof verticals / sizeof verticals[0]; i++)
		if (strcmp(verticals[i].name, name) == 0)
			return &verticals[i];
	return NULL;
}

static uint32_t count(const struct devices *d, const char *name)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < d->n_classes; k++)
		n += strcmp(d->classes[k].vertical, name) == 0 ? d->classes[k].count : 0;
	return n;
}

void verticals_report(struct sim *s, const struct devices *d, const struct groups *g)
{
	static const char prefix[] = "vertical=";

	for (uint32_t k = 0; k < g->n; k++) {
		const char *name = strncmp(g->name[k], prefix, strlen(prefix)) == 0 ? g->name[k] + strlen(prefix) : NULL;
		const struct vertical *v = name ? find(name) : NULL;
		if (v)
			report_fact(s->report, g->name[k], "%s; Res. 98 proposal, %s, recognizing g [M]; %u devices",
				    v->targets, v->clauses, count(d, name));
	}
}
