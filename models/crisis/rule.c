/* The grammar of rules. */
#include "models/crisis/rule.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "sim/scenario/quantity.h"

enum { WORDS = 8, WORD_LENGTH = 32, DEVICES_MOST = 10000000 };

static const char why_form[] =
	"is not a rule (try \"any\", \"3 within 10min\", \"3 of 60 within 10min and 2km\" or \"cusum 5 drift 30/h\")";

struct words { char word[WORDS][WORD_LENGTH]; unsigned n, at; };

static bool split(const char *text, struct words *w)
{
	w->n = w->at = 0;
	for (;;) {
		while (isspace((unsigned char)*text))
			text++;
		size_t len = strcspn(text, " \t\r\n\v\f");
		if (len == 0)
			return true;
		if (w->n == WORDS || len >= WORD_LENGTH)
			return false;
		memcpy(w->word[w->n], text, len);
		w->word[w->n++][len] = '\0';
		text += len;
	}
}

/* The next word is this one, and is behind us. */
static bool take(struct words *w, const char *word)
{
	bool is = w->at < w->n && strcmp(w->word[w->at], word) == 0;

	w->at += is;
	return is;
}

static bool take_quantity(struct words *w, enum dimension dim, union quantity *q)
{
	return w->at < w->n && quantity_parse(dim, w->word[w->at++], q, NULL);
}

static bool no(const char **why, const char *text)
{
	*why = text;
	return false;
}

static bool devices(struct words *w, uint32_t *n, const char **why)
{
	union quantity q;

	if (!take_quantity(w, DIM_COUNT, &q))
		return no(why, why_form);
	if (q.count < 1 || q.count > DEVICES_MOST)
		return no(why, "asks for no device, or more than 10,000,000 (say one or more)");
	*n = (uint32_t)q.count;
	return true;
}

static bool cusum(struct words *w, struct rule *r, const char **why)
{
	union quantity threshold, drift;

	r->kind = RULE_CUSUM;
	if (!take_quantity(w, DIM_NUMBER, &threshold) || !take(w, "drift"))
		return no(why, "needs a threshold and a rate (try \"cusum 5 drift 30/h\")");
	if (!take_quantity(w, DIM_RATE, &drift) || w->at != w->n)
		return no(why, "needs a rate after drift, and nothing behind it (try \"cusum 5 drift 30/h\")");
	if (!(threshold.real > 0 && threshold.real <= DEVICES_MOST) || !(drift.real >= 0))
		return no(why, "needs a threshold above 0, at most 10,000,000, and a drift that is not negative");
	r->threshold = threshold.real;
	r->drift = drift.real;
	return true;
}

static bool count(struct words *w, struct rule *r, const char **why)
{
	union quantity q;

	if (!devices(w, &r->k, why) || (take(w, "of") && !devices(w, &r->of, why)))
		return false;
	if (r->of && r->k > r->of)
		return no(why, "asks for more devices than there are (in \"3 of 60\" the first number is the smaller)");
	if (take(w, "within")) {
		if (!take_quantity(w, DIM_TIME, &q) || q.time <= 0)
			return no(why, "needs a time after within (try \"within 10min\")");
		r->within = q.time;
		if (take(w, "and")) {
			if (!take_quantity(w, DIM_LENGTH, &q) || !(q.real > 0))
				return no(why, "needs a radius after and (try \"and 2km\")");
			r->radius = q.real;
		}
	} else if (r->k > 1) {
		return no(why, "does not say within what time the reports are to arrive (try \"3 within 10min\")");
	}
	return w->at == w->n ? true : no(why, why_form);
}

bool rule_parse(const char *text, struct rule *r, const char **why)
{
	struct words w;

	*r = (struct rule){ .kind = RULE_COUNT, .k = 1, .within = SIM_NEVER, .radius = INFINITY };
	if (!split(text, &w) || w.n == 0)
		return no(why, why_form);
	if (take(&w, "any"))
		return w.n == 1 ? true : no(why, why_form);
	return take(&w, "cusum") ? cusum(&w, r, why) : count(&w, r, why);
}
