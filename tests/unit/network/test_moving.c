/* A LoRaWAN device that moves is heard as one that stands where it is when its frame begins. */
#include "tests/unit/network/street.h"
#include "tests/unit/network/suburb.h"

#include <stdlib.h>
#include <unistd.h>

/* Shadowing on, but nothing that a device's key decides: places alone do. */
static const char town[] =
	"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d' seed='%d'/>"
	"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='24dB' reference-distance='1m' exponent='3.76'/>"
	"<shadowing deviation='8dB' inter-site-correlation='%s'/></city>"
	"<lorawan id='l' adr='off' activation='personalised' spreading-factor='7'><gateway position='0.5km 3km' height='15m'/>"
	"<gateway position='1km 3.5km' height='15m'/></lorawan>"
	"<device-class id='c'><uses network='l'/><traffic pattern='trace' file='trace.csv'/></device-class>%s</scenario>";

static double delivered(int seed, const char *correlation, bool stands)
{
	char xml[4096];

	write_files(stands);
	snprintf(
		xml, sizeof xml, town, seed, correlation,
		stands ? "<deploy class='c' placement='file' file='places.csv'/>"
		       : "<deploy class='c' count='1'><mobility pattern='route' routes='route.csv' ends='one-way'/></deploy>");
	struct ran r = run_xml(xml);
	double n = kpi(&r, "messages.delivered", "all");
	assert_int_equal((int)kpi(&r, "messages.generated", "all"), POINTS);
	done(&r);
	return n;
}

static void what_moves_is_heard_as_what_stands(void **st)
{
	double least = POINTS, most = 0;

	(void)st;
	for (int seed = 1; seed <= 24; seed++) {
		const char *correlation = seed % 2 ? "0%" : "50%";
		double moving = delivered(seed, correlation, false), standing = delivered(seed, correlation, true);
		assert_int_equal((int)moving, (int)standing);
		least = fmin(least, standing);
		most = fmax(most, standing);
	}
	assert_true(least > 5 && most < POINTS - 5 && most > least + 5); /* the edge of coverage lies on the way */
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_moves_is_heard_as_what_stands) };
	char folder[] = "/tmp/sccsim-moving-XXXXXX", command[64];
	int failed;

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) ? 1 : failed;
}
