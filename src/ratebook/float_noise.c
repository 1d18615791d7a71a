#include "ratebook/float_noise.h"

#include <string.h>

/* Shorter runs, or fewer decimals, are prices that somebody meant. */
enum { RUN_MIN = 5, DECIMALS_MIN = 8 };

/* Where the decimals begin; 0 when it is no plain decimal with enough of them. */
static size_t decimals_of(struct tb_span s)
{
	size_t point = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && i > 0 && !point)
			point = i;
		else if (s.p[i] < '0' || s.p[i] > '9')
			return 0;
	}
	return point && s.n - point - 1 >= DECIMALS_MIN ? point + 1 : 0;
}

static size_t run_at(struct tb_span s, size_t i)
{
	size_t end = i;

	while (end < s.n && s.p[end] == s.p[i])
		end++;
	return end - i;
}

/*
 * Where the last long run begins; s.n when there is none. Noise stands at the end of the digits that
 * a program prints: 2.9999900000000002 was 2.99999, and not 3.
 */
static size_t find_run(struct tb_span s, size_t decimals)
{
	bool counts = false; /* a digit other than 0 was seen */
	size_t found = s.n;

	for (size_t i = 0; i < decimals - 1; i++)
		counts |= s.p[i] != '0';
	for (size_t i = decimals; i < s.n; i++) {
		bool filler = s.p[i] == '9' || (s.p[i] == '0' && counts);

		if (filler && run_at(s, i) >= RUN_MIN) {
			found = i;
			i += run_at(s, i) - 1;
		}
		counts |= s.p[i] != '0';
	}
	return found;
}

/* Adds one to the last digit; `text` has a spare 0 in front. */
static void count_up(char *text)
{
	size_t i = strlen(text) - 1;

	for (; text[i] == '9' || text[i] == '.'; i--)
		if (text[i] == '9')
			text[i] = '0';
	text[i]++;
}

/* Without zeros at its ends that say nothing. */
static void tidy(char *text)
{
	size_t n = strlen(text), lead = 0;

	while (strchr(text, '.') && (text[n - 1] == '0' || text[n - 1] == '.')) {
		bool point = text[n - 1] == '.';

		text[--n] = '\0';
		if (point)
			break;
	}
	while (text[lead] == '0' && tb_is_digit(text[lead + 1]))
		lead++;
	memmove(text, text + lead, n - lead + 1);
}

bool tb_likely_price(struct tb_span s, char likely[TB_LIKELY_TEXT])
{
	size_t decimals = decimals_of(s), cut = decimals ? find_run(s, decimals) : s.n;
	bool all_zeros = true;

	if (cut == s.n || cut + 2 > TB_LIKELY_TEXT)
		return false;
	for (size_t i = cut; i < s.n; i++)
		all_zeros &= s.p[i] == '0';
	if (all_zeros)
		return false; /* 0.180000000 is 0.18, only longer */
	likely[0] = '0';
	memcpy(likely + 1, s.p, cut);
	likely[cut + 1] = '\0';
	if (s.p[cut] == '9')
		count_up(likely);
	tidy(likely);
	return true;
}
