/* The XSD of a language of documents, from the tables alone. */
#include <string.h>

#include "sim/scenario/scenario_private.h"

static void text_escaped(FILE *f, const char *t)
{
	for (; *t; t++)
		switch (*t) {
		case '&': fputs("&amp;", f); break;
		case '<': fputs("&lt;", f); break;
		case '>': fputs("&gt;", f); break;
		case '"': fputs("&quot;", f); break;
		default: fputc(*t, f);
		}
}

static void documentation(FILE *f, int indent, const char *doc, const char *more, const char *value)
{
	fprintf(f, "%*s<xs:annotation><xs:documentation>", indent, "");
	text_escaped(f, doc);
	if (value && *value) {
		fputs(more, f);
		text_escaped(f, value);
	}
	fputs("</xs:documentation></xs:annotation>\n", f);
}

/* `3km 4km`, `50.7353N 7.1289E`; 2026-03-02, with a time of day or without. */
#define DEGREES "[+\\-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+\\-]?[0-9]+)?"
#define METRES  DEGREES "(km|m|cm|mm)"
static const char position_pattern[] = METRES "\\s+" METRES "|" DEGREES "[NS]\\s+" DEGREES "[EW]";
static const char instant_pattern[] = "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?Z?";

enum { PATTERN = 1280 };

static void kpi_names(const struct model_table *t, FILE *f)
{
	for (size_t i = 0; t && i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_kpis; k++)
			if (table_kpi(t, t->models[i]->kpis[k].name) == &t->models[i]->kpis[k])
				fprintf(f, "<xs:enumeration value=\"%s\"/>", t->models[i]->kpis[k].name);
}

/* Types of values stand beside those of elements, whose names have no dot. */
static char *value_type(const struct param *p, char *buf, size_t size)
{
	switch (p->kind) {
	case PARAM_QUANTITY: snprintf(buf, size, "value.%s", dimension_name(p->dim)); break;
	case PARAM_BOOL: snprintf(buf, size, "value.switch"); break;
	case PARAM_POSITION: snprintf(buf, size, "value.position"); break;
	case PARAM_INSTANT: snprintf(buf, size, "value.time"); break;
	case PARAM_KPI: snprintf(buf, size, "value.kpi"); break;
	default: snprintf(buf, size, "xs:string");
	}
	for (char *c = buf; *c; c++)
		if (*c == ' ')
			*c = '-';
	return buf;
}

static void pattern_type(FILE *f, const char *name, const char *pattern)
{
	fprintf(f,
		"  <xs:simpleType name=\"%s\"><xs:restriction base=\"xs:string\"><xs:pattern value=\"\\s*(%s)\\s*\"/>"
		"</xs:restriction></xs:simpleType>\n",
		name, pattern);
}

static void value_types(const struct model_table *t, FILE *f)
{
	char name[64], pattern[PATTERN];

	for (int dim = 0; dim < DIM_N; dim++)
		pattern_type(f,
			     value_type(&(struct param){ .kind = PARAM_QUANTITY, .dim = (enum dimension)dim }, name,
					sizeof name),
			     dimension_pattern((enum dimension)dim, pattern, sizeof pattern));
	pattern_type(f, "value.position", position_pattern);
	pattern_type(f, "value.time", instant_pattern);
	fputs("  <xs:simpleType name=\"value.switch\"><xs:restriction base=\"xs:string\"><xs:enumeration value=\"on\"/>"
	      "<xs:enumeration value=\"off\"/></xs:restriction></xs:simpleType>\n"
	      "  <xs:simpleType name=\"value.kpi\"><xs:restriction base=\"xs:string\">",
	      f);
	kpi_names(t, f);
	fputs("</xs:restriction></xs:simpleType>\n", f);
}

/* A count is a number of the schema's own, so that its range can be told there; that of other quantities cannot. */
static bool is_count(const struct param *p)
{
	return p->kind == PARAM_QUANTITY && p->dim == DIM_COUNT && p->lo && p->hi;
}

/* Of one attribute alone: its choices, or values separated by ';', or its range. */
static void restriction(FILE *f, const struct param *p)
{
	char one[PATTERN];

	dimension_pattern(p->dim, one, sizeof one);
	if (is_count(p)) {
		fprintf(f,
			"        <xs:simpleType><xs:restriction base=\"xs:nonNegativeInteger\"><xs:pattern value=\"%s\"/>"
			"<xs:minInclusive value=\"%s\"/><xs:maxInclusive value=\"%s\"/></xs:restriction></xs:simpleType>\n",
			one, p->lo, p->hi);
		return;
	}
	fputs("        <xs:simpleType><xs:restriction base=\"xs:string\">", f);
	if (p->kind == PARAM_LIST)
		fprintf(f, "<xs:pattern value=\"\\s*(%s)\\s*(;\\s*(%s)\\s*)*\"/>", one, one);
	for (int i = 0; p->kind == PARAM_CHOICE && p->choices[i]; i++)
		fprintf(f, "<xs:enumeration value=\"%s\"/>", p->choices[i]);
	fputs("</xs:restriction></xs:simpleType>\n", f);
}

static void attribute(FILE *f, const struct param *p)
{
	char name[64], type[64];
	bool own = p->kind == PARAM_LIST || p->kind == PARAM_CHOICE || is_count(p);

	fprintf(f, "      <xs:attribute name=\"%s\"%s", param_name(p, name, sizeof name),
		p->dflt ? "" : " use=\"required\"");
	if (!own)
		fprintf(f, " type=\"%s\"", value_type(p, type, sizeof type));
	fputs(">\n", f);
	documentation(f, 8, p->doc, "; default ", p->dflt);
	if (own)
		restriction(f, p);
	fputs("      </xs:attribute>\n", f);
}

static bool first_of_name(const struct model_table *t, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(table_at(t, k)->name, table_at(t, i)->name) == 0)
			return false;
	return true;
}

/* Type of the i-th model: models of one name are told apart by number. */
static void type_name(const struct model_table *t, size_t i, char *buf, size_t size)
{
	if (first_of_name(t, i))
		snprintf(buf, size, "%s", table_at(t, i)->name);
	else
		snprintf(buf, size, "%s-%zu", table_at(t, i)->name, i);
}

static void children(const struct model_table *t, FILE *f, const char *parent)
{
	bool library = strcmp(parent, "library") == 0; /* holds what a scenario may hold */

	fputs("      <xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">\n", f);
	for (size_t i = 0; i < table_size(t); i++)
		for (size_t k = 0; k < table_at(t, i)->n_places; k++) {
			const char *in = table_at(t, i)->places[k].parent;
			char type[80];
			if (strcmp(in, parent) != 0 && !(library && strcmp(in, "scenario") == 0))
				continue;
			type_name(t, i, type, sizeof type);
			fprintf(f, "        <xs:element name=\"%s\" type=\"%s\"/>\n", table_at(t, i)->name, type);
			break;
		}
	fputs("        <xs:any namespace=\"http://www.w3.org/2001/XInclude\" processContents=\"skip\"/>\n", f);
	fputs("      </xs:choice>\n", f);
}

static void type(const struct model_table *t, size_t i, FILE *f)
{
	const struct model *m = table_at(t, i);
	char name[80];

	type_name(t, i, name, sizeof name);
	fprintf(f, "  <xs:complexType name=\"%s\"%s>\n", name, m->has_text ? " mixed=\"true\"" : "");
	documentation(f, 4, m->doc, "", NULL);
	children(t, f, m->name);
	if (m->id != ID_NONE)
		fprintf(f, "      <xs:attribute name=\"id\" type=\"xs:NCName\"%s/>\n",
			m->id >= ID_REQUIRED ? " use=\"required\"" : "");
	for (size_t k = 0; k < m->n_params; k++)
		attribute(f, &m->params[k]);
	fputs("      <xs:anyAttribute namespace=\"http://www.w3.org/XML/1998/namespace\" processContents=\"skip\"/>\n", f);
	fputs("  </xs:complexType>\n", f);
}

static void references(const struct model_table *t, FILE *f)
{
	char name[64];

	for (size_t i = 0; i < table_size(t); i++)
		for (size_t k = 0; k < table_at(t, i)->n_params; k++) {
			const struct param *p = &table_at(t, i)->params[k];
			if (p->kind != PARAM_REF)
				continue;
			param_name(p, name, sizeof name);
			fprintf(f,
				"    <xs:keyref name=\"%s-%zu-%s\" refer=\"s:ids\"><xs:selector xpath=\".//s:%s\"/>"
				"<xs:field xpath=\"@%s\"/></xs:keyref>\n",
				table_at(t, i)->name, i, name, table_at(t, i)->name, name);
		}
}

int schema_write(const struct model_table *t, FILE *f)
{
	const struct grammar *g = table_grammar(t);

	fprintf(f,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<!-- Written by `sccsim schema %s` from the tables of the models: do not edit. -->\n"
		"<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:s=\"%s\" xmlns=\"%s\"\n"
		"           targetNamespace=\"%s\" elementFormDefault=\"qualified\">\n",
		g->root, g->ns, g->ns, g->ns);
	fprintf(f,
		"  <xs:element name=\"%s\" type=\"%s\">\n"
		"    <xs:unique name=\"ids\"><xs:selector xpath=\".//*\"/><xs:field xpath=\"@id\"/></xs:unique>\n",
		g->root, g->root);
	references(t, f);
	fputs("  </xs:element>\n", f);
	if (g == &scenario_grammar)
		fputs("  <xs:element name=\"library\" type=\"library\"/>\n", f);
	value_types(t, f);
	for (size_t i = 0; i < table_size(t); i++)
		type(t, i, f);
	fputs("</xs:schema>\n", f);
	return ferror(f) ? -1 : 0;
}
