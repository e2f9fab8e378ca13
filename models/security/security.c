/* <security>: which baseline a class is held to, and how its vendors show that they meet it. */
#include <string.h>

#include "models/security/certification_private.h"

const char *const gate_names[] = { "off", "warn", "enforce", NULL };
static const char *const conformances[] = { "none", "self-declaration", "third-party", NULL };
static const char *const adoptions[] = { "linear", "logistic", NULL };

static const struct place places[] = { { "device-class", 0, 1 } };

#define S struct security_params
static const struct param params[] = {
	TEXT(S, baseline, "en-303-645", "what its products are held to: a shipped baseline (`sccsim models baselines`) or a <baseline>'s id",
	     "ETSI EN 303 645 V3.1.3"),
	CHOICE(S, conformance, "self-declaration", conformances,
	       "how a vendor shows that a product meets it: not at all, by its own word, by a laboratory's test", NULL),
	CHOICE(S, practice, "typical", practice_names, "of the vendors of products that do not say", NULL),
	CHOICE(S, adoption, "logistic", adoptions,
	       "how vendors come to have a policy for reports of vulnerabilities (5.2-1): 4.35 points a year, or a logistic of slope 0.307/yr",
	       "fits of the 2018-2022 series of IoTSF and Copper Horse; they part after 2022"),
	CHOICE(S, deployment_gate, "", gate_names, "what becomes of devices without a valid certificate; absent: the <security-policy>'s",
	       NULL),
	REF(S, laboratory, "", "laboratory", "that tests its products; absent: the first of the scenario"),
	RATIO(S, declaration_error, "10%", "0%", "100%", "chance that a vendor declares as met a mandatory provision that it misses",
	      "[M] unverified default"),
	TIME(S, declaration_time, "14d", "0s", "10yr", "a vendor takes to declare", "[M] unverified default"),
	MONEY(S, declaration_fee, DIM_MONEY, "", "that a declaration costs", NULL),
	TIME(S, fix_time, "30d", "0s", "10yr", "a vendor takes, on average, to mend what was found missing", "[M] unverified default"),
	RATIO(S, fix_chance, "80%", "0%", "100%", "chance that it then mends each mandatory provision that was found missing",
	      "[M] unverified default"),
	COUNT(S, retests, "2", "0", "1000", "further rounds after the first, before the vendor gives up", "[M] unverified default"),
	RATIO(S, regression, "0%", "0%", "100%", "chance that a new firmware loses one mandatory provision that the product met",
	      "choice of ours"),
};
#undef S

/* As the table says; for classes with products and without <security>, which nobody is asked about. */
static const struct security_params no_security = { .baseline = "en-303-645",
						    .conformance = CONFORMANCE_NONE,
						    .practice = PRACTICE_TYPICAL,
						    .adoption = ADOPTION_LOGISTIC,
						    .deployment_gate = GATE_OFF };

const struct security_params *security_of(const struct node *class_node)
{
	const struct node *n = node_child(class_node, &security_model);

	return n ? n->par : &no_security;
}

/* What only some ways to show conformance read: a finding, so that a study may cross them. */
static void check_way(const struct node *n, struct diag *d)
{
	static const struct {
		const char *attribute;
		unsigned ways;
	} read_by[] = {
		{ "laboratory", 1u << CONFORMANCE_LABORATORY },
		{ "declaration-error", 1u << CONFORMANCE_SELF },
		{ "declaration-time", 1u << CONFORMANCE_SELF },
		{ "declaration-fee", 1u << CONFORMANCE_SELF },
		{ "fix-time", 1u << CONFORMANCE_SELF | 1u << CONFORMANCE_LABORATORY },
		{ "fix-chance", 1u << CONFORMANCE_SELF | 1u << CONFORMANCE_LABORATORY },
		{ "retests", 1u << CONFORMANCE_SELF | 1u << CONFORMANCE_LABORATORY },
		{ "deployment-gate", 1u << CONFORMANCE_SELF | 1u << CONFORMANCE_LABORATORY },
	};
	int way = ((const struct security_params *)n->par)->conformance;

	for (size_t i = 0; i < sizeof read_by / sizeof read_by[0]; i++)
		if (node_given(n, read_by[i].attribute) && !(read_by[i].ways >> way & 1))
			node_warning(n, d, read_by[i].attribute, "is not read with conformance=\"%s\"", conformances[way]);
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &security_model); n; n = n->next_same) {
		const struct security_params *p = n->par;
		const char *near = baseline_nearest(p->baseline);
		check_way(n, d);
		if (!baseline_named(sc, p->baseline))
			node_error(n, d, "baseline", "is no baseline%s%s", near ? ", did you mean " : "",
				   near ? near : " (try en-303-645; `sccsim models baselines` lists them)");
		if (p->conformance == CONFORMANCE_LABORATORY && !scenario_first(sc, &laboratory_model))
			node_error(n, d, "conformance", "needs a <laboratory> that tests (try <laboratory id=\"lab\"/>)");
	}
}

const struct model security_model = {
	.name = "security",
	.doc = "The security baseline that a class's products are held to, and how that is shown.",
	.places = TABLE(places),
	.par_size = sizeof(struct security_params),
	.params = TABLE(params),
	.kpis = certification_kpis,
	.n_kpis = CERTIFICATION_KPIS,
	.check = check,
	.setup = certification_setup,
	.start = certification_start,
	.finish = certification_finish,
};
