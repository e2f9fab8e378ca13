/*
 * <mobility>: devices that move, by random waypoints or along routes.
 *
 * Random waypoint (Johnson and Maltz 1996): straight to a uniform place of the part's area at a uniform speed, a pause, and on.  It
 * begins where the device is deployed, at time 0, so it is not stationary from the start: slow legs come to take more of the time
 * (mean speed over time (max - min) / ln(max / min)), and the middle of the city more of the devices.  A warm-up of a few legs sees to it.
 */
#include "models/device/mobility_private.h"

#include "models/device/route.h"

enum pattern { WAYPOINT, ROUTE };
enum ends { PING_PONG, LOOP, ONE_WAY };
enum { PHASE_RANDOM, PHASE_START };

struct mobility_params {
	int pattern;
	double speed, speed_max;        /* m/s */
	simtime_t pause;
	const char *routes;
	int ends, phase;
};

/* A device under way.  Of a route: since when, how far into the cycle it was then, and how fast.  Of waypoints: the leg. */
struct mover {
	const struct mobility_params *p;        /* NULL: stands */
	const struct route *route;
	bool timed;
	double speed, phase;                    /* m/s; s */
	simtime_t since;
	struct point from, to;
	simtime_t depart, arrive, leave;
	uint32_t leg;
};

static const uint32_t PURPOSE_ROUTE = RNG_PURPOSE('m', 'r', 'o', 'u');
static const uint32_t PURPOSE_LEG = RNG_PURPOSE('m', 'l', 'e', 'g');

static const struct place places[] = { { "device-class", 0, 1 }, { "deploy", 0, 1 } };
static const char *const patterns[] = { "waypoint", "route", NULL };
static const char *const ends_names[] = { "ping-pong", "loop", "one-way", NULL };
static const char *const phases[] = { "random", "start", NULL };

#define S struct mobility_params
static const struct param params[] = {
	CHOICE(S, pattern, "waypoint", patterns,
	       "waypoint: straight from one uniform place of the deployment's area to the next; route: along the routes of a file, "
	       "which devices take in turn",
	       NULL),
	SPEED(S, speed, "30km/h", "0.01m/s", "300m/s",
	      "of travel, or the least; not where the routes have times",
	      NULL),
	SPEED(S, speed_max, "", "0.01m/s", "300m/s",
	      "absent: all at `speed`; else uniform between the two, drawn for each leg, on a route for each device", NULL),
	TIME(S, pause, "0s", "0s", "30d", "at each waypoint; at the ends of a route", NULL),
	FILEPATH(S, routes, "",
		 "CSV with columns route,seq and x,y (m) or lat,lon (degrees), optionally time_s (0 at a route's first point); or "
		 "GeoJSON LineStrings"),
	CHOICE(S, ends, "ping-pong", ends_names,
	       "of a route: ping-pong: back the same way; loop: from the last point straight to the first and on; one-way: stays at "
	       "the last",
	       NULL),
	CHOICE(S, phase, "", phases,
	       "of a route: random: devices are anywhere on their cycle at the start of the run; start: they leave the first point when they "
	       "are rolled out; random if absent, but start for one-way and for routes with times",
	       NULL),
};
#undef S

static const struct evidence evidence[] = {
	{ "random waypoint", "mean leg in a square, (2 + sqrt 2 + 5 ln(1 + sqrt 2)) / 15 of its side; mean speed over time by the "
			     "harmonic law",
	  "4 standard errors, tests/validation/valid_verticals.c" },
	{ "shadowing along a street", "TR 38.901 eq. 7.4-5: exp(-d / dcor)", "99 % interval, tests/validation/valid_verticals.c" },
	{ "LoRaWAN on the way", "devices that stand at the places where the moving one sends", "equal, tests/unit/network/test_moving.c" },
	{ "cellular on the way", "the same of accesses: energy, delay, sectors", "1e-9, tests/unit/network/test_cellular_ways.c" },
	{ "routes", "positions by hand, back and forth, round and one way", "1e-9 m, tests/unit/device/test_mobility.c" },
};

static const struct section sections[] = {
	{ SECTION_MAP, "Motion over the run", "tracks",
	  "Where a few devices of each deployment that moves were, every forty-eighth of the run, by the hours since its start." },
};

/* ---- loading ---- */

static const struct mobility_params *params_of(const struct node *mobility)
{
	return mobility ? mobility->par : NULL;
}

const struct node *mobility_of(const struct node *deploy)
{
	const struct node *own = node_child(deploy, &mobility_model);
	const struct node *class = ((const struct deploy_params *)deploy->par)->class;

	return own || !class ? own : node_child(class, &mobility_model);
}

bool mobility_by_route(const struct node *deploy)
{
	const struct mobility_params *p = params_of(mobility_of(deploy));

	return p && p->pattern == ROUTE;
}

static void only_on_routes(const struct node *n, struct diag *d, const char *attribute)
{
	if (node_given(n, attribute))
		node_error(n, d, attribute, "is read with pattern=\"route\" only");
}

static void load_routes(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct mobility_params *p = n->par;
	struct routes *r = routes_read(p->routes, sc, city_of(sc), p->ends == LOOP, d);

	n->data = r;
	if (!r)
		return;
	if (r->timed && (node_given(n, "speed") || node_given(n, "speed-max")))
		node_error(n, d, node_given(n, "speed") ? "speed" : "speed-max", "is not read: the routes have times");
	if (r->outside)
		node_warning(n, d, "routes", "%zu of %zu points lie outside the city", r->outside, r->points);
	node_derive(sc, n, d, "phase", r->timed || p->ends == ONE_WAY ? "start" : "random");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct mobility_params *p = n->par;

	if (p->speed_max < p->speed)
		node_error(n, d, "speed-max", "is below the speed");
	if (p->pattern == WAYPOINT) {
		only_on_routes(n, d, "routes");
		only_on_routes(n, d, "ends");
		only_on_routes(n, d, "phase");
		return;
	}
	if (!p->routes)
		node_error(n, d, "routes", "is needed for pattern=\"route\"");
	else if (city_of(sc))
		load_routes(sc, n, d);
	if (p->ends == ONE_WAY && p->phase == PHASE_RANDOM && node_given(n, "phase"))
		node_error(n, d, "phase", "does not go with ends=\"one-way\": there is no cycle");
}

static void unload(struct node *n)
{
	routes_free(n->data);
	n->data = NULL;
}

/* A device on a route begins there: nothing else may say where. */
static void check(const struct scenario *sc, struct diag *d)
{
	static const char *const where[] = { "placement", "file", "district", "centre" };

	for (const struct node *e = scenario_first(sc, &deploy_model); e; e = e->next_same)
		for (size_t i = 0; mobility_by_route(e) && i < sizeof where / sizeof where[0]; i++)
			if (node_given(e, where[i]))
				node_error(e, d, where[i], "is not read: its devices begin on their routes");
}

/* ---- under way ---- */

static double uniform_speed(const struct mobility_params *p, uint64_t word)
{
	return isnan(p->speed_max) ? p->speed : p->speed + rng_unit(word) * (p->speed_max - p->speed);
}

/* s from one end of the route to the other, and until it is back where it was. */
static double trip(const struct mover *m)
{
	return m->timed ? route_length(m->route) : route_length(m->route) / m->speed;
}

static double cycle(const struct mover *m)
{
	double leg = trip(m) + sim_seconds(m->p->pause);

	return m->p->ends == PING_PONG ? 2 * leg : leg;
}

static struct point on_route(const struct mover *m, simtime_t now)
{
	double t = sim_seconds(now - m->since) + m->phase, there = trip(m), pause = sim_seconds(m->p->pause);

	if (!(t > 0))
		return m->route->at[0];
	if (m->p->ends != ONE_WAY)
		t = fmod(t, cycle(m));
	if (m->p->ends == PING_PONG && t > there + pause)
		t = fmax(2 * there + pause - t, 0);
	else
		t = fmin(t, there);
	return route_at(m->route, m->timed ? t : t * m->speed);
}

/* The next leg, from where the last one ended. */
static void set_out(const struct sim *s, struct mover *m, const struct area *a, uint64_t key)
{
	struct rng r = sim_rng(s, PURPOSE_LEG, key ^ rng_mix(m->leg + UINT64_C(1)));
	double speed = uniform_speed(m->p, rng_u64(&r));

	m->from = m->to;
	m->to = place_draw(a, &r);
	m->depart = m->leave;
	m->arrive = m->depart + 1 + (simtime_t)(hypot(m->to.x - m->from.x, m->to.y - m->from.y) / speed * 1e9);
	m->leave = m->arrive + m->p->pause;
	m->leg++;
}

static struct point on_leg(const struct mover *m, simtime_t now)
{
	double u = (double)(now - m->depart) / (double)(m->arrive - m->depart);

	if (now >= m->arrive)
		return m->to;
	return (struct point){ m->from.x + u * (m->to.x - m->from.x), m->from.y + u * (m->to.y - m->from.y) };
}

static const struct device_part *part_of(const struct devices *d, uint32_t i)
{
	const struct device_part *p = &d->parts[d->classes[d->class_of[i]].part];

	while (i - p->first >= p->count)
		p++;
	return p;
}

static struct point position_at(const struct sim *s, const struct devices *d, uint32_t i, struct mover *m, simtime_t t)
{
	if (m->route)
		return on_route(m, t);
	BUG_ON(s, t < m->depart);
	if (t >= m->leave) {
		const struct device_part *p = part_of(d, i);
		struct area a = place_area(city_of(impl_of(d)->scenario), p->node);
		while (t >= m->leave)
			set_out(s, m, &a, p->key + (i - p->first));
	}
	return on_leg(m, t);
}

static struct mover *mover_of(const struct devices *d, uint32_t i)
{
	const struct device_class *c = &d->classes[d->class_of[i]];
	struct mover *m = c->moves ? &impl_of(d)->movers[c->index][i - c->first] : NULL;

	return m && m->p ? m : NULL;
}

struct point device_position(const struct sim *s, const struct devices *d, uint32_t i)
{
	struct mover *m = mover_of(d, i);

	return m ? position_at(s, d, i, m, s->now) : (struct point){ d->x[i], d->y[i] };
}

bool device_moves(const struct devices *d, uint32_t i)
{
	return mover_of(d, i) != NULL;
}

/* ---- set-up ---- */

bool mobility_class(struct sim *s, struct devices *d, struct device_class *c)
{
	struct device_impl *im = impl_of(d);

	for (uint32_t k = c->part; k < c->part + c->n_parts; k++)
		c->moves |= mobility_of(d->parts[k].node) != NULL;
	if (!c->moves)
		return true;
	if (!im->movers && !(im->movers = sim_alloc(s, d->n_classes, sizeof *im->movers)))
		return false;
	im->movers[c->index] = sim_alloc(s, c->count, sizeof **im->movers);
	return im->movers[c->index] != NULL;
}

static struct mover mover_new(const struct sim *s, const struct devices *d, const struct device_part *part, uint32_t i)
{
	const struct node *n = mobility_of(part->node);
	const struct routes *routes = n->data;
	struct mover m = { .p = n->par };
	uint64_t w[2];

	if (!routes) {
		m.to = (struct point){ d->x[i], d->y[i] }; /* of the leg before the first */
		return m;
	}
	rng_block(s->key, PURPOSE_ROUTE, part->key + (i - part->first), 0, w);
	m.route = &routes->route[(i - part->first) % routes->n];
	m.timed = routes->timed;
	m.speed = uniform_speed(m.p, w[0]);
	if (m.p->phase == PHASE_RANDOM)
		m.phase = rng_unit(w[1]) * cycle(&m);
	else
		m.since = deploy_time(s, d, part, i);
	return m;
}

void mobility_begin(struct sim *s, struct devices *d, const struct device_part *p)
{
	const struct city *city = city_of(impl_of(d)->scenario);

	if (!mobility_of(p->node))
		return;
	for (uint32_t i = p->first; i < p->first + p->count; i++) {
		struct mover *m = &impl_of(d)->movers[d->class_of[i]][i - d->classes[d->class_of[i]].first];
		*m = mover_new(s, d, p, i);
		if (m->route)
			place_put(d, i, on_route(m, 0), city_district_at(city, on_route(m, 0)));
	}
}

/* ---- report ---- */

static void describe(struct sim *s, const struct devices *d, const struct device_part *p)
{
	const struct node *n = mobility_of(p->node);
	const struct mobility_params *m = n->par;
	const struct routes *r = n->data;
	char name[128], speed[64];
	double length = 0;

	snprintf(name, sizeof name, "Motion of %s", d->classes[d->class_of[p->first]].id);
	snprintf(speed, sizeof speed, "%.3g", m->speed * 3.6);
	if (!isnan(m->speed_max))
		snprintf(speed, sizeof speed, "%.3g to %.3g", m->speed * 3.6, m->speed_max * 3.6);
	if (!r) {
		report_fact(s->report, name, "%u from one random place to the next at %s km/h, pausing for %.4g s",
			    p->count, speed, sim_seconds(m->pause));
		return;
	}
	for (size_t i = 0; i < r->n; i++)
		length += route_length(&r->route[i]);
	if (r->timed)
		report_fact(s->report, name, "%u on %zu routes with times, %s", p->count, r->n, ends_names[m->ends]);
	else
		report_fact(s->report, name, "%u on %zu routes of %.4g km in all, %s, at %s km/h", p->count, r->n,
			    length * 1e-3, ends_names[m->ends], speed);
}

enum { TRACKS = 8, TRACK_POINTS = 48 };

/* Where the first devices of a part were over the run: gone through once more from the start. */
static void draw_tracks(struct sim *s, const struct devices *d, const struct device_part *p)
{
	const struct device_class *c = &d->classes[d->class_of[p->first]];
	const struct city *city = city_of(impl_of(d)->scenario);
	char name[128], group[128];

	snprintf(group, sizeof group, "class=%s", c->id);
	for (uint32_t i = p->first; i < p->first + p->count && i < p->first + TRACKS; i++) {
		struct mover m = mover_new(s, d, p, i);
		for (int k = 0; k < TRACK_POINTS; k++) {
			simtime_t t = s->end / TRACK_POINTS * k;
			struct point at = position_at(s, d, i, &m, t);
			double lonlat[2];
			city_lonlat(city, at, &lonlat[0], &lonlat[1]);
			snprintf(name, sizeof name, "%s %u", c->id, i - c->first);
			report_feature(s->report, "tracks", name, group, 1, lonlat, "hours", sim_seconds(t) / 3600);
		}
	}
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct devices *d = devices_of(s);

	(void)sc;
	for (uint32_t k = 0; d && k < d->n_parts; k++) {
		if (!mobility_of(d->parts[k].node))
			continue;
		describe(s, d, &d->parts[k]);
		if (s->report->map)
			draw_tracks(s, d, &d->parts[k]);
	}
}

const struct model mobility_model = {
	.name = "mobility",
	.doc = "How devices move; of a class, or of one of its deployments.  LoRaWAN and cellular networks follow them: what counts is where a "
	       "device is when a frame or an access begins.  Groups by district keep to where it began.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.par_size = sizeof(struct mobility_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.sections = sections,
	.n_sections = sizeof sections / sizeof sections[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load,
	.unload = unload,
	.check = check,
	.finish = finish,
};
