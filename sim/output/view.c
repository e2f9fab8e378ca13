#include "sim/output/view.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/text.h"

bool view_room(struct arena *a, void *rows, size_t n, size_t *cap, size_t size)
{
	void *old;

	if (n < *cap)
		return true;
	memcpy(&old, rows, sizeof old); /* rows points to a pointer to rows of any type */
	size_t want = *cap ? 2 * *cap : 16;
	void *bigger = arena_alloc(a, want, size);
	if (!bigger)
		return false;
	if (n)
		memcpy(bigger, old, n * size);
	memcpy(rows, &bigger, sizeof bigger);
	*cap = want;
	return true;
}

/* ---- accounts and losses ---- */

static struct account *account_find(struct view *v, const struct audit_row *row)
{
	for (size_t i = 0; i < v->n_accounts; i++)
		if (strcmp(v->accounts[i].name, row->account) == 0)
			return &v->accounts[i];
	if (!VIEW_ROOM(v, accounts))
		return NULL;
	v->accounts[v->n_accounts] = (struct account){ .name = row->account, .unit = row->unit };
	return &v->accounts[v->n_accounts++];
}

static bool account_add(struct view *v, struct account *a, const struct audit_row *row)
{
	*(row->side == AUDIT_IN ? &a->in : &a->out) += row->value;
	for (size_t i = 0; i < a->n_lines; i++)
		if (a->lines[i].side == row->side && strcmp(a->lines[i].label, row->label) == 0) {
			a->lines[i].sum += row->value;
			return true;
		}
	if (!view_room(v->arena, &a->lines, a->n_lines, &a->cap_lines, sizeof *a->lines))
		return false;
	a->lines[a->n_lines++] = (struct account_line){ row->label, row->side, row->value };
	return true;
}

/* What one replication says of an account; one without numbers differs, and tells no amount. */
static void judge(struct account *a, const struct report *r)
{
	struct balance b = report_account(r, a->name);

	a->worst = fmax(a->worst, isfinite(b.off) ? b.off : 0);
	a->differs = a->differs || !b.balances;
}

static bool add_accounts(struct view *v, const struct report *r)
{
	for (size_t i = 0; i < r->n_audit; i++) {
		struct account *a = account_find(v, &r->audit[i]);
		if (!a || !account_add(v, a, &r->audit[i]))
			return false;
	}
	for (size_t i = 0; i < v->n_accounts; i++)
		judge(&v->accounts[i], r);
	return true;
}

const struct account *view_account(const struct view *v, const char *name)
{
	for (size_t i = 0; i < v->n_accounts; i++)
		if (strcmp(v->accounts[i].name, name) == 0)
			return &v->accounts[i];
	return NULL;
}

static int by_loss(const void *a, const void *b)
{
	const struct loss *x = a, *y = b;

	if (x->sum != y->sum)
		return x->sum > y->sum ? -1 : 1;
	return strcmp(x->cause, y->cause);
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* What leaves the account "messages" otherwise than delivered or still on its way is lost, and its label is the cause. */
static bool find_losses(struct view *v)
{
	const struct account *a = view_account(v, "messages");

	if (!a)
		return true;
	v->generated = a->in;
	for (size_t i = 0; i < a->n_lines; i++) {
		const char *label = a->lines[i].label;
		if (a->lines[i].side != AUDIT_OUT || a->lines[i].sum == 0 || begins(label, "delivered") ||
		    begins(label, "in flight"))
			continue;
		if (!VIEW_ROOM(v, losses))
			return false;
		label += begins(label, "lost: ") ? strlen("lost: ") : 0;
		v->losses[v->n_losses++] =
			(struct loss){ label, a->lines[i].sum, a->in > 0 ? a->lines[i].sum / a->in : NAN };
	}
	if (v->n_losses)
		qsort(v->losses, v->n_losses, sizeof *v->losses, by_loss);
	return true;
}

/* ---- findings ---- */

/* Two replications say the same thing when only the figures differ. */
static bool same_but_figures(const char *a, const char *b)
{
	for (;;) {
		while (isdigit((unsigned char)*a) || *a == '.')
			a++;
		while (isdigit((unsigned char)*b) || *b == '.')
			b++;
		if (*a != *b)
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}

/* A replication counts once for a finding, also when it says it of several things. */
static bool add_findings(struct view *v, const struct report *r)
{
	for (size_t i = 0; i < r->n_warnings; i++) {
		const struct text_row *w = &r->warnings[i];
		struct finding *same = NULL;
		bool said = false;
		for (size_t k = 0; k < v->n_findings && !same; k++)
			if (strcmp(v->findings[k].model, w->name) == 0 && same_but_figures(v->findings[k].text, w->value))
				same = &v->findings[k];
		for (size_t k = 0; k < i && !said; k++)
			said = strcmp(r->warnings[k].name, w->name) == 0 &&
			       same_but_figures(r->warnings[k].value, w->value);
		if (same && !said)
			same->replications++;
		if (same)
			continue;
		if (!VIEW_ROOM(v, findings))
			return false;
		v->findings[v->n_findings++] = (struct finding){ w->name, w->value, 1 };
	}
	return true;
}

/* ---- event profile ---- */

static bool add_kinds(struct view *v, const struct replication *rep)
{
	for (size_t i = 0; i < rep->n_kinds; i++) {
		size_t k = 0;
		while (k < v->n_kinds && strcmp(v->kinds[k].name, rep->kinds[i].name) != 0)
			k++;
		if (k == v->n_kinds) {
			if (!VIEW_ROOM(v, kinds))
				return false;
			v->kinds[v->n_kinds++] = (struct kind_row){ rep->kinds[i].name, 0 };
		}
		v->kinds[k].count += rep->kinds[i].count;
	}
	return true;
}

static int by_count(const void *a, const void *b)
{
	const struct kind_row *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* ---- the map ---- */

static struct layer *layer_of(struct view *v, const struct feature *f)
{
	for (size_t i = 0; i < v->n_layers; i++)
		if (strcmp(v->layers[i].name, f->layer) == 0)
			return &v->layers[i];
	if (!VIEW_ROOM(v, layers))
		return NULL;
	v->layers[v->n_layers] = (struct layer){ .name = f->layer, .points = true };
	return &v->layers[v->n_layers++];
}

static bool is_of_map(const struct feature *f)
{
	return f->moment == FEATURE_ALWAYS;
}

static bool find_layers(struct view *v)
{
	const struct report *r = v->first;

	for (size_t i = 0; i < r->n_features; i++) {
		if (!is_of_map(&r->features[i]))
			continue;
		struct layer *l = layer_of(v, &r->features[i]);
		if (!l)
			return false;
		l->total++;
		l->points = l->points && r->features[i].n_points == 1;
	}
	for (size_t i = 0; i < v->n_layers; i++)
		v->layers[i].kept = 0;
	return true;
}

/* Every k-th point of a layer of many.  A record holds what was kept, so that reading it back keeps it all. */
static bool thin(struct view *v)
{
	const struct report *r = v->first;
	size_t *seen;

	if (!r || r->n_features == 0)
		return true;
	if (v->n_layers == 0 && !find_layers(v))
		return false;
	seen = calloc(v->n_layers + 1, sizeof *seen);
	v->features = arena_alloc(v->arena, r->n_features, sizeof *v->features);
	if (!seen || !v->features) {
		free(seen);
		return false;
	}
	for (size_t i = 0; i < r->n_features; i++) {
		if (!is_of_map(&r->features[i]))
			continue;
		struct layer *l = layer_of(v, &r->features[i]);
		size_t step = l->points && l->total > LAYER_MOST ? (l->total + LAYER_MOST - 1) / LAYER_MOST : 1;
		if (v->owned || seen[l - v->layers] % step == 0) {
			v->features[v->n_features++] = &r->features[i];
			l->kept += !v->owned;
		}
		seen[l - v->layers]++;
	}
	free(seen);
	return true;
}

/* ---- the order in which KPIs are shown ---- */

static int family_of(const char *name)
{
	static const char *const families[] = { "connectivity.", "latency.",          "energy.",
						"onboarding.",   "identity.",         "security.",
						"crisis.",       "interoperability.", "cost." };
	int n = (int)(sizeof families / sizeof families[0]);

	for (int i = 0; i < n; i++)
		if (begins(name, families[i]))
			return i;
	return n;
}

static int by_family(const void *a, const void *b)
{
	const struct kpi_result *x = *(const struct kpi_result *const *)a, *y = *(const struct kpi_result *const *)b;
	int fx = family_of(x->def->name), fy = family_of(y->def->name);

	return fx != fy ? (fx < fy ? -1 : 1) : x < y ? -1 : x > y; /* rows of one array: their order in it */
}

static bool order_kpis(struct view *v)
{
	const struct outcome *o = v->o;

	v->main = arena_alloc(v->arena, o->n_kpis, sizeof *v->main);
	if (!v->main)
		return false;
	for (size_t i = 0; i < o->n_kpis; i++)
		if (!o->kpis[i].def->supporting || o->kpis[i].target)
			v->main[v->n_main++] = &o->kpis[i];
	if (v->n_main)
		qsort(v->main, v->n_main, sizeof *v->main, by_family);
	return true;
}

/* ---- all together ---- */

#define IDENTITY "sccsim %s, seed %llu, input %s"

void put_identity(FILE *f, const struct outcome *o)
{
	fprintf(f, IDENTITY, o->version, (unsigned long long)o->seed, o->sc->hash);
}

static bool gather(struct view *v)
{
	const struct outcome *o = v->o;

	v->identity = arena_printf(v->arena, IDENTITY, o->version, (unsigned long long)o->seed, o->sc->hash);
	if (!v->identity)
		return false;
	for (size_t i = 0; i < o->n_reps; i++) {
		const struct replication *rep = &o->reps[i];
		if (!rep->report)
			continue;
		v->first = v->first ? v->first : rep->report;
		v->events += rep->events;
		v->busy_s += rep->wall_s;
		v->bytes = rep->arena_bytes > v->bytes ? rep->arena_bytes : v->bytes;
		if (!add_accounts(v, rep->report) || !add_findings(v, rep->report) || !add_kinds(v, rep))
			return false;
	}
	if (v->n_kinds)
		qsort(v->kinds, v->n_kinds, sizeof *v->kinds, by_count);
	return find_losses(v) && thin(v) && order_kpis(v) && view_tables(v) && view_charts(v) && view_flows(v) &&
	       view_timelines(v);
}

struct view *view_new(const struct outcome *o)
{
	struct arena *a = arena_new();
	struct view *v = a ? arena_alloc(a, 1, sizeof *v) : NULL;

	if (!v) {
		arena_free(a);
		return NULL;
	}
	v->o = o;
	v->arena = a;
	if (gather(v) && view_values(v))
		return v;
	view_free(v);
	return NULL;
}

bool view_complete(struct view *v)
{
	return gather(v);
}

void view_free(struct view *v)
{
	if (!v)
		return;
	if (v->owned)
		for (size_t i = 0; i < v->owned->n_reps; i++)
			report_free(v->owned->reps[i].report);
	arena_free(v->arena);
}
