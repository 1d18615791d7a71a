/* CSV as RFC 4180 has it, in pieces that all threads write. */
#include "base/parallel_for.h"
#include "base/decimal.h"
#include "write/writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields ---- */

/* What a byte in a text means. */
enum { QUOTED = 1, BEGINS_FORMULA = 2, MAY_BEGIN_FORMULA = 4 };

static const unsigned char meaning[256] = {
	[','] = QUOTED,
	['"'] = QUOTED,
	['\n'] = QUOTED | BEGINS_FORMULA,
	['\r'] = QUOTED | BEGINS_FORMULA,
	['\t'] = BEGINS_FORMULA,
	['='] = BEGINS_FORMULA,
	['+'] = BEGINS_FORMULA,
	['-'] = BEGINS_FORMULA,
	['@'] = BEGINS_FORMULA,
	[0xef] = MAY_BEGIN_FORMULA, /* the same signs, as wide as an ideograph */
};

static unsigned meaning_of(char c)
{
	return meaning[(unsigned char)c];
}

/* What makes a spreadsheet take text for a formula (OWASP, CSV injection). */
static bool begins_formula(struct tb_span s)
{
	static const char *const wide[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};
	unsigned first = s.n ? meaning_of(s.p[0]) : 0;

	if (!(first & MAY_BEGIN_FORMULA))
		return first & BEGINS_FORMULA;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (tb_span_starts(s, wide[i]))
			return true;
	return false;
}

/* A field may become twice as long, and gets quotes and a mark. */
static size_t field_room(struct tb_span s)
{
	return 2 * s.n + 3;
}

static char *put_quoted(char *to, struct tb_span s)
{
	*to++ = '"';
	if (begins_formula(s))
		*to++ = '\'';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			*to++ = '"';
		*to++ = s.p[i];
	}
	*to++ = '"';
	return to;
}

/* Writes a field, returns its end. */
static char *put_field(char *to, struct tb_span s)
{
	char *start = to;
	unsigned all = 0;

	if (begins_formula(s))
		*to++ = '\'';
	for (size_t i = 0; i < s.n; i++) {
		all |= meaning_of(s.p[i]);
		to[i] = s.p[i];
	}
	return all & QUOTED ? put_quoted(start, s) : to + s.n;
}

/* What a spreadsheet takes for a number, whatever it is. */
static bool is_decimal(struct tb_span s)
{
	struct tb_decimal d;

	return tb_decimal_read(s, TB_DECIMAL_MINUS, &d);
}

/* ---- rows ---- */

/* How many places make one piece, and how many bytes their rows have about. */
enum { PIECE = 4096, PIECE_BYTES = PIECE * 128 };

/* What the threads that write rows share. */
struct csv {
	const struct tb_sheet *sheet;
	bool visible;
	size_t row_room;
	FILE *out;

	pthread_mutex_t lock; /* of what follows, and of `out` while rows are written */
	pthread_cond_t written;
	size_t next; /* the piece whose turn it is */
	bool failed; /* out of memory */
};

/* Rows on their way into a piece. */
struct piece {
	const struct csv *csv;
	struct tb_buf text;
};

/* Room for all of a row but its texts. */
static size_t row_room(const struct tb_sheet *s)
{
	return s->column_count * (TB_CELL_TEXT_MAX + 1) + 1;
}

/* A text, at `to`; returns its end, after which there is room for the rest of the row. */
static char *put_text(struct tb_buf *b, char *to, struct tb_span s, bool visible, size_t rest)
{
	struct tb_buf seen = {0};

	if (visible) {
		tb_buf_visible(&seen, s, 0);
		s = (struct tb_span){seen.p, seen.n};
	}
	b->n = (size_t)(to - b->p);
	b->failed |= seen.failed;
	to = tb_buf_room(b, field_room(s) + rest);
	if (to)
		to = put_field(to, s);
	tb_buf_release(&seen);
	return to;
}

/* A text in a column of numbers is no formula if it is a number. */
static char *put_cell_text(struct piece *p, char *to, const struct tb_sheet_column *c,
			   struct tb_span text)
{
	const struct csv *w = p->csv;

	if (tb_sheet_is_number(c) && is_decimal(text) && text.n < TB_CELL_TEXT_MAX)
		return (char *)memcpy(to, text.p, text.n) + text.n;
	return put_text(&p->text, to, text, w->visible, w->row_room);
}

/* Returns the end of the cell at `to`, or NULL when memory is out. */
static char *put_cell(struct piece *p, char *to, const struct tb_sheet_column *c,
		      const struct tb_sheet_cell *cell)
{
	const struct tb_sheet *s = p->csv->sheet;

	switch (cell->kind) {
	case TB_CELL_TEXT:
		return put_cell_text(p, to, c, cell->is.text);
	case TB_CELL_COUNT:
		return tb_count_put(cell->is.count, to);
	case TB_CELL_AMOUNT:
		if (s->round < 0)
			return tb_money_put(cell->is.amount, to);
		break;
	default:
		break;
	}
	return tb_cell_put(s, c, cell, TB_READ_BY_PROGRAMS, to);
}

static enum tb_status add_row(void *ctx, const struct tb_sheet_cell *cells)
{
	struct piece *p = ctx;
	const struct tb_sheet_column *c = p->csv->sheet->columns;
	const struct tb_sheet_cell *end = cells + p->csv->sheet->column_count;
	char *to = tb_buf_room(&p->text, p->csv->row_room);

	for (; to && cells < end; c++, cells++) {
		if (c->hidden)
			continue;
		to = put_cell(p, to, c, cells);
		if (!to)
			break;
		*to++ = ',';
	}
	if (!to)
		return TB_NOMEM;
	to[-1] = '\n'; /* the last comma */
	p->text.n = (size_t)(to - p->text.p);
	return TB_OK;
}

/* A stray byte after what cannot be written makes flushing it fail for the same reason. */
static void put_bytes(const struct tb_buf *b, FILE *out)
{
	if (fwrite(b->p, 1, b->n, out) != b->n)
		putc_unlocked('\n', out);
}

/* Makes the rows of a piece, waits until those before it are written, and writes them. */
static void put_piece(void *ctx, size_t i)
{
	struct csv *w = ctx;
	struct piece p = {.csv = w};
	bool good = tb_buf_room(&p.text, PIECE_BYTES) &&
		    w->sheet->each(w->sheet, i * PIECE, PIECE, add_row, &p) == TB_OK;

	pthread_mutex_lock(&w->lock);
	while (w->next != i)
		pthread_cond_wait(&w->written, &w->lock);
	w->failed |= !good;
	if (!w->failed)
		put_bytes(&p.text, w->out);
	w->next++;
	pthread_cond_broadcast(&w->written);
	pthread_mutex_unlock(&w->lock);
	tb_buf_release(&p.text);
}

static bool put_header(struct csv *w)
{
	struct tb_sheet_cell *names = calloc(w->sheet->column_count + 1, sizeof(*names));
	struct piece line = {.csv = w};
	bool ok = names != NULL;

	for (size_t i = 0; ok && i < w->sheet->column_count; i++)
		names[i] = tb_cell_of_text(tb_span_of(w->sheet->columns[i].name));
	ok = ok && add_row(&line, names) == TB_OK;
	if (ok)
		fwrite(line.text.p, 1, line.text.n, w->out);
	tb_buf_release(&line.text);
	free(names);
	return ok;
}

enum tb_status tb_write_csv(const struct tb_sheets *sheets, const struct tb_write_options *o,
			    FILE *out, struct tb_err *err)
{
	struct csv w = {.sheet = sheets->list[0], .visible = o->visible, .out = out};

	w.row_room = row_room(w.sheet);
	if (!put_header(&w))
		return tb_fail_nomem(err);
	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.written, NULL);
	tb_parallel_for(w.sheet->threads, (w.sheet->places + PIECE - 1) / PIECE, put_piece, &w);
	pthread_mutex_destroy(&w.lock);
	pthread_cond_destroy(&w.written);
	return w.failed ? tb_fail_nomem(err) : TB_OK;
}
