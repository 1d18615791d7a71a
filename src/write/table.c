/* The report for eyes: aligned, rounded to cents, as wide as the terminal. */
#include "write/writer.h"
#include "write/layout.h"
enum { CENTS = 2 };

struct table {
	const struct tb_report *report;
	const struct tb_write_options *options;
	FILE *out;
	struct tb_layout_column columns[TB_REPORT_COLUMNS_MAX];
	struct tb_layout layout;
	struct tb_buf cell; /* the text of the cell at hand */
};

static bool is_text(const struct tb_report_column *c)
{
	return c->kind == TB_KIND_TEXT || c->kind == TB_KIND_DATE || c->kind == TB_KIND_CURRENCY;
}

/* An amount as it is shown. In cents, what is not zero never looks like zero. */
static void amount_text(const struct tb_report *r, struct tb_money exact, struct tb_buf *b)
{
	int decimals = r->options.round < 0 ? CENTS : r->options.round;
	struct tb_money shown = tb_money_round(exact, decimals);
	char text[TB_MONEY_TEXT];

	if (shown.units == 0 && exact.units != 0 && decimals == CENTS)
		tb_buf_puts(b, exact.units > 0 ? "<0.01" : ">-0.01");
	else
		tb_buf_puts(b, tb_money_text(shown, text));
}

/* A price is shown as it is; other extras like amounts. */
static void extra_text(const struct tb_report *r, const struct tb_report_row *row,
		       enum tb_extra extra, struct tb_buf *b)
{
	char text[TB_MONEY_TEXT];

	if (!(row->has_extra >> extra & 1))
		return;
	if (extra == TB_EXTRA_PRICE)
		tb_buf_puts(b, tb_money_text(row->extras[extra], text));
	else
		amount_text(r, row->extras[extra], b);
}

static void cell_text(struct table *t, const struct tb_report_column *c,
		      const struct tb_report_row *row)
{
	char date[TB_DATE_TEXT], count[TB_COUNT_TEXT], room[TB_NOTE_TEXT];
	const char *note;

	tb_buf_clear(&t->cell);
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
		amount_text(t->report, row->charge.amounts[c->index], &t->cell);
		break;
	case TB_KIND_EXTRA:
		extra_text(t->report, row, (enum tb_extra)c->index, &t->cell);
		break;
	case TB_KIND_CURRENCY:
		tb_buf_puts(&t->cell, row->currency);
		break;
	case TB_KIND_NOTE:
		note = tb_report_note_text(t->report, c, row, ',', room);
		tb_buf_puts(&t->cell, note ? note : "");
		break;
	}
}

/* The first text column of a totals line says what it is. */
static void total_text(struct table *t, size_t i, const struct tb_report_row *total)
{
	const struct tb_report_column *c = &t->report->columns[i];

	if (tb_report_adds_up(c)) {
		cell_text(t, c, total);
		return;
	}
	tb_buf_clear(&t->cell);
	if (i == 0)
		tb_buf_puts(&t->cell, "TOTAL");
}

/* ---- widths ---- */

static struct tb_span cell_span(const struct table *t)
{
	return (struct tb_span){t->cell.p ? t->cell.p : "", t->cell.n};
}

static enum tb_status measure_row(void *ctx, const struct tb_report_row *row)
{
	struct table *t = ctx;

	for (size_t i = 0; i < t->layout.count; i++) {
		cell_text(t, &t->report->columns[i], row);
		tb_layout_widen(&t->columns[i], cell_span(t));
	}
	return t->cell.failed ? TB_NOMEM : TB_OK;
}

static enum tb_status measure(struct table *t)
{
	for (size_t i = 0; i < t->layout.count; i++)
		tb_layout_widen(&t->columns[i], tb_span_of(t->columns[i].heading));
	for (size_t k = 0; k < t->report->total_count; k++)
		for (size_t i = 0; i < t->layout.count; i++) {
			total_text(t, i, &t->report->totals[k]);
			tb_layout_widen(&t->columns[i], cell_span(t));
		}
	return tb_report_each(t->report, measure_row, t);
}

/* ---- lines ---- */

enum line { LINE_HEADER, LINE_ROW, LINE_TOTAL };

static void put_line(struct table *t, enum line kind, const struct tb_report_row *row)
{
	bool bold = t->options->color && kind != LINE_ROW;

	if (bold)
		fputs("\033[1m", t->out);
	for (size_t i = 0; i < t->layout.count; i++) {
		if (kind == LINE_HEADER) {
			tb_buf_clear(&t->cell);
			tb_buf_visible(&t->cell, tb_span_of(t->columns[i].heading), 0);
		} else if (kind == LINE_TOTAL) {
			total_text(t, i, row);
		} else {
			cell_text(t, &t->report->columns[i], row);
		}
		tb_layout_put(&t->layout, i, cell_span(t), t->out);
	}
	if (bold)
		fputs("\033[0m", t->out);
	putc('\n', t->out);
}

static enum tb_status put_row(void *ctx, const struct tb_report_row *row)
{
	struct table *t = ctx;

	put_line(t, LINE_ROW, row);
	return t->cell.failed ? TB_NOMEM : TB_OK;
}

/* A line each: they are as many as models that were asked for. */
static void put_unpriced(struct table *t)
{
	for (size_t i = 0; i < t->report->unpriced_count; i++) {
		const struct tb_report_unpriced *u = &t->report->unpriced[i];

		tb_buf_clear(&t->cell);
		tb_buf_visible(&t->cell, tb_span_of(u->model), 0);
		tb_buf_puts(&t->cell, ": ");
		tb_buf_visible(&t->cell, tb_span_of(u->reason), 0);
		fprintf(t->out, "%s  %s\n", i ? "" : "\nWithout a price:\n",
			t->cell.p ? t->cell.p : "");
	}
}

static void put_notes(struct table *t)
{
	put_unpriced(t);
	putc('\n', t->out);
	if (t->report->options.round < 0)
		fputs("Amounts are rounded to cents here; -f csv has them exactly.\n", t->out);
	tb_layout_put_left_out(&t->layout, t->out);
}

static enum tb_status write_all(struct table *t)
{
	TB_TRY(measure(t));
	tb_layout_fit(&t->layout, t->options->width);
	put_line(t, LINE_HEADER, NULL);
	tb_layout_put_rule(&t->layout, t->out);
	TB_TRY(tb_report_each(t->report, put_row, t));
	if (t->report->total_count)
		tb_layout_put_rule(&t->layout, t->out);
	for (size_t i = 0; i < t->report->total_count; i++)
		put_line(t, LINE_TOTAL, &t->report->totals[i]);
	put_notes(t);
	return t->cell.failed ? TB_NOMEM : TB_OK;
}

static struct tb_layout_column layout_column(const struct tb_report_column *c)
{
	return (struct tb_layout_column){.heading = c->heading,
					 .right = !is_text(c),
					 .elastic = c->kind == TB_KIND_TEXT,
					 .keep_rank = c->keep_rank};
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
	t.layout = (struct tb_layout){t.columns, r->column_count};
	for (size_t i = 0; i < r->column_count; i++)
		t.columns[i] = layout_column(&r->columns[i]);
	st = write_all(&t);
	tb_buf_release(&t.cell);
	return st == TB_NOMEM ? tb_fail_nomem(err) : st;
}
