/*
 * model_choice - which models a command is about: names, aliases, patterns, or all.
 */
#ifndef TB_MODEL_CHOICE_H
#define TB_MODEL_CHOICE_H

#include "cli/options.h"
#include "ratebook/book.h"

enum { TB_MODELS_MAX = 256 };

/* Zeroed is none. */
struct tb_model_choice {
	const char *names[TB_MODELS_MAX]; /* as typed */
	size_t count;
	bool all;
};

/* --model and --all; the ctx is a struct tb_model_choice. */
extern const struct tb_option tb_model_option_rows[];

/*
 * Calls `take` once for each model that was chosen, in the order of the names: with the name that
 * was typed, or the model's own where a pattern found it, and the era that holds at `instant` (a
 * model's first where none does yet). TB_USAGE for a name that the book does not know and a
 * pattern that matches nothing.
 */
TB_MUST_CHECK enum tb_status tb_model_choice_each(
	const struct tb_model_choice *c, const struct tb_book *book, int64_t instant,
	enum tb_status (*take)(void *ctx, const char *name, const struct tb_era *era,
			       struct tb_err *err),
	void *ctx, struct tb_err *err);

#endif
