#include "usage/fastlane.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* One bit for each of 64 bytes. */
struct masks {
	uint64_t comma, feed, quote, cr, nul, high;
};

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* ---- from masks to separators and rows ---- */

/* Every bit becomes the parity of the bits up to it: set from an opening quote to its closing. */
ALWAYS_INLINE uint64_t prefix_xor(uint64_t x)
{
	for (int by = 1; by < 64; by *= 2)
		x ^= x << by;
	return x;
}

struct state {
	struct tb_fast_index *out;
	uint32_t seps;
	uint64_t quoted;        /* all ones inside quotes, at the start of the 64 bytes */
	struct tb_fast_row row; /* the one being read */
};

ALWAYS_INLINE void put_separators(struct state *s, uint64_t bits, uint32_t at)
{
	for (; bits; bits &= bits - 1)
		s->out->sep[s->seps++] = at + (uint32_t)__builtin_ctzll(bits);
}

/* Rows that hold nothing but plain text end here. */
ALWAYS_INLINE void end_plain_rows(struct state *s, uint64_t feeds, uint64_t separators)
{
	for (uint32_t before = s->seps; feeds; feeds &= feeds - 1) {
		uint64_t upto = feeds ^ (feeds - 1);

		s->row.seps = before + (uint32_t)__builtin_popcountll(separators & upto);
		s->out->row[s->out->rows++] = s->row;
		s->row.quotes = 0;
		s->row.flags = 0;
	}
}

static void note(struct tb_fast_row *row, const struct masks *m, uint64_t inner, uint64_t part)
{
	row->quotes = (uint16_t)(row->quotes + __builtin_popcountll(m->quote & part));
	row->flags |=
		(uint8_t)((m->quote & part ? TB_FAST_QUOTE : 0) |
			  (m->high & part ? TB_FAST_HIGH : 0) | (m->cr & part ? TB_FAST_CR : 0) |
			  (m->nul & part ? TB_FAST_NUL : 0) | (inner & part ? TB_FAST_LINES : 0));
}

/* The same, when there is anything to note about a row. */
static void end_rows(struct state *s, const struct masks *m, uint64_t quoted, uint64_t separators)
{
	uint64_t feeds = m->feed & ~quoted, inner = m->feed & quoted, from = 0;
	uint32_t before = s->seps;

	for (; feeds; feeds &= feeds - 1) {
		uint64_t upto = feeds ^ (feeds - 1);

		note(&s->row, m, inner, upto & ~from);
		s->row.seps = before + (uint32_t)__builtin_popcountll(separators & upto);
		s->out->row[s->out->rows++] = s->row;
		s->row.quotes = 0;
		s->row.flags = 0;
		from = upto;
	}
	note(&s->row, m, inner, ~from);
}

ALWAYS_INLINE void take(struct state *s, struct masks m, uint32_t at)
{
	uint64_t quoted = prefix_xor(m.quote) ^ s->quoted;
	uint64_t separators = (m.comma | m.feed) & ~quoted;

	if (m.quote | m.high | m.cr | m.nul | s->quoted)
		end_rows(s, &m, quoted, separators);
	else
		end_plain_rows(s, m.feed, separators);
	put_separators(s, separators, at);
	s->quoted = quoted >> 63 ? ~(uint64_t)0 : 0;
}

/* What lies behind the n bytes is not looked at. */
ALWAYS_INLINE void cut(struct masks *m, size_t n)
{
	uint64_t keep = ((uint64_t)1 << n) - 1;

	m->comma &= keep;
	m->feed &= keep;
	m->quote &= keep;
	m->cr &= keep;
	m->nul &= keep;
	m->high &= keep;
}

ALWAYS_INLINE void index_with(struct masks (*look)(const char *p), const char *p, size_t n,
			      struct tb_fast_index *out)
{
	struct state s = {.out = out};

	out->rows = 0;
	for (size_t at = 0; at < n; at += 64) {
		struct masks m = look(p + at);

		if (n - at < 64)
			cut(&m, n - at);
		take(&s, m, (uint32_t)at);
	}
}

ALWAYS_INLINE void count_with(struct masks (*look)(const char *p), const char *p, size_t n,
			      size_t *feeds, size_t *quotes)
{
	*feeds = *quotes = 0;
	for (size_t at = 0; at < n; at += 64) {
		struct masks m = look(p + at);

		if (n - at < 64)
			cut(&m, n - at);
		*feeds += (size_t)__builtin_popcountll(m.feed);
		*quotes += (size_t)__builtin_popcountll(m.quote);
	}
}

/* ---- plain C: eight bytes to a word ---- */

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

static uint64_t load_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

static struct masks look_portable(const char *p)
{
	struct masks m = {0};

	for (int i = 0; i < 8; i++) {
		uint64_t w = load_word(p + 8 * i);

		m.comma |= gather(zero_bytes(w ^ BYTES(','))) << (8 * i);
		m.feed |= gather(zero_bytes(w ^ BYTES('\n'))) << (8 * i);
		m.quote |= gather(zero_bytes(w ^ BYTES('"'))) << (8 * i);
		m.cr |= gather(zero_bytes(w ^ BYTES('\r'))) << (8 * i);
		m.nul |= gather(zero_bytes(w)) << (8 * i);
		m.high |= gather(w & BYTES(0x80)) << (8 * i);
	}
	return m;
}

static void index_portable(const char *p, size_t n, struct tb_fast_index *out)
{
	index_with(look_portable, p, n, out);
}

static void count_portable(const char *p, size_t n, size_t *feeds, size_t *quotes)
{
	count_with(look_portable, p, n, feeds, quotes);
}

static const struct tb_fastlane portable = {"portable", index_portable, count_portable};

/* ---- x86-64: AVX2, where the processor has it ---- */

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))

AVX2 ALWAYS_INLINE uint64_t bits_avx2(__m256i low, __m256i high)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 ALWAYS_INLINE uint64_t equal_avx2(__m256i low, __m256i high, char c)
{
	__m256i v = _mm256_set1_epi8(c);

	return bits_avx2(_mm256_cmpeq_epi8(low, v), _mm256_cmpeq_epi8(high, v));
}

AVX2 ALWAYS_INLINE struct masks look_avx2(const char *p)
{
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));

	return (struct masks){.comma = equal_avx2(low, high, ','),
			      .feed = equal_avx2(low, high, '\n'),
			      .quote = equal_avx2(low, high, '"'),
			      .cr = equal_avx2(low, high, '\r'),
			      .nul = equal_avx2(low, high, '\0'),
			      .high = bits_avx2(low, high)};
}

AVX2 static void index_avx2(const char *p, size_t n, struct tb_fast_index *out)
{
	index_with(look_avx2, p, n, out);
}

AVX2 static void count_avx2(const char *p, size_t n, size_t *feeds, size_t *quotes)
{
	count_with(look_avx2, p, n, feeds, quotes);
}

static const struct tb_fastlane avx2 = {"avx2", index_avx2, count_avx2};

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

#endif

/* ---- arm64: NEON, which every arm64 has ---- */

#if defined(__aarch64__)

ALWAYS_INLINE uint64_t bits_neon(const uint8x16_t v[4])
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

ALWAYS_INLINE uint64_t equal_neon(const uint8x16_t in[4], char c)
{
	uint8x16_t v[4];

	for (int i = 0; i < 4; i++)
		v[i] = vceqq_u8(in[i], vdupq_n_u8((uint8_t)c));
	return bits_neon(v);
}

ALWAYS_INLINE struct masks look_neon(const char *p)
{
	uint8x16_t in[4], high[4];

	for (int i = 0; i < 4; i++) {
		in[i] = vld1q_u8((const uint8_t *)p + 16 * i);
		high[i] = vcgeq_u8(in[i], vdupq_n_u8(0x80));
	}
	return (struct masks){.comma = equal_neon(in, ','),
			      .feed = equal_neon(in, '\n'),
			      .quote = equal_neon(in, '"'),
			      .cr = equal_neon(in, '\r'),
			      .nul = equal_neon(in, '\0'),
			      .high = bits_neon(high)};
}

static void index_neon(const char *p, size_t n, struct tb_fast_index *out)
{
	index_with(look_neon, p, n, out);
}

static void count_neon(const char *p, size_t n, size_t *feeds, size_t *quotes)
{
	count_with(look_neon, p, n, feeds, quotes);
}

static const struct tb_fastlane neon = {"neon", index_neon, count_neon};

#endif

/* ---- the choice ---- */

size_t tb_fastlane_all(const struct tb_fastlane *all[], size_t max)
{
	size_t n = 0;

#if defined(__x86_64__)
	if (n < max && has_avx2())
		all[n++] = &avx2;
#elif defined(__aarch64__)
	if (n < max)
		all[n++] = &neon;
#endif
	if (n < max)
		all[n++] = &portable;
	return n;
}

const struct tb_fastlane *tb_fastlane_best(void)
{
	const struct tb_fastlane *best;

	tb_fastlane_all(&best, 1);
	return best;
}
