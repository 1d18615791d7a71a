#include "base/fine.h"
#include "helpers.h"
#include "suites.h"

#include <string.h>

#define WHOLE TB_PARTS_WHOLE

static struct tb_fine fine(const char *decimal, uint64_t parts)
{
	return tb_fine_of(money(decimal), parts);
}

static const struct {
	const char *amount;
	uint64_t parts;
	const char *text;
} products[] = {
	{"0", WHOLE, "0.00"},
	{"5", 0, "0.00"},
	{"1", WHOLE, "1.00"},
	{"-12.5", WHOLE, "-12.50"},
	{"0.1", 1, "0.0000000000001"},
	{"0.0000000000000000001", 1, "0.0000000000000000000000000000001"},
	{"-0.0000000000000000001", 1, "-0.0000000000000000000000000000001"},
	{"0.0000000000000000007", WHOLE / 10 * 3, "0.00000000000000000021"},
	{"10.10", WHOLE, "10.10"},
	{"123.456", WHOLE / 4, "30.864"},
	{"3", 10000 * WHOLE, "30000.00"},
	{"17014118346046923173.1687303715884105727", WHOLE,
	 "17014118346046923173.1687303715884105727"},
	{"17014118346046923173.1687303715884105727", 10000 * WHOLE,
	 "170141183460469231731687.303715884105727"},
	{"-17014118346046923173.1687303715884105727", 1,
	 "-17014118.3460469231731687303715884105727"},
};

START_TEST(product)
{
	struct tb_fine f = fine(products[_i].amount, products[_i].parts);
	char text[TB_FINE_TEXT];

	ck_assert_str_eq(tb_fine_text(f, text), products[_i].text);
	ck_assert_int_eq(tb_fine_sign(f), products[_i].text[0] == '-'              ? -1
					  : strcmp(products[_i].text, "0.00") == 0 ? 0
										   : 1);
}
END_TEST

/* Sums of what 128 bits hold, against sums in 128 bits. */
START_TEST(sums)
{
	uint64_t seed = 7;
	char text[TB_FINE_TEXT], expected[TB_MONEY_TEXT];

	for (int i = 0; i < 2000; i++) {
		tb_i128 a = (tb_i128)((tb_u128)next_random(&seed) << 62) * (i % 3 - 1);
		tb_i128 b = (tb_i128)next_random(&seed) * (i % 2 ? 1 : -1);
		struct tb_fine fa = tb_fine_of((struct tb_money){a}, WHOLE);
		struct tb_fine fb = tb_fine_of((struct tb_money){b}, WHOLE);

		tb_money_text((struct tb_money){a + b}, expected);
		EXPECT(strcmp(tb_fine_text(tb_fine_sum(fa, fb), text), expected) == 0, "%s", text);
		tb_money_text((struct tb_money){a - b}, expected);
		EXPECT(strcmp(tb_fine_text(tb_fine_difference(fa, fb), text), expected) == 0, "%s",
		       text);
		EXPECT(tb_fine_compare(fa, fb) == (a > b) - (a < b), "order of %d", i);
	}
}
END_TEST

START_TEST(two_parts_make_a_whole)
{
	struct tb_fine a = fine("-0.0000000000000000123", 333333333333);
	struct tb_fine b = fine("-0.0000000000000000123", WHOLE - 333333333333);
	char text[TB_FINE_TEXT];

	ck_assert_str_eq(tb_fine_text(tb_fine_sum(a, b), text), "-0.0000000000000000123");
	ck_assert_int_eq(tb_fine_sign(tb_fine_difference(a, a)), 0);
	ck_assert_int_lt(tb_fine_compare(b, a), 0);
	ck_assert_int_gt(tb_fine_compare_size(b, a), 0);
	ck_assert_int_eq(tb_fine_compare_size(fine("-2", WHOLE), fine("2", WHOLE)), 0);
	ck_assert_int_lt(tb_fine_compare_size(fine("-2", WHOLE), fine("3", WHOLE)), 0);
}
END_TEST

static const struct {
	const char *amount;
	uint64_t parts;
	int decimals;
	const char *text;
} roundings[] = {
	{"1.005", WHOLE, 2, "1.01"},
	{"-1.005", WHOLE, 2, "-1.01"},
	{"1.0049999999999999999", WHOLE, 2, "1.00"},
	{"-1.5", WHOLE, 0, "-2.00"},
	{"0.4", WHOLE, 0, "0.00"},
	{"-0.4", WHOLE, 0, "0.00"},
	{"0.0000000000000000001", 500000000000, 19, "0.0000000000000000001"},
	{"0.0000000000000000001", 499999999999, 19, "0.00"},
	{"0.0000000000000000001", 1, 31, "0.0000000000000000000000000000001"},
	{"0.0000000000000000001", 1, TB_MONEY_ROUND_NONE, "0.0000000000000000000000000000001"},
};

START_TEST(rounding)
{
	struct tb_fine f = fine(roundings[_i].amount, roundings[_i].parts);
	char text[TB_FINE_TEXT];

	ck_assert_str_eq(tb_fine_text(tb_fine_round(f, roundings[_i].decimals), text),
			 roundings[_i].text);
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
	{"17014118346046923173.1687303715884105727", "0.0000000000000000001", 100,
	 "17014118346046923173168730371588410572700.00"},
	{"0.0000000000000000001", "17014118346046923173.1687303715884105727", 100, "0.00"},
};

START_TEST(ratio)
{
	char text[TB_FINE_TEXT];

	tb_ratio_text(fine(ratios[_i].a, WHOLE), fine(ratios[_i].b, WHOLE), ratios[_i].times, text);
	ck_assert_str_eq(text, ratios[_i].text);
}
END_TEST

Suite *fine_suite(void)
{
	Suite *s = suite_create("fine");

	add_loop(s, "fine/products", product, LENGTH(products));
	add_test(s, "fine/sums", sums);
	add_test(s, "fine/two parts", two_parts_make_a_whole);
	add_loop(s, "fine/rounding", rounding, LENGTH(roundings));
	add_loop(s, "fine/ratios", ratio, LENGTH(ratios));
	return s;
}
