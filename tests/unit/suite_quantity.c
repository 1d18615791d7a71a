#include "base/quantity.h"
#include "helpers.h"
#include "suites.h"

#include <string.h>

#define LARGE     "more than 9223372036854775807"
#define MALFORMED "not a number; type it like 1200, 300k, 2.5M or 1e6"
#define PARTIAL   "not a whole number"

static const struct {
	struct tb_span text;
	uint64_t number;
	const char *why;
} quantities[] = {
	{BYTES("0"), 0, NULL},
	{BYTES("1200"), 1200, NULL},
	{BYTES("007"), 7, NULL},
	{BYTES("300k"), 300000, NULL},
	{BYTES("300K"), 300000, NULL},
	{BYTES("2.5M"), 2500000, NULL},
	{BYTES("0M"), 0, NULL},
	{BYTES("1B"), 1000000000, NULL},
	{BYTES("1.000000001G"), 1000000001, NULL},
	{BYTES("1e6"), 1000000, NULL},
	{BYTES("1E6"), 1000000, NULL},
	{BYTES("1e+6"), 1000000, NULL},
	{BYTES("1e06"), 1000000, NULL},
	{BYTES("1.2e3"), 1200, NULL},
	{BYTES("1.20e1"), 12, NULL},
	{BYTES("1500e-2"), 15, NULL},
	{BYTES("12.0"), 12, NULL},
	{BYTES("0.000"), 0, NULL},
	{BYTES("0e99"), 0, NULL},
	{BYTES("0.0000000000000000000000000000000000000001e40"), 1, NULL},
	{BYTES("00000000000000000000000000000000000000000001"), 1, NULL},
	{BYTES("9223372036854775807"), INT64_MAX, NULL},
	{BYTES("9.223372036854775807e18"), INT64_MAX, NULL},
	{BYTES("9223372036854775.807k"), INT64_MAX, NULL},
	{BYTES("9223372036854775808"), 0, LARGE},
	{BYTES("9223372036854775.808k"), 0, LARGE},
	{BYTES("1e19"), 0, LARGE},
	{BYTES("1e99"), 0, LARGE},
	{BYTES("18446744073709551617"), 0, LARGE},
	{BYTES("340282366920938463463374607431"), 0, LARGE},
	{BYTES("3402823669209384634633746074310"), 0, LARGE},
	{BYTES("0.1234567890123456789012345678901"), 0, PARTIAL},
	{BYTES("1e100"), 0, LARGE},
	{BYTES("1e-100"), 0, PARTIAL},
	{BYTES("1e18446744073709551617"), 0, LARGE},
	{BYTES("1.5"), 0, PARTIAL},
	{BYTES("1.2345k"), 0, PARTIAL},
	{BYTES("15e-2"), 0, PARTIAL},
	{BYTES("0.1e-99"), 0, PARTIAL},
	{BYTES("5m"), 0, "a small m; type M for a million"},
	{BYTES(""), 0, MALFORMED},
	{BYTES("k"), 0, MALFORMED},
	{BYTES("m"), 0, MALFORMED},
	{BYTES("xm"), 0, MALFORMED},
	{BYTES("."), 0, MALFORMED},
	{BYTES(".5M"), 0, MALFORMED},
	{BYTES("5.M"), 0, MALFORMED},
	{BYTES("1..5M"), 0, MALFORMED},
	{BYTES("1e"), 0, MALFORMED},
	{BYTES("1e+"), 0, MALFORMED},
	{BYTES("1e+-2"), 0, MALFORMED},
	{BYTES("1e2.5"), 0, MALFORMED},
	{BYTES("1e3k"), 0, MALFORMED},
	{BYTES("1kk"), 0, MALFORMED},
	{BYTES("1T"), 0, MALFORMED},
	{BYTES("-1"), 0, MALFORMED},
	{BYTES("+1"), 0, MALFORMED},
	{BYTES(" 1"), 0, MALFORMED},
	{BYTES("1 "), 0, MALFORMED},
	{BYTES("1,000"), 0, MALFORMED},
	{BYTES("1_000"), 0, MALFORMED},
	{BYTES("0x10"), 0, MALFORMED},
	{BYTES("inf"), 0, MALFORMED},
	{BYTES("1k\0"), 0, MALFORMED},
};

START_TEST(quantity)
{
	uint64_t n = 0;
	const char *why = tb_quantity_parse(quantities[_i].text, &n);
	const char *expected = quantities[_i].why;

	ck_assert_msg((why == NULL) == (expected == NULL) && (!why || strcmp(why, expected) == 0),
		      "'%s': %s", quantities[_i].text.p, why ? why : "accepted");
	ck_assert_msg(why || n == quantities[_i].number, "'%s'", quantities[_i].text.p);
}
END_TEST

Suite *quantity_suite(void)
{
	Suite *s = suite_create("quantity");

	add_loop(s, "quantity/parsing", quantity, LENGTH(quantities));
	return s;
}
