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
	PLACES_MAX = 30,        /* of a price, on either side of its point */
	PUBLISHED_DECIMALS = 9, /* at most: a price with more may be one with noise */
};

static bool is_far(const struct tb_decimal *d)
{
	int point = (int)d->n + d->exponent;

	return d->too_long || point > PLACES_MAX || point < -PLACES_MAX;
}

static const char *price_of(struct tb_span number, int digits, char price[TB_IMPORT_PRICE_TEXT],
			    bool *mended)
{
	char likely[TB_LIKELY_TEXT];
	struct tb_price parsed;
	struct tb_decimal d;
	const char *why;

	*mended = false;
	if (!tb_decimal_read(number, TB_DECIMAL_MINUS | TB_DECIMAL_EXPONENT, &d))
		return "not a number";
	if (d.negative && d.n)
		return "a negative price";
	d.exponent += d.n ? digits : 0;
	if (is_far(&d) || !tb_decimal_text(&d, price, TB_IMPORT_PRICE_TEXT))
		return "a price out of any range";
	why = tb_price_parse(tb_span_of(price), &parsed);
	if ((!why && -d.exponent <= PUBLISHED_DECIMALS) ||
	    !tb_likely_price(tb_span_of(price), likely))
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

bool tb_import_is_number(struct tb_span s)
{
	size_t i = s.n && s.p[0] == '-';
	bool padded = s.n > i + 1 && s.p[i] == '0' && tb_is_digit(s.p[i + 1]);
	struct tb_decimal d;

	return !padded && tb_decimal_read(s, TB_DECIMAL_MINUS | TB_DECIMAL_EXPONENT, &d);
}

const char *tb_import_uplift(struct tb_span number, char percent[TB_IMPORT_PRICE_TEXT])
{
	static const char why[] = "not a multiplier from 1 to 2 with at most 4 decimals";
	char text[TB_IMPORT_PRICE_TEXT];
	struct tb_decimal d;
	uint64_t parts;
	size_t n;

	/* 1.1 is 110 percent: what lies above 100 is the uplift. */
	if (!tb_decimal_read(number, TB_DECIMAL_EXPONENT, &d) ||
	    !tb_decimal_whole(&d, 2 + PERCENT_DIGITS, &parts) || parts < TB_PERCENT_WHOLE ||
	    parts >= 2 * TB_PERCENT_WHOLE)
		return why;
	parts -= TB_PERCENT_WHOLE;
	snprintf(text, sizeof(text), "%d.%02d", (int)parts / 100, (int)parts % 100);
	if (!tb_decimal_read(tb_span_of(text), TB_DECIMAL_PLAIN, &d) ||
	    !tb_decimal_text(&d, percent, TB_IMPORT_PRICE_TEXT - 1))
		return why;
	n = strlen(percent);
	memcpy(percent + n, "%", 2);
	return NULL;
}
