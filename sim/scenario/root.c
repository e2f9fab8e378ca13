/* The elements that belong to the engine. */
#include "sim/scenario/scenario_private.h"

static const struct place in_scenario_once[] = { { "scenario", 0, 1 } };
static const struct place in_any_root[] = { { "scenario", 0, 1 }, { "study", 0, 1 }, { "assessment", 0, 1 } };
static const struct place in_scenario_run[] = { { "scenario", 1, 1 } };
static const struct place in_scenario_any[] = { { "scenario", 0, 0 } };
static const struct place in_kpis[] = { { "kpis", 0, 0 } };

const struct model scenario_root_model = {
	.name = "scenario", .doc = "A deployment, and how long to simulate it.", .id = ID_OPTIONAL,
	.example = "id=\"my-city\"",
};
const struct model title_model = {
	.name = "title", .doc = "One line that names it in reports.", .places = TABLE(in_any_root), .has_text = true,
	.example = "", .example_text = "A scenario to start from",
};
const struct model description_model = {
	.name = "description", .doc = "What is studied and why, in a few sentences: the report begins with it.",
	.places = TABLE(in_any_root), .has_text = true,
};
static const struct model library_model = {
	.name = "library", .doc = "Reusable parts; the root of a file that a scenario includes.", .places = TABLE(in_scenario_any),
};

static const struct param run_params[] = {
	INSTANT(struct run_xml, start, "2026-03-02T00:00Z", "calendar time at which the run begins (UTC)"),
	TIME(struct run_xml, duration, NULL, "1ms", "200yr", "simulated time", NULL),
	TIME(struct run_xml, warm_up, "0s", "0s", "200yr", "time before counting starts", NULL),
	COUNT(struct run_xml, seed, "1", "0", "18446744073709551615", "names all random streams", NULL),
	COUNT(struct run_xml, replications, "1", "1", "1000000", "independent repetitions; 10 or more for useful intervals", NULL),
	RATIO(struct run_xml, confidence, "95%", "50%", "99.99%", "confidence of the intervals", NULL),
};

static void check_run(const struct scenario *sc, struct node *n, struct diag *d)
{
	(void)sc;
	const struct run_xml *r = n->par;

	if (r->warm_up >= r->duration)
		node_error(n, d, "warm-up", "is not shorter than the duration: nothing would be counted");
}

const struct model run_model = {
	.name = "run", .doc = "How long, from when, how often.", .places = TABLE(in_scenario_run),
	.par_size = sizeof(struct run_xml), .params = TABLE(run_params), .load = check_run,
	.example = "duration=\"7d\" warm-up=\"1d\" replications=\"5\"",
};
static const struct model kpis_model = {
	.name = "kpis", .doc = "What the deployment is to achieve.", .places = TABLE(in_scenario_once), .example = "",
};

static const struct param kpi_params[] = {
	KPINAME(struct kpi_xml, name, NULL, "name of the KPI: `sccsim models` lists them"),
	TEXT(struct kpi_xml, class, "", "id of a device class: the target is for its devices alone", NULL),
	TEXT(struct kpi_xml, network, "", "id of a network", NULL),
	TEXT(struct kpi_xml, vertical, "", "name of a vertical", NULL),
	TEXT(struct kpi_xml, district, "", "id of a district", NULL),
	TEXT(struct kpi_xml, phase, "", "of a crisis: before, during or after; may go with one of the others", NULL),
	TEXT(struct kpi_xml, target, "", "such as `>= 98%` or `<= 10s`", NULL),
};
const struct model kpi_model = {
	.name = "kpi", .doc = "A KPI and its target: met or missed where the whole interval lies on one side of it.",
	.places = TABLE(in_kpis), .par_size = sizeof(struct kpi_xml), .params = TABLE(kpi_params),
	.example = "name=\"connectivity.delivery-ratio\" target=\"&gt;= 95%\"",
};

static const struct model *const engine_models[] = {
	&scenario_root_model, &title_model, &description_model, &library_model, &run_model, &kpis_model, &kpi_model,
};
const struct grammar scenario_grammar = { "urn:sccsim:scenario:1", "scenario", TABLE(engine_models) };
