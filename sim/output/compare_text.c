/* A comparison on the terminal, as CSV and as JSON. */
#include <math.h>
#include <string.h>

#include "sim/output/compare.h"
#include "sim/output/text.h"

enum { WIDTH = 100 };

static void show_signed(char *buf, const struct estimate *e, const struct type_style *style)
{
	bool plus = e->mean > 0;

	buf[0] = '+';
	show_estimate(buf + plus, e, style);
}

static void show_relative(char *buf, const struct interval *r, const struct type_style *style)
{
	struct estimate e = { "1", true, false, fabs(r->mean), NAN, NAN };
	char plain[SHOWN];

	*buf = '\0';
	if (isnan(r->mean))
		return;
	/* Many times as much is told in times, since no percentage is read well there. */
	if (fabs(r->mean) >= 10)
		snprintf(buf, SHOWN, "%s times", show_number(plain, 1 + r->mean, fabs(r->mean) < 100 ? 1 : 0, style));
	else
		snprintf(buf, SHOWN, "%s%s",
			 r->mean < 0   ? style->minus
			 : r->mean > 0 ? "+"
				       : "",
			 show_estimate(plain, &e, style));
}

enum { GROUPS_MOST = 4 };
static void show_groups(struct compare_shown *s, const struct comparison *c, const struct compare_row *r)
{
	size_t at, n = 0;
	char group[256];

	at = strlen(show_group(s->group, sizeof s->group, r->a->group));
	for (const struct compare_row *x = r; x < c->rows + c->n_rows && at < sizeof s->group; x++) {
		if (x->same_as != r || ++n > GROUPS_MOST)
			continue;
		at += (size_t)snprintf(s->group + at, sizeof s->group - at, ", %s",
				       show_group(group, sizeof group, x->a->group));
	}
	if (n > GROUPS_MOST && at < sizeof s->group)
		snprintf(s->group + at, sizeof s->group - at, " and %zu groups more", n - GROUPS_MOST);
}

void compare_show(struct compare_shown *s, const struct comparison *c, const struct compare_row *r, const struct type_style *style)
{
	const char *unit = r->a->def->unit;
	struct estimate a = { unit, r->share, false, r->mean_a.mean, r->mean_a.low, r->mean_a.high };
	struct estimate b = { unit, r->share, false, r->mean_b.mean, r->mean_b.low, r->mean_b.high };
	const struct interval *d = &r->contrast.difference;
	struct estimate change = { unit, r->share, true, d->mean, d->low, d->high };

	show_estimate(s->a, &a, style);
	show_estimate(s->b, &b, style);
	show_signed(s->difference, &change, style);
	show_bounds(s->bounds, &change, style);
	show_relative(s->relative, &r->relative, style);
	compare_sureness(s->sure, r);
	show_groups(s, c, r);
}

/* ---- the terminal ---- */

static void put_side(FILE *f, char letter, const struct compare_side *s)
{
	fprintf(f, "%c  %s: %s (sccsim %s, seed %llu, %s%zu replication%s)\n", letter, s->dir, s->title, s->version,
		(unsigned long long)s->seed, s->study ? "up to " : "", s->replications, s->replications == 1 ? "" : "s");
}

static void put_changes(FILE *f, const struct comparison *c)
{
	fputs("\nWhat was changed:", f);
	if (c->n_changes == 0)
		fputs(strcmp(c->a->hash, c->b->hash) == 0 ? (c->paired ? " nothing\n" : " nothing but the seed\n")
		      : c->a->study                       ? " nothing in the study; a scenario or a data file\n"
							  : " no value; a data file that the scenario names\n",
		      f);
	else
		fputc('\n', f);
	for (size_t i = 0; i < c->n_changes; i++) {
		const struct compare_change *x = &c->changes[i];
		fprintf(f, "  %s%s%s: %s -> %s\n", x->element, *x->element && *x->attribute ? " " : "", x->attribute,
			x->a ? x->a : "(none)", x->b ? x->b : "(none)");
	}
}

static void put_row(FILE *f, const struct comparison *c, const struct compare_row *r)
{
	struct compare_shown s;

	compare_show(&s, c, r, &plain_style);
	fprintf(f, "  %s, %s%s%s%s\n      %s -> %s: %s%s%s%s%s%s; %s\n", r->a->def->name, s.group, *r->a->point ? " [" : "",
		r->a->point, *r->a->point ? "]" : "", s.a, s.b, s.difference, *s.bounds ? " (" : "", s.bounds,
		*s.bounds ? ")" : "", *s.relative ? ", " : "", s.relative, s.sure);
}

static void put_way(FILE *f, const struct comparison *c, enum compare_way way, const char *heading)
{
	if (c->n_way[way] == 0)
		return;
	fprintf(f, "\n%s (%zu)\n", heading, c->n_way[way]);
	for (size_t i = 0; i < c->n_rows; i++)
		if (c->rows[i].way == way && !c->rows[i].same_as)
			put_row(f, c, &c->rows[i]);
}

/* Of a study's points that stand on one side alone, the point is named once. */
enum { ONLY_MOST = 20 };
static void put_only(FILE *f, const struct comparison *c, int side)
{
	const char *point = "";
	size_t lines = 0, left_out = 0;
	char group[256];

	if (c->n_only[side] == 0)
		return;
	fprintf(f, "\nIn %c alone (%zu)\n", 'A' + side, c->n_only[side]);
	for (size_t i = 0; i < c->n_only[side]; i++) {
		const struct compare_sample *x = c->only[side][i];
		bool told = *x->point && !c->all && strcmp(x->point, point) == 0;
		point = x->point;
		if (told || (!c->all && lines == ONLY_MOST)) {
			left_out += !told;
			continue;
		}
		lines++;
		if (*x->point && !c->all)
			fprintf(f, "  KPIs at %s\n", x->point);
		else
			fprintf(f, "  %s, %s%s%s%s\n", x->def->name, show_group(group, sizeof group, x->group),
				*x->point ? " [" : "", x->point, *x->point ? "]" : "");
	}
	if (left_out)
		fprintf(f, "  ... and %zu more (--all)\n", left_out);
}

void compare_text(const struct comparison *c, const char *finding, FILE *f)
{
	put_wrapped(f, finding, 0, WIDTH);
	fputc('\n', f);
	put_side(f, 'A', c->a);
	put_side(f, 'B', c->b);
	if (strcmp(c->a->version, c->b->version) != 0)
		fputs("The two were made by different versions of sccsim: a model may have changed too.\n", f);
	put_changes(f, c);
	put_way(f, c, COMPARE_BETTER, "Better in B");
	put_way(f, c, COMPARE_WORSE, "Worse in B");
	put_way(f, c, COMPARE_OTHER, "Changed, neither better nor worse");
	if (c->all)
		put_way(f, c, COMPARE_SAME, "Not distinguishable");
	put_only(f, c, 0);
	put_only(f, c, 1);
	if (!c->all && c->n_way[COMPARE_SAME])
		fprintf(f, "\n%zu that cannot be told apart, and supporting KPIs: --all\n", c->n_way[COMPARE_SAME]);
}

/* ---- CSV ---- */

static const char *const ways[] = { "same", "better", "worse", "changed" };

static void put_number(FILE *f, double x)
{
	fputc(',', f);
	put_csv_number(f, x);
}

static void put_names(FILE *f, const struct compare_sample *x)
{
	put_csv(f, x->point);
	fputc(',', f);
	put_csv(f, x->def->name);
	fputc(',', f);
	put_csv(f, x->group);
	fputc(',', f);
	put_csv(f, x->def->unit);
}

void compare_csv(const struct comparison *c, FILE *f)
{
	fputs("point,kpi,group,unit,mean_a,mean_b,difference,ci_low,ci_high,relative,relative_low,relative_high,p,p_holm,replications,result\n",
	      f);
	for (size_t i = 0; i < c->n_rows; i++) {
		const struct compare_row *r = &c->rows[i];
		const struct interval *d = &r->contrast.difference;
		const double v[] = { r->mean_a.mean,   r->mean_b.mean,  d->mean,          d->low,        d->high,
				     r->relative.mean, r->relative.low, r->relative.high, r->contrast.p, r->p_holm };
		put_names(f, r->a);
		for (size_t k = 0; k < sizeof v / sizeof v[0]; k++)
			put_number(f, v[k]);
		fprintf(f, ",%llu,%s\n", (unsigned long long)d->n, ways[r->way]);
	}
	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < c->n_only[s]; i++) {
			put_names(f, c->only[s][i]);
			fprintf(f, ",,,,,,,,,,,,only %c\n", 'A' + s);
		}
	fprintf(f, "# sccsim %s, A: input %.12s, seed %llu, B: input %.12s, seed %llu, %s, confidence %.6g\n",
		SCCSIM_VERSION, c->a->hash, (unsigned long long)c->a->seed, c->b->hash, (unsigned long long)c->b->seed,
		c->paired ? "paired" : "independent", c->level);
}

/* ---- JSON ---- */

static void put_text_member(FILE *f, const char *key, const char *text)
{
	fprintf(f, "\"%s\": ", key);
	put_json(f, text);
}

static void put_side_json(FILE *f, const char *key, const struct compare_side *s)
{
	fprintf(f, " \"%s\": {", key);
	put_text_member(f, "folder", s->dir);
	fputs(", ", f);
	put_text_member(f, "title", s->title);
	fputs(", ", f);
	put_text_member(f, "version", s->version);
	fputs(", ", f);
	put_text_member(f, "input", s->hash);
	fprintf(f, ", \"seed\": \"%llu\", \"replications\": %zu},\n", (unsigned long long)s->seed, s->replications);
}

static void put_sample_json(FILE *f, const struct compare_sample *x)
{
	if (*x->point) {
		put_text_member(f, "point", x->point);
		fputs(", ", f);
	}
	put_text_member(f, "kpi", x->def->name);
	fputs(", ", f);
	put_text_member(f, "group", x->group);
	fputs(", ", f);
	put_text_member(f, "unit", x->def->unit);
}

static void put_row_json(FILE *f, const struct comparison *c, const struct compare_row *r)
{
	bool first = true;

	const struct interval *d = &r->contrast.difference;
	const struct {
		const char *key;
		double x;
	} numbers[] = {
		{ "a", r->mean_a.mean }, { "b", r->mean_b.mean }, { "difference", d->mean },
		{ "ci_low", d->low },    { "ci_high", d->high },  { "relative", r->relative.mean },
		{ "p", r->contrast.p },  { "p_holm", r->p_holm },
	};

	put_sample_json(f, r->a);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		fprintf(f, ", \"%s\": ", numbers[i].key);
		put_json_number(f, numbers[i].x);
	}
	fprintf(f, ", \"replications\": %llu, \"result\": \"%s\"", (unsigned long long)d->n, ways[r->way]);
	fputs(", \"same\": [", f);
	for (const struct compare_row *x = r; x < c->rows + c->n_rows; x++) {
		if (x->same_as != r)
			continue;
		fputs(first ? "" : ", ", f);
		put_json(f, x->a->group);
		first = false;
	}
	fputc(']', f);
}

static void put_only_json(FILE *f, const struct comparison *c, int side)
{
	fprintf(f, ",\n \"only_%c\": [", 'a' + side);
	for (size_t i = 0; i < c->n_only[side]; i++) {
		fputs(i ? ",\n  {" : "\n  {", f);
		put_sample_json(f, c->only[side][i]);
		fputc('}', f);
	}
	fputc(']', f);
}

void compare_json(const struct comparison *c, const char *finding, FILE *f)
{
	fputs("{\n ", f);
	put_text_member(f, "finding", finding);
	fputs(",\n", f);
	put_side_json(f, "a", c->a);
	put_side_json(f, "b", c->b);
	fprintf(f,
		" \"paired\": %s, \"confidence\": %.9g, \"compared\": %zu,\n \"better\": %zu, \"worse\": %zu, \"changed\": %zu,\n \"changes\": [",
		c->paired ? "true" : "false", c->level, c->n_told, c->n_way[COMPARE_BETTER], c->n_way[COMPARE_WORSE],
		c->n_way[COMPARE_OTHER]);
	for (size_t i = 0; i < c->n_changes; i++) {
		const struct compare_change *x = &c->changes[i];
		fputs(i ? ",\n  {" : "\n  {", f);
		put_text_member(f, "element", x->element);
		fputs(", ", f);
		put_text_member(f, "attribute", x->attribute);
		fputs(", ", f);
		put_text_member(f, "a", x->a);
		fputs(", ", f);
		put_text_member(f, "b", x->b);
		fputc('}', f);
	}
	fputs("],\n \"kpis\": [", f);
	bool first = true;
	for (size_t i = 0; i < c->n_rows; i++) {
		if (c->rows[i].same_as || (!c->all && c->rows[i].way == COMPARE_SAME))
			continue;
		fputs(first ? "\n  {" : ",\n  {", f);
		put_row_json(f, c, &c->rows[i]);
		fputc('}', f);
		first = false;
	}
	fputc(']', f);
	put_only_json(f, c, 0);
	put_only_json(f, c, 1);
	fputs("\n}\n", f);
}
