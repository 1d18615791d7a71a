/*
 * comparison_sheet - a comparison (comparison.h) as a sheet.
 *
 * Programs get a row for each scenario and group. People get the same of one scenario; several
 * stand side by side for them, a row for each group (side_by_side.h).
 */
#ifndef TB_COMPARISON_SHEET_H
#define TB_COMPARISON_SHEET_H

#include "report/comparison.h"
#include "report/sheet.h"
#include "report/side_by_side.h"

struct tb_comparison_sheet {
	struct tb_sheet sheet;

	/* Its own. */
	const struct tb_comparison *v;
	struct tb_comparison_source *sources; /* of each column */
	size_t source_cap;
	struct tb_side_by_side beside; /* several scenarios, for people */
};

/* The comparison must outlive the sheet. Release it afterwards either way. */
TB_MUST_CHECK enum tb_status tb_comparison_sheet_init(struct tb_comparison_sheet *s,
						      const struct tb_comparison *v,
						      enum tb_sheet_reader reader,
						      struct tb_err *err);
void tb_comparison_sheet_release(struct tb_comparison_sheet *s);

/* Whether a comparison has a column of that name, so that no group can have it. */
bool tb_comparison_has_column(const char *name);

#endif
