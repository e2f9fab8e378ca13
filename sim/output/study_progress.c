/* How far a study has come: drawn over on a terminal, one line a minute elsewhere. */
#include <math.h>
#include <stdlib.h>

#include "sim/output/study_output.h"
#include "sim/output/text.h"

struct study_progress { FILE *f; bool terminal, drawn; double shown; };

struct study_progress *study_progress_new(FILE *f, bool terminal)
{
	struct study_progress *p = calloc(1, sizeof *p);

	if (p)
		*p = (struct study_progress){ .f = f, .terminal = terminal, .shown = terminal ? -1 : 0 };
	return p;
}

/* Replications still to come, as far as they are known to be needed. */
static double rest_of(const struct runner_progress *s)
{
	return s->planned > s->done ? (double)(s->planned - s->done) : 0;
}

void study_progress_show(void *progress, const struct runner_progress *s)
{
	struct study_progress *p = progress;
	char left[SHOWN] = "", rate[SHOWN], precision[64] = "", failed[64] = "";
	double interval = p->terminal ? 0.1 : 60;

	if (s->elapsed_s < p->shown + interval)
		return;
	p->shown = s->elapsed_s;
	double per_s = s->elapsed_s > 0 ? (double)s->ran / s->elapsed_s : 0;
	if (s->elapsed_s > 1 && s->ran > 0 && rest_of(s) > 0) {
		double rest = rest_of(s) / per_s;
		show_seconds(left, rest < 10 ? ceil(rest) : round(rest), &plain_style);
	}
	show_number(rate, per_s, per_s < 10 ? 1 : 0, &plain_style);
	if (!isnan(s->precision))
		snprintf(precision, sizeof precision, ", worst precision %.2g %%", 100 * s->precision);
	if (s->failed)
		snprintf(failed, sizeof failed, ", %llu failed", (unsigned long long)s->failed);
	fprintf(p->f, "%s%zu of %zu points, %llu of %llu replications, %s/s%s%s%s%s%s", p->terminal ? "\r" : "",
		s->points_done, s->points, (unsigned long long)s->done, (unsigned long long)s->planned, rate, precision,
		failed, *left ? ", " : "", left, *left ? " left" : "");
	fputs(p->terminal ? "\033[K" : "\n", p->f);
	p->drawn = true;
	fflush(p->f);
}

void study_progress_free(struct study_progress *p)
{
	if (!p)
		return;
	if (p->terminal && p->drawn)
		fputs("\r\033[K", p->f);
	fflush(p->f);
	free(p);
}
