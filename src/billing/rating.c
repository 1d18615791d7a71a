#include "billing/rating.h"

#include "base/civil.h"
#include "billing/reseller.h"

#include <inttypes.h>
#include <string.h>

static const char model_column[] = "model";

static bool unknown_model(const struct tb_book *book, const struct tb_usage *u,
			  struct tb_problem *why)
{
	const char *near = tb_book_nearest(book, u->model_bare.n ? u->model_bare : u->model);

	if (near)
		return tb_problem_set(why, model_column, u->model,
				      "not in the rates; did you mean '%s'? Else add it to a "
				      "rate file (--rates)",
				      near);
	return tb_problem_set(why, model_column, u->model,
			      "not in the rates; add it to a rate file (--rates)");
}

static bool too_early(const struct tb_era *era, const struct tb_usage *u, struct tb_problem *why)
{
	char start[TB_DATE_TEXT], when[TB_DATE_TEXT];

	return tb_problem_set(why, model_column, u->model,
			      "has no price at %s: its first era is [%s] (%s:%" PRIu64 "), from %s",
			      tb_instant_text(u->instant, when), era->section, era->file, era->line,
			      tb_instant_text(era->start, start));
}

static bool not_named(const struct tb_era *era, const struct tb_usage *u, struct tb_problem *why)
{
	return tb_problem_set(why, model_column, u->model,
			      "not an alias of %s in [%s] (%s:%" PRIu64
			      "), which lists its aliases anew; add it there",
			      era->model, era->section, era->file, era->line);
}

static bool unsure(const struct tb_era *era, const struct tb_usage *u, enum tb_confidence least,
		   struct tb_problem *why)
{
	return tb_problem_set(why, model_column, u->model,
			      "the prices of [%s] (%s:%" PRIu64 ") are of %s confidence, and at "
			      "least %s is asked for",
			      era->section, era->file, era->line,
			      tb_confidence_names[tb_era_confidence(era)],
			      tb_confidence_names[least]);
}

/*
 * The whole name comes first; only what no rate file knows by it is looked for behind the vendor's
 * prefix. There the price is one of the book's, whoever the prefix says the model was bought from.
 */
static enum tb_lookup find_name(const struct tb_book *book, const struct tb_usage *u,
				struct tb_rated *out)
{
	enum tb_lookup found = tb_book_find(book, u->model, u->instant, &out->era);

	out->other_seller = false;
	if (found != TB_LOOKUP_NO_MODEL || !u->model_bare.n)
		return found;
	found = tb_book_find(book, u->model_bare, u->instant, &out->era);
	if (found == TB_LOOKUP_FOUND)
		out->other_seller =
			!tb_provider_matches(tb_reseller_of(u->model), out->era->provider);
	return found;
}

static bool look_up_era(const struct tb_book *book, const struct tb_usage *u, struct tb_rated *out,
			struct tb_problem *why)
{
	switch (find_name(book, u, out)) {
	case TB_LOOKUP_NO_MODEL:
		return unknown_model(book, u, why);
	case TB_LOOKUP_TOO_EARLY:
		return too_early(out->era, u, why);
	case TB_LOOKUP_NOT_NAMED:
		return not_named(out->era, u, why);
	case TB_LOOKUP_FOUND:
		break;
	}
	return true;
}

/* Names that crowd one slot only make each other slow. */
static struct tb_rater_slot *slot_of(struct tb_rater *r, struct tb_span name)
{
	return &r->slots[tb_ends_mix(tb_span_ends(name)) >> 56];
}

bool tb_rate_era(struct tb_rater *r, const struct tb_usage *u, struct tb_rated *out,
		 struct tb_problem *why)
{
	struct tb_rater_slot *s = slot_of(r, u->model);

	if (s->era && s->len == u->model.n && s->bare == u->model_bare.n &&
	    memcmp(s->name, u->model.p, s->len) == 0 && u->instant >= s->era->start &&
	    u->instant < s->end) {
		out->era = s->era;
		out->era_end = s->end;
		out->other_seller = s->other_seller;
		return true;
	}
	if (!look_up_era(r->book, u, out, why))
		return false;
	if (tb_era_confidence(out->era) < r->least)
		return unsure(out->era, u, r->least, why);
	out->era_end = tb_book_era_end(r->book, out->era);
	if (u->model.n <= TB_RATER_NAME) {
		s->era = out->era;
		s->end = out->era_end;
		s->len = (uint16_t)u->model.n;
		s->bare = (uint16_t)u->model_bare.n;
		s->other_seller = out->other_seller;
		memcpy(s->name, u->model.p, u->model.n);
	}
	return true;
}

/* Whether the row has more input than one request of the model can have. */
static bool exceeds_window(const struct tb_usage *u, const struct tb_era *era)
{
	return era->window && u->requests <= 1 && !u->sums && tb_input_tokens(u) > era->window;
}

/* A told context holds; an era without long-context prices has but one price list. */
static bool is_long(const struct tb_usage *u, struct tb_rated *r)
{
	r->by_average = r->beyond_window = false;
	if (r->era->threshold == TB_NO_THRESHOLD)
		return false;
	if (u->context != TB_CONTEXT_UNTOLD)
		return u->context == TB_CONTEXT_LONG;
	r->by_average = u->requests > 1;
	if (!tb_era_is_long(r->era, tb_input_tokens(u), u->requests))
		return false;
	r->beyond_window = exceeds_window(u, r->era);
	return !r->beyond_window;
}

void tb_rate_terms(const struct tb_usage *u, struct tb_rated *r)
{
	bool is_peak = r->era->peak && tb_peak_holds(r->era->peak, u->instant);

	r->terms.tier = u->tier;
	r->terms.context = tb_context_of(is_long(u, r), is_peak);
	r->terms.uplift = u->region.n ? tb_era_uplift(r->era, u->region) : 0;
	r->by_midnight = r->era->peak && (u->date_only || u->sums || u->requests > 1);
}

static bool unpriced(const struct tb_usage *u, const struct tb_rated *r, enum tb_meter m,
		     struct tb_problem *why)
{
	const struct tb_era *era = r->era;

	if (tb_meters[m].side == TB_SIDE_FEE)
		return tb_problem_set(why, model_column, u->model,
				      "unpriced: [%s] (%s:%" PRIu64
				      ") has no %s price, and %" PRIu64 " %s need it",
				      era->section, era->file, era->line, tb_meters[m].name,
				      u->tokens[m], tb_meters[m].unit);
	return tb_problem_set(why, model_column, u->model,
			      "unpriced: [%s] (%s:%" PRIu64
			      ") has no %s price for %s%s, and %" PRIu64 " tokens need it",
			      era->section, era->file, era->line, tb_tiers[u->tier].name,
			      tb_contexts[r->terms.context].prefix, tb_meters[m].name,
			      u->tokens[m]);
}

static bool check_priced(const struct tb_usage *u, const struct tb_rated *r, struct tb_problem *why)
{
	unsigned priced = r->era->priced[r->terms.tier][r->terms.context];

	for (int m = 0; m < TB_METERS; m++)
		if (u->tokens[m] && !(priced & TB_METER_BIT(m)))
			return unpriced(u, r, (enum tb_meter)m, why);
	return true;
}

/* Of requests whose number nobody knows it is only certain that none is longer than all together.
 */
static bool check_context(const struct tb_usage *u, const struct tb_rated *r,
			  struct tb_problem *why)
{
	const struct tb_era *era = r->era;

	if (!u->sums || u->context != TB_CONTEXT_UNTOLD || !tb_contexts[r->terms.context].is_long)
		return true;
	return tb_problem_set(
		why, model_column, u->model,
		"sums requests without saying how many, and each of them may or may "
		"not have been a long context ([%s] in %s:%" PRIu64
		"); the log needs a column for the context (base, long) or the requests",
		era->section, era->file, era->line);
}

bool tb_rate_usage(struct tb_rater *rater, const struct tb_usage *u, struct tb_rated *out,
		   struct tb_problem *why)
{
	if (!tb_rate_era(rater, u, out, why))
		return false;
	tb_rate_terms(u, out);
	return check_context(u, out, why) && check_priced(u, out, why);
}
