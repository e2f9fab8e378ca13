/*
 * audience - phones at places of the city, for what a network sends to all of them at once.
 *
 * The sites whose signal a phone can receive are found once, nearest in loss first, as far as AUDIENCE_SITES of them; which of
 * these are on the air is asked each time.
 */
#include "models/network/cellular/cellular_private.h"

enum { AUDIENCE_SITES = 8 };

struct heard { const struct cell_site *site; double loss; };
struct phone { struct heard heard[AUDIENCE_SITES]; unsigned n; };
struct cellular_audience { uint32_t n; struct phone *phone; };

/* Path loss between a phone and sites of one height. */
struct height { double at; const struct radio_profile *profile; struct height *next; };

static const struct radio_profile *profile_for(struct sim *s, const struct cellular *c, struct height **first, double at,
					       double phone)
{
	struct height *h;

	for (h = *first; h; h = h->next)
		if (h->at == at)
			return h->profile;
	h = sim_alloc(s, 1, sizeof *h);
	if (!h)
		return NULL;
	*h = (struct height){ at, radio_profile_new(s, c->radio, at, phone, c->par->frequency), *first };
	*first = h;
	return h->profile;
}

/* Keep the best of them, in order of loss. */
static void hear(struct phone *p, const struct cell_site *site, double loss)
{
	unsigned k = p->n < AUDIENCE_SITES ? p->n++ : AUDIENCE_SITES;

	for (; k > 0 && p->heard[k - 1].loss > loss; k--)
		if (k < AUDIENCE_SITES)
			p->heard[k] = p->heard[k - 1];
	if (k < AUDIENCE_SITES)
		p->heard[k] = (struct heard){ site, loss };
}

/* What the walls and the surroundings of a phone take, whichever site it listens to. */
struct around { double common, entry; };

/* A site is let go as soon as it is plain that the phone would not keep it: there are many, and few are near. */
static void listen(const struct cellular *c, const struct radio_profile *p, uint32_t j, const struct radio_end *end,
		   const struct around *around, double bears, struct phone *phone)
{
	const struct cell_site *site = &c->sites[j];
	double loss = radio_profile_loss_db(c->radio, p, end, &site->at, around->common) + around->entry - site->at.gain_db;

	if (loss > bears || (phone->n == AUDIENCE_SITES && loss >= phone->heard[AUDIENCE_SITES - 1].loss))
		return;
	loss += cell_least_pattern_db(c, j, end->at);
	if (loss <= bears)
		hear(phone, site, loss);
}

static bool add_network(struct sim *s, const struct cellular *c, struct cellular_audience *a, const struct radio_end *phone,
			double bears)
{
	struct height *heights = NULL;
	struct around *around = sim_alloc(s, a->n, sizeof *around);

	if (!around)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		around[i] = (struct around){ radio_common(c->radio, &phone[i]),
					     radio_entry_loss_db(c->radio, &phone[i], c->par->frequency) };
	for (uint32_t j = 0; j < c->n_sites; j++) {
		const struct cell_site *site = &c->sites[j];
		const struct radio_profile *p = profile_for(s, c, &heights, site->at.height, phone[0].height);
		double range;
		if (!p)
			return false;
		range = radio_profile_range(c->radio, p, bears + site->at.gain_db);
		for (uint32_t i = 0; i < a->n; i++) {
			double dx = phone[i].at.x - site->at.at.x, dy = phone[i].at.y - site->at.at.y;
			if (dx * dx + dy * dy <= range * range)
				listen(c, p, j, &phone[i], &around[i], bears, &a->phone[i]);
		}
	}
	return true;
}

struct cellular_audience *cellular_audience_new(struct sim *s, const struct node *element, const struct radio_end *phone, uint32_t n,
						double bears_db)
{
	size_t networks;
	struct cellular *const *c = cell_networks(s, &networks);
	struct cellular_audience *a = sim_alloc(s, 1, sizeof *a);

	if (!a || !(a->phone = sim_alloc(s, n + 1u, sizeof *a->phone)))
		return NULL;
	a->n = n;
	for (size_t k = 0; n && k < networks; k++)
		if ((!element || c[k]->node == element) && !add_network(s, c[k], a, phone, bears_db))
			return NULL;
	return a;
}

bool cellular_covers(const struct cellular_audience *a, uint32_t phone)
{
	const struct phone *p = &a->phone[phone];

	for (unsigned k = 0; k < p->n; k++)
		if (cell_is_live(p->heard[k].site))
			return true;
	return false;
}
