#include "base/keytab.h"

#include <stdlib.h>
#include <string.h>

struct tb_keytab_entry {
	const char *key;
	uint32_t len;
	uint32_t hash; /* its low half: enough to skip most unequal keys */
};

void tb_keytab_init(struct tb_keytab *t)
{
	*t = (struct tb_keytab){.hash_key = tb_hash_key_random()};
}

void tb_keytab_release(struct tb_keytab *t)
{
	free(t->entries);
	free(t->slots);
	tb_arena_release(&t->arena);
	*t = (struct tb_keytab){0};
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t slot_of(const struct tb_keytab *t, const void *key, size_t n, uint32_t hash)
{
	size_t mask = t->slot_count - 1, i = hash & mask;

	for (; t->slots[i]; i = (i + 1) & mask) {
		const struct tb_keytab_entry *e = &t->entries[t->slots[i] - 1];

		if (e->hash == hash && e->len == n && memcmp(e->key, key, n) == 0)
			break;
	}
	return i;
}

uint32_t tb_keytab_find(const struct tb_keytab *t, const void *key, size_t n)
{
	if (!t->slot_count)
		return TB_KEYTAB_NONE;
	return t->slots[slot_of(t, key, n, (uint32_t)tb_hash(t->hash_key, key, n))] - 1;
}

/* Keeps at least half of the slots free. */
static bool more_slots(struct tb_keytab *t)
{
	size_t count = t->slot_count ? t->slot_count * 2 : 64;
	uint32_t *slots;

	if (t->n < t->slot_count / 2)
		return true;
	slots = calloc(count, sizeof(*slots));
	if (!slots)
		return false;
	tb_large_pages(slots, count * sizeof(*slots));
	free(t->slots);
	t->slots = slots;
	t->slot_count = count;
	for (size_t e = 0; e < t->n; e++) {
		size_t i = t->entries[e].hash & (count - 1);

		while (slots[i])
			i = (i + 1) & (count - 1);
		slots[i] = (uint32_t)e + 1;
	}
	return true;
}

uint32_t tb_keytab_put(struct tb_keytab *t, const void *key, size_t n, bool *added)
{
	uint32_t hash = (uint32_t)tb_hash(t->hash_key, key, n);
	size_t slot;
	char *copy;

	*added = false;
	if (!more_slots(t))
		return TB_KEYTAB_NONE;
	slot = slot_of(t, key, n, hash);
	if (t->slots[slot])
		return t->slots[slot] - 1;
	if (n > UINT32_MAX || t->n >= UINT32_MAX - 1 ||
	    !tb_grow(&t->entries, &t->cap, t->n + 1, sizeof(*t->entries)) ||
	    !(copy = tb_arena_text(&t->arena, key, n)))
		return TB_KEYTAB_NONE;
	t->entries[t->n] = (struct tb_keytab_entry){copy, (uint32_t)n, hash};
	t->slots[slot] = (uint32_t)++t->n;
	*added = true;
	return (uint32_t)t->n - 1;
}

void tb_keytab_prefetch(const struct tb_keytab *t, uint32_t number)
{
	__builtin_prefetch(&t->entries[number]);
}

void tb_keytab_prefetch_key(const struct tb_keytab *t, uint32_t number)
{
	__builtin_prefetch(t->entries[number].key);
}

struct tb_span tb_keytab_key(const struct tb_keytab *t, uint32_t number)
{
	return (struct tb_span){t->entries[number].key, t->entries[number].len};
}
