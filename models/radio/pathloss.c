#include "models/radio/pathloss.h"

#include <math.h>

static const double C_LIGHT = 299792458.0;
static const double C_TR = 3.0e8;       /* TR 38.901 uses 3.0e8 in its breakpoints */
static const double LEAST_HEIGHT = 0.1;
/* Average building height and street width of RMa: the table's defaults. */
static const double RMA_H = 5, RMA_W = 20;

/* What all laws share: free space, no breakpoint, one state, valid everywhere. */
static struct path_law plain(double h_site, double h_end, double f_hz)
{
	return (struct path_law){ .turn = INFINITY,
				  .rise2 = (h_site - h_end) * (h_site - h_end),
				  .least_air2 = 1,
				  .hidden = { -INFINITY, 0, 0 },
				  .free_a = 20 * log10(4 * M_PI * f_hz / C_LIGHT),
				  .to = INFINITY,
				  .to_hidden = INFINITY };
}

struct path_law path_free_space(double h_site, double h_end, double f_hz)
{
	struct path_law l = plain(h_site, h_end, f_hz);

	l.near = (struct path_branch){ l.free_a, 20, 0 };
	return l;
}

struct path_law path_log_distance(double loss0_db, double d0, double n, double h_site, double h_end, double f_hz)
{
	struct path_law l = plain(h_site, h_end, f_hz);

	l.near = (struct path_branch){ loss0_db - 10 * n * log10(d0), 10 * n, 0 };
	l.least_air2 = 1e-6;
	return l;
}

/* Correction for the mobile antenna's height, Hata 1980 (large cities: above and below 300 MHz).  COST-231 has that of small
 * cities alone, and adds 3 dB in metropolitan centres. */
static double hata_antenna(enum hata_environment env, double hm, double f_mhz)
{
	if (env != HATA_URBAN_LARGE || f_mhz > 1500)
		return (1.1 * log10(f_mhz) - 0.7) * hm - (1.56 * log10(f_mhz) - 0.8);
	double x = log10((f_mhz < 300 ? 1.54 : 11.75) * hm);
	return f_mhz < 300 ? 8.29 * x * x - 1.1 : 3.2 * x * x - 4.97;
}

struct path_law path_okumura_hata(enum hata_environment env, double hb, double hm, double f_hz)
{
	struct path_law l = plain(hb, hm, f_hz);
	double f = f_hz * 1e-6, lf = log10(f), at_1km;

	hb = fmax(hb, LEAST_HEIGHT);
	hm = fmax(hm, LEAST_HEIGHT);
	at_1km = (f <= 1500 ? 69.55 + 26.16 * lf : 46.3 + 33.9 * lf) - 13.82 * log10(hb) - hata_antenna(env, hm, f);
	if (f > 1500 && env == HATA_URBAN_LARGE) /* COST-231 */
		at_1km += 3;
	if (env == HATA_SUBURBAN)
		at_1km -= 2 * log10(f / 28) * log10(f / 28) + 5.4;
	if (env == HATA_OPEN)
		at_1km += -4.78 * lf * lf + 18.33 * lf - 40.94;
	l.near.b = 44.9 - 6.55 * log10(hb);
	l.near.a = at_1km - 3 * l.near.b;
	l.flat = true;
	l.least_ground = 1;
	l.from = 1e3;
	l.to = l.to_hidden = 20e3;
	l.outside = f < 150 || f > 2000 || hb < 30 || hb > 200 || hm < 1 || hm > 10;
	return l;
}

/* UMa and UMi: the two slopes meet at the breakpoint d'BP; effective heights are 1 m less. */
static void urban(struct path_law *l, enum tr38901 scenario, double hb, double hu, double f_hz)
{
	bool macro = scenario == TR38901_UMA;
	double lf = log10(f_hz * 1e-9), base = macro ? 28 : 32.4;

	l->turn = 4 * fmax(hb - 1, 0) * fmax(hu - 1, 0) * f_hz / C_TR;
	l->near = (struct path_branch){ base + 20 * lf, macro ? 22 : 21, 0 };
	/* metres squared below 1 would mean antennas in the same spot below 1 m: any finite value will do */
	l->far = (struct path_branch){ base + 20 * lf - (macro ? 9 : 9.5) * log10(fmax(l->turn * l->turn + l->rise2, 1)),
				       40, 0 };
	if (macro)
		l->hidden = (struct path_branch){ 13.54 + 20 * lf - 0.6 * (hu - 1.5), 39.08, 0 };
	else
		l->hidden = (struct path_branch){ 22.4 + 21.3 * lf - 0.3 * (hu - 1.5), 35.3, 0 };
	l->outside = hu < 1.5 || hu > 22.5 || f_hz < 0.5e9 || f_hz > 100e9;
	l->to = l->to_hidden = 5e3;
}

static void rural(struct path_law *l, double hb, double hu, double f_hz)
{
	double f = f_hz * 1e-9, k = pow(RMA_H, 1.72), x = log10(11.75 * hu), slope = 43.42 - 3.1 * log10(hb);
	double roofs = (24.37 - 3.7 * (RMA_H / hb) * (RMA_H / hb)) * log10(hb);

	l->turn = 2 * M_PI * hb * hu * f_hz / C_TR;
	l->near = (struct path_branch){ 20 * log10(40 * M_PI * f / 3) - fmin(0.044 * k, 14.77), 20 + fmin(0.03 * k, 10),
					0.002 * log10(RMA_H) };
	double lt = log10(l->turn);
	l->far = (struct path_branch){ l->near.a + l->near.b * lt + l->near.c * l->turn - 40 * lt, 40, 0 };
	l->hidden = (struct path_branch){ 161.04 - 7.1 * log10(RMA_W) + 7.5 * log10(RMA_H) - roofs - 3 * slope +
						  20 * log10(f) - (3.2 * x * x - 4.97),
					  slope, 0 };
	l->outside = hb < 10 || hb > 150 || hu < 1 || hu > 10 || f_hz < 0.5e9 || f_hz > 30e9;
	l->to = 10e3;
	l->to_hidden = 5e3;
}

struct path_law path_tr38901(enum tr38901 scenario, double h_bs, double h_ut, double f_hz)
{
	struct path_law l = plain(h_bs, h_ut, f_hz);

	h_bs = fmax(h_bs, LEAST_HEIGHT);
	h_ut = fmax(h_ut, LEAST_HEIGHT);
	l.least_ground = 1;
	if (scenario == TR38901_RMA)
		rural(&l, h_bs, h_ut, f_hz);
	else
		urban(&l, scenario, h_bs, h_ut, f_hz);
	l.from = 10;
	return l;
}

double path_law_db(const struct path_law *l, double d2d, bool los)
{
	double ground = fmax(d2d, l->least_ground), air2 = fmax(ground * ground + l->rise2, l->least_air2);
	double lg = l->flat ? log10(ground) : 0.5 * log10(air2);
	const struct path_branch *k = ground <= l->turn ? &l->near : &l->far;
	double loss = k->a + k->b * lg;

	if (k->c > 0)
		loss += k->c * sqrt(air2);
	return los ? loss : fmax(loss, l->hidden.a + l->hidden.b * lg);
}

double path_law_free_db(const struct path_law *l, double d2d)
{
	return l->free_a + 10 * log10(fmax(d2d * d2d + l->rise2, 1));
}

bool path_law_outside(const struct path_law *l, double d2d, bool los)
{
	return l->outside || !(d2d >= l->from && d2d <= (los ? l->to : l->to_hidden));
}

double free_space_db(double d, double f_hz)
{
	struct path_law l = path_free_space(0, 0, f_hz);

	return path_law_db(&l, d, true);
}

double log_distance_db(double d3d, double loss0_db, double d0, double n)
{
	struct path_law l = path_log_distance(loss0_db, d0, n, 0, 0, 1e9);

	return path_law_db(&l, d3d, true);
}

double okumura_hata_db(enum hata_environment env, double d2d, double hb, double hm, double f_hz, bool *outside)
{
	struct path_law l = path_okumura_hata(env, hb, hm, f_hz);

	if (outside)
		*outside = path_law_outside(&l, d2d, true);
	return path_law_db(&l, d2d, true);
}

double tr38901_db(enum tr38901 scenario, bool los, double d2d, double h_bs, double h_ut, double f_hz, bool *outside)
{
	struct path_law l = path_tr38901(scenario, h_bs, h_ut, f_hz);

	if (outside)
		*outside = path_law_outside(&l, d2d, los);
	return path_law_db(&l, d2d, los);
}

double tr38901_los_probability(enum tr38901 scenario, double d2d, double h_ut)
{
	if (scenario == TR38901_RMA)
		return d2d <= 10 ? 1 : exp(-(d2d - 10) / 1000);
	if (d2d <= 18)
		return 1;
	if (scenario == TR38901_UMI)
		return 18 / d2d + exp(-d2d / 36) * (1 - 18 / d2d);
	double p = 18 / d2d + exp(-d2d / 63) * (1 - 18 / d2d);
	if (h_ut <= 13)
		return p;
	double x = (fmin(h_ut, 23) - 13) / 10, c = x * sqrt(x), d = d2d / 100;
	return p * (1 + c * 1.25 * d * d * d * exp(-d2d / 150));
}

double tr38901_sigma_db(enum tr38901 scenario, bool los, bool beyond)
{
	switch (scenario) {
	case TR38901_UMA: return los ? 4 : 6;
	case TR38901_UMI: return los ? 4 : 7.82;
	default: return !los ? 8 : beyond ? 6 : 4;
	}
}

double tr38901_correlation_m(enum tr38901 scenario, bool los)
{
	switch (scenario) {
	case TR38901_UMA: return los ? 37 : 50;
	case TR38901_UMI: return los ? 10 : 13;
	default: return los ? 37 : 120;
	}
}

double tr38901_wall_db(bool high_loss, double f_hz)
{
	double f = f_hz * 1e-9;
	double glass = 2 + 0.2 * f, coated = 25.4 + 0.11 * f, concrete = 5 + 4 * f;

	if (high_loss)
		return 5 - 10 * log10(0.7 * pow(10, -0.1 * coated) + 0.3 * pow(10, -0.1 * concrete));
	return 5 - 10 * log10(0.3 * pow(10, -0.1 * glass) + 0.7 * pow(10, -0.1 * concrete));
}
