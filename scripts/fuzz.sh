#!/bin/sh
# fuzz.sh SECONDS TARGET...: run each fuzz target for so long, from tests/fuzz/corpus/<target>/; a finding stays in results/fuzz/.
seconds=$1
shift
bad=0
mkdir -p results/fuzz || exit 1
# Words for the mutator: names of elements, attributes and choices, from the schema of the language that the repository ships.
words_of() {
	sed -n 's/.*\(name\|value\|ref\)="\([A-Za-z][A-Za-z0-9 ._-]*\)".*/"\2"/p' "scenarios/$1.xsd" | sort -u >"results/fuzz/words-$1"
	echo "-dict=results/fuzz/words-$1"
}
for t in "$@"; do
	name=${t##*/}
	name=${name#fuzz_}
	found=results/fuzz/$name
	seeds=tests/fuzz/corpus/$name
	mkdir -p "$found/corpus" || exit 1
	[ -d "$seeds" ] || seeds=
	words=
	[ -f "scenarios/$name.xsd" ] && words=$(words_of "$name")
	echo "# fuzz $name, $seconds s"
	# shellcheck disable=SC2086
	if ! "$t" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix="$found/" $words "$found/corpus" $seeds >"$found/log" 2>&1; then
		tail -n 40 "$found/log"
		echo "fuzz: $name: found something, see $found/"
		bad=1
	fi
	sed -n 's/^stat::number_of_executed_units: */  inputs tried: /p' "$found/log"
done
exit $bad
