/* Constraints of studies.  What is refused must say why; what is understood must hold or not, and its negation the other way. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/design.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct { const char *name, *text; double number; } factors[] = {
	{ "gateways", "9", 9 }, { "adr", "on", NAN }, { "a", "0.5", 0.5 }, { "\u00fc", "\u00f6", NAN },
};
enum { N = sizeof factors / sizeof factors[0] };

static size_t factor(void *ctx, const char *name, size_t length)
{
	(void)ctx;
	for (size_t i = 0; i < N; i++)
		if (strlen(factors[i].name) == length && memcmp(factors[i].name, name, length) == 0)
			return i;
	return SIZE_MAX;
}

static bool number(void *ctx, size_t f, const char *text, double *x)
{
	char *end;

	(void)ctx;
	*x = strtod(text, &end);
	return f != 1 && end != text && *end == '\0';
}

static bool numeric(void *ctx, size_t f)
{
	(void)ctx;
	return !isnan(factors[f].number);
}

static double number_at(void *ctx, size_t f)
{
	(void)ctx;
	return factors[f].number;
}

static const char *text_at(void *ctx, size_t f)
{
	(void)ctx;
	return factors[f].text;
}

static void parse(const char *text, struct arena *a)
{
	static const struct constraint_names names = { NULL, factor, number, numeric };
	static const struct constraint_values point = { NULL, number_at, text_at };
	char why[300] = "", *negated;
	const struct constraint *c = constraint_parse(text, &names, a, why, sizeof why), *not ;

	if (!c) {
		if (strlen(why) < 10)
			abort();
		return;
	}
	if (why[0])
		abort();
	negated = arena_printf(a, "not (%s)", text);
	not = constraint_parse(negated, &names, a, why, sizeof why);
	if (not ? constraint_holds(not, &point) == constraint_holds(c, &point)
		: !strstr(why, "nested") && !strstr(why, "longer"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = malloc(size + 1);

	if (a && text) {
		memcpy(text, data, size);
		text[size] = '\0';
		parse(text, a);
	}
	arena_free(a);
	free(text);
	return 0;
}
