/* For madvise(). */
#define _DEFAULT_SOURCE /* NOLINT(cert-dcl51-cpp): the name is the C library's */

#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void tb_large_pages(void *p, size_t n)
{
#ifdef MADV_HUGEPAGE
	enum { LARGE = 2 << 20 };
	uintptr_t begin = ((uintptr_t)p + LARGE - 1) & ~((uintptr_t)LARGE - 1);
	uintptr_t end = ((uintptr_t)p + n) & ~((uintptr_t)LARGE - 1);

	if (n >= 4 * (size_t)LARGE && end > begin)
		(void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
#else
	(void)p;
	(void)n;
#endif
}

bool tb_grow(void *items, size_t *cap, size_t need, size_t size)
{
	void *grown, *old;
	size_t more = *cap + *cap / 2 + 8, bytes;

	if (need <= *cap)
		return true;
	if (more < need)
		more = need;
	if (__builtin_mul_overflow(more, size, &bytes))
		return false;
	/* The array's own type is the caller's; memcpy keeps the pointer's bytes, whatever it is.
	 */
	memcpy(&old, items, sizeof(old));
	grown = realloc(old, bytes);
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof(grown));
	*cap = more;
	tb_large_pages(grown, bytes);
	/* cppcheck-suppress memleak ; the caller's pointer holds it now */
	return true;
}

struct tb_arena_chunk {
	struct tb_arena_chunk *next;
	void *align_; /* keeps data[] on a multiple of 16 */
	char data[];
};

enum { CHUNK = 64 * 1024 - 64, CHUNK_MAX = 32 << 20 };

static bool arena_chunk(struct tb_arena *a, size_t n)
{
	size_t cap = a->total < CHUNK ? CHUNK : a->total < CHUNK_MAX ? a->total : CHUNK_MAX;
	struct tb_arena_chunk *c;

	if (cap < n)
		cap = n;
	c = malloc(sizeof(*c) + cap);
	if (!c)
		return false;
	tb_large_pages(c, cap);
	a->total += cap;
	c->next = a->head;
	c->align_ = NULL;
	a->head = c;
	a->used = 0;
	a->cap = cap;
	return true;
}

void *tb_arena_take(struct tb_arena *a, size_t n)
{
	void *p;

	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + 15) & ~(size_t)15;
	if ((!a->head || a->cap - a->used < n) && !arena_chunk(a, n))
		return NULL;
	p = a->head->data + a->used;
	a->used += n;
	return p;
}

char *tb_arena_text(struct tb_arena *a, const char *s, size_t n)
{
	char *p = tb_arena_take(a, n + 1);

	if (!p)
		return NULL;
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

void tb_arena_release(struct tb_arena *a)
{
	while (a->head) {
		struct tb_arena_chunk *c = a->head;

		a->head = c->next;
		free(c);
	}
	*a = (struct tb_arena){0};
}
