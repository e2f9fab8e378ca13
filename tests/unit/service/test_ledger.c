/* Ledgers: when blocks are cut and final, against a recount of random arrivals; what is refused. */
#include "models/network/path.h"
#include "tests/unit/device/town.h"

#define TOWN                                                                                                               \
	"<city width='1km' height='1km'/><platform id='p' service-time='0s'/><device-class id='m' platform='p'/>"          \
	"<deploy class='m' count='10' placement='uniform'/>"

enum { RECORDS = 3000 };

struct drive {
	uint32_t n;
	simtime_t at[RECORDS];
};

static void arrive(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	struct message m = { .created = s->now, .device = k % 10, .bytes = 20, .purpose = PURPOSE_APPLICATION };

	(void)ctx, (void)detail;
	platform_arrive(s, &m);
}

/* Messages at the given times through a ledger with these attributes. */
static void ran(struct town *t, const char *attributes, const simtime_t *at, uint32_t n)
{
	char body[1024];
	uint16_t kind;

	snprintf(body, sizeof body, TOWN "<ledger id='l' %s><anchor platform='p'/></ledger>", attributes);
	*t = (struct town){ 0 };
	town_open(t, "duration='1d' warm-up='0s'", body);
	kind = sim_handler(t->sim, "arrive", arrive, NULL);
	for (uint32_t k = 0; k < n; k++)
		sim_at(t->sim, at[k], kind, k, 0);
	town_run(t);
	assert_true(report_imbalance(t->report, NULL) == 0);
	assert_close(town_audit(t, "ledger records", "offered"), n, 0);
}

static void expect(struct town *t, double waiting, double size, double blocks, double latency)
{
	assert_close(town_kpi(t, "ledger.waiting-time", "all"), waiting, 1e-9);
	assert_close(town_kpi(t, "ledger.batch-size", "ledger=l"), size, 1e-9);
	assert_close(town_kpi(t, "ledger.blocks", "all"), blocks, 0);
	assert_close(town_kpi(t, "ledger.latency", "all"), latency, 1e-9);
	town_close(t);
}

static void a_block_is_cut_when_full_or_when_its_first_record_is_old(void **st)
{
	static const simtime_t at[] = { 0, SIM_SECOND, 2 * SIM_SECOND, 9 * SIM_SECOND, 12 * SIM_SECOND };
	struct town t;

	(void)st;
	/* full at 2 s; the next begins at 9 s, when the first one's timer runs, and is cut at 19 s */
	ran(&t, "max-messages='3' timeout='10s' consensus-time='0s'", at, 5);
	expect(&t, (2 + 1 + 0 + 10 + 7) / 5.0, 2.5, 2, 4);
	ran(&t, "max-messages='1' consensus-time='250ms'", at, 5);
	expect(&t, 0, 1, 5, 0.25);
}

static void a_record_that_does_not_fit_closes_the_block_before_it(void **st)
{
	static const simtime_t at[] = { 0, SIM_SECOND, 2 * SIM_SECOND, 3 * SIM_SECOND };
	struct town t;

	(void)st;
	/* records of 30 B, two fit: cut at 2 s, and by time at 12 s */
	ran(&t, "max-messages='100' max-bytes='65B' content='message' overhead='10B' timeout='10s' consensus-time='0s'", at,
	    4);
	assert_close(town_kpi(&t, "ledger.bytes", "all"), 120, 0);
	expect(&t, (2 + 1 + 10 + 9) / 4.0, 2, 2, 5.5);
	/* one larger than a block is a block of its own */
	ran(&t, "max-bytes='5B' timeout='10s' consensus-time='0s'", at, 4);
	assert_close(town_kpi(&t, "ledger.bytes", "all"), 4 * 128, 0);
	expect(&t, (1 + 1 + 1 + 10) / 4.0, 1, 4, 13 / 4.0);
}

static void a_slot_has_one_block_and_confirmations_follow(void **st)
{
	static const simtime_t at[] = { SIM_SECOND, 2 * SIM_SECOND, 3 * SIM_SECOND };
	struct town t;

	(void)st;
	/* slots at 5, 10 and 15 s, consensus 1 s, two further blocks */
	ran(&t, "max-messages='1' block-interval='5s' confirmations='2' consensus-time='1s'", at, 3);
	expect(&t, 0, 1, 3, (4 + 8 + 12) / 3.0 + 1 + 10);
}

static void blocks_queue_for_consensus(void **st)
{
	static const simtime_t at[] = { 0, 0, 0 };
	struct town t;

	(void)st;
	ran(&t, "max-messages='1' consensus-time='1s' validation='1s'", at, 3);
	expect(&t, 0, 1, 3, 4);
	ran(&t, "max-messages='1' consensus-time='1s' validation='1s' pipeline='3'", at, 3);
	expect(&t, 0, 1, 3, 2);
}

static void without_a_quorum_nothing_is_final(void **st)
{
	static const simtime_t at[] = { 0, 0, 0 };
	struct town t;

	(void)st;
	ran(&t, "max-messages='2' validators='7' availability='0%'", at, 3);
	assert_close(town_audit(&t, "ledger records", "anchored"), 0, 0);
	assert_close(town_audit(&t, "ledger records", "in blocks not yet final at the end"), 3, 0);
	assert_close(town_kpi(&t, "ledger.availability", "all"), 0, 0);
	assert_true(isnan(town_kpi(&t, "ledger.latency", "all")));
	town_close(&t);
}

/* Waiting times by going through the list of arrivals. */
static void recount(const struct drive *d, uint32_t most, simtime_t timeout, double *waiting, double *size)
{
	uint32_t blocks = 0;
	double sum = 0;

	for (uint32_t first = 0, next; first < d->n; first = next, blocks++) {
		simtime_t cut = d->at[first] + timeout;
		for (next = first; next < d->n && next - first < most && d->at[next] <= cut;)
			next++;
		if (next - first == most)
			cut = d->at[next - 1];
		for (uint32_t k = first; k < next; k++)
			sum += sim_seconds(cut - d->at[k]);
	}
	*waiting = sum / d->n;
	*size = (double)d->n / blocks;
}

static void blocks_are_those_of_a_recount(void **st)
{
	static struct drive d;
	struct rng rng = rng_stream(7, RNG_PURPOSE('t', 'e', 's', 't'), 0, 0);

	(void)st;
	for (int k = 0; k < 60; k++) {
		uint32_t most = 1 + rng_below(&rng, 12);
		simtime_t now = 0, timeout = SIM_SECOND + rng_below(&rng, 20000) * SIM_MS;
		double waiting, size;
		char attributes[160];
		struct town t;
		d.n = 200 + rng_below(&rng, RECORDS - 200);
		for (uint32_t i = 0; i < d.n; i++)
			d.at[i] = now += 1 + sim_from_seconds(rng_exponential(&rng, rng_below(&rng, 10) ? 1 : 30));
		recount(&d, most, timeout, &waiting, &size);
		snprintf(attributes, sizeof attributes, "max-messages='%u' timeout='%lldms' pipeline='1000'", most,
			 (long long)(timeout / SIM_MS));
		ran(&t, attributes, d.at, d.n);
		assert_close(town_kpi(&t, "ledger.waiting-time", "all"), waiting, 1e-9 * (1 + waiting));
		assert_close(town_kpi(&t, "ledger.batch-size", "all"), size, 1e-9 * size);
		assert_close(town_kpi(&t, "ledger.latency", "all"), waiting + 0.1, 1e-9 * (1 + waiting));
		town_close(&t);
	}
}

static void what_is_wrong_is_said(void **st)
{
	(void)st;
	town_refuses(TOWN "<ledger id='l'/>", "<ledger>: needs a <anchor>");
	town_refuses(TOWN "<ledger id='l'><anchor platform='q'/></ledger>", "<anchor platform>: ");
	town_refuses(TOWN "<ledger id='l'><anchor platform='p'/><anchor platform='p'/></ledger>",
		     "<anchor platform>: \"p\" is anchored in this ledger already, at line 1");
	town_refuses(TOWN "<ledger id='l' quorum='5'><anchor platform='p'/></ledger>",
		     "<ledger quorum>: \"5\" is more than the 4");
	town_refuses(TOWN "<ledger id='l' confirmations='6'><anchor platform='p'/></ledger>",
		     "<ledger confirmations>: \"6\" needs a block-interval");
	town_refuses(TOWN "<ledger id='l' max-messages='0'><anchor platform='p'/></ledger>", "<ledger max-messages>: ");
	town_refuses(TOWN "<ledger id='l' timeout='5'><anchor platform='p'/></ledger>", "<ledger timeout>: ");
}

static void a_quorum_is_more_than_two_thirds(void **st)
{
	struct town t = { 0 };

	(void)st;
	for (int n = 1; n <= 10; n++) {
		char body[512], said[32];
		snprintf(body, sizeof body, TOWN "<ledger id='l' validators='%d'><anchor platform='p'/></ledger>", n);
		snprintf(said, sizeof said, "%d", n - (n - 1) / 3);
		assert_true(town_load(&t, "duration='1d'", body));
		const struct node *l = t.sc->root->child;
		while (strcmp(l->model->name, "ledger") != 0)
			l = l->next;
		for (size_t i = 0; i < l->model->n_params; i++)
			if (!strcmp(l->model->params[i].field, "quorum"))
				assert_string_equal(l->text_of[i], said);
		town_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_cut_when_full_or_when_its_first_record_is_old),
		cmocka_unit_test(a_record_that_does_not_fit_closes_the_block_before_it),
		cmocka_unit_test(a_slot_has_one_block_and_confirmations_follow),
		cmocka_unit_test(blocks_queue_for_consensus),
		cmocka_unit_test(without_a_quorum_nothing_is_final),
		cmocka_unit_test(blocks_are_those_of_a_recount),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(a_quorum_is_more_than_two_thirds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
