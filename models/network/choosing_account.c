/*
 * What is counted of devices with several networks: KPIs by group, shares by network, and the balance of messages.
 */
#include <stdio.h>

#include "models/city/cost.h"
#include "models/device/group.h"
#include "models/network/network_private.h"

enum { K_FALL_OVERS, K_RETURNS, K_SECOND, K_SHARE, K_ROAMING, K_FEES };

const struct kpi_def choosing_kpis[CHOOSING_KPIS] = {
	[K_FALL_OVERS] = { "choosing.fall-overs", "1/d",
			   "moves to a less preferred network ÷ days that devices with several networks were attached to one", NULL,
			   KPI_LOWER, true },
	[K_RETURNS] = { "choosing.returns", "1/d",
			"moves to a more preferred network ÷ days that devices with several networks were attached to one", NULL,
			KPI_NEITHER, true },
	[K_SECOND] = { "choosing.second-choice-time", "1",
		       "time attached to another network than the preferred one ÷ time attached, of devices with several networks",
		       NULL, KPI_LOWER, true },
	[K_SHARE] = { "choosing.share", "1",
		      "messages handed to the network ÷ messages handed to any, of devices whose class uses it and others", NULL,
		      KPI_NEITHER, true },
	[K_ROAMING] = { "choosing.roaming-share", "1",
			"messages handed to networks of other operators ÷ messages handed to any, of devices with several networks",
			NULL, KPI_LOWER, true },
	[K_FEES] = { "choosing.roaming-fees", "1",
		     "fees of the messages handed to networks of other operators, in the currency of the scenario", NULL, KPI_LOWER,
		     true },
};

const struct section choosing_sections[CHOOSING_SECTIONS] = {
	{ SECTION_AUDIT, "Messages by network", "messages by network",
	  "Every message that was handed to a network was delivered, was lost, or is on its way at the end." },
};

void choosing_hand(const struct sim *s, struct choosing *c, uint32_t class_index, const struct message *m)
{
	struct routes *all = &c->routes[class_index];
	struct route *r = &all->route[m->route];
	struct choices *k = &c->cell[c->dev->cell[m->device]];

	r->handed += !m->down; /* the balance is of messages up */
	if (!all->seat || s->now < s->warmup)
		return;
	r->counted++;
	k->handed++;
	k->visiting += r->uses->roaming;
	k->fees += r->uses->fee;
}

void choosing_count_time(const struct sim *s, struct choosing *c, uint32_t device, double sign)
{
	const struct routes *all = &c->routes[c->dev->class_of[device]];
	struct choices *k = &c->cell[c->dev->cell[device]];
	double now = sign * sim_seconds(s->now > s->warmup ? s->now : s->warmup);

	k->attached += now;
	k->second += all->route[seat_of(all, device)->current].rank > 0 ? now : 0;
}

static double ratio(double a, double b)
{
	return b > 0 ? a / b : NAN;
}

static void report_group(struct sim *s, const struct choosing *c, const struct groups *g, uint32_t k)
{
	struct choices sum = { 0 };
	double visited = 0;

	for (uint32_t i = 0; i < g->n_cells; i++) {
		const struct choices *x = &c->cell[i];
		if (!g->member[k][i])
			continue;
		sum.attached += x->attached;
		sum.second += x->second;
		sum.fall_overs += x->fall_overs;
		sum.returns += x->returns;
		sum.handed += x->handed;
		sum.visiting += x->visiting;
		sum.fees += x->fees;
	}
	for (uint32_t i = 0; i < c->dev->n_classes; i++)
		for (uint32_t r = 0; r < c->routes[i].n; r++)
			visited += c->routes[i].seat && c->routes[i].route[r].uses->roaming;
	report_kpi(s->report, &choosing_kpis[K_FALL_OVERS], g->name[k],
		   ratio((double)sum.fall_overs, sum.attached / 86400));
	report_kpi(s->report, &choosing_kpis[K_RETURNS], g->name[k], ratio((double)sum.returns, sum.attached / 86400));
	report_kpi(s->report, &choosing_kpis[K_SECOND], g->name[k], ratio(sum.second, sum.attached));
	report_kpi(s->report, &choosing_kpis[K_ROAMING], g->name[k],
		   visited > 0 ? ratio((double)sum.visiting, (double)sum.handed) : NAN);
	report_kpi(s->report, &choosing_kpis[K_FEES], g->name[k], visited > 0 && sum.handed ? sum.fees : NAN);
}

/* Whether route r of class k is the first that names its network. */
static bool is_first(const struct choosing *c, uint32_t k, uint32_t r)
{
	for (uint32_t i = 0; i <= k; i++)
		for (uint32_t q = 0; q < c->routes[i].n; q++)
			if (c->routes[i].route[q].element == c->routes[k].route[r].element)
				return i == k && q == r;
	return false;
}

/* One network, over all classes. */
static void report_network(struct sim *s, const struct choosing *c, const struct node *element)
{
	static const char account[] = "messages by network";
	double handed = 0, delivered = 0, lost = 0, own = 0, any = 0;
	char text[128];

	for (uint32_t k = 0; k < c->dev->n_classes; k++) {
		const struct routes *all = &c->routes[k];
		double here = -1, total = 0;
		for (uint32_t r = 0; r < all->n; r++) {
			total += (double)all->route[r].counted;
			if (all->route[r].element != element)
				continue;
			here = (double)all->route[r].counted;
			handed += (double)all->route[r].handed;
			delivered += (double)all->route[r].delivered;
			lost += (double)all->route[r].lost;
		}
		own += here > 0 ? here : 0;
		any += here >= 0 ? total : 0;
	}
	snprintf(text, sizeof text, "handed to %s", element->id);
	report_audit(s->report, account, "1", AUDIT_IN, text, handed);
	snprintf(text, sizeof text, "delivered over %s", element->id);
	report_audit(s->report, account, "1", AUDIT_OUT, text, delivered);
	snprintf(text, sizeof text, "lost over %s", element->id);
	report_audit(s->report, account, "1", AUDIT_OUT, text, lost);
	snprintf(text, sizeof text, "network=%s", element->id);
	report_kpi(s->report, &choosing_kpis[K_SHARE], text, ratio(own, any));
}

void choosing_finish(struct sim *s, struct choosing *c)
{
	const struct groups *g = groups_of(s);

	for (uint32_t k = 0; k < c->dev->n_classes; k++) {
		const struct device_class *class = &c->dev->classes[k];
		for (uint32_t i = class->first; c->routes[k].seat && i < class->first + class->count; i++)
			if (seat_of(&c->routes[k], i)->current != NO_ROUTE)
				choosing_count_time(s, c, i, 1);
	}
	for (uint32_t k = 0; k < g->n; k++)
		report_group(s, c, g, k);
	for (uint32_t k = 0; k < c->dev->n_classes; k++)
		for (uint32_t r = 0; c->routes[k].seat && r < c->routes[k].n; r++)
			cost_fees(s, c->dev->classes[k].node,
				  (double)c->routes[k].route[r].counted * c->routes[k].route[r].uses->fee);
	for (uint32_t k = 0; k < c->dev->n_classes; k++)
		for (uint32_t r = 0; r < c->routes[k].n; r++)
			if (is_first(c, k, r))
				report_network(s, c, c->routes[k].route[r].element);
	report_audit(s->report, "messages by network", "1", AUDIT_OUT, "in flight at the end",
		     (double)network_held(s, PURPOSES));
}
