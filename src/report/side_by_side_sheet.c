/* Several scenarios side by side as a sheet: a row for each group, two columns for each scenario.
 */
#include "report/comparison_source.h"

#include <stdlib.h>

static bool of_scenario(struct tb_comparison_source source)
{
	return source.kind == TB_COMPARISON_COST || source.kind == TB_COMPARISON_PERCENT;
}

/* ---- columns ---- */

/* On a narrow terminal the percentages of the last scenarios go first, then their costs. */
static void add_scenario(struct tb_comparison_sheet *s, size_t number)
{
	const char *name = s->v->sides[number].scenario->wish->name;
	int sides = (int)s->v->side_count, i = (int)number;
	struct tb_buf title = {0};

	tb_buf_printf(&title, "%% of %s", name);
	s->sheet.failed |= title.failed;
	tb_comparison_add_column(
		s, (struct tb_comparison_source){TB_COMPARISON_COST, number},
		(struct tb_sheet_column){
			.name = name, .heading = name, .clip_heading = true, .keep_rank = -i});
	tb_comparison_add_column(
		s, (struct tb_comparison_source){TB_COMPARISON_PERCENT, number},
		(struct tb_sheet_column){
			.name = "%",
			.heading = "%",
			.title = tb_sheet_keep(&s->sheet, (struct tb_span){title.p, title.n}),
			.keep_rank = -sides - i});
	tb_buf_release(&title);
}

static void add_columns(struct tb_comparison_sheet *s)
{
	tb_comparison_add_groups(s, 1);
	tb_comparison_add_column(s, (struct tb_comparison_source){TB_COMPARISON_REQUESTS, 0},
				 (struct tb_sheet_column){.name = "requests",
							  .heading = "requests",
							  .keep_rank = 2});
	tb_comparison_add_column(s, (struct tb_comparison_source){TB_COMPARISON_BASELINE, 0},
				 (struct tb_sheet_column){.name = "baseline_cost",
							  .heading = "baseline",
							  .keep_rank = 1});
	for (size_t i = 0; i < s->v->side_count; i++)
		add_scenario(s, i);
	tb_comparison_add_column(s, (struct tb_comparison_source){TB_COMPARISON_CURRENCY, 0},
				 (struct tb_sheet_column){.name = "currency", .heading = ""});
}

/* ---- rows ---- */

static struct tb_sheet_cell cell_of(const struct tb_comparison_sheet *s,
				    struct tb_comparison_source source,
				    const struct tb_side_by_side_row *row)
{
	const struct tb_side_by_side_part *part;
	struct tb_comparison_row view;
	struct tb_sheet_cell cell;

	if (!of_scenario(source)) {
		view = tb_side_by_side_whole(row);
		return tb_comparison_cell(s->v, source, &view);
	}
	part = tb_side_by_side_part(&s->beside, row, source.index);
	view = tb_side_by_side_priced(&s->beside, row, source.index);
	cell = tb_comparison_cell(s->v, source, &view);
	cell.trend = (signed char)tb_money_sign(view.difference);
	cell.partial = source.kind == TB_COMPARISON_COST && part->priced && part->unpriced;
	return cell;
}

static enum tb_status each(const struct tb_sheet *sheet, size_t first, size_t count,
			   tb_sheet_take *take, void *to)
{
	const struct tb_comparison_sheet *s = sheet->ctx;
	size_t end = count < sheet->places - first ? first + count : sheet->places;
	struct tb_sheet_cell *cells = calloc(sheet->column_count, sizeof(*cells));
	enum tb_status st = cells ? TB_OK : TB_NOMEM;

	for (size_t k = first; k < end && st == TB_OK; k++) {
		for (size_t i = 0; i < sheet->column_count; i++)
			cells[i] = cell_of(s, s->sources[i], &s->beside.rows[k]);
		st = take(to, cells);
	}
	free(cells);
	return st;
}

/* Totals are the last rows. */
static void total(const struct tb_sheet *sheet, size_t number, struct tb_sheet_cell *cells)
{
	const struct tb_comparison_sheet *s = sheet->ctx;

	for (size_t i = 0; i < sheet->column_count; i++)
		if (sheet->columns[i].sums)
			cells[i] = cell_of(s, s->sources[i],
					   &s->beside.rows[sheet->row_count + number]);
}

enum tb_status tb_side_by_side_fill(struct tb_comparison_sheet *s, struct tb_err *err)
{
	struct tb_sheet *sheet = &s->sheet;

	TB_TRY(tb_side_by_side_init(&s->beside, s->v, err));
	add_columns(s);
	sheet->notes_title = "Without a price, and not in that scenario's cost:";
	sheet->part_note =
		"* Not all of it has a price there: cost and % are of the part that has.";
	sheet->each = each;
	sheet->total = total;
	while (sheet->row_count < s->beside.row_count && !s->beside.rows[sheet->row_count].total)
		sheet->row_count++;
	sheet->places = sheet->row_count;
	sheet->total_count = s->beside.row_count - sheet->row_count;
	return TB_OK;
}
