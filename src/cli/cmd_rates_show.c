/* tokbill rates show - all that the rates know about a model. */
#include "cli/cmd_rates.h"

#include "cli/rates_run.h"
#include "report/ratecard.h"

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

/* Unlike a report a card is for people unless something else is asked for. */
static struct tb_output card_output(const struct tb_output *o)
{
	struct tb_output card = *o;

	if (!card.format && (!o->path || !tb_writer_for_file(o->path)))
		card.format = tb_writer_named("table");
	return card;
}

static enum tb_status write_card(const struct tb_rates_run *r, const struct tb_ratecard *card,
				 struct tb_err *err)
{
	struct tb_output o = card_output(&r->output);
	struct tb_sheet s;
	enum tb_status st = tb_ratecard_sheet(&s, card, err);

	if (st == TB_OK)
		st = tb_output_sheet(&o, &s, NULL, err);
	tb_sheet_release(&s);
	return st;
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
	struct tb_ratecard card;
	const char *name = r->operands.items[0];

	if (!name)
		return tb_fail(err, TB_USAGE,
			       "no model given; name one, such as gpt-4o-mini (`tokbill rates "
			       "list` names them all)");
	TB_TRY(tb_rates_open(r, 1, err));
	switch (tb_ratecard_find(&card, r->book, name, tb_rates_instant(r))) {
	case TB_LOOKUP_NO_MODEL:
		return unknown_model(r, name, err);
	case TB_LOOKUP_NOT_NAMED:
		tb_say("%s: no longer, or not yet, a name of %s then; its section must list it",
		       name, card.era->model);
		break;
	case TB_LOOKUP_TOO_EARLY:
	case TB_LOOKUP_FOUND:
		break;
	}
	return write_card(r, &card, err);
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
