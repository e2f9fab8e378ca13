#include "models/network/lorawan/rate.h"

#include <math.h>

#include "models/radio/fsk.h"

simtime_t rate_time_on_air(const struct data_rate *d, unsigned bytes, bool uplink)
{
	return rate_is_lora(d) ? lora_time_on_air(bytes, d->sf, d->bw, 1, 8, uplink) : fsk_time_on_air(bytes, d->bw);
}

simtime_t rate_window(const struct data_rate *d, unsigned symbols)
{
	return (simtime_t)symbols * (rate_is_lora(d) ? lora_symbol(d->sf, d->bw) : fsk_byte(d->bw));
}

double rate_rejection_db(enum lora_rejection m, const struct data_rate *wanted, unsigned sf)
{
	if (rate_is_lora(wanted))
		return lora_rejection_db(m, wanted->sf, sf);
	return m == LORA_ALOHA ? INFINITY : fsk_rejection_db();
}

double rate_device_sensitivity_dbm(const struct data_rate *d)
{
	return rate_is_lora(d) ? lora_device_sensitivity_dbm(d->sf, d->bw) : fsk_sensitivity_dbm();
}

double rate_gateway_sensitivity_dbm(const struct data_rate *d)
{
	return rate_is_lora(d) ? lora_gateway_sensitivity_dbm(d->sf, d->bw) : fsk_sensitivity_dbm();
}
