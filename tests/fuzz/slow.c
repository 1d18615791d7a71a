#include "slow.h"

#include "fuzz.h"

enum { POWER_FAR = 100000, HOLDABLE = 120 };

static const struct slow one = {1, {1}};

struct slow slow_of(tb_u128 n)
{
	struct slow a = {.n = 0};

	for (; n; n /= 10)
		a.digit[a.n++] = (unsigned char)(n % 10);
	return a;
}

/* Digits behind the highest are zeros. */
static int digit(const struct slow *a, size_t i)
{
	return i < a->n ? a->digit[i] : 0;
}

struct slow slow_sum(struct slow a, struct slow b)
{
	struct slow sum = {.n = 0};

	for (int carry = 0; sum.n < a.n || sum.n < b.n || carry; carry /= 10) {
		EXPECT(sum.n < SLOW_DIGITS);
		carry += digit(&a, sum.n) + digit(&b, sum.n);
		sum.digit[sum.n++] = (unsigned char)(carry % 10);
	}
	return sum;
}

struct slow slow_less(struct slow a, struct slow b)
{
	int borrow = 0;

	for (size_t i = 0; i < a.n; i++) {
		int d = a.digit[i] - digit(&b, i) - borrow;

		borrow = d < 0;
		a.digit[i] = (unsigned char)(d < 0 ? d + 10 : d);
	}
	EXPECT(borrow == 0);
	while (a.n && a.digit[a.n - 1] == 0)
		a.n--;
	return a;
}

struct slow slow_times(struct slow a, struct slow b)
{
	struct slow sum = {0};

	for (size_t i = 0; i < b.n; i++)
		for (int n = 0; n < b.digit[i]; n++)
			sum = slow_sum(sum, slow_scale(a, (int)i));
	return sum;
}

struct slow slow_scale(struct slow a, int power)
{
	struct slow scaled = {.n = 0};
	size_t up = power > 0 ? (size_t)power : 0, down = power < 0 ? (size_t)-power : 0;

	if (a.n <= down)
		return scaled;
	scaled.n = a.n - down + up;
	EXPECT(scaled.n <= SLOW_DIGITS);
	memset(scaled.digit, 0, up);
	memcpy(scaled.digit + up, a.digit + down, a.n - down);
	return scaled;
}

int slow_compare(struct slow a, struct slow b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	for (size_t i = a.n; i-- > 0;)
		if (a.digit[i] != b.digit[i])
			return a.digit[i] < b.digit[i] ? -1 : 1;
	return 0;
}

const char *slow_text(struct slow a, int decimals, bool negative)
{
	static char text[SLOW_DIGITS + 4];
	int high = (int)a.n - 1, low = 0;
	char *out = text;

	while (low < decimals - 2 && digit(&a, (size_t)low) == 0)
		low++;
	if (negative)
		*out++ = '-';
	for (int i = high > decimals ? high : decimals; i >= low; i--) {
		if (i == decimals - 1)
			*out++ = '.';
		*out++ = (char)('0' + digit(&a, (size_t)i));
	}
	*out = '\0';
	return text;
}

struct slow slow_round(struct slow a, int decimals, int keep)
{
	int drop = decimals - keep;
	bool up = drop > 0 && digit(&a, (size_t)drop - 1) >= 5;

	if (drop <= 0)
		return a;
	a = slow_scale(a, -drop);
	if (up)
		a = slow_sum(a, one);
	return slow_scale(a, drop);
}

static bool is_digit(struct tb_span s)
{
	return s.n && s.p[0] >= '0' && s.p[0] <= '9';
}

static bool skip_one_of(struct tb_span *s, const char *set)
{
	bool is = s->n && s->p[0] && strchr(set, s->p[0]);

	s->p += is;
	s->n -= is;
	return is;
}

/* What zeros at the end are worth is kept back until another digit comes. */
struct digits {
	struct slow_decimal *out;
	int zeros;
};

static size_t read_digits(struct tb_span *s, struct digits *d)
{
	size_t n = 0;

	for (; is_digit(*s); s->p++, s->n--, n++) {
		struct slow next = {1, {(unsigned char)(s->p[0] - '0')}};
		struct slow_decimal *out = d->out;

		out->typed += out->typed || next.digit[0];
		d->zeros++;
		if (next.digit[0] == 0 || out->too_long)
			continue;
		out->too_long = out->digits.n && d->zeros + (int)out->digits.n > HOLDABLE;
		if (!out->too_long)
			out->digits = slow_sum(
				slow_scale(out->digits, out->digits.n ? d->zeros : 0), next);
		d->zeros = 0;
	}
	return n;
}

static bool read_exponent(struct tb_span *s, struct slow_decimal *out)
{
	bool negative;

	if (!skip_one_of(s, "eE"))
		return true;
	negative = skip_one_of(s, "-");
	if (!negative)
		skip_one_of(s, "+");
	if (!is_digit(*s))
		return false;
	for (; is_digit(*s); s->p++, s->n--)
		if (out->exponent < POWER_FAR)
			out->exponent = out->exponent * 10 + (s->p[0] - '0');
	out->exponent = negative ? -out->exponent : out->exponent;
	return true;
}

bool slow_read(struct tb_span s, bool exponents, struct slow_decimal *out)
{
	struct digits d = {out, 0};

	*out = (struct slow_decimal){.power = 0};
	if (read_digits(&s, &d) == 0)
		return false;
	if (skip_one_of(&s, ".") && (out->behind = read_digits(&s, &d)) == 0)
		return false;
	if (exponents && !read_exponent(&s, out))
		return false;
	out->power = d.zeros - (int)out->behind + (int)out->exponent;
	return s.n == 0;
}

bool slow_whole(const struct slow_decimal *d, int decimals, struct slow *out)
{
	int power = d->power + decimals;

	*out = d->digits;
	if (d->too_long || d->digits.n == 0)
		return !d->too_long;
	if (power < 0 || power > HOLDABLE)
		return false;
	*out = slow_scale(d->digits, power);
	return true;
}
