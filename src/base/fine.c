#include "base/fine.h"

#include <string.h>

enum { LIMBS = 4, LIMB_BITS = 64 };

/* What is always 0 or more: the same limbs, without a sign. */
struct size {
	uint64_t limbs[LIMBS];
};

/* ---- without a sign ---- */

static struct size times_small(struct size a, uint64_t b)
{
	tb_u128 carry = 0;

	for (int i = 0; i < LIMBS; i++) {
		carry += (tb_u128)a.limbs[i] * b;
		a.limbs[i] = (uint64_t)carry;
		carry >>= LIMB_BITS;
	}
	return a;
}

static struct size by_small(struct size a, uint64_t b, uint64_t *rest)
{
	tb_u128 left = 0;

	for (int i = LIMBS - 1; i >= 0; i--) {
		left = left << LIMB_BITS | a.limbs[i];
		a.limbs[i] = (uint64_t)(left / b);
		left %= b;
	}
	*rest = (uint64_t)left;
	return a;
}

static int compare_sizes(struct size a, struct size b)
{
	for (int i = LIMBS - 1; i >= 0; i--)
		if (a.limbs[i] != b.limbs[i])
			return a.limbs[i] < b.limbs[i] ? -1 : 1;
	return 0;
}

/* a + b, or a + ~b + 1. */
static struct size combine(struct size a, struct size b, bool subtract)
{
	tb_u128 carry = subtract;

	for (int i = 0; i < LIMBS; i++) {
		carry += (tb_u128)a.limbs[i] + (subtract ? ~b.limbs[i] : b.limbs[i]);
		a.limbs[i] = (uint64_t)carry;
		carry >>= LIMB_BITS;
	}
	return a;
}

static bool bit_of(struct size a, int i)
{
	return a.limbs[i / LIMB_BITS] >> (i % LIMB_BITS) & 1;
}

/* a / b, rounded half up, bit by bit: this is done but once for a row. */
static struct size quotient(struct size a, struct size b)
{
	struct size q = {{0}}, left = {{0}};

	for (int i = LIMBS * LIMB_BITS - 1; i >= 0; i--) {
		left = times_small(left, 2);
		left.limbs[0] |= bit_of(a, i);
		if (compare_sizes(left, b) < 0)
			continue;
		left = combine(left, b, true);
		q.limbs[i / LIMB_BITS] |= UINT64_C(1) << (i % LIMB_BITS);
	}
	if (compare_sizes(times_small(left, 2), b) >= 0)
		q = combine(q, (struct size){{1}}, false);
	return q;
}

/* 10^n */
static struct size power_of_ten(int n)
{
	struct size p = {{1}};

	while (n-- > 0)
		p = times_small(p, 10);
	return p;
}

/* ---- with a sign ---- */

static bool is_negative(struct tb_fine a)
{
	return a.limbs[LIMBS - 1] >> (LIMB_BITS - 1);
}

static struct size plain(struct tb_fine a)
{
	struct size s;

	memcpy(s.limbs, a.limbs, sizeof(s.limbs));
	return s;
}

static struct size size_of(struct tb_fine a)
{
	return is_negative(a) ? combine((struct size){{0}}, plain(a), true) : plain(a);
}

static struct tb_fine with_sign(struct size s, bool negative)
{
	struct tb_fine a;

	if (negative)
		s = combine((struct size){{0}}, s, true);
	memcpy(a.limbs, s.limbs, sizeof(a.limbs));
	return a;
}

struct tb_fine tb_fine_of(struct tb_money m, uint64_t parts)
{
	bool negative = m.units < 0;
	tb_u128 n = negative ? -(tb_u128)m.units : (tb_u128)m.units;
	struct size s = {{(uint64_t)n, (uint64_t)(n >> LIMB_BITS)}};

	return with_sign(times_small(s, parts), negative);
}

struct tb_fine tb_fine_sum(struct tb_fine a, struct tb_fine b)
{
	return with_sign(combine(plain(a), plain(b), false), false);
}

struct tb_fine tb_fine_difference(struct tb_fine a, struct tb_fine b)
{
	return with_sign(combine(plain(a), plain(b), true), false);
}

int tb_fine_sign(struct tb_fine a)
{
	static const struct size zero;

	return is_negative(a) ? -1 : compare_sizes(plain(a), zero);
}

int tb_fine_compare(struct tb_fine a, struct tb_fine b)
{
	return tb_fine_sign(tb_fine_difference(a, b));
}

int tb_fine_compare_size(struct tb_fine a, struct tb_fine b)
{
	return compare_sizes(size_of(a), size_of(b));
}

struct tb_fine tb_fine_round(struct tb_fine a, int decimals)
{
	struct size step;

	if (decimals < 0 || decimals >= TB_FINE_DECIMALS)
		return a;
	step = power_of_ten(TB_FINE_DECIMALS - decimals);
	step = quotient(size_of(a), step);
	for (int i = decimals; i < TB_FINE_DECIMALS; i++)
		step = times_small(step, 10);
	return with_sign(step, is_negative(a));
}

/* s x 10^-decimals, at least two of them shown. */
static const char *decimal_text(struct size s, int decimals, bool negative, char text[TB_FINE_TEXT])
{
	static const struct size zero;
	char back[TB_FINE_TEXT], *p = back + sizeof(back), *out = text;
	int digits = 0, dropped = 0;
	bool seen = false;

	while (compare_sizes(s, zero) > 0 || digits <= decimals) {
		uint64_t digit;

		s = by_small(s, 10, &digit);
		seen |= digit != 0 || digits >= decimals - 2;
		if (seen)
			*--p = (char)('0' + (int)digit);
		else
			dropped++;
		digits++;
	}
	if (negative)
		*out++ = '-';
	for (int i = digits; i > dropped; i--) {
		if (i == decimals)
			*out++ = '.';
		*out++ = *p++;
	}
	*out = '\0';
	return text;
}

const char *tb_fine_text(struct tb_fine a, char text[TB_FINE_TEXT])
{
	return decimal_text(size_of(a), TB_FINE_DECIMALS, is_negative(a), text);
}

const char *tb_ratio_text(struct tb_fine a, struct tb_fine b, unsigned times,
			  char text[TB_FINE_TEXT])
{
	struct size whole = times_small(power_of_ten(TB_RATIO_DECIMALS), times);
	struct size q = quotient(times_small(size_of(a), whole.limbs[0]), size_of(b));
	bool negative = is_negative(a) != is_negative(b) && compare_sizes(q, (struct size){{0}});

	return decimal_text(q, TB_RATIO_DECIMALS, negative, text);
}
