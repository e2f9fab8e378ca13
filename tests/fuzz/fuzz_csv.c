/* The reader of CSV files: every cell of what it takes can be asked for, as text and as a number. */
#include <math.h>
#include <stdlib.h>

#include "sim/scenario/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag *d = diag_new();
	struct csv *c = d ? csv_parse((const char *)data, size, "fuzz.csv", d) : NULL;

	if (d && !c && diag_errors(d) == 0)
		abort();
	for (size_t row = 0; c && row < csv_rows(c); row++)
		for (int column = 0; column < 2; column++) {
			double x = 0;
			int at = csv_column(c, column ? "y" : "x");
			if (at < 0)
				continue;
			if (!csv_text(c, row, at) || csv_line(c, row) < 2)
				abort();
			if (csv_number(c, row, at, -1e6, 1e6, &x, d) && !(fabs(x) <= 1e6))
				abort();
		}
	csv_free(c);
	diag_free(d);
	return 0;
}
