#include "helpers.h"
#include "suites.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a log as a list of events ---- */

struct recorder {
	struct tb_buf events;
	uint64_t progress;
	size_t pieces;
};

static void record_raw(struct recorder *r, struct tb_span raw)
{
	for (size_t i = 0; i < raw.n; i++) {
		unsigned char c = (unsigned char)raw.p[i];

		if (c < 0x20 || c >= 0x7f)
			tb_buf_printf(&r->events, "\\%02x", c);
		else
			tb_buf_add(&r->events, raw.p + i, 1);
	}
}

static enum tb_status on_header(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				bool crlf, struct tb_err *err)
{
	struct recorder *r = ctx;

	(void)err;
	tb_buf_printf(&r->events, "header of %zu%s ", columns->count, crlf ? " crlf" : "");
	record_raw(r, raw);
	tb_buf_puts(&r->events, "\n");
	return TB_OK;
}

/* Models called skip, aside and stop get what they are called. */
static enum tb_status on_row(void *ctx, const struct tb_usage *u, enum tb_verdict *verdict,
			     struct tb_problem *why, struct tb_err *err)
{
	struct recorder *r = ctx;

	*verdict = TB_ROW_TAKEN;
	if (tb_span_is(u->model, "skip"))
		*verdict = TB_ROW_SKIPPED;
	if (tb_span_is(u->model, "aside"))
		*verdict = TB_ROW_SET_ASIDE;
	if (*verdict == TB_ROW_SET_ASIDE)
		tb_problem_set(why, "model", u->model, "unknown");
	tb_buf_printf(&r->events, "%zu:%" PRIu64 " row ", u->file, u->line);
	record_raw(r, u->model);
	tb_buf_printf(&r->events, " %" PRIu64 "/%" PRIu64 "\n", u->tokens[TB_INPUT],
		      u->tokens[TB_OUTPUT]);
	return tb_span_is(u->model, "stop") ? tb_fail(err, TB_INTERRUPTED, "stopped") : TB_OK;
}

static enum tb_status on_reject(void *ctx, const struct tb_reject *reject, struct tb_err *err)
{
	struct recorder *r = ctx;

	(void)err;
	r->pieces++;
	if (reject->begins)
		tb_buf_printf(&r->events, "7:%" PRIu64 " reject ", reject->line);
	record_raw(r, reject->raw);
	if (!reject->ends)
		return TB_OK;
	tb_buf_puts(&r->events, reject->crlf ? " crlf: " : ": ");
	tb_problem_text(reject->problem, &r->events);
	tb_buf_puts(&r->events, "\n");
	return TB_OK;
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	(void)ctx;
	(void)err;
	return TB_OK;
}

static void record_end(struct recorder *r, enum tb_status st, const struct tb_read_counts *c,
		       const struct tb_problems *problems)
{
	tb_buf_printf(&r->events,
		      "status %d: %" PRIu64 " rows, %" PRIu64 " billed, %" PRIu64
		      " skipped, %" PRIu64 " aside, %" PRIu64 " blank%s\n",
		      st, c->rows, c->verdicts[TB_ROW_TAKEN], c->verdicts[TB_ROW_SKIPPED],
		      c->verdicts[TB_ROW_SET_ASIDE], c->blank_lines, c->cut ? ", cut" : "");
	if (problems->total)
		tb_buf_printf(&r->events, "%s\n", problems_text(problems));
}

static enum tb_status record_path(struct recorder *r, const char *path, size_t block)
{
	struct tb_row_calls calls = {.header = on_header,
				     .row = on_row,
				     .reject = on_reject,
				     .progress = on_progress,
				     .ctx = r,
				     .rows = r};
	struct tb_row_options options = {.file = 7, .reading = {.block = block}};
	struct tb_problems problems = {0};
	struct tb_row_counts counts = {0};
	struct tb_source source;
	struct tb_err err = {0};
	enum tb_status st;

	*r = (struct recorder){0};
	ck_assert_int_eq(tb_source_open(&source, path, &err), TB_OK);
	free(source.name);
	source.name = strdup("log.csv");
	ck_assert_ptr_nonnull(source.name);
	st = tb_rows_read(&source, &options, &calls, &counts, &problems, &err);
	record_end(r, st, &counts.records, &problems);
	tb_problems_release(&problems);
	r->progress = source.raw;
	tb_source_release(&source);
	return st;
}

/* ---- every block size, and a pipe ---- */

#define HEADER "timestamp,model,input_tokens,output_tokens,note"
#define ROW(m) "2026-04-01," m ",10,2,"

/* clang-format off */
static const char mixed_log[] =
	"\xef\xbb\xbf" HEADER "\r\n"
	"\r\n"
	ROW("m1") "plain\n"
	"\n"
	ROW("m2") "\"two\r\nlines, and \"\"quotes\"\"\"\r\n"
	ROW("aside") "\"set\n\n\naside\"\n"
	ROW("skip") "\r\n"
	ROW("short") "a,b\n"
	"2026-04-01,m3,ten,2,\n"
	ROW("m4") "stray\"quote\n"
	ROW("m5") "nul\0nul\r\n"
	ROW("m6") "bare\rreturn\n"
	ROW("m7") "\xc3\x28 broken\n"
	ROW("m\xc3\xa9") "\xe2\x82\xac\n"
	"  \n"
	HEADER "\n"
	ROW("\"a\nb\"") "\n"
	ROW("m8") "\"x\" y\n"
	ROW("m9") "\n"
	ROW("m10") "\"never\r\nclosed\n"
	ROW("m11") "\n";
/* clang-format on */

static const char mixed_events[] =
	"header of 5 crlf timestamp,model,input_tokens,output_tokens,note\n"
	"7:3 row m1 10/2\n"
	"7:5 row m2 10/2\n"
	"7:7 row aside 10/2\n"
	"7:7 reject 2026-04-01,aside,10,2,\"set\\0a\\0a\\0aaside\": model: 'aside': unknown\n"
	"7:11 row skip 10/2\n"
	"7:12 reject 2026-04-01,short,10,2,a,b: '2026-04-01,short,10,2,a,b': 6 fields, but the "
	"header has 5; put a field that holds a comma in quotes\n"
	"7:13 reject 2026-04-01,m3,ten,2,: input_tokens: 'ten': not a whole number in plain "
	"digits\n"
	"7:14 reject 2026-04-01,m4,10,2,stray\"quote: note: '-04-01,m4,10,2,stray\"quote': a "
	"quote inside a field that does not begin with one\n"
	"7:15 reject 2026-04-01,m5,10,2,nul\\00nul crlf: '26-04-01,m5,10,2,nul\\x00nul': NUL byte "
	"at byte 23 of the line\n"
	"7:16 reject 2026-04-01,m6,10,2,bare\\0dreturn: '6-04-01,m6,10,2,bare\\x0dreturn': bare "
	"carriage return at byte 24 of the line\n"
	"7:17 reject 2026-04-01,m7,10,2,\\c3( broken: '2026-04-01,m7,10,2,\\xc3( broken': invalid "
	"UTF-8 at byte 20 of the line\n"
	"7:18 row m\\c3\\a9 10/2\n"
	"7:19 reject   : '  ': 1 field, but the header has 5; put in what is missing, "
	"if only commas\n"
	"7:20 reject timestamp,model,input_tokens,output_tokens,note: timestamp: 'timestamp': "
	"the header line again; were files joined with cat?\n"
	"7:21 reject 2026-04-01,\"a\\0ab\",10,2,: model: 'a\\x0ab': holds a control character\n"
	"7:23 reject 2026-04-01,m8,10,2,\"x\" y: note: '26-04-01,m8,10,2,\"x\" y': text behind the "
	"closing quote of a field\n"
	"7:24 row m9 10/2\n"
	"7:25 reject 2026-04-01,m10,10,2,\"never\\0d\\0aclosed\\0a2026-04-01,m11,10,2,: note: "
	"'2026-04-01,m10,10,2,\"never\\x0d\\x0aclosed\\x0a2026-04-01,m11,10,2,': the quote opened "
	"in line 25 is never closed\n"
	"status 0: 17 rows, 4 billed, 1 skipped, 12 aside, 2 blank\n";

START_TEST(every_block_size)
{
	struct recorder r;

	write_file("log", (struct tb_span){mixed_log, sizeof(mixed_log) - 1});
	for (size_t block = 0; block <= sizeof(mixed_log); block++) {
		ck_assert_int_eq(record_path(&r, "log", block), TB_OK);
		ck_assert_msg(strcmp(r.events.p, mixed_events) == 0,
			      "block %zu:\n%s\nexpected:\n%s", block, r.events.p, mixed_events);
		ck_assert_uint_eq(r.progress, sizeof(mixed_log) - 1);
		tb_buf_release(&r.events);
	}
}
END_TEST

/* All bytes wait in the pipe; they are few enough. */
static void open_pipe(struct tb_span bytes, char path[32], int *fd)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], bytes.p, bytes.n), (ssize_t)bytes.n);
	close(ends[1]);
	snprintf(path, 32, "/dev/fd/%d", ends[0]);
	*fd = ends[0];
}

START_TEST(through_a_pipe)
{
	static const size_t blocks[] = {1, 2, 7, 64, 0};
	struct recorder r;
	char path[32];
	int fd;

	for (size_t i = 0; i < LENGTH(blocks); i++) {
		open_pipe((struct tb_span){mixed_log, sizeof(mixed_log) - 1}, path, &fd);
		ck_assert_int_eq(record_path(&r, path, blocks[i]), TB_OK);
		ck_assert_str_eq(r.events.p, mixed_events);
		tb_buf_release(&r.events);
		close(fd);
	}
}
END_TEST

/* ---- small logs ---- */

#define H       "timestamp,model,input_tokens,output_tokens"
#define R(m)    "2026-04-01," m ",1,2"
#define HEADED  "header of 4 " H "\n"
#define ROWS(n) "status 0: " #n " rows, " #n " billed, 0 skipped, 0 aside, 0 blank"
#define REFUSED "status 2: 0 rows, 0 billed, 0 skipped, 0 aside, 0 blank"

static const struct {
	struct tb_span log;
	const char *events;
} small_logs[] = {
	{BYTES(H "\n"), HEADED ROWS(0) "\n"},
	{BYTES(H), HEADED ROWS(0) ", cut\n"},
	{BYTES(H "\n" R("m") "\n"), HEADED "7:2 row m 1/2\n" ROWS(1) "\n"},
	{BYTES(H "\n" R("m")), HEADED "7:2 row m 1/2\n" ROWS(1) ", cut\n"},
	{BYTES(H "\r\n" R("m") "\r\n"), "header of 4 crlf " H "\n7:2 row m 1/2\n" ROWS(1) "\n"},
	{BYTES(H "\n" R("m") "\r\n" R("n") "\n"),
	 HEADED "7:2 row m 1/2\n7:3 row n 1/2\n" ROWS(2) "\n"},
	{BYTES("\xef\xbb\xbf" H "\n" R("m") "\n"), HEADED "7:2 row m 1/2\n" ROWS(1) "\n"},
	{BYTES("\xef\xbb\xbf\"timestamp\",model,input_tokens,output_tokens\n" R("m") "\n"),
	 "header of 4 \"timestamp\",model,input_tokens,output_tokens\n7:2 row m 1/2\n" ROWS(
		 1) "\n"},
	{BYTES("\n\r\n" H "\n\n" R("m") "\n\n"),
	 HEADED "7:5 row m 1/2\nstatus 0: 1 rows, 1 billed, 0 skipped, 0 aside, 4 blank\n"},
	{BYTES(H "\n" R("\"m\"\"n\"") "\n"), HEADED "7:2 row m\"n 1/2\n" ROWS(1) "\n"},
	{BYTES(H ",\"x\ny\"\n" R("m") ",\n"),
	 "header of 5 " H ",\"x\\0ay\"\n7:3 row m 1/2\n" ROWS(1) "\n"},
	{BYTES(H "\n" R("m") "\n" R("stop") "\n" R("n") "\n"),
	 HEADED "7:2 row m 1/2\n7:3 row stop 1/2\nstatus 9: 1 rows, 1 billed, 0 skipped, 0 aside, "
		"0 blank\n"},
	{BYTES(""),
	 REFUSED "\nlog.csv: the file is empty; a usage log begins with a header line\n"},
	{BYTES("\xef\xbb\xbf"),
	 REFUSED "\nlog.csv: the file is empty; a usage log begins with a header line\n"},
	{BYTES("\n\n"), "status 2: 0 rows, 0 billed, 0 skipped, 0 aside, 2 blank\nlog.csv: the "
			"file is empty; a usage log begins with a header line\n"},
	{BYTES("\xff\xfet\0i\0"), REFUSED "\nlog.csv:1: the file is UTF-16, expected UTF-8\n"},
	{BYTES("\xfe\xff\0t\0i"), REFUSED "\nlog.csv:1: the file is UTF-16, expected UTF-8\n"},
	{BYTES("t\0i\0m\0"), REFUSED "\nlog.csv:1: the file is UTF-16, expected UTF-8\n"},
	{BYTES("\0t\0i\0m"), REFUSED "\nlog.csv:1: the file is UTF-16, expected UTF-8\n"},
	{BYTES("\xff\xfe\0\0t\0\0\0"), REFUSED "\nlog.csv:1: the file is UTF-32, expected UTF-8\n"},
	{BYTES("PK\x03\x04"), REFUSED
	 "\nlog.csv:1: the file is a ZIP archive or a spreadsheet; unpack it or export it as CSV\n"},
	{BYTES("{\"a\":1}\n"),
	 REFUSED "\nlog.csv:1: the file looks like JSON; a usage log is CSV with a header line\n"},
	{BYTES("timestamp,mo\0del\n"),
	 REFUSED "\nlog.csv:1: 'timestamp,mo\\x00del': NUL byte at byte 13 of the line\n"},
	{BYTES("timestamp,model\rx\n"), REFUSED
	 "\nlog.csv:1: 'timestamp,model\\x0dx': bare carriage return at byte 16 of the line\n"},
	{BYTES(H "\r" R("m") "\r" R("n") "\r"), REFUSED
	 ", cut\nlog.csv:1: 'tokens,output_tokens\\x0d2026-04-01,m,1,2\\x0d20': bare carriage "
	 "return at byte 43 of the line\n"},
	{BYTES("timestamp,\"model\n"), "status 2: 0 rows, 0 billed, 0 skipped, 0 aside, 0 blank\n"
				       "log.csv:1: 'timestamp,\"model': the quote opened in line 1 "
				       "is never closed\n"},
	{BYTES("timestamp,model\n"), REFUSED
	 "\nlog.csv:1: header: no column for input_tokens (accepted: input_tokens, "
	 "prompt_tokens)\nlog.csv:1: header: no column for output_tokens (accepted: output_tokens, "
	 "completion_tokens)\n"},
	{BYTES(H "\n" R("m") "\n" R("\"n") "\n" R("o") "\n"),
	 HEADED "7:2 row m 1/2\n7:3 reject 2026-04-01,\"n,1,2\\0a2026-04-01,o,1,2: model: "
		"'2026-04-01,\"n,1,2\\x0a2026-04-01,o,1,2': the quote opened in line 3 is never "
		"closed\nstatus 0: 2 rows, 1 billed, 0 skipped, 1 aside, 0 blank\n"},
};

START_TEST(small_log)
{
	static const size_t blocks[] = {0, 1, 2, 3, 5, 16};
	struct recorder r;

	write_file("log", small_logs[_i].log);
	for (size_t i = 0; i < LENGTH(blocks); i++) {
		record_path(&r, "log", blocks[i]);
		ck_assert_msg(strcmp(r.events.p, small_logs[_i].events) == 0,
			      "block %zu:\n%s\nexpected:\n%s", blocks[i], r.events.p,
			      small_logs[_i].events);
		tb_buf_release(&r.events);
	}
}
END_TEST

/* ---- records as long as they may be, and longer ---- */

enum { NOTES = 20 };

/* A header with many notes. */
static void add_wide_header(struct tb_buf *b)
{
	tb_buf_puts(b, H);
	for (int i = 0; i < NOTES; i++)
		tb_buf_printf(b, ",n%d", i);
}

/* A record of `size` bytes without its line end, in fields that are short enough. */
static void add_wide_record(struct tb_buf *b, size_t size)
{
	size_t begin = b->n, at;

	tb_buf_puts(b, R("m"));
	for (int i = 0; i < NOTES; i++) {
		size_t left = size - (b->n - begin) - (size_t)(NOTES - i);
		size_t n = i == NOTES - 1 ? left : left / (size_t)(NOTES - i);

		tb_buf_puts(b, ",");
		for (at = 0; at < n; at++)
			tb_buf_add(b, "x", 1);
	}
	ck_assert_uint_eq(b->n - begin, size);
}

static const struct {
	const char *line_end;
	size_t size;
	bool read;
} sizes[] = {
	{"\n", TB_RECORD_MAX - 1, true},
	{"\n", TB_RECORD_MAX, true},
	{"\n", TB_RECORD_MAX + 1, false},
	{"\r\n", TB_RECORD_MAX - 1, true},
	{"\r\n", TB_RECORD_MAX, true},
	{"\r\n", TB_RECORD_MAX + 1, false},
	{"", TB_RECORD_MAX, true},
	{"", TB_RECORD_MAX + 1, false},
	{"\n", 3 * TB_RECORD_MAX / 2, false},
};

/* Blocks that end around the record's end among them. */
START_TEST(record_size)
{
	static const size_t blocks[] = {0, 4096, 100000, TB_RECORD_MAX, 4 * TB_RECORD_MAX};
	const char *end = sizes[_i].line_end;
	struct tb_buf log = {0};
	struct recorder r;
	size_t record_end_at;

	add_wide_header(&log);
	tb_buf_puts(&log, *end ? end : "\n");
	add_wide_record(&log, sizes[_i].size);
	record_end_at = log.n;
	tb_buf_puts(&log, end);
	write_file("log", (struct tb_span){log.p, log.n});
	for (size_t i = 0; i < LENGTH(blocks) + 5; i++) {
		size_t block =
			i < LENGTH(blocks) ? blocks[i] : record_end_at + i - LENGTH(blocks) - 2;

		ck_assert_int_eq(record_path(&r, "log", block), TB_OK);
		ck_assert_msg((strstr(r.events.p, "7:2 row m 1/2") != NULL) == sizes[_i].read,
			      "%zu bytes with block %zu: %s", sizes[_i].size, block,
			      sizes[_i].read ? "refused" : "accepted");
		tb_buf_release(&r.events);
	}
	tb_buf_release(&log);
}
END_TEST

/* What is set aside is there byte for byte, and the reading goes on behind it. */
START_TEST(oversize_record_is_passed_on_whole)
{
	static const size_t blocks[] = {0, 4096, 99991};
	const char *end = _i ? "\r\n" : "\n";
	struct tb_buf log = {0}, expected = {0};
	struct recorder r;

	add_wide_header(&log);
	tb_buf_printf(&expected, "header of %d%s %s\n7:2 reject ", 4 + NOTES, _i ? " crlf" : "",
		      log.p);
	tb_buf_puts(&log, end);
	add_wide_record(&log, 2 * TB_RECORD_MAX);
	tb_buf_puts(&log, ",\"");
	tb_buf_add(&expected, strstr(log.p, R("m")), 2 * TB_RECORD_MAX + 2);
	tb_buf_printf(&log, "%sa\nb\"%s", end, end);
	tb_buf_puts(&expected, _i ? "\\0d\\0aa\\0ab\" crlf: " : "\\0aa\\0ab\": ");
	tb_buf_puts(&expected, "record longer than 1 MiB; is the quote opened in line 2 never "
			       "closed?\n7:5 row n 1/2\nstatus 0: 2 rows, 1 billed, 0 skipped, 1 "
			       "aside, 0 blank\n");
	tb_buf_printf(&log, R("n") ",,,,,,,,,,,,,,,,,,,,%s", end);
	write_file("log", (struct tb_span){log.p, log.n});
	for (size_t i = 0; i < LENGTH(blocks); i++) {
		ck_assert_int_eq(record_path(&r, "log", blocks[i]), TB_OK);
		ck_assert_msg(strcmp(r.events.p, expected.p) == 0, "block %zu: ... %s", blocks[i],
			      r.events.p + (r.events.n > 300 ? r.events.n - 300 : 0));
		ck_assert_int_eq(r.pieces > 1, blocks[i] != 0 || r.pieces > 1);
		tb_buf_release(&r.events);
	}
	tb_buf_release(&log);
	tb_buf_release(&expected);
}
END_TEST

/* A quote that is never closed swallows the rest of the log: as one row, with the line named. */
START_TEST(unclosed_quote_of_megabytes)
{
	const char *end =
		": record longer than 1 MiB; is the quote opened in line 3 never closed?\n"
		"status 0: 2 rows, 1 billed, 0 skipped, 1 aside, 0 blank, cut\n";
	struct tb_buf log = {0};
	struct recorder r;

	tb_buf_puts(&log, HEADER "\n" ROW("m") "\n" ROW("n") "\"oops\n");
	while (log.n < 3 * TB_RECORD_MAX)
		tb_buf_puts(&log, ROW("m") "\n");
	write_file("log", (struct tb_span){log.p, log.n});
	ck_assert_int_eq(record_path(&r, "log", 0), TB_OK);
	ck_assert_uint_gt(r.events.n, 3 * TB_RECORD_MAX);
	ck_assert_str_eq(r.events.p + r.events.n - strlen(end), end);
	tb_buf_release(&r.events);
	tb_buf_release(&log);
}
END_TEST

static const struct {
	size_t note;
	const char *end;
} fields[] = {
	{TB_FIELD_MAX, "7:2 row m 10/2\nstatus 0: 1 rows, 1 billed, 0 skipped, 0 aside, 0 blank\n"},
	{TB_FIELD_MAX + 1, ": field longer than 64 KiB\nstatus 0: 1 rows, 0 billed, 0 skipped, 1 "
			   "aside, 0 blank\n"},
};

START_TEST(field_size)
{
	const char *end = fields[_i].end;
	struct tb_buf log = {0};
	struct recorder r;

	tb_buf_puts(&log, HEADER "\n" ROW("m"));
	for (size_t i = 0; i < fields[_i].note; i++)
		tb_buf_puts(&log, "x");
	tb_buf_puts(&log, "\n");
	write_file("log", (struct tb_span){log.p, log.n});
	ck_assert_int_eq(record_path(&r, "log", 0), TB_OK);
	ck_assert_str_eq(r.events.p + r.events.n - strlen(end), end);
	tb_buf_release(&r.events);
	tb_buf_release(&log);
}
END_TEST

static void add_columns(struct tb_buf *b, const char *begin, size_t columns, const char *name)
{
	tb_buf_puts(b, begin);
	for (size_t i = 4; i < columns; i++)
		tb_buf_printf(b, ",%s", name);
	tb_buf_puts(b, "\n");
}

static const struct {
	size_t header, row;
	enum tb_status status;
	const char *says;
} widths[] = {
	{1024, 1024, TB_OK, "7:2 row m 1/2\nstatus 0: 1 rows, 1 billed"},
	{1024, 1025, TB_OK, "1025 fields, but the header has 1024"},
	{1025, 1025, TB_DATA, ": more than 1024 columns\n"},
	{1024, 1023, TB_OK, "1023 fields, but the header has 1024"},
};

START_TEST(width)
{
	struct tb_buf log = {0};
	struct recorder r;

	add_columns(&log, H, widths[_i].header, "");
	add_columns(&log, R("m"), widths[_i].row, "x");
	write_file("log", (struct tb_span){log.p, log.n});
	ck_assert_int_eq(record_path(&r, "log", 0), widths[_i].status);
	ck_assert_msg(strstr(r.events.p, widths[_i].says) != NULL, "%s",
		      r.events.p + (r.events.n > 300 ? r.events.n - 300 : 0));
	tb_buf_release(&r.events);
	tb_buf_release(&log);
}
END_TEST

START_TEST(header_too_long)
{
	struct tb_buf log = {0};
	struct recorder r;

	add_wide_record(&log, TB_RECORD_MAX + 1);
	tb_buf_puts(&log, "\n");
	write_file("log", (struct tb_span){log.p, log.n});
	ck_assert_int_eq(record_path(&r, "log", 0), TB_DATA);
	ck_assert_str_eq(r.events.p, REFUSED "\nlog.csv:1: the header is longer than 1 MiB\n");
	tb_buf_release(&r.events);
	tb_buf_release(&log);
}
END_TEST

Suite *row_reader_suite(void)
{
	Suite *s = suite_create("row_reader");

	add_loop_in_dir(s, "row_reader/every block size", every_block_size, 1);
	add_test(s, "row_reader/pipe", through_a_pipe);
	add_loop_in_dir(s, "row_reader/small logs", small_log, LENGTH(small_logs));
	add_loop_in_dir(s, "row_reader/record sizes", record_size, LENGTH(sizes));
	add_loop_in_dir(s, "row_reader/oversize", oversize_record_is_passed_on_whole, 2);
	add_loop_in_dir(s, "row_reader/unclosed quote", unclosed_quote_of_megabytes, 1);
	add_loop_in_dir(s, "row_reader/field sizes", field_size, LENGTH(fields));
	add_loop_in_dir(s, "row_reader/widths", width, LENGTH(widths));
	add_loop_in_dir(s, "row_reader/long header", header_too_long, 1);
	return s;
}
