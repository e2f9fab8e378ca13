#!/bin/bash
# run-cli-tests.sh [FILE...]: drive the built program ($SCCSIM, build/sccsim) through tests/cli/*.sh, as many files at once as
# there are processors; last, "N passed, N failed".
# Each file prints "ok - name" or "not ok - name" per test, and says why below a failure.
cd "$(dirname "$0")/.." || exit 1
SCCSIM=$(realpath "${SCCSIM:-build/sccsim}") || exit 1
logs=$(mktemp -d) || exit 1
export SCCSIM logs
trap 'rm -rf "$logs"' EXIT
[ $# -gt 0 ] || set -- tests/cli/[!_]*.sh
# The longest first, as far as their length in lines tells.
wc -l "$@" | sort -rn | sed -n 's/^ *[0-9]* \(.*\.sh\)$/\1/p' |
	xargs -P "$(nproc)" -I{} sh -c 'log=$logs/$(basename {}); timeout 900 bash {} >"$log" 2>&1; echo $? >"$log.rc"'
passed=0 failed=0
for t in "$@"; do
	log=$logs/$(basename "$t")
	rc=$(cat "$log.rc" 2>/dev/null || echo "unknown")
	echo "# $t"
	cat "$log"
	p=$(grep -c '^ok - ' "$log")
	f=$(grep -c '^not ok - ' "$log")
	if [ "$rc" != 0 ] && [ "$f" -eq 0 ]; then
		echo "not ok - $t: broke off with status $rc"
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
