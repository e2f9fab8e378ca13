/* All of a run's files, in an order in which what was cut can be told from what is whole. */
#include "sim/output/output.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/output/output_private.h"

typedef int write_fn(const struct outcome *o, FILE *f);

static int write_one(const struct outcome *o, const char *dir, const char *name, write_fn *fn, char *why)
{
	struct outfile out;

	if (outfile_open(&out, dir, name, why) != 0)
		return -1;
	if (fn(o, out.f) != 0 && !ferror(out.f)) {
		fclose(out.f);
		unlink(out.temporary);
		snprintf(why, OUTPUT_WHY, "out of memory for %s", name);
		return -1;
	}
	return outfile_commit(&out, why);
}

static int scenario_xml(const struct outcome *o, FILE *f)
{
	fprintf(f, "%s<!-- as run by sccsim %s, seed %llu, input %s -->\n", o->sc->resolved ? o->sc->resolved : "",
		o->version, (unsigned long long)o->seed, o->sc->hash);
	return 0;
}

/* What an earlier run left must not pass for this one's. */
static void remove_old(const char *dir)
{
	static const char *const names[] = { "report.html", "summary.txt",  "results.sqlite", "kpi.csv",
					     "series.csv",  "scenario.xml", "layers.geojson" };
	char path[4200];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
}

static int draw(const struct outcome *o, const char *dir, char *why)
{
	char plots[4200], html[4200];

	snprintf(plots, sizeof plots, "%s/plots", dir);
	snprintf(html, sizeof html, "%s/report.html", dir);
	if (output_plots(o, plots, why) < 0)
		return -1;
	return output_html(o, dir, html, why) == 0 && write_one(o, dir, "summary.txt", output_summary, why) == 0 ? 0 : -1;
}

int output_write(const struct outcome *o, const char *dir, char *why)
{
	char record[4200];

	snprintf(record, sizeof record, "%s/results.sqlite", dir);
	remove_old(dir);
	if (output_record(o, record, why) != 0 || write_one(o, dir, "scenario.xml", scenario_xml, why) != 0 ||
	    write_one(o, dir, "kpi.csv", output_kpi_csv, why) != 0 ||
	    write_one(o, dir, "series.csv", output_series_csv, why) != 0 ||
	    write_one(o, dir, "layers.geojson", output_layers, why) != 0)
		return -1;
	return draw(o, dir, why);
}

int output_redraw(const char *dir, const struct model_table *table, char *why)
{
	char record[4200];

	snprintf(record, sizeof record, "%s/results.sqlite", dir);
	struct loaded *l = record_load(record, table, why);
	if (!l)
		return -1;
	int rc = draw(loaded_outcome(l), dir, why);
	loaded_free(l);
	return rc;
}
