/*
 * headings - the columns that a report has: what they are called, and what they hold.
 */
#ifndef TB_HEADINGS_H
#define TB_HEADINGS_H

#include "report/model.h"

/* Those of the grouping, those of every report, and those that are wished for. */
void tb_report_add_columns(struct tb_report *r);

#endif
