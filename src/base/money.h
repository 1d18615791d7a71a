/*
 * money - exact prices and amounts. Integers only.
 *
 *   a price   is currency per 1,000,000 tokens, in units of 10^-24: 128 bits
 *   an amount is currency,                      in units of 10^-42: 256 bits
 *
 * A price in a rate file has at most 12 decimals. Three percentages of at most 2 decimals each,
 *such as a batch discount, a region's uplift and a contract's discount, make it 24. Per token that
 *is 30, and three percentages of the tokens, as scenarios have them, make it 42. So whatever of
 *this comes together, tokens x price is an amount without any rounding.
 *
 * An amount holds up to 5.7 x 10^34 of the currency; every operation that could pass it says so.
 *
 *	struct tb_money sum = TB_NO_MONEY, m;
 *	char text[TB_MONEY_TEXT];
 *
 *	if (!tb_money_of(&m, tokens, price) || !tb_money_add(&sum, m))
 *		return too_large();
 *	puts(tb_money_text(tb_money_round(sum, 2), text));
 */
#ifndef TB_MONEY_H
#define TB_MONEY_H

#include "base/count.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	TB_PRICE_DECIMALS = 24,         /* of a price's unit */
	TB_PRICE_PER = 1000000,         /* what a price buys */
	TB_PRICE_WRITTEN_DECIMALS = 12, /* at most, in a rate file */
	TB_PRICE_MAX = 1000000000,      /* per 1,000,000 tokens, in a rate file */
	TB_PARTS_DECIMALS = 12,         /* of a token */
	TB_MONEY_DECIMALS = 42,         /* of an amount's unit */
	TB_MONEY_LIMBS = 4,
	TB_PERCENT_DECIMALS = 2,   /* at most, in a rate file */
	TB_PERCENT_WHOLE = 10000,  /* 100 % in units of 0.01 % */
	TB_MULTIPLIER_WHOLE = 100, /* 1 in hundredths */
	TB_RATIO_DECIMALS = 2,     /* that a ratio is shown with */
	TB_MONEY_TEXT = 96,        /* room for any amount or ratio, with its NUL */
	TB_MONEY_ROUND_NONE = -1,
};

#define TB_PARTS_WHOLE UINT64_C(1000000000000) /* one, in parts */

/* What tb_money_of() and its like answer with false, for messages. */
#define TB_MONEY_TOO_LARGE                                                                         \
	"an amount is too large to be exact: more than 57000000000000000000000000000000000 of "    \
	"the currency"

struct tb_price {
	tb_i128 units;
};

struct tb_money {
	uint64_t limbs[TB_MONEY_LIMBS]; /* the lowest first, two's complement */
};

#define TB_NO_MONEY ((struct tb_money){{0}})

/* ---- from text: each returns NULL, or why the text is not what it should be ---- */

TB_MUST_CHECK const char *tb_price_parse(struct tb_span text, struct tb_price *out);

/* "50%" or "33.33%" between 0 and 100 -> units of 0.01 %. */
TB_MUST_CHECK const char *tb_percent_parse(struct tb_span text, int *out);

/* "2" or "1.25" between 0 and 100 -> hundredths. */
TB_MUST_CHECK const char *tb_multiplier_parse(struct tb_span text, int *out);

/* False when it takes more decimals than an amount has, or is too large. */
TB_MUST_CHECK bool tb_money_of_decimal(const struct tb_decimal *d, struct tb_money *out);

/* ---- arithmetic: false when the result cannot be held exactly ---- */

/*
 * price x parts / whole, such as 110 % or a third; false also when that takes more decimals than a
 * price has. `parts` is not below 0, `whole` is above.
 */
TB_MUST_CHECK bool tb_price_scale(struct tb_price price, int parts, int whole,
				  struct tb_price *out);

/* tokens x price. */
TB_MUST_CHECK static inline bool tb_money_of(struct tb_money *out, tb_u128 tokens,
					     struct tb_price price);

/* *sum + x, *sum - x and *m x n, in place; undefined when false. */
TB_MUST_CHECK static inline bool tb_money_add(struct tb_money *sum, struct tb_money x);
TB_MUST_CHECK bool tb_money_subtract(struct tb_money *sum, struct tb_money x);
TB_MUST_CHECK bool tb_money_multiply(struct tb_money *m, uint64_t n);

/*
 * m x parts / TB_PARTS_WHOLE: what a share of tokens costs of whose whole m is the price. Where m
 * is the sum of such products of tokens and prices, it is false only for what is too large.
 */
TB_MUST_CHECK bool tb_money_part(struct tb_money m, uint64_t parts, struct tb_money *out);

/* a - b; both have the same sign, or `a` is zero, and so it fits. */
struct tb_money tb_money_difference(struct tb_money a, struct tb_money b);

/* How many times b goes into n x a, rounded down; a is not below 0, b above. */
TB_MUST_CHECK bool tb_money_count(struct tb_money a, uint64_t n, struct tb_money b, tb_u128 *out);

/*
 * Rounds half away from zero to `decimals`, or not at all (TB_MONEY_ROUND_NONE). The rounding
 * of an amount within one rounding step of the largest saturates by not rounding.
 */
static inline struct tb_money tb_money_round(struct tb_money m, int decimals);

/* ---- order ---- */

/* -1, 0 or 1. */
int tb_money_sign(struct tb_money m);

/* Below 0 when a is less than b, above when it is more; the second without regard to signs. */
int tb_money_compare(struct tb_money a, struct tb_money b);
int tb_money_compare_size(struct tb_money a, struct tb_money b);

/* The same of the sizes of a x times_a and b x times_b. */
int tb_money_compare_times(struct tb_money a, uint64_t times_a, struct tb_money b,
			   uint64_t times_b);

/* ---- to text ---- */

/*
 * A plain decimal with at least two decimals, zeros after those dropped: 0.15, -0.025, 12.00.
 * Returns `text`.
 */
const char *tb_money_text(struct tb_money m, char text[TB_MONEY_TEXT]);

/* The same; returns the end of the text, where its NUL is. */
char *tb_money_put(struct tb_money m, char text[TB_MONEY_TEXT]);

/* A price as it would stand in a rate file, by the same rule. */
const char *tb_price_text(struct tb_price p, char text[TB_MONEY_TEXT]);

/*
 * times x a / b with two decimals, rounded half away from zero: "12.50", "-100.00". `b` must not
 * be zero, `times` at most 100. Returns `text`.
 */
const char *tb_ratio_text(struct tb_money a, struct tb_money b, unsigned times,
			  char text[TB_MONEY_TEXT]);

/* ---- what each row of a report passes ---- */

/* tb_money_of() for many tokens, and tb_money_round() for what is rounded. */
TB_MUST_CHECK bool tb_money_of_large(struct tb_money *out, tb_u128 tokens, struct tb_price price);
struct tb_money tb_money_round_to(struct tb_money m, int decimals);

static inline tb_u128 tb_money_half(const struct tb_money *m, int i)
{
	return (tb_u128)m->limbs[2 * i + 1] << 64 | m->limbs[2 * i];
}

static inline struct tb_money tb_money_of_halves(tb_u128 low, tb_u128 high)
{
	return (struct tb_money){
		{(uint64_t)low, (uint64_t)(low >> 64), (uint64_t)high, (uint64_t)(high >> 64)}};
}

static inline bool tb_money_of(struct tb_money *out, tb_u128 tokens, struct tb_price price)
{
	const tb_u128 few = INT64_MAX / TB_PARTS_WHOLE; /* whose parts a limb holds */
	int64_t parts = (int64_t)((uint64_t)tokens * TB_PARTS_WHOLE);
	tb_u128 low;
	tb_i128 high;

	if (tokens > few)
		return tb_money_of_large(out, tokens, price);
	low = (tb_u128)(uint64_t)parts * (uint64_t)price.units;
	high = (tb_i128)parts * (int64_t)(price.units >> 64) + (tb_i128)(low >> 64);
	out->limbs[0] = (uint64_t)low;
	out->limbs[1] = (uint64_t)high;
	out->limbs[2] = (uint64_t)(high >> 64);
	out->limbs[3] = high < 0 ? UINT64_MAX : 0;
	return true;
}

static inline struct tb_money tb_money_round(struct tb_money m, int decimals)
{
	return decimals < 0 ? m : tb_money_round_to(m, decimals);
}

static inline bool tb_money_add(struct tb_money *sum, struct tb_money x)
{
	tb_u128 low = tb_money_half(sum, 0) + tb_money_half(&x, 0);
	bool carry = low < tb_money_half(&x, 0), over;
	tb_i128 high;

	over = __builtin_add_overflow((tb_i128)tb_money_half(sum, 1), (tb_i128)tb_money_half(&x, 1),
				      &high);
	over ^= __builtin_add_overflow(high, (tb_i128)carry, &high);
	*sum = tb_money_of_halves(low, (tb_u128)high);
	return !over;
}

#endif
