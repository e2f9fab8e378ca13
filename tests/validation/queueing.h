/*
 * queueing - closed forms of single-station queues with Poisson arrivals: rate lambda, mean service time, c servers.
 */
#ifndef TESTS_VALIDATION_QUEUEING_H
#define TESTS_VALIDATION_QUEUEING_H

/* Erlang C: chance that an M/M/c arrival waits. */
double erlang_c(double lambda, double service, unsigned c);
double mmc_wait(double lambda, double service, unsigned c);             /* mean waiting time */
double mmc_tail(double lambda, double service, unsigned c, double t);   /* P(W > t) */
double md1_wait(double lambda, double service);
double md1_tail(double lambda, double service, double t);               /* Erlang 1909; t up to 20 services */

#endif
