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

	for (int t = 0; meter == TB_REASONING && t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++)
			if (tb_era_written(era, tb_rate_key_text((enum tb_tier)t,
								 (enum tb_context)c, meter, key)))
				return tb_era_price(era, tier, context, meter);
	return meter == TB_REASONING ? NULL : tb_era_price(era, tier, context, meter);
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

void tb_era_aliases(const struct tb_book *book, const struct tb_era *era, struct tb_buf *out)
{
	const char *name, *model;

	for (size_t i = 0; (name = tb_book_name(book, i, &model)); i++) {
		if (strcmp(name, era->model) == 0 || !tb_book_name_holds(book, i, era))
			continue;
		if (out->n)
			tb_buf_puts(out, " ");
		tb_buf_puts(out, name);
	}
}
