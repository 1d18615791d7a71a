#include "helpers.h"
#include "ratebook/builtin.h"
#include "suites.h"

#include <string.h>

static struct tb_book *builtin_book(void)
{
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_book *book;
	enum tb_status st = tb_book_builtin(&book, &problems, &err);

	ck_assert_msg(st == TB_OK && problems.total == 0, "%s", problems_text(&problems));
	tb_problems_release(&problems);
	return book;
}

START_TEST(loads)
{
	struct tb_book *book = builtin_book();

	ck_assert_uint_gt(tb_builtin_rates_count, 0);
	ck_assert_uint_gt(tb_book_era_count(book), 20);
	for (uint32_t i = 0; i < tb_book_era_count(book); i++) {
		const struct tb_era *era = tb_book_era(book, i);

		ck_assert_msg(*era->provider && era->card[TB_CARD_SOURCE] &&
				      era->card[TB_CARD_VERIFIED] && era->card[TB_CARD_CONFIDENCE],
			      "[%s] in %s lacks provider, source, verified or confidence",
			      era->section, era->file);
		ck_assert_str_eq(era->currency, "USD");
	}
	tb_book_free(book);
}
END_TEST

static const struct {
	enum tb_tier tier;
	enum tb_meter meter;
	const char *price;
} seed[] = {
	{TB_STANDARD, TB_INPUT, "0.15"},        {TB_STANDARD, TB_OUTPUT, "0.60"},
	{TB_STANDARD, TB_CACHED_READ, "0.075"}, {TB_STANDARD, TB_REASONING, "0.60"},
	{TB_BATCH, TB_INPUT, "0.075"},          {TB_BATCH, TB_OUTPUT, "0.30"},
	{TB_BATCH, TB_CACHED_READ, "0.075"},
};

START_TEST(seed_card)
{
	static const char *const names[] = {"gpt-4o-mini", "gpt-4o-mini-2024-07-18"};
	struct tb_book *book = builtin_book();
	char text[TB_MONEY_TEXT];

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct tb_era *era = era_of(book, names[i], "2026-04-05");
		const struct tb_price *p =
			tb_era_price(era, seed[_i].tier, TB_BASE, seed[_i].meter);

		ck_assert_ptr_nonnull(p);
		ck_assert_str_eq(tb_price_text(*p, text), seed[_i].price);
		ck_assert_str_eq(era->model, "gpt-4o-mini");
		ck_assert_str_eq(era->provider, "openai");
	}
	tb_book_free(book);
}
END_TEST

/* The sources are what a rate file may be: also one by one. */
START_TEST(each_source_alone)
{
	for (size_t i = 0; i < tb_builtin_rates_count; i++) {
		struct tb_problems problems = {0};
		struct tb_err err = {0};
		struct tb_book *book;

		ck_assert_msg(tb_book_read(&tb_builtin_rates[i], 1, &book, &problems, &err) ==
				      TB_OK,
			      "%s", problems_text(&problems));
		tb_problems_release(&problems);
		tb_book_free(book);
	}
}
END_TEST

Suite *builtin_suite(void)
{
	Suite *s = suite_create("builtin");

	add_test(s, "builtin/loads", loads);
	add_loop(s, "builtin/seed card", seed_card, LENGTH(seed));
	add_test(s, "builtin/alone", each_source_alone);
	return s;
}
