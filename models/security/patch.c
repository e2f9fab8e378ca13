/*
 * <patching>: how long vendors take to mend what they know of.
 *
 * A patch is a version of the product's firmware: it comes out once it is made and, where the policy asks for that, the product is
 * certified again.  After its support a product gets none.
 */
#include "models/security/vulnerability_private.h"

static const struct place places[] = { { "security-policy", 0, 1 } };

#define S struct patching_params
static const struct param params[] = {
	TIME(S, delay, "60d", "0s", "10yr", "a vendor takes, on average, from knowing of a vulnerability to a patch, log-normal",
	     "[M] unverified default"),
	NUMBER(S, variation, "1", "0", "10", "standard deviation ÷ mean of that time", "[M] unverified default"),
};
#undef S

/* The table's defaults, for a policy with <vulnerabilities> and without <patching>. */
static const struct patching_params usual = { 60 * SIM_DAY, 1 };

static const struct patching_params *patching_of(const struct sim *s)
{
	const struct patching_params *p = sim_state(s, &patching_model);

	return p ? p : &usual;
}

/* By the ware and when the vulnerability was found, so that it hangs on nothing else. */
static simtime_t vendor_delay(const struct sim *s, uint64_t key, simtime_t found)
{
	const struct patching_params *p = patching_of(s);
	double sigma = sqrt(log1p(p->variation * p->variation)), mean = sim_seconds(p->delay);
	struct rng r = sim_rng(s, RNG_PURPOSE('p', 'a', 't', 'c'), key ^ rng_mix((uint64_t)found));

	return sim_from_seconds(fmin(mean * exp(sigma * rng_normal(&r) - sigma * sigma / 2), 3e9));
}

static void on_ready(struct sim *s, void *ctx, uint32_t number)
{
	struct vulnerabilities *v = ctx;
	uint32_t version = firmware_release(s, v->all[number].ware);

	vulnerability_mended(s, v, number, version);
	vulnerability_open(s, v, number); /* whoever has the patch can see what it mends */
}

static void on_patch(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct vulnerabilities *v = ctx;
	uint32_t product = ware_product(s, v->all[number].ware);

	(void)detail;
	if (product == NO_PRODUCT)
		on_ready(s, v, number);
	else
		certification_firmware(s, product, on_ready, v, number);
}

simtime_t patch_learn(struct sim *s, struct vulnerabilities *v, uint32_t number, simtime_t known)
{
	struct vulnerability *x = &v->all[number];
	uint32_t product = ware_product(s, x->ware);
	simtime_t out = known + vendor_delay(s, ware_key(s, x->ware), x->found);

	if (product != NO_PRODUCT && out > product_support(s, product)) {
		x->unsupported = true;
		return SIM_NEVER;
	}
	if (out <= s->end)
		sim_at(s, out, v->kind_patch, number, 0);
	return out;
}

void patch_setup(struct sim *s, struct vulnerabilities *v)
{
	v->kind_patch = sim_handler(s, "vulnerability.patch", on_patch, v);
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &patching_model); n; n = n->next_same)
		if (!node_child(n->parent, &vulnerabilities_model))
			node_error(n, d, NULL, "has nothing to mend (give the policy <vulnerabilities>, or leave it out)");
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &patching_model);

	if (n)
		sim_set_state(s, &patching_model, (void *)(uintptr_t)n->par);
}

const struct model patching_model = {
	.name = "patching",
	.doc = "How long vendors take to mend the vulnerabilities that they know of.",
	.places = TABLE(places),
	.par_size = sizeof(struct patching_params),
	.params = TABLE(params),
	.check = check,
	.setup = setup,
};
