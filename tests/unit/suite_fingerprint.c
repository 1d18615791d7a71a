#include "base/fingerprint.h"
#include "helpers.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static struct tb_fingerprint_key key_of(uint64_t k)
{
	struct tb_fingerprint_key key;

	tb_fingerprint_key(&key, (struct tb_hash_key){k, ~k});
	return key;
}

/* The lower 128 bits of a product, a bit at a time. */
static tb_u128 times(tb_u128 a, uint64_t b)
{
	tb_u128 sum = 0;

	for (int i = 0; i < 64; i++)
		if (b >> i & 1)
			sum += a << i;
	return sum;
}

static uint64_t word_at(const char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)(unsigned char)p[i] << (8 * i);
	return word;
}

/* As the header says it. */
static uint64_t expected(const struct tb_fingerprint_key *key, const char *p, size_t n)
{
	size_t whole = n < TB_FINGERPRINT_BYTES ? n : TB_FINGERPRINT_BYTES, i = 0;
	tb_u128 sum = key->base + times(key->length, n);

	for (; whole >= 8 && 8 * i + 8 <= whole; i++)
		sum += times(key->word[i], word_at(p + 8 * i, 8));
	if (n < 8)
		sum += times(key->word[0], word_at(p, n));
	else if (n <= TB_FINGERPRINT_BYTES && n % 8)
		sum += times(key->word[i], word_at(p + n - 8, 8));
	if (n > TB_FINGERPRINT_BYTES)
		sum += times(
			key->word[TB_FINGERPRINT_WORDS],
			tb_hash(key->rest, p + TB_FINGERPRINT_BYTES, n - TB_FINGERPRINT_BYTES));
	return (uint64_t)(sum >> 64);
}

/* Of every length around the limits, and no byte beside the text is read (with ASan). */
START_TEST(as_computed)
{
	struct tb_fingerprint_key key = key_of(7);
	uint64_t seed = 1;

	for (size_t n = 0; n < 2 * TB_FINGERPRINT_BYTES + 20; n++) {
		char *exact = malloc(n ? n : 1);

		ck_assert_ptr_nonnull(exact);
		for (size_t i = 0; i < n; i++)
			exact[i] = (char)next_random(&seed);
		EXPECT(tb_fingerprint(&key, (struct tb_span){exact, n}) == expected(&key, exact, n),
		       "%zu bytes", n);
		free(exact);
	}
}
END_TEST

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* All texts of up to two bytes, and a text of any length with one byte changed. */
START_TEST(different_texts)
{
	enum { MANY = 1 + 256 + 65536, LONG = 300 };
	static uint64_t prints[MANY];
	struct tb_fingerprint_key key = key_of(8);
	char text[LONG] = "";
	size_t n = 0;

	for (size_t len = 0; len <= 2; len++)
		for (uint32_t v = 0; v < 1u << (8 * len); v++) {
			char bytes[2] = {(char)v, (char)(v >> 8)};

			prints[n++] = tb_fingerprint(&key, (struct tb_span){bytes, len});
		}
	ck_assert_uint_eq(n, MANY);
	qsort(prints, n, sizeof(*prints), compare);
	for (size_t i = 1; i < n; i++)
		EXPECT(prints[i] != prints[i - 1], "two of %zu texts", n);
	for (size_t len = 1; len < LONG; len++) {
		uint64_t zeros = tb_fingerprint(&key, (struct tb_span){text, len});

		EXPECT(zeros != tb_fingerprint(&key, (struct tb_span){text, len - 1}), "length");
		for (size_t i = 0; i < len; i++) {
			text[i] = 1;
			EXPECT(zeros != tb_fingerprint(&key, (struct tb_span){text, len}),
			       "byte %zu of %zu", i, len);
			text[i] = 0;
		}
	}
}
END_TEST

/* Whoever does not know the key cannot know a fingerprint. */
START_TEST(other_key)
{
	struct tb_fingerprint_key a = key_of(1), b = key_of(2), again = key_of(1);
	struct tb_span text = SPAN("req_0123456789abcdef");

	ck_assert(tb_fingerprint(&a, text) != tb_fingerprint(&b, text));
	ck_assert_uint_eq(tb_fingerprint(&a, text), tb_fingerprint(&again, text));
}
END_TEST

Suite *fingerprint_suite(void)
{
	Suite *s = suite_create("fingerprint");

	add_test(s, "fingerprint/as computed", as_computed);
	add_test(s, "fingerprint/different texts", different_texts);
	add_test(s, "fingerprint/other key", other_key);
	return s;
}
