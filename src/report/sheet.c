#include "report/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CENTS = 2 };

/* ---- making one ---- */

/* The rows that are held: a place each. */
static enum tb_status each_held(const struct tb_sheet *s, size_t first, size_t count,
				tb_sheet_take *take, void *to)
{
	size_t end = count < s->row_count - first ? first + count : s->row_count;

	for (size_t i = first; i < end; i++)
		TB_TRY(take(to, &s->cells[i * s->column_count]));
	return TB_OK;
}

void tb_sheet_init(struct tb_sheet *s, enum tb_sheet_form form)
{
	*s = (struct tb_sheet){.form = form,
			       .title = "",
			       .if_empty = "",
			       .round = TB_MONEY_ROUND_NONE,
			       .chart = {TB_NO_COLUMN, TB_NO_COLUMN, TB_NO_COLUMN},
			       .each = each_held};
}

void tb_sheet_release(struct tb_sheet *s)
{
	tb_arena_release(&s->arena);
	free(s->columns);
	free(s->cells);
	free(s->facts);
	free(s->notes);
	free(s->note_facts);
	free(s->prose);
	*s = (struct tb_sheet){.column_count = 0};
}

enum tb_status tb_sheet_check(const struct tb_sheet *s, struct tb_err *err)
{
	return s->failed ? tb_fail_nomem(err) : TB_OK;
}

/* Makes room for one more of what *items holds n of; false when memory is out, or was before. */
static bool grow(struct tb_sheet *s, void *items, size_t *cap, size_t n, size_t size)
{
	s->failed = s->failed || !tb_grow(items, cap, n, size);
	return !s->failed;
}

void tb_sheet_add_column(struct tb_sheet *s, struct tb_sheet_column c)
{
	if (grow(s, &s->columns, &s->column_cap, s->column_count + 1, sizeof(c)))
		s->columns[s->column_count++] = c;
}

void tb_sheet_add_columns(struct tb_sheet *s, const struct tb_sheet_column *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tb_sheet_add_column(s, c[i]);
}

void tb_sheet_add_row(struct tb_sheet *s)
{
	size_t used = s->row_count * s->column_count;

	if (!grow(s, &s->cells, &s->cell_cap, used + s->column_count, sizeof(*s->cells)))
		return;
	for (size_t i = 0; i < s->column_count; i++)
		s->cells[used + i] = (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	s->places = ++s->row_count;
}

void tb_sheet_set(struct tb_sheet *s, size_t column, struct tb_sheet_cell cell)
{
	if (!s->failed)
		s->cells[(s->row_count - 1) * s->column_count + column] = cell;
}

const char *tb_sheet_keep(struct tb_sheet *s, struct tb_span text)
{
	const char *copy = s->failed ? NULL : tb_arena_text(&s->arena, text.p, text.n);

	s->failed |= !copy;
	return copy ? copy : "";
}

void tb_sheet_set_text(struct tb_sheet *s, size_t column, const char *text)
{
	if (text)
		tb_sheet_set(s, column,
			     tb_cell_of_text(tb_span_of(tb_sheet_keep(s, tb_span_of(text)))));
}

/* ---- facts, notes, prose ---- */

static void add_fact(struct tb_sheet *s, struct tb_sheet_fact fact)
{
	if (grow(s, &s->facts, &s->fact_cap, s->fact_count + 1, sizeof(fact)))
		s->facts[s->fact_count++] = fact;
}

void tb_sheet_fact(struct tb_sheet *s, enum tb_fact_kind kind, const char *name)
{
	add_fact(s, (struct tb_sheet_fact){.kind = kind, .name = name});
}

void tb_sheet_fact_text(struct tb_sheet *s, const char *name, const char *text)
{
	add_fact(s, (struct tb_sheet_fact){
			    .kind = TB_FACT_TEXT, .name = name, .text = tb_span_of(text)});
}

void tb_sheet_fact_count(struct tb_sheet *s, const char *name, tb_u128 count)
{
	add_fact(s, (struct tb_sheet_fact){.kind = TB_FACT_COUNT, .name = name, .count = count});
}

void tb_sheet_fact_yes_no(struct tb_sheet *s, const char *name, bool yes)
{
	add_fact(s, (struct tb_sheet_fact){.kind = TB_FACT_YES_NO, .name = name, .count = yes});
}

void tb_sheet_add_note(struct tb_sheet *s, const struct tb_buf *text)
{
	struct tb_sheet_note note = {.first_fact = s->note_fact_count};

	s->failed |= text->failed;
	note.text = tb_span_of(tb_sheet_keep(s, (struct tb_span){text->n ? text->p : "", text->n}));
	if (grow(s, &s->notes, &s->note_cap, s->note_count + 1, sizeof(note)))
		s->notes[s->note_count++] = note;
}

static void add_note_fact(struct tb_sheet *s, struct tb_sheet_fact fact)
{
	if (!grow(s, &s->note_facts, &s->note_fact_cap, s->note_fact_count + 1, sizeof(fact)))
		return;
	s->note_facts[s->note_fact_count++] = fact;
	s->notes[s->note_count - 1].facts++;
}

void tb_sheet_note_text(struct tb_sheet *s, const char *name, struct tb_span text)
{
	add_note_fact(s, (struct tb_sheet_fact){.kind = TB_FACT_TEXT, .name = name, .text = text});
}

void tb_sheet_note_count(struct tb_sheet *s, const char *name, tb_u128 count)
{
	add_note_fact(s,
		      (struct tb_sheet_fact){.kind = TB_FACT_COUNT, .name = name, .count = count});
}

void tb_sheet_add_prose(struct tb_sheet *s, struct tb_sheet_prose prose)
{
	if (grow(s, &s->prose, &s->prose_cap, s->prose_count + 1, sizeof(prose)))
		s->prose[s->prose_count++] = prose;
}

/* ---- cells ---- */

struct tb_sheet_cell tb_cell_of_ratio(struct tb_money part, struct tb_money whole, unsigned times)
{
	if (tb_money_sign(whole) == 0)
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	return (struct tb_sheet_cell){.kind = TB_CELL_RATIO, .is.ratio = {part, whole, times}};
}

struct tb_money tb_cell_amount(const struct tb_sheet_cell *cell)
{
	return cell->kind == TB_CELL_AMOUNT ? cell->is.amount : TB_NO_MONEY;
}

bool tb_sheet_shows_cents(const struct tb_sheet *s)
{
	for (size_t i = 0; s->round < 0 && i < s->column_count; i++)
		if (s->columns[i].kind == TB_SHEET_AMOUNT)
			return true;
	return false;
}

/* In cents, what is not zero never looks like zero: then `text` says so and it is done. */
static bool put_tiny(int decimals, int sign, int shown, char *text)
{
	if (decimals != CENTS || sign == 0 || shown != 0)
		return false;
	snprintf(text, TB_CELL_TEXT_MAX, "%s", sign > 0 ? "<0.01" : ">-0.01");
	return true;
}

static char *put_amount(struct tb_money exact, int decimals, bool people, char *text)
{
	struct tb_money shown = tb_money_round(exact, decimals);

	if (people && put_tiny(decimals, tb_money_sign(exact), tb_money_sign(shown), text))
		return text + strlen(text);
	return tb_money_put(shown, text);
}

char *tb_cell_put(const struct tb_sheet *s, const struct tb_sheet_column *c,
		  const struct tb_sheet_cell *cell, enum tb_sheet_reader reader,
		  char text[TB_CELL_TEXT_MAX])
{
	bool people = reader == TB_READ_BY_PEOPLE;
	int decimals = people && s->round < 0 ? CENTS : s->round;

	if (c->kind == TB_SHEET_PRICE) {
		people = false;
		decimals = TB_MONEY_ROUND_NONE;
	}
	switch (cell->kind) {
	case TB_CELL_COUNT:
		if (!people)
			return tb_count_put(cell->is.count, text);
		tb_count_text(cell->is.count, ',', text);
		break;
	case TB_CELL_AMOUNT:
		return put_amount(cell->is.amount, decimals, people, text);
	case TB_CELL_PERIOD:
		tb_period_text(cell->is.date.period, cell->is.date.day, text);
		break;
	case TB_CELL_RATIO:
		tb_ratio_text(cell->is.ratio.part, cell->is.ratio.whole, cell->is.ratio.times,
			      text);
		break;
	case TB_CELL_TEXT:
	case TB_CELL_NOTHING:
		*text = '\0';
		break;
	}
	return text + strlen(text);
}

int tb_bar_marks(const struct tb_sheet_column *bar, const struct tb_sheet_cell *amount, int most)
{
	char text[TB_MONEY_TEXT];
	struct tb_money size = tb_cell_amount(amount);
	int marks = 0;

	if (tb_money_sign(bar->bar.largest) <= 0 || tb_money_sign(size) == 0)
		return 0;
	if (tb_money_sign(size) < 0)
		size = tb_money_difference(TB_NO_MONEY, size);
	tb_ratio_text(size, bar->bar.largest, (unsigned)most, text);
	for (const char *p = text; tb_is_digit(*p) && marks <= most; p++)
		marks = marks * 10 + (*p - '0');
	if (bar->bar.both_ways && marks == 0)
		return 1;
	return marks < most ? marks : most;
}

/* ---- what a writer asks of a sheet ---- */

bool tb_sheet_is_number(const struct tb_sheet_column *c)
{
	return c->kind == TB_SHEET_COUNT || c->kind == TB_SHEET_AMOUNT ||
	       c->kind == TB_SHEET_PRICE || c->kind == TB_SHEET_RATIO;
}

size_t tb_sheet_total_label(const struct tb_sheet *s)
{
	for (size_t i = 0; i < s->column_count; i++)
		if (s->columns[i].level && !s->columns[i].sums)
			return i;
	return TB_NO_COLUMN;
}

enum tb_status tb_sheet_each(const struct tb_sheet *s, tb_sheet_take *take, void *to)
{
	return s->each(s, 0, s->places, take, to);
}
