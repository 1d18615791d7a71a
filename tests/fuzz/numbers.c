/*
 * numbers - each line as a count, price, percentage, multiplier, quantity and reported amount, and
 * some bytes as amounts to add, multiply and round: the same as on paper, digit by digit; what is
 * printed reads back as what it was.
 */
#include "base/money.h"
#include "base/quantity.h"
#include "fuzz.h"
#include "slow.h"
#include "stations.h"

static const struct tb_money money_max = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, INT64_MAX}};

static struct slow slow_of_size(struct tb_money m)
{
	struct slow size = {.n = 0}, limb = slow_of((tb_u128)1 << 64);
	bool negative = m.limbs[TB_MONEY_LIMBS - 1] >> 63;
	tb_u128 carry = negative;

	for (int i = 0; negative && i < TB_MONEY_LIMBS; i++, carry >>= 64)
		m.limbs[i] = (uint64_t)(carry += ~m.limbs[i]);
	for (int i = TB_MONEY_LIMBS; i-- > 0;)
		size = slow_sum(slow_times(size, limb), slow_of(m.limbs[i]));
	return size;
}

/* Whether the decimal is a whole number of 10^-decimals, and of these at most `max`. */
static bool at_most(const struct slow_decimal *d, int decimals, struct slow max, struct slow *out)
{
	return slow_whole(d, decimals, out) && slow_compare(*out, max) <= 0;
}

static bool is(struct slow a, tb_u128 n)
{
	return slow_compare(a, slow_of(n)) == 0;
}

/* ---- texts ---- */

static void check_count(struct tb_span text)
{
	struct slow_decimal d;
	struct slow slow;
	uint64_t n;
	char again[TB_COUNT_TEXT];
	bool good = slow_read(text, false, &d) && !memchr(text.p, '.', text.n) && text.n <= 19 &&
		    at_most(&d, 0, slow_of(INT64_MAX), &slow);

	EXPECT((tb_count_parse(text, &n) == NULL) == good);
	if (!good)
		return;
	EXPECT(is(slow, n));
	EXPECT(tb_count_parse(tb_span_of(tb_count_text(n, '\0', again)), &n) == NULL &&
	       is(slow, n));
}

/* Digits, or digits with a fraction of zeros: the digits; else nothing. */
static struct tb_span whole_part(struct tb_span text)
{
	size_t n = 0, end;

	while (n < text.n && text.p[n] != '.')
		n++;
	for (end = n + 1; end < text.n && text.p[end] == '0';)
		end++;
	if (n == text.n)
		return text;
	return n + 1 < text.n && end == text.n ? (struct tb_span){text.p, n} : TB_NO_SPAN;
}

/* The same count in a row of a log, which has ways of its own, and may have a fraction of zeros. */
static void check_row(const struct tb_columns *columns, struct tb_span text)
{
	const struct tb_span cells[] = {
		{"2026-01-01         ", 10}, {"m         ", 1}, text, {"0         ", 1}};
	struct tb_row_rules rules = {0};
	struct tb_usage u = {0};
	struct tb_problem why;
	uint64_t n;
	bool good = tb_count_parse(whole_part(text), &n) == NULL;

	EXPECT(tb_row_parse(columns, cells, &rules, &u, &why) == good);
	EXPECT(!good || u.tokens[TB_INPUT] == n);
}

static void check_price(struct tb_span text)
{
	struct tb_price price, again;
	struct slow_decimal d;
	struct slow slow;
	char room[TB_MONEY_TEXT];
	const struct slow max = slow_scale(slow_of(TB_PRICE_MAX), TB_PRICE_DECIMALS);
	bool good = slow_read(text, false, &d) && d.behind <= TB_PRICE_WRITTEN_DECIMALS &&
		    at_most(&d, TB_PRICE_DECIMALS, max, &slow);

	EXPECT((tb_price_parse(text, &price) == NULL) == good);
	if (!good)
		return;
	EXPECT(is(slow, (tb_u128)price.units));
	EXPECT(strcmp(tb_price_text(price, room), slow_text(slow, TB_PRICE_DECIMALS, false)) == 0);
	EXPECT(tb_price_parse(tb_span_of(room), &again) == NULL && again.units == price.units);
}

static void check_percent(struct tb_span text)
{
	struct slow_decimal d;
	struct slow slow;
	int percent;
	bool good = text.n && text.p[text.n - 1] == '%' &&
		    slow_read((struct tb_span){text.p, text.n - 1}, false, &d) && d.behind <= 2 &&
		    at_most(&d, TB_PERCENT_DECIMALS, slow_of(TB_PERCENT_WHOLE), &slow);

	EXPECT((tb_percent_parse(text, &percent) == NULL) == good);
	EXPECT(!good || is(slow, (unsigned)percent));
}

static void check_multiplier(struct tb_span text)
{
	struct slow_decimal d;
	struct slow slow;
	int hundredths;
	bool good = slow_read(text, false, &d) && d.behind <= 2 &&
		    at_most(&d, 2, slow_of(100 * TB_MULTIPLIER_WHOLE), &slow);

	EXPECT((tb_multiplier_parse(text, &hundredths) == NULL) == good);
	EXPECT(!good || is(slow, (unsigned)hundredths));
}

static int suffix_power(char c)
{
	return c == 'k' || c == 'K' ? 3 : c == 'M' ? 6 : c == 'B' || c == 'G' ? 9 : 0;
}

static void check_quantity(struct tb_span text)
{
	int power = text.n ? suffix_power(text.p[text.n - 1]) : 0;
	struct tb_span plain = {text.p, text.n - (power != 0)};
	struct slow_decimal d;
	struct slow slow;
	uint64_t n;
	bool good = slow_read(plain, power == 0, &d);

	d.power += power;
	good = good && at_most(&d, 0, slow_of(INT64_MAX), &slow);
	EXPECT((tb_quantity_parse(text, &n) == NULL) == good);
	EXPECT(!good || is(slow, n));
}

/* Takes the commas out of the whole part; false where one is missing or does not belong. */
static bool without_commas(struct tb_span text, struct tb_buf *out)
{
	size_t whole = 0;

	while (whole < text.n &&
	       (text.p[whole] == ',' || (text.p[whole] >= '0' && text.p[whole] <= '9')))
		whole++;
	for (size_t i = 0; i < whole; i++) {
		bool due = (whole - i) % 4 == 0;

		if (!memchr(text.p, ',', whole))
			break;
		if (due != (text.p[i] == ',') || (due && i == 0))
			return false;
	}
	tb_buf_puts(out, "");
	for (size_t i = 0; i < text.n; i++)
		if (i >= whole || text.p[i] != ',')
			tb_buf_add(out, text.p + i, 1);
	return whole > 0;
}

static void skip(struct tb_span *s, const char *prefix)
{
	if (tb_span_starts(*s, prefix))
		*s = (struct tb_span){s->p + strlen(prefix), s->n - strlen(prefix)};
}

static void check_reported(struct tb_span text)
{
	struct tb_span s = tb_span_trim(text);
	bool negative = s.n && s.p[0] == '-', number, held;
	struct tb_money money, again;
	struct slow_decimal d = {0};
	struct tb_buf plain = {0};
	struct slow slow;
	char room[TB_MONEY_TEXT];
	enum tb_reported is_what = tb_reported_parse(text, &money);

	skip(&s, "-");
	if (tb_span_starts(s, "USD")) {
		skip(&s, "USD");
		s = tb_span_trim(s);
	}
	skip(&s, "$");
	number = without_commas(s, &plain) &&
		 slow_read((struct tb_span){plain.p, plain.n}, true, &d);
	tb_buf_release(&plain);
	EXPECT(number == (is_what == TB_REPORTED_AMOUNT || is_what == TB_REPORTED_INEXACT));
	if (!number)
		return;
	held = at_most(&d, TB_MONEY_DECIMALS, slow_of_size(money_max), &slow);
	EXPECT(held == (is_what == TB_REPORTED_AMOUNT));
	if (!held)
		return;
	EXPECT(slow_compare(slow, slow_of_size(money)) == 0);
	EXPECT(tb_money_sign(money) == (slow.n == 0 ? 0 : negative ? -1 : 1));
	EXPECT(tb_reported_parse(tb_span_of(tb_money_text(money, room)), &again) ==
	       TB_REPORTED_AMOUNT);
	EXPECT(tb_money_compare(again, money) == 0);
}

static void check_line(void *ctx, struct tb_span text)
{
	check_count(text);
	check_row(ctx, text);
	check_price(text);
	check_percent(text);
	check_multiplier(text);
	check_quantity(text);
	check_reported(text);
}

/* ---- amounts ---- */

/* Terms with a sign, summed up apart. */
struct scales {
	struct slow plus, minus;
};

static void put(struct scales *s, struct slow size, bool negative)
{
	struct slow *side = negative ? &s->minus : &s->plus;

	*side = slow_sum(*side, size);
}

static tb_u128 size_of(tb_i128 n)
{
	return n < 0 ? -(tb_u128)n : (tb_u128)n;
}

static bool is_negative(struct tb_money m)
{
	return m.limbs[TB_MONEY_LIMBS - 1] >> 63;
}

static void put_money(struct scales *s, struct tb_money m)
{
	put(s, slow_of_size(m), is_negative(m));
}

static bool is_minus(const struct scales *s)
{
	return slow_compare(s->plus, s->minus) < 0;
}

static struct slow weigh(const struct scales *s)
{
	return is_minus(s) ? slow_less(s->minus, s->plus) : slow_less(s->plus, s->minus);
}

static bool fits(const struct scales *s)
{
	return slow_compare(weigh(s), slow_of_size(money_max)) <= 0;
}

static bool reads(const char *text, const struct scales *s, int decimals)
{
	return strcmp(text, slow_text(weigh(s), decimals, is_minus(s))) == 0;
}

static bool money_is(struct tb_money m, const struct scales *s)
{
	char room[TB_MONEY_TEXT];

	return reads(tb_money_text(m, room), s, TB_MONEY_DECIMALS);
}

static void check_text(struct tb_money m)
{
	struct scales s = {0};

	put_money(&s, m);
	EXPECT(money_is(m, &s));
}

static void check_groups(tb_u128 n)
{
	char groups[TB_COUNT_TEXT], plain[TB_COUNT_TEXT];
	size_t length = strlen(tb_count_text(n, ',', groups)), k = 0;
	const char *slow = slow_text(slow_of(n), 0, false);

	tb_count_text(n, '\0', plain);
	for (size_t i = 0; i < length; i++)
		if ((length - i) % 4 == 0)
			EXPECT(i > 0 && groups[i] == ',');
		else
			EXPECT(groups[i] == plain[k++]);
	EXPECT(!plain[k] && strcmp(plain, slow) == 0);
}

/* What cannot be held once it is rounded stays as it was. */
static void check_round(struct tb_money m, int decimals)
{
	struct slow slow = slow_round(slow_of_size(m), TB_MONEY_DECIMALS, decimals);
	struct tb_money rounded = tb_money_round(m, decimals);
	struct scales s = {0};

	put(&s, slow, is_negative(m));
	EXPECT(money_is(rounded, &s) || (!fits(&s) && tb_money_compare(rounded, m) == 0));
}

static void check_sum(struct tb_money a, struct tb_money b)
{
	struct scales plus = {0}, minus = {0};
	struct tb_money sum = a, rest = a;

	put_money(&plus, a);
	put_money(&plus, b);
	EXPECT(tb_money_add(&sum, b) ? money_is(sum, &plus) : !fits(&plus));
	put_money(&minus, a);
	put(&minus, slow_of_size(b), !is_negative(b));
	EXPECT(tb_money_subtract(&rest, b) ? money_is(rest, &minus) : !fits(&minus));
	EXPECT(is_negative(a) != is_negative(b) || money_is(tb_money_difference(a, b), &minus));
	EXPECT(tb_money_sign(a) == (slow_of_size(a).n == 0 ? 0 : is_negative(a) ? -1 : 1));
	EXPECT((tb_money_compare(a, b) < 0) == is_minus(&minus));
	EXPECT((tb_money_compare(a, b) == 0) == (weigh(&minus).n == 0));
}

static void check_product(tb_u128 tokens, struct tb_price price)
{
	const struct slow parts = slow_scale(slow_of(tokens), TB_PARTS_DECIMALS);
	struct scales s = {0};
	struct tb_money m;

	put(&s, slow_times(parts, slow_of(size_of(price.units))), price.units < 0);
	EXPECT(tb_money_of(&m, tokens, price) ? money_is(m, &s) : !fits(&s));
}

static void check_multiples(struct tb_money m, uint64_t n)
{
	const struct slow size = slow_of_size(m), floor = slow_scale(size, -TB_PARTS_DECIMALS);
	bool whole = slow_compare(slow_scale(floor, TB_PARTS_DECIMALS), size) == 0;
	struct scales times = {0}, part = {0};
	struct tb_money product = m;

	put(&times, slow_times(size, slow_of(n)), is_negative(m));
	EXPECT(tb_money_multiply(&product, n) ? money_is(product, &times) : !fits(&times));
	put(&part, slow_times(floor, slow_of(n)), is_negative(m));
	EXPECT(tb_money_part(m, n, &product) ? whole && money_is(product, &part)
					     : !whole || !fits(&part));
}

static void check_sizes(struct tb_money a, struct tb_money b, uint64_t n)
{
	const struct slow size_a = slow_of_size(a), size_b = slow_of_size(b);
	const struct slow times_a = slow_times(size_a, slow_of(n));
	tb_u128 count;

	EXPECT(tb_money_compare_size(a, b) == slow_compare(size_a, size_b));
	EXPECT(tb_money_compare_times(a, n, b, 10000) ==
	       slow_compare(times_a, slow_scale(size_b, 4)));
	if (size_b.n == 0)
		return;
	if (tb_money_count(a, n, b, &count)) {
		struct slow product = slow_times(size_b, slow_of(count));

		EXPECT(slow_compare(product, times_a) <= 0);
		EXPECT(slow_compare(slow_sum(product, size_b), times_a) > 0);
	} else {
		EXPECT(slow_compare(slow_times(size_b, slow_of(~(tb_u128)0)), times_a) < 0);
	}
}

static void check_scale(struct tb_price price, int parts, int whole)
{
	struct slow product = slow_times(slow_of(size_of(price.units)), slow_of((unsigned)parts));
	struct tb_price out;
	bool divides = price.units % whole * parts % whole == 0;

	if (tb_price_scale(price, parts, whole, &out)) {
		EXPECT(divides && (out.units < 0) == (price.units < 0 && parts > 0));
		EXPECT(slow_compare(
			       slow_times(slow_of(size_of(out.units)), slow_of((unsigned)whole)),
			       product) == 0);
	} else {
		struct slow most = slow_times(slow_of(~(tb_u128)0 >> 1), slow_of((unsigned)whole));

		EXPECT(!divides || slow_compare(product, most) > 0);
	}
}

/* The ratio q, with two decimals, of a to b: |100 q b - 100 a times| is at most half of b. */
static void check_ratio(struct tb_money a, struct tb_money b, unsigned times)
{
	const struct slow size_a = slow_of_size(a), size_b = slow_of_size(b);
	char room[TB_MONEY_TEXT];
	struct scales s = {0};
	struct slow_decimal q;
	struct slow hundredths, rest;
	const char *text;

	if (size_b.n == 0)
		return;
	text = tb_ratio_text(a, b, times, room);
	EXPECT(slow_read(tb_span_of(text + (text[0] == '-')), false, &q));
	EXPECT(q.behind == 2 && slow_whole(&q, 2, &hundredths));
	EXPECT((text[0] == '-') == (is_negative(a) != is_negative(b) && hundredths.n > 0));
	put(&s, slow_times(size_b, hundredths), false);
	put(&s, slow_scale(slow_times(size_a, slow_of(times)), 2), true);
	rest = slow_sum(weigh(&s), weigh(&s));
	EXPECT(slow_compare(rest, size_b) < (is_minus(&s) ? 0 : 1));
}

/* ---- all of it ---- */

/* A number of sixteen bytes, made shorter by a byte's say, for most that occur are short. */
static tb_u128 take_number(struct tb_span *rest)
{
	unsigned shift = fuzz_byte(rest) & 127;
	tb_u128 n = 0;

	for (size_t i = 0; i < sizeof(n); i++)
		n = n << 8 | fuzz_byte(rest);
	return n >> shift;
}

/* Any amount, or one of published prices, which has ways of its own, or a unit beside it. */
static struct tb_money take_money(struct tb_span *rest)
{
	const struct tb_price unit = {100000000000};
	unsigned kind = fuzz_byte(rest) % 4;
	tb_i128 high = (tb_i128)take_number(rest);
	tb_u128 low = take_number(rest);
	struct tb_money m = tb_money_of_halves(low, (tb_u128)high);

	if (kind >= 2)
		EXPECT(tb_money_of(&m, low >> 20, unit));
	if (kind == 3)
		m.limbs[0]++;
	return m;
}

static void check_amounts(struct tb_span *rest)
{
	struct tb_money a = take_money(rest), b = take_money(rest);
	struct tb_price price = {(tb_i128)take_number(rest)};
	tb_u128 tokens = take_number(rest);
	int decimals = fuzz_byte(rest) % (TB_MONEY_DECIMALS + 1);
	int parts = fuzz_byte(rest), whole = fuzz_byte(rest) + 1;

	check_text(a);
	check_groups(tokens);
	check_round(a, decimals);
	check_sum(a, b);
	check_product(tokens, price);
	check_multiples(a, (uint64_t)tokens);
	check_sizes(a, b, (uint64_t)(tokens >> 64));
	check_scale(price, parts, whole);
	check_ratio(a, b, (unsigned)parts % 101);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tb_span rest = {(const char *)data, size};
	struct tb_columns columns = {0};

	fuzz_columns(&columns);
	check_amounts(&rest);
	fuzz_each_line(rest, check_line, &columns);
	tb_columns_release(&columns);
	return 0;
}
