#!/bin/sh
# run-cli-tests.sh [FILE...]: drive the built program ($SCCSIM, build/sccsim) through tests/cli/*.sh; last, "N passed, N failed".
# Each file prints "ok - name" or "not ok - name" per test, and says why below a failure.
cd "$(dirname "$0")/.." || exit 1
SCCSIM=$(realpath "${SCCSIM:-build/sccsim}") || exit 1
export SCCSIM
[ $# -gt 0 ] || set -- tests/cli/[!_]*.sh
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for t in "$@"; do
	echo "# $t"
	timeout 600 bash "$t" >"$log" 2>&1
	rc=$?
	cat "$log"
	p=$(grep -c '^ok - ' "$log")
	f=$(grep -c '^not ok - ' "$log")
	if [ $rc -ne 0 ] && [ "$f" -eq 0 ]; then
		echo "not ok - $t: broke off with status $rc"
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
