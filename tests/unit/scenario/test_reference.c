/* Reference tables of models: as text in columns, as JSON, in the list of what there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>

#include "sim/scenario/scenario.h"

static const char *const columns[] = { "protocol", "bytes", "source" };

static const char *cell(size_t row, size_t column, char *buf, size_t size)
{
	static const char *const names[] = { "edhoc", "gr\xc3\xbc\xc3\x9f" };

	if (row >= 2)
		return NULL;
	if (column == 1) {
		snprintf(buf, size, "%zu", 88 + 1000 * row);
		return buf;
	}
	return column ? "a standard" : names[row];
}

static const struct reference tables[] = { { "bootstrap", "Onboarding protocols", columns, 3, cell } };
static const struct model owner = { .name = "owner", .doc = "It has a table.", .tables = tables, .n_tables = 1 };
static const struct model *const models[] = { &owner };
static const struct model_table table = { models, 1, NULL };

/* Freed by the caller. */
static char *reference(const char *name, bool json, int *rc)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	*rc = reference_write(&table, name, f, json);
	fclose(f);
	return text;
}

static void a_table_is_set_in_columns(void **state)
{
	int rc;
	char *text = reference("bootstrap", false, &rc);

	(void)state;
	assert_int_equal(rc, 0);
	assert_string_equal(text, "bootstrap - Onboarding protocols\n\n"
				  "protocol  bytes  source\n"
				  "edhoc     88     a standard\n"
				  "gr\xc3\xbc\xc3\x9f      1088   a standard\n");
	free(text);
}

static void a_table_is_an_object_of_json(void **state)
{
	int rc;
	char *text = reference("bootstrap", true, &rc);
	json_t *list = json_loads(text, 0, NULL), *t = json_array_get(list, 0);
	const json_t *rows = json_object_get(t, "rows");

	(void)state;
	assert_int_equal(rc, 0);
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(json_string_value(json_object_get(t, "table")), "bootstrap");
	assert_int_equal(json_array_size(json_object_get(t, "columns")), 3);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(json_string_value(json_array_get(json_array_get(rows, 1), 1)), "1088");
	json_decref(list);
	free(text);
}

static void the_list_names_it_and_other_names_are_none(void **state)
{
	int rc;
	char *text = reference(NULL, false, &rc);

	(void)state;
	assert_int_equal(rc, 0);
	assert_non_null(strstr(text, "\ntable\nbootstrap "));
	free(text);
	text = reference("bootstraps", false, &rc);
	assert_int_equal(rc, -1);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_set_in_columns),
		cmocka_unit_test(a_table_is_an_object_of_json),
		cmocka_unit_test(the_list_names_it_and_other_names_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
