/*
 * Behind the gateway, from a scenario file through the whole program: <edge>, <backhaul> with its media, satellites and backups,
 * <platform>, against closed forms.
 *
 * The scenario has one element more than the language: <arrivals>, a model of this program that hands a Poisson process of
 * messages to the end of an access network and owns the answers.
 */
#include <math.h>
#include <string.h>

#include "models/models.h"
#include "models/network/orbit.h"
#include "models/network/path.h"
#include "sim/kernel/tally.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

#define RAD (3.141592653589793 / 180)

struct arrivals_params {
	double rate;
	uint64_t bytes;
	bool exponential;
};

static const struct place places[] = { { "scenario", 0, 1 } };
static const struct param params[] = {
	RATE(struct arrivals_params, rate, NULL, "0/s", "1000000/s", "messages to the edge", NULL),
	BYTES(struct arrivals_params, bytes, "100B", "1B", "1000B", "of a message, mean", NULL),
	BOOL(struct arrivals_params, exponential, "off", "bytes are drawn", NULL),
};
enum { KPI_SOJOURN, KPI_DELIVERED };
static const struct kpi_def kpis[] = {
	[KPI_SOJOURN] = { "arrivals.sojourn", "s", "arrival to answer, delivered messages, mean", NULL, KPI_LOWER, true },
	[KPI_DELIVERED] = { "arrivals.delivered", "1", "delivered ÷ answered", NULL, KPI_HIGHER, true },
};
static const struct model arrivals_model;

struct arrivals {
	const struct arrivals_params *p;
	struct rng rng;
	uint32_t devices;
	uint16_t kind;
	struct tally sojourn, delivered;
};

static void on_arrival(struct sim *s, void *ctx, uint32_t n, uint16_t detail)
{
	struct arrivals *a = ctx;
	double bytes = (double)a->p->bytes;
	struct message m = { .created = s->now, .device = n % a->devices, .context = n, .purpose = PURPOSE_COMMAND };

	m.bytes = (uint16_t)(a->p->exponential ? fmin(ceil(rng_exponential(&a->rng, bytes)), UINT16_MAX) : bytes);
	platform_arrive(s, &m);
	sim_after(s, sim_from_seconds(rng_exponential(&a->rng, 1 / a->p->rate)), a->kind, n + 1, detail);
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct arrivals *a = ctx;

	if (m->created < s->warmup)
		return;
	tally_add(&a->delivered, fate == FATE_DELIVERED);
	if (fate == FATE_DELIVERED)
		tally_add(&a->sojourn, sim_seconds(s->now - m->created));
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &arrivals_model);
	struct arrivals *a = sim_alloc(s, 1, sizeof *a);

	if (!a || !n)
		return;
	a->p = n->par;
	a->rng = sim_rng(s, RNG_PURPOSE('a', 'r', 'r', 'v'), n->key);
	a->devices = devices_of(s)->n;
	a->kind = sim_handler(s, "arrivals", on_arrival, a);
	network_owner(s, PURPOSE_COMMAND, on_answer, a);
	sim_set_state(s, &arrivals_model, a);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct arrivals *a = sim_state(s, &arrivals_model);

	(void)sc;
	sim_after(s, sim_from_seconds(rng_exponential(&a->rng, 1 / a->p->rate)), a->kind, 0, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct arrivals *a = sim_state(s, &arrivals_model);

	(void)sc;
	report_kpi(s->report, &kpis[KPI_SOJOURN], "all", a->sojourn.n ? a->sojourn.mean : NAN);
	report_kpi(s->report, &kpis[KPI_DELIVERED], "all", a->delivered.n ? a->delivered.mean : NAN);
}

static const struct model arrivals_model = {
	.name = "arrivals",
	.doc = "A Poisson process of messages to the end of an access network.",
	.places = places,
	.n_places = 1,
	.par_size = sizeof(struct arrivals_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = kpis,
	.n_kpis = sizeof kpis / sizeof kpis[0],
	.setup = setup,
	.start = start,
	.finish = finish,
};

/* ---- a polar satellite over the pole: in view `on` of every `on + off` seconds, always the same ---- */

static const double altitude = 600e3;

static double on_time(void)
{
	return orbit_longest_pass(altitude, 10 * RAD);
}

static double off_time(void)
{
	return orbit_period(altitude) - on_time();
}

/* A server that is always fast enough: who comes between passes waits for the next, b^2 / 2T on average. */
static double gap_wait(void)
{
	return off_time() * off_time() / (2 * orbit_period(altitude));
}

enum { STATES = 1200 };

/* dp/dt of an M/M/1 queue. */
static void flow(const double *p, double lambda, double mu, double *d)
{
	for (int n = 0; n < STATES; n++)
		d[n] = (n ? lambda * p[n - 1] : 0) + (n + 1 < STATES ? mu * p[n + 1] : 0) - (lambda + (n ? mu : 0)) * p[n];
}

static double mean_of(const double *p)
{
	double sum = 0;

	for (int n = 0; n < STATES; n++)
		sum += n * p[n];
	return sum;
}

/* Through a pass by Runge and Kutta's fourth order; returns the integral of the mean. */
static double through_pass(double *p, double lambda, double mu, double lasts)
{
	static double k[4][STATES], q[STATES];
	int steps = (int)ceil(lasts * (lambda + mu) * 4);
	double h = lasts / steps, sum = 0;

	for (int i = 0; i < steps; i++) {
		sum += h * mean_of(p) / 2;
		flow(p, lambda, mu, k[0]);
		for (int stage = 1; stage < 4; stage++) {
			double by = stage < 3 ? h / 2 : h;
			for (int n = 0; n < STATES; n++)
				q[n] = p[n] + by * k[stage - 1][n];
			flow(q, lambda, mu, k[stage]);
		}
		for (int n = 0; n < STATES; n++)
			p[n] += h / 6 * (k[0][n] + 2 * k[1][n] + 2 * k[2][n] + k[3][n]);
		sum += h * mean_of(p) / 2;
	}
	return sum;
}

/* Through a gap: Poisson arrivals alone. */
static double through_gap(double *p, double lambda, double lasts)
{
	static double q[STATES];
	double before = mean_of(p);

	for (int n = 0; n < STATES; n++)
		q[n] = 0;
	for (int k = 0; k < STATES; k++) {
		double w = exp(k * log(lambda * lasts) - lambda * lasts - lgamma(k + 1.0));
		for (int n = 0; w > 1e-18 && n + k < STATES; n++)
			q[n + k] += w * p[n];
	}
	memcpy(p, q, sizeof q);
	return before * lasts + lambda * lasts * lasts / 2;
}

/* Mean sojourn of an M/M/1 queue whose server is away by turns (its work interrupted goes on): the Markov chain of its length
 * followed from empty until a turn is like the last, and Little's law. */
static double vacation_sojourn(double lambda, double service)
{
	static double p[STATES];
	double area = 0, last = -1;

	p[0] = 1;
	for (int i = 0; i < 500 && fabs(area - last) > 1e-7 * area + 1e-12; i++) {
		last = area;
		area = through_gap(p, lambda, off_time());
		area += through_pass(p, lambda, 1 / service, on_time());
	}
	return area / orbit_period(altitude) / lambda;
}

/* ---- fail-over: availabilities 90 % and 80 %, repairs 10 and 20 min ---- */

/* Time lost in switching over: breaks of the first that find the second up, each for D unless a repair or a break ends it. */
static double switching(double d)
{
	double up1 = 600 * 9, up2 = 1200 * 4, rate = 1 / 600.0 + 1 / up2;

	return 0.9 / up1 * 0.8 * (1 - exp(-d * rate)) / rate;
}

/* ---- the cases ---- */

enum { MOST_MODELS = 128, MOST_SETS = 10, MOST_CHECKS = 4 };

struct check { const char *kpi, *source; double expected, within; };    /* within 0: the Student interval */
struct row {
	const char *name;
	struct setting sets[MOST_SETS];
	struct check checks[MOST_CHECKS];
};

#define EDGE(a)  "edge[@id='kiosk']/@" a
#define LINE(a)  "backhaul[@id='line']/@" a
#define CLOUD(a) "platform[@id='cloud']/@" a
#define AT       "device-class[@id='sender']/processing/@"
#define POLE \
	{ LINE("medium"), "leo" }, { LINE("latitude"), "90deg" }, { LINE("inclination"), "90deg" }, { LINE("satellites"), "1" }, \
		{ LINE("availability"), "100%" }, { AT "at", "cloud" }

static const double exact = 1e-8;

static size_t make_rows(struct row *rows)
{
	static const char mmc[] = "Erlang C", md1[] = "Pollaczek-Khinchine", light[] = "slant range over c",
			  renewal[] = "alternating renewal";
	const double bytes = 1 / (1 - exp(-1 / 1000.0)), t = 60000;
	const struct row all[] = {
		{ "edge, M/M/4, rho 0.8",
		  { { AT "at", "edge" },
		    { EDGE("servers"), "4" },
		    { "arrivals/@rate", "3.2/s" },
		    { "run/@duration", "80000s" } },
		  { { "edge.waiting-time", mmc, mmc_wait(3.2, 1, 4), 0 },
		    { "edge.utilisation", "rho", 0.8, 0 },
		    { "edge.energy", "8 W idle, 7 W a busy server", (8 + 3.2 * 7) * t, 0 },
		    { "arrivals.delivered", "nothing is lost", 1, exact } } },
		{ "edge, split 30 %, half the bytes",
		  { { AT "forward", "30%" }, { AT "condense", "50%" }, { LINE("latency"), "0s" } },
		  { { "edge.forwarded-ratio", "30 %", 0.3, 0 }, { "edge.forwarded-bytes-ratio", "15 %", 0.15, 0 } } },
		{ "tandem, M/M/1 to M/M/1",
		  { { AT "forward", "100%" },
		    { LINE("latency"), "0s" },
		    { CLOUD("service-law"), "exponential" },
		    { CLOUD("service-time"), "800ms" },
		    { "arrivals/@rate", "0.6/s" } },
		  { { "arrivals.sojourn", "product form (Jackson)", 1 / (1 - 0.6) + 1 / (1.25 - 0.6), 0 },
		    { "edge.waiting-time", mmc, mmc_wait(0.6, 1, 1), 0 },
		    { "platform.waiting-time", "Burke: Poisson departures", mmc_wait(0.6, 0.8, 1), 0 } } },
		{ "backhaul, M/D/1, rho 0.5",
		  { { AT "at", "cloud" }, { LINE("capacity"), "800bps" }, { LINE("latency"), "0s" } },
		  { { "backhaul.delay", md1, 1 + md1_wait(0.5, 1), 0 },
		    { "arrivals.sojourn", md1, 1 + md1_wait(0.5, 1), 0 } } },
		{ "backhaul, M/D/1, rho 0.8",
		  { { AT "at", "cloud" },
		    { LINE("capacity"), "800bps" },
		    { LINE("latency"), "0s" },
		    { "arrivals/@rate", "0.8/s" } },
		  { { "backhaul.delay", md1, 1 + md1_wait(0.8, 1), 0 }, { "backhaul.utilisation", "rho", 0.8, 0 } } },
		{ "fibre of 100 km",
		  { { AT "at", "cloud" },
		    { LINE("medium"), "fibre" },
		    { LINE("capacity"), "10Tbps" },
		    { "arrivals/@rate", "0.01/s" } },
		  { { "backhaul.delay", "4.897 us/km", 489.7e-6, exact } } },
		{ "microwave of 20 km",
		  { { AT "at", "cloud" },
		    { LINE("medium"), "microwave" },
		    { LINE("capacity"), "10Tbps" },
		    { "arrivals/@rate", "0.01/s" } },
		  { { "backhaul.delay", "3.336 us/km", 66.72e-6, exact } } },
		{ "geo at 10 degrees",
		  { { AT "at", "cloud" },
		    { LINE("medium"), "geo" },
		    { LINE("elevation"), "10deg" },
		    { LINE("capacity"), "10Tbps" },
		    { "arrivals/@rate", "0.01/s" } },
		  { { "backhaul.delay", light, 0.54146 / 2, 6e-6 } } },
		{ "geo in the zenith",
		  { { AT "at", "cloud" },
		    { LINE("medium"), "geo" },
		    { LINE("elevation"), "90deg" },
		    { LINE("capacity"), "10Tbps" },
		    { "arrivals/@rate", "0.01/s" } },
		  { { "backhaul.delay", light, 2 * 0.119369, 2e-6 } } },
		{ "fail-over at once",
		  { { AT "at", "cloud" },
		    { LINE("availability"), "90%" },
		    { LINE("repair"), "10min" },
		    { LINE("backup"), "spare" },
		    { LINE("switch-over"), "0s" },
		    { "run/@duration", "1000000s" },
		    { "arrivals/@rate", "0.05/s" } },
		  { { "backhaul.way-availability", "1 - (1 - a1)(1 - a2)", 1 - 0.1 * 0.2, 0 },
		    { "backhaul.failover-share", "(1 - a1) a2", 0.1 * 0.8, 0 },
		    { "backhaul.availability", renewal, 0.85, 0 },
		    { "arrivals.delivered", "Poisson arrivals see time averages", 1 - 0.1 * 0.2, 0 } } },
		{ "fail-over in 2 min",
		  { { AT "at", "cloud" },
		    { LINE("availability"), "90%" },
		    { LINE("repair"), "10min" },
		    { LINE("backup"), "spare" },
		    { LINE("switch-over"), "2min" },
		    { "run/@duration", "1000000s" },
		    { "arrivals/@rate", "0.05/s" } },
		  { { "backhaul.way-availability", "less the switching", 1 - 0.1 * 0.2 - switching(120), 0 },
		    { "backhaul.failover-share", "less the switching", 0.1 * 0.8 - switching(120), 0 } } },
		{ "leo over the pole, light load",
		  { POLE, { LINE("capacity"), "10Tbps" }, { "arrivals/@rate", "0.1/s" } },
		  { { "backhaul.delay", "b^2 / 2T, and the light time",
		      gap_wait() + 2 * orbit_slant(altitude, 10 * RAD) / ORBIT_LIGHT, 0 },
		    { "backhaul.in-view", "2 lam / 2 pi", on_time() / orbit_period(altitude), 0 } } },
		{ "leo over the pole, M/M/1 with vacations",
		  { POLE,
		    { LINE("capacity"), "2700bps" },
		    { "arrivals/@rate", "0.02/s" },
		    { "arrivals/@bytes", "1000B" },
		    { "arrivals/@exponential", "on" } },
		  { { "backhaul.delay", "Markov chain, Little's law", vacation_sojourn(0.02, 8 * bytes / 2700), 0 },
		    { "backhaul.utilisation", "lambda E[S]", 0.02 * 8 * bytes / 2700, 0 } } },
	};

	memcpy(rows, all, sizeof all);
	return sizeof all / sizeof all[0];
}

static void judge(struct valid *v, const struct row *c, const struct valid_run *r, double level)
{
	for (const struct check *k = c->checks; k < c->checks + MOST_CHECKS && k->kpi; k++) {
		struct sample got = valid_kpi(r, k->kpi, NULL);
		char name[128];
		valid_text(name, sizeof name, "%s: %s", c->name, k->kpi);
		if (k->within > 0)
			valid_near(v, name, k->source, k->expected, got.mean, k->within, "as many digits as are published");
		else
			valid_mean(v, name, k->source, k->expected, got, level,
				   "Student interval over the replications, 99 % for all rows of this topic together");
	}
}

int main(void)
{
	struct valid v = valid_begin("backhaul");
	const struct model *models[MOST_MODELS];
	struct model_table table = { models, sccsim_models.n + 1 };
	static struct row rows[32];
	size_t n = make_rows(rows), checks = 0;

	for (size_t i = 0; i < sccsim_models.n; i++)
		models[i] = sccsim_models.models[i];
	models[sccsim_models.n] = &arrivals_model;
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < MOST_CHECKS; k++)
			checks += rows[i].checks[k].kpi != NULL;
	for (size_t i = 0; i < n; i++) {
		struct valid_run r;
		size_t sets = 0;
		while (sets < MOST_SETS && rows[i].sets[sets].address)
			sets++;
		if (valid_scenario_with(&r, &table, "tests/validation/scenarios/backhaul.xml", rows[i].sets, sets, 41 + i,
					valid_reps(&v, 40, 12)))
			judge(&v, &rows[i], &r, 1 - 0.01 / (double)checks);
		else
			valid_verdict(&v, rows[i].name, "the scenario runs and its audit balances", NAN, NAN, NAN, false,
				      "see the diagnostics");
		valid_run_free(&r);
	}
	return valid_end(&v);
}
