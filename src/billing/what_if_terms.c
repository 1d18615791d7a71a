/* What rows would have been priced at, and what a tally's cell would have cost. */
#include "billing/scenario.h"

#include <string.h>

/* ---- rows ---- */

/* A told context is told of a threshold, and says nothing about another one. */
static enum tb_context_told told_of(const struct tb_usage *u, const struct tb_era *was,
				    const struct tb_era *now)
{
	bool same = was->threshold == now->threshold && was->long_tokens == now->long_tokens;

	return same ? u->context : TB_CONTEXT_UNTOLD;
}

static unsigned used_meters(const struct tb_scenario *s, const struct tb_usage *u,
			    const struct tb_era *era)
{
	const unsigned cached = TB_METER_BIT(TB_INPUT) | TB_METER_BIT(TB_CACHED_READ);
	unsigned used = 0;

	for (unsigned m = 0; m < TB_METERS; m++)
		used |= (unsigned)(u->tokens[m] != 0) << m;
	/* A share of the one may become the other. */
	if ((used & cached) && (s->wish->vary_hit || s->hits[era->number] != TB_SHARE_NONE))
		used |= cached;
	return used;
}

static unsigned sure_meters(const struct tb_scenario *s, const struct tb_era *era,
			    struct tb_terms terms)
{
	unsigned sure = era->priced[terms.tier][terms.context];

	if (terms.tier == TB_STANDARD && (s->wish->vary_batch || s->batch[era->number] > 0))
		sure &= era->priced[TB_BATCH][terms.context];
	return sure;
}

static enum tb_fate fate_of(const struct tb_usage *moved, const struct tb_rated *was,
			    const struct tb_rated *now)
{
	if (strcmp(now->era->currency, was->era->currency) != 0)
		return TB_FATE_CURRENCY;
	/* Of requests whose number nobody knows it is only certain that none is longer than all. */
	if (moved->sums && moved->context == TB_CONTEXT_UNTOLD &&
	    tb_contexts[now->terms.context].is_long)
		return TB_FATE_CONTEXT;
	return TB_FATE_PRICED;
}

/* Which other rows have that target for certain; false when none has. */
static bool find_limits(const struct tb_scenario *s, const struct tb_usage *u,
			const struct tb_rated *now, struct tb_would_be *t)
{
	const unsigned cached = TB_METER_BIT(TB_INPUT) | TB_METER_BIT(TB_CACHED_READ);
	struct tb_row_cache_limits *l = &t->limits;

	l->priced = sure_meters(s, now->era, now->terms);
	if ((l->priced & cached) != cached)
		l->priced &= ~cached; /* a share of the one may become the other */
	l->from = s->wish->has_as_of ? INT64_MIN : now->era->start;
	l->end = s->wish->has_as_of ? INT64_MAX : now->era_end;
	return t->fate == TB_FATE_PRICED && !t->unsure && !now->era->peak && !u->sums &&
	       tb_row_cache_input_max(u, now, &l->input_max);
}

struct tb_would_be tb_scenario_target(const struct tb_scenario *s, struct tb_rater *rater,
				      const struct tb_usage *u, const struct tb_rated *rated)
{
	const char *name = s->targets[rated->era->number];
	struct tb_would_be t = {.fate = TB_FATE_NO_MODEL};
	struct tb_usage moved = *u;
	struct tb_problem why;
	struct tb_rated now;

	if (!name)
		return t;
	moved.model = tb_span_of(name);
	moved.model_bare = TB_NO_SPAN;
	if (s->wish->has_as_of)
		moved.instant = s->wish->as_of;
	if (!tb_rate_era(rater, &moved, &now, &why)) {
		t.fate = TB_FATE_TOO_EARLY;
		return t;
	}
	/* The hours of a day stay what they are. */
	moved.instant = u->instant;
	moved.context = told_of(u, rated->era, now.era);
	tb_rate_terms(&moved, &now);
	t.era = now.era->number;
	t.terms = now.terms;
	t.by_average = now.by_average;
	t.unsure = used_meters(s, u, now.era) & ~sure_meters(s, now.era, now.terms);
	t.fate = fate_of(&moved, rated, &now);
	t.is_alike = find_limits(s, u, &now, &t);
	return t;
}

/* ---- tags ---- */

enum { CONTEXT_AT = 32, UPLIFT_AT = 36, FATE_AT = 44, UNSURE_AT = 48 };

uint64_t tb_would_be_tag(const struct tb_would_be *t)
{
	return (uint64_t)t->era | (uint64_t)t->terms.context << CONTEXT_AT |
	       (uint64_t)t->terms.uplift << UPLIFT_AT | (uint64_t)t->fate << FATE_AT |
	       (uint64_t)t->unsure << UNSURE_AT;
}

struct tb_would_be tb_would_be_of(const struct tb_cell_key *key)
{
	return (struct tb_would_be){
		.era = (uint32_t)key->tag,
		.terms = {key->terms.tier, (enum tb_context)(key->tag >> CONTEXT_AT & 0xf),
			  (unsigned)(key->tag >> UPLIFT_AT & 0xff)},
		.fate = (enum tb_fate)(key->tag >> FATE_AT & 0xf),
		.unsure = (unsigned)(key->tag >> UNSURE_AT),
	};
}

/* ---- shares ---- */

struct tb_shares tb_scenario_shares(const struct tb_scenario *s, const struct tb_would_be *t)
{
	return (struct tb_shares){s->batch[t->era], s->hits[t->era], s->wish->scale};
}

/* The tokens of the standard tier that stay, and those that move to batch. */
struct part {
	enum tb_tier tier;
	int percent;
};

static size_t split_tiers(const struct tb_would_be *t, struct tb_shares shares,
			  struct part parts[2])
{
	size_t n = 0;

	if (t->terms.tier != TB_STANDARD || shares.batch <= 0) {
		parts[0] = (struct part){t->terms.tier, TB_PERCENT_WHOLE};
		return 1;
	}
	if (shares.batch < TB_PERCENT_WHOLE)
		parts[n++] = (struct part){TB_STANDARD, TB_PERCENT_WHOLE - shares.batch};
	parts[n++] = (struct part){TB_BATCH, shares.batch};
	return n;
}

bool tb_would_be_priced(const struct tb_scenario *s, const struct tb_would_be *t,
			struct tb_shares shares, enum tb_meter *meter, enum tb_tier *tier)
{
	const struct tb_era *era = tb_book_era(s->book, t->era);
	unsigned needed = t->unsure;
	struct part parts[2];
	size_t n = split_tiers(t, shares, parts);

	if (shares.hit == 0)
		needed &= ~TB_METER_BIT(TB_CACHED_READ);
	if (shares.hit == TB_PERCENT_WHOLE)
		needed &= ~TB_METER_BIT(TB_INPUT);
	for (size_t i = 0; i < n; i++)
		for (unsigned m = 0; m < TB_METERS; m++)
			if (needed & TB_METER_BIT(m) &
			    ~era->priced[parts[i].tier][t->terms.context]) {
				*meter = (enum tb_meter)m;
				*tier = parts[i].tier;
				return false;
			}
	return true;
}

/* ---- money ---- */

/* Adds what the tokens cost in that tier, `parts` times. */
static bool add_cost(const struct tb_era *era, struct tb_terms terms,
		     const tb_u128 tokens[TB_METERS], uint64_t parts, struct tb_money *sum)
{
	struct tb_charge charge = {0};
	struct tb_money cost;

	return parts == 0 ||
	       (tb_charge_tokens(&charge, era, terms, tokens) &&
		tb_money_part(charge.amounts[TB_COST], parts, &cost) && tb_money_add(sum, cost));
}

/* Where a share of the input comes from a cache: first the rest, then each side of that share. */
static bool add_hits(const struct tb_era *era, struct tb_terms terms,
		     const tb_u128 tokens[TB_METERS], int hit, uint64_t parts, struct tb_money *sum)
{
	tb_u128 rest[TB_METERS], fresh[TB_METERS] = {0}, cached[TB_METERS] = {0};
	tb_u128 input = tokens[TB_INPUT] + tokens[TB_CACHED_READ];

	memcpy(rest, tokens, sizeof(rest));
	rest[TB_INPUT] = rest[TB_CACHED_READ] = 0;
	fresh[TB_INPUT] = cached[TB_CACHED_READ] = input;
	return add_cost(era, terms, rest, parts * TB_PERCENT_WHOLE, sum) &&
	       add_cost(era, terms, fresh, parts * (uint64_t)(TB_PERCENT_WHOLE - hit), sum) &&
	       add_cost(era, terms, cached, parts * (uint64_t)hit, sum);
}

bool tb_scenario_cost(const struct tb_scenario *s, const struct tb_would_be *t,
		      struct tb_shares shares, const struct tb_cell *cell, struct tb_money *cost)
{
	const struct tb_era *era = tb_book_era(s->book, t->era);
	struct tb_terms terms = t->terms;
	struct part tiers[2];
	size_t n = split_tiers(t, shares, tiers);

	*cost = TB_NO_MONEY;
	for (size_t i = 0; i < n; i++) {
		uint64_t parts = (uint64_t)tiers[i].percent * (uint64_t)shares.scale;

		terms.tier = tiers[i].tier;
		if (shares.hit == TB_SHARE_NONE
			    ? !add_cost(era, terms, cell->tokens, parts * TB_PERCENT_WHOLE, cost)
			    : !add_hits(era, terms, cell->tokens, shares.hit, parts, cost))
			return false;
	}
	return true;
}
