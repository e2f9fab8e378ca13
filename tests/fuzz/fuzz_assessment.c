/* The loader of indicator sheets with all models: it takes the text, or says what is wrong with it.  What it takes is scored, with
 * a state's simulation made up, and written. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/models.h"
#include "sim/output/assess.h"
#include "sim/study/assessment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A run of two replications in which every KPI that the sheet asks for has a value. */
static struct outcome *made(const struct assessment *a, size_t state)
{
	static struct scenario nowhere = { .title = "nowhere", .path = "nowhere.xml", .hash = "0" };
	static const char version[] = "0";
	struct outcome *o = calloc(1, sizeof *o);
	struct replication *reps = calloc(2, sizeof *reps);

	if (!o || !reps)
		abort();
	*o = (struct outcome){ .sc = &nowhere, .version = version, .reps = reps, .n_reps = 2, .n_done = 2, .seed = state };
	for (size_t r = 0; r < 2; r++) {
		reps[r].report = report_new();
		for (size_t i = 0; reps[r].report && i < a->n_indicators; i++) {
			const struct sheet_value *v = &a->indicators[i].values[state];
			if (v->source == VALUE_SIMULATED)
				report_kpi(reps[r].report, v->kpi, v->group, 0.4 + 0.3 * (double)r);
		}
	}
	return o;
}

static void write_scores(const struct scores *s)
{
	FILE *sink = fopen("/dev/null", "w");

	if (!sink || assess_csv(s, sink) != 0 || assess_json(s, sink) != 0 || assess_summary(s, sink) != 0)
		abort();
	fclose(sink);
}

static void score(const struct assessment *a)
{
	const struct outcome **outcomes = calloc(a->n_states, sizeof *outcomes);

	for (size_t i = 0; outcomes && i < a->n_states; i++)
		if (a->states[i].used)
			outcomes[i] = made(a, i);
	struct scores *s = outcomes ? scores_new(a, outcomes) : NULL;
	if (!s)
		abort();
	write_scores(s);
	scores_free(s);
	for (size_t i = 0; i < a->n_states; i++) {
		struct outcome *o = (struct outcome *)outcomes[i];
		for (size_t r = 0; o && r < o->n_reps; r++)
			report_free(o->reps[r].report);
		if (o)
			free(o->reps);
		free(o);
	}
	free(outcomes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A state of this name has results, so that sheets with simulated values are taken. */
	static const struct state_record records[] = { { "plan", "plan.sqlite" } };
	char *text = malloc(size + 1);
	struct diag *d = diag_new();

	if (text && d) {
		memcpy(text, data, size);
		text[size] = '\0';
		bool plan = strstr(text, "\"plan\"") != NULL;
		struct assessment *a =
			assessment_parse(text, strlen(text), "fuzz.xml", &sccsim_models, NULL, records, plan, d);
		if (!a && diag_errors(d) == 0)
			abort();
		if (a)
			score(a);
		assessment_free(a);
	}
	diag_free(d);
	free(text);
	return 0;
}
