/* A table for a terminal or a text file: aligned, rounded to cents, as wide as the terminal. */
#include "write/layout.h"
#include "write/writer.h"

#include <stdlib.h>

enum { BAR_SIDE = 6, BAR_LONG = 20, HEADING_MAX = 16, PROSE_WIDTH = 80, PROSE_WIDTH_MAX = 100 };

static const char bold[] = "\033[1m", green[] = "\033[32m", red[] = "\033[31m", plain[] = "\033[0m";

/* A column as it is printed. */
struct printed {
	size_t number; /* of the sheet's column */
	struct tb_span heading;
	bool used;    /* some row says something in it */
	bool marked;  /* some amount in it is partial: all of them get a place for the mark */
	size_t width; /* of its cells, without the mark */
};

struct table {
	const struct tb_sheet *sheet;
	const struct tb_write_options *options;
	FILE *out;
	struct printed *printed;
	struct tb_layout layout;
	struct tb_sheet_cell *cells; /* of a total */
	struct tb_buf cell;          /* the text of the current cell */
	struct tb_arena arena;       /* headings */
};

static void paint(const struct table *t, const char *color)
{
	if (t->options->color && color)
		fputs(color, t->out);
}

/* ---- cells ---- */

static struct tb_span text_of(const struct tb_buf *b)
{
	return (struct tb_span){b->n ? b->p : "", b->n};
}

static const struct tb_sheet_column *column_of(const struct table *t, size_t i)
{
	return &t->sheet->columns[t->printed[i].number];
}

static void repeat(struct tb_buf *b, const char *mark, int n)
{
	while (n-- > 0)
		tb_buf_puts(b, mark);
}

/* Less to the left of a middle line, more to the right of it. */
static void put_two_sided(struct table *t, int marks, bool less)
{
	const char *mark = t->options->utf8 ? "\u2588" : "#";

	repeat(&t->cell, " ", less ? BAR_SIDE - marks : BAR_SIDE);
	repeat(&t->cell, mark, less ? marks : 0);
	tb_buf_puts(&t->cell, t->options->utf8 ? "\u2502" : "|");
	repeat(&t->cell, mark, less ? 0 : marks);
	repeat(&t->cell, " ", less ? BAR_SIDE : BAR_SIDE - marks);
}

static void put_bar(struct table *t, const struct tb_sheet_column *c,
		    const struct tb_sheet_cell *cells)
{
	const struct tb_sheet_cell *amount = &cells[c->bar.of];

	if (amount->kind == TB_CELL_NOTHING)
		return;
	if (c->bar.both_ways)
		put_two_sided(t, tb_bar_marks(c, amount, BAR_SIDE), amount->trend < 0);
	else
		repeat(&t->cell, t->options->utf8 ? "\u2588" : "#",
		       tb_bar_marks(c, amount, BAR_LONG));
}

static void put_value(struct table *t, const struct tb_sheet_column *c,
		      const struct tb_sheet_cell *cell)
{
	char text[TB_CELL_TEXT_MAX];

	if (cell->kind == TB_CELL_TEXT)
		tb_buf_visible(&t->cell, cell->is.text, 0);
	else if (cell->kind != TB_CELL_NOTHING) {
		tb_cell_put(t->sheet, c, cell, TB_READ_BY_PEOPLE, text);
		tb_buf_puts(&t->cell, text);
	} else if (t->sheet->unknown)
		tb_buf_puts(&t->cell, t->sheet->unknown);
}

/* The text of a cell without its mark. */
static struct tb_span shown(struct table *t, size_t i, const struct tb_sheet_cell *cells)
{
	const struct tb_sheet_column *c = column_of(t, i);

	tb_buf_clear(&t->cell);
	if (c->kind == TB_SHEET_BAR)
		put_bar(t, c, cells);
	else
		put_value(t, c, &cells[t->printed[i].number]);
	return text_of(&t->cell);
}

static struct tb_span shown_total(struct table *t, size_t i)
{
	if (column_of(t, i)->sums)
		return shown(t, i, t->cells);
	return tb_span_of(t->printed[i].number == tb_sheet_total_label(t->sheet) ? "TOTAL" : "");
}

/* The marks have a place of their own, so that amounts stay in line. */
static struct tb_span with_mark(struct table *t, size_t i, const struct tb_sheet_cell *cells)
{
	if (t->printed[i].marked)
		tb_buf_puts(&t->cell, cells[t->printed[i].number].partial ? "*" : " ");
	return text_of(&t->cell);
}

/* Green is less, red is more. */
static const char *color_of(const struct table *t, size_t i, const struct tb_sheet_cell *cells)
{
	const struct tb_sheet_column *c = column_of(t, i);
	size_t of = c->kind == TB_SHEET_BAR ? c->bar.of : t->printed[i].number;

	if (t->layout.columns[i].left_out || cells[of].trend == 0)
		return NULL;
	return cells[of].trend < 0 ? green : red;
}

/* ---- widths ---- */

static size_t at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

/* Whether the cell says something of its own: a list leaves out a column in which none does. */
static bool says_something(const struct table *t, size_t i, const struct tb_sheet_cell *cells)
{
	const struct tb_sheet_column *c = column_of(t, i);

	return cells[c->kind == TB_SHEET_BAR ? c->bar.of : t->printed[i].number].kind !=
	       TB_CELL_NOTHING;
}

static void measure_cell(struct table *t, size_t i, struct tb_span text,
			 const struct tb_sheet_cell *cells)
{
	struct printed *p = &t->printed[i];
	size_t w = tb_text_width(text);

	if (t->layout.columns[i].elastic)
		w = at_most(w, TB_LAYOUT_TEXT_MAX);
	if (w > p->width)
		p->width = w;
	p->marked |= cells[p->number].partial;
}

static enum tb_status measure_row(void *to, const struct tb_sheet_cell *cells)
{
	struct table *t = to;

	for (size_t i = 0; i < t->layout.count; i++) {
		measure_cell(t, i, shown(t, i, cells), cells);
		t->printed[i].used |= says_something(t, i, cells);
	}
	return t->cell.failed ? TB_NOMEM : TB_OK;
}

/* Headings are as wide as their cells need, or the cells as their heading; a long name is cut. */
static size_t heading_width(const struct table *t, size_t i)
{
	size_t w = tb_text_width(t->printed[i].heading);
	bool text = t->layout.columns[i].elastic;

	if (column_of(t, i)->clip_heading)
		w = at_most(w, HEADING_MAX);
	return text ? at_most(w, TB_LAYOUT_TEXT_MAX) : w;
}

static enum tb_status measure(struct table *t)
{
	for (size_t k = 0; k < t->sheet->total_count; k++) {
		t->sheet->total(t->sheet, k, t->cells);
		for (size_t i = 0; i < t->layout.count; i++)
			measure_cell(t, i, shown_total(t, i), t->cells);
	}
	TB_TRY(tb_sheet_each(t->sheet, measure_row, t));
	for (size_t i = 0; i < t->layout.count; i++) {
		size_t heading = heading_width(t, i);
		size_t cells = t->printed[i].width + t->printed[i].marked;

		t->layout.columns[i].width = heading > cells ? heading : cells;
	}
	return TB_OK;
}

/* A column of a list in which nothing stands says nothing. */
static void drop_unused(struct table *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->layout.count; i++) {
		if (!t->printed[i].used)
			continue;
		t->printed[n] = t->printed[i];
		t->layout.columns[n++] = t->layout.columns[i];
	}
	t->layout.count = n;
}

/* ---- lines ---- */

static void put_rule(struct table *t)
{
	tb_layout_put_rule(&t->layout, t->out);
}

static void put_heading(struct table *t)
{
	paint(t, bold);
	for (size_t i = 0; i < t->layout.count; i++)
		tb_layout_put(&t->layout, i, t->printed[i].heading, false, t->out);
	paint(t, plain);
	putc('\n', t->out);
	put_rule(t);
}

/* How many columns a line of a list has: up to its last cell that is shown and says something. */
static size_t line_length(const struct table *t, const struct tb_sheet_cell *cells)
{
	size_t n = t->layout.count;

	if (t->sheet->form != TB_FORM_LIST)
		return n;
	while (n && (t->layout.columns[n - 1].left_out || !says_something(t, n - 1, cells)))
		n--;
	return n;
}

static enum tb_status put_row(void *to, const struct tb_sheet_cell *cells)
{
	struct table *t = to;
	size_t n = line_length(t, cells);

	for (size_t i = 0; i < n; i++) {
		const char *color = color_of(t, i, cells);

		paint(t, color);
		shown(t, i, cells);
		tb_layout_put(&t->layout, i, with_mark(t, i, cells), i + 1 == n, t->out);
		paint(t, color ? plain : NULL);
	}
	putc('\n', t->out);
	return t->cell.failed ? TB_NOMEM : TB_OK;
}

static void put_total(struct table *t, size_t number)
{
	t->sheet->total(t->sheet, number, t->cells);
	paint(t, bold);
	for (size_t i = 0; i < t->layout.count; i++) {
		struct tb_span text = shown_total(t, i);

		if (column_of(t, i)->sums)
			text = with_mark(t, i, t->cells);
		tb_layout_put(&t->layout, i, text, false, t->out);
	}
	paint(t, plain);
	putc('\n', t->out);
}

/* A line each: they are as many as models that were asked for, or reasons. */
static void put_notes(struct table *t)
{
	for (size_t i = 0; i < t->sheet->note_count; i++) {
		if (i == 0)
			fprintf(t->out, "\n%s\n", t->sheet->notes_title);
		tb_buf_clear(&t->cell);
		tb_buf_visible(&t->cell, t->sheet->notes[i].text, 0);
		fputs("  ", t->out);
		fwrite(text_of(&t->cell).p, 1, t->cell.n, t->out);
		putc('\n', t->out);
	}
}

static void put_remarks(struct table *t)
{
	bool marks = false;

	for (size_t i = 0; i < t->layout.count; i++)
		marks |= t->printed[i].marked && !t->layout.columns[i].left_out;
	putc('\n', t->out);
	if (marks)
		fprintf(t->out, "%s\n", t->sheet->part_note);
	if (tb_sheet_shows_cents(t->sheet))
		fputs("Amounts are rounded to cents here; -f csv has them exactly.\n", t->out);
}

static enum tb_status put_lines(struct table *t)
{
	bool list = t->sheet->form == TB_FORM_LIST;

	TB_TRY(measure(t));
	if (list)
		drop_unused(t);
	tb_layout_fit(&t->layout, t->options->width);
	put_heading(t);
	TB_TRY(tb_sheet_each(t->sheet, put_row, t));
	if (t->sheet->total_count)
		put_rule(t);
	for (size_t i = 0; i < t->sheet->total_count; i++)
		put_total(t, i);
	put_notes(t);
	if (!list)
		put_remarks(t);
	tb_layout_put_left_out(&t->layout, t->out);
	return t->cell.failed ? TB_NOMEM : TB_OK;
}

/* ---- the table ---- */

/* The text as it may be printed, for as long as the table; an empty one when memory is out. */
static struct tb_span kept(struct table *t, const char *text)
{
	const char *copy;

	tb_buf_clear(&t->cell);
	tb_buf_visible(&t->cell, tb_span_of(text), 0);
	copy = t->cell.failed ? NULL : tb_arena_text(&t->arena, text_of(&t->cell).p, t->cell.n);
	t->cell.failed |= !copy;
	return tb_span_of(copy ? copy : "");
}

static void add_columns(struct table *t)
{
	for (size_t i = 0; i < t->sheet->column_count; i++) {
		const struct tb_sheet_column *c = &t->sheet->columns[i];
		size_t n = t->layout.count++;

		t->printed[n] = (struct printed){.number = i, .heading = kept(t, c->heading)};
		t->layout.columns[n] = (struct tb_layout_column){
			.title = c->title ? kept(t, c->title).p : t->printed[n].heading.p,
			.right = tb_sheet_is_number(c),
			.elastic = c->kind == TB_SHEET_TEXT && !c->whole,
			.keep_rank = c->keep_rank};
	}
}

static enum tb_status put_table(struct table *t, struct tb_err *err)
{
	size_t n = t->sheet->column_count + 1;
	enum tb_status st = TB_NOMEM;

	t->printed = calloc(n, sizeof(*t->printed));
	t->layout.columns = calloc(n, sizeof(*t->layout.columns));
	t->cells = calloc(n, sizeof(*t->cells));
	if (t->printed && t->layout.columns && t->cells) {
		add_columns(t);
		st = put_lines(t);
	}
	free(t->printed);
	free(t->layout.columns);
	free(t->cells);
	return st == TB_NOMEM ? tb_fail_nomem(err) : st;
}

/* ---- prose ---- */

static void put_blanks(FILE *out, size_t n)
{
	fprintf(out, "%*s", (int)n, "");
}

/* The words of the current text from column `from` on, over as many lines as it takes. */
static void put_wrapped(struct table *t, size_t from, size_t width)
{
	size_t column = from;

	for (const char *word = text_of(&t->cell).p; *word;) {
		size_t n = strcspn(word, " "), w = tb_text_width((struct tb_span){word, n});

		if (column > from && column + 1 + w > width) {
			putc('\n', t->out);
			put_blanks(t->out, from);
			column = from;
		} else if (column > from) {
			putc(' ', t->out);
			column++;
		}
		fwrite(word, 1, n, t->out);
		column += w;
		word += n + (word[n] == ' ');
	}
	putc('\n', t->out);
}

static void put_prose_heading(struct table *t)
{
	putc('\n', t->out);
	paint(t, bold);
	fputs(text_of(&t->cell).p, t->out);
	paint(t, plain);
	putc('\n', t->out);
}

static void put_prose(struct table *t, const struct tb_sheet_prose *p, size_t width)
{
	bool title = p->kind == TB_PROSE_TITLE;

	tb_buf_clear(&t->cell);
	tb_buf_visible(&t->cell, tb_span_of(p->text), 0);
	if (p->kind == TB_PROSE_HEADING) {
		put_prose_heading(t);
		return;
	}
	put_blanks(t->out, p->indent);
	if (p->label)
		fprintf(t->out, "%-*s", (int)(p->from - p->indent), p->label);
	paint(t, title ? bold : NULL);
	if (p->kind == TB_PROSE_FIXED)
		fprintf(t->out, "%s\n", text_of(&t->cell).p);
	else
		put_wrapped(t, p->from, width);
	paint(t, title ? plain : NULL);
}

static enum tb_status put_card(struct table *t, struct tb_err *err)
{
	size_t width = t->options->width ? t->options->width : PROSE_WIDTH;

	for (size_t i = 0; i < t->sheet->prose_count; i++)
		put_prose(t, &t->sheet->prose[i], at_most(width, PROSE_WIDTH_MAX));
	return t->cell.failed ? tb_fail_nomem(err) : TB_OK;
}

static enum tb_status put_sheet(struct table *t, struct tb_err *err)
{
	if (t->sheet->form == TB_FORM_CARD)
		return put_card(t, err);
	if (t->sheet->row_count == 0 && t->sheet->note_count == 0) {
		fprintf(t->out, "%s\n", t->sheet->if_empty);
		return TB_OK;
	}
	return put_table(t, err);
}

enum tb_status tb_write_table(const struct tb_sheets *sheets, const struct tb_write_options *o,
			      FILE *out, struct tb_err *err)
{
	enum tb_status st = TB_OK;

	for (size_t i = 0; i < sheets->count && st == TB_OK; i++) {
		struct table t = {.sheet = sheets->list[i], .options = o, .out = out};

		if (i)
			putc('\n', out);
		st = put_sheet(&t, err);
		tb_buf_release(&t.cell);
		tb_arena_release(&t.arena);
	}
	return st;
}
