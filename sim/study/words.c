#include "sim/study/words_private.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "sim/study/value.h"

const char *words_plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* "connectivity delivery ratio of class meter". */
char *words_name(char *buf, const struct response *r)
{
	size_t at;

	snprintf(buf, WORDS, "%s", r->def->name);
	for (char *c = buf; *c; c++)
		if (*c == '.' || *c == '-')
			*c = ' ';
	if (strcmp(r->group, "all") == 0)
		return buf;
	at = strlen(buf);
	at += (size_t)snprintf(buf + at, WORDS - at, " of ");
	for (const char *g = r->group; *g && at + 3 < WORDS; g++) {
		buf[at++] = *g == '=' ? ' ' : *g == ';' ? ',' : *g;
		if (*g == ';')
			buf[at++] = ' ';
	}
	buf[at < WORDS ? at : WORDS - 1] = '\0';
	return buf;
}

/* What the values of the points are of: "the 90 % quantile of latency p95". */
char *words_value_name(char *buf, const struct response *r)
{
	char plain[WORDS];

	words_name(plain, r);
	if (isnan(r->quantile))
		snprintf(buf, WORDS, "%s", plain);
	else
		snprintf(buf, WORDS, "the %g %% quantile of %.200s", 100 * r->quantile, plain);
	return buf;
}

/* What effects are on: the mean, which is said where the response is something else. */
char *words_effect_name(char *buf, const struct response *r)
{
	char plain[WORDS];

	words_name(plain, r);
	snprintf(buf, WORDS, "%s%.200s", isnan(r->quantile) ? "" : "mean ", plain);
	return buf;
}

char *words_begin(char *name)
{
	*name = (char)toupper((unsigned char)*name);
	return name;
}

/* " (95 % interval 11.1 to 13.5)"; nothing without an interval. */
static void put_interval(const struct teller *t, const char *bounds)
{
	if (*bounds)
		fprintf(t->f, " (%g %% interval %s)", 100 * t->level, bounds);
}

void words_put_value(const struct teller *t, size_t response, const struct interval *i)
{
	char text[WORDS], bounds[WORDS];
	const struct kpi_def *def = t->st->responses[response].def;

	fputs(value_text(text, WORDS, def, i->mean, (i->high - i->low) / 2, t->share[response]), t->f);
	put_interval(t, value_bounds(bounds, WORDS, def, i, t->share[response], false));
}

/* The size of a difference, whose sign the words around it tell. */
void words_put_change(const struct teller *t, const struct effect *e)
{
	char text[WORDS], bounds[WORDS];
	const struct kpi_def *def = t->st->responses[e->response].def;
	struct interval i = e->estimate;

	if (i.mean < 0)
		i = (struct interval){ -i.mean, -i.high, -i.low, i.n };
	fputs(value_change(text, WORDS, def, i.mean, (i.high - i.low) / 2, t->share[e->response]), t->f);
	put_interval(t, value_bounds(bounds, WORDS, def, &i, t->share[e->response], true));
}

int words_percent(double share)
{
	return (int)lround(100 * fmin(fmax(share, 0), 1));
}

const char *words_point(const struct teller *t, size_t point)
{
	const char *name = analysis_point_name(t->a, point);

	if (name && t->st->point_ids)
		name = arena_printf(t->a->arena, "\"%s\"", name);
	return name ? name : "?";
}
