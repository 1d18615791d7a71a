#include "report/ratediff.h"

#include "report/ratetext.h"

static const struct tb_sheet_column columns[] = {
	{.name = "model", .heading = "model", .level = 1},
	{.name = "effective_from", .heading = "from"},
	{.name = "effective_until", .heading = "until"},
	{.name = "tier", .heading = "tier", .keep_rank = 1},
	{.name = "context", .heading = "context", .keep_rank = 1},
	{.name = "meter", .heading = "meter"},
	{.name = "change", .heading = "change", .keep_rank = 2},
	{.name = "old", .heading = "old", .kind = TB_SHEET_PRICE},
	{.name = "new", .heading = "new", .kind = TB_SHEET_PRICE},
	{.name = "percent", .heading = "percent", .kind = TB_SHEET_RATIO},
	{.name = "currency", .heading = "currency", .keep_rank = 3},
};

enum column {
	MODEL,
	FROM,
	UNTIL,
	TIER,
	CONTEXT,
	METER,
	CHANGE,
	OLD,
	NEW,
	PERCENT,
	CURRENCY,
	COLUMNS
};

static const char *change_word(bool was, bool is)
{
	return was && is ? "changed" : is ? "appeared" : "vanished";
}

static void add_price(struct tb_sheet *s, const struct tb_rate_change *c)
{
	char percent[TB_MONEY_TEXT];

	tb_sheet_set_text(s, TIER, tb_tiers[c->tier].name);
	tb_sheet_set_text(s, CONTEXT, tb_contexts[c->context].name);
	tb_sheet_set_text(s, METER, tb_meters[c->meter].name);
	tb_sheet_set_text(s, CHANGE, change_word(c->old_price, c->new_price));
	tb_sheet_set(s, OLD, tb_rate_price_cell(c->meter, c->old_price));
	tb_sheet_set(s, NEW, tb_rate_price_cell(c->meter, c->new_price));
	if (c->old_price && c->new_price)
		tb_sheet_set_text(s, PERCENT,
				  tb_price_change_text(*c->old_price, *c->new_price, percent));
	tb_sheet_set_text(s, CURRENCY, c->currency);
}

static enum tb_status add_row(void *ctx, const struct tb_rate_change *c, struct tb_err *err)
{
	struct tb_sheet *s = ctx;
	char edge[TB_MONEY_TEXT];

	tb_sheet_add_row(s);
	tb_sheet_set_text(s, MODEL, c->model);
	tb_sheet_set_text(s, FROM, tb_era_edge_text(c->start, edge));
	tb_sheet_set_text(s, UNTIL, tb_era_edge_text(c->end, edge));
	if (c->is_price) {
		add_price(s, c);
	} else {
		tb_sheet_set_text(s, METER, c->what);
		tb_sheet_set_text(s, CHANGE, change_word(c->old_text, c->new_text));
		tb_sheet_set_text(s, OLD, c->old_text);
		tb_sheet_set_text(s, NEW, c->new_text);
	}
	return tb_sheet_check(s, err);
}

enum tb_status tb_ratediff_init(struct tb_sheet *s, const struct tb_book *a,
				const struct tb_book *b, struct tb_err *err)
{
	tb_sheet_init(s, TB_FORM_LIST);
	s->title = "Differences of two price lists";
	s->if_empty = "No difference.";
	tb_sheet_add_columns(s, columns, COLUMNS);
	return tb_book_diff(a, b, add_row, s, err);
}
