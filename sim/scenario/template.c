/* The scenario that `sccsim new` writes: every model's example, with the attributes left to their defaults as comments. */
#include <string.h>

#include "sim/scenario/scenario_private.h"

static void defaults(FILE *f, const struct model *m, int depth)
{
	char name[64];
	bool any = false;

	for (size_t i = 0; i < m->n_params; i++) {
		const struct param *p = &m->params[i];
		param_name(p, name, sizeof name);
		char given[80];
		snprintf(given, sizeof given, "%s=", name);
		const char *at = strstr(m->example, given);
		if (!p->dflt || !p->dflt[0] || (at && (at == m->example || at[-1] == ' ')))
			continue;
		if (!any)
			fprintf(f, "%*s<!-- defaults: ", 2 * depth, "");
		fprintf(f, "%s%s=\"%s\"", any ? " " : "", name, p->dflt);
		any = true;
	}
	if (any)
		fputs(" -->\n", f);
}

static bool has_children(const struct model_table *t, const struct model *m)
{
	for (size_t i = 0; i < table_size(t); i++)
		if (table_at(t, i)->example && table_at(t, i)->n_places &&
		    strcmp(table_at(t, i)->places[0].parent, m->name) == 0)
			return true;
	return false;
}

/* Elements that may stand in m and of which the file holds none: what a planner would otherwise not find. */
static void others(const struct model_table *t, const struct model *m, FILE *f, int depth)
{
	bool any = false;

	for (size_t i = 0; i < table_size(t); i++) {
		const struct model *c = table_at(t, i);
		bool may = false;
		for (size_t k = 0; k < c->n_places; k++)
			may |= strcmp(c->places[k].parent, m->name) == 0;
		if (!may || c->example || strcmp(c->name, "library") == 0)
			continue;
		fprintf(f, "%*s%s%s", any ? 0 : 2 * depth, "", any ? ", " : "<!-- may stand here too: ", c->name);
		any = true;
	}
	if (any)
		fputs(" (sccsim models NAME explains one) -->\n", f);
}

static void write_model(const struct model_table *t, const struct model *m, const char *root_id, FILE *f, int depth)
{
	fprintf(f, "%*s<!-- %s -->\n", 2 * depth, "", m->doc);
	if (root_id)
		fprintf(f, "<%s xmlns=\"%s\" id=\"%s\"", m->name, table_grammar(t)->ns, root_id);
	else
		fprintf(f, "%*s<%s%s%s", 2 * depth, "", m->name, m->example[0] ? " " : "", m->example);
	if (m->example_text) {
		fprintf(f, ">%s</%s>\n", m->example_text, m->name);
		return;
	}
	if (!has_children(t, m)) {
		fputs("/>\n", f);
		if (m->n_params)
			defaults(f, m, depth);
		return;
	}
	fputs(">\n", f);
	defaults(f, m, depth + 1);
	for (size_t i = 0; i < table_size(t); i++) {
		const struct model *c = table_at(t, i);
		if (c->example && c->n_places && strcmp(c->places[0].parent, m->name) == 0)
			write_model(t, c, NULL, f, depth + 1);
	}
	others(t, m, f, depth + 1);
	fprintf(f, "%*s</%s>\n", 2 * depth, "", m->name);
}

int template_write(const struct model_table *t, const char *name, FILE *f)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", f);
	write_model(t, table_grammar(t)->own[0], name, f, 0);
	return ferror(f) ? -1 : 0;
}
