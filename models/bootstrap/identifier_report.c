/*
 * What came of the identifiers.  Who shares one is counted anew at the end, by devices; nothing is taken from the counts that the
 * run kept.
 */
#include "models/bootstrap/identifier_private.h"
#include "models/device/group.h"

const struct kpi_def identifier_kpis[IDENTIFIER_KPIS] = {
	[KPI_UNIQUENESS] = { "identity.uniqueness-ratio", "1",
			     "devices whose identifier is held by no other ÷ devices deployed, at the end", NULL, KPI_HIGHER, false },
	[KPI_DUPLICATES] = { "identity.duplicates", "1",
			     "devices that came to hold, or were about to enter, an identifier that another held", NULL, KPI_LOWER,
			     true },
	[KPI_DETECTED] = { "identity.duplicates-detected", "1", "of them found, at registration, by audit or by sighting", NULL,
			   KPI_NEITHER, true },
	[KPI_OUTSTANDING] = { "identity.duplicates-outstanding", "1", "of them in use, and nobody has found out", NULL, KPI_LOWER,
			      true },
	[KPI_DETECTION_TIME] = { "identity.detection-time", "s",
				 "second holder to the detection of an identifier held twice, mean over those found after "
				 "registration",
				 NULL, KPI_LOWER, true },
	[KPI_REVOCATION_TIME] = { "identity.revocation-time", "s",
				  "identifier revoked to its first refusal, mean over those refused", NULL, KPI_LOWER, true },
};

const struct flow_def identifier_flow = { "identity.flow", "What became of identifiers", "identifiers" };

static double outstanding(const struct identifiers *ids)
{
	uint64_t n = ids->unwatched.n;

	for (uint32_t i = 0; i < ids->n_repositories; i++)
		n += ids->repository[i].duplicates.n;
	return (double)n;
}

void identifiers_sample(struct sim *s, const struct identifiers *ids)
{
	report_series(s->report, &identifier_kpis[KPI_OUTSTANDING], "all", s->now, outstanding(ids));
}

/* Holders of each identity among devices whose turn has come. */
static uint32_t *recount(struct sim *s, const struct identifiers *ids)
{
	uint32_t *n = sim_alloc(s, ids->n_identities + 1u, sizeof *n);

	for (uint32_t i = 0; n && i < ids->dev->n; i++)
		if (ids->held[i].standing == STANDING_HELD)
			n[ids->held[i].identity]++;
	return n;
}

struct uniqueness { double deployed, unique; };

static void report_uniqueness(struct sim *s, const struct identifiers *ids, const uint32_t *holders)
{
	const struct groups *g = groups_of(s);
	struct uniqueness *u = sim_alloc(s, g->n_cells, sizeof *u);

	for (uint32_t i = 0; u && i < ids->dev->n; i++) {
		const struct holding *h = &ids->held[i];
		if (h->standing == STANDING_NONE || !device_in_field(ids->dev->state[i]))
			continue;
		u[ids->dev->cell[i]].deployed++;
		u[ids->dev->cell[i]].unique += h->standing == STANDING_HELD && holders[h->identity] == 1;
	}
	for (uint32_t k = 0; u && k < g->n; k++) {
		struct uniqueness sum = { 0, 0 };
		for (uint32_t c = 0; c < g->n_cells; c++)
			if (g->member[k][c]) {
				sum.deployed += u[c].deployed;
				sum.unique += u[c].unique;
			}
		report_kpi(s->report, &identifier_kpis[KPI_UNIQUENESS], g->name[k], sum.unique / sum.deployed);
	}
}

static void report_balance(struct sim *s, const struct identifiers *ids, const uint32_t *holders)
{
	static const char account[] = "identifiers";
	double alone = 0, shared = 0, entering = 0, refused = 0;

	for (uint32_t i = 0; i < ids->dev->n; i++) {
		const struct holding *h = &ids->held[i];
		alone += h->standing == STANDING_HELD && holders[h->identity] == 1;
		shared += h->standing == STANDING_HELD && holders[h->identity] > 1;
		entering += h->standing == STANDING_ENTERING;
	}
	refused = (double)ids->refused;
	report_audit(s->report, account, "1", AUDIT_IN, "given, and given anew", (double)ids->given);
	report_audit(s->report, account, "1", AUDIT_OUT, "held by one device", alone);
	report_audit(s->report, account, "1", AUDIT_OUT, "held by several", shared);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused at registration", refused);
	report_audit(s->report, account, "1", AUDIT_OUT, "withdrawn, found double", (double)ids->detected);
	report_audit(s->report, account, "1", AUDIT_OUT, "revoked and refused", (double)ids->revoked);
	report_audit(s->report, account, "1", AUDIT_OUT, "being entered at the end", entering);
}

static double sum_ended(const struct identifiers *ids, int origin)
{
	double n = 0;

	for (int e = 0; e < ENDS; e++)
		n += (double)ids->ended[origin][e];
	return n;
}

/* From how identifiers were given to what became of them: of those found double, by why they were. */
static void report_flows(struct sim *s, const struct identifiers *ids)
{
	static const char *const causes[ORIGIN_DEFAULT + 1] = { "the same by chance", "given twice", "copied device",
								"left at a default" };
	struct report *r = s->report;
	double made = 0;

	for (int o = 0; o <= ORIGIN_DEFAULT; o++) {
		made += (double)ids->made[o];
		if (!ids->made[o])
			continue;
		report_flow(r, &identifier_flow, "all", "given", causes[o], (double)ids->made[o]);
		report_flow(r, &identifier_flow, "all", causes[o], "refused at registration",
			    (double)ids->ended[o][END_REFUSED]);
		report_flow(r, &identifier_flow, "all", causes[o], "found by audit", (double)ids->ended[o][END_AUDITED]);
		report_flow(r, &identifier_flow, "all", causes[o], "found by sighting", (double)ids->ended[o][END_SIGHTED]);
		report_flow(r, &identifier_flow, "all", causes[o], "revoked", (double)ids->ended[o][END_REVOKED]);
		report_flow(r, &identifier_flow, "all", causes[o], "not found", (double)ids->made[o] - sum_ended(ids, o));
	}
	report_flow(r, &identifier_flow, "all", "given", "held by no other", (double)ids->given - made);
}

void identifiers_report(struct sim *s, struct identifiers *ids)
{
	const uint32_t *holders = recount(s, ids);
	uint64_t made = 0;

	if (!holders)
		return;
	for (int o = 0; o <= ORIGIN_DEFAULT; o++)
		made += ids->made[o];
	report_uniqueness(s, ids, holders);
	report_kpi(s->report, &identifier_kpis[KPI_DUPLICATES], "all", (double)made);
	report_kpi(s->report, &identifier_kpis[KPI_DETECTED], "all", (double)(ids->refused + ids->detected));
	report_kpi(s->report, &identifier_kpis[KPI_OUTSTANDING], "all", outstanding(ids));
	report_kpi(s->report, &identifier_kpis[KPI_DETECTION_TIME], "all",
		   ids->detection_time.n ? ids->detection_time.mean : NAN);
	report_kpi(s->report, &identifier_kpis[KPI_REVOCATION_TIME], "all",
		   ids->revocation_time.n ? ids->revocation_time.mean : NAN);
	report_balance(s, ids, holders);
	report_flows(s, ids);
	report_fact(
		s->report, "Identifiers",
		"%llu given; held twice: %llu by chance, %llu by mistake, %llu copied devices, %llu left at a default; %llu refused "
		"at registration, %llu found later, %llu revoked",
		(unsigned long long)ids->given, (unsigned long long)ids->made[ORIGIN_OWN],
		(unsigned long long)ids->made[ORIGIN_DUPLICATE], (unsigned long long)ids->made[ORIGIN_CLONE],
		(unsigned long long)ids->made[ORIGIN_DEFAULT], (unsigned long long)ids->refused,
		(unsigned long long)ids->detected, (unsigned long long)ids->revoked);
}
