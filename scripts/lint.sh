#!/bin/sh
# lint.sh COMPILER-FLAG...: cppcheck over the program, clang-tidy (.clang-tidy) over every source, on all processors.
set -u
bad=0
jobs=$(nproc)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# report.c hands a grown array back through memcpy, which cppcheck takes for a leak.
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches --suppress=memleak:sim/kernel/report.c -j "$jobs" -I. -D_GNU_SOURCE \
	-DSCCSIM_VERSION='""' -DSCCSIM_LIB='""' sim models || bad=1

# What clang must know to read a file; optimisation and sanitizers change no finding.
for f in "$@"; do
	case $f in
	-fsanitize* | -fno-* | -O* | -g) ;;
	-I.) echo "-I$PWD" ;;
	*) printf '%s\n' "$f" ;;
	esac
done >"$work/compile_flags.txt"
# The path analysis takes most of the time; tests, which the sanitizers run anyway, go without.
tidy() { xargs -r -n 4 -P "$jobs" clang-tidy -p "$work" --quiet "$@" >>"$work/log" 2>>"$work/noise" || bad=1; }
find sim models -name '*.c' | sort >"$work/program"
find tests -name '*.c' | sort >"$work/tests"
tidy <"$work/program"
tidy --checks=-clang-analyzer-* <"$work/tests"
cat "$work/log"
[ $bad -eq 0 ] && echo "lint holds"
exit $bad
