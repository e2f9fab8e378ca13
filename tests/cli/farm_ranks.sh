# A farm over the ranks of MPI: every job once, rounds that wait for results, a rank that is told to stop.
# shellcheck shell=bash
. "$(dirname "$0")/_lib.sh"
program=$(dirname "$SCCSIM")/tests/mpi/ranks

check "alone, a farm needs no launcher" 0 '^complete given 1000 taken 1000 elsewhere 0$' "$program" 1000
if "$program" 0 | grep -q 'no MPI'; then
	check "several ranks of a program without MPI refuse to write over each other" 2 'built without MPI' \
		env OMPI_COMM_WORLD_SIZE=2 "$program" 10
	check "one rank of a program without MPI is alone" 0 '^1 ranks' env PMI_SIZE=1 "$program" 10
	echo "# built without MPI: nothing to start several ranks of"
	exit $failures
fi
if ! command -v mpirun >/dev/null; then
	echo "# no mpirun: nothing to start several ranks with"
	exit $failures
fi
# As root and on few processors, as in a container; the ranks are on this machine.
if mpirun --version | grep -q 'Open MPI'; then
	ranks() { timeout 120 mpirun --allow-run-as-root --oversubscribe -n "$@"; }
else
	ranks() { timeout 120 mpirun -n "$@"; }
fi
twice() { [ "$(grep -Ec "$1" out)" -eq 2 ]; }

for n in 1 2 4; do
	check "all jobs once on $n ranks" 0 "^$n ranks, " ranks "$n" "$program" 20000
	holds "and both farms of $n ranks end complete" twice '^complete given 20000 taken 20000 elsewhere [0-9]+$'
done
for n in 2 4; do
	check "rounds that wait, on $n ranks" 0 '' ranks "$n" "$program" 500 7 200
	holds "and all ranks have a part in the rounds of $n" twice '^complete given 500 taken 500 elsewhere [1-9][0-9]+$'
	check "a stop on rank 1 of $n ends them all" 0 '' ranks "$n" "$program" 100000 0 1000 1
	holds "and what was begun on $n ranks is taken" twice '^stopped given [0-9]{2,4} taken [0-9]{2,4} '
	check "a stop on rank 0 of $n ends them all" 0 '' ranks "$n" "$program" 100000 0 1000 0
	holds "and rank 0 of $n says so" twice '^stopped given [0-9]{2,4} taken [0-9]{2,4} '
done
exit $failures
