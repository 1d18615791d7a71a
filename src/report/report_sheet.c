#include "report/report_sheet.h"

#include "report/run_facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Where the cells of a column come from. */
enum source_kind {
	FROM_PERIOD,
	FROM_TEXTS,
	FROM_COUNTS,
	FROM_AMOUNTS,
	FROM_EXTRAS, /* an amount, or nothing */
	FROM_CURRENCY,
	FROM_ADDED
};

struct tb_report_source {
	enum source_kind kind;
	size_t index; /* into the row's texts, counts, amounts or extras, or the added columns */
};

/* ---- which columns there are ---- */

struct known_column {
	const char *name, *heading;
	enum tb_sheet_kind kind;
	struct tb_report_source source;
	int keep_rank;
	bool sums;
};

static const struct known_column figures[] = {
	{"requests", "requests", TB_SHEET_COUNT, {FROM_COUNTS, TB_COUNT_REQUESTS}, 6, true},
	{"input_tokens", "input", TB_SHEET_COUNT, {FROM_COUNTS, TB_COUNT_INPUT}, 4, true},
	{"cached_read_tokens",
	 "cached read",
	 TB_SHEET_COUNT,
	 {FROM_COUNTS, TB_COUNT_CACHED_READ},
	 8,
	 true},
	{"cache_write_tokens",
	 "cache write",
	 TB_SHEET_COUNT,
	 {FROM_COUNTS, TB_COUNT_CACHE_WRITE},
	 10,
	 true},
	{"output_tokens", "output", TB_SHEET_COUNT, {FROM_COUNTS, TB_COUNT_OUTPUT}, 5, true},
	{"batch_tokens", "in batch", TB_SHEET_COUNT, {FROM_COUNTS, TB_COUNT_BATCH}, 9, true},
	{"list_cost", "list cost", TB_SHEET_AMOUNT, {FROM_AMOUNTS, TB_LIST_COST}, 3, true},
	{"cache_savings",
	 "cache saved",
	 TB_SHEET_AMOUNT,
	 {FROM_AMOUNTS, TB_CACHE_SAVINGS},
	 1,
	 true},
	{"batch_savings",
	 "batch saved",
	 TB_SHEET_AMOUNT,
	 {FROM_AMOUNTS, TB_BATCH_SAVINGS},
	 2,
	 true},
	{"tier_savings", "tier saved", TB_SHEET_AMOUNT, {FROM_AMOUNTS, TB_TIER_SAVINGS}, 7, true},
	{"cost", "cost", TB_SHEET_AMOUNT, {FROM_AMOUNTS, TB_COST}, 0, true},
};

static const struct known_column currency[] = {
	{"currency", "", TB_SHEET_CURRENCY, {FROM_CURRENCY, 0}, 0, true},
};

/* Where a detailed row's texts begin. */
#define DETAIL(detail)                                                                             \
	{                                                                                          \
		FROM_TEXTS, TB_GROUP_COLUMNS_MAX + (detail)                                        \
	}

/*
 * Who asks for detail asks which meter at which price: those stay on a narrow terminal, and the
 * figures that every report has go.
 */
static const struct known_column details[] = {
	{"meter", "meter", TB_SHEET_TEXT, DETAIL(TB_DETAIL_METER), -1, false},
	{"rate_tier", "rate tier", TB_SHEET_TEXT, DETAIL(TB_DETAIL_TIER), -4, false},
	{"rate_context", "rate context", TB_SHEET_TEXT, DETAIL(TB_DETAIL_CONTEXT), 12, false},
	{"rate_region", "rate region", TB_SHEET_TEXT, DETAIL(TB_DETAIL_REGION), 13, false},
	{"quantity", "quantity", TB_SHEET_COUNT, {FROM_COUNTS, TB_COUNT_QUANTITY}, -3, false},
	{"unit", "unit", TB_SHEET_TEXT, DETAIL(TB_DETAIL_UNIT), 14, false},
	{"price_per_1m", "per 1M", TB_SHEET_PRICE, {FROM_EXTRAS, TB_EXTRA_PRICE}, -2, false},
	{"peak_surcharge",
	 "peak surcharge",
	 TB_SHEET_AMOUNT,
	 {FROM_EXTRAS, TB_EXTRA_PEAK_SURCHARGE},
	 15,
	 true},
	{"region_surcharge",
	 "region surcharge",
	 TB_SHEET_AMOUNT,
	 {FROM_EXTRAS, TB_EXTRA_REGION_SURCHARGE},
	 16,
	 true},
	{"fees", "fees", TB_SHEET_AMOUNT, {FROM_EXTRAS, TB_EXTRA_FEES}, 17, true},
	{"rate_section", "section", TB_SHEET_TEXT, DETAIL(TB_DETAIL_SECTION), 18, false},
	{"rate_effective_from", "from", TB_SHEET_TEXT, DETAIL(TB_DETAIL_FROM), 19, false},
	{"rate_file", "file", TB_SHEET_TEXT, DETAIL(TB_DETAIL_FILE), 20, false},
	{"rate_source", "source", TB_SHEET_TEXT, DETAIL(TB_DETAIL_SOURCE), 21, false},
	{"rate_verified", "verified", TB_SHEET_TEXT, DETAIL(TB_DETAIL_VERIFIED), 22, false},
	{"rate_confidence", "confidence", TB_SHEET_TEXT, DETAIL(TB_DETAIL_CONFIDENCE), 23, false},
};

static const struct known_column comparisons[] = {
	{"reported_cost", "reported", TB_SHEET_AMOUNT, {FROM_EXTRAS, TB_EXTRA_REPORTED}, 12, true},
	{"difference", "difference", TB_SHEET_AMOUNT, {FROM_EXTRAS, TB_EXTRA_DIFFERENCE}, 13, true},
};

static bool is_among(const char *name, const struct known_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, columns[i].name) == 0)
			return true;
	return false;
}

bool tb_report_has_column(const char *name)
{
	return is_among(name, figures, LENGTH(figures)) ||
	       is_among(name, currency, LENGTH(currency)) ||
	       is_among(name, details, LENGTH(details)) ||
	       is_among(name, comparisons, LENGTH(comparisons));
}

/* ---- the columns of one sheet ---- */

static void add_column(struct tb_report_sheet *s, struct tb_sheet_column column,
		       struct tb_report_source source)
{
	size_t n = s->sheet.column_count;

	if (!tb_grow(&s->sources, &s->source_cap, n + 1, sizeof(*s->sources))) {
		s->sheet.failed = true;
		return;
	}
	s->sources[n] = source;
	tb_sheet_add_column(&s->sheet, column);
}

static void add_groups(struct tb_report_sheet *s, const struct tb_grouping *g)
{
	for (size_t i = 0; i < g->count; i++) {
		bool date = g->columns[i].by == TB_BY_DATE;
		struct tb_sheet_column column = {.name = g->columns[i].name,
						 .heading = g->columns[i].name,
						 .kind = date ? TB_SHEET_DATE : TB_SHEET_TEXT,
						 .level = (int)i + 1};

		add_column(s, column,
			   (struct tb_report_source){date ? FROM_PERIOD : FROM_TEXTS, i});
	}
}

/* Words of our own are never cut: a meter or tier of which one cannot say which it is says nothing.
 */
static void add_known(struct tb_report_sheet *s, const struct known_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct known_column *k = &columns[i];
		struct tb_sheet_column column = {.name = k->name,
						 .heading = k->heading,
						 .kind = k->kind,
						 .sums = k->sums,
						 .whole = k->keep_rank < 0,
						 .keep_rank = k->keep_rank};

		add_column(s, column, k->source);
	}
}

static void add_added(struct tb_report_sheet *s, size_t n, bool last)
{
	for (size_t i = 0; i < n; i++)
		if (s->added[i].last == last)
			add_column(s, s->added[i].column, (struct tb_report_source){FROM_ADDED, i});
}

static void add_columns(struct tb_report_sheet *s, size_t added)
{
	const struct tb_report *r = s->report;

	add_groups(s, r->grouping);
	add_known(s, figures, LENGTH(figures));
	add_added(s, added, false);
	add_known(s, currency, LENGTH(currency));
	if (r->options.detail)
		add_known(s, details, LENGTH(details));
	if (r->options.compare)
		add_known(s, comparisons, LENGTH(comparisons));
	add_added(s, added, true);
}

/* Cost by day, each day's stacked by model; else by the first column, stacked by the second. */
static void choose_chart(struct tb_report_sheet *s)
{
	const struct tb_grouping *g = s->report->grouping;
	struct tb_sheet *sheet = &s->sheet;

	for (size_t i = 0; i < sheet->column_count; i++)
		if (s->sources[i].kind == FROM_AMOUNTS && s->sources[i].index == TB_COST)
			sheet->chart.y = i;
	if (g->count)
		sheet->chart.x = 0;
	for (size_t i = 1; i < g->count; i++)
		if (g->columns[i].by == TB_BY_DATE)
			sheet->chart.x = i;
	for (size_t i = g->count; i-- > 0;)
		if (i != sheet->chart.x)
			sheet->chart.series = i;
}

/* ---- cells ---- */

static void fill_extra(struct tb_sheet_cell *cell, const struct tb_report_row *row, size_t extra)
{
	if (row->has_extra >> extra & 1)
		tb_cell_set_amount(cell, row->extras[extra]);
	else
		tb_cell_begin(cell, TB_CELL_NOTHING);
}

/* The cells of a row; of a total those that sum. */
static void fill(const struct tb_report_sheet *s, const struct tb_report_row *row, bool total,
		 struct tb_sheet_cell *cell)
{
	const struct tb_sheet_column *c = s->sheet.columns;
	const struct tb_report_source *end = s->sources + s->sheet.column_count;

	for (const struct tb_report_source *from = s->sources; from < end; from++, c++, cell++) {
		if (total && !c->sums)
			continue;
		switch (from->kind) {
		case FROM_PERIOD:
			tb_cell_set_period(cell, s->report->grouping->period, row->period);
			break;
		case FROM_TEXTS:
			tb_cell_set_text(cell, row->texts[from->index]);
			break;
		case FROM_COUNTS:
			tb_cell_set_count(cell, row->counts[from->index]);
			break;
		case FROM_AMOUNTS:
			tb_cell_set_amount(cell, row->charge.amounts[from->index]);
			break;
		case FROM_EXTRAS:
			fill_extra(cell, row, from->index);
			break;
		case FROM_CURRENCY:
			tb_cell_set_text(cell, tb_span_of(row->currency));
			break;
		case FROM_ADDED:
			*cell = s->added[from->index].cell(s->added[from->index].ctx, row);
			break;
		}
	}
}

/* Rows on their way to a writer. */
struct pass {
	const struct tb_report_sheet *s;
	tb_sheet_take *take;
	void *to;
	struct tb_sheet_cell cells[TB_REPORT_COLUMNS_MAX];
};

static enum tb_status pass_row(void *ctx, const struct tb_report_row *row)
{
	struct pass *p = ctx;

	fill(p->s, row, false, p->cells);
	return p->take(p->to, p->cells);
}

static enum tb_status each(const struct tb_sheet *sheet, size_t first, size_t count,
			   tb_sheet_take *take, void *to)
{
	struct pass p;

	p.s = sheet->ctx;
	p.take = take;
	p.to = to;
	return tb_report_each_of(p.s->report, first, count, pass_row, &p);
}

static void total(const struct tb_sheet *sheet, size_t number, struct tb_sheet_cell *cells)
{
	const struct tb_report_sheet *s = sheet->ctx;

	fill(s, &s->report->totals[number], true, cells);
}

enum tb_status tb_report_sheet_init(struct tb_report_sheet *s, const struct tb_report *report,
				    const struct tb_added_column *added, size_t n,
				    struct tb_err *err)
{
	assert(n <= TB_ADDED_COLUMNS_MAX);
	*s = (struct tb_report_sheet){.report = report, .added = added};
	tb_sheet_init(&s->sheet, TB_FORM_REPORT);
	s->sheet.title = "Usage and cost";
	s->sheet.if_empty = "No usage to bill.";
	s->sheet.round = report->options.round;
	s->sheet.notes_name = "unpriced";
	s->sheet.notes_title = "Without a price:";
	add_columns(s, n);
	choose_chart(s);
	tb_sheet_add_run(&s->sheet, report->grouping, &report->facts);
	s->sheet.each = each;
	s->sheet.total = total;
	s->sheet.ctx = s;
	s->sheet.places = tb_report_item_count(report);
	s->sheet.row_count = report->row_count;
	s->sheet.total_count = report->total_count;
	s->sheet.threads = report->options.threads;
	return tb_sheet_check(&s->sheet, err);
}

void tb_report_sheet_release(struct tb_report_sheet *s)
{
	tb_sheet_release(&s->sheet);
	free(s->sources);
	s->sources = NULL;
	s->source_cap = 0;
}
