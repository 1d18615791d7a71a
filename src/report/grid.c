#include "report/grid.h"

#include "write/writer.h"
#include "write/jsonout.h"
#include "write/layout.h"

#include <stdlib.h>
#include <string.h>

void tb_grid_init(struct tb_grid *g, const struct tb_grid_column *columns, size_t n,
		  const char *if_empty)
{
	*g = (struct tb_grid){.columns = columns, .column_count = n, .if_empty = if_empty};
}

void tb_grid_release(struct tb_grid *g)
{
	tb_arena_release(&g->arena);
	free(g->cells);
	*g = (struct tb_grid){0};
}

void tb_grid_add(struct tb_grid *g)
{
	size_t used = g->row_count * g->column_count;

	if (g->failed ||
	    !tb_grow(&g->cells, &g->cell_cap, used + g->column_count, sizeof(*g->cells))) {
		g->failed = true;
		return;
	}
	for (size_t i = 0; i < g->column_count; i++)
		g->cells[used + i] = NULL;
	g->row_count++;
}

void tb_grid_set(struct tb_grid *g, size_t column, const char *text)
{
	const char *copy;

	if (g->failed || !text)
		return;
	copy = tb_arena_text(&g->arena, text, strlen(text));
	g->failed = !copy;
	g->cells[(g->row_count - 1) * g->column_count + column] = copy;
}

const char *tb_grid_cell(const struct tb_grid *g, size_t row, size_t column)
{
	return g->cells[row * g->column_count + column];
}

enum tb_status tb_grid_check(const struct tb_grid *g, struct tb_err *err)
{
	return g->failed ? tb_fail_nomem(err) : TB_OK;
}

/* ---- CSV ---- */

/* What a spreadsheet takes for a number, whatever it is; a column of numbers may hold words too. */
static bool is_decimal(const char *text)
{
	const char *p = text + (*text == '-');
	size_t whole = strspn(p, "0123456789");

	return whole && (!p[whole] || (p[whole] == '.' && p[whole + 1] &&
				       !p[whole + 1 + strspn(p + whole + 1, "0123456789")]));
}

static bool put_csv_cell(const struct tb_grid *g, size_t row, size_t i,
			 const struct tb_write_options *o, FILE *out)
{
	const char *text = tb_grid_cell(g, row, i);

	if (!text)
		return true;
	if (!g->columns[i].number || !is_decimal(text))
		return tb_csv_put_text(out, tb_span_of(text), o->visible);
	fputs(text, out);
	return true;
}

enum tb_status tb_write_grid_csv(const struct tb_grid *g, const struct tb_write_options *o,
				 FILE *out, struct tb_err *err)
{
	bool ok = true;

	for (size_t i = 0; i < g->column_count; i++)
		fprintf(out, "%s%s", i ? "," : "", g->columns[i].name);
	putc('\n', out);
	for (size_t row = 0; row < g->row_count; row++)
		for (size_t i = 0; i < g->column_count; i++) {
			ok &= put_csv_cell(g, row, i, o, out);
			putc(i + 1 < g->column_count ? ',' : '\n', out);
		}
	return ok ? TB_OK : tb_fail_nomem(err);
}

/* ---- JSON ---- */

enum tb_status tb_write_grid_json(const struct tb_grid *g, const struct tb_write_options *o,
				  FILE *out, struct tb_err *err)
{
	struct tb_json j = {0};

	TB_TRY(tb_json_begin(&j, out, o->visible, err));
	tb_json_open_array(&j);
	for (size_t row = 0; row < g->row_count; row++) {
		tb_json_open_map(&j);
		for (size_t i = 0; i < g->column_count; i++) {
			const char *text = tb_grid_cell(g, row, i);

			tb_json_key(&j, g->columns[i].name);
			if (text)
				tb_json_text(&j, tb_span_of(text));
			else
				tb_json_null(&j);
		}
		tb_json_close_map(&j);
	}
	tb_json_close_array(&j);
	return tb_json_end(&j, err);
}

/* ---- a table for eyes ---- */

/* A column in which nothing stands says nothing. */
static bool is_empty(const struct tb_grid *g, size_t column)
{
	for (size_t row = 0; row < g->row_count; row++)
		if (tb_grid_cell(g, row, column))
			return false;
	return true;
}

static void see(const struct tb_grid *g, size_t row, size_t i, struct tb_buf *seen)
{
	const char *text = tb_grid_cell(g, row, i);

	tb_buf_clear(seen);
	tb_buf_visible(seen, tb_span_of(text ? text : ""), 0);
}

static void put_heading(const struct tb_layout *l, bool bold, FILE *out)
{
	if (bold)
		fputs("\033[1m", out);
	for (size_t i = 0; i < l->count; i++)
		tb_layout_put(l, i, tb_span_of(l->columns[i].heading), out);
	if (bold)
		fputs("\033[0m", out);
	putc('\n', out);
	tb_layout_put_rule(l, out);
}

/* The columns of the grid that say something; *which are their numbers. */
static size_t choose_columns(const struct tb_grid *g, struct tb_layout_column *columns,
			     size_t *which)
{
	size_t n = 0;

	for (size_t i = 0; i < g->column_count; i++) {
		const struct tb_grid_column *c = &g->columns[i];

		if (is_empty(g, i))
			continue;
		which[n] = i;
		columns[n++] = (struct tb_layout_column){.heading = c->heading,
							 .right = c->number,
							 .elastic = !c->number,
							 .keep_rank = c->keep_rank};
	}
	return n;
}

/* Up to its last cell that is shown and says something. */
static void put_row(const struct tb_grid *g, size_t row, const struct tb_layout *l,
		    const size_t *which, struct tb_buf *seen, FILE *out)
{
	size_t n = l->count;

	while (n && (l->columns[n - 1].left_out || !tb_grid_cell(g, row, which[n - 1])))
		n--;
	for (size_t i = 0; i < n; i++) {
		struct tb_span cell;

		see(g, row, which[i], seen);
		cell = (struct tb_span){seen->p ? seen->p : "", seen->n};
		if (i + 1 < n)
			tb_layout_put(l, i, cell, out);
		else
			tb_layout_put_end(l, i, cell, out);
	}
	putc('\n', out);
}

enum tb_status tb_write_grid_table(const struct tb_grid *g, const struct tb_write_options *o,
				   FILE *out, struct tb_err *err)
{
	struct tb_layout_column *columns = calloc(g->column_count + 1, sizeof(*columns));
	size_t *which = calloc(g->column_count + 1, sizeof(*which));
	struct tb_layout l = {columns, 0};
	struct tb_buf seen = {0};
	bool failed = !columns || !which;

	if (!failed && g->row_count == 0)
		fprintf(out, "%s\n", g->if_empty);
	if (!failed && g->row_count) {
		l.count = choose_columns(g, columns, which);
		for (size_t i = 0; i < l.count; i++) {
			tb_layout_widen(&columns[i], tb_span_of(columns[i].heading));
			for (size_t row = 0; row < g->row_count; row++) {
				see(g, row, which[i], &seen);
				tb_layout_widen(&columns[i],
						(struct tb_span){seen.p ? seen.p : "", seen.n});
			}
		}
		tb_layout_fit(&l, o->width);
		put_heading(&l, o->color, out);
		for (size_t row = 0; row < g->row_count; row++)
			put_row(g, row, &l, which, &seen, out);
		tb_layout_put_left_out(&l, out);
		failed = seen.failed;
	}
	tb_buf_release(&seen);
	free(columns);
	free(which);
	return failed ? tb_fail_nomem(err) : TB_OK;
}
