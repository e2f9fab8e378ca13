#!/bin/sh
# test.sh BUILD UNIT-TEST-PROGRAM...: unit tests, the coverage of intervals over 1,000 simulated studies, then the tests of the
# command line; last, "N passed, N failed" over all.
build=$1
shift
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
scripts/run-tests.sh "$@" | tee -a "$log"
scripts/validate.sh "$build/tests/validation/valid_coverage" | sed 's/\(passed, [0-9]* failed\), .*skipped$/\1/' | tee -a "$log"
SCCSIM=$build/sccsim scripts/run-cli-tests.sh | tee -a "$log"
# Every runner ends in such a line; one that is missing is a runner that broke.
awk '/^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3; n++ }
	END { if (n < 3) f++; printf "%d passed, %d failed\n", p, f; exit f > 0 }' "$log"
