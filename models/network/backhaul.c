/*
 * <backhaul>: what carries a gateway's traffic to the city's servers.
 *
 * A gateway's way is a chain of links: the one that its element names, then that one's backup, and so on.  Messages take the
 * link in use:
 *
 *   the link in use breaks       none is in use for the switch-over time, then the first that is up
 *   one before it is repaired    that one, at once
 *   none is in use, one comes up that one, at once
 */
#include "models/network/backhaul_private.h"

#include "models/network/asset.h"
#include "models/network/orbit.h"

#include "models/city/city.h"

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };
const char *const backhaul_media[] = { "fixed", "fibre", "microwave", "cellular", "geo", "leo", NULL };
static const char *const relays[] = { "transparent", "regenerative", NULL };

#define S struct backhaul_params
static const struct param params[] = {
	CHOICE(S, medium, "fixed", backhaul_media,
	       "what it runs over: gives the defaults of latency, capacity, availability and repair; fixed: a line of which no more "
	       "is known",
	       NULL),
	LENGTH(S, length, "", "0m", "40000km", "of the line, along its route: fibre 100 km, microwave 20 km if absent", NULL),
	ANGLE(S, elevation, "", "0deg", "90deg",
	      "geo: at which the satellite stands (30deg if absent); leo: above which one is used (10deg if absent)",
	      "3GPP TR 38.821, 6.1.1: 10 degrees at least"),
	LENGTH(S, altitude, "", "160km", "2000km", "leo: of the orbits, circular; 600 km if absent", "3GPP TR 38.821, Table 4.2-2"),
	ANGLE(S, inclination, "", "0deg", "180deg", "leo: of the orbits; 97.8deg if absent",
	      "sun-synchronous at 600 km: the node's drift of 360 degrees a year"),
	COUNT(S, satellites, "", "1", "10000", "leo: in all, evenly spaced; 24 if absent", NULL),
	COUNT(S, planes, "", "1", "1000", "leo: on so many evenly turned planes; 6 if absent, or 1 where that divides not", NULL),
	ANGLE(S, latitude, "", "-90deg", "90deg", "leo: of the gateways; that of the city if absent, 50deg where it has none", NULL),
	CHOICE(S, relay, "", relays,
	       "geo, leo: transparent (the default): light goes up and down again; regenerative: the satellite is the network's node, "
	       "and the way on from it is not counted",
	       "3GPP TR 38.821, 5"),
	TIME(S, latency, "", "0s", "10min",
	     "one-way delay without queueing; if absent: fixed 10 ms, fibre 4.897 us/km, microwave 3.336 us/km, cellular 35 ms, geo the "
	     "light time; leo: what is added to the light time to where the satellite is, none if absent",
	     "light in fibre of index 1.468, in air, over 35786 km; [M] fixed, cellular: access and routing of public networks"),
	TIME(S, jitter, "0s", "0s", "10min", "mean of an exponential addition to the latency", NULL),
	BITRATE(S, capacity, "", "1bps", "10Tbps",
		"bit rate of the link; if absent: fibre 1 Gbps, microwave 100 Mbps, cellular 10 Mbps, geo 2 Mbps, leo 1 Mbps; fixed: "
		"not limited",
		"[M] common access rates"),
	BYTES(S, queue, "256KiB", "1B", "1TiB",
	      "most bytes that may wait for a link of limited capacity, what is being sent included", NULL),
	BYTES(S, overhead, "240B", "0B", "64KiB", "added to every message: transport and description",
	      "[M] Semtech UDP packet forwarder: IPv4 20 + UDP 8 + header 12 + JSON of about 200 bytes"),
	RATIO(S, availability, "", "0%", "100%",
	      "share of the time in which the link is up; if absent: fixed 100 %, fibre 99.95 %, microwave 99.9 %, cellular 99.5 %, "
	      "geo 99.8 %, leo 99.5 %",
	      "[M] common service levels; satellites: rain fade at Ku band, blockage"),
	TIME(S, repair, "", "1s", "10yr",
	     "mean time to repair; if absent: fixed and fibre 4 h, microwave 6 h, cellular 2 h, geo 1 h, leo 10 min",
	     "[M] common service levels"),
	REF(S, backup, "", "backhaul",
	    "takes over while this link is down; every gateway has one of its own, which may have a backup in turn"),
	TIME(S, switch_over, "", "0s", "1h",
	     "from the break of the link in use to the backup's taking over: what is offered meanwhile is lost; 30 s if absent.  Back to "
	     "the repaired link at once",
	     "[M] keep-alive of packet forwarders: 10 s, three of which are missed"),
};
#undef S

static const struct evidence evidence[] = {
	{ "queueing delay", "M/D/1 waiting time in closed form",
	  "99 % interval of the mean, tests/unit/network/test_backhaul.c, tests/validation/valid_backhaul.c" },
	{ "queue, outages", "a recount from the list of offers and breaks", "equal, tests/unit/network/test_backhaul.c" },
	{ "availability", "alternating renewal process in closed form",
	  "99 % interval of the mean, tests/unit/network/test_backhaul.c" },
	{ "fail-over", "two independent links, with and without switch-over time, in closed form",
	  "99 % interval of the mean, tests/validation/valid_backhaul.c" },
	{ "satellites' distances, delays and passes", "3GPP TR 38.821, Table 4.2-2; spherical geometry",
	  "four digits, tests/unit/network/test_orbit.c" },
	{ "queue between passes", "an M/M/1 queue whose server is away by turns, its Markov chain solved",
	  "99 % interval of the mean, tests/validation/valid_backhaul.c" },
};

/* ---- loading ---- */

static const struct {
	const char *latency, *length, *capacity, *availability, *repair;
	double ns_per_m;
} defaults[MEDIA] = {
	[MEDIUM_FIXED] = { .latency = "10ms", .availability = "100%", .repair = "4h" },
	[MEDIUM_FIBRE] = { .length = "100km", .capacity = "1Gbps", .availability = "99.95%", .repair = "4h", .ns_per_m = 4.897 },
	[MEDIUM_MICROWAVE] = { .length = "20km", .capacity = "100Mbps", .availability = "99.9%", .repair = "6h", .ns_per_m = 3.336 },
	[MEDIUM_CELLULAR] = { .latency = "35ms", .capacity = "10Mbps", .availability = "99.5%", .repair = "2h" },
	[MEDIUM_GEO] = { .capacity = "2Mbps", .availability = "99.8%", .repair = "1h" },
	[MEDIUM_LEO] = { .latency = "0s", .capacity = "1Mbps", .availability = "99.5%", .repair = "10min" },
};

#define RAD (3.141592653589793 / 180)

static void only(const struct node *n, struct diag *d, const char *attribute, unsigned media, const char *by)
{
	int medium = ((const struct backhaul_params *)n->par)->medium;

	if (!(media >> medium & 1) && node_given(n, attribute))
		node_error(n, d, attribute, "goes with medium=%s, not with \"%s\"", by, backhaul_media[medium]);
}

static void check_attributes(const struct node *n, struct diag *d)
{
	static const char lines[] = "\"fibre\" and \"microwave\"", leo[] = "\"leo\"", sky[] = "\"geo\" and \"leo\"";

	only(n, d, "length", 1u << MEDIUM_FIBRE | 1u << MEDIUM_MICROWAVE, lines);
	only(n, d, "elevation", 1u << MEDIUM_GEO | 1u << MEDIUM_LEO, sky);
	only(n, d, "relay", 1u << MEDIUM_GEO | 1u << MEDIUM_LEO, sky);
	only(n, d, "altitude", 1u << MEDIUM_LEO, leo);
	only(n, d, "inclination", 1u << MEDIUM_LEO, leo);
	only(n, d, "satellites", 1u << MEDIUM_LEO, leo);
	only(n, d, "planes", 1u << MEDIUM_LEO, leo);
	only(n, d, "latitude", 1u << MEDIUM_LEO, leo);
	if (node_given(n, "switch-over") && !((const struct backhaul_params *)n->par)->backup)
		node_error(n, d, "switch-over", "goes with a backup");
}

/* A satellite over the equator that never rises there would be waited for in vain. */
static void check_sky(const struct node *n, struct diag *d)
{
	const struct backhaul_params *p = n->par;
	double tilt = p->inclination > 90 ? 180 - p->inclination : p->inclination;
	double reach = orbit_reach(p->altitude, RAD * p->elevation) / RAD;

	if (p->satellites % p->planes)
		node_error(n, d, "planes", "does not share out %llu satellites evenly (try a divisor)",
			   (unsigned long long)p->satellites);
	if (fabs(p->latitude) >= tilt + reach)
		node_error(n, d, "inclination",
			   "leaves latitude %g without a satellite above %g deg: the orbits reach %.4g (try a steeper one)",
			   p->latitude, p->elevation, tilt + reach);
}

static double city_latitude(const struct scenario *sc)
{
	const struct city *city = city_of(sc);
	double lon, lat;

	if (!city || !city_on_earth(city))
		return 50;
	city_lonlat(city, city_inside(city), &lon, &lat);
	return lat;
}

static void derive_sky(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct backhaul_params *p = n->par;

	node_derive(sc, n, d, "elevation", p->medium == MEDIUM_GEO ? "30deg" : "10deg");
	node_derive(sc, n, d, "relay", "transparent");
	if (p->medium == MEDIUM_GEO)
		return;
	node_derive(sc, n, d, "altitude", "600km");
	node_derive(sc, n, d, "inclination", "97.8deg");
	node_derive(sc, n, d, "satellites", "24");
	node_derive(sc, n, d, "planes", p->satellites % 6 ? "1" : "6");
	node_derive(sc, n, d, "latitude", "%.6gdeg", city_latitude(sc));
	check_sky(n, d);
}

/* A chain of backups ends, and is short enough for a way. */
static void check_backups(const struct node *n, struct diag *d)
{
	const struct node *at = n;
	unsigned links = 1;

	while ((at = ((const struct backhaul_params *)at->par)->backup) && at != n && links <= WAY_LINKS)
		links++;
	if (at == n)
		node_error(n, d, "backup", "leads back to this link (a backup must be another)");
	else if (at)
		node_error(n, d, "backup", "has more than %d links behind it, or they lead in a circle", WAY_LINKS - 1);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct backhaul_params *p = n->par;
	int m = p->medium;

	check_attributes(n, d);
	if (m == MEDIUM_GEO || m == MEDIUM_LEO)
		derive_sky(sc, n, d);
	if (defaults[m].length)
		node_derive(sc, n, d, "length", "%s", defaults[m].length);
	if (defaults[m].capacity)
		node_derive(sc, n, d, "capacity", "%s", defaults[m].capacity);
	if (defaults[m].latency)
		node_derive(sc, n, d, "latency", "%s", defaults[m].latency);
	else if (m == MEDIUM_GEO)
		node_derive(sc, n, d, "latency", "%.9gms",
			    1e3 * (p->relay == RELAY_TRANSPARENT ? 2 : 1) *
				    orbit_slant(ORBIT_GEO_ALTITUDE, RAD * p->elevation) / ORBIT_LIGHT);
	else
		node_derive(sc, n, d, "latency", "%.9gus", 1e-3 * defaults[m].ns_per_m * p->length);
	node_derive(sc, n, d, "availability", "%s", defaults[m].availability);
	node_derive(sc, n, d, "repair", "%s", defaults[m].repair);
	if (p->backup)
		node_derive(sc, n, d, "switch-over", "30s");
	check_backups(n, d);
}

/* ---- a way: which of its links is in use ---- */

static simtime_t counted_since(const struct sim *s, const struct backhaul *b)
{
	simtime_t from = b->since > s->warmup ? b->since : s->warmup;

	return s->now > from ? s->now - from : 0;
}

void way_times(const struct sim *s, const struct backhaul *b, simtime_t *up, simtime_t *backup)
{
	simtime_t more = b->active == NO_LINK ? 0 : counted_since(s, b);

	*up = b->up_time + more;
	*backup = b->backup_time + (b->active ? more : 0);
}

static uint8_t first_up(const struct backhaul *b)
{
	for (uint8_t i = 0; i < b->n; i++)
		if (link_works(b->link[i]))
			return i;
	return NO_LINK;
}

/* From now on messages take this link; a switch-over that was under way is off. */
static void use(struct sim *s, struct backhaul *b, uint8_t link)
{
	bool was = b->active != NO_LINK, is = link != NO_LINK;

	way_times(s, b, &b->up_time, &b->backup_time);
	b->since = s->now;
	b->generation++;
	b->failovers += is && link > 0 && s->now >= s->warmup;
	b->active = link;
	if (was != is && b->watch)
		b->watch(s, b->watch_ctx, is);
}

static void on_switch(struct sim *s, void *ctx, uint32_t subject, uint16_t generation)
{
	struct backhaul *b = ((struct ways *)ctx)->way[subject];

	if (generation == b->generation)
		use(s, b, first_up(b));
}

static void on_break(struct sim *s, const struct ways *w, struct backhaul *b, const struct link *l)
{
	uint8_t next = first_up(b);

	if (next != NO_LINK && l->p->switch_over == 0) {
		use(s, b, next);
		return;
	}
	use(s, b, NO_LINK);
	if (next != NO_LINK)
		sim_after(s, l->p->switch_over, w->kind_switch, b->index, b->generation);
}

/* What may have changed whether a link works. */
static void turn_link(struct sim *s, const struct ways *w, struct link *l)
{
	struct backhaul *b = l->way;
	bool works = link_works(l);

	if (!works)
		l->free_at = l->sky ? sky_served(s, l->sky, s->now) : s->now;
	if (works && l->place < b->active)
		use(s, b, (uint8_t)l->place);
	else if (!works && l->place == b->active)
		on_break(s, w, b, l);
}

static void on_change(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct ways *w = ctx;

	(void)detail;
	outage_turn(s, &w->link[subject]->outage);
	turn_link(s, w, w->link[subject]);
}

static void on_broken(struct sim *s, void *ctx, bool broken)
{
	struct link *l = ctx;

	outage_hold(s, &l->outage, broken);
	turn_link(s, l->all, l);
}

void backhaul_serves(struct sim *s, struct backhaul *b, uint32_t site)
{
	uint32_t n;

	for (uint8_t k = 0; b && site != ASSET_NONE && k < b->n; k++)
		asset_add(s, &(struct asset){ .kind = ASSET_BACKHAUL,
					      .element = b->link[k]->element,
					      .name = b->link[k]->element->id,
					      .key = rng_mix(b->link[k]->element->key ^ assets_of(s, &n)[site].key),
					      .at = assets_of(s, &n)[site].at,
					      .placed = assets_of(s, &n)[site].placed,
					      .site = site,
					      .fn = on_broken,
					      .ctx = b->link[k] });
}

/* ---- a replication ---- */

static void setup(struct sim *s, const struct scenario *sc)
{
	struct ways *w = sim_alloc(s, 1, sizeof *w);

	(void)sc;
	if (!w)
		return;
	w->kind_change = sim_handler(s, "backhaul.change", on_change, w);
	w->kind_switch = sim_handler(s, "backhaul.switch", on_switch, w);
	sim_set_state(s, &backhaul_model, w);
}

static bool grow(struct sim *s, struct ways *w)
{
	uint32_t cap = w->cap ? 2 * w->cap : 16;
	struct backhaul **way = sim_alloc(s, cap, sizeof(struct backhaul *));

	if (!way)
		return false;
	for (uint32_t i = 0; i < w->n; i++)
		way[i] = w->way[i];
	w->way = way;
	w->cap = cap;
	return true;
}

struct backhaul *backhaul_of(struct sim *s, const struct node *element, uint64_t site_key)
{
	struct ways *w = sim_state(s, &backhaul_model);
	struct backhaul *b;

	if (!element)
		return NULL;
	BUG_ON(s, !w || element->model != &backhaul_model);
	b = sim_alloc(s, 1, sizeof *b);
	if (!b || (w->n == w->cap && !grow(s, w)))
		return NULL;
	for (const struct node *e = element; e; e = ((const struct backhaul_params *)e->par)->backup) {
		struct link *l = link_new(s, w, e, site_key);
		if (!l)
			return NULL;
		l->way = b;
		l->place = b->n;
		b->link[b->n++] = l;
	}
	b->active = first_up(b);
	b->index = w->n;
	w->way[w->n++] = b;
	return b;
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct ways *w = sim_state(s, &backhaul_model);

	(void)sc;
	for (uint32_t i = 0; w && i < w->n; i++) {
		struct backhaul *b = w->way[i];
		for (uint8_t k = 0; k < b->n; k++)
			outage_start(s, &b->link[k]->outage);
		if (b->active == NO_LINK && b->watch)
			b->watch(s, b->watch_ctx, false);
	}
}

simtime_t backhaul_offer(struct sim *s, struct backhaul *b, unsigned bytes, enum fate *fate)
{
	bool down;

	if (!b)
		return 0;
	down = b->active == NO_LINK;
	return link_offer(s, b->link[down ? 0 : b->active], bytes, down, fate);
}

simtime_t backhaul_latency(struct sim *s, const struct backhaul *b)
{
	return b ? link_delay(s, b->link[b->active == NO_LINK ? 0 : b->active]) : 0;
}

bool backhaul_up(const struct backhaul *b)
{
	return !b || b->active != NO_LINK;
}

simtime_t backhaul_up_time(const struct sim *s, const struct backhaul *b)
{
	simtime_t up = s->now > s->warmup ? s->now - s->warmup : 0, backup;

	if (b)
		way_times(s, b, &up, &backup);
	return up;
}

void backhaul_watch(struct sim *s, struct backhaul *b, path_change_fn *fn, void *ctx)
{
	if (!b)
		return;
	BUG_ON(s, b->watch);
	b->watch = fn;
	b->watch_ctx = ctx;
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct ways *w = sim_state(s, &backhaul_model);

	if (w && w->n)
		ways_report(s, sc, w);
}

const struct model backhaul_model = {
	.name = "backhaul",
	.example = "id=\"fibre\" latency=\"4ms\" capacity=\"1Gbps\" availability=\"99.95%\" repair=\"4h\"",
	.doc = "A link between gateways and the city's servers: medium, latency, capacity, queue, outages and backup.  Every gateway "
	       "that names it has one of its own.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct backhaul_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = ways_kpis,
	.n_kpis = WAYS_KPIS,
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
