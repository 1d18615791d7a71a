/*
 * rates - any bytes as a rate file: refused with a reason, or a book that answers for itself.
 */
#include "fuzz.h"
#include "stations.h"

/* Whatever has a price can be charged, and what is charged adds up. */
static void charge(const struct tb_era *era, struct tb_terms terms)
{
	struct tb_charge sum = {0};
	tb_u128 tokens[TB_METERS] = {0};

	for (int m = 0; m < TB_METERS; m++)
		if (tb_era_price(era, terms.tier, terms.context, (enum tb_meter)m))
			tokens[m] = 1000003;
	EXPECT(tb_charge_tokens(&sum, era, terms, tokens));
	EXPECT(tb_charge_balances(&sum));
}

/* An era is what the book finds at its start, unless it is not in force at any time. */
static void check_era(const struct tb_book *book, uint32_t number)
{
	const struct tb_era *era = tb_book_era(book, number), *found;
	int64_t at = era->start == INT64_MIN ? 0 : era->start;

	EXPECT(era->number == number && era->start < tb_book_era_end(book, era));
	if (at < tb_book_era_end(book, era)) {
		EXPECT(tb_book_find(book, tb_span_of(era->model), at, &found) == TB_LOOKUP_FOUND);
		EXPECT(found == era);
	}
	for (int t = 0; t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++)
			for (unsigned u = 0; u <= era->uplift_count; u++)
				charge(era,
				       (struct tb_terms){(enum tb_tier)t, (enum tb_context)c, u});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tb_rate_source source = {"fuzz.ini", {(const char *)data, size}};
	struct tb_problems problems = {0};
	struct tb_book *book = NULL;
	struct tb_err err = {0};
	enum tb_status st = tb_book_read(&source, 1, &book, &problems, &err);

	EXPECT(st == TB_OK || st == TB_CONFIG);
	EXPECT((st == TB_OK) == (book != NULL) && (st == TB_OK) == (problems.total == 0));
	for (uint32_t i = 0; book && i < tb_book_era_count(book); i++)
		check_era(book, i);
	tb_book_free(book);
	tb_problems_release(&problems);
	return 0;
}
