/* Rules of warnings.  What is refused must say why; what is understood must be within bounds, and be understood again among blanks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/crisis/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool whole(const struct rule *r)
{
	if (r->kind == RULE_CUSUM)
		return r->threshold > 0 && isfinite(r->threshold) && r->drift >= 0 && isfinite(r->drift);
	return r->k >= 1 && (r->of == 0 || r->k <= r->of) && r->within > 0 && r->radius > 0 &&
	       (r->k == 1 || r->within != SIM_NEVER);
}

static bool same(const struct rule *a, const struct rule *b)
{
	return a->kind == b->kind && a->k == b->k && a->of == b->of && a->within == b->within && !(a->radius < b->radius) &&
	       !(a->radius > b->radius) && !(a->threshold < b->threshold) && !(a->threshold > b->threshold);
}

static void parse(char *text, size_t size)
{
	struct rule r, again;
	const char *why = NULL;

	text[0] = 'x';
	text[size + 1] = '\0';
	if (!rule_parse(text + 1, &r, &why)) {
		if (!why || strlen(why) < 10)
			abort();
		return;
	}
	if (!whole(&r))
		abort();
	text[0] = ' ';
	if (!rule_parse(text, &again, &why) || !same(&r, &again))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 2);

	if (text) {
		memcpy(text + 1, data, size);
		parse(text, size);
	}
	free(text);
	return 0;
}
