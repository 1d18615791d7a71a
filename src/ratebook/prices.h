/*
 * prices - from the prices that a section gives to the price of every meter, tier and context.
 */
#ifndef TB_PRICES_H
#define TB_PRICES_H

#include "ratebook/book.h"

enum { TB_NO_DISCOUNT = -1 };

/* One price as written: a number, or the name of a meter. */
struct tb_raw_price {
	enum { TB_RAW_NONE, TB_RAW_NUMBER, TB_RAW_METER } kind;
	struct tb_price number;
	enum tb_meter meter;
	uint64_t line; /* 0 when not given */
};

struct tb_raw_prices {
	struct tb_raw_price cells[TB_TIERS][TB_CONTEXTS][TB_METERS];
	int discount[TB_TIERS]; /* in 0.01 %, or TB_NO_DISCOUNT */
};

/*
 * Fills era->prices and era->priced. A required price that is missing, a threshold without its
 * prices or prices without their threshold, and a reference that leads nowhere are problems.
 */
void tb_prices_work_out(const struct tb_raw_prices *raw, struct tb_era *era,
			struct tb_problems *problems);

#endif
