/* Everything in the field breaks and is mended at random times while traffic runs: accounts balance, and afterwards all is as before. */
#include "models/crisis/damage.h"
#include "models/network/asset.h"
#include "tests/unit/security/outbreak.h"

#define TOWN                                                                                                             \
	"<power-grid feeders='9' availability='100%'/>"                                                                    \
	"<backhaul id='fibre' medium='fibre' availability='99%' backup='radio'/><backhaul id='radio' medium='cellular'/>" \
	"<platform id='cloud' position='100m 100m'/><edge id='kiosk' backhaul='fibre' position='900m 900m'/>"             \
	"<lorawan id='lora'><gateways count='3' backup='30min' generator-share='50%' fuel='1h' backhaul='fibre'/></lorawan>" \
	"<nb-iot id='cell'><sites count='2' backup='1h' backhaul='radio'/></nb-iot>"                                      \
	"<device-class id='meter' platform='cloud'><uses network='lora'/><battery/><traffic period='20min'/></device-class>" \
	"<device-class id='lamp' platform='cloud'><uses network='cell'/><processing edge='kiosk' at='split' forward='50%'/>" \
	"<traffic period='10min'/></device-class>"                                                                        \
	"<deploy class='meter' count='40' placement='uniform'/><deploy class='lamp' count='40' placement='uniform'/>"

static const simtime_t quiet = 12 * SIM_HOUR; /* nothing breaks after that */

struct chaos {
	uint32_t n, breaks, kinds[ASSET_KINDS];
	uint16_t kind;
	bool *broken;
	struct rng rng;
};

static void on_turn(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct chaos *c = ctx;
	simtime_t lasts;
	uint32_t n;

	(void)detail;
	if (s->now >= quiet && !c->broken[i])
		return;
	c->broken[i] = !c->broken[i];
	c->breaks += c->broken[i];
	c->kinds[assets_of(s, &n)[i].kind] += c->broken[i];
	asset_break(s, i, c->broken[i]);
	lasts = sim_from_seconds(rng_exponential(&c->rng, 3600));
	sim_after(s, c->broken[i] && lasts > quiet - s->now ? quiet - s->now : lasts, c->kind, i, 0);
}

static void on_begin(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct chaos *c = ctx;

	(void)subject, (void)detail;
	assets_of(s, &c->n);
	c->broken = sim_alloc(s, c->n, sizeof *c->broken);
	for (uint32_t i = 0; i < c->n; i++)
		sim_after(s, sim_from_seconds(rng_exponential(&c->rng, 3600)), c->kind, i, 0);
}

/* Two runs, of which one is disturbed; what they count begins 4 h after the last break. */
static void run(struct outbreak *o, struct chaos *c, uint64_t replication, simtime_t warmup, bool disturbed)
{
	outbreak_open(o, TOWN, replication, warmup, SIM_DAY);
	assets_will_break(o->sim);
	*c = (struct chaos){ .rng = sim_rng(o->sim, RNG_PURPOSE('t', 'e', 's', 't'), replication) };
	c->kind = sim_handler(o->sim, "test.turn", on_turn, c);
	if (disturbed)
		sim_at(o->sim, SIM_MINUTE, sim_handler(o->sim, "test.begin", on_begin, c), 0, 0);
	outbreak_run(o); /* asserts that all accounts balance */
}

static void accounts_balance_and_all_works_again_once_it_is_mended(void **st)
{
	(void)st;
	for (uint64_t r = 0; r < 6; r++) {
		struct outbreak a, b;
		struct chaos none, c;
		run(&a, &none, r, quiet + 4 * SIM_HOUR, false);
		run(&b, &c, r, quiet + 4 * SIM_HOUR, true);
		assert_true(c.n == 9 + 3 + 2 + 3 * 2 + 2 + 2 + 1 + 1 && c.breaks > 50);
		for (int k = 0; k < ASSET_KINDS; k++)
			assert_true(c.kinds[k] > 0);
		for (uint32_t i = 0; i < c.n; i++) {
			uint32_t n;
			assert_false(c.broken[i]);
			assert_int_equal(assets_of(b.sim, &n)[i].reasons, 0);
		}
		assert_close(outbreak_kpi(&b, "connectivity.connected-ratio", "all"),
			     outbreak_kpi(&a, "connectivity.connected-ratio", "all"), 1e-9);
		assert_close(outbreak_kpi(&b, "connectivity.availability", "all"),
			     outbreak_kpi(&a, "connectivity.availability", "all"), 1e-9);
		assert_close(outbreak_kpi(&b, "platform.availability", "all"),
			     outbreak_kpi(&a, "platform.availability", "all"), 1e-12);
		assert_close(outbreak_kpi(&b, "backhaul.availability", "all"),
			     outbreak_kpi(&a, "backhaul.availability", "all"), 1e-12);
		assert_close(outbreak_kpi(&b, "edge.availability", "all"), outbreak_kpi(&a, "edge.availability", "all"),
			     1e-12);
		assert_close(outbreak_kpi(&b, "connectivity.delivery-ratio", "all"),
			     outbreak_kpi(&a, "connectivity.delivery-ratio", "all"), 0.005);
		outbreak_close(&a);
		outbreak_close(&b);
		run(&b, &c, r, 0, true);
		run(&a, &none, r, 0, false);
		assert_true(outbreak_kpi(&b, "connectivity.availability", "all") <
			    outbreak_kpi(&a, "connectivity.availability", "all") - 0.05);
		assert_true(outbreak_kpi(&b, "platform.availability", "all") < 0.95);
		assert_true(outbreak_kpi(&b, "edge.availability", "all") < 0.95);
		outbreak_close(&a);
		outbreak_close(&b);
	}
}

/*
 * Hazards break everything, devices too, while power fails and traffic runs; whoever mends comes at random times, to some several
 * times.  At 14 h all is mended that is broken, and nothing breaks after that.
 */
struct crew { uint16_t kind; uint32_t told; struct rng rng; };

static void on_visit(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)ctx, (void)detail;
	damage_mend(s, number);
}

static void on_damage(struct sim *s, void *ctx, uint32_t number)
{
	struct crew *c = ctx;
	simtime_t last = 14 * SIM_HOUR;

	c->told++;
	for (int visits = 0; visits < 2; visits++) {
		simtime_t t = s->now + sim_from_seconds(rng_exponential(&c->rng, 4 * 3600));
		sim_at(s, t < last ? t : last, c->kind, number, 0);
	}
}

static void hazards_and_those_who_mend_leave_no_trace_behind_them(void **st)
{
	static const char crisis[] =
		"<crisis><flood at='1h' source='500m 500m' rise='1m/h' peak='2m' slope='0.002' lasts='5h'/>"
		"<flood at='5h' source='0m 0m' rise='1m/h' peak='3m' slope='0.002' lasts='6h'/>"
		"<fragility hazard='flood' of='feeder' median='1m'/><fragility hazard='flood' of='gateway' median='1m'/>"
		"<fragility hazard='flood' of='site' median='1m'/><fragility hazard='flood' of='backhaul' median='1m'/>"
		"<fragility hazard='flood' of='edge' median='0.7m'/><fragility hazard='flood' of='platform' median='0.7m'/>"
		"<fragility hazard='flood' class='meter' median='1m' destroyed='2m'/>"
		"<fragility hazard='flood' class='lamp' median='1m' repair='3h'/></crisis>";

	(void)st;
	for (uint64_t r = 0; r < 6; r++) {
		struct outbreak o;
		const struct damage *d;
		struct crew crew;
		uint32_t n, assets;
		char body[4096];
		snprintf(body, sizeof body, "%s%s", TOWN, crisis);
		outbreak_open(&o, body, r, 18 * SIM_HOUR, SIM_DAY);
		crew = (struct crew){ .rng = sim_rng(o.sim, RNG_PURPOSE('t', 'e', 's', 't'), r) };
		crew.kind = sim_handler(o.sim, "test.visit", on_visit, &crew);
		damage_watch(o.sim, on_damage, &crew);
		outbreak_run(&o); /* asserts that all accounts balance */
		d = damages_of(o.sim, &n);
		assert_int_equal(crew.told, n);
		assert_true(n > 40);
		for (uint32_t i = 0; i < n; i++)
			assert_true(d[i].mended != SIM_NEVER && d[i].mended >= d[i].at && d[i].mended <= 14 * SIM_HOUR);
		assets_of(o.sim, &assets);
		for (uint32_t i = 0; i < assets; i++)
			assert_true(assets_of(o.sim, &assets)[i].reasons == 0 && damage_of_asset(o.sim, i) == DAMAGE_NONE);
		assert_close(outbreak_kpi(&o, "connectivity.connected-ratio", "all"), 1, 1e-12);
		assert_close(outbreak_kpi(&o, "platform.availability", "all"), 1, 0);
		assert_close(outbreak_kpi(&o, "crisis.mended-ratio", "all"), 1, 0);
		outbreak_close(&o);
	}
}

struct cut { enum asset_kind kind; uint32_t n; };

static void on_cut(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct cut *cut = ctx;
	uint32_t n;

	(void)subject, (void)detail;
	assets_of(s, &n);
	for (uint32_t i = 0; i < n; i++)
		if (assets_of(s, &n)[i].kind == cut->kind) {
			asset_break(s, i, true);
			cut->n++;
		}
}

/* One kind breaks at half of the run: what is generated after that has one fate, the cause's, but for what never came so far. */
static void each_kind_has_its_own_cause_of_loss(void **st)
{
	static const struct {
		enum asset_kind kind;
		uint32_t n;
		const char *cause;
	} cases[] = {
		{ ASSET_GATEWAY, 2, "lost: gateway down" },
		{ ASSET_BACKHAUL, 4, "lost: backhaul" },
		{ ASSET_PLATFORM, 1, "lost: platform" },
	};

	(void)st;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct outbreak o;
		struct cut cut = { .kind = cases[k].kind };
		double generated, lost;
		outbreak_open(
			&o,
			"<backhaul id='fibre' medium='fibre' availability='100%' backup='radio'/>"
			"<backhaul id='radio' medium='cellular' availability='100%'/><platform id='cloud'/>"
			"<lorawan id='lora'><gateways count='2' backhaul='fibre'/></lorawan>"
			"<device-class id='meter' platform='cloud'><uses network='lora'/><battery/><traffic period='20min'/>"
			"</device-class><deploy class='meter' count='30' placement='uniform'/>",
			0, 0, SIM_DAY);
		assets_will_break(o.sim);
		sim_at(o.sim, SIM_DAY / 2, sim_handler(o.sim, "test.cut", on_cut, &cut), 0, 0);
		outbreak_run(&o);
		assert_int_equal(cut.n, cases[k].n);
		generated = outbreak_account(&o, "messages", "generated: meter");
		lost = outbreak_account(&o, "messages", cases[k].cause);
		assert_close(lost, generated / 2, generated / 2 * 0.1);
		outbreak_close(&o);
	}
}

/*
 * The first link of a gateway breaks from 10 h to 12 h: its backup carries, 30 s later.  That breaks too, from 11 h to 11.5 h.  Without a
 * link in use: 30 s and half an hour; the backup in use: an hour less 30 s, and half an hour.
 */
static const struct { double hours; const char *name; bool broken; } turns[] = {
	{ 10, "fibre", true }, { 11, "radio", true }, { 11.5, "radio", false }, { 12, "fibre", false }
};

static void on_link(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	uint32_t n;

	(void)ctx, (void)detail;
	assets_of(s, &n);
	for (uint32_t i = 0; i < n; i++)
		if (assets_of(s, &n)[i].kind == ASSET_BACKHAUL && strcmp(assets_of(s, &n)[i].name, turns[k].name) == 0)
			asset_break(s, i, turns[k].broken);
}

static void a_way_with_a_broken_link_fails_over_and_counts_as_down(void **st)
{
	struct outbreak o;
	uint16_t kind;

	(void)st;
	outbreak_open(&o,
		      "<backhaul id='fibre' medium='fibre' availability='100%' backup='radio' switch-over='30s'/>"
		      "<backhaul id='radio' medium='cellular' availability='100%'/><platform id='cloud'/>"
		      "<lorawan id='lora' activation='personalised'><gateways count='1' backhaul='fibre'/></lorawan>"
		      "<device-class id='meter' platform='cloud'><uses network='lora'/><battery/><traffic period='20min'/>"
		      "</device-class><deploy class='meter' count='3' placement='uniform'/>",
		      0, 0, SIM_DAY);
	assets_will_break(o.sim);
	kind = sim_handler(o.sim, "test.link", on_link, NULL);
	for (uint32_t k = 0; k < 4; k++)
		sim_at(o.sim, sim_from_seconds(3600 * turns[k].hours), kind, k, 0);
	outbreak_run(&o);
	assert_close(outbreak_kpi(&o, "backhaul.way-availability", "all"), 1 - 1830 / 86400.0, 1e-9);
	assert_close(outbreak_kpi(&o, "backhaul.failover-share", "all"), (3570 + 1800) / 86400.0, 1e-9);
	assert_close(outbreak_kpi(&o, "backhaul.failover-count", "all"), 2, 0);
	assert_close(outbreak_kpi(&o, "backhaul.availability", "all"), 1 - (2 + 0.5) / 2 / 24, 1e-9);
	assert_close(outbreak_kpi(&o, "connectivity.availability", "all"), 1 - 1830 / 86400.0, 1e-6);
	outbreak_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_balance_and_all_works_again_once_it_is_mended),
		cmocka_unit_test(hazards_and_those_who_mend_leave_no_trace_behind_them),
		cmocka_unit_test(each_kind_has_its_own_cause_of_loss),
		cmocka_unit_test(a_way_with_a_broken_link_fails_over_and_counts_as_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
