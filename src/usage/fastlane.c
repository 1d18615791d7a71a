#include "usage/fastlane.h"

#include "base/text.h"

#include <stdbool.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* One bit for each of 64 bytes. */
struct masks {
	uint64_t comma, feed, quote;
	uint64_t odd; /* not printable ASCII: below 0x20 (so line feeds too), 0x7f and above */
};

/* What the odd bytes are; looked at only where there are any but line feeds. */
struct odd_masks {
	uint64_t cr, nul, high;
};

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef struct masks look_fn(const char *p);
typedef struct odd_masks look_odd_fn(const char *p);

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
	const char *window;
	uint32_t *sep;           /* the next to be written */
	struct tb_fast_row *row; /* the same */
	uint64_t quoted;         /* all ones inside quotes, at the start of the 64 bytes */
	struct tb_fast_row part; /* what is known of the row being read */
};

ALWAYS_INLINE uint32_t seps_before(const struct state *s)
{
	return (uint32_t)(s->sep - s->out->sep) - 1;
}

/*
 * Writes eight at a time, as many as there mostly are, whether or not there are as many: a loop
 * for each bit would end at another count each time, which no processor foresees.
 */
ALWAYS_INLINE void put_separators(struct state *s, uint64_t bits, uint32_t at)
{
	uint32_t *end = s->sep + __builtin_popcountll(bits);

	do {
		for (int i = 0; i < TB_FAST_SPARE; i++) {
			s->sep[i] = at + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
			bits &= bits - 1;
		}
		s->sep += TB_FAST_SPARE;
	} while (bits);
	s->sep = end;
}

ALWAYS_INLINE uint64_t upto_lowest(uint64_t bits)
{
	return bits ^ (bits - 1);
}

/* Rows that hold nothing but plain text end here: mostly one, often none or two, rarely more. */
ALWAYS_INLINE void end_plain_rows(struct state *s, uint64_t feeds, uint64_t separators)
{
	struct tb_fast_row *end = s->row + __builtin_popcountll(feeds);
	uint32_t before = seps_before(s);

	do {
		for (int i = 0; i < 2; i++) {
			uint64_t row = separators & upto_lowest(feeds);

			*s->row++ = (struct tb_fast_row){
				.seps = before + (uint32_t)__builtin_popcountll(row)};
			feeds &= feeds - 1;
		}
	} while (feeds);
	s->row = end;
}

/* The same with quotes. */
ALWAYS_INLINE void end_quoted_rows(struct state *s, uint64_t feeds, uint64_t separators,
				   uint64_t quotes)
{
	uint32_t before = seps_before(s);

	for (; feeds; feeds &= feeds - 1) {
		uint64_t upto = upto_lowest(feeds);

		s->part.quotes = (uint16_t)(s->part.quotes + __builtin_popcountll(quotes & upto));
		s->part.seps = before + (uint32_t)__builtin_popcountll(separators & upto);
		*s->row++ = s->part;
		s->part = (struct tb_fast_row){0};
		quotes &= ~upto;
	}
	s->part.quotes = (uint16_t)(s->part.quotes + __builtin_popcountll(quotes));
}

/* What 64 bytes hold besides plain text and line ends. */
struct strange {
	struct odd_masks odd;
	uint64_t control, inner;
};

static unsigned flags_of(const struct strange *x, uint64_t part)
{
	return (x->odd.high & part ? TB_FAST_HIGH : 0) | (x->odd.cr & part ? TB_FAST_CR : 0) |
	       (x->odd.nul & part ? TB_FAST_NUL : 0) | (x->inner & part ? TB_FAST_LINES : 0) |
	       (x->control & part ? TB_FAST_CONTROL : 0);
}

/* Flags the rows that were just ended, from `row` on; gives the flags of what is behind them. */
static unsigned note_strange(struct tb_fast_row *row, const struct strange *x, uint64_t feeds)
{
	uint64_t from = 0;

	for (; feeds; feeds &= feeds - 1) {
		uint64_t upto = upto_lowest(feeds);

		row->flags |= (uint16_t)flags_of(x, upto & ~from);
		row++;
		from = upto;
	}
	return flags_of(x, ~from);
}

/* 64 bytes. Most are plain text without quotes, and then little is to be done. */
ALWAYS_INLINE void take(struct state *s, look_odd_fn look_odd, const char *p, const struct masks *m)
{
	uint32_t at = (uint32_t)(p - s->window);
	uint64_t separators = m->comma | m->feed, odd = m->odd ^ m->feed, quoted, inner;
	struct tb_fast_row *row = s->row;

	if (!(m->quote | s->quoted | odd | s->part.quotes | s->part.flags)) {
		end_plain_rows(s, m->feed, separators);
		put_separators(s, separators, at);
		return;
	}
	quoted = prefix_xor(m->quote) ^ s->quoted;
	inner = m->feed & quoted;
	end_quoted_rows(s, m->feed & ~quoted, separators & ~quoted, m->quote);
	if (odd | inner) {
		struct strange x = {.odd = look_odd(p), .inner = inner};

		x.control = odd & ~(x.odd.cr | x.odd.nul | x.odd.high);
		x.odd.cr &= m->odd;
		x.odd.nul &= m->odd;
		x.odd.high &= m->odd;
		s->part.flags |= (uint16_t)note_strange(row, &x, m->feed & ~quoted);
	}
	put_separators(s, separators & ~quoted, at);
	s->quoted = quoted >> 63 ? ~(uint64_t)0 : 0;
}

/* What lies behind the n bytes is not looked at. */
ALWAYS_INLINE void cut(struct masks *m, size_t n)
{
	uint64_t keep = ((uint64_t)1 << n) - 1;

	m->comma &= keep;
	m->feed &= keep;
	m->quote &= keep;
	m->odd &= keep;
}

ALWAYS_INLINE void index_with(look_fn look, look_odd_fn look_odd, const char *p, size_t n,
			      struct tb_fast_index *out)
{
	struct state s = {.out = out, .window = p, .sep = out->sep + 1, .row = out->row};

	out->sep[0] = UINT32_MAX;
	for (size_t at = 0; at < n; at += 64) {
		struct masks m = look(p + at);

		if (n - at < 64)
			cut(&m, n - at);
		take(&s, look_odd, p + at, &m);
	}
	out->rows = (size_t)(s.row - out->row);
}

ALWAYS_INLINE void count_with(look_fn look, const char *p, size_t n, size_t *feeds, size_t *quotes)
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

static void index_portable(const char *p, size_t n, struct tb_fast_index *out)
{
	index_with(look_portable, look_odd_portable, p, n, out);
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

AVX2 ALWAYS_INLINE __m256i load_avx2(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* One more than the byte, and signed: what is not printable ASCII is then below 0x21. */
AVX2 ALWAYS_INLINE __m256i odd_avx2(__m256i v)
{
	return _mm256_cmpgt_epi8(_mm256_set1_epi8(0x21), _mm256_add_epi8(v, _mm256_set1_epi8(1)));
}

AVX2 ALWAYS_INLINE struct masks look_avx2(const char *p)
{
	__m256i low = load_avx2(p), high = load_avx2(p + 32);

	return (struct masks){.comma = equal_avx2(low, high, ','),
			      .feed = equal_avx2(low, high, '\n'),
			      .quote = equal_avx2(low, high, '"'),
			      .odd = bits_avx2(odd_avx2(low), odd_avx2(high))};
}

AVX2 ALWAYS_INLINE struct odd_masks look_odd_avx2(const char *p)
{
	__m256i low = load_avx2(p), high = load_avx2(p + 32);

	return (struct odd_masks){.cr = equal_avx2(low, high, '\r'),
				  .nul = equal_avx2(low, high, '\0'),
				  .high = bits_avx2(low, high)};
}

AVX2 static void index_avx2(const char *p, size_t n, struct tb_fast_index *out)
{
	index_with(look_avx2, look_odd_avx2, p, n, out);
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

/* One more than the byte, and signed: what is not printable ASCII is then below 0x21. */
ALWAYS_INLINE uint8x16_t odd_neon(uint8x16_t v)
{
	return vcltq_s8(vreinterpretq_s8_u8(vaddq_u8(v, vdupq_n_u8(1))), vdupq_n_s8(0x21));
}

ALWAYS_INLINE struct masks look_neon(const char *p)
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

ALWAYS_INLINE struct odd_masks look_odd_neon(const char *p)
{
	uint8x16_t in[4], high[4];

	for (int i = 0; i < 4; i++) {
		in[i] = vld1q_u8((const uint8_t *)p + 16 * i);
		high[i] = vcgeq_u8(in[i], vdupq_n_u8(0x80));
	}
	return (struct odd_masks){
		.cr = equal_neon(in, '\r'), .nul = equal_neon(in, '\0'), .high = bits_neon(high)};
}

static void index_neon(const char *p, size_t n, struct tb_fast_index *out)
{
	index_with(look_neon, look_odd_neon, p, n, out);
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
