#include "helpers.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

/* A row at line i: its id is a letter, its content a digit (of tokens). */
static void note(struct tb_duplicates *d, const char *row, size_t line)
{
	struct tb_usage u = {.id = {row, 1}, .model = SPAN("m"), .file = 1, .line = line};
	struct tb_err err = {0};

	u.tokens[TB_INPUT] = (uint64_t)row[1];
	ck_assert_int_eq(tb_duplicates_note(d, &u, 0, &err), TB_OK);
}

/* One letter a row: . none, = a copy, ! a conflict; for a copy then the line of the other. */
static void ask_all(struct tb_duplicates *d, size_t n, char *out)
{
	static const char letters[] = {'.', '=', '!'};
	struct tb_err err = {0};
	enum tb_copy copy;
	uint64_t line;
	size_t file;

	for (size_t i = 1; i <= n; i++) {
		ck_assert_int_eq(tb_duplicates_ask(d, 1, i, &copy, &file, &line, &err), TB_OK);
		*out++ = letters[copy];
		if (copy == TB_COPY_NONE)
			continue;
		ck_assert_uint_eq(file, 1);
		ck_assert_uint_ne(line, i);
		if (copy == TB_COPY_SAME)
			*out++ = (char)('0' + line);
	}
	*out = '\0';
}

static const struct {
	const char *rows, *found;
} cases[] = {
	{"", ""},
	{"a1", "."},
	{"a1b1c1", "..."},
	{"a1a1", ".=1"},
	{"a1a1a1", ".=1=1"},
	{"a1b1a1b1", "..=1=2"},
	{"a1a2", "!!"},
	{"a1a2a3", "!!!"},
	{"a1b1a2b1", "!.!=2"},
	{"a1b2c3b2", "...=2"},
};

/* In whatever order the rows were noted. */
START_TEST(found)
{
	size_t n = strlen(cases[_i].rows) / 2;
	char text[64];

	for (size_t shift = 0; shift < n + 1; shift++) {
		struct tb_duplicates *d = tb_duplicates_new();
		struct tb_err err = {0};
		bool any;

		for (size_t i = 0; i < n; i++) {
			size_t k = (i * (n > 1 ? n - 1 : 1) + shift) % n;

			note(d, cases[_i].rows + 2 * k, k + 1);
		}
		ck_assert_int_eq(tb_duplicates_find(d, &any, &err), TB_OK);
		ck_assert_int_eq(any, strpbrk(cases[_i].found, "=!") != NULL);
		ask_all(d, n, text);
		ck_assert_str_eq(text, cases[_i].found);
		tb_duplicates_free(d);
	}
}
END_TEST

/* Rows of one id where two agree and one does not: none of the contents can be trusted, and no
 * content is billed twice. */
START_TEST(copy_beside_a_conflict)
{
	static const char *const orders[] = {"a1a2a1", "a1a1a2", "a2a1a1"};
	struct tb_duplicates *d = tb_duplicates_new();
	struct tb_err err = {0};
	char text[64];
	bool any;

	for (size_t i = 0; i < 3; i++)
		note(d, orders[_i] + 2 * i, i + 1);
	ck_assert_int_eq(tb_duplicates_find(d, &any, &err), TB_OK);
	ask_all(d, 3, text);
	ck_assert_msg(strchr(text, '.') == NULL, "%s: %s", orders[_i], text);
	tb_duplicates_free(d);
}
END_TEST

/* Whatever has a say in the bill is content. */
static void change(struct tb_usage *u, int what)
{
	static const struct tb_span other[] = {BYTES("other")};

	switch (what) {
	case 0:
		u->instant++;
		break;
	case 1:
		u->date_only = true;
		break;
	case 2:
		u->tier = TB_FLEX;
		break;
	case 3:
		u->context = TB_CONTEXT_LONG;
		break;
	case 4:
		u->requests++;
		break;
	case 5:
		u->model = SPAN("n");
		break;
	case 6:
		u->columns = other;
		break;
	case 7:
		u->region = SPAN("us");
		break;
	default:
		u->tokens[what - 8]++;
	}
}

enum { CHANGES = 8 + TB_METERS };

START_TEST(content)
{
	static const struct tb_span column[] = {BYTES("team")};
	struct tb_usage u = {.id = SPAN("a"), .model = SPAN("m"), .columns = column, .line = 1};
	struct tb_duplicates *d = tb_duplicates_new();
	struct tb_err err = {0};
	enum tb_copy copy;
	uint64_t line;
	size_t file;
	bool any;

	ck_assert_int_eq(tb_duplicates_note(d, &u, 1, &err), TB_OK);
	change(&u, _i);
	u.line = 2;
	ck_assert_int_eq(tb_duplicates_note(d, &u, 1, &err), TB_OK);
	ck_assert_int_eq(tb_duplicates_find(d, &any, &err), TB_OK);
	ck_assert_int_eq(tb_duplicates_ask(d, 0, 1, &copy, &file, &line, &err), TB_OK);
	ck_assert_int_eq(copy, TB_COPY_CONFLICT);
	ck_assert_uint_eq(line, 2);
	tb_duplicates_free(d);
}
END_TEST

enum { MANY = 100000 };

static void note_number(struct tb_duplicates *d, uint32_t i, uint32_t id)
{
	struct tb_usage u = {.model = SPAN("m"), .file = i % 3, .line = i / 3 + 1};
	struct tb_err err = {0};

	u.id = (struct tb_span){(const char *)&id, sizeof(id)};
	EXPECT(tb_duplicates_note(d, &u, 0, &err) == TB_OK, "%s", err.text);
}

/* More rows than are held in memory: the second half repeats the first, in three files. */
START_TEST(more_than_memory_holds)
{
	struct tb_duplicates *d = tb_duplicates_new();
	struct tb_err err = {0};
	uint64_t copies = 0, line;
	enum tb_copy copy;
	size_t file;
	bool any;

	for (uint32_t i = 0; i < MANY; i++)
		note_number(d, i, i % (MANY / 2));
	ck_assert_int_eq(tb_duplicates_find(d, &any, &err), TB_OK);
	ck_assert(any);
	for (uint32_t f = 0; f < 3; f++)
		for (uint32_t i = f; i < MANY; i += 3) {
			EXPECT(tb_duplicates_ask(d, f, i / 3 + 1, &copy, &file, &line, &err) ==
					       TB_OK &&
				       copy != TB_COPY_CONFLICT,
			       "row %u", (unsigned)i);
			copies += copy == TB_COPY_SAME;
		}
	ck_assert_uint_eq(copies, MANY / 2);
	tb_duplicates_free(d);
}
END_TEST

Suite *duplicates_suite(void)
{
	Suite *s = suite_create("duplicates");

	add_loop(s, "duplicates/found", found, LENGTH(cases));
	add_loop(s, "duplicates/copy beside conflict", copy_beside_a_conflict, 3);
	add_loop(s, "duplicates/content", content, CHANGES);
	add_test(s, "duplicates/many", more_than_memory_holds);
	return s;
}
