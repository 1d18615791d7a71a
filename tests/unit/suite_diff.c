#include "helpers.h"
#include "ratebook/diff.h"
#include "report/ratetext.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define M "[m]\ninput = 1\noutput = 2\n"

static const struct {
	const char *old, *new, *expected; /* "model from until key old new;" for each */
} books[] = {
	{M, M, ""},
	{M, "[m]\noutput = 2.00\ninput = 1\nnote = n\n", ""},
	{M, M "[m @ 2026-01-01]\ninput = 1\noutput = 2\n", ""},
	{M "reasoning = output\n", M, ""},
	{M "reasoning = 3\n", M, "m - - reasoning 3.00 -;"},
	{M, "[m]\ninput = 1.5\noutput = 2\n", "m - - input 1.00 1.50;"},
	{M, M "[m @ 2026-01-01]\ninput = 1\noutput = 3\n", "m 2026-01-01 - output 2.00 3.00;"},
	{M, M "[m @ 2026-01-01]\ninput = 1\noutput = 3\n[m @ 2026-02-01]\ninput = 1\noutput = 2\n",
	 "m 2026-01-01 2026-02-01 output 2.00 3.00;"},
	/* a difference that goes on is told once, also where other prices change */
	{M "[m @ 2026-01-01]\ninput = 1\noutput = 9\n", "[m]\ninput = 5\noutput = 2\n",
	 "m - - input 1.00 5.00;m 2026-01-01 - output 9.00 2.00;"},
	{M, "[m @ 2026-01-01]\ninput = 1\noutput = 2\n",
	 "m - 2026-01-01 input 1.00 -;m - 2026-01-01 output 2.00 -;"},
	{M, "[n]\ninput = 1\noutput = 2\n",
	 "m - - input 1.00 -;m - - output 2.00 -;n - - input - 1.00;n - - output - 2.00;"},
	{M "batch_discount = 50%\n", M "batch_input = 0.5\nbatch_output = 1\n", ""},
	{M "web_search = 10\n", M "web_search = 11\n", "m - - web_search 10.00 11.00;"},
	{M "currency = EUR\n", M, "m - - currency EUR USD;"},
	{M "aliases = a b\n", M "aliases = b c\n", "m - - aliases a -;m - - aliases - c;"},
	{M "uplift_us = 10%\n", M "uplift_us = 9%\nuplift_eu = 5%\n",
	 "m - - uplift_us 10.00% 9.00%;m - - uplift_eu - 5.00%;"},
	{M "long_context_over = 5\nlong_input = 1\nlong_output = 2\n",
	 M "long_context_from = 5\nlong_input = 1\nlong_output = 2\n",
	 "m - - long_context_over 5 -;m - - long_context_from - 5;"},
	{M "peak_hours = 09:00-10:00 +00:00\npeak_multiplier = 1\n",
	 M "peak_hours = 09:00-11:00 +00:00\npeak_multiplier = 1\n",
	 "m - - peak_hours 09:00-10:00 +00:00 09:00-11:00 +00:00;"},
};

static char told[2048];

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static enum tb_status tell(void *ctx, const struct tb_rate_change *c, struct tb_err *err)
{
	char from[TB_MONEY_TEXT], until[TB_MONEY_TEXT], old[TB_MONEY_TEXT], new[TB_MONEY_TEXT];
	char key[TB_RATE_KEY_TEXT];
	size_t n = strlen(told);

	(void)ctx;
	(void)err;
	snprintf(told + n, sizeof(told) - n, "%s %s %s %s %s %s;", c->model,
		 or_dash(tb_era_edge_text(c->start, from)),
		 or_dash(tb_era_edge_text(c->end, until)),
		 c->is_price ? tb_rate_key_text(c->tier, c->context, c->meter, key) : c->what,
		 !c->is_price   ? or_dash(c->old_text)
		 : c->old_price ? tb_rate_price_text(c->meter, *c->old_price, old)
				: "-",
		 !c->is_price   ? or_dash(c->new_text)
		 : c->new_price ? tb_rate_price_text(c->meter, *c->new_price, new)
				: "-");
	return TB_OK;
}

START_TEST(differences)
{
	struct tb_book *old = book_of(books[_i].old), *new = book_of(books[_i].new);
	struct tb_err err = {0};

	told[0] = '\0';
	ck_assert_int_eq(tb_book_diff(old, new, tell, NULL, &err), TB_OK);
	ck_assert_str_eq(told, books[_i].expected);
	told[0] = '\0';
	ck_assert_int_eq(tb_book_diff(old, old, tell, NULL, &err), TB_OK);
	ck_assert_int_eq(tb_book_diff(new, new, tell, NULL, &err), TB_OK);
	ck_assert_str_eq(told, "");
	tb_book_free(old);
	tb_book_free(new);
}
END_TEST

static enum tb_status stop(void *ctx, const struct tb_rate_change *c, struct tb_err *err)
{
	(void)c;
	++*(int *)ctx;
	return tb_fail(err, TB_IO, "enough");
}

START_TEST(stops)
{
	struct tb_book *old = book_of(M), *new = book_of("[n]\ninput = 1\noutput = 2\n");
	struct tb_err err = {0};
	int calls = 0;

	ck_assert_int_eq(tb_book_diff(old, new, stop, &calls, &err), TB_IO);
	ck_assert_int_eq(calls, 1);
	tb_book_free(old);
	tb_book_free(new);
}
END_TEST

static const struct {
	const char *from, *to, *percent;
} changes[] = {
	{"1", "2", "100"},
	{"3", "1", "-66.67"},
	{"0.15", "0.15", "0"},
	{"1", "0", "-100"},
	{"0", "1", NULL},
	{"8", "9", "12.5"},
	{"3", "4", "33.33"},
	{"3", "5", "66.67"},
	{"1000000", "1000050", "0.01"},
	{"1000000", "1000049", "0"},
	{"0.000000001", "1000000000", "99999999999999999900"},
};

START_TEST(percent)
{
	char text[TB_MONEY_TEXT];
	const char *found =
		tb_price_change_text(price(changes[_i].from), price(changes[_i].to), text);

	ck_assert_int_eq(!found, !changes[_i].percent);
	if (found)
		ck_assert_str_eq(found, changes[_i].percent);
}
END_TEST

Suite *diff_suite(void)
{
	Suite *s = suite_create("diff");

	add_loop(s, "diff/books", differences, LENGTH(books));
	add_test(s, "diff/stops", stops);
	add_loop(s, "diff/percent", percent, LENGTH(changes));
	return s;
}
