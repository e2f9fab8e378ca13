/* Versions of products: what a fix does to the factory, to the field, and to those that look for what it mends. */
#include "models/security/firmware.h"
#include "models/security/security_private.h"
#include "tests/unit/security/outbreak.h"

enum { EARLY = 40, LATE = 20 };

/* One product with a default password, found by the laboratory after 10 d; 40 devices from the start, 20 from 60 d on. */
#define BASELINE "<local-link id='lan'/><baseline id='b'><provision of='5.1-1' status='mandatory'/></baseline>"
#define LAB "<laboratory id='lab' servers='1' service-law='fixed' time-per-test='5d' sensitivity='100%' specificity='100%'/>"
#define CAMS(security, more)                                                                                               \
	"<device-class id='cam'><uses network='lan'/><product id='bad' lacks='5.1-1'/>"                                    \
	"<security baseline='b' " security "/>" more "</device-class>"                                                     \
	"<deploy class='cam' count='40' placement='uniform'/><deploy class='cam' count='20' placement='uniform' start='60d'/>"
#define MENDED CAMS("conformance='third-party' fix-time='1d' fix-chance='100%'", "")
#define FIRMWARE "<firmware size='1kB' stages='50%; 100%' stage-wait='10d' failure='0%'/>"
#define UPDATED CAMS("conformance='third-party' fix-time='1d' fix-chance='100%'", FIRMWARE)
#define OFF "<security-policy deployment-gate='off'/>"

static uint32_t complying(const struct sim *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < devices_of(s)->n; i++)
		n += device_in_field(devices_of(s)->state[i]) && device_compliant(s, i);
	return n;
}

/* Devices that comply, every day. */
struct days {
	uint32_t complying[101];
};

static void on_day(struct sim *s, void *ctx, uint32_t day, uint16_t detail)
{
	struct days *d = ctx;

	(void)detail;
	d->complying[day] = complying(s);
	if (day < 100)
		sim_after(s, SIM_DAY, s->current.kind, day + 1, 0);
}

static struct days count_days(struct outbreak *o, const char *body)
{
	struct days d = { 0 };

	outbreak_open(o, body, 0, 0, 100 * SIM_DAY + 1);
	sim_at(o->sim, 0, sim_handler(o->sim, "day", on_day, &d), 0, 0);
	outbreak_run(o);
	return d;
}

/* Compliance and the table are those of the devices, by whatever count. */
static void assert_reported(const struct outbreak *o, const struct days *d)
{
	const struct product *p = &products_of(o->sim)->all[0];
	uint32_t devices = 0, meeting = 0;

	for (uint32_t k = 0; k < p->n_versions; k++) {
		devices += p->version[k].devices;
		meeting += p->version[k].compliant ? p->version[k].devices : 0;
	}
	assert_int_equal(devices, EARLY + LATE);
	assert_int_equal(meeting, d->complying[100]);
}

static void a_fix_leaves_the_field_as_it_is(void **st)
{
	struct outbreak o;
	struct days d;

	(void)st;
	d = count_days(&o, BASELINE LAB MENDED OFF);
	assert_true(product_compliant(o.sim, 0));
	assert_int_equal(d.complying[59], 0);
	assert_int_equal(d.complying[61], LATE);
	assert_int_equal(d.complying[100], LATE);
	assert_false(device_meets(o.sim, 0, provision_named("5.1-1")));
	assert_true(device_meets(o.sim, EARLY, provision_named("5.1-1")));
	assert_close(outbreak_kpi(&o, "security.gate-escape-ratio", "all"), (double)EARLY / (EARLY + LATE), 1e-12);
	assert_close(outbreak_kpi(&o, "security.compliance-ratio", "all"), 20 * 40. / (20 * 40. + 40 * 100), 1e-4);
	assert_reported(&o, &d);
	outbreak_close(&o);
}

static void with_firmware_compliance_rises_as_devices_are_updated(void **st)
{
	struct outbreak o;
	struct days d;
	uint32_t day = 0;

	(void)st;
	d = count_days(&o, BASELINE LAB UPDATED OFF);
	while (day < 60 && d.complying[day] == 0)
		day++;
	/* tested for 10 d, mended, tested for 10 d again: the first stage, and the second 10 d later */
	assert_true(day > 20 && day < 40);
	assert_true(d.complying[day + 8] > 8 && d.complying[day + 8] < 32);
	assert_int_equal(d.complying[day + 11], EARLY);
	assert_int_equal(d.complying[100], EARLY + LATE);
	assert_int_equal(products_of(o.sim)->all[0].n_versions, 2);
	assert_reported(&o, &d);
	outbreak_close(&o);
}

static void where_nobody_asks_nothing_is_mended(void **st)
{
	struct outbreak o;
	struct days d;

	(void)st;
	d = count_days(
		&o,
		BASELINE CAMS(
			"conformance='none'",
			FIRMWARE) "<security-policy deployment-gate='off'><vulnerabilities rate='40/yr' exploitable='100%'/>"
				  "<patching delay='5d'/></security-policy>");
	for (uint32_t day = 0; day <= 100; day++)
		assert_int_equal(d.complying[day], 0);
	assert_true(firmware_version(o.sim, 0) > 0);
	assert_close(outbreak_kpi(&o, "security.compliance-ratio", "all"), 0, 0);
	outbreak_close(&o);
}

static void a_worm_finds_who_has_the_old_version_and_nobody_after(void **st)
{
	static const char worms[] =
		BASELINE LAB UPDATED OFF "<malware id='early' at='5d' initial='3' requires='5.1-1' doubling-time='1h'/>"
					 "<malware id='late' at='70d' initial='3' requires='5.1-1' doubling-time='1h'/>";
	struct outbreak o;

	(void)st;
	outbreak_open(&o, worms, 0, 0, 100 * SIM_DAY);
	outbreak_run(&o);
	assert_close(outbreak_account(&o, "infections", "infections"), EARLY, 0);
	assert_close(outbreak_account(&o, "infections", "updated"), EARLY, 0);
	assert_close(outbreak_kpi(&o, "security.attack-ratio", "malware=early"), 1, 0);
	assert_close(outbreak_kpi(&o, "security.attack-ratio", "malware=late"), 0, 0);
	outbreak_close(&o);
	/* no firmware: the old version is there for good, the new one is not touched */
	outbreak_open(
		&o, BASELINE LAB MENDED OFF "<malware id='late' at='70d' initial='3' requires='5.1-1' doubling-time='1h'/>",
		0, 0, 100 * SIM_DAY);
	outbreak_run(&o);
	assert_close(outbreak_account(&o, "infections", "infected at the end"), EARLY, 0);
	outbreak_close(&o);
	assert_true(outbreak_refused(BASELINE LAB UPDATED OFF
				     "<malware id='w' at='5d' requires='5.1-1' updates-fix='off' doubling-time='1h'/>",
				     "excludes `requires`"));
}

/* A version is what differs from the one before; firmware brings what was the newest when it came out. */
static void firmware_brings_what_was_the_newest(void **st)
{
	struct outbreak o;
	struct products *ps;
	struct product *p;
	struct provision_set none = { 0 }, same;

	(void)st;
	outbreak_open(&o, BASELINE CAMS("conformance='none'", FIRMWARE), 0, 0, SIM_DAY);
	outbreak_run(&o);
	ps = products_of(o.sim);
	p = &ps->all[0];
	same = p->has;
	assert_false(version_add(o.sim, p, &same));
	assert_true(version_add(o.sim, p, &none));
	product_carried(o.sim, 0, 3);
	assert_true(version_add(o.sim, p, &p->must));
	product_updated(o.sim, 0, 2);
	assert_int_equal(version_number(ps, 0), 0);
	product_updated(o.sim, 0, 4);
	assert_int_equal(version_number(ps, 0), 1);
	product_carried(o.sim, 0, 5);
	product_updated(o.sim, 1, 5);
	assert_int_equal(version_number(ps, 1), 2);
	assert_true(device_compliant(o.sim, 1));
	assert_int_equal(p->version[0].devices, EARLY - 2);
	assert_int_equal(p->version[0].in_field, EARLY - 2);
	assert_int_equal(version_number(ps, EARLY), 2); /* not deployed: as the factory makes it now */
	outbreak_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fix_leaves_the_field_as_it_is),
		cmocka_unit_test(with_firmware_compliance_rises_as_devices_are_updated),
		cmocka_unit_test(where_nobody_asks_nothing_is_mended),
		cmocka_unit_test(a_worm_finds_who_has_the_old_version_and_nobody_after),
		cmocka_unit_test(firmware_brings_what_was_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
