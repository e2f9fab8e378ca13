#!/bin/sh
# Check how the sources are laid out; with --write, mend what can be mended.
#
# Functions: as .clang-format says.  Headers, and tables, structs and macros of .c files, are laid out by hand, since their
# columns are read; like all text they have no trailing blanks, no blanks before a tab, and end in a line feed; headers'
# lines are 140 columns at most.
set -u
bad=0
case ${1-} in
"") mode="--dry-run -Werror" ;;
--write)
	mode=-i
	git ls-files -z -- '*.[ch]' '*.sh' '*.md' Makefile | xargs -0 sed -i 's/[ \t]*$//'
	;;
*)
	echo "usage: format.sh [--write]" >&2
	exit 2
	;;
esac
# A function's body stands between braces that are alone on their line.
for f in $(find sim models tests tools -name '*.c' 2>/dev/null | sort); do
	bodies=$(awk '/^\{$/ { from = NR } /^\}$/ && from { printf "--lines=%d:%d ", from, NR; from = 0 }' "$f")
	# shellcheck disable=SC2086
	[ -z "$bodies" ] || clang-format $mode $bodies "$f" || bad=1
done
texts=$(git ls-files -- '*.[ch]' '*.sh' Makefile)
# shellcheck disable=SC2086
if grep -nE '[[:blank:]]+$|^ +	|	 +	' $texts; then
	echo "format: blanks at the end of a line, or before a tab"
	bad=1
fi
for f in $texts; do
	[ -s "$f" ] && [ -n "$(tail -c 1 "$f")" ] && echo "$f: no line feed at its end" && bad=1
	case $f in
	*.h) expand "$f" | awk -v f="$f" 'length > 140 { print f ":" NR ": " length " columns"; n = 1 } END { exit n }' || bad=1 ;;
	esac
done
[ $bad -eq 0 ] && echo "format holds"
exit $bad
