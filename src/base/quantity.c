#include "base/quantity.h"

#include "base/money.h"

enum {
	DIGITS_MAX = 30,   /* of the number as typed, without zeros in front */
	EXPONENT_MAX = 99, /* as typed */
};

static const char malformed[] = "not a number; type it like 1200, 300k, 2.5M or 1e6";
static const char too_large[] = "more than 9223372036854775807";

/* A number as typed: digits x 10^exponent. */
struct typed {
	tb_u128 digits;
	int exponent;
	int count; /* of the digits that are held */
	bool any;
};

/* Takes digits from *s; those behind the point lower the exponent. */
static const char *take_digits(struct tb_span *s, int each, struct typed *t)
{
	for (; s->n && tb_is_digit(s->p[0]); s->p++, s->n--) {
		t->any = true;
		t->exponent += each;
		t->digits = t->digits * 10u + (unsigned char)(s->p[0] - '0');
		t->count += t->digits != 0;
		if (t->count > DIGITS_MAX)
			return "more than 30 digits";
	}
	return NULL;
}

static const char *take_mantissa(struct tb_span *s, struct typed *t)
{
	const char *why = take_digits(s, 0, t);

	if (why || !t->any)
		return why ? why : malformed;
	if (!s->n || s->p[0] != '.')
		return NULL;
	s->p++;
	s->n--;
	t->any = false;
	why = take_digits(s, -1, t);
	return why || t->any ? why : malformed;
}

/* What stands behind the e, all of the rest. */
static const char *take_exponent(struct tb_span s, struct typed *t)
{
	bool negative = s.n && s.p[0] == '-';
	int e = 0;

	if (s.n && (s.p[0] == '-' || s.p[0] == '+')) {
		s.p++;
		s.n--;
	}
	if (!s.n)
		return malformed;
	for (size_t i = 0; i < s.n; i++) {
		if (!tb_is_digit(s.p[i]))
			return malformed;
		e = e * 10 + (s.p[i] - '0');
		if (e > EXPONENT_MAX)
			return "an exponent of more than 99";
	}
	t->exponent += negative ? -e : e;
	return NULL;
}

static const char *take_suffix(struct tb_span s, struct typed *t)
{
	static const struct {
		char letter;
		int exponent;
	} suffixes[] = {{'k', 3}, {'K', 3}, {'M', 6}, {'B', 9}, {'G', 9}};

	if (!s.n)
		return NULL;
	if (s.p[0] == 'e' || s.p[0] == 'E')
		return take_exponent((struct tb_span){s.p + 1, s.n - 1}, t);
	for (size_t i = 0; s.n == 1 && i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (s.p[0] == suffixes[i].letter) {
			t->exponent += suffixes[i].exponent;
			return NULL;
		}
	return s.n == 1 && s.p[0] == 'm' ? "a small m; type M for a million" : malformed;
}

static const char *work_out(struct typed t, uint64_t *out)
{
	*out = 0;
	if (t.digits == 0)
		return NULL;
	for (; t.exponent < 0 && t.digits % 10 == 0; t.exponent++)
		t.digits /= 10;
	if (t.exponent < 0)
		return "not a whole number";
	for (; t.exponent > 0 && t.digits <= INT64_MAX; t.exponent--)
		t.digits *= 10;
	*out = (uint64_t)t.digits;
	return t.digits <= INT64_MAX ? NULL : too_large;
}

const char *tb_quantity_parse(struct tb_span text, uint64_t *out)
{
	struct typed t = {0};
	const char *why = take_mantissa(&text, &t);

	if (!why)
		why = take_suffix(text, &t);
	return why ? why : work_out(t, out);
}
