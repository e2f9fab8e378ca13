/*
 * arena - memory that lives as long as one replication and is freed at once.
 */
#ifndef SIM_KERNEL_ARENA_H
#define SIM_KERNEL_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);          /* NULL when memory is short */
void arena_free(struct arena *a);       /* NULL allowed */

/* n zeroed elements of `size` bytes, aligned to 64 for anything of a cache line or more, else to 16.
 * NULL when memory is short or n * size overflows; n == 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
char *arena_strdup(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t arena_bytes(const struct arena *a);

#endif
