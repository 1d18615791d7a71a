/* tokbill rates check - whether rates load, and what a person should look at once more. */
#include "cli/cmd_rates.h"

#include "cli/rates_run.h"
#include "base/keytab.h"
#include "ratebook/lint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * A rate file is mended as a whole, so all is told. What is said in the same words of more than a
 * few lines is said of the first of them, with how many there are: of an imported list every model
 * lacks the same field.
 */
enum { WARNINGS_KEPT = 100000, ALIKE_MAX = 3 };

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

/* "FILE:LINE: REASON" without its place. */
static struct tb_span reason_of(const struct tb_buf *warning)
{
	const char *text = warning->p ? warning->p : "", *p = text;

	while ((p = strchr(p, ':')) != NULL) {
		size_t digits = strspn(p + 1, "0123456789");

		p += 1 + digits;
		if (digits && p[0] == ':' && p[1] == ' ')
			return tb_span_of(p + 2);
	}
	return tb_span_of(text);
}

/* The warnings in their order; `count` and `group` have room for one number each. */
static enum tb_status say_grouped(const struct tb_problems *ps, size_t *count, uint32_t *group,
				  struct tb_err *err)
{
	struct tb_keytab reasons;
	bool added, nomem = false;

	tb_keytab_init(&reasons);
	for (size_t i = 0; i < ps->kept && !nomem; i++) {
		struct tb_span reason = reason_of(&ps->text[i]);

		group[i] = tb_keytab_put(&reasons, reason.p, reason.n, &added);
		nomem = group[i] == TB_KEYTAB_NONE;
		if (!nomem)
			count[group[i]]++;
	}
	for (size_t i = 0; i < ps->kept && !nomem; i++) {
		size_t *left = &count[group[i]];

		if (*left == 0)
			continue; /* told with the first of them */
		tb_say_problem(ps, i);
		if (*left > ALIKE_MAX) {
			tb_say("and %zu more like this one", *left - 1);
			*left = 0;
		}
	}
	tb_keytab_release(&reasons);
	return nomem ? tb_fail_nomem(err) : TB_OK;
}

static enum tb_status say_warnings(const struct tb_problems *ps, struct tb_err *err)
{
	size_t *count = calloc(ps->kept + 1, sizeof(*count));
	uint32_t *group = calloc(ps->kept + 1, sizeof(*group));
	enum tb_status st =
		count && group ? say_grouped(ps, count, group, err) : tb_fail_nomem(err);

	if (st == TB_OK && ps->total > ps->kept)
		tb_say("and %" PRIu64 " more", ps->total - ps->kept);
	free(count);
	free(group);
	return st;
}

static enum tb_status check(struct tb_rates_run *r, struct tb_err *err)
{
	struct tb_problems warnings = {.limit = WARNINGS_KEPT};
	enum tb_status st;

	TB_TRY(tb_rates_open(r, 0, err));
	st = tb_lint_book(r->book, tb_rates_instant(r), &warnings, err);
	if (st == TB_OK)
		st = say_warnings(&warnings, err);
	if (st == TB_OK && !r->output.quiet)
		say_summary(tb_book_era_count(r->book), warnings.total);
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
