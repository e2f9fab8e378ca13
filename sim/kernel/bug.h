/*
 * bug - a broken invariant of ours: says where and which event was being handled, then aborts.  On in every build.
 */
#ifndef SIM_KERNEL_BUG_H
#define SIM_KERNEL_BUG_H

struct sim;

/* sim may be NULL where none is at hand. */
_Noreturn void bug_report(const struct sim *s, const char *file, int line, const char *what);

#define BUG_ON(s, cond) ((cond) ? bug_report((s), __FILE__, __LINE__, #cond) : (void)0)

#endif
