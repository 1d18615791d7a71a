#include "base/money.h"

#include <gmp.h>

enum {
	LIMBS = TB_MONEY_LIMBS,
	ROOM = LIMBS + 2,        /* of amounts times 64 bits, and one for mpn_tdiv_qr() */
	DIGITS_ROOM = 20 * ROOM, /* digits of that */
	LIMB_DIGITS = 19,        /* of the largest power of ten in a limb */
};

_Static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0, "limbs of 64 bits");
_Static_assert((int)TB_MONEY_LIMBS == (int)TB_DECIMAL_LIMBS,
	       "a decimal becomes an amount as it is");

/* 10^n for 0 <= n <= 38. */
static tb_u128 power_of_ten(int n)
{
	tb_u128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* ---- sizes: amounts without their sign ---- */

/* Returns whether the amount is below 0. */
static inline bool size_of(struct tb_money m, mp_limb_t size[LIMBS])
{
	bool negative = m.limbs[LIMBS - 1] >> 63;

	if (negative)
		mpn_neg(size, m.limbs, LIMBS);
	else
		memcpy(size, m.limbs, sizeof(m.limbs));
	return negative;
}

static bool with_sign(const mp_limb_t size[LIMBS], bool negative, struct tb_money *out)
{
	if (negative)
		mpn_neg(out->limbs, size, LIMBS);
	else
		memcpy(out->limbs, size, sizeof(out->limbs));
	return size[LIMBS - 1] >> 63 == 0;
}

/* Without the zeros at its high end, as some of mpn want it. */
static mp_size_t used(const mp_limb_t *n, mp_size_t size)
{
	while (size > 0 && n[size - 1] == 0)
		size--;
	return size;
}

/* The size of m x times. */
static void multiply_size(struct tb_money m, uint64_t times, mp_limb_t out[LIMBS + 1])
{
	size_of(m, out);
	out[LIMBS] = mpn_mul_1(out, out, LIMBS, times);
}

/* q = n / size of b, rounded down. */
static void divide(mp_limb_t q[ROOM], const mp_limb_t n[LIMBS + 1], struct tb_money b)
{
	mp_limb_t by[LIMBS], rest[LIMBS];
	mp_size_t n_used = used(n, LIMBS + 1), by_used;

	size_of(b, by);
	by_used = used(by, LIMBS);
	memset(q, 0, ROOM * sizeof(*q));
	if (n_used >= by_used)
		mpn_tdiv_qr(q, rest, 0, n, n_used, by, by_used);
}

/* n / 10^digits, rounded down, and n x 10^digits, which fits. */
static void shift_down(mp_limb_t n[LIMBS], int digits)
{
	for (int k; digits > 0; digits -= k) {
		k = digits < LIMB_DIGITS ? digits : LIMB_DIGITS;
		mpn_divrem_1(n, 0, n, LIMBS, (mp_limb_t)power_of_ten(k));
	}
}

static void shift_up(mp_limb_t n[LIMBS], int digits)
{
	for (int k; digits > 0; digits -= k) {
		k = digits < LIMB_DIGITS ? digits : LIMB_DIGITS;
		mpn_mul_1(n, n, LIMBS, (mp_limb_t)power_of_ten(k));
	}
}

/*
 * ---- short amounts ----
 *
 * Those of published prices are whole multiples of 10^-19, and most are less than 2854. They are
 * rounded and written as such, in 128 bits: a report has them by the million.
 */

enum { SHORT_DECIMALS = 19, DROPPED_DECIMALS = TB_MONEY_DECIMALS - SHORT_DECIMALS };

/*
 * False when it is none. To divide by 10^23 is to drop 23 zero bits and to multiply by the inverse
 * of 5^23 modulo 2^128, where the product tells whether 5^23 divides: only then is it small.
 */
static inline bool shorten(const mp_limb_t size[LIMBS], tb_u128 *units)
{
	const tb_u128 inverse = (tb_u128)0x9276874f3e8e02d9 << 64 | 0xdcd618596be30fe5;
	const tb_u128 most = ~(tb_u128)0 / 11920928955078125; /* 5^23 */
	tb_u128 low = (tb_u128)size[1] << 64 | size[0];
	uint64_t others =
		size[3] | size[2] >> DROPPED_DECIMALS | size[0] << (64 - DROPPED_DECIMALS);

	low = low >> DROPPED_DECIMALS | (tb_u128)size[2] << (128 - DROPPED_DECIMALS);
	*units = low * inverse;
	return others == 0 && *units <= most;
}

static struct tb_money of_short(tb_u128 units, bool negative)
{
	const mp_limb_t unit[2] = {0x02c7e14af6800000, 0x152d}; /* 10^23 */
	const mp_limb_t n[2] = {(mp_limb_t)units, (mp_limb_t)(units >> 64)};
	mp_limb_t size[LIMBS];
	struct tb_money m;
	bool fits;

	mpn_mul_n(size, n, unit, 2);
	fits = with_sign(size, negative, &m);
	(void)fits; /* a short amount is far from the limit */
	return m;
}

/* ---- reading ---- */

/* What a decimal can be wrong in; each parser has its own words for them. */
enum decimal_fault { DECIMAL_OK, DECIMAL_SIGN, DECIMAL_MALFORMED, DECIMAL_LONG, DECIMAL_LARGE };

/* "12.5" -> 12.5 x 10^scale; at most `decimals` after the point, at most `max` before scaling. */
static enum decimal_fault decimal_parse(struct tb_span s, int decimals, int scale, uint64_t max,
					tb_i128 *out)
{
	struct tb_money value; /* what has its limbs: no amount */
	struct tb_decimal d;

	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		return DECIMAL_SIGN;
	if (!tb_decimal_read(s, TB_DECIMAL_PLAIN, &d))
		return DECIMAL_MALFORMED;
	if (d.decimals > (size_t)decimals)
		return DECIMAL_LONG;
	if (!tb_decimal_units(&d, scale, value.limbs) || tb_money_half(&value, 1) ||
	    tb_money_half(&value, 0) > max * power_of_ten(scale))
		return DECIMAL_LARGE;
	*out = (tb_i128)tb_money_half(&value, 0);
	return DECIMAL_OK;
}

const char *tb_price_parse(struct tb_span text, struct tb_price *out)
{
	static const char *const words[] = {
		[DECIMAL_OK] = NULL,
		[DECIMAL_SIGN] = "a price has no sign; write a plain decimal such as 0.15",
		[DECIMAL_MALFORMED] = "not a plain decimal such as 0.15",
		[DECIMAL_LONG] = "more than 12 decimals, and a price is never rounded",
		[DECIMAL_LARGE] = "more than 1000000000 per 1,000,000 tokens",
	};

	return words[decimal_parse(text, TB_PRICE_WRITTEN_DECIMALS, TB_PRICE_DECIMALS, TB_PRICE_MAX,
				   &out->units)];
}

const char *tb_percent_parse(struct tb_span text, int *out)
{
	static const char *const words[] = {
		[DECIMAL_OK] = NULL,
		[DECIMAL_SIGN] = "a percentage has no sign; it lies between 0% and 100%",
		[DECIMAL_MALFORMED] = "not a percentage; write it like 50%",
		[DECIMAL_LONG] = "more than 2 decimals of a percent",
		[DECIMAL_LARGE] = "more than 100%",
	};
	tb_i128 value = 0;
	enum decimal_fault fault;

	if (text.n == 0 || text.p[text.n - 1] != '%')
		return words[DECIMAL_MALFORMED];
	text.n--;
	fault = decimal_parse(text, TB_PERCENT_DECIMALS, TB_PERCENT_DECIMALS, 100, &value);
	*out = (int)value;
	return words[fault];
}

const char *tb_multiplier_parse(struct tb_span text, int *out)
{
	static const char *const words[] = {
		[DECIMAL_OK] = NULL,
		[DECIMAL_SIGN] = "a multiplier has no sign; write it like 2 or 1.25",
		[DECIMAL_MALFORMED] = "not a multiplier such as 2 or 1.25",
		[DECIMAL_LONG] = "more than 2 decimals",
		[DECIMAL_LARGE] = "more than 100",
	};
	tb_i128 value = 0;
	enum decimal_fault fault = decimal_parse(text, 2, 2, 100, &value);

	*out = (int)value;
	return words[fault];
}

bool tb_money_of_decimal(const struct tb_decimal *d, struct tb_money *out)
{
	mp_limb_t size[LIMBS];

	return tb_decimal_units(d, TB_MONEY_DECIMALS, size) && with_sign(size, d->negative, out);
}

/* ---- arithmetic ---- */

bool tb_price_scale(struct tb_price price, int parts, int whole, struct tb_price *out)
{
	tb_i128 rest = price.units % whole * parts;

	return rest % whole == 0 &&
	       !__builtin_mul_overflow(price.units / whole, parts, &out->units) &&
	       !__builtin_add_overflow(out->units, rest / whole, &out->units);
}

bool tb_money_of_large(struct tb_money *out, tb_u128 tokens, struct tb_price price)
{
	bool negative = price.units < 0;
	tb_u128 units = negative ? -(tb_u128)price.units : (tb_u128)price.units;
	mp_limb_t parts[3] = {(mp_limb_t)tokens, (mp_limb_t)(tokens >> 64)}, n[LIMBS + 1];
	mp_limb_t per[2] = {(mp_limb_t)units, (mp_limb_t)(units >> 64)};

	parts[2] = mpn_mul_1(parts, parts, 2, TB_PARTS_WHOLE);
	mpn_mul(n, parts, 3, per, 2);
	return n[LIMBS] == 0 && with_sign(n, negative, out);
}

bool tb_money_subtract(struct tb_money *sum, struct tb_money x)
{
	bool negative = tb_money_sign(*sum) < 0, other = tb_money_sign(x) < 0;

	*sum = tb_money_difference(*sum, x);
	return negative == other || (tb_money_sign(*sum) < 0) == negative;
}

bool tb_money_multiply(struct tb_money *m, uint64_t n)
{
	mp_limb_t size[LIMBS + 1];
	bool negative = tb_money_sign(*m) < 0;

	multiply_size(*m, n, size);
	return size[LIMBS] == 0 && with_sign(size, negative, m);
}

bool tb_money_part(struct tb_money m, uint64_t parts, struct tb_money *out)
{
	mp_limb_t size[LIMBS];
	bool negative = size_of(m, size);

	return mpn_divrem_1(size, 0, size, LIMBS, TB_PARTS_WHOLE) == 0 &&
	       mpn_mul_1(size, size, LIMBS, parts) == 0 && with_sign(size, negative, out);
}

struct tb_money tb_money_difference(struct tb_money a, struct tb_money b)
{
	mpn_sub_n(a.limbs, a.limbs, b.limbs, LIMBS);
	return a;
}

bool tb_money_count(struct tb_money a, uint64_t n, struct tb_money b, tb_u128 *out)
{
	mp_limb_t size[LIMBS + 1], q[ROOM];

	multiply_size(a, n, size);
	divide(q, size, b);
	*out = (tb_u128)q[1] << 64 | q[0];
	return used(q, ROOM) <= 2;
}

static tb_u128 round_short(tb_u128 units, int decimals)
{
	tb_u128 step = power_of_ten(SHORT_DECIMALS - decimals), rest = units % step;

	return units - rest + (rest >= step / 2 ? step : 0);
}

static void round_wide(mp_limb_t size[LIMBS], int decimals)
{
	mp_limb_t half[LIMBS] = {5};
	int drop = TB_MONEY_DECIMALS - decimals;

	shift_up(half, drop - 1);
	mpn_add_n(size, size, half, LIMBS);
	shift_down(size, drop);
	shift_up(size, drop);
}

struct tb_money tb_money_round_to(struct tb_money m, int decimals)
{
	struct tb_money rounded;
	mp_limb_t size[LIMBS];
	bool negative = size_of(m, size);
	tb_u128 units;

	if (decimals >= TB_MONEY_DECIMALS)
		return m;
	if (decimals < SHORT_DECIMALS && shorten(size, &units))
		return of_short(round_short(units, decimals), negative);
	round_wide(size, decimals);
	return with_sign(size, negative, &rounded) ? rounded : m;
}

/* ---- order ---- */

int tb_money_sign(struct tb_money m)
{
	return m.limbs[LIMBS - 1] >> 63 ? -1 : !mpn_zero_p(m.limbs, LIMBS);
}

int tb_money_compare(struct tb_money a, struct tb_money b)
{
	bool less = a.limbs[LIMBS - 1] >> 63, other = b.limbs[LIMBS - 1] >> 63;

	return less != other ? other - less : mpn_cmp(a.limbs, b.limbs, LIMBS);
}

int tb_money_compare_size(struct tb_money a, struct tb_money b)
{
	return tb_money_compare_times(a, 1, b, 1);
}

int tb_money_compare_times(struct tb_money a, uint64_t times_a, struct tb_money b, uint64_t times_b)
{
	mp_limb_t size_a[LIMBS + 1], size_b[LIMBS + 1];

	multiply_size(a, times_a, size_a);
	multiply_size(b, times_b, size_b);
	return mpn_cmp(size_a, size_b, LIMBS + 1);
}

/* ---- to text ---- */

/* The digits of n, which has more than 128 bits. */
static char *wide_digits_before(char *end, mp_limb_t *n, mp_size_t size)
{
	unsigned char digits[DIGITS_ROOM];
	size_t count = mpn_get_str(digits, 10, n, used(n, size)), first = 0;

	while (first < count && digits[first] == 0)
		first++;
	while (count > first)
		*--end = (char)('0' + digits[--count]);
	return end;
}

/* Digits from p to `end`, with room in front, x 10^-decimals; at least two decimals are shown. */
static inline char *point_put(char *p, const char *end, int decimals, bool negative, char *text)
{
	while (end - p <= decimals)
		*--p = '0';
	while (decimals > 2 && end[-1] == '0') {
		end--;
		decimals--;
	}
	if (negative)
		*text++ = '-';
	memcpy(text, p, (size_t)(end - p - decimals));
	text += end - p - decimals;
	*text++ = '.';
	memcpy(text, end - decimals, (size_t)decimals);
	text[decimals] = '\0';
	return text + decimals;
}

static char *short_put(tb_u128 n, int decimals, bool negative, char *text)
{
	enum { ZEROS = 4 };
	const uint64_t zeros = 10000; /* 10^ZEROS */
	char back[TB_MONEY_TEXT], *end = back + sizeof(back);

	/* Most zeros that are not shown go before they are digits. */
	while (n >> 64 == 0 && decimals > ZEROS + 2 && (uint64_t)n % zeros == 0) {
		n = (uint64_t)n / zeros;
		decimals -= ZEROS;
	}
	return point_put(tb_digits_before(end, n), end, decimals, negative, text);
}

static char *wide_put(mp_limb_t *n, mp_size_t size, int decimals, bool negative, char *text)
{
	char back[DIGITS_ROOM], *end = back + sizeof(back);

	if (used(n, size) <= 2)
		return short_put((tb_u128)n[1] << 64 | n[0], decimals, negative, text);
	return point_put(wide_digits_before(end, n, size), end, decimals, negative, text);
}

char *tb_money_put(struct tb_money m, char text[TB_MONEY_TEXT])
{
	mp_limb_t size[LIMBS];
	bool negative = size_of(m, size);
	tb_u128 units;

	if ((size[0] | size[1] | size[2] | size[3]) == 0) /* many savings are */
		return stpcpy(text, "0.00");
	return shorten(size, &units) ? short_put(units, SHORT_DECIMALS, negative, text)
				     : wide_put(size, LIMBS, TB_MONEY_DECIMALS, negative, text);
}

const char *tb_money_text(struct tb_money m, char text[TB_MONEY_TEXT])
{
	tb_money_put(m, text);
	return text;
}

const char *tb_price_text(struct tb_price p, char text[TB_MONEY_TEXT])
{
	tb_u128 size = p.units < 0 ? -(tb_u128)p.units : (tb_u128)p.units;

	short_put(size, TB_PRICE_DECIMALS, p.units < 0, text);
	return text;
}

const char *tb_ratio_text(struct tb_money a, struct tb_money b, unsigned times,
			  char text[TB_MONEY_TEXT])
{
	bool negative = (tb_money_sign(a) < 0) != (tb_money_sign(b) < 0);
	mp_limb_t n[LIMBS + 1], half[LIMBS], q[ROOM];

	multiply_size(a, times * (unsigned)power_of_ten(TB_RATIO_DECIMALS), n);
	size_of(b, half);
	mpn_rshift(half, half, LIMBS, 1);
	mpn_add(n, n, LIMBS + 1, half, LIMBS);
	divide(q, n, b);
	wide_put(q, ROOM, TB_RATIO_DECIMALS, negative && used(q, ROOM), text);
	return text;
}
