/*
 * commands - <commands>: what the network has for the devices of a class, made at random; how it goes down is down.c's.
 *
 * One command a device waits at a time: a newer one takes its place.
 */
#include "models/network/cellular/cellular_private.h"

static const uint32_t PURPOSE_GAP = RNG_PURPOSE('c', 'c', 'g', 'a');
static const uint32_t PURPOSE_PAGE = RNG_PURPOSE('c', 'p', 'a', 'g') /* replies; down.c draws pages under other indices */;

struct commands_params {
	const struct node *class;
	simtime_t period;
	uint64_t payload, reply_payload;
	double reply;
};

/* Commands to a class.  The context of its events. */
struct commands {
	const struct commands_params *p;
	struct cellular *c;
	uint16_t kind;
	struct commands *next;
};

struct cell_commands {
	struct commands **of_class;     /* NULL: it gets none */
	uint64_t made, delivered, superseded, uncovered;                /* over the whole run */
	uint64_t counted, counted_delivered;                            /* made after the warm-up, and delivered */
	struct tally delay;
};

static const struct param rows[] = {
	REF(struct commands_params, class, NULL, "device-class", "whose devices get them"),
	TIME(struct commands_params, period, NULL, "1s", "10yr", "mean time between commands to a device, at random", NULL),
	BYTES(struct commands_params, payload, "20B", "1B", "1KiB", "of a command", "[M] TR 45.820: network command"),
	RATIO(struct commands_params, reply, "50%", "0%", "100%", "share of commands that are replied to",
	      "[M] TR 45.820: network command"),
	BYTES(struct commands_params, reply_payload, "20B", "1B", "1KiB", "of a reply", "[M] TR 45.820: least payload"),
};

enum { K_DELIVERY, K_DELAY };
static const struct kpi_def kpis[] = {
	[K_DELIVERY] = { "downlink.delivery-ratio", "1", "commands that reached their device / commands made", NULL, KPI_HIGHER, false },
	[K_DELAY] = { "downlink.delay", "s", "from a command's making until its device has it, mean over those delivered", NULL,
		KPI_LOWER, false },
};
static const struct section sections[] = {
	{ SECTION_AUDIT, "Commands", "commands", "Every command made reaches its device, makes room for a newer one, or waits." },
};

bool cell_command(struct sim *s, struct cellular *c, const struct message *m, simtime_t *t, struct cell_spent *spent)
{
	struct cell_commands *g = c->commands;
	const struct cell_device *d = &c->device[m->device];
	const struct commands_params *p = g->of_class[c->devices->class_of[m->device]]->p;
	uint64_t w[2];

	*t = cell_transfer_down(s, c, d, (unsigned)(p->payload + c->par->overhead), *t, spent);
	if (*t > s->end)
		return false; /* on its way when the run ends */
	g->delivered++;
	if (m->created >= s->warmup) {
		g->counted_delivered++;
		tally_add(&g->delay, sim_seconds(*t - m->created));
	}
	rng_block(s->key, PURPOSE_PAGE, device_key(c->devices, m->device) ^ rng_mix((uint64_t)m->created), 1, w);
	if (rng_unit(w[0]) >= p->reply)
		return true;
	simtime_t over = cell_transfer_up(s, c, d, 8 * (unsigned)(p->reply_payload + c->par->overhead), *t, spent);
	if (over >= 0)
		*t = over;
	return true;
}

static void schedule(struct sim *s, const struct commands *k, uint32_t device)
{
	uint64_t w[2];

	rng_block(s->key, PURPOSE_GAP, device_key(k->c->devices, device) ^ rng_mix((uint64_t)s->now), 0, w);
	double gap = -sim_seconds(k->p->period) * log(rng_unit(w[0]));
	if (gap < sim_seconds(s->end - s->now))
		sim_after(s, sim_from_seconds(fmax(gap, 1e-9)), k->kind, device, 0);
}

static void on_command(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	const struct commands *k = ctx;
	struct cellular *c = k->c;
	struct cell_commands *g = c->commands;

	(void)detail;
	schedule(s, k, device);
	g->made++;
	g->counted += s->now >= s->warmup;
	if (cell_reach(s, c, device) == FATE_NO_COVERAGE) {
		g->uncovered++;
		return;
	}
	g->superseded += cell_down_replace(
		s, c, &(struct message){ .created = s->now, .device = device, .purpose = PURPOSE_COMMAND, .down = 1 });
	cell_page(s, c, device);
}

bool cell_commands_new(struct sim *s, struct cellular *c)
{
	struct cell_commands *g;

	if (!node_child(c->node, &commands_model))
		return true;
	g = c->commands = sim_alloc(s, 1, sizeof *g);
	if (!g)
		return false;
	g->of_class = sim_alloc(s, c->devices->n_classes + 1u, sizeof *g->of_class);
	if (!g->of_class)
		return false;
	for (const struct node *n = node_child(c->node, &commands_model); n; n = node_next(n)) {
		struct commands *k = sim_alloc(s, 1, sizeof *k);
		if (!k)
			return false;
		*k = (struct commands){ .p = n->par, .c = c, .kind = sim_handler(s, "cellular.command", on_command, k) };
		for (uint32_t i = 0; i < c->devices->n_classes; i++)
			if (c->devices->classes[i].node == k->p->class)
				g->of_class[i] = k;
	}
	return true;
}

void cell_commands_start(struct sim *s, struct cellular *c)
{
	for (uint32_t i = 0; c->commands && i < c->devices->n_classes; i++) {
		const struct device_class *k = &c->devices->classes[i];
		for (uint32_t d = k->first; c->commands->of_class[i] && d < k->first + k->count; d++)
			schedule(s, c->commands->of_class[i], d);
	}
}

void cell_commands_finish(struct sim *s, const struct cellular *c)
{
	static const char account[] = "commands", unit[] = "1";
	const struct cell_commands *g = c->commands;

	if (!g)
		return;
	report_kpi(s->report, &kpis[K_DELIVERY], c->group,
		   g->counted ? (double)g->counted_delivered / (double)g->counted : NAN);
	report_kpi(s->report, &kpis[K_DELAY], c->group, g->delay.n ? g->delay.mean : NAN);
	report_audit(s->report, account, unit, AUDIT_IN, "made", (double)g->made);
	report_audit(s->report, account, unit, AUDIT_OUT, "delivered", (double)g->delivered);
	report_audit(s->report, account, unit, AUDIT_OUT, "superseded", (double)g->superseded);
	report_audit(s->report, account, unit, AUDIT_OUT, "no coverage", (double)g->uncovered);
	report_audit(s->report, account, unit, AUDIT_OUT, "waiting at the end", (double)cell_held_commands(c));
	report_fact(s->report, "Paging", "%llu pages for %llu commands", (unsigned long long)c->down->pages,
		    (unsigned long long)g->made);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct commands_params *p = n->par;

	if (!network_uses(sc, p->class, n->parent))
		node_error(n, d, "class", "does not use the network %s", n->parent->id);
	for (const struct node *o = node_child(n->parent, &commands_model); o && o != n; o = node_next(o))
		if (((const struct commands_params *)o->par)->class == p->class)
			node_error(n, d, "class", "gets commands already, at line %d", o->line);
	if (p->reply == 0 && node_given(n, "reply-payload"))
		node_error(n, d, "reply-payload", "is read with a reply above 0 %% only");
}

static const struct place in_network[] = { { "nb-iot", 0, 0 }, { "lte-m", 0, 0 }, { "lte", 0, 0 } };
static const struct evidence evidence[] = {
	{ "reaching a device", "waits for paging, eDRX windows and updates worked out by hand", "5 %, tests/unit/network/test_cellular.c" },
};

const struct model commands_model = {
	.name = "commands",
	.doc = "What the network has for the devices of a class: each command waits until its device can be reached (connected, paged, or "
	       "awake from power saving).",
	.places = TABLE(in_network), .par_size = sizeof(struct commands_params), .params = TABLE(rows), .kpis = TABLE(kpis),
	.sections = TABLE(sections), .evidence = TABLE(evidence), .load = load,
};
