/*
 * or   = and { "or" and }           not  = "not" not | "(" or ")" | side op side
 * and  = not { "and" not }          op   = "=" "!=" "<" "<=" ">" ">="
 */
#include "sim/study/design.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 80 }; /* bytes of a text that a message shows */

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, N_OPS };
/* What is left when the sides change places. */
static const enum op mirrored[N_OPS] = { OP_EQ, OP_NE, OP_GT, OP_GE, OP_LT, OP_LE };

/* Longer ones first. */
static const struct { const char *text; enum op op; } ops[] = {
	{ "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE }, { "=", OP_EQ }, { "<", OP_LT }, { ">", OP_GT },
	{ "\u2260", OP_NE }, { "\u2264", OP_LE }, { "\u2265", OP_GE },
};

enum node { ALL, ANY, NOT, COMPARE };

struct constraint {
	enum node node;
	struct constraint *first, *next; /* what is joined or negated; the next one of those */
	enum op op;
	size_t factor, other; /* other: SIZE_MAX, the value */
	const char *text;     /* the value, and as a number or NaN */
	double number;
};

enum token { END, WORD, QUOTED, OP, OPEN, CLOSE, WRONG };
struct lexeme {
	enum token token;
	const char *at; /* in the text; of a quoted value: its first quote */
	size_t length;
	enum op op;
};

struct parser {
	const char *text;
	struct lexeme now, last; /* what comes next, and what came before it */
	const struct constraint_names *names;
	struct arena *arena;
	unsigned depth;
	char *why;
	size_t size;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *op_at(const char *s, enum op *op)
{
	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
		if (strncmp(s, ops[i].text, strlen(ops[i].text)) == 0) {
			*op = ops[i].op;
			return s + strlen(ops[i].text);
		}
	return NULL;
}

/* Bytes of a name or a bare value: up to a blank or what has a meaning of its own. */
static size_t word_length(const char *s)
{
	size_t n = 0;
	enum op op;

	while (s[n] && !is_blank(s[n]) && !strchr("()\"'!", s[n]) && !op_at(s + n, &op))
		n++;
	return n;
}

static void advance(struct parser *p)
{
	const char *s = p->now.at + p->now.length, *end;
	struct lexeme *l = &p->now;

	p->last = p->now;
	while (is_blank(*s))
		s++;
	*l = (struct lexeme){ .at = s, .length = 1 };
	if (!*s) {
		*l = (struct lexeme){ END, s, 0, OP_EQ };
	} else if ((end = op_at(s, &l->op))) {
		l->token = OP;
		l->length = (size_t)(end - s);
	} else if (*s == '(' || *s == ')') {
		l->token = *s == '(' ? OPEN : CLOSE;
	} else if (*s == '"' || *s == '\'') {
		end = strchr(s + 1, *s);
		l->token = end ? QUOTED : WRONG;
		l->length = end ? (size_t)(end - s) + 1 : 1;
	} else {
		l->length = word_length(s);
		l->token = l->length ? WORD : WRONG;
		l->length += !l->length; /* "!" alone */
	}
}

/* A text of at most SHOWN bytes for a message, not cut within a character. */
static int shown(const char *s, size_t length)
{
	if (length > SHOWN)
		for (length = SHOWN; length && ((unsigned char)s[length] & 0xc0) == 0x80;)
			length--;
	return (int)length;
}

__attribute__((format(printf, 3, 4))) static void *refuse(struct parser *p, const struct lexeme *l, const char *fmt, ...)
{
	size_t column = 1, length = strlen(p->text);
	int used, show = shown(p->text, length);
	va_list ap;
	char tail[48];

	for (const char *s = p->text; s < l->at; s++)
		column += ((unsigned char)*s & 0xc0) != 0x80;
	used = snprintf(p->why, p->size, "\"%.*s%s\": ", show, p->text, (size_t)show < length ? "..." : "");
	va_start(ap, fmt);
	if (used >= 0 && (size_t)used < p->size) {
		int more = vsnprintf(p->why + used, p->size - (size_t)used, fmt, ap);
		used = more < 0 ? more : used + more;
	}
	va_end(ap);
	snprintf(tail, sizeof tail, " (column %zu)", column);
	if (used >= 0 && (size_t)used < p->size)
		snprintf(p->why + used, p->size - (size_t)used, "%s", tail);
	return NULL;
}

static bool is_word(const struct lexeme *l, const char *word)
{
	return l->token == WORD && l->length == strlen(word) && memcmp(l->at, word, l->length) == 0;
}

static bool is_keyword(const struct lexeme *l)
{
	return is_word(l, "and") || is_word(l, "or") || is_word(l, "not");
}

static bool is_side(const struct lexeme *l)
{
	return l->token == QUOTED || (l->token == WORD && !is_keyword(l));
}

/* A lexeme without its quotes. */
static struct lexeme bare(struct lexeme l)
{
	if (l.token == QUOTED) {
		l.at++;
		l.length -= 2;
	}
	return l;
}

/* `what` should have come. */
static void *missing(struct parser *p, const char *what)
{
	struct lexeme l = bare(p->last);

	if (p->now.token == WRONG)
		return refuse(p, &p->now,
			      *p->now.at == '!' ? "\"!\" stands only in \"!=\"; \"not\" negates"
						: "the quote is not closed");
	if (p->last.token != END)
		return refuse(p, &p->last, "%s is missing after \"%.*s\"", what, shown(l.at, l.length), l.at);
	l = p->now;
	if (l.token != END)
		return refuse(p, &l, "%s is missing before \"%.*s\"", what, shown(l.at, l.length), l.at);
	return refuse(p, &l, "there is no condition");
}

static struct constraint *node_new(struct parser *p, enum node kind)
{
	struct constraint *c = arena_alloc(p->arena, 1, sizeof *c);

	if (!c) {
		snprintf(p->why, p->size, "memory is short");
		return NULL;
	}
	*c = (struct constraint){ .node = kind, .factor = SIZE_MAX, .other = SIZE_MAX, .number = NAN };
	return c;
}

static size_t factor_of(const struct parser *p, const struct lexeme *l)
{
	return l->token == WORD ? p->names->factor(p->names->ctx, l->at, l->length) : SIZE_MAX;
}

static bool is_order(enum op op)
{
	return op != OP_EQ && op != OP_NE;
}

static bool is_numeric(const struct parser *p, size_t factor)
{
	return p->names->numeric(p->names->ctx, factor);
}

/* The value at `l` into c, which has its factor. */
static bool value_of(struct parser *p, const struct lexeme *l, struct constraint *c)
{
	struct lexeme inside = bare(*l);
	char *text = arena_alloc(p->arena, inside.length + 1, 1);

	if (!text) {
		snprintf(p->why, p->size, "memory is short");
		return false;
	}
	memcpy(text, inside.at, inside.length);
	c->text = text;
	if (!p->names->number(p->names->ctx, c->factor, text, &c->number))
		c->number = NAN;
	return true;
}

static struct constraint *parse_comparison(struct parser *p)
{
	struct lexeme left = p->now, right, names;
	struct constraint *c;

	if (!is_side(&left))
		return missing(p, "a comparison");
	advance(p);
	struct lexeme op = p->now;
	if (op.token != OP)
		return missing(p, "a comparison (= != < <= > >=)");
	advance(p);
	right = p->now;
	if (!is_side(&right))
		return missing(p, "a value");
	if (!(c = node_new(p, COMPARE)))
		return NULL;
	c->op = op.op;
	c->factor = factor_of(p, &left);
	c->other = factor_of(p, &right);
	names = left;
	if (c->factor == SIZE_MAX && c->other == SIZE_MAX)
		return refuse(p, &left, "%.*s is not a factor", shown(left.at, left.length), left.at);
	if (c->factor == SIZE_MAX) {
		c->factor = c->other;
		c->other = SIZE_MAX;
		c->op = mirrored[c->op];
		names = right;
		right = left;
	}
	if (c->other == SIZE_MAX && !value_of(p, &right, c))
		return NULL;
	if (is_order(c->op) && !is_numeric(p, c->factor))
		return refuse(p, &op, "%.*s has names, which have no order", shown(names.at, names.length), names.at);
	if (is_order(c->op) && (c->other == SIZE_MAX ? isnan(c->number) : !is_numeric(p, c->other)))
		return refuse(p, &right, "%.*s is not a number of %.*s, and names have no order",
			      shown(right.at, right.length), right.at, shown(names.at, names.length), names.at);
	advance(p);
	return c;
}

static struct constraint *parse_joined(struct parser *p, enum node kind);

static struct constraint *parse_not(struct parser *p)
{
	struct lexeme begin = p->now;
	struct constraint *c, *inner;

	if (p->depth == CONSTRAINT_DEPTH_MAX)
		return refuse(p, &begin, "is nested deeper than %d", CONSTRAINT_DEPTH_MAX);
	if (is_word(&begin, "not")) {
		advance(p);
		p->depth++;
		inner = parse_not(p);
		p->depth--;
		c = inner ? node_new(p, NOT) : NULL;
		if (c)
			c->first = inner;
		return c;
	}
	if (begin.token != OPEN)
		return parse_comparison(p);
	advance(p);
	p->depth++;
	c = parse_joined(p, ANY);
	p->depth--;
	if (c && p->now.token != CLOSE) {
		if (p->now.token == END)
			return refuse(p, &begin, "\"(\" is not closed");
		return missing(p, "\"and\", \"or\" or \")\"");
	}
	if (c)
		advance(p);
	return c;
}

static struct constraint *parse_joined(struct parser *p, enum node kind)
{
	struct constraint *join = node_new(p, kind), *c, **next = join ? &join->first : NULL;

	if (!join)
		return NULL;
	for (;;) {
		c = kind == ANY ? parse_joined(p, ALL) : parse_not(p);
		if (!c)
			return NULL;
		*next = c;
		next = &c->next;
		if (!is_word(&p->now, kind == ANY ? "or" : "and"))
			return join;
		advance(p);
	}
}

struct constraint *constraint_parse(const char *text, const struct constraint_names *names, struct arena *a, char *why, size_t size)
{
	struct parser p = { .text = text, .names = names, .arena = a, .why = why, .size = size };
	struct constraint *c;

	p.now = (struct lexeme){ .at = text };
	if (strlen(text) > CONSTRAINT_LENGTH_MAX)
		return refuse(&p, &p.now, "is longer than %d bytes", CONSTRAINT_LENGTH_MAX);
	advance(&p);
	c = parse_joined(&p, ANY);
	if (!c || p.now.token == END)
		return c;
	if (p.now.token == CLOSE)
		return refuse(&p, &p.now, "\")\" was not opened");
	return missing(&p, "\"and\" or \"or\"");
}

/* Steps of a range are sums, which may miss by a rounding the number that is written. */
static bool same_number(double a, double b)
{
	return a == b || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static bool compare_holds(const struct constraint *c, const struct constraint_values *v)
{
	bool value = c->other == SIZE_MAX;
	double a = v->number(v->ctx, c->factor), b = value ? c->number : v->number(v->ctx, c->other);
	bool numbers = !isnan(a) && !isnan(b), same;

	if (numbers)
		same = same_number(a, b);
	else
		same = strcmp(v->text(v->ctx, c->factor), value ? c->text : v->text(v->ctx, c->other)) == 0;
	switch (c->op) {
	case OP_EQ: return same;
	case OP_NE: return !same;
	case OP_LT: return numbers && !same && a < b;
	case OP_LE: return numbers && (same || a < b);
	case OP_GT: return numbers && !same && a > b;
	case OP_GE: return numbers && (same || a > b);
	case N_OPS: break;
	}
	return false;
}

bool constraint_holds(const struct constraint *c, const struct constraint_values *v)
{
	if (c->node == COMPARE)
		return compare_holds(c, v);
	if (c->node == NOT)
		return !constraint_holds(c->first, v);
	for (const struct constraint *one = c->first; one; one = one->next)
		if (constraint_holds(one, v) == (c->node == ANY))
			return c->node == ANY;
	return c->node == ALL;
}
