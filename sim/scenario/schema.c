/* The XSD of scenarios, from the tables alone. */
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

/* A pattern of the dimension, "(...)" for one value, several separated by ';' for a list. */
static void restriction(FILE *f, const struct param *p)
{
	const char *one = dimension_pattern(p->dim);

	fputs("        <xs:simpleType><xs:restriction base=\"xs:string\">", f);
	if (p->kind == PARAM_LIST)
		fprintf(f, "<xs:pattern value=\"\\s*(%s)\\s*(;\\s*(%s)\\s*)*\"/>", one, one);
	else if (p->kind == PARAM_QUANTITY)
		fprintf(f, "<xs:pattern value=\"\\s*(%s)\\s*\"/>", one);
	for (int i = 0; p->kind == PARAM_CHOICE && p->choices[i]; i++)
		fprintf(f, "<xs:enumeration value=\"%s\"/>", p->choices[i]);
	if (p->kind == PARAM_BOOL)
		fputs("<xs:enumeration value=\"on\"/><xs:enumeration value=\"off\"/>", f);
	fputs("</xs:restriction></xs:simpleType>\n", f);
}

static void attribute(FILE *f, const struct param *p)
{
	char name[64];

	param_name(p, name, sizeof name);
	bool typed = p->kind == PARAM_QUANTITY || p->kind == PARAM_LIST || p->kind == PARAM_CHOICE || p->kind == PARAM_BOOL;
	fprintf(f, "      <xs:attribute name=\"%s\"%s%s>\n", name, p->dflt ? "" : " use=\"required\"",
		typed ? "" : " type=\"xs:string\"");
	documentation(f, 8, p->doc, "; default ", p->dflt);
	if (typed)
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
			m->id == ID_REQUIRED ? " use=\"required\"" : "");
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
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<!-- Written by `sccsim schema` from the tables of the models: do not edit. -->\n"
	      "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:s=\"" SCENARIO_NS "\" xmlns=\"" SCENARIO_NS
	      "\"\n"
	      "           targetNamespace=\"" SCENARIO_NS "\" elementFormDefault=\"qualified\">\n",
	      f);
	fputs("  <xs:element name=\"scenario\" type=\"scenario\">\n"
	      "    <xs:unique name=\"ids\"><xs:selector xpath=\".//*\"/><xs:field xpath=\"@id\"/></xs:unique>\n",
	      f);
	references(t, f);
	fputs("  </xs:element>\n  <xs:element name=\"library\" type=\"library\"/>\n", f);
	for (size_t i = 0; i < table_size(t); i++)
		type(t, i, f);
	fputs("</xs:schema>\n", f);
	return ferror(f) ? -1 : 0;
}
