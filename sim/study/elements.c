/* The language of studies: what its elements are called, and what they hold. */
#include "sim/study/study_private.h"

static const struct place in_study[] = { { "study", 0, 0 } };
static const struct place in_study_some[] = { { "study", 1, 0 } };
static const struct place in_study_once[] = { { "study", 0, 1 } };
static const struct place in_factor[] = { { "factor", 0, 0 } };
static const struct place where_set[] = { { "factor", 0, 0 }, { "level", 0, 0 }, { "point", 0, 0 }, { "study", 0, 0 } };

static const char *const designs[] = { "list", "factorial", "star", "latin-hypercube", "sobol", "saltelli", NULL };
static const char *const scales[] = { "linear", "log", NULL };
static const char *const kept[] = { "responses", "main", "all", NULL };
static const char *const cheaper[] = { "low", "high", NULL };
static const char *const objectives[] = { "better", "max", "min", NULL };
static const char *const ways[] = { "replications", "batch-means", NULL };

static const struct param study_params[] = {
	FILEPATH(struct study_xml, scenario, "", "the scenario that is varied; levels and points may name others"),
	CHOICE(struct study_xml, design, "factorial", designs,
	       "which points are run: the <point>s listed; every combination of levels; the base and one factor at a time away from it; "
	       "a Latin hypercube; a Sobol sequence; the sample that Sobol indices need", NULL),
	COUNT(struct study_xml, samples, "64", "1", "1000000",
	      "points of a Latin hypercube or Sobol sequence; for saltelli n of the n (k + 2) points of k factors", NULL),
	TEXT(struct study_xml, replications, "auto",
	     "how many of each point: a number, or auto: until every response is as precise as is asked for", NULL),
	RATIO(struct study_xml, precision, "5%", "0.01%", "100%", "auto: half-width of the interval against the mean of every response",
	      NULL),
	RATIO(struct study_xml, confidence, "95%", "50%", "99.99%", "confidence of the intervals", NULL),
	COUNT(struct study_xml, floor, "20", "2", "100000", "auto: fewest replications of a point",
	      "Law, Simulation Modeling and Analysis, section 9.4.1"),
	COUNT(struct study_xml, batch, "5", "1", "100000", "auto: how many more at a time", NULL),
	COUNT(struct study_xml, ceiling, "200", "2", "1000000", "auto: most replications of a point", NULL),
	COUNT(struct study_xml, seed, "", "0", "18446744073709551615", "seed of all chance; absent: the scenarios' own", NULL),
	TEXT(struct study_xml, warm_up, "",
	     "time before counting starts: a duration, or auto: detected by MSER-5 on pilot runs; absent: the scenarios' own", NULL),
	CHOICE(struct study_xml, statistics, "replications", ways,
	       "intervals from independent replications, or from batch means of one long run of each point", NULL),
	COUNT(struct study_xml, batches, "20", "5", "10000", "batch-means: batches of a run",
	      "Schmeiser, Operations Research 30 (1982): 10 to 30"),
	CHOICE(struct study_xml, keep, "main", kept,
	       "KPIs that the record holds of every replication: of the responses; of all but supporting KPIs; of all", NULL),
};
const struct model study_root_model = {
	.name = "study", .doc = "A scenario varied: what is varied, what is asked of it, how sure the answer shall be.",
	.id = ID_OPTIONAL, .par_size = sizeof(struct study_xml), .params = TABLE(study_params),
	.example = "scenario=\"my-city.xml\" design=\"factorial\" replications=\"auto\" precision=\"5%\"",
};

static const struct param factor_params[] = {
	TEXT(struct factor_xml, path, "", "address of what is varied: lorawan[@id='lpwan']/gateways/@count", NULL),
	TEXT(struct factor_xml, values, "", "its levels, separated by ';'", NULL),
	TEXT(struct factor_xml, from, "", "instead of values: the least of a range", NULL),
	TEXT(struct factor_xml, to, "", "the most of a range", NULL),
	COUNT(struct factor_xml, steps, "", "2", "100000", "levels of a range, its ends included; absent: continuous", NULL),
	CHOICE(struct factor_xml, scale, "linear", scales, "steps of a range: equal differences, or equal ratios", NULL),
	BOOL(struct factor_xml, integer, "off", "whole numbers only; of a count always so", NULL),
	TEXT(struct factor_xml, base, "", "the level at the centre of a star, and to which others are compared; absent: the first", NULL),
	TEXT(struct factor_xml, label, "", "what reports call it; absent: its id", NULL),
};
const struct model factor_model = {
	.name = "factor", .doc = "What is varied: values or a range at an address; what moves with it; or levels with a name each.",
	.places = TABLE(in_study), .id = ID_REQUIRED, .par_size = sizeof(struct factor_xml), .params = TABLE(factor_params),
};

static const struct param level_params[] = {
	FILEPATH(struct level_xml, scenario, "", "a scenario of its own instead of the study's"),
	TEXT(struct level_xml, label, "", "what reports call it; absent: its id", NULL),
};
const struct model level_model = {
	.name = "level", .doc = "A level with a name: a scenario, or several values at once.", .places = TABLE(in_factor),
	.id = ID_LOCAL, .par_size = sizeof(struct level_xml), .params = TABLE(level_params),
};
const struct model point_model = {
	.name = "point", .doc = "A point of a list: a name, a scenario, values.", .places = TABLE(in_study), .id = ID_LOCAL,
	.par_size = sizeof(struct level_xml), .params = TABLE(level_params),
};

static const struct param set_params[] = {
	TEXT(struct set_xml, path, NULL, "address of what is set", NULL),
	TEXT(struct set_xml, value, "", "of a level, a point or the whole study: the value", NULL),
	TEXT(struct set_xml, values, "", "of a factor: as many values as it has levels, separated by ';'", NULL),
	TEXT(struct set_xml, from, "", "of a factor with a range: what goes with its least", NULL),
	TEXT(struct set_xml, to, "", "what goes with its most", NULL),
};
const struct model set_model = {
	.name = "set", .doc = "A further address that moves with the factor; or a value of a level, of a point, of the whole study.", .places = TABLE(where_set),
	.par_size = sizeof(struct set_xml), .params = TABLE(set_params),
};

static const struct param constraint_params[] = {
	TEXT(struct constraint_xml, require, NULL, "such as `gateways >= 6 or adr = on`: other points are left out", NULL),
};
const struct model constraint_model = {
	.name = "constraint", .doc = "What every point must satisfy.", .places = TABLE(in_study),
	.par_size = sizeof(struct constraint_xml), .params = TABLE(constraint_params),
};

static const struct param response_params[] = {
	TEXT(struct response_xml, kpi, NULL, "name of the KPI: `sccsim models` lists them", NULL),
	TEXT(struct response_xml, class, "", "of the devices of a class alone", NULL),
	TEXT(struct response_xml, network, "", "of a network", NULL),
	TEXT(struct response_xml, vertical, "", "of a vertical", NULL),
	TEXT(struct response_xml, district, "", "of a district", NULL),
	TEXT(struct response_xml, phase, "", "of a crisis phase: before, during or after; may go with one of the others", NULL),
	RATIO(struct response_xml, quantile, "", "0%", "100%", "the quantile over replications instead of their mean", NULL),
	TEXT(struct response_xml, target, "", "such as `>= 98%`: met where the whole interval lies on its side", NULL),
};
const struct model response_model = {
	.name = "response", .doc = "A KPI that the study asks about.", .places = TABLE(in_study_some),
	.par_size = sizeof(struct response_xml), .params = TABLE(response_params),
};

static const struct param plan_params[] = {
	TEXT(struct plan_xml, factor, NULL, "id of the factor: whole numbers, a continuous range, or values that go up or down", NULL),
	CHOICE(struct plan_xml, prefer, "low", cheaper, "which end is the cheap one", NULL),
	TEXT(struct plan_xml, from, "", "a range instead of the factor's: its least", NULL),
	TEXT(struct plan_xml, to, "", "its most", NULL),
	TEXT(struct plan_xml, resolution, "", "of a continuous range: how close the answer shall come", NULL),
};
const struct model plan_model = {
	.name = "plan", .doc = "For `sccsim plan`: the cheapest setting of a factor that meets the responses' targets, for every combination "
	"of the other factors' levels.", .places = TABLE(in_study_once),
	.par_size = sizeof(struct plan_xml), .params = TABLE(plan_params),
};

static const struct param placement_params[] = {
	TEXT(struct placement_xml, path, NULL, "address of the list of sites: lorawan[@id='lpwan']/gateways/@sites", NULL),
	FILEPATH(struct placement_xml, candidates, NULL, "the file of sites that stands in the scenario: their column id (or name, or "
		 "the row's number), and where they are"),
	COUNT(struct placement_xml, choose, NULL, "1", "59", "how many of them", NULL),
	TEXT(struct placement_xml, response, "", "id of the response that shall be as good as can be; absent: the first", NULL),
	CHOICE(struct placement_xml, objective, "better", objectives, "most or least of it; better: as the KPI has it", NULL),
	COUNT(struct placement_xml, evaluations, "200", "0", "1000000", "sets of sites that annealing may look at after the greedy choice",
	      NULL),
};
const struct model placement_model = {
	.name = "placement", .doc = "For `sccsim plan`: which of the candidate sites to choose.", .places = TABLE(in_study_once),
	.par_size = sizeof(struct placement_xml), .params = TABLE(placement_params),
};

static const struct model *const own[] = {
	&study_root_model, &title_model, &description_model, &factor_model, &level_model, &point_model, &set_model,
	&constraint_model, &response_model, &plan_model, &placement_model,
};
static const struct grammar study_grammar = { "urn:sccsim:study:1", "study", TABLE(own) };
const struct model_table study_language = { NULL, 0, &study_grammar };
