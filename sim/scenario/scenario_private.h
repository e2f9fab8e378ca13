/* scenario_private - what the files of this folder share. */
#ifndef SIM_SCENARIO_PRIVATE_H
#define SIM_SCENARIO_PRIVATE_H

#include "sim/scenario/scenario.h"
#include "sim/scenario/tree.h"

#define SCENARIO_NS "urn:sccsim:scenario:1"

/* The engine's own elements: scenario, title, description, library, run, kpis, kpi. */
extern const struct model *const engine_models[];
extern const size_t n_engine_models;
extern const struct model scenario_root_model, run_model, title_model, description_model, kpi_model;

/* All models, the engine's first: i from 0 while i < table_size. */
static inline size_t table_size(const struct model_table *t)
{
	return n_engine_models + (t ? t->n : 0);
}
static inline const struct model *table_at(const struct model_table *t, size_t i)
{
	return i < n_engine_models ? engine_models[i] : t->models[i - n_engine_models];
}

struct run_xml { int64_t start; simtime_t duration, warm_up; uint64_t seed, replications; double confidence; };
struct kpi_xml { const char *name, *class, *network, *vertical, *district, *target; };

struct binder {
	struct scenario         *sc;
	struct arena            *a;
	struct diag             *d;
	struct tree_roots        roots;
};

/* node.c: the row of an attribute, -1: there is none; every node in document order. */
int node_row(const struct model *m, const char *attribute);
void node_walk(struct node *n, void (*fn)(void *ctx, struct node *n), void *ctx);

/* element.c: an element and all below it; NULL after a diagnostic.  The attribute that is nearest to a misspelt one. */
struct node *bind_element(struct binder *b, const struct element *e, struct node *parent);
const char *near_attribute(const struct model *m, const char *name, struct arena *a);

/* refs.c: check ids, resolve references, give keys.  open: a library refers to what it lacks.  false: out of memory. */
bool refs_resolve(struct binder *b, bool part, bool *open);

/* Turn one attribute's text into the parameter struct; false after a diagnostic.  References are left for later. */
bool bind_value(struct binder *b, const struct node *n, const struct param *p, const char *text, void *par);
/* What an absent optional parameter holds. */
void bind_absent(const struct param *p, void *par);
/* Is the value in the field within the row's range; for tests of the tables. */
bool bind_in_range(const struct param *p, const void *par, char *why, unsigned size);

/* " (--set)" where the value came from outside, so that the line of the file does not puzzle; else "". */
const char *bind_origin(const struct node *n, const struct param *p);

/* Targets of <kpi> elements into sc->targets. */
void targets_load(struct binder *b);

struct data_file { const char *path; char sha256[65]; struct data_file *next; };
struct scenario_impl {
	struct arena       *arena;
	const struct node **first;      /* by place in the table, engine's first */
	struct data_file   *files;
};

#endif
