/* Decimals of JSON, moved by their point and never calculated with. */
#include "ratebook/import.h"

#include "base/money.h"
#include "ratebook/float_noise.h"

#include <stdio.h>
#include <string.h>

enum {
	PER_TOKENS_DIGITS = 6,
	PER_FEES_DIGITS = 3,
	PERCENT_DIGITS = 2,
	DIGITS_MAX = 48,
	EXPONENT_MAX = 9999
};

/* 0.DIGITS x 10^point; no digits for zero. */
struct decimal {
	char digits[DIGITS_MAX + 1];
	size_t n;
	int point;
	bool negative, too_long;
};

/* "e-07" behind the mantissa; what is out of any reason stays out of reason. */
static int exponent_of(struct tb_span s)
{
	int value = 0;
	bool negative = s.n && s.p[0] == '-';

	for (size_t i = 0; i < s.n; i++)
		if (tb_is_digit(s.p[i]) && value <= EXPONENT_MAX)
			value = value * 10 + (s.p[i] - '0');
	return negative ? -value : value;
}

static void add_digit(struct decimal *d, char digit)
{
	if (d->n < DIGITS_MAX)
		d->digits[d->n++] = digit;
	else
		d->too_long |= digit != '0';
}

/* A number as JSON writes it. */
static struct decimal decimal_of(struct tb_span s)
{
	struct decimal d = {0};
	size_t i = s.n && s.p[0] == '-';
	bool behind = false; /* the point */

	d.negative = i > 0;
	for (; i < s.n && s.p[i] != 'e' && s.p[i] != 'E'; i++) {
		if (s.p[i] == '.') {
			behind = true;
		} else if (s.p[i] == '0' && d.n == 0) {
			d.point -= behind;
		} else {
			add_digit(&d, s.p[i]);
			d.point += !behind;
		}
	}
	if (i < s.n)
		d.point += exponent_of((struct tb_span){s.p + i + 1, s.n - i - 1});
	while (d.n && d.digits[d.n - 1] == '0')
		d.n--;
	d.digits[d.n] = '\0';
	return d;
}

/* Writes it plainly; false when that takes too many digits. */
static bool write_plain(const struct decimal *d, char text[TB_IMPORT_PRICE_TEXT])
{
	enum { ROOM = 30 }; /* as many zeros as stand below */
	int n = (int)d->n;

	if (d->too_long || (n && (d->point > ROOM || d->point < -ROOM)))
		return false;
	if (n == 0)
		snprintf(text, TB_IMPORT_PRICE_TEXT, "0");
	else if (d->point <= 0)
		snprintf(text, TB_IMPORT_PRICE_TEXT, "0.%.*s%s", -d->point,
			 "00000000000000000000000000000000", d->digits);
	else if (d->point >= n)
		snprintf(text, TB_IMPORT_PRICE_TEXT, "%s%.*s", d->digits, d->point - n,
			 "00000000000000000000000000000000");
	else
		snprintf(text, TB_IMPORT_PRICE_TEXT, "%.*s.%s", d->point, d->digits,
			 d->digits + d->point);
	return true;
}

static const char *price_of(struct tb_span number, int digits, char price[TB_IMPORT_PRICE_TEXT],
			    bool *mended)
{
	struct decimal d = decimal_of(number);
	char likely[TB_LIKELY_TEXT];
	struct tb_price parsed;
	const char *why;

	*mended = false;
	if (d.negative && d.n)
		return "a negative price";
	d.point += d.n ? digits : 0;
	if (!write_plain(&d, price))
		return "a price out of any range";
	why = tb_price_parse(tb_span_of(price), &parsed);
	if (!why || !tb_likely_price(tb_span_of(price), likely))
		return why;
	why = tb_price_parse(tb_span_of(likely), &parsed);
	*mended = !why;
	snprintf(price, TB_IMPORT_PRICE_TEXT, "%s", likely);
	return why;
}

const char *tb_import_price(struct tb_span number, char price[TB_IMPORT_PRICE_TEXT], bool *mended)
{
	return price_of(number, PER_TOKENS_DIGITS, price, mended);
}

const char *tb_import_fee(struct tb_span number, char price[TB_IMPORT_PRICE_TEXT], bool *mended)
{
	return price_of(number, PER_FEES_DIGITS, price, mended);
}

static size_t digits_at(struct tb_span s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && tb_is_digit(s.p[i + n]))
		n++;
	return n;
}

bool tb_import_is_number(struct tb_span s)
{
	size_t i = s.n && s.p[0] == '-', n = digits_at(s, i);

	if (n == 0 || (n > 1 && s.p[i] == '0'))
		return false;
	i += n;
	if (i < s.n && s.p[i] == '.') {
		n = digits_at(s, i + 1);
		if (n == 0)
			return false;
		i += n + 1;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		n = digits_at(s, i);
		if (n == 0)
			return false;
		i += n;
	}
	return i == s.n;
}

const char *tb_import_uplift(struct tb_span number, char percent[TB_IMPORT_PRICE_TEXT])
{
	static const char why[] = "not a multiplier from 1 to 2 with at most 4 decimals";
	struct decimal d = decimal_of(number);
	char text[TB_IMPORT_PRICE_TEXT];
	int parsed;

	/* 1.1 is 110 percent: what lies above 100 is the uplift. */
	if (d.negative || d.point != 1 || d.digits[0] != '1')
		return why;
	memmove(d.digits, d.digits + 1, d.n--);
	d.point = 0;
	while (d.n && d.digits[0] == '0') {
		memmove(d.digits, d.digits + 1, d.n--);
		d.point--;
	}
	d.point += d.n ? PERCENT_DIGITS : 0;
	if (!write_plain(&d, text))
		return why;
	snprintf(percent, TB_IMPORT_PRICE_TEXT, "%.*s%%", TB_IMPORT_PRICE_TEXT - 2, text);
	return tb_percent_parse(tb_span_of(percent), &parsed) ? why : NULL;
}
