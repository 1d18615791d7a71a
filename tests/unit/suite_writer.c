/* The writers, against what they must write to the byte. */
#include "helpers.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINI                                                                                       \
	"[gpt-4o-mini]\ninput = 0.15\ncached_read = 0.075\noutput = 0.60\nbatch_discount = 50%\n"

/* Contract section 6. */
static const struct row acceptance[] = {
	{"gpt-4o-mini", "2026-04-01", TB_STANDARD, {1234567, 7654321, 0, 0, 345678}, NULL},
	{"gpt-4o-mini", "2026-04-01", TB_BATCH, {20000000, 0, 0, 0, 2500001}, NULL},
};

/* What a writer makes of a sheet; freed by the caller. */
static char *written_sheet(const struct tb_sheet *sheet, const char *format,
			   struct tb_write_options o)
{
	const struct tb_sheets sheets = {"", &sheet, 1};
	struct tb_err err = {0};
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(tb_writer_named(format)->write(&sheets, &o, out, &err), TB_OK);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_uint_eq(strlen(text), n);
	return text;
}

static char *written(const struct bill *b, const char *format, bool color, size_t width)
{
	struct tb_report_sheet s;
	struct tb_err err = {0};
	char *text;

	ck_assert_int_eq(tb_report_sheet_init(&s, &b->report, NULL, 0, &err), TB_OK);
	text = written_sheet(&s.sheet, format,
			     (struct tb_write_options){.color = color, .width = width});
	tb_report_sheet_release(&s);
	return text;
}

/* Writes the rows by the given columns and compares. */
static void check_written(const char *ini, const char *by, const struct row *rows, size_t n,
			  int round, const char *format, const char *expected)
{
	struct bill b;
	char *text;

	bill_begin(&b, ini, by);
	for (size_t i = 0; i < n; i++)
		bill_row(&b, &rows[i]);
	ck_assert_msg(bill_report(&b, round) == TB_OK, "%s", b.err.text);
	text = written(&b, format, false, 0);
	ck_assert_str_eq(text, expected);
	free(text);
	bill_end(&b);
}

#define FIGURES                                                                                    \
	"requests,input_tokens,cached_read_tokens,cache_write_tokens,output_tokens,batch_tokens,"  \
	"list_cost,cache_savings,batch_savings,tier_savings,cost,currency\n"

START_TEST(csv_acceptance)
{
	check_written(MINI, "date,model", acceptance, LENGTH(acceptance), TB_MONEY_ROUND_NONE,
		      "csv",
		      "date,model," FIGURES
		      "2026-04-01,gpt-4o-mini,2,28888888,7654321,0,2845679,22500001,6.0407406,"
		      "0.574074075,2.2500003,0.00,3.216666225,USD\n");
}
END_TEST

START_TEST(csv_rounded)
{
	check_written(MINI, "model", acceptance, LENGTH(acceptance), 2, "csv",
		      "model," FIGURES "gpt-4o-mini,2,28888888,7654321,0,2845679,22500001,6.04,"
		      "0.57,2.25,0.00,3.22,USD\n");
}
END_TEST

START_TEST(csv_nothing)
{
	check_written(MINI, "date,model", NULL, 0, TB_MONEY_ROUND_NONE, "csv",
		      "date,model," FIGURES);
}
END_TEST

/* Columns of the log are text, and what looks like a formula is made harmless; numbers are not
 * touched, a negative one neither. */
START_TEST(csv_defuses_text_only)
{
	static const struct row rows[] = {
		{"-m", "2026-04-01", TB_STANDARD, {0, 0, 1000000}, "=1+1"},
		{"-m", "2026-04-01", TB_STANDARD, {0, 0, 1000000}, "-5"},
	};

	check_written("[-m]\ninput = 1\ncache_write = 1.25\noutput = 1\n", "team,model", rows,
		      LENGTH(rows), TB_MONEY_ROUND_NONE, "csv",
		      "team,model," FIGURES
		      "'-5,'-m,1,1000000,0,1000000,0,0,1.00,-0.25,0.00,0.00,1.25,USD\n"
		      "'=1+1,'-m,1,1000000,0,1000000,0,0,1.00,-0.25,0.00,0.00,1.25,USD\n");
}
END_TEST

static const struct {
	struct tb_span text;
	const char *field;
} fields[] = {
	{BYTES(""), ""},
	{BYTES("gpt-4o"), "gpt-4o"},
	{BYTES("a,b"), "\"a,b\""},
	{BYTES("a\"b"), "\"a\"\"b\""},
	{BYTES("\""), "\"\"\"\""},
	{BYTES("a\nb"), "\"a\nb\""},
	{BYTES("a\rb"), "\"a\rb\""},
	{BYTES(" a "), " a "},
	{BYTES("=1+1"), "'=1+1"},
	{BYTES("+1"), "'+1"},
	{BYTES("-1"), "'-1"},
	{BYTES("@SUM(A1)"), "'@SUM(A1)"},
	{BYTES("\t=1"), "'\t=1"},
	{BYTES("\r=1"), "\"'\r=1\""},
	{BYTES("\n=1"), "\"'\n=1\""},
	{BYTES("=a,\"b\""), "\"'=a,\"\"b\"\"\""},
	{BYTES("\xef\xbc\x9d"
	       "1"),
	 "'\xef\xbc\x9d"
	 "1"},
	{BYTES("\xef\xbc\x8b"
	       "1"),
	 "'\xef\xbc\x8b"
	 "1"},
	{BYTES("\xef\xbc\x8d"
	       "1"),
	 "'\xef\xbc\x8d"
	 "1"},
	{BYTES("\xef\xbc\xa0"
	       "x"),
	 "'\xef\xbc\xa0"
	 "x"},
	{BYTES("a=1"), "a=1"},
	{BYTES("\xc3\xa9"), "\xc3\xa9"},
};

/* A sheet of one column and one row. */
static char *written_cell(enum tb_sheet_kind kind, struct tb_sheet_cell cell, const char *format,
			  struct tb_write_options o)
{
	struct tb_err err = {0};
	struct tb_sheet s;
	char *text;

	tb_sheet_init(&s, TB_FORM_LIST);
	tb_sheet_add_column(&s,
			    (struct tb_sheet_column){.name = "c", .heading = "c", .kind = kind});
	tb_sheet_add_row(&s);
	tb_sheet_set(&s, 0, cell);
	ck_assert_int_eq(tb_sheet_check(&s, &err), TB_OK);
	text = written_sheet(&s, format, o);
	tb_sheet_release(&s);
	return text;
}

START_TEST(csv_field)
{
	char *text = written_cell(TB_SHEET_TEXT, tb_cell_of_text(fields[_i].text), "csv",
				  (struct tb_write_options){.visible = false});

	ck_assert_int_eq(strncmp(text, "c\n", 2), 0);
	ck_assert_uint_eq(strlen(text), strlen(fields[_i].field) + 3);
	ck_assert_int_eq(strncmp(text + 2, fields[_i].field, strlen(fields[_i].field)), 0);
	free(text);
}
END_TEST

/* A word among numbers is a text; what a spreadsheet takes for a number anyway stays as it is. */
static const struct {
	const char *text, *field;
} words[] = {
	{"-10.00", "-10.00"}, {"-7", "-7"},       {"0", "0"},    {"-5.", "'-5."},
	{"-.5", "'-.5"},      {"=1", "'=1"},      {"-", "'-"},   {"-1e5", "'-1e5"},
	{"a,b", "\"a,b\""},   {"1.5.5", "1.5.5"}, {"+1", "'+1"}, {"--1", "'--1"},
};

START_TEST(csv_word_among_numbers)
{
	char *text = written_cell(TB_SHEET_PRICE, tb_cell_of_text(tb_span_of(words[_i].text)),
				  "csv", (struct tb_write_options){.visible = false});
	char expected[64];

	snprintf(expected, sizeof(expected), "c\n%s\n", words[_i].field);
	ck_assert_str_eq(text, expected);
	free(text);
}
END_TEST

START_TEST(csv_on_a_terminal)
{
	char *text = written_cell(TB_SHEET_TEXT, tb_cell_of_text(SPAN("a\x1b,\xe2\x80\xae")), "csv",
				  (struct tb_write_options){.visible = true});

	ck_assert_str_eq(text, "c\n\"a\\x1b,\\u202e\"\n");
	free(text);
}
END_TEST

static const char json_acceptance_text[] = "{\n"
					   "  \"run\": {\n"
					   "    \"period\": \"day\",\n"
					   "    \"time_zone\": \"UTC\",\n"
					   "    \"round\": null,\n"
					   "    \"inputs\": [\n"
					   "      \"a \\\"b\\\".csv\"\n"
					   "    ],\n"
					   "    \"rates\": [\n"
					   "\n"
					   "    ],\n"
					   "    \"rows_read\": 2,\n"
					   "    \"rows_billed\": 2,\n"
					   "    \"rows_set_aside\": 0,\n"
					   "    \"rows_outside_period\": 0,\n"
					   "    \"rows_duplicate\": 0,\n"
					   "    \"rows_without_usage\": 0,\n"
					   "    \"blank_lines\": 3,\n"
					   "    \"rows_context_by_average\": 0,\n"
					   "    \"rows_peak_by_midnight\": 0,\n"
					   "    \"rows_local_time_twice\": 0,\n"
					   "    \"rows_counts_left_out\": 0\n"
					   "  },\n"
					   "  \"rows\": [\n"
					   "    {\n"
					   "      \"date\": \"2026-04-01\",\n"
					   "      \"model\": \"gpt-4o-mini\",\n"
					   "      \"requests\": 2,\n"
					   "      \"input_tokens\": 28888888,\n"
					   "      \"cached_read_tokens\": 7654321,\n"
					   "      \"cache_write_tokens\": 0,\n"
					   "      \"output_tokens\": 2845679,\n"
					   "      \"batch_tokens\": 22500001,\n"
					   "      \"list_cost\": \"6.0407406\",\n"
					   "      \"cache_savings\": \"0.574074075\",\n"
					   "      \"batch_savings\": \"2.2500003\",\n"
					   "      \"tier_savings\": \"0.00\",\n"
					   "      \"cost\": \"3.216666225\",\n"
					   "      \"currency\": \"USD\"\n"
					   "    }\n"
					   "  ],\n"
					   "  \"totals\": [\n"
					   "    {\n"
					   "      \"requests\": 2,\n"
					   "      \"input_tokens\": 28888888,\n"
					   "      \"cached_read_tokens\": 7654321,\n"
					   "      \"cache_write_tokens\": 0,\n"
					   "      \"output_tokens\": 2845679,\n"
					   "      \"batch_tokens\": 22500001,\n"
					   "      \"list_cost\": \"6.0407406\",\n"
					   "      \"cache_savings\": \"0.574074075\",\n"
					   "      \"batch_savings\": \"2.2500003\",\n"
					   "      \"tier_savings\": \"0.00\",\n"
					   "      \"cost\": \"3.216666225\",\n"
					   "      \"currency\": \"USD\"\n"
					   "    }\n"
					   "  ]\n"
					   "}\n";

START_TEST(json_acceptance)
{
	const char *inputs[] = {"a \"b\".csv"};
	struct bill b;
	char *text;

	bill_begin(&b, MINI, "date,model");
	for (size_t i = 0; i < LENGTH(acceptance); i++)
		bill_row(&b, &acceptance[i]);
	b.facts.inputs = inputs;
	b.facts.input_count = 1;
	b.facts.blank_lines = 3;
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	text = written(&b, "json", false, 0);
	ck_assert_str_eq(text, json_acceptance_text);
	free(text);
	bill_end(&b);
}
END_TEST

/* Text is escaped, never defused; counts past 2^64 are plain digits. */
START_TEST(json_text)
{
	struct bill b;
	char *text;

	bill_begin(&b, "[=m]\ninput = 0\noutput = 0\n", "team,model");
	for (int i = 0; i < 3; i++)
		bill_row(&b,
			 &(struct row){"=m", "2026-04-01", TB_STANDARD, {INT64_MAX}, "a\n\033\""});
	ck_assert_int_eq(bill_report(&b, 2), TB_OK);
	text = written(&b, "json", false, 0);
	ck_assert_ptr_nonnull(
		strstr(text, "\"team\": \"a\\n\\u001B\\\"\",\n      \"model\": \"=m\","));
	ck_assert_ptr_nonnull(strstr(text, "\"input_tokens\": 27670116110564327421,"));
	ck_assert_ptr_nonnull(strstr(text, "\"round\": 2,"));
	free(text);
	bill_end(&b);
}
END_TEST

/* ---- the table ---- */

START_TEST(table_acceptance)
{
	check_written(
		MINI, "date,model", acceptance, LENGTH(acceptance), TB_MONEY_ROUND_NONE, "table",
		"date        model        requests       input  cached read  cache write     output  "
		"  in batch  list cost  cache saved  batch saved  tier saved  cost  \n"
		"----------------------------------------------------------------------------------"
		"------------------------------------------------------------------------\n"
		"2026-04-01  gpt-4o-mini         2  28,888,888    7,654,321            0  2,845,679  "
		"22,500,001       6.04         0.57         2.25        0.00  3.22  USD\n"
		"----------------------------------------------------------------------------------"
		"------------------------------------------------------------------------\n"
		"TOTAL                           2  28,888,888    7,654,321            0  2,845,679  "
		"22,500,001       6.04         0.57         2.25        0.00  3.22  USD\n"
		"\nAmounts are rounded to cents here; -f csv has them exactly.\n");
}
END_TEST

START_TEST(table_nothing)
{
	check_written(MINI, "date,model", NULL, 0, TB_MONEY_ROUND_NONE, "table",
		      "No usage to bill.\n");
}
END_TEST

/* What is not zero never looks like zero. */
START_TEST(table_small_amounts)
{
	struct bill b;
	char *text;

	bill_begin(&b, "[m]\ninput = 1\ncache_write = 1.25\noutput = 1\n", "model");
	bill_row(&b, &(struct row){"m", "2026-04-01", TB_STANDARD, {0, 0, 1}, NULL});
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	text = written(&b, "table", false, 0);
	ck_assert_ptr_nonnull(strstr(text, "<0.01"));
	ck_assert_ptr_nonnull(strstr(text, ">-0.01"));
	ck_assert_ptr_nonnull(strstr(text, " 0.00 "));
	free(text);
	bill_end(&b);
}
END_TEST

#define WIDE_NAME "a-model-whose-name-is-longer-than-its-column"

static const size_t terminal_widths[] = {200, 160, 140, 120, 100, 80, 60, 50, 45};

/* No line of the table is wider than the terminal, the cost always stays, and what is left out is
 * named. */
START_TEST(table_fits)
{
	size_t limit = terminal_widths[_i];
	struct bill b;
	char *text;

	bill_begin(&b, "[" WIDE_NAME "]\ninput = 1\noutput = 1\n", "date,model,team");
	bill_row(&b, &(struct row){WIDE_NAME,
				   "2026-04-01",
				   TB_STANDARD,
				   {12345678},
				   "\xe4\xba\x8c\xe4\xba\x8c\xe4\xba\x8c\xe4\xba\x8c\xe4\xba\x8c"
				   "\xe4\xba\x8c\xe4\xba\x8c\xe4\xba\x8c\xe4\xba\x8c"});
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	text = written(&b, "table", false, limit);
	for (char *line = text; *line != '\n'; line = strchr(line, '\n') + 1) {
		struct tb_span s = {line, strcspn(line, "\n")};

		ck_assert_msg(tb_text_width(s) <= limit, "%zu columns of %zu:\n%s",
			      tb_text_width(s), limit, text);
	}
	ck_assert_ptr_nonnull(strstr(text, "12.35  USD\n"));
	ck_assert_int_eq(strstr(text, "Left out to fit the terminal: ") != NULL, limit < 200);
	free(text);
	bill_end(&b);
}
END_TEST

/* Control characters of the input never reach the terminal, and colour is only where asked. */
START_TEST(table_is_harmless)
{
	struct bill b;
	char *text;

	bill_begin(&b, MINI, "team,model");
	bill_row(&b,
		 &(struct row){
			 "gpt-4o-mini", "2026-04-01", TB_STANDARD, {1}, "\033[2J\n\xe2\x80\xae"});
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	text = written(&b, "table", false, 0);
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_nonnull(strstr(text, "\\x1b[2J\\x0a\\u202e"));
	free(text);
	text = written(&b, "table", true, 0);
	ck_assert_int_eq(strncmp(text, "\033[1mteam", 8), 0);
	ck_assert_ptr_nonnull(strstr(text, "USD\033[0m\n"));
	free(text);
	bill_end(&b);
}
END_TEST

START_TEST(table_totals_by_currency)
{
	struct bill b;
	char *text, *eur, *usd;

	bill_begin(&b, MINI "[e]\ncurrency = EUR\ninput = 1\noutput = 1\n", "model");
	bill_row(&b, &acceptance[0]);
	bill_row(&b, &(struct row){"e", "2026-04-01", TB_STANDARD, {1000000}, NULL});
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	text = written(&b, "table", false, 0);
	eur = strstr(text, "\nTOTAL ");
	ck_assert_ptr_nonnull(eur);
	usd = strstr(eur + 1, "\nTOTAL ");
	ck_assert_ptr_nonnull(usd);
	ck_assert_ptr_nonnull(strstr(eur, "1.00  EUR\n"));
	ck_assert_ptr_nonnull(strstr(usd, "0.97  USD\n"));
	free(text);
	bill_end(&b);
}
END_TEST

/* ---- what any sheet may have ---- */

/* A sheet as a comparison has it: a bar, marks, what is unknown, notes, a hidden column. */
static const struct tb_sheet_column side_columns[] = {
	{.name = "group", .heading = "group", .kind = TB_SHEET_TEXT, .level = 1},
	{.name = "n", .heading = "n", .kind = TB_SHEET_COUNT, .sums = true, .keep_rank = 2},
	{.name = "cost",
	 .heading = "cost",
	 .kind = TB_SHEET_AMOUNT,
	 .sums = true,
	 .clip_heading = true},
	{.name = "pct",
	 .heading = "%",
	 .title = "% of it",
	 .kind = TB_SHEET_RATIO,
	 .sums = true,
	 .keep_rank = -1},
	{.name = "bar",
	 .heading = "less|more",
	 .kind = TB_SHEET_BAR,
	 .hidden = TB_HIDE_FROM_DATA,
	 .keep_rank = 3,
	 .bar = {.of = 2, .both_ways = true}},
	{.name = "note",
	 .heading = "note",
	 .kind = TB_SHEET_TEXT,
	 .hidden = TB_HIDE_FROM_RECORDS,
	 .keep_rank = 1},
};

static struct tb_money side_sum;

static void side_total(const struct tb_sheet *s, size_t number, struct tb_sheet_cell *cells)
{
	(void)s;
	(void)number;
	cells[1] = tb_cell_of_count(1234567);
	cells[2] = tb_cell_of_amount(side_sum);
	cells[3] = (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
}

static struct tb_sheet_cell trending(struct tb_sheet_cell cell, signed char trend, bool partial)
{
	cell.trend = trend;
	cell.partial = partial;
	return cell;
}

static void make_sides(struct tb_sheet *s)
{
	struct tb_money three = money("3");
	struct tb_buf text = {0};

	side_sum = money("-1.005");
	tb_sheet_init(s, TB_FORM_REPORT);
	s->unknown = "-";
	s->part_note = "* in part";
	s->notes_name = "left";
	s->notes_title = "Left:";
	tb_sheet_add_columns(s, side_columns, LENGTH(side_columns));
	s->columns[4].bar.largest = three;
	tb_sheet_add_row(s);
	tb_sheet_set_text(s, 0, "a");
	tb_sheet_set(s, 1, tb_cell_of_count(1000));
	tb_sheet_set(s, 2, trending(tb_cell_of_amount(money("-3")), -1, true));
	tb_sheet_set(s, 3, tb_cell_of_ratio(three, three, 100));
	tb_sheet_set_text(s, 5, "x");
	tb_sheet_add_row(s);
	tb_sheet_set_text(s, 0, "b");
	tb_sheet_set(s, 1, tb_cell_of_count(1));
	tb_sheet_set(s, 2, trending(tb_cell_of_amount(money("0.001")), 1, false));
	tb_sheet_add_row(s);
	tb_sheet_set_text(s, 0, "c");
	s->total = side_total;
	s->total_count = 1;
	tb_buf_puts(&text, "2 rows: why\x1b");
	tb_sheet_add_note(s, &text);
	tb_sheet_note_count(s, "rows", 2);
	tb_sheet_note_text(s, "reason", SPAN("why\x1b"));
	tb_sheet_add_note(s, &text); /* for people alone */
	tb_buf_release(&text);
}

static const struct {
	const char *format;
	struct tb_write_options options;
	const char *expected;
} sides[] = {
	{"csv", {0}, "group,n,cost,pct\na,1000,-3.00,100.00\nb,1,0.001,\nc,,,\n"},
	{"table",
	 {0},
	 "group          n    cost       %  less|more      note\n"
	 "-----------------------------------------------------\n"
	 "a          1,000  -3.00*  100.00  ######|        x\n"
	 "b              1  <0.01        -        |#       -\n"
	 "c              -      -        -                 -\n"
	 "-----------------------------------------------------\n"
	 "TOTAL  1,234,567  -1.01        -                 \n"
	 "\nLeft:\n  2 rows: why\\x1b\n  2 rows: why\\x1b\n"
	 "\n* in part\nAmounts are rounded to cents here; -f csv has them exactly.\n"},
	{"table",
	 {.width = 30},
	 "group    cost       %  note\n"
	 "---------------------------\n"
	 "a      -3.00*  100.00  x\n"
	 "b      <0.01        -  -\n"
	 "c          -        -  -\n"
	 "---------------------------\n"
	 "TOTAL  -1.01        -  \n"
	 "\nLeft:\n  2 rows: why\\x1b\n  2 rows: why\\x1b\n"
	 "\n* in part\nAmounts are rounded to cents here; -f csv has them exactly.\n"
	 "Left out to fit the terminal: n, less|more.\n"},
	{"table",
	 {.width = 14},
	 "group    cost\n"
	 "-------------\n"
	 "a      -3.00*\n"
	 "b      <0.01 \n"
	 "c          - \n"
	 "-------------\n"
	 "TOTAL  -1.01 \n"
	 "\nLeft:\n  2 rows: why\\x1b\n  2 rows: why\\x1b\n"
	 "\n* in part\nAmounts are rounded to cents here; -f csv has them exactly.\n"
	 "Left out to fit the terminal: n, % of it, less|more, note.\n"},
	{"markdown",
	 {0},
	 "| group | n | cost | % | note |\n| --- | ---: | ---: | ---: | --- |\n"
	 "| a | 1,000 | -3.00 \\* | 100.00 | x |\n| b | 1 | \\<0.01 | - | - |\n"
	 "| c | - | - | - | - |\n| **TOTAL** | **1,234,567** | **-1.01** |  |  |\n"
	 "\nLeft:\n\n- 2 rows: why\\\\x1b\n- 2 rows: why\\\\x1b\n"
	 "\n\\* in part\n"
	 "\nAmounts are rounded to cents here; `-f csv` has them exactly.\n"},
	{"json",
	 {0},
	 "{\n  \"rows\": [\n"
	 "    {\n      \"group\": \"a\",\n      \"n\": 1000,\n      \"cost\": \"-3.00\",\n"
	 "      \"pct\": \"100.00\",\n      \"note\": \"x\"\n    },\n"
	 "    {\n      \"group\": \"b\",\n      \"n\": 1,\n      \"cost\": \"0.001\",\n"
	 "      \"pct\": null,\n      \"note\": null\n    },\n"
	 "    {\n      \"group\": \"c\",\n      \"n\": null,\n      \"cost\": null,\n"
	 "      \"pct\": null,\n      \"note\": null\n    }\n"
	 "  ],\n  \"totals\": [\n"
	 "    {\n      \"n\": 1234567,\n      \"cost\": \"-1.005\",\n      \"pct\": null\n    }\n"
	 "  ],\n  \"left\": [\n"
	 "    {\n      \"rows\": 2,\n      \"reason\": \"why\\u001B\"\n    }\n  ]\n}\n"},
};

START_TEST(sheet_with_all)
{
	struct tb_err err = {0};
	struct tb_sheet s;
	char *text;

	make_sides(&s);
	ck_assert_int_eq(tb_sheet_check(&s, &err), TB_OK);
	text = written_sheet(&s, sides[_i].format, sides[_i].options);
	ck_assert_str_eq(text, sides[_i].expected);
	free(text);
	tb_sheet_release(&s);
}
END_TEST

/* Less is green, more is red, by the cell that says so; a bar goes with its amount. */
START_TEST(table_colours)
{
	struct tb_sheet s;
	char *text;

	make_sides(&s);
	text = written_sheet(&s, "table", (struct tb_write_options){.color = true, .utf8 = true});
	ck_assert_ptr_nonnull(strstr(text, "\033[32m  -3.00*\033[0m"));
	ck_assert_ptr_nonnull(strstr(text, "\033[31m  <0.01 \033[0m"));
	ck_assert_ptr_nonnull(strstr(text, "\033[32m  \u2588\u2588\u2588\u2588\u2588\u2588\u2502"));
	ck_assert_ptr_nonnull(strstr(text, "\u2502\u2588"));
	ck_assert_ptr_nonnull(strstr(text, "\033[1mTOTAL"));
	free(text);
	tb_sheet_release(&s);
}
END_TEST

/* ---- memory ---- */

struct writing {
	const struct tb_writer *writer;
	const struct bill *bill;
	const struct tb_sheet *sides;
	FILE *out;
};

static enum tb_status write_all(void *ctx, struct tb_err *err)
{
	const struct writing *w = ctx;
	struct tb_report_sheet s;
	const struct tb_sheet *list[] = {&s.sheet, w->sides};
	enum tb_status st = tb_report_sheet_init(&s, &w->bill->report, NULL, 0, err);

	if (st == TB_OK)
		st = w->writer->write(&(struct tb_sheets){"Both", list, 2},
				      &(struct tb_write_options){.visible = true}, w->out, err);
	tb_report_sheet_release(&s);
	return st;
}

/* Whatever allocation a writer needs fails in turn: it says so, and leaks nothing. */
START_TEST(out_of_memory)
{
	struct bill b;
	struct tb_sheet sides_too;
	struct writing w = {&tb_writers[_i], &b, &sides_too, fopen("/dev/null", "w")};

	make_sides(&sides_too);
	ck_assert_ptr_nonnull(w.out);
	bill_begin(&b, MINI, "date,model");
	for (size_t i = 0; i < LENGTH(acceptance); i++)
		bill_row(&b, &acceptance[i]);
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	ck_assert_uint_gt(each_allocation_fails(write_all, &w), 8);
	tb_sheet_release(&sides_too);
	bill_end(&b);
	fclose(w.out);
}
END_TEST

/* ---- a card ---- */

static const struct {
	const char *format;
	size_t width;
	const char *expected;
} cards[] = {
	{"table", 0,
	 "\033[1mThe name\n\033[0mm\n\n\033[1mFacts\033[0m\n  label   one two three\n"
	 "          3   4 fixed\n"},
	{"table", 19,
	 "\033[1mThe name\n\033[0mm\n\n\033[1mFacts\033[0m\n  label   one two\n"
	 "          three\n          3   4 fixed\n"},
	{"csv", 0, "meter\ninput\n"},
	{"markdown", 0,
	 "# The name\n\nm\n\n## Facts\n\n- label: one two three\n\n| meter |\n| --- |\n| input |\n"},
	{"json", 0,
	 "{\n  \"model\": \"m\",\n  \"line\": 3,\n  \"yes\": true,\n  \"none\": null,\n"
	 "  \"eras\": [\n    {\n      \"no\": false\n    },\n    \"x\"\n  ]\n}\n"},
};

START_TEST(card)
{
	struct tb_err err = {0};
	struct tb_sheet s;
	char *text;

	tb_sheet_init(&s, TB_FORM_CARD);
	tb_sheet_fact_text(&s, "model", "m");
	tb_sheet_fact_count(&s, "line", 3);
	tb_sheet_fact_yes_no(&s, "yes", true);
	tb_sheet_fact(&s, TB_FACT_NOTHING, "none");
	tb_sheet_fact(&s, TB_FACT_LIST, "eras");
	tb_sheet_fact(&s, TB_FACT_MAP, NULL);
	tb_sheet_fact_yes_no(&s, "no", false);
	tb_sheet_fact(&s, TB_FACT_MAP_END, NULL);
	tb_sheet_fact_text(&s, NULL, "x");
	tb_sheet_fact(&s, TB_FACT_LIST_END, NULL);
	tb_sheet_add_column(&s, (struct tb_sheet_column){.name = "meter", .heading = "meter"});
	tb_sheet_add_row(&s);
	tb_sheet_set_text(&s, 0, "input");
	tb_sheet_add_prose(&s, (struct tb_sheet_prose){.kind = TB_PROSE_TITLE, .text = "The name"});
	tb_sheet_add_prose(&s, (struct tb_sheet_prose){.text = "m"});
	tb_sheet_add_prose(&s, (struct tb_sheet_prose){.kind = TB_PROSE_HEADING, .text = "Facts"});
	tb_sheet_add_prose(
		&s, (struct tb_sheet_prose){
			    .indent = 2, .from = 10, .label = "label", .text = "one two three"});
	tb_sheet_add_prose(&s, (struct tb_sheet_prose){.kind = TB_PROSE_FIXED,
						       .text = "          3   4 fixed",
						       .of_rows = true});
	ck_assert_int_eq(tb_sheet_check(&s, &err), TB_OK);
	text = written_sheet(&s, cards[_i].format,
			     (struct tb_write_options){.color = true, .width = cards[_i].width});
	ck_assert_str_eq(text, cards[_i].expected);
	free(text);
	tb_sheet_release(&s);
}
END_TEST

/* ---- the list of formats ---- */

static const struct {
	const char *path, *name;
} paths[] = {
	{"a.md", "markdown"},     {"a.html", "html"}, {"a.csv", "csv"}, {"a.json", "json"},
	{"dir/a.b.txt", "table"}, {"a.CSV", NULL},    {"a", NULL},      {".csv", NULL},
	{"a.csv.gz", NULL},       {"csv", NULL},      {"", NULL},
};

START_TEST(format_of_a_file)
{
	const struct tb_writer *f = tb_writer_for_file(paths[_i].path);

	ck_assert_pstr_eq(f ? f->name : NULL, paths[_i].name);
}
END_TEST

START_TEST(format_names)
{
	for (size_t i = 0; i < tb_writer_count; i++)
		ck_assert_ptr_eq(tb_writer_named(tb_writers[i].name), &tb_writers[i]);
	ck_assert_ptr_null(tb_writer_named("xml"));
	ck_assert_ptr_null(tb_writer_named(""));
}
END_TEST

Suite *writer_suite(void)
{
	Suite *s = suite_create("writer");

	add_test(s, "writer/csv acceptance", csv_acceptance);
	add_test(s, "writer/csv rounded", csv_rounded);
	add_test(s, "writer/csv nothing", csv_nothing);
	add_test(s, "writer/csv defusing", csv_defuses_text_only);
	add_loop(s, "writer/csv fields", csv_field, LENGTH(fields));
	add_loop(s, "writer/csv words", csv_word_among_numbers, LENGTH(words));
	add_test(s, "writer/csv on a terminal", csv_on_a_terminal);
	add_test(s, "writer/json acceptance", json_acceptance);
	add_test(s, "writer/json text", json_text);
	add_test(s, "writer/table acceptance", table_acceptance);
	add_test(s, "writer/table nothing", table_nothing);
	add_test(s, "writer/table small amounts", table_small_amounts);
	add_loop(s, "writer/table fits", table_fits, LENGTH(terminal_widths));
	add_test(s, "writer/table harmless", table_is_harmless);
	add_test(s, "writer/table totals", table_totals_by_currency);
	add_loop(s, "writer/a sheet with all", sheet_with_all, LENGTH(sides));
	add_test(s, "writer/table colours", table_colours);
	add_loop(s, "writer/out of memory", out_of_memory, tb_writer_count);
	add_loop(s, "writer/card", card, LENGTH(cards));
	add_loop(s, "writer/of a file", format_of_a_file, LENGTH(paths));
	add_test(s, "writer/names", format_names);
	return s;
}
