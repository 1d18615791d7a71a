#include "helpers.h"
#include "suites.h"

#include <string.h>

static const struct {
	const char *text, *amount;
} amounts[] = {
	{"0.1", "0.1"},
	{"$0.10", "0.1"},
	{"USD 12", "12"},
	{"USD$12", "12"},
	{"$1,234.50", "1234.5"},
	{"1,234,567", "1234567"},
	{"-0.25", "-0.25"},
	{"-$3", "-3"},
	{" 0.49 ", "0.49"},
	{"0", "0"},
	{"1.5e-05", "0.000015"},
	{"1.5E+2", "150"},
	{"12e3", "12000"},
	{"0e999999999999999999", "0"},
	{"0.000000000000000000000000000000000000000001",
	 "0.000000000000000000000000000000000000000001"},
	{"1.0500000000000001e-05", "0.000010500000000000001"},
	/* OpenAI's cost export prints 30 decimals. */
	{"0.000347000000000000000000000000", "0.000347"},
	{"0.0123000000000000000000000000000000000000000000000000000", "0.0123"},
	{"12300000000000000000000000000000000000000000000000000000e-60", "0.0000123"},
	{"1e18", "1000000000000000000"},
};

START_TEST(amount)
{
	struct tb_money m = {0};

	ck_assert_int_eq(tb_reported_parse(tb_span_of(amounts[_i].text), &m), TB_REPORTED_AMOUNT);
	ck_assert_msg(is_money(m, amounts[_i].amount), "%s", amounts[_i].text);
}
END_TEST

static const struct {
	const char *text;
	enum tb_reported kind;
} others[] = {
	{"", TB_REPORTED_NONE},
	{"NaN", TB_REPORTED_NONE},
	{"Included", TB_REPORTED_NONE},
	{"Free", TB_REPORTED_NONE},
	{"-", TB_REPORTED_NONE},
	{"EUR 3,50", TB_REPORTED_FOREIGN},
	{"CNY 3.50", TB_REPORTED_FOREIGN},
	{"\xe2\x82\xac"
	 "3.50",
	 TB_REPORTED_FOREIGN},
	{"\xc2\xa5 12", TB_REPORTED_FOREIGN},
	{"0.0000000000000000000000000000000000000000001", TB_REPORTED_INEXACT},
	{"1e-43", TB_REPORTED_INEXACT},
	{"1e99999", TB_REPORTED_INEXACT},
	{"1e99999999999999999999", TB_REPORTED_INEXACT},
	{"58000000000000000000000000000000000", TB_REPORTED_INEXACT},
	{"99999999999999999999999999999999999999999999", TB_REPORTED_INEXACT},
	{"abc", TB_REPORTED_BAD},
	{"EUR", TB_REPORTED_BAD},
	{"$", TB_REPORTED_BAD},
	{".5", TB_REPORTED_BAD},
	{"5.", TB_REPORTED_BAD},
	{"1e", TB_REPORTED_BAD},
	{"1e+", TB_REPORTED_BAD},
	{"3,50", TB_REPORTED_BAD},
	{"12,34,567", TB_REPORTED_BAD},
	{"1234,567", TB_REPORTED_BAD},
	{"1.2.3", TB_REPORTED_BAD},
	{"0x10", TB_REPORTED_BAD},
	{"+1", TB_REPORTED_BAD},
	{"1 000", TB_REPORTED_BAD},
	{"inf", TB_REPORTED_BAD},
};

START_TEST(no_amount)
{
	struct tb_money m;

	ck_assert_msg(tb_reported_parse(tb_span_of(others[_i].text), &m) == others[_i].kind, "%s",
		      others[_i].text);
}
END_TEST

START_TEST(times)
{
	struct tb_money m = money("0.00000028");

	ck_assert(tb_reported_times(&m, 123457));
	ck_assert(is_money(m, "0.03456796"));
	m = money("10000000000000000000");
	ck_assert(!tb_reported_times(&m, UINT64_C(10000000000000000)));
}
END_TEST

/* ---- numbers in JSON ---- */

static bool note_number(void *ctx, struct tb_span path, struct tb_span number)
{
	struct tb_buf *seen = ctx;

	tb_buf_printf(seen, "%.*s=%.*s ", (int)path.n, path.p, (int)number.n, number.p);
	return !tb_span_is(path, "stop");
}

#define DEEP "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
#define UP   "}}}}}}}}"
#define LONG                                                                                       \
	"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

static const struct {
	const char *text, *seen, *fault;
} jsons[] = {
	{"{}", "", NULL},
	{"{\"a\": 1, \"b\": {\"c\": 2.50, \"d\": {\"e\": 1e-7}}, \"f\": -3}",
	 "a=1 b.c=2.50 b.d.e=1e-7 f=-3 ", NULL},
	{"{\"a\": null, \"b\": \"1\", \"c\": true, \"d\": 4}", "b=1 d=4 ", NULL},
	/* What stands in arrays has no path, and takes none from what stands behind. */
	{"{\"a\": [1, {\"b\": 2}, [3]], \"c\": {\"d\": 5}}", "c.d=5 ", NULL},
	/* A key with a dot is not the path that it looks like. */
	{"{\"a.b\": 1, \"a\": {\"b\": 2, \"c.d\": {\"e\": 3}, \"f\": 4}, \"g\": 5}",
	 "a.b=2 a.f=4 g=5 ", NULL},
	{"{\"" LONG LONG "\": {\"a\": 1}, \"b\": 2}", "b=2 ", NULL},
	{"{\"" LONG "\": {\"" LONG "\": 1, \"b\": 2}}", LONG ".b=2 ", NULL},
	{DEEP DEEP "{\"x\": 1}" UP UP, "", NULL},
	{"{\"b\": " DEEP DEEP "1" UP UP ", \"c\": {\"d\": 2}}", "c.d=2 ", NULL},
	{"{\"stop\": 1, \"a\": 2}", "stop=1 ", NULL},
	{"{\"a\": 99999999999999999999999999}", "a=99999999999999999999999999 ", NULL},
	{"", "", "not a JSON object"},
	{"12", "", "not a JSON object"},
	{"[1]", "", "not a JSON object"},
	{"null", "", "not a JSON object"},
	{"{\"a\": 1", "a=1 ", "not a JSON object"},
	{"{\"a\": 1} x", "a=1 ", "not a JSON object"},
	{"{a: 1}", "", "not a JSON object"},
	{"{\"a\": 01}", "a=0 ", "not a JSON object"},
};

START_TEST(json)
{
	struct tb_buf seen = {0};
	const char *fault;

	tb_buf_puts(&seen, "");
	fault = tb_json_numbers(tb_span_of(jsons[_i].text), note_number, &seen);
	ck_assert_msg((fault == NULL) == (jsons[_i].fault == NULL), "%s: %s", jsons[_i].text,
		      fault ? fault : "no fault");
	if (fault)
		ck_assert_str_eq(fault, jsons[_i].fault);
	ck_assert_str_eq(seen.p, jsons[_i].seen);
	tb_buf_release(&seen);
}
END_TEST

Suite *reported_suite(void)
{
	Suite *s = suite_create("reported");

	add_loop(s, "reported/amounts", amount, LENGTH(amounts));
	add_loop(s, "reported/others", no_amount, LENGTH(others));
	add_test(s, "reported/times", times);
	add_loop(s, "reported/json", json, LENGTH(jsons));
	return s;
}
