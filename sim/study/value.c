#include "sim/study/value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A unit to show in: value times factor.  of: the KPI's own; from: the least size for which it is taken. */
struct scale { const char *of; double from, factor; const char *unit; };

#define YEAR 31557600.0 /* seconds, of 365.25 days */
/* By unit, the largest first. */
static const struct scale scales[] = {
	{ "s", 2 * YEAR, 1 / YEAR, "yr" }, { "s", 172800, 1.0 / 86400, "d" }, { "s", 7200, 1.0 / 3600, "h" },
	{ "s", 120, 1.0 / 60, "min" }, { "s", 1, 1, "s" }, { "s", 1e-3, 1e3, "ms" }, { "s", 0, 1e6, "\u00b5s" },
	{ "J", 1e6, 1e-6, "MJ" }, { "J", 1e3, 1e-3, "kJ" }, { "J", 1, 1, "J" }, { "J", 1e-3, 1e3, "mJ" }, { "J", 0, 1e6, "\u00b5J" },
	{ "W", 1, 1, "W" }, { "W", 1e-3, 1e3, "mW" }, { "W", 0, 1e6, "\u00b5W" },
	{ "B", 1e9, 1e-9, "GB" }, { "B", 1e6, 1e-6, "MB" }, { "B", 1e4, 1e-3, "kB" },
	{ "yr", 0.5, 1, "yr" }, { "yr", 0, 365.25, "d" },
	{ "bit/s", 1e6, 1e-6, "Mbit/s" }, { "bit/s", 1e4, 1e-3, "kbit/s" },
};

static struct scale scale_for(const struct kpi_def *def, double size, bool share, bool difference)
{
	const char *unit = def->unit;

	if (strcmp(unit, "1") == 0)
		return share ? (struct scale){ unit, 0, 100, difference ? "percentage points" : "%" }
			     : (struct scale){ unit, 0, 1, "" };
	for (size_t i = 0; size > 0 && i < sizeof scales / sizeof scales[0]; i++)
		if (strcmp(unit, scales[i].of) == 0 && size >= scales[i].from)
			return scales[i];
	return (struct scale){ unit, 0, 1, strncmp(unit, "1/", 2) == 0 ? unit + 1 : unit };
}

bool value_is_share(const struct kpi_def *def)
{
	static const char *const numbers[] = { "-per-", "mean-", "-count", "-number", "-requests" };
	static const char *const shares[] = { "\u00f7", " / ", "share" };
	bool share = false;

	if (strcmp(def->unit, "1") != 0)
		return false;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (strstr(def->name, numbers[i]))
			return false;
	for (size_t i = 0; def->definition && i < sizeof shares / sizeof shares[0]; i++)
		share = share || strstr(def->definition, shares[i]);
	return share;
}

static int place_of(double x)
{
	return (int)floor(log10(fabs(x)) + 1e-9);
}

/* Digits after the point: down to the first figure of the half-width, the second where that is small; three figures where it is
 * not known; of all at most four, which of a share near 100 % are those of what is missing. */
static int digits_for(double x, double half, bool percent)
{
	double size = percent && x > 50 && x < 100 ? 100 - x : x;
	int most = size != 0 ? 3 - place_of(size) : 1, digits = most - 1;

	if (half > 0 && isfinite(half))
		digits = -place_of(half) + (half / pow(10, place_of(half)) < 3.5);
	else if (fabs(x - round(x)) < 1e-9 * fabs(x))
		digits = 0;
	digits = digits > most ? most : digits;
	return digits < 0 ? 0 : digits > 6 ? 6 : digits;
}

/* A number, thousands apart by a blank from five figures on. */
static void put_number(char *buf, size_t size, double x, int digits)
{
	char plain[64];
	size_t at = 0, whole;

	if (!(fabs(x) < 1e15)) {
		snprintf(buf, size, "%.3g", x);
		return;
	}
	snprintf(plain, sizeof plain, "%.*f", digits, fabs(x));
	whole = strcspn(plain, ".");
	if (x < 0 && strspn(plain, "0.") != strlen(plain) && size > 1)
		buf[at++] = '-';
	for (size_t i = 0; plain[i] && at + 2 < size; i++) {
		if (i && i < whole && whole > 4 && (whole - i) % 3 == 0)
			buf[at++] = ' ';
		buf[at++] = plain[i];
	}
	buf[at] = '\0';
}

static char *put_value(char *buf, size_t size, const struct kpi_def *def, double x, double half, bool share, bool difference)
{
	struct scale sc = scale_for(def, fabs(x), share, difference);

	put_number(buf, size, x * sc.factor, digits_for(x * sc.factor, half * sc.factor, share && !difference));
	size_t at = strlen(buf);
	if (*sc.unit)
		snprintf(buf + at, size - at, " %s", sc.unit);
	return buf;
}

char *value_text(char *buf, size_t size, const struct kpi_def *def, double x, double half, bool share)
{
	return put_value(buf, size, def, x, half, share, false);
}

char *value_change(char *buf, size_t size, const struct kpi_def *def, double x, double half, bool share)
{
	return put_value(buf, size, def, fabs(x), half, share, true);
}

char *value_bounds(char *buf, size_t size, const struct kpi_def *def, const struct interval *i, bool share, bool difference)
{
	struct scale sc = scale_for(def, fabs(i->mean), share, difference);
	double half = (i->high - i->low) / 2, low = i->low, high = i->high;
	int digits = digits_for(i->mean * sc.factor, half * sc.factor, share && !difference);
	char from[64], to[64];

	*buf = '\0';
	if (!(half > 0))
		return buf;
	if (share && !difference) {
		low = fmax(low, 0);
		high = fmin(high, 1);
	}
	put_number(from, sizeof from, low * sc.factor, digits);
	put_number(to, sizeof to, high * sc.factor, digits);
	snprintf(buf, size, "%s to %s", from, to);
	return buf;
}
