/*
 * The life of a device's identifier.
 *
 *   standing    leaves by                                             to
 *   GIVEN       its device's turn; no repository, or a copied device  HELD
 *               its device's turn                                     ENTERING
 *   ENTERING    entered                                               HELD
 *               entered already by another, and looked for            REFUSED
 *   HELD        an audit or a sighting finds it double                WITHDRAWN
 *               presented after it was revoked, or listed so          REVOKED
 *   REFUSED, WITHDRAWN, REVOKED
 *               reissue after that                                    ENTERING, with another identifier
 *               policy quarantine, copied devices: never
 *
 * A copied device presents what its original has entered: nothing is entered for it, so that no audit of the entries finds it, but
 * whoever sees both does.  Of two that are found to share an identifier the one that came later loses it.
 */
#include "models/bootstrap/identifier_private.h"

static const uint32_t PURPOSE_AUDIT = RNG_PURPOSE('i', 'a', 'u', 'd');

static struct identifier_class *class_of(const struct identifiers *ids, uint32_t device)
{
	return &ids->of_class[ids->dev->class_of[device]];
}

static struct duplicates *duplicates_of(struct identifiers *ids, uint32_t device)
{
	struct repository *r = class_of(ids, device)->repository;

	return r ? &r->duplicates : &ids->unwatched;
}

/* The device comes to an identifier that another holds: why. */
static enum origin count_made(struct identifiers *ids, uint32_t device)
{
	const struct holding *h = &ids->held[device];
	enum origin why = h->origin != ORIGIN_OWN ? h->origin : ids->identity[h->identity].origin;

	ids->made[why]++;
	return why;
}

static void list_duplicate(struct sim *s, struct identifiers *ids, uint32_t device)
{
	struct duplicates *l = duplicates_of(ids, device);
	struct duplicate *rows = grown(s, l->row, &l->cap, l->n, sizeof *rows);

	if (!rows)
		return;
	l->row = rows;
	ids->held[device].entry = l->n;
	rows[l->n++] = (struct duplicate){ s->now, device, (uint8_t)count_made(ids, device) };
}

/* Out of the list: since when it was there. */
static simtime_t unlist_duplicate(struct identifiers *ids, uint32_t device, enum end how)
{
	struct duplicates *l = duplicates_of(ids, device);
	uint32_t at = ids->held[device].entry;
	simtime_t since = l->row[at].since;

	ids->ended[l->row[at].cause][how]++;
	l->row[at] = l->row[--l->n];
	ids->held[l->row[at].device].entry = at;
	ids->held[device].entry = NO_ENTRY;
	return since;
}

/* ---- into the repository ---- */

/* The device holds its identifier from now on. */
static void hold(struct sim *s, struct identifiers *ids, uint32_t device, bool enters)
{
	struct holding *h = &ids->held[device];
	struct identity *id = &ids->identity[h->identity];
	bool another = h->origin == ORIGIN_CLONE || (enters ? id->records > 0 : id->holders > 0);

	id->holders++;
	id->records += enters;
	h->standing = STANDING_HELD;
	if (another)
		list_duplicate(s, ids, device);
}

/* Who may have another identifier asks for it after a while. */
static void ask_anew(struct sim *s, const struct identifiers *ids, uint32_t device)
{
	const struct repository *r = class_of(ids, device)->repository;

	if (r->p->remedy == REMEDY_REISSUE && ids->held[device].origin != ORIGIN_CLONE)
		sim_after(s, r->p->reissue, ids->kind_reissue, device, 0);
}

static void on_entered(struct sim *s, void *ctx, uint32_t device, enum resolution answer)
{
	struct identifiers *ids = ctx;
	struct holding *h = &ids->held[device];
	const struct repository *r = class_of(ids, device)->repository;
	enum device_state st = (enum device_state)ids->dev->state[device];

	(void)answer;
	if (r->p->detection == DETECTION_REGISTRATION && ids->identity[h->identity].records > 0) {
		h->standing = STANDING_REFUSED;
		ids->ended[count_made(ids, device)][END_REFUSED]++;
		ids->refused++;
		ask_anew(s, ids, device);
		return;
	}
	hold(s, ids, device, true);
	if (st == DEVICE_SUSPENDED)
		device_move(s, device, DEVICE_ATTACHED);
	else if (st == DEVICE_MANUFACTURED || st == DEVICE_ATTACHED)
		device_retry(s, device);
}

static void enter(struct sim *s, struct identifiers *ids, uint32_t device)
{
	struct holding *h = &ids->held[device];
	struct repository *r = class_of(ids, device)->repository;
	uint64_t key = device_key(ids->dev, device);

	ids->given++;
	h->standing = STANDING_ENTERING;
	repository_ask(s, r,
		       &(struct ask){ .kind = ASK_ENTRY,
				      .identity = h->identity,
				      .resolver = repository_resolver(r, key),
				      .key = key,
				      .fn = on_entered,
				      .ctx = ids,
				      .number = device });
}

void identifier_reissue(struct sim *s, void *ctx, uint32_t device, uint16_t generation)
{
	struct identifiers *ids = ctx;
	struct holding *h = &ids->held[device];

	(void)generation;
	h->identity = identity_anew(s, ids, device);
	h->origin = ORIGIN_OWN;
	if (h->identity != NO_IDENTITY)
		enter(s, ids, device);
}

bool identifier_admit(struct sim *s, void *ctx, uint32_t device)
{
	struct identifiers *ids = ctx;
	struct holding *h = &ids->held[device];
	const struct identifier_class *c = class_of(ids, device);

	if (h->standing == STANDING_NONE || h->standing == STANDING_HELD)
		return true;
	if (h->standing != STANDING_GIVEN)
		return false;
	if (c->repository && h->origin != ORIGIN_CLONE) {
		enter(s, ids, device);
		return false;
	}
	ids->given++;
	hold(s, ids, device, false);
	return true;
}

/* ---- out of it ---- */

/* Out of work, for good or until there is a new identifier: what is on its way to work does not arrive there. */
static void put_out(struct sim *s, const struct identifiers *ids, uint32_t device, bool for_good)
{
	enum device_state st = (enum device_state)ids->dev->state[device];

	if (st == DEVICE_AUTHENTICATED || st == DEVICE_BOOTSTRAPPED)
		device_move(s, device, DEVICE_ATTACHED);
	else
		device_move(s, device, for_good ? DEVICE_QUARANTINED : DEVICE_SUSPENDED);
}

static void lose(struct sim *s, struct identifiers *ids, uint32_t device, enum standing why)
{
	struct holding *h = &ids->held[device];
	struct identity *id = &ids->identity[h->identity];
	const struct repository *r = class_of(ids, device)->repository;

	id->holders--;
	id->records -= h->origin != ORIGIN_CLONE && id->records > 0;
	h->standing = (uint8_t)why;
	h->revoking = false;
	put_out(s, ids, device, h->origin == ORIGIN_CLONE || r->p->remedy == REMEDY_QUARANTINE);
	ask_anew(s, ids, device);
}

static void detect(struct sim *s, struct identifiers *ids, uint32_t device, enum end how)
{
	simtime_t since = unlist_duplicate(ids, device, how);

	ids->detected++;
	tally_add(&ids->detection_time, sim_seconds(s->now - since));
	lose(s, ids, device, STANDING_WITHDRAWN);
}

/* From the last of the list: the row that takes a found one's place has been looked at. */
void identifier_audit(struct sim *s, struct repository *r)
{
	uint64_t w[2];

	r->audits++;
	for (uint32_t i = r->duplicates.n; i-- > 0;) {
		uint32_t device = r->duplicates.row[i].device;
		const struct holding *h = &r->ids->held[device];
		if (h->origin == ORIGIN_CLONE || r->ids->identity[h->identity].records < 2)
			continue;
		rng_block(s->key, PURPOSE_AUDIT, device_key(r->ids->dev, device), r->audits, w);
		if (rng_unit(w[0]) < r->p->audit_coverage)
			detect(s, r->ids, device, END_AUDITED);
	}
}

/* The device has presented its identifier, and the repository has answered. */
void identifier_presented(struct sim *s, struct identifiers *ids, uint32_t device, enum resolution answer)
{
	struct holding *h = &ids->held[device];
	struct identity *id = &ids->identity[h->identity];
	uint32_t other = id->seen - 1;

	if (h->standing != STANDING_HELD)
		return;
	if (answer == RESOLVED_REVOKED) {
		identifier_refused(s, ids, device);
		return;
	}
	if (!class_of(ids, device)->repository->p->sightings || answer != RESOLVED_VALID)
		return;
	if (other == UINT32_MAX || other == device || ids->held[other].standing != STANDING_HELD ||
	    ids->held[other].identity != h->identity) {
		id->seen = device + 1;
		return;
	}
	if (h->entry != NO_ENTRY)
		detect(s, ids, device, END_SIGHTED);
	else if (ids->held[other].entry != NO_ENTRY)
		detect(s, ids, other, END_SIGHTED);
	if (h->standing == STANDING_HELD)
		id->seen = device + 1;
}

void identifier_refused(struct sim *s, struct identifiers *ids, uint32_t device)
{
	struct holding *h = &ids->held[device];

	if (h->standing != STANDING_HELD)
		return;
	if (h->revoking)
		tally_add(&ids->revocation_time, sim_seconds(s->now - ids->revoked_at[device]));
	if (h->entry != NO_ENTRY)
		unlist_duplicate(ids, device, END_REVOKED);
	ids->revoked++;
	lose(s, ids, device, STANDING_REVOKED);
}
