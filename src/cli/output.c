#include "cli/output.h"

#include "base/outfile.h"
#include "cli/terminal.h"

#include <string.h>
#include <unistd.h>

enum tb_status tb_output_take_format(struct tb_output *o, const char *value, struct tb_err *err)
{
	o->format = tb_format_named(value);
	if (o->format)
		return TB_OK;
	return tb_fail(err, TB_USAGE, "--format: '%s': not one of csv, json, table", value);
}

void tb_output_take_path(struct tb_output *o, const char *value)
{
	bool standard = strcmp(value, "-") == 0 || strcmp(value, "/dev/stdout") == 0;

	o->path = standard ? NULL : value;
}

const struct tb_format *tb_output_format(const struct tb_output *o)
{
	const struct tb_format *f = o->format;

	if (!f && o->path)
		f = tb_format_for_file(o->path);
	if (!f && !o->path && tb_terminal_width(stdout))
		f = tb_format_named("table");
	return f ? f : tb_format_named("csv");
}

struct tb_write_options tb_output_options(FILE *out)
{
	return (struct tb_write_options){.color = tb_terminal_color(out),
					 .width = tb_terminal_width(out),
					 .visible = isatty(fileno(out))};
}

enum tb_status tb_output_write(const struct tb_output *o,
			       enum tb_status (*write)(void *ctx, FILE *out, struct tb_err *err),
			       void *ctx, struct tb_err *err)
{
	struct tb_outfile file;
	enum tb_status st;

	if (!o->path) {
		TB_TRY(write(ctx, stdout, err));
		return tb_stream_check(stdout, "standard output", err);
	}
	TB_TRY(tb_outfile_open(&file, o->path, err));
	st = write(ctx, file.stream, err);
	if (st == TB_OK)
		st = tb_outfile_prepare(&file, err);
	if (st == TB_OK)
		st = tb_outfile_commit(&file, err);
	tb_outfile_release(&file);
	return st;
}

struct grid_job {
	const struct tb_output *output;
	const struct tb_grid *grid;
};

static enum tb_status write_grid(void *ctx, FILE *out, struct tb_err *err)
{
	const struct grid_job *job = ctx;
	struct tb_write_options o = tb_output_options(out);

	return tb_output_format(job->output)->write_grid(job->grid, &o, out, err);
}

enum tb_status tb_output_grid(const struct tb_output *o, const struct tb_grid *g,
			      struct tb_err *err)
{
	struct grid_job job = {o, g};

	TB_TRY(tb_grid_check(g, err));
	return tb_output_write(o, write_grid, &job, err);
}
