#include "billing/count_store.h"

#include <stdlib.h>
#include <string.h>

#define NO_BLOCK UINT32_MAX

/* Of a class: the counts do not stand here; in place of the requests is where they do. */
#define WIDE (UINT32_C(1) << 31)

/* The words of a cell: its class, its requests, and the counts of the meters that are known. */
enum { CLASS, REQUESTS, COUNTS };

void tb_count_store_init(struct tb_count_store *c)
{
	*c = (struct tb_count_store){0};
	for (int k = 0; k < TB_BLOCK_SIZES; k++)
		c->free_blocks[k] = NO_BLOCK;
}

void tb_count_store_release(struct tb_count_store *c)
{
	free(c->words);
	free(c->wide);
	tb_count_store_init(c);
}

/* ---- blocks ---- */

static size_t cell_words(const struct tb_count_store *c)
{
	return COUNTS + c->meter_count;
}

static size_t cell_size(const struct tb_count_store *c)
{
	return cell_words(c) * sizeof(*c->words);
}

static uint32_t *cell_at(const struct tb_count_store *c, size_t place)
{
	return &c->words[place * cell_words(c)];
}

const uint32_t *tb_count_store_at(const struct tb_count_store *c, const struct tb_block *block,
				  size_t i)
{
	return cell_at(c, block->first + i);
}

void tb_count_store_fetch(const struct tb_count_store *c, const struct tb_block *block)
{
	enum { LINE = 64, LINES_MAX = 3 };
	const char *bytes = block->size ? (const char *)cell_at(c, block->first) : NULL;
	size_t n = block->size * cell_size(c);

	for (size_t i = 0; i < LINES_MAX * LINE && i < n; i += LINE)
		__builtin_prefetch(&bytes[i]);
}

uint32_t *tb_count_store_find(const struct tb_count_store *c, const struct tb_block *block,
			      uint32_t class)
{
	uint32_t *cell = block->size ? cell_at(c, block->first) : NULL;
	size_t words = cell_words(c);

	for (uint32_t i = 0; i < block->size; i++, cell += words)
		if ((cell[CLASS] & ~WIDE) == class)
			return cell;
	return NULL;
}

/* A block of 2^k cells; NO_BLOCK when memory is out. */
static uint32_t take_block(struct tb_count_store *c, int k)
{
	uint32_t block = c->free_blocks[k];
	size_t need = c->n + ((size_t)1 << k);

	if (block != NO_BLOCK) {
		c->free_blocks[k] = *cell_at(c, block);
		return block;
	}
	if (need > NO_BLOCK || !tb_grow_scattered(&c->words, &c->cap, need, cell_size(c)))
		return NO_BLOCK;
	block = (uint32_t)c->n;
	c->n = need;
	return block;
}

static void give_block(struct tb_count_store *c, uint32_t block, int k)
{
	*cell_at(c, block) = c->free_blocks[k];
	c->free_blocks[k] = block;
}

/* Behind those that there are, which move when their block is full. */
uint32_t *tb_count_store_add(struct tb_count_store *c, struct tb_block *block, uint32_t class)
{
	uint32_t *cell;

	if ((block->size & (block->size - 1)) == 0) {
		int k = block->size ? __builtin_ctz(block->size) : -1;
		uint32_t first = take_block(c, k + 1);

		if (first == NO_BLOCK)
			return NULL;
		if (block->size) {
			memcpy(cell_at(c, first), cell_at(c, block->first),
			       block->size * cell_size(c));
			give_block(c, block->first, k);
		}
		block->first = first;
	}
	cell = cell_at(c, block->first + block->size++);
	memset(cell, 0, cell_size(c));
	cell[CLASS] = class;
	c->in_use++;
	return cell;
}

/* ---- meters ---- */

/* Moves all cells to where they have room for the counts that `wider` has beyond those of `c`. */
static bool move_cells(const struct tb_count_store *c, struct tb_count_store *wider)
{
	size_t added = cell_size(wider) - cell_size(c);

	wider->words = NULL;
	wider->cap = 0;
	if (!tb_grow_scattered(&wider->words, &wider->cap, c->n, cell_size(wider)))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		memcpy(cell_at(wider, i), cell_at(c, i), cell_size(c));
		memset(cell_at(wider, i) + cell_words(c), 0, added);
	}
	free(c->words);
	return true;
}

/* From now on cells have a count of each meter of the set; false when memory is out. */
static bool learn_meters(struct tb_count_store *c, unsigned set)
{
	struct tb_count_store wider = *c;

	for (int m = 0; m < TB_METERS; m++)
		if (set & TB_METER_BIT(m) && !c->known[m]) {
			wider.known[m] = UINT64_MAX;
			wider.meters[wider.meter_count++] = (uint8_t)m;
		}
	if (c->n && wider.meter_count > c->meter_count && !move_cells(c, &wider))
		return false;
	*c = wider;
	return true;
}

bool tb_count_store_expect(struct tb_count_store *c, const struct tb_usage *u)
{
	uint64_t any = 0;
	unsigned set = 0;

	for (int m = 0; m < TB_METERS; m++)
		any |= u->tokens[m] & ~c->known[m];
	if (!any)
		return true;
	for (int m = 0; m < TB_METERS; m++)
		if (u->tokens[m] & ~c->known[m])
			set |= TB_METER_BIT(m);
	return learn_meters(c, set);
}

/* ---- counting ---- */

uint32_t tb_count_store_class(const uint32_t *cell)
{
	return cell[CLASS] & ~WIDE;
}

/* False, and nothing is added, when a sum does not fit. */
static bool count_narrow(const struct tb_count_store *c, uint32_t *cell, const struct tb_usage *u)
{
	/* Counts are below 2^63, so these cannot wrap. */
	uint64_t sums[TB_METERS], requests = u->requests + cell[REQUESTS];
	uint64_t all = (cell[CLASS] & WIDE) | requests;
	size_t n = c->meter_count;

	for (size_t i = 0; i < n; i++)
		all |= sums[i] = u->tokens[c->meters[i]] + cell[COUNTS + i];
	if (all >> 31)
		return false;
	cell[REQUESTS] = (uint32_t)requests;
	for (size_t i = 0; i < n; i++)
		cell[COUNTS + i] = (uint32_t)sums[i];
	return true;
}

static void fill(struct tb_cell *out, const struct tb_count_store *c, const uint32_t *cell)
{
	*out = (struct tb_cell){.requests = cell[REQUESTS]};
	for (size_t i = 0; i < c->meter_count; i++)
		out->tokens[c->meters[i]] = cell[COUNTS + i];
}

void tb_count_store_read(const struct tb_count_store *c, const uint32_t *cell, struct tb_cell *out)
{
	if (cell[CLASS] & WIDE)
		*out = c->wide[cell[REQUESTS]];
	else
		fill(out, c, cell);
}

/* The cell in full width from now on; NULL when memory is out. */
static struct tb_cell *widen(struct tb_count_store *c, uint32_t *cell)
{
	if (cell[CLASS] & WIDE)
		return &c->wide[cell[REQUESTS]];
	if (c->wide_n >= NO_BLOCK ||
	    !tb_grow(&c->wide, &c->wide_cap, c->wide_n + 1, sizeof(*c->wide)))
		return NULL;
	fill(&c->wide[c->wide_n], c, cell);
	cell[CLASS] |= WIDE;
	cell[REQUESTS] = (uint32_t)c->wide_n++;
	return &c->wide[cell[REQUESTS]];
}

bool tb_count_store_count(struct tb_count_store *c, uint32_t *cell, const struct tb_usage *u)
{
	struct tb_cell *wide;

	if (count_narrow(c, cell, u))
		return true;
	wide = widen(c, cell);
	if (!wide)
		return false;
	tb_cell_count(wide, u);
	return true;
}

enum tb_status tb_count_store_put(struct tb_count_store *c, uint32_t *cell, const struct tb_cell *x)
{
	struct tb_cell *wide = widen(c, cell);

	if (!wide)
		return TB_NOMEM;
	return tb_cell_add(wide, x) ? TB_OK : TB_INTERNAL;
}

/* ---- merging ---- */

bool tb_count_store_begin_merge(struct tb_count_store_merge *m, struct tb_count_store *to,
				const struct tb_count_store *from)
{
	unsigned set = 0;

	*m = (struct tb_count_store_merge){.to = to, .from = from};
	for (size_t i = 0; i < from->meter_count; i++)
		set |= TB_METER_BIT(from->meters[i]);
	if (!learn_meters(to, set))
		return false;
	for (size_t i = 0; i < from->meter_count; i++)
		for (size_t k = 0; k < to->meter_count; k++)
			if (to->meters[k] == from->meters[i])
				m->words[i] = (uint8_t)(COUNTS + k);
	return true;
}

/* False, and nothing is added, when a sum does not fit. */
static bool merge_narrow(const struct tb_count_store_merge *m, uint32_t *cell, const uint32_t *x)
{
	/* Each is below 2^31. */
	uint32_t sums[TB_METERS], requests = cell[REQUESTS] + x[REQUESTS];
	uint32_t all = ((cell[CLASS] | x[CLASS]) & WIDE) | requests;
	size_t n = m->from->meter_count;

	for (size_t i = 0; i < n; i++)
		all |= sums[i] = cell[m->words[i]] + x[COUNTS + i];
	if (all >> 31)
		return false;
	cell[REQUESTS] = requests;
	for (size_t i = 0; i < n; i++)
		cell[m->words[i]] = sums[i];
	return true;
}

enum tb_status tb_count_store_merge(const struct tb_count_store_merge *m, uint32_t *cell,
				    const uint32_t *x)
{
	struct tb_cell more;

	if (merge_narrow(m, cell, x))
		return TB_OK;
	tb_count_store_read(m->from, x, &more);
	return tb_count_store_put(m->to, cell, &more);
}
