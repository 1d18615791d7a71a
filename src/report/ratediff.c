#include "report/ratediff.h"

#include "report/ratetext.h"

static const struct tb_grid_column columns[] = {
	{"model", "model", false, 0},
	{"effective_from", "from", false, 0},
	{"effective_until", "until", false, 0},
	{"tier", "tier", false, 1},
	{"context", "context", false, 1},
	{"meter", "meter", false, 0},
	{"change", "change", false, 2},
	{"old", "old", true, 0},
	{"new", "new", true, 0},
	{"percent", "percent", true, 0},
	{"currency", "currency", false, 3},
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

static void set_price(struct tb_grid *g, enum column column, const struct tb_rate_change *c,
		      const struct tb_price *p)
{
	char text[TB_MONEY_TEXT];

	if (p)
		tb_grid_set(g, column, tb_rate_price_text(c->meter, *p, text));
}

static void add_price(struct tb_grid *g, const struct tb_rate_change *c)
{
	char percent[TB_MONEY_TEXT];

	tb_grid_set(g, TIER, tb_tiers[c->tier].name);
	tb_grid_set(g, CONTEXT, tb_contexts[c->context].name);
	tb_grid_set(g, METER, tb_meters[c->meter].name);
	tb_grid_set(g, CHANGE, change_word(c->old_price, c->new_price));
	set_price(g, OLD, c, c->old_price);
	set_price(g, NEW, c, c->new_price);
	if (c->old_price && c->new_price)
		tb_grid_set(g, PERCENT,
			    tb_price_change_text(*c->old_price, *c->new_price, percent));
	tb_grid_set(g, CURRENCY, c->currency);
}

static enum tb_status add_row(void *ctx, const struct tb_rate_change *c, struct tb_err *err)
{
	struct tb_grid *g = ctx;
	char edge[TB_MONEY_TEXT];

	tb_grid_add(g);
	tb_grid_set(g, MODEL, c->model);
	tb_grid_set(g, FROM, tb_era_edge_text(c->start, edge));
	tb_grid_set(g, UNTIL, tb_era_edge_text(c->end, edge));
	if (c->is_price) {
		add_price(g, c);
	} else {
		tb_grid_set(g, METER, c->what);
		tb_grid_set(g, CHANGE, change_word(c->old_text, c->new_text));
		tb_grid_set(g, OLD, c->old_text);
		tb_grid_set(g, NEW, c->new_text);
	}
	return tb_grid_check(g, err);
}

enum tb_status tb_ratediff_init(struct tb_grid *g, const struct tb_book *a, const struct tb_book *b,
				struct tb_err *err)
{
	tb_grid_init(g, columns, COLUMNS, "No difference.");
	return tb_book_diff(a, b, add_row, g, err);
}
