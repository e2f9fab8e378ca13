/* The loader with all models: it takes the text, or says what is wrong with it.  What it takes can be explained, and its
 * resolved form is taken as well, to the same hash.  Behind a zero byte may stand the address of a setting, and behind
 * another its value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/models.h"
#include "sim/scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_again(const struct scenario *sc, struct diag *d)
{
	struct scenario *again =
		scenario_parse(sc->resolved, strlen(sc->resolved), "fuzz.xml", &sccsim_models, NULL, NULL, 0, d);
	FILE *sink = fopen("/dev/null", "w");

	if (!sink || explain_write(sc, sink, false) != 0 || explain_write(sc, sink, true) != 0)
		abort();
	fclose(sink);
	if (!again || strcmp(again->hash, sc->hash) != 0)
		abort();
	scenario_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 2);
	struct diag *d = diag_new();

	if (text && d) {
		memcpy(text, data, size);
		text[size] = text[size + 1] = '\0';
		size_t len = strlen(text);
		struct setting set = { text + len + (len < size), "" };
		const char *end = set.address + strlen(set.address);
		set.value = end + (end < text + size);
		struct scenario *sc =
			scenario_parse(text, len, "fuzz.xml", &sccsim_models, NULL, &set, len < size ? 1 : 0, d);
		if (!sc && diag_errors(d) == 0)
			abort();
		if (sc)
			take_again(sc, d);
		scenario_free(sc);
	}
	diag_free(d);
	free(text);
	return 0;
}
