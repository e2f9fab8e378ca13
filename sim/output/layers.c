/*
 * layers.geojson: what is on the map, for GIS tools.
 *
 * Points carry the value of their layer, of the first replication.  An area that is a group of results carries also the means
 * of its main KPIs over the replications, each as a property under its name, so that a GIS tool can colour it by any.
 */
#include <math.h>
#include <string.h>

#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/text.h"

static void put_position(FILE *f, const double *lonlat)
{
	/* A ninth decimal of a degree is a tenth of a millimetre. */
	fprintf(f, "[%.10g,%.10g]", lonlat[0], lonlat[1]);
}

/* RFC 7946: an outer ring is closed and runs counter-clockwise. */
static void put_ring(FILE *f, const struct feature *g)
{
	double twice_area = 0;
	const double *p = g->lonlat;
	size_t n = g->n_points;

	if (n > 1 && p[0] == p[2 * n - 2] && p[1] == p[2 * n - 1])
		n--;
	for (size_t i = 0; i < n; i++) {
		size_t k = i + 1 < n ? i + 1 : 0;
		twice_area += p[2 * i] * p[2 * k + 1] - p[2 * k] * p[2 * i + 1];
	}
	fputs("{\"type\":\"Polygon\",\"coordinates\":[[", f);
	for (size_t i = 0; i <= n; i++) {
		size_t k = i == 0 || i == n ? 0 : twice_area >= 0 ? i : n - i;
		fputs(i ? "," : "", f);
		put_position(f, &p[2 * k]);
	}
	fputs("]]}", f);
}

static void put_results(FILE *f, const struct view *v, const char *group)
{
	for (size_t i = 0; i < v->n_tables; i++) {
		const struct kind_table *t = &v->tables[i];
		size_t at = 0;
		while (at < t->n_groups && strcmp(t->groups[at], group) != 0)
			at++;
		for (size_t d = 0; at < t->n_groups && d < t->n_defs; d++) {
			const struct kpi_result *k = t->cells[d * t->n_groups + at];
			fputc(',', f);
			put_json(f, t->defs[d]->name);
			fputc(':', f);
			put_json_number(f, k ? k->mean : NAN);
		}
	}
}

static void put_feature(FILE *f, const struct view *v, const struct feature *g)
{
	fputs("{\"type\":\"Feature\",\"geometry\":", f);
	if (g->n_points == 1) {
		fputs("{\"type\":\"Point\",\"coordinates\":", f);
		put_position(f, g->lonlat);
		fputc('}', f);
	} else {
		put_ring(f, g);
	}
	fputs(",\"properties\":{\"layer\":", f);
	put_json(f, g->layer);
	fputs(",\"name\":", f);
	put_json(f, g->name);
	fputs(",\"group\":", f);
	put_json(f, g->group);
	fputs(",\"value_name\":", f);
	put_json(f, g->value_name);
	fputs(",\"value\":", f);
	put_json_number(f, g->value);
	if (g->n_points > 1)
		put_results(f, v, g->group);
	fputs("}}", f);
}

int layers_write(const struct view *v, FILE *f)
{
	const struct outcome *o = v->o;

	fputs("{\"type\":\"FeatureCollection\",\n\"metadata\":{\"version\":", f);
	put_json(f, o->version);
	fprintf(f, ",\"seed\":\"%llu\",\"input\":", (unsigned long long)o->seed);
	put_json(f, o->sc->hash);
	fputs(",\"scenario\":", f);
	put_json(f, o->sc->title);
	fprintf(f, ",\"replication\":0,\"coordinates\":\"%s\",\"layers\":[",
		v->first && v->first->geographic ? "WGS84 degrees" : "metres, no place on earth");
	for (size_t i = 0; i < v->n_layers; i++) {
		fprintf(f, "%s{\"layer\":", i ? "," : "");
		put_json(f, v->layers[i].name);
		fprintf(f, ",\"features\":%zu,\"shown\":%zu}", v->layers[i].total, v->layers[i].kept);
	}
	fputs("]},\n\"features\":[", f);
	for (size_t i = 0; i < v->n_features; i++) {
		fputs(i ? ",\n" : "\n", f);
		put_feature(f, v, v->features[i]);
	}
	fputs("\n]}\n", f);
	return ferror(f) ? -1 : 0;
}

int output_layers(const struct outcome *o, FILE *f)
{
	struct view *v = view_new(o);
	int rc = v ? layers_write(v, f) : -1;

	view_free(v);
	return rc;
}
