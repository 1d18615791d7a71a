#include "report/ratecard.h"

#include "report/ratetext.h"

#include <string.h>

enum tb_lookup tb_ratecard_find(struct tb_ratecard *card, const struct tb_book *book,
				const char *name, int64_t instant)
{
	*card = (struct tb_ratecard){.book = book, .asked_for = name, .instant = instant};
	return tb_book_find(book, tb_span_of(name), instant, &card->era);
}

uint32_t tb_ratecard_eras(const struct tb_ratecard *card, uint32_t *first)
{
	uint32_t i = card->era->number, end = i, count = (uint32_t)tb_book_era_count(card->book);

	while (i > 0 && strcmp(tb_book_era(card->book, i - 1)->model, card->era->model) == 0)
		i--;
	while (end < count && strcmp(tb_book_era(card->book, end)->model, card->era->model) == 0)
		end++;
	*first = i;
	return end - i;
}

bool tb_rate_is_derived(const struct tb_era *era, enum tb_tier tier, enum tb_context context,
			enum tb_meter meter)
{
	char key[TB_RATE_KEY_TEXT];

	if (tb_meters[meter].side == TB_SIDE_FEE)
		return false;
	return !tb_era_written(era, tb_rate_key_text(tier, context, meter, key));
}

/* Calls `each` for the prices of an era, tier by tier; a fee stands there once. */
static void each_price(const struct tb_era *era,
		       void (*each)(void *ctx, const struct tb_era *era, enum tb_tier tier,
				    enum tb_context context, enum tb_meter meter,
				    struct tb_price price),
		       void *ctx)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++)
			for (int m = 0; m < TB_METERS; m++) {
				const struct tb_price *p = tb_rate_own_price(
					era, (enum tb_tier)t, (enum tb_context)c, (enum tb_meter)m);

				if (p && (m < TB_TOKEN_METERS || (!t && !c)))
					each(ctx, era, (enum tb_tier)t, (enum tb_context)c,
					     (enum tb_meter)m, *p);
			}
}

/* ---- one row for each price ---- */

static const struct tb_sheet_column price_columns[] = {
	{.name = "model", .heading = "model", .level = 1},
	{.name = "effective_from", .heading = "from", .keep_rank = 2},
	{.name = "effective_until", .heading = "until", .keep_rank = 3},
	{.name = "tier", .heading = "tier"},
	{.name = "context", .heading = "context"},
	{.name = "meter", .heading = "meter"},
	{.name = "price", .heading = "price", .kind = TB_SHEET_PRICE},
	{.name = "derived", .heading = "derived", .keep_rank = 4},
	{.name = "currency", .heading = "currency", .keep_rank = 1},
};

enum price_column { MODEL, FROM, UNTIL, TIER, CONTEXT, METER, PRICE, DERIVED, CURRENCY, COLUMNS };

struct price_rows {
	const struct tb_ratecard *card;
	struct tb_sheet *sheet;
};

static void add_price(void *ctx, const struct tb_era *era, enum tb_tier t, enum tb_context c,
		      enum tb_meter m, struct tb_price p)
{
	struct price_rows *r = ctx;
	struct tb_sheet *s = r->sheet;

	tb_sheet_add_row(s);
	tb_sheet_set_text(s, MODEL, era->model);
	tb_sheet_set(s, FROM, tb_era_edge_cell(s, era->start));
	tb_sheet_set(s, UNTIL, tb_era_edge_cell(s, tb_book_era_end(r->card->book, era)));
	tb_sheet_set_text(s, TIER, tb_tiers[t].name);
	tb_sheet_set_text(s, CONTEXT, tb_contexts[c].name);
	tb_sheet_set_text(s, METER, tb_meters[m].name);
	tb_sheet_set(s, PRICE, tb_rate_price_cell(m, &p));
	tb_sheet_set_text(s, DERIVED, tb_rate_is_derived(era, t, c, m) ? "yes" : "no");
	tb_sheet_set_text(s, CURRENCY, era->currency);
}

static void add_prices(struct tb_sheet *s, const struct tb_ratecard *card)
{
	struct price_rows rows = {card, s};
	uint32_t first, n = tb_ratecard_eras(card, &first);

	tb_sheet_add_columns(s, price_columns, COLUMNS);
	for (uint32_t i = first; i < first + n; i++)
		each_price(tb_book_era(card->book, i), add_price, &rows);
}

/* ---- facts for programs ---- */

static void add_edge(struct tb_sheet *s, const char *name, int64_t instant)
{
	char text[TB_MONEY_TEXT];

	if (tb_era_edge_text(instant, text))
		tb_sheet_fact_text(s, name, tb_sheet_keep(s, tb_span_of(text)));
	else
		tb_sheet_fact(s, TB_FACT_NOTHING, name);
}

static void add_price_fact(void *ctx, const struct tb_era *era, enum tb_tier t, enum tb_context c,
			   enum tb_meter m, struct tb_price p)
{
	struct tb_sheet *s = ctx;
	char text[TB_MONEY_TEXT];

	tb_rate_price_text(m, p, text);
	tb_sheet_fact(s, TB_FACT_MAP, NULL);
	tb_sheet_fact_text(s, "tier", tb_tiers[t].name);
	tb_sheet_fact_text(s, "context", tb_contexts[c].name);
	tb_sheet_fact_text(s, "meter", tb_meters[m].name);
	tb_sheet_fact_text(s, "price", tb_sheet_keep(s, tb_span_of(text)));
	tb_sheet_fact_count(s, "per", (tb_u128)tb_meters[m].per);
	tb_sheet_fact_yes_no(s, "derived", tb_rate_is_derived(era, t, c, m));
	tb_sheet_fact(s, TB_FACT_MAP_END, NULL);
}

static void add_era(struct tb_sheet *s, const struct tb_ratecard *card, const struct tb_era *era)
{
	int64_t end = tb_book_era_end(card->book, era);

	tb_sheet_fact(s, TB_FACT_MAP, NULL);
	add_edge(s, "effective_from", era->start);
	add_edge(s, "effective_until", end);
	tb_sheet_fact_yes_no(s, "in_force", card->instant >= era->start && card->instant < end);
	tb_sheet_fact_text(s, "currency", era->currency);
	for (size_t i = 0; i < era->written_count; i++)
		if (tb_rate_key_is_term(era->written[i].key))
			tb_sheet_fact_text(s, era->written[i].key, era->written[i].value);
	if (era->card[TB_CARD_SOURCE])
		tb_sheet_fact_text(s, tb_card_names[TB_CARD_SOURCE], era->card[TB_CARD_SOURCE]);
	tb_sheet_fact_text(s, "file", era->file);
	tb_sheet_fact_count(s, "line", era->line);
	tb_sheet_fact(s, TB_FACT_LIST, "prices");
	each_price(era, add_price_fact, s);
	tb_sheet_fact(s, TB_FACT_LIST_END, NULL);
	tb_sheet_fact(s, TB_FACT_MAP_END, NULL);
}

/* The lines or the words of a text. */
static void add_parts(struct tb_sheet *s, const char *name, const char *text, const char *between)
{
	tb_sheet_fact(s, TB_FACT_LIST, name);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, between);

		if (n)
			tb_sheet_fact_text(s, NULL, tb_sheet_keep(s, (struct tb_span){p, n}));
		p += n + (p[n] != '\0');
	}
	tb_sheet_fact(s, TB_FACT_LIST_END, NULL);
}

static void add_eras(struct tb_sheet *s, const struct tb_ratecard *card)
{
	uint32_t first, n = tb_ratecard_eras(card, &first);

	tb_sheet_fact(s, TB_FACT_LIST, "eras");
	for (uint32_t i = first; i < first + n; i++)
		add_era(s, card, tb_book_era(card->book, i));
	tb_sheet_fact(s, TB_FACT_LIST_END, NULL);
}

static void add_facts(struct tb_sheet *s, const struct tb_ratecard *card)
{
	const struct tb_era *era = card->era;
	struct tb_buf aliases = {0};

	tb_era_aliases(card->book, era, &aliases);
	s->failed |= aliases.failed;
	tb_sheet_fact_text(s, "model", era->model);
	if (*era->provider)
		tb_sheet_fact_text(s, "provider", era->provider);
	for (int c = 0; c < TB_CARDS; c++)
		if (era->card[c] && c != TB_CARD_NOTE)
			tb_sheet_fact_text(s, tb_card_names[c], era->card[c]);
	add_parts(s, "aliases", aliases.n ? aliases.p : "", " ");
	add_parts(s, "notes", era->card[TB_CARD_NOTE] ? era->card[TB_CARD_NOTE] : "", "\n");
	add_eras(s, card);
	tb_buf_release(&aliases);
}

enum tb_status tb_ratecard_sheet(struct tb_sheet *s, const struct tb_ratecard *card,
				 struct tb_err *err)
{
	const char *name = card->era->card[TB_CARD_NAME];

	tb_sheet_init(s, TB_FORM_CARD);
	s->title = name ? name : card->era->model;
	s->if_empty = "No prices.";
	add_facts(s, card);
	add_prices(s, card);
	tb_ratecard_write_prose(s, card);
	return tb_sheet_check(s, err);
}
