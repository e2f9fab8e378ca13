/*
 * Joining LoRaWAN over the air: lengths and times on air, latency on an idle channel, the budget of join requests, and the
 * nonces that devices use twice.
 */
#include <math.h>
#include <string.h>

#include "models/models.h"
#include "models/network/network.h"
#include "models/radio/lora.h"
#include "tests/validation/validate.h"

static const char sizes[] = "LoRaMac-node's frame sizes, lora_time_on_air by SX1276's formula";
static const char exact[] = "exact but for rounding";

static double ms(simtime_t t)
{
	return sim_seconds(t) * 1e3;
}

/* Rows of the frames of joining: bytes, whether up, ms at SF7 .. SF12. */
static void times_on_air(struct valid *v)
{
	static const struct {
		const char *what;
		unsigned bytes;
		bool up;
		double ms[LORA_SFS];
	} rows[] = {
		{ "join request", 23, true, { 61.696, 113.152, 205.824, 370.688, 823.296, 1482.752 } },
		{ "rejoin request of types 0 and 2", 19, true, { 51.456, 102.912, 185.344, 329.728, 741.376, 1318.912 } },
		{ "rejoin request of type 1", 24, true, { 61.696, 113.152, 205.824, 370.688, 823.296, 1482.752 } },
		{ "data frame", 51, true, { 102.656, 184.832, 328.704, 616.448, 1314.816, 2465.792 } },
		{ "join accept", 17, false, { 46.336, 92.672, 164.864, 329.728, 659.456, 1155.072 } },
		{ "join accept with CFList", 33, false, { 71.936, 133.632, 246.784, 452.608, 905.216, 1810.432 } },
	};
	char name[96];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (unsigned sf = 0; sf < LORA_SFS; sf++)
			valid_near(v,
				   valid_text(name, sizeof name, "%s, %u B at SF%u, ms", rows[i].what, rows[i].bytes,
					      sf + LORA_SF_MIN),
				   sizes, rows[i].ms[sf],
				   ms(lora_time_on_air(rows[i].bytes, sf + LORA_SF_MIN, 125e3, 1, 8, rows[i].up)), 1e-6,
				   exact);
}

/* A scenario that is driven, and what is watched of it. */
struct drive {
	struct scenario *sc;
	struct report *report;
	struct sim *s;
	uint16_t kind;
	double joined; /* s, of device 0 */
	uint64_t cycles;
	struct cycle { simtime_t since; unsigned joins; bool late; } *device;
	unsigned joins_most;
};

static const char body[] =
	"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='%.0fs'/><city width='6km' height='6km'>"
	"<propagation model='log-distance' reference-loss='7.7dB' reference-distance='1m' exponent='3.76'/>"
	"<shadowing deviation='0dB'/></city><lorawan id='l' join-spread='0s' adr='off' %s>%s<gateway position='%s'/></lorawan>"
	"<device-class id='c'><uses network='l'/></device-class>"
	"<deploy class='c' count='%u' centre='3km 3.2km' radius='10m'/></scenario>";

static bool drive_open(struct drive *d, double duration, const char *lorawan, const char *channels, const char *gateway, unsigned devices)
{
	char xml[4096];
	struct diag *diag = diag_new();

	memset(d, 0, sizeof *d);
	d->joined = NAN;
	snprintf(xml, sizeof xml, body, duration, lorawan, channels, gateway, devices);
	d->sc = diag ? scenario_parse(xml, strlen(xml), "join.xml", &sccsim_models, NULL, NULL, 0, diag) : NULL;
	if (diag && !d->sc)
		diag_print(diag, stderr);
	diag_free(diag);
	d->report = report_new();
	d->s = d->sc && d->report ? sim_new(1, 0, 0, d->sc->run.duration, d->report) : NULL;
	for (size_t i = 0; d->s && i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(d->s, d->sc);
	return d->s && d->s->status == SIM_OK;
}

static bool drive_run(struct drive *d)
{
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->start)
			sccsim_models.models[i]->start(d->s, d->sc);
	int status = sim_run(d->s);
	for (size_t i = 0; status == SIM_OK && i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->finish)
			sccsim_models.models[i]->finish(d->s, d->sc);
	return status == SIM_OK;
}

static void drive_close(struct drive *d)
{
	sim_free(d->s);
	report_free(d->report);
	scenario_free(d->sc);
}

static double account(const struct drive *d, const char *name, const char *label)
{
	for (size_t i = 0; i < d->report->n_audit; i++)
		if (strcmp(d->report->audit[i].account, name) == 0 && strcmp(d->report->audit[i].label, label) == 0)
			return d->report->audit[i].value;
	return 0;
}

static void on_first(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to)
{
	struct drive *d = ctx;

	(void)device, (void)from;
	if (to == DEVICE_ATTACHED && isnan(d->joined))
		d->joined = sim_seconds(s->now);
}

/* From the first bit of the request, which goes out when the device has power, to the last of the accept. */
static void latency(struct valid *v)
{
	static const char *const sf12[] = { "", "<channel frequency='868.1MHz' max-data-rate='0'/>" };
	static const double want[] = { 5133.632, 8293.184 };
	char name[64];

	for (int i = 0; i < 2; i++) {
		struct drive d;
		bool ok = drive_open(&d, 60, "", sf12[i], "3km 3km", 1);
		if (ok) {
			device_watch(d.s, on_first, &d);
			ok = drive_run(&d);
		}
		valid_near(v, valid_text(name, sizeof name, "join on an idle channel, SF%d, ms", i ? 12 : 7),
			   "ToA(23 B) + 5 s + ToA(33 B), RX1", want[i], ok ? d.joined * 1e3 : NAN, 1e-3, exact);
		drive_close(&d);
	}
}

/* Nobody answers: as many requests as the first hour's 36 s of airtime hold. */
static void budget(struct valid *v)
{
	struct drive d;
	bool ok = drive_open(&d, 3599, "", "<channel frequency='868.1MHz' max-data-rate='0'/>", "900km 3km", 1) &&
		  drive_run(&d);

	valid_near(v, "join requests in the first hour at SF12", "floor(36 s / 1.482752 s), LoRaWAN 1.0.3, 7", 24,
		   ok ? account(&d, "frames", "sent") : NAN, 0, "exact");
	drive_close(&d);
}

/* Devices whose power comes and goes, one every ten seconds, so that no request meets another or an accept. */
enum { DEVICES = 2000, JOINS = 302 };
static const double apart_s = 10, round_s = 10.0 * DEVICES;

static void on_cycle(struct sim *s, void *ctx, uint32_t device, uint16_t on)
{
	struct drive *d = ctx;
	struct cycle *c = &d->device[device];

	device_power(s, device, on != 0);
	c->since = s->now;
	d->cycles += on;
	sim_after(s, on ? sim_from_seconds(round_s - 1) : SIM_SECOND, d->kind, device, !on);
}

static void on_start(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	const struct drive *d = ctx;

	(void)detail;
	device_power(s, device, false);
	sim_after(s, SIM_SECOND + sim_from_seconds(apart_s * device), d->kind, device, 1);
}

/* A join that takes longer than one request and its accept: one was refused. */
static void on_joined(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to)
{
	struct drive *d = ctx;
	struct cycle *c = &d->device[device];

	(void)from;
	if (to != DEVICE_ATTACHED || c->joins >= d->joins_most)
		return;
	c->joins++;
	c->late |= s->now - c->since > 6 * SIM_SECOND;
}

/* Chance that n random 16-bit numbers are not all different: exactly, not by exp(). */
static double met(unsigned n)
{
	double apart = 1;

	for (unsigned i = 0; i < n; i++)
		apart *= 1 - i / 65536.0;
	return 1 - apart;
}

static void nonces(struct valid *v, unsigned joins)
{
	struct drive d;
	static struct cycle rows[DEVICES];
	char name[96];
	double late = 0, requests = 0, p = met(joins);
	bool ok = drive_open(&d, round_s * (joins + 1), "duty-cycle='off'", "", "3km 3km", DEVICES);

	memset(rows, 0, sizeof rows);
	d.device = rows;
	d.joins_most = joins;
	if (ok) {
		d.kind = sim_handler(d.s, "valid.cycle", on_cycle, &d);
		device_watch(d.s, on_joined, &d);
		uint16_t start = sim_handler(d.s, "valid.start", on_start, &d);
		for (uint32_t i = 0; i < DEVICES; i++) /* all have power at first, and nobody hears them for it */
			sim_at(d.s, SIM_SECOND, start, i, 0);
		ok = drive_run(&d);
	}
	for (uint32_t i = 0; i < DEVICES; i++) {
		late += rows[i].late;
		requests += rows[i].joins;
	}
	ok = ok && requests >= DEVICES * joins * 0.999;
	valid_near(v, valid_text(name, sizeof name, "devices that met a used DevNonce within %u joins", joins),
		   "1 - prod (1 - i / 2^16)", p, ok ? late / DEVICES : NAN, 4 * sqrt(p * (1 - p) / DEVICES),
		   "four standard deviations of 2,000 devices");
	drive_close(&d);
}

int main(void)
{
	struct valid v = valid_begin("joining LoRaWAN");

	times_on_air(&v);
	latency(&v);
	budget(&v);
	nonces(&v, 100);
	nonces(&v, JOINS);
	return valid_end(&v);
}
