/*
 * money - present values: what later payments are worth at the start.
 *
 * A payment after t years is worth (1 + rate)^-t.  rate 0: as much as it is.
 */
#ifndef MODELS_SERVICE_MONEY_H
#define MODELS_SERVICE_MONEY_H

#define MONEY_YEAR (365.25 * 86400)     /* s */

/* 1 at the end of every year for so many years (of a part of a year, as much of it as closed form gives). */
double money_annuity(double rate, double years);
/* 1 after every, 2 every, 3 every ... years, as long as that lies before `years`. */
double money_repeats(double rate, double every, double years);
/* The same within each lifetime, as long as that lasts: at its end all begins anew and nothing is replaced. */
double money_repeats_within(double rate, double every, double lifetime, double years);

extern const struct model economy_model;

#endif
