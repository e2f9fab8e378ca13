/* Documents of studies with all models, over a small scenario that stands beside them as s.xml.  What is refused must say why; of what
 * is taken every point has a text and a scenario it varies, and the first point is loaded or says why not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/models.h"
#include "sim/study/study.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char scenario[] =
	"<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"s\"><run duration=\"1h\"/><area size=\"1km\"/></scenario>";

static void put_file(const char *path, const void *text, size_t n)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text, 1, n, f) != n || fclose(f) != 0)
		abort();
}

/* A folder of the process's own. */
static const char *folder(void)
{
	static char dir[64];
	char path[96];

	if (!dir[0]) {
		strcpy(dir, "/tmp/sccsim-fuzz-XXXXXX");
		if (!mkdtemp(dir))
			abort();
		snprintf(path, sizeof path, "%s/s.xml", dir);
		put_file(path, scenario, sizeof scenario - 1);
	}
	return dir;
}

static void use(const struct study *st)
{
	struct diag *d = diag_new();
	char text[64];

	for (size_t p = 0; p < st->n_points; p++) {
		if (study_base(st, p) >= st->n_bases || !st->bases[study_base(st, p)])
			abort();
		for (size_t i = 0; i < st->n_factors; i++)
			if (!study_cell(st, p, i)->text)
				abort();
	}
	study_point_text(st, st->n_points - 1, text, sizeof text);
	if (d) {
		struct scenario *sc = study_scenario(st, st->n_points - 1, SIM_NEVER, d);
		if (!sc && diag_errors(d) == 0)
			abort();
		scenario_free(sc);
	}
	diag_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag *d = diag_new();
	char path[96];

	snprintf(path, sizeof path, "%s/t.xml", folder());
	put_file(path, data, size);
	if (d) {
		struct study *st = study_load(path, &sccsim_models, NULL, d);
		if (!st && diag_errors(d) == 0)
			abort();
		if (st && st->n_points == 0)
			abort();
		if (st)
			use(st);
		study_free(st);
	}
	diag_free(d);
	return 0;
}
