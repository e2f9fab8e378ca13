/*
 * account - what is counted of frames, and what it comes to: KPIs, the audit, curves, the map's gateways.
 */
#include <string.h>

#include "models/city/cost.h"
#include "models/network/lorawan/lorawan_private.h"

enum {
	K_FRAME_RATIO, K_COVERAGE, K_SF_RATIO, K_INTERFERENCE = K_SF_RATIO + LORA_SFS, K_NO_DEMODULATOR, K_UNDER_SENSITIVITY,
	K_GATEWAY_SENDING, K_ACK_RATIO, K_COPY_RATIO, K_FRAMES_PER_MESSAGE, K_DOWN_SENT, K_DOWN_DROPPED, K_DOWN_HEARD,
	K_GATEWAYS_PER_FRAME, K_JOIN_TIME, K_JOIN_TRIALS, K_MEAN_SF, K_JOINS_REFUSED, K_JOINS_LATE, K_GATEWAY_AIRTIME, K_COUNT
};
_Static_assert((int)K_COUNT == (int)LORAWAN_KPIS, "one row a KPI");

#define SF_ROW(n) { "lorawan.frame-ratio-sf" #n, "1", \
	"frames of SF" #n " received by at least one gateway / frames of SF" #n " sent", NULL, KPI_HIGHER, true }

const struct kpi_def lorawan_kpis[LORAWAN_KPIS] = {
	[K_FRAME_RATIO] = { "connectivity.frame-ratio", "1",
		"radio frames received by at least one gateway / frames sent, join requests and repeats included", NULL, KPI_HIGHER, false },
	[K_COVERAGE] = { "connectivity.coverage", "1",
		"devices with at least one link above sensitivity at the most robust data rate that they may use / devices deployed",
		"[M] U4SSC EC: ICT: ICT: 4C; SDG 9.c", KPI_HIGHER, false },
	[K_SF_RATIO] = SF_ROW(7), SF_ROW(8), SF_ROW(9), SF_ROW(10), SF_ROW(11), SF_ROW(12),
	[K_INTERFERENCE] = { "lorawan.lost-interference", "1", "frames lost to interference at all gateways / frames sent",
		NULL, KPI_LOWER, true },
	[K_NO_DEMODULATOR] = { "lorawan.lost-no-demodulator", "1",
		"frames that found no free demodulator at any gateway in reach / frames sent", NULL, KPI_LOWER, true },
	[K_UNDER_SENSITIVITY] = { "lorawan.lost-no-coverage", "1", "frames below every gateway's sensitivity / frames sent",
		NULL, KPI_LOWER, true },
	[K_GATEWAY_SENDING] = { "lorawan.lost-gateway-sending", "1",
		"frames lost because the gateways in reach were sending / frames sent", NULL, KPI_LOWER, true },
	[K_ACK_RATIO] = { "lorawan.ack-ratio", "1", "confirmed messages acknowledged / confirmed messages begun", NULL,
		KPI_HIGHER, true },
	[K_COPY_RATIO] = { "lorawan.copy-ratio", "1",
		"confirmed messages with at least one frame received by a gateway / confirmed messages begun", NULL,
		KPI_HIGHER, true },
	[K_FRAMES_PER_MESSAGE] = { "lorawan.frames-per-message", "1",
		"frames sent for confirmed messages, repeats included / confirmed messages begun", NULL, KPI_LOWER, true },
	[K_DOWN_SENT] = { "lorawan.downlinks-sent", "1", "downlinks sent / downlinks that the server wanted", NULL,
		KPI_HIGHER, true },
	[K_DOWN_DROPPED] = { "lorawan.downlinks-dropped", "1",
		"downlinks for which no gateway was free and allowed to send / downlinks that the server wanted", NULL,
		KPI_LOWER, true },
	[K_DOWN_HEARD] = { "lorawan.downlinks-heard", "1", "downlinks that reached their device / downlinks sent", NULL,
		KPI_HIGHER, true },
	[K_GATEWAYS_PER_FRAME] = { "lorawan.gateways-per-frame", "1", "gateways that received a frame, mean over received frames",
		NULL, KPI_HIGHER, true },
	[K_JOIN_TIME] = { "lorawan.join-time", "s", "power-on to join accept, mean over joins", NULL, KPI_LOWER, true },
	[K_JOIN_TRIALS] = { "lorawan.join-requests", "1", "join requests sent / joins done", NULL, KPI_LOWER, true },
	[K_JOINS_REFUSED] = { "lorawan.joins-refused", "1",
		"join requests refused, for their DevNonce or by whoever vouches for devices / join requests at the join server",
		NULL, KPI_LOWER, true },
	[K_JOINS_LATE] = { "lorawan.joins-late", "1",
		"join requests on which the verdict came after both receive windows / join requests at the join server",
		NULL, KPI_LOWER, true },
	[K_MEAN_SF] = { "lorawan.mean-sf", "1", "spreading factor, mean over LoRa frames sent", NULL, KPI_NEITHER, true },
	[K_GATEWAY_AIRTIME] = { "lorawan.gateway-airtime", "1",
		"share of time in which a gateway sends downlinks, mean over gateways", NULL, KPI_LOWER, true },
};

static const struct curve_def channel_use = { "channel-use", "Channel use over the day", "hour of the day (UTC)", "h",
					      "airtime offered per channel", "Erlang", false };
static const struct curve_def sf_share = { "spreading-factors", "Frames by spreading factor", "spreading factor", "",
					   "share of the frames sent", "%", false };

static const struct curve_def diversity = { "reception-diversity", "Gateways that hear a frame", "gateways", "",
					    "share of the received frames", "%", false };

const struct section lorawan_sections[LORAWAN_SECTIONS] = {
	{ SECTION_CURVE, "Channel use over the day", "channel-use",
	  "Airtime that devices offer on each uplink channel, by hour of the day; 1 Erlang would be a channel never silent." },
	{ SECTION_CURVE, "Spreading factors", "spreading-factors",
	  "The share of frames sent at each spreading factor: slow frames reach further, last longer and collide more." },
	{ SECTION_CURVE, "Gateways that hear a frame", "reception-diversity",
	  "Received frames by the number of gateways that received them: more than one is what protects against a gateway's loss." },
	{ SECTION_AUDIT, "Frames", "frames", "Every frame sent is received, lost for one cause, or on the air at the end." },
};

bool lw_account_new(struct sim *s, struct lorawan *lw)
{
	lw->counts = sim_alloc(s, lw->groups->n_cells, sizeof *lw->counts);
	lw->channel_airtime = sim_alloc(s, (size_t)lw->n_channels * 24, sizeof *lw->channel_airtime);
	return lw->counts && lw->channel_airtime;
}

void lw_count_frame(struct sim *s, struct lorawan *lw, const struct lw_uplink *u)
{
	lw->frames_begun++;
	if (s->now < s->warmup)
		return;
	struct lw_counts *c = &lw->counts[u->cell];
	c->sent++;
	c->sent_sf[lw_row(lw, u->dr)] += rate_is_lora(&lw->region->dr[u->dr]);
	if (u->confirmed && u->counted)
		c->frames_of_messages++;
	unsigned hour = (unsigned)((lw->start_of_day + s->now) / SIM_HOUR % 24);
	lw->channel_airtime[u->channel * 24u + hour] += sim_seconds(u->end - u->start);
}

void lw_count_end(struct lorawan *lw, struct lw_uplink *u)
{
	struct lw_counts *c = &lw->counts[u->cell];
	bool counted = u->start >= lw->warmup;

	if (u->n_heard == 0) {
		lw->frames_lost[u->fate]++;
		c->lost[u->fate] += counted;
		return;
	}
	lw->frames_received++;
	if (counted) {
		c->received++;
		c->received_sf[lw_row(lw, u->dr)] += rate_is_lora(&lw->region->dr[u->dr]);
		c->copies += u->n_heard;
		lw->heard_by[u->n_heard < LW_HEARD_MAX ? u->n_heard : LW_HEARD_MAX]++;
	}
	if (u->confirmed && !u->copied && u->counted)
		c->messages_copied++;
	u->copied = true;
}

static void add(struct lw_counts *into, const struct lw_counts *from)
{
	into->sent += from->sent;
	into->received += from->received;
	into->copies += from->copies;
	for (int f = 0; f < FATES; f++)
		into->lost[f] += from->lost[f];
	for (int i = 0; i < LORA_SFS; i++) {
		into->sent_sf[i] += from->sent_sf[i];
		into->received_sf[i] += from->received_sf[i];
	}
	into->messages += from->messages;
	into->messages_copied += from->messages_copied;
	into->acked += from->acked;
	into->frames_of_messages += from->frames_of_messages;
	into->covered += from->covered;
	into->deployed += from->deployed;
}

static double ratio(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

static void kpi(struct sim *s, int k, const char *group, double value)
{
	report_kpi(s->report, &lorawan_kpis[k], group, value);
}

static void report_group(struct sim *s, const char *g, const struct lw_counts *c)
{
	double sf = 0, lora = 0;

	kpi(s, K_FRAME_RATIO, g, ratio(c->received, c->sent));
	kpi(s, K_COVERAGE, g, ratio(c->covered, c->deployed));
	for (unsigned i = 0; i < LORA_SFS; i++) {
		kpi(s, K_SF_RATIO + (int)i, g, ratio(c->received_sf[i], c->sent_sf[i]));
		sf += (double)c->sent_sf[i] * (LORA_SF_MIN + i);
		lora += (double)c->sent_sf[i];
	}
	kpi(s, K_INTERFERENCE, g, ratio(c->lost[FATE_INTERFERENCE], c->sent));
	kpi(s, K_NO_DEMODULATOR, g, ratio(c->lost[FATE_NO_DEMODULATOR], c->sent));
	kpi(s, K_UNDER_SENSITIVITY, g, ratio(c->lost[FATE_NO_COVERAGE], c->sent));
	kpi(s, K_GATEWAY_SENDING, g, ratio(c->lost[FATE_RECEIVER_SENDING], c->sent));
	kpi(s, K_ACK_RATIO, g, ratio(c->acked, c->messages));
	kpi(s, K_COPY_RATIO, g, ratio(c->messages_copied, c->messages));
	kpi(s, K_FRAMES_PER_MESSAGE, g, ratio(c->frames_of_messages, c->messages));
	kpi(s, K_GATEWAYS_PER_FRAME, g, ratio(c->copies, c->received));
	kpi(s, K_MEAN_SF, g, lora > 0 ? sf / lora : NAN);
}

static void report_downs(struct sim *s, const struct lorawan *lw)
{
	static const char downs[] = "messages to devices";

	report_audit(s->report, downs, "messages", AUDIT_IN, "handed to the server", (double)lw->down_asked);
	for (int f = 0; f < FATES; f++)
		if (lw->down_fate[f])
			report_audit(s->report, downs, "messages", AUDIT_OUT, fate_name((enum fate)f),
				     (double)lw->down_fate[f]);
	report_audit(s->report, downs, "messages", AUDIT_OUT, "held at the end", (double)lw_parked_down(lw));
}

static void report_joins(struct sim *s, const struct lorawan *lw)
{
	const struct {
		const char *label;
		double value;
	} rows[] = {
		{ "accepted, if a window is found", (double)lw->joins_passed },
		{ "refused: DevNonce used before", (double)lw->joins_replayed },
		{ "refused: not vouched for", (double)lw->joins_refused },
		{ "vouched for too late", (double)lw->joins_late },
		{ "device gone", (double)lw->joins_gone },
		{ "verdict awaited at the end", (double)lw_admit_held(lw) },
	};

	report_audit(s->report, "join requests", "requests", AUDIT_IN, "at the join server", (double)lw->joins_received);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		report_audit(s->report, "join requests", "requests", AUDIT_OUT, rows[i].label, rows[i].value);
}

static void report_multicast(struct sim *s, const struct lorawan *lw)
{
	static const char frames[] = "multicast frames", members[] = "multicast members";
	const struct lw_multicasts *k = lw->multicasts;

	report_audit(s->report, frames, "frames", AUDIT_IN, "to be sent, gateways apart", (double)k->wanted);
	report_audit(s->report, frames, "frames", AUDIT_OUT, "sent", (double)k->sent);
	report_audit(s->report, frames, "frames", AUDIT_OUT, "not sent, without power or backhaul", (double)k->missed);
	report_audit(s->report, frames, "frames", AUDIT_OUT, "not yet sent at the end", (double)lw_multicast_left(lw));
	report_audit(s->report, members, "devices", AUDIT_IN, "members of sessions", (double)k->members);
	report_audit(s->report, members, "devices", AUDIT_OUT, "told what they have", (double)k->told);
	report_audit(s->report, members, "devices", AUDIT_OUT, "in a session at the end", (double)(k->members - k->told));
}

static void report_audit_of(struct sim *s, const struct lorawan *lw)
{
	static const char frames[] = "frames", arrivals[] = "frames at gateways";
	static const char *const outcome[RECEPTIONS] = { "received", "interfered", "no demodulator", "under sensitivity",
							 "gateway sending" };
	uint64_t on_air = 0, at_gateways = 0;

	for (uint32_t i = 0; i < lw->n_slots; i++) {
		const struct lw_uplink *u = lw_slot(lw, i);
		if (u->refs && u->on_air) {
			on_air++;
			at_gateways += u->n_heard;
		}
	}
	report_audit(s->report, frames, "frames", AUDIT_IN, "sent", (double)lw->frames_begun);
	report_audit(s->report, frames, "frames", AUDIT_OUT, "received", (double)lw->frames_received);
	for (int f = 0; f < FATES; f++)
		if (lw->frames_lost[f])
			report_audit(s->report, frames, "frames", AUDIT_OUT, fate_name((enum fate)f),
				     (double)lw->frames_lost[f]);
	report_audit(s->report, frames, "frames", AUDIT_OUT, "on the air at the end", (double)on_air);
	if (lw->down_asked)
		report_downs(s, lw);
	if (lw->joins_received)
		report_joins(s, lw);
	if (lw->multicasts)
		report_multicast(s, lw);
	report_audit(s->report, arrivals, "frames", AUDIT_IN, "arrived", (double)lw->arrivals);
	for (int r = 0; r < RECEPTIONS; r++)
		report_audit(s->report, arrivals, "frames", AUDIT_OUT, outcome[r], (double)lw->arrivals_by[r]);
	report_audit(s->report, arrivals, "frames", AUDIT_OUT, "gateway without power", (double)lw->arrivals_cut);
	report_audit(s->report, arrivals, "frames", AUDIT_OUT, "on the air at the end", (double)at_gateways);
}

static void report_gateways(struct sim *s, const struct lorawan *lw, const struct city *city)
{
	double airtime = 0, counted = sim_seconds(s->now - s->warmup);

	for (uint32_t i = 0; i < lw->n_gateways; i++) {
		const struct lw_gateway *g = &lw->gateways[i];
		double lonlat[2];
		airtime += sim_seconds(g->down_airtime);
		city_lonlat(city, g->site.at, &lonlat[0], &lonlat[1]);
		report_feature(s->report, "gateways", g->name, lw->node->id, 1, lonlat, "frames-received",
			       (double)g->heard);
	}
	if (counted > 0 && lw->n_gateways)
		kpi(s, K_GATEWAY_AIRTIME, lw->network_group, airtime / counted / lw->n_gateways);
}

static void report_curves(struct sim *s, const struct lorawan *lw, const struct lw_counts *all, bool several)
{
	double hours[24] = { 0 };
	char name[96];

	/* seconds counted in each hour of the day */
	for (simtime_t t = s->warmup; t < s->now;) {
		simtime_t of_day = (lw->start_of_day + t) % SIM_DAY, next = t + SIM_HOUR - of_day % SIM_HOUR;
		if (next > s->now)
			next = s->now;
		hours[of_day / SIM_HOUR] += sim_seconds(next - t);
		t = next;
	}
	for (unsigned ch = 0; ch < lw->n_channels; ch++) {
		static const char *const width[GATEWAY_PATHS] = { "", " wide", " FSK" };
		snprintf(name, sizeof name, "%.7g MHz%s%s%s", lw->channel_hz[ch] * 1e-6, width[lw->channel_path[ch]],
			 several ? ", " : "", several ? lw->node->id : "");
		for (int h = 0; h < 24; h++)
			if (hours[h] > 0 && lw->n_channels <= 16)
				report_curve(s->report, &channel_use, name, h + 0.5,
					     lw->channel_airtime[ch * 24u + (unsigned)h] / hours[h]);
	}
	for (unsigned i = 1; i <= LW_HEARD_MAX && i <= lw->n_gateways && all->received; i++)
		report_curve(s->report, &diversity, lw->network_group, i, 100 * ratio(lw->heard_by[i], all->received));
	for (unsigned i = 0; i < LORA_SFS && all->sent; i++)
		report_curve(s->report, &sf_share, lw->network_group, LORA_SF_MIN + i,
			     100 * ratio(all->sent_sf[i], all->sent));
}

/* The network's parts and what it carried, for their prices. */
static void report_costs(struct sim *s, const struct lorawan *lw)
{
	cost_units(s, lw->node, 1);
	cost_traffic(s, lw->node, (double)lw->carried, (double)lw->carried_bytes);
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		cost_units(s, lw->gateways[i].element, 1);
}

/* By group, over all networks: a network's own group is about its frames alone, the others about all frames of their devices.  A
 * device whose class uses two counts in the coverage of each. */
void lw_account_groups(struct sim *s, struct lorawan *const *all, size_t n)
{
	const struct groups *groups = all[0]->groups;

	for (uint32_t g = 0; g < groups->n; g++) {
		struct lw_counts sum = { 0 };
		bool of_network = strncmp(groups->name[g], "network=", 8) == 0;
		for (size_t k = 0; k < n; k++) {
			if (of_network && strcmp(groups->name[g], all[k]->network_group) != 0)
				continue;
			for (uint32_t c = 0; c < groups->n_cells; c++)
				if (groups->member[g][c])
					add(&sum, &all[k]->counts[c]);
		}
		report_group(s, groups->name[g], &sum);
	}
}

void lw_account_count(struct sim *s, struct lorawan *lw)
{
	for (uint32_t g = 0; g < lw->n_gateways; g++)
		if (gateway_starved(lw->gateways[g].rx))
			sim_fail(s, SIM_E_NOMEM, "out of memory for the frames at a gateway");
	for (uint32_t i = 0; i < lw->n_devices; i++) {
		struct lw_counts *c = &lw->counts[lw->device[i].cell];
		if (!lw->classes[lw->device[i].class_of].served || !device_in_field(lw->devices->state[i]))
			continue;
		c->deployed++;
		c->covered += (lw->device[i].flags & LW_COVERED) != 0;
	}
}

void lw_account_finish(struct sim *s, const struct lorawan *lw, const struct city *city, bool several)
{
	const char *own = lw->network_group;
	struct lw_counts all = { 0 };

	for (uint32_t c = 0; c < lw->groups->n_cells; c++)
		add(&all, &lw->counts[c]);
	if (all.covered < all.deployed)
		report_warning(s->report, "lorawan",
			       "%.3g %% of the devices of %s have no gateway in reach, not even at the most robust "
			       "data rate",
			       100 * (1 - ratio(all.covered, all.deployed)), lw->node->id);
	kpi(s, K_DOWN_SENT, own, ratio(lw->downs_sent[1] + lw->downs_sent[2], lw->downs_wanted));
	kpi(s, K_DOWN_DROPPED, own, ratio(lw->downs_dropped, lw->downs_wanted));
	kpi(s, K_DOWN_HEARD, own, ratio(lw->downs_heard, lw->downs_sent[1] + lw->downs_sent[2]));
	kpi(s, K_JOIN_TIME, own, lw->join_time.n ? lw->join_time.mean : NAN);
	kpi(s, K_JOIN_TRIALS, own, ratio(lw->joins_tried, lw->joins_done));
	if (lw->vouched || node_given(lw->node, "version") || node_given(lw->node, "dev-nonce")) {
		kpi(s, K_JOINS_REFUSED, own, ratio(lw->joins_refused + lw->joins_replayed, lw->joins_received));
		kpi(s, K_JOINS_LATE, own, ratio(lw->joins_late, lw->joins_received));
	}
	report_costs(s, lw);
	report_audit_of(s, lw);
	report_gateways(s, lw, city);
	report_curves(s, lw, &all, several);
	report_fact(s->report, "LoRaWAN", "%s, %u gateways, %u uplink channels, %llu radio links", lw->region->name,
		    lw->n_gateways, lw->n_channels, (unsigned long long)lw->n_links);
}
