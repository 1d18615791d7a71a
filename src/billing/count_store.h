/*
 * count_store - what was counted by class, for groups that have few classes each.
 *
 * A count takes 32 bits until it needs more, and cells have no counts of meters that no row had.
 * The cells of one group stand side by side in a block. Places of cells change when one is added or
 * a meter is new.
 *
 * Internal to billing.
 */
#ifndef TB_COUNT_STORE_H
#define TB_COUNT_STORE_H

#include "base/mem.h"
#include "base/money.h"
#include "usage/record.h"

/* What was counted, in full width. */
struct tb_cell {
	tb_u128 tokens[TB_METERS];
	tb_u128 requests;
	struct tb_money reported; /* what the log says that its rows cost */
};

static inline void tb_add_wide(tb_u128 *sum, uint64_t n)
{
	uint64_t low;
	bool carry = __builtin_add_overflow((uint64_t)*sum, n, &low);

	*sum = (tb_u128)((uint64_t)(*sum >> 64) + carry) << 64 | low;
}

/* Adds what a row counts. 2^64 rows of 2^63 tokens still fit in 128 bits, so this cannot wrap. */
static inline void tb_cell_count(struct tb_cell *cell, const struct tb_usage *u)
{
	const unsigned common =
		TB_METER_BIT(TB_INPUT) | TB_METER_BIT(TB_CACHED_READ) | TB_METER_BIT(TB_OUTPUT);
	uint64_t others = 0;

	/* Of the other meters most logs know nothing. */
	for (int m = 0; m < TB_METERS; m++)
		if (common & TB_METER_BIT(m))
			tb_add_wide(&cell->tokens[m], u->tokens[m]);
		else
			others |= u->tokens[m];
	for (int m = 0; others && m < TB_METERS; m++)
		if (!(common & TB_METER_BIT(m)))
			tb_add_wide(&cell->tokens[m], u->tokens[m]);
	tb_add_wide(&cell->requests, u->requests);
}

/* Adds `x`; false when the reported amounts pass what can be held. */
TB_MUST_CHECK static inline bool tb_cell_add(struct tb_cell *cell, const struct tb_cell *x)
{
	for (int m = 0; m < TB_METERS; m++)
		cell->tokens[m] += x->tokens[m];
	cell->requests += x->requests;
	return tb_money_add(&cell->reported, x->reported);
}

enum { TB_BLOCK_SIZES = 32 /* powers of two that a block may have room for */ };

struct tb_count_store {
	uint32_t *words; /* of all cells; blocks have room for a power of two each */
	size_t n, cap;   /* cells */
	size_t in_use;
	uint32_t free_blocks[TB_BLOCK_SIZES]; /* the first of each size */
	struct tb_cell *wide;                 /* of cells that needed more than 32 bits */
	size_t wide_n, wide_cap;
	uint64_t known[TB_METERS]; /* all ones for the meters that cells have a count of */
	uint8_t meters[TB_METERS]; /* these meters, in their order in a cell */
	size_t meter_count;
};

/* The cells of a group: their number, and where the first of them is, if there is one. */
struct tb_block {
	uint32_t first, size;
};

void tb_count_store_init(struct tb_count_store *c);
void tb_count_store_release(struct tb_count_store *c);

/* Makes room for counts of the meters that the row has; false when memory is out. */
TB_MUST_CHECK bool tb_count_store_expect(struct tb_count_store *c, const struct tb_usage *u);

/* The cell of a class in the block, or NULL; a new one, or NULL when memory is out. */
uint32_t *tb_count_store_find(const struct tb_count_store *c, const struct tb_block *block,
			      uint32_t class);
uint32_t *tb_count_store_add(struct tb_count_store *c, struct tb_block *block, uint32_t class);

/* Cell number i of the block, its class, and what it holds. */
const uint32_t *tb_count_store_at(const struct tb_count_store *c, const struct tb_block *block,
				  size_t i);
uint32_t tb_count_store_class(const uint32_t *cell);
void tb_count_store_read(const struct tb_count_store *c, const uint32_t *cell, struct tb_cell *out);

/* Adds a row whose meters are expected; false when memory is out, and nothing is added. */
TB_MUST_CHECK bool tb_count_store_count(struct tb_count_store *c, uint32_t *cell,
					const struct tb_usage *u);

/* Adds what another cell holds; TB_NOMEM, or TB_INTERNAL when the reported amounts do not fit. */
TB_MUST_CHECK enum tb_status tb_count_store_put(struct tb_count_store *c, uint32_t *cell,
						const struct tb_cell *x);

/* Cells on their way to others. */
struct tb_count_store_merge {
	struct tb_count_store *to;
	const struct tb_count_store *from;
	uint8_t words[TB_METERS]; /* where a count of the one stands in cells of the other */
};

/* Makes room for the meters of `from`; false when memory is out. Then adds cell x to `cell`. */
TB_MUST_CHECK bool tb_count_store_begin_merge(struct tb_count_store_merge *m,
					      struct tb_count_store *to,
					      const struct tb_count_store *from);
TB_MUST_CHECK enum tb_status tb_count_store_merge(const struct tb_count_store_merge *m,
						  uint32_t *cell, const uint32_t *x);

/* Begins to fetch the cells of a block, or as many of them as are worth it. */
void tb_count_store_fetch(const struct tb_count_store *c, const struct tb_block *block);

#endif
