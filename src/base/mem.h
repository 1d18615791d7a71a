/*
 * mem - growing arrays and an arena, with every size checked.
 */
#ifndef TB_MEM_H
#define TB_MEM_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes room for `need` elements of `size` bytes in the array at *items, growing by half.
 * *cap is the number of elements there is room for. False when memory is out; the array is
 * then as it was.
 */
TB_MUST_CHECK bool tb_grow(void *items, size_t *cap, size_t need, size_t size);

/*
 * The same for arrays that are read a few bytes here, a few bytes there: they begin with a cache
 * line, grow to the double, and a large one has large pages of its own, where the system has any.
 */
TB_MUST_CHECK bool tb_grow_scattered(void *items, size_t *cap, size_t need, size_t size);

/*
 * Asks for large pages behind memory that is read all over, if it is large; it is the same memory
 * whether or not the system has any.
 */
void tb_large_pages(void *p, size_t n);

/* Bytes that live as long as the arena does and never move. Zeroed is empty. */
struct tb_arena {
	struct tb_arena_chunk *head;
	size_t used; /* of the head chunk */
	size_t cap;
	size_t total; /* of all chunks */
};

/* `n` bytes, aligned for any type when `n` is a multiple of 16; NULL when memory is out. */
void *tb_arena_take(struct tb_arena *a, size_t n);

/* A copy of the bytes with a NUL behind it; NULL when memory is out. */
char *tb_arena_text(struct tb_arena *a, const char *s, size_t n);

/* Takes over the bytes of `other`, which is empty then. */
void tb_arena_join(struct tb_arena *a, struct tb_arena *other);

void tb_arena_release(struct tb_arena *a);

#endif
