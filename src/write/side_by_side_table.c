/* Several scenarios side by side, for eyes. */
#include "write/layout.h"
#include "report/side_by_side.h"
#include "report/comparison_columns.h"

#include <stdlib.h>

enum { NAME_MAX_WIDTH = 16 };

struct table {
	struct tb_side_by_side beside;
	struct tb_comparison_columns w;
	struct tb_comparison_column
		*columns; /* `index` is of the group column, or of the scenario */
	struct tb_layout layout;
	bool *marked; /* by scenario: some row has a price only in part */
	struct tb_buf seen;
	struct tb_arena arena; /* headings */
};

static bool of_scenario(const struct tb_comparison_column *c)
{
	return c->kind == TB_COMPARISON_COST || c->kind == TB_COMPARISON_PERCENT;
}

static const char *scenario_name(const struct tb_comparison *v, size_t scenario)
{
	return v->sides[scenario].scenario->wish->name;
}

static struct tb_span seen(const struct table *t)
{
	return (struct tb_span){t->seen.p ? t->seen.p : "", t->seen.n};
}

/* ---- cells ---- */

/* The marks take a place of their own, so that amounts stay in line. */
static void put_mark(struct table *t, size_t scenario, const struct tb_side_by_side_row *row)
{
	const struct tb_side_by_side_part *p = tb_side_by_side_part(&t->beside, row, scenario);

	if (t->marked[scenario])
		tb_buf_puts(&t->seen, p->priced && p->unpriced ? "*" : " ");
}

static struct tb_span shown(struct table *t, size_t i, const struct tb_side_by_side_row *row)
{
	const struct tb_comparison_column *c = &t->columns[i];
	struct tb_comparison_row view = of_scenario(c)
						? tb_side_by_side_priced(&t->beside, row, c->index)
						: tb_side_by_side_whole(row);

	if (row->total && c->kind == TB_COMPARISON_GROUP)
		return tb_span_of(i == 0 ? "TOTAL" : "");
	tb_buf_clear(&t->seen);
	if (tb_comparison_cell(&t->w, c, &view))
		tb_buf_visible(&t->seen, tb_comparison_span(&t->w), 0);
	else
		tb_buf_puts(&t->seen, "-");
	if (c->kind == TB_COMPARISON_COST)
		put_mark(t, c->index, row);
	return seen(t);
}

/* Green is less, red is more. */
static const char *color_of(const struct table *t, size_t i, const struct tb_side_by_side_row *row)
{
	const struct tb_comparison_column *c = &t->columns[i];
	int sign;

	if (!t->w.options->color || !of_scenario(c) || t->layout.columns[i].left_out)
		return NULL;
	sign = tb_fine_sign(tb_side_by_side_priced(&t->beside, row, c->index).difference);
	if (!sign)
		return NULL;
	return sign < 0 ? "\033[32m" : "\033[31m";
}

/* ---- columns ---- */

static void add_column(struct table *t, struct tb_comparison_column c)
{
	struct tb_layout_column *l = &t->layout.columns[t->layout.count];

	*l = (struct tb_layout_column){.heading = c.heading,
				       .right = !tb_comparison_is_text(&c),
				       .elastic = c.kind == TB_COMPARISON_GROUP,
				       .keep_rank = c.keep_rank};
	/* A long name is clipped, and told in full where its column is left out. */
	tb_layout_widen(l, tb_span_of(c.kind == TB_COMPARISON_PERCENT ? "%" : c.heading));
	if (c.kind == TB_COMPARISON_COST && l->width > NAME_MAX_WIDTH)
		l->width = NAME_MAX_WIDTH;
	t->columns[t->layout.count++] = c;
}

/* `prefix` and the scenario's name; empty when memory ran out. */
static const char *heading_of(struct table *t, const char *prefix, size_t scenario)
{
	const char *text;

	tb_buf_clear(&t->seen);
	tb_buf_puts(&t->seen, prefix);
	tb_buf_visible(&t->seen, tb_span_of(scenario_name(t->w.v, scenario)), 0);
	text = tb_arena_text(&t->arena, seen(t).p, seen(t).n);
	t->w.failed |= !text;
	return text ? text : "";
}

/* On a narrow terminal the percents go first, then the costs, but for the first scenario's. */
static void add_columns(struct table *t)
{
	const struct tb_grouping *g = tb_comparison_grouping(t->w.v);
	int sides = (int)t->w.v->side_count;

	for (size_t i = 0; i < g->count; i++)
		add_column(t, (struct tb_comparison_column){TB_COMPARISON_GROUP, i, NULL,
							    g->columns[i].name, 0});
	add_column(t,
		   (struct tb_comparison_column){TB_COMPARISON_REQUESTS, 0, NULL, "requests", 2});
	add_column(t,
		   (struct tb_comparison_column){TB_COMPARISON_BASELINE, 0, NULL, "baseline", 1});
	for (int i = 0; i < sides; i++) {
		size_t side = (size_t)i;

		add_column(t,
			   (struct tb_comparison_column){TB_COMPARISON_COST, side, NULL,
							 heading_of(t, "", side), i ? 2 + i : 0});
		add_column(t, (struct tb_comparison_column){TB_COMPARISON_PERCENT, side, NULL,
							    heading_of(t, "% of ", side),
							    2 + sides + i});
	}
	add_column(t, (struct tb_comparison_column){TB_COMPARISON_CURRENCY, 0, NULL, "", 0});
}

static void mark_columns(struct table *t)
{
	for (size_t k = 0; k < t->beside.row_count; k++)
		for (size_t i = 0; i < t->w.v->side_count; i++) {
			const struct tb_side_by_side_part *p =
				tb_side_by_side_part(&t->beside, &t->beside.rows[k], i);

			t->marked[i] |= p->priced && p->unpriced;
		}
}

static enum tb_status prepare(struct table *t, struct tb_err *err)
{
	const struct tb_comparison *v = t->w.v;
	size_t most = tb_comparison_grouping(v)->count + 2 * v->side_count + 3;

	t->columns = calloc(most, sizeof(*t->columns));
	t->layout.columns = calloc(most, sizeof(*t->layout.columns));
	t->marked = calloc(v->side_count, sizeof(*t->marked));
	if (!t->columns || !t->layout.columns || !t->marked)
		return tb_fail_nomem(err);
	TB_TRY(tb_side_by_side_init(&t->beside, v, err));
	mark_columns(t);
	add_columns(t);
	for (size_t k = 0; k < t->beside.row_count; k++)
		for (size_t i = 0; i < t->layout.count; i++)
			tb_layout_widen(&t->layout.columns[i], shown(t, i, &t->beside.rows[k]));
	tb_layout_fit(&t->layout, t->w.options->width);
	return TB_OK;
}

/* ---- lines ---- */

static void paint(const struct table *t, const char *color)
{
	if (t->w.options->color && color)
		fputs(color, t->w.out);
}

static void put_heading(struct table *t)
{
	paint(t, "\033[1m");
	for (size_t i = 0; i < t->layout.count; i++) {
		bool percent = t->columns[i].kind == TB_COMPARISON_PERCENT;

		tb_buf_clear(&t->seen);
		tb_buf_visible(&t->seen, tb_span_of(percent ? "%" : t->columns[i].heading), 0);
		tb_layout_put(&t->layout, i, seen(t), t->w.out);
	}
	paint(t, "\033[0m");
	putc('\n', t->w.out);
	tb_layout_put_rule(&t->layout, t->w.out);
}

static void put_row(struct table *t, const struct tb_side_by_side_row *row)
{
	paint(t, row->total ? "\033[1m" : NULL);
	for (size_t i = 0; i < t->layout.count; i++) {
		const char *color = row->total ? NULL : color_of(t, i, row);

		paint(t, color);
		tb_layout_put(&t->layout, i, shown(t, i, row), t->w.out);
		paint(t, color ? "\033[0m" : NULL);
	}
	paint(t, row->total ? "\033[0m" : NULL);
	putc('\n', t->w.out);
}

static void put_rows(struct table *t)
{
	const struct tb_side_by_side *b = &t->beside;

	for (size_t i = 0; i < b->row_count; i++) {
		if (b->rows[i].total && (i == 0 || !b->rows[i - 1].total))
			tb_layout_put_rule(&t->layout, t->w.out);
		put_row(t, &b->rows[i]);
	}
}

static void put_notes(struct table *t)
{
	bool marks = false;

	tb_comparison_put_reasons(&t->w, "Without a price, and not in that scenario's cost:");
	for (size_t i = 0; i < t->layout.count; i++)
		marks |= t->columns[i].kind == TB_COMPARISON_COST &&
			 t->marked[t->columns[i].index] && !t->layout.columns[i].left_out;
	putc('\n', t->w.out);
	if (marks)
		fputs("* Not all of it has a price there: cost and % are of the part that has.\n",
		      t->w.out);
	if (t->w.v->round < 0)
		fputs(TB_COMPARISON_ROUNDED, t->w.out);
	tb_layout_put_left_out(&t->layout, t->w.out);
}

enum tb_status tb_write_comparison_beside(const struct tb_comparison *v,
					  const struct tb_write_options *o, FILE *out,
					  struct tb_err *err)
{
	struct table t = {.marked = NULL};
	enum tb_status st, finished;

	tb_comparison_begin(&t.w, v, o, out, true);
	st = prepare(&t, err);
	if (st == TB_OK) {
		put_heading(&t);
		put_rows(&t);
		put_notes(&t);
	}
	t.w.failed |= t.seen.failed;
	finished = tb_comparison_finish(&t.w, err);
	tb_side_by_side_release(&t.beside);
	tb_arena_release(&t.arena);
	tb_buf_release(&t.seen);
	free(t.columns);
	free(t.layout.columns);
	free(t.marked);
	return st == TB_OK ? finished : st;
}
