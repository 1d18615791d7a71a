#include "helpers.h"
#include "suites.h"

#include <string.h>

#define SIGN      "a price has no sign; write a plain decimal such as 0.15"
#define MALFORMED "not a plain decimal such as 0.15"
#define LONG      "more than 12 decimals, and a price is never rounded"
#define LARGE     "more than 1000000000 per 1,000,000 tokens"

static const char *const good_prices[] = {
	"0",
	"0.0",
	"0.000000000",
	"0.15",
	"0.60",
	"0.075",
	"0.000000001",
	"00.15",
	"007",
	"3.216666225",
	"12",
	"999999999.999999999999",
	"1000000000",
	"1000000000.000000000000",
	"0.000000000001",
};

START_TEST(good_price)
{
	const char *text = good_prices[_i];
	struct tb_price p = {-1};
	const char *why = tb_price_parse(tb_span_of(text), &p);

	ck_assert_msg(!why, "%s: %s", text, why);
	ck_assert_msg(p.units == units_of(text, 24), "%s", text);
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
	{BYTES("0.1234567890123"), LONG},
	{BYTES("0.0000000000000"), LONG},
	{BYTES("1.000000000000000000000000000000"), LONG},
	{BYTES("1000000000.000000000001"), LARGE},
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
	{"0.000000000001", 3333, "0.0000000000006667"},
	{"999999999.999999999999", 1, "999899999.9999999999990001"},
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

/*
 * Whatever the parsers accept, nothing is lost: a batch discount, a region's uplift and a
 * contract's discount on top of each other are the product of all four.
 */
START_TEST(percentages_are_exact)
{
	const tb_i128 unit = 1000000000000; /* 10^-12 of currency, in a price's units */
	uint64_t seed = 1;

	for (int i = 0; i < 100000; i++) {
		tb_i128 units = (tb_i128)(next_random(&seed) % 1000000000000000000u);
		int off = (int)(next_random(&seed) % 10001), on = (int)(next_random(&seed) % 10001);
		int contract = (int)(next_random(&seed) % 10001);
		tb_i128 all = units * (10000 - off) * (10000 + on) * (10000 - contract);
		struct tb_price p = {units * unit};

		ck_assert(tb_price_scale(p, TB_PERCENT_WHOLE - off, TB_PERCENT_WHOLE, &p));
		ck_assert(tb_price_scale(p, TB_PERCENT_WHOLE + on, TB_PERCENT_WHOLE, &p));
		ck_assert(tb_price_scale(p, TB_PERCENT_WHOLE - contract, TB_PERCENT_WHOLE, &p));
		EXPECT(p.units == all, "round %d", i);
	}
}
END_TEST

START_TEST(scaled_beyond_the_limit)
{
	const tb_i128 top = (tb_i128)(~(tb_u128)0 >> 1);
	struct tb_price p = {top / 2}, out;

	ck_assert(tb_price_scale(p, 6, 3, &out));
	ck_assert(out.units == p.units * 2);
	ck_assert(!tb_price_scale(p, 9, 3, &out)); /* the quotient alone */
	p.units = top / 6 * 2 + 1;                 /* only with what is left over */
	ck_assert(!tb_price_scale(p, 6, 2, &out));
	ck_assert(!tb_price_scale((struct tb_price){top}, 2, 1, &out));
	p.units = top - 1; /* 2 modulo 4 */
	ck_assert(tb_price_scale(p, 4, 4, &out) && out.units == p.units);
	p.units = -1;
	ck_assert(!tb_price_scale(p, 1, 2, &out));
	ck_assert(tb_price_scale(p, 4, 2, &out) && out.units == -2);
}
END_TEST

static const struct {
	const char *tokens, *price, *amount;
} products[] = {
	{"0", "0.15", "0.00"},
	{"1", "0.15", "0.00000015"},
	{"1000000", "0.15", "0.15"},
	{"1", "0.000000001", "0.000000000000001"},
	{"1", "0.000000000000000000000001", "0.000000000000000000000000000001"},
	{"999999", "0.000000000000000000000001", "0.000000000000000000000000999999"},
	{"1000000", "-0.15", "-0.15"},
	{"18446744073709551615", "-0.000000000000000000000001",
	 "-0.000000000018446744073709551615"},
	{"340282366920938463463374607431", "-2.5", "-850705917302346158658436.5185775"},
	{"1234567", "0", "0.00"},
	{"7654321", "0.075", "0.574074075"},
	{"9223372036854775807", "3", "27670116110564.327421"},
	{"18446744073709551616", "1000", "18446744073709551.616"},
	{"9223372036854775807", "1000000", "9223372036854775807.00"},
	{"9223372036854775807", "1000000000", "9223372036854775807000.00"},
	{"36893488147419103232", "1000000000", "36893488147419103232000.00"},
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

/* The largest count whose product still fits, and the next: 2^255 / (2^102 x 10^12) is 2^141 /
 * 5^12. */
START_TEST(product_at_the_limit)
{
	struct tb_price p = {(tb_i128)1 << 102};
	tb_u128 limit = ((tb_u128)1 << 127) / 244140625 << 14; /* too few by less than 2^14 */
	struct tb_money m = {{0}};

	ck_assert(tb_money_of(&m, limit, p) && tb_money_sign(m) == 1);
	ck_assert(!tb_money_of(&m, limit + (1 << 15), p));
	ck_assert(!tb_money_of(&m, ~(tb_u128)0, p));
	p.units = -p.units;
	ck_assert(tb_money_of(&m, limit, p) && tb_money_sign(m) == -1);
	ck_assert(!tb_money_of(&m, ~(tb_u128)0, p));
	p.units = (tb_i128)((tb_u128)1 << 127); /* the lowest there is */
	ck_assert(tb_money_of(&m, 1, p));
	ck_assert(is_money(m, "-170141183.460469231731687303715884105728"));
}
END_TEST

START_TEST(sums_do_not_wrap)
{
	struct tb_money top = money(MONEY_TOP), bottom = money(MONEY_BOTTOM), m = top;

	ck_assert(!tb_money_add(&m, MONEY_UNIT));
	m = bottom;
	ck_assert(!tb_money_add(&m, bottom));
	m = top;
	ck_assert(tb_money_add(&m, bottom) &&
		  is_money(m, "-0.000000000000000000000000000000000000000001"));
	/* A carry that makes up for what the upper half passes. */
	m = (struct tb_money){{UINT64_MAX, UINT64_MAX, 0, UINT64_C(1) << 63}};
	ck_assert(tb_money_add(&m, (struct tb_money){{1, 0, UINT64_MAX, UINT64_MAX}}));
	ck_assert(tb_money_compare(m, bottom) == 0);
	m = top;
	ck_assert(!tb_money_subtract(&m, bottom));
	m = bottom;
	ck_assert(!tb_money_subtract(&m, MONEY_UNIT));
	m = TB_NO_MONEY;
	ck_assert(!tb_money_subtract(&m, bottom));
	m = money("-3");
	ck_assert(tb_money_subtract(&m, money("-2.5")) && is_money(m, "-0.5"));
	m = money("-3");
	ck_assert(tb_money_subtract(&m, money("2.5")) && is_money(m, "-5.5"));
}
END_TEST

START_TEST(multiplied)
{
	struct tb_money m = money("-0.00000028");

	ck_assert(tb_money_multiply(&m, 123457) && is_money(m, "-0.03456796"));
	m = money(MONEY_TOP);
	ck_assert(tb_money_multiply(&m, 1) && is_money(m, MONEY_TOP));
	ck_assert(!tb_money_multiply(&m, 2));
	m = money(MONEY_TOP);
	ck_assert(!tb_money_multiply(&m, UINT64_MAX));
}
END_TEST

#define WHOLE TB_PARTS_WHOLE

/* What a price of 30 decimals per token costs for parts of tokens. */
static const struct {
	const char *amount;
	uint64_t parts;
	const char *text; /* NULL: not exactly, or too large */
} parts[] = {
	{"0", WHOLE, "0.00"},
	{"5", 0, "0.00"},
	{"1", WHOLE, "1.00"},
	{"-12.5", WHOLE, "-12.50"},
	{"0.1", 1, "0.0000000000001"},
	{"0.000000000000000000000000000001", 1, "0.000000000000000000000000000000000000000001"},
	{"-0.000000000000000000000000000001", 1, "-0.000000000000000000000000000000000000000001"},
	{"0.000000000000000000000000000001", WHOLE - 1,
	 "0.000000000000000000000000000000999999999999"},
	{"123.456", WHOLE / 4, "30.864"},
	{"3", 10000 * WHOLE, "30000.00"},
	{"0.0000000000000000000000000000001", WHOLE, NULL},
	{"57000000000000000000000000000000000", WHOLE, "57000000000000000000000000000000000.00"},
	{"57000000000000000000000000000000000", 2 * WHOLE, NULL},
	{"57000000000000000000000000000000000", UINT64_MAX, NULL},
};

START_TEST(part_of)
{
	char text[TB_MONEY_TEXT];
	struct tb_money m;
	bool fits = tb_money_part(money(parts[_i].amount), parts[_i].parts, &m);

	ck_assert_int_eq(fits, parts[_i].text != NULL);
	if (fits)
		ck_assert_str_eq(tb_money_text(m, text), parts[_i].text);
}
END_TEST

static const struct {
	const char *a;
	uint64_t n;
	const char *b, *count; /* NULL: more than can be counted */
} fitting[] = {
	{"10", 1, "3", "3"},
	{"10", 1, "10", "1"},
	{"9.999", 1, "10", "0"},
	{"0", 7, "10", "0"},
	{"1", 1000000, "0.0000001", "10000000000000"},
	{"1000000000", 1, "0.000000000000000000000000000001", NULL},
	{"340282366.920938463463374607431768211455", 1, "0.000000000000000000000000000001",
	 "340282366920938463463374607431768211455"},
	{"340282366.920938463463374607431768211456", 1, "0.000000000000000000000000000001", NULL},
};

START_TEST(how_many_fit)
{
	tb_u128 n;
	char text[TB_COUNT_TEXT];
	bool can = tb_money_count(money(fitting[_i].a), fitting[_i].n, money(fitting[_i].b), &n);

	ck_assert_int_eq(can, fitting[_i].count != NULL);
	if (can)
		ck_assert_str_eq(tb_count_text(n, '\0', text), fitting[_i].count);
}
END_TEST

/* From the least to the greatest. */
static const char *const ordered[] = {
	MONEY_BOTTOM,
	"-170141183460469231731687303715884",
	"-2",
	"-0.5",
	"-0.000000000000000000000000000000000000000001",
	"0",
	"0.000000000000000000000000000000000000000001",
	"0.5",
	"2.25",
	"18446744073709551616",
	MONEY_TOP,
};

START_TEST(order)
{
	for (int i = 0; i < (int)LENGTH(ordered); i++) {
		struct tb_money a = money(ordered[i]), b = money(ordered[_i]);

		ck_assert_int_eq((i > _i) - (i < _i),
				 (tb_money_compare(a, b) > 0) - (tb_money_compare(a, b) < 0));
		ck_assert_int_eq(tb_money_sign(a), (i > 5) - (i < 5));
	}
	ck_assert_int_eq(tb_money_compare_size(money("-2"), money("2")), 0);
	ck_assert_int_lt(tb_money_compare_size(money("-2"), money("3")), 0);
	ck_assert_int_gt(tb_money_compare_size(money(MONEY_BOTTOM), money(MONEY_TOP)), 0);
	ck_assert_int_eq(tb_money_compare_times(money("-0.3"), 10000, money("1"), 3000), 0);
	ck_assert_int_gt(tb_money_compare_times(money(MONEY_TOP), 10000, money("1"), 3000), 0);
}
END_TEST

#define TOP    MONEY_TOP
#define BOTTOM MONEY_BOTTOM

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
	{"0.0000000000000000001", TB_MONEY_DECIMALS, "0.0000000000000000001"},
	{"0.005", TB_MONEY_ROUND_NONE, "0.005"},
	{"0", 2, "0.00"},
	/* Of more decimals than published prices give. */
	{"0.00499999999999999999999999999999999999999", 2, "0.00"},
	{"-0.00500000000000000000000000000000000000001", 2, "-0.01"},
	{"0.00000000000000000000000000000000000000005", 40,
	 "0.0000000000000000000000000000000000000001"},
	{"-0.00000000000000000000000000000000000000004", 40, "0.00"},
	{"0.000000000000000000499999999999999999999999", 18, "0.00"},
	{"123456789012345678901234567890.5", 0, "123456789012345678901234567891.00"},
	/* 2^23 of the unit: as many zero bits as a short amount, but not its fives. */
	{"0.000000000000000000000000000000000008388608", 2, "0.00"},
	/* Near the limits what cannot be rounded stays as it is. */
	{TOP, 0, TOP},
	{TOP, 1, "57896044618658097711785492504343953.90"},
	{TOP, 2, TOP},
	{TOP, 3, TOP},
	{TOP, 4, "57896044618658097711785492504343953.9266"},
	{BOTTOM, 0, BOTTOM},
	{BOTTOM, 1, "-57896044618658097711785492504343953.90"},
	{BOTTOM, 3, BOTTOM},
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
	/* The last that is short, and those about it. */
	{"8507059173023461586.5843651857942052863", "8507059173023461586.5843651857942052863"},
	{"8507059173023461586.5843651857942052864", "8507059173023461586.5843651857942052864"},
	{"-8507059173023461586.5843651857942052864", "-8507059173023461586.5843651857942052864"},
	{"-8507059173023461586.5843651857942052865", "-8507059173023461586.5843651857942052865"},
	{"0.00000000000000000001", "0.00000000000000000001"},
	{"0.000000000000000000000000000000000008388608",
	 "0.000000000000000000000000000000000008388608"},
	{"-1.000000000000000000000000000000000000000001",
	 "-1.000000000000000000000000000000000000000001"},
	{"10000000000000000000000000000000000", "10000000000000000000000000000000000.00"},
	{TOP, TOP},
	{BOTTOM, BOTTOM},
};

START_TEST(amount_text)
{
	char text[TB_MONEY_TEXT];

	ck_assert_str_eq(tb_money_text(money(amounts[_i].amount), text), amounts[_i].text);
}
END_TEST

/* A saving may be one that costs. */
START_TEST(price_below_zero)
{
	char text[TB_MONEY_TEXT];

	ck_assert_str_eq(tb_price_text(price("-2.5"), text), "-2.50");
}
END_TEST

START_TEST(limits_are_what_they_are_called)
{
	const uint64_t ones = UINT64_MAX;
	struct tb_money top = {{ones, ones, ones, ones >> 1}}, bottom = {{0, 0, 0, ~(ones >> 1)}};

	ck_assert(is_money(top, TOP) && is_money(bottom, BOTTOM));
	ck_assert_int_lt(sizeof(BOTTOM), TB_MONEY_TEXT);
}
END_TEST

static const struct {
	const char *a, *b;
	unsigned times;
	const char *text;
} ratios[] = {
	{"1", "1", 1, "1.00"},
	{"1", "3", 100, "33.33"},
	{"2", "3", 100, "66.67"},
	{"-2", "3", 100, "-66.67"},
	{"2", "-3", 100, "-66.67"},
	{"-2", "-3", 100, "66.67"},
	{"0", "3", 100, "0.00"},
	{"0", "-3", 100, "0.00"},
	{"1", "200", 1, "0.01"}, /* half away from zero */
	{"-1", "200", 1, "-0.01"},
	{"0.999", "200", 1, "0.00"},
	{"-0.999", "200", 1, "0.00"},
	{BOTTOM, "0.000000000000000000000000000000000000000001", 100,
	 "-57896044618658097711785492504343953926634992332820282019728792003956564819968"
	 "00.00"},
	{"0.000000000000000000000000000000000000000001", TOP, 100, "0.00"},
	{TOP, BOTTOM, 100, "-100.00"},
};

START_TEST(ratio)
{
	char text[2 * TB_MONEY_TEXT];

	tb_ratio_text(money(ratios[_i].a), money(ratios[_i].b), ratios[_i].times, text);
	ck_assert_str_eq(text, ratios[_i].text);
	ck_assert_uint_lt(strlen(text), TB_MONEY_TEXT);
}
END_TEST

Suite *money_suite(void)
{
	Suite *s = suite_create("money");

	add_loop(s, "money/good prices", good_price, LENGTH(good_prices));
	add_loop(s, "money/bad prices", bad_price, LENGTH(bad_prices));
	add_loop(s, "money/percents", percent_text, LENGTH(percents));
	add_loop(s, "money/discounts", discount_of, LENGTH(discounts));
	add_test(s, "money/percentages are exact", percentages_are_exact);
	add_test(s, "money/scaled beyond the limit", scaled_beyond_the_limit);
	add_loop(s, "money/products", product_of, LENGTH(products));
	add_test(s, "money/product at the limit", product_at_the_limit);
	add_test(s, "money/sums", sums_do_not_wrap);
	add_test(s, "money/multiplied", multiplied);
	add_loop(s, "money/parts", part_of, LENGTH(parts));
	add_loop(s, "money/how many fit", how_many_fit, LENGTH(fitting));
	add_loop(s, "money/order", order, LENGTH(ordered));
	add_loop(s, "money/rounding", rounding, LENGTH(roundings));
	add_loop(s, "money/amount texts", amount_text, LENGTH(amounts));
	add_test(s, "money/price below zero", price_below_zero);
	add_test(s, "money/limits", limits_are_what_they_are_called);
	add_loop(s, "money/ratios", ratio, LENGTH(ratios));
	return s;
}
