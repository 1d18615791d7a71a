#include "report/ratelist.h"

#include "report/ratetext.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What a column holds of an era. */
enum source_kind {
	FROM_MODEL,
	FROM_PROVIDER,
	FROM_START,
	FROM_END,
	FROM_PRICE,
	FROM_THRESHOLD,
	FROM_PEAK,
	FROM_CURRENCY,
	FROM_CARD,
	FROM_ALIASES
};

struct source {
	enum source_kind from;
	enum tb_card card;
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
};

/* A list on its way into a sheet. */
struct list {
	struct tb_sheet *sheet;
	const struct tb_book *book;
	struct source *sources; /* of each column */
	size_t source_cap;
	struct tb_buf text; /* for what is put together */
};

/* ---- what the columns hold ---- */

static struct tb_sheet_cell text_cell(const char *text)
{
	if (!text || !*text)
		return (struct tb_sheet_cell){.kind = TB_CELL_NOTHING};
	return tb_cell_of_text(tb_span_of(text));
}

static struct tb_sheet_cell threshold_cell(struct list *l, const struct tb_era *era)
{
	char room[TB_MONEY_TEXT];
	const char *text = tb_threshold_text(era, room);

	return text_cell(text ? tb_sheet_keep(l->sheet, tb_span_of(text)) : NULL);
}

static struct tb_sheet_cell aliases_cell(struct list *l, const struct tb_era *era)
{
	tb_buf_clear(&l->text);
	tb_era_aliases(l->book, era, &l->text);
	l->sheet->failed |= l->text.failed;
	if (l->text.n == 0)
		return text_cell(NULL);
	return text_cell(tb_sheet_keep(l->sheet, (struct tb_span){l->text.p, l->text.n}));
}

static struct tb_sheet_cell cell_of(struct list *l, const struct source *c,
				    const struct tb_era *era)
{
	switch (c->from) {
	case FROM_MODEL:
		return text_cell(era->model);
	case FROM_PROVIDER:
		return text_cell(era->provider);
	case FROM_START:
		return tb_era_edge_cell(l->sheet, era->start);
	case FROM_END:
		return tb_era_edge_cell(l->sheet, tb_book_era_end(l->book, era));
	case FROM_PRICE:
		return tb_rate_price_cell(c->meter,
					  tb_rate_own_price(era, c->tier, c->context, c->meter));
	case FROM_THRESHOLD:
		return threshold_cell(l, era);
	case FROM_PEAK:
		return text_cell(era->peak_hours);
	case FROM_CURRENCY:
		return text_cell(era->currency);
	case FROM_CARD:
		return text_cell(era->card[c->card]);
	case FROM_ALIASES:
		return aliases_cell(l, era);
	}
	return text_cell(NULL);
}

/* ---- the columns ---- */

struct known_column {
	const char *name, *heading;
	int keep_rank, level;
	struct source source;
};

/* Prices stand between those before and those after. */
static const struct known_column
	before[] =
		{
			{"model", "model", 0, 1, {.from = FROM_MODEL}},
			{"provider", "provider", 7, 0, {.from = FROM_PROVIDER}},
			{"effective_from", "from", 2, 0, {.from = FROM_START}},
			{"effective_until", "until", 6, 0, {.from = FROM_END}},
},
	after[] = {
		{"long_context", "long context", 10, 0, {.from = FROM_THRESHOLD}},
		{"peak_hours", "peak hours", 15, 0, {.from = FROM_PEAK}},
		{"currency", "currency", 16, 0, {.from = FROM_CURRENCY}},
		{"lifecycle", "lifecycle", 12, 0, {.from = FROM_CARD, .card = TB_CARD_LIFECYCLE}},
		{"shutdown", "shutdown", 11, 0, {.from = FROM_CARD, .card = TB_CARD_SHUTDOWN}},
		{"verified", "verified", 13, 0, {.from = FROM_CARD, .card = TB_CARD_VERIFIED}},
		{"confidence",
		 "confidence",
		 14,
		 0,
		 {.from = FROM_CARD, .card = TB_CARD_CONFIDENCE}},
		{"aliases", "aliases", 17, 0, {.from = FROM_ALIASES}},
		{"source", "source", 18, 0, {.from = FROM_CARD, .card = TB_CARD_SOURCE}},
};

static void add_column(struct list *l, struct tb_sheet_column column, struct source source)
{
	size_t n = l->sheet->column_count;

	if (!tb_grow(&l->sources, &l->source_cap, n + 1, sizeof(*l->sources))) {
		l->sheet->failed = true;
		return;
	}
	l->sources[n] = source;
	tb_sheet_add_column(l->sheet, column);
}

static void add_known(struct list *l, const struct known_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_column(l,
			   (struct tb_sheet_column){.name = columns[i].name,
						    .heading = columns[i].heading,
						    .level = columns[i].level,
						    .keep_rank = columns[i].keep_rank},
			   columns[i].source);
}

static void add_price(struct list *l, enum tb_tier t, enum tb_context c, enum tb_meter m,
		      int keep_rank)
{
	char key[TB_RATE_KEY_TEXT], words[TB_RATE_KEY_TEXT];
	struct tb_sheet_column column = {.kind = TB_SHEET_PRICE, .keep_rank = keep_rank};

	tb_rate_key_text(t, c, m, key);
	tb_rate_words(key, words);
	column.name = tb_sheet_keep(l->sheet, tb_span_of(key));
	column.heading = tb_sheet_keep(l->sheet, tb_span_of(words));
	add_column(l, column,
		   (struct source){.from = FROM_PRICE, .tier = t, .context = c, .meter = m});
}

/* A list of prices keeps the usual ones on a narrow terminal, and cuts long names before. */
static int rank_of(enum tb_meter m)
{
	if (m == TB_CACHED_READ)
		return -1;
	if (m == TB_CACHE_WRITE)
		return -2;
	return tb_meters[m].required ? 0 : 4;
}

/* All standard prices, and of the tiers and contexts what every era must price. */
static void add_prices(struct list *l)
{
	enum { TIER_RANK = 8, CONTEXT_RANK = 9 };

	for (int m = 0; m < TB_METERS; m++)
		add_price(l, TB_STANDARD, TB_BASE, (enum tb_meter)m, rank_of((enum tb_meter)m));
	for (int t = TB_STANDARD + 1; t < TB_TIERS; t++)
		for (int m = 0; m < TB_METERS; m++)
			if (tb_meters[m].required)
				add_price(l, (enum tb_tier)t, TB_BASE, (enum tb_meter)m, TIER_RANK);
	for (int c = TB_BASE + 1; c < TB_CONTEXTS; c++)
		for (int m = 0; m < TB_METERS; m++)
			if (tb_meters[m].required)
				add_price(l, TB_STANDARD, (enum tb_context)c, (enum tb_meter)m,
					  CONTEXT_RANK);
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

static void add_row(struct list *l, const struct tb_era *era)
{
	tb_sheet_add_row(l->sheet);
	for (size_t i = 0; i < l->sheet->column_count; i++)
		tb_sheet_set(l->sheet, i, cell_of(l, &l->sources[i], era));
}

enum tb_status tb_ratelist_init(struct tb_sheet *s, const struct tb_book *book,
				const struct tb_ratelist_filter *filter, struct tb_err *err)
{
	struct list l = {.sheet = s, .book = book};

	tb_sheet_init(s, TB_FORM_LIST);
	s->title = "Prices";
	s->if_empty = "No model of that kind in the rates.";
	add_known(&l, before, LENGTH(before));
	add_prices(&l);
	add_known(&l, after, LENGTH(after));
	for (uint32_t i = 0; i < tb_book_era_count(book); i++) {
		const struct tb_era *era = tb_book_era(book, i);

		if (is_asked_for(book, era, filter))
			add_row(&l, era);
	}
	tb_buf_release(&l.text);
	free(l.sources);
	return tb_sheet_check(s, err);
}
