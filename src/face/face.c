/* What tokbill.h promises, by the calls of the stations. */
#include "tokbill.h"

#include "base/hash.h"
#include "report/report_sheet.h"
#include "run/inputs.h"
#include "run/run.h"
#include "write/writer.h"

#include <stdlib.h>
#include <string.h>

const char *tb_version(void)
{
	return TOKBILL_VERSION;
}

/* ---- failures ---- */

struct tb_error {
	int code;
	char text[];
};

/* What a call fills on its way. */
struct failure {
	struct tb_err err;
	struct tb_problems problems;
};

static int code_of(enum tb_status st)
{
	static const int codes[] = {
		[TB_OK] = TB_DONE,
		[TB_USAGE] = TB_WRONG_CALL,
		[TB_DATA] = TB_BAD_DATA,
		[TB_NOINPUT] = TB_NO_INPUT,
		[TB_CONFIG] = TB_BAD_RATES,
		[TB_CANTCREATE] = TB_NO_OUTPUT,
		[TB_IO] = TB_NO_OUTPUT,
		[TB_NOMEM] = TB_FAILED_CHECK,
		[TB_INTERNAL] = TB_FAILED_CHECK,
		[TB_INTERRUPTED] = TB_FAILED_CHECK,
	};

	return codes[st];
}

/* Memory ran out while a failure was to be described. */
static struct tb_error no_memory = {.code = TB_FAILED_CHECK};

static tb_error *error_of(enum tb_status st, const struct failure *f)
{
	size_t n = strlen(f->err.text) + 1;
	tb_error *e;
	char *p;

	for (size_t i = 0; i < f->problems.kept; i++)
		n += f->problems.text[i].n + 1;
	e = malloc(sizeof(*e) + n);
	if (!e)
		return &no_memory;
	e->code = code_of(st);
	p = e->text;
	for (size_t i = 0; i < f->problems.kept; i++) {
		memcpy(p, f->problems.text[i].p, f->problems.text[i].n);
		p += f->problems.text[i].n;
		*p++ = '\n';
	}
	memcpy(p, f->err.text, strlen(f->err.text) + 1);
	return e;
}

static int finish(enum tb_status st, struct failure *f, tb_error **error)
{
	if (st != TB_OK && error && !*error)
		*error = error_of(st, f);
	tb_problems_release(&f->problems);
	return code_of(st);
}

int tb_error_code(const tb_error *error)
{
	return error->code;
}

const char *tb_error_text(const tb_error *error)
{
	return error == &no_memory ? "out of memory" : error->text;
}

void tb_error_close(tb_error *error)
{
	if (error != &no_memory)
		free(error);
}

/* ---- prices ---- */

tb_book *tb_book_open(const char *const *paths, size_t n, tb_error **error)
{
	static const char *const builtin[] = {TB_BUILTIN_RATES};
	struct failure f = {0};
	struct tb_book *book = NULL;
	enum tb_status st =
		tb_book_load(n ? paths : builtin, n ? n : 1, &book, NULL, &f.problems, &f.err);

	finish(st, &f, error);
	return book;
}

void tb_book_close(tb_book *book)
{
	tb_book_free(book);
}

/* ---- a bill ---- */

struct tb_bill {
	struct tb_run_options options;
	struct tb_inputs inputs;
	struct tb_arena names; /* of the columns that rows are grouped by */
	bool grouped, has_sheet;
	struct tb_run *run;
	struct tb_report report;
	struct tb_report_sheet sheet;
	void (*message)(void *ctx, const char *text);
	void *ctx;
};

static void pass_on(void *ctx, const char *text)
{
	const struct tb_bill *b = ctx;

	if (b->message)
		b->message(b->ctx, text);
}

static void pass_on_warning(void *ctx, enum tb_warning kind, const char *text)
{
	(void)kind;
	pass_on(ctx, text);
}

tb_run *tb_run_open(const tb_book *book, tb_error **error)
{
	struct failure f = {0};
	struct tb_bill *b = calloc(1, sizeof(*b));

	if (!b) {
		finish(tb_fail_nomem(&f.err), &f, error);
		return NULL;
	}
	b->options = (struct tb_run_options){
		.book = book,
		.grouping = {.columns = {{.by = TB_BY_DATE, .name = "date"},
					 {.by = TB_BY_MODEL, .name = "model"}},
			     .count = 2,
			     .hash_key = tb_hash_key_random()},
		.from = INT32_MIN,
		.to = INT32_MAX,
		.calls = {.warn = pass_on_warning, .notice = pass_on, .ctx = b},
	};
	return b;
}

void tb_run_close(tb_run *b)
{
	if (!b)
		return;
	tb_report_sheet_release(&b->sheet);
	tb_report_release(&b->report);
	tb_run_free(b->run);
	tb_inputs_release(&b->inputs);
	tb_arena_release(&b->names);
	free(b);
}

static enum tb_by by_of(const char *column)
{
	static const char *const names[] = {[TB_BY_DATE] = "date",
					    [TB_BY_MODEL] = "model",
					    [TB_BY_PROVIDER] = "provider",
					    [TB_BY_TIER] = "tier"};
	size_t i = 0;

	while (i < TB_BY_COLUMN && strcmp(names[i], column) != 0)
		i++;
	return (enum tb_by)i;
}

static enum tb_status check_group(const struct tb_bill *b, enum tb_by by, const char *column,
				  struct tb_err *err)
{
	const struct tb_grouping *g = &b->options.grouping;

	if (b->run)
		return tb_fail(err, TB_USAGE, "the bill was run already");
	if (by == TB_BY_COLUMN && tb_report_has_column(column))
		return tb_fail(err, TB_USAGE, "'%s' is a column of the report itself", column);
	if (b->grouped && g->count == TB_GROUP_COLUMNS_MAX)
		return tb_fail(err, TB_USAGE, "more than %d columns to group by",
			       TB_GROUP_COLUMNS_MAX);
	for (size_t i = 0; b->grouped && i < g->count; i++)
		if (strcmp(g->columns[i].name, column) == 0)
			return tb_fail(err, TB_USAGE, "'%s' is there twice", column);
	return TB_OK;
}

int tb_run_group_by(tb_run *b, const char *column, tb_error **error)
{
	struct tb_grouping *g = &b->options.grouping;
	struct failure f = {0};
	enum tb_by by = by_of(column);
	const char *name = tb_arena_text(&b->names, column, strlen(column));
	enum tb_status st = name ? check_group(b, by, column, &f.err) : tb_fail_nomem(&f.err);

	if (st == TB_OK) {
		g->count = b->grouped ? g->count : 0;
		g->columns[g->count++] = (struct tb_group_column){.by = by, .name = name};
		b->grouped = true;
	}
	return finish(st, &f, error);
}

int tb_run_add_log(tb_run *b, const char *path, tb_error **error)
{
	struct failure f = {0};

	return finish(tb_inputs_add(&b->inputs, path, &f.err), &f, error);
}

void tb_run_on_message(tb_run *b, void (*message)(void *ctx, const char *text), void *ctx)
{
	b->message = message;
	b->ctx = ctx;
}

static enum tb_status run(struct tb_bill *b, struct failure *f)
{
	const struct tb_report_options options = {.round = TB_MONEY_ROUND_NONE};

	if (b->run)
		return tb_fail(&f->err, TB_USAGE, "the bill was run already");
	if (b->inputs.count == 0)
		return tb_fail(&f->err, TB_USAGE, "the bill has no logs");
	TB_TRY(tb_run_new(&b->options, b->inputs.paths, b->inputs.count, &b->run, &f->err));
	TB_TRY(tb_run_execute(b->run, &f->problems, &f->err));
	TB_TRY(tb_report_init(&b->report, tb_run_tally(b->run), b->options.book,
			      tb_run_facts(b->run), options, &f->err));
	TB_TRY(tb_report_sheet_init(&b->sheet, &b->report, NULL, 0, &f->err));
	b->has_sheet = true;
	return TB_OK;
}

int tb_run_bill(tb_run *b, tb_error **error)
{
	struct failure f = {0};

	return finish(run(b, &f), &f, error);
}

/* ---- the sheet ---- */

const tb_sheet *tb_run_sheet(const tb_run *b)
{
	return b->has_sheet ? &b->sheet.sheet : NULL;
}

size_t tb_sheet_columns(const tb_sheet *s)
{
	return s->column_count;
}

const char *tb_sheet_column_name(const tb_sheet *s, size_t column)
{
	return s->columns[column].name;
}

struct tb_row {
	const struct tb_sheet *sheet;
	const struct tb_sheet_cell *cells;
};

size_t tb_row_text(const tb_row *row, size_t column, char *text, size_t size)
{
	const struct tb_sheet_cell *cell = &row->cells[column];
	char room[TB_CELL_TEXT_MAX];
	struct tb_span s = cell->is.text;
	size_t n;

	if (cell->kind != TB_CELL_TEXT) {
		char *end = tb_cell_put(row->sheet, &row->sheet->columns[column], cell,
					TB_READ_BY_PROGRAMS, room);

		s = (struct tb_span){room, (size_t)(end - room)};
	}
	n = s.n < size ? s.n : size - 1;
	if (size > 0) {
		memcpy(text, s.p, n);
		text[n] = '\0';
	}
	return s.n;
}

struct walk {
	const struct tb_sheet *sheet;
	int (*each)(void *ctx, const tb_row *row);
	void *ctx;
	int result;
};

static enum tb_status take_row(void *ctx, const struct tb_sheet_cell *cells)
{
	struct walk *w = ctx;
	const struct tb_row row = {w->sheet, cells};

	w->result = w->each(w->ctx, &row);
	return w->result ? TB_INTERRUPTED : TB_OK;
}

int tb_sheet_walk(const tb_sheet *s, int (*each)(void *ctx, const tb_row *row), void *ctx,
		  tb_error **error)
{
	struct walk w = {s, each, ctx, 0};
	struct failure f = {0};
	enum tb_status st = tb_sheet_each(s, take_row, &w);

	if (w.result)
		return w.result;
	if (st != TB_OK)
		st = tb_fail_nomem(&f.err);
	return finish(st, &f, error);
}

/* ---- formats ---- */

const tb_writer *tb_writer_find(const char *name)
{
	return tb_writer_named(name);
}

int tb_sheet_write(const tb_sheet *s, const tb_writer *writer, FILE *out, tb_error **error)
{
	static const struct tb_write_options options;
	const struct tb_sheets sheets = {s->title, &s, 1};
	struct failure f = {0};
	enum tb_status st = writer->write(&sheets, &options, out, &f.err);

	if (st == TB_OK && (fflush(out) != 0 || ferror(out)))
		st = tb_fail(&f.err, TB_IO, "the sheet could not be written");
	return finish(st, &f, error);
}
