/*
 * Addresses of --set and of study factors: `element[@id='x']/.../@attribute`, relative to the root.
 */
#include <ctype.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

enum { STEPS_MAX = 16 };

/* At most one of each predicate; as in XPath their order tells: the second put if it is p, or the second of those that are p. */
struct step { char name[64]; char key[64], value[128]; unsigned long place; bool place_first; };

struct address { struct step step[STEPS_MAX]; unsigned n; char attribute[64]; };

/* A name at *p into buf; false where there is none. */
static bool name_at(const char **p, char *buf, size_t size)
{
	size_t n = 0;

	while (isalnum((unsigned char)(*p)[n]) || (*p)[n] == '-' || (*p)[n] == '_' || (*p)[n] == '.')
		n++;
	if (n == 0 || n >= size)
		return false;
	memcpy(buf, *p, n);
	buf[n] = '\0';
	*p += n;
	return true;
}

/* [@key='value'] or [3] */
static bool predicate(const char **p, struct step *s)
{
	const char *q = *p + 1;

	if (isdigit((unsigned char)*q) ? s->place != 0 : s->key[0] != '\0')
		return false;
	if (isdigit((unsigned char)*q)) {
		for (s->place = 0; isdigit((unsigned char)*q) && s->place < 100000000; q++)
			s->place = s->place * 10 + (unsigned long)(*q - '0');
		if (s->place == 0)
			return false;
		s->place_first = !s->key[0];
	} else {
		if (*q++ != '@' || !name_at(&q, s->key, sizeof s->key) || *q++ != '=')
			return false;
		char quote = *q++;
		if (quote != '\'' && quote != '"')
			return false;
		const char *end = strchr(q, quote);
		if (!end || (size_t)(end - q) >= sizeof s->value)
			return false;
		memcpy(s->value, q, (size_t)(end - q));
		s->value[end - q] = '\0';
		q = end + 1;
	}
	if (*q != ']')
		return false;
	*p = q + 1;
	return true;
}

static bool parse(const char *text, struct address *a)
{
	const char *p = text;

	memset(a, 0, sizeof *a);
	for (;;) {
		if (*p == '@') {
			p++;
			return name_at(&p, a->attribute, sizeof a->attribute) && *p == '\0';
		}
		if (a->n == STEPS_MAX)
			return false;
		struct step *s = &a->step[a->n++];
		if (!name_at(&p, s->name, sizeof s->name))
			return false;
		while (*p == '[')
			if (!predicate(&p, s))
				return false;
		if (*p++ != '/')
			return false;
	}
}

/* Who sets: a factor's place goes before the message. */
static const char *set_by(const struct setting *set)
{
	return set->file ? "<factor path>:" : "--set";
}

struct setter {
	const struct address *address;
	const struct setting *set;
	known_fn             *known;
	void                 *ctx;
	struct arena         *a;
	struct diag          *d;
	size_t                matched;
	unsigned              depth;    /* steps taken on the way that led farthest, and the element at its end */
	const struct element *reached;
};

static void assign(struct setter *s, struct element *e)
{
	const char *name = s->address->attribute, *near = NULL;

	s->matched++;
	if (!s->known(s->ctx, e, name, &near)) {
		diag_error(s->d, s->set->file, s->set->line, "%s '%s': <%s> has no attribute \"%s\"%s%s%s", set_by(s->set),
			   s->set->address, e->name, name, near ? " (did you mean " : "", near ? near : "",
			   near ? "?)" : "");
		return;
	}
	struct attribute **at = &e->attributes;
	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	if (!*at) {
		*at = arena_alloc(s->a, 1, sizeof **at);
		if (!*at)
			return;
		(*at)->name = arena_strdup(s->a, name);
	}
	(*at)->value = arena_strdup(s->a, s->set->value);
	(*at)->set = true;
}

static void descend(struct setter *s, struct element *e, unsigned depth)
{
	if (depth == s->address->n) {
		assign(s, e);
		return;
	}
	if (!s->reached || depth > s->depth) {
		s->depth = depth;
		s->reached = e;
	}
	const struct step *step = &s->address->step[depth];
	unsigned long place = 0;
	for (struct element *c = e->child; c; c = c->next) {
		if (strcmp(c->name, step->name) != 0)
			continue;
		const char *value = step->key[0] ? element_attribute(c, step->key) : NULL;
		bool keyed = !step->key[0] || (value && strcmp(value, step->value) == 0);
		place += keyed || step->place_first;
		if (!keyed || (step->place && place != step->place))
			continue;
		descend(s, c, depth + 1);
	}
}

/* Where the address leads nowhere: at its first step that names no element, or none of those. */
static void tell_where_it_ends(const struct setter *s)
{
	const struct step *step = &s->address->step[s->depth];
	const char *in = s->reached->name, *names[256], *ids[256];
	size_t n = 0, n_ids = 0;
	unsigned long same = 0;

	for (const struct element *c = s->reached->child; c; c = c->next) {
		bool is = strcmp(c->name, step->name) == 0;
		const char *key = is && step->key[0] ? element_attribute(c, step->key) : NULL;
		same += is;
		if (n < 256)
			names[n++] = c->name;
		if (key && n_ids < 256)
			ids[n_ids++] = key;
	}
	bool by_key = same && step->key[0] && !step->place;
	const char *near =
		same ? by_key ? nearest_name(step->value, ids, n_ids) : NULL : nearest_name(step->name, names, n);
	if (!near && by_key && n_ids == 1 && strcmp(step->key, "id") == 0)
		near = ids[0];
	if (same && step->place)
		diag_error(s->d, s->set->file, s->set->line, "%s '%s': no element matches: <%s> holds %lu <%s>",
			   set_by(s->set), s->set->address, in, same, step->name);
	else if (same)
		diag_error(s->d, s->set->file, s->set->line,
			   "%s '%s': no element matches: no <%s> in <%s> has %s=\"%s\"%s%s%s", set_by(s->set),
			   s->set->address, step->name, in, step->key, step->value, near ? " (did you mean " : "",
			   near ? near : "", near ? "?)" : "");
	else if (strcmp(step->name, s->reached->name) == 0 && !s->reached->parent)
		diag_error(s->d, s->set->file, s->set->line,
			   "%s '%s': no element matches: an address begins below <%s> (leave that out)", set_by(s->set),
			   s->set->address, in);
	else
		diag_error(s->d, s->set->file, s->set->line, "%s '%s': no element matches: there is no <%s> in <%s>%s%s%s",
			   set_by(s->set), s->set->address, step->name, in, near ? " (did you mean <" : "",
			   near ? near : "", near ? ">?)" : "");
}

void tree_set(struct element *root, const struct setting *set, known_fn *known, void *ctx, struct arena *a, struct diag *d)
{
	struct address address;
	struct setter s = { &address, set, known, ctx, a, d, 0, 0, NULL };

	if (!parse(set->address, &address)) {
		diag_error(d, set->file, set->line, "%s '%s': is not an address (try lorawan[@id='lpwan']/@adr)",
			   set_by(set), set->address);
		return;
	}
	descend(&s, root, 0);
	if (s.matched == 0)
		tell_where_it_ends(&s);
}

const struct param *table_address(const struct model_table *t, const char *address, const char **why)
{
	const char *parent = table_grammar(t)->root;
	const struct model *m = table_model(t, parent, NULL);
	struct address a;

	if (!parse(address, &a)) {
		*why = "is not an address (try lorawan[@id='lpwan']/@adr)";
		return NULL;
	}
	for (unsigned i = 0; m && i < a.n; i++)
		m = table_model(t, a.step[i].name, m->name);
	int row = m ? node_row(m, a.attribute) : -1;
	*why = m ? "there is no such attribute" : "there is no such element";
	return row < 0 ? NULL : &m->params[row];
}
