#include "helpers.h"
#include "suites.h"

#include <string.h>

#define SIGN      "a price has no sign; write a plain decimal such as 0.15"
#define MALFORMED "not a plain decimal such as 0.15"
#define LONG      "more than 9 decimals, and a price is never rounded"
#define LARGE     "more than 1000000000 per 1,000,000 tokens"

static const char *const good_prices[] = {
	"0",           "0.0",
	"0.000000000", "0.15",
	"0.60",        "0.075",
	"0.000000001", "00.15",
	"007",         "3.216666225",
	"12",          "999999999.999999999",
	"1000000000",  "1000000000.000000000",
};

START_TEST(good_price)
{
	const char *text = good_prices[_i];
	struct tb_price p = {-1};
	const char *why = tb_price_parse(tb_span_of(text), &p);

	ck_assert_msg(!why, "%s: %s", text, why);
	ck_assert_msg(p.units == units_of(text, 13), "%s", text);
}
END_TEST

static const struct {
	struct tb_span text;
	const char *why;
} bad_prices[] = {
	{BYTES(""), MALFORMED},
	{BYTES("."), MALFORMED},
	{BYTES(".5"), MALFORMED},
	{BYTES("5."), MALFORMED},
	{BYTES("1..2"), MALFORMED},
	{BYTES("3.0.0"), MALFORMED},
	{BYTES("-1"), SIGN},
	{BYTES("-0"), SIGN},
	{BYTES("+1"), SIGN},
	{BYTES("-"), SIGN},
	{BYTES(" 1"), MALFORMED},
	{BYTES("1 "), MALFORMED},
	{BYTES("1 000"), MALFORMED},
	{BYTES("3e0"), MALFORMED},
	{BYTES("1E-6"), MALFORMED},
	{BYTES("$3"), MALFORMED},
	{BYTES("3 USD"), MALFORMED},
	{BYTES("\xe2\x82\xac"
	       "3"),
	 MALFORMED},
	{BYTES("3,00"), MALFORMED},
	{BYTES("1_000"), MALFORMED},
	{BYTES("0x10"), MALFORMED},
	{BYTES("NaN"), MALFORMED},
	{BYTES("inf"), MALFORMED},
	{BYTES("free"), MALFORMED},
	{BYTES("\xef\xbc\x91"), MALFORMED},
	{BYTES("1\0"), MALFORMED},
	{BYTES("1\n"), MALFORMED},
	{BYTES("0.1234567891"), LONG},
	{BYTES("0.0000000000"), LONG},
	{BYTES("1.000000000000000000000000000000"), LONG},
	{BYTES("1000000000.000000001"), LARGE},
	{BYTES("1000000001"), LARGE},
	{BYTES("340282366920938463463374607431768211456"), LARGE},
	{BYTES("99999999999999999999999999999999999999999999999999999999999999"), LARGE},
};

START_TEST(bad_price)
{
	struct tb_price p;
	const char *why = tb_price_parse(bad_prices[_i].text, &p);

	ck_assert_msg(why && strcmp(why, bad_prices[_i].why) == 0, "'%s': %s, expected: %s",
		      bad_prices[_i].text.p, why ? why : "accepted", bad_prices[_i].why);
}
END_TEST

static const struct {
	const char *text;
	int percent;
	const char *why;
} percents[] = {
	{"0%", 0, NULL},
	{"0.00%", 0, NULL},
	{"0.01%", 1, NULL},
	{"0.5%", 50, NULL},
	{"10%", 1000, NULL},
	{"33.33%", 3333, NULL},
	{"50%", 5000, NULL},
	{"99.99%", 9999, NULL},
	{"100%", 10000, NULL},
	{"100.00%", 10000, NULL},
	{"", 0, "not a percentage; write it like 50%"},
	{"50", 0, "not a percentage; write it like 50%"},
	{"0.5", 0, "not a percentage; write it like 50%"},
	{"%", 0, "not a percentage; write it like 50%"},
	{"50 %", 0, "not a percentage; write it like 50%"},
	{"50%%", 0, "not a percentage; write it like 50%"},
	{"%50", 0, "not a percentage; write it like 50%"},
	{"1e1%", 0, "not a percentage; write it like 50%"},
	{".5%", 0, "not a percentage; write it like 50%"},
	{"5.%", 0, "not a percentage; write it like 50%"},
	{"50,5%", 0, "not a percentage; write it like 50%"},
	{"-10%", 0, "a percentage has no sign; it lies between 0% and 100%"},
	{"+10%", 0, "a percentage has no sign; it lies between 0% and 100%"},
	{"33.333%", 0, "more than 2 decimals of a percent"},
	{"100.01%", 0, "more than 100%"},
	{"101%", 0, "more than 100%"},
	{"150%", 0, "more than 100%"},
	{"99999999999999999999999999999999999999999999999%", 0, "more than 100%"},
};

START_TEST(percent_text)
{
	int got = -1;
	const char *why = tb_percent_parse(tb_span_of(percents[_i].text), &got);
	const char *expected = percents[_i].why;

	ck_assert_msg((why == NULL) == (expected == NULL) && (!why || strcmp(why, expected) == 0),
		      "'%s': %s", percents[_i].text, why ? why : "accepted");
	ck_assert_msg(why || got == percents[_i].percent, "'%s': %d", percents[_i].text, got);
}
END_TEST

static const struct {
	const char *price;
	int percent;
	const char *expected;
} discounts[] = {
	{"0.15", 5000, "0.075"},
	{"0.60", 5000, "0.30"},
	{"0.000000001", 3333, "0.0000000006667"},
	{"999999999.999999999", 1, "999899999.9999999990001"},
	{"1000000000", 9999, "100000.00"},
	{"3", 0, "3.00"},
	{"3", 10000, "0.00"},
};

START_TEST(discount_of)
{
	struct tb_price p;
	char text[TB_MONEY_TEXT];

	ck_assert(tb_price_scale(price(discounts[_i].price),
				 TB_PERCENT_WHOLE - discounts[_i].percent, TB_PERCENT_WHOLE, &p));

	ck_assert_str_eq(tb_price_text(p, text), discounts[_i].expected);
}
END_TEST

/* Whatever the parsers accept, nothing is lost. */
START_TEST(discount_is_exact)
{
	uint64_t seed = 1;

	for (int i = 0; i < 100000; i++) {
		struct tb_price p = {(tb_i128)(next_random(&seed) % 1000000000000000000u) * 10000};
		int percent = (int)(next_random(&seed) % 10001);
		struct tb_price d;

		ck_assert(tb_price_scale(p, TB_PERCENT_WHOLE - percent, TB_PERCENT_WHOLE, &d));
		EXPECT(d.units * 10000 == p.units * (10000 - percent), "round %d", i);
	}
}
END_TEST

static const tb_i128 factors[] = {1, 2, 3, 7, 10, 1500000000000, 9999999999999999, -1, -2, -3};

/* The largest count whose product still fits, and the next. */
START_TEST(product_at_the_limit)
{
	struct tb_price p = {factors[_i]};
	bool negative = p.units < 0;
	tb_u128 size = (tb_u128)(negative ? -p.units : p.units);
	tb_u128 limit = (tb_u128)I128_MAX + (negative && p.units != -1);
	struct tb_money m = {0};

	ck_assert(tb_money_of(&m, limit / size, p));
	ck_assert(m.units == (tb_i128)(limit / size) * p.units);
	ck_assert(!tb_money_of(&m, limit / size + 1, p));
	ck_assert(!tb_money_of(&m, ~(tb_u128)0, p));
}
END_TEST

static const struct {
	const char *tokens, *price, *amount;
} products[] = {
	{"0", "0.15", "0.00"},
	{"1", "0.15", "0.00000015"},
	{"1000000", "0.15", "0.15"},
	{"1", "0.000000001", "0.000000000000001"},
	{"1234567", "0", "0.00"},
	{"7654321", "0.075", "0.574074075"},
	{"9223372036854775807", "3", "27670116110564.327421"},
	{"18446744073709551616", "1000", "18446744073709551.616"},
	{"9223372036854775807", "1000000", "9223372036854775807.00"},
};

START_TEST(product_of)
{
	tb_u128 tokens = (tb_u128)units_of(products[_i].tokens, 0);
	char text[TB_MONEY_TEXT];
	struct tb_money m;

	ck_assert(tb_money_of(&m, tokens, price(products[_i].price)));
	ck_assert_str_eq(tb_money_text(m, text), products[_i].amount);
}
END_TEST

START_TEST(sums_do_not_wrap)
{
	struct tb_money top = {I128_MAX}, bottom = {I128_MIN}, one = {1}, m = top;

	ck_assert(!tb_money_add(&m, one));
	m = bottom;
	ck_assert(!tb_money_add(&m, bottom));
	m = top;
	ck_assert(tb_money_add(&m, bottom) && m.units == -1);
}
END_TEST

#define TOP    "17014118346046923173.1687303715884105727"
#define BOTTOM "-17014118346046923173.1687303715884105728"

static const struct {
	const char *amount;
	int decimals;
	const char *expected;
} roundings[] = {
	{"0.004", 2, "0.00"},
	{"0.005", 2, "0.01"},
	{"0.015", 2, "0.02"},
	{"0.025", 2, "0.03"},
	{"1.005", 2, "1.01"},
	{"0.0049999999999999999", 2, "0.00"},
	{"0.0050000000000000001", 2, "0.01"},
	{"-0.004", 2, "0.00"},
	{"-0.005", 2, "-0.01"},
	{"-0.015", 2, "-0.02"},
	{"-0.025", 2, "-0.03"},
	{"-0.0049999999999999999", 2, "0.00"},
	{"-0.0050000000000000001", 2, "-0.01"},
	{"0.995", 2, "1.00"},
	{"-0.995", 2, "-1.00"},
	{"2.5", 0, "3.00"},
	{"-2.5", 0, "-3.00"},
	{"2.4999999999999999999", 0, "2.00"},
	{"0.05", 1, "0.10"},
	{"3.216666225", 6, "3.216666"},
	{"3.216666225", 8, "3.21666623"},
	{"-3.216666225", 8, "-3.21666623"},
	{"0.0000000000000000005", 18, "0.000000000000000001"},
	{"-0.0000000000000000005", 18, "-0.000000000000000001"},
	{"0.0000000000000000001", 19, "0.0000000000000000001"},
	{"0.0000000000000000001", 40, "0.0000000000000000001"},
	{"0.005", TB_MONEY_ROUND_NONE, "0.005"},
	{"0", 2, "0.00"},
	/* Near the limits what cannot be rounded stays as it is. */
	{TOP, 0, "17014118346046923173.00"},
	{TOP, 1, TOP},
	{TOP, 2, TOP},
	{TOP, 4, "17014118346046923173.1687"},
	{BOTTOM, 0, "-17014118346046923173.00"},
	{BOTTOM, 1, BOTTOM},
	{BOTTOM, 3, BOTTOM},
	{BOTTOM, 4, "-17014118346046923173.1687"},
};

START_TEST(rounding)
{
	struct tb_money m = tb_money_round(money(roundings[_i].amount), roundings[_i].decimals);
	char text[TB_MONEY_TEXT];

	ck_assert_msg(strcmp(tb_money_text(m, text), roundings[_i].expected) == 0,
		      "%s to %d decimals: %s", roundings[_i].amount, roundings[_i].decimals, text);
}
END_TEST

static const struct {
	const char *amount, *text;
} amounts[] = {
	{"0", "0.00"},
	{"0.15", "0.15"},
	{"3.216666225", "3.216666225"},
	{"12", "12.00"},
	{"-0.025", "-0.025"},
	{"0.1", "0.10"},
	{"-0.1", "-0.10"},
	{"100", "100.00"},
	{"-100", "-100.00"},
	{"1000000.5", "1000000.50"},
	{"0.01", "0.01"},
	{"0.001", "0.001"},
	{"10.010", "10.01"},
	{"0.0000000000000000001", "0.0000000000000000001"},
	{"-0.0000000000000000001", "-0.0000000000000000001"},
	{TOP, TOP},
	{BOTTOM, BOTTOM},
};

START_TEST(amount_text)
{
	char text[TB_MONEY_TEXT];

	ck_assert_str_eq(tb_money_text(money(amounts[_i].amount), text), amounts[_i].text);
}
END_TEST

START_TEST(limits_are_what_they_are_called)
{
	ck_assert(money(TOP).units == I128_MAX);
	ck_assert(money(BOTTOM).units == I128_MIN);
	ck_assert_int_eq(sizeof(TOP) < TB_MONEY_TEXT, 1);
}
END_TEST

static const struct {
	const char *count;
	char separator;
	const char *text;
} counts[] = {
	{"0", ',', "0"},
	{"7", ',', "7"},
	{"999", ',', "999"},
	{"1000", ',', "1,000"},
	{"1000", '\0', "1000"},
	{"123456", ',', "123,456"},
	{"1234567", ',', "1,234,567"},
	{"1234567", '.', "1.234.567"},
	{"9223372036854775807", '\0', "9223372036854775807"},
	{"18446744073709551615", ',', "18,446,744,073,709,551,615"},
	{"18446744073709551616", '\0', "18446744073709551616"},
};

START_TEST(count_text)
{
	char text[TB_COUNT_TEXT];
	tb_u128 n = (tb_u128)units_of(counts[_i].count, 0);

	ck_assert_str_eq(tb_count_text(n, counts[_i].separator, text), counts[_i].text);
}
END_TEST

/* TB_COUNT_TEXT promises room for any count; the buffer here is larger to be able to look. */
START_TEST(count_text_has_room_for_any_count)
{
	char text[2 * TB_COUNT_TEXT];

	ck_assert_str_eq(tb_count_text(~(tb_u128)0, ',', text),
			 "340,282,366,920,938,463,463,374,607,431,768,211,455");
	ck_assert_msg(strlen(text) < TB_COUNT_TEXT, "%zu bytes and a NUL, room for %d",
		      strlen(text), TB_COUNT_TEXT);
}
END_TEST

#define NO_NUMBER "not a whole number in plain digits"

static const struct {
	struct tb_span text;
	uint64_t count;
	const char *why;
} count_texts[] = {
	{BYTES("0"), 0, NULL},
	{BYTES("00"), 0, NULL},
	{BYTES("0000000000000000007"), 7, NULL},
	{BYTES("8888888"), 8888888, NULL},
	{BYTES("9223372036854775807"), INT64_MAX, NULL},
	{BYTES(""), 0, "empty"},
	{BYTES("9223372036854775808"), 0, "out of range: more than 9223372036854775807"},
	{BYTES("9999999999999999999"), 0, "out of range: more than 9223372036854775807"},
	{BYTES("18446744073709551616"), 0, "out of range: more than 19 digits"},
	{BYTES("00000000000000000001"), 0, "out of range: more than 19 digits"},
	{BYTES("9999999999999999999999999999999999999999"), 0, "out of range: more than 19 digits"},
	{BYTES("-5"), 0, NO_NUMBER},
	{BYTES("-0"), 0, NO_NUMBER},
	{BYTES("+5"), 0, NO_NUMBER},
	{BYTES(" 5"), 0, NO_NUMBER},
	{BYTES("5 "), 0, NO_NUMBER},
	{BYTES("5\t"), 0, NO_NUMBER},
	{BYTES(" "), 0, NO_NUMBER},
	{BYTES("1e6"), 0, NO_NUMBER},
	{BYTES("1,000"), 0, NO_NUMBER},
	{BYTES("1_000"), 0, NO_NUMBER},
	{BYTES("1 000"), 0, NO_NUMBER},
	{BYTES("1.0"), 0, NO_NUMBER},
	{BYTES("1.5"), 0, NO_NUMBER},
	{BYTES("0x10"), 0, NO_NUMBER},
	{BYTES("null"), 0, NO_NUMBER},
	{BYTES("-"), 0, NO_NUMBER},
	{BYTES("N/A"), 0, NO_NUMBER},
	{BYTES("NaN"), 0, NO_NUMBER},
	{BYTES("inf"), 0, NO_NUMBER},
	{BYTES("\xef\xbc\x95"), 0, NO_NUMBER},
	{BYTES("5\0"), 0, NO_NUMBER},
};

START_TEST(count_parse)
{
	uint64_t n = 0;
	const char *why = tb_count_parse(count_texts[_i].text, &n), *expected = count_texts[_i].why;

	ck_assert_msg((why == NULL) == (expected == NULL) && (!why || strcmp(why, expected) == 0),
		      "'%s': %s", count_texts[_i].text.p, why ? why : "accepted");
	ck_assert_msg(why || n == count_texts[_i].count, "'%s'", count_texts[_i].text.p);
}
END_TEST

START_TEST(scaled_beyond_the_limit)
{
	struct tb_price p = {I128_MAX / 2}, out;

	ck_assert(tb_price_scale(p, 2, 2, &out));
	ck_assert(out.units == p.units);
	p.units++;
	ck_assert(!tb_price_scale(p, 2, 2, &out));
}
END_TEST

Suite *money_suite(void)
{
	Suite *s = suite_create("money");

	add_loop(s, "money/good prices", good_price, LENGTH(good_prices));
	add_loop(s, "money/bad prices", bad_price, LENGTH(bad_prices));
	add_loop(s, "money/percents", percent_text, LENGTH(percents));
	add_loop(s, "money/discounts", discount_of, LENGTH(discounts));
	add_test(s, "money/discounts are exact", discount_is_exact);
	add_test(s, "money/scaled beyond the limit", scaled_beyond_the_limit);
	add_loop(s, "money/product at the limit", product_at_the_limit, LENGTH(factors));
	add_loop(s, "money/products", product_of, LENGTH(products));
	add_test(s, "money/sums", sums_do_not_wrap);
	add_loop(s, "money/rounding", rounding, LENGTH(roundings));
	add_loop(s, "money/amount texts", amount_text, LENGTH(amounts));
	add_test(s, "money/limits", limits_are_what_they_are_called);
	add_loop(s, "money/count texts", count_text, LENGTH(counts));
	add_test(s, "money/room for counts", count_text_has_room_for_any_count);
	add_loop(s, "money/count parsing", count_parse, LENGTH(count_texts));
	return s;
}
