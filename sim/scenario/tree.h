/*
 * tree - XML as read: elements with their files and lines, includes already in place.  Private to scenario/.
 *
 * Untrusted input: no network, no DTD, no entities, nothing outside the roots, bounded size, depth and includes.
 */
#ifndef SIM_SCENARIO_TREE_H
#define SIM_SCENARIO_TREE_H

#include <stdbool.h>

#include "sim/kernel/arena.h"
#include "sim/scenario/diag.h"
#include "sim/scenario/scenario.h"

struct attribute { const char *name, *value; bool set; struct attribute *next; };

struct element {
	const char       *name, *file, *text;   /* text: content with surrounding blanks removed, "" if none */
	int               line;
	struct attribute *attributes;
	struct element   *parent, *child, *last, *next;
};

enum { TREE_DEPTH = 64, TREE_INCLUDES = 256, TREE_FILE_MAX = 64 << 20 };

struct tree_roots { const char *scenario, *library; };  /* real paths; NULL: none */

/* Read a document and its includes.  text NULL: from the file.  NULL after diagnostics. */
struct element *tree_read(const char *path, const char *text, size_t len, const struct grammar *grammar,
			  const struct tree_roots *roots, struct arena *a, struct diag *d);

/* Set what an address names; diagnostics carry the address.  known(ctx, element, attribute, &near): declared there?  else
 * the nearest that is, or NULL. */
typedef bool known_fn(void *ctx, const struct element *e, const char *attribute, const char **near);
void tree_set(struct element *root, const struct setting *set, known_fn *known, void *ctx, struct arena *a, struct diag *d);

const char *element_attribute(const struct element *e, const char *name);       /* NULL: not given */

/* The tree as XML, includes and settings resolved.  NULL when memory is short. */
char *tree_write(const struct element *root, const char *xmlns, struct arena *a);

/* A path of the document, relative to the file in which it stands, as a real path inside the roots; NULL after a
 * diagnostic.  what: "<city boundary>" */
const char *tree_resolve(const char *from_file, int line, const char *what, const char *path,
			 const struct tree_roots *roots, struct arena *a, struct diag *d);

#endif
