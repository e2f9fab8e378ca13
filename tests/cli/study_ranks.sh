# A study on the ranks of MPI: the same to the byte as on threads, also after a rank was lost.
# shellcheck shell=bash disable=SC2154
. "$(dirname "$0")/_lib.sh"
. "$here/_study.sh"
if sanitized; then
	echo "# skipped: under the sanitizers the program is built without MPI"
	exit 0
fi
if ! ldd "$SCCSIM" | grep -q 'libmpi'; then
	echo "# skipped: the program was built without MPI"
	exit 0
fi
if ! command -v mpirun >/dev/null; then
	echo "# skipped: no mpirun on this machine"
	exit 0
fi
# As root and on few processors, as in a container; the ranks are on this machine.
if mpirun --version | grep -q 'Open MPI'; then
	mpi="mpirun --allow-run-as-root --oversubscribe --bind-to none"
else
	mpi=mpirun
fi
# shellcheck disable=SC2086
ranks() { timeout 200 $mpi -n "$@"; }

town 200 2h
study s.xml 'replications="auto" precision="3%" floor="10" batch="5" ceiling="40" warm-up="auto"'
check "a study on threads" 0 '' "$SCCSIM" study s.xml -j 2 -o threads -q

for n in 2 4; do
	check "on $n ranks" 0 '' ranks $n "$SCCSIM" study s.xml -o ranks$n
	holds "the answers are those of threads ($n)" whole threads ranks$n
	holds "and said once ($n)" test "$(grep -c '^Report: ' out)" -eq 1 -a "$(grep -cE 'warm-up detected|no warm-up is left out' err)" -eq 1
done
check "on 2 ranks of 2 threads" 0 '' ranks 2 "$SCCSIM" study s.xml -j 2 -o ranks2x2 -q
holds "the answers are the same too" whole threads ranks2x2

# ---- a rank that is lost, a job that is told to end ----
# begin RANKS DIR OPTION...: $pid is the launcher.
begin() {
	local n=$1 dir=$2
	shift 2
	# shellcheck disable=SC2086
	$mpi -n "$n" "$SCCSIM" study s.xml -o "$dir" -q "$@" >out 2>err </dev/null &
	pid=$!
}
at_work() { [ -e "$1/.running" ] && [ -e "$1/.running-1" ]; }
# The last process that the launcher started.
last_rank() { ps -o pid=,comm= --ppid "$pid" | awk '$2 == "sccsim" { p = $1 } END { print p }'; }
set -m # so that the launcher heeds SIGINT
begin 2 lost
until_true 60 at_work lost || fail "ranks begin" "$(cat err)"
kill -KILL "$(last_rank)"
wait "$pid"
holds "losing a rank ends the job with an error" test $? -ne 0
holds "and what was committed is there" test -s lost/results.sqlite
cp -r lost lost-too
cp -r lost lost-threads
check "it goes on with 4 ranks" 0 '' ranks 4 "$SCCSIM" study s.xml -o lost --resume -q
holds "to the same result" whole threads lost
check "or with 2" 0 '' ranks 2 "$SCCSIM" study s.xml -o lost-too --resume -q
holds "which is the same" whole threads lost-too
check "or with threads" 0 '' "$SCCSIM" study s.xml -j 2 -o lost-threads --resume -q
holds "which is the same as well" whole threads lost-threads

begin 2 told
until_true 60 at_work told
kill -INT "$pid"
wait "$pid"
status=$?
if [ $status -eq 0 ]; then echo "# SIGINT came too late"; else pass "Ctrl-C ends the job, and its status says so"; fi
check "what Ctrl-C left goes on" 0 '' ranks 2 "$SCCSIM" study s.xml -o told --resume -q
holds "to the same result after Ctrl-C" whole threads told

# ---- shards ----
for i in 1 2; do check "shard $i of 2 on 2 ranks" 0 '' ranks 2 "$SCCSIM" study s.xml --shard $i/2 -o part$i -q; done
check "put together" 0 '' "$SCCSIM" merge part1 part2 -o merged -q
holds "are the same" whole threads merged

# ---- what may not be ----
study bad.xml 'replications="2"' '<factor id="gateways" path="lorawan/gateways/@cuont" values="1; 2"/>'
check "a bad study is refused on ranks" 2 'there is no such attribute' ranks 2 "$SCCSIM" study bad.xml -o bad
holds "and told once" test "$(grep -c 'no such attribute' err)" -eq 1
check "a folder that cannot be had is told" 3 '/proc/none' ranks 2 "$SCCSIM" study s.xml -o /proc/none
holds "once as well" test "$(grep -c '^sccsim: ' err)" -eq 1
check "other commands are not for ranks" 2 "several ranks are for sccsim study" ranks 2 "$SCCSIM" run town.xml -o none
holds "which is told once too" test "$(grep -c "several ranks are for" err)" -eq 1
cp "$SCCSIM" other && printf '\0' >>other
export SCCSIM_LIB=$root/scenarios/lib
check "ranks of two builds are refused" 2 'the ranks do not all have the same study and the same build' \
	ranks 1 "$SCCSIM" study s.xml -o mixed -q : -n 1 ./other study s.xml -o mixed -q
sed 's/values="10min; 5min"/values="10min; 4min"/' s.xml >s2.xml
check "ranks of two studies too" 2 'the ranks do not all have the same study' \
	ranks 1 "$SCCSIM" study s.xml -o mixed -q : -n 1 "$SCCSIM" study s2.xml -o mixed -q
holds "and nothing is written" test ! -e mixed
exit $((failures > 0))
