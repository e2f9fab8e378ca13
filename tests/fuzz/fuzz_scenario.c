/* The loader with all models: it takes the text, or says what is wrong with it.  What it takes can be explained, and its
 * resolved form is taken as well. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/models.h"
#include "sim/scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag *d = diag_new();
	struct scenario *sc = NULL;

	if (d)
		sc = scenario_parse((const char *)data, size, "fuzz.xml", &sccsim_models, NULL, NULL, 0, d);
	if (d && !sc && diag_errors(d) == 0)
		abort();
	if (sc) {
		FILE *sink = fopen("/dev/null", "w");
		if (!sink || explain_write(sc, sink, false) != 0)
			abort();
		fclose(sink);
		struct scenario *again =
			scenario_parse(sc->resolved, strlen(sc->resolved), "fuzz.xml", &sccsim_models, NULL, NULL, 0, d);
		if (!again)
			abort();
		scenario_free(again);
	}
	scenario_free(sc);
	diag_free(d);
	return 0;
}
