/*
 * <security-policy>: the gate that devices pass, or not, on their way into the field; and how many of those in the field comply.
 *
 *   gate        before ASSESSED                           before ADMITTED
 *   off         -                                         -
 *   warn        -                                         passes; counted where there is no valid certificate
 *   enforce     waits until the assessment has ended      waits for a valid certificate
 *
 * Who waits stands in a list of its product and is asked again when the product's assessment ends.  The work for a device is
 * constant: compliance is counted by cell, and moves when a device comes, goes or has another version.
 */
#include "models/security/gate_private.h"

/* g->place of a device: it was never asked, was asked, waits and is the last of its list, or waits before device place - NEXT. */
enum { NEVER_ASKED, ASKED, LAST, NEXT };

static const struct place places[] = { { "scenario", 0, 1 }, { "library", 0, 0 } };

#define S struct policy_params
static const struct param params[] = {
	CHOICE(S, deployment_gate, "enforce", gate_names,
	       "what becomes of devices whose product has no valid certificate: they deploy unasked (off: their vendors ask for certificates all "
	       "the same, and mend what is found, where conformance says so); deploy, and are counted; wait for it",
	       "WTSA Resolution 98, invites 8: all devices pass before deployment"),
	TIME(S, validity, "", "1s", "200yr", "of a certificate; absent: it does not end", NULL),
	BOOL(S, renewal, "on", "a vendor asks anew when its certificate ends", NULL),
	BOOL(S, recertification, "on", "new firmware of a certified product is assessed before it may be rolled out", NULL),
};
#undef S

static const struct evidence evidence[] = {
	{ "gate", "what passes under each policy, against a recount", "exact, tests/unit/security/test_gate.c" },
};

static const struct policy_params no_policy = { .deployment_gate = GATE_OFF, .validity = SIM_NEVER, .renewal = true };

static struct gates *state(const struct sim *s)
{
	return sim_state(s, &security_policy_model);
}

const struct policy_params *policy_of(const struct sim *s)
{
	return state(s)->policy;
}

/* ---- compliance ---- */

void gate_advance(const struct sim *s, struct gate_cell *c)
{
	simtime_t from = c->since > s->warmup ? c->since : s->warmup;

	if (s->now > from) {
		double dt = sim_seconds(s->now - from);
		c->service_time += dt * c->service;
		c->compliant_time += dt * c->compliant;
	}
	c->since = s->now;
}

static bool in_service(enum device_state st)
{
	return device_in_field(st) && st != DEVICE_EXHAUSTED;
}

void gate_updated(struct sim *s, uint32_t device, bool complied)
{
	struct gates *g = state(s);
	struct gate_cell *c = &g->cell[g->ps->dev->cell[device]];
	bool complies = device_compliant(s, device);

	if (complies != complied && in_service(g->ps->dev->state[device])) {
		gate_advance(s, c);
		c->compliant = complies ? c->compliant + 1 : c->compliant - 1;
	}
	surveillance_updated(s, device);
}

static enum escape why(const struct gates *g, const struct product *p)
{
	if (g->mode[p->class_index] == GATE_OFF)
		return ESCAPE_OFF;
	if (!p->valid)
		return p->expired ? ESCAPE_EXPIRED : ESCAPE_WARNED;
	if (p->certified_compliant)
		return ESCAPE_FIRMWARE;
	return p->basis == BASIS_LABORATORY    ? ESCAPE_TEST
	       : p->basis == BASIS_DECLARATION ? ESCAPE_DECLARATION
					       : ESCAPE_RECOGNITION;
}

static void deployed(struct gates *g, struct product *p, struct gate_cell *c)
{
	p->deployed++;
	c->deployed++;
	g->warned += g->mode[p->class_index] == GATE_WARN && !p->valid;
	if (p->compliant)
		return;
	c->escaped++;
	g->escaped[p->class_index][why(g, p)]++;
}

static void on_change(struct sim *s, void *ctx, uint32_t i, enum device_state from, enum device_state to)
{
	struct gates *g = ctx;
	uint32_t number = g->ps->of_device[i];
	struct gate_cell *c = &g->cell[g->ps->dev->cell[i]];
	struct product *p;

	if (number == NO_PRODUCT)
		return;
	p = &g->ps->all[number];
	if (to == DEVICE_ADMITTED)
		g->admitted += g->mode[p->class_index] != GATE_OFF;
	if (from == DEVICE_ADMITTED)
		deployed(g, p, c);
	if (in_service(from) == in_service(to))
		return;
	gate_advance(s, c);
	if (in_service(to)) {
		c->service++;
		c->compliant += device_compliant(s, i);
	} else {
		c->service--;
		c->compliant -= device_compliant(s, i);
	}
}

/* ---- the gate ---- */

/* The product of a device that is asked; NULL: it is not. */
static struct product *asked(const struct gates *g, uint32_t i)
{
	uint32_t number = g->ps->of_device[i];

	return number == NO_PRODUCT || g->mode[g->ps->all[number].class_index] == GATE_OFF ? NULL : &g->ps->all[number];
}

/* To the end of its product's list.  Always refuses. */
static bool wait(struct gates *g, struct product *p, uint32_t i)
{
	if (g->place[i] >= LAST)
		return false;
	g->place[i] = LAST;
	if (p->last_waiting == UINT32_MAX)
		p->first_waiting = i;
	else
		g->place[p->last_waiting] = NEXT + i;
	p->last_waiting = i;
	return false;
}

static bool may_be_assessed(struct sim *s, void *ctx, uint32_t i)
{
	struct gates *g = ctx;
	struct product *p = asked(g, i);

	(void)s;
	if (!p)
		return true;
	if (g->place[i] == NEVER_ASKED) {
		g->place[i] = ASKED;
		g->asked++;
	}
	if (g->mode[p->class_index] == GATE_WARN || p->ever || p->assessment == ASSESSMENT_FAILED)
		return true;
	return wait(g, p, i);
}

static bool may_be_admitted(struct sim *s, void *ctx, uint32_t i)
{
	struct gates *g = ctx;
	struct product *p = asked(g, i);

	(void)s;
	return !p || p->valid || g->mode[p->class_index] == GATE_WARN ? true : wait(g, p, i);
}

void gate_open(struct sim *s, uint32_t product)
{
	struct gates *g = state(s);
	struct product *p = &g->ps->all[product];
	uint32_t i = p->first_waiting;

	p->first_waiting = p->last_waiting = UINT32_MAX;
	while (i != UINT32_MAX) {
		uint32_t next = g->place[i] >= NEXT ? g->place[i] - NEXT : UINT32_MAX;
		g->place[i] = ASKED;
		device_retry(s, i);
		i = next;
	}
	if (p->valid)
		surveillance_certified(s, product);
}

void gate_count_waiting(const struct gates *g, double n[WAITINGS])
{
	for (int w = 0; w < WAITINGS; w++)
		n[w] = 0;
	for (uint32_t i = 0; g->place && i < g->ps->dev->n; i++) {
		const struct product *p = asked(g, i);
		if (!p || g->place[i] == NEVER_ASKED || g->ps->dev->state[i] >= DEVICE_ADMITTED)
			continue;
		if (g->place[i] == ASKED)
			n[WAITING_ELSEWHERE]++;
		else if (p->busy)
			n[p->ever || p->assessment == ASSESSMENT_FAILED ? WAITING_CERTIFICATE : WAITING_ASSESSMENT]++;
		else
			n[p->assessment == ASSESSMENT_NONE ? WAITING_ASSESSMENT : WAITING_FOR_NOTHING]++;
	}
}

/* ---- set-up ---- */

static void on_sample(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct gates *g = ctx;

	(void)subject, (void)detail;
	gate_sample(s, g);
	sim_after(s, g->sampling, g->kind_sample, 0, 0);
}

static bool add_columns(struct sim *s, struct gates *g)
{
	struct products *ps = g->ps;
	bool closed = false;

	g->cell = sim_alloc(s, groups_of(s)->n_cells, sizeof *g->cell);
	g->mode = sim_alloc(s, ps->dev->n_classes, sizeof *g->mode);
	g->escaped = sim_alloc(s, ps->dev->n_classes, sizeof *g->escaped);
	if (!g->cell || !g->mode || !g->escaped)
		return false;
	for (uint32_t k = 0; k < ps->dev->n_classes; k++) {
		const struct security_params *p = security_of(ps->dev->classes[k].node);
		if (p->conformance == CONFORMANCE_NONE || ps->of_class[k].n == 0)
			continue;
		g->mode[k] = (uint8_t)(p->deployment_gate < 0 ? g->policy->deployment_gate : p->deployment_gate);
		closed |= g->mode[k] != GATE_OFF;
	}
	if (closed)
		g->place = sim_alloc(s, ps->dev->n + 1u, sizeof *g->place);
	return !closed || g->place;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &security_policy_model);
	struct products *ps = products_of(s);
	struct gates *g = ps ? sim_alloc(s, 1, sizeof *g) : NULL;

	if (!g)
		return;
	g->ps = ps;
	g->policy = n ? n->par : &no_policy;
	if (!add_columns(s, g))
		return;
	if (g->place) {
		device_admission(s, DEVICE_ASSESSED, may_be_assessed, g);
		device_admission(s, DEVICE_ADMITTED, may_be_admitted, g);
	}
	device_watch(s, on_change, g);
	g->sampling = s->end / 200 > 0 ? s->end / 200 : 1;
	g->kind_sample = sim_handler(s, "security.sample", on_sample, g);
	sim_set_state(s, &security_policy_model, g);
	surveillance_setup(s, sc);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct gates *g = state(s);

	(void)sc;
	if (g)
		sim_at(s, g->sampling, g->kind_sample, 0, 0);
}

static void check(const struct scenario *sc, struct diag *d)
{
	const struct node *n = scenario_first(sc, &security_policy_model);

	if (n->next_same)
		node_error(n->next_same, d, NULL, "is the second one (a scenario has one policy)");
	if (node_given(n, "renewal") && !node_given(n, "validity"))
		node_error(n, d, "renewal", "is of no use: without a `validity` certificates do not end");
	if (!scenario_first(sc, &security_model))
		node_warning(n, d, NULL, "asks nobody: no device class has a <security>");
}

const struct model security_policy_model = {
	.name = "security-policy",
	.doc = "What the place asks of devices before and after they are deployed.",
	.places = TABLE(places),
	.par_size = sizeof(struct policy_params),
	.params = TABLE(params),
	.kpis = gate_kpis,
	.n_kpis = GATE_KPIS,
	.sections = gate_sections,
	.n_sections = GATE_SECTIONS,
	.evidence = TABLE(evidence),
	.check = check,
	.setup = setup,
	.start = start,
	.finish = gate_finish,
};
