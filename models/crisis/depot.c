/*
 * <depot>: where crews start and go back to, and the spares that they take along.
 *
 * Supplies come one by one and evenly from the first onset on, so that a stock is a function of time and needs no events.
 */
#include "models/crisis/response_private.h"
#include "models/crisis/hazard_course.h"

struct depot_params {
	struct position at;
	uint64_t spares;
	double resupply;
};

static const struct place places[] = { { "response", 0, 0 } };

#define S struct depot_params
static const struct param params[] = {
	POSITION(S, at, "", "where it stands; absent: at the centre of the city"),
	COUNT(S, spares, "", "0", "1000000000",
	      "in stock at the start: a thing that is destroyed takes one; absent: there are always enough", NULL),
	RATE(S, resupply, "0/d", "0/d", "1000/s", "of spares that come, evenly, from the first onset on", NULL),
};
#undef S

static struct point centre(const struct city *c)
{
	struct point low, high, middle;

	city_bounds(c, &low, &high);
	middle = (struct point){ (low.x + high.x) / 2, (low.y + high.y) / 2 };
	return city_contains(c, middle) ? middle : city_inside(c);
}

bool depots_setup(struct sim *s, struct response *r)
{
	const struct city *city = city_of(r->scenario);
	const struct node *n = node_child(r->node, &depot_model);

	r->depot = sim_alloc(s, scenario_count(r->scenario, &depot_model) + 1, sizeof *r->depot);
	if (!r->depot)
		return false;
	if (!n)
		r->depot[r->n_depots++] = (struct depot){ .at = centre(city),
							  .spares = r->p->spares,
							  .endless = !node_given(r->node, "spares"),
							  .resupply = r->p->resupply };
	for (; n; n = node_next(n)) {
		const struct depot_params *p = n->par;
		r->depot[r->n_depots++] = (struct depot){ .element = n,
							  .at = p->at.given ? city_locate(city, p->at) : centre(city),
							  .spares = p->spares,
							  .endless = !node_given(n, "spares"),
							  .resupply = p->resupply };
	}
	return true;
}

uint32_t depot_number(const struct response *r, const struct node *depot)
{
	for (uint32_t i = 0; depot && i < r->n_depots; i++)
		if (r->depot[i].element == depot)
			return i;
	return 0;
}

bool depot_has_spare(const struct sim *s, const struct response *r, uint32_t depot)
{
	const struct depot *d = &r->depot[depot];
	double come = s->now > r->onset ? floor(sim_seconds(s->now - r->onset) * d->resupply * (1 + 1e-12)) : 0;

	return d->endless || (double)d->taken < (double)d->spares + come;
}

simtime_t depot_next_spare(const struct sim *s, const struct response *r, uint32_t depot)
{
	const struct depot *d = &r->depot[depot];
	double wanted = (double)(d->taken - d->spares) + 1, after = wanted / d->resupply;

	if (depot_has_spare(s, r, depot))
		return s->now;
	if (!(after < sim_seconds(s->end - r->onset)))
		return SIM_NEVER;
	return r->onset + (simtime_t)ceil(after * 1e9);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct depot_params *p = n->par;

	if (!node_given(n, "spares") && p->resupply > 0)
		node_error(n, d, "resupply", "is of no use where spares are never short (say spares=\"0\" or more)");
	course_check_position(sc, n, d, "at", p->at);
}

static const struct evidence evidence[] = {
	{ "spares and their resupply", "worked out by hand", "equal, tests/unit/crisis/test_response.c" },
	{ "way to places over a square by way of a depot", "closed form",
	  "99 % interval of the mean, tests/validation/valid_response.c" },
};

const struct model depot_model = {
	.name = "depot",
	.doc = "Where crews start from and go back to at the end of their shift, and what they take along.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct depot_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};
