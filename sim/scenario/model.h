/*
 * model - what a model declares: one const table, read by everyone.
 *
 * The loader, the schema, the manual, `explain`, study addresses, KPI columns and the report all follow from it.
 * A model is one XML element.  models/models.c lists all models, lower folders first; the engine calls their
 * functions in that order.
 */
#ifndef SIM_SCENARIO_MODEL_H
#define SIM_SCENARIO_MODEL_H

#include "sim/kernel/report.h"
#include "sim/kernel/sim.h"
#include "sim/scenario/diag.h"
#include "sim/scenario/param.h"

struct scenario;
struct node;

enum model_id { ID_NONE, ID_OPTIONAL, ID_REQUIRED, ID_LOCAL /* required; a name among its siblings, to which nothing refers */ };

/* Where the element may stand, and how often under one parent; max 0: any number. */
struct place { const char *parent; unsigned min, max; };

/* What the model was verified against, and how well. */
struct evidence { const char *aspect, *against, *within; };

/* A section of the report: the engine draws the named rows without knowing what they mean. */
enum section_kind {
	SECTION_CURVE, SECTION_SERIES, SECTION_AUDIT, SECTION_MAP,
	SECTION_FLOW,                   /* bands from stage to stage */
	SECTION_TABLE,
	SECTION_STACK,                  /* a KPI over time, its groups of one kind ("state=...") one upon the other */
	SECTION_TIMELINE,               /* bars and marks in lanes over time; KPIs named after it are lines on the same axis */
	SECTION_MOMENTS                 /* maps of moments side by side; the named layer's values: 0 works .. 1 does not */
};
struct section {
	enum section_kind kind;
	/* source: name of the curve, KPI, account, layer, flow or table; of a timeline: its name, then KPIs, with blanks between */
	const char *title, *source, *caption;
	/* A heading of the report under which it stands, each after its caption: "compliance" is under
	 * "Compliance".  NULL: with the others of its kind.  Not of an account: those are all together. */
	const char *page;
	unsigned rank;                  /* on its page the lower ranks come first, equal ones as their models do */
};

/* A table that people look things up in, printed by `sccsim models NAME`.  cell: the text of one, in buf or anywhere constant; of
 * column 0 NULL beyond the last row.  Where more is to be told of a row, `sccsim models ROW`, by its cell in column 0, prints its
 * lines; line_cell NULL: there is no more. */
enum { REFERENCE_COLUMNS = 16 };        /* at most */
struct reference {
	const char        *name, *title;
	const char *const *columns; size_t n_columns;
	const char      *(*cell)(size_t row, size_t column, char *buf, size_t size);
	const char *const *line_columns; size_t n_line_columns;
	const char      *(*line_cell)(size_t row, size_t line, size_t column, char *buf, size_t size);
};

/* What a replication is run for once more.  A window: the same run counted from `from` and ended before `to`; of it only KPIs are kept,
 * as those of the group ("phase=during", and "class=meter;phase=during" of other groups than all). */
struct window { simtime_t from, to; const char *group; };       /* group: constant */
enum { WINDOWS_MAX = 8 };
struct reruns {
	bool twin;                              /* the replication with s->twin, whole: s->other of the main run while that finishes */
	struct window window[WINDOWS_MAX];      /* put in with reruns_window() */
	unsigned n;
};
static inline void reruns_window(struct reruns *r, simtime_t from, simtime_t to, const char *group)
{
	if (from < to && r->n < WINDOWS_MAX)
		r->window[r->n++] = (struct window){ from, to, group };
}

struct model {
	const char            *name;            /* XML element */
	const char            *doc;
	const struct place    *places;          size_t n_places;
	enum model_id          id;
	bool                   has_text;        /* the element holds text (<title>) */
	bool                   implied;         /* where it may stand once and does not, one with every default is in force */
	size_t                 par_size;
	const struct param    *params;          size_t n_params;
	const struct kpi_def  *kpis;            size_t n_kpis;
	const struct section  *sections;        size_t n_sections;
	const struct evidence *evidence;        size_t n_evidence;
	const struct reference *tables;         size_t n_tables;
	/* Attributes and content of the element in the file that `sccsim new` writes; NULL: it is not in it. */
	const char            *example, *example_text;

	/* After all elements are bound and references resolved, once per element: read files into n->data, check what one
	 * attribute alone cannot tell.  Errors go to the diag.  The result is immutable and shared by all threads. */
	void (*load)(const struct scenario *sc, struct node *n, struct diag *d);
	void (*unload)(struct node *n);         /* frees n->data; tolerates NULL */
	/* After all loads, once per model that has an element: what only the whole scenario shows. */
	void (*check)(const struct scenario *sc, struct diag *d);

	/* Once per replication and model, in the order of models.c, whether or not the scenario has such an element. */
	void (*setup)(struct sim *s, const struct scenario *sc);        /* allocate, register handlers; failure: sim_fail */
	void (*start)(struct sim *s, const struct scenario *sc);        /* push first events, after all set-ups */
	void (*finish)(struct sim *s, const struct scenario *sc);       /* report */

	/* Once per replication, when all have started: what else it is to be run for.  Whatever it asks for, the main run is what it would
	 * be without.  NULL: nothing. */
	void (*rerun)(const struct sim *s, const struct scenario *sc, struct reruns *r);
	/* With rerun: whether a KPI is counted by window; one that tells of the whole run is not. */
	bool (*windowed)(const struct kpi_def *def);
};

/* A language of documents: what is bound, checked and written as a schema like a scenario.  own: its elements whatever models
 * there are, the root first; they come before the models of a table. */
struct grammar {
	const char                *ns;          /* namespace of its elements */
	const char                *root;        /* name of the root element; a root has no place */
	const struct model *const *own;         size_t n_own;
};
extern const struct grammar scenario_grammar;
extern const struct model title_model, description_model;      /* of every language */

struct model_table { const struct model *const *models; size_t n; const struct grammar *grammar; /* NULL: of scenarios */ };

#define TABLE(t) (t), sizeof(t) / sizeof((t)[0])

#endif
