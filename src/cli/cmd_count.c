/* tokbill count - how many tokens text has, and what it costs as input. */
#include "cli/cmd_count.h"

#include "base/civil.h"
#include "billing/charge.h"
#include "billing/rating.h"
#include "cli/messages.h"
#include "cli/model_choice.h"
#include "cli/output.h"
#include "cli/rates_source.h"
#include "cli/text_count.h"
#include "report/sheet.h"
#include "run/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct counted_model {
	const char *name;
	enum tb_encoding encoding; /* TB_ENCODINGS: there is no count */
	bool exact;
};

struct count {
	struct tb_operands operands;
	struct tb_arena arena;
	struct tb_problems problems;
	struct tb_model_choice choice;
	struct tb_rates_source rates;
	struct tb_output output;
	enum tb_encoding encoding;
	bool has_encoding, approximate, has_instant;
	struct tb_time when;

	struct tb_book *book;
	struct tb_rater rater;
	int64_t instant;
	struct counted_model *models; /* without any there is one without a name */
	size_t model_count, model_cap;
	size_t uncounted;
	struct tb_inputs inputs;
	struct tb_text_count text;
	struct tb_sheet sheet;
};

/* ---- options ---- */

static enum tb_status take_encoding(void *ctx, const char *value, struct tb_err *err)
{
	struct count *c = ctx;

	c->encoding = tb_encoding_named(tb_span_of(value));
	c->has_encoding = true;
	return c->encoding == TB_ENCODINGS
		       ? tb_bad_value("encoding", value, "not one of o200k_base, cl100k_base", err)
		       : TB_OK;
}

TB_FLAG_TAKER(take_approximate, struct count, approximate)

static enum tb_status take_on(void *ctx, const char *value, struct tb_err *err)
{
	struct count *c = ctx;

	c->has_instant = true;
	return tb_take_time("on", value, &c->when, err);
}

static const struct tb_option rows[] = {
	{'\0', "encoding", "NAME",
	 "count in this encoding, for no model: o200k_base (default) or cl100k_base",
	 "o200k_base cl100k_base", false, take_encoding},
	{'\0', "approximate", NULL,
	 "count with o200k_base where the vendor publishes no tokenizer;|such rows say exact = no",
	 NULL, false, take_approximate},
	{'\0', "on", "DATE", "at the prices of that day or instant (default: today, UTC)", NULL,
	 false, take_on},
	{0},
};

static const struct tb_option_group option_groups[] = {
	{tb_model_option_rows, offsetof(struct count, choice), "Models"},
	{rows, 0, NULL},
	{tb_rates_options, offsetof(struct count, rates), "Prices"},
	{tb_output_place_rows, offsetof(struct count, output), "Output"},
	{0},
};

/* ---- models ---- */

static enum tb_status add_model(struct count *c, struct counted_model m, struct tb_err *err)
{
	if (!tb_grow(&c->models, &c->model_cap, c->model_count + 1, sizeof(m)))
		return tb_fail_nomem(err);
	c->models[c->model_count++] = m;
	if (m.encoding < TB_ENCODINGS)
		c->text.wanted |= 1u << m.encoding;
	return TB_OK;
}

static enum tb_status choose(void *ctx, const char *name, const struct tb_era *era,
			     struct tb_err *err)
{
	struct count *c = ctx;
	struct counted_model m = {name, tb_encoding_of(era), true};

	if (m.encoding == TB_ENCODINGS && c->approximate) {
		m.encoding = TB_O200K_BASE;
		m.exact = false;
	}
	if (m.encoding == TB_ENCODINGS) {
		c->uncounted++;
		tb_say("%s: no count, for no tokenizer of it is published; --approximate counts "
		       "with o200k_base",
		       name);
	}
	return add_model(c, m, err);
}

static enum tb_status choose_models(struct count *c, struct tb_err *err)
{
	if (!c->choice.all && !c->choice.count)
		return add_model(c,
				 (struct counted_model){
					 NULL, c->has_encoding ? c->encoding : TB_O200K_BASE, true},
				 err);
	if (c->has_encoding)
		return tb_fail(err, TB_USAGE,
			       "--encoding and -m: a model has its own encoding; leave out one");
	TB_TRY(tb_rates_load(&c->rates, &c->arena, &c->book, &c->problems, err));
	c->rater.book = c->book;
	c->instant = c->has_instant
			     ? c->when.seconds
			     : tb_day_of_instant((int64_t)time(NULL)) * (int64_t)TB_DAY_SECONDS;
	return tb_model_choice_each(&c->choice, c->book, c->instant, choose, c, err);
}

/* ---- rows ---- */

enum column { FILE_NAME, MODEL, ENCODING, TOKENS, INPUT_COST, CURRENCY, EXACT, COLUMNS };

static const struct tb_sheet_column columns[COLUMNS] = {
	[FILE_NAME] = {.name = "file", .heading = "file", .kind = TB_SHEET_TEXT, .level = 1},
	[MODEL] = {.name = "model", .heading = "model", .kind = TB_SHEET_TEXT, .level = 2},
	[ENCODING] = {.name = "encoding",
		      .heading = "encoding",
		      .kind = TB_SHEET_TEXT,
		      .whole = true,
		      .keep_rank = 3},
	[TOKENS] = {.name = "tokens", .heading = "tokens", .kind = TB_SHEET_COUNT},
	/* As exact as a price: what a prompt costs is often less than a cent. */
	[INPUT_COST] = {.name = "input_cost",
			.heading = "input cost",
			.kind = TB_SHEET_PRICE,
			.keep_rank = 1},
	[CURRENCY] = {.name = "currency",
		      .heading = "cur",
		      .kind = TB_SHEET_TEXT,
		      .whole = true,
		      .keep_rank = 2},
	[EXACT] = {.name = "exact", .heading = "exact", .kind = TB_SHEET_TEXT, .whole = true},
};

/* What the tokens cost as the input of one request; nothing where that is unpublished. */
static enum tb_status set_cost(struct count *c, const char *model, uint64_t tokens,
			       struct tb_err *err)
{
	struct tb_usage u = {.instant = c->instant,
			     .date_only = !c->has_instant || c->when.form == TB_TIME_DATE,
			     .model = tb_span_of(model),
			     .requests = 1,
			     .tokens = {[TB_INPUT] = tokens}};
	const tb_u128 counts[TB_METERS] = {[TB_INPUT] = tokens};
	struct tb_charge charge = {0};
	struct tb_problem why = {0};
	struct tb_rated rated;

	if (!tb_rate_usage(&c->rater, &u, &rated, &why)) {
		tb_say("%s: %s", model, why.reason);
		return TB_OK;
	}
	if (!tb_charge_tokens(&charge, rated.era, rated.terms, counts))
		return tb_fail(err, TB_DATA, "%s: the cost passes what an amount can hold", model);
	tb_sheet_set(&c->sheet, INPUT_COST, tb_cell_of_amount(charge.amounts[TB_COST]));
	tb_sheet_set_text(&c->sheet, CURRENCY, rated.era->currency);
	return TB_OK;
}

static enum tb_status add_row(struct count *c, const char *path, const struct counted_model *m,
			      struct tb_err *err)
{
	struct tb_sheet *g = &c->sheet;

	tb_sheet_add_row(g);
	tb_sheet_set_text(g, FILE_NAME, strcmp(path, "-") == 0 ? "standard input" : path);
	tb_sheet_set_text(g, MODEL, m->name);
	tb_sheet_set_text(g, EXACT, m->exact && m->encoding < TB_ENCODINGS ? "yes" : "no");
	if (m->encoding == TB_ENCODINGS)
		return TB_OK;
	tb_sheet_set_text(g, ENCODING, tb_encoding_names[m->encoding]);
	tb_sheet_set(g, TOKENS, tb_cell_of_count(c->text.tokens[m->encoding]));
	return m->name ? set_cost(c, m->name, c->text.tokens[m->encoding], err) : TB_OK;
}

static enum tb_status count_file(struct count *c, const char *path, struct tb_err *err)
{
	TB_TRY(tb_text_count_file(&c->text, path, err));
	for (size_t i = 0; i < c->model_count; i++)
		TB_TRY(add_row(c, path, &c->models[i], err));
	return TB_OK;
}

static void begin_sheet(struct tb_sheet *s)
{
	tb_sheet_init(s, TB_FORM_LIST);
	s->title = "Tokens";
	s->if_empty = "No text.";
	tb_sheet_add_columns(s, columns, COLUMNS);
}

static enum tb_status run(struct count *c, struct tb_err *err)
{
	if (!c->operands.count)
		return tb_fail(err, TB_USAGE,
			       "no text given; name files or directories, or - for standard input");
	for (size_t i = 0; i < c->operands.count; i++)
		TB_TRY(tb_inputs_add(&c->inputs, c->operands.items[i], err));
	TB_TRY(tb_output_spare(c->output.path, c->inputs.paths, c->inputs.count, "a text", "-o",
			       err));
	TB_TRY(choose_models(c, err));
	TB_TRY(tb_text_count_open(&c->text, c->text.wanted, err));
	begin_sheet(&c->sheet);
	for (size_t i = 0; i < c->inputs.count; i++)
		TB_TRY(count_file(c, c->inputs.paths[i], err));
	TB_TRY(tb_sheet_check(&c->sheet, err));
	return tb_output_sheet(&c->output, &c->sheet, NULL, err);
}

static void release(struct count *c)
{
	tb_sheet_release(&c->sheet);
	tb_text_count_close(&c->text);
	tb_inputs_release(&c->inputs);
	tb_book_free(c->book);
	tb_problems_release(&c->problems);
	free(c->models);
	tb_arena_release(&c->arena);
}

static int run_count(const struct tb_command *self, int argc, const char *const *argv)
{
	struct count c = {0};
	struct tb_err err = {0};
	enum tb_status st = tb_options_parse(self, argc, argv, &c, &c.arena, &c.operands, &err);
	size_t uncounted;

	if (st == TB_OK && c.operands.help)
		tb_command_help(self, stdout);
	else if (st == TB_OK)
		st = run(&c, &err);
	tb_say_problems(&c.problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	uncounted = c.uncounted;
	release(&c);
	return st == TB_OK && uncounted ? TB_EXIT_SET_ASIDE : tb_exit_code(st);
}

static const struct tb_example examples[] = {
	{"the tokens of a prompt, and what they cost", "tokbill count -m gpt-4o-mini prompt.md"},
	{"of all Markdown files of a folder, for two models",
	 "tokbill count -m gpt-4o -m gpt-4 'docs/*.md'"},
	{"the tokens alone", "tokbill count --encoding cl100k_base - <prompt.md"},
	{0},
};

const struct tb_command tb_cmd_count = {
	.name = "count",
	.summary = "Count the tokens of text, exactly",
	.operands = "FILE...",
	.options = option_groups,
	.examples = examples,
	.run = run_count,
};
