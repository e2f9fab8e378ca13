#!/bin/sh
# bench.sh PROGRAM...: run the bench programs one after another, so that none disturbs another; each prints rows
# `name,value,unit`, medians already.  Prints them as a table and writes results/bench.csv.  Fails when a program does.
# BENCH_QUICK=1: one short run of each, to see that it works; results/bench.csv is left alone.
set -u
mkdir -p results || exit 1
bad=0
new=results/bench.csv.new
quick=${BENCH_QUICK:+--quick}
echo 'name,value,unit' >"$new"
for program in "$@"; do
	out=$("$program" $quick) || { echo "bench: ${program##*/} failed" >&2; bad=1; }
	printf '%s\n' "$out" | grep -E '^[a-z0-9_]+,[-+.0-9e]+,' >>"$new"
	printf '%s\n' "$out" | grep -vE '^[a-z0-9_]+,[-+.0-9e]+,|^$' >&2
	printf '%s\n' "$out" | awk -F, '/^[a-z0-9_]+,[-+.0-9e]+,/ { printf "%-34s %14s %s\n", $1, $2, $3 }'
done
if [ -n "$quick" ]; then rm "$new"; else mv "$new" results/bench.csv; fi
exit $bad
