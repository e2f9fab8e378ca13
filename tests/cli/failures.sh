# What the world does to a run: signals, folders that cannot be written, a full disk, no memory.
. "$(dirname "$0")/_lib.sh"

scenario s.xml
: >file
check "a folder in place of which a file stands" 3 'file' "$SCCSIM" run s.xml -o file/results
check "a folder that cannot be made" 3 '/proc/none' "$SCCSIM" run s.xml -o /proc/none
check "a folder named after a file" 3 'file' "$SCCSIM" run s.xml -o file
if [ "$(id -u)" -ne 0 ]; then
	mkdir -m 500 locked
	check "a folder that cannot be written" 3 'locked' "$SCCSIM" run s.xml -o locked
fi

# whole DIR: every file there is a whole one, or there is none.
whole() {
	[ ! -e "$1/report.html" ] || tail -c 20 "$1/report.html" | grep -q '</html>'
}
# limited KIB ARGUMENT...: the program with no file larger than that; what it says goes through a pipe, which has no size.
limited() {
	local kib=$1
	shift
	(ulimit -f "$kib" && exec "$SCCSIM" "$@") 2>&1 | cat
	return "${PIPESTATUS[0]}"
}
for kib in 0 4 40 80; do
	# The thread sanitizer writes a file of its own.
	[ $kib -eq 0 ] && ldd "$SCCSIM" | grep -q libtsan && continue
	check "a disk that is full after $kib KiB" 3 "full$kib.*([Ff]ull|too large|[Nn]o space|disk I/O error)" limited $kib run s.xml -o full$kib
	holds "leaves nothing half written under its name" whole full$kib
done
if mkdir tmp && mount -t tmpfs -o size=96k tmpfs tmp 2>/dev/null; then
	check "a full file system" 3 "tmp/results" "$SCCSIM" run s.xml -o tmp/results
	holds "leaves nothing half written either" whole tmp/results
	umount tmp
fi
for command in "explain s.xml" models schema "new x -o -" --help "run s.xml -o o"; do
	# shellcheck disable=SC2086
	check "standard output is full: $command" 3 'No space left' sh -c '"$0" "$@" >/dev/full' "$SCCSIM" $command
done

if ! "$SCCSIM" --version >/dev/null 2>&1 || ldd "$SCCSIM" | grep -q 'lib[a-z]*san'; then
	echo "# sanitizers reserve more memory than the limit of the next test"
else
	check "memory runs out" 3 'out of memory' bash -c 'ulimit -v 400000; exec "$0" run s.xml -o mem \
		--set "deploy/@count=20000000"' "$SCCSIM"
	holds "and nothing is written" test ! -e mem/kpi.csv
fi

# interrupted SIGNAL DIR THREADS: start a long run, wait for its first replications, send it the signal.
long='duration="2d" warm-up="0s" replications="100000"'
scenario long.xml "$deployment" "$long"
interrupted() {
	local signal=$1 dir=$2 threads=$3 pid status
	"$SCCSIM" run long.xml -o "$dir" -j "$threads" >out 2>err &
	pid=$!
	sleep 2
	kill -"$signal" $pid
	wait $pid
	status=$?
	if [ $status -eq 3 ]; then pass "SIG$signal ends a run with status 3"; else
		fail "SIG$signal ends a run with status 3" "status $status" "$(cat err)"
	fi
	holds "it says how far it came" grep -Eq 'stopped: [1-9][0-9]* of 100000 replications had finished' err
	holds "what had finished is reported" test -s "$dir/kpi.csv" -a -s "$dir/report.html"
	holds "and marked as stopped" grep -iq 'stopped' "$dir/summary.txt"
}
set -m # so that the background job does not ignore SIGINT
"$SCCSIM" run s.xml -q -o before && cp -r before as-before
for dir in killed before; do
	"$SCCSIM" run long.xml -o $dir -j 2 >out 2>err &
	pid=$!
	sleep 1
	kill -KILL $pid
	wait $pid 2>/dev/null
done
holds "a run that is killed leaves nothing to be taken for results" sh -c 'test -z "$(ls -A killed)"'
holds "and earlier results as they were" diff -r before as-before
interrupted INT int 2
interrupted TERM term 1 # one thread: those that finished are the first ones
set +m
kept=$(sed -n 's/.*stopped: \([0-9]*\) of.*/\1/p' err)
"$SCCSIM" run long.xml -r "$kept" -q -o whole
n() { awk -F, '/^connectivity.delivery-ratio,all,/ { print $4, $7 }' "$1/kpi.csv"; }
holds "those kept are the same as in a run that is not stopped" test "$(n whole)" = "$(n term)"
exit $((failures > 0))
