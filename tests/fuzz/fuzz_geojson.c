/* The reader of GeoJSON: what it takes has rings of finite positions, and an area whose draws lie inside, or none. */
#include <math.h>
#include <stdlib.h>

#include "models/city/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The rings go over to a shape of their own, in degrees. */
static void draw(struct region_shape *from)
{
	struct shape s;
	struct rng r = rng_stream(1, 2, 3, 0);
	bool ok = shape_rings(&s, from->ring, from->n_rings);

	from->ring = NULL;
	from->n_rings = 0;
	for (int i = 0; ok && i < 20; i++)
		if (!shape_contains(&s, shape_draw(&s, &r)))
			abort();
	shape_free(&s);
}

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
	for (size_t i = 0; g && i < g->n; i++)
		draw(&g->shape[i]);
	geojson_free(g);
	diag_free(d);
	return 0;
}
