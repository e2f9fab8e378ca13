/* One line on a terminal, drawn again ten times a second at most. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "sim/output/output.h"
#include "sim/output/text.h"

struct progress { FILE *f; struct timespec start; double shown; };

static double since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

struct progress *progress_new(FILE *terminal)
{
	struct progress *p = isatty(fileno(terminal)) ? calloc(1, sizeof *p) : NULL;

	if (p) {
		p->f = terminal;
		p->shown = -1;
		clock_gettime(CLOCK_MONOTONIC, &p->start);
	}
	return p;
}

void progress_show(void *progress, const struct outcome *o, size_t done, size_t n, double share)
{
	enum { BAR = 30 };
	struct progress *p = progress;
	double part = n ? ((double)done + share) / (double)n : 0;
	char left[SHOWN] = "", bar[BAR + 1];

	(void)o;
	if (!p)
		return;
	double now = since(&p->start);
	if (now < p->shown + 0.1 && done < n)
		return;
	p->shown = now;
	for (int i = 0; i < BAR; i++)
		bar[i] = (i + 0.5) / BAR < part ? '#' : '.';
	bar[BAR] = '\0';
	/* The first moments tell nothing about the rest. */
	if (now > 1 && part > 0.01 && part < 1) {
		double rest = now / part * (1 - part);
		show_seconds(left, rest < 10 ? rest + 0.5 - (rest - (int)rest) : (double)(long)(rest + 0.5), &plain_style);
	}
	fprintf(p->f, "\r%zu of %zu replications [%s] %3.0f %%%s%s%s\033[K", done, n, bar, 100 * part, *left ? ", " : "",
		left, *left ? " left" : "");
	fflush(p->f);
}

void progress_free(struct progress *p)
{
	if (!p)
		return;
	fputs("\r\033[K", p->f);
	fflush(p->f);
	free(p);
}
