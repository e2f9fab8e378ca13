/*
 * What epidemics yield: how many were infected, how fast it grew, when it was noticed, and the people's account.
 */
#include <stdio.h>

#include "models/crisis/epidemic_private.h"

const struct kpi_def epidemic_kpis[] = {
	[EPIDEMIC_PEAK] = { "crisis.infected-peak", "1",
			    "largest share of people infected (exposed or infectious) at once; of several epidemics, the largest", NULL,
			    KPI_LOWER, true },
	[EPIDEMIC_ATTACK] = { "crisis.attack-rate", "1",
			      "people ever infected ÷ people; of several epidemics, the largest", "SDG 3.d (early warning, health risks)",
			      KPI_LOWER, true },
	[EPIDEMIC_DETECTION] = { "crisis.epidemic-detection-time", "s",
				 "onset to as many sentinels' alarms as must agree, mean over the epidemics that were detected",
				 "SDG 3.d (early warning, health risks)", KPI_LOWER, true },
	[EPIDEMIC_DETECTED] = { "crisis.epidemic-detected-ratio", "1", "epidemics detected ÷ epidemics that sentinels watch", NULL,
				KPI_HIGHER, true },
	[EPIDEMIC_GROWTH] = { "crisis.epidemic-growth", "1/d",
			      "least-squares slope of ln(people infected at once) by day, from three times the first to 0.5 % of people ever "
			      "infected, no measure in force; from five days on",
			      NULL, KPI_LOWER, true },
	[EPIDEMIC_PEAK_TIME] = { "crisis.epidemic-peak-time", "s", "onset to most people infected at once, mean over the epidemics", NULL,
				 KPI_NEITHER, true },
	[EPIDEMIC_DEATHS] = { "crisis.epidemic-deaths", "1", "people who died of it, over all epidemics", NULL, KPI_LOWER, true },
	[EPIDEMIC_FALSE_ALARMS] = { "crisis.epidemic-false-alarms", "1",
				    "periods in which false reports alone are over a sentinel's threshold ÷ periods sampled", NULL,
				    KPI_LOWER, true },
	[EPIDEMIC_PRESENT] = { "crisis.people-present", "1", "share of people who can work; over time", NULL, KPI_HIGHER, true },
	[EPIDEMIC_PEOPLE] = { "crisis.epidemic-people", "1", "people by state over time, in the epidemic that began last", NULL,
			      KPI_NEITHER, true },
	[EPIDEMIC_SHARE] = { "crisis.infectious-share", "1",
			     "people infectious ÷ people over time, in the epidemic that began last", NULL, KPI_LOWER, true },
};

void epidemic_fit(struct sim *s, struct outbreak *b)
{
	double infected = b->sum_exposed + b->sum_infectious, t = sim_seconds(s->now - b->onset) / 86400, y;

	if (!(infected >= 3 * (double)b->p->seeds) || b->people - b->susceptible > 0.005 * b->people || b->contacts < 1)
		return;
	y = log(infected);
	b->n_fit++;
	b->sum_t += t;
	b->sum_y += y;
	b->sum_tt += t * t;
	b->sum_ty += t * y;
}

static double growth(const struct outbreak *b)
{
	return b->n_fit < 5 ? NAN
			    : (b->n_fit * b->sum_ty - b->sum_t * b->sum_y) / (b->n_fit * b->sum_tt - b->sum_t * b->sum_t);
}

/* ---- over time ---- */

static const struct outbreak *latest(const struct sim *s, const struct epidemics *es)
{
	const struct outbreak *b = es->outbreak[0];

	for (uint32_t i = 1; i < es->n; i++)
		b = es->outbreak[i]->onset <= s->now ? es->outbreak[i] : b;
	return b;
}

void epidemic_series(struct sim *s, const struct epidemics *es)
{
	const struct outbreak *b = latest(s, es);
	const struct kpi_def *people = &epidemic_kpis[EPIDEMIC_PEOPLE], *share = &epidemic_kpis[EPIDEMIC_SHARE];
	double recovered = b->people - b->susceptible - b->sum_exposed - b->sum_infectious - b->deaths;
	char group[128];

	recovered = s->now < b->onset ? 0 : recovered;
	report_series(s->report, people, "state=susceptible", s->now, b->susceptible);
	report_series(s->report, people, "state=exposed", s->now, b->sum_exposed);
	report_series(s->report, people, "state=infectious", s->now, b->sum_infectious);
	report_series(s->report, people, "state=recovered", s->now, recovered);
	report_series(s->report, people, "state=dead", s->now, b->deaths);
	report_series(s->report, share, "all", s->now, (double)b->sum_infectious / b->people);
	report_series(s->report, &epidemic_kpis[EPIDEMIC_PRESENT], "all", s->now, es->present);
	for (uint32_t i = 0; i < b->n; i++) {
		const struct folk *f = &b->folk[i];
		if (!f->id || f->people == 0)
			continue;
		snprintf(group, sizeof group, "district=%s", f->id);
		report_series(s->report, share, group, s->now, (double)f->infectious / f->people);
	}
}

/* ---- at the end ---- */

static void report_district(struct sim *s, const struct epidemics *es, uint32_t i)
{
	const struct folk *f = &es->outbreak[0]->folk[i];
	double peak = 0, attack = 0;
	char group[128];

	if (!f->id || f->people == 0)
		return;
	for (uint32_t k = 0; k < es->n; k++) {
		f = &es->outbreak[k]->folk[i];
		peak = fmax(peak, (double)f->infected_peak / f->people);
		attack = fmax(attack, (double)(f->people - f->susceptible) / f->people);
	}
	snprintf(group, sizeof group, "district=%s", f->id);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_PEAK], group, peak);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_ATTACK], group, attack);
}

static void report_all(struct sim *s, const struct epidemics *es)
{
	double peak = 0, attack = 0, peak_time = 0, deaths = 0, rate = 0, n_rate = 0;

	for (uint32_t k = 0; k < es->n; k++) {
		const struct outbreak *b = es->outbreak[k];
		double r = growth(b);
		peak = fmax(peak, (double)b->infected_peak / b->people);
		attack = fmax(attack, (double)(b->people - b->susceptible) / b->people);
		peak_time += sim_seconds(b->peak_at - b->onset) / es->n;
		deaths += b->deaths;
		rate += isnan(r) ? 0 : r;
		n_rate += !isnan(r);
	}
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_PEAK], "all", peak);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_ATTACK], "all", attack);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_PEAK_TIME], "all", peak_time);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_DEATHS], "all", deaths);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_GROWTH], "all", n_rate > 0 ? rate / n_rate : NAN);
}

static void report_sensing(struct sim *s, const struct epidemics *es)
{
	double watched = 0, detected = 0, time = 0, samples = 0, wrong = 0;

	for (uint32_t k = 0; k < es->n; k++) {
		const struct outbreak *b = es->outbreak[k];
		watched += b->n_sentinels > 0;
		for (uint32_t i = 0; i < b->n_sentinels; i++) {
			samples += (double)b->sentinel[i].samples;
			wrong += (double)b->sentinel[i].false_alarms;
		}
		if (b->detected == SIM_NEVER)
			continue;
		detected++;
		time += sim_seconds(b->detected - b->onset);
	}
	if (!(watched > 0))
		return;
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_DETECTION], "all", detected > 0 ? time / detected : NAN);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_DETECTED], "all", detected / watched);
	report_kpi(s->report, &epidemic_kpis[EPIDEMIC_FALSE_ALARMS], "all", samples > 0 ? wrong / samples : NAN);
}

/* From the districts' stages, not from the sums kept beside them: so a wrong sum shows. */
static void report_balance(struct sim *s, const struct epidemics *es)
{
	static const char account[] = "epidemic-people";
	double people = 0, susceptible = 0, exposed = 0, infectious = 0, recovered = 0, dead = 0;

	for (uint32_t k = 0; k < es->n; k++) {
		const struct outbreak *b = es->outbreak[k];
		people += b->people;
		dead += b->deaths;
		recovered -= b->deaths;
		for (uint32_t i = 0; i < b->n; i++) {
			susceptible += b->folk[i].susceptible;
			recovered += b->folk[i].recovered;
		}
		for (uint32_t i = 0; i < b->n * b->stages; i++) {
			exposed += b->exposed[i];
			infectious += b->infectious[i];
		}
	}
	report_audit(s->report, account, "1", AUDIT_IN, "people", people);
	report_audit(s->report, account, "1", AUDIT_OUT, "susceptible at the end", susceptible);
	report_audit(s->report, account, "1", AUDIT_OUT, "exposed at the end", exposed);
	report_audit(s->report, account, "1", AUDIT_OUT, "infectious at the end", infectious);
	report_audit(s->report, account, "1", AUDIT_OUT, "recovered", recovered);
	report_audit(s->report, account, "1", AUDIT_OUT, "died", dead);
}

void epidemic_report(struct sim *s, const struct epidemics *es)
{
	const struct outbreak *b = es->outbreak[0];

	report_all(s, es);
	for (uint32_t i = 0; i < b->n; i++)
		report_district(s, es, i);
	report_sensing(s, es);
	report_balance(s, es);
	report_fact(s->report, "Epidemic",
		    "%u people in %u places, %s, R0 %.4g, incubation %.4g d, infectious %.4g d, %u stage%s of each",
		    b->people, b->n,
		    b->exact ? "every infection and recovery an event (exact)" : "tau-leaping with binomial laws",
		    b->p->reproduction, sim_seconds(b->p->incubation) / 86400, sim_seconds(b->p->infectious) / 86400,
		    b->stages, b->stages == 1 ? "" : "s");
}
