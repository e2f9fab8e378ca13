#include "tests/validation/queueing.h"

#include <math.h>

double erlang_c(double lambda, double service, unsigned c)
{
	double a = lambda * service, blocking = 1;

	for (unsigned k = 1; k <= c; k++)
		blocking = a * blocking / (k + a * blocking);
	return blocking / (1 - a / c * (1 - blocking));
}

double mmc_wait(double lambda, double service, unsigned c)
{
	return erlang_c(lambda, service, c) / (c / service - lambda);
}

double mmc_tail(double lambda, double service, unsigned c, double t)
{
	return erlang_c(lambda, service, c) * exp(-(c / service - lambda) * t);
}

double md1_wait(double lambda, double service)
{
	double rho = lambda * service;

	return rho * service / (2 * (1 - rho));
}

/* The sum alternates: long double keeps nine digits up to 20 services at rho 0.9. */
double md1_tail(double lambda, double service, double t)
{
	long double sum = 0, rate = lambda;

	for (unsigned k = 0; k * service <= t; k++) {
		long double x = rate * ((long double)t - (long double)k * service);
		long double term = expl(x);
		for (unsigned i = 1; i <= k; i++)
			term *= -x / i;
		sum += term;
	}
	return (double)(1 - (1 - rate * service) * sum);
}
