#include "billing/text_groups.h"

#include <stdlib.h>
#include <string.h>

struct tb_group {
	union {
		char near[TB_GROUP_TEXT_NEAR]; /* with zeros behind it */
		const char *far;
	} text;
	uint32_t len;
	uint32_t hash;
	struct tb_block cells;
};

/* ---- memory ---- */

void tb_text_groups_init(struct tb_text_groups *g, struct tb_hash_key hash_key, size_t max_cells)
{
	*g = (struct tb_text_groups){.hash_key = hash_key, .max_cells = max_cells};
	for (int i = 0; i < TB_GROUP_PARTS; i++)
		tb_count_store_init(&g->parts[i].cells);
}

void tb_text_groups_release(struct tb_text_groups *g)
{
	for (int i = 0; i < TB_GROUP_PARTS; i++) {
		struct tb_group_part *p = &g->parts[i];

		free(p->slots);
		free(p->groups);
		tb_count_store_release(&p->cells);
		tb_arena_release(&p->texts);
	}
	tb_text_groups_init(g, g->hash_key, g->max_cells);
}

/* ---- texts ---- */

struct tb_group_key tb_text_groups_key(const struct tb_text_groups *g, struct tb_span text)
{
	uint64_t hash = tb_hash(g->hash_key, text.p, text.n);
	struct tb_group_key key = {
		.text = text, .hash = (uint32_t)hash, .part = hash >> 32 & (TB_GROUP_PARTS - 1)};
	const struct tb_group_part *p = &g->parts[key.part];

	if (text.n <= TB_GROUP_TEXT_NEAR && text.n)
		memcpy(key.near, text.p, text.n);
	if (p->slot_count)
		__builtin_prefetch(&p->slots[key.hash & (p->slot_count - 1)]);
	return key;
}

/* The group that is most likely that of the key, or NULL. */
static const struct tb_group *likely_group(const struct tb_text_groups *g,
					   const struct tb_group_key *key)
{
	const struct tb_group_part *p = &g->parts[key->part];
	size_t found = p->slot_count ? (uint32_t)p->slots[key->hash & (p->slot_count - 1)] : 0;

	return found ? &p->groups[found - 1] : NULL;
}

void tb_text_groups_fetch(const struct tb_text_groups *g, const struct tb_group_key *key)
{
	const struct tb_group *group = likely_group(g, key);

	if (group)
		__builtin_prefetch(group);
}

void tb_text_groups_fetch_cells(const struct tb_text_groups *g, const struct tb_group_key *key)
{
	const struct tb_group *group = likely_group(g, key);

	if (group)
		tb_count_store_fetch(&g->parts[key->part].cells, &group->cells);
}

static bool has_text(const struct tb_group *group, const struct tb_group_key *key)
{
	if (group->len != key->text.n)
		return false;
	if (group->len <= TB_GROUP_TEXT_NEAR)
		return memcmp(group->text.near, key->near, TB_GROUP_TEXT_NEAR) == 0;
	return memcmp(group->text.far, key->text.p, group->len) == 0;
}

/* The slot of the text, or the free one where it belongs. */
static uint64_t *slot_of(const struct tb_group_part *p, const struct tb_group_key *key)
{
	size_t mask = p->slot_count - 1, i = key->hash & mask;

	for (; p->slots[i]; i = (i + 1) & mask)
		if (p->slots[i] >> 32 == key->hash &&
		    has_text(&p->groups[(uint32_t)p->slots[i] - 1], key))
			break;
	return &p->slots[i];
}

/* Keeps at least half of the slots free. */
static bool more_slots(struct tb_group_part *p)
{
	size_t count = p->slot_count ? p->slot_count * 2 : 16, cap = 0;
	uint64_t *slots = NULL;

	if (p->n < p->slot_count / 2)
		return true;
	if (!tb_grow_scattered(&slots, &cap, count, sizeof(*slots)))
		return false;
	memset(slots, 0, count * sizeof(*slots));
	for (size_t s = 0; s < p->slot_count; s++) {
		size_t i = p->slots[s] >> 32 & (count - 1);

		if (!p->slots[s])
			continue;
		while (slots[i])
			i = (i + 1) & (count - 1);
		slots[i] = p->slots[s];
	}
	free(p->slots);
	p->slots = slots;
	p->slot_count = count;
	return true;
}

/* Of a text that is not there yet; NULL when memory is out. */
static struct tb_group *add_group(struct tb_group_part *p, const struct tb_group_key *key,
				  uint64_t *slot)
{
	struct tb_group group = {.len = (uint32_t)key->text.n, .hash = key->hash};

	if (p->n >= UINT32_MAX ||
	    !tb_grow_scattered(&p->groups, &p->cap, p->n + 1, sizeof(*p->groups)))
		return NULL;
	if (group.len <= TB_GROUP_TEXT_NEAR)
		memcpy(group.text.near, key->near, TB_GROUP_TEXT_NEAR);
	else
		group.text.far = tb_arena_text(&p->texts, key->text.p, key->text.n);
	if (group.len > TB_GROUP_TEXT_NEAR && !group.text.far)
		return NULL;
	p->groups[p->n] = group;
	*slot = (uint64_t)key->hash << 32 | (uint32_t)++p->n;
	return &p->groups[p->n - 1];
}

static struct tb_group *group_of(struct tb_group_part *p, const struct tb_group_key *key)
{
	uint64_t *slot;

	if (!more_slots(p))
		return NULL;
	slot = slot_of(p, key);
	return *slot ? &p->groups[(uint32_t)*slot - 1] : add_group(p, key, slot);
}

/* The cell of a text and a class, made when it is new and one more is allowed. */
static enum tb_status cell_of(struct tb_text_groups *g, const struct tb_group_key *key,
			      uint32_t class, uint32_t **cell)
{
	struct tb_group_part *p = &g->parts[key->part];
	struct tb_group *group = group_of(p, key);

	if (!group)
		return TB_NOMEM;
	g->shift += p->n >> g->shift > 1;
	*cell = tb_count_store_find(&p->cells, &group->cells, class);
	if (*cell)
		return TB_OK;
	if (g->max_cells && g->cells >= g->max_cells)
		return TB_DATA;
	*cell = tb_count_store_add(&p->cells, &group->cells, class);
	if (!*cell)
		return TB_NOMEM;
	g->cells++;
	return TB_OK;
}

/* ---- counting ---- */

enum tb_status tb_text_groups_count(struct tb_text_groups *g, const struct tb_group_key *key,
				    uint32_t class, const struct tb_usage *u)
{
	struct tb_count_store *cells = &g->parts[key->part].cells;
	uint32_t *cell;

	if (!tb_count_store_expect(cells, u))
		return TB_NOMEM;
	TB_TRY(cell_of(g, key, class, &cell));
	return tb_count_store_count(cells, cell, u) ? TB_OK : TB_NOMEM;
}

enum tb_status tb_text_groups_add(struct tb_text_groups *g, const struct tb_group_key *key,
				  uint32_t class, const struct tb_cell *x)
{
	uint32_t *cell;

	TB_TRY(cell_of(g, key, class, &cell));
	return tb_count_store_put(&g->parts[key->part].cells, cell, x);
}

/* ---- merging ---- */

static struct tb_span text_of(const struct tb_group *group)
{
	bool near = group->len <= TB_GROUP_TEXT_NEAR;

	return (struct tb_span){near ? group->text.near : group->text.far, group->len};
}

/* The key of a group, but for its part. */
static struct tb_group_key key_of(const struct tb_group *group)
{
	struct tb_group_key key = {.text = text_of(group), .hash = group->hash};

	memcpy(key.near, group->text.near, TB_GROUP_TEXT_NEAR);
	return key;
}

/* Begins to fetch what the group behind the next ones needs, on both sides. */
static void fetch_for_merge(const struct tb_group_part *p, const struct tb_group_part *from,
			    size_t i)
{
	enum { AHEAD = 16 };
	const struct tb_group *far, *near;
	size_t mask = p->slot_count - 1, found;

	if (from->n - i <= AHEAD)
		return;
	far = &from->groups[i + AHEAD];
	near = &from->groups[i + AHEAD / 2];
	__builtin_prefetch(&p->slots[far->hash & mask]);
	tb_count_store_fetch(&from->cells, &far->cells);
	found = (uint32_t)p->slots[near->hash & mask];
	if (found)
		__builtin_prefetch(&p->groups[found - 1]);
}

static enum tb_status merge_group(const struct tb_count_store_merge *m, struct tb_group *group,
				  const struct tb_group *theirs, const uint32_t *classes)
{
	for (size_t i = 0; i < theirs->cells.size; i++) {
		const uint32_t *x = tb_count_store_at(m->from, &theirs->cells, i);
		uint32_t class = classes[tb_count_store_class(x)];
		uint32_t *cell = tb_count_store_find(m->to, &group->cells, class);

		if (!cell)
			cell = tb_count_store_add(m->to, &group->cells, class);
		if (!cell)
			return TB_NOMEM;
		TB_TRY(tb_count_store_merge(m, cell, x));
	}
	return TB_OK;
}

enum tb_status tb_text_groups_merge(struct tb_text_groups *g, const struct tb_text_groups *from,
				    size_t part, const uint32_t *classes)
{
	const struct tb_group_part *other = &from->parts[part];
	struct tb_group_part *p = &g->parts[part];
	struct tb_count_store_merge m;

	if (!tb_count_store_begin_merge(&m, &p->cells, &other->cells))
		return TB_NOMEM;
	for (size_t i = 0; i < other->n; i++) {
		struct tb_group_key key = key_of(&other->groups[i]);
		struct tb_group *group = group_of(p, &key);

		if (!group)
			return TB_NOMEM;
		fetch_for_merge(p, other, i);
		TB_TRY(merge_group(&m, group, &other->groups[i], classes));
	}
	return TB_OK;
}

bool tb_text_groups_recount(struct tb_text_groups *g)
{
	g->cells = 0;
	for (int i = 0; i < TB_GROUP_PARTS; i++) {
		g->cells += g->parts[i].cells.in_use;
		while (g->parts[i].n >> g->shift > 1)
			g->shift++;
	}
	return !g->max_cells || g->cells <= g->max_cells;
}

/* ---- reading ---- */

/* The groups of a part have numbers next to each other, as they lie in memory. */
static const struct tb_group_part *part_at(const struct tb_text_groups *g, size_t number)
{
	return &g->parts[number >> (g->shift + 1)];
}

static size_t place_at(const struct tb_text_groups *g, size_t number)
{
	return number & (((size_t)2 << g->shift) - 1);
}

static const struct tb_group *group_at(const struct tb_text_groups *g, size_t number)
{
	return &part_at(g, number)->groups[place_at(g, number)];
}

size_t tb_text_groups_bound(const struct tb_text_groups *g)
{
	return g->cells ? (size_t)TB_GROUP_PARTS << (g->shift + 1) : 0;
}

size_t tb_text_groups_size(const struct tb_text_groups *g, size_t number)
{
	if (place_at(g, number) >= part_at(g, number)->n)
		return 0;
	return group_at(g, number)->cells.size;
}

struct tb_span tb_text_groups_text(const struct tb_text_groups *g, size_t number)
{
	return text_of(group_at(g, number));
}

static const uint32_t *cell_at(const struct tb_text_groups *g, size_t number, size_t cell)
{
	return tb_count_store_at(&part_at(g, number)->cells, &group_at(g, number)->cells, cell);
}

uint32_t tb_text_groups_class(const struct tb_text_groups *g, size_t number, size_t cell)
{
	return tb_count_store_class(cell_at(g, number, cell));
}

void tb_text_groups_cell(const struct tb_text_groups *g, size_t number, size_t cell,
			 struct tb_cell *out)
{
	tb_count_store_read(&part_at(g, number)->cells, cell_at(g, number, cell), out);
}

void tb_text_groups_prefetch(const struct tb_text_groups *g, size_t number)
{
	__builtin_prefetch(group_at(g, number));
}

void tb_text_groups_prefetch_cells(const struct tb_text_groups *g, size_t number)
{
	if (tb_text_groups_size(g, number))
		tb_count_store_fetch(&part_at(g, number)->cells, &group_at(g, number)->cells);
}
