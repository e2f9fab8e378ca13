/* Which of the known orders comes first: by the kind of what is broken, then by the people that it serves or by the time. */
#include <string.h>

#include "models/crisis/response_private.h"

/* Rank of one name; false: it is none. */
static bool rank(const char *name, size_t n, uint32_t place, uint32_t rank_of[ASSET_KINDS + 1])
{
	for (unsigned k = 0; k <= ASSET_KINDS; k++) {
		const char *kind = k < ASSET_KINDS ? asset_kind_name((enum asset_kind)k) : "device";
		size_t len = strlen(kind);
		/* "sites" as well as "site" */
		if (n >= len && n <= len + 1 && memcmp(kind, name, len) == 0 && (n == len || name[len] == 's')) {
			rank_of[k] = place;
			return true;
		}
	}
	return false;
}

bool priority_parse(const char *text, uint32_t rank_of[ASSET_KINDS + 1])
{
	uint32_t place = 1; /* 0 is of bringing what stands in, which comes before mending */

	for (unsigned k = 0; k <= ASSET_KINDS; k++)
		rank_of[k] = UINT32_MAX;
	for (const char *p = text ? text : ""; *p;) {
		size_t n;
		p += strspn(p, " \t\n;");
		n = strcspn(p, " \t\n;");
		if (n && !rank(p, n, place++, rank_of))
			return false;
		p += n;
	}
	return true;
}

/* People of its district ÷ assets of its kind there. */
bool priority_setup(struct sim *s, struct response *r)
{
	const struct city *city = city_of(r->scenario);
	size_t districts = city_n_districts(city), slots = districts + 1;
	uint32_t n, *count = sim_alloc(s, slots * ASSET_KINDS, sizeof *count);
	const struct asset *a = assets_of(s, &n);
	double outside = city_population(city); /* people of no district */

	for (size_t d = 0; d < districts; d++)
		outside -= city_district(city, d)->population;
	outside = outside > 0 ? outside : 0;
	r->people_of = sim_alloc(s, n + 1, sizeof *r->people_of);
	if (!count || !r->people_of)
		return false;
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < n; i++) {
			int d = a[i].placed ? city_district_at(city, a[i].at) : -1;
			size_t slot = (size_t)a[i].kind * slots + (d < 0 ? districts : (size_t)d);
			if (pass == 0)
				count[slot]++;
			else
				r->people_of[i] =
					(d < 0 ? outside : city_district(city, (size_t)d)->population) / count[slot];
		}
	return true;
}

double people_served(const struct response *r, const struct repair_order *o)
{
	return r->people_of && o->asset != ASSET_NONE ? r->people_of[o->asset] : 0;
}

bool job_before(const struct response *r, uint32_t a, uint32_t b)
{
	const struct job *x = &r->job[a], *y = &r->job[b];

	if (x->rank != y->rank)
		return x->rank < y->rank;
	if (x->people < y->people || x->people > y->people)
		return x->people > y->people;
	return x->since != y->since ? x->since < y->since : a < b;
}
