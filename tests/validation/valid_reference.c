/*
 * LoRaWAN against an independent packet simulator: every row of data/lorawan/reference.csv, with our own placement, schedule
 * and chance, from scenario files.
 *
 * Rows with a standard deviation: Welch's test, Holm-corrected at 1 % over all rows.  Rows without one: within 0.03.
 * Confirmed families run without IQ inversion, as that simulator has none; what turning it on changes is reported.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/csv.h"
#include "tests/validation/validate.h"

static const char source[] = "independent packet simulator, data/lorawan/reference.csv";
enum { SEEDS = 50, SEEDS_QUICK = 50 };

static const struct { const char *metric, *kpi; } metrics[] = {
	{ "frame_ratio", "connectivity.frame-ratio" },		 { "lost_interference", "lorawan.lost-interference" },
	{ "lost_no_demodulator", "lorawan.lost-no-demodulator" }, { "delivery_ratio", "lorawan.copy-ratio" },
	{ "ack_ratio", "lorawan.ack-ratio" },			 { "frames_per_message", "lorawan.frames-per-message" },
	{ "frame_ratio_sf7", "lorawan.frame-ratio-sf7" },	 { "frame_ratio_sf8", "lorawan.frame-ratio-sf8" },
	{ "frame_ratio_sf9", "lorawan.frame-ratio-sf9" },	 { "frame_ratio_sf10", "lorawan.frame-ratio-sf10" },
	{ "frame_ratio_sf11", "lorawan.frame-ratio-sf11" },	 { "frame_ratio_sf12", "lorawan.frame-ratio-sf12" },
};

static const char *kpi_of(const char *metric)
{
	for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
		if (strcmp(metrics[i].metric, metric) == 0)
			return metrics[i].kpi;
	return NULL;
}

struct config { char gateways[8], devices[16], confirmed[8], max_tx[8], hours[8]; };

struct table { struct csv *csv; int gateways, devices, confirmed, max_tx, hours, seeds, metric, mean, sd; };

static void config_of(const struct table *t, size_t row, struct config *c)
{
	snprintf(c->gateways, sizeof c->gateways, "%s", csv_text(t->csv, row, t->gateways));
	snprintf(c->devices, sizeof c->devices, "%s", csv_text(t->csv, row, t->devices));
	snprintf(c->confirmed, sizeof c->confirmed, "%s",
		 strcmp(csv_text(t->csv, row, t->confirmed), "1") == 0 ? "on" : "off");
	snprintf(c->max_tx, sizeof c->max_tx, "%s", csv_text(t->csv, row, t->max_tx));
	snprintf(c->hours, sizeof c->hours, "%s", csv_text(t->csv, row, t->hours));
}

static bool run(struct valid *v, const struct config *c, const char *iq, struct valid_run *r)
{
	char until[16], hours[16];
	const char *file =
		strcmp(c->gateways, "4") == 0 ? "scenarios/validation/lorawan-4.xml" : "scenarios/validation/lorawan.xml";

	/* devices report for so many hours; repeats that are due then still go out, as in the reference */
	snprintf(until, sizeof until, "%sh", c->hours);
	snprintf(hours, sizeof hours, "%luh", strtoul(c->hours, NULL, 10) + 1);
	const struct setting sets[] = {
		{ "run/@duration", hours },
		{ "device-class/traffic/@until", until },
		{ "deploy/@count", c->devices },
		{ "device-class/uses/@confirmed", c->confirmed },
		{ "device-class/uses/@transmissions", c->max_tx },
		{ "lorawan/@iq-inversion", iq },
	};
	return valid_scenario(r, file, sets, sizeof sets / sizeof sets[0], 1, valid_reps(v, SEEDS, SEEDS_QUICK));
}

static void row_name(const struct config *c, const char *metric, char *buf, size_t size)
{
	snprintf(buf, size, "%s gateway%s, %s devices, %s h%s%s%s: %s", c->gateways, strcmp(c->gateways, "1") ? "s" : "",
		 c->devices, c->hours, strcmp(c->confirmed, "on") ? "" : ", confirmed, at most ",
		 strcmp(c->confirmed, "on") ? "" : c->max_tx, strcmp(c->confirmed, "on") ? "" : " transmissions", metric);
}

static void judge_row(struct valid *v, const struct table *t, size_t row, const struct config *c, const struct valid_run *r,
		      struct welch_family *family, struct diag *d)
{
	const char *metric = csv_text(t->csv, row, t->metric), *sd = csv_text(t->csv, row, t->sd);
	const char *kpi = kpi_of(metric);
	struct sample want = { 0 };
	char name[200];

	row_name(c, metric, name, sizeof name);
	csv_number(t->csv, row, t->mean, -1e9, 1e9, &want.mean, d);
	csv_number(t->csv, row, t->seeds, 2, 1e6, &want.n, d);
	struct sample got = kpi ? valid_kpi(r, kpi, NULL) : (struct sample){ 0, NAN, NAN };
	if (sd[0]) {
		csv_number(t->csv, row, t->sd, 0, 1e9, &want.sd, d);
		welch_add(family, name, source, want, got);
	} else {
		valid_near(v, name, source, want.mean, got.n ? got.mean : NAN, 0.03,
			   "a figure without its spread: within 0.03");
	}
}

static void iq_effect(struct valid *v, const struct config *c, const struct valid_run *off)
{
	static const char *const shown[] = { "delivery_ratio", "ack_ratio", "frames_per_message" };
	struct valid_run on;
	char name[200], note[96];

	if (!run(v, c, "on", &on)) {
		valid_verdict(v, "IQ inversion on", source, NAN, NAN, NAN, false, "the scenario did not run");
	} else {
		for (size_t i = 0; i < 3; i++) {
			row_name(c, shown[i], name, sizeof name);
			strncat(name, ", with IQ inversion", sizeof name - strlen(name) - 1);
			double without = valid_kpi(off, kpi_of(shown[i]), NULL).mean,
			       with = valid_kpi(&on, kpi_of(shown[i]), NULL).mean;
			snprintf(note, sizeof note, "%+.4f against without (expected: the value without)", with - without);
			valid_report(v, name, "effect of the real behaviour", without, with, note);
		}
	}
	valid_run_free(&on);
}

static void judge_config(struct valid *v, const struct table *t, size_t first, struct welch_family *family, struct diag *d)
{
	struct config c = { 0 }, other = { 0 };
	struct valid_run r;
	bool confirmed;

	config_of(t, first, &c);
	confirmed = strcmp(c.confirmed, "on") == 0;
	bool ok = run(v, &c, "off", &r);
	if (!ok)
		valid_verdict(v, c.devices, source, NAN, NAN, NAN, false, "the scenario did not run");
	for (size_t i = first; ok && i < csv_rows(t->csv); i++) {
		memset(&other, 0, sizeof other);
		config_of(t, i, &other);
		if (memcmp(&c, &other, sizeof c) == 0)
			judge_row(v, t, i, &c, &r, family, d);
	}
	if (ok && confirmed)
		iq_effect(v, &c, &r);
	valid_run_free(&r);
}

static bool columns(struct table *t, struct diag *d)
{
	static const char *const names[] = { "gateways", "devices", "confirmed", "max_tx", "hours",
					     "seeds",    "metric",  "mean",      "sd" };
	int *at[] = { &t->gateways, &t->devices, &t->confirmed, &t->max_tx, &t->hours,
		      &t->seeds,    &t->metric,  &t->mean,      &t->sd };

	for (size_t i = 0; i < 9; i++)
		*at[i] = csv_require(t->csv, names[i], d);
	return diag_errors(d) == 0;
}

int main(void)
{
	struct valid v = valid_begin("LoRaWAN statistics");
	struct diag *d = diag_new();
	struct welch_family family = { 0 };
	struct table t = { .csv = csv_read("tests/validation/data/lorawan/reference.csv", NULL, d) };
	struct config *done = t.csv ? calloc(csv_rows(t.csv) + 1, sizeof *done) : NULL;
	size_t n_done = 0;

	for (size_t i = 0; done && columns(&t, d) && i < csv_rows(t.csv); i++) {
		struct config c = { 0 };
		size_t k = 0;
		config_of(&t, i, &c);
		while (k < n_done && memcmp(&done[k], &c, sizeof c) != 0)
			k++;
		if (k < n_done)
			continue;
		done[n_done++] = c;
		judge_config(&v, &t, i, &family, d);
	}
	welch_judge(&v, &family, 0.01);
	if (!d || diag_errors(d) || !done)
		valid_verdict(&v, "the reference file is read", source, NAN, NAN, NAN, false, "it is not");
	if (d)
		diag_print(d, stderr);
	free(done);
	csv_free(t.csv);
	diag_free(d);
	return valid_end(&v);
}
