/* Chosen sites in words, as CSV and as JSON. */
#include <math.h>
#include <string.h>

#include "sim/output/placement_output.h"
#include "sim/output/text.h"

enum { WIDTH = 100 };

/* ---- numbers ---- */

char *placement_span(char *buf, const struct placement_view *v, const struct interval *i, const struct type_style *style)
{
	const char *unit = v->response->def->unit;
	struct estimate e = { unit, v->share, false, i->mean, i->low, i->high };
	struct scale scale = scale_of(unit, i->mean, v->share);

	if (isnan(i->mean) || !*show_bounds(buf, &e, style))
		return show_estimate(buf, &e, style);
	size_t at = strlen(buf);
	if (*scale.unit)
		snprintf(buf + at, SHOWN - at, "%s%s", style->gap, scale.unit);
	return buf;
}

char *placement_gain(char *buf, const struct placement_view *v, const struct interval *i, const struct type_style *style)
{
	struct estimate e = { v->response->def->unit, v->share, true, i->mean, i->low, i->high };
	char bounds[SHOWN], plain[SHOWN];

	*buf = '\0';
	if (isnan(i->mean))
		return buf;
	show_bounds(bounds, &e, style);
	snprintf(buf, SHOWN, "%s%.50s%s%.30s%s", i->mean > 0 ? "+" : "", show_estimate(plain, &e, style),
		 *bounds ? " (" : "", bounds, *bounds ? ")" : "");
	return buf;
}

static void find_share(struct placement_view *v)
{
	double least = NAN, largest = NAN;

	for (size_t i = 0; i < v->r->evaluated; i++) {
		least = fmin(least, v->r->seen[i].value);
		largest = fmax(largest, v->r->seen[i].value);
	}
	v->share = is_share(v->response->def, least, largest);
}

/* ---- words ---- */

static const char *say_annealing(const struct placement_view *v)
{
	const struct placement_result *r = v->r;
	char gain[SHOWN], span[SHOWN];

	if (r->by_annealing == 0)
		return "";
	if (r->best.sites == r->greedy.sites)
		return arena_printf(
			v->arena,
			" They were chosen one by one, and annealing, which looked at %zu sets more, found none better.",
			r->by_annealing);
	return arena_printf(v->arena, " Chosen one by one, %s: %s; annealing found better among %zu sets more: %s.",
			    placement_text(v->p, r->greedy.sites, v->arena),
			    placement_span(span, v, &r->greedy_interval, &plain_style), r->by_annealing,
			    placement_gain(gain, v, &r->improvement.difference, &plain_style));
}

static const char *say_last(const struct placement_view *v)
{
	const struct placement_step *last = &v->r->steps[v->p->choose - 1];
	char gain[SHOWN];

	if (isnan(last->gain.difference.mean))
		return "";
	return arena_printf(v->arena, " The last site of the greedy choice, %s, brought %s.", v->p->sites[last->site].id,
			    placement_gain(gain, v, &last->gain.difference, &plain_style));
}

static bool say_all(struct placement_view *v)
{
	const char *sites = placement_text(v->p, v->r->best.sites, v->arena), *annealing = say_annealing(v),
		   *last = say_last(v);
	char span[SHOWN];

	if (!sites || !annealing || !last)
		return false;
	v->finding = arena_printf(v->arena, "The best %zu of %zu sites that were found: %s. With them %s is %s.%s%s",
				  v->p->choose, v->p->n_sites, sites, v->response->id,
				  placement_span(span, v, &v->r->best_interval, &plain_style), annealing, last);
	return v->finding != NULL;
}

struct placement_view *placement_view_new(const struct study *st, const struct placement_result *r)
{
	struct arena *a = arena_new();
	struct placement_view *v = a ? arena_alloc(a, 1, sizeof *v) : NULL;

	if (v) {
		*v = (struct placement_view){ .st = st,
					      .p = &st->placement,
					      .r = r,
					      .arena = a,
					      .response = &st->responses[st->placement.response] };
		snprintf(v->identity, sizeof v->identity, "sccsim %s, placement %.12s, seed %llu", SCCSIM_VERSION, st->hash,
			 (unsigned long long)st->seed);
		find_share(v);
		if (say_all(v))
			return v;
	}
	arena_free(a);
	return NULL;
}

void placement_view_free(struct placement_view *v)
{
	if (v)
		arena_free(v->arena);
}

/* ---- the terminal ---- */

void placement_summary(const struct placement_view *v, FILE *f)
{
	const struct placement_result *r = v->r;
	char span[SHOWN], gain[SHOWN];

	fprintf(f, "%s\n\n", *v->st->title ? v->st->title : v->st->doc->path);
	put_wrapped(f, v->finding, 0, WIDTH);
	fprintf(f, "\nOne by one: %s\n", v->response->id);
	for (size_t i = 0; i < v->p->choose; i++) {
		const struct placement_step *s = &r->steps[i];
		fprintf(f, "%3zu. %-24s %-20s %s%s\n", i + 1, v->p->sites[s->site].id,
			placement_span(span, v, &s->value, &plain_style),
			placement_gain(gain, v, &s->gain.difference, &plain_style),
			r->best.sites >> s->site & 1 ? "" : "   (not in the answer)");
	}
	fprintf(f,
		"\n%zu sets were looked at (%zu one by one, %zu by annealing), each in the same %zu replications; what is said of the\n"
		"answer is of %zu others, and holds at %.4g %%.\n",
		r->evaluated, r->by_greedy, r->by_annealing, r->replications, r->replications,
		100 * v->st->precision.level);
}

/* ---- CSV ---- */

static void put_numbers(FILE *f, const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fputc(',', f);
		put_csv_number(f, v[i]);
	}
}

void placement_csv(const struct placement_view *v, FILE *f)
{
	const struct placement_result *r = v->r;

	fputs("step,site,value,ci_low,ci_high,gain,gain_low,gain_high,p,second,second_value,in_answer\n", f);
	for (size_t i = 0; i < v->p->choose; i++) {
		const struct placement_step *s = &r->steps[i];
		const struct interval *g = &s->gain.difference;
		fprintf(f, "%zu,", i + 1);
		put_csv(f, v->p->sites[s->site].id);
		put_numbers(
			f,
			(const double[]){ s->value.mean, s->value.low, s->value.high, g->mean, g->low, g->high, s->gain.p },
			7);
		fputc(',', f);
		put_csv(f, s->second == SIZE_MAX ? "" : v->p->sites[s->second].id);
		put_numbers(f, &s->second_value, 1);
		fprintf(f, ",%d\n", (int)(r->best.sites >> s->site & 1));
	}
	fprintf(f, "# %s\n", v->identity);
}

void placement_sets_csv(const struct placement_view *v, FILE *f)
{
	fputs("set,by,sites,value,answer\n", f);
	for (size_t i = 0; i < v->r->evaluated; i++) {
		const struct placement_set *s = &v->r->seen[i];
		const char *sites = placement_text(v->p, s->sites, v->arena);
		fprintf(f, "%zu,%s,", i + 1, i < v->r->by_greedy ? "greedy" : "annealing");
		put_csv(f, sites ? sites : "");
		put_numbers(f, &s->value, 1);
		fprintf(f, ",%s\n", s->sites == v->r->best.sites ? "best" : s->sites == v->r->greedy.sites ? "greedy" : "");
	}
	fprintf(f, "# %s\n", v->identity);
}

/* ---- JSON ---- */

static void put_interval(FILE *f, const char *key, const struct interval *i)
{
	const double v[] = { i->mean, i->low, i->high };

	fprintf(f, "\"%s\": [", key);
	for (size_t k = 0; k < 3; k++) {
		fputs(k ? ", " : "", f);
		put_json_number(f, v[k]);
	}
	fputc(']', f);
}

static void put_sites(FILE *f, const struct placement_view *v, const char *key, uint64_t sites)
{
	bool first = true;

	fprintf(f, "\"%s\": [", key);
	for (size_t i = 0; i < v->p->n_sites; i++) {
		if (!(sites >> i & 1))
			continue;
		fputs(first ? "" : ", ", f);
		put_json(f, v->p->sites[i].id);
		first = false;
	}
	fputc(']', f);
}

void placement_json(const struct placement_view *v, FILE *f)
{
	const struct placement_result *r = v->r;

	fputs("{\n \"finding\": ", f);
	put_json(f, v->finding);
	fputs(",\n \"response\": ", f);
	put_json(f, v->response->id);
	fputs(",\n ", f);
	put_sites(f, v, "best", r->best.sites);
	fputs(", ", f);
	put_interval(f, "value", &r->best_interval);
	fputs(",\n ", f);
	put_sites(f, v, "greedy", r->greedy.sites);
	fputs(", ", f);
	put_interval(f, "greedy_value", &r->greedy_interval);
	fputs(", ", f);
	put_interval(f, "improvement", &r->improvement.difference);
	fprintf(f, ",\n \"replications\": %zu, \"sets\": %zu, \"by_annealing\": %zu,\n \"steps\": [", r->replications,
		r->evaluated, r->by_annealing);
	for (size_t i = 0; i < v->p->choose; i++) {
		fputs(i ? ",\n  {\"site\": " : "\n  {\"site\": ", f);
		put_json(f, v->p->sites[r->steps[i].site].id);
		fputs(", ", f);
		put_interval(f, "value", &r->steps[i].value);
		fputs(", ", f);
		put_interval(f, "gain", &r->steps[i].gain.difference);
		fputc('}', f);
	}
	fputs("\n ]\n}\n", f);
}
