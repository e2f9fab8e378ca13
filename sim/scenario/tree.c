#include "sim/scenario/tree.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#define XI_NS       "http://www.w3.org/2001/XInclude"

struct reader {
	const struct tree_roots *roots;
	const struct grammar    *grammar;
	struct arena            *a;
	struct diag             *d;
	unsigned                 includes;
	const char              *open[TREE_DEPTH];      /* files being included, against cycles */
	unsigned                 n_open;
	struct { int line, code; char text[256]; } first;       /* mistake in the XML of the file being parsed */
};

static bool inside(const char *path, const char *root)
{
	size_t n = root ? strlen(root) : 0;

	return root && strncmp(path, root, n) == 0 && (path[n] == '/' || path[n] == '\0' || (n && root[n - 1] == '/'));
}

const char *tree_resolve(const char *from_file, int line, const char *what, const char *path,
			 const struct tree_roots *roots, struct arena *a, struct diag *d)
{
	char joined[PATH_MAX], real[PATH_MAX];
	const char *slash = strrchr(from_file, '/');
	struct stat st;
	int n;

	if (strstr(path, "://")) {
		diag_error(d, from_file, line,
			   "%s: \"%s\" is an address, and nothing is fetched (name a file beside the scenario)", what,
			   path);
		return NULL;
	}
	if (strncmp(path, "lib:", 4) == 0) {
		if (!roots->library) {
			diag_error(d, from_file, line, "%s: \"%s\": no library is installed (set SCCSIM_LIB to its folder)",
				   what, path);
			return NULL;
		}
		n = snprintf(joined, sizeof joined, "%s/%s", roots->library, path + 4);
	} else if (path[0] == '/') {
		n = snprintf(joined, sizeof joined, "%s", path);
	} else {
		n = snprintf(joined, sizeof joined, "%.*s%s", slash ? (int)(slash - from_file + 1) : 0, from_file, path);
	}
	if (n < 0 || (size_t)n >= sizeof joined) {
		diag_error(d, from_file, line, "%s: the path is too long", what);
		return NULL;
	}
	if (!realpath(joined, real)) {
		diag_error(d, from_file, line, "%s: \"%s\" cannot be opened: %s", what, path, strerror(errno));
		return NULL;
	}
	if (!inside(real, roots->scenario) && !inside(real, roots->library)) {
		diag_error(d, from_file, line,
			   "%s: \"%s\" leaves the scenario's folder (put the file beside the scenario, or name it lib:...)",
			   what, path);
		return NULL;
	}
	/* what blocks, such as a pipe, is not opened at all */
	if (stat(real, &st) != 0 || !S_ISREG(st.st_mode)) {
		diag_error(d, from_file, line, "%s: \"%s\" is not a file", what, path);
		return NULL;
	}
	/* keep the shorter name as the user would write it */
	return arena_strdup(a, joined);
}

static char *read_file(const char *path, size_t *len, struct diag *d)
{
	struct stat st;
	FILE *f = fopen(path, "rb");
	char *text = NULL;

	if (!f || fstat(fileno(f), &st) != 0) {
		diag_error(d, path, 0, "cannot be opened: %s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		diag_error(d, path, 0, "is not a file");
	} else if (st.st_size > TREE_FILE_MAX) {
		diag_error(d, path, 0, "is larger than %d MiB", TREE_FILE_MAX >> 20);
	} else if (!(text = malloc((size_t)st.st_size + 1))) {
		diag_error(d, path, 0, "out of memory");
	} else {
		*len = fread(text, 1, (size_t)st.st_size, f);
		if (ferror(f)) {
			diag_error(d, path, 0, "cannot be read: %s", strerror(errno));
			free(text);
			text = NULL;
		}
	}
	if (f)
		fclose(f);
	return text;
}

static int line_at(const char *t, size_t i)
{
	int line = 1;

	for (size_t k = 0; k < i; k++)
		line += t[k] == '\n';
	return line;
}

/* The line of a document type declaration before the root, which is refused, since it could declare entities; 0: none. */
static int doctype_line(const char *t, size_t n)
{
	size_t i = n >= 3 && memcmp(t, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < n) {
		if (isspace((unsigned char)t[i])) {
			i++;
		} else if (n - i > 4 && memcmp(t + i, "<!--", 4) == 0) {
			const char *end = memmem(t + i + 4, n - i - 4, "-->", 3);
			if (!end)
				return 0;
			i = (size_t)(end - t) + 3;
		} else if (n - i > 2 && memcmp(t + i, "<?", 2) == 0) {
			const char *end = memmem(t + i, n - i, "?>", 2);
			if (!end)
				return 0;
			i = (size_t)(end - t) + 2;
		} else {
			return n - i > 9 && strncasecmp(t + i, "<!DOCTYPE", 9) == 0 ? line_at(t, i) : 0;
		}
	}
	return 0;
}

/* The library keeps lines up to 65535 only: ours stand in the node's own field. */
static void start_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces,
			  const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	xmlParserCtxtPtr ctxt = ctx;

	xmlSAX2StartElementNs(ctx, name, prefix, uri, n_namespaces, namespaces, n_attributes, n_defaulted, attributes);
	if (ctxt->node && ctxt->input)
		ctxt->node->_private = (void *)(intptr_t)ctxt->input->line;
}

static int line_of(xmlNodePtr n)
{
	return (int)(intptr_t)n->_private;
}

#if LIBXML_VERSION >= 21200
typedef const xmlError *mistake;
#else
typedef xmlError *mistake;
#endif

/* What follows the first mistake is mostly its consequence. */
static void note_mistake(struct reader *r, mistake e)
{
	if (e->level < XML_ERR_ERROR || r->first.code)
		return;
	r->first.line = e->line > 0 ? e->line : 1;
	r->first.code = e->code;
	snprintf(r->first.text, sizeof r->first.text, "%s", e->message ? e->message : "cannot be parsed");
	r->first.text[strcspn(r->first.text, "\n")] = '\0';
}

static void on_mistake(void *ctx, mistake e)
{
	note_mistake(((xmlParserCtxtPtr)ctx)->_private, e);
}

/* Of the bytes, before there is a parser: the library would print it. */
static void on_bad_bytes(void *ctx, mistake e)
{
	note_mistake(ctx, e);
}

/* What would be right, where the parser's words do not tell. */
static const char *remedy(int code, const char *text)
{
	switch (code) {
	case XML_ERR_LT_IN_ATTRIBUTE: return " (write &lt; for <)";
	case XML_ERR_NAME_REQUIRED:
		return strstr(text, "EntityRef") ? " (write &amp; for &)" : " (write &lt; for < in text)";
	case XML_ERR_ENTITYREF_SEMICOL_MISSING: return " (write &amp; for &)";
	case XML_ERR_ATTRIBUTE_NOT_STARTED: return " (write name=\"value\")";
	case XML_ERR_UNDECLARED_ENTITY:
	case XML_WAR_UNDECLARED_ENTITY: return " (there are &amp; &lt; &gt; &quot; &apos; and &#number;)";
	default: return "";
	}
}

static xmlDocPtr parse(struct reader *r, const char *path, const char *text, size_t len)
{
	static const char no_dtd[] = "a document type declaration is not allowed (no DTD, no entities)";

	if (len > TREE_FILE_MAX) {
		diag_error(r->d, path, 0, "is larger than %d MiB", TREE_FILE_MAX >> 20);
		return NULL;
	}
	if (memchr(text, '\0', len)) {
		diag_error(r->d, path, 1, "is not XML in UTF-8");
		return NULL;
	}
	int line = doctype_line(text, len);
	if (line) {
		diag_error(r->d, path, line, "%s", no_dtd);
		return NULL;
	}
	xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
	if (!ctxt) {
		diag_error(r->d, path, 0, "out of memory");
		return NULL;
	}
	ctxt->sax->startElementNs = start_element;
	ctxt->sax->serror = on_mistake;
	ctxt->_private = r;
	r->first.code = 0;
	xmlSetStructuredErrorFunc(r, on_bad_bytes);
	xmlDocPtr doc = xmlCtxtReadMemory(ctxt, text, (int)len, path, NULL,
					  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
	xmlSetStructuredErrorFunc(NULL, NULL);
	if (!doc) {
		const char *why = r->first.code ? r->first.text : "cannot be parsed";
		diag_error(r->d, path, r->first.code ? r->first.line : 0, "not well-formed XML: %s%s", why,
			   remedy(r->first.code, why));
	} else if (doc->intSubset || doc->extSubset) {
		diag_error(r->d, path, 1, "%s", no_dtd);
		xmlFreeDoc(doc);
		doc = NULL;
	}
	xmlFreeParserCtxt(ctxt);
	return doc;
}

static struct element *convert(struct reader *r, xmlNodePtr n, const char *file, struct element *parent, unsigned depth);

static void append(struct element *parent, struct element *e)
{
	e->parent = parent;
	if (parent->last)
		parent->last->next = e;
	else
		parent->child = e;
	parent->last = e;
}

/* The element's own text, pieces between children joined by a blank. */
static const char *text_below(struct reader *r, xmlNodePtr n)
{
	size_t size = 1, at = 0;
	char *all;

	for (xmlNodePtr c = n->children; c; c = c->next)
		if ((c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE) && c->content)
			size += strlen((const char *)c->content) + 1;
	all = size > 1 ? arena_alloc(r->a, size, 1) : NULL;
	for (xmlNodePtr c = n->children; all && c; c = c->next) {
		if ((c->type != XML_TEXT_NODE && c->type != XML_CDATA_SECTION_NODE) || !c->content)
			continue;
		const char *t = (const char *)c->content;
		while (isspace((unsigned char)*t))
			t++;
		size_t len = strlen(t);
		while (len && isspace((unsigned char)t[len - 1]))
			len--;
		if (len && at)
			all[at++] = ' ';
		for (size_t i = 0; i < len; i++)
			all[at++] = t[i];
	}
	return all ? all : "";
}

/* <include href="..."/> alone: what else XInclude knows would be passed over in silence. */
static void check_include(struct reader *r, xmlNodePtr n, const char *file)
{
	for (xmlAttrPtr at = n->properties; at; at = at->next)
		if (!at->ns && strcmp((const char *)at->name, "href") != 0)
			diag_error(r->d, file, line_of(n), "<include>: has no attribute \"%s\" here (href alone)",
				   (const char *)at->name);
	for (xmlNodePtr c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			diag_error(r->d, file, line_of(c), "<%s>: unknown element in <include>", (const char *)c->name);
}

static bool same_path(const char *a, const char *b)
{
	char real_a[PATH_MAX], real_b[PATH_MAX];

	return realpath(a, real_a) && realpath(b, real_b) && strcmp(real_a, real_b) == 0;
}

static void include(struct reader *r, xmlNodePtr n, const char *file, struct element *parent, unsigned depth)
{
	int line = line_of(n);
	xmlChar *href = xmlGetNoNsProp(n, BAD_CAST "href");
	const char *path = NULL;
	char *text = NULL;
	size_t len = 0;

	check_include(r, n, file);
	if (!href)
		diag_error(r->d, file, line, "<include>: needs href");
	else if (++r->includes > TREE_INCLUDES || r->n_open + 1 >= TREE_DEPTH)
		diag_error(r->d, file, line, "<include>: more than %d includes", TREE_INCLUDES);
	else
		path = tree_resolve(file, line, "<include href>", (char *)href, r->roots, r->a, r->d);
	for (unsigned i = 0; path && i < r->n_open; i++)
		if (same_path(r->open[i], path)) {
			diag_error(r->d, file, line, "<include href>: \"%s\" includes itself", (char *)href);
			path = NULL;
		}
	if (path && (text = read_file(path, &len, r->d))) {
		xmlDocPtr doc = parse(r, path, text, len);
		xmlNodePtr root = doc ? xmlDocGetRootElement(doc) : NULL;
		r->open[r->n_open++] = path;
		if (root && strcmp((const char *)root->name, "library") == 0) {
			for (xmlNodePtr c = root->children; c; c = c->next)
				if (c->type == XML_ELEMENT_NODE)
					convert(r, c, path, parent, depth);
		} else if (root && strcmp((const char *)root->name, "scenario") == 0) {
			diag_error(r->d, path, line_of(root),
				   "<scenario>: is no part of another (the root of a part is <library>)");
		} else if (root) {
			convert(r, root, path, parent, depth);
		}
		r->n_open--;
		if (doc)
			xmlFreeDoc(doc);
	}
	free(text);
	if (href)
		xmlFree(href);
}

static void attributes(struct reader *r, xmlNodePtr n, struct element *e)
{
	struct attribute **tail = &e->attributes;

	for (xmlAttrPtr at = n->properties; at; at = at->next) {
		if (at->ns) {
			if (strcmp((const char *)at->ns->href, "http://www.w3.org/XML/1998/namespace") != 0 &&
			    strcmp((const char *)at->ns->href, "http://www.w3.org/2001/XMLSchema-instance") != 0)
				diag_error(r->d, e->file, e->line, "<%s>: attribute \"%s\" is of a foreign namespace",
					   e->name, (const char *)at->name);
			continue;
		}
		xmlChar *value = xmlNodeListGetString(n->doc, at->children, 1);
		struct attribute *row = arena_alloc(r->a, 1, sizeof *row);
		if (row) {
			row->name = arena_strdup(r->a, (const char *)at->name);
			row->value = arena_strdup(r->a, value ? (const char *)value : "");
			*tail = row;
			tail = &row->next;
		}
		if (value)
			xmlFree(value);
	}
}

/* An element and all below it, appended to parent (NULL: the root). */
static struct element *convert(struct reader *r, xmlNodePtr n, const char *file, struct element *parent, unsigned depth)
{
	int line = line_of(n);

	if (depth > TREE_DEPTH) {
		diag_error(r->d, file, line, "elements are nested deeper than %d", TREE_DEPTH);
		return NULL;
	}
	if (parent && n->ns && strcmp((const char *)n->ns->href, XI_NS) == 0) {
		if (strcmp((const char *)n->name, "include") == 0)
			include(r, n, file, parent, depth);
		else
			diag_error(r->d, file, line, "<%s>: of XInclude only <include> is known", (const char *)n->name);
		return NULL;
	}
	const struct grammar *g = r->grammar;
	if (!n->ns || strcmp((const char *)n->ns->href, g->ns) != 0) {
		diag_error(r->d, file, line, "<%s> is not in the namespace %s (write <%s xmlns=\"%s\">)",
			   (const char *)n->name, g->ns, parent ? g->root : (const char *)n->name, g->ns);
		return NULL;
	}
	struct element *e = arena_alloc(r->a, 1, sizeof *e);
	if (!e)
		return NULL;
	e->name = arena_strdup(r->a, (const char *)n->name);
	e->file = file;
	e->line = line;
	e->text = text_below(r, n);
	attributes(r, n, e);
	if (parent)
		append(parent, e);
	for (xmlNodePtr c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			convert(r, c, file, e, depth + 1);
	return e;
}

struct element *tree_read(const char *path, const char *text, size_t len, const struct grammar *grammar,
			  const struct tree_roots *roots, struct arena *a, struct diag *d)
{
	struct reader r = { .roots = roots, .grammar = grammar, .a = a, .d = d };
	char *own = NULL;
	struct element *root = NULL;

	if (!text)
		text = own = read_file(path, &len, d);
	xmlDocPtr doc = text ? parse(&r, path, text, len) : NULL;
	if (doc) {
		const char *file = arena_strdup(a, path);
		r.open[r.n_open++] = file;
		xmlNodePtr top = xmlDocGetRootElement(doc);
		if (top)
			root = convert(&r, top, file, NULL, 1);
		else
			diag_error(d, path, 0, "out of memory");
		xmlFreeDoc(doc);
	}
	free(own);
	return root;
}

const char *element_attribute(const struct element *e, const char *name)
{
	for (const struct attribute *at = e->attributes; at; at = at->next)
		if (strcmp(at->name, name) == 0)
			return at->value;
	return NULL;
}

static void escaped(FILE *f, const char *t)
{
	for (; *t; t++)
		switch (*t) {
		case '&': fputs("&amp;", f); break;
		case '<': fputs("&lt;", f); break;
		case '>': fputs("&gt;", f); break;
		case '"': fputs("&quot;", f); break;
		case '\n': fputs("&#10;", f); break;
		default: fputc(*t, f);
		}
}

static void write_element(FILE *f, const struct element *e, const char *xmlns, int depth)
{
	fprintf(f, "%*s<%s", 2 * depth, "", e->name);
	if (xmlns)
		fprintf(f, " xmlns=\"%s\"", xmlns);
	for (const struct attribute *at = e->attributes; at; at = at->next) {
		fprintf(f, " %s=\"", at->name);
		escaped(f, at->value);
		fputc('"', f);
	}
	if (!e->child && !e->text[0]) {
		fputs("/>\n", f);
		return;
	}
	fputc('>', f);
	escaped(f, e->text);
	if (e->child) {
		fputc('\n', f);
		for (const struct element *c = e->child; c; c = c->next)
			write_element(f, c, NULL, depth + 1);
		fprintf(f, "%*s", 2 * depth, "");
	}
	fprintf(f, "</%s>\n", e->name);
}

char *tree_write(const struct element *root, const char *xmlns, struct arena *a)
{
	char *text = NULL, *copy = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", f);
	write_element(f, root, xmlns, 0);
	if (fclose(f) == 0)
		copy = arena_strdup(a, text);
	free(text);
	return copy;
}
