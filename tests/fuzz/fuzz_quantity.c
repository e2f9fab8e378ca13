/* Quantities and instants: the first byte says which dimension, the rest is the text.  What parses must come back the same
 * when it is written and read again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static double as_real(enum dimension dim, union quantity q)
{
	if (dim == DIM_TIME)
		return (double)q.time;
	return dim == DIM_COUNT || dim == DIM_BYTES ? (double)q.count : q.real;
}

static void parse(enum dimension dim, const char *text)
{
	union quantity q, again;
	const char *why = NULL;
	char buf[128];

	if (!quantity_parse(dim, text, &q, &why)) {
		if (!why || !*why)
			abort();
		return;
	}
	double x = as_real(dim, q);
	if (!isfinite(x))
		abort();
	quantity_format(dim, q, buf, sizeof buf);
	if (!quantity_parse(dim, buf, &again, NULL))
		abort();
	if (!(fabs(as_real(dim, again) - x) <= 1e-9 * fabs(x)))
		abort();
	if ((dim == DIM_TIME && again.time != q.time) || ((dim == DIM_COUNT || dim == DIM_BYTES) && again.count != q.count))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t seconds;
	char *text;

	if (size == 0 || !(text = malloc(size)))
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	parse((enum dimension)(data[0] % DIM_N), text);
	if (quantity_instant(text, &seconds)) {
		char buf[64];
		int64_t again;
		quantity_instant_format(seconds, buf, sizeof buf);
		if (!quantity_instant(buf, &again) || again != seconds)
			abort();
	}
	free(text);
	return 0;
}
