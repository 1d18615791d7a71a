#include "ratebook/diff.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* One of the two books, and where in it the model at hand stands. */
struct side {
	const struct tb_book *book;
	uint32_t first, end;             /* its eras of the model; none when equal */
	const struct tb_era *era;        /* in force at the instant at hand, or NULL */
	const struct tb_era *era_before; /* at the instant before that one */
};

struct comparison {
	struct side a, b;
	const char *model;
	int64_t start;
	bool begun; /* there was an instant before this one */
	enum tb_status (*each)(void *ctx, const struct tb_rate_change *change, struct tb_err *err);
	void *ctx;
	struct tb_err *err;
};

/* ---- instants ---- */

static const struct tb_era *era_at(const struct side *s, int64_t instant)
{
	const struct tb_era *era = NULL;

	for (uint32_t i = s->first; i < s->end; i++)
		if (tb_book_era(s->book, i)->start <= instant)
			era = tb_book_era(s->book, i);
	return era;
}

/* The first start, or the first one behind that instant; INT64_MAX when there is none. */
static int64_t next_start(const struct comparison *c, bool behind, int64_t instant)
{
	const struct side *sides[] = {&c->a, &c->b};
	int64_t next = INT64_MAX;

	for (size_t k = 0; k < 2; k++)
		for (uint32_t i = sides[k]->first; i < sides[k]->end; i++) {
			int64_t s = tb_book_era(sides[k]->book, i)->start;

			if ((!behind || s > instant) && s < next)
				next = s;
		}
	return next;
}

/* ---- prices ---- */

/* NULL also for one that is but another's, as reasoning is output: it differs as that does. */
static const struct tb_price *price_of(const struct tb_era *era, enum tb_tier t, enum tb_context c,
				       enum tb_meter m)
{
	const struct tb_price *p = era ? tb_era_price(era, t, c, m) : NULL;
	const struct tb_price *other = era ? tb_era_price(era, t, c, tb_meters[m].absent) : NULL;

	if (p && tb_meter_is_derived(m) && other && other->units == p->units)
		return NULL;
	return p;
}

static bool same_price(const struct tb_price *a, const struct tb_price *b)
{
	return a && b ? a->units == b->units : a == b;
}

/* When a price of either book changes next. */
static int64_t end_of(const struct comparison *c, const struct tb_rate_change *now)
{
	int64_t at = c->start;

	while ((at = next_start(c, true, at)) != INT64_MAX)
		if (!same_price(now->old_price,
				price_of(era_at(&c->a, at), now->tier, now->context, now->meter)) ||
		    !same_price(now->new_price,
				price_of(era_at(&c->b, at), now->tier, now->context, now->meter)))
			break;
	return at;
}

static enum tb_status compare_price(struct comparison *c, enum tb_tier t, enum tb_context k,
				    enum tb_meter m)
{
	const struct tb_price *old = price_of(c->a.era, t, k, m),
			      *new = price_of(c->b.era, t, k, m);
	struct tb_rate_change change = {.model = c->model,
					.start = c->start,
					.currency = (c->b.era ? c->b.era : c->a.era)->currency,
					.is_price = true,
					.tier = t,
					.context = k,
					.meter = m,
					.old_price = old,
					.new_price = new};

	if (same_price(old, new))
		return TB_OK;
	/* A difference that goes on was told where it began. */
	if (c->begun && same_price(old, price_of(c->a.era_before, t, k, m)) &&
	    same_price(new, price_of(c->b.era_before, t, k, m)))
		return TB_OK;
	change.end = end_of(c, &change);
	return c->each(c->ctx, &change, c->err);
}

static enum tb_status compare_prices(struct comparison *c)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int k = 0; k < TB_CONTEXTS; k++)
			for (int m = 0; m < TB_METERS; m++)
				if (m < TB_TOKEN_METERS || (t == TB_STANDARD && k == TB_BASE))
					TB_TRY(compare_price(c, (enum tb_tier)t, (enum tb_context)k,
							     (enum tb_meter)m));
	return TB_OK;
}

/* ---- what stands around the prices ---- */

enum { TERM_TEXT = 32 };

/* Each gives a text of an era, or NULL; `room` may hold it. */
struct term {
	const char *name;
	const char *(*text)(const struct tb_era *era, char room[TERM_TEXT]);
	bool of_both; /* every era has one, so it only counts where both books have an era */
};

static const char *currency(const struct tb_era *era, char room[TERM_TEXT])
{
	(void)room;
	return era->currency;
}

static const char *count_text(uint64_t n, char room[TERM_TEXT])
{
	snprintf(room, TERM_TEXT, "%" PRIu64, n);
	return room;
}

static const char *long_over(const struct tb_era *era, char room[TERM_TEXT])
{
	return era->threshold == TB_LONG_OVER ? count_text(era->long_tokens, room) : NULL;
}

static const char *long_from(const struct tb_era *era, char room[TERM_TEXT])
{
	return era->threshold == TB_LONG_FROM ? count_text(era->long_tokens, room) : NULL;
}

static const char *peak_hours(const struct tb_era *era, char room[TERM_TEXT])
{
	(void)room;
	return era->peak_hours;
}

static const struct term terms[] = {{"currency", currency, true},
				    {"long_context_over", long_over, false},
				    {"long_context_from", long_from, false},
				    {"peak_hours", peak_hours, false}};

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static enum tb_status tell_text(struct comparison *c, const char *what, const char *old,
				const char *new)
{
	struct tb_rate_change change = {.model = c->model,
					.start = c->start,
					.end = INT64_MAX,
					.currency = "",
					.what = what,
					.old_text = old,
					.new_text = new};

	return c->each(c->ctx, &change, c->err);
}

static enum tb_status compare_term(struct comparison *c, const struct term *t)
{
	const struct tb_era *eras[] = {c->a.era, c->b.era, c->a.era_before, c->b.era_before};
	char rooms[4][TERM_TEXT];
	const char *texts[4];

	if (t->of_both && (!c->a.era || !c->b.era))
		return TB_OK;
	for (size_t i = 0; i < 4; i++)
		texts[i] = eras[i] ? t->text(eras[i], rooms[i]) : NULL;
	if (same_text(texts[0], texts[1]) ||
	    (c->begun && same_text(texts[0], texts[2]) && same_text(texts[1], texts[3])))
		return TB_OK;
	return tell_text(c, t->name, texts[0], texts[1]);
}

static const struct tb_uplift *uplift_of(const struct tb_era *era, const char *region)
{
	unsigned n = era ? tb_era_uplift(era, tb_span_of(region)) : 0;

	return n ? &era->uplifts[n - 1] : NULL;
}

static const char *percent_text(const struct tb_uplift *u, char room[TERM_TEXT])
{
	if (!u)
		return NULL;
	snprintf(room, TERM_TEXT, "%d.%02d%%", u->percent / 100, u->percent % 100);
	return room;
}

static enum tb_status compare_uplift(struct comparison *c, const char *region)
{
	const struct tb_era *eras[] = {c->a.era, c->b.era, c->a.era_before, c->b.era_before};
	char rooms[4][TERM_TEXT], what[128];
	const char *texts[4];

	for (size_t i = 0; i < 4; i++)
		texts[i] = percent_text(uplift_of(eras[i], region), rooms[i]);
	if (same_text(texts[0], texts[1]) ||
	    (c->begun && same_text(texts[0], texts[2]) && same_text(texts[1], texts[3])))
		return TB_OK;
	snprintf(what, sizeof(what), "uplift_%.100s", region);
	return tell_text(c, what, texts[0], texts[1]);
}

/* Those of the old era, then those that only the new one has. */
static enum tb_status compare_uplifts(struct comparison *c)
{
	for (size_t i = 0; c->a.era && i < c->a.era->uplift_count; i++)
		TB_TRY(compare_uplift(c, c->a.era->uplifts[i].region));
	for (size_t i = 0; c->b.era && i < c->b.era->uplift_count; i++)
		if (!uplift_of(c->a.era, c->b.era->uplifts[i].region))
			TB_TRY(compare_uplift(c, c->b.era->uplifts[i].region));
	return TB_OK;
}

static bool is_alias(const struct tb_book *book, const struct tb_era *era, const char *name)
{
	const char *known;
	bool holds;

	for (size_t i = 0; era && (known = tb_era_alias(book, era, i, &holds)); i++)
		if (strcmp(known, name) == 0)
			return holds;
	return false;
}

/* The names that `side` has and the other has not, or not any more. */
static enum tb_status compare_names(struct comparison *c, const struct side *side,
				    const struct side *other, bool vanished)
{
	const char *name;
	bool holds, held;

	for (size_t i = 0; side->era && (name = tb_era_alias(side->book, side->era, i, &holds));
	     i++) {
		if (!holds || is_alias(other->book, other->era, name))
			continue;
		if (c->begun && side->era_before &&
		    tb_era_alias(side->book, side->era_before, i, &held) && held &&
		    !is_alias(other->book, other->era_before, name))
			continue;
		TB_TRY(tell_text(c, "aliases", vanished ? name : NULL, vanished ? NULL : name));
	}
	return TB_OK;
}

/* ---- one model ---- */

static void move_to(struct side *s, int64_t start)
{
	s->era_before = s->era;
	s->era = era_at(s, start);
}

static enum tb_status compare_model(struct comparison *c)
{
	c->begun = false;
	c->a.era = c->b.era = NULL;
	for (int64_t start = next_start(c, false, 0); start != INT64_MAX;
	     start = next_start(c, true, start), c->begun = true) {
		c->start = start;
		move_to(&c->a, start);
		move_to(&c->b, start);
		TB_TRY(compare_prices(c));
		for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
			TB_TRY(compare_term(c, &terms[i]));
		TB_TRY(compare_uplifts(c));
		TB_TRY(compare_names(c, &c->a, &c->b, true));
		TB_TRY(compare_names(c, &c->b, &c->a, false));
	}
	return TB_OK;
}

/* ---- both books, model by model ---- */

static const char *model_at(const struct side *s)
{
	return s->end < tb_book_era_count(s->book) ? tb_book_era(s->book, s->end)->model : NULL;
}

/* The side's eras of the model, behind those of the one before; none when it has not got it. */
static void take_model(struct side *s, const char *model)
{
	s->first = s->end;
	for (const char *at; (at = model_at(s)) && strcmp(at, model) == 0;)
		s->end++;
}

enum tb_status tb_book_diff(const struct tb_book *a, const struct tb_book *b,
			    enum tb_status (*each)(void *ctx, const struct tb_rate_change *change,
						   struct tb_err *err),
			    void *ctx, struct tb_err *err)
{
	struct comparison c = {
		.a = {.book = a}, .b = {.book = b}, .each = each, .ctx = ctx, .err = err};
	const char *in_a, *in_b;

	while (in_a = model_at(&c.a), in_b = model_at(&c.b), in_a || in_b) {
		c.model = !in_b || (in_a && strcmp(in_a, in_b) <= 0) ? in_a : in_b;
		take_model(&c.a, c.model);
		take_model(&c.b, c.model);
		TB_TRY(compare_model(&c));
	}
	return TB_OK;
}
