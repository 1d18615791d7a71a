#include "cli/model_choice.h"

#include "base/keytab.h"

#include <fnmatch.h>
#include <string.h>

static enum tb_status take_model(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_model_choice *c = ctx;

	if (c->count == TB_MODELS_MAX)
		return tb_bad_value("model", value,
				    "more than 256 of them; type a pattern or --all", err);
	c->names[c->count++] = value;
	return TB_OK;
}

TB_FLAG_TAKER(take_all, struct tb_model_choice, all)

const struct tb_option tb_model_option_rows[] = {
	{'m', "model", "MODEL",
	 "a model, an alias, or a pattern such as 'claude-*'; may be repeated", "MODEL", true,
	 take_model},
	{'\0', "all", NULL, "compare all models of the rates", NULL, false, take_all},
	{0},
};

struct walk {
	const struct tb_book *book;
	int64_t instant;
	enum tb_status (*take)(void *ctx, const char *name, const struct tb_era *era,
			       struct tb_err *err);
	void *ctx;
	struct tb_keytab seen; /* models that were taken, by whatever names */
};

static enum tb_status take_once(struct walk *w, const char *name, const struct tb_era *era,
				struct tb_err *err)
{
	bool added;

	if (tb_keytab_put(&w->seen, era->model, strlen(era->model), &added) == TB_KEYTAB_NONE)
		return tb_fail_nomem(err);
	return added ? w->take(w->ctx, name, era, err) : TB_OK;
}

static enum tb_status take_matches(struct walk *w, const char *pattern, struct tb_err *err)
{
	const char *before = "";
	const struct tb_era *era;

	for (size_t i = 0; i < tb_book_era_count(w->book); i++) {
		const char *model = tb_book_era(w->book, (uint32_t)i)->model;

		if (strcmp(model, before) == 0 || fnmatch(pattern, model, 0) != 0)
			continue;
		before = model;
		(void)tb_book_find(w->book, tb_span_of(model), w->instant, &era);
		TB_TRY(take_once(w, model, era, err));
	}
	return *before ? TB_OK
		       : tb_fail(err, TB_USAGE,
				 "-m: '%s': matches no model of the rates; `tokbill rates list` "
				 "has their names",
				 pattern);
}

static enum tb_status take_named(struct walk *w, const char *name, struct tb_err *err)
{
	struct tb_span s = tb_span_of(name);
	const struct tb_era *era;
	const char *near;

	if (tb_book_find(w->book, s, w->instant, &era) != TB_LOOKUP_NO_MODEL)
		return take_once(w, name, era, err);
	near = tb_book_nearest(w->book, s);
	return near ? tb_fail(err, TB_USAGE,
			      "-m: '%s': not in the rates; did you mean '%s'? Else add it to a "
			      "rate file (--rates)",
			      name, near)
		    : tb_fail(err, TB_USAGE,
			      "-m: '%s': not in the rates; add it to a rate file (--rates)", name);
}

static enum tb_status take_chosen(struct walk *w, const struct tb_model_choice *c,
				  struct tb_err *err)
{
	if (c->all)
		TB_TRY(take_matches(w, "*", err));
	for (size_t i = 0; i < c->count; i++)
		TB_TRY(strpbrk(c->names[i], "*?[") ? take_matches(w, c->names[i], err)
						   : take_named(w, c->names[i], err));
	return TB_OK;
}

enum tb_status tb_model_choice_each(const struct tb_model_choice *c, const struct tb_book *book,
				    int64_t instant,
				    enum tb_status (*take)(void *ctx, const char *name,
							   const struct tb_era *era,
							   struct tb_err *err),
				    void *ctx, struct tb_err *err)
{
	struct walk w = {.book = book, .instant = instant, .take = take, .ctx = ctx};
	enum tb_status st;

	tb_keytab_init(&w.seen);
	st = take_chosen(&w, c, err);
	tb_keytab_release(&w.seen);
	return st;
}
