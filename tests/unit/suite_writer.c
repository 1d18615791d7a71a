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

static char *written(const struct bill *b, const char *format, bool color, size_t width)
{
	struct tb_write_options o = {.color = color, .width = width};
	struct tb_err err = {0};
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(tb_writer_named(format)->write(&b->report, &o, out, &err), TB_OK);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_uint_eq(strlen(text), n);
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

START_TEST(csv_field)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	ck_assert(tb_csv_put_text(out, fields[_i].text, false));
	fclose(out);
	ck_assert_str_eq(text, fields[_i].field);
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

/* ---- the list of formats ---- */

static const struct {
	const char *path, *name;
} paths[] = {
	{"a.csv", "csv"},   {"a.json", "json"}, {"dir/a.b.txt", "table"},
	{"a.CSV", NULL},    {"a", NULL},        {".csv", NULL},
	{"a.csv.gz", NULL}, {"csv", NULL},      {"", NULL},
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
	add_test(s, "writer/json acceptance", json_acceptance);
	add_test(s, "writer/json text", json_text);
	add_test(s, "writer/table acceptance", table_acceptance);
	add_test(s, "writer/table nothing", table_nothing);
	add_test(s, "writer/table small amounts", table_small_amounts);
	add_loop(s, "writer/table fits", table_fits, LENGTH(terminal_widths));
	add_test(s, "writer/table harmless", table_is_harmless);
	add_test(s, "writer/table totals", table_totals_by_currency);
	add_loop(s, "writer/of a file", format_of_a_file, LENGTH(paths));
	add_test(s, "writer/names", format_names);
	return s;
}
