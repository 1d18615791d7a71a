/* tokbill estimate - what usage costs before there is any. */
#include "cli/cmd_estimate.h"

#include "base/fine.h"
#include "base/keytab.h"
#include "billing/rating.h"
#include "cli/estimate_options.h"
#include "cli/messages.h"
#include "report/report_sheet.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A model that was asked for and has no price. */
struct unpriced {
	const char *model, *reason;
};

/* The cheapest of a currency: what the others are compared with. */
struct cheapest {
	const char *currency;
	struct tb_money cost;
};

struct estimate {
	struct tb_estimate_options options;
	struct tb_problems problems;
	struct tb_book *book;
	struct tb_rater rater;
	struct tb_grouping grouping;
	struct tb_tally *tally;
	struct tb_keytab seen; /* models already priced */
	struct tb_facts facts;
	struct unpriced *unpriced;
	size_t unpriced_count, unpriced_cap;
	struct cheapest *cheapest;
	size_t cheapest_count;
	size_t over_budget; /* models */
};

/* ---- models ---- */

static bool is_glob(const char *pattern)
{
	return strpbrk(pattern, "*?[") != NULL;
}

static enum tb_status note_unpriced(struct estimate *e, const char *model, const char *reason,
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

static enum tb_status bill(struct estimate *e, const struct tb_usage *u,
			   const struct tb_rated *rated, struct tb_err *err)
{
	e->facts.rows++;
	e->facts.billed++;
	e->facts.by_midnight += rated->by_midnight;
	for (int m = 0; m < TB_TOKEN_METERS; m++)
		e->facts.tokens += (tb_u128)u->tokens[m] * e->options.requests;
	return tb_tally_add_times(e->tally, u, rated, tb_grouping_day(&e->grouping, u),
				  e->options.requests, err);
}

/* `model` is a name of `section`, which is priced once, by whatever names it was asked for. */
static enum tb_status price_model(struct estimate *e, const char *model, const char *section,
				  struct tb_err *err)
{
	struct tb_usage u = e->options.request;
	struct tb_problem why = {0};
	struct tb_rated rated;
	bool added;

	if (tb_keytab_put(&e->seen, section, strlen(section), &added) == TB_KEYTAB_NONE)
		return tb_fail_nomem(err);
	if (!added)
		return TB_OK;
	u.model = tb_span_of(model);
	if (tb_rate_usage(&e->rater, &u, &rated, &why))
		return bill(e, &u, &rated, err);
	return note_unpriced(e, model, why.reason, err);
}

/* All models whose name matches. */
static enum tb_status price_matches(struct estimate *e, const char *pattern, struct tb_err *err)
{
	const char *before = "";
	bool any = false;

	for (size_t i = 0; i < tb_book_era_count(e->book); i++) {
		const char *model = tb_book_era(e->book, (uint32_t)i)->model;

		if (strcmp(model, before) == 0 || fnmatch(pattern, model, 0) != 0)
			continue;
		any = true;
		before = model;
		TB_TRY(price_model(e, model, model, err));
	}
	return any ? TB_OK
		   : tb_fail(err, TB_USAGE,
			     "-m: '%s': matches no model of the rates; `tokbill rates list` has "
			     "their names",
			     pattern);
}

static enum tb_status price_named(struct estimate *e, const char *name, struct tb_err *err)
{
	struct tb_span s = tb_span_of(name);
	const struct tb_era *era;
	const char *near;

	if (tb_book_find(e->book, s, e->options.request.instant, &era) != TB_LOOKUP_NO_MODEL)
		return price_model(e, name, era->model, err);
	near = tb_book_nearest(e->book, s);
	return near ? tb_fail(err, TB_USAGE,
			      "-m: '%s': not in the rates; did you mean '%s'? Else add it to a "
			      "rate file (--rates)",
			      name, near)
		    : tb_fail(err, TB_USAGE,
			      "-m: '%s': not in the rates; add it to a rate file (--rates)", name);
}

static enum tb_status price_models(struct estimate *e, struct tb_err *err)
{
	const struct tb_estimate_options *o = &e->options;

	if (o->all)
		TB_TRY(price_matches(e, "*", err));
	for (size_t i = 0; i < o->model_count; i++)
		TB_TRY(is_glob(o->models[i]) ? price_matches(e, o->models[i], err)
					     : price_named(e, o->models[i], err));
	if (e->facts.billed)
		return TB_OK;
	if (e->unpriced_count == 1)
		return tb_fail(err, TB_DATA, "%s: %s", e->unpriced[0].model, e->unpriced[0].reason);
	for (size_t i = 0; i < e->unpriced_count; i++)
		tb_say("%s: %s", e->unpriced[i].model, e->unpriced[i].reason);
	return tb_fail(err, TB_DATA, "none of the models has a price for this usage");
}

/* ---- comparison ---- */

static struct cheapest *cheapest_of(const struct estimate *e, const char *currency)
{
	size_t i = 0;

	while (i < e->cheapest_count && strcmp(e->cheapest[i].currency, currency) != 0)
		i++;
	return &e->cheapest[i];
}

/* Rows come cheapest first, so that the first of a currency is its cheapest. */
static enum tb_status note_cheapest(void *ctx, const struct tb_report_row *row)
{
	struct estimate *e = ctx;
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

	return tb_cell_of_ratio(tb_fine_of(row->charge.amounts[TB_COST], TB_PARTS_WHOLE),
				tb_fine_of(c->cost, TB_PARTS_WHOLE), 1);
}

static bool writes_csv(const struct estimate *e)
{
	return tb_output_format(&e->options.output) == tb_writer_named("csv");
}

/* ---- budget ---- */

/* How many requests the budget pays for; nothing when any number of them. */
static struct tb_sheet_cell fitting_cell(const void *ctx, const struct tb_report_row *row)
{
	const struct estimate *e = ctx;
	struct tb_money cost = row->charge.amounts[TB_COST];

	if (cost.units == 0 || e->options.requests == 0)
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	/* The cost is that of one request, exactly, times their number. */
	cost.units /= e->options.requests;
	return tb_cell_of_count((tb_u128)(e->options.budget.units / cost.units));
}

static enum tb_status note_budget(void *ctx, const struct tb_report_row *row)
{
	struct estimate *e = ctx;

	e->over_budget += row->charge.amounts[TB_COST].units > e->options.budget.units;
	return TB_OK;
}

static enum tb_status say_budget_of(void *ctx, const struct tb_report_row *row)
{
	const struct estimate *e = ctx;
	char count[TB_COUNT_TEXT], cost[TB_MONEY_TEXT], budget[TB_MONEY_TEXT];
	struct tb_sheet_cell fitting = fitting_cell(e, row);
	bool none = e->options.requests == 0; /* what one costs was not worked out */
	bool over = row->charge.amounts[TB_COST].units > e->options.budget.units;

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
static enum tb_status say_budget(struct estimate *e, const struct tb_report *report)
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

static enum tb_status make_tally(struct estimate *e, struct tb_err *err)
{
	e->grouping = (struct tb_grouping){.columns = {{.by = TB_BY_DATE, .name = "date"},
						       {.by = TB_BY_MODEL, .name = "model"}},
					   .count = 2};
	e->tally = tb_tally_new(&e->grouping);
	e->rater.book = e->book;
	tb_keytab_init(&e->seen);
	e->facts.rate_files = tb_rates_names(&e->options.rates, &e->facts.rate_file_count);
	return e->tally ? TB_OK : tb_fail_nomem(err);
}

static void say_results(struct estimate *e, const struct tb_report *report)
{
	const struct tb_output *o = &e->options.output;
	char cost[TB_MONEY_TEXT];

	/* The other formats list them. */
	for (size_t i = 0; writes_csv(e) && i < e->unpriced_count; i++)
		tb_say("%s: %s", e->unpriced[i].model, e->unpriced[i].reason);
	if (e->facts.by_midnight)
		tb_say("00:00 UTC decided the peak-hour price; type the hour, such as "
		       "--on 2026-09-01T14:00:00Z");
	for (size_t i = 0; !o->quiet && i < report->total_count; i++)
		tb_say("cost %s %s", report->totals[i].currency,
		       tb_money_text(tb_report_amount(report, &report->totals[i], TB_COST), cost));
}

static enum tb_status find_cheapest(struct estimate *e, struct tb_report *report,
				    struct tb_err *err)
{
	e->cheapest = calloc(report->row_count + 1, sizeof(*e->cheapest));
	if (!e->cheapest)
		return tb_fail_nomem(err);
	TB_TRY(tb_report_rank(report, err));
	return tb_report_each(report, note_cheapest, e);
}

static void add_unpriced(const struct estimate *e, struct tb_sheet *s)
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

/* The estimate beside the alternatives and the budget: CSV, whose header is fixed, has neither. */
static enum tb_status write_sheet(struct estimate *e, const struct tb_report *report,
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
						      e};
	if (e->options.has_budget)
		added[n++] = (struct tb_added_column){{.name = "requests_in_budget",
						       .heading = "in budget",
						       .kind = TB_SHEET_COUNT,
						       .hidden = TB_HIDE_FROM_RECORDS},
						      fitting_cell,
						      e};
	st = tb_report_sheet_init(&s, report, added, n, err);
	add_unpriced(e, &s.sheet);
	if (st == TB_OK)
		st = tb_sheet_check(&s.sheet, err);
	if (st == TB_OK)
		st = tb_output_sheet(&e->options.output, &s.sheet, NULL, err);
	tb_report_sheet_release(&s);
	return st;
}

static enum tb_status write_report(struct estimate *e, struct tb_err *err)
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
	if (st == TB_OK && e->options.has_budget)
		st = say_budget(e, &report);
	tb_report_release(&report);
	return st;
}

static enum tb_status run(struct estimate *e, struct tb_err *err)
{
	struct tb_estimate_options *o = &e->options;

	TB_TRY(tb_estimate_check(o, tb_day_of_instant((int64_t)time(NULL)), err));
	TB_TRY(tb_rates_load(&o->rates, &o->arena, &e->book, &e->problems, err));
	TB_TRY(make_tally(e, err));
	TB_TRY(price_models(e, err));
	return write_report(e, err);
}

static void release(struct estimate *e)
{
	tb_problems_release(&e->problems);
	tb_tally_free(e->tally);
	tb_keytab_release(&e->seen);
	tb_book_free(e->book);
	free(e->unpriced);
	free(e->cheapest);
	tb_arena_release(&e->options.arena);
	free(e);
}

static int run_estimate(const struct tb_command *self, int argc, const char *const *argv)
{
	struct estimate *e = calloc(1, sizeof(*e));
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
	code = st == TB_OK && e->over_budget ? TB_EXIT_DIFFERENCES : tb_exit_code(st);
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
