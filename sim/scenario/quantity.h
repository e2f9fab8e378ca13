/*
 * quantity - numbers with their unit in the text: `7d`, `868.1MHz`, `14dBm`, `2.5km`, `80%`, `3/h`.
 *
 * A missing or wrong unit is an error, never a guess.  NaN and infinity are refused.
 */
#ifndef SIM_SCENARIO_QUANTITY_H
#define SIM_SCENARIO_QUANTITY_H

#include <stdbool.h>

#include "sim/kernel/simtime.h"

enum dimension {
	DIM_TIME,       /* stored as simtime_t; also PT6H, 3d 08:00, 1h30m, yr = 365.25 d */
	DIM_NUMBER,     /* plain, no unit */
	DIM_COUNT,      /* plain non-negative integer, stored as uint64_t */
	DIM_RATIO,      /* `80%` or `0.8` */
	DIM_LENGTH,     /* m */
	DIM_SPEED,      /* m/s */
	DIM_AREA,       /* m2 */
	DIM_FREQUENCY,  /* Hz */
	DIM_POWER_DBM,  /* dBm */
	DIM_GAIN_DB,    /* dB, dBi */
	DIM_POWER,      /* W */
	DIM_ENERGY,     /* J; Wh */
	DIM_CURRENT,    /* A */
	DIM_VOLTAGE,    /* V */
	DIM_BYTES,      /* byte, stored as uint64_t; B, kB, KiB */
	DIM_BITRATE,    /* bit/s; bps */
	DIM_RATE,       /* 1/s; 3/h, 4/yr */
	DIM_MONEY,      /* 120EUR: the currency is a code of ISO 4217; whether all have the same is the caller's matter */
	DIM_MONEY_TIME, /* 45EUR/h, 12EUR/yr; per s */
	DIM_MONEY_ENERGY, /* 0.30EUR/kWh; per J */
	DIM_MONEY_DATA, /* 0.05EUR/MB; per byte */
	DIM_ANGLE,      /* deg */
	DIM_ACCELERATION,       /* m/s2; g */
	DIM_TEMPERATURE,        /* degrees Celsius: degC */
	DIM_N
};

union quantity { double real; simtime_t time; uint64_t count; };

/* Parse text (surrounding blanks allowed) of the given dimension.  On failure false, and *why (may be NULL) points to
 * a constant such as "is not a duration (try 6h, 90min, PT6H)". */
bool quantity_parse(enum dimension dim, const char *text, union quantity *out, const char **why);

/* The value as a planner writes it ("6h", "868.1MHz"); parses back to the same value (to 12 digits).
 * Money is written in NO_CURRENCY.  Returns buf. */
char *quantity_format(enum dimension dim, union quantity q, char *buf, unsigned size);

/* The currency of an amount that quantity_parse takes, three capital letters, into code (4 bytes).  false: not of money. */
bool quantity_currency(enum dimension dim, const char *text, char code[4]);
/* The currency of what quantity_format writes: ISO 4217's code for none, since the value does not know it. */
#define NO_CURRENCY "XXX"

const char *dimension_name(enum dimension dim);         /* "duration", "length", ... */
const char *dimension_unit(enum dimension dim);         /* base unit: "s", "m", ... */
/* An XSD regular expression of what is read (1280 bytes suffice).  Returns buf. */
char *dimension_pattern(enum dimension dim, char *buf, unsigned size);

/* An instant: ISO 8601 `2026-03-02T00:00Z` to seconds since 1970; false when malformed. */
bool quantity_instant(const char *text, int64_t *unix_seconds);
void quantity_instant_format(int64_t unix_seconds, char *buf, unsigned size);

#endif
