#include "billing/groups.h"

#include <stdlib.h>
#include <string.h>

#define NO_BLOCK UINT32_MAX

/* Of a class: the counts do not stand here; in place of the requests is where they do. */
#define WIDE (UINT32_C(1) << 31)

/* The words of a cell: its class, its requests, and the counts of the meters that its part knows.
 */
enum { CLASS, REQUESTS, COUNTS };

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

static size_t cell_words(const struct tb_group_part *p)
{
	return COUNTS + p->meter_count;
}

static size_t cell_size(const struct tb_group_part *p)
{
	return cell_words(p) * sizeof(*p->cells);
}

static uint32_t *cell_in(const struct tb_group_part *p, size_t place)
{
	return &p->cells[place * cell_words(p)];
}

/* A block of 2^k cells; NO_BLOCK when memory is out. */
static uint32_t take_block(struct tb_group_part *p, int k)
{
	uint32_t block = p->free_blocks[k];
	size_t need = p->cells_n + ((size_t)1 << k);

	if (block != NO_BLOCK) {
		p->free_blocks[k] = *cell_in(p, block);
		return block;
	}
	if (need > NO_BLOCK || !tb_grow_scattered(&p->cells, &p->cells_cap, need, cell_size(p)))
		return NO_BLOCK;
	block = (uint32_t)p->cells_n;
	p->cells_n = need;
	return block;
}

static void give_block(struct tb_group_part *p, uint32_t block, int k)
{
	*cell_in(p, block) = p->free_blocks[k];
	p->free_blocks[k] = block;
}

/* A new cell behind those of the group, which move when their block is full. */
static uint32_t *add_cell(struct tb_group_part *p, struct tb_group *group, uint32_t class)
{
	uint32_t *c;

	if ((group->size & (group->size - 1)) == 0) {
		int k = group->size ? __builtin_ctz(group->size) : -1;
		uint32_t block = take_block(p, k + 1);

		if (block == NO_BLOCK)
			return NULL;
		if (group->size) {
			memcpy(cell_in(p, block), cell_in(p, group->block),
			       group->size * cell_size(p));
			give_block(p, group->block, k);
		}
		group->block = block;
	}
	c = cell_in(p, group->block + group->size++);
	memset(c, 0, cell_size(p));
	c[CLASS] = class;
	p->in_use++;
	return c;
}

/* Moves all cells to where they have room for the counts that `wider` has beyond those of `p`. */
static bool widen_cells(const struct tb_group_part *p, struct tb_group_part *wider)
{
	size_t added = cell_size(wider) - cell_size(p);

	wider->cells = NULL;
	wider->cells_cap = 0;
	if (!tb_grow_scattered(&wider->cells, &wider->cells_cap, p->cells_n, cell_size(wider)))
		return false;
	for (size_t i = 0; i < p->cells_n; i++) {
		memcpy(cell_in(wider, i), cell_in(p, i), cell_size(p));
		memset(cell_in(wider, i) + cell_words(p), 0, added);
	}
	free(p->cells);
	return true;
}

/* From now on cells have a count of each meter of the set; false when memory is out. */
static bool learn_meters(struct tb_group_part *p, unsigned set)
{
	struct tb_group_part wider = *p;

	for (int m = 0; m < TB_METERS; m++)
		if (set & TB_METER_BIT(m) && !p->known[m]) {
			wider.known[m] = UINT64_MAX;
			wider.meters[wider.meter_count++] = (uint8_t)m;
		}
	if (p->cells_n && wider.meter_count > p->meter_count && !widen_cells(p, &wider))
		return false;
	*p = wider;
	return true;
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

/* Begins to fetch the cells of a group, or as many of them as are worth it. */
static void fetch_block(const struct tb_group_part *p, const struct tb_group *group)
{
	enum { LINE = 64, LINES_MAX = 3 };
	const char *cells = (const char *)cell_in(p, group->block);
	size_t bytes = group->size * cell_size(p);

	for (size_t i = 0; i < LINES_MAX * LINE && i < bytes; i += LINE)
		__builtin_prefetch(&cells[i]);
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

	if (group)
		fetch_block(&g->parts[key->part], group);
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

	if (p->n >= NO_BLOCK ||
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

static uint32_t *find_cell(const struct tb_group_part *p, const struct tb_group *group,
			   uint32_t class)
{
	uint32_t *c = cell_in(p, group->block);
	size_t words = cell_words(p);

	for (uint32_t i = 0; i < group->size; i++, c += words)
		if ((c[CLASS] & ~WIDE) == class)
			return c;
	return NULL;
}

/* The cell of a text and a class, made when it is new and one more is allowed. */
static enum tb_status cell_of(struct tb_groups *g, const struct tb_group_key *key, uint32_t class,
			      uint32_t **cell)
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

/* The set of meters that the row has and cells have no count of. */
static unsigned unknown_meters(const struct tb_group_part *p, const struct tb_usage *u)
{
	uint64_t any = 0;
	unsigned set = 0;

	for (int m = 0; m < TB_METERS; m++)
		any |= u->tokens[m] & ~p->known[m];
	for (int m = 0; any && m < TB_METERS; m++)
		if (u->tokens[m] & ~p->known[m])
			set |= TB_METER_BIT(m);
	return set;
}

/* False, and nothing is added, when a sum does not fit. */
static bool count_narrow(const struct tb_group_part *p, uint32_t *c, const struct tb_usage *u)
{
	/* Counts are below 2^63, so these cannot wrap. */
	uint64_t sums[TB_METERS], requests = u->requests + c[REQUESTS];
	uint64_t all = (c[CLASS] & WIDE) | requests;
	size_t n = p->meter_count;

	for (size_t i = 0; i < n; i++)
		all |= sums[i] = u->tokens[p->meters[i]] + c[COUNTS + i];
	if (all >> 31)
		return false;
	c[REQUESTS] = (uint32_t)requests;
	for (size_t i = 0; i < n; i++)
		c[COUNTS + i] = (uint32_t)sums[i];
	return true;
}

static void fill(struct tb_cell *cell, const struct tb_group_part *p, const uint32_t *c)
{
	*cell = (struct tb_cell){.requests = c[REQUESTS]};
	for (size_t i = 0; i < p->meter_count; i++)
		cell->tokens[p->meters[i]] = c[COUNTS + i];
}

/* The cell in full width from now on; NULL when memory is out. */
static struct tb_cell *widen(struct tb_group_part *p, uint32_t *c)
{
	if (c[CLASS] & WIDE)
		return &p->wide[c[REQUESTS]];
	if (p->wide_n >= NO_BLOCK ||
	    !tb_grow(&p->wide, &p->wide_cap, p->wide_n + 1, sizeof(*p->wide)))
		return NULL;
	fill(&p->wide[p->wide_n], p, c);
	c[CLASS] |= WIDE;
	c[REQUESTS] = (uint32_t)p->wide_n++;
	return &p->wide[c[REQUESTS]];
}

enum tb_status tb_groups_count(struct tb_groups *g, const struct tb_group_key *key, uint32_t class,
			       const struct tb_usage *u)
{
	struct tb_group_part *p = &g->parts[key->part];
	unsigned unknown = unknown_meters(p, u);
	struct tb_cell *wide;
	uint32_t *c;

	if (unknown && !learn_meters(p, unknown))
		return TB_NOMEM;
	TB_TRY(cell_of(g, key, class, &c));
	if (count_narrow(p, c, u))
		return TB_OK;
	wide = widen(p, c);
	if (!wide)
		return TB_NOMEM;
	tb_cell_count(wide, u);
	return TB_OK;
}

enum tb_status tb_groups_add(struct tb_groups *g, const struct tb_group_key *key, uint32_t class,
			     const struct tb_cell *x)
{
	struct tb_cell *wide;
	uint32_t *c;

	TB_TRY(cell_of(g, key, class, &c));
	wide = widen(&g->parts[key->part], c);
	if (!wide)
		return TB_NOMEM;
	return tb_cell_add(wide, x) ? TB_OK : TB_INTERNAL;
}

/* ---- merging ---- */

/* A part on its way into another, which knows all of its meters. */
struct merging {
	struct tb_group_part *to;
	const struct tb_group_part *from;
	const uint32_t *classes;
	uint8_t words[TB_METERS]; /* where a count of the one stands in cells of the other */
};

/* False when memory is out. */
static bool match_meters(struct merging *m)
{
	unsigned set = 0;

	for (size_t i = 0; i < m->from->meter_count; i++)
		set |= TB_METER_BIT(m->from->meters[i]);
	if (!learn_meters(m->to, set))
		return false;
	for (size_t i = 0; i < m->from->meter_count; i++)
		for (size_t k = 0; k < m->to->meter_count; k++)
			if (m->to->meters[k] == m->from->meters[i])
				m->words[i] = (uint8_t)(COUNTS + k);
	return true;
}

/* False, and nothing is added, when a sum does not fit. */
static bool merge_narrow(const struct merging *m, uint32_t *c, const uint32_t *x)
{
	/* Each is below 2^31. */
	uint32_t sums[TB_METERS], requests = c[REQUESTS] + x[REQUESTS];
	uint32_t all = ((c[CLASS] | x[CLASS]) & WIDE) | requests;
	size_t n = m->from->meter_count;

	for (size_t i = 0; i < n; i++)
		all |= sums[i] = c[m->words[i]] + x[COUNTS + i];
	if (all >> 31)
		return false;
	c[REQUESTS] = requests;
	for (size_t i = 0; i < n; i++)
		c[m->words[i]] = sums[i];
	return true;
}

static void read_cell(const struct tb_group_part *p, const uint32_t *c, struct tb_cell *out)
{
	if (c[CLASS] & WIDE)
		*out = p->wide[c[REQUESTS]];
	else
		fill(out, p, c);
}

static enum tb_status merge_cell(const struct merging *m, struct tb_group *group, const uint32_t *x)
{
	uint32_t class = m->classes[x[CLASS] & ~WIDE];
	uint32_t *c = group->size ? find_cell(m->to, group, class) : NULL;
	struct tb_cell more, *wide;

	if (!c)
		c = add_cell(m->to, group, class);
	if (!c)
		return TB_NOMEM;
	if (merge_narrow(m, c, x))
		return TB_OK;
	wide = widen(m->to, c);
	if (!wide)
		return TB_NOMEM;
	read_cell(m->from, x, &more);
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
	fetch_block(from, far);
	found = (uint32_t)p->slots[near->hash & mask];
	if (found)
		__builtin_prefetch(&p->groups[found - 1]);
}

enum tb_status tb_groups_merge(struct tb_groups *g, const struct tb_groups *from, size_t part,
			       const uint32_t *classes)
{
	const struct tb_group_part *other = &from->parts[part];
	struct tb_group_part *p = &g->parts[part];
	struct merging m = {.to = p, .from = other, .classes = classes};

	if (!match_meters(&m))
		return TB_NOMEM;
	for (size_t i = 0; i < other->n; i++) {
		const struct tb_group *theirs = &other->groups[i];
		struct tb_group_key key = key_of(theirs);
		struct tb_group *group = group_of(p, &key);

		if (!group)
			return TB_NOMEM;
		fetch_for_merge(p, other, i);
		for (size_t k = 0; k < theirs->size; k++)
			TB_TRY(merge_cell(&m, group, cell_in(other, theirs->block + k)));
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

static const uint32_t *cell_at(const struct tb_groups *g, size_t number, size_t cell)
{
	return cell_in(part_at(g, number), group_at(g, number)->block + cell);
}

uint32_t tb_groups_class(const struct tb_groups *g, size_t number, size_t cell)
{
	return cell_at(g, number, cell)[CLASS] & ~WIDE;
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
	if (tb_groups_size(g, number))
		fetch_block(part_at(g, number), group_at(g, number));
}
