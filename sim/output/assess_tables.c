/* scores.csv and assessment.json. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "sim/output/assess_private.h"

char *assess_identity(const struct scores *s, char *buf, size_t size)
{
	snprintf(buf, size, "sccsim " SCCSIM_VERSION ", sheet %s", s->a->doc->hash);
	return buf;
}

/* ---- CSV ---- */

static void put_numbers(FILE *f, const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fputc(',', f);
		put_csv_number(f, x[i]);
	}
}

static void put_count(FILE *f, size_t n, bool known)
{
	if (known)
		fprintf(f, ",%zu", n);
	else
		fputc(',', f);
}

static void put_points(FILE *f, bool scored, unsigned at, unsigned low, unsigned high)
{
	put_count(f, at, scored);
	put_count(f, low, scored);
	put_count(f, high, scored);
}

static void put_names(FILE *f, const char *state, const char *kind, const char *code, const char *name, const char *source)
{
	put_csv(f, state);
	fprintf(f, ",%s,", kind);
	put_csv(f, code);
	fputc(',', f);
	put_csv(f, name);
	fprintf(f, ",%s", source);
}

static void csv_indicator(const struct scores *s, size_t i, size_t state, FILE *f)
{
	const struct indicator *def = &s->a->indicators[i].def;
	const struct cell_score *c = score_cell(s, i, state);
	const struct cell_change *d = score_change(s, i, state);
	bool simulated = c->source == VALUE_SIMULATED, changed = d->known;
	const double bounds[] = { simulated ? c->value.low : NAN, simulated ? c->value.high : NAN };
	const double targets[] = { def->benchmark, c->share };
	const double gain[] = { changed ? d->value.difference.mean : NAN, changed ? d->value.difference.low : NAN,
				changed ? d->value.difference.high : NAN, changed ? d->value.p : NAN };

	put_names(f, s->a->states[state].id, "indicator", def->code, def->name, value_source_name(c->source));
	put_numbers(f, &c->value.mean, 1);
	fputc(',', f);
	put_csv(f, def->unit);
	put_numbers(f, bounds, 2);
	put_count(f, c->value.n, simulated);
	put_numbers(f, targets, 2);
	put_points(f, c->points.at > 0, c->points.at, c->points.low, c->points.high);
	fputs(",,,", f);
	put_numbers(f, gain, 4);
	fputc('\n', f);
}

static void csv_group(const struct scores *s, const struct scored_group *g, size_t state, FILE *f)
{
	const struct group_score *sc = &g->scores[state];
	const struct group_change *ch = &g->changes[state];
	const double score = group_percent(sc->at, sc->scored);
	const double bounds[] = { group_percent(sc->low, sc->scored), group_percent(sc->high, sc->scored) };
	const double gain[] = { ch->at, ch->low, ch->high };

	put_names(f, s->a->states[state].id, group_kind_name(g->kind), g->key, g->name, "");
	put_numbers(f, &score, 1);
	fputs(",%", f);
	put_numbers(f, bounds, 2);
	fputs(",,,", f);
	put_points(f, sc->scored > 0, sc->at, sc->low, sc->high);
	fprintf(f, ",%zu,%zu,%zu", sc->known, sc->reported, sc->scored);
	put_numbers(f, gain, 3);
	fputs(",\n", f);
}

int assess_csv(const struct scores *s, FILE *f)
{
	char identity[128];

	fputs("state,kind,code,name,source,value,unit,low,high,replications,benchmark,percent_of_target,points,points_low,points_high,"
	      "known,reported,scored,change,change_low,change_high,change_p\n",
	      f);
	for (size_t state = 0; state < s->a->n_states; state++) {
		for (size_t i = 0; i < s->a->n_indicators; i++)
			csv_indicator(s, i, state, f);
		for (size_t i = 0; i < s->n_groups; i++)
			csv_group(s, &s->groups[i], state, f);
	}
	fprintf(f, "# %s\n", assess_identity(s, identity, sizeof identity));
	return ferror(f) ? -1 : 0;
}

/* ---- JSON ---- */

/* NaN and infinity have no number in JSON. */
static json_t *number(double x)
{
	return isfinite(x) ? json_real(x == 0 ? 0 : x) : json_null();
}

static json_t *text(const char *t)
{
	return t ? json_string(t) : json_null();
}

static json_t *range(double at, double low, double high)
{
	return json_pack("{s:o, s:o, s:o}", "value", number(at), "low", number(low), "high", number(high));
}

static json_t *points_of(struct points p)
{
	if (p.at == 0)
		return json_null();
	return json_pack("{s:i, s:i, s:i}", "value", (int)p.at, "low", (int)p.low, "high", (int)p.high);
}

static json_t *cell_json(const struct scores *s, size_t i, size_t state)
{
	const struct sheet_value *v = &s->a->indicators[i].values[state];
	const struct cell_score *c = score_cell(s, i, state);
	const struct cell_change *d = score_change(s, i, state);
	json_t *o = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "state", s->a->states[state].id, "source",
			      value_source_name(c->source), "how", text(*v->how ? v->how : NULL), "from", text(v->from),
			      "percent_of_target", number(c->share), "points", points_of(c->points));

	json_object_set_new(o, "value", number(c->value.mean));
	if (c->source == VALUE_SIMULATED) {
		json_object_set_new(o, "low", number(c->value.low));
		json_object_set_new(o, "high", number(c->value.high));
		json_object_set_new(o, "replications", json_integer((json_int_t)c->value.n));
	}
	if (d->known) {
		json_t *change = range(d->value.difference.mean, d->value.difference.low, d->value.difference.high);
		json_object_set_new(change, "paired", json_boolean(d->paired));
		json_object_set_new(change, "p", number(d->value.p));
		if (d->scored)
			json_object_set_new(change, "points",
					    json_pack("{s:i, s:i, s:i}", "value", d->at, "low", d->low, "high", d->high));
		json_object_set_new(o, "change", change);
	}
	return o;
}

static json_t *indicator_json(const struct scores *s, size_t i)
{
	const struct sheet_indicator *in = &s->a->indicators[i];
	const struct indicator *def = &in->def;
	static const char *const betters[] = { "more", "less", "not stated" };
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "code", def->code, "name", def->name, "unit",
			      def->unit, "better", betters[def->better], "benchmark", number(def->benchmark), "sdg",
			      text(def->sdg), "source", text(def->source));
	json_t *values = json_array();

	json_object_set_new(o, "own", json_boolean(in->own));
	json_object_set_new(o, "status",
			    json_pack("{s:s, s:s, s:s, s:s}", "code", mark_text(def->code_mark), "formula",
				      mark_text(def->formula_mark), "benchmark",
				      in->own_benchmark ? "sheet" : mark_text(def->benchmark_mark), "sdg",
				      in->own_sdg ? "sheet" : mark_text(def->sdg_mark)));
	for (size_t state = 0; state < s->a->n_states; state++)
		json_array_append_new(values, cell_json(s, i, state));
	json_object_set_new(o, "values", values);
	return o;
}

static json_t *group_json(const struct scores *s, const struct scored_group *g)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "kind", group_kind_name(g->kind), "key", g->key, "name", g->name);
	json_t *scores = json_array();

	for (size_t state = 0; state < s->a->n_states; state++) {
		const struct group_score *sc = &g->scores[state];
		const struct group_change *ch = &g->changes[state];
		json_t *one =
			json_pack("{s:s, s:I, s:I, s:I}", "state", s->a->states[state].id, "known", (json_int_t)sc->known,
				  "reported", (json_int_t)sc->reported, "scored", (json_int_t)sc->scored);
		json_object_set_new(one, "score",
				    range(group_percent(sc->at, sc->scored), group_percent(sc->low, sc->scored),
					  group_percent(sc->high, sc->scored)));
		if (ch->n) {
			json_t *change = range(ch->at, ch->low, ch->high);
			json_object_set_new(change, "indicators", json_integer((json_int_t)ch->n));
			json_object_set_new(one, "change", change);
		}
		json_array_append_new(scores, one);
	}
	json_object_set_new(o, "scores", scores);
	return o;
}

static json_t *state_json(const struct scores *s, size_t state)
{
	const struct outcome *o = s->outcomes[state];
	json_t *j = json_pack("{s:s, s:s, s:o}", "id", s->a->states[state].id, "title", s->a->states[state].title,
			      "saidi_minutes", number(s->saidi[state]));

	if (o)
		json_object_set_new(j, "simulation",
				    json_pack("{s:s, s:s, s:I, s:I, s:I}", "scenario", o->sc->title, "input", o->sc->hash,
					      "seed", (json_int_t)o->seed, "replications", (json_int_t)o->n_reps,
					      "finished", (json_int_t)o->n_done));
	return j;
}

static json_t *document(const struct scores *s)
{
	const struct assessment *a = s->a;
	json_t *o =
		json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:s}", "version", SCCSIM_VERSION, "standard", "u4ssc", "sheet",
			  a->doc->hash, "id", text(a->id), "title", a->title, "city", a->city, "country", a->country);
	json_t *states = json_array(), *rows = json_array(), *groups = json_array(), *findings = json_array();

	json_object_set_new(o, "year", a->year ? json_integer((json_int_t)a->year) : json_null());
	json_object_set_new(o, "population", a->population ? json_integer((json_int_t)a->population) : json_null());
	json_object_set_new(o, "confidence", json_real(a->confidence));
	for (size_t i = 0; i < a->n_states; i++)
		json_array_append_new(states, state_json(s, i));
	for (size_t i = 0; i < a->n_indicators; i++)
		json_array_append_new(rows, indicator_json(s, i));
	for (size_t i = 0; i < s->n_groups; i++)
		json_array_append_new(groups, group_json(s, &s->groups[i]));
	for (size_t i = 0; i < s->n_findings; i++)
		json_array_append_new(findings, json_pack("{s:s, s:s, s:o}", "state", s->findings[i].state, "text",
							  s->findings[i].text, "source", text(s->findings[i].source)));
	json_object_set_new(o, "states", states);
	json_object_set_new(o, "indicators", rows);
	json_object_set_new(o, "groups", groups);
	json_object_set_new(o, "findings", findings);
	return o;
}

int assess_json(const struct scores *s, FILE *f)
{
	json_t *o = document(s);
	int rc = o ? json_dumpf(o, f, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)) : -1;

	json_decref(o);
	fputc('\n', f);
	return rc != 0 || ferror(f) ? -1 : 0;
}
