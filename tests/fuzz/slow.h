/*
 * slow - exact numbers as decimal digits, worked out as on paper: what the targets hold the
 * library's integers against.
 */
#ifndef TB_SLOW_H
#define TB_SLOW_H

#include "base/money.h"

enum { SLOW_DIGITS = 256 };

/* Without a sign. The lowest digit comes first; no zeros in front. */
struct slow {
	size_t n;
	unsigned char digit[SLOW_DIGITS];
};

struct slow slow_of(tb_u128 n);
struct slow slow_sum(struct slow a, struct slow b);
struct slow slow_less(struct slow a, struct slow b); /* a - b; a is not the smaller */
struct slow slow_times(struct slow a, struct slow b);
struct slow slow_scale(struct slow a, int power); /* a x 10^power, the digits below 1 dropped */
int slow_compare(struct slow a, struct slow b);

/* The number x 10^-decimals, by the rule of tb_money_text(); for strcmp(). Until the next call. */
const char *slow_text(struct slow a, int decimals, bool negative);

/* The same number, rounded half up to `keep` of its decimals; the others are zeros. */
struct slow slow_round(struct slow a, int decimals, int keep);

/* A decimal as typed: its value is `digits` x 10^power. */
struct slow_decimal {
	struct slow digits; /* without zeros at the end */
	int power;          /* far off what anybody can hold is far enough */
	size_t behind;      /* digits behind the point */
	size_t typed;       /* digits, without zeros in front */
	long exponent;      /* as typed, or 0 */
	bool too_long;      /* for struct slow; `digits` is then not to be used */
};

/* "12.50", and with `exponents` "12.50e-3"; false for all else. */
bool slow_read(struct tb_span s, bool exponents, struct slow_decimal *out);

/* Whether the decimal is a whole number of 10^-decimals, which is then given. */
bool slow_whole(const struct slow_decimal *d, int decimals, struct slow *out);

#endif
