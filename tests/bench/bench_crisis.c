/*
 * What a crisis costs that does not happen: a city of meters with a <crisis> whose hazards do not come, being left to chance
 * or too rare, against the same city without.
 *
 * Both are run side by side, in turns; crisis_overhead is the ratio of the least processor times, of set-up and run together.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "models/models.h"
#include "sim/study/outcome.h"
#include "tests/bench/bench.h"

enum { CITY_MOST = 1 << 15 };

static const char city[] = "tests/bench/scenarios/city.xml";
static const char dormant[] = "<crisis><flood id='never' at='1h' probability='0%' source='0m 0m'/>"
			      "<flood id='rare' rate='0.000000001/yr' source='0m 0m'/>"
			      "<flood id='wake' after='rare' delay='1h' source='0m 0m'/></crisis>";

/* The city's file with `more` before its end. */
static struct scenario *load(const char *more, const struct setting *set, size_t n)
{
	static const char end[] = "</scenario>";
	char text[CITY_MOST];
	FILE *f = fopen(city, "r");
	size_t got = f ? fread(text, 1, sizeof text - sizeof dormant - sizeof end, f) : 0;
	struct diag *d = diag_new();

	bench_need(f && got && d, city);
	fclose(f);
	text[got] = '\0';
	char *at = strstr(text, end);
	bench_need(at != NULL, city);
	snprintf(at, (size_t)(text + sizeof text - at), "%s%s", more, end);
	struct scenario *sc = scenario_parse(text, strlen(text), city, &sccsim_models, NULL, set, n, d);
	diag_print(d, stderr);
	diag_free(d);
	bench_need(sc != NULL, city);
	return sc;
}

static double processor_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(const struct scenario *sc, uint64_t *events)
{
	struct replication rep = { 0 };
	double began = processor_seconds();

	bench_need(replicate(sc, 1, &rep, NULL) == SIM_OK && !rep.unbalanced, city);
	*events = rep.events;
	report_free(rep.report);
	return processor_seconds() - began;
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);
	const struct setting set[] = { { "deploy/@count", quick ? "5000" : "100000" } };
	struct scenario *without = load("", set, 1), *with = load(dormant, set, 1);
	double least[2] = { INFINITY, INFINITY };
	uint64_t events[2];

	for (int i = 0; i < (quick ? 1 : BENCH_RUNS); i++) {
		least[0] = fmin(least[0], seconds(without, &events[0]));
		least[1] = fmin(least[1], seconds(with, &events[1]));
	}
	bench_need(events[0] == events[1], "a crisis that does not happen changes what does");
	bench_row("crisis_overhead", least[1] / least[0], "1");
	scenario_free(without);
	scenario_free(with);
	return 0;
}
