#include "sim/output/text.h"

#include <math.h>
#include <string.h>
#include <time.h>

const struct type_style plain_style = { " ", " ", "-", " to " };
const struct type_style page_style = { "\u202f", "\u202f", "\u2212", "\u2009\u2013\u2009" };

enum { SECONDS_A_YEAR = 31557600 };

static struct scale scale_time(double s)
{
	if (s > 0 && s < 1e-3)
		return (struct scale){ 1e6, "\u00b5s" };
	if (s > 0 && s < 1)
		return (struct scale){ 1e3, "ms" };
	if (s < 120)
		return (struct scale){ 1, "s" };
	if (s < 7200)
		return (struct scale){ 1.0 / 60, "min" };
	if (s < 172800)
		return (struct scale){ 1.0 / 3600, "h" };
	if (s < 2.0 * SECONDS_A_YEAR)
		return (struct scale){ 1.0 / 86400, "d" };
	return (struct scale){ 1.0 / SECONDS_A_YEAR, "yr" };
}

struct scale scale_of(const char *unit, double magnitude, bool percent)
{
	static const struct {
		const char *unit;
		double from, factor;
		const char *as;
	} prefixes[] = {
		{ "J", 1e6, 1e-6, "MJ" }, { "J", 1e3, 1e-3, "kJ" },         { "J", 1, 1, "J" },
		{ "J", 1e-3, 1e3, "mJ" }, { "J", 0, 1e6, "\u00b5J" },       { "W", 1, 1, "W" },
		{ "W", 1e-3, 1e3, "mW" }, { "W", 0, 1e6, "\u00b5W" },       { "B", 1e9, 1e-9, "GB" },
		{ "B", 1e6, 1e-6, "MB" }, { "B", 1e4, 1e-3, "kB" },         { "yr", 0.5, 1, "yr" },
		{ "yr", 0, 365.25, "d" }, { "bit/s", 1e6, 1e-6, "Mbit/s" }, { "bit/s", 1e4, 1e-3, "kbit/s" },
	};
	double size = fabs(magnitude);

	if (!unit || strcmp(unit, "1") == 0)
		return percent ? (struct scale){ 100, "%" } : (struct scale){ 1, "" };
	if (strncmp(unit, "1/", 2) == 0) /* "4427 /h", not "4427 1/h" */
		return (struct scale){ 1, unit + 1 };
	if (strcmp(unit, "s") == 0)
		return scale_time(size);
	for (size_t i = 0; size > 0 && i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strcmp(unit, prefixes[i].unit) == 0 && size >= prefixes[i].from)
			return (struct scale){ prefixes[i].factor, prefixes[i].as };
	return (struct scale){ 1, unit };
}

static int place_of(double x)
{
	return (int)floor(log10(fabs(x)) + 1e-9);
}

int digits_of(double mean, double half, bool percent)
{
	int digits = 0;

	if (!isfinite(mean))
		return 0;
	if (half > 0 && isfinite(half)) {
		/* Down to the half-width's first figure, two where that is small; never more than four figures in all,
		 * which of a percentage near 100 are those of what is missing. */
		double size = percent && mean > 50 && mean < 100 ? 100 - mean : mean;
		digits = -place_of(half) + (half / pow(10, place_of(half)) < 3.5);
		int most = size != 0 ? 3 - place_of(size) : digits;
		if (digits > most)
			digits = most;
	} else if (percent) {
		double left = 100 - mean;
		digits = left > 0 && left < 1 ? 1 - place_of(left) : 1;
		if (mean == 0 || mean == 100)
			digits = 0;
		else if (mean > 0 && mean < 10)
			digits = 2 - place_of(mean);
	} else if (mean != 0) {
		digits = 2 - place_of(mean);
		if (fabs(mean - round(mean)) < 1e-9 * fabs(mean))
			digits = 0;
	}
	return digits < 0 ? 0 : digits > 6 ? 6 : digits;
}

/* A share says what is divided by what, or that it is one; a number of things does neither. */
static bool defined_as_a_share(const char *definition)
{
	static const char *const words[] = { "\u00f7", " / ", "share" };

	for (size_t i = 0; definition && i < sizeof words / sizeof words[0]; i++)
		if (strstr(definition, words[i]))
			return true;
	return false;
}

/* Words in a KPI's name that tell a number of things from a share of them. */
static bool names_a_number(const char *name)
{
	static const char *const words[] = { "-per-", "mean-", "-count", "-number", "-requests" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

bool is_share(const struct kpi_def *def, double least, double largest)
{
	if (strcmp(def->unit, "1") != 0 || names_a_number(def->name) || !defined_as_a_share(def->definition))
		return false;
	return !(largest > 1 + 1e-9) && !(least < 0);
}

bool kpi_is_share(const struct outcome *o, const struct kpi_def *def)
{
	double least = NAN, largest = NAN;

	for (size_t i = 0; i < o->n_kpis; i++)
		if (o->kpis[i].def == def) {
			least = fmin(least, o->kpis[i].mean);
			largest = fmax(largest, o->kpis[i].mean);
		}
	return is_share(def, least, largest);
}

char *show_number(char *buf, double x, int digits, const struct type_style *st)
{
	char plain[64];
	size_t at = 0;

	if (!isfinite(x)) {
		snprintf(buf, SHOWN, "%s", isnan(x) ? "-" : x > 0 ? "infinite" : "-infinite");
		return buf;
	}
	if (fabs(x) >= 1e15 || (x != 0 && fabs(x) < 0.5 * pow(10, -digits) && digits >= 6)) {
		snprintf(buf, SHOWN, "%.3g", x);
		return buf;
	}
	snprintf(plain, sizeof plain, "%.*f", digits, fabs(x));
	size_t whole = strcspn(plain, ".");
	if (x < 0 && strspn(plain, "0.") != strlen(plain))
		at += (size_t)snprintf(buf, SHOWN, "%s", st->minus);
	for (size_t i = 0; plain[i] && at + 8 < SHOWN; i++) {
		if (i && i < whole && whole > 4 && (whole - i) % 3 == 0)
			at += (size_t)snprintf(buf + at, SHOWN - at, "%s", st->thousands);
		buf[at++] = plain[i];
	}
	buf[at] = '\0';
	return buf;
}

char *show_count(char *buf, double x, const struct type_style *st)
{
	return show_number(buf, x, fabs(x - round(x)) <= 1e-9 * fabs(x) || fabs(x) >= 1000 ? 0 : 1, st);
}

static void add_unit(char *buf, const char *unit, const struct type_style *st)
{
	size_t at = strlen(buf);

	if (*unit)
		snprintf(buf + at, SHOWN - at, "%s%s", st->gap, unit);
}

char *show_quantity(char *buf, const char *unit, double x, const struct type_style *st)
{
	struct scale sc = scale_of(unit, x, false);

	show_number(buf, x * sc.factor, digits_of(x * sc.factor, NAN, false), st);
	add_unit(buf, sc.unit, st);
	return buf;
}

char *show_seconds(char *buf, double s, const struct type_style *st)
{
	return show_quantity(buf, "s", s, st);
}

/* How an estimate is shown: unit and digits. */
struct format { struct scale sc; int digits; };

static double half_of(const struct estimate *e)
{
	return (e->high - e->low) / 2;
}

/* A difference may be next to nothing, and its interval is not: the larger one says which unit suits both. */
static struct format format_of(const struct estimate *e)
{
	bool percent = e->share && !e->difference;
	double size = e->difference ? fmax(fabs(e->mean), half_of(e)) : e->mean;
	struct format f = { scale_of(e->unit, size, percent), 0 };

	if (e->share && e->difference)
		f.sc = (struct scale){ 100, "pp" };
	f.digits = digits_of(e->mean * f.sc.factor, half_of(e) * f.sc.factor, percent);
	return f;
}

char *show_estimate(char *buf, const struct estimate *e, const struct type_style *st)
{
	struct format f = format_of(e);

	if (isnan(e->mean)) {
		snprintf(buf, SHOWN, "nothing to count");
		return buf;
	}
	show_number(buf, e->mean * f.sc.factor, f.digits, st);
	add_unit(buf, f.sc.unit, st);
	return buf;
}

/* Student's interval knows no bounds; a share and a duration have them, and are shown within. */
static bool cannot_be_negative(const char *unit)
{
	static const char *const units[] = { "1", "s", "J", "B", "W", "yr" };

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(unit, units[i]) == 0)
			return true;
	return false;
}

bool estimate_bounds(const struct estimate *e, double *low, double *high)
{
	*low = *high = e->mean;
	if (isnan(e->low) || isnan(e->high))
		return false;
	*low = e->low;
	*high = e->high;
	if (!e->difference) {
		*low = cannot_be_negative(e->unit) ? fmax(*low, fmin(e->mean, 0)) : *low;
		*high = e->share ? fmin(*high, 1) : *high;
	}
	return true;
}

char *show_bounds(char *buf, const struct estimate *e, const struct type_style *st)
{
	struct format f = format_of(e);
	double from, to;
	char high[SHOWN];

	*buf = '\0';
	if (!estimate_bounds(e, &from, &to))
		return buf;
	show_number(buf, from * f.sc.factor, f.digits, st);
	show_number(high, to * f.sc.factor, f.digits, st);
	size_t at = strlen(buf);
	snprintf(buf + at, SHOWN - at, "%s%s", st->to, high);
	return buf;
}

char *show_margin(char *buf, const struct estimate *e, const struct type_style *st)
{
	struct format f = format_of(e);
	double half = half_of(e) * f.sc.factor, least = pow(10, -f.digits);

	*buf = '\0';
	if (isnan(half))
		return buf;
	if (half > 0 && half < least / 2) { /* "0.000" would say that there is no chance in it */
		int at = snprintf(buf, SHOWN, "<%s", st->gap);
		show_number(buf + at, least, f.digits, st);
	} else {
		show_number(buf, half, f.digits, st);
	}
	return buf;
}

struct estimate kpi_estimate(const struct outcome *o, const struct kpi_result *k)
{
	return (struct estimate){ k->def->unit, kpi_is_share(o, k->def), false, k->mean, k->ci_low, k->ci_high };
}

char *show_mean(char *buf, const struct outcome *o, const struct kpi_result *k, const struct type_style *st)
{
	struct estimate e = kpi_estimate(o, k);

	return show_estimate(buf, &e, st);
}

char *show_interval(char *buf, const struct outcome *o, const struct kpi_result *k, const struct type_style *st)
{
	struct estimate e = kpi_estimate(o, k);

	return show_bounds(buf, &e, st);
}

char *show_half(char *buf, const struct outcome *o, const struct kpi_result *k, const struct type_style *st)
{
	struct estimate e = kpi_estimate(o, k);

	return show_margin(buf, &e, st);
}

bool kpi_interval(const struct outcome *o, const struct kpi_result *k, double *low, double *high)
{
	struct estimate e = kpi_estimate(o, k);

	return estimate_bounds(&e, low, high);
}

bool show_silent(char *buf, const struct outcome *o, const struct type_style *st)
{
	const struct kpi_result *k = outcome_kpi(o, "connectivity.connected-ratio", "all");

	if (!k || !(k->mean < 1))
		return false;
	show_number(buf, 100 * (1 - k->mean), digits_of(100 * (1 - k->mean), 100 * (k->ci_high - k->ci_low) / 2, true), st);
	add_unit(buf, "%", st);
	return true;
}

static const char *const verdicts[] = {
	[VERDICT_NONE] = "", [VERDICT_MET] = "met", [VERDICT_MISSED] = "missed", [VERDICT_UNDECIDED] = "undecided"
};

const char *verdict_name(enum verdict v)
{
	return verdicts[v];
}

enum verdict verdict_of(const char *name)
{
	for (int i = 0; i < (int)(sizeof verdicts / sizeof verdicts[0]); i++)
		if (strcmp(verdicts[i], name) == 0)
			return (enum verdict)i;
	return VERDICT_NONE;
}

char *group_kind(char *buf, size_t size, const char *group)
{
	size_t at = 0;

	*buf = '\0';
	while (*group && at + 1 < size) {
		size_t whole = strcspn(group, ";"), key = strcspn(group, "=;");
		if (key < whole) {
			int n = snprintf(buf + at, size - at, "%s%.*s", at ? ";" : "", (int)key, group);
			at += n > 0 ? (size_t)n : 0;
		}
		group += whole + (group[whole] == ';');
	}
	return buf;
}

char *show_kind(char *buf, size_t size, const char *kind)
{
	size_t at = 0;

	*buf = '\0';
	for (; *kind && at + sizeof " and " < size; kind++) {
		int n = *kind == ';' ? snprintf(buf + at, size - at, " and ") : snprintf(buf + at, size - at, "%c", *kind);
		at += n > 0 ? (size_t)n : 0;
	}
	return buf;
}

char *show_group(char *buf, size_t size, const char *group)
{
	snprintf(buf, size, "%s", strcmp(group, "all") == 0 ? "all devices" : group);
	for (char *c = buf; *c; c++)
		if (*c == '=')
			*c = ' ';
		else if (*c == ';')
			*c = ',';
	return buf;
}

char *show_target(char *buf, size_t size, const char *text)
{
	static const struct {
		const char *given, *shown;
	} signs[] = { { ">=", "\u2265" }, { "<=", "\u2264" }, { ">", ">" }, { "<", "<" } };
	size_t at = 0;

	*buf = '\0';
	for (size_t i = 0; i < sizeof signs / sizeof signs[0] && at == 0; i++)
		if (strncmp(text, signs[i].given, strlen(signs[i].given)) == 0) {
			at = (size_t)snprintf(buf, size, "%s\u202f", signs[i].shown);
			text += strlen(signs[i].given);
			text += strspn(text, " ");
		}
	for (const char *c = text; *c && at + 8 < size; c++) {
		bool unit = c > text && c[-1] >= '0' && c[-1] <= '9' && strchr("+-.,0123456789: eE", *c) == NULL;
		at += (size_t)snprintf(buf + at, size - at, "%s%c", unit ? "\u202f" : "", *c);
	}
	return buf;
}

const char *group_label(const char *group)
{
	const char *equals = strchr(group, '=');

	return equals && !strchr(group, ';') ? equals + 1 : group;
}

char *show_instant(char *buf, int64_t unix_seconds)
{
	time_t t = (time_t)unix_seconds;
	struct tm utc;
	char date[48];

	gmtime_r(&t, &utc);
	strftime(date, sizeof date, "%b %Y %H:%M UTC", &utc);
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	snprintf(buf, SHOWN, "%s %d %s", days[utc.tm_wday], utc.tm_mday, date);
	return buf;
}
