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

#define YEAR (31557600 * SIM_SECOND)    /* of 365.25 days */
/* A day is the longest unit in which a duration is written. */
static const struct { const char *name; simtime_t ns; } time_units[] = { { "yr", YEAR },
	{ "wk", 7 * SIM_DAY }, { "d", SIM_DAY }, { "h", SIM_HOUR }, { "min", SIM_MINUTE }, { "s", SIM_SECOND }, { "ms", SIM_MS },
	{ "us", SIM_US }, { "ns", 1 } };
enum { N_TIME_UNITS = sizeof time_units / sizeof time_units[0], UNIT_DAY = 2 };

/* "" is a plain number. */
static const struct unit number_units[] = { { "", 1 }, { NULL, 0 } };
static const struct unit ratio_units[] = { { "%", 0.01 }, { "", 1 }, { NULL, 0 } };
static const struct unit length_units[] = { { "km", 1e3 }, { "m", 1 }, { "cm", 1e-2 }, { "mm", 1e-3 }, { "um", 1e-6 }, { NULL, 0 } };
static const struct unit speed_units[] = { { "m/s", 1 }, { "km/h", 1 / 3.6 }, { "km/s", 1e3 }, { "m/h", 1.0 / 3600 }, { "cm/h", 0.01 / 3600 },
	{ "mm/h", 0.001 / 3600 }, { NULL, 0 } };
static const struct unit area_units[] = { { "km2", 1e6 }, { "ha", 1e4 }, { "m2", 1 }, { NULL, 0 } };
static const struct unit frequency_units[] = { { "THz", 1e12 }, { "GHz", 1e9 }, { "MHz", 1e6 }, { "kHz", 1e3 }, { "Hz", 1 }, { NULL, 0 } };
static const struct unit dbm_units[] = { { "dBm", 1 }, { NULL, 0 } };
static const struct unit db_units[] = { { "dB", 1 }, { "dBi", 1 }, { NULL, 0 } };
static const struct unit power_units[] = { { "GW", 1e9 }, { "MW", 1e6 }, { "kW", 1e3 }, { "W", 1 }, { "mW", 1e-3 }, { "uW", 1e-6 },
	{ "nW", 1e-9 }, { "pW", 1e-12 }, { NULL, 0 } };
static const struct unit energy_units[] = { { "MWh", 3.6e9 }, { "kWh", 3.6e6 }, { "Wh", 3600 }, { "mWh", 3.6 }, { "GJ", 1e9 }, { "MJ", 1e6 },
	{ "kJ", 1e3 }, { "J", 1 }, { "mJ", 1e-3 }, { "uJ", 1e-6 }, { "nJ", 1e-9 }, { NULL, 0 } };
static const struct unit current_units[] = { { "kA", 1e3 }, { "A", 1 }, { "mA", 1e-3 }, { "uA", 1e-6 }, { "nA", 1e-9 }, { "pA", 1e-12 }, { NULL, 0 } };
static const struct unit voltage_units[] = { { "kV", 1e3 }, { "V", 1 }, { "mV", 1e-3 }, { "uV", 1e-6 }, { NULL, 0 } };
static const struct unit byte_units[] = { { "TiB", 1099511627776.0 }, { "TB", 1e12 }, { "GiB", 1073741824.0 }, { "GB", 1e9 },
	{ "MiB", 1048576.0 }, { "MB", 1e6 }, { "KiB", 1024 }, { "kB", 1e3 }, { "B", 1 }, { NULL, 0 } };
static const struct unit bitrate_units[] = { { "Tbps", 1e12 }, { "Gbps", 1e9 }, { "Mbps", 1e6 }, { "kbps", 1e3 }, { "bps", 1 },
	{ "Tbit/s", 1e12 }, { "Gbit/s", 1e9 }, { "Mbit/s", 1e6 }, { "kbit/s", 1e3 }, { "bit/s", 1 }, { NULL, 0 } };
static const struct unit rate_units[] = { { "/s", 1 }, { "/min", 1.0 / 60 }, { "/h", 1.0 / 3600 }, { "/d", 1.0 / 86400 },
	{ "/wk", 1.0 / 604800 }, { "/yr", 1 / (365.25 * 86400) }, { NULL, 0 } };

/* What stands behind the currency. */
static const struct unit money_units[] = { { "", 1 }, { NULL, 0 } };
static const struct unit money_time_units[] = { { "/s", 1 }, { "/h", 1.0 / 3600 }, { "/d", 1.0 / 86400 },
	{ "/mo", 12 / (365.25 * 86400) }, { "/yr", 1 / (365.25 * 86400) }, { NULL, 0 } };
static const struct unit money_energy_units[] = { { "/J", 1 }, { "/Wh", 1 / 3600.0 }, { "/kWh", 1 / 3.6e6 }, { "/MWh", 1 / 3.6e9 }, { NULL, 0 } };
static const struct unit money_data_units[] = { { "/B", 1 }, { "/kB", 1e-3 }, { "/KiB", 1 / 1024.0 }, { "/MB", 1e-6 },
	{ "/MiB", 1 / 1048576.0 }, { "/GB", 1e-9 }, { NULL, 0 } };
static const struct unit angle_units[] = { { "deg", 1 }, { NULL, 0 } };
static const struct unit acceleration_units[] = { { "m/s2", 1 }, { "cm/s2", 0.01 }, { "gal", 0.01 }, { "g", 9.80665 }, { NULL, 0 } };
static const struct unit temperature_units[] = { { "degC", 1 }, { "\xc2\xb0""C", 1 }, { NULL, 0 } };

/* pattern: NULL where it follows from the units. */
static const struct {
	const char *name, *unit, *why, *pattern;
	const struct unit *units;
} dims[DIM_N] = {
#define NUM "[+\\-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+\\-]?[0-9]+)?"
#define CURRENCY "\\s*[A-Z]{3}"
/* The schema checks the form of a duration, not that its units descend. */
#define ISO(unit) "([0-9]+(\\.[0-9]*)?|\\.[0-9]+)" unit
#define ISO_TIME "T(" ISO("H") "(" ISO("M") ")?(" ISO("S") ")?|" ISO("M") "(" ISO("S") ")?|" ISO("S") ")"
#define ISO_DATE "(" ISO("Y") "(" ISO("W") ")?(" ISO("D") ")?|" ISO("W") "(" ISO("D") ")?|" ISO("D") ")"
#define UNIT "\\s*(yr|wk|d|h|min|s|ms|[u\xc2\xb5\xce\xbc]s|ns)"
	[DIM_TIME] = { "duration", "s", "is not a duration (try 6h, 90min, PT6H)",
		       NUM UNIT "(\\s*[0-9]+(\\.[0-9]*)?([eE][+\\-]?[0-9]+)?(" UNIT "|\\s*m))*(\\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"
		       "|P(" ISO_DATE "(" ISO_TIME ")?|" ISO_TIME ")|0", NULL },
	[DIM_NUMBER] = { "number", "1", "is not a number (try 2.5)", NULL, number_units },
	[DIM_COUNT] = { "count", "1", "is not a count (try 12)", "[0-9]+", NULL },
	[DIM_RATIO] = { "ratio", "1", "is not a ratio (try 80% or 0.8)", NULL, ratio_units },
	[DIM_LENGTH] = { "length", "m", "is not a length (try 2.5km, 30m)", NULL, length_units },
	[DIM_SPEED] = { "speed", "m/s", "is not a speed (try 1.5m/s, 50km/h)", NULL, speed_units },
	[DIM_AREA] = { "area", "m2", "is not an area (try 12km2, 3ha)", NULL, area_units },
	[DIM_FREQUENCY] = { "frequency", "Hz", "is not a frequency (try 868.1MHz)", NULL, frequency_units },
	[DIM_POWER_DBM] = { "power level", "dBm", "is not a power level (try 14dBm)", NULL, dbm_units },
	[DIM_GAIN_DB] = { "gain", "dB", "is not a gain (try 3dB)", NULL, db_units },
	[DIM_POWER] = { "power", "W", "is not a power (try 145mW)", NULL, power_units },
	[DIM_ENERGY] = { "energy", "J", "is not an energy (try 19Wh, 5kJ)", NULL, energy_units },
	[DIM_CURRENT] = { "current", "A", "is not a current (try 44mA)", NULL, current_units },
	[DIM_VOLTAGE] = { "voltage", "V", "is not a voltage (try 3.3V)", NULL, voltage_units },
	[DIM_BYTES] = { "size", "B", "is not a size (try 24B, 2KiB)", NULL, byte_units },
	[DIM_BITRATE] = { "bit rate", "bit/s", "is not a bit rate (try 10Mbps)", NULL, bitrate_units },
	[DIM_RATE] = { "rate", "1/s", "is not a rate (try 3/h, 4/yr)", NULL, rate_units },
	[DIM_MONEY] = { "amount", "currency", "is not an amount of money (try 120EUR)", NULL, money_units },
	[DIM_MONEY_TIME] = { "amount a time", "currency/s", "is not money by time (try 45EUR/h, 12EUR/yr)", NULL, money_time_units },
	[DIM_MONEY_ENERGY] = { "price of energy", "currency/J", "is not a price of energy (try 0.30EUR/kWh)", NULL,
			       money_energy_units },
	[DIM_MONEY_DATA] = { "price of data", "currency/B", "is not a price of data (try 0.05EUR/MB)", NULL, money_data_units },
	[DIM_ANGLE] = { "angle", "deg", "is not an angle (try 53deg)", NULL, angle_units },
	[DIM_ACCELERATION] = { "acceleration", "m/s2", "is not an acceleration (try 0.3g, 2.5m/s2)", NULL, acceleration_units },
	[DIM_TEMPERATURE] = { "temperature", "degC", "is not a temperature (try 38degC)", NULL, temperature_units },
};

const char *dimension_name(enum dimension dim)
{
	return dims[dim].name;
}

const char *dimension_unit(enum dimension dim)
{
	return dims[dim].unit;
}

/* The micro sign and the Greek letter, which are written for u. */
static const char *const micro[] = { "\xc2\xb5", "\xce\xbc" };

static bool is_money(enum dimension dim)
{
	return dim >= DIM_MONEY && dim <= DIM_MONEY_DATA;
}

char *dimension_pattern(enum dimension dim, char *buf, unsigned size)
{
	if (dims[dim].pattern) {
		snprintf(buf, size, "%s", dims[dim].pattern);
		return buf;
	}
	if (!dims[dim].units[0].name[0]) {
		snprintf(buf, size, "%s%s", NUM, is_money(dim) ? CURRENCY : "");
		return buf;
	}
	int n = snprintf(buf, size, "%s%s\\s*(", NUM, is_money(dim) ? CURRENCY : "");
	for (const struct unit *u = dims[dim].units; u->name && n > 0 && (unsigned)n < size; u++) {
		bool mu = u->name[0] == 'u';
		n += snprintf(buf + n, size - (unsigned)n, "%s%s%s%s%s%s", u == dims[dim].units ? "" : "|", mu ? "[u" : "",
			      mu ? micro[0] : "", mu ? micro[1] : "", mu ? "]" : "", u->name + mu);
	}
	if (n > 0 && (unsigned)n < size)
		snprintf(buf + n, size - (unsigned)n, ")");
	return buf;
}

/* How much of p is that unit; 0: it is another. */
static size_t unit_length(const char *p, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(p, name, n) == 0)
		return n;
	for (size_t i = 0; name[0] == 'u' && i < 2; i++)
		if (strncmp(p, micro[i], 2) == 0 && strncmp(p + 2, name + 1, n - 1) == 0)
			return n + 1;
	return 0;
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
	if ((*q == 'e' || *q == 'E') &&
	    (isdigit((unsigned char)q[1]) || ((q[1] == '+' || q[1] == '-') && isdigit((unsigned char)q[2]))))
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
		size_t n = unit_length(p, u->name);
		if (n > *len || (!best && !u->name[0])) { /* a plain number has the unit "" */
			best = u;
			*len = n;
		}
	}
	return best;
}

struct sum { simtime_t ns; bool beyond; };      /* beyond: it would be longer than time reaches */

/* x units as nanoseconds, exact where x is written as a whole number; false where time does not reach so far. */
static bool time_part(const char **p, struct sum *sum, simtime_t unit_of(const char **p, void *ctx), void *ctx)
{
	const char *start = *p;
	char *end;
	double x;

	if (!number(p, &x))
		return false;
	errno = 0;
	long long whole = strtoll(start, &end, 10);
	bool is_whole = end == *p && errno == 0;
	simtime_t ns = unit_of(p, ctx), part;
	if (ns == 0)
		return false;
	sum->beyond = true;
	if (!is_whole) {
		double t = x * (double)ns;
		if (!(fabs(t) <= 9.2e18))
			return false;
		part = llrint(t);
	} else if (__builtin_mul_overflow((simtime_t)whole, ns, &part)) {
		return false;
	}
	sum->beyond = __builtin_add_overflow(sum->ns, part, &sum->ns) || sum->ns > INT64_C(9200000000000000000) ||
		      sum->ns < -INT64_C(9200000000000000000);
	return !sum->beyond;
}

/* The designators of P1Y2W3DT4H5M6S in their order; months are refused, since they have no fixed length. */
static const char iso_order[] = "YWDTHMS";
enum { ISO_T = 3 };

static simtime_t iso_unit(const char **p, void *ctx)
{
	static const simtime_t ns[] = { YEAR, 7 * SIM_DAY, SIM_DAY, 0, SIM_HOUR, SIM_MINUTE, SIM_SECOND };
	int *next = ctx;
	const char *found = **p ? strchr(iso_order + *next, **p) : NULL;
	int at = found ? (int)(found - iso_order) : ISO_T;

	if (at == ISO_T || (*next > ISO_T) != (at > ISO_T))
		return 0;
	*next = at + 1;
	++*p;
	return ns[at];
}

static bool iso_duration(const char *p, struct sum *sum)
{
	int next = 0;
	bool any = false;

	for (p++; *p && !isspace((unsigned char)*p); any = true) {
		if (*p == 'T' && next <= ISO_T) {
			next = ISO_T + 1;
			p++;
		}
		if (*p == '-' || *p == '+' || !time_part(&p, sum, iso_unit, &next))
			return false;
	}
	return any && *skip(p) == '\0';
}

/* hh:mm or hh:mm:ss behind days, as in `3d 08:00`. */
static bool clock_time(const char *p, simtime_t *t)
{
	unsigned h, m, sec = 0;
	size_t hours = strspn(p, "0123456789"), n = hours + 3;

	if (hours < 1 || hours > 2 || p[hours] != ':' || strspn(p + hours + 1, "0123456789") != 2)
		return false;
	if (p[n] == ':') {
		if (strspn(p + n + 1, "0123456789") != 2)
			return false;
		n += 3;
	}
	if (*skip(p + n) || sscanf(p, "%2u:%2u:%2u", &h, &m, &sec) < 2 || h > 24 || m > 59 || sec > 59)
		return false;
	*t = h * SIM_HOUR + m * SIM_MINUTE + sec * SIM_SECOND;
	return true;
}

/* Units descend, so that `6h 6h` is no slip that counts twice.  A plain m is minutes behind hours (1h30m), and nothing
 * elsewhere: it might be metres. */
static simtime_t plain_unit(const char **p, void *ctx)
{
	simtime_t *last = ctx, ns = 0;
	size_t len = 0;

	*p = skip(*p);
	for (size_t i = 0; i < N_TIME_UNITS; i++) {
		size_t n = unit_length(*p, time_units[i].name);
		if (n > len) {
			len = n;
			ns = time_units[i].ns;
		}
	}
	if (ns == 0 && **p == 'm' && *last == SIM_HOUR) {
		len = 1;
		ns = SIM_MINUTE;
	}
	if (*last && ns >= *last)
		return 0;
	*last = ns;
	*p = skip(*p + len);
	return ns;
}

static bool duration(const char *p, simtime_t *out, const char **why)
{
	struct sum sum = { 0 };
	simtime_t clock, last = 0;

	if (*p == 'P') {
		if (!iso_duration(p, &sum))
			goto fail;
	} else if (p[0] != '0' || *skip(p + 1)) {
		do {
			if (last >= SIM_DAY && clock_time(p, &clock)) {
				sum.ns += clock;
				break;
			}
			if ((last && !isdigit((unsigned char)*p)) || !time_part(&p, &sum, plain_unit, &last))
				goto fail;
		} while (*p);
	}
	*out = sum.ns;
	return true;
fail:
	if (sum.beyond && why)
		*why = "is too long a duration (291yr at most)";
	return false;
}

/* Three capital letters at p and no fourth: a currency. */
static bool currency_at(const char *p)
{
	return strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

bool quantity_currency(enum dimension dim, const char *text, char code[4])
{
	union quantity q;
	const char *p = skip(text);
	double x;

	if (!is_money(dim) || !quantity_parse(dim, text, &q, NULL) || !number(&p, &x))
		return false;
	snprintf(code, 4, "%.3s", skip(p));
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
		return duration(p, &out->time, why);
	if (dim == DIM_COUNT) {
		char *end;
		if (!isdigit((unsigned char)*p))
			return false;
		errno = 0;
		unsigned long long n = strtoull(p, &end, 10);
		out->count = n;
		if (errno && *skip(end) == '\0' && why)
			*why = "is too large a count";
		return errno == 0 && *skip(end) == '\0';
	}
	if (!number(&p, &x))
		return false;
	p = skip(p);
	if (is_money(dim)) {
		if (!currency_at(p))
			return false;
		p = skip(p + 3);
	}
	const struct unit *u = unit_at(dims[dim].units, p, &len);
	if (!u || *skip(p + len))
		return false;
	x *= u->factor;
	if (!(fabs(x) <= 1e280)) /* it would not be finite in every unit */
		return false;
	if (fabs(x) < 1e-280) /* subnormal in some unit: its digits would not come back */
		x = 0;
	if (dim == DIM_BYTES) {
		/* 1.001kB is 1001 bytes, whatever the product's last digit */
		if (!(x >= 0 && x <= 9e18) || fabs(x - nearbyint(x)) > 4e-16 * x)
			return false;
		out->count = (uint64_t)llrint(x);
	} else {
		out->real = x;
	}
	return true;
}

/* The first unit in which x is a number of few digits; dB and the like have one.  Nothing is nothing of the base unit. */
static void format_in(const struct unit *units, const char *currency, double x, char *buf, unsigned size)
{
	const struct unit *best = units;
	size_t best_len = SIZE_MAX;
	char text[48];

	for (const struct unit *u = units; u->name; u++) {
		snprintf(text, sizeof text, "%.12g", x / u->factor);
		size_t n = strlen(text) + (fabs(x) < u->factor ? 2 : 0);
		if (n < best_len && (x != 0 || u->factor == 1 || units == ratio_units)) {
			best = u;
			best_len = n;
		}
	}
	snprintf(buf, size, "%.12g%s%s", x / best->factor, currency, best->name);
}

static void format_duration(simtime_t t, char *buf, unsigned size)
{
	size_t i = UNIT_DAY;

	while (t % time_units[i].ns != 0)
		i++;
	snprintf(buf, size, "%lld%s", t ? (long long)(t / time_units[i].ns) : 0LL, t ? time_units[i].name : "s");
}

/* The largest unit of which it is a whole number. */
static void format_bytes(uint64_t n, char *buf, unsigned size)
{
	const struct unit *u = byte_units;

	while (u[1].name && (n == 0 || n % (uint64_t)u->factor != 0))
		u++;
	snprintf(buf, size, "%llu%s", (unsigned long long)(n / (uint64_t)u->factor), u->name);
}

char *quantity_format(enum dimension dim, union quantity q, char *buf, unsigned size)
{
	if (dim == DIM_TIME)
		format_duration(q.time, buf, size);
	else if (dim == DIM_COUNT)
		snprintf(buf, size, "%llu", (unsigned long long)q.count);
	else if (dim == DIM_BYTES)
		format_bytes(q.count, buf, size);
	else
		format_in(dims[dim].units, is_money(dim) ? NO_CURRENCY : "", q.real, buf, size);
	return buf;
}

/* Digits and separators of an instant, as in the pattern, in which 0 is any digit. */
static bool looks_like(const char *p, const char *pattern, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pattern[i] == '0' ? !isdigit((unsigned char)p[i]) : p[i] != pattern[i])
			return false;
	return true;
}

bool quantity_instant(const char *text, int64_t *unix_seconds)
{
	static const char pattern[] = "0000-00-00T00:00:00";
	struct tm tm = { 0 };
	int sec = 0;
	const char *p = skip(text);
	size_t n = looks_like(p, pattern, 19) ? 19 : looks_like(p, pattern, 16) ? 16 : 10;

	if (!looks_like(p, pattern, n) ||
	    sscanf(p, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &sec) < 3)
		return false;
	p += n;
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
