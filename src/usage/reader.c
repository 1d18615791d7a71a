#include "usage/reader.h"

#include "usage/csvlane.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 << 10 };

struct reader {
	struct tb_source *source;
	const struct tb_reader_options *options;
	const struct tb_reader_calls *calls;
	struct tb_read_counts *counts;
	struct tb_problems *problems;
	struct tb_err *err;

	/* The record being read begins at buf[begin], its next line at buf[next]. */
	char *buf;
	size_t cap, begin, next, end;
	bool at_end; /* the source has no more bytes */

	uint64_t line;        /* number of the next line */
	uint64_t record_line; /* number of the record's first line */
	uint64_t field_line;  /* number of the line its latest field ended in */
	size_t record_bytes;  /* of a record too long to keep, already handed on */
	bool oversize, quoted;

	struct tb_csvlane *lane;
	struct tb_columns columns;
	bool has_header;
	struct tb_row_rules rules;
	struct tb_span asked[TB_ASKED_MAX];
};

/* A physical line: its bytes without the line end. */
struct line {
	const char *p;
	size_t n;
	size_t with_end; /* bytes including the line end */
	bool crlf;
};

/* ---- bytes ---- */

/* Moves the unfinished record to the front and reads on behind it. */
static enum tb_status refill(struct reader *r)
{
	size_t got, kept = r->end - r->begin;

	memmove(r->buf, r->buf + r->begin, kept);
	r->next -= r->begin;
	r->begin = 0;
	r->end = kept;
	TB_TRY(tb_source_read(r->source, r->buf + r->end,
			      r->options->block ? r->options->block : BLOCK, &got, r->err));
	r->end += got;
	r->at_end = got == 0;
	return r->calls->progress(r->calls->ctx, got, r->err);
}

static const struct {
	const char *magic;
	size_t n;
	const char *why;
} not_csv[] = {
	{"\xff\xfe\0\0", 4, "is UTF-32, expected UTF-8"},
	{"\0\0\xfe\xff", 4, "is UTF-32, expected UTF-8"},
	{"\xff\xfe", 2, "is UTF-16, expected UTF-8"},
	{"\xfe\xff", 2, "is UTF-16, expected UTF-8"},
	{"\x1f\x8b", 2, "is compressed with gzip; pipe it through `zcat` and give - as the log"},
	{"\x28\xb5\x2f\xfd", 4,
	 "is compressed with zstd; pipe it through `zstdcat` and give - as the log"},
	{"PK\x03\x04", 4, "is a ZIP archive or a spreadsheet; unpack it or export it as CSV"},
	{"PAR1", 4, "is Parquet; export it as CSV"},
	{"{", 1, "looks like JSON; a usage log is CSV with a header line"},
	{"[", 1, "looks like JSON; a usage log is CSV with a header line"},
};

/* UTF-16 without its mark has a NUL in every other byte of ASCII text. */
static bool looks_utf16(const char *p, size_t n)
{
	return n >= 4 && ((p[0] == 0 && p[2] == 0) || (p[1] == 0 && p[3] == 0));
}

/* Enough bytes to know the kind of file by; a byte order mark is dropped. */
static enum tb_status look_at_start(struct reader *r)
{
	const char *why = NULL;

	while (r->end < 4 && !r->at_end)
		TB_TRY(refill(r));
	for (size_t i = 0; i < sizeof(not_csv) / sizeof(not_csv[0]) && !why; i++)
		if (r->end >= not_csv[i].n && memcmp(r->buf, not_csv[i].magic, not_csv[i].n) == 0)
			why = not_csv[i].why;
	if (!why && looks_utf16(r->buf, r->end))
		why = "is UTF-16, expected UTF-8";
	if (why) {
		tb_problems_note(r->problems, r->source->name, 1, "the file %s", why);
		return tb_fail(r->err, TB_DATA, "%s %s", r->source->name, why);
	}
	if (r->end >= 3 && memcmp(r->buf, "\xef\xbb\xbf", 3) == 0)
		r->begin = r->next = 3;
	return TB_OK;
}

/* ---- rows that are set aside ---- */

static enum tb_status reject(struct reader *r, struct tb_span raw, bool crlf,
			     const struct tb_problem *why)
{
	struct tb_reject reject = {.file = r->options->file,
				   .line = r->record_line,
				   .raw = raw,
				   .crlf = crlf,
				   .begins = true,
				   .ends = true,
				   .problem = why};

	r->counts->rows++;
	r->counts->verdicts[TB_ROW_SET_ASIDE]++;
	return r->calls->reject(r->calls->ctx, &reject, r->err);
}

/* Hands on what there is of a record that is too long to keep. */
static enum tb_status reject_piece(struct reader *r, size_t upto, bool crlf, bool ends)
{
	struct tb_problem why;
	struct tb_reject piece = {.file = r->options->file,
				  .line = r->record_line,
				  .raw = {r->buf + r->begin, upto - r->begin},
				  .crlf = crlf,
				  .begins = r->record_bytes == 0,
				  .ends = ends,
				  .problem = &why};

	tb_problem_set(&why, NULL, TB_NO_SPAN,
		       "record longer than 1 MiB; is the quote opened in line %" PRIu64
		       " never closed?",
		       r->field_line);
	r->record_bytes += piece.raw.n;
	if (ends) {
		r->counts->rows++;
		r->counts->verdicts[TB_ROW_SET_ASIDE]++;
	}
	return r->calls->reject(r->calls->ctx, &piece, r->err);
}

static void begin_record(struct reader *r)
{
	r->begin = r->next;
	r->record_line = r->field_line = r->line;
	r->record_bytes = 0;
	r->oversize = false;
	tb_csvlane_begin(r->lane);
}

/* ---- records longer than a record may be ---- */

static enum tb_status begin_oversize(struct reader *r)
{
	if (!r->has_header) {
		tb_problems_note(r->problems, r->source->name, r->record_line,
				 "the header is longer than 1 MiB");
		return tb_fail(r->err, TB_DATA, "%s: the header cannot be used", r->source->name);
	}
	r->oversize = true;
	r->quoted = false;
	for (size_t i = r->begin; i < r->next; i++)
		r->quoted ^= r->buf[i] == '"';
	return TB_OK;
}

/* Passes the record on as it comes, up to its end: the first line end outside quotes. */
static enum tb_status skip_oversize(struct reader *r)
{
	size_t upto = r->end;
	bool crlf;

	for (; r->next < r->end; r->next++) {
		char c = r->buf[r->next];

		r->quoted ^= c == '"';
		if (c != '\n')
			continue;
		r->line++;
		if (r->quoted)
			continue;
		crlf = r->next > r->begin && r->buf[r->next - 1] == '\r';
		TB_TRY(reject_piece(r, r->next - crlf, crlf, true));
		r->next++;
		begin_record(r);
		return TB_OK;
	}
	/* A carriage return may be half of a line end whose other half comes with the next bytes.
	 */
	if (!r->at_end && r->end > r->begin && r->buf[r->end - 1] == '\r')
		upto--;
	TB_TRY(reject_piece(r, upto, false, r->at_end));
	r->begin = upto;
	if (r->at_end)
		begin_record(r);
	return TB_OK;
}

/* ---- records ---- */

static const char *column_label(const struct reader *r, size_t column)
{
	return column < r->columns.count ? r->columns.name[column] : NULL;
}

static enum tb_status take_header(struct reader *r, struct tb_span raw, bool crlf)
{
	TB_TRY(tb_columns_read(&r->columns, tb_csvlane_cells(r->lane), tb_csvlane_count(r->lane),
			       r->options->asked, r->options->asked_count, r->source->name,
			       r->record_line, r->problems, r->err));
	tb_csvlane_want(r->lane, r->columns.wanted, r->columns.count);
	r->has_header = true;
	return r->calls->header(r->calls->ctx, &r->columns, raw, crlf, r->err);
}

static bool check_field_count(struct reader *r, struct tb_span raw, struct tb_problem *why)
{
	size_t n = tb_csvlane_count(r->lane);

	if (n == r->columns.count)
		return true;
	return tb_problem_set(why, NULL, raw, "%zu field%s, but the header has %zu", n,
			      n == 1 ? "" : "s", r->columns.count);
}

static bool parse_row(struct reader *r, struct tb_span raw, struct tb_usage *u,
		      struct tb_problem *why)
{
	const struct tb_span *cells = tb_csvlane_cells(r->lane);

	*u = (struct tb_usage){.file = r->options->file, .line = r->record_line};
	if (!check_field_count(r, raw, why) || !tb_row_parse(&r->columns, cells, &r->rules, u, why))
		return false;
	for (size_t i = 0; i < r->columns.asked_count; i++)
		r->asked[i] = cells[r->columns.asked[i]];
	u->columns = r->asked;
	return true;
}

static enum tb_status take_row(struct reader *r, struct tb_span raw, bool crlf)
{
	enum tb_verdict verdict = TB_ROW_SET_ASIDE;
	struct tb_problem why;
	struct tb_usage u;

	if (!parse_row(r, raw, &u, &why))
		return reject(r, raw, crlf, &why);
	TB_TRY(r->calls->row(r->calls->ctx, &u, &verdict, &why, r->err));
	if (verdict == TB_ROW_SET_ASIDE)
		return reject(r, raw, crlf, &why);
	r->counts->rows++;
	r->counts->verdicts[verdict]++;
	return TB_OK;
}

static enum tb_status take_record(struct reader *r, struct tb_span raw, bool crlf)
{
	return r->has_header ? take_row(r, raw, crlf) : take_header(r, raw, crlf);
}

/* A record that cannot be split into fields; without a header nothing can be. */
static enum tb_status take_broken(struct reader *r, struct tb_span raw, bool crlf,
				  const struct tb_problem *why)
{
	if (r->has_header)
		return reject(r, raw, crlf, why);
	tb_problems_add(r->problems, r->source->name, r->record_line, why);
	return tb_fail(r->err, TB_DATA, "%s: the header cannot be used", r->source->name);
}

/* The bytes around a place in a line, for a message. */
static struct tb_span around(const struct line *line, size_t at)
{
	size_t from = at > 20 ? at - 20 : 0, to = at + 20 < line->n ? at + 20 : line->n;

	return (struct tb_span){line->p + from, to - from};
}

static bool check_line(const struct line *line, struct tb_problem *why)
{
	const char *nul = memchr(line->p, '\0', line->n), *cr = memchr(line->p, '\r', line->n);
	size_t valid;

	if (nul)
		return tb_problem_set(why, NULL, around(line, (size_t)(nul - line->p)),
				      "NUL byte at byte %zu of the line",
				      (size_t)(nul - line->p) + 1);
	if (cr)
		return tb_problem_set(why, NULL, around(line, (size_t)(cr - line->p)),
				      "bare carriage return at byte %zu of the line",
				      (size_t)(cr - line->p) + 1);
	valid = tb_utf8_prefix(line->p, line->n);
	if (valid != line->n)
		return tb_problem_set(why, NULL, around(line, valid),
				      "invalid UTF-8 at byte %zu of the line", valid + 1);
	return true;
}

static void explain_break(const struct reader *r, const struct line *line, struct tb_problem *why)
{
	size_t column;
	const char *fault = tb_csvlane_fault(r->lane, &column);

	tb_problem_set(why, column_label(r, column), around(line, tb_csvlane_broke_at(r->lane)),
		       "%s", fault);
}

static enum tb_csv_result feed(struct reader *r, const struct line *line, struct tb_problem *why)
{
	size_t fields = tb_csvlane_count(r->lane);
	enum tb_csv_result result;

	if (!check_line(line, why))
		return TB_CSV_BROKEN;
	result = tb_csvlane_feed(r->lane, line->p, line->with_end);
	if (tb_csvlane_count(r->lane) != fields)
		r->field_line = r->line;
	if (result == TB_CSV_BROKEN)
		explain_break(r, line, why);
	return result;
}

static enum tb_status take_line(struct reader *r, const struct line *line)
{
	struct tb_span raw = {r->buf + r->begin, (size_t)(line->p - (r->buf + r->begin)) + line->n};
	bool first = r->begin == r->next;
	enum tb_status st = TB_OK;
	struct tb_problem why;

	if (raw.n > TB_RECORD_MAX)
		return begin_oversize(r);
	r->next += line->with_end;
	if (first && line->n == 0) {
		r->counts->blank_lines++;
		r->line++;
		begin_record(r);
		return TB_OK;
	}
	switch (feed(r, line, &why)) {
	case TB_CSV_MORE:
		r->line++;
		return TB_OK;
	case TB_CSV_NOMEM:
		return tb_fail_nomem(r->err);
	case TB_CSV_RECORD:
		st = take_record(r, raw, line->crlf);
		break;
	case TB_CSV_BROKEN:
		st = take_broken(r, raw, line->crlf, &why);
		break;
	}
	r->line++;
	begin_record(r);
	return st;
}

/* A quote was opened and the file ended. */
static enum tb_status take_unclosed(struct reader *r)
{
	struct tb_span raw = {r->buf + r->begin, r->end - r->begin};
	struct tb_problem why;
	bool crlf = false;

	if (raw.n && raw.p[raw.n - 1] == '\n')
		raw.n--;
	if (raw.n && raw.p[raw.n - 1] == '\r') {
		raw.n--;
		crlf = true;
	}
	tb_problem_set(&why, column_label(r, tb_csvlane_count(r->lane)),
		       (struct tb_span){raw.p, raw.n},
		       "the quote opened in line %" PRIu64 " is never closed", r->field_line);
	return take_broken(r, raw, crlf, &why);
}

/* ---- the whole ---- */

/* The next physical line; at the end of the file one without line end gets it. */
static bool next_line(struct reader *r, struct line *line)
{
	const char *p = r->buf + r->next;
	const char *lf = memchr(p, '\n', r->end - r->next);

	if (!lf && r->at_end && r->next < r->end) {
		r->counts->cut = true;
		r->buf[r->end++] = '\n';
		lf = r->buf + r->end - 1;
	}
	if (!lf)
		return false;
	*line = (struct line){.p = p, .n = (size_t)(lf - p), .with_end = (size_t)(lf - p) + 1};
	if (line->n && line->p[line->n - 1] == '\r') {
		line->crlf = true;
		line->n--;
	}
	return true;
}

static enum tb_status step(struct reader *r, bool *more)
{
	struct line line;

	if (r->oversize) {
		if (r->next == r->end && !r->at_end)
			return refill(r);
		return skip_oversize(r);
	}
	if (next_line(r, &line))
		return take_line(r, &line);
	if (r->end - r->begin > TB_RECORD_MAX)
		return begin_oversize(r);
	if (!r->at_end)
		return refill(r);
	*more = false;
	return r->next > r->begin ? take_unclosed(r) : TB_OK;
}

static enum tb_status read_all(struct reader *r)
{
	bool more = true;

	TB_TRY(look_at_start(r));
	begin_record(r);
	while (more)
		TB_TRY(step(r, &more));
	if (r->has_header)
		return TB_OK;
	tb_problems_note(r->problems, r->source->name, 0,
			 "the file is empty; a usage log begins with a header line");
	return tb_fail(r->err, TB_DATA, "%s: empty", r->source->name);
}

enum tb_status tb_reader_run(struct tb_source *source, const struct tb_reader_options *options,
			     const struct tb_reader_calls *calls, struct tb_read_counts *counts,
			     struct tb_problems *problems, struct tb_err *err)
{
	size_t block = options->block ? options->block : BLOCK;
	struct reader r = {.source = source,
			   .options = options,
			   .calls = calls,
			   .counts = counts,
			   .problems = problems,
			   .err = err,
			   .line = 1,
			   .rules = {.log_zone = options->log_zone}};
	enum tb_status st;

	/* A record may grow one block beyond its limit before it is seen to be too long, and the
	 * last line may get a line feed. */
	r.cap = TB_RECORD_MAX + 2 * block + 1;
	r.buf = malloc(r.cap);
	r.lane = tb_csvlane_new();
	st = r.buf && r.lane ? read_all(&r) : tb_fail_nomem(err);
	counts->twice += r.rules.twice;
	tb_columns_release(&r.columns);
	tb_csvlane_free(r.lane);
	free(r.buf);
	assert(st != TB_OK || counts->rows == counts->verdicts[TB_ROW_BILLED] +
						      counts->verdicts[TB_ROW_SKIPPED] +
						      counts->verdicts[TB_ROW_SET_ASIDE]);
	return st;
}
