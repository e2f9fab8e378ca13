/* What is written from the tables: schema, explanation, reference, template. */
#include "tests/unit/scenario/parts.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>

static void quiet(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

/* A stream into memory, and what was written to it, to be freed. */
struct page { char *text; size_t size; FILE *f; };

static FILE *page_open(struct page *p)
{
	*p = (struct page){ 0 };
	p->f = open_memstream(&p->text, &p->size);
	assert_non_null(p->f);
	return p->f;
}

static char *page_text(struct page *p, int status)
{
	assert_int_equal(status, 0);
	assert_int_equal(fclose(p->f), 0);
	return p->text;
}

static xmlSchemaPtr schema_of(const struct model_table *t)
{
	struct page page;
	char *text = page_text(&page, schema_write(t, page_open(&page)));
	xmlSchemaParserCtxtPtr ctxt = xmlSchemaNewMemParserCtxt(text, (int)strlen(text));
	xmlSchemaPtr schema;

	assert_non_null(ctxt);
	schema = xmlSchemaParse(ctxt);
	xmlSchemaFreeParserCtxt(ctxt);
	free(text);
	return schema;
}

static bool accepts(xmlSchemaPtr schema, const char *text)
{
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), "x.xml", NULL, XML_PARSE_NONET);
	xmlSchemaValidCtxtPtr ctxt = xmlSchemaNewValidCtxt(schema);

	assert_non_null(doc);
	assert_non_null(ctxt);
	xmlSchemaSetValidErrors(ctxt, quiet, quiet, NULL);
	bool ok = xmlSchemaValidateDoc(ctxt, doc) == 0;
	xmlSchemaFreeValidCtxt(ctxt);
	xmlFreeDoc(doc);
	return ok;
}

static const char whole[] = WHOLE("<kind id=\"a\" period=\" 1h30m \" deadline=\".5s\" steps=\"1m; 1km\" share=\"50 %\" on=\"off\" "
				  "law=\"pareto\"><trait/></kind><put kind=\"a\"/><note>x</note>");

static void the_schema_accepts_what_loads(void **state)
{
	xmlSchemaPtr schema = schema_of(&parts_table);

	(void)state;
	assert_non_null(schema);
	assert_true(accepts(schema, whole));
	static const char *const times[] = { "3d 08:00", "PT6H",    "P1Y2W3DT4H5M6.5S", "P2D", "PT.5S",
					     "1h30m15s", "1.5e3 s", "1wk 2d",           "0" };
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		char text[512];
		snprintf(text, sizeof text, WHOLE("<kind id=\"a\" period=\"1h\" deadline=\"%s\"><trait/></kind>"),
			 times[i]);
		if (!accepts(schema, text))
			fail_msg("the schema refuses %s", times[i]);
	}
	assert_true(accepts(schema, HEAD RUN "<area size=\"1km\" centre=\" -50.7353S  7E \"/></scenario>"));
	assert_true(accepts(schema, HEAD RUN "<area size=\"1km\" centre=\"3km -4.5m\"/></scenario>"));
	assert_true(accepts(schema,
			    WHOLE("<kind id=\"a\" period=\"1h\"><trait/></kind><put kind=\"a\" count=\" 1000000 \"/>")));
	assert_true(accepts(schema, WHOLE("<kind id=\"a\" period=\"1h\" since=\"2026-03-02T08:00\"><trait/></kind>")));
	assert_true(accepts(schema, "<library xmlns=\"urn:sccsim:scenario:1\"><put kind=\"elsewhere\"/></library>"));
	assert_true(accepts(schema, HEAD RUN AREA "<xi:include " XI " href=\"x.xml\"/></scenario>"));
	xmlSchemaFree(schema);
}

static void the_schema_refuses_what_is_plainly_wrong(void **state)
{
	static const char *const wrong[] = {
		WHOLE("<knid/>"),
		WHOLE("<kind id=\"a\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"1h\" x=\"1\"><trait/></kind>"),
		WHOLE("<kind period=\"1h\"><trait/></kind>"),
		WHOLE("<put kind=\"dangling\"/>"),
		WHOLE("<kind id=\"a\" period=\"1h\"><trait/></kind><kind id=\"a\" period=\"1h\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"1h\" law=\"gauss\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"1h\" on=\"yes\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"1h\" payload=\"4kg\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"1h\" steps=\"1m 2m\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"1h\"><trait/></kind><put kind=\"a\" count=\"0\"/>"),
		WHOLE("<kind id=\"a\" period=\"1h\"><trait/></kind><put kind=\"a\" count=\"1000001\"/>"),
		WHOLE("<kind id=\"a\" period=\"1h\"><trait/></kind><put kind=\"a\" count=\"+5\"/>"),
		WHOLE("<kind id=\"a\" period=\"2 hurs\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"P\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"P1DT\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"P1M\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"30m\"><trait/></kind>"),
		WHOLE("<kind id=\"a\" period=\"1h\" since=\"today\"><trait/></kind>"),
		WHOLE("<kpis><kpi name=\"kind.ration\"/></kpis>"),
		HEAD RUN "<area size=\"1km\" centre=\"3km\"/></scenario>",
		HEAD RUN "<area size=\"1km\" centre=\"50.7 7.1\"/></scenario>",
		WHOLE("<trait/>"),
		"<other/>",
	};
	xmlSchemaPtr schema = schema_of(&parts_table);

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (accepts(schema, wrong[i]))
			fail_msg("the schema accepts %s", wrong[i]);
	xmlSchemaFree(schema);
}

static void what_is_written_twice_is_the_same(void **state)
{
	struct page page;
	char *a = page_text(&page, schema_write(&parts_table, page_open(&page))),
	     *b = page_text(&page, schema_write(&parts_table, page_open(&page)));

	(void)state;
	assert_string_equal(a, b);
	free(a);
	free(b);
}

/* The line of the text in which a word stands first; cut there. */
static const char *line_with(char *text, const char *word)
{
	char *at = strstr(text, word);

	if (!at) {
		fail_msg("no \"%s\" in\n%s", word, text);
		return text;
	}
	while (at > text && at[-1] != '\n')
		at--;
	at[strcspn(at, "\n")] = '\0';
	return at;
}

static void the_explanation_tells_value_origin_and_source(void **state)
{
	struct page page;
	struct scenario *sc = taken(*state, whole, &(struct setting){ "put/@count", "7" }, 1);
	static const struct {
		const char *word;
		const char *parts[4];
	} rows[] = {
		{ "period", { "1h30m", "duration", "s.xml:4" } },
		{ "payload", { "20B", "size", "default, a standard, 1.2" } },
		{ "height", { "30m", "length", "default, unverified default: a book" } },
		{ "7  ", { "7", "--set" } },
		{ " number ", { "-", "not given: how many" } },
		{ "kind#a", { "kind#a" } },
		{ "note", { "note: x" } },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *text = page_text(&page, explain_write(sc, page_open(&page), false));
		const char *line = line_with(text, rows[i].word);
		for (const char *const *p = rows[i].parts; *p; p++)
			if (!strstr(line, *p))
				fail_msg("\"%s\" does not tell \"%s\"", line, *p);
		free(text);
	}
	scenario_free(sc);
}

static void the_explanation_is_json_too(void **state)
{
	struct page page;
	struct scenario *sc = taken(*state, whole, NULL, 0);
	char *text = page_text(&page, explain_write(sc, page_open(&page), true));
	json_t *j = json_loads(text, 0, NULL), *root = json_array_get(j, 0), *children = json_object_get(root, "children");

	assert_string_equal(json_string_value(json_object_get(root, "element")), "scenario");
	assert_int_equal(json_array_size(children), 5);
	json_t *kind = json_array_get(children, 2), *period = json_array_get(json_object_get(kind, "attributes"), 0);
	assert_string_equal(json_string_value(json_object_get(period, "value")), " 1h30m ");
	json_decref(j);
	free(text);
	scenario_free(sc);
}

static void the_reference_tells_of_each_model(void **state)
{
	struct page page;
	char *text = page_text(&page, reference_write(&parts_table, "kind", page_open(&page), false));
	static const char *const told[] = { "<kind> - A kind.",
					    "in <scenario>",
					    "period (duration, 1s .. 10yr) required",
					    "law (choice: fixed | pareto) default fixed",
					    "Source of the default: a standard, 1.2",
					    "kind.ratio [1] a ratio" };
	FILE *nowhere = fopen("/dev/null", "w");

	(void)state;
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		if (!strstr(text, told[i]))
			fail_msg("no \"%s\" in\n%s", told[i], text);
	free(text);
	text = page_text(&page, reference_write(&parts_table, NULL, page_open(&page), false));
	for (size_t i = 0; i < parts_table.n; i++)
		assert_non_null(strstr(text, parts[i]->name));
	free(text);
	text = page_text(&page, reference_write(&parts_table, NULL, page_open(&page), false));
	for (size_t i = 0; i < sizeof kind_kpis / sizeof kind_kpis[0]; i++)
		assert_non_null(strstr(text, kind_kpis[i].name)); /* where the message on a misspelt one sends the reader */
	free(text);
	text = page_text(&page, reference_write(&parts_table, "kind.delay", page_open(&page), false));
	assert_string_equal(text, "  kind.delay [s] a time\n");
	free(text);
	text = page_text(&page, reference_write(&parts_table, NULL, page_open(&page), true));
	json_t *j = json_loads(text, 0, NULL);
	assert_true(json_array_size(j) >= parts_table.n);
	json_decref(j);
	free(text);
	assert_int_not_equal(reference_write(&parts_table, "elephant", nowhere, false), 0);
	assert_int_not_equal(reference_write(&parts_table, "elephant", nowhere, true), 0);
	fclose(nowhere);
}

static void the_template_loads_and_the_schema_accepts_it(void **state)
{
	struct page page;
	char *text = page_text(&page, template_write(&parts_table, "my-town", page_open(&page)));
	struct scenario *sc = taken(*state, text, NULL, 0);
	xmlSchemaPtr schema = schema_of(&parts_table);

	assert_string_equal(sc->root->id, "my-town");
	assert_int_equal(scenario_count(sc, &trait_model), 1);
	assert_true(accepts(schema, text));
	assert_non_null(strstr(text, "payload=\"20B\"")); /* defaults are shown */
	assert_non_null(strstr(text, "<!-- may stand here too: description, note (sccsim models NAME explains one) -->"));
	xmlSchemaFree(schema);
	scenario_free(sc);
	free(text);
}

static void a_full_disk_is_told(void **state)
{
	struct scenario *sc = taken(*state, whole, NULL, 0);
	FILE *f = fopen("/dev/full", "w");

	if (f) {
		setvbuf(f, NULL, _IONBF, 0);
		assert_int_not_equal(schema_write(&parts_table, f), 0);
		assert_int_not_equal(explain_write(sc, f, false), 0);
		assert_int_not_equal(explain_write(sc, f, true), 0);
		assert_int_not_equal(template_write(&parts_table, "x", f), 0);
		assert_int_not_equal(reference_write(&parts_table, "kind", f, false), 0);
		assert_int_not_equal(reference_write(&parts_table, "kind", f, true), 0);
		fclose(f);
	}
	scenario_free(sc);
}

static int close_all(void **state)
{
	xmlSchemaCleanupTypes();
	xmlCleanupParser();
	return folder_close(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schema_accepts_what_loads),
		cmocka_unit_test(the_schema_refuses_what_is_plainly_wrong),
		cmocka_unit_test(what_is_written_twice_is_the_same),
		cmocka_unit_test(the_explanation_tells_value_origin_and_source),
		cmocka_unit_test(the_explanation_is_json_too),
		cmocka_unit_test(the_reference_tells_of_each_model),
		cmocka_unit_test(the_template_loads_and_the_schema_accepts_it),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, folder_open, close_all);
}
