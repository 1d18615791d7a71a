/* tokbill estimate - what usage costs before there is any. */
#include "cli/cmd_estimate.h"

#include "cli/estimate.h"
#include "cli/messages.h"
#include "report/report_sheet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A model that was asked for and has no price. */
struct unpriced {
	const char *model, *reason;
};

/* ---- models ---- */

enum tb_status tb_estimate_unpriced(struct tb_estimate *e, const char *model, const char *reason,
				    struct tb_err *err)
{
	struct unpriced u = {tb_arena_text(&e->options.arena, model, strlen(model)),
			     tb_arena_text(&e->options.arena, reason, strlen(reason))};

	if (!u.model || !u.reason ||
	    !tb_grow(&e->unpriced, &e->unpriced_cap, e->unpriced_count + 1, sizeof(u)))
		return tb_fail_nomem(err);
	e->unpriced[e->unpriced_count++] = u;
	e->facts.rows++;
	e->facts.set_aside++;
	return TB_OK;
}

enum tb_status tb_estimate_bill(struct tb_estimate *e, const struct tb_usage *u,
				const struct tb_rated *rated, struct tb_err *err)
{
	e->facts.by_midnight += rated->by_midnight;
	for (int m = 0; m < TB_TOKEN_METERS; m++)
		e->facts.tokens += (tb_u128)u->tokens[m] * e->options.requests;
	return tb_tally_add_times(e->tally, u, rated, tb_grouping_day(&e->grouping, u),
				  e->options.requests, err);
}

static enum tb_status price_typed(struct tb_estimate *e, const char *model, struct tb_err *err)
{
	struct tb_usage u = e->options.request;
	struct tb_problem why = {0};
	struct tb_rated rated;

	u.model = tb_span_of(model);
	if (!tb_rate_usage(&e->rater, &u, &rated, &why))
		return tb_estimate_unpriced(e, model, why.reason, err);
	e->facts.rows++;
	e->facts.billed++;
	return tb_estimate_bill(e, &u, &rated, err);
}

/* ---- all models ---- */

static enum tb_status price_model(void *ctx, const char *model, const struct tb_era *era,
				  struct tb_err *err)
{
	struct tb_estimate *e = ctx;

	return e->prompts.count ? tb_estimate_counted(e, model, era, err)
				: price_typed(e, model, err);
}

static enum tb_status price_models(struct tb_estimate *e, struct tb_err *err)
{
	struct tb_model_choice choice = e->options.models;

	TB_TRY(tb_estimate_read(e, &choice, err));
	TB_TRY(tb_model_choice_each(&choice, e->book, e->options.request.instant, price_model, e,
				    err));
	if (e->facts.billed || e->uncounted)
		return TB_OK;
	if (e->unpriced_count == 1)
		return tb_fail(err, TB_DATA, "%s: %s", e->unpriced[0].model, e->unpriced[0].reason);
	for (size_t i = 0; i < e->unpriced_count; i++)
		tb_say("%s: %s", e->unpriced[i].model, e->unpriced[i].reason);
	return tb_fail(err, TB_DATA, "none of the models has a price for this usage");
}

/* ---- comparison ---- */

static struct cheapest *cheapest_of(const struct tb_estimate *e, const char *currency)
{
	size_t i = 0;

	while (i < e->cheapest_count && strcmp(e->cheapest[i].currency, currency) != 0)
		i++;
	return &e->cheapest[i];
}

/* Rows come cheapest first, so that the first of a currency is its cheapest. */
static enum tb_status note_cheapest(void *ctx, const struct tb_report_row *row)
{
	struct tb_estimate *e = ctx;
	struct cheapest *c = cheapest_of(e, row->currency);

	if (c == &e->cheapest[e->cheapest_count]) {
		*c = (struct cheapest){row->currency, row->charge.amounts[TB_COST]};
		e->cheapest_count++;
	}
	return TB_OK;
}

/* How many times the cheapest it costs. */
static struct tb_sheet_cell factor_cell(const void *ctx, const struct tb_report_row *row)
{
	const struct cheapest *c = cheapest_of(ctx, row->currency);

	return tb_cell_of_ratio(row->charge.amounts[TB_COST], c->cost, 1);
}

static bool writes_csv(const struct tb_estimate *e)
{
	return tb_output_format(&e->options.output) == tb_writer_named("csv");
}

/* ---- budget ---- */

/* How many requests the budget pays for; nothing when any number of them. */
static struct tb_sheet_cell fitting_cell(const void *ctx, const struct tb_report_row *row)
{
	const struct tb_estimate *e = ctx;
	struct tb_money cost = row->charge.amounts[TB_COST];
	tb_u128 fitting;

	/* The cost is that of one request times their number. */
	if (tb_money_sign(cost) == 0 || e->options.requests == 0 ||
	    !tb_money_count(e->options.budget, e->options.requests, cost, &fitting))
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	return tb_cell_of_count(fitting);
}

static enum tb_status note_budget(void *ctx, const struct tb_report_row *row)
{
	struct tb_estimate *e = ctx;

	e->over_budget += tb_money_compare(row->charge.amounts[TB_COST], e->options.budget) > 0;
	return TB_OK;
}

static enum tb_status say_budget_of(void *ctx, const struct tb_report_row *row)
{
	const struct tb_estimate *e = ctx;
	char count[TB_COUNT_TEXT], cost[TB_MONEY_TEXT], budget[TB_MONEY_TEXT];
	struct tb_sheet_cell fitting = fitting_cell(e, row);
	bool none = e->options.requests == 0; /* what one costs was not worked out */
	bool over = tb_money_compare(row->charge.amounts[TB_COST], e->options.budget) > 0;

	tb_say("%.*s: %s %s %s the budget of %s; %s%s", (int)row->texts[1].n, row->texts[1].p,
	       row->currency, tb_money_text(row->charge.amounts[TB_COST], cost),
	       over ? "exceeds" : "is within", tb_money_text(e->options.budget, budget),
	       none                            ? "with --requests 1 or more it is said how many"
	       : fitting.kind == TB_CELL_COUNT ? tb_count_text(fitting.is.count, '\0', count)
					       : "any number of",
	       none ? " fit in" : " requests fit in");
	return TB_OK;
}

/* Tables and JSON have a column that says how many requests fit in. */
static enum tb_status say_budget(struct tb_estimate *e, const struct tb_report *report)
{
	char budget[TB_MONEY_TEXT];

	TB_TRY(tb_report_each(report, note_budget, e));
	if (e->options.output.quiet && !e->over_budget)
		return TB_OK;
	if (report->row_count == 1 || writes_csv(e))
		return tb_report_each(report, say_budget_of, e);
	tb_say("%zu of %zu models exceed the budget of %s", e->over_budget, report->row_count,
	       tb_money_text(e->options.budget, budget));
	return TB_OK;
}

/* ---- the run ---- */

static enum tb_status make_tally(struct tb_estimate *e, struct tb_err *err)
{
	e->grouping = (struct tb_grouping){.columns = {{.by = TB_BY_DATE, .name = "date"},
						       {.by = TB_BY_MODEL, .name = "model"}},
					   .count = 2};
	e->tally = tb_tally_new(&e->grouping);
	e->rater.book = e->book;
	tb_keytab_init(&e->approximated);
	e->facts.rate_files = tb_rates_names(&e->options.rates, &e->facts.rate_file_count);
	return e->tally ? TB_OK : tb_fail_nomem(err);
}

static void say_results(struct tb_estimate *e, const struct tb_report *report)
{
	const struct tb_output *o = &e->options.output;
	char cost[TB_MONEY_TEXT];

	/* The other formats list them. */
	for (size_t i = 0; writes_csv(e) && i < e->unpriced_count; i++)
		tb_say("%s: %s", e->unpriced[i].model, e->unpriced[i].reason);
	if (e->uncounted && e->options.models.all)
		tb_say("%zu model%s without a published tokenizer left out; --approximate counts "
		       "with o200k_base",
		       e->uncounted, e->uncounted == 1 ? "" : "s");
	if (e->facts.by_midnight)
		tb_say("00:00 UTC decided the peak-hour price; type the hour, such as "
		       "--on 2026-09-01T14:00:00Z");
	for (size_t i = 0; !o->quiet && i < report->total_count; i++)
		tb_say("cost %s %s", report->totals[i].currency,
		       tb_money_text(tb_report_amount(report, &report->totals[i], TB_COST), cost));
}

static enum tb_status find_cheapest(struct tb_estimate *e, struct tb_report *report,
				    struct tb_err *err)
{
	e->cheapest = calloc(report->row_count + 1, sizeof(*e->cheapest));
	if (!e->cheapest)
		return tb_fail_nomem(err);
	TB_TRY(tb_report_rank(report, err));
	return tb_report_each(report, note_cheapest, e);
}

static void add_unpriced(const struct tb_estimate *e, struct tb_sheet *s)
{
	struct tb_buf text = {0};

	for (size_t i = 0; i < e->unpriced_count; i++) {
		const struct unpriced *u = &e->unpriced[i];

		tb_buf_clear(&text);
		tb_buf_printf(&text, "%s: %s", u->model, u->reason);
		tb_sheet_add_note(s, &text);
		tb_sheet_note_text(s, "model", tb_span_of(u->model));
		tb_sheet_note_text(s, "reason", tb_span_of(u->reason));
	}
	tb_buf_release(&text);
}

/* What a batch would cost as requests of the standard tier. */
static struct tb_sheet_cell standard_cell(const void *ctx, const struct tb_report_row *row)
{
	const struct tb_money *amounts = row->charge.amounts;
	struct tb_money standard = amounts[TB_COST];

	(void)ctx;
	if (!tb_money_add(&standard, amounts[TB_BATCH_SAVINGS]))
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	return tb_cell_of_amount(standard);
}

static struct tb_sheet_cell exact_cell(const void *ctx, const struct tb_report_row *row)
{
	const struct tb_estimate *e = ctx;
	struct tb_span model = row->texts[1];
	bool exact = tb_keytab_find(&e->approximated, model.p, model.n) == TB_KEYTAB_NONE;

	return tb_cell_of_text(tb_span_of(exact ? "yes" : "no"));
}

static enum tb_status say_standard_of(void *ctx, const struct tb_report_row *row)
{
	struct tb_sheet_cell standard = standard_cell(ctx, row);
	char batch_text[TB_MONEY_TEXT], standard_text[TB_MONEY_TEXT];

	tb_say("%.*s: %s %s in batch, %s in the standard tier", (int)row->texts[1].n,
	       row->texts[1].p, row->currency,
	       tb_money_text(row->charge.amounts[TB_COST], batch_text),
	       tb_money_text(standard.is.amount, standard_text));
	return TB_OK;
}

/*
 * The estimate beside the alternatives and the budget: CSV, whose header is fixed, has only what
 * says that a count is not exact.
 */
static enum tb_status write_sheet(struct tb_estimate *e, const struct tb_report *report,
				  struct tb_err *err)
{
	struct tb_added_column added[TB_ADDED_COLUMNS_MAX];
	struct tb_report_sheet s;
	enum tb_status st;
	size_t n = 0;

	if (report->row_count > 1)
		added[n++] = (struct tb_added_column){{.name = "factor",
						       .heading = "factor",
						       .kind = TB_SHEET_RATIO,
						       .hidden = TB_HIDE_FROM_RECORDS},
						      factor_cell,
						      e,
						      false};
	if (e->options.has_budget)
		added[n++] = (struct tb_added_column){{.name = "requests_in_budget",
						       .heading = "in budget",
						       .kind = TB_SHEET_COUNT,
						       .hidden = TB_HIDE_FROM_RECORDS},
						      fitting_cell,
						      e,
						      false};
	if (e->prompts.batch)
		added[n++] = (struct tb_added_column){.column = {.name = "standard_cost",
								 .heading = "standard",
								 .kind = TB_SHEET_AMOUNT,
								 .sums = true,
								 .hidden = TB_HIDE_FROM_RECORDS},
						      .cell = standard_cell,
						      .ctx = e};
	if (e->options.approximate)
		added[n++] = (struct tb_added_column){.column = {.name = "exact",
								 .heading = "exact",
								 .kind = TB_SHEET_TEXT,
								 .whole = true},
						      .cell = exact_cell,
						      .ctx = e,
						      .last = true};
	st = tb_report_sheet_init(&s, report, added, n, err);
	add_unpriced(e, &s.sheet);
	if (st == TB_OK)
		st = tb_sheet_check(&s.sheet, err);
	if (st == TB_OK)
		st = tb_output_sheet(&e->options.output, &s.sheet, NULL, err);
	tb_report_sheet_release(&s);
	return st;
}

static enum tb_status write_report(struct tb_estimate *e, struct tb_err *err)
{
	struct tb_report report = {0};
	enum tb_status st =
		tb_report_init(&report, e->tally, e->book, &e->facts,
			       (struct tb_report_options){.round = e->options.output.round}, err);

	if (st == TB_OK)
		st = find_cheapest(e, &report, err);
	if (st == TB_OK)
		st = write_sheet(e, &report, err);
	if (st == TB_OK)
		say_results(e, &report);
	if (st == TB_OK && e->prompts.batch && !e->options.output.quiet)
		st = tb_report_each(&report, say_standard_of, e);
	if (st == TB_OK && e->options.has_budget)
		st = say_budget(e, &report);
	tb_report_release(&report);
	return st;
}

static enum tb_status run(struct tb_estimate *e, struct tb_err *err)
{
	struct tb_estimate_options *o = &e->options;

	TB_TRY(tb_estimate_check(o, tb_day_of_instant((int64_t)time(NULL)), err));
	TB_TRY(tb_rates_load(&o->rates, &o->arena, &e->book, &e->problems, err));
	TB_TRY(make_tally(e, err));
	TB_TRY(price_models(e, err));
	return write_report(e, err);
}

static void release(struct tb_estimate *e)
{
	tb_problems_release(&e->problems);
	tb_tally_free(e->tally);
	tb_keytab_release(&e->approximated);
	tb_prompts_release(&e->prompts);
	tb_inputs_release(&e->options.prompts.inputs);
	tb_book_free(e->book);
	free(e->unpriced);
	free(e->cheapest);
	tb_arena_release(&e->options.arena);
	free(e);
}

static int run_estimate(const struct tb_command *self, int argc, const char *const *argv)
{
	struct tb_estimate *e = calloc(1, sizeof(*e));
	struct tb_err err = {0};
	enum tb_status st = e ? TB_OK : tb_fail_nomem(&err);
	int code;

	if (!e) {
		tb_say("%s", err.text);
		return tb_exit_code(st);
	}
	tb_estimate_options_init(&e->options);
	st = tb_options_parse(self, argc, argv, &e->options, &e->options.arena,
			      &e->options.operands, &err);
	if (st == TB_OK && e->options.operands.help)
		tb_command_help(self, stdout);
	else if (st == TB_OK)
		st = run(e, &err);
	tb_say_problems(&e->problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	code = tb_exit_code(st);
	if (st == TB_OK && e->over_budget)
		code = TB_EXIT_DIFFERENCES;
	else if (st == TB_OK && e->uncounted)
		code = TB_EXIT_SET_ASIDE;
	release(e);
	return code;
}

static const struct tb_example examples[] = {
	{"a million requests, most of their input from a cache",
	 "tokbill estimate -m gpt-4o-mini --input 1200 --cached-read 800 --output 300 --requests 1e6"},
	{"which model is the cheapest for it, in batch",
	 "tokbill estimate --all --tier batch --input 1200 --output 300 --requests 1e6"},
	{"a month, and how far a budget reaches (exit code 1)",
	 "tokbill estimate -m 'claude-*' --input 2k --output 500 --per-day 50k --days 30 --budget 500"},
	{"what a prompt costs, for an answer of 300 tokens",
	 "tokbill estimate -m 'gpt-4*' --input-from prompt.md --output 300"},
	{"what a batch costs, in batch and in the standard tier",
	 "tokbill estimate --messages --input-from batch.jsonl --output 300"},
	{0},
};

const struct tb_command tb_cmd_estimate = {
	.name = "estimate",
	.summary = "Price usage typed in, and compare models",
	.operands = "",
	.options = tb_estimate_option_groups,
	.examples = examples,
	.run = run_estimate,
};
