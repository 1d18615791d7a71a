/* tokbill rates check - whether rates load, and what a person should look at once more. */
#include "cli/cmd_rates.h"

#include "cli/rates_run.h"
#include "ratebook/lint.h"

#include <inttypes.h>

/* A rate file is mended as a whole. */
enum { WARNINGS_SHOWN = 1000 };

TB_FLAG_TAKER(take_strict, struct tb_rates_run, strict)

static const struct tb_option rows[] = {
	{'\0', "as-of", "DATE", "the day by which age is judged (default: now)", NULL, false,
	 tb_rates_take_as_of},
	{'\0', "strict", NULL, "end with exit code 1 when there is a warning", NULL, false,
	 take_strict},
	{'q', "quiet", NULL, "no summary; warnings and errors stay", NULL, false,
	 tb_rates_take_quiet},
	{0},
};

static const struct tb_option_group options[] = {{rows, 0, NULL}, TB_RATES_RUN_SOURCE, {0}};

static const struct tb_example examples[] = {
	{"one's own rates: errors and warnings", "tokbill rates check negotiated.ini"},
	{"in a pipeline, where a warning shall fail (exit code 1)",
	 "tokbill rates check --strict rates.ini"},
	{"what will be out of date in the new year", "tokbill rates check --as-of 2027-01-01"},
	{0},
};

static void say_summary(size_t eras, uint64_t warnings)
{
	tb_say("%zu price era%s checked: %" PRIu64 " warning%s", eras, eras == 1 ? "" : "s",
	       warnings, warnings == 1 ? "" : "s");
}

static enum tb_status check(struct tb_rates_run *r, struct tb_err *err)
{
	struct tb_problems warnings = {.limit = WARNINGS_SHOWN};
	enum tb_status st;

	TB_TRY(tb_rates_open(r, 0, err));
	st = tb_lint_book(r->book, tb_rates_instant(r), &warnings, err);
	if (st == TB_OK) {
		tb_say_problems(&warnings);
		if (!r->output.quiet)
			say_summary(tb_book_era_count(r->book), warnings.total);
	}
	if (warnings.total && r->strict)
		r->code = TB_EXIT_DIFFERENCES;
	tb_problems_release(&warnings);
	return st;
}

static int run(const struct tb_command *self, int argc, const char *const *argv)
{
	return tb_rates_run(self, argc, argv, check);
}

const struct tb_command tb_cmd_rates_check = {
	.name = "check",
	.group = "rates",
	.summary = "Check rate files: what is wrong with them, and what looks odd",
	.operands = "[FILE...]",
	.options = options,
	.examples = examples,
	.run = run,
};
