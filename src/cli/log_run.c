#include "cli/log_run.h"

#include "cli/summary.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum tb_status check_range(const struct tb_log_options *l, struct tb_err *err)
{
	if (l->job.from > l->job.to)
		return tb_fail(err, TB_USAGE, "--from lies behind --to");
	return TB_OK;
}

static enum tb_status check_operands(const struct tb_log_options *l, struct tb_err *err)
{
	const struct tb_operands *logs = &l->logs;
	size_t standard = 0;

	if (logs->count == 0)
		return tb_fail(err, TB_USAGE,
			       "no usage log given; name a CSV file, or - for standard input "
			       "(see `tokbill %s --help`)",
			       l->command);
	for (size_t i = 0; i < logs->count; i++)
		standard += strcmp(logs->items[i], "-") == 0;
	if (standard > 1)
		return tb_fail(err, TB_USAGE, "-: standard input can be read only once");
	if (standard && isatty(STDIN_FILENO))
		return tb_fail(err, TB_USAGE,
			       "-: standard input is a terminal; pipe a log into it");
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
	for (size_t i = 0; i < l->job.source_count; i++)
		if (tb_same_file(&old, &l->job.sources[i].opened))
			return tb_fail(err, TB_USAGE,
				       "%s: is an input and would be replaced; choose another %s",
				       output, instead);
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

static enum tb_status check_outputs(const struct tb_log_options *l, struct tb_err *err)
{
	TB_TRY(refuse_inputs(l, l->output.path, err));
	for (size_t i = 0; l->job.rejects && i < l->job.source_count; i++) {
		const char *path = tb_rejects_path(l->job.rejects, i);

		TB_TRY(refuse_inputs(l, path, err));
		if (l->output.path && same_place(l->output.path, path))
			return tb_fail(err, TB_USAGE,
				       "%s: is where the rejects go; write the report elsewhere",
				       l->output.path);
	}
	return TB_OK;
}

enum tb_status tb_log_open(struct tb_log_options *l, struct tb_err *err)
{
	TB_TRY(check_range(l, err));
	TB_TRY(check_operands(l, err));
	TB_TRY(tb_rates_load(&l->rates, &l->arena, &l->book, &l->job.problems, err));
	TB_TRY(tb_format_options_load(&l->formats, &l->job.problems, err));
	l->job.formats = &l->formats.choice;
	l->job.book = l->book;
	l->job.grouping.zone = l->zone;
	l->job.log_zone = l->log_zone;
	l->job.quiet = l->output.quiet;
	TB_TRY(tb_run_open(&l->job, l->logs.items, l->logs.count, err));
	return check_outputs(l, err);
}

enum tb_status tb_log_run(struct tb_log_options *l, struct tb_err *err)
{
	struct tb_facts *f = &l->job.facts;

	TB_TRY(tb_run_execute(&l->job, err));
	f->inputs = l->logs.items;
	f->input_count = l->logs.count;
	f->rate_files = tb_rates_names(&l->rates, &f->rate_file_count);
	return TB_OK;
}

enum tb_status tb_log_warn(struct tb_log_options *l, struct tb_err *err)
{
	tb_say_warnings(&l->job);
	if (l->strict && l->job.warnings)
		return tb_fail(err, TB_DATA,
			       "nothing was written, for --strict makes warnings errors");
	return TB_OK;
}
