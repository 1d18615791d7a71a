/*
 * short_count - counts as they mostly are: short.
 */
#ifndef TB_SHORT_COUNT_H
#define TB_SHORT_COUNT_H

#include "base/text.h"

/*
 * Counts of up to 8 digits, all at once: the digits are moved to the high end of a word, so that
 * the first comes last in memory order, and added up in pairs, fours and eights. False for
 * whatever else the text may be. Relies on the bytes behind it being readable.
 */
static inline bool tb_short_count(struct tb_span s, uint64_t *out)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t w;

	if (s.n - 1 >= sizeof(w))
		return false;
	w = (tb_load_word(s.p) ^ ones * '0') << (8 * (sizeof(w) - s.n)); /* digits become 0 to 9 */
	if ((w | (w + ones * 0x76)) & ones * 0x80)
		return false;
	w = w * 10 + (w >> 8);
	*out = ((w & 0x000000ff000000ffu) * (100 + (UINT64_C(1000000) << 32)) +
		(w >> 16 & 0x000000ff000000ffu) * (1 + (UINT64_C(10000) << 32))) >>
	       32;
	return true;
}

#endif
