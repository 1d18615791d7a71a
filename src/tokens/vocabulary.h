/*
 * vocabulary - the tokens of an encoding and their ranks, looked up by their bytes.
 *
 * The tables are made by pack.py when tokbill is built and are used where they lie in the program.
 * A build that could not get the published vocabularies has none, and says so.
 */
#ifndef TB_VOCABULARY_H
#define TB_VOCABULARY_H

#include "base/encoding.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TB_TOKEN_NONE UINT32_MAX

enum { TB_TOKEN_RANK_BITS = 18, TB_TOKEN_ENDS_MAX = 16 };

struct tb_vocabulary {
	const uint32_t *slots;   /* rank, and above it bits of the hash; TB_TOKEN_NONE is free */
	const uint32_t *pairs;   /* rank of each token of two bytes */
	const uint32_t *offsets; /* of each token in `text`, and where the last ends */
	const char *text;
	uint32_t count;
	uint32_t longest; /* token, in bytes */
	int slot_bits;
};

/* False when this build has no vocabularies. */
TB_MUST_CHECK bool tb_vocabulary_get(enum tb_encoding encoding, struct tb_vocabulary *v);

/* Both ends of 1 to 16 bytes: those of one length differ when the bytes do. */
static inline struct tb_ends tb_token_ends(const char *p, size_t n)
{
	const unsigned char *b = (const unsigned char *)p;

	if (n >= 8)
		return (struct tb_ends){tb_load_word(p), tb_load_word(p + n - 8)};
	if (n >= 4)
		return (struct tb_ends){tb_load_half(p) | tb_load_half(p + n - 4) << 32, 0};
	return (struct tb_ends){b[0] | (uint64_t)b[n / 2] << 8 | (uint64_t)b[n - 1] << 16, 0};
}

/* One step of the hash, over up to 16 bytes. */
static inline uint64_t tb_token_fold(uint64_t state, struct tb_ends e, size_t n)
{
	uint64_t h = ((e.head ^ state) * 0x9e3779b97f4a7c15u) ^ (e.tail + n) * 0xc2b2ae3d27d4eb4fu;

	h = (h ^ h >> 32) * 0xd6e8feb86659fd93u;
	return h ^ h >> 29;
}

/* The rank of the token that has these bytes, of which there is at least one, or TB_TOKEN_NONE. */
uint32_t tb_vocabulary_rank(const struct tb_vocabulary *v, const char *p, size_t n);

/* The same for up to 16 bytes of which the hash is known already. */
uint32_t tb_vocabulary_probe(const struct tb_vocabulary *v, uint64_t hash, const char *p, size_t n);

#endif
