/*
 * <firmware>: how devices of a class get new firmware over the air; wares, and the versions that come out.
 *
 *   state        leaves by                                         to
 *   NONE         a release                                         DUE
 *   DUE          its stage begins: at work, or not, or multicast   QUEUED, AWAY, MULTICAST
 *   AWAY         it is at work again                               QUEUED
 *   QUEUED       a place at the server                             SENDING
 *   SENDING      the last piece; it goes down; tries used up       INSTALLING; AWAY; NONE (gave up)
 *   MULTICAST    enough fragments, or not                          INSTALLING, QUEUED
 *   INSTALLING   installed; failed; it goes down                   NONE; QUEUED or NONE (failed, bricked); AWAY
 *   any          a newer version: DUE; out of service: NONE
 */
#include <string.h>

#include "models/security/firmware_private.h"
#include "models/security/product.h"

static const struct place places[] = { { "device-class", 0, 1 } };
static const char *const vias[] = { "unicast", "multicast", NULL };

#define S struct firmware_params
static const struct param params[] = {
	BYTES(S, size, "256KiB", "1B", "1GiB", "of an image", "[M] unverified default: an image of a constrained device"),
	BYTES(S, fragment, "", "1B", "64KiB", "most bytes of a piece; absent: what the device's network carries; needed by multicast", NULL),
	CHOICE(S, via, "unicast", vias,
	       "unicast: piece by piece to each device; multicast: fragments to all of a stage at once, and what a device misses by unicast", NULL),
	RATIO(S, redundancy, "10%", "0%", "1000%", "of multicast: coded fragments sent beyond those needed, any of which makes up for a lost one",
	      "[M] LoRaWAN TS004: fragmentation with forward error correction"),
	LIST(S, stages, DIM_RATIO, "1%; 10%; 100%", "0%", "100%", "shares of the devices that have had their turn, stage by stage",
	     "[M] unverified default"),
	TIME(S, stage_wait, "2d", "0s", "10yr", "from the beginning of a stage to the next", "[M] unverified default"),
	RATIO(S, halt_on_failure, "5%", "0%", "100%", "a stage does not begin where more of the installations so far have failed", NULL),
	COUNT(S, max_concurrent, "", "1", "4000000000", "devices that are sent an image at the same time; absent: not limited", NULL),
	COUNT(S, attempts, "10", "1", "200", "tries for a piece in a row before the update is given up", NULL),
	TIME(S, retry_after, "1min", "0s", "30d", "from a lost piece to the next try, doubled each time up to a day", NULL),
	TIME(S, install_time, "30s", "0s", "1d", "to check and install an image, at the draw of the processor", "[M] unverified default"),
	RATIO(S, failure, "0.1%", "0%", "100%", "chance that an installation fails", "[M] unverified default"),
	RATIO(S, bricks, "0%", "0%", "100%", "share of these after which the device is of no use any more; the others go back and try once more",
	      NULL),
	RATIO(S, defective, "0%", "0%", "100%", "chance that a version is defective", NULL),
	RATIO(S, defective_failure, "30%", "0%", "100%", "chance that the installation of a defective version fails", NULL),
	TIME(S, correction, "14d", "0s", "10yr", "after a halt until a corrected version comes out", "[M] unverified default"),
	TIME(S, at, "", "0s", "100yr", "a planned version comes out then, besides those that mend vulnerabilities", NULL),
	TIME(S, every, "", "1min", "100yr", "and again after each such time", NULL),
};
#undef S

static const struct section sections[] = {
	{ SECTION_AUDIT, "Updates", "updates", "What became of the updates that were due to devices." },
	{ SECTION_AUDIT, "Pieces of firmware", "firmware pieces", "What the networks made of the pieces that were sent." },
};

static const struct evidence evidence[] = {
	{ "roll-out over an ideal link", "pieces x time of one + installation, in closed form", "exact, tests/unit/security/test_firmware.c" },
	{ "multicast reception", "binomial law of fragments received", "99 % interval, tests/unit/security/test_firmware.c" },
};

/* ---- while loading ---- */

static void check_stages(const struct node *n, struct diag *d)
{
	const struct firmware_params *p = n->par;

	for (size_t i = 1; i < p->stages.n; i++)
		if (!(p->stages.v[i].real > p->stages.v[i - 1].real))
			node_error(n, d, "stages", "must grow from one to the next (try 1%%; 10%%; 100%%)");
	if (p->stages.n && p->stages.v[p->stages.n - 1].real < 1)
		node_warning(n, d, "stages", "ends before 100 %%: %.3g %% of the devices are never updated",
			     100 * (1 - p->stages.v[p->stages.n - 1].real));
}

/* LoRaWAN class A: a piece follows an uplink, and the smallest data rates carry 51 bytes. */
static void warn_lorawan(const struct node *n, struct diag *d)
{
	const struct firmware_params *p = n->par;
	const struct node *uses = node_child(n->parent, &uses_model);
	uint64_t most = p->fragment && p->fragment < 222 ? p->fragment : 222;
	uint64_t least = p->fragment && p->fragment < 51 ? p->fragment : 51;

	if (!uses || p->via == VIA_MULTICAST ||
	    strcmp(((const struct uses_params *)uses->par)->network->model->name, "lorawan") != 0)
		return;
	node_warning(n, d, "via",
		     "an image of %llu B is %llu to %llu LoRaWAN frames to each device, each after an uplink of its own",
		     (unsigned long long)p->size, (unsigned long long)((p->size + most - 1) / most),
		     (unsigned long long)((p->size + least - 1) / least));
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct firmware_params *p = n->par;

	(void)sc;
	if (n->flawed)
		return;
	check_stages(n, d);
	if (node_given(n, "every") && p->at == SIM_NEVER)
		node_error(n, d, "every", "is read with `at` only (say when the first planned version comes out)");
	if (p->via == VIA_MULTICAST && p->fragment == 0)
		node_error(n, d, "fragment", "is needed by multicast (try 200B)");
	if (p->via == VIA_UNICAST && node_given(n, "redundancy"))
		node_error(n, d, "redundancy", "is of multicast only");
	if (p->defective <= 0 && node_given(n, "defective-failure"))
		node_error(n, d, "defective-failure", "is read where versions may be defective only");
	if (!device_is_template(n->parent) && !network_has(n->parent))
		node_error(n, d, NULL, "the class uses no network over which firmware could come (give it a <uses>)");
	warn_lorawan(n, d);
}

/* ---- wares ---- */

struct firmwares *firmwares_of(const struct sim *s)
{
	return sim_state(s, &firmware_model);
}

static struct firmwares *needed(const struct sim *s)
{
	struct firmwares *f = firmwares_of(s);

	BUG_ON(s, !f);
	return f;
}

static void list_wares(struct sim *s, struct firmwares *f, uint32_t products)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->dev->n; i++) {
		uint32_t product = product_of(s, i);
		f->of_device[i] = product != NO_PRODUCT ? product : products + f->dev->class_of[i];
		f->ware[f->of_device[i]].n++;
	}
	for (uint32_t k = 0; k < f->n_wares; k++) {
		struct ware *w = &f->ware[k];
		w->first = n;
		n += w->n;
		w->n = 0;
		w->product = k < products ? k : NO_PRODUCT;
		w->class_index = k < products ? product_class(s, k) : k - products;
		w->key = k < products ? rng_hash(product_id(s, k)) : f->dev->classes[w->class_index].node->key;
		w->fw = f->of_class[w->class_index];
	}
	for (uint32_t i = 0; i < f->dev->n; i++) {
		struct ware *w = &f->ware[f->of_device[i]];
		f->device[w->first + w->n++] = i;
	}
}

static bool list_classes(struct sim *s, struct firmwares *f)
{
	for (uint32_t c = 0; c < f->dev->n_classes; c++) {
		const struct node *n = node_child(f->dev->classes[c].node, &firmware_model);
		struct firmware_class *fw = n ? sim_alloc(s, 1, sizeof *fw) : NULL;
		if (n && !fw)
			return false;
		if (fw)
			*fw = (struct firmware_class){ .p = n->par, .class_index = c, .head = NOBODY, .tail = NOBODY };
		f->of_class[c] = fw;
	}
	return true;
}

bool firmware_needed(struct sim *s, const struct scenario *sc)
{
	struct devices *dev = devices_of(s);
	uint32_t products = products_n(s);
	struct firmwares *f = firmwares_of(s);

	(void)sc;
	if (f)
		return true;
	f = sim_alloc(s, 1, sizeof *f);
	if (!f)
		return false;
	f->dev = dev;
	f->n_wares = products + dev->n_classes;
	f->ware = sim_alloc(s, f->n_wares + 1u, sizeof *f->ware);
	f->device = sim_alloc(s, dev->n + 1u, sizeof *f->device);
	f->of_device = sim_alloc(s, dev->n + 1u, sizeof *f->of_device);
	f->update = sim_alloc(s, dev->n + 1u, sizeof *f->update);
	f->of_class = sim_alloc(s, dev->n_classes + 1u, sizeof(struct firmware_class *));
	if (s->status != SIM_OK || !list_classes(s, f))
		return false;
	list_wares(s, f, products);
	stage_setup(s, f);
	send_setup(s, f);
	sim_set_state(s, &firmware_model, f);
	return s->status == SIM_OK;
}

uint32_t wares_n(const struct sim *s)
{
	return needed(s)->n_wares;
}

uint32_t ware_of(const struct sim *s, uint32_t device)
{
	return needed(s)->of_device[device];
}

uint32_t ware_product(const struct sim *s, uint32_t ware)
{
	return needed(s)->ware[ware].product;
}

uint32_t ware_class(const struct sim *s, uint32_t ware)
{
	return needed(s)->ware[ware].class_index;
}

uint64_t ware_key(const struct sim *s, uint32_t ware)
{
	return needed(s)->ware[ware].key;
}

const uint32_t *ware_devices(const struct sim *s, uint32_t ware, uint32_t *n)
{
	const struct firmwares *f = needed(s);

	*n = f->ware[ware].n;
	return f->device + f->ware[ware].first;
}

uint32_t firmware_version(const struct sim *s, uint32_t device)
{
	return needed(s)->update[device].version;
}

void firmware_watch(struct sim *s, firmware_change_fn *fn, void *ctx)
{
	struct firmwares *f = needed(s);
	struct firmware_listener *l = sim_alloc(s, 1, sizeof *l), **end;

	if (!l)
		return;
	*l = (struct firmware_listener){ fn, ctx, NULL };
	for (end = &f->listeners; *end; end = &(*end)->next)
		;
	*end = l;
}

void firmware_tell(struct sim *s, const struct firmwares *f, uint32_t device, bool in_field)
{
	if (in_field && f->ware[f->of_device[device]].product != NO_PRODUCT)
		product_updated(s, device, f->update[device].version);
	for (const struct firmware_listener *l = f->listeners; l; l = l->next)
		l->fn(s, l->ctx, device, in_field);
}

/* ---- releases ---- */

/* The update that a device waits for gives way to a newer one. */
static void make_due(struct sim *s, struct firmwares *f, struct ware *w, uint32_t device)
{
	struct update *u = &f->update[device];

	if (update_pending(u)) {
		send_stop(s, f, device);
		update_end(s, f, device, END_SUPERSEDED);
	}
	w->fw->due++;
	u->target = (uint16_t)w->latest;
	u->state = UPDATE_DUE;
	u->done = 0;
	u->tries = u->installs = 0;
}

uint32_t firmware_release(struct sim *s, uint32_t ware)
{
	struct firmwares *f = needed(s);
	struct ware *w = &f->ware[ware];
	struct release *r = sim_alloc(s, 1, sizeof *r);

	BUG_ON(s, w->latest == UINT16_MAX);
	w->latest++;
	if (w->product != NO_PRODUCT)
		product_carried(s, w->product, w->latest);
	if (!r)
		return w->latest;
	*r = (struct release){ .at = s->now, .before = w->release };
	w->release = r;
	for (uint32_t k = w->first; k < w->first + w->n; k++) {
		uint32_t device = f->device[k];
		if (f->dev->state[device] < DEVICE_DEPLOYED) {
			f->update[device].version = (uint16_t)w->latest;
			firmware_tell(s, f, device, false);
		} else if (f->dev->state[device] != DEVICE_EXHAUSTED && f->dev->state[device] != DEVICE_RETIRED) {
			r->due++;
			if (w->fw)
				make_due(s, f, w, device);
		}
	}
	r->to_reach = (uint32_t)ceil(0.9 * r->due);
	if (!w->fw) {
		f->unsupported += r->due;
		return w->latest;
	}
	w->fw->released++;
	stage_begin(s, f, w);
	return w->latest;
}

void firmware_carry(struct sim *s, uint32_t product)
{
	const struct firmwares *f = firmwares_of(s);
	const struct ware *w = f ? &f->ware[product] : NULL;
	bool any = false;

	for (uint32_t k = 0; w && w->fw && !any && k < w->n; k++)
		any = device_in_field(f->dev->state[f->device[w->first + k]]);
	if (any)
		firmware_release(s, product);
}

static void on_release(struct sim *s, void *ctx, uint32_t ware, uint16_t detail)
{
	const struct firmwares *f = ctx;
	const struct firmware_params *p = f->ware[ware].fw->p;

	(void)detail;
	if (p->every != SIM_NEVER)
		sim_after(s, p->every, f->kind_release, ware, 0);
	firmware_release(s, ware);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	if (scenario_count(sc, &firmware_model) && firmware_needed(s, sc))
		firmwares_of(s)->kind_release = sim_handler(s, "firmware.release", on_release, firmwares_of(s));
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct firmwares *f = firmwares_of(s);

	(void)sc;
	for (uint32_t k = 0; f && k < f->n_wares; k++)
		if (f->ware[k].fw && f->ware[k].n && f->ware[k].fw->p->at <= s->end)
			sim_at(s, f->ware[k].fw->p->at, f->kind_release, k, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct firmwares *f = firmwares_of(s);

	(void)sc;
	if (f)
		firmware_report(s, f);
}

const struct model firmware_model = {
	.name = "firmware",
	.doc = "How devices of a class get new firmware: over the air, in stages.",
	.places = TABLE(places),
	.par_size = sizeof(struct firmware_params),
	.params = TABLE(params),
	.kpis = firmware_kpis,
	.n_kpis = FIRMWARE_KPIS,
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
