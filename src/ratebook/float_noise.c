#include "ratebook/float_noise.h"

#include "base/decimal.h"

/* Shorter runs, or fewer decimals, are prices that somebody meant. */
enum { RUN_MIN = 5, DECIMALS_MIN = 8 };

static size_t run_at(const struct tb_decimal *d, size_t i)
{
	size_t end = i;

	while (end < d->n && d->digits[end] == d->digits[i])
		end++;
	return end - i;
}

/*
 * Where the last long run of zeros or nines after the point begins; d->n when there is none. Noise
 * stands at the end of the digits that a program prints: 2.9999900000000002 was 2.99999, and not 3.
 */
static size_t find_run(const struct tb_decimal *d)
{
	int whole = (int)d->n + d->exponent;
	size_t found = d->n, run;

	for (size_t i = whole > 0 ? (size_t)whole : 0; i < d->n; i += run) {
		run = run_at(d, i);
		if ((d->digits[i] == 0 || d->digits[i] == 9) && run >= RUN_MIN)
			found = i;
	}
	return found;
}

static void cut(struct tb_decimal *d, size_t n)
{
	d->exponent += (int)(d->n - n);
	d->n = n;
}

/* Adds one to the last digit. What is nine then becomes a zero, which is not written. */
static void count_up(struct tb_decimal *d)
{
	size_t n = d->n;

	while (n > 0 && d->digits[n - 1] == 9)
		n--;
	cut(d, n);
	if (n == 0)
		d->digits[d->n++] = 0;
	d->digits[d->n - 1]++;
}

static void drop_zeros(struct tb_decimal *d)
{
	size_t n = d->n;

	while (n > 0 && d->digits[n - 1] == 0)
		n--;
	cut(d, n);
}

bool tb_likely_price(struct tb_span s, char likely[TB_LIKELY_TEXT])
{
	struct tb_decimal d;
	bool nines;
	size_t run;

	if (!tb_decimal_read(s, TB_DECIMAL_PLAIN, &d) || d.too_long || d.decimals < DECIMALS_MIN)
		return false;
	run = find_run(&d);
	if (run == d.n)
		return false;
	nines = d.digits[run] == 9;
	cut(&d, run);
	if (nines)
		count_up(&d);
	drop_zeros(&d);
	return tb_decimal_text(&d, likely, TB_LIKELY_TEXT);
}
