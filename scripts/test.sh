#!/bin/sh
# test.sh BUILD UNIT-TEST-PROGRAM...: unit tests, then the tests of the command line; last, "N passed, N failed" over both.
build=$1
shift
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
scripts/run-tests.sh "$@" | tee -a "$log"
SCCSIM=$build/sccsim scripts/run-cli-tests.sh | tee -a "$log"
# Both runners end in such a line; one that is missing is a runner that broke.
awk '/^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3; n++ }
	END { if (n < 2) f++; printf "%d passed, %d failed\n", p, f; exit f > 0 }' "$log"
