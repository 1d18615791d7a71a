#include "tokens/vocabulary.h"

#include "tokens/tables.h"

#include <string.h>

/* What pack.py writes for each encoding, followed by slots, pairs, offsets and the tokens' bytes.
 */
struct table_head {
	uint32_t magic, count, slot_bits, longest, text_bytes, unused[3];
};

enum { MAGIC = 0x746f6b31, PAIRS = 65536, ALIGNED = 32 };

static size_t slot_count(const struct table_head *h)
{
	return (size_t)1 << h->slot_bits;
}

/* Without the padding behind it. */
static size_t table_bytes(const struct table_head *h)
{
	return sizeof(*h) + (slot_count(h) + PAIRS + h->count + 1) * sizeof(uint32_t) +
	       h->text_bytes;
}

static void point_at(struct tb_vocabulary *v, const char *p)
{
	const struct table_head *h = (const void *)p;

	*v = (struct tb_vocabulary){
		.count = h->count, .longest = h->longest, .slot_bits = (int)h->slot_bits};
	v->slots = (const void *)(p + sizeof(*h));
	v->pairs = v->slots + slot_count(h);
	v->offsets = v->pairs + PAIRS;
	v->text = (const char *)(v->offsets + h->count + 1);
}

bool tb_vocabulary_get(enum tb_encoding encoding, struct tb_vocabulary *v)
{
	const char *p = tb_token_tables;

	for (int e = 0;; e++) {
		const struct table_head *h = (const void *)p;
		size_t left = (size_t)((uintptr_t)tb_token_tables_end - (uintptr_t)p), size;

		if (left < sizeof(*h) || h->magic != MAGIC || h->slot_bits > 24)
			return false;
		size = (table_bytes(h) + ALIGNED - 1) / ALIGNED * ALIGNED;
		if (left < size)
			return false;
		if (e == (int)encoding) {
			point_at(v, p);
			return true;
		}
		p += size;
	}
}

/* Sixteen bytes after the other, the last of them together with what is left. */
static uint64_t hash(const char *p, size_t n)
{
	const size_t step = TB_TOKEN_ENDS_MAX;
	const size_t last = n < step ? n : step;
	uint64_t h = 0;

	for (size_t i = 0; i + step < n; i += step)
		h = tb_token_fold(h, tb_token_ends(p + i, step), step);
	return tb_token_fold(h, tb_token_ends(p + n - last, last), n);
}

uint32_t tb_vocabulary_probe(const struct tb_vocabulary *v, uint64_t h, const char *p, size_t n)
{
	const uint32_t ranks = (1u << TB_TOKEN_RANK_BITS) - 1;
	uint32_t mark = (uint32_t)h << TB_TOKEN_RANK_BITS;
	size_t last = ((size_t)1 << v->slot_bits) - 1;

	for (size_t at = (size_t)(h >> (64 - v->slot_bits));; at = (at + 1) & last) {
		uint32_t slot = v->slots[at], rank = slot & ranks, begin;

		if (slot == TB_TOKEN_NONE)
			return TB_TOKEN_NONE;
		if ((slot & ~ranks) != mark)
			continue;
		begin = v->offsets[rank];
		if (v->offsets[rank + 1] - begin == n && memcmp(v->text + begin, p, n) == 0)
			return rank;
	}
}

uint32_t tb_vocabulary_rank(const struct tb_vocabulary *v, const char *p, size_t n)
{
	const unsigned char *b = (const unsigned char *)p;

	if (n == 2)
		return v->pairs[b[0] | b[1] << 8];
	if (n > v->longest)
		return TB_TOKEN_NONE;
	return tb_vocabulary_probe(v, hash(p, n), p, n);
}
