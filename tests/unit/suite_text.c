#include "helpers.h"
#include "suites.h"

#include <string.h>

/* ---- spans ---- */

START_TEST(spans)
{
	struct tb_span abc = SPAN("abcd");

	abc.n = 3;
	ck_assert(tb_span_is(abc, "abc") && !tb_span_is(abc, "abcd") && !tb_span_is(abc, "ab"));
	ck_assert(tb_span_equal_nocase(abc, tb_span_of("AbC")) &&
		  !tb_span_equal_nocase(abc, tb_span_of("abd")));
	ck_assert(!tb_span_equal_nocase(SPAN("\xc3\xa9"), tb_span_of("\xc3\x89")));
	ck_assert(!tb_span_equal_nocase(SPAN("@["), tb_span_of("`{")));
	ck_assert(tb_span_starts(abc, "ab") && tb_span_starts(abc, "") &&
		  !tb_span_starts(abc, "abcd"));
	ck_assert(tb_span_equal(abc, SPAN("abc")) && !tb_span_equal(abc, SPAN("abd")));
	ck_assert(tb_span_equal(TB_NO_SPAN, SPAN("")));
}
END_TEST

static const struct {
	struct tb_span a, b;
	int sign;
} orders[] = {
	{BYTES(""), BYTES(""), 0},          {BYTES("a"), BYTES("a"), 0},
	{BYTES("a"), BYTES("b"), -1},       {BYTES("a"), BYTES("aa"), -1},
	{BYTES("B"), BYTES("a"), -1},       {BYTES(""), BYTES("\0"), -1},
	{BYTES("a\0b"), BYTES("a\0c"), -1}, {BYTES("z"), BYTES("\xc3\xa9"), -1},
};

START_TEST(order)
{
	int there = tb_span_compare(orders[_i].a, orders[_i].b);
	int back = tb_span_compare(orders[_i].b, orders[_i].a);

	ck_assert_int_eq((there > 0) - (there < 0), orders[_i].sign);
	ck_assert_int_eq((back > 0) - (back < 0), -orders[_i].sign);
}
END_TEST

static const struct {
	struct tb_span text;
	const char *trimmed;
} trims[] = {
	{BYTES(""), ""},          {BYTES("  \t"), ""},         {BYTES("a"), "a"},
	{BYTES(" a b\t"), "a b"}, {BYTES("\n a\n"), "\n a\n"}, {BYTES("\xc2\xa0"), "\xc2\xa0"},
};

START_TEST(trim)
{
	ck_assert(tb_span_is(tb_span_trim(trims[_i].text), trims[_i].trimmed));
}
END_TEST

/* ---- buffers ---- */

START_TEST(buffer)
{
	struct tb_buf b = {0};

	tb_buf_add(&b, NULL, 0);
	ck_assert_str_eq(b.p, "");
	tb_buf_puts(&b, "ab");
	tb_buf_add(&b, "c\0d", 3);
	ck_assert_uint_eq(b.n, 5);
	ck_assert(memcmp(b.p, "abc\0d", 6) == 0);
	tb_buf_clear(&b);
	ck_assert_str_eq(b.p, "");
	tb_buf_printf(&b, "%d-%s", 7, "x");
	ck_assert_str_eq(b.p, "7-x");
	tb_buf_release(&b);
	tb_buf_release(&b);
	tb_buf_clear(&b);
	ck_assert_ptr_null(b.p);
}
END_TEST

/* Around the size of printf's small buffer. */
START_TEST(long_printf)
{
	struct tb_buf b = {0};
	int widths[] = {510, 511, 512, 513, 5000};

	for (size_t i = 0; i < LENGTH(widths); i++) {
		size_t before = b.n;

		tb_buf_printf(&b, "%*d|", widths[i], 1);
		ck_assert_uint_eq(b.n, before + (size_t)widths[i] + 1);
		ck_assert_str_eq(b.p + b.n - 2, "1|");
	}
	tb_buf_release(&b);
}
END_TEST

/* ---- UTF-8 ---- */

/* By the definition: bits in, and surrogates and too large ones refused. */
static size_t encode(uint32_t c, char out[4])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0x00, 0xc0, 0xe0, 0xf0};

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

START_TEST(every_code_point)
{
	char text[4];
	size_t len;

	for (uint32_t c = 0; c < 0x1fffff; c++) {
		size_t n = encode(c, text);
		bool real = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);

		EXPECT((tb_utf8_prefix(text, n) == n) == real, "U+%04X", (unsigned)c);
		if (!real)
			continue;
		EXPECT(tb_utf8_next(text, n, &len) == c && len == n, "U+%04X", (unsigned)c);
		EXPECT(tb_utf8_prefix(text, n - 1) == 0, "U+%04X cut", (unsigned)c);
	}
}
END_TEST

START_TEST(every_two_bytes)
{
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			char text[2] = {(char)a, (char)b};
			size_t expected = a < 0x80 ? (b < 0x80 ? 2 : 1)
					  : a >= 0xc2 && a <= 0xdf && b >= 0x80 && b <= 0xbf ? 2
											     : 0;

			EXPECT(tb_utf8_prefix(text, 2) == expected, "%02x %02x", a, b);
		}
}
END_TEST

static const struct {
	struct tb_span text;
	size_t valid;
} broken[] = {
	{BYTES("\x80"), 0},
	{BYTES("ab\xbf"), 2},
	{BYTES("\xc0\x80"), 0},     /* overlong NUL */
	{BYTES("\xc1\xbf"), 0},     /* overlong U+007F */
	{BYTES("\xe0\x80\x80"), 0}, /* overlong */
	{BYTES("\xe0\x9f\xbf"), 0}, /* overlong U+07FF */
	{BYTES("\xe0\xa0\x80"), 3},
	{BYTES("\xf0\x80\x80\x80"), 0}, /* overlong */
	{BYTES("\xf0\x8f\xbf\xbf"), 0}, /* overlong U+FFFF */
	{BYTES("\xf0\x90\x80\x80"), 4},
	{BYTES("\xed\x9f\xbf"), 3},
	{BYTES("\xed\xa0\x80"), 0}, /* surrogates */
	{BYTES("\xed\xaf\xbf"), 0},
	{BYTES("\xed\xb0\x80"), 0},
	{BYTES("\xed\xbf\xbf"), 0},
	{BYTES("\xee\x80\x80"), 3},
	{BYTES("\xef\xbf\xbf"), 3},
	{BYTES("\xf4\x8f\xbf\xbf"), 4},
	{BYTES("\xf4\x90\x80\x80"), 0}, /* U+110000 */
	{BYTES("\xf5\x80\x80\x80"), 0},
	{BYTES("\xf8\x88\x80\x80\x80"), 0},
	{BYTES("\xfc\x84\x80\x80\x80\x80"), 0},
	{BYTES("\xfe"), 0},
	{BYTES("\xff"), 0},
	{BYTES("a\xe2\x82"), 1}, /* cut */
	{BYTES("\xe2\x28\xa1"), 0},
	{BYTES("\xe2\x82\x28"), 0},
	{BYTES("\xf0\x9f\x98"), 0},
	{BYTES("\xf0\x9f\x28\x80"), 0},
	{BYTES("\xe2\x82\xac\xe2\x82"), 3},
	{BYTES("a\0b"), 3},
	{BYTES(""), 0},
};

START_TEST(broken_utf8)
{
	ck_assert_uint_eq(tb_utf8_prefix(broken[_i].text.p, broken[_i].text.n), broken[_i].valid);
}
END_TEST

/* The fast way over ASCII, eight bytes at once, must find a fault at any place. */
START_TEST(fault_at_every_place)
{
	char text[64];

	for (size_t n = 1; n <= sizeof(text); n++)
		for (size_t at = 0; at < n; at++) {
			memset(text, 'x', sizeof(text));
			text[at] = (char)0xff;
			ck_assert_uint_eq(tb_utf8_prefix(text, n), at);
			ck_assert_uint_eq(tb_utf8_prefix(text, at), at);
		}
}
END_TEST

START_TEST(next_of_a_broken_byte)
{
	size_t len;

	ck_assert_uint_eq(tb_utf8_next("\xff\x80", 2, &len), 0xff);
	ck_assert_uint_eq(len, 1);
	ck_assert_uint_eq(tb_utf8_next("\xe2\x82", 2, &len), 0xe2);
	ck_assert_uint_eq(len, 1);
}
END_TEST

/* ---- what a person sees ---- */

static const struct {
	uint32_t first, last;
	bool hidden;
} classes[] = {
	{0x00, 0x1f, true},       {0x20, 0x7e, false},     {0x7f, 0x9f, true},
	{0xa0, 0xac, false},      {0xad, 0xad, true},      {0xae, 0x2ff, false},
	{0x61c, 0x61c, true},     {0x180e, 0x180e, true},  {0x2000, 0x200a, false},
	{0x200b, 0x200f, true},   {0x2010, 0x2027, false}, {0x2028, 0x202e, true},
	{0x202f, 0x205f, false},  {0x2060, 0x206f, true},  {0x2070, 0x2fff, false},
	{0xfeff, 0xfeff, true},   {0xfff9, 0xfffb, true},  {0x1f300, 0x1f64f, false},
	{0xe0000, 0xe007f, true},
};

START_TEST(hidden_class)
{
	for (uint32_t c = classes[_i].first; c <= classes[_i].last; c++)
		ck_assert_msg(tb_codepoint_hidden(c) == classes[_i].hidden, "U+%04X", (unsigned)c);
}
END_TEST

static const struct {
	struct tb_span text;
	size_t max;
	const char *shown;
} visible[] = {
	{BYTES(""), 0, ""},
	{BYTES("gpt-4o"), 0, "gpt-4o"},
	{BYTES("\033[31mred"), 0, "\\x1b[31mred"},
	{BYTES("a\0b\tc\r\n"), 0, "a\\x00b\\x09c\\x0d\\x0a"},
	{BYTES("\x7f"), 0, "\\x7f"},
	{BYTES("\xc2\x9b"), 0, "\\x9b"},
	{BYTES("\xc2\xad"), 0, "\\xad"},
	{BYTES("\xe2\x80\xae"), 0, "\\u202e"},
	{BYTES("\xe2\x80\x8b"), 0, "\\u200b"},
	{BYTES("\xe2\x81\xa6"), 0, "\\u2066"},
	{BYTES("\xd8\x9c"), 0, "\\u061c"},
	{BYTES("\xef\xbb\xbf"), 0, "\\ufeff"},
	{BYTES("\xf3\xa0\x81\x81"), 0, "\\ue0041"},
	{BYTES("\xff\xc3"), 0, "\\xff\\xc3"},
	{BYTES("\xed\xa0\x80"), 0, "\\xed\\xa0\\x80"},
	{BYTES("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 0, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
	{BYTES("abc"), 3, "abc"},
	{BYTES("abcd"), 3, "abc..."},
	{BYTES("\xc3\xa9\xc3\xa9"), 2, "\xc3\xa9\xc3\xa9"},
	{BYTES("\xc3\xa9\xc3\xa9\xc3\xa9"), 2, "\xc3\xa9\xc3\xa9..."},
	/* The limit is in columns: wide characters take two, an escape as many as its letters. */
	{BYTES("\xe4\xba\x8c\xe4\xba\x8c\xe4\xba\x8c"), 4, "\xe4\xba\x8c\xe4\xba\x8c..."},
	{BYTES("\033\033\033"), 8, "\\x1b\\x1b..."},
};

START_TEST(visible_text)
{
	struct tb_buf b = {0};

	tb_buf_puts(&b, "");
	tb_buf_visible(&b, visible[_i].text, visible[_i].max);
	ck_assert_str_eq(b.p, visible[_i].shown);
	tb_buf_release(&b);
}
END_TEST

static const struct {
	struct tb_span text;
	size_t width;
} widths[] = {
	{BYTES(""), 0},
	{BYTES("abc"), 3},
	{BYTES("\xc3\xa9"), 1},
	{BYTES("e\xcc\x81"), 1},
	{BYTES("\xe4\xba\x8c"), 2},
	{BYTES("\xed\x95\x9c"), 2},
	{BYTES("\xf0\x9f\x98\x80"), 2},
	{BYTES("\xef\xbc\xa1"), 2},
};

START_TEST(width)
{
	ck_assert_uint_eq(tb_text_width(widths[_i].text), widths[_i].width);
}
END_TEST

/* ---- typos ---- */

static const char *candidate(const void *ctx, size_t i)
{
	const char *const *names = ctx;

	return names[i];
}

static const char *const known[] = {"input",       "output",       "cached_read",
				    "cache_write", "batch_output", NULL};

static const struct {
	const char *text, *nearest;
} typos[] = {
	{"outptu", "output"},
	{"ouput", "output"},
	{"outputs", "output"},
	{"0utput", "output"},
	{"inptu", "input"},
	{"cachedread", "cached_read"},
	{"cahce_write", "cache_write"},
	{"batch_ouptut", "batch_output"},
	{"Input", "input"},
	{"output", "output"},
	{"price", NULL},
	{"xyz", NULL},
	{"", NULL},
	{"o", NULL},
	{"a name of more than sixty-four bytes, which is too long to be compared", NULL},
};

START_TEST(nearest)
{
	ck_assert_pstr_eq(tb_nearest(tb_span_of(typos[_i].text), candidate, known),
			  typos[_i].nearest);
}
END_TEST

/* What is seen to be far by its letters is nothing that would have been found near. */
START_TEST(letters_far)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.:/AZ\xc3";
	uint64_t state = 7;
	unsigned far = 0, near = 0;

	for (int round = 0; round < 100000; round++) {
		char text[13] = "", other[13];
		const char *const candidates[] = {other, NULL};

		for (size_t i = 0; i < 12; i++)
			text[i] = letters[next_random(&state) % (sizeof(letters) - 1)];
		memcpy(other, text, sizeof(text));
		for (size_t edits = next_random(&state) % 8; edits > 0; edits--)
			other[next_random(&state) % 12] =
				letters[next_random(&state) % (sizeof(letters) - 1)];
		if (tb_nearest(tb_span_of(text), candidate, candidates)) {
			near++;
			ck_assert(!tb_letters_far(tb_letters(tb_span_of(text)),
						  tb_letters(tb_span_of(other))));
		} else {
			far += tb_letters_far(tb_letters(tb_span_of(text)),
					      tb_letters(tb_span_of(other)));
		}
	}
	ck_assert_uint_gt(far, 10000);
	ck_assert_uint_gt(near, 10000);
}
END_TEST

/* Up to 16 bytes each of them shows in the ends. */
START_TEST(ends_tell_texts_apart)
{
	char text[17] = "abcdefghijklmnop";
	struct tb_span s = {text, (size_t)_i};
	struct tb_ends before = tb_span_ends(s), after;

	for (int i = 0; i < _i; i++) {
		text[i] ^= 1;
		after = tb_span_ends(s);
		text[i] ^= 1;
		ck_assert(after.head != before.head || after.tail != before.tail);
	}
	after = tb_span_ends(s);
	ck_assert(after.head == before.head && after.tail == before.tail);
}
END_TEST

static const struct {
	const char *path, *folder, *below;
} paths[] = {
	{"/a/b/c", "/a", "b/c"}, {"/a/b", "/a/b", ""}, {"/ab", "/a", NULL},  {"/a", "/a/b", NULL},
	{"/a/b", "/", "a/b"},    {"/", "/", ""},       {"/b/a", "/a", NULL},
};

START_TEST(path_below)
{
	const char *below = tb_path_below(paths[_i].path, paths[_i].folder);

	if (paths[_i].below)
		ck_assert_str_eq(below, paths[_i].below);
	else
		ck_assert_ptr_null(below);
}
END_TEST

Suite *text_suite(void)
{
	Suite *s = suite_create("text");

	add_test(s, "text/spans", spans);
	add_loop(s, "text/order", order, LENGTH(orders));
	add_loop(s, "text/trim", trim, LENGTH(trims));
	add_test(s, "text/buffer", buffer);
	add_test(s, "text/long printf", long_printf);
	add_test(s, "text/every code point", every_code_point);
	add_test(s, "text/every two bytes", every_two_bytes);
	add_loop(s, "text/broken utf-8", broken_utf8, LENGTH(broken));
	add_test(s, "text/fault at every place", fault_at_every_place);
	add_test(s, "text/next", next_of_a_broken_byte);
	add_loop(s, "text/hidden", hidden_class, LENGTH(classes));
	add_loop(s, "text/visible", visible_text, LENGTH(visible));
	add_loop(s, "text/width", width, LENGTH(widths));
	add_loop(s, "text/nearest", nearest, LENGTH(typos));
	add_test(s, "text/letters", letters_far);
	add_loop(s, "text/ends", ends_tell_texts_apart, 17);
	add_loop(s, "text/path below", path_below, LENGTH(paths));
	return s;
}
