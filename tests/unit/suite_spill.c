#include "base/spill.h"
#include "helpers.h"
#include "suites.h"

#include <stdlib.h>

enum { PARTS = 5, MEMORY = 64 << 20 };

/* How much memory there is, how many bytes go in, and at most so many at once. */
static const struct {
	size_t memory, bytes, once;
} cases[] = {
	{MEMORY, 0, 10},       {MEMORY, 1, 10},    {MEMORY, TB_SPILL_CHUNK, 8},
	{MEMORY, 300000, 100}, {0, 1, 10},         {0, 300000, 100},
	{0, 300000, 5000},     {0, 3000000, 100},  {100000, 1000000, 3000},
	{1, 100000, 1},        {200000, 70000, 9},
};

/* What was put into each part. */
struct copy {
	char *bytes;
	size_t n;
};

static void put_random(struct tb_spill *s, struct copy parts[PARTS], size_t bytes, size_t once)
{
	struct tb_err err = {0};
	uint64_t seed = bytes + once;
	char piece[8192];

	for (size_t left = bytes; left;) {
		size_t part = next_random(&seed) % (PARTS - 1), n = 1 + next_random(&seed) % once;
		struct copy *c = &parts[part];

		n = n < left ? n : left;
		for (size_t i = 0; i < n; i++)
			piece[i] = (char)next_random(&seed);
		EXPECT(tb_spill_put(s, part, piece, n, &err) == TB_OK, "%s", err.text);
		memcpy(c->bytes + c->n, piece, n);
		c->n += n;
		left -= n;
	}
}

static void check_part(const struct tb_spill *s, size_t part, const struct copy *c, size_t once)
{
	struct tb_spill_reader r = tb_spill_begin(s, part);
	struct tb_err err = {0};
	char *room = malloc(once);
	size_t got = 1, at = 0;

	ck_assert_ptr_nonnull(room);
	ck_assert_uint_eq(tb_spill_bytes(s, part), c->n);
	for (; got; at += got) {
		EXPECT(tb_spill_read(&r, room, once, &got, &err) == TB_OK, "%s", err.text);
		EXPECT(at + got <= c->n && memcmp(room, c->bytes + at, got) == 0, "byte %zu", at);
		EXPECT(got == once || at + got == c->n, "no more than %zu at %zu", got, at);
	}
	ck_assert_uint_eq(at, c->n);
	free(room);
}

/* In the order it went in, however it is read; and the memory is given back. */
START_TEST(comes_out_again)
{
	struct tb_spill_memory memory;
	struct copy parts[PARTS] = {{NULL, 0}};
	struct tb_spill *s;

	tb_spill_memory_init(&memory, cases[_i].memory);
	s = tb_spill_new(&memory, PARTS);
	ck_assert_ptr_nonnull(s);
	for (size_t p = 0; p < PARTS; p++)
		ck_assert_ptr_nonnull(parts[p].bytes = malloc(cases[_i].bytes + 1));
	put_random(s, parts, cases[_i].bytes, cases[_i].once);
	for (size_t p = 0; p < PARTS; p++)
		for (size_t once = 1; once < 100000; once = once * 7 + 1)
			check_part(s, p, &parts[p], once);
	ck_assert((s->fd >= 0) == (cases[_i].bytes > cases[_i].memory + 70000));
	tb_spill_free(s);
	ck_assert_uint_eq(memory.left, cases[_i].memory);
	for (size_t p = 0; p < PARTS; p++)
		free(parts[p].bytes);
}
END_TEST

/* A spill that finds no memory left holds no more than a chunk for each part and those it writes.
 */
START_TEST(no_more_than_stated)
{
	struct tb_spill_memory memory;
	struct tb_spill *a, *b;
	struct tb_err err = {0};

	tb_spill_memory_init(&memory, 1 << 20);
	a = tb_spill_new(&memory, PARTS);
	b = tb_spill_new(&memory, PARTS);
	ck_assert(a && b);
	for (uint64_t i = 0; i < 1 << 18; i++) {
		EXPECT(tb_spill_put_word(a, i % PARTS, i, &err) == TB_OK, "%s", err.text);
		EXPECT(tb_spill_put_word(b, i % PARTS, i, &err) == TB_OK, "%s", err.text);
	}
	ck_assert_uint_lt(memory.left, 128 << 10);
	ck_assert_uint_gt(a->written, 1 << 20);
	ck_assert_uint_gt(b->written, 1 << 20);
	tb_spill_free(a);
	tb_spill_free(b);
	ck_assert_uint_eq(memory.left, 1 << 20);
}
END_TEST

START_TEST(no_room_for_a_file)
{
	struct tb_spill_memory memory;
	struct tb_err err = {0};
	enum tb_status st = TB_OK;
	struct tb_spill *s;

	ck_assert_int_eq(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	tb_spill_memory_init(&memory, 0);
	s = tb_spill_new(&memory, 1);
	ck_assert_ptr_nonnull(s);
	for (uint64_t i = 0; i < 100000 && st == TB_OK; i++)
		st = tb_spill_put_word(s, 0, i, &err);
	ck_assert_int_eq(st, TB_IO);
	ck_assert_str_eq(err.text, "creating a temporary file (TMPDIR, else /tmp): No such file or "
				   "directory");
	tb_spill_free(s);
	unsetenv("TMPDIR");
}
END_TEST

static enum tb_status put_and_read(void *ctx, struct tb_err *err)
{
	struct tb_spill_memory memory;
	enum tb_status st = TB_OK;
	struct tb_spill *s;

	(void)ctx;
	tb_spill_memory_init(&memory, 100000);
	s = tb_spill_new(&memory, PARTS);
	if (!s)
		return tb_fail_nomem(err);
	for (uint64_t i = 0; i < 100000 && st == TB_OK; i++)
		st = tb_spill_put_word(s, i % PARTS, i, err);
	tb_spill_free(s);
	return st;
}

START_TEST(out_of_memory)
{
	ck_assert_uint_gt(each_allocation_fails(put_and_read, NULL), 8);
}
END_TEST

Suite *spill_suite(void)
{
	Suite *s = suite_create("spill");

	add_loop(s, "spill/comes out again", comes_out_again, LENGTH(cases));
	add_test(s, "spill/no more than stated", no_more_than_stated);
	add_test(s, "spill/no room for a file", no_room_for_a_file);
	add_test(s, "spill/out of memory", out_of_memory);
	return s;
}
