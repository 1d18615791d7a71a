/*
 * fingerprint - 64 bits of a text, which two texts share only by chance.
 *
 * A multilinear hash: the words of the text, times secret numbers of 128 bits, summed up; the upper
 * half of the sum counts. For any two different texts chosen without knowing the key, the chance
 * of one fingerprint is 2^-64, and that of sharing any n bits of it 2^-n: proven, not hoped
 * (Lemire and Kaser, "Strongly universal string hashing is fast", 2014). It takes a fifth of the
 * time of tb_hash(), but must not be shown to whoever chooses the texts.
 *
 * What lies beyond TB_FINGERPRINT_BYTES comes in as one word that tb_hash() made of it.
 */
#ifndef TB_FINGERPRINT_H
#define TB_FINGERPRINT_H

#include "base/hash.h"
#include "base/money.h"
#include "base/text.h"

enum {
	TB_FINGERPRINT_WORDS = 16, /* of the text itself */
	TB_FINGERPRINT_BYTES = 8 * TB_FINGERPRINT_WORDS,
};

/* To be made once for all texts whose fingerprints are compared. */
struct tb_fingerprint_key {
	/* The constant term, a factor for the length, and one for each word and for the rest. */
	tb_u128 base, length, word[TB_FINGERPRINT_WORDS + 1];
	struct tb_hash_key rest;
};

/* Stretches a key that nobody can guess. */
void tb_fingerprint_key(struct tb_fingerprint_key *key, struct tb_hash_key secret);

/* The sum for a text longer than TB_FINGERPRINT_BYTES. */
tb_u128 tb_fingerprint_long(const struct tb_fingerprint_key *key, struct tb_span text);

/* A text of less than eight bytes as a number, told apart by the length from those of others. */
static inline uint64_t tb_short_word(struct tb_span s)
{
	uint64_t low = 0;

	for (size_t i = 0; i < s.n; i++)
		low |= (uint64_t)(unsigned char)s.p[i] << (8 * i);
	return low;
}

static inline uint64_t tb_fingerprint(const struct tb_fingerprint_key *key, struct tb_span s)
{
	tb_u128 sum = key->base + key->length * s.n;
	size_t i = 0;

	if (s.n < 8)
		sum += key->word[0] * tb_short_word(s);
	else if (s.n > TB_FINGERPRINT_BYTES)
		sum = tb_fingerprint_long(key, s);
	else {
		for (; 8 * i + 8 < s.n; i++)
			sum += key->word[i] * tb_load_word(s.p + 8 * i);
		/* The last word overlaps the one before; with the length that tells as much. */
		sum += key->word[i] * tb_load_word(s.p + s.n - 8);
	}
	return (uint64_t)(sum >> 64);
}

#endif
