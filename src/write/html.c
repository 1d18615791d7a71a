/*
 * A page that stands alone: no network, no other file. Charts are drawn as SVG with the same in
 * words beside them; tables can be sorted where scripts run, and read where they do not.
 */
#include "write/html.h"

#include "write/writer.h"

#include <stdlib.h>

struct page {
	const struct tb_sheet *sheet;
	size_t number; /* of the sheet */
	bool headed;   /* several sheets: each has a heading */
	FILE *out;
	bool *shown;                 /* which columns have a place */
	bool marked;                 /* some amount is partial */
	struct tb_sheet_cell *cells; /* of a total */
	bool failed;
};

/* ---- texts ---- */

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

bool tb_html_text(FILE *out, struct tb_span text)
{
	struct tb_buf seen = {0};
	bool ok;

	tb_buf_visible(&seen, text, 0);
	for (size_t i = 0; i < seen.n; i++) {
		const char *entity = entity_of(seen.p[i]);

		if (entity)
			fputs(entity, out);
		else
			putc(seen.p[i], out);
	}
	ok = !seen.failed;
	tb_buf_release(&seen);
	return ok;
}

static void put_text(struct page *p, struct tb_span text)
{
	p->failed |= !tb_html_text(p->out, text);
}

static void put_element(struct page *p, const char *name, const char *text)
{
	fprintf(p->out, "<%s>", name);
	put_text(p, tb_span_of(text));
	fprintf(p->out, "</%s>\n", name);
}

/* ---- cells ---- */

static void put_value(struct page *p, const struct tb_sheet_column *c,
		      const struct tb_sheet_cell *cell)
{
	char text[TB_CELL_TEXT_MAX];

	if (cell->kind == TB_CELL_TEXT) {
		put_text(p, cell->is.text);
	} else if (cell->kind == TB_CELL_NOTHING) {
		fputs(p->sheet->unknown ? p->sheet->unknown : "", p->out);
	} else {
		tb_cell_put(p->sheet, c, cell, TB_READ_BY_PEOPLE, text);
		put_text(p, tb_span_of(text));
	}
	if (cell->partial)
		fputs("*", p->out);
	p->marked |= cell->partial;
}

/* A bar is drawn beside its amount, which stands in a column of its own and is what is read out. */
static void put_bar(struct page *p, const struct tb_sheet_column *c,
		    const struct tb_sheet_cell *cells)
{
	enum { HALF = 60 };
	const struct tb_sheet_cell *amount = &cells[c->bar.of];
	int most = c->bar.both_ways ? HALF : 2 * HALF, marks = tb_bar_marks(c, amount, most);
	bool less = c->bar.both_ways && amount->trend < 0;

	fputs("<td class=b>", p->out);
	if (amount->kind != TB_CELL_NOTHING)
		fprintf(p->out,
			"<svg viewBox=\"0 0 %d 10\" aria-hidden=true><rect class=%s x=%d y=1 "
			"width=%d height=8 /></svg>",
			2 * HALF,
			!c->bar.both_ways ? "s0"
			: less            ? "less"
					  : "more",
			!c->bar.both_ways ? 0
			: less            ? HALF - marks
					  : HALF,
			marks);
	fputs("</td>", p->out);
}

/* What is wider is broken into lines. */
enum { LINE_MAX_WIDTH = 40, HEADING_MAX_WIDTH = 20 };

static const char *class_of(const struct tb_sheet_column *c, const struct tb_sheet_cell *cell)
{
	if (cell->trend)
		return cell->trend < 0 ? " class=\"n less\"" : " class=\"n more\"";
	if (tb_sheet_is_number(c))
		return " class=n";
	return cell->kind == TB_CELL_TEXT && tb_text_width(cell->is.text) > LINE_MAX_WIDTH
		       ? " class=w"
		       : "";
}

static enum tb_status put_row(void *to, const struct tb_sheet_cell *cells)
{
	struct page *p = to;
	bool head = false;

	fputs("<tr>", p->out);
	for (size_t i = 0; i < p->sheet->column_count; i++) {
		const struct tb_sheet_column *c = &p->sheet->columns[i];
		bool heads = c->level && !head; /* the first part of what the row is about */

		if (!p->shown[i])
			continue;
		if (c->kind == TB_SHEET_BAR) {
			put_bar(p, c, cells);
			continue;
		}
		fprintf(p->out, heads ? "<th scope=row%s>" : "<td%s>", class_of(c, &cells[i]));
		put_value(p, c, &cells[i]);
		fputs(heads ? "</th>" : "</td>", p->out);
		head |= heads;
	}
	fputs("</tr>\n", p->out);
	return p->failed ? TB_NOMEM : TB_OK;
}

static void put_total(struct page *p, size_t number)
{
	size_t label = tb_sheet_total_label(p->sheet);

	p->sheet->total(p->sheet, number, p->cells);
	fputs("<tr>", p->out);
	for (size_t i = 0; i < p->sheet->column_count; i++) {
		const struct tb_sheet_column *c = &p->sheet->columns[i];

		if (!p->shown[i])
			continue;
		if (i == label) {
			fputs("<th scope=row>TOTAL</th>", p->out);
			continue;
		}
		fputs(tb_sheet_is_number(c) ? "<td class=n>" : "<td>", p->out);
		if (c->sums)
			put_value(p, c, &p->cells[i]);
		fputs("</td>", p->out);
	}
	fputs("</tr>\n", p->out);
}

/* ---- the table ---- */

static enum tb_status note_used(void *to, const struct tb_sheet_cell *cells)
{
	struct page *p = to;

	for (size_t i = 0; i < p->sheet->column_count; i++)
		p->shown[i] |= cells[i].kind != TB_CELL_NOTHING ||
			       p->sheet->columns[i].kind == TB_SHEET_BAR;
	return TB_OK;
}

/* A list leaves out a column in which nothing stands. */
static enum tb_status choose_columns(struct page *p)
{
	if (p->sheet->form == TB_FORM_LIST)
		return tb_sheet_each(p->sheet, note_used, p);
	for (size_t i = 0; i < p->sheet->column_count; i++)
		p->shown[i] = true;
	return TB_OK;
}

static const char *heading_of(const struct tb_sheet_column *c)
{
	if (c->title)
		return c->title;
	return *c->heading ? c->heading : c->name;
}

static void put_heading(struct page *p)
{
	fputs("<thead><tr>", p->out);
	for (size_t i = 0; i < p->sheet->column_count; i++) {
		const struct tb_sheet_column *c = &p->sheet->columns[i];
		bool wide = tb_text_width(tb_span_of(heading_of(c))) > HEADING_MAX_WIDTH;

		if (!p->shown[i])
			continue;
		fprintf(p->out, "<th scope=col class=\"%s%s\">",
			c->kind == TB_SHEET_BAR ? "b"
			: tb_sheet_is_number(c) ? "n"
						: "t",
			wide ? " w" : "");
		put_text(p, tb_span_of(heading_of(c)));
		fputs("</th>", p->out);
	}
	fputs("</tr></thead>\n", p->out);
}

static enum tb_status put_table(struct page *p)
{
	const struct tb_sheet *s = p->sheet;

	TB_TRY(choose_columns(p));
	fprintf(p->out, "<div class=table role=region tabindex=0 aria-labelledby=t%zu>\n<table>\n",
		p->number);
	fprintf(p->out, "<caption id=t%zu>", p->number);
	put_text(p, tb_span_of(s->form == TB_FORM_CARD ? "Prices" : s->title));
	fputs("</caption>\n", p->out);
	put_heading(p);
	fputs("<tbody>\n", p->out);
	TB_TRY(tb_sheet_each(s, put_row, p));
	fputs("</tbody>\n", p->out);
	if (s->total_count)
		fputs("<tfoot>\n", p->out);
	for (size_t i = 0; i < s->total_count; i++)
		put_total(p, i);
	fputs(s->total_count ? "</tfoot>\n</table>\n</div>\n" : "</table>\n</div>\n", p->out);
	return TB_OK;
}

/* ---- what is said beside it ---- */

/* The currency of a total, to stand before its amounts. */
static void put_currency(struct page *p)
{
	for (size_t i = 0; i < p->sheet->column_count; i++) {
		if (p->sheet->columns[i].kind != TB_SHEET_CURRENCY)
			continue;
		put_value(p, &p->sheet->columns[i], &p->cells[i]);
		putc(' ', p->out);
	}
}

static void put_figure(struct page *p, size_t i)
{
	const struct tb_sheet_column *c = &p->sheet->columns[i];

	fputs("<div><dt>", p->out);
	put_text(p, tb_span_of(heading_of(c)));
	fputs("</dt><dd>", p->out);
	if (c->kind == TB_SHEET_AMOUNT)
		put_currency(p);
	put_value(p, c, &p->cells[i]);
	fputs("</dd></div>\n", p->out);
}

/* The totals once more, large: what the page is opened for, amounts before counts. */
static void put_figures(struct page *p)
{
	const struct tb_sheet *s = p->sheet;

	for (size_t k = 0; k < s->total_count; k++) {
		s->total(s, k, p->cells);
		fputs("<dl class=figures>\n", p->out);
		for (int counts = 0; counts < 2; counts++)
			for (size_t i = 0; i < s->column_count; i++)
				if (s->columns[i].sums && tb_sheet_is_number(&s->columns[i]) &&
				    (s->columns[i].kind == TB_SHEET_COUNT) == counts &&
				    p->cells[i].kind != TB_CELL_NOTHING)
					put_figure(p, i);
		fputs("</dl>\n", p->out);
	}
}

static void put_notes(struct page *p)
{
	const struct tb_sheet *s = p->sheet;

	if (s->note_count)
		put_element(p, p->headed ? "h3" : "h2", s->notes_title);
	fputs(s->note_count ? "<ul>\n" : "", p->out);
	for (size_t i = 0; i < s->note_count; i++) {
		fputs("<li>", p->out);
		put_text(p, s->notes[i].text);
		fputs("</li>\n", p->out);
	}
	fputs(s->note_count ? "</ul>\n" : "", p->out);
	if (p->marked && s->part_note)
		put_element(p, "p", s->part_note);
	if (tb_sheet_shows_cents(s))
		fputs("<p>Amounts are rounded to cents here; <code>-f csv</code> has them "
		      "exactly.</p>\n",
		      p->out);
}

static void put_fact(struct page *p, const struct tb_sheet_fact *f)
{
	char text[TB_COUNT_TEXT];

	if (f->kind == TB_FACT_TEXT)
		put_text(p, f->text);
	else if (f->kind == TB_FACT_COUNT)
		fputs(tb_count_text(f->count, ',', text), p->out);
	else
		fputs(f->kind == TB_FACT_YES_NO && f->count ? "yes" : "no", p->out);
}

/* What the run did: the facts, those of a list side by side. */
static void put_facts(struct page *p)
{
	const struct tb_sheet_fact *f = p->sheet->facts, *end;
	bool in_list = false;

	if (p->sheet->fact_count == 0)
		return;
	end = f + p->sheet->fact_count;
	fputs("<details><summary>About this run</summary>\n<dl class=facts>\n", p->out);
	for (; f < end; f++) {
		bool opens = f->kind == TB_FACT_MAP || f->kind == TB_FACT_MAP_END;

		if (opens || f->kind == TB_FACT_NOTHING)
			continue;
		if (f->name) {
			fputs("<dt>", p->out);
			for (const char *c = f->name; *c; c++)
				putc(*c == '_' ? ' ' : *c, p->out);
			fputs("</dt>", p->out);
		}
		in_list = f->kind == TB_FACT_LIST || (in_list && f->kind != TB_FACT_LIST_END);
		if (f->kind == TB_FACT_LIST || f->kind == TB_FACT_LIST_END)
			continue;
		fputs("<dd>", p->out);
		put_fact(p, f);
		fputs("</dd>\n", p->out);
	}
	fputs("</dl></details>\n", p->out);
}

/* ---- a card ---- */

static void put_prose(struct page *p, const struct tb_sheet_prose *prose)
{
	const char *label = prose->label;

	if (prose->kind == TB_PROSE_TITLE)
		return; /* the page has it already */
	if (prose->kind == TB_PROSE_HEADING) {
		put_element(p, "h2", prose->text);
		return;
	}
	if (!*prose->text && !label)
		return;
	fputs("<p>", p->out);
	if (label && *label != '-') {
		fputs("<b>", p->out);
		put_text(p, tb_span_trim(tb_span_of(label)));
		fputs("</b> ", p->out);
	}
	put_text(p, tb_span_of(prose->text));
	fputs("</p>\n", p->out);
}

/* The rows stand where the prose would say the same. */
static enum tb_status put_card(struct page *p)
{
	bool rows = false;

	for (size_t i = 0; i < p->sheet->prose_count; i++) {
		const struct tb_sheet_prose *prose = &p->sheet->prose[i];

		if (!prose->of_rows)
			put_prose(p, prose);
		else if (!rows)
			TB_TRY(put_table(p));
		rows |= prose->of_rows;
	}
	return TB_OK;
}

/* ---- the page ---- */

static enum tb_status put_sheet(struct page *p, struct tb_err *err)
{
	const struct tb_sheet *s = p->sheet;

	if (p->headed)
		put_element(p, "h2", s->title);
	if (s->form == TB_FORM_CARD)
		return put_card(p);
	if (s->row_count == 0 && s->note_count == 0) {
		put_element(p, "p", s->if_empty);
		return TB_OK;
	}
	put_figures(p);
	TB_TRY(tb_html_charts(s, p->number, p->out, err));
	TB_TRY(put_table(p));
	put_notes(p);
	put_facts(p);
	return TB_OK;
}

static enum tb_status write_one(const struct tb_sheets *sheets, size_t number, FILE *out,
				struct tb_err *err)
{
	const struct tb_sheet *sheet = sheets->list[number];
	size_t n = sheet->column_count + 1;
	struct page p = {.sheet = sheet, .number = number, .headed = sheets->count > 1, .out = out};
	enum tb_status st = TB_NOMEM;

	p.shown = calloc(n, sizeof(*p.shown));
	p.cells = calloc(n, sizeof(*p.cells));
	if (p.shown && p.cells)
		st = put_sheet(&p, err);
	free(p.shown);
	free(p.cells);
	return st == TB_NOMEM || p.failed ? tb_fail_nomem(err) : st;
}

static void put_lines(FILE *out, const char *tag, const char *const *lines)
{
	fprintf(out, "<%s>", tag);
	for (; *lines; lines++)
		fprintf(out, "%s\n", *lines);
	fprintf(out, "</%s>\n", tag);
}

enum tb_status tb_write_html(const struct tb_sheets *sheets, const struct tb_write_options *o,
			     FILE *out, struct tb_err *err)
{
	bool ok;

	(void)o;
	/* The script is the only one that may run: the sum is of its bytes. */
	fputs("<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
	      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; script-src '" TB_HTML_SCRIPT_SUM "'\">\n"
	      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>",
	      out);
	ok = tb_html_text(out, tb_span_of(sheets->title));
	fputs("</title>\n", out);
	put_lines(out, "style", tb_html_style);
	fputs("</head>\n<body>\n<main>\n<h1>", out);
	ok &= tb_html_text(out, tb_span_of(sheets->title));
	fputs("</h1>\n", out);
	for (size_t i = 0; i < sheets->count; i++)
		TB_TRY(write_one(sheets, i, out, err));
	fputs("</main>\n", out);
	put_lines(out, "script", tb_html_script);
	fputs("</body>\n</html>\n", out);
	return ok ? TB_OK : tb_fail_nomem(err);
}
