/* What was and what would have been, for eyes; of several scenarios see versus_beside_table. */
#include "write/layout.h"
#include "report/comparison_columns.h"

struct table {
	struct tb_comparison_columns w;
	struct tb_layout_column columns[TB_COMPARISON_COLUMNS_MAX];
	struct tb_layout layout;
	struct tb_buf seen;
};

/* The cell as it is shown: what is unknown is a dash. */
static struct tb_span shown(struct table *t, size_t i, const struct tb_comparison_row *row)
{
	const struct tb_comparison_column *c = &t->w.columns[i];
	bool said = tb_comparison_cell(&t->w, c, row);

	tb_buf_clear(&t->seen);
	if (said)
		tb_buf_visible(&t->seen, tb_comparison_span(&t->w), 0);
	else if (c->kind != TB_COMPARISON_BAR)
		tb_buf_puts(&t->seen, "-");
	return (struct tb_span){t->seen.p ? t->seen.p : "", t->seen.n};
}

static struct tb_span shown_total(struct table *t, size_t i, const struct tb_comparison_row *total)
{
	enum tb_comparison_kind kind = t->w.columns[i].kind;

	if (kind == TB_COMPARISON_SCENARIO ||
	    (kind >= TB_COMPARISON_REQUESTS && kind != TB_COMPARISON_BAR))
		return shown(t, i, total);
	return tb_span_of(i == 0 || (i == 1 && t->w.v->named) ? "TOTAL" : "");
}

/* Green is less, red is more. */
static const char *color_of(const struct table *t, size_t i, const struct tb_comparison_row *row)
{
	enum tb_comparison_kind kind = t->w.columns[i].kind;
	int sign = tb_fine_sign(row->difference);

	if (!t->w.options->color ||
	    (kind != TB_COMPARISON_BAR && kind != TB_COMPARISON_DIFFERENCE) || !row->priced ||
	    !sign)
		return NULL;
	return sign < 0 ? "\033[32m" : "\033[31m";
}

static void put_row(struct table *t, const struct tb_comparison_row *row)
{
	for (size_t i = 0; i < t->layout.count; i++) {
		const char *color = color_of(t, i, row);

		if (color)
			fputs(color, t->w.out);
		tb_layout_put(&t->layout, i, shown(t, i, row), t->w.out);
		if (color)
			fputs("\033[0m", t->w.out);
	}
	putc('\n', t->w.out);
}

static void put_heading(struct table *t)
{
	if (t->w.options->color)
		fputs("\033[1m", t->w.out);
	for (size_t i = 0; i < t->layout.count; i++) {
		tb_buf_clear(&t->seen);
		tb_buf_visible(&t->seen, tb_span_of(t->columns[i].heading), 0);
		tb_layout_put(&t->layout, i,
			      (struct tb_span){t->seen.p ? t->seen.p : "", t->seen.n}, t->w.out);
	}
	if (t->w.options->color)
		fputs("\033[0m", t->w.out);
	putc('\n', t->w.out);
	tb_layout_put_rule(&t->layout, t->w.out);
}

static void put_totals(struct table *t)
{
	const struct tb_comparison *v = t->w.v;

	if (v->total_count)
		tb_layout_put_rule(&t->layout, t->w.out);
	for (size_t k = 0; k < v->total_count; k++) {
		if (t->w.options->color)
			fputs("\033[1m", t->w.out);
		for (size_t i = 0; i < t->layout.count; i++)
			tb_layout_put(&t->layout, i, shown_total(t, i, &v->totals[k]), t->w.out);
		if (t->w.options->color)
			fputs("\033[0m", t->w.out);
		putc('\n', t->w.out);
	}
}

static void measure(struct table *t)
{
	const struct tb_comparison *v = t->w.v;

	for (size_t i = 0; i < t->layout.count; i++) {
		const struct tb_comparison_column *c = &t->w.columns[i];

		t->columns[i] =
			(struct tb_layout_column){.heading = c->heading,
						  .right = !tb_comparison_is_text(c),
						  .elastic = c->kind <= TB_COMPARISON_TARGET,
						  .keep_rank = c->keep_rank};
		tb_layout_widen(&t->columns[i], tb_span_of(c->heading));
		for (size_t k = 0; k < v->total_count; k++)
			tb_layout_widen(&t->columns[i], shown_total(t, i, &v->totals[k]));
	}
	for (size_t k = 0; k < tb_comparison_count(v); k++) {
		struct tb_comparison_row row = tb_comparison_row(v, k);

		for (size_t i = 0; i < t->layout.count; i++)
			tb_layout_widen(&t->columns[i], shown(t, i, &row));
	}
}

enum tb_status tb_write_comparison_table(const struct tb_comparison *v,
					 const struct tb_write_options *o, FILE *out,
					 struct tb_err *err)
{
	struct table t = {.layout = {NULL, 0}};
	enum tb_status st;

	if (tb_comparison_count(v) == 0 && v->today_count == 0) {
		fputs("No usage to compare.\n", out);
		return TB_OK;
	}
	if (v->side_count > 1)
		return tb_write_comparison_beside(v, o, out, err);
	tb_comparison_begin(&t.w, v, o, out, true);
	t.layout = (struct tb_layout){t.columns, t.w.count};
	measure(&t);
	tb_layout_fit(&t.layout, o->width);
	put_heading(&t);
	for (size_t i = 0; i < tb_comparison_count(v); i++) {
		struct tb_comparison_row row = tb_comparison_row(v, i);

		put_row(&t, &row);
	}
	put_totals(&t);
	tb_comparison_put_reasons(&t.w, "Without a price, and in no total:");
	fprintf(out, "\n%s", v->round < 0 ? TB_COMPARISON_ROUNDED : "");
	tb_layout_put_left_out(&t.layout, out);
	t.w.failed |= t.seen.failed;
	st = tb_comparison_finish(&t.w, err);
	tb_buf_release(&t.seen);
	return st;
}
