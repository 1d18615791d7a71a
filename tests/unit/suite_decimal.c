#include "base/decimal.h"
#include "helpers.h"
#include "suites.h"

#include <string.h>

enum { M = TB_DECIMAL_MINUS, C = TB_DECIMAL_COMMAS, E = TB_DECIMAL_EXPONENT };

#define NINES10 "9999999999"
#define NINES80 NINES10 NINES10 NINES10 NINES10 NINES10 NINES10 NINES10 NINES10
#define ZEROS10 "0000000000"
#define ZEROS80 ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10 ZEROS10

static const struct {
	const char *text;
	unsigned allows;
	const char *digits;
	int exponent;
	size_t decimals;
	bool negative;
} good[] = {
	{"0", 0, "", 0, 0, false},
	{"000.000", 0, "", 0, 3, false},
	{"12.50", 0, "125", -1, 2, false},
	{"00100", 0, "1", 2, 0, false},
	{"0.00010200", 0, "102", -6, 8, false},
	{"1020.0", 0, "102", 1, 1, false},
	{"-1.5e-05", M | E, "15", -6, 1, true},
	{"-0", M, "", 0, 0, true},
	{"1E3", E, "1", 3, 0, false},
	{"1e+3", E, "1", 3, 0, false},
	{"0e99999999999999999999", E, "", 0, 0, false},
	{"1" ZEROS80 ZEROS80 "e-160", E, "1", 0, 0, false},
	{"0." ZEROS80 "1e81", E, "1", 0, 81, false},
	{"1,234", C, "1234", 0, 0, false},
	{"999", C, "999", 0, 0, false},
	{"12,345,678.9", C, "123456789", -1, 1, false},
	{"1234", C, "1234", 0, 0, false},
	{NINES80, 0, NINES80, 0, 0, false},
	{NINES80 ZEROS80, 0, NINES80, 80, 0, false},
};

START_TEST(is_read)
{
	struct tb_decimal d;
	char digits[TB_DECIMAL_DIGITS + 1];
	size_t i;

	ck_assert(tb_decimal_read(tb_span_of(good[_i].text), good[_i].allows, &d));
	for (i = 0; i < d.n; i++)
		digits[i] = (char)('0' + d.digits[i]);
	digits[i] = '\0';
	ck_assert_str_eq(digits, good[_i].digits);
	ck_assert_int_eq(d.exponent, good[_i].exponent);
	ck_assert_uint_eq(d.decimals, good[_i].decimals);
	ck_assert_int_eq(d.negative, good[_i].negative);
	ck_assert(!d.too_long);
}
END_TEST

static const struct {
	struct tb_span text;
	unsigned allows;
} bad[] = {
	{BYTES(""), M | C | E},
	{BYTES("."), M | C | E},
	{BYTES(".5"), M | C | E},
	{BYTES("5."), M | C | E},
	{BYTES("1..5"), M | C | E},
	{BYTES("1.5.5"), M | C | E},
	{BYTES("+1"), M | C | E},
	{BYTES("--1"), M | C | E},
	{BYTES("-"), M | C | E},
	{BYTES(" 1"), M | C | E},
	{BYTES("1 "), M | C | E},
	{BYTES("1\0"), M | C | E},
	{BYTES("-1"), C | E},
	{BYTES("1,234"), M | E},
	{BYTES("1e3"), M | C},
	{BYTES("1e"), M | C | E},
	{BYTES("1e+"), M | C | E},
	{BYTES("1e+-1"), M | C | E},
	{BYTES("e3"), M | C | E},
	{BYTES("1e3.5"), M | C | E},
	{BYTES("1e3e3"), M | C | E},
	{BYTES("1,23"), M | C | E},
	{BYTES("1,2345"), M | C | E},
	{BYTES("1234,567"), M | C | E},
	{BYTES(",123"), M | C | E},
	{BYTES("1,"), M | C | E},
	{BYTES("1.234,567"), M | C | E},
	{BYTES("1,234,56"), M | C | E},
};

START_TEST(not_read)
{
	struct tb_decimal d;

	ck_assert_msg(!tb_decimal_read(bad[_i].text, bad[_i].allows, &d), "%s", bad[_i].text.p);
}
END_TEST

static const char *const long_ones[] = {NINES80 "9", NINES80 ".9", "1" ZEROS80 "1",
					"1." ZEROS80 "1"};

START_TEST(too_long)
{
	struct tb_decimal d;
	uint64_t limbs[TB_DECIMAL_LIMBS];
	char text[2 * TB_DECIMAL_DIGITS];

	ck_assert(tb_decimal_read(tb_span_of(long_ones[_i]), 0, &d));
	ck_assert(d.too_long);
	ck_assert(!tb_decimal_units(&d, 100, limbs));
	ck_assert(!tb_decimal_text(&d, text, sizeof(text)));
}
END_TEST

/* 2^64, 2^128 and 2^256, and one less. */
static const struct {
	const char *text;
	int decimals;
	bool fits;
	uint64_t limbs[TB_DECIMAL_LIMBS];
} units[] = {
	{"0", 2, true, {0}},
	{"12.50", 2, true, {1250}},
	{"12.50", 1, true, {125}},
	{"12.50", 0, false, {0}},
	{"1e-3", 2, false, {0}},
	{"12e3", 0, true, {12000}},
	{"184467440737095516.15", 2, true, {UINT64_MAX}},
	{"18446744073709551616", 0, true, {0, 1}},
	{"340282366920938463463374607431768211456", 0, true, {0, 0, 1}},
	{"115792089237316195423570985008687907853269984665640564039457.584007913129639935",
	 18,
	 true,
	 {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}},
	{"115792089237316195423570985008687907853269984665640564039457.584007913129639936",
	 18,
	 false,
	 {0}},
	{"1e79", 0, false, {0}},
	{"1e80", 0, false, {0}},
	{"1e99999999999", 0, false, {0}},
	{NINES80, 0, false, {0}},
};

START_TEST(in_units)
{
	uint64_t limbs[TB_DECIMAL_LIMBS], whole;
	struct tb_decimal d;
	bool small = units[_i].fits && !(units[_i].limbs[1] | units[_i].limbs[2]) &&
		     units[_i].limbs[0] <= INT64_MAX;

	ck_assert(tb_decimal_read(tb_span_of(units[_i].text), E, &d));
	ck_assert_int_eq(tb_decimal_units(&d, units[_i].decimals, limbs), units[_i].fits);
	if (units[_i].fits)
		ck_assert_mem_eq(limbs, units[_i].limbs, sizeof(limbs));
	ck_assert_int_eq(tb_decimal_whole(&d, units[_i].decimals, &whole), small);
	if (small)
		ck_assert_uint_eq(whole, units[_i].limbs[0]);
}
END_TEST

/* "0.18" takes five bytes. */
static const struct {
	const char *text, *plain;
} texts[] = {
	{"0", "0"},         {"00.00", "0"},         {"-0.180", "0.18"},
	{"18e-2", "0.18"},  {"1.8e-5", "0.000018"}, {"10.0", "10"},
	{"1.2e4", "12000"}, {"12.5", "12.5"},       {"120.5", "120.5"},
	{"5e-1", "0.5"},
};

START_TEST(as_text)
{
	char text[64];
	struct tb_decimal d;
	size_t n = strlen(texts[_i].plain);

	ck_assert(tb_decimal_read(tb_span_of(texts[_i].text), M | E, &d));
	ck_assert(tb_decimal_text(&d, text, n + 1));
	ck_assert_str_eq(text, texts[_i].plain);
	ck_assert(!tb_decimal_text(&d, text, n));
}
END_TEST

static const char *const far_off[] = {"1e64", "1e-63", "1e999999999", "1e-999999999"};

START_TEST(no_text)
{
	char text[64];
	struct tb_decimal d;

	ck_assert(tb_decimal_read(tb_span_of(far_off[_i]), E, &d));
	ck_assert(!tb_decimal_text(&d, text, sizeof(text)));
}
END_TEST

Suite *decimal_suite(void)
{
	Suite *s = suite_create("decimal");

	add_loop(s, "decimal/read", is_read, LENGTH(good));
	add_loop(s, "decimal/not read", not_read, LENGTH(bad));
	add_loop(s, "decimal/too long", too_long, LENGTH(long_ones));
	add_loop(s, "decimal/units", in_units, LENGTH(units));
	add_loop(s, "decimal/text", as_text, LENGTH(texts));
	add_loop(s, "decimal/no text", no_text, LENGTH(far_off));
	return s;
}
