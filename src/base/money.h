/*
 * money - exact prices and amounts. Integers only.
 *
 *   a price  is currency per 1,000,000 tokens, in units of 10^-13
 *   an amount is currency,                     in units of 10^-19
 *
 * so that tokens x price is an amount without any scaling (13 + 6 = 19 decimals). A published
 * price has at most 9 decimals and a discount at most 2 decimals of a percent, which makes 13.
 * An amount holds up to 1.7 x 10^19 of the currency; every operation that could pass it says so.
 */
#ifndef TB_MONEY_H
#define TB_MONEY_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 tb_i128;
__extension__ typedef unsigned __int128 tb_u128;

enum {
	TB_PRICE_DECIMALS = 13,        /* of a price's unit */
	TB_PRICE_PER = 1000000,        /* what a price buys */
	TB_PRICE_WRITTEN_DECIMALS = 9, /* at most, in a rate file */
	TB_PRICE_MAX = 1000000000,     /* per 1,000,000 tokens, in a rate file */
	TB_MONEY_DECIMALS = 19,        /* of an amount's unit */
	TB_PERCENT_DECIMALS = 2,       /* at most, in a rate file */
	TB_PERCENT_WHOLE = 10000,      /* 100 % in units of 0.01 % */
	TB_MULTIPLIER_WHOLE = 100,     /* 1 in hundredths */
	TB_MONEY_TEXT = 48,            /* room for any amount, with its NUL */
	TB_COUNT_TEXT = 56,            /* room for any count, with separators and NUL */
	TB_MONEY_ROUND_NONE = -1,
};

struct tb_price {
	tb_i128 units;
};

struct tb_money {
	tb_i128 units;
};

/* Each returns NULL, or why the text is not what it should be (a constant text). */
TB_MUST_CHECK const char *tb_price_parse(struct tb_span text, struct tb_price *out);

/* "50%" or "33.33%" between 0 and 100 -> units of 0.01 %. */
TB_MUST_CHECK const char *tb_percent_parse(struct tb_span text, int *out);

/* "2" or "1.25" between 0 and 100 -> hundredths. */
TB_MUST_CHECK const char *tb_multiplier_parse(struct tb_span text, int *out);

/*
 * price x parts / whole, such as 110 % or a third; false when that is no price exactly, or none
 * that can be held. `whole` is above 0.
 */
TB_MUST_CHECK bool tb_price_scale(struct tb_price price, int parts, int whole,
				  struct tb_price *out);

/* tokens x price; false when the amount passes what an amount can hold. */
TB_MUST_CHECK static inline bool tb_money_of(struct tb_money *out, tb_u128 tokens,
					     struct tb_price price);
TB_MUST_CHECK static inline bool tb_money_add(struct tb_money *sum, struct tb_money x);

/* The first of them for what may not fit in 64 bits each. */
TB_MUST_CHECK bool tb_money_of_large(struct tb_money *out, tb_u128 tokens, struct tb_price price);

/*
 * Rounds half away from zero to `decimals`, or not at all (TB_MONEY_ROUND_NONE). The rounding
 * of an amount within one rounding step of the largest saturates by not rounding.
 */
struct tb_money tb_money_round(struct tb_money m, int decimals);

/*
 * A plain decimal with at least two decimals, zeros behind those dropped: 0.15, -0.025, 12.00.
 * Returns `text`.
 */
const char *tb_money_text(struct tb_money m, char text[TB_MONEY_TEXT]);

/* The same; returns the end of the text, where its NUL is. */
char *tb_money_put(struct tb_money m, char text[TB_MONEY_TEXT]);

/* A price as it would stand in a rate file, by the same rule. */
const char *tb_price_text(struct tb_price p, char text[TB_MONEY_TEXT]);

/* Digits of a count; with `separator` between groups of three unless it is NUL. */
const char *tb_count_text(tb_u128 n, char separator, char text[TB_COUNT_TEXT]);

/* The digits alone; returns the end of the text, where its NUL is. */
char *tb_count_put(tb_u128 n, char text[TB_COUNT_TEXT]);

/* 1 to 19 digits up to 2^63-1 and nothing else; NULL or why not. */
TB_MUST_CHECK const char *tb_count_parse(struct tb_span text, uint64_t *out);

static inline bool tb_money_of(struct tb_money *out, tb_u128 tokens, struct tb_price price)
{
	int64_t small = (int64_t)price.units;

	if (small != price.units || tokens >> 63 != 0)
		return tb_money_of_large(out, tokens, price);
	out->units = (tb_i128)(int64_t)tokens * small; /* fits whatever they are */
	return true;
}

static inline bool tb_money_add(struct tb_money *sum, struct tb_money x)
{
	return !__builtin_add_overflow(sum->units, x.units, &sum->units);
}

#endif
