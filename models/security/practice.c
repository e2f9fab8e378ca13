/*
 * Vendor practice: how likely a product meets a provision that the scenario does not fix; <practice>.
 *
 * Chances are independent between provisions.  5.2-1, a published policy for reports, is the vendor's and follows the calendar.
 */
#include <string.h>
#include <time.h>

#include "models/security/practice_private.h"

const char *const practice_names[] = { "poor", "typical", "good", NULL };

static const struct place places[] = { { "product", 0, 0 }, { "vendors", 0, 0 } };

static const struct param params[] = {
	TEXT(struct practice_params, provision, NULL, "id of a provision", NULL),
	RATIO(struct practice_params, share, NULL, "0%", "100%", "chance that a product meets it", NULL),
};

/* Choices of ours but for single provisions. */
static const struct { double mandatory, recommended; } chance[] = {
	[PRACTICE_POOR] = { 0.75, 0.30 },
	[PRACTICE_TYPICAL] = { 0.93, 0.60 },
	[PRACTICE_GOOD] = { 0.995, 0.90 },
};

/* Kumar et al., USENIX Security 2019: 7 % of home devices accept FTP or Telnet; routers of one brand with a password that can be
 * guessed: below 17 % in North America, nearly half in Eastern Europe and Central Asia. */
static const struct { const char *provision; double poor, typical; } observed[] = {
	{ "5.1-1", 0.50, 0.83 },
	{ "5.6-1", 0.93, 0.93 },
};

/* Vendors with a policy that can be found, 2018-2022 (IoTSF, Copper Horse): 9.7, 13.3, 18.9, 21.6, 27.11 %. */
double adoption_share(enum adoption a, int year)
{
	double share;

	if (a == ADOPTION_LOGISTIC)
		return 1 / (1 + exp(-0.307 * (year - 2025.1)));
	share = 0.097 + 0.0435 * (year - 2018);
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

int practice_year(const struct scenario *sc)
{
	time_t t = (time_t)sc->run.start;
	struct tm tm;

	return gmtime_r(&t, &tm) ? tm.tm_year + 1900 : 2025;
}

double practice_chance(enum practice p, enum adoption a, int year, unsigned provision)
{
	const struct provision *q = &provisions[provision];

	if (p != PRACTICE_GOOD && strcmp(q->id, "5.2-1") == 0)
		return adoption_share(a, year);
	for (size_t i = 0; p != PRACTICE_GOOD && i < sizeof observed / sizeof observed[0]; i++)
		if (strcmp(q->id, observed[i].provision) == 0)
			return p == PRACTICE_POOR ? observed[i].poor : observed[i].typical;
	return q->mandatory ? chance[p].mandatory : chance[p].recommended;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct practice_params *p = n->par;

	(void)sc;
	if (provision_named(p->provision) < 0)
		node_error(n, d, "provision", "is no provision (try 5.1-1; `sccsim models provisions` lists them)");
	for (const struct node *o = node_child(n->parent, &practice_model); o && o != n; o = node_next(o))
		if (strcmp(((const struct practice_params *)o->par)->provision, p->provision) == 0)
			node_error(n, d, "provision", "has a share already, at line %d (name each provision once)",
				   o->line);
}

const struct model practice_model = {
	.name = "practice",
	.doc = "How likely a product meets one provision, in place of the vendor's practice.",
	.places = TABLE(places),
	.par_size = sizeof(struct practice_params),
	.params = TABLE(params),
	.load = load,
};
