/* The tables of all models, the engine's own included: a new row is tested before its author writes a test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "models/models.h"
#include "sim/scenario/scenario_private.h"

#define EACH_MODEL(m) \
	for (size_t m##_at = 0; m##_at < table_size(&sccsim_models); m##_at++) \
		for (const struct model *m = table_at(&sccsim_models, m##_at); m; m = NULL)

static bool empty(const char *t)
{
	return !t || !t[strspn(t, " \t\n")];
}

static void every_model_has_a_name_a_meaning_and_a_place(void **state)
{
	(void)state;
	EACH_MODEL(m)
	{
		assert_false(empty(m->name));
		assert_false(empty(m->doc));
		assert_true(m->name[strspn(m->name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0');
		if (m->n_places == 0)
			assert_true(m == &scenario_root_model);
		for (size_t k = 0; k < m->n_places; k++) {
			const struct place *p = &m->places[k];
			assert_true(p->max == 0 || p->min <= p->max);
			/* a title stands in the roots of other languages too */
			bool found = strcmp(p->parent, "study") == 0 || strcmp(p->parent, "assessment") == 0;
			EACH_MODEL(parent)
			found |= strcmp(parent->name, p->parent) == 0;
			if (!found)
				fail_msg("<%s> stands in <%s>, which is none", m->name, p->parent);
		}
	}
}

static void an_element_is_one_model_in_each_parent(void **state)
{
	(void)state;
	EACH_MODEL(m)
	for (size_t k = 0; k < m->n_places; k++)
		if (table_model(&sccsim_models, m->name, m->places[k].parent) != m)
			fail_msg("two models are <%s> in <%s>", m->name, m->places[k].parent);
}

static void attributes_have_names_meanings_and_room(void **state)
{
	char a[64], b[64];

	(void)state;
	EACH_MODEL(m)
	for (size_t i = 0; i < m->n_params; i++) {
		const struct param *p = &m->params[i];
		param_name(p, a, sizeof a);
		assert_true(strlen(a) < 63 && !empty(a));
		if (empty(p->doc) || (p->source && empty(p->source)))
			fail_msg("<%s %s> has an empty meaning or source", m->name, a);
		assert_true(p->offset + sizeof(bool) <= m->par_size);
		if (strcmp(a, "id") == 0)
			fail_msg("<%s> declares id as an attribute", m->name);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(a, param_name(&m->params[k], b, sizeof b)) == 0)
				fail_msg("<%s> has two attributes %s", m->name, a);
			if (p->offset == m->params[k].offset)
				fail_msg("<%s>: %s and %s share a field", m->name, a, b);
		}
	}
}

/* Bind one text as the loader does, into a struct of the model's size. */
static bool binds(const struct model *m, const struct param *p, const char *text, struct diag *d)
{
	struct scenario sc = { .table = &sccsim_models };
	struct binder b = { .sc = &sc, .a = arena_new(), .d = d };
	struct node n = { .model = m, .file = "table", .line = 1 };
	char *par = arena_alloc(b.a, 1, m->par_size);

	assert_non_null(par);
	bind_absent(p, par);
	bool ok = bind_value(&b, &n, p, text, par);
	arena_free(b.a);
	return ok;
}

static void every_default_is_a_value_in_range(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	EACH_MODEL(m)
	for (size_t i = 0; i < m->n_params; i++) {
		const struct param *p = &m->params[i];
		if (!p->dflt || !p->dflt[0] || p->kind == PARAM_REF)
			continue;
		if (p->kind == PARAM_FILE)
			fail_msg("<%s %s>: a file has no default", m->name, p->field);
		binds(m, p, p->dflt, d);
	}
	diag_print(d, stderr);
	assert_int_equal(diag_errors(d), 0);
	diag_free(d);
}

static void bounds_are_quantities_that_differ_and_the_value_beyond_is_refused(void **state)
{
	(void)state;
	EACH_MODEL(m)
	for (size_t i = 0; i < m->n_params; i++) {
		const struct param *p = &m->params[i];
		struct diag *d = diag_new();
		if (p->kind != PARAM_QUANTITY && p->kind != PARAM_LIST)
			assert_true(!p->lo && !p->hi);
		if ((p->lo && !binds(m, p, p->lo, d)) || (p->hi && !binds(m, p, p->hi, d))) {
			diag_print(d, stderr);
			fail_msg("<%s %s>: its own bound is refused", m->name, p->field);
		}
		if (p->lo && p->hi && strcmp(p->lo, p->hi) == 0)
			fail_msg("<%s %s>: an empty range", m->name, p->field);
		diag_free(d);
	}
}

static void choices_are_distinct_names_and_references_name_elements(void **state)
{
	(void)state;
	EACH_MODEL(m)
	for (size_t i = 0; i < m->n_params; i++) {
		const struct param *p = &m->params[i];
		assert_int_equal(p->kind == PARAM_CHOICE, p->choices != NULL);
		assert_int_equal(p->kind == PARAM_REF, p->refs != NULL);
		for (size_t k = 0; p->choices && p->choices[k]; k++)
			for (size_t j = 0; j < k; j++)
				assert_string_not_equal(p->choices[k], p->choices[j]);
		if (!p->refs)
			continue;
		char words[256], *rest, *w;
		snprintf(words, sizeof words, "%s", p->refs);
		for (w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
			bool found = false;
			EACH_MODEL(to)
			found |= strcmp(to->name, w) == 0 && to->id != ID_NONE;
			/* names of networks that are not built yet are no error of the table */
			if (!found)
				fail_msg("<%s %s> refers to <%s>, which has no id or is none", m->name, p->field, w);
		}
	}
}

static void every_kpi_has_a_known_unit_and_one_definition(void **state)
{
	static const char *const units[] = {
		"1",        "s",   "h",   "d",     "yr",       "J",          "Wh", "B",  "bit/s", "dB",
		"dBm",      "1/s", "1/h", "1/d",   "1/yr",     "Hz",         "m",  "km", "W",     "1/km\xc2\xb2",
		"bit/s/Hz", "B/J", "J/B", "bit/J", "currency", "currency/yr"
	};

	(void)state;
	EACH_MODEL(m)
	for (size_t i = 0; i < m->n_kpis; i++) {
		const struct kpi_def *k = &m->kpis[i];
		assert_false(empty(k->name));
		if (empty(k->unit) || empty(k->definition) || (k->standard && empty(k->standard)))
			fail_msg("%s: its unit, definition or standard is empty", k->name);
		bool known = false;
		for (size_t u = 0; u < sizeof units / sizeof units[0]; u++)
			known |= strcmp(units[u], k->unit) == 0;
		if (!known)
			fail_msg("%s: unit \"%s\"", k->name, k->unit);
		assert_true(strchr(k->name, '.') &&
			    k->name[strspn(k->name, "abcdefghijklmnopqrstuvwxyz0123456789-.")] == '\0');
		EACH_MODEL(other)
		for (size_t j = 0; j < other->n_kpis; j++)
			if (strcmp(other->kpis[j].name, k->name) == 0 &&
			    (strcmp(other->kpis[j].definition, k->definition) != 0 ||
			     strcmp(other->kpis[j].unit, k->unit) != 0))
				fail_msg("%s is declared twice and differs", k->name);
	}
}

static void evidence_and_sections_say_something(void **state)
{
	(void)state;
	EACH_MODEL(m)
	{
		for (size_t i = 0; i < m->n_evidence; i++)
			if (empty(m->evidence[i].aspect) || empty(m->evidence[i].against) || empty(m->evidence[i].within))
				fail_msg("<%s>: evidence %zu is empty", m->name, i);
		for (size_t i = 0; i < m->n_sections; i++) {
			const struct section *s = &m->sections[i];
			if (empty(s->title) || empty(s->source))
				fail_msg("<%s>: section %zu is empty", m->name, i);
			if ((s->kind == SECTION_SERIES || s->kind == SECTION_STACK) &&
			    !table_kpi(&sccsim_models, s->source))
				fail_msg("<%s>: section \"%s\" draws \"%s\", which is no KPI", m->name, s->title,
					 s->source);
			if (s->page && (s->kind == SECTION_AUDIT || empty(s->page) ||
					s->page[strspn(s->page, "abcdefghijklmnopqrstuvwxyz-")] != '\0'))
				fail_msg("<%s>: section \"%s\" has the page \"%s\"", m->name, s->title, s->page);
		}
	}
}

/* Rows of which every cell says something; a name that no element, KPI or other table has. */
static void reference_tables_are_whole(void **state)
{
	char buf[512];

	(void)state;
	EACH_MODEL(m)
	for (size_t i = 0; i < m->n_tables; i++) {
		const struct reference *r = &m->tables[i];
		if (empty(r->name) || empty(r->title) || table_kpi(&sccsim_models, r->name))
			fail_msg("<%s>: table %zu is empty, or a KPI", m->name, i);
		EACH_MODEL(other)
		for (size_t k = 0; k < other->n_tables; k++)
			if (strcmp(other->tables[k].name, r->name) == 0 && &other->tables[k] != r)
				fail_msg("two tables %s", r->name);
		assert_true(r->n_columns > 0 && r->n_columns <= REFERENCE_COLUMNS);
		size_t rows = 0;
		for (; r->cell(rows, 0, buf, sizeof buf); rows++)
			for (size_t c = 0; c < r->n_columns; c++)
				if (!r->cell(rows, c, buf, sizeof buf))
					fail_msg("%s: no cell in row %zu, column %zu", r->name, rows, c);
		assert_true(rows > 0);
	}
}

static void the_schema_is_the_same_whenever_it_is_written(void **state)
{
	char *text[2];
	size_t size[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		FILE *f = open_memstream(&text[i], &size[i]);
		assert_non_null(f);
		assert_int_equal(schema_write(&sccsim_models, f), 0);
		fclose(f);
	}
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(text[0], text[1], size[0]);
	free(text[0]);
	free(text[1]);
}

static void the_template_is_a_scenario_that_has_everything_in_it_to_run(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct diag *d = diag_new();

	(void)state;
	assert_non_null(f);
	assert_int_equal(template_write(&sccsim_models, "demo", f), 0);
	fclose(f);
	struct scenario *sc = scenario_parse(text, size, "./demo.xml", &sccsim_models, NULL, NULL, 0, d);
	diag_print(d, stderr);
	assert_int_equal(diag_count(d), 0);
	assert_non_null(sc);
	for (const char *const *name = (const char *const[]){ "city", "device-class", "deploy", "platform", NULL }; *name;
	     name++)
		assert_non_null(scenario_first(sc, table_model(&sccsim_models, *name, "scenario")));
	assert_true(sc->n_targets > 0);
	scenario_free(sc);
	diag_free(d);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_model_has_a_name_a_meaning_and_a_place),
		cmocka_unit_test(an_element_is_one_model_in_each_parent),
		cmocka_unit_test(attributes_have_names_meanings_and_room),
		cmocka_unit_test(every_default_is_a_value_in_range),
		cmocka_unit_test(bounds_are_quantities_that_differ_and_the_value_beyond_is_refused),
		cmocka_unit_test(choices_are_distinct_names_and_references_name_elements),
		cmocka_unit_test(every_kpi_has_a_known_unit_and_one_definition),
		cmocka_unit_test(evidence_and_sections_say_something),
		cmocka_unit_test(reference_tables_are_whole),
		cmocka_unit_test(the_schema_is_the_same_whenever_it_is_written),
		cmocka_unit_test(the_template_is_a_scenario_that_has_everything_in_it_to_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
