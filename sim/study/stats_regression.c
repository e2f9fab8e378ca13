/*
 * Standardised regression coefficients by Householder's QR of the standardised columns.
 */
#include <stdlib.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>

#include "sim/study/stats_private.h"

/* A column whose part that the others do not explain is smaller than so much of it says nothing of its own. */
static const double collinear = 1e-9;

static bool whole(const double *x, const double *y, size_t k, size_t row)
{
	bool good = !isnan(y[row]);

	for (size_t j = 0; j < k && good; j++)
		good = !isnan(x[row * k + j]);
	return good;
}

/* To mean 0 and variance 1 over n.  false: it is constant. */
static bool standardise(double *x, size_t n, size_t stride)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < n; i++)
		tally_add(&t, x[i * stride]);
	double variance = t.m2 / (double)n;
	if (!(variance > STATS_DUST * (t.mean * t.mean + variance)))
		return false;
	for (size_t i = 0; i < n; i++)
		x[i * stride] = (x[i * stride] - t.mean) / sqrt(variance);
	return true;
}

/* The columns as Q and R in place; false: singular.  Each has length sqrt(n), and the diagonal of R is what of that the columns
 * before it leave. */
static bool factorise(gsl_matrix *x, gsl_vector *tau)
{
	gsl_linalg_QR_decomp(x, tau);
	for (size_t j = 0; j < x->size2; j++)
		if (!(fabs(gsl_matrix_get(x, j, j)) > collinear * sqrt((double)x->size1)))
			return false;
	return true;
}

/* y becomes Q' y: its first k are the coefficients' right side, the rest is what they do not explain. */
static void solve(gsl_matrix *x, gsl_vector *tau, gsl_vector *y, double level, struct interval *out, double *r2)
{
	size_t n = x->size1, k = x->size2;
	double df = (double)(n - k - 1), left = 0, quantile = gsl_cdf_tdist_Pinv((1 + level) / 2, df);
	gsl_matrix_view r = gsl_matrix_submatrix(x, 0, 0, k, k);
	gsl_vector_view b = gsl_vector_subvector(y, 0, k);

	gsl_linalg_QR_QTvec(x, tau, y);
	for (size_t i = k; i < n; i++)
		left += gsl_vector_get(y, i) * gsl_vector_get(y, i);
	gsl_blas_dtrsv(CblasUpper, CblasNoTrans, CblasNonUnit, &r.matrix, &b.vector);
	gsl_linalg_tri_invert(CblasUpper, CblasNonUnit, &r.matrix);
	for (size_t j = 0; j < k; j++) {
		double square = 0, mean = gsl_vector_get(&b.vector, j); /* square: the diagonal of (R' R)^-1 */
		for (size_t i = j; i < k; i++)
			square += gsl_matrix_get(&r.matrix, j, i) * gsl_matrix_get(&r.matrix, j, i);
		double half = quantile * sqrt(left / df * square);
		out[j] = (struct interval){ mean, mean - half, mean + half, n };
	}
	*r2 = 1 - left / (double)n;
}

int regression(const double *x, const double *y, size_t n, size_t k, double level, struct interval *out, double *r2)
{
	double *own = malloc((n * (k + 1) + k + 1) * sizeof *own);
	size_t m = 0;
	int status = -1;

	stats_check_level(level);
	for (size_t i = 0; own && i < n; i++) {
		if (!whole(x, y, k, i))
			continue;
		for (size_t j = 0; j < k; j++)
			own[m * k + j] = x[i * k + j];
		own[n * k + m++] = y[i];
	}
	if (!own || k == 0 || m < k + 2)
		goto out;
	gsl_matrix_view columns = gsl_matrix_view_array(own, m, k);
	gsl_vector_view right = gsl_vector_view_array(own + n * k, m), tau = gsl_vector_view_array(own + n * (k + 1), k);
	for (size_t j = 0; j < k; j++)
		if (!standardise(own + j, m, k))
			goto out;
	if (!factorise(&columns.matrix, &tau.vector))
		goto out;
	status = 0;
	*r2 = NAN;
	for (size_t j = 0; j < k; j++)
		out[j] = (struct interval){ NAN, NAN, NAN, m };
	if (standardise(own + n * k, m, 1))
		solve(&columns.matrix, &tau.vector, &right.vector, level, out, r2);
out:
	free(own);
	return status;
}
