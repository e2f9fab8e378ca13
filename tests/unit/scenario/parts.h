/*
 * parts - a small table of models of the tests' own, and a folder to put files in.
 *
 *   <scenario> run{1} <area size="..."/>{1} <kind id ...>{0..} <put kind="..." count/>{0..} <note>text</note>{0..1}
 *   <kind> <trait/>{1..2}
 */
#ifndef TESTS_UNIT_SCENARIO_PARTS_H
#define TESTS_UNIT_SCENARIO_PARTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "sim/scenario/csv.h"
#include "sim/scenario/scenario.h"

struct area_params { double size; double height; struct position centre; };
struct kind_params {
	simtime_t period, deadline; uint64_t payload, number; int law; bool on; const char *label; const char *file;
	struct number_list steps; double share; int64_t since;
};
struct put_params { const struct node *kind; uint64_t count; };
struct trait_params { double weight; };

static const char *const laws[] = { "fixed", "pareto", NULL };
static const struct param area_params[] = {
	LENGTH(struct area_params, size, NULL, "1m", "100km", "how wide", NULL),
	LENGTH(struct area_params, height, "30m", "0m", NULL, "how high", "[M] a book"),
	POSITION(struct area_params, centre, "", "where"),
};
static const struct param kind_params[] = {
	TIME(struct kind_params, period, NULL, "1s", "10yr", "how often", NULL),
	TIME(struct kind_params, deadline, "", "1ms", NULL, "until when", NULL),
	BYTES(struct kind_params, payload, "20B", "1B", "64KiB", "how much", "a standard, 1.2"),
	COUNT(struct kind_params, number, "", NULL, NULL, "how many", NULL),
	CHOICE(struct kind_params, law, "fixed", laws, "which law", NULL),
	BOOL(struct kind_params, on, "on", "whether", NULL),
	TEXT(struct kind_params, label, "", "what it says", NULL),
	FILEPATH(struct kind_params, file, "", "a table"),
	LIST(struct kind_params, steps, DIM_LENGTH, "", "0m", "1km", "how far", NULL),
	RATIO(struct kind_params, share, "", "0%", "100%", "which part", NULL),
	INSTANT(struct kind_params, since, "2026-03-02T00:00Z", "since when"),
};
static const struct param put_params[] = {
	REF(struct put_params, kind, NULL, "kind", "of which kind"),
	COUNT(struct put_params, count, "1", "1", "1000000", "how many", NULL),
};
static const struct param trait_params[] = { NUMBER(struct trait_params, weight, "1", "0", "10", "how much", NULL) };
static const struct kpi_def kind_kpis[] = {
	{ .name = "kind.ratio", .unit = "1", .definition = "a ratio" }, { .name = "kind.delay", .unit = "s", .definition = "a time" },
	{ .name = "kind.life", .unit = "yr", .definition = "a life" }, { .name = "kind.rate", .unit = "1/h", .definition = "a rate" },
	{ .name = "connectivity.delivery-ratio", .unit = "1", .definition = "of the template" },
};
static const struct place once[] = { { "scenario", 1, 1 } }, any[] = { { "scenario", 0, 0 } }, one[] = { { "scenario", 0, 1 } };
static const struct place in_kind[] = { { "kind", 1, 2 } };

static void load_kind(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct kind_params *k = n->par;

	if (k->file)
		n->data = csv_read(k->file, sc, d);
}

static void unload_kind(struct node *n)
{
	csv_free(n->data);
}

/* What is loaded may be relied upon: its own references are resolved, and its parent is whole. */
static void load_put(const struct scenario *sc, struct node *n, struct diag *d)
{
	(void)sc, (void)d;
	assert_non_null(((const struct put_params *)n->par)->kind);
}

static void load_trait(const struct scenario *sc, struct node *n, struct diag *d)
{
	(void)sc, (void)d;
	assert_non_null(n->parent->id);
	assert_true(((const struct kind_params *)n->parent->par)->period != SIM_NEVER);
}

static const struct model area_model = { .name = "area", .doc = "The <area>, \"all\" of it & more.", .places = TABLE(once),
	.par_size = sizeof(struct area_params), .params = TABLE(area_params), .example = "size=\"1km\"" };
static const struct model kind_model = { .name = "kind", .doc = "A kind.", .places = TABLE(any), .id = ID_REQUIRED,
	.par_size = sizeof(struct kind_params), .params = TABLE(kind_params), .kpis = TABLE(kind_kpis), .load = load_kind,
	.unload = unload_kind, .example = "id=\"a\" period=\"1h\"" };
static const struct model trait_model = { .name = "trait", .doc = "Of a kind.", .places = TABLE(in_kind),
	.par_size = sizeof(struct trait_params), .params = TABLE(trait_params), .load = load_trait, .example = "" };
static const struct model put_model = { .name = "put", .doc = "Some of a kind.", .places = TABLE(any), .id = ID_OPTIONAL,
	.par_size = sizeof(struct put_params), .params = TABLE(put_params), .load = load_put, .example = "kind=\"a\"" };
static const struct model note_model = { .name = "note", .doc = "Text.", .places = TABLE(one), .has_text = true };

static const struct model *const parts[] = { &area_model, &kind_model, &trait_model, &put_model, &note_model };
static const struct model_table parts_table = { parts, sizeof parts / sizeof parts[0] };

#define HEAD "<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\">"
#define XI "xmlns:xi=\"http://www.w3.org/2001/XInclude\""
#define RUN "<run duration=\"1d\"/>"
#define AREA "<area size=\"1km\"/>"
#define WHOLE(body) HEAD "\n" RUN "\n" AREA "\n" body "</scenario>"

/* A folder of the test's own with `inner/` for scenarios and `lib/`; the scenario's path is inner/s.xml. */
struct folder { char path[64], scenario[96], lib[96]; };

static inline int folder_open(void **state)
{
	struct folder *f = calloc(1, sizeof *f);
	char command[128];

	assert_non_null(f);
	strcpy(f->path, "/tmp/sccsim-test-XXXXXX");
	assert_non_null(mkdtemp(f->path));
	snprintf(command, sizeof command, "mkdir -p %s/inner %s/lib", f->path, f->path);
	assert_int_equal(system(command), 0);
	snprintf(f->scenario, sizeof f->scenario, "%s/inner/s.xml", f->path);
	snprintf(f->lib, sizeof f->lib, "%s/lib", f->path);
	*state = f;
	return 0;
}

static inline int folder_close(void **state)
{
	struct folder *f = *state;
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", f->path);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static inline void put_file(const struct folder *f, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", f->path, name);
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static inline struct scenario *take(const struct folder *f, const char *text, const struct setting *sets, size_t n, struct diag *d)
{
	return scenario_parse(text, strlen(text), f->scenario, &parts_table, f->lib, sets, n, d);
}

/* Must load without a word. */
static inline struct scenario *taken(const struct folder *f, const char *text, const struct setting *sets, size_t n)
{
	struct diag *d = diag_new();
	struct scenario *sc = take(f, text, sets, n, d);

	if (!sc || diag_count(d)) {
		diag_print(d, stderr);
		fail_msg("not taken: %s", text);
	}
	diag_free(d);
	return sc;
}

/* Must be refused with just these messages (their path left out), in this order; the list ends with NULL. */
static inline void refused_by(const struct folder *f, const char *text, const struct setting *sets, size_t n, const char *const *messages)
{
	struct diag *d = diag_new();
	struct scenario *sc = take(f, text, sets, n, d);
	size_t i = 0, skip = strlen(f->path);

	if (sc)
		fail_msg("taken: %s", text);
	for (; messages[i]; i++) {
		const char *said = i < diag_count(d) ? diag_text(d, i) : "(nothing)";
		if (strncmp(said, f->path, skip) == 0)
			said += skip + 1;
		if (strncmp(said, "inner/s.xml:", 12) == 0)
			said += 12;
		if (strcmp(said, messages[i]) != 0) {
			diag_print(d, stderr);
			fail_msg("said    %s\n    not     %s", said, messages[i]);
		}
	}
	if (diag_count(d) != i) {
		diag_print(d, stderr);
		fail_msg("says more than expected: %s", text);
	}
	diag_free(d);
}

#define REFUSED(f, text, ...) refused_by((f), (text), NULL, 0, (const char *const[]){ __VA_ARGS__, NULL })

#endif
