/*
 * <surveillance>: devices are taken from the field and tested; what they are found to miss costs their product its certificate,
 * unless that was given for a later version than theirs.
 *
 * Samples are drawn over all devices; one that is not in the field, or of a product that nobody asks for a certificate, is put back.
 * Locked out are the devices whose versions miss what was found, but for those that hold the certified version.
 */
#include "models/security/gate_private.h"

static const uint32_t PURPOSE_SAMPLE = RNG_PURPOSE('s', 'u', 'r', 'v');

enum action { ACTION_DELIST, ACTION_QUARANTINE, ACTION_RECALL };
struct surveillance_params {
	double rate;
	uint64_t sample;
	int action;
	double sensitivity, cost;
};

static const struct place places[] = { { "security-policy", 0, 1 } };
static const char *const actions[] = { "delist", "quarantine", "recall", NULL };

#define S struct surveillance_params
static const struct param params[] = {
	RATE(S, rate, NULL, NULL, NULL, "samples are drawn, at random times", NULL),
	COUNT(S, sample, "10", "1", "1000000", "devices of a sample", NULL),
	CHOICE(S, action, "quarantine", actions,
	       "beside the end of the certificate: nothing; the product's devices that miss the same, if at work, are quarantined until it has a new "
	       "one and they the version that it is for; they are taken out of the field for good",
	       NULL),
	RATIO(S, sensitivity, "90%", "0%", "100%", "chance that the test of a device notices a mandatory provision that it misses",
	      "[M] unverified default"),
	MONEY(S, cost, DIM_MONEY, "", "of one device taken and tested", NULL),
};
#undef S

enum { KPI_TESTED, KPI_FOUND, KPI_DELISTED, KPI_LOCKED, KPIS };
static const struct kpi_def kpis[KPIS] = {
	[KPI_TESTED] = { "surveillance.tested", "1", "devices taken from the field and tested", NULL, KPI_NEITHER, true },
	[KPI_FOUND] = { "surveillance.found", "1", "of these, devices found to miss a mandatory provision", NULL,
			KPI_NEITHER, true },
	[KPI_DELISTED] = { "surveillance.delisted", "1", "certificates withdrawn", NULL, KPI_NEITHER, true },
	[KPI_LOCKED] = { "surveillance.locked-out", "1", "devices quarantined or recalled", NULL, KPI_NEITHER, true },
};

struct surveillance {
	const struct surveillance_params *p;
	const struct node *element;
	struct products *ps;
	uint64_t drawn, put_back, passed, overlooked, found, delisted, locked, released;
	uint32_t *locked_out;   /* by product: devices that are quarantined */
	bool *locked_device;    /* by device */
	uint32_t number;        /* of the next sample */
	uint16_t kind;
};

/* Its product holds a certificate, and that is for the device's version, or one before it. */
static bool covered(const struct surveillance *v, uint32_t device)
{
	const struct product *p = &v->ps->all[v->ps->of_device[device]];

	return p->valid && version_number(v->ps, device) >= p->certified_version;
}

static bool misses_any(const struct surveillance *v, uint32_t device, const struct provision_set *missing)
{
	return !provision_covers(&version_of(v->ps, device)->has, missing);
}

static void lock_out(struct sim *s, struct surveillance *v, uint32_t product, const struct provision_set *missing)
{
	const struct device_class *c = &v->ps->dev->classes[v->ps->all[product].class_index];
	enum device_state to = v->p->action == ACTION_RECALL ? DEVICE_RETIRED : DEVICE_QUARANTINED;

	if (v->p->action == ACTION_DELIST)
		return;
	for (uint32_t i = c->first; i < c->first + c->count; i++) {
		bool may =
			to == DEVICE_RETIRED ? device_in_field(v->ps->dev->state[i]) : device_works(v->ps->dev->state[i]);
		if (v->ps->of_device[i] != product || !may || !misses_any(v, i, missing) || covered(v, i) ||
		    !device_move(s, i, to))
			continue;
		v->locked++;
		if (to == DEVICE_RETIRED)
			continue;
		v->locked_device[i] = true;
		v->locked_out[product]++;
	}
}

/* It has left the quarantine, by whatever way. */
static void on_change(struct sim *s, void *ctx, uint32_t i, enum device_state from, enum device_state to)
{
	struct surveillance *v = ctx;

	(void)s, (void)to;
	if (from != DEVICE_QUARANTINED || !v->locked_device[i])
		return;
	v->locked_device[i] = false;
	v->locked_out[v->ps->of_device[i]]--;
}

static void release(struct sim *s, struct surveillance *v, uint32_t device)
{
	if (v->locked_device[device] && covered(v, device))
		v->released += device_move(s, device, DEVICE_OPERATIONAL);
}

void surveillance_updated(struct sim *s, uint32_t device)
{
	struct surveillance *v = sim_state(s, &surveillance_model);

	if (v && v->locked_out[v->ps->of_device[device]])
		release(s, v, device);
}

void surveillance_certified(struct sim *s, uint32_t product)
{
	struct surveillance *v = sim_state(s, &surveillance_model);
	const struct device_class *c;

	if (!v || !v->locked_out[product])
		return;
	c = &v->ps->dev->classes[v->ps->all[product].class_index];
	for (uint32_t i = c->first; i < c->first + c->count; i++)
		if (v->ps->of_device[i] == product)
			release(s, v, i);
}

/* A device is tested against all that is mandatory of it; whether it is found wanting, and of what. */
static bool found(struct surveillance *v, uint32_t device, struct rng *r, struct provision_set *missing)
{
	const struct version *has = version_of(v->ps, device);
	const struct product *p = &v->ps->all[v->ps->of_device[device]];
	bool wanting;

	*missing = (struct provision_set){ 0 };
	for (unsigned i = 0; i < PROVISIONS; i++)
		if (provision_in(&p->must, i) && !provision_in(&has->has, i) && rng_uniform(r) < v->p->sensitivity)
			provision_add(missing, i);
	wanting = provision_count(missing) > 0;
	v->found += wanting;
	v->passed += !wanting && has->compliant;
	v->overlooked += !wanting && !has->compliant;
	return wanting;
}

static void test(struct sim *s, struct surveillance *v, uint32_t device, struct rng *r)
{
	uint32_t product = v->ps->of_device[device];
	struct product *p = product == NO_PRODUCT ? NULL : &v->ps->all[product];
	struct provision_set missing;

	v->drawn++;
	if (!p || p->security->conformance == CONFORMANCE_NONE || !device_in_field(v->ps->dev->state[device])) {
		v->put_back++;
		return;
	}
	certification_pay(s, product, v->element, v->p->cost, false);
	if (!found(v, device, r, &missing))
		return;
	if (covered(v, device)) {
		v->delisted++;
		certification_withdraw(s, product, &missing);
	}
	lock_out(s, v, product, &missing);
}

static void on_sample(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct surveillance *v = ctx;
	struct rng r = sim_rng(s, PURPOSE_SAMPLE, rng_mix(v->element->key + v->number++));

	(void)subject, (void)detail;
	if (v->number > 1)
		for (uint64_t k = 0; k < v->p->sample && v->ps->dev->n; k++)
			test(s, v, rng_below(&r, v->ps->dev->n), &r);
	if (v->p->rate > 0)
		sim_after(s, sim_from_seconds(fmin(rng_exponential(&r, 1 / v->p->rate), 9e9)), v->kind, 0, 0);
}

void surveillance_setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &surveillance_model);
	struct surveillance *v = n ? sim_alloc(s, 1, sizeof *v) : NULL;

	if (!v)
		return;
	v->p = n->par;
	v->element = n;
	v->ps = products_of(s);
	v->locked_out = sim_alloc(s, v->ps->n, sizeof *v->locked_out);
	v->locked_device = sim_alloc(s, v->ps->dev->n + 1u, sizeof *v->locked_device);
	if (!v->locked_out || !v->locked_device)
		return;
	device_watch(s, on_change, v);
	v->kind = sim_handler(s, "surveillance.sample", on_sample, v);
	sim_set_state(s, &surveillance_model, v);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct surveillance *v = sim_state(s, &surveillance_model);

	(void)sc;
	if (v)
		sim_at(s, 0, v->kind, 0, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	static const char account[] = "devices drawn by surveillance";
	const struct surveillance *v = sim_state(s, &surveillance_model);

	(void)sc;
	if (!v)
		return;
	report_kpi(s->report, &kpis[KPI_TESTED], "all", (double)(v->drawn - v->put_back));
	report_kpi(s->report, &kpis[KPI_FOUND], "all", (double)v->found);
	report_kpi(s->report, &kpis[KPI_DELISTED], "all", (double)v->delisted);
	report_kpi(s->report, &kpis[KPI_LOCKED], "all", (double)v->locked);
	report_audit(s->report, account, "1", AUDIT_IN, "drawn", (double)v->drawn);
	report_audit(s->report, account, "1", AUDIT_OUT, "put back", (double)v->put_back);
	report_audit(s->report, account, "1", AUDIT_OUT, "tested: complies", (double)v->passed);
	report_audit(s->report, account, "1", AUDIT_OUT, "tested: does not comply, not noticed", (double)v->overlooked);
	report_audit(s->report, account, "1", AUDIT_OUT, "tested: found not to comply", (double)v->found);
}

const struct model surveillance_model = {
	.name = "surveillance",
	.doc = "Devices in the field are sampled and tested, and products that fail lose their certificate.",
	.places = TABLE(places),
	.par_size = sizeof(struct surveillance_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.start = start,
	.finish = finish,
};
