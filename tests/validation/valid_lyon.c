/*
 * Lyon: delivery of four fixed links by spreading factor and power.  Contains data from The LR-FHSS frames dataset
 * (CampusIoT, INSA Lyon/Inria), ODbL-1.0; read from the data folder, not part of this repository.
 *
 * Per link two parameters are fitted, the mean loss (no less than free space) and its deviation in time (20 dB at most); the simulator then runs every spreading
 * factor, bandwidth and power with them (log-normal fading of each frame).  Left out: SF12 at 2 dBm of the 600 m link, a
 * counter reset by the campaign's own notes.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/radio/lora.h"
#include "models/radio/pathloss.h"
#include "sim/scenario/csv.h"
#include "tests/validation/validate.h"

static const char source[] = "LR-FHSS frames dataset, static devices, Lyon 2024";
enum { ROWS_MAX = 32 };
static const double HZ = 868.1e6, DEVIATION_MAX = 20;  /* of the scenario's channel; of <fading> */

struct row { unsigned sf; double bw, dbm, pdr; };
struct link { double distance; struct row row[ROWS_MAX]; size_t n; };

/* Chance that a frame exceeds the gateway's sensitivity. */
static double model(const struct row *r, double loss, double deviation)
{
	return gsl_cdf_ugaussian_P((r->dbm - loss - lora_gateway_sensitivity_dbm(r->sf, r->bw)) / deviation);
}

static double squares(const gsl_vector *x, void *ctx)
{
	const struct link *l = ctx;
	double sum = 0, loss = gsl_vector_get(x, 0), deviation = exp(gsl_vector_get(x, 1));
	double least = free_space_db(l->distance, HZ);

	/* a link that loses next to nothing does not tell its two parameters: keep to what can be */
	if (loss < least || deviation > DEVIATION_MAX)
		return 1e3 * (1 + fmax(least - loss, 0) + fmax(deviation - DEVIATION_MAX, 0));
	for (size_t i = 0; i < l->n; i++) {
		double e = model(&l->row[i], loss, deviation) - l->row[i].pdr;
		sum += e * e;
	}
	return sum;
}

static bool fit(struct link *l, double *loss, double *deviation)
{
	gsl_multimin_function f = { squares, 2, l };
	gsl_multimin_fminimizer *m = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
	gsl_vector *x = gsl_vector_alloc(2), *step = gsl_vector_alloc(2);

	if (!m || !x || !step)
		return false;
	gsl_vector_set(x, 0, 140);
	gsl_vector_set(x, 1, log(8));
	gsl_vector_set(step, 0, 5);
	gsl_vector_set(step, 1, 0.5);
	gsl_multimin_fminimizer_set(m, &f, x, step);
	for (int i = 0; i < 500 && gsl_multimin_fminimizer_iterate(m) == 0 && gsl_multimin_fminimizer_size(m) > 1e-6; i++)
		;
	*loss = gsl_vector_get(m->x, 0);
	*deviation = exp(gsl_vector_get(m->x, 1));
	gsl_multimin_fminimizer_free(m);
	gsl_vector_free(x);
	gsl_vector_free(step);
	return true;
}

static double simulated(const struct row *r, double loss, double deviation, const char *duration)
{
	char l[32], s[32], sf[8], p[16];
	struct valid_run run;
	double ratio = NAN;
	bool wide = r->bw > 125e3; /* EU868's DR6 */
	const struct setting sets[] = {
		{ "city/propagation/@reference-loss", valid_text(l, sizeof l, "%.4fdB", loss) },
		{ "city/fading/@deviation", valid_text(s, sizeof s, "%.4fdB", deviation) },
		{ "lorawan/@spreading-factor", valid_text(sf, sizeof sf, "%u", r->sf) },
		{ "lorawan/@power", valid_text(p, sizeof p, "%gdBm", r->dbm) },
		{ "run/@duration", duration },
		{ "lorawan/channel/@min-data-rate", wide ? "6" : "0" },
		{ "lorawan/channel/@max-data-rate", wide ? "6" : "5" },
	};

	if (valid_scenario(&run, "scenarios/validation/fixed-link.xml", sets, sizeof sets / sizeof sets[0], 1, 1))
		ratio = valid_kpi_of(&run, 0, "connectivity.frame-ratio", "all");
	valid_run_free(&run);
	return ratio;
}

static void judge(struct valid *v, struct link *l, double *sum, size_t *n)
{
	double loss, deviation, here = 0;
	char what[96];

	if (!fit(l, &loss, &deviation)) {
		valid_verdict(v, "fit", source, NAN, NAN, NAN, false, "out of memory");
		return;
	}
	for (size_t i = 0; i < l->n; i++) {
		double e = simulated(&l->row[i], loss, deviation, v->quick ? "20h" : "100h") - l->row[i].pdr;
		here += e * e;
	}
	valid_report(v, valid_text(what, sizeof what, "%.0f m: mean loss, dB", l->distance), "fitted", NAN, loss,
		     "first parameter");
	valid_report(v, valid_text(what, sizeof what, "%.0f m: deviation in time, dB", l->distance), "fitted", NAN,
		     deviation, "second parameter");
	valid_report(v, valid_text(what, sizeof what, "%.0f m: RMSE over SF x power", l->distance), source, 0,
		     sqrt(here / (double)l->n), "of this link alone");
	*sum += here;
	*n += l->n;
}

static size_t read_links(const char *path, struct link *link, size_t most, struct diag *d)
{
	struct csv *c = csv_read(path, NULL, d);
	size_t n = 0;

	int distance = c ? csv_require(c, "distance_m", d) : -1, sf = c ? csv_require(c, "sf", d) : -1;
	int dbm = c ? csv_require(c, "tx_dbm", d) : -1, pdr = c ? csv_require(c, "pdr", d) : -1;
	for (size_t i = 0; diag_errors(d) == 0 && i < csv_rows(c); i++) {
		double m = 0, p = 0, ratio = 0;
		csv_number(c, i, distance, 1, 1e5, &m, d);
		csv_number(c, i, dbm, -20, 30, &p, d);
		csv_number(c, i, pdr, 0, 1.1, &ratio, d);
		unsigned s = (unsigned)strtoul(csv_text(c, i, sf), NULL, 10);
		if (m == 600 && s == 12 && p == 2)
			continue;
		size_t k = 0;
		while (k < n && link[k].distance != m)
			k++;
		if (k == most || (k < n && link[k].n == ROWS_MAX))
			continue;
		if (k == n)
			link[n++] = (struct link){ .distance = m };
		link[k].row[link[k].n++] =
			(struct row){ s, strstr(csv_text(c, i, sf), "@250kHz") ? 250e3 : 125e3, p, fmin(ratio, 1) };
	}
	csv_free(c);
	return n;
}

int main(void)
{
	struct valid v = valid_begin("Lyon fixed links");
	char path[4096];
	struct link link[8];
	struct diag *d = diag_new();
	double sum = 0;
	size_t n = 0;

	if (!valid_data(path, sizeof path, "lorawan_lyon/static_pdr.csv")) {
		valid_skip(&v, "delivery of four links, RMSE", source, "the data are not here (SCCSIM_DATA)");
		diag_free(d);
		return valid_end(&v);
	}
	size_t links = d ? read_links(path, link, 8, d) : 0;
	for (size_t i = 0; i < links; i++)
		judge(&v, &link[i], &sum, &n);
	valid_between(&v, "RMSE over links, spreading factors and powers", source, 0, 0.10, n ? sqrt(sum / (double)n) : NAN,
		      "the bound set for this campaign; two parameters a link");
	if (d)
		diag_print(d, stderr);
	diag_free(d);
	return valid_end(&v);
}
