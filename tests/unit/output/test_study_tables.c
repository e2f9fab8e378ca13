#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sim/output/study_output.h"
#include "tests/unit/study/box.h"

/* A study that was run in the folder, ready to be drawn. */
struct drawn { struct study *st; struct study_record *rec; struct study_view *v; };

static struct drawn draw(const struct box *b, const char *attributes, const char *body)
{
	struct drawn d = { .st = box_load(b, attributes, body) };
	struct study_identity id = { "build", 0, 1 };
	char why[OUTPUT_WHY] = "";

	d.rec = study_record_new(b->path, d.st, &id, why);
	assert_non_null(d.rec);
	struct runner_options opt = { .threads = 2,
				      .warm_up = SIM_NEVER,
				      .shards = 1,
				      .recorder = { d.rec, study_record_put, study_record_commit } };
	struct runner *r = runner_new(d.st, &opt);
	assert_int_equal(runner_run(r), FARM_COMPLETE);
	runner_free(r);
	d.v = study_view_new(d.rec, d.st, true, why);
	if (!d.v)
		fail_msg("%s", why);
	return d;
}

static void drawn_free(struct drawn *d)
{
	char why[OUTPUT_WHY];

	study_view_free(d->v);
	assert_int_equal(study_record_close(d->rec, why), 0);
	study_free(d->st);
}

enum what { KPI, POINTS, EFFECTS };

/* A table without its last line, which names the study's hash. */
static char *table_of(const struct drawn *d, enum what what)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (what == KPI)
		assert_int_equal(study_kpi_csv(d->v, f), 0);
	else if (what == POINTS)
		study_points_csv(d->v, f);
	else
		study_effects_csv(d->v, f);
	assert_int_equal(fclose(f), 0);
	char *last = strstr(text, "# sccsim ");
	assert_non_null(last);
	assert_non_null(strstr(last, ", seed 7\n"));
	*last = '\0';
	return text;
}

static void table_is(const struct drawn *d, enum what what, const char *expected)
{
	char *text = table_of(d, what);

	assert_string_equal(text, expected);
	free(text);
}

/* Without noise the value is the mean, and every digit is known. */
#define EXACT(values, noises) \
	"<factor id=\"m\" path=\"box/@mean\" values=\"" values "\"><set path=\"box/@noise\" values=\"" noises "\"/></factor>"

static void the_tables_are_these_to_the_byte(void **state)
{
	struct drawn d = draw(*state, "replications=\"4\"",
			      EXACT("1;2.5", "0;0") "<response kpi=\"box.value\" target=\"&gt;= 2\"/>");

	table_is(&d, KPI,
		 "point,kpi,group,unit,mean,ci_low,ci_high,replications\n"
		 "0,box.value,all,1,1,1,1,4\n"
		 "0,box.count,all,1,3,3,3,2\n"
		 "1,box.value,all,1,2.5,2.5,2.5,4\n"
		 "1,box.count,all,1,3,3,3,2\n");
	table_is(&d, POINTS,
		 "point,m,replications,failed,box.value,box.value low,box.value high,box.value verdict,failure\n"
		 "0,1,4,0,1,1,1,missed,\n"
		 "1,2.5,4,0,2.5,2.5,2.5,met,\n");
	char *effects = table_of(&d, EFFECTS);
	assert_non_null(strstr(effects, "effect,kpi,group,unit,factor,from,to,estimate,ci_low,ci_high,p,p_holm,pairs\n"));
	assert_non_null(strstr(effects, "main,box.value,all,1,m,1,2.5,1.5,1.5,1.5,0,0,4\n"));
	free(effects);
	drawn_free(&d);
}

static void what_failed_is_a_gap_with_a_reason(void **state)
{
	struct drawn d = draw(
		*state, "replications=\"2\"",
		"<factor id=\"f\" path=\"box/@fails\" values=\"0;1\"><set path=\"box/@noise\" values=\"0;0\"/></factor>" VALUE);

	table_is(&d, POINTS,
		 "point,f,replications,failed,box.value,box.value low,box.value high,box.value verdict,failure\n"
		 "0,0,2,0,10,10,10,,\n"
		 "1,1,1,1,10,,,,the box is full\n");
	drawn_free(&d);
}

static void names_are_quoted_and_never_cut(void **state)
{
	char body[1024], longest[400], column[512];

	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	snprintf(
		body, sizeof body,
		"<factor id=\"m\"><level id=\"a\" label=\"one, &quot;two&quot;\"/></factor><response kpi=\"box.value\" vertical=\"%s\"/>",
		longest);
	struct drawn d = draw(*state, "replications=\"2\"", body);
	char *points = table_of(&d, POINTS);

	snprintf(column, sizeof column, ",box.value[vertical=%s] low,", longest);
	assert_non_null(strstr(points, column));
	assert_non_null(strstr(points, "\n0,\"one, \"\"two\"\"\",2,0,,,,,\n"));
	free(points);
	drawn_free(&d);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, box_open, box_close)
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(the_tables_are_these_to_the_byte),
		IN_A_FOLDER(what_failed_is_a_gap_with_a_reason),
		IN_A_FOLDER(names_are_quoted_and_never_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
