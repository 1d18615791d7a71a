#include "base/sorter.h"
#include "helpers.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

/* Around the memory's limit, and around the number of items read at once while merging. */
static const struct {
	size_t memory, n;
	unsigned values; /* how many different bytes there are: few make equal items */
} cases[] = {
	{8, 0, 256},     {8, 1, 256},     {8, 7, 256},     {8, 8, 256},        {8, 9, 256},
	{8, 15, 256},    {8, 16, 256},    {8, 17, 256},    {8, 1000, 256},     {8, 1000, 1},
	{8, 1000, 2},    {1, 100, 256},   {127, 1000, 3},  {128, 1000, 3},     {129, 1000, 3},
	{200, 199, 256}, {200, 401, 256}, {256, 512, 256}, {1000, 10000, 256}, {0, 70000, 256},
};

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, TB_SORTER_ITEM);
}

static struct tb_sorter_item *random_items(size_t n, unsigned values)
{
	struct tb_sorter_item *items = calloc(n + 1, sizeof(*items));
	uint64_t seed = n + values;

	ck_assert_ptr_nonnull(items);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 6; k++)
			items[i].bytes[k * 8] = (unsigned char)(next_random(&seed) % values);
	return items;
}

static void check_pass(struct tb_sorter *s, const struct tb_sorter_item *sorted, size_t n)
{
	struct tb_sorter_item item;
	struct tb_err err = {0};
	bool more;

	ck_assert_int_eq(tb_sorter_rewind(s, &err), TB_OK);
	for (size_t i = 0; i < n; i++) {
		EXPECT(tb_sorter_next(s, &item, &more, &err) == TB_OK, "%s", err.text);
		EXPECT(more && compare(&item, &sorted[i]) == 0, "item %zu of %zu", i, n);
	}
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(tb_sorter_next(s, &item, &more, &err), TB_OK);
		ck_assert(!more);
	}
}

START_TEST(as_qsort)
{
	size_t n = cases[_i].n;
	struct tb_sorter_item *items = random_items(n, cases[_i].values);
	struct tb_sorter *s = tb_sorter_new(cases[_i].memory);
	struct tb_err err = {0};

	for (size_t i = 0; i < n; i++)
		EXPECT(tb_sorter_put(s, &items[i], &err) == TB_OK, "%s", err.text);
	ck_assert_uint_eq(tb_sorter_count(s), n);
	qsort(items, n, sizeof(*items), compare);
	for (int pass = 0; pass < 3; pass++)
		check_pass(s, items, n);
	tb_sorter_free(s);
	free(items);
}
END_TEST

/* Going back in the middle of a pass begins anew. */
START_TEST(rewind_in_the_middle)
{
	struct tb_sorter_item *items = random_items(500, 256), item;
	struct tb_sorter *s = tb_sorter_new(_i ? 8 : 1000);
	struct tb_err err = {0};
	bool more;

	for (size_t i = 0; i < 500; i++)
		EXPECT(tb_sorter_put(s, &items[i], &err) == TB_OK, "%s", err.text);
	qsort(items, 500, sizeof(*items), compare);
	ck_assert_int_eq(tb_sorter_rewind(s, &err), TB_OK);
	for (int i = 0; i < 321; i++)
		ck_assert_int_eq(tb_sorter_next(s, &item, &more, &err), TB_OK);
	check_pass(s, items, 500);
	tb_sorter_free(s);
	free(items);
}
END_TEST

START_TEST(no_room_for_runs)
{
	struct tb_sorter *s = tb_sorter_new(1);
	struct tb_sorter_item item = {{0}};
	struct tb_err err = {0};

	ck_assert_int_eq(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	ck_assert_int_eq(tb_sorter_put(s, &item, &err), TB_OK);
	ck_assert_int_eq(tb_sorter_put(s, &item, &err), TB_IO);
	ck_assert_str_eq(err.text, "creating a temporary file (TMPDIR, else /tmp): No such file or "
				   "directory");
	tb_sorter_free(s);
	unsetenv("TMPDIR");
}
END_TEST

START_TEST(numbers_sort_as_bytes)
{
	static const uint64_t numbers[] = {0,          1,          255,        256,       65535,
					   UINT32_MAX, 1ull << 32, 1ull << 63, UINT64_MAX};
	unsigned char before[8], now[8];

	for (size_t i = 0; i < LENGTH(numbers); i++) {
		tb_sorter_put_u64(now, numbers[i]);
		ck_assert_uint_eq(tb_sorter_get_u64(now), numbers[i]);
		ck_assert(i == 0 || memcmp(before, now, 8) < 0);
		memcpy(before, now, 8);
		tb_sorter_put_u32(now, (uint32_t)numbers[i]);
		ck_assert_uint_eq(tb_sorter_get_u32(now), (uint32_t)numbers[i]);
	}
}
END_TEST

Suite *sorter_suite(void)
{
	Suite *s = suite_create("sorter");

	add_loop(s, "sorter/as qsort", as_qsort, LENGTH(cases));
	add_loop(s, "sorter/rewind", rewind_in_the_middle, 2);
	add_test(s, "sorter/no room", no_room_for_runs);
	add_test(s, "sorter/numbers", numbers_sort_as_bytes);
	return s;
}
