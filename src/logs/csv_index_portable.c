/* Plain C: eight bytes to a word. */
#include "logs/csv_index_words.h"

#define BYTES(c) (0x0101010101010101u * (uint64_t)(c))

/* The high bit of each byte that is zero, exactly (no borrow runs from one byte to the next). */
static uint64_t zero_bytes(uint64_t w)
{
	uint64_t low = BYTES(0x7f);

	return ~(((w & low) + low) | w | low);
}

/* The high bits of eight bytes as eight bits, the first byte lowest. */
static uint64_t gather(uint64_t high_bits)
{
	return (high_bits >> 7) * 0x0102040810204080u >> 56;
}

static uint64_t eight_bytes(uint64_t high_bits, int i)
{
	return gather(high_bits) << (8 * i);
}

static struct masks look_portable(const char *p)
{
	struct masks m = {0};

	for (int i = 0; i < 8; i++) {
		uint64_t w = tb_load_word(p + 8 * i), low = w & BYTES(0x7f);
		/* One more and 0x7f is high; 0x60 more than that and 0x20 was reached. */
		uint64_t odd = w | (low + BYTES(1)) | ~(low + BYTES(0x60));

		m.comma |= eight_bytes(zero_bytes(w ^ BYTES(',')), i);
		m.feed |= eight_bytes(zero_bytes(w ^ BYTES('\n')), i);
		m.quote |= eight_bytes(zero_bytes(w ^ BYTES('"')), i);
		m.odd |= eight_bytes(odd & BYTES(0x80), i);
	}
	return m;
}

static struct plain_masks look_plain_portable(const char *p)
{
	struct masks m = look_portable(p);

	return plain_of(&m);
}

static struct odd_masks look_odd_portable(const char *p)
{
	struct odd_masks m = {0};

	for (int i = 0; i < 8; i++) {
		uint64_t w = tb_load_word(p + 8 * i);

		m.cr |= eight_bytes(zero_bytes(w ^ BYTES('\r')), i);
		m.nul |= eight_bytes(zero_bytes(w), i);
		m.high |= eight_bytes(w & BYTES(0x80), i);
	}
	return m;
}

static const struct ways ways_portable = {look_plain_portable, look_portable, look_odd_portable,
					  prefix_xor, lowest};

static void index_portable(const char *p, size_t n, struct tb_csv_index *out)
{
	index_with(&ways_portable, p, n, out);
}

static void count_portable(const char *p, size_t n, size_t *feeds, size_t *quotes)
{
	count_with(&ways_portable, p, n, feeds, quotes);
}

static bool numbers_portable(const struct tb_csv_index_column *c, size_t n, bool may_be_empty,
			     uint64_t *out)
{
	return numbers_one_by_one(c, n, may_be_empty, out);
}

const struct tb_csv_indexer tb_csv_indexer_portable = {"portable", index_portable, count_portable,
						       numbers_portable};
