/* Records longer than a record may be: told apart and handed on in pieces, never kept. */
#include "logs/parser.h"

#include <inttypes.h>

/* Hands on what there is of a record that is too long to keep. */
static enum tb_status reject_piece(struct tb_parser *r, size_t upto, bool crlf, bool ends)
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
		r->counts.rows++;
		r->counts.verdicts[TB_ROW_SET_ASIDE]++;
	}
	return r->calls->reject(r->ctx, &piece, r->err);
}

/* One byte of a record that is too long for csv_strict, by the same rules; true at its end. */
static bool oversize_byte(struct tb_parser *r, char c)
{
	if (r->place == TB_IN_QUOTES) {
		if (c == '"')
			r->place = TB_BEHIND_QUOTE;
		return false;
	}
	if (c == '"' && r->place != TB_IN_PLAIN)
		r->place = TB_IN_QUOTES; /* opens a field, or is doubled in one */
	else
		r->place = c == ',' ? TB_AT_FIELD : TB_IN_PLAIN;
	return c == '\n';
}

enum tb_status tb_parser_begin_oversize(struct tb_parser *r)
{
	if (!r->has_header) {
		tb_problems_note(r->problems, r->name, r->record_line,
				 "the header is longer than 1 MiB");
		return tb_fail(r->err, TB_DATA, "%s: the header cannot be used", r->name);
	}
	r->oversize = true;
	r->place = TB_AT_FIELD;
	for (size_t i = r->begin; i < r->next; i++)
		oversize_byte(r, r->buf[i]);
	return TB_OK;
}

enum tb_status tb_parser_skip_oversize(struct tb_parser *r)
{
	size_t upto = r->end;
	bool crlf, ends;

	while (r->next < r->end) {
		char c = r->buf[r->next++];

		ends = oversize_byte(r, c);
		r->line += c == '\n';
		if (!ends)
			continue;
		crlf = r->next - 1 > r->begin && r->buf[r->next - 2] == '\r';
		TB_TRY(reject_piece(r, r->next - 1 - crlf, crlf, true));
		tb_parser_begin_record(r);
		return TB_OK;
	}
	/* A carriage return may be half of a line end whose other half comes with the next bytes.
	 */
	if (!r->at_end && r->end > r->begin && r->buf[r->end - 1] == '\r')
		upto--;
	r->counts.cut |= r->at_end;
	TB_TRY(reject_piece(r, upto, false, r->at_end));
	r->begin = upto;
	if (r->at_end)
		tb_parser_begin_record(r);
	return TB_OK;
}
