#include "report/rows.h"

#include "report/detail.h"
#include "report/order.h"

#include <string.h>

void tb_row_count(struct tb_report_row *row, enum tb_tier tier, const struct tb_cell *cell)
{
	tb_u128 input = 0, output = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++) {
		*(tb_meters[m].side == TB_SIDE_OUTPUT ? &output : &input) += cell->tokens[m];
		if (tb_meters[m].flags & TB_METER_CACHED)
			row->counts[TB_COUNT_CACHED_READ] += cell->tokens[m];
		if (tb_meters[m].flags & TB_METER_WRITTEN)
			row->counts[TB_COUNT_CACHE_WRITE] += cell->tokens[m];
	}
	row->counts[TB_COUNT_REQUESTS] += cell->requests;
	row->counts[TB_COUNT_INPUT] += input;
	row->counts[TB_COUNT_OUTPUT] += output;
	if (tier == TB_BATCH)
		row->counts[TB_COUNT_BATCH] += input + output;
}

/* Leaves of a cell what the item of one meter counts. */
static void keep_part(struct tb_cell *cell, const struct tb_report_item *item)
{
	struct tb_cell part = {.requests = item->leads ? cell->requests : 0};

	part.tokens[item->meter] = cell->tokens[item->meter];
	*cell = part;
}

/* The reported cost of a cell, and how far its own cost, `after` less `before`, is off. */
static bool add_reported(struct tb_report_row *row, const struct tb_cell *cell,
			 struct tb_money before, struct tb_money after)
{
	struct tb_money difference = after;

	return tb_money_subtract(&difference, before) &&
	       tb_money_subtract(&difference, cell->reported) &&
	       tb_extra_add(row, TB_EXTRA_REPORTED, cell->reported) &&
	       tb_extra_add(row, TB_EXTRA_DIFFERENCE, difference);
}

bool tb_row_charge(struct tb_report_row *row, const struct tb_report_class *class,
		   const struct tb_cell *cell)
{
	if (class->rates)
		return tb_charge_at(&row->charge, class->rates, cell->tokens);
	return tb_charge_tokens(&row->charge, class->era, class->terms, cell->tokens);
}

static bool add_cell(const struct tb_report *r, struct tb_report_row *row,
		     const struct tb_report_item *item, struct tb_cell_at at)
{
	const struct tb_report_class *class = tb_report_class_of(r, at);
	struct tb_cell cell = tb_tally_cell(r->tally, at);
	struct tb_money before = row->charge.amounts[TB_COST];

	if (item->meter != TB_METERS)
		keep_part(&cell, item);
	tb_row_count(row, class->terms.tier, &cell);
	if (!tb_row_charge(row, class, &cell))
		return false;
	if (r->options.detail)
		return tb_detail_fill(row, class->era, class->terms, (enum tb_meter)item->meter,
				      cell.tokens[item->meter]);
	return !class->reported || add_reported(row, &cell, before, row->charge.amounts[TB_COST]);
}

static bool add_item(const struct tb_report *r, struct tb_report_row *row,
		     const struct tb_report_item *item)
{
	struct tb_cell_at at = tb_report_first_cell(item);

	for (size_t end = at.cell + item->cells; at.cell < end; at.cell++)
		if (!add_cell(r, row, item, at))
			return false;
	return true;
}

/* The texts of a row are those of its first item. */
static void name_row(const struct tb_report *r, struct tb_report_row *row,
		     const struct tb_report_item *item)
{
	const struct tb_report_class *class = tb_report_class_of(r, tb_report_first_cell(item));
	struct tb_span texts[TB_GROUP_COLUMNS_MAX];

	row->period = class->period;
	row->currency = class->era->currency;
	tb_tally_texts(r->tally, item->group, texts);
	for (size_t i = 0; i < r->grouping->count; i++)
		row->texts[i] = tb_group_text(&r->grouping->columns[i], class->era,
					      class->terms.tier, texts);
}

/* Groups lie all over the memory, but the order in which they are needed is known. */
static void fetch_ahead(const struct tb_report *r, size_t item)
{
	enum { GROUP_AHEAD = 24, CELLS_AHEAD = 12 };

	if (r->item_count - item <= GROUP_AHEAD)
		return;
	tb_tally_prefetch(r->tally, r->items[item + GROUP_AHEAD].group);
	tb_tally_prefetch_cells(r->tally, r->items[item + CELLS_AHEAD].group);
}

bool tb_row_next(const struct tb_report *r, size_t *i, struct tb_report_row *row)
{
	const struct tb_report_item *first = &r->items[*i];
	bool fits = true;

	name_row(r, row, first);
	row->charge = (struct tb_charge){0};
	row->has_extra = 0;
	memset(row->extras, 0, sizeof(row->extras));
	memset(row->counts, 0, sizeof(row->counts));
	for (; *i < r->item_count && tb_report_same_row(first, &r->items[*i]); ++*i) {
		fetch_ahead(r, *i);
		fits = add_item(r, row, &r->items[*i]) && fits;
	}
	return fits;
}

bool tb_row_begins(const struct tb_report *r, size_t i)
{
	return i == 0 || i == r->item_count || !tb_report_same_row(&r->items[i - 1], &r->items[i]);
}
