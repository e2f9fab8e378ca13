/* account - what is counted of accesses, and what it comes to: KPIs, the audit, curves, the map's sites. */
#include <string.h>

#include "models/city/cost.h"
#include "models/network/cellular/cellular_private.h"
#include "models/network/cellular/rach.h"

enum {
	K_SUCCESS, K_ATTEMPTS, K_DELAY, K_DELAY_P50, K_DELAY_P95, K_COLLISION, K_COLLIDED_SHARE, K_BARRED, K_COVERAGE,
	K_UP_USE, K_DOWN_USE, K_WAIT, K_ENERGY, K_COUNT
};
_Static_assert((int)K_COUNT == (int)CELLULAR_KPIS, "one row a KPI");

const struct kpi_def cellular_kpis[CELLULAR_KPIS] = {
	[K_SUCCESS] = { "access.success-ratio", "1", "random accesses that succeeded / those that succeeded, failed or were given up",
		NULL, KPI_HIGHER, false },
	[K_ATTEMPTS] = { "access.attempts", "1", "preambles sent in an access, mean over those that succeeded", NULL, KPI_LOWER, true },
	[K_DELAY] = { "access.delay", "s",
		"from the first opportunity to the end of contention resolution, mean over accesses that succeeded", NULL, KPI_LOWER,
		false },
	[K_DELAY_P50] = { "access.delay-p50", "s", "the same, median", NULL, KPI_LOWER, true },
	[K_DELAY_P95] = { "access.delay-p95", "s", "the same, not exceeded by 95 %", NULL, KPI_LOWER, true },
	[K_COLLISION] = { "access.collision-probability", "1",
		"preambles chosen by two or more / (preambles x opportunities of every sector and coverage class, used or not)",
		NULL, KPI_LOWER, true },
	[K_COLLIDED_SHARE] = { "access.collided-share", "1", "preambles sent that collided / preambles sent", NULL, KPI_LOWER, true },
	[K_BARRED] = { "access.barred-ratio", "1", "accesses given up because they were barred / as access.success-ratio", NULL,
		KPI_LOWER, true },
	[K_COVERAGE] = { "access.coverage", "1",
		"devices whose coupling loss to a sector is within the most robust coverage class / devices deployed",
		"[M] U4SSC EC: ICT: ICT: 4C; SDG 9.c", KPI_HIGHER, false },
	[K_UP_USE] = { "access.uplink-utilisation", "1",
		"work of uplinks offered / what random access and others leave of the carriers, mean over sectors", NULL, KPI_LOWER, true },
	[K_DOWN_USE] = { "access.downlink-utilisation", "1", "the same of downlinks and signalling", NULL, KPI_LOWER, true },
	[K_WAIT] = { "access.uplink-wait", "s", "wait of transfers for the uplink, mean", NULL, KPI_LOWER, true },
	[K_ENERGY] = { "access.connection-energy", "J",
		"energy of accesses, transfers and listening after them / connections", NULL, KPI_LOWER, true },
};

static const struct curve_def delay_curve = { "access-delay", "Delay of random access", "delay", "s", "accesses within it", "%", true };
static const struct curve_def attempts_curve = { "access-attempts", "Preambles of an access", "preambles", "",
						 "accesses that succeeded with so many or fewer", "%", false };
static const struct curve_def classes_curve = { "coverage-classes", "Devices by coupling loss", "coupling loss", "dB",
						"devices within it", "%", false };

const struct section cellular_sections[CELLULAR_SECTIONS] = {
	{ SECTION_CURVE, "Delay of random access", "access-delay",
	  "From the first opportunity to the end of contention resolution, of accesses that succeeded." },
	{ SECTION_CURVE, "Preambles of an access", "access-attempts",
	  "Collisions and missed preambles are repeated: how many an access took." },
	{ SECTION_CURVE, "Devices by coupling loss", "coverage-classes",
	  "Coupling loss decides the coverage class: deep in buildings a message takes many repetitions." },
	{ SECTION_AUDIT, "Accesses", "accesses", "Every access begun succeeds, fails, is given up, is cut off or goes on at the end." },
	{ SECTION_AUDIT, "Preambles", "preambles", "Every preamble sent is granted and resolved, or lost for one cause." },
	{ SECTION_AUDIT, "Messages to devices", "cellular downlinks",
	  "Every message to a device on a cellular network reached it, was lost for one cause, or waits at the end." },
	{ SECTION_AUDIT, "Multicast", "cellular multicast", "Every member of a multicast is told what it received, or it is still on." },
};

bool cell_account_new(struct sim *s, struct cellular *c)
{
	c->counts = sim_alloc(s, c->groups->n_cells, sizeof *c->counts);
	return c->counts != NULL;
}

static bool is_counted(const struct sim *s, const struct cell_device *d)
{
	return d->since >= s->warmup;
}

void cell_count_failure(struct sim *s, struct cellular *c, uint32_t device, bool barred)
{
	struct cell_counts *n = &c->counts[c->devices->cell[device]];

	if (!is_counted(s, &c->device[device]))
		return;
	n->barred += barred;
	n->failed += !barred;
}

void cell_count_success(struct sim *s, struct cellular *c, uint32_t device, simtime_t delay)
{
	struct cell_counts *n = &c->counts[c->devices->cell[device]];
	const struct cell_device *d = &c->device[device];

	if (!is_counted(s, d))
		return;
	if (!n->delay && !(n->delay = sim_alloc(s, 1, sizeof *n->delay)))
		return;
	histogram_add(n->delay, delay);
	n->succeeded++;
	n->preambles += d->attempts;
	c->by_attempts[d->attempts < CELL_ATTEMPTS ? d->attempts : CELL_ATTEMPTS]++;
}

static double ratio(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

static void kpi(struct sim *s, int k, const char *group, double value)
{
	report_kpi(s->report, &cellular_kpis[k], group, value);
}

static void add(struct cell_counts *into, const struct cell_counts *from)
{
	into->succeeded += from->succeeded;
	into->failed += from->failed;
	into->barred += from->barred;
	into->preambles += from->preambles;
	into->deployed += from->deployed;
	into->covered += from->covered;
	if (from->delay)
		histogram_merge(into->delay, from->delay);
}

static void report_group(struct sim *s, const char *g, const struct cell_counts *n)
{
	uint64_t ended = n->succeeded + n->failed + n->barred;

	kpi(s, K_SUCCESS, g, ratio(n->succeeded, ended));
	kpi(s, K_ATTEMPTS, g, ratio(n->preambles, n->succeeded));
	kpi(s, K_BARRED, g, ratio(n->barred, ended));
	kpi(s, K_COVERAGE, g, ratio(n->covered, n->deployed));
	if (n->delay->n == 0)
		return;
	kpi(s, K_DELAY, g, histogram_mean(n->delay) * 1e-9);
	kpi(s, K_DELAY_P50, g, histogram_quantile(n->delay, 0.5) * 1e-9);
	kpi(s, K_DELAY_P95, g, histogram_quantile(n->delay, 0.95) * 1e-9);
}

/* Opportunities of all sectors and classes in the counted time, and their preambles. */
static double preambles_offered(const struct sim *s, const struct cellular *c)
{
	double n = 0;

	for (unsigned k = 0; k < c->n_covers; k++)
		n += sim_seconds(s->now - s->warmup) / sim_seconds(c->cover[k]->period) * (double)c->cover[k]->preambles;
	return n * c->n_sectors;
}

static void report_accesses(struct sim *s, const struct cellular *c)
{
	static const char accesses[] = "accesses", preambles[] = "preambles", unit[] = "1";
	uint64_t in_work = 0;

	for (uint32_t i = 0; i < c->devices->n; i++)
		in_work += c->device[i].state != CELL_IDLE;
	report_audit(s->report, accesses, unit, AUDIT_IN, "begun", (double)c->begun);
	report_audit(s->report, accesses, unit, AUDIT_OUT, "succeeded", (double)c->succeeded);
	report_audit(s->report, accesses, unit, AUDIT_OUT, "retries exhausted", (double)c->failed);
	report_audit(s->report, accesses, unit, AUDIT_OUT, "barred", (double)c->barred);
	report_audit(s->report, accesses, unit, AUDIT_OUT, "device down", (double)c->dropped);
	if (c->cut)
		report_audit(s->report, accesses, unit, AUDIT_OUT, "site down", (double)c->cut);
	report_audit(s->report, accesses, unit, AUDIT_OUT, "in work at the end", (double)in_work);
	report_audit(s->report, preambles, unit, AUDIT_IN, "sent", (double)c->tried);
	report_audit(s->report, preambles, unit, AUDIT_OUT, "contention resolved", (double)c->outcome[RACH_GRANTED]);
	report_audit(s->report, preambles, unit, AUDIT_OUT, "collided", (double)c->outcome[RACH_COLLIDED]);
	report_audit(s->report, preambles, unit, AUDIT_OUT, "not detected", (double)c->outcome[RACH_UNDETECTED]);
	report_audit(s->report, preambles, unit, AUDIT_OUT, "no grant", (double)c->outcome[RACH_NO_GRANT]);
	report_audit(s->report, preambles, unit, AUDIT_OUT, "msg3 or msg4 lost", (double)c->outcome[RACH_OUTCOMES]);
}

static void report_messages(struct sim *s, struct cellular *c)
{
	static const char messages[] = "cellular messages", unit[] = "1";

	report_audit(s->report, messages, unit, AUDIT_IN, "taken", (double)c->taken);
	report_audit(s->report, messages, unit, AUDIT_OUT, "handed on", (double)c->handed_on);
	for (int f = 0; f < FATES; f++)
		if (c->lost[f])
			report_audit(s->report, messages, unit, AUDIT_OUT, fate_name((enum fate)f), (double)c->lost[f]);
	report_audit(s->report, messages, unit, AUDIT_OUT, "held at the end", (double)cell_held_up(c, PURPOSES));
}

static void report_downlinks(struct sim *s, const struct cellular *c)
{
	static const char downlinks[] = "cellular downlinks", unit[] = "1";
	const struct cell_down *g = c->down;

	if (!g->taken)
		return;
	report_audit(s->report, downlinks, unit, AUDIT_IN, "taken", (double)g->taken);
	report_audit(s->report, downlinks, unit, AUDIT_OUT, "delivered", (double)g->delivered);
	for (int f = 0; f < FATES; f++)
		if (g->lost[f])
			report_audit(s->report, downlinks, unit, AUDIT_OUT, fate_name((enum fate)f), (double)g->lost[f]);
	report_audit(s->report, downlinks, unit, AUDIT_OUT, "held at the end", (double)cell_held_down(c));
	report_fact(s->report, "Messages to devices",
		    "%s: %llu, of which %llu delivered after %.3g s in the mean, %llu pages", c->node->id,
		    (unsigned long long)g->taken, (unsigned long long)g->delivered, g->delay.n ? g->delay.mean : 0.0,
		    (unsigned long long)g->pages);
}

/* Of the sectors and the connections over them. */
static void report_transfers(struct sim *s, const struct cellular *c)
{
	double up = 0, down = 0, time = (double)(s->now - s->warmup) * c->n_sectors;

	for (uint32_t i = 0; i < c->n_sectors; i++) {
		up += c->sectors[i].up.served / c->sectors[i].up.whole;
		down += c->sectors[i].down.served / c->sectors[i].down.whole;
	}
	kpi(s, K_UP_USE, c->group, up / time);
	kpi(s, K_DOWN_USE, c->group, down / time);
	kpi(s, K_WAIT, c->group, c->wait.n ? c->wait.mean : NAN);
	kpi(s, K_ENERGY, c->group, c->connections ? c->access_j / (double)c->connections : NAN);
}

static void report_curves(struct sim *s, const struct cellular *c, const struct cell_counts *all)
{
	uint64_t within = 0, total = 0, covered = 0, by_loss[200] = { 0 };

	for (unsigned k = 1; k <= CELL_ATTEMPTS && within < all->succeeded; k++) {
		within += c->by_attempts[k];
		report_curve(s->report, &attempts_curve, c->group, k, 100 * ratio(within, all->succeeded));
	}
	for (int e = -60; e <= 60 && all->succeeded; e++) { /* 20 points a decade, 1 ms to 1000 s */
		double t = pow(10, e / 20.0), above = histogram_share_above(all->delay, t * 1e9);
		report_curve(s->report, &delay_curve, c->group, t, 100 * (1 - above));
	}
	for (uint32_t i = 0; i < c->devices->n; i++) {
		if (!c->classes[c->devices->class_of[i]].uses)
			continue;
		total++;
		if (c->device[i].loss != INT16_MAX)
			by_loss[c->device[i].loss / 100 < 199 ? c->device[i].loss / 100 : 199]++;
	}
	for (int db = 0; db < 200 && total; db++) {
		covered += by_loss[db];
		if (db % 2)
			report_curve(s->report, &classes_curve, c->group, db + 1, 100 * ratio(covered, total));
	}
}

static void report_sites(struct sim *s, const struct cellular *c, const struct city *city)
{
	for (uint32_t i = 0; i < c->n_sites; i++) {
		double lonlat[2];
		city_lonlat(city, c->sites[i].at.at, &lonlat[0], &lonlat[1]);
		report_feature(s->report, "gateways", c->sites[i].name, c->node->id, 1, lonlat, "messages-carried",
			       (double)c->sites[i].carried);
	}
}

static void count_devices(struct cellular *c)
{
	for (uint32_t i = 0; i < c->devices->n; i++) {
		struct cell_counts *n = &c->counts[c->devices->cell[i]];
		if (!c->classes[c->devices->class_of[i]].uses || !device_in_field(c->devices->state[i]))
			continue;
		n->deployed++;
		n->covered += c->device[i].loss != INT16_MAX;
	}
}

/* A network's own group is about its accesses alone, the others about all accesses of their devices. */
void cell_account_groups(struct sim *s, struct cellular *const *all, size_t n)
{
	const struct groups *groups = all[0]->groups;
	struct histogram *delay = sim_alloc(s, 1, sizeof *delay);

	for (size_t k = 0; k < n; k++)
		count_devices(all[k]);
	for (uint32_t g = 0; delay && g < groups->n; g++) {
		struct cell_counts sum = { .delay = delay };
		bool of_network = strncmp(groups->name[g], "network=", 8) == 0;
		*delay = (struct histogram){ 0 };
		for (size_t k = 0; k < n; k++) {
			if (of_network && strcmp(groups->name[g], all[k]->group) != 0)
				continue;
			for (uint32_t i = 0; i < groups->n_cells; i++)
				if (groups->member[g][i])
					add(&sum, &all[k]->counts[i]);
		}
		report_group(s, groups->name[g], &sum);
	}
}

/* Of a carrier, up and down: of NB-IoT 180 kHz in a grid of 200 (TS 36.101), of LTE-M a narrowband of 1.4 MHz alone, of LTE
 * the 10 MHz that phy_link.c counts with. */
static double licensed_mhz(enum cellular_technology t)
{
	return 2 * (t == CELLULAR_NB_IOT ? 0.2 : t == CELLULAR_LTE_M ? 1.4 : 10);
}

void cell_account_finish(struct sim *s, struct cellular *c, const struct city *city)
{
	const struct groups *groups = c->groups;
	struct cell_counts all = { .delay = sim_alloc(s, 1, sizeof *all.delay) };
	uint64_t sent = 0;

	if (!all.delay)
		return;
	for (uint32_t k = 0; k < groups->n_cells; k++)
		add(&all, &c->counts[k]);
	for (unsigned k = 0; k <= RACH_OUTCOMES; k++)
		sent += c->outcome[k];
	if (all.covered < all.deployed)
		report_warning(s->report, c->node->model->name, "%.3g %% of the devices of %s have no sector in reach",
			       100 * (1 - ratio(all.covered, all.deployed)), c->node->id);
	kpi(s, K_COLLISION, c->group, (double)c->collided / preambles_offered(s, c));
	kpi(s, K_COLLIDED_SHARE, c->group, ratio(c->outcome[RACH_COLLIDED], sent));
	report_transfers(s, c);
	report_accesses(s, c);
	report_messages(s, c);
	report_downlinks(s, c);
	cell_commands_finish(s, c);
	cell_casts_finish(s, c);
	report_sites(s, c, city);
	report_curves(s, c, &all);
	cost_units(s, c->node, 1);
	if (c->par->operator== OPERATOR_CAPTIVE)
		cost_spectrum(s, c->node, (double)c->par->carriers * licensed_mhz(c->technology));
	cost_traffic(s, c->node, (double)c->carried, (double)c->carried_bytes);
	report_fact(s->report, "Cellular", "%s %s, %u sites, %u sectors, %u coverage classes", c->node->model->name,
		    c->node->id, c->n_sites, c->n_sectors, c->n_covers);
}
