/* The data files of a scenario come with its results; what a user keeps there stays. */
#include "tests/unit/output/made.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/output/pieces.h"

struct area_xml { const char *outline, *places; };
static const struct param area_params[] = {
	FILEPATH(struct area_xml, outline, "", "a file"),
	FILEPATH(struct area_xml, places, "", "another"),
};
static const struct place in_scenario[] = { { "scenario", 0, 1 } };
static const struct model area = { .name = "area", .doc = "An area.", .places = in_scenario, .n_places = 1,
				   .par_size = sizeof(struct area_xml), .params = area_params, .n_params = 2 };
static const struct model *const models[] = { &area };
static const struct model_table table = { models, 1 };

struct folder { char dir[64], home[80], out[80]; struct scenario *sc; struct outcome o; };

static void put(const char *dir, const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Whether the file holds that text; NULL: whether it is not there. */
static bool holds(const char *dir, const char *name, const char *text)
{
	char path[512], got[64] = "";

	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "rb");
	if (!f)
		return text == NULL;
	size_t n = fread(got, 1, sizeof got - 1, f);
	fclose(f);
	return text && strlen(text) == n && memcmp(got, text, n) == 0;
}

static int set_up(void **state)
{
	struct folder *p = calloc(1, sizeof *p);

	if (!p)
		return -1;
	strcpy(p->dir, "/tmp/sccsim-inputs-XXXXXX");
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->home, sizeof p->home, "%s/home", p->dir);
	snprintf(p->out, sizeof p->out, "%s/out", p->dir);
	mkdir(p->home, 0777);
	mkdir(p->out, 0777);
	put(p->home, "outline.geojson", "outline");
	*state = p;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct folder *p = *state;

	nftw(p->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	scenario_free(p->sc);
	free(p);
	return 0;
}

static void load(struct folder *p, const char *attributes)
{
	char path[160], text[512];
	struct diag *d = diag_new();

	snprintf(text, sizeof text, "<scenario xmlns='urn:sccsim:scenario:1'><run duration='1d'/><area %s/></scenario>",
		 attributes);
	put(p->home, "town.xml", text);
	snprintf(path, sizeof path, "%s/town.xml", p->home);
	p->sc = scenario_load(path, &table, NULL, NULL, 0, d);
	if (!p->sc)
		diag_print(d, stderr);
	diag_free(d);
	assert_non_null(p->sc);
	p->o.sc = p->sc;
}

static void write_inputs(struct folder *p, const char *dir)
{
	char why[OUTPUT_WHY] = "";

	if (inputs_write(&p->o, dir, inputs_ours(dir), why) != 0)
		fail_msg("%s", why);
}

static void files_keep_the_names_by_which_the_scenario_calls_them(void **state)
{
	struct folder *p = *state;
	char sub[160];

	snprintf(sub, sizeof sub, "%s/parts", p->home);
	mkdir(sub, 0777);
	put(sub, "places.csv", "places");
	load(p, "outline='outline.geojson' places='parts/places.csv'");
	write_inputs(p, p->out);
	assert_true(holds(p->out, "outline.geojson", "outline"));
	assert_true(holds(p->out, "parts/places.csv", "places"));
	assert_true(holds(p->out, "outline.geojson.writing", NULL));
}

static void a_users_own_file_is_not_overwritten(void **state)
{
	struct folder *p = *state;

	put(p->out, "outline.geojson", "mine");
	load(p, "outline='outline.geojson'");
	write_inputs(p, p->out);
	assert_true(holds(p->out, "outline.geojson", "mine"));
}

static void a_file_of_an_earlier_run_is_replaced(void **state)
{
	struct folder *p = *state;

	put(p->out, "outline.geojson", "of yesterday");
	put(p->out, "results.sqlite", "of yesterday");
	load(p, "outline='outline.geojson'");
	write_inputs(p, p->out);
	assert_true(holds(p->out, "outline.geojson", "outline"));
}

static void results_beside_the_scenario_leave_its_files_alone(void **state)
{
	struct folder *p = *state;

	put(p->home, "results.sqlite", "of yesterday");
	load(p, "outline='outline.geojson'");
	write_inputs(p, p->home);
	assert_true(holds(p->home, "outline.geojson", "outline"));
}

static void a_result_is_never_taken_for_an_input(void **state)
{
	struct folder *p = *state;

	put(p->home, "kpi.csv", "an input");
	put(p->out, "kpi.csv", "a result");
	put(p->out, "results.sqlite", "of yesterday");
	load(p, "outline='outline.geojson' places='kpi.csv'");
	write_inputs(p, p->out);
	assert_true(holds(p->out, "kpi.csv", "a result"));
}

static void a_file_that_is_gone_by_then_is_named(void **state)
{
	struct folder *p = *state;
	char path[160], why[OUTPUT_WHY] = "";

	load(p, "outline='outline.geojson'");
	snprintf(path, sizeof path, "%s/outline.geojson", p->home);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(inputs_write(&p->o, p->out, false, why), -1);
	assert_non_null(strstr(why, "outline.geojson"));
	assert_true(holds(p->out, "outline.geojson", NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_keep_the_names_by_which_the_scenario_calls_them),
		TEST(a_users_own_file_is_not_overwritten),
		TEST(a_file_of_an_earlier_run_is_replaced),
		TEST(results_beside_the_scenario_leave_its_files_alone),
		TEST(a_result_is_never_taken_for_an_input),
		TEST(a_file_that_is_gone_by_then_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
