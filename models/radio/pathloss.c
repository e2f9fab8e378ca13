#include "models/radio/pathloss.h"

#include <math.h>

static const double C_LIGHT = 299792458.0;
static const double C_TR = 3.0e8;       /* TR 38.901 uses 3.0e8 in its breakpoints */

double free_space_db(double d, double f_hz)
{
	return 20 * log10(4 * M_PI * fmax(d, 1) * f_hz / C_LIGHT);
}

double log_distance_db(double d3d, double loss0_db, double d0, double n)
{
	return loss0_db + 10 * n * log10(fmax(d3d, 1e-3) / d0);
}

/* Correction for the mobile antenna's height, Hata 1980 (large cities: above and below 300 MHz). */
static double hata_antenna(enum hata_environment env, double hm, double f_mhz)
{
	if (env != HATA_URBAN_LARGE)
		return (1.1 * log10(f_mhz) - 0.7) * hm - (1.56 * log10(f_mhz) - 0.8);
	double x = log10((f_mhz < 300 ? 1.54 : 11.75) * hm);
	return f_mhz < 300 ? 8.29 * x * x - 1.1 : 3.2 * x * x - 4.97;
}

double okumura_hata_db(enum hata_environment env, double d2d, double hb, double hm, double f_hz, bool *outside)
{
	double f = f_hz * 1e-6, lf = log10(f), d_km = fmax(d2d, 1) * 1e-3;
	double slope = 44.9 - 6.55 * log10(hb), a = hata_antenna(env, hm, f), loss;

	if (outside)
		*outside = f < 150 || f > 2000 || d_km < 1 || d_km > 20 || hb < 30 || hb > 200 || hm < 1 || hm > 10;
	if (f <= 1500) {
		loss = 69.55 + 26.16 * lf - 13.82 * log10(hb) - a + slope * log10(d_km);
	} else {                /* COST-231 */
		loss = 46.3 + 33.9 * lf - 13.82 * log10(hb) - a + slope * log10(d_km) + (env == HATA_URBAN_LARGE ? 3 : 0);
	}
	if (env == HATA_SUBURBAN)
		loss -= 2 * log10(f / 28) * log10(f / 28) + 5.4;
	if (env == HATA_OPEN)
		loss += -4.78 * lf * lf + 18.33 * lf - 40.94;
	return loss;
}

static double uma_db(bool los, double d2d, double hb, double hu, double f_hz)
{
	double f = f_hz * 1e-9, d3 = hypot(d2d, hb - hu), he = 1;
	double bp = 4 * (hb - he) * (hu - he) * f_hz / C_TR;
	double line = d2d <= bp ? 28 + 22 * log10(d3) + 20 * log10(f)
				: 28 + 40 * log10(d3) + 20 * log10(f) - 9 * log10(bp * bp + (hb - hu) * (hb - hu));
	if (los)
		return line;
	return fmax(line, 13.54 + 39.08 * log10(d3) + 20 * log10(f) - 0.6 * (hu - 1.5));
}

static double umi_db(bool los, double d2d, double hb, double hu, double f_hz)
{
	double f = f_hz * 1e-9, d3 = hypot(d2d, hb - hu), he = 1;
	double bp = 4 * (hb - he) * (hu - he) * f_hz / C_TR;
	double line = d2d <= bp ? 32.4 + 21 * log10(d3) + 20 * log10(f)
				: 32.4 + 40 * log10(d3) + 20 * log10(f) - 9.5 * log10(bp * bp + (hb - hu) * (hb - hu));
	if (los)
		return line;
	return fmax(line, 35.3 * log10(d3) + 22.4 + 21.3 * log10(f) - 0.3 * (hu - 1.5));
}

/* Average building height and street width of the table's default. */
static const double RMA_H = 5, RMA_W = 20;

static double rma_near(double d3, double f)
{
	double k = pow(RMA_H, 1.72);

	return 20 * log10(40 * M_PI * d3 * f / 3) + fmin(0.03 * k, 10) * log10(d3) - fmin(0.044 * k, 14.77) +
	       0.002 * log10(RMA_H) * d3;
}

static double rma_db(bool los, double d2d, double hb, double hu, double f_hz)
{
	double f = f_hz * 1e-9, d3 = hypot(d2d, hb - hu), bp = 2 * M_PI * hb * hu * f_hz / C_TR;
	double line = d2d <= bp ? rma_near(d3, f) : rma_near(bp, f) + 40 * log10(d3 / bp);

	if (los)
		return line;
	double a = 24.37 - 3.7 * (RMA_H / hb) * (RMA_H / hb), l = log10(11.75 * hu);
	return fmax(line, 161.04 - 7.1 * log10(RMA_W) + 7.5 * log10(RMA_H) - a * log10(hb) +
				  (43.42 - 3.1 * log10(hb)) * (log10(d3) - 3) + 20 * log10(f) - (3.2 * l * l - 4.97));
}

double tr38901_db(enum tr38901 scenario, bool los, double d2d, double h_bs, double h_ut, double f_hz, bool *outside)
{
	double far = scenario == TR38901_RMA && los ? 10e3 : 5e3;

	if (outside)
		*outside = d2d < 10 || d2d > far || f_hz < 0.5e9 || f_hz > (scenario == TR38901_RMA ? 30e9 : 100e9) ||
			   h_ut < 1 || h_ut > (scenario == TR38901_RMA ? 10 : 22.5) ||
			   (scenario == TR38901_RMA && (h_bs < 10 || h_bs > 150));
	d2d = fmax(d2d, 1);
	switch (scenario) {
	case TR38901_UMA: return uma_db(los, d2d, h_bs, h_ut, f_hz);
	case TR38901_UMI: return umi_db(los, d2d, h_bs, h_ut, f_hz);
	default: return rma_db(los, d2d, h_bs, h_ut, f_hz);
	}
}

double tr38901_los_probability(enum tr38901 scenario, double d2d, double h_ut)
{
	if (scenario == TR38901_RMA)
		return d2d <= 10 ? 1 : exp(-(d2d - 10) / 1000);
	if (d2d <= 18)
		return 1;
	if (scenario == TR38901_UMI)
		return 18 / d2d + exp(-d2d / 36) * (1 - 18 / d2d);
	double c = h_ut <= 13 ? 0 : pow((fmin(h_ut, 23) - 13) / 10, 1.5);
	return (18 / d2d + exp(-d2d / 63) * (1 - 18 / d2d)) * (1 + c * 1.25 * pow(d2d / 100, 3) * exp(-d2d / 150));
}

double tr38901_sigma_db(enum tr38901 scenario, bool los, double d2d, double h_bs, double h_ut, double f_hz)
{
	if (scenario == TR38901_UMA)
		return los ? 4 : 6;
	if (scenario == TR38901_UMI)
		return los ? 4 : 7.82;
	if (!los)
		return 8;
	return d2d <= 2 * M_PI * h_bs * h_ut * f_hz / C_TR ? 4 : 6;
}

double tr38901_wall_db(bool high_loss, double f_hz)
{
	double f = f_hz * 1e-9;
	double glass = 2 + 0.2 * f, coated = 25.4 + 0.11 * f, concrete = 5 + 4 * f;

	if (high_loss)
		return 5 - 10 * log10(0.7 * pow(10, -0.1 * coated) + 0.3 * pow(10, -0.1 * concrete));
	return 5 - 10 * log10(0.3 * pow(10, -0.1 * glass) + 0.7 * pow(10, -0.1 * concrete));
}
