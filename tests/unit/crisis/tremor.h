/*
 * tremor - a crisis of one hazard after set-up, to ask it what it does where and when: no run.
 */
#ifndef TESTS_UNIT_CRISIS_TREMOR_H
#define TESTS_UNIT_CRISIS_TREMOR_H

#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/crisis/upheaval.h"

#define DEVICE "<device-class id='d'/><deploy class='d' count='1' placement='uniform'/>"

static inline const struct occurrence *tremor_open(struct outbreak *w, const char *crisis, uint64_t replication)
{
	const struct occurrence *o;
	uint32_t n;

	upheaval_open(w, DEVICE, crisis, replication, false, SIM_DAY);
	o = crisis_occurrences(crisis_of(w->sim), &n);
	assert_int_equal(n, 1);
	return o;
}

static inline void near_(double a, double b, double within, const char *what, const char *file, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(file, line);
	}
}
#define assert_near(a, b, within) near_((a), (b), (within), #a, __FILE__, __LINE__)

/* s after the onset; infinite: never. */
static inline double tremor_reach(const struct occurrence *o, double x, double y, double level)
{
	simtime_t t = o->type->reach(o, (struct point){ x, y }, level);

	return t == SIM_NEVER ? INFINITY : sim_seconds(t - o->onset);
}

static inline double tremor_at(const struct occurrence *o, double x, double y, double seconds)
{
	return o->type->intensity(o, (struct point){ x, y }, o->onset + sim_from_seconds(seconds));
}

static inline double tremor_peak(const struct occurrence *o, double x, double y)
{
	return o->type->peak(o, (struct point){ x, y });
}

/* Whether it loads, with this text among the messages. */
static inline bool tremor_warned(const char *crisis, const char *text)
{
	struct outbreak w;
	bool loaded = upheaval_load(&w, DEVICE, crisis), said = false;

	for (size_t i = 0; i < diag_count(w.diag); i++)
		said |= strstr(diag_text(w.diag, i), text) != NULL;
	if (!said)
		diag_print(w.diag, stderr);
	upheaval_close(&w);
	return loaded && said;
}

/* The tests of a program in a folder of its own, for the files that scenarios name. */
static inline void tremor_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static inline int tremor_enter(void **st)
{
	static char folder[] = "/tmp/sccsim-tremor-XXXXXX";

	*st = folder;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static inline int tremor_leave(void **st)
{
	char command[64];

	snprintf(command, sizeof command, "rm -r %s", (const char *)*st);
	return system(command);
}

#endif
