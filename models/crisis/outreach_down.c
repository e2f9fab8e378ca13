/* Messages to devices that act on a warning. */
#include "models/crisis/outreach_private.h"

/* All downlinks of a replication, by number: what their messages carry along. */
struct downlinks { struct channel *channel; struct downlinks *next; };
struct downlink_list { struct downlinks *first; uint32_t n; };

static struct channel *by_number(const struct downlink_list *l, uint32_t number)
{
	struct downlinks *d = l->first;

	while (d && d->channel->number != number)
		d = d->next;
	return d ? d->channel : NULL;
}

static void count(const struct sim *s, struct channel *c, simtime_t sent)
{
	c->down.reached++;
	c->down.delay_sum += sim_seconds(s->now - sent);
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct channel *c = by_number(ctx, m->context);

	BUG_ON(s, !c);
	if (fate == FATE_DELIVERED)
		count(s, c, m->created);
}

/* A session under way. */
struct cast { struct channel *channel; simtime_t at; };

static void on_cast(struct sim *s, void *ctx, uint32_t device, uint32_t received)
{
	const struct cast *cast = ctx;

	(void)device;
	if (received)
		count(s, cast->channel, cast->at);
}

void downlink_new(struct sim *s, struct channel *c)
{
	struct downlink_list *l = sim_state(s, &downlink_model);
	struct downlinks *d = sim_alloc(s, 1, sizeof *d);

	if (!l && (l = sim_alloc(s, 1, sizeof *l)) != NULL) {
		sim_set_state(s, &downlink_model, l);
		sensor_downlinks(s, on_answer, l);
	}
	if (!l || !d)
		return;
	c->number = l->n++;
	*d = (struct downlinks){ c, l->first };
	l->first = d;
}

static const struct device_class *class_of(const struct devices *d, const struct node *node)
{
	uint32_t k = 0;

	while (k < d->n_classes && d->classes[k].node != node)
		k++;
	return k < d->n_classes ? &d->classes[k] : NULL;
}

/* false: its network cannot. */
static bool cast(struct sim *s, struct channel *c, const struct device_class *class)
{
	const struct downlink_params *p = c->node->par;
	struct cast *x = sim_alloc(s, 1, sizeof *x);

	if (!x)
		return true;
	*x = (struct cast){ c, s->now };
	return network_multicast(s, &(struct multicast){ .class_index = class->index,
							 .purpose = PURPOSE_WARNING,
							 .fragments = 1,
							 .fragment_bytes = (uint32_t)p->bytes,
							 .done = on_cast,
							 .ctx = x });
}

void downlink_send(struct sim *s, struct channel *c)
{
	const struct downlink_params *p = c->node->par;
	const struct device_class *class = class_of(devices_of(s), p->class);

	if (!class)
		return;
	c->down.targets += class->count;
	if (p->multicast && cast(s, c, class))
		return;
	for (uint32_t i = class->first; i < class->first + class->count; i++)
		network_send_down(s, &(struct message){ .created = s->now,
							.device = i,
							.context = c->number,
							.bytes = (uint32_t)p->bytes,
							.purpose = PURPOSE_WARNING,
							.priority = (uint8_t)p->priority,
							.down = 1 });
}
