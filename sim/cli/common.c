#include "sim/cli/cli_private.h"
#include "sim/study/farm.h"

#include <errno.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void usage_error(const struct argp_state *state, const char *fmt, ...)
{
	char what[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	argp_error(state, "%s", what);
	exit(EXIT_INPUT); /* argp_error may be told to return, but not here */
}

/* The '=' between address and value: not one within a predicate or its quotes (`lorawan[@id='a=b']/@adr=off`). */
static char *split_point(char *text)
{
	char quote = 0;
	int depth = 0;

	for (char *c = text; *c; c++) {
		if (quote) {
			if (*c == quote)
				quote = 0;
		} else if (depth > 0 && (*c == '\'' || *c == '"')) {
			quote = *c;
		} else if (*c == '[') {
			depth++;
		} else if (*c == ']') {
			depth--;
		} else if (*c == '=' && depth <= 0) {
			return c;
		}
	}
	return NULL;
}

void settings_add(struct settings *s, char *text, struct argp_state *state)
{
	char *equals = split_point(text);

	if (!equals || equals == text)
		usage_error(state, "--set '%s': give PATH=VALUE, as in --set \"lorawan[@id='lpwan']/@adr=off\"", text);
	if (s->n == SETTINGS_MAX)
		usage_error(state, "--set: more than %d of them", SETTINGS_MAX);
	if (!s->v)
		s->v = calloc(SETTINGS_MAX, sizeof *s->v);
	if (!s->v) {
		fprintf(stderr, "sccsim: out of memory\n");
		exit(EXIT_UNFINISHED);
	}
	*equals = '\0';
	s->v[s->n++] = (struct setting){ .address = text, .value = equals + 1 };
}

void settings_free(struct settings *s)
{
	free(s->v);
	*s = (struct settings){ 0 };
}

uint64_t option_count(const char *text, const char *option, uint64_t lo, uint64_t hi, struct argp_state *state)
{
	char *end = NULL;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n < lo || n > hi)
		usage_error(state, "%s '%s': give a whole number from %llu to %llu", option, text, (unsigned long long)lo,
			    (unsigned long long)hi);
	return n;
}

const char *option_folder(const char *text, struct argp_state *state)
{
	if (!*text)
		usage_error(state, "--output '': give the name of a folder");
	return text;
}

unsigned option_threads(const char *text, struct argp_state *state)
{
	return (unsigned)option_count(text, "--jobs", 1, FARM_THREADS_MAX, state);
}

void option_only(const char **path, const char *text, const char *what, struct argp_state *state)
{
	if (*path)
		usage_error(state, "one %s at a time: '%s' is one too many", what, text);
	*path = text;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *lib_root(char *buf, size_t size)
{
	static const char *const beside[] = { "../scenarios/lib", "../share/sccsim/lib" };
	char exe[PATH_MAX];
	const char *given = getenv("SCCSIM_LIB");

	if (given && *given) {
		int n = snprintf(buf, size, "%s", given);
		return n >= 0 && (size_t)n < size ? buf : NULL;
	}
	ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
	exe[len > 0 ? len : 0] = '\0';
	char *slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; slash && i < sizeof beside / sizeof beside[0]; i++) {
		int n = snprintf(buf, size, "%s/%s", exe, beside[i]);
		if (n >= 0 && (size_t)n < size && is_folder(buf))
			return buf;
	}
	snprintf(buf, size, "%s", SCCSIM_LIB);
	return is_folder(buf) ? buf : NULL;
}

struct scenario *load_scenario(const char *path, const struct model_table *t, const struct settings *sets, int *status)
{
	char lib[2 * PATH_MAX];
	struct diag *d = diag_new();
	struct scenario *sc = NULL;

	*status = EXIT_UNFINISHED;
	if (d) {
		sc = scenario_load(path, t, lib_root(lib, sizeof lib), sets ? sets->v : NULL, sets ? sets->n : 0, d);
		diag_print(d, stderr);
		if (!sc && diag_errors(d))
			*status = EXIT_INPUT;
	}
	if (sc)
		*status = EXIT_OK;
	else if (*status == EXIT_UNFINISHED)
		fprintf(stderr, "sccsim: %s: out of memory\n", path);
	diag_free(d);
	return sc;
}

enum { FAILURES_SHOWN = 10 };

void print_failures(const struct outcome *o)
{
	size_t failed = 0;

	for (size_t i = 0; i < o->n_reps; i++) {
		const struct replication *r = &o->reps[i];
		if (r->report || r->status == SIM_E_STOPPED)
			continue;
		if (failed++ < FAILURES_SHOWN)
			fprintf(stderr, "sccsim: replication %zu failed: %s\n", i, r->failure);
	}
	if (failed > FAILURES_SHOWN)
		fprintf(stderr, "sccsim: and %zu more replications failed\n", failed - FAILURES_SHOWN);
	if (o->stopped)
		fprintf(stderr, "sccsim: stopped: %zu of %zu replications had finished\n", o->n_done, o->n_reps);
}

void print_imbalance(const struct outcome *o)
{
	for (size_t i = 0; i < o->n_reps; i++) {
		const struct replication *r = &o->reps[i];
		if (r->report && r->unbalanced)
			fprintf(stderr,
				"sccsim: replication %zu: audit account \"%s\" is out of balance by %.3g of its sum\n", i,
				r->imbalance_account ? r->imbalance_account : "?", r->imbalance);
	}
	fprintf(stderr, "sccsim: the audit failed: a model has lost count, do not use these results\n");
}

int finish_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "sccsim: cannot write to standard output: %s\n", strerror(errno));
	return EXIT_UNFINISHED;
}

/* Set by the first Ctrl-C; the second one finds the default action and ends the program at once. */
static volatile int stop_asked;

static void on_signal(int signal)
{
	(void)signal;
	__atomic_store_n(&stop_asked, 1, __ATOMIC_RELAXED);
}

volatile const int *stop_on_signals(void)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = (int)(SA_RESTART | SA_RESETHAND) };

	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	return &stop_asked;
}

char *results_dir(const struct scenario *sc, const char *given)
{
	if (given)
		return strdup(given);
	const char *id = sc->root->id, *slash = strrchr(sc->path, '/');
	const char *stem = slash ? slash + 1 : sc->path;
	const char *dot = strrchr(stem, '.');
	int length = dot && dot > stem ? (int)(dot - stem) : (int)strlen(stem);
	char *dir = NULL;
	int n;

	if (id && *id && !strchr(id, '/') && id[0] != '.')
		n = asprintf(&dir, "results/%s", id);
	else
		n = asprintf(&dir, "results/%.*s", length, stem);
	return n < 0 ? NULL : dir;
}

bool program_hash(char out[65])
{
	struct sha256_ctx sha;
	uint8_t digest[SHA256_DIGEST_SIZE], block[65536];
	FILE *f = fopen("/proc/self/exe", "rb");
	size_t n;

	if (!f)
		return false;
	sha256_init(&sha);
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		sha256_update(&sha, n, block);
	bool whole = !ferror(f);
	fclose(f);
	sha256_digest(&sha, sizeof digest, digest);
	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return whole;
}
