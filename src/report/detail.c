#include "report/detail.h"

bool tb_extra_add(struct tb_report_row *row, enum tb_extra extra, struct tb_money amount)
{
	row->has_extra |= 1u << extra;
	return tb_money_add(&row->extras[extra], amount);
}

static void set_text(struct tb_report_row *row, enum tb_detail detail, const char *text)
{
	row->texts[TB_GROUP_COLUMNS_MAX + detail] = tb_span_of(text ? text : "");
}

static void fill_texts(struct tb_report_row *row, const struct tb_era *era, struct tb_terms terms,
		       enum tb_meter meter)
{
	bool is_fee = tb_meters[meter].side == TB_SIDE_FEE;

	set_text(row, TB_DETAIL_METER, tb_meters[meter].name);
	set_text(row, TB_DETAIL_UNIT, tb_meters[meter].unit);
	set_text(row, TB_DETAIL_TIER, tb_tiers[terms.tier].name);
	set_text(row, TB_DETAIL_CONTEXT, tb_contexts[terms.context].name);
	set_text(row, TB_DETAIL_REGION,
		 terms.uplift && !is_fee ? era->uplifts[terms.uplift - 1].region : NULL);
	set_text(row, TB_DETAIL_SECTION, era->section);
	set_text(row, TB_DETAIL_FROM,
		 era->start == INT64_MIN ? NULL : tb_instant_text(era->start, row->from));
	set_text(row, TB_DETAIL_FILE, era->file);
	set_text(row, TB_DETAIL_SOURCE, era->card[TB_CARD_SOURCE]);
	set_text(row, TB_DETAIL_VERIFIED, era->card[TB_CARD_VERIFIED]);
	set_text(row, TB_DETAIL_CONFIDENCE, era->card[TB_CARD_CONFIDENCE]);
}

/* What n of the meter cost more at `price` than at `less`. */
static bool add_surcharge(struct tb_report_row *row, enum tb_extra extra, tb_u128 n,
			  struct tb_price price, struct tb_price less)
{
	struct tb_money m;

	return tb_money_of(&m, n, (struct tb_price){price.units - less.units}) &&
	       tb_extra_add(row, extra, m);
}

bool tb_detail_fill(struct tb_report_row *row, const struct tb_era *era, struct tb_terms terms,
		    enum tb_meter meter, tb_u128 quantity)
{
	const struct tb_price *in_list = tb_era_price(era, terms.tier, terms.context, meter);
	const struct tb_price *calm =
		tb_era_price(era, terms.tier, tb_contexts[terms.context].calm, meter);
	struct tb_price listed = {0}, price = {0}, fee = {0};

	fill_texts(row, era, terms, meter);
	row->counts[TB_COUNT_QUANTITY] += quantity;
	if (in_list) { /* a row of requests without tokens needs no price */
		listed = *in_list;
		price = tb_era_uplifted(era, terms.uplift, meter, listed);
		row->has_extra |= 1u << TB_EXTRA_PRICE;
		if (!tb_money_of(&row->extras[TB_EXTRA_PRICE], TB_PRICE_PER, price))
			return false;
	}
	if (tb_meters[meter].side == TB_SIDE_FEE)
		fee = price;
	return add_surcharge(row, TB_EXTRA_PEAK_SURCHARGE, quantity, listed,
			     calm ? *calm : listed) &&
	       add_surcharge(row, TB_EXTRA_REGION_SURCHARGE, quantity, price, listed) &&
	       add_surcharge(row, TB_EXTRA_FEES, quantity, fee, (struct tb_price){0});
}
