/*
 * <battery>, <power>: what a class draws in each state, what it draws from, and who has drawn how much.
 */
#include <string.h>

#include "models/device/device_private.h"

struct battery_params {
	double capacity, usable, self_discharge, voltage;
};
struct power_params {
	struct number_list tx_power, tx_current;
	double rx, idle, sleep, cpu, voltage;
};

static const struct place in_class[] = { { "device-class", 0, 1 } };
static const double YEAR = 365.25 * 86400;

static const struct param battery_params[] = {
	JOULE(struct battery_params, capacity, "5Wh", "1J", "1GJ", "energy of the new battery",
	      "3GPP TR 45.820: 10 years on 5 Wh"),
	RATIO(struct battery_params, usable, "85%", "1%", "100%", "share of the capacity above the cut-off voltage",
	      "[M] lithium thionyl chloride cells at low temperature"),
	RATIO(struct battery_params, self_discharge, "1%", "0%", "100%",
	      "share of the capacity lost in a year without load", "[M] lithium thionyl chloride cells: below 1 % a year"),
	VOLT(struct battery_params, voltage, "3.3V", "0.5V", "60V", "at which the currents of <power> are drawn",
	     "FLoRa, energyConsumptionParameters.xml"),
};

static const struct param power_params[] = {
	LIST(struct power_params, tx_power, DIM_POWER_DBM,
	     "2dBm; 4dBm; 5dBm; 8dBm; 9dBm; 10dBm; 11dBm; 12dBm; 13dBm; 14dBm; 17dBm; 20dBm", "-60dBm", "60dBm",
	     "transmit powers, ascending, for which tx-current gives the draw",
	     "SX1276: FLoRa, energyConsumptionParameters.xml, up to 14 dBm; above [M] the data sheet"),
	LIST(struct power_params, tx_current, DIM_CURRENT,
	     "24mA; 24mA; 25mA; 25mA; 26mA; 31mA; 32mA; 34mA; 35mA; 44mA; 90mA; 120mA", "0A", "100A",
	     "current while sending, one for each of tx-power",
	     "SX1276: FLoRa, energyConsumptionParameters.xml, up to 14 dBm; above [M] the data sheet"),
	AMPERE(struct power_params, rx, "11.2mA", "0A", "100A", "current while receiving or listening",
	       "SX1276: ns-3 lorawan, LoraRadioEnergyModel"),
	AMPERE(struct power_params, idle, "1.4mA", "0A", "100A", "current of the radio in standby",
	       "SX1276: ns-3 lorawan, LoraRadioEnergyModel"),
	AMPERE(struct power_params, sleep, "1.5uA", "0A", "100A", "current of the whole device asleep",
	       "SX1276: ns-3 lorawan, LoraRadioEnergyModel"),
	AMPERE(struct power_params, cpu, "7mA", "0A", "100A", "current while the processor computes",
	       "[M] STM32L0 at 32 MHz"),
	VOLT(struct power_params, voltage, "", "0.5V", "60V",
	     "at which the currents are drawn; absent: the battery's, or 3.3 V", NULL),
};

static void load_power(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct power_params *p = n->par;
	const struct node *battery = node_child(n->parent, &battery_model);

	node_derive(sc, n, d, "voltage", "%.10gV", battery ? ((const struct battery_params *)battery->par)->voltage : 3.3);
	if (p->tx_power.n != p->tx_current.n)
		node_error(n, d, "tx-current", "has %zu values where tx-power has %zu: one current for each power",
			   p->tx_current.n, p->tx_power.n);
	for (size_t i = 1; i < p->tx_power.n; i++)
		if (!(p->tx_power.v[i].real > p->tx_power.v[i - 1].real)) {
			node_error(n, d, "tx-power", "does not ascend");
			return;
		}
}

/* Fill in what a class draws. */
void energy_class(struct sim *s, struct device_class *c)
{
	const struct node *battery = node_child(c->node, &battery_model);
	const struct battery_params *b = battery ? battery->par : NULL;
	const struct power_params p = *(const struct power_params *)node_child(c->node, &power_model)->par;
	double *dbm = sim_alloc(s, p.tx_power.n, sizeof *dbm), *w = sim_alloc(s, p.tx_power.n, sizeof *w);

	if (!dbm || !w || !p.tx_power.v || !p.tx_current.v)
		return;
	c->voltage = p.voltage;
	c->battery = b != NULL;
	c->usable_j = b ? b->capacity * b->usable : INFINITY;
	c->self_discharge_w = b ? b->capacity * b->self_discharge / YEAR : 0;
	c->sleep_w = p.sleep * c->voltage;
	c->idle_w = p.idle * c->voltage;
	c->rx_w = p.rx * c->voltage;
	c->cpu_w = p.cpu * c->voltage;
	c->n_tx = (uint32_t)p.tx_power.n;
	for (uint32_t i = 0; i < c->n_tx; i++) {
		dbm[i] = p.tx_power.v[i].real;
		w[i] = p.tx_current.v[i].real * c->voltage;
	}
	c->tx_dbm = dbm;
	c->tx_w = w;
}

double device_tx_draw_w(const struct device_class *c, double p_dbm)
{
	const double *x = c->tx_dbm, *w = c->tx_w;
	uint32_t top = c->n_tx - 1, i = 0;

	if (p_dbm <= x[0])
		return w[0];
	if (p_dbm >= x[top])
		return w[top] * pow(10, (p_dbm - x[top]) / 10);
	while (p_dbm > x[i + 1])
		i++;
	return w[i] + (w[i + 1] - w[i]) * (p_dbm - x[i]) / (x[i + 1] - x[i]);
}

/* Instant in ticks; differences wrap rightly. */
static uint32_t tick(const struct device_impl *im, simtime_t t)
{
	return (uint32_t)((uint64_t)t >> im->tick_shift);
}

/* What has left the battery since the run began. */
static double drawn_j(const struct sim *s, const struct devices *d, uint32_t i)
{
	const struct device_impl *im = impl_of(d);
	const struct device_class *c = &d->classes[d->class_of[i]];

	return im->energy[i] + (im->before ? (double)im->before[i] : 0) +
	       (device_is_powered(d->state[i]) ? drain_w(c) * sim_seconds(s->now) : 0);
}

/* The battery may be empty: after a charge that took the last of it, or after sleep alone would have. */
static void on_battery(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct devices *d = ctx;

	(void)detail;
	/* The event lies on a whole nanosecond: a billionth of the capacity makes up for it. */
	if (device_is_powered(d->state[i]) && drawn_j(s, d, i) >= d->classes[d->class_of[i]].usable_j * (1 - 1e-9))
		life_end(s, d, i, DEVICE_EXHAUSTED);
}

void device_charge(struct sim *s, struct devices *d, uint32_t i, enum energy_state st, double joules, simtime_t duration)
{
	struct device_impl *im = impl_of(d);
	const struct device_class *c = &d->classes[d->class_of[i]];
	struct cell_life *l = &im->life[d->cell[i]];

	im->energy[i] += joules - c->sleep_w * sim_seconds(duration);
	exact_add(&l->active[st].joules, joules);
	l->active[st].time += duration;
	if (c->battery && drawn_j(s, d, i) >= c->usable_j && device_is_powered(d->state[i]))
		sim_at(s, s->now, im->kind_battery, i, 0);
}

void device_touches(struct sim *s, const struct devices *d, uint16_t kind)
{
	const struct device_impl *im = impl_of(d);

	sim_handler_prefetch(s, kind, d->state, sizeof *d->state);
	sim_handler_prefetch(s, kind, d->class_of, sizeof *d->class_of);
	sim_handler_prefetch(s, kind, d->cell, sizeof *d->cell);
	sim_handler_prefetch(s, kind, im->energy, sizeof *im->energy);
	sim_handler_prefetch(s, kind, im->before, sizeof *im->before); /* NULL: none */
}

/* Power comes or goes: sleep begins or ends. */
void energy_powered(struct sim *s, struct devices *d, uint32_t i, bool on)
{
	struct device_impl *im = impl_of(d);
	const struct device_class *c = &d->classes[d->class_of[i]];
	double now = sim_seconds(s->now), left;

	im->energy[i] += drain_w(c) * (on ? -now : now);
	im->ticks[i] += on ? 0 - tick(im, s->now) : tick(im, s->now);
	if (!on || !c->battery)
		return;
	left = (c->usable_j - drawn_j(s, d, i)) / drain_w(c);
	if (left <= sim_seconds(s->end - s->now))
		sim_at(s, s->now + sim_from_seconds(fmax(left, 0)), im->kind_battery, i, 0);
}

void energy_warmup(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);
	double now = sim_seconds(s->now);

	for (uint32_t i = 0; i < d->n; i++) {
		bool on = device_is_powered(d->state[i]);
		if (im->before)
			im->before[i] = (float)drawn_j(s, d, i);
		im->energy[i] = on ? -drain_w(&d->classes[d->class_of[i]]) * now : 0;
		im->ticks[i] = on ? 0 - tick(im, s->now) : 0;
	}
}

bool energy_setup(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);
	bool batteries = false;

	for (uint32_t k = 0; k < d->n_classes; k++)
		batteries = batteries || d->classes[k].battery;
	im->energy = sim_alloc(s, d->n, sizeof *im->energy);
	im->ticks = sim_alloc(s, d->n, sizeof *im->ticks);
	im->life = sim_alloc(s, im->groups->n_cells, sizeof *im->life);
	if (batteries && s->warmup > 0)
		im->before = sim_alloc(s, d->n, sizeof *im->before);
	while (((uint64_t)s->end >> im->tick_shift) > UINT32_MAX)
		im->tick_shift++;
	im->kind_battery = sim_handler(s, "device.battery", on_battery, d);
	return im->energy && im->ticks && im->life;
}

double device_energy_j(const struct sim *s, uint32_t i)
{
	const struct devices *d = devices_of(s);
	const struct device_impl *im = impl_of(d);

	return drawn_j(s, d, i) - (im->before ? (double)im->before[i] : 0);
}

double device_powered_s(const struct sim *s, uint32_t i)
{
	const struct devices *d = devices_of(s);
	const struct device_impl *im = impl_of(d);
	uint32_t ticks = im->ticks[i] + (device_is_powered(d->state[i]) ? tick(im, s->now) : 0);

	return sim_seconds((simtime_t)((uint64_t)ticks << im->tick_shift));
}

double device_active_j(const struct sim *s, uint32_t cell)
{
	const struct cell_life *l = &impl_of(devices_of(s))->life[cell];
	double sum = 0;

	for (int e = 0; e < ENERGY_STATES; e++)
		sum += exact_value(&l->active[e].joules);
	return sum;
}

const struct model battery_model = {
	.name = "battery",
	.doc = "What a device lives on; a class without one has mains power.",
	.places = in_class,
	.n_places = sizeof in_class / sizeof in_class[0],
	.par_size = sizeof(struct battery_params),
	.params = battery_params,
	.n_params = sizeof battery_params / sizeof battery_params[0],
	.example = "capacity=\"19Wh\"",
};

const struct model power_model = {
	.name = "power",
	.doc = "Currents of a device by what it does.",
	.implied = true,
	.places = in_class,
	.n_places = sizeof in_class / sizeof in_class[0],
	.par_size = sizeof(struct power_params),
	.params = power_params,
	.n_params = sizeof power_params / sizeof power_params[0],
	.load = load_power,
};
