/*
 * ratelist - a price book as a list: one row for each era of each model.
 */
#ifndef TB_RATELIST_H
#define TB_RATELIST_H

#include "ratebook/book.h"
#include "report/grid.h"

struct tb_ratelist_filter {
	const char *provider;      /* NULL: all */
	const char *const *models; /* patterns with * ? [...] of which a name must match one */
	size_t model_count;        /* 0: all models */
	bool in_force_only;        /* the era in force at the instant, no other */
	int64_t instant;
};

struct tb_ratelist {
	struct tb_grid grid;
	struct tb_ratelist_column *columns;
	struct tb_grid_column *grid_columns;
	size_t count, cap;
	struct tb_arena arena;
};

/* By model (bytes), then start. Release it either way. */
TB_MUST_CHECK enum tb_status tb_ratelist_init(struct tb_ratelist *l, const struct tb_book *book,
					      const struct tb_ratelist_filter *filter,
					      struct tb_err *err);
void tb_ratelist_release(struct tb_ratelist *l);

#endif
