/*
 * layout - the columns of a printed table: as wide as their cells, as many as the terminal takes.
 */
#ifndef TB_LAYOUT_H
#define TB_LAYOUT_H

#include "base/text.h"

#include <stdio.h>

enum { TB_LAYOUT_GAP = 2, TB_LAYOUT_TEXT_MAX = 40 };

struct tb_layout_column {
	const char *title; /* where it is named because it is left out */
	bool right;        /* numbers stand to the right */
	bool elastic;      /* a text that may be cut */
	int keep_rank;     /* see struct tb_sheet_column */
	size_t width;      /* set by measuring, and by fitting where it is cut */
	bool left_out;     /* set by fitting */
};

struct tb_layout {
	struct tb_layout_column *columns;
	size_t count;
};

/* Leaves out columns and cuts elastic ones until a line fits `width` (0 is no limit). */
void tb_layout_fit(struct tb_layout *l, size_t width);

/* The columns a line takes. */
size_t tb_layout_width(const struct tb_layout *l);

/*
 * The cell of column `i`, with its gap before it and, unless it ends the line, blanks after it. The
 * last column that is shown always does.
 */
void tb_layout_put(const struct tb_layout *l, size_t i, struct tb_span cell, bool ends_line,
		   FILE *out);

/* A line of dashes. */
void tb_layout_put_rule(const struct tb_layout *l, FILE *out);

/* "Left out to fit the terminal: ..." when that is so. */
void tb_layout_put_left_out(const struct tb_layout *l, FILE *out);

#endif
