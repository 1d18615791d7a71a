#include "helpers.h"
#include "ratebook/float_noise.h"
#include "suites.h"

static const struct {
	struct tb_span decimal;
	const char *likely; /* NULL: no noise */
} decimals[] = {
	{BYTES("0.18000000000000002"), "0.18"},
	{BYTES("0.179999999"), "0.18"},
	{BYTES("0.180000001"), "0.18"},
	{BYTES("0.29999999999999998"), "0.3"},
	{BYTES("0.07500000298023224"), "0.075"},
	{BYTES("0.00000999999999999"), "0.00001"},
	{BYTES("9.99999999999"), "10"},
	{BYTES("99.9999999999"), "100"},
	{BYTES("199.999999999"), "200"},
	{BYTES("10.0000000000001"), "10"},
	{BYTES("12.50000000001"), "12.5"},
	{BYTES("2.9999900000000002"), "2.99999"},
	{BYTES("15.000020000000002"), "15.00002"},
	{BYTES("0.05999999999"), "0.06"},
	{BYTES("99999.5000000001"), "99999.5"},
	{BYTES("100000000.000000001"), "100000000"},
	{BYTES("0.0000001"), NULL},
	{BYTES("0.000000123"), NULL},
	{BYTES("0.123456789"), NULL},
	{BYTES("0.1234567890123"), NULL},
	{BYTES("0.180000000"), NULL},
	{BYTES("0.00000000"), NULL},
	{BYTES("0.10001"), NULL},
	{BYTES("0.99999"), NULL},
	{BYTES("100000000"), NULL},
	{BYTES("1.800000000000000e2"), NULL},
	{BYTES("-0.179999999999"), NULL},
	{BYTES(".179999999999"), NULL},
	{BYTES("0.1.79999999999"), NULL},
	{BYTES(""), NULL},
	{BYTES("0.11111111111111111111111111111111111111111111111111111111111111111111999999999"),
	 NULL},
};

START_TEST(likely_price)
{
	char likely[TB_LIKELY_TEXT];
	bool noise = tb_likely_price(decimals[_i].decimal, likely);

	ck_assert_int_eq(noise, decimals[_i].likely != NULL);
	if (noise)
		ck_assert_str_eq(likely, decimals[_i].likely);
}
END_TEST

START_TEST(loader_names_it)
{
	ck_assert_str_eq(
		book_faults("[m]\ninput = 0.18000000000000002\noutput = 1\n"),
		"r.ini:2: input: '0.18000000000000002': more than 12 decimals, and a price "
		"is never rounded; looks like 0.18 with the noise of binary arithmetic");
	ck_assert_str_eq(book_faults("[m]\ninput = 0.1234567890123\noutput = 1\n"),
			 "r.ini:2: input: '0.1234567890123': more than 12 decimals, and a price is "
			 "never rounded");
	ck_assert_str_eq(book_faults("[m]\ninput = 0.179999999\noutput = 1\n"), "");
}
END_TEST

Suite *float_noise_suite(void)
{
	Suite *s = suite_create("float_noise");

	add_loop(s, "float_noise/likely", likely_price, LENGTH(decimals));
	add_test(s, "float_noise/loader", loader_names_it);
	return s;
}
