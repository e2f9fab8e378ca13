/* scenario_private - what the files of this folder share. */
#ifndef SIM_SCENARIO_PRIVATE_H
#define SIM_SCENARIO_PRIVATE_H

#include <jansson.h>

#include "sim/scenario/scenario.h"
#include "sim/scenario/tree.h"

/* The engine's own elements: scenario, title, description, library, run, kpis, kpi. */
extern const struct model scenario_root_model, run_model, kpi_model;

static inline const struct grammar *table_grammar(const struct model_table *t)
{
	return t && t->grammar ? t->grammar : &scenario_grammar;
}
/* All models, the language's own first: i from 0 while i < table_size. */
static inline size_t table_size(const struct model_table *t)
{
	return table_grammar(t)->n_own + (t ? t->n : 0);
}
static inline const struct model *table_at(const struct model_table *t, size_t i)
{
	const struct grammar *g = table_grammar(t);

	return i < g->n_own ? g->own[i] : t->models[i - g->n_own];
}

/* reference.c: what is looked up in the tables of models: one of them by its name, or of which a row has that name (r NULL: neither); as
 * text and as JSON; and the list of tables. */
enum { WHOLE_TABLE = -1 };
struct lookup { const struct reference *r; ptrdiff_t row; };
struct lookup reference_find(const struct model_table *t, const char *name);
void reference_text(struct lookup l, FILE *f);
json_t *reference_json(struct lookup l);
void reference_list(const struct model_table *t, FILE *f);

struct run_xml { int64_t start; simtime_t duration, warm_up; uint64_t seed, replications; double confidence; };
struct kpi_xml { const char *name, *class, *network, *vertical, *district, *phase, *target; };

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

/* inherit.c: what elements take from their base="ID"; templates leave a scenario. */
void inherit_all(struct binder *b, struct element *root);

/* Targets of <kpi> elements into sc->targets. */
void targets_load(struct binder *b);

struct data_file { const char *path; char sha256[65]; struct data_file *next; };
struct scenario_impl {
	struct arena       *arena;
	const struct node **first;      /* by place in the table, engine's first */
	struct data_file   *files;
};

#endif
