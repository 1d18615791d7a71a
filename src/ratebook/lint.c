#include "ratebook/lint.h"

#include "base/civil.h"
#include "ratebook/float_noise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HUNDREDFOLD = 100, KEY_TEXT = 64, PROPOSALS_MAX = 200 };

/* An era under examination. */
struct tb_lint {
	const struct tb_book *book;
	const struct tb_era *era;
	const struct tb_era *before; /* the era before it of the same model, or NULL */
	int64_t as_of;
	struct tb_problems *warnings;
};

/* ---- saying it ---- */

static void warn_at(struct tb_lint *l, const struct tb_era *era, uint64_t line, const char *key,
		    const char *value, const char *reason)
{
	struct tb_problem p;

	tb_problem_set(&p, key, value ? tb_span_of(value) : TB_NO_SPAN, "%s", reason);
	tb_problems_add(l->warnings, era->file, line, &p);
}

static void warn(struct tb_lint *l, const struct tb_written *w, const char *reason)
{
	warn_at(l, l->era, w->line, w->key, w->value, reason);
}

/* ---- cells: a price of one tier, context and meter ---- */

struct cell {
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
};

static const struct tb_price *price_of(const struct tb_era *era, struct cell c)
{
	return tb_era_price(era, c.tier, c.context, c.meter);
}

static void key_of(struct cell c, char key[KEY_TEXT])
{
	snprintf(key, KEY_TEXT, "%s%s%s", tb_tiers[c.tier].prefix, tb_contexts[c.context].prefix,
		 tb_meters[c.meter].name);
}

/* The line that gives the price; NULL for one that was worked out, or that names a meter. */
static const struct tb_written *written(const struct tb_era *era, struct cell c)
{
	char key[KEY_TEXT];
	const struct tb_written *w;

	key_of(c, key);
	w = tb_era_written(era, key);
	return w && tb_meter_find(tb_span_of(w->value)) == TB_METERS ? w : NULL;
}

static void each_cell(struct tb_lint *l, void (*check)(struct tb_lint *l, struct cell c))
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int k = 0; k < TB_CONTEXTS; k++)
			for (int m = 0; m < TB_TOKEN_METERS; m++)
				check(l, (struct cell){(enum tb_tier)t, (enum tb_context)k,
						       (enum tb_meter)m});
}

/* ---- prices that are odd beside each other ---- */

static void cached_above_input(struct tb_lint *l, struct cell c)
{
	struct cell input = {c.tier, c.context, TB_INPUT};
	const struct tb_price *cached = price_of(l->era, c), *plain = price_of(l->era, input);
	const struct tb_written *w = written(l->era, c);

	if (c.meter == TB_CACHED_READ && w && cached && plain && cached->units > plain->units)
		warn(l, w, "a cached read costs more than plain input; are the two mixed up?");
}

static void check_cached(struct tb_lint *l)
{
	each_cell(l, cached_above_input);
}

/*
 * What waits longer costs no more. Where a vendor gives no discount on cached reads in a tier,
 * they cost what input does there, which may be more than the standard cached read.
 */
static void tier_above_standard(struct tb_lint *l, struct cell c)
{
	struct cell standard = {TB_STANDARD, c.context, c.meter};
	struct cell input = {c.tier, c.context, TB_INPUT};
	const struct tb_price *price = price_of(l->era, c), *usual = price_of(l->era, standard);
	const struct tb_price *plain = price_of(l->era, input);
	const struct tb_written *w = written(l->era, c);
	char reason[160];

	if ((c.tier != TB_BATCH && c.tier != TB_FLEX) || !w || !price || !usual ||
	    price->units <= usual->units)
		return;
	if (c.meter == TB_CACHED_READ && plain && price->units <= plain->units)
		return;
	snprintf(reason, sizeof(reason), "%s costs more than standard; are the two mixed up?",
		 tb_tiers[c.tier].name);
	warn(l, w, reason);
}

static void check_tiers(struct tb_lint *l)
{
	each_cell(l, tier_above_standard);
}

static void long_below_base(struct tb_lint *l, struct cell c)
{
	struct cell base = {c.tier, TB_BASE, c.meter};
	const struct tb_price *price = price_of(l->era, c), *usual = price_of(l->era, base);
	const struct tb_written *w = written(l->era, c);

	if (c.context == TB_LONG && w && price && usual && price->units < usual->units)
		warn(l, w, "a long context costs less than a short one; are the two mixed up?");
}

static void check_long(struct tb_lint *l)
{
	each_cell(l, long_below_base);
}

static void check_noise(struct tb_lint *l)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int k = 0; k < TB_CONTEXTS; k++)
			for (int m = 0; m < TB_METERS; m++) {
				const struct tb_written *w = written(
					l->era, (struct cell){(enum tb_tier)t, (enum tb_context)k,
							      (enum tb_meter)m});
				char likely[TB_LIKELY_TEXT], reason[160];

				if (!w || !tb_likely_price(tb_span_of(w->value), likely))
					continue;
				snprintf(reason, sizeof(reason),
					 "looks like %s with the noise of binary arithmetic; "
					 "write what the vendor publishes",
					 likely);
				warn(l, w, reason);
			}
}

static void check_peak(struct tb_lint *l)
{
	const struct tb_written *w = tb_era_written(l->era, "peak_multiplier");
	int multiplier;

	if (w && !tb_multiplier_parse(tb_span_of(w->value), &multiplier) && multiplier == 0)
		warn(l, w, "makes what peak hours give no price of their own free; is 1 meant?");
}

/* ---- from one era to the next ---- */

/* Whether the era knows the condition of the context at all. */
static bool has_context(const struct tb_era *era, enum tb_context c)
{
	return (!tb_contexts[c].is_long || era->threshold != TB_NO_THRESHOLD) &&
	       (tb_contexts[c].calm == c || era->peak);
}

/* "note = unpublished: priority" says that the prices of a tier, or one of them, are not known. */
static bool is_unpublished(const struct tb_era *era, const char *word)
{
	static const char mark[] = "unpublished:";

	for (size_t i = 0; i < era->written_count; i++) {
		const char *note = era->written[i].value;

		if (strcmp(era->written[i].key, tb_card_names[TB_CARD_NOTE]) == 0 &&
		    strncmp(note, mark, sizeof(mark) - 1) == 0 && strstr(note, word))
			return true;
	}
	return false;
}

static void price_lost(struct tb_lint *l, struct cell c)
{
	struct cell standard = {TB_STANDARD, TB_BASE, c.meter};
	char key[KEY_TEXT];

	if (!price_of(l->before, c) || price_of(l->era, c) || !has_context(l->era, c.context))
		return;
	if (tb_meter_is_derived(c.meter) && !written(l->before, standard))
		return; /* it is another meter, which is looked at itself */
	key_of(c, key);
	if (is_unpublished(l->era, c.tier == TB_STANDARD ? key : tb_tiers[c.tier].name))
		return;
	warn_at(l, l->era, l->era->line, key, NULL,
		"the era before has this price and this one has not, so usage that needs it is "
		"unpriced from here on; give it (prices are not inherited), or say so: note = "
		"unpublished: ...");
}

static void check_lost_prices(struct tb_lint *l)
{
	if (l->before)
		each_cell(l, price_lost);
}

static void check_lost_aliases(struct tb_lint *l)
{
	const char *name;
	bool held, holds;

	for (size_t i = 0; l->before && (name = tb_era_alias(l->book, l->before, i, &held)); i++)
		if (held && tb_era_alias(l->book, l->era, i, &holds) && !holds)
			warn_at(l, l->era, l->era->line, "aliases", name,
				"is a name of the model until this era and not from it on: usage "
				"under it is unpriced then; list all names that go on");
}

static void jumps(struct tb_lint *l, struct cell c)
{
	const struct tb_price *now = price_of(l->era, c), *old = price_of(l->before, c);
	const struct tb_written *w = written(l->era, c);

	if (w && now && old && now->units && old->units &&
	    (now->units / HUNDREDFOLD >= old->units || old->units / HUNDREDFOLD >= now->units))
		warn(l, w,
		     "a hundred times more or less than in the era before; is the unit right "
		     "(per 1,000,000 tokens)?");
}

static void check_jumps(struct tb_lint *l)
{
	if (l->before)
		each_cell(l, jumps);
}

/* ---- facts ---- */

static bool is_over(const struct tb_lint *l)
{
	return tb_book_era_end(l->book, l->era) <= l->as_of;
}

/*
 * A fact that holds in the era, and where it stands; NULL when there is none. An inherited one is
 * looked at with the era in force, so that it is named once.
 */
static const struct tb_written *fact(const struct tb_lint *l, enum tb_card card,
				     const struct tb_era **where)
{
	const struct tb_era *era = l->era;
	const struct tb_written *w = tb_era_written(era, tb_card_names[card]);

	if (!w && era->start > l->as_of)
		return NULL;
	while (!w && era->number > 0) {
		era = tb_book_era(l->book, era->number - 1);
		if (strcmp(era->model, l->era->model) != 0)
			return NULL;
		w = tb_era_written(era, tb_card_names[card]);
	}
	*where = era;
	return w;
}

static void check_verified(struct tb_lint *l)
{
	const struct tb_era *where = NULL;
	const struct tb_written *w = fact(l, TB_CARD_VERIFIED, &where);
	int32_t day, today = tb_day_of_instant(l->as_of);
	char reason[160];

	if (is_over(l))
		return;
	if (!l->era->card[TB_CARD_VERIFIED]) {
		warn_at(l, l->era, l->era->line, tb_card_names[TB_CARD_VERIFIED], NULL,
			"is missing; write the date of the source in which the prices stand");
	} else if (w && tb_date_parse(tb_span_of(w->value), &day) &&
		   today - day > TB_VERIFIED_DAYS) {
		snprintf(reason, sizeof(reason),
			 "is %d days ago; compare the prices with a newer source, then write "
			 "the date of that",
			 today - day);
		warn_at(l, where, w->line, w->key, w->value, reason);
	}
}

static void check_dates(struct tb_lint *l)
{
	static const enum tb_card dates[] = {TB_CARD_VERIFIED, TB_CARD_RELEASED, TB_CARD_DEPRECATED,
					     TB_CARD_SHUTDOWN};
	int32_t day;

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		const struct tb_written *w = tb_era_written(l->era, tb_card_names[dates[i]]);

		if (w && !tb_date_parse(tb_span_of(w->value), &day))
			warn(l, w, "not a date such as 2026-04-05, so nothing can be told by it");
	}
}

static bool is_retired(const char *lifecycle)
{
	static const char *const words[] = {"shutdown", "shut down", "retired"};

	for (size_t i = 0; lifecycle && i < sizeof(words) / sizeof(words[0]); i++)
		if (tb_span_equal_nocase(tb_span_of(lifecycle), tb_span_of(words[i])))
			return true;
	return false;
}

static void check_shutdown(struct tb_lint *l)
{
	const struct tb_era *where = NULL;
	const struct tb_written *w = fact(l, TB_CARD_SHUTDOWN, &where);
	int32_t day;

	if (w && !is_over(l) && tb_date_parse(tb_span_of(w->value), &day) &&
	    day <= tb_day_of_instant(l->as_of) && !is_retired(l->era->card[TB_CARD_LIFECYCLE]))
		warn_at(l, where, w->line, w->key, w->value,
			"has passed; write lifecycle = shutdown if it came so, else the new day");
}

static bool is_known(const struct tb_book *book, struct tb_span name)
{
	const struct tb_era *era;

	return tb_book_find(book, name, INT64_MAX, &era) != TB_LOOKUP_NO_MODEL;
}

static void warn_of_replacement(struct tb_lint *l, const struct tb_written *w, struct tb_span name)
{
	/* Each proposal looks at all names, and of hundreds nobody reads the last. */
	const char *near =
		l->warnings->total < PROPOSALS_MAX ? tb_book_nearest(l->book, name) : NULL;
	char reason[256];
	struct tb_problem p;

	snprintf(reason, sizeof(reason), "no such model in these rates%s%.100s%s",
		 near ? "; did you mean '" : "; add it, or check its file together with these",
		 near ? near : "", near ? "'?" : "");
	tb_problem_set(&p, w->key, name, "%s", reason);
	tb_problems_add(l->warnings, l->era->file, w->line, &p);
}

/* One name or several, as aliases are. */
static void check_replacement(struct tb_lint *l)
{
	const struct tb_written *w = tb_era_written(l->era, tb_card_names[TB_CARD_REPLACEMENT]);

	for (const char *p = w ? w->value : ""; *p;) {
		size_t n = strcspn(p, ", \t");

		if (n && !is_known(l->book, (struct tb_span){p, n}))
			warn_of_replacement(l, w, (struct tb_span){p, n});
		p += n + (p[n] != '\0');
	}
}

/* ---- the rules ---- */

const struct tb_lint_rule tb_lint_rules[] = {
	{"cached", "a cached read above input", check_cached},
	{"tier", "batch or flex above standard", check_tiers},
	{"long", "a long context below a short one", check_long},
	{"peak", "peak hours that cost nothing", check_peak},
	{"noise", "a price with the noise of binary arithmetic", check_noise},
	{"lost-price", "a price that ends with an era", check_lost_prices},
	{"lost-alias", "a name that ends with an era", check_lost_aliases},
	{"jump", "a price that changed a hundredfold", check_jumps},
	{"verified", "prices from a source of more than 90 days ago, or of no known day",
	 check_verified},
	{"date", "a date that is none", check_dates},
	{"shutdown", "a shutdown that has passed", check_shutdown},
	{"replacement", "a replacement that is not in the rates", check_replacement},
};

const size_t tb_lint_rule_count = sizeof(tb_lint_rules) / sizeof(tb_lint_rules[0]);

static const struct tb_era *era_before(const struct tb_book *book, const struct tb_era *era)
{
	const struct tb_era *before = era->number ? tb_book_era(book, era->number - 1) : NULL;

	return before && strcmp(before->model, era->model) == 0 ? before : NULL;
}

static int compare_places(const void *pa, const void *pb)
{
	const struct tb_era *a = *(const struct tb_era *const *)pa;
	const struct tb_era *b = *(const struct tb_era *const *)pb;
	int c = strcmp(a->file, b->file);

	return c != 0 ? c : (a->line > b->line) - (a->line < b->line);
}

enum tb_status tb_lint_book(const struct tb_book *book, int64_t as_of, struct tb_problems *warnings,
			    struct tb_err *err)
{
	size_t n = tb_book_era_count(book);
	const struct tb_era **eras = calloc(n + 1, sizeof(*eras));

	if (!eras)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		eras[i] = tb_book_era(book, (uint32_t)i);
	qsort(eras, n, sizeof(*eras), compare_places);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < tb_lint_rule_count; k++) {
			struct tb_lint l = {book, eras[i], era_before(book, eras[i]), as_of,
					    warnings};

			tb_lint_rules[k].check(&l);
		}
	free(eras);
	return warnings->nomem ? tb_fail_nomem(err) : TB_OK;
}
