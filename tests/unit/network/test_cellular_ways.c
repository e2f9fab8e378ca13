/* Cellular sites that lose their power and get it back, devices that move between sectors, and what messages cost. */
#include "tests/unit/network/street.h"
#include "tests/unit/network/suburb.h"

#include <stdlib.h>
#include <unistd.h>

/* One site in a town without chance in the radio; feeders stand beside each other, so that one serves all. */
static const char town[] =
	"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='%s'/>"
	"<economy currency='EUR'/><power-grid feeders='1' availability='%s' repair='1h'/>"
	"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='7.7dB' reference-distance='1m' exponent='3.76'/>"
	"<shadowing deviation='0dB'/></city><platform id='p'/>"
	"<nb-iot id='n' detection-probability='100%%' harq-error='0%%' %s>"
	"%s<sites count='1' sectors='1' %s/></nb-iot>"
	"<device-class id='c' platform='p'><battery self-discharge='0%%'/><power sleep='0A'/>"
	"<uses network='n' %s/><traffic %s/></device-class>"
	"<deploy class='c' count='40' placement='uniform'/></scenario>";

static struct ran run_town(const char *duration, const char *availability, const char *network, const char *inside, const char *sites,
			   const char *uses, const char *traffic)
{
	char xml[4096];

	snprintf(xml, sizeof xml, town, duration, availability, network, inside, sites, uses, traffic);
	return run_xml(xml);
}

/* ---- power ---- */

/* Without mains half of the time, for an hour in the mean: a backup of an hour leaves exp(-1) of that.  Of 1000 breaks: the share is
 * within sqrt(2 / 1000) x 2.58 of its mean. */
static void a_site_without_power_serves_nobody(void **state)
{
	static const struct {
		const char *backup;
		double down;
	} cases[] = { { "", 0.5 }, { "backup='1h'", 0.5 * 0.36787944 }, { "backup='30d'", 0 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct ran r = run_town("2000h", "50%", "registration='done'", "", cases[i].backup, "",
					"pattern='poisson' period='1h'");
		double down = account(&r, "cellular messages", "gateway down") / kpi(&r, "messages.generated", "all");
		double up = kpi(&r, "power-grid.site-availability", "all");
		if (!(fabs(1 - down - up) < 0.01 && fabs(down - cases[i].down) <= 0.115 * cases[i].down))
			fail_msg("down for %g of the messages, %g of the time, expected %g", down, 1 - up, cases[i].down);
		assert_true(fabs(kpi(&r, "connectivity.availability", "all") - up) < 1e-9);
		assert_true(fabs(kpi(&r, "losses.gateway-down", "all") - down) <
			    0.001); /* but for those in flight at the end */
		done(&r);
	}
}

/* Registration takes a minute and the mains are back for some seven: most are cut off in the middle of it once. */
static void what_could_not_register_does_when_the_site_is_back(void **state)
{
	struct ran r = run_town("300h", "10%", "attach-spread='1min'", "", "", "", "pattern='periodic' period='1h'");

	(void)state;
	assert_true(account(&r, "accesses", "succeeded") > 40);
	assert_true(fabs(kpi(&r, "connectivity.availability", "all") - kpi(&r, "power-grid.site-availability", "all")) <
		    0.01);
	assert_true(kpi(&r, "messages.delivered", "all") > 0);
	done(&r);
}

/* Deep in coverage transfers last some seconds: what is under way when the power goes is lost on top of what begins without it, a transfer's
 * length of every mean time to a break. */
static void what_is_under_way_does_not_outlive_its_sites_power(void **state)
{
	struct ran r = run_town("400h", "50%", "registration='done' set-up-uplink='4KiB' background-load='50%'", "",
				"gain='-20dB'", "", "pattern='periodic' period='10min' payload='1000B'");
	double lost = account(&r, "cellular messages", "gateway down") / kpi(&r, "messages.generated", "all");
	double more = lost - (1 - kpi(&r, "power-grid.site-availability", "all"));

	(void)state;
	assert_true(account(&r, "accesses", "site down") > 0);
	if (!(more > 0.0005 && more < 0.01))
		fail_msg("%g of the messages", more);
	done(&r);
}

static double silent_updates(const char *availability)
{
	struct ran r = run_town("1000h", availability, "registration='done' update-period='10h' attach-spread='1s'", "", "",
				"", "pattern='uniform' period='1s'");
	double begun = account(&r, "accesses", "begun");

	done(&r);
	return begun;
}

/* Updates that fall into a failure are made up for; the next comes a period later. */
static void an_update_that_was_due_comes_when_the_site_is_back(void **state)
{
	double most = silent_updates("99.999999%"), some = silent_updates("50%");

	(void)state;
	assert_true(fabs(most / 40 - 100) < 2);     /* a reading, and one every 10 h and some seconds */
	assert_true(some / 40 > 85 && some < most); /* each takes half an hour longer in the mean */
}

/* A device that always listens has its command a moment later, or when the site is back: half of them after an hour. */
static void a_command_waits_for_its_site(void **state)
{
	struct ran r = run_town("500h", "50%", "registration='done' power-saving='none' update-period='320h'",
				"<commands class='c' period='100h'/>", "", "", "pattern='uniform' period='1s'");
	double delay = kpi(&r, "downlink.delay", "network=n");

	(void)state;
	assert_true(kpi(&r, "downlink.delivery-ratio", "network=n") > 0.95);
	if (!(delay > 900 && delay < 2700))
		fail_msg("after %g s", delay);
	done(&r);
}

/* ---- fees ---- */

static void messages_have_their_fees(void **state)
{
	static const char *const prices[] = { "per-message='2EUR'", "per-byte='0.01EUR/B'" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		char cost[64];
		snprintf(cost, sizeof cost, "<cost %s/>", prices[i]);
		struct ran r = run_town("10h", "99.999999%", "registration='done'", cost, "", "",
					"pattern='periodic' period='1h' payload='200B'");
		double handed = account(&r, "cellular messages", "handed on"), opex = kpi(&r, "cost.opex", "all");
		double year = 365.25 * 24 / 10; /* of a year like these hours */
		assert_true(handed > 300);
		if (!(fabs(opex / (2 * handed * year) - 1) < 1e-6))
			fail_msg("%g EUR a year, expected %g", opex, 2 * handed * year);
		done(&r);
	}
}

/* ---- what moves ---- */

enum { SITES = 2 };

/* Shadowing on, but nothing that a device's key decides: places alone do. */
static const char street[] =
	"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='36600s' seed='%d'/>"
	"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='24dB' reference-distance='1m' exponent='3.76'/>"
	"<shadowing deviation='8dB' inter-site-correlation='%s'/></city><platform id='p'/>"
	"<nb-iot id='n' detection-probability='100%%' harq-error='0%%' registration='done' active-time='0s' update-period='320h'>"
	"<coverage-class coupling-loss='105dB'/><coverage-class coupling-loss='115dB'/><coverage-class coupling-loss='125dB'/>"
	"<site id='a' position='0.5km 3km'/><site id='b' position='2km 3.5km'/></nb-iot>"
	"<device-class id='c' platform='p'><uses network='n'/><traffic pattern='trace' file='trace.csv'/></device-class>%s</scenario>";

struct served { double delivered, available, carried[SITES], energy, delay, up, down; };

static struct served serve(int seed, const char *correlation, bool stands)
{
	char xml[4096];
	struct served v = { 0 };
	int site = 0;

	write_files(stands);
	snprintf(
		xml, sizeof xml, street, seed, correlation,
		stands ? "<deploy class='c' placement='file' file='places.csv'/>"
		       : "<deploy class='c' count='1'><mobility pattern='route' routes='route.csv' ends='one-way'/></deploy>");
	struct ran r = run_xml(xml);
	const struct report *p = r.o->reps[0].report;
	assert_int_equal((int)kpi(&r, "messages.generated", "all"), POINTS);
	v.delivered = kpi(&r, "messages.delivered", "all");
	v.available = kpi(&r, "connectivity.availability", "all");
	v.energy = kpi(&r, "access.connection-energy", "network=n");
	v.delay = kpi(&r, "access.delay", "network=n");
	v.up = kpi(&r, "access.uplink-utilisation", "network=n");
	v.down = kpi(&r, "access.downlink-utilisation", "network=n");
	for (size_t i = 0; i < p->n_features; i++)
		if (strcmp(p->features[i].layer, "gateways") == 0 && site < SITES)
			v.carried[site++] = p->features[i].value;
	assert_int_equal(site, SITES);
	done(&r);
	return v;
}

static void assert_same(double a, double b)
{
	if (!(fabs(a - b) <= 1e-9 * fabs(b)))
		fail_msg("%.12g moving, %.12g standing", a, b);
}

static void what_moves_is_served_as_what_stands(void **state)
{
	double least = POINTS, most = 0, both = 0;

	(void)state;
	for (int seed = 1; seed <= 24; seed++) {
		const char *correlation = seed % 2 ? "0%" : "50%";
		struct served moving = serve(seed, correlation, false), standing = serve(seed, correlation, true);
		assert_same(moving.delivered, standing.delivered);
		/* the sector of an access is its device's until the next; it begins in coverage */
		assert_true(fabs(moving.available - (1 + moving.delivered) / (POINTS + 1)) < 1e-6);
		for (int k = 0; k < SITES; k++)
			assert_same(moving.carried[k], standing.carried[k]);
		assert_same(moving.energy, standing.energy); /* coverage class and coupling loss */
		assert_same(moving.delay, standing.delay);
		assert_same(moving.up, standing.up);
		assert_same(moving.down, standing.down);
		least = fmin(least, standing.delivered);
		most = fmax(most, standing.delivered);
		both += standing.carried[0] > 0 && standing.carried[1] > 0;
	}
	assert_true(least > 5 && most > least + 5 && both > 12); /* cells change and coverage ends on the way */
}

/* A device that leaves coverage and comes back, between sites that fail: its ways out are those of the place of its last access. */
static void ways_of_what_moves_are_kept(void **state)
{
	static const char xml[] =
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='200h' seed='%d'/>"
		"<power-grid feeders='9' availability='70%%' repair='20min'/>"
		"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='24dB' reference-distance='1m' exponent='3.76'/>"
		"</city><platform id='p'/><backhaul id='k' availability='70%%' repair='20min'/>"
		"<lte-m id='n' attach-spread='10min' update-period='30min' inactivity='10s'>"
		"<coverage-class coupling-loss='128dB'/><sites count='4' backhaul='k' backup='5min'/><commands class='c' period='2h'/></lte-m>"
		"<device-class id='c' platform='p'><battery/><mobility speed='10km/h' pause='5min'/><uses network='n' confirmed='on'/>"
		"<traffic pattern='poisson' period='3min'/></device-class><deploy class='c' count='30' placement='uniform'/></scenario>";

	(void)state;
	for (int seed = 1; seed <= 8; seed++) {
		char text_[2048];
		snprintf(text_, sizeof text_, xml, seed);
		struct ran r = run_xml(text_);
		double generated = kpi(&r, "messages.generated", "all"),
		       none = account(&r, "cellular messages", "no coverage");
		double down = account(&r, "cellular messages", "gateway down"),
		       cut = account(&r, "cellular messages", "backhaul");
		double reached = 1 - none / generated, ways = kpi(&r, "connectivity.availability", "all");
		if (!(none > 0 && down > 0 && cut > 0 && reached > 0.2))
			fail_msg("%g without coverage, %g without site, %g without backhaul of %g", none, down, cut,
				 generated);
		/* as messages find it: every one of them begins where the device is */
		if (!(fabs(ways - (generated - none - down - cut) / generated) < 0.03))
			fail_msg("%g of the time, %g of the messages", ways, (generated - none - down - cut) / generated);
		done(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_site_without_power_serves_nobody),
		cmocka_unit_test(what_could_not_register_does_when_the_site_is_back),
		cmocka_unit_test(what_is_under_way_does_not_outlive_its_sites_power),
		cmocka_unit_test(an_update_that_was_due_comes_when_the_site_is_back),
		cmocka_unit_test(a_command_waits_for_its_site),
		cmocka_unit_test(messages_have_their_fees),
		cmocka_unit_test(what_moves_is_served_as_what_stands),
		cmocka_unit_test(ways_of_what_moves_are_kept),
	};
	char folder[] = "/tmp/sccsim-ways-XXXXXX", command[64];
	int failed;

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) ? 1 : failed;
}
