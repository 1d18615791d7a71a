#include "helpers.h"
#include "suites.h"
#include "write/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells ---- */

/* Each kind of cell as programs and as people read it. */
static const struct {
	enum tb_cell_kind kind;
	enum tb_sheet_kind column;
	const char *value; /* an amount, a count, or the day */
	int round;
	const char *to_programs, *to_people;
} texts[] = {
	{TB_CELL_NOTHING, TB_SHEET_AMOUNT, "0", -1, "", ""},
	{TB_CELL_COUNT, TB_SHEET_COUNT, "1234567", -1, "1234567", "1,234,567"},
	{TB_CELL_COUNT, TB_SHEET_COUNT, "0", 0, "0", "0"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "3.216666225", -1, "3.216666225", "3.22"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "-3.216666225", 4, "-3.2167", "-3.2167"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "0.004", -1, "0.004", "<0.01"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "-0.004", -1, "-0.004", ">-0.01"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "0.005", -1, "0.005", "0.01"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "0", -1, "0.00", "0.00"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "0.004", 2, "0.00", "<0.01"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "0.0004", 3, "0.00", "0.00"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "-1.005", -1, "-1.005", "-1.01"},
	{TB_CELL_AMOUNT, TB_SHEET_AMOUNT, "12", 0, "12.00", "12.00"},
	{TB_CELL_AMOUNT, TB_SHEET_PRICE, "0.0375", -1, "0.0375", "0.0375"},
	{TB_CELL_AMOUNT, TB_SHEET_PRICE, "0.0375", 2, "0.0375", "0.0375"},
	{TB_CELL_PERIOD, TB_SHEET_DATE, "2026-04-05", -1, "2026-04-05", "2026-04-05"},
};

static struct tb_sheet_cell cell_of(enum tb_cell_kind kind, const char *value)
{
	switch (kind) {
	case TB_CELL_COUNT:
		return tb_cell_of_count((tb_u128)units_of(value, 0));
	case TB_CELL_AMOUNT:
		return tb_cell_of_amount(money(value));
	case TB_CELL_PERIOD:
		return tb_cell_of_period(TB_PERIOD_DAY, day_of(value));
	default:
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	}
}

START_TEST(cell_texts)
{
	const struct tb_sheet s = {.round = texts[_i].round};
	const struct tb_sheet_column c = {.kind = texts[_i].column};
	struct tb_sheet_cell cell = cell_of(texts[_i].kind, texts[_i].value);
	char text[TB_CELL_TEXT_MAX];
	char *end = tb_cell_put(&s, &c, &cell, TB_READ_BY_PROGRAMS, text);

	ck_assert_str_eq(text, texts[_i].to_programs);
	ck_assert_ptr_eq(end, text + strlen(text));
	end = tb_cell_put(&s, &c, &cell, TB_READ_BY_PEOPLE, text);
	ck_assert_str_eq(text, texts[_i].to_people);
	ck_assert_ptr_eq(end, text + strlen(text));
}
END_TEST

static const struct {
	const char *part, *whole;
	unsigned times;
	const char *text; /* NULL: nothing */
} ratios[] = {
	{"1", "3", 100, "33.33"},   {"-1", "4", 100, "-25.00"}, {"3", "2", 1, "1.50"},
	{"0", "4", 100, "0.00"},    {"1", "0", 100, NULL},      {"0", "0", 1, NULL},
	{"2", "-4", 100, "-50.00"},
};

START_TEST(cell_ratios)
{
	const struct tb_sheet s = {.round = TB_MONEY_ROUND_NONE};
	const struct tb_sheet_column c = {.kind = TB_SHEET_RATIO};
	struct tb_sheet_cell cell =
		tb_cell_of_ratio(money(ratios[_i].part), money(ratios[_i].whole), ratios[_i].times);
	char text[TB_CELL_TEXT_MAX];

	ck_assert_int_eq(cell.kind, ratios[_i].text ? TB_CELL_RATIO : TB_CELL_NOTHING);
	tb_cell_put(&s, &c, &cell, TB_READ_BY_PEOPLE, text);
	ck_assert_str_eq(text, ratios[_i].text ? ratios[_i].text : "");
}
END_TEST

/* Of ten marks. Both ways no difference is without a mark; one way a small amount may be. */
static const struct {
	const char *largest, *amount;
	bool both_ways;
	int marks;
} bars[] = {
	{"4", "4", false, 10}, {"4", "1", false, 2}, {"4", "0", false, 0},  {"4", "0.1", false, 0},
	{"4", "-4", true, 10}, {"4", "-1", true, 2}, {"4", "0.1", true, 1}, {"4", "0", true, 0},
	{"0", "4", true, 0},   {"4", "9", true, 10},
};

START_TEST(bar_marks)
{
	const struct tb_sheet_column c = {
		.kind = TB_SHEET_BAR,
		.bar = {.largest = money(bars[_i].largest), .both_ways = bars[_i].both_ways}};
	struct tb_sheet_cell amount = tb_cell_of_amount(money(bars[_i].amount));

	ck_assert_int_eq(tb_bar_marks(&c, &amount, 10), bars[_i].marks);
}
END_TEST

/* ---- rows that are held ---- */

static const struct tb_sheet_column columns[] = {
	{.name = "name", .heading = "name"},
	{.name = "price", .heading = "price", .kind = TB_SHEET_PRICE},
	{.name = "empty", .heading = "empty"},
	{.name = "note", .heading = "note", .keep_rank = 1},
	{.name = "more", .heading = "more", .keep_rank = 2},
};

static void make_list(struct tb_sheet *s, size_t rows)
{
	static const char *const cells[][5] = {
		{"a", "1.50", NULL, NULL, "x"},
		{"=b", "=1", NULL, "a, \"b\"", NULL},
		{"c\x1b", "-10.00", NULL, NULL, NULL},
	};

	tb_sheet_init(s, TB_FORM_LIST);
	s->if_empty = "Nothing.";
	tb_sheet_add_columns(s, columns, LENGTH(columns));
	for (size_t row = 0; row < rows; row++) {
		tb_sheet_add_row(s);
		for (size_t i = 0; i < LENGTH(columns); i++)
			tb_sheet_set_text(s, i, cells[row][i]);
	}
}

static const struct {
	const char *format;
	size_t rows;
	struct tb_write_options options;
	const char *expected;
} outputs[] = {
	{"csv", 0, {0}, "name,price,empty,note,more\n"},
	{"csv",
	 3,
	 {0},
	 "name,price,empty,note,more\na,1.50,,,x\n'=b,'=1,,\"a, \"\"b\"\"\",\nc\x1b,-10.00,,,\n"},
	{"csv",
	 3,
	 {.visible = true},
	 "name,price,empty,note,more\na,1.50,,,x\n'=b,'=1,,\"a, \"\"b\"\"\",\nc\\x1b,-10.00,,,\n"},
	{"table", 0, {0}, "Nothing.\n"},
	{"table",
	 3,
	 {0},
	 "name    price  note    more\n---------------------------\na        1.50          x\n"
	 "=b         =1  a, \"b\"\nc\\x1b  -10.00\n"},
	{"table",
	 3,
	 {.width = 22},
	 "name    price  note\n---------------------\na        1.50\n=b         =1  a, \"b\"\n"
	 "c\\x1b  -10.00\nLeft out to fit the terminal: more.\n"},
	{"json",
	 1,
	 {0},
	 "[\n  {\n    \"name\": \"a\",\n    \"price\": \"1.50\",\n    \"empty\": null,\n"
	 "    \"note\": null,\n    \"more\": \"x\"\n  }\n]\n"},
	{"json", 0, {0}, "[\n\n]\n"},
};

START_TEST(lists)
{
	struct tb_sheet s;
	const struct tb_sheet *sheet = &s;
	struct tb_err err = {0};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	make_list(&s, outputs[_i].rows);
	ck_assert_int_eq(tb_sheet_check(&s, &err), TB_OK);
	ck_assert_int_eq(tb_writer_named(outputs[_i].format)
				 ->write(&(struct tb_sheets){"", &sheet, 1}, &outputs[_i].options,
					 out, &err),
			 TB_OK);
	fclose(out);
	ck_assert_str_eq(text, outputs[_i].expected);
	free(text);
	tb_sheet_release(&s);
}
END_TEST

static enum tb_status note_name(void *to, const struct tb_sheet_cell *cells)
{
	struct tb_buf *names = to;

	tb_buf_add(names, cells[0].is.text.p, cells[0].is.text.n);
	return names->n == 3 ? TB_DATA : TB_OK;
}

/* Pieces of any size make the whole, and who takes the rows may stop. */
START_TEST(pieces)
{
	struct tb_sheet s;

	make_list(&s, 3);
	for (size_t size = 1; size < 5; size++) {
		struct tb_buf names = {0};
		enum tb_status st = TB_OK;

		for (size_t first = 0; st == TB_OK && first < s.places; first += size)
			st = s.each(&s, first, size, note_name, &names);
		ck_assert_int_eq(st, TB_DATA);
		ck_assert_str_eq(names.p, "a=b");
		tb_buf_release(&names);
	}
	tb_sheet_release(&s);
}
END_TEST

static enum tb_status make_and_release(void *ctx, struct tb_err *err)
{
	struct tb_buf text = {0};
	struct tb_sheet s;
	enum tb_status st;

	(void)ctx;
	make_list(&s, 3);
	tb_sheet_fact_text(&s, "f", "x");
	tb_buf_puts(&text, "note");
	tb_sheet_add_note(&s, &text);
	tb_sheet_note_text(&s, "n", SPAN("x"));
	tb_sheet_add_prose(&s, (struct tb_sheet_prose){.text = tb_sheet_keep(&s, SPAN("x"))});
	tb_buf_release(&text);
	st = tb_sheet_check(&s, err);
	tb_sheet_release(&s);
	return st;
}

START_TEST(out_of_memory)
{
	ck_assert_uint_gt(each_allocation_fails(make_and_release, NULL), 6);
}
END_TEST

/* ---- a report as a sheet ---- */

static const struct {
	const char *by;
	size_t x, series;
} charts[] = {
	{"date,model", 0, 1},       {"model,date", 1, 0},      {"team,model", 0, 1},
	{"model", 0, TB_NO_COLUMN}, {"date", 0, TB_NO_COLUMN}, {"", TB_NO_COLUMN, TB_NO_COLUMN},
};

/* Cost by day, stacked by the first of the other groups. */
START_TEST(report_charts)
{
	struct tb_report_sheet s;
	struct tb_err err = {0};
	struct bill b;

	bill_begin(&b, "[m]\ninput = 1\noutput = 2\n", charts[_i].by);
	bill_row(&b, &(struct row){"m", "2026-04-01", TB_STANDARD, {1000000}, "t"});
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	ck_assert_int_eq(tb_report_sheet_init(&s, &b.report, NULL, 0, &err), TB_OK);
	ck_assert_uint_eq(s.sheet.chart.x, charts[_i].x);
	ck_assert_uint_eq(s.sheet.chart.series, charts[_i].series);
	ck_assert_str_eq(s.sheet.columns[s.sheet.chart.y].name, "cost");
	tb_report_sheet_release(&s);
	bill_end(&b);
}
END_TEST

static const struct {
	const char *name;
	bool has;
} names[] = {
	{"cost", true},       {"currency", true},  {"requests", true}, {"price_per_1m", true},
	{"difference", true}, {"rate_file", true}, {"model", false},   {"team", false},
};

START_TEST(report_columns)
{
	ck_assert_int_eq(tb_report_has_column(names[_i].name), names[_i].has);
}
END_TEST

Suite *sheet_suite(void)
{
	Suite *s = suite_create("sheet");

	add_loop(s, "sheet/cells", cell_texts, LENGTH(texts));
	add_loop(s, "sheet/ratios", cell_ratios, LENGTH(ratios));
	add_loop(s, "sheet/bars", bar_marks, LENGTH(bars));
	add_loop(s, "sheet/lists", lists, LENGTH(outputs));
	add_test(s, "sheet/pieces", pieces);
	add_test(s, "sheet/out of memory", out_of_memory);
	add_loop(s, "sheet/charts", report_charts, LENGTH(charts));
	add_loop(s, "sheet/columns of a report", report_columns, LENGTH(names));
	return s;
}
