/* Numbers and texts as people and files want them. */
#include <math.h>
#include <string.h>

#include "sim/output/output_private.h"

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = { "", "met", "missed", "undecided" };

	return names[v];
}

/* %g with so many significant digits, but never an exponent for everyday numbers, and thousands apart by blanks. */
static void plain(double v, int digits, char *buf, size_t size)
{
	char raw[64], out[96];
	double a = fabs(v);

	if (v == 0) {
		snprintf(buf, size, "0");
		return;
	}
	if (a >= 1e15 || a < 1e-4) {
		snprintf(buf, size, "%.*g", digits, v);
		return;
	}
	int decimals = digits - 1 - (int)floor(log10(a));
	snprintf(raw, sizeof raw, "%.*f", decimals > 0 ? decimals : 0, v);
	size_t whole = strcspn(raw, "."), start = raw[0] == '-', o = 0;
	for (size_t i = 0; raw[i] && o + 2 < sizeof out; i++) {
		if (i > start && i < whole && (whole - i) % 3 == 0 && whole - start > 4)
			out[o++] = ' ';
		out[o++] = raw[i];
	}
	out[o] = '\0';
	snprintf(buf, size, "%s", out);
}

char *human_count(double n, char *buf, size_t size)
{
	char raw[64];

	snprintf(raw, sizeof raw, "%.0f", n);
	plain(n, (int)strlen(raw) + 1, buf, size);
	char *dot = strchr(buf, '.');
	if (dot)
		*dot = '\0';
	return buf;
}

/* Seconds and joules choose their prefix; ratios are shares. */
char *human(const char *unit, double value, int digits, char *buf, size_t size)
{
	static const struct {
		const char *unit, *shown;
		double factor;
	} scales[] = { { "s", "d", 86400 * 2 }, { "s", "h", 3600 * 2 }, { "s", "min", 120 }, { "s", "s", 1 },
		       { "s", "ms", 1e-3 },     { "s", "us", 1e-6 },    { "J", "kJ", 1e3 },  { "J", "J", 1 },
		       { "J", "mJ", 1e-3 },     { "J", "uJ", 1e-6 } };
	static const double factor[] = { 86400, 3600, 60, 1, 1e-3, 1e-6, 1e3, 1, 1e-3, 1e-6 };
	char number[96];

	if (strcmp(unit, "1") == 0) {
		plain(100 * value, digits, number, sizeof number);
		snprintf(buf, size, "%s %%", number);
		return buf;
	}
	for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++)
		if (strcmp(unit, scales[i].unit) == 0 && value != 0 && fabs(value) >= scales[i].factor) {
			plain(value / factor[i], digits, number, sizeof number);
			snprintf(buf, size, "%s %s", number, scales[i].shown);
			return buf;
		}
	plain(value, digits, number, sizeof number);
	snprintf(buf, size, "%s%s%s", number, unit[0] && strcmp(unit, "n") != 0 ? " " : "",
		 strcmp(unit, "n") != 0 ? unit : "");
	return buf;
}

/* KPIs of unit 1 that are not shares (frames per message, spreading factor) are plain numbers. */
static const char *shown_unit(const struct kpi_result *k)
{
	if (strcmp(k->def->unit, "1") == 0 && fmax(k->mean, isnan(k->ci_high) ? k->mean : k->ci_high) > 1.5)
		return "n";
	return k->def->unit;
}

/* So many digits that the last is a tenth of the half-width; 3 or 4, and 4 where there is no interval. */
static int digits_of(const struct kpi_result *k)
{
	double half = 0.5 * (k->ci_high - k->ci_low);

	if (isnan(half) || half <= 0 || k->mean == 0)
		return 4;
	int d = (int)ceil(log10(fabs(k->mean) / half)) + 1;
	return d < 3 ? 3 : d > 4 ? 4 : d;
}

char *human_mean(const struct kpi_result *k, char *buf, size_t size)
{
	return human(shown_unit(k), k->mean, digits_of(k), buf, size);
}

char *human_interval(const struct kpi_result *k, char *buf, size_t size)
{
	char lo[96], hi[96];

	if (isnan(k->ci_low)) {
		snprintf(buf, size, "-");
		return buf;
	}
	human(shown_unit(k), k->ci_low, digits_of(k), lo, sizeof lo);
	human(shown_unit(k), k->ci_high, digits_of(k), hi, sizeof hi);
	/* "97.1 .. 97.5 %": the unit once, where both have the same */
	char *a = strrchr(lo, ' '), *b = strrchr(hi, ' ');
	if (a && b && strcmp(a, b) == 0)
		*a = '\0';
	snprintf(buf, size, "%s .. %s", lo, hi);
	return buf;
}

void xml_escape(FILE *f, const char *text)
{
	for (; text && *text; text++)
		switch (*text) {
		case '&': fputs("&amp;", f); break;
		case '<': fputs("&lt;", f); break;
		case '>': fputs("&gt;", f); break;
		case '"': fputs("&quot;", f); break;
		case '\'': fputs("&#39;", f); break;
		default: fputc(*text, f);
		}
}

void csv_field(FILE *f, const char *text)
{
	if (!text[strcspn(text, ",\"\n\r")]) {
		fputs(text, f);
		return;
	}
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', f);
		fputc(*text, f);
	}
	fputc('"', f);
}
