/*
 * order - the cells of a tally in the order of a report's rows.
 */
#ifndef TB_ORDER_H
#define TB_ORDER_H

#include "report/model.h"

/* A cell, or a meter of it, and its place in the order. Items with equal keys make one row. */
struct tb_report_item {
	const char *key;
	uint8_t meter; /* TB_METERS: all of them */
	bool whole;    /* the head and the length tell all in which the key differs from others */
	bool leads;    /* the first of its cell: the one that counts its requests */
	uint32_t key_len;
	uint32_t cell;
	uint64_t head; /* bytes of the key behind what all keys share, to compare by first */
};

/* Makes and orders the report's items. */
TB_MUST_CHECK enum tb_status tb_report_order(struct tb_report *r, struct tb_err *err);

/* Whether both items belong to one row. */
bool tb_report_same_row(const struct tb_report_item *a, const struct tb_report_item *b);

/* The text of a group column. */
struct tb_span tb_group_text(const struct tb_group_column *c, const struct tb_era *era,
			     const struct tb_cell_key *key);

#endif
