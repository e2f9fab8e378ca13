/*
 * <product>, <vendors>: the product models that a class's devices are of.
 */
#include "models/security/product.h"

#include <stdlib.h>
#include <string.h>

#include "models/city/city.h"
#include "models/security/certification_private.h"
#include "models/security/practice_private.h"

static const uint32_t PURPOSE_PRODUCT = RNG_PURPOSE('p', 'r', 'o', 'd');
static const uint32_t PURPOSE_VECTOR = RNG_PURPOSE('p', 'r', 'v', 'c');
static const uint32_t PURPOSE_ENTRY = RNG_PURPOSE('p', 'r', 'e', 'n');

struct product_params {
	struct goods_params goods;
	const char *vendor;
};

enum vendors_law { LAW_ZIPF, LAW_EQUAL };
struct vendors_params {
	struct goods_params goods;
	uint64_t count, models;
	int law;
	double exponent;
	simtime_t over;
};

static const struct place places[] = { { "device-class", 0, 0 } };

static const struct param product_params[] = {
	GOODS_ROWS,
	TEXT(struct product_params, vendor, "", "who makes it; absent: a vendor of this product alone", NULL),
};

static const char *const laws[] = { "zipf", "equal", NULL };
static const struct param vendors_params[] = {
	GOODS_ROWS,
	COUNT(struct vendors_params, count, NULL, "1", "60000", "vendors", NULL),
	COUNT(struct vendors_params, models, "1", "1", "1000", "product models of each", NULL),
	CHOICE(struct vendors_params, law, "zipf", laws, "how the vendors share the market", NULL),
	NUMBER(struct vendors_params, exponent, "1", "0", "5", "of Zipf's law: the k-th vendor has 1/k^exponent of the first one's",
	       "[M] Kumar et al., USENIX Security 2019: 94 % of home devices come from 100 of 14,000 vendors"),
	TIME(struct vendors_params, over, "0s", "0s", "200yr",
	     "products enter the market uniformly over so long from `enters` on", NULL),
};

static const struct evidence evidence[] = {
	{ "disclosure policies", "share of vendors with one, 2018-2022, under one law of adoption",
	  "3 percentage points, tests/validation/valid_baseline.c" },
};

/* ---- loading ---- */

static void parse_provisions(const struct node *n, struct diag *d, const char *attribute, const char *text, struct provision_set *p)
{
	const char *bad;
	size_t len;

	if (text && !provisions_parse(text, p, &bad, &len))
		node_error(n, d, attribute,
			   "has \"%.*s\", which is no provision (try 5.1-1; `sccsim models provisions` lists them)",
			   (int)len, bad);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct goods_params *p = n->par;
	struct goods_data *data = calloc(1, sizeof *data);
	const char *bad;
	size_t len;

	(void)sc;
	if (!data) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	n->data = data;
	if (!features_parse(p->features, &data->features, &bad, &len))
		node_error(n, d, "features", "has \"%.*s\", which is no feature (`sccsim models features` lists them)",
			   (int)len, bad);
	data->features = features_complete(data->features);
	parse_provisions(n, d, "meets", p->meets, &data->meets);
	parse_provisions(n, d, "lacks", p->lacks, &data->lacks);
	if (provision_count_common(&data->meets, &data->lacks))
		node_error(n, d, "lacks", "names a provision that `meets` names too");
}

static void unload(struct node *n)
{
	free(n->data);
	n->data = NULL;
}

/* A child that stands for goods. */
static bool is_goods(const struct node *n)
{
	return n->model == &product_model || n->model == &vendors_model;
}

/* The share of every child, in order: what is not given takes an equal part of the rest. */
static double rest_share(const struct node *class_node, unsigned *without, double *given)
{
	*without = 0;
	*given = 0;
	for (const struct node *c = class_node->child; c; c = c->next) {
		const struct goods_params *p = c->par;
		if (!is_goods(c))
			continue;
		if (isnan(p->share))
			++*without;
		else
			*given += p->share;
	}
	return *without ? fmax(0, 1 - *given) / *without : 0;
}

static void check_class(const struct node *class_node, struct diag *d)
{
	const struct node *last = NULL;
	unsigned without;
	double given;

	for (const struct node *c = class_node->child; c; c = c->next)
		if (is_goods(c))
			last = c;
	if (!last)
		return;
	rest_share(class_node, &without, &given);
	if (given > 1 + 1e-6 || (!without && given < 1 - 1e-6))
		node_error(last, d, "share", "makes the shares of this class's products add up to %.4g %%, not 100 %%",
			   100 * given);
	else if (without && given > 1 - 1e-9)
		node_warning(last, d, "share", "leaves nothing for the products without a share");
}

static void check_label(const struct scenario *sc, const struct node *n, struct diag *d)
{
	const struct goods_params *p = n->par;
	const struct security_params *security = security_of(n->parent);
	const struct baseline *b = baseline_named(sc, security->baseline);

	if (!p->certificate)
		return;
	if (!laboratory_knows_label(sc, p->certificate))
		node_error(n, d, "certificate",
			   "is no label (FI, DE, KR or one that a <recognition> of a laboratory names)");
	else if (security->conformance == CONFORMANCE_NONE || (b && !b->label))
		node_warning(n, d, "certificate", "is looked at by nobody: %s",
			     security->conformance == CONFORMANCE_NONE
				     ? "the class's products need no certificate"
				     : "no foreign label stands for the class's baseline");
}

/* Once, whichever of the two there are. */
static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &product_model); n; n = n->next_same)
		check_label(sc, n, d);
	for (const struct node *n = scenario_first(sc, &vendors_model); n; n = n->next_same) {
		check_label(sc, n, d);
		if (node_given(n, "exponent") && ((const struct vendors_params *)n->par)->law != LAW_ZIPF)
			node_error(n, d, "exponent", "is read with law=\"zipf\" only");
	}
	for (const struct node *c = scenario_first(sc, &device_class_model); c; c = c->next_same)
		check_class(c, d);
}

static void check_vendors(const struct scenario *sc, struct diag *d)
{
	if (!scenario_first(sc, &product_model))
		check(sc, d);
}

/* ---- set-up ---- */

/* A class without goods of its own and with <security>: one product, of a vendor of its name. */
static const struct goods_params default_goods = { .share = 1, .support = SIM_NEVER, .features = GOODS_FEATURES, .practice = -1 };

static uint32_t count_of(const struct node *goods)
{
	const struct vendors_params *v = goods->par;

	return goods->model == &vendors_model ? (uint32_t)(v->count * v->models) : 1;
}

static uint32_t count_class(const struct node *class_node)
{
	uint32_t n = 0;

	for (const struct node *c = class_node->child; c; c = c->next)
		n += is_goods(c) ? count_of(c) : 0;
	return n == 0 && node_child(class_node, &security_model) ? 1 : n;
}

/* Its chances: the practice of its vendor, but for <practice> elements. */
static void fill_chances(const struct scenario *sc, const struct product *p, double chance[PROVISIONS])
{
	int practice = p->goods->practice < 0 ? p->security->practice : p->goods->practice, year = practice_year(sc);

	for (unsigned i = 0; i < PROVISIONS; i++)
		chance[i] = practice_chance((enum practice)practice, (enum adoption)p->security->adoption, year, i);
	for (const struct node *c = node_child(p->element, &practice_model); c; c = node_next(c)) {
		const struct practice_params *q = c->par;
		chance[provision_named(q->provision)] = q->share;
	}
}

static void draw_vector(struct sim *s, struct product *p, const double chance[PROVISIONS], const struct goods_data *fixed)
{
	struct provision_set has = { 0 };
	int policy = provision_named("5.2-1");

	for (unsigned i = 0; i < PROVISIONS; i++) {
		uint64_t w[2];
		rng_block(s->key, PURPOSE_VECTOR, (int)i == policy ? p->vendor_key : p->key, i, w);
		if (rng_unit(w[0]) < chance[i])
			provision_add(&has, i);
	}
	for (unsigned k = 0; fixed && k < PROVISIONS_MOST / 64; k++)
		has.w[k] = (has.w[k] | fixed->meets.w[k]) & ~fixed->lacks.w[k];
	baseline_apply(p->baseline, p->features, &p->must, &p->may);
	version_add(s, p, &has);
}

static struct product new_product(const struct device_class *c, const struct node *element)
{
	bool goods = is_goods(element);

	return (struct product){ .element = element,
				 .goods = goods ? element->par : &default_goods,
				 .security = security_of(c->node),
				 .id = element->id,
				 .vendor = element->id,
				 .key = goods ? element->key : rng_mix(element->key),
				 .class_index = c->index,
				 .first_waiting = UINT32_MAX,
				 .last_waiting = UINT32_MAX };
}

/* Names, keys and entries of the products of one element. */
static void name_product(struct sim *s, struct product *p, uint32_t k)
{
	const struct vendors_params *v = p->element->par;
	const struct product_params *one = p->element->par;
	uint64_t w[2];

	p->enters = p->goods->enters;
	if (p->element->model == &vendors_model) {
		const char *name = p->element->id ? p->element->id : "vendor";
		uint32_t vendor = k / (uint32_t)v->models;
		p->vendor = arena_printf(s->arena, "%s-%u", name, vendor + 1);
		p->id = v->models == 1 ? p->vendor
				       : arena_printf(s->arena, "%s-%u-%u", name, vendor + 1, k % (uint32_t)v->models + 1);
		p->vendor_key = rng_mix(p->element->key ^ rng_mix(vendor + 1));
		p->key = rng_mix(p->element->key ^ rng_mix(UINT64_C(0x70726f64) + k));
		rng_block(s->key, PURPOSE_ENTRY, p->key, 0, w);
		p->enters += (simtime_t)(rng_unit(w[0]) * (double)v->over);
		return;
	}
	if (p->element->model == &product_model && one->vendor)
		p->vendor = one->vendor;
	p->vendor_key = rng_hash(p->vendor);
}

/* Relative share of the k-th product of an element. */
static double weight_of(const struct node *element, uint32_t k)
{
	const struct vendors_params *v = element->par;
	uint32_t rank;

	if (element->model != &vendors_model || v->law == LAW_EQUAL)
		return 1;
	rank = k / (uint32_t)v->models + 1;
	return pow(rank, -v->exponent);
}

static bool add_element(struct sim *s, const struct scenario *sc, struct products *ps, const struct device_class *c,
			const struct node *element, double share, double *weight)
{
	uint32_t n = is_goods(element) ? count_of(element) : 1, begin = ps->n;
	const struct goods_data *fixed = is_goods(element) ? element->data : NULL;
	double chance[PROVISIONS], sum = 0;

	for (uint32_t k = 0; k < n; k++) {
		struct product *p = &ps->all[ps->n++];
		*p = new_product(c, element);
		name_product(s, p, k);
		p->baseline = baseline_named(sc, p->security->baseline);
		if (k == 0)
			fill_chances(sc, p, chance);
		if (fixed)
			p->features = fixed->features;
		else
			features_parse(default_goods.features, &p->features, &(const char *){ NULL }, &(size_t){ 0 });
		draw_vector(s, p, chance, fixed);
		sum += weight[begin + k] = weight_of(element, k);
	}
	for (uint32_t k = 0; k < n; k++)
		weight[begin + k] *= share / sum;
	return s->status == SIM_OK;
}

static bool add_class(struct sim *s, const struct scenario *sc, struct products *ps, const struct device_class *c, double *weight)
{
	unsigned without;
	double given, rest = rest_share(c->node, &without, &given);
	uint32_t begin = ps->n;

	ps->of_class[c->index].first = begin;
	for (const struct node *e = c->node->child; e; e = e->next)
		if (is_goods(e)) {
			const struct goods_params *g = e->par;
			if (!add_element(s, sc, ps, c, e, isnan(g->share) ? rest : g->share, weight))
				return false;
		}
	if (ps->n == begin && node_child(c->node, &security_model) && !add_element(s, sc, ps, c, c->node, 1, weight))
		return false;
	ps->of_class[c->index].n = ps->n - begin;
	return true;
}

/* Each device by its own draw among the shares, which are added up. */
static void draw_devices(const struct sim *s, struct products *ps, const struct device_class *c, double *weight)
{
	uint32_t first = ps->of_class[c->index].first, n = ps->of_class[c->index].n;

	for (uint32_t k = 1; k < n; k++)
		weight[first + k] += weight[first + k - 1];
	for (uint32_t i = c->first; i < c->first + c->count; i++) {
		uint32_t low = 0, high = n ? n - 1 : 0;
		uint64_t w[2];
		double u;
		if (n == 0) {
			ps->of_device[i] = NO_PRODUCT;
			continue;
		}
		rng_block(s->key, PURPOSE_PRODUCT, device_key(ps->dev, i), 0, w);
		u = rng_unit(w[0]) * weight[first + n - 1];
		while (low < high) {
			uint32_t middle = (low + high) / 2;
			if (u < weight[first + middle])
				high = middle;
			else
				low = middle + 1;
		}
		ps->of_device[i] = first + low;
	}
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct devices *dev = devices_of(s);
	struct products *ps;
	uint32_t total = 0;
	double *weight;

	for (uint32_t k = 0; dev && k < dev->n_classes; k++)
		total += count_class(dev->classes[k].node);
	ps = total ? sim_alloc(s, 1, sizeof *ps) : NULL;
	if (!ps)
		return;
	ps->dev = dev;
	ps->all = sim_alloc(s, total, sizeof *ps->all);
	ps->of_class = sim_alloc(s, dev->n_classes, sizeof *ps->of_class);
	ps->of_device = sim_alloc(s, dev->n + 1u, sizeof *ps->of_device);
	weight = sim_alloc(s, total, sizeof *weight);
	if (!ps->all || !ps->of_class || !ps->of_device || !weight || !version_setup(s, ps))
		return;
	for (uint32_t k = 0; k < dev->n_classes; k++) {
		if (!add_class(s, sc, ps, &dev->classes[k], weight))
			return;
		draw_devices(s, ps, &dev->classes[k], weight);
	}
	sim_set_state(s, &product_model, ps);
}

/* ---- what others ask ---- */

struct products *products_of(const struct sim *s)
{
	return sim_state(s, &product_model);
}

static const struct product *get(const struct sim *s, uint32_t product)
{
	const struct products *ps = products_of(s);

	BUG_ON(s, !ps || product >= ps->n);
	return &ps->all[product];
}

uint32_t product_of(const struct sim *s, uint32_t device)
{
	const struct products *ps = products_of(s);

	return ps ? ps->of_device[device] : NO_PRODUCT;
}

uint32_t products_n(const struct sim *s)
{
	const struct products *ps = products_of(s);

	return ps ? ps->n : 0;
}

bool product_meets(const struct sim *s, uint32_t product, int provision)
{
	return provision >= 0 && provision_in(&get(s, product)->has, (unsigned)provision);
}

bool product_compliant(const struct sim *s, uint32_t product)
{
	return get(s, product)->compliant;
}

bool product_has(const struct sim *s, uint32_t product, enum product_feature feature)
{
	return get(s, product)->features >> feature & 1;
}

const char *product_vendor(const struct sim *s, uint32_t product)
{
	return get(s, product)->vendor;
}

const char *product_id(const struct sim *s, uint32_t product)
{
	return get(s, product)->id;
}

uint32_t product_class(const struct sim *s, uint32_t product)
{
	return get(s, product)->class_index;
}

simtime_t product_support(const struct sim *s, uint32_t product)
{
	return get(s, product)->goods->support;
}

const struct model product_model = {
	.name = "product",
	.doc = "A product model: some of the class's devices are of it, and meet of the baseline what it meets.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct product_params),
	.params = TABLE(product_params),
	.evidence = TABLE(evidence),
	.load = load,
	.unload = unload,
	.check = check,
	.setup = setup,
};

const struct model vendors_model = {
	.name = "vendors",
	.doc = "Product models of many vendors, drawn from their practice anew in every replication.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct vendors_params),
	.params = TABLE(vendors_params),
	.load = load,
	.unload = unload,
	.check = check_vendors,
};
