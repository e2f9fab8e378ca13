/*
 * page - one HTML page that asks for nothing from elsewhere: style, pictures and links stand in it; it suits a dark screen and
 * prints.
 *
 * page_begin, then headings, paragraphs, cards, tables and pictures in any order, then page_end.  What is put as text is
 * escaped; attributes are put as they are.  Classes of the style: "soft" (less weight), "small", "lead" (the finding),
 * "notice" (a warning that must be seen), "n" (a number in a table), "scroll" (around a wide table), "pair" (pictures side by
 * side).  Errors are the stream's.
 */
#ifndef SIM_OUTPUT_PAGE_H
#define SIM_OUTPUT_PAGE_H

#include "sim/output/picture.h"

struct page {
	FILE       *f;
	const char *plots;      /* folder of the pictures, as pictures_write left it */
	const char *redraw;     /* the command that draws those which are missing ("sccsim report"); NULL: none does */
	unsigned    shown;      /* pictures so far: each has ids of its own */
};

struct page_link { const char *id, *text; };    /* to a heading */

struct page_head {
	const char *title, *identity;
	const char *subtitle;                   /* a line in small print; NULL: none */
	const struct page_link *links; size_t n_links;
};

void page_begin(struct page *p, const struct page_head *head);
void page_end(struct page *p);

/* <name>text</name>; attributes may be NULL. */
void put_tag(FILE *f, const char *name, const char *attributes, const char *text);
void put_heading(FILE *f, const char *id, const char *text);    /* of a section */

/* The picture itself within the page, its caption, and a note in small print (NULL: none).  Where it was not drawn, a line
 * says so. */
void put_picture(struct page *p, const struct picture *g, const char *note);
/* caption or note NULL: left out. */
void put_caption(FILE *f, const char *caption, const char *note);

/* A result at a glance. */
struct card {
	const char *state;              /* "met", "missed", "undecided"; NULL: none */
	const char *beside;             /* the state ("target >= 90 %"); NULL: nothing */
	const char *value, *name;       /* in large letters, and what it is of */
	const char *below[2];           /* lines in small print; NULL: none */
};
void cards_begin(FILE *f);
void put_card(FILE *f, const struct card *c);
void cards_end(FILE *f);

/* A table with a line of column names; its rows are the caller's. */
struct column { const char *name, *attributes; };               /* attributes NULL: none */
void table_begin(FILE *f, const struct column *columns, size_t n);
void table_end(FILE *f);                                        /* without an end of line */

/* A table of names and values. */
void items_begin(FILE *f);
void put_item(FILE *f, const char *name, const char *value);
void item_begin(FILE *f, const char *name);                     /* for a value in pieces, then item_end */
void item_end(FILE *f);
void items_end(FILE *f);

#endif
