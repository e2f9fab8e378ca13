/* The elements <nb-iot>, <lte-m>, <lte>, <sites>, <site>, and the set-up of a replication. */
#include "models/network/cellular/cellular_private.h"

static const char *const operators[] = { "public", "captive", NULL };
static const char *const detections[] = { "power-ramping", "constant", NULL };

/* One table for all technologies but for these defaults. */
#define S struct cellular_params
#define ROWS(frequency_, preamble_, detection_, mtu_) \
	CHOICE(S, operator, "public", operators, \
	       "public: of an operator, who carries others' traffic too; captive: the city's own", NULL), \
	FREQUENCY(S, frequency, frequency_, "100MHz", "100GHz", "carrier, for path loss", "[M] common bands"), \
	DBM(S, power, "23dBm", "-10dBm", "33dBm", "transmit power of devices", "TS 36.101: power class 3"), \
	BYTES(S, mtu, mtu_, "1B", "65535B", "largest message", "[M] TS 23.401: 1358 B of IP; TS 24.301 for control-plane data"), \
	COUNT(S, buffer, "16", "1", "255", "messages that a device keeps while it gets access; further ones are lost", NULL), \
	CHOICE(S, detection, detection_, detections, \
	       "of a preamble nobody else has sent: power-ramping: 1 - exp(-i) for the i-th of an access", "TR 37.868"), \
	RATIO(S, detection_probability, "99%", "1%", "100%", "of a preamble, for detection=\"constant\"", \
	      "[M] TS 36.104, 8.4: 1 % missed"), \
	TIME(S, preamble, preamble_, "100us", "100ms", "a preamble without repetitions", \
	     "TR 37.868; NB-IoT: TS 36.211, four symbol groups"), \
	TIME(S, preamble_processing, "2ms", "0s", "1s", "from a preamble's end until it is detected", "TR 37.868"), \
	TIME(S, response_processing, "5ms", "0s", "1s", "from the response to msg3", "TR 37.868"), \
	TIME(S, request_transmission, "6ms", "0s", "10s", "msg3, its processing, and msg4, where none is repeated", \
	     "TR 37.868"), \
	TIME(S, request_rtt, "8ms", "0s", "10s", "between transmissions of msg3", "TR 37.868"), \
	TIME(S, resolution_rtt, "5ms", "0s", "10s", "between transmissions of msg4", "TR 37.868"), \
	RATIO(S, harq_error, "10%", "0%", "99%", "msg3 and msg4: a transmission fails", "TR 37.868"), \
	COUNT(S, harq_transmissions, "5", "1", "28", "of msg3 and of msg4 at the most", "TR 37.868"), \
	TIME(S, resolution_timer, "48ms", "1ms", "100s", "after a lost msg3 or msg4 until the next attempt", "TR 37.868"), \
	RATIO(S, barring_factor, "100%", "1%", "100%", "access class barring: share that may begin an access; 100 %: no barring", \
	      "TS 36.331, 5.3.3.11"), \
	TIME(S, barring_time, "4s", "0s", "10min", "who is barred asks again after 0.7 to 1.3 times this", \
	     "TS 36.331, 5.3.3.11"), \
	COUNT(S, barring_limit, "", "1", "250", "barred so often, a device gives its messages up; absent: never", NULL)

static const struct param nb_iot_rows[] = { ROWS("900MHz", "5.6ms", "constant", "1358B") };
static const struct param lte_m_rows[] = { ROWS("900MHz", "1ms", "constant", "1358B") };
static const struct param lte_rows[] = { ROWS("2GHz", "1ms", "power-ramping", "1358B") };
#undef S

static const char *const placements[] = { "hexagonal", "grid", "uniform", "file", NULL };
static const char *const sector_names[] = { "1", "3", NULL };

#define ANTENNA(S) \
	LENGTH(S, height, "30m", "1m", "500m", "antenna above ground", "[M] common macro sites"), \
	DB(S, gain, "15dB", "-20dB", "30dB", "antenna gain in the main lobe less cable loss", "[M] TR 36.942: 15 dBi"), \
	CHOICE(S, sectors, "3", sector_names, "one sector all around, or three", NULL), \
	NUMBER(S, azimuth, "30", "0", "360", "direction of the first sector, degrees from north, clockwise", NULL), \
	NUMBER(S, beam_width, "65", "10", "180", "angle over which a sector's gain is within 3 dB, degrees", "TR 38.901, 7.3"), \
	DB(S, front_to_back, "30dB", "0dB", "60dB", "the most that a sector loses away from its main lobe", "TR 38.901, 7.3"), \
	REF(S, backhaul, "", "backhaul", "the way to the core; none: ideal")

static const struct param sites_rows[] = {
	CHOICE(struct sites_params, placement, "hexagonal", placements, "where they stand in the city", NULL),
	COUNT(struct sites_params, count, "1", "1", "20000", "how many (file: as many as it has rows)", NULL),
	LENGTH(struct sites_params, inter_site_distance, "", "10m", "200km",
	       "of a lattice with a site in the middle of the city, instead of count", NULL),
	FILEPATH(struct sites_params, file, "",
		 "CSV with columns lat,lon or x,y (m), optionally id, name, height (m), gain (dB), sectors, azimuth"),
	TEXT(struct sites_params, sites, "",
	     "rows of the file that are used, separated by ';': by id, by name, or by number from 1; absent: all", NULL),
	ANTENNA(struct sites_params),
};
static const struct param site_rows[] = {
	POSITION(struct site_params, position, NULL, "where it stands"),
	ANTENNA(struct site_params),
};

static void load_network(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct cellular_params *p = n->par;

	(void)sc;
	if (!node_child(n, &sites_model) && !node_child(n, &site_model))
		node_warning(n, d, NULL, "has no site: nothing will be received");
	if (p->detection == DETECTION_RAMPING && node_given(n, "detection-probability"))
		node_error(n, d, "detection-probability", "is read with detection=\"constant\" only");
	if (p->barring_factor >= 1 && (node_given(n, "barring-time") || node_given(n, "barring-limit")))
		node_error(n, d, node_given(n, "barring-time") ? "barring-time" : "barring-limit",
			   "is read with a barring-factor below 100 %% only");
}

/* Positions on earth need a city that lies there. */
static void check_sites(const struct scenario *sc, struct diag *d)
{
	if (city_on_earth(city_of(sc)))
		return;
	for (const struct node *n = scenario_first(sc, &site_model); n; n = n->next_same)
		if (((const struct site_params *)n->par)->position.wgs84)
			node_error(n, d, "position", "is in WGS84, but the city has no place on earth (give its origin)");
	for (const struct node *n = scenario_first(sc, &sites_model); n; n = n->next_same) {
		const struct site_file *f = n->data;
		if (f && f->n && f->row[0].at.wgs84)
			node_error(n, d, "file",
				   "has columns lat,lon, but the city has no place on earth (give its origin)");
	}
}

/* ---- set-up of a replication ---- */

static bool bind_classes(struct sim *s, struct cellular *c, const struct scenario *sc)
{
	c->classes = sim_alloc(s, c->devices->n_classes + 1u, sizeof *c->classes);
	c->device = sim_alloc(s, c->devices->n + 1u, sizeof *c->device);
	if (!c->classes || !c->device)
		return false;
	for (uint32_t k = 0; k < c->devices->n_classes; k++) {
		c->classes[k].class = &c->devices->classes[k];
		c->classes[k].uses = network_uses(sc, c->devices->classes[k].node, c->node);
	}
	for (uint32_t i = 0; i < c->devices->n; i++)
		c->device[i].first = CELL_NONE;
	return true;
}

/* A site's backhaul breaks or is repaired: the devices that it serves lose or regain their way out. */
struct watch { struct cellular *c; uint32_t site; };

static void on_backhaul(struct sim *s, void *ctx, bool up)
{
	const struct watch *w = ctx;
	struct cellular *c = w->c;

	c->sites[w->site].live = up;
	for (uint32_t k = c->covered_first[w->site]; k < c->covered_first[w->site + 1]; k++)
		network_path(s, c, c->covered[k], up ? 1 : -1);
}

static uint32_t site_of(const struct cellular *c, uint32_t device)
{
	return c->site_of[c->device[device].sector];
}

/* Devices by site, by counting. */
static bool index_covered(struct sim *s, struct cellular *c)
{
	uint32_t *first = c->covered_first = sim_alloc(s, c->n_sites + 3u, sizeof *first);

	if (!first)
		return false;
	for (uint32_t i = 0; i < c->devices->n; i++)
		if (c->device[i].loss != INT16_MAX)
			first[site_of(c, i) + 2]++;
	for (uint32_t k = 0; k < c->n_sites; k++)
		first[k + 2] += first[k + 1];
	c->covered = sim_alloc(s, first[c->n_sites + 1] + 1u, sizeof *c->covered);
	if (!c->covered)
		return false;
	for (uint32_t i = 0; i < c->devices->n; i++)
		if (c->device[i].loss != INT16_MAX)
			c->covered[first[site_of(c, i) + 1]++] = i;
	return true;
}

/* Tell the ways out of each device, and watch those that can fail. */
static void count_paths(struct sim *s, struct cellular *c)
{
	bool fallible = false;

	for (uint32_t i = 0; i < c->devices->n; i++)
		if (c->device[i].loss != INT16_MAX)
			network_path(s, c, i, 1);
	for (uint32_t k = 0; k < c->n_sites; k++)
		fallible |= c->sites[k].backhaul != NULL;
	struct watch *watch = fallible ? sim_alloc(s, c->n_sites + 1u, sizeof *watch) : NULL;
	if (!watch || !index_covered(s, c))
		return;
	for (uint32_t k = 0; k < c->n_sites; k++) {
		watch[k] = (struct watch){ c, k };
		backhaul_watch(s, c->sites[k].backhaul, on_backhaul, &watch[k]);
	}
}

static struct cellular *new_network(struct sim *s, const struct scenario *sc, const struct node *n)
{
	struct cellular *c = sim_alloc(s, 1, sizeof *c);

	if (!c)
		return NULL;
	c->node = n;
	c->par = n->par;
	c->technology = cell_technology(n);
	c->devices = devices_of(s);
	c->groups = groups_of(s);
	c->radio = radio_of(s);
	c->group = arena_printf(s->arena, "network=%s", n->id);
	bool ok = bind_classes(s, c, sc) && cell_covers_new(s, c) && cell_sites_new(s, c, city_of(sc)) &&
		  cell_links_new(s, c) && cell_access_new(s, c) && cell_slots_new(s, c) && cell_account_new(s, c);
	return ok ? c : NULL;
}

struct networks { size_t n; struct cellular **c; };

static void setup_technology(struct sim *s, const struct scenario *sc, const struct model *m, struct networks *all)
{
	for (const struct node *n = scenario_first(sc, m); n && s->status == SIM_OK; n = n->next_same) {
		struct cellular *c = new_network(s, sc, n);
		if (!c)
			return;
		cell_access_handlers(s, c);
		cell_data_handlers(s, c);
		network_register(s, n, &cell_ops, c);
		all->c[all->n++] = c;
	}
}

/* Once for all technologies. */
static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &nb_iot_model) + scenario_count(sc, &lte_m_model) + scenario_count(sc, &lte_model);
	struct networks *all = n ? sim_alloc(s, 1, sizeof *all) : NULL;

	if (!all || !(all->c = sim_alloc(s, n, sizeof *all->c)))
		return;
	sim_set_state(s, &nb_iot_model, all);
	setup_technology(s, sc, &nb_iot_model, all);
	setup_technology(s, sc, &lte_m_model, all);
	setup_technology(s, sc, &lte_model, all);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct networks *all = sim_state(s, &nb_iot_model);

	(void)sc;
	for (size_t i = 0; all && i < all->n && s->status == SIM_OK; i++)
		count_paths(s, all->c[i]);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	struct networks *all = sim_state(s, &nb_iot_model);

	for (size_t i = 0; all && i < all->n; i++)
		cell_account_finish(s, all->c[i], city_of(sc));
}

static const struct evidence evidence[] = {
	{ "random access", "TR 37.868: 5,000 to 30,000 devices, uniform and Beta(3,4); WEI15",
	  "attempts 1 %, delay 5 %, collisions 15 %; 30,000 Beta within published bands, tests/validation/valid_rach.c" },
	{ "one opportunity", "expected successes, idle and collided preambles in closed form",
	  "4 standard errors, tests/unit/network/test_rach.c" },
};

static const struct place in_scenario[] = { { "scenario", 0, 0 } };
static const struct place in_network[] = { { "nb-iot", 0, 0 }, { "lte-m", 0, 0 }, { "lte", 0, 0 } };

#define DOC_END \
	" by coupling loss, shared uplink and downlink.  A device keeps its best sector for the whole run: handover is left out."

const struct model nb_iot_model = {
	.name = "nb-iot", .doc = "An NB-IoT network: sites with sectors, random access by opportunity, coverage classes" DOC_END,
	.places = TABLE(in_scenario), .id = ID_REQUIRED,
	.par_size = sizeof(struct cellular_params), .params = TABLE(nb_iot_rows),
	.kpis = cellular_kpis, .n_kpis = CELLULAR_KPIS, .sections = cellular_sections, .n_sections = CELLULAR_SECTIONS,
	.evidence = TABLE(evidence), .example = "id=\"nb\" operator=\"public\"",
	.load = load_network, .check = check_sites, .setup = setup, .start = start, .finish = finish,
};
const struct model lte_m_model = {
	.name = "lte-m",
	.doc = "An LTE-M network: sites with sectors, random access by opportunity, coverage enhancement" DOC_END
	       "  KPIs: as <nb-iot>.",
	.places = TABLE(in_scenario), .id = ID_REQUIRED,
	.par_size = sizeof(struct cellular_params), .params = TABLE(lte_m_rows),
	.load = load_network, .check = check_sites,
};
const struct model lte_model = {
	.name = "lte",
	.doc = "Massive access over LTE or NR: sites with sectors, 54 preambles every 5 ms, coverage" DOC_END "  KPIs: as <nb-iot>.",
	.places = TABLE(in_scenario), .id = ID_REQUIRED,
	.par_size = sizeof(struct cellular_params), .params = TABLE(lte_rows),
	.load = load_network, .check = check_sites,
};
const struct model sites_model = {
	.name = "sites", .doc = "Base stations placed by rule or from a file.", .places = TABLE(in_network), .id = ID_OPTIONAL,
	.par_size = sizeof(struct sites_params), .params = TABLE(sites_rows), .load = sites_load, .unload = site_file_unload,
	.example = "placement=\"hexagonal\" inter-site-distance=\"1732m\"",
};
const struct model site_model = {
	.name = "site", .doc = "One base station at its place.", .places = TABLE(in_network), .id = ID_OPTIONAL,
	.par_size = sizeof(struct site_params), .params = TABLE(site_rows),
};
