/* Figures of a run on its page: what their intervals are, and which are worth a sentence only. */
#include <string.h>

#include "sim/output/html_private.h"

void put_figure(struct run_page *p, const struct figure *g)
{
	const struct view *v = p->v;
	bool empty = g->chart && chart_is_empty(v, g->chart);
	const char *drawn = g->chart && !empty                             ? chart_intervals(v, g->chart)
			    : g->kind == FIGURE_GROUPS && v->o->n_done > 1 ? "strokes"
									   : NULL;
	char note[160] = "";

	if (empty) {
		fputs("<figure>", p->f);
		put_tag(p->f, "b", NULL, g->title);
		fputs(": zero throughout.", p->f);
		put_caption(p->f, g->caption, NULL);
		fputs("</figure>\n", p->f);
		return;
	}
	if (drawn)
		snprintf(note, sizeof note, "Mean over the replications; %s: %.4g\u202f%% interval.", drawn,
			 100 * v->o->confidence);
	put_picture(&p->page, &p->all->pictures[g - p->all->v], drawn ? note : NULL);
}

bool figure_is(const struct figure *g, const char *kpi)
{
	return g->kind == FIGURE_GROUPS && strcmp(g->kpi->name, kpi) == 0;
}
