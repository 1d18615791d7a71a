/* The report for eyes: aligned, rounded to cents, as wide as the terminal. */
#include "report/format.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, TEXT_MIN = 8, TEXT_MAX = 40, CENTS = 2 };

struct column {
	const struct tb_report_column *info;
	size_t width;
	bool shown;
};

struct table {
	const struct tb_report *report;
	const struct tb_write_options *options;
	FILE *out;
	struct column columns[TB_REPORT_COLUMNS_MAX];
	size_t count;
	struct tb_buf cell; /* the text of the cell at hand */
	bool failed;        /* memory ran out for one of them */
};

static bool is_text(const struct tb_report_column *c)
{
	return c->kind == TB_KIND_TEXT || c->kind == TB_KIND_DATE || c->kind == TB_KIND_CURRENCY;
}

/* An amount as it is shown. In cents, what is not zero never looks like zero. */
static void amount_text(const struct tb_report *r, const struct tb_report_row *row,
			enum tb_amount amount, struct tb_buf *b)
{
	struct tb_money exact = row->charge.amounts[amount];
	int decimals = r->round < 0 ? CENTS : r->round;
	struct tb_money shown = tb_money_round(exact, decimals);
	char text[TB_MONEY_TEXT];

	if (shown.units == 0 && exact.units != 0 && decimals == CENTS)
		tb_buf_puts(b, exact.units > 0 ? "<0.01" : ">-0.01");
	else
		tb_buf_puts(b, tb_money_text(shown, text));
}

static void begin_cell(struct table *t)
{
	t->failed |= t->cell.failed;
	tb_buf_clear(&t->cell);
}

static void cell_text(struct table *t, const struct tb_report_column *c,
		      const struct tb_report_row *row)
{
	char date[TB_DATE_TEXT], count[TB_COUNT_TEXT];

	begin_cell(t);
	switch (c->kind) {
	case TB_KIND_TEXT:
		tb_buf_visible(&t->cell, row->texts[c->index], 0);
		break;
	case TB_KIND_DATE:
		tb_buf_puts(&t->cell,
			    tb_period_text(t->report->grouping->period, row->period, date));
		break;
	case TB_KIND_COUNT:
		tb_buf_puts(&t->cell, tb_count_text(row->counts[c->index], ',', count));
		break;
	case TB_KIND_AMOUNT:
		amount_text(t->report, row, (enum tb_amount)c->index, &t->cell);
		break;
	case TB_KIND_CURRENCY:
		tb_buf_puts(&t->cell, row->currency);
		break;
	}
}

/* The first text column of a totals line says what it is. */
static void total_text(struct table *t, size_t i, const struct tb_report_row *total)
{
	const struct tb_report_column *c = t->columns[i].info;

	if (c->kind != TB_KIND_TEXT && c->kind != TB_KIND_DATE) {
		cell_text(t, c, total);
		return;
	}
	begin_cell(t);
	if (i == 0)
		tb_buf_puts(&t->cell, "TOTAL");
}

/* ---- widths ---- */

static void widen(struct column *c, struct tb_span s)
{
	size_t w = tb_text_width(s);

	if (c->info->kind == TB_KIND_TEXT && w > TEXT_MAX)
		w = TEXT_MAX;
	if (w > c->width)
		c->width = w;
}

static enum tb_status measure_row(void *ctx, const struct tb_report_row *row)
{
	struct table *t = ctx;

	for (size_t i = 0; i < t->count; i++) {
		cell_text(t, t->columns[i].info, row);
		widen(&t->columns[i], (struct tb_span){t->cell.p, t->cell.n});
	}
	return t->failed || t->cell.failed ? TB_NOMEM : TB_OK;
}

static enum tb_status measure(struct table *t)
{
	for (size_t i = 0; i < t->count; i++)
		widen(&t->columns[i], tb_span_of(t->columns[i].info->heading));
	for (size_t k = 0; k < t->report->total_count; k++)
		for (size_t i = 0; i < t->count; i++) {
			total_text(t, i, &t->report->totals[k]);
			widen(&t->columns[i], (struct tb_span){t->cell.p, t->cell.n});
		}
	return tb_report_each(t->report, measure_row, t);
}

static size_t total_width(const struct table *t)
{
	size_t w = 0;

	for (size_t i = 0; i < t->count; i++)
		if (t->columns[i].shown)
			w += t->columns[i].width + (w ? GAP : 0);
	return w;
}

/* The shown column that is missed least, or NULL when only the indispensable are left. */
static struct column *least_missed(struct table *t)
{
	struct column *least = NULL;

	for (size_t i = 0; i < t->count; i++)
		if (t->columns[i].shown && t->columns[i].info->keep_rank > 0 &&
		    (!least || t->columns[i].info->keep_rank > least->info->keep_rank))
			least = &t->columns[i];
	return least;
}

static struct column *widest_text(struct table *t)
{
	struct column *widest = NULL;

	for (size_t i = 0; i < t->count; i++)
		if (t->columns[i].info->kind == TB_KIND_TEXT && t->columns[i].width > TEXT_MIN &&
		    (!widest || t->columns[i].width > widest->width))
			widest = &t->columns[i];
	return widest;
}

/* Leaves out columns, then shortens texts, until a row fits the terminal. */
static void fit(struct table *t)
{
	size_t limit = t->options->width;

	while (limit && total_width(t) > limit) {
		struct column *c = least_missed(t);

		if (c) {
			c->shown = false;
			continue;
		}
		c = widest_text(t);
		if (!c)
			break;
		c->width--;
	}
}

/* ---- lines ---- */

static void put_blanks(FILE *out, size_t n)
{
	while (n--)
		putc(' ', out);
}

/* The part of the text that fits; a cut one ends with "~". */
static struct tb_span cut_to(struct tb_span s, size_t width)
{
	size_t at = 0, w = 0, len;

	while (at < s.n) {
		size_t cw;

		tb_utf8_next(s.p + at, s.n - at, &len);
		cw = tb_text_width((struct tb_span){s.p + at, len});
		if (w + cw > width - 1)
			break;
		w += cw;
		at += len;
	}
	return (struct tb_span){s.p, at};
}

static void put_cell(struct table *t, const struct column *c, bool last)
{
	struct tb_span s = {t->cell.p ? t->cell.p : "", t->cell.n};
	size_t w = tb_text_width(s);
	bool cut = w > c->width;

	if (cut) {
		s = cut_to(s, c->width);
		w = tb_text_width(s) + 1;
	}
	if (!is_text(c->info))
		put_blanks(t->out, c->width - w);
	fwrite(s.p, 1, s.n, t->out);
	if (cut)
		putc('~', t->out);
	if (is_text(c->info) && !last)
		put_blanks(t->out, c->width - w);
}

static const struct column *last_shown(const struct table *t)
{
	const struct column *last = NULL;

	for (size_t i = 0; i < t->count; i++)
		if (t->columns[i].shown)
			last = &t->columns[i];
	return last;
}

enum line { LINE_HEADER, LINE_ROW, LINE_TOTAL };

static void put_line(struct table *t, enum line kind, const struct tb_report_row *row)
{
	const struct column *last = last_shown(t);
	bool first = true;

	if (t->options->color && kind != LINE_ROW)
		fputs("\033[1m", t->out);
	for (size_t i = 0; i < t->count; i++) {
		const struct column *c = &t->columns[i];

		if (!c->shown)
			continue;
		if (!first)
			put_blanks(t->out, GAP);
		first = false;
		if (kind == LINE_HEADER) {
			begin_cell(t);
			tb_buf_visible(&t->cell, tb_span_of(c->info->heading), 0);
		} else if (kind == LINE_TOTAL) {
			total_text(t, i, row);
		} else {
			cell_text(t, c->info, row);
		}
		put_cell(t, c, c == last);
	}
	if (t->options->color && kind != LINE_ROW)
		fputs("\033[0m", t->out);
	putc('\n', t->out);
}

static enum tb_status put_row(void *ctx, const struct tb_report_row *row)
{
	struct table *t = ctx;

	put_line(t, LINE_ROW, row);
	return t->failed || t->cell.failed ? TB_NOMEM : TB_OK;
}

static void put_rule(const struct table *t)
{
	for (size_t w = total_width(t); w; w--)
		putc('-', t->out);
	putc('\n', t->out);
}

/* ---- notes below ---- */

static void put_hidden_columns(const struct table *t)
{
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		if (t->columns[i].shown)
			continue;
		fprintf(t->out, "%s%s",
			any ? ", " : "Left out to fit the terminal: ", t->columns[i].info->heading);
		any = true;
	}
	if (any)
		fputs(".\n", t->out);
}

static void put_notes(const struct table *t)
{
	putc('\n', t->out);
	if (t->report->round < 0)
		fputs("Amounts are rounded to cents here; -f csv has them exactly.\n", t->out);
	put_hidden_columns(t);
}

static enum tb_status write_all(struct table *t)
{
	TB_TRY(measure(t));
	fit(t);
	put_line(t, LINE_HEADER, NULL);
	put_rule(t);
	TB_TRY(tb_report_each(t->report, put_row, t));
	put_rule(t);
	for (size_t i = 0; i < t->report->total_count; i++)
		put_line(t, LINE_TOTAL, &t->report->totals[i]);
	put_notes(t);
	return t->failed || t->cell.failed ? TB_NOMEM : TB_OK;
}

enum tb_status tb_write_table(const struct tb_report *r, const struct tb_write_options *o,
			      FILE *out, struct tb_err *err)
{
	struct table t = {.report = r, .options = o, .out = out};
	enum tb_status st;

	if (r->row_count == 0) {
		fputs("No usage to bill.\n", out);
		return TB_OK;
	}
	for (size_t i = 0; i < r->column_count; i++)
		t.columns[t.count++] = (struct column){.info = &r->columns[i], .shown = true};
	st = write_all(&t);
	tb_buf_release(&t.cell);
	return st == TB_NOMEM ? tb_fail_nomem(err) : st;
}
