#include "sim/study/bytes.h"

#include <stdlib.h>
#include <string.h>

void bytes_free(struct bytes *b)
{
	free(b->v);
	*b = (struct bytes){ 0 };
}

static bool make_room(struct bytes *b, size_t n)
{
	if (b->failed)
		return false;
	if (n <= b->cap - b->n)
		return true;
	size_t cap = b->cap ? b->cap : 64;
	while (cap - b->n < n && cap <= SIZE_MAX / 2)
		cap *= 2;
	unsigned char *v = cap - b->n < n ? NULL : realloc(b->v, cap);
	if (!v) {
		b->failed = true;
		return false;
	}
	b->v = v;
	b->cap = cap;
	return true;
}

void bytes_add(struct bytes *b, const void *v, size_t n)
{
	if (n == 0 || !make_room(b, n))
		return;
	memcpy(b->v + b->n, v, n);
	b->n += n;
}

void bytes_u64(struct bytes *b, uint64_t x)
{
	unsigned char v[8];

	for (size_t i = 0; i < sizeof v; i++)
		v[i] = (unsigned char)(x >> (8 * i));
	bytes_add(b, v, sizeof v);
}

void bytes_double(struct bytes *b, double x)
{
	uint64_t bits;

	_Static_assert(sizeof bits == sizeof x, "a double has 64 bits");
	memcpy(&bits, &x, sizeof bits);
	bytes_u64(b, bits);
}

void bytes_text(struct bytes *b, const char *text)
{
	size_t n = strlen(text);

	bytes_u64(b, n);
	bytes_add(b, text, n + 1);
}

struct bytes_reader bytes_read(const void *v, size_t n)
{
	/* An empty run may have no address, and NULL + 0 is not defined. */
	const unsigned char *at = v ? v : (const unsigned char *)"";

	return (struct bytes_reader){ .at = at, .end = at + (v ? n : 0) };
}

const unsigned char *bytes_get(struct bytes_reader *r, size_t n)
{
	const unsigned char *at = r->at;

	if (r->failed || n > (size_t)(r->end - r->at)) {
		r->failed = true;
		return NULL;
	}
	r->at += n;
	return at;
}

uint64_t bytes_get_u64(struct bytes_reader *r)
{
	const unsigned char *v = bytes_get(r, 8);
	uint64_t x = 0;

	for (size_t i = 0; v && i < 8; i++)
		x |= (uint64_t)v[i] << (8 * i);
	return x;
}

double bytes_get_double(struct bytes_reader *r)
{
	uint64_t bits = bytes_get_u64(r);
	double x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

const char *bytes_get_text(struct bytes_reader *r)
{
	uint64_t n = bytes_get_u64(r);
	const unsigned char *v = n < SIZE_MAX ? bytes_get(r, (size_t)n + 1) : NULL;

	/* The NUL stands where the length says, and nowhere before. */
	if (!v || memchr(v, '\0', (size_t)n + 1) != v + n) {
		r->failed = true;
		return "";
	}
	return (const char *)v;
}

bool bytes_whole(const struct bytes_reader *r)
{
	return !r->failed && r->at == r->end;
}
