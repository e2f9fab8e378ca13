/*
 * What updates yield: how long until nearly all have them, what they cost the networks, what became of each.
 */
#include <stdio.h>

#include "models/security/firmware_private.h"

const struct kpi_def firmware_kpis[] = {
	[FIRMWARE_PATCH_TIME] = { "security.patch-time-p90", "s",
				  "a version published to 90 % of the devices that need it updated, mean over the versions that got so far",
				  "Res. 98 proposal, invites 7 (baseline capabilities)", KPI_LOWER, false },
	[FIRMWARE_PATCH_CENSORED] = { "security.patch-censored-ratio", "1",
				      "versions that had not reached 90 % of the devices that need them at the end ÷ versions published", NULL,
				      KPI_LOWER, true },
	[FIRMWARE_UPDATED] = { "security.update-ratio", "1", "updates installed ÷ updates that ended", NULL, KPI_HIGHER, true },
	[FIRMWARE_FAILED] = { "security.update-failures", "1",
			      "updates that failed for good: given up, not to be installed, or leaving a device of no use", NULL, KPI_LOWER,
			      true },
	[FIRMWARE_BYTES] = { "security.update-bytes", "B", "bytes sent to single devices ÷ updates installed; multicast is beside", NULL,
			     KPI_LOWER, true },
	[FIRMWARE_PIECES_LOST] = { "security.update-pieces-lost", "1", "pieces of firmware lost ÷ pieces that were answered", NULL,
				   KPI_LOWER, true },
	[FIRMWARE_RECEPTION] = { "security.multicast-reception", "1",
				 "fragments that members of multicast sessions received ÷ fragments sent to each of them", NULL,
				 KPI_HIGHER, true },
};

static const char *const end_names[UPDATE_ENDS] = {
	[END_DONE] = "installed", [END_BRICKED] = "device of no use any more", [END_FAILED] = "not to be installed",
	[END_GAVE_UP] = "given up: pieces lost", [END_LEFT] = "device out of service", [END_SUPERSEDED] = "superseded by a newer one",
};

static const char *const state_names[UPDATE_STATES] = {
	[UPDATE_DUE] = "its stage not begun at the end", [UPDATE_AWAY] = "device not on its network at the end",
	[UPDATE_QUEUED] = "waiting at the end", [UPDATE_MULTICAST] = "in a multicast session at the end",
	[UPDATE_SENDING] = "being sent at the end", [UPDATE_INSTALLING] = "being installed at the end",
};

static uint64_t fragments_sent(const struct firmware_params *p)
{
	uint64_t needed = p->fragment ? (p->size + p->fragment - 1) / p->fragment : 0;

	return needed + (uint64_t)ceil((double)needed * p->redundancy);
}

static void add(struct firmware_class *sum, const struct firmware_class *fw)
{
	sum->due += fw->due;
	for (int e = 0; e < UPDATE_ENDS; e++)
		sum->ends[e] += fw->ends[e];
	for (int k = 0; k < FATES; k++)
		sum->lost[k] += fw->lost[k];
	sum->pieces += fw->pieces;
	sum->delivered += fw->delivered;
	sum->bytes += fw->bytes;
	sum->under_way += fw->under_way;
	sum->members += fw->members;
	sum->received += fw->received;
	sum->offered += fw->p ? fw->members * fragments_sent(fw->p) : 0;
	sum->censored += fw->censored;
	sum->released += fw->released;
	tally_merge(&sum->p90, &fw->p90);
}

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : NAN;
}

static void report_kpis(struct sim *s, const struct firmware_class *fw, const char *group)
{
	double ended = 0, failed = (double)(fw->ends[END_BRICKED] + fw->ends[END_FAILED] + fw->ends[END_GAVE_UP]);
	double lost = (double)(fw->pieces - fw->delivered - fw->under_way);

	if (fw->due == 0)
		return;
	for (int e = 0; e < UPDATE_ENDS; e++)
		ended += (double)fw->ends[e];
	report_kpi(s->report, &firmware_kpis[FIRMWARE_PATCH_TIME], group, fw->p90.n ? fw->p90.mean : NAN);
	report_kpi(s->report, &firmware_kpis[FIRMWARE_PATCH_CENSORED], group,
		   ratio((double)fw->censored, (double)(fw->censored + fw->p90.n)));
	report_kpi(s->report, &firmware_kpis[FIRMWARE_UPDATED], group, ratio((double)fw->ends[END_DONE], ended));
	report_kpi(s->report, &firmware_kpis[FIRMWARE_FAILED], group, failed);
	report_kpi(s->report, &firmware_kpis[FIRMWARE_BYTES], group, ratio((double)fw->bytes, (double)fw->ends[END_DONE]));
	report_kpi(s->report, &firmware_kpis[FIRMWARE_PIECES_LOST], group, ratio(lost, lost + (double)fw->delivered));
	report_kpi(s->report, &firmware_kpis[FIRMWARE_RECEPTION], group, ratio((double)fw->received, (double)fw->offered));
}

static void report_updates(struct sim *s, const struct firmwares *f, const struct firmware_class *sum)
{
	static const char account[] = "updates";
	double pending[UPDATE_STATES] = { 0 };

	for (uint32_t i = 0; i < f->dev->n; i++)
		pending[f->update[i].state]++;
	report_audit(s->report, account, "1", AUDIT_IN, "due", (double)sum->due);
	report_audit(s->report, account, "1", AUDIT_IN, "due, of classes without firmware over the air",
		     (double)f->unsupported);
	for (int e = 0; e < UPDATE_ENDS; e++)
		report_audit(s->report, account, "1", AUDIT_OUT, end_names[e], (double)sum->ends[e]);
	report_audit(s->report, account, "1", AUDIT_OUT, "not supported", (double)f->unsupported);
	for (int k = UPDATE_DUE; k < UPDATE_STATES; k++)
		report_audit(s->report, account, "1", AUDIT_OUT, state_names[k], pending[k]);
}

static void report_pieces(struct sim *s, const struct firmware_class *sum)
{
	static const char account[] = "firmware pieces";

	if (sum->pieces == 0)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "sent", (double)sum->pieces);
	report_audit(s->report, account, "1", AUDIT_OUT, "delivered", (double)sum->delivered);
	for (int k = 0; k < FATES; k++) {
		char label[64];
		snprintf(label, sizeof label, "lost: %s", fate_name((enum fate)k));
		if (sum->lost[k])
			report_audit(s->report, account, "1", AUDIT_OUT, label, (double)sum->lost[k]);
	}
	report_audit(s->report, account, "1", AUDIT_OUT, "on their way at the end", (double)sum->under_way);
}

static void count_censored(const struct firmwares *f)
{
	for (uint32_t k = 0; k < f->n_wares; k++)
		for (const struct release *r = f->ware[k].release; r && f->ware[k].fw; r = r->before)
			f->ware[k].fw->censored += r->to_reach > 0 && !r->reached;
}

void firmware_report(struct sim *s, const struct firmwares *f)
{
	struct firmware_class sum = { 0 };

	count_censored(f);
	for (uint32_t c = 0; c < f->dev->n_classes; c++) {
		struct firmware_class own = { 0 };
		char group[128];
		if (!f->of_class[c])
			continue;
		add(&own, f->of_class[c]);
		add(&sum, f->of_class[c]);
		snprintf(group, sizeof group, "class=%s", f->dev->classes[c].id);
		report_kpis(s, &own, group);
	}
	report_kpis(s, &sum, "all");
	report_updates(s, f, &sum);
	report_pieces(s, &sum);
}
