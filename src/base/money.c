#include "base/money.h"

/* 10^n for 0 <= n <= 38. */
static tb_i128 power_of_ten(int n)
{
	tb_i128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* What a decimal can be wrong in; each parser has its own words for them. */
enum decimal_fault { DECIMAL_OK, DECIMAL_SIGN, DECIMAL_MALFORMED, DECIMAL_LONG, DECIMAL_LARGE };

static size_t count_digits(struct tb_span s, size_t from)
{
	size_t i = from;

	while (i < s.n && tb_is_digit(s.p[i]))
		i++;
	return i - from;
}

/* Digits, and perhaps a point with digits behind it, whose number is *behind. */
static enum decimal_fault decimal_shape(struct tb_span s, size_t *behind)
{
	size_t whole = count_digits(s, 0);

	*behind = 0;
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		return DECIMAL_SIGN;
	if (whole && whole == s.n)
		return DECIMAL_OK;
	if (!whole || s.p[whole] != '.')
		return DECIMAL_MALFORMED;
	*behind = count_digits(s, whole + 1);
	return *behind && whole + 1 + *behind == s.n ? DECIMAL_OK : DECIMAL_MALFORMED;
}

/* "12.5" -> 12.5 x 10^scale; at most `decimals` behind the point, at most `max` before scaling. */
static enum decimal_fault decimal_parse(struct tb_span s, int decimals, int scale, tb_i128 max,
					tb_i128 *out)
{
	tb_i128 value = 0, limit = max * power_of_ten(scale);
	size_t behind;
	enum decimal_fault fault = decimal_shape(s, &behind);

	if (fault == DECIMAL_OK && behind > (size_t)decimals)
		fault = DECIMAL_LONG;
	if (fault != DECIMAL_OK)
		return fault;
	for (size_t i = 0; i < s.n && value <= limit; i++)
		if (tb_is_digit(s.p[i]))
			value = value * 10 + (s.p[i] - '0');
	if (value <= limit)
		value *= power_of_ten(scale - (int)behind);
	*out = value;
	return value > limit ? DECIMAL_LARGE : DECIMAL_OK;
}

const char *tb_price_parse(struct tb_span text, struct tb_price *out)
{
	static const char *const words[] = {
		[DECIMAL_OK] = NULL,
		[DECIMAL_SIGN] = "a price has no sign; write a plain decimal such as 0.15",
		[DECIMAL_MALFORMED] = "not a plain decimal such as 0.15",
		[DECIMAL_LONG] = "more than 9 decimals, and a price is never rounded",
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

bool tb_price_scale(struct tb_price price, int parts, int whole, struct tb_price *out)
{
	if (__builtin_mul_overflow(price.units, parts, &out->units) || out->units % whole)
		return false;
	out->units /= whole;
	return true;
}

bool tb_money_of_large(struct tb_money *out, tb_u128 tokens, struct tb_price price)
{
	return tokens >> 127 == 0 &&
	       !__builtin_mul_overflow((tb_i128)tokens, price.units, &out->units);
}

struct tb_money tb_money_round(struct tb_money m, int decimals)
{
	tb_i128 step, rest, rounded;

	if (decimals < 0 || decimals >= TB_MONEY_DECIMALS)
		return m;
	step = power_of_ten(TB_MONEY_DECIMALS - decimals);
	rest = m.units % step;
	rounded = m.units - rest;
	if (rest >= step / 2 && __builtin_add_overflow(rounded, step, &rounded))
		return m;
	if (rest <= -(step / 2) && __builtin_sub_overflow(rounded, step, &rounded))
		return m;
	return (struct tb_money){rounded};
}

/* Two digits at a time, each pair of them looked up: a report has them by the million. */
static char *pair_before(char *end, uint64_t pair)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";

	return memcpy(end - 2, pairs + 2 * pair, 2);
}

/*
 * Writes the digits of n backwards from `end`, returns where they begin. Digits are taken from
 * words of 64 bits, for a division of 128 is a matter of many more.
 */
static char *digits_before(char *end, tb_u128 n)
{
	enum { PART = 18 };
	const uint64_t part = 1000000000000000000u; /* 10^PART */
	uint64_t high;

	while (n >> 64) {
		uint64_t low = (uint64_t)(n % part);

		n /= part;
		for (int i = 0; i < PART; i += 2, low /= 100)
			end = pair_before(end, low % 100);
	}
	for (high = (uint64_t)n; high >= 100; high /= 100)
		end = pair_before(end, high % 100);
	if (high >= 10)
		return pair_before(end, high);
	*--end = (char)('0' + (int)high);
	return end;
}

/* units x 10^-decimals, at least two decimals shown; returns its end. */
static char *decimal_put(tb_i128 units, int decimals, char *text)
{
	enum { ZEROS = 8 };
	const uint64_t zeros = 100000000; /* 10^ZEROS */
	char back[TB_MONEY_TEXT], *end = back + sizeof(back), *p;
	bool negative = units < 0;
	tb_u128 n = negative ? -(tb_u128)units : (tb_u128)units;

	/* Most zeros that are not shown go before they are digits. */
	while (n >> 64 == 0 && decimals > ZEROS + 2 && (uint64_t)n % zeros == 0) {
		n = (uint64_t)n / zeros;
		decimals -= ZEROS;
	}
	p = digits_before(end, n);
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

char *tb_money_put(struct tb_money m, char text[TB_MONEY_TEXT])
{
	return decimal_put(m.units, TB_MONEY_DECIMALS, text);
}

const char *tb_money_text(struct tb_money m, char text[TB_MONEY_TEXT])
{
	tb_money_put(m, text);
	return text;
}

const char *tb_price_text(struct tb_price p, char text[TB_MONEY_TEXT])
{
	decimal_put(p.units, TB_PRICE_DECIMALS, text);
	return text;
}

char *tb_count_put(tb_u128 n, char text[TB_COUNT_TEXT])
{
	char back[TB_COUNT_TEXT], *end = back + sizeof(back), *p = digits_before(end, n);

	memcpy(text, p, (size_t)(end - p));
	text[end - p] = '\0';
	return text + (end - p);
}

const char *tb_count_text(tb_u128 n, char separator, char text[TB_COUNT_TEXT])
{
	char back[TB_COUNT_TEXT], *end = back + sizeof(back), *p = digits_before(end, n);
	char *out = text;

	for (; p < end; p++) {
		*out++ = *p;
		if (separator && end - p > 1 && (end - p) % 3 == 1)
			*out++ = separator;
	}
	*out = '\0';
	return text;
}

const char *tb_count_parse(struct tb_span s, uint64_t *out)
{
	enum { DIGITS_MAX = 19 };
	uint64_t value = 0;
	unsigned odd = 0;

	if (s.n == 0)
		return "empty";
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)(s.p[i] - '0');

		odd |= digit > 9;
		value = value * 10 + digit; /* may wrap beyond 19 digits, which are refused */
	}
	if (odd)
		return "not a whole number in plain digits";
	if (s.n > DIGITS_MAX)
		return "out of range: more than 19 digits";
	if (value > INT64_MAX)
		return "out of range: more than 9223372036854775807";
	*out = value;
	return NULL;
}
