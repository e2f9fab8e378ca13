/* html_private - what the files that write the page share. */
#ifndef SIM_OUTPUT_HTML_PRIVATE_H
#define SIM_OUTPUT_HTML_PRIVATE_H

#include "sim/output/pieces.h"
#include "sim/output/text.h"

struct page {
	FILE                 *f;
	const struct view    *v;
	const struct figures *all;
	const char           *plots;    /* folder of the pictures */
	unsigned              shown;    /* pictures so far: each has ids of its own */
};

extern const char page_css[];

/* <name>text</name>, escaped; attributes (may be NULL) as they are. */
void put_tag(FILE *f, const char *name, const char *attributes, const char *text);
void put_heading(FILE *f, const char *id, const char *text);

/* The picture itself within the page; where gnuplot did not draw it, a line that says so. */
void put_figure(struct page *p, const struct figure *g);
bool figure_is(const struct figure *g, const char *kpi);        /* the groups of that KPI */

/* Parts of the page, each with its heading; what has nothing to say is left out. */
void page_kpis(struct page *p);
void page_losses(struct page *p);
void page_audit(struct page *p);
void page_findings(struct page *p);
void page_values(struct page *p);
void page_models(struct page *p);
void page_method(struct page *p);
void page_run(struct page *p);

#endif
