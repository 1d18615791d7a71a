#include "base/count.h"

const char *tb_count_parse(struct tb_span s, uint64_t *out)
{
	enum { DIGITS_MAX = 19 };
	uint64_t value = 0;
	unsigned odd = 0;

	if (s.n == 0)
		return "empty";
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)(s.p[i] - '0');

		odd |= digit > 9;
		value = value * 10 + digit; /* may wrap beyond 19 digits, which are refused */
	}
	if (odd)
		return "not a whole number in plain digits";
	if (s.n > DIGITS_MAX)
		return "out of range: more than 19 digits";
	if (value > INT64_MAX)
		return "out of range: more than 9223372036854775807";
	*out = value;
	return NULL;
}

/* Two digits at a time, each pair of them looked up: a report has them by the million. */
static char *pair_before(char *end, uint64_t pair)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";

	return memcpy(end - 2, pairs + 2 * pair, 2);
}

/* Digits are taken from words of 64 bits, for a division of 128 is a matter of many more. */
char *tb_digits_before(char *end, tb_u128 n)
{
	enum { PART = 18 };
	const uint64_t part = 1000000000000000000u; /* 10^PART */
	uint64_t high;

	while (n >> 64) {
		uint64_t low = (uint64_t)(n % part);

		n /= part;
		for (int i = 0; i < PART; i += 2, low /= 100)
			end = pair_before(end, low % 100);
	}
	for (high = (uint64_t)n; high >= 100; high /= 100)
		end = pair_before(end, high % 100);
	if (high >= 10)
		return pair_before(end, high);
	*--end = (char)('0' + (int)high);
	return end;
}

char *tb_count_put(tb_u128 n, char text[TB_COUNT_TEXT])
{
	char back[TB_COUNT_TEXT], *end = back + sizeof(back), *p = tb_digits_before(end, n);

	memcpy(text, p, (size_t)(end - p));
	text[end - p] = '\0';
	return text + (end - p);
}

const char *tb_count_text(tb_u128 n, char separator, char text[TB_COUNT_TEXT])
{
	char back[TB_COUNT_TEXT], *end = back + sizeof(back), *p = tb_digits_before(end, n);
	char *out = text;

	for (; p < end; p++) {
		*out++ = *p;
		if (separator && end - p > 1 && (end - p) % 3 == 1)
			*out++ = separator;
	}
	*out = '\0';
	return text;
}
