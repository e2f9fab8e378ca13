/*
 * replica - one replication of a scenario file, timed: in this process, or in one of its own for its resident memory.
 */
#ifndef TESTS_BENCH_REPLICA_H
#define TESTS_BENCH_REPLICA_H

#include "sim/scenario/scenario.h"
#include "tests/bench/bench.h"

/* What one run took; work: what came into the account. */
struct took { double load_s, setup_s, run_s, work, resident; };
struct replica { const char *file, *account; struct setting set[6]; size_t n; struct took took; };

/* false: it could not be loaded, did not end or its audit does not balance; diagnostics are on stderr. */
bool replica_run(struct replica *j);
bool replica_run_apart(struct replica *j);

#endif
