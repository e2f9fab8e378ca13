/*
 * Indicator sheets against ITU's published scoring: the worked examples of the factsheets, the thresholds of fixed broadband, and
 * the verified row of Karmoy, which the shipped sheet holds.
 */
#include <math.h>
#include <string.h>

#include "models/models.h"
#include "sim/study/assessment.h"
#include "tests/validation/validate.h"

#define UF_PULLY   "ITU factsheet Pully 2020 p. 12"
#define UF_MASHHAD "ITU factsheet Mashhad 2021 p. 15"
#define UF_KARMOY  "ITU verification report Karmoy 2020 p. 14"

static double group_of(const unsigned *points, size_t n)
{
	struct group_score g = { 0 };

	for (size_t i = 0; i < n; i++)
		group_add(&g, (struct points){ points[i], points[i], points[i] });
	return group_percent(g.at, g.scored);
}

/* The least value, on a grid of hundredths, that has so many points: the published threshold. */
static double threshold(unsigned points)
{
	for (int hundredths = 0; hundredths <= 10000; hundredths++)
		if (score_points(score_share(hundredths / 100.0, 60, BETTER_MORE)) >= points)
			return hundredths / 100.0;
	return NAN;
}

static void worked_examples(struct valid *v)
{
	valid_near(v, "points {1,3,4,1}, score in %", UF_PULLY, 56.25, group_of((const unsigned[]){ 1, 3, 4, 1 }, 4), 0,
		   "exact: 9/16");
	valid_near(v, "points {3,4,2}, score in %", UF_PULLY, 75, group_of((const unsigned[]){ 3, 4, 2 }, 3), 0,
		   "exact: 9/12");
	valid_near(v, "fixed broadband, 2 points from (%)", UF_MASHHAD, 19.8, threshold(2), 1e-12,
		   "exact: the reference is 60 %");
	valid_near(v, "fixed broadband, 3 points from (%)", UF_MASHHAD, 39.6, threshold(3), 1e-12,
		   "exact: the reference is 60 %");
	valid_near(v, "fixed broadband, 4 points from (%)", UF_MASHHAD, 57.0, threshold(4), 1e-12,
		   "exact: the reference is 60 %");
}

/* Of counts that a utility would report: 190 000 customers, 76 000 interruptions of 2 356 000 minutes together. */
static void outages(struct valid *v)
{
	const double customers = 190000, interruptions = 76000, minutes = 2356000;

	valid_near(v, "SAIFI x CAIDI, minutes a customer", "IEEE 1366: SAIDI = minutes / customers", minutes / customers,
		   saidi_minutes(interruptions / customers, minutes / interruptions), 1e-12,
		   "an identity but for rounding");
}

static const struct { const char *code; double value; unsigned points; } karmoy[] = {
	/* as published; points where a benchmark is known: of fixed broadband 60 %, else the whole of a share */
	{ "EC: ICT: ICT: 1C", 97.00, 4 },      { "EC: ICT: ICT: 2C", 84.51, 4 }, { "EC: ICT: ICT: 3C", 95424, 0 },
	{ "EC: ICT: ICT: 4C - 3G", 96.67, 4 }, { "EC: ICT: ICT: 4C - 4G", 96.67, 4 }, { "EC: ICT: ICT: 5A", 78, 0 },
	{ "EC: ICT: WS: 1C", 27.27, 1 },       { "EC: ICT: WS: 2A", 9.98, 1 },	 { "EC: I: WS: 1C", 100, 4 },
	{ "EC: I: WS: 2C", 97.07, 4 },	       { "EC: I: WS: 3C", 35.42, 0 },	 { "EC: I: WS: 4C", 81.57, 3 },
	{ "EC: I: WS: 5C", 100, 4 },	       { "EC: ICT: D: 1A", 0, 1 },
};
enum { KARMOY = sizeof karmoy / sizeof karmoy[0] };

static void pilot(struct valid *v, const struct scores *s)
{
	char what[128];
	unsigned sum = 0, n = 0;

	for (size_t i = 0; i < KARMOY && i < s->a->n_indicators; i++) {
		const struct sheet_indicator *in = &s->a->indicators[i];
		valid_verdict(v, valid_text(what, sizeof what, "Karmoy, %s (%s)", in->def.name, in->def.unit), UF_KARMOY,
			      karmoy[i].value, score_cell(s, i, 0)->value.mean, 0,
			      strcmp(in->def.code, karmoy[i].code) == 0 &&
				      score_cell(s, i, 0)->value.mean == karmoy[i].value &&
				      score_cell(s, i, 0)->points.at == karmoy[i].points,
			      "value and points exact");
		sum += karmoy[i].points;
		n += karmoy[i].points > 0;
	}
	valid_near(v, "Karmoy, fixed broadband, % of target", UF_KARMOY ", " UF_MASHHAD, 140.9, score_cell(s, 1, 0)->share,
		   0.06, "84.51 / 60, published to a tenth");
	const struct group_score *all = &score_group(s, GROUP_ALL, "all")->scores[0];
	valid_near(v, "Karmoy, score in %", "sum of the points above / 4 n", 100.0 * sum / (4 * n),
		   group_percent(all->at, all->scored), 1e-12, "exact");
}

int main(void)
{
	struct valid v = valid_begin("indicator sheets");
	static const struct outcome *none[1];
	struct diag *d = diag_new();
	struct assessment *a = d ? assessment_load("scenarios/karmoy/karmoy.xml", &sccsim_models, NULL, NULL, 0, d) : NULL;
	struct scores *s = a && a->n_states == 1 && a->n_indicators == KARMOY ? scores_new(a, none) : NULL;

	worked_examples(&v);
	outages(&v);
	if (s)
		pilot(&v, s);
	else
		valid_verdict(&v, "Karmoy's sheet is read", UF_KARMOY, 1, 0, NAN, false,
			      "it has one state and 14 indicators");
	if (d && !a)
		diag_print(d, stderr);
	scores_free(s);
	assessment_free(a);
	diag_free(d);
	return valid_end(&v);
}
