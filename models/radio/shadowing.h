/*
 * shadowing - spatially correlated log-normal shadowing.
 *
 * Two independent Gaussian fields of unit variance with autocorrelation exp(-d / dcor) (TR 38.901 eq. 7.4-5), made on a
 * torus by circulant embedding.  All sites share the first (what is common: the device's surroundings); each looks into
 * the second at a place, turned and mirrored, that its key alone decides.  With inter-site correlation rho a link's
 * shadowing is sqrt(rho) common + sqrt(1 - rho) own.
 *
 * The torus repeats after 64 correlation distances (7 km for 110 m): a city that is larger meets the same obstacles again.
 * Two sites may by chance look at nearly the same part of the field (about one pair in 1,000); on average over replications
 * their correlation is rho.  Devices within one step of the lattice, an eighth of the correlation distance, see the same.
 */
#ifndef MODELS_RADIO_SHADOWING_H
#define MODELS_RADIO_SHADOWING_H

#include "models/city/city.h"

struct shadowing;

/* What all fields are made from, whatever their correlation distance: square roots of the eigenvalues of the circulant covariance.
 * Made once a scenario, since it is half of the work; freed by the caller; NULL when memory is short. */
double *shadowing_spectrum(void);

/* correlation_distance in m; 0: every link is independent, and no spectrum is needed.  rho 0..1.  NULL after sim_fail. */
struct shadowing *shadowing_new(struct sim *s, const double *spectrum, double correlation_distance, double rho);

/* The two parts of a link's standard normal value, between a device at p and a site: what the device has in common with
 * all sites, weighted sqrt(rho), and the link's own, weighted sqrt(1 - rho). */
double shadowing_common(const struct shadowing *sh, struct point p, uint64_t device_key);
double shadowing_own(const struct shadowing *sh, struct point p, uint64_t device_key, uint64_t site_key);

#endif
