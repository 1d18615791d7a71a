#include "helpers.h"
#include "suites.h"

#include <string.h>

/* Every meter, tier and context priced, no two alike. */
#define RATES                                                                                      \
	"[m]\n"                                                                                    \
	"input = 2\ncached_read = 0.5\ncache_write = 2.5\ncache_write_1h = 4\noutput = 10\n"       \
	"reasoning = 12\n"                                                                         \
	"long_context_from = 1000\n"                                                               \
	"long_input = 4\nlong_cached_read = 1\nlong_cache_write = 5\nlong_cache_write_1h = 8\n"    \
	"long_output = 15\nlong_reasoning = 18\n"                                                  \
	"batch_discount = 50%\nbatch_cached_read = 0.5\n"                                          \
	"flex_discount = 25%\nflex_long_output = 9\n"                                              \
	"priority_discount = 0%\npriority_input = 3\npriority_long_input = 6\n"                    \
	"web_search = 10\npeak_hours = Mon-Fri 09:00-12:00 UTC\npeak_multiplier = 1.5\n"           \
	"peak_output = 17\nuplift_us = 10%\n"

/* A fee is the same in every tier and context. */
#define SEARCH "10000.00 0.00 0.00 0.00 10000.00"

/* One million on one meter: list, cache savings, batch savings, tier savings, cost. */
static const struct {
	enum tb_tier tier;
	enum tb_context context;
	const char *amounts[TB_METERS];
} cases[] = {
	{TB_STANDARD,
	 TB_BASE,
	 {"2.00 0.00 0.00 0.00 2.00", "2.00 1.50 0.00 0.00 0.50", "2.00 -0.50 0.00 0.00 2.50",
	  "2.00 -2.00 0.00 0.00 4.00", "10.00 0.00 0.00 0.00 10.00", "12.00 0.00 0.00 0.00 12.00",
	  SEARCH}},
	{TB_STANDARD,
	 TB_LONG,
	 {"4.00 0.00 0.00 0.00 4.00", "4.00 3.00 0.00 0.00 1.00", "4.00 -1.00 0.00 0.00 5.00",
	  "4.00 -4.00 0.00 0.00 8.00", "15.00 0.00 0.00 0.00 15.00", "18.00 0.00 0.00 0.00 18.00",
	  SEARCH}},
	{TB_BATCH,
	 TB_BASE,
	 {"2.00 0.00 1.00 0.00 1.00", "2.00 1.50 0.00 0.00 0.50", "2.00 -0.50 1.25 0.00 1.25",
	  "2.00 -2.00 2.00 0.00 2.00", "10.00 0.00 5.00 0.00 5.00", "12.00 0.00 6.00 0.00 6.00",
	  SEARCH}},
	{TB_BATCH,
	 TB_LONG,
	 {"4.00 0.00 2.00 0.00 2.00", "4.00 3.00 0.50 0.00 0.50", "4.00 -1.00 2.50 0.00 2.50",
	  "4.00 -4.00 4.00 0.00 4.00", "15.00 0.00 7.50 0.00 7.50", "18.00 0.00 9.00 0.00 9.00",
	  SEARCH}},
	{TB_FLEX,
	 TB_BASE,
	 {"2.00 0.00 0.00 0.50 1.50", "2.00 1.50 0.00 0.125 0.375", "2.00 -0.50 0.00 0.625 1.875",
	  "2.00 -2.00 0.00 1.00 3.00", "10.00 0.00 0.00 2.50 7.50", "12.00 0.00 0.00 3.00 9.00",
	  SEARCH}},
	{TB_FLEX,
	 TB_LONG,
	 {"4.00 0.00 0.00 1.00 3.00", "4.00 3.00 0.00 0.25 0.75", "4.00 -1.00 0.00 1.25 3.75",
	  "4.00 -4.00 0.00 2.00 6.00", "15.00 0.00 0.00 6.00 9.00", "18.00 0.00 0.00 4.50 13.50",
	  SEARCH}},
	{TB_PRIORITY,
	 TB_BASE,
	 {"2.00 0.00 0.00 -1.00 3.00", "2.00 1.50 0.00 0.00 0.50", "2.00 -0.50 0.00 0.00 2.50",
	  "2.00 -2.00 0.00 0.00 4.00", "10.00 0.00 0.00 0.00 10.00", "12.00 0.00 0.00 0.00 12.00",
	  SEARCH}},
	{TB_PRIORITY,
	 TB_LONG,
	 {"4.00 0.00 0.00 -2.00 6.00", "4.00 3.00 0.00 0.00 1.00", "4.00 -1.00 0.00 0.00 5.00",
	  "4.00 -4.00 0.00 0.00 8.00", "15.00 0.00 0.00 0.00 15.00", "18.00 0.00 0.00 0.00 18.00",
	  SEARCH}},
	{TB_STANDARD,
	 TB_PEAK,
	 {"3.00 0.00 0.00 0.00 3.00", "3.00 2.25 0.00 0.00 0.75", "3.00 -0.75 0.00 0.00 3.75",
	  "3.00 -3.00 0.00 0.00 6.00", "17.00 0.00 0.00 0.00 17.00", "18.00 0.00 0.00 0.00 18.00",
	  SEARCH}},
	{TB_BATCH,
	 TB_PEAK,
	 {"3.00 0.00 1.50 0.00 1.50", "3.00 2.25 0.00 0.00 0.75", "3.00 -0.75 1.875 0.00 1.875",
	  "3.00 -3.00 3.00 0.00 3.00", "17.00 0.00 8.50 0.00 8.50", "18.00 0.00 9.00 0.00 9.00",
	  SEARCH}},
	{TB_FLEX,
	 TB_PEAK_LONG,
	 {"6.00 0.00 0.00 1.50 4.50", "6.00 4.50 0.00 0.375 1.125", "6.00 -1.50 0.00 1.875 5.625",
	  "6.00 -6.00 0.00 3.00 9.00", "22.50 0.00 0.00 9.00 13.50", "27.00 0.00 0.00 6.75 20.25",
	  SEARCH}},
};

static const char *charge_text(const struct tb_charge *c)
{
	static char text[TB_AMOUNTS * TB_MONEY_TEXT];
	char one[TB_MONEY_TEXT];

	text[0] = '\0';
	for (int a = 0; a < TB_AMOUNTS; a++) {
		strcat(text, a ? " " : "");
		strcat(text, tb_money_text(c->amounts[a], one));
	}
	return text;
}

static const struct tb_terms standard = {TB_STANDARD, TB_BASE, 0}, batch = {TB_BATCH, TB_BASE, 0};

static struct tb_terms terms_of(int k)
{
	return (struct tb_terms){cases[k].tier, cases[k].context, 0};
}

START_TEST(one_meter)
{
	int k = _i / TB_METERS, meter = _i % TB_METERS;
	struct tb_book *book = book_of(RATES);
	tb_u128 tokens[TB_METERS] = {0};
	struct tb_charge c = {0};

	tokens[meter] = 1000000;
	ck_assert(tb_charge_tokens(&c, tb_book_era(book, 0), terms_of(k), tokens));
	ck_assert_msg(strcmp(charge_text(&c), cases[k].amounts[meter]) == 0,
		      "%s %s %s: %s, expected %s", tb_tiers[cases[k].tier].name,
		      tb_contexts[cases[k].context].name, tb_meters[meter].name, charge_text(&c),
		      cases[k].amounts[meter]);
	ck_assert(tb_charge_balances(&c));
	tb_book_free(book);
}
END_TEST

/* All meters at once are the sum of each alone, and the identity holds to the last digit. */
START_TEST(identity)
{
	struct tb_book *book = book_of(RATES);
	struct tb_charge all = {0}, sum = {0};
	tb_u128 tokens[TB_METERS];
	uint64_t seed = (uint64_t)_i + 1;

	for (int m = 0; m < TB_METERS; m++) {
		tb_u128 alone[TB_METERS] = {0};
		struct tb_charge one = {0};

		alone[m] = tokens[m] = next_random(&seed) >> (next_random(&seed) % 64);
		ck_assert(tb_charge_tokens(&one, tb_book_era(book, 0), terms_of(_i), alone));
		ck_assert(tb_charge_balances(&one));
		ck_assert(tb_charge_add(&sum, &one));
	}
	ck_assert(tb_charge_tokens(&all, tb_book_era(book, 0), terms_of(_i), tokens));
	ck_assert(tb_charge_balances(&all));
	ck_assert(memcmp(&all, &sum, sizeof(all)) == 0);
	tb_book_free(book);
}
END_TEST

/* Contract section 6. */
START_TEST(acceptance_example)
{
	struct tb_book *book = book_of("[gpt-4o-mini]\ninput = 0.15\ncached_read = 0.075\n"
				       "output = 0.60\nbatch_discount = 50%\n");
	const struct tb_era *era = tb_book_era(book, 0);
	const tb_u128 first[TB_METERS] = {
		[TB_INPUT] = 8888888 - 7654321, [TB_CACHED_READ] = 7654321, [TB_OUTPUT] = 345678};
	const tb_u128 second[TB_METERS] = {[TB_INPUT] = 20000000, [TB_OUTPUT] = 2500001};
	struct tb_charge c = {0};

	ck_assert(tb_charge_tokens(&c, era, standard, first));
	ck_assert(tb_charge_tokens(&c, era, batch, second));
	ck_assert_str_eq(charge_text(&c), "6.0407406 0.574074075 2.2500003 0.00 3.216666225");
	ck_assert(tb_charge_balances(&c));
	tb_book_free(book);
}
END_TEST

/* A cached read that only batch prices: no cache saving, the whole difference is batch's. */
START_TEST(unpublished_standard_price)
{
	struct tb_book *book = book_of("[m]\ninput = 2\noutput = 10\nbatch_cached_read = 0.5\n");
	const tb_u128 tokens[TB_METERS] = {[TB_CACHED_READ] = 1000000};
	struct tb_charge c = {0};

	ck_assert(tb_charge_tokens(&c, tb_book_era(book, 0), batch, tokens));
	ck_assert_str_eq(charge_text(&c), "2.00 0.00 1.50 0.00 0.50");
	tb_book_free(book);
}
END_TEST

/* A region pays more for tokens, at list price too, and not for fees. */
START_TEST(uplift)
{
	struct tb_book *book = book_of(RATES);
	const tb_u128 tokens[TB_METERS] = {
		[TB_CACHED_READ] = 1000000, [TB_OUTPUT] = 1000000, [TB_WEB_SEARCH] = 1};
	struct tb_terms terms = {TB_FLEX, TB_BASE, 1};
	struct tb_charge c = {0};

	ck_assert(tb_charge_tokens(&c, tb_book_era(book, 0), terms, tokens));
	/* (2 + 10) x 1.1 + 0.01; 1.5 x 1.1; a quarter of (0.5 + 10) x 1.1; the rest */
	ck_assert_str_eq(charge_text(&c), "13.21 1.65 0.00 2.8875 8.6725");
	ck_assert(tb_charge_balances(&c));
	tb_book_free(book);
}
END_TEST

START_TEST(too_large_is_told)
{
	struct tb_book *book = book_of("[m]\ninput = 1000000000\noutput = 0\n");
	tb_u128 tokens[TB_METERS] = {[TB_INPUT] = (tb_u128)10000000000000000 * 3000000000000000};
	struct tb_charge c = {0}, twice;
	struct tb_charge_rates rates = {0};

	ck_assert(tb_charge_tokens(&c, tb_book_era(book, 0), standard, tokens));
	ck_assert_str_eq(charge_text(&c), "30000000000000000000000000000000000.00 0.00 0.00 0.00 "
					  "30000000000000000000000000000000000.00");
	twice = c;
	ck_assert(!tb_charge_add(&twice, &c));
	tokens[TB_INPUT] *= 2;
	c = (struct tb_charge){0};
	ck_assert(!tb_charge_tokens(&c, tb_book_era(book, 0), standard, tokens));
	tb_charge_rates(&rates, tb_book_era(book, 0), standard);
	c = (struct tb_charge){0};
	ck_assert(!tb_charge_at(&c, &rates, tokens));
	tb_book_free(book);
}
END_TEST

/* Each amount may be the one that passes the limit: a unit below it is room enough, at it is not.
 */
static const struct {
	enum tb_amount amount;
	enum tb_tier tier;
	const char *part; /* of a million cached reads */
} full[] = {
	{TB_LIST_COST, TB_STANDARD, "2.00"},  {TB_CACHE_SAVINGS, TB_STANDARD, "1.00"},
	{TB_BATCH_SAVINGS, TB_BATCH, "0.50"}, {TB_TIER_SAVINGS, TB_FLEX, "0.25"},
	{TB_COST, TB_FLEX, "0.75"},
};

START_TEST(full_amount_is_told)
{
	struct tb_book *book = book_of("[m]\ninput = 2\ncached_read = 1\noutput = 3\n"
				       "batch_discount = 50%\nflex_discount = 25%\n");
	const struct tb_era *era = tb_book_era(book, 0);
	const tb_u128 tokens[TB_METERS] = {[TB_CACHED_READ] = 1000000};
	struct tb_terms terms = {full[_i].tier, TB_BASE, 0};
	struct tb_charge c = {0}, one = {0};
	struct tb_charge_rates rates = {0};

	c.amounts[full[_i].amount] = tb_money_difference(money(MONEY_TOP), money(full[_i].part));
	ck_assert(tb_charge_tokens(&c, era, terms, tokens));
	ck_assert(is_money(c.amounts[full[_i].amount], MONEY_TOP));
	c = (struct tb_charge){0};
	c.amounts[full[_i].amount] = tb_money_difference(money(MONEY_TOP), money(full[_i].part));
	ck_assert(tb_money_add(&c.amounts[full[_i].amount], MONEY_UNIT));
	ck_assert(!tb_charge_tokens(&c, era, terms, tokens));
	tb_charge_rates(&rates, era, terms);
	c = (struct tb_charge){0};
	c.amounts[full[_i].amount] = money(MONEY_TOP);
	ck_assert(!tb_charge_at(&c, &rates, tokens));
	ck_assert(tb_charge_tokens(&one, era, terms, tokens));
	c = (struct tb_charge){0};
	c.amounts[full[_i].amount] = money(MONEY_TOP);
	ck_assert(!tb_charge_add(&c, &one));
	tb_book_free(book);
}
END_TEST

/* What cannot even be added up does not balance. */
START_TEST(no_balance_beyond_the_limit)
{
	static const enum tb_amount last[] = {TB_CACHE_SAVINGS, TB_BATCH_SAVINGS, TB_TIER_SAVINGS};
	struct tb_charge c = {
		.amounts = {[TB_COST] = money(MONEY_TOP), [TB_LIST_COST] = money(MONEY_TOP)}};

	ck_assert(tb_charge_balances(&c));
	c.amounts[last[_i]] = MONEY_UNIT;
	c.amounts[TB_LIST_COST] = money(MONEY_BOTTOM);
	ck_assert(!tb_charge_balances(&c));
}
END_TEST

START_TEST(imbalance_is_seen)
{
	struct tb_charge c = {
		.amounts = {[TB_LIST_COST] = money("0.05"), [TB_COST] = money("0.05")}};

	ck_assert(tb_charge_balances(&c));
	ck_assert(tb_money_add(&c.amounts[_i], MONEY_UNIT));
	ck_assert(!tb_charge_balances(&c));
}
END_TEST

Suite *charge_suite(void)
{
	Suite *s = suite_create("charge");

	add_loop(s, "charge/one meter", one_meter, LENGTH(cases) * TB_METERS);
	add_loop(s, "charge/identity", identity, LENGTH(cases));
	add_test(s, "charge/acceptance", acceptance_example);
	add_test(s, "charge/unpublished", unpublished_standard_price);
	add_test(s, "charge/uplift", uplift);
	add_test(s, "charge/too large", too_large_is_told);
	add_loop(s, "charge/full amount", full_amount_is_told, LENGTH(full));
	add_loop(s, "charge/no balance", no_balance_beyond_the_limit, 3);
	add_loop(s, "charge/imbalance", imbalance_is_seen, TB_AMOUNTS);
	return s;
}
