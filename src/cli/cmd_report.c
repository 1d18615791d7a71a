/* tokbill report - price usage logs, per model and day. */
#include "cli/cmd_report.h"

#include "cli/interrupt.h"
#include "cli/job.h"
#include "cli/messages.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "report/format.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RATE_FILES_MAX = 64, MAX_GROUPS = 10000000, ROUND_MAX = TB_MONEY_DECIMALS };

struct report {
	struct tb_operands logs;
	struct tb_arena arena;
	struct tb_job job;
	struct tb_book *book;
	struct tb_zone *zone, *log_zone;
	const char *rates[RATE_FILES_MAX];
	size_t rate_count;
	const struct tb_format *format;
	const char *output; /* NULL is standard output */
	bool whole_month;   /* --month was given */
	int round;
};

/* ---- options ---- */

static enum tb_status bad_value(const char *option, const char *value, const char *why,
				struct tb_err *err)
{
	return tb_fail(err, TB_USAGE, "--%s: '%s': %s", option, value, why);
}

static enum tb_status take_rates(void *ctx, const char *value, struct tb_err *err)
{
	struct report *r = ctx;

	if (r->rate_count == RATE_FILES_MAX)
		return bad_value("rates", value, "more than 64 rate files", err);
	r->rates[r->rate_count++] = value;
	return TB_OK;
}

static struct tb_group_column group_column(const char *name)
{
	static const struct {
		const char *name;
		enum tb_by by;
	} reserved[] = {{"date", TB_BY_DATE},
			{"model", TB_BY_MODEL},
			{"provider", TB_BY_PROVIDER},
			{"tier", TB_BY_TIER}};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcmp(reserved[i].name, name) == 0)
			return (struct tb_group_column){.by = reserved[i].by, .name = name};
	return (struct tb_group_column){.by = TB_BY_COLUMN, .name = name};
}

static enum tb_status add_group(struct report *r, const char *list, struct tb_span name,
				struct tb_err *err)
{
	struct tb_grouping *g = &r->job.grouping;
	char *text = tb_arena_text(&r->arena, name.p, name.n);

	if (!text)
		return tb_fail_nomem(err);
	if (name.n == 0)
		return bad_value("by", list, "an empty column name", err);
	for (size_t i = 0; i < g->count; i++)
		if (strcmp(g->columns[i].name, text) == 0)
			return bad_value("by", list, "a column named twice", err);
	if (g->count == TB_GROUP_COLUMNS_MAX)
		return bad_value("by", list, "more than 32 columns", err);
	g->columns[g->count++] = group_column(text);
	return TB_OK;
}

static enum tb_status take_by(void *ctx, const char *value, struct tb_err *err)
{
	struct report *r = ctx;

	r->job.grouping.count = 0;
	for (const char *p = value;;) {
		size_t n = strcspn(p, ",");

		TB_TRY(add_group(r, value, (struct tb_span){p, n}, err));
		if (!p[n])
			return TB_OK;
		p += n + 1;
	}
}

static enum tb_status take_period(void *ctx, const char *value, struct tb_err *err)
{
	struct report *r = ctx;

	for (int p = 0; p < TB_PERIODS; p++)
		if (strcmp(value, tb_period_names[p]) == 0) {
			r->job.grouping.period = (enum tb_period)p;
			return TB_OK;
		}
	return bad_value("period", value, "not one of day, week, month", err);
}

static enum tb_status take_day(const char *option, const char *value, int32_t *day,
			       struct tb_err *err)
{
	if (tb_date_parse(tb_span_of(value), day))
		return TB_OK;
	return bad_value(option, value, "not a date such as 2026-04-01", err);
}

static enum tb_status take_from(void *ctx, const char *value, struct tb_err *err)
{
	return take_day("from", value, &((struct report *)ctx)->job.from, err);
}

static enum tb_status take_to(void *ctx, const char *value, struct tb_err *err)
{
	return take_day("to", value, &((struct report *)ctx)->job.to, err);
}

static enum tb_status take_month(void *ctx, const char *value, struct tb_err *err)
{
	struct report *r = ctx;

	if (r->job.from != INT32_MIN || r->job.to != INT32_MAX)
		return bad_value("month", value, "excludes --from and --to", err);
	r->whole_month = true;
	if (tb_month_parse(tb_span_of(value), &r->job.from, &r->job.to))
		return TB_OK;
	return bad_value("month", value, "not a month such as 2026-04", err);
}

static enum tb_status take_tz(void *ctx, const char *value, struct tb_err *err)
{
	return tb_zone_open(value, &((struct report *)ctx)->zone, err);
}

static enum tb_status take_log_tz(void *ctx, const char *value, struct tb_err *err)
{
	return tb_zone_open(value, &((struct report *)ctx)->log_zone, err);
}

static enum tb_status take_format(void *ctx, const char *value, struct tb_err *err)
{
	struct report *r = ctx;

	r->format = tb_format_named(value);
	return r->format ? TB_OK : bad_value("format", value, "not one of csv, json, table", err);
}

static enum tb_status take_output(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct report *)ctx)->output = strcmp(value, "-") == 0 ? NULL : value;
	return TB_OK;
}

static enum tb_status take_rejects(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct report *)ctx)->job.rejects_dir = value;
	return TB_OK;
}

static enum tb_status take_round(void *ctx, const char *value, struct tb_err *err)
{
	uint64_t n;

	if (tb_count_parse(tb_span_of(value), &n) || n > ROUND_MAX)
		return bad_value("round", value, "not a number of decimals from 0 to 19", err);
	((struct report *)ctx)->round = (int)n;
	return TB_OK;
}

static enum tb_status take_max_groups(void *ctx, const char *value, struct tb_err *err)
{
	uint64_t n;

	if (tb_count_parse(tb_span_of(value), &n) || n == 0 || n > UINT32_MAX / 2)
		return bad_value("max-groups", value, "not a number from 1 to 2147483647", err);
	((struct report *)ctx)->job.grouping.max_cells = n;
	return TB_OK;
}

static enum tb_status take_quiet(void *ctx, const char *value, struct tb_err *err)
{
	(void)value;
	(void)err;
	((struct report *)ctx)->job.quiet = true;
	return TB_OK;
}

static const struct tb_option options[] = {
	{'\0', "rates", "FILE",
	 "prices from FILE instead of the built-in ones; may be repeated,|"
	 "a later file's [MODEL] replaces an earlier one's",
	 "FILE", true, take_rates},
	{'\0', "by", "COL,...",
	 "gather by date, model, provider, tier, or columns of the log|"
	 "(default: date,model)",
	 "date model provider tier", false, take_by},
	{'\0', "period", "PERIOD", "gather dates by day (default), week or month", "day week month",
	 false, take_period},
	{'\0', "from", "DATE", "first day to bill, such as 2026-04-01", NULL, false, take_from},
	{'\0', "to", "DATE", "last day to bill", NULL, false, take_to},
	{'\0', "month", "MONTH", "bill one month, such as 2026-04", NULL, false, take_month},
	{'\0', "tz", "ZONE", "days are those of ZONE, such as Europe/Berlin (default: UTC)", NULL,
	 false, take_tz},
	{'\0', "log-tz", "ZONE",
	 "times in the log without a zone are on ZONE's clock|"
	 "(default: UTC)",
	 NULL, false, take_log_tz},
	{'f', "format", "FORMAT",
	 "csv, json or table (default: by the ending of -o; table on a|"
	 "terminal, else csv)",
	 "csv json table", false, take_format},
	{'o', "output", "FILE", "write to FILE, whole or not at all", "FILE", false, take_output},
	{'\0', "rejects", "DIR", "set bad and unpriced rows aside in DIR and go on (exit code 2)",
	 "FILE", false, take_rejects},
	{'\0', "round", "N",
	 "round amounts to N decimals, half away from zero|"
	 "(default: exact; table: 2)",
	 NULL, false, take_round},
	{'\0', "max-groups", "N", "stop beyond N groups (default: 10000000)", NULL, false,
	 take_max_groups},
	{'q', "quiet", NULL, "no progress and no summary; warnings and errors stay", NULL, false,
	 take_quiet},
	{0},
};

/* ---- checks before anything is read ---- */

static enum tb_status check_range(const struct report *r, struct tb_err *err)
{
	if (r->job.from > r->job.to)
		return tb_fail(err, TB_USAGE, "--from lies behind --to%s",
			       r->whole_month ? " (--month sets both)" : "");
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

/* An output must not be one of the files that are read. */
static enum tb_status check_output(const struct report *r, struct tb_err *err)
{
	struct stat out, in;

	if (!r->output || stat(r->output, &out) != 0 || !S_ISREG(out.st_mode))
		return TB_OK;
	for (size_t i = 0; i < r->job.source_count; i++)
		if (out.st_dev == r->job.sources[i].opened.st_dev &&
		    out.st_ino == r->job.sources[i].opened.st_ino)
			return tb_fail(err, TB_USAGE, "%s: is an input; write to another file",
				       r->output);
	for (size_t i = 0; i < r->rate_count; i++)
		if (stat(r->rates[i], &in) == 0 && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino)
			return tb_fail(err, TB_USAGE, "%s: is a rate file; write to another file",
				       r->output);
	return TB_OK;
}

/* ---- rates ---- */

/* TOKBILL_RATES names files as --rates does, with colons between them. */
static enum tb_status rates_from_environment(struct report *r, struct tb_err *err)
{
	const char *p = getenv("TOKBILL_RATES");

	for (size_t n; p && *p; p += n + (p[n] == ':')) {
		char *path;

		n = strcspn(p, ":");
		if (n == 0)
			continue;
		path = tb_arena_text(&r->arena, p, n);
		if (!path)
			return tb_fail_nomem(err);
		TB_TRY(take_rates(r, path, err));
	}
	return TB_OK;
}

static enum tb_status load_rates(struct report *r, struct tb_err *err)
{
	if (!r->rate_count)
		TB_TRY(rates_from_environment(r, err));
	if (r->rate_count)
		return tb_book_load(r->rates, r->rate_count, &r->book, &r->job.problems, err);
	return tb_book_builtin(&r->book, &r->job.problems, err);
}

/* ---- outputs ---- */

/* What the facts name: the inputs and the rates, for whoever reads the report later. */
static enum tb_status name_files(struct report *r, struct tb_err *err)
{
	struct tb_facts *f = &r->job.facts;
	const char **rates;

	f->inputs = r->logs.items;
	f->input_count = r->logs.count;
	f->rate_files = r->rates;
	f->rate_file_count = r->rate_count;
	if (r->rate_count)
		return TB_OK;
	rates = tb_arena_take(&r->arena, sizeof(*rates));
	if (!rates)
		return tb_fail_nomem(err);
	rates[0] = "built-in";
	f->rate_files = rates;
	f->rate_file_count = 1;
	return TB_OK;
}

static const struct tb_format *choose_format(const struct report *r)
{
	const struct tb_format *f = r->format;

	if (!f && r->output)
		f = tb_format_for_file(r->output);
	if (!f && !r->output && tb_terminal_width(stdout))
		f = tb_format_named("table");
	return f ? f : tb_format_named("csv");
}

static enum tb_status write_to(const struct report *r, const struct tb_report *report, FILE *out,
			       struct tb_err *err)
{
	struct tb_write_options o = {.color = tb_terminal_color(out),
				     .width = tb_terminal_width(out)};

	return choose_format(r)->write(report, &o, out, err);
}

static enum tb_status write_file(const struct report *r, const struct tb_report *report,
				 struct tb_err *err)
{
	struct tb_outfile o;
	enum tb_status st;

	TB_TRY(tb_outfile_open(&o, r->output, err));
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

static enum tb_status write_stdout(const struct report *r, const struct tb_report *report,
				   struct tb_err *err)
{
	TB_TRY(write_to(r, report, stdout, err));
	TB_TRY(tb_stream_check(stdout, "standard output", err));
	return r->job.rejects ? tb_rejects_commit(r->job.rejects, err) : TB_OK;
}

/* ---- the run ---- */

static enum tb_status write_report(struct report *r, struct tb_err *err)
{
	struct tb_report report = {0};
	enum tb_status st = name_files(r, err);

	if (st == TB_OK)
		st = tb_report_init(&report, r->job.tally, r->book, &r->job.facts, r->round, err);
	if (st == TB_OK)
		st = r->output ? write_file(r, &report, err) : write_stdout(r, &report, err);
	if (st == TB_OK) {
		tb_say_warnings(&r->job);
		if (!r->job.quiet)
			tb_say_summary(&r->job, &report);
	}
	tb_report_release(&report);
	return st;
}

static enum tb_status run(struct report *r, struct tb_err *err)
{
	TB_TRY(check_range(r, err));
	TB_TRY(check_operands(&r->logs, err));
	TB_TRY(load_rates(r, err));
	r->job.book = r->book;
	r->job.grouping.zone = r->zone;
	r->job.log_zone = r->log_zone;
	TB_TRY(tb_job_open(&r->job, r->logs.items, r->logs.count, err));
	TB_TRY(check_output(r, err));
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
	{"from a pipe", "zcat usage.csv.gz | tokbill report -"},
	{0},
};

static int run_report(const struct tb_command *self, int argc, const char *const *argv)
{
	struct report r = {.round = TB_MONEY_ROUND_NONE,
			   .job = {.from = INT32_MIN,
				   .to = INT32_MAX,
				   .grouping = {.max_cells = MAX_GROUPS},
				   .stop = tb_interrupt_flag()}};
	struct tb_err err = {0};
	enum tb_status st = take_by(&r, "date,model", &err);
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
	"report", "Price usage logs, per model and day", "LOG...", options, examples, run_report,
};
