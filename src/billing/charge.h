/*
 * charge - what tokens cost, and what caching, batch and other tiers saved.
 *
 * Contract section 4. For n tokens on a meter, with S the meter's standard price and W the
 * standard price of what the meter is a part of (input for cached reads and writes, else S),
 * all of them in the context's price list (long context, peak hours) and with the region's uplift:
 *
 *   list_cost     = n x W
 *   cache_savings = n x (W - S)
 *   cost          = n x the tier's price
 *   batch_savings, tier_savings (flex, priority) = n x (S - the tier's price)
 *
 * so that list_cost = cost + cache_savings + batch_savings + tier_savings, exactly.
 */
#ifndef TB_CHARGE_H
#define TB_CHARGE_H

#include "ratebook/book.h"

/* The amounts of a bill. The order is that of the report. */
enum tb_amount {
	TB_LIST_COST,
	TB_CACHE_SAVINGS,
	TB_BATCH_SAVINGS,
	TB_TIER_SAVINGS,
	TB_COST,
	TB_AMOUNTS
};

extern const char *const tb_amount_names[TB_AMOUNTS];

struct tb_charge {
	struct tb_money amounts[TB_AMOUNTS];
};

/* What one of each meter adds to each amount, in one era under one set of terms. */
struct tb_charge_rates {
	struct tb_price per[TB_METERS][TB_AMOUNTS]; /* undefined for meters without a price */
	bool usual; /* none is above 19,000 of the currency per 1,000,000 */
};

void tb_charge_rates(struct tb_charge_rates *rates, const struct tb_era *era,
		     struct tb_terms terms);

/* tb_charge_tokens() where the rates are known. */
TB_MUST_CHECK bool tb_charge_at(struct tb_charge *sum, const struct tb_charge_rates *rates,
				const tb_u128 tokens[TB_METERS]);

/*
 * Adds the charge for the tokens and fees, which must all have a price. False when an amount passes
 * what struct tb_money can hold; `sum` is then not to be used.
 */
TB_MUST_CHECK bool tb_charge_tokens(struct tb_charge *sum, const struct tb_era *era,
				    struct tb_terms terms, const tb_u128 tokens[TB_METERS]);

TB_MUST_CHECK bool tb_charge_add(struct tb_charge *sum, const struct tb_charge *x);

/* Whether the identity above holds. */
bool tb_charge_balances(const struct tb_charge *c);

#endif
