#include "logs/parser.h"

#include "logs/csv_strict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A physical line: its bytes without the line end. */
struct line {
	const char *p;
	size_t n;
	size_t with_end; /* bytes including the line end */
	bool crlf;
};

/* ---- rows that are set aside ---- */

enum tb_status tb_parser_reject(struct tb_parser *r, struct tb_span raw, bool crlf,
				const struct tb_problem *why)
{
	struct tb_reject reject = {.file = r->options->file,
				   .line = r->record_line,
				   .raw = raw,
				   .crlf = crlf,
				   .begins = true,
				   .ends = true,
				   .problem = why};

	r->counts.rows++;
	r->counts.verdicts[TB_ROW_SET_ASIDE]++;
	return r->calls->reject(r->ctx, &reject, r->err);
}

enum tb_status tb_parser_judge(struct tb_parser *r, const struct tb_usage *u, struct tb_span raw,
			       bool crlf, struct tb_problem *why)
{
	enum tb_verdict verdict = u->idle ? TB_ROW_SKIPPED : TB_ROW_SET_ASIDE;

	if (!u->idle)
		TB_TRY(r->calls->row(r->row_ctx, u, &verdict, why, r->err));
	if (verdict == TB_ROW_SET_ASIDE)
		return tb_parser_reject(r, raw, crlf, why);
	r->counts.rows++;
	r->counts.idle += u->idle;
	r->counts.verdicts[verdict]++;
	return TB_OK;
}

/* ---- records ---- */

void tb_parser_begin_record(struct tb_parser *r)
{
	r->begin = r->next;
	r->record_line = r->field_line = r->line;
	r->record_bytes = 0;
	r->oversize = r->faulty = r->sought = false;
	r->strict = r->options->strict;
	tb_csv_strict_begin(r->lane);
}

static const char *column_label(const struct tb_parser *r, size_t column)
{
	return column < r->columns.count ? r->columns.name[column] : NULL;
}

/* What parsing rows needs to know of the columns; they stay another's when they are borrowed. */
static enum tb_status use_columns(struct tb_parser *r)
{
	tb_csv_strict_want(r->lane, r->columns.wanted, r->columns.count);
	r->cells = calloc(r->columns.count, sizeof(*r->cells));
	r->asked = calloc(TB_RUN_MAX * r->columns.asked_count + 1, sizeof(*r->asked));
	if (!r->cells || !r->asked)
		return tb_fail_nomem(r->err);
	for (size_t i = 0; i < r->columns.count; i++)
		if (r->columns.wanted[i])
			r->cut = i + 1;
	r->plain = tb_columns_plain(&r->columns);
	if (r->columns.format->zone)
		r->rules.log_zone = r->columns.format->zone;
	r->has_header = true;
	return TB_OK;
}

enum tb_status tb_parser_borrow_header(struct tb_parser *r, const struct tb_parser *owner)
{
	r->columns = owner->columns;
	return use_columns(r);
}

static enum tb_status take_header(struct tb_parser *r, struct tb_span raw, bool crlf)
{
	r->owns_columns = true;
	TB_TRY(tb_columns_read(&r->columns, tb_csv_strict_cells(r->lane),
			       tb_csv_strict_count(r->lane), r->options->formats, r->options->asked,
			       r->options->asked_count, r->name, r->record_line, r->problems,
			       r->err));
	TB_TRY(use_columns(r));
	return r->calls->header(r->ctx, &r->columns, raw, crlf, r->err);
}

static bool refuse_field_count(const struct tb_parser *r, size_t n, struct tb_span raw,
			       struct tb_problem *why)
{
	return tb_problem_set(why, NULL, raw, "%zu field%s, but the header has %zu; %s", n,
			      n == 1 ? "" : "s", r->columns.count,
			      n < r->columns.count ? "put in what is missing, if only commas"
						   : "put a field that holds a comma in quotes");
}

/* A row may be short where rows say so that nothing was used. */
static bool read_record(struct tb_parser *r, struct tb_span raw, struct tb_usage *u,
			struct tb_problem *why)
{
	size_t n = tb_csv_strict_count(r->lane);

	if (n == r->columns.count)
		return tb_parser_read_cells(r, tb_csv_strict_cells(r->lane), u, why);
	if (n < r->columns.count && (r->columns.conventions & TB_LOG_IDLE_ROWS)) {
		tb_csv_strict_fill_up(r->lane, r->columns.count);
		if (tb_parser_read_cells(r, tb_csv_strict_cells(r->lane), u, why) && u->idle)
			return true;
	}
	return refuse_field_count(r, n, raw, why);
}

static enum tb_status take_row(struct tb_parser *r, struct tb_span raw, bool crlf)
{
	struct tb_problem why;
	struct tb_usage u;

	r->rules.printable = false;
	if (!read_record(r, raw, &u, &why))
		return tb_parser_reject(r, raw, crlf, &why);
	if (!u.idle && tb_parser_bill_alike(r, &u, 1))
		return TB_OK;
	return tb_parser_judge(r, &u, raw, crlf, &why);
}

static enum tb_status take_record(struct tb_parser *r, struct tb_span raw, bool crlf)
{
	return r->has_header ? take_row(r, raw, crlf) : take_header(r, raw, crlf);
}

/* A record that cannot be split into fields; without a header nothing can be. */
static enum tb_status take_broken(struct tb_parser *r, struct tb_span raw, bool crlf,
				  const struct tb_problem *why)
{
	if (r->has_header)
		return tb_parser_reject(r, raw, crlf, why);
	tb_problems_add(r->problems, r->name, r->record_line, why);
	return tb_fail(r->err, TB_DATA, "%s: the header cannot be used", r->name);
}

/* The bytes around a place in a line, for a message. */
static struct tb_span around(const struct line *line, size_t at)
{
	enum { HALF = TB_AROUND_MAX / 2 };
	size_t from = at > HALF ? at - HALF : 0, to = at + HALF < line->n ? at + HALF : line->n;

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

static void explain_break(const struct tb_parser *r, const struct line *line,
			  struct tb_problem *why)
{
	size_t column;
	const char *fault = tb_csv_strict_fault(r->lane, &column);

	tb_problem_set(why, column_label(r, column), around(line, tb_csv_strict_broke_at(r->lane)),
		       "%s", fault);
}

/* Bare carriage returns would end a record for libcsv; a line that holds any is refused anyway. */
static enum tb_csv_result feed_without_cr(struct tb_parser *r, const struct line *line)
{
	const char *p = line->p, *end = line->p + line->n, *cr;

	for (; (cr = memchr(p, '\r', (size_t)(end - p))) != NULL; p = cr + 1) {
		enum tb_csv_result result = TB_CSV_MORE;

		if (cr > p)
			result = tb_csv_strict_feed(r->lane, p, (size_t)(cr - p));
		if (result != TB_CSV_MORE)
			return result;
	}
	return tb_csv_strict_feed(r->lane, p, (size_t)(line->p + line->with_end - p));
}

/*
 * A line that is not text spoils its record, but does not end it: where it ends, inside quotes
 * or not, is still for csv_strict to say.
 */
static enum tb_csv_result feed(struct tb_parser *r, const struct line *line, struct tb_problem *why)
{
	size_t fields = tb_csv_strict_count(r->lane);
	enum tb_csv_result result;

	if (!r->faulty && !check_line(line, &r->fault)) {
		r->faulty = true;
		memcpy(r->fault_text, r->fault.value.p, r->fault.value.n);
		r->fault.value.p = r->fault_text;
	}
	result = r->faulty ? feed_without_cr(r, line)
			   : tb_csv_strict_feed(r->lane, line->p, line->with_end);
	if (tb_csv_strict_count(r->lane) != fields)
		r->field_line = r->line;
	if (result == TB_CSV_BROKEN)
		explain_break(r, line, why);
	if (r->faulty && (result == TB_CSV_BROKEN || result == TB_CSV_RECORD)) {
		*why = r->fault;
		return TB_CSV_BROKEN;
	}
	return result;
}

static enum tb_status take_line(struct tb_parser *r, const struct line *line)
{
	struct tb_span raw = {r->buf + r->begin, (size_t)(line->p - (r->buf + r->begin)) + line->n};
	bool first = r->begin == r->next;
	enum tb_status st = TB_OK;
	struct tb_problem why;

	if (raw.n > TB_RECORD_MAX)
		return tb_parser_begin_oversize(r);
	r->next += line->with_end;
	if (first && line->n == 0) {
		r->counts.blank_lines++;
		r->line++;
		tb_parser_begin_record(r);
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
	tb_parser_begin_record(r);
	return st;
}

/* A quote was opened and the file ended. */
static enum tb_status take_unclosed(struct tb_parser *r)
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
	tb_problem_set(&why, column_label(r, tb_csv_strict_count(r->lane)),
		       (struct tb_span){raw.p, raw.n},
		       "the quote opened in line %" PRIu64 " is never closed", r->field_line);
	return take_broken(r, raw, crlf, &why);
}

/* ---- the window ---- */

/* The next physical line; at the end of the file one without line end gets it. */
static bool next_line(struct tb_parser *r, struct line *line)
{
	const char *p = r->buf + r->next;
	const char *lf = memchr(p, '\n', r->end - r->next);

	if (!lf && r->at_end && r->next < r->end) {
		r->counts.cut = true;
		r->buf[r->end++] = '\n';
		lf = r->buf + r->end - 1;
	}
	if (!lf)
		return false;
	*line = (struct line){.p = p, .n = (size_t)(lf - p), .with_end = (size_t)(lf - p) + 1};
	if (!r->counts.cut && line->n && line->p[line->n - 1] == '\r') {
		line->crlf = true;
		line->n--;
	}
	return true;
}

/* One step; *more is false when the window holds nothing more to take. */
static enum tb_status step(struct tb_parser *r, bool *more)
{
	struct line line;

	*more = true;
	if (r->options->only && r->has_header && !r->sought)
		return tb_parser_seek(r, more);
	if (r->oversize && (r->next < r->end || r->at_end))
		return tb_parser_skip_oversize(r);
	if (!r->strict && r->has_header && r->next < r->end)
		return r->sought ? tb_parser_take_sought(r) : tb_parser_take_quick(r);
	if (!r->oversize && next_line(r, &line))
		return take_line(r, &line);
	if (!r->oversize && r->end - r->begin > TB_RECORD_MAX + 1)
		return tb_parser_begin_oversize(r);
	*more = false;
	return r->at_end && r->next > r->begin ? take_unclosed(r) : TB_OK;
}

enum tb_status tb_parser_run(struct tb_parser *r)
{
	bool more = true;

	while (more)
		TB_TRY(step(r, &more));
	return TB_OK;
}

enum tb_status tb_parser_run_header(struct tb_parser *r)
{
	bool more = true;

	while (more && !r->has_header)
		TB_TRY(step(r, &more));
	return TB_OK;
}

enum tb_status tb_parser_init(struct tb_parser *r, const char *name,
			      const struct tb_reader_options *options,
			      const struct tb_reader_calls *calls, void *ctx,
			      struct tb_problems *problems, struct tb_err *err)
{
	*r = (struct tb_parser){.name = name,
				.options = options,
				.calls = calls,
				.ctx = ctx,
				.row_ctx = calls->row_ctx ? calls->row_ctx : ctx,
				.problems = problems,
				.err = err,
				.line = 1,
				.csv_index = options->lane ? options->lane : tb_csv_indexer_best(),
				.rules = {.log_zone = options->log_zone}};
	r->lane = tb_csv_strict_new();
	r->index = malloc(sizeof(*r->index));
	r->batch = calloc(TB_RUN_MAX, sizeof(*r->batch));
	if (!r->lane || !r->index || !r->batch)
		return tb_fail_nomem(err);
	tb_parser_begin_record(r);
	return TB_OK;
}

void tb_parser_finish_counts(struct tb_parser *r)
{
	r->counts.twice += r->rules.twice;
	r->counts.unheld += r->rules.unheld;
	r->counts.blank += r->rules.blank;
	r->rules.twice = r->rules.unheld = r->rules.blank = 0;
}

static void forget_header(struct tb_parser *r)
{
	free(r->cells);
	free(r->asked);
	r->cells = r->asked = NULL;
	r->cut = 0;
	if (r->owns_columns)
		tb_columns_release(&r->columns);
	r->has_header = r->owns_columns = false;
}

void tb_parser_restart(struct tb_parser *r)
{
	forget_header(r);
	tb_csv_strict_want(r->lane, NULL, 0);
	r->counts = (struct tb_read_counts){0};
	r->rules.twice = r->rules.unheld = r->rules.blank = 0;
	tb_parser_set_window(r, r->buf, 0, 0, 1, false);
}

void tb_parser_release(struct tb_parser *r)
{
	forget_header(r);
	tb_csv_strict_free(r->lane);
	free(r->index);
	free(r->batch);
	*r = (struct tb_parser){0};
}

void tb_parser_set_window(struct tb_parser *r, char *buf, size_t begin, size_t end, uint64_t line,
			  bool at_end)
{
	r->buf = buf;
	r->begin = r->next = begin;
	r->end = end;
	r->at_end = at_end;
	r->line = line;
	r->end_line = UINT64_MAX;
	r->index_at = NULL;
	tb_parser_begin_record(r);
}
