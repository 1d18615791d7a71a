#include "base/hash.h"

#include "base/text.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void sip_rounds(uint64_t v[4], int rounds)
{
	for (int i = 0; i < rounds; i++) {
		v[0] += v[1];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[0] = rotate(v[0], 32);
		v[2] += v[3];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

/* Less than eight bytes; little-endian whatever the machine, as the published vectors are. */
static uint64_t load_rest(const char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)(unsigned char)p[i] << (8 * i);
	return word;
}

static void absorb(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_rounds(v, 2);
	v[0] ^= word;
}

uint64_t tb_hash(struct tb_hash_key key, const void *bytes, size_t n)
{
	uint64_t v[4] = {key.k0 ^ 0x736f6d6570736575u, key.k1 ^ 0x646f72616e646f6du,
			 key.k0 ^ 0x6c7967656e657261u, key.k1 ^ 0x7465646279746573u};
	const char *p = bytes;
	size_t left = n;

	for (; left >= 8; left -= 8, p += 8)
		absorb(v, tb_load_word(p));
	absorb(v, load_rest(p, left) | (uint64_t)n << 56);
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct tb_hash_key tb_hash_key_random(void)
{
	struct tb_hash_key key;
	struct timespec now;

	if (getrandom(&key, sizeof(key), GRND_NONBLOCK) == (ssize_t)sizeof(key))
		return key;
	/* An early boot has no entropy yet: hard to guess from afar will have to do. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	key.k0 = (uint64_t)now.tv_nsec;
	key.k1 = (uint64_t)getpid() << 32 ^ (uint64_t)now.tv_sec;
	return key;
}
