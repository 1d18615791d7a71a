/* tokbill rates list - which prices there are. */
#include "cli/cmd_rates.h"

#include "cli/rates_run.h"
#include "report/ratelist.h"

static enum tb_status take_provider(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct tb_rates_run *)ctx)->provider = value;
	return TB_OK;
}

static enum tb_status take_pattern(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_rates_run *r = ctx;

	if (r->pattern_count == TB_RATES_PATTERNS_MAX)
		return tb_bad_value("model", value, "more than 64 patterns", err);
	r->patterns[r->pattern_count++] = value;
	return TB_OK;
}

static const struct tb_option rows[] = {
	{'\0', "provider", "NAME", "only models of one vendor, such as openai", "PROVIDER", false,
	 take_provider},
	{'\0', "model", "PATTERN",
	 "only models whose name or alias matches, such as 'gpt-5*';|may be repeated", "MODEL",
	 true, take_pattern},
	{'\0', "as-of", "DATE", "only what is in force on DATE (00:00 UTC, or an instant)", NULL,
	 false, tb_rates_take_as_of},
	{0},
};

static const struct tb_option_group options[] = {
	{rows, 0, NULL}, TB_RATES_RUN_SOURCE, TB_RATES_RUN_OUTPUT, {0}};

static const struct tb_example examples[] = {
	{"the built-in rates", "tokbill rates list"},
	{"what OpenAI's GPT-5 models cost on one day",
	 "tokbill rates list --provider openai --model 'gpt-5*' --as-of 2026-09-01"},
	{"all prices of files, as a CSV for a spreadsheet",
	 "tokbill rates list -o prices.csv rates/*.ini"},
	{0},
};

static enum tb_status list(struct tb_rates_run *r, struct tb_err *err)
{
	struct tb_ratelist_filter filter = {
		.provider = r->provider,
		.models = r->patterns,
		.model_count = r->pattern_count,
		.in_force_only = r->has_as_of,
		.instant = r->as_of,
	};
	struct tb_sheet list;
	enum tb_status st;

	TB_TRY(tb_rates_open(r, 0, err));
	st = tb_ratelist_init(&list, r->book, &filter, err);
	if (st == TB_OK)
		st = tb_output_sheet(&r->output, &list, NULL, err);
	tb_sheet_release(&list);
	return st;
}

static int run(const struct tb_command *self, int argc, const char *const *argv)
{
	return tb_rates_run(self, argc, argv, list);
}

const struct tb_command tb_cmd_rates_list = {
	.name = "list",
	.group = "rates",
	.summary = "List models and their prices, one row for each price era",
	.operands = "[FILE...]",
	.options = options,
	.examples = examples,
	.run = run,
};
