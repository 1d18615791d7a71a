/*
 * keytab - a set of byte strings, each with a number: 0, 1, 2 ... in order of arrival.
 *
 * Look-ups take constant time whatever the keys are (see hash.h). Keys are copied and never move.
 */
#ifndef TB_KEYTAB_H
#define TB_KEYTAB_H

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdint.h>

#define TB_KEYTAB_NONE UINT32_MAX

struct tb_keytab {
	struct tb_hash_key hash_key;
	struct tb_arena arena;
	struct tb_keytab_entry *entries;
	uint32_t *slots; /* entry number + 1, 0 is free */
	size_t n, cap, slot_count;
};

void tb_keytab_init(struct tb_keytab *t);
void tb_keytab_release(struct tb_keytab *t);

/* The key's number, or TB_KEYTAB_NONE. */
uint32_t tb_keytab_find(const struct tb_keytab *t, const void *key, size_t n);

/* The key's number, adding it when it is new (*added tells); TB_KEYTAB_NONE: out of memory. */
uint32_t tb_keytab_put(struct tb_keytab *t, const void *key, size_t n, bool *added);

/* Begins to fetch a key that is soon to be asked for: first its entry, some time later its text. */
void tb_keytab_prefetch(const struct tb_keytab *t, uint32_t number);
void tb_keytab_prefetch_key(const struct tb_keytab *t, uint32_t number);

/* The key with a number below t->n; NUL-terminated as well. */
struct tb_span tb_keytab_key(const struct tb_keytab *t, uint32_t number);

#endif
