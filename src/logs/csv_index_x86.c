/* x86-64: AVX2, where the processor has it. */
#include "logs/csv_index_words.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))

AVX2 static inline TB_ALWAYS_INLINE uint64_t bits_avx2(__m256i low, __m256i high)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 static inline TB_ALWAYS_INLINE uint64_t equal_avx2(__m256i low, __m256i high, char c)
{
	__m256i v = _mm256_set1_epi8(c);

	return bits_avx2(_mm256_cmpeq_epi8(low, v), _mm256_cmpeq_epi8(high, v));
}

AVX2 static inline TB_ALWAYS_INLINE __m256i load_avx2(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* One more than the byte, and signed: what is not printable ASCII is then below 0x21. */
AVX2 static inline TB_ALWAYS_INLINE __m256i odd_avx2(__m256i v)
{
	return _mm256_cmpgt_epi8(_mm256_set1_epi8(0x21), _mm256_add_epi8(v, _mm256_set1_epi8(1)));
}

AVX2 static inline TB_ALWAYS_INLINE struct masks look_avx2(const char *p)
{
	__m256i low = load_avx2(p), high = load_avx2(p + 32);

	return (struct masks){.comma = equal_avx2(low, high, ','),
			      .feed = equal_avx2(low, high, '\n'),
			      .quote = equal_avx2(low, high, '"'),
			      .odd = bits_avx2(odd_avx2(low), odd_avx2(high))};
}

/* Comma and line feed by the table: the only bytes that stand where their lower four bits say. */
AVX2 static inline TB_ALWAYS_INLINE __m256i separators_avx2(__m256i v)
{
	__m256i table = _mm256_setr_epi8(-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, ',', 0, 0, 0, -1,
					 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, ',', 0, 0, 0);

	return _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, v), v);
}

/* All ones for a line feed and for what is printable ASCII but no quote. */
AVX2 static inline TB_ALWAYS_INLINE __m256i usual_avx2(__m256i v, __m256i feed)
{
	__m256i printable =
		_mm256_cmpgt_epi8(_mm256_add_epi8(v, _mm256_set1_epi8(1)), _mm256_set1_epi8(0x20));
	__m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));

	return _mm256_andnot_si256(quote, _mm256_or_si256(printable, feed));
}

AVX2 static inline TB_ALWAYS_INLINE struct plain_masks look_plain_avx2(const char *p)
{
	__m256i low = load_avx2(p), high = load_avx2(p + 32), feed = _mm256_set1_epi8('\n');
	__m256i low_feed = _mm256_cmpeq_epi8(low, feed), high_feed = _mm256_cmpeq_epi8(high, feed);
	__m256i usual = _mm256_and_si256(usual_avx2(low, low_feed), usual_avx2(high, high_feed));

	return (struct plain_masks){bits_avx2(separators_avx2(low), separators_avx2(high)),
				    bits_avx2(low_feed, high_feed),
				    !_mm256_testc_si256(usual, _mm256_set1_epi8(-1))};
}

AVX2 static inline TB_ALWAYS_INLINE uint64_t prefix_xor_avx2(uint64_t x)
{
	__m128i ones = _mm_set1_epi8(-1);

	return (uint64_t)_mm_cvtsi128_si64(
		_mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)x), ones, 0));
}

AVX2 static inline TB_ALWAYS_INLINE uint32_t lowest_avx2(uint64_t bits)
{
	return (uint32_t)_tzcnt_u64(bits);
}

AVX2 static inline TB_ALWAYS_INLINE struct odd_masks look_odd_avx2(const char *p)
{
	__m256i low = load_avx2(p), high = load_avx2(p + 32);

	return (struct odd_masks){.cr = equal_avx2(low, high, '\r'),
				  .nul = equal_avx2(low, high, '\0'),
				  .high = bits_avx2(low, high)};
}

static const struct ways ways_avx2 = {look_plain_avx2, look_avx2, look_odd_avx2, prefix_xor_avx2,
				      lowest_avx2};

AVX2 static void index_avx2(const char *p, size_t n, struct tb_csv_index *out)
{
	index_with(&ways_avx2, p, n, out);
}

AVX2 static void count_avx2(const char *p, size_t n, size_t *feeds, size_t *quotes)
{
	count_with(&ways_avx2, p, n, feeds, quotes);
}

/* ---- numbers: four rows at a time ---- */

/* Eight bytes from each of two places. */
AVX2 static inline TB_ALWAYS_INLINE __m128i two_words(const void *a, const void *b)
{
	return _mm_unpacklo_epi64(_mm_loadl_epi64(a), _mm_loadl_epi64(b));
}

/* The places before and behind each field, as the two halves of a word. */
AVX2 static inline TB_ALWAYS_INLINE __m256i four_places(const uint32_t *sep, size_t step)
{
	return _mm256_set_m128i(two_words(sep + 2 * step, sep + 3 * step),
				two_words(sep, sep + step));
}

AVX2 static inline TB_ALWAYS_INLINE const char *first_byte(const struct tb_csv_index_column *c,
							   const uint32_t *sep)
{
	return c->window + (uint32_t)(*sep + 1 + c->quote);
}

AVX2 static inline TB_ALWAYS_INLINE __m256i four_texts(const struct tb_csv_index_column *c,
						       const uint32_t *sep)
{
	return _mm256_set_m128i(
		two_words(first_byte(c, sep + 2 * c->step), first_byte(c, sep + 3 * c->step)),
		two_words(first_byte(c, sep), first_byte(c, sep + c->step)));
}

/* As tb_short_count(), from digits to pairs to fours to eights. */
AVX2 static inline TB_ALWAYS_INLINE __m256i numbers_of(__m256i digits)
{
	__m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(1 << 8 | 10));
	__m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 << 16 | 100));

	return _mm256_add_epi64(_mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)),
				_mm256_srli_epi64(fours, 32));
}

AVX2 static bool numbers_avx2(const struct tb_csv_index_column *column, size_t n, bool may_be_empty,
			      uint64_t *out)
{
	/* Copies, which what is written to `out` cannot change. */
	const struct tb_csv_index_column at = *column, *c = &at;
	int edges = 1 + 2 * (int)c->quote; /* how much longer than its text a field is, as found */
	__m256i shortest = _mm256_set1_epi32(edges + !may_be_empty);
	__m256i longest = _mm256_set1_epi32(edges + 8), wrong = _mm256_setzero_si256();
	struct tb_csv_index_column rest = *c;
	size_t i = 0;

	for (; i + 4 <= n; i += 4) {
		const uint32_t *sep = c->sep + i * c->step;
		__m256i places = four_places(sep, c->step);
		__m256i length = _mm256_sub_epi32(_mm256_srli_epi64(places, 32), places);
		/* The digits go to the high end of the word; the lower half is what counts. */
		__m256i by = _mm256_slli_epi32(_mm256_sub_epi32(longest, length), 3), digits;

		length = _mm256_blend_epi32(shortest, length, 0x55);
		digits = _mm256_xor_si256(four_texts(c, sep), _mm256_set1_epi8('0'));
		digits = _mm256_sllv_epi64(digits,
					   _mm256_blend_epi32(_mm256_setzero_si256(), by, 0x55));
		wrong = _mm256_or_si256(wrong, _mm256_cmpgt_epi32(shortest, length));
		wrong = _mm256_or_si256(wrong, _mm256_cmpgt_epi32(length, longest));
		wrong = _mm256_or_si256(wrong, _mm256_subs_epu8(digits, _mm256_set1_epi8(9)));
		_mm256_storeu_si256((__m256i *)(void *)(out + i), numbers_of(digits));
	}
	rest.sep += i * c->step;
	return _mm256_testz_si256(wrong, wrong) &&
	       numbers_one_by_one(&rest, n - i, may_be_empty, out + i);
}

static const struct tb_csv_indexer avx2 = {"avx2", index_avx2, count_avx2, numbers_avx2};

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
	       __builtin_cpu_supports("pclmul");
}

const struct tb_csv_indexer *tb_csv_indexer_native(void)
{
	return has_avx2() ? &avx2 : NULL;
}

#endif
