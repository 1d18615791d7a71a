#include "billing/rating.h"

#include "base/civil.h"

#include <inttypes.h>

static const char model_column[] = "model";

static bool unknown_model(const struct tb_book *book, const struct tb_usage *u,
			  struct tb_problem *why)
{
	const char *near = tb_book_nearest(book, u->model);

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

static bool find_era(const struct tb_book *book, const struct tb_usage *u,
		     const struct tb_era **era, struct tb_problem *why)
{
	switch (tb_book_find(book, u->model, u->instant, era)) {
	case TB_LOOKUP_NO_MODEL:
		return unknown_model(book, u, why);
	case TB_LOOKUP_TOO_EARLY:
		return too_early(*era, u, why);
	case TB_LOOKUP_NOT_NAMED:
		return not_named(*era, u, why);
	case TB_LOOKUP_FOUND:
		break;
	}
	return true;
}

static tb_u128 input_tokens(const struct tb_usage *u)
{
	tb_u128 sum = 0;

	for (int m = 0; m < TB_METERS; m++)
		if (!tb_meters[m].output)
			sum += u->tokens[m];
	return sum;
}

/* A told context holds; an era without long-context prices has but one price list. */
static void choose_context(const struct tb_usage *u, struct tb_rated *r)
{
	r->by_average = false;
	r->context = TB_BASE;
	if (r->era->threshold == TB_NO_THRESHOLD)
		return;
	if (u->context != TB_CONTEXT_UNTOLD) {
		r->context = u->context == TB_CONTEXT_LONG ? TB_LONG : TB_BASE;
		return;
	}
	r->by_average = u->requests > 1;
	r->context = tb_era_context(r->era, input_tokens(u), u->requests);
}

static bool check_priced(const struct tb_usage *u, const struct tb_rated *r, struct tb_problem *why)
{
	const struct tb_era *era = r->era;

	for (int m = 0; m < TB_METERS; m++) {
		if (!u->tokens[m] || tb_era_price(era, u->tier, r->context, (enum tb_meter)m))
			continue;
		return tb_problem_set(why, model_column, u->model,
				      "unpriced: [%s] (%s:%" PRIu64
				      ") has no %s price for %s%s, and %" PRIu64 " tokens need it",
				      era->section, era->file, era->line, tb_tiers[u->tier].name,
				      tb_contexts[r->context].prefix, tb_meters[m].name,
				      u->tokens[m]);
	}
	return true;
}

bool tb_rate_usage(const struct tb_book *book, const struct tb_usage *u, struct tb_rated *out,
		   struct tb_problem *why)
{
	if (!find_era(book, u, &out->era, why))
		return false;
	choose_context(u, out);
	return check_priced(u, out, why);
}
