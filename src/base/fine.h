/*
 * fine - exact amounts of parts of tokens. Integers only.
 *
 * A share of 12.34 % of the tokens, of which 56.78 % are cached, times 90.12 %, has 12 decimals
 * of a token, and costs an amount (see money.h) with 12 decimals more. It is held in units of
 * 10^-31 of the currency, in 256 bits: any sum of 2^32 amounts, each taken up to 10^4 times,
 * fits, so that nothing here can overflow.
 */
#ifndef TB_FINE_H
#define TB_FINE_H

#include "base/money.h"

enum {
	TB_PARTS_DECIMALS = 12, /* of a token */
	TB_FINE_DECIMALS = TB_MONEY_DECIMALS + TB_PARTS_DECIMALS,
	TB_FINE_TEXT = 96,     /* room for any of them, with its NUL */
	TB_RATIO_DECIMALS = 2, /* that a ratio is shown with */
};

#define TB_PARTS_WHOLE UINT64_C(1000000000000) /* one, in parts */

struct tb_fine {
	uint64_t limbs[4]; /* the lowest first, two's complement */
};

/* The amount taken parts / TB_PARTS_WHOLE times. */
struct tb_fine tb_fine_of(struct tb_money m, uint64_t parts);

struct tb_fine tb_fine_sum(struct tb_fine a, struct tb_fine b);
struct tb_fine tb_fine_difference(struct tb_fine a, struct tb_fine b);

/* -1, 0 or 1. */
int tb_fine_sign(struct tb_fine a);

/* Below 0 when a is less than b, above when it is more; the second without regard to signs. */
int tb_fine_compare(struct tb_fine a, struct tb_fine b);
int tb_fine_compare_size(struct tb_fine a, struct tb_fine b);

/* Rounds half away from zero, or not at all (TB_MONEY_ROUND_NONE). */
struct tb_fine tb_fine_round(struct tb_fine a, int decimals);

/* As tb_money_text(). Returns `text`. */
const char *tb_fine_text(struct tb_fine a, char text[TB_FINE_TEXT]);

/*
 * times x a / b with two decimals, rounded half away from zero: "12.50", "-100.00". `b` must not
 * be zero, `times` at most 100. Returns `text`.
 */
const char *tb_ratio_text(struct tb_fine a, struct tb_fine b, unsigned times,
			  char text[TB_FINE_TEXT]);

#endif
