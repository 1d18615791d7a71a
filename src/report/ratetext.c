#include "report/ratetext.h"

#include "base/civil.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *tb_era_edge_text(int64_t instant, char text[TB_MONEY_TEXT])
{
	char date[TB_DATE_TEXT];

	if (instant == INT64_MIN || instant == INT64_MAX)
		return NULL;
	if (instant % TB_DAY_SECONDS == 0)
		tb_period_text(TB_PERIOD_DAY, tb_day_of_instant(instant), date);
	else
		tb_instant_text(instant, date);
	snprintf(text, TB_MONEY_TEXT, "%.*s", TB_MONEY_TEXT - 1, date);
	return text;
}

const char *tb_rate_price_text(enum tb_meter meter, struct tb_price p, char text[TB_MONEY_TEXT])
{
	int per = TB_PRICE_PER / tb_meters[meter].per;

	return tb_price_text((struct tb_price){p.units / per}, text);
}

struct tb_sheet_cell tb_rate_price_cell(enum tb_meter meter, const struct tb_price *p)
{
	struct tb_money m;

	if (!p || !tb_money_of(&m, (tb_u128)tb_meters[meter].per, *p)) /* which always fits */
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	return tb_cell_of_amount(m);
}

struct tb_sheet_cell tb_era_edge_cell(struct tb_sheet *s, int64_t instant)
{
	char room[TB_MONEY_TEXT];
	const char *text = tb_era_edge_text(instant, room);

	if (!text)
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	return tb_cell_of_text(tb_span_of(tb_sheet_keep(s, tb_span_of(text))));
}

const char *tb_rate_key_text(enum tb_tier tier, enum tb_context context, enum tb_meter meter,
			     char text[TB_RATE_KEY_TEXT])
{
	snprintf(text, TB_RATE_KEY_TEXT, "%s%s%s", tb_tiers[tier].prefix,
		 tb_contexts[context].prefix, tb_meters[meter].name);
	return text;
}

const struct tb_price *tb_rate_own_price(const struct tb_era *era, enum tb_tier tier,
					 enum tb_context context, enum tb_meter meter)
{
	char key[TB_RATE_KEY_TEXT];

	for (int t = 0; tb_meter_is_derived(meter) && t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++)
			if (tb_era_written(era, tb_rate_key_text((enum tb_tier)t,
								 (enum tb_context)c, meter, key)))
				return tb_era_price(era, tier, context, meter);
	return tb_meter_is_derived(meter) ? NULL : tb_era_price(era, tier, context, meter);
}

const char *tb_threshold_text(const struct tb_era *era, char text[TB_MONEY_TEXT])
{
	if (era->threshold == TB_NO_THRESHOLD)
		return NULL;
	snprintf(text, TB_MONEY_TEXT, "%s %" PRIu64,
		 era->threshold == TB_LONG_OVER ? ">" : ">=", era->long_tokens);
	return text;
}

const char *tb_rate_words(const char *key, char text[TB_RATE_KEY_TEXT])
{
	snprintf(text, TB_RATE_KEY_TEXT, "%s", key);
	for (char *p = text; *p; p++)
		if (*p == '_')
			*p = ' ';
	return text;
}

const char *tb_price_change_text(struct tb_price from, struct tb_price to, char text[TB_MONEY_TEXT])
{
	struct tb_money change, whole;
	size_t n;

	if (from.units == 0 || !tb_money_of(&whole, 1, from) ||
	    !tb_money_of(&change, 1, (struct tb_price){to.units - from.units}))
		return NULL;
	n = strlen(tb_ratio_text(change, whole, 100, text));
	while (text[n - 1] == '0')
		text[--n] = '\0';
	if (text[n - 1] == '.')
		text[--n] = '\0';
	return text;
}

bool tb_rate_key_is_price(const char *key)
{
	char text[TB_RATE_KEY_TEXT];

	for (int t = 0; t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++)
			for (int m = 0; m < TB_METERS; m++)
				if (strcmp(key,
					   tb_rate_key_text((enum tb_tier)t, (enum tb_context)c,
							    (enum tb_meter)m, text)) == 0)
					return true;
	return false;
}

bool tb_rate_key_is_term(const char *key)
{
	static const char *const others[] = {"aliases", "provider", "currency"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(key, others[i]) == 0)
			return false;
	for (int c = 0; c < TB_CARDS; c++)
		if (strcmp(key, tb_card_names[c]) == 0)
			return false;
	return !tb_rate_key_is_price(key);
}

void tb_era_aliases(const struct tb_book *book, const struct tb_era *era, struct tb_buf *out)
{
	const char *name;
	bool holds;

	for (size_t i = 0; (name = tb_era_alias(book, era, i, &holds)); i++) {
		if (!holds)
			continue;
		if (out->n)
			tb_buf_puts(out, " ");
		tb_buf_puts(out, name);
	}
}
