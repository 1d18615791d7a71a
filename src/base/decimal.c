#include "base/decimal.h"

#include <gmp.h>

/* No text is long enough for its digits to make up for such an exponent. */
enum { EXPONENT_FAR = 100000000 };

_Static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0, "limbs of 64 bits");

/* What is left to read, and zeros that count only if another digit follows them. */
struct reader {
	struct tb_span rest;
	size_t zeros;
	struct tb_decimal *out;
};

static char peek(const struct reader *r)
{
	return r->rest.n ? r->rest.p[0] : '\0';
}

static bool skip(struct reader *r, char c)
{
	bool is = r->rest.n && r->rest.p[0] == c;

	r->rest.p += is;
	r->rest.n -= is;
	return is;
}

static void add_digit(struct reader *r, char c)
{
	struct tb_decimal *d = r->out;

	if (c == '0') {
		r->zeros += d->n > 0;
		return;
	}
	d->too_long |= r->zeros >= TB_DECIMAL_DIGITS - d->n;
	if (!d->too_long) {
		memset(d->digits + d->n, 0, r->zeros);
		d->n += r->zeros;
		d->digits[d->n++] = (unsigned char)(c - '0');
	}
	r->zeros = 0;
}

static size_t take_digits(struct reader *r)
{
	size_t n = 0;

	for (; tb_is_digit(peek(r)); n++, r->rest.p++, r->rest.n--)
		add_digit(r, r->rest.p[0]);
	return n;
}

/* "1234" or "1,234". */
static bool take_whole(struct reader *r, bool commas)
{
	size_t n = take_digits(r);

	if (n == 0)
		return false;
	while (commas && skip(r, ',')) {
		if (n > 3 || take_digits(r) != 3)
			return false;
		n = 3;
	}
	return true;
}

static bool take_exponent(struct reader *r)
{
	int value = 0;
	bool negative;

	if (!skip(r, 'e') && !skip(r, 'E'))
		return true;
	negative = skip(r, '-');
	if (!negative)
		skip(r, '+');
	if (!tb_is_digit(peek(r)))
		return false;
	for (; tb_is_digit(peek(r)); r->rest.p++, r->rest.n--)
		if (value < EXPONENT_FAR)
			value = value * 10 + (r->rest.p[0] - '0');
	r->out->exponent = negative ? -value : value;
	return true;
}

bool tb_decimal_read(struct tb_span text, unsigned allows, struct tb_decimal *out)
{
	struct reader r;

	*out = (struct tb_decimal){.n = 0};
	r = (struct reader){text, 0, out};
	out->negative = allows & TB_DECIMAL_MINUS && skip(&r, '-');
	if (!take_whole(&r, allows & TB_DECIMAL_COMMAS))
		return false;
	if (skip(&r, '.') && (out->decimals = take_digits(&r)) == 0)
		return false;
	if (allows & TB_DECIMAL_EXPONENT && !take_exponent(&r))
		return false;
	out->exponent = out->n ? out->exponent + (int)r.zeros - (int)out->decimals : 0;
	return r.rest.n == 0;
}

bool tb_decimal_units(const struct tb_decimal *d, int decimals, uint64_t limbs[TB_DECIMAL_LIMBS])
{
	unsigned char digits[TB_DECIMAL_DIGITS];
	mp_limb_t wide[TB_DECIMAL_LIMBS + 2] = {0}; /* 80 digits are 266 bits */
	int zeros = decimals + d->exponent;

	memset(limbs, 0, TB_DECIMAL_LIMBS * sizeof(*limbs));
	if (d->n == 0)
		return true;
	if (d->too_long || zeros < 0 || zeros > TB_DECIMAL_DIGITS - (int)d->n)
		return false;
	memcpy(digits, d->digits, d->n);
	memset(digits + d->n, 0, (size_t)zeros);
	if (mpn_set_str(wide, digits, d->n + (size_t)zeros, 10) > TB_DECIMAL_LIMBS)
		return false;
	memcpy(limbs, wide, TB_DECIMAL_LIMBS * sizeof(*limbs));
	return true;
}

bool tb_decimal_whole(const struct tb_decimal *d, int decimals, uint64_t *out)
{
	uint64_t limbs[TB_DECIMAL_LIMBS];
	bool fits = tb_decimal_units(d, decimals, limbs) && (limbs[1] | limbs[2] | limbs[3]) == 0;

	*out = fits ? limbs[0] : 0;
	return fits && *out <= INT64_MAX;
}

bool tb_decimal_text(const struct tb_decimal *d, char *text, size_t room)
{
	int n = (int)d->n, first, last;
	char *out = text;

	/* Places of digits: 0 is that of the ones, 1 the first after the point. */
	first = n + d->exponent > 0 ? 1 - n - d->exponent : 0;
	last = n && d->exponent < 0 ? -d->exponent : 0;
	if (d->too_long || first < -(int)room || last > (int)room ||
	    last - first + 2 + (last > 0) > (int)room)
		return false;
	for (int place = first; place <= last; place++) {
		int i = place + n + d->exponent - 1;

		if (place == 1)
			*out++ = '.';
		*out++ = (char)('0' + (i >= 0 && i < n ? d->digits[i] : 0));
	}
	*out = '\0';
	return true;
}
