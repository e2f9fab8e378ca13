/* html_private - what the files that write the page of a run share. */
#ifndef SIM_OUTPUT_HTML_PRIVATE_H
#define SIM_OUTPUT_HTML_PRIVATE_H

#include "sim/output/page.h"
#include "sim/output/pieces.h"
#include "sim/output/text.h"

struct run_page {
	FILE                 *f;        /* that of the page */
	const struct view    *v;
	const struct figures *all;
	struct page           page;
};

/* Its picture, or the sentence that there is nothing to see. */
void put_figure(struct run_page *p, const struct figure *g);
/* A figure and those that follow it of the same section or flow (a flow by group), folded; how many. */
size_t put_section(struct run_page *p, const struct figure *g);
bool figure_is(const struct figure *g, const char *kpi);        /* the groups of that KPI */

/* The headings under which sections stand that name one, in order; how many. */
enum { PAGES_MOST = 8 };
struct page_name { char id[64], text[64]; };
size_t page_names(const struct run_page *p, struct page_name *names);

/* Parts of the page, each with its heading; what has nothing to say is left out. */
void page_pages(struct run_page *p);
void page_summary(struct run_page *p, const char *page);        /* the KPIs of its name */
void page_phases(struct run_page *p, const char *page);         /* KPIs before, during and after a crisis, on its page */
void page_kpis(struct run_page *p);
void page_losses(struct run_page *p);
void page_audit(struct run_page *p);
void page_findings(struct run_page *p);
void page_values(struct run_page *p);
void page_models(struct run_page *p);
void page_method(struct run_page *p);
void page_run(struct run_page *p);

#endif
