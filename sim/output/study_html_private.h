/* study_html_private - what the files that write the page of a study share. */
#ifndef SIM_OUTPUT_STUDY_HTML_PRIVATE_H
#define SIM_OUTPUT_STUDY_HTML_PRIVATE_H

#include "sim/output/page.h"
#include "sim/output/study_html.h"

struct study_page {
	FILE                        *f;         /* that of the page */
	const struct study_view     *v;
	const struct study_pictures *all;
	struct page                  page;
};

/* Parts of the page, each with its heading; what has nothing to say is left out. */
void study_page_points(struct study_page *p);
void study_page_effects(struct study_page *p);
void study_page_design(struct study_page *p);
void study_page_method(struct study_page *p);
void study_page_run(struct study_page *p);

bool study_has_effects(const struct study_view *v);

#endif
