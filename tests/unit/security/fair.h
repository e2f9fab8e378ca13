/* fair - a town whose products are given whole: "good" meets every mandatory provision, "bad" lacks 5.5-1 of them. */
#ifndef TESTS_UNIT_SECURITY_FAIR_H
#define TESTS_UNIT_SECURITY_FAIR_H

#include "models/security/certification_private.h"
#include "tests/unit/device/town.h"

#define FAIR_CITY "<city width='1km' height='1km'/><lorawan id='n'/>"
/* Held to one mandatory provision of two test cases. */
#define FAIR_BASELINE "<baseline id='b'><provision of='5.5-1' status='mandatory'/></baseline>"
#define FAIR_GOOD "<product id='good' meets='5.5-1' "
#define FAIR_BAD "<product id='bad' lacks='5.5-1' "
#define FAIR_LAB(x) "<laboratory id='lab' service-law='fixed' time-per-test='1d' specificity='100%' " x "/>"
#define FAIR_CLASS(products, security)                                                                                     \
	"<device-class id='m'><uses network='n'/>" products "<security baseline='b' " security "/></device-class>"

static inline void assert_balance(const struct town *t)
{
	const char *account = NULL;
	double off = report_imbalance(t->report, &account);

	if (!(off <= REPORT_TOLERANCE))
		fail_msg("%s is off by %g", account, off);
}

static inline struct product *fair_product(const struct town *t, const char *id)
{
	for (uint32_t k = 0; k < products_n(t->sim); k++)
		if (!strcmp(products_of(t->sim)->all[k].id, id))
			return &products_of(t->sim)->all[k];
	fail_msg("no product %s", id);
	return NULL;
}

#endif
