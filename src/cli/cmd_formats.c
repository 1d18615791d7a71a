/* tokbill formats - which log formats there are, and how a log is read. */
#include "cli/cmd_formats.h"

#include "cli/format_options.h"
#include "cli/interrupt.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "usage/row_reader.h"
#include "usage/recognise.h"

struct formats {
	struct tb_operands operands;
	struct tb_arena arena;
	struct tb_format_options formats;
	struct tb_output output;
	struct tb_problems problems;
	struct tb_sheet sheet;
	const char *log; /* being looked at */
};

static const struct tb_option_group option_groups[] = {
	{tb_format_option_rows, offsetof(struct formats, formats), NULL},
	{tb_output_place_rows, offsetof(struct formats, output), NULL},
	{0},
};

/* ---- what the columns of a format mean ---- */

static const char *meaning_of(const struct tb_logformat *f, enum tb_field field)
{
	const struct tb_field_info *info;

	if (field == TB_FIELD_NONE)
		return "tells the format; not read";
	if (field == TB_FIELD_TIME && f->zone)
		return "without a zone it is in the format's";
	info = &tb_fields[field];
	return f->conventions & info->convention ? info->meaning_then : info->meaning;
}

static void begin(struct formats *s, const char *if_empty, const struct tb_sheet_column *columns,
		  size_t n)
{
	tb_sheet_init(&s->sheet, TB_FORM_LIST);
	s->sheet.title = "Log formats";
	s->sheet.if_empty = if_empty;
	tb_sheet_add_columns(&s->sheet, columns, n);
}

/* ---- one format, and one log ---- */

enum { DETAIL_LOG, DETAIL_FORMAT, DETAIL_COLUMN, DETAIL_FIELD, DETAIL_MEANING, DETAIL_COLUMNS };

static const struct tb_sheet_column detail_columns[DETAIL_COLUMNS] = {
	{.name = "log", .heading = "log", .keep_rank = 1},
	{.name = "format", .heading = "format"},
	{.name = "column", .heading = "column", .level = 1},
	{.name = "field", .heading = "feeds"},
	{.name = "meaning", .heading = "meaning", .keep_rank = 2},
};

static void add_detail(struct formats *s, const struct tb_logformat *f, const char *column,
		       const char *path, const char *field, const char *meaning)
{
	struct tb_buf name = {0};

	tb_buf_puts(&name, column);
	if (path)
		tb_buf_printf(&name, ": %s", path);
	tb_sheet_add_row(&s->sheet);
	tb_sheet_set_text(&s->sheet, DETAIL_LOG, s->log);
	tb_sheet_set_text(&s->sheet, DETAIL_FORMAT, f->name);
	tb_sheet_set_text(&s->sheet, DETAIL_COLUMN, name.p);
	tb_sheet_set_text(&s->sheet, DETAIL_FIELD, field);
	tb_sheet_set_text(&s->sheet, DETAIL_MEANING, meaning);
	s->sheet.failed |= name.failed;
	tb_buf_release(&name);
}

static void add_format(struct formats *s, const struct tb_logformat *f)
{
	const struct tb_logformat *top = f;

	for (; f; f = f->base)
		for (const struct tb_logcolumn *c = f->columns; c->name; c++)
			add_detail(s, top, c->name, c->path,
				   c->field == TB_ALL_FIELDS ? NULL : tb_fields[c->field].name,
				   meaning_of(top, c->field));
}

/* What a column of a log feeds, field by field; false when it is not read. */
static bool add_bound(struct formats *s, const struct tb_columns *c, int column)
{
	bool any = false;

	for (size_t i = 0; i < c->bound_count; i++) {
		const struct tb_logcolumn *as = c->bound[i].as;

		if (c->bound[i].column != column)
			continue;
		add_detail(s, c->format, c->name[column], as->path, tb_fields[as->field].name,
			   meaning_of(c->format, as->field));
		any = true;
	}
	return any;
}

static enum tb_status on_header(void *ctx, const struct tb_columns *c, struct tb_span raw,
				bool crlf, struct tb_err *err)
{
	struct formats *s = ctx;

	(void)raw;
	(void)crlf;
	(void)err;
	for (size_t i = 0; i < c->count; i++)
		if (!add_bound(s, c, (int)i))
			add_detail(s, c->format, c->name[i], NULL, NULL, "not read");
	if (c->has_day)
		add_detail(s, c->format, "--on-date", NULL, tb_fields[TB_FIELD_TIME].name,
			   "the day of all rows");
	return TB_OK;
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	(void)ctx;
	return *tb_interrupt_flag() ? tb_fail(err, TB_INTERRUPTED, "interrupted") : TB_OK;
}

static enum tb_status look_at(struct formats *s, const char *path, struct tb_err *err)
{
	const struct tb_row_calls calls = {.header = on_header, .progress = on_progress, .ctx = s};
	const struct tb_row_options options = {.formats = &s->formats.choice};
	struct tb_source source;
	enum tb_status st = tb_source_open(&source, path, err);

	s->log = source.name;
	if (st == TB_OK)
		st = tb_rows_look(&source, &options, &calls, &s->problems, err);
	tb_source_release(&source);
	return st;
}

static enum tb_status show_operands(struct formats *s, struct tb_err *err)
{
	begin(s, "No column.", detail_columns, DETAIL_COLUMNS);
	for (size_t i = 0; i < s->operands.count; i++) {
		const char *name = s->operands.items[i];
		const struct tb_logformat *f = tb_logformat_named(name, s->formats.own.named);

		s->log = NULL;
		if (f)
			add_format(s, f);
		else
			TB_TRY(look_at(s, name, err));
	}
	return TB_OK;
}

/* ---- all formats ---- */

enum {
	LIST_FORMAT,
	LIST_TITLE,
	LIST_CACHED,
	LIST_REASONING,
	LIST_TOLD_BY,
	LIST_NOTE,
	LIST_COLUMNS
};

static const struct tb_sheet_column list_columns[LIST_COLUMNS] = {
	{.name = "format", .heading = "format", .level = 1},
	{.name = "title", .heading = "title"},
	{.name = "cached", .heading = "cached"},
	{.name = "reasoning", .heading = "reasoning"},
	{.name = "told_by", .heading = "told by", .keep_rank = 1},
	{.name = "note", .heading = "note", .keep_rank = 2},
};

static void list_format(struct formats *s, const struct tb_logformat *f)
{
	struct tb_buf signature = {0};
	struct tb_sheet *g = &s->sheet;

	tb_logformat_signature(f, &signature);
	tb_sheet_add_row(g);
	tb_sheet_set_text(g, LIST_FORMAT, f->name);
	tb_sheet_set_text(g, LIST_TITLE, f->title);
	if (!(f->conventions & TB_LOG_NO_USAGE)) {
		tb_sheet_set_text(g, LIST_CACHED,
				  f->conventions & TB_LOG_CACHED_APART ? "apart" : "included");
		tb_sheet_set_text(g, LIST_REASONING,
				  f->conventions & TB_LOG_REASONING_ADDED ? "added" : "included");
	}
	tb_sheet_set_text(g, LIST_TOLD_BY, signature.p);
	tb_sheet_set_text(g, LIST_NOTE, f->note);
	g->failed |= signature.failed;
	tb_buf_release(&signature);
}

static void list_formats(struct formats *s)
{
	begin(s, "No format.", list_columns, LIST_COLUMNS);
	for (const struct tb_logformat *const *f = tb_logformats; *f; f++)
		list_format(s, *f);
	for (const struct tb_logformat *const *f = s->formats.own.named; f && *f; f++)
		list_format(s, *f);
}

static enum tb_status run(struct formats *s, struct tb_err *err)
{
	TB_TRY(tb_format_options_load(&s->formats, &s->problems, err));
	if (s->operands.count)
		TB_TRY(show_operands(s, err));
	else
		list_formats(s);
	TB_TRY(tb_sheet_check(&s->sheet, err));
	return tb_output_sheet(&s->output, &s->sheet, NULL, err);
}

static int run_formats(const struct tb_command *self, int argc, const char *const *argv)
{
	struct formats s = {0};
	struct tb_err err = {0};
	enum tb_status st = tb_options_parse(self, argc, argv, &s, &s.arena, &s.operands, &err);

	if (st == TB_OK && s.operands.help)
		tb_command_help(self, stdout);
	else if (st == TB_OK)
		st = run(&s, &err);
	tb_say_problems(&s.problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	tb_sheet_release(&s.sheet);
	tb_problems_release(&s.problems);
	tb_format_options_release(&s.formats);
	tb_arena_release(&s.arena);
	return tb_exit_code(st);
}

static const struct tb_example examples[] = {
	{"the log formats that are known", "tokbill formats"},
	{"which one a log has, and what each of its columns feeds", "tokbill formats usage.csv"},
	{"the columns of one format", "tokbill formats openrouter"},
	{"whether a log of one's own is understood",
	 "tokbill formats --map timestamp=when,input_tokens=tok_in own.csv"},
	{0},
};

const struct tb_command tb_cmd_formats = {
	.name = "formats",
	.summary = "List log formats, or tell how a log is read",
	.operands = "[LOG|NAME...]",
	.options = option_groups,
	.examples = examples,
	.run = run_formats,
};
