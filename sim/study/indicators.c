/* The indicators of U4SSC, their places and their checks. */
#include "sim/study/indicators.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario/scenario.h"

const struct indicator_group dimensions[DIMENSIONS] = {
	{ "EC", "Economy" },
	{ "EN", "Environment" },
	{ "SC", "Society and culture" },
};

const struct indicator_group sub_dimensions[SUB_DIMENSIONS] = {
	{ "EC: ICT", "ICT" },
	{ "EC: P", "Productivity" },
	{ "EC: I", "Infrastructure" },
	{ "EN: EN", "Environment" },
	{ "EN: E", "Energy" },
	{ "SC: EH", "Education, health and culture" },
	{ "SC: SH", "Safety, housing and social inclusion" },
};

const struct indicator_group categories[CATEGORIES] = {
	{ "ICT", "ICT infrastructure" },
	{ "WS", "Water and sanitation" },
	{ "D", "Drainage" },
	{ "ES", "Electricity supply" },
	{ "T", "Transport" },
	{ "PS", "Public sector" },
	{ "IN", "Innovation" },
	{ "EM", "Employment" },
	{ "WA", "Waste" },
	{ "B", "Buildings" },
	{ "UP", "Urban planning" },
	{ "AQ", "Air quality" },
	{ "EQ", "Environmental quality" },
	{ "PSN", "Public space and nature" },
	{ "E", "Energy" },
	{ "ED", "Education" },
	{ "H", "Health" },
	{ "C", "Culture" },
	{ "HO", "Housing" },
	{ "SI", "Social inclusion" },
	{ "SA", "Safety" },
	{ "FS", "Food security" },
};

/* A share of a whole: more is better, all of it is the target.  None states that target but for those that say so. */
#define SHARE(code, name, numerator, denominator, sdg, code_mark, formula_mark, sdg_mark, source)                          \
	{ code, name, "%", BETTER_MORE, 100, 100, numerator, denominator, sdg, code_mark, formula_mark, MARK_OURS, sdg_mark, source }
/* What is known by name, unit and target alone. */
#define NAMED(c, n, u, b, full, m, ...)                                                                                  \
	{ .code = c, .name = n, .unit = u, .better = b, .benchmark = full, .most = m, .code_mark = MARK_SECOND, .source = "UP, KT", __VA_ARGS__ }
#define TARGET(t)                       .sdg = t, .sdg_mark = MARK_SECOND
#define NO_TARGET                       .sdg = NULL
/* A share that has no natural target: how much is enough is the city's to say.  One of which all is the target.  Anything else. */
#define PART(c, n, b, target)           NAMED(c, n, "%", b, NAN, 100, target)
#define WHOLE(c, n, target)             NAMED(c, n, "%", BETTER_MORE, 100, 100, .benchmark_mark = MARK_OURS, target)
#define OPEN(c, n, u, b, target)        NAMED(c, n, u, b, NAN, NAN, target)

const struct indicator indicators[] = {
	SHARE("EC: ICT: ICT: 1C", "Household internet access", "households with access to the internet", "households", "17.8", MARK_READ,
	      MARK_READ, MARK_READ, "UC 23, UV 33-34"),
	{ "EC: ICT: ICT: 2C", "Fixed broadband subscriptions", "%", BETTER_MORE, 60, NAN, "fixed subscriptions of 256 kbit/s or more",
	  "households", "17.6 17.8", MARK_READ, MARK_READ, MARK_READ, MARK_READ, "UV 35-36; benchmark UF Mashhad 15" },
	{ "EC: ICT: ICT: 3C", "Wireless broadband subscriptions", "/100k", BETTER_MORE, NAN, NAN, "wireless broadband subscriptions",
	  "inhabitants", "9.c", MARK_SECOND, MARK_MEMORY, MARK_NONE, MARK_MEMORY, "UP; unit UF Karmoy 14" },
	SHARE("EC: ICT: ICT: 4C - 3G", "Wireless broadband coverage: 3G", "area served by 3G", "area of the city", "9.c", MARK_SECOND,
	      MARK_MEMORY, MARK_MEMORY, "UP; name UF Karmoy 14"),
	SHARE("EC: ICT: ICT: 4C - 4G", "Wireless broadband coverage: 4G", "area served by 4G", "area of the city", "9.c", MARK_SECOND,
	      MARK_MEMORY, MARK_MEMORY, "UP; name UF Karmoy 14"),
	{ "EC: ICT: ICT: 5A", "Availability of Wi-Fi in public areas", "1", BETTER_MORE, NAN, NAN, "hotspots", NULL, "9.c", MARK_SECOND,
	  MARK_READ, MARK_READ, MARK_MEMORY, "KT (UP has it as 5C); count without benchmark UF Karmoy 14" },
	SHARE("EC: ICT: WS: 1C", "Smart water meters", "smart water meters", "water meters", "6.4", MARK_SECOND, MARK_SECOND, MARK_MEMORY,
	      "UP; name UF Karmoy 14"),
	SHARE("EC: ICT: WS: 2A", "Water supply ICT monitoring", "km of the distribution system monitored by ICT", "km of it",
	      "6.4", MARK_SECOND, MARK_SECOND, MARK_MEMORY, "UP; name UF Karmoy 14"),
	SHARE("EC: ICT: D: 1A", "Drainage / storm water system ICT monitoring", "km of the system monitored by ICT", "km of it",
	      "6.2", MARK_READ, MARK_READ, MARK_READ, "UV 43"),
	SHARE("EC: ICT: ES: 1C", "Smart electricity meters", "smart electricity meters", "electricity meters", "7.3", MARK_READ, MARK_READ,
	      MARK_READ, "UV 44"),
	SHARE("EC: ICT: ES: 2A", "Electricity supply ICT monitoring", "km of supply lines monitored by ICT", "km of them",
	      "7.1", MARK_SECOND, MARK_MEMORY, MARK_MEMORY, "UP"),
	SHARE("EC: ICT: ES: 3A", "Demand response penetration", "customers with demand response", "customers", "7.3",
	      MARK_SECOND, MARK_SECOND, MARK_MEMORY, "UP"),
	SHARE("EC: ICT: T: 1C", "Dynamic public transport information", "stops and stations with dynamic information",
	      "stops and stations", "11.2", MARK_READ, MARK_READ, MARK_READ, "UV 48"),
	SHARE("EC: ICT: T: 2C", "Traffic monitoring", "km of major streets monitored by ICT", "km of major streets",
	      "11.2", MARK_READ, MARK_READ, MARK_READ, "UV 49"),
	SHARE("EC: ICT: T: 3A", "Intersection control", "intersections with adaptive traffic control",
	      "signal-controlled intersections", "11.2", MARK_READ, MARK_READ, MARK_READ, "UV 50"),
	WHOLE("EC: ICT: PS: 1A - percent", "Open data published", TARGET("16.6 16.7")),
	OPEN("EC: ICT: PS: 1A - number", "Open data sets published", "1", BETTER_MORE, TARGET("16.6 16.7")),
	OPEN("EC: ICT: PS: 2A", "e-Government services", "1", BETTER_MORE, TARGET("16.6 16.7")),
	WHOLE("EC: ICT: PS: 3A", "Public sector e-procurement", TARGET("16.6 16.7")),

	PART("EC: P: IN: 1C", "R&D expenditure of the city's GDP", BETTER_MORE, NO_TARGET),
	OPEN("EC: P: IN: 2C", "Patents granted in a year", "/100k", BETTER_MORE, NO_TARGET),
	PART("EC: P: IN: 3A", "Small and medium-sized enterprises", BETTER_MORE, NO_TARGET),
	PART("EC: P: EM: 1C", "Unemployment rate", BETTER_LESS, NO_TARGET),
	PART("EC: P: EM: 2C", "Youth unemployment rate", BETTER_LESS, NO_TARGET),
	PART("EC: P: EM: 3A", "Tourism industry employment", BETTER_MORE, NO_TARGET),
	PART("EC: P: EM: 4A", "ICT sector employment", BETTER_MORE, NO_TARGET),

	SHARE("EC: I: WS: 1C", "Basic water supply", "households with access to a basic water supply", "households", "6.1", MARK_SECOND,
	      MARK_SECOND, MARK_MEMORY, "UP; name UF Karmoy 14"),
	SHARE("EC: I: WS: 2C", "Potable water supply", "households with a safely managed drinking water service",
	      "households", "6.1", MARK_SECOND, MARK_SECOND, MARK_READ, "UP; SDG UV 68"),
	{ "EC: I: WS: 3C", "Water supply loss", "%", BETTER_LESS, NAN, 100, "water lost between supply and customers",
	  "water supplied", "6.4", MARK_SECOND, MARK_MEMORY, MARK_NONE, MARK_MEMORY, "UP; name UF Karmoy 14" },
	SHARE("EC: I: WS: 4C", "Wastewater collection", "households served by wastewater collection", "households",
	      "6.2", MARK_SECOND, MARK_MEMORY, MARK_MEMORY, "UP; name UF Karmoy 14"),
	SHARE("EC: I: WS: 5C", "Household sanitation", "households with access to basic sanitation facilities", "households",
	      "6.2", MARK_SECOND, MARK_READ, MARK_READ, "UP; formula and SDG UV 73"),
	WHOLE("EC: I: WA: 1C", "Solid waste collection", TARGET("11.6")),
	{ "EC: I: ES: 1C", "Electricity system outage frequency (SAIFI)", "/yr", BETTER_LESS, NAN, NAN,
	  "interruptions of customers in 12 months", "customers served", "7.1", MARK_READ, MARK_READ, MARK_NONE, MARK_READ, "UV 75" },
	{ "EC: I: ES: 2C", "Electricity system outage time (CAIDI)", "min", BETTER_LESS, NAN, NAN,
	  "minutes of all interruptions of customers", "interruptions of customers", "7.1", MARK_READ, MARK_READ, MARK_NONE,
	  MARK_READ, "UV 76" },
	WHOLE("EC: I: ES: 3C", "Access to electricity", NO_TARGET),
	OPEN("EC: I: T: 1C", "Public transport network", "km/100k", BETTER_MORE, TARGET("11.2")),
	WHOLE("EC: I: T: 2A", "Public transport network convenience", TARGET("11.2")),
	OPEN("EC: I: T: 3C", "Bicycle network", "km/100k", BETTER_MORE, TARGET("11.2")),
	PART("EC: I: T: 4A - private", "Transportation mode share: private vehicles", BETTER_UNSTATED, TARGET("11.2")),
	PART("EC: I: T: 4A - public", "Transportation mode share: public transport", BETTER_UNSTATED, TARGET("11.2")),
	PART("EC: I: T: 4A - walking", "Transportation mode share: walking", BETTER_UNSTATED, TARGET("11.2")),
	PART("EC: I: T: 4A - cycling", "Transportation mode share: cycling", BETTER_UNSTATED, TARGET("11.2")),
	PART("EC: I: T: 4A - para", "Transportation mode share: para transport", BETTER_UNSTATED, TARGET("11.2")),
	OPEN("EC: I: T: 5A", "Travel time index", "1", BETTER_LESS, TARGET("11.2")),
	OPEN("EC: I: T: 6A", "Shared bicycles", "/100k", BETTER_MORE, TARGET("11.2")),
	OPEN("EC: I: T: 7A", "Shared vehicles", "/100k", BETTER_MORE, TARGET("11.2")),
	PART("EC: I: T: 8A", "Low-carbon emission passenger vehicles", BETTER_MORE, TARGET("11.2")),
	WHOLE("EC: I: B: 1A", "Public building sustainability", TARGET("11.3")),
	WHOLE("EC: I: B: 2A", "Integrated building management systems in public buildings", TARGET("11.c")),
	PART("EC: I: UP: 1A", "Pedestrian infrastructure", BETTER_MORE, TARGET("11.3")),
	OPEN("EC: I: UP: 2A - compact", "Urban development and spatial planning: compact", "1", BETTER_MORE, TARGET("11.3")),
	OPEN("EC: I: UP: 2A - connected", "Urban development and spatial planning: connected", "1", BETTER_MORE, TARGET("11.3")),
	OPEN("EC: I: UP: 2A - integrated", "Urban development and spatial planning: integrated", "1", BETTER_MORE, TARGET("11.3")),
	OPEN("EC: I: UP: 2A - inclusive", "Urban development and spatial planning: inclusive", "1", BETTER_MORE, TARGET("11.3")),
	OPEN("EC: I: UP: 2A - resilient", "Urban development and spatial planning: resilient", "1", BETTER_MORE, TARGET("11.3")),

	OPEN("EN: EN: AQ: 1C - PM2.5", "Air pollution: PM2.5", "ug/m3", BETTER_LESS, TARGET("11.6")),
	OPEN("EN: EN: AQ: 1C - PM10", "Air pollution: PM10", "ug/m3", BETTER_LESS, TARGET("11.6")),
	OPEN("EN: EN: AQ: 1C - NO2", "Air pollution: NO2", "ug/m3", BETTER_LESS, TARGET("11.6")),
	OPEN("EN: EN: AQ: 1C - SO2", "Air pollution: SO2", "ug/m3", BETTER_LESS, TARGET("11.6")),
	OPEN("EN: EN: AQ: 1C - O3", "Air pollution: O3", "ug/m3", BETTER_LESS, TARGET("11.6")),
	OPEN("EN: EN: AQ: 2C", "Greenhouse gas emissions per inhabitant", "t", BETTER_LESS, TARGET("11.6")),
	WHOLE("EN: EN: WS: 1C", "Drinking water quality", NO_TARGET),
	OPEN("EN: EN: WS: 2C", "Water consumption per inhabitant", "l/d", BETTER_LESS, NO_TARGET),
	PART("EN: EN: WS: 3C", "Fresh water consumption", BETTER_LESS, NO_TARGET),
	PART("EN: EN: WS: 4C - primary", "Wastewater treatment: primary", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WS: 4C - secondary", "Wastewater treatment: secondary", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WS: 4C - tertiary", "Wastewater treatment: tertiary", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WA: 1C - landfill", "Solid waste treatment: sanitary landfill", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WA: 1C - burnt", "Solid waste treatment: burnt openly", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WA: 1C - incinerated", "Solid waste treatment: incinerated", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WA: 1C - open dump", "Solid waste treatment: open dump", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WA: 1C - recycled", "Solid waste treatment: recycled", BETTER_UNSTATED, NO_TARGET),
	PART("EN: EN: WA: 1C - other", "Solid waste treatment: other", BETTER_UNSTATED, NO_TARGET),
	WHOLE("EN: EN: EQ: 1C", "EMF exposure: antenna sites that comply with the guidelines", NO_TARGET),
	PART("EN: EN: EQ: 2A", "Noise exposure", BETTER_LESS, TARGET("11.6")),
	OPEN("EN: EN: PSN: 1C", "Green areas", "ha/100k", BETTER_MORE, TARGET("11.7")),
	WHOLE("EN: EN: PSN: 2A", "Green area accessibility", TARGET("11.7")),
	PART("EN: EN: PSN: 3A", "Protected natural areas", BETTER_MORE, TARGET("14.5 15.1")),
	OPEN("EN: EN: PSN: 4A", "Recreational facilities", "m2/100k", BETTER_MORE, TARGET("11.7")),
	WHOLE("EN: E: E: 1C", "Renewable energy consumption", NO_TARGET),
	OPEN("EN: E: E: 2C", "Electricity consumption per inhabitant", "kWh/yr", BETTER_LESS, NO_TARGET),
	OPEN("EN: E: E: 3C", "Residential thermal energy consumption per inhabitant", "GJ/yr", BETTER_LESS, NO_TARGET),
	OPEN("EN: E: E: 4A", "Public building energy consumption", "kWh/m2/yr", BETTER_LESS, NO_TARGET),

	WHOLE("SC: EH: ED: 1C", "Student ICT access", NO_TARGET),
	WHOLE("SC: EH: ED: 2C", "School enrolment", NO_TARGET),
	OPEN("SC: EH: ED: 3C", "Higher education degrees", "/100k", BETTER_MORE, NO_TARGET),
	WHOLE("SC: EH: ED: 4C", "Adult literacy", NO_TARGET),
	OPEN("SC: EH: H: 1C", "Life expectancy", "yr", BETTER_MORE, NO_TARGET),
	OPEN("SC: EH: H: 2C", "Maternal mortality", "/100k", BETTER_LESS, NO_TARGET),
	OPEN("SC: EH: H: 3C", "Physicians", "/100k", BETTER_MORE, NO_TARGET),
	OPEN("SC: EH: H: 4A", "In-patient hospital beds", "/100k", BETTER_MORE, NO_TARGET),
	WHOLE("SC: EH: H: 5A", "Health insurance / public health coverage", NO_TARGET),
	WHOLE("SC: EH: H: 6A", "Electronic health records", NO_TARGET),
	PART("SC: EH: C: 1C", "Cultural expenditure", BETTER_MORE, TARGET("11.4")),
	OPEN("SC: EH: C: 2A", "Cultural infrastructure", "/100k", BETTER_MORE, TARGET("11.4")),
	PART("SC: SH: HO: 1C", "Informal settlements", BETTER_LESS, TARGET("11.1")),
	PART("SC: SH: HO: 2A", "Expenditure on housing", BETTER_LESS, TARGET("11.1")),
	OPEN("SC: SH: SI: 1C", "Gender income equality", "1", BETTER_MORE, NO_TARGET),
	OPEN("SC: SH: SI: 2C", "Gini coefficient", "1", BETTER_LESS, TARGET("10.2")),
	PART("SC: SH: SI: 3C", "Poverty share", BETTER_LESS, NO_TARGET),
	WHOLE("SC: SH: SI: 4C", "Voter participation", TARGET("11.3 16.7")),
	WHOLE("SC: SH: SI: 5A", "Child care availability", TARGET("10.4")),
	OPEN("SC: SH: SA: 1C", "Natural disaster related deaths", "/100k", BETTER_LESS, TARGET("11.5 13.1")),
	PART("SC: SH: SA: 2C", "Disaster related economic losses of the city's GDP", BETTER_LESS, NO_TARGET),
	{ "SC: SH: SA: 3A", "Resilience plans: infrastructure, risk assessment, finance, technical systems", "1", BETTER_MORE, 4, 4,
	  "plans that are present, of the four", NULL, "11.b", MARK_READ, MARK_READ, MARK_OURS, MARK_SECOND, "UC 121; SDG KT" },
	PART("SC: SH: SA: 4A", "Population living in disaster prone areas", BETTER_LESS, TARGET("11.b")),
	{ "SC: SH: SA: 5A", "Emergency service response time", "min", BETTER_LESS, NAN, NAN, "minutes from call to arrival", "calls", NULL,
	  MARK_SECOND, MARK_MEMORY, MARK_NONE, MARK_NONE, "UP" },
	OPEN("SC: SH: SA: 6C", "Police service", "/100k", BETTER_MORE, NO_TARGET),
	OPEN("SC: SH: SA: 7C", "Fire service", "/100k", BETTER_MORE, NO_TARGET),
	OPEN("SC: SH: SA: 8C", "Violent crime rate", "/100k", BETTER_LESS, TARGET("16.1 16.3")),
	OPEN("SC: SH: SA: 9C", "Traffic fatalities", "/100k", BETTER_LESS, NO_TARGET),
	PART("SC: SH: FS: 1A", "Local food production", BETTER_MORE, NO_TARGET),
};
const size_t n_indicators = sizeof indicators / sizeof indicators[0];

const struct plausibility plausibilities[] = {
	{ "EC: I: WS: 2C", "EC: I: WS: 1C", "more households have potable water than have a basic supply", "UV 68" },
	{ "EC: ICT: ICT: 2C", "EC: ICT: ICT: 1C", "there are more fixed broadband subscriptions than households with internet access",
	  "UV 36: normally fewer" },
	{ "EC: ICT: WS: 1C", "EC: ICT: ES: 1C", "a larger share of the water meters is smart than of the electricity meters",
	  "UV 44: normally a smaller one" },
};
const size_t n_plausibilities = sizeof plausibilities / sizeof plausibilities[0];

const char *sdg_title(const char *target)
{
	static const struct {
		const char *target, *title;
	} titles[] = {
		{ "6.1", "safe drinking water" },
		{ "6.2", "sanitation and hygiene" },
		{ "6.4", "efficient use of water" },
		{ "7.1", "reliable and modern energy" },
		{ "7.3", "energy efficiency" },
		{ "9.c", "access to information and communication" },
		{ "11.2", "transport for all" },
		{ "11.5", "fewer losses by disasters" },
		{ "11.b", "plans for resilience" },
		{ "13.1", "resilience to the climate's hazards" },
		{ "17.6", "access to science and technology" },
		{ "17.8", "use of enabling technology" },
		{ "10.2", "inclusion of all" },
		{ "10.4", "policies for equality" },
		{ "11.1", "housing and basic services" },
		{ "11.3", "inclusive planning" },
		{ "11.4", "cultural and natural heritage" },
		{ "11.6", "air and waste of cities" },
		{ "11.7", "green and public spaces" },
		{ "11.c", "sustainable buildings" },
		{ "14.5", "protected coasts and seas" },
		{ "15.1", "ecosystems on land" },
		{ "16.1", "less violence" },
		{ "16.3", "rule of law" },
		{ "16.6", "accountable institutions" },
		{ "16.7", "participation in decisions" },
	};

	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
		if (strcmp(titles[i].target, target) == 0)
			return titles[i].title;
	return NULL;
}

const char *mark_text(enum mark m)
{
	static const char *const texts[] = {
		[MARK_NONE] = "", [MARK_READ] = "V", [MARK_SECOND] = "V2", [MARK_OURS] = "ours", [MARK_MEMORY] = "M"
	};

	return texts[m];
}

/* Blanks aside. */
static bool same_code(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (isspace((unsigned char)*a))
			a++;
		while (isspace((unsigned char)*b))
			b++;
		if (*a != *b || !*a)
			return *a == *b;
	}
}

const struct indicator *indicator_find(const char *code)
{
	for (size_t i = 0; i < n_indicators; i++)
		if (same_code(indicators[i].code, code))
			return &indicators[i];
	return NULL;
}

const char *indicator_nearest(const char *code)
{
	const char *names[sizeof indicators / sizeof indicators[0]];

	for (size_t i = 0; i < n_indicators; i++)
		names[i] = indicators[i].code;
	return nearest_name(code, names, n_indicators);
}

static int key_index(const struct indicator_group *groups, int n, const char *key)
{
	for (int i = 0; i < n; i++)
		if (same_code(groups[i].key, key))
			return i;
	return -1;
}

struct indicator_place indicator_place(const char *code)
{
	struct indicator_place p = { -1, -1, -1, false };
	char key[64], both[sizeof key], *part[4], *rest = key;

	if (strlen(code) >= sizeof key)
		return p;
	strcpy(key, code);
	for (int i = 0; i < 4; i++)
		if (!(part[i] = strsep(&rest, ":")))
			return p;
	while (isspace((unsigned char)*part[3]))
		part[3]++;
	size_t digits = strspn(part[3], "0123456789");
	if (rest || digits == 0 || (part[3][digits] != 'C' && part[3][digits] != 'A'))
		return p;
	int category = key_index(categories, CATEGORIES, part[2]);
	int dimension = key_index(dimensions, DIMENSIONS, part[0]);
	snprintf(both, sizeof both, "%s:%s", part[0], part[1]);
	int sub = key_index(sub_dimensions, SUB_DIMENSIONS, both);
	if (category < 0 || dimension < 0 || sub < 0)
		return p;
	return (struct indicator_place){ dimension, sub, category, part[3][digits] == 'C' };
}
