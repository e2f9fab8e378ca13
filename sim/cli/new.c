#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli_private.h"

#define SYNOPSIS "NAME"

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "write to FILE instead of NAME.xml; - is standard output", 0 },
	{ 0 },
};

struct args {
	const char *name, *file;
};

/* What XML takes for an id, and a folder for a name. */
static bool is_id(const char *name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	return name[0] && strchr(first, name[0]) &&
	       strspn(name, "-.0123456789"
			    "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == strlen(name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case 'o': a->file = arg; break;
	case ARGP_KEY_ARG:
		if (a->name)
			usage_error(state, "one scenario at a time: '%s' is one too many", arg);
		if (!is_id(arg))
			usage_error(state, "'%s' cannot be an id: give letters, digits, '-', '_' and '.', a letter first",
				    arg);
		a->name = arg;
		break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "what is the new scenario called?"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int write_new(const struct model_table *t, const char *name, const char *path)
{
	FILE *f = fopen(path, "wx");
	int failed;

	if (!f) {
		fprintf(stderr, "sccsim: %s: %s\n", path,
			errno == EEXIST ? "is there already and is left as it is" : strerror(errno));
		return errno == EEXIST ? EXIT_INPUT : EXIT_UNFINISHED;
	}
	failed = template_write(t, name, f);
	if (fclose(f) != 0 || failed) {
		fprintf(stderr, "sccsim: %s: cannot be written: %s\n", path, strerror(errno));
		unlink(path);
		return EXIT_UNFINISHED;
	}
	printf("%s: a scenario to start from; change it, then: sccsim run %s\n", path, path);
	return EXIT_OK;
}

static int run_new(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, new_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	char *path = NULL;
	int status = EXIT_UNFINISHED;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (a.file && strcmp(a.file, "-") == 0)
		return template_write(t, a.name, stdout) ? EXIT_UNFINISHED : EXIT_OK;
	if (a.file)
		return write_new(t, a.name, a.file);
	if (asprintf(&path, "%s.xml", a.name) >= 0) {
		status = write_new(t, a.name, path);
		free(path);
	}
	return status;
}

const struct command new_command = { "new", SYNOPSIS, "write a commented scenario to start from, defaults shown", run_new };
