/* Cellular networks, run whole: accounts whatever the scenario, energy by hand, timers, queues, the best sector. */
#include "tests/unit/network/suburb.h"

#include <stdlib.h>

#include "models/device/device.h"
#include "models/network/cellular/cellular_private.h"
#include "sim/kernel/rng.h"

/* One site in a town without chance in the radio, and devices where a test says. */
static const char town[] =
	"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='%s'/>"
	"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='7.7dB' reference-distance='1m' exponent='3.76'/>"
	"<shadowing deviation='0dB'/></city><platform id='p'/><backhaul id='b' availability='0%%' repair='1h'/>"
	"<nb-iot id='n' detection-probability='100%%' harq-error='0%%' %s>"
	"<site position='3km 3km' sectors='1' %s/></nb-iot>"
	"<device-class id='c' platform='p'><battery self-discharge='0%%'/><power sleep='0A'/>"
	"<uses network='n' %s/><traffic %s/></device-class>"
	"<deploy class='c' %s/></scenario>";
static const char one[] = "count='1' centre='3km 3.5km' radius='10m'";
static const char once[] = "pattern='uniform' period='1h' payload='50B'";

static struct ran run_town(const char *duration, const char *network, const char *site, const char *uses, const char *traffic,
			   const char *deploy)
{
	char xml[4096];

	snprintf(xml, sizeof xml, town, duration, network, site, uses, traffic, deploy);
	return run_xml(xml);
}

static double energy_per_connection(const struct ran *r)
{
	return kpi(r, "access.connection-energy", "network=n");
}

/* Sum of what one report of 50 B takes: by phy's figures, at 23 dBm of the class's own power table. */
static void the_energy_of_a_report_is_the_sum_of_its_parts(void **state)
{
	const double volt = 3.3, tx_w = 0.120 * volt * pow(10, 0.3), rx_w = 0.0112 * volt, idle_w = 0.0014 * volt;
	struct cell_transfer data, msg3, msg4, control, release;
	double loss = 7.7 + 37.6 * log10(500) - 15; /* within phy's most favourable column, whatever the radius */
	struct phy_gaps g = phy_gaps(CELLULAR_NB_IOT);

	(void)state;
	assert_true(loss < 120);
	assert_true(phy_uplink(CELLULAR_NB_IOT, loss, 8 * (50 + 29) + phy_message_bits(PHY_MSG5), &data));
	assert_true(phy_message(CELLULAR_NB_IOT, loss, PHY_MSG3, &msg3));
	assert_true(phy_message(CELLULAR_NB_IOT, loss, PHY_MSG4, &msg4));
	assert_true(phy_control(CELLULAR_NB_IOT, loss, &control));
	assert_true(phy_message(CELLULAR_NB_IOT, loss, PHY_RELEASE, &release));
	/* access: 250 ms in step, a preamble of 5.6 ms, 80 ms for the response; grant after ceil(80/12) + 2 + 5 ms */
	double request = sim_seconds(g.grant_to_uplink + msg3.airtime + g.uplink_to_grant + control.airtime +
				     g.grant_to_downlink + msg4.airtime);
	double tx = 0.0056 + sim_seconds(msg3.airtime + data.airtime);
	double rx = 0.25 + 0.08 + sim_seconds(msg4.airtime + 3 * control.airtime + release.airtime);
	double all = 0.0056 + 0.002 + 0.007 + 0.005 + request;
	double idle =
		fmax(all - (0.0056 + sim_seconds(msg3.airtime)) - (0.08 + sim_seconds(msg4.airtime + control.airtime)), 0) +
		sim_seconds(g.grant_to_uplink) + 20;
	struct ran r = run_town("2h", "registration='done'", "", "", once, one);
	double expected = tx * tx_w + rx * rx_w + idle * idle_w, seen = energy_per_connection(&r);

	if (!(fabs(seen - expected) < 1e-9 * expected))
		fail_msg("%.9g J, expected %.9g J", seen, expected);
	done(&r);
}

/* Two readings 5 s apart listen for 25 s together where each alone would for 20 s. */
static void listening_is_not_charged_twice(void **state)
{
	static const char twice[] = "pattern='on-change' period='1h' burst='2' spacing='5s' payload='50B' until='11h'";
	static const char seldom[] = "pattern='on-change' period='1h' burst='1' payload='50B' until='11h'";
	struct ran none[2], some[2];
	const char *traffic[2] = { seldom, twice };

	(void)state;
	for (int i = 0; i < 2; i++) {
		none[i] = run_town("12h", "registration='done' active-time='0s'", "", "", traffic[i], one);
		some[i] = run_town("12h", "registration='done' active-time='20s'", "", "", traffic[i], one);
	}
	double bursts = account(&none[0], "accesses", "begun"), idle_w = 0.0014 * 3.3, extra[2];
	assert_true(bursts > 0);
	for (int i = 0; i < 2; i++) {
		extra[i] = (energy_per_connection(&some[i]) - energy_per_connection(&none[i])) * (i + 1) / idle_w;
		done(&none[i]);
		done(&some[i]);
	}
	assert_true(fabs(extra[0] - 20) < 1e-6);
	assert_true(extra[1] > 23.5 &&
		    extra[1] < 25.5); /* 5 s less the first report's own way, more the wait for opportunities */
}

static void a_silent_device_updates_its_registration(void **state)
{
	struct ran r =
		run_town("73h", "registration='done' update-period='10h'", "", "", "pattern='uniform' period='1s'", one);

	(void)state;
	assert_int_equal((int)account(&r, "accesses", "begun"), 1 + 7); /* one reading, and then 73 hours of silence */
	done(&r);
	r = run_town("73h", "registration='done' update-period='10h'", "", "", "pattern='periodic' period='5h'", one);
	assert_int_equal((int)account(&r, "accesses", "begun"), (int)kpi(&r, "messages.generated", "all"));
	done(&r);
}

static void a_device_registers_before_it_is_operational(void **state)
{
	struct ran r = run_town("1h", "attach-spread='10min'", "", "", "pattern='periodic' period='200h'",
				"count='50' placement='uniform'");

	(void)state;
	assert_int_equal((int)account(&r, "accesses", "succeeded"), 50);
	assert_true(kpi(&r, "connectivity.connected-ratio", "all") < 0.999);
	assert_true(kpi(&r, "connectivity.connected-ratio", "all") > 0.85);
	done(&r);
}

static void what_the_backhaul_does_not_take_is_lost_there(void **state)
{
	struct ran r = run_town("2h", "registration='done'", "backhaul='b'", "", once, "count='20' placement='uniform'");

	(void)state;
	assert_int_equal((int)account(&r, "cellular messages", "backhaul"), 20);
	assert_int_equal((int)account(&r, "cellular messages", "handed on"), 0);
	done(&r);
}

static void a_transfer_that_would_wait_too_long_is_refused(void **state)
{
	static const char many[] = "count='3000' placement='uniform'",
			  now[] = "pattern='uniform' period='5s' payload='1000B'";
	struct ran patient = run_town("1h", "registration='done' patience='1d'", "", "", now, many);
	struct ran hasty = run_town("1h", "registration='done' patience='100ms' background-load='90%'", "", "", now, many);

	(void)state;
	assert_int_equal((int)account(&patient, "cellular messages", "queue full"), 0);
	assert_true(account(&hasty, "cellular messages", "queue full") > 0);
	assert_true(kpi(&hasty, "access.uplink-wait", "network=n") < 0.1);
	done(&patient);
	done(&hasty);
}

static void beyond_the_last_class_there_is_no_coverage(void **state)
{
	struct ran r = run_town("2h", "registration='done'", "gain='-20dB'", "", once, "count='200' placement='uniform'");
	double lost = account(&r, "cellular messages", "no coverage"), coverage = kpi(&r, "access.coverage", "all");

	(void)state;
	/* 164 = 7.7 + 37.6 log10(d) + 20: 4.2 km, so all of the town */
	assert_true(coverage == 1 && lost == 0);
	done(&r);
	r = run_town("2h", "registration='done'", "gain='-20dB' height='30m'", "",
		     "pattern='uniform' period='1h' payload='1500B'", "count='10' placement='uniform'");
	assert_int_equal((int)account(&r, "cellular messages", "payload too large"), 10);
	done(&r);
}

/* Transfers of one length on a carrier that others share: the mean wait of M/D/1, rho / (2 (1 - rho)) of a transfer. */
static void a_carrier_is_a_queue_with_one_server(void **state)
{
	enum { BATCHES = 50, EACH = 20000 };
	struct rng r = rng_stream(3, RNG_PURPOSE('t', 'e', 's', 't'), 3, 0);
	struct tally means = { 0 };
	simtime_t now = 0;

	(void)state;
	for (int b = 0; b < BATCHES; b++) {
		struct cell_pipe p = { .at = now, .rate = 0.5 };
		struct tally wait = { 0 };
		for (int i = 0; i < EACH; i++) {
			now += sim_from_seconds(
				rng_exponential(&r, 0.1 / 0.7)); /* work 0.05 s at half a carrier: 0.1 s each */
			tally_add(&wait, sim_seconds(pipe_wait(&p, now, now)));
			pipe_load(&p, now, 0.05e9, true);
		}
		tally_add(&means, wait.mean);
	}
	double expected = 0.1 * 0.7 / (2 * (1 - 0.7)), within = tally_halfwidth(&means, 0.99);
	if (!(fabs(means.mean - expected) <= within))
		fail_msg("wait %g s, expected %g within %g", means.mean, expected, within);
}

/* ---- commands ---- */

static double command_delay(const char *network, const char *traffic, double *delivered)
{
	char xml[4096];

	snprintf(xml, sizeof xml, town, "100h", network, "", "", traffic, "count='40' placement='uniform'");
	char *site = strstr(xml, "<site "), rest[4096];
	strcpy(rest, site);
	strcpy(site, "<commands class='c' period='20h'/>");
	strcat(xml, rest);
	struct ran r = run_xml(xml);
	double delay = kpi(&r, "downlink.delay", "network=n");
	*delivered = kpi(&r, "downlink.delivery-ratio", "network=n");
	done(&r);
	return delay;
}

/* 200 commands: the mean of a uniform wait up to W is known to W / sqrt(12 x 200), 2 % of W. */
static void a_command_waits_until_its_device_can_be_reached(void **state)
{
	static const char readings[] = "pattern='periodic' period='2h' until='90h'",
			  none[] = "pattern='periodic' period='1000h'";
	double delivered, delay;

	(void)state;
	/* always listening: half a paging cycle, then 250 ms in step, half an opportunity's period, and some 60 ms */
	delay = command_delay("registration='done' power-saving='none'", none, &delivered);
	assert_true(delivered > 0.99 && fabs(delay - (1.28 + 0.25 + 0.16 + 0.06)) < 0.25);
	/* eDRX: half a cycle, but for the share of time that is a window */
	delay = command_delay("registration='done' power-saving='edrx' cycle='163.84s' window='2.56s'", none, &delivered);
	assert_true(delivered > 0.95 && fabs(delay - 81.9) < 10);
	/* asleep: half the time between readings */
	delay = command_delay("registration='done'", readings, &delivered);
	assert_true(delivered > 0.8 && fabs(delay - 3600) < 450);
	/* asleep and silent: until the update of the registration */
	delay = command_delay("registration='done' update-period='3h'", none, &delivered);
	assert_true(delivered > 0.8 && fabs(delay - 5400) < 650);
}

/* ---- sites ---- */

static void sites_of_a_lattice_stand_as_far_apart_as_asked(void **state)
{
	static const char xml[] =
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1s'/><city width='12km' height='9km'/>"
		"<nb-iot id='n'><sites inter-site-distance='1732m'/></nb-iot>"
		"<device-class id='c'/><deploy class='c' count='1' placement='uniform'/></scenario>";
	struct diag *d = diag_new();
	struct report *report = report_new();

	(void)state;
	struct scenario *sc = scenario_parse(xml, strlen(xml), "t.xml", &sccsim_models, NULL, NULL, 0, d);
	assert_non_null(sc);
	struct sim *s = sim_new(1, 0, 0, SIM_SECOND, report);
	struct cellular c = { .node = scenario_first(sc, &nb_iot_model) };
	for (size_t i = 0; i < sccsim_models.n && sccsim_models.models[i] != &backhaul_model; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(s, sc);
	backhaul_model.setup(s, sc);
	assert_true(cell_sites_new(s, &c, city_of(sc)));
	assert_int_equal(c.n_sectors, 3 * c.n_sites);
	assert_true(c.n_sites > 35 && c.n_sites < 50); /* 108 km2 / 2.598 km2 = 41.6 */
	for (uint32_t i = 0; i < c.n_sites; i++) {
		double nearest = INFINITY;
		for (uint32_t k = 0; k < c.n_sites; k++)
			if (k != i)
				nearest = fmin(nearest, hypot(c.sites[i].at.at.x - c.sites[k].at.at.x,
							      c.sites[i].at.at.y - c.sites[k].at.at.y));
		assert_true(fabs(nearest - 1732) < 1e-6);
	}
	sim_free(s);
	report_free(report);
	scenario_free(sc);
	diag_free(d);
}

/* Devices around a site of three sectors: in the main lobe of one, or between two, 60 degrees off both. */
static void a_sector_loses_gain_away_from_its_main_lobe(void **state)
{
	static const struct {
		const char *place;
		double loss;
	} at[] = {
		{ "centre='3km 5km' radius='1m'", 0 },                              /* north: the first sector's azimuth */
		{ "centre='3km 1km' radius='1m'", 12 * (60.0 / 65) * (60.0 / 65) }, /* south: between 120 and 240 degrees */
	};
	double median[2] = { NAN, NAN };

	(void)state;
	for (int i = 0; i < 2; i++) {
		char xml[2048];
		struct diag *d = diag_new();
		snprintf(xml, sizeof xml, town, "1s", "registration='done'", "azimuth='0'", "", once, "");
		char *sectors = strstr(xml, "sectors='1'"), *deploy = strstr(xml, "<deploy");
		sectors[9] = '3';
		snprintf(deploy, 200, "<deploy class='c' count='1' %s/></scenario>", at[i].place);
		struct ran r = run_xml(xml);
		const struct report *p = r.o->reps[0].report;
		for (size_t k = 0; k < p->n_curves; k++)
			if (!strcmp(p->curves[k].def->name, "coverage-classes") && p->curves[k].y >= 100) {
				median[i] = p->curves[k].x;
				break;
			}
		done(&r);
		diag_free(d);
	}
	assert_true(fabs(median[1] - median[0] - at[1].loss) <= 2); /* points of the curve are 2 dB apart */
}

/* ---- accounts, whatever happens ---- */

struct choice { const char *attribute, *value[6]; };

static const struct choice network[] = {
	{ "operator", { "public", "captive" } },
	{ "detection", { "", "power-ramping", "constant" } },
	{ "barring-factor", { "", "30%" } },
	{ "registration", { "attach", "done" } },
	{ "attach-spread", { "", "1min", "0s" } },
	{ "inactivity", { "", "5s", "1min" } },
	{ "power-saving", { "psm", "edrx", "none" } },
	{ "update-period", { "", "30min", "10min" } },
	{ "buffer", { "", "1" } },
	{ "patience", { "", "200ms" } },
	{ "carriers", { "", "3" } },
	{ "uplink-format", { "", "narrowest" } },
	{ "harq-error", { "", "60%" } },
};
static const char *const patterns[] = { "pattern=\"periodic\" period=\"5min\"", "pattern=\"poisson\" period=\"3min\"",
					"pattern=\"beta\" period=\"20s\"", "pattern=\"uniform\" period=\"1h\"",
					"pattern=\"on-change\" period=\"20min\" burst=\"4\" spacing=\"2s\"" };
static const char *const technologies[] = { "nb-iot", "lte-m", "lte" };

static char *scenario_text(struct rng *r)
{
	const char *technology = technologies[rng_below(r, 3)];
	char *xml = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&xml, &size);

	assert_non_null(f);
	fputs("<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\"><run duration=\"2h\" warm-up=\"10min\"/>\n"
	      "<city width=\"3km\" height=\"3km\"><building-entry model=\"38901-mixed\"/></city>\n"
	      "<backhaul id=\"b\" availability=\"80%\" repair=\"10min\" latency=\"30ms\"/><platform id=\"p\"/>\n",
	      f);
	bool mains_fail = rng_below(r, 2);
	if (mains_fail)
		fputs("<power-grid feeders=\"3\" availability=\"70%\" repair=\"10min\"/>\n", f);
	fprintf(f, "<%s id=\"n\"", technology);
	for (size_t i = 0; i < sizeof network / sizeof network[0]; i++) {
		uint32_t n = 0;
		while (n < 6 && network[i].value[n])
			n++;
		const char *v = network[i].value[rng_below(r, n)];
		if (v && v[0])
			fprintf(f, " %s=\"%s\"", network[i].attribute, v);
	}
	fprintf(f, "><sites count=\"%u\" sectors=\"%d\"%s%s/>", 1 + rng_below(r, 4), rng_below(r, 2) ? 1 : 3,
		rng_below(r, 3) ? " backhaul=\"b\"" : "", mains_fail && rng_below(r, 2) ? " backup=\"5min\"" : "");
	if (rng_below(r, 3) == 0)
		fputs("<coverage-class coupling-loss=\"110dB\" period=\"40ms\" preambles=\"12\" grants=\"3\" attempts=\"3\"/>"
		      "<coverage-class coupling-loss=\"140dB\" period=\"640ms\" preambles=\"12\" repetitions=\"8\" back-off=\"30s\"/>",
		      f);
	if (rng_below(r, 2))
		fputs("<commands class=\"c0\" period=\"10min\"/>", f);
	fprintf(f, "</%s>\n", technology);
	for (int i = 0; i < 2; i++) {
		fprintf(f, "<device-class id=\"c%d\"%s><uses network=\"n\"%s/><traffic %s/>", i,
			rng_below(r, 2) ? " platform=\"p\"" : "",
			rng_below(r, 2) ? " confirmed=\"on\" transmissions=\"2\"" : "", patterns[rng_below(r, 5)]);
		if (rng_below(r, 2)) /* some run empty in the middle of an access */
			fprintf(f, "<battery capacity=\"%uJ\"/>", 1 + rng_below(r, 20));
		if (rng_below(r, 3) == 0)
			fputs("<mobility speed=\"50km/h\"/>", f);
		fprintf(f, "</device-class><deploy class=\"c%d\" count=\"%u\" placement=\"uniform\" indoor=\"60%%\"/>\n", i,
			1 + rng_below(r, 400));
	}
	fputs("</scenario>", f);
	fclose(f);
	return xml;
}

static void accounts_balance_whatever_the_scenario(void **state)
{
	struct rng r = rng_stream(7, RNG_PURPOSE('t', 'e', 's', 't'), 7, 0);

	(void)state;
	for (int i = 0; i < 80; i++) {
		char *xml = scenario_text(&r);
		struct ran ran = run_xml(xml);
		done(&ran);
		free(xml);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_energy_of_a_report_is_the_sum_of_its_parts),
		cmocka_unit_test(listening_is_not_charged_twice),
		cmocka_unit_test(a_silent_device_updates_its_registration),
		cmocka_unit_test(a_device_registers_before_it_is_operational),
		cmocka_unit_test(what_the_backhaul_does_not_take_is_lost_there),
		cmocka_unit_test(a_transfer_that_would_wait_too_long_is_refused),
		cmocka_unit_test(beyond_the_last_class_there_is_no_coverage),
		cmocka_unit_test(a_carrier_is_a_queue_with_one_server),
		cmocka_unit_test(a_command_waits_until_its_device_can_be_reached),
		cmocka_unit_test(sites_of_a_lattice_stand_as_far_apart_as_asked),
		cmocka_unit_test(a_sector_loses_gain_away_from_its_main_lobe),
		cmocka_unit_test(accounts_balance_whatever_the_scenario),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
