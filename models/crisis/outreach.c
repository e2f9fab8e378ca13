/* Which ways a warning takes. */
#include "models/crisis/outreach_private.h"

#include <string.h>

static const struct {
	const char *name;
	const struct model *model;
} kinds[CHANNEL_KINDS] = {
	[CHANNEL_BROADCAST] = { "cell-broadcast", &cell_broadcast_model },
	[CHANNEL_APP] = { "app", &app_model },
	[CHANNEL_SIREN] = { "siren", &siren_model },
	[CHANNEL_DOWNLINK] = { "downlink", &downlink_model },
};

const char *channel_name(enum channel_kind k)
{
	return k < CHANNEL_KINDS ? kinds[k].name : "nobody";
}

/* The name at the head of a list; the rest behind its ';', NULL at the end. */
static const char *next_name(const char *list, const char **name, size_t *len)
{
	const char *end;

	list += strspn(list, " \t\r\n");
	*name = list;
	*len = strcspn(list, ";");
	end = list + *len;
	while (*len && strchr(" \t\r\n", list[*len - 1]))
		--*len;
	return *end ? end + 1 : NULL;
}

static enum channel_kind kind_of(const char *name, size_t len)
{
	enum channel_kind k = 0;

	while (k < CHANNEL_KINDS && !(strlen(kinds[k].name) == len && memcmp(kinds[k].name, name, len) == 0))
		k++;
	return k;
}

/* Whether an element of this kind is one of the ways: named in the list, or without a list put down by the user. */
static bool is_taken(const char *via, const struct node *n, enum channel_kind kind)
{
	const char *name;
	size_t len;

	if (!via)
		return !n->implied;
	while (via) {
		via = next_name(via, &name, &len);
		if (kind_of(name, len) == kind)
			return true;
	}
	return false;
}

static void check_names(const struct node *w, struct diag *d, const char *via)
{
	const char *name;
	size_t len;

	while (via) {
		via = next_name(via, &name, &len);
		enum channel_kind k = kind_of(name, len);
		if (k == CHANNEL_NONE)
			node_error(
				w, d, "via",
				"names \"%.*s\", which is no way to warn (name cell-broadcast, app, siren or downlink, separated by ;)",
				(int)len, name);
		else if (!node_child(w, kinds[k].model))
			node_error(w, d, "via", "names a %s, of which there is none (put a <%s> into the <warning>)",
				   kinds[k].name, kinds[k].name);
	}
}

static bool has_cellular(const struct scenario *sc)
{
	return scenario_first(sc, &nb_iot_model) || scenario_first(sc, &lte_m_model) || scenario_first(sc, &lte_model);
}

void outreach_check(const struct scenario *sc, const struct node *w, struct diag *d, const char *via)
{
	unsigned ways = 0;
	bool phones = false;

	check_names(w, d, via);
	for (enum channel_kind k = 0; k < CHANNEL_KINDS; k++)
		for (const struct node *n = node_child(w, kinds[k].model); n; n = node_next(n)) {
			bool taken = is_taken(via, n, k);
			ways += taken;
			phones |= taken && (k == CHANNEL_BROADCAST || k == CHANNEL_APP);
			if (!taken && !n->implied)
				node_error(n, d, NULL, "is none of the ways in via=\"%s\" (add %s to it)", via,
					   kinds[k].name);
		}
	if (!via && ways == 0)
		node_error(w, d, "via", "is missing: the warning would reach nobody (say via=\"cell-broadcast\")");
	if (phones && !has_cellular(sc))
		node_error(w, d, "via",
			   "is by phone, and the scenario has no cellular network to reach phones by (add an <lte>)");
}

/* ---- set-up ---- */

static bool set_up(struct sim *s, struct outreach *p, struct channel *c)
{
	switch (c->kind) {
	case CHANNEL_SIREN: return sirens_new(s, c, city_of(p->scenario));
	case CHANNEL_DOWNLINK: downlink_new(s, c); break;
	default: p->kind[c->index] = sim_handler(s, "warning.phones", on_phones, c);
	}
	return s->status == SIM_OK;
}

struct outreach *outreach_new(struct sim *s, const struct scenario *sc, const struct node *w, const char *via)
{
	struct outreach *p = sim_alloc(s, 1, sizeof *p);
	size_t n = 0;

	for (const struct node *k = w->child; k; k = k->next)
		n++;
	if (!p)
		return NULL;
	p->scenario = sc;
	p->channel = sim_alloc(s, n + 1, sizeof *p->channel);
	p->kind = sim_alloc(s, n + 1, sizeof *p->kind);
	if (!p->channel || !p->kind)
		return NULL;
	for (enum channel_kind k = 0; k < CHANNEL_KINDS; k++)
		for (const struct node *e = node_child(w, kinds[k].model); e; e = node_next(e)) {
			struct channel *c = &p->channel[p->n];
			if (!is_taken(via, e, k))
				continue;
			*c = (struct channel){ .outreach = p, .node = e, .kind = k, .index = p->n++ };
			if (!set_up(s, p, c))
				return NULL;
		}
	return p;
}

void outreach_start(struct sim *s, struct outreach *p)
{
	for (uint32_t k = 0; k < p->n; k++)
		if (p->channel[k].kind == CHANNEL_SIREN)
			sirens_start(s, &p->channel[k]);
}

/* ---- a warning goes out ---- */

static bool number(struct sim *s, struct outreach *p, struct issue *i)
{
	if (p->n_issues == p->cap_issues) {
		uint32_t cap = p->cap_issues ? 2 * p->cap_issues : 8;
		struct issue **issue = sim_alloc(s, cap, sizeof(struct issue *));
		if (!issue)
			return false;
		for (uint32_t k = 0; k < p->n_issues; k++)
			issue[k] = p->issue[k];
		p->issue = issue;
		p->cap_issues = cap;
	}
	i->number = p->n_issues;
	p->issue[p->n_issues++] = i;
	return true;
}

static bool prepare(struct sim *s, struct issue *i)
{
	uint32_t n = i->people->n;

	i->after = sim_alloc(s, n + 1u, sizeof *i->after);
	i->channel = sim_alloc(s, n + 1u, sizeof *i->channel);
	i->reached = sim_alloc(s, (size_t)n * i->outreach->n + 1, sizeof *i->reached);
	if (!i->after || !i->channel || !i->reached)
		return false;
	for (uint32_t k = 0; k < n; k++) {
		i->after[k] = INFINITY;
		i->channel[k] = CHANNEL_NONE;
	}
	return number(s, i->outreach, i);
}

void outreach_issue(struct sim *s, struct issue *i)
{
	struct outreach *p = i->outreach;

	i->at = s->now;
	if (i->people && !prepare(s, i))
		return;
	for (uint32_t k = 0; k < p->n; k++) {
		struct channel *c = &p->channel[k];
		if (c->kind == CHANNEL_DOWNLINK)
			downlink_send(s, c);
		else if (i->people && c->kind == CHANNEL_SIREN)
			sirens_sound(s, c, i);
		else if (i->people)
			phones_begin(s, c, i);
	}
}

struct actuated outreach_actuated(const struct outreach *p)
{
	struct actuated sum = { 0, 0, 0 };

	for (uint32_t k = 0; k < p->n; k++) {
		sum.targets += p->channel[k].down.targets;
		sum.reached += p->channel[k].down.reached;
		sum.delay_sum += p->channel[k].down.delay_sum;
	}
	return sum;
}
