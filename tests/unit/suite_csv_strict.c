#include "helpers.h"
#include "suites.h"
#include "logs/csv_strict.h"

#include <string.h>

/*
 * Feeds the text line by line, as the reader does. What comes out: fields between [ and ], a
 * record's end as |, and in the end + when a record is open or why it is broken.
 */
static void feed_all(struct tb_csv_strict *lane, struct tb_span text, struct tb_buf *out)
{
	enum tb_csv_result result = TB_CSV_RECORD;
	size_t column;

	tb_csv_strict_begin(lane);
	while (text.n) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) + 1 : text.n;

		result = tb_csv_strict_feed(lane, text.p, n);
		text = (struct tb_span){text.p + n, text.n - n};
		if (result == TB_CSV_BROKEN)
			break;
		if (result == TB_CSV_MORE)
			continue;
		for (size_t i = 0; i < tb_csv_strict_count(lane); i++)
			tb_buf_printf(out, "[%.*s]", (int)tb_csv_strict_cells(lane)[i].n,
				      tb_csv_strict_cells(lane)[i].p);
		tb_buf_puts(out, "|");
		tb_csv_strict_begin(lane);
	}
	if (result == TB_CSV_MORE)
		tb_buf_puts(out, "+");
	if (result == TB_CSV_BROKEN)
		tb_buf_printf(out, "%s", tb_csv_strict_fault(lane, &column));
	if (result == TB_CSV_BROKEN)
		tb_buf_printf(out, " in %zu at %zu", column, tb_csv_strict_broke_at(lane));
}

#define STRAY_QUOTE "a quote inside a field that does not begin with one"
#define STRAY_TEXT  "text behind the closing quote of a field"

static const struct {
	const char *text, *events;
} cases[] = {
	{"a,b\n", "[a][b]|"},
	{"a,b\r\n", "[a][b]|"},
	{"a,b\r\nc,d\ne,f\r\n", "[a][b]|[c][d]|[e][f]|"},
	{"a\n", "[a]|"},
	{",\n", "[][]|"},
	{"a,,b,\n", "[a][][b][]|"},
	{"\"\",,x\n", "[][][x]|"},
	{"\"\"\n", "[]|"},
	{"\"a,b\",c\n", "[a,b][c]|"},
	{"\"a\"\"b\"\n", "[a\"b]|"},
	{"\"\"\"\"\n", "[\"]|"},
	{"\"\"\"\",\"\"\n", "[\"][]|"},
	{"\"a\nb\",c\n", "[a\nb][c]|"},
	{"\"a\r\nb\",c\r\n", "[a\r\nb][c]|"},
	{"\"\n\n\",c\n", "[\n\n][c]|"},
	{" a , b\t,c \n", "[ a ][ b\t][c ]|"},
	{"  \n", "[  ]|"},
	{"a'b,'c'\n", "[a'b]['c']|"},
	{"a;b\n", "[a;b]|"},
	{"\x1a\n", "[\x1a]|"},
	{"\xc3\xa9,\xe2\x82\xac\n", "[\xc3\xa9][\xe2\x82\xac]|"},
	{"\"open\n", "+"},
	{"a,\"open\nstill\n", "+"},
	{"a\nb,\"open\n", "[a]|+"},
	{"a,x\"y,b\n", STRAY_QUOTE " in 1 at 3"},
	{"x\"\n", STRAY_QUOTE " in 0 at 1"},
	{"a, \"b\"\n", STRAY_QUOTE " in 1 at 3"},
	{"\"x\"y,b\n", STRAY_TEXT " in 0 at 3"},
	{"a,\"x\" ,b\n", STRAY_TEXT " in 1 at 5"},
	{"a,\"x\ny\"z,b\n", STRAY_TEXT " in 1 at 2"},
	{"a\nb\"\n", "[a]|" STRAY_QUOTE " in 0 at 1"},
};

START_TEST(rfc4180)
{
	struct tb_csv_strict *lane = tb_csv_strict_new();
	struct tb_buf out = {0};

	feed_all(lane, tb_span_of(cases[_i].text), &out);
	ck_assert_msg(strcmp(out.p, cases[_i].events) == 0, "%s: %s", cases[_i].text, out.p);
	tb_buf_release(&out);
	tb_csv_strict_free(lane);
}
END_TEST

/* Nothing of a broken or open record is left over for the next. */
START_TEST(begin_forgets)
{
	struct tb_csv_strict *lane = tb_csv_strict_new();

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct tb_buf out = {0};

		feed_all(lane, tb_span_of(cases[i].text), &out);
		tb_buf_clear(&out);
		feed_all(lane, SPAN("p,\"q\"\"\",r\n"), &out);
		ck_assert_msg(strcmp(out.p, "[p][q\"][r]|") == 0, "after %s: %s", cases[i].text,
			      out.p);
		tb_buf_release(&out);
	}
	tb_csv_strict_free(lane);
}
END_TEST

START_TEST(unwanted_columns_are_counted_only)
{
	static const unsigned char wanted[] = {0, 1, 0};
	struct tb_csv_strict *lane = tb_csv_strict_new();
	struct tb_buf out = {0};

	tb_csv_strict_want(lane, wanted, sizeof(wanted));
	feed_all(lane, SPAN("a,b,c\n\"d\",\"e\ne\",f,g\n"), &out);
	ck_assert_str_eq(out.p, "[][b][]|[][e\ne][][]|");
	tb_buf_release(&out);
	tb_csv_strict_free(lane);
}
END_TEST

/* `n` times `unit`, then the end of the line. */
static void repeat(struct tb_buf *b, const char *unit, size_t n, const char *end)
{
	while (n--)
		tb_buf_puts(b, unit);
	tb_buf_puts(b, end);
}

static const struct {
	const char *unit;
	size_t n;
	const char *end, *fault;
} limits[] = {
	{"x", TB_FIELD_MAX, ",b\n", NULL},
	{"x", TB_FIELD_MAX + 1, ",b\n", "field longer than 64 KiB"},
	{",", TB_COLUMNS_MAX - 1, "\n", NULL},
	{",", TB_COLUMNS_MAX + TB_OWN_COLUMNS_MAX - 1, "\n", NULL},
	{",", TB_COLUMNS_MAX + TB_OWN_COLUMNS_MAX, "\n", "more than 1024 columns"},
	{",", 100000, "\n", "more than 1024 columns"},
};

START_TEST(limit)
{
	struct tb_csv_strict *lane = tb_csv_strict_new();
	struct tb_buf line = {0};
	const char *fault;
	size_t column;

	repeat(&line, limits[_i].unit, limits[_i].n, limits[_i].end);
	tb_csv_strict_begin(lane);
	ck_assert_int_eq(tb_csv_strict_feed(lane, line.p, line.n),
			 limits[_i].fault ? TB_CSV_BROKEN : TB_CSV_RECORD);
	fault = tb_csv_strict_fault(lane, &column);
	ck_assert_pstr_eq(fault, limits[_i].fault);
	tb_buf_release(&line);
	tb_csv_strict_free(lane);
}
END_TEST

Suite *csv_strict_suite(void)
{
	Suite *s = suite_create("csv_strict");

	add_loop(s, "csv_strict/rfc 4180", rfc4180, LENGTH(cases));
	add_test(s, "csv_strict/begin", begin_forgets);
	add_test(s, "csv_strict/unwanted", unwanted_columns_are_counted_only);
	add_loop(s, "csv_strict/limits", limit, LENGTH(limits));
	return s;
}
