#include "usage/reported.h"

#include <string.h>

enum { DIGITS_MAX = 38, EXPONENT_MAX = 400 };

/* A decimal that is being read: its digits without the point, and where the point stands. */
struct decimal {
	tb_u128 digits;
	int behind; /* digits behind the point, less the exponent */
	bool negative, large;
};

static char peek(struct tb_span s)
{
	return s.n ? s.p[0] : '\0';
}

static void skip(struct tb_span *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool skip_if(struct tb_span *s, const char *prefix)
{
	if (!tb_span_starts(*s, prefix))
		return false;
	skip(s, strlen(prefix));
	return true;
}

/* Trailing zeros carry no value and may be many, so digits are dropped by no count but size. */
static void take_digit(struct decimal *d, char c)
{
	if (d->digits > ((tb_u128)1 << 123))
		d->large = true;
	else
		d->digits = d->digits * 10 + (unsigned)(c - '0');
}

static size_t take_digits(struct tb_span *s, struct decimal *d)
{
	size_t n = 0;

	for (; tb_is_digit(peek(*s)); n++, skip(s, 1))
		take_digit(d, s->p[0]);
	return n;
}

/* "1234" or "1,234": commas stand between groups of three, or nowhere. */
static bool take_whole(struct tb_span *s, struct decimal *d)
{
	size_t n = take_digits(s, d);

	if (n == 0)
		return false;
	while (peek(*s) == ',') {
		skip(s, 1);
		if (n > 3 || take_digits(s, d) != 3)
			return false;
		n = 3;
	}
	return true;
}

static bool take_exponent(struct tb_span *s, struct decimal *d)
{
	int value = 0;
	bool negative;

	if (peek(*s) != 'e' && peek(*s) != 'E')
		return true;
	skip(s, 1);
	negative = peek(*s) == '-';
	if (negative || peek(*s) == '+')
		skip(s, 1);
	if (!tb_is_digit(peek(*s)))
		return false;
	for (; tb_is_digit(peek(*s)); skip(s, 1)) {
		/* Digits of a long field could make up for it; nobody writes an amount so. */
		d->large |= value > EXPONENT_MAX;
		if (!d->large)
			value = value * 10 + (s->p[0] - '0');
	}
	d->behind += negative ? value : -value;
	return true;
}

static bool take_decimal(struct tb_span s, struct decimal *d)
{
	size_t before;

	if (!take_whole(&s, d))
		return false;
	if (peek(s) == '.') {
		skip(&s, 1);
		before = s.n;
		if (take_digits(&s, d) == 0)
			return false;
		d->behind += (int)(before - s.n);
	}
	return take_exponent(&s, d) && s.n == 0;
}

/* Brings the decimal to units of 10^-TB_MONEY_DECIMALS, if that can be done exactly. */
static bool scale(struct decimal *d, struct tb_money *out)
{
	int up = TB_MONEY_DECIMALS - d->behind;

	if (d->digits == 0) {
		out->units = 0;
		return true;
	}
	for (; up < 0 && d->digits % 10 == 0; up++)
		d->digits /= 10;
	if (d->large || up < 0 || up > DIGITS_MAX)
		return false;
	for (; up > 0; up--)
		if (__builtin_mul_overflow(d->digits, (tb_u128)10, &d->digits))
			return false;
	if (d->digits >> 127)
		return false;
	out->units = d->negative ? -(tb_i128)d->digits : (tb_i128)d->digits;
	return true;
}

static bool says_none(struct tb_span s)
{
	static const char *const words[] = {"NaN",  "nan", "Included", "Free", "-",
					    "null", "N/A", "None",     ""};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (tb_span_is(s, words[i]))
			return true;
	return false;
}

/* "EUR 3,50", or a currency's sign other than the dollar's, before or behind a number. */
static bool is_foreign(struct tb_span s)
{
	static const char *const signs[] = {"\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5", "\xef\xbf\xa5"};
	size_t letters = 0;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (skip_if(&s, signs[i]))
			return tb_is_digit(peek(tb_span_trim(s)));
	while (letters < s.n && s.p[letters] >= 'A' && s.p[letters] <= 'Z')
		letters++;
	if (letters != 3)
		return false;
	skip(&s, 3);
	return tb_is_digit(peek(tb_span_trim(s)));
}

enum tb_reported tb_reported_parse(struct tb_span text, struct tb_money *out)
{
	struct tb_span s = tb_span_trim(text);
	struct decimal d = {0};

	if (says_none(s))
		return TB_REPORTED_NONE;
	d.negative = skip_if(&s, "-");
	if (skip_if(&s, "USD"))
		s = tb_span_trim(s);
	skip_if(&s, "$");
	if (!take_decimal(s, &d))
		return is_foreign(s) ? TB_REPORTED_FOREIGN : TB_REPORTED_BAD;
	return scale(&d, out) ? TB_REPORTED_AMOUNT : TB_REPORTED_INEXACT;
}

bool tb_reported_times(struct tb_money *amount, uint64_t count)
{
	return !__builtin_mul_overflow(amount->units, (tb_i128)count, &amount->units);
}
