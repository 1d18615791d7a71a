/* tokbill report - price usage logs, per model and day. */
#include "cli/cmd_report.h"

#include "cli/log_run.h"
#include "cli/messages.h"
#include "cli/run_record.h"
#include "cli/summary.h"
#include "report/report_sheet.h"
#include "report/reported_cost.h"

#include <inttypes.h>
#include <stdlib.h>

struct options {
	struct tb_log_options log;
	struct tb_run_record record;
	bool detail, compare;
	bool has_tolerance;
	struct tb_tolerance tolerance;
	bool differs; /* found: the comparison is beyond the tolerance */
};

TB_FLAG_TAKER(take_detail, struct options, detail)

TB_FLAG_TAKER(take_compare, struct options, compare)

static enum tb_status take_tolerance(void *ctx, const char *value, struct tb_err *err)
{
	struct options *o = ctx;
	const char *why = tb_tolerance_parse(tb_span_of(value), &o->tolerance);

	o->has_tolerance = true;
	return why ? tb_bad_value("tolerance", value, why, err) : TB_OK;
}

static enum tb_status take_summary(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct options *)ctx)->record.path = value;
	return TB_OK;
}

static const struct tb_option report_rows[] = {
	{'\0', "detail", NULL,
	 "a row for each meter, tier and price, with its surcharges and|"
	 "the rate section that it is from",
	 NULL, false, take_detail},
	{'\0', "compare", NULL,
	 "append what the log says that its rows cost, and how far off it|"
	 "is; exit code 1 where that is beyond --tolerance",
	 NULL, false, take_compare},
	{'\0', "tolerance", "AMOUNT",
	 "an amount such as 0.01, or a share such as 0.5% (default: 0)", NULL, false,
	 take_tolerance},
	{'\0', "summary", "FILE", "write one JSON object about the run to FILE, also when it fails",
	 "FILE", false, take_summary},
	{0},
};

static const struct tb_option_group option_groups[] = {
	{report_rows, 0, "The report"},
	TB_LOG_OPTION_GROUPS(struct options),
	{0},
};

static enum tb_status check_wishes(const struct options *o, struct tb_err *err)
{
	if (o->has_tolerance && !o->compare)
		return tb_fail(err, TB_USAGE, "--tolerance needs --compare");
	if (o->compare && o->detail)
		return tb_fail(err, TB_USAGE,
			       "--compare and --detail exclude each other: a log says what a row "
			       "costs, not each of its meters");
	return TB_OK;
}

/* Says how far the report is off from what the logs say, and keeps whether that is too far. */
static void say_comparison(struct options *o, const struct tb_report *report)
{
	struct tb_reported_sum c = tb_reported_compare(report, o->tolerance);
	const struct tb_facts *f = &report->facts;

	o->differs = c.beyond || c.totals_beyond || c.rows == 0 ||
		     (o->log.strict && f->billed > f->reported);
	if (c.rows == 0)
		tb_say("compared nothing: no row of the logs says what it cost");
	else if (!o->log.output.quiet || o->differs)
		tb_say("compared %" PRIu64 " row%s of the report with what the logs say: %" PRIu64
		       " beyond the tolerance",
		       c.rows, c.rows == 1 ? "" : "s", c.beyond);
	if (f->billed > f->reported && c.rows)
		tb_say("%" PRIu64 " of %" PRIu64
		       " rows billed do not say what they cost and are not compared",
		       f->billed - f->reported, f->billed);
	if (f->unheld)
		tb_say("not compared, for they are in another currency or have more than 42 "
		       "decimals: %" PRIu64 " of the amounts in the logs",
		       f->unheld);
}

static enum tb_status write_sheet(struct options *o, const struct tb_report *report,
				  struct tb_err *err)
{
	struct tb_report_sheet s;
	enum tb_status st = tb_report_sheet_init(&s, report, NULL, 0, err);

	if (st == TB_OK)
		st = tb_output_sheet(&o->log.output, &s.sheet, tb_run_rejects(o->log.run), err);
	tb_report_sheet_release(&s);
	return st;
}

static enum tb_status write_and_say(struct options *o, const struct tb_report *report,
				    const struct tb_confidence_share *shares, struct tb_err *err)
{
	struct tb_log_options *l = &o->log;

	TB_TRY(tb_run_record_totals(&o->record, report, shares, err));
	TB_TRY(tb_log_warn(l, err));
	TB_TRY(write_sheet(o, report, err));
	if (!l->output.quiet)
		tb_say_summary(l, report, shares);
	if (o->compare)
		say_comparison(o, report);
	return TB_OK;
}

/* The shares are known before anything is written. */
static enum tb_status share_and_write(struct options *o, const struct tb_report *report,
				      struct tb_err *err)
{
	struct tb_confidence_share *shares = calloc(report->total_count + 1, sizeof(*shares));
	enum tb_status st = shares ? TB_OK : tb_fail_nomem(err);

	if (st == TB_OK && (o->record.path || !o->log.output.quiet))
		st = tb_confidence_shares(report, shares, err);
	if (st == TB_OK)
		st = write_and_say(o, report, shares, err);
	free(shares);
	return st;
}

static enum tb_status write_report(struct options *o, struct tb_err *err)
{
	struct tb_log_options *l = &o->log;
	struct tb_report_options options = {l->output.round, o->detail, o->compare,
					    l->run_options.reading.threads};
	struct tb_report report = {0};
	enum tb_status st =
		tb_report_init(&report, tb_run_tally(l->run), l->book, &l->facts, options, err);

	if (st == TB_OK)
		st = share_and_write(o, &report, err);
	tb_report_release(&report);
	return st;
}

static enum tb_status run(struct options *o, struct tb_err *err)
{
	TB_TRY(check_wishes(o, err));
	o->log.run_options.grouping.compare = o->compare;
	TB_TRY(tb_run_record_begin(&o->record, &o->log, err));
	TB_TRY(tb_log_open(&o->log, err));
	TB_TRY(tb_run_record_check(&o->record, &o->log, err));
	TB_TRY(tb_log_run(&o->log, err));
	return write_report(o, err);
}

static const struct tb_example examples[] = {
	{"yesterday's log, as a table on the terminal", "tokbill report usage.csv"},
	{"a month by project, written whole or not at all",
	 "tokbill report --month 2026-08 --by project,model -o august.csv logs/*.csv"},
	{"go on past bad rows, keep them for mending (exit code 2)",
	 "tokbill report --rejects rejects -o report.csv raw.csv"},
	{"with your own prices, on the days of Berlin",
	 "tokbill report --rates negotiated.ini --tz Europe/Berlin ours.csv"},
	{"each price that was used, and where it is from",
	 "tokbill report --month 2026-08 --detail -o august.csv usage.csv"},
	{"against what the vendor charged (exit code 1)",
	 "tokbill report --compare --tolerance 0.5% activity.csv"},
	{"compressed with gzip or zstd, and from a pipe",
	 "grep -v test-key usage.csv | tokbill report yesterday.csv.gz -"},
	{0},
};

/* Rows that were set aside were not compared, so they come first. */
static int exit_code(const struct options *o, enum tb_status st)
{
	if (st != TB_OK)
		return tb_exit_code(st);
	if (o->log.facts.set_aside)
		return TB_EXIT_SET_ASIDE;
	return o->differs ? TB_EXIT_DIFFERENCES : TB_EXIT_OK;
}

/* A record that cannot be written is a failure of its own, if there is no other. */
static int write_record(struct options *o, int code)
{
	struct tb_err err = {0};
	enum tb_status st = tb_run_record_write(&o->record, &o->log, code, &err);

	if (st == TB_OK)
		return code;
	tb_say("%s", err.text);
	return code == TB_EXIT_OK || code == TB_EXIT_SET_ASIDE || code == TB_EXIT_DIFFERENCES
		       ? tb_exit_code(st)
		       : code;
}

static int run_report(const struct tb_command *self, int argc, const char *const *argv)
{
	struct options o = {0};
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
	tb_say_problems(&l->problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	code = write_record(&o, exit_code(&o, st));
	tb_run_record_release(&o.record);
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
