#include "base/quantity.h"

#include "base/decimal.h"

static const char malformed[] = "not a number; type it like 1200, 300k, 2.5M or 1e6";

/* What stands after a number, and the powers of ten that it is. */
static const struct suffix {
	char letter;
	int power;
} suffixes[] = {{'k', 3}, {'K', 3}, {'M', 6}, {'B', 9}, {'G', 9}};

static const struct suffix *suffix_of(struct tb_span text)
{
	for (size_t i = 0; text.n && i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (text.p[text.n - 1] == suffixes[i].letter)
			return &suffixes[i];
	return NULL;
}

static const char *why_malformed(struct tb_span text)
{
	struct tb_decimal d;

	if (text.n && text.p[text.n - 1] == 'm') {
		text.n--;
		if (tb_decimal_read(text, TB_DECIMAL_PLAIN, &d))
			return "a small m; type M for a million";
	}
	return malformed;
}

const char *tb_quantity_parse(struct tb_span text, uint64_t *out)
{
	const struct suffix *suffix = suffix_of(text);
	struct tb_span number = {text.p, text.n - (suffix != NULL)};
	struct tb_decimal d;

	if (!tb_decimal_read(number, suffix ? TB_DECIMAL_PLAIN : TB_DECIMAL_EXPONENT, &d))
		return why_malformed(text);
	d.exponent += suffix && d.n ? suffix->power : 0;
	if (d.n && d.exponent < 0)
		return "not a whole number";
	return tb_decimal_whole(&d, 0, out) ? NULL : "more than 9223372036854775807";
}
