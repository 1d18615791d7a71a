/*
 * text_groups - what was counted under each of many texts, and under each text by class.
 *
 * Made for millions of texts that have few classes each: a row that comes again touches its slot,
 * its group and its cell (see cells.h), nothing else. Texts are told apart by a keyed hash (see
 * hash.h), whose key the caller gives, so that the groups of several threads fall into the same
 * parts and are merged part by part.
 *
 * Internal to billing.
 */
#ifndef TB_TEXT_GROUPS_H
#define TB_TEXT_GROUPS_H

#include "base/hash.h"
#include "billing/count_store.h"

enum {
	TB_GROUP_PARTS = 16,    /* by the hash of the text */
	TB_GROUP_TEXT_NEAR = 16 /* texts up to that length stand in the group itself */
};

/* One part of the groups. */
struct tb_group_part {
	uint64_t *slots; /* half of a hash, then the group's place + 1; 0 is free */
	size_t slot_count;
	struct tb_group *groups;
	size_t n, cap;
	struct tb_count_store cells;
	struct tb_arena texts; /* the long ones */
};

struct tb_text_groups {
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

void tb_text_groups_init(struct tb_text_groups *g, struct tb_hash_key hash_key, size_t max_cells);
void tb_text_groups_release(struct tb_text_groups *g);

/*
 * The key of a text. Begins to fetch its slot from memory; the other two, each some time later, its
 * group and its cells. They only save time.
 */
struct tb_group_key tb_text_groups_key(const struct tb_text_groups *g, struct tb_span text);
void tb_text_groups_fetch(const struct tb_text_groups *g, const struct tb_group_key *key);
void tb_text_groups_fetch_cells(const struct tb_text_groups *g, const struct tb_group_key *key);

/*
 * Counts a row under a text and a class below 2^31. TB_NOMEM, or TB_DATA when that takes one cell
 * more than are allowed; nothing is counted then, and no error is told.
 */
TB_MUST_CHECK enum tb_status tb_text_groups_count(struct tb_text_groups *g,
						  const struct tb_group_key *key, uint32_t class,
						  const struct tb_usage *u);

/* The same, but adds what a cell holds; TB_INTERNAL when the reported amounts do not fit. */
TB_MUST_CHECK enum tb_status tb_text_groups_add(struct tb_text_groups *g,
						const struct tb_group_key *key, uint32_t class,
						const struct tb_cell *x);

/*
 * Adds part number `part` of `from`, whose class number c is class number classes[c] here. Both
 * must have one hash key. Different parts may be merged at the same time; the limit is not looked
 * at, and g->cells does not hold until tb_text_groups_recount().
 */
TB_MUST_CHECK enum tb_status tb_text_groups_merge(struct tb_text_groups *g,
						  const struct tb_text_groups *from, size_t part,
						  const uint32_t *classes);

/* False when there are more cells than are allowed. */
TB_MUST_CHECK bool tb_text_groups_recount(struct tb_text_groups *g);

/* Groups are numbered below this until one is added, and not all numbers have one. */
size_t tb_text_groups_bound(const struct tb_text_groups *g);

/* How many cells a group has; 0 where there is none of that number. */
size_t tb_text_groups_size(const struct tb_text_groups *g, size_t number);

struct tb_span tb_text_groups_text(const struct tb_text_groups *g, size_t number);

/* A group's cell: its class, and what it holds. */
uint32_t tb_text_groups_class(const struct tb_text_groups *g, size_t number, size_t cell);
void tb_text_groups_cell(const struct tb_text_groups *g, size_t number, size_t cell,
			 struct tb_cell *out);

/* Begins to fetch a group that is soon to be asked for, and some time later its cells. */
void tb_text_groups_prefetch(const struct tb_text_groups *g, size_t number);
void tb_text_groups_prefetch_cells(const struct tb_text_groups *g, size_t number);

#endif
