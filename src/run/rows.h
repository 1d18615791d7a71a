/*
 * rows - what a command may do with the rows of a run instead of having them tallied.
 *
 * Every thread counts into a part of its own; parts are merged in the end. `report` needs none of
 * this; `whatif` counts each row once for every scenario.
 */
#ifndef TB_RUN_ROWS_H
#define TB_RUN_ROWS_H

#include "billing/rating.h"

struct tb_run_rows {
	void *(*make)(void *ctx); /* a part; NULL when memory is out */
	void (*free)(void *part);
	void (*clear)(void *part); /* forgets all rows: they come again */
	/* A row that is billed, in a pass that may be thrown away: clear() then comes. */
	enum tb_status (*add)(void *part, const struct tb_usage *u, const struct tb_rated *rated,
			      int32_t day, struct tb_err *err);
	/* The same for a row like an earlier one; false when it is to be rated first. */
	bool (*add_alike)(void *part, const struct tb_usage *u);
	/* A row that is set aside because it has no price. */
	enum tb_status (*unpriced)(void *part, const struct tb_usage *u, struct tb_err *err);
	/* Adds all of `from`, which is not used any more, on at most so many threads. */
	enum tb_status (*merge)(void *to, const void *from, size_t threads, struct tb_err *err);
	void *ctx; /* of make() */
};

#endif
