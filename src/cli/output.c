#include "cli/output.h"

#include "cli/messages.h"
#include "cli/terminal.h"

#include <string.h>
#include <unistd.h>

enum { ROUND_MAX = 19 };

/* " csv json ...": the names of the formats, each after a blank. */
#define WORD(name, ...) " " #name
#define FORMATS         TB_WRITER_ROWS(WORD)

enum tb_status tb_output_take_format(struct tb_output *o, const char *value, struct tb_err *err)
{
	o->format = tb_writer_named(value);
	if (o->format)
		return TB_OK;
	return tb_bad_value("output-format", value, "not one of" FORMATS, err);
}

void tb_output_take_path(struct tb_output *o, const char *value)
{
	bool standard = strcmp(value, "-") == 0 || strcmp(value, "/dev/stdout") == 0;

	o->path = standard ? NULL : value;
}

static enum tb_status take_format(void *ctx, const char *value, struct tb_err *err)
{
	return tb_output_take_format(ctx, value, err);
}

static enum tb_status take_output(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	tb_output_take_path(ctx, value);
	return TB_OK;
}

static enum tb_status take_round(void *ctx, const char *value, struct tb_err *err)
{
	uint64_t n;

	if (tb_count_parse(tb_span_of(value), &n) || n > ROUND_MAX)
		return tb_bad_value("round", value, "not a number of decimals from 0 to 19", err);
	((struct tb_output *)ctx)->round = (int)n;
	return TB_OK;
}

TB_FLAG_TAKER(take_quiet, struct tb_output, quiet)

#define FORMAT_ROW                                                                                 \
	{                                                                                          \
		'f', "output-format", "FORMAT",                                                    \
			"one of" FORMATS                                                           \
			"|(default: by the ending of -o; table on a terminal, else csv)",          \
			&FORMATS[1], false, take_format                                            \
	}
#define OUTPUT_ROW                                                                                 \
	{                                                                                          \
		'o', "output", "FILE", "write to FILE, whole or not at all", "FILE", false,        \
			take_output                                                                \
	}

const struct tb_option tb_output_place_rows[] = {FORMAT_ROW, OUTPUT_ROW, {0}};

const struct tb_option tb_output_option_rows[] = {
	FORMAT_ROW,
	OUTPUT_ROW,
	{'\0', "round", "N",
	 "round amounts to N decimals, half away from zero|"
	 "(default: exact; for people: 2)",
	 NULL, false, take_round},
	{'q', "quiet", NULL, "no progress and no summary; warnings and errors stay", NULL, false,
	 take_quiet},
	{0},
};

bool tb_output_old(const char *path, struct stat *old)
{
	return path && stat(path, old) == 0 && S_ISREG(old->st_mode);
}

enum tb_status tb_output_spare(const char *path, const char *const *read, size_t n,
			       const char *what, const char *instead, struct tb_err *err)
{
	struct stat old, in;

	if (!tb_output_old(path, &old))
		return TB_OK;
	for (size_t i = 0; i < n; i++)
		if (stat(read[i], &in) == 0 && tb_same_file(&old, &in))
			return tb_fail(err, TB_USAGE,
				       "%s: is %s and would be replaced; choose another %s", path,
				       what, instead);
	return TB_OK;
}

const struct tb_writer *tb_output_format(const struct tb_output *o)
{
	const struct tb_writer *f = o->format;

	if (!f && o->path)
		f = tb_writer_for_file(o->path);
	if (!f && !o->path && tb_terminal_width(stdout))
		f = tb_writer_named("table");
	return f ? f : tb_writer_named("csv");
}

/* "report.csv" -> ".csv"; NULL for a name without, such as a device's. */
static const char *ending_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path,
		   *dot = strrchr(name, '.');

	return dot && dot > name ? dot : NULL;
}

enum tb_status tb_output_check(const struct tb_output *o, struct tb_err *err)
{
	struct tb_buf endings = {0};
	enum tb_status st;

	if (!o->path || o->format || !ending_of(o->path) || tb_writer_for_file(o->path))
		return TB_OK;
	for (size_t i = 0; i < tb_writer_count; i++)
		tb_buf_printf(&endings, " %s", tb_writers[i].ending);
	st = endings.failed
		     ? tb_fail_nomem(err)
		     : tb_fail(err, TB_USAGE,
			       "%s: no format has the ending %s; use one of%s, or say it with -f",
			       o->path, ending_of(o->path), endings.p);
	tb_buf_release(&endings);
	return st;
}

struct tb_write_options tb_output_options(FILE *out)
{
	return (struct tb_write_options){.color = tb_terminal_color(out),
					 .width = tb_terminal_width(out),
					 .utf8 = tb_terminal_utf8(),
					 .visible = isatty(fileno(out))};
}

typedef enum tb_status writer(void *ctx, FILE *out, struct tb_err *err);

static enum tb_status place(const struct tb_output_beside *others, struct tb_err *err)
{
	return others ? others->place(others->ctx, err) : TB_OK;
}

static enum tb_status write_stdout(writer *write, void *ctx, const struct tb_output_beside *others,
				   struct tb_err *err)
{
	TB_TRY(write(ctx, stdout, err));
	TB_TRY(tb_stream_check(stdout, "standard output", err));
	return place(others, err);
}

/* Writes a file as far as it can be without its name. */
static enum tb_status prepare_file(const char *path, writer *write, void *ctx,
				   struct tb_outfile *file, struct tb_err *err)
{
	enum tb_status st;

	TB_TRY(tb_outfile_open(file, path, err));
	st = write(ctx, file->stream, err);
	if (st == TB_OK)
		st = tb_outfile_prepare(file, err);
	if (st != TB_OK)
		tb_outfile_release(file);
	return st;
}

/*
 * The others come first: no row is ever missing from both report and rejects. Killed between them,
 * which takes SIGKILL or a power cut, the rejects are the new ones beside the old report.
 */
static enum tb_status write_file(const char *path, writer *write, void *ctx,
				 const struct tb_output_beside *others, struct tb_err *err)
{
	struct tb_outfile file;
	enum tb_status st;

	TB_TRY(prepare_file(path, write, ctx, &file, err));
	st = place(others, err);
	if (st == TB_OK)
		st = tb_outfile_commit(&file, err);
	tb_outfile_release(&file);
	return st;
}

enum tb_status tb_output_write_beside(const struct tb_output *o, writer *write, void *ctx,
				      const struct tb_output_beside *others, struct tb_err *err)
{
	return o->path ? write_file(o->path, write, ctx, others, err)
		       : write_stdout(write, ctx, others, err);
}

static enum tb_status place_rejects(void *ctx, struct tb_err *err)
{
	return tb_rejects_place(ctx, err);
}

static void keep_rejects(struct tb_rejects *r)
{
	for (size_t i = 0; i < tb_rejects_count(r); i++)
		if (tb_rejects_stale(r, i))
			tb_say("%s: rejects of an earlier run, removed: this run has none",
			       tb_rejects_path(r, i));
	tb_rejects_keep(r);
}

enum tb_status tb_output_with_rejects(const struct tb_output *o, writer *write, void *ctx,
				      struct tb_rejects *rejects, struct tb_err *err)
{
	const struct tb_output_beside others = {place_rejects, rejects};

	if (o->path)
		tb_outfile_sweep(o->path);
	TB_TRY(tb_output_write_beside(o, write, ctx, rejects ? &others : NULL, err));
	if (rejects)
		keep_rejects(rejects);
	return TB_OK;
}

enum tb_status tb_output_write(const struct tb_output *o, writer *write, void *ctx,
			       struct tb_err *err)
{
	return tb_output_with_rejects(o, write, ctx, NULL, err);
}

struct sheets_job {
	const struct tb_output *output;
	const struct tb_sheets *sheets;
};

static enum tb_status write_sheets(void *ctx, FILE *out, struct tb_err *err)
{
	const struct sheets_job *job = ctx;
	struct tb_write_options o = tb_output_options(out);

	return tb_output_format(job->output)->write(job->sheets, &o, out, err);
}

enum tb_status tb_output_sheet(const struct tb_output *o, const struct tb_sheet *sheet,
			       struct tb_rejects *rejects, struct tb_err *err)
{
	const struct tb_sheets sheets = {sheet->title, &sheet, 1};
	struct sheets_job job = {o, &sheets};

	TB_TRY(tb_output_check(o, err));
	return tb_output_with_rejects(o, write_sheets, &job, rejects, err);
}

enum tb_status tb_output_prepare_sheet(const struct tb_output *o, const struct tb_sheet *sheet,
				       struct tb_outfile *file, struct tb_err *err)
{
	const struct tb_sheets sheets = {sheet->title, &sheet, 1};
	struct sheets_job job = {o, &sheets};

	TB_TRY(tb_output_check(o, err));
	return prepare_file(o->path, write_sheets, &job, file, err);
}

enum tb_sheet_reader tb_output_reader(const struct tb_output *o)
{
	return tb_output_format(o)->reader;
}
