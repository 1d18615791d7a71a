/*
 * layout - the columns of a table for eyes: as wide as their cells, as many as the terminal takes.
 */
#ifndef TB_LAYOUT_H
#define TB_LAYOUT_H

#include "base/text.h"

#include <stdio.h>

enum { TB_LAYOUT_GAP = 2 };

struct tb_layout_column {
	const char *heading;
	bool right;    /* numbers stand to the right */
	bool elastic;  /* a text that may be cut */
	int keep_rank; /* on a narrow terminal the highest go first; 0 is indispensable */
	size_t width;  /* set by measuring */
	bool left_out; /* set by fitting */
};

struct tb_layout {
	struct tb_layout_column *columns;
	size_t count;
};

/* Makes room for a cell; an elastic one gets no more than 40 columns. */
void tb_layout_widen(struct tb_layout_column *c, struct tb_span cell);

/* Leaves out columns, then cuts elastic ones, until a line fits `width` (0 is no limit). */
void tb_layout_fit(struct tb_layout *l, size_t width);

/* The columns a line takes. */
size_t tb_layout_width(const struct tb_layout *l);

/* The cell of column `i`, with its gap before it and, unless it ends the line, blanks behind it. */
void tb_layout_put(const struct tb_layout *l, size_t i, struct tb_span cell, FILE *out);

/* The same of a cell behind which the line holds nothing more. */
void tb_layout_put_end(const struct tb_layout *l, size_t i, struct tb_span cell, FILE *out);

/* A line of dashes. */
void tb_layout_put_rule(const struct tb_layout *l, FILE *out);

/* "Left out to fit the terminal: ..." when that is so. */
void tb_layout_put_left_out(const struct tb_layout *l, FILE *out);

#endif
