#include "models/service/money.h"

#include <math.h>

double money_annuity(double rate, double years)
{
	return rate > 0 ? -expm1(-years * log1p(rate)) / rate : years;
}

/* How many multiples of `every` lie before `years`; one a hair before it is at it. */
static double times_before(double every, double years)
{
	return every > 0 && years > 0 ? fmax(ceil(years / every * (1 - 1e-12)) - 1, 0) : 0;
}

double money_repeats(double rate, double every, double years)
{
	double n = times_before(every, years), step = every * log1p(rate);

	if (n == 0)
		return 0;
	/* v + v^2 + ... + v^n with v = (1 + rate)^-every */
	return step > 0 ? exp(-step) * expm1(-n * step) / expm1(-step) : n;
}

double money_repeats_within(double rate, double every, double lifetime, double years)
{
	double lives = times_before(lifetime, years), whole, rest, begin = lives > 0 ? lives * lifetime : 0;

	rest = money_repeats(rate, every, years - begin) * exp(-begin * log1p(rate));
	if (lives == 0)
		return rest;
	whole = money_repeats(rate, every, lifetime);
	return whole * (1 + money_repeats(rate, lifetime, begin)) + rest;
}
