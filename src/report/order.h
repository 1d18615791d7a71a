/*
 * order - the cells of a tally in the order of a report's rows.
 */
#ifndef TB_ORDER_H
#define TB_ORDER_H

#include "report/model.h"

/*
 * Cells of one group that fall into one row, or a meter of one of them, and their place in the
 * order. Items with equal keys make one row.
 */
struct tb_report_item {
	uint64_t head; /* bytes of the key behind what all keys share, to compare by first */
	const char *key;
	uint32_t key_len;
	uint32_t group, cell, cells; /* so many from the cell on */
	uint8_t meter;               /* TB_METERS: all of them */
	bool whole; /* the head and the length tell all in which the key differs from others */
	bool leads; /* the first of its cell: the one that counts its requests */
};

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

/* Makes and orders the report's items. */
TB_MUST_CHECK enum tb_status tb_report_order(struct tb_report *r, struct tb_err *err);

/* Whether both items belong to one row. */
bool tb_report_same_row(const struct tb_report_item *a, const struct tb_report_item *b);

/* The text of a group column, of usage in that era and tier; `texts` are those of the columns. */
struct tb_span tb_group_text(const struct tb_group_column *c, const struct tb_era *era,
			     enum tb_tier tier, const struct tb_span *texts);

#endif
