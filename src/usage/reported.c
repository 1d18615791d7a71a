#include "usage/reported.h"

#include <string.h>

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

static bool says_none(struct tb_span s)
{
	static const char *const words[] = {"NaN",  "nan", "Included", "Free", "-",
					    "null", "N/A", "None",     ""};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (tb_span_is(s, words[i]))
			return true;
	return false;
}

/* "EUR 3,50", or a currency's sign other than the dollar's, before or after a number. */
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
	struct tb_decimal d;
	bool negative;

	if (says_none(s))
		return TB_REPORTED_NONE;
	negative = skip_if(&s, "-");
	if (skip_if(&s, "USD"))
		s = tb_span_trim(s);
	skip_if(&s, "$");
	if (!tb_decimal_read(s, TB_DECIMAL_COMMAS | TB_DECIMAL_EXPONENT, &d))
		return is_foreign(s) ? TB_REPORTED_FOREIGN : TB_REPORTED_BAD;
	d.negative = negative;
	return tb_money_of_decimal(&d, out) ? TB_REPORTED_AMOUNT : TB_REPORTED_INEXACT;
}

bool tb_reported_times(struct tb_money *amount, uint64_t count)
{
	return tb_money_multiply(amount, count);
}
