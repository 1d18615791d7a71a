#include "tokens/counter.h"
#include "tokens/merge.h"
#include "tokens/scan.h"
#include "helpers.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

/* What tiktoken 0.14.0 counts, in the order of enum tb_encoding. */
static const struct {
	struct tb_span text;
	uint64_t tokens[TB_ENCODINGS];
} counts[] = {
	{BYTES("a"), {1, 1}},
	{BYTES("hello world"), {2, 2}},
	{BYTES("Hello, World!"), {4, 4}},
	{BYTES("it's we're I'll DON'T"), {4, 8}},
	{BYTES("it'\xc5\xbf"), {3, 4}},
	{BYTES("'sa 'S"), {4, 4}},
	{BYTES("   x"), {2, 2}},
	{BYTES("x   "), {2, 2}},
	{BYTES("\n\n  \n x"), {2, 3}},
	{BYTES(" \n"), {1, 1}},
	{BYTES("\t\tx"), {2, 2}},
	{BYTES("a \r\n b"), {3, 3}},
	{BYTES("1234567 12 3"), {7, 7}},
	{BYTES("!!!\n\n/x"), {3, 2}},
	{BYTES("!!/\n//x"), {3, 4}},
	{BYTES("a/b/c"), {3, 3}},
	{BYTES("\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c"), {3, 6}},
	{BYTES("\xe6\xbc\xa2"
	       "ABC"),
	 {2, 3}},
	{BYTES("ABC\xe6\xbc\xa2"), {2, 3}},
	{BYTES("ABCdefGHI"), {4, 4}},
	{BYTES("\xcc\x81"
	       "a"),
	 {2, 2}},
	{BYTES("\xcc\x81"
	       "AB"),
	 {2, 2}},
	{BYTES("!\xcc\x81"
	       "a"),
	 {3, 3}},
	{BYTES("e\xcc\x81\xcc\x81"
	       "e"),
	 {4, 4}},
	{BYTES("\xc7\x85x"), {3, 3}},
	{BYTES("\xf0\x9f\x98\x80\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"), {6, 10}},
	{BYTES("<|endoftext|>"), {7, 7}},
	{BYTES("<|im_start|>user"), {7, 7}},
	{BYTES("\xc2\xa0\xe3\x80\x80x"), {3, 3}},
	{BYTES("\x00\x01"), {2, 2}},
	{BYTES("\xef\xbb\xbfx"), {2, 2}},
	{BYTES("\xd0\x96\xd0\xb8\xd0\xb7\xd0\xbd\xd1\x8c"), {3, 5}},
	{BYTES("\xf0\x9e\xa4\xa2\xf0\x9e\xa4\x80"), {8, 8}},
	{BYTES("\xf0\x96\xb5\x83\xf0\x90\xb5\x8a"), {8, 8}},
	{BYTES("0x1f\xc2\xbd\xd9\xa3"), {6, 7}},
	{BYTES("supercalifragilisticexpialidocious antidisestablishmentarianism"), {16, 17}},
};

static uint64_t counted(struct tb_counter *c, struct tb_span text)
{
	struct tb_err err = {0};
	uint64_t tokens = 0;

	EXPECT(tb_counter_add(c, text.p, text.n, &err) == TB_OK, "%s", err.text);
	EXPECT(tb_counter_finish(c, &tokens, &err) == TB_OK, "%s", err.text);
	return tokens;
}

static struct tb_counter *counter(enum tb_encoding encoding)
{
	struct tb_counter *c = tb_counter_new(encoding);

	EXPECT(c, "this build has no vocabularies: make deps");
	return c;
}

START_TEST(known_counts)
{
	for (int e = 0; e < TB_ENCODINGS; e++) {
		struct tb_counter *c = counter((enum tb_encoding)e);

		ck_assert_uint_eq(counted(c, counts[_i].text), counts[_i].tokens[e]);
		/* And once more: it remembers words, but not the text. */
		ck_assert_uint_eq(counted(c, counts[_i].text), counts[_i].tokens[e]);
		tb_counter_free(c);
	}
}
END_TEST

START_TEST(nothing_is_no_token)
{
	struct tb_counter *c = counter(TB_O200K_BASE);

	ck_assert_uint_eq(counted(c, SPAN("")), 0);
	tb_counter_free(c);
}
END_TEST

/* ---- cut anywhere ---- */

/* Made of what the patterns look at, in runs of any length. */
static void tricky_text(struct tb_buf *b, uint64_t *seed)
{
	static const char *const parts[] = {" ",
					    "  ",
					    "\n",
					    "\r\n",
					    "\t",
					    "'",
					    "s",
					    "S",
					    "'s",
					    "'LL",
					    "\xc5\xbf",
					    "a",
					    "bcd",
					    "A",
					    "BC",
					    "\xe6\xbc\xa2",
					    "\xcc\x81",
					    "\xc7\x85",
					    "1",
					    "22",
					    "!",
					    "/",
					    "//",
					    "\xc2\xa0",
					    "\xe3\x80\x80",
					    "\xf0\x9f\x98\x80",
					    "the ",
					    " of",
					    "_",
					    "."};
	size_t n = next_random(seed) % 40;

	tb_buf_clear(b);
	for (size_t i = 0; i < n; i++) {
		const char *part = parts[next_random(seed) % LENGTH(parts)];
		size_t times = next_random(seed) % 8 ? 1 : next_random(seed) % 60;

		for (size_t k = 0; k < times; k++)
			tb_buf_puts(b, part);
	}
}

/* In blocks of up to `block` bytes. */
static uint64_t counted_in_blocks(struct tb_counter *c, const struct tb_buf *b, size_t block)
{
	struct tb_err err = {0};
	uint64_t tokens = 0;

	for (size_t i = 0; i < b->n; i += block) {
		size_t n = b->n - i < block ? b->n - i : block;

		EXPECT(tb_counter_add(c, b->p + i, n, &err) == TB_OK, "%s", err.text);
	}
	EXPECT(tb_counter_finish(c, &tokens, &err) == TB_OK, "%s", err.text);
	return tokens;
}

START_TEST(any_buffer_and_window)
{
	static const size_t buffers[] = {16, 17, 19, 40, 150};
	static const size_t windows[] = {1, 2, 7, 30, 200};
	enum tb_encoding e = (enum tb_encoding)(_i % TB_ENCODINGS);
	struct tb_counter *whole = counter(e);
	struct tb_counter *cut =
		tb_counter_new_sized(e, buffers[_i / 2 % 5], windows[_i / 2 / 5 % 5]);
	struct tb_buf b = {0};
	uint64_t seed = (uint64_t)_i;

	for (int round = 0; round < 100; round++) {
		uint64_t tokens;

		tricky_text(&b, &seed);
		tokens = counted(whole, (struct tb_span){b.p, b.n});
		EXPECT(counted_in_blocks(cut, &b, 1 + next_random(&seed) % 50) == tokens,
		       "seed %d, round %d", _i, round);
	}
	tb_buf_release(&b);
	tb_counter_free(whole);
	tb_counter_free(cut);
}
END_TEST

/* ---- merging ---- */

/* As the definition says it, with no thought of time. */
static size_t slow_merge(const struct tb_vocabulary *v, const char *p, size_t n)
{
	size_t ends[512], parts = n;

	for (size_t i = 0; i < n; i++)
		ends[i] = i + 1;
	for (;;) {
		uint32_t lowest = TB_TOKEN_NONE;
		size_t at = 0;

		for (size_t i = 0, from = 0; i + 1 < parts; from = ends[i++]) {
			uint32_t rank = tb_vocabulary_rank(v, p + from, ends[i + 1] - from);

			if (rank < lowest) {
				lowest = rank;
				at = i;
			}
		}
		if (lowest == TB_TOKEN_NONE)
			return parts;
		memmove(ends + at, ends + at + 1, (parts - at - 1) * sizeof(*ends));
		parts--;
	}
}

/* Pieces on both sides of the length from which a tree is kept. */
START_TEST(merges_as_defined)
{
	static const char letters[] = "aabcdeinorst  ABC_-";
	struct tb_vocabulary v;
	struct tb_merger m = {0};
	uint64_t seed = (uint64_t)_i;
	char text[300];

	ck_assert(tb_vocabulary_get((enum tb_encoding)(_i % TB_ENCODINGS), &v));
	for (size_t n = 1; n <= sizeof(text); n += 1 + next_random(&seed) % 3) {
		size_t count;

		for (size_t i = 0; i < n; i++)
			text[i] = _i < 4 ? letters[next_random(&seed) % (sizeof(letters) - 1)]
					 : (char)next_random(&seed);
		EXPECT(tb_merge(&m, &v, text, n, &count), "no memory");
		EXPECT(count == slow_merge(&v, text, n), "%zu bytes", n);
		EXPECT(m.starts[0] == 0 && m.starts[count] == n, "%zu bytes", n);
	}
	tb_merger_release(&m);
}
END_TEST

/* Each token is found under its rank, and nothing that is one byte longer or shorter by mistake. */
START_TEST(every_token_has_its_rank)
{
	struct tb_vocabulary v;

	ck_assert(tb_vocabulary_get((enum tb_encoding)_i, &v));
	ck_assert_uint_eq(v.count, _i == TB_O200K_BASE ? 199998 : 100256);
	ck_assert_uint_eq(v.longest, 128);
	for (uint32_t rank = 0; rank < v.count; rank++) {
		const char *p = v.text + v.offsets[rank];

		EXPECT(tb_vocabulary_rank(&v, p, v.offsets[rank + 1] - v.offsets[rank]) == rank,
		       "rank %u", rank);
	}
}
END_TEST

/* ---- what is refused ---- */

static const struct {
	struct tb_span text;
	size_t at;
} broken[] = {
	{BYTES("\xff"), 0},
	{BYTES("abc\x80 def"), 3},
	{BYTES("abcdefghijklmnopqrstuvwxyz\xc3(abcdefghijklmnopqrstuvwxyz"), 26},
	{BYTES("cut \xe4\xbd"), 4},
	{BYTES("surrogate \xed\xa0\x80"), 10},
	{BYTES("overlong \xc0\x80"), 9},
};

START_TEST(not_utf8)
{
	struct tb_counter *c = tb_counter_new_sized(TB_O200K_BASE, 16, 8);
	struct tb_span text = broken[_i].text;
	struct tb_err err = {0}, none = {0};
	enum tb_status st = tb_counter_add(c, text.p, text.n, &err);
	uint64_t tokens;
	char where[32];

	if (st == TB_OK)
		st = tb_counter_finish(c, &tokens, &err);
	ck_assert_int_eq(st, TB_DATA);
	snprintf(where, sizeof(where), "byte %zu: not UTF-8", broken[_i].at);
	ck_assert_msg(strncmp(err.text, where, strlen(where)) == 0, "%s", err.text);
	tb_counter_reset(c);
	ck_assert_int_eq(tb_counter_add(c, "ok", 2, &none), TB_OK);
	ck_assert_int_eq(tb_counter_finish(c, &tokens, &none), TB_OK);
	ck_assert_uint_eq(tokens, 1);
	tb_counter_free(c);
}
END_TEST

static enum tb_status count_long_runs(void *ctx, struct tb_err *err)
{
	struct tb_counter *c = tb_counter_new_sized(TB_O200K_BASE, 16, 32);
	enum tb_status st = c ? TB_OK : tb_fail_nomem(err);
	struct tb_buf *b = ctx;
	uint64_t tokens;

	if (st == TB_OK)
		st = tb_counter_add(c, b->p, b->n, err);
	if (st == TB_OK)
		st = tb_counter_finish(c, &tokens, err);
	tb_counter_free(c);
	return st;
}

START_TEST(no_memory)
{
	struct tb_buf b = {0};

	for (int i = 0; i < 200; i++)
		tb_buf_puts(&b, i % 10 ? "AB" : "\xe6\xbc\xa2");
	ck_assert_uint_ge(each_allocation_fails(count_long_runs, &b), 10);
	tb_buf_release(&b);
}
END_TEST

START_TEST(names)
{
	ck_assert_int_eq(tb_encoding_named(SPAN("o200k_base")), TB_O200K_BASE);
	ck_assert_int_eq(tb_encoding_named(SPAN("cl100k_base")), TB_CL100K_BASE);
	ck_assert_int_eq(tb_encoding_named(SPAN("o200k")), TB_ENCODINGS);
	ck_assert_int_eq(tb_encoding_named(SPAN("")), TB_ENCODINGS);
}
END_TEST

Suite *tokens_suite(void)
{
	Suite *s = suite_create("tokens");

	add_loop(s, "tokens/known counts", known_counts, LENGTH(counts));
	add_test(s, "tokens/nothing", nothing_is_no_token);
	add_loop(s, "tokens/cut anywhere", any_buffer_and_window, 50);
	add_loop(s, "tokens/merges", merges_as_defined, 8);
	add_loop(s, "tokens/ranks", every_token_has_its_rank, TB_ENCODINGS);
	add_loop(s, "tokens/not UTF-8", not_utf8, LENGTH(broken));
	add_test(s, "tokens/no memory", no_memory);
	add_test(s, "tokens/names", names);
	return s;
}
