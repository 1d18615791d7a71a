/*
 * comparison_source - what the cells of a comparison's sheet hold. Internal to comparison_sheet
 * and side_by_side_sheet.
 */
#ifndef TB_COMPARISON_SOURCE_H
#define TB_COMPARISON_SOURCE_H

#include "report/comparison_sheet.h"

enum tb_comparison_kind {
	TB_COMPARISON_SCENARIO,
	TB_COMPARISON_GROUP,
	TB_COMPARISON_TARGET,
	TB_COMPARISON_REQUESTS,
	TB_COMPARISON_BASELINE,
	TB_COMPARISON_COST,
	TB_COMPARISON_DIFFERENCE,
	TB_COMPARISON_PERCENT,
	TB_COMPARISON_BAR,
	TB_COMPARISON_CURRENCY
};

struct tb_comparison_source {
	enum tb_comparison_kind kind;
	size_t index; /* of the group column, or of the scenario where they stand side by side */
};

/* One column more; `column` lacks what all of its kind have in common: kind, level, sums. */
void tb_comparison_add_column(struct tb_comparison_sheet *s, struct tb_comparison_source source,
			      struct tb_sheet_column column);

/* The groups, with a level each from `level` on. */
void tb_comparison_add_groups(struct tb_comparison_sheet *s, int level);

struct tb_sheet_cell tb_comparison_cell(const struct tb_comparison *v,
					struct tb_comparison_source source,
					const struct tb_comparison_row *row);

/* What has no price, and why, under a title of the sheet's. */
void tb_comparison_add_notes(struct tb_comparison_sheet *s);

/* Fills a sheet of several scenarios side by side. */
TB_MUST_CHECK enum tb_status tb_side_by_side_fill(struct tb_comparison_sheet *s,
						  struct tb_err *err);

#endif
