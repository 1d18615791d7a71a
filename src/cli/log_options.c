#include "cli/log_options.h"

#include "cli/interrupt.h"
#include "report/report_sheet.h"

#include <string.h>
#include <unistd.h>

enum { MAX_GROUPS = 10000000, THREADS_MAX = 64, MEMORY_LEAST = 1 << 20 };

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

static enum tb_status add_group(struct tb_log_options *l, const char *list, struct tb_span name,
				struct tb_err *err)
{
	struct tb_grouping *g = &l->run_options.grouping;
	char *text = tb_arena_text(&l->arena, name.p, name.n);

	if (!text)
		return tb_fail_nomem(err);
	if (name.n == 0)
		return tb_bad_value("by", list, "an empty column name", err);
	if (tb_report_has_column(text))
		return tb_bad_value("by", list, "the report has a column of that name itself", err);
	for (size_t i = 0; i < g->count; i++)
		if (strcmp(g->columns[i].name, text) == 0)
			return tb_bad_value("by", list, "a column named twice", err);
	if (g->count == TB_GROUP_COLUMNS_MAX)
		return tb_bad_value("by", list, "more than 32 columns", err);
	g->columns[g->count++] = group_column(text);
	return TB_OK;
}

static enum tb_status take_by(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_log_options *l = ctx;

	l->run_options.grouping.count = 0;
	for (const char *p = value;;) {
		size_t n = strcspn(p, ",");

		TB_TRY(add_group(l, value, (struct tb_span){p, n}, err));
		if (!p[n])
			return TB_OK;
		p += n + 1;
	}
}

static enum tb_status take_period(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_log_options *l = ctx;

	for (int p = 0; p < TB_PERIODS; p++)
		if (strcmp(value, tb_period_names[p]) == 0) {
			l->run_options.grouping.period = (enum tb_period)p;
			return TB_OK;
		}
	return tb_bad_value("period", value, "not one of day, week, month", err);
}

static enum tb_status take_day(struct tb_log_options *l, const char *option, const char *value,
			       int32_t *day, struct tb_err *err)
{
	if (l->whole_month)
		return tb_bad_value(option, value, "--month gives both ends already", err);
	if (tb_date_parse(tb_span_of(value), day))
		return TB_OK;
	return tb_bad_value(option, value, "not a date such as 2026-04-01", err);
}

static enum tb_status take_from(void *ctx, const char *value, struct tb_err *err)
{
	return take_day(ctx, "from", value, &((struct tb_log_options *)ctx)->run_options.from, err);
}

static enum tb_status take_to(void *ctx, const char *value, struct tb_err *err)
{
	return take_day(ctx, "to", value, &((struct tb_log_options *)ctx)->run_options.to, err);
}

static enum tb_status take_month(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_log_options *l = ctx;

	if (l->run_options.from != INT32_MIN || l->run_options.to != INT32_MAX)
		return tb_bad_value("month", value, "--from and --to give the ends already", err);
	l->whole_month = true;
	if (tb_month_parse(tb_span_of(value), &l->run_options.from, &l->run_options.to))
		return TB_OK;
	return tb_bad_value("month", value, "not a month such as 2026-04", err);
}

static enum tb_status take_tz(void *ctx, const char *value, struct tb_err *err)
{
	return tb_zone_open(value, &((struct tb_log_options *)ctx)->zone, err);
}

static enum tb_status take_log_tz(void *ctx, const char *value, struct tb_err *err)
{
	return tb_zone_open(value, &((struct tb_log_options *)ctx)->log_zone, err);
}

static enum tb_status take_rejects(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct tb_log_options *)ctx)->run_options.rejects_dir = value;
	return TB_OK;
}

static enum tb_status take_files_from(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_names_from *from = &((struct tb_log_options *)ctx)->from;

	if (from->count == TB_NAME_LISTS_MAX)
		return tb_bad_value("files-from", value, "more than 16 lists", err);
	from->lists[from->count++] = value;
	return TB_OK;
}

TB_FLAG_TAKER(take_null, struct tb_log_options, from.nul_ended)

TB_FLAG_TAKER(take_strict, struct tb_log_options, strict)

static enum tb_status take_min_confidence(void *ctx, const char *value, struct tb_err *err)
{
	enum tb_confidence least = tb_confidence_of(value);

	if (least == TB_CONFIDENCE_UNKNOWN)
		return tb_bad_value("min-confidence", value, "not one of low, medium, high", err);
	((struct tb_log_options *)ctx)->run_options.least = least;
	return TB_OK;
}

static enum tb_status take_max_groups(void *ctx, const char *value, struct tb_err *err)
{
	uint64_t n;

	if (tb_count_parse(tb_span_of(value), &n) || n == 0 || n > UINT32_MAX / 2)
		return tb_bad_value("max-groups", value, "not a number from 1 to 2147483647", err);
	((struct tb_log_options *)ctx)->run_options.grouping.max_cells = n;
	return TB_OK;
}

static enum tb_status take_threads(void *ctx, const char *value, struct tb_err *err)
{
	uint64_t n;

	if (tb_count_parse(tb_span_of(value), &n) || n == 0 || n > THREADS_MAX)
		return tb_bad_value("threads", value, "not a number from 1 to 64", err);
	((struct tb_log_options *)ctx)->run_options.reading.threads = n;
	return TB_OK;
}

/* "64M": a number of bytes, or of so many K, M or G of them. */
static bool parse_size(struct tb_span s, uint64_t *bytes)
{
	static const char units[] = "KMG";
	const char *unit = s.n ? strchr(units, s.p[s.n - 1]) : NULL;
	unsigned shift = 0;

	if (unit && *unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		s.n--;
	}
	if (tb_count_parse(s, bytes) || *bytes > SIZE_MAX >> shift)
		return false;
	*bytes <<= shift;
	return true;
}

static enum tb_status take_memory(void *ctx, const char *value, struct tb_err *err)
{
	uint64_t n;

	if (!parse_size(tb_span_of(value), &n) || n < MEMORY_LEAST)
		return tb_bad_value("memory", value, "not a size from 1M, such as 80M or 2G", err);
	((struct tb_log_options *)ctx)->run_options.memory = n;
	return TB_OK;
}

const struct tb_option tb_log_choice_rows[] = {
	{'\0', "by", "COL,...",
	 "gather by date, model, provider, tier, or columns of the log|"
	 "(default: date,model; of whatif: model)",
	 "date model provider tier", false, take_by},
	{'\0', "period", "PERIOD", "gather dates by day (default), week or month", "day week month",
	 false, take_period},
	{'\0', "from", "DATE", "first day to bill, such as 2026-04-01", NULL, false, take_from},
	{'\0', "to", "DATE", "last day to bill", NULL, false, take_to},
	{'\0', "month", "MONTH", "bill one month, such as 2026-04", NULL, false, take_month},
	{'\0', "tz", "ZONE", "days are those of ZONE, such as Europe/Berlin (default: UTC)", "ZONE",
	 false, take_tz},
	{0},
};

const struct tb_option tb_log_input_rows[] = {
	{'\0', "log-tz", "ZONE",
	 "times in the log without a zone are on ZONE's clock|"
	 "(default: UTC)",
	 "ZONE", false, take_log_tz},
	{'\0', "files-from", "FILE",
	 "read the logs that FILE names, one to a line (-: standard input);|"
	 "may be repeated",
	 "FILE", true, take_files_from},
	{'0', "null", NULL, "names in --files-from end in NUL, as find -print0 writes them", NULL,
	 false, take_null},
	{0},
};

const struct tb_option tb_log_fault_rows[] = {
	{'\0', "rejects", "DIR", "set bad and unpriced rows aside in DIR and go on (exit code 2)",
	 "FILE", false, take_rejects},
	{'\0', "min-confidence", "LEVEL",
	 "bill by no price that the rates are less sure of; rows that need|"
	 "one are unpriced",
	 "low medium high", false, take_min_confidence},
	{'\0', "strict", NULL, "warnings are errors: nothing is written (exit code 65)", NULL,
	 false, take_strict},
	{0},
};

const struct tb_option tb_log_limit_rows[] = {
	{'\0', "max-groups", "N",
	 "stop beyond N tallies: one for each group, price era,|"
	 "tier and context (default: 10000000)",
	 NULL, false, take_max_groups},
	{'\0', "memory", "SIZE",
	 "keep request ids in at most SIZE of memory, such as 80M|"
	 "(the default), and what goes beyond in TMPDIR",
	 NULL, false, take_memory},
	{'\0', "threads", "N", "read on N threads (default: the machine's processors)", NULL, false,
	 take_threads},
	{0},
};

static size_t processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (size_t)n;
}

enum tb_status tb_log_options_init(struct tb_log_options *l, const char *command, const char *by,
				   struct tb_err *err)
{
	*l = (struct tb_log_options){.command = command,
				     .output = {.round = TB_MONEY_ROUND_NONE},
				     .run_options = {.from = INT32_MIN,
						     .to = INT32_MAX,
						     .grouping = {.max_cells = MAX_GROUPS,
								  .hash_key = tb_hash_key_random()},
						     .reading = {.threads = processors()},
						     .stop = tb_interrupt_flag()}};
	return take_by(l, by, err);
}

void tb_log_options_release(struct tb_log_options *l)
{
	tb_run_free(l->run);
	tb_problems_release(&l->problems);
	tb_inputs_release(&l->inputs);
	tb_book_free(l->book);
	tb_zone_free(l->zone);
	tb_zone_free(l->log_zone);
	tb_format_options_release(&l->formats);
	tb_arena_release(&l->arena);
}
