/* The elements of an indicator sheet, and what an indicator and its values say. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/study/assessment_private.h"

/* ---- quantities ---- */

/* A plain number, then the unit. */
static bool number_in(const char *unit, const char *text, double *value)
{
	char number[64];
	const char *end = text + strlen(text);
	size_t n = strcmp(unit, "1") == 0 ? 0 : strlen(unit);
	union quantity q;

	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	if ((size_t)(end - text) <= n || strncmp(end - n, unit, n) != 0 || (size_t)(end - text) - n >= sizeof number)
		return false;
	memcpy(number, text, (size_t)(end - text) - n);
	number[(size_t)(end - text) - n] = '\0';
	if (!quantity_parse(DIM_NUMBER, number, &q, NULL))
		return false;
	*value = q.real;
	return true;
}

bool indicator_parse(const char *unit, const char *text, double *value, const char **why)
{
	static const struct {
		const char *unit, *why;
	} tries[] = {
		{ "%", "is not a percentage (try 27.27%)" },
		{ "/100k", "is not a number per 100 000 inhabitants (try 95424/100k)" },
		{ "min", "is not a number of minutes (try 42min, 1h30m)" },
		{ "/yr", "is not a number a year (try 0.4/yr)" },
		{ "1", "is not a number (try 78)" },
	};
	union quantity q;
	bool ok = number_in(unit, text, value);

	if (!ok && strcmp(unit, "min") == 0 && quantity_parse(DIM_TIME, text, &q, NULL)) {
		*value = sim_seconds(q.time) / 60;
		ok = true;
	}
	if (!ok && strcmp(unit, "/yr") == 0 && quantity_parse(DIM_RATE, text, &q, NULL)) {
		*value = q.real * 365.25 * 86400;
		ok = true;
	}
	*why = "is not a number with the indicator's unit";
	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
		if (strcmp(unit, tries[i].unit) == 0)
			*why = tries[i].why;
	if (ok && *value < 0) {
		*why = "is below 0";
		return false;
	}
	return ok;
}

double unit_scale(const char *kpi_unit, const char *unit)
{
	static const struct {
		const char *from, *to;
		double scale;
	} scales[] = {
		{ "1", "%", 100 },
		{ "1", "1", 1 },
		{ "s", "min", 1.0 / 60 },
		{ "1/yr", "/yr", 1 },
	};

	for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++)
		if (strcmp(kpi_unit, scales[i].from) == 0 && strcmp(unit, scales[i].to) == 0)
			return scales[i].scale;
	return strcmp(kpi_unit, unit) == 0 ? 1 : NAN;
}

/* ---- what an element says ---- */

#define SAY(d, ...)                        \
	do {                               \
		if (d)                     \
			node_error(__VA_ARGS__); \
	} while (0)

/* A row of the sheet's own. */
static bool own_row(const struct node *n, struct indicator *row, struct diag *d)
{
	const struct indicator_xml *x = n->par;
	const char *near = indicator_nearest(x->code);

	if (!x->name || !x->unit) {
		SAY(d, n, d, "code", "is no indicator of U4SSC%s%s%s; one of the sheet's own needs a name and a unit",
		    near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
		return false;
	}
	*row = (struct indicator){ .code = x->code, .name = x->name, .unit = x->unit, .benchmark = NAN, .most = NAN };
	row->better = x->better < 0 ? BETTER_MORE : (enum better)x->better;
	if (strcmp(x->unit, "%") == 0)
		row->most = 100;
	row->source = "the sheet";
	return true;
}

bool sheet_row(const struct node *n, struct indicator *row, struct diag *d)
{
	const struct indicator_xml *x = n->par;
	const struct indicator *known = indicator_find(x->code);
	const char *why;

	if (known)
		*row = *known;
	else if (!own_row(n, row, d))
		return false;
	if (known && x->unit && strcmp(x->unit, known->unit) != 0) {
		SAY(d, n, d, "unit", "is not the unit of this indicator, which is \"%s\"", known->unit);
		return false;
	}
	if (known && x->name)
		row->name = x->name;
	if (known && x->better >= 0)
		row->better = (enum better)x->better;
	if (x->sdg) {
		row->sdg = x->sdg;
		row->sdg_mark = MARK_NONE;
	}
	if (!x->benchmark)
		return true;
	if (!indicator_parse(row->unit, x->benchmark, &row->benchmark, &why) || !(row->benchmark > 0)) {
		SAY(d, n, d, "benchmark", "%s", row->benchmark > 0 ? why : "is not above 0");
		return false;
	}
	row->benchmark_mark = MARK_NONE;
	return true;
}

/* Numerator / denominator in the indicator's unit. */
static bool counted(const struct node *n, const struct indicator *row, uint64_t population, double numerator, double denominator,
		    struct sheet_value *v, struct diag *d)
{
	bool per_inhabitant = strstr(row->unit, "/100k") != NULL;

	if (isnan(denominator) && per_inhabitant && population)
		denominator = (double)population;
	if (isnan(numerator) || isnan(denominator)) {
		SAY(d, n, d, NULL, "a numerator goes with a denominator%s",
		    per_inhabitant ? ", or the assessment has a population" : "");
		return false;
	}
	if (!(denominator > 0)) {
		SAY(d, n, d, "denominator", "is not above 0");
		return false;
	}
	v->source = VALUE_COUNTED;
	v->value = numerator / denominator * (per_inhabitant ? 1e5 : strcmp(row->unit, "%") == 0 ? 100 : 1);
	if (row->most < v->value) {
		SAY(d, n, d, "numerator", "is more than the denominator allows: %.6g %s, where %.6g is all there is",
		    v->value, row->unit, row->most);
		return false;
	}
	return true;
}

static bool given(const struct node *n, const struct indicator *row, const char *attribute, const char *text, struct sheet_value *v,
		  struct diag *d)
{
	const char *why;

	if (!indicator_parse(row->unit, text, &v->value, &why)) {
		SAY(d, n, d, attribute, "%s%s%s%s", attribute ? "" : "\"", attribute ? "" : text, attribute ? "" : "\" ",
		    why);
		return false;
	}
	if (row->most < v->value) {
		SAY(d, n, d, attribute, "%s%s%sis above %.6g %s, all there is", attribute ? "" : "\"",
		    attribute ? "" : text, attribute ? "" : "\" ", row->most, row->unit);
		return false;
	}
	v->source = VALUE_GIVEN;
	return true;
}

bool sheet_given(const struct node *n, const struct indicator *row, uint64_t population, struct sheet_value *v, struct diag *d)
{
	bool own = n->model == &sheet_indicator_model;
	const struct indicator_xml *in = own ? n->par : NULL;
	const struct value_xml *val = own ? NULL : n->par;
	const char *text = own ? in->value : n->text[0] ? n->text : NULL, *kpi = own ? NULL : val->kpi;
	double numerator = own ? in->numerator : val->numerator, denominator = own ? in->denominator : val->denominator;
	bool counts = !isnan(numerator) || !isnan(denominator);

	v->from = own ? in->source : val->source;
	v->how = "";
	if ((text != NULL) + (kpi != NULL) + counts > 1) {
		SAY(d, n, d, NULL, "has more than one value (%s)",
		    own ? "value, or numerator and denominator" : "its text, numerator and denominator, or kpi");
		return false;
	}
	if (kpi) {
		v->source = VALUE_SIMULATED;
		return true;
	}
	if (counts)
		return counted(n, row, population, numerator, denominator, v, d);
	if (text)
		return given(n, row, own ? "value" : NULL, text, v, d);
	if (!own)
		SAY(d, n, d, NULL, "has no value (its text, numerator and denominator, or kpi)");
	return own;
}

/* ---- the elements ---- */

static const struct place in_assessment[] = { { "assessment", 0, 0 } };
static const struct place in_assessment_some[] = { { "assessment", 1, 0 } };
static const struct place in_state[] = { { "state", 0, 0 } };
static const struct place in_indicator[] = { { "indicator", 0, 0 } };

static const char *const standards[] = { "u4ssc", NULL };
static const char *const betters[] = { [BETTER_MORE] = "more", [BETTER_LESS] = "less", NULL };

static const struct param assessment_params[] = {
	TEXT(struct assessment_xml, city, "", "the city, as reports name it", NULL),
	TEXT(struct assessment_xml, country, "", "its country", NULL),
	COUNT(struct assessment_xml, year, "", "1900", "2300", "of the values, where a state says no other", NULL),
	COUNT(struct assessment_xml, population, "", "1", "100000000", "inhabitants: the denominator of what is counted per 100 000", NULL),
	CHOICE(struct assessment_xml, standard, "u4ssc", standards, "whose indicators and scores these are", "Recommendation ITU-T Y.4903"),
	RATIO(struct assessment_xml, confidence, "95%", "50%", "99.99%", "confidence of the intervals of simulated values", NULL),
};
const struct model assessment_root_model = {
	.name = "assessment", .doc = "A city's indicator sheet, as reported and as simulated.", .id = ID_OPTIONAL,
	.par_size = sizeof(struct assessment_xml), .params = TABLE(assessment_params),
};

static const struct param state_params[] = {
	TEXT(struct state_xml, title, "", "what reports call it; the id when none is given", NULL),
	FILEPATH(struct state_xml, scenario, "", "the scenario whose simulation gives values of this state"),
	FILEPATH(struct state_xml, results, "", "results.sqlite of a finished run, instead of a simulation"),
	REF(struct state_xml, against, "", "state", "the state that its changes are counted from; the first one when none is named"),
	COUNT(struct state_xml, replications, "", "1", "1000000", "of the simulation; the scenario's when none are given", NULL),
	COUNT(struct state_xml, seed, "", "0", "18446744073709551615", "of the simulation; the scenario's when none is given", NULL),
};

static void load_state(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct state_xml *x = n->par;

	(void)sc;
	if (x->against == n)
		node_error(n, d, "against", "is the state itself");
	if (x->scenario && x->results)
		node_error(n, d, "results", "stand for a simulation, and a scenario is given too");
	if (!x->scenario && node_child(n, &state_set_model))
		node_error(n, d, NULL, "sets values of a scenario, and names none");
	if (!x->scenario && (node_given(n, "replications") || node_given(n, "seed")))
		node_error(n, d, node_given(n, "seed") ? "seed" : "replications",
			   "is of a simulation, and no scenario is named");
}

const struct model sheet_state_model = {
	.name = "state", .doc = "The city as reported, after a plan, ...",
	.places = TABLE(in_assessment_some), .id = ID_REQUIRED, .par_size = sizeof(struct state_xml), .params = TABLE(state_params),
	.load = load_state,
};

static const struct param set_params[] = {
	TEXT(struct set_xml, path, NULL, "address of an attribute in the scenario, as of --set: `lorawan/@adr`", NULL),
	TEXT(struct set_xml, value, NULL, "what it becomes", NULL),
};
const struct model state_set_model = {
	.name = "set", .doc = "A value of the state's scenario that differs.", .places = TABLE(in_state),
	.par_size = sizeof(struct set_xml), .params = TABLE(set_params),
};

static const struct param indicator_params[] = {
	TEXT(struct indicator_xml, code, NULL, "of the standard (`EC: ICT: WS: 1C`), or one of the sheet's own", NULL),
	TEXT(struct indicator_xml, value, "", "the value in all states that have no other, with its unit", NULL),
	NUMBER(struct indicator_xml, numerator, "", "0", NULL, "what is counted, instead of a value", NULL),
	NUMBER(struct indicator_xml, denominator, "", "0", NULL, "out of how many; per 100 000: the population when none is given", NULL),
	TEXT(struct indicator_xml, name, "", "of an indicator of the sheet's own; or another name", NULL),
	TEXT(struct indicator_xml, unit, "", "of an indicator of the sheet's own: %, /100k, min, /yr, 1 or any other", NULL),
	TEXT(struct indicator_xml, benchmark, "", "100 % of target, with its unit; the standard's when none is given", NULL),
	CHOICE(struct indicator_xml, better, "", betters, "whether more or less is better; as the standard says when not given", NULL),
	TEXT(struct indicator_xml, sdg, "", "targets of the Sustainable Development Goals that it bears on, such as `6.4 11.b`", NULL),
	TEXT(struct indicator_xml, source, "", "where the value comes from", NULL),
};

/* All that one element alone tells; its values need the states too. */
static void load_indicator(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct assessment_xml *x = sc->root->par;
	struct indicator row;
	struct sheet_value v = { 0 };

	if (!sheet_row(n, &row, d))
		return;
	sheet_given(n, &row, x->population, &v, d);
	for (const struct node *c = node_child(n, &sheet_value_model); c; c = node_next(c))
		if (!c->flawed)
			sheet_given(c, &row, x->population, &v, d);
}

const struct model sheet_indicator_model = {
	.name = "indicator", .doc = "One indicator, and its value.", .places = TABLE(in_assessment),
	.par_size = sizeof(struct indicator_xml), .params = TABLE(indicator_params), .load = load_indicator,
};

static const struct param value_params[] = {
	REF(struct value_xml, state, NULL, "state", "whose value this is"),
	NUMBER(struct value_xml, numerator, "", "0", NULL, "what is counted, instead of a value", NULL),
	NUMBER(struct value_xml, denominator, "", "0", NULL, "out of how many; per 100 000: the population when none is given", NULL),
	TEXT(struct value_xml, kpi, "", "KPI of the state's simulation, instead of a value", NULL),
	TEXT(struct value_xml, class, "", "id of a device class: the KPI is of its devices alone", NULL),
	TEXT(struct value_xml, network, "", "id of a network", NULL),
	TEXT(struct value_xml, vertical, "", "name of a vertical", NULL),
	TEXT(struct value_xml, district, "", "id of a district", NULL),
	RATIO(struct value_xml, factor, "100%", NULL, NULL, "the value is the KPI times this: such as the share of the meters that are simulated", NULL),
	TEXT(struct value_xml, source, "", "where the value comes from", NULL),
};

static void load_value(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct value_xml *x = n->par;

	(void)sc;
	if (!x->kpi && (x->class || x->network || x->vertical || x->district || node_given(n, "factor")))
		node_error(n, d, NULL, "narrows or scales a KPI, and names none");
	if (!(x->factor > 0))
		node_error(n, d, "factor", "is not above 0");
}

const struct model sheet_value_model = {
	.name = "value", .doc = "The value of an indicator in one state: its text, a count, or a KPI of the simulation.",
	.places = TABLE(in_indicator), .has_text = true, .par_size = sizeof(struct value_xml), .params = TABLE(value_params),
	.load = load_value,
};

static const struct model *const elements[] = {
	&assessment_root_model, &title_model, &description_model, &sheet_state_model, &state_set_model, &sheet_indicator_model, &sheet_value_model,
};
static const struct grammar grammar = { "urn:sccsim:assessment:1", "assessment", TABLE(elements) };
const struct model_table assessment_language = { NULL, 0, &grammar };
