/* Epidemics: who can be infected, how they are noticed, what measures do, and who is missed. */
#include "models/crisis/epidemic.h"
#include "models/crisis/response.h"
#include "tests/unit/crisis/afflicted.h"

#define TOWNS                                                                                                             \
	"<district id='a' centre='-8km 0km' radius='4km' population='3000'/>"                                              \
	"<district id='b' centre='8km 0km' radius='4km' population='2000'/>"
/* Who is infected is infectious at once, and stays so. */
#define FOR_EVER " incubation='1min' infectious='10yr' "

static void run(struct afflicted *a, const char *crisis, uint64_t replication, simtime_t end)
{
	afflicted_open(a, TOWNS, crisis, replication, end);
	afflicted_run(a);
}

static double kpi_of(const char *crisis, const char *kpi, const char *group, uint64_t replication, simtime_t end)
{
	struct afflicted a;
	double x;

	run(&a, crisis, replication, end);
	x = afflicted_kpi(&a, kpi, group);
	afflicted_close(&a);
	return x;
}

static void every_person_is_in_one_state_by_either_method(void **st)
{
	static const char *const methods[] = { "exact", "tau-leap" };

	(void)st;
	for (int m = 0; m < 2; m++)
		for (uint64_t replication = 0; replication < 5; replication++) {
			struct afflicted a;
			char crisis[256];
			snprintf(crisis, sizeof crisis,
				 "<epidemic at='1d' method='%s' stages='3' fatality='10%%' seeds='20'/>", methods[m]);
			run(&a, crisis, replication, 365 * SIM_DAY); /* fails where the account does not balance */
			double attack = afflicted_kpi(&a, "crisis.attack-rate", "all"),
			       dead = afflicted_kpi(&a, "crisis.epidemic-deaths", "all");
			assert_close(attack, 0.8437, 0.06);
			assert_close(dead, 0.1 * 5000 * attack, 4 * sqrt(0.09 * 5000 * attack));
			afflicted_close(&a);
		}
}

static void those_who_never_meet_the_infected_are_spared(void **st)
{
	static const char apart[] = "<epidemic at='1d' seeds='20' seed-district='a' travel='0%'/>";
	static const char one_way[] =
		"<epidemic at='1d' seeds='20' seed-district='a'><travel from='b' to='a' share='30%'/></epidemic>";
	static const char leaping[] = "<epidemic at='1d' method='tau-leap' seeds='20' seed-district='a' travel='0%'/>";

	(void)st;
	assert_true(kpi_of(apart, "crisis.attack-rate", "district=a", 0, 365 * SIM_DAY) > 0.7);
	assert_close(kpi_of(apart, "crisis.attack-rate", "district=b", 0, 365 * SIM_DAY), 0, 0);
	assert_true(kpi_of(leaping, "crisis.attack-rate", "district=a", 0, 365 * SIM_DAY) > 0.7);
	assert_close(kpi_of(leaping, "crisis.attack-rate", "district=b", 0, 365 * SIM_DAY), 0, 0);
	assert_true(kpi_of(one_way, "crisis.attack-rate", "district=b", 0, 365 * SIM_DAY) > 0.7);
}

static void draws_do_not_depend_on_what_else_befalls_the_city(void **st)
{
	static const char alone[] = "<epidemic id='e' at='1d'/>";
	static const char beside[] =
		"<flood id='f' at='2h' source='0km 0km'/><epidemic id='other' at='3h'/><epidemic id='e' at='1d'/>";
	struct afflicted a, b;

	(void)st;
	run(&a, alone, 3, 365 * SIM_DAY);
	run(&b, beside, 3, 365 * SIM_DAY);
	for (size_t i = 0, k = 0; i < a.report->n_series; i++) {
		const struct series_row *x = &a.report->series[i], *y;
		if (x->t < 2 * SIM_DAY || strcmp(x->group, "state=infectious") != 0)
			continue;
		for (; y = &b.report->series[k], y->t != x->t || strcmp(y->group, x->group) != 0; k++)
			;
		assert_close(x->value, y->value, 0);
	}
	afflicted_close(&a);
	afflicted_close(&b);
}

static void without_contacts_nobody_more_is_infected(void **st)
{
	static const char lockdown[] =
		"<epidemic at='0s' seeds='100' method='%s'><measure after='onset' contacts='0%%'/></epidemic>";
	static const char lifted[] =
		"<epidemic at='0s' seeds='100'><measure after='onset' contacts='50%'/><measure after='onset' "
		"contacts='0%' lasts='60d'/><measure after='onset' contacts='0%' delay='60d'/></epidemic>";
	char crisis[256];

	(void)st;
	snprintf(crisis, sizeof crisis, lockdown, "exact");
	assert_close(kpi_of(crisis, "crisis.attack-rate", "all", 0, 365 * SIM_DAY), 100 / 5000.0, 1e-12);
	snprintf(crisis, sizeof crisis, lockdown, "tau-leap");
	assert_close(kpi_of(crisis, "crisis.attack-rate", "all", 0, 365 * SIM_DAY), 100 / 5000.0, 1e-12);
	assert_close(kpi_of(lifted, "crisis.attack-rate", "all", 0, 365 * SIM_DAY), 100 / 5000.0, 1e-12);
}

/* R0 x contacts below 1: the epidemic dies out, at about seeds / (1 - R0 c) infected. */
static void a_measure_takes_its_share_of_the_contacts(void **st)
{
	double sum = 0;

	(void)st;
	for (uint64_t replication = 0; replication < 100; replication++)
		sum += kpi_of(
			"<epidemic at='0s' seeds='50' reproduction='2'><measure after='onset' contacts='25%'/></epidemic>",
			"crisis.attack-rate", "all", replication, 365 * SIM_DAY);
	/* sd of one run: sqrt(50 R (1 + R) / (1 - R)^3) = 17 of 5000, R 1/2; fewer by 1 % since who was infected is not
	 * again */
	assert_close(sum / 100 * 5000, 99, 2.58 * 1.8);
}

/* Infectious from the first minutes on: the first sample shows it. */
static void a_perfect_sentinel_needs_a_period_and_its_delay(void **st)
{
	static const char form[] =
		"<epidemic at='5d' seeds='500'" FOR_EVER "%s><sentinel kind='wearable' share='100%%' sensitivity='100%%' "
		"specificity='100%%' period='12h' delay='7h' in-a-row='2'/><sentinel kind='thermal' share='100%%' "
		"sensitivity='100%%' specificity='100%%' period='3d' delay='1h'/></epidemic>";
	char crisis[512];

	(void)st;
	snprintf(crisis, sizeof crisis, form, "");
	assert_close(kpi_of(crisis, "crisis.epidemic-detection-time", "all", 0, 30 * SIM_DAY), 31 * 3600, 1e-6);
	snprintf(crisis, sizeof crisis, form, " agree='2' ");
	assert_close(kpi_of(crisis, "crisis.epidemic-detection-time", "all", 0, 30 * SIM_DAY), 73 * 3600, 1e-6);
}

static void false_reports_alone_are_false_alarms_and_detect_nothing(void **st)
{
	static const char crisis[] =
		"<epidemic at='0s' seeds='1' reproduction='0' incubation='10yr'><sentinel kind='wearable' share='50%' "
		"specificity='90%' threshold='1'/></epidemic>";
	struct afflicted a;

	(void)st;
	run(&a, crisis, 0, 300 * SIM_DAY);
	assert_close(afflicted_kpi(&a, "crisis.epidemic-detected-ratio", "all"), 0, 0);
	assert_true(isnan(afflicted_kpi(&a, "crisis.epidemic-detection-time", "all")));
	/* above one standard deviation: 16 % in each of two districts, 29 % in one of them */
	assert_close(afflicted_kpi(&a, "crisis.epidemic-false-alarms", "all"), 0.29, 2.58 * sqrt(0.29 * 0.71 / 300) + 0.02);
	afflicted_close(&a);
}

/* 30 of 3,000 are 1,000 per 100,000; nobody in the other district. */
static void wastewater_shows_its_limit_in_95_samples_of_100(void **st)
{
	static const char crisis[] =
		"<epidemic at='0s' seeds='30' seed-district='a' reproduction='0'" FOR_EVER "><sentinel kind='wastewater' "
		"share='100%' limit='1000' sensitivity='100%' specificity='100%' delay='0s'/></epidemic>";
	double found = 0;

	(void)st;
	for (uint64_t replication = 0; replication < 400; replication++)
		found += kpi_of(crisis, "crisis.epidemic-detected-ratio", "all", replication, 30 * SIM_HOUR);
	assert_close(found / 400, 0.95, 2.58 * sqrt(0.95 * 0.05 / 400));
}

/* Of 1,000 who fall ill, 158 come in a day, 632 in the mean time to a visit. */
static void the_sick_come_to_a_clinic_in_their_own_time(void **st)
{
	static const char form[] =
		"<epidemic at='0s' seeds='1000' seed-district='a' reproduction='0'" FOR_EVER "><sentinel kind='clinic' "
		"share='100%%' sensitivity='100%%' specificity='100%%' threshold='%s' period='%s' delay='0s'/></epidemic>";
	static const struct {
		const char *threshold, *period;
		double detected;
	} cases[] = {
		{ "110", "1d", 1 },
		{ "210", "1d", 0 },
		{ "570", "5.8d", 1 },
		{ "690", "5.8d", 0 },
	};
	char crisis[512];

	(void)st;
	for (size_t i = 0; i < 4; i++) {
		snprintf(crisis, sizeof crisis, form, cases[i].threshold, cases[i].period);
		assert_close(kpi_of(crisis, "crisis.epidemic-detected-ratio", "all", 0, 60 * SIM_DAY), cases[i].detected,
			     0);
	}
}

static void a_measure_after_detection_waits_for_it(void **st)
{
	static const char form[] = "<epidemic at='0s' seeds='50'>%s<measure contacts='10%%'/></epidemic>";
	char crisis[512];
	double seen, unseen;

	(void)st;
	snprintf(crisis, sizeof crisis, form, "<sentinel kind='clinic'/>");
	seen = kpi_of(crisis, "crisis.attack-rate", "all", 0, 365 * SIM_DAY);
	snprintf(crisis, sizeof crisis, form, "");
	unseen = kpi_of(crisis, "crisis.attack-rate", "all", 0, 365 * SIM_DAY);
	assert_true(unseen > 0.7 && seen < 0.5 && seen > 51 / 5000.0);
}

static void on_present(struct sim *s, void *ctx, double share)
{
	double *least = ctx;

	(void)s;
	*least = fmin(*least, share);
}

static void whoever_is_ill_is_missed(void **st)
{
	static const char crisis[] = "<epidemic at='1d' seeds='2000' reproduction='0' absent='50%'" FOR_EVER "/>";
	struct afflicted a;
	double least = 1;

	(void)st;
	afflicted_open(&a, TOWNS, crisis, 0, 10 * SIM_DAY);
	assert_close(epidemic_present(a.sim), 1, 0);
	epidemic_watch(a.sim, on_present, &least);
	afflicted_run(&a);
	assert_close(epidemic_present(a.sim), 1 - 0.5 * 2000 / 5000, 0.005); /* of 2000, 5 recover in 9 days of 10 years */
	assert_close(least, 1 - 0.5 * 2000 / 5000, 0.005);
	afflicted_close(&a);
}

struct works { uint32_t done; simtime_t last; };

static void on_mended(struct sim *s, void *ctx, uint32_t subject)
{
	struct works *w = ctx;

	(void)subject;
	w->done++;
	w->last = s->now;
}

static void on_broken(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct repair_order o = {
		.asset = ASSET_NONE, .skill = SKILL_TELECOM, .work = 86400, .known = true, .key = subject
	};

	(void)detail;
	assert_true(response_order(s, &o, on_mended, ctx, subject));
}

/* 20 days' work for 10 crews, from 3 d on: two days.  Of a half that is ill, 5 crews do it in four. */
static void repairs_take_longer_while_crews_are_ill(void **st)
{
	static const struct {
		const char *absent;
		simtime_t days;
	} cases[] = { { "0%", 2 }, { "100%", 4 } };

	(void)st;
	for (int i = 0; i < 2; i++) {
		struct afflicted a;
		struct works w = { 0, 0 };
		char text[512];
		snprintf(text, sizeof text,
			 "<epidemic at='1d' seeds='2510' reproduction='0' absent='%s'" FOR_EVER
			 "/><response crews='10' shift='1d' speed='1000km/h'/>",
			 cases[i].absent);
		afflicted_open(&a, TOWNS, text, 0, 20 * SIM_DAY);
		uint16_t kind = sim_handler(a.sim, "test.broken", on_broken, &w);
		for (uint32_t k = 0; k < 20; k++)
			sim_at(a.sim, 3 * SIM_DAY, kind, k, 0);
		afflicted_run(&a);
		assert_int_equal(w.done, 20);
		assert_close(sim_seconds(w.last - 3 * SIM_DAY), 86400.0 * (double)cases[i].days, 3600);
		afflicted_close(&a);
	}
}

/* Days go on as before when contacts change: e^-1 are still ill after the mean time of it. */
static void a_measure_does_not_hurry_the_disease(void **st)
{
	static const char crisis[] =
		"<epidemic at='0s' seeds='4000' reproduction='0' incubation='1min' infectious='5d'><measure "
		"after='onset' contacts='50%' delay='1h' lasts='1h'/></epidemic>";
	struct afflicted a;

	(void)st;
	run(&a, crisis, 0, 5 * SIM_DAY + SIM_HOUR);
	assert_close(5000 * (1 - epidemic_present(a.sim)), 4000 * exp(-1), 2.58 * sqrt(4000 * exp(-1) * (1 - exp(-1))));
	afflicted_close(&a);
}

static void a_city_without_people_has_no_epidemic(void **st)
{
	static const char hamlets[] = "<district id='a' centre='0km 0km' radius='4km' population='0'/>";
	struct afflicted a;

	(void)st;
	afflicted_open(&a, hamlets, "", 0, SIM_DAY);
	afflicted_run(&a);
	assert_true(isnan(afflicted_kpi(&a, "crisis.attack-rate", "all")));
	afflicted_close(&a);
	assert_true(afflicted_refused(hamlets, "<epidemic at='1d'/>", "finds nobody"));
}

static void contradictions_are_refused(void **st)
{
	static const struct {
		const char *crisis, *text;
	} cases[] = {
		{ "<epidemic/>", "does not say when it happens" },
		{ "<epidemic at='1d' seeds='5001'/>", "more than the city's 5000 people" },
		{ "<epidemic at='1d' method='exact' step='1h'/>", "is of method=\"tau-leap\"" },
		{ "<epidemic at='1d' method='exact' exact-below='10'/>", "is of method=\"auto\"" },
		{ "<epidemic at='1d' travel='3%'><travel from='a' to='b' share='3%'/></epidemic>",
		  "is of travel by gravity" },
		{ "<epidemic at='1d'><travel from='a' to='a' share='3%'/></epidemic>", "is where they live" },
		{ "<epidemic at='1d'><travel from='a' to='b' share='60%'/><travel from='a' to='b' share='60%'/></epidemic>",
		  "adds up to 120%" },
		{ "<epidemic at='1d' agree='2'><sentinel kind='clinic'/></epidemic>", "than there are (1)" },
		{ "<epidemic at='1d'><sentinel kind='clinic' limit='3'/></epidemic>", "is of kind=\"wastewater\"" },
		{ "<epidemic at='1d'><sentinel kind='thermal' visit='3d'/></epidemic>", "is of kind=\"clinic\"" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_true(afflicted_refused(TOWNS, cases[i].crisis, cases[i].text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_person_is_in_one_state_by_either_method),
		cmocka_unit_test(those_who_never_meet_the_infected_are_spared),
		cmocka_unit_test(draws_do_not_depend_on_what_else_befalls_the_city),
		cmocka_unit_test(without_contacts_nobody_more_is_infected),
		cmocka_unit_test(a_measure_takes_its_share_of_the_contacts),
		cmocka_unit_test(a_perfect_sentinel_needs_a_period_and_its_delay),
		cmocka_unit_test(false_reports_alone_are_false_alarms_and_detect_nothing),
		cmocka_unit_test(wastewater_shows_its_limit_in_95_samples_of_100),
		cmocka_unit_test(the_sick_come_to_a_clinic_in_their_own_time),
		cmocka_unit_test(a_measure_after_detection_waits_for_it),
		cmocka_unit_test(whoever_is_ill_is_missed),
		cmocka_unit_test(repairs_take_longer_while_crews_are_ill),
		cmocka_unit_test(a_measure_does_not_hurry_the_disease),
		cmocka_unit_test(a_city_without_people_has_no_epidemic),
		cmocka_unit_test(contradictions_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
