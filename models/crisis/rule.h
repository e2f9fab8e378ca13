/*
 * rule - what makes a detection out of alarm reports, as a text of a <warning>.
 *
 *   any                            the first report
 *   3 within 10min                 reports of three devices that arrive within ten minutes
 *   3 of 60 within 10min           the same; that there are 60 is checked
 *   3 within 10min and 2km         the same, none of them farther than 2 km from the newest
 *   cusum 5 drift 30/h             a sum to which every report adds 1, which falls by 30 an hour, not below 0, reaches 5
 */
#ifndef MODELS_CRISIS_RULE_H
#define MODELS_CRISIS_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/kernel/simtime.h"

enum rule_kind { RULE_COUNT, RULE_CUSUM };
struct rule {
	enum rule_kind kind;
	uint32_t  k, of;                /* devices; of 0: not said */
	simtime_t within;               /* SIM_NEVER: k is 1 */
	double    radius;               /* m; infinite: not said */
	double    threshold, drift;     /* of the cumulative sum; 1/s */
};

/* false: *why ends the sentence that begins with the text. */
bool rule_parse(const char *text, struct rule *r, const char **why);

#endif
