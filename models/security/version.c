/*
 * Versions of products: what each meets, how it comes to devices, who has it.
 *
 * The newest version is what the factory makes.  A device has the one that was the newest when it was deployed, until firmware
 * that came out later brings it what was the newest then.  Devices are counted by version, so that a change costs the same however
 * many there are.
 */
#include <string.h>

#include "models/security/gate_private.h"

static const struct product *product_get(const struct products *ps, uint32_t device)
{
	return &ps->all[ps->of_device[device]];
}

bool version_add(struct sim *s, struct product *p, const struct provision_set *has)
{
	uint32_t cap = p->versions_cap ? 2 * p->versions_cap : 1;

	if (p->n_versions && memcmp(&p->has, has, sizeof *has) == 0)
		return false;
	BUG_ON(s, p->n_versions > UINT16_MAX);
	if (p->n_versions == p->versions_cap) {
		struct version *more = sim_alloc(s, cap, sizeof *more);
		if (!more)
			return false;
		if (p->n_versions)
			memcpy(more, p->version, p->n_versions * sizeof *more);
		p->version = more;
		p->versions_cap = cap;
	}
	p->has = *has;
	p->compliant = provision_covers(has, &p->must);
	p->version[p->n_versions] =
		(struct version){ .has = *has, .compliant = p->compliant, .firmware = p->n_versions ? NOT_CARRIED : 0 };
	p->n_versions++;
	return true;
}

uint32_t version_number(const struct products *ps, uint32_t device)
{
	return ps->dev->state[device] < DEVICE_DEPLOYED ? product_get(ps, device)->n_versions - 1 : ps->version_of[device];
}

const struct version *version_of(const struct products *ps, uint32_t device)
{
	return &product_get(ps, device)->version[version_number(ps, device)];
}

/* ---- who has it ---- */

static void on_change(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to)
{
	struct products *ps = ctx;
	struct product *p;
	struct version *v;

	(void)s;
	if (ps->of_device[device] == NO_PRODUCT || device_in_field(from) == device_in_field(to))
		return;
	p = &ps->all[ps->of_device[device]];
	if (from < DEVICE_DEPLOYED) {
		ps->version_of[device] = (uint16_t)(p->n_versions - 1);
		p->version[ps->version_of[device]].devices++;
	}
	v = &p->version[ps->version_of[device]];
	v->in_field = device_in_field(to) ? v->in_field + 1 : v->in_field - 1;
}

bool version_setup(struct sim *s, struct products *ps)
{
	ps->version_of = sim_alloc(s, ps->dev->n + 1u, sizeof *ps->version_of);
	if (!ps->version_of)
		return false;
	device_watch(s, on_change, ps);
	return true;
}

/* ---- over the air ---- */

void product_carried(struct sim *s, uint32_t product, uint32_t firmware)
{
	struct product *p = &products_of(s)->all[product];
	struct version *newest = &p->version[p->n_versions - 1];

	if (newest->firmware == NOT_CARRIED)
		newest->firmware = firmware;
}

void product_updated(struct sim *s, uint32_t device, uint32_t firmware)
{
	struct products *ps = products_of(s);
	struct product *p = &ps->all[ps->of_device[device]];
	uint32_t from = ps->version_of[device], to = p->n_versions - 1;
	bool in_field = device_in_field(ps->dev->state[device]);

	while (to > from && p->version[to].firmware > firmware)
		to--;
	if (to == from)
		return;
	p->version[from].devices--;
	p->version[to].devices++;
	p->version[from].in_field -= in_field;
	p->version[to].in_field += in_field;
	ps->version_of[device] = (uint16_t)to;
	gate_updated(s, device, p->version[from].compliant);
}

/* ---- what others ask ---- */

bool device_meets(const struct sim *s, uint32_t device, int provision)
{
	return provision >= 0 && product_of(s, device) != NO_PRODUCT &&
	       provision_in(&version_of(products_of(s), device)->has, (unsigned)provision);
}

bool device_compliant(const struct sim *s, uint32_t device)
{
	return product_of(s, device) == NO_PRODUCT || version_of(products_of(s), device)->compliant;
}

unsigned product_missed(const struct sim *s, uint32_t product, struct provision_set *missed)
{
	const struct product *p = &products_of(s)->all[product];

	*missed = (struct provision_set){ 0 };
	for (uint32_t i = 0; i < p->n_versions; i++)
		for (unsigned k = 0; (p->version[i].in_field || i + 1 == p->n_versions) && k < PROVISIONS_MOST / 64; k++)
			missed->w[k] |= p->must.w[k] & ~p->version[i].has.w[k];
	return provision_count(missed);
}
