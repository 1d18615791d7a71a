/* JSON: facts, rows, totals and notes as one object, or a list as an array of objects. */
#include "write/jsonout.h"
#include "write/writer.h"

#include <stdlib.h>

struct json {
	struct tb_json out;
	const struct tb_sheet *sheet;
};

/* ---- cells ---- */

/*
 * Counts are numbers, but in a list; amounts are texts, since JSON numbers are doubles to most.
 */
static void put_value(struct json *j, const struct tb_sheet_column *c,
		      const struct tb_sheet_cell *cell)
{
	char text[TB_CELL_TEXT_MAX];

	if (cell->kind == TB_CELL_NOTHING) {
		tb_json_null(&j->out);
		return;
	}
	if (cell->kind == TB_CELL_TEXT) {
		tb_json_text(&j->out, cell->is.text);
		return;
	}
	tb_cell_put(j->sheet, c, cell, TB_READ_BY_PROGRAMS, text);
	if (cell->kind == TB_CELL_COUNT && j->sheet->form != TB_FORM_LIST)
		tb_json_digits(&j->out, text);
	else
		tb_json_text(&j->out, tb_span_of(text));
}

static void put_row(struct json *j, const struct tb_sheet_cell *cells, bool total)
{
	tb_json_open_map(&j->out);
	for (size_t i = 0; i < j->sheet->column_count; i++) {
		const struct tb_sheet_column *c = &j->sheet->columns[i];

		if (c->hidden & TB_HIDE_FROM_DATA || (total && !c->sums))
			continue;
		tb_json_key(&j->out, c->name);
		put_value(j, c, &cells[i]);
	}
	tb_json_close_map(&j->out);
}

static enum tb_status take_row(void *to, const struct tb_sheet_cell *cells)
{
	struct json *j = to;

	put_row(j, cells, false);
	return j->out.failed ? TB_NOMEM : TB_OK;
}

/* ---- facts ---- */

static void put_fact(struct tb_json *j, const struct tb_sheet_fact *f)
{
	if (f->name)
		tb_json_key(j, f->name);
	switch (f->kind) {
	case TB_FACT_NOTHING:
		tb_json_null(j);
		break;
	case TB_FACT_TEXT:
		tb_json_text(j, f->text);
		break;
	case TB_FACT_COUNT:
		tb_json_count(j, f->count);
		break;
	case TB_FACT_YES_NO:
		tb_json_bool(j, f->count != 0);
		break;
	case TB_FACT_LIST:
		tb_json_open_array(j);
		break;
	case TB_FACT_MAP:
		tb_json_open_map(j);
		break;
	case TB_FACT_LIST_END:
		tb_json_close_array(j);
		break;
	case TB_FACT_MAP_END:
		tb_json_close_map(j);
		break;
	}
}

static void put_facts(struct tb_json *j, const struct tb_sheet_fact *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_fact(j, &facts[i]);
}

/* Those that are rows too are not repeated. */
static void put_notes(struct json *j)
{
	const struct tb_sheet *s = j->sheet;

	if (!s->notes_name || (!s->note_count && !s->notes_always))
		return;
	tb_json_key(&j->out, s->notes_name);
	tb_json_open_array(&j->out);
	for (size_t i = 0; i < s->note_count; i++) {
		if (!s->notes[i].facts)
			continue;
		tb_json_open_map(&j->out);
		put_facts(&j->out, &s->note_facts[s->notes[i].first_fact], s->notes[i].facts);
		tb_json_close_map(&j->out);
	}
	tb_json_close_array(&j->out);
}

/* ---- the whole ---- */

static void put_rows(struct json *j)
{
	tb_json_open_array(&j->out);
	if (tb_sheet_each(j->sheet, take_row, j) == TB_OK)
		tb_json_close_array(&j->out);
	else
		j->out.failed = true;
}

static void put_totals(struct json *j, struct tb_sheet_cell *cells)
{
	tb_json_key(&j->out, "totals");
	tb_json_open_array(&j->out);
	for (size_t i = 0; i < j->sheet->total_count; i++) {
		j->sheet->total(j->sheet, i, cells);
		put_row(j, cells, true);
	}
	tb_json_close_array(&j->out);
}

static void put_sheet(struct json *j, struct tb_sheet_cell *cells)
{
	if (j->sheet->form == TB_FORM_LIST) {
		put_rows(j);
		return;
	}
	tb_json_open_map(&j->out);
	put_facts(&j->out, j->sheet->facts, j->sheet->fact_count);
	if (j->sheet->form == TB_FORM_REPORT) {
		tb_json_key(&j->out, "rows");
		put_rows(j);
		put_totals(j, cells);
		put_notes(j);
	}
	tb_json_close_map(&j->out);
}

enum tb_status tb_write_json(const struct tb_sheets *sheets, const struct tb_write_options *o,
			     FILE *out, struct tb_err *err)
{
	struct json j = {.sheet = sheets->list[0]};
	struct tb_sheet_cell *cells = calloc(j.sheet->column_count + 1, sizeof(*cells));
	enum tb_status st =
		cells ? tb_json_begin(&j.out, out, o->visible, err) : tb_fail_nomem(err);

	if (st == TB_OK) {
		put_sheet(&j, cells);
		st = tb_json_end(&j.out, err);
	}
	free(cells);
	return st;
}
