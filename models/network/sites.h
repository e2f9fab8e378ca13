/*
 * sites - where the sites of an access network stand: rows of a CSV file, for gateways and base stations alike.
 *
 * Read once while loading, immutable, shared by all replications.
 */
#ifndef MODELS_NETWORK_SITES_H
#define MODELS_NETWORK_SITES_H

#include "models/city/city.h"

/* number: of the row in the file, from 0: a site keeps its name and its streams whichever others are used. */
struct site_row { struct position at; double height, gain, azimuth; const char *name; size_t number; unsigned sectors; };
struct site_file { size_t n; struct site_row *row; struct csv *csv; };

/* What an element asks of its file, and what holds where a column is missing. */
struct site_request {
	const char *file, *sites;       /* the attributes of these names; NULL: not given */
	const char *what;               /* a site is called: "gateway" */
	double   height, gain;          /* m, dB */
	unsigned sectors;               /* 0: the technology has none, and their columns are not read */
	double   azimuth;               /* degrees from north, clockwise: of the first sector */
	bool     from_file;             /* placement="file" */
};

/* For a load hook: into n->data, NULL where no file is asked for.  Diagnostics say what is wrong. */
void site_file_load(const struct scenario *sc, struct node *n, const struct site_request *q, struct diag *d);
void site_file_unload(struct node *n);

#endif
