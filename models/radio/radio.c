/* The elements <propagation>, <shadowing>, <building-entry>, <fading>, and the losses of links. */
#include "models/radio/radio.h"

#include <math.h>
#include <string.h>

#include "models/city/elements.h"
#include "models/radio/elements.h"
#include "models/radio/entry.h"
#include "models/radio/pathloss.h"
#include "models/radio/shadowing.h"

enum propagation { LOG_DISTANCE, OKUMURA_HATA, UMA, UMI, RMA, FREE_SPACE };
enum los_rule { LOS_PROBABLE, LOS_ALWAYS, LOS_NEVER };
enum fading { FADING_NONE, FADING_RAYLEIGH, FADING_RICIAN, FADING_LOG_NORMAL };

struct propagation_params { int model, environment, los; double reference_loss, reference_distance, exponent, offset; };
struct shadowing_params { double deviation, correlation_distance, inter_site_correlation; };
struct entry_params { int model; double high_loss_share; };
struct fading_params { int model; double k_factor, deviation; };

struct counts { uint64_t links, outside; };

struct radio {
	uint64_t                   key;
	struct propagation_params  prop;
	struct shadowing_params    shad;
	struct entry_params        entry;
	struct fading_params       fade;
	const struct shadowing    *shadowing;   /* NULL: none */
	struct counts             *counts;
};

static const uint32_t PURPOSE_LOS = RNG_PURPOSE('l', 'o', 's', ' ');
static const uint32_t PURPOSE_FADING = RNG_PURPOSE('f', 'a', 'd', 'e');

static const char *const model_names[] = { "log-distance", "okumura-hata", "38901-uma", "38901-umi", "38901-rma",
					   "free-space", NULL };
static const char *const environment_names[] = { "urban-large", "urban", "suburban", "open", NULL };
static const char *const los_names[] = { "probable", "always", "never", NULL };
static const char *const entry_names[] = { "none", "tr-45.820", "38901-low", "38901-high", "38901-mixed", "38901-legacy", NULL };
static const char *const fading_names[] = { "none", "rayleigh", "rician", "log-normal", NULL };

#define S struct propagation_params
static const struct param propagation_rows[] = {
	CHOICE(S, model, "okumura-hata", model_names, "path loss", "Hata 1980; TR 38.901 Table 7.4.1-1"),
	CHOICE(S, environment, "urban", environment_names, "of Okumura-Hata", "Hata 1980"),
	CHOICE(S, los, "probable", los_names, "of 38.901: line of sight drawn per link (Table 7.4.2-1), or fixed", "TR 38.901"),
	DB(S, reference_loss, "7.7dB", "-50dB", "200dB", "of log-distance: loss at the reference distance", "TR 45.820 at 868 MHz, as ns-3"),
	LENGTH(S, reference_distance, "1m", "1mm", "10km", "of log-distance", "TR 45.820, as ns-3"),
	NUMBER(S, exponent, "3.76", "1", "8", "of log-distance", "TR 45.820"),
	DB(S, offset, "0dB", "-60dB", "100dB", "added to every link: what a calibration sets", NULL),
};
#undef S
#define S struct shadowing_params
static const struct param shadowing_rows[] = {
	DB(S, deviation, "8dB", "0dB", "30dB", "standard deviation; of 38.901 models their own if absent", "[M] TR 45.820"),
	LENGTH(S, correlation_distance, "110m", "0m", "10km", "autocorrelation falls to 1/e; 0m: links are independent", "TR 45.820, as ns-3"),
	RATIO(S, inter_site_correlation, "50%", "0%", "100%", "correlation between a device's links to two sites", "[M] TR 45.820"),
};
#undef S
static const struct param entry_rows[] = {
	CHOICE(struct entry_params, model, "tr-45.820", entry_names, "building entry loss of indoor devices", "TR 45.820 Annex D"),
	RATIO(struct entry_params, high_loss_share, "20%", "0%", "100%", "share of high-loss buildings of 38901-mixed", "[M] ITU-R M.2412"),
};
static const struct param fading_rows[] = {
	CHOICE(struct fading_params, model, "none", fading_names, "of each frame on each link, unit mean power", NULL),
	DB(struct fading_params, k_factor, "6dB", "-20dB", "40dB", "of rician", "[M] suburban fixed links"),
	DB(struct fading_params, deviation, "3dB", "0dB", "20dB", "of log-normal, zero mean in dB", NULL),
};

const struct radio *radio_of(const struct sim *s)
{
	return sim_state(s, &propagation_model);
}

static const void *par_of(const struct scenario *sc, const struct model *m)
{
	const struct node *n = scenario_first(sc, m);

	return n ? n->par : NULL;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct radio *r = sim_alloc(s, 1, sizeof *r);
	const struct propagation_params *p = par_of(sc, &propagation_model);
	const struct shadowing_params *sh = par_of(sc, &shadowing_model);
	const struct entry_params *e = par_of(sc, &building_entry_model);
	const struct fading_params *f = par_of(sc, &fading_model);

	if (!r || !(r->counts = sim_alloc(s, 1, sizeof *r->counts)))
		return;
	sim_set_state(s, &propagation_model, r);
	r->key = s->key;
	r->prop = p ? *p : (struct propagation_params){ OKUMURA_HATA, HATA_URBAN, LOS_PROBABLE, 7.7, 1, 3.76, 0 };
	r->shad = sh ? *sh : (struct shadowing_params){ 8, 110, 0.5 };
	r->entry = e ? *e : (struct entry_params){ ENTRY_TR45820, 0.2 };
	r->fade = f ? *f : (struct fading_params){ FADING_NONE, 6, 3 };
	const struct node *n = scenario_first(sc, &shadowing_model);
	bool own = r->prop.model >= UMA && r->prop.model <= RMA && (!n || !node_given(n, "deviation"));
	if (own)
		r->shad.deviation = NAN;        /* the model's, by LOS state */
	if (own || r->shad.deviation > 0)
		r->shadowing = shadowing_new(s, r->shad.correlation_distance, r->shad.inter_site_correlation);
}

static enum tr38901 tr_of(const struct radio *r)
{
	return r->prop.model == UMA ? TR38901_UMA : r->prop.model == UMI ? TR38901_UMI : TR38901_RMA;
}

static double median(const struct radio *r, double d2d, double hs, double he, double f_hz, bool los, bool *outside)
{
	double d3 = hypot(d2d, hs - he), loss = 0, floor_db = free_space_db(d3, f_hz);

	*outside = false;
	switch ((enum propagation)r->prop.model) {
	case LOG_DISTANCE:
		/* the user's own law: below free space only where the reference itself is */
		return log_distance_db(d3, r->prop.reference_loss, r->prop.reference_distance, r->prop.exponent);
	case OKUMURA_HATA:
		loss = okumura_hata_db((enum hata_environment)r->prop.environment, d2d, hs, he, f_hz, outside);
		break;
	case UMA: case UMI: case RMA: loss = tr38901_db(tr_of(r), los, d2d, hs, he, f_hz, outside); break;
	case FREE_SPACE: return floor_db;
	}
	return fmax(loss, floor_db);
}

double radio_path_loss_db(const struct radio *r, double d2d, double h_site, double h_end, double f_hz, bool los)
{
	bool outside;

	return median(r, d2d, h_site, h_end, f_hz, los, &outside) + r->prop.offset;
}

static bool has_los(const struct radio *r, double d2d, double h_end, uint64_t device, uint64_t site)
{
	uint64_t w[2];

	if (r->prop.model < UMA || r->prop.model > RMA || r->prop.los != LOS_PROBABLE)
		return r->prop.los == LOS_ALWAYS;
	rng_block(r->key, PURPOSE_LOS, device ^ rng_mix(site), 0, w);
	return rng_unit(w[0]) < tr38901_los_probability(tr_of(r), d2d, h_end);
}

double radio_outdoor_loss_db(const struct radio *r, const struct radio_end *end, const struct radio_site *site, double f_hz)
{
	double d2d = hypot(end->at.x - site->at.x, end->at.y - site->at.y), sigma = r->shad.deviation;
	bool los = has_los(r, d2d, end->height, end->key, site->key), outside;
	double loss = median(r, d2d, site->height, end->height, f_hz, los, &outside) + r->prop.offset;

	r->counts->links++;
	r->counts->outside += outside;
	if (r->shadowing) {
		if (isnan(sigma))
			sigma = tr38901_sigma_db(tr_of(r), los, d2d, site->height, end->height, f_hz);
		loss += sigma * shadowing_at(r->shadowing, end->at, end->key, site->key);
	}
	return loss;
}

double radio_entry_loss_db(const struct radio *r, const struct radio_end *end, double f_hz)
{
	if (!end->indoor)
		return 0;
	return entry_loss_db((enum entry_model)r->entry.model, r->entry.high_loss_share, f_hz, r->key, end->key);
}

double radio_link_loss_db(const struct radio *r, const struct radio_end *end, const struct radio_site *site, double f_hz)
{
	return radio_outdoor_loss_db(r, end, site, f_hz) + radio_entry_loss_db(r, end, f_hz);
}

/* Losses at squared distances 2^k (1 + j / 32): the leading bits of d2 as a double are the place in the table. */
enum { PROFILE_PARTS = 32, PROFILE_OCTAVES = 48, PROFILE_POINTS = PROFILE_PARTS * PROFILE_OCTAVES + 1 };

struct radio_profile {
	double h_site, h_end, f_hz;
	bool   by_los;                                  /* the two columns differ */
	float  loss[2][PROFILE_POINTS];                 /* no line of sight, line of sight */
	unsigned char outside[2][PROFILE_POINTS];
};

const struct radio_profile *radio_profile_new(struct sim *s, const struct radio *r, double h_site, double h_end, double f_hz)
{
	struct radio_profile *p = sim_alloc(s, 1, sizeof *p);

	if (!p)
		return NULL;
	p->h_site = h_site;
	p->h_end = h_end;
	p->f_hz = f_hz;
	p->by_los = r->prop.model >= UMA && r->prop.model <= RMA;
	for (int los = 0; los < 2; los++)
		for (int i = 0; i < PROFILE_POINTS; i++) {
			double d2 = ldexp(1 + (double)(i % PROFILE_PARTS) / PROFILE_PARTS, i / PROFILE_PARTS);
			bool outside;
			p->loss[los][i] = (float)(median(r, sqrt(d2), h_site, h_end, f_hz, los, &outside) + r->prop.offset);
			p->outside[los][i] = outside;
		}
	return p;
}

/* Place in the table and the part of the way to the next point. */
static unsigned profile_at(double d2, double *part)
{
	uint64_t bits;

	d2 = d2 < 1 ? 1 : d2;
	memcpy(&bits, &d2, sizeof bits);
	unsigned i = (unsigned)((bits >> 52) - 1023) * PROFILE_PARTS + (unsigned)(bits >> 47 & (PROFILE_PARTS - 1));
	*part = (double)(bits & ((UINT64_C(1) << 47) - 1)) * 0x1p-47;
	return i < PROFILE_POINTS - 1 ? i : PROFILE_POINTS - 2;
}

double radio_profile_loss_db(const struct radio *r, const struct radio_profile *p, const struct radio_end *end,
			     const struct radio_site *site)
{
	double dx = end->at.x - site->at.x, dy = end->at.y - site->at.y, d2 = dx * dx + dy * dy, part, sigma = r->shad.deviation;
	unsigned i = profile_at(d2, &part);
	bool los = p->by_los && has_los(r, sqrt(d2), end->height, end->key, site->key);
	double loss = (double)p->loss[los][i] + part * (double)(p->loss[los][i + 1] - p->loss[los][i]);

	r->counts->links++;
	r->counts->outside += p->outside[los][i];
	if (r->shadowing) {
		if (isnan(sigma))
			sigma = tr38901_sigma_db(tr_of(r), los, sqrt(d2), site->height, end->height, p->f_hz);
		loss += sigma * shadowing_at(r->shadowing, end->at, end->key, site->key);
	}
	return loss;
}

double radio_profile_range(const struct radio *r, const struct radio_profile *p, double max_loss_db)
{
	double sigma = !r->shadowing ? 0 : isnan(r->shad.deviation) ? 8 : r->shad.deviation;
	float limit = (float)(max_loss_db + 3.09 * sigma);      /* Q(3.09) = 1e-3 */
	int los = p->by_los && r->prop.los != LOS_NEVER, lo = 0, hi = PROFILE_POINTS - 1;

	if (p->loss[los][0] > limit)
		return 0;
	while (lo < hi) {               /* losses rise with distance */
		int mid = (lo + hi + 1) / 2;
		if (p->loss[los][mid] <= limit)
			lo = mid;
		else
			hi = mid - 1;
	}
	return sqrt(ldexp(1 + (double)((lo + 1) % PROFILE_PARTS) / PROFILE_PARTS, (lo + 1) / PROFILE_PARTS));
}

bool radio_fades(const struct radio *r)
{
	return r->fade.model != FADING_NONE;
}

double radio_fading_db(const struct radio *r, uint64_t device_key, uint64_t site_key, uint32_t frame)
{
	uint64_t w[2];

	if (r->fade.model == FADING_NONE)
		return 0;
	rng_block(r->key, PURPOSE_FADING, device_key ^ rng_mix(site_key), frame, w);
	if (r->fade.model == FADING_RAYLEIGH)
		return 10 * log10(-log(rng_unit(w[0])));
	double radius = sqrt(-2 * log(rng_unit(w[0]))), angle = 2 * M_PI * rng_unit(w[1]);
	double a = radius * cos(angle), b = radius * sin(angle);
	if (r->fade.model == FADING_LOG_NORMAL)
		return r->fade.deviation * a;
	double k = pow(10, 0.1 * r->fade.k_factor), line = sqrt(k / (k + 1)), scatter = sqrt(0.5 / (k + 1));
	double re = line + scatter * a, im = scatter * b;
	return 10 * log10(re * re + im * im);
}

void radio_validity(const struct radio *r, uint64_t *links, uint64_t *outside)
{
	*links = r->counts->links;
	*outside = r->counts->outside;
}

static void finish(struct sim *s, const struct scenario *sc)
{
	(void)sc;
	const struct radio *r = radio_of(s);

	if (r && r->counts->outside)
		report_warning(s->report, "propagation",
			       "%.0f %% of the links lie outside the validity of %s (extrapolated, never below free space)",
			       100.0 * (double)r->counts->outside / (double)r->counts->links, model_names[r->prop.model]);
}

static const struct place in_city[] = { { "city", 0, 1 } };
static const struct evidence propagation_evidence[] = {
	{ "path loss, LOS probability, wall loss", "published formulas and vectors of an independent simulator", "1e-3 dB" },
	{ "gateways per received uplink, Bonn", "measured distribution of nine gateways, one offset fitted", "total variation 0.08" },
	{ "delivery of fixed links, Lyon", "measured ratios by spreading factor and power, two parameters a link", "RMSE 0.10" },
};
static const struct evidence shadowing_evidence[] = {
	{ "variance, autocorrelation, inter-site correlation", "exp(-d/dcor), closed form", "99 % intervals over seeds" },
};
static const struct evidence entry_evidence[] = {
	{ "mean and quantiles of TR 45.820", "two million draws of an independent program", "0.1 dB" },
};
static const struct evidence fading_evidence[] = { { "mean power", "unit mean of Rayleigh and Rice", "99 % interval" } };

const struct model propagation_model = {
	.name = "propagation", .doc = "How signals fade with distance.", .places = TABLE(in_city),
	.par_size = sizeof(struct propagation_params), .params = TABLE(propagation_rows), .evidence = TABLE(propagation_evidence),
	.setup = setup, .finish = finish, .example = "model=\"okumura-hata\" environment=\"urban\"",
};
const struct model shadowing_model = {
	.name = "shadowing", .doc = "Obstacles: log-normal, correlated in space and between sites, static per link.",
	.places = TABLE(in_city), .par_size = sizeof(struct shadowing_params), .params = TABLE(shadowing_rows),
	.evidence = TABLE(shadowing_evidence), .example = "deviation=\"8dB\"",
};
const struct model building_entry_model = {
	.name = "building-entry", .doc = "What indoor devices lose to walls.", .places = TABLE(in_city),
	.par_size = sizeof(struct entry_params), .params = TABLE(entry_rows), .evidence = TABLE(entry_evidence),
};
const struct model fading_model = {
	.name = "fading", .doc = "Fast fading of each frame.", .places = TABLE(in_city),
	.par_size = sizeof(struct fading_params), .params = TABLE(fading_rows), .evidence = TABLE(fading_evidence),
};
