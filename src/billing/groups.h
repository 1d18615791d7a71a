/*
 * groups - what was counted under each of many texts, and under each text by class.
 *
 * Made for millions of texts that have few classes each: a count takes 32 bits until it needs more,
 * cells have no counts of meters that no row had, those of one text stand side by side, and a row
 * that comes again touches its slot, its group and its cell, nothing else. Texts are told apart by
 * a keyed hash (see hash.h), whose key the caller gives, so that the groups of several threads fall
 * into the same parts and are merged part by part.
 *
 * Internal to billing.
 */
#ifndef TB_GROUPS_H
#define TB_GROUPS_H

#include "base/hash.h"
#include "base/mem.h"
#include "base/money.h"
#include "usage/record.h"

enum {
	TB_GROUP_PARTS = 16,      /* by the hash of the text */
	TB_GROUP_TEXT_NEAR = 16,  /* texts up to that length stand in the group itself */
	TB_GROUP_BLOCK_SIZES = 32 /* powers of two that a block of cells may have */
};

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

/* One part of the groups. */
struct tb_group_part {
	uint64_t *slots; /* half of a hash, then the group's place + 1; 0 is free */
	size_t slot_count;
	struct tb_group *groups;
	size_t n, cap;
	uint32_t *cells; /* blocks of a power of two each */
	size_t cells_n, cells_cap;
	uint64_t known[TB_METERS]; /* all ones for the meters that cells have a count of */
	uint8_t meters[TB_METERS]; /* these meters, in their order in a cell */
	size_t meter_count;
	uint32_t free_blocks[TB_GROUP_BLOCK_SIZES]; /* first of each size; TB_GROUP_NO_BLOCK */
	struct tb_cell *wide;                       /* of cells that needed more than 32 bits */
	size_t wide_n, wide_cap;
	struct tb_arena texts; /* the long ones */
	size_t in_use;         /* cells */
};

struct tb_groups {
	struct tb_hash_key hash_key;
	size_t max_cells; /* 0 is none */
	size_t cells;
	unsigned shift; /* each part has less than 2^(shift + 1) groups */
	struct tb_group_part parts[TB_GROUP_PARTS];
};

/* A text to look for; the text is borrowed. */
struct tb_group_key {
	struct tb_span text;
	char near[TB_GROUP_TEXT_NEAR]; /* a short one, with zeros behind it */
	uint32_t hash, part;
};

void tb_groups_init(struct tb_groups *g, struct tb_hash_key hash_key, size_t max_cells);
void tb_groups_release(struct tb_groups *g);

/*
 * The key of a text. Begins to fetch its slot from memory; the other two, each some time later, its
 * group and its cells. They only save time.
 */
struct tb_group_key tb_groups_key(const struct tb_groups *g, struct tb_span text);
void tb_groups_fetch(const struct tb_groups *g, const struct tb_group_key *key);
void tb_groups_fetch_cells(const struct tb_groups *g, const struct tb_group_key *key);

/*
 * Counts a row under a text and a class below 2^31. TB_NOMEM, or TB_DATA when that takes one cell
 * more than are allowed; nothing is counted then, and no error is told.
 */
TB_MUST_CHECK enum tb_status tb_groups_count(struct tb_groups *g, const struct tb_group_key *key,
					     uint32_t class, const struct tb_usage *u);

/* The same, but adds what a cell holds; TB_INTERNAL when the reported amounts do not fit. */
TB_MUST_CHECK enum tb_status tb_groups_add(struct tb_groups *g, const struct tb_group_key *key,
					   uint32_t class, const struct tb_cell *x);

/*
 * Adds part number `part` of `from`, whose class number c is class number classes[c] here. Both
 * must have one hash key. Different parts may be merged at the same time; the limit is not looked
 * at, and g->cells does not hold until tb_groups_recount().
 */
TB_MUST_CHECK enum tb_status tb_groups_merge(struct tb_groups *g, const struct tb_groups *from,
					     size_t part, const uint32_t *classes);

/* False when there are more cells than are allowed. */
TB_MUST_CHECK bool tb_groups_recount(struct tb_groups *g);

/* Groups are numbered below this until one is added, and not all numbers have one. */
size_t tb_groups_bound(const struct tb_groups *g);

/* How many cells a group has; 0 where there is none of that number. */
size_t tb_groups_size(const struct tb_groups *g, size_t number);

struct tb_span tb_groups_text(const struct tb_groups *g, size_t number);

/* A group's cell: its class, and what it holds. */
uint32_t tb_groups_class(const struct tb_groups *g, size_t number, size_t cell);
void tb_groups_cell(const struct tb_groups *g, size_t number, size_t cell, struct tb_cell *out);

/* Begins to fetch a group that is soon to be asked for, and some time later its cells. */
void tb_groups_prefetch(const struct tb_groups *g, size_t number);
void tb_groups_prefetch_cells(const struct tb_groups *g, size_t number);

#endif
