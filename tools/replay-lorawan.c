/*
 * replay-lorawan PREFIX - feed a measured packet file through the real gateway model and compare every outcome.
 *
 * PREFIX-devices.csv: received power and propagation delay of each device at each gateway; PREFIX-tx.csv: the frames and
 * what became of them at each gateway; PREFIX-dl.csv, where it exists: the gateways' own transmissions.  Prints
 * `N matched, M mismatched`; exit 0 only if M is 0, 1 if not, 2 for bad input.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/network/lorawan/gateway.h"
#include "sim/scenario/csv.h"

enum { GATEWAYS_MAX = 64, CHANNELS_MAX = 64, SHOWN = 10 };

/* What happens at a gateway, in time order; at one time ends come first, then transmissions, then arrivals. */
enum { AT_END, AT_SEND, AT_ARRIVAL };
struct happening { simtime_t t, until; uint32_t frame; uint16_t gateway; uint8_t what; };

struct frame { simtime_t start, airtime; uint32_t device; uint8_t sf, channel; };

struct replay {
	struct csv       *devices, *tx, *dl;
	struct frame     *frame;
	size_t            n_frames;
	unsigned          n_gateways;
	int               power_column[GATEWAYS_MAX], delay_column[GATEWAYS_MAX], outcome_column[GATEWAYS_MAX];
	struct happening *h;
	size_t            n;
	struct gateway   *gateway[GATEWAYS_MAX];
	int              *token;                /* frames x gateways */
	unsigned long long matched, mismatched;
	struct diag      *d;
};

static const char *const names[RECEPTIONS] = { "received", "interfered", "no_more_receivers", "under_sensitivity", "lost_because_tx" };

static double cell(struct replay *r, const struct csv *c, size_t row, int column, double lo, double hi)
{
	double x = 0;

	csv_number(c, row, column, lo, hi, &x, r->d);
	return x;
}

static bool find_columns(struct replay *r)
{
	char name[32];

	for (r->n_gateways = 0; r->n_gateways < GATEWAYS_MAX; r->n_gateways++) {
		unsigned g = r->n_gateways;
		snprintf(name, sizeof name, "outcome_gw%u", g);
		r->outcome_column[g] = csv_column(r->tx, name);
		if (r->outcome_column[g] < 0)
			break;
		snprintf(name, sizeof name, "rxdbm_gw%u", g);
		r->power_column[g] = csv_require(r->devices, name, r->d);
		snprintf(name, sizeof name, "delay_ns_gw%u", g);
		r->delay_column[g] = csv_require(r->devices, name, r->d);
	}
	if (r->n_gateways == 0)
		csv_require(r->tx, "outcome_gw0", r->d);
	return diag_errors(r->d) == 0;
}

static void read_frames(struct replay *r)
{
	int start = csv_require(r->tx, "start_ns", r->d), dev = csv_require(r->tx, "dev", r->d),
	    sf = csv_require(r->tx, "sf", r->d);
	int channel = csv_require(r->tx, "channel", r->d), bytes = csv_require(r->tx, "phypayload", r->d);

	r->n_frames = csv_rows(r->tx);
	r->frame = calloc(r->n_frames + 1, sizeof *r->frame);
	for (size_t i = 0; r->frame && diag_errors(r->d) == 0 && i < r->n_frames; i++) {
		struct frame *f = &r->frame[i];
		f->start = (simtime_t)cell(r, r->tx, i, start, 0, 9e18);
		f->device = (uint32_t)cell(r, r->tx, i, dev, 0, (double)csv_rows(r->devices) - 1);
		f->sf = (uint8_t)cell(r, r->tx, i, sf, LORA_SF_MIN, LORA_SF_MAX);
		f->channel = (uint8_t)cell(r, r->tx, i, channel, 0, CHANNELS_MAX - 1);
		unsigned size = (unsigned)cell(r, r->tx, i, bytes, 1, 255);
		if (diag_errors(r->d) == 0)
			f->airtime = lora_time_on_air(size, f->sf, 125e3, 1, 8, true);
	}
}

static void add(struct replay *r, simtime_t t, simtime_t until, uint32_t frame, unsigned gateway, int what)
{
	r->h[r->n++] = (struct happening){ t, until, frame, (uint16_t)gateway, (uint8_t)what };
}

static void add_frames(struct replay *r)
{
	for (uint32_t i = 0; i < r->n_frames; i++)
		for (unsigned g = 0; g < r->n_gateways && diag_errors(r->d) == 0; g++) {
			const struct frame *f = &r->frame[i];
			simtime_t at = f->start + (simtime_t)cell(r, r->devices, f->device, r->delay_column[g], 0, 1e9);
			add(r, at, at + f->airtime, i, g, AT_ARRIVAL);
			add(r, at + f->airtime, 0, i, g, AT_END);
		}
}

static void add_downlinks(struct replay *r)
{
	int start = csv_require(r->dl, "start_ns", r->d), gw = csv_require(r->dl, "gw", r->d),
	    sf = csv_require(r->dl, "sf", r->d);
	int bytes = csv_require(r->dl, "phypayload", r->d);

	for (size_t i = 0; diag_errors(r->d) == 0 && i < csv_rows(r->dl); i++) {
		simtime_t t = (simtime_t)cell(r, r->dl, i, start, 0, 9e18);
		unsigned g = (unsigned)cell(r, r->dl, i, gw, 0, r->n_gateways - 1.0);
		unsigned s = (unsigned)cell(r, r->dl, i, sf, LORA_SF_MIN, LORA_SF_MAX);
		unsigned size = (unsigned)cell(r, r->dl, i, bytes, 1, 255);
		if (diag_errors(r->d) == 0)
			add(r, t, t + lora_time_on_air(size, s, 125e3, 1, 8, false), 0, g, AT_SEND);
	}
}

static int in_time(const void *pa, const void *pb)
{
	const struct happening *a = pa, *b = pb;

	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	if (a->what != b->what)
		return a->what - b->what;
	if (a->frame != b->frame)
		return a->frame < b->frame ? -1 : 1;
	return (a->gateway > b->gateway) - (a->gateway < b->gateway);
}

static void judge(struct replay *r, const struct happening *h, enum reception got)
{
	const char *want = csv_text(r->tx, h->frame, r->outcome_column[h->gateway]);

	if (strcmp(want, names[got]) == 0) {
		r->matched++;
		return;
	}
	if (r->mismatched++ < SHOWN)
		printf("frame %u (line %d) at gateway %u: %s in the file, %s here\n", h->frame, csv_line(r->tx, h->frame),
		       h->gateway, want, names[got]);
}

static void handle(struct replay *r, const struct happening *h)
{
	struct gateway *g = r->gateway[h->gateway];
	int *token = &r->token[h->frame * r->n_gateways + h->gateway];
	const struct frame *f = &r->frame[h->frame];
	double dbm = 0;

	switch (h->what) {
	case AT_SEND: gateway_transmit(g, h->t, h->until); break;
	case AT_END:
		if (*token >= 0)
			judge(r, h, gateway_end(g, *token));
		break;
	default:
		csv_number(r->devices, f->device, r->power_column[h->gateway], -400, 100, &dbm, r->d);
		*token = gateway_begin(
			g, &(struct gateway_frame){ h->t, h->until, (float)pow(10, 0.1 * dbm), f->sf, f->channel });
		if (*token < 0)
			judge(r, h, (enum reception)(-1 - *token));
	}
}

static bool make_gateways(struct replay *r, struct arena *a)
{
	struct gateway_params p = { .demodulators = 8, .channels = CHANNELS_MAX, .rejection = LORA_GOURSAUD };

	for (unsigned i = 0; i < LORA_SFS; i++)
		p.sensitivity_mw[i] = (float)pow(10, 0.1 * lora_gateway_sensitivity_dbm(i + LORA_SF_MIN, 125e3));
	for (unsigned g = 0; g < r->n_gateways; g++)
		if (!(r->gateway[g] = gateway_new(a, &p)))
			return false;
	return true;
}

static struct csv *open_part(const char *prefix, const char *part, struct diag *d)
{
	char path[4096];

	snprintf(path, sizeof path, "%s-%s.csv", prefix, part);
	if (strcmp(part, "dl") == 0 && access(path, R_OK) != 0)
		return NULL; /* no gateway sent */
	return csv_read(path, NULL, d);
}

static void run(struct replay *r, const char *prefix, struct arena *a)
{
	r->devices = open_part(prefix, "devices", r->d);
	r->tx = open_part(prefix, "tx", r->d);
	r->dl = open_part(prefix, "dl", r->d);
	if (!r->devices || !r->tx || !find_columns(r))
		return;
	read_frames(r);
	size_t most = 2 * r->n_frames * r->n_gateways + (r->dl ? csv_rows(r->dl) : 0);
	r->h = malloc((most + 1) * sizeof *r->h);
	r->token = calloc(r->n_frames * r->n_gateways + 1, sizeof *r->token);
	if (!r->frame || !r->h || !r->token || !make_gateways(r, a)) {
		diag_error(r->d, NULL, 0, "out of memory");
		return;
	}
	add_frames(r);
	if (r->dl)
		add_downlinks(r);
	if (diag_errors(r->d))
		return;
	qsort(r->h, r->n, sizeof *r->h, in_time);
	for (size_t i = 0; i < r->n; i++)
		handle(r, &r->h[i]);
}

int main(int argc, char **argv)
{
	struct replay r = { .d = diag_new() };
	struct arena *a = arena_new();

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(argc == 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr,
			"usage: replay-lorawan PREFIX\n"
			"Feeds PREFIX-devices.csv, PREFIX-tx.csv and, if there, PREFIX-dl.csv through the gateway model\n"
			"and compares every outcome; exit status 0 if all are equal.\n");
		diag_free(r.d);
		arena_free(a);
		return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	if (r.d && a)
		run(&r, argv[1], a);
	int rc = !r.d || !a || diag_errors(r.d) ? 2 : r.mismatched ? 1 : 0;
	if (r.d)
		diag_print(r.d, stderr);
	if (rc != 2)
		printf("%llu matched, %llu mismatched\n", r.matched, r.mismatched);
	csv_free(r.devices);
	csv_free(r.tx);
	csv_free(r.dl);
	free(r.frame);
	free(r.h);
	free(r.token);
	diag_free(r.d);
	arena_free(a);
	return rc;
}
