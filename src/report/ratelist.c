#include "report/ratelist.h"

#include "report/ratetext.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* One era on its way into a row. */
struct cell {
	const struct tb_book *book;
	const struct tb_era *era;
	struct tb_buf *text; /* for those that are put together */
};

struct tb_ratelist_column {
	/* NULL when there is nothing to say; `room` may hold the text. */
	const char *(*text)(const struct cell *c, const struct tb_ratelist_column *column,
			    char room[TB_MONEY_TEXT]);
	enum tb_card card;
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
};

/* ---- what the columns hold ---- */

static const char *model_text(const struct cell *c, const struct tb_ratelist_column *column,
			      char room[TB_MONEY_TEXT])
{
	(void)column;
	(void)room;
	return c->era->model;
}

static const char *provider_text(const struct cell *c, const struct tb_ratelist_column *column,
				 char room[TB_MONEY_TEXT])
{
	(void)column;
	(void)room;
	return *c->era->provider ? c->era->provider : NULL;
}

static const char *from_text(const struct cell *c, const struct tb_ratelist_column *column,
			     char room[TB_MONEY_TEXT])
{
	(void)column;
	return tb_era_edge_text(c->era->start, room);
}

static const char *until_text(const struct cell *c, const struct tb_ratelist_column *column,
			      char room[TB_MONEY_TEXT])
{
	(void)column;
	return tb_era_edge_text(tb_book_era_end(c->book, c->era), room);
}

static const char *price_text(const struct cell *c, const struct tb_ratelist_column *column,
			      char room[TB_MONEY_TEXT])
{
	const struct tb_price *p =
		tb_rate_own_price(c->era, column->tier, column->context, column->meter);

	return p ? tb_rate_price_text(column->meter, *p, room) : NULL;
}

static const char *threshold_text(const struct cell *c, const struct tb_ratelist_column *column,
				  char room[TB_MONEY_TEXT])
{
	(void)column;
	return tb_threshold_text(c->era, room);
}

static const char *peak_text(const struct cell *c, const struct tb_ratelist_column *column,
			     char room[TB_MONEY_TEXT])
{
	(void)column;
	(void)room;
	return c->era->peak_hours;
}

static const char *currency_text(const struct cell *c, const struct tb_ratelist_column *column,
				 char room[TB_MONEY_TEXT])
{
	(void)column;
	(void)room;
	return c->era->currency;
}

static const char *card_text(const struct cell *c, const struct tb_ratelist_column *column,
			     char room[TB_MONEY_TEXT])
{
	(void)room;
	return c->era->card[column->card];
}

static const char *aliases_text(const struct cell *c, const struct tb_ratelist_column *column,
				char room[TB_MONEY_TEXT])
{
	(void)column;
	(void)room;
	tb_buf_clear(c->text);
	tb_era_aliases(c->book, c->era, c->text);
	return c->text->n ? c->text->p : NULL;
}

/* ---- the columns ---- */

/* Prices stand between those before and those behind. */
static const struct {
	struct tb_grid_column grid;
	struct tb_ratelist_column column;
} before[] =
	{
		{{"model", "model", false, 0}, {.text = model_text}},
		{{"provider", "provider", false, 7}, {.text = provider_text}},
		{{"effective_from", "from", false, 2}, {.text = from_text}},
		{{"effective_until", "until", false, 6}, {.text = until_text}},
},
  behind[] = {
	  {{"long_context", "long context", false, 10}, {.text = threshold_text}},
	  {{"peak_hours", "peak hours", false, 15}, {.text = peak_text}},
	  {{"currency", "currency", false, 16}, {.text = currency_text}},
	  {{"lifecycle", "lifecycle", false, 12}, {.text = card_text, .card = TB_CARD_LIFECYCLE}},
	  {{"shutdown", "shutdown", false, 11}, {.text = card_text, .card = TB_CARD_SHUTDOWN}},
	  {{"verified", "verified", false, 13}, {.text = card_text, .card = TB_CARD_VERIFIED}},
	  {{"confidence", "confidence", false, 14},
	   {.text = card_text, .card = TB_CARD_CONFIDENCE}},
	  {{"aliases", "aliases", false, 17}, {.text = aliases_text}},
	  {{"source", "source", false, 18}, {.text = card_text, .card = TB_CARD_SOURCE}},
};

static bool add_column(struct tb_ratelist *l, struct tb_grid_column grid,
		       struct tb_ratelist_column column)
{
	size_t cap = l->cap;

	if (!tb_grow(&l->columns, &cap, l->count + 1, sizeof(*l->columns)) ||
	    !tb_grow(&l->grid_columns, &l->cap, l->count + 1, sizeof(*l->grid_columns)))
		return false;
	l->columns[l->count] = column;
	l->grid_columns[l->count++] = grid;
	return true;
}

static bool add_price_column(struct tb_ratelist *l, enum tb_tier t, enum tb_context c,
			     enum tb_meter m, int keep_rank)
{
	char key[TB_RATE_KEY_TEXT], words[TB_RATE_KEY_TEXT];
	const char *name, *heading;

	tb_rate_key_text(t, c, m, key);
	tb_rate_words(key, words);
	name = tb_arena_text(&l->arena, key, strlen(key));
	heading = tb_arena_text(&l->arena, words, strlen(words));
	return name && heading &&
	       add_column(l, (struct tb_grid_column){name, heading, true, keep_rank},
			  (struct tb_ratelist_column){
				  .text = price_text, .tier = t, .context = c, .meter = m});
}

/* All standard prices, and of the tiers and contexts what every era must price. */
static bool add_price_columns(struct tb_ratelist *l)
{
	enum { CACHED_RANK = 1, METER_RANK = 4, TIER_RANK = 8, CONTEXT_RANK = 9 };
	bool ok = true;

	for (int m = 0; m < TB_METERS; m++)
		ok = ok && add_price_column(l, TB_STANDARD, TB_BASE, (enum tb_meter)m,
					    tb_meters[m].required ? 0
					    : m == TB_CACHED_READ ? CACHED_RANK
								  : METER_RANK);
	for (int t = TB_STANDARD + 1; t < TB_TIERS; t++)
		for (int m = 0; m < TB_METERS; m++)
			if (tb_meters[m].required)
				ok = ok && add_price_column(l, (enum tb_tier)t, TB_BASE,
							    (enum tb_meter)m, TIER_RANK);
	for (int c = TB_BASE + 1; c < TB_CONTEXTS; c++)
		for (int m = 0; m < TB_METERS; m++)
			if (tb_meters[m].required)
				ok = ok && add_price_column(l, TB_STANDARD, (enum tb_context)c,
							    (enum tb_meter)m, CONTEXT_RANK);
	return ok;
}

static bool add_columns(struct tb_ratelist *l)
{
	bool ok = true;

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		ok = ok && add_column(l, before[i].grid, before[i].column);
	ok = ok && add_price_columns(l);
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
		ok = ok && add_column(l, behind[i].grid, behind[i].column);
	return ok;
}

/* ---- the rows ---- */

static bool matches(const struct tb_ratelist_filter *f, const char *name)
{
	bool match = f->model_count == 0;

	for (size_t i = 0; i < f->model_count; i++)
		match = match || fnmatch(f->models[i], name, 0) == 0;
	return match;
}

/* Whether the model or one of its names at that time is asked for. */
static bool is_named(const struct tb_book *book, const struct tb_era *era,
		     const struct tb_ratelist_filter *f)
{
	const char *name;
	bool holds;

	if (matches(f, era->model))
		return true;
	for (size_t i = 0; (name = tb_era_alias(book, era, i, &holds)); i++)
		if (holds && matches(f, name))
			return true;
	return false;
}

static bool is_asked_for(const struct tb_book *book, const struct tb_era *era,
			 const struct tb_ratelist_filter *f)
{
	if (f->provider && strcmp(f->provider, era->provider) != 0)
		return false;
	if (f->in_force_only &&
	    (f->instant < era->start || f->instant >= tb_book_era_end(book, era)))
		return false;
	return is_named(book, era, f);
}

static void add_row(struct tb_ratelist *l, const struct cell *c)
{
	char room[TB_MONEY_TEXT];

	tb_grid_add(&l->grid);
	for (size_t i = 0; i < l->count; i++)
		tb_grid_set(&l->grid, i, l->columns[i].text(c, &l->columns[i], room));
}

enum tb_status tb_ratelist_init(struct tb_ratelist *l, const struct tb_book *book,
				const struct tb_ratelist_filter *filter, struct tb_err *err)
{
	struct tb_buf text = {0};
	bool failed;

	*l = (struct tb_ratelist){0};
	if (!add_columns(l))
		return tb_fail_nomem(err);
	tb_grid_init(&l->grid, l->grid_columns, l->count, "No model of that kind in the rates.");
	for (uint32_t i = 0; i < tb_book_era_count(book); i++) {
		struct cell c = {book, tb_book_era(book, i), &text};

		if (is_asked_for(book, c.era, filter))
			add_row(l, &c);
	}
	failed = text.failed;
	tb_buf_release(&text);
	return failed ? tb_fail_nomem(err) : tb_grid_check(&l->grid, err);
}

void tb_ratelist_release(struct tb_ratelist *l)
{
	tb_grid_release(&l->grid);
	free(l->columns);
	free(l->grid_columns);
	tb_arena_release(&l->arena);
	*l = (struct tb_ratelist){0};
}
