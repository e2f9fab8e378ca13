/* Writes pictures, and has gnuplot draw them. */
#include "sim/output/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/output/output.h"
#include "sim/output/text.h"

/* Okabe and Ito's palette, its yellow darkened: told apart by colour-blind readers, legible on white and on black. */
const char *const picture_colours[PICTURE_COLOURS] = { "#0072B2", "#D55E00", "#009E73", "#CC79A7",
						       "#E69F00", "#56B4E9", "#A08A00", "#7F7F7F" };

char *picture_name(char *buf, size_t size, const char *prefix, const char *text)
{
	size_t at = (size_t)snprintf(buf, size, "%s", prefix);

	for (; *text && at + 8 < size; text++) {
		bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
			     (*text >= '0' && *text <= '9') || *text == '.' || *text == '-';
		buf[at++] = plain ? *text : '-';
	}
	buf[at] = '\0';
	return buf;
}

void put_gnuplot(FILE *f, const char *text)
{
	fputc('\'', f);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', f);
		fputc(*text == '\n' ? ' ' : *text, f);
	}
	fputc('\'', f);
}

void script_begin(const struct picture *p, FILE *f, int width, int height)
{
	fprintf(f, "# Draw again: gnuplot %s.gp\nreset session\n", p->name);
	fprintf(f, "set terminal svg size %d,%d fixed noenhanced font '" PICTURE_FONT ",13' background rgb 'white'\n",
		width, height);
	fprintf(f, "set output '%s.svg'\nset encoding utf8\nset datafile missing 'nan'\n", p->name);
	fputs("set border 3 lw 1 lc rgb '" PICTURE_INK "'\n"
	      "set tics nomirror scale 0.5 textcolor rgb '" PICTURE_INK "'\n"
	      "set grid lt 1 lw 1 lc rgb '" PICTURE_GRID "'\n"
	      "set key textcolor rgb '" PICTURE_INK "' noenhanced\n"
	      "set autoscale noextend\nset tmargin 3.6\nset label 1 ",
	      f);
	put_gnuplot(f, p->title);
	fputs(" at screen 0, screen 1 offset 1,-1.4 left font '" PICTURE_FONT ",15' textcolor rgb '" PICTURE_INK "'\n", f);
}

void svg_text(FILE *f, double x, double y, const char *anchor, const char *attributes, const char *text)
{
	fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>", x, y, anchor, attributes);
	put_xml(f, text);
	fputs("</text>\n", f);
}

/* Identity and title, as they follow the beginning of any SVG. */
static void put_svg_head(const struct picture *p, FILE *f)
{
	fputs("<!-- ", f);
	put_comment(f, p->identity);
	fputs(" -->\n<title>", f);
	put_xml(f, p->title);
	fputs("</title>", f);
}

void svg_begin(const struct picture *p, FILE *f, int width, int height)
{
	fprintf(f,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"xmlns=\"http://www.w3.org/2000/svg\" font-family=\"" PICTURE_FONT "\">\n",
		width, height, width, height);
	put_svg_head(p, f);
	fprintf(f, "\n<rect x=\"0\" y=\"0\" width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height);
	svg_text(f, 14, 20, "start", "font-size=\"15\" fill=\"" PICTURE_INK "\"", p->title);
}

/* 0 done, 1 there is no gnuplot, -1 it failed. */
static int gnuplot_run(const char *dir, char *const *argv)
{
	posix_spawn_file_actions_t io;
	pid_t pid;
	int status = 0, rc;

	if (posix_spawn_file_actions_init(&io) != 0)
		return 1;
	rc = posix_spawn_file_actions_addchdir_np(&io, dir) ||
	     posix_spawn_file_actions_addopen(&io, 0, "/dev/null", O_RDONLY, 0) ||
	     posix_spawn_file_actions_addopen(&io, 1, "/dev/null", O_WRONLY, 0) ||
	     posix_spawn_file_actions_addopen(&io, 2, "/dev/null", O_WRONLY, 0);
	if (!rc)
		rc = posix_spawnp(&pid, "gnuplot", &io, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&io);
	if (rc != 0)
		return 1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return 1; /* how some systems tell that it is not there */
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int path_of(char *path, const char *dir, const char *name, const char *ending, char *why)
{
	int n = snprintf(path, PATH_MAX, "%s/%s%s", dir, name, ending);

	if (n > 0 && n < PATH_MAX)
		return 0;
	snprintf(why, OUTPUT_WHY, "the path of %s%s is too long", name, ending);
	return -1;
}

static int close_file(FILE *f, const char *path, char *why)
{
	int bad = fflush(f) != 0 || ferror(f), error = errno;

	if (fclose(f) != 0 && !bad) {
		bad = 1;
		error = errno;
	}
	if (bad)
		snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", path, strerror(error));
	return bad ? -1 : 0;
}

/* The identity is a comment of one line, whatever it is: gnuplot runs what a script says. */
static void put_first_line(const struct picture *p, FILE *f)
{
	fputs("# ", f);
	for (const char *c = p->identity; *c; c++)
		fputc((unsigned char)*c < 0x20 ? ' ' : *c, f);
	fputc('\n', f);
}

static int write_part(const struct picture *p, const char *dir, const char *ending, picture_part *part, char *why)
{
	char path[PATH_MAX];
	FILE *f;

	if (!part)
		return 0;
	if (path_of(path, dir, p->name, ending, why) != 0)
		return -1;
	f = fopen(path, "w");
	if (!f) {
		snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", path, strerror(errno));
		return -1;
	}
	if (part != p->svg)
		put_first_line(p, f);
	part(p, f);
	return close_file(f, path, why);
}

/* A file's text; NULL: it cannot be read. */
static char *slurp(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		return NULL;
	if (getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

/* gnuplot's picture gets its title and what it is of.  0; 1: the picture is missing or ends early, and goes; -1. */
static int finish_picture(const struct picture *p, const char *dir, char *why)
{
	static const char title[] = "<title>Gnuplot</title>";
	char path[PATH_MAX], *svg, *at;
	int rc = 1;
	FILE *f;

	if (path_of(path, dir, p->name, ".svg", why) != 0)
		return -1;
	svg = slurp(path);
	at = svg ? strstr(svg, title) : NULL;
	if (!at || !strstr(at, "</svg>")) {
		unlink(path);
		goto done;
	}
	rc = -1;
	f = fopen(path, "w");
	if (!f) {
		snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", path, strerror(errno));
		goto done;
	}
	fwrite(svg, 1, (size_t)(at - svg), f);
	put_svg_head(p, f);
	fputs(at + sizeof title - 1, f);
	rc = close_file(f, path, why);
done:
	free(svg);
	return rc;
}

/* A name that begins with a dash must not be an option of gnuplot. */
static char *script_of(const struct picture *p)
{
	char *path = NULL;

	return asprintf(&path, "./%s.gp", p->name) > 0 ? path : NULL;
}

/* One by one, since gnuplot stops at the first script that it cannot draw. */
static void draw_each(char *const *argv, const char *dir)
{
	for (size_t i = 1; argv[i]; i++) {
		char *one[] = { argv[0], argv[i], NULL };
		gnuplot_run(dir, one);
	}
}

/* All scripts in one process, since it starts once; a picture that cannot be drawn is left out, and the page says so.
 * 0; 1: some are left out; -1: the disk. */
static int draw(const struct picture *v, size_t n, const char *dir, char *why)
{
	char **argv = calloc(n + 2, sizeof *argv);
	size_t args = 0;
	int rc = 0;

	if (!argv) {
		snprintf(why, OUTPUT_WHY, "out of memory");
		return -1;
	}
	argv[args++] = (char *)"gnuplot";
	for (size_t i = 0; i < n; i++)
		if (v[i].script && (argv[args] = script_of(&v[i])) != NULL)
			args++;
	if (args > 1 && gnuplot_run(dir, argv) < 0)
		draw_each(argv, dir);
	for (size_t i = 0; i < n && rc >= 0; i++) {
		int one = v[i].script ? finish_picture(&v[i], dir, why) : 0;
		rc = one ? one : rc;
	}
	for (size_t i = 1; i < args; i++)
		free(argv[i]);
	free(argv);
	return rc;
}

int pictures_write(const struct picture *v, size_t n, const char *dir, char *why)
{
	for (size_t i = 0; i < n; i++)
		if (write_part(&v[i], dir, ".dat", v[i].data, why) != 0 ||
		    write_part(&v[i], dir, ".gp", v[i].script, why) != 0 ||
		    write_part(&v[i], dir, ".svg", v[i].svg, why) != 0)
			return -1;
	return draw(v, n, dir, why);
}
