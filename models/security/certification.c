/*
 * Certificates: how a product comes to one, and loses it.
 *
 *   request          a foreign label that is recognised        certificate at once
 *                    third-party: a round in the laboratory     pass, or fail
 *                    self-declaration: declaration-time         pass, or fail
 *   pass             certificate; new firmware may be rolled out
 *   fail             fix-time, then another round of what failed; after `retests` of them the request has failed
 *   certificate      ends after `validity`: another request, if it is to be renewed
 *                    withdrawn by surveillance: fix-time, then another request, whatever the label
 *
 * A product has one request under way; firmware that comes meanwhile waits for its turn.  What a vendor mends makes a new version
 * of the product (version.c) in the factory at once, and over the air when the request has ended, well or not.
 */
#include <math.h>

#include "models/city/cost.h"
#include "models/security/certification_private.h"
#include "models/security/firmware.h"

static const uint32_t PURPOSE_TEST = RNG_PURPOSE('l', 'a', 'b', 'v');
static const uint32_t PURPOSE_TEST_TIME = RNG_PURPOSE('l', 'a', 'b', 't');
static const uint32_t PURPOSE_DECLARE = RNG_PURPOSE('d', 'e', 'c', 'l');
static const uint32_t PURPOSE_FIX = RNG_PURPOSE('p', 'f', 'i', 'x');
static const uint32_t PURPOSE_FIRMWARE = RNG_PURPOSE('f', 'w', 'r', 'g');

static struct certification *state(const struct sim *s)
{
	return sim_state(s, &security_model);
}

static struct product *get(const struct sim *s, uint32_t product)
{
	return &products_of(s)->all[product];
}

/* A stream of its own for each step of a product's way. */
static struct rng stream(const struct sim *s, uint32_t purpose, struct product *p)
{
	return sim_rng(s, purpose, rng_mix(p->key + p->draws++));
}

static struct provision_set *under_test(struct product *p)
{
	return p->on_firmware ? &p->firmware->has : &p->has;
}

/* The element that owes what a declaration costs. */
static const struct node *security_part(const struct product *p)
{
	const struct node *n = p->element->model == &device_class_model ? p->element : p->element->parent;

	return node_child(n, &security_model);
}

static double or_nothing(double x)
{
	return isnan(x) ? 0 : x;
}

void certification_pay(struct sim *s, uint32_t product, const struct node *part, double money, bool once)
{
	struct product *p = get(s, product);

	if (!(money > 0))
		return;
	p->paid += money;
	if (once)
		cost_once(s, part, money);
	else
		cost_fees(s, part, money);
}

/* ---- a request ends ---- */

static void next_firmware(struct sim *s, struct certification *c, uint32_t product);

/* What was mended in the request that has ended comes out over the air, as one firmware, however many rounds it took. */
static void release(struct sim *s, uint32_t product)
{
	const struct product *p = get(s, product);

	if (p->version[p->n_versions - 1].firmware == NOT_CARRIED && s->now <= product_support(s, product))
		firmware_carry(s, product);
}

static void certify(struct sim *s, struct certification *c, uint32_t product, enum basis basis)
{
	struct product *p = get(s, product);

	p->busy = false;
	c->certified[basis]++;
	c->false_given += !provision_covers(under_test(p), &p->must);
	if (!p->ever) {
		tally_add(&c->time[p->class_index], sim_seconds(s->now - p->requested));
		c->holding[p->class_index]++;
	}
	if (p->on_firmware)
		version_add(s, p, under_test(p));
	p->ever = true;
	p->valid = true;
	p->expired = false;
	p->basis = (uint8_t)basis;
	p->certified_compliant = p->compliant;
	p->certified_version = (uint16_t)(p->n_versions - 1);
	p->assessment = ASSESSMENT_CERTIFIED;
	p->certificate++;
	sim_after(s, policy_of(s)->validity, c->kind_expired, product, p->certificate);
	if (p->on_firmware) {
		const struct firmware *f = p->firmware;
		p->on_firmware = false;
		p->firmware = f->next;
		c->firmware_ready++;
		f->fn(s, f->ctx, f->number);
	}
	release(s, product);
	gate_open(s, product);
	next_firmware(s, c, product);
}

static void fail(struct sim *s, struct certification *c, uint32_t product)
{
	struct product *p = get(s, product);

	p->busy = false;
	c->failed++;
	if (p->on_firmware) {
		p->on_firmware = false;
		p->firmware = p->firmware->next;
		c->firmware_withheld++;
		if (!p->valid && p->assessment == ASSESSMENT_WORKING)
			certification_request(s, product); /* its certificate ended meanwhile */
	} else if (!p->valid) {
		p->assessment = ASSESSMENT_FAILED;
		release(s, product);
		gate_open(s, product);
	}
	next_firmware(s, c, product);
}

/* ---- a round ---- */

static void begin_round(struct sim *s, struct certification *c, uint32_t product)
{
	struct product *p = get(s, product);
	struct laboratory *l;
	struct rng r;
	simtime_t time = 0;

	if (p->security->conformance == CONFORMANCE_SELF) {
		certification_pay(s, product, security_part(p), p->rounds ? 0 : or_nothing(p->security->declaration_fee),
				  !p->ever);
		sim_after(s, p->rounds ? 0 : p->security->declaration_time, c->kind_declared, product, 0);
		return;
	}
	l = laboratory_of(s, p);
	p->cases = laboratory_cases_of(&p->todo);
	c->tests.begun += p->cases;
	certification_pay(s, product, l->element,
			  (p->rounds ? 0 : or_nothing(l->p->fee)) + p->cases * or_nothing(l->p->cost_per_test), !p->ever);
	r = stream(s, PURPOSE_TEST_TIME, p);
	for (uint32_t k = 0; k < p->cases; k++)
		time += l->p->service_law == TEST_FIXED
				? l->p->time_per_test
				: sim_from_seconds(rng_exponential(&r, sim_seconds(l->p->time_per_test)));
	station_arrive(l->station, product, 0, time);
}

/* The vendor takes its time to mend what was shown. */
static void mend(struct sim *s, const struct certification *c, uint32_t product)
{
	struct product *p = get(s, product);
	struct rng r = stream(s, PURPOSE_FIX, p);

	sim_after(s, sim_from_seconds(rng_exponential(&r, sim_seconds(p->security->fix_time))), c->kind_fixed, product, 0);
}

static void end_round(struct sim *s, struct certification *c, uint32_t product, enum basis basis)
{
	struct product *p = get(s, product);

	if (provision_count(&p->shown) == 0)
		certify(s, c, product, basis);
	else if (p->rounds++ >= p->security->retests)
		fail(s, c, product);
	else
		mend(s, c, product);
}

/* The laboratory is through with a product. */
static void on_tested(struct sim *s, uint32_t product)
{
	struct certification *c = state(s);
	struct product *p = get(s, product);
	const struct laboratory *l = laboratory_of(s, p);
	struct rng r = stream(s, PURPOSE_TEST, p);

	p->shown = (struct provision_set){ 0 };
	p->cases = 0;
	for (unsigned i = 0; i < PROVISIONS; i++)
		if (provision_in(&p->todo, i) && !laboratory_test(l->p, &r, i, provision_in(under_test(p), i), &c->tests) &&
		    provision_in(&p->must, i))
			provision_add(&p->shown, i);
	end_round(s, c, product, BASIS_LABORATORY);
}

/* A vendor declares what it meets, and by mistake what it does not. */
static void on_declared(struct sim *s, void *ctx, uint32_t product, uint16_t detail)
{
	struct product *p = get(s, product);
	struct rng r = stream(s, PURPOSE_DECLARE, p);

	(void)detail;
	p->shown = (struct provision_set){ 0 };
	for (unsigned i = 0; i < PROVISIONS; i++)
		if (provision_in(&p->todo, i) && provision_in(&p->must, i) && !provision_in(under_test(p), i) &&
		    rng_uniform(&r) >= p->security->declaration_error)
			provision_add(&p->shown, i);
	end_round(s, ctx, product, BASIS_DECLARATION);
}

static void on_fixed(struct sim *s, void *ctx, uint32_t product, uint16_t detail)
{
	struct product *p = get(s, product);
	const struct laboratory *l = p->security->conformance == CONFORMANCE_LABORATORY ? laboratory_of(s, p) : NULL;
	struct provision_set has = *under_test(p);
	struct rng r = stream(s, PURPOSE_FIX, p);

	(void)detail;
	for (unsigned i = 0; i < PROVISIONS; i++)
		if (provision_in(&p->shown, i) && !provision_in(&has, i) && rng_uniform(&r) < p->security->fix_chance)
			provision_add(&has, i);
	if (p->on_firmware)
		p->firmware->has = has;
	else
		version_add(s, p, &has);
	if (!l || l->p->retest == RETEST_FAILED)
		p->todo = p->shown;
	begin_round(s, ctx, product);
}

/* ---- a request begins ---- */

/* A label of elsewhere answers the baseline as a whole. */
static bool is_recognised(const struct sim *s, const struct certification *c, const struct product *p)
{
	const struct laboratory *l = laboratory_of(s, p);
	int64_t at = c->sc->run.start + s->now / SIM_SECOND;

	return !p->on_firmware && p->goods->certificate && p->baseline->label > 0 &&
	       laboratory_recognises(c->sc, l ? l->element : NULL, p->goods->certificate, at) >= p->baseline->label;
}

void certification_request(struct sim *s, uint32_t product)
{
	struct certification *c = state(s);
	struct product *p = get(s, product);

	if (p->busy || p->security->conformance == CONFORMANCE_NONE)
		return;
	p->busy = true;
	p->rounds = 0;
	p->requested = s->now;
	c->asked++;
	if (p->assessment == ASSESSMENT_NONE)
		c->asking[p->class_index]++;
	if (!p->valid)
		p->assessment = ASSESSMENT_WORKING;
	if (is_recognised(s, c, p)) {
		certify(s, c, product, BASIS_RECOGNITION);
		return;
	}
	/* The mandatory ones, and what else the vendor says it does. */
	for (unsigned k = 0; k < PROVISIONS_MOST / 64; k++)
		p->todo.w[k] = p->must.w[k] | (p->may.w[k] & under_test(p)->w[k]);
	begin_round(s, c, product);
}

static void on_enter(struct sim *s, void *ctx, uint32_t product, uint16_t detail)
{
	(void)ctx, (void)detail;
	certification_request(s, product);
}

/* ---- a certificate ends ---- */

static void on_expired(struct sim *s, void *ctx, uint32_t product, uint16_t number)
{
	struct product *p = get(s, product);

	(void)ctx;
	if (!p->valid || p->certificate != number)
		return;
	p->expired = true;
	p->valid = false;
	p->assessment = policy_of(s)->renewal ? ASSESSMENT_WORKING : ASSESSMENT_FAILED;
	if (policy_of(s)->renewal)
		certification_request(s, product);
	if (!p->valid)
		gate_open(s, product);
}

void certification_withdraw(struct sim *s, uint32_t product, const struct provision_set *missing)
{
	struct certification *c = state(s);
	struct product *p = get(s, product);

	p->valid = false;
	p->certificate++;
	p->assessment = ASSESSMENT_WORKING;
	if (p->busy) { /* about firmware, which will bring a new certificate if it passes */
		gate_open(s, product);
		return;
	}
	p->busy = true;
	p->rounds = 0;
	p->requested = s->now;
	c->asked++;
	for (unsigned k = 0; k < PROVISIONS_MOST / 64; k++)
		p->todo.w[k] = p->must.w[k] | (p->may.w[k] & p->has.w[k]);
	p->shown = *missing;
	mend(s, c, product);
	gate_open(s, product);
}

/* ---- firmware ---- */

/* A new firmware may lose what the product met. */
static struct provision_set with_firmware(const struct sim *s, struct product *p)
{
	struct provision_set has = p->has;
	struct rng r = stream(s, PURPOSE_FIRMWARE, p);
	unsigned n = provision_count_common(&p->must, &has), k;

	if (rng_uniform(&r) >= p->security->regression || n == 0)
		return has;
	k = rng_below(&r, n);
	for (unsigned i = 0; i < PROVISIONS; i++)
		if (provision_in(&p->must, i) && provision_in(&has, i) && k-- == 0) {
			provision_remove(&has, i);
			break;
		}
	return has;
}

static void next_firmware(struct sim *s, struct certification *c, uint32_t product)
{
	struct product *p = get(s, product);
	struct firmware *f = p->firmware;

	if (p->busy || !f)
		return;
	if (!p->valid) { /* nothing to keep valid */
		p->firmware = f->next;
		f->has = with_firmware(s, p);
		version_add(s, p, &f->has);
		c->firmware_ready++;
		f->fn(s, f->ctx, f->number);
		next_firmware(s, c, product);
		return;
	}
	f->has = with_firmware(s, p);
	p->on_firmware = true;
	certification_request(s, product);
}

void certification_firmware(struct sim *s, uint32_t product, certification_ready_fn *fn, void *ctx, uint32_t number)
{
	struct certification *c = state(s);
	struct product *p = get(s, product);
	struct firmware *f, **end;
	struct provision_set has;

	c->firmware_asked++;
	if (!policy_of(s)->recertification || p->security->conformance == CONFORMANCE_NONE || !(p->valid || p->busy)) {
		has = with_firmware(s, p);
		version_add(s, p, &has);
		c->firmware_ready++;
		fn(s, ctx, number);
		return;
	}
	f = sim_alloc(s, 1, sizeof *f);
	if (!f)
		return;
	*f = (struct firmware){ .fn = fn, .ctx = ctx, .number = number };
	for (end = &p->firmware; *end; end = &(*end)->next)
		;
	*end = f;
	next_firmware(s, c, product);
}

/* ---- set-up ---- */

void certification_setup(struct sim *s, const struct scenario *sc)
{
	struct products *ps = products_of(s);
	struct certification *c = ps ? sim_alloc(s, 1, sizeof *c) : NULL;

	if (!c)
		return;
	c->ps = ps;
	c->sc = sc;
	c->time = sim_alloc(s, ps->dev->n_classes, sizeof *c->time);
	c->asking = sim_alloc(s, ps->dev->n_classes, sizeof *c->asking);
	c->holding = sim_alloc(s, ps->dev->n_classes, sizeof *c->holding);
	c->kind_enter = sim_handler(s, "certification.request", on_enter, c);
	c->kind_declared = sim_handler(s, "certification.declared", on_declared, c);
	c->kind_fixed = sim_handler(s, "certification.fixed", on_fixed, c);
	c->kind_expired = sim_handler(s, "certification.expired", on_expired, c);
	laboratory_on_done(s, on_tested);
	sim_set_state(s, &security_model, c);
}

void certification_start(struct sim *s, const struct scenario *sc)
{
	struct certification *c = state(s);

	(void)sc;
	for (uint32_t k = 0; c && k < c->ps->n; k++)
		if (c->ps->all[k].security->conformance != CONFORMANCE_NONE)
			sim_at(s, c->ps->all[k].enters, c->kind_enter, k, 0);
}
