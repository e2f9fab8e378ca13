/*
 * box - a model of the tests' own for studies that are loaded from files, and a folder to put those in.  A box reports a mean with
 * noise, and a series about it; it may fail where it is told.  For the tests of one program; cmocka.h and what it needs come before it.
 */
#ifndef TESTS_UNIT_STUDY_BOX_H
#define TESTS_UNIT_STUDY_BOX_H

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/kernel/rng.h"
#include "sim/kernel/sim.h"
#include "sim/study/study.h"

struct box_params {
	double mean, noise, size, settle;
	simtime_t period;
	uint64_t count, fails;
	bool broken;
	const char *label;
};

static const struct param box_params[] = {
	NUMBER(struct box_params, mean, "10", NULL, NULL, "mean of what it reports", NULL),
	NUMBER(struct box_params, noise, "1", "0", NULL, "its noise", NULL),
	NUMBER(struct box_params, settle, "0", "0", NULL, "seconds that its series takes to settle", NULL),
	LENGTH(struct box_params, size, "1km", "0m", NULL, "a length", NULL),
	TIME(struct box_params, period, "1h", "0s", NULL, "a time", NULL),
	COUNT(struct box_params, count, "3", "0", NULL, "a number", NULL),
	COUNT(struct box_params, fails, "0", "0", NULL, "replication that fails, from 1; 0: none", NULL),
	BOOL(struct box_params, broken, "off", "whether it cannot be loaded", NULL),
	TEXT(struct box_params, label, "", "a text", NULL),
};
enum { BOX_VALUE, BOX_COUNT, BOX_MINOR };
static const struct kpi_def box_kpis[] = {
	[BOX_VALUE] = { "box.value", "1", "mean and noise", NULL, KPI_HIGHER, false },
	[BOX_COUNT] = { "box.count", "1", "as it is set; of boxes with an odd number of replication", NULL, KPI_NEITHER, false },
	[BOX_MINOR] = { "box.minor", "s", "supports", NULL, KPI_LOWER, true },
};
static const struct place box_places[] = { { "scenario", 1, 0 } };

static void box_load_hook(const struct scenario *sc, struct node *n, struct diag *d)
{
	(void)sc;
	if (((const struct box_params *)n->par)->broken)
		node_error(n, d, "broken", "cannot be");
}

static void box_start(struct sim *s, const struct scenario *sc);
static void box_finish(struct sim *s, const struct scenario *sc);

/* So that it may have phases; it asks for none. */
static void box_rerun(const struct sim *s, const struct scenario *sc, struct reruns *r)
{
	(void)s, (void)sc, (void)r;
}

static const struct model box_model = {
	.name = "box", .doc = "A box.", .places = TABLE(box_places), .id = ID_OPTIONAL, .par_size = sizeof(struct box_params),
	.params = TABLE(box_params), .kpis = TABLE(box_kpis), .load = box_load_hook, .start = box_start, .finish = box_finish,
	.rerun = box_rerun,
};
static const struct model *const box_models[] = { &box_model };
static const struct model_table box_table = { box_models, 1, NULL };

static const struct box_params *box_of(const struct scenario *sc)
{
	return scenario_first(sc, &box_model)->par;
}

static void box_start(struct sim *s, const struct scenario *sc)
{
	if (s->replication + 1 == box_of(sc)->fails)
		sim_fail(s, SIM_E_LIMIT, "the box is full");
}

static double box_draw(struct rng *rng, const struct box_params *p)
{
	return p->mean + p->noise * (rng_exponential(rng, 1) - 1);
}

static void box_finish(struct sim *s, const struct scenario *sc)
{
	const struct box_params *p = box_of(sc);
	struct rng rng = sim_rng(s, 1, 1);

	report_kpi(s->report, &box_kpis[BOX_VALUE], "all", box_draw(&rng, p));
	if (s->replication % 2)
		report_kpi(s->report, &box_kpis[BOX_COUNT], "all", (double)p->count);
	report_kpi(s->report, &box_kpis[BOX_MINOR], "all", 1);
	for (int t = 0; t < 400; t++)
		if (t < 390 || s->replication != 1) /* one run is short of the last times */
			report_series(s->report, &box_kpis[BOX_VALUE], "all", t * SIM_SECOND,
				      t == 7 ? NAN : box_draw(&rng, p) + (t < p->settle ? 100 : 0));
}

/* ---- a folder ---- */

struct box { char path[64], study[96]; };

static inline int box_open(void **state)
{
	struct box *b = calloc(1, sizeof *b);

	assert_non_null(b);
	strcpy(b->path, "/tmp/sccsim-study-XXXXXX");
	assert_non_null(mkdtemp(b->path));
	snprintf(b->study, sizeof b->study, "%s/t.xml", b->path);
	*state = b;
	return 0;
}

static inline int box_close(void **state)
{
	struct box *b = *state;
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", b->path);
	assert_int_equal(system(command), 0);
	free(b);
	return 0;
}

static inline void box_put(const struct box *b, const char *name, const char *text)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", b->path, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

#define BOX_SCENARIO(id, seed) \
	"<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"" id "\"><run duration=\"400s\" seed=\"" seed "\"/><box/></scenario>"

/* A study of the attributes and the body, of s.xml unless the attributes begin with '!'; NULL after diagnostics in d. */
static inline struct study *box_take(const struct box *b, const char *attributes, const char *body, struct diag *d)
{
	char *text = NULL;
	bool none = attributes[0] == '!';

	box_put(b, "s.xml", BOX_SCENARIO("s", "7"));
	box_put(b, "other.xml", BOX_SCENARIO("other", "8"));
	assert_true(asprintf(&text, "<study xmlns=\"urn:sccsim:study:1\" id=\"t\"%s %s>\n%s</study>",
			     none ? "" : " scenario=\"s.xml\"", attributes + none, body) > 0);
	box_put(b, "t.xml", text);
	free(text);
	return study_load(b->study, &box_table, NULL, d);
}

#define VALUE "<response kpi=\"box.value\"/>"
#define COUNTS(values) "<factor id=\"n\" path=\"box/@count\" values=\"" values "\"/>"

/* Must load without a word. */
static inline struct study *box_load(const struct box *b, const char *attributes, const char *body)
{
	struct diag *d = diag_new();
	struct study *st = box_take(b, attributes, body, d);

	if (!st || diag_count(d)) {
		diag_print(d, stderr);
		fail_msg("not taken: %s %s", attributes, body);
	}
	diag_free(d);
	return st;
}

#endif
