/* For madvise(). */
#define _DEFAULT_SOURCE /* NOLINT(cert-dcl51-cpp): the name is the C library's */

#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20 };

/* The large pages that lie wholly within. */
static void ask_for_large_pages(void *p, size_t n)
{
#ifdef MADV_HUGEPAGE
	uintptr_t begin = ((uintptr_t)p + LARGE_PAGE - 1) & ~((uintptr_t)LARGE_PAGE - 1);
	uintptr_t end = ((uintptr_t)p + n) & ~((uintptr_t)LARGE_PAGE - 1);

	if (end > begin)
		(void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
#else
	(void)p;
	(void)n;
#endif
}

void tb_large_pages(void *p, size_t n)
{
	if (n >= 4 * (size_t)LARGE_PAGE)
		ask_for_large_pages(p, n);
}

/* The array that *items points at. Its own type is the caller's; memcpy keeps the pointer's bytes.
 */
static void *array_at(const void *items)
{
	void *p;

	memcpy(&p, items, sizeof(p));
	return p;
}

static void put_array(void *items, void *p, size_t *cap, size_t more)
{
	memcpy(items, &p, sizeof(p));
	*cap = more;
}

bool tb_grow(void *items, size_t *cap, size_t need, size_t size)
{
	void *grown;
	size_t more = *cap + *cap / 2 + 8, bytes;

	if (need <= *cap)
		return true;
	if (more < need)
		more = need;
	if (__builtin_mul_overflow(more, size, &bytes))
		return false;
	grown = realloc(array_at(items), bytes);
	if (!grown)
		return false;
	put_array(items, grown, cap, more);
	tb_large_pages(grown, bytes);
	/* cppcheck-suppress memleak ; the caller's pointer holds it now */
	return true;
}

bool tb_grow_scattered(void *items, size_t *cap, size_t need, size_t size)
{
	enum { LINE = 64 };
	void *grown, *old = array_at(items);
	size_t more = *cap * 2 + 8, bytes, align = LINE;

	if (need <= *cap)
		return true;
	if (more < need)
		more = need;
	if (__builtin_mul_overflow(more, size, &bytes) || bytes > SIZE_MAX / 2)
		return false;
	if (bytes >= LARGE_PAGE / 2) {
		align = LARGE_PAGE;
		bytes = (bytes + LARGE_PAGE - 1) & ~((size_t)LARGE_PAGE - 1);
		more = bytes / size;
	}
	if (posix_memalign(&grown, align, bytes) != 0)
		return false;
	ask_for_large_pages(grown, bytes);
	if (*cap)
		memcpy(grown, old, *cap * size);
	free(old);
	put_array(items, grown, cap, more);
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

void tb_arena_join(struct tb_arena *a, struct tb_arena *other)
{
	struct tb_arena_chunk **end = &other->head;

	while (*end)
		end = &(*end)->next;
	if (a->head) {
		*end = a->head->next;
		a->head->next = other->head;
		a->total += other->total;
	} else {
		*a = *other;
	}
	*other = (struct tb_arena){0};
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
