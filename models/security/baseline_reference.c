/* `sccsim models baselines`, `provisions` and `features`: what baselines ask, of what, and when. */
#include <stdio.h>
#include <string.h>

#include "models/security/baseline_private.h"

static const char *const baseline_columns[] = { "baseline", "title", "mandatory", "recommended", "label", "source" };
static const char *const provision_columns[] = { "baseline", "requirement", "status", "applies to products with", "met by", "in words" };
static const char *const feature_columns[] = { "feature", "mandatory provisions that hang on it, EN 303 645 V3.1.3" };

static const char *baseline_cell(size_t row, size_t column, char *buf, size_t size)
{
	const struct baseline *b = &shipped_baselines[row < n_shipped_baselines ? row : 0];

	if (row >= n_shipped_baselines)
		return NULL;
	switch (column) {
	case 0: return b->id;
	case 1: return b->title;
	case 2:
	case 3:
		snprintf(buf, size, "%zu",
			 baseline_count(b, NULL, column == 2 ? REQUIREMENT_MANDATORY : REQUIREMENT_RECOMMENDED));
		return buf;
	case 4: snprintf(buf, size, b->label ? "level %d" : "-", b->label); return buf;
	default: return b->source;
	}
}

/* Names of features, or ids of provisions, one after the other. */
static void append(char *buf, size_t size, const char *word)
{
	size_t len = strlen(buf);

	snprintf(buf + len, size - len, "%s%s", len ? " " : "", word);
}

/* The rows of all baselines in turn: of one that takes after another those that are its own.  false: there are not so many. */
static bool find(size_t row, const struct baseline **b, struct requirement *r)
{
	struct requirement rows[PROVISIONS_MOST];

	for (size_t i = 0; i < n_shipped_baselines; i++) {
		struct baseline own = shipped_baselines[i];
		size_t n;
		own.base = NULL;
		n = baseline_rows(&own, rows);
		if (row < n) {
			*b = &shipped_baselines[i];
			*r = rows[row];
			return true;
		}
		row -= n;
	}
	return false;
}

static const char *provision_cell(size_t row, size_t column, char *buf, size_t size)
{
	const struct baseline *b;
	struct requirement r;
	int p;

	if (!find(row, &b, &r))
		return NULL;
	p = provision_named(r.id);
	buf[0] = 0;
	switch (column) {
	case 0: return b->id;
	case 1: snprintf(buf, size, "%s", r.id); return buf;
	case 2: {
		char status[4];
		snprintf(buf, size, "%s", requirement_notation(&r, status));
		return buf;
	}
	case 3:
		for (size_t f = 0; feature_names[f]; f++)
			if (r.needs >> f & 1)
				append(buf, size, feature_names[f]);
		return buf;
	case 4: snprintf(buf, size, "%s", r.by ? r.by : ""); return buf;
	default: return p >= 0 && !r.by ? provisions[p].text : "";
	}
}

static const char *feature_cell(size_t row, size_t column, char *buf, size_t size)
{
	if (row >= FEATURES - 1)
		return NULL;
	if (column == 0)
		return feature_names[row];
	buf[0] = 0;
	for (unsigned i = 0; i < EN_PROVISIONS; i++)
		if (provisions[i].mandatory && provisions[i].needs >> row & 1)
			append(buf, size, provisions[i].id);
	return buf;
}

const struct reference baseline_tables[BASELINE_TABLES] = {
	{ "baselines", "Baselines that come with the simulator", TABLE(baseline_columns), baseline_cell, NULL, 0, NULL },
	{ "provisions", "What they ask: M mandatory, R recommended, C on a condition, F with a feature", TABLE(provision_columns), provision_cell, NULL, 0, NULL },
	{ "features", "Features of products that provisions hang on", TABLE(feature_columns), feature_cell, NULL, 0, NULL },
};
