/* tokbill whatif - what a log would have cost. */
#include "cli/cmd_whatif.h"

#include "billing/scenario_tally.h"
#include "cli/budget.h"
#include "cli/log_run.h"
#include "cli/messages.h"
#include "cli/scenario_options.h"
#include "cli/summary.h"
#include "cli/sweep.h"
#include "report/comparison_sheet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ALSO_MAX = 1 + TB_SCENARIOS_MAX * TB_RATES_B_MAX };

struct whatif {
	struct tb_log_options log;
	struct tb_asked asked[TB_SCENARIOS_MAX]; /* the first is the command line's */
	size_t count;
	const char *file; /* --scenario */
	struct tb_sweep sweep;
	bool has_budget;
	struct tb_money budget;

	struct tb_book *books[TB_SCENARIOS_MAX]; /* NULL: the log's */
	struct tb_scenario scenarios[TB_SCENARIOS_MAX];
	struct tb_scenario_tally counting;
	struct tb_run_rows rows;
	const char *also[ALSO_MAX];
	struct tb_comparison_side sides[TB_SCENARIOS_MAX];
	struct tb_comparison_today *today;
	size_t today_count;

	bool over_budget;
	bool incomplete; /* rows have no price in a scenario */
};

/* ---- options ---- */

static enum tb_status take(void *ctx, const char *name, const char *value, struct tb_err *err)
{
	struct whatif *w = ctx;
	char why[TB_WHY_TEXT];
	const char *fault = tb_asked_take(&w->asked[0], name, value, &w->log.arena, why);

	return fault ? tb_bad_value(name, value, fault, err) : TB_OK;
}

#define TAKER(function, option, given)                                                             \
	static enum tb_status function(void *ctx, const char *value, struct tb_err *err)           \
	{                                                                                          \
		(void)value;                                                                       \
		return take(ctx, option, given, err);                                              \
	}

TAKER(take_move, "move", value)
TAKER(take_replacements, "replacements", "yes")
TAKER(take_batch_share, "batch-share", value)
TAKER(take_cache_hit, "cache-hit", value)
TAKER(take_scale, "scale", value)
TAKER(take_rates_b, "rates-b", value)
TAKER(take_as_of, "as-of", value)

static enum tb_status take_scenario(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct whatif *)ctx)->file = value;
	return TB_OK;
}

static enum tb_status take_sweep(void *ctx, const char *value, struct tb_err *err)
{
	char why[TB_WHY_TEXT];
	const char *fault = tb_sweep_parse(&((struct whatif *)ctx)->sweep, value, why);

	return fault ? tb_bad_value("sweep", value, fault, err) : TB_OK;
}

static enum tb_status take_budget(void *ctx, const char *value, struct tb_err *err)
{
	struct whatif *w = ctx;

	w->has_budget = true;
	return tb_take_budget(value, &w->budget, err);
}

static const struct tb_option own_rows[] = {
	{'\0', "move", "FROM=TO",
	 "the usage of FROM, a model or a pattern, would be on TO;|"
	 "may be repeated, and the first FROM that matches counts",
	 "MODEL", true, take_move},
	{'\0', "replacements", NULL,
	 "each model would be what its card names as replacement, to the|end of the chain", NULL,
	 false, take_replacements},
	{'\0', "batch-share", "PART",
	 "40%, or MODEL=40%: that part of the standard tier would be in|batch; may be repeated",
	 NULL, true, take_batch_share},
	{'\0', "cache-hit", "PART",
	 "60%, or MODEL=60%: that part of the input that is not written to|"
	 "a cache would be read from one; may be repeated",
	 NULL, true, take_cache_hit},
	{'\0', "scale", "PERCENT", "there would be that much of everything, such as 120%", NULL,
	 false, take_scale},
	{'\0', "rates-b", "FILE", "at the prices of FILE, where it has them; may be repeated",
	 "FILE", true, take_rates_b},
	{'\0', "as-of", "DATE", "at the prices of that day or instant", NULL, false, take_as_of},
	{'\0', "scenario", "FILE",
	 "scenarios from an INI file: a section each, with the options|above as keys", "FILE",
	 false, take_scenario},
	{'\0', "sweep", "RANGE",
	 "vary batch-share, cache-hit or scale, such as|batch-share=0..100%/10 (10 steps)", NULL,
	 false, take_sweep},
	{'\0', "budget", "AMOUNT", "exit code 1 when a scenario costs more", NULL, false,
	 take_budget},
	{0},
};

static const struct tb_option_group option_groups[] = {
	{own_rows, 0, "Scenarios"},
	TB_LOG_OPTION_GROUPS(struct whatif),
	{0},
};

/* ---- scenarios ---- */

static enum tb_status check_options(struct whatif *w, struct tb_err *err)
{
	const char *why;

	if (w->file && w->asked[0].any)
		return tb_fail(err, TB_USAGE,
			       "--scenario and options of a scenario: type them as keys into %s",
			       w->file);
	if (w->sweep.of && w->has_budget)
		return tb_fail(err, TB_USAGE, "--sweep and --budget: type one of them");
	if (w->sweep.of && w->file)
		return tb_fail(err, TB_USAGE,
			       "--sweep and --scenario: type the scenario's keys as options");
	why = w->sweep.of ? tb_sweep_prepare(&w->sweep, &w->asked[0]) : NULL;
	return why ? tb_fail(err, TB_USAGE, "--sweep: %s", why) : TB_OK;
}

/* `model` is what a row of whatif is about, so it is always among the groups. */
static enum tb_status group_by_model(struct whatif *w, struct tb_err *err)
{
	struct tb_grouping *g = &w->log.run_options.grouping;

	if (tb_grouping_has(g, TB_BY_MODEL))
		return TB_OK;
	if (g->count == TB_GROUP_COLUMNS_MAX)
		return tb_fail(err, TB_USAGE, "--by: more than 31 columns beside the model");
	g->columns[g->count++] = (struct tb_group_column){.by = TB_BY_MODEL, .name = "model"};
	return TB_OK;
}

static enum tb_status refuse_own_columns(const struct whatif *w, struct tb_err *err)
{
	const struct tb_grouping *g = &w->log.run_options.grouping;

	for (size_t i = 0; i < g->count; i++)
		if (tb_comparison_has_column(g->columns[i].name))
			return tb_bad_value("by", g->columns[i].name,
					    "the report has a column of that name itself", err);
	return TB_OK;
}

static enum tb_status read_scenarios(struct whatif *w, struct tb_err *err)
{
	size_t also = 0;

	w->count = 1;
	if (w->file) {
		w->count = 0;
		w->also[also++] = w->file;
		TB_TRY(tb_asked_read(w->file, w->asked, &w->count, &w->log.arena, &w->log.problems,
				     err));
	}
	for (size_t i = 0; i < w->count; i++)
		for (size_t k = 0; k < w->asked[i].rates_b_count; k++)
			w->also[also++] = w->asked[i].rates_b[k];
	w->log.also_read = w->also;
	w->log.also_count = also;
	return TB_OK;
}

/* Errors of a scenario from a file say which. */
static enum tb_status make_scenario(struct whatif *w, size_t i, struct tb_err *err)
{
	const struct tb_asked *a = &w->asked[i];
	struct tb_err why = {0};
	enum tb_status st;

	if (a->rates_b_count)
		TB_TRY(tb_rates_load_more(&w->log.rates, a->rates_b, a->rates_b_count, &w->books[i],
					  &w->log.problems, err));
	st = tb_scenario_init(&w->scenarios[i], &a->wish, w->log.book,
			      w->books[i] ? w->books[i] : w->log.book, &why);
	if (st == TB_OK)
		return TB_OK;
	if (a->file)
		return tb_fail(err, TB_CONFIG, "%s:%" PRIu64 ": [%s]: %s", a->file, a->line,
			       a->wish.name, why.text);
	return tb_fail(err, st, "%s%s", st == TB_USAGE ? "--" : "", why.text);
}

/* ---- rows ---- */

static void *make_part(void *ctx)
{
	return tb_scenario_tally_new(ctx);
}

static void free_part(void *part)
{
	tb_scenario_tally_free(part);
}

static void clear_part(void *part)
{
	tb_scenario_tally_clear(part);
}

static enum tb_status add_row(void *part, const struct tb_usage *u, const struct tb_rated *rated,
			      int32_t day, struct tb_err *err)
{
	return tb_scenario_tally_add(part, u, rated, day, err);
}

static bool add_alike_row(void *part, const struct tb_usage *u)
{
	return tb_scenario_tally_add_alike(part, u);
}

static enum tb_status note_unpriced(void *part, const struct tb_usage *u, struct tb_err *err)
{
	return tb_scenario_tally_unpriced(part, u, err);
}

static enum tb_status merge_part(void *to, const void *from, size_t threads, struct tb_err *err)
{
	return tb_scenario_tally_merge(to, from, threads, err);
}

static void count_rows(struct whatif *w)
{
	w->counting =
		(struct tb_scenario_tally){w->scenarios, w->count, tb_run_grouping(w->log.run)};
	w->rows = (struct tb_run_rows){make_part,     free_part,     clear_part, add_row,
				       add_alike_row, note_unpriced, merge_part, &w->counting};
	tb_run_count_with(w->log.run, &w->rows);
}

/* ---- results ---- */

static int compare_today(const void *a, const void *b)
{
	return strcmp(((const struct tb_comparison_today *)a)->model,
		      ((const struct tb_comparison_today *)b)->model);
}

static enum tb_status list_today(struct whatif *w, const struct tb_scenario_tally_part *p,
				 struct tb_err *err)
{
	w->today = calloc(p->unpriced.n + 1, sizeof(*w->today));
	if (!w->today)
		return tb_fail_nomem(err);
	for (uint32_t i = 0; i < p->unpriced.n; i++)
		w->today[w->today_count++] = (struct tb_comparison_today){
			tb_keytab_key(&p->unpriced, i).p, p->unpriced_requests[i]};
	qsort(w->today, w->today_count, sizeof(*w->today), compare_today);
	return TB_OK;
}

static void check_budget(struct whatif *w, const struct tb_comparison *v)
{
	char cost[TB_MONEY_TEXT], text[TB_MONEY_TEXT];

	for (size_t i = 0; i < v->total_count; i++) {
		const struct tb_comparison_row *t = &v->totals[i];
		const char *name = v->named ? w->asked[t->scenario].wish.name : "scenario";

		if (tb_money_compare(t->cost, w->budget) <= 0)
			continue;
		w->over_budget = true;
		tb_say("%s: %s %s exceeds the budget of %s", name, t->currency,
		       tb_money_text(t->cost, cost), tb_money_text(w->budget, text));
	}
}

static void say_total(const struct whatif *w, const struct tb_comparison *v,
		      const struct tb_comparison_row *t)
{
	char baseline[TB_MONEY_TEXT], cost[TB_MONEY_TEXT], difference[TB_MONEY_TEXT];
	char ratio[TB_MONEY_TEXT];
	bool known = tb_money_sign(t->baseline) != 0;

	tb_say("%s%s%s %s instead of %s: %s%s%s%s", v->named ? w->asked[t->scenario].wish.name : "",
	       v->named ? ": " : "", t->currency,
	       tb_money_text(tb_money_round(t->cost, v->round), cost),
	       tb_money_text(tb_money_round(t->baseline, v->round), baseline),
	       tb_money_text(tb_money_round(t->difference, v->round), difference),
	       known ? " (" : "",
	       known ? tb_ratio_text(t->difference, t->baseline, 100, ratio) : "",
	       known ? " %)" : "");
}

/* A table and JSON list what has no price; CSV has only the rows. */
static void say_reasons(const struct whatif *w, const struct tb_comparison *v)
{
	char count[TB_COUNT_TEXT];

	if (tb_output_format(&w->log.output) != tb_writer_named("csv"))
		return;
	for (size_t i = 0; i < v->reason_count; i++) {
		const struct tb_comparison_reason *r = &v->reasons[i];

		tb_say("%s%s%s request%s in no total: %.*s",
		       v->named ? w->asked[r->scenario].wish.name : "", v->named ? ": " : "",
		       tb_count_text(r->requests, '\0', count),
		       r->requests == 1 ? " has no price and is" : "s have no price and are",
		       (int)r->text.n, r->text.p);
	}
}

static void say_results(struct whatif *w, const struct tb_comparison *v)
{
	say_reasons(w, v);
	for (size_t i = 0; i < v->total_count && !w->log.output.quiet; i++)
		say_total(w, v, &v->totals[i]);
	if (w->has_budget)
		check_budget(w, v);
}

static enum tb_status write_sheet(struct whatif *w, const struct tb_comparison *v,
				  struct tb_err *err)
{
	const struct tb_output *o = &w->log.output;
	struct tb_comparison_sheet s;
	enum tb_status st = tb_comparison_sheet_init(&s, v, tb_output_reader(o), err);

	if (st == TB_OK)
		st = tb_output_sheet(o, &s.sheet, tb_run_rejects(w->log.run), err);
	tb_comparison_sheet_release(&s);
	return st;
}

static enum tb_status write_comparison(struct whatif *w, struct tb_comparison *v,
				       struct tb_err *err)
{
	TB_TRY(tb_comparison_init(v, err));
	w->incomplete = v->unpriced != 0;
	TB_TRY(write_sheet(w, v, err));
	if (!w->log.output.quiet)
		tb_say_rows(&w->log);
	say_results(w, v);
	return TB_OK;
}

static enum tb_status write_sweep(struct whatif *w, const struct tb_comparison *v,
				  struct tb_err *err)
{
	tb_u128 unpriced = 0;

	TB_TRY(tb_sweep_write(&w->sweep, v, &w->log.output, tb_run_rejects(w->log.run), &unpriced,
			      err));
	w->incomplete = unpriced != 0;
	if (!w->log.output.quiet)
		tb_say_rows(&w->log);
	return TB_OK;
}

static enum tb_status write_results(struct whatif *w, struct tb_err *err)
{
	const struct tb_scenario_tally_part *p = tb_run_part(w->log.run);
	struct tb_comparison v = {.sides = w->sides,
				  .side_count = w->count,
				  .named = w->file != NULL,
				  .facts = &w->log.facts,
				  .round = w->log.output.round,
				  .force = {TB_SHARE_NONE, TB_SHARE_NONE, TB_SHARE_NONE}};
	enum tb_status st = list_today(w, p, err);

	for (size_t i = 0; i < w->count; i++)
		w->sides[i] = (struct tb_comparison_side){&w->scenarios[i], p->tallies[i]};
	v.today = w->today;
	v.today_count = w->today_count;
	if (st == TB_OK)
		st = w->sweep.of ? write_sweep(w, &v, err) : write_comparison(w, &v, err);
	tb_comparison_release(&v);
	return st;
}

/* ---- the run ---- */

static void warn_of_averages(struct whatif *w)
{
	const struct tb_scenario_tally_part *p = tb_run_part(w->log.run);

	if (p->by_average)
		tb_warn(&w->log.warnings, TB_WARN_SCENARIO,
			"%" PRIu64 " rows sum several requests: their average decided the "
			"long-context price of a scenario",
			p->by_average);
}

/* The log beside itself is a fair question with --budget alone. */
static void note_without_scenario(const struct whatif *w)
{
	if (!w->asked[0].any && !w->file && !w->sweep.of && !w->has_budget && !w->log.output.quiet)
		tb_say("no scenario given, so nothing will differ; --move, --batch-share, --cache-hit "
		       "and others make one (see `tokbill whatif --help`)");
}

static enum tb_status run(struct whatif *w, struct tb_err *err)
{
	TB_TRY(check_options(w, err));
	TB_TRY(refuse_own_columns(w, err));
	TB_TRY(group_by_model(w, err));
	TB_TRY(read_scenarios(w, err));
	TB_TRY(tb_log_open(&w->log, err));
	for (size_t i = 0; i < w->count; i++)
		TB_TRY(make_scenario(w, i, err));
	note_without_scenario(w);
	count_rows(w);
	TB_TRY(tb_log_run(&w->log, err));
	warn_of_averages(w);
	TB_TRY(tb_log_warn(&w->log, err));
	return write_results(w, err);
}

static int exit_code(const struct whatif *w, enum tb_status st)
{
	if (st != TB_OK)
		return tb_exit_code(st);
	if (w->over_budget)
		return TB_EXIT_DIFFERENCES;
	return w->incomplete || w->log.facts.set_aside ? TB_EXIT_SET_ASIDE : TB_EXIT_OK;
}

static void release(struct whatif *w)
{
	tb_log_options_release(&w->log);
	for (size_t i = 0; i < TB_SCENARIOS_MAX; i++) {
		tb_scenario_release(&w->scenarios[i]);
		tb_book_free(w->books[i]);
	}
	free(w->today);
	free(w);
}

static int run_whatif(const struct tb_command *self, int argc, const char *const *argv)
{
	struct whatif *w = calloc(1, sizeof(*w));
	struct tb_err err = {0};
	enum tb_status st;
	int code;

	if (!w) {
		tb_say("out of memory");
		return tb_exit_code(TB_NOMEM);
	}
	tb_asked_init(&w->asked[0], "scenario");
	st = tb_log_options_init(&w->log, self->name, "model", &err);
	if (st == TB_OK)
		st = tb_options_parse(self, argc, argv, w, &w->log.arena, &w->log.logs, &err);
	if (st == TB_OK && w->log.logs.help)
		tb_command_help(self, stdout);
	else if (st == TB_OK)
		st = run(w, &err);
	tb_say_problems(&w->log.problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	code = exit_code(w, st);
	release(w);
	return code;
}

static const struct tb_example examples[] = {
	{"last month with less on the largest model, all in batch, 60 % cache hits",
	 "tokbill whatif --move 'claude-opus-*=claude-haiku-4-5' --batch-share 100% --cache-hit 60% usage.csv"},
	{"at next year's prices, by project",
	 "tokbill whatif --as-of 2027-01-01 --by project usage.csv"},
	{"at the prices of an offer, held against a budget (exit code 1)",
	 "tokbill whatif --rates-b offer.ini --budget 2000 usage.csv"},
	{"how the bill falls as more goes to batch",
	 "tokbill whatif --sweep batch-share=0..100%/10 usage.csv"},
	{0},
};

const struct tb_command tb_cmd_whatif = {
	.name = "whatif",
	.summary = "Price a log as it was and as it would have been",
	.operands = "LOG...",
	.options = option_groups,
	.examples = examples,
	.run = run_whatif,
};
