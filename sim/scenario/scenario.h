/*
 * scenario - the description of a deployment, loaded from XML: an immutable tree shared by all threads.
 *
 * The only part of the program that knows libxml2.
 */
#ifndef SIM_SCENARIO_SCENARIO_H
#define SIM_SCENARIO_SCENARIO_H

#include "sim/scenario/model.h"

/* One element. */
struct node {
	const struct model *model;
	const char         *id;         /* NULL: none given */
	uint64_t            key;        /* rng_hash(id); without id: of the element's name and place among its siblings */
	const char         *file;
	int                 line;
	struct node        *parent, *child, *next;      /* first child; next sibling; document order */
	const void         *par;        /* the model's parameter struct */
	unsigned char      *given;      /* per row of model->params: enum given */
	const char        **text_of;    /* per row: the text in force, as given, defaulted or derived; NULL: absent */
	void               *data;       /* of model->load */
	const char         *text;       /* content, if model->has_text */
	const struct node  *next_same;  /* next element of the same model in document order */
	bool                implied;    /* in force without standing in the file; its place is its parent's */
	bool                flawed;     /* while loading: what it holds is not whole, and must not be relied upon */
};

enum given { GIVEN_DEFAULT, GIVEN_DERIVED, GIVEN_FILE, GIVEN_SET };

struct run_params {             /* of <run> */
	int64_t   start;        /* seconds since 1970 */
	simtime_t duration, warm_up;
	uint64_t  seed, replications;
	double    confidence;
};

enum target_op { TARGET_NONE, TARGET_GE, TARGET_LE, TARGET_GT, TARGET_LT };
struct target {                 /* of <kpi> */
	const char *kpi, *group;
	enum target_op op;
	double value;           /* in the KPI's unit */
	const char *text;
	const struct node *node;        /* NULL: read back from a record */
};

/* `>= 98%` in a KPI's own unit, into op, value and text (borrowed).  false: op is TARGET_NONE, *why says what is wrong. */
/* Whether `phase` may stand with a KPI, in a scenario (NULL: in some): else *why, which follows the attribute's name. */
bool phase_allowed(const struct model_table *table, const struct scenario *sc, const struct kpi_def *def, const char *phase,
		   const char **why);
bool target_parse(const struct kpi_def *def, const char *text, struct target *t, const char **why);

struct scenario {
	const struct model_table *table;
	const char         *path;
	const char         *title;              /* "" when none */
	const char         *description;
	struct run_params   run;
	struct node        *root;
	struct target      *targets;            size_t n_targets;
	char                hash[65];           /* SHA-256 of the resolved input, data files included, hex */
	char               *resolved;           /* XML with includes and --set values resolved */
	/* private: */
	void               *impl;
};

/* Of --set (file NULL), or of a study's factor that stands in a line of a file. */
struct setting { const char *address, *value, *file; int line; };

/* Load a file.  NULL on error, with every problem found in d.  lib_root: the installed scenarios/lib (NULL: none). */
struct scenario *scenario_load(const char *path, const struct model_table *table, const char *lib_root,
			       const struct setting *sets, size_t n_sets, struct diag *d);
/* The same from memory, for tests and fuzzing; relative paths resolve against `base`. */
struct scenario *scenario_parse(const char *text, size_t len, const char *base, const struct model_table *table,
				const char *lib_root, const struct setting *sets, size_t n_sets, struct diag *d);
void scenario_free(struct scenario *sc);

/* Elements of a model in document order: scenario_first(), then n->next_same. */
const struct node *scenario_first(const struct scenario *sc, const struct model *m);
size_t scenario_count(const struct scenario *sc, const struct model *m);
/* Whether some element has this id. */
bool scenario_has_id(const struct scenario *sc, const char *id);
/* First child of that model, NULL: none; next: node_next(child). */
const struct node *node_child(const struct node *n, const struct model *m);
const struct node *node_next(const struct node *n);     /* next sibling of the same model */
/* Whether the attribute was given (in the file or by --set).  A misspelt attribute is a bug. */
bool node_given(const struct node *n, const char *attribute);
/* For load hooks: what an attribute that is absent and has no default comes to, written as a user would; it is bound like a
 * given one, and `explain` shows it.  Nothing happens where the attribute is given. */
void node_derive(const struct scenario *sc, struct node *n, struct diag *d, const char *attribute, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Report an error at an attribute of an element: `file:line: <element attribute>: ...`. attribute may be NULL. */
void node_error(const struct node *n, struct diag *d, const char *attribute, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void node_warning(const struct node *n, struct diag *d, const char *attribute, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* For load hooks: a data file, whole, zero-terminated, of `mib` MiB at most; *len without that zero; freed by the caller.  The hash
 * of sc's input covers it (sc NULL: of none).  NULL: a diagnostic says why. */
char *scenario_read_file(const struct scenario *sc, const char *path, unsigned mib, size_t *len, struct diag *d);

/* The name of the root element of an XML file, for those that do not know yet of which language it is.  false: there is none that
 * can be read; scenario_load says why. */
bool document_root(const char *path, char *name, size_t size);

/* A KPI's declaration by name; NULL: no model has it. */
const struct kpi_def *table_kpi(const struct model_table *t, const char *name);
const struct model *table_model(const struct model_table *t, const char *element, const char *parent);

/* What is declared at an address of --set; NULL: *why ends the sentence "ADDRESS: ...". */
const struct param *table_address(const struct model_table *t, const char *address, const char **why);

/* The nearest of n names to a misspelt one, letters swapped, left out, changed or added; NULL: none is near. */
const char *nearest_name(const char *name, const char *const *names, size_t n);

/* Written from the tables alone. */
int schema_write(const struct model_table *t, FILE *f);                                 /* XSD of the table's language */
int explain_write(const struct scenario *sc, FILE *f, bool json);                       /* every value in force, and why */
int reference_write(const struct model_table *t, const char *name, FILE *f, bool json); /* `sccsim models [NAME]` */
int template_write(const struct model_table *t, const char *name, FILE *f);             /* `sccsim new NAME` */

#endif
