#include "helpers.h"
#include "suites.h"

#include <string.h>

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

Suite *count_suite(void)
{
	Suite *s = suite_create("count");

	add_loop(s, "count/texts", count_text, LENGTH(counts));
	add_test(s, "count/room", count_text_has_room_for_any_count);
	add_loop(s, "count/parsing", count_parse, LENGTH(count_texts));
	return s;
}
