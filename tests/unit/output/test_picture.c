/* Pictures of anything: written, drawn in one go, and left out one by one where they cannot be drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ftw.h>
#include <libxml/parser.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/output/output.h"
#include "sim/output/picture.h"

#define IDENTITY "sccsim 1.2.3, study 4567, seeds 8 to 9"
#define AWKWARD  "<b>\"A & B\", it's</b> --> \xc3\xa4"

struct folder { char dir[64], why[OUTPUT_WHY]; };

static int set_up(void **state)
{
	struct folder *p = calloc(1, sizeof *p);

	if (!p)
		return -1;
	strcpy(p->dir, "/tmp/sccsim-picture-XXXXXX");
	*state = p;
	return mkdtemp(p->dir) ? 0 : -1;
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
	free(p);
	return 0;
}

/* Freed by the caller; NULL: there is none. */
static char *content(const struct folder *p, const char *name)
{
	char path[256], *text = NULL;
	size_t n = 0;

	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	if (getdelim(&text, &n, '\0', f) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(f);
	return text;
}

static bool exists(const struct folder *p, const char *name)
{
	char *text = content(p, name);

	free(text);
	return text != NULL;
}

static void put_rows(const struct picture *p, FILE *f)
{
	const double *slope = p->ctx;

	for (int x = 0; x < 5; x++)
		fprintf(f, "%d %g\n", x, *slope * x);
}

static void put_line(const struct picture *p, FILE *f)
{
	script_begin(p, f, 400, 200);
	fprintf(f, "plot '%s.dat' using 1:2 with lines lc rgb '%s'\n", p->name, picture_colours[0]);
}

static void put_nonsense(const struct picture *p, FILE *f)
{
	script_begin(p, f, 400, 200);
	fputs("plot nothing of the kind\n", f);
}

static void put_disc(const struct picture *p, FILE *f)
{
	svg_begin(p, f, 300, 200);
	fputs("<circle cx=\"150\" cy=\"110\" r=\"40\" fill=\"" PICTURE_INK "\"/>\n", f);
	svg_text(f, 150, 190, "middle", "font-size=\"12\"", AWKWARD);
	fputs("</svg>\n", f);
}

static const double slope = 2;
static const struct picture line = { "line", "A line", NULL, IDENTITY, put_rows, put_line, NULL, &slope };
static const struct picture broken = { "broken", "Broken", NULL, IDENTITY, put_rows, put_nonsense, NULL, &slope };
static const struct picture disc = { "disc", AWKWARD, NULL, IDENTITY " -->", NULL, NULL, put_disc, NULL };

static void a_picture_says_what_it_is_and_of_what(void **state)
{
	struct folder *p = *state;

	if (pictures_write(&line, 1, p->dir, p->why) != 0)
		fail_msg("%s", p->why);
	char *data = content(p, "line.dat"), *script = content(p, "line.gp"), *svg = content(p, "line.svg");
	assert_string_equal(data, "# " IDENTITY "\n0 0\n1 2\n2 4\n3 6\n4 8\n");
	assert_int_equal(strncmp(script, "# " IDENTITY "\n# Draw again: gnuplot line.gp\n", 60), 0);
	assert_non_null(strstr(svg, "<!-- " IDENTITY " -->\n<title>A line</title>"));
	assert_null(strstr(svg, "Gnuplot</title>"));
	free(data);
	free(script);
	free(svg);
}

static void what_gnuplot_does_not_draw_is_an_svg_alone(void **state)
{
	struct folder *p = *state;

	assert_int_equal(pictures_write(&disc, 1, p->dir, p->why), 0);
	assert_false(exists(p, "disc.dat"));
	assert_false(exists(p, "disc.gp"));
	char *svg = content(p, "disc.svg");
	xmlDoc *doc = xmlReadMemory(svg, (int)strlen(svg), "disc.svg", NULL, XML_PARSE_NONET);
	assert_non_null(doc);
	assert_string_equal(xmlDocGetRootElement(doc)->name, "svg");
	assert_non_null(strstr(svg, "<!-- " IDENTITY " - -> -->\n<title>&lt;b&gt;"));
	xmlFreeDoc(doc);
	xmlCleanupParser();
	free(svg);
}

static void a_script_that_fails_costs_its_own_picture_only(void **state)
{
	struct folder *p = *state;
	const struct picture all[] = { broken, line, disc };

	assert_int_equal(pictures_write(all, 3, p->dir, p->why), 1);
	assert_false(exists(p, "broken.svg"));
	assert_true(exists(p, "broken.gp"));
	assert_true(exists(p, "line.svg"));
	assert_true(exists(p, "disc.svg"));
}

static void without_gnuplot_there_are_scripts_and_data_all_the_same(void **state)
{
	struct folder *p = *state;
	const struct picture all[] = { line, disc };
	const char *was = getenv("PATH");
	char *path = strdup(was ? was : "");

	assert_non_null(path);

	setenv("PATH", "/nowhere", 1);
	int rc = pictures_write(all, 2, p->dir, p->why);
	setenv("PATH", path, 1);
	free(path);
	assert_int_equal(rc, 1);
	assert_true(exists(p, "line.dat"));
	assert_true(exists(p, "line.gp"));
	assert_false(exists(p, "line.svg"));
	assert_true(exists(p, "disc.svg"));
}

static void a_folder_that_is_not_there_is_an_error_that_names_the_file(void **state)
{
	struct folder *p = *state;
	char dir[96];

	snprintf(dir, sizeof dir, "%s/none", p->dir);
	assert_int_equal(pictures_write(&line, 1, dir, p->why), -1);
	assert_non_null(strstr(p->why, "none/line.dat: No such file"));
	assert_int_equal(pictures_write(&disc, 1, dir, p->why), -1);
	assert_non_null(strstr(p->why, "none/disc.svg: No such file"));
	assert_int_equal(pictures_write(&line, 0, dir, p->why), 0);
}

/* gnuplot runs what a script says: neither title nor identity may say anything. */
static void a_text_is_no_command(void **state)
{
	struct folder *p = *state;
	struct picture spoilt = line;
	char command[160];

	snprintf(command, sizeof command, "x'\nsystem \"touch %s/spoilt\"\n#", p->dir);
	spoilt.title = spoilt.identity = command;
	pictures_write(&spoilt, 1, p->dir, p->why);
	assert_false(exists(p, "spoilt"));
	char *script = content(p, "line.gp");
	assert_null(strstr(script, "\nsystem"));
	free(script);
}

static void any_text_makes_a_name(void **state)
{
	struct folder *p = *state;
	const struct {
		const char *prefix, *text, *name;
		size_t size;
	} cases[] = {
		{ "", "latency.p95", "latency.p95", 96 },
		{ "effect-", "a/../b c", "effect-a-..-b-c", 96 },
		{ "", "\xc3\xa4", "--", 96 },
		{ "map", "", "map", 96 },
		{ "", "0123456789", "01234567", 16 },
		{ "01234567", "89", "01234567", 16 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char buf[96];
		assert_string_equal(picture_name(buf, cases[i].size, cases[i].prefix, cases[i].text), cases[i].name);
	}
	struct picture dashed = line;
	dashed.name = "-V";
	assert_int_equal(pictures_write(&dashed, 1, p->dir, p->why), 0);
	assert_true(exists(p, "-V.svg"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_picture_says_what_it_is_and_of_what),
		TEST(what_gnuplot_does_not_draw_is_an_svg_alone),
		TEST(a_script_that_fails_costs_its_own_picture_only),
		TEST(without_gnuplot_there_are_scripts_and_data_all_the_same),
		TEST(a_folder_that_is_not_there_is_an_error_that_names_the_file),
		TEST(a_text_is_no_command),
		TEST(any_text_makes_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
