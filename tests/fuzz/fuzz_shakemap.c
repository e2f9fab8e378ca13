/* ShakeMaps.  What is refused must say why; what is understood has a finite value everywhere, and none outside. */
#include <math.h>
#include <stdlib.h>

#include "models/crisis/shakemap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct shakemap *m)
{
	for (int i = -1; i <= 5; i++)
		for (int j = -1; j <= 5; j++) {
			double lon = m->lon_min + (m->lon_max - m->lon_min) * i / 4,
			       lat = m->lat_min + (m->lat_max - m->lat_min) * j / 4;
			double a = shakemap_at(m, lon, lat);
			if (!(a >= 0 && a <= 98.0665 * (1 + 1e-9)))
				abort();
			if (a > 0 && !shakemap_covers(m, lon, lat))
				abort();
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag *d = diag_new();
	struct shakemap *m = d ? shakemap_parse((const char *)data, size, "fuzz.xml", d) : NULL;

	if (d && !m && diag_errors(d) == 0)
		abort();
	if (m)
		ask(m);
	shakemap_free(m);
	diag_free(d);
	return 0;
}
