/* study_rows - private to the pictures of studies: one row a thing, a dot or a bar with its interval. */
#ifndef SIM_OUTPUT_STUDY_ROWS_PRIVATE_H
#define SIM_OUTPUT_STUDY_ROWS_PRIVATE_H

#include "sim/output/study_plot.h"

enum { ROWS_MOST = 60, ROW_LABEL = 96 };

struct picture_row {
	char   label[ROW_LABEL];        /* "": that of the row at the same height stands there */
	double at;                      /* height, downwards */
	double mean, low, high;         /* scaled; bounds NaN: none */
	int    colour;                  /* of picture_colours */
	bool   hollow;                  /* a dot that may be chance */
	char   end[ROW_LABEL];          /* beside the end of a bar */
};

struct picture_rows {
	struct picture_row v[ROWS_MOST];
	size_t n, left_out;
	double depth;                   /* height of all */
	bool bars;                      /* from zero, instead of dots */
	bool share;                     /* in % of something */
	struct scale sc;
	double target;                  /* NaN: none */
	const char *keys[2];            /* what colours 0 and 1 mean; NULL: nothing */
	const char *what;               /* on the axis, before the unit; "" */
};

void picture_rows_of(const struct study_picture *p, struct picture_rows *r);

#endif
