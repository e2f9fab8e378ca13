#include "tests/validation/validate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/models.h"

struct valid valid_begin(const char *topic)
{
	const char *quick = getenv("VALIDATE_QUICK");

	return (struct valid){ .topic = topic, .quick = quick && *quick && strcmp(quick, "0") != 0 };
}

int valid_end(struct valid *v)
{
	fflush(stdout);
	return v->failed || ferror(stdout) ? 1 : 0;
}

static void number(double x)
{
	if (isnan(x))
		fputs("\t", stdout);
	else
		printf("\t%.7g", x);
}

static void row(const struct valid *v, const char *what, const char *source, const char *expected, double measured,
		double tolerance, const char *verdict, const char *why)
{
	printf("%s\t%s\t%s\t%s", v->topic, what, source, expected);
	number(measured);
	number(tolerance);
	printf("\t%s\t%s\n", verdict, why);
	fflush(stdout);
}

static const char *as_text(char buf[32], double x)
{
	if (isnan(x))
		return "";
	snprintf(buf, 32, "%.7g", x);
	return buf;
}

void valid_verdict(struct valid *v, const char *what, const char *source, double expected, double measured,
		   double tolerance, bool passed, const char *why)
{
	char buf[32];

	*(passed ? &v->passed : &v->failed) += 1;
	row(v, what, source, as_text(buf, expected), measured, tolerance, passed ? "passed" : "failed", why);
}

void valid_near(struct valid *v, const char *what, const char *source, double expected, double measured, double tolerance,
		const char *why)
{
	valid_verdict(v, what, source, expected, measured, tolerance, fabs(measured - expected) <= tolerance, why);
}

void valid_between(struct valid *v, const char *what, const char *source, double low, double high, double measured,
		   const char *why)
{
	bool passed = measured >= low && measured <= high;
	char buf[80];

	*(passed ? &v->passed : &v->failed) += 1;
	row(v, what, source, valid_text(buf, sizeof buf, "%.7g .. %.7g", low, high), measured, NAN,
	    passed ? "passed" : "failed", why);
}

void valid_skip(struct valid *v, const char *what, const char *source, const char *why)
{
	v->skipped++;
	row(v, what, source, "", NAN, NAN, "skipped", why);
}

void valid_report(struct valid *v, const char *what, const char *source, double expected, double measured, const char *note)
{
	char buf[32];

	v->reported++;
	row(v, what, source, as_text(buf, expected), measured, NAN, "reported", note);
}

uint64_t valid_reps(const struct valid *v, uint64_t full, uint64_t quick)
{
	return v->quick ? quick : full;
}

const char *valid_text(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return buf;
}

void valid_mean(struct valid *v, const char *what, const char *source, double expected, struct sample s, double level,
		const char *why)
{
	valid_near(v, what, source, expected, s.mean, sample_halfwidth(s, level), why);
}

bool valid_scenario_with(struct valid_run *r, const struct model_table *table, const char *path, const struct setting *sets,
			 size_t n_sets, uint64_t seed, uint64_t reps)
{
	struct diag *d = diag_new();
	struct run_options opt = { .replications = reps, .seed_given = true, .seed = seed };
	bool good = false;

	*r = (struct valid_run){ 0 };
	if (!d)
		goto out;
	r->sc = scenario_load(path, table, "scenarios/lib", sets, n_sets, d);
	if (!r->sc) {
		diag_print(d, stderr);
		goto out;
	}
	r->o = outcome_run(r->sc, &opt);
	good = r->o && r->o->n_done == r->o->n_reps && !r->o->audit_failed;
	for (size_t i = 0; r->o && i < r->o->n_reps; i++) {
		const struct replication *rep = &r->o->reps[i];
		if (rep->status)
			fprintf(stderr, "%s: replication %zu: %s\n", path, i, rep->failure);
		else if (r->o->audit_failed && rep->imbalance_account)
			fprintf(stderr, "%s: replication %zu: %s is out by %g\n", path, i, rep->imbalance_account,
				rep->imbalance);
	}
out:
	diag_free(d);
	return good;
}

bool valid_scenario(struct valid_run *r, const char *path, const struct setting *sets, size_t n_sets, uint64_t seed,
		    uint64_t reps)
{
	return valid_scenario_with(r, &sccsim_models, path, sets, n_sets, seed, reps);
}

void valid_run_free(struct valid_run *r)
{
	outcome_free(r->o);
	scenario_free(r->sc);
	*r = (struct valid_run){ 0 };
}

bool valid_setup(struct valid_sim *w, const char *path, const struct setting *sets, size_t n_sets, uint64_t seed,
		 uint64_t replication)
{
	struct diag *d = diag_new();

	*w = (struct valid_sim){ 0 };
	if (!d)
		return false;
	w->sc = scenario_load(path, &sccsim_models, "scenarios/lib", sets, n_sets, d);
	if (!w->sc)
		diag_print(d, stderr);
	diag_free(d);
	w->report = report_new();
	if (!w->sc || !w->report)
		return false;
	w->sim = sim_new(seed, replication, w->sc->run.warm_up, w->sc->run.duration, w->report);
	for (size_t i = 0; w->sim && i < sccsim_models.n && w->sim->status == SIM_OK; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(w->sim, w->sc);
	return w->sim && w->sim->status == SIM_OK;
}

void valid_sim_free(struct valid_sim *w)
{
	sim_free(w->sim);
	report_free(w->report);
	scenario_free(w->sc);
	*w = (struct valid_sim){ 0 };
}

double valid_kpi_of(const struct valid_run *r, size_t replication, const char *kpi, const char *group)
{
	const struct report *rep = r->o->reps[replication].report;

	for (size_t k = 0; rep && k < rep->n_kpis; k++)
		if (!strcmp(rep->kpis[k].def->name, kpi) && !strcmp(rep->kpis[k].group, group ? group : "all"))
			return rep->kpis[k].value;
	return NAN;
}

static double curve_of(const struct report *rep, const char *curve, const char *group, double x)
{
	for (size_t k = 0; rep && k < rep->n_curves; k++) {
		const struct curve_row *c = &rep->curves[k];
		if (!strcmp(c->def->name, curve) && !strcmp(c->group, group ? group : "all") &&
		    fabs(c->x - x) <= 1e-9 * fabs(x))
			return c->y;
	}
	return NAN;
}

/* The values of f over the replications that have one. */
struct sample valid_kpi(const struct valid_run *r, const char *kpi, const char *group)
{
	double *x = calloc(r->o->n_reps + 1, sizeof *x);
	struct sample s = { 0, NAN, NAN };
	size_t n = 0;

	for (size_t i = 0; x && i < r->o->n_reps; i++) {
		double value = valid_kpi_of(r, i, kpi, group);
		if (!isnan(value))
			x[n++] = value;
	}
	if (x)
		s = sample_of(x, n);
	free(x);
	return s;
}

struct sample valid_curve(const struct valid_run *r, const char *curve, const char *group, double at)
{
	double *x = calloc(r->o->n_reps + 1, sizeof *x);
	struct sample s = { 0, NAN, NAN };
	size_t n = 0;

	for (size_t i = 0; x && i < r->o->n_reps; i++) {
		double value = curve_of(r->o->reps[i].report, curve, group, at);
		if (!isnan(value))
			x[n++] = value;
	}
	if (x)
		s = sample_of(x, n);
	free(x);
	return s;
}

const char *valid_data(char *buf, size_t size, const char *name)
{
	const char *dir = getenv("SCCSIM_DATA");
	int n = snprintf(buf, size, "%s/%s", dir && *dir ? dir : "../shared/data", name);

	return n > 0 && (size_t)n < size && access(buf, R_OK) == 0 ? buf : NULL;
}
