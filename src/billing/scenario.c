#include "billing/scenario.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* ---- models ---- */

static bool is_pattern(const char *name)
{
	return strpbrk(name, "*?[") != NULL;
}

/* The model that a name or an alias stands for, or NULL. */
static const char *model_named(const struct tb_book *book, const char *name)
{
	const struct tb_era *era;

	return tb_book_find(book, tb_span_of(name), INT64_MAX, &era) == TB_LOOKUP_NO_MODEL
		       ? NULL
		       : era->model;
}

/* Whether a model is meant by a pattern of names, or by a name or an alias. */
static bool is_meant(const struct tb_book *book, const char *pattern, const char *model)
{
	const char *named;

	if (is_pattern(pattern))
		return fnmatch(pattern, model, 0) == 0;
	named = model_named(book, pattern);
	return named && strcmp(named, model) == 0;
}

static bool means_any(const struct tb_book *book, const char *pattern)
{
	for (size_t i = 0; i < tb_book_era_count(book); i++)
		if (is_meant(book, pattern, tb_book_era(book, (uint32_t)i)->model))
			return true;
	return false;
}

static enum tb_status unknown_model(const struct tb_book *book, const char *option,
				    const char *name, struct tb_err *err)
{
	const char *near = is_pattern(name) ? NULL : tb_book_nearest(book, tb_span_of(name));

	if (is_pattern(name))
		return tb_fail(err, TB_USAGE,
			       "%s: '%s' matches no model of the rates; `tokbill rates list` has "
			       "their names",
			       option, name);
	if (near)
		return tb_fail(err, TB_USAGE, "%s: '%s' is not in the rates; did you mean '%s'?",
			       option, name, near);
	return tb_fail(err, TB_USAGE,
		       "%s: '%s' is not in the rates; `tokbill rates list` has their names", option,
		       name);
}

/* What is said twice of one model would hold once, and who typed it may mean the other. */
static enum tb_status check_once(const struct tb_book *book, const char *option, const char *before,
				 const char *name, struct tb_err *err)
{
	const char *model;

	if (strcmp(before, name) == 0)
		return tb_fail(err, TB_USAGE, "%s: '%s' is given twice; leave out one of them",
			       option, name);
	if (is_pattern(before) || is_pattern(name))
		return TB_OK;
	model = model_named(book, before);
	if (!model || !is_meant(book, name, model))
		return TB_OK;
	return tb_fail(err, TB_USAGE, "%s: '%s' and '%s' are the same model; leave out one of them",
		       option, before, name);
}

/* ---- moves ---- */

static enum tb_status check_move(const struct tb_scenario *s, const struct tb_move *m,
				 struct tb_err *err)
{
	if (!means_any(s->from, m->from))
		return unknown_model(s->from, "move", m->from, err);
	if (is_pattern(m->to))
		return tb_fail(err, TB_USAGE,
			       "move: '%s' is a pattern, and usage moves to one model; type its "
			       "name after the =",
			       m->to);
	return model_named(s->book, m->to) ? TB_OK : unknown_model(s->book, "move", m->to, err);
}

static const char *moved(const struct tb_scenario *s, const char *model)
{
	for (size_t i = 0; i < s->wish->move_count; i++)
		if (is_meant(s->from, s->wish->moves[i].from, model)) {
			model = model_named(s->book, s->wish->moves[i].to);
			assert(model); /* each move's target was looked for before */
			break;
		}
	return model;
}

/* A model that comes back to itself by way of others: an exchange is hardly ever meant. */
static enum tb_status check_circle(const struct tb_scenario *s, const char *model,
				   struct tb_err *err)
{
	const char *first = moved(s, model), *at = first, *next = moved(s, first);

	for (size_t steps = 0; strcmp(at, next) != 0 && steps < s->wish->move_count; steps++) {
		if (strcmp(next, model) == 0)
			return tb_fail(err, TB_USAGE,
				       "move: '%s' moves to '%s' and comes back to '%s': a circle; "
				       "leave out one of the moves, such as %s=%s",
				       model, first, model, at, model);
		at = next;
		next = moved(s, at);
	}
	return TB_OK;
}

/* ---- replacements ---- */

/* The card of a model as it is at last, or on the day of --as-of. */
static const char *replacement_of(const struct tb_scenario *s, const char *model)
{
	int64_t when = s->wish->has_as_of ? s->wish->as_of : INT64_MAX;
	struct tb_span name = tb_span_of(model);
	const struct tb_era *era;

	if (tb_book_find(s->from, name, when, &era) == TB_LOOKUP_NO_MODEL &&
	    tb_book_find(s->book, name, when, &era) == TB_LOOKUP_NO_MODEL)
		return NULL;
	return era->card[TB_CARD_REPLACEMENT];
}

/* Where the cards lead, for models of the scenario's book, by the number of their last era. */
struct chains {
	const struct tb_scenario *s;
	const char **ends; /* NULL where `known` is not set, or where a name is not known */
	unsigned char *known;
	uint32_t *path; /* those on the way from the model at hand: as many as eras, and one */
};

static uint32_t number_of(const struct tb_book *book, const char *model)
{
	const struct tb_era *era = NULL;
	enum tb_lookup found = tb_book_find(book, tb_span_of(model), INT64_MAX, &era);

	assert(found != TB_LOOKUP_NO_MODEL);
	(void)found;
	return era->number;
}

/* Follows the cards to the end of the chain; *out is NULL when a name in it is not known. */
static enum tb_status replaced(struct chains *c, const char *model, const char **out,
			       struct tb_err *err)
{
	const struct tb_book *book = c->s->book;
	size_t limit = tb_book_era_count(book), steps = 0;
	const char *at = model;

	assert(at); /* set_target() has put one there */
	for (; steps <= limit; steps++) {
		const char *text = replacement_of(c->s, at);
		const char *next = text ? model_named(book, text) : at;

		*out = next;
		if (!next || strcmp(next, at) == 0)
			break;
		at = next;
		c->path[steps] = number_of(book, at);
		if (c->known[c->path[steps]]) {
			*out = c->ends[c->path[steps]];
			break;
		}
	}
	if (steps > limit)
		return tb_fail(err, TB_CONFIG,
			       "replacements: the cards of the rates lead from '%s' in a circle, "
			       "by way of '%s'; mend a replacement there, or type --move %s=MODEL "
			       "instead",
			       model, at, model);
	while (steps-- > 0) {
		c->known[c->path[steps]] = 1;
		c->ends[c->path[steps]] = *out;
	}
	return TB_OK;
}

static enum tb_status follow_replacements(const struct tb_scenario *s, struct tb_err *err)
{
	size_t n = tb_book_era_count(s->book) + 1;
	struct chains c = {s, calloc(n, sizeof(*c.ends)), calloc(n, sizeof(*c.known)),
			   calloc(n, sizeof(*c.path))};
	enum tb_status st = TB_OK;

	if (!c.ends || !c.known || !c.path)
		st = tb_fail_nomem(err);
	else
		for (size_t i = 0; st == TB_OK && i < tb_book_era_count(s->from); i++)
			st = replaced(&c, s->targets[i], &s->targets[i], err);
	free(c.ends);
	free(c.known);
	free(c.path);
	return st;
}

/* ---- shares ---- */

static int share_of(const struct tb_scenario *s, const struct tb_share *shares, size_t n,
		    const char *model)
{
	for (size_t i = 0; i < n; i++)
		if (shares[i].model && is_meant(s->book, shares[i].model, model))
			return shares[i].percent;
	for (size_t i = 0; i < n; i++)
		if (!shares[i].model)
			return shares[i].percent;
	return TB_SHARE_NONE;
}

static enum tb_status check_shares(const struct tb_scenario *s, const char *option,
				   const struct tb_share *shares, size_t n, struct tb_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (shares[i].model && !means_any(s->book, shares[i].model))
			return unknown_model(s->book, option, shares[i].model, err);
		for (size_t k = 0; k < i && shares[i].model; k++)
			if (shares[k].model)
				TB_TRY(check_once(s->book, option, shares[k].model, shares[i].model,
						  err));
	}
	return TB_OK;
}

static void spread_shares(struct tb_scenario *s)
{
	const struct tb_scenario_spec *w = s->wish;

	for (size_t i = 0; i < tb_book_era_count(s->book); i++) {
		const char *model = tb_book_era(s->book, (uint32_t)i)->model;

		s->batch[i] = share_of(s, w->batch, w->batch_count, model);
		s->hits[i] = share_of(s, w->hits, w->hit_count, model);
	}
}

/* ---- making one ---- */

static enum tb_status set_target(struct tb_scenario *s, size_t era, struct tb_err *err)
{
	const char *model = tb_book_era(s->from, (uint32_t)era)->model;

	TB_TRY(check_circle(s, model, err));
	s->targets[era] = moved(s, model);
	return TB_OK;
}

static enum tb_status check_moves(const struct tb_scenario *s, struct tb_err *err)
{
	const struct tb_move *moves = s->wish->moves;

	for (size_t i = 0; i < s->wish->move_count; i++) {
		TB_TRY(check_move(s, &moves[i], err));
		for (size_t k = 0; k < i; k++)
			TB_TRY(check_once(s->from, "move", moves[k].from, moves[i].from, err));
	}
	return TB_OK;
}

static enum tb_status set_targets(struct tb_scenario *s, struct tb_err *err)
{
	TB_TRY(check_moves(s, err));
	for (size_t i = 0; i < tb_book_era_count(s->from); i++)
		TB_TRY(set_target(s, i, err));
	return s->wish->replacements ? follow_replacements(s, err) : TB_OK;
}

enum tb_status tb_scenario_init(struct tb_scenario *s, const struct tb_scenario_spec *wish,
				const struct tb_book *from, const struct tb_book *book,
				struct tb_err *err)
{
	size_t n = tb_book_era_count(book);

	*s = (struct tb_scenario){.wish = wish, .from = from, .book = book};
	s->targets = calloc(tb_book_era_count(from) + 1, sizeof(*s->targets));
	s->batch = calloc(n + 1, sizeof(*s->batch));
	s->hits = calloc(n + 1, sizeof(*s->hits));
	if (!s->targets || !s->batch || !s->hits)
		return tb_fail_nomem(err);
	TB_TRY(set_targets(s, err));
	TB_TRY(check_shares(s, "batch-share", wish->batch, wish->batch_count, err));
	TB_TRY(check_shares(s, "cache-hit", wish->hits, wish->hit_count, err));
	spread_shares(s);
	return TB_OK;
}

void tb_scenario_release(struct tb_scenario *s)
{
	free(s->targets);
	free(s->batch);
	free(s->hits);
	*s = (struct tb_scenario){0};
}
