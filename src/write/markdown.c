/*
 * Markdown as GitHub has it: a table, and what is said beside it. Texts of others stay texts: what
 * would make them bold, a link or a tag is escaped.
 */
#include "write/writer.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

struct page {
	const struct tb_sheet *sheet;
	FILE *out;
	bool *shown;                 /* which columns have a place */
	bool marked;                 /* some amount is partial */
	struct tb_sheet_cell *cells; /* of a total */
	bool failed;
};

/* ---- texts ---- */

static bool is_word(struct tb_span s, size_t i)
{
	return i < s.n && ((unsigned char)s.p[i] >= 0x80 || isalnum((unsigned char)s.p[i]));
}

/* An underscore within a word is one; at its edge it would begin or end emphasis. */
static bool is_inner(struct tb_span s, size_t i)
{
	return i > 0 && is_word(s, i - 1) && is_word(s, i + 1);
}

/* What would be made a link without any sign of one. */
static bool begins_link(struct tb_span s, size_t i)
{
	struct tb_span rest = {s.p + i, s.n - i};

	return (s.p[i] == ':' && tb_span_starts(rest, "://")) ||
	       (s.p[i] == '.' && i >= 3 && strncasecmp(s.p + i - 3, "www", 3) == 0);
}

static bool is_special(struct tb_span s, size_t i)
{
	if (s.p[i] == '_')
		return !is_inner(s, i);
	return strchr("\\|*`[]<>&~$", s.p[i]) != NULL || begins_link(s, i);
}

/* On one line, whatever is in it. */
static void put_text(struct page *p, struct tb_span text)
{
	struct tb_buf seen = {0};
	struct tb_span s;

	tb_buf_visible(&seen, text, 0);
	s = (struct tb_span){seen.p, seen.n};
	for (size_t i = 0; i < s.n; i++) {
		if (is_special(s, i))
			putc('\\', p->out);
		putc(s.p[i], p->out);
	}
	p->failed |= seen.failed;
	tb_buf_release(&seen);
}

/* ---- cells ---- */

static void put_cell(struct page *p, size_t i, const struct tb_sheet_cell *cell)
{
	char text[TB_CELL_TEXT_MAX];

	if (cell->kind == TB_CELL_TEXT) {
		put_text(p, cell->is.text);
	} else if (cell->kind == TB_CELL_NOTHING) {
		fputs(p->sheet->unknown ? p->sheet->unknown : "", p->out);
	} else {
		tb_cell_put(p->sheet, &p->sheet->columns[i], cell, TB_READ_BY_PEOPLE, text);
		put_text(p, tb_span_of(text));
	}
	if (cell->partial)
		fputs(" \\*", p->out);
	p->marked |= cell->partial;
}

static enum tb_status put_row(void *to, const struct tb_sheet_cell *cells)
{
	struct page *p = to;

	for (size_t i = 0; i < p->sheet->column_count; i++) {
		if (!p->shown[i])
			continue;
		fputs("| ", p->out);
		put_cell(p, i, &cells[i]);
		putc(' ', p->out);
	}
	fputs("|\n", p->out);
	return p->failed ? TB_NOMEM : TB_OK;
}

static void put_total(struct page *p, size_t number)
{
	size_t label = tb_sheet_total_label(p->sheet);

	p->sheet->total(p->sheet, number, p->cells);
	for (size_t i = 0; i < p->sheet->column_count; i++) {
		if (!p->shown[i])
			continue;
		fputs("| ", p->out);
		if (p->sheet->columns[i].sums && p->cells[i].kind != TB_CELL_NOTHING) {
			fputs("**", p->out);
			put_cell(p, i, &p->cells[i]);
			fputs("**", p->out);
		} else if (i == label) {
			fputs("**TOTAL**", p->out);
		}
		putc(' ', p->out);
	}
	fputs("|\n", p->out);
}

/* ---- the table ---- */

static enum tb_status note_used(void *to, const struct tb_sheet_cell *cells)
{
	struct page *p = to;

	for (size_t i = 0; i < p->sheet->column_count; i++)
		p->shown[i] |= cells[i].kind != TB_CELL_NOTHING;
	return TB_OK;
}

/* Bars are for the eye; and a list leaves out a column in which nothing stands. */
static enum tb_status choose_columns(struct page *p)
{
	bool all = p->sheet->form != TB_FORM_LIST;

	if (!all)
		TB_TRY(tb_sheet_each(p->sheet, note_used, p));
	for (size_t i = 0; i < p->sheet->column_count; i++)
		p->shown[i] = (all || p->shown[i]) && p->sheet->columns[i].kind != TB_SHEET_BAR;
	return TB_OK;
}

static void put_heading(struct page *p)
{
	for (size_t i = 0; i < p->sheet->column_count; i++) {
		const struct tb_sheet_column *c = &p->sheet->columns[i];

		if (!p->shown[i])
			continue;
		fputs("| ", p->out);
		put_text(p, tb_span_of(*c->heading ? c->heading : c->name));
		putc(' ', p->out);
	}
	fputs("|\n", p->out);
	for (size_t i = 0; i < p->sheet->column_count; i++)
		if (p->shown[i])
			fputs(tb_sheet_is_number(&p->sheet->columns[i]) ? "| ---: " : "| --- ",
			      p->out);
	fputs("|\n", p->out);
}

static enum tb_status put_table(struct page *p)
{
	TB_TRY(choose_columns(p));
	put_heading(p);
	TB_TRY(tb_sheet_each(p->sheet, put_row, p));
	for (size_t i = 0; i < p->sheet->total_count; i++)
		put_total(p, i);
	return TB_OK;
}

/* ---- what is said beside it ---- */

static void put_notes(struct page *p)
{
	const struct tb_sheet *s = p->sheet;

	for (size_t i = 0; i < s->note_count; i++) {
		fprintf(p->out, i ? "%s" : "\n%s\n\n", i ? "" : s->notes_title);
		fputs("- ", p->out);
		put_text(p, s->notes[i].text);
		putc('\n', p->out);
	}
	if (p->marked)
		fprintf(p->out, "\n\\%s\n", s->part_note);
	if (tb_sheet_shows_cents(s))
		fputs("\nAmounts are rounded to cents here; `-f csv` has them exactly.\n", p->out);
}

/* Whether it belongs to the item of a list before it, or says nothing. */
static bool is_of_item(const struct tb_sheet_prose *line, const struct tb_sheet_prose *before)
{
	if (line->kind != TB_PROSE_LINE || line->label)
		return false;
	return !*line->text || (before && before->label && line->from == before->from);
}

/* A line with a label is an item of a list; one without that is aligned with it belongs to it. */
static void put_line(struct page *p, const struct tb_sheet_prose *line,
		     const struct tb_sheet_prose *before)
{
	bool in_list = before && before->label;

	if (line->label) {
		fputs(in_list ? "- " : "\n- ", p->out);
		if (*line->label != '-') {
			put_text(p, tb_span_trim(tb_span_of(line->label)));
			fputs(*line->text ? ": " : "", p->out);
		}
	} else if (*line->text) {
		fputs(is_of_item(line, before) ? "  " : before ? "\n" : "", p->out);
	} else {
		return;
	}
	put_text(p, tb_span_of(line->text));
	putc('\n', p->out);
}

static void put_prose(struct page *p, const struct tb_sheet_prose *prose,
		      const struct tb_sheet_prose *before)
{
	switch (prose->kind) {
	case TB_PROSE_TITLE:
	case TB_PROSE_HEADING:
		fputs(before ? "\n" : "", p->out);
		fputs(prose->kind == TB_PROSE_TITLE ? "# " : "## ", p->out);
		put_text(p, tb_span_of(prose->text));
		putc('\n', p->out);
		break;
	case TB_PROSE_LINE:
	case TB_PROSE_FIXED:
		put_line(p, prose, before);
		break;
	}
}

/* The rows stand where the prose would say the same. */
static enum tb_status put_card(struct page *p)
{
	const struct tb_sheet_prose *before = NULL, *prose = p->sheet->prose;
	bool rows = false;

	for (size_t i = 0; i < p->sheet->prose_count; i++, prose++) {
		if (!prose->of_rows) {
			put_prose(p, prose, before);
			before = is_of_item(prose, before) ? before : prose;
		} else if (!rows) {
			rows = true;
			putc('\n', p->out);
			TB_TRY(put_table(p));
			before = prose;
		}
	}
	return TB_OK;
}

static enum tb_status put_sheet(struct page *p)
{
	const struct tb_sheet *s = p->sheet;

	if (s->form == TB_FORM_CARD)
		return put_card(p);
	if (s->row_count == 0 && s->note_count == 0) {
		fprintf(p->out, "%s\n", s->if_empty);
		return TB_OK;
	}
	TB_TRY(put_table(p));
	put_notes(p);
	return TB_OK;
}

static enum tb_status write_one(const struct tb_sheet *sheet, FILE *out, struct tb_err *err)
{
	size_t n = sheet->column_count + 1;
	struct page p = {.sheet = sheet, .out = out};
	enum tb_status st = TB_NOMEM;

	p.shown = calloc(n, sizeof(*p.shown));
	p.cells = calloc(n, sizeof(*p.cells));
	if (p.shown && p.cells)
		st = put_sheet(&p);
	free(p.shown);
	free(p.cells);
	return st == TB_NOMEM || p.failed ? tb_fail_nomem(err) : st;
}

enum tb_status tb_write_markdown(const struct tb_sheets *sheets, const struct tb_write_options *o,
				 FILE *out, struct tb_err *err)
{
	(void)o;
	for (size_t i = 0; i < sheets->count; i++) {
		if (sheets->count > 1)
			fprintf(out, "%s## %s\n\n", i ? "\n" : "", sheets->list[i]->title);
		TB_TRY(write_one(sheets->list[i], out, err));
	}
	return TB_OK;
}
