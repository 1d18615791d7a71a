/*
 * totals - the sums of a report by currency, and the checks that they are right.
 */
#ifndef TB_TOTALS_H
#define TB_TOTALS_H

#include "report/model.h"

/*
 * Adds up the rows of a report whose items are in order, and counts them. TB_DATA when an amount is
 * too large to hold, TB_INTERNAL when a row or a total does not balance or tokens or rows of the
 * run are missing.
 */
TB_MUST_CHECK enum tb_status tb_report_sum_up(struct tb_report *r, struct tb_err *err);

/* The cells of each class of the report's tally added up: sums[tb_tally_classes()], zeroed before.
 */
TB_MUST_CHECK enum tb_status tb_report_sum_classes(const struct tb_report *r, struct tb_cell *sums,
						   struct tb_err *err);

#endif
