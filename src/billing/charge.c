#include "billing/charge.h"

#include <assert.h>

const char *const tb_amount_names[TB_AMOUNTS] = {
	[TB_LIST_COST] = "list_cost",
	[TB_CACHE_SAVINGS] = "cache_savings",
	[TB_BATCH_SAVINGS] = "batch_savings",
	[TB_TIER_SAVINGS] = "tier_savings",
	[TB_COST] = "cost",
};

static struct tb_price less(struct tb_price a, struct tb_price b)
{
	return (struct tb_price){a.units - b.units};
}

static bool add_tokens(struct tb_charge *sum, enum tb_amount amount, tb_u128 tokens,
		       struct tb_price price)
{
	struct tb_money m;

	return tb_money_of(&m, tokens, price) && tb_money_add(&sum->amounts[amount], m);
}

bool tb_charge_meter(struct tb_charge *sum, const struct tb_era *era, struct tb_terms terms,
		     enum tb_meter meter, tb_u128 tokens)
{
	enum tb_meter whole_meter = tb_meters[meter].whole;
	const struct tb_price *tier = tb_era_price(era, terms.tier, terms.context, meter);
	struct tb_price whole = tb_era_standard_price(era, terms.context, whole_meter);
	struct tb_price standard = tb_era_standard_price(era, terms.context, meter), price;
	enum tb_amount tier_amount = terms.tier == TB_BATCH ? TB_BATCH_SAVINGS : TB_TIER_SAVINGS;

	assert(tier);
	price = tb_era_uplifted(era, terms.uplift, meter, *tier);
	whole = tb_era_uplifted(era, terms.uplift, whole_meter, whole);
	standard = tb_era_uplifted(era, terms.uplift, meter, standard);
	return add_tokens(sum, TB_LIST_COST, tokens, whole) &&
	       add_tokens(sum, TB_CACHE_SAVINGS, tokens, less(whole, standard)) &&
	       add_tokens(sum, tier_amount, tokens, less(standard, price)) &&
	       add_tokens(sum, TB_COST, tokens, price);
}

bool tb_charge_tokens(struct tb_charge *sum, const struct tb_era *era, struct tb_terms terms,
		      const tb_u128 tokens[TB_METERS])
{
	for (int m = 0; m < TB_METERS; m++)
		if (tokens[m] && !tb_charge_meter(sum, era, terms, (enum tb_meter)m, tokens[m]))
			return false;
	return true;
}

bool tb_charge_add(struct tb_charge *sum, const struct tb_charge *x)
{
	for (int a = 0; a < TB_AMOUNTS; a++)
		if (!tb_money_add(&sum->amounts[a], x->amounts[a]))
			return false;
	return true;
}

bool tb_charge_balances(const struct tb_charge *c)
{
	struct tb_money sum = c->amounts[TB_COST];

	return tb_money_add(&sum, c->amounts[TB_CACHE_SAVINGS]) &&
	       tb_money_add(&sum, c->amounts[TB_BATCH_SAVINGS]) &&
	       tb_money_add(&sum, c->amounts[TB_TIER_SAVINGS]) &&
	       sum.units == c->amounts[TB_LIST_COST].units;
}
