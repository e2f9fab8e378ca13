#include "sim/kernel/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Small pieces share chunks; large ones come straight from calloc, whose untouched pages cost nothing. */
enum { CHUNK = 1 << 18, LARGE = 1 << 14, LINE = 64, HUGE_PAGE = 1 << 21 };

struct piece {
	struct piece *next;
	size_t used, size; /* of data, for chunks */
	void *raw;
	unsigned char *data; /* aligned to a cache line */
};

struct arena {
	struct piece *chunk; /* being filled */
	struct piece *all;
	size_t bytes;
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct piece *p = a->all, *next; p; p = next) {
		next = p->next;
		free(p->raw);
		free(p);
	}
	free(a);
}

/* Rows that are visited at random cost a miss of the translation buffer each on small pages.  A wish: it may fail. */
static void want_huge_pages(unsigned char *data, size_t size)
{
	uintptr_t begin = ((uintptr_t)data + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	uintptr_t end = ((uintptr_t)data + size) / HUGE_PAGE * HUGE_PAGE;

	if (size >= 2 * HUGE_PAGE && begin < end)
		madvise((void *)begin, end - begin, MADV_HUGEPAGE);
}

static struct piece *new_piece(struct arena *a, size_t size)
{
	struct piece *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->raw = calloc(1, size + LINE);
	if (!p->raw) {
		free(p);
		return NULL;
	}
	p->data = (unsigned char *)(((uintptr_t)p->raw + LINE - 1) / LINE * LINE);
	want_huge_pages(p->data, size);
	p->size = size;
	p->next = a->all;
	a->all = p;
	a->bytes += size + LINE + sizeof *p;
	return p;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
	size_t want;

	if (__builtin_mul_overflow(n, size, &want) || want > SIZE_MAX / 2)
		return NULL;
	if (want >= LARGE) {
		struct piece *p = new_piece(a, want);
		return p ? p->data : NULL;
	}
	size_t align = want >= LINE ? LINE : 16;
	size_t at = a->chunk ? (a->chunk->used + align - 1) / align * align : 0;
	if (!a->chunk || at + want > a->chunk->size) {
		struct piece *p = new_piece(a, CHUNK);
		if (!p)
			return NULL;
		a->chunk = p;
		at = 0;
	}
	a->chunk->used = at + (want ? want : 1);
	return a->chunk->data + at;
}

char *arena_strdup(struct arena *a, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = arena_alloc(a, n, 1);

	return copy ? memcpy(copy, text, n) : NULL;
}

static char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	char *text = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1, 1);
	if (text)
		vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}

size_t arena_bytes(const struct arena *a)
{
	return a->bytes;
}
