/* tokbill rates show - all that the rates know about a model. */
#include "cli/cmd_rates.h"

#include "cli/rates_run.h"
#include "report/ratecard.h"

#include <string.h>

static const struct tb_option rows[] = {
	{'\0', "as-of", "DATE", "what holds on DATE (00:00 UTC, or an instant; default: now)", NULL,
	 false, tb_rates_take_as_of},
	{0},
};

static const struct tb_option_group options[] = {
	{rows, 0, NULL}, TB_RATES_RUN_SOURCE, TB_RATES_RUN_OUTPUT, {0}};

static const struct tb_example examples[] = {
	{"the card of a model", "tokbill rates show gpt-4o-mini"},
	{"as it will be, or was", "tokbill rates show gpt-5.6-luna --as-of 2026-07-01"},
	{"every price of every era, for a program", "tokbill rates show gpt-5.4 -f csv"},
	{"from a file, under an alias", "tokbill rates show my-name rates.ini"},
	{0},
};

struct card_job {
	const struct tb_output *output;
	struct tb_ratecard card;
};

static enum tb_status write_prices(const struct tb_ratecard *card, const struct tb_write_options *o,
				   FILE *out, struct tb_err *err)
{
	struct tb_grid prices = {0};
	enum tb_status st;

	tb_ratecard_prices(card, &prices);
	st = tb_grid_check(&prices, err);
	if (st == TB_OK)
		st = tb_write_grid_csv(&prices, o, out, err);
	tb_grid_release(&prices);
	return st;
}

/* What each format is for a card. */
static const struct {
	const char *format;
	enum tb_status (*write)(const struct tb_ratecard *card, const struct tb_write_options *o,
				FILE *out, struct tb_err *err);
} writers[] = {
	{"table", tb_write_ratecard},
	{"json", tb_write_ratecard_json},
	{"csv", write_prices},
};

/* Unlike a report a card is for eyes unless something else is asked for. */
static const char *format_of(const struct tb_output *o)
{
	const struct tb_writer *f = o->format;

	if (!f && o->path)
		f = tb_writer_for_file(o->path);
	return f ? f->name : writers[0].format;
}

static enum tb_status write_card(void *ctx, FILE *out, struct tb_err *err)
{
	const struct card_job *job = ctx;
	struct tb_write_options o = tb_output_options(out);
	size_t i = 0;

	while (strcmp(writers[i].format, format_of(job->output)) != 0)
		i++;
	return writers[i].write(&job->card, &o, out, err);
}

static enum tb_status unknown_model(const struct tb_rates_run *r, const char *name,
				    struct tb_err *err)
{
	const char *near = tb_book_nearest(r->book, tb_span_of(name));

	if (near)
		return tb_fail(err, TB_USAGE, "%s: no such model in the rates; did you mean %s?",
			       name, near);
	return tb_fail(err, TB_USAGE,
		       "%s: no such model in the rates; `tokbill rates list` names them", name);
}

static enum tb_status show(struct tb_rates_run *r, struct tb_err *err)
{
	struct card_job job = {.output = &r->output};
	const char *name = r->operands.items[0];

	if (!name)
		return tb_fail(err, TB_USAGE,
			       "no model given; name one, such as gpt-4o-mini (`tokbill rates "
			       "list` names them all)");
	TB_TRY(tb_rates_open(r, 1, err));
	switch (tb_ratecard_find(&job.card, r->book, name, tb_rates_instant(r))) {
	case TB_LOOKUP_NO_MODEL:
		return unknown_model(r, name, err);
	case TB_LOOKUP_NOT_NAMED:
		tb_say("%s: no longer, or not yet, a name of %s then; its section must list it",
		       name, job.card.era->model);
		break;
	case TB_LOOKUP_TOO_EARLY:
	case TB_LOOKUP_FOUND:
		break;
	}
	return tb_output_write(&r->output, write_card, &job, err);
}

static int run(const struct tb_command *self, int argc, const char *const *argv)
{
	return tb_rates_run(self, argc, argv, show);
}

const struct tb_command tb_cmd_rates_show = {
	.name = "show",
	.group = "rates",
	.summary = "Show all that the rates know about a model: prices, facts, history",
	.operands = "MODEL [FILE...]",
	.options = options,
	.examples = examples,
	.run = run,
	.first_operand_model = true,
};
