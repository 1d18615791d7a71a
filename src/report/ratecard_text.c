/* The card of a model for eyes. */
#include "report/ratecard.h"
#include "report/ratetext.h"

#include <string.h>

enum { WIDTH = 80, WIDTH_MAX = 100, INDENT = 2, LABEL = 20, PRICE_WIDTH = 13, MARGIN = 24 };

struct page {
	const struct tb_ratecard *card;
	FILE *out;
	size_t width;
	bool color;
	struct tb_buf seen; /* the text at hand, as it may be shown */
};

/* ---- lines ---- */

static void put_heading(struct page *p, const char *heading)
{
	fprintf(p->out, "\n%s%s%s\n", p->color ? "\033[1m" : "", heading,
		p->color ? "\033[0m" : "");
}

static void put_blanks(struct page *p, size_t n)
{
	fprintf(p->out, "%*s", (int)n, "");
}

/* The words of a text from column `from` on, over as many lines as it takes. */
static void put_wrapped(struct page *p, const char *text, size_t from)
{
	size_t column = from;

	tb_buf_clear(&p->seen);
	tb_buf_visible(&p->seen, tb_span_of(text), 0);
	for (const char *word = p->seen.p ? p->seen.p : ""; *word;) {
		size_t n = strcspn(word, " "), w = tb_text_width((struct tb_span){word, n});

		if (column > from && column + 1 + w > p->width) {
			putc('\n', p->out);
			put_blanks(p, from);
			column = from;
		} else if (column > from) {
			putc(' ', p->out);
			column++;
		}
		fwrite(word, 1, n, p->out);
		column += w;
		word += n + (word[n] == ' ');
	}
	putc('\n', p->out);
}

static void put_fact(struct page *p, const char *label, const char *text)
{
	fprintf(p->out, "%*s%-*s", INDENT, "", LABEL - INDENT, label);
	put_wrapped(p, text, LABEL);
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
static void put_line(struct page *p, struct tb_buf *line)
{
	while (line->n && line->p[line->n - 1] == ' ')
		line->n--;
	fwrite(line->p ? line->p : "", 1, line->n, p->out);
	putc('\n', p->out);
	p->seen.failed |= line->failed;
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
static void put_price_list(struct page *p, const struct tb_era *era, enum tb_context c)
{
	char words[TB_RATE_KEY_TEXT];
	struct tb_buf line = {0};

	tb_buf_printf(&line, "%*s", LABEL, "");
	for (int t = 0; t < TB_TIERS; t++)
		if (has_prices(era, (enum tb_tier)t, c))
			tb_buf_printf(&line, "%*s ", PRICE_WIDTH - 1, tb_tiers[t].name);
	put_line(p, &line);
	for (int m = 0; m < TB_TOKEN_METERS; m++) {
		if (!is_priced_anywhere(era, c, (enum tb_meter)m))
			continue;
		tb_buf_printf(&line, "%*s%-*s", INDENT, "", LABEL - INDENT,
			      tb_rate_words(tb_meters[m].name, words));
		for (int t = 0; t < TB_TIERS; t++)
			if (has_prices(era, (enum tb_tier)t, c))
				add_price(&line, era, (enum tb_tier)t, c, (enum tb_meter)m);
		put_line(p, &line);
	}
	tb_buf_release(&line);
}

static void put_context_heading(struct page *p, const struct tb_era *era, enum tb_context c)
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
	put_blanks(p, INDENT);
	put_wrapped(p, text, INDENT);
}

static void put_fees(struct page *p, const struct tb_era *era)
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
		put_fact(p, tb_rate_words(tb_meters[m].name, words), text);
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

static void put_terms(struct page *p, const struct tb_era *era)
{
	char words[TB_RATE_KEY_TEXT];

	for (size_t i = 0; i < era->written_count; i++)
		if (tb_rate_key_is_term(era->written[i].key))
			put_fact(p, tb_rate_words(era->written[i].key, words),
				 era->written[i].value);
}

static void put_verified(struct page *p, const struct tb_era *era)
{
	const char *verified = era->card[TB_CARD_VERIFIED];
	const char *confidence = era->card[TB_CARD_CONFIDENCE];
	char text[512];

	if (verified && confidence) {
		snprintf(text, sizeof(text), "%s (%s)", verified, confidence);
		put_fact(p, "verified", text);
	} else if (verified) {
		put_fact(p, "verified", verified);
	} else if (confidence) {
		put_fact(p, "confidence", confidence);
	}
}

static void put_prices(struct page *p)
{
	const struct tb_era *era = p->card->era;
	char heading[64], edge[TB_MONEY_TEXT], text[128];

	snprintf(heading, sizeof(heading), "Pricing (%s per 1,000,000 tokens)", era->currency);
	put_heading(p, heading);
	if (p->card->instant < era->start) {
		snprintf(text, sizeof(text), "The first price holds from %s on.",
			 tb_era_edge_text(era->start, edge));
		put_fact(p, "not yet", text);
	}
	for (int c = 0; c < TB_CONTEXTS; c++)
		if (has_prices(era, TB_STANDARD, (enum tb_context)c) &&
		    (!tb_contexts[c].is_long || era->threshold != TB_NO_THRESHOLD) &&
		    (tb_contexts[c].calm == (enum tb_context)c || era->peak)) {
			put_context_heading(p, era, (enum tb_context)c);
			put_price_list(p, era, (enum tb_context)c);
		}
	if (any_derived(era))
		fprintf(p->out, "%*s* worked out from another price\n", INDENT, "");
	put_fees(p, era);
	put_terms(p, era);
	if (era->card[TB_CARD_SOURCE])
		put_fact(p, "source", era->card[TB_CARD_SOURCE]);
	put_verified(p, era);
}

/* ---- facts ---- */

static const struct {
	const char *heading;
	enum tb_card cards[5];
	size_t count;
} sections[] = {
	{"Capabilities",
	 {TB_CARD_MODALITIES, TB_CARD_CAPABILITIES, TB_CARD_STRENGTHS, TB_CARD_TRADEOFFS,
	  TB_CARD_CONTEXT_WINDOW},
	 5},
	{"Lifecycle",
	 {TB_CARD_LIFECYCLE, TB_CARD_RELEASED, TB_CARD_DEPRECATED, TB_CARD_SHUTDOWN},
	 4},
	{"Hosts", {TB_CARD_HOSTS}, 1},
	{"Benchmarks", {TB_CARD_BENCHMARK}, 1},
	{"Migration", {TB_CARD_REPLACEMENT}, 1},
};

static void put_section(struct page *p, size_t i)
{
	const struct tb_era *era = p->card->era;
	char words[TB_RATE_KEY_TEXT];
	bool any = false;

	for (size_t k = 0; k < sections[i].count; k++) {
		enum tb_card c = sections[i].cards[k];

		if (!era->card[c])
			continue;
		if (!any)
			put_heading(p, sections[i].heading);
		any = true;
		put_fact(p, tb_rate_words(tb_card_names[c], words), era->card[c]);
	}
}

static void put_aliases(struct page *p)
{
	struct tb_buf aliases = {0};

	tb_era_aliases(p->card->book, p->card->era, &aliases);
	if (aliases.n) {
		put_heading(p, "Other names");
		put_blanks(p, INDENT);
		put_wrapped(p, aliases.p, INDENT);
	}
	p->seen.failed |= aliases.failed;
	tb_buf_release(&aliases);
}

static void put_notes(struct page *p)
{
	const char *note = p->card->era->card[TB_CARD_NOTE];
	struct tb_buf line = {0};

	if (!note)
		return;
	put_heading(p, "Notes");
	for (const char *s = note; *s;) {
		size_t n = strcspn(s, "\n");

		tb_buf_clear(&line);
		tb_buf_add(&line, s, n);
		fprintf(p->out, "%*s- ", INDENT, "");
		put_wrapped(p, line.p ? line.p : "", INDENT + 2);
		s += n + (s[n] == '\n');
	}
	p->seen.failed |= line.failed;
	tb_buf_release(&line);
}

/* ---- the history ---- */

/* "input 4.00 (-20%), ...": the standard prices of an era, and how they changed. */
static void put_standard_prices(struct page *p, const struct tb_era *era,
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
	put_blanks(p, MARGIN);
	put_wrapped(p, line.p ? line.p : "", MARGIN);
	p->seen.failed |= line.failed;
	tb_buf_release(&line);
}

static void put_era(struct page *p, const struct tb_era *era, const struct tb_era *before)
{
	char edge[TB_MONEY_TEXT];
	int64_t end = tb_book_era_end(p->card->book, era);
	bool now = p->card->instant >= era->start && p->card->instant < end;

	fprintf(p->out, "%c %-*s", now ? '>' : ' ', MARGIN - INDENT,
		era->start == INT64_MIN ? "from the beginning"
					: tb_era_edge_text(era->start, edge));
	if (era->card[TB_CARD_SOURCE])
		put_wrapped(p, era->card[TB_CARD_SOURCE], MARGIN);
	else
		putc('\n', p->out);
	put_standard_prices(p, era, before);
}

static void put_history(struct page *p)
{
	uint32_t first, n = tb_ratecard_eras(p->card, &first);
	const struct tb_era *before = NULL;

	put_heading(p, "Price history");
	for (uint32_t i = first; i < first + n; i++) {
		const struct tb_era *era = tb_book_era(p->card->book, i);

		put_era(p, era, before);
		before = era;
	}
	fprintf(p->out, "%*s(standard prices; > is in force)\n", INDENT, "");
}

/* ---- the whole ---- */

static void put_head(struct page *p)
{
	const struct tb_era *era = p->card->era;
	const char *name = era->card[TB_CARD_NAME];

	fputs(p->color ? "\033[1m" : "", p->out);
	put_wrapped(p, name ? name : era->model, 0);
	fputs(p->color ? "\033[0m" : "", p->out);
	tb_buf_clear(&p->seen);
	tb_buf_visible(&p->seen, tb_span_of(era->model), 0);
	fputs(p->seen.p ? p->seen.p : "", p->out);
	if (*era->provider) {
		tb_buf_clear(&p->seen);
		tb_buf_visible(&p->seen, tb_span_of(era->provider), 0);
		fprintf(p->out, " (%s)", p->seen.p ? p->seen.p : "");
	}
	putc('\n', p->out);
	if (era->card[TB_CARD_SUMMARY]) {
		putc('\n', p->out);
		put_wrapped(p, era->card[TB_CARD_SUMMARY], 0);
	}
}

enum tb_status tb_write_ratecard(const struct tb_ratecard *card, const struct tb_write_options *o,
				 FILE *out, struct tb_err *err)
{
	size_t width = o->width ? o->width : WIDTH;
	struct page p = {.card = card,
			 .out = out,
			 .width = width > WIDTH_MAX ? WIDTH_MAX : width,
			 .color = o->color};
	bool failed;

	put_head(&p);
	put_prices(&p);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		put_section(&p, i);
	put_aliases(&p);
	put_notes(&p);
	put_history(&p);
	failed = p.seen.failed;
	tb_buf_release(&p.seen);
	return failed ? tb_fail_nomem(err) : TB_OK;
}
