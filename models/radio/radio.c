/* The losses of links. */
#include "models/radio/radio_private.h"

#include <math.h>
#include <string.h>

#include "models/radio/elements.h"
#include "models/radio/entry.h"
#include "models/radio/pathloss.h"
#include "models/radio/shadowing.h"

/* Laws met lately, by heights and frequency: a link then costs a logarithm or two. */
enum { SLOT_BITS = 6 };
struct slot { double h_site, h_end, f_hz; struct path_law law; };

struct scratch { uint64_t links, outside; struct slot slot[1 << SLOT_BITS]; };

struct radio {
	uint64_t                  key;
	struct propagation_params prop;
	struct shadowing_params   shad;
	struct entry_params       entry;
	struct fading_params      fade;
	double                    line, scatter;        /* of rician: amplitudes */
	const struct shadowing   *shadowing;            /* NULL: none */
	struct scratch           *scratch;
};

static const uint32_t PURPOSE_LOS = RNG_PURPOSE('l', 'o', 's', ' ');
static const uint32_t PURPOSE_FADING = RNG_PURPOSE('f', 'a', 'd', 'e');

const struct radio *radio_of(const struct sim *s)
{
	return sim_state(s, &propagation_model);
}

void radio_setup(struct sim *s, const struct scenario *sc)
{
	struct radio *r = sim_alloc(s, 1, sizeof *r);

	if (!r || !(r->scratch = sim_alloc(s, 1, sizeof *r->scratch)))
		return;
	sim_set_state(s, &propagation_model, r);
	r->key = s->key;
	r->prop = *(const struct propagation_params *)scenario_first(sc, &propagation_model)->par;
	const struct node *shadowing = scenario_first(sc, &shadowing_model);
	r->shad = *(const struct shadowing_params *)shadowing->par;
	r->entry = *(const struct entry_params *)scenario_first(sc, &building_entry_model)->par;
	r->fade = *(const struct fading_params *)scenario_first(sc, &fading_model)->par;
	double k = pow(10, 0.1 * r->fade.k_factor);
	r->line = sqrt(k / (k + 1));
	r->scatter = sqrt(0.5 / (k + 1));
	if (r->shad.deviation != 0 || (propagation_is_tr38901(&r->prop) && r->shad.los_deviation != 0))
		r->shadowing =
			shadowing_new(s, shadowing->data, r->shad.correlation_distance, r->shad.inter_site_correlation);
}

static struct path_law make_law(const struct radio *r, double h_site, double h_end, double f_hz)
{
	const struct propagation_params *p = &r->prop;

	switch ((enum propagation)p->model) {
	case LOG_DISTANCE:
		return path_log_distance(p->reference_loss, p->reference_distance, p->exponent, h_site, h_end, f_hz);
	case OKUMURA_HATA: return path_okumura_hata((enum hata_environment)p->environment, h_site, h_end, f_hz);
	case UMA:
	case UMI:
	case RMA: return path_tr38901(radio_tr38901(&r->prop), h_site, h_end, f_hz);
	case FREE_SPACE: break;
	}
	return path_free_space(h_site, h_end, f_hz);
}

static const struct path_law *law_of(const struct radio *r, double h_site, double h_end, double f_hz)
{
	uint64_t a, b, c;

	memcpy(&a, &h_site, sizeof a);
	memcpy(&b, &h_end, sizeof b);
	memcpy(&c, &f_hz, sizeof c);
	struct slot *t = &r->scratch->slot[((a + b * 3 + c * 7) * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - SLOT_BITS)];
	if (t->h_site != h_site || t->h_end != h_end || t->f_hz != f_hz)
		*t = (struct slot){ h_site, h_end, f_hz, make_law(r, h_site, h_end, f_hz) };
	return &t->law;
}

/* Path loss with the offset, never below free space; but a law may say less within the validity that it states, as UMa does
 * by up to 2.4 dB near its site. */
static double median(const struct radio *r, const struct path_law *l, double d2d, bool los, bool *outside)
{
	double own = path_law_db(l, d2d, los), loss = own + r->prop.offset, least = path_law_free_db(l, d2d);
	bool beyond = path_law_outside(l, d2d, los);

	if (!beyond && isfinite(l->to))
		least = fmin(least, own);
	/* a law that is free space itself may meet it from either side by rounding */
	*outside = beyond || loss < least - 1e-9;
	return fmax(loss, least);
}

double radio_path_loss_db(const struct radio *r, double d2d, double h_site, double h_end, double f_hz, bool los)
{
	bool outside;

	return median(r, law_of(r, h_site, h_end, f_hz), d2d, los, &outside);
}

static bool has_los(const struct radio *r, double d2d, double h_end, uint64_t device, uint64_t site)
{
	uint64_t w[2];

	if (!propagation_is_tr38901(&r->prop) || r->prop.los == LOS_ALWAYS)
		return true;
	if (r->prop.los == LOS_NEVER)
		return false;
	rng_block(r->key, PURPOSE_LOS, device ^ rng_mix(site), 0, w);
	return rng_unit(w[0]) < tr38901_los_probability(radio_tr38901(&r->prop), d2d, h_end);
}

/* Shadowing of a link, in dB.  turn: breakpoint of the path loss, m; common: radio_common() of the end. */
static double shadow(const struct radio *r, const struct radio_end *end, const struct radio_site *site, bool los, double d2d,
		     double turn, double common)
{
	double sigma = los ? r->shad.los_deviation : r->shad.deviation;

	if (!r->shadowing)
		return 0;
	if (isnan(sigma))
		sigma = tr38901_sigma_db(radio_tr38901(&r->prop), los, d2d > turn);
	return sigma * (common + shadowing_own(r->shadowing, end->at, end->key, site->key));
}

double radio_outdoor_loss_db(const struct radio *r, const struct radio_end *end, const struct radio_site *site, double f_hz)
{
	double dx = end->at.x - site->at.x, dy = end->at.y - site->at.y, d2d = sqrt(dx * dx + dy * dy);
	const struct path_law *l = law_of(r, site->height, end->height, f_hz);
	bool los = has_los(r, d2d, end->height, end->key, site->key), outside;
	double loss = median(r, l, d2d, los, &outside);

	r->scratch->links++;
	r->scratch->outside += outside;
	return loss + shadow(r, end, site, los, d2d, l->turn, radio_common(r, end));
}

double radio_common(const struct radio *r, const struct radio_end *end)
{
	return r->shadowing ? shadowing_common(r->shadowing, end->at, end->key) : 0;
}

double radio_entry_loss_db(const struct radio *r, const struct radio_end *end, double f_hz)
{
	if (!end->indoor)
		return 0;
	return entry_loss_db((enum entry_model)r->entry.model, r->entry.high_loss_share, r->prop.model == RMA, f_hz, r->key,
			     end->key);
}

double radio_link_loss_db(const struct radio *r, const struct radio_end *end, const struct radio_site *site, double f_hz)
{
	return radio_outdoor_loss_db(r, end, site, f_hz) + radio_entry_loss_db(r, end, f_hz);
}

/* Losses at squared distances 2^k (1 + j / 32): the leading bits of d2 as a double are the place in the table. */
enum { PROFILE_PARTS = 32, PROFILE_OCTAVES = 48, PROFILE_POINTS = PROFILE_PARTS * PROFILE_OCTAVES + 1 };

struct radio_profile {
	double turn;                                    /* breakpoint, m */
	bool   by_los;                                  /* the two columns differ */
	float  loss[2][PROFILE_POINTS];                 /* no line of sight, line of sight */
	unsigned char outside[2][PROFILE_POINTS];
};

const struct radio_profile *radio_profile_new(struct sim *s, const struct radio *r, double h_site, double h_end, double f_hz)
{
	struct radio_profile *p = sim_alloc(s, 1, sizeof *p);
	struct path_law l = make_law(r, h_site, h_end, f_hz);

	if (!p)
		return NULL;
	p->turn = l.turn;
	p->by_los = propagation_is_tr38901(&r->prop);
	for (int los = 0; los < 2; los++)
		for (int i = 0; i < PROFILE_POINTS; i++) {
			double d2 = ldexp(1 + (double)(i % PROFILE_PARTS) / PROFILE_PARTS, i / PROFILE_PARTS);
			bool outside;
			p->loss[los][i] = (float)median(r, &l, sqrt(d2), los, &outside);
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
			     const struct radio_site *site, double common)
{
	double dx = end->at.x - site->at.x, dy = end->at.y - site->at.y, d2 = dx * dx + dy * dy, part;
	double d2d = p->by_los ? sqrt(d2) : 0;
	unsigned i = profile_at(d2, &part);
	bool los = has_los(r, d2d, end->height, end->key, site->key);

	r->scratch->links++;
	r->scratch->outside += p->outside[los][i];
	return (double)p->loss[los][i] + part * (double)(p->loss[los][i + 1] - p->loss[los][i]) +
	       shadow(r, end, site, los, d2d, p->turn, common);
}

double radio_profile_range(const struct radio *r, const struct radio_profile *p, double max_loss_db)
{
	double sigma = r->shadowing ? fmax(r->shad.deviation, r->shad.los_deviation) : 0;
	int los = r->prop.los != LOS_NEVER, lo = 0, hi = PROFILE_POINTS - 1;

	if (isnan(sigma))
		sigma = 8;                                 /* the largest of 38.901 */
	float limit = (float)(max_loss_db + 3.09 * sigma); /* Q(3.09) = 1e-3 */
	if (p->loss[los][0] > limit)
		return 0;
	while (lo < hi) { /* losses rise with distance */
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
	double re = r->line + r->scatter * a, im = r->scatter * b;
	return 10 * log10(fmax(re * re + im * im, 1e-30));
}

/* Noncentral chi-square of two degrees: a Poisson mixture of Erlang laws. */
static double rician_chance(double k, double power)
{
	double y = (k + 1) * power, weight = exp(-k), term = exp(-y), tail = term, sum = weight * tail, mass = weight;

	for (int i = 1; mass < 1 - 1e-12 && i < 100000; i++) {
		weight *= k / i;
		term *= y / i;
		tail += term;
		mass += weight;
		sum += weight * tail;
	}
	return fmin(sum, 1);
}

double radio_fading_chance(const struct radio *r, double db)
{
	switch (r->fade.model) {
	case FADING_NONE: return db <= 0;
	case FADING_RAYLEIGH: return exp(-pow(10, 0.1 * db));
	case FADING_LOG_NORMAL: return 0.5 * erfc(db / r->fade.deviation * M_SQRT1_2);
	default: return rician_chance(r->line * r->line / (2 * r->scatter * r->scatter), pow(10, 0.1 * db));
	}
}

void radio_validity(const struct radio *r, uint64_t *links, uint64_t *outside)
{
	*links = r->scratch->links;
	*outside = r->scratch->outside;
}

static const char *choice(const struct model *m, const char *field, int at)
{
	for (size_t i = 0; i < m->n_params; i++)
		if (strcmp(m->params[i].field, field) == 0)
			return m->params[i].choices[at];
	return "";
}

static void describe(const struct radio *r, struct report *to)
{
	char spread[64] = "none", distance[64] = "";
	const char *model = choice(&propagation_model, "model", r->prop.model);

	if (r->shadowing && isnan(r->shad.deviation))
		snprintf(spread, sizeof spread, "as %s has it", model);
	else if (r->shadowing)
		snprintf(spread, sizeof spread, "%g dB", r->shad.deviation);
	if (r->shadowing)
		snprintf(distance, sizeof distance, " over %g m, %g %% between sites", r->shad.correlation_distance,
			 100 * r->shad.inter_site_correlation);
	report_fact(to, "Radio", "%s%s%s, offset %g dB; shadowing %s%s; building entry %s; fading %s", model,
		    r->prop.model == OKUMURA_HATA ? " " : "",
		    r->prop.model == OKUMURA_HATA ? choice(&propagation_model, "environment", r->prop.environment) : "",
		    r->prop.offset, spread, distance, choice(&building_entry_model, "model", r->entry.model),
		    choice(&fading_model, "model", r->fade.model));
}

void radio_finish(struct sim *s, const struct scenario *sc)
{
	const struct radio *r = radio_of(s);

	(void)sc;
	if (!r || r->scratch->links == 0)
		return;
	describe(r, s->report);
	if (r->scratch->outside)
		report_warning(s->report, "propagation",
			       "%.3g %% of the links lie outside the validity of %s (extrapolated, never below free space)",
			       100.0 * (double)r->scratch->outside / (double)r->scratch->links,
			       choice(&propagation_model, "model", r->prop.model));
}
