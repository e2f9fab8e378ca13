# What the world does to a study: a full disk, folders that cannot be written, a replication that ends the program.  What was
# committed is kept, and --resume goes on to the same result.
# shellcheck shell=bash disable=SC2154
. "$(dirname "$0")/_lib.sh"
. "$here/_study.sh"

town 200 2h
study s.xml 'replications="auto" precision="3%" floor="10" batch="5" ceiling="40" warm-up="auto"'
check "a study that nothing disturbs" 0 '' "$SCCSIM" study s.xml -j 2 -o calm -q

# ---- a full disk ----
# limited KIB DIR: no file of the study larger than that; what it says goes through a pipe, which has no size.
limited() {
	(ulimit -f "$1" && exec "$SCCSIM" study s.xml -j 2 -o "$2" --resume -q) 2>&1 | cat
	return "${PIPESTATUS[0]}"
}
largest=$(find calm -name results.sqlite -printf '%s\n')
for percent in 0 3 10 30; do
	# The thread sanitizer writes a file of its own.
	[ $percent -eq 0 ] && ldd "$SCCSIM" | grep -q libtsan && continue
	kib=$((largest * percent / 100 / 1024))
	check "a disk that is full at $percent % of the record" 3 "full$percent.*([Ff]ull|too large|[Nn]o space|disk I/O error)" \
		limited $kib full$percent
	check "goes on when there is room ($percent %)" 0 '' "$SCCSIM" study s.xml -j 2 -o full$percent --resume -q
	holds "to the same result ($percent %)" whole calm full$percent
done
if mkdir tmp && mount -t tmpfs -o size=160k tmpfs tmp 2>/dev/null; then
	check "a file system without room" 3 'tmp/study.*; what was committed is kept, --resume goes on' \
		"$SCCSIM" study s.xml -j 2 -o tmp/study -q
	# Nor is it taken for something else than a study, only because it cannot be read.
	check "has no more room the second time" 3 'tmp/study' "$SCCSIM" study s.xml -j 2 -o tmp/study -q --resume
	if mount -o remount,size=64m tmp 2>/dev/null; then
		check "when there is room, the study goes on" 0 '' "$SCCSIM" study s.xml -j 2 -o tmp/study -q --resume
		holds "to the same result" whole calm tmp/study
	else
		cp -r tmp/study moved
		check "where there is room, the study goes on" 0 '' "$SCCSIM" study s.xml -j 2 -o moved -q --resume
		holds "to the same result" whole calm moved
	fi
	umount tmp
else
	echo "# skipped: no file system can be mounted here"
fi

# ---- folders, standard output ----
: >file
check "a folder in place of which a file stands" 3 'file' "$SCCSIM" study s.xml -o file/results
check "a folder that cannot be made" 3 '/proc/none' "$SCCSIM" study s.xml -o /proc/none
if mkdir readonly && mount -t tmpfs -o ro tmpfs readonly 2>/dev/null; then
	check "a folder that is read-only" 3 'readonly: Read-only' "$SCCSIM" study s.xml -o readonly
	umount readonly
elif [ "$(id -u)" -ne 0 ]; then
	chmod 500 readonly
	check "a folder that is read-only" 3 'readonly' "$SCCSIM" study s.xml -o readonly
else
	echo "# skipped: root may write everywhere, and nothing can be mounted"
fi
# shellcheck disable=SC2016
check "standard output is full" 3 'No space left' sh -c '"$0" study s.xml -o said >/dev/full' "$SCCSIM"
holds "but the study is whole" whole calm said

# ---- a replication that ends the program ----
# A broken invariant ends it by SIGABRT in the worker's thread; sent from outside, that looks the same from within.
if ! command -v perl >/dev/null && ! command -v python3 >/dev/null; then
	echo "# skipped: neither perl nor python3, to send a signal to one thread"
	exit $((failures > 0))
fi
# abort_thread PID TID
abort_thread() {
	if command -v python3 >/dev/null; then
		python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(234, int(sys.argv[1]), int(sys.argv[2]), 6) != 0)' "$1" "$2"
	else
		# shellcheck disable=SC2016
		perl -e 'exit(syscall(234, int $ARGV[0], int $ARGV[1], 6) != 0)' "$1" "$2"
	fi
}
[ "$(uname -m)" = x86_64 ] || abort_thread() { kill -ABRT "$2"; }
town 200 20d
study slow.xml 'replications="3"'
ulimit -c 0
"$SCCSIM" study slow.xml -j 1 -o slow-calm -q || fail "a study of long replications"
"$SCCSIM" study slow.xml -j 1 -o broken -q >out 2>err &
pid=$!
# The worker says in the marks that it is at a job; until then there is a slot without a state.
marked() { [ -e broken/.running ] && [ "$(od -An -j 64 -N 1 -t u1 broken/.running 2>/dev/null | tr -d ' ')" = 1 ]; }
until_true 60 marked || fail "a replication begins" "$(cat err)"
tid=$(od -An -j 68 -N 4 -t d4 broken/.running | tr -d ' ')
holds "a worker gets SIGABRT" abort_thread "$pid" "$tid"
wait "$pid" 2>/dev/null
status=$?
holds "which ends the program" test $status -eq 134
check "it goes on, and says which replication had ended it" 0 'replication [0-9]+ of point [0-9]+ ended the program before: recorded as failed' \
	"$SCCSIM" study slow.xml -j 2 -o broken --resume -q
holds "nothing is left of its marks" tidy broken
holds "and the record is sound" sound broken
sed -n 's/.*replication \([0-9]*\) of point \([0-9]*\) ended.*/\2/p' err >point
holds "its point has one failure and two replications" \
	grep -Eq "^$(cat point),([^,]*,){2}2,1,.*a broken invariant ended the program" broken/points.csv
others() { grep -v "^$(cat point)," "$1/points.csv" | grep '^[0-9]'; }
holds "the other points have all they had" test "$(others broken | wc -l)" -eq 5 -a "$(others broken)" = "$(others slow-calm)"
cp -r broken once
check "a further resumption does not try it again" 0 '' "$SCCSIM" study slow.xml -o broken --resume
holds "and says nothing new" same once broken

# Marks of a study that is begun anew are of another one.
cp -r broken anew
: >anew/.running-3
check "a study that is begun anew" 0 '' "$SCCSIM" study slow.xml -j 2 -o anew -q
holds "knows nothing of what broke" whole slow-calm anew
exit $((failures > 0))
