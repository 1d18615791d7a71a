#include "report/ratecard.h"

#include "write/jsonout.h"
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

static const struct tb_grid_column price_columns[] = {
	{"model", "model", false, 0},
	{"effective_from", "from", false, 2},
	{"effective_until", "until", false, 3},
	{"tier", "tier", false, 0},
	{"context", "context", false, 0},
	{"meter", "meter", false, 0},
	{"price", "price", true, 0},
	{"derived", "derived", false, 4},
	{"currency", "currency", false, 1},
};

enum price_column { MODEL, FROM, UNTIL, TIER, CONTEXT, METER, PRICE, DERIVED, CURRENCY, COLUMNS };

struct price_rows {
	const struct tb_ratecard *card;
	struct tb_grid *grid;
};

static void add_price(void *ctx, const struct tb_era *era, enum tb_tier t, enum tb_context c,
		      enum tb_meter m, struct tb_price p)
{
	struct price_rows *r = ctx;
	char text[TB_MONEY_TEXT];

	tb_grid_add(r->grid);
	tb_grid_set(r->grid, MODEL, era->model);
	tb_grid_set(r->grid, FROM, tb_era_edge_text(era->start, text));
	tb_grid_set(r->grid, UNTIL, tb_era_edge_text(tb_book_era_end(r->card->book, era), text));
	tb_grid_set(r->grid, TIER, tb_tiers[t].name);
	tb_grid_set(r->grid, CONTEXT, tb_contexts[c].name);
	tb_grid_set(r->grid, METER, tb_meters[m].name);
	tb_grid_set(r->grid, PRICE, tb_rate_price_text(m, p, text));
	tb_grid_set(r->grid, DERIVED, tb_rate_is_derived(era, t, c, m) ? "yes" : "no");
	tb_grid_set(r->grid, CURRENCY, era->currency);
}

void tb_ratecard_prices(const struct tb_ratecard *card, struct tb_grid *prices)
{
	struct price_rows rows = {card, prices};
	uint32_t first, n = tb_ratecard_eras(card, &first);

	tb_grid_init(prices, price_columns, COLUMNS, "No prices.");
	for (uint32_t i = first; i < first + n; i++)
		each_price(tb_book_era(card->book, i), add_price, &rows);
}

/* ---- JSON ---- */

static void put_edge(struct tb_json *j, const char *key, int64_t instant)
{
	char text[TB_MONEY_TEXT];

	tb_json_key(j, key);
	if (tb_era_edge_text(instant, text))
		tb_json_text(j, tb_span_of(text));
	else
		tb_json_null(j);
}

static void put_price(void *ctx, const struct tb_era *era, enum tb_tier t, enum tb_context c,
		      enum tb_meter m, struct tb_price p)
{
	struct tb_json *j = ctx;
	char text[TB_MONEY_TEXT];

	tb_json_open_map(j);
	tb_json_string(j, "tier", tb_tiers[t].name);
	tb_json_string(j, "context", tb_contexts[c].name);
	tb_json_string(j, "meter", tb_meters[m].name);
	tb_json_string(j, "price", tb_rate_price_text(m, p, text));
	tb_json_key(j, "per");
	tb_json_count(j, (tb_u128)tb_meters[m].per);
	tb_json_key(j, "derived");
	tb_json_bool(j, tb_rate_is_derived(era, t, c, m));
	tb_json_close_map(j);
}

static void put_era(struct tb_json *j, const struct tb_ratecard *card, const struct tb_era *era)
{
	int64_t end = tb_book_era_end(card->book, era);

	tb_json_open_map(j);
	put_edge(j, "effective_from", era->start);
	put_edge(j, "effective_until", end);
	tb_json_key(j, "in_force");
	tb_json_bool(j, card->instant >= era->start && card->instant < end);
	tb_json_string(j, "currency", era->currency);
	for (size_t i = 0; i < era->written_count; i++)
		if (tb_rate_key_is_term(era->written[i].key))
			tb_json_string(j, era->written[i].key, era->written[i].value);
	if (era->card[TB_CARD_SOURCE])
		tb_json_string(j, tb_card_names[TB_CARD_SOURCE], era->card[TB_CARD_SOURCE]);
	tb_json_string(j, "file", era->file);
	tb_json_key(j, "line");
	tb_json_count(j, era->line);
	tb_json_key(j, "prices");
	tb_json_open_array(j);
	each_price(era, put_price, j);
	tb_json_close_array(j);
	tb_json_close_map(j);
}

/* The lines or the words of a text. */
static void put_parts(struct tb_json *j, const char *key, const char *text, const char *between)
{
	tb_json_key(j, key);
	tb_json_open_array(j);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, between);

		if (n)
			tb_json_text(j, (struct tb_span){p, n});
		p += n + (p[n] != '\0');
	}
	tb_json_close_array(j);
}

enum tb_status tb_write_ratecard_json(const struct tb_ratecard *card,
				      const struct tb_write_options *o, FILE *out,
				      struct tb_err *err)
{
	const struct tb_era *era = card->era;
	uint32_t first, n = tb_ratecard_eras(card, &first);
	struct tb_buf aliases = {0};
	struct tb_json j = {0};

	TB_TRY(tb_json_begin(&j, out, o->visible, err));
	tb_era_aliases(card->book, era, &aliases);
	tb_json_open_map(&j);
	tb_json_string(&j, "model", era->model);
	if (*era->provider)
		tb_json_string(&j, "provider", era->provider);
	for (int c = 0; c < TB_CARDS; c++)
		if (era->card[c] && c != TB_CARD_NOTE)
			tb_json_string(&j, tb_card_names[c], era->card[c]);
	put_parts(&j, "aliases", aliases.n ? aliases.p : "", " ");
	put_parts(&j, "notes", era->card[TB_CARD_NOTE] ? era->card[TB_CARD_NOTE] : "", "\n");
	tb_json_key(&j, "eras");
	tb_json_open_array(&j);
	for (uint32_t i = first; i < first + n; i++)
		put_era(&j, card, tb_book_era(card->book, i));
	tb_json_close_array(&j);
	tb_json_close_map(&j);
	j.failed |= aliases.failed;
	tb_buf_release(&aliases);
	return tb_json_end(&j, err);
}
