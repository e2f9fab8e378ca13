/*
 * <local-link>: Wi-Fi, Thread, Ethernet or a fixed line as a statistical link, until each has a model of its own.
 */
#include "models/network/local_private.h"

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const char *const technologies[] = { "wifi", "thread", "ethernet", "fixed", NULL };
static const char *const laws[] = { "constant", "exponential", "log-normal", NULL };

#define S struct local_params
static const struct param params[] = {
	CHOICE(S, technology, "wifi", technologies,
	       "what the other attributes default to: see `sccsim models local-link` and models/network/local.c", NULL),
	BITRATE(S, rate, "", "1bps", "1Tbps", "at which an attempt is sent; absent: the technology's", NULL),
	BITRATE(S, rate_down, "", "1bps", "1Tbps",
		"the same to devices; absent: both ways share one medium, and background traffic takes its rate from both", NULL),
	RATIO(S, loss, "", "0%", "100%", "chance that one attempt is lost, whatever became of others; absent: the technology's", NULL),
	COUNT(S, retries, "", "0", "255", "attempts after the first; absent: the technology's", NULL),
	TIME(S, retry_gap, "", "0s", "1h", "end of an attempt to the begin of the next; absent: the technology's", NULL),
	TIME(S, latency, "", "0s", "1h", "mean delay to or from the hub beside the time on the medium; absent: the technology's", NULL),
	CHOICE(S, latency_law, "", laws, "distribution of that delay; absent: the technology's", NULL),
	NUMBER(S, latency_variation, "1", "0.01", "10", "standard deviation ÷ mean of a log-normal delay", NULL),
	BYTES(S, mtu, "", "1B", "64KiB", "largest payload; absent: the technology's", NULL),
	BYTES(S, overhead, "", "0B", "64KiB", "added to every message: headers of all layers; absent: the technology's", NULL),
	RATIO(S, coverage, "100%", "0%", "100%", "share of the devices that are in reach of their hub", NULL),
	RATIO(S, availability, "100%", "0%", "100%", "share of the time in which a hub is up", NULL),
	TIME(S, repair, "1h", "1s", "10yr", "mean time to repair a hub", NULL),
	COUNT(S, devices_per_hub, "1", "1", "4000000000",
	      "devices of a class that share a hub, its outages and its backhaul, in the order in which they were deployed", NULL),
	TIME(S, association, "", "0s", "1d", "joining: discovery, keys, address; absent: the technology's", NULL),
	WATT(S, tx_draw, "", "0W", "1kW", "draw of a device while it sends; absent: the technology's", NULL),
	WATT(S, rx_draw, "", "0W", "1kW", "draw of a device while it listens; absent: the technology's", NULL),
	TIME(S, listen, "", "0s", "1min",
	     "for an acknowledgement after each attempt, which takes as long to send; absent: the technology's", NULL),
	REF(S, backhaul, "", "backhaul", "the way from each hub to the servers; none: ideal"),
};
#undef S

/* What a technology comes to where the scenario does not say, in the order of `technologies`.  All [M], typical of small
 * messages, to be replaced by measurements of the place:
 *   wifi      802.11n, one stream, short frames; dot11ShortRetryLimit 7; 1500 B less IPv4 and UDP; scan, 4-way handshake, DHCP; ESP32
 *   thread    802.15.4 at 250 kbit/s, macMaxFrameRetries 3, macAckWaitDuration 0.864 ms; IPv6's 1280 B less headers; nRF52840
 *   ethernet  100BASE-TX, full duplex; preamble, header, FCS, gap, IPv4 and UDP; negotiation and DHCP; a LAN8720 transceiver
 *   fixed     DSL, cable or fibre with PPPoE, as seen from a wired port behind the modem, whose power is not the device's */
static const struct defaults {
	const char *attribute, *value[4];
} defaults[] = {
	{ "rate", { "20Mbps", "250kbps", "100Mbps", "10Mbps" } },
	{ "loss", { "5%", "5%", "0%", "0.1%" } },
	{ "retries", { "7", "3", "0", "0" } },
	{ "retry-gap", { "1ms", "5ms", "0s", "0s" } },
	{ "latency", { "4ms", "15ms", "300us", "10ms" } },
	{ "latency-law", { "log-normal", "exponential", "constant", "log-normal" } },
	{ "mtu", { "1472B", "1232B", "1472B", "1464B" } },
	{ "overhead", { "70B", "50B", "66B", "74B" } },
	{ "association", { "3s", "5s", "4s", "10s" } },
	{ "tx-draw", { "790mW", "20mW", "250mW", "250mW" } },
	{ "rx-draw", { "330mW", "20mW", "250mW", "250mW" } },
	{ "listen", { "300us", "864us", "0s", "0s" } },
};

static const struct evidence evidence[] = {
	{ "scope", "none: the technologies are statistical links until each has a model of its own",
	  "defaults from memory; contention, interference and roaming between hubs are not in it" },
	{ "delivery ratio, attempts", "geometric law in closed form", "99 % interval, tests/validation/valid_local.c" },
	{ "latency", "mean and quantiles of the law given",
	  "99 % interval and the width of a histogram bin, tests/validation/valid_local.c" },
	{ "availability", "alternating renewal process in closed form", "99 % interval, tests/validation/valid_local.c" },
};

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct local_params *p = n->par;

	for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
		node_derive(sc, n, d, defaults[i].attribute, "%s", defaults[i].value[p->technology]);
	if (node_given(n, "latency-variation") && p->latency_law != LOCAL_LOG_NORMAL)
		node_error(n, d, "latency-variation", "is of the log-normal law, and latency-law is %s (leave it out)",
			   laws[p->latency_law]);
	if (p->loss >= 1 || p->coverage <= 0 || p->availability <= 0)
		node_warning(n, d,
			     p->loss >= 1       ? "loss"
			     : p->coverage <= 0 ? "coverage"
						: "availability",
			     "lets no message pass");
}

struct networks {
	struct local **all;
	uint32_t n;
};

static void on_backhaul(struct sim *s, void *ctx, bool up)
{
	(void)up;
	local_hub_changed(s, ctx);
}

static uint64_t hubs_of(const struct local *l, const struct device_class *c)
{
	return (c->count + l->p->devices_per_hub - 1) / l->p->devices_per_hub;
}

static bool add_hub(struct sim *s, struct local *l, const struct device_class *c, uint32_t number)
{
	struct local_hub *h = &l->hub[l->n_hubs];
	uint64_t before = number * l->p->devices_per_hub, left = c->count - before;
	uint64_t key = rng_mix(l->node->key ^ rng_mix(c->node->key + number));

	h->net = l;
	h->first = c->first + (uint32_t)before;
	h->count = (uint32_t)(left < l->p->devices_per_hub ? left : l->p->devices_per_hub);
	h->backhaul = backhaul_of(s, l->p->backhaul, key);
	outage_init(s, &h->outage, l->p->availability, l->p->repair, RNG_PURPOSE('l', 'o', 'u', 't'), key, l->kind_hub,
		    l->n_hubs++);
	backhaul_watch(s, h->backhaul, on_backhaul, h);
	return s->status == SIM_OK;
}

static bool add_class(struct sim *s, struct local *l, const struct device_class *c)
{
	struct local_class *own = &l->classes[c->index];
	uint64_t hubs = hubs_of(l, c);
	uint32_t first_hub = l->n_hubs;

	own->first = c->first;
	own->count = c->count;
	own->device = sim_alloc(s, c->count + 1u, sizeof *own->device);
	for (uint32_t k = 0; own->device && k < hubs; k++)
		if (!add_hub(s, l, c, k))
			return false;
	for (uint32_t k = 0; own->device && k < c->count; k++) {
		struct local_device *d = &own->device[k];
		uint64_t w[2];
		rng_block(s->key, RNG_PURPOSE('l', 'c', 'o', 'v'), local_key(l, c->first + k), 0, w);
		d->hub = first_hub + (uint32_t)(k / l->p->devices_per_hub);
		d->flags = rng_unit(w[0]) < l->p->coverage ? LOCAL_COVERED : 0;
		l->served++;
		l->covered += d->flags & LOCAL_COVERED;
	}
	return own->device != NULL;
}

static struct local *new_network(struct sim *s, const struct scenario *sc, const struct node *n)
{
	struct local *l = sim_alloc(s, 1, sizeof *l);
	uint64_t hubs = 1;

	if (!l)
		return NULL;
	l->node = n;
	l->p = n->par;
	l->dev = devices_of(s);
	l->group = arena_printf(s->arena, "network=%s", n->id);
	l->head_free = UINT32_MAX;
	l->sigma = sqrt(log1p(l->p->latency_variation * l->p->latency_variation));
	l->mu = log(sim_seconds(l->p->latency)) - l->sigma * l->sigma / 2;
	for (uint32_t c = 0; c < l->dev->n_classes; c++)
		if (network_uses(sc, l->dev->classes[c].node, n))
			hubs += hubs_of(l, &l->dev->classes[c]);
	l->hub = sim_alloc(s, hubs, sizeof *l->hub);
	l->classes = sim_alloc(s, l->dev->n_classes + 1u, sizeof *l->classes);
	if (!l->hub || !l->classes)
		return NULL;
	local_send_handlers(s, l);
	local_join_handlers(s, l);
	local_cast_handlers(s, l);
	for (uint32_t c = 0; c < l->dev->n_classes; c++)
		if (network_uses(sc, l->dev->classes[c].node, n) && !add_class(s, l, &l->dev->classes[c]))
			return NULL;
	return l;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct networks *ns = sim_alloc(s, 1, sizeof *ns);

	if (!ns || !(ns->all = sim_alloc(s, scenario_count(sc, &local_link_model) + 1, sizeof(struct local *))))
		return;
	sim_set_state(s, &local_link_model, ns);
	for (const struct node *n = scenario_first(sc, &local_link_model); n; n = n->next_same) {
		struct local *l = new_network(s, sc, n);
		if (!l)
			return;
		network_register(s, n, &local_ops, l);
		ns->all[ns->n++] = l;
	}
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct networks *ns = sim_state(s, &local_link_model);

	(void)sc;
	for (uint32_t k = 0; ns && k < ns->n; k++)
		for (uint32_t h = 0; h < ns->all[k]->n_hubs; h++) {
			outage_start(s, &ns->all[k]->hub[h].outage);
			local_hub_changed(s, &ns->all[k]->hub[h]);
		}
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct networks *ns = sim_state(s, &local_link_model);

	(void)sc;
	if (!ns || !ns->n)
		return;
	for (uint32_t k = 0; k < ns->n; k++)
		local_account_finish(s, ns->all[k]);
	local_audit(s, ns->all, ns->n);
}

const struct model local_link_model = {
	.name = "local-link",
	.doc = "Wi-Fi, Thread, Ethernet or a fixed line from devices to hubs, as a statistical link: rate, loss, delay, largest "
	       "payload, outages.  It stands for each technology until that has a model of its own.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct local_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = local_kpis,
	.n_kpis = LOCAL_KPIS,
	.sections = local_sections,
	.n_sections = LOCAL_SECTIONS,
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
