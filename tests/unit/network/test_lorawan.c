/*
 * Whole scenarios of LoRaWAN with everything chosen by chance: whatever is chosen, the audit balances, ratios are ratios, and
 * the number of threads does not matter.
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

struct choice { const char *attribute; const char *value[6]; };         /* NULL-terminated; "" leaves it out */

static const struct choice lorawan[] = {
	{ "adr", { "on", "off" } },
	{ "adr-algorithm", { "things-stack", "semtech" } }, { "spreading-factor", { "adr", "link", "7", "10" } },
	{ "activation", { "otaa", "personalised" } }, { "cflist", { "on", "off" } }, { "join-spread", { "0s", "10s", "1h" } },
	{ "duty-cycle", { "off-time", "from-start", "window-1h", "off" } }, { "rejection", { "goursaud", "croce", "aloha" } },
	{ "iq-inversion", { "on", "off" } }, { "retry-lowers-rate", { "on", "off" } }, { "demodulators", { "8", "1", "2" } },
	{ "decision", { "200ms", "0s", "900ms", "4s" } }, { "rx1-delay", { "1s", "5s" } }, { "join-rx1-delay", { "5s", "1s" } },
	{ "dwell-time", { "region", "on", "off" } }, { "frame-overhead", { "13B", "0B", "64B" } },
	{ "adr-margin", { "", "0dB", "30dB" } }, { "window-symbols", { "8", "64" } }, { "snr-ceiling", { "", "30dB" } },
	{ "wide-demodulators", { "1", "0", "3" } }, { "fsk-demodulators", { "1", "0" } }, { "power", { "", "2dBm" } },
	{ "downlink-power", { "", "-10dBm", "36dBm" } }, { "rx2-power", { "", "-10dBm" } },
};
static const struct choice uses[] = {
	{ "confirmed", { "off", "on" } }, { "transmissions", { "8", "1", "3" } },
};
static const char *const patterns[] = { "pattern=\"periodic\" phase=\"aligned\"", "pattern=\"periodic\" jitter=\"20s\"",
	"pattern=\"periodic\" from=\"power-on\"", "pattern=\"poisson\"", "pattern=\"on-change\" burst=\"4\" spacing=\"1s\"" };
static const struct choice traffic[] = {
	{ "period", { "5min", "30s", "1h" } }, { "payload", { "20B", "1B", "50B", "120B", "250B" } }, { "deadline", { "", "2s" } },
	{ "until", { "", "3h" } },
};
static const struct choice deploy[] = {
	{ "placement", { "uniform", "clustered", "hexagonal" } }, { "indoor", { "0%", "100%", "50%" } }, { "over", { "0s", "30min" } },
	{ "count", { "60", "1", "200" } },
};
static const struct choice backhaul[] = {
	{ "latency", { "4ms", "0s", "2s", "1min" } }, { "jitter", { "0s", "200ms" } }, { "capacity", { "1Gbps", "2kbps" } },
	{ "queue", { "256KiB", "400B" } }, { "availability", { "100%", "80%", "0%" } }, { "repair", { "10min", "1s" } },
};
static const struct choice platform[] = {
	{ "servers", { "4", "1" } }, { "service-time", { "5ms", "0s", "20s" } }, { "queue", { "", "0", "5" } },
	{ "availability", { "100%", "90%" } }, { "repair", { "20min" } },
};
static const struct choice power[] = { { "rx", { "11.2mA", "0A" } }, { "sleep", { "1.5uA", "10mA" } } };
static const struct choice battery[] = { { "capacity", { "19Wh", "1J", "30J" } }, { "self-discharge", { "1%", "50%" } } };
static const struct choice fading[] = { { "model", { "none", "rayleigh", "rician", "log-normal" } } };
static const struct choice city[] = { { "radius", { "800m", "3km", "20km" } } };
static const struct choice shadowing[] = { { "deviation", { "0dB", "8dB", "12dB" } }, { "inter-site-correlation", { "50%", "0%", "100%" } } };

#define CHANNEL(mhz, rest) "<channel frequency=\"" mhz "MHz\" " rest "/>"
static const char three_kinds[] = CHANNEL("868.1", "min-data-rate=\"5\"") CHANNEL("868.3", "min-data-rate=\"6\" weight=\"9\"")
	CHANNEL("863.1", "min-data-rate=\"7\"");

/* What a network may use: the region's channels, narrow ones and wide ones together, or a wide or FSK one alone. */
static const struct { const char *name, *plan[6]; } regions[] = {
	{ "EU868", { "", "<channel frequency=\"867.1MHz\"/><channel frequency=\"868.3MHz\"/>",
		     "<channel frequency=\"868.1MHz\"/><channel frequency=\"868.1MHz\" min-data-rate=\"6\"/>",
		     "<channel frequency=\"868.3MHz\" min-data-rate=\"6\"/>", "<channel frequency=\"868.8MHz\" max-data-rate=\"7\"/>",
		     three_kinds } },
	{ "IN865", { "", "<channel frequency=\"865.0625MHz\" min-data-rate=\"2\"/>", "<channel frequency=\"866.55MHz\"/>" } },
	{ "US915", { "", "<channel frequency=\"902.3MHz\"/><channel frequency=\"903MHz\" min-data-rate=\"4\"/>",
		     "<channel frequency=\"904.6MHz\" min-data-rate=\"4\"/>", "<channel frequency=\"914.9MHz\"/>" } },
	{ "AS923", { "", "<channel frequency=\"923.2MHz\"/><channel frequency=\"924MHz\" min-data-rate=\"2\"/>",
		     "<channel frequency=\"923.2MHz\" max-data-rate=\"6\" min-data-rate=\"6\"/>" } },
};

#define ALL(t) (t), sizeof(t) / sizeof((t)[0])

/* One value of each attribute. */
static void choose(FILE *f, struct rng *r, const struct choice *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t values = 0;
		while (values < 6 && c[i].value[values])
			values++;
		const char *v = c[i].value[rng_below(r, values)];
		if (v && v[0])
			fprintf(f, " %s=\"%s\"", c[i].attribute, v);
	}
}

static void element(FILE *f, struct rng *r, const char *begin, const struct choice *c, size_t n, const char *end)
{
	fprintf(f, "<%s", begin);
	choose(f, r, c, n);
	fprintf(f, "%s\n", end);
}

static char *scenario_text(struct rng *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	fputs("<scenario xmlns=\"urn:sccsim:scenario:1\"><run duration=\"4h\" warm-up=\"30min\"/>\n", f);
	element(f, r, "city", ALL(city), ">");
	element(f, r, "shadowing", ALL(shadowing), "/>");
	element(f, r, "fading", ALL(fading), "/></city>");
	element(f, r, "backhaul id=\"b\"", ALL(backhaul), "/>");
	element(f, r, "platform id=\"p\"", ALL(platform), "/>");
	uint32_t region = rng_below(r, sizeof regions / sizeof regions[0]), plans = 0;
	while (plans < 6 && regions[region].plan[plans])
		plans++;
	fprintf(f, "<lorawan id=\"l\" region=\"%s\"", regions[region].name);
	choose(f, r, ALL(lorawan));
	fprintf(f, ">%s\n", regions[region].plan[rng_below(r, plans)]);
	fprintf(f, "<gateways count=\"%u\" placement=\"%s\"%s/>", 1 + rng_below(r, 5), rng_below(r, 2) ? "uniform" : "grid",
		rng_below(r, 3) ? " backhaul=\"b\"" : "");
	fputs("</lorawan>\n", f);
	for (int i = 0; i < 2; i++) {
		fprintf(f, "<device-class id=\"c%d\"%s>", i, rng_below(r, 3) ? " platform=\"p\"" : "");
		element(f, r, "uses network=\"l\"", ALL(uses), "/>");
		fprintf(f, "<traffic %s", patterns[rng_below(r, 5)]);
		choose(f, r, ALL(traffic));
		fputs("/>\n", f);
		if (rng_below(r, 3) == 0)
			element(f, r, "battery", ALL(battery), "/>");
		if (rng_below(r, 2) == 0)
			element(f, r, "power", ALL(power), "/>");
		fprintf(f, "</device-class><deploy class=\"c%d\"", i);
		choose(f, r, ALL(deploy));
		fputs("/>\n", f);
	}
	fputs("</scenario>", f);
	fclose(f);
	return text;
}

static void check_kpis(const struct outcome *o, const char *text)
{
	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		bool share = strstr(k->def->name, "ratio") || strstr(k->def->name, "lorawan.lost-") ||
			     strstr(k->def->name, "coverage");
		if (!isfinite(k->mean) || (share && !(k->mean >= 0 && k->mean <= 1)))
			fail_msg("%s of %s is %g in\n%s", k->def->name, k->group, k->mean, text);
	}
}

static void check_equal(const struct outcome *a, const struct outcome *b, const char *text)
{
	if (a->n_kpis != b->n_kpis)
		fail_msg("%zu KPIs with one thread, %zu with two:\n%s", a->n_kpis, b->n_kpis, text);
	for (size_t i = 0; i < a->n_kpis; i++)
		if (a->kpis[i].mean != b->kpis[i].mean || strcmp(a->kpis[i].group, b->kpis[i].group) != 0)
			fail_msg("%s of %s differs by thread:\n%s", a->kpis[i].def->name, a->kpis[i].group, text);
}

static void run_one(uint64_t number)
{
	struct rng r = rng_stream(7, 0, number, 0);
	char *text = scenario_text(&r);
	struct diag *d = diag_new();
	struct scenario *sc = scenario_parse(text, strlen(text), "t.xml", &sccsim_models, NULL, NULL, 0, d);

	if (!sc) { /* a fixed spreading factor that no channel has: the only clash there can be */
		bool clash = false;
		for (size_t i = 0; i < diag_count(d); i++)
			clash |= strstr(diag_text(d, i), "is no uplink data rate") != NULL;
		if (diag_errors(d) != 1 || !clash) {
			diag_print(d, stderr);
			fail_msg("refused:\n%s", text);
		}
	} else {
		struct outcome *one = outcome_run(sc, &(struct run_options){ .replications = 2, .threads = 1 });
		struct outcome *two = outcome_run(sc, &(struct run_options){ .replications = 2, .threads = 2 });
		assert_true(one && two);
		if (one->n_done != 2 || one->audit_failed)
			fail_msg("scenario %llu: %zu done, %s %g: %s\n%s", (unsigned long long)number, one->n_done,
				 one->reps[0].imbalance_account ? one->reps[0].imbalance_account : "",
				 one->reps[0].imbalance, one->reps[0].failure, text);
		check_kpis(one, text);
		check_equal(one, two, text);
		outcome_free(one);
		outcome_free(two);
	}
	scenario_free(sc);
	diag_free(d);
	free(text);
}

static void whatever_is_chosen_the_audit_balances_and_threads_agree(void **state)
{
	const char *many = getenv("SCCSIM_LORAWAN_SCENARIOS");

	(void)state;
	for (uint64_t i = 0; i < (many ? strtoull(many, NULL, 10) : 25); i++)
		run_one(i);
}

/* A scenario in a city of no place on earth, with this inside <lorawan>, must be refused with this. */
static void refused(const char *inside, const char *message)
{
	char text[1024];
	struct diag *d = diag_new();

	snprintf(text, sizeof text,
		 "<scenario xmlns=\"urn:sccsim:scenario:1\"><run duration=\"1h\"/><city radius=\"1km\"/>"
		 "<lorawan id=\"l\">%s</lorawan><platform id=\"p\"/><device-class id=\"c\" platform=\"p\"/>"
		 "<deploy class=\"c\" count=\"1\"/></scenario>",
		 inside);
	assert_null(scenario_parse(text, strlen(text), "t.xml", &sccsim_models, NULL, NULL, 0, d));
	assert_int_equal(diag_count(d), 1);
	assert_string_equal(diag_text(d, 0), message);
	diag_free(d);
}

static void gateways_that_cannot_be_placed_or_numbered_are_refused(void **state)
{
	(void)state;
	refused("<gateway position=\"50.7N 7.1E\"/>",
		"t.xml:1: <gateway position>: \"50.7N 7.1E\" is in WGS84, but the city has no place on earth (give its origin)");
	refused("<gateways count=\"60000\"/><gateways count=\"5536\"/>",
		"t.xml:1: <lorawan l>: has 65536 gateways, more than 65535");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateways_that_cannot_be_placed_or_numbered_are_refused),
		cmocka_unit_test(whatever_is_chosen_the_audit_balances_and_threads_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
