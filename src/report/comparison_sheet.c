#include "report/comparison_sheet.h"

#include "report/comparison_source.h"
#include "report/run_facts.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* ---- columns ---- */

static enum tb_sheet_kind kind_of(const struct tb_comparison *v, struct tb_comparison_source source)
{
	static const enum tb_sheet_kind kinds[] = {
		[TB_COMPARISON_SCENARIO] = TB_SHEET_TEXT,
		[TB_COMPARISON_GROUP] = TB_SHEET_TEXT,
		[TB_COMPARISON_TARGET] = TB_SHEET_TEXT,
		[TB_COMPARISON_REQUESTS] = TB_SHEET_COUNT,
		[TB_COMPARISON_BASELINE] = TB_SHEET_AMOUNT,
		[TB_COMPARISON_COST] = TB_SHEET_AMOUNT,
		[TB_COMPARISON_DIFFERENCE] = TB_SHEET_AMOUNT,
		[TB_COMPARISON_PERCENT] = TB_SHEET_RATIO,
		[TB_COMPARISON_BAR] = TB_SHEET_BAR,
		[TB_COMPARISON_CURRENCY] = TB_SHEET_CURRENCY,
	};

	if (source.kind == TB_COMPARISON_GROUP &&
	    tb_comparison_grouping(v)->columns[source.index].by == TB_BY_DATE)
		return TB_SHEET_DATE;
	return kinds[source.kind];
}

void tb_comparison_add_column(struct tb_comparison_sheet *s, struct tb_comparison_source source,
			      struct tb_sheet_column column)
{
	size_t n = s->sheet.column_count;

	column.kind = kind_of(s->v, source);
	column.sums = source.kind != TB_COMPARISON_GROUP && source.kind != TB_COMPARISON_TARGET &&
		      source.kind != TB_COMPARISON_BAR;
	if (!tb_grow(&s->sources, &s->source_cap, n + 1, sizeof(*s->sources))) {
		s->sheet.failed = true;
		return;
	}
	s->sources[n] = source;
	tb_sheet_add_column(&s->sheet, column);
}

void tb_comparison_add_groups(struct tb_comparison_sheet *s, int level)
{
	const struct tb_grouping *g = tb_comparison_grouping(s->v);

	for (size_t i = 0; i < g->count; i++)
		tb_comparison_add_column(s, (struct tb_comparison_source){TB_COMPARISON_GROUP, i},
					 (struct tb_sheet_column){.name = g->columns[i].name,
								  .heading = g->columns[i].name,
								  .level = level + (int)i});
}

/* The largest difference of a row, without its sign: the length of a bar. */
static struct tb_money largest_difference(const struct tb_comparison *v)
{
	struct tb_money largest = {{0}};

	for (size_t i = 0; i < tb_comparison_count(v); i++) {
		struct tb_money difference = tb_comparison_row(v, i).difference;

		if (tb_money_compare_size(difference, largest) > 0)
			largest = difference;
	}
	if (tb_money_sign(largest) < 0)
		largest = tb_money_difference(TB_NO_MONEY, largest);
	return largest;
}

static void add_bar(struct tb_comparison_sheet *s)
{
	struct tb_sheet_column bar = {.name = "difference_bar",
				      .heading = " less | more",
				      .title = "bar",
				      .hidden = TB_HIDE_FROM_DATA,
				      .keep_rank = 4};

	bar.bar.of = s->sheet.column_count - 2; /* the percentage is between them */
	bar.bar.largest = largest_difference(s->v);
	bar.bar.both_ways = true;
	tb_comparison_add_column(s, (struct tb_comparison_source){TB_COMPARISON_BAR, 0}, bar);
}

/* What the question was stays longest: the scenario's cost, the difference, and its percentage. */
static const struct {
	const char *name, *heading;
	enum tb_comparison_kind kind;
	int keep_rank;
} figures[] = {
	{"scenario_model", "would be", TB_COMPARISON_TARGET, 0},
	{"requests", "requests", TB_COMPARISON_REQUESTS, 3},
	{"baseline_cost", "baseline", TB_COMPARISON_BASELINE, 2},
	{"scenario_cost", "scenario", TB_COMPARISON_COST, 0},
	{"difference", "difference", TB_COMPARISON_DIFFERENCE, 0},
	{"difference_pct", "%", TB_COMPARISON_PERCENT, -1},
	{"currency", "", TB_COMPARISON_CURRENCY, 0},
};

static const char scenario_column[] = "scenario";

bool tb_comparison_has_column(const char *name)
{
	for (size_t i = 0; i < LENGTH(figures); i++)
		if (strcmp(name, figures[i].name) == 0)
			return true;
	return strcmp(name, scenario_column) == 0;
}

static void add_columns(struct tb_comparison_sheet *s)
{
	bool named = s->v->named;

	if (named)
		tb_comparison_add_column(
			s, (struct tb_comparison_source){TB_COMPARISON_SCENARIO, 0},
			(struct tb_sheet_column){
				.name = scenario_column, .heading = scenario_column, .level = 1});
	tb_comparison_add_groups(s, named ? 2 : 1);
	for (size_t i = 0; i < LENGTH(figures); i++) {
		if (figures[i].kind == TB_COMPARISON_CURRENCY)
			add_bar(s);
		tb_comparison_add_column(
			s, (struct tb_comparison_source){figures[i].kind, 0},
			(struct tb_sheet_column){.name = figures[i].name,
						 .heading = figures[i].heading,
						 .keep_rank = figures[i].keep_rank});
	}
}

/* ---- cells ---- */

static struct tb_sheet_cell nothing(void)
{
	return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
}

static struct tb_sheet_cell group_cell(const struct tb_grouping *g, size_t index,
				       const struct tb_comparison_row *row)
{
	if (g->columns[index].by == TB_BY_DATE)
		return tb_cell_of_period(g->period, row->period);
	return tb_cell_of_text(row->texts[index]);
}

/* What has no price in the scenario has no cost there. */
static struct tb_sheet_cell priced_cell(struct tb_comparison_source source,
					const struct tb_comparison_row *row)
{
	if (!row->priced)
		return nothing();
	switch (source.kind) {
	case TB_COMPARISON_COST:
		return tb_cell_of_amount(row->cost);
	case TB_COMPARISON_PERCENT:
		return tb_cell_of_ratio(row->difference, row->baseline, 100);
	default:
		return tb_cell_of_amount(row->difference);
	}
}

struct tb_sheet_cell tb_comparison_cell(const struct tb_comparison *v,
					struct tb_comparison_source source,
					const struct tb_comparison_row *row)
{
	switch (source.kind) {
	case TB_COMPARISON_SCENARIO:
		return tb_cell_of_text(tb_span_of(v->sides[row->scenario].scenario->wish->name));
	case TB_COMPARISON_GROUP:
		return group_cell(tb_comparison_grouping(v), source.index, row);
	case TB_COMPARISON_TARGET:
		return tb_cell_of_text(row->target);
	case TB_COMPARISON_REQUESTS:
		return tb_cell_of_count(row->requests);
	case TB_COMPARISON_BASELINE:
		return tb_cell_of_amount(row->baseline);
	case TB_COMPARISON_COST:
	case TB_COMPARISON_DIFFERENCE:
	case TB_COMPARISON_PERCENT:
		return priced_cell(source, row);
	case TB_COMPARISON_CURRENCY:
		return tb_cell_of_text(tb_span_of(row->currency));
	case TB_COMPARISON_BAR:
		break;
	}
	return nothing();
}

/* Usage that has no price today: its model and requests, and neither amount. */
static struct tb_sheet_cell cell_of_today(const struct tb_comparison *v,
					  struct tb_comparison_source source,
					  const struct tb_comparison_today *today)
{
	const struct tb_grouping *g = tb_comparison_grouping(v);

	if (source.kind == TB_COMPARISON_REQUESTS)
		return tb_cell_of_count(today->requests);
	if (source.kind == TB_COMPARISON_GROUP && g->columns[source.index].by == TB_BY_MODEL)
		return tb_cell_of_text(tb_span_of(today->model));
	return nothing();
}

/* ---- rows ---- */

static void fill(const struct tb_comparison_sheet *s, size_t place, struct tb_sheet_cell *cells)
{
	size_t n = tb_comparison_count(s->v);
	struct tb_comparison_row row;

	if (place >= n) {
		for (size_t i = 0; i < s->sheet.column_count; i++)
			cells[i] = cell_of_today(s->v, s->sources[i], &s->v->today[place - n]);
		return;
	}
	row = tb_comparison_row(s->v, place);
	for (size_t i = 0; i < s->sheet.column_count; i++) {
		cells[i] = tb_comparison_cell(s->v, s->sources[i], &row);
		if (s->sources[i].kind == TB_COMPARISON_DIFFERENCE && row.priced)
			cells[i].trend = (signed char)tb_money_sign(row.difference);
	}
}

static enum tb_status each(const struct tb_sheet *sheet, size_t first, size_t count,
			   tb_sheet_take *take, void *to)
{
	struct tb_sheet_cell cells[TB_GROUP_COLUMNS_MAX + TB_COMPARISON_CURRENCY + 1];
	size_t end = count < sheet->places - first ? first + count : sheet->places;

	for (size_t i = first; i < end; i++) {
		fill(sheet->ctx, i, cells);
		TB_TRY(take(to, cells));
	}
	return TB_OK;
}

static void total(const struct tb_sheet *sheet, size_t number, struct tb_sheet_cell *cells)
{
	const struct tb_comparison_sheet *s = sheet->ctx;

	for (size_t i = 0; i < sheet->column_count; i++)
		if (sheet->columns[i].sums)
			cells[i] = tb_comparison_cell(s->v, s->sources[i], &s->v->totals[number]);
}

/* ---- what has no price ---- */

static void begin_note(const struct tb_comparison_sheet *s, tb_u128 requests, size_t scenario,
		       struct tb_buf *text)
{
	char count[TB_COUNT_TEXT];

	tb_buf_clear(text);
	tb_buf_printf(text, "%s request%s", tb_count_text(requests, ',', count),
		      requests == 1 ? "" : "s");
	if (s->v->named && scenario < s->v->side_count)
		tb_buf_printf(text, ", %s", s->v->sides[scenario].scenario->wish->name);
	tb_buf_puts(text, ": ");
}

static void add_reason(struct tb_comparison_sheet *s, const struct tb_comparison_reason *r,
		       struct tb_buf *text)
{
	begin_note(s, r->requests, r->scenario, text);
	tb_buf_add(text, r->text.p, r->text.n);
	tb_sheet_add_note(&s->sheet, text);
	if (s->v->named)
		tb_sheet_note_text(&s->sheet, "scenario",
				   tb_span_of(s->v->sides[r->scenario].scenario->wish->name));
	tb_sheet_note_count(&s->sheet, "requests", r->requests);
	tb_sheet_note_text(&s->sheet, "reason", r->text);
}

void tb_comparison_add_notes(struct tb_comparison_sheet *s)
{
	const struct tb_comparison *v = s->v;
	struct tb_buf text = {0};

	s->sheet.notes_name = "unpriced";
	s->sheet.notes_always = true;
	for (size_t i = 0; i < v->reason_count; i++)
		add_reason(s, &v->reasons[i], &text);
	for (size_t i = 0; i < v->today_count; i++) {
		begin_note(s, v->today[i].requests, v->side_count, &text);
		tb_buf_printf(&text, "%s has no price today", v->today[i].model);
		tb_sheet_add_note(&s->sheet, &text);
	}
	tb_buf_release(&text);
}

/* ---- the sheet ---- */

static void fill_long(struct tb_comparison_sheet *s, enum tb_sheet_reader reader)
{
	struct tb_sheet *sheet = &s->sheet;

	add_columns(s);
	sheet->notes_title = "Without a price, and in no total:";
	sheet->each = each;
	sheet->total = total;
	sheet->places = tb_comparison_count(s->v);
	if (reader == TB_READ_BY_PROGRAMS)
		sheet->places += s->v->today_count;
	sheet->row_count = sheet->places;
	sheet->total_count = s->v->total_count;
}

enum tb_status tb_comparison_sheet_init(struct tb_comparison_sheet *s,
					const struct tb_comparison *v, enum tb_sheet_reader reader,
					struct tb_err *err)
{
	*s = (struct tb_comparison_sheet){.v = v};
	tb_sheet_init(&s->sheet, TB_FORM_REPORT);
	s->sheet.title = "What it would have cost";
	s->sheet.if_empty = "No usage to compare.";
	s->sheet.unknown = "-";
	s->sheet.round = v->round;
	s->sheet.ctx = s;
	tb_sheet_add_run(&s->sheet, tb_comparison_grouping(v), v->facts);
	tb_comparison_add_notes(s);
	if (reader == TB_READ_BY_PEOPLE && v->side_count > 1)
		TB_TRY(tb_side_by_side_fill(s, err));
	else
		fill_long(s, reader);
	return tb_sheet_check(&s->sheet, err);
}

void tb_comparison_sheet_release(struct tb_comparison_sheet *s)
{
	tb_side_by_side_release(&s->beside);
	tb_sheet_release(&s->sheet);
	free(s->sources);
	s->sources = NULL;
	s->source_cap = 0;
}
