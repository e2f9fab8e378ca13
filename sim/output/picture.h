/*
 * picture - a picture of anything: its data, its script, its drawing.
 *
 * A picture says how its files are written; pictures_write writes them into a folder as NAME.dat, NAME.gp and NAME.svg, so that
 * anybody can draw them anew.  gnuplot draws what has a script; what it cannot show (a map, a radar) is written as SVG.
 * page.h shows the drawing within a page, in the page's colours where the picture uses those below.
 */
#ifndef SIM_OUTPUT_PICTURE_H
#define SIM_OUTPUT_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct picture;
/* Writes one of its files; the error is the stream's. */
typedef void picture_part(const struct picture *p, FILE *f);

/* All is borrowed for as long as the picture is in use. */
struct picture {
	const char   *name;             /* of its files, without an ending: see picture_name */
	const char   *title, *caption;  /* caption NULL: none */
	const char   *identity;         /* what it was drawn from: "sccsim 0.1.0, seed 1, input 0123..." */
	picture_part *data;             /* rows for gnuplot; its first line, the identity, is there already */
	picture_part *script;           /* begun by script_begin; its first line is there already; NULL: not drawn by gnuplot */
	picture_part *svg;              /* begun by svg_begin, ended by "</svg>"; NULL: drawn by gnuplot */
	const void   *ctx;              /* for the parts */
	bool          wide;             /* a page shows it as wide as the page is */
};

/* The files of each picture into an existing folder; all scripts are drawn by one process.  0; 1: without drawings that
 * gnuplot did not make, or there is none; -1 after writing why (OUTPUT_WHY bytes). */
int pictures_write(const struct picture *v, size_t n, const char *dir, char *why);

/* A file's name out of any text: prefix, then letters, digits, dots and dashes.  Eight bytes of buf are left free. */
char *picture_name(char *buf, size_t size, const char *prefix, const char *text);

/* The beginning of every script: where it draws to, in which style, the title; width and height in pixels. */
void script_begin(const struct picture *p, FILE *f, int width, int height);
void put_gnuplot(FILE *f, const char *text);    /* as a quoted string of gnuplot */
/* The beginning of every SVG: its element, identity, white paper, and the title at the top (the first 26 pixels). */
void svg_begin(const struct picture *p, FILE *f, int width, int height);
/* A line of text at (x, y); anchor: start, middle or end. */
void svg_text(FILE *f, double x, double y, const char *anchor, const char *attributes, const char *text);

/* Colours that the page replaces by its own, so that pictures suit a dark page too. */
#define PICTURE_INK  "#3d4551"
#define PICTURE_GRID "#d9dde3"
#define PICTURE_FONT "sans-serif"
enum { PICTURE_COLOURS = 8 };
extern const char *const picture_colours[PICTURE_COLOURS];

#endif
