#include "base/fingerprint.h"

/* A number of 128 bits that nobody can guess; each `i` gives another. */
static tb_u128 secret_number(struct tb_hash_key secret, uint64_t i)
{
	uint64_t halves[2] = {2 * i, 2 * i + 1};

	for (size_t k = 0; k < 2; k++)
		halves[k] = tb_hash(secret, &halves[k], sizeof(halves[k]));
	return (tb_u128)halves[0] << 64 | halves[1];
}

void tb_fingerprint_key(struct tb_fingerprint_key *key, struct tb_hash_key secret)
{
	uint64_t i = 0;

	key->base = secret_number(secret, i++);
	key->length = secret_number(secret, i++);
	for (size_t w = 0; w <= TB_FINGERPRINT_WORDS; w++)
		key->word[w] = secret_number(secret, i++);
	key->rest = (struct tb_hash_key){secret.k0 ^ (uint64_t)secret_number(secret, i), secret.k1};
}

tb_u128 tb_fingerprint_long(const struct tb_fingerprint_key *key, struct tb_span s)
{
	tb_u128 sum = key->base + key->length * s.n;

	for (size_t i = 0; i < TB_FINGERPRINT_WORDS; i++)
		sum += key->word[i] * tb_load_word(s.p + 8 * i);
	return sum + key->word[TB_FINGERPRINT_WORDS] * tb_hash(key->rest,
							       s.p + TB_FINGERPRINT_BYTES,
							       s.n - TB_FINGERPRINT_BYTES);
}
