/* The answer of a plan in words, as CSV and as JSON. */
#include <math.h>
#include <string.h>

#include "sim/output/plan_output.h"
#include "sim/output/text.h"

enum { WIDTH = 100 };

/* ---- pieces ---- */

const char *plan_setting(const struct plan_view *v, uint64_t point)
{
	const struct factor *f = &v->st->factors[v->st->plan.factor];
	const char *text = study_cell(v->st, point, v->st->plan.factor)->text;

	/* A number of things reads as one; a single one would want another ending. */
	if (f->dim == DIM_COUNT && strcmp(text, "1") != 0 &&
	    strspn(f->label, "abcdefghijklmnopqrstuvwxyz -") == strlen(f->label))
		return arena_printf(v->arena, "%s %s", text, f->label);
	return arena_printf(v->arena, "%s = %s", f->label, text);
}

static const char *be(const char *setting)
{
	return strstr(setting, " = ") ? "is" : "are";
}

char *plan_span(char *buf, const struct plan_view *v, const struct search_step *x, size_t response, const struct type_style *style)
{
	const struct interval *i = &x->values[response];
	const char *unit = v->st->responses[response].def->unit;
	struct estimate e = { unit, v->shares[response], false, i->mean, i->low, i->high };
	struct scale scale = scale_of(unit, i->mean, v->shares[response]);

	if (isnan(i->mean) || !*show_bounds(buf, &e, style))
		return show_estimate(buf, &e, style);
	size_t at = strlen(buf);
	if (*scale.unit)
		snprintf(buf + at, SHOWN - at, "%s%s", style->gap, scale.unit);
	return buf;
}

/* "connectivity.delivery-ratio 98.2 to 98.9 %, latency.p95 2.1 to 2.4 s": of targets with any of two verdicts. */
static const char *spans(const struct plan_view *v, const struct search_step *x, bool met)
{
	const char *text = "";
	char span[SHOWN];

	for (size_t i = 0; text && i < v->st->n_responses; i++) {
		if (x->verdicts[i] == VERDICT_NONE || (x->verdicts[i] == VERDICT_MET) != met)
			continue;
		text = arena_printf(v->arena, "%s%s%s %s%s", text, *text ? ", " : "", v->st->responses[i].id,
				    plan_span(span, v, x, i, &plain_style),
				    x->verdicts[i] == VERDICT_UNDECIDED && x->verdict == VERDICT_MISSED ? ": undecided"
													: "");
	}
	return text;
}

static const char *others_of(const struct plan_view *v, uint64_t point)
{
	const struct study *st = v->st;
	const char *text = "";

	for (size_t i = 0; text && i < st->n_factors; i++)
		if (i != st->plan.factor)
			text = arena_printf(v->arena, "%s%s%s=%s", text, *text ? ", " : "", st->factors[i].id,
					    study_cell(st, point, i)->text);
	return text;
}

/* ---- sentences ---- */

static const char *not_enough(const struct plan_view *v, const struct search_step *x)
{
	const char *why = spans(v, x, false);

	return x->failure && isnan(x->values[0].mean) ? arena_printf(v->arena, "could not be run: %s", x->failure) : why;
}

static const char *say_end(const struct plan_view *v, const struct plan_line *p)
{
	const struct search_line *l = p->line;
	const struct search_step *x = l->answer == SIZE_MAX ? &l->steps[l->n > 1 ? 1 : 0] : &l->steps[l->answer];
	const char *setting = plan_setting(v, x->point), *met, *below;
	bool undecided = l->below != SIZE_MAX && l->steps[l->below].verdict == VERDICT_UNDECIDED;

	if (!setting)
		return NULL;
	met = spans(v, x, true);
	switch (l->end) {
	case SEARCH_FOUND:
		below = not_enough(v, &l->steps[l->below]);
		return below ? arena_printf(v->arena, "%s %s enough (%s), %s%s%s (%s).", setting, be(setting), met,
					    undecided ? "of " : "",
					    study_cell(v->st, l->steps[l->below].point, v->st->plan.factor)->text,
					    undecided             ? " that cannot be said"
					    : *be(setting) == 'i' ? " is not"
								  : " are not",
					    below)
			     : NULL;
	case SEARCH_CHEAPEST:
		return arena_printf(v->arena, "%s %s enough already, and nothing cheaper was to be looked at (%s).",
				    setting, be(setting), met);
	case SEARCH_NONE:
		return arena_printf(v->arena, "Not even %s %s enough (%s).", setting, be(setting), not_enough(v, x));
	case SEARCH_STOPPED: break;
	}
	return arena_printf(v->arena, "Not finished: %zu settings were looked at.", l->n_steps);
}

static bool warn(struct plan_line *p, const char *text)
{
	if (text)
		p->warnings[p->n_warnings++] = text;
	return text != NULL;
}

static const char *say_break(const struct plan_view *v, const struct search_line *l, const struct search_break *b)
{
	const struct response *r = &v->st->responses[b->response];
	const struct interval *d = &b->contrast.difference;
	struct estimate e = { r->def->unit, v->shares[b->response], true, d->mean, d->low, d->high };
	char change[SHOWN], bounds[SHOWN];

	return arena_printf(
		v->arena,
		"%s is worse at the dearer %s than at %s (by %s, %s; p = %.2g): the search takes dearer for never worse, and "
		"cheaper settings that were not looked at may do.",
		r->id, plan_setting(v, l->steps[b->dear].point), plan_setting(v, l->steps[b->cheap].point),
		show_estimate(change, &e, &plain_style), show_bounds(bounds, &e, &plain_style), b->p_holm);
}

static bool find_warnings(struct plan_view *v, struct plan_line *p)
{
	const struct search_line *l = p->line;
	bool good = true;

	p->warnings = arena_alloc(v->arena, l->n_breaks + 2 * l->n_steps + 2, sizeof *p->warnings);
	if (!p->warnings)
		return false;
	if (l->contradicted)
		good = warn(
			p,
			"A dearer setting does not meet what a cheaper one does: the answer is one of several ends of a response "
			"that does not only get better.");
	for (size_t i = 0; good && i < l->n_breaks; i++)
		good = warn(p, say_break(v, l, &l->breaks[i]));
	for (size_t i = 0; good && i < l->n_steps; i++) {
		const struct search_step *x = &l->steps[i];
		if (x->replications && x->verdict == VERDICT_UNDECIDED && (i == l->below || l->end == SEARCH_NONE))
			good = warn(
				p,
				arena_printf(
					v->arena,
					"%s could not be decided in %zu replications, and counts as not met: more may tell.",
					plan_setting(v, x->point), x->replications));
		if (good && x->failure)
			good = warn(p, arena_printf(v->arena, "At %s something failed: %s", plan_setting(v, x->point),
						    x->failure));
	}
	return good;
}

/* ---- the view ---- */

static void find_shares(struct plan_view *v)
{
	for (size_t r = 0; r < v->st->n_responses; r++) {
		double least = NAN, largest = NAN;
		for (size_t i = 0; i < v->n_lines; i++)
			for (size_t k = 0; k < v->lines[i].line->n_steps; k++) {
				const struct search_step *x = &v->lines[i].line->steps[k];
				least = fmin(least, x->replications ? x->values[r].mean : NAN);
				largest = fmax(largest, x->replications ? x->values[r].mean : NAN);
			}
		v->shares[r] = is_share(v->st->responses[r].def, least, largest);
	}
}

static bool fill_line(struct plan_view *v, struct plan_line *p)
{
	const struct search_line *l = p->line;

	p->others = others_of(v, l->points[0]);
	p->finding = say_end(v, p);
	for (size_t k = 0; k < l->n_steps; k++) {
		v->settings += l->steps[k].replications > 0;
		v->replications += l->steps[k].replications;
	}
	return p->others && p->finding && find_warnings(v, p);
}

static bool say_all(struct plan_view *v)
{
	v->finding = "";
	for (size_t i = 0; v->finding && i < v->n_lines; i++) {
		const struct plan_line *p = &v->lines[i];
		v->finding = arena_printf(v->arena, "%s%s%s%s%s", v->finding, i ? " " : "", *p->others ? "With " : "",
					  p->others, *p->others ? ": " : "");
		if (v->finding)
			v->finding = arena_printf(v->arena, "%s%s", v->finding, p->finding);
	}
	return v->finding != NULL;
}

struct plan_view *plan_view_new(const struct study *st, const struct search_line *lines, size_t n)
{
	struct arena *a = arena_new();
	struct plan_view *v = a ? arena_alloc(a, 1, sizeof *v) : NULL;

	if (!v)
		goto fail;
	*v = (struct plan_view){ .st = st, .n_lines = n, .arena = a };
	v->n_looks = search_looks(st, v->looks, &v->level);
	snprintf(v->identity, sizeof v->identity, "sccsim %s, plan %.12s, seed %llu", SCCSIM_VERSION, st->hash,
		 (unsigned long long)st->seed);
	v->lines = arena_alloc(a, n + 1, sizeof *v->lines);
	v->shares = arena_alloc(a, st->n_responses + 1, sizeof *v->shares);
	if (!v->lines || !v->shares)
		goto fail;
	for (size_t i = 0; i < n; i++)
		v->lines[i].line = &lines[i];
	find_shares(v);
	for (size_t i = 0; i < n; i++)
		if (!fill_line(v, &v->lines[i]))
			goto fail;
	if (say_all(v))
		return v;
fail:
	arena_free(a);
	return NULL;
}

void plan_view_free(struct plan_view *v)
{
	if (v)
		arena_free(v->arena);
}

/* ---- the terminal ---- */

static const char *role_of(const struct search_line *l, size_t step)
{
	return step == l->answer ? "answer" : step == l->below ? "not enough" : "";
}

static void put_path(const struct plan_view *v, const struct plan_line *p, FILE *f)
{
	const struct search_line *l = p->line;
	char span[SHOWN];

	if (*p->others)
		fprintf(f, "\n%s\n", p->others);
	else
		fputc('\n', f);
	for (size_t k = 0; k < l->n_steps; k++) {
		const struct search_step *x = &l->steps[k];
		fprintf(f, "%3zu. %-20s %-9s", k + 1, plan_setting(v, x->point),
			x->replications ? verdict_name(x->verdict) : "");
		for (size_t i = 0; i < v->st->n_responses; i++)
			fprintf(f, "  %s %s", v->st->responses[i].id,
				x->replications ? plan_span(span, v, x, i, &plain_style) : "-");
		fprintf(f, "  (%zu replications)%s%s\n", x->replications, *role_of(l, k) ? "  <- " : "", role_of(l, k));
	}
	for (size_t i = 0; i < p->n_warnings; i++) {
		fputs("  ! ", f);
		put_wrapped(f, p->warnings[i], 4, WIDTH);
	}
}

void plan_summary(const struct plan_view *v, FILE *f)
{
	fprintf(f, "%s\n\n", *v->st->title ? v->st->title : v->st->doc->path);
	put_wrapped(f, v->finding, 0, WIDTH);
	for (size_t i = 0; i < v->n_lines; i++)
		put_path(v, &v->lines[i], f);
	fprintf(f, "\n%zu settings, %llu replications; intervals hold at %.4g %% over %zu look%s at a setting.\n",
		v->settings, (unsigned long long)v->replications, 100 * v->st->precision.level, v->n_looks,
		v->n_looks == 1 ? "" : "s");
}

/* ---- CSV ---- */

static void put_response_names(const struct study *st, FILE *f)
{
	static const char *const parts[] = { "", " low", " high", " verdict" };

	for (size_t i = 0; i < st->n_responses; i++)
		for (size_t k = 0; k < 4; k++) {
			char name[256];
			snprintf(name, sizeof name, "%s%s", st->responses[i].id, parts[k]);
			fputc(',', f);
			put_csv(f, name);
		}
}

static void put_step(const struct plan_view *v, const struct search_line *l, size_t step, FILE *f)
{
	const struct study *st = v->st;
	const struct search_step *x = &l->steps[step];

	for (size_t i = 0; i < st->n_factors; i++) {
		put_csv(f, study_cell(st, x->point, i)->text);
		fputc(',', f);
	}
	fprintf(f, "%zu,%zu,%s", step + 1, x->replications, verdict_name(x->verdict));
	for (size_t i = 0; i < st->n_responses; i++) {
		const double numbers[] = { x->values[i].mean, x->values[i].low, x->values[i].high };
		for (size_t k = 0; k < 3; k++) {
			fputc(',', f);
			put_csv_number(f, x->replications ? numbers[k] : NAN);
		}
		fprintf(f, ",%s", verdict_name(x->verdicts[i]));
	}
	fprintf(f, ",%s,", role_of(l, step));
	put_csv(f, x->failure ? x->failure : "");
	fputc('\n', f);
}

void plan_csv(const struct plan_view *v, FILE *f)
{
	for (size_t i = 0; i < v->st->n_factors; i++) {
		put_csv(f, v->st->factors[i].id);
		fputc(',', f);
	}
	fputs("step,replications,verdict", f);
	put_response_names(v->st, f);
	fputs(",role,failure\n", f);
	for (size_t i = 0; i < v->n_lines; i++)
		for (size_t k = 0; k < v->lines[i].line->n_steps; k++)
			put_step(v, v->lines[i].line, k, f);
	fprintf(f, "# %s\n", v->identity);
}

/* ---- JSON ---- */

static void put_line_json(const struct plan_view *v, const struct plan_line *p, FILE *f)
{
	static const char *const ends[] = { "found", "cheapest", "none", "stopped" };
	const struct search_line *l = p->line;
	const struct study *st = v->st;
	const struct cell *c = l->answer == SIZE_MAX ? NULL : study_cell(st, l->steps[l->answer].point, st->plan.factor);

	fputs("\n  {\"others\": ", f);
	put_json(f, p->others);
	fprintf(f, ", \"end\": \"%s\", \"answer\": ", ends[l->end]);
	put_json(f, c ? c->text : NULL);
	fputs(", \"number\": ", f);
	put_json_number(f, c ? c->number : NAN);
	fputs(", \"finding\": ", f);
	put_json(f, p->finding);
	fputs(", \"warnings\": [", f);
	for (size_t i = 0; i < p->n_warnings; i++) {
		fputs(i ? ", " : "", f);
		put_json(f, p->warnings[i]);
	}
	fputs("], \"path\": [", f);
	for (size_t k = 0; k < l->n_steps; k++) {
		const struct search_step *x = &l->steps[k];
		fprintf(f, "%s\n   {\"setting\": ", k ? "," : "");
		put_json(f, study_cell(st, x->point, st->plan.factor)->text);
		fprintf(f, ", \"replications\": %zu, \"verdict\": \"%s\"}", x->replications, verdict_name(x->verdict));
	}
	fputs("]}", f);
}

void plan_json(const struct plan_view *v, FILE *f)
{
	fputs("{\n \"finding\": ", f);
	put_json(f, v->finding);
	fprintf(f, ",\n \"confidence\": %.9g, \"settings\": %zu, \"replications\": %llu,\n \"factor\": ",
		v->st->precision.level, v->settings, (unsigned long long)v->replications);
	put_json(f, v->st->factors[v->st->plan.factor].id);
	fputs(",\n \"lines\": [", f);
	for (size_t i = 0; i < v->n_lines; i++) {
		fputs(i ? "," : "", f);
		put_line_json(v, &v->lines[i], f);
	}
	fputs("\n ]\n}\n", f);
}
