/*
 * rating - which era and which of its prices a row of usage falls under.
 */
#ifndef TB_RATING_H
#define TB_RATING_H

#include "base/problems.h"
#include "ratebook/confidence.h"
#include "usage/record.h"

enum { TB_RATER_SLOTS = 256, TB_RATER_NAME = 46 };

/* The book, with the names looked up lately. One for each thread; zeroed but for what is given. */
struct tb_rater {
	const struct tb_book *book;
	enum tb_confidence least; /* prices that are less sure are as good as none */
	struct tb_rater_slot {
		const struct tb_era *era; /* NULL: unused */
		int64_t end;              /* of the era */
		char name[TB_RATER_NAME];
		uint16_t len, bare; /* of the name, and of its part without the vendor's prefix */
		bool other_seller;
	} slots[TB_RATER_SLOTS];
};

struct tb_rated {
	const struct tb_era *era;
	int64_t era_end; /* the first instant behind it */
	struct tb_terms terms;
	bool other_seller;  /* found without the vendor's prefix, which is not of its provider */
	bool by_average;    /* several requests in the row: their average decided the context */
	bool beyond_window; /* more input than a request can have: it sums an unknown number of
			     * them, and no long-context price was taken */
	bool by_midnight;   /* a day or several requests: the first second decided the peak hour */
};

/* All that counts for the context: the whole input, cached or not. */
static inline tb_u128 tb_input_tokens(const struct tb_usage *u)
{
	tb_u128 sum = 0;

	for (int m = 0; m < TB_METERS; m++)
		if (tb_meters[m].side == TB_SIDE_INPUT)
			sum += u->tokens[m];
	return sum;
}

/* False when the row is unpriced; `why` then says what is missing. Never a price of nothing. */
TB_MUST_CHECK bool tb_rate_usage(struct tb_rater *rater, const struct tb_usage *u,
				 struct tb_rated *out, struct tb_problem *why);

/* The first half of it: the era. */
TB_MUST_CHECK bool tb_rate_era(struct tb_rater *rater, const struct tb_usage *u,
			       struct tb_rated *out, struct tb_problem *why);

/* The second: the terms within out->era, whether or not they have a price. */
void tb_rate_terms(const struct tb_usage *u, struct tb_rated *out);

#endif
