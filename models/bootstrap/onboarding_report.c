/*
 * The numbers of onboarding: KPIs by group, of servers and storms; levels over time; four balances.
 */
#include <stdio.h>
#include <string.h>

#include "models/bootstrap/onboarding_private.h"
#include "models/city/cost.h"

#define BEARS_ON "Res. 98 proposal, invites 6 (bootstrap over network-layer security)"

const struct kpi_def onboarding_kpis[ONBOARDING_KPIS] = {
	[KPI_SUCCESS] = { "onboarding.success-ratio", "1",
			  "onboarding attempts (first joins and re-joins) that ended operational ÷ attempts that ended", BEARS_ON,
			  KPI_HIGHER, false },
	[KPI_TIME_P50] = { "onboarding.time-p50", "s", "power-on, or the end of what the device held, to operational: median",
			   BEARS_ON, KPI_LOWER, false },
	[KPI_TIME_P95] = { "onboarding.time-p95", "s",
			   "power-on, or the end of what the device held, to operational: 95 % quantile", BEARS_ON, KPI_LOWER, false },
	[KPI_BYTES] = { "onboarding.bytes", "B",
			"payload of onboarding in both directions, repetitions and failed attempts included ÷ onboardings", BEARS_ON,
			KPI_LOWER, false },
	[KPI_ENERGY] = { "onboarding.energy", "J",
			 "drawn by devices between begin and end of attempts, failed ones included ÷ onboardings", BEARS_ON, KPI_LOWER,
			 false },
	[KPI_ATTEMPTS] = { "onboarding.attempts", "1", "attempts that ended ÷ onboardings", NULL, KPI_LOWER, true },
	[KPI_RETRANSMISSIONS] = { "onboarding.retransmissions", "1", "exchanges repeated after a time-out ÷ onboardings", NULL,
				  KPI_LOWER, true },
	[KPI_REFUSED] = { "onboarding.refused", "1", "attempts that a server turned away ÷ attempts that ended", NULL, KPI_LOWER, true },
	[KPI_GAVE_UP] = { "onboarding.gave-up", "1", "devices that had given up at the end", NULL, KPI_LOWER, true },
	[KPI_SERVER_WAITING] = { "onboarding.server-waiting-p95", "s",
				 "arrival at an onboarding server to the begin of service, 95 % quantile", NULL, KPI_LOWER, true },
	[KPI_SERVER_PEAK] = { "onboarding.server-peak", "1", "most requests at an onboarding server at once", NULL, KPI_LOWER, true },
	[KPI_SERVER_BUSY] = { "onboarding.server-utilisation", "1", "servers busy ÷ servers of onboarding, time-averaged", NULL,
			      KPI_LOWER, true },
	[KPI_GOODPUT] = { "onboarding.goodput-ratio", "1",
			  "requests served that onboardings needed ÷ requests served: what is missing was done for attempts that failed, "
			  "or twice",
			  NULL, KPI_HIGHER, true },
	[KPI_RECOVERY_90] = { "onboarding.storm-recovery-90", "s",
			      "power for a tenth of all devices that are ever onboarded at once, to 90 % of those with power operational", NULL,
			      KPI_LOWER, true },
	[KPI_RECOVERY_99] = { "onboarding.storm-recovery-99", "s",
			      "power for a tenth of all devices that are ever onboarded at once, to 99 % of those with power operational", NULL,
			      KPI_LOWER, true },
	[KPI_QUEUE] = { "onboarding.server-queue", "1", "requests at an onboarding server, the most in each of 240 steps", NULL,
			KPI_LOWER, true },
	[KPI_UNDER_WAY] = { "onboarding.under-way", "1", "devices being onboarded, the most at once", NULL, KPI_NEITHER, true },
};

static const struct curve_def time_curve = {
	"onboarding.time", "Time to operational", "takes longer than", "s", "share of onboardings", "1", true
};

const struct section onboarding_sections[ONBOARDING_SECTIONS] = {
	{ SECTION_SERIES, "Requests at onboarding servers", "onboarding.server-queue",
	  "Requests that wait or are served, the most within each step of time." },
	{ SECTION_SERIES, "Devices being onboarded", "onboarding.under-way", "Attempts under way, the most within each step of time." },
	{ SECTION_CURVE, "Time to operational", "onboarding.time", "Share of onboardings that take longer, from power-on." },
};

static double ratio(double a, double b)
{
	return b > 0 ? a / b : NAN;
}

/* ---- by group ---- */

struct sums {
	double begun, ended[ATTEMPT_ENDS], all_ended, again, bytes, energy;
};

static void add_cell(struct sums *sum, struct histogram *h, const struct boarding_counts *c)
{
	sum->begun += (double)c->begun;
	for (int k = 0; k < ATTEMPT_ENDS; k++) {
		sum->ended[k] += (double)c->ended[k];
		sum->all_ended += (double)c->ended[k];
	}
	sum->again += (double)c->again;
	sum->bytes += c->bytes;
	sum->energy += c->energy;
	if (c->time)
		histogram_merge(h, c->time);
}

/* From a tenth of a second to a hundred days. */
static void report_times(struct sim *s, const char *group, const struct histogram *h)
{
	report_kpi(s->report, &onboarding_kpis[KPI_TIME_P50], group, histogram_quantile(h, 0.5) * 1e-9);
	report_kpi(s->report, &onboarding_kpis[KPI_TIME_P95], group, histogram_quantile(h, 0.95) * 1e-9);
	for (int k = -8; h->n && k <= 56; k++) {
		double x = pow(10, k / 8.0);
		report_curve(s->report, &time_curve, group, x, histogram_share_above(h, x * 1e9));
	}
}

static void report_group(struct sim *s, const struct onboarding *o, uint32_t g, struct histogram *h)
{
	const char *group = o->groups->name[g];
	struct sums sum = { 0 };
	double done;

	memset(h, 0, sizeof *h);
	for (uint32_t c = 0; c < o->groups->n_cells; c++)
		if (o->groups->member[g][c])
			add_cell(&sum, h, &o->cell[c]);
	if (sum.begun <= 0)
		return;
	done = sum.ended[ATTEMPT_OK];
	report_kpi(s->report, &onboarding_kpis[KPI_SUCCESS], group, ratio(done, sum.all_ended));
	report_times(s, group, h);
	report_kpi(s->report, &onboarding_kpis[KPI_BYTES], group, ratio(sum.bytes, done));
	report_kpi(s->report, &onboarding_kpis[KPI_ENERGY], group, ratio(sum.energy, done));
	report_kpi(s->report, &onboarding_kpis[KPI_ATTEMPTS], group, ratio(sum.all_ended, done));
	report_kpi(s->report, &onboarding_kpis[KPI_RETRANSMISSIONS], group, ratio(sum.again, done));
	report_kpi(s->report, &onboarding_kpis[KPI_REFUSED], group, ratio(sum.ended[ATTEMPT_REFUSED], sum.all_ended));
}

/* ---- servers, storms, levels ---- */

static void report_servers(struct sim *s, const struct onboarding *o, struct histogram *h)
{
	uint32_t n, peak = 0;
	const struct onboarding_server *v = onboarding_servers(s, &n);
	double busy = 0, servers = 0, answered = 0, useful = 0;
	char group[128];

	memset(h, 0, sizeof *h);
	for (uint32_t k = 0; k < n; k++) {
		const struct station_stats *st = server_stats(v[k].server);
		snprintf(group, sizeof group, "server=%s", v[k].element->id);
		histogram_merge(h, &st->waiting_hist);
		busy += timeavg_mean(&st->busy, s->now);
		servers += (double)v[k].p->server.servers;
		answered += (double)v[k].answered;
		peak = v[k].peak > peak ? v[k].peak : peak;
		report_kpi(s->report, &onboarding_kpis[KPI_SERVER_PEAK], group, v[k].peak);
		if (st->waiting_hist.n)
			report_kpi(s->report, &onboarding_kpis[KPI_SERVER_WAITING], group,
				   histogram_quantile(&st->waiting_hist, 0.95) * 1e-9);
		cost_units(s, v[k].element, (double)v[k].p->server.servers);
	}
	for (uint32_t c = 0; c < o->groups->n_cells; c++)
		useful += (double)o->cell[c].useful;
	if (!n)
		return;
	report_kpi(s->report, &onboarding_kpis[KPI_SERVER_PEAK], "all", peak);
	if (h->n)
		report_kpi(s->report, &onboarding_kpis[KPI_SERVER_WAITING], "all", histogram_quantile(h, 0.95) * 1e-9);
	report_kpi(s->report, &onboarding_kpis[KPI_SERVER_BUSY], "all", busy / servers);
	report_kpi(s->report, &onboarding_kpis[KPI_GOODPUT], "all", ratio(useful, answered));
}

static void report_storms(struct sim *s, const struct storm *st)
{
	static const struct {
		enum onboarding_kpi kpi;
		const char *share;
	} rows[2] = { { KPI_RECOVERY_90, "90 %" }, { KPI_RECOVERY_99, "99 %" } };

	for (unsigned k = 0; k < 2 && st->storms; k++) {
		uint32_t open = st->censored[k] + (st->reached <= k);
		if (st->recovery[k].n)
			report_kpi(s->report, &onboarding_kpis[rows[k].kpi], "all", st->recovery[k].mean);
		if (open)
			report_fact(s->report, "Storms", "%u of %u not recovered to %s before the next or the end", open,
				    st->storms, rows[k].share);
	}
}

static void report_levels(struct sim *s, const struct onboarding *o)
{
	uint32_t n;
	const struct onboarding_server *v = onboarding_servers(s, &n);
	char group[128];

	report_kpi(s->report, &onboarding_kpis[KPI_UNDER_WAY], "all", o->peak_under_way);
	for (uint32_t b = 0; b < o->bins_done; b++)
		report_series(s->report, &onboarding_kpis[KPI_UNDER_WAY], "all", (b + 1) * o->bin,
			      o->point[(size_t)b * (n + 1)]);
	for (uint32_t k = 0; k < n; k++) {
		snprintf(group, sizeof group, "server=%s", v[k].element->id);
		for (uint32_t b = 0; b < o->bins_done; b++)
			report_series(s->report, &onboarding_kpis[KPI_QUEUE], group, (b + 1) * o->bin,
				      o->point[(size_t)b * (n + 1) + k + 1]);
	}
}

/* A server that is up, has work to do and does it mostly in vain. */
static void report_facts(struct sim *s, const struct onboarding *o)
{
	uint32_t n;
	const struct onboarding_server *v = onboarding_servers(s, &n);
	double gave_up = 0, flights = 0;

	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		for (uint32_t i = 0; o->of_class[c] && i < o->dev->classes[c].count; i++)
			gave_up += o->of_class[c]->row[i].stage == STAGE_GAVE_UP;
	for (uint32_t c = 0; c < o->groups->n_cells; c++)
		flights += (double)(o->cell[c].flights + o->cell[c].joined);
	report_kpi(s->report, &onboarding_kpis[KPI_GAVE_UP], "all", gave_up);
	report_fact(s->report, "Onboarding", "%.0f flights, %u devices under way at most, %u at the end", flights,
		    o->peak_under_way, o->under_way);
	for (uint32_t k = 0; k < n; k++) {
		char name[128];
		snprintf(name, sizeof name, "Onboarding server %s", v[k].element->id);
		report_fact(s->report, name,
			    "%llu of %llu requests answered, %llu turned away, %llu lost while it was down, %u at once",
			    (unsigned long long)v[k].answered, (unsigned long long)v[k].asked,
			    (unsigned long long)v[k].refused_full + v[k].refused_rate, (unsigned long long)v[k].lost_down,
			    v[k].peak);
	}
}

/* ---- balances ---- */

static void report_attempts(struct sim *s, const struct onboarding *o)
{
	static const char account[] = "onboarding attempts";
	static const char *const ends[ATTEMPT_ENDS] = { "operational", "failed: no answer", "failed: turned away",
							"cut off" };
	double begun = 0, ended[ATTEMPT_ENDS] = { 0 }, trying = 0;

	for (uint32_t c = 0; c < o->groups->n_cells; c++) {
		begun += (double)o->cell[c].begun;
		for (int k = 0; k < ATTEMPT_ENDS; k++)
			ended[k] += (double)o->cell[c].ended[k];
	}
	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		for (uint32_t i = 0; o->of_class[c] && i < o->dev->classes[c].count; i++)
			trying += o->of_class[c]->row[i].trying;
	report_audit(s->report, account, "1", AUDIT_IN, "begun", begun);
	for (int k = 0; k < ATTEMPT_ENDS; k++)
		report_audit(s->report, account, "1", AUDIT_OUT, ends[k], ended[k]);
	report_audit(s->report, account, "1", AUDIT_OUT, "under way at the end", trying);
}

static void report_flights(struct sim *s, const struct onboarding *o)
{
	static const char account[] = "onboarding flights";
	double begun = 0, joined = 0, whole = 0, broken = 0, flying = 0;

	for (uint32_t c = 0; c < o->groups->n_cells; c++) {
		begun += (double)o->cell[c].flights;
		joined += (double)o->cell[c].joined;
		whole += (double)o->cell[c].whole;
		broken += (double)o->cell[c].broken;
	}
	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		for (uint32_t i = 0; o->of_class[c] && i < o->dev->classes[c].count; i++) {
			uint8_t stage = o->of_class[c]->row[i].stage;
			flying += stage == STAGE_SENDS || stage == STAGE_RECEIVES;
		}
	report_audit(s->report, account, "1", AUDIT_IN, "begun", begun);
	report_audit(s->report, account, "1", AUDIT_IN, "in networks' joins", joined);
	report_audit(s->report, account, "1", AUDIT_OUT, "arrived", whole + joined);
	report_audit(s->report, account, "1", AUDIT_OUT, "repeated, overtaken or given up", broken);
	report_audit(s->report, account, "1", AUDIT_OUT, "under way at the end", flying);
}

static void report_messages(struct sim *s, const struct onboarding *o)
{
	static const char account[] = "onboarding messages";
	double sent = 0, answered = 0, lost = 0;

	for (uint32_t c = 0; c < o->groups->n_cells; c++) {
		sent += (double)o->cell[c].sent;
		answered += (double)o->cell[c].answered;
		lost += (double)o->cell[c].lost;
	}
	report_audit(s->report, account, "1", AUDIT_IN, "handed to networks", sent);
	report_audit(s->report, account, "1", AUDIT_OUT, "delivered", answered);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost", lost);
	report_audit(s->report, account, "1", AUDIT_OUT, "in flight at the end",
		     (double)network_under_way(s, PURPOSE_ONBOARDING));
}

static void report_requests(struct sim *s)
{
	static const char account[] = "onboarding server requests";
	uint32_t n;
	const struct onboarding_server *v = onboarding_servers(s, &n);
	double asked = 0, answered = 0, down = 0, full = 0, rate = 0, held = 0;

	for (uint32_t k = 0; k < n; k++) {
		asked += (double)v[k].asked;
		answered += (double)v[k].answered;
		down += (double)v[k].lost_down;
		full += (double)v[k].refused_full;
		rate += (double)v[k].refused_rate;
		held += server_held(v[k].server, PURPOSES);
	}
	if (!n)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "asked", asked);
	report_audit(s->report, account, "1", AUDIT_OUT, "answered", answered);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: server down", down);
	report_audit(s->report, account, "1", AUDIT_OUT, "turned away: queue full", full);
	report_audit(s->report, account, "1", AUDIT_OUT, "turned away: rate limit", rate);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting or in service at the end", held);
}

void onboarding_report(struct sim *s, const struct onboarding *o)
{
	struct histogram *h = sim_alloc(s, 1, sizeof *h);

	if (!h)
		return;
	for (uint32_t g = 0; g < o->groups->n; g++)
		report_group(s, o, g, h);
	report_servers(s, o, h);
	report_storms(s, &o->storm);
	report_levels(s, o);
	report_facts(s, o);
	report_attempts(s, o);
	report_flights(s, o);
	report_messages(s, o);
	report_requests(s);
}
