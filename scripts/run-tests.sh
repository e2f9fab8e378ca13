#!/bin/bash
# Run test programs, as many at once as there are processors; print each one's failures and, last, "N passed, N failed" over all tests.
logs=$(mktemp -d) || exit 1
export logs
trap 'rm -rf "$logs"' EXIT
n=0
for t in "$@"; do
	n=$((n + 1))
	printf '%s\n%s\n' "$t" "$n"
done | xargs -P "$(nproc)" -n 2 sh -c '"$0" >"$logs/$1" 2>&1; echo $? >"$logs/$1.rc"'
passed=0 failed=0 n=0
for t in "$@"; do
	n=$((n + 1))
	log=$logs/$n
	rc=$(cat "$log.rc" 2>/dev/null || echo "unknown")
	p=$(grep -c '^\[       OK \]' "$log")
	f=$(grep -c '^\[  FAILED  \] [a-z_0-9A-Z]*$' "$log")
	if [ "$rc" != 0 ]; then
		cat "$log"
		[ "$f" -eq 0 ] && f=1
		f=$((f > 1 ? f / 2 + f % 2 : f))
	fi
	printf '%-60s %4d passed, %d failed\n' "${t#*/tests/}" "$p" "$f"
	passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
