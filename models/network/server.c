#include "models/network/server.h"

#include "models/network/parcels_private.h"

const char *const service_laws[] = { "exponential", "fixed", "log-normal", NULL };

struct server {
	const struct server_params *p;
	struct server_setup setup;
	struct station *station;
	struct outage outage;
	struct parcels inside;
	uint32_t requests; /* of those inside */
	uint64_t requests_done;
	double mu, sigma; /* of the log-normal law */
};

bool server_works(const struct server *v)
{
	return outage_works(&v->outage);
}

static void changed(struct sim *s, struct server *v, bool before)
{
	bool works = server_works(v);

	if (works == before)
		return;
	station_set_servers(v->station, works ? (uint32_t)v->p->servers : 0);
	if (v->setup.changed)
		v->setup.changed(s, v->setup.ctx, works);
}

static void on_change(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct server *v = ctx;
	bool before = server_works(v);

	(void)subject, (void)detail;
	outage_turn(s, &v->outage);
	changed(s, v, before);
}

void server_hold(struct sim *s, struct server *v, bool hold)
{
	bool before = server_works(v);

	outage_hold(s, &v->outage, hold);
	changed(s, v, before);
}

static void on_broken(struct sim *s, void *ctx, bool broken)
{
	server_hold(s, ctx, broken);
}

uint32_t server_asset(struct sim *s, struct server *v, enum asset_kind kind, const struct node *element, const struct city *city,
		      const struct position *position)
{
	struct asset a = { .kind = kind,
			   .element = element,
			   .name = element->id,
			   .key = element->key,
			   .site = ASSET_NONE,
			   .fn = on_broken,
			   .ctx = v };

	if (position->given) {
		a.at = city_locate(city, *position);
		a.placed = true;
	}
	return asset_add(s, &a);
}

void server_check_position(const struct scenario *sc, const struct node *n, const struct position *position, struct diag *d)
{
	if (position->given && position->wgs84 && !city_on_earth(city_of(sc)))
		node_error(n, d, "position", "is in WGS84, but the city has no place on earth (give its origin)");
}

/* Service ends.  The number is free before the owner is called, who may send again. */
static void on_served(struct sim *s, void *ctx, uint32_t number, simtime_t waited, simtime_t served)
{
	struct server *v = ctx;
	struct parcel p = parcels_take(&v->inside, number);

	(void)waited, (void)served;
	if (p.done) {
		v->requests--;
		v->requests_done++;
		p.done(s, p.ctx, p.m.context);
	} else {
		v->setup.done(s, v->setup.ctx, &p.m);
	}
}

struct server *server_new(struct sim *s, const struct node *element, const struct server_setup *setup)
{
	struct server *v = sim_alloc(s, 1, sizeof *v);
	double cv;

	if (!v)
		return NULL;
	v->p = element->par;
	v->setup = *setup;
	cv = v->p->service_variation;
	v->sigma = sqrt(log1p(cv * cv));
	v->mu = log(sim_seconds(v->p->service_time)) - v->sigma * v->sigma / 2;
	v->station = station_new(s, element->id, (uint32_t)v->p->servers,
				 node_given(element, "queue") ? (uint32_t)v->p->queue : STATION_UNBOUNDED, on_served, v);
	if (!v->station)
		return NULL;
	outage_init(s, &v->outage, v->p->availability, v->p->repair, setup->outage, element->key,
		    sim_handler(s, setup->change, on_change, v), 0);
	if (!v->outage.up)
		station_set_servers(v->station, 0);
	return v;
}

void server_start(struct sim *s, struct server *v)
{
	outage_start(s, &v->outage);
	if (!v->outage.up && v->setup.changed)
		v->setup.changed(s, v->setup.ctx, false);
}

static simtime_t service_time(const struct sim *s, const struct server *v, uint64_t key, uint32_t index)
{
	double mean = sim_seconds(v->p->service_time), x;
	uint64_t w[2];

	if (v->p->service_law == LAW_FIXED || v->p->service_time == 0)
		return v->p->service_time;
	rng_block(s->key, v->setup.service, key, index, w);
	if (v->p->service_law == LAW_EXPONENTIAL)
		x = -mean * log(rng_unit(w[0]));
	else
		x = exp(v->mu + v->sigma * sqrt(-2 * log(rng_unit(w[0]))) * cos(6.283185307179586 * rng_unit(w[1])));
	return sim_from_seconds(x);
}

static enum fate enter(struct sim *s, struct server *v, const struct parcel *p, simtime_t service)
{
	uint32_t number = parcels_put(s, &v->inside, p);

	if (number == NO_PARCEL || station_arrive(v->station, number, p->m.priority, service))
		return FATE_DELIVERED; /* without a number the replication has failed */
	parcels_take(&v->inside, number);
	return FATE_QUEUE_FULL;
}

enum fate server_arrive(struct sim *s, struct server *v, uint64_t device_key, const struct message *m)
{
	uint64_t key = rng_mix(device_key ^ rng_mix((uint64_t)m->created));

	if (!server_works(v))
		return FATE_PLATFORM;
	return enter(s, v, &(struct parcel){ .m = *m }, service_time(s, v, key, m->purpose));
}

enum fate server_request(struct sim *s, struct server *v, const struct platform_work *w)
{
	struct parcel p = { .m = { .created = s->now, .context = w->number }, .done = w->done, .ctx = w->ctx };
	enum fate fate;

	if (!server_works(v))
		return FATE_PLATFORM;
	v->requests++; /* may be done at once */
	fate = enter(s, v, &p, service_time(s, v, w->key, PURPOSES) + w->extra);
	v->requests -= fate != FATE_DELIVERED;
	return fate;
}

const struct outage *server_outage(const struct server *v)
{
	return &v->outage;
}

const struct station_stats *server_stats(const struct server *v)
{
	return station_stats(v->station);
}

uint32_t server_held(const struct server *v, enum purpose p)
{
	return p == PURPOSES ? parcels_held(&v->inside) - v->requests : parcels_held_for(&v->inside, p);
}

uint32_t server_requests_held(const struct server *v)
{
	return v->requests;
}

uint64_t server_requests_done(const struct server *v)
{
	return v->requests_done;
}
