# Allocations that fail: one at a time, sampled over a whole run.  Each ends with status 3 and a message, or is got over and
# changes no KPI; none crashes, none passes a partial result off as a whole one.
. "$(dirname "$0")/_lib.sh"

if ldd "$SCCSIM" | grep -q 'lib[a-z]*san' || ! command -v cc >/dev/null; then
	echo "# skipped: a sanitizer has its own allocator, or there is no compiler"
	exit 0
fi
cat >fail.c <<'C'
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
static long count, at = -1;
__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("FAIL_AT");
	at = text ? atol(text) : -1;
	count = 0;
	unsetenv("LD_PRELOAD");         /* not for gnuplot */
}
__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("COUNT_TO");
	long n = count;
	FILE *f = path ? fopen(path, "w") : NULL;
	if (f) {
		fprintf(f, "%ld\n", n);
		fclose(f);
	}
}
static int fails(void) { return __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED) == at; }
void *malloc(size_t n) { return fails() ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t m) { return fails() ? NULL : __libc_calloc(n, m); }
void *realloc(void *p, size_t n) { return fails() ? NULL : __libc_realloc(p, n); }
C
cc -O1 -shared -fPIC -o fail.so fail.c || exit 1
scenario s.xml "$deployment" 'duration="30min" warm-up="0s" seed="1" replications="2"'
COUNT_TO=$work/n LD_PRELOAD=$work/fail.so "$SCCSIM" run s.xml -j 1 -q -o whole || exit 1
n=$(cat n)
echo "# $n allocations"

crashed=() partial=() silent=()
for at in $(seq 1 7 300) $(seq 300 $((n / 60 + 1)) "$n"); do
	rm -rf got
	FAIL_AT=$at LD_PRELOAD=$work/fail.so timeout 60 "$SCCSIM" run s.xml -j 1 -q -o got >out 2>err
	status=$?
	case $status in
	0) cmp -s whole/kpi.csv got/kpi.csv || partial+=("$at") ;;
	3) [ -s err ] || silent+=("$at") ;;
	*) crashed+=("$at: status $status, $(tail -n 1 err)") ;;
	esac
done
if [ ${#crashed[@]} -eq 0 ]; then pass "no failed allocation crashes"; else fail "no failed allocation crashes" "${crashed[@]}"; fi
if [ ${#partial[@]} -eq 0 ]; then pass "none that is got over changes a KPI"; else
	fail "none that is got over changes a KPI" "${partial[*]}"
fi
if [ ${#silent[@]} -eq 0 ]; then pass "none that ends the run does so silently"; else
	fail "none that ends the run does so silently" "${silent[*]}"
fi
exit $((failures > 0))
