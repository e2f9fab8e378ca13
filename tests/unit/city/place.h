/*
 * place - a scenario of a city and its radio environment alone, one replication set up.
 */
#ifndef TESTS_UNIT_CITY_PLACE_H
#define TESTS_UNIT_CITY_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "models/city/city.h"
#include "models/city/elements.h"
#include "models/radio/elements.h"

/* Numbers within a tolerance; NaN is never close. */
#define assert_close(a, b, within) assert_close_((a), (b), (within), #a, __FILE__, __LINE__)
static inline void assert_close_(double a, double b, double within, const char *what, const char *file, int line)
{
	if (!(fabs(a - b) <= within)) {
		print_error("%s is %.10g, not %.10g within %g\n", what, a, b, within);
		_fail(file, line);
	}
}

static const struct model *const place_models[] = { &city_model, &district_model, &propagation_model, &shadowing_model,
						     &building_entry_model, &fading_model };
static const struct model_table place_table = { place_models, sizeof place_models / sizeof place_models[0] };

struct place_world {
	struct diag     *diag;
	struct scenario *sc;
	struct report   *report;
	struct sim      *sim;
};

/* Load `city`, the element with its content; files are found from the repository's root.  NULL sc: see the diag. */
static inline struct place_world place_load(const char *city)
{
	struct place_world w = { .diag = diag_new() };
	char text[4096];
	int n = snprintf(text, sizeof text, "<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\"><run duration=\"1d\"/>%s</scenario>",
			 city);

	assert_true(n > 0 && (size_t)n < sizeof text);
	w.sc = scenario_parse(text, (size_t)n, ".", &place_table, NULL, NULL, 0, w.diag);
	return w;
}

/* The same, which must load, and its models set up for a replication. */
static inline struct place_world place_open(const char *city, uint64_t replication)
{
	struct place_world w = place_load(city);

	if (!w.sc)
		diag_print(w.diag, stderr);
	assert_non_null(w.sc);
	w.report = report_new();
	assert_non_null(w.report);
	w.report->map = true;
	w.sim = sim_new(1, replication, 0, 1000000000, w.report);
	assert_non_null(w.sim);
	for (size_t i = 0; i < place_table.n; i++)
		if (place_models[i]->setup)
			place_models[i]->setup(w.sim, w.sc);
	assert_int_equal(w.sim->status, SIM_OK);
	return w;
}

static inline void place_finish(struct place_world *w)
{
	for (size_t i = 0; i < place_table.n; i++)
		if (place_models[i]->finish)
			place_models[i]->finish(w->sim, w->sc);
}

static inline void place_close(struct place_world *w)
{
	sim_free(w->sim);
	report_free(w->report);
	scenario_free(w->sc);
	diag_free(w->diag);
}

static inline bool place_says(const struct place_world *w, const char *text)
{
	for (size_t i = 0; i < diag_count(w->diag); i++)
		if (strstr(diag_text(w->diag, i), text))
			return true;
	return false;
}

/* Loading must fail and say so. */
static inline void place_refuses(const char *city, const char *says)
{
	struct place_world w = place_load(city);

	if (w.sc || !place_says(&w, says)) {
		print_error("%s\nshould be refused with: %s\nand says:\n", city, says);
		diag_print(w.diag, stderr);
		fail();
	}
	place_close(&w);
}

static inline const char *place_fact(const struct place_world *w, const char *name)
{
	for (size_t i = 0; i < w->report->n_facts; i++)
		if (strcmp(w->report->facts[i].name, name) == 0)
			return w->report->facts[i].value;
	return "";
}

#endif
