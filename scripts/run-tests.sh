#!/bin/sh
# Run test programs one after another; print each one's failures and, last, "N passed, N failed" over all tests.
passed=0 failed=0
for t in "$@"; do
	out=$("$t" 2>&1)
	rc=$?
	p=$(printf '%s\n' "$out" | grep -c '^\[       OK \]')
	f=$(printf '%s\n' "$out" | grep -c '^\[  FAILED  \] [a-z_0-9A-Z]*$')
	if [ $rc -ne 0 ]; then
		printf '%s\n' "$out"
		[ "$f" -eq 0 ] && f=1
		f=$((f > 1 ? f / 2 + f % 2 : f))
	fi
	printf '%-60s %4d passed, %d failed\n' "${t#*/tests/}" "$p" "$f"
	passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
