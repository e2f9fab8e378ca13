/* The elements of dissemination. */
#include "models/crisis/outreach_private.h"
#include "models/crisis/hazard_course.h"

static const struct place in_warning_once[] = { { "warning", 0, 1 } };
static const struct place in_warning[] = { { "warning", 0, 0 } };
static const char *const placements[] = { "hexagonal", "uniform", "population", NULL };

#define S struct phones_params
#define PHONE_ROWS \
	REF(S, network, "", "nb-iot lte-m lte", "cellular network whose sites cover the phones; absent: any"), \
	DB(S, coupling_loss, "144dB", "60dB", "180dB", "the most that a phone bears to a site", \
	   "3GPP TR 45.820: 144 dB, the coverage of LTE and GPRS before its extension for IoT"), \
	RATIO(S, indoor, "80%", "0%", "100%", "of people, who are behind a building's walls", "[M] unverified default")

static const struct param broadcast_params[] = {
	RATIO(S, share, "85%", "0%", "100%", "of people, who have a phone that is on and shows broadcasts", "[M] unverified default"),
	TIME(S, latency, "10s", "0s", "1d", "the warning's issue to its first broadcast on the air", "[M] unverified default"),
	TIME(S, period, "1min", "1s", "1d", "between broadcasts; each reaches the phones that sites on the air cover then", NULL),
	TIME(S, lasts, "1h", "0s", "10yr", "the first broadcast to the last", NULL),
	TIME(S, notice, "30s", "0s", "1d", "mean time until one notices, exponential", "[M] unverified default"),
	PHONE_ROWS,
};

static const struct param app_params[] = {
	RATIO(S, share, "20%", "0%", "100%", "of people, who have the app", "[M] unverified default"),
	TIME(S, latency, "30s", "0s", "1d", "mean time from the push to the phone, exponential", "[M] unverified default"),
	TIME(S, period, "1min", "1s", "1d", "after which a push that no site carried is tried again", NULL),
	TIME(S, lasts, "1h", "0s", "10yr", "the first try to the last", NULL),
	TIME(S, notice, "2min", "0s", "1d", "mean time until one notices, exponential", "[M] unverified default"),
	PHONE_ROWS,
};
#undef S

#define S struct siren_params
static const struct param siren_params[] = {
	BACKUP_ROWS,
	POSITION(S, at, "", "of one siren"),
	COUNT(S, count, "", "1", "100000", "of several, instead of a position", NULL),
	CHOICE(S, placement, "", placements, "of several: hexagonal, at random over the area, or where people live", NULL),
	LENGTH(S, radius, "600m", "1m", "100km", "within which it is heard", "[M] unverified default"),
	RATIO(S, share, "70%", "0%", "100%", "of people within the radius, who hear it and know what it means", "[M] unverified default"),
	TIME(S, notice, "1min", "0s", "1d", "mean time until one notices, exponential", "[M] unverified default"),
};
#undef S

#define S struct downlink_params
static const struct param downlink_params[] = {
	REF(S, class, NULL, "device-class", "whose devices act on the warning"),
	BYTES(S, bytes, "20B", "1B", "65535B", "payload of the message to a device", NULL),
	COUNT(S, priority, "7", "0", "7", "of the message, 0 lowest", NULL),
	BOOL(S, multicast, "off", "one multicast session for the whole class, instead of a message to each", NULL),
};
#undef S

static void siren_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct siren_params *p = n->par;

	if (p->at.given == (p->count > 0))
		node_error(n, d, NULL, "%s (say at=\"1km 2km\" for one, or count=\"12\" for several)",
			   p->at.given ? "says its place and a number" : "does not say where it stands");
	if (p->at.given && node_given(n, "placement"))
		node_error(n, d, "placement", "is read with count only");
	else if (p->count)
		node_derive(sc, n, d, "placement", "hexagonal");
	course_check_position(sc, n, d, "at", p->at);
}

static void siren_check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &siren_model); n; n = n->next_same)
		grid_check_backup(sc, n, d);
}

static void downlink_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct downlink_params *p = n->par;

	(void)sc;
	if (p->class && !network_has(p->class))
		node_error(n, d, "class", "uses no network, so nothing can be sent to it (add <uses network=.../>)");
}

static const struct evidence broadcast_evidence[] = {
	{ "people reached and when", "their share; the first broadcast after a site has power, by hand",
	  "4 standard errors; equal, tests/unit/crisis/test_warning.c" },
};

const struct model cell_broadcast_model = {
	.name = "cell-broadcast",
	.doc = "A warning to all phones that the sites of cellular networks cover.",
	.places = TABLE(in_warning_once),
	.implied = true,
	.par_size = sizeof(struct phones_params),
	.params = TABLE(broadcast_params),
	.evidence = TABLE(broadcast_evidence),
};

static const struct evidence app_evidence[] = {
	{ "time to 95 % of the people", "sum of two exponential times", "4 standard errors, tests/unit/crisis/test_warning.c" },
};

const struct model app_model = {
	.name = "app",
	.doc = "A warning to phones with an app, over a cellular data network that has power and its backhaul.",
	.places = TABLE(in_warning_once),
	.implied = true,
	.par_size = sizeof(struct phones_params),
	.params = TABLE(app_params),
	.evidence = TABLE(app_evidence),
};

static const struct evidence siren_evidence[] = {
	{ "people who hear one", "those within its radius, while it has power", "equal, tests/unit/crisis/test_warning.c" },
};

const struct model siren_model = {
	.name = "siren",
	.doc = "Sirens that sound once when a warning is issued, as far as they have power then.",
	.places = TABLE(in_warning),
	.par_size = sizeof(struct siren_params),
	.params = TABLE(siren_params),
	.evidence = TABLE(siren_evidence),
	.load = siren_load,
	.check = siren_check,
};

static const struct evidence downlink_evidence[] = {
	{ "devices reached, time to them", "worked out by hand", "equal, tests/unit/crisis/test_warning.c" },
};

const struct model downlink_model = {
	.name = "downlink",
	.doc = "Devices that act on a warning: it is sent down to them over the network that they use.",
	.places = TABLE(in_warning),
	.par_size = sizeof(struct downlink_params),
	.params = TABLE(downlink_params),
	.evidence = TABLE(downlink_evidence),
	.load = downlink_load,
};
