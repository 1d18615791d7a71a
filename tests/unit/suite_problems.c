#include "helpers.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

START_TEST(twenty_are_kept_all_counted)
{
	struct tb_problems ps = {0};

	for (int i = 1; i <= 1000; i++)
		tb_problems_note(&ps, "a.csv", (uint64_t)i, "number %d", i);
	ck_assert_uint_eq(ps.total, 1000);
	ck_assert_uint_eq(ps.kept, 20);
	ck_assert_str_eq(ps.text[0].p, "a.csv:1: number 1");
	ck_assert_str_eq(ps.text[19].p, "a.csv:20: number 20");
	tb_problems_release(&ps);
	tb_problems_release(&ps);
	ck_assert_uint_eq(ps.total, 0);
}
END_TEST

#define TEN    "0123456789"
#define EIGHTY TEN TEN TEN TEN TEN TEN TEN TEN

static const struct {
	const char *file;
	uint64_t line;
	const char *column;
	struct tb_span value;
	const char *reason, *text;
} cases[] = {
	{"a.csv", 7, "model", BYTES("x"), "unknown", "a.csv:7: model: 'x': unknown"},
	{"a.csv", 0, NULL, {NULL, 0}, "empty", "a.csv: empty"},
	{"a.csv", 7, NULL, BYTES("x"), "odd", "a.csv:7: 'x': odd"},
	{"a.csv", 7, "model", {NULL, 0}, "odd", "a.csv:7: model: odd"},
	{"a.csv", 7, "model", BYTES(""), "empty", "a.csv:7: model: '': empty"},
	{"a.csv", UINT64_MAX, NULL, {NULL, 0}, "far", "a.csv:18446744073709551615: far"},
	{"a\033[2J.csv", 1, "c\nd", BYTES("\033]0;x\a"), "r\xc2\x9b",
	 "a\\x1b[2J.csv:1: c\\x0ad: '\\x1b]0;x\\x07': r\\x9b"},
	{"a.csv", 1, "c", BYTES("a\0b\xff"), "r", "a.csv:1: c: 'a\\x00b\\xff': r"},
	{"a.csv", 1, "c", BYTES("\xe2\x80\xae"), "r", "a.csv:1: c: '\\u202e': r"},
	{"a.csv", 1, "c", BYTES(EIGHTY), "r", "a.csv:1: c: '" EIGHTY "': r"},
	{"a.csv", 1, "c", BYTES(EIGHTY "x"), "r", "a.csv:1: c: '" EIGHTY "...': r"},
	{"a.csv", 1, EIGHTY "x", {NULL, 0}, "r", "a.csv:1: " EIGHTY "...: r"},
	{EIGHTY EIGHTY, 1, "c", {NULL, 0}, "r", EIGHTY EIGHTY ":1: c: r"},
};

START_TEST(text)
{
	struct tb_problems ps = {0};
	struct tb_problem p;

	ck_assert(!tb_problem_set(&p, cases[_i].column, cases[_i].value, "%s", cases[_i].reason));
	tb_problems_add(&ps, cases[_i].file, cases[_i].line, &p);
	ck_assert_str_eq(ps.text[0].p, cases[_i].text);
	tb_problems_release(&ps);
}
END_TEST

START_TEST(overlong_reason_is_cut)
{
	struct tb_problems ps = {0};
	char reason[TB_REASON_TEXT + 1000];

	memset(reason, 'x', sizeof(reason) - 1);
	reason[sizeof(reason) - 1] = '\0';
	tb_problems_note(&ps, "a", 1, "%s", reason);
	ck_assert_uint_eq(strlen(ps.text[0].p), strlen("a:1: ") + TB_REASON_TEXT - 1);
	tb_problems_release(&ps);
}
END_TEST

/* The first failure is the one that is told. */
START_TEST(first_failure_wins)
{
	struct tb_err err = {0};

	ck_assert_int_eq(tb_fail(&err, TB_DATA, "first %d", 1), TB_DATA);
	ck_assert_int_eq(tb_fail(&err, TB_IO, "second"), TB_IO);
	ck_assert_int_eq(tb_fail_nomem(&err), TB_NOMEM);
	ck_assert_int_eq(err.code, TB_DATA);
	ck_assert_str_eq(err.text, "first 1");
}
END_TEST

Suite *problems_suite(void)
{
	Suite *s = suite_create("problems");

	add_test(s, "problems/twenty", twenty_are_kept_all_counted);
	add_loop(s, "problems/texts", text, LENGTH(cases));
	add_test(s, "problems/overlong", overlong_reason_is_cut);
	add_test(s, "problems/first failure", first_failure_wins);
	return s;
}
