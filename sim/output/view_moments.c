/* Timelines, and the moments of which pictures are drawn: of the first replication. */
#include <stdlib.h>
#include <string.h>

#include "sim/output/view.h"

static struct timeline *timeline_find(struct view *v, const struct timeline_def *def)
{
	for (size_t i = 0; i < v->n_timelines; i++)
		if (v->timelines[i].def == def)
			return &v->timelines[i];
	if (!VIEW_ROOM(v, timelines))
		return NULL;
	v->timelines[v->n_timelines] = (struct timeline){ .def = def };
	return &v->timelines[v->n_timelines++];
}

static bool add_spans(struct view *v)
{
	const struct report *r = v->first;

	for (size_t i = 0; i < r->n_spans; i++) {
		struct timeline *t = timeline_find(v, r->spans[i].def);
		if (!t || !view_room(v->arena, &t->spans, t->n_spans, &t->cap_spans, sizeof(struct span_row *)))
			return false;
		t->spans[t->n_spans++] = &r->spans[i];
	}
	return true;
}

static int by_moment(const void *a, const void *b)
{
	const struct frame_row *x = *(const struct frame_row *const *)a, *y = *(const struct frame_row *const *)b;

	return x->moment != y->moment ? (x->moment < y->moment ? -1 : 1) : x < y ? -1 : x > y;
}

static bool add_moments(struct view *v)
{
	const struct report *r = v->first;

	v->frames = arena_alloc(v->arena, r->n_frames + 1, sizeof(struct frame_row *));
	v->moments = arena_alloc(v->arena, r->n_features + 1, sizeof(struct feature *));
	if (!v->frames || !v->moments)
		return false;
	for (size_t i = 0; i < r->n_frames; i++)
		v->frames[v->n_frames++] = &r->frames[i];
	if (v->n_frames)
		qsort(v->frames, v->n_frames, sizeof(struct frame_row *), by_moment);
	for (size_t i = 0; i < r->n_features; i++)
		if (r->features[i].moment != FEATURE_ALWAYS)
			v->moments[v->n_moments++] = &r->features[i];
	return true;
}

bool view_timelines(struct view *v)
{
	return !v->first || (add_spans(v) && add_moments(v));
}

const struct timeline *view_timeline(const struct view *v, const char *name)
{
	for (size_t i = 0; i < v->n_timelines; i++)
		if (strcmp(v->timelines[i].def->name, name) == 0)
			return &v->timelines[i];
	return NULL;
}
