/*
 * Whole scenarios in which the readings end long before the run does.  What is in flight is counted by the devices that wait
 * for an answer, so a message that a network forgets would pass for one on its way for ever: here none may be left, and the
 * accounts of the service, the platform and the backhaul must tell the same story.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "models/models.h"
#include "sim/kernel/rng.h"
#include "sim/study/outcome.h"

enum { SCENARIOS = 40 };

static const char *pick(struct rng *r, const char *a, const char *b, const char *c)
{
	const char *const of[] = { a, b, c };

	return of[rng_below(r, 3)];
}

/* Readings for three hours of six days. */
static char *scenario_text(struct rng *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	fputs("<scenario xmlns=\"urn:sccsim:scenario:1\"><run duration=\"6d\" warm-up=\"1h\"/>\n", f);
	fprintf(f,
		"<city radius=\"%s\"><district id=\"d\" centre=\"0m 0m\" radius=\"600m\" population=\"5\"/>"
		"<shadowing deviation=\"%s\"/></city>\n",
		pick(r, "700m", "2km", "9km"), pick(r, "0dB", "0dB", "6dB"));
	fprintf(f,
		"<backhaul id=\"b\" latency=\"%s\" jitter=\"%s\" capacity=\"%s\" queue=\"%s\" availability=\"%s\" "
		"repair=\"%s\"/>\n",
		pick(r, "0s", "20ms", "40s"), pick(r, "0s", "0s", "3s"), pick(r, "1kbps", "10kbps", "1Gbps"),
		pick(r, "300B", "2kB", "256KiB"), pick(r, "100%", "80%", "50%"), pick(r, "10s", "5min", "30min"));
	fprintf(f,
		"<platform id=\"p\" servers=\"%s\" service-time=\"%s\" service-law=\"%s\" %s availability=\"%s\" "
		"repair=\"10min\"/>\n",
		pick(r, "1", "2", "8"), pick(r, "5ms", "1s", "10s"), pick(r, "fixed", "exponential", "log-normal"),
		pick(r, "", "queue=\"0\"", "queue=\"6\""), pick(r, "100%", "95%", "60%"));
	fprintf(f,
		"<lorawan id=\"l\" region=\"%s\" activation=\"%s\" adr=\"%s\" duty-cycle=\"%s\">"
		"<gateways count=\"%s\" placement=\"uniform\" backhaul=\"b\"/></lorawan>\n",
		pick(r, "EU868", "IN865", "US915"), pick(r, "otaa", "personalised", "personalised"),
		pick(r, "on", "on", "off"), pick(r, "off-time", "from-start", "off"), pick(r, "1", "3", "5"));
	for (int i = 0; i < 2; i++) {
		fprintf(f, "<device-class id=\"c%d\" platform=\"p\"><uses network=\"l\" confirmed=\"%s\"/>\n", i,
			pick(r, "on", "off", "off"));
		fprintf(f, "<traffic %s until=\"3h\" priority=\"%s\" payload=\"%s\" deadline=\"%s\"/>\n",
			pick(r, "period=\"2min\"", "pattern=\"poisson\" period=\"1min\"",
			     "pattern=\"on-change\" period=\"10min\" burst=\"5\" spacing=\"2s\""),
			pick(r, "0", "3", "7"), pick(r, "1B", "40B", "120B"), pick(r, "1s", "10s", "1h"));
		fprintf(f, "%s</device-class><deploy class=\"c%d\" count=\"%s\" over=\"%s\"/>\n",
			pick(r, "", "", "<battery capacity=\"40J\"/>"), i, pick(r, "1", "20", "60"),
			pick(r, "0s", "0s", "1h"));
	}
	fputs("</scenario>", f);
	fclose(f);
	return text;
}

static double audit(const struct report *r, const char *account, const char *label)
{
	for (size_t i = 0; i < r->n_audit; i++)
		if (!strcmp(r->audit[i].account, account) && !strcmp(r->audit[i].label, label))
			return r->audit[i].value;
	fail_msg("no row \"%s\" in the account of %s", label, account);
	return 0;
}

static double all(const struct report *r, const char *kpi)
{
	for (size_t i = 0; i < r->n_kpis; i++)
		if (!strcmp(r->kpis[i].def->name, kpi) && !strcmp(r->kpis[i].group, "all"))
			return r->kpis[i].value;
	return -1;
}

static void same(const struct report *r, const char *account, const char *label, double expected, const char *text)
{
	if (audit(r, account, label) != expected)
		fail_msg("%s, %s: %g, not %g in\n%s", account, label, audit(r, account, label), expected, text);
}

static void run_one(uint64_t number, double *delivered)
{
	struct rng r = rng_stream(11, 0, number, 0);
	char *text = scenario_text(&r);
	struct diag *d = diag_new();
	struct scenario *sc = scenario_parse(text, strlen(text), "t.xml", &sccsim_models, NULL, NULL, 0, d);
	struct replication rep = { 0 };
	double full;

	if (!sc)
		diag_print(d, stderr);
	assert_non_null(sc);
	assert_int_equal(replicate(sc, number, &rep, NULL), 0);
	if (rep.unbalanced)
		fail_msg("%s differs by %g in\n%s", rep.imbalance_account, rep.imbalance, text);
	same(rep.report, "messages", "in flight at the end", 0, text);
	same(rep.report, "platform messages", "waiting or in service at the end", 0, text);
	same(rep.report, "platform messages", "accepted", audit(rep.report, "messages", "delivered"), text);
	same(rep.report, "platform messages", "lost: platform down", audit(rep.report, "messages", "lost: platform"), text);
	/* queues of links lose copies, of which others may arrive */
	full = audit(rep.report, "messages", "lost: queue full") -
	       audit(rep.report, "platform messages", "lost: queue full");
	assert_true(full >= 0 && full <= audit(rep.report, "backhaul messages", "lost: queue full"));
	assert_true(audit(rep.report, "messages", "lost: backhaul") <=
		    audit(rep.report, "backhaul messages", "lost: link down"));
	assert_true(all(rep.report, "messages.in-flight") <= 0);
	*delivered += audit(rep.report, "messages", "delivered");
	report_free(rep.report);
	scenario_free(sc);
	diag_free(d);
	free(text);
}

static void nothing_is_in_flight_when_all_has_had_the_time_to_arrive(void **state)
{
	const char *many = getenv("SCCSIM_DRAINED_SCENARIOS");
	uint64_t n = many ? strtoull(many, NULL, 10) : SCENARIOS;
	double delivered = 0;

	(void)state;
	for (uint64_t i = 0; i < n; i++)
		run_one(i, &delivered);
	assert_true(delivered > 100 * (double)n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_in_flight_when_all_has_had_the_time_to_arrive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
