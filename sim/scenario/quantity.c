#include "sim/scenario/quantity.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct unit { const char *name; double factor; };

static const double YEAR = 365.25 * 86400;

/* The first row that divides a value evenly is how it is written; "" is a plain number. */
static const struct unit time_units[] = { { "yr", 365.25 * 86400 }, { "wk", 604800 }, { "d", 86400 }, { "h", 3600 },
	{ "min", 60 }, { "s", 1 }, { "ms", 1e-3 }, { "us", 1e-6 }, { "ns", 1e-9 }, { NULL, 0 } };
static const struct unit number_units[] = { { "", 1 }, { NULL, 0 } };
static const struct unit ratio_units[] = { { "%", 0.01 }, { "", 1 }, { NULL, 0 } };
static const struct unit length_units[] = { { "km", 1e3 }, { "m", 1 }, { "cm", 1e-2 }, { "mm", 1e-3 }, { NULL, 0 } };
static const struct unit speed_units[] = { { "m/s", 1 }, { "km/h", 1 / 3.6 }, { NULL, 0 } };
static const struct unit area_units[] = { { "km2", 1e6 }, { "ha", 1e4 }, { "m2", 1 }, { NULL, 0 } };
static const struct unit frequency_units[] = { { "GHz", 1e9 }, { "MHz", 1e6 }, { "kHz", 1e3 }, { "Hz", 1 }, { NULL, 0 } };
static const struct unit dbm_units[] = { { "dBm", 1 }, { NULL, 0 } };
static const struct unit db_units[] = { { "dB", 1 }, { "dBi", 1 }, { NULL, 0 } };
static const struct unit power_units[] = { { "MW", 1e6 }, { "kW", 1e3 }, { "W", 1 }, { "mW", 1e-3 }, { "uW", 1e-6 },
	{ "nW", 1e-9 }, { NULL, 0 } };
static const struct unit energy_units[] = { { "kWh", 3.6e6 }, { "Wh", 3600 }, { "mWh", 3.6 }, { "MJ", 1e6 }, { "kJ", 1e3 },
	{ "J", 1 }, { "mJ", 1e-3 }, { "uJ", 1e-6 }, { NULL, 0 } };
static const struct unit current_units[] = { { "A", 1 }, { "mA", 1e-3 }, { "uA", 1e-6 }, { "nA", 1e-9 }, { NULL, 0 } };
static const struct unit voltage_units[] = { { "kV", 1e3 }, { "V", 1 }, { "mV", 1e-3 }, { NULL, 0 } };
static const struct unit byte_units[] = { { "GiB", 1073741824.0 }, { "GB", 1e9 }, { "MiB", 1048576.0 }, { "MB", 1e6 },
	{ "KiB", 1024 }, { "kB", 1e3 }, { "B", 1 }, { NULL, 0 } };
static const struct unit bitrate_units[] = { { "Gbps", 1e9 }, { "Mbps", 1e6 }, { "kbps", 1e3 }, { "bps", 1 },
	{ "Gbit/s", 1e9 }, { "Mbit/s", 1e6 }, { "kbit/s", 1e3 }, { "bit/s", 1 }, { NULL, 0 } };
static const struct unit rate_units[] = { { "/s", 1 }, { "/min", 1.0 / 60 }, { "/h", 1.0 / 3600 }, { "/d", 1.0 / 86400 },
	{ "/wk", 1.0 / 604800 }, { "/yr", 1 / (365.25 * 86400) }, { NULL, 0 } };

static const struct {
	const char *name, *unit, *why, *pattern;
	const struct unit *units;
} dims[DIM_N] = {
#define NUM "[+\\-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+\\-]?[0-9]+)?"
	[DIM_TIME] = { "duration", "s", "is not a duration (try 6h, 90min, PT6H)",
		       "[0-9PT].*[a-zA-Z0-9]|0", time_units },
	[DIM_NUMBER] = { "number", "1", "is not a number (try 2.5)", NUM, number_units },
	[DIM_COUNT] = { "count", "1", "is not a count (try 12)", "[0-9]+", NULL },
	[DIM_RATIO] = { "ratio", "1", "is not a ratio (try 80% or 0.8)", NUM "\\s*%?", ratio_units },
	[DIM_LENGTH] = { "length", "m", "is not a length (try 2.5km, 30m)", NUM "\\s*(km|m|cm|mm)", length_units },
	[DIM_SPEED] = { "speed", "m/s", "is not a speed (try 1.5m/s, 50km/h)", NUM "\\s*(m/s|km/h)", speed_units },
	[DIM_AREA] = { "area", "m2", "is not an area (try 12km2, 3ha)", NUM "\\s*(km2|ha|m2)", area_units },
	[DIM_FREQUENCY] = { "frequency", "Hz", "is not a frequency (try 868.1MHz)", NUM "\\s*(GHz|MHz|kHz|Hz)", frequency_units },
	[DIM_POWER_DBM] = { "power level", "dBm", "is not a power level (try 14dBm)", NUM "\\s*dBm", dbm_units },
	[DIM_GAIN_DB] = { "gain", "dB", "is not a gain (try 3dB)", NUM "\\s*(dB|dBi)", db_units },
	[DIM_POWER] = { "power", "W", "is not a power (try 145mW)", NUM "\\s*(MW|kW|W|mW|uW|nW)", power_units },
	[DIM_ENERGY] = { "energy", "J", "is not an energy (try 19Wh, 5kJ)", NUM "\\s*(kWh|Wh|mWh|MJ|kJ|J|mJ|uJ)", energy_units },
	[DIM_CURRENT] = { "current", "A", "is not a current (try 44mA)", NUM "\\s*(A|mA|uA|nA)", current_units },
	[DIM_VOLTAGE] = { "voltage", "V", "is not a voltage (try 3.3V)", NUM "\\s*(kV|V|mV)", voltage_units },
	[DIM_BYTES] = { "size", "B", "is not a size (try 24B, 2KiB)", NUM "\\s*(GiB|GB|MiB|MB|KiB|kB|B)", byte_units },
	[DIM_BITRATE] = { "bit rate", "bit/s", "is not a bit rate (try 10Mbps)", NUM "\\s*([GMk]?bps|[GMk]?bit/s)", bitrate_units },
	[DIM_RATE] = { "rate", "1/s", "is not a rate (try 3/h, 4/yr)", NUM "\\s*/(s|min|h|d|wk|yr)", rate_units },
};

const char *dimension_name(enum dimension dim)
{
	return dims[dim].name;
}

const char *dimension_unit(enum dimension dim)
{
	return dims[dim].unit;
}

const char *dimension_pattern(enum dimension dim)
{
	return dims[dim].pattern;
}

/* A plain decimal number at *p, whatever the locale; moves *p behind it.  No hexadecimal, infinity or NaN. */
static bool number(const char **p, double *x)
{
	const char *s = *p, *q = s + (*s == '+' || *s == '-');
	bool digits = false;
	char copy[64], *end;

	for (; isdigit((unsigned char)*q); q++)
		digits = true;
	if (*q == '.')
		for (q++; isdigit((unsigned char)*q); q++)
			digits = true;
	if (!digits)
		return false;
	if ((*q == 'e' || *q == 'E') && (isdigit((unsigned char)q[1]) ||
					 ((q[1] == '+' || q[1] == '-') && isdigit((unsigned char)q[2]))))
		for (q += 2; isdigit((unsigned char)*q); q++)
			;
	size_t n = (size_t)(q - s);
	if (n >= sizeof copy)
		return false;
	memcpy(copy, s, n);
	copy[n] = '\0';
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!c)
		return false;
	errno = 0;
	*x = strtod_l(copy, &end, c);
	freelocale(c);
	*p = q;
	return *end == '\0' && isfinite(*x);
}

static const char *skip(const char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

/* The unit at p, longest match first; NULL: none of them. */
static const struct unit *unit_at(const struct unit *units, const char *p, size_t *len)
{
	const struct unit *best = NULL;

	*len = 0;
	for (const struct unit *u = units; u->name; u++) {
		size_t n = strlen(u->name);
		if (strncmp(p, u->name, n) == 0 && (!best || n > *len)) {
			best = u;
			*len = n;
		}
	}
	return best;
}

/* P1DT6H30M, P2W, P1Y: years of 365.25 days; months are refused, since they have no fixed length. */
static bool iso_duration(const char *p, double *seconds)
{
	bool time = false, any = false;

	*seconds = 0;
	for (p++; *p && !isspace((unsigned char)*p);) {
		double x;
		if (*p == 'T') {
			time = true;
			p++;
			continue;
		}
		if (*p == '-' || *p == '+' || !number(&p, &x))
			return false;
		switch (*p++) {
		case 'Y': x *= YEAR; break;
		case 'W': x *= 604800; break;
		case 'D': x *= 86400; break;
		case 'H': x *= 3600; break;
		case 'M': if (!time) return false; x *= 60; break;
		case 'S': break;
		default: return false;
		}
		*seconds += x;
		any = true;
	}
	return any && *skip(p) == '\0';
}

/* hh:mm or hh:mm:ss at the end of a duration such as `3d 08:00`. */
static bool clock_time(const char *p, double *seconds)
{
	unsigned h, m, sec = 0;
	int n = 0, n3 = 0;

	if (sscanf(p, "%2u:%2u%n:%2u%n", &h, &m, &n, &sec, &n3) < 2)
		return false;
	const char *end = p + (n3 ? n3 : n);
	if (h > 24 || m > 59 || sec > 59 || *skip(end))
		return false;
	*seconds = h * 3600.0 + m * 60.0 + sec;
	return true;
}

static bool duration(const char *p, simtime_t *out)
{
	double sum = 0, x;

	p = skip(p);
	if (*p == 'P') {
		if (!iso_duration(p, &sum))
			return false;
	} else if (strcmp(p, "0") != 0) {
		bool any = false;
		do {
			double clock;
			size_t len;
			if (any && clock_time(p, &clock)) {
				sum += clock;
				break;
			}
			if (!number(&p, &x) || (any && x < 0))
				return false;
			p = skip(p);
			const struct unit *u = unit_at(time_units, p, &len);
			if (!u)
				return false;
			sum += x * u->factor;
			p = skip(p + len);
			any = true;
		} while (*p);
	}
	if (!(sum >= -9e9 && sum <= 9.2e9))
		return false;
	*out = sim_from_seconds(sum);
	return true;
}

bool quantity_parse(enum dimension dim, const char *text, union quantity *out, const char **why)
{
	const char *p = skip(text);
	double x;
	size_t len;

	if (why)
		*why = dims[dim].why;
	if (dim == DIM_TIME)
		return duration(p, &out->time);
	if (dim == DIM_COUNT) {
		char *end;
		if (!isdigit((unsigned char)*p))
			return false;
		errno = 0;
		unsigned long long n = strtoull(p, &end, 10);
		out->count = n;
		return errno == 0 && *skip(end) == '\0';
	}
	if (!number(&p, &x))
		return false;
	p = skip(p);
	const struct unit *u = unit_at(dims[dim].units, p, &len);
	if (!u || *skip(p + len))
		return false;
	x *= u->factor;
	if (!isfinite(x))
		return false;
	if (dim == DIM_BYTES) {
		if (!(x >= 0 && x <= 9e18) || x != floor(x))
			return false;
		out->count = (uint64_t)x;
	} else {
		out->real = x;
	}
	return true;
}

/* The first unit in which x is a number of few digits; dB and the like have one. */
static void format_in(const struct unit *units, double x, char *buf, unsigned size)
{
	const struct unit *best = NULL;
	size_t best_len = SIZE_MAX;
	char text[48];

	for (const struct unit *u = units; u->name; u++) {
		snprintf(text, sizeof text, "%.12g", x / u->factor);
		size_t n = strlen(text) + (fabs(x) < u->factor && x != 0 ? 2 : 0);
		if (n < best_len) {
			best = u;
			best_len = n;
		}
	}
	snprintf(buf, size, "%.12g%s", x / best->factor, best->name);
}

static void format_duration(simtime_t t, char *buf, unsigned size)
{
	static const struct { const char *name; int64_t ns; } units[] = { { "d", SIM_DAY }, { "h", SIM_HOUR },
		{ "min", SIM_MINUTE }, { "s", SIM_SECOND }, { "ms", SIM_MS }, { "us", SIM_US }, { "ns", 1 } };

	if (t == 0) {
		snprintf(buf, size, "0s");
		return;
	}
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (t % units[i].ns == 0) {
			snprintf(buf, size, "%lld%s", (long long)(t / units[i].ns), units[i].name);
			return;
		}
}

char *quantity_format(enum dimension dim, union quantity q, char *buf, unsigned size)
{
	if (dim == DIM_TIME)
		format_duration(q.time, buf, size);
	else if (dim == DIM_COUNT)
		snprintf(buf, size, "%llu", (unsigned long long)q.count);
	else
		format_in(dims[dim].units, dim == DIM_BYTES ? (double)q.count : q.real, buf, size);
	return buf;
}

bool quantity_instant(const char *text, int64_t *unix_seconds)
{
	struct tm tm = { 0 };
	int n = 0, sec = 0, m = 0;
	const char *p = skip(text);

	if (sscanf(p, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &n) != 3)
		return false;
	p += n;
	if (*p == 'T') {
		if (sscanf(p, "T%2d:%2d%n", &tm.tm_hour, &tm.tm_min, &n) != 2)
			return false;
		p += n;
		if (*p == ':' && sscanf(p, ":%2d%n", &sec, &m) == 1)
			p += m;
	}
	if (*p == 'Z')
		p++;
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y = tm.tm_year;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	if (*skip(p) || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 ||
	    tm.tm_mday > days[tm.tm_mon - 1] + (tm.tm_mon == 2 && leap) || tm.tm_hour < 0 || tm.tm_hour > 23 ||
	    tm.tm_min < 0 || tm.tm_min > 59 || sec < 0 || sec > 59 || y < 1900 || y > 2300)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	tm.tm_sec = sec;
	*unix_seconds = timegm(&tm);
	return true;
}

void quantity_instant_format(int64_t unix_seconds, char *buf, unsigned size)
{
	time_t t = (time_t)unix_seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(buf, size, "?");
}
