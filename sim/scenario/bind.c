/* From text to the fields of a parameter struct. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

char *param_name(const struct param *p, char *buf, unsigned size)
{
	unsigned i = 0;

	for (; p->field[i] && i + 1 < size; i++)
		buf[i] = p->field[i] == '_' ? '-' : p->field[i];
	buf[i] = '\0';
	return buf;
}

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

const char *bind_origin(const struct node *n, const struct param *p)
{
	return n->given[p - n->model->params] == GIVEN_SET ? " (--set)" : "";
}

/* Letters to insert, take away, change or swap with their neighbour. */
static size_t distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), row[3][64];

	if (na >= 63 || nb >= 63)
		return 99;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = least_of(before[j - 1] + (a[i - 1] != b[j - 1]), least_of(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least_of(now[j], two_before[j - 2] + 1);
		}
	}
	return row[na % 3][nb];
}

/* A third of its letters may be wrong. */
const char *nearest_name(const char *name, const char *const *names, size_t n)
{
	const char *best = NULL;
	size_t least = (strlen(name) + 1) / 3 + 1;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(name, names[i]);
		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

void bind_absent(const struct param *p, void *par)
{
	char *field = (char *)par + p->offset;
	const double nan = NAN;
	const void *const none = NULL;

	switch (p->kind) {
	case PARAM_QUANTITY:
		if (p->dim == DIM_TIME)
			memcpy(field, &(simtime_t){ SIM_NEVER }, sizeof(simtime_t));
		else if (p->dim == DIM_COUNT || p->dim == DIM_BYTES)
			memset(field, 0, sizeof(uint64_t));
		else
			memcpy(field, &nan, sizeof nan);
		break;
	case PARAM_CHOICE: memcpy(field, &(int){ -1 }, sizeof(int)); break;
	case PARAM_BOOL: memset(field, 0, sizeof(bool)); break;
	case PARAM_POSITION: memset(field, 0, sizeof(struct position)); break;
	case PARAM_LIST: memset(field, 0, sizeof(struct number_list)); break;
	case PARAM_INSTANT: memset(field, 0, sizeof(int64_t)); break;
	default: memcpy(field, &none, sizeof none); break;
	}
}

static int compare(enum dimension dim, union quantity a, union quantity b)
{
	if (dim == DIM_TIME)
		return (a.time > b.time) - (a.time < b.time);
	if (dim == DIM_COUNT || dim == DIM_BYTES)
		return (a.count > b.count) - (a.count < b.count);
	return (a.real > b.real) - (a.real < b.real);
}

/* Against the row's bounds; says why not. */
static bool in_range(const struct param *p, union quantity q, char *why, unsigned size)
{
	union quantity lo, hi;
	bool has_lo = p->lo && quantity_parse(p->dim, p->lo, &lo, NULL);
	bool has_hi = p->hi && quantity_parse(p->dim, p->hi, &hi, NULL);

	if ((!has_lo || compare(p->dim, q, lo) >= 0) && (!has_hi || compare(p->dim, q, hi) <= 0))
		return true;
	if (has_lo && has_hi)
		snprintf(why, size, "is outside %s .. %s", p->lo, p->hi);
	else if (has_lo)
		snprintf(why, size, "is below %s", p->lo);
	else
		snprintf(why, size, "is above %s", p->hi);
	return false;
}

bool bind_in_range(const struct param *p, const void *par, char *why, unsigned size)
{
	union quantity q;

	if (p->kind != PARAM_QUANTITY)
		return true;
	memcpy(&q, (const char *)par + p->offset, sizeof q);
	return in_range(p, q, why, size);
}

static bool bad(struct binder *b, const struct node *n, const struct param *p, const char *text, const char *why)
{
	char name[64];

	diag_error(b->d, n->file, n->line, "<%s %s>%s: \"%.200s\" %s", n->model->name, param_name(p, name, sizeof name),
		   bind_origin(n, p), text, why);
	return false;
}

static bool bind_quantity(struct binder *b, const struct node *n, const struct param *p, const char *text, char *field)
{
	union quantity q;
	const char *why;
	char range[128];

	if (!quantity_parse(p->dim, text, &q, &why))
		return bad(b, n, p, text, why);
	if (!in_range(p, q, range, sizeof range))
		return bad(b, n, p, text, range);
	memcpy(field, &q, sizeof q);
	return true;
}

static bool bind_list(struct binder *b, const struct node *n, const struct param *p, const char *text, char *field)
{
	size_t count = 1;
	struct number_list list = { 0 };

	for (const char *c = text; *c; c++)
		count += *c == ';';
	list.v = arena_alloc(b->a, count, sizeof *list.v);
	if (!list.v)
		return bad(b, n, p, text, "does not fit in memory");
	for (const char *c = text; c; c = strchr(c, ';')) {
		c += *c == ';';
		char *one = arena_printf(b->a, "%.*s", (int)strcspn(c, ";"), c);
		const char *why = "does not fit in memory";
		char range[128];
		if (!one || !quantity_parse(p->dim, one, &list.v[list.n], &why))
			return bad(b, n, p, one ? one : text, why);
		if (!in_range(p, list.v[list.n], range, sizeof range))
			return bad(b, n, p, one, range);
		list.n++;
	}
	memcpy(field, &list, sizeof list);
	return true;
}

static bool bind_choice(struct binder *b, const struct node *n, const struct param *p, const char *text, char *field)
{
	char all[512] = "";
	size_t at = 0;

	for (int i = 0; p->choices[i]; i++) {
		if (strcmp(text, p->choices[i]) == 0) {
			memcpy(field, &i, sizeof i);
			return true;
		}
		at += (size_t)snprintf(all + at, sizeof all - at, "%s%s", i ? ", " : "", p->choices[i]);
		if (at >= sizeof all)
			at = sizeof all - 1;
	}
	char why[600];
	snprintf(why, sizeof why, "is none of %s", all);
	return bad(b, n, p, text, why);
}

/* `50.735372N 7.128928E` or `3km 4km` */
bool position_parse(const char *text, struct position *pos)
{
	char first[64], second[64], ns, ew;
	int used = 0;
	union quantity x, y;

	*pos = (struct position){ .given = true };
	if (sscanf(text, " %63s %63s %n", first, second, &used) != 2 || text[used])
		return false;
	size_t n1 = strlen(first), n2 = strlen(second);
	ns = first[n1 - 1];
	ew = second[n2 - 1];
	if ((ns == 'N' || ns == 'S') && (ew == 'E' || ew == 'W')) {
		first[n1 - 1] = second[n2 - 1] = '\0';
		if (!quantity_parse(DIM_NUMBER, first, &x, NULL) || !quantity_parse(DIM_NUMBER, second, &y, NULL) ||
		    fabs(x.real) > 90 || fabs(y.real) > 180)
			return false;
		pos->wgs84 = true;
		pos->a = ns == 'S' ? -x.real : x.real;
		pos->b = ew == 'W' ? -y.real : y.real;
	} else {
		if (!quantity_parse(DIM_LENGTH, first, &x, NULL) || !quantity_parse(DIM_LENGTH, second, &y, NULL))
			return false;
		pos->a = x.real;
		pos->b = y.real;
	}
	return true;
}

static bool bind_position(struct binder *b, const struct node *n, const struct param *p, const char *text, char *field)
{
	struct position pos;

	if (!position_parse(text, &pos))
		return bad(b, n, p, text, "is not a position (try 3km 4km, or 50.7353N 7.1289E)");
	memcpy(field, &pos, sizeof pos);
	return true;
}

static bool bind_file(struct binder *b, const struct node *n, const struct param *p, const char *text, char *field)
{
	char what[160], name[64];

	snprintf(what, sizeof what, "<%s %s>%s", n->model->name, param_name(p, name, sizeof name), bind_origin(n, p));
	const char *path = tree_resolve(n->file, n->line, what, text, &b->roots, b->a, b->d);
	memcpy(field, &path, sizeof path);
	return path != NULL;
}

static bool bind_kpi(struct binder *b, const struct node *n, const struct param *p, const char *text, char *field)
{
	const struct kpi_def *k = table_kpi(b->sc->table, text);
	const char *names[512];
	size_t count = 0;

	for (size_t i = 0; !k && b->sc->table && i < b->sc->table->n; i++)
		for (size_t j = 0; j < b->sc->table->models[i]->n_kpis && count < 512; j++)
			names[count++] = b->sc->table->models[i]->kpis[j].name;
	if (!k) {
		const char *near = nearest_name(text, names, count);
		char why[160];
		snprintf(why, sizeof why, "is no KPI%s%s%s (`sccsim models` lists them)", near ? "; did you mean " : "",
			 near ? near : "", near ? "?" : "");
		return bad(b, n, p, text, why);
	}
	memcpy(field, &k->name, sizeof k->name);
	return true;
}

bool bind_value(struct binder *b, const struct node *n, const struct param *p, const char *text, void *par)
{
	char *field = (char *)par + p->offset;
	int64_t instant;
	bool on;

	switch (p->kind) {
	case PARAM_QUANTITY: return bind_quantity(b, n, p, text, field);
	case PARAM_LIST: return bind_list(b, n, p, text, field);
	case PARAM_CHOICE: return bind_choice(b, n, p, text, field);
	case PARAM_POSITION: return bind_position(b, n, p, text, field);
	case PARAM_FILE: return bind_file(b, n, p, text, field);
	case PARAM_KPI: return bind_kpi(b, n, p, text, field);
	case PARAM_TEXT: memcpy(field, &text, sizeof text); return true;
	case PARAM_REF: return true;
	case PARAM_BOOL:
		on = strcmp(text, "on") == 0;
		if (!on && strcmp(text, "off") != 0)
			return bad(b, n, p, text, "is neither on nor off");
		memcpy(field, &on, sizeof on);
		return true;
	case PARAM_INSTANT:
		if (!quantity_instant(text, &instant))
			return bad(b, n, p, text, "is not a calendar time (try 2026-03-02T00:00Z)");
		memcpy(field, &instant, sizeof instant);
		return true;
	}
	return false;
}
