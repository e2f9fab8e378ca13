/* One replication, timed. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/models.h"
#include "sim/study/outcome.h"
#include "tests/bench/replica.h"

static double work_of(const struct report *r, const char *account)
{
	double n = 0;

	for (size_t i = 0; i < r->n_audit; i++)
		if (strcmp(r->audit[i].account, account) == 0 && r->audit[i].side == AUDIT_IN)
			n += r->audit[i].value;
	return n;
}

bool replica_run(struct replica *j)
{
	struct diag *d = diag_new();
	struct replication rep = { 0 };
	double begun = bench_seconds();
	struct scenario *sc = d ? scenario_load(j->file, &sccsim_models, NULL, j->set, j->n, d) : NULL;

	if (!sc) {
		if (d)
			diag_print(d, stderr);
		diag_free(d);
		return false;
	}
	j->took.load_s = bench_seconds() - begun;
	bool ok = replicate(sc, 1, &rep, NULL) == SIM_OK && !rep.unbalanced;
	if (ok) {
		j->took.setup_s = rep.setup_s;
		j->took.run_s = rep.wall_s - rep.setup_s;
		j->took.work = work_of(rep.report, j->account);
	}
	report_free(rep.report);
	scenario_free(sc);
	diag_free(d);
	return ok;
}

/* In a process of its own, so that resident memory is that of this run. */
bool replica_run_apart(struct replica *j)
{
	struct took *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 1;

	bench_need(shared != MAP_FAILED, "shared memory");
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		bool ok = replica_run(j);
		*shared = j->took;
		_exit(ok ? 0 : 1);
	}
	struct rusage use;
	if (pid > 0 && wait4(pid, &status, 0, &use) == pid) {
		j->took = *shared;
		j->took.resident = (double)use.ru_maxrss * 1024;
	}
	munmap(shared, sizeof *shared);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
