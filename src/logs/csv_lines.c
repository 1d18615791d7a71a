#include "logs/csv_lines.h"

#include <inttypes.h>
#include <string.h>

/* A physical line: its bytes without the line end. */
struct line {
	const char *p;
	size_t n;
	size_t with_end; /* bytes including the line end */
	bool crlf;
};

bool tb_csv_lines_init(struct tb_csv_lines *l)
{
	*l = (struct tb_csv_lines){.csv = tb_csv_strict_new()};
	return l->csv != NULL;
}

void tb_csv_lines_release(struct tb_csv_lines *l)
{
	tb_csv_strict_free(l->csv);
	l->csv = NULL;
}

void tb_csv_lines_begin(struct tb_csv_lines *l)
{
	l->faulty = false;
	tb_csv_strict_begin(l->csv);
}

/* ---- what is wrong ---- */

static const char *column_label(const struct tb_intake *in, size_t column)
{
	return in->has_header && column < in->columns ? in->wanted.names[column] : NULL;
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

static void explain_break(const struct tb_csv_lines *l, const struct tb_intake *in,
			  const struct line *line, struct tb_problem *why)
{
	size_t column;
	const char *fault = tb_csv_strict_fault(l->csv, &column);

	tb_problem_set(why, column_label(in, column), around(line, tb_csv_strict_broke_at(l->csv)),
		       "%s", fault);
}

/* ---- lines ---- */

/* Bare carriage returns would end a record for libcsv; a line that holds any is refused anyway. */
static enum tb_csv_result feed_without_cr(struct tb_csv_lines *l, const struct line *line)
{
	const char *p = line->p, *end = line->p + line->n, *cr;

	for (; (cr = memchr(p, '\r', (size_t)(end - p))) != NULL; p = cr + 1) {
		enum tb_csv_result result = TB_CSV_MORE;

		if (cr > p)
			result = tb_csv_strict_feed(l->csv, p, (size_t)(cr - p));
		if (result != TB_CSV_MORE)
			return result;
	}
	return tb_csv_strict_feed(l->csv, p, (size_t)(line->p + line->with_end - p));
}

/*
 * A line that is not text spoils its record, but does not end it: where it ends, inside quotes
 * or not, is still for csv_strict to say.
 */
static enum tb_csv_result feed(struct tb_csv_lines *l, struct tb_window *w,
			       const struct tb_intake *in, const struct line *line,
			       struct tb_problem *why)
{
	size_t fields = tb_csv_strict_count(l->csv);
	enum tb_csv_result result;

	if (!l->faulty && !check_line(line, &l->fault)) {
		l->faulty = true;
		memcpy(l->fault_text, l->fault.value.p, l->fault.value.n);
		l->fault.value.p = l->fault_text;
	}
	result = l->faulty ? feed_without_cr(l, line)
			   : tb_csv_strict_feed(l->csv, line->p, line->with_end);
	if (tb_csv_strict_count(l->csv) != fields)
		w->field_line = w->line;
	if (result == TB_CSV_BROKEN)
		explain_break(l, in, line, why);
	if (l->faulty && (result == TB_CSV_BROKEN || result == TB_CSV_RECORD)) {
		*why = l->fault;
		return TB_CSV_BROKEN;
	}
	return result;
}

/* The next physical line; at the end of the file one without line end gets it. */
static bool next_line(struct tb_window *w, struct tb_intake *in, struct line *line)
{
	const char *p = w->buf + w->next;
	const char *lf = memchr(p, '\n', w->end - w->next);

	if (!lf && w->at_end && w->next < w->end) {
		in->counts.cut = true;
		w->buf[w->end++] = '\n';
		lf = w->buf + w->end - 1;
	}
	if (!lf)
		return false;
	*line = (struct line){.p = p, .n = (size_t)(lf - p), .with_end = (size_t)(lf - p) + 1};
	if (!in->counts.cut && line->n && line->p[line->n - 1] == '\r') {
		line->crlf = true;
		line->n--;
	}
	return true;
}

/* ---- records ---- */

/* The record ends before the next line. */
static void end_record(struct tb_csv_lines *l, struct tb_window *w)
{
	w->line++;
	tb_window_begin_record(w);
	tb_csv_lines_begin(l);
}

static enum tb_status deliver(struct tb_csv_lines *l, struct tb_intake *in, struct tb_record *r)
{
	r->count = tb_csv_strict_count(l->csv);
	if (in->has_header)
		tb_csv_strict_fill_up(l->csv, in->columns);
	r->cells = tb_csv_strict_cells(l->csv);
	return tb_intake_record(in, r);
}

static enum tb_status take_line(struct tb_csv_lines *l, struct tb_window *w, struct tb_intake *in,
				const struct line *line)
{
	struct tb_record record = {
		.raw = {w->buf + w->begin, (size_t)(line->p + line->n - (w->buf + w->begin))},
		.crlf = line->crlf,
		.line = w->record_line};
	enum tb_status st = TB_OK;
	struct tb_problem why;

	w->next += line->with_end;
	switch (feed(l, w, in, line, &why)) {
	case TB_CSV_MORE:
		w->line++;
		return TB_OK;
	case TB_CSV_NOMEM:
		return tb_fail_nomem(in->err);
	case TB_CSV_RECORD:
		st = deliver(l, in, &record);
		break;
	case TB_CSV_BROKEN:
		st = tb_intake_broken(in, &record, &why);
		break;
	}
	end_record(l, w);
	return st;
}

/* A quote was opened and the file ended. */
static enum tb_status take_unclosed(struct tb_csv_lines *l, const struct tb_window *w,
				    struct tb_intake *in)
{
	struct tb_record record = {.raw = {w->buf + w->begin, w->end - w->begin},
				   .line = w->record_line};
	struct tb_span *raw = &record.raw;
	struct tb_problem why;

	if (raw->n && raw->p[raw->n - 1] == '\n')
		raw->n--;
	if (raw->n && raw->p[raw->n - 1] == '\r') {
		raw->n--;
		record.crlf = true;
	}
	tb_problem_set(&why, column_label(in, tb_csv_strict_count(l->csv)), *raw,
		       "the quote opened in line %" PRIu64 " is never closed", w->field_line);
	return tb_intake_broken(in, &record, &why);
}

/* No line ends in the window. */
static enum tb_status take_rest(struct tb_csv_lines *l, const struct tb_window *w,
				struct tb_intake *in, enum tb_lane *answer)
{
	*answer = w->end - w->begin > TB_RECORD_MAX + 1 ? TB_LANE_LEFT : TB_LANE_WAITS;
	if (*answer == TB_LANE_WAITS && w->at_end && w->next > w->begin)
		return take_unclosed(l, w, in);
	return TB_OK;
}

enum tb_status tb_csv_lines_take(struct tb_csv_lines *l, struct tb_window *w, struct tb_intake *in,
				 enum tb_lane *answer)
{
	struct line line;

	if (!next_line(w, in, &line))
		return take_rest(l, w, in, answer);
	*answer = TB_LANE_TOOK;
	if (line.p + line.n > w->buf + w->begin + TB_RECORD_MAX) {
		*answer = TB_LANE_LEFT;
	} else if (w->begin == w->next && line.n == 0) {
		in->counts.blank_lines++;
		w->next += line.with_end;
		end_record(l, w);
	} else {
		return take_line(l, w, in, &line);
	}
	return TB_OK;
}
