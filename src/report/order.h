/*
 * order - the items of a report in the order of its rows.
 */
#ifndef TB_ORDER_H
#define TB_ORDER_H

#include "report/items.h"

/* Makes and orders the report's items, on as many threads as it may have. */
TB_MUST_CHECK enum tb_status tb_report_order(struct tb_report *r, struct tb_err *err);

/* Whether both items belong to one row. */
bool tb_report_same_row(const struct tb_report_item *a, const struct tb_report_item *b);

#endif
