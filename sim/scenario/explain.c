/* Every value in force, and why. */
#include <jansson.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

static const char *type_of(const struct param *p)
{
	switch (p->kind) {
	case PARAM_BOOL: return "on|off";
	case PARAM_CHOICE: return "choice";
	case PARAM_TEXT: return "text";
	case PARAM_REF: return "id";
	case PARAM_FILE: return "file";
	case PARAM_POSITION: return "position";
	case PARAM_INSTANT: return "time";
	case PARAM_KPI: return "KPI";
	case PARAM_LIST: return "list";
	default: return dimension_name(p->dim);
	}
}

static void source_text(const struct param *p, char *buf, size_t size)
{
	if (p->source && strncmp(p->source, "[M]", 3) == 0)
		snprintf(buf, size, "unverified default%s%s", p->source[3] ? ":" : "", p->source + 3);
	else
		snprintf(buf, size, "%s", p->source ? p->source : "");
}

static void origin_text(const struct node *n, size_t i, char *buf, size_t size)
{
	if (n->given[i] == GIVEN_SET)
		snprintf(buf, size, "--set");
	else if (n->given[i] == GIVEN_FILE)
		snprintf(buf, size, "%s:%d", n->file, n->line);
	else if (n->given[i] == GIVEN_DERIVED)
		snprintf(buf, size, "derived: %s", n->model->params[i].doc);
	else
		snprintf(buf, size, "default");
}

static void label(const struct node *n, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", n->model->name, n->id ? "#" : "", n->id ? n->id : "");
}

static void explain_rows(const struct node *n, FILE *f, int depth)
{
	for (; n; n = n->next) {
		char head[160];
		label(n, head, sizeof head);
		fprintf(f, "%*s%s%s%s%s\n", 2 * depth, "", head, n->text && n->text[0] ? ": " : "", n->text ? n->text : "",
			n->implied ? " (not in the file: its defaults are in force)" : "");
		for (size_t i = 0; i < n->model->n_params; i++) {
			const struct param *p = &n->model->params[i];
			char name[64], origin[1024], source[512];
			origin_text(n, i, origin, sizeof origin);
			source_text(p, source, sizeof source);
			bool dflt = n->given[i] < GIVEN_FILE, absent = !n->text_of[i];
			fprintf(f, "%*s%-22s %-22s %-10s %s%s%s%s\n", 2 * depth + 2, "", param_name(p, name, sizeof name),
				absent ? "-" : n->text_of[i], type_of(p), absent ? "not given: " : origin,
				absent ? p->doc : "", dflt && source[0] ? ", " : "", dflt ? source : "");
		}
		explain_rows(n->child, f, depth + 1);
	}
}

static json_t *explain_json(const struct node *n)
{
	json_t *list = json_array();

	for (; n; n = n->next) {
		json_t *e = json_object(), *rows = json_array();
		json_object_set_new(e, "element", json_string(n->model->name));
		if (n->id)
			json_object_set_new(e, "id", json_string(n->id));
		if (n->implied)
			json_object_set_new(e, "implied", json_true());
		for (size_t i = 0; i < n->model->n_params; i++) {
			char name[64], origin[1024];
			json_t *row = json_object();
			origin_text(n, i, origin, sizeof origin);
			json_object_set_new(row, "attribute",
					    json_string(param_name(&n->model->params[i], name, sizeof name)));
			json_object_set_new(row, "value", n->text_of[i] ? json_string(n->text_of[i]) : json_null());
			json_object_set_new(row, "type", json_string(type_of(&n->model->params[i])));
			json_object_set_new(row, "origin", json_string(origin));
			if (n->model->params[i].source)
				json_object_set_new(row, "source", json_string(n->model->params[i].source));
			json_array_append_new(rows, row);
		}
		json_object_set_new(e, "attributes", rows);
		if (n->child)
			json_object_set_new(e, "children", explain_json(n->child));
		json_array_append_new(list, e);
	}
	return list;
}

static int dump(json_t *j, FILE *f)
{
	int rc = j ? json_dumpf(j, f, JSON_INDENT(1)) : -1;

	fputc('\n', f);
	json_decref(j);
	return rc;
}

int explain_write(const struct scenario *sc, FILE *f, bool json)
{
	if (json)
		return dump(explain_json(sc->root), f);
	fprintf(f, "# input %s\n", sc->hash);
	fprintf(f, "# %-20s %-22s %-10s %s\n", "attribute", "value in force", "type",
		"where from, and the source of a default");
	explain_rows(sc->root, f, 0);
	return ferror(f) ? -1 : 0;
}

static const char *status_of(const struct model *m)
{
	if (m->n_params == 0 && m->n_kpis == 0 && m->n_evidence == 0)
		return "structure only";
	return m->n_evidence ? "verified" : "no evidence yet";
}

static void list_models(const struct model_table *t, FILE *f)
{
	fprintf(f, "%-18s %-16s %s\n", "element", "status", "what it is");
	for (size_t i = 0; i < table_size(t); i++) {
		const struct model *m = table_at(t, i);
		fprintf(f, "%-18s %-16s %s\n", m->name, status_of(m), m->doc);
	}
	fprintf(f, "\n%-36s %-6s %s\n", "KPI", "unit", "definition");
	for (size_t i = 0; i < table_size(t); i++)
		for (size_t k = 0; k < table_at(t, i)->n_kpis; k++) {
			const struct kpi_def *d = &table_at(t, i)->kpis[k];
			fprintf(f, "%-36s %-6s %s\n", d->name, d->unit, d->definition);
		}
	reference_list(t, f);
	fputs("\nsccsim models NAME: an element's attributes, KPIs and evidence, what a KPI bears on, or a table.\n", f);
}

static void describe_params(const struct model *m, FILE *f)
{
	for (size_t k = 0; k < m->n_params; k++) {
		const struct param *p = &m->params[k];
		char name[64], source[512];
		source_text(p, source, sizeof source);
		fprintf(f, "  %s (%s", param_name(p, name, sizeof name), type_of(p));
		if (p->lo || p->hi)
			fprintf(f, ", %s .. %s", p->lo ? p->lo : "", p->hi ? p->hi : "");
		for (int i = 0; p->choices && p->choices[i]; i++)
			fprintf(f, "%s%s", i ? " | " : ": ", p->choices[i]);
		if (p->refs)
			fprintf(f, " of: %s", p->refs);
		fprintf(f, ") %s%s\n      %s%s%s\n", p->dflt ? p->dflt[0] ? "default " : "optional" : "required",
			p->dflt ? p->dflt : "", p->doc, source[0] ? ". Source of the default: " : "", source);
	}
}

static void describe_kpi(const struct kpi_def *k, FILE *f)
{
	fprintf(f, "  %s [%s] %s%s%s\n", k->name, k->unit, k->definition, k->standard ? "; bears on " : "",
		k->standard ? k->standard : "");
}

static void describe(const struct model *m, FILE *f)
{
	fprintf(f, "<%s> - %s\n", m->name, m->doc);
	for (size_t k = 0; k < m->n_places; k++) {
		const struct place *p = &m->places[k];
		fprintf(f, "  in <%s>, ", p->parent);
		if (p->max)
			fprintf(f, "%u .. %u times\n", p->min, p->max);
		else
			fprintf(f, "%u times or more\n", p->min);
	}
	if (m->n_params)
		fputs("Attributes:\n", f);
	describe_params(m, f);
	if (m->n_kpis)
		fputs("KPIs:\n", f);
	for (size_t k = 0; k < m->n_kpis; k++)
		describe_kpi(&m->kpis[k], f);
	if (m->n_evidence)
		fputs("Verified:\n", f);
	for (size_t k = 0; k < m->n_evidence; k++)
		fprintf(f, "  %s against %s: %s\n", m->evidence[k].aspect, m->evidence[k].against, m->evidence[k].within);
	fputc('\n', f);
}

static json_t *kpi_json(const struct kpi_def *k)
{
	return json_pack("{s:s, s:s, s:s, s:s?}", "name", k->name, "unit", k->unit, "definition", k->definition, "standard",
			 k->standard);
}

static json_t *describe_json(const struct model *m)
{
	json_t *o = json_object(), *params = json_array(), *kpis = json_array(), *evidence = json_array();
	char name[64];

	json_object_set_new(o, "element", json_string(m->name));
	json_object_set_new(o, "doc", json_string(m->doc));
	json_object_set_new(o, "status", json_string(status_of(m)));
	for (size_t k = 0; k < m->n_params; k++) {
		const struct param *p = &m->params[k];
		json_array_append_new(params,
				      json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s, s:s?}", "attribute",
						param_name(p, name, sizeof name), "type", type_of(p), "default", p->dflt,
						"least", p->lo, "most", p->hi, "doc", p->doc, "source", p->source));
	}
	for (size_t k = 0; k < m->n_kpis; k++)
		json_array_append_new(kpis, kpi_json(&m->kpis[k]));
	for (size_t k = 0; k < m->n_evidence; k++)
		json_array_append_new(evidence, json_pack("{s:s, s:s, s:s}", "aspect", m->evidence[k].aspect, "against",
							  m->evidence[k].against, "within", m->evidence[k].within));
	json_object_set_new(o, "attributes", params);
	json_object_set_new(o, "kpis", kpis);
	json_object_set_new(o, "evidence", evidence);
	return o;
}

int reference_write(const struct model_table *t, const char *name, FILE *f, bool json)
{
	bool found = false;
	json_t *list = json_array();

	for (size_t i = 0; i < table_size(t); i++) {
		const struct model *m = table_at(t, i);
		if (name && strcmp(m->name, name) != 0)
			continue;
		found = true;
		if (json)
			json_array_append_new(list, describe_json(m));
		else if (name)
			describe(m, f);
	}
	const struct kpi_def *kpi = name && !found ? table_kpi(t, name) : NULL;
	if (kpi && json)
		json_array_append_new(list, kpi_json(kpi));
	else if (kpi)
		describe_kpi(kpi, f);
	const struct reference *table = name ? reference_find(t, name) : NULL;
	if (table && json)
		json_array_append_new(list, reference_json(table));
	else if (table)
		reference_text(table, f);
	found |= kpi || table;
	if (json && found)
		return dump(list, f);
	json_decref(list);
	if (!name)
		list_models(t, f);
	return found && !ferror(f) ? 0 : -1;
}
