/*
 * <crew>: people with a vehicle: when they work, what they can do, and how long they are on the road.
 *
 * A crew that is free stays where it last worked until its shift ends; it begins the next at its depot.  What it has begun it
 * finishes, be it after the end of the shift.
 */
#include <string.h>

#include "models/crisis/response_private.h"

static const struct place places[] = { { "response", 0, 0 } };

#define S struct crew_params
static const struct param params[] = {
	COUNT(S, count, "1", "1", "10000", "crews of this kind", NULL),
	TEXT(S, skills, "any", "what they mend: power, telecom (sites, gateways, edge nodes, platforms), backhaul, devices; or any", NULL),
	TIME(S, shift, "", "1min", "1d", "length of their working day; 1d: round the clock; absent: as the response says", NULL),
	TIME(S, start, "", "0s", "1d", "time of day at which it begins; absent: as the response says", NULL),
	TIME(S, available_from, "0s", "0s", "10yr", "after the first onset: they come from elsewhere", NULL),
	TIME(S, build_up, "0s", "0s", "10yr", "until all are there, one after the other, evenly", NULL),
	SPEED(S, speed, "", "0.1km/h", "1000km/h", "on the road; absent: as the response says", NULL),
	REF(S, depot, "", "depot", "where they start; absent: the first"),
};
#undef S

static const char *const skill_names[SKILLS] = { "power", "telecom", "backhaul", "devices" };

/* The bits of one name of `n` letters; 0: there is none such. */
static unsigned skill_bits(const char *name, size_t n)
{
	for (unsigned k = 0; k < SKILLS; k++)
		if (strlen(skill_names[k]) == n && memcmp(skill_names[k], name, n) == 0)
			return 1u << k;
	return n == 3 && memcmp(name, "any", 3) == 0 ? (1u << SKILLS) - 1 : 0;
}

bool skills_parse(const char *text, unsigned *skills)
{
	*skills = 0;
	for (const char *p = text; *p;) {
		size_t n;
		unsigned bits;
		p += strspn(p, " \t\n;");
		n = strcspn(p, " \t\n;");
		bits = skill_bits(p, n);
		if (n && !bits)
			return false;
		*skills |= bits;
		p += n;
	}
	return *skills != 0;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct crew_params *p = n->par;
	unsigned skills;

	(void)sc;
	if (!skills_parse(p->skills, &skills))
		node_error(n, d, "skills", "is no list of power, telecom, backhaul, devices, any (separate them by ';')");
}

/* ---- the working day ---- */

/* Time since the begin of the working day that t is in or after. */
static simtime_t phase(const struct response *r, const struct crew *c, simtime_t t)
{
	return (r->start_of_day + t - c->start + SIM_DAY) % SIM_DAY;
}

static bool fit(const struct response *r, const struct crew *c)
{
	return c->lot < r->present;
}

bool crew_on_shift(const struct response *r, const struct crew *c, simtime_t t)
{
	return fit(r, c) && t >= c->from && phase(r, c, t) < c->shift;
}

simtime_t crew_shift_end(const struct response *r, const struct crew *c, simtime_t t)
{
	simtime_t in = phase(r, c, t);

	if (c->shift >= SIM_DAY)
		return SIM_NEVER;
	return in < c->shift ? t + c->shift - in : t;
}

simtime_t crew_next_shift(const struct response *r, const struct crew *c, simtime_t t)
{
	if (!fit(r, c))
		return SIM_NEVER;
	t = t > c->from ? t : c->from;
	return phase(r, c, t) < c->shift ? t : t + SIM_DAY - phase(r, c, t);
}

/* Working time in the first x of days that begin as the shift does. */
static simtime_t worked(const struct crew *c, simtime_t x)
{
	simtime_t rest = x % SIM_DAY;

	return x / SIM_DAY * c->shift + (rest < c->shift ? rest : c->shift);
}

simtime_t crew_duty(const struct response *r, const struct crew *c, simtime_t from, simtime_t to)
{
	simtime_t lead = phase(r, c, 0);

	from = from > c->from ? from : c->from;
	return to > from ? worked(c, lead + to) - worked(c, lead + from) : 0;
}

simtime_t crew_finishes(const struct response *r, const struct crew *c, simtime_t t, simtime_t work)
{
	simtime_t lead = phase(r, c, t), left, days;

	if (r->p->overtime || c->shift >= SIM_DAY)
		return t + work;
	left = lead < c->shift ? c->shift - lead : 0;
	if (work <= left)
		return t + work;
	days = (work - left - 1) / c->shift; /* whole ones between */
	return t - lead + (days + 1) * SIM_DAY + work - left - days * c->shift;
}

/* ---- the road ---- */

double crew_distance(const struct response *r, const struct crew *c, simtime_t t, const struct job *j)
{
	struct point depot = r->depot[c->depot].at, at = t >= c->home ? depot : c->at, to = j->order.at;

	if (j->order.spare || !j->fn)
		return (hypot(depot.x - at.x, depot.y - at.y) + hypot(to.x - depot.x, to.y - depot.y)) * r->p->detour;
	return hypot(to.x - at.x, to.y - at.y) * r->p->detour;
}

simtime_t travel_time(const struct response *r, simtime_t t, double distance, double speed)
{
	bool blocked = t >= r->onset && t - r->onset < r->p->roads;
	double seconds = distance / speed * (blocked ? r->p->roads_factor : 1);

	return sim_from_seconds(fmin(seconds, 1e9));
}

/* ---- set-up ---- */

/* `count` crews of a kind; p NULL: of the short form. */
static void add(struct response *r, const struct crew_params *p, uint64_t count)
{
	const struct response_params *q = r->p;
	struct crew like = {
		.p = p, .skills = (1u << SKILLS) - 1, .speed = q->speed, .start = q->start, .shift = q->shift
	};

	if (p) {
		skills_parse(p->skills, &like.skills);
		like.speed = isnan(p->speed) ? q->speed : p->speed;
		like.start = p->start == SIM_NEVER ? q->start : p->start;
		like.shift = p->shift == SIM_NEVER ? q->shift : p->shift;
		like.depot = depot_number(r, p->depot);
	}
	like.at = r->depot[like.depot].at;
	like.job = NOBODY;
	like.from = p ? r->onset + p->available_from : 0;
	for (uint64_t k = 0; k < count; k++) {
		struct crew *c = &r->crew[r->n_crews];
		*c = like;
		if (p && p->build_up)
			c->from += sim_from_seconds(sim_seconds(p->build_up) * (double)(k + 1) / (double)count);
		/* of any share about that many are below it: multiples of the golden ratio lie evenly */
		c->lot = fmod((r->n_crews + 0.5) * 0.6180339887498949, 1);
		r->n_crews++;
	}
}

bool crews_setup(struct sim *s, struct response *r)
{
	uint64_t n = r->p->crews;

	for (const struct node *k = node_child(r->node, &crew_model); k; k = node_next(k))
		n += ((const struct crew_params *)k->par)->count;
	r->crew = sim_alloc(s, n + 1, sizeof *r->crew);
	if (!r->crew)
		return false;
	if (r->p->crews)
		add(r, NULL, r->p->crews);
	for (const struct node *k = node_child(r->node, &crew_model); k; k = node_next(k))
		add(r, k->par, ((const struct crew_params *)k->par)->count);
	r->n_free = r->n_crews;
	return true;
}

static const struct evidence evidence[] = {
	{ "travel, shifts, arrival from elsewhere", "worked out by hand", "equal, tests/unit/crisis/test_response.c" },
	{ "waiting for crews", "M/M/c, Erlang's formula", "99 % interval of the mean, tests/validation/valid_response.c" },
};

const struct model crew_model = {
	.name = "crew",
	.doc = "Crews that mend: how many, what they can do, when they work.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct crew_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};
