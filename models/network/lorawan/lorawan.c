/* The elements <lorawan>, <gateways>, <gateway>, <channel>, and the set-up of a replication. */
#include "models/network/lorawan/lorawan.h"

#include <string.h>

#include "models/city/placement.h"
#include "models/network/asset.h"
#include "models/network/lorawan/lorawan_private.h"

static const char *const adr_names[] = { "things-stack", "semtech", NULL };
static const char *const sf_names[] = { "adr", "link", "7", "8", "9", "10", "11", "12", NULL };
static const char *const activation_names[] = { "otaa", "personalised", NULL };
static const char *const version_names[] = { "1.0.3", "1.0.4", "1.1", NULL };
static const char *const nonce_names[] = { "by-version", "random", "counter", NULL };
static const char *const duty_names[] = { "off-time", "from-start", "window-1h", "off", NULL };
static const char *const rejection_names[] = { "goursaud", "croce", "aloha", NULL };
static const char *const dwell_names[] = { "region", "on", "off", NULL };

#define S struct lorawan_params
static const struct param lorawan_rows[] = {
	CHOICE(S, region, "EU868", region_names, "regional parameters: channels, data rates, duty cycles", "RP002-1.0.3"),
	BOOL(S, adr, "on", "adaptive data rate, by the network server and the device", "LoRaWAN 1.0.3, 4.3.1.1"),
	CHOICE(S, adr_algorithm, "things-stack", adr_names, "how the server decides", "The Things Stack, mac/adr.go"),
	DB(S, adr_margin, "", "0dB", "40dB", "margin over the SNR floor; the algorithm's own (15 dB, 10 dB) if absent", NULL),
	CHOICE(S, spreading_factor, "adr", sf_names,
	       "adr: as ADR and joining leave it; link: the fastest whose device sensitivity the best link reaches; or fixed", NULL),
	CHOICE(S, activation, "otaa", activation_names, "join over the air, or session keys set in the factory",
	       "LoRaWAN 1.0.3, 6"),
	CHOICE(S, version, "1.0.3", version_names, "of LoRaWAN: its join requests have random DevNonces (1.0.3) or count them", "LoRaWAN 1.0.4, 6.2.5"),
	CHOICE(S, dev_nonce, "by-version", nonce_names,
	       "of join requests; the join server refuses a random one that the device has used before", "LoRaWAN 1.0.3, 6.2.4"),
	BOOL(S, cflist, "on", "join accepts carry a channel list (33 B instead of 17 B)", "LoRaMac-node"),
	TIME(S, join_spread, "10s", "0s", "7d", "a device's first join request comes within so much of power-on, uniformly",
	     "[M] common firmware practice"),
	TIME(S, rejoin, "0s", "0s", "10yr",
	     "version 1.1: a device renews its session by a rejoin request of type 0 so long after it began; 0: never",
	     "LoRaWAN 1.1, 6.2.4"),
	DBM(S, power, "", "-10dBm", "36dBm", "transmit power of devices; 14 dBm, or the region's limit if that is less, if absent",
	    "ERC 70-03"),
	CHOICE(S, duty_cycle, "off-time", duty_names,
	       "off-time: silence after a frame; from-start: from its start; window-1h: a bucket of an hour; off", "EN 300 220"),
	CHOICE(S, rejection, "goursaud", rejection_names, "what a frame survives of other spreading factors",
	       "Goursaud and Gorce 2015"),
	BOOL(S, iq_inversion, "on", "downlinks inverted, so that devices do not hear each other", "LoRaWAN 1.0.3"),
	BOOL(S, retry_lowers_rate, "on", "a confirmed message's data rate falls after every second transmission",
	     "LoRaWAN 1.0.3, 19.4"),
	COUNT(S, demodulators, "8", "1", "64", "frames of 125 kHz that a gateway can receive at once", "SX1301"),
	COUNT(S, wide_demodulators, "1", "0", "64", "frames of 250 or 500 kHz that a gateway can receive at once", "SX1301"),
	COUNT(S, fsk_demodulators, "1", "0", "64", "FSK frames that a gateway can receive at once", "SX1301"),
	BYTES(S, frame_overhead, "13B", "0B", "64B", "MHDR, FHDR, FPort and MIC of a data frame", "LoRaMac-node"),
	BYTES(S, ack_size, "12B", "0B", "64B", "a downlink without payload", "LoRaMac-node"),
	COUNT(S, window_symbols, "8", "4", "64", "symbols that an empty receive window lasts", "[M] SX1272 driver default"),
	COUNT(S, sub_band, "2", "1", "8", "US915: which eight of the 64 channels the network uses", "[M] common networks"),
	TIME(S, rx1_delay, "1s", "1s", "15s", "RECEIVE_DELAY1", "LoRaMac-node"),
	TIME(S, join_rx1_delay, "5s", "1s", "15s", "JOIN_ACCEPT_DELAY1", "LoRaMac-node"),
	TIME(S, decision, "200ms", "0s", "4s", "the server waits so long for copies before it answers",
	     "[M] The Things Stack's deduplication window"),
	DBM(S, downlink_power, "", "-10dBm", "36dBm",
	    "gateways' power in RX1, before the antenna's gain; what sub-band and region allow if absent (EU868: 14 dBm)", "ERC 70-03"),
	DBM(S, rx2_power, "", "-10dBm", "36dBm", "the same in RX2 (EU868: 27 dBm)", "ERC 70-03"),
	DB(S, noise_figure, "6dB", "0dB", "20dB", "of gateways: the SNR that ADR sees", "Semtech AN1200"),
	DB(S, snr_ceiling, "12dB", "0dB", "30dB", "SNR that gateways report at the most: stronger frames look no better to ADR",
	   "The LR-FHSS frames dataset (2024), static devices at 600 m; Bonn's conducted calibration has 9 dB"),
	COUNT(S, multicast_data_rate, "", "0", "15", "of a multicast session, on the frequency of RX2; that of RX2 if absent",
	      "LoRa Alliance TS005-1.0.0, McClassCSessionReq"),
	COUNT(S, up_queue, "4", "1", "255", "messages that wait at a device while another onboards or updates it", "unverified default"),
	COUNT(S, down_queue, "16", "1", "255", "messages that the server holds for a device", "unverified default"),
	COUNT(S, down_tries, "8", "1", "255", "downlinks that carry a message to a device until it is given up",
	      "unverified default: as many as LoRaMac-node's uplinks"),
	BOOL(S, poll_pending, "on", "a device that hears FPending sends an empty uplink as soon as it may",
	     "LoRaWAN 1.0.3, 4.3.1.4"),
	TIME(S, class_c_timeout, "8s", "0s", "1d", "class C: until what a device did not confirm is sent again",
	     "LoRaWAN 1.0.4, CLASS_C_RESP_TIMEOUT"),
	CHOICE(S, dwell_time, "region", dwell_names, "400 ms limit on uplinks (AS923)", "RP002-1.0.3"),
};
#undef S

#define S struct gateways_params
static const char *const placement_names[] = { "hexagonal", "grid", "uniform", "file", NULL };
static const struct param gateways_rows[] = {
	CHOICE(S, placement, "hexagonal", placement_names, "where they stand in the city", NULL),
	COUNT(S, count, "1", "1", "60000", "how many (file: as many as it has rows)", NULL),
	FILEPATH(S, file, "", "CSV with columns lat,lon or x,y (m), optionally id, name, height (m), gain (dB)"),
	TEXT(S, sites, "", "rows of the file that are used, separated by ';': by id, by name, or by number from 1; absent: all", NULL),
	LENGTH(S, height, "30m", "1m", "500m", "antenna above ground", "[M] typical roof"),
	DB(S, gain, "0dB", "-20dB", "30dB", "antenna gain less cable loss", NULL),
	REF(S, backhaul, "", "backhaul", "the way to the server; none: ideal"),
	BACKUP_ROWS,
};
#undef S

#define S struct gateway_params_xml
static const struct param gateway_rows[] = {
	POSITION(S, position, NULL, "where it stands"),
	LENGTH(S, height, "30m", "1m", "500m", "antenna above ground", "[M] typical roof"),
	DB(S, gain, "0dB", "-20dB", "30dB", "antenna gain less cable loss", NULL),
	REF(S, backhaul, "", "backhaul", "the way to the server; none: ideal"),
	BACKUP_ROWS,
};
#undef S

static void load_lorawan(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct lorawan_params *p = n->par;
	const struct region *r = region_by_index(p->region);
	int rx2_band = region_band(r, r->rx2_hz);

	node_derive(sc, n, d, "adr-margin", p->adr_algorithm == ADR_SEMTECH ? "10dB" : "15dB");
	node_derive(sc, n, d, "multicast-data-rate", "%g", (double)r->rx2_dr);
	node_derive(sc, n, d, "power", "%gdBm", fmin(14, r->max_eirp_dbm));
	node_derive(sc, n, d, "rx2-power", "%gdBm", rx2_band >= 0 ? r->bands[rx2_band].max_erp_dbm : r->max_eirp_dbm);

	if (!node_child(n, &gateways_model) && !node_child(n, &gateway_model))
		node_warning(n, d, NULL, "has no gateway: nothing will be received");
	for (int i = 0; i < 2 && p->activation != 0; i++)
		if (node_given(n, i ? "dev-nonce" : "version"))
			node_error(n, d, i ? "dev-nonce" : "version",
				   "is about joining, and personalised devices do not (leave it out)");
	if (p->rejoin && (p->version != VERSION_1_1 || p->activation != 0))
		node_error(n, d, "rejoin", "is of devices that join by LoRaWAN 1.1 (say version=\"1.1\")");
	if (p->rejoin && p->rejoin < 1024 * SIM_SECOND)
		node_error(n, d, "rejoin", "is more often than RejoinParamSetupReq can say (say 1024s or more)");
	if (!rate_exists(&r->dr[p->multicast_data_rate]))
		node_error(n, d, "multicast-data-rate", "is none of %s (RX2 has %d)", r->name, r->rx2_dr);
	if (p->power > r->max_eirp_dbm)
		node_error(n, d, "power", "is over the %g dBm that %s allows", r->max_eirp_dbm, r->name);
	if (p->decision >= p->rx1_delay + SIM_SECOND)
		node_warning(n, d, "decision", "comes after both receive windows: no uplink will be answered");
	lw_plan_check(sc, n, r, d);
}

static void load_gateways(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct gateways_params *p = n->par;

	site_file_load(sc, n,
		       &(struct site_request){ .file = p->file,
					       .sites = p->sites,
					       .what = "gateway",
					       .height = p->height,
					       .gain = p->gain,
					       .from_file = p->placement == 3 },
		       d);
}

/* ---- set-up of a replication ---- */

static void add_gateway(struct sim *s, struct lorawan *lw, const struct node *element, struct radio_site site,
			const struct node *backhaul, const struct backup_params *power, const char *name)
{
	struct lw_gateway *g = &lw->gateways[lw->n_gateways++];

	g->element = element;
	g->site = site;
	g->name = name;
	g->live = g->powered = g->connected = true;
	g->cut = -1;
	g->power = power;
	g->backhaul = backhaul_of(s, backhaul, site.key);
}

static uint64_t count_gateways(const struct node *n)
{
	uint64_t count = 0;

	for (const struct node *c = node_child(n, &gateways_model); c; c = node_next(c)) {
		const struct site_file *f = c->data;
		count += f ? f->n : ((const struct gateways_params *)c->par)->count;
	}
	for (const struct node *c = node_child(n, &gateway_model); c; c = node_next(c))
		count++;
	return count;
}

/* Positions on earth need a city that lies there; links name a gateway in 16 bits. */
static void check_lorawan(const struct scenario *sc, struct diag *d)
{
	static const char nowhere[] = "is in WGS84, but the city has no place on earth (give its origin)";
	bool on_earth = city_on_earth(city_of(sc));

	for (const struct node *n = scenario_first(sc, &gateways_model); n; n = n->next_same)
		grid_check_backup(sc, n, d);
	for (const struct node *n = scenario_first(sc, &gateway_model); n; n = n->next_same)
		grid_check_backup(sc, n, d);
	for (const struct node *n = scenario_first(sc, &lorawan_model); n; n = n->next_same)
		if (count_gateways(n) > UINT16_MAX)
			node_error(n, d, NULL, "has %llu gateways, more than 65535", (unsigned long long)count_gateways(n));
	for (const struct node *n = scenario_first(sc, &gateway_model); n && !on_earth; n = n->next_same)
		if (((const struct gateway_params_xml *)n->par)->position.wgs84)
			node_error(n, d, "position", nowhere);
	for (const struct node *n = scenario_first(sc, &gateways_model); n && !on_earth; n = n->next_same) {
		const struct site_file *f = n->data;
		if (f && f->n && f->row[0].at.wgs84)
			node_error(n, d, "file",
				   "has columns lat,lon, but the city has no place on earth (give its origin)");
	}
}

static void place_group(struct sim *s, struct lorawan *lw, const struct city *city, const struct node *n)
{
	const struct gateways_params *p = n->par;
	const struct site_file *f = n->data;
	size_t count = f ? f->n : p->count;
	struct point *at = sim_alloc(s, count + 1, sizeof *at);
	struct rng r = sim_rng(s, RNG_PURPOSE('l', 'w', 'g', 'w'), n->key);

	if (!at)
		return;
	if ((p->placement == 0 || p->placement == 1) && !city_lattice(city, p->placement == 0, count, at))
		sim_fail(s, SIM_E_NOMEM, "out of memory for the places of %zu gateways", count);
	for (size_t i = 0; i < count; i++) {
		size_t number = f ? f->row[i].number : i; /* the same gateway whichever others there are */
		char *name = arena_printf(s->arena, "%s-%zu", n->id ? n->id : "gateway", number + 1);
		if (f) {
			at[i] = city_locate(city, f->row[i].at);
			name = f->row[i].name ? (char *)f->row[i].name : name;
		} else if (p->placement == 2) {
			at[i] = city_draw(city, CITY_UNIFORM, &r, NULL);
		}
		add_gateway(s, lw, n,
			    (struct radio_site){ at[i], f ? f->row[i].height : p->height, f ? f->row[i].gain : p->gain,
						 rng_mix(n->key + number) },
			    p->backhaul, &p->power, name ? name : "");
	}
}

static bool place_gateways(struct sim *s, struct lorawan *lw, const struct city *city)
{
	lw->gateways = sim_alloc(s, count_gateways(lw->node) + 1, sizeof *lw->gateways);
	if (!lw->gateways)
		return false;
	for (const struct node *c = node_child(lw->node, &gateways_model); c; c = node_next(c))
		place_group(s, lw, city, c);
	for (const struct node *c = node_child(lw->node, &gateway_model); c; c = node_next(c)) {
		const struct gateway_params_xml *p = c->par;
		add_gateway(s, lw, c, (struct radio_site){ city_locate(city, p->position), p->height, p->gain, c->key },
			    p->backhaul, &p->power, c->id ? c->id : "gateway");
	}
	struct gateway_params gp = { .demodulators = { (unsigned)lw->par->demodulators,
						       (unsigned)lw->par->wide_demodulators,
						       (unsigned)lw->par->fsk_demodulators },
				     .channels = lw->n_channels,
				     .path = lw->channel_path,
				     .rejection = (enum lora_rejection)lw->par->rejection };
	for (uint8_t dr = 0; dr <= lw->region->up_last; dr++)
		if (lw->pick[dr].n)
			gp.sensitivity_mw[lw->channel_path[lw->pick[dr].channel[0]]][lw_row(lw, dr)] =
				lw_milliwatt(lw, lw->hears[dr]);
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		if (!(lw->gateways[i].rx = gateway_new(s->arena, &gp))) {
			sim_fail(s, SIM_E_NOMEM, "out of memory for gateways");
			return false;
		}
	return true;
}

static bool bind_classes(struct sim *s, struct lorawan *lw, const struct scenario *sc)
{
	lw->classes = sim_alloc(s, lw->devices->n_classes + 1u, sizeof *lw->classes);
	if (!lw->classes)
		return false;
	for (uint32_t i = 0; i < lw->devices->n_classes; i++) {
		struct lw_class *c = &lw->classes[i];
		c->class = &lw->devices->classes[i];
		c->uses = network_uses(sc, c->class->node, lw->node);
		c->served = c->uses != NULL;
		c->listens = c->served && c->uses->listening == LISTEN_C;
		for (unsigned k = 0; k < REGION_DATA_RATES; k++)
			c->tx_w[k] = device_tx_draw_w(c->class, lw->power_dbm - 0.01 * lw->reduction[k]);
	}
	return true;
}

static bool make_rows(struct sim *s, struct lorawan *lw)
{
	const struct devices *d = lw->devices;

	lw->n_devices = d->n;
	lw->device = sim_alloc(s, d->n + 1u, sizeof *lw->device);
	if (lw->n_bands > 1)
		lw->more_tat = sim_alloc(s, (size_t)d->n * (lw->n_bands - 1), sizeof *lw->more_tat);
	if (lw->par->adr)
		lw->history = sim_alloc(s, d->n + 1u, sizeof *lw->history);
	if (lw_random_nonces(lw))
		lw->nonces = sim_alloc(s, d->n + 1u, sizeof *lw->nonces);
	if (lw->par->activation == 0) {
		lw->join_since = sim_alloc(s, d->n + 1u, sizeof *lw->join_since);
		lw->join_until = sim_alloc(s, d->n + 1u, sizeof *lw->join_until);
	}
	for (uint32_t i = 0; i < d->n_classes && !lw->listener; i++)
		if (lw->classes[i].listens)
			lw->listener = sim_alloc(s, d->n + 1u, sizeof *lw->listener);
	if (s->status != SIM_OK)
		return false;
	for (uint32_t i = 0; i < d->n; i++) {
		lw->device[i].slot = LW_NO_SLOT;
		lw->device[i].cell = d->cell[i];
		lw->device[i].class_of = d->class_of[i];
	}
	return true;
}

static struct lorawan *new_network(struct sim *s, const struct scenario *sc, const struct node *n)
{
	struct lorawan *lw = sim_alloc(s, 1, sizeof *lw);

	if (!lw)
		return NULL;
	lw->node = n;
	lw->par = n->par;
	lw->region = region_by_index(lw->par->region);
	lw->devices = devices_of(s);
	lw->groups = groups_of(s);
	lw->radio = radio_of(s);
	lw->fades = radio_fades(lw->radio);
	lw->power_dbm = lw->par->power;
	lw->hears_uplinks = !lw->par->iq_inversion;
	lw->start_of_day = sc->run.start % 86400 * SIM_SECOND;
	lw->warmup = s->warmup;
	lw->network_group = arena_printf(s->arena, "network=%s", n->id);
	lw_plan(lw);
	bool ok = bind_classes(s, lw, sc) && make_rows(s, lw) && place_gateways(s, lw, city_of(sc)) &&
		  lw_links_build(s, lw) && lw_slots_new(s, lw) && lw_account_new(s, lw);
	return ok ? lw : NULL;
}

struct networks { size_t n; struct lorawan **lw; };

static void setup(struct sim *s, const struct scenario *sc)
{
	struct networks *all = sim_alloc(s, 1, sizeof *all);

	if (!all || !(all->lw = sim_alloc(s, scenario_count(sc, &lorawan_model) + 1, sizeof *all->lw)))
		return;
	sim_set_state(s, &lorawan_model, all);
	for (const struct node *n = scenario_first(sc, &lorawan_model); n && s->status == SIM_OK; n = n->next_same) {
		struct lorawan *lw = new_network(s, sc, n);
		if (!lw)
			return;
		lw_uplink_handlers(s, lw);
		lw_server_handlers(s, lw);
		lw_down_handlers(s, lw);
		lw_join_handlers(s, lw);
		lw_multicast_handlers(s, lw);
		network_register(s, n, &lw_ops, lw);
		all->lw[all->n++] = lw;
	}
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct networks *all = sim_state(s, &lorawan_model);

	for (size_t i = 0; all && i < all->n; i++)
		if (!lw_ways_count(s, all->lw[i], scenario_first(sc, &power_grid_model) || assets_may_break(s)))
			return;
}

static void finish(struct sim *s, const struct scenario *sc)
{
	struct networks *all = sim_state(s, &lorawan_model);

	if (!all || !all->n)
		return;
	for (size_t i = 0; i < all->n; i++)
		lw_account_count(s, all->lw[i]);
	lw_account_groups(s, all->lw, all->n);
	for (size_t i = 0; i < all->n; i++)
		lw_account_finish(s, all->lw[i], city_of(sc), all->n > 1);
}

static const struct evidence lorawan_evidence[] = {
	{ "gateway receiver", "32,190 packet outcomes of an independent packet simulator", "every outcome equal" },
	{ "time on air, sensitivities, rejection", "published tables and formulas", "exact" },
	{ "frame and message ratios", "statistics of an independent packet simulator over seeds",
	  "Welch's test with Holm's correction at 1 %, or 0.03" },
	{ "joining: latency, budget of requests, used DevNonces", "sums of times on air, the standard's budget, 1 - prod (1 - i / 2^16)",
	  "exact; four standard deviations, tests/validation/valid_onboarding_lorawan.c" },
	{ "messages to devices: windows, queue, class C", "worked out by hand", "2 ns, tests/unit/network/test_lorawan_down.c" },
	{ "collisions without capture", "pure ALOHA, exp(-2 lambda T)", "within the 99 % interval" },
};

static const struct place in_scenario[] = { { "scenario", 0, 0 } };
static const struct place in_lorawan[] = { { "lorawan", 0, 0 } };

const struct model lorawan_model = {
	.name = "lorawan",
	.doc = "A LoRaWAN network: devices of class A or C, gateways, network and join server.",
	.places = TABLE(in_scenario), .id = ID_REQUIRED,
	.par_size = sizeof(struct lorawan_params), .params = TABLE(lorawan_rows),
	.kpis = lorawan_kpis, .n_kpis = LORAWAN_KPIS, .sections = lorawan_sections, .n_sections = LORAWAN_SECTIONS,
	.evidence = TABLE(lorawan_evidence), .example = "id=\"lpwan\" region=\"EU868\" adr=\"on\"",
	.load = load_lorawan, .check = check_lorawan, .setup = setup, .start = start, .finish = finish,
};
const struct model gateways_model = {
	.name = "gateways", .doc = "Gateways placed by rule or from a file.", .places = TABLE(in_lorawan), .id = ID_OPTIONAL,
	.par_size = sizeof(struct gateways_params), .params = TABLE(gateways_rows), .load = load_gateways,
	.unload = site_file_unload, .example = "placement=\"hexagonal\" count=\"7\" height=\"30m\" backhaul=\"fibre\"",
};
const struct model gateway_model = {
	.name = "gateway", .doc = "One gateway at its place.", .places = TABLE(in_lorawan), .id = ID_OPTIONAL,
	.par_size = sizeof(struct gateway_params_xml), .params = TABLE(gateway_rows),
};
