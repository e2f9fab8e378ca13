/*
 * The catalogue of provisions.
 *
 * Ids, status, conditions and features of the first 78: ETSI EN 303 645 V3.1.3 (2024-09) Table B.1, as transcribed in public.  The
 * texts are words of ours to recognise a provision by, not the standard's.  Then what other baselines ask beyond it.
 */
#include <stdio.h>
#include <string.h>

#include "models/security/baseline.h"

#define F(f) FEATURE_BIT(f)
#define M(id, clause, needs, paper, text) { id, clause, text, needs, true, paper }
#define R(id, clause, needs, paper, text) { id, clause, text, needs, false, paper }

/* clang-format off */
const struct provision provisions[PROVISIONS] = {
	M("5.0-1", "5.0", 0, true, "says for every provision how it is met, or why not"),

	M("5.1-1", "5.1", F(PASSWORDS), false, "no password that many devices share"),
	M("5.1-2", "5.1", F(PRESET_PASSWORDS), false, "preset passwords cannot be guessed from a pattern"),
	R("5.1-2A", "5.1", 0, false, "passwords follow good practice"),
	M("5.1-3", "5.1", F(CRYPTOGRAPHIC_LOGIN), false, "log-in uses cryptography fit for its purpose"),
	M("5.1-4", "5.1", F(USER_LOGIN), false, "a user can change the credential easily"),
	M("5.1-5", "5.1", F(LOGIN_LIMIT_POSSIBLE) | F(NETWORK_LOGIN), false, "guessing credentials over the network gets nowhere"),

	M("5.2-1", "5.2", 0, true, "a published policy for reporting vulnerabilities"),
	R("5.2-2", "5.2", 0, true, "reports are acted on in time"),
	R("5.2-3", "5.2", 0, true, "the vendor looks for vulnerabilities itself"),

	R("5.3-1", "5.3", F(MUTABLE_SOFTWARE), false, "all its software can be updated"),
	M("5.3-2", "5.3", F(UPDATES_POSSIBLE), false, "a mechanism installs updates securely"),
	M("5.3-3", "5.3", F(UPDATABLE), false, "updating is simple"),
	R("5.3-4A", "5.3", F(UPDATABLE), false, "updates can come by themselves"),
	R("5.3-4B", "5.3", F(AUTOMATIC_UPDATES), false, "and do so unless told otherwise"),
	R("5.3-5", "5.3", F(UPDATABLE), false, "looks for updates at first use and then regularly"),
	R("5.3-6A", "5.3", F(AUTOMATIC_UPDATES), false, "automatic updates can be put off or switched off"),
	R("5.3-6B", "5.3", F(UPDATE_NOTICES), false, "notices of updates can be switched off"),
	M("5.3-7", "5.3", F(UPDATABLE), false, "updates are protected by cryptography fit for its purpose"),
	M("5.3-8", "5.3", F(UPDATE_MECHANISM), true, "security updates come in time"),
	R("5.3-9", "5.3", F(UPDATABLE), false, "the device checks who made an update and that it is whole"),
	M("5.3-10", "5.3", F(NETWORK_UPDATES), false, "updates over the network are trusted for a reason"),
	R("5.3-11", "5.3", F(UPDATE_MECHANISM), false, "says that a security update is due, and against what"),
	R("5.3-12", "5.3", F(UPDATE_MECHANISM), false, "says when an update will interrupt what the device does"),
	M("5.3-13", "5.3", 0, true, "how long it is supported is published"),
	R("5.3-14", "5.3", F(UNUPDATABLE), true, "why it cannot be updated, and when it is replaced, is published"),
	R("5.3-15A", "5.3", F(UNUPDATABLE), false, "what cannot be updated can be isolated"),
	R("5.3-15B", "5.3", F(UNUPDATABLE), false, "what cannot be updated can be replaced"),
	M("5.3-16", "5.3", 0, false, "its model can be told, from a label or an interface"),

	M("5.4-1", "5.4", F(STORED_PARAMETERS), false, "secrets at rest are stored securely"),
	M("5.4-2", "5.4", F(HARD_CODED_IDENTITY), false, "its built-in identity withstands tampering"),
	M("5.4-3", "5.4", 0, false, "no secrets in the source code"),
	M("5.4-4", "5.4", F(KEYS_FOR_UPDATES), false, "keys of updates and services differ from device to device"),

	M("5.5-1", "5.5", 0, false, "talks with cryptography fit for its purpose"),
	R("5.5-2", "5.5", 0, true, "uses implementations that were reviewed"),
	R("5.5-3", "5.5", 0, false, "its cryptography can be replaced"),
	R("5.5-4", "5.5", 0, false, "does nothing over the network for a stranger"),
	M("5.5-5", "5.5", F(REMOTE_CONFIGURATION), false, "is configured over the network only by whom it knows"),
	R("5.5-6", "5.5", F(PARAMETERS_SENT), false, "secrets are encrypted on the way"),
	M("5.5-7", "5.5", F(PARAMETERS_SENT), false, "secrets stay secret on interfaces reached from afar"),
	M("5.5-8", "5.5", F(CRITICAL_PARAMETERS), true, "keys are managed by a secure process"),

	M("5.6-1", "5.6", F(UNUSED_INTERFACES), false, "unused interfaces are off"),
	M("5.6-2", "5.6", 0, false, "tells a stranger next to nothing of its security"),
	R("5.6-3", "5.6", 0, false, "shows no hardware interface without need"),
	M("5.6-4A", "5.6", F(DEBUG_INTERFACES), false, "debugging is off"),
	R("5.6-4B", "5.6", F(DEBUG_PORTS), false, "ports for debugging are closed for good"),
	R("5.6-5", "5.6", 0, false, "runs only the services it needs"),
	R("5.6-6", "5.6", 0, true, "holds only the code it needs"),
	R("5.6-7", "5.6", 0, false, "software has the least rights it needs"),
	R("5.6-8", "5.6", 0, false, "hardware guards access to memory"),
	R("5.6-9", "5.6", 0, true, "is developed by a secure process"),

	R("5.7-1", "5.7", 0, false, "verifies its software when it starts"),
	R("5.7-2", "5.7", F(SECURE_BOOT), false, "tells of changed software, and talks no more than that takes"),

	R("5.8-1", "5.8", F(PERSONAL_DATA_SENT), false, "personal data are confidential on the way"),
	M("5.8-2", "5.8", F(SENSITIVE_DATA_SENT), false, "sensitive personal data are confidential on the way"),
	M("5.8-3", "5.8", F(SENSING), true, "what it senses is documented"),

	R("5.9-1", "5.9", 0, false, "is built for failing networks and power"),
	R("5.9-2", "5.9", 0, false, "works on without a network and comes back clean after a power cut"),
	R("5.9-3", "5.9", 0, false, "reconnects in good order"),

	R("5.10-1", "5.10", F(TELEMETRY), true, "telemetry is searched for anomalies"),

	M("5.11-1", "5.11", 0, false, "a user can erase what is his from it"),
	R("5.11-2", "5.11", F(SERVICE_STORAGE), false, "and from its services"),
	R("5.11-3", "5.11", 0, true, "and is told how"),
	R("5.11-4", "5.11", 0, false, "and is told that it is done"),

	R("5.12-1", "5.12", 0, false, "setting up takes few decisions"),
	R("5.12-2", "5.12", 0, true, "there is guidance for a secure set-up"),
	R("5.12-3", "5.12", 0, true, "there is guidance to check that it is set up so"),

	M("5.13-1A", "5.13", 0, false, "validates what users enter"),
	M("5.13-1B", "5.13", 0, false, "validates what comes over the network"),

	M("6-1", "6", 0, true, "says what personal data are processed, by whom and what for"),
	M("6-2", "6", F(CONSENT), true, "consent is asked for in a valid way"),
	M("6-3A", "6", F(CONSENT), false, "consent can be withdrawn"),
	M("6-3B", "6", F(CONSENT), true, "and that it can is said"),
	R("6-4", "6", F(TELEMETRY), false, "telemetry holds no more personal data than it takes"),
	M("6-5", "6", F(TELEMETRY), true, "says which telemetry is collected, by whom and what for"),
	M("6-6", "6", F(PERSONAL_DATA), false, "processes no more personal data than it takes"),
	R("6-7", "6", F(AGGREGATION), false, "what serves an aggregate alone leaves the device as such"),
	R("6-8", "6", F(PERSONAL_DATA), false, "personal data are made anonymous where they can be"),

	/* beyond EN 303 645: recommendations until a baseline asks for them */
	R("x-log", "security", 0, false, "keeps a log of what bears on its security"),
	R("x-time", "security", 0, false, "stamps its log with a reliable time"),
	R("x-random", "security", 0, false, "draws random numbers from an approved source"),
	R("x-session", "security", 0, false, "ends sessions that idle, and none can be taken over"),
	R("x-flow", "security", 0, false, "passes data on only where a rule allows it"),
	R("x-tamper", "security", 0, false, "shows or withstands that it is opened"),
	R("x-state", "security", 0, false, "reports the state of its security to whom it may concern"),
	R("x-binary", "security", 0, false, "its binaries hold no known flaw"),
	R("x-attack", "security", 0, false, "withstands a penetration test"),

	R("safety-fail-safe", "safety", 0, false, "fails into a state that harms nobody"),
	R("safety-brown-out", "safety", 0, false, "falling voltage stops it before it errs"),
	R("safety-watchdog", "safety", 0, false, "a hanging program is restarted"),
	R("safety-thermal", "safety", 0, false, "heat shuts it down before it does damage"),
	R("safety-battery", "safety", 0, false, "its cell is guarded against deep discharge, overcharge and short circuit"),
	R("safety-actuator", "safety", 0, false, "an actuator keeps within its limits whatever it is told"),
	R("safety-update", "safety", 0, false, "an update that fails is rolled back"),
	R("safety-override", "safety", 0, false, "people can switch it off or over by hand"),
	R("safety-notice", "safety", 0, true, "hazards and how to meet them are documented"),
};
/* clang-format on */
#undef F
#undef M
#undef R

const char *const feature_names[] = {
	"passwords",          "preset-passwords",    "cryptographic-login", "user-login",
	"network-login",      "mutable-software",    "updatable",	    "automatic-updates",
	"update-notices",     "network-updates",     "stored-parameters",   "hard-coded-identity",
	"keys-for-updates",   "remote-configuration", "parameters-sent",    "unused-interfaces",
	"debug-interfaces",   "debug-ports",	     "secure-boot",	    "personal-data-sent",
	"sensitive-data-sent", "sensing",	     "telemetry",	    "service-storage",
	"consent",	      "personal-data",	     "aggregation",	    "unupdatable",
	"update-mechanism",   "login-limit-possible", "updates-possible",   "critical-parameters",
	"constrained",	      NULL,
};

int provision_named(const char *id)
{
	for (int i = 0; id && i < PROVISIONS; i++)
		if (strcmp(provisions[i].id, id) == 0)
			return i;
	return -1;
}

/* The next word of a list separated by blanks; NULL: none is left. */
static const char *next_word(const char **text, size_t *len)
{
	const char *word = *text + strspn(*text, " \t\r\n");

	*len = strcspn(word, " \t\r\n");
	*text = word + *len;
	return *len ? word : NULL;
}

bool features_parse(const char *text, uint64_t *features, const char **bad, size_t *len)
{
	*features = 0;
	for (const char *w; text && (w = next_word(&text, len)) != NULL;) {
		size_t i = 0;
		while (feature_names[i] && (strlen(feature_names[i]) != *len || strncmp(feature_names[i], w, *len) != 0))
			i++;
		if (!feature_names[i]) {
			*bad = w;
			return false;
		}
		*features |= UINT64_C(1) << i;
	}
	return true;
}

uint64_t features_complete(uint64_t features)
{
	if (features & FEATURE_BIT(CONSTRAINED))
		features &= ~(FEATURE_BIT(LOGIN_LIMIT_POSSIBLE) | FEATURE_BIT(UPDATES_POSSIBLE));
	if (features & (FEATURE_BIT(AUTOMATIC_UPDATES) | FEATURE_BIT(UPDATE_NOTICES)))
		features |= FEATURE_BIT(UPDATE_NEWS);
	return features;
}

unsigned provision_count(const struct provision_set *p)
{
	return (unsigned)(__builtin_popcountll(p->w[0]) + __builtin_popcountll(p->w[1]));
}

unsigned provision_count_common(const struct provision_set *a, const struct provision_set *b)
{
	return (unsigned)(__builtin_popcountll(a->w[0] & b->w[0]) + __builtin_popcountll(a->w[1] & b->w[1]));
}

bool provisions_parse(const char *text, struct provision_set *p, const char **bad, size_t *len)
{
	*p = (struct provision_set){ 0 };
	for (const char *w; text && (w = next_word(&text, len)) != NULL;) {
		char id[32];
		int i;
		snprintf(id, sizeof id, "%.*s", (int)(*len < sizeof id ? *len : sizeof id - 1), w);
		i = *len < sizeof id ? provision_named(id) : -1;
		if (i < 0) {
			*bad = w;
			return false;
		}
		provision_add(p, (unsigned)i);
	}
	return true;
}
