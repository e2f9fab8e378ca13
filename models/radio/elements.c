/* The elements <propagation>, <shadowing>, <building-entry> and <fading>. */
#include "models/radio/elements.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/radio/radio_private.h"
#include "models/radio/shadowing.h"

static const char *const model_names[] = { "log-distance", "okumura-hata", "38901-uma", "38901-umi", "38901-rma",
					   "free-space", NULL };
static const char *const environment_names[] = { "urban-large", "urban", "suburban", "open", NULL };
static const char *const los_names[] = { "probable", "always", "never", NULL };
static const char *const entry_names[] = { "none", "tr-45.820", "38901-low", "38901-high", "38901-mixed", "38901-legacy", NULL };
static const char *const fading_names[] = { "none", "rayleigh", "rician", "log-normal", NULL };

#define S struct propagation_params
static const struct param propagation_rows[] = {
	CHOICE(S, model, "okumura-hata", model_names,
	       "path loss; of 38901 with an effective environment height of 1 m, rural buildings of 5 m and streets of 20 m",
	       "Hata 1980; TR 38.901 Table 7.4.1-1"),
	CHOICE(S, environment, "urban", environment_names, "of okumura-hata", "Hata 1980"),
	CHOICE(S, los, "probable", los_names,
	       "of 38901: line of sight, drawn for each link by Table 7.4.2-1 and distance alone, or fixed", "TR 38.901 Table 7.4.2-1"),
	DB(S, reference_loss, "7.7dB", "-50dB", "200dB", "of log-distance: loss at the reference distance",
	   "TR 45.820 macro at 868 MHz, as ns-3 has it"),
	LENGTH(S, reference_distance, "1m", "1mm", "10km", "of log-distance", "TR 45.820 macro, as ns-3 has it"),
	NUMBER(S, exponent, "3.76", "1", "8", "of log-distance", "TR 45.820 macro, as ns-3 has it"),
	DB(S, offset, "0dB", "-60dB", "100dB", "added to the path loss of every link: what a calibration sets", NULL),
};
#undef S
#define S struct shadowing_params
static const struct param shadowing_rows[] = {
	DB(S, deviation, "", "0dB", "30dB", "standard deviation; absent: of 38901 its own, else 8dB",
	   "TR 38.901 Table 7.4.1-1; [M] TR 45.820"),
	DB(S, los_deviation, "", "0dB", "30dB", "of 38901, in line of sight; absent: deviation, else its own",
	   "TR 38.901 Table 7.4.1-1"),
	LENGTH(S, correlation_distance, "", "0m", "10km",
	       "where the autocorrelation is 1/e (0m: links are independent); absent: of 38901 its own, else 110m",
	       "TR 38.901 Table 7.5-6; TR 45.820, as ns-3 has it"),
	RATIO(S, inter_site_correlation, "50%", "0%", "100%", "correlation between a device's links to two sites", "[M] TR 45.820"),
};
#undef S
static const struct param entry_rows[] = {
	CHOICE(struct entry_params, model, "tr-45.820", entry_names,
	       "loss into the buildings of indoor devices; 38901-legacy goes with a <shadowing> of 7dB",
	       "TR 45.820 Annex D, scenario 1, without gain by floor height"),
	RATIO(struct entry_params, high_loss_share, "20%", "0%", "100%", "share of high-loss buildings of 38901-mixed",
	      "[M] ITU-R M.2412"),
};
static const struct param fading_rows[] = {
	CHOICE(struct fading_params, model, "none", fading_names,
	       "of each frame on each link: rayleigh and rician with unit mean power, log-normal with 0 dB on average", NULL),
	DB(struct fading_params, k_factor, "6dB", "-20dB", "40dB", "of rician: power of the direct path over the scattered",
	   "[M] suburban fixed links"),
	DB(struct fading_params, deviation, "3dB", "0dB", "20dB", "of log-normal, zero mean in dB", NULL),
};

static void idle(const struct node *n, struct diag *d, const char *attribute, const char *of)
{
	if (node_given(n, attribute))
		node_warning(n, d, attribute, "has no effect: it is of %s", of);
}

static void load_propagation(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct propagation_params *p = n->par;

	(void)sc;
	if (p->model != OKUMURA_HATA)
		idle(n, d, "environment", "model=\"okumura-hata\"");
	if (!propagation_is_tr38901(p))
		idle(n, d, "los", "the 38901 models");
	if (p->model == LOG_DISTANCE)
		return;
	idle(n, d, "reference-loss", "model=\"log-distance\"");
	idle(n, d, "reference-distance", "model=\"log-distance\"");
	idle(n, d, "exponent", "model=\"log-distance\"");
}

/* What the file leaves open; a deviation that stays absent is that of the tables of 38.901, which depend on the link. */
static void load_shadowing(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct propagation_params *prop = node_child(n->parent, &propagation_model)->par;
	const struct shadowing_params *p = n->par;
	bool tables = propagation_is_tr38901(prop);

	if (!tables)
		idle(n, d, "los-deviation", "the 38901 models of <propagation>");
	if (!tables)
		node_derive(sc, n, d, "deviation", "8dB");
	if (isfinite(p->deviation))
		node_derive(sc, n, d, "los-deviation", "%.10gdB", p->deviation);
	node_derive(sc, n, d, "correlation-distance", "%gm",
		    tables ? tr38901_correlation_m(radio_tr38901(prop), prop->los == LOS_ALWAYS) : 110);
	if (p->correlation_distance > 0 && (p->deviation != 0 || p->los_deviation != 0) &&
	    !(n->data = shadowing_spectrum()))
		node_error(n, d, NULL, "out of memory");
}

static void unload_shadowing(struct node *n)
{
	free(n->data);
}

static void load_entry(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct entry_params *p = n->par;

	(void)sc;
	if (strcmp(entry_names[p->model], "38901-mixed") != 0)
		idle(n, d, "high-loss-share", "model=\"38901-mixed\"");
}

static void load_fading(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct fading_params *p = n->par;

	(void)sc;
	if (p->model != FADING_RICIAN)
		idle(n, d, "k-factor", "model=\"rician\"");
	if (p->model != FADING_LOG_NORMAL)
		idle(n, d, "deviation", "model=\"log-normal\"");
}

static const struct place in_city[] = { { "city", 0, 1 } };
static const struct evidence propagation_evidence[] = {
	{ "path loss of log-distance and TR 38.901, LOS probability", "published formulas, computed apart; ns-3's own test vectors",
	  "1e-3 dB" },
	{ "path loss of Okumura-Hata and COST-231", "published formulas, computed apart; ns-3's own test vectors",
	  "1e-3 dB; ns-3: 0.15 dB in suburbs and open land" },
	{ "share of links in line of sight", "TR 38.901 Table 7.4.2-1", "99 % interval of 100,000 links" },
};
static const struct evidence shadowing_evidence[] = {
	{ "variance, autocorrelation from dcor/4 to 4 dcor, correlation between sites", "exp(-d/dcor) and as asked for",
	  "99 % intervals over replications; autocorrelation 0.01 more" },
};
static const struct evidence entry_evidence[] = {
	{ "mean, deviation and quantiles of TR 45.820", "two million draws of an independent program", "99 % interval" },
	{ "wall loss, mean and deviation of TR 38.901", "Tables 7.4.3-1 and -2, computed apart", "1e-4 dB; 99 % interval" },
};
static const struct evidence fading_evidence[] = {
	{ "mean power", "unit mean of Rayleigh and Rice", "99 % interval" },
	{ "distribution of power", "closed forms of exponential, Rice and normal", "Kolmogorov-Smirnov, 99 % level" },
};

const struct model propagation_model = {
	.name = "propagation", .doc = "How signals fade with distance.", .places = TABLE(in_city), .implied = true,
	.par_size = sizeof(struct propagation_params), .params = TABLE(propagation_rows), .evidence = TABLE(propagation_evidence),
	.load = load_propagation, .setup = radio_setup, .finish = radio_finish,
	.example = "model=\"okumura-hata\" environment=\"urban\"",
};
const struct model shadowing_model = {
	.name = "shadowing", .doc = "Obstacles: log-normal, correlated in space and between sites, static per link.",
	.places = TABLE(in_city), .implied = true, .par_size = sizeof(struct shadowing_params), .params = TABLE(shadowing_rows),
	.evidence = TABLE(shadowing_evidence), .load = load_shadowing, .unload = unload_shadowing,
	.example = "deviation=\"8dB\"",
};
const struct model building_entry_model = {
	.name = "building-entry", .doc = "What indoor devices lose to walls.", .places = TABLE(in_city), .implied = true,
	.par_size = sizeof(struct entry_params), .params = TABLE(entry_rows), .evidence = TABLE(entry_evidence),
	.load = load_entry,
};
const struct model fading_model = {
	.name = "fading", .doc = "Fast fading of each frame.", .places = TABLE(in_city), .implied = true,
	.par_size = sizeof(struct fading_params), .params = TABLE(fading_rows), .evidence = TABLE(fading_evidence),
	.load = load_fading,
};
