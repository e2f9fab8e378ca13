/*
 * replay-lorawan PREFIX - feed a measured packet file through the real gateway model and compare every outcome.
 *
 * PREFIX-devices.csv: received power and propagation delay of each device at each gateway; PREFIX-tx.csv: the frames and
 * what became of them at each gateway; PREFIX-dl.csv, where it exists: the gateways' own transmissions.  Columns are found
 * by name, gateways by the columns outcome_gwK that there are.  Prints `N matched, M mismatched`; exit 0 only if M is 0,
 * 1 if not, 2 for bad input.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/network/lorawan/gateway.h"
#include "sim/scenario/csv.h"

enum { GATEWAYS_MAX = 256, CHANNELS_MAX = 64, SHOWN = 10 };     /* a CSV has 256 columns at most */

/* What happens at a gateway, in time order.  At one instant a reception that ends was scheduled a frame's length ago, a
 * transmission when the server decided, an arrival when the device began to send: in this order they came to be known. */
enum { AT_END, AT_SEND, AT_ARRIVAL };
struct happening { simtime_t t, until; uint32_t frame; uint16_t gateway; uint8_t what; };

struct part { struct csv *csv; char path[4096]; };
struct link { double dbm; simtime_t delay; };
struct frame { simtime_t start, airtime; uint32_t device; uint8_t sf, channel; };

struct replay {
	struct part       devices, tx, dl;
	unsigned          n_gateways;
	unsigned          number[GATEWAYS_MAX];         /* K of its columns */
	int               outcome_column[GATEWAYS_MAX];
	struct gateway   *gateway[GATEWAYS_MAX];
	struct link      *link;                         /* rows of the devices' file x gateways */
	struct id        { double id; uint32_t row; } *id;      /* of devices, sorted */
	size_t            n_ids;
	struct frame     *frame;
	size_t            n_frames;
	uint8_t          *want;                         /* frames x gateways */
	int              *token;                        /* frames x gateways */
	struct happening *h;
	size_t            n;
	unsigned long long matched, mismatched;
	struct arena     *arena;
	struct diag      *d;
};

static const char *const names[RECEPTIONS] = {
	[RECEPTION_RECEIVED] = "received", [RECEPTION_INTERFERED] = "interfered",
	[RECEPTION_NO_DEMODULATOR] = "no_more_receivers", [RECEPTION_UNDER_SENSITIVITY] = "under_sensitivity",
	[RECEPTION_GATEWAY_SENDING] = "lost_because_tx",
};

static bool good(const struct replay *r)
{
	return diag_errors(r->d) == 0;
}

/* A number that counts something; 0 after a diagnostic. */
static int64_t whole(struct replay *r, const struct part *p, size_t row, int column, double lo, double hi)
{
	double x = lo;

	if (!csv_number(p->csv, row, column, lo, hi, &x, r->d))
		return 0;
	if (floor(x) < x)
		diag_error(r->d, p->path, csv_line(p->csv, row), "\"%.40s\" is not a whole number",
			   csv_text(p->csv, row, column));
	return (int64_t)x;
}

static const double TIME_MAX = 9007199254740992;        /* ns, 104 days: whole numbers are exact up to here */

static void find_gateways(struct replay *r)
{
	char name[32];

	for (unsigned k = 0; k < GATEWAYS_MAX; k++) {
		snprintf(name, sizeof name, "outcome_gw%u", k);
		int column = csv_column(r->tx.csv, name);
		if (column < 0)
			continue;
		r->outcome_column[r->n_gateways] = column;
		r->number[r->n_gateways++] = k;
	}
	if (r->n_gateways == 0)
		csv_require(r->tx.csv, "outcome_gw0", r->d);
}

static int by_id(const void *pa, const void *pb)
{
	const struct id *a = pa, *b = pb;

	return (a->id > b->id) - (a->id < b->id);
}

static void read_ids(struct replay *r)
{
	int dev = csv_require(r->devices.csv, "dev", r->d);

	r->n_ids = csv_rows(r->devices.csv);
	for (size_t i = 0; dev >= 0 && i < r->n_ids; i++)
		r->id[i] = (struct id){ (double)whole(r, &r->devices, i, dev, 0, UINT32_MAX), (uint32_t)i };
	if (!good(r))
		return;
	qsort(r->id, r->n_ids, sizeof *r->id, by_id);
	for (size_t i = 1; i < r->n_ids; i++)
		if (by_id(&r->id[i - 1], &r->id[i]) == 0)
			diag_error(r->d, r->devices.path, csv_line(r->devices.csv, r->id[i].row),
				   "device %.0f stands twice", r->id[i].id);
}

static void read_links(struct replay *r)
{
	char name[32];

	for (unsigned g = 0; g < r->n_gateways; g++) {
		snprintf(name, sizeof name, "rxdbm_gw%u", r->number[g]);
		int power = csv_require(r->devices.csv, name, r->d);
		snprintf(name, sizeof name, "delay_ns_gw%u", r->number[g]);
		int delay = csv_require(r->devices.csv, name, r->d);
		if (power < 0 || delay < 0)
			continue;
		for (size_t i = 0; i < r->n_ids; i++) {
			struct link *l = &r->link[i * r->n_gateways + g];
			csv_number(r->devices.csv, i, power, -400, 100, &l->dbm, r->d);
			l->delay = whole(r, &r->devices, i, delay, 0, 1e9);
		}
	}
}

static uint32_t device_of(struct replay *r, size_t row, int column)
{
	struct id key = { .id = (double)whole(r, &r->tx, row, column, 0, UINT32_MAX) };
	const struct id *found = bsearch(&key, r->id, r->n_ids, sizeof *r->id, by_id);

	if (found)
		return found->row;
	diag_error(r->d, r->tx.path, csv_line(r->tx.csv, row), "device %.0f is not in %s", key.id, r->devices.path);
	return 0;
}

static uint8_t outcome_of(struct replay *r, size_t row, int column)
{
	const char *text = csv_text(r->tx.csv, row, column);

	for (unsigned i = 0; i < RECEPTIONS; i++)
		if (strcmp(text, names[i]) == 0)
			return (uint8_t)i;
	diag_error(r->d, r->tx.path, csv_line(r->tx.csv, row), "\"%.40s\" is not an outcome (%s, %s, %s, %s or %s)", text,
		   names[0], names[1], names[2], names[3], names[4]);
	return 0;
}

static void read_frames(struct replay *r)
{
	const struct csv *c = r->tx.csv;
	int start = csv_require(c, "start_ns", r->d), dev = csv_require(c, "dev", r->d), sf = csv_require(c, "sf", r->d);
	int channel = csv_require(c, "channel", r->d), bytes = csv_require(c, "phypayload", r->d);

	if (!good(r))
		return;
	for (size_t i = 0; i < r->n_frames; i++) {
		struct frame *f = &r->frame[i];
		f->start = whole(r, &r->tx, i, start, 0, TIME_MAX);
		f->device = device_of(r, i, dev);
		f->sf = (uint8_t)whole(r, &r->tx, i, sf, LORA_SF_MIN, LORA_SF_MAX);
		f->channel = (uint8_t)whole(r, &r->tx, i, channel, 0, CHANNELS_MAX - 1);
		unsigned size = (unsigned)whole(r, &r->tx, i, bytes, 1, 255);
		for (unsigned g = 0; g < r->n_gateways; g++)
			r->want[i * r->n_gateways + g] = outcome_of(r, i, r->outcome_column[g]);
		if (good(r))
			f->airtime = lora_time_on_air(size, f->sf, 125e3, 1, 8, true);
	}
}

static void add_frames(struct replay *r)
{
	for (uint32_t i = 0; i < r->n_frames; i++)
		for (unsigned g = 0; g < r->n_gateways; g++) {
			const struct frame *f = &r->frame[i];
			simtime_t at = f->start + r->link[f->device * r->n_gateways + g].delay, end = at + f->airtime;
			r->h[r->n++] = (struct happening){ at, end, i, (uint16_t)g, AT_ARRIVAL };
			r->h[r->n++] = (struct happening){ end, end, i, (uint16_t)g, AT_END };
		}
}

static unsigned gateway_numbered(struct replay *r, size_t row, int column)
{
	int64_t k = whole(r, &r->dl, row, column, 0, GATEWAYS_MAX - 1);

	for (unsigned g = 0; g < r->n_gateways; g++)
		if (r->number[g] == k)
			return g;
	diag_error(r->d, r->dl.path, csv_line(r->dl.csv, row), "gateway %lld has no column outcome_gw%lld in %s",
		   (long long)k, (long long)k, r->tx.path);
	return 0;
}

static void add_downlinks(struct replay *r)
{
	const struct csv *c = r->dl.csv;
	int start = csv_require(c, "start_ns", r->d), gw = csv_require(c, "gw", r->d), sf = csv_require(c, "sf", r->d);
	int bytes = csv_require(c, "phypayload", r->d);

	for (size_t i = 0; start >= 0 && gw >= 0 && sf >= 0 && bytes >= 0 && i < csv_rows(c); i++) {
		simtime_t t = whole(r, &r->dl, i, start, 0, TIME_MAX);
		unsigned g = gateway_numbered(r, i, gw);
		unsigned s = (unsigned)whole(r, &r->dl, i, sf, LORA_SF_MIN, LORA_SF_MAX);
		unsigned size = (unsigned)whole(r, &r->dl, i, bytes, 1, 255);
		if (good(r))
			r->h[r->n++] = (struct happening){ t, t + lora_time_on_air(size, s, 125e3, 1, 8, false), 0,
							   (uint16_t)g, AT_SEND };
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
	const struct frame *f = &r->frame[h->frame];
	enum reception want = r->want[h->frame * r->n_gateways + h->gateway];

	if (want == got) {
		r->matched++;
		return;
	}
	if (r->mismatched++ < SHOWN)
		printf("%s:%d: gateway %u, from %.9f s, SF%u, channel %u, %.9g dBm: %s in the file, %s here\n", r->tx.path,
		       csv_line(r->tx.csv, h->frame), r->number[h->gateway],
		       1e-9 * (double)(f->start + r->link[f->device * r->n_gateways + h->gateway].delay), f->sf, f->channel,
		       r->link[f->device * r->n_gateways + h->gateway].dbm, names[want], names[got]);
}

static void handle(struct replay *r, const struct happening *h)
{
	struct gateway *g = r->gateway[h->gateway];
	size_t cell = h->frame * (size_t)r->n_gateways + h->gateway;
	const struct frame *f = &r->frame[h->frame];

	switch (h->what) {
	case AT_SEND: gateway_transmit(g, h->t, h->until); break;
	case AT_END:
		if (r->token[cell] >= 0)
			judge(r, h, gateway_end(g, r->token[cell]));
		break;
	default: {
		double mw = pow(10, 0.1 * r->link[f->device * (size_t)r->n_gateways + h->gateway].dbm);
		r->token[cell] = gateway_begin(g, &(struct gateway_frame){ h->t, h->until, mw, f->sf, f->channel });
		if (r->token[cell] < 0)
			judge(r, h, (enum reception)(-1 - r->token[cell]));
	}
	}
}

static bool make_gateways(struct replay *r)
{
	struct gateway_params p = { .demodulators = { 8 }, .channels = CHANNELS_MAX, .rejection = LORA_GOURSAUD };

	for (unsigned i = 0; i < LORA_SFS; i++)
		p.sensitivity_mw[GATEWAY_MULTI_SF][i] = pow(10, 0.1 * lora_gateway_sensitivity_dbm(i + LORA_SF_MIN, 125e3));
	for (unsigned g = 0; g < r->n_gateways; g++)
		if (!(r->gateway[g] = gateway_new(r->arena, &p)))
			return false;
	return true;
}

static void open_part(struct replay *r, struct part *p, const char *prefix, const char *name)
{
	int n = snprintf(p->path, sizeof p->path, "%s-%s.csv", prefix, name);

	if (n < 0 || (size_t)n >= sizeof p->path) {
		diag_error(r->d, NULL, 0, "the prefix is longer than %zu bytes", sizeof p->path - 12);
		return;
	}
	if (p == &r->dl && access(p->path, F_OK) != 0)
		return; /* no gateway sent */
	p->csv = csv_read(p->path, NULL, r->d);
}

static bool make_room(struct replay *r)
{
	size_t cells;

	r->n_frames = csv_rows(r->tx.csv);
	cells = r->n_frames * r->n_gateways;
	r->id = calloc(csv_rows(r->devices.csv) + 1, sizeof *r->id);
	r->link = calloc(csv_rows(r->devices.csv) * r->n_gateways + 1, sizeof *r->link);
	r->frame = calloc(r->n_frames + 1, sizeof *r->frame);
	r->want = calloc(cells + 1, sizeof *r->want);
	r->token = calloc(cells + 1, sizeof *r->token);
	r->h = calloc(2 * cells + (r->dl.csv ? csv_rows(r->dl.csv) : 0) + 1, sizeof *r->h);
	return r->id && r->link && r->frame && r->want && r->token && r->h && make_gateways(r);
}

static void run(struct replay *r, const char *prefix)
{
	open_part(r, &r->devices, prefix, "devices");
	open_part(r, &r->tx, prefix, "tx");
	open_part(r, &r->dl, prefix, "dl");
	if (!good(r))
		return;
	find_gateways(r);
	if (csv_rows(r->tx.csv) == 0)
		diag_error(r->d, r->tx.path, 1, "no frames: nothing to compare");
	if (!make_room(r)) {
		diag_error(r->d, NULL, 0, "out of memory");
		return;
	}
	read_ids(r);
	read_links(r);
	if (good(r))
		read_frames(r);
	if (r->dl.csv)
		add_downlinks(r);
	if (!good(r))
		return;
	add_frames(r);
	qsort(r->h, r->n, sizeof *r->h, in_time);
	for (size_t i = 0; i < r->n; i++)
		handle(r, &r->h[i]);
	for (unsigned g = 0; g < r->n_gateways; g++)
		if (gateway_starved(r->gateway[g]))
			diag_error(r->d, NULL, 0, "out of memory");
}

static void replay_free(struct replay *r)
{
	csv_free(r->devices.csv);
	csv_free(r->tx.csv);
	csv_free(r->dl.csv);
	free(r->id);
	free(r->link);
	free(r->frame);
	free(r->want);
	free(r->token);
	free(r->h);
	diag_free(r->d);
	arena_free(r->arena);
}

int main(int argc, char **argv)
{
	bool help = argc == 2 && strcmp(argv[1], "--help") == 0;

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(help ? stdout : stderr,
			"usage: replay-lorawan PREFIX\n"
			"Feeds PREFIX-devices.csv, PREFIX-tx.csv and, if there, PREFIX-dl.csv through the gateway model\n"
			"and compares every outcome; exit status 0 if all are equal, 1 if not, 2 for bad input.\n");
		return help ? 0 : 2;
	}
	struct replay r = { .d = diag_new(), .arena = arena_new() };
	int rc = 2;
	if (r.d && r.arena) {
		run(&r, argv[1]);
		diag_print(r.d, stderr);
		if (good(&r)) {
			printf("%llu matched, %llu mismatched\n", r.matched, r.mismatched);
			rc = r.mismatched ? 1 : 0;
		}
	} else {
		fprintf(stderr, "replay-lorawan: out of memory\n");
	}
	replay_free(&r);
	return rc;
}
