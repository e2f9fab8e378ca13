/* Includes, and input that means harm. */
#include "tests/unit/scenario/parts.h"

#include <sys/stat.h>

#define INC(href) "<xi:include " XI " href=\"" href "\"/>"
#define KIND(id) "<kind xmlns=\"urn:sccsim:scenario:1\" id=\"" id "\" period=\"1h\">\n<trait/></kind>"
#define LIBRARY(body) "<library xmlns=\"urn:sccsim:scenario:1\">\n" body "</library>"

static void an_element_is_included_where_it_is_named(void **state)
{
	put_file(*state, "inner/a.xml", KIND("a"));
	struct scenario *sc = taken(*state, WHOLE(INC("a.xml") "<put kind=\"a\"/>"), NULL, 0);
	const struct node *n = scenario_first(sc, &kind_model);

	assert_string_equal(n->id, "a");
	assert_non_null(strstr(n->file, "/inner/a.xml"));
	assert_int_equal(n->child->line, 2);
	assert_null(strstr(sc->resolved, "include"));
	assert_non_null(strstr(sc->resolved, "<trait/>"));
	scenario_free(sc);
}

static void the_parts_of_a_library_are_spliced_in(void **state)
{
	put_file(*state, "lib/kinds.xml", LIBRARY(KIND("a") KIND("b") INC("more/c.xml")));
	char command[128];
	snprintf(command, sizeof command, "mkdir -p %s/lib/more", ((struct folder *)*state)->path);
	assert_int_equal(system(command), 0);
	put_file(*state, "lib/more/c.xml", LIBRARY(KIND("c") INC("../d.xml")));
	put_file(*state, "lib/d.xml", KIND("d"));
	struct scenario *sc = taken(*state, WHOLE(INC("lib:kinds.xml") "<put kind=\"d\"/>"), NULL, 0);

	assert_int_equal(scenario_count(sc, &kind_model), 4);
	assert_true(scenario_first(sc, &kind_model)->parent == sc->root);
	assert_null(strstr(sc->resolved, "library"));
	scenario_free(sc);
}

static void what_is_resolved_loads_to_the_same_hash(void **state)
{
	put_file(*state, "inner/a.xml", KIND("a"));
	struct scenario *sc =
		taken(*state, WHOLE(INC("a.xml") "<put kind=\"a\"/><note>\"x\" &lt; y &amp; &#233;\n2</note>"),
		      &(struct setting){ "put/@count", "7" }, 1);
	struct scenario *again = taken(*state, sc->resolved, NULL, 0);

	assert_string_equal(sc->hash, again->hash);
	assert_string_equal(sc->resolved, again->resolved);
	scenario_free(sc);
	scenario_free(again);
}

static void a_mistake_in_an_included_file_is_told_with_its_own_place(void **state)
{
	put_file(*state, "inner/bad.xml", "\n\n<put xmlns=\"urn:sccsim:scenario:1\" kind=\"x\" count=\"0\"/>");
	put_file(*state, "inner/broken.xml", "<put>\n<");
	struct diag *d = diag_new();
	assert_null(take(*state, WHOLE(INC("bad.xml") "<cat/>"), NULL, 0, d));
	assert_int_equal(diag_count(d), 3);
	assert_non_null(strstr(diag_text(d, 0), "/inner/bad.xml:3: <put count>"));
	assert_non_null(strstr(diag_text(d, 1), "/inner/bad.xml:3: <put kind>"));
	assert_non_null(strstr(diag_text(d, 2), "/inner/s.xml:4: <cat>"));
	diag_free(d);
	d = diag_new();
	assert_null(take(*state, WHOLE(INC("broken.xml")), NULL, 0, d));
	assert_non_null(strstr(diag_text(d, 0), "/inner/broken.xml:2: not well-formed XML: "));
	diag_free(d);
}

static void paths_stay_inside_the_roots(void **state)
{
	char link[192];

	put_file(*state, "outside.xml", KIND("a"));
	snprintf(link, sizeof link, "%s/inner/link.xml", ((struct folder *)*state)->path);
	assert_int_equal(symlink("../outside.xml", link), 0);
#define LEAVES(path) "\" leaves the scenario's folder (put the file beside the scenario, or name it lib:...)"
	/* a folder whose name begins as the scenario's does is another */
	snprintf(link, sizeof link, "%s/inner-too", ((struct folder *)*state)->path);
	assert_int_equal(mkdir(link, 0700), 0);
	put_file(*state, "inner-too/a.xml", KIND("a"));
	REFUSED(*state, WHOLE(INC("../inner-too/a.xml")), "4: <include href>: \"../inner-too/a.xml" LEAVES());
	REFUSED(*state, WHOLE(INC("../outside.xml")), "4: <include href>: \"../outside.xml" LEAVES());
	REFUSED(*state, WHOLE(INC("link.xml")), "4: <include href>: \"link.xml" LEAVES());
	REFUSED(*state, WHOLE(INC("/etc/passwd")), "4: <include href>: \"/etc/passwd" LEAVES());
	REFUSED(*state, WHOLE(INC("lib:../outside.xml")), "4: <include href>: \"lib:../outside.xml" LEAVES());
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" file=\"../outside.xml\"><trait/></kind>"),
		"4: <kind file>: \"../outside.xml" LEAVES());
	REFUSED(*state, WHOLE(INC("http://127.0.0.1:9/x.xml")),
		"4: <include href>: \"http://127.0.0.1:9/x.xml\" is an address, and nothing is fetched (name a file "
		"beside the scenario)");
	REFUSED(*state, WHOLE(INC("gone.xml")),
		"4: <include href>: \"gone.xml\" cannot be opened: No such file or directory");
	REFUSED(*state, WHOLE(INC("file:///etc/passwd")),
		"4: <include href>: \"file:///etc/passwd\" is an address, and nothing is fetched (name a file beside the "
		"scenario)");
	REFUSED(*state, WHOLE("<xi:include " XI "/>"), "4: <include>: needs href");
}

static void what_is_no_file_is_not_opened(void **state)
{
	char pipe[192];

	snprintf(pipe, sizeof pipe, "%s/inner/pipe", ((struct folder *)*state)->path);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	REFUSED(*state, WHOLE(INC("pipe")), "4: <include href>: \"pipe\" is not a file");
	REFUSED(*state, WHOLE(INC("../inner")), "4: <include href>: \"../inner\" is not a file");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" file=\"pipe\"><trait/></kind>"),
		"4: <kind file>: \"pipe\" is not a file");
	unlink(pipe);
}

static void a_scenario_is_no_part_of_another(void **state)
{
	put_file(*state, "inner/other.xml", WHOLE(KIND("a")));
	REFUSED(*state, WHOLE(INC("other.xml")),
		"inner/other.xml:1: <scenario>: is no part of another (the root of a part is <library>)");
}

static void no_library_is_told(void **state)
{
	struct folder f = *(struct folder *)*state;
	struct diag *d = diag_new();
	static const char text[] = WHOLE(INC("lib:kinds.xml"));

	assert_null(scenario_parse(text, strlen(text), f.scenario, &parts_table, NULL, NULL, 0, d));
	assert_non_null(strstr(diag_text(d, 0), "no library is installed"));
	diag_free(d);
}

static void an_include_is_plain(void **state)
{
	put_file(*state, "inner/a.xml", KIND("a"));
	REFUSED(*state, WHOLE("<xi:include " XI " href=\"a.xml\" parse=\"text\"/>"),
		"4: <include>: has no attribute \"parse\" here (href alone)");
	REFUSED(*state, WHOLE("<xi:include " XI " href=\"a.xml\"><xi:fallback/></xi:include>"),
		"4: <fallback>: unknown element in <include>");
	REFUSED(*state, WHOLE("<xi:exclude " XI "/>"), "4: <exclude>: of XInclude only <include> is known");
}

static void cycles_are_told_whatever_their_spelling(void **state)
{
	struct diag *d = diag_new();

	put_file(*state, "inner/s.xml", WHOLE(INC("s.xml")));
	assert_null(scenario_load(((struct folder *)*state)->scenario, &parts_table, NULL, NULL, 0, d));
	assert_non_null(strstr(diag_text(d, 0), "<include href>: \"s.xml\" includes itself"));
	diag_free(d);
	d = diag_new();
	put_file(*state, "inner/x.xml", LIBRARY(INC("../inner/y.xml")));
	put_file(*state, "inner/y.xml", LIBRARY(INC("./x.xml")));
	assert_null(take(*state, WHOLE(INC("x.xml")), NULL, 0, d));
	assert_int_equal(diag_count(d), 1);
	assert_non_null(strstr(diag_text(d, 0), "\"./x.xml\" includes itself"));
	diag_free(d);
}

static void includes_do_not_multiply_without_end(void **state)
{
	struct diag *d = diag_new();
	char name[32], text[512];

	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof name, "inner/l%d.xml", i);
		snprintf(text, sizeof text,
			 LIBRARY("<xi:include " XI " href=\"l%d.xml\"/><xi:include " XI " href=\"l%d.xml\"/>"), i + 1,
			 i + 1);
		put_file(*state, name, text);
	}
	put_file(*state, "inner/l12.xml", LIBRARY(""));
	assert_null(take(*state, WHOLE(INC("l0.xml")), NULL, 0, d));
	assert_non_null(strstr(diag_text(d, 0), "<include>: more than 256 includes"));
	diag_free(d);
}

static void document_types_are_refused(void **state)
{
	static const char *const docs[] = {
		"<!DOCTYPE scenario>" WHOLE(""),
		"<?xml version=\"1.0\"?>\n<!-- <x> --><!DOCTYPE scenario [<!ENTITY x SYSTEM \"/etc/passwd\">]>\n" HEAD
		"<title>&x;</title></scenario>",
		"\xef\xbb\xbf<!doctype html>" WHOLE(""),
		"<!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">"
		"<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">]>" HEAD
		"<title>&e;</title></scenario>",
	};

	for (size_t i = 0; i < sizeof docs / sizeof docs[0]; i++)
		REFUSED(*state, docs[i],
			i == 1 ? "2: a document type declaration is not allowed (no DTD, no entities)"
			       : "1: a document type declaration is not allowed (no DTD, no entities)");
}

static void what_is_no_scenario_is_refused(void **state)
{
	char deep[8000] = HEAD;

	REFUSED(*state, "<scenario/>",
		"1: <scenario> is not in the namespace urn:sccsim:scenario:1 "
		"(write <scenario xmlns=\"urn:sccsim:scenario:1\">)");
	REFUSED(*state, "<scenario xmlns=\"urn:other\"/>",
		"1: <scenario> is not in the namespace urn:sccsim:scenario:1 "
		"(write <scenario xmlns=\"urn:sccsim:scenario:1\">)");
	REFUSED(*state, WHOLE("<x xmlns=\"urn:other\"/>"),
		"4: <x> is not in the namespace urn:sccsim:scenario:1 "
		"(write <scenario xmlns=\"urn:sccsim:scenario:1\">)");
	REFUSED(*state, "<html xmlns=\"urn:sccsim:scenario:1\"/>", "1: <html>: the root is <scenario>");
	REFUSED(*state, HEAD RUN "<area size=\"1km\" xmlns:o=\"urn:o\" o:x=\"1\"/></scenario>",
		"1: <area>: attribute \"x\" is of a foreign namespace");
	REFUSED(*state, "", "1: not well-formed XML: Document is empty");
	for (int i = 0; i < 100; i++)
		strcat(deep, "<kind>");
	for (int i = 0; i < 100; i++)
		strcat(deep, "</kind>");
	strcat(deep, "</scenario>");
	struct diag *d = diag_new();
	assert_null(take(*state, deep, NULL, 0, d));
	bool told = false;
	for (size_t i = 0; i < diag_count(d); i++)
		told |= strstr(diag_text(d, i), "elements are nested deeper than 64") != NULL;
	assert_true(told);
	diag_free(d);
}

static void mixed_text_takes_time_in_proportion(void **state)
{
	enum { N = 200000 };
	char *text = malloc(N * 8 + 256), *p;
	struct diag *d = diag_new();

	assert_non_null(text);
	p = text + sprintf(text, HEAD RUN AREA "<note>");
	for (int i = 0; i < N; i++)
		p += sprintf(p, "a<b/>");
	strcpy(p, "</note></scenario>");
	assert_null(take(*state, text, NULL, 0, d)); /* by the square, this would take minutes and 20 GB */
	diag_free(d);
	free(text);
}

static void a_library_alone_may_refer_to_what_it_lacks(void **state)
{
	static const char text[] = LIBRARY("<put kind=\"elsewhere\"/>" KIND("a"));
	struct scenario *sc = taken(*state, text, NULL, 0);

	scenario_free(sc);
	REFUSED(*state, LIBRARY("<put kind=\"a\" count=\"x\"/>"), "2: <put count>: \"x\" is not a count (try 12)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_element_is_included_where_it_is_named),
		cmocka_unit_test(the_parts_of_a_library_are_spliced_in),
		cmocka_unit_test(what_is_resolved_loads_to_the_same_hash),
		cmocka_unit_test(a_mistake_in_an_included_file_is_told_with_its_own_place),
		cmocka_unit_test(paths_stay_inside_the_roots),
		cmocka_unit_test(what_is_no_file_is_not_opened),
		cmocka_unit_test(a_scenario_is_no_part_of_another),
		cmocka_unit_test(no_library_is_told),
		cmocka_unit_test(an_include_is_plain),
		cmocka_unit_test(cycles_are_told_whatever_their_spelling),
		cmocka_unit_test(includes_do_not_multiply_without_end),
		cmocka_unit_test(document_types_are_refused),
		cmocka_unit_test(what_is_no_scenario_is_refused),
		cmocka_unit_test(mixed_text_takes_time_in_proportion),
		cmocka_unit_test(a_library_alone_may_refer_to_what_it_lacks),
	};

	return cmocka_run_group_tests(tests, folder_open, folder_close);
}
