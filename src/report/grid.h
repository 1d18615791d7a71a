/*
 * grid - a small table of texts and decimals, such as a list of prices, to be written in any
 * format.
 *
 * Unlike a report (model.h) it is held in memory and sums up nothing.
 */
#ifndef TB_GRID_H
#define TB_GRID_H

#include "base/mem.h"
#include "base/text.h"

struct tb_grid_column {
	const char *name;
	const char *heading; /* the name, short, for people */
	bool number;         /* stands to the right; its plain decimals are never defused */
	int keep_rank;       /* on a narrow terminal the columns with the highest rank go first */
};

struct tb_grid {
	const struct tb_grid_column *columns;
	size_t column_count;
	const char *if_empty; /* what a table without rows says */
	size_t row_count;

	/* Its own. */
	const char **cells; /* row after row; NULL where there is nothing to say */
	size_t cell_cap;
	struct tb_arena arena;
	bool failed; /* memory ran out; tb_grid_check() says so */
};

/* `columns` must outlive the grid. */
void tb_grid_init(struct tb_grid *g, const struct tb_grid_column *columns, size_t n,
		  const char *if_empty);
void tb_grid_release(struct tb_grid *g);

/* A row with nothing in it; the next tb_grid_set() fill it. */
void tb_grid_add(struct tb_grid *g);

/* A copy of the text goes into the last row; NULL leaves the cell as it is. */
void tb_grid_set(struct tb_grid *g, size_t column, const char *text);

const char *tb_grid_cell(const struct tb_grid *g, size_t row, size_t column);

TB_MUST_CHECK enum tb_status tb_grid_check(const struct tb_grid *g, struct tb_err *err);

#endif
