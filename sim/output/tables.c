/* kpi.csv, series.csv, KPIs as JSON, layers.geojson. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "sim/output/output_private.h"

static void number(FILE *f, double v)
{
	if (isfinite(v))
		fprintf(f, "%.9g", v);
}

/* A comment at the end, so that the header stays the first line: what it was made from. */
static void origin(const struct outcome *o, FILE *f)
{
	fprintf(f, "# sccsim %s, seed %llu, input %s\n", o->version, (unsigned long long)o->seed, o->sc->hash);
}

int output_kpi_csv(const struct outcome *o, FILE *f)
{
	fputs("kpi,group,unit,mean,ci_low,ci_high,replications,target,verdict\n", f);
	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		csv_field(f, k->def->name);
		fputc(',', f);
		csv_field(f, k->group);
		fputc(',', f);
		csv_field(f, k->def->unit);
		fputc(',', f);
		number(f, k->mean);
		fputc(',', f);
		number(f, k->ci_low);
		fputc(',', f);
		number(f, k->ci_high);
		fprintf(f, ",%llu,", (unsigned long long)k->n);
		csv_field(f, k->target && k->target->text ? k->target->text : "");
		fprintf(f, ",%s\n", verdict_name(k->verdict));
	}
	origin(o, f);
	return ferror(f) ? -1 : 0;
}

int output_series_csv(const struct outcome *o, FILE *f)
{
	fputs("replication,kpi,group,time_s,value\n", f);
	for (size_t r = 0; r < o->n_reps; r++) {
		const struct report *rep = o->reps[r].report;
		for (size_t i = 0; rep && i < rep->n_series; i++) {
			fprintf(f, "%llu,", (unsigned long long)o->reps[r].index);
			csv_field(f, rep->series[i].def->name);
			fputc(',', f);
			csv_field(f, rep->series[i].group);
			fprintf(f, ",%.9g,%.9g\n", sim_seconds(rep->series[i].t), rep->series[i].value);
		}
	}
	origin(o, f);
	return ferror(f) ? -1 : 0;
}

int output_kpi_json(const struct outcome *o, FILE *f)
{
	json_t *root = json_pack("{s:s, s:s, s:I, s:s, s:I, s:b}", "program", "sccsim", "version", o->version, "seed",
				 (json_int_t)o->seed, "input", o->sc->hash, "replications", (json_int_t)o->n_done,
				 "stopped", o->stopped);
	json_t *list = json_array();

	for (size_t i = 0; root && i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		json_t *row = json_pack("{s:s, s:s, s:s, s:f, s:I}", "kpi", k->def->name, "group", k->group, "unit",
					k->def->unit, "mean", k->mean, "replications", (json_int_t)k->n);
		if (isfinite(k->ci_low)) {
			json_object_set_new(row, "ci_low", json_real(k->ci_low));
			json_object_set_new(row, "ci_high", json_real(k->ci_high));
		}
		if (k->target && k->target->text) {
			json_object_set_new(row, "target", json_string(k->target->text));
			json_object_set_new(row, "verdict", json_string(verdict_name(k->verdict)));
		}
		json_array_append_new(list, row);
	}
	if (!root) {
		json_decref(list);
		return -1;
	}
	json_object_set_new(root, "kpis", list);
	int rc = json_dumpf(root, f, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	fputc('\n', f);
	json_decref(root);
	return rc;
}

static json_t *position(const double *p)
{
	return json_pack("[f, f]", p[0], p[1]);
}

static json_t *feature(const struct feature *x)
{
	json_t *geometry, *properties = json_pack("{s:s, s:s, s:s}", "layer", x->layer, "name", x->name, "group", x->group);

	if (x->value_name && isfinite(x->value))
		json_object_set_new(properties, x->value_name, json_real(x->value));
	if (x->n_points == 1) {
		geometry = json_pack("{s:s, s:o}", "type", "Point", "coordinates", position(x->lonlat));
	} else {
		json_t *ring = json_array();
		for (size_t i = 0; i <= x->n_points; i++)
			json_array_append_new(ring, position(x->lonlat + 2 * (i % x->n_points)));
		geometry = json_pack("{s:s, s:[o]}", "type", "Polygon", "coordinates", ring);
	}
	return json_pack("{s:s, s:o, s:o}", "type", "Feature", "geometry", geometry, "properties", properties);
}

enum { FEATURES_PER_LAYER = 5000 };

static size_t in_layer(const struct report *r, const char *layer)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_features; i++)
		n += strcmp(r->features[i].layer, layer) == 0;
	return n;
}

/* KPIs of a district ride on its shape. */
static void district_kpis(const struct outcome *o, const struct feature *x, json_t *f)
{
	json_t *properties = json_object_get(f, "properties");

	for (size_t i = 0; i < o->n_kpis; i++)
		if (strcmp(o->kpis[i].group, x->group) == 0 && !o->kpis[i].def->supporting)
			json_object_set_new(properties, o->kpis[i].def->name, json_real(o->kpis[i].mean));
}

int output_layers(const struct outcome *o, FILE *f)
{
	const struct report *r = first_report(o);
	json_t *list = json_array();
	const char *layer = "";
	size_t step = 1, seen = 0;

	for (size_t i = 0; r && i < r->n_features; i++) {
		const struct feature *x = &r->features[i];
		if (strcmp(x->layer, layer) != 0) {
			layer = x->layer;
			step = in_layer(r, layer) / FEATURES_PER_LAYER + 1;
			seen = 0;
		}
		if (seen++ % step)
			continue;
		json_t *j = feature(x);
		if (strcmp(x->layer, "districts") == 0)
			district_kpis(o, x, j);
		json_array_append_new(list, j);
	}
	json_t *root = json_pack("{s:s, s:{s:s, s:s, s:I, s:s, s:s}, s:o}", "type", "FeatureCollection", "metadata",
				 "program", "sccsim", "version", o->version, "seed", (json_int_t)o->seed, "input",
				 o->sc->hash, "coordinates", r && r->geographic ? "WGS84" : "metres", "features", list);
	int rc = root ? json_dumpf(root, f, JSON_COMPACT | JSON_REAL_PRECISION(9)) : -1;
	fputc('\n', f);
	json_decref(root);
	return rc;
}
