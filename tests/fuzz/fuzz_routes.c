/* The reader of routes, CSV or GeoJSON: what it takes has two points or more a route, and every place along it is finite. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/device/route.h"
#include "models/models.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char town[] = "<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/>"
			   "<city origin='50.69N 7.09E' width='4km' height='3km'/><device-class id='m'/><deploy class='m' count='1'/></scenario>";

static const struct city *a_city(void)
{
	static struct scenario *sc;
	struct diag *d = sc ? NULL : diag_new();

	if (d)
		sc = scenario_parse(town, strlen(town), "./t.xml", &sccsim_models, NULL, NULL, 0, d);
	diag_free(d);
	return sc ? city_of(sc) : NULL;
}

static void follow(const struct route *r)
{
	if (r->n < 2 || !(route_length(r) > 0))
		abort();
	for (int k = -1; k <= 21; k++) {
		struct point p = route_at(r, route_length(r) * k / 20);
		if (!isfinite(p.x) || !isfinite(p.y))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct city *city = a_city();
	struct diag *d = diag_new();
	bool json = size && data[0] == '{';

	for (int close = 0; city && d && close < 2; close++) {
		size_t before = diag_errors(d);
		struct routes *r =
			routes_parse((const char *)data, size, json ? "fuzz.geojson" : "fuzz.csv", city, close, d);
		if (!r && diag_errors(d) == before && before == 0)
			abort();
		for (size_t i = 0; r && i < r->n; i++)
			follow(&r->route[i]);
		routes_free(r);
	}
	diag_free(d);
	return 0;
}
