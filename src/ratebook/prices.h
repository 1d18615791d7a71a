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
	unsigned contexts[TB_TIERS];   /* a bit for each context in which a tier has a cell given */
	int discount[TB_TIERS];        /* in 0.01 %, or TB_NO_DISCOUNT */
	int peak_multiplier;           /* in hundredths */
	uint64_t peak_multiplier_line; /* 0 when not given */
};

/* Nothing given. */
void tb_raw_prices_init(struct tb_raw_prices *raw);

/*
 * Fills era->prices and era->priced; its threshold, peak hours and uplifts must stand. A required
 * price that is missing, a threshold or peak hours without their prices or prices without them, a
 * reference that leads nowhere, and a price that is not exact are problems. The prices live in the
 * arena; false when there is no memory for them.
 */
bool tb_prices_work_out(const struct tb_raw_prices *raw, struct tb_era *era, struct tb_arena *arena,
			struct tb_problems *problems);

#endif
