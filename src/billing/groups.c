#include "billing/groups.h"

#include <stdlib.h>
#include <string.h>

#define NO_BLOCK UINT32_MAX

/* Of a class: the counts do not stand here, the first of them is a place among the wide ones. */
#define WIDE (UINT32_C(1) << 31)

enum { COUNTS = TB_METERS + 1, REQUESTS = TB_METERS };

struct tb_narrow_cell {
	uint32_t class;
	uint32_t counts[COUNTS]; /* the meters, then the requests */
};

struct tb_group {
	union {
		char near[TB_GROUP_TEXT_NEAR]; /* with zeros behind it */
		const char *far;
	} text;
	uint32_t len;
	uint32_t hash;
	uint32_t block; /* of its cells; the smallest power of two that holds them */
	uint32_t size;
};

/* ---- memory ---- */

void tb_groups_init(struct tb_groups *g, struct tb_hash_key hash_key, size_t max_cells)
{
	*g = (struct tb_groups){.hash_key = hash_key, .max_cells = max_cells};
	for (int i = 0; i < TB_GROUP_PARTS; i++)
		for (int k = 0; k < TB_GROUP_BLOCK_SIZES; k++)
			g->parts[i].free_blocks[k] = NO_BLOCK;
}

void tb_groups_release(struct tb_groups *g)
{
	for (int i = 0; i < TB_GROUP_PARTS; i++) {
		struct tb_group_part *p = &g->parts[i];

		free(p->slots);
		free(p->groups);
		free(p->cells);
		free(p->wide);
		tb_arena_release(&p->texts);
	}
	tb_groups_init(g, g->hash_key, g->max_cells);
}

/* A block of 2^k cells; NO_BLOCK when memory is out. */
static uint32_t take_block(struct tb_group_part *p, int k)
{
	uint32_t block = p->free_blocks[k];
	size_t need = p->cells_n + ((size_t)1 << k);

	if (block != NO_BLOCK) {
		p->free_blocks[k] = p->cells[block].class;
		return block;
	}
	if (need > NO_BLOCK || !tb_grow(&p->cells, &p->cells_cap, need, sizeof(*p->cells)))
		return NO_BLOCK;
	block = (uint32_t)p->cells_n;
	p->cells_n = need;
	return block;
}

static void give_block(struct tb_group_part *p, uint32_t block, int k)
{
	p->cells[block].class = p->free_blocks[k];
	p->free_blocks[k] = block;
}

/* A new cell behind those of the group, which move when their block is full. */
static struct tb_narrow_cell *add_cell(struct tb_group_part *p, struct tb_group *group,
				       uint32_t class)
{
	struct tb_narrow_cell *c;

	if ((group->size & (group->size - 1)) == 0) {
		int k = group->size ? __builtin_ctz(group->size) : -1;
		uint32_t block = take_block(p, k + 1);

		if (block == NO_BLOCK)
			return NULL;
		if (group->size) {
			memcpy(&p->cells[block], &p->cells[group->block],
			       group->size * sizeof(*p->cells));
			give_block(p, group->block, k);
		}
		group->block = block;
	}
	c = &p->cells[group->block + group->size++];
	*c = (struct tb_narrow_cell){.class = class};
	p->in_use++;
	return c;
}

/* ---- texts ---- */

struct tb_group_key tb_groups_key(const struct tb_groups *g, struct tb_span text)
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
static const struct tb_group *likely_group(const struct tb_groups *g,
					   const struct tb_group_key *key)
{
	const struct tb_group_part *p = &g->parts[key->part];
	size_t found = p->slot_count ? (uint32_t)p->slots[key->hash & (p->slot_count - 1)] : 0;

	return found ? &p->groups[found - 1] : NULL;
}

void tb_groups_fetch(const struct tb_groups *g, const struct tb_group_key *key)
{
	const struct tb_group *group = likely_group(g, key);

	if (group)
		__builtin_prefetch(group);
}

void tb_groups_fetch_cells(const struct tb_groups *g, const struct tb_group_key *key)
{
	const struct tb_group *group = likely_group(g, key);

	if (group && group->size)
		__builtin_prefetch(&g->parts[key->part].cells[group->block]);
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
	size_t count = p->slot_count ? p->slot_count * 2 : 16;
	uint64_t *slots;

	if (p->n < p->slot_count / 2)
		return true;
	slots = calloc(count, sizeof(*slots));
	if (!slots)
		return false;
	tb_large_pages(slots, count * sizeof(*slots));
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

	if (p->n >= NO_BLOCK || !tb_grow(&p->groups, &p->cap, p->n + 1, sizeof(*p->groups)))
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

static struct tb_narrow_cell *find_cell(const struct tb_group_part *p, const struct tb_group *group,
					uint32_t class)
{
	struct tb_narrow_cell *c = &p->cells[group->block];

	for (uint32_t i = 0; i < group->size; i++)
		if ((c[i].class & ~WIDE) == class)
			return &c[i];
	return NULL;
}

/* The cell of a text and a class, made when it is new and one more is allowed. */
static enum tb_status cell_of(struct tb_groups *g, const struct tb_group_key *key, uint32_t class,
			      struct tb_narrow_cell **cell)
{
	struct tb_group_part *p = &g->parts[key->part];
	struct tb_group *group = group_of(p, key);

	if (!group)
		return TB_NOMEM;
	g->shift += p->n >> g->shift > 1;
	*cell = group->size ? find_cell(p, group, class) : NULL;
	if (*cell)
		return TB_OK;
	if (g->max_cells && g->cells >= g->max_cells)
		return TB_DATA;
	*cell = add_cell(p, group, class);
	if (!*cell)
		return TB_NOMEM;
	g->cells++;
	return TB_OK;
}

/* ---- counting ---- */

/* False, and nothing is added, when a sum does not fit. */
static bool count_narrow(struct tb_narrow_cell *c, const struct tb_usage *u)
{
	uint64_t sums[COUNTS], all = c->class & WIDE;

	/* Counts are below 2^63, so these cannot wrap. */
	for (int m = 0; m < TB_METERS; m++)
		all |= sums[m] = u->tokens[m] + c->counts[m];
	all |= sums[REQUESTS] = u->requests + c->counts[REQUESTS];
	if (all >> 31)
		return false;
	for (int m = 0; m < COUNTS; m++)
		c->counts[m] = (uint32_t)sums[m];
	return true;
}

static void fill(struct tb_cell *cell, const struct tb_narrow_cell *c)
{
	for (int m = 0; m < TB_METERS; m++)
		cell->tokens[m] = c->counts[m];
	cell->requests = c->counts[REQUESTS];
	cell->reported = (struct tb_money){0};
}

/* The cell in full width from now on; NULL when memory is out. */
static struct tb_cell *widen(struct tb_group_part *p, struct tb_narrow_cell *c)
{
	if (c->class & WIDE)
		return &p->wide[c->counts[0]];
	if (p->wide_n >= NO_BLOCK ||
	    !tb_grow(&p->wide, &p->wide_cap, p->wide_n + 1, sizeof(*p->wide)))
		return NULL;
	fill(&p->wide[p->wide_n], c);
	c->class |= WIDE;
	c->counts[0] = (uint32_t)p->wide_n++;
	return &p->wide[c->counts[0]];
}

enum tb_status tb_groups_count(struct tb_groups *g, const struct tb_group_key *key, uint32_t class,
			       const struct tb_usage *u)
{
	struct tb_narrow_cell *c;
	struct tb_cell *wide;

	TB_TRY(cell_of(g, key, class, &c));
	if (count_narrow(c, u))
		return TB_OK;
	wide = widen(&g->parts[key->part], c);
	if (!wide)
		return TB_NOMEM;
	tb_cell_count(wide, u);
	return TB_OK;
}

enum tb_status tb_groups_add(struct tb_groups *g, const struct tb_group_key *key, uint32_t class,
			     const struct tb_cell *x)
{
	struct tb_narrow_cell *c;
	struct tb_cell *wide;

	TB_TRY(cell_of(g, key, class, &c));
	wide = widen(&g->parts[key->part], c);
	if (!wide)
		return TB_NOMEM;
	return tb_cell_add(wide, x) ? TB_OK : TB_INTERNAL;
}

/* ---- merging ---- */

/* False, and nothing is added, when a sum does not fit. */
static bool merge_narrow(struct tb_narrow_cell *c, const struct tb_narrow_cell *x)
{
	uint32_t sums[COUNTS], all = (c->class | x->class) & WIDE;

	for (int m = 0; m < COUNTS; m++) {
		sums[m] = c->counts[m] + x->counts[m]; /* each is below 2^31 */
		all |= sums[m];
	}
	if (all >> 31)
		return false;
	memcpy(c->counts, sums, sizeof(sums));
	return true;
}

static void read_cell(const struct tb_group_part *p, const struct tb_narrow_cell *c,
		      struct tb_cell *out)
{
	if (c->class & WIDE)
		*out = p->wide[c->counts[0]];
	else
		fill(out, c);
}

static enum tb_status merge_cell(struct tb_group_part *p, struct tb_group *group, uint32_t class,
				 const struct tb_group_part *from, const struct tb_narrow_cell *x)
{
	struct tb_narrow_cell *c = group->size ? find_cell(p, group, class) : NULL;
	struct tb_cell more, *wide;

	if (!c)
		c = add_cell(p, group, class);
	if (!c)
		return TB_NOMEM;
	if (merge_narrow(c, x))
		return TB_OK;
	wide = widen(p, c);
	if (!wide)
		return TB_NOMEM;
	read_cell(from, x, &more);
	return tb_cell_add(wide, &more) ? TB_OK : TB_INTERNAL;
}

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
	__builtin_prefetch(&from->cells[far->block]);
	found = (uint32_t)p->slots[near->hash & mask];
	if (found)
		__builtin_prefetch(&p->groups[found - 1]);
}

enum tb_status tb_groups_merge(struct tb_groups *g, const struct tb_groups *from, size_t part,
			       const uint32_t *classes)
{
	const struct tb_group_part *other = &from->parts[part];
	struct tb_group_part *p = &g->parts[part];

	for (size_t i = 0; i < other->n; i++) {
		const struct tb_group *theirs = &other->groups[i];
		struct tb_group_key key = key_of(theirs);
		struct tb_group *group = group_of(p, &key);

		if (!group)
			return TB_NOMEM;
		fetch_for_merge(p, other, i);
		for (size_t k = 0; k < theirs->size; k++) {
			const struct tb_narrow_cell *x = &other->cells[theirs->block + k];

			TB_TRY(merge_cell(p, group, classes[x->class & ~WIDE], other, x));
		}
	}
	return TB_OK;
}

bool tb_groups_recount(struct tb_groups *g)
{
	g->cells = 0;
	for (int i = 0; i < TB_GROUP_PARTS; i++) {
		g->cells += g->parts[i].in_use;
		while (g->parts[i].n >> g->shift > 1)
			g->shift++;
	}
	return !g->max_cells || g->cells <= g->max_cells;
}

/* ---- reading ---- */

/* The groups of a part have numbers next to each other, as they lie in memory. */
static const struct tb_group_part *part_at(const struct tb_groups *g, size_t number)
{
	return &g->parts[number >> (g->shift + 1)];
}

static size_t place_at(const struct tb_groups *g, size_t number)
{
	return number & (((size_t)2 << g->shift) - 1);
}

static const struct tb_group *group_at(const struct tb_groups *g, size_t number)
{
	return &part_at(g, number)->groups[place_at(g, number)];
}

size_t tb_groups_bound(const struct tb_groups *g)
{
	return g->cells ? (size_t)TB_GROUP_PARTS << (g->shift + 1) : 0;
}

size_t tb_groups_size(const struct tb_groups *g, size_t number)
{
	if (place_at(g, number) >= part_at(g, number)->n)
		return 0;
	return group_at(g, number)->size;
}

struct tb_span tb_groups_text(const struct tb_groups *g, size_t number)
{
	return text_of(group_at(g, number));
}

static const struct tb_narrow_cell *cell_at(const struct tb_groups *g, size_t number, size_t cell)
{
	return &part_at(g, number)->cells[group_at(g, number)->block + cell];
}

uint32_t tb_groups_class(const struct tb_groups *g, size_t number, size_t cell)
{
	return cell_at(g, number, cell)->class & ~WIDE;
}

void tb_groups_cell(const struct tb_groups *g, size_t number, size_t cell, struct tb_cell *out)
{
	read_cell(part_at(g, number), cell_at(g, number, cell), out);
}

void tb_groups_prefetch(const struct tb_groups *g, size_t number)
{
	__builtin_prefetch(group_at(g, number));
}

void tb_groups_prefetch_cells(const struct tb_groups *g, size_t number)
{
	__builtin_prefetch(cell_at(g, number, 0));
}
