/* plots/: data, scripts and pictures of every figure, so that anybody can draw them anew. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/output/figure.h"
#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/stage.h"
#include "sim/output/text.h"

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

typedef void part_fn(const struct view *v, const struct figure *g, FILE *f);

static const struct { part_fn *data, *script; } parts[] = {
	[FIGURE_CHART] = { chart_data, chart_script },
	[FIGURE_GROUPS] = { groups_data, groups_script },
	[FIGURE_LOSSES] = { losses_data, losses_script },
	[FIGURE_MAP] = { NULL, NULL },
};

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

static int write_part(const struct view *v, const struct figure *g, const char *dir, const char *ending, part_fn *part, char *why)
{
	char path[PATH_MAX];
	FILE *f;

	if (path_of(path, dir, g->name, ending, why) != 0)
		return -1;
	f = fopen(path, "w");
	if (!f) {
		snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", path, strerror(errno));
		return -1;
	}
	part(v, g, f);
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

static bool drawn(const struct figure *g)
{
	return parts[g->kind].script != NULL;
}

/* gnuplot's picture gets its title and what it is of.  0; 1: the picture is missing or ends early, and goes; -1. */
static int finish_picture(const struct view *v, const struct figure *g, const char *dir, char *why)
{
	static const char title[] = "<title>Gnuplot</title>";
	char path[PATH_MAX], *svg, *at;
	int rc = 1;
	FILE *f;

	if (path_of(path, dir, g->name, ".svg", why) != 0)
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
	fputs("<!-- ", f);
	put_identity(f, v->o);
	fputs(" -->\n<title>", f);
	put_xml(f, g->title);
	fputs("</title>", f);
	fputs(at + sizeof title - 1, f);
	rc = close_file(f, path, why);
done:
	free(svg);
	return rc;
}

/* One by one, since gnuplot stops at the first script that it cannot draw. */
static void draw_each(const struct figures *all, const char *dir)
{
	for (size_t i = 0; i < all->n; i++) {
		char script[sizeof all->v[i].name + 4];
		char *argv[] = { (char *)"gnuplot", script, NULL };
		snprintf(script, sizeof script, "%s.gp", all->v[i].name);
		if (drawn(&all->v[i]))
			gnuplot_run(dir, argv);
	}
}

/* All scripts in one process, since it starts once; a picture that cannot be drawn is left out, and the page says so.
 * 0; 1: some are left out; -1: the disk. */
static int draw(const struct view *v, const struct figures *all, const char *dir, char *why)
{
	char **argv = calloc(all->n + 2, sizeof *argv);
	size_t n = 0;
	int rc = 0;

	if (!argv) {
		snprintf(why, OUTPUT_WHY, "out of memory");
		return -1;
	}
	argv[n++] = (char *)"gnuplot";
	for (size_t i = 0; i < all->n; i++)
		if (drawn(&all->v[i]) && asprintf(&argv[n], "%s.gp", all->v[i].name) > 0)
			n++;
	if (n > 1 && gnuplot_run(dir, argv) < 0)
		draw_each(all, dir);
	for (size_t i = 0; i < all->n && rc >= 0; i++) {
		int one = drawn(&all->v[i]) ? finish_picture(v, &all->v[i], dir, why) : 0;
		rc = one ? one : rc;
	}
	for (size_t i = 1; i < n; i++)
		free(argv[i]);
	free(argv);
	return rc;
}

int plots_write(const struct view *v, const struct figures *all, const char *dir, char *why)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct figure *g = &all->v[i];
		if (g->kind == FIGURE_MAP) {
			if (write_part(v, g, dir, ".svg", map_svg, why) != 0)
				return -1;
		} else if (write_part(v, g, dir, ".dat", parts[g->kind].data, why) != 0 ||
			   write_part(v, g, dir, ".gp", parts[g->kind].script, why) != 0) {
			return -1;
		}
	}
	return draw(v, all, dir, why);
}

int output_plots(const struct outcome *o, const char *dir, char *why)
{
	struct view *v = view_new(o);
	struct figures all;
	int rc = -1;

	if (!v || !figures_of(v, &all))
		snprintf(why, OUTPUT_WHY, "out of memory");
	else if (stage_folder(dir, why) == 0)
		rc = plots_write(v, &all, dir, why) < 0 ? -1 : 0;
	view_free(v);
	return rc;
}
