/* One line on a terminal, redrawn. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "sim/output/output.h"

struct progress { FILE *f; struct timespec begun; double shown; };

static double elapsed(const struct progress *p)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - p->begun.tv_sec) + 1e-9 * (double)(now.tv_nsec - p->begun.tv_nsec);
}

struct progress *progress_new(FILE *terminal)
{
	if (!terminal || !isatty(fileno(terminal)))
		return NULL;
	struct progress *p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	p->f = terminal;
	clock_gettime(CLOCK_MONOTONIC, &p->begun);
	p->shown = -1;
	return p;
}

void progress_show(void *progress, const struct outcome *o, size_t done, size_t n, double share)
{
	struct progress *p = progress;
	double part = n ? ((double)done + share) / (double)n : 1;

	(void)o;
	if (!p)
		return;
	double t = elapsed(p);
	if (p->shown >= 0 && t - p->shown < 0.1 && done < n)
		return;
	p->shown = t;
	fprintf(p->f, "\r\033[K%zu of %zu replications, %.0f %%", done, n, 100 * part);
	if (part > 0.01 && done < n)
		fprintf(p->f, ", %.0f s left", t / part - t);
	if (done == n)
		fputs("\r\033[K", p->f);
	fflush(p->f);
}

void progress_free(struct progress *p)
{
	if (p) {
		fputs("\r\033[K", p->f);
		fflush(p->f);
	}
	free(p);
}
