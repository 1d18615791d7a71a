/*
 * rating - which era, context and prices a row of usage falls under.
 */
#ifndef TB_RATING_H
#define TB_RATING_H

#include "base/problems.h"
#include "ratebook/book.h"
#include "usage/record.h"

struct tb_rated {
	const struct tb_era *era;
	enum tb_context context;
	bool by_average; /* several requests in the row: their average decided the context */
};

/* False when the row is unpriced; `why` then says what is missing. Never a price of nothing. */
TB_MUST_CHECK bool tb_rate_usage(const struct tb_book *book, const struct tb_usage *u,
				 struct tb_rated *out, struct tb_problem *why);

#endif
