/* reader - records of any table, to a sink that knows nothing of usage. */
#include "helpers.h"
#include "suites.h"

#include "logs/reader.h"
#include "logs/sniff.h"

#include <inttypes.h>

static const unsigned char all[8] = {1, 1, 1, 1, 1, 1, 1, 1};
static const char *const names[] = {"first", "second", "third"};

struct table {
	struct tb_buf events;
	bool runs, short_rows;
};

static void add_cells(struct table *t, const struct tb_record *r)
{
	for (size_t i = 0; i < r->count; i++)
		tb_buf_printf(&t->events, "[%.*s]", (int)r->cells[i].n, r->cells[i].p);
	tb_buf_puts(&t->events, "\n");
}

static enum tb_status on_header(void *ctx, const struct tb_record *header, struct tb_wanted *wanted,
				struct tb_err *err)
{
	struct table *t = ctx;

	(void)err;
	add_cells(t, header);
	*wanted = (struct tb_wanted){all, names, t->runs, t->short_rows};
	return TB_OK;
}

/* Takes a run up to its first record that begins with x, which it sets aside. */
static enum tb_status on_run(void *rows, const struct tb_row_run *run,
			     uint64_t verdicts[TB_VERDICTS], struct tb_err *err)
{
	struct table *t = rows;
	struct tb_problem why;

	for (size_t i = 0; i < run->count; i++) {
		const char *p = run->window + (uint32_t)(run->sep[3 * i] + 1);

		if (*p == 'x') {
			verdicts[TB_ROW_SET_ASIDE]++;
			tb_problem_set(&why, NULL, TB_NO_SPAN, "an x");
			return run->set_aside(run->by, i, &why, err);
		}
		verdicts[TB_ROW_TAKEN]++;
		tb_buf_printf(&t->events, "%" PRIu64 " run %c\n", run->line + i, *p);
	}
	return TB_OK;
}

static enum tb_status on_record(void *rows, const struct tb_record *r, enum tb_verdict *verdict,
				struct tb_problem *why, struct tb_err *err)
{
	(void)why;
	(void)err;
	*verdict = TB_ROW_TAKEN;
	add_cells(rows, r);
	return TB_OK;
}

static enum tb_status on_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	struct table *t = ctx;

	(void)err;
	tb_buf_printf(&t->events, "%" PRIu64 " aside <%.*s> ", r->line, (int)r->raw.n, r->raw.p);
	tb_problem_text(r->problem, &t->events);
	tb_buf_puts(&t->events, "\n");
	return TB_OK;
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	(void)ctx;
	(void)err;
	return TB_OK;
}

static const struct {
	const char *log;
	bool runs, short_rows;
	const char *events;
	uint64_t taken, aside;
} tables[] = {
	{"p,q,r\n1,2,3\n\"a,b\",,\"c\"\"\"\n", false, false, "[p][q][r]\n[1][2][3]\n[a,b][][c\"]\n",
	 2, 0},
	{"p,q,r\n1,2,3\n4,5,6\n", true, false, "[p][q][r]\n2 run 1\n3 run 4\n", 2, 0},
	{"p,q,r\n1,2,3\nx,5,6\n7,8,9\n", true, false,
	 "[p][q][r]\n2 run 1\n3 aside <x,5,6> an x\n4 run 7\n", 2, 1},
	{"p,q,r\n1,2\n", false, true, "[p][q][r]\n[1][2]\n", 1, 0},
	{"p,q,r\n1,2\n", false, false,
	 "[p][q][r]\n2 aside <1,2> '1,2': 2 fields, but the header has 3; put in what is missing, "
	 "if only commas\n",
	 0, 1},
	{"p,q,r\n1,2,3,4\n", true, true,
	 "[p][q][r]\n2 aside <1,2,3,4> '1,2,3,4': 4 fields, but the header has 3; put a field that "
	 "holds a comma in quotes\n",
	 0, 1},
	{"p,q,r\n1,x\"y,3\n", false, false,
	 "[p][q][r]\n2 aside <1,x\"y,3> second: '1,x\"y,3': a quote inside a field that does not "
	 "begin with one\n",
	 0, 1},
};

START_TEST(any_table)
{
	struct table t = {.runs = tables[_i].runs, .short_rows = tables[_i].short_rows};
	const struct tb_sink sink = {.header = on_header,
				     .run = on_run,
				     .record = on_record,
				     .reject = on_reject,
				     .progress = on_progress,
				     .ctx = &t,
				     .rows = &t};
	const struct tb_read_options options = {0};
	struct tb_read_counts counts = {0};
	struct tb_problems problems = {0};
	struct tb_source source;
	struct tb_err err = {0};

	write_file("table", tb_span_of(tables[_i].log));
	ck_assert_int_eq(tb_source_open(&source, "table", &err), TB_OK);
	ck_assert_int_eq(tb_reader_run(&source, &options, &sink, &counts, &problems, &err), TB_OK);
	ck_assert_str_eq(t.events.p, tables[_i].events);
	ck_assert_uint_eq(counts.verdicts[TB_ROW_TAKEN], tables[_i].taken);
	ck_assert_uint_eq(counts.verdicts[TB_ROW_SET_ASIDE], tables[_i].aside);
	ck_assert_uint_eq(counts.rows, tables[_i].taken + tables[_i].aside);
	ck_assert_uint_eq(problems.total, 0);
	tb_buf_release(&t.events);
	tb_source_release(&source);
}
END_TEST

static const struct {
	struct tb_span bytes;
	bool line;
} beginnings[] = {
	{BYTES("a,b\n"), true},
	{BYTES("a,b\r\n1"), true},
	{BYTES("a\tb\n\0"), true},
	{BYTES("\xef\xbb\xbf"
	       "a,b\n"),
	 true},
	{BYTES("a,b"), false},
	{BYTES(""), false},
	{BYTES("PK\x03\x04\n"), false},
	{BYTES("t\0i\0\n\0"), false},
	{BYTES("BZh\x91\n"), false},
};

START_TEST(line_of_text)
{
	ck_assert_int_eq(tb_sniff_is_line(beginnings[_i].bytes.p, beginnings[_i].bytes.n),
			 beginnings[_i].line);
}
END_TEST

Suite *reader_suite(void)
{
	Suite *s = suite_create("reader");

	add_loop_in_dir(s, "reader/any table", any_table, LENGTH(tables));
	add_loop(s, "reader/a line of text", line_of_text, LENGTH(beginnings));
	return s;
}
