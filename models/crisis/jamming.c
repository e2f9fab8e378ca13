/*
 * <jamming>: a transmitter that drowns what the gateways of a network receive.
 *
 * Its power is noise at each gateway by the path loss between the two, on top of the gateway's own: a frame is received if its power is
 * as far over both as its data rate needs.  Only the way up is disturbed.
 */
#include <string.h>

#include "models/crisis/crisis_private.h"
#include "models/network/network.h"

struct jamming_params {
	struct hazard_params hazard;
	const struct node *network;
	struct position position;
	double height, power, frequency, bandwidth;
	simtime_t lasts;
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct jamming_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	REF(S, network, NULL, "lorawan nb-iot lte-m lte local-link", "whose gateways are disturbed: of LoRaWAN"),
	POSITION(S, position, NULL, "where it stands"),
	LENGTH(S, height, "1.5m", "0.5m", "500m", "of its antenna above ground", NULL),
	DBM(S, power, "20dBm", "-30dBm", "80dBm", "EIRP, spread evenly over its bandwidth", "[M] a hand-held transmitter"),
	FREQUENCY(S, frequency, "", "1MHz", "100GHz", "its middle; absent: exactly the channels up of the network, all of them", NULL),
	FREQUENCY(S, bandwidth, "125kHz", "1kHz", "100MHz", "of what it sends, around its frequency", "a channel of LoRaWAN"),
	TIME(S, lasts, "1h", "1s", "100yr", "how long it goes on", NULL),
};
#undef S

static const struct evidence evidence[] = {
	{ "range within which frames survive", "the link budget in closed form",
	  "the devices that are heard, by their distance, tests/unit/crisis/test_jamming.c" },
};

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	const struct jamming_params *p = o->element->par;
	struct jammer *j = o->own = sim_alloc(s, 1, sizeof *j);

	if (!j)
		return false;
	*j = (struct jammer){
		city_locate(city_of(sc), p->position), p->height, p->power, p->frequency, p->bandwidth, o->key
	};
	o->end = p->lasts < SIM_NEVER - o->onset ? o->onset + p->lasts : SIM_NEVER;
	return true;
}

static void begin(struct sim *s, const struct occurrence *o)
{
	network_jam(s, ((const struct jamming_params *)o->element->par)->network, o->own, true);
}

static void end(struct sim *s, const struct occurrence *o)
{
	network_jam(s, ((const struct jamming_params *)o->element->par)->network, o->own, false);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct jamming_params *p = n->par;

	hazard_check(sc, n, d);
	if (n->flawed)
		return;
	if (strcmp(p->network->model->name, "lorawan") != 0)
		node_error(n, d, "network", "is a <%s>, and only LoRaWAN networks can be jammed", p->network->model->name);
	if (node_given(n, "bandwidth") && !node_given(n, "frequency"))
		node_error(n, d, "bandwidth", "is read with frequency=\"868.1MHz\" only");
	if (p->position.wgs84 && !city_on_earth(city_of(sc)))
		node_error(n, d, "position", "is in WGS84, but the city has no place on earth (give its origin)");
}

const struct model jamming_model = {
	.name = "jamming",
	.doc = "A transmitter that drowns what gateways receive.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct jamming_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type jamming_hazard = {
	.model = &jamming_model,
	.unit = DIM_RATIO,
	.measure = "share",
	.draw = draw,
	.begin = begin,
	.finish = end,
};
