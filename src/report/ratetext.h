/*
 * ratetext - the words of a price list: dates, keys and prices as a rate file writes them.
 */
#ifndef TB_RATETEXT_H
#define TB_RATETEXT_H

#include "ratebook/book.h"
#include "report/sheet.h"

enum { TB_RATE_KEY_TEXT = 64 };

/* 2026-09-01, or 2026-08-16T16:00:00Z where it is not midnight; NULL for the ends of time. */
const char *tb_era_edge_text(int64_t instant, char text[TB_MONEY_TEXT]);

/* A price as it would stand in a rate file, also that of a fee, which is per 1,000. */
const char *tb_rate_price_text(enum tb_meter meter, struct tb_price p, char text[TB_MONEY_TEXT]);

/* The same as a cell; nothing for NULL. */
struct tb_sheet_cell tb_rate_price_cell(enum tb_meter meter, const struct tb_price *p);

/* tb_era_edge_text() as a cell that lives as long as the sheet. */
struct tb_sheet_cell tb_era_edge_cell(struct tb_sheet *s, int64_t instant);

/* "batch_long_input". */
const char *tb_rate_key_text(enum tb_tier tier, enum tb_context context, enum tb_meter meter,
			     char text[TB_RATE_KEY_TEXT]);

/*
 * The price to show: as tb_era_price(), but none for reasoning where the section gives reasoning
 * no price of its own, so that it is output and costs what output does.
 */
const struct tb_price *tb_rate_own_price(const struct tb_era *era, enum tb_tier tier,
					 enum tb_context context, enum tb_meter meter);

/* "> 272000" or ">= 200000" input tokens; NULL without long-context prices. */
const char *tb_threshold_text(const struct tb_era *era, char text[TB_MONEY_TEXT]);

/* A key with its underscores as blanks. */
const char *tb_rate_words(const char *key, char text[TB_RATE_KEY_TEXT]);

/* "100", "-33.33": the change of a price in percent, rounded to 2 decimals; NULL from 0 on. */
const char *tb_price_change_text(struct tb_price from, struct tb_price to,
				 char text[TB_MONEY_TEXT]);

/* Whether the key gives a price; not for a discount, a threshold or a fact. */
bool tb_rate_key_is_price(const char *key);

/* Whether the key changes prices without being one: discounts, thresholds, peak hours, uplifts. */
bool tb_rate_key_is_term(const char *key);

/* All other names that stand for the era's model while it is in force, blank-separated. */
void tb_era_aliases(const struct tb_book *book, const struct tb_era *era, struct tb_buf *out);

#endif
