/*
 * <economy>: what the plan costs, in the money of its place and over its horizon.
 *
 * Capital is spent at the start and again whenever a part's lifetime is over before the horizon; upkeep, mains energy and
 * fees flow evenly and are paid at the end of each year; a battery is paid when the device's simulated life says so.  What
 * the run counted (messages, bytes, energy, the draw of a battery) is taken as typical of a year: counted ÷ counted time.
 * Everything is the present value: divided by (1 + discount)^years.
 */
#include <math.h>
#include <string.h>

#include "models/city/cost.h"
#include "models/service/money.h"
#include "models/service/service_private.h"

struct economy_params {
	const char *currency;
	double energy_price, labour; /* money/J, money/s; NaN: not given */
	double spectrum;	     /* money/s of a MHz; NaN: free */
	simtime_t horizon;
	double discount; /* a year */
};

static const struct place places[] = { { "scenario", 0, 1 }, { "library", 0, 1 } };

#define S struct economy_params
static const struct param params[] = {
	TEXT(S, currency, NULL, "of every price: a code of ISO 4217, such as EUR", NULL),
	MONEY(S, energy_price, DIM_MONEY_ENERGY, "", "of mains energy", NULL),
	MONEY(S, labour, DIM_MONEY_TIME, "", "of work in the field, travel included", NULL),
	MONEY(S, spectrum, DIM_MONEY_TIME, "",
	      "licence of one MHz for the place, which a captive nb-iot, lte-m or lte pays for all its carriers, up and down; "
	      "absent: nothing. A public operator's is in its fees, LoRaWAN and local links need none",
	      NULL),
	TIME(S, horizon, "10yr", "1d", "100yr", "over which the plan is paid for", "[M] usual life of a smart meter roll-out"),
	RATIO(S, discount, "5%", "0%", "100%", "by which money a year later is worth less",
	      "[M] European Commission, Guide to Cost-Benefit Analysis 2014: 5 % in cohesion countries"),
};
#undef S

enum { KPI_CAPEX, KPI_OPEX, KPI_TOTAL, KPI_ANNUAL, KPI_MESSAGE, KPI_DEVICE, KPIS };

/* clang-format off */
#define SCOPE "; of a class or vertical its devices alone, of a network its devices, its own element and its sites, without " \
	"backhaul and platform; in the currency of <economy>"
/* clang-format on */

static const struct kpi_def kpis[KPIS] = {
	[KPI_CAPEX] = { "cost.capex", "currency", "price and installation of every unit at the start" SCOPE, NULL, KPI_LOWER,
			false },
	[KPI_OPEX] = { "cost.opex", "currency/yr",
		       "upkeep, mains energy, fees, spectrum and batteries replaced, a year; what the run counted taken as typical" SCOPE,
		       NULL, KPI_LOWER, false },
	[KPI_TOTAL] = { "cost.total", "currency",
			"present value of all that is paid over the horizon, replacements included" SCOPE, NULL, KPI_LOWER,
			false },
	[KPI_ANNUAL] = { "cost.annual", "currency/yr", "cost.total as an annuity over the horizon" SCOPE, NULL, KPI_LOWER,
			 false },
	[KPI_MESSAGE] = { "cost.per-message", "currency", "cost.annual ÷ messages delivered a year" SCOPE, NULL, KPI_LOWER,
			  false },
	[KPI_DEVICE] = { "cost.per-device", "currency/yr", "cost.annual ÷ devices" SCOPE, NULL, KPI_LOWER, false },
};

static const struct curve_def years_curve = {
	"cost.years", "Cost over the years", "years from the start", "yr", "paid by then, present value", "currency", false
};

static const struct section sections[] = {
	{ SECTION_CURVE, "Cost over the years", "cost.years",
	  "What each part has cost by a time: steps are replacements, slopes are upkeep, energy and fees." },
	{ SECTION_AUDIT, "Where the money goes", "money",
	  "The present value of all that is paid, by part and by what it is paid for." },
};

static const struct evidence evidence[] = {
	{ "present value", "annuities and replacements in closed form, a Bonn-like case worked by hand",
	  "1e-9, tests/validation/valid_cost.c" },
};

enum kind { KIND_CAPITAL, KIND_UPKEEP, KIND_ENERGY, KIND_FEES, KIND_SPECTRUM, KIND_BATTERIES, KINDS };
static const char *const kind_names[KINDS] = {
	[KIND_CAPITAL] = "purchase and installation", [KIND_UPKEEP] = "upkeep", [KIND_ENERGY] = "mains energy",
	[KIND_FEES] = "fees",			      [KIND_SPECTRUM] = "spectrum",
	[KIND_BATTERIES] = "batteries replaced",
};

/* A part with its units in money: what is spent at once and whenever the lifetime is over, and what flows. */
struct part {
	const struct cost_entry *entry;
	const struct cost_params *p;
	const struct device_class *class; /* NULL: no device class */
	const char *label;
	double units, capital, yearly[KINDS]; /* currency; currency a year */
	double once;                          /* currency spent at the start and never again */
	double battery;                       /* currency a replacement of one */
};

static double or_nothing(double x)
{
	return isnan(x) ? 0 : x;
}

static double work(const struct economy_params *e, simtime_t t)
{
	return t ? sim_seconds(t) * or_nothing(e->labour) : 0;
}

static double years_of(simtime_t t)
{
	return t == SIM_NEVER ? INFINITY : sim_seconds(t) / MONEY_YEAR;
}

/* ---- checks ---- */

/* Prices of an element: of the economy's currency, not negative. */
static void check_prices(const struct node *n, const char *currency, struct diag *d)
{
	for (size_t i = 0; i < n->model->n_params; i++) {
		const struct param *p = &n->model->params[i];
		char code[4], name[64];
		double value;
		if (p->kind != PARAM_QUANTITY || !n->text_of || !n->text_of[i] ||
		    !quantity_currency(p->dim, n->text_of[i], code))
			continue;
		param_name(p, name, sizeof name);
		memcpy(&value, (const char *)n->par + p->offset, sizeof value);
		if (strcmp(code, currency) != 0 && strcmp(code, NO_CURRENCY) != 0)
			node_error(n, d, name,
				   "is in %s, but the economy's currency is %s (convert it: rates are not guessed)", code,
				   currency);
		if (value < 0)
			node_error(n, d, name, "is negative: a price is 0 or more");
	}
}

/* Prices of all other elements. */
static void check_others(const struct scenario *sc, const char *currency, struct diag *d)
{
	for (size_t i = 0; i < sc->table->n; i++)
		for (const struct node *n = scenario_first(sc, sc->table->models[i]); n; n = n->next_same)
			if (n->model != &economy_model)
				check_prices(n, currency, d);
}

/* Targets of costs are amounts of the same currency. */
static void check_targets(const struct scenario *sc, const char *currency, struct diag *d)
{
	for (size_t i = 0; i < sc->n_targets; i++) {
		const struct target *t = &sc->targets[i];
		const char *amount = t->text ? t->text + strspn(t->text, " <>=") : "";
		char code[4];
		if (t->op != TARGET_NONE && t->node &&
		    (quantity_currency(DIM_MONEY, amount, code) || quantity_currency(DIM_MONEY_TIME, amount, code)) &&
		    strcmp(code, currency) != 0)
			node_error(t->node, d, "target", "is in %s, but the economy's currency is %s", code, currency);
	}
}

static void check(const struct scenario *sc, struct diag *d)
{
	const struct node *n = scenario_first(sc, &economy_model);
	const struct economy_params *e = n->par;

	if (strlen(e->currency) != 3 || strspn(e->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3) {
		node_error(n, d, "currency", "is no currency (try EUR, INR: three letters of ISO 4217)");
	}
	check_prices(n, e->currency, d);
	check_targets(sc, e->currency, d);
	check_others(sc, e->currency, d);
	for (const struct node *c = scenario_first(sc, &cost_model); c; c = c->next_same) {
		const struct cost_params *p = c->par;
		if (isnan(e->labour) && (p->labour || p->visit))
			node_error(c, d, p->labour ? "labour" : "visit",
				   "needs the price of work (try <economy labour=\"45%s/h\"/>)", e->currency);
		if (isnan(e->energy_price) && p->power > 0)
			node_error(c, d, "power", "needs the price of energy (try <economy energy-price=\"0.30%s/kWh\"/>)",
				   e->currency);
	}
}

/* ---- parts ---- */

/* Parts of one kind in one network go by one name, so that nine <gateway> are one row. */
static const char *label_of(struct sim *s, const struct node *part)
{
	const struct node *in = part->parent;

	if (part->id && (!in || !in->parent))
		return arena_printf(s->arena, "%s %s", part->model->name, part->id);
	return arena_printf(s->arena, "%s%s%s", strcmp(part->model->name, "gateway") == 0 ? "gateways" : part->model->name,
			    in && in->id ? " of " : "", in && in->id ? in->id : "");
}

static const struct device_class *class_of(const struct sim *s, const struct node *part)
{
	const struct devices *d = devices_of(s);

	for (uint32_t k = 0; k < d->n_classes; k++)
		if (d->classes[k].node == part)
			return &d->classes[k];
	return NULL;
}

/* The devices of a class: how many, what reached their platform, and what those without batteries drew from the mains. */
static struct cost_entry class_entry(const struct sim *s, const struct device_class *c, struct cost_entry e)
{
	const struct service *sv = sim_state(s, &traffic_model);
	uint32_t per_class = groups_of(s)->n_cells / devices_of(s)->n_classes;

	e.units += c->count;
	for (uint32_t k = c->index * per_class; sv && k < (c->index + 1) * per_class; k++) {
		e.messages += (double)sv->cell[k].fate[1][FATE_DELIVERED];
		e.bytes += (double)sv->cell[k].delivered_bytes;
	}
	for (uint32_t i = c->first; !c->battery && i < c->first + c->count; i++)
		e.energy_j += device_energy_j(s, i);
	return e;
}

/* Of a part without <cost> that owes fees or a licence. */
static const struct cost_params free_of_charge = { NAN, NAN, 0, SIM_NEVER, NAN, NAN, 0, NAN, NAN, NAN, 0 };

static void fill_part(struct sim *s, const struct economy_params *e, const struct cost_entry *entry, struct part *q)
{
	double counted = sim_seconds(s->now - s->warmup), a_year = counted > 0 ? MONEY_YEAR / counted : 0;
	struct cost_entry all = *entry;
	const struct cost_params *p = cost_of(entry->part);

	*q = (struct part){ .entry = entry, .p = p, .class = class_of(s, entry->part), .label = label_of(s, entry->part) };
	if (!p)
		p = q->p = &free_of_charge;
	else if (q->class)
		all = class_entry(s, q->class, all);
	q->units = all.units;
	q->capital = all.units * (or_nothing(p->capex) + or_nothing(p->installation) + work(e, p->labour));
	q->once = all.once;
	q->yearly[KIND_UPKEEP] = all.units * or_nothing(p->opex) * MONEY_YEAR;
	q->yearly[KIND_ENERGY] = (all.units * p->power * MONEY_YEAR + all.energy_j * a_year) * or_nothing(e->energy_price);
	q->yearly[KIND_FEES] =
		all.units * or_nothing(p->subscription) * MONEY_YEAR +
		a_year * (all.fees + all.messages * or_nothing(p->per_message) + all.bytes * or_nothing(p->per_byte));
	q->yearly[KIND_SPECTRUM] = all.spectrum * or_nothing(e->spectrum) * MONEY_YEAR;
	q->battery = or_nothing(p->battery) + work(e, p->visit);
}

/* Battery life of a device, years; infinite where nothing shows that it ends. */
static double battery_years(const struct sim *s, const struct device_class *c, uint32_t i)
{
	double time = device_powered_s(s, i), drawn = device_energy_j(s, i);

	return time > 0 && drawn > 0 ? c->usable_j * time / drawn / MONEY_YEAR : INFINITY;
}

/* What a part costs within so many years, by kind; discount 0 for what is paid, not what it is worth. */
static void pay(const struct sim *s, const struct part *q, double discount, double years, double sum[KINDS])
{
	double lifetime = years_of(q->p->lifetime);

	for (int k = 0; k < KINDS; k++)
		sum[k] = q->yearly[k] * money_annuity(discount, years);
	sum[KIND_CAPITAL] += q->capital * (1 + money_repeats(discount, lifetime, years)) + q->once;
	if (!q->class || q->battery <= 0)
		return;
	for (uint32_t i = q->class->first; i < q->class->first + q->class->count; i++)
		sum[KIND_BATTERIES] +=
			q->battery * money_repeats_within(discount, battery_years(s, q->class, i), lifetime, years);
}

/* ---- report ---- */

struct account {
	const struct economy_params *e;
	struct part *part;
	size_t n;
	double (*present)[KINDS], (*paid)[KINDS]; /* by part, over the horizon */
	double years;
};

/* Whether the part counts for a group: that of its class, or of its network. */
static bool belongs(const struct sim *s, const struct part *q, uint32_t group)
{
	const struct groups *g = groups_of(s);
	uint32_t per_class = g->n_cells / devices_of(s)->n_classes;
	const struct node *n = q->entry->part;

	if (group == 0)
		return true;
	if (q->class)
		return g->member[group][q->class->index * per_class];
	if (strncmp(g->name[group], "network=", 8) != 0)
		return false;
	return (n->id && strcmp(n->id, g->name[group] + 8) == 0) ||
	       (n->parent && n->parent->parent && n->parent->id && strcmp(n->parent->id, g->name[group] + 8) == 0);
}

/* Devices of a group, and what they delivered. */
static void count_group(const struct sim *s, uint32_t group, double *devices, double *delivered)
{
	const struct groups *g = groups_of(s);
	const struct devices *d = devices_of(s);
	const struct service *sv = sim_state(s, &traffic_model);

	*devices = *delivered = 0;
	for (uint32_t i = 0; i < d->n; i++)
		*devices += g->member[group][d->cell[i]];
	for (uint32_t c = 0; sv && c < g->n_cells; c++)
		*delivered += g->member[group][c] ? (double)sv->cell[c].fate[1][FATE_DELIVERED] : 0;
}

static void report_group(struct sim *s, const struct account *a, uint32_t group)
{
	const char *name = groups_of(s)->name[group];
	double capex = 0, opex = 0, total = 0, devices, delivered, counted = sim_seconds(s->now - s->warmup);
	bool any = false;

	for (size_t i = 0; i < a->n; i++) {
		const struct part *q = &a->part[i];
		if (!belongs(s, q, group))
			continue;
		any = true;
		capex += q->capital + q->once;
		for (int k = 0; k < KINDS; k++) {
			opex += q->yearly[k];
			total += a->present[i][k];
		}
		opex += a->paid[i][KIND_BATTERIES] / a->years;
	}
	if (!any)
		return;
	count_group(s, group, &devices, &delivered);
	double annual = total / money_annuity(a->e->discount, a->years);
	report_kpi(s->report, &kpis[KPI_CAPEX], name, capex);
	report_kpi(s->report, &kpis[KPI_OPEX], name, opex);
	report_kpi(s->report, &kpis[KPI_TOTAL], name, total);
	report_kpi(s->report, &kpis[KPI_ANNUAL], name, annual);
	report_kpi(s->report, &kpis[KPI_MESSAGE], name,
		   delivered > 0 && counted > 0 ? annual / (delivered * MONEY_YEAR / counted) : NAN);
	report_kpi(s->report, &kpis[KPI_DEVICE], name, devices > 0 ? annual / devices : NAN);
}

/* A row for every label: its parts come together at the first of them. */
static bool is_first(const struct account *a, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(a->part[j].label, a->part[i].label) == 0)
			return false;
	return true;
}

static void report_label(struct sim *s, const struct account *a, size_t i)
{
	double units = 0, capital = 0, yearly = 0, total = 0;
	char name[160], of_units[64] = "";

	for (size_t j = i; j < a->n; j++) {
		const struct part *q = &a->part[j];
		if (strcmp(q->label, a->part[i].label) != 0)
			continue;
		units += q->units;
		capital += q->capital + q->once;
		for (int k = 0; k < KINDS; k++) {
			yearly += q->yearly[k];
			total += a->present[j][k];
		}
		yearly += a->paid[j][KIND_BATTERIES] / a->years;
	}
	snprintf(name, sizeof name, "Cost of %s", a->part[i].label);
	if (units > 0)
		snprintf(of_units, sizeof of_units, "%.0f unit%s, ", units, units == 1 ? "" : "s");
	report_fact(s->report, name, "%s%.6g %s at the start, %.4g %s a year, %.6g %s over %.4g years", of_units, capital,
		    a->e->currency, yearly, a->e->currency, total, a->e->currency, a->years);
	report_audit(s->report, "money", a->e->currency, AUDIT_IN, a->part[i].label, total);
	if (units <= 0 && a->part[i].p != &free_of_charge)
		report_warning(s->report, "cost", "%s has a price, but there is no unit of it", a->part[i].label);
}

/* At the end of every year, and of the horizon. */
static void report_years(struct sim *s, const struct account *a, size_t i)
{
	for (uint32_t year = 0;; year++) {
		double at = fmin(year, a->years), sum[KINDS], y = 0;
		for (size_t j = i; j < a->n; j++) {
			if (strcmp(a->part[j].label, a->part[i].label) != 0)
				continue;
			pay(s, &a->part[j], a->e->discount, at, sum);
			for (int k = 0; k < KINDS; k++)
				y += sum[k];
		}
		report_curve(s->report, &years_curve, a->part[i].label, at, y);
		if (at >= a->years)
			return;
	}
}

static void report_kinds(struct sim *s, const struct account *a)
{
	for (int k = 0; k < KINDS; k++) {
		double sum = 0;
		for (size_t i = 0; i < a->n; i++)
			sum += a->present[i][k];
		report_audit(s->report, "money", a->e->currency, AUDIT_OUT, kind_names[k], sum);
	}
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &economy_model);
	struct account a = { .e = n ? n->par : NULL };
	const struct cost_entry *entry = cost_entries(s, &a.n);

	if (!n || a.n == 0)
		return;
	a.years = years_of(a.e->horizon);
	a.part = sim_alloc(s, a.n, sizeof *a.part);
	a.present = sim_alloc(s, a.n, sizeof *a.present);
	a.paid = sim_alloc(s, a.n, sizeof *a.paid);
	if (!a.part || !a.present || !a.paid)
		return;
	for (size_t i = 0; i < a.n; i++) {
		fill_part(s, a.e, &entry[i], &a.part[i]);
		pay(s, &a.part[i], a.e->discount, a.years, a.present[i]);
		pay(s, &a.part[i], 0, a.years, a.paid[i]);
	}
	for (uint32_t g = 0; g < groups_of(s)->n; g++)
		report_group(s, &a, g);
	for (size_t i = 0; i < a.n; i++)
		if (is_first(&a, i)) {
			report_label(s, &a, i);
			report_years(s, &a, i);
		}
	report_kinds(s, &a);
}

const struct model economy_model = {
	.name = "economy",
	.doc = "Prices of the place, and over how long and at which discount the parts' <cost> is added up.",
	.places = TABLE(places),
	.example = "currency=\"EUR\" energy-price=\"0.30EUR/kWh\" labour=\"45EUR/h\"",
	.par_size = sizeof(struct economy_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.check = check,
	.finish = finish,
};
