/* arm64: NEON, which every arm64 has. */
#include "logs/csv_index_words.h"

#if defined(__aarch64__)

#include <arm_neon.h>

static inline TB_ALWAYS_INLINE uint64_t bits_neon(const uint8x16_t v[4])
{
	static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128,
					   1, 2, 4, 8, 16, 32, 64, 128};
	uint8x16_t place = vld1q_u8(places);
	uint8x16_t a = vpaddq_u8(vandq_u8(v[0], place), vandq_u8(v[1], place));
	uint8x16_t b = vpaddq_u8(vandq_u8(v[2], place), vandq_u8(v[3], place));

	a = vpaddq_u8(a, b);
	a = vpaddq_u8(a, a);
	return vgetq_lane_u64(vreinterpretq_u64_u8(a), 0);
}

static inline TB_ALWAYS_INLINE uint64_t equal_neon(const uint8x16_t in[4], char c)
{
	uint8x16_t v[4];

	for (int i = 0; i < 4; i++)
		v[i] = vceqq_u8(in[i], vdupq_n_u8((uint8_t)c));
	return bits_neon(v);
}

/* One more than the byte, and signed: what is not printable ASCII is then below 0x21. */
static inline TB_ALWAYS_INLINE uint8x16_t odd_neon(uint8x16_t v)
{
	return vcltq_s8(vreinterpretq_s8_u8(vaddq_u8(v, vdupq_n_u8(1))), vdupq_n_s8(0x21));
}

static inline TB_ALWAYS_INLINE struct masks look_neon(const char *p)
{
	uint8x16_t in[4], odd[4];

	for (int i = 0; i < 4; i++) {
		in[i] = vld1q_u8((const uint8_t *)p + 16 * i);
		odd[i] = odd_neon(in[i]);
	}
	return (struct masks){.comma = equal_neon(in, ','),
			      .feed = equal_neon(in, '\n'),
			      .quote = equal_neon(in, '"'),
			      .odd = bits_neon(odd)};
}

static inline TB_ALWAYS_INLINE struct plain_masks look_plain_neon(const char *p)
{
	struct masks m = look_neon(p);

	return plain_of(&m);
}

static inline TB_ALWAYS_INLINE struct odd_masks look_odd_neon(const char *p)
{
	uint8x16_t in[4], high[4];

	for (int i = 0; i < 4; i++) {
		in[i] = vld1q_u8((const uint8_t *)p + 16 * i);
		high[i] = vcgeq_u8(in[i], vdupq_n_u8(0x80));
	}
	return (struct odd_masks){
		.cr = equal_neon(in, '\r'), .nul = equal_neon(in, '\0'), .high = bits_neon(high)};
}

static const struct ways ways_neon = {look_plain_neon, look_neon, look_odd_neon, prefix_xor,
				      lowest};

static void index_neon(const char *p, size_t n, struct tb_csv_index *out)
{
	index_with(&ways_neon, p, n, out);
}

static void count_neon(const char *p, size_t n, size_t *feeds, size_t *quotes)
{
	count_with(&ways_neon, p, n, feeds, quotes);
}

static bool numbers_neon(const struct tb_csv_index_column *c, size_t n, bool may_be_empty,
			 uint64_t *out)
{
	return numbers_one_by_one(c, n, may_be_empty, out);
}

static const struct tb_csv_indexer neon = {"neon", index_neon, count_neon, numbers_neon};

const struct tb_csv_indexer *tb_csv_indexer_native(void)
{
	return &neon;
}

#endif
