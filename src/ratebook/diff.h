/*
 * diff - what two price books have each its own way, by what holds when.
 *
 * Eras are compared by the instants they cover, not by their sections: an era that is written
 * twice with the same prices makes no difference.
 */
#ifndef TB_DIFF_H
#define TB_DIFF_H

#include "ratebook/book.h"

/* One thing that differs from an instant on. */
struct tb_rate_change {
	const char *model;
	int64_t start; /* INT64_MIN: from the beginning */
	int64_t end;   /* of a price's difference; INT64_MAX: it holds on */
	const char *currency;

	/* A price; NULL where a book has none. */
	bool is_price;
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
	const struct tb_price *old_price, *new_price;

	/* Else something around the prices, such as a threshold or an alias. */
	const char *what;
	const char *old_text, *new_text; /* NULL where there is none */
};

/* Calls `each` by model (bytes), then start, until it fails. */
TB_MUST_CHECK enum tb_status tb_book_diff(
	const struct tb_book *a, const struct tb_book *b,
	enum tb_status (*each)(void *ctx, const struct tb_rate_change *change, struct tb_err *err),
	void *ctx, struct tb_err *err);

#endif
