/* Reports of alarms over the network, and what became of them. */
#include "models/crisis/sensor_private.h"

enum { KPI_SENT, KPI_DELIVERED, KPI_DELAY, KPI_IN_TIME };

const struct kpi_def sensor_kpis[SENSOR_KPIS] = {
	[KPI_SENT] = { "crisis.reports", "1", "reports of alarms that sensors made, repetitions not counted", NULL, KPI_NEITHER, true },
	[KPI_DELIVERED] = { "crisis.report-ratio", "1",
			    "reports of alarms that arrived ÷ sent, repetitions counted each, those in flight left out", NULL,
			    KPI_HIGHER, true },
	[KPI_DELAY] = { "crisis.report-delay", "s", "the sample that alarmed to the arrival of its report, mean", NULL, KPI_LOWER, true },
	[KPI_IN_TIME] = { "crisis.report-deadline-ratio", "1",
			  "reports of sensors with a deadline that arrived within it ÷ sent, those in flight left out", NULL, KPI_HIGHER,
			  true },
};

/* What a report carries along: its sensor, and how often it was sent before. */
enum { TRIES_SHIFT = 24 };

static void send(struct sim *s, struct sensors *v, const struct sensor *sn, uint32_t device, uint32_t tries)
{
	struct message m = { .created = sensor_row(v, sn, device)->reported,
			     .device = device,
			     .context = sn->index | tries << TRIES_SHIFT,
			     .bytes = (uint32_t)sn->p->bytes,
			     .purpose = PURPOSE_WARNING,
			     .priority = (uint8_t)sn->p->priority };

	v->sent++;
	network_send(s, &m);
}

void report_alarm(struct sim *s, struct sensors *v, const struct sensor *sn, uint32_t device)
{
	struct sensor_row *row = sensor_row(v, sn, device);

	row->reported = s->now;
	row->quiet = sn->p->hold < s->end - s->now ? s->now + sn->p->hold : s->end;
	v->made++;
	send(s, v, sn, device, 0);
}

static void on_repeat(struct sim *s, void *ctx, uint32_t device, uint16_t tries)
{
	struct sensor_kinds *of = ctx;

	send(s, of->all, &of->all->all[of->index], device, tries);
}

static void count(struct sensors *v, const struct sim *s, const struct sensor *sn, const struct message *m, enum fate fate)
{
	bool due = sn->p->deadline != SIM_NEVER;

	*(fate == FATE_DELIVERED ? &v->delivered : &v->lost[fate]) += 1;
	v->with_deadline += due;
	if (fate != FATE_DELIVERED)
		return;
	v->in_time += due && s->now - m->created <= sn->p->deadline;
	tally_add(&v->delay, sim_seconds(s->now - m->created));
}

/* Only the newest report of a device is repeated. */
static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct sensors *v = ctx;
	const struct sensor *sn;
	uint32_t tries = m->context >> TRIES_SHIFT;

	if (m->down) {
		if (v->down)
			v->down(s, v->down_ctx, m, fate);
		return;
	}
	sn = &v->all[m->context & ((1u << TRIES_SHIFT) - 1)];
	count(v, s, sn, m, fate);
	if (fate == FATE_DELIVERED)
		for (uint32_t i = 0; i < v->n_watchers; i++)
			v->watcher[i].fn(s, v->watcher[i].ctx, sn, m->device, m->created);
	else if (tries < sn->p->repeat && sensor_row(v, sn, m->device)->reported == m->created)
		sim_after(s, sn->p->repeat_after, v->kind[sn->index].repeat, m->device, (uint16_t)(tries + 1));
}

void reports_setup(struct sim *s, struct sensors *v)
{
	network_owner(s, PURPOSE_WARNING, on_answer, v);
	for (uint32_t i = 0; i < v->n; i++)
		v->kind[i].repeat = sim_handler(s, "sensor.repeat", on_repeat, &v->kind[i]);
}

void sensor_subscribe(struct sim *s, sensor_heard_fn *fn, void *ctx)
{
	struct sensors *v = sim_state(s, &sensor_model);

	if (!v)
		return;
	BUG_ON(s, v->n_watchers == CRISIS_WATCHES);
	v->watcher[v->n_watchers].fn = fn;
	v->watcher[v->n_watchers++].ctx = ctx;
}

void sensor_downlinks(struct sim *s, answer_fn *fn, void *ctx)
{
	struct sensors *v = sim_state(s, &sensor_model);

	if (!v)
		return;
	BUG_ON(s, v->down);
	v->down = fn;
	v->down_ctx = ctx;
}

void reports_finish(struct sim *s, const struct sensors *v)
{
	static const char account[] = "alarm reports";
	uint64_t answered = v->delivered;

	if (v->n == 0)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "sent", (double)v->sent);
	report_audit(s->report, account, "1", AUDIT_OUT, "delivered", (double)v->delivered);
	for (unsigned f = 0; f < FATES; f++) {
		answered += v->lost[f];
		if (v->lost[f])
			report_audit(s->report, account, "1", AUDIT_OUT, fate_name((enum fate)f), (double)v->lost[f]);
	}
	report_audit(s->report, account, "1", AUDIT_OUT, "in flight", (double)network_held(s, PURPOSE_WARNING));
	report_kpi(s->report, &sensor_kpis[KPI_SENT], "all", (double)v->made);
	report_kpi(s->report, &sensor_kpis[KPI_DELIVERED], "all", answered ? (double)v->delivered / (double)answered : NAN);
	report_kpi(s->report, &sensor_kpis[KPI_DELAY], "all", v->delay.n ? v->delay.mean : NAN);
	report_kpi(s->report, &sensor_kpis[KPI_IN_TIME], "all",
		   v->with_deadline ? (double)v->in_time / (double)v->with_deadline : NAN);
}
