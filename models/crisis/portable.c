/*
 * <portable-site>, <satellite-terminal>: what stands in for a broken site or link until it is mended.
 *
 * A unit is brought by a crew from its depot where the repair takes longer than setting it up and has not begun; the asset then works
 * (a portable site has power of its own).  Once it is mended the unit is free again, and the crew that mended takes it along.
 * Bringing comes before mending: it helps at once.
 */
#include "models/crisis/response_private.h"

struct fleet_params {
	uint64_t count;
	simtime_t set_up;
};

static const struct place places[] = { { "response", 0, 1 } };

#define S struct fleet_params
static const struct param site_params[] = {
	COUNT(S, count, "1", "1", "100000", "movable and deployable units (ITU-T L.392)", NULL),
	TIME(S, set_up, "4h", "0s", "30d", "work of a crew until one is on the air", NULL),
};
static const struct param terminal_params[] = {
	COUNT(S, count, "1", "1", "100000", "terminals that carry a site's traffic instead of its broken link", NULL),
	TIME(S, set_up, "2h", "0s", "30d", "work of a crew until one carries traffic", NULL),
};
#undef S

static void add(struct response *r, const struct node *n, unsigned kinds)
{
	const struct fleet_params *p = n->par;

	r->fleet[r->n_fleets++] = (struct fleet){
		.element = n, .kinds = kinds, .count = (uint32_t)p->count, .free = (uint32_t)p->count, .set_up = p->set_up
	};
}

void fleets_setup(struct response *r)
{
	const unsigned sites = 1u << ASSET_SITE | 1u << ASSET_GATEWAY;
	const struct node *site = node_child(r->node, &portable_site_model);
	const struct node *terminal = node_child(r->node, &satellite_terminal_model);

	if (site)
		add(r, site, sites);
	else if (r->p->portable_sites)
		r->fleet[r->n_fleets++] = (struct fleet){ .kinds = sites,
							  .count = (uint32_t)r->p->portable_sites,
							  .free = (uint32_t)r->p->portable_sites,
							  .set_up = 4 * SIM_HOUR };
	if (terminal)
		add(r, terminal, 1u << ASSET_BACKHAUL);
}

/* Whether a unit of that fleet would help with this order. */
static bool helps(const struct sim *s, const struct response *r, uint32_t fleet, const struct job *j)
{
	const struct fleet *f = &r->fleet[fleet];
	uint32_t n;
	const struct asset *a = assets_of(s, &n);

	return j->fn && j->state == JOB_OPEN && !j->bringing && !j->stands_in && j->order.asset != ASSET_NONE &&
	       (f->kinds >> a[j->order.asset].kind & 1) && j->order.work > sim_seconds(f->set_up);
}

static void bring(struct sim *s, struct response *r, uint32_t fleet, uint32_t target)
{
	struct fleet *f = &r->fleet[fleet];
	uint32_t number;
	struct job *b = job_new(s, r, &number), *j = &r->job[target];

	if (!b)
		return;
	f->free--;
	j->bringing = true;
	b->order = j->order;
	b->order.work = sim_seconds(f->set_up);
	b->order.spare = false;
	b->people = j->people;
	b->unit = fleet;
	b->target = target;
	job_open(s, r, number);
}

void fleet_ask(struct sim *s, struct response *r, uint32_t job)
{
	for (uint32_t f = 0; f < r->n_fleets; f++)
		if (r->fleet[f].free && helps(s, r, f, &r->job[job])) {
			bring(s, r, f, job);
			return;
		}
}

bool fleet_wanted(const struct response *r, const struct job *bringing)
{
	return r->job[bringing->target].state == JOB_OPEN;
}

void fleet_return(struct sim *s, struct response *r, uint32_t fleet)
{
	uint32_t best = NOBODY;

	r->fleet[fleet].free++;
	for (uint32_t i = 0; i < r->n_jobs; i++)
		if (helps(s, r, fleet, &r->job[i]) && (best == NOBODY || job_before(r, i, best)))
			best = i;
	if (best != NOBODY)
		bring(s, r, fleet, best);
}

void fleet_arrive(struct sim *s, struct response *r, uint32_t bringing)
{
	uint32_t fleet = r->job[bringing].unit;
	struct job *j = &r->job[r->job[bringing].target];

	j->bringing = false;
	if (j->state == JOB_DONE) {
		fleet_return(s, r, fleet);
		return;
	}
	j->stands_in = true;
	j->unit = fleet;
	r->fleet[fleet].used++;
	asset_cover(s, j->order.asset, true);
}

void fleet_mended(struct sim *s, struct response *r, uint32_t job)
{
	struct job *j = &r->job[job];

	if (!j->stands_in)
		return;
	j->stands_in = false;
	asset_cover(s, j->order.asset, false);
	fleet_return(s, r, j->unit);
}

static const struct evidence evidence[] = {
	{ "time without the site or link that is stood in for", "worked out by hand", "equal, tests/unit/crisis/test_response.c" },
};

const struct model portable_site_model = {
	.name = "portable-site",
	.doc = "Movable sites that stand in for broken ones until these are mended.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct fleet_params),
	.params = TABLE(site_params),
	.evidence = TABLE(evidence),
};

const struct model satellite_terminal_model = {
	.name = "satellite-terminal",
	.doc = "Satellite terminals that stand in for broken links behind gateways and sites until these are mended.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct fleet_params),
	.params = TABLE(terminal_params),
	.evidence = TABLE(evidence),
};
