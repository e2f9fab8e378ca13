/* One opportunity, resolved by counting preambles. */
#include "models/network/cellular/rach.h"

struct rach_sums rach_resolve(struct rach_try *t, size_t n, unsigned preambles, unsigned grants)
{
	uint32_t count[RACH_PREAMBLES] = { 0 }, last[RACH_PREAMBLES];
	struct rach_sums sums = { 0 };

	for (size_t i = 0; i < n; i++) {
		count[t[i].preamble]++;
		last[t[i].preamble] = (uint32_t)i;
		t[i].outcome = RACH_COLLIDED;
	}
	for (unsigned p = 0; p < preambles; p++) {
		if (count[p] != 1) {
			sums.idle += count[p] == 0;
			sums.collided += count[p] > 1;
			continue;
		}
		struct rach_try *alone = &t[last[p]];
		sums.single++;
		if (!alone->detectable) {
			alone->outcome = RACH_UNDETECTED;
		} else if (sums.granted == grants) {
			alone->outcome = RACH_NO_GRANT;
		} else {
			alone->outcome = RACH_GRANTED;
			alone->grant = (uint8_t)sums.granted++;
		}
	}
	return sums;
}
