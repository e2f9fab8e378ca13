/*
 * param - one row per attribute: from it follow binding, default, range check, XSD, reference docs, explain, --set.
 *
 * The XML attribute is the field's name with '_' written as '-'.  Field types by kind:
 *   PARAM_QUANTITY  simtime_t (DIM_TIME), uint64_t (DIM_COUNT, DIM_BYTES), double (all others)
 *   PARAM_BOOL      bool       on | off
 *   PARAM_CHOICE    int        index into `choices`
 *   PARAM_TEXT      const char *
 *   PARAM_REF       const struct node *     id of an element named in `refs`
 *   PARAM_FILE      const char *            path, resolved against the file in which it stands; inside the roots
 *   PARAM_POSITION  struct position         `3km 4km` (east, north) or `50.735372N 7.128928E`
 *   PARAM_LIST      struct number_list      quantities of `dim`, separated by ';'
 *   PARAM_INSTANT   int64_t                 seconds since 1970
 *   PARAM_KPI       const char *            name of a KPI of some model
 * dflt NULL: required.  dflt "": optional, no default; absent is NaN, SIM_NEVER (time), 0 (count), NULL (pointers),
 * -1 (choice), and can be told by node_given().
 */
#ifndef SIM_SCENARIO_PARAM_H
#define SIM_SCENARIO_PARAM_H

#include <stddef.h>

#include "sim/scenario/quantity.h"

enum param_kind {
	PARAM_QUANTITY, PARAM_BOOL, PARAM_CHOICE, PARAM_TEXT, PARAM_REF, PARAM_FILE, PARAM_POSITION, PARAM_LIST,
	PARAM_INSTANT, PARAM_KPI
};

struct position { double a, b; bool wgs84; bool given; };       /* x, y in m; or lat, lon in degrees */
struct number_list { size_t n; union quantity *v; };

struct param {
	const char        *field;       /* attribute name with '_' for '-' */
	enum param_kind    kind;
	enum dimension     dim;
	size_t             offset;
	const char        *dflt;
	const char        *lo, *hi;     /* closed range as text; NULL: the dimension's own bound */
	const char        *doc;
	const char        *source;      /* of the default: standard and clause; starts with "[M]" where unverified; NULL: choice of ours */
	const char *const *choices;     /* PARAM_CHOICE: NULL-terminated */
	const char        *refs;        /* PARAM_REF: element names, separated by blanks */
};

#define PARAM_Q_(S, f, d, dflt, lo, hi, doc, src) { #f, PARAM_QUANTITY, d, offsetof(S, f), dflt, lo, hi, doc, src, NULL, NULL }
#define TIME(S, f, dflt, lo, hi, doc, src)      PARAM_Q_(S, f, DIM_TIME, dflt, lo, hi, doc, src)
#define NUMBER(S, f, dflt, lo, hi, doc, src)    PARAM_Q_(S, f, DIM_NUMBER, dflt, lo, hi, doc, src)
#define COUNT(S, f, dflt, lo, hi, doc, src)     PARAM_Q_(S, f, DIM_COUNT, dflt, lo, hi, doc, src)
#define RATIO(S, f, dflt, lo, hi, doc, src)     PARAM_Q_(S, f, DIM_RATIO, dflt, lo, hi, doc, src)
#define LENGTH(S, f, dflt, lo, hi, doc, src)    PARAM_Q_(S, f, DIM_LENGTH, dflt, lo, hi, doc, src)
#define FREQUENCY(S, f, dflt, lo, hi, doc, src) PARAM_Q_(S, f, DIM_FREQUENCY, dflt, lo, hi, doc, src)
#define DBM(S, f, dflt, lo, hi, doc, src)       PARAM_Q_(S, f, DIM_POWER_DBM, dflt, lo, hi, doc, src)
#define DB(S, f, dflt, lo, hi, doc, src)        PARAM_Q_(S, f, DIM_GAIN_DB, dflt, lo, hi, doc, src)
#define WATT(S, f, dflt, lo, hi, doc, src)      PARAM_Q_(S, f, DIM_POWER, dflt, lo, hi, doc, src)
#define JOULE(S, f, dflt, lo, hi, doc, src)     PARAM_Q_(S, f, DIM_ENERGY, dflt, lo, hi, doc, src)
#define AMPERE(S, f, dflt, lo, hi, doc, src)    PARAM_Q_(S, f, DIM_CURRENT, dflt, lo, hi, doc, src)
#define VOLT(S, f, dflt, lo, hi, doc, src)      PARAM_Q_(S, f, DIM_VOLTAGE, dflt, lo, hi, doc, src)
#define BYTES(S, f, dflt, lo, hi, doc, src)     PARAM_Q_(S, f, DIM_BYTES, dflt, lo, hi, doc, src)
#define BITRATE(S, f, dflt, lo, hi, doc, src)   PARAM_Q_(S, f, DIM_BITRATE, dflt, lo, hi, doc, src)
#define RATE(S, f, dflt, lo, hi, doc, src)      PARAM_Q_(S, f, DIM_RATE, dflt, lo, hi, doc, src)
#define SPEED(S, f, dflt, lo, hi, doc, src)     PARAM_Q_(S, f, DIM_SPEED, dflt, lo, hi, doc, src)
#define MONEY(S, f, dim, dflt, doc, src)        PARAM_Q_(S, f, dim, dflt, NULL, NULL, doc, src)
#define ANGLE(S, f, dflt, lo, hi, doc, src)     PARAM_Q_(S, f, DIM_ANGLE, dflt, lo, hi, doc, src)
#define ACCELERATION(S, f, dflt, lo, hi, doc, src)     PARAM_Q_(S, f, DIM_ACCELERATION, dflt, lo, hi, doc, src)
#define TEMPERATURE(S, f, dflt, lo, hi, doc, src) PARAM_Q_(S, f, DIM_TEMPERATURE, dflt, lo, hi, doc, src)
#define BOOL(S, f, dflt, doc, src)              { #f, PARAM_BOOL, DIM_NUMBER, offsetof(S, f), dflt, NULL, NULL, doc, src, NULL, NULL }
#define CHOICE(S, f, dflt, names, doc, src)     { #f, PARAM_CHOICE, DIM_NUMBER, offsetof(S, f), dflt, NULL, NULL, doc, src, names, NULL }
#define TEXT(S, f, dflt, doc, src)              { #f, PARAM_TEXT, DIM_NUMBER, offsetof(S, f), dflt, NULL, NULL, doc, src, NULL, NULL }
#define REF(S, f, dflt, elements, doc)          { #f, PARAM_REF, DIM_NUMBER, offsetof(S, f), dflt, NULL, NULL, doc, NULL, NULL, elements }
#define FILEPATH(S, f, dflt, doc)               { #f, PARAM_FILE, DIM_NUMBER, offsetof(S, f), dflt, NULL, NULL, doc, NULL, NULL, NULL }
#define POSITION(S, f, dflt, doc)               { #f, PARAM_POSITION, DIM_LENGTH, offsetof(S, f), dflt, NULL, NULL, doc, NULL, NULL, NULL }
#define LIST(S, f, dim, dflt, lo, hi, doc, src) { #f, PARAM_LIST, dim, offsetof(S, f), dflt, lo, hi, doc, src, NULL, NULL }
#define INSTANT(S, f, dflt, doc)                { #f, PARAM_INSTANT, DIM_NUMBER, offsetof(S, f), dflt, NULL, NULL, doc, NULL, NULL, NULL }
#define KPINAME(S, f, dflt, doc)                { #f, PARAM_KPI, DIM_NUMBER, offsetof(S, f), dflt, NULL, NULL, doc, NULL, NULL, NULL }

/* `3km 4km` or `50.735372N 7.128928E`; false: it is neither. */
bool position_parse(const char *text, struct position *pos);

/* The attribute's name as in XML, into buf (64 bytes suffice); returns buf. */
char *param_name(const struct param *p, char *buf, unsigned size);

#endif
