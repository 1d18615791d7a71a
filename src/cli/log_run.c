#include "cli/log_run.h"

#include "cli/messages.h"
#include "cli/summary.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum tb_status check_range(const struct tb_log_options *l, struct tb_err *err)
{
	if (l->run_options.from > l->run_options.to)
		return tb_fail(err, TB_USAGE, "--from lies after --to");
	return TB_OK;
}

/* Standard input is read once, as a log or as a list of their names. */
static enum tb_status check_standard_input(const struct tb_log_options *l, struct tb_err *err)
{
	size_t logs = 0, lists = 0;

	for (size_t i = 0; i < l->logs.count; i++)
		logs += strcmp(l->logs.items[i], "-") == 0;
	for (size_t i = 0; i < l->from.count; i++)
		lists += strcmp(l->from.lists[i], "-") == 0;
	if (logs + lists > 1)
		return tb_fail(err, TB_USAGE, "-: standard input can be read only once");
	if (logs + lists && isatty(STDIN_FILENO))
		return tb_fail(err, TB_USAGE, "-: standard input is a terminal; pipe a %s into it",
			       logs ? "log" : "list of names");
	return TB_OK;
}

static enum tb_status check_operands(const struct tb_log_options *l, struct tb_err *err)
{
	if (l->logs.count == 0 && l->from.count == 0)
		return tb_fail(err, TB_USAGE,
			       "no usage log given; name a file, a directory, or - for standard "
			       "input (see `tokbill %s --help`)",
			       l->command);
	if (l->from.nul_ended && l->from.count == 0)
		return tb_fail(err, TB_USAGE, "--null needs --files-from");
	return check_standard_input(l, err);
}

static enum tb_status find_inputs(struct tb_log_options *l, struct tb_err *err)
{
	struct tb_inputs *in = &l->inputs;

	for (size_t i = 0; i < l->logs.count; i++)
		TB_TRY(tb_inputs_add(in, l->logs.items[i], err));
	for (size_t i = 0; i < l->from.count; i++)
		TB_TRY(tb_inputs_add_list(in, l->from.lists[i], l->from.nul_ended ? '\0' : '\n',
					  err));
	if (in->hidden && !l->output.quiet)
		tb_say("%" PRIu64 " hidden name%s in the directories given %s not "
		       "read; name them to read them",
		       in->hidden, in->hidden == 1 ? "" : "s", in->hidden == 1 ? "is" : "are");
	if (in->special)
		tb_warn(&l->warnings, TB_WARN_FILES_NOT_READ,
			"%" PRIu64 " in the directories given %s neither file nor directory and "
			"not read",
			in->special, in->special == 1 ? "is" : "are");
	return TB_OK;
}

/* An output must not be one of the files that are read. */
static enum tb_status refuse_inputs(const struct tb_log_options *l, const char *output,
				    struct tb_err *err)
{
	static const char instead[] = "-o or --rejects";
	struct stat old;

	if (!tb_output_old(output, &old))
		return TB_OK;
	TB_TRY(tb_output_spare(output, l->logs.items, l->logs.count, "an input", instead, err));
	TB_TRY(tb_output_spare(output, l->from.lists, l->from.count, "a list of logs", instead,
			       err));
	if (l->run && tb_run_reads(l->run, &old))
		return tb_fail(err, TB_USAGE,
			       "%s: is an input and would be replaced; choose another %s", output,
			       instead);
	TB_TRY(tb_output_spare(output, l->rates.paths, l->rates.count, "a rate file", instead,
			       err));
	TB_TRY(tb_output_spare(output, l->formats.files, l->formats.file_count, "a format file",
			       instead, err));
	return tb_output_spare(output, l->also_read, l->also_count, "read", instead, err);
}

/* Whether both paths name one place, whether or not anything is there yet. */
static bool same_place(const char *a, const char *b)
{
	const char *name_a = strrchr(a, '/'), *name_b = strrchr(b, '/');
	struct stat dir_a, dir_b;
	char dir[PATH_MAX];

	name_a = name_a ? name_a + 1 : a;
	name_b = name_b ? name_b + 1 : b;
	if (strcmp(name_a, name_b) != 0)
		return false;
	snprintf(dir, sizeof(dir), "%.*s.", (int)(name_a - a), a);
	if (stat(dir, &dir_a) != 0)
		return false;
	snprintf(dir, sizeof(dir), "%.*s.", (int)(name_b - b), b);
	return stat(dir, &dir_b) == 0 && tb_same_file(&dir_a, &dir_b);
}

/* What is written among the logs would be read as one of them the next time. */
static enum tb_status refuse_folders(const struct tb_log_options *l, const char *output,
				     struct tb_err *err)
{
	return output ? tb_inputs_refuse_within(&l->inputs, output, err) : TB_OK;
}

static enum tb_status check_outputs(const struct tb_log_options *l, struct tb_err *err)
{
	const struct tb_rejects *rejects = tb_run_rejects(l->run);

	TB_TRY(refuse_inputs(l, l->output.path, err));
	for (size_t i = 0; rejects && i < tb_rejects_count(rejects); i++) {
		const char *path = tb_rejects_path(rejects, i);

		TB_TRY(refuse_inputs(l, path, err));
		if (l->output.path && same_place(l->output.path, path))
			return tb_fail(err, TB_USAGE,
				       "%s: is where the rejects go; write the report elsewhere",
				       l->output.path);
	}
	return TB_OK;
}

enum tb_status tb_log_check_output(const struct tb_log_options *l, const char *path,
				   struct tb_err *err)
{
	if (l->output.path && same_place(l->output.path, path))
		return tb_fail(err, TB_USAGE, "%s: is where the report goes; choose another", path);
	TB_TRY(refuse_inputs(l, path, err));
	return refuse_folders(l, path, err);
}

/* ---- what the run says ---- */

static void on_progress(void *ctx, const struct tb_run_progress *p)
{
	struct tb_log_options *l = ctx;

	if (p->stage == TB_RUN_BEGINS)
		tb_progress_start(&l->progress, l->output.quiet, p->total);
	else if (p->stage == TB_RUN_ENDS)
		tb_progress_stop(&l->progress);
	else
		tb_progress_set(&l->progress, p->done);
}

static void on_warning(void *ctx, enum tb_warning kind, const char *text)
{
	tb_warn(&((struct tb_log_options *)ctx)->warnings, kind, "%s", text);
}

static void on_notice(void *ctx, const char *text)
{
	if (!((struct tb_log_options *)ctx)->output.quiet)
		tb_say("%s", text);
}

/* ---- the run ---- */

enum tb_status tb_log_open(struct tb_log_options *l, struct tb_err *err)
{
	struct tb_run_options *o = &l->run_options;

	TB_TRY(check_range(l, err));
	TB_TRY(check_operands(l, err));
	TB_TRY(find_inputs(l, err));
	TB_TRY(tb_rates_load(&l->rates, &l->arena, &l->book, &l->problems, err));
	TB_TRY(tb_format_options_load(&l->formats, &l->problems, err));
	o->formats = &l->formats.choice;
	o->book = l->book;
	o->grouping.zone = l->zone;
	o->log_zone = l->log_zone;
	o->calls = (struct tb_run_calls){on_progress, on_warning, on_notice, l};
	TB_TRY(refuse_folders(l, l->output.path, err));
	TB_TRY(refuse_folders(l, o->rejects_dir, err));
	TB_TRY(tb_run_new(o, l->inputs.paths, l->inputs.count, &l->run, err));
	TB_TRY(check_outputs(l, err));
	return tb_output_check(&l->output, err);
}

enum tb_status tb_log_run(struct tb_log_options *l, struct tb_err *err)
{
	TB_TRY(tb_run_execute(l->run, &l->problems, err));
	l->facts = *tb_run_facts(l->run);
	l->facts.rate_files = tb_rates_names(&l->rates, &l->facts.rate_file_count);
	return TB_OK;
}

enum tb_status tb_log_warn(struct tb_log_options *l, struct tb_err *err)
{
	tb_say_warnings(l);
	if (l->strict && l->warnings.total)
		return tb_fail(err, TB_DATA,
			       "nothing was written, for --strict makes warnings errors");
	return TB_OK;
}
