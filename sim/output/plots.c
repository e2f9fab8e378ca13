/* Pictures through gnuplot: a data file, a script and an SVG each, so that anybody can redraw them. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/output/output_private.h"

/* Okabe and Ito's palette: told apart by colour-blind readers too. */
static const char *const colours[] = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#555555", "#B8A000" };
enum { COLOURS = 8, LINES_MAX = 8 };

static void header(FILE *f, const char *name, int width, int height, const char *title)
{
	fprintf(f, "# redraw: gnuplot %s.gp\n", name);
	fprintf(f, "set terminal svg size %d,%d dynamic enhanced font 'Helvetica,13' background '#ffffff'\n", width,
		height);
	fprintf(f, "set output '%s.svg'\n", name);
	fputs("set border 3 lc rgb '#888888'\nset tics nomirror textcolor rgb '#333333'\nset grid lc rgb '#e4e4e4' lt 1\n"
	      "set key outside right top vertical Left reverse samplen 1.5 noenhanced\nset datafile separator '\\t'\n",
	      f);
	fprintf(f, "set title \"%s\" left noenhanced offset -6,0 font 'Helvetica,15' textcolor rgb '#222222'\n", title);
}

/* "class=water-meter" is shown as water-meter. */
static const char *short_name(const char *group)
{
	const char *eq = strchr(group, '=');

	return eq ? eq + 1 : group;
}

static double time_unit(const struct chart *c, const char **name)
{
	double last = 0;

	for (size_t i = 0; i < c->n_lines; i++)
		last = fmax(last, c->line[i].n ? c->line[i].x[c->line[i].n - 1] : 0);
	*name = last > 3 * 86400  ? "days since the start"
		: last > 3 * 3600 ? "hours since the start"
				  : "seconds since the start";
	return last > 3 * 86400 ? 86400 : last > 3 * 3600 ? 3600 : 1;
}

static void chart_script(FILE *f, const struct chart *c)
{
	const char *time_name;
	size_t lines = c->n_lines < LINES_MAX ? c->n_lines : LINES_MAX;

	time_unit(c, &time_name);
	header(f, c->name, 820, 400, c->title);
	fprintf(f, "set xlabel \"%s\" noenhanced\nset ylabel \"%s\" noenhanced\n", c->time_x ? time_name : c->x_label,
		c->y_label);
	if (c->log_x)
		fputs("set logscale x\nset format x '%g'\n", f);
	if (lines == 1)
		fputs("set key off\n", f);
	for (size_t i = 0; i < lines; i++)
		fprintf(f,
			"%s '%s.dat' index %zu using 1:3:4 with filledcurves notitle lc rgb '%s' fs transparent solid 0.15",
			i ? ",\\\n    " : "plot", c->name, i, colours[i % COLOURS]);
	for (size_t i = 0; i < lines; i++)
		fprintf(f, ",\\\n     '%s.dat' index %zu using 1:2 with %s title \"%s\" lc rgb '%s' lw 2 pt 7 ps 0.4",
			c->name, i, c->line[i].n < 40 ? "linespoints" : "lines", short_name(c->line[i].group),
			colours[i % COLOURS]);
	fputc('\n', f);
}

int chart_files(const struct outcome *o, const struct chart *c, const char *dir, char *why)
{
	char name[256];
	struct outfile out;
	const char *unused;
	double unit = c->time_x ? time_unit(c, &unused) : 1, scale = c->share ? 100 : 1;

	snprintf(name, sizeof name, "%s.dat", c->name);
	if (outfile_open(&out, dir, name, why) != 0)
		return -1;
	fprintf(out.f, "# %s; sccsim %s, seed %llu, input %s\n# x\tmean\tlow\thigh, a block per group\n", c->title,
		o->version, (unsigned long long)o->seed, o->sc->hash);
	for (size_t i = 0; i < c->n_lines; i++) {
		fprintf(out.f, "%s# %s\n", i ? "\n\n" : "", c->line[i].group);
		for (size_t k = 0; k < c->line[i].n; k++)
			fprintf(out.f, "%.9g\t%.9g\t%.9g\t%.9g\n", c->line[i].x[k] / unit, scale * c->line[i].y[k],
				scale * c->line[i].lo[k], scale * c->line[i].hi[k]);
	}
	if (outfile_commit(&out, why) != 0)
		return -1;
	snprintf(name, sizeof name, "%s.gp", c->name);
	if (outfile_open(&out, dir, name, why) != 0)
		return -1;
	chart_script(out.f, c);
	return outfile_commit(&out, why);
}

/* ---- bars ---- */

static const struct { const char *name, *title, *kpi, *prefix, *xlabel; } bars[] = {
	{ "delivery-by-class", "Delivery by device class", "connectivity.delivery-ratio", "class=", "delivered [%]" },
	{ "delivery-by-district", "Delivery by district", "connectivity.delivery-ratio", "district=", "delivered [%]" },
	{ "losses", "Where messages are lost", NULL, NULL, "share of the messages generated [%]" },
};
enum { BARS = sizeof bars / sizeof bars[0] };

const char *bars_names(size_t i)
{
	return i < BARS ? bars[i].name : NULL;
}

const char *bars_title(size_t i)
{
	return bars[i].title;
}

static bool is_bar(const struct kpi_result *k, size_t i)
{
	return strcmp(k->def->name, bars[i].kpi) == 0 && strncmp(k->group, bars[i].prefix, strlen(bars[i].prefix)) == 0;
}

static int losses_data(const struct outcome *o, FILE *f)
{
	struct arena *a = arena_new();
	struct audit_line *row;
	size_t n = a ? audit_lines(o, a, &row) : 0;
	double generated = 0;
	int shown = 0;

	for (size_t i = 0; i < n; i++)
		if (strcmp(row[i].account, "messages") == 0 && row[i].side == AUDIT_IN)
			generated += row[i].sum;
	for (size_t i = 0; i < n && generated > 0; i++)
		if (strcmp(row[i].account, "messages") == 0 && row[i].side == AUDIT_OUT && row[i].sum > 0 &&
		    strcmp(row[i].label, "delivered") != 0) {
			if (f)
				fprintf(f, "%d\t%s\t%.9g\t\t\n", shown, row[i].label, 100 * row[i].sum / generated);
			shown++;
		}
	arena_free(a);
	return shown;
}

static int bars_data(const struct outcome *o, size_t i, FILE *f)
{
	int shown = 0;

	if (!bars[i].kpi)
		return losses_data(o, f);
	for (size_t k = 0; k < o->n_kpis; k++) {
		const struct kpi_result *r = &o->kpis[k];
		if (!is_bar(r, i))
			continue;
		if (f)
			fprintf(f, "%d\t%s\t%.9g\t%.9g\t%.9g\n", shown, short_name(r->group), 100 * r->mean,
				100 * (isnan(r->ci_low) ? r->mean : fmax(r->ci_low, 0)),
				100 * (isnan(r->ci_high) ? r->mean : fmin(r->ci_high, 1)));
		shown++;
	}
	return shown;
}

bool bars_present(const struct outcome *o, size_t i)
{
	return bars_data(o, i, NULL) > 0;
}

static int bars_write(const struct outcome *o, size_t i, const char *dir, char *why)
{
	char name[256];
	struct outfile out;

	snprintf(name, sizeof name, "%s.dat", bars[i].name);
	if (outfile_open(&out, dir, name, why) != 0)
		return -1;
	fprintf(out.f, "# place\tgroup\tvalue\tlow\thigh; sccsim %s, seed %llu, input %s\n", o->version,
		(unsigned long long)o->seed, o->sc->hash);
	int n = bars_data(o, i, out.f);
	if (outfile_commit(&out, why) != 0)
		return -1;
	snprintf(name, sizeof name, "%s.gp", bars[i].name);
	if (outfile_open(&out, dir, name, why) != 0)
		return -1;
	header(out.f, bars[i].name, 820, 90 + 34 * n, bars[i].title);
	fprintf(out.f, "set key off\nset xlabel \"%s\"\nset yrange [%d.5:-0.5]\nset ytics noenhanced\nset xrange [0:*]\n",
		bars[i].xlabel, n - 1);
	fprintf(out.f, "plot '%s.dat' using (0.5*$3):1:(0.5*$3):(0.33):ytic(2) with boxxyerror fs solid 0.85 lc rgb '%s'",
		bars[i].name, bars[i].kpi ? colours[0] : colours[1]);
	if (bars[i].kpi)
		fprintf(out.f, ",\\\n     '%s.dat' using 3:1:4:5 with xerrorbars lc rgb '#333333' pt 0", bars[i].name);
	fprintf(out.f, ",\\\n     '%s.dat' using 3:1:(sprintf(%s, $3)) with labels left offset 1,0 font 'Helvetica,11'\n",
		bars[i].name, bars[i].kpi ? "'%.1f'" : "'%.2f'");
	return outfile_commit(&out, why);
}

int bars_files(const struct outcome *o, const char *dir, char *why)
{
	for (size_t i = 0; i < BARS; i++)
		if (bars_present(o, i) && bars_write(o, i, dir, why) != 0)
			return -1;
	return 0;
}

/* ---- running gnuplot ---- */

int run_gnuplot(const char *dir, const char *script, char *why)
{
	char cd[4096];
	pid_t pid;
	int status;
	posix_spawn_file_actions_t io;

	snprintf(cd, sizeof cd, "%s", dir);
	if (posix_spawn_file_actions_init(&io) != 0) {
		snprintf(why, OUTPUT_WHY, "out of memory");
		return -1;
	}
	posix_spawn_file_actions_addchdir_np(&io, cd);
	posix_spawn_file_actions_addopen(&io, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&io, 2, "/dev/null", O_WRONLY, 0);
	char *argv[] = { "gnuplot", (char *)script, NULL };
	int rc = posix_spawnp(&pid, "gnuplot", &io, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&io);
	if (rc != 0) {
		snprintf(why, OUTPUT_WHY, "gnuplot cannot be run (%s): the pictures are left out", strerror(rc));
		return 1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		snprintf(why, OUTPUT_WHY, "gnuplot failed on %.200s/%.100s", dir, script);
		return -1;
	}
	return 0;
}

static int draw_map(const struct outcome *o, const char *dir, char *why)
{
	struct outfile out;

	if (!first_report(o) || first_report(o)->n_features == 0)
		return 0;
	if (outfile_open(&out, dir, "map.svg", why) != 0)
		return -1;
	map_svg(o, out.f);
	return outfile_commit(&out, why);
}

/* One script for all, so that gnuplot starts once. */
static int draw_all(const struct outcome *o, const struct charts *cs, const char *dir, char *why)
{
	struct outfile out;
	bool any = false;

	if (outfile_open(&out, dir, "all.gp", why) != 0)
		return -1;
	for (size_t i = 0; i < cs->n; i++, any = true)
		fprintf(out.f, "reset\nload '%s.gp'\n", cs->chart[i].name);
	for (size_t i = 0; i < BARS; i++)
		if (bars_present(o, i)) {
			fprintf(out.f, "reset\nload '%s.gp'\n", bars[i].name);
			any = true;
		}
	if (outfile_commit(&out, why) != 0)
		return -1;
	return any ? run_gnuplot(dir, "all.gp", why) : 0;
}

/* 0; 1: without gnuplot's pictures; -1: the disk. */
int output_plots(const struct outcome *o, const char *dir, char *why)
{
	struct charts *cs = charts_new(o);
	int rc = -1;

	if (!cs) {
		snprintf(why, OUTPUT_WHY, "out of memory");
		return -1;
	}
	if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
		snprintf(why, OUTPUT_WHY, "cannot make %.300s: %s", dir, strerror(errno));
		goto done;
	}
	for (size_t i = 0; i < cs->n; i++)
		if (chart_files(o, &cs->chart[i], dir, why) != 0)
			goto done;
	if (bars_files(o, dir, why) == 0 && draw_map(o, dir, why) == 0)
		rc = draw_all(o, cs, dir, why);
done:
	charts_free(cs);
	return rc;
}
