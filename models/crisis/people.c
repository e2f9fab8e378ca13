/* The representative points of the population. */
#include "models/crisis/people.h"

#include <math.h>

static const uint32_t PURPOSE_PLACE = RNG_PURPOSE('p', 'p', 'l', 'c');
static const char state_key;

/* A district's points, or those of nobody's district (-1), for so many persons. */
static void place(struct sim *s, const struct city *c, int district, double persons, double per_point, struct person_point *point,
		  uint32_t *n)
{
	uint64_t key = rng_mix(district < 0 ? 0 : rng_hash(city_district(c, (size_t)district)->id));
	struct rng r = sim_rng(s, PURPOSE_PLACE, key);
	uint32_t count = persons > 0 ? (uint32_t)fmax(1, round(persons / per_point)) : 0;

	for (uint32_t i = 0; i < count; i++)
		point[(*n)++] = (struct person_point){ .at = city_draw_in(c, district, &r),
						       .district = district,
						       .persons = persons / count,
						       .key = rng_mix(key + i) };
}

static void populate(struct sim *s, const struct city *c, struct people *p)
{
	double all = 0, total, per_point;
	size_t districts = city_n_districts(c);
	struct person_point *point;

	for (size_t i = 0; i < districts; i++)
		all += city_district(c, i)->population;
	total = fmax(all, city_population(c));
	if (!(total > 0))
		return;
	per_point = total / fmin(fmax(total / PEOPLE_PER_POINT, PEOPLE_POINTS_LEAST), PEOPLE_POINTS_MOST);
	/* every district rounds up by one at the most */
	point = sim_alloc(s, PEOPLE_POINTS_MOST + districts + 2, sizeof *point);
	if (!point)
		return;
	for (size_t i = 0; i < districts; i++)
		place(s, c, (int)i, city_district(c, i)->population, per_point, point, &p->n);
	place(s, c, -1, total - all, per_point, point, &p->n);
	p->point = point;
}

const struct people *people_of(struct sim *s, const struct scenario *sc)
{
	static const struct people nobody;
	struct people *p = sim_state(s, &state_key);

	if (p)
		return p;
	p = sim_alloc(s, 1, sizeof *p);
	if (!p)
		return &nobody;
	sim_set_state(s, &state_key, p);
	populate(s, city_of(sc), p);
	return p;
}
