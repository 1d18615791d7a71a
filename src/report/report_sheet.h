/*
 * report_sheet - a report (model.h) as a sheet: which columns it has, and what stands in them.
 *
 * Rows are worked out when they are asked for, so a report may have millions of them.
 */
#ifndef TB_REPORT_SHEET_H
#define TB_REPORT_SHEET_H

#include "report/model.h"
#include "report/sheet.h"

enum {
	TB_ADDED_COLUMNS_MAX = 4,
	TB_REPORT_COLUMNS_MAX =
		TB_REPORT_TEXTS + TB_COUNTS + TB_AMOUNTS + TB_EXTRAS + 1 + TB_ADDED_COLUMNS_MAX
};

/* A column that whoever asked for the report works out from its rows. */
struct tb_added_column {
	struct tb_sheet_column column;
	struct tb_sheet_cell (*cell)(const void *ctx, const struct tb_report_row *row);
	const void *ctx;
	bool last; /* stands behind the currency: CSV has it, and its header only grows */
};

struct tb_report_sheet {
	struct tb_sheet sheet;

	/* Its own. */
	const struct tb_report *report;
	const struct tb_added_column *added;
	struct tb_report_source *sources; /* of each column */
	size_t source_cap;
};

/*
 * Makes the sheet. The report and the `n` added columns, which stand before the currency unless
 * they are last ones, must outlive it. Release it afterwards either way.
 */
TB_MUST_CHECK enum tb_status tb_report_sheet_init(struct tb_report_sheet *s,
						  const struct tb_report *report,
						  const struct tb_added_column *added, size_t n,
						  struct tb_err *err);
void tb_report_sheet_release(struct tb_report_sheet *s);

/* Whether a report has or may have a column of that name, so that no group can have it. */
bool tb_report_has_column(const char *name);

#endif
