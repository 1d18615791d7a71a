#include "billing/charge.h"

#include <assert.h>
#include <string.h>

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

/* What one of the meter costs, by amount. */
static void meter_rates(struct tb_price per[TB_AMOUNTS], const struct tb_era *era,
			struct tb_terms terms, enum tb_meter meter, struct tb_price tier)
{
	enum tb_meter whole_meter = tb_meters[meter].whole;
	struct tb_price whole = tb_era_standard_price(era, terms.context, whole_meter);
	struct tb_price standard = tb_era_standard_price(era, terms.context, meter), price;
	enum tb_amount tier_amount = terms.tier == TB_BATCH ? TB_BATCH_SAVINGS : TB_TIER_SAVINGS;

	price = tb_era_uplifted(era, terms.uplift, meter, tier);
	whole = tb_era_uplifted(era, terms.uplift, whole_meter, whole);
	standard = tb_era_uplifted(era, terms.uplift, meter, standard);
	memset(per, 0, TB_AMOUNTS * sizeof(*per));
	per[TB_LIST_COST] = whole;
	per[TB_CACHE_SAVINGS] = less(whole, standard);
	per[tier_amount] = less(standard, price);
	per[TB_COST] = price;
}

static bool add_meter(struct tb_charge *sum, const struct tb_price per[TB_AMOUNTS], tb_u128 tokens)
{
	struct tb_money m;

	for (int a = 0; a < TB_AMOUNTS; a++)
		if (per[a].units &&
		    !(tb_money_of(&m, tokens, per[a]) && tb_money_add(&sum->amounts[a], m)))
			return false;
	return true;
}

/*
 * Usual rates of as many tokens, of all meters together, are less than 2^127 in the units of a
 * price: they are summed up there, and become amounts once. Most groups of a million are such.
 */
enum { USUAL_RATE_BITS = 94, USUAL_TOKEN_BITS = 30 };

static bool is_usual(const struct tb_price per[TB_AMOUNTS])
{
	bool usual = true;

	for (int a = 0; a < TB_AMOUNTS; a++)
		usual &= (per[a].units < 0 ? -per[a].units : per[a].units) >> USUAL_RATE_BITS == 0;
	return usual;
}

void tb_charge_rates(struct tb_charge_rates *rates, const struct tb_era *era, struct tb_terms terms)
{
	rates->usual = true;
	for (int m = 0; m < TB_METERS; m++) {
		const struct tb_price *tier =
			tb_era_price(era, terms.tier, terms.context, (enum tb_meter)m);

		if (!tier)
			continue;
		meter_rates(rates->per[m], era, terms, (enum tb_meter)m, *tier);
		rates->usual &= is_usual(rates->per[m]);
	}
}

static bool charge_usual(struct tb_charge *sum, const struct tb_charge_rates *rates,
			 const tb_u128 tokens[TB_METERS])
{
	struct tb_price all[TB_AMOUNTS] = {{0}};
	struct tb_money m;
	bool fits = true;

	for (int meter = 0; meter < TB_METERS; meter++)
		for (int a = 0; tokens[meter] && a < TB_AMOUNTS; a++)
			all[a].units +=
				(tb_i128)(uint32_t)tokens[meter] * rates->per[meter][a].units;
	for (int a = 0; a < TB_AMOUNTS; a++)
		fits &= all[a].units == 0 ||
			(tb_money_of(&m, 1, all[a]) && tb_money_add(&sum->amounts[a], m));
	return fits;
}

bool tb_charge_at(struct tb_charge *sum, const struct tb_charge_rates *rates,
		  const tb_u128 tokens[TB_METERS])
{
	tb_u128 any = 0;

	for (int m = 0; m < TB_METERS; m++)
		any |= tokens[m];
	if (rates->usual && any >> USUAL_TOKEN_BITS == 0)
		return charge_usual(sum, rates, tokens);
	for (int m = 0; m < TB_METERS; m++)
		if (tokens[m] && !add_meter(sum, rates->per[m], tokens[m]))
			return false;
	return true;
}

static bool charge_meter(struct tb_charge *sum, const struct tb_era *era, struct tb_terms terms,
			 enum tb_meter meter, tb_u128 tokens)
{
	const struct tb_price *tier = tb_era_price(era, terms.tier, terms.context, meter);
	struct tb_price per[TB_AMOUNTS];

	assert(tier);
	meter_rates(per, era, terms, meter, *tier);
	return add_meter(sum, per, tokens);
}

bool tb_charge_tokens(struct tb_charge *sum, const struct tb_era *era, struct tb_terms terms,
		      const tb_u128 tokens[TB_METERS])
{
	for (int m = 0; m < TB_METERS; m++)
		if (tokens[m] && !charge_meter(sum, era, terms, (enum tb_meter)m, tokens[m]))
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
	       tb_money_compare(sum, c->amounts[TB_LIST_COST]) == 0;
}
