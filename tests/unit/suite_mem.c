#include "helpers.h"
#include "suites.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool (*const growths[])(void *items, size_t *cap, size_t need,
			       size_t size) = {tb_grow, tb_grow_scattered};

/* Up to some large pages. */
START_TEST(grow_keeps_what_is_there)
{
	enum { MANY = 3000000 };
	uint32_t *items = NULL;
	size_t cap = 0, wrong = 0;

	for (uint32_t n = 0; n < MANY; n++) {
		if (!growths[_i](&items, &cap, n + 1, sizeof(*items)) || cap <= n)
			ck_abort_msg("%u of %u, with room for %zu", n, MANY, cap);
		items[n] = n;
	}
	for (uint32_t n = 0; n < MANY; n++)
		wrong += items[n] != n;
	ck_assert_uint_eq(wrong, 0);
	free(items);
}
END_TEST

START_TEST(scattered_begins_with_a_line)
{
	for (size_t need = 1; need < 10000000; need = need * 5 / 2 + 1) {
		size_t cap = 0;
		char *items = NULL;

		ck_assert(tb_grow_scattered(&items, &cap, need, 1));
		ck_assert_uint_ge(cap, need);
		ck_assert_uint_eq((uintptr_t)items % 64, 0);
		free(items);
	}
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
	bool (*grow)(void *, size_t *, size_t, size_t) = growths[_i % 2];
	size_t cap = 0;
	int *items = NULL, *before;

	ck_assert(grow(&items, &cap, 1, sizeof(*items)));
	before = items;
	items[0] = 42;
	ck_assert(!grow(&items, &cap, too_large[_i / 2].need, too_large[_i / 2].size));
	ck_assert_ptr_eq(items, before);
	ck_assert_int_eq(items[0], 42);
	ck_assert(grow(&items, &cap, 1, sizeof(*items)));
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

/* An arena with several chunks or none takes over another with several or none. */
START_TEST(arenas_join)
{
	enum { MANY = 5000, BYTES = 48 };
	static char *texts[2][MANY];
	size_t counts[2] = {_i % 2 ? MANY : 0, _i / 2 ? MANY : 0};
	struct tb_arena a[2] = {{0}};
	size_t total;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < counts[k]; i++) {
			texts[k][i] = tb_arena_take(&a[k], BYTES);
			ck_assert_ptr_nonnull(texts[k][i]);
			memset(texts[k][i], (int)(k * 100 + i % 100), BYTES);
		}
	total = a[0].total + a[1].total;
	tb_arena_join(&a[0], &a[1]);
	ck_assert_uint_eq(a[0].total, total);
	ck_assert_ptr_null(a[1].head);
	for (int i = 0; i < MANY; i++)
		memset(tb_arena_take(&a[0], BYTES), 0xff, BYTES);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < counts[k]; i++)
			for (size_t b = 0; b < BYTES; b++)
				EXPECT(texts[k][i][b] == (char)(k * 100 + i % 100), "%zu", i);
	tb_arena_release(&a[0]);
	tb_arena_release(&a[1]);
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

	add_loop(s, "mem/grow", grow_keeps_what_is_there, LENGTH(growths));
	add_loop(s, "mem/grow overflow", grow_overflow, LENGTH(too_large) * LENGTH(growths));
	add_test(s, "mem/lines", scattered_begins_with_a_line);
	add_test(s, "mem/arena", arena_pieces);
	add_test(s, "mem/arena text", arena_text);
	add_loop(s, "mem/arenas join", arenas_join, 4);
	add_test(s, "mem/arena overflow", arena_overflow);
	return s;
}
