/*
 * study_made - a made study as the reports of studies see it, without a record.
 */
#ifndef TESTS_UNIT_OUTPUT_STUDY_MADE_H
#define TESTS_UNIT_OUTPUT_STUDY_MADE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sim/output/study_html.h"
#include "tests/unit/study/made.h"

struct shown {
	struct made       m;
	struct scenario   doc, city;
	struct node       root;
	struct study_view v;
	struct study_pictures pictures;
};

/* Analyse the values of a made study, and list its pictures. */
static inline void show(struct shown *s)
{
	static struct scenario *bases[1];
	struct study *st = &s->m.st;

	s->doc = (struct scenario){ .path = "study.xml", .title = "A study", .description = "", .root = &s->root,
				    .resolved = (char *)"<study/>\n" };
	s->city = (struct scenario){ .path = "city.xml", .title = "A city", .run = { .duration = SIM_DAY } };
	bases[0] = &s->city;
	st->doc = &s->doc;
	st->title = "A <study> of \"us\" & them";
	st->description = "What is asked.";
	st->bases = bases;
	st->n_bases = 1;
	st->warm_up = SIM_NEVER;
	memset(st->hash, 'a', 64);
	s->v = (struct study_view){ .st = st, .complete = true, .warm_up = SIM_NEVER,
				   .identity = "sccsim 1.2.3, study aaaa", .arena = st->arena };
	s->v.a = analysis_new(st, &s->m.data);
	assert_non_null(s->v.a);
	s->v.finding = "What came out.";
	s->v.failures = arena_alloc(st->arena, st->n_points + 1, sizeof *s->v.failures);
	assert_true(study_pictures_of(&s->v, &s->pictures));
}

static inline void shown_free(struct shown *s)
{
	analysis_free((struct analysis *)s->v.a);
	made_free(&s->m);
}

#endif
