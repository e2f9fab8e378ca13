/* kpi.csv, series.csv, scenario.xml, and the KPIs as JSON. */
#include <math.h>
#include <string.h>

#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/text.h"

/* The last line, so that the first one names the columns. */
static void put_last_line(FILE *f, const struct outcome *o)
{
	fputs("# ", f);
	put_identity(f, o);
	fputs("\n", f);
}

int output_kpi_csv(const struct outcome *o, FILE *f)
{
	fputs("kpi,group,unit,mean,ci_low,ci_high,replications,target,verdict\n", f);
	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		put_csv(f, k->def->name);
		fputc(',', f);
		put_csv(f, k->group);
		fputc(',', f);
		put_csv(f, k->def->unit);
		fputc(',', f);
		put_csv_number(f, k->mean);
		fputc(',', f);
		put_csv_number(f, k->ci_low);
		fputc(',', f);
		put_csv_number(f, k->ci_high);
		fprintf(f, ",%llu,", (unsigned long long)k->n);
		put_csv(f, k->target ? k->target->text : "");
		fprintf(f, ",%s\n", verdict_name(k->verdict));
	}
	put_last_line(f, o);
	return ferror(f) ? -1 : 0;
}

int output_series_csv(const struct outcome *o, FILE *f)
{
	fputs("replication,kpi,group,time_s,value\n", f);
	for (size_t i = 0; i < o->n_reps; i++) {
		const struct report *r = o->reps[i].report;
		for (size_t k = 0; r && k < r->n_series; k++) {
			fprintf(f, "%llu,", (unsigned long long)o->reps[i].index);
			put_csv(f, r->series[k].def->name);
			fputc(',', f);
			put_csv(f, r->series[k].group);
			fputc(',', f);
			put_csv_number(f, sim_seconds(r->series[k].t));
			fputc(',', f);
			put_csv_number(f, r->series[k].value);
			fputs("\n", f);
		}
	}
	put_last_line(f, o);
	return ferror(f) ? -1 : 0;
}

/* After the XML declaration, if there is one: nothing may stand before it. */
int scenario_xml_write(const struct outcome *o, FILE *f)
{
	const char *xml = o->sc->resolved ? o->sc->resolved : "";
	const char *end = strncmp(xml, "<?xml", 5) == 0 ? strstr(xml, "?>") : NULL;
	size_t head = end ? (size_t)(end - xml) + 2 : 0;

	if (head)
		fwrite(xml, 1, head, f);
	else
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", f);
	fputs("\n<!-- The scenario as run: ", f);
	put_identity(f, o);
	fputs(" -->\n", f);
	xml += head;
	fputs(xml + strspn(xml, "\r\n"), f);
	return ferror(f) ? -1 : 0;
}

static void put_kpi_json(FILE *f, const struct kpi_result *k)
{
	const struct {
		const char *key, *text;
	} texts[] = {
		{ "kpi", k->def->name },
		{ "group", k->group },
		{ "unit", k->def->unit },
	};
	const struct {
		const char *key;
		double x;
	} numbers[] = {
		{ "mean", k->mean },
		{ "ci_low", k->ci_low },
		{ "ci_high", k->ci_high },
	};

	fputs("\n  {", f);
	for (size_t i = 0; i < 3; i++) {
		fprintf(f, "%s\"%s\": ", i ? ", " : "", texts[i].key);
		put_json(f, texts[i].text);
	}
	for (size_t i = 0; i < 3; i++) {
		fprintf(f, ", \"%s\": ", numbers[i].key);
		put_json_number(f, numbers[i].x);
	}
	fprintf(f, ", \"replications\": %llu, \"target\": ", (unsigned long long)k->n);
	put_json(f, k->target ? k->target->text : NULL);
	fputs(", \"verdict\": ", f);
	put_json(f, k->verdict == VERDICT_NONE ? NULL : verdict_name(k->verdict));
	fputc('}', f);
}

int output_kpi_json(const struct outcome *o, FILE *f)
{
	fputs("{\n \"version\": ", f);
	put_json(f, o->version);
	/* A text: readers of JSON know no whole numbers of 64 bits. */
	fprintf(f, ",\n \"seed\": \"%llu\",\n \"input\": ", (unsigned long long)o->seed);
	put_json(f, o->sc->hash);
	fputs(",\n \"scenario\": ", f);
	put_json(f, o->sc->path);
	fputs(",\n \"title\": ", f);
	put_json(f, o->sc->title);
	fprintf(f, ",\n \"replications\": {\"asked\": %zu, \"done\": %zu},\n \"confidence\": ", o->n_reps, o->n_done);
	put_json_number(f, o->confidence);
	fprintf(f, ",\n \"stopped\": %s,\n \"audit\": \"%s\",\n \"kpis\": [", o->stopped ? "true" : "false",
		o->audit_failed ? "failed" : "balanced");
	for (size_t i = 0; i < o->n_kpis; i++) {
		fputs(i ? "," : "", f);
		put_kpi_json(f, &o->kpis[i]);
	}
	fputs("\n ]\n}\n", f);
	return ferror(f) ? -1 : 0;
}
