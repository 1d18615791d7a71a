/* The card of a model in words. */
#include "report/ratecard.h"
#include "report/ratetext.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, LABEL = 20, PRICE_WIDTH = 13, MARGIN = 24 };

/* ---- lines ---- */

static void add_heading(struct tb_sheet *s, const char *heading)
{
	tb_sheet_add_prose(s, (struct tb_sheet_prose){.kind = TB_PROSE_HEADING, .text = heading});
}

/* The words of a text from column `from` on, over as many lines as it takes; copied. */
static void add_text(struct tb_sheet *s, const char *text, size_t from)
{
	tb_sheet_add_prose(s, (struct tb_sheet_prose){.indent = from,
						      .from = from,
						      .text = tb_sheet_keep(s, tb_span_of(text))});
}

/* What is said beside the list of prices. */
static void add_of_prices(struct tb_sheet *s, const char *text)
{
	tb_sheet_add_prose(s, (struct tb_sheet_prose){.indent = INDENT,
						      .from = INDENT,
						      .text = tb_sheet_keep(s, tb_span_of(text)),
						      .of_rows = true});
}

static void add_fact(struct tb_sheet *s, const char *label, const char *text)
{
	tb_sheet_add_prose(s, (struct tb_sheet_prose){.indent = INDENT,
						      .from = LABEL,
						      .label = tb_sheet_keep(s, tb_span_of(label)),
						      .text = tb_sheet_keep(s, tb_span_of(text))});
}

/* ---- prices ---- */

static bool has_prices(const struct tb_era *era, enum tb_tier t, enum tb_context c)
{
	return (era->priced[t][c] & (TB_METER_BIT(TB_TOKEN_METERS) - 1)) != 0;
}

static void add_price(struct tb_buf *line, const struct tb_era *era, enum tb_tier t,
		      enum tb_context c, enum tb_meter m)
{
	const struct tb_price *price = tb_rate_own_price(era, t, c, m);
	char text[TB_MONEY_TEXT];

	tb_buf_printf(line, "%*s%c", PRICE_WIDTH - 1,
		      price ? tb_rate_price_text(m, *price, text) : "",
		      price && tb_rate_is_derived(era, t, c, m) ? '*' : ' ');
}

/* Without the blanks at its end. */
static void add_line(struct tb_sheet *s, struct tb_buf *line)
{
	const char *text;

	while (line->n && line->p[line->n - 1] == ' ')
		line->n--;
	s->failed |= line->failed;
	text = tb_sheet_keep(s, (struct tb_span){line->n ? line->p : "", line->n});
	tb_sheet_add_prose(
		s, (struct tb_sheet_prose){.kind = TB_PROSE_FIXED, .text = text, .of_rows = true});
	tb_buf_clear(line);
}

static bool is_priced_anywhere(const struct tb_era *era, enum tb_context c, enum tb_meter m)
{
	bool priced = false;

	for (int t = 0; t < TB_TIERS; t++)
		priced = priced || tb_rate_own_price(era, (enum tb_tier)t, c, m);
	return priced;
}

/* The prices of one context: tiers side by side, meters below each other. */
static void put_price_list(struct tb_sheet *s, const struct tb_era *era, enum tb_context c)
{
	char words[TB_RATE_KEY_TEXT];
	struct tb_buf line = {0};

	tb_buf_printf(&line, "%*s", LABEL, "");
	for (int t = 0; t < TB_TIERS; t++)
		if (has_prices(era, (enum tb_tier)t, c))
			tb_buf_printf(&line, "%*s ", PRICE_WIDTH - 1, tb_tiers[t].name);
	add_line(s, &line);
	for (int m = 0; m < TB_TOKEN_METERS; m++) {
		if (!is_priced_anywhere(era, c, (enum tb_meter)m))
			continue;
		tb_buf_printf(&line, "%*s%-*s", INDENT, "", LABEL - INDENT,
			      tb_rate_words(tb_meters[m].name, words));
		for (int t = 0; t < TB_TIERS; t++)
			if (has_prices(era, (enum tb_tier)t, c))
				add_price(&line, era, (enum tb_tier)t, c, (enum tb_meter)m);
		add_line(s, &line);
	}
	tb_buf_release(&line);
}

static void put_context_heading(struct tb_sheet *s, const struct tb_era *era, enum tb_context c)
{
	char threshold[TB_MONEY_TEXT], text[512];
	bool peak = tb_contexts[c].calm != c;

	if (c == TB_BASE)
		return;
	snprintf(text, sizeof(text), "%s%s%s%s%s%s:", peak ? "in peak hours, " : "",
		 peak ? era->peak_hours : "", peak && tb_contexts[c].is_long ? ", and " : "",
		 tb_contexts[c].is_long ? "in requests of " : "",
		 tb_contexts[c].is_long ? tb_threshold_text(era, threshold) : "",
		 tb_contexts[c].is_long ? " input tokens" : "");
	add_of_prices(s, text);
}

static void put_fees(struct tb_sheet *s, const struct tb_era *era)
{
	char words[TB_RATE_KEY_TEXT], price[TB_MONEY_TEXT], count[TB_COUNT_TEXT], text[128];

	for (int m = TB_TOKEN_METERS; m < TB_METERS; m++) {
		const struct tb_price *fee =
			tb_era_price(era, TB_STANDARD, TB_BASE, (enum tb_meter)m);

		if (!fee)
			continue;
		snprintf(text, sizeof(text), "%s per %s %s",
			 tb_rate_price_text((enum tb_meter)m, *fee, price),
			 tb_count_text((tb_u128)tb_meters[m].per, ',', count), tb_meters[m].unit);
		add_fact(s, tb_rate_words(tb_meters[m].name, words), text);
	}
}

static bool any_derived(const struct tb_era *era)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++)
			for (int m = 0; m < TB_TOKEN_METERS; m++)
				if (tb_rate_own_price(era, (enum tb_tier)t, (enum tb_context)c,
						      (enum tb_meter)m) &&
				    tb_rate_is_derived(era, (enum tb_tier)t, (enum tb_context)c,
						       (enum tb_meter)m))
					return true;
	return false;
}

static void put_terms(struct tb_sheet *s, const struct tb_era *era)
{
	char words[TB_RATE_KEY_TEXT];

	for (size_t i = 0; i < era->written_count; i++)
		if (tb_rate_key_is_term(era->written[i].key))
			add_fact(s, tb_rate_words(era->written[i].key, words),
				 era->written[i].value);
}

static void put_verified(struct tb_sheet *s, const struct tb_era *era)
{
	const char *verified = era->card[TB_CARD_VERIFIED];
	const char *confidence = era->card[TB_CARD_CONFIDENCE];
	char text[512];

	if (verified && confidence) {
		snprintf(text, sizeof(text), "%s (%s)", verified, confidence);
		add_fact(s, "verified", text);
	} else if (verified) {
		add_fact(s, "verified", verified);
	} else if (confidence) {
		add_fact(s, "confidence", confidence);
	}
}

static void put_prices(struct tb_sheet *s, const struct tb_ratecard *card)
{
	const struct tb_era *era = card->era;
	char heading[64], edge[TB_MONEY_TEXT], text[128];

	snprintf(heading, sizeof(heading), "Pricing (%s per 1,000,000 tokens)", era->currency);
	add_heading(s, tb_sheet_keep(s, tb_span_of(heading)));
	if (card->instant < era->start) {
		snprintf(text, sizeof(text), "The first price holds from %s on.",
			 tb_era_edge_text(era->start, edge));
		add_fact(s, "not yet", text);
	}
	for (int c = 0; c < TB_CONTEXTS; c++)
		if (has_prices(era, TB_STANDARD, (enum tb_context)c) &&
		    (!tb_contexts[c].is_long || era->threshold != TB_NO_THRESHOLD) &&
		    (tb_contexts[c].calm == (enum tb_context)c || era->peak)) {
			put_context_heading(s, era, (enum tb_context)c);
			put_price_list(s, era, (enum tb_context)c);
		}
	if (any_derived(era))
		add_of_prices(s, "* worked out from another price");
	put_fees(s, era);
	put_terms(s, era);
	if (era->card[TB_CARD_SOURCE])
		add_fact(s, "source", era->card[TB_CARD_SOURCE]);
	put_verified(s, era);
}

/* ---- facts ---- */

static const struct {
	const char *heading;
	enum tb_card cards[6];
	size_t count;
} sections[] = {
	{"Capabilities",
	 {TB_CARD_MODALITIES, TB_CARD_CAPABILITIES, TB_CARD_STRENGTHS, TB_CARD_TRADEOFFS,
	  TB_CARD_CONTEXT_WINDOW, TB_CARD_TOKENIZER},
	 6},
	{"Lifecycle",
	 {TB_CARD_LIFECYCLE, TB_CARD_RELEASED, TB_CARD_DEPRECATED, TB_CARD_SHUTDOWN},
	 4},
	{"Hosts", {TB_CARD_HOSTS}, 1},
	{"Benchmarks", {TB_CARD_BENCHMARK}, 1},
	{"Migration", {TB_CARD_REPLACEMENT}, 1},
};

static void put_section(struct tb_sheet *s, const struct tb_era *era, size_t i)
{
	char words[TB_RATE_KEY_TEXT];
	bool any = false;

	for (size_t k = 0; k < sections[i].count; k++) {
		enum tb_card c = sections[i].cards[k];

		if (!era->card[c])
			continue;
		if (!any)
			add_heading(s, sections[i].heading);
		any = true;
		add_fact(s, tb_rate_words(tb_card_names[c], words), era->card[c]);
	}
}

static void put_aliases(struct tb_sheet *s, const struct tb_ratecard *card)
{
	struct tb_buf aliases = {0};

	tb_era_aliases(card->book, card->era, &aliases);
	if (aliases.n) {
		add_heading(s, "Other names");
		add_text(s, aliases.p, INDENT);
	}
	s->failed |= aliases.failed;
	tb_buf_release(&aliases);
}

static void put_notes(struct tb_sheet *s, const struct tb_era *era)
{
	const char *note = era->card[TB_CARD_NOTE];

	if (!note)
		return;
	add_heading(s, "Notes");
	for (const char *line = note; *line;) {
		size_t n = strcspn(line, "\n");

		tb_sheet_add_prose(s, (struct tb_sheet_prose){
					      .indent = INDENT,
					      .from = INDENT + 2,
					      .label = "-",
					      .text = tb_sheet_keep(s, (struct tb_span){line, n})});
		line += n + (line[n] == '\n');
	}
}

/* ---- the history ---- */

/* "input 4.00 (-20%), ...": the standard prices of an era, and how they changed. */
static void put_standard_prices(struct tb_sheet *s, const struct tb_era *era,
				const struct tb_era *before)
{
	char words[TB_RATE_KEY_TEXT], text[TB_MONEY_TEXT], change[TB_MONEY_TEXT];
	struct tb_buf line = {0};

	for (int m = 0; m < TB_METERS; m++) {
		const struct tb_price *now =
			tb_rate_own_price(era, TB_STANDARD, TB_BASE, (enum tb_meter)m);
		const struct tb_price *old =
			before ? tb_rate_own_price(before, TB_STANDARD, TB_BASE, (enum tb_meter)m)
			       : NULL;

		if (!now)
			continue;
		tb_buf_printf(&line, "%s%s %s", line.n ? ", " : "",
			      tb_rate_words(tb_meters[m].name, words),
			      tb_rate_price_text((enum tb_meter)m, *now, text));
		if (old && old->units != now->units && tb_price_change_text(*old, *now, change))
			tb_buf_printf(&line, " (%s%s%%)", *change == '-' ? "" : "+", change);
	}
	s->failed |= line.failed;
	add_text(s, line.n ? line.p : "", MARGIN);
	tb_buf_release(&line);
}

static void put_era(struct tb_sheet *s, const struct tb_ratecard *card, const struct tb_era *era,
		    const struct tb_era *before)
{
	char edge[TB_MONEY_TEXT], label[TB_MONEY_TEXT + INDENT];
	int64_t end = tb_book_era_end(card->book, era);
	bool now = card->instant >= era->start && card->instant < end;

	snprintf(label, sizeof(label), "%c %s", now ? '>' : ' ',
		 era->start == INT64_MIN ? "from the beginning"
					 : tb_era_edge_text(era->start, edge));
	tb_sheet_add_prose(s, (struct tb_sheet_prose){.from = MARGIN,
						      .label = tb_sheet_keep(s, tb_span_of(label)),
						      .text = era->card[TB_CARD_SOURCE]
								      ? era->card[TB_CARD_SOURCE]
								      : ""});
	put_standard_prices(s, era, before);
}

static void put_history(struct tb_sheet *s, const struct tb_ratecard *card)
{
	uint32_t first, n = tb_ratecard_eras(card, &first);
	const struct tb_era *before = NULL;

	add_heading(s, "Price history");
	for (uint32_t i = first; i < first + n; i++) {
		const struct tb_era *era = tb_book_era(card->book, i);

		put_era(s, card, era, before);
		before = era;
	}
	add_text(s, "(standard prices; > is in force)", INDENT);
}

/* ---- the whole ---- */

static void put_head(struct tb_sheet *s, const struct tb_era *era)
{
	const char *name = era->card[TB_CARD_NAME];
	struct tb_buf line = {0};

	tb_sheet_add_prose(s, (struct tb_sheet_prose){.kind = TB_PROSE_TITLE,
						      .text = name ? name : era->model});
	tb_buf_puts(&line, era->model);
	if (*era->provider)
		tb_buf_printf(&line, " (%s)", era->provider);
	add_text(s, line.n ? line.p : "", 0);
	if (era->card[TB_CARD_SUMMARY]) {
		add_text(s, "", 0);
		add_text(s, era->card[TB_CARD_SUMMARY], 0);
	}
	s->failed |= line.failed;
	tb_buf_release(&line);
}

void tb_ratecard_write_prose(struct tb_sheet *s, const struct tb_ratecard *card)
{
	put_head(s, card->era);
	put_prices(s, card);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		put_section(s, card->era, i);
	put_aliases(s, card);
	put_notes(s, card->era);
	put_history(s, card);
}
