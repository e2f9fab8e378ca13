/*
 * Who meets whom where.
 *
 * A person of district i has a share m_ij of all contacts in district j, with whoever is there at the time, wherever they live:
 *
 *   risk of one of i = sum_j m_ij x contacts x (sum_k m_kj I_k) / (sum_k m_kj N_k)
 *
 * An infectious person so infects R0 people on average wherever people travel, while nobody is immune.  m is given by <travel>, or
 * by gravity: a share `travel` of contacts elsewhere, in proportion to N_j / distance_ij ^ exponent.
 */
#include <string.h>

#include "models/crisis/epidemic_private.h"

static double gravity(const struct outbreak *b, const struct point *at, uint32_t i, uint32_t j)
{
	double metres = fmax(hypot(at[i].x - at[j].x, at[i].y - at[j].y), 100);

	return b->folk[j].people / pow(metres / 1000, b->p->distance_exponent);
}

static void by_gravity(struct outbreak *b, const struct point *at)
{
	for (uint32_t i = 0; i < b->n; i++) {
		double *row = &b->travel[(size_t)i * b->n], sum = 0;
		for (uint32_t j = 0; j < b->n; j++)
			sum += row[j] = j == i ? 0 : gravity(b, at, i, j);
		for (uint32_t j = 0; j < b->n; j++)
			row[j] = sum > 0 ? row[j] / sum * b->p->travel : 0;
		row[i] = sum > 0 ? 1 - b->p->travel : 1;
	}
}

/* -1: the shape of no district. */
static int place_of(const struct outbreak *b, const struct node *district)
{
	for (uint32_t i = 0; i < b->n; i++)
		if (b->folk[i].id && strcmp(b->folk[i].id, district->id) == 0)
			return (int)i;
	return -1;
}

static void by_table(struct outbreak *b)
{
	for (uint32_t i = 0; i < b->n; i++)
		b->travel[(size_t)i * b->n + i] = 1;
	for (const struct node *t = node_child(b->element, &travel_model); t; t = node_next(t)) {
		const struct travel_params *p = t->par;
		int from = place_of(b, p->from), to = place_of(b, p->to);
		if (from < 0 || to < 0)
			continue;
		b->travel[(size_t)from * b->n + (size_t)to] = p->share;
		b->travel[(size_t)from * b->n + (size_t)from] -= p->share;
	}
	for (uint32_t i = 0; i < b->n; i++) {
		double *home = &b->travel[(size_t)i * b->n + i];
		*home = fmax(*home, 0);
	}
}

/* Who is there at a time, and by whom of them one is met. */
static void meet(struct outbreak *b)
{
	for (uint32_t j = 0; j < b->n; j++) {
		double *host = &b->host[(size_t)j * b->n], sum = 0;
		for (uint32_t i = 0; i < b->n; i++)
			host[i] = sum += b->folk[i].people * b->travel[(size_t)i * b->n + j];
		b->folk[j].around = sum;
		for (uint32_t i = 0; sum > 0 && i < b->n; i++)
			host[i] /= sum;
	}
}

/* The first infected: all in the district that is named, else anywhere, as people live (a multinomial draw). */
static void seed(struct outbreak *b)
{
	const struct node *district = b->p->seed_district;
	int only = district ? place_of(b, district) : -1;
	uint32_t left = (uint32_t)b->p->seeds, people = b->people;

	for (uint32_t i = 0; i < b->n; i++) {
		struct folk *f = &b->folk[i];
		uint32_t n =
			i + 1 == b->n ? left : draw_binomial(&b->chance, people ? (double)f->people / people : 0, left);
		if (only >= 0)
			n = (int)i == only ? (uint32_t)b->p->seeds : 0;
		n = n < f->people ? n : f->people;
		people -= f->people;
		left -= n < left ? n : left;
		f->exposed = n;
		b->exposed[(size_t)i * b->stages] = n;
	}
}

bool travel_draw(struct sim *s, const struct scenario *sc, struct outbreak *b)
{
	const struct city *city = city_of(sc);
	size_t n = b->n;
	struct point *at = sim_alloc(s, n, sizeof *at);

	b->travel = sim_alloc(s, n * n, sizeof *b->travel);
	b->host = sim_alloc(s, n * n, sizeof *b->host);
	b->force = sim_alloc(s, n, sizeof *b->force);
	if (s->status != SIM_OK)
		return false;
	for (uint32_t i = 0; i < b->n; i++)
		at[i] = b->folk[i].id ? city_district(city, i)->centre : city_inside(city);
	if (node_child(b->element, &travel_model))
		by_table(b);
	else
		by_gravity(b, at);
	meet(b);
	seed(b);
	return true;
}
