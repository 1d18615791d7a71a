/*
 * run_facts - what a run did, as facts of a sheet.
 */
#ifndef TB_RUN_FACTS_H
#define TB_RUN_FACTS_H

#include "report/model.h"
#include "report/sheet.h"

/* "run": period, time zone, rounding, inputs, rates, and what became of the rows. */
void tb_sheet_add_run(struct tb_sheet *s, const struct tb_grouping *grouping,
		      const struct tb_facts *facts);

#endif
