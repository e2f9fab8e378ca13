/*
 * The statistics that validation programs judge by.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "tests/validation/validate.h"

struct sample sample_of(const double *x, size_t n)
{
	struct sample s = { (double)n, NAN, NAN };
	double sum = 0, squares = 0;

	if (!n)
		return s;
	for (size_t i = 0; i < n; i++)
		sum += x[i];
	s.mean = sum / s.n;
	for (size_t i = 0; i < n; i++)
		squares += (x[i] - s.mean) * (x[i] - s.mean);
	if (n > 1)
		s.sd = sqrt(squares / (s.n - 1));
	return s;
}

double sample_halfwidth(struct sample s, double level)
{
	if (!(s.n >= 2))
		return NAN;
	return gsl_cdf_tdist_Qinv((1 - level) / 2, s.n - 1) * s.sd / sqrt(s.n);
}

/* Welch, Biometrika 34 (1947): unequal variances, Satterthwaite's degrees of freedom. */
double welch_p(struct sample a, struct sample b)
{
	double va = a.sd * a.sd / a.n, vb = b.sd * b.sd / b.n, df;

	if (!(a.n >= 2 && b.n >= 2) || isnan(va + vb))
		return NAN;
	if (va + vb <= 0)
		return a.mean == b.mean ? 1 : 0;
	df = (va + vb) * (va + vb) / (va * va / (a.n - 1) + vb * vb / (b.n - 1));
	return 2 * gsl_cdf_tdist_Q(fabs(a.mean - b.mean) / sqrt(va + vb), df);
}

struct ranked {
	double p;
	size_t i;
};

static int by_p(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->p != y->p)
		return x->p < y->p ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

/* Holm, Scand. J. Statist. 6 (1979).  A p-value that is not a number is no evidence of agreement: it counts as 0. */
size_t holm(const double *p, size_t n, double alpha, bool *reject)
{
	struct ranked *r = calloc(n + 1, sizeof *r);
	size_t fallen = 0;

	for (size_t i = 0; i < n; i++)
		reject[i] = !r;
	for (size_t i = 0; r && i < n; i++)
		r[i] = (struct ranked){ isnan(p[i]) ? 0 : p[i], i };
	if (r)
		qsort(r, n, sizeof *r, by_p);
	for (; r && fallen < n && r[fallen].p <= alpha / (double)(n - fallen); fallen++)
		reject[r[fallen].i] = true;
	free(r);
	return fallen;
}

bool welch_add(struct welch_family *f, const char *what, const char *source, struct sample expected, struct sample measured)
{
	if (f->n == f->cap) {
		size_t cap = f->cap ? 2 * f->cap : 32;
		struct welch_row *grown = realloc(f->row, cap * sizeof *grown);
		if (!grown)
			return false;
		f->row = grown;
		f->cap = cap;
	}
	struct welch_row *r = &f->row[f->n++];
	snprintf(r->what, sizeof r->what, "%s", what);
	snprintf(r->source, sizeof r->source, "%s", source);
	r->expected = expected;
	r->measured = measured;
	return true;
}

void welch_judge(struct valid *v, struct welch_family *f, double alpha)
{
	double *p = calloc(f->n + 1, sizeof *p);
	bool *reject = calloc(f->n + 1, sizeof *reject);

	for (size_t i = 0; p && i < f->n; i++)
		p[i] = welch_p(f->row[i].expected, f->row[i].measured);
	if (p && reject)
		holm(p, f->n, alpha, reject);
	for (size_t i = 0; i < f->n; i++) {
		const struct welch_row *r = &f->row[i];
		double se = sqrt(r->expected.sd * r->expected.sd / r->expected.n +
				 r->measured.sd * r->measured.sd / r->measured.n);
		char why[160];
		valid_text(why, sizeof why,
			   "Welch p = %.3g, n = %g and %g; Holm at %g over %zu rows; tolerance: 2.58 standard errors",
			   p ? p[i] : NAN, r->expected.n, r->measured.n, alpha, f->n);
		valid_verdict(v, r->what, r->source, r->expected.mean, r->measured.mean, 2.58 * se,
			      p && reject && !reject[i], why);
	}
	free(p);
	free(reject);
	free(f->row);
	*f = (struct welch_family){ 0 };
}
