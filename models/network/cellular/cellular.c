/* The elements <nb-iot>, <lte-m>, <lte>, <sites>, <site>, and the set-up of a replication. */
#include "models/network/cellular/cellular_private.h"
#include "models/network/asset.h"

static const char *const operators[] = { "public", "captive", NULL };
static const char *const detections[] = { "power-ramping", "constant", NULL };

static const char *const formats[] = { "fastest", "narrowest", NULL };
static const char *const registrations[] = { "attach", "done", NULL };
static const char *const savings[] = { "psm", "edrx", "none", NULL };

/* One table for all technologies but for these defaults. */
#define S struct cellular_params
#define ROWS(frequency_, detection_, request_, request_rtt_, resolution_rtt_, cycle_, window_) \
	CHOICE(S, operator, "public", operators, \
	       "public: of an operator, who carries others' traffic too; captive: the city's own", NULL), \
	FREQUENCY(S, frequency, frequency_, "100MHz", "100GHz", "carrier, for path loss", "[M] common bands"), \
	BYTES(S, mtu, "1358B", "1B", "65535B", "largest message", "[M] TS 23.401: IP packets that need not be cut"), \
	BYTES(S, mtu_down, "64KiB", "1B", "1MiB", "largest message to a device: a piece of a download, cut into packets of mtu", NULL), \
	COUNT(S, buffer, "16", "1", "255", "messages that a device keeps while it gets access; further ones are lost", NULL), \
	COUNT(S, down_buffer, "16", "1", "255", "messages to a device that wait until it can be reached; further ones are lost", NULL), \
	CHOICE(S, detection, detection_, detections, \
	       "of a preamble nobody else has sent: power-ramping: 1 - exp(-i) for the i-th of an access", "TR 37.868"), \
	RATIO(S, detection_probability, "99%", "1%", "100%", "of a preamble, for detection=\"constant\"", \
	      "[M] TS 36.104, 8.4: 1 % missed"), \
	TIME(S, preamble_processing, "2ms", "0s", "1s", "from a preamble's end until it is detected", "TR 37.868"), \
	TIME(S, response_processing, "5ms", "0s", "1s", "from the response to msg3", "TR 37.868"), \
	TIME(S, request_transmission, request_, "0s", "10s", \
	     "msg3, its processing, and msg4, where none is repeated; absent: what the coupling loss makes of them", "TR 37.868"), \
	TIME(S, request_rtt, request_rtt_, "0s", "10s", "between transmissions of msg3; absent: as they last", "TR 37.868"), \
	TIME(S, resolution_rtt, resolution_rtt_, "0s", "10s", "between transmissions of msg4; absent: as they last", "TR 37.868"), \
	RATIO(S, harq_error, "10%", "0%", "99%", "msg3 and msg4: a transmission fails", "TR 37.868"), \
	COUNT(S, harq_transmissions, "5", "1", "28", "of msg3 and of msg4 at the most", "TR 37.868"), \
	TIME(S, resolution_timer, "48ms", "1ms", "100s", "after a lost msg3 or msg4 until the next attempt", "TR 37.868"), \
	RATIO(S, barring_factor, "100%", "1%", "100%", "access class barring: share that may begin an access; 100 %: no barring", \
	      "TS 36.331, 5.3.3.11"), \
	TIME(S, barring_time, "4s", "0s", "10min", "who is barred asks again after 0.7 to 1.3 times this", \
	     "TS 36.331, 5.3.3.11"), \
	COUNT(S, barring_limit, "", "1", "250", "barred more often, a device gives its messages up; absent: never", NULL), \
	COUNT(S, carriers, "1", "1", "100", "carriers of a sector; random access is on the first", NULL), \
	RATIO(S, background_load, "0%", "0%", "95%", "share of a public operator's carriers that others' traffic takes", NULL), \
	CHOICE(S, uplink_format, "fastest", formats, "of an uplink where several carry it: fastest, or least of the carrier", NULL), \
	BYTES(S, overhead, "29B", "0B", "1KiB", "added to every message: CoAP, DTLS, UDP, IP compressed, SNDCP or RLC", \
	      "[M] TR 45.820: 29 B with, 65 B without header compression"), \
	BYTES(S, set_up_uplink, "0B", "0B", "4KiB", "signalling of a connection beyond msg5; 0: data goes with msg5", \
	      "[M] TS 36.331: control-plane CIoT optimisation; user plane about 120 B"), \
	BYTES(S, set_up_downlink, "0B", "0B", "4KiB", "the same, beyond msg4; user plane about 150 B", "[M] TS 36.331"), \
	BYTES(S, answer, "29B", "0B", "4KiB", "downlink that acknowledges a confirmed message", "[M] TR 45.820: headers alone"), \
	TIME(S, patience, "1min", "1ms", "1d", "a transfer that would wait longer for the carrier is refused", NULL), \
	CHOICE(S, registration, "attach", registrations, \
	       "attach: a device that powers on registers over the air; done: it is known to the network", NULL), \
	TIME(S, attach_spread, "10min", "0s", "7d", "registration begins within so much of power-on, uniformly", \
	     "[M] common firmware practice"), \
	BYTES(S, attach_uplink, "150B", "1B", "4KiB", "signalling of a registration, up", "[M] TS 24.301: attach, authentication"), \
	BYTES(S, attach_downlink, "200B", "1B", "4KiB", "the same, down", "[M] TS 24.301"), \
	BYTES(S, update_size, "20B", "1B", "1KiB", "a periodic tracking area update, and its answer", "[M] TS 24.301"), \
	TIME(S, inactivity, "0s", "0s", "10min", "after its last transfer a device is kept connected; 0: released at once", \
	     "[M] TS 24.301: release assistance"), \
	CHOICE(S, power_saving, "psm", savings, \
	       "psm: asleep after the active time; edrx: listens for a window in each cycle; none: always", NULL), \
	TIME(S, active_time, "20s", "0s", "11160s", "T3324: before it sleeps a device can be paged", "[M] TR 45.820: ready timer"), \
	TIME(S, paging_cycle, "2.56s", "320ms", "10.24s", "a device that listens can be paged once in this", "[M] TS 36.304"), \
	TIME(S, update_period, "24h", "2s", "413d", "T3412: after silence a device updates its registration", "[M] TS 24.008"), \
	TIME(S, cycle, cycle_, "5.12s", "10485.76s", "eDRX cycle", "[M] TS 24.008, table 10.5.5.32"), \
	TIME(S, window, window_, "1.28s", "40.96s", "paging time window of eDRX", "[M] TS 24.008, table 10.5.5.32"), \
	RATIO(S, multicast_share, "25%", "1%", "100%", "of a carrier's downlink that a multicast takes at the most while it lasts", \
	      "[M] scheduling period of SC-MTCH"), \
	DB(S, multicast_loss, "", "60dB", "200dB", \
	   "coupling loss that a multicast is made robust for: more hears nothing; absent: that of the class of a sector's worst member", NULL), \
	BYTES(S, background_packet, "100B", "1B", "1358B", \
	      "packet, headers included, of traffic that is not simulated message by message", "[M] TCP SYN 60 B to HTTP request"), \
	WATT(S, tx_draw, "545mW", "0W", "100W", "while a device sends, of classes without <power>", "[M] TR 45.820: 23 dBm"), \
	WATT(S, rx_draw, "90mW", "0W", "100W", "while it receives", "[M] TR 45.820"), \
	WATT(S, idle_draw, "3mW", "0W", "100W", "while it is awake and does neither", "[M] TR 45.820")

/* TS 36.211 fixes NB-IoT's. */
#define PREAMBLE TIME(S, preamble, "1ms", "100us", "100ms", "a preamble without repetitions", "TR 37.868")

static const struct param nb_iot_rows[] = { ROWS("900MHz", "constant", "", "", "", "81.92s", "2.56s") };
static const struct param lte_m_rows[] = { PREAMBLE, ROWS("900MHz", "constant", "", "", "", "81.92s", "1.28s") };
static const struct param lte_rows[] = { PREAMBLE, ROWS("2GHz", "power-ramping", "6ms", "8ms", "5ms", "81.92s", "1.28s") };
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
	REF(S, backhaul, "", "backhaul", "the way to the core; none: ideal"), \
	BACKUP_ROWS

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

/* An attribute stands where no such way of saving power reads it. */
static void check_saving(const struct node *n, const struct cellular_params *p, struct diag *d)
{
	static const struct {
		const char *attribute;
		int saving;
	} read_by[] = { { "active-time", SAVING_PSM }, { "cycle", SAVING_EDRX }, { "window", SAVING_EDRX } };
	enum cellular_technology t = cell_technology(n);

	for (size_t i = 0; i < sizeof read_by / sizeof read_by[0]; i++)
		if (node_given(n, read_by[i].attribute) && p->power_saving != read_by[i].saving)
			node_error(n, d, read_by[i].attribute, "is read with power-saving=\"%s\" only",
				   savings[read_by[i].saving]);
	if (!phy_edrx_cycle(t, p->cycle))
		node_error(n, d, "cycle", "is none of the technology's: %s times a power of two up to 512",
			   t == CELLULAR_NB_IOT ? "20.48s" : "5.12s");
	if (!phy_edrx_window(t, p->window))
		node_error(n, d, "window", "is none of the technology's: 1 to 16 times %s",
			   t == CELLULAR_NB_IOT ? "2.56s" : "1.28s");
	if (p->window > p->cycle)
		node_error(n, d, "window", "is longer than the cycle");
}

static void load_network(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct cellular_params *p = n->par;
	simtime_t coded;

	(void)sc;
	if (!node_child(n, &sites_model) && !node_child(n, &site_model))
		node_warning(n, d, NULL, "has no site: nothing will be received");
	if (p->detection == DETECTION_RAMPING && node_given(n, "detection-probability"))
		node_error(n, d, "detection-probability", "is read with detection=\"constant\" only");
	if (p->barring_factor >= 1 && (node_given(n, "barring-time") || node_given(n, "barring-limit")))
		node_error(n, d, node_given(n, "barring-time") ? "barring-time" : "barring-limit",
			   "is read with a barring-factor below 100 %% only");
	if (p->operator== OPERATOR_CAPTIVE && p->background_load> 0)
		node_error(n, d, "background-load",
			   "is that of a public operator: a captive network carries its own devices alone");
	check_saving(n, p, d);
	if (phy_t3412(p->update_period) != p->update_period)
		node_error(n, d, "update-period", "cannot be coded: 1 to 31 times 2s, 30s, 1min, 10min, 1h, 10h or 320h");
	if (!phy_t3324(p->active_time, &coded) || coded != p->active_time)
		node_error(n, d, "active-time", "cannot be coded: 0 to 31 times 2s, 1min or 6min");
}

/* Positions on earth need a city that lies there, backups a grid that fails. */
static void check_site(const struct scenario *sc, struct diag *d)
{
	bool on_earth = city_on_earth(city_of(sc));

	for (const struct node *n = scenario_first(sc, &site_model); n; n = n->next_same) {
		grid_check_backup(sc, n, d);
		if (((const struct site_params *)n->par)->position.wgs84 && !on_earth)
			node_error(n, d, "position", "is in WGS84, but the city has no place on earth (give its origin)");
	}
}

static void check_sites(const struct scenario *sc, struct diag *d)
{
	bool on_earth = city_on_earth(city_of(sc));

	for (const struct node *n = scenario_first(sc, &sites_model); n; n = n->next_same) {
		const struct site_file *f = n->data;
		grid_check_backup(sc, n, d);
		if (f && f->n && f->row[0].at.wgs84 && !on_earth)
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
	cell_energy_classes(c);
	for (uint32_t i = 0; i < c->devices->n; i++)
		c->device[i].first = CELL_NONE;
	return true;
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
		  cell_links_new(s, c) && cell_capacity_new(s, c) && cell_access_new(s, c) && cell_slots_new(s, c) &&
		  cell_account_new(s, c) && cell_down_new(s, c) && cell_commands_new(s, c) && cell_casts_new(s, c);
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
		cell_register_handlers(s, c);
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

struct cellular *const *cell_networks(const struct sim *s, size_t *n)
{
	const struct networks *all = sim_state(s, &nb_iot_model);

	*n = all ? all->n : 0;
	return all ? all->c : NULL;
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct networks *all = sim_state(s, &nb_iot_model);

	for (size_t i = 0; all && i < all->n && s->status == SIM_OK; i++) {
		cell_ways_start(s, all->c[i], scenario_first(sc, &power_grid_model) || assets_may_break(s));
		cell_commands_start(s, all->c[i]);
	}
}

static void finish(struct sim *s, const struct scenario *sc)
{
	struct networks *all = sim_state(s, &nb_iot_model);

	if (!all || !all->n)
		return;
	cell_account_groups(s, all->c, all->n);
	for (size_t i = 0; i < all->n; i++)
		cell_account_finish(s, all->c[i], city_of(sc));
}

static const struct evidence evidence[] = {
	{ "random access", "TR 37.868: 5,000 to 30,000 devices, uniform and Beta(3,4); WEI15",
	  "attempts 1 %, delay 5 %, collisions 15 %; 30,000 Beta within published bands, tests/validation/valid_rach.c" },
	{ "one opportunity", "expected successes, idle and collided preambles in closed form",
	  "4 standard errors, tests/unit/network/test_rach.c" },
	{ "shared carriers", "M/D/1 waiting time in closed form", "99 % interval of the mean, tests/unit/network/test_cellular.c" },
	{ "energy of a report", "the sum of its parts by hand", "1e-9, tests/unit/network/test_cellular.c" },
	{ "air times of NB-IoT", "link tables of LENA-NB; TS 36.211, TS 36.213", "equal, tests/unit/network/test_cellular_phy.c" },
	{ "energy of a report, battery life", "sum of its steps; formula of TR 45.820, at 144, 154 and 164 dB",
	  "0.5 %; 1 %, tests/validation/valid_cellular.c" },
	{ "messages to devices", "waits for pages, eDRX windows and updates, 64 KiB of firmware, a verdict: worked out by hand",
	  "equal, tests/unit/network/test_cellular_down.c" },
	{ "background traffic", "M/D/1 at what is left of the carrier, in closed form; work by hand",
	  "99 % interval of the mean; 1e-6, tests/unit/network/test_cellular_down.c" },
	{ "multicast", "air time and share of the downlink by hand", "1e-9, tests/unit/network/test_cellular_down.c" },
	{ "sites without power", "a mean repair of an hour outlasts a backup of an hour by exp(-1) of its length; as the grid says",
	  "11.5 %; 1e-9, tests/unit/network/test_cellular_ways.c" },
	{ "devices that move", "devices that stand where an access of the moving one begins", "1e-9, tests/unit/network/test_cellular_ways.c" },
	{ "load of a sector, a full downlink", "TR 45.820: 6.81 messages a second; the downlink time of a report",
	  "99 % interval; 1 %, tests/validation/valid_cellular.c" },
};

static const struct place in_scenario[] = { { "scenario", 0, 0 } };
static const struct place in_network[] = { { "nb-iot", 0, 0 }, { "lte-m", 0, 0 }, { "lte", 0, 0 } };

#define DOC_END \
	" by coupling loss, shared uplink and downlink.  A device keeps its best sector, one that moves until its next access, for which " \
	"sector and coverage class follow from where it is then: there is no handover within a connection.  While its site has no power " \
	"a device is not served."

const struct model nb_iot_model = {
	.name = "nb-iot", .doc = "An NB-IoT network: sites with sectors, random access by opportunity, coverage classes" DOC_END,
	.places = TABLE(in_scenario), .id = ID_REQUIRED,
	.par_size = sizeof(struct cellular_params), .params = TABLE(nb_iot_rows),
	.kpis = cellular_kpis, .n_kpis = CELLULAR_KPIS, .sections = cellular_sections, .n_sections = CELLULAR_SECTIONS,
	.evidence = TABLE(evidence), .example = "id=\"nb\" operator=\"public\"",
	.load = load_network, .setup = setup, .start = start, .finish = finish,
};
const struct model lte_m_model = {
	.name = "lte-m",
	.doc = "An LTE-M network: sites with sectors, random access by opportunity, coverage enhancement" DOC_END
	       "  KPIs: as <nb-iot>.",
	.places = TABLE(in_scenario), .id = ID_REQUIRED,
	.par_size = sizeof(struct cellular_params), .params = TABLE(lte_m_rows),
	.load = load_network,
};
const struct model lte_model = {
	.name = "lte",
	.doc = "Massive access over LTE or NR: sites with sectors, 54 preambles every 5 ms, coverage" DOC_END "  KPIs: as <nb-iot>.",
	.places = TABLE(in_scenario), .id = ID_REQUIRED,
	.par_size = sizeof(struct cellular_params), .params = TABLE(lte_rows),
	.load = load_network,
};
const struct model sites_model = {
	.name = "sites", .doc = "Base stations placed by rule or from a file.", .places = TABLE(in_network), .id = ID_OPTIONAL,
	.par_size = sizeof(struct sites_params), .params = TABLE(sites_rows), .load = sites_load, .check = check_sites, .unload = site_file_unload,
	.example = "placement=\"hexagonal\" inter-site-distance=\"1732m\"",
};
const struct model site_model = {
	.name = "site", .doc = "One base station at its place.", .places = TABLE(in_network), .id = ID_OPTIONAL,
	.par_size = sizeof(struct site_params), .params = TABLE(site_rows), .check = check_site,
};
