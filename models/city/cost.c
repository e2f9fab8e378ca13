/* <cost>, and the ledger of a replication. */
#include "models/city/cost.h"

#include <math.h>
#include <string.h>

#include "sim/kernel/sim.h"

static const struct place places[] = { { "device-class", 0, 1 }, { "gateways", 0, 1 }, { "gateway", 0, 1 },
				       { "lorawan", 0, 1 },	 { "backhaul", 0, 1 }, { "platform", 0, 1 },
				       { "nb-iot", 0, 1 },	 { "lte-m", 0, 1 },	 { "lte", 0, 1 },      { "sites", 0, 1 },
				       { "site", 0, 1 },	 { "edge", 0, 1 },	 { "local-link", 0, 1 }, { "ledger", 0, 1 },
				       { "federation-broker", 0, 1 }, { "trust-repository", 0, 1 }, { "onboarding-server", 0, 1 },
				       { "crew", 0, 1 },	 { "depot", 0, 1 },	 { "portable-site", 0, 1 },
				       { "satellite-terminal", 0, 1 }, { "fuel", 0, 1 } };

/* Parts whose messages and bytes are counted; the others have no such fees. */
static const char *const metered[] = { "device-class", "lorawan", "nb-iot", "lte-m",	"lte",
				       "local-link",   "backhaul", "edge",  "platform", "ledger" };

#define S struct cost_params
static const struct param params[] = {
	MONEY(S, capex, DIM_MONEY, "", "price of one unit: a server of a platform, of a broker or for onboarding, a link of a backhaul, an edge node, a hub, a validator",
	      NULL),
	MONEY(S, installation, DIM_MONEY, "", "price of putting one unit up, besides the labour", NULL),
	TIME(S, labour, "0s", "0s", "1yr", "work of putting one unit up, at the economy's rate", NULL),
	TIME(S, lifetime, "", "1d", "200yr", "after so long a unit is bought and put up anew; absent: it outlives the horizon", NULL),
	MONEY(S, opex, DIM_MONEY_TIME, "", "upkeep of one unit: site, maintenance, licence", NULL),
	MONEY(S, subscription, DIM_MONEY_TIME, "", "fee of one unit, whatever it sends", NULL),
	WATT(S, power, "0W", "0W", "100kW", "mains power of one unit; what edge nodes and devices without a battery draw comes on top",
	     NULL),
	MONEY(S, per_message, DIM_MONEY, "",
	      "fee of a message carried (of a device class: that reached its platform; of a ledger: a record)", NULL),
	MONEY(S, per_byte, DIM_MONEY_DATA, "",
	      "fee of its bytes: application payload; of a backhaul with its overhead, of a ledger its blocks", NULL),
	MONEY(S, battery, DIM_MONEY, "", "a new battery, whenever the simulated life of the old one is over", NULL),
	TIME(S, visit, "0s", "0s", "1yr", "work of putting it in, at the economy's rate", NULL),
};
#undef S

const struct cost_params *cost_of(const struct node *part)
{
	const struct node *n = part ? node_child(part, &cost_model) : NULL;

	return n ? n->par : NULL;
}

static bool is_metered(const struct node *part)
{
	for (size_t i = 0; i < sizeof metered / sizeof metered[0]; i++)
		if (strcmp(part->model->name, metered[i]) == 0)
			return true;
	return false;
}

static bool has_battery(const struct node *part)
{
	for (const struct node *c = part->child; c; c = c->next)
		if (strcmp(c->model->name, "battery") == 0)
			return true;
	return false;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	static const char *const by_traffic[] = { "per-message", "per-byte" }, *const of_battery[] = { "battery", "visit" };

	(void)sc;
	for (size_t i = 0; i < 2; i++) {
		if (node_given(n, by_traffic[i]) && !is_metered(n->parent))
			node_error(
				n, d, by_traffic[i],
				"is of no use in <%s>, whose messages are not metered (put it in the network or the class)",
				n->parent->model->name);
		if (node_given(n, of_battery[i]) && !has_battery(n->parent))
			node_error(n, d, of_battery[i], "goes with a device class that has a <battery>");
	}
}

/* Prices ask for an economy, whose check then looks at their currency. */
static void check(const struct scenario *sc, struct diag *d)
{
	const struct model *economy = table_model(sc->table, "economy", "scenario");

	if (economy && !scenario_first(sc, economy))
		node_error(scenario_first(sc, &cost_model), d, NULL,
			   "needs an <economy>, which says the currency (try <economy currency=\"EUR\"/>)");
}

struct ledger {
	struct cost_entry *entry;
	size_t n, cap;
};

static void setup(struct sim *s, const struct scenario *sc)
{
	struct ledger *l = sim_alloc(s, 1, sizeof *l);

	if (!l)
		return;
	l->cap = scenario_count(sc, &cost_model) + 1;
	l->entry = sim_alloc(s, l->cap, sizeof *l->entry);
	if (!l->entry)
		return;
	for (const struct node *n = scenario_first(sc, &cost_model); n; n = n->next_same)
		l->entry[l->n++].part = n->parent;
	sim_set_state(s, &cost_model, l);
}

static struct cost_entry *find(struct ledger *l, const struct node *part)
{
	for (size_t i = 0; l && i < l->n; i++)
		if (l->entry[i].part == part)
			return &l->entry[i];
	return NULL;
}

/* Looked for only where there is a <cost>; NULL: there is none. */
static struct cost_entry *entry_of(const struct sim *s, const struct node *part)
{
	return part && node_child(part, &cost_model) ? find(sim_state(s, &cost_model), part) : NULL;
}

/* A new one where there is none; NULL: out of memory. */
static struct cost_entry *entry_for(struct sim *s, const struct node *part)
{
	struct ledger *l = sim_state(s, &cost_model);
	struct cost_entry *e = find(l, part), *more;

	if (e || !l)
		return e;
	if (l->n == l->cap) {
		more = sim_alloc(s, 2 * l->cap, sizeof *more);
		if (!more)
			return NULL;
		memcpy(more, l->entry, l->n * sizeof *more);
		l->entry = more;
		l->cap *= 2;
	}
	e = &l->entry[l->n++];
	*e = (struct cost_entry){ .part = part };
	return e;
}

void cost_units(struct sim *s, const struct node *part, double units)
{
	struct cost_entry *e = entry_of(s, part);

	if (e)
		e->units += units;
}

void cost_traffic(struct sim *s, const struct node *part, double messages, double bytes)
{
	struct cost_entry *e = entry_of(s, part);

	if (!e)
		return;
	e->messages += messages;
	e->bytes += bytes;
}

void cost_energy(struct sim *s, const struct node *part, double joules)
{
	struct cost_entry *e = entry_of(s, part);

	if (e)
		e->energy_j += joules;
}

void cost_fees(struct sim *s, const struct node *part, double money)
{
	struct cost_entry *e = money > 0 ? entry_for(s, part) : NULL;

	if (e)
		e->fees += money;
}

void cost_once(struct sim *s, const struct node *part, double money)
{
	struct cost_entry *e = money > 0 ? entry_for(s, part) : NULL;

	if (e)
		e->once += money;
}

void cost_spectrum(struct sim *s, const struct node *part, double mhz)
{
	struct cost_entry *e = mhz > 0 ? entry_for(s, part) : NULL;

	if (e)
		e->spectrum += mhz;
}

const struct cost_entry *cost_entries(const struct sim *s, size_t *n)
{
	const struct ledger *l = sim_state(s, &cost_model);

	*n = l ? l->n : 0;
	return l ? l->entry : NULL;
}

const struct model cost_model = {
	.name = "cost",
	.doc = "What a unit of a part costs: to buy and put up, by the year, by what it carries.",
	.places = TABLE(places),
	.par_size = sizeof(struct cost_params),
	.params = TABLE(params),
	.load = load,
	.check = check,
	.setup = setup,
};
