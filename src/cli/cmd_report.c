/* tokbill report - price usage logs, per model and day. */
#include "cli/cmd_report.h"

#include "cli/log_run.h"
#include "cli/messages.h"
#include "cli/summary.h"

struct options {
	struct tb_log_options log;
};

static const struct tb_option_group option_groups[] = {
	TB_LOG_OPTION_GROUPS(struct options),
	{0},
};

static enum tb_status write_report(const struct tb_log_options *l, struct tb_err *err)
{
	const struct tb_job *job = &l->job;
	struct tb_report report = {0};
	enum tb_status st = tb_report_init(&report, job->shards[0].tally, l->book, &job->facts,
					   l->output.round, err);

	if (st == TB_OK)
		st = tb_output_report(&l->output, &report, job->rejects, err);
	if (st == TB_OK) {
		tb_say_warnings(job);
		if (!l->output.quiet)
			tb_say_summary(job, &report);
	}
	tb_report_release(&report);
	return st;
}

static enum tb_status run(struct options *o, struct tb_err *err)
{
	TB_TRY(tb_log_open(&o->log, err));
	TB_TRY(tb_log_run(&o->log, err));
	return write_report(&o->log, err);
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
	struct options o;
	struct tb_log_options *l = &o.log;
	struct tb_err err = {0};
	enum tb_status st = tb_log_options_init(l, self->name, "date,model", &err);
	int code;

	if (st == TB_OK)
		st = tb_options_parse(self, argc, argv, &o, &l->arena, &l->logs, &err);
	if (st == TB_OK && l->logs.help)
		tb_command_help(self, stdout);
	else if (st == TB_OK)
		st = run(&o, &err);
	tb_say_problems(&l->job.problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	code = st == TB_OK && l->job.facts.set_aside ? TB_EXIT_SET_ASIDE : tb_exit_code(st);
	tb_log_options_release(l);
	return code;
}

const struct tb_command tb_cmd_report = {
	.name = "report",
	.summary = "Price usage logs, per model and day",
	.operands = "LOG...",
	.options = option_groups,
	.examples = examples,
	.run = run_report,
};
