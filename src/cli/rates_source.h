/*
 * rates_source - which rates a run works with: the files that were named, else those that
 * TOKBILL_RATES names, else the ones compiled in.
 */
#ifndef TB_RATES_SOURCE_H
#define TB_RATES_SOURCE_H

#include "base/mem.h"
#include "cli/options.h"
#include "ratebook/book.h"

enum { TB_RATE_FILES_MAX = 64 };

/* Zeroed is empty. */
struct tb_rates_source {
	const char *paths[TB_RATE_FILES_MAX];
	size_t count; /* 0: the built-in rates */
	char *sha256; /* unless NULL, gets the digest of what tb_rates_load() loads */
};

/* --rates; the ctx is a struct tb_rates_source. */
extern const struct tb_option tb_rates_options[];

/* One rate file more, as --rates names it; `path` must live as long as the struct. */
TB_MUST_CHECK enum tb_status tb_rates_add(struct tb_rates_source *r, const char *path,
					  struct tb_err *err);

/*
 * Loads the rates; where no file was added, those of TOKBILL_RATES are, their names in the arena.
 * When they cannot be used, all that is wrong with them is in `problems` and *out is NULL.
 */
TB_MUST_CHECK enum tb_status tb_rates_load(struct tb_rates_source *r, struct tb_arena *arena,
					   struct tb_book **out, struct tb_problems *problems,
					   struct tb_err *err);

/* The same with `n` files more after those that were loaded; `r` stays as it is. */
TB_MUST_CHECK enum tb_status tb_rates_load_more(const struct tb_rates_source *r,
						const char *const *more, size_t n,
						struct tb_book **out, struct tb_problems *problems,
						struct tb_err *err);

/* The files in use, for whoever reads the report later; without any, "built-in". */
const char *const *tb_rates_names(const struct tb_rates_source *r, size_t *n);

#endif
