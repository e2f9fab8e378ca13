/*
 * suburb - a small LoRaWAN scenario with no chance in the radio, run whole: gateways and devices where a test says.
 */
#ifndef TESTS_UNIT_NETWORK_SUBURB_H
#define TESTS_UNIT_NETWORK_SUBURB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "models/models.h"
#include "sim/study/outcome.h"

/* A town of 6 km with log-distance loss and no chance in the radio: a gateway in the middle, devices where a test says. */
static const char text[] =
	"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='%s'/>"
	"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='7.7dB' reference-distance='1m' exponent='3.76'/>"
	"<shadowing deviation='0dB'/></city>"
	"<lorawan id='l' %s>%s</lorawan>"
	"<device-class id='c'><uses network='l' %s/><traffic %s/></device-class>"
	"<deploy class='c' %s/></scenario>";
static const char gateway[] __attribute__((unused)) = "<gateway position='3km 3km' height='15m'/>";
static const char near[] __attribute__((unused)) = "count='1' centre='3km 3.5km' radius='10m'";

struct ran { struct scenario *sc; struct outcome *o; };

static inline struct ran run_xml(const char *xml)
{
	struct ran r;
	struct diag *d = diag_new();
	struct run_options opt = { .threads = 1 };

	r.sc = scenario_parse(xml, strlen(xml), "t.xml", &sccsim_models, NULL, NULL, 0, d);
	if (!r.sc)
		diag_print(d, stderr);
	diag_free(d);
	assert_non_null(r.sc);
	r.o = outcome_run(r.sc, &opt);
	assert_non_null(r.o);
	assert_int_equal(r.o->n_done, 1);
	assert_false(r.o->audit_failed);
	return r;
}

static inline struct ran run(const char *duration, const char *lorawan, const char *inside, const char *uses, const char *traffic,
		      const char *deploy)
{
	char xml[4096];

	snprintf(xml, sizeof xml, text, duration, lorawan, inside, uses, traffic, deploy);
	return run_xml(xml);
}

static inline void done(struct ran *r)
{
	outcome_free(r->o);
	scenario_free(r->sc);
}

static inline double kpi(const struct ran *r, const char *name, const char *group)
{
	const struct kpi_result *k = outcome_kpi(r->o, name, group);

	return k ? k->mean : NAN;
}

/* A row of an account; 0 where it has none. */
static inline double account(const struct ran *r, const char *name, const char *label)
{
	const struct report *p = r->o->reps[0].report;
	double sum = 0;

	for (size_t i = 0; i < p->n_audit; i++)
		if (strcmp(p->audit[i].account, name) == 0 && strcmp(p->audit[i].label, label) == 0)
			sum += p->audit[i].value;
	return sum;
}

#endif
