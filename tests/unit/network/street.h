/* street - files of a device that moves along a street, and of devices that stand where it sends. */
#ifndef TESTS_UNIT_NETWORK_STREET_H
#define TESTS_UNIT_NETWORK_STREET_H

#include "tests/unit/network/suburb.h"

enum { POINTS = 60, STEP = 50 };        /* m between the places */

static FILE *begin(const char *path, const char *header)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(header, f);
	return f;
}

/* trace.csv: something to send every 10 min; the moving device is at a place of its own then, or one of many stands at each. */
static void write_files(bool stands)
{
	FILE *trace = begin("trace.csv", stands ? "time_s,bytes,device\n" : "time_s,bytes\n");
	FILE *route = begin("route.csv", "route,seq,x,y,time_s\n"), *places = begin("places.csv", "x,y\n");

	for (int k = 0; k < POINTS; k++) {
		fprintf(trace, stands ? "%d,20,%d\n" : "%d,20\n", 600 * (k + 1), k);
		fprintf(places, "%d,3000\n", 500 + STEP * (k + 1));
	}
	fprintf(route, "a,1,500,3000,0\na,2,%d,3000,%d\n", 500 + STEP * POINTS, 600 * POINTS);
	assert_int_equal(fclose(trace) | fclose(route) | fclose(places), 0);
}

#endif
