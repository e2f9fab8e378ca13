#include "models/radio/fsk.h"

#include <math.h>

enum { PREAMBLE = 5, SYNC_WORD = 3, LENGTH = 1, CRC = 2 };

simtime_t fsk_time_on_air(unsigned bytes, double rate)
{
	return (simtime_t)llround(8.0 * (PREAMBLE + SYNC_WORD + LENGTH + bytes + CRC) / rate * 1e9);
}

simtime_t fsk_byte(double rate)
{
	return (simtime_t)llround(8 / rate * 1e9);
}

double fsk_sensitivity_dbm(void)
{
	return -105;
}

double fsk_rejection_db(void)
{
	return 10;
}
