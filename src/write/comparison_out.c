/* What was and what would have been, as CSV and JSON. */
#include "write/jsonout.h"
#include "report/comparison_columns.h"

/* ---- CSV ---- */

static void put_csv_cell(struct tb_comparison_columns *w, const struct tb_comparison_column *c)
{
	if (tb_comparison_is_text(c))
		w->failed |= !tb_csv_put_text(w->out, tb_comparison_span(w), w->options->visible);
	else
		fwrite(w->cell.p, 1, w->cell.n, w->out);
}

static void put_csv_row(struct tb_comparison_columns *w, const struct tb_comparison_row *row,
			bool today)
{
	for (size_t i = 0; i < w->count; i++) {
		const struct tb_comparison_column *c = &w->columns[i];

		if (i)
			putc(',', w->out);
		if ((!today || tb_comparison_of_today(w->v, c)) && tb_comparison_cell(w, c, row))
			put_csv_cell(w, c);
	}
	putc('\n', w->out);
}

enum tb_status tb_write_comparison_csv(const struct tb_comparison *v,
				       const struct tb_write_options *o, FILE *out,
				       struct tb_err *err)
{
	struct tb_comparison_columns w;

	tb_comparison_begin(&w, v, o, out, false);
	for (size_t i = 0; i < w.count; i++) {
		if (i)
			putc(',', out);
		w.failed |= !tb_csv_put_text(out, tb_span_of(w.columns[i].name), o->visible);
	}
	putc('\n', out);
	for (size_t i = 0; i < tb_comparison_count(v); i++) {
		struct tb_comparison_row row = tb_comparison_row(v, i);

		put_csv_row(&w, &row, false);
	}
	for (size_t i = 0; i < v->today_count; i++) {
		struct tb_comparison_row row = tb_comparison_row_of_today(v, &v->today[i]);

		put_csv_row(&w, &row, true);
	}
	return tb_comparison_finish(&w, err);
}

/* ---- JSON ---- */

static void put_json_cell(struct tb_comparison_columns *w, struct tb_json *j,
			  const struct tb_comparison_column *c, const struct tb_comparison_row *row,
			  bool said)
{
	tb_json_key(j, c->name);
	if (!said || !tb_comparison_cell(w, c, row))
		tb_json_null(j);
	else if (c->kind == TB_COMPARISON_REQUESTS)
		tb_json_digits(j, w->cell.p);
	else
		tb_json_text(j, tb_comparison_span(w));
}

static void put_json_row(struct tb_comparison_columns *w, struct tb_json *j,
			 const struct tb_comparison_row *row, bool today)
{
	tb_json_open_map(j);
	for (size_t i = 0; i < w->count; i++)
		put_json_cell(w, j, &w->columns[i], row,
			      !today || tb_comparison_of_today(w->v, &w->columns[i]));
	tb_json_close_map(j);
}

static void put_json_total(struct tb_comparison_columns *w, struct tb_json *j,
			   const struct tb_comparison_row *total)
{
	tb_json_open_map(j);
	for (size_t i = 0; i < w->count; i++)
		if (w->columns[i].kind != TB_COMPARISON_GROUP &&
		    w->columns[i].kind != TB_COMPARISON_TARGET)
			put_json_cell(w, j, &w->columns[i], total, true);
	tb_json_close_map(j);
}

static void put_json_reason(struct tb_comparison_columns *w, struct tb_json *j,
			    const struct tb_comparison_reason *r)
{
	tb_json_open_map(j);
	if (w->v->named)
		tb_json_string(j, "scenario", w->v->sides[r->scenario].scenario->wish->name);
	tb_json_key(j, "requests");
	tb_json_count(j, r->requests);
	tb_json_key(j, "reason");
	tb_json_text(j, r->text);
	tb_json_close_map(j);
}

static void put_json_rows(struct tb_comparison_columns *w, struct tb_json *j)
{
	const struct tb_comparison *v = w->v;

	tb_json_key(j, "rows");
	tb_json_open_array(j);
	for (size_t i = 0; i < tb_comparison_count(v); i++) {
		struct tb_comparison_row row = tb_comparison_row(v, i);

		put_json_row(w, j, &row, false);
	}
	for (size_t i = 0; i < v->today_count; i++) {
		struct tb_comparison_row row = tb_comparison_row_of_today(v, &v->today[i]);

		put_json_row(w, j, &row, true);
	}
	tb_json_close_array(j);
	tb_json_key(j, "totals");
	tb_json_open_array(j);
	for (size_t i = 0; i < v->total_count; i++)
		put_json_total(w, j, &v->totals[i]);
	tb_json_close_array(j);
	tb_json_key(j, "unpriced");
	tb_json_open_array(j);
	for (size_t i = 0; i < v->reason_count; i++)
		put_json_reason(w, j, &v->reasons[i]);
	tb_json_close_array(j);
}

enum tb_status tb_write_comparison_json(const struct tb_comparison *v,
					const struct tb_write_options *o, FILE *out,
					struct tb_err *err)
{
	struct tb_comparison_columns w;
	struct tb_json j = {0};

	TB_TRY(tb_json_begin(&j, out, o->visible, err));
	tb_comparison_begin(&w, v, o, out, false);
	tb_json_open_map(&j);
	tb_json_facts(&j, tb_comparison_grouping(v), v->facts, v->round);
	put_json_rows(&w, &j);
	tb_json_close_map(&j);
	TB_TRY(tb_json_end(&j, err));
	return tb_comparison_finish(&w, err);
}
