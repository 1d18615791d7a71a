/*
 * hash - SipHash-2-4, a keyed hash: whoever does not know the key cannot make names collide.
 *
 * Source: "SipHash: a fast short-input PRF", Aumasson and Bernstein, 2012.
 */
#ifndef TB_HASH_H
#define TB_HASH_H

#include <stddef.h>
#include <stdint.h>

struct tb_hash_key {
	uint64_t k0, k1;
};

uint64_t tb_hash(struct tb_hash_key key, const void *bytes, size_t n);

/* Bytes nobody can guess, from the system. */
struct tb_hash_key tb_hash_key_random(void);

#endif
