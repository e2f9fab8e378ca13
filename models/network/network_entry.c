/*
 * Who may enter a network: those of other operators are shut until they are opened, and the owner of a class may ask to
 * authenticate its devices.
 */
#include "models/network/network_private.h"

/* ---- networks that are opened ---- */

static void open_route(struct sim *s, const struct network *n, uint32_t class_index, struct route *r)
{
	const uint32_t *ways = r->shut;

	r->shut = NULL;
	for (uint32_t i = 0; i < n->dev->classes[class_index].count; i++)
		if (ways[i])
			network_path(s, r->net, n->routes[class_index].first + i, (int)ways[i]);
}

void network_open(struct sim *s)
{
	const struct network *n = network_state(s);

	for (uint32_t c = 0; c < n->dev->n_classes; c++)
		for (uint32_t r = 0; r < n->routes[c].n; r++)
			if (n->routes[c].route[r].shut)
				open_route(s, n, c, &n->routes[c].route[r]);
}

/* ---- authentication ---- */

void network_authenticator(struct sim *s, uint32_t class_index, authenticate_fn *fn, void *ctx)
{
	struct routes *all = &network_state(s)->routes[class_index];

	BUG_ON(s, all->authenticate);
	all->authenticate = fn;
	all->authenticate_ctx = ctx;
}

/* The route whose technology asks: of a device that is moving to another network, that one. */
static const struct route *joining(const struct network *n, uint32_t device)
{
	const struct routes *all = &n->routes[n->dev->class_of[device]];

	if (all->seat && seat_of(all, device)->trying != NO_ROUTE)
		return &all->route[seat_of(all, device)->trying];
	return network_route(n, device);
}

bool network_authenticate(struct sim *s, uint32_t device)
{
	const struct network *n = network_state(s);
	const struct routes *all = &n->routes[n->dev->class_of[device]];

	if (!all->authenticate)
		return true;
	all->authenticate(s, all->authenticate_ctx, device);
	return false;
}

bool network_asks(const struct sim *s, uint32_t device)
{
	const struct network *n = network_state(s);

	return n->routes[n->dev->class_of[device]].authenticate != NULL;
}

void network_authenticated(struct sim *s, uint32_t device, bool granted)
{
	const struct network *n = network_state(s);
	const struct route *r = joining(n, device);

	if (device_is_powered(n->dev->state[device]) && r->ops && r->ops->authenticated)
		r->ops->authenticated(s, r->net, device, granted);
}
