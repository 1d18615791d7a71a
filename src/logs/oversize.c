#include "logs/oversize.h"

#include <inttypes.h>

/* One byte of the record, by the rules of csv_strict; true at the record's end. */
static bool take_byte(struct tb_oversize *o, char c)
{
	if (o->place == TB_IN_QUOTES) {
		if (c == '"')
			o->place = TB_AFTER_QUOTE;
		return false;
	}
	if (c == '"' && o->place != TB_IN_PLAIN)
		o->place = TB_IN_QUOTES; /* opens a field, or is doubled in one */
	else
		o->place = c == ',' ? TB_AT_FIELD : TB_IN_PLAIN;
	return c == '\n';
}

enum tb_status tb_oversize_begin(struct tb_oversize *o, const struct tb_window *w,
				 struct tb_intake *in)
{
	if (!in->has_header) {
		tb_problems_note(in->problems, in->name, w->record_line,
				 "the header is longer than 1 MiB");
		return tb_fail(in->err, TB_DATA, "%s: the header cannot be used", in->name);
	}
	*o = (struct tb_oversize){.on = true, .place = TB_AT_FIELD};
	for (size_t i = w->begin; i < w->next; i++)
		take_byte(o, w->buf[i]);
	return TB_OK;
}

static enum tb_status set_piece_aside(struct tb_oversize *o, const struct tb_window *w,
				      struct tb_intake *in, struct tb_reject piece)
{
	struct tb_problem why;

	tb_problem_set(&why, NULL, TB_NO_SPAN,
		       "record longer than 1 MiB; is the quote opened in line %" PRIu64
		       " never closed?",
		       w->field_line);
	piece.line = w->record_line;
	piece.begins = o->bytes == 0;
	piece.problem = &why;
	o->bytes += piece.raw.n;
	return tb_intake_piece(in, &piece);
}

/* The line feed before buf[next] ends it. */
static enum tb_status end_record(struct tb_oversize *o, struct tb_window *w, struct tb_intake *in)
{
	bool crlf = w->next - 1 > w->begin && w->buf[w->next - 2] == '\r';
	struct tb_reject piece = {.raw = {w->buf + w->begin, w->next - 1 - crlf - w->begin},
				  .crlf = crlf,
				  .ends = true};

	o->on = false;
	TB_TRY(set_piece_aside(o, w, in, piece));
	tb_window_begin_record(w);
	return TB_OK;
}

/* All of the window is of it. A carriage return may be half of a line end whose other half comes
 * with the next bytes. */
static enum tb_status end_window(struct tb_oversize *o, struct tb_window *w, struct tb_intake *in)
{
	size_t upto = w->end;
	struct tb_reject piece = {.ends = w->at_end};

	if (!w->at_end && w->end > w->begin && w->buf[w->end - 1] == '\r')
		upto--;
	piece.raw = (struct tb_span){w->buf + w->begin, upto - w->begin};
	in->counts.cut |= w->at_end;
	TB_TRY(set_piece_aside(o, w, in, piece));
	w->begin = upto;
	o->on = !w->at_end;
	if (w->at_end)
		tb_window_begin_record(w);
	return TB_OK;
}

enum tb_status tb_oversize_take(struct tb_oversize *o, struct tb_window *w, struct tb_intake *in,
				enum tb_lane *answer)
{
	*answer = TB_LANE_WAITS;
	if (w->next == w->end && !w->at_end)
		return TB_OK;
	*answer = TB_LANE_TOOK;
	while (w->next < w->end) {
		char c = w->buf[w->next++];
		bool ends = take_byte(o, c);

		w->line += c == '\n';
		if (ends)
			return end_record(o, w, in);
	}
	return end_window(o, w, in);
}
