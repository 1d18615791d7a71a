#include "helpers.h"
#include "suites.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

START_TEST(grow_keeps_what_is_there)
{
	uint32_t *items = NULL;
	size_t cap = 0;

	for (uint32_t n = 0; n < 10000; n++) {
		ck_assert(tb_grow(&items, &cap, n + 1, sizeof(*items)));
		ck_assert_uint_gt(cap, n);
		items[n] = n;
	}
	for (uint32_t n = 0; n < 10000; n++)
		ck_assert_uint_eq(items[n], n);
	free(items);
}
END_TEST

static const struct {
	size_t need, size;
} too_large[] = {
	{SIZE_MAX, 2},
	{SIZE_MAX / 2 + 1, 2},
	{SIZE_MAX / 16 + 1, 16},
	{SIZE_MAX, SIZE_MAX},
};

START_TEST(grow_overflow)
{
	size_t cap = 0;
	int *items = NULL, *before;

	ck_assert(tb_grow(&items, &cap, 1, sizeof(*items)));
	before = items;
	items[0] = 42;
	ck_assert(!tb_grow(&items, &cap, too_large[_i].need, too_large[_i].size));
	ck_assert_ptr_eq(items, before);
	ck_assert_int_eq(items[0], 42);
	ck_assert(tb_grow(&items, &cap, 1, sizeof(*items)));
	ck_assert_ptr_eq(items, before);
	free(items);
}
END_TEST

/* Each piece is filled; were two to overlap, the first would no longer hold what it was given. */
START_TEST(arena_pieces)
{
	enum { PIECES = 2000 };
	static unsigned char *pieces[PIECES];
	static size_t sizes[PIECES];
	struct tb_arena a = {0};
	uint64_t seed = 3;

	for (int i = 0; i < PIECES; i++) {
		sizes[i] = i % 100 == 99 ? 100000 : (size_t)(next_random(&seed) % 300);
		pieces[i] = tb_arena_take(&a, sizes[i]);
		ck_assert_ptr_nonnull(pieces[i]);
		ck_assert_uint_eq((uintptr_t)pieces[i] % 16, 0);
		memset(pieces[i], i % 251, sizes[i]);
	}
	for (int i = 0; i < PIECES; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			EXPECT(pieces[i][k] == i % 251, "piece %d was overwritten", i);
	tb_arena_release(&a);
	tb_arena_release(&a);
	ck_assert_ptr_null(a.head);
}
END_TEST

START_TEST(arena_text)
{
	struct tb_arena a = {0};
	const char *text = tb_arena_text(&a, "ab\0cd", 4);

	ck_assert(memcmp(text, "ab\0c", 5) == 0);
	ck_assert_str_eq(tb_arena_text(&a, "", 0), "");
	ck_assert(memcmp(text, "ab\0c", 5) == 0);
	tb_arena_release(&a);
}
END_TEST

START_TEST(arena_overflow)
{
	struct tb_arena a = {0};

	ck_assert_ptr_null(tb_arena_take(&a, SIZE_MAX));
	ck_assert_ptr_null(tb_arena_take(&a, SIZE_MAX - 14));
	ck_assert_ptr_null(tb_arena_take(&a, SIZE_MAX / 2 + 1));
	ck_assert_ptr_nonnull(tb_arena_take(&a, 1));
	tb_arena_release(&a);
}
END_TEST

Suite *mem_suite(void)
{
	Suite *s = suite_create("mem");

	add_test(s, "mem/grow", grow_keeps_what_is_there);
	add_loop(s, "mem/grow overflow", grow_overflow, LENGTH(too_large));
	add_test(s, "mem/arena", arena_pieces);
	add_test(s, "mem/arena text", arena_text);
	add_test(s, "mem/arena overflow", arena_overflow);
	return s;
}
