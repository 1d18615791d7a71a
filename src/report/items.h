/*
 * items - the cells of a tally as the parts that a report's rows are made of.
 *
 * Made for a range of groups, so that several threads can make those of several ranges.
 */
#ifndef TB_ITEMS_H
#define TB_ITEMS_H

#include "report/model.h"

/*
 * Cells of one group that fall into one row, or a meter of one of them, and their place in the
 * order. Items with equal keys make one row.
 */
struct tb_report_item {
	uint64_t head; /* bytes of the key after what all keys share, to compare by first */
	const char *key;
	uint32_t key_len;
	uint32_t group, cell, cells; /* so many from the cell on */
	uint8_t meter;               /* TB_METERS: all of them */
	bool whole; /* the head and the length tell all in which the key differs from others */
	bool leads; /* the first of its cell: the one that counts its requests */
};

/* Those of some groups. */
struct tb_items {
	struct tb_report_item *list; /* heads are not worked out yet */
	size_t n, cap;
	struct tb_arena keys;
};

/* Groups of a tally, from number `first` on, below `end`. */
struct tb_group_range {
	size_t first, end;
};

/* All groups in ranges, of which a thread may work through one at a time: how many, and one. */
size_t tb_group_ranges(const struct tb_tally *t);
struct tb_group_range tb_group_range(const struct tb_tally *t, size_t number);

/*
 * Adds the items of those groups. The classes of the report must be known. False when memory is
 * out. Zero before, release afterwards either way.
 */
TB_MUST_CHECK bool tb_items_make(struct tb_items *items, const struct tb_report *r,
				 struct tb_group_range range);
void tb_items_release(struct tb_items *items);

/* The item's first cell. */
static inline struct tb_cell_at tb_report_first_cell(const struct tb_report_item *i)
{
	return (struct tb_cell_at){i->group, i->cell};
}

static inline const struct tb_report_class *tb_report_class_of(const struct tb_report *r,
							       struct tb_cell_at at)
{
	return &r->classes[tb_tally_class(r->tally, at)];
}

/* The text of a group column, of usage in that era and tier; `texts` are those of the columns. */
struct tb_span tb_group_text(const struct tb_group_column *c, const struct tb_era *era,
			     enum tb_tier tier, const struct tb_span *texts);

#endif
