/*
 * decimal - a decimal number as people and programs write it, read exactly.
 *
 *   "12.50"     125 x 10^-1, two decimals written
 *   "1,234"    1234 x 10^0   (TB_DECIMAL_COMMAS)
 *   "-1.5e-05"  -15 x 10^-6  (TB_DECIMAL_MINUS, TB_DECIMAL_EXPONENT)
 *
 * The one reader of decimals: prices, percentages, quantities and reported amounts differ in what
 * they allow and in how many decimals they take, not in how they read. Nothing is rounded.
 */
#ifndef TB_DECIMAL_H
#define TB_DECIMAL_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	TB_DECIMAL_DIGITS = 80, /* that count; what has more is no number of 256 bits */
	TB_DECIMAL_LIMBS = 4,   /* of the numbers that decimals become */
};

/* What may stand there besides digits, and a point with digits on both sides. */
enum tb_decimal_allows {
	TB_DECIMAL_PLAIN = 0,
	TB_DECIMAL_MINUS = 1,    /* in front */
	TB_DECIMAL_COMMAS = 2,   /* between groups of three whole digits, or nowhere */
	TB_DECIMAL_EXPONENT = 4, /* e or E, perhaps a sign, digits */
};

/* The value is `digits` x 10^exponent. */
struct tb_decimal {
	unsigned char digits[TB_DECIMAL_DIGITS]; /* 0 to 9, the highest first; no 0 at either end */
	size_t n;                                /* how many; none for zero */
	int exponent;
	size_t decimals; /* digits after the point, as written */
	bool negative;   /* "-0" is, too */
	bool too_long;   /* more digits than there is room for; these are then not to be used */
};

/* Reads all of the text. False when it is no such decimal; *out is then undefined. */
TB_MUST_CHECK bool tb_decimal_read(struct tb_span text, unsigned allows, struct tb_decimal *out);

/*
 * The size of the number, its sign apart, in units of 10^-decimals; the lowest limb comes first.
 * False when it is not a whole number of them, or takes more than 256 bits.
 */
TB_MUST_CHECK bool tb_decimal_units(const struct tb_decimal *d, int decimals,
				    uint64_t limbs[TB_DECIMAL_LIMBS]);

/* The same, up to 2^63-1. */
TB_MUST_CHECK bool tb_decimal_whole(const struct tb_decimal *d, int decimals, uint64_t *out);

/*
 * The size of the number, plainly and as short as can be: "0.18", "10", "0". False when it takes
 * more than `room` bytes with its NUL.
 */
TB_MUST_CHECK bool tb_decimal_text(const struct tb_decimal *d, char *text, size_t room);

#endif
