/*
 * rows - what a report's rows count and cost, put together from items.
 */
#ifndef TB_ROWS_H
#define TB_ROWS_H

#include "report/items.h"

/* Adds to the counts of a row what a cell of that tier holds. */
void tb_row_count(struct tb_report_row *row, enum tb_tier tier, const struct tb_cell *cell);

/* Adds what the tokens of a cell cost; false when an amount is too large to hold. */
TB_MUST_CHECK bool tb_row_charge(struct tb_report_row *row, const struct tb_report_class *class,
				 const struct tb_cell *cell);

/* Whether item number i is the first of a row, or the end of all. */
bool tb_row_begins(const struct tb_report *r, size_t i);

/* The row that begins at item *i; moves *i past it. False when an amount is too large to hold. */
TB_MUST_CHECK bool tb_row_next(const struct tb_report *r, size_t *i, struct tb_report_row *row);

#endif
