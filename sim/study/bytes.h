/*
 * bytes - a growing run of bytes, and a reader of one that trusts nothing.
 *
 * What a job of a farm found out travels as such a run, from a thread or from another rank.  Numbers are little-endian
 * and of fixed width, doubles keep every bit (NaN and its payload too), so that a result is the same wherever it was made.
 * Both sides are sticky: after a failure putters do nothing, and getters give zeros and empty texts; look at `failed` once,
 * at the end.  {0} is a valid, empty run.
 */
#ifndef SIM_STUDY_BYTES_H
#define SIM_STUDY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	unsigned char *v;
	size_t n, cap;
	bool failed; /* memory was short: what is here is not whole */
};

void bytes_free(struct bytes *b); /* and empty it for further use */
void bytes_add(struct bytes *b, const void *v, size_t n);
void bytes_u64(struct bytes *b, uint64_t x);
void bytes_double(struct bytes *b, double x);
void bytes_text(struct bytes *b, const char *text); /* with its length before it and its NUL behind it */

/* Reads [at, end), which belongs to the caller and stays there. */
struct bytes_reader {
	const unsigned char *at, *end;
	bool failed; /* more was asked for than there was, or a text was none */
};

struct bytes_reader bytes_read(const void *v, size_t n);
const unsigned char *bytes_get(struct bytes_reader *r, size_t n); /* the next n as they are; NULL after a failure */
uint64_t bytes_get_u64(struct bytes_reader *r);
double bytes_get_double(struct bytes_reader *r);
const char *bytes_get_text(struct bytes_reader *r); /* within the run */

/* All was there, and nothing was left over. */
bool bytes_whole(const struct bytes_reader *r);

#endif
