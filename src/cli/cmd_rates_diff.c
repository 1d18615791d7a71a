/* tokbill rates diff - how two price lists differ. */
#include "cli/cmd_rates.h"

#include "cli/rates_run.h"
#include "report/ratediff.h"

static const struct tb_option rows[] = {
	{'q', "quiet", NULL, "no summary; errors stay", NULL, false, tb_rates_take_quiet},
	{0},
};

static const struct tb_option_group options[] = {TB_RATES_RUN_OUTPUT, {rows, 0, NULL}, {0}};

static const struct tb_example examples[] = {
	{"what a new price list changes (exit code 1)", "tokbill rates diff old.ini new.ini"},
	{"one's own prices against the built-in ones, for a spreadsheet (exit code 1)",
	 "tokbill rates diff -f csv built-in negotiated.ini"},
	{0},
};

static enum tb_status load(struct tb_rates_run *r, const char *name, struct tb_book **book,
			   struct tb_err *err)
{
	struct tb_rates_source source = {0};

	TB_TRY(tb_rates_add(&source, name, err));
	if (!tb_rates_are_builtin(name)) /* -o must not replace it */
		TB_TRY(tb_rates_add(&r->source, name, err));
	return tb_rates_load(&source, &r->arena, book, &r->problems, err);
}

static enum tb_status compare(struct tb_rates_run *r, const struct tb_book *other,
			      struct tb_err *err)
{
	struct tb_sheet sheet;
	enum tb_status st = tb_ratediff_init(&sheet, r->book, other, err);

	if (st == TB_OK)
		st = tb_output_sheet(&r->output, &sheet, NULL, err);
	if (st == TB_OK && sheet.row_count)
		r->code = TB_EXIT_DIFFERENCES;
	if (st == TB_OK && !r->output.quiet)
		tb_say("%zu difference%s", sheet.row_count, sheet.row_count == 1 ? "" : "s");
	tb_sheet_release(&sheet);
	return st;
}

static enum tb_status diff(struct tb_rates_run *r, struct tb_err *err)
{
	struct tb_book *other = NULL;
	enum tb_status st;

	if (r->operands.count != 2)
		return tb_fail(
			err, TB_USAGE,
			"%zu rate file%s given; name two, of which one may be `" TB_BUILTIN_RATES
			"`",
			r->operands.count, r->operands.count == 1 ? "" : "s");
	TB_TRY(load(r, r->operands.items[0], &r->book, err));
	st = load(r, r->operands.items[1], &other, err);
	if (st == TB_OK)
		st = tb_rates_check_output(r, err);
	if (st == TB_OK)
		st = compare(r, other, err);
	tb_book_free(other);
	return st;
}

static int run(const struct tb_command *self, int argc, const char *const *argv)
{
	return tb_rates_run(self, argc, argv, diff);
}

const struct tb_command tb_cmd_rates_diff = {
	.name = "diff",
	.group = "rates",
	.summary = "Show which prices differ between two rate files, and since when",
	.operands = "OLD NEW",
	.options = options,
	.examples = examples,
	.run = run,
};
