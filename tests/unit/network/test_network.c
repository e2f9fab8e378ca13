#include "tests/unit/network/world.h"

static const char two_classes[] =
	"<lorawan id='net'/>"
	"<device-class id='meter'><uses network='net' confirmed='on' transmissions='3'/></device-class>"
	"<device-class id='mute'/>"
	"<deploy class='meter' count='3' placement='uniform'/><deploy class='mute' count='2' placement='uniform'/>";

struct answers {
	uint32_t n;
	enum fate last;
	struct message m;
};

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct answers *a = ctx;

	(void)s;
	a->n++;
	a->last = fate;
	a->m = *m;
}

static void on_answer_too(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	on_answer(s, ctx, m, fate);
}

static uint32_t first_of(const struct world *w, const char *class_id)
{
	const struct devices *d = devices_of(w->sim);

	for (uint32_t c = 0; c < d->n_classes; c++)
		if (!strcmp(d->classes[c].id, class_id))
			return d->classes[c].first;
	fail_msg("no class %s", class_id);
	return 0;
}

static void every_fate_has_a_name_of_its_own(void **st)
{
	(void)st;
	for (unsigned a = 0; a < FATES; a++) {
		assert_true(strlen(fate_name(a)) > 3);
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(fate_name(a), fate_name(b));
	}
	assert_string_equal(fate_name(FATE_DELIVERED), "delivered");
	assert_string_equal(fate_name(FATE_EXPIRED), "expired");
}

static void a_message_reaches_the_network_and_its_answer_the_owner_of_its_purpose(void **st)
{
	struct world w;
	struct answers app = { 0 }, update = { 0 };
	struct message m = { .bytes = 20, .purpose = PURPOSE_APPLICATION, .context = 7 };

	(void)st;
	world_open(&w, two_classes, 0, SIM_HOUR);
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &app);
	network_owner(w.sim, PURPOSE_UPDATE, on_answer_too, &update);
	world_run(&w);
	m.device = first_of(&w, "meter") + 1;
	network_send(w.sim, &m);
	assert_int_equal(w.sent, 1);
	assert_int_equal(app.n, 0);
	network_answer(w.sim, &m, FATE_INTERFERENCE);
	assert_int_equal(app.n, 1);
	assert_int_equal(app.last, FATE_INTERFERENCE);
	assert_int_equal(app.m.context, 7);
	m.purpose = PURPOSE_UPDATE;
	network_answer(w.sim, &m, FATE_DELIVERED);
	assert_int_equal(app.n, 1);
	assert_int_equal(update.n, 1);
	m.purpose = PURPOSE_WARNING; /* nobody owns it: dropped */
	network_answer(w.sim, &m, FATE_DELIVERED);
	assert_int_equal(app.n + update.n, 2);
	world_close(&w);
}

static void a_device_that_is_not_operational_is_answered_at_once_with_the_reason(void **st)
{
	struct world w;
	struct answers app = { 0 };
	struct message m = { .bytes = 20, .purpose = PURPOSE_APPLICATION };

	(void)st;
	world_open(&w, two_classes, 0, SIM_HOUR);
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &app);
	w.attach_later = true;
	world_run(&w);
	m.device = first_of(&w, "meter");
	network_send(w.sim, &m);
	assert_int_equal(app.last, FATE_NOT_ONBOARDED);
	device_attached(w.sim, m.device);
	network_send(w.sim, &m);
	assert_int_equal(app.n, 1);
	assert_int_equal(w.sent, 1);
	device_power(w.sim, m.device, false);
	network_send(w.sim, &m);
	assert_int_equal(app.last, FATE_DEVICE_DOWN);
	assert_int_equal(w.sent, 1);
	world_close(&w);
}

static void a_device_is_attached_when_it_powers_up_and_detached_when_it_goes_down(void **st)
{
	struct world w;
	uint32_t meter;

	(void)st;
	world_open(&w, two_classes, 0, SIM_HOUR);
	world_run(&w);
	meter = first_of(&w, "meter");
	assert_int_equal(w.attached, 3);
	assert_int_equal(w.detached, 0);
	device_power(w.sim, meter, false);
	assert_int_equal(w.detached, 1);
	device_power(w.sim, meter, true);
	assert_int_equal(w.attached, 4);
	assert_int_equal(devices_of(w.sim)->state[meter], DEVICE_OPERATIONAL);
	world_close(&w);
}

static void a_class_without_network_operates_but_has_no_coverage(void **st)
{
	struct world w;
	struct answers app = { 0 };
	struct message m = { .bytes = 20, .purpose = PURPOSE_APPLICATION };

	(void)st;
	world_open(&w, two_classes, 0, SIM_HOUR);
	network_owner(w.sim, PURPOSE_APPLICATION, on_answer, &app);
	world_run(&w);
	m.device = first_of(&w, "mute");
	assert_int_equal(devices_of(w.sim)->state[m.device], DEVICE_OPERATIONAL);
	assert_int_equal(network_mtu(w.sim, m.device), 0);
	network_send(w.sim, &m);
	assert_int_equal(app.last, FATE_NO_COVERAGE);
	assert_false(network_has(devices_of(w.sim)->classes[devices_of(w.sim)->class_of[m.device]].node));
	world_close(&w);
}

static void the_parameters_of_uses_belong_to_the_class_and_the_network_it_names(void **st)
{
	struct world w;
	const struct devices *d;
	const struct uses_params *p;
	const struct node *net;
	uint32_t meter, mute;

	(void)st;
	world_open(&w, two_classes, 0, SIM_HOUR);
	d = devices_of(w.sim);
	net = world_node(&w, &access_model, "net");
	meter = first_of(&w, "meter");
	mute = first_of(&w, "mute");
	p = network_uses(w.sc, d->classes[d->class_of[meter]].node, net);
	assert_non_null(p);
	assert_true(p->confirmed);
	assert_int_equal(p->transmissions, 3);
	assert_null(network_uses(w.sc, d->classes[d->class_of[mute]].node, net));
	assert_int_equal(network_mtu(w.sim, meter + 2), 51 + meter + 2);
	world_close(&w);
}

static void every_network_that_a_class_uses_finds_what_the_class_asks_of_it(void **st)
{
	struct world w;
	const struct node *meter;

	(void)st;
	assert_true(world_load(&w,
			       "<lorawan id='a'/><lorawan id='b'/><lorawan id='c'/><device-class id='m'><uses network='b'/>"
			       "<uses network='a' confirmed='on' transmissions='3'/></device-class>"
			       "<deploy class='m' count='1' placement='uniform'/>"));
	assert_int_equal(diag_count(w.diag), 0);
	meter = scenario_first(w.sc, table_model(&w.table, "device-class", "scenario"));
	assert_false(network_uses(w.sc, meter, world_node(&w, &access_model, "b"))->confirmed);
	assert_int_equal(network_uses(w.sc, meter, world_node(&w, &access_model, "a"))->transmissions, 3);
	assert_null(network_uses(w.sc, meter, world_node(&w, &access_model, "c")));
	world_close(&w);
}

static void naming_a_network_twice_or_one_that_is_not_there_is_an_error(void **st)
{
	struct world w;

	(void)st;
	assert_false(
		world_load(&w, "<lorawan id='a'/><device-class id='m'><uses network='a'/><uses network='a'/></device-class>"
			       "<deploy class='m' count='1' placement='uniform'/>"));
	assert_true(world_complains(&w, "the class uses this network already"));
	world_close(&w);
	assert_false(world_load(&w, "<device-class id='m'><uses network='gone'/></device-class>"
				    "<deploy class='m' count='1' placement='uniform'/>"));
	assert_true(world_complains(&w, "gone"));
	world_close(&w);
}

static void lose_way(struct sim *s, void *ctx, uint32_t device, uint16_t change)
{
	network_path(s, ctx, device, change ? 1 : -1);
}

static void availability_counts_the_time_with_a_live_way_after_the_warm_up(void **st)
{
	struct world w;
	uint32_t meter;
	uint16_t kind;

	(void)st;
	world_open(&w,
		   "<lorawan id='net'/><device-class id='meter'><uses network='net'/></device-class>"
		   "<deploy class='meter' count='2' placement='uniform'/>",
		   2 * SIM_HOUR, 12 * SIM_HOUR);
	meter = first_of(&w, "meter");
	kind = sim_handler(w.sim, "way", lose_way, &w);
	network_path(w.sim, &w, meter, 2); /* two ways, then one, then none, then one again */
	sim_at(w.sim, 1 * SIM_HOUR, kind, meter, 0);
	sim_at(w.sim, 5 * SIM_HOUR, kind, meter, 0);
	sim_at(w.sim, 9 * SIM_HOUR, kind, meter, 1);
	sim_at(w.sim, 1 * SIM_HOUR, kind, meter + 1, 1); /* the other: up to hour 7, and so long counted from hour 2 */
	sim_at(w.sim, 7 * SIM_HOUR, kind, meter + 1, 0);
	world_run(&w);
	/* of the ten counted hours: 2..5 and 9..12, and 2..7 */
	assert_close(world_kpi(&w, "connectivity.availability"), (0.6 + 0.5) / 2, 1e-6);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fate_has_a_name_of_its_own),
		cmocka_unit_test(a_message_reaches_the_network_and_its_answer_the_owner_of_its_purpose),
		cmocka_unit_test(a_device_that_is_not_operational_is_answered_at_once_with_the_reason),
		cmocka_unit_test(a_device_is_attached_when_it_powers_up_and_detached_when_it_goes_down),
		cmocka_unit_test(a_class_without_network_operates_but_has_no_coverage),
		cmocka_unit_test(the_parameters_of_uses_belong_to_the_class_and_the_network_it_names),
		cmocka_unit_test(every_network_that_a_class_uses_finds_what_the_class_asks_of_it),
		cmocka_unit_test(naming_a_network_twice_or_one_that_is_not_there_is_an_error),
		cmocka_unit_test(availability_counts_the_time_with_a_live_way_after_the_warm_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
