/* The reader of GeoJSON: what it takes has closed rings of finite positions. */
#include <math.h>
#include <stdlib.h>

#include "models/city/geojson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct geojson_names names = { "id", "name", "population" };
	struct diag *d = diag_new();
	struct geojson *g = d ? geojson_parse((const char *)data, size, "fuzz.geojson", &names, d) : NULL;

	if (d && !g && diag_errors(d) == 0)
		abort();
	for (size_t i = 0; g && i < g->n; i++)
		for (size_t k = 0; k < g->shape[i].n_rings; k++)
			for (size_t p = 0; p < g->shape[i].ring[k].n; p++)
				if (!isfinite(g->shape[i].ring[k].at[p].x) || !isfinite(g->shape[i].ring[k].at[p].y))
					abort();
	geojson_free(g);
	diag_free(d);
	return 0;
}
