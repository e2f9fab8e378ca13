/*
 * What a crisis looked like: the timeline, maps of its moments, and the table of what broke.
 *
 * Every change of a part is logged as (part, state, time), so that any moment can be told afterwards: which was the worst is known
 * only when all is over.  The log is bounded; a crisis that fills it is drawn as far as it goes.
 */
#include <stdio.h>
#include <string.h>

#include "models/crisis/crisis_private.h"

enum { CHANGES_MOST = 200000, RING = 72, FRAMES_MOST = 6, NAME = 120 };
enum part_state { PART_WORKS, PART_BACKUP, PART_DARK, PART_BROKEN };

const struct timeline_def crisis_timeline = { "crisis", "The crisis over time" };
const struct table_def crisis_broken = { "crisis-broken", "What broke", "part", "parts" };

struct change { simtime_t at; uint32_t part; uint8_t state; };
struct part { simtime_t since, longest; double out; bool ever; uint8_t state; };

struct crisis_picture {
	const struct scenario *scenario;
	struct change *log;
	uint32_t n, cap;
	struct part *parts;             /* made at the first change */
	uint32_t n_parts;
};

static uint8_t state_of(const struct asset *a)
{
	return a->reasons                ? PART_BROKEN
	       : a->power == SITE_DARK   ? PART_DARK
	       : a->power == SITE_BACKUP ? PART_BACKUP
					 : PART_WORKS;
}

static bool is_out(unsigned state)
{
	return state >= PART_DARK;
}

static bool is_feeder(const struct asset *a)
{
	return a->kind == ASSET_FEEDER;
}

/* What a map shows at all times; of the others it shows those that do not work. */
static bool stands(const struct asset *a)
{
	return a->kind == ASSET_GATEWAY || a->kind == ASSET_SITE;
}

/* ---- listening ---- */

static bool has_room(struct sim *s, struct crisis_picture *p)
{
	uint32_t cap = p->cap ? 2 * p->cap : 64;
	struct change *log;

	if (p->n < p->cap)
		return true;
	if (p->cap >= CHANGES_MOST || !(log = sim_alloc(s, cap, sizeof *log)))
		return false;
	for (uint32_t i = 0; i < p->n; i++)
		log[i] = p->log[i];
	p->log = log;
	p->cap = cap;
	return true;
}

static void on_asset(struct sim *s, void *ctx, uint32_t asset)
{
	struct crisis_picture *p = ctx;
	uint32_t n;
	const struct asset *a = assets_of(s, &n);

	if (!p->parts) {
		p->parts = sim_alloc(s, n, sizeof *p->parts);
		p->n_parts = p->parts ? n : 0;
	}
	if (asset >= p->n_parts)
		return;
	struct part *own = &p->parts[asset];
	uint8_t state = state_of(&a[asset]);
	if (is_out(state) && !is_out(own->state)) {
		own->since = s->now;
		own->ever = true;
	} else if (!is_out(state) && is_out(own->state)) {
		simtime_t lasted = s->now - own->since;
		own->out += sim_seconds(lasted);
		own->longest = lasted > own->longest ? lasted : own->longest;
	}
	if (state != own->state && has_room(s, p))
		p->log[p->n++] = (struct change){ s->now, asset, state };
	own->state = state;
}

void timeline_setup(struct sim *s, const struct scenario *sc, struct crisis *c)
{
	struct crisis_picture *p = crisis_occurs(c) ? sim_alloc(s, 1, sizeof *p) : NULL;

	if (!p)
		return;
	p->scenario = sc;
	c->picture = p;
	asset_watch(s, on_asset, p);
}

/* ---- the table of what broke ---- */

static void report_kind(struct sim *s, const struct crisis_picture *p, const struct asset *a, enum asset_kind kind)
{
	uint32_t all = 0, out = 0, end = 0;
	double longest = 0, sum = 0;

	for (uint32_t i = 0; i < p->n_parts; i++) {
		const struct part *own = &p->parts[i];
		if (a[i].kind != kind)
			continue;
		double last = is_out(own->state) ? sim_seconds(s->now - own->since) : 0;
		all++;
		out += own->ever;
		end += is_out(own->state);
		longest = fmax(longest, fmax(last, sim_seconds(own->longest)));
		sum += own->out + last;
	}
	if (out == 0)
		return;
	const char *name = asset_kind_name(kind);
	report_cell(s->report, &crisis_broken, name, "in all", all);
	report_cell(s->report, &crisis_broken, name, "out of work at some time", out);
	report_cell(s->report, &crisis_broken, name, "still at the end", end);
	report_cell(s->report, &crisis_broken, name, "longest out, h", longest / 3600);
	report_cell(s->report, &crisis_broken, name, "on average, h", sum / out / 3600);
}

/* ---- the timeline ---- */

static const char *name_of(const struct node *n)
{
	return n->id && *n->id ? n->id : n->model->name;
}

static void span_hazards(struct sim *s, const struct crisis *c)
{
	char text[NAME];

	for (uint32_t i = 0; i < c->n; i++) {
		const struct occurrence *o = &c->o[i];
		const char *kind = o->element->model->name, *name = name_of(o->element);
		snprintf(text, sizeof text, strcmp(kind, name) == 0 ? "%.50s" : "%.50s %.60s", kind, name);
		report_span(s->report, &crisis_timeline, "hazards", text, SPAN_BAD, o->onset,
			    o->end < s->end ? o->end : s->end, NAN);
	}
}

/* A lane of how many of some kinds are in one state, as steps of its darkness. */
struct share { const char *lane; unsigned kinds, state, last; enum span_tone tone; };

static bool is_of(const struct asset *a, const struct share *h)
{
	return (h->kinds >> a->kind & 1) != 0;
}

static void step(struct sim *s, const struct share *h, uint32_t now, uint32_t all, simtime_t from, simtime_t to)
{
	char text[NAME];

	snprintf(text, sizeof text, "%u of %u", now, all);
	if (now > 0 && to > from)
		report_span(s->report, &crisis_timeline, h->lane, text, h->tone, from, to, (double)now / all);
}

static void span_share(struct sim *s, const struct crisis_picture *p, const struct asset *a, uint8_t *state, const struct share *h)
{
	uint32_t all = 0, now = 0, shown = 0;
	simtime_t since = 0;

	for (uint32_t i = 0; i < p->n_parts; i++) {
		all += is_of(&a[i], h);
		state[i] = PART_WORKS;
	}
	for (uint32_t i = 0; i < p->n; i++) {
		const struct change *g = &p->log[i];
		if (is_of(&a[g->part], h)) {
			now += g->state >= h->state && g->state <= h->last ? 1u : 0u;
			now -= state[g->part] >= h->state && state[g->part] <= h->last ? 1u : 0u;
		}
		state[g->part] = g->state;
		if ((i + 1 < p->n && p->log[i + 1].at == g->at) || now == shown)
			continue;
		step(s, h, shown, all, since, g->at);
		since = g->at;
		shown = now;
	}
	step(s, h, shown, all, since, s->now);
}

/* ---- the moments ---- */

static uint32_t out_after(const struct crisis_picture *p, const struct asset *a, uint32_t changes, uint8_t *state)
{
	uint32_t out = 0;

	for (uint32_t i = 0; i < p->n_parts; i++)
		state[i] = PART_WORKS;
	for (uint32_t i = 0; i < changes; i++)
		state[p->log[i].part] = p->log[i].state;
	for (uint32_t i = 0; i < p->n_parts; i++)
		out += is_out(state[i]) && !is_feeder(&a[i]);
	return out;
}

struct moment { simtime_t at; const char *what; };

static bool is_new(const struct moment *m, size_t n, simtime_t at)
{
	for (size_t i = 0; i < n; i++)
		if (m[i].at == at)
			return false;
	return true;
}

static size_t add_moment(const struct sim *s, struct moment *m, size_t n, simtime_t at, const char *what)
{
	if (n == FRAMES_MOST || at < 0 || at > s->now || !is_new(m, n, at))
		return n;
	m[n] = (struct moment){ at, what };
	return n + 1;
}

/* When most is out of work for the first time, and when half of that works again. */
static void find_worst(const struct crisis_picture *p, const struct asset *a, uint8_t *state, simtime_t *worst, simtime_t *half)
{
	uint32_t now = 0, most = 0;

	*worst = *half = -1;
	for (int pass = 0; pass < 2; pass++) {
		now = 0;
		for (uint32_t i = 0; i < p->n_parts; i++)
			state[i] = PART_WORKS;
		for (uint32_t i = 0; i < p->n; i++) {
			const struct change *g = &p->log[i];
			if (is_feeder(&a[g->part]))
				continue;
			now += is_out(g->state) ? 1u : 0u;
			now -= is_out(state[g->part]) ? 1u : 0u;
			state[g->part] = g->state;
			if (i + 1 < p->n && p->log[i + 1].at == g->at)
				continue; /* one moment */
			if (pass == 0 && now > most) {
				most = now;
				*worst = g->at;
			} else if (pass == 1 && *half < 0 && most > 0 && g->at > *worst && 2 * now <= most) {
				*half = g->at;
			}
		}
	}
}

static size_t choose(struct sim *s, const struct crisis *c, const struct asset *a, uint8_t *state, struct moment m[FRAMES_MOST])
{
	const struct occurrence *first = &c->o[0];
	simtime_t worst, half, end = crisis_end(c), middle = first->onset + (first->end - first->onset) / 2;
	size_t n = 0;

	find_worst(c->picture, a, state, &worst, &half);
	n = add_moment(s, m, n, first->onset > SIM_MINUTE ? first->onset - SIM_MINUTE : 0, "Just before");
	n = add_moment(s, m, n, worst, "Most out of work");
	n = add_moment(s, m, n, middle, "Middle of the hazard");
	n = add_moment(s, m, n, half, "Half of that restored");
	n = add_moment(s, m, n, end < s->now ? end + 1 : s->now, end < s->now ? "After the last hazard" : "End of the run");
	return add_moment(s, m, n, s->now, "End of the run");
}

static void put_lonlat(const struct city *city, struct point at, double *to)
{
	city_lonlat(city, at, &to[0], &to[1]);
}

static void draw_moment(struct sim *s, const struct crisis *c, const struct asset *a, uint8_t *state, const struct moment *m)
{
	const struct crisis_picture *p = c->picture;
	const struct city *city = city_of(p->scenario);
	simtime_t since = m->at - c->o[0].onset;
	char title[NAME];
	uint32_t changes = 0;
	double lonlat[2 * RING];

	snprintf(title, sizeof title, since > 0 ? "%s: %.1f h after onset" : "%s the onset", m->what,
		 sim_seconds(since) / 3600);
	report_frame(s->report, m->at, title);
	for (uint32_t i = 0; i < c->n; i++) {
		const struct occurrence *o = &c->o[i];
		struct point ring[RING];
		size_t n = o->type->outline && m->at >= o->onset && m->at <= o->end ? o->type->outline(o, m->at, ring, RING)
										    : 0;
		for (size_t k = 0; k < n; k++)
			put_lonlat(city, ring[k], &lonlat[2 * k]);
		if (n)
			report_moment(s->report, m->at, o->element->model->name, name_of(o->element), n, lonlat, NULL, NAN);
	}
	while (changes < p->n && p->log[changes].at <= m->at)
		changes++;
	out_after(p, a, changes, state);
	for (uint32_t i = 0; i < p->n_parts; i++) {
		static const double values[] = {
			[PART_WORKS] = 0, [PART_BACKUP] = 0.5, [PART_DARK] = 1, [PART_BROKEN] = 1
		};
		static const char *const words[] = { [PART_WORKS] = "works",
						     [PART_BACKUP] = "on backup power",
						     [PART_DARK] = "without power",
						     [PART_BROKEN] = "broken" };
		if (!a[i].placed || (!stands(&a[i]) && !is_out(state[i])))
			continue;
		put_lonlat(city, a[i].at, lonlat);
		snprintf(title, sizeof title, "%.60s out", asset_kind_name(a[i].kind));
		report_moment(s->report, m->at, stands(&a[i]) ? "sites" : title,
			      a[i].name ? a[i].name : asset_kind_name(a[i].kind), 1, lonlat, words[state[i]],
			      values[state[i]]);
	}
}

void timeline_finish(struct sim *s, struct crisis *c)
{
	enum {
		STANDS = 1u << ASSET_GATEWAY | 1u << ASSET_SITE,
		OTHERS = 1u << ASSET_BACKHAUL | 1u << ASSET_EDGE | 1u << ASSET_PLATFORM
	};
	static const struct share shares[] = {
		{ "feeders out", 1u << ASSET_FEEDER, PART_DARK, PART_BROKEN, SPAN_BAD },
		{ "sites on backup", STANDS, PART_BACKUP, PART_BACKUP, SPAN_WARN },
		{ "sites dark", STANDS, PART_DARK, PART_DARK, SPAN_BAD },
		{ "sites broken", STANDS, PART_BROKEN, PART_BROKEN, SPAN_BAD },
		{ "links broken", OTHERS, PART_BROKEN, PART_BROKEN, SPAN_BAD },
	};
	struct crisis_picture *p = c->picture;
	struct moment m[FRAMES_MOST];
	uint32_t n_assets;
	const struct asset *a = assets_of(s, &n_assets);

	for (enum asset_kind k = 0; p && k < ASSET_KINDS; k++)
		report_kind(s, p, a, k);
	if (!p || !s->report->map)
		return;
	if (!p->parts) {
		p->parts = sim_alloc(s, n_assets, sizeof *p->parts);
		p->n_parts = p->parts ? n_assets : 0;
	}
	span_hazards(s, c);
	uint8_t *state = sim_alloc(s, p->n_parts, sizeof *state);
	for (size_t i = 0; state && i < sizeof shares / sizeof shares[0]; i++)
		span_share(s, p, a, state, &shares[i]);
	size_t n = state ? choose(s, c, a, state, m) : 0;
	for (size_t i = 0; i < n; i++)
		draw_moment(s, c, a, state, &m[i]);
}
