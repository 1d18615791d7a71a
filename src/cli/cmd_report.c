/* tokbill report - price usage logs, per model and day. */
#include "cli/cmd_report.h"

#include "cli/messages.h"
#include "cli/report_options.h"
#include "cli/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- checks before anything is read ---- */

static enum tb_status check_range(const struct tb_report_options *r, struct tb_err *err)
{
	if (r->job.from > r->job.to)
		return tb_fail(err, TB_USAGE, "--from lies behind --to");
	return TB_OK;
}

static enum tb_status check_operands(const struct tb_operands *logs, struct tb_err *err)
{
	size_t standard = 0;

	if (logs->count == 0)
		return tb_fail(err, TB_USAGE,
			       "no usage log given; name a CSV file, or - for standard input "
			       "(see `tokbill report --help`)");
	for (size_t i = 0; i < logs->count; i++)
		standard += strcmp(logs->items[i], "-") == 0;
	if (standard > 1)
		return tb_fail(err, TB_USAGE, "-: standard input can be read only once");
	if (standard && isatty(STDIN_FILENO))
		return tb_fail(err, TB_USAGE,
			       "-: standard input is a terminal; pipe a log into it");
	return TB_OK;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* An output must not be one of the files that are read. */
static enum tb_status refuse_inputs(const struct tb_report_options *r, const char *output,
				    struct tb_err *err)
{
	struct stat out, in;

	if (stat(output, &out) != 0 || !S_ISREG(out.st_mode))
		return TB_OK;
	for (size_t i = 0; i < r->job.source_count; i++)
		if (same_file(&out, &r->job.sources[i].opened))
			return tb_fail(err, TB_USAGE,
				       "%s: is an input and would be replaced; choose another "
				       "-o or --rejects",
				       output);
	for (size_t i = 0; i < r->rates.count; i++)
		if (stat(r->rates.paths[i], &in) == 0 && same_file(&in, &out))
			return tb_fail(err, TB_USAGE,
				       "%s: is a rate file and would be replaced; choose another "
				       "-o or --rejects",
				       output);
	return TB_OK;
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
	return stat(dir, &dir_b) == 0 && same_file(&dir_a, &dir_b);
}

static enum tb_status check_outputs(const struct tb_report_options *r, struct tb_err *err)
{
	if (r->output.path)
		TB_TRY(refuse_inputs(r, r->output.path, err));
	for (size_t i = 0; r->job.rejects && i < r->job.source_count; i++) {
		const char *path = tb_rejects_path(r->job.rejects, i);

		TB_TRY(refuse_inputs(r, path, err));
		if (r->output.path && same_place(r->output.path, path))
			return tb_fail(err, TB_USAGE,
				       "%s: is where the rejects go; write the report elsewhere",
				       r->output.path);
	}
	return TB_OK;
}

/* ---- outputs ---- */

/* What the facts name: the inputs and the rates, for whoever reads the report later. */
static enum tb_status name_files(struct tb_report_options *r, struct tb_err *err)
{
	struct tb_facts *f = &r->job.facts;
	const char **rates;

	f->inputs = r->logs.items;
	f->input_count = r->logs.count;
	f->rate_files = r->rates.paths;
	f->rate_file_count = r->rates.count;
	if (r->rates.count)
		return TB_OK;
	rates = tb_arena_take(&r->arena, sizeof(*rates));
	if (!rates)
		return tb_fail_nomem(err);
	rates[0] = "built-in";
	f->rate_files = rates;
	f->rate_file_count = 1;
	return TB_OK;
}

static enum tb_status write_to(const struct tb_report_options *r, const struct tb_report *report,
			       FILE *out, struct tb_err *err)
{
	struct tb_write_options o = tb_output_options(out);

	return tb_output_format(&r->output)->write(report, &o, out, err);
}

static enum tb_status write_file(const struct tb_report_options *r, const struct tb_report *report,
				 struct tb_err *err)
{
	struct tb_outfile o;
	enum tb_status st;

	TB_TRY(tb_outfile_open(&o, r->output.path, err));
	st = write_to(r, report, o.stream, err);
	if (st == TB_OK)
		st = tb_outfile_prepare(&o, err);
	if (st == TB_OK && r->job.rejects)
		st = tb_rejects_commit(r->job.rejects, err);
	if (st == TB_OK)
		st = tb_outfile_commit(&o, err);
	tb_outfile_release(&o);
	return st;
}

static enum tb_status write_stdout(const struct tb_report_options *r,
				   const struct tb_report *report, struct tb_err *err)
{
	TB_TRY(write_to(r, report, stdout, err));
	TB_TRY(tb_stream_check(stdout, "standard output", err));
	return r->job.rejects ? tb_rejects_commit(r->job.rejects, err) : TB_OK;
}

/* ---- the run ---- */

static enum tb_status write_report(struct tb_report_options *r, struct tb_err *err)
{
	struct tb_report report = {0};
	enum tb_status st = name_files(r, err);

	if (st == TB_OK)
		st = tb_report_init(&report, r->job.shards[0].tally, r->book, &r->job.facts,
				    r->round, err);
	if (st == TB_OK)
		st = r->output.path ? write_file(r, &report, err) : write_stdout(r, &report, err);
	if (st == TB_OK) {
		tb_say_warnings(&r->job);
		if (!r->job.quiet)
			tb_say_summary(&r->job, &report);
	}
	tb_report_release(&report);
	return st;
}

static enum tb_status run(struct tb_report_options *r, struct tb_err *err)
{
	TB_TRY(check_range(r, err));
	TB_TRY(check_operands(&r->logs, err));
	TB_TRY(tb_rates_load(&r->rates, &r->arena, &r->book, &r->job.problems, err));
	r->job.book = r->book;
	r->job.grouping.zone = r->zone;
	r->job.log_zone = r->log_zone;
	TB_TRY(tb_job_open(&r->job, r->logs.items, r->logs.count, err));
	TB_TRY(check_outputs(r, err));
	TB_TRY(tb_job_run(&r->job, err));
	return write_report(r, err);
}

static const struct tb_example examples[] = {
	{"yesterday's log, as a table on the terminal", "tokbill report usage.csv"},
	{"a month by project, written whole or not at all",
	 "tokbill report --month 2026-08 --by project,model -o august.csv logs/*.csv"},
	{"go on past bad rows, keep them for mending (exit code 2)",
	 "tokbill report --rejects rejects -o report.csv usage.csv"},
	{"with your own prices, on the days of Berlin",
	 "tokbill report --rates negotiated.ini --tz Europe/Berlin usage.csv"},
	{"compressed with gzip or zstd, and from a pipe",
	 "grep -v test-key usage.csv | tokbill report yesterday.csv.gz -"},
	{0},
};

static int run_report(const struct tb_command *self, int argc, const char *const *argv)
{
	struct tb_report_options r;
	struct tb_err err = {0};
	enum tb_status st = tb_report_options_init(&r, &err);
	int code;

	if (st == TB_OK)
		st = tb_options_parse(self, argc, argv, &r, &r.arena, &r.logs, &err);
	if (st == TB_OK && r.logs.help)
		tb_command_help(self, stdout);
	else if (st == TB_OK)
		st = run(&r, &err);
	tb_say_problems(&r.job.problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	code = st == TB_OK && r.job.facts.set_aside ? TB_EXIT_SET_ASIDE : tb_exit_code(st);
	tb_job_release(&r.job);
	tb_book_free(r.book);
	tb_zone_free(r.zone);
	tb_zone_free(r.log_zone);
	tb_arena_release(&r.arena);
	return code;
}

const struct tb_command tb_cmd_report = {
	"report", "Price usage logs, per model and day",
	"LOG...", tb_report_option_table,
	examples, run_report,
};
